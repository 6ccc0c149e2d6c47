//! What a person said that the headings of a table mean, where they do not say it themselves.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
/// The headings stand by what is compared of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnMapping(BTreeMap<String, Said>);

/// A heading, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    heading: String,
    meant: Option<String>,
}

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

impl Serialize for ColumnMapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.values().map(|said| (&said.heading, &said.meant)))
    }
}

impl FromIterator<(String, Option<String>)> for ColumnMapping {
    fn from_iter<I: IntoIterator<Item = (String, Option<String>)>>(entries: I) -> Self {
        let said = entries.into_iter().map(|(heading, meant)| (compared(&heading), Said { heading, meant }));
        Self(said.collect())
    }
}

impl ColumnMapping {
    /// Reads a mapping that is written as a JSON object.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let refused = |detail| Rejection::new(Code::InvalidParameter, pointer, detail);
        let unreadable = |error: serde_json::Error| {
            refused(Message::new("mapping-unreadable").arg("error", error.to_string()))
        };
        let entries: BTreeMap<String, Option<String>> = serde_json::from_str(text).map_err(unreadable)?;
        let mapping: Self = entries.into_iter().collect();
        if mapping.0.len() > MOST {
            return Err(refused(Message::new("mapping-too-long").arg("most", MOST)));
        }
        Ok(mapping)
    }

    /// What it says of a heading of the table.
    pub(super) fn meant(&self, heading: &str) -> Meant<'_> {
        if self.0.is_empty() {
            return Meant::AsWritten;
        }
        match self.0.get(&compared(heading)).map(|said| said.meant.as_deref()) {
            None => Meant::AsWritten,
            Some(None) => Meant::PassedOver,
            Some(Some(other)) => Meant::As(other),
        }
    }

    /// Refuses a mapping to a heading that nobody knows.
    pub(super) fn check(&self, layout: &Layout<'_>) -> Result<(), Rejection> {
        let mut meant = self.0.values().filter_map(|said| Some((&said.heading, said.meant.as_deref()?)));
        let Some((heading, unknown)) = meant.find(|(_, meant)| layout.column(meant).is_none()) else {
            return Ok(());
        };
        let detail = Message::new("mapping-to-nothing")
            .arg("heading", heading.clone())
            .arg("meant", unknown.to_owned());
        Err(Rejection::new(Code::UnknownField, "columns", detail))
    }

    /// The headings that it names and the table lacks.
    pub(super) fn missing<'h>(&self, headings: impl Iterator<Item = &'h str>) -> Vec<String> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let there: HashSet<String> = headings.map(compared).collect();
        let missing = self.0.iter().filter(|(compared, _)| !there.contains(*compared));
        missing.map(|(_, said)| said.heading.clone()).collect()
    }
}

/// Marks, case and line breaks differ from one month's table to the next; a heading of marks alone is compared as it is.
fn compared(heading: &str) -> String {
    let words = plain(heading);
    if words.is_empty() { heading.trim().to_owned() } else { words }
}
