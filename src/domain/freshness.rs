//! How far a number can be believed by its age.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    observation::{Reading, is_dated_ahead},
    resource_type::ResourceType,
};
use crate::clock::{CLOCK_TOLERANCE, Timestamp};

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
    /// At least `stale_after_h` old, or dated in the future by a wrong clock: call before you send anybody.
    Stale,
    /// Nothing is known: never reported, or withdrawn.
    #[default]
    Unknown,
}

impl Freshness {
    /// The freshness of `reading` at `now`.
    pub fn of(reading: &Reading, resource: &ResourceType, now: Timestamp) -> Self {
        let [_, aging, stale] = deadlines(reading.observed_at, resource);
        if reading.is_unknown() {
            Self::Unknown
        } else if now >= stale || is_dated_ahead(reading.observed_at, now) {
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

/// The moments at which the freshness of a number observed at `observed_at` changes: the clock reaches its date, then
/// it becomes aging and stale.
pub fn deadlines(observed_at: Timestamp, resource: &ResourceType) -> [Timestamp; 3] {
    let after = |hours: u16| observed_at + Duration::hours(hours.into());
    [observed_at - CLOCK_TOLERANCE, after(resource.aging_after_h), after(resource.stale_after_h)]
}
