//! Times as people read them. Where a person is, is not known here: all are in UTC.

const DAY: i64 = 86_400_000;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `4 October 2026, 09:05 UTC`, of milliseconds since 1970.
pub(crate) fn written(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(DAY));
    let minutes = time.rem_euclid(DAY) / 60_000;
    format!("{day} {} {year}, {:02}:{:02} UTC", MONTHS[month], minutes / 60, minutes % 60)
}

/// `2026-10-04T09:05Z`, for programs.
pub(crate) fn machine(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(DAY));
    let minutes = time.rem_euclid(DAY) / 60_000;
    format!("{year:04}-{:02}-{day:02}T{:02}:{:02}Z", month + 1, minutes / 60, minutes % 60)
}

/// Year, month (0 to 11) and day of so many days since 1970. Years are counted from March, so that
/// the day that some of them have more is their last.
fn civil(days: i64) -> (i64, usize, i64) {
    const ERA: i64 = 146_097;
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (ERA - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12;
    let year = days.div_euclid(ERA) * 400 + year_of_era + i64::from(month < 2);
    (year, month as usize, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_people_and_for_programs() {
        assert_eq!(written(0), "1 January 1970, 00:00 UTC");
        assert_eq!(written(951_826_320_000), "29 February 2000, 12:12 UTC");
        assert_eq!(written(1_791_104_700_000), "4 October 2026, 09:05 UTC");
        assert_eq!(machine(1_791_104_700_000), "2026-10-04T09:05Z");
        assert_eq!(written(-1), "31 December 1969, 23:59 UTC");
    }

    #[test]
    fn any_number_is_some_time() {
        written(i64::MIN);
        written(i64::MAX);
    }
}
