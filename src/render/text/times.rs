//! Ages and times of day, as people in the zone of the text would say them.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::Speaker;
use crate::{
    clock::Timestamp,
    domain::{observation::is_dated_ahead, session::LocalTime},
    locales::Message,
};

impl Speaker {
    /// How long ago: `12 menit yang lalu`, `12 minutes ago`; for a moment in the future, that a clock was wrong.
    pub fn age(self, at: Timestamp) -> Message {
        let age = self.now - at;
        let (unit, n) = match (age.num_hours(), age.num_minutes()) {
            _ if is_dated_ahead(at, self.now) => ("future", 0),
            (..1, ..1) => ("now", 0),
            (..1, minutes) => ("minutes", minutes),
            (hours @ 1..48, _) => ("hours", hours),
            _ => ("days", age.num_days()),
        };
        Message::new("age").arg("unit", unit).arg("n", n)
    }

    /// `pukul 14.05 WIB`.
    pub(super) fn clock(self, at: Timestamp) -> Message {
        let local = self.local(at);
        let time = time_of_day(local.hour(), local.minute());
        Message::new("clock").arg("time", time).arg("zone", self.zone.abbreviation())
    }

    /// `pukul 14.05 WIB`, and the day when it is not today: `kemarin pukul 21.30 WIB`.
    pub fn moment(self, at: Timestamp) -> Message {
        let (day, date) = self.day_of(at);
        Message::new("moment").arg("day", day).arg("date", date).arg("clock", self.clock(at))
    }

    /// A time within a sentence; in English `at 14:05 WIB` and `on 20 June at 09:00 WIB`.
    pub fn when(self, at: Timestamp) -> Message {
        let (day, date) = self.day_of(at);
        Message::new("moment-in-sentence").arg("day", day).arg("date", date).arg("clock", self.clock(at))
    }

    /// When the days of UTC begin here: `pukul 07.00 WIB`.
    pub(super) fn utc_day_begins(self) -> Message {
        self.clock(Timestamp::UNIX_EPOCH)
    }

    /// `Jumat 2 Juli`, with the year when it is another one.
    pub fn day(self, date: NaiveDate) -> Message {
        Message::new("day").arg("weekday", date.weekday().number_from_monday()).arg("date", self.date(date))
    }

    /// One day, or the first and the last of several.
    pub fn days(self, from: NaiveDate, to: NaiveDate) -> Message {
        if from == to {
            return self.day(from);
        }
        Message::new("days").arg("from", self.day(from)).arg("to", self.day(to))
    }

    /// `pukul 08.00-12.00 WIB`.
    pub(super) fn hours(self, from: LocalTime, to: LocalTime) -> Message {
        let [from, to] = [from, to].map(|at| time_of_day(at.time().hour(), at.time().minute()));
        Message::new("hours").arg("from", from).arg("to", to).arg("zone", self.zone.abbreviation())
    }

    /// The day as counted from today, and its date unless that is today or yesterday.
    fn day_of(self, at: Timestamp) -> (&'static str, Option<Message>) {
        let date = self.local(at).date();
        match (self.local(self.now).date() - date).num_days() {
            0 => ("today", None),
            1 => ("yesterday", None),
            _ => ("date", Some(self.date(date))),
        }
    }

    /// `20 Juni`, with the year when it is another one.
    fn date(self, date: NaiveDate) -> Message {
        let year = Some(date.year()).filter(|year| *year != self.local(self.now).year());
        Message::new("date").arg("day", date.day()).arg("month", date.month()).arg("year", year)
    }

    fn local(self, at: Timestamp) -> NaiveDateTime {
        at.with_timezone(&self.zone.offset()).naive_local()
    }
}

fn time_of_day(hour: u32, minute: u32) -> Message {
    Message::new("time-of-day").arg("hour", format!("{hour:02}")).arg("minute", format!("{minute:02}"))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use rstest::rstest;

    use super::*;
    use crate::{domain::region::Zone, locales::Language};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an RFC 3339 time")
    }

    fn now() -> Timestamp {
        at("2021-07-01T07:17:00Z")
    }

    fn said(language: Language, zone: Zone, message: impl Fn(Speaker) -> Message) -> String {
        let speaker = Speaker { language, zone, now: now() };
        speaker.say(message(speaker))
    }

    #[rstest]
    #[case(-121, "dengan jam yang salah, di masa depan", "by a wrong clock, in the future")]
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
        let then = now() - Duration::seconds(seconds);
        assert_eq!(said(Language::Id, Zone::Wib, |speaker| speaker.age(then)), id);
        assert_eq!(said(Language::En, Zone::Wib, |speaker| speaker.age(then)), en);
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
        assert_eq!(said(Language::Id, zone, |speaker| speaker.moment(at(then))), id);
        assert_eq!(said(Language::En, zone, |speaker| speaker.moment(at(then))), en);
    }

    #[rstest]
    #[case::today("2021-07-01T07:05:00Z", "pukul 14.05 WIB", "at 14:05 WIB")]
    #[case::yesterday("2021-06-30T14:30:00Z", "kemarin pukul 21.30 WIB", "yesterday at 21:30 WIB")]
    #[case::date("2021-06-20T02:00:00Z", "20 Juni pukul 09.00 WIB", "on 20 June at 09:00 WIB")]
    #[case::tomorrow("2021-07-01T17:00:00Z", "2 Juli pukul 00.00 WIB", "on 2 July at 00:00 WIB")]
    fn moments_within_a_sentence(#[case] then: &str, #[case] id: &str, #[case] en: &str) {
        assert_eq!(said(Language::Id, Zone::Wib, |speaker| speaker.when(at(then))), id);
        assert_eq!(said(Language::En, Zone::Wib, |speaker| speaker.when(at(then))), en);
    }

    #[test]
    fn yesterday_reaches_over_new_year() {
        let speaker = Speaker { language: Language::Id, zone: Zone::Wib, now: at("2021-01-01T01:00:00Z") };
        let moment = speaker.moment(at("2020-12-31T14:30:00Z"));
        assert_eq!(speaker.say(moment), "kemarin pukul 21.30 WIB");
    }
}
