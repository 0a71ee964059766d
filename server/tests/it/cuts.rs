//! Cuts at random moments of answers, and what is left after each: the page, another page and the
//! database have the same text. The tests make a few, `cargo xtask soak` makes a thousand.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use wick_protocol::{AnswerState, ClientMessage, Message, ServerMessage};

use crate::support::{Page, SMOL, Wick, likeliest, signal, state};

/// Asked in every chat, so that every answer is the same.
const QUESTION: &str = "Write a very long story about a lighthouse, with many chapters.";

/// The text on the disk may be so far behind.
const BEHIND: Duration = Duration::from_millis(50);

/// The engine is killed no more often.
const KILLED_EVERY: Duration = Duration::from_secs(25);

/// What is cut off.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    /// The connection; the page comes back.
    Connection,
    /// The page is loaded again.
    Reload,
    /// The page takes nothing for a while.
    Freeze,
    /// The engine is killed; somebody presses Continue.
    Engine,
    /// The server is killed and started again; somebody presses Continue.
    Server,
}

const CUTS: [Cut; 5] = [Cut::Connection, Cut::Reload, Cut::Freeze, Cut::Engine, Cut::Server];

/// What was measured.
#[derive(Default)]
pub struct Tally {
    /// How often something was cut.
    pub n_cuts: usize,
    /// From coming back to having all that is there.
    pub catching_up: Vec<Duration>,
    /// From the start of a killed server to a page that shows the chat.
    pub usable: Vec<Duration>,
    /// Text that the page had for longer than the time that the disk may be behind and the
    /// database had not, in bytes.
    pub lost: Vec<usize>,
}

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    /// Of this seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Below `n` (xorshift64*, Marsaglia 2003 and Vigna 2016).
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
}

/// Makes so many cuts in answers of so many tokens; `None` where there is no model. Panics when a text is not what it should be.
pub async fn cut(n_cuts: usize, n_tokens: u32, dice: &mut Dice) -> Option<Tally> {
    let mut wick = Wick::computing(&[SMOL], &[])?;
    let whole = uncut(&wick, n_tokens).await;
    let mut tally = Tally::default();
    let mut engine_killed = Instant::now();
    while tally.n_cuts < n_cuts {
        let (mut page, mut other) = two_pages(&wick).await;
        let mut is_whole = true;
        while state(shown(&page)).is_live() && tally.n_cuts < n_cuts {
            grow(&mut page, 1 + dice.below(60)).await;
            tally.n_cuts += 1;
            match CUTS[dice.below(CUTS.len())] {
                // An engine that dies too often is not started any more.
                Cut::Engine if KILLED_EVERY < engine_killed.elapsed() => {
                    is_whole = false;
                    engine_killed = Instant::now();
                    if let Some(engine) = wick.engine() {
                        signal(engine, "KILL");
                    }
                    go_on(&wick, &mut page, &mut other).await;
                }
                cut @ (Cut::Connection | Cut::Reload | Cut::Freeze | Cut::Engine) => {
                    let missed = dice.below(120);
                    page = harmless(&wick, cut, page, (&mut other, missed), &mut tally).await;
                }
                Cut::Server => {
                    is_whole = false;
                    (wick, page) = restart(wick, page, &mut tally).await;
                    other = wick.back(other).await;
                    go_on(&wick, &mut page, &mut other).await;
                }
            }
        }
        let (page, other) = (page.answer().await, other.answer().await);
        assert_eq!(page.text, other.text, "both pages show the same");
        assert_eq!(page.text, on_disk(&wick), "the database has what the page shows");
        if is_whole {
            assert_eq!(page.text, whole, "it is what the engine writes when nothing is cut");
        }
    }
    assert!(wick.end().success());
    Some(tally)
}

/// Kills the server so many times in the middle of an answer.
pub async fn kill(n_kills: usize, dice: &mut Dice) -> Option<Tally> {
    let mut wick = Wick::computing(&[SMOL], &[])?;
    let mut tally = Tally::default();
    for _ in 0..n_kills {
        let (mut page, _) = two_pages(&wick).await;
        grow(&mut page, 1 + dice.below(400)).await;
        (wick, _) = restart(wick, page, &mut tally).await;
        tally.n_cuts += 1;
    }
    assert!(wick.end().success());
    Some(tally)
}

/// What is written when nothing is cut.
async fn uncut(wick: &Wick, n_tokens: u32) -> String {
    let mut page = wick.page().await;
    page.sample(likeliest(n_tokens)).await;
    page.say(QUESTION).await;
    page.answer().await.text
}

/// Two pages on a new chat that is being answered.
async fn two_pages(wick: &Wick) -> (Page, Page) {
    let (mut page, mut other) = (wick.page().await, wick.page().await);
    page.say(QUESTION).await;
    other.open(page.chat.unwrap()).await;
    page.until_text().await;
    (page, other)
}

/// A cut after which the answer goes on by itself. Meanwhile it grows by so many bytes.
async fn harmless(
    wick: &Wick,
    cut: Cut,
    mut page: Page,
    (other, missed): (&mut Page, usize),
    tally: &mut Tally,
) -> Page {
    if cut == Cut::Freeze {
        grow(other, missed).await;
        catch_up(&mut page, shown(other).text.len()).await;
        return page;
    }
    page.cut().await;
    grow(other, missed).await;
    let there = shown(other).text.len();
    let began = Instant::now();
    let mut page = if cut == Cut::Reload {
        let mut again = wick.page().await;
        again.open(page.chat.unwrap()).await;
        again
    } else {
        wick.back(page).await
    };
    catch_up(&mut page, there).await;
    tally.catching_up.push(began.elapsed());
    page
}

/// Both pages hear that the answer was interrupted; one of them goes on with it.
async fn go_on(wick: &Wick, page: &mut Page, other: &mut Page) {
    let (one, two) = (page.answer().await, other.answer().await);
    assert_eq!(one.text, two.text, "both pages show the same");
    assert_eq!(one.text, on_disk(wick), "the database has what the page shows");
    if matches!(state(&one), AnswerState::Interrupted { .. }) {
        page.ask(ClientMessage::Continue { message: one.id }).await;
        let goes_on = |state: &AnswerState| !matches!(state, AnswerState::Interrupted { .. });
        page.until_state(goes_on).await;
        other.until_state(goes_on).await;
    }
}

/// Kills the server and starts it again; gives the page that came back.
async fn restart(wick: Wick, page: Page, tally: &mut Tally) -> (Wick, Page) {
    let killed = Instant::now();
    let before = shown(&page).text.clone();
    let old = page.grew.iter().rev().find(|it| BEHIND <= killed.duration_since(it.0));
    let safe = old.map_or(0, |it| it.1);
    let wick = wick.killed_and_started_again();
    let began = wick.started;
    let kept = on_disk(&wick);
    assert!(is_sound(&wick), "the database is whole");
    let same = kept.len().min(before.len());
    assert_eq!(kept[..same], before[..same], "what is kept is what was written");
    tally.lost.push(safe.saturating_sub(kept.len()));
    let mut page = wick.back(page).await;
    page.until(|message| matches!(message, ServerMessage::Thread { .. }).then_some(())).await;
    tally.usable.push(began.elapsed());
    assert_eq!(shown(&page).text, kept, "the page shows what was kept");
    (wick, page)
}

/// Waits until the answer has grown by so many bytes, or has ended.
async fn grow(page: &mut Page, n_bytes: usize) {
    let enough = shown(page).text.len() + n_bytes;
    catch_up(page, enough).await;
}

/// Waits until the page shows so many bytes of the answer, or all of it.
async fn catch_up(page: &mut Page, n_bytes: usize) {
    while shown(page).text.len() < n_bytes && state(shown(page)).is_live() {
        page.next().await;
    }
}

fn shown(page: &Page) -> &Message {
    page.shown.as_ref().unwrap()
}

fn database(wick: &Wick) -> Connection {
    Connection::open(wick.data.path().join("wick.db")).unwrap()
}

/// The last answer as the database has it.
fn on_disk(wick: &Wick) -> String {
    let query = "SELECT text || coalesce((SELECT group_concat(text, '' ORDER BY at) FROM piece
        WHERE piece.message = message.id), '') FROM message ORDER BY id DESC LIMIT 1";
    database(wick).query_row(query, [], |row| row.get(0)).unwrap()
}

fn is_sound(wick: &Wick) -> bool {
    let sound: String =
        database(wick).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    sound == "ok"
}
