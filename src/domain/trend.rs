//! How the numbers of a region went: its totals at some moments of each day, as they were known then.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{numbers::Sum, resource_type::TypeCode, total::Total};
use crate::clock::Timestamp;

/// The hours between two moments.
pub const EVERY_H: i64 = 6;
/// For how many days moments are kept.
pub const KEPT_DAYS: i64 = 14;

/// The last moment at or before `now` for which totals are kept: every day at 0, 6, 12 and 18 o'clock, UTC.
pub fn moment_before(now: Timestamp) -> Timestamp {
    now - TimeDelta::seconds(now.timestamp().rem_euclid(EVERY_H * 3600))
        - TimeDelta::nanoseconds(now.timestamp_subsec_nanos().into())
}

/// The total of one type at a moment. A sum of none is unknown, not zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastTotal {
    /// The type.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The number of places.
    pub capacity: Option<Sum>,
    /// How many were in use.
    pub occupied: Option<Sum>,
    /// How many were free, stale numbers included.
    pub available: Option<Sum>,
    /// How much of `available` came from numbers that were stale then.
    pub available_stale: Option<Sum>,
    /// How many facilities had the type.
    pub facilities: u32,
    /// How many of them had at least one free.
    pub facilities_available: u32,
    /// How many of them did not say how many were free.
    pub facilities_unknown: u32,
    /// How many of them had stale numbers.
    pub facilities_stale: u32,
}

impl PastTotal {
    /// The total of a type as it is now.
    pub fn of(resource: &TypeCode, total: &Total) -> Self {
        Self {
            resource: resource.clone(),
            capacity: total.capacity.sum(),
            occupied: total.occupied.sum(),
            available: total.available.sum(),
            available_stale: total.available_stale.sum(),
            facilities: total.facilities,
            facilities_available: total.facilities_available,
            facilities_unknown: total.facilities - total.available.facilities(),
            facilities_stale: total.facilities_stale,
        }
    }
}

/// The totals of a region at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendPoint {
    /// The moment.
    pub at: Timestamp,
    /// By type.
    pub totals: Vec<PastTotal>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2021-07-01T07:05:50.810589Z", "2021-07-01T06:00:00Z")]
    #[case("2021-07-01T06:00:00Z", "2021-07-01T06:00:00Z")]
    #[case("2021-07-01T05:59:59.999999999Z", "2021-07-01T00:00:00Z")]
    fn moments_are_those_of_the_day(#[case] now: &str, #[case] moment: &str) {
        assert_eq!(moment_before(now.parse().unwrap()), moment.parse::<Timestamp>().unwrap());
    }
}
