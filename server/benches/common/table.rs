//! Rows of a Markdown table, and the figures in them.

/// Prints the head of a table.
pub fn head(of: &str) {
    row(of, "measured", "budget");
    row("---", "---:", "---:");
}

/// Prints a row.
pub fn row(what: &str, measured: &str, budget: &str) {
    println!("| {what} | {measured} | {budget} |");
}

/// The value in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    part(values, 0.5)
}

/// The value below which this part of them is.
pub fn part(values: impl IntoIterator<Item = f64>, part: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).ceil() as usize]
}

/// The ones by the others, in pairs that were measured one after the other; the one in the middle.
pub fn ratio(ones: &[f64], others: &[f64]) -> f64 {
    assert_eq!(ones.len(), others.len(), "they come in pairs");
    median(ones.iter().zip(others).map(|(one, other)| one / other))
}
