//! What somebody entered into a form.

use serde_json::Value;

/// What was entered into a form.
#[derive(Default)]
pub(super) struct Entered(Vec<(String, String)>);

impl Entered {
    /// Reads a form as browsers send it.
    pub(super) fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// These fields.
    pub(super) fn of(fields: &[(String, String)]) -> Self {
        Self(fields.to_vec())
    }

    /// The same with more fields.
    #[must_use]
    pub(super) fn and(mut self, fields: &[(String, String)]) -> Self {
        self.0.extend_from_slice(fields);
        self
    }

    /// Whether the form had this field.
    pub(super) fn is_there(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// What was entered into a field; a choice offered beside it stands after it, and counts.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The same, if anything was.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Whether a box is ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// All that were ticked of several boxes.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// A number, null for nothing, or what was entered in its place, which the contract refuses by name.
    pub(super) fn number(&self, name: &str) -> Value {
        let text = self.text(name).replace(',', ".");
        match text.parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => number.into(),
                _ => text.into(),
            },
        }
    }

    /// All fields, in the order of the form.
    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.0
    }
}
