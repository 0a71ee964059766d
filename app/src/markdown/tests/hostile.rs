//! Answers that try to run something, cut wherever they can be while they arrive.

use serde_json::Value;
use wick_protocol::thought;

use crate::markdown::growing::Growing;
use crate::markdown::node::{Block, Span};

/// By families: shapes, and what is put where `{}` stands in them.
const FAMILIES: &str = include_str!("../../../../end2end/hostile/answers.json");

#[test]
fn hostile_answers_lead_nowhere_wherever_they_are_cut() {
    let answers = answers();
    assert!(300 <= answers.len(), "{} answers", answers.len());
    let (mut n_cuts, mut n_links) = (0, 0);
    for answer in &answers {
        let (mut said, mut thought) = (Growing::default(), Growing::default());
        for (end, _) in answer.char_indices().skip(1).chain([(answer.len(), ' ')]) {
            n_cuts += 1;
            let parts = thought::parts(&answer[..end]);
            let (said, thought) = (said.read(parts.said), thought.read(parts.thought));
            for block in said.blocks.iter().chain(&thought.blocks) {
                n_links += check_block(block, &answer[..end]);
            }
        }
    }
    // Or nothing was looked at.
    assert!(30_000 < n_cuts && 3_000 < n_links, "{n_cuts} cuts, {n_links} links");
}

fn answers() -> Vec<String> {
    let families: Value = serde_json::from_str(FAMILIES).expect("it is JSON");
    let families = families.as_object().expect("families have names");
    let list = |value: &Value| -> Vec<String> {
        let texts = value.as_array().into_iter().flatten();
        texts.map(|it| it.as_str().expect("it is text").to_owned()).collect()
    };
    let mut answers = Vec::new();
    for family in families.values() {
        let parts = family.get("parts").map(list);
        for shape in list(&family["shapes"]) {
            match &parts {
                Some(parts) => answers.extend(parts.iter().map(|part| shape.replace("{}", part))),
                None => answers.push(shape),
            }
        }
    }
    answers
}

/// Nodes can hold nothing that runs, but for links. Tells how many there are.
fn check_block(block: &Block, answer: &str) -> usize {
    match block {
        Block::Paragraph(spans) | Block::Plain(spans) => check_spans(spans, answer),
        Block::Heading(heading) => check_spans(&heading.spans, answer),
        Block::Quote(blocks) => blocks.iter().map(|it| check_block(it, answer)).sum(),
        Block::List(list) => {
            let blocks = list.items.iter().flat_map(|it| &it.blocks);
            blocks.map(|it| check_block(it, answer)).sum()
        }
        Block::Table(table) => {
            let cells = table.head.iter().chain(table.rows.iter().flatten());
            cells.map(|it| check_spans(it, answer)).sum()
        }
        Block::Code(_) | Block::Rule => 0,
    }
}

fn check_spans(spans: &[Span], answer: &str) -> usize {
    let check = |span: &Span| match span {
        Span::Strong(spans) | Span::Emphasis(spans) | Span::Struck(spans) => {
            check_spans(spans, answer)
        }
        Span::Link { address, spans } => {
            let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
            let is_known = ["http", "https", "mailto"].contains(&scheme.as_str());
            assert!(is_known, "{answer:?} leads to {address:?}");
            1 + check_spans(spans, answer)
        }
        Span::Text(_)
        | Span::Code(_)
        | Span::Formula(_)
        | Span::Mark(_)
        | Span::Note(_)
        | Span::Picture { .. }
        | Span::Break => 0,
    };
    spans.iter().map(check).sum()
}
