//! Why there is no memory for a model or a larger context, in numbers, and what would help.

use super::cells::{Attention, CellKind, Cells, ContextSize, Kinds};
use super::memory::readable;
use super::need::{Need, Shape};

/// A context has at least so many cells, as `--context` takes them.
const FEWEST_CELLS: usize = 256;

/// Says that a model needs more than the bytes that are free. `is_set`: the system has more, but
/// somebody set a limit.
pub fn refusal(name: &str, need: &Need, cells: Cells, free: u64, is_set: bool) -> String {
    let fits = |size| Some(need.bytes(size)).filter(|&bytes| bytes <= free);
    let ways = ways(cells, cells.first(need.trained), need.shape.as_ref(), fits);
    format!(
        "{name} needs about {} of memory and {} are free. {}{}",
        readable(need.where_free(cells, free)),
        readable(free),
        with("need", &ways),
        otherwise(is_set)
    )
}

/// What helps besides what can be set.
pub fn otherwise(is_set: bool) -> &'static str {
    if is_set {
        "Allow more with --memory or choose a smaller model"
    } else {
        "Close other programs or choose a smaller model"
    }
}

/// What it would be like if something were set.
pub fn with(verb: &str, ways: &[Way]) -> String {
    let [(first, bytes), rest @ ..] = ways else { return String::new() };
    let more = rest.iter().map(|(way, bytes)| format!(", with {way} {}", readable(*bytes)));
    let more: String = more.collect();
    format!("With {first} it would {verb} {}{more}. ", readable(*bytes))
}

/// What could be set, and the bytes that it would take then.
pub type Way = (String, u64);

/// What could be set so that there is enough memory, where so many cells were wanted. `fits` says
/// what a context would take, when that is there.
pub fn ways(
    cells: Cells,
    wanted: usize,
    shape: Option<&Shape>,
    fits: impl Fn(ContextSize) -> Option<u64>,
) -> Vec<Way> {
    let fits = |n, kind| fits(cells.size(n, kind));
    // From the next smaller power of two on.
    let halves = std::iter::successors(Some(wanted.next_power_of_two() / 2), |n| Some(n / 2));
    let fewer: Vec<usize> = halves.take_while(|&n| FEWEST_CELLS <= n).collect();
    let smaller = |kind| fewer.iter().find_map(|&n| Some((n, fits(n, kind)?)));
    let allows_8_bits = shape.is_some_and(|it| it.allows(CellKind::Q8));
    let is_16_bits = cells.kinds == Kinds::F16 && cells.attention != Attention::Plain;
    let mut ways = Vec::new();
    if is_16_bits
        && allows_8_bits
        && let Some(bytes) = fits(wanted, CellKind::Q8)
    {
        ways.push(("--kv q8_0".to_owned(), bytes));
    }
    let mut kinds = cells.kinds().iter().rev().copied();
    let smallest = kinds.find(|&it| it == CellKind::F16 || allows_8_bits);
    if let Some((n, bytes)) = smaller(smallest.unwrap_or(CellKind::Q8)) {
        ways.push((format!("--context {n}"), bytes));
    }
    if ways.is_empty()
        && is_16_bits
        && allows_8_bits
        && let Some((n, bytes)) = smaller(CellKind::Q8)
    {
        ways.push((format!("--kv q8_0 --context {n}"), bytes));
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2,048 cells are 200 MB at 16 bits, and 106 at 8.
    fn need() -> Need {
        let shape = Shape {
            embedding_length: 0,
            feed_forward_length: 0,
            n_heads: 16,
            n_heads_kv: vec![12; 32],
            key_length: 64,
            value_length: 64,
            n_vocabulary: 0,
        };
        Need { file_bytes: 1_000_000_000, trained: 8192, shape: Some(shape), took: None }
    }

    #[track_caller]
    fn check(cells: Cells, free: u64, wanted: &str) {
        let text = refusal("A", &need(), cells, free * 1_000_000, false);
        let rest = text.split_once("are free. ").expect("it says so").1;
        assert_eq!(rest, format!("{wanted}Close other programs or choose a smaller model"));
    }

    #[test]
    fn only_what_would_make_it_fit_is_said() {
        let usual = Cells::default();
        let (f16, q8) = (Cells { kinds: Kinds::F16, ..usual }, Cells { kinds: Kinds::Q8, ..usual });
        check(usual, 900, "");
        check(usual, 1075, "With --context 1024 it would need 1072 MB. ");
        check(q8, 1060, "With --context 512 it would need 1046 MB. ");
        check(f16, 1130, "With --kv q8_0 it would need 1126 MB, with --context 1024 1120 MB. ");
        check(f16, 1040, "With --kv q8_0 --context 256 it would need 1032 MB. ");
        check(Cells { attention: Attention::Plain, ..f16 }, 1040, "");
        let pinned = Cells { pinned: Some(6000), ..usual };
        check(pinned, 1280, "With --context 4096 it would need 1233 MB. ");
    }

    #[test]
    fn the_numbers_are_those_of_the_smallest_kind() {
        let text = refusal("A", &need(), Cells::default(), 1_000_000_000, false);
        assert!(
            text.starts_with("A needs about 1126 MB of memory and 1000 MB are free."),
            "{text}"
        );
        let text = refusal("A", &need(), Cells::default(), 900_000_000, true);
        assert!(text.ends_with("Allow more with --memory or choose a smaller model"), "{text}");
    }
}
