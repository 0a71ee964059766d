//! Where a panic of a library comes from: its file, line and column. Our own are kept; these tell
//! nobody anything, and name folders of the machine on which the page was built.

use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, Module};

/// `core::panic::Location`, as wasm has it: where the path is, its length, line and column.
const BYTES: usize = 16;

/// What no path, line or column is beyond.
const LONGEST: u32 = 400;
const LAST_LINE: u32 = 100_000;
const LAST_COLUMN: u32 = 1_000;

/// Makes the origins of all panics in libraries the same: nowhere. Tells how many there were.
pub(crate) fn forget(modules: &mut [&mut Module]) -> usize {
    let memory: Vec<(u32, Vec<u8>)> =
        modules.iter().flat_map(|it| it.data.iter()).filter_map(placed).collect();
    let mut paths = Vec::new();
    change(modules, |begins, bytes| {
        let first = begins.next_multiple_of(4) - begins;
        for at in (first as usize..bytes.len().saturating_sub(BYTES - 1)).step_by(4) {
            if let Some(path) = path(&bytes[at..at + BYTES], &memory) {
                bytes[at + 4..at + BYTES].fill(0);
                paths.push(path);
            }
        }
    });
    change(modules, |begins, bytes| {
        for (path, length) in &paths {
            let from = path.checked_sub(begins).map(|it| it as usize);
            let place = from.and_then(|from| bytes.get_mut(from..from + *length as usize));
            if let Some(place) = place {
                place.fill(0);
            }
        }
    });
    paths.len()
}

/// Does something with all data, and the address at which it begins.
fn change(modules: &mut [&mut Module], mut of: impl FnMut(u32, &mut [u8])) {
    for module in modules {
        let ids: Vec<_> = module.data.iter().map(Data::id).collect();
        for id in ids {
            let data = module.data.get_mut(id);
            if let Some(begins) = begin(data) {
                of(begins, &mut data.value);
            }
        }
    }
}

/// Where the path of these words is, and its length, if they are an origin in a library.
fn path(words: &[u8], memory: &[(u32, Vec<u8>)]) -> Option<(u32, u32)> {
    let (words, _) = words.as_chunks::<4>();
    let [path, length, line, column] = *words else { return None };
    let [path, length, line, column] = [path, length, line, column].map(u32::from_le_bytes);
    let can_be = (4..LONGEST).contains(&length)
        && (1..LAST_LINE).contains(&line)
        && (1..LAST_COLUMN).contains(&column);
    let is_library = |(begins, bytes): &(u32, Vec<u8>)| {
        let from = path.checked_sub(*begins).map(|it| it as usize);
        let text = from.and_then(|from| bytes.get(from..from + length as usize));
        text.is_some_and(|it| it.starts_with(b"/") && it.ends_with(b".rs"))
    };
    (can_be && memory.iter().any(is_library)).then_some((path, length))
}

fn placed(data: &Data) -> Option<(u32, Vec<u8>)> {
    Some((begin(data)?, data.value.clone()))
}

/// Where it goes in the memory.
fn begin(data: &Data) -> Option<u32> {
    match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. } => Some(at as u32),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_origins_of_libraries_are_forgotten() {
        let (library, own) = ("/registry/leptos/src/lib.rs", "app/src/lib.rs");
        let mut bytes = Vec::new();
        for (at, length) in [(1_056_u32, library.len()), (1_056 + library.len() as u32, own.len())]
        {
            for word in [at, length as u32, 12, 5] {
                bytes.extend(word.to_le_bytes());
            }
        }
        bytes.extend(library.as_bytes());
        bytes.extend(own.as_bytes());
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let offset = ConstExpr::Value(Value::I32(1_024));
        module.data.add(DataKind::Active { memory, offset }, bytes.clone());

        assert_eq!(forget(&mut [&mut module]), 1);

        let data = module.data.iter().next().expect("it is there");
        assert_eq!(data.value[..4], bytes[..4]);
        assert!(data.value[4..16].iter().all(|it| *it == 0));
        assert_eq!(data.value[16..32], bytes[16..32]);
        let text = String::from_utf8_lossy(&data.value[32..]).into_owned();
        assert_eq!(text, format!("{}{own}", "\0".repeat(library.len())));
    }
}
