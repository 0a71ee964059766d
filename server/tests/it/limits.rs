//! Memory that is not there, and contexts that are full: what is counted, taken, refused and said.

use wick_protocol::{AnswerState, ClientMessage, Finish, Message, Verdict, WhyRead};

use crate::models::choose;
use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, state, stats};

/// So many sentences, of 6 tokens each.
fn sentences(n: usize) -> String {
    "The keeper lights the lamp. ".repeat(n)
}

async fn answer_to(page: &mut Page, text: &str) -> Message {
    page.say(text).await;
    page.answer().await
}

fn reason(answer: &Message) -> &str {
    match state(answer) {
        AnswerState::Interrupted { reason, .. } => reason,
        _ => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn what_a_model_is_said_to_need_is_what_it_takes_as_it_is_set() {
    let ways: [&[&str]; 4] = [
        &[],
        &["--context", "512", "--kv", "f16"],
        &["--context", "8192", "--kv", "q8_0"],
        &["--attention", "plain"],
    ];
    for (idx, args) in ways.into_iter().enumerate() {
        let Some(wick) = Wick::with(&[SMOL, GEMMA], args) else { return };
        let mut page = wick.page().await;
        page.sample(likeliest(8)).await;
        // What is set is counted alike for all models; the larger one has each of it half as often.
        let files = if idx % 2 == 0 { &[GEMMA, SMOL][..] } else { &[SMOL] };
        for &file in files {
            let fit = choose(&mut page, file).await.fit.unwrap();
            assert_eq!(fit.verdict(), Verdict::Fits, "{fit:?}");
            answer_to(&mut page, &sentences(8)).await;
            let (need, takes) = (fit.need, wick.resident());
            assert!(need.abs_diff(takes) < takes / 10, "{file} {args:?}: {need} for {takes}");
            page.chat = None;
        }
    }
}

#[tokio::test]
async fn what_a_load_took_is_what_the_next_one_is_said_to_need() {
    let Some(mut wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    for file in [SMOL, GEMMA] {
        let mut page = wick.page().await;
        page.sample(likeliest(8)).await;
        choose(&mut page, file).await;
        let first = page.need(file);
        answer_to(&mut page, &sentences(8)).await;
        page.until_need_is_not(file, first).await;
        // It is known after a restart, and the second load takes just that.
        wick = wick.started_again();
        let mut page = wick.page().await;
        let need = page.need(file);
        // Nothing of it is parked: as much is read.
        answer_to(&mut page, &format!("Another story. {}", sentences(8))).await;
        let takes = wick.resident();
        assert!(need.abs_diff(takes) < takes / 33, "{file}: {need} for {takes}, first {first}");
    }
}

#[tokio::test]
async fn cells_have_8_bits_where_only_these_fit_and_stay_so_for_what_was_parked() {
    // With 16 bits it would be 185 MB.
    let Some(wick) = Wick::with(&[SMOL], &["--memory", "175"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    assert!(page.need(SMOL) < 175_000_000, "{}", page.need(SMOL));
    let first = answer_to(&mut page, &sentences(20)).await;
    assert_eq!(stats(&first).n_tokens, 4);
    assert!(wick.resident() < 175_000_000, "{}", wick.resident());
    let chat = page.chat.unwrap();
    // Without the limit it goes on from what was parked.
    let wick = wick.started_again();
    let mut page = wick.page().await;
    page.open(chat).await;
    let next = stats(&answer_to(&mut page, "And then?").await);
    assert!(stats(&first).n_read <= next.kept.parked && next.why_read.is_none(), "{next:?}");
    // Another chat has cells of 16 bits after a rest.
    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    page.chat = None;
    answer_to(&mut page, &"Nothing of this was said before. ".repeat(20)).await;
    assert!(175_000_000 < wick.resident(), "{}", wick.resident());
    page.open(chat).await;
    let other = stats(&answer_to(&mut page, "And then?").await);
    assert_eq!(other.why_read, Some(WhyRead::OtherKind), "{other:?}");
}

#[tokio::test]
async fn an_answer_goes_on_while_its_context_goes_over_to_8_bits() {
    let Some(wick) = Wick::with(&[SMOL], &["--memory", "147", "--context-first", "256"]) else {
        return;
    };
    let mut page = wick.page().await;
    page.sample(likeliest(40)).await;
    let answer = answer_to(&mut page, &format!("{}Tell more.", sentences(34))).await;
    let took = stats(&answer);
    assert!(256 < took.n_read + took.n_tokens, "{took:?} {:?}", answer.text);
    assert_eq!((took.kept.all(), took.why_read), (0, Some(WhyRead::OtherKind)));
}

#[tokio::test]
async fn a_context_that_cannot_grow_says_what_would_help_and_keeps_the_text() {
    let args = ["--memory", "156", "--kv", "f16", "--context-first", "512"];
    let Some(wick) = Wick::with(&[SMOL], &args) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(400)).await;
    let answer = answer_to(&mut page, &format!("{}Tell more.", sentences(76))).await;
    let reason = reason(&answer);
    assert!(reason.starts_with("A context for 1,024 tokens takes 46 MB and"), "{reason}");
    assert!(reason.contains("With --kv q8_0 it would take 24 MB"), "{reason}");
    assert!(reason.ends_with("Allow more with --memory or choose a smaller model"), "{reason}");
    assert!(!answer.text.is_empty());
    // The chat goes on without its oldest messages.
    page.sample(likeliest(4)).await;
    let next = stats(&answer_to(&mut page, "And then?").await);
    assert_eq!((next.n_left_out, next.n_tokens), (2, 4), "{next:?}");
}

#[tokio::test]
async fn a_model_that_is_refused_says_what_would_make_it_fit() {
    let args = ["--memory", "164", "--kv", "f16"];
    let Some(wick) = Wick::with(&[SMOL], &args) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    let answer = answer_to(&mut page, "Hello").await;
    assert_eq!(
        reason(&answer),
        "SmolLM2-135M-Instruct needs about 185 MB of memory and 164 MB are free. \
         With --kv q8_0 it would need 163 MB, with --context 1024 162 MB. \
         Allow more with --memory or choose a smaller model"
    );
    assert_eq!(wick.engine(), None);
}

#[tokio::test]
async fn a_full_context_stops_the_answer_where_nothing_is_to_be_left_out() {
    let args = ["--context", "256", "--when-full", "stop"];
    let Some(wick) = Wick::unread(&[SMOL], &args) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(1000)).await;
    // Reading takes less time than writing.
    let answer = answer_to(&mut page, &format!("{}Tell more.", sentences(32))).await;
    assert_eq!(state(&answer), &AnswerState::Finished { why: Finish::ContextFull });
    let took = stats(&answer);
    // The last token is not put any more.
    assert_eq!(took.n_read + took.n_tokens, 257, "{took:?}");
    let next = answer_to(&mut page, "And then?").await;
    let says = reason(&next);
    assert!(says.contains("tokens and there is room for 256. With --when-full stop"), "{says}");
    assert!(says.ends_with("--when-full leave-out or a larger --context"), "{says}");
    assert!(next.text.is_empty());
    page.chat = None;
    page.sample(likeliest(3)).await;
    let other = stats(&answer_to(&mut page, "Hello").await);
    assert_eq!((other.n_tokens, other.n_left_out), (3, 0));
}
