//! How far a number can be believed by its age.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{numbers::Numbers, resource_type::ResourceType};
use crate::clock::Timestamp;

/// How old a number is, by the thresholds of its type. Sorts from best to worst.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Younger than `aging_after_h`.
    Fresh,
    /// Not fresh, not yet stale: say how old it is.
    Aging,
    /// At least `stale_after_h` old: call before you send anybody.
    Stale,
    /// Nothing is known: never reported, or withdrawn.
    #[default]
    Unknown,
}

impl Freshness {
    /// The freshness, at `now`, of `numbers` that were true at `observed_at`.
    pub fn of(numbers: Numbers, observed_at: Timestamp, resource: &ResourceType, now: Timestamp) -> Self {
        let [aging, stale] = deadlines(observed_at, resource);
        if numbers.is_unknown() {
            Self::Unknown
        } else if now >= stale {
            Self::Stale
        } else if now >= aging {
            Self::Aging
        } else {
            Self::Fresh
        }
    }

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }

    /// All of them, best first.
    pub const ALL: [Self; 4] = [Self::Fresh, Self::Aging, Self::Stale, Self::Unknown];
}

/// The two moments at which a number observed at `observed_at` becomes aging and stale.
pub fn deadlines(observed_at: Timestamp, resource: &ResourceType) -> [Timestamp; 2] {
    [resource.aging_after_h, resource.stale_after_h].map(|hours| observed_at + Duration::hours(hours.into()))
}
