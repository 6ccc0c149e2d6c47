//! Moments as people and spreadsheets write them: `27/06/2021 14:05`, `27 Juni 2021 pukul 14.05 WITA`, `44374.5868`.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::region::Zone;
use crate::clock::Timestamp;

/// The part of a date in numbers that comes first, where the year is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `27/06/2021`, as Indonesians write it.
    DayFirst,
    /// `6/27/2021`, as a spreadsheet set to American English writes it.
    MonthFirst,
    /// Nothing tells: only dates of which one reading exists are read.
    Unsure,
}

/// A moment as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// With its distance from UTC, or the name of its zone.
    Moment(Timestamp),
    /// As the clock on the wall shows it.
    Local(NaiveDateTime),
}

impl Written {
    /// Whether a time of day stands there: a date alone is read as its midnight.
    pub fn has_time(&self) -> bool {
        matches!(self, Self::Moment(_))
            || matches!(self, Self::Local(local) if local.time() != NaiveTime::MIN)
    }

    /// The moment, if walls show the time of `zone`.
    pub fn within(self, zone: Zone) -> Option<Timestamp> {
        match self {
            Self::Moment(moment) => Some(moment),
            Self::Local(local) => at_offset(local, zone.offset()),
        }
    }
}

/// Words around a date that say nothing.
const FILLERS: &[&str] = &[
    "pukul",
    "pkl",
    "pkl.",
    "jam",
    "tanggal",
    "tgl",
    "tgl.",
    "per",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "jum'at",
    "sabtu",
    "minggu",
    "ahad",
    "at",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
];

/// How the months are called, from January on.
const MONTHS: [&[&str]; 12] = [
    &["januari", "january", "jan"],
    &["februari", "pebruari", "february", "feb", "peb"],
    &["maret", "march", "mar", "mrt"],
    &["april", "apr"],
    &["mei", "may"],
    &["juni", "june", "jun"],
    &["juli", "july", "jul"],
    &["agustus", "august", "agu", "agt", "ags", "aug"],
    &["september", "sept", "sep"],
    &["oktober", "october", "okt", "oct"],
    &["november", "nopember", "nov", "nop"],
    &["desember", "december", "des", "dec"],
];

/// Reads a moment; a date alone is its beginning, so that nothing looks fresher than it is.
pub fn read(text: &str, order: DateOrder) -> Option<Written> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(Written::Moment(moment.with_timezone(&Utc)));
    }
    if let Some(local) = serial(text) {
        return Some(Written::Local(local));
    }
    let lower = text.to_lowercase();
    let (rest, offset) = without_offset(&lower);
    let (date, time) = words(rest)?;
    let local = self::date(&date, order)?.and_time(time);
    match offset {
        None => Some(Written::Local(local)),
        Some(offset) => at_offset(local, offset).map(Written::Moment),
    }
}

/// The two numbers before the year of a date in numbers: a column of them may tell which of the two is the day.
pub fn day_and_month(text: &str) -> Option<(u32, u32)> {
    let lower = text.to_lowercase();
    let (date, _) = words(without_offset(lower.trim()).0)?;
    let [word] = date.as_slice() else { return None };
    let [first, second, year] = numbers(word)?;
    let is_year_last = first.len() <= 2 && matches!(year.len(), 2 | 4);
    is_year_last.then_some((first.parse().ok()?, second.parse().ok()?))
}

fn at_offset(local: NaiveDateTime, offset: FixedOffset) -> Option<Timestamp> {
    Some(local.and_local_timezone(offset).single()?.with_timezone(&Utc))
}

/// Days since 30 December 1899, as spreadsheets count: between the years 2000 and 2100.
fn serial(text: &str) -> Option<NaiveDateTime> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let days: f64 = if is_number { text.replace(',', ".").parse().ok()? } else { return None };
    if !(36_526.0..73_051.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is less than 73,051 days")]
    let seconds = TimeDelta::seconds((days * 86_400.0).round() as i64);
    NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN).checked_add_signed(seconds)
}

/// The text without the zone at its end, and the zone.
fn without_offset(text: &str) -> (&str, Option<FixedOffset>) {
    let named = [
        ("wita", Zone::Wita.offset()),
        ("wib", Zone::Wib.offset()),
        ("wit", Zone::Wit.offset()),
        ("utc", utc()),
        ("gmt", utc()),
        ("z", utc()),
    ];
    for (name, offset) in named {
        if let Some(rest) = text.strip_suffix(name)
            && rest.ends_with(|before: char| before.is_ascii_digit() || before.is_whitespace())
        {
            return (rest.trim_end(), Some(offset));
        }
    }
    // `+07:00`, `+0700` or `+07` behind a time of day.
    if let Some(at) = text.rfind(['+', '-']).filter(|at| text[..*at].contains(':')) {
        let digits = text[at + 1..].replace(':', "");
        let hours = digits.get(..2).and_then(|hours| hours.parse::<i32>().ok());
        let minutes = match digits.len() {
            2 => Some(0),
            4 => digits.get(2..).and_then(|minutes| minutes.parse::<i32>().ok()),
            _ => None,
        };
        if let (Some(hours), Some(minutes)) = (hours, minutes) {
            let seconds = (hours * 60 + minutes) * 60;
            let offset = FixedOffset::east_opt(if text[at..].starts_with('-') { -seconds } else { seconds });
            return (text[..at].trim_end(), offset);
        }
    }
    (text, None)
}

fn utc() -> FixedOffset {
    FixedOffset::east_opt(0).expect("less than a day")
}

/// The words of the date, and the time of day; midnight if there is none.
fn words(text: &str) -> Option<(Vec<&str>, NaiveTime)> {
    let mut words: Vec<&str> = text
        .split(|char: char| char.is_whitespace() || char == ',')
        .flat_map(|word| match word.split_once('t') {
            // ISO 8601 joins date and time by a T.
            Some((date, time)) if date.ends_with(|c: char| c.is_ascii_digit()) => vec![date, time],
            _ => vec![word],
        })
        .filter(|word| !word.is_empty() && *word != "-" && !FILLERS.contains(word))
        .collect();
    let half = match words.last() {
        Some(&("am" | "pm")) => words.pop(),
        _ => None,
    };
    let has_date_before = words.len() > 1;
    let is_time = |word: &&str| {
        let parts: Vec<&str> = word.split([':', '.']).collect();
        // 14.05 is a time of day only behind a date.
        (word.contains(':') || has_date_before && parts.len() == 2)
            && parts.iter().take(2).all(|part| (1..=2).contains(&part.len()))
    };
    let Some(written) = words.pop_if(|word| is_time(&*word)) else {
        return half.is_none().then_some((words, NaiveTime::MIN));
    };
    let mut parts = written.splitn(3, [':', '.']);
    let hour: u32 = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    // Parts of a second say nothing here.
    let second = parts.next().map_or(Some(0), |part| part.split('.').next()?.parse().ok())?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + if half == "pm" { 12 } else { 0 },
        Some(_) => return None,
    };
    Some((words, NaiveTime::from_hms_opt(hour, minute, second)?))
}

fn numbers(word: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let are_digits =
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if are_digits { parts.try_into().ok() } else { None }
}

fn date(words: &[&str], order: DateOrder) -> Option<NaiveDate> {
    let parts: Vec<&str> = match words {
        // 27-Jun-2021
        [word] => word.split(['-', '/', '.']).collect(),
        words => words.to_vec(),
    };
    let [first, second, third] = parts.try_into().ok()?;
    let number = |text: &str| text.parse::<u32>().ok();
    if let Some(month) = month(second) {
        return NaiveDate::from_ymd_opt(year(third)?, month, number(first)?);
    }
    if let Some(month) = month(first) {
        return NaiveDate::from_ymd_opt(year(third)?, month, number(second)?);
    }
    if words.len() != 1 {
        return None;
    }
    if first.len() == 4 {
        return NaiveDate::from_ymd_opt(year(first)?, number(second)?, number(third)?);
    }
    let (first, second, year) = (number(first)?, number(second)?, year(third)?);
    let day_first = || NaiveDate::from_ymd_opt(year, second, first);
    let month_first = || NaiveDate::from_ymd_opt(year, first, second);
    match order {
        DateOrder::DayFirst => day_first(),
        DateOrder::MonthFirst => month_first(),
        DateOrder::Unsure => match (day_first(), month_first()) {
            (Some(one), Some(other)) => (one == other).then_some(one),
            (one, other) => one.or(other),
        },
    }
}

/// The month that a word names, from 1 on.
pub fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let index = MONTHS.iter().position(|names| names.contains(&word))?;
    u32::try_from(index + 1).ok()
}

/// `2021`, or `21` for short.
fn year(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2021-06-27T14:05:00+07:00", "2021-06-27T07:05:00Z")]
    #[case("2021-06-27T07:05:00Z", "2021-06-27T07:05:00Z")]
    #[case::of_pandas("2021-06-27 07:05:00+00:00", "2021-06-27T07:05:00Z")]
    #[case::of_postgres("2021-06-27 14:05:00.123456+07", "2021-06-27T07:05:00Z")]
    #[case("2021-06-27 14:05:00", "2021-06-27T06:05:00Z")]
    #[case("2021-06-27T14:05", "2021-06-27T06:05:00Z")]
    #[case("2021/06/27 14:05", "2021-06-27T06:05:00Z")]
    #[case("27/06/2021 14:05", "2021-06-27T06:05:00Z")]
    #[case("27-06-2021 14.05", "2021-06-27T06:05:00Z")]
    #[case("27.06.2021, 14:05", "2021-06-27T06:05:00Z")]
    #[case("6/27/2021 2:05 PM", "2021-06-27T06:05:00Z")]
    #[case("27/6/21 14:05", "2021-06-27T06:05:00Z")]
    #[case("27 Juni 2021 14:05 WIB", "2021-06-27T07:05:00Z")]
    #[case("Minggu, 27 Juni 2021 pukul 14.05 WIT", "2021-06-27T05:05:00Z")]
    #[case("27-Jun-21 14:05:09", "2021-06-27T06:05:09Z")]
    #[case("June 27, 2021 14:05", "2021-06-27T06:05:00Z")]
    #[case("17 Agustus 2021", "2021-08-16T16:00:00Z")]
    #[case("27/06/2021", "2021-06-26T16:00:00Z")]
    #[case::days_of_a_spreadsheet("44374.586805556", "2021-06-27T06:05:00Z")]
    #[case::days_with_a_comma("44374,5", "2021-06-27T04:00:00Z")]
    fn moments_are_read_as_people_write_them(#[case] text: &str, #[case] expected: &str) {
        let read = read(text, DateOrder::Unsure).and_then(|written| written.within(Zone::Wita));
        assert_eq!(read, Some(expected.parse().unwrap()));
    }

    #[rstest]
    #[case("")]
    #[case("kemarin")]
    #[case("14:05")]
    #[case("14.05")]
    #[case("2021")]
    #[case("2021-07-0")]
    #[case("31/02/2021")]
    #[case("27/06/2021 25:05")]
    #[case("27/06/2021 13:05 PM")]
    #[case("1625122800")]
    #[case("27 06 2021")]
    #[case::two_readings("03/07/2021 14:05")]
    fn what_has_no_one_reading_is_not_read(#[case] text: &str) {
        assert_eq!(read(text, DateOrder::Unsure), None);
    }

    #[rstest]
    #[case(DateOrder::DayFirst, "2021-07-03T00:00:00")]
    #[case(DateOrder::MonthFirst, "2021-03-07T00:00:00")]
    fn the_order_decides_between_two_readings(#[case] order: DateOrder, #[case] expected: &str) {
        assert_eq!(read("03/07/2021", order), Some(Written::Local(expected.parse().unwrap())));
        assert_eq!(day_and_month("03/07/2021 14:05"), Some((3, 7)));
        assert_eq!(day_and_month("2021-07-03"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", written in "[0-9apmtz:/. +-]{0,30}") {
            for order in [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Unsure] {
                let _ = (read(&text, order), read(&written, order), day_and_month(&written));
            }
        }
    }
}
