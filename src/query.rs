//! Queries in canonical form, and their answers.
//!
//! A [`Query`] is a question, however it was written; [`Answers`] gives its bytes. Bytes are made once per
//! (query, audience, representation, version) and shared.

pub mod answer;
pub mod area;
pub mod ask;
pub mod audit;
pub mod availability;
pub mod cache;
pub mod completeness;
pub mod cursor;
pub mod duplicates;
pub mod facilities;
pub mod facility_json;
pub mod filter;
pub mod history;
pub mod marks;
pub mod overview;
pub mod params;
pub mod query_string;
pub mod regions;
pub mod review;
pub mod search;
pub mod totals;
pub mod unmet_demand;
pub mod vaccinations;
pub mod view;

pub use self::cache::Answers;

pub(crate) use crate::query::vaccinations::today;
pub use crate::query::{
    ask::{AskParams, AskQuery},
    availability::AvailabilityQuery,
    completeness::{CompletenessQuery, RemindersQuery},
    vaccinations::VaccinationsQuery,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        facility::{FacilityId, FacilityRef, Flag},
        region_code::{Level, RegionCode},
        region_name::RegionText,
        rejection::{Code, Rejection},
        resource_type::Kind,
        text::Slug,
    },
    locales::Message,
    query::{
        cursor::{Cursor, CursorText},
        params::{Limit, Words},
    },
    render::model::Resolved,
    snapshot::{Contents, Looked, Scope, Snapshot},
};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Query {
    /// Where is something free?
    Availability(AvailabilityQuery),
    /// Where can one be vaccinated?
    Vaccinations(VaccinationsQuery),
    /// Which facilities are there?
    Facilities(FacilitiesQuery),
    /// One facility.
    Facility(FacilityId),
    /// Which regions are there?
    Regions(RegionsQuery),
    /// One region.
    Region(RegionCode),
    /// The overview of a region.
    Overview(RegionCode),
    /// The completeness of reports.
    Completeness(CompletenessQuery),
    /// Lists the facilities whose report became due.
    Reminders(RemindersQuery),
    /// A search by name.
    Search(SearchQuery),
    /// The types that are counted.
    Types(TypesQuery),
    /// A question in one box.
    Ask(AskQuery),
}

/// A question, and how names in it were read: the answer shows both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The question.
    pub query: Query,
    /// How names in it were read.
    pub resolved: Vec<Resolved>,
}

/// Which facilities are there?
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FacilitiesQuery {
    /// A region at any level: its Kemendagri code, or its name
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    pub region: Option<RegionCode>,
    /// Only of this kind, such as `hospital`
    #[param(inline)]
    pub kind: Option<Slug>,
    /// Only with this flag: `region_unsure`, `location_doubtful`, `location_invalid`, `phone_unsure`
    #[param(inline)]
    pub flag: Option<Flag>,
    /// Only with such a name
    #[param(inline)]
    pub q: Option<Words>,
    /// Closed ones too
    #[serde(default)]
    pub closed: bool,
    /// Facilities on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<FacilityId>,
}

/// Which regions are there?
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegionsQuery {
    /// Only regions in this one; right below it unless `level` says deeper
    #[param(inline, value_type = Option<RegionText>, example = "33")]
    pub parent: Option<RegionCode>,
    /// `provinsi`, `kabkota`, `kecamatan` or `desa`
    #[param(inline)]
    pub level: Option<Level>,
    /// Regions on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<RegionCode>,
}

/// A search by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// The name, part of it, or a telephone number
    #[param(inline, example = "kariadi")]
    pub q: Words,
    /// Only in this region
    #[param(inline, value_type = Option<RegionText>)]
    pub region: Option<RegionCode>,
    /// `contacts`: also the offices and people to call, by name, role and region, such as `dinkes semarang`
    #[param(inline)]
    pub include: Option<Included>,
    /// At most so many of each, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
}

/// What a search finds beside regions and facilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Included {
    /// The contacts.
    Contacts,
}

/// The types that are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TypesQuery {
    /// Only `bed`, `isolation` or `vaccination`
    #[param(inline)]
    pub kind: Option<Kind>,
}

impl FacilitiesQuery {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.region, "region", state)?;
        self.cursor.check(&self)?;
        Ok(Query::Facilities(self))
    }
}

impl RegionsQuery {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.parent, "parent", state)?;
        self.cursor.check(&self)?;
        Ok(Query::Regions(self))
    }
}

impl SearchQuery {
    /// The query in canonical form.
    pub fn checked(self, state: &Snapshot) -> Result<Query, Rejection> {
        known_region(self.region, "region", state)?;
        Ok(Query::Search(self))
    }

    /// The scope of the answer.
    pub(crate) const fn scope(&self) -> Scope {
        match self.include {
            None => Scope::Names,
            Some(Included::Contacts) => Scope::Country(Contents::WithoutNumbers),
        }
    }
}

impl Query {
    /// The query for the facility that a path names.
    pub fn facility(reference: &FacilityRef, state: &Snapshot) -> Result<Self, Rejection> {
        let known = state.resolve(reference);
        let known = known.ok_or_else(|| FacilityRef::unknown(&reference.to_string(), "id"))?;
        Ok(Self::Facility(known.facility.id))
    }

    /// The query for the region that a path names.
    pub fn region(code: RegionCode, state: &Snapshot) -> Result<Self, Rejection> {
        known_region(Some(code), "code", state)?;
        Ok(Self::Region(code))
    }

    /// The query for the overview of the region that a path names.
    pub fn overview(code: RegionCode, state: &Snapshot) -> Result<Self, Rejection> {
        known_region(Some(code), "code", state)?;
        Ok(Self::Overview(code))
    }

    /// Whether the answer, as JSON, usually takes a fraction of a millisecond, and a few milliseconds where it looks
    /// through the whole country in the end. Sessions take longer, day by day.
    pub(crate) fn is_quick(&self) -> bool {
        match self {
            Self::Availability(query) => query.place().is_small(),
            Self::Facility(_) => true,
            _ => false,
        }
    }

    /// The scope of the answer, as long as it need not look further than asked.
    pub fn scope(&self, state: &Snapshot) -> Scope {
        let area = Scope::everything;
        match self {
            Self::Availability(query) => query.place().scope(state),
            Self::Vaccinations(query) => query.place().scope(state),
            Self::Facilities(FacilitiesQuery { q: Some(_), region: Some(region), .. }) => {
                Scope::Looked(Looked {
                    region: Some(*region),
                    origin: None,
                    km: None,
                    names: true,
                    contents: Contents::All,
                })
            }
            Self::Facilities(query) => area(query.region),
            Self::Facility(id) => area(state.facility(*id).map(|state| state.facility.region)),
            Self::Regions(query) => area(query.parent),
            Self::Region(code) | Self::Overview(code) => area(Some(*code)),
            Self::Completeness(query) => area(query.region),
            Self::Reminders(query) => area(query.region),
            Self::Search(query) => query.scope(),
            Self::Types(_) => Scope::Types,
            Self::Ask(query) => match &query.requests[..] {
                [request] => request.query.scope(state),
                _ => area(None),
            },
        }
    }
}

/// Refuses a region that is not in the directory.
pub fn known_region(
    code: Option<RegionCode>,
    pointer: &str,
    state: &Snapshot,
) -> Result<Option<RegionCode>, Rejection> {
    match code.filter(|code| state.region(*code).is_none()) {
        None => Ok(code),
        Some(unknown) => {
            let detail = Message::new("unknown-region").arg("code", unknown.to_string());
            Err(Rejection::new(Code::UnknownRegion, pointer, detail))
        }
    }
}
