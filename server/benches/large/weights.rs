//! Weights that mean nothing, in ggml's own blocks: small and finite numbers, no two pages alike.

use std::io::Write;

/// What a tensor holds its numbers in.
#[derive(Clone, Copy)]
pub enum Kind {
    F32,
    Q4K,
    Q6K,
}

impl Kind {
    /// As ggml numbers it (`enum ggml_type`).
    pub fn number(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::Q4K => 12,
            Self::Q6K => 14,
        }
    }

    /// Values of a block, and its bytes (`ggml-common.h`).
    pub fn block(self) -> (u64, u64) {
        match self {
            Self::F32 => (1, 4),
            Self::Q4K => (256, 144),
            Self::Q6K => (256, 210),
        }
    }

    /// Numbers at fixed places of a block: scales, as floats of 16 bits. With these the values are
    /// around 0 and about 0.02 wide, as in a trained model.
    fn fixed(self) -> Vec<(usize, Vec<u8>)> {
        let half = |bits: u16| bits.to_le_bytes().to_vec();
        match self {
            Self::F32 => vec![(0, 1.0_f32.to_le_bytes().to_vec())],
            // 8.0e-5 and, for what is taken off, 6.0e-4.
            Self::Q4K => vec![(0, half(0x053e)), (2, half(0x10ea))],
            // 1.3e-5, behind 128 + 64 bytes of numbers and 16 of scales.
            Self::Q6K => vec![(208, half(0x00df))],
        }
    }
}

/// Numbers that look like chance, the same ones each time (xorshift, Marsaglia 2003).
pub struct Noise(u64);

impl Noise {
    /// From the beginning.
    pub fn new() -> Noise {
        Noise(0x9e37_79b9_7f4a_7c15)
    }

    /// Writes the blocks of a tensor.
    pub fn write(&mut self, to: &mut impl Write, kind: Kind, n_bytes: u64) {
        let block = kind.block().1 as usize;
        let mut blocks = vec![0; block * 4096];
        let mut left = n_bytes as usize;
        while 0 < left {
            let n = left.min(blocks.len());
            self.fill(&mut blocks[..n]);
            for block in blocks[..n].chunks_exact_mut(block) {
                for (at, bytes) in kind.fixed() {
                    block[at..at + bytes.len()].copy_from_slice(&bytes);
                }
            }
            to.write_all(&blocks[..n]).unwrap();
            left -= n;
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            chunk.copy_from_slice(&self.0.to_le_bytes()[..chunk.len()]);
        }
    }
}
