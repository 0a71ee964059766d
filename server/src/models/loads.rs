//! What loads of model files took, so that the next one is known beforehand.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::Took;

/// The most files that are remembered; the one that was heard of longest ago is forgotten first.
const MOST: usize = 200;

/// What was heard of each file, the latest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loads(Vec<Load>);

/// What a file took. It is the same file while its size is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Load {
    path: String,
    bytes: u64,
    took: Took,
}

impl Loads {
    /// What a file of this size took; `None` when it is not known.
    pub fn of(&self, path: &Path, bytes: u64) -> Option<Took> {
        let is_it = |load: &&Load| Path::new(&load.path) == path && load.bytes == bytes;
        self.0.iter().find(is_it).map(|load| load.took)
    }

    /// Remembers what a file of this size took. Names that are no text are not remembered.
    pub fn add(&mut self, path: &Path, bytes: u64, took: Took) {
        let Some(name) = path.to_str() else { return };
        self.0.retain(|load| load.path != name);
        self.0.push(Load { path: name.to_owned(), bytes, took });
        if MOST < self.0.len() {
            self.0.remove(0);
        }
    }

    /// Forgets all files but those that are kept.
    pub fn keep(&mut self, is_kept: impl Fn(&Path, u64) -> bool) {
        self.0.retain(|load| is_kept(Path::new(&load.path), load.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Cells;
    use crate::engine::cells::CellKind;

    fn took(bytes: u64) -> Took {
        Took { bytes, context: Cells::default().size(2048, CellKind::F16) }
    }

    #[test]
    fn a_file_is_known_until_it_changes_or_goes() {
        let mut loads = Loads::default();
        let path = Path::new("/models/a.gguf");
        loads.add(path, 7, took(100));
        loads.add(path, 7, took(120));
        assert_eq!(loads.of(path, 7), Some(took(120)));
        assert_eq!(loads.of(path, 8), None, "it is another one");
        assert_eq!(loads.of(Path::new("/models/b.gguf"), 7), None);
        let text = serde_json::to_string(&loads).expect("it is plain");
        assert_eq!(serde_json::from_str::<Loads>(&text).expect("it was written here"), loads);
        loads.keep(|_, bytes| bytes != 7);
        assert_eq!(loads, Loads::default());
    }

    #[test]
    fn what_was_heard_longest_ago_is_forgotten_first() {
        let mut loads = Loads::default();
        let path = |n: usize| format!("/models/{n}.gguf");
        for n in 0..MOST {
            loads.add(Path::new(&path(n)), 7, took(100));
        }
        loads.add(Path::new(&path(0)), 7, took(100));
        loads.add(Path::new(&path(MOST)), 7, took(100));
        let knows = |n: usize| loads.of(Path::new(&path(n)), 7).is_some();
        assert_eq!((knows(0), knows(1), knows(2), knows(MOST)), (true, false, true, true));
    }
}
