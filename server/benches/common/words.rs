//! What is said, and how many tokens it is.

use super::bare::Llama;

/// Messages that are not like each other.
pub struct Words<'m> {
    llama: &'m Llama,
    n_told: usize,
}

impl Words<'_> {
    /// In the vocabulary of SmolLM2.
    pub fn of(llama: &Llama) -> Words<'_> {
        Words { llama, n_told: 0 }
    }

    /// Tokens of a text.
    pub fn count(&self, text: &str) -> usize {
        self.llama.count(text)
    }

    /// A message of about so many tokens, like no other from its beginning on.
    pub fn long(&mut self, n_tokens: usize) -> String {
        self.n_told += 1;
        let journey = self.n_told;
        let sentence = |day: usize| {
            format!(
                "Journey {journey}, day {day}: the captain wrote down what the sea was like and \
                 which birds had followed the ship. "
            )
        };
        let n_sentences = n_tokens / self.count(&sentence(10));
        (1..=n_sentences).map(sentence).collect::<String>() + "What happened on this journey?"
    }
}
