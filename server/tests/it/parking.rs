//! What was read is kept: through idleness, the end of the engine, and the end of Wick.

use std::fs;

use wick_protocol::{AnswerState, ClientMessage, Stage, Stats, Step, WhyRead};

use crate::support::{Page, SMOL, Wick, likeliest, stats};

/// Tokens that a turn reads at most: the short message, and what the template puts around it.
const SHORT: usize = 24;

/// Tokens that are not read again at least, after the first turn.
const LONG: usize = 100;

async fn first_turn(page: &mut Page) -> Stats {
    page.sample(likeliest(4)).await;
    page.say(&"The keeper climbs the stairs. ".repeat(20)).await;
    let first = stats(&page.answer().await);
    assert!(LONG < first.n_read && first.why_read.is_none(), "{first:?}");
    first
}

async fn next_turn(page: &mut Page) -> Stats {
    page.say("And then?").await;
    stats(&page.answer().await)
}

#[track_caller]
fn was_parked(turn: &Stats) {
    assert!(LONG < turn.kept.parked && turn.n_read <= SHORT, "{turn:?}");
    assert_eq!(turn.why_read, None);
}

#[tokio::test]
async fn a_freed_context_costs_no_reading() {
    let Some(wick) = Wick::with(&[SMOL], &["--context-idle", "200ms"]) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    page.until_stage(Some(Stage::Ready)).await;
    page.until_stage(Some(Stage::Resting)).await;
    let receipt = page.engine.as_ref().unwrap().receipt.unwrap();
    assert_eq!(receipt.step, Step::ContextFreed);
    assert!(receipt.after + 30_000_000 < receipt.before, "{receipt:?}");
    was_parked(&next_turn(&mut page).await);
    assert_eq!(page.engine.as_ref().unwrap().receipt, None);
}

#[tokio::test]
async fn a_rest_costs_no_reading_and_gives_everything_back() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    let receipt = page.engine.as_ref().unwrap().receipt.unwrap();
    assert_eq!((receipt.step, receipt.after), (Step::EngineEnded, 0));
    assert!(100_000_000 < receipt.before && 0 < receipt.back_ms, "{receipt:?}");
    assert_eq!(wick.engine(), None);
    was_parked(&next_turn(&mut page).await);
}

#[tokio::test]
async fn the_end_of_wick_costs_no_reading() {
    let Some(mut wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    let chat = page.chat.unwrap();
    for is_killed in [false, true] {
        wick = if is_killed { wick.killed_and_started_again() } else { wick.started_again() };
        page = wick.page().await;
        page.open(chat).await;
        was_parked(&next_turn(&mut page).await);
    }
}

#[tokio::test]
async fn an_answer_that_was_cut_off_goes_on_without_reading() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    page.sample(likeliest(2000)).await;
    page.say("Tell all of it.").await;
    page.until_text().await;
    let (chat, begun) = (page.chat.unwrap(), page.shown.clone().unwrap());
    let wick = wick.killed_and_started_again();
    let mut page = wick.page().await;
    page.open(chat).await;
    page.sample(likeliest(3)).await;
    page.ask(ClientMessage::Continue { message: begun.id }).await;
    page.until_state(AnswerState::is_live).await;
    was_parked(&stats(&page.answer().await));
}

#[tokio::test]
async fn what_is_damaged_is_read_again_and_said_to_be() {
    let Some(wick) = Wick::unread(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let first = first_turn(&mut page).await;
    let chat = page.chat.unwrap();
    let wick = wick.started_again();
    let [file] = &wick.parked()[..] else { panic!("{:?}", wick.parked()) };
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
    let mut page = wick.page().await;
    page.open(chat).await;
    let turn = next_turn(&mut page).await;
    assert_eq!((turn.kept.all(), turn.why_read), (0, Some(WhyRead::Damaged)));
    assert!(first.n_read < turn.n_read, "{turn:?}");
    assert!(!wick.parked().contains(file), "it is removed");
}

#[tokio::test]
async fn a_chat_that_is_gone_leaves_nothing_parked() {
    let Some(wick) = Wick::unread(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    let wick = wick.started_again();
    assert_eq!(wick.parked().len(), 1);
    let chat = page.chat.unwrap();
    let mut page = wick.page().await;
    page.ask(ClientMessage::Delete { chat }).await;
    page.until(|it| matches!(it, wick_protocol::ServerMessage::ChatGone { .. }).then_some(()))
        .await;
    let wick = wick.started_again();
    // What is left of it goes with the next start, before the engine is there.
    let mut page = wick.page().await;
    page.sample(likeliest(1)).await;
    page.say("Hello").await;
    page.answer().await;
    assert!(wick.parked().is_empty(), "{:?}", wick.parked());
}

#[tokio::test]
async fn no_room_on_the_disk_means_reading_again_and_saying_why() {
    let Some(wick) = Wick::unread(&[SMOL], &["--parking", "1", "--context-idle", "200ms"]) else {
        return;
    };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    page.until_stage(Some(Stage::Ready)).await;
    page.until_stage(Some(Stage::Resting)).await;
    let turn = next_turn(&mut page).await;
    assert_eq!((turn.kept.all(), turn.why_read), (0, Some(WhyRead::GaveWay)));
}

#[tokio::test]
async fn cells_of_8_bits_take_half_and_are_parked_too() {
    let args = ["--kv", "q8_0", "--context", "8192", "--context-idle", "200ms"];
    let Some(wick) = Wick::with(&[SMOL], &args) else { return };
    let mut page = wick.page().await;
    first_turn(&mut page).await;
    page.until_stage(Some(Stage::Ready)).await;
    let memory = page.memory().unwrap();
    // 8,192 cells of 30 layers, 3 heads and 2 × 64 values are 189 MB at 16 bits, 100 at 8.
    assert!((100_000_000..160_000_000).contains(&memory.rest()), "{memory:?}");
    page.until_stage(Some(Stage::Resting)).await;
    was_parked(&next_turn(&mut page).await);
}

#[tokio::test]
async fn another_chat_shares_the_opening() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let first = first_turn(&mut page).await;
    page.chat = None;
    page.say(&"The keeper climbs the stairs. ".repeat(20)).await;
    let second = stats(&page.answer().await);
    assert!(first.n_read <= second.kept.shared + 4, "{second:?}");
}

#[tokio::test]
async fn the_oldest_messages_leave_a_chat_that_is_too_long() {
    let Some(wick) = Wick::with(&[SMOL], &["--context", "300"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(8)).await;
    let mut turns = Vec::new();
    for n in 0..6 {
        page.say(&format!("{n}: {}", "the ship sails on ".repeat(14))).await;
        turns.push(stats(&page.answer().await));
    }
    let left_out: Vec<usize> = turns.iter().map(|turn| turn.n_left_out).collect();
    assert_eq!(left_out[0], 0);
    assert!(left_out.is_sorted() && 0 < left_out[5], "{left_out:?}");
    assert!(left_out.iter().all(|n| n % 2 == 0), "whole pairs: {left_out:?}");
    // After a cut the next turns read only what is new.
    let is_moved = |pair: &[Stats]| pair[0].n_left_out < pair[1].n_left_out;
    for pair in turns.windows(2) {
        if is_moved(pair) {
            assert_eq!(pair[1].why_read, Some(WhyRead::LeftOut), "{pair:?}");
        } else {
            assert!(pair[1].n_read < 130, "{pair:?}");
        }
    }
}
