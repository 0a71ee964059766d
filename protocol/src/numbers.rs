//! Numbers in sentences for people.

/// With a comma after each three digits: "1,204".
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (idx, digit) in digits.chars().enumerate() {
        if 0 < idx && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_stand_together() {
        for (number, says) in [(0, "0"), (999, "999"), (2_048, "2,048"), (98_362_432, "98,362,432")]
        {
            assert_eq!(grouped(number), says);
        }
    }
}
