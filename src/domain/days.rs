//! Days as people name them: "besok", "lusa", "saturday".

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A day that is named from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelativeDay {
    /// So many days from today.
    Ahead(u8),
    /// The next such day; today, if it is one.
    Next(Weekday),
    /// The next day of that number, in that month if one is named; today, if it is one.
    Dated {
        /// From 1 on.
        day: u8,
        /// From 1 on.
        month: Option<u8>,
    },
}

/// The words for days, as [`super::lexicon::words`] writes them.
const NAMES: &[(RelativeDay, &[&str])] = &[
    (RelativeDay::Ahead(0), &["hari ini", "sekarang", "today", "now", "skrg", "skrng"]),
    (RelativeDay::Ahead(1), &["besok", "bsk", "besuk", "esok", "tomorrow", "tmrw"]),
    (RelativeDay::Ahead(2), &["lusa", "day after tomorrow", "besok lusa"]),
    (RelativeDay::Next(Weekday::Mon), &["senin", "monday", "mon"]),
    (RelativeDay::Next(Weekday::Tue), &["selasa", "tuesday", "tue"]),
    (RelativeDay::Next(Weekday::Wed), &["rabu", "wednesday", "wed"]),
    (RelativeDay::Next(Weekday::Thu), &["kamis", "thursday", "thu"]),
    (RelativeDay::Next(Weekday::Fri), &["jumat", "jum at", "friday", "fri"]),
    (RelativeDay::Next(Weekday::Sat), &["sabtu", "saturday", "sat"]),
    (RelativeDay::Next(Weekday::Sun), &["minggu", "ahad", "sunday", "sun"]),
];

impl RelativeDay {
    /// The day that a phrase names.
    pub fn named(phrase: &str) -> Option<Self> {
        NAMES.iter().find(|(_, names)| names.contains(&phrase)).map(|(day, _)| *day)
    }

    /// The phrases that name days.
    pub fn phrases() -> impl Iterator<Item = &'static str> {
        NAMES.iter().flat_map(|(_, names)| names.iter().copied())
    }

    /// The day of that number in a month, or in any; None if no month has it.
    pub fn dated(day: u32, month: Option<u32>) -> Option<Self> {
        // A leap year has all days.
        NaiveDate::from_ymd_opt(2024, month.unwrap_or(1), day)?;
        let small = |number: u32| u8::try_from(number).ok();
        Some(Self::Dated { day: small(day)?, month: month.and_then(small) })
    }

    /// The date, if it is `today`.
    pub fn from(self, today: NaiveDate) -> NaiveDate {
        let days = match self {
            Self::Ahead(days) => u64::from(days),
            Self::Next(weekday) => u64::from(weekday.days_since(today.weekday())),
            Self::Dated { day, month } => {
                let is_meant = |date: &NaiveDate| {
                    date.day() == u32::from(day) && month.is_none_or(|month| date.month() == u32::from(month))
                };
                return today.iter_days().find(is_meant).unwrap_or(today);
            }
        };
        today + Days::new(days)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("hari ini", "2021-07-01")]
    #[case("besok", "2021-07-02")]
    #[case("tomorrow", "2021-07-02")]
    #[case("lusa", "2021-07-03")]
    #[case("sabtu", "2021-07-03")]
    #[case("saturday", "2021-07-03")]
    #[case("kamis", "2021-07-01")]
    #[case("rabu", "2021-07-07")]
    fn days_are_named_from_a_thursday(#[case] phrase: &str, #[case] date: &str) {
        let today = "2021-07-01".parse().unwrap();
        let named = RelativeDay::named(phrase).map(|day| day.from(today));
        assert_eq!(named, date.parse().ok());
    }

    #[rstest]
    #[case(5, None, Some("2021-07-05"))]
    #[case(1, None, Some("2021-07-01"))]
    #[case(30, Some(6), Some("2022-06-30"))]
    #[case(29, Some(2), Some("2024-02-29"))]
    #[case(31, Some(4), None)]
    #[case(0, None, None)]
    fn days_are_dated_from_a_thursday(
        #[case] day: u32,
        #[case] month: Option<u32>,
        #[case] date: Option<&str>,
    ) {
        let today = "2021-07-01".parse().unwrap();
        let dated = RelativeDay::dated(day, month).map(|day| day.from(today));
        assert_eq!(dated, date.map(|date| date.parse().unwrap()));
    }

    #[test]
    fn each_phrase_names_one_day_and_is_written_as_words_are_compared() {
        let phrases: Vec<_> = RelativeDay::phrases().collect();
        for phrase in &phrases {
            assert_eq!(phrases.iter().filter(|other| *other == phrase).count(), 1, "{phrase}");
            assert_eq!(super::super::lexicon::words(phrase).join(" "), **phrase);
        }
    }
}
