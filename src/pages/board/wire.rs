//! What the board reads in the answers of the contract.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::domain::{freshness::Freshness, geo::Point, ranking::Tier, region::Zone};

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
pub(super) struct Found {
    pub(super) understood: Understood,
    pub(super) beds: Option<Places>,
    pub(super) isolation: Option<Places>,
    pub(super) vaccinations: Option<Places>,
}

#[derive(Deserialize)]
pub(super) struct Understood {
    pub(super) text: String,
    pub(super) unread: Vec<String>,
}

/// Facilities that fit, best first.
#[derive(Deserialize)]
pub(super) struct Places {
    pub(super) facilities: Vec<Place>,
    pub(super) widened: Option<serde::de::IgnoredAny>,
    pub(super) contacts: Vec<Contact>,
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
}

/// The numbers of a type at a facility.
#[derive(Deserialize)]
pub(super) struct Known {
    pub(super) label: String,
    pub(super) available: Option<u32>,
    pub(super) capacity: Option<u32>,
    pub(super) occupied: Option<u32>,
    pub(super) queue: Option<u32>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) freshness: Freshness,
    #[serde(default)]
    pub(super) disputed: bool,
}

#[derive(Deserialize)]
pub(super) struct Session {
    pub(super) date: NaiveDate,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) product: String,
    pub(super) left: Option<u32>,
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
