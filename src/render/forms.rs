//! The forms of answers: which there are, which each answer comes in, and what makes them.
//!
//! Both the formats offered to clients ([`formats`]) and the bodies ([`body`]) follow from [`Answer::FORMS`].

use serde::Serialize;

use crate::{
    clock::Timestamp,
    locales::Language,
    render::{
        Body, ResponseMeta,
        audit::AuditAnswer,
        geojson,
        model::{
            AskAnswer, BedsAnswer, CompletenessAnswer, FacilitiesAnswer, FacilityAnswer, HistoryAnswer,
            MarksAnswer, OverviewAnswer, RegionAnswer, RegionHistoryAnswer, RegionsAnswer, RemindersAnswer,
            Resolved, ReviewAnswer, SearchAnswer, TypesAnswer, UnmetDemandAnswer, VaccinationsAnswer,
        },
        short::{self, ShortAnswer},
        table, text,
    },
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json`.
    Json,
    /// JSON for a person who opens the address in a browser.
    IndentedJson,
    /// `text/plain`: what an agent reads aloud.
    Text,
    /// `text/csv`: a line for each number.
    Csv,
    /// CSV for a person whose browser saves it: Excel takes it for UTF-8 only after the mark of UTF-8.
    MarkedCsv,
    /// CSV in UTF-16, little end first, after its mark.
    WideCsv,
    /// `application/geo+json`: a feature for each place.
    GeoJson,
    /// `application/vnd.sedia.short+json`: the least that a person needs who phones one of the first places.
    ShortJson,
}

impl Format {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json | Self::IndentedJson => "application/json",
            Self::Text => "text/plain",
            Self::Csv | Self::MarkedCsv | Self::WideCsv => "text/csv",
            Self::GeoJson => "application/geo+json",
            Self::ShortJson => "application/vnd.sedia.short+json",
        }
    }

    /// The media type with its charset, where it has one.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv | Self::MarkedCsv => "text/csv; charset=utf-8",
            Self::WideCsv => "text/csv; charset=utf-16",
            Self::Json | Self::IndentedJson | Self::GeoJson | Self::ShortJson => self.media_type(),
        }
    }

    /// The name in `?format=`, which is the ending of a file's name, too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json | Self::IndentedJson => "json",
            Self::Text => "text",
            Self::Csv | Self::MarkedCsv | Self::WideCsv => "csv",
            Self::GeoJson => "geojson",
            Self::ShortJson => "short",
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
            Format::Text => now.timestamp().div_euclid(60),
            _ => 0,
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
    /// For a telephone on a weak line, if it is long.
    short: Option<fn(&A) -> ShortAnswer<'_>>,
}

/// The answer to a query.
pub trait Answer: Serialize + Sized {
    /// The forms it comes in.
    const FORMS: Forms<Self>;

    /// How names in the question were read.
    fn resolved(&self) -> &[Resolved];
}

/// The formats that `A` comes in, the preferred one first.
pub fn formats<A: Answer>() -> Vec<Format> {
    let map = A::FORMS.geojson.map(|_| Format::GeoJson);
    let short = A::FORMS.short.map(|_| Format::ShortJson);
    [Format::Json, Format::Text, Format::Csv].into_iter().chain(map).chain(short).collect()
}

/// A table in UTF-8 as `format` encodes it.
pub fn encoded_table(csv: Vec<u8>, format: Format) -> Vec<u8> {
    match format {
        Format::MarkedCsv => ["\u{feff}".as_bytes(), &csv].concat(),
        Format::WideCsv => {
            let text = String::from_utf8(csv).expect("tables are text");
            ["\u{feff}", &*text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        _ => csv,
    }
}

/// `answer` in one of its [`formats`].
pub fn body<A: Answer>(answer: &A, form: Representation, meta: ResponseMeta) -> Body {
    let Representation { format, language, .. } = form;
    let json = |answer: &A| serde_json::to_vec(answer).expect("answers are plain data");
    let csv = A::FORMS.csv;
    let bytes = match format {
        Format::Json => json(answer),
        Format::IndentedJson => {
            let mut bytes = serde_json::to_vec_pretty(answer).expect("answers are plain data");
            bytes.push(b'\n');
            bytes
        }
        Format::Text => {
            let readings = text::resolved(answer.resolved(), language);
            (readings + &(A::FORMS.text)(answer, language, form.told_at())).into_bytes()
        }
        Format::Csv | Format::MarkedCsv | Format::WideCsv => encoded_table(csv(answer), format),
        Format::GeoJson => A::FORMS.geojson.map_or_else(|| json(answer), |make| make(answer)),
        Format::ShortJson => A::FORMS.short.map_or_else(
            || json(answer),
            |make| serde_json::to_vec(&make(answer)).expect("answers are plain data"),
        ),
    };
    let resolved = Resolved::in_a_line(answer.resolved());
    Body::new(bytes, format, language, ResponseMeta { resolved, ..meta })
}

/// Says for each answer what makes its forms, and whether its question can have names in it.
macro_rules! forms {
    ($($answer:ty { $text:expr, $csv:expr, $geojson:expr, $short:expr } $(.$resolved:ident)?)+) => {$(
        impl Answer for $answer {
            const FORMS: Forms<Self> = Forms { text: $text, csv: $csv, geojson: $geojson, short: $short };

            fn resolved(&self) -> &[Resolved] {
                let resolved: &[&[Resolved]] = &[$(&self.$resolved)?];
                resolved.first().copied().unwrap_or_default()
            }
        }
    )+};
}

forms! {
    BedsAnswer { text::beds, table::places, Some(geojson::facilities), Some(short::beds) } .resolved
    AskAnswer { text::ask, table::ask, None, None }
    VaccinationsAnswer { text::vaccinations, table::vaccinations, Some(geojson::facilities), Some(short::vaccinations) } .resolved
    FacilityAnswer { text::facility, table::facility, Some(geojson::facility), None }
    FacilitiesAnswer { text::facilities, table::facilities, Some(geojson::facilities), None } .resolved
    OverviewAnswer { text::overview, table::overview, Some(geojson::overview), None } .resolved
    RegionsAnswer { text::regions, table::regions, Some(geojson::regions), None } .resolved
    RegionAnswer { text::region, table::region, Some(geojson::region), None } .resolved
    SearchAnswer { text::search, table::search, Some(geojson::search), None } .resolved
    CompletenessAnswer { text::completeness, table::completeness, None, None } .resolved
    RemindersAnswer { text::reminders, table::reminders, None, None } .resolved
    TypesAnswer { text::types, table::types, None, None }
    HistoryAnswer { text::history, table::history, None, None }
    RegionHistoryAnswer { text::region_history, table::region_history, None, None } .resolved
    UnmetDemandAnswer { text::demand, table::demand, None, None } .resolved
    AuditAnswer { text::audit, table::audit, None, None } .resolved
    ReviewAnswer { text::doubts, table::doubts, None, None } .resolved
    MarksAnswer { text::marks, table::marks, None, None } .resolved
}
