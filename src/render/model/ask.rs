//! The answer to a question in one box.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::render::model::{BedsAnswer, Resolved, VaccinationsAnswer};

/// A question in one box, how it was read, and its answers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AskAnswer {
    /// How the question was read.
    pub understood: UnderstoodView,
    /// The time of the newest change in this answer.
    pub as_of: DateTime<Utc>,
    /// What `/v1/beds` answers; null if the question is not about beds.
    pub beds: Option<BedsAnswer>,
    /// What `/v1/isolation` answers; null if the question is not about that.
    pub isolation: Option<BedsAnswer>,
    /// What `/v1/vaccinations` answers; null if the question is not about that.
    pub vaccinations: Option<VaccinationsAnswer>,
}

/// How a question was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnderstoodView {
    /// In words, to be read to the caller.
    pub text: String,
    /// The requests that answer the same.
    #[schema(example = json!(["/v1/beds?type=bed.covid.picu,bed.picu&ventilator=true&near=33.74.10"]))]
    pub requests: Vec<String>,
    /// The names in the question, and what they mean.
    pub resolved: Vec<Resolved>,
    /// What to tell the caller about that: an emergency first, a name that was only similar, a need that nothing is
    /// recorded of, a place that was left out.
    pub notes: Vec<NoteView>,
    /// The words that could not be read, or that these requests have no use for.
    pub unread: Vec<String>,
    /// Those of them that no note tells of.
    #[serde(skip)]
    pub untold: Vec<String>,
}

/// Something to tell about how a question was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoteView {
    /// The words of the question that it is about, as they were typed.
    #[schema(example = "cuci darah")]
    pub given: String,
    /// Whether it comes before everything else.
    pub is_urgent: bool,
    /// In words, to be read to the caller.
    pub text: String,
}
