//! Resource types: what is counted. They are data; a new bed class needs no release.

use crate::locales::{Bilingual, Message};
use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields,
    rejection::{Code, Rejection},
    text::Slug,
};

/// Which question a type answers.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A bed in a hospital.
    #[default]
    Bed,
    /// A place in a centralized isolation site.
    Isolation,
    /// A place in a vaccination session.
    Vaccination,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Bed, Self::Isolation, Self::Vaccination];

    /// Whether a facility of this kind can have such places although it has never reported.
    pub fn is_expected_of(self, facility: &Slug) -> bool {
        match (self, facility.as_str()) {
            (Self::Isolation, word) => word == "isolation_site",
            (Self::Vaccination, word) => word == "vaccination_site",
            (Self::Bed, word) => word != "isolation_site" && word != "vaccination_site",
        }
    }
}

/// The code of a resource type, such as `bed.icu_vent`: lower-case words joined by dots, at most 60 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, pattern = r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", max_length = 60, example = "bed.icu_vent")]
pub struct TypeCode(Arc<str>);

impl TypeCode {
    /// Reads a code; the refusal blames `pointer`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if text.len() <= 60 && text.split('.').all(word) {
            return Ok(Self(text.into()));
        }
        Err(Rejection::new(
            Code::InvalidTypeCode,
            pointer,
            Message::new("invalid-type-code").arg("text", text.to_string()),
        ))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TypeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for TypeCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for TypeCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

/// A resource type as it is stored: a change carries the whole of it. Types of one kind are disjoint,
/// so their numbers can be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResourceType {
    /// The code.
    pub code: TypeCode,
    /// The kind of question that it answers.
    pub kind: Kind,
    /// The name that people use.
    pub label: Bilingual,
    /// Whether it comes with a ventilator; null when the type does not say.
    #[serde(default)]
    pub ventilator: Option<bool>,
    /// Whether the room has negative pressure; null when the type does not say.
    #[serde(default)]
    pub negative_pressure: Option<bool>,
    /// The age group: `any`, `adult`, `child`, `neonate`, or another word.
    pub age_group: Slug,
    /// Kept for one illness or group, such as `covid`.
    #[serde(default)]
    pub reserved_for: Option<Slug>,
    /// Hours after which a number is no longer fresh.
    pub aging_after_h: u16,
    /// Hours after which a number is stale.
    pub stale_after_h: u16,
    /// The codes of other systems that mean this type: `kemenkes:38`, `aplicares:ICU`.
    #[serde(default)]
    pub external_codes: Vec<String>,
    /// Other names that people use: `ICU ventilator`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// No longer offered in answers; its numbers and history stay.
    #[serde(default)]
    pub retired: bool,
}

impl ResourceType {
    /// What people call it: its labels and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        [&self.label.id, &self.label.en].into_iter().chain(&self.aliases)
    }

    /// Its labels without what stands in brackets, which other types may be called, too.
    pub fn short_names(&self) -> impl Iterator<Item = String> {
        [&self.label.id, &self.label.en].into_iter().map(|label| without_brackets(label))
    }
}

fn without_brackets(label: &str) -> String {
    match (label.find('('), label.find(')')) {
        (Some(open), Some(close)) if open < close => [&label[..open], &label[close + 1..]].concat(),
        _ => label.to_owned(),
    }
}

/// Whether something is wished to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Equipment {
    /// The type records that it has the equipment.
    With,
    /// With it, if that is recorded: a type that does not say fits, too.
    IncludeUnspecified,
    /// Without it: what a type does not say it has none of.
    Without,
}

impl Equipment {
    fn fits(self, has: Option<bool>) -> bool {
        match self {
            Self::With => has == Some(true),
            Self::IncludeUnspecified => has != Some(false),
            Self::Without => has != Some(true),
        }
    }
}

/// The age groups of the types that take somebody of this age in years. Permenkes 25/2014 on the health of children, article
/// 1: a newborn is 0 to 28 days old, a child is younger than 18 years. So somebody of age 0 may be either.
pub const fn age_groups_at(years: u32) -> &'static [&'static str] {
    match years {
        0 => &["child", "neonate"],
        1..18 => &["child"],
        18.. => &["adult"],
    }
}

/// A question about types by attribute; the empty wish fits every type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ResourceFilter {
    /// Only these codes (sorted, without doubles); empty means any.
    pub types: Vec<TypeCode>,
    /// With a ventilator, or without one.
    pub ventilator: Option<Equipment>,
    /// With negative pressure, or without.
    pub negative_pressure: Option<Equipment>,
    /// Fit for one of these age groups (sorted, without doubles); empty means any.
    pub age_groups: Vec<Slug>,
    /// Reserved for this group; `none` asks for what is reserved for nobody.
    pub reserved_for: Option<Slug>,
}

impl ResourceFilter {
    /// Whether `resource` fits. A type for `any` age fits every age group but newborns, who need a ward of their own.
    /// If unrecorded equipment is allowed, the age group must match exactly.
    pub fn fits(&self, resource: &ResourceType) -> bool {
        let flag = |filter: Option<Equipment>, has| filter.is_none_or(|filter| filter.fits(has));
        let is_for = |asked: &Slug| {
            let group = resource.age_group.as_str();
            let is_for_any = group == "any" && asked.as_str() != "neonate" && !self.allows_unrecorded();
            group == asked.as_str() || is_for_any
        };
        !resource.retired
            && (self.types.is_empty() || self.types.contains(&resource.code))
            && flag(self.ventilator, resource.ventilator)
            && flag(self.negative_pressure, resource.negative_pressure)
            && (self.age_groups.is_empty() || self.age_groups.iter().any(is_for))
            && self.reserved_for.as_ref().is_none_or(|asked| match &resource.reserved_for {
                Some(reserved) => reserved == asked,
                None => asked.as_str() == "none",
            })
    }

    /// Whether anything was wished for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a type fits that does not say all that is wished for.
    fn allows_unrecorded(&self) -> bool {
        [self.ventilator, self.negative_pressure].contains(&Some(Equipment::IncludeUnspecified))
    }

    /// The wish for what may have the equipment because nobody recorded whether it does, the strictest first. Only a
    /// wish that names types or an age group can be widened so: else nearly every type would fit.
    pub fn with_unrecorded(&self) -> Vec<Self> {
        let maybe = |filter: Option<Equipment>| {
            filter.map(|filter| match filter {
                Equipment::With => Equipment::IncludeUnspecified,
                other => other,
            })
        };
        if self.types.is_empty() && self.age_groups.is_empty() {
            return Vec::new();
        }
        let (ventilator, negative_pressure) = (maybe(self.ventilator), maybe(self.negative_pressure));
        let of_one = [
            Self { ventilator, ..self.clone() },
            Self { negative_pressure, ..self.clone() },
            Self { ventilator, negative_pressure, ..self.clone() },
        ];
        let mut filters: Vec<Self> = of_one.into_iter().filter(Self::allows_unrecorded).collect();
        filters.dedup();
        filters
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{
        Equipment::{IncludeUnspecified, With, Without},
        *,
    };

    fn resource(ventilator: Option<bool>, age_group: &str, reserved_for: Option<&str>) -> ResourceType {
        ResourceType {
            code: TypeCode::parse("bed.icu", "").unwrap(),
            kind: Kind::Bed,
            label: Bilingual::new("ICU", "ICU"),
            ventilator,
            negative_pressure: None,
            age_group: Slug::parse(age_group, "").unwrap(),
            reserved_for: reserved_for.map(|word| Slug::parse(word, "").unwrap()),
            aging_after_h: 4,
            stale_after_h: 12,
            external_codes: vec![],
            aliases: vec![],
            retired: false,
        }
    }

    fn filter(
        ventilator: Option<Equipment>,
        age_group: Option<&str>,
        reserved_for: Option<&str>,
    ) -> ResourceFilter {
        let slug = |word: &str| Slug::parse(word, "").unwrap();
        ResourceFilter {
            ventilator,
            age_groups: age_group.map(slug).into_iter().collect(),
            reserved_for: reserved_for.map(slug),
            ..ResourceFilter::default()
        }
    }

    #[rstest]
    #[case(filter(None, None, None), true)]
    #[case(filter(Some(With), None, None), true)]
    #[case(filter(Some(IncludeUnspecified), None, None), true)]
    #[case(filter(Some(Without), None, None), false)]
    #[case(filter(None, Some("child"), None), true)]
    #[case(filter(None, Some("adult"), None), false)]
    #[case(filter(None, None, Some("covid")), true)]
    #[case(filter(None, None, Some("none")), false)]
    fn a_wish_fits_by_attribute(#[case] filter: ResourceFilter, #[case] fits: bool) {
        assert_eq!(filter.fits(&resource(Some(true), "child", Some("covid"))), fits);
    }

    #[test]
    fn what_a_type_does_not_say_is_no_ventilator_and_no_reservation() {
        let ward = resource(None, "any", None);
        assert!(!filter(Some(With), None, None).fits(&ward));
        assert!(filter(Some(Without), Some("child"), Some("none")).fits(&ward));
        assert!(!filter(None, None, Some("covid")).fits(&ward));
    }

    #[rstest]
    #[case(0, "neonate", true)]
    #[case(0, "child", true)]
    #[case(0, "any", true)]
    #[case(0, "adult", false)]
    #[case(1, "neonate", false)]
    #[case(17, "child", true)]
    #[case(17, "adult", false)]
    #[case(18, "adult", true)]
    #[case(18, "child", false)]
    #[case(90, "any", true)]
    fn a_type_takes_people_of_its_age(#[case] years: u32, #[case] age_group: &str, #[case] fits: bool) {
        let groups = age_groups_at(years).iter().map(|word| Slug::parse(word, "").unwrap());
        let filter = ResourceFilter { age_groups: groups.collect(), ..ResourceFilter::default() };
        assert_eq!(filter.fits(&resource(None, age_group, None)), fits);
    }

    #[test]
    fn what_need_not_be_recorded_must_be_for_that_age() {
        let asked = filter(Some(With), Some("child"), None);
        let [maybe] = &asked.with_unrecorded()[..] else { panic!("one attribute may be missing") };
        for (ventilator, age_group, fits) in [
            (None, "child", true),
            (Some(true), "child", true),
            (Some(false), "child", false),
            (None, "any", false),
        ] {
            assert_eq!(
                maybe.fits(&resource(ventilator, age_group, None)),
                fits,
                "{ventilator:?} {age_group}"
            );
        }
        assert_eq!(filter(Some(With), None, None).with_unrecorded(), []);
        assert_eq!(filter(Some(Without), Some("child"), None).with_unrecorded(), []);
    }
}
