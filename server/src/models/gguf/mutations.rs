//! Headers that were changed where it matters: each is refused or accepted, at once, and none makes
//! the reader panic.
//!
//! Fields of a real header are found first; then counts, lengths, kinds and offsets get values that
//! are likely to hurt, names are exchanged, parts are left out, doubled or put elsewhere, and files
//! end early. `WICK_MUTATIONS` says how many are tried (`cargo xtask soak`: 10,000);
//! `WICK_MUTATIONS_TABLE` where the rows of a table about it go.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{Cursor, Read, Write};
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use super::kinds::width;
use super::reader::Reader;
use super::tests::small;
use super::{Header, HeaderError};

const USUALLY: usize = 1000;

/// Each is read within this time.
const WITHIN: Duration = Duration::from_secs(1);

/// Numbers that are likely to hurt.
const HARD: [u64; 16] = [
    0,
    1,
    2,
    31,
    0x7f,
    0xff,
    0xffff,
    1 << 20,
    (1 << 24) + 1,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 63) - 1,
    1 << 63,
    u64::MAX,
];

/// Names that mean something to the reader.
const NAMES: [&str; 8] = [
    "general.architecture",
    "general.type",
    "general.alignment",
    "general.file_type",
    "llama.block_count",
    "llama.attention.head_count_kv",
    "tokenizer.ggml.tokens",
    "split.count",
];

/// The same numbers from the same seed, evenly spread (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.throw() % n.max(1) as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }
}

/// A number in a header: where, and how many bytes.
type Field = (usize, usize);

/// A header, the numbers in it, and the bytes of the whole file.
struct Original {
    bytes: Vec<u8>,
    fields: Vec<Field>,
    file: u64,
}

impl Original {
    fn new(mut bytes: Vec<u8>, file: u64) -> Original {
        let mut walk = Walk { bytes: &bytes, at: 4, fields: Vec::new() };
        walk.header();
        let (end, fields) = (walk.at, walk.fields);
        bytes.truncate(end.next_multiple_of(32));
        Original { bytes, fields, file }
    }

    /// The header of the starter model, or a small one where that is not there.
    fn real() -> Original {
        let folder = env::var_os("WICK_TEST_MODELS");
        let path = folder.map(|it| Path::new(&it).join("SmolLM2-135M-Instruct.Q4_1.gguf"));
        let Some(mut file) = path.and_then(|path| File::open(path).ok()) else {
            let small = small();
            let size = small.len() as u64;
            return Original::new(small, size);
        };
        let size = file.metadata().expect("it is open").len();
        let mut bytes = Vec::new();
        (&mut file).take(8 << 20).read_to_end(&mut bytes).expect("it can be read");
        Original::new(bytes, size)
    }

    /// Changed in one to four places.
    fn changed(&self, dice: &mut Dice) -> (Vec<u8>, u64) {
        let (mut bytes, mut size) = (self.bytes.clone(), self.file);
        for _ in 0..=dice.below(4) {
            self.change(dice, &mut bytes, &mut size);
        }
        (bytes, size)
    }

    fn change(&self, dice: &mut Dice, bytes: &mut Vec<u8>, size: &mut u64) {
        if bytes.len() < 16 {
            return;
        }
        // Lists of texts have thousands of numbers, what comes before and behind them few.
        let field = match dice.below(3) {
            0 => dice.one_of(&self.fields),
            1 => self.fields[dice.below(self.fields.len().min(60))],
            _ => self.fields[self.fields.len() - 1 - dice.below(self.fields.len().min(800))],
        };
        let (at, width) = (field.0.min(bytes.len().saturating_sub(8)), field.1);
        let put = |bytes: &mut [u8], at: usize, with: &[u8]| {
            let end = bytes.len().min(at + with.len());
            bytes[at.min(end)..end].copy_from_slice(&with[..end - at.min(end)]);
        };
        match dice.below(8) {
            0 | 1 => put(bytes, at, &dice.one_of(&HARD).to_le_bytes()[..width]),
            2 => put(bytes, at, &dice.throw().to_le_bytes()[..width]),
            3 => {
                // A little more or less, or another kind.
                let mut number = [0; 8];
                number[..width].copy_from_slice(&bytes[at..at + width]);
                let number =
                    u64::from_le_bytes(number).wrapping_add(dice.throw() % 16).wrapping_sub(8);
                put(bytes, at, &number.to_le_bytes()[..width]);
            }
            4 => put(bytes, at + width, dice.one_of(&NAMES).as_bytes()),
            5 => {
                let length = dice.below(400).min(bytes.len() - at);
                let part: Vec<u8> = bytes.drain(at..at + length).collect();
                if dice.below(2) == 0 {
                    let at = dice.below(bytes.len());
                    drop(bytes.splice(at..at, [&part[..], &part[..]].concat()));
                }
            }
            6 => {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
            _ => {
                bytes.truncate(at);
                *size = dice.one_of(&[at as u64, *size]);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
        *size = (*size).max(bytes.len() as u64);
    }
}

/// Goes through a header that is whole and notes its numbers.
struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    fields: Vec<Field>,
}

impl Walk<'_> {
    fn number(&mut self, width: usize) -> u64 {
        let mut bytes = [0; 8];
        bytes[..width].copy_from_slice(&self.bytes[self.at..self.at + width]);
        self.fields.push((self.at, width));
        self.at += width;
        u64::from_le_bytes(bytes)
    }

    fn text(&mut self) {
        self.at += self.number(8) as usize;
    }

    fn header(&mut self) {
        self.number(4);
        let (n_tensors, n_keys) = (self.number(8), self.number(8));
        for _ in 0..n_keys {
            self.text();
            let kind = self.number(4);
            self.value(kind);
        }
        for _ in 0..n_tensors {
            self.text();
            for _ in 0..self.number(4) {
                self.number(8);
            }
            self.number(4);
            self.number(8);
        }
    }

    fn value(&mut self, kind: u64) {
        match kind as u32 {
            8 => self.text(),
            9 => {
                let (kind, n_entries) = (self.number(4), self.number(8));
                (0..n_entries).for_each(|_| self.value(kind));
            }
            kind => _ = self.number(width(kind).expect("the file is whole")),
        }
    }
}

/// As from a file of so many bytes, of which only the beginning is there.
fn read(bytes: &[u8], size: u64) -> Result<Header, HeaderError> {
    Reader::new(Cursor::new(bytes), size).header()
}

#[test]
fn no_changed_header_makes_the_reader_panic_or_wait() {
    let n_wanted = env::var("WICK_MUTATIONS").ok().and_then(|it| it.parse().ok());
    let n_wanted = n_wanted.unwrap_or(USUALLY);
    let original = Original::real();
    assert!(read(&original.bytes, original.file).is_ok(), "unchanged it is accepted");
    let mut dice = Dice(0x6755);
    let (mut n_refused, mut n_panics, mut longest) = (0, 0, Duration::ZERO);
    for _ in 0..n_wanted {
        let (bytes, size) = original.changed(&mut dice);
        let began = Instant::now();
        match catch_unwind(|| read(&bytes, size)) {
            Ok(result) => n_refused += usize::from(result.is_err()),
            Err(_) => n_panics += 1,
        }
        longest = longest.max(began.elapsed());
    }
    if let Some(path) = env::var_os("WICK_MUTATIONS_TABLE") {
        let mut table =
            OpenOptions::new().create(true).append(true).open(path).expect("it is ours");
        write!(
            table,
            "| changed headers of a model, panics in {n_wanted} ({n_refused} refused) | {n_panics} | 0 |\n\
             | the longest time for one of them | {:.0} ms | ≤ 1,000 ms |\n",
            longest.as_secs_f64() * 1e3
        )
        .expect("there is a disk");
    }
    assert_eq!(n_panics, 0);
    assert!(longest < WITHIN, "{longest:?}");
    // Both happen, so something is tried.
    assert!(n_wanted / 10 < n_refused && n_refused < n_wanted, "{n_refused} of {n_wanted}");
}
