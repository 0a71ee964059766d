//! From nodes to pieces.

use std::borrow::Cow;

use super::node::{Block, Code, Item, List, Side, Span, Table};
use crate::ui::icon::Drawing;
use crate::ui::piece::{Attribute, Piece};
use crate::words;

/// Which way it reads is found out from its words.
const AUTO: Attribute = ("dir", Cow::Borrowed("auto"));

/// What shows a block.
pub(super) fn piece(block: &Block) -> Piece {
    match block {
        Block::Paragraph(spans) | Block::Plain(spans) => Piece::new("p", vec![AUTO], words(spans)),
        Block::Heading(heading) => {
            let name = match heading.level {
                3 => "h3",
                4 => "h4",
                5 => "h5",
                _ => "h6",
            };
            let class = format!("rank-{}", heading.rank).into();
            Piece::new(name, vec![AUTO, ("class", class)], words(&heading.spans))
        }
        Block::Code(it) => code(it),
        Block::Quote(blocks) => Piece::new("blockquote", vec![], pieces(blocks)),
        Block::List(it) => list(it),
        Block::Table(it) => table(it),
        Block::Rule => Piece::new("hr", vec![], vec![]),
    }
}

/// What shows blocks that stand in another one.
fn pieces(blocks: &[Block]) -> Vec<Piece> {
    let each = |block: &Block| match block {
        Block::Plain(spans) => words(spans),
        block => vec![piece(block)],
    };
    blocks.iter().flat_map(each).collect()
}

/// Code, which scrolls inside itself. `answers` brings its buttons to life.
fn code(code: &Code) -> Piece {
    let kind = ("type", "button".into());
    let wrap = vec![kind.clone(), ("class", "quiet wrap".into()), ("aria-pressed", "false".into())];
    let copy = vec![kind, ("class", "quiet copy".into())];
    let label = match &*code.language {
        "" => words::markdown::code().into(),
        language => words::markdown::code_in(language).into(),
    };
    let attributes = vec![
        ("dir", "ltr".into()),
        ("role", "group".into()),
        ("aria-label", label),
        ("tabindex", "0".into()),
        ("data-language", code.language.clone().into()),
    ];
    let head = vec![
        Piece::new("span", vec![], vec![Piece::text(&code.language)]),
        Piece::new("button", wrap, vec![Piece::text(words::markdown::wrap())]),
        Piece::new(
            "button",
            copy,
            vec![Drawing::COPY.piece(), Piece::text(words::markdown::copy_code())],
        ),
    ];
    let text = Piece::new("code", vec![], vec![Piece::text(&code.text)]);
    let pre = Piece::new("pre", attributes, vec![text]);
    let head = Piece::new("div", vec![("class", "code-head".into())], head);
    Piece::new("div", vec![("class", "code".into())], vec![head, pre])
}

fn list(list: &List) -> Piece {
    let items = list.items.iter().map(item).collect();
    match list.start {
        Some(start) => Piece::new("ol", vec![AUTO, ("start", start.to_string().into())], items),
        None => Piece::new("ul", vec![AUTO], items),
    }
}

fn item(item: &Item) -> Piece {
    let blocks = pieces(&item.blocks);
    let (mark, says) = match item.is_done {
        Some(false) => ("☐ ", words::markdown::to_do()),
        Some(true) => ("☑ ", words::markdown::done()),
        None => return Piece::new("li", vec![], blocks),
    };
    let mark = Piece::new("span", vec![("aria-hidden", "true".into())], vec![Piece::text(mark)]);
    let says =
        Piece::new("span", vec![("class", "visually-hidden".into())], vec![Piece::text(says)]);
    Piece::new("li", vec![("class", "task".into())], [vec![mark, says], blocks].concat())
}

/// Its columns are as wide as their heads say, so that none moves while rows are written.
fn table(table: &Table) -> Piece {
    let class = |column: usize| {
        let side = match table.sides.get(column).copied().unwrap_or_default() {
            Side::Start => "",
            Side::Centre => "centre",
            Side::End => "end",
        };
        ("class", side.into())
    };
    let head = table.head.iter().enumerate().map(|(column, spans)| {
        let attributes = vec![("scope", "col".into()), AUTO, class(column)];
        Piece::new("th", attributes, words(spans))
    });
    let head = Piece::new("tr", vec![], head.collect());
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().enumerate();
        let cells =
            cells.map(|(column, spans)| Piece::new("td", vec![AUTO, class(column)], words(spans)));
        Piece::new("tr", vec![], cells.collect())
    });
    let (head, rows) =
        (Piece::new("thead", vec![], vec![head]), Piece::new("tbody", vec![], rows.collect()));
    let attributes = vec![
        ("class", "table".into()),
        ("role", "group".into()),
        ("aria-label", words::markdown::table().into()),
        ("tabindex", "0".into()),
    ];
    let columns = widths(&table.head).into_iter();
    let columns = columns.map(|it| Piece::new("col", vec![("width", it.into())], vec![]));
    let columns = Piece::new("colgroup", vec![], columns.collect());
    Piece::new("div", attributes, vec![Piece::new("table", vec![], vec![columns, head, rows])])
}

/// How wide columns are: by the letters of their heads, none much narrower or wider than others.
fn widths(head: &[Vec<Span>]) -> Vec<String> {
    let weights: Vec<usize> = head.iter().map(|cell| n_letters(cell).clamp(8, 20)).collect();
    let all: usize = weights.iter().sum();
    weights.iter().map(|weight| format!("{}%", weight * 100 / all.max(1))).collect()
}

fn n_letters(spans: &[Span]) -> usize {
    let letters = |span: &Span| match span {
        Span::Text(text) => text.chars().count(),
        Span::Code(code) => code.chars().count(),
        Span::Strong(spans) | Span::Emphasis(spans) | Span::Struck(spans) => n_letters(spans),
        _ => 4,
    };
    spans.iter().map(letters).sum()
}

fn words(spans: &[Span]) -> Vec<Piece> {
    spans.iter().map(span).collect()
}

fn span(span: &Span) -> Piece {
    match span {
        Span::Text(text) => Piece::text(text),
        Span::Code(text) => Piece::new("code", vec![], vec![Piece::text(text)]),
        // What follows is brought to life by `answers`.
        Span::Formula(formula) => {
            let class = if formula.is_display { "formula display" } else { "formula" };
            let attributes = vec![("class", class.into()), ("dir", "ltr".into())];
            Piece::new("code", attributes, vec![Piece::text(&formula.source)])
        }
        Span::Mark(label) => {
            let attributes = vec![
                ("type", "button".into()),
                ("class", "mark".into()),
                ("aria-label", words::markdown::note(label).into()),
            ];
            Piece::new(
                "sup",
                vec![],
                vec![Piece::new("button", attributes, vec![Piece::text(label)])],
            )
        }
        Span::Note(label) => {
            let attributes = vec![("class", "note-mark".into()), ("tabindex", "-1".into())];
            Piece::new("sup", attributes, vec![Piece::text(label)])
        }
        Span::Strong(spans) => Piece::new("strong", vec![], words(spans)),
        Span::Emphasis(spans) => Piece::new("em", vec![], words(spans)),
        Span::Struck(spans) => Piece::new("del", vec![], words(spans)),
        Span::Link { address, spans } => {
            let attributes = vec![
                ("href", address.clone().into()),
                ("title", address.clone().into()),
                ("target", "_blank".into()),
                ("rel", "noopener noreferrer".into()),
            ];
            Piece::new("a", attributes, words(spans))
        }
        Span::Picture { host, says } => {
            let says = if says.is_empty() { words::markdown::no_description() } else { says };
            let text = match &**host {
                "" => words::markdown::picture_from_anywhere(says),
                host => words::markdown::picture(host, says),
            };
            Piece::new("span", vec![("class", "picture".into())], vec![Piece::Text(text)])
        }
        Span::Break => Piece::new("br", vec![], vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_heads_say() {
        let text = |words: &str| vec![Span::Text(words.into())];
        let check = |head: &[&str], all: &[&str]| {
            assert_eq!(widths(&head.iter().copied().map(text).collect::<Vec<_>>()), all);
        };
        check(&["Name", "Built", "Height"], &["33%", "33%", "33%"]);
        check(&["Sign", "What it warns of"], &["33%", "66%"]);
        check(&["#", &"long ".repeat(99)], &["28%", "71%"]);
        assert_eq!(n_letters(&[Span::Strong(text("abc")), Span::Code("d".into())]), 4);
    }
}
