//! The command that reports many facilities at once, row by row.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::report::{
    Remark, authorized, check_type, mark_jump, observed, occurrence, record_report, record_sessions,
    session_observed,
};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityRef,
        numbers::Statement,
        observation::Source,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        session::SessionRef,
    },
    locales::{Language, Message},
    store::{Command, Receipt, UnitOfWork},
};

/// One row of a list of reports; `Err` where it could not even be read.
pub struct ReportRow {
    /// Which row, counting from 1 (in CSV the header is line 1, the first row is row 1).
    pub row: u32,
    /// The facility as the row names it.
    pub facility: Option<String>,
    /// The type as the row names it.
    pub resource: Option<String>,
    /// The report in it, or the reasons why it cannot be read.
    pub said: Result<RowReport, Vec<Rejection>>,
}

/// The report in a readable row.
pub struct RowReport {
    /// The facility.
    pub facility: FacilityRef,
    /// The type.
    pub resource: TypeCode,
    /// The session, for the numbers of sessions.
    pub session: Option<SessionRef>,
    /// The numbers.
    pub numbers: Statement,
    /// When they were true; now, if not given.
    pub observed_at: Option<Timestamp>,
}

/// Many reports at once. A bad row does not stop the others.
pub struct ReportRows {
    /// The rows in order.
    pub rows: Vec<ReportRow>,
    /// Decide everything, store nothing.
    pub dry_run: bool,
    /// Whether the sender confirms numbers that jump.
    pub confirmed: bool,
    /// The language of the outcomes.
    pub language: Language,
}

/// The outcome of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// The numbers are current now.
    Accepted,
    /// A newer observation was known: these went into the history. Only a capacity among them counts if none was stated
    /// later.
    Late,
    /// Nothing of this row was stored.
    Refused,
}

/// The outcome of one row, and the reasons.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowOutcome {
    /// Which row, counting from 1.
    pub row: u32,
    /// The facility as the row named it.
    pub facility: Option<String>,
    /// The type as the row named it.
    #[serde(rename = "type")]
    pub resource: Option<String>,
    /// The outcome.
    pub status: RowStatus,
    /// The reasons why it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Remark>,
    /// Doubts about a row that was taken all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Remark>,
}

/// The outcomes of a list of reports.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowsReceipt {
    /// Nothing was stored, whatever the outcomes say.
    pub dry_run: bool,
    /// How many rows became current.
    pub accepted: u32,
    /// How many rows were older than what was known.
    pub late: u32,
    /// How many rows were refused.
    pub refused: u32,
    /// One outcome per row, in order.
    pub outcomes: Vec<RowOutcome>,
}

impl Command for ReportRows {
    type Outcome = RowsReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<RowsReceipt>, Rejections> {
        unit.principal().check_reports()?;
        let outcomes = if self.dry_run { unit.dry_run(|unit| self.report(unit)) } else { self.report(unit) };
        let count = |status| {
            u32::try_from(outcomes.iter().filter(|o| o.status == status).count()).unwrap_or(u32::MAX)
        };
        Ok(Receipt::of(RowsReceipt {
            dry_run: self.dry_run,
            accepted: count(RowStatus::Accepted),
            late: count(RowStatus::Late),
            refused: count(RowStatus::Refused),
            outcomes,
        }))
    }
}

impl ReportRows {
    fn report(&self, unit: &mut UnitOfWork) -> Vec<RowOutcome> {
        let doubles = self.doubles(unit);
        let source = unit.principal().bulk_source();
        let mut outcomes = Vec::with_capacity(self.rows.len());
        for (row, double_of) in self.rows.iter().zip(doubles) {
            let said = row.said.as_ref().map_err(Clone::clone);
            let result =
                said.and_then(|said| self.report_row(unit, said, double_of, source).map_err(|r| vec![r]));
            let remark = |rejection: &Rejection| Remark::of(rejection, self.language);
            let (status, errors, warnings) = match result {
                Ok((status, odd)) => (status, Vec::new(), odd.iter().map(remark).collect()),
                Err(refused) => (RowStatus::Refused, refused.iter().map(remark).collect(), Vec::new()),
            };
            let (facility, resource) = (row.facility.clone(), row.resource.clone());
            outcomes.push(RowOutcome { row: row.row, facility, resource, status, errors, warnings });
        }
        outcomes
    }

    /// For each row, another row that reports the same number of the same moment: which of the two is
    /// meant cannot be known, so neither is stored.
    fn doubles(&self, unit: &UnitOfWork) -> Vec<Option<u32>> {
        let now = unit.now();
        let identity = |row: &ReportRow| {
            let said = row.said.as_ref().ok()?;
            let facility = unit.state().resolve(&said.facility)?.facility.id;
            let at = said.observed_at.unwrap_or(now);
            let named = said.session.map(|named| {
                let date = occurrence(unit, facility, named, at, "").ok().or(named.date);
                SessionRef { date, ..named }
            });
            Some((facility, said.resource.clone(), named, at))
        };
        let identities: Vec<_> = self.rows.iter().map(identity).collect();
        let mut seen: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, identity) in identities.iter().enumerate() {
            if let Some(identity) = identity {
                seen.entry(identity).or_default().push(index);
            }
        }
        let other = |(index, identity): (usize, &Option<_>)| {
            let same = seen.get(identity.as_ref()?)?;
            same.iter().find(|other| **other != index).map(|other| self.rows[*other].row)
        };
        identities.iter().enumerate().map(other).collect()
    }

    /// Reports one row, and gives what is odd about it.
    fn report_row(
        &self,
        unit: &mut UnitOfWork,
        said: &RowReport,
        double_of: Option<u32>,
        source: Source,
    ) -> Result<(RowStatus, Option<Rejection>), Rejection> {
        let state = authorized(unit, &said.facility, "/facility", None)?;
        if said.session.is_none() {
            check_type(unit, &said.resource, "/type")?;
        }
        if let Some(other) = double_of {
            return Err(Rejection::new(
                Code::DuplicateRow,
                "/facility",
                Message::new("row-twice").arg("other", other.to_string()),
            ));
        }
        let observed_at = said.observed_at.unwrap_or(unit.now()).min(unit.now());
        if let Some(named) = said.session {
            let date = occurrence(unit, state.facility.id, named, observed_at, "/session")?;
            let observed = session_observed(unit, named.id, date, said.numbers, observed_at, "")?;
            let receipts = record_sessions(unit, state.facility.id, source, vec![observed]);
            let is_accepted = receipts.iter().all(|receipt| receipt.accepted);
            return Ok((if is_accepted { RowStatus::Accepted } else { RowStatus::Late }, None));
        }
        let observation = observed(unit, &state, &said.resource, said.numbers, observed_at, "")?;
        let (observation, odd) = mark_jump(unit, &state, observation, self.confirmed, "")?;
        let is_accepted = !record_report(unit, &state, source, vec![observation]).accepted.is_empty();
        let status = if is_accepted { RowStatus::Accepted } else { RowStatus::Late };
        Ok((status, odd))
    }
}
