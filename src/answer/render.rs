//! From a question to its bytes in one representation.

use serde::Serialize;

use super::{
    Body, Told, availability, completeness, facilities, geojson, model::WideningReason, overview,
    question::Question, regions, search, table, text, vaccinations, view::View,
};
use crate::{auth::Audience, directory::language::Language, snapshot::Snapshot};

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json`.
    Json,
    /// `text/plain`: what an agent reads aloud.
    Text,
    /// `text/csv`: a line for each number.
    Csv,
    /// `application/geo+json`: a feature for each place.
    GeoJson,
}

impl Format {
    /// The media type, and the family it belongs to.
    pub const fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application/json", "application/*"),
            Self::Text => ("text/plain", "text/*"),
            Self::Csv => ("text/csv", "text/*"),
            Self::GeoJson => ("application/geo+json", "application/*"),
        }
    }
}

/// A form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Representation {
    /// What the bytes are.
    pub format: Format,
    /// The language of labels and sentences.
    pub language: Language,
    /// The minute, counted from 1970, that ages in words are told from; always 0 where no age is told.
    pub minute: i64,
}

impl Representation {
    /// The form for `now`: JSON gives moments and does not depend on it; text tells ages.
    pub fn new(format: Format, language: Language, now: crate::clock::Timestamp) -> Self {
        let minute = match format {
            Format::Json | Format::Csv | Format::GeoJson => 0,
            Format::Text => now.timestamp().div_euclid(60),
        };
        Self { format, language, minute }
    }
}

/// An answer's bytes.
pub(super) struct Rendered {
    pub(super) body: Body,
    /// The answer looked further than asked, so it depends on the whole country.
    pub(super) looked_further: bool,
}

/// Answers `question`; None if what it names is not there.
pub(super) fn render(
    question: &Question,
    state: &Snapshot,
    audience: Audience,
    form: Representation,
) -> Option<Rendered> {
    let view = View { state, audience, language: form.language };
    // An age is told from the minute's start, or from the newest thing known if that is later.
    let now =
        chrono::DateTime::from_timestamp(form.minute * 60, 0).unwrap_or_default().max(state.last_change_at());
    let language = form.language;
    let rendered = |bytes, told: Told, looked_further| {
        Some(Rendered { body: Body::new(bytes, form.format, language, told), looked_further })
    };
    let page = |bytes, next| rendered(bytes, Told { next, ..Told::default() }, false);
    let plain = |bytes| page(bytes, None);
    match question {
        Question::Availability(question) => {
            let (answer, reason) = availability::answer(view, question);
            let bytes = match form.format {
                Format::Json => json(&answer),
                Format::Text => text::beds(&answer, language, now).into_bytes(),
                Format::Csv => table::facilities(&answer.facilities),
                Format::GeoJson => geojson::facilities(&answer),
            };
            let is_unmet = reason.is_some_and(|reason| reason != WideningReason::OnlyStale);
            let told = Told { version: None, next: answer.next, is_unmet };
            rendered(bytes, told, reason.is_some())
        }
        Question::Vaccinations(question) => {
            let (answer, reason) = vaccinations::answer(view, question);
            let bytes = match form.format {
                Format::Text => text::vaccinations(&answer, language, now).into_bytes(),
                _ => json(&answer),
            };
            let is_unmet = reason.is_some_and(|reason| reason != WideningReason::OnlyStale);
            let told = Told { version: None, next: answer.next, is_unmet };
            rendered(bytes, told, reason.is_some())
        }
        Question::Facility(id) => {
            let answer = facilities::one(view, *id)?;
            let bytes = match form.format {
                Format::Json => json(&answer),
                Format::Text => text::facility(&answer, language, now).into_bytes(),
                Format::Csv => table::facilities(std::slice::from_ref(&answer.facility)),
                Format::GeoJson => geojson::facility_alone(&answer),
            };
            rendered(bytes, Told { version: Some(answer.version), ..Told::default() }, false)
        }
        Question::Facilities(question) => {
            let answer = facilities::list(view, question);
            let bytes = match form.format {
                Format::Csv => table::facilities(&answer.facilities),
                Format::GeoJson => geojson::facilities(&answer),
                _ => json(&answer),
            };
            page(bytes, answer.next)
        }
        Question::Overview(code) => {
            let answer = overview::answer(view, *code)?;
            let bytes = match form.format {
                Format::Json => json(&answer),
                Format::Text => text::overview(&answer, language, state.zone(*code), now).into_bytes(),
                Format::Csv => table::overview(&answer),
                Format::GeoJson => geojson::overview(&answer),
            };
            plain(bytes)
        }
        Question::Completeness(question) => {
            let answer = completeness::completeness(view, question);
            let bytes = match form.format {
                Format::Csv => table::completeness(&answer),
                _ => json(&answer),
            };
            page(bytes, answer.next)
        }
        Question::Search(question) => {
            let answer = search::answer(view, question);
            let bytes = match form.format {
                Format::Text => text::search(&answer, language).into_bytes(),
                _ => json(&answer),
            };
            plain(bytes)
        }
        Question::Reminders(question) => plain(json(&completeness::reminders(view, question))),
        Question::Regions(question) => plain(json(&regions::list(view, question))),
        Question::Region(code) => plain(json(&regions::one(view, *code)?)),
        Question::Types(kind) => plain(json(&regions::types(view, *kind))),
    }
}

impl Question {
    /// The formats that this question can be answered in, the preferred one first.
    pub fn formats(&self) -> &'static [Format] {
        use Format::{Csv, GeoJson, Json, Text};
        match self {
            Self::Availability(_) | Self::Facility(_) | Self::Overview(_) => &[Json, Text, Csv, GeoJson],
            Self::Facilities(_) => &[Json, Csv, GeoJson],
            Self::Completeness(_) => &[Json, Csv],
            Self::Vaccinations(_) | Self::Search(_) => &[Json, Text],
            Self::Reminders(_) | Self::Regions(_) | Self::Region(_) | Self::Types(_) => &[Json],
        }
    }
}

fn json(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("answers are plain data")
}
