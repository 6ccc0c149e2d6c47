//! The command that reports many facilities at once, row by row.

mod doubles;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use self::doubles::Double;
use super::{
    TableReading,
    report::{NameRead, Remark, authorized, mark_jump, observed, record_report},
    session_report::{occurrence, record_sessions, session_observed},
};
use crate::{
    auth::Principal,
    clock::Timestamp,
    domain::{
        facility::{FacilityId, FacilityRef},
        numbers::{Numbers, Statement},
        observation::Source,
        rejection::{Code, Rejection, Rejections},
        resource_type::TypeCode,
        session::{SESSION_TYPE, SessionRef},
    },
    locales::{Language, Message},
    snapshot::{NamedFacility, Snapshot},
    store::{Command, Receipt, UnitOfWork},
};

/// One row of a list of reports; `Err` where it could not even be read.
pub struct ReportRow {
    /// Which row, counting from 1 (in CSV the header is line 1, the first row is row 1).
    pub row: u32,
    /// Its line in the sheet, where that is not the one after `row`.
    pub line: Option<u32>,
    /// The facility as the row names it.
    pub facility: Option<String>,
    /// The type as the row names it.
    pub resource: Option<String>,
    /// The name of the facility that stands beside its code.
    pub name: Option<String>,
    /// The report in it, or the reasons why it cannot be read.
    pub said: Result<RowReport, Vec<Rejection>>,
}

/// The report in a readable row.
pub struct RowReport {
    /// The facility: its id or its name.
    pub facility: String,
    /// The type: its code or its name.
    pub resource: String,
    /// The session, for the numbers of sessions.
    pub session: Option<String>,
    /// The room, where a row tells only of one: the rooms of a type are added up.
    pub room: Option<String>,
    /// The numbers.
    pub numbers: Statement,
    /// When they were true; now, if not given.
    pub observed_at: Option<Timestamp>,
}

/// Many reports at once. A bad row does not stop the others.
pub struct ReportRows {
    /// The rows in order.
    pub rows: Vec<ReportRow>,
    /// How the table was understood, for the receipt.
    pub reading: Option<TableReading>,
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
    /// Which row, counting from 1. A row of a wide table has an outcome for each type.
    pub row: u32,
    /// Its line, as a spreadsheet numbers lines; left out where it is `row` + 1, below a header in the first line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
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
    /// How the names in the row were read that are neither codes nor ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<NameRead>,
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
    /// How the table was understood, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading: Option<TableReading>,
    /// One outcome per row, in order.
    pub outcomes: Vec<RowOutcome>,
    /// In a dry run: the numbers of each row that would become current; a session has none here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<RowChange>,
}

/// The numbers that a row would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowChange {
    /// Which row, counting from 1.
    pub row: u32,
    /// Its line, as in its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The facility.
    pub facility: FacilityId,
    /// The type.
    #[serde(rename = "type")]
    pub resource: TypeCode,
    /// The numbers that stand when its turn comes.
    pub before: Numbers,
    /// Those that would stand then.
    pub values: Numbers,
}

/// What came of a row that was taken.
struct Reported {
    status: RowStatus,
    warnings: Vec<Rejection>,
    /// The numbers before it and after it, if it became current.
    numbers: Option<(FacilityId, TypeCode, Numbers, Numbers)>,
}

impl Reported {
    const fn of(status: RowStatus, warnings: Vec<Rejection>) -> Self {
        Self { status, warnings, numbers: None }
    }
}

impl Command for ReportRows {
    type Outcome = RowsReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<RowsReceipt>, Rejections> {
        unit.principal().check_reports()?;
        let (outcomes, changes) =
            if self.dry_run { unit.dry_run(|unit| self.report(unit)) } else { self.report(unit) };
        let count = |status| {
            u32::try_from(outcomes.iter().filter(|o| o.status == status).count()).unwrap_or(u32::MAX)
        };
        Ok(Receipt::of(RowsReceipt {
            dry_run: self.dry_run,
            accepted: count(RowStatus::Accepted),
            late: count(RowStatus::Late),
            refused: count(RowStatus::Refused),
            reading: self.reading.clone(),
            outcomes,
            changes,
        }))
    }
}

impl ReportRows {
    fn report(&self, unit: &mut UnitOfWork) -> (Vec<RowOutcome>, Vec<RowChange>) {
        let mut names = Names::new(self.language);
        let subjects: Vec<_> = self.rows.iter().map(|row| names.subject(unit, row)).collect();
        let doubles = self.doubles(unit, &subjects);
        let source = unit.principal().bulk_source();
        let mut outcomes: Vec<RowOutcome> = Vec::with_capacity(self.rows.len());
        let mut changes = Vec::new();
        for ((row, subject), double_of) in self.rows.iter().zip(subjects).zip(doubles) {
            let (subject, resolved) = subject;
            let first = match double_of {
                Some(Double::CopyOf(first) | Double::PartOf(first)) => Some(first),
                _ => None,
            };
            let copied = first.map(|first| (&self.rows[first], outcomes[first].status));
            let result = match (&row.said, subject, copied) {
                (Ok(_), Ok(_), Some((first, status @ (RowStatus::Accepted | RowStatus::Late)))) => {
                    let first = first.row.to_string();
                    let told = match double_of {
                        Some(Double::PartOf(_)) => of_rooms(Message::new("room-added").arg("other", first)),
                        _ => of_twice(Message::new("row-copied").arg("other", first)),
                    };
                    Ok(Reported::of(status, vec![told]))
                }
                (Ok(said), Ok(subject), _) => self
                    .report_row(unit, said, subject, double_of, source)
                    .map_err(|rejection| vec![rejection]),
                (said, subject, _) => {
                    let unreadable = said.as_ref().err().into_iter().flatten().cloned();
                    Err(subject.err().into_iter().flatten().chain(unreadable).collect())
                }
            };
            let remarks = |rejections: &[Rejection]| {
                rejections.iter().map(|rejection| Remark::of(rejection, self.language)).collect()
            };
            let outcome = RowOutcome {
                row: row.row,
                line: row.line,
                facility: row.facility.clone(),
                resource: row.resource.clone(),
                status: RowStatus::Refused,
                errors: Vec::new(),
                warnings: Vec::new(),
                resolved,
            };
            outcomes.push(match result {
                Ok(Reported { status, warnings, numbers }) => {
                    let shown = numbers.filter(|_| self.dry_run);
                    changes.extend(shown.map(|(facility, resource, before, values)| RowChange {
                        row: row.row,
                        line: row.line,
                        facility,
                        resource,
                        before,
                        values,
                    }));
                    RowOutcome { status, warnings: remarks(&warnings), ..outcome }
                }
                Err(refused) => {
                    let status = copied.map_or(RowStatus::Refused, |(_, status)| status);
                    RowOutcome { status, errors: remarks(&refused), ..outcome }
                }
            });
        }
        (outcomes, changes)
    }

    /// Reports one row, and gives what is odd about it.
    fn report_row(
        &self,
        unit: &mut UnitOfWork,
        said: &RowReport,
        subject: Subject,
        double_of: Option<Double>,
        source: Source,
    ) -> Result<Reported, Rejection> {
        let state = authorized(unit, &FacilityRef::Id(subject.facility), "/facility", None)?;
        let refused = match double_of {
            Some(Double::Contradicts(other)) => {
                Some(of_twice(Message::new("row-twice").arg("other", other.to_string())))
            }
            Some(Double::Lacks(other)) => {
                Some(of_rooms(Message::new("room-lacks").arg("other", other.to_string())))
            }
            Some(Double::PartOf(first)) => {
                let other = self.rows[first].row.to_string();
                Some(of_rooms(Message::new("room-not-added").arg("other", other)))
            }
            Some(Double::CopyOf(_) | Double::SumOf { .. }) | None => None,
        };
        if let Some(refused) = refused {
            return Err(Rejection { pointer: "/facility".into(), ..refused });
        }
        let (numbers, observed_at, added) = match double_of {
            Some(Double::SumOf { rooms, numbers, observed_at }) => {
                (numbers, observed_at, Some(of_rooms(Message::new("rooms-added").arg("rooms", rooms))))
            }
            _ => (said.numbers, said.observed_at.unwrap_or(unit.now()), None),
        };
        let observed_at = observed_at.min(unit.now());
        if let Some(named) = subject.session {
            let date = occurrence(unit, state.facility.id, named, observed_at, "/session")?;
            let observed = session_observed(unit, named.id, date, numbers, observed_at, "")?;
            let receipts = record_sessions(unit, state.facility.id, source, vec![observed]);
            let is_accepted = receipts.iter().all(|receipt| receipt.accepted);
            return Ok(Reported::of(status_of(is_accepted), subject.doubt.into_iter().collect()));
        }
        let observation = observed(unit, &state, &subject.resource, numbers, observed_at, "")?;
        let (observation, odd) = mark_jump(unit, &state, observation, self.confirmed, "")?;
        let mut receipt = record_report(unit, &state, source, vec![observation]);
        let status = status_of(!receipt.accepted.is_empty());
        let before = receipt.before.remove(&subject.resource).unwrap_or_default();
        let values = receipt.values.remove(&subject.resource).filter(|_| status == RowStatus::Accepted);
        let numbers = values.map(|values| (subject.facility, subject.resource, before, values));
        let warnings = subject.doubt.into_iter().chain(odd).chain(added).collect();
        Ok(Reported { status, warnings, numbers })
    }
}

/// That a row reports what another one reports.
fn of_twice(detail: Message) -> Rejection {
    Rejection::new(Code::DuplicateRow, "", detail)
}

/// That a row is one of several rooms of a type.
fn of_rooms(detail: Message) -> Rejection {
    Rejection::new(Code::RoomsTogether, "", detail)
}

const fn status_of(is_accepted: bool) -> RowStatus {
    if is_accepted { RowStatus::Accepted } else { RowStatus::Late }
}

/// The facility that a sender names: a name means one that the sender may report on.
pub fn named_facility<'s>(
    state: &'s Snapshot,
    sender: &Principal,
    given: &str,
) -> Result<NamedFacility<'s>, Rejection> {
    state.resolve_facility(given, |facility| sender.check_reports_for(facility).is_ok())
}

/// What a row is about.
#[derive(Debug)]
struct Subject {
    facility: FacilityId,
    resource: TypeCode,
    session: Option<SessionRef>,
    /// The name beside the facility's code is no name of it.
    doubt: Option<Rejection>,
}

/// How a facility was named: which one is meant, how that was read, and what is odd about it.
type FacilityNamed = (FacilityId, Option<NameRead>, Option<Rejection>);

/// Reads the names in rows. Lists name the same few again and again.
struct Names {
    language: Language,
    facilities: HashMap<(String, Option<String>), Result<FacilityNamed, Rejection>>,
    types: HashMap<String, Result<(TypeCode, Option<NameRead>), Rejection>>,
}

impl Names {
    fn new(language: Language) -> Self {
        Self { language, facilities: HashMap::new(), types: HashMap::new() }
    }

    /// What the row is about, with everything that is wrong with that; and how its names were read. A row that cannot be
    /// read is told about those of its names that it has.
    fn subject(
        &mut self,
        unit: &UnitOfWork,
        row: &ReportRow,
    ) -> (Result<Subject, Vec<Rejection>>, Vec<NameRead>) {
        let mut refused = Vec::new();
        let facility = row.said.as_ref().map_or(row.facility.as_ref(), |said| Some(&said.facility));
        let facility = facility.and_then(|given| {
            self.facility(unit, given, row.name.as_ref()).map_err(|r| refused.push(r)).ok()
        });
        let resource = row.said.as_ref().map_or(row.resource.as_ref(), |said| Some(&said.resource));
        let resource =
            resource.and_then(|given| self.resource(unit, given).map_err(|r| refused.push(r)).ok());
        let resolved = [
            facility.as_ref().and_then(|(_, read, _)| read.clone()),
            resource.as_ref().and_then(|(_, read)| read.clone()),
        ];
        let subject = facility.zip(resource).map(|((facility, _, doubt), (resource, _))| {
            let given = row.said.as_ref().ok().and_then(|said| said.session.as_deref());
            let session = session(given, &resource).map_err(|rejection| refused.push(rejection)).ok()?;
            Some(Subject { facility, resource, session, doubt })
        });
        (
            subject.flatten().filter(|_| refused.is_empty()).ok_or(refused),
            resolved.into_iter().flatten().collect(),
        )
    }

    fn resource(
        &mut self,
        unit: &UnitOfWork,
        given: &str,
    ) -> Result<(TypeCode, Option<NameRead>), Rejection> {
        if let Some(read) = self.types.get(given) {
            return read.clone();
        }
        let resource = unit.state().resolve_type(given, None).map_err(|rejection| rejection.under("/type"));
        let read = resource.map(|resource| {
            (resource.code.clone(), NameRead::of_type(given, "/type", resource, self.language))
        });
        self.types.insert(given.to_owned(), read.clone());
        read
    }

    fn facility(
        &mut self,
        unit: &UnitOfWork,
        given: &str,
        beside: Option<&String>,
    ) -> Result<FacilityNamed, Rejection> {
        let key = (given.to_owned(), beside.cloned());
        if let Some(read) = self.facilities.get(&key) {
            return read.clone();
        }
        let named = named_facility(unit.state(), unit.principal(), given);
        let read = named.and_then(|NamedFacility { state, is_by_name }| {
            let facility = &state.facility;
            let read = is_by_name.then(|| NameRead::of_facility(given, "/facility", facility, unit.state()));
            let doubt = beside.map(|name| unit.state().doubt_of_name(state, name)).transpose()?;
            Ok((facility.id, read, doubt.flatten()))
        });
        let read = read.map_err(|rejection| rejection.under("/facility"));
        self.facilities.insert(key, read.clone());
        read
    }
}

/// The session that a row of a type names; needed for sessions, and meaningless for places.
fn session(given: Option<&str>, resource: &TypeCode) -> Result<Option<SessionRef>, Rejection> {
    let is_session = resource.as_str() == SESSION_TYPE;
    match given {
        None if is_session => Err(Rejection::new(
            Code::MissingField,
            "/session",
            Message::new("row-without-session").arg("session-type", SESSION_TYPE.to_owned()),
        )),
        Some(_) if !is_session => Err(Rejection::new(
            Code::InvalidField,
            "/session",
            Message::new("row-with-needless-session").arg("session-type", SESSION_TYPE.to_owned()),
        )),
        given => given.map(|text| SessionRef::parse(text, "/session")).transpose(),
    }
}
