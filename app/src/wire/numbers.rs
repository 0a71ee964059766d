//! Decimal numbers with up to six places, which is all that settings need.

const MILLION: f64 = 1_000_000.0;

/// Such as "0.8", "40" or "0.05".
pub(crate) fn decimal(number: f32) -> String {
    let millionths = (f64::from(number) * MILLION).round() as u64;
    let (whole, places) = (millionths / 1_000_000, millionths % 1_000_000);
    if places == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{places:06}");
    text.trim_end_matches('0').to_owned()
}

/// The number that was written, with a point or a comma.
pub(crate) fn from_decimal(text: &str) -> Option<f32> {
    let (whole, places) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if (whole.is_empty() && places.is_empty()) || 15 < whole.len() + places.len() {
        return None;
    }
    let mut number = 0.0;
    for digit in whole.chars().chain(places.chars()) {
        number = number * 10.0 + f64::from(digit.to_digit(10)?);
    }
    Some((number / 10_f64.powi(places.len() as i32)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short_and_come_back_the_same() {
        for (number, text) in [
            (0.0, "0"),
            (0.8, "0.8"),
            (0.95, "0.95"),
            (0.05, "0.05"),
            (40.0, "40"),
            (1.125, "1.125"),
        ] {
            assert_eq!(decimal(number), text);
            assert_eq!(from_decimal(text), Some(number));
        }
        assert_eq!(from_decimal("0,1"), Some(0.1));
        assert_eq!(from_decimal(".5"), Some(0.5));
    }

    #[test]
    fn what_is_no_decimal_is_no_number() {
        for text in ["", ".", "-1", "1e3", "1.2.3", "NaN", "1234567890123456"] {
            assert_eq!(from_decimal(text), None, "{text}");
        }
    }
}
