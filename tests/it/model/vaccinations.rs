//! Where can one be vaccinated?

use std::cmp::Reverse;

use chrono::{Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use serde_json::{Value, json};

use super::{
    area::{Hit, Place, Stand, Wanted},
    directory::{Directory, Facility, Number, Session, Time},
    tiers::{Freshness, Offer, Reader, Tier, tier},
};

/// What the numbers of sessions are of.
const TYPE: &str = "vaccination.session";
/// How many days of sessions one facility shows.
const MOST_SHOWN: usize = 40;

/// The days that are asked for, told from today.
#[derive(Debug, Clone, Copy)]
pub(super) enum Days {
    /// Today and the seven days after it.
    Usual,
    /// This one.
    Only(i64),
    /// From one to another.
    Between(i64, i64),
}

/// The question.
#[derive(Debug, Clone)]
pub(super) struct Vaccinations {
    pub(super) place: Place,
    pub(super) days: Days,
    pub(super) product: Option<&'static str>,
    pub(super) dose: Option<u8>,
    pub(super) age: Option<u8>,
    pub(super) walk_in: Option<bool>,
}

/// A day on which a session is held and not yet over.
struct Occurrence<'a> {
    session: &'a Session,
    day: NaiveDate,
    number: Option<&'a Number>,
    tier: Tier,
    left: u64,
}

impl Session {
    /// Whether it is held on a day: its day, or one of its days of the week within its time and not excepted.
    pub(super) fn is_held_on(&self, day: NaiveDate) -> bool {
        match (&self.date, &self.weekly) {
            (Some(date), None) => *date == day,
            (None, Some(weekly)) => {
                let name = day.weekday().to_string().to_lowercase();
                weekly.weekdays.contains(&name)
                    && day >= weekly.from
                    && weekly.until.is_none_or(|until| day <= until)
                    && !weekly.except.contains(&day)
            }
            both => panic!("a session has one day or many: {both:?}"),
        }
    }
}

impl Vaccinations {
    /// Anything in a region on the usual days.
    pub(super) fn coming(region: &'static str) -> Self {
        let place = Place { region: Some(region), min: 1, ..Place::default() };
        Self { place, days: Days::Usual, product: None, dose: None, age: None, walk_in: None }
    }

    fn wants(&self, session: &Session) -> bool {
        !session.cancelled
            && self.product.is_none_or(|product| session.product == product)
            && self.dose.is_none_or(|dose| session.doses.contains(&dose))
            && self.age.is_none_or(|age| session.age_min.is_none_or(|min| age >= min))
            && self.age.is_none_or(|age| session.age_max.is_none_or(|max| age <= max))
            && self.walk_in.is_none_or(|walk_in| session.walk_in == walk_in)
    }
}

impl Directory {
    /// The day it is in the region that a question is about.
    fn today(&self, place: &Place) -> NaiveDate {
        let zone = self.zone(self.home(place).unwrap_or_default());
        self.now.with_timezone(&zone).date_naive()
    }

    /// The first and the last day that are asked for.
    pub(super) fn days(&self, question: &Vaccinations) -> (NaiveDate, NaiveDate) {
        let from_today = |days| self.today(&question.place) + Duration::days(days);
        match question.days {
            Days::Usual => (from_today(0), from_today(7)),
            Days::Only(day) => (from_today(day), from_today(day)),
            Days::Between(first, last) => (from_today(first), from_today(last)),
        }
    }

    /// A local time of a day where a session is held.
    fn moment(&self, session: &Session, day: NaiveDate, time: &str) -> Time {
        let zone = self.zone(&self.facilities[&session.facility].region);
        let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
        zone.from_local_datetime(&day.and_time(time)).unwrap().with_timezone(&Utc)
    }

    /// When the session of a day is over.
    pub(super) fn closes_at(&self, session: &Session, day: NaiveDate) -> Time {
        self.moment(session, day, &session.to)
    }

    /// The days on which a facility holds what is asked for, whatever is left of it, the earliest first.
    fn occurrences(&self, facility: &Facility, question: &Vaccinations) -> Vec<Occurrence<'_>> {
        let (first, last) = self.days(question);
        let mut found = Vec::new();
        for (id, session) in &self.sessions {
            if session.facility != facility.id || !question.wants(session) {
                continue;
            }
            for day in first.iter_days().take_while(|day| *day <= last) {
                if session.is_held_on(day) && self.closes_at(session, day) > self.now {
                    let number = self.session_numbers.get(&(id.clone(), day));
                    let freshness = number.map_or(Freshness::Unknown, |number| self.freshness(TYPE, number));
                    let left = number.and_then(|number| number.available);
                    let (tier, left) =
                        tier(&[Offer { available: left, held: 0, freshness }], question.place.min);
                    found.push(Occurrence { session, day, number, tier, left });
                }
            }
        }
        found.sort_by_key(|one| (one.day, one.session.from.clone(), one.session.id.clone()));
        found
    }

    /// Those where enough is left, or may be.
    fn possible(&self, facility: &Facility, question: &Vaccinations) -> Vec<Occurrence<'_>> {
        let mut possible = self.occurrences(facility, question);
        possible.retain(|one| one.tier != Tier::Full || question.place.min == 0);
        possible
    }

    /// A facility stands by its best session: of the best tier, the earliest, then the one with most left.
    fn stands_with_sessions(&self, facility: &Facility, question: &Vaccinations) -> Option<Stand> {
        let possible = self.possible(facility, question);
        let best = &possible[best(&possible)?];
        Some(Stand { tier: best.tier, day: Some(best.day), free: best.left })
    }

    pub(super) fn vaccinations(&self, question: &Vaccinations, reader: Reader) -> Value {
        let place = &question.place;
        let wanted = Wanted {
            stand: &|facility| self.stands_with_sessions(facility, question),
            has_any: &|facility| !self.occurrences(facility, question).is_empty(),
            // One that nobody reports on takes place all the same.
            is_found: |tier| tier <= Tier::Aging || tier == Tier::Unknown,
        };
        let found = self.look(place, &wanted);
        let origin = found.origin.as_ref();
        let view = |Hit { facility, tier, distance }: &Hit<'_>| {
            let mut view =
                self.facility(facility, reader, origin.map(|origin| (origin, *distance)), &|_| false);
            let (shown, more) = self.shown(facility, question);
            let shown = shown.iter().map(|one| self.session(facility, one, reader)).collect();
            view["sessions"] = Value::Array(shown);
            view["sessions_more"] = more.into();
            view["tier"] = tier.name().into();
            view
        };
        let (first, last) = self.days(question);
        json!({
            "region": place.region.map(|code| self.region_in_short(code)),
            "near": origin.map(|origin| self.near(origin)),
            "from": first,
            "to": last,
            "totals": self.total_of_sessions(&found.asked, question),
            "facilities": found.hits.iter().map(view).collect::<Vec<_>>(),
            "widened": found.widened,
            "contacts": self.contacts(self.home(place), reader),
        })
    }

    /// At most 40 days of sessions of one facility, and how many more there are. The one that the facility
    /// stands by is the last of them if it were not shown otherwise.
    fn shown(&self, facility: &Facility, question: &Vaccinations) -> (Vec<Occurrence<'_>>, usize) {
        let mut shown = self.possible(facility, question);
        let more = shown.len().saturating_sub(MOST_SHOWN);
        if let Some(best) = best(&shown).filter(|best| *best >= MOST_SHOWN) {
            shown.swap(best, MOST_SHOWN - 1);
        }
        shown.truncate(MOST_SHOWN);
        (shown, more)
    }

    fn session(&self, facility: &Facility, one: &Occurrence<'_>, reader: Reader) -> Value {
        let Occurrence { session, day, number, .. } = one;
        let is_internal = reader.sees_internal_of(Some(&facility.region));
        let freshness = number.map_or(Freshness::Unknown, |number| self.freshness(TYPE, number));
        json!({
            "id": session.id,
            "date": day,
            "starts_at": self.moment(session, *day, &session.from),
            "ends_at": self.moment(session, *day, &session.to),
            "from": session.from,
            "to": session.to,
            "product": session.product,
            "doses": session.doses,
            "age_min": session.age_min,
            "age_max": session.age_max,
            "walk_in": session.walk_in,
            "quota": number.and_then(|number| number.capacity),
            "left": number.and_then(|number| number.available),
            "observed_at": number.map(|number| number.observed_at),
            "quota_observed_at": number.and_then(|number| number.capacity_observed_at.filter(|stated| *stated != number.observed_at)),
            "received_at": number.map(|number| number.received_at),
            "freshness": freshness.name(),
            "source": number.map(|number| &number.source),
            "reporter": number.filter(|_| is_internal).map(|number| &number.reporter),
        })
    }

    /// What the sessions that are asked for have in all; nothing where there are none.
    pub(super) fn total_of_sessions(&self, facilities: &[&Facility], question: &Vaccinations) -> Vec<Value> {
        let mut numbers: Vec<Vec<&Number>> = Vec::new();
        for facility in facilities {
            let occurrences = self.occurrences(facility, question);
            if !occurrences.is_empty() {
                numbers.push(occurrences.iter().filter_map(|one| one.number).collect());
            }
        }
        if numbers.is_empty() { Vec::new() } else { vec![self.total(&self.types[TYPE], &numbers)] }
    }
}

fn best(possible: &[Occurrence<'_>]) -> Option<usize> {
    (0..possible.len())
        .min_by_key(|index| (possible[*index].tier, possible[*index].day, Reverse(possible[*index].left)))
}
