//! Queries in canonical form, and their answers.
//!
//! A [`Query`] is what was asked, however it was written; [`Answers`] gives its bytes. Bytes are made once per
//! (query, audience, representation, version) and shared.

pub mod answer;
pub mod area;
pub mod availability;
pub mod cache;
pub mod completeness;
pub mod cursor;
pub mod facilities;
pub mod filter;
pub mod history;
pub mod marks;
pub mod overview;
pub mod params;
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
    availability::AvailabilityQuery,
    completeness::{CompletenessQuery, RemindersQuery},
    vaccinations::VaccinationsQuery,
};
use crate::{
    domain::{
        facility::{FacilityId, FacilityRef, Flag},
        region_code::{Level, RegionCode},
        rejection::{Code, Rejection, Rejections},
        resource_type::Kind,
        text::{Slug, short_text},
    },
    query::{
        availability::area,
        params::{Params, invalid},
    },
    snapshot::{Looked, Scope, Snapshot},
};

/// Items on a page if nothing else is asked.
pub const DEFAULT_LIMIT: u32 = 20;
/// The most items on a page.
pub const MAX_LIMIT: u32 = 200;
/// How far a question without a region looks around its place at first, in kilometres.
pub const DEFAULT_WITHIN_KM: u32 = 50;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Query {
    /// Where is something free?
    Availability(AvailabilityQuery),
    /// Where can one be vaccinated?
    Vaccinations(VaccinationsQuery),
    /// Which facilities are there?
    Facilities(FacilitiesQuery),
    /// What about this facility?
    Facility(FacilityId),
    /// Which regions are there?
    Regions(RegionsQuery),
    /// What about this region?
    Region(RegionCode),
    /// What does this region have in all?
    Overview(RegionCode),
    /// Who has reported?
    Completeness(CompletenessQuery),
    /// Whose report became due?
    Reminders(RemindersQuery),
    /// What is called so?
    Search(SearchQuery),
    /// What is counted?
    Types(Option<Kind>),
}

/// Which facilities are there?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FacilitiesQuery {
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Only of this kind.
    pub kind: Option<Slug>,
    /// Only with this flag.
    pub flag: Option<Flag>,
    /// Only facilities with such a name.
    pub q: Option<String>,
    /// Closed ones too.
    pub closed: bool,
    /// Items on a page.
    pub limit: u32,
    /// The last item of the page before.
    pub after: Option<FacilityId>,
}

/// Which regions are there?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegionsQuery {
    /// Below this region; of the whole country for `None`.
    pub parent: Option<RegionCode>,
    /// Of this level; right below the parent for `None`.
    pub level: Option<Level>,
    /// Items on a page.
    pub limit: u32,
    /// The last item of the page before.
    pub after: Option<RegionCode>,
}

/// What is called so?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchQuery {
    /// The name, or part of one, or a telephone number.
    pub q: String,
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Items of each sort.
    pub limit: u32,
}

impl Query {
    /// Reads the parameters of `/v1/facilities`.
    pub fn facilities(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let flag = params.take("flag")?.map(|text| {
            serde_json::from_value(serde_json::Value::String(text.clone())).map_err(|_| {
                let flags = "region_unsure, location_doubtful, location_invalid";
                invalid("flag", &text, flags, flags)
            })
        });
        let mut query = FacilitiesQuery {
            region: known_region(params.take_region("region")?, "region", state)?,
            kind: params.take_slug("kind")?,
            flag: flag.transpose()?,
            q: name(&mut params)?,
            closed: params.take_bool("closed")?.unwrap_or(false),
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("region, kind, flag, q, closed, limit, cursor")?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(Self::Facilities(query))
    }

    /// Reads the parameters of `/v1/regions`.
    pub fn regions(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let level = params.take("level")?.map(|text| {
            serde_json::from_value(serde_json::Value::String(text.clone())).map_err(|_| {
                let levels = "provinsi, kabkota, kecamatan, desa";
                invalid("level", &text, levels, levels)
            })
        });
        let mut query = RegionsQuery {
            parent: known_region(params.take_region("parent")?, "parent", state)?,
            level: level.transpose()?,
            limit: limit(&mut params)?,
            after: None,
        };
        let cursor = params.take_cursor()?;
        params.finish("parent, level, limit, cursor")?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(Self::Regions(query))
    }

    /// Reads the parameters of `/v1/search`.
    pub fn search(query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let q = name(&mut params)?.ok_or_else(|| {
            Rejection::old(
                Code::MissingField,
                "q",
                "say what to look for: q=kariadi",
                "sebutkan yang dicari: q=kariadi",
            )
        })?;
        let region = known_region(params.take_region("region")?, "region", state)?;
        let limit = limit(&mut params)?;
        params.finish("q, region, limit")?;
        Ok(Self::Search(SearchQuery { q, region, limit }))
    }

    /// Reads the parameters of `/v1/types`.
    pub fn types(query: &str) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let kind = params.take("kind")?.map(|text| match text.as_str() {
            "bed" => Ok(Kind::Bed),
            "isolation" => Ok(Kind::Isolation),
            "vaccination" => Ok(Kind::Vaccination),
            _ => Err(invalid("kind", &text, "bed, isolation, vaccination", "bed, isolation, vaccination")),
        });
        let kind = kind.transpose()?;
        params.finish("kind")?;
        Ok(Self::Types(kind))
    }

    /// Reads what a path calls a facility; it has no parameters of its own.
    pub fn facility(id: &str, query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        Params::parse(query)?.finish("as_of")?;
        let reference = FacilityRef::parse(id, "id")?;
        let known = state.resolve(&reference).ok_or_else(|| FacilityRef::unknown(id, "id"))?;
        Ok(Self::Facility(known.facility.id))
    }

    /// Reads a region's code in a path; it has no parameters.
    pub fn region(code: &str, query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        Params::parse(query)?.finish("none")?;
        region_in_path(code, state).map(Self::Region)
    }

    /// Reads a region's code in a path, for its overview; it has no parameters of its own.
    pub fn overview(code: &str, query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        Params::parse(query)?.finish("as_of")?;
        region_in_path(code, state).map(Self::Overview)
    }

    /// What the answer depends on, as long as it need not look further than asked.
    pub fn scope(&self, state: &Snapshot) -> Scope {
        let area = |region: Option<RegionCode>| region.map_or(Scope::Country, Scope::Region);
        match self {
            Self::Availability(query) => query.scope(state),
            Self::Vaccinations(query) => query.area.scope(state),
            Self::Facilities(FacilitiesQuery { q: Some(_), region: Some(region), .. }) => {
                Scope::Looked(Looked { region: Some(*region), origin: None, km: None, names: true })
            }
            Self::Facilities(query) => area(query.region),
            Self::Facility(id) => {
                state.facility(*id).map_or(Scope::Country, |state| Scope::Region(state.facility.region))
            }
            Self::Regions(query) => area(query.parent),
            Self::Region(code) | Self::Overview(code) => Scope::Region(*code),
            Self::Completeness(query) => area(query.region),
            Self::Reminders(query) => area(query.region),
            Self::Search(_) => Scope::Names,
            Self::Types(_) => Scope::Types,
        }
    }
}

impl FacilitiesQuery {
    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}

impl RegionsQuery {
    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}

fn region_in_path(code: &str, state: &Snapshot) -> Result<RegionCode, Rejections> {
    let code = RegionCode::parse(code, "code")?;
    known_region(Some(code), "code", state)?;
    Ok(code)
}

/// Refuses a region that is not in the directory.
pub fn known_region(
    code: Option<RegionCode>,
    pointer: &str,
    state: &Snapshot,
) -> Result<Option<RegionCode>, Rejection> {
    match code.filter(|code| state.region(*code).is_none()) {
        None => Ok(code),
        Some(unknown) => Err(Rejection::old(
            Code::UnknownRegion,
            pointer,
            format!("no region {unknown} in the directory; look it up by name at /v1/search?q=…"),
            format!("tidak ada wilayah {unknown} di direktori; cari namanya di /v1/search?q=…"),
        )),
    }
}

fn name(params: &mut Params) -> Result<Option<String>, Rejection> {
    let spaced = |text: String| text.to_lowercase().replace(char::is_control, " ");
    let text = params.take("q")?.map(spaced).filter(|text| !text.trim().is_empty());
    text.map(|text| short_text(&text, 100, "q")).transpose()
}

fn limit(params: &mut Params) -> Result<u32, Rejection> {
    Ok(params.take_number("limit", 1..=MAX_LIMIT)?.unwrap_or(DEFAULT_LIMIT))
}
