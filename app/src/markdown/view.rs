//! From nodes to elements.
//!
//! An answer grows at its end: what is on the screen stays, and each block has a memo of its own, so
//! that only the one that differs wakes.

use std::sync::Arc;

use leptos::prelude::*;

use super::code::CodeBlock;
use super::growing::Growing;
use super::node::{Block, Heading, Item, Side, Span, Table};
use crate::ui::erased::{changing, each, memo};

/// An answer's text.
#[component]
pub(crate) fn Markdown(text: Memo<String>) -> impl IntoView {
    let growing = StoredValue::new(Growing::new());
    let blocks = memo(move || {
        let read = |growing: &mut Growing| text.with(|text| growing.read(text));
        growing.try_update_value(read).unwrap_or_default()
    });
    view! { <div class="markdown">{view_blocks(blocks, Some(growing))}</div> }
}

/// Of a text that grows only the last blocks are looked at again with every word.
fn view_blocks(blocks: Memo<Vec<Arc<Block>>>, growing: Option<StoredValue<Growing>>) -> AnyView {
    let known = move |what: fn(&Growing) -> i64| {
        growing.and_then(|it| it.try_with_value(what)).unwrap_or(0)
    };
    each(
        move || {
            blocks.with(|blocks| {
                let n_texts = known(Growing::n_texts);
                let key =
                    |(idx, block): (usize, &Arc<Block>)| (idx as i64, block.kind() + 100 * n_texts);
                blocks.iter().enumerate().map(key).collect()
            })
        },
        move |(idx, _)| {
            let block = move || {
                let block = blocks.with_untracked(|blocks| blocks.get(idx as usize).cloned());
                if known(Growing::n_certain) <= idx {
                    blocks.track();
                }
                block.unwrap_or_else(|| Arc::new(Block::Rule))
            };
            view_block(memo(block))
        },
    )
}

/// What a block is decides its element, for good; what it says may change.
fn view_block(block: Memo<Arc<Block>>) -> AnyView {
    match &*block.get_untracked() {
        Block::Paragraph(_) => view! { <p dir="auto">{view_words(block)}</p> }.into_any(),
        Block::Plain(_) => view_words(block),
        Block::Heading(heading) => view_heading(heading, block),
        Block::Code(_) => view! { <CodeBlock block=block/> }.into_any(),
        Block::Quote(_) => {
            let quoted = memo(move || match &*block.get() {
                Block::Quote(blocks) => shared(blocks),
                _ => Vec::new(),
            });
            view! { <blockquote>{view_blocks(quoted, None)}</blockquote> }.into_any()
        }
        Block::List(list) => match list.start {
            // The number is text and may grow a digit while it arrives.
            Some(_) => {
                let start = memo(move || match &*block.get() {
                    Block::List(list) => list.start.unwrap_or(1).to_string(),
                    _ => String::new(),
                });
                view! { <ol dir="auto" start=start>{view_items(block)}</ol> }.into_any()
            }
            None => view! { <ul dir="auto">{view_items(block)}</ul> }.into_any(),
        },
        Block::Table(_) => changing(move || match &*block.get() {
            Block::Table(table) => view_table(table),
            _ => ().into_any(),
        }),
        Block::Rule => view! { <hr/> }.into_any(),
    }
}

/// Blocks that stand in another one.
fn shared(blocks: &[Block]) -> Vec<Arc<Block>> {
    blocks.iter().cloned().map(Arc::new).collect()
}

fn view_heading(heading: &Heading, block: Memo<Arc<Block>>) -> AnyView {
    let class = format!("rank-{}", heading.rank);
    let words = view_words(block);
    match heading.level {
        3 => view! { <h3 dir="auto" class=class>{words}</h3> }.into_any(),
        4 => view! { <h4 dir="auto" class=class>{words}</h4> }.into_any(),
        5 => view! { <h5 dir="auto" class=class>{words}</h5> }.into_any(),
        _ => view! { <h6 dir="auto" class=class>{words}</h6> }.into_any(),
    }
}

fn view_words(block: Memo<Arc<Block>>) -> AnyView {
    changing(move || {
        block.with(|block| match &**block {
            Block::Paragraph(spans)
            | Block::Plain(spans)
            | Block::Heading(Heading { spans, .. }) => view_spans(spans),
            _ => ().into_any(),
        })
    })
}

fn view_items(list: Memo<Arc<Block>>) -> AnyView {
    let item = move |idx: i64| {
        list.with(|list| match &**list {
            Block::List(list) => list.items.get(idx as usize).cloned().unwrap_or_default(),
            _ => Item::default(),
        })
    };
    let n_items = move || {
        list.with(|list| match &**list {
            Block::List(list) => list.items.len() as i64,
            _ => 0,
        })
    };
    each(
        // A task's tick is part of what it is.
        move || (0..n_items()).map(|idx| (idx, item(idx).is_done.map_or(-1, i64::from))).collect(),
        move |(idx, tick)| {
            let blocks = view_blocks(memo(move || shared(&item(idx).blocks)), None);
            let (mark, says) = match tick {
                0 => ("☐ ", "To do: "),
                1 => ("☑ ", "Done: "),
                _ => return view! { <li>{blocks}</li> }.into_any(),
            };
            view! {
                <li class="task">
                    <span aria-hidden="true">{mark}</span>
                    <span class="visually-hidden">{says}</span>
                    {blocks}
                </li>
            }
            .into_any()
        },
    )
}

fn view_table(table: &Table) -> AnyView {
    let class = |column: usize| match table.sides.get(column).copied().unwrap_or_default() {
        Side::Start => "",
        Side::Centre => "centre",
        Side::End => "end",
    };
    let head = table.head.iter().enumerate().map(|(column, spans)| {
        view! { <th scope="col" dir="auto" class=class(column)>{view_spans(spans)}</th> }.into_any()
    });
    let head: Vec<_> = head.collect();
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(column, spans)| {
            view! { <td dir="auto" class=class(column)>{view_spans(spans)}</td> }.into_any()
        });
        view! { <tr>{cells.collect::<Vec<_>>()}</tr> }.into_any()
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <div class="table" role="group" aria-label="Table" tabindex="0">
            <table>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn view_spans(spans: &[Span]) -> AnyView {
    spans.iter().map(view_span).collect::<Vec<_>>().into_any()
}

fn view_span(span: &Span) -> AnyView {
    match span {
        Span::Text(text) => text.clone().into_any(),
        Span::Code(text) => view! { <code>{text.clone()}</code> }.into_any(),
        // What follows is brought to life by `answers`.
        Span::Formula(formula) => {
            let class = if formula.is_display { "formula display" } else { "formula" };
            view! { <code class=class dir="ltr">{formula.source.clone()}</code> }.into_any()
        }
        Span::Mark(label) => {
            let says = format!("Note {label}");
            view! { <sup><button type="button" class="mark" aria-label=says>{label.clone()}</button></sup> }
                .into_any()
        }
        Span::Note(label) => {
            view! { <sup class="note-mark" tabindex="-1">{label.clone()}</sup> }.into_any()
        }
        Span::Strong(spans) => view! { <strong>{view_spans(spans)}</strong> }.into_any(),
        Span::Emphasis(spans) => view! { <em>{view_spans(spans)}</em> }.into_any(),
        Span::Struck(spans) => view! { <del>{view_spans(spans)}</del> }.into_any(),
        Span::Link { address, spans } => {
            let (href, title) = (address.clone(), address.clone());
            view! {
                <a href=href title=title target="_blank" rel="noopener noreferrer">
                    {view_spans(spans)}
                </a>
            }
            .into_any()
        }
        Span::Picture { host, says } => {
            let says = if says.is_empty() { "no description" } else { says };
            let from = if host.is_empty() { "an unknown place" } else { host };
            let text = format!("Picture from {from}, not loaded: {says}");
            view! { <span class="picture">{text}</span> }.into_any()
        }
        Span::Break => view! { <br/> }.into_any(),
    }
}
