//! From a question to its bytes in one representation.

use serde::Serialize;

use super::{
    Body, availability, completeness, facilities, overview, question::Question, regions, search, text,
    view::View,
};
use crate::{
    auth::Audience,
    directory::{change::Seq, language::Language},
    snapshot::Snapshot,
};

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json`.
    Json,
    /// `text/plain`: what an agent reads aloud.
    Text,
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
            Format::Json => 0,
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
    let rendered = |bytes, version: Option<Seq>, looked_further| {
        Some(Rendered { body: Body::new(bytes, form.format, language, version), looked_further })
    };
    match (question, form.format) {
        (Question::Availability(question), format) => {
            let (answer, looked_further) = availability::answer(view, question);
            let bytes = match format {
                Format::Json => json(&answer),
                Format::Text => text::beds(&answer, language, now).into_bytes(),
            };
            rendered(bytes, None, looked_further)
        }
        (Question::Facility(id), format) => {
            let answer = facilities::one(view, *id)?;
            let bytes = match format {
                Format::Json => json(&answer),
                Format::Text => text::facility(&answer, language, now).into_bytes(),
            };
            rendered(bytes, Some(answer.version), false)
        }
        (Question::Search(question), format) => {
            let answer = search::answer(view, question);
            let bytes = match format {
                Format::Json => json(&answer),
                Format::Text => text::search(&answer, language).into_bytes(),
            };
            rendered(bytes, None, false)
        }
        (Question::Facilities(question), _) => rendered(json(&facilities::list(view, question)), None, false),
        (Question::Regions(question), _) => rendered(json(&regions::list(view, question)), None, false),
        (Question::Region(code), _) => rendered(json(&regions::one(view, *code)?), None, false),
        (Question::Overview(code), format) => {
            let answer = overview::answer(view, *code)?;
            let bytes = match format {
                Format::Json => json(&answer),
                Format::Text => text::overview(&answer, language, state.zone(*code), now).into_bytes(),
            };
            rendered(bytes, None, false)
        }
        (Question::Completeness(question), _) => {
            rendered(json(&completeness::completeness(view, question)), None, false)
        }
        (Question::Reminders(question), _) => {
            rendered(json(&completeness::reminders(view, question)), None, false)
        }
        (Question::Types(kind), _) => rendered(json(&regions::types(view, *kind)), None, false),
    }
}

impl Question {
    /// The formats that this question can be answered in, the preferred one first.
    pub fn formats(&self) -> &'static [Format] {
        match self {
            Self::Availability(_) | Self::Facility(_) | Self::Search(_) | Self::Overview(_) => {
                &[Format::Json, Format::Text]
            }
            Self::Completeness(_)
            | Self::Reminders(_)
            | Self::Facilities(_)
            | Self::Regions(_)
            | Self::Region(_)
            | Self::Types(_) => &[Format::Json],
        }
    }
}

fn json(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("answers are plain data")
}
