//! What several pages read in the answers of the contract.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    domain::{
        facility::Visibility, freshness::Freshness, geo::Point, mark::MarkView, outline::Outline,
        ranking::Tier, region::Zone, session::product_name, text::Slug,
    },
    locales::{Message, Value},
    render::text::for_whom,
};

#[derive(Deserialize)]
pub(super) struct Region {
    pub(super) code: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Provinces {
    pub(super) regions: Vec<Region>,
}

/// A region with the names above it, and the clock of its people.
#[derive(Deserialize)]
pub(super) struct Here {
    pub(super) path: Vec<String>,
    pub(super) timezone: Zone,
}

/// Regions as features of a map.
#[derive(Deserialize)]
pub(super) struct Map {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    id: String,
    geometry: Option<Shape>,
}

/// Where a region is: its outline, or else a point of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    Outline(Outline),
    Point(IgnoredAny),
}

impl Map {
    /// The outlines by the codes of their regions.
    pub(super) fn outlines(self) -> HashMap<String, Outline> {
        let outline = |Feature { id, geometry }| match geometry? {
            Shape::Outline(outline) => Some((id, outline)),
            Shape::Point(_) => None,
        };
        self.features.into_iter().filter_map(outline).collect()
    }
}

/// Everything about a region at a glance.
#[derive(Deserialize)]
pub(super) struct Overview {
    #[serde(flatten)]
    pub(super) summary: Summary,
    pub(super) as_of: DateTime<Utc>,
    pub(super) children: Vec<Summary>,
    pub(super) contacts: Vec<Contact>,
}

#[derive(Deserialize)]
pub(super) struct Summary {
    pub(super) region: Region,
    pub(super) located: Option<Point>,
    pub(super) beds: Kind,
    pub(super) isolation: Kind,
    pub(super) vaccination: Kind,
    pub(super) completeness: Completeness,
}

#[derive(Deserialize)]
pub(super) struct Kind {
    pub(super) totals: Vec<Total>,
    pub(super) facilities: u32,
    pub(super) facilities_available: u32,
}

#[derive(Deserialize)]
pub(super) struct Total {
    pub(super) label: String,
    pub(super) capacity: Option<u64>,
    pub(super) available: Option<u64>,
    pub(super) available_stale: Option<u64>,
    pub(super) occupied_of_capacity: Option<u64>,
    pub(super) available_of_capacity: Option<u64>,
    pub(super) facilities: u32,
    pub(super) facilities_available: u32,
    pub(super) facilities_unknown: u32,
}

#[derive(Deserialize)]
pub(super) struct Completeness {
    pub(super) facilities: u32,
    pub(super) fresh: u32,
    pub(super) aging: u32,
    pub(super) stale: u32,
    pub(super) unknown: u32,
    pub(super) never: u32,
}

#[derive(Deserialize)]
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) phone: String,
}

/// What a question found.
#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) understood: Understood,
    pub(super) beds: Option<Found>,
    pub(super) isolation: Option<Found>,
    pub(super) vaccinations: Option<Found>,
}

#[derive(Deserialize)]
pub(super) struct Understood {
    pub(super) text: String,
    pub(super) requests: Vec<String>,
    pub(super) notes: Vec<Said>,
    pub(super) unread: Vec<String>,
}

/// What is said about how a question was read.
#[derive(Deserialize)]
pub(super) struct Said {
    pub(super) is_urgent: bool,
    pub(super) text: String,
}

/// Facilities that fit, best first.
#[derive(Deserialize)]
pub(super) struct Found {
    pub(super) facilities: Vec<Place>,
    pub(super) widened: Option<Widened>,
    pub(super) contacts: Vec<Contact>,
    pub(super) next: Option<String>,
}

/// That nothing fits in the place that was asked about.
#[derive(Deserialize)]
pub(super) struct Widened {
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: Lineage,
    pub(super) phones: Vec<Phone>,
    pub(super) contact: Option<Contact>,
    pub(super) distance_km: Option<f64>,
    pub(super) distance_rough: bool,
    pub(super) tier: Option<Tier>,
    pub(super) simulated: bool,
    pub(super) claim: Option<MarkView>,
    #[serde(default)]
    pub(super) notes: Vec<MarkView>,
    #[serde(default)]
    pub(super) holds: Vec<MarkView>,
    #[serde(default)]
    pub(super) availability: Vec<Known>,
    #[serde(default)]
    pub(super) sessions: Vec<Session>,
}

/// A region with the names above it.
#[derive(Deserialize)]
pub(super) struct Lineage {
    pub(super) code: String,
    pub(super) path: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Phone {
    pub(super) number: String,
    pub(super) label: Option<String>,
    pub(super) visibility: Visibility,
}

/// The numbers of a type at a facility.
#[derive(Deserialize)]
pub(super) struct Known {
    #[serde(rename = "type")]
    pub(super) code: String,
    pub(super) label: String,
    pub(super) available: Option<u32>,
    pub(super) capacity: Option<u32>,
    pub(super) occupied: Option<u32>,
    pub(super) queue: Option<u32>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) freshness: Freshness,
    pub(super) jump: Option<IgnoredAny>,
    #[serde(default)]
    pub(super) disputed: bool,
    #[serde(default)]
    pub(super) notes: Vec<MarkView>,
    #[serde(default)]
    pub(super) holds: Vec<MarkView>,
}

#[derive(Deserialize)]
pub(super) struct Session {
    pub(super) date: NaiveDate,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) product: Slug,
    pub(super) doses: BTreeSet<u8>,
    pub(super) age_min: Option<u8>,
    pub(super) age_max: Option<u8>,
    pub(super) left: Option<u32>,
    pub(super) observed_at: Option<DateTime<Utc>>,
    pub(super) freshness: Freshness,
}

impl Session {
    /// `Besok, pukul 08.00-12.00: sinovac, dosis 2, usia 12-17 tahun, sisa 40`.
    pub(super) fn in_words(&self, day: Message, left: Option<u32>) -> Message {
        let for_whom = for_whom(&self.doses, self.age_min, self.age_max);
        Message::new("board-session")
            .arg("day", day)
            .arg("from", &self.from)
            .arg("to", &self.to)
            .arg("product", product_name(&self.product))
            .arg("whom", Value::list(for_whom.into_iter().flatten()))
            .arg("left", left)
    }
}

/// A facility with everything that everybody may know about it.
#[derive(Deserialize)]
pub(super) struct Facility {
    #[serde(flatten)]
    pub(super) place: Place,
    pub(super) address: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) closed: bool,
    pub(super) intake: Option<Intake>,
    pub(super) contacts: Vec<Contact>,
}

/// How an isolation place takes people in.
#[derive(Deserialize)]
pub(super) struct Intake {
    pub(super) criteria: Option<String>,
    pub(super) bring: Option<String>,
    pub(super) pickup: Option<String>,
    pub(super) referral: Option<String>,
}

/// The numbers of a type.
#[derive(Deserialize, Serialize, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) available: Option<u32>,
    pub(super) capacity: Option<u32>,
    pub(super) occupied: Option<u32>,
    pub(super) queue: Option<u32>,
}

impl Numbers {
    /// The numbers by their names on the wire, as a form shows them.
    pub(super) fn texts(self) -> [(&'static str, String); 4] {
        let text = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
        [
            ("available", text(self.available)),
            ("capacity", text(self.capacity)),
            ("occupied", text(self.occupied)),
            ("queue", text(self.queue)),
        ]
    }

    /// `4 of 10, 6 occupied, 1 waiting`: what is known.
    pub(super) fn in_words(self) -> Message {
        let Self { available, capacity, occupied, queue } = self;
        Message::new("page-numbers")
            .arg("available", available)
            .arg("capacity", capacity)
            .arg("occupied", occupied)
            .arg("queue", queue.filter(|queue| *queue > 0))
    }
}

/// A type of `/v1/types`.
#[derive(Deserialize)]
pub(super) struct Type {
    pub(super) code: String,
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) aging_after_h: i64,
    pub(super) stale_after_h: i64,
    pub(super) external_codes: Vec<String>,
    pub(super) retired: bool,
}

#[derive(Deserialize)]
pub(super) struct Types {
    pub(super) types: Vec<Type>,
}
