//! Weights that are in memory once.
//!
//! On x86-64 the CPU backend copies weights of some types into a layout of its own and leaves the
//! originals mapped and resident: a file of 1.8 GiB then takes 3.3. After the load the mapping is
//! given back: what was copied is not touched again, and what is used where it is comes back from
//! the page cache by itself. Linux (6.18 was measured) maps it in pieces as large as the page cache
//! holds it, 150 MB more for a file that was read ahead; so it is given back at rest, too.
#![expect(unsafe_code, reason = "the mapping is llama.cpp's own")]

use std::ffi::c_void;
use std::fs;
use std::path::Path;

use rustix::mm::{Advice, madvise};

/// Gives back the pages of the mapped model file.
pub fn give_back_what_is_mapped(model: &Path) {
    let Ok(maps) = fs::read_to_string("/proc/self/maps") else { return };
    let Ok(model) = model.canonicalize() else { return };
    for (start, end) in mappings(&maps, &model) {
        // SAFETY: the range is a private, read-only mapping of a file, as the kernel says just
        // now, and nobody unmaps it meanwhile: a page that is given back is read again.
        let _ = unsafe { madvise(start as *mut c_void, end - start, Advice::LinuxDontNeed) };
    }
}

/// Where parts of this file are mapped, read-only: each line is `start-end r--p offset device
/// inode path`. Parts of one model share a folder and the beginning of the name.
fn mappings(maps: &str, model: &Path) -> Vec<(usize, usize)> {
    let model = model.to_string_lossy();
    let stem = model.rsplit_once("-00001-of-").map_or(&*model, |(stem, _)| stem);
    let mapping = |line: &str| {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next()?, words.next()?);
        let path = line.get(line.find('/')?..)?;
        if !rights.starts_with("r--") || !path.starts_with(stem) {
            return None;
        }
        let (start, end) = range.split_once('-')?;
        Some((usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?))
    };
    maps.lines().filter_map(mapping).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_read_only_mappings_of_the_model_are_given_back() {
        let maps = "\
1000-3000 r--s 00000000 fe:00 12 /models/a model.gguf
4000-5000 rw-p 00000000 fe:00 12 /models/a model.gguf
6000-7000 r--p 00000000 fe:00 13 /models/other.gguf
8000-9000 rw-p 00000000 00:00 0 [heap]
a000-b000 rw-p 00000000 00:00 0
";
        let found = mappings(maps, Path::new("/models/a model.gguf"));
        assert_eq!(found, [(0x1000, 0x3000)]);
        assert_eq!(mappings(maps, Path::new("/models/none.gguf")), []);
    }
}
