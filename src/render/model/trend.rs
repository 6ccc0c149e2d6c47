//! How the numbers of a region went.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{numbers::Sum, region::Zone, resource_type::Kind, trend::PastTotal},
    render::model::{RegionRef, Resolved},
};

/// The total of a type at a moment, as it was known then.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PastTotalView {
    /// The kind of the type.
    pub kind: Kind,
    /// The type and its numbers.
    #[serde(flatten)]
    pub total: PastTotal,
}

/// The totals of a region at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PointView {
    /// The moment.
    pub at: DateTime<Utc>,
    /// By type; a type that nobody there had is left out.
    pub totals: Vec<PastTotalView>,
}

/// How the totals of a region went.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionHistoryAnswer {
    /// The region.
    pub region: RegionRef,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The hours from one moment to the next. A moment that is missing was not recorded: there is a gap, in which the
    /// number before it does not count.
    pub every_h: i64,
    /// The moments, the oldest first.
    pub points: Vec<PointView>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

impl PointView {
    /// What was free of a kind, and how much of that by stale numbers; None where nobody knew a number.
    pub fn available(&self, kind: Kind) -> [Option<u64>; 2] {
        let of = |sum: fn(&PastTotal) -> Option<Sum>| {
            let totals = self.totals.iter().filter(|total| total.kind == kind);
            let known = totals.filter_map(|total| sum(&total.total));
            known.map(Sum::get).reduce(|one, other| one + other)
        };
        [of(|total| total.available), of(|total| total.available_stale)]
    }
}
