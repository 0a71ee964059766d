//! The nodes that pulldown-cmark reads: what ours are held against. It would be a fifth of the
//! page, most of it for what no model writes.

use std::iter::Peekable;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag};

use crate::markdown::node::{Block, Code, Heading, Item, List, Side, Span, Table};

/// Deeper nesting is shown as if it were this deep: an answer of a thousand `>` is no reason to
/// run out of stack.
const DEEPEST: usize = 24;

/// The level of the heading above an answer: its author.
const LEVEL_ABOVE: u8 = 2;

/// Reads all there is; half a text, as it arrives, included.
pub(crate) fn read(text: &str) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(text, options).peekable();
    Reader { events, level: LEVEL_ABOVE }.blocks(0)
}

struct Reader<'a> {
    events: Peekable<Parser<'a>>,
    /// Of the last heading.
    level: u8,
}

impl<'a> Reader<'a> {
    /// Reads blocks up to the end of what contains them, and that end.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut n_flat = 0;
        while let Some(event) = self.events.peek() {
            match event {
                Event::End(_) => {
                    self.events.next();
                    match n_flat {
                        0 => break,
                        _ => n_flat -= 1,
                    }
                }
                Event::Rule => {
                    self.events.next();
                    blocks.push(Block::Rule);
                }
                Event::Start(tag) if !is_inline(tag) => {
                    let tag = tag.clone();
                    self.events.next();
                    match self.block(&tag, depth + 1) {
                        Some(block) => blocks.push(block),
                        None => n_flat += 1,
                    }
                }
                Event::TaskListMarker(_) => {
                    self.events.next();
                }
                _ => blocks.push(Block::Plain(self.spans(depth))),
            }
        }
        blocks
    }

    /// Reads one block whose beginning was read; nothing when what it contains has to be read
    /// as if it were not there.
    fn block(&mut self, tag: &Tag<'a>, depth: usize) -> Option<Block> {
        Some(match tag {
            Tag::Paragraph | Tag::HtmlBlock => Block::Paragraph(self.whole_spans(depth)),
            Tag::Heading { level, .. } => {
                let rank = *level as u8;
                self.level = (LEVEL_ABOVE + rank).min(self.level + 1).min(6);
                let level = self.level;
                Block::Heading(Heading { rank, level, spans: self.whole_spans(depth) })
            }
            Tag::CodeBlock(kind) => Block::Code(self.code(kind)),
            Tag::BlockQuote(_) if depth <= DEEPEST => Block::Quote(self.blocks(depth)),
            Tag::List(start) if depth <= DEEPEST => Block::List(self.list(*start, depth)),
            Tag::Table(sides) => Block::Table(self.table(sides, depth)),
            _ => return None,
        })
    }

    fn code(&mut self, kind: &CodeBlockKind) -> Code {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let mut text = self.plain();
        if text.ends_with('\n') {
            text.pop();
        }
        Code { language: language.to_owned(), text }
    }

    fn list(&mut self, start: Option<u64>, depth: usize) -> List {
        let mut items = Vec::new();
        while let Some(Event::Start(_)) = self.events.next() {
            let is_done = match self.events.peek() {
                Some(Event::TaskListMarker(is_done)) => Some(*is_done),
                _ => None,
            };
            items.push(Item { is_done, blocks: self.blocks(depth) });
        }
        List { start, items }
    }

    fn table(&mut self, sides: &[Alignment], depth: usize) -> Table {
        let side = |it: &Alignment| match it {
            Alignment::None | Alignment::Left => Side::Start,
            Alignment::Center => Side::Centre,
            Alignment::Right => Side::End,
        };
        let mut rows = Vec::new();
        while let Some(Event::Start(_)) = self.events.next() {
            let mut cells = Vec::new();
            while let Some(Event::Start(_)) = self.events.next() {
                cells.push(self.whole_spans(depth));
            }
            rows.push(cells);
        }
        let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        Table { sides: sides.iter().map(side).collect(), head, rows }
    }

    /// Reads spans and the end of what contains them.
    fn whole_spans(&mut self, depth: usize) -> Vec<Span> {
        let spans = self.spans(depth);
        self.events.next();
        spans
    }

    /// Reads spans up to whatever is none.
    fn spans(&mut self, depth: usize) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut n_flat = 0;
        while let Some(event) = self.events.peek() {
            match event {
                Event::End(_) if 0 < n_flat => {
                    self.events.next();
                    n_flat -= 1;
                }
                Event::Start(tag) if is_inline(tag) => {
                    let tag = tag.clone();
                    self.events.next();
                    match self.span(&tag, depth + 1) {
                        Some(span) => spans.push(span),
                        None => n_flat += 1,
                    }
                }
                Event::End(_) | Event::Start(_) | Event::Rule | Event::TaskListMarker(_) => break,
                _ => {
                    if let Some(event) = self.events.next() {
                        push(&mut spans, event);
                    }
                }
            }
        }
        spans
    }

    fn span(&mut self, tag: &Tag<'a>, depth: usize) -> Option<Span> {
        Some(match tag {
            Tag::Image { dest_url, .. } => {
                Span::Picture { host: host(dest_url).to_owned(), says: self.plain() }
            }
            _ if DEEPEST < depth => return None,
            Tag::Emphasis => Span::Emphasis(self.whole_spans(depth)),
            Tag::Strong => Span::Strong(self.whole_spans(depth)),
            Tag::Strikethrough => Span::Struck(self.whole_spans(depth)),
            Tag::Link { dest_url, .. } if is_harmless(dest_url) => {
                Span::Link { address: dest_url.to_string(), spans: self.whole_spans(depth) }
            }
            _ => return None,
        })
    }

    /// Reads only words, to the end of what was begun.
    fn plain(&mut self) -> String {
        let mut text = String::new();
        let mut n_open = 1;
        while 0 < n_open {
            match self.events.next() {
                Some(Event::Start(_)) => n_open += 1,
                Some(Event::End(_)) => n_open -= 1,
                Some(Event::Text(words) | Event::Code(words)) => text.push_str(&words),
                Some(Event::SoftBreak | Event::HardBreak) => text.push(' '),
                Some(_) => (),
                None => break,
            }
        }
        text
    }
}

fn is_inline(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// Adds words to those before them. HTML is words too. A line that the model broke stays
/// broken: it writes verse and addresses that way.
fn push(spans: &mut Vec<Span>, event: Event) {
    match (event, spans.last_mut()) {
        (Event::Text(words) | Event::Html(words) | Event::InlineHtml(words), last) => match last {
            Some(Span::Text(before)) => before.push_str(&words),
            _ => spans.push(Span::Text(words.into_string())),
        },
        (Event::Code(words), _) => spans.push(Span::Code(words.into_string())),
        (Event::SoftBreak | Event::HardBreak, _) => spans.push(Span::Break),
        _ => (),
    }
}

/// Whether a link may lead there. What is not known to be harmless is not.
fn is_harmless(address: &str) -> bool {
    let begins = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    };
    ["http://", "https://", "mailto:"].into_iter().any(begins)
}

/// The host in an address, as a browser would find it.
fn host(address: &str) -> &str {
    let Some((_, rest)) = address.split_once("//") else { return "" };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}
