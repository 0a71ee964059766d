use roxmltree::{Document, Node};
use wick_protocol::Memory;

use super::*;
use crate::engine::history::{End, Tokens, What};

const HOSTILE: &str = "</text><script>alert(1)</script>&'\"\u{0}\u{202e}";

/// Minutes of a model that is loaded, writes for a minute, and rests.
fn used(began: Instant, model: &str) -> History {
    let mut history = History::new(began);
    let at = |seconds: u64| began + Duration::from_secs(seconds);
    history.begin(at(60));
    history.mark(model, What::Loaded, at(61));
    history.mark(model, What::ContextBorn(2_048), at(61));
    for second in 61..=180 {
        if second <= 120 {
            history.count(Tokens { read: 0.0, written: 90.0 }, at(second - 1), at(second));
        }
        let memory = Memory { total: 184_000_000, weights: 118_000_000 };
        history.look(memory, at(second));
    }
    history.mark(model, What::ContextGrown(4_096), at(100));
    history.mark(model, What::Parked(2), at(179));
    history.mark(model, What::Ended(End::Rested), at(180));
    history.end(at(180));
    history
}

#[track_caller]
fn parse(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|err| panic!("{err}: {svg}"))
}

fn texts(document: &Document) -> Vec<String> {
    let text = |it: Node| it.has_tag_name(("http://www.w3.org/2000/svg", "text"));
    let says =
        |it: Node| it.descendants().filter_map(|it| it.is_text().then(|| it.text())?).collect();
    document.descendants().filter(|it| text(*it)).map(says).collect()
}

#[test]
fn it_says_what_was_held_what_was_done_and_what_happened() {
    let began = Instant::now();
    let history = used(began, "SmolLM2");
    for width in [326, 900] {
        for theme in [Theme::Light, Theme::Dark] {
            let now = began + Duration::from_secs(200);
            let svg = draw(&history, now, View::new(width, theme, Some(5)));
            let document = parse(&svg);
            let texts = texts(&document);
            let has = |says: &str| texts.iter().any(|it| it == says);
            for says in ["Memory, MB", "200", "now", "−5 min", "at most 90"] {
                assert!(has(says), "{says} is not in {texts:?}");
            }
            for says in ["SmolLM2 loaded", "context 2,048", "grown to 4,096", "2 chats parked"] {
                assert!(has(says), "{says} is not in {texts:?}");
            }
            assert!(has("ended at rest"), "{texts:?}");
            assert!(has("■ weights   ■ context and the rest"), "{texts:?}");
            assert!(svg.contains("SmolLM2: ended at rest, 20 s ago"));
            assert!(svg.contains(Colours::of(theme).fill));
        }
    }
}

#[test]
fn it_speaks_german_too() {
    let began = Instant::now();
    let view = View::new(900, Theme::Light, Some(5)).in_language("de");
    let svg = draw(&used(began, "SmolLM2"), began + Duration::from_secs(200), view);
    let texts = texts(&parse(&svg));
    for says in ["Speicher, MB", "jetzt", "höchstens 90", "SmolLM2 geladen", "Kontext 2.048"] {
        assert!(texts.iter().any(|it| it == says), "{says} is not in {texts:?}");
    }
}

#[test]
fn no_name_of_a_model_can_break_it() {
    let began = Instant::now();
    let history = used(began, HOSTILE);
    let svg = draw(&history, began + Duration::from_secs(200), View::new(900, Theme::Light, None));
    let document = parse(&svg);
    let names = ["svg", "title", "path", "text", "tspan"];
    assert!(
        document
            .descendants()
            .filter(Node::is_element)
            .all(|it| names.contains(&it.tag_name().name()))
    );
    assert!(!svg.contains('\u{202e}'));
}

#[test]
fn nothing_is_drawn_outside() {
    let began = Instant::now();
    let history = used(began, "a model with a very long name indeed");
    for (width, seconds) in [(280, 200), (326, 400), (900, 80_000), (1_600, 300)] {
        let now = began + Duration::from_secs(seconds);
        let svg = draw(&history, now, View::new(width, Theme::Light, None));
        for node in parse(&svg).descendants() {
            let numbers = node.attribute("d").unwrap_or("").split(['M', 'L', ' ']);
            let numbers: Vec<f64> = numbers.filter_map(|it| it.parse().ok()).collect();
            for point in numbers.chunks(2) {
                let is_inside = (0.0..=f64::from(width)).contains(&point[0])
                    && (0.0..=HEIGHT).contains(&point[1]);
                assert!(is_inside, "{point:?} at {width}");
            }
        }
    }
}

#[test]
fn without_a_load_it_says_since_when() {
    let began = Instant::now();
    let history = History::new(began);
    let now = began + Duration::from_mins(12);
    let svg = draw(&history, now, View::new(326, Theme::Dark, Some(5)));
    let document = parse(&svg);
    assert_eq!(texts(&document), ["Nothing has been loaded", "since Wick started 12 min ago"]);
    let used = used(began, "a");
    let svg = draw(&used, began + Duration::from_mins(30), View::new(326, Theme::Dark, Some(5)));
    assert_eq!(texts(&parse(&svg)), ["Nothing was loaded", "in the last 5 min"]);
    let svg = draw(&used, began + Duration::from_mins(30), View::new(326, Theme::Dark, Some(60)));
    assert!(texts(&parse(&svg)).contains(&"Memory, MB".into()));
}

#[test]
fn a_busy_day_is_still_a_small_picture() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.begin(began);
    for second in 1..=86_400 {
        let now = began + Duration::from_secs(second);
        history.look(Memory { total: 180_000_000 + second * 7_919 % 9_999_999, weights: 1 }, now);
        if second % 20 == 0 {
            history.mark("a", What::Parked(1), now);
        }
    }
    let now = began + Duration::from_hours(24);
    let svg = draw(&history, now, View::new(576, Theme::Light, Some(1_440)));
    parse(&svg);
    assert!(svg.len() < 120_000, "{} bytes", svg.len());
}
