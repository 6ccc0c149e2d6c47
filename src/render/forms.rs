//! Which forms each answer comes in, and what makes them: the one place that says so.
//!
//! Both the formats offered to clients ([`formats`]) and the bodies ([`body`]) follow from [`Answer::FORMS`].

use serde::Serialize;

use crate::{
    clock::Timestamp,
    locales::Language,
    render::{
        Body, Format, Representation, ResponseMeta, geojson,
        model::{
            BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, HistoryAnswer, MarksAnswer,
            OverviewAnswer, RegionAnswer, RegionsAnswer, RemindersAnswer, ReviewAnswer, SearchAnswer,
            TypesAnswer, UnmetDemandAnswer, VaccinationsAnswer,
        },
        table, text,
    },
};

/// The functions that render an answer besides JSON; None where it does not come in that form.
pub struct Forms<A> {
    /// As somebody reads it aloud; ages are told from the given moment.
    text: Option<fn(&A, Language, Timestamp) -> String>,
    /// For spreadsheets.
    csv: Option<fn(&A) -> Vec<u8>>,
    /// For maps.
    geojson: Option<fn(&A) -> Vec<u8>>,
}

/// The answer to a query.
pub trait Answer: Serialize + Sized {
    /// The forms it comes in.
    const FORMS: Forms<Self>;
}

/// The formats that `A` comes in, the preferred one first.
pub fn formats<A: Answer>() -> Vec<Format> {
    let forms = A::FORMS;
    let others = [
        forms.text.map(|_| Format::Text),
        forms.csv.map(|_| Format::Csv),
        forms.geojson.map(|_| Format::GeoJson),
    ];
    std::iter::once(Format::Json).chain(others.into_iter().flatten()).collect()
}

/// `answer` in one of its [`formats`].
pub fn body<A: Answer>(answer: &A, form: Representation, told: ResponseMeta) -> Body {
    let (forms, Representation { format, language, .. }) = (A::FORMS, form);
    let made = match format {
        Format::Json => None,
        Format::Text => forms.text.map(|make| make(answer, language, form.told_at()).into_bytes()),
        Format::Csv => forms.csv.map(|make| make(answer)),
        Format::GeoJson => forms.geojson.map(|make| make(answer)),
    };
    let bytes = made.unwrap_or_else(|| serde_json::to_vec(answer).expect("answers are plain data"));
    Body::new(bytes, format, language, told)
}

impl Answer for BedsAnswer {
    const FORMS: Forms<Self> =
        Forms { text: Some(text::beds), csv: Some(table::places), geojson: Some(geojson::facilities) };
}

impl Answer for VaccinationsAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::vaccinations),
        csv: Some(table::vaccinations),
        geojson: Some(geojson::facilities),
    };
}

impl Answer for FacilityAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::facility),
        csv: Some(|answer| table::facilities(std::slice::from_ref(&answer.facility))),
        geojson: Some(geojson::facility),
    };
}

impl Answer for FacilitiesAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::facilities),
        csv: Some(|answer| table::facilities(&answer.facilities)),
        geojson: Some(geojson::facilities),
    };
}

impl Answer for OverviewAnswer {
    const FORMS: Forms<Self> =
        Forms { text: Some(text::overview), csv: Some(table::overview), geojson: Some(geojson::overview) };
}

impl Answer for RegionsAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::regions),
        csv: Some(|answer| table::regions(&answer.regions)),
        geojson: Some(geojson::regions),
    };
}

impl Answer for RegionAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::region),
        csv: Some(|answer| table::regions(std::slice::from_ref(&answer.region))),
        geojson: Some(geojson::region),
    };
}

impl Answer for SearchAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(|answer, language, _| text::search(answer, language)),
        csv: Some(table::search),
        geojson: Some(geojson::search),
    };
}

impl Answer for CompletenessAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(text::completeness),
        csv: Some(|answer| table::reporters(&answer.facilities)),
        geojson: None,
    };
}

impl Answer for RemindersAnswer {
    const FORMS: Forms<Self> =
        Forms { text: Some(text::reminders), csv: Some(table::reminders), geojson: None };
}

impl Answer for TypesAnswer {
    const FORMS: Forms<Self> = Forms {
        text: Some(|answer, language, _| text::types(answer, language)),
        csv: Some(table::types),
        geojson: None,
    };
}

impl Answer for HistoryAnswer {
    const FORMS: Forms<Self> = Forms { text: Some(text::history), csv: Some(table::history), geojson: None };
}

impl Answer for UnmetDemandAnswer {
    const FORMS: Forms<Self> = Forms { text: Some(text::demand), csv: Some(table::demand), geojson: None };
}

impl Answer for ReviewAnswer {
    const FORMS: Forms<Self> = Forms { text: Some(text::doubts), csv: Some(table::doubts), geojson: None };
}

impl Answer for MarksAnswer {
    const FORMS: Forms<Self> = Forms { text: Some(text::marks), csv: Some(table::marks), geojson: None };
}
