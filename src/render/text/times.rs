//! Ages and times of day in words.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::{
    clock::Timestamp,
    domain::{language::Language, region::Zone, session::LocalTime},
};

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

const MONTHS_EN: [&str; 12] = [
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

/// Says times as people in `zone` would say them at `now`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    language: Language,
    zone: Zone,
    now: Timestamp,
}

/// How long ago something was, in the largest unit that people would say.
enum Age {
    Minutes(i64),
    Hours(i64),
    Days(i64),
}

impl Times {
    pub(crate) const fn new(language: Language, zone: Zone, now: Timestamp) -> Self {
        Self { language, zone, now }
    }

    /// `12 menit yang lalu`, `12 minutes ago`.
    pub(crate) fn age(self, at: Timestamp) -> String {
        let age = self.now - at;
        let age = match age.num_hours() {
            ..1 => Age::Minutes(age.num_minutes()),
            hours @ 1..48 => Age::Hours(hours),
            _ => Age::Days(age.num_days()),
        };
        match (self.language, age) {
            (Language::Id, Age::Minutes(..1)) => "baru saja".to_owned(),
            (Language::Id, Age::Minutes(n)) => format!("{n} menit yang lalu"),
            (Language::Id, Age::Hours(n)) => format!("{n} jam yang lalu"),
            (Language::Id, Age::Days(n)) => format!("{n} hari yang lalu"),
            (Language::En, Age::Minutes(..1)) => "just now".to_owned(),
            (Language::En, Age::Minutes(1)) => "1 minute ago".to_owned(),
            (Language::En, Age::Minutes(n)) => format!("{n} minutes ago"),
            (Language::En, Age::Hours(1)) => "1 hour ago".to_owned(),
            (Language::En, Age::Hours(n)) => format!("{n} hours ago"),
            (Language::En, Age::Days(n)) => format!("{n} days ago"),
        }
    }

    /// `pukul 14.05 WIB`.
    pub(crate) fn clock(self, at: Timestamp) -> String {
        let (local, zone) = (self.local(at), self.zone.abbreviation());
        match self.language {
            Language::Id => format!("pukul {} {zone}", local.format("%H.%M")),
            Language::En => format!("{} {zone}", local.format("%H:%M")),
        }
    }

    /// `pukul 14.05 WIB`, and the day when it is not today: `kemarin pukul 21.30 WIB`.
    pub(crate) fn moment(self, at: Timestamp) -> String {
        let (local, today) = (self.local(at), self.local(self.now));
        let clock = self.clock(at);
        if local.date() == today.date() {
            return clock;
        }
        let day = if Some(local.date()) == today.date().pred_opt() {
            self.yesterday().to_owned()
        } else {
            self.date(local, today)
        };
        match self.language {
            Language::Id => format!("{day} {clock}"),
            Language::En => format!("{day} at {clock}"),
        }
    }

    /// The same within a sentence, which in English says `at 14:05 WIB` and `on 20 June at 09:00 WIB`.
    pub(crate) fn when(self, at: Timestamp) -> String {
        let moment = self.moment(at);
        let days_before = (self.local(self.now).date() - self.local(at).date()).num_days();
        match (self.language, days_before) {
            (Language::Id, _) | (Language::En, 1) => moment,
            (Language::En, 0) => format!("at {moment}"),
            (Language::En, _) => format!("on {moment}"),
        }
    }

    /// When the days of UTC begin here: `pukul 07.00 WIB`.
    pub(crate) fn utc_day_begins(self) -> String {
        self.clock(Timestamp::UNIX_EPOCH)
    }

    /// `Jumat 2 Juli`, with the year when it is another one.
    pub(crate) fn day(self, date: NaiveDate) -> String {
        let names = match self.language {
            Language::Id => ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
            Language::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        };
        let name = names.get(date.weekday().num_days_from_monday() as usize).unwrap_or(&"");
        format!("{name} {}", self.date(date.into(), self.local(self.now)))
    }

    /// `pukul 08.00-12.00 WIB`.
    pub(crate) fn hours(self, from: LocalTime, to: LocalTime) -> String {
        let zone = self.zone.abbreviation();
        match self.language {
            Language::Id => format!("pukul {from}-{to} {zone}").replace(':', "."),
            Language::En => format!("{from}-{to} {zone}"),
        }
    }

    fn yesterday(self) -> &'static str {
        match self.language {
            Language::Id => "kemarin",
            Language::En => "yesterday",
        }
    }

    /// `20 Juni`, with the year when it is another one.
    fn date(self, local: NaiveDateTime, today: NaiveDateTime) -> String {
        let months = match self.language {
            Language::Id => MONTHS_ID,
            Language::En => MONTHS_EN,
        };
        let month = months.get(local.month0() as usize).unwrap_or(&"");
        if local.year() == today.year() {
            format!("{} {month}", local.day())
        } else {
            format!("{} {month} {}", local.day(), local.year())
        }
    }

    fn local(self, at: Timestamp) -> NaiveDateTime {
        at.with_timezone(&self.zone.offset()).naive_local()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use rstest::rstest;

    use crate::render::text::times::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an RFC 3339 time")
    }

    #[rstest]
    #[case(-90, "baru saja", "just now")]
    #[case(0, "baru saja", "just now")]
    #[case(59, "baru saja", "just now")]
    #[case(60, "1 menit yang lalu", "1 minute ago")]
    #[case(119, "1 menit yang lalu", "1 minute ago")]
    #[case(12 * 60, "12 menit yang lalu", "12 minutes ago")]
    #[case(3_599, "59 menit yang lalu", "59 minutes ago")]
    #[case(3_600, "1 jam yang lalu", "1 hour ago")]
    #[case(7_199, "1 jam yang lalu", "1 hour ago")]
    #[case(11 * 3_600, "11 jam yang lalu", "11 hours ago")]
    #[case(48 * 3_600 - 1, "47 jam yang lalu", "47 hours ago")]
    #[case(48 * 3_600, "2 hari yang lalu", "2 days ago")]
    #[case(400 * 86_400, "400 hari yang lalu", "400 days ago")]
    fn ages_in_words(#[case] seconds: i64, #[case] id: &str, #[case] en: &str) {
        let now = at("2021-07-01T07:17:00Z");
        let then = now - Duration::seconds(seconds);
        assert_eq!(Times::new(Language::Id, Zone::Wib, now).age(then), id);
        assert_eq!(Times::new(Language::En, Zone::Wib, now).age(then), en);
    }

    #[rstest]
    #[case::today("2021-07-01T07:05:00Z", Zone::Wib, "pukul 14.05 WIB", "14:05 WIB")]
    #[case::wita("2021-07-01T07:05:00Z", Zone::Wita, "pukul 15.05 WITA", "15:05 WITA")]
    #[case::wit("2021-07-01T07:05:00Z", Zone::Wit, "pukul 16.05 WIT", "16:05 WIT")]
    #[case::midnight("2021-06-30T17:00:00Z", Zone::Wib, "pukul 00.00 WIB", "00:00 WIB")]
    #[case::before_midnight(
        "2021-06-30T16:59:59Z",
        Zone::Wib,
        "kemarin pukul 23.59 WIB",
        "yesterday at 23:59 WIB"
    )]
    #[case::already_today_further_east("2021-06-30T16:59:59Z", Zone::Wita, "pukul 00.59 WITA", "00:59 WITA")]
    #[case::two_days("2021-06-29T14:30:00Z", Zone::Wib, "29 Juni pukul 21.30 WIB", "29 June at 21:30 WIB")]
    #[case::date("2021-06-20T02:00:00Z", Zone::Wib, "20 Juni pukul 09.00 WIB", "20 June at 09:00 WIB")]
    #[case::another_year(
        "2020-12-31T16:59:00Z",
        Zone::Wib,
        "31 Desember 2020 pukul 23.59 WIB",
        "31 December 2020 at 23:59 WIB"
    )]
    #[case::tomorrow("2021-07-01T17:00:00Z", Zone::Wib, "2 Juli pukul 00.00 WIB", "2 July at 00:00 WIB")]
    fn moments_in_words(#[case] then: &str, #[case] zone: Zone, #[case] id: &str, #[case] en: &str) {
        let now = at("2021-07-01T07:17:00Z");
        assert_eq!(Times::new(Language::Id, zone, now).moment(at(then)), id);
        assert_eq!(Times::new(Language::En, zone, now).moment(at(then)), en);
    }

    #[rstest]
    #[case::today("2021-07-01T07:05:00Z", "pukul 14.05 WIB", "at 14:05 WIB")]
    #[case::yesterday("2021-06-30T14:30:00Z", "kemarin pukul 21.30 WIB", "yesterday at 21:30 WIB")]
    #[case::date("2021-06-20T02:00:00Z", "20 Juni pukul 09.00 WIB", "on 20 June at 09:00 WIB")]
    #[case::tomorrow("2021-07-01T17:00:00Z", "2 Juli pukul 00.00 WIB", "on 2 July at 00:00 WIB")]
    fn moments_within_a_sentence(#[case] then: &str, #[case] id: &str, #[case] en: &str) {
        let now = at("2021-07-01T07:17:00Z");
        assert_eq!(Times::new(Language::Id, Zone::Wib, now).when(at(then)), id);
        assert_eq!(Times::new(Language::En, Zone::Wib, now).when(at(then)), en);
    }

    #[test]
    fn yesterday_reaches_over_new_year() {
        let times = Times::new(Language::Id, Zone::Wib, at("2021-01-01T01:00:00Z"));
        assert_eq!(times.moment(at("2020-12-31T14:30:00Z")), "kemarin pukul 21.30 WIB");
    }
}
