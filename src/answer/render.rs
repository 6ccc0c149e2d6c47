//! From a question to its bytes in one representation.

use super::{
    Body, Told, availability, completeness, facilities,
    forms::{Answer, body, formats},
    model::{
        BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, OverviewAnswer, RegionAnswer,
        RegionsAnswer, RemindersAnswer, SearchAnswer, TypesAnswer, VaccinationsAnswer, WideningReason,
    },
    overview,
    question::Question,
    regions, search, vaccinations,
    view::View,
};
use crate::{auth::Audience, clock::Timestamp, directory::language::Language, snapshot::Snapshot};

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
    pub fn new(format: Format, language: Language, now: Timestamp) -> Self {
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

/// How answers are to be told.
struct Teller {
    form: Representation,
    /// The moment that ages in words are told from.
    now: Timestamp,
}

impl Teller {
    fn tell(&self, answer: &impl Answer, told: Told) -> Rendered {
        Rendered { body: body(answer, self.form, self.now, told), looked_further: false }
    }

    fn page(&self, answer: &impl Answer, next: Option<&String>) -> Rendered {
        self.tell(answer, Told { next: next.cloned(), ..Told::default() })
    }

    /// What was found, and why the answer looked further for it if it did.
    fn found(&self, answer: &impl Answer, next: Option<&String>, reason: Option<WideningReason>) -> Rendered {
        let is_unmet = reason.is_some_and(WideningReason::is_unmet);
        let told = Told { version: None, next: next.cloned(), is_unmet };
        Rendered { looked_further: reason.is_some(), ..self.tell(answer, told) }
    }
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
    let teller = Teller { form, now };
    Some(match question {
        Question::Availability(question) => {
            let (answer, reason) = availability::answer(view, question);
            teller.found(&answer, answer.next.as_ref(), reason)
        }
        Question::Vaccinations(question) => {
            let (answer, reason) = vaccinations::answer(view, question);
            teller.found(&answer, answer.next.as_ref(), reason)
        }
        Question::Facility(id) => {
            let answer = facilities::one(view, *id)?;
            teller.tell(&answer, Told { version: Some(answer.version), ..Told::default() })
        }
        Question::Facilities(question) => {
            let answer = facilities::list(view, question);
            teller.page(&answer, answer.next.as_ref())
        }
        Question::Overview(code) => teller.page(&overview::answer(view, *code)?, None),
        Question::Completeness(question) => {
            let answer = completeness::completeness(view, question);
            teller.page(&answer, answer.next.as_ref())
        }
        Question::Reminders(question) => {
            let answer = completeness::reminders(view, question);
            teller.page(&answer, Some(&answer.next))
        }
        Question::Search(question) => teller.page(&search::answer(view, question), None),
        Question::Regions(question) => {
            let answer = regions::list(view, question);
            teller.page(&answer, answer.next.as_ref())
        }
        Question::Region(code) => teller.page(&regions::one(view, *code)?, None),
        Question::Types(kind) => teller.page(&regions::types(view, *kind), None),
    })
}

impl Question {
    /// The formats that this question can be answered in, the preferred one first.
    pub fn formats(&self) -> Vec<Format> {
        match self {
            Self::Availability(_) => formats::<BedsAnswer>(),
            Self::Vaccinations(_) => formats::<VaccinationsAnswer>(),
            Self::Facility(_) => formats::<FacilityAnswer>(),
            Self::Facilities(_) => formats::<FacilitiesAnswer>(),
            Self::Overview(_) => formats::<OverviewAnswer>(),
            Self::Completeness(_) => formats::<CompletenessAnswer>(),
            Self::Reminders(_) => formats::<RemindersAnswer>(),
            Self::Search(_) => formats::<SearchAnswer>(),
            Self::Regions(_) => formats::<RegionsAnswer>(),
            Self::Region(_) => formats::<RegionAnswer>(),
            Self::Types(_) => formats::<TypesAnswer>(),
        }
    }
}
