//! Numbers as people read them, in their language.

use crate::words;

/// With a sign between each three digits: "1,204".
pub(crate) fn grouped(number: u64) -> String {
    wick_protocol::grouped(number).replace(',', words::number::thousands())
}

/// Whole megabytes, without the unit.
pub(crate) fn megabytes(bytes: u64) -> String {
    grouped((bytes + 500_000) / 1_000_000)
}

/// A size such as "98 MB" or "1.9 GB".
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 999_500_000 {
        return format!("{} MB", megabytes(bytes));
    }
    format!("{} GB", tenths(bytes as f64 / 1_000_000_000.0))
}

/// A time such as "0.30 s" or "12.3 s".
pub(crate) fn seconds(milliseconds: u32) -> String {
    if milliseconds < 9_995 {
        let hundredths = (milliseconds + 5) / 10;
        format!("{}{}{:02} s", hundredths / 100, words::number::point(), hundredths % 100)
    } else {
        format!("{} s", tenths(f64::from(milliseconds) / 1_000.0))
    }
}

/// A time that is short or does not matter much: "40 ms", "0.2 s" or "12.3 s".
pub(crate) fn roughly(milliseconds: u32) -> String {
    if milliseconds < 95 {
        return format!("{milliseconds} ms");
    }
    format!("{} s", tenths(f64::from(milliseconds) / 1_000.0))
}

/// With one place: "41.2".
pub(crate) fn tenths(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    format!("{}{}{}", grouped(tenths / 10), words::number::point(), tenths % 10)
}

/// With as many places as it needs: "0.95".
pub(crate) fn decimal(number: f32) -> String {
    crate::wire::decimal(number).replace('.', words::number::point())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_threes() {
        let texts = [0, 7, 999, 1_000, 1_204, 98_362_432].map(grouped);
        assert_eq!(texts, ["0", "7", "999", "1,000", "1,204", "98,362,432"]);
    }

    #[test]
    fn sizes_change_their_unit_at_a_gigabyte() {
        let texts = [0, 499_999, 98_362_432, 999_499_999, 999_500_000, 1_880_000_000].map(size);
        assert_eq!(texts, ["0 MB", "0 MB", "98 MB", "999 MB", "1.0 GB", "1.9 GB"]);
    }

    #[test]
    fn short_times_have_hundredths() {
        let texts = [0, 300, 1_234, 9_994, 9_995, 12_345].map(seconds);
        assert_eq!(texts, ["0.00 s", "0.30 s", "1.23 s", "9.99 s", "10.0 s", "12.3 s"]);
    }

    #[test]
    fn what_does_not_matter_much_is_rough() {
        assert_eq!(
            [0, 94, 95, 249, 12_345].map(roughly),
            ["0 ms", "94 ms", "0.1 s", "0.2 s", "12.3 s"]
        );
    }

    #[test]
    fn one_is_not_many() {
        let tokens = words::common::tokens;
        assert_eq!([1, 1_204, 0].map(tokens), ["1 token", "1,204 tokens", "0 tokens"]);
    }

    #[test]
    fn decimals_are_as_long_as_they_need() {
        assert_eq!([0.95, 1.0, 40.5].map(decimal), ["0.95", "1", "40.5"]);
    }
}
