//! Tables.

use super::lines::{is_blank, starts_block};
use super::node::{Block, Side, Span, Table};
use super::spans::spans;

/// The table that the lines begin with, and how many lines it has.
pub(super) fn read(lines: &[&str]) -> Option<(Block, usize)> {
    let [head, rule, rows @ ..] = lines else { return None };
    let (head, sides) = (cells(head), sides(rule)?);
    if head.len() != sides.len() {
        return None;
    }
    let is_row = |line: &&&str| !is_blank(line) && !starts_block(line);
    let rows: Vec<_> = rows.iter().take_while(is_row).map(|line| row(line, sides.len())).collect();
    let n_lines = rows.len() + 2;
    let head = head.iter().map(|cell| spans(cell)).collect();
    Some((Block::Table(Table { sides, head, rows }), n_lines))
}

/// How each column is set, if the line is the one that says so.
fn sides(line: &str) -> Option<Vec<Side>> {
    if !line.contains('|') {
        return None;
    }
    let side = |cell: &String| {
        let dashes = cell.trim_start_matches(':').trim_end_matches(':');
        if dashes.is_empty() || !dashes.bytes().all(|it| it == b'-') {
            return None;
        }
        Some(match (cell.starts_with(':'), cell.ends_with(':')) {
            (true, true) => Side::Centre,
            (false, true) => Side::End,
            _ => Side::Start,
        })
    };
    cells(line).iter().map(side).collect()
}

/// A row of so many cells, whatever the line has.
fn row(line: &str, n_cells: usize) -> Vec<Vec<Span>> {
    let mut row: Vec<_> = cells(line).iter().take(n_cells).map(|cell| spans(cell)).collect();
    row.resize(n_cells, Vec::new());
    row
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for it in line.chars() {
        let Some(cell) = cells.last_mut() else { break };
        match it {
            '|' if is_escaped => {
                cell.pop();
                cell.push('|');
            }
            '|' => cells.push(String::new()),
            _ => cell.push(it),
        }
        is_escaped = it == '\\' && !is_escaped;
    }
    // The line's last bar ends a cell and begins none.
    if 1 < cells.len() && cells.last().is_some_and(|cell| is_blank(cell)) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}
