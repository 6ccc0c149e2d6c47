//! The forms of answers: which there are, which each answer comes in, and what makes them.
//!
//! Both the formats offered to clients ([`formats`]) and the bodies ([`body`]) follow from [`Answer::FORMS`].

use serde::Serialize;

use crate::{
    clock::Timestamp,
    locales::Language,
    render::{
        Body, ResponseMeta, geojson,
        model::{
            BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, HistoryAnswer, MarksAnswer,
            OverviewAnswer, RegionAnswer, RegionsAnswer, RemindersAnswer, ReviewAnswer, SearchAnswer,
            TypesAnswer, UnmetDemandAnswer, VaccinationsAnswer,
        },
        table, text,
    },
};

/// The media type of the bytes.
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
    /// The media type of the bytes.
    pub format: Format,
    /// The language of labels and sentences.
    pub language: Language,
    /// The minute, counted from 1970, from which ages in words count; always 0 for forms without ages.
    minute: i64,
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

    /// The moment from which ages in words count. It is the same on every node, so that answers about one state are
    /// equal. A fact that became known within the minute is a little newer, and its age is said as none.
    pub(crate) fn told_at(self) -> Timestamp {
        Timestamp::from_timestamp(self.minute * 60, 0).unwrap_or_default()
    }
}

/// The functions that render an answer besides JSON.
pub struct Forms<A> {
    /// To be read aloud; ages count from the given moment.
    text: fn(&A, Language, Timestamp) -> String,
    /// For spreadsheets.
    csv: fn(&A) -> Vec<u8>,
    /// For maps, if it shows places.
    geojson: Option<fn(&A) -> Vec<u8>>,
}

/// The answer to a query.
pub trait Answer: Serialize + Sized {
    /// The forms it comes in.
    const FORMS: Forms<Self>;
}

/// The formats that `A` comes in, the preferred one first.
pub fn formats<A: Answer>() -> Vec<Format> {
    let map = A::FORMS.geojson.map(|_| Format::GeoJson);
    [Format::Json, Format::Text, Format::Csv].into_iter().chain(map).collect()
}

/// `answer` in one of its [`formats`].
pub fn body<A: Answer>(answer: &A, form: Representation, meta: ResponseMeta) -> Body {
    let Representation { format, language, .. } = form;
    let json = |answer: &A| serde_json::to_vec(answer).expect("answers are plain data");
    let bytes = match format {
        Format::Json => json(answer),
        Format::Text => (A::FORMS.text)(answer, language, form.told_at()).into_bytes(),
        Format::Csv => (A::FORMS.csv)(answer),
        Format::GeoJson => A::FORMS.geojson.map_or_else(|| json(answer), |make| make(answer)),
    };
    Body::new(bytes, format, language, meta)
}

/// Says for each answer what makes its forms.
macro_rules! forms {
    ($($answer:ty { $text:expr, $csv:expr, $geojson:expr })+) => {$(
        impl Answer for $answer {
            const FORMS: Forms<Self> = Forms { text: $text, csv: $csv, geojson: $geojson };
        }
    )+};
}

forms! {
    BedsAnswer { text::beds, table::places, Some(geojson::facilities) }
    VaccinationsAnswer { text::vaccinations, table::vaccinations, Some(geojson::facilities) }
    FacilityAnswer { text::facility, table::facility, Some(geojson::facility) }
    FacilitiesAnswer { text::facilities, table::facilities, Some(geojson::facilities) }
    OverviewAnswer { text::overview, table::overview, Some(geojson::overview) }
    RegionsAnswer { text::regions, table::regions, Some(geojson::regions) }
    RegionAnswer { text::region, table::region, Some(geojson::region) }
    SearchAnswer { text::search, table::search, Some(geojson::search) }
    CompletenessAnswer { text::completeness, table::completeness, None }
    RemindersAnswer { text::reminders, table::reminders, None }
    TypesAnswer { text::types, table::types, None }
    HistoryAnswer { text::history, table::history, None }
    UnmetDemandAnswer { text::demand, table::demand, None }
    ReviewAnswer { text::doubts, table::doubts, None }
    MarksAnswer { text::marks, table::marks, None }
}
