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
    /// The words that could not be read, or that these requests have no use for.
    pub unread: Vec<String>,
}
