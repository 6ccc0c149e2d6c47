//! Days and hours of sessions, in the local time of the place.

use crate::{clock::Timestamp, locales::Message};
use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields,
    region::Zone,
    rejection::{Code, Rejection},
};

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
    pub(super) fn days_from(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let (start, end) = self.bounds();
        let first = first.max(start);
        let last = first + Days::new(MOST_DAYS as u64);
        self.between(first, end.map_or(last, |end| end.min(last)))
    }

    /// Its days from `last` back.
    pub(super) fn days_back_from(&self, last: NaiveDate) -> impl Iterator<Item = NaiveDate> {
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
pub fn date(text: &str, pointer: &str) -> Result<NaiveDate, Rejection> {
    let date = text.trim().parse::<NaiveDate>().ok();
    date.filter(|date| (2000..2100).contains(&date.year())).ok_or_else(|| {
        Rejection::new(Code::InvalidDate, pointer, Message::new("not-a-date").arg("text", text.to_string()))
    })
}
