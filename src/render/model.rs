//! The types of all answers: the wire shapes of the contract.
//!
//! Every representation (JSON, the text an agent reads aloud) is made from these.

mod ask;
mod calls;
mod history;
mod overview;
mod reference;
mod trend;
mod vaccination;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

pub use self::ask::{AskAnswer, NoteView, UnderstoodView};
pub(crate) use self::calls::visible_to;
pub use self::calls::{
    ListedMark, MarksAnswer, Review, ReviewAnswer, UnmetDemandAnswer, UnmetDemandQuery, UnmetDemandView, Why,
};
pub use self::history::{Day, HistoryAnswer, HistoryNumber};
pub use self::overview::{
    CompletenessAnswer, KindView, OverviewAnswer, RegionReporting, RegionSummary, ReminderView,
    RemindersAnswer, ReporterView, Reporting,
};
pub use self::reference::{
    FacilityHit, RegionAnswer, RegionHit, RegionView, RegionsAnswer, SearchAnswer, TypeView, TypesAnswer,
};
pub use self::trend::{PastTotalView, PointView, RegionHistoryAnswer};
pub use self::vaccination::{SessionView, VaccinationFacility, VaccinationsAnswer};
use crate::domain::{
    facility::{ExternalId, FacilityId, Flag, Phone, Visibility},
    freshness::Freshness,
    geo::{Located, Point},
    intake::Intake,
    mark::MarkView,
    numbers::{Count, Sum},
    observation::Source,
    outlier::Outlier,
    ranking::Tier,
    region::Zone,
    region_code::{Level, RegionCode},
    resource_type::{Kind, TypeCode},
    text::Slug,
};

/// A region in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionRef {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// The level, from province to village.
    pub level: Level,
}

/// How a name in the question was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Resolved {
    /// The parameter.
    #[schema(example = "region")]
    pub parameter: String,
    /// The name that was given.
    #[schema(example = "tembalang")]
    pub given: String,
    /// The code that it was read as.
    #[schema(example = "33.74.10")]
    pub code: String,
    /// What has that code, with its kind.
    #[schema(example = "Kecamatan Tembalang")]
    pub name: String,
}

impl Resolved {
    /// All of them in one line, as a header has it: `region=33.74.10 (Kecamatan Tembalang)`.
    pub fn in_a_line(resolved: &[Self]) -> Option<String> {
        let told =
            resolved.iter().map(|Self { parameter, code, name, .. }| format!("{parameter}={code} ({name})"));
        (!resolved.is_empty()).then(|| told.collect::<Vec<_>>().join(", "))
    }
}

/// A region with the names above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionPath {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// The names from the province down to this region.
    pub path: Vec<String>,
}

/// A contact to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactView {
    /// The id, for changing it.
    #[schema(value_type = String, format = "uuid")]
    pub id: uuid::Uuid,
    /// The office or person that answers.
    pub name: String,
    /// The role: `psc119`, `dinkes`, `satgas`, …
    pub role: Slug,
    /// The number.
    pub phone: String,
    /// The region it answers for; null for the whole country.
    pub region: Option<RegionRef>,
    /// Who may see it; internal ones reach only agents and up.
    pub visibility: Visibility,
}

/// The current numbers of one type at one facility. A null is unknown, never zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AvailabilityView {
    /// The type that is counted.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The label, in the language of the answer.
    pub label: String,
    /// The number of places.
    pub capacity: Option<Count>,
    /// How many are in use.
    pub occupied: Option<Count>,
    /// The number of free places.
    pub available: Option<Count>,
    /// The number of people who wait.
    pub queue: Option<Count>,
    /// When the numbers were true.
    pub observed_at: DateTime<Utc>,
    /// When the capacity was stated, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub capacity_observed_at: Option<DateTime<Utc>>,
    /// When the oldest of the rooms was counted that the numbers are the sum of, if that was earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub oldest_room_observed_at: Option<DateTime<Utc>>,
    /// A hospital system did not say what is free: it is the capacity less what is in use.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub available_derived: bool,
    /// When the directory learned them.
    pub received_at: DateTime<Utc>,
    /// How far they can be believed at `as_of`.
    pub freshness: Freshness,
    /// The way by which they came.
    pub source: Source,
    /// The sender; only for agents and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reporter: Option<String>,
    /// The numbers are far from those before, and nobody has confirmed them: call first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub jump: Option<Outlier>,
    /// Two callers heard a different number, or that the place is closed, after the facility stated this one. Answers
    /// rank it after numbers that are not disputed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// The notes of people who phoned about these numbers, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<MarkView>,
    /// Places that somebody is being sent to; only for agents and up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<MarkView>,
}

impl AvailabilityView {
    /// How far the number is believed: a disputed one no more than an old one.
    pub fn believed(&self) -> Freshness {
        if self.disputed { self.freshness.max(Freshness::Stale) } else { self.freshness }
    }
}

/// A facility and its current numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityView {
    /// Our id; it never changes.
    pub id: FacilityId,
    /// Ids in other systems, each usable in place of ours.
    pub external_ids: Vec<ExternalId>,
    /// Its name.
    pub name: String,
    /// The kind: `hospital`, `puskesmas`, …
    pub kind: Slug,
    /// The deepest region that is sure.
    pub region: RegionPath,
    /// Street address.
    pub address: Option<String>,
    /// Telephones, best first; internal ones only for agents and up.
    pub phones: Vec<Phone>,
    /// The contact to call where the reader sees no telephone of the facility.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contact: Option<ContactView>,
    /// Latitude, WGS 84.
    pub lat: Option<f64>,
    /// Longitude, WGS 84.
    pub lon: Option<f64>,
    /// Kilometres from the asked place; null when no place was asked for, or none is known.
    pub distance_km: Option<f64>,
    /// Whether the distance is only rough, because one of its ends is a region's point.
    pub distance_rough: bool,
    /// How well it answers a question about beds, isolation places or vaccinations: what the facilities are ranked
    /// by, and what every form of the answer tells. Left out elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tier: Option<Tier>,
    /// The people whom the place takes in, and how; null if nobody stated it.
    pub intake: Option<Intake>,
    /// Flags for a coordinator to mend.
    pub flags: Vec<Flag>,
    /// Part of the demonstration: not real.
    pub simulated: bool,
    /// Closed for good.
    pub closed: bool,
    /// The entry that took the place of this one when they were merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub merged_into: Option<FacilityId>,
    /// The notes of people who phoned about the facility as a whole, or about numbers that it never stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<MarkView>,
    /// Places that somebody is being sent to, of types whose numbers it never stated; only for agents and up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<MarkView>,
    /// The claim of an agent who is phoning it right now; only for agents and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub claim: Option<MarkView>,
    /// Current numbers by type.
    pub availability: Vec<AvailabilityView>,
}

impl FacilityView {
    /// When the newest of the marks that it shows was left.
    pub(crate) fn marked_at(&self) -> Option<DateTime<Utc>> {
        let of_numbers = self.availability.iter().flat_map(|view| view.notes.iter().chain(&view.holds));
        let of_facility = self.notes.iter().chain(&self.holds).chain(&self.claim);
        of_facility.chain(of_numbers).map(|mark| mark.at).max()
    }
}

/// A facility in a list of something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacilityBrief {
    /// Our id.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub region: RegionCode,
    /// The names from the province down to its region.
    #[serde(skip)]
    pub path: Vec<String>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// The numbers of one type added up. A sum that no facility has a number for is null, not zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TotalView {
    /// The type that is counted.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The label, in the language of the answer.
    pub label: String,
    /// The number of places.
    pub capacity: Option<Sum>,
    /// How many are in use.
    pub occupied: Option<Sum>,
    /// How many are free, stale numbers included.
    pub available: Option<Sum>,
    /// How much of `available` comes from stale numbers.
    pub available_stale: Option<Sum>,
    /// How many are in use at those facilities that state their capacity: this and `available_of_capacity` are parts
    /// of `capacity`, and the rest of it is not known.
    pub occupied_of_capacity: Option<Sum>,
    /// How many are free at those facilities that state their capacity.
    pub available_of_capacity: Option<Sum>,
    /// The number of people who wait.
    pub queue: Option<Sum>,
    /// How many facilities have the type.
    pub facilities: u32,
    /// How many of them have at least one free.
    pub facilities_available: u32,
    /// How many of them do not say how many are free.
    pub facilities_unknown: u32,
    /// How many of them have stale numbers.
    pub facilities_stale: u32,
    /// How many of them `capacity` counts.
    pub facilities_capacity_known: u32,
    /// How many of them `occupied` counts.
    pub facilities_occupied_known: u32,
    /// How many of them `available` counts.
    pub facilities_available_known: u32,
    /// How many of them `queue` counts.
    pub facilities_queue_known: u32,
}

/// The place that distances are measured from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NearView {
    /// The region that was named, if one was.
    pub region: Option<RegionRef>,
    /// The point, and how good it is.
    #[serde(flatten)]
    pub located: Located,
    /// Whether distances from it are only rough.
    pub rough: bool,
}

/// Why an answer shows facilities from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WideningReason {
    /// No facility there has what was asked for.
    NoFacility,
    /// All places are full or unknown.
    NothingFree,
    /// Something may be free, but only by stale or disputed numbers.
    OnlyStale,
    /// All free places are held for others. Only readers who see the holds get this.
    OnlyHeld,
}

impl WideningReason {
    /// Whether nothing at all was found where it was asked for.
    pub fn is_unmet(self) -> bool {
        matches!(self, Self::NoFacility | Self::NothingFree)
    }
}

/// Where a question was asked.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AreaView {
    /// The region; null for none.
    pub region: Option<RegionRef>,
    /// Within this many kilometres of the place distances are measured from; null for any distance.
    pub within_km: Option<u32>,
}

/// That nothing fitted where it was asked for, and how far the answer looked instead.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Widened {
    /// The reason for looking further.
    pub reason: WideningReason,
    /// The area that was requested.
    pub from: AreaView,
    /// Where the facilities of this answer are.
    pub to: AreaView,
}

/// The answer to "where is a free bed?".
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BedsAnswer {
    /// The region asked about; null for the whole country.
    pub region: Option<RegionRef>,
    /// The place distances are measured from; null if none was asked for.
    pub near: Option<NearView>,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer: it holds everything the directory knew then.
    pub as_of: DateTime<Utc>,
    /// Per type, what the area that was asked about has in all, whatever fits.
    pub totals: Vec<TotalView>,
    /// The facilities that fit, best first.
    pub facilities: Vec<FacilityView>,
    /// The most that one facility of the answer has free, held ones apart, where none anywhere has as many as `min` or
    /// `persons` asks for: these have fewer. Left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub available_max: Option<u32>,
    /// The parameters, `ventilator` or `negative_pressure`, that no type that otherwise fits says anything about:
    /// these facilities must be asked. Left out when the types say all that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unrecorded: Vec<&'static str>,
    /// Set when nothing fitted in the area and the answer looked further.
    pub widened: Option<Widened>,
    /// The contacts to call, nearest first.
    pub contacts: Vec<ContactView>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
    /// Which kind of thing was asked about.
    #[serde(skip)]
    pub kind: Kind,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
    /// How many were wanted.
    #[serde(skip)]
    pub min: u32,
    /// The wished attributes in words, in the language of the answer; empty when anything fits.
    #[serde(skip)]
    pub filter: Vec<String>,
}

/// One facility.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityAnswer {
    /// The facility.
    #[serde(flatten)]
    pub facility: FacilityView,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The version for `If-Match`, also the first part of the `ETag`.
    pub version: u64,
    /// The telephones to call about it.
    pub contacts: Vec<ContactView>,
    /// The time zone that people there use.
    #[serde(rename = "timezone")]
    pub zone: Zone,
}

/// Many facilities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilitiesAnswer {
    /// The region asked about; null for the whole country.
    pub region: Option<RegionRef>,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The facilities by id.
    pub facilities: Vec<FacilityView>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

impl AreaView {
    /// The whole country.
    pub const COUNTRY: Self = Self { region: None, within_km: None };
}

/// Kilometres with one decimal.
pub fn kilometres(metres: u32) -> f64 {
    (f64::from(metres) / 100.0).round() / 10.0
}

/// A point's two members, for views that show them apart.
pub fn degrees(point: Option<Point>) -> (Option<f64>, Option<f64>) {
    (point.map(|point| point.lat), point.map(|point| point.lon))
}
