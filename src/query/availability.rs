//! Questions about what is free.

pub(crate) mod answer;

use std::collections::BTreeSet;

use crate::{
    domain::{
        freshness::Freshness,
        geo::{Located, Precision},
        ranking::Rank,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        resource_type::{
            Equipment::{With, Without},
            Kind, ResourceFilter, ResourceType, TypeCode,
        },
        text::Slug,
    },
    query::{
        DEFAULT_WITHIN_KM, Query, cursor, known_region, limit, name,
        params::{Near, Params, invalid},
    },
    snapshot::{Looked, Scope, Snapshot},
};

/// Where is something free?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AvailabilityQuery {
    /// Beds, isolation places, …
    pub kind: Kind,
    /// In this region; anywhere for `None`.
    pub region: Option<RegionCode>,
    /// Measured from here.
    pub near: Option<Near>,
    /// At most this far from `near`.
    pub within_km: Option<u32>,
    /// What is wanted.
    pub filter: ResourceFilter,
    /// How many must be free; 0 lists all.
    pub min: u32,
    /// The worst freshness that counts.
    pub freshness: Freshness,
    /// Only facilities with such a name.
    pub q: Option<String>,
    /// Items on a page.
    pub limit: u32,
    /// The last item of the page before.
    pub after: Option<Rank>,
}

impl std::hash::Hash for Rank {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0 as u8, self.1, self.2, self.3).hash(state);
    }
}

impl Query {
    /// Reads the parameters of `/v1/beds` and its like.
    pub fn availability(kind: Kind, query: &str, state: &Snapshot) -> Result<Self, Rejections> {
        let mut params = Params::parse(query)?;
        let area = area(&mut params, kind, state)?;
        let filter = filter(&mut params, kind, state)?;
        let mut query = AvailabilityQuery { filter, freshness: freshness(&mut params)?, ..area };
        let cursor = params.take_cursor()?;
        params.finish(
            "region, near, within, type, ventilator, negative_pressure, age_group, reserved_for, min, freshness, q, limit, cursor, as_of",
        )?;
        query.after = cursor.map(|text| cursor::open(&text, &query.without_page())).transpose()?;
        Ok(Self::Availability(query))
    }
}

impl AvailabilityQuery {
    /// Where distances are measured from; None if nowhere, or if nobody knows where the region is.
    pub(crate) fn origin(&self, state: &Snapshot) -> Option<Located> {
        match self.near? {
            Near::Region(code) => state.locate(code),
            near @ Near::Point(..) => {
                near.point().map(|point| Located { point, precision: Precision::Exact })
            }
        }
    }

    /// The scope that the answer depends on, as long as it need not look further than asked.
    pub(crate) fn scope(&self, state: &Snapshot) -> Scope {
        let (region, km, names) = (self.region, self.within_km, self.q.is_some());
        match (region, self.near) {
            // All is added up, so all numbers show.
            (None, None) => Scope::Country,
            (Some(region), None) if !names => Scope::Region(region),
            _ => Scope::Looked(Looked {
                // Only the circle is looked at.
                region: region.filter(|_| km.is_none()),
                origin: self.origin(state),
                km,
                names,
            }),
        }
    }

    /// The question that all its pages share.
    pub(crate) fn without_page(&self) -> Self {
        Self { after: None, limit: 0, ..self.clone() }
    }
}

/// Reads where a question looks, how many it wants, and how long its pages are.
pub(crate) fn area(
    params: &mut Params,
    kind: Kind,
    state: &Snapshot,
) -> Result<AvailabilityQuery, Rejection> {
    let region = known_region(params.take_region("region")?, "region", state)?;
    let near = params.take("near")?.map(|text| Near::parse(&text, "near")).transpose()?;
    if let Some(Near::Region(code)) = near {
        known_region(Some(code), "near", state)?;
    }
    let within_km = params.take_number("within", 1..=5000)?;
    if within_km.is_some() && near.is_none() {
        return Err(Rejection::old(
            Code::ParametersDisagree,
            "within",
            "'within' needs 'near': a distance from where?",
            "'within' memerlukan 'near': jarak dari mana?",
        ));
    }
    let around = (region.is_none() && near.is_some()).then_some(DEFAULT_WITHIN_KM);
    Ok(AvailabilityQuery {
        kind,
        region,
        near,
        within_km: within_km.or(around),
        filter: ResourceFilter::default(),
        min: params.take_number("min", 0..=10_000)?.unwrap_or(1),
        freshness: Freshness::Unknown,
        q: name(params)?,
        limit: limit(params)?,
        after: None,
    })
}

fn filter(params: &mut Params, kind: Kind, state: &Snapshot) -> Result<ResourceFilter, Rejection> {
    let mut types = Vec::new();
    for text in params.take_list("type")? {
        let code = TypeCode::parse(&text.to_ascii_lowercase(), "type")?;
        let known =
            state.resource_type(code.as_str()).filter(|resource| resource.kind == kind && !resource.retired);
        known.ok_or_else(|| state.unknown_type(&code, Some(kind), "type"))?;
        types.push(code);
    }
    types.sort();
    types.dedup();
    let of_kind = || state.resource_types().filter(|resource| resource.kind == kind && !resource.retired);
    // A type for any age fits the ages that types of other kinds are for, too.
    let ages = state.resource_types().filter(|resource| !resource.retired);
    let ages = ages.map(|resource| resource.age_group.as_str());
    let groups = of_kind().filter_map(|resource| resource.reserved_for.as_ref()).map(Slug::as_str);
    let mut equipment =
        |name| Ok::<_, Rejection>(params.take_bool(name)?.map(|with| if with { With } else { Without }));
    let filter = ResourceFilter {
        types,
        ventilator: equipment("ventilator")?,
        negative_pressure: equipment("negative_pressure")?,
        age_group: known_word(params, "age_group", ages.collect())?,
        reserved_for: known_word(params, "reserved_for", groups.chain(["none"]).collect())?,
    };
    let is_possible = |filter: &ResourceFilter| filter.is_empty() || !fitting(filter, kind, state).is_empty();
    if is_possible(&filter) {
        return Ok(filter);
    }
    filter.with_unrecorded().into_iter().find(is_possible).ok_or_else(|| impossible(&filter, kind, state))
}

/// The types of a kind that a wish fits.
fn fitting<'a>(filter: &ResourceFilter, kind: Kind, state: &'a Snapshot) -> Vec<&'a ResourceType> {
    let types = state.resource_types().map(|resource| &**resource);
    types.filter(|resource| resource.kind == kind && filter.fits(resource)).collect()
}

/// How many types are named as possible.
const MOST_SUGGESTED: usize = 5;

/// The refusal of a wish that no type of the kind can fulfil: to answer that there is none would be to say that
/// somebody looked.
fn impossible(filter: &ResourceFilter, kind: Kind, state: &Snapshot) -> Rejection {
    // What is like the named type, or for exactly that age, is meant sooner than the rest.
    let age_group = filter.age_group.as_ref();
    let likeness = |code: &TypeCode| {
        let named = filter.types.iter().map(|named| strsim::jaro_winkler(named.as_str(), code.as_str()));
        named.fold(0.0, f64::max)
    };
    let likeliest = |mut types: Vec<&ResourceType>| -> Vec<String> {
        types.sort_by(|one, other| {
            let of_age = |resource: &ResourceType| Some(&resource.age_group) != age_group;
            let by_age = of_age(one).cmp(&of_age(other));
            likeness(&other.code).total_cmp(&likeness(&one.code)).then(by_age)
        });
        types.into_iter().take(MOST_SUGGESTED).map(|resource| resource.code.to_string()).collect()
    };
    let same = || filter.clone();
    let without = [
        ("type", ResourceFilter { types: Vec::new(), ..same() }),
        ("ventilator", ResourceFilter { ventilator: None, ..same() }),
        ("negative_pressure", ResourceFilter { negative_pressure: None, ..same() }),
        ("age_group", ResourceFilter { age_group: None, ..same() }),
        ("reserved_for", ResourceFilter { reserved_for: None, ..same() }),
    ];
    let possible =
        without.into_iter().map(|(name, without)| (name, likeliest(fitting(&without, kind, state))));
    let (name, codes) = possible.into_iter().find(|(_, codes)| !codes.is_empty()).unwrap_or_default();
    let codes = codes.join(", ");
    let (en, id) = match name {
        "" => (String::new(), String::new()),
        _ => (format!("; without '{name}' there are {codes}"), format!("; tanpa '{name}' ada {codes}")),
    };
    Rejection::old(
        Code::ParametersDisagree,
        name,
        format!("no type is all of what is asked for{en}; /v1/types says what each is"),
        format!(
            "tidak ada jenis yang memenuhi semua yang diminta{id}; keterangan tiap jenis ada di /v1/types"
        ),
    )
}

/// A word that some type of the kind uses: another one would fit nothing, and look like an answer.
fn known_word(params: &mut Params, name: &str, known: BTreeSet<&str>) -> Result<Option<Slug>, Rejection> {
    let Some(text) = params.take(name)? else { return Ok(None) };
    let text = text.to_ascii_lowercase();
    if !known.contains(text.as_str()) {
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let rejection = invalid(name, &text, &known, &known);
        return Err(Rejection { code: Code::UnknownWord, ..rejection });
    }
    Slug::parse(&text, name).map(Some)
}

fn freshness(params: &mut Params) -> Result<Freshness, Rejection> {
    let Some(text) = params.take("freshness")? else {
        return Ok(Freshness::Unknown);
    };
    Freshness::ALL.into_iter().find(|freshness| freshness.name() == text).ok_or_else(|| {
        let names = "fresh, aging, stale, unknown";
        invalid("freshness", &text, names, names)
    })
}
