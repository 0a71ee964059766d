//! What is kept is never wrong, and nothing that was read is read twice: random edits, branches,
//! pictures, rests and restarts, held against a session that reads everything anew.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};

use super::*;
use crate::engine::cells::Kinds;
use crate::engine::worker::fingerprint::Fingerprint;
use crate::engine::worker::llama::Backend;
use crate::engine::worker::picture::{Patch, Places, id, is_cell};

/// What a text's logits may differ by, where the tokens were put through in the same blocks. A
/// wrong cell makes a difference of several units.
const CLOSE: f32 = 0.05;

/// What parking saves no file for, or opens none for, in tokens.
const NOT_WORTH_IT: usize = 32;

/// How much is said. All texts are cut into the same blocks: how tokens are cut into batches
/// changes the last digits of what comes out.
#[derive(Clone, Copy)]
struct Size {
    /// Tokens in a block.
    block: usize,
    /// Blocks that all texts begin with.
    opening: usize,
    /// Blocks of the longest text.
    longest: usize,
    /// Blocks for which there are cells: fewer than all texts have, so that some are parked.
    cells: usize,
    /// Whether cells of a picture look at those after them.
    looks_ahead: bool,
}

#[derive(Clone, Debug)]
enum Step {
    /// Says more in a text.
    More { text: usize, n_blocks: usize },
    /// Goes back in a text and says something else.
    Edit { text: usize, at: f64, n_blocks: usize },
    /// Asks something about a text that is not part of it.
    Aside { text: usize },
    /// Nobody says anything for a moment.
    Pause,
    /// Parks all and frees the context.
    Rest,
    /// Parks all; another process goes on.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..4_usize, 1..4_usize).prop_map(|(text, n_blocks)| Step::More { text, n_blocks }),
        3 => (0..4_usize, 0.0..1.0, 1..4_usize)
            .prop_map(|(text, at, n_blocks)| Step::Edit { text, at, n_blocks }),
        1 => (0..4_usize).prop_map(|text| Step::Aside { text }),
        2 => Just(Step::Pause),
        1 => Just(Step::Rest),
        1 => Just(Step::Restart),
    ];
    proptest::collection::vec(step, 10)
}

/// The folder with real models; none where `cargo xtask test` has not fetched them.
fn models() -> Option<PathBuf> {
    std::env::var_os("WICK_TEST_MODELS").map(PathBuf::from)
}

/// llama.cpp, which is started once in a process.
fn backend() -> &'static Backend {
    static BACKEND: LazyLock<Backend> =
        LazyLock::new(|| Backend::start().expect("llama.cpp starts"));
    &BACKEND
}

#[test]
fn a_header_says_of_messages_what_llama_says_of_them() {
    let Some(folder) = models() else { return };
    let mut n_models = 0;
    for file in std::fs::read_dir(folder).expect("it is there") {
        let path = file.expect("it can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.ends_with(".gguf") || name.starts_with("mmproj") {
            continue;
        }
        n_models += 1;
        let model = Model::load(backend(), &path, |_| ()).expect("it is one");
        let said = crate::models::wording(&path).expect("it is one");
        assert_eq!(said, model.wording(), "{}", path.display());
    }
    assert!(2 <= n_models, "{n_models}");
}

struct Trial<'m> {
    model: &'m Model,
    stop: &'m Arc<AtomicBool>,
    size: Size,
    parked: tempfile::TempDir,
    words: &'m [Token],
    n_said: usize,
    /// Every text that was put through the model.
    seen: Vec<Vec<Token>>,
}

impl<'m> Trial<'m> {
    fn new(
        model: &'m Model,
        stop: &'m Arc<AtomicBool>,
        words: &'m [Token],
        size: Size,
    ) -> Trial<'m> {
        let parked = tempfile::tempdir().expect("there is a disk");
        Trial { model, stop, size, parked, words: &words[1..], n_said: 0, seen: Vec::new() }
    }

    fn sessions(&self, root: Option<&Path>) -> Sessions<'m> {
        let parking = root.map_or_else(Parking::none, |root| {
            Parking::open(root.to_owned(), 1 << 30, vec![(CellKind::F16, Fingerprint([7; 32]))])
        });
        let cells = self.size.cells * self.size.block;
        let cells = Cells { pinned: Some(cells), kinds: Kinds::F16, ..Cells::default() };
        let need = Need { shape: Some(self.model.shape()), ..Need::default() };
        Sessions::new((self.model, need), 1, cells, parking, self.stop)
    }

    /// Blocks that nobody said before. Where there are several, the first one may be a picture.
    fn say(&mut self, n_blocks: usize) -> Vec<Token> {
        let Size { block, looks_ahead, .. } = self.size;
        let mut said = Vec::new();
        for idx in 0..n_blocks {
            let n_said = self.n_said;
            self.n_said += block;
            if idx == 0 && 1 < n_blocks && (n_said / block).is_multiple_of(2) {
                let id = id(&n_said.to_le_bytes(), &[7; 32]);
                said.extend(Patch::new((id, 0), block, block, Places::InARow, looks_ahead).names);
            } else {
                let words = n_said..self.n_said;
                said.extend(words.map(|n| self.words[(n * 31 + n / 7) % self.words.len()]));
            }
        }
        said
    }

    /// Puts cells of a picture, or tokens, behind what a session holds. Gives where the last one is.
    fn put(
        &self,
        sessions: &mut Sessions,
        seat: &Seat,
        at: usize,
        tokens: &[Token],
    ) -> Result<Option<usize>, PutError> {
        if !is_cell(tokens[0]) {
            return sessions.put(&[(seat, tokens)]).map(|ends| Some(ends[0]));
        }
        let within = at % self.size.block;
        let n_numbers = self.model.shape().embedding_length as i32;
        // As far apart as those of words are.
        let number = |name: i32, idx: i32| {
            name.wrapping_mul(idx.wrapping_mul(747_796_405).wrapping_add(1)) as f32
                / i32::MAX as f32
        };
        let numbers: Vec<f32> =
            tokens.iter().flat_map(|it| (0..n_numbers).map(|idx| number(it.0, idx))).collect();
        let places: Vec<[i32; 3]> =
            (within..within + tokens.len()).map(|it| [it as i32; 3]).collect();
        let looks_ahead = self.size.looks_ahead;
        let seen = Seen { numbers: &numbers, places: &places, is_in_room: false, looks_ahead };
        sessions.put_seen(seat, at - within, tokens, &seen).map(|()| None)
    }

    /// Puts a text through the model, block by block. Gives what could follow.
    fn read(&self, sessions: &mut Sessions, owner: Owner, text: &[Token]) -> (Kept, Vec<f32>) {
        self.read_for(sessions, (owner, Keep::Parked), text)
    }

    fn read_for(
        &self,
        sessions: &mut Sessions,
        whose: (Owner, Keep),
        text: &[Token],
    ) -> (Kept, Vec<f32>) {
        let begun = sessions.begin(whose, text, true).expect("it fits");
        assert_eq!(begun.prompt, text, "the tokens are those of the text");
        let mut end = 0;
        while let left @ [_, ..] = &text[sessions.held(&begun.seat)..] {
            let to_next = self.size.block - (text.len() - left.len()) % self.size.block;
            match self.put(sessions, &begun.seat, text.len() - left.len(), &left[..to_next]) {
                Ok(last) => end = last.unwrap_or(end),
                Err(err) => assert_eq!(err, PutError::Again),
            }
        }
        let row = sessions.logits(end).to_vec();
        sessions.leave(begun.seat);
        (begun.kept, row)
    }

    fn check(&mut self, sessions: &mut Sessions<'m>, owner: Owner, text: &[Token]) {
        let known = |seen: &Vec<Token>| seen.iter().zip(text).take_while(|(a, b)| a == b).count();
        let n_known = self.seen.iter().map(known).max().unwrap_or(0);
        let (kept, row) = self.read(sessions, owner, text);
        assert!(n_known <= kept.all() + NOT_WORTH_IT, "{n_known} were known, {kept:?}");
        let (_, fresh) = self.read(&mut self.sessions(None), owner, text);
        self.agree(&row, &fresh, kept);
        self.seen.push(text.to_vec());
    }

    #[expect(clippy::unused_self, reason = "it reads as a sentence")]
    fn agree(&self, row: &[f32], fresh: &[f32], kept: Kept) {
        let apart = row.iter().zip(fresh).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < CLOSE, "they are {apart} apart after {kept:?}");
    }

    fn run(&mut self, steps: &[Step]) {
        let root = self.parked.path().to_owned();
        let mut sessions = self.sessions(Some(&root));
        let opening = self.say(self.size.opening);
        let mut texts = vec![opening; 4];
        for step in steps {
            let (text, keep, n_blocks) = match *step {
                Step::More { text, n_blocks } => (text, 1.0, n_blocks),
                Step::Edit { text, at, n_blocks } => (text, at, n_blocks),
                Step::Aside { text } => {
                    let mut tokens = texts[text].clone();
                    tokens.truncate((self.size.longest - 1) * self.size.block);
                    tokens.extend(self.say(1));
                    let whose = (Owner::default(), Keep::Nothing);
                    let (_, row) = self.read_for(&mut sessions, whose, &tokens);
                    let (_, fresh) = self.read(&mut self.sessions(None), Owner(9), &tokens);
                    self.agree(&row, &fresh, Kept::default());
                    continue;
                }
                Step::Pause => {
                    while sessions.tidy() {}
                    continue;
                }
                Step::Rest => {
                    sessions.rest();
                    continue;
                }
                Step::Restart => {
                    sessions.park();
                    sessions = self.sessions(Some(&root));
                    continue;
                }
            };
            let Size { block, longest, .. } = self.size;
            let n_kept = (texts[text].len() as f64 / block as f64 * keep) as usize;
            texts[text].truncate(n_kept.min(longest - n_blocks) * block);
            let more = self.say(n_blocks);
            texts[text].extend(more);
            let tokens = texts[text].clone();
            self.check(&mut sessions, Owner(text as u64 + 1), &tokens);
        }
    }
}

#[test]
fn a_context_that_can_only_grow_with_8_bits_goes_on_as_a_fresh_one_of_8_bits_would() {
    let Some(folder) = models() else { return };
    let stop = Arc::new(AtomicBool::new(false));
    let path = folder.join("SmolLM2-135M-Instruct.Q4_1.gguf");
    let model = Model::load(backend(), &path, |_| ()).expect("it is a model");
    let words = model.tokenize(include_str!("../../../../../ARCHITECTURE.md"));
    let size = Size { block: 16, opening: 0, longest: 18, cells: 0, looks_ahead: false };
    let mut trial = Trial::new(&model, &stop, &words, size);
    let text = trial.say(size.longest);
    let need = Need { shape: Some(model.shape()), ..Need::default() };
    let with = |kinds, memory| {
        let cells = Cells { fewest: 256, kinds, ..Cells::default() };
        let mut sessions = Sessions::new((&model, need.clone()), 1, cells, Parking::none(), &stop);
        sessions.set_memory(memory);
        sessions
    };
    // No more than what 512 cells of 8 bits take.
    let limit = need.bytes(Cells::default().size(512, CellKind::Q8));
    let mut sessions = with(Kinds::Auto, Some(limit));
    trial.read(&mut sessions, Owner(1), &text[..16]);
    assert_eq!(sessions.made(), Some((256, CellKind::F16)));
    let (_, row) = trial.read(&mut sessions, Owner(1), &text);
    assert_eq!(sessions.made(), Some((512, CellKind::Q8)));
    let (_, fresh) = trial.read(&mut with(Kinds::Q8, None), Owner(1), &text);
    let apart = row.iter().zip(&fresh).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < CLOSE, "they are {apart} apart");
    // Where 16 bits are wanted it does not grow, and says what would help.
    let mut sessions = with(Kinds::F16, Some(limit));
    trial.read(&mut sessions, Owner(1), &text[..16]);
    let Err(err) = sessions.begin((Owner(1), Keep::Parked), &text, true) else { panic!("it fits") };
    assert!(err.to_string().contains("With --kv q8_0 it would take"), "{err}");
    assert_eq!(sessions.made(), Some((256, CellKind::F16)), "what there was stays");
}

#[test]
fn what_rests_makes_way_for_another_text_and_not_for_what_shares_it_or_is_soon_over() {
    let Some(folder) = models() else { return };
    let stop = Arc::new(AtomicBool::new(false));
    let path = folder.join("SmolLM2-135M-Instruct.Q4_1.gguf");
    let model = Model::load(backend(), &path, |_| ()).expect("it is a model");
    let words = model.tokenize(include_str!("../../../../../ARCHITECTURE.md"));
    let size = Size { block: 16, opening: 0, longest: 16, cells: 40, looks_ahead: false };
    let mut trial = Trial::new(&model, &stop, &words, size);
    let mut sessions = trial.sessions(Some(trial.parked.path()));
    let rests =
        |sessions: &Sessions, text: &[Token]| sessions.rows.iter().any(|it| it.tokens == text);
    let (text, other) = (trial.say(8), trial.say(1));

    trial.read(&mut sessions, Owner(1), &text);
    // Its title, and what is said instead of its end.
    let title = [&text[..], &other].concat();
    trial.read_for(&mut sessions, (Owner::default(), Keep::Nothing), &title);
    let branch = [&text[..6 * size.block], &other].concat();
    trial.read(&mut sessions, Owner(1), &branch);
    assert!(rests(&sessions, &text), "its cells are used by both");

    trial.read(&mut sessions, Owner(2), &other);
    assert!(!rests(&sessions, &text) && rests(&sessions, &other));
    let (kept, _) = trial.read(&mut sessions, Owner(1), &title);
    assert_eq!(kept, Kept { parked: text.len(), ..Kept::default() });
    assert!(rests(&sessions, &other), "so few are not felt");
}

#[test]
fn a_session_goes_on_as_a_fresh_one_would() {
    let size = Size { block: 16, opening: 3, longest: 16, cells: 40, looks_ahead: false };
    try_at_random("SmolLM2-135M-Instruct.Q4_1.gguf", size, 3);
}

#[test]
fn a_session_with_a_sliding_window_goes_on_as_a_fresh_one_would() {
    // The window has 512 tokens: the opening alone is longer.
    let size = Size { block: 64, opening: 9, longest: 14, cells: 32, looks_ahead: true };
    try_at_random("gemma-3-270m-q4_k_m.gguf", size, 1);
}

/// So many times, what people may do in any order, held against sessions that know nothing.
fn try_at_random(file: &str, size: Size, cases: u32) {
    let Some(folder) = models() else { return };
    let stop = Arc::new(AtomicBool::new(false));
    let model = Model::load(backend(), &folder.join(file), |_| ()).expect("it is a model");
    let words = model.tokenize(include_str!("../../../../../ARCHITECTURE.md"));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let result = TestRunner::new_with_rng(config, rng).run(&steps(), |steps| {
        Trial::new(&model, &stop, &words, size).run(&steps);
        Ok(())
    });
    if let Err(err) = result {
        panic!("{file}: {err}");
    }
}
