//! An answer that grows at its end. Only its last blocks are read again: what follows a block never
//! changes what it says.

use std::sync::Arc;

use super::blocks::{LEVEL_ABOVE, Reader};
use super::node::Block;

/// What begins a block is certain with so many whole lines: of a table the second one decides.
const CERTAIN: usize = 2;

/// What is read of an answer for good.
#[derive(Clone, Debug)]
pub(crate) struct Growing {
    /// The text of these blocks.
    text: String,
    blocks: Vec<Arc<Block>>,
    /// The level of the last heading in them.
    level: u8,
    /// How often another text took the place of the one before.
    n_texts: i64,
}

impl Growing {
    /// Nothing is read.
    pub(crate) fn new() -> Self {
        Self { text: String::new(), blocks: Vec::new(), level: LEVEL_ABOVE, n_texts: 1 }
    }

    /// So many blocks stay as they are as long as the text only grows.
    pub(crate) fn n_certain(&self) -> i64 {
        self.blocks.len() as i64
    }

    /// Another number for each text that did not grow out of the one before.
    pub(crate) fn n_texts(&self) -> i64 {
        self.n_texts
    }

    /// The blocks of a text, half a one as it arrives included. Blocks that were read for good are
    /// the same ones each time.
    pub(crate) fn read(&mut self, text: &str) -> Vec<Arc<Block>> {
        if !text.starts_with(&self.text) {
            *self = Self { n_texts: self.n_texts + 1, ..Self::new() };
        }
        let rest = &text[self.text.len()..];
        let lines: Vec<&str> = rest.lines().collect();
        let n_whole = rest.matches('\n').count();
        let mut reader = Reader { level: self.level };
        let (mut blocks, mut at) = (Vec::new(), 0);
        // The last block whose beginning is certain: those before it are read for good.
        let mut last = (0, 0, self.level);
        let mut level = reader.level;
        while let Some((block, n_blank, n_lines)) = reader.first(&lines[at..]) {
            if at + n_blank + CERTAIN <= n_whole {
                last = (blocks.len(), at + n_blank, level);
            }
            blocks.push(Arc::new(block));
            at += n_blank + n_lines;
            level = reader.level;
        }
        let (n_read, line, level) = last;
        if 0 < n_read {
            let end = lines[line].as_ptr() as usize - rest.as_ptr() as usize;
            self.text.push_str(&rest[..end]);
            self.blocks.extend(blocks.drain(..n_read));
            self.level = level;
        }
        let mut all = self.blocks.clone();
        all.append(&mut blocks);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::blocks::read;

    /// Lines that begin, go on with or end something.
    const LINES: [&str; 28] = [
        "", "a", "# b", "#c", "- d", "  e", "    f", "1. g", "2) h", "> i", "```", "``` rust",
        "~~~", "a | b", "--|--", "-|", "---", "===", "- [ ] j", "***", "*k*", "  - l", "<b>", "-",
        "$$", "\\[", "$$ m $$", "n \\]",
    ];

    #[track_caller]
    fn check(text: &str) {
        let mut growing = Growing::new();
        for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let blocks = growing.read(&text[..end]);
            let blocks: Vec<Block> = blocks.iter().map(|it| (**it).clone()).collect();
            assert_eq!(blocks, read(&text[..end]), "{:?}", &text[..end]);
        }
    }

    #[test]
    fn a_growing_text_says_what_a_whole_one_says() {
        let mut dice: u32 = 1;
        for _ in 0..400 {
            let text: String = (0..9)
                .map(|_| {
                    dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    format!("{}\n", LINES[(dice >> 16) as usize % LINES.len()])
                })
                .collect();
            check(text.trim_end_matches('\n'));
        }
        check(include_str!("../../../README.md").split_at(6_000).0);
    }

    #[test]
    fn what_was_read_for_good_is_not_read_again() {
        let mut growing = Growing::new();
        let first = growing.read("# a\n\nb\nb\n\nc");
        let second = growing.read("# a\n\nb\nb\n\nc\nd\n\ne");
        assert!(Arc::ptr_eq(&first[0], &second[0]));
        assert!(!Arc::ptr_eq(&first[1], &second[1]));
        let third = growing.read("# a\n\nb\nb\n\nc\nd\n\ne\nf\n");
        assert!(Arc::ptr_eq(&second[1], &third[1]));
        assert_eq!((growing.n_certain(), growing.n_texts()), (3, 1));
        assert_eq!(growing.read("another text").len(), 1);
        assert_eq!((growing.n_certain(), growing.n_texts()), (0, 2));
    }
}
