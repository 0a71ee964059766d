// Figures, and the rows of a Markdown table that they stand in.

/** @param {string[]} cells */
export function print(...cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

/**
 * The value in the middle.
 * @param {number[]} values
 */
export function middle(values) {
  return below(values, 0.5);
}

/**
 * The same, rounded to a whole number.
 * @param {number[]} values
 */
export function median(values) {
  return percentile(values, 0.5);
}

/**
 * The value that so many of the values do not exceed, rounded to a whole number.
 * @param {number[]} values
 * @param {number} share 0 to 1.
 */
export function percentile(values, share) {
  return Math.round(below(values, share));
}

/**
 * The same, as it is.
 * @param {number[]} values
 * @param {number} share
 */
function below(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN;
}
