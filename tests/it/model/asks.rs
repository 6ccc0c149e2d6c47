//! The questions: at random, as paths, and what the model answers.

use std::fmt::Write;

use chrono::Duration;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;

use super::{
    area::{Near, Place},
    beds::Beds,
    directory::Directory,
    tiers::{Freshness, Reader},
    vaccinations::{Days, Vaccinations},
};
use crate::steps::{FACILITIES, TYPES};

/// A question, by whom.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) question: Query,
    pub(super) reader: Reader,
    /// How long its pages are.
    pub(super) limit: u32,
}

#[derive(Debug, Clone)]
pub(super) enum Query {
    Beds(Beds),
    Vaccinations(Vaccinations),
    Overview(&'static str),
    Completeness { region: Option<&'static str>, kind: Option<&'static str> },
    Facilities { region: Option<&'static str>, closed: bool },
    Facility(usize),
}

/// Where people ask: with facilities and without, with points of their own and without, in two time zones, and
/// a village that may not be there.
const REGIONS: [&str; 12] = [
    "33",
    "33.74",
    "33.74.10",
    "33.74.12",
    "33.22",
    "33.22.01",
    "34",
    "34.04",
    "35.78",
    "51",
    "51.71",
    "33.74.10.1001",
];

/// In Semarang, in Bali, and out at sea.
const POINTS: [(f64, f64); 3] = [(-7.05, 110.44), (-8.66, 115.21), (-11.5, 112.0)];

/// Any question.
pub(super) fn ask() -> impl Strategy<Value = Ask> {
    let question = prop_oneof![
        8 => beds().prop_map(Query::Beds),
        5 => vaccinations().prop_map(Query::Vaccinations),
        1 => select(&REGIONS[..]).prop_map(Query::Overview),
        1 => (region(), option::weighted(0.2, select(vec!["hospital", "isolation_site"])))
            .prop_map(|(region, kind)| Query::Completeness { region, kind }),
        1 => (region(), any::<bool>()).prop_map(|(region, closed)| Query::Facilities { region, closed }),
        1 => (0..FACILITIES.len()).prop_map(Query::Facility),
    ];
    (question, reader(), select(vec![1, 2, 200])).prop_map(|(question, reader, limit)| Ask {
        question,
        reader,
        limit,
    })
}

fn reader() -> impl Strategy<Value = Reader> {
    select(vec![Reader::Public, Reader::Agent, Reader::AgentOf("33.74")])
}

/// Often the province that most of them are in.
fn region() -> impl Strategy<Value = Option<&'static str>> {
    option::weighted(0.8, prop_oneof![2 => select(&REGIONS[..]), 1 => Just("33")])
}

fn place() -> impl Strategy<Value = Place> {
    let near = prop_oneof![
        1 => select(&POINTS[..]).prop_map(|(lat, lon)| Near::Point(lat, lon)),
        2 => select(&REGIONS[..]).prop_map(Near::Region),
    ];
    let near = option::weighted(0.5, (near, option::weighted(0.4, select(vec![1, 20, 60, 150, 700]))));
    let min = select(vec![0, 1, 1, 3]);
    (region(), near, min).prop_map(|(region, near, min)| {
        let within = near.and_then(|(_, within)| within);
        Place { region, near: near.map(|(near, _)| near), within, min }
    })
}

fn beds() -> impl Strategy<Value = Beds> {
    prop_oneof![3 => beds_of("bed", &TYPES[..4]), 1 => beds_of("isolation", &TYPES[4..6])]
}

fn beds_of(kind: &'static str, types: &'static [&'static str]) -> impl Strategy<Value = Beds> {
    // Mostly types of the kind.
    let types = prop_oneof![8 => select(types), 1 => select(&TYPES[..])];
    let types = prop_oneof![2 => Just(Vec::new()), 1 => vec(types, 1..3)];
    let freshness = prop_oneof![3 => Just(Freshness::Unknown), 1 => select(&Freshness::ALL[..])];
    let flag = || option::weighted(0.1, any::<bool>());
    let age_group = option::weighted(0.1, select(vec!["any", "adult", "child", "neonate"]));
    let reserved_for = option::weighted(0.1, select(vec!["covid", "none"]));
    let wish = (types, flag(), flag(), age_group, reserved_for);
    (place(), wish, freshness).prop_map(move |(place, wish, freshness)| {
        let (types, ventilator, negative_pressure, age_group, reserved_for) = wish;
        Beds { kind, place, types, ventilator, negative_pressure, age_group, reserved_for, freshness }
    })
}

fn vaccinations() -> impl Strategy<Value = Vaccinations> {
    let days = prop_oneof![
        2 => Just(Days::Usual),
        1 => (0..4i64).prop_map(Days::Only),
        1 => (-2..5i64, 0..31i64).prop_map(|(first, more)| Days::Between(first, first + more)),
    ];
    let product = option::weighted(0.1, select(vec!["sinovac", "moderna"]));
    let dose = option::weighted(0.1, 1..4u8);
    let age = option::weighted(0.1, select(vec![17, 18, 60]));
    (place(), days, product, dose, age, option::weighted(0.1, any::<bool>())).prop_map(
        |(place, days, product, dose, age, walk_in)| Vaccinations {
            place,
            days,
            product,
            dose,
            age,
            walk_in,
        },
    )
}

impl Query {
    /// The question as a client writes it. Days are named by the date they have now.
    pub(super) fn path(&self, directory: &Directory) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                write!(query, "&{name}={value}").unwrap();
            }
        };
        let path = match self {
            Self::Beds(question) => {
                add_place(&question.place, &mut add);
                add("type", (!question.types.is_empty()).then(|| question.types.join(",")));
                add("ventilator", question.ventilator.map(|with| with.to_string()));
                add("negative_pressure", question.negative_pressure.map(|with| with.to_string()));
                add("reserved_for", question.reserved_for.map(str::to_owned));
                add("age_group", question.age_group.map(str::to_owned));
                let is_given = question.freshness != Freshness::Unknown;
                add("freshness", is_given.then(|| question.freshness.name().to_owned()));
                if question.kind == "bed" { "/v1/beds" } else { "/v1/isolation" }
            }
            Self::Vaccinations(question) => {
                add_place(&question.place, &mut add);
                let (first, last) = directory.days(question);
                match question.days {
                    Days::Usual => {}
                    Days::Only(_) => add("date", Some(first.to_string())),
                    Days::Between(..) => {
                        add("from", Some(first.to_string()));
                        add("to", Some(last.to_string()));
                    }
                }
                add("product", question.product.map(str::to_owned));
                add("dose", question.dose.map(|dose| dose.to_string()));
                add("age", question.age.map(|age| age.to_string()));
                add("walk_in", question.walk_in.map(|walk_in| walk_in.to_string()));
                "/v1/vaccinations"
            }
            Self::Overview(code) => return format!("/v1/regions/{code}/overview"),
            Self::Completeness { region, kind } => {
                add("region", region.map(str::to_owned));
                add("kind", kind.map(str::to_owned));
                "/v1/completeness"
            }
            Self::Facilities { region, closed } => {
                add("region", region.map(str::to_owned));
                add("closed", Some(closed.to_string()));
                "/v1/facilities"
            }
            Self::Facility(index) => return format!("/v1/facilities/{}", external_id(*index)),
        };
        format!("{path}?{query}")
    }

    /// Whether its answer comes in pages.
    pub(super) fn is_paged(&self) -> bool {
        !matches!(self, Self::Overview(_) | Self::Facility(_))
    }

    /// The code of the refusal, if it cannot be answered: a region that is not there, days that are over, a type or an
    /// age group that nothing of the kind is of, or what nothing of the kind is all of.
    pub(super) fn rejection(&self, directory: &Directory) -> Option<&'static str> {
        let is_unknown = |code: &&str| !directory.regions.contains_key(*code);
        let place = match self {
            Self::Beds(question) => question.place,
            Self::Vaccinations(question) => question.place,
            Self::Overview(code) => Place { region: Some(code), ..Place::default() },
            Self::Completeness { region, .. } | Self::Facilities { region, .. } => {
                Place { region: *region, ..Place::default() }
            }
            Self::Facility(_) => Place::default(),
        };
        let near = match place.near {
            Some(Near::Region(code)) => Some(code),
            _ => None,
        };
        if place.region.iter().chain(&near).any(is_unknown) {
            return Some("unknown_region");
        }
        if let Self::Vaccinations(question) = self {
            // In the west of the country a day ends last.
            let today = (directory.now + Duration::hours(7)).date_naive();
            return (directory.days(question).1 < today).then_some("invalid_date");
        }
        let Self::Beds(question) = self else { return None };
        let mut kind = directory.types.values().filter(|have| have.kind == question.kind && !have.retired);
        if question.types.iter().any(|code| !kind.clone().any(|have| have.code == *code)) {
            return Some("unknown_type");
        }
        // What is for any age is for those of other kinds, too.
        let mut ages =
            directory.types.values().filter(|have| !have.retired).map(|have| have.age_group.as_str());
        if question.age_group.is_some_and(|asked| !ages.any(|have| have == asked)) {
            return Some("unknown_word");
        }
        let is_possible = question.wishes_nothing() || kind.any(|have| directory.wants(question, have));
        (!is_possible).then_some("parameters_disagree")
    }

    /// What the model answers.
    pub(super) fn answer(&self, directory: &Directory, reader: Reader) -> Value {
        match self {
            Self::Beds(question) => directory.beds(question, reader),
            Self::Vaccinations(question) => directory.vaccinations(question, reader),
            Self::Overview(code) => directory.overview(code, reader),
            Self::Completeness { region, kind } => directory.completeness(*region, *kind, reader),
            Self::Facilities { region, closed } => directory.facilities(*region, *closed, reader),
            Self::Facility(index) => directory.one_facility(&external_id(*index), reader),
        }
    }
}

fn add_place(place: &Place, add: &mut impl FnMut(&str, Option<String>)) {
    add("region", place.region.map(str::to_owned));
    add(
        "near",
        place.near.map(|near| match near {
            Near::Point(lat, lon) => format!("{lat},{lon}"),
            Near::Region(code) => code.to_owned(),
        }),
    );
    add("within", place.within.map(|km| km.to_string()));
    add("min", (place.min != 1).then(|| place.min.to_string()));
}

fn external_id(index: usize) -> String {
    format!("test:{}", FACILITIES[index].0)
}
