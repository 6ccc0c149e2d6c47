//! The form of an answer: media type, language, and the minute ages are told from.

use crate::{clock::Timestamp, locales::Language};

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
    /// The minute, counted from 1970, that ages in words are told from; always 0 where no age is told.
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

    /// The moment that ages in words are told from. Every node tells an age from the same moment, so that answers about
    /// one state are equal; what became known within the minute is a little newer, and told as new.
    pub(crate) fn told_at(self) -> Timestamp {
        Timestamp::from_timestamp(self.minute * 60, 0).unwrap_or_default()
    }
}
