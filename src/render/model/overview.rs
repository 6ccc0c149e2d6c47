//! The overview of a region, and the facilities that have not reported.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        facility::{ExternalId, FacilityId, Phone},
        freshness::Freshness,
        geo::Located,
        outline::Outline,
        region::Zone,
        text::Slug,
    },
    render::model::{ContactView, RegionPath, RegionRef, Resolved, TotalView},
};

/// A region's resources of one kind: beds, isolation places or vaccination.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct KindView {
    /// Per type.
    pub totals: Vec<TotalView>,
    /// How many facilities have any of them.
    pub facilities: u32,
    /// How many of those have at least one free, by any number.
    pub facilities_available: u32,
}

/// How many facilities reported how lately; each stands by its freshest number of beds and places, or of its sessions
/// if it never had any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reporting {
    /// Open facilities in all.
    pub facilities: u32,
    /// Facilities with a fresh number.
    pub fresh: u32,
    /// Facilities whose freshest number is aging.
    pub aging: u32,
    /// Facilities whose freshest number is stale.
    pub stale: u32,
    /// Facilities that reported that they no longer know, or announced sessions without reporting what is left.
    pub unknown: u32,
    /// Facilities that never reported anything.
    pub never: u32,
}

/// A region with what it and everything below it has.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionSummary {
    /// The region.
    pub region: RegionRef,
    /// Its point and the precision of that; null if unknown.
    pub located: Option<Located>,
    /// Its outline, for maps.
    #[serde(skip)]
    pub outline: Option<Arc<Outline>>,
    /// Beds.
    pub beds: KindView,
    /// Isolation places.
    pub isolation: KindView,
    /// Vaccination: the sessions of today and the seven days after it.
    pub vaccination: KindView,
    /// Who has reported.
    pub completeness: Reporting,
}

/// Everything about a region in one answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverviewAnswer {
    /// The region and its totals.
    #[serde(flatten)]
    pub summary: RegionSummary,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The regions right below it, each with its own totals: enough to draw a map.
    pub children: Vec<RegionSummary>,
    /// The contacts to call, nearest first.
    pub contacts: Vec<ContactView>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// A facility by the age of its last report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReporterView {
    /// Our id.
    pub id: FacilityId,
    /// Ids in other systems.
    pub external_ids: Vec<ExternalId>,
    /// Its name.
    pub name: String,
    /// The kind of facility, such as `hospital`.
    pub kind: Slug,
    /// Where it is.
    pub region: RegionPath,
    /// Telephones; internal ones only for agents and up.
    pub phones: Vec<Phone>,
    /// When its newest number was true, or its sessions were last announced; null if it never reported.
    pub observed_at: Option<DateTime<Utc>>,
    /// How far its freshest number can be believed; `unknown` too if it never reported.
    pub freshness: Freshness,
    /// The time since which a report is due: when the last number became stale or was withdrawn; for a facility that
    /// never reported, when it was added. Null while a number can be believed, and for a facility that has only
    /// sessions, none of which reports what is left.
    pub due_since: Option<DateTime<Utc>>,
}

/// Reporting in one region.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionReporting {
    /// The region.
    pub region: RegionRef,
    /// How many facilities reported how lately.
    pub completeness: Reporting,
}

/// The facilities that have reported, and those that have not.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CompletenessAnswer {
    /// The region; null for the whole country.
    pub region: Option<RegionRef>,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// How many facilities reported how lately.
    pub completeness: Reporting,
    /// The regions right below.
    pub children: Vec<RegionReporting>,
    /// The facilities: those that never reported first, then by the age of their newest number, oldest first.
    pub facilities: Vec<ReporterView>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// A facility whose report is due.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReminderView {
    /// The facility to remind.
    #[serde(flatten)]
    pub facility: ReporterView,
    /// Other contacts to call about it, nearest first.
    pub contacts: Vec<ContactView>,
}

/// Facilities whose report became due, in the order it did: each facility once each time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RemindersAnswer {
    /// The region; null for the whole country.
    pub region: Option<RegionRef>,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The facilities whose reports became due, each with the time and the telephones to call.
    pub reminders: Vec<ReminderView>,
    /// Go on from here the next time; it stays usable when the list is empty.
    pub next: String,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}
