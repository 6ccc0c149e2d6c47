//! Wishes, attribute by attribute: as they are counted where nothing fitted, and as an agent would say them.

use crate::{
    domain::session::product_name,
    domain::{
        freshness::Freshness,
        language::Language::{self, En, Id},
        resource_type::{
            Equipment::{self, IncludeUnspecified, With, Without},
            ResourceFilter, TypeCode,
        },
        text::Slug,
    },
    query::{AvailabilityQuery, VaccinationsQuery, view::View},
};

/// One attribute of what is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Attribute {
    /// With a ventilator, or without.
    Ventilator(Equipment),
    /// With negative pressure, or without.
    NegativePressure(Equipment),
    /// For people of this age group.
    AgeGroup(Slug),
    /// Kept for this group; `none` for what is kept for nobody.
    ReservedFor(Slug),
    /// Vaccinated with this product.
    Product(Slug),
    /// This dose.
    Dose(u8),
    /// For somebody of this age.
    Age(u8),
    /// Without booking, or booked.
    WalkIn(bool),
}
use Attribute::{Age, AgeGroup, Dose, NegativePressure, Product, ReservedFor, Ventilator, WalkIn};

fn of_places(filter: &ResourceFilter) -> impl Iterator<Item = Attribute> {
    let attributes = [
        filter.ventilator.map(Ventilator),
        filter.negative_pressure.map(NegativePressure),
        filter.age_group.clone().map(AgeGroup),
        filter.reserved_for.clone().map(ReservedFor),
    ];
    attributes.into_iter().flatten()
}

/// The parameters that ask for what no fitting type says: whether it is there, the facility has to be asked.
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
        query.dose.map(Dose),
        query.age.map(Age),
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

/// A wish for a vaccination as it is counted: without its days, and of an age only the group.
pub(crate) fn sessions_counted(query: &VaccinationsQuery) -> String {
    of_sessions(query).map(|attribute| attribute.code()).collect::<Vec<_>>().join("&")
}

/// What was wished for, as an agent would say it.
pub(crate) fn places_in_words(view: View<'_>, query: &AvailabilityQuery) -> Vec<String> {
    let (filter, language) = (&query.filter, view.language);
    let say = |id: &str, en: &str| in_either(language, id, en);
    let name = query.q.as_ref().map(|q| named(q, language));
    let freshness = match query.freshness {
        Freshness::Fresh => Some(say("hanya angka baru", "fresh numbers only")),
        Freshness::Aging => Some(say("tanpa angka lama", "no old numbers")),
        Freshness::Stale => Some(say("hanya yang ada angkanya", "known numbers only")),
        Freshness::Unknown => None,
    };
    let types = labels(view, filter.types.iter().map(TypeCode::as_str));
    let attributes = of_places(filter).map(|attribute| attribute.say(language));
    types.into_iter().chain(attributes).chain(name).chain(freshness).collect()
}

/// The same of a vaccination, without its days.
pub(crate) fn sessions_in_words(query: &VaccinationsQuery, language: Language) -> Vec<String> {
    let name = query.area.q.as_ref().map(|q| named(q, language));
    of_sessions(query).map(|attribute| attribute.say(language)).chain(name).collect()
}

fn named(q: &str, language: Language) -> String {
    in_either(language, &format!("bernama \"{q}\""), &format!("named \"{q}\""))
}

/// What was counted, in words: `tempat tidur dengan ventilator, untuk anak`. What cannot be read stays as it is.
pub(crate) fn counted_in_words(view: View<'_>, kind: &str, counted: &str) -> String {
    let (attributes, types): (Vec<&str>, Vec<&str>) =
        counted.split('&').filter(|part| !part.is_empty()).partition(|part| part.contains('='));
    let say = |code: &str| {
        Attribute::read(code).map_or_else(|| code.to_owned(), |attribute| attribute.say(view.language))
    };
    let attributes = attributes.into_iter().map(say).collect::<Vec<_>>().join(", ");
    let types = labels(view, types.into_iter().flat_map(|codes| codes.split(',')));
    let (noun, any) = match (view.language, kind) {
        (Id, "bed") => ("tempat tidur", "tempat tidur apa saja"),
        (Id, "isolation") => ("tempat isolasi", "tempat isolasi apa saja"),
        (Id, "vaccination") => ("vaksinasi", "vaksinasi apa saja"),
        (En, "bed") => ("bed", "any bed"),
        (En, "isolation") => ("isolation place", "any isolation place"),
        (En, "vaccination") => ("vaccination", "any vaccination"),
        (_, other) => (other, other),
    };
    match types {
        None if attributes.is_empty() => any.to_owned(),
        None if kind == "vaccination" => format!("{noun}, {attributes}"),
        None => format!("{noun} {attributes}"),
        Some(types) if attributes.is_empty() => types,
        Some(types) => format!("{types}, {attributes}"),
    }
}

/// What people call any of these types; None for no type.
fn labels<'a>(view: View<'_>, codes: impl Iterator<Item = &'a str>) -> Option<String> {
    let labels: Vec<String> = codes.map(|code| view.label(code)).collect();
    let or = in_either(view.language, " atau ", " or ");
    (!labels.is_empty()).then(|| labels.join(&or))
}

fn in_either(language: Language, id: &str, en: &str) -> String {
    match language {
        Id => id.to_owned(),
        En => en.to_owned(),
    }
}

impl Attribute {
    /// As a question writes it, but of an age only the group: no count tells who asked.
    fn code(&self) -> String {
        match self {
            Ventilator(filter) => format!("ventilator={}", *filter != Without),
            NegativePressure(filter) => format!("negative_pressure={}", *filter != Without),
            AgeGroup(group) => format!("age_group={group}"),
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
            "age_group" => word().map(AgeGroup),
            "reserved_for" => word().map(ReservedFor),
            "product" => word().map(Product),
            "dose" => value.parse().ok().map(Dose),
            "walk_in" => value.parse().ok().map(WalkIn),
            _ => None,
        }
    }

    fn say(&self, language: Language) -> String {
        let say = |id: &str, en: &str| in_either(language, id, en);
        match self {
            Ventilator(With) => say("dengan ventilator", "with ventilator"),
            Ventilator(IncludeUnspecified) => say(
                "mungkin dengan ventilator (tidak tercatat, tanyakan)",
                "maybe with ventilator (not recorded, ask)",
            ),
            Ventilator(Without) => say("tanpa ventilator", "without ventilator"),
            NegativePressure(With) => say("bertekanan negatif", "with negative pressure"),
            NegativePressure(IncludeUnspecified) => say(
                "mungkin bertekanan negatif (tidak tercatat, tanyakan)",
                "maybe with negative pressure (not recorded, ask)",
            ),
            NegativePressure(Without) => say("tanpa tekanan negatif", "without negative pressure"),
            AgeGroup(group) => match group.as_str() {
                "adult" => say("untuk dewasa", "for adults"),
                "child" => say("untuk anak", "for children"),
                "teen" => say("untuk remaja (12-17 tahun)", "for teenagers (12 to 17)"),
                "elder" => say("untuk lansia (60 tahun ke atas)", "for people of 60 and over"),
                "neonate" => say("untuk bayi baru lahir", "for newborns"),
                "any" => say("untuk semua umur", "for any age"),
                other => say(&format!("untuk {other}"), &format!("for {other}")),
            },
            ReservedFor(group) => match group.as_str() {
                "none" => say("tidak khusus", "not reserved"),
                "covid" => say("khusus COVID-19", "for COVID-19"),
                other => say(&format!("khusus {other}"), &format!("for {other}")),
            },
            Product(product) => product_name(product),
            Dose(dose) => say(&format!("dosis {dose}"), &format!("dose {dose}")),
            Age(years) => say(&format!("usia {years} tahun"), &format!("age {years}")),
            WalkIn(true) => say("datang langsung", "walk-in"),
            WalkIn(false) => say("dengan pendaftaran", "by booking"),
        }
    }
}

/// An age so coarse that it tells nobody apart.
const fn age_group(years: u8) -> &'static str {
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
    fn ages_are_counted_in_four_groups(#[case] years: u8, #[case] group: &str) {
        assert_eq!(age_group(years), group);
    }

    #[test]
    fn what_is_counted_is_read_back() {
        let word = |text| Slug::parse(text, "").unwrap();
        for attribute in [
            Ventilator(With),
            NegativePressure(Without),
            AgeGroup(word("child")),
            ReservedFor(word("covid")),
            Product(word("sinovac")),
            Dose(2),
            WalkIn(true),
        ] {
            assert_eq!(Attribute::read(&attribute.code()), Some(attribute));
        }
        assert_eq!(Attribute::read(&Age(17).code()), Some(AgeGroup(word("teen"))));
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
            let view = View { state: &state, audience: Audience::Public, language };
            counted_in_words(view, kind, counted)
        };
        assert_eq!((said(Id).as_str(), said(En).as_str()), (id, en));
    }
}
