//! Wishes, attribute by attribute: as they are counted where nothing fitted, and as an agent would say them.

use std::collections::BTreeSet;

use crate::{
    domain::{
        freshness::Freshness,
        lexicon,
        resource_type::{
            Equipment::{self, IncludeUnspecified, With, Without},
            ResourceFilter, ResourceType, TypeCode,
        },
        session::product_name,
        text::Slug,
    },
    locales::{Language, Message, Value, render},
    query::{AvailabilityQuery, VaccinationsQuery, params::Words, view::View},
};
/// One attribute of what is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Attribute {
    /// With a ventilator, or without.
    Ventilator(Equipment),
    /// With negative pressure, or without.
    NegativePressure(Equipment),
    /// For people of one of these age groups.
    AgeGroup(Vec<Slug>),
    /// Kept for this group; `none` for what is kept for nobody.
    ReservedFor(Slug),
    /// Vaccinated with this product.
    Product(Slug),
    /// This dose.
    Dose(u32),
    /// For somebody of this age.
    Age(u32),
    /// Without booking, or booked.
    WalkIn(bool),
}
use Attribute::{Age, AgeGroup, Dose, NegativePressure, Product, ReservedFor, Ventilator, WalkIn};

fn of_places(filter: &ResourceFilter) -> impl Iterator<Item = Attribute> {
    let ResourceFilter { types: _, ventilator, negative_pressure, age_groups, reserved_for } = filter;
    let attributes = [
        ventilator.map(Ventilator),
        negative_pressure.map(NegativePressure),
        (!age_groups.is_empty()).then(|| AgeGroup(age_groups.clone())),
        reserved_for.clone().map(ReservedFor),
    ];
    attributes.into_iter().flatten()
}

/// The parameters that no fitting type records: the caller has to ask the facility.
pub(crate) fn unrecorded(filter: &ResourceFilter) -> Vec<&'static str> {
    let equipment = [("ventilator", filter.ventilator), ("negative_pressure", filter.negative_pressure)];
    equipment
        .into_iter()
        .filter(|(_, filter)| *filter == Some(IncludeUnspecified))
        .map(|(name, _)| name)
        .collect()
}

fn of_sessions(query: &VaccinationsQuery) -> impl Iterator<Item = Attribute> {
    let attributes = [
        query.product.clone().map(Product),
        query.dose.map(|dose| Dose(dose.get())),
        query.age.map(|age| Age(age.get())),
        query.walk_in.map(WalkIn),
    ];
    attributes.into_iter().flatten()
}

/// A wish for places as it is counted: `ventilator=true&age_group=child`, after the types if it names any.
pub(crate) fn places_counted(filter: &ResourceFilter) -> String {
    let types = filter.types.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let types = (!types.is_empty()).then_some(types);
    types.into_iter().chain(of_places(filter).map(|attribute| attribute.code())).collect::<Vec<_>>().join("&")
}

/// A wish for a vaccination as it is counted: without its days, and with an age group in place of the age.
pub(crate) fn sessions_counted(query: &VaccinationsQuery) -> String {
    of_sessions(query).map(|attribute| attribute.code()).collect::<Vec<_>>().join("&")
}

/// The requested attributes, as an agent would say them.
pub(crate) fn places_in_words(view: View<'_>, query: &AvailabilityQuery) -> Vec<String> {
    let filter = &query.filter;
    let freshness = match query.freshness {
        Freshness::Fresh => Some(Message::new("wish-fresh-only")),
        Freshness::Aging => Some(Message::new("wish-not-stale")),
        Freshness::Stale => Some(Message::new("wish-known-only")),
        Freshness::Unknown => None,
    };
    let types = type_names(view, query);
    let is_told = |attribute: &Attribute| {
        let says = |name: &String| {
            let terms = lexicon::telling(&lexicon::words(name));
            attribute.term().is_some_and(|term| terms.iter().any(|said| *said == term))
        };
        !types.is_empty() && types.iter().all(says)
    };
    let attributes: Vec<Value> = of_places(filter)
        .filter(|attribute| !is_told(attribute))
        .map(|attribute| attribute.in_words())
        .collect();
    let types = (!types.is_empty()).then(|| Value::choice(types));
    let more = named(query.q.as_ref()).into_iter().chain(freshness).map(Value::from);
    in_language(types.into_iter().chain(attributes).chain(more), view.language)
}

/// The requested attributes of a vaccination in words, without its days.
pub(crate) fn sessions_in_words(query: &VaccinationsQuery, language: Language) -> Vec<String> {
    let attributes = of_sessions(query).map(|attribute| attribute.in_words());
    in_language(attributes.chain(named(query.q.as_ref()).map(Value::from)), language)
}

/// The names of the types that are asked for. Those that differ only in their attributes, and are all that fit, have one
/// name: "ICU (semua jenis)".
fn type_names(view: View<'_>, query: &AvailabilityQuery) -> Vec<String> {
    let filter = &query.filter;
    let any_type = ResourceFilter { types: Vec::new(), ..filter.clone() };
    let is_any = of_places(filter).next().is_none();
    let mut names: Vec<String> = Vec::new();
    let mut told: BTreeSet<&TypeCode> = BTreeSet::new();
    for code in &filter.types {
        if told.contains(code) {
            continue;
        }
        let core = view.state.resource_type(code.as_str()).map(|resource| core(&resource.label.id));
        let alike: Vec<&ResourceType> = view
            .state
            .resource_types()
            .map(|resource| &**resource)
            .filter(|other| other.kind == query.kind && !other.retired)
            .filter(|other| core.as_ref().is_some_and(|core| self::core(&other.label.id) == *core))
            .collect();
        let fitting: Vec<&TypeCode> =
            alike.iter().filter(|other| any_type.fits(other)).map(|other| &other.code).collect();
        let is_all = fitting.len() > 1 && fitting.iter().all(|code| filter.types.contains(code));
        let plain = core.filter(|_| is_all).and_then(|core| plain_name(&alike, &core, view.language));
        match plain {
            Some(name) if is_any => {
                names.push(render(&Message::new("wish-all-types").arg("name", name), view.language));
            }
            Some(name) => names.push(name),
            None => {
                names.push(view.label(code.as_str()));
                told.insert(code);
                continue;
            }
        }
        told.extend(fitting);
    }
    names
}

/// What a label says that a type is, without its attributes and ages.
fn core(label: &str) -> Vec<String> {
    let mut terms = lexicon::telling(&lexicon::words(label));
    terms.retain(|term| lexicon::is_core(term));
    terms
}

/// The name of one of the types that says only what all of them are: its label without brackets, else another name.
fn plain_name(types: &[&ResourceType], core: &[String], language: Language) -> Option<String> {
    let labels = types.iter().filter_map(|resource| match language {
        Language::Id => resource.short_names().next(),
        Language::En => resource.short_names().nth(1),
    });
    let others = types.iter().flat_map(|resource| resource.short_names().chain(resource.names().cloned()));
    let mut names = labels.chain(others).map(|name| name.trim().to_owned());
    names.find(|name| lexicon::telling(&lexicon::words(name)) == core)
}

fn named(q: Option<&Words>) -> Option<Message> {
    q.map(|q| Message::new("wish-named").arg("name", q.to_string()))
}

fn in_language(values: impl Iterator<Item = Value>, language: Language) -> Vec<String> {
    values.map(|value| value.to_text(language).into_owned()).collect()
}

/// A counted wish in words: `tempat tidur dengan ventilator, untuk anak`. Parts that cannot be read stay as they are.
pub(crate) fn counted_in_words(view: View<'_>, kind: &str, counted: &str) -> String {
    let (attributes, types): (Vec<&str>, Vec<&str>) =
        counted.split('&').filter(|part| !part.is_empty()).partition(|part| part.contains('='));
    let in_words = |code: &&str| {
        Attribute::read(code).map_or_else(|| (*code).to_owned().into(), |attribute| attribute.in_words())
    };
    let attributes = (!attributes.is_empty()).then(|| Value::list(attributes.iter().map(in_words)));
    let message = Message::new("wish-counted")
        .arg("kind", kind.to_owned())
        .arg("types", labels(view, types.into_iter().flat_map(|codes| codes.split(','))))
        .arg("attributes", attributes);
    render(&message, view.language)
}

/// The label of any of these types; None for no type.
fn labels<'a>(view: View<'_>, codes: impl Iterator<Item = &'a str>) -> Option<Value> {
    let labels: Vec<String> = codes.map(|code| view.label(code)).collect();
    (!labels.is_empty()).then(|| Value::choice(labels))
}

impl Attribute {
    /// The attribute as a query parameter. An age becomes an age group, to protect privacy.
    fn code(&self) -> String {
        match self {
            Ventilator(filter) => format!("ventilator={}", *filter != Without),
            NegativePressure(filter) => format!("negative_pressure={}", *filter != Without),
            AgeGroup(groups) => {
                let groups: Vec<&str> = groups.iter().map(Slug::as_str).collect();
                format!("age_group={}", groups.join(","))
            }
            ReservedFor(group) => format!("reserved_for={group}"),
            Product(product) => format!("product={product}"),
            Dose(dose) => format!("dose={dose}"),
            Age(years) => format!("age_group={}", age_group(*years)),
            WalkIn(unbooked) => format!("walk_in={unbooked}"),
        }
    }

    fn read(code: &str) -> Option<Self> {
        let (name, value) = code.split_once('=')?;
        let word = || Slug::parse(value, name).ok();
        let equipment = || value.parse().ok().map(|with: bool| if with { With } else { Without });
        match name {
            "ventilator" => equipment().map(Ventilator),
            "negative_pressure" => equipment().map(NegativePressure),
            "age_group" => {
                let groups = value.split(',').map(|word| Slug::parse(word, name).ok());
                groups.collect::<Option<_>>().map(AgeGroup)
            }
            "reserved_for" => word().map(ReservedFor),
            "product" => word().map(Product),
            "dose" => value.parse().ok().map(Dose),
            "walk_in" => value.parse().ok().map(WalkIn),
            _ => None,
        }
    }

    /// The term of the lexicon that says it in the name of a type.
    fn term(&self) -> Option<&'static str> {
        match self {
            Ventilator(With) => Some("ventilator"),
            Ventilator(Without) => Some("-ventilator"),
            NegativePressure(With) => Some("negatif"),
            NegativePressure(Without) => Some("-negatif"),
            ReservedFor(group) if group.as_str() == "covid" => Some("covid"),
            _ => None,
        }
    }

    fn in_words(&self) -> Value {
        let equipment = |equipment: &Equipment| match equipment {
            With => "with",
            IncludeUnspecified => "maybe",
            Without => "without",
        };
        let message = match self {
            Ventilator(with) => Message::new("wish-ventilator").arg("with", equipment(with)),
            NegativePressure(with) => Message::new("wish-negative-pressure").arg("with", equipment(with)),
            AgeGroup(groups) => {
                let of_group = |group: &Slug| Message::new("wish-age-group").arg("group", group.to_string());
                return Value::choice(groups.iter().map(of_group));
            }
            ReservedFor(group) => Message::new("wish-reserved-for").arg("group", group.to_string()),
            Product(product) => return product_name(product).into(),
            Dose(dose) => Message::new("wish-dose").arg("dose", *dose),
            Age(years) => Message::new("wish-age").arg("years", *years),
            WalkIn(unbooked) => Message::new("wish-walk-in").arg("walk-in", *unbooked),
        };
        message.into()
    }
}

/// The age group of an age: too coarse to identify a person.
const fn age_group(years: u32) -> &'static str {
    match years {
        ..12 => "child",
        12..18 => "teen",
        18..60 => "adult",
        60.. => "elder",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::query::filter::*;
    use crate::{auth::Audience, snapshot::Snapshot};

    #[rstest]
    #[case(0, "child")]
    #[case(11, "child")]
    #[case(12, "teen")]
    #[case(17, "teen")]
    #[case(18, "adult")]
    #[case(59, "adult")]
    #[case(60, "elder")]
    #[case(130, "elder")]
    fn ages_are_counted_in_four_groups(#[case] years: u32, #[case] group: &str) {
        assert_eq!(age_group(years), group);
    }

    #[test]
    fn what_is_counted_is_read_back() {
        let word = |text| Slug::parse(text, "").unwrap();
        for attribute in [
            Ventilator(With),
            NegativePressure(Without),
            AgeGroup(vec![word("child")]),
            AgeGroup(vec![word("child"), word("neonate")]),
            ReservedFor(word("covid")),
            Product(word("sinovac")),
            Dose(2),
            WalkIn(true),
        ] {
            assert_eq!(Attribute::read(&attribute.code()), Some(attribute));
        }
        assert_eq!(Attribute::read(&Age(17).code()), Some(AgeGroup(vec![word("teen")])));
    }

    #[rstest]
    #[case("bed", "", "tempat tidur apa saja", "any bed")]
    #[case("bed", "ventilator=true", "tempat tidur dengan ventilator", "bed with ventilator")]
    #[case("isolation", "age_group=adult", "tempat isolasi untuk dewasa", "isolation place for adults")]
    #[case(
        "vaccination",
        "dose=2&walk_in=false",
        "vaksinasi, dosis 2, dengan pendaftaran",
        "vaccination, dose 2, by booking"
    )]
    #[case(
        "bed",
        "bed.x,bed.y&reserved_for=covid",
        "bed.x atau bed.y, khusus COVID-19",
        "bed.x or bed.y, for COVID-19"
    )]
    #[case::not_understood(
        "oxygen",
        "dose=many&colour=red",
        "oxygen dose=many, colour=red",
        "oxygen dose=many, colour=red"
    )]
    fn what_is_counted_is_said(
        #[case] kind: &str,
        #[case] counted: &str,
        #[case] id: &str,
        #[case] en: &str,
    ) {
        let state = Snapshot::default();
        let said = |language| {
            let view = View::new(&state, Audience::Public, language);
            counted_in_words(view, kind, counted)
        };
        assert_eq!((said(Language::Id).as_str(), said(Language::En).as_str()), (id, en));
    }
}
