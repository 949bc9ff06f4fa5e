//! How values are shown, alike in every file: decimals with the mark of the rule set, moments and counts in Indonesian.

use crate::announcement::Zone;
use crate::strings;
use std::borrow::Cow;

/// Shown where there is no value: no rank, no marks.
pub(crate) const NOTHING: &str = "–";

/// Hexadecimal digits of a hash in a footer: enough to tell revisions apart; the whole hash stands where it is explained.
const SHORT_HASH_DIGITS: usize = 12;

/// A decimal of the document with the mark of the rule set; its digits stay as they are.
pub(crate) fn decimal(text: &str, mark: char) -> Cow<'_, str> {
    if mark == '.' { Cow::Borrowed(text) } else { Cow::Owned(text.replace('.', mark.encode_utf8(&mut [0; 4]))) }
}

/// A decimal, or the sign for nothing.
pub(crate) fn decimal_or_nothing(text: Option<&str>, mark: char) -> Cow<'_, str> {
    text.map_or(Cow::Borrowed(NOTHING), |text| decimal(text, mark))
}

/// A text, or the sign for nothing: an empty cell would be read as a mistake.
pub(crate) fn text_or_nothing(text: Option<&str>) -> Cow<'_, str> {
    let plain = plain(text.unwrap_or_default());
    if plain.trim().is_empty() { Cow::Borrowed(NOTHING) } else { plain }
}

/// A rank, or the sign for nothing.
pub(crate) fn rank(rank: Option<u32>) -> Cow<'static, str> {
    rank.map_or(Cow::Borrowed(NOTHING), |rank| Cow::Owned(rank.to_string()))
}

/// A count with a point between thousands: `12.531`.
pub(crate) fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push('.');
        }
        shown.push(digit);
    }
    shown
}

/// A moment as Indonesians write it: `21 November 2026 pukul 14.05 WIB`.
pub(crate) fn moment(utc_ms: i64, zone: Zone) -> String {
    let local = Local::at(utc_ms, zone);
    let month = strings::MONTHS[usize::from(local.month) - 1];
    format!("{} {month} {} {} {:02}.{:02} {}", local.day, local.year, strings::AT_HOUR, local.hour, local.minute, strings::zone(zone))
}

/// The day of a moment: `21 November 2026`.
pub(crate) fn date(utc_ms: i64, zone: Zone) -> String {
    let local = Local::at(utc_ms, zone);
    format!("{} {} {}", local.day, strings::MONTHS[usize::from(local.month) - 1], local.year)
}

/// The beginning of a hash.
pub(crate) fn short_hash(hash: &str) -> &str {
    hash.get(..SHORT_HASH_DIGITS).unwrap_or(hash)
}

/// A text on one line without characters that draw nothing, break lines or turn the reading direction around: in a public list the
/// latter can make one row read as another. CSV and JSON keep the text as it is.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(unprintable) {
        Cow::Owned(text.chars().map(|char| if unprintable(char) { ' ' } else { char }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffc}' | '\u{e0000}'..='\u{e0fff}'
            // Private use: nobody can say what these mean, and PDF/A refuses them.
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
        // The last two code points of every plane are no characters.
        || (char as u32) & 0xfffe == 0xfffe
}

/// A moment on the clock of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
}

impl Local {
    /// What the clock of the zone shows.
    pub(crate) fn at(utc_ms: i64, zone: Zone) -> Self {
        let seconds = utc_ms.div_euclid(1000) + i64::from(offset_hours(zone)) * 3600;
        let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        Local {
            year: year.clamp(0, 9999) as u16,
            month: month as u8,
            day: day as u8,
            hour: (of_day / 3600) as u8,
            minute: (of_day / 60 % 60) as u8,
            second: (of_day % 60) as u8,
        }
    }
}

/// Hours ahead of UTC.
pub(crate) fn offset_hours(zone: Zone) -> i8 {
    match zone {
        Zone::Wib => 7,
        Zone::Wita => 8,
        Zone::Wit => 9,
    }
}

/// Year, month and day of a day counted from 1 January 1970. Howard Hinnant's `civil_from_days`: years begin in March, so that the leap
/// day is the last of its year and months follow one formula.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        for (text, mark, expected) in [("85", ',', "85"), ("71.600", ',', "71,600"), ("-0.5", ',', "-0,5"), ("71.600", '.', "71.600")] {
            assert_eq!(decimal(text, mark), expected, "{text}");
        }
        assert_eq!(decimal_or_nothing(None, ','), NOTHING);
        assert_eq!(text_or_nothing(Some(" \u{200b}")), NOTHING);
        assert_eq!(rank(Some(1204)), "1204");
    }

    #[test]
    fn moments_are_indonesian() {
        let cases = [
            (1_795_244_700_000, Zone::Wib, "21 November 2026 pukul 14.05 WIB"),
            (1_795_244_700_999, Zone::Wita, "21 November 2026 pukul 15.05 WITA"),
            (1_795_244_759_999, Zone::Wit, "21 November 2026 pukul 16.05 WIT"),
            (1_798_736_399_000, Zone::Wib, "31 Desember 2026 pukul 23.59 WIB"),
            (1_798_736_400_000, Zone::Wib, "1 Januari 2027 pukul 00.00 WIB"),
            (1_709_164_800_000, Zone::Wib, "29 Februari 2024 pukul 07.00 WIB"),
            (951_868_800_000, Zone::Wib, "1 Maret 2000 pukul 07.00 WIB"),
            (0, Zone::Wib, "1 Januari 1970 pukul 07.00 WIB"),
            (-86_400_000, Zone::Wib, "31 Desember 1969 pukul 07.00 WIB"),
        ];
        for (utc_ms, zone, shown) in cases {
            assert_eq!(moment(utc_ms, zone), shown, "{utc_ms}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut before = civil(0);
        for day in 1..146_097 {
            let today = civil(day);
            let next_day = today == (before.0, before.1, before.2 + 1);
            let next_month = today == (before.0, before.1 + 1, 1) && before.2 >= 28;
            let next_year = today == (before.0 + 1, 1, 1) && before.1 == 12 && before.2 == 31;
            assert!(next_day || next_month || next_year, "{before:?} then {today:?}");
            before = today;
        }
        assert_eq!(civil(146_097), (2370, 1, 1));
    }

    #[test]
    fn counts_have_points() {
        for (number, shown) in [(0, "0"), (999, "999"), (1000, "1.000"), (12_531, "12.531"), (1_234_567, "1.234.567")] {
            assert_eq!(count(number), shown);
        }
    }

    #[test]
    fn plain_text_keeps_one_line_and_one_direction() {
        let cases = [
            ("Siti Nurhaliza", "Siti Nurhaliza"),
            ("a\tb\r\nc", "a b  c"),
            ("nul\0", "nul "),
            ("\u{202e}tac\u{202c}", " tac "),
            ("Ayu\u{e123}", "Ayu "),
            ("Zoë D’Ângelo", "Zoë D’Ângelo"),
        ];
        for (text, shown) in cases {
            assert_eq!(plain(text), shown, "{text:?}");
        }
    }
}
