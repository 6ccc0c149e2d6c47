//! Vaccination sessions: the product, the place, the people they serve, and the days.
//!
//! A session is one day, or a day of every week. Each of its days is an occurrence with numbers of its own:
//! capacity is the quota, available is what is left.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    facility::FacilityId,
    fields,
    numbers::Numbers,
    observation::{CapacityTime, Reading, Source},
    region::Zone,
    region_code::RegionCode,
    rejection::{Code, Rejection},
    resource_type::TypeCode,
    text::Slug,
};
use crate::{clock::Timestamp, locales::Message};

/// The code of the type that session numbers are of: its thresholds say when they grow old.
pub const SESSION_TYPE: &str = "vaccination.session";

/// The type that session numbers are of.
pub fn session_type() -> TypeCode {
    TypeCode::parse(SESSION_TYPE, "").expect("it is written as codes are")
}

/// The id of a session: ours, stable for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A time of day to the minute, written `08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, example = "08:00")]
pub struct LocalTime(NaiveTime);

impl LocalTime {
    /// When a day begins.
    pub const MIDNIGHT: Self = Self(NaiveTime::MIN);

    /// Reads `08:00`; the refusal blames `pointer`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        text.trim().parse().map_err(|()| {
            Rejection::new(
                Code::InvalidTime,
                pointer,
                Message::new("not-a-time-of-day").arg("text", text.to_string()),
            )
        })
    }

    /// The hour and the minute.
    pub const fn time(self) -> NaiveTime {
        self.0
    }

    /// This time on `date` in `zone`.
    pub fn on(self, date: NaiveDate, zone: Zone) -> Timestamp {
        let local = zone.offset().from_local_datetime(&date.and_time(self.0));
        local.single().expect("a fixed offset skips and repeats nothing").with_timezone(&Utc)
    }
}

impl FromStr for LocalTime {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        NaiveTime::parse_from_str(text, "%H:%M").map(Self).map_err(|_| ())
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Senin.
    Mon,
    /// Selasa.
    Tue,
    /// Rabu.
    Wed,
    /// Kamis.
    Thu,
    /// Jumat.
    Fri,
    /// Sabtu.
    Sat,
    /// Minggu.
    Sun,
}

impl Weekday {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    /// The day of the week of `date`.
    pub fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            chrono::Weekday::Mon => Self::Mon,
            chrono::Weekday::Tue => Self::Tue,
            chrono::Weekday::Wed => Self::Wed,
            chrono::Weekday::Thu => Self::Thu,
            chrono::Weekday::Fri => Self::Fri,
            chrono::Weekday::Sat => Self::Sat,
            chrono::Weekday::Sun => Self::Sun,
        }
    }
}

/// Some days of every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// Which days; never empty.
    pub weekdays: BTreeSet<Weekday>,
    /// The first day it may be.
    pub from: NaiveDate,
    /// The last day it may be; null until further notice.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Days without it, such as holidays.
    #[serde(default)]
    pub except: BTreeSet<NaiveDate>,
}

/// How many days without it one session may list.
pub const MOST_EXCEPTIONS: usize = 100;

/// How many days one has to look at, at most, to come upon an occurrence: every one may be excepted.
const MOST_DAYS: usize = 7 * (MOST_EXCEPTIONS + 2);

/// The days of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// One day.
    #[serde(rename = "date")]
    Once(NaiveDate),
    /// Every week.
    Weekly(Weekly),
}

impl Schedule {
    /// Whether one of its days is `date`.
    pub fn includes(&self, date: NaiveDate) -> bool {
        match self {
            Self::Once(only) => *only == date,
            Self::Weekly(weekly) => {
                weekly.from <= date
                    && weekly.until.is_none_or(|until| date <= until)
                    && weekly.weekdays.contains(&Weekday::of(date))
                    && !weekly.except.contains(&date)
            }
        }
    }

    /// Its days from `first` to `last`, in order.
    pub fn between(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        first.iter_days().take_while(move |date| *date <= last).filter(|date| self.includes(*date))
    }

    /// Its days from `first` on, as many as one has to look at to find the next.
    fn days_from(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let (start, end) = self.bounds();
        let first = first.max(start);
        let last = first + Days::new(MOST_DAYS as u64);
        self.between(first, end.map_or(last, |end| end.min(last)))
    }

    /// Its days from `last` back.
    fn days_back_from(&self, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let (_, end) = self.bounds();
        let last = end.map_or(last, |end| end.min(last));
        std::iter::successors(Some(last), NaiveDate::pred_opt)
            .take(MOST_DAYS)
            .filter(|date| self.includes(*date))
    }

    fn bounds(&self) -> (NaiveDate, Option<NaiveDate>) {
        match self {
            Self::Once(date) => (*date, Some(*date)),
            Self::Weekly(weekly) => (weekly.from, weekly.until),
        }
    }
}

/// The date in `zone` at `moment`.
pub fn local_date(moment: Timestamp, zone: Zone) -> NaiveDate {
    moment.with_timezone(&zone.offset()).date_naive()
}

/// Reads a date such as `2021-07-02` of this century; the refusal blames `pointer`.
pub fn read_date(text: &str, pointer: &str) -> Result<NaiveDate, Rejection> {
    let date = text.trim().parse::<NaiveDate>().ok();
    date.filter(|date| (2000..2100).contains(&date.year())).ok_or_else(|| {
        Rejection::new(Code::InvalidDate, pointer, Message::new("not-a-date").arg("text", text.to_string()))
    })
}

/// The conditions of admission to a session, beyond age. Each is absent where it does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conditions {
    /// Only for people whose identity card is of this region or below.
    #[serde(default)]
    pub domicile: Option<RegionCode>,
    /// True: for pregnant women; false: not for them.
    #[serde(default)]
    pub pregnancy: Option<bool>,
    /// True: for people with a disability; false: not for them.
    #[serde(default)]
    pub disability: Option<bool>,
}

/// A session as it is stored: a change carries the whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Our id.
    pub id: SessionId,
    /// Where it is held; its region gives the time zone.
    pub facility: FacilityId,
    /// The name that people use.
    #[serde(default)]
    pub title: Option<String>,
    /// The days on which it is held.
    #[serde(flatten)]
    pub schedule: Schedule,
    /// When it opens, local time.
    pub from: LocalTime,
    /// When it closes, local time; after `from`.
    pub to: LocalTime,
    /// The vaccine, such as `sinovac`.
    pub product: Slug,
    /// Which doses; 3 and up are boosters. Never empty.
    pub doses: BTreeSet<u8>,
    /// The youngest, in years.
    #[serde(default)]
    pub age_min: Option<u8>,
    /// The oldest, in years.
    #[serde(default)]
    pub age_max: Option<u8>,
    /// The conditions of admission.
    #[serde(default)]
    pub audience: Conditions,
    /// Whether one may come without booking.
    #[serde(default)]
    pub walk_in: bool,
    /// Where to book, http or https.
    #[serde(default)]
    pub booking_url: Option<String>,
    /// The telephone for booking.
    #[serde(default)]
    pub booking_phone: Option<String>,
    /// Rupiah; 0 is free of charge.
    #[serde(default)]
    pub fee: u32,
    /// It does not take place.
    #[serde(default)]
    pub cancelled: bool,
}

impl Session {
    /// When the occurrence on `date` opens.
    pub fn starts_at(&self, date: NaiveDate, zone: Zone) -> Timestamp {
        self.from.on(date, zone)
    }

    /// When the occurrence on `date` closes; from then on it is over.
    pub fn ends_at(&self, date: NaiveDate, zone: Zone) -> Timestamp {
        self.to.on(date, zone)
    }

    /// The first occurrence that closes after `moment`.
    pub fn next_after(&self, moment: Timestamp, zone: Zone) -> Option<NaiveDate> {
        let today = local_date(moment, zone);
        self.schedule.days_from(today).find(|date| self.ends_at(*date, zone) > moment)
    }

    /// The last occurrence that closed by `moment`.
    pub fn last_before(&self, moment: Timestamp, zone: Zone) -> Option<NaiveDate> {
        let today = local_date(moment, zone);
        self.schedule.days_back_from(today).find(|date| self.ends_at(*date, zone) <= moment)
    }

    /// Whether somebody of this age may come.
    pub fn admits(&self, age: u32) -> bool {
        self.age_min.is_none_or(|min| u32::from(min) <= age)
            && self.age_max.is_none_or(|max| age <= u32::from(max))
    }
}

/// How a report names a session: `ID`, or `ID@2021-07-02` for one of its occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionRef {
    /// The session that is counted.
    pub id: SessionId,
    /// Which occurrence; today's or the next one, if not given.
    pub date: Option<NaiveDate>,
}

impl SessionRef {
    /// Reads `ID` or `ID@DATE`; the refusal blames `pointer`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let (id, date) = match text.trim().split_once('@') {
            None => (text.trim(), None),
            Some((id, date)) => (id, Some(read_date(date, pointer)?)),
        };
        let id = Uuid::try_parse(id).map_err(|_| SessionId::unknown(id, pointer))?;
        Ok(Self { id: SessionId(id), date })
    }
}

impl fmt::Display for SessionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date {
            None => self.id.fmt(f),
            Some(date) => write!(f, "{}@{date}", self.id),
        }
    }
}

impl SessionId {
    /// The refusal for a session that is not in the directory, or not at the facility it is named for.
    pub fn unknown(text: &str, pointer: &str) -> Rejection {
        Rejection::new(
            Code::UnknownSession,
            pointer,
            Message::new("unknown-session").arg("text", text.to_string()),
        )
    }
}

/// The numbers of sessions that one report stated of one facility; see [`super::change::Report`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionReport {
    /// The facility.
    pub facility: FacilityId,
    /// The kind of sender.
    pub source: Source,
    /// The sender: the name of the key.
    pub reporter: std::sync::Arc<str>,
    /// The numbers, one occurrence each.
    pub observations: Vec<SessionObservation>,
}

/// The numbers of one occurrence at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionObservation {
    /// The session that is counted.
    pub session: SessionId,
    /// The day of the occurrence.
    pub date: NaiveDate,
    /// The numbers: capacity is the quota, available is what is left.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// The time at which they were true.
    pub observed_at: Timestamp,
    /// When the quota was stated.
    #[serde(default, skip_serializing_if = "CapacityTime::is_same")]
    pub capacity_observed_at: CapacityTime,
}

impl SessionReport {
    /// One of its observations as the directory learned it at `received_at`.
    pub fn reading(&self, said: &SessionObservation, received_at: Timestamp) -> Reading {
        Reading {
            numbers: said.numbers,
            observed_at: said.observed_at,
            capacity_observed_at: said.capacity_observed_at,
            oldest_room_observed_at: None,
            available_derived: false,
            received_at,
            capacity_received_at: None,
            source: self.source,
            reporter: std::sync::Arc::clone(&self.reporter),
            jump: None,
            available_since: None,
        }
    }
}

/// The name of a vaccine as people write it: `Sinovac` for `sinovac`.
pub fn product_name(word: &Slug) -> String {
    let mut chars = word.as_str().chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.map(|char| if char == '_' { ' ' } else { char })).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn session(schedule: Schedule) -> Session {
        Session {
            id: SessionId(Uuid::nil()),
            facility: FacilityId(Uuid::nil()),
            title: None,
            schedule,
            from: "08:00".parse().unwrap(),
            to: "12:00".parse().unwrap(),
            product: Slug::parse("sinovac", "").unwrap(),
            doses: BTreeSet::from([1, 2]),
            age_min: Some(12),
            age_max: Some(17),
            audience: Conditions::default(),
            walk_in: true,
            booking_url: None,
            booking_phone: None,
            fee: 0,
            cancelled: false,
        }
    }

    /// Tuesdays and Fridays of July 2021 but the 9th; 1 July is a Thursday.
    fn weekly() -> Session {
        session(Schedule::Weekly(Weekly {
            weekdays: BTreeSet::from([Weekday::Tue, Weekday::Fri]),
            from: date("2021-07-01"),
            until: Some(date("2021-07-31")),
            except: BTreeSet::from([date("2021-07-09")]),
        }))
    }

    #[rstest]
    #[case::before("2021-06-01T00:00:00Z", Zone::Wib, Some("2021-07-02"), None)]
    #[case::while_open("2021-07-02T04:59:59Z", Zone::Wib, Some("2021-07-02"), None)]
    #[case::closed("2021-07-02T05:00:00Z", Zone::Wib, Some("2021-07-06"), Some("2021-07-02"))]
    #[case::closed_further_east("2021-07-02T03:00:00Z", Zone::Wit, Some("2021-07-06"), Some("2021-07-02"))]
    #[case::not_on_an_exception("2021-07-08T00:00:00Z", Zone::Wib, Some("2021-07-13"), Some("2021-07-06"))]
    #[case::after("2021-08-01T00:00:00Z", Zone::Wib, None, Some("2021-07-30"))]
    fn occurrences_follow_the_clock(
        #[case] moment: &str,
        #[case] zone: Zone,
        #[case] next: Option<&str>,
        #[case] last: Option<&str>,
    ) {
        let moment = moment.parse().unwrap();
        assert_eq!(weekly().next_after(moment, zone), next.map(date));
        assert_eq!(weekly().last_before(moment, zone), last.map(date));
    }

    #[rstest]
    #[case(11, false)]
    #[case(12, true)]
    #[case(17, true)]
    #[case(18, false)]
    fn ages_are_inclusive(#[case] age: u32, #[case] admitted: bool) {
        assert_eq!(session(Schedule::Once(date("2021-07-02"))).admits(age), admitted);
    }

    #[rstest]
    #[case("00000000-0000-0000-0000-000000000000", None)]
    #[case("00000000-0000-0000-0000-000000000000@2021-07-02", None)]
    #[case("00000000-0000-0000-0000-000000000000@besok", Some(Code::InvalidDate))]
    #[case("s1", Some(Code::UnknownSession))]
    fn occurrences_are_named_by_id_and_date(#[case] text: &str, #[case] refused: Option<Code>) {
        match SessionRef::parse(text, "") {
            Ok(read) => assert_eq!((read.to_string().as_str(), None), (text, refused)),
            Err(rejection) => assert_eq!(Some(rejection.code), refused),
        }
    }

    #[test]
    fn a_session_is_stored_flat_and_read_back() {
        for session in [weekly(), session(Schedule::Once(date("2021-07-02")))] {
            let stored = serde_json::to_value(&session).unwrap();
            assert_eq!((&stored["from"], &stored["to"]), (&"08:00".into(), &"12:00".into()));
            assert_eq!(serde_json::from_value::<Session>(stored).unwrap(), session);
        }
    }
}
