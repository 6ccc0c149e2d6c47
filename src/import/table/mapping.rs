//! What a person said that the headings of a table mean, where they do not say it themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Layout, plain};
use crate::{
    domain::{
        fields,
        rejection::{Code, Rejection},
    },
    locales::Message,
};

/// The most headings of one mapping.
const MOST: usize = 500;

/// For a heading, the heading that it is read as, or none if its column is passed over: `{"Sisa": "Kosong", "Bangsal": null}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ColumnMapping(BTreeMap<String, Option<String>>);

/// What a mapping says of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant<'m> {
    /// Nothing.
    AsWritten,
    /// Its column is not read.
    PassedOver,
    /// It is read as this one.
    As(&'m str),
}

impl<'de> Deserialize<'de> for ColumnMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

impl FromIterator<(String, Option<String>)> for ColumnMapping {
    fn from_iter<I: IntoIterator<Item = (String, Option<String>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl ColumnMapping {
    /// Reads a mapping that is written as a JSON object.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let refused = |detail| Rejection::new(Code::InvalidParameter, pointer, detail);
        let unreadable = |error: serde_json::Error| {
            refused(Message::new("mapping-unreadable").arg("error", error.to_string()))
        };
        let mapping = Self(serde_json::from_str(text).map_err(unreadable)?);
        if mapping.0.len() > MOST {
            return Err(refused(Message::new("mapping-too-long").arg("most", MOST)));
        }
        Ok(mapping)
    }

    /// What it says of a heading of the table.
    pub(super) fn meant(&self, heading: &str) -> Meant<'_> {
        match self.0.iter().find(|(named, _)| is_same(named, heading)) {
            None => Meant::AsWritten,
            Some((_, None)) => Meant::PassedOver,
            Some((_, Some(other))) => Meant::As(other),
        }
    }

    /// Refuses a mapping to a heading that nobody knows.
    pub(super) fn check(&self, layout: &Layout<'_>) -> Result<(), Rejection> {
        let mut meant = self.0.iter().filter_map(|(heading, meant)| Some((heading, meant.as_deref()?)));
        let Some((heading, unknown)) = meant.find(|(_, meant)| layout.column(meant).is_none()) else {
            return Ok(());
        };
        let detail = Message::new("mapping-to-nothing")
            .arg("heading", heading.clone())
            .arg("meant", unknown.to_owned());
        Err(Rejection::new(Code::UnknownField, "columns", detail))
    }

    /// The headings that it names and the table lacks.
    pub(super) fn missing<'m>(&'m self, headings: &'m [&str]) -> impl Iterator<Item = &'m str> {
        let is_there = |named: &str| headings.iter().any(|heading| is_same(named, heading));
        self.0.keys().map(String::as_str).filter(move |named| !is_there(named))
    }
}

/// Marks, case and line breaks differ from one month's table to the next; a heading of marks alone is compared as it is.
fn is_same(named: &str, heading: &str) -> bool {
    let (named_words, words) = (plain(named), plain(heading));
    if words.is_empty() { named.trim() == heading.trim() } else { named_words == words }
}
