//! The history of one facility's numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::FacilityBrief;
use crate::{
    domain::{
        change::Seq, facility::FacilityId, numbers::Count, resource_type::TypeCode, session::SessionId,
    },
    render::changes::NumberContent,
};

/// One number that was reported.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HistoryNumber {
    /// The change that it came with.
    pub seq: Seq,
    /// The number.
    #[serde(flatten)]
    pub number: NumberContent,
    /// The session, for `vaccination.session`: capacity is the quota, available is what is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub session: Option<SessionId>,
    /// On which day that is held, local.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date: Option<NaiveDate>,
    /// A newer observation was known when it came, or the session was over: it never was the current number. Only its
    /// capacity may have been, if none was stated later.
    pub late: bool,
}

/// One day of one type in short: what is left of its reports.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Day {
    /// The UTC day that the reports were received on.
    #[schema(format = Date)]
    pub day: String,
    /// The type that was counted.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The smallest reported number of free places; null if no report stated one.
    pub available_min: Option<Count>,
    /// The most free that were reported.
    pub available_max: Option<Count>,
    /// How many were free by the last report of the day.
    pub available_last: Option<Count>,
    /// How many there were by the last report of the day.
    pub capacity_last: Option<Count>,
    /// How many reports there were, late ones too; those count for nothing else here, not even their capacity.
    pub reports: u32,
}

/// A page of a history, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HistoryAnswer {
    /// The facility.
    pub facility: FacilityId,
    /// Each number that was received, the last received first.
    pub history: Vec<HistoryNumber>,
    /// The days before, in short, the last first: their reports are no longer kept one by one. The newest of them may be
    /// in both lists, with different reports.
    pub daily: Vec<Day>,
    /// The cursor of the next page; null on the last. A page can be short and still have a next one.
    pub next: Option<String>,
    /// The facility in short.
    #[serde(skip)]
    pub about: FacilityBrief,
    /// The labels of the types in it, in the language of the answer.
    #[serde(skip)]
    pub labels: BTreeMap<TypeCode, String>,
}
