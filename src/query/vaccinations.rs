//! Where can one be vaccinated? The question in canonical form, with its days written out.

pub(crate) mod answer;

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    domain::{
        ranking::SessionRank,
        region::Zone,
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
        session::{Session, local_date},
        text::Slug,
    },
    locales::Message,
    query::{
        Query,
        area::{Min, Place, Within},
        cursor::{Cursor, CursorText},
        params::{Limit, Moment, NamedDay, Near, Number, Words},
    },
    snapshot::{Contents, Snapshot},
};

/// How many days ahead are looked at if none are named.
const USUAL_DAYS: u64 = 7;
/// How many days ahead of the first the last may be.
const MOST_DAYS: i64 = 31;

/// Where can one be vaccinated?
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VaccinationsQuery {
    /// A region at any level: its Kemendagri code, or its name; the whole country if left out
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    pub region: Option<RegionCode>,
    /// Measure from here: `lat,lon` in degrees, or a region by code or name
    #[param(inline, value_type = Option<RegionText>, example = "33.74.10")]
    pub near: Option<Near>,
    /// At most so many kilometres from `near`; 50 if there is no `region`
    #[param(inline)]
    pub within: Option<Within>,
    /// On this day, local: a date, or `hari ini`, `besok`, `lusa`, `sabtu`, `today`, `tomorrow`, `saturday`, …; from now
    /// through the next 7 days if no day is named
    #[param(inline)]
    date: Option<NamedDay>,
    /// From this day on; today if left out
    #[param(inline)]
    from: Option<NamedDay>,
    /// To this day, at most 31 days after `from`; 7 days after if left out
    #[param(inline)]
    to: Option<NamedDay>,
    /// Only this product, such as `sinovac`
    #[param(inline)]
    pub product: Option<Slug>,
    /// Only where this dose is given; 3 and up are boosters
    #[param(inline)]
    pub dose: Option<Number<1, 9>>,
    /// Only where somebody of this age, in years, may come
    #[param(inline)]
    pub age: Option<Number<0, 130>>,
    /// Only where one may come without booking, or may not
    pub walk_in: Option<bool>,
    /// At least so many left, 1 if left out; 0 lists all, also the full ones
    #[serde(default)]
    #[param(inline)]
    pub min: Min,
    /// Only facilities with such a name, or with a session of such a title
    #[param(inline)]
    pub q: Option<Words>,
    /// Facilities on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<SessionRank>,
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(inline)]
    pub as_of: Option<Moment>,
}

impl VaccinationsQuery {
    /// The query in canonical form, with its days written out. What it means depends on the day, so a new day is a new
    /// vocabulary.
    pub fn checked(mut self, state: &Snapshot) -> Result<Query, Rejection> {
        self.place().check(state)?;
        self.within = self.place().usual_within();
        let today = today(self.place(), state);
        let (first, last) = self.named_days(today, local_date(state.now(), Zone::Wib))?;
        (self.date, self.from, self.to) = (None, Some(NamedDay::On(first)), Some(NamedDay::On(last)));
        self.cursor.check(&self)?;
        Ok(Query::Vaccinations(self))
    }

    /// Anything in `region` on the usual days.
    pub(crate) fn coming(region: RegionCode, state: &Snapshot) -> Self {
        let query = Self { region: Some(region), ..Self::default() };
        let first = today(query.place(), state);
        Self {
            from: Some(NamedDay::On(first)),
            to: Some(NamedDay::On(first + Days::new(USUAL_DAYS))),
            ..query
        }
    }

    /// Where it looks, and how many it wants there.
    pub(crate) fn place(&self) -> Place<'_> {
        let Self { region, near, within, min, .. } = *self;
        let (min, q) = (min.get(), self.q.as_deref().map(String::as_str));
        Place { region, near, within, min, q, contents: Contents::WithoutNumbers }
    }

    /// The first day and the last, local.
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        let day = |day: Option<NamedDay>| match day {
            Some(NamedDay::On(date)) => date,
            _ => unreachable!("the days of a checked query are written out"),
        };
        (day(self.from), day(self.to))
    }

    /// Whether `session` is one of those that are asked for, whatever is left of it.
    pub(crate) fn fits(&self, session: &Session) -> bool {
        !session.cancelled
            && self.product.as_ref().is_none_or(|product| *product == session.product)
            && self.dose.is_none_or(|dose| session.doses.iter().any(|given| u32::from(*given) == dose.get()))
            && self.age.is_none_or(|age| session.admits(age.get()))
            && self.walk_in.is_none_or(|walk_in| walk_in == session.walk_in)
    }
}

/// The day it is where the question is about: at the place it names, in its region, or around its point.
pub(crate) fn today(place: Place<'_>, state: &Snapshot) -> NaiveDate {
    let home = match place.near {
        Some(Near::Region(code)) => Some(code),
        near => place.region.or_else(|| state.regency_near(near?.point()?)),
    };
    let zone = home.map_or(Zone::Wib, |code| state.zone(code));
    local_date(state.now(), zone)
}

impl VaccinationsQuery {
    /// The days asked for; refused if they are over. `yet` is the date where the day begins last.
    fn named_days(&self, today: NaiveDate, yet: NaiveDate) -> Result<(NaiveDate, NaiveDate), Rejection> {
        let day = |day: Option<NamedDay>| day.map(|day| day.date(today));
        let (only, from, to) = (day(self.date), day(self.from), day(self.to));
        let refuse = |name: &str, detail| Err(Rejection::new(Code::ParametersDisagree, name, detail));
        if let Some(only) = only {
            if from.is_some() || to.is_some() {
                return refuse("date", Message::new("date-or-span"));
            }
            return if only < yet { Err(over("date", only, yet)) } else { Ok((only, only)) };
        }
        let first = from.unwrap_or(today);
        let last = to.unwrap_or(first + Days::new(USUAL_DAYS));
        let (said_first, said_last) = (first.to_string(), last.to_string());
        match (last - first).num_days() {
            _ if last < yet => Err(over(if to.is_some() { "to" } else { "from" }, last, yet)),
            ..0 => refuse(
                "to",
                Message::new("days-out-of-order").arg("first", said_first).arg("last", said_last),
            ),
            0..=MOST_DAYS => Ok((first, last)),
            _ => refuse(
                "to",
                Message::new("span-too-long")
                    .arg("first", said_first)
                    .arg("last", said_last)
                    .arg("most", MOST_DAYS.to_string()),
            ),
        }
    }
}

fn over(name: &str, last: NaiveDate, yet: NaiveDate) -> Rejection {
    let detail = Message::new("date-is-over").arg("last", last.to_string()).arg("yet", yet.to_string());
    Rejection::new(Code::InvalidDate, name, detail)
}
