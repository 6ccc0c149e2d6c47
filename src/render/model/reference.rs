//! Regions, resource types, and what a search finds.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        facility::{ExternalId, FacilityId, Phone},
        geo::Located,
        outline::Outline,
        region::Zone,
        region_code::{Level, RegionCode},
        resource_type::{Kind, TypeCode},
        text::Slug,
    },
    locales::Bilingual,
    render::model::{ContactView, RegionPath, RegionRef, Resolved},
};

/// A region in full.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionView {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// The level, from province to village.
    pub level: Level,
    /// Finer than the level: `kabupaten` or `kota`, `desa` or `kelurahan`.
    pub kind: &'static str,
    /// The code of the region above; null for a province.
    pub parent: Option<RegionCode>,
    /// The names from the province down to this region.
    pub path: Vec<String>,
    /// Former names and other spellings.
    pub aliases: Vec<String>,
    /// Its point and the precision of that; null if unknown.
    pub located: Option<Located>,
    /// Its outline, for maps.
    #[serde(skip)]
    pub outline: Option<Arc<Outline>>,
    /// IANA time zone.
    pub timezone: Zone,
    /// Postcode, where the region has one of its own.
    pub postcode: Option<String>,
}

/// One region.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionAnswer {
    /// The region.
    #[serde(flatten)]
    pub region: RegionView,
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The regions right below it, in the order of their codes.
    pub children: Vec<RegionRef>,
    /// How many open facilities are in it.
    pub facilities: u32,
    /// The contacts to call, nearest first.
    pub contacts: Vec<ContactView>,
}

/// Many regions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionsAnswer {
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The regions in the order of their codes.
    pub regions: Vec<RegionView>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

/// A resource type.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TypeView {
    /// The code.
    pub code: TypeCode,
    /// The kind of question that it answers.
    pub kind: Kind,
    /// The label, in the language of the answer.
    pub label: String,
    /// The label in both languages.
    pub labels: Bilingual,
    /// With a ventilator; null when the type does not say.
    pub ventilator: Option<bool>,
    /// With negative pressure; null when the type does not say.
    pub negative_pressure: Option<bool>,
    /// The age group.
    pub age_group: Slug,
    /// Kept for one illness or group.
    pub reserved_for: Option<Slug>,
    /// Hours after which a number is no longer fresh.
    pub aging_after_h: u16,
    /// Hours after which a number is stale.
    pub stale_after_h: u16,
    /// The codes of other systems that mean this type.
    pub external_codes: Vec<String>,
    /// Other names that people use; reports, tables and questions may name the type by them.
    pub aliases: Vec<String>,
    /// No longer offered.
    pub retired: bool,
}

/// The resource types.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TypesAnswer {
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// The types by code.
    pub types: Vec<TypeView>,
}

/// A facility that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityHit {
    /// Our id.
    pub id: FacilityId,
    /// Ids in other systems.
    pub external_ids: Vec<ExternalId>,
    /// Its name.
    pub name: String,
    /// The kind of facility, such as `hospital`.
    pub kind: Slug,
    /// The region in which it lies.
    pub region: RegionPath,
    /// Telephones, best first; internal ones only for agents and up.
    pub phones: Vec<Phone>,
    /// Latitude, WGS 84.
    pub lat: Option<f64>,
    /// Longitude, WGS 84.
    pub lon: Option<f64>,
    /// Part of the demonstration: not real.
    pub simulated: bool,
    /// Closed for good.
    pub closed: bool,
    /// How well it fits, 0 to 1.
    pub score: f64,
}

/// A region that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionHit {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// The level, from province to village.
    pub level: Level,
    /// The names from the province down to this region.
    pub path: Vec<String>,
    /// Its point and the precision of that; null if unknown.
    pub located: Option<Located>,
    /// How well it fits, 0 to 1.
    pub score: f64,
}

/// Hits by name, alias, telephone or session title.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// How names in the question were read: say it, so that a wrong reading is noticed. Left out if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Resolved>,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// Regions, best first.
    pub regions: Vec<RegionHit>,
    /// Facilities, best first.
    pub facilities: Vec<FacilityHit>,
    /// Contacts, best first. Left out unless `include=contacts` asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contacts: Option<Vec<ContactView>>,
    /// Whether there were more than `limit` of one kind.
    pub more: bool,
}
