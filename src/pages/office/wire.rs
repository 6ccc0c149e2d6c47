//! What the contract answers, as far as several sections show it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{freshness::Freshness, region::Zone},
    pages::wire::Numbers,
};

/// A facility with everything that the office shows of it.
#[derive(Deserialize)]
pub(super) struct Facility {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) region: Place,
    pub(super) address: Option<String>,
    pub(super) phones: Vec<Phone>,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) external_ids: Vec<String>,
    pub(super) flags: Vec<String>,
    pub(super) closed: bool,
    pub(super) simulated: bool,
    pub(super) availability: Vec<Known>,
    pub(super) contacts: Vec<Contact>,
    #[serde(default)]
    pub(super) notes: Vec<Mark>,
    pub(super) timezone: Zone,
    pub(super) version: u64,
}

/// A facility as lists name it.
#[derive(Deserialize)]
pub(super) struct Brief {
    pub(super) id: String,
    pub(super) name: String,
}

/// A region, with the names of those above it and its own, the largest first.
#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) code: String,
    pub(super) path: Vec<String>,
}

impl Place {
    /// `Tembalang, Kota Semarang, Jawa Tengah`.
    pub(super) fn in_words(&self) -> String {
        self.path.iter().rev().map(|name| &**name).collect::<Vec<_>>().join(", ")
    }
}

#[derive(Deserialize, Serialize, Clone, PartialEq, Eq)]
pub(super) struct Phone {
    pub(super) number: String,
    #[serde(default)]
    pub(super) label: Option<String>,
    #[serde(default = "public")]
    pub(super) visibility: String,
}

fn public() -> String {
    "public".to_owned()
}

#[derive(Deserialize)]
pub(super) struct Contact {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) phone: String,
    pub(super) region: Option<Named>,
    pub(super) visibility: String,
}

/// A region by code and name.
#[derive(Deserialize, Clone)]
pub(super) struct Named {
    pub(super) code: String,
    pub(super) name: String,
}

/// The numbers of a type as they stand.
#[derive(Deserialize)]
pub(super) struct Known {
    #[serde(rename = "type")]
    pub(super) code: String,
    pub(super) label: String,
    #[serde(flatten)]
    pub(super) numbers: Numbers,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) freshness: Freshness,
    pub(super) source: String,
    pub(super) reporter: Option<String>,
    #[serde(default)]
    pub(super) disputed: bool,
    #[serde(default)]
    pub(super) jump: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    pub(super) notes: Vec<Mark>,
}

/// A note at a facility.
#[derive(Deserialize)]
pub(super) struct Mark {
    pub(super) id: String,
    pub(super) at: DateTime<Utc>,
    pub(super) by: String,
    #[serde(default)]
    pub(super) source: Option<String>,
    #[serde(default)]
    pub(super) verdict: Option<String>,
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) heard: Option<Numbers>,
}
