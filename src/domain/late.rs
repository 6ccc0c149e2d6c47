//! Late observations of a report: a newer one was known when it came.

use chrono::NaiveDate;

use super::{resource_type::TypeCode, session::SessionId};

/// The numbers of one report that never were current.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Late(Vec<String>);

impl Late {
    /// Reads it as it is kept: names, separated by commas.
    pub fn read(kept: &str) -> Self {
        Self(kept.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// As it is kept; None if nothing was late.
    pub fn kept(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(","))
    }

    /// The number of a type was late.
    pub fn add(&mut self, resource: &TypeCode) {
        self.0.push(resource.to_string());
    }

    /// The numbers of an occurrence of a session were late, also because it was over.
    pub fn add_occurrence(&mut self, session: SessionId, date: NaiveDate) {
        self.0.push(occurrence(session, date));
    }

    /// Whether the number of a type was.
    pub fn has(&self, resource: &TypeCode) -> bool {
        self.0.iter().any(|name| name == resource.as_str())
    }

    /// Whether what was told of an occurrence was.
    pub fn has_occurrence(&self, session: SessionId, date: NaiveDate) -> bool {
        self.0.contains(&occurrence(session, date))
    }
}

fn occurrence(session: SessionId, date: NaiveDate) -> String {
    format!("{session}:{date}")
}
