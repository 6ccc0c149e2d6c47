//! Questions about what is free.

pub(crate) mod answer;

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use utoipa::IntoParams;

use crate::{
    domain::{
        fields,
        freshness::Freshness,
        ranking::Rank,
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
        resource_type::{
            Equipment::{With, Without},
            Kind, ResourceFilter, ResourceType, TypeCode, age_groups_at,
        },
        text::Slug,
    },
    locales::Message,
    query::{
        Query,
        area::{Min, Place, Within},
        cursor::{Cursor, CursorText},
        params::{Limit, Moment, Near, Number, Words},
    },
    snapshot::{Contents, Snapshot},
};

/// Where is something free?
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AvailabilityQuery {
    /// Beds, isolation places, …
    #[serde(skip)]
    pub kind: Kind,
    /// The types and attributes that are asked for, in the vocabulary of the moment: [`Self::checked`] moves them here.
    #[serde(skip)]
    pub filter: ResourceFilter,
    /// A region at any level: its Kemendagri code, or its name; the whole country if left out
    #[param(inline, value_type = Option<RegionText>, example = "33.74")]
    pub region: Option<RegionCode>,
    /// Measure from here: `lat,lon` in degrees, or a region by code or name
    #[param(inline, value_type = Option<RegionText>, example = "33.74.10")]
    pub near: Option<Near>,
    /// At most so many kilometres from `near`; 50 if there is no `region`
    #[param(inline)]
    pub within: Option<Within>,
    /// Only these types, separated by commas: their codes, codes of other systems that they carry (`kemenkes:38`), or names
    #[serde(default)]
    #[param(inline, style = Form, explode = false, min_items = 1, example = json!(["bed.icu_vent"]))]
    r#type: Vec<String>,
    /// With a ventilator, or without. If no matching type records this, the answer includes types without the record and
    /// lists the parameter in `unrecorded`
    ventilator: Option<bool>,
    /// With negative pressure, or without; types without the record are included in the same way
    negative_pressure: Option<bool>,
    /// Fit for `adult`, `child` or `neonate`; types for any age fit too
    #[serde(default, deserialize_with = "word")]
    #[param(inline, example = "adult")]
    age_group: Option<Slug>,
    /// Fit for somebody of this age in years, in place of `age_group`: a child is younger than 18, and somebody of age 0 may
    /// be a newborn
    #[param(inline)]
    age: Option<Number<0, 130>>,
    /// Kept for this illness or group, such as `covid`; `none` for what is kept for nobody
    #[serde(default, deserialize_with = "word")]
    #[param(inline, example = "covid")]
    reserved_for: Option<Slug>,
    /// At least so many free, 1 if left out; 0 lists all, also the full and the unknown
    #[serde(default)]
    #[param(inline)]
    pub min: Min,
    /// For so many people together, such as a family; in place of `min`
    #[param(inline)]
    persons: Option<Number<1, 10_000>>,
    /// The worst freshness that counts: `fresh`, `aging`, `stale`, or `unknown` (all; if left out)
    #[serde(default)]
    #[param(inline)]
    pub freshness: Freshness,
    /// Only facilities with such a name
    #[param(inline)]
    pub q: Option<Words>,
    /// Facilities on a page, 20 if left out
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// `next` of the page before
    #[serde(default)]
    #[param(inline, value_type = Option<CursorText>)]
    pub cursor: Cursor<Rank>,
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(inline)]
    pub as_of: Option<Moment>,
}

/// What cannot be a word is no word of the vocabulary either.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Slug>, D::Error> {
    let unknown = |rejection| Rejection { code: Code::UnknownWord, ..rejection };
    fields::text(deserializer, |text| Slug::parse(text, "").map(Some).map_err(unknown))
}

impl std::hash::Hash for Rank {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0 as u8, self.1, self.2, self.3).hash(state);
    }
}

impl AvailabilityQuery {
    /// The query in canonical form.
    pub fn checked(mut self, kind: Kind, state: &Snapshot) -> Result<Query, Rejection> {
        self.place().check(state)?;
        self.within = self.place().usual_within();
        self.kind = kind;
        if let Some(persons) = self.persons.take() {
            if self.min != Min::USUAL {
                let detail = Message::new("one-of-two").arg("one", "persons").arg("other", "min");
                return Err(Rejection::new(Code::ParametersDisagree, "persons", detail));
            }
            self.min = persons.widened();
        }
        self.filter = self.filter(state)?;
        self.cursor.check(&self)?;
        Ok(Query::Availability(self))
    }

    /// Where it looks, and how much it wants there.
    pub(crate) fn place(&self) -> Place<'_> {
        let Self { region, near, within, min, .. } = *self;
        let (min, q) = (min.get(), self.q.as_deref().map(String::as_str));
        Place { region, near, within, min, q, contents: Contents::All }
    }

    fn filter(&mut self, state: &Snapshot) -> Result<ResourceFilter, Rejection> {
        let kind = self.kind;
        let given = std::mem::take(&mut self.r#type);
        let types = given.iter().map(|given| Ok(state.resolve_type(given, Some(kind))?.code.clone()));
        let mut types: Vec<TypeCode> =
            types.collect::<Result<_, Rejection>>().map_err(|rejection| rejection.under("type"))?;
        types.sort();
        types.dedup();
        let of_kind = || state.resource_types().filter(|resource| resource.kind == kind && !resource.retired);
        // A type for any age fits the ages that types of other kinds are for, too.
        let ages = state.resource_types().filter(|resource| !resource.retired);
        let ages = ages.map(|resource| resource.age_group.as_str());
        let groups = of_kind().filter_map(|resource| resource.reserved_for.as_ref()).map(Slug::as_str);
        let equipment = |with: Option<bool>| with.map(|with| if with { With } else { Without });
        let age = self.age.take();
        let age_group = known_word(self.age_group.take(), "age_group", ages.collect())?;
        if age.is_some() && age_group.is_some() {
            let detail = Message::new("one-of-two").arg("one", "age").arg("other", "age_group");
            return Err(Rejection::new(Code::ParametersDisagree, "age", detail));
        }
        let age_groups = match age {
            Some(years) => age_groups_at(years.get())
                .iter()
                .map(|word| Slug::parse(word, "age"))
                .collect::<Result<_, _>>()?,
            None => age_group.into_iter().collect(),
        };
        let filter = ResourceFilter {
            types,
            ventilator: equipment(self.ventilator.take()),
            negative_pressure: equipment(self.negative_pressure.take()),
            age_groups,
            reserved_for: known_word(
                self.reserved_for.take(),
                "reserved_for",
                groups.chain(["none"]).collect(),
            )?,
        };
        let is_possible =
            |filter: &ResourceFilter| filter.is_empty() || !fitting(filter, kind, state).is_empty();
        if is_possible(&filter) {
            return Ok(filter);
        }
        let widened = filter.with_unrecorded().into_iter().find(is_possible);
        let age_name = if age.is_some() { "age" } else { "age_group" };
        widened.ok_or_else(|| impossible(&filter, age_name, kind, state))
    }
}

/// The types of a kind that a wish fits.
fn fitting<'a>(filter: &ResourceFilter, kind: Kind, state: &'a Snapshot) -> Vec<&'a ResourceType> {
    let types = state.resource_types().map(|resource| &**resource);
    types.filter(|resource| resource.kind == kind && filter.fits(resource)).collect()
}

/// How many types are named as possible.
const MOST_SUGGESTED: usize = 5;

/// The refusal of a wish that no type of the kind can fulfil. We refuse, because an empty answer would falsely mean that
/// we searched.
fn impossible(filter: &ResourceFilter, age_name: &'static str, kind: Kind, state: &Snapshot) -> Rejection {
    // A type like the named one, or for exactly that age, is meant sooner than the rest.
    let likeness = |code: &TypeCode| {
        let named = filter.types.iter().map(|named| strsim::jaro_winkler(named.as_str(), code.as_str()));
        named.fold(0.0, f64::max)
    };
    let likeliest = |mut types: Vec<&ResourceType>| -> Vec<String> {
        types.sort_by(|one, other| {
            let of_age = |resource: &ResourceType| !filter.age_groups.contains(&resource.age_group);
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
        (age_name, ResourceFilter { age_groups: Vec::new(), ..same() }),
        ("reserved_for", ResourceFilter { reserved_for: None, ..same() }),
    ];
    let possible =
        without.into_iter().map(|(name, without)| (name, likeliest(fitting(&without, kind, state))));
    let (name, codes) = possible.into_iter().find(|(_, codes)| !codes.is_empty()).unwrap_or_default();
    let detail = Message::new("no-type-is-all")
        .arg("without", Some(name).filter(|name| !name.is_empty()))
        .arg("codes", codes);
    Rejection::new(Code::ParametersDisagree, name, detail)
}

/// A word that some type of the kind uses: another one would fit nothing, and look like an answer.
fn known_word(word: Option<Slug>, name: &str, known: BTreeSet<&str>) -> Result<Option<Slug>, Rejection> {
    let Some(unknown) = word.as_ref().filter(|word| !known.contains(word.as_str())) else {
        return Ok(word);
    };
    let known: Vec<String> = known.into_iter().map(str::to_owned).collect();
    let detail = Message::new("none-of").arg("text", unknown.to_string()).arg("known", known);
    Err(Rejection::new(Code::UnknownWord, name, detail))
}
