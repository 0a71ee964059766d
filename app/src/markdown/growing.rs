//! An answer that grows at its end. Only its last blocks are read again: what follows a block never
//! changes what it says.

use super::blocks::{LEVEL_ABOVE, Reader};
use super::node::Block;

/// What begins a block is certain with so many whole lines: of a table the second one decides.
const CERTAIN: usize = 2;

/// Which text is read: its edition, and the byte at which the part of it begins that is read. While
/// these stay, the text only grows.
pub(super) type Origin = (u32, usize);

/// The same of a part of a text.
pub(super) fn origin(edition: u32, text: &str, part: &str) -> Origin {
    (edition, (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize))
}

/// What is read of an answer for good.
#[derive(Clone, Debug)]
pub(super) struct Growing {
    from: Origin,
    /// Bytes of these blocks.
    n_bytes: usize,
    n_blocks: usize,
    /// The level of the last heading in them.
    level: u8,
}

/// What a text says behind what was read for good before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// It did not grow out of the one before: nothing of that holds.
    pub(super) is_another: bool,
    /// So many blocks come before these.
    pub(super) n_before: usize,
    /// The blocks, half a one as it arrives included.
    pub(super) blocks: Vec<Block>,
    /// So many of them are read for good now.
    pub(super) n_certain: usize,
}

impl Default for Growing {
    fn default() -> Self {
        Self { from: (0, 0), n_bytes: 0, n_blocks: 0, level: LEVEL_ABOVE }
    }
}

impl Growing {
    /// Reads on.
    pub(super) fn read(&mut self, text: &str, from: Origin) -> Read {
        let is_another = from != self.from;
        if is_another {
            *self = Self { from, ..Self::default() };
        }
        let rest = text.get(self.n_bytes..).unwrap_or_default();
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
            blocks.push(block);
            at += n_blank + n_lines;
            level = reader.level;
        }
        let (n_certain, line, level) = last;
        let n_before = self.n_blocks;
        if 0 < n_certain {
            let end = lines[line].as_ptr() as usize - rest.as_ptr() as usize;
            self.n_bytes += end;
            self.n_blocks += n_certain;
            self.level = level;
        }
        Read { is_another, n_before, blocks, n_certain }
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
        let mut growing = Growing::default();
        let mut all: Vec<Block> = Vec::new();
        for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let read_on = growing.read(&text[..end], (0, 0));
            assert!(!read_on.is_another, "{:?}", &text[..end]);
            all.truncate(read_on.n_before);
            all.extend(read_on.blocks);
            assert_eq!(all, read(&text[..end]), "{:?}", &text[..end]);
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
        let mut growing = Growing::default();
        let mut look = |text: &str, edition| {
            let read = growing.read(text, (edition, 0));
            (read.is_another, read.n_before, read.blocks.len(), read.n_certain)
        };
        assert_eq!(look("# a\n\nb\nb\n\nc", 0), (false, 0, 3, 1));
        assert_eq!(look("# a\n\nb\nb\n\nc\nd\n\ne", 0), (false, 1, 3, 1));
        assert_eq!(look("# a\n\nb\nb\n\nc\nd\n\ne\nf\n", 0), (false, 2, 2, 1));
        assert_eq!(look("another text", 1), (true, 0, 1, 0));
    }
}
