//! What parked tokens belong to: this model file, read by this llama.cpp.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::cells::{Attention, CellKind};

/// Changes whenever a state of before can't be read any more: the version of llama.cpp, how a
/// sliding window is kept. What cells hold and how attention is computed come on top.
const LAYOUT: &str = "llama-cpp-sys-2 0.1.161, swa full, format 2";

/// Bytes at the beginning of a file that are looked at: the header.
const HEAD: u64 = 1 << 20;

/// Places in the rest that are looked at. Two models of one kind differ nearly everywhere.
const PLACES: u64 = 64;

/// Bytes at each place.
const PLACE: u64 = 16 << 10;

/// A SHA-256 that two models share only if they are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// Of a GGUF file, and of all parts when it is the first of several, with such cells.
    pub fn of(path: &Path, kind: CellKind, attention: Attention) -> io::Result<Self> {
        let mut hash = Sha256::new();
        hash.update(format!("{LAYOUT}, {kind:?}, {attention:?}"));
        for part in parts(path) {
            let mut file = File::open(part)?;
            let size = file.metadata()?.len();
            hash.update(size.to_le_bytes());
            let mut look = |at: u64, length: u64| -> io::Result<()> {
                file.seek(SeekFrom::Start(at))?;
                let mut bytes = Vec::new();
                (&mut file).take(length).read_to_end(&mut bytes)?;
                hash.update(&bytes);
                Ok(())
            };
            look(0, HEAD)?;
            for place in 0..PLACES {
                look(size / PLACES * place, PLACE)?;
            }
        }
        Ok(Self(hash.finalize().into()))
    }

    /// As a folder is named by it.
    pub fn name(&self) -> String {
        self.0[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The file itself, or all parts of `model-00001-of-00003.gguf`.
pub fn parts(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let count = name
        .strip_suffix(".gguf")
        .and_then(|stem| stem.rsplit_once("-of-"))
        .filter(|(stem, _)| stem.ends_with("-00001"))
        .and_then(|(_, count)| count.parse::<u32>().ok());
    match count {
        Some(count) => (1..=count)
            .map(|part| path.with_file_name(name.replace("-00001-of-", &format!("-{part:05}-of-"))))
            .collect(),
        None => vec![path.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_byte_at_a_place_is_another_model() {
        let folder = tempfile::tempdir().expect("there is a disk");
        let path = folder.path().join("a.gguf");
        let mut bytes = vec![7; 3 << 20];
        std::fs::write(&path, &bytes).expect("it can be written");
        let of = |kind| Fingerprint::of(&path, kind, Attention::Auto).expect("it is there");
        let first = of(CellKind::F16);
        assert_eq!(of(CellKind::F16), first);
        assert_ne!(of(CellKind::Q8), first);
        bytes[(3 << 20) / 64 * 43] = 8;
        std::fs::write(&path, &bytes).expect("it can be written");
        assert_ne!(of(CellKind::F16), first);
    }

    #[test]
    fn all_parts_of_a_model_count() {
        let parts = |name: &str| parts(Path::new(name)).len();
        assert_eq!(parts("/m/a.gguf"), 1);
        assert_eq!(parts("/m/a-00001-of-00003.gguf"), 3);
        assert_eq!(parts("/m/a-00002-of-00003.gguf"), 1);
    }
}
