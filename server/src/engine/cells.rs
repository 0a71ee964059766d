//! How contexts are made: what can be set, and what comes of it.

use serde::{Deserialize, Serialize};

/// How contexts are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// A context begins with so many cells, and has twice as many each time it grows.
    pub fewest: usize,
    /// They have always so many cells; `None` = as many as are needed.
    pub pinned: Option<usize>,
    /// What a cell may hold.
    pub kinds: Kinds,
    /// How attention is computed.
    pub attention: Attention,
}

impl Cells {
    /// The cells of the first context of a model that was trained on so many tokens; 0 = it does
    /// not say.
    pub fn first(self, trained: usize) -> usize {
        let most = if trained == 0 { self.fewest } else { trained };
        self.pinned.unwrap_or(self.fewest.min(most))
    }

    /// The fewest, doubled until they are enough, never more than there may be.
    pub fn holding(self, need: usize, most: usize) -> usize {
        let mut cells = self.fewest;
        while cells < need {
            cells *= 2;
        }
        cells.min(most)
    }

    /// What a cell may hold, the better one first.
    pub fn kinds(self) -> &'static [CellKind] {
        match self.kinds {
            // llama.cpp takes values of 8 bits with flash attention only.
            Kinds::Auto if self.attention == Attention::Plain => &[CellKind::F16],
            Kinds::Auto => &[CellKind::F16, CellKind::Q8],
            Kinds::F16 => &[CellKind::F16],
            Kinds::Q8 => &[CellKind::Q8],
        }
    }

    /// A context of so many cells of this kind.
    pub fn size(self, cells: usize, kind: CellKind) -> ContextSize {
        ContextSize { cells, kind, attention: self.attention }
    }
}

impl Default for Cells {
    fn default() -> Self {
        let (kinds, attention) = (Kinds::default(), Attention::default());
        Self { fewest: 2048, pinned: None, kinds, attention }
    }
}

/// What cells may hold their numbers in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Kinds {
    /// 16 bits; 8 when only these fit into the memory that is free.
    #[default]
    Auto,
    /// 16 bits.
    F16,
    /// 8 bits and a half: about half the memory, and nearly the same answers.
    #[value(name = "q8_0")]
    #[serde(rename = "q8_0")]
    Q8,
}

/// What a cell of a context holds its numbers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellKind {
    /// 16 bits.
    F16,
    /// 8 bits and a half.
    Q8,
}

impl CellKind {
    /// Bits of a number. Where they are 8, a scale of 16 comes on top for every 32 numbers.
    pub fn bits(self) -> u32 {
        match self {
            Self::F16 => 16,
            Self::Q8 => 8,
        }
    }

    /// Bytes of so many numbers.
    pub fn bytes(self, n_values: u64) -> u64 {
        match self {
            Self::F16 => n_values.saturating_mul(2),
            Self::Q8 => (n_values / 32).saturating_mul(34),
        }
    }
}

/// How attention is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    /// As llama.cpp thinks best for the model.
    #[default]
    Auto,
    /// Piece by piece, without a large buffer (flash attention).
    Flash,
    /// All at once.
    Plain,
}

/// What becomes of a chat that is longer than there is room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum WhenFull {
    /// The oldest messages leave the prompt.
    #[default]
    LeaveOut,
    /// The answer stops, and nothing leaves the prompt.
    Stop,
}

/// One context: what it has memory for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextSize {
    /// Tokens that it can hold.
    pub cells: usize,
    /// What a cell holds.
    pub kind: CellKind,
    /// How attention is computed.
    pub attention: Attention,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_context_is_pinned_or_small_and_never_larger_than_what_the_model_knows() {
        let check = |pinned, trained, cells| {
            assert_eq!(Cells { pinned, ..Cells::default() }.first(trained), cells);
        };
        check(None, 8192, 2048);
        check(None, 512, 512);
        check(None, 0, 2048);
        check(Some(4096), 8192, 4096);
    }

    #[test]
    fn cells_double_up_to_what_the_model_knows() {
        let check = |need, most, cells| assert_eq!(Cells::default().holding(need, most), cells);
        check(1, 8192, 2048);
        check(2048, 8192, 2048);
        check(2049, 8192, 4096);
        check(8000, 8192, 8192);
        check(5000, 6000, 6000);
        check(100, 512, 512);
    }

    #[test]
    fn eight_bits_are_a_way_out_where_flash_attention_may_be_used() {
        let kinds = |kinds, attention| Cells { kinds, attention, ..Cells::default() }.kinds();
        assert_eq!(kinds(Kinds::Auto, Attention::Auto), [CellKind::F16, CellKind::Q8]);
        assert_eq!(kinds(Kinds::Auto, Attention::Plain), [CellKind::F16]);
        assert_eq!(kinds(Kinds::F16, Attention::Flash), [CellKind::F16]);
        assert_eq!(kinds(Kinds::Q8, Attention::Auto), [CellKind::Q8]);
    }
}
