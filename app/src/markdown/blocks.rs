//! From lines to blocks.
//!
//! `CommonMark` as models write it, with tables, tasks and bare links. Left out is what nobody
//! sends in a chat and what would make the page a fifth larger: link definitions, HTML (which
//! is words here) and the two thousand named characters.

use super::lines::{
    Fence, Marker, heading, indent, is_blank, is_rule, quoted, starts_block, strip,
};
use super::math;
use super::node::{Block, Code, Heading, Item, List, Span};
use super::notes;
use super::spans::spans;
use super::table;

/// Deeper nesting is read as words: an answer of a thousand `>` is no reason to run out of
/// stack.
pub(super) const DEEPEST: usize = 24;

/// The level of the heading above an answer: its author.
pub(super) const LEVEL_ABOVE: u8 = 2;

/// Reads all there is.
#[cfg(test)]
pub(crate) fn read(text: &str) -> Vec<Block> {
    let lines: Vec<_> = text.lines().collect();
    Reader { level: LEVEL_ABOVE }.blocks(&lines, 0)
}

/// Reads blocks one after the other.
pub(super) struct Reader {
    /// Of the last heading.
    pub(super) level: u8,
}

impl Reader {
    fn blocks(&mut self, lines: &[&str], depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut rest = lines;
        while let Some((block, n_blank, n_lines)) = self.next(rest, depth) {
            blocks.push(block);
            rest = &rest[n_blank + n_lines..];
        }
        blocks
    }

    /// The first block that stands in no other one, how many empty lines there are before it, and how
    /// many lines it has.
    pub(super) fn first(&mut self, lines: &[&str]) -> Option<(Block, usize, usize)> {
        self.next(lines, 0)
    }

    fn next(&mut self, lines: &[&str], depth: usize) -> Option<(Block, usize, usize)> {
        let n_blank = lines.iter().take_while(|line| is_blank(line)).count();
        let lines = lines.get(n_blank..).filter(|lines| !lines.is_empty())?;
        let (block, n_lines) = self.block(lines, depth);
        Some((block, n_blank, n_lines))
    }

    /// Reads the block that begins with the first line, and tells how many lines it has.
    fn block(&mut self, lines: &[&str], depth: usize) -> (Block, usize) {
        let line = lines[0];
        if 4 <= indent(line) {
            return indented_code(lines);
        }
        if let Some(fence) = Fence::begins(line) {
            return fenced_code(&fence, lines);
        }
        if let Some((rank, words)) = heading(line) {
            return (self.heading(rank, words), 1);
        }
        if let Some(read) = math::read(lines).or_else(|| notes::read(lines)) {
            return read;
        }
        if is_rule(line) {
            return (Block::Rule, 1);
        }
        if depth < DEEPEST {
            if quoted(line).is_some() {
                return self.quote(lines, depth);
            }
            if let Some(marker) = Marker::begins(line) {
                return self.list(lines, &marker, depth);
            }
        }
        table::read(lines).unwrap_or_else(|| self.paragraph(lines))
    }

    fn heading(&mut self, rank: u8, words: &str) -> Block {
        self.level = (LEVEL_ABOVE + rank).min(self.level + 1).min(6);
        Block::Heading(Heading { rank, level: self.level, spans: spans(words) })
    }

    fn quote(&mut self, lines: &[&str], depth: usize) -> (Block, usize) {
        let mut inner: Vec<&str> = Vec::new();
        for line in lines {
            let goes_on = inner.last().is_some_and(|last| !is_blank(last));
            match quoted(line) {
                Some(line) => inner.push(line),
                None if goes_on && !is_blank(line) && !starts_block(line) => inner.push(line),
                None => break,
            }
        }
        (Block::Quote(self.blocks(&inner, depth + 1)), inner.len())
    }

    fn list(&mut self, lines: &[&str], first: &Marker, depth: usize) -> (Block, usize) {
        let mut items = Vec::new();
        let (mut n_lines, mut is_loose) = (0, false);
        loop {
            let n_blank = lines[n_lines..].iter().take_while(|line| is_blank(line)).count();
            let Some(line) = lines.get(n_lines + n_blank) else { break };
            let marker = Marker::begins(line).filter(|it| it.kind == first.kind && !is_rule(line));
            let Some(marker) = marker else { break };
            is_loose |= 0 < n_blank;
            n_lines += n_blank;
            let item = ItemLines::read(&lines[n_lines..], &marker);
            n_lines += item.n_lines;
            is_loose |= item.is_loose;
            items.push(self.item(&item.inner, depth));
        }
        if !is_loose {
            items.iter_mut().for_each(tighten);
        }
        (Block::List(List { start: first.start, items }), n_lines)
    }

    fn item(&mut self, lines: &[&str], depth: usize) -> Item {
        let task = |mark: &str| lines[0].strip_prefix(mark).filter(|words| !words.is_empty());
        let is_done = match (task("[ ] "), task("[x] ").or(task("[X] "))) {
            (Some(words), _) => Some((false, words)),
            (_, Some(words)) => Some((true, words)),
            _ => None,
        };
        let mut lines = lines.to_vec();
        if let Some((_, words)) = is_done {
            lines[0] = words;
        }
        let blocks = self.blocks(&lines, depth + 1);
        Item { is_done: is_done.map(|(is_done, _)| is_done), blocks }
    }

    /// Reads lines up to one that begins something else.
    fn paragraph(&mut self, lines: &[&str]) -> (Block, usize) {
        let mut text = lines[0].trim().to_owned();
        for (idx, line) in lines.iter().enumerate().skip(1) {
            let underline = line.trim();
            let is_all = |mark: char| underline.chars().all(|it| it == mark);
            if is_blank(line) {
                return (Block::Paragraph(spans(&text)), idx);
            }
            if is_all('=') || (is_all('-') && 2 <= underline.len()) {
                return (self.heading(if is_all('=') { 1 } else { 2 }, &text), idx + 1);
            }
            if starts_block(line) || table::read(&lines[idx..]).is_some() {
                return (Block::Paragraph(spans(&text)), idx);
            }
            text.push('\n');
            text.push_str(underline);
        }
        (Block::Paragraph(spans(&text)), lines.len())
    }
}

/// What belongs to one item of a list.
struct ItemLines<'a> {
    /// Without marker and indentation.
    inner: Vec<&'a str>,
    n_lines: usize,
    /// Whether an empty line stands between two blocks of the item.
    is_loose: bool,
}

impl<'a> ItemLines<'a> {
    fn read(lines: &[&'a str], marker: &Marker<'a>) -> Self {
        let mut item = Self { inner: vec![marker.content], n_lines: 1, is_loose: false };
        let mut fence = Fence::begins(marker.content);
        let mut n_blank = 0;
        for line in &lines[1..] {
            if is_blank(line) {
                n_blank += 1;
                continue;
            }
            let is_inside = marker.indent + 2 <= indent(line);
            let goes_on =
                n_blank == 0 && fence.is_none() && !is_blank(item.inner[item.inner.len() - 1]);
            if !is_inside && (!goes_on || starts_block(line) || Marker::begins(line).is_some()) {
                break;
            }
            let line = strip(line, marker.width);
            item.is_loose |= 0 < n_blank && fence.is_none() && indent(line) < 2;
            item.inner.resize(item.inner.len() + n_blank, "");
            item.inner.push(line);
            item.n_lines += n_blank + 1;
            n_blank = 0;
            fence = match fence {
                Some(fence) if fence.ends(line) => None,
                Some(fence) => Some(fence),
                None => Fence::begins(line),
            };
        }
        item
    }
}

/// Without room between its items, a list has words where it would have paragraphs.
fn tighten(item: &mut Item) {
    for block in &mut item.blocks {
        if let Block::Paragraph(spans) = block {
            let spans: Vec<Span> = std::mem::take(spans);
            *block = Block::Plain(spans);
        }
    }
}

fn indented_code(lines: &[&str]) -> (Block, usize) {
    let is_inside = |line: &&&str| is_blank(line) || 4 <= indent(line);
    let mut n_lines = lines.iter().take_while(is_inside).count();
    while is_blank(lines[n_lines - 1]) {
        n_lines -= 1;
    }
    let code: Vec<_> = lines[..n_lines].iter().map(|line| strip(line, 4)).collect();
    (Block::Code(Code { language: String::new(), text: code.join("\n") }), n_lines)
}

fn fenced_code(fence: &Fence, lines: &[&str]) -> (Block, usize) {
    let is_inside = |line: &&&str| !fence.ends(line);
    let n_inside = lines[1..].iter().take_while(is_inside).count();
    let code: Vec<_> = lines[1..=n_inside].iter().map(|line| strip(line, fence.indent)).collect();
    let language = fence.info.split([' ', ',', '{']).next().unwrap_or_default().to_owned();
    (Block::Code(Code { language, text: code.join("\n") }), lines.len().min(n_inside + 2))
}
