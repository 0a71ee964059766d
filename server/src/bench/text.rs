//! What is said to a model that is measured. What it answers does not matter.

/// Sentences of the message that tells how many tokens a sentence has.
pub const FEW: usize = 8;

/// A long message. The number comes first, so that nothing of it can be kept from another one.
pub fn opening(number: u32, n_sentences: usize) -> String {
    let sentence = |day: usize| {
        format!(
            "Journey {number}, day {day}: the captain wrote down what the sea was like and which \
             birds had followed the ship. "
        )
    };
    (1..=n_sentences).map(sentence).collect::<String>() + "What happened on this journey?"
}

/// How many sentences make about so many tokens, when [`FEW`] made `few_tokens`.
pub fn sentences(tokens: usize, few_tokens: usize) -> usize {
    (tokens * FEW / few_tokens.max(1)).max(1)
}

/// A short message that goes on with the chat.
pub const NEXT: &str = "And what did the captain do after that?";
