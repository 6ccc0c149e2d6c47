//! Commands that report numbers of one facility. Numbers that jump are asked back
//! from people with a link, and warned of otherwise.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;

use super::session_report::{SessionReceipt, occurrences, record_sessions};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report, Seq},
        facility::{Facility, FacilityId, FacilityRef},
        numbers::{Numbers, Statement},
        observation::{Observation, Reading, Source},
        outlier::{Outlier, jumping},
        rejection::{Code, Rejection, Rejections, pointer_token},
        resource_type::{Kind, ResourceType, TypeCode},
        session::SessionRef,
    },
    locales::{Language, Message, render},
    snapshot::{CurrentReading, FacilityState, Snapshot},
    store::{Command, Receipt, UnitOfWork},
};

/// States the numbers of one or many types of one facility; its other types stay as they are.
pub struct PutAvailability {
    /// The facility.
    pub facility: FacilityRef,
    /// When they were true; now, if not given.
    pub observed_at: Option<Timestamp>,
    /// The numbers by type, as the sender names it.
    pub values: Vec<(String, Statement)>,
    /// The numbers of its sessions.
    pub sessions: Vec<(SessionRef, Statement)>,
    /// Whether the sender confirms numbers that jump.
    pub confirmed: bool,
    /// The language of warnings.
    pub language: Language,
    /// Only if the facility still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

impl PutAvailability {
    /// A report about `facility` without numbers yet.
    pub fn of(facility: FacilityRef) -> Self {
        Self {
            facility,
            observed_at: None,
            values: Vec::new(),
            sessions: Vec::new(),
            confirmed: false,
            language: Language::default(),
            if_match: None,
        }
    }
}

/// One more or one fewer place of one type.
pub struct AdjustAvailability {
    /// The facility.
    pub facility: FacilityRef,
    /// The type, as the sender names it.
    pub resource: String,
    /// How many more places are free; negative for fewer.
    pub delta: i32,
    /// Whether the sender confirms a number that jumps.
    pub confirmed: bool,
    /// The language of warnings.
    pub language: Language,
    /// Only if the facility still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

/// Says that nothing has changed.
pub struct ConfirmAvailability {
    /// The facility.
    pub facility: FacilityRef,
    /// Which types, as the sender names them; all known ones if empty.
    pub types: Vec<String>,
    /// When they were seen; now, if not given.
    pub observed_at: Option<Timestamp>,
    /// The language of the types' names.
    pub language: Language,
    /// Only if the facility still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

/// The answer to the sender of numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportReceipt {
    /// The facility.
    pub facility: FacilityId,
    /// The facility's version now, for `If-Match`.
    pub version: Seq,
    /// When the directory learned them.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// The types whose numbers are now current.
    pub accepted: Vec<TypeCode>,
    /// The types for which a newer observation was known: these numbers went into the history. Only a capacity among
    /// them counts if none was stated later.
    pub late: Vec<TypeCode>,
    /// The numbers of the types that were reported, as they stand now.
    pub values: BTreeMap<TypeCode, Numbers>,
    /// The numbers that stood before, of those of which any were known.
    pub before: BTreeMap<TypeCode, Numbers>,
    /// The types that were named by something else than their code, and how that was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<NameRead>,
    /// Doubts about numbers that were taken all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Remark>,
    /// The outcomes of the numbers of sessions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<SessionReceipt>,
}

impl Command for PutAvailability {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        let state = authorized(unit, &self.facility, "id", self.if_match.as_deref())?;
        let names =
            self.values.iter().map(|(given, _)| (&**given, format!("/values/{}", pointer_token(given))));
        let (types, resolved) = named_types(unit, names, self.language);
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let sessions = occurrences(unit, state.facility.id, observed_at, &self.sessions);
        let (mut observations, mut odd, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for ((given, said), resource) in self.values.iter().zip(types.iter().flatten()) {
            let pointer = format!("/values/{}", pointer_token(given));
            let observed = observed(unit, &state, resource, *said, observed_at, &pointer);
            match observed
                .and_then(|observation| mark_jump(unit, &state, observation, self.confirmed, &pointer))
            {
                Ok((observation, warning)) => {
                    observations.push(observation);
                    odd.extend(warning);
                }
                Err(rejection) => asked.push(rejection),
            }
        }
        let refused = sessions.as_ref().err().into_iter().flatten().cloned();
        let unknown = types.err().into_iter().flatten();
        Rejections::unless_empty(unknown.chain(refused).chain(asked), ())?;
        let source = unit.principal().source();
        let mut receipt = record_report(unit, &state, source, observations);
        receipt.resolved = resolved;
        receipt.warnings = odd.iter().map(|odd| Remark::of(odd, self.language)).collect();
        receipt.sessions = record_sessions(unit, state.facility.id, source, sessions.unwrap_or_default());
        receipt.version = unit.state().facility(state.facility.id).map_or(0, |state| state.version);
        Ok(receipt.into())
    }
}

impl Command for AdjustAvailability {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        let state = authorized(unit, &self.facility, "id", self.if_match.as_deref())?;
        let resource = counted_type(unit, &self.resource).map_err(|rejection| rejection.under("/type"))?;
        let resolved = NameRead::of_type(&self.resource, "/type", &resource, self.language);
        let code = &resource.code;
        let current = state.reading(code).map(|reading| reading.numbers).unwrap_or_default();
        let said = Statement::without_capacity(current.adjusted(self.delta, "/delta")?);
        let observation = observed(unit, &state, code, said, unit.now(), "")?;
        let (observation, odd) = mark_jump(unit, &state, observation, self.confirmed, "")?;
        let source = unit.principal().source();
        let mut receipt = record_report(unit, &state, source, vec![observation]);
        receipt.resolved = resolved.into_iter().collect();
        receipt.warnings = odd.iter().map(|odd| Remark::of(odd, self.language)).collect();
        Ok(receipt.into())
    }
}

impl Command for ConfirmAvailability {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        let state = authorized(unit, &self.facility, "id", self.if_match.as_deref())?;
        let names = self.types.iter().enumerate().map(|(index, given)| (&**given, format!("/types/{index}")));
        let (types, resolved) = named_types(unit, names, self.language);
        let types = types.or_else(|unknown| Rejections::unless_empty(unknown, Vec::new()))?;
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let is_meant = |current: &CurrentReading| match &types[..] {
            // Retired types are hidden, so skip them.
            [] => !current.resource.retired,
            types => types.contains(current.code()),
        };
        let known = state.readings.iter().filter(|current| !current.reading.is_unknown());
        let confirmed: Vec<Observation> = known
            .filter(|current| is_meant(current))
            .map(|current| {
                let said = Statement::of_known(current.numbers);
                observed(unit, &state, current.code(), said, observed_at, "/types")
            })
            .collect::<Result<_, _>>()?;
        if confirmed.is_empty() {
            return Err(
                Rejection::new(Code::NothingToAdjust, "/types", Message::new("nothing-to-confirm")).into()
            );
        }
        let source = unit.principal().source();
        Ok(ReportReceipt { resolved, ..record_report(unit, &state, source, confirmed) }.into())
    }
}

/// The facility, if it exists, is open and at the expected version, and the sender may report for it.
pub(super) fn authorized(
    unit: &UnitOfWork,
    facility: &FacilityRef,
    pointer: &str,
    if_match: Option<&[Seq]>,
) -> Result<Arc<FacilityState>, Rejection> {
    unit.principal().check_reports()?;
    let state = reported_facility(unit, facility, pointer)?;
    check_version(&state, if_match)?;
    check_open(&state)?;
    Ok(state)
}

/// The facility, if it exists and the sender may report for it.
pub(super) fn reported_facility(
    unit: &UnitOfWork,
    facility: &FacilityRef,
    pointer: &str,
) -> Result<Arc<FacilityState>, Rejection> {
    let state = known_facility(unit, facility, pointer)?;
    unit.principal().check_reports_for(&state.facility)?;
    Ok(state)
}

/// The facility, if it exists.
pub(super) fn known_facility(
    unit: &UnitOfWork,
    facility: &FacilityRef,
    pointer: &str,
) -> Result<Arc<FacilityState>, Rejection> {
    let known = unit.state().resolve(facility).cloned();
    known.ok_or_else(|| FacilityRef::unknown(&facility.to_string(), pointer))
}

/// Refuses numbers of a closed facility: no answer would show them, and the sender would not know.
pub(super) fn check_open(state: &FacilityState) -> Result<(), Rejection> {
    if !state.facility.closed {
        return Ok(());
    }
    let name = &state.facility.name;
    Err(Rejection::new(Code::FacilityClosed, "id", Message::new("facility-closed").arg("name", name.clone())))
}

/// Refuses if another sender changed the facility since this one read it.
pub(super) fn check_version(state: &FacilityState, if_match: Option<&[Seq]>) -> Result<(), Rejection> {
    check_version_of("facility", state.version, if_match)
}

/// Refuses if `now` is none of the versions that the sender knows of a `facility` or a `session`.
pub(super) fn check_version_of(
    what: &'static str,
    now: Seq,
    if_match: Option<&[Seq]>,
) -> Result<(), Rejection> {
    if if_match.is_none_or(|versions| versions.contains(&now)) {
        return Ok(());
    }
    let detail = Message::new("version-mismatch").arg("what", what).arg("now", now.to_string());
    Err(Rejection::new(Code::VersionMismatch, "If-Match", detail))
}

/// The type that the sender calls `given`, if it counts places.
pub(super) fn counted_type(unit: &UnitOfWork, given: &str) -> Result<Arc<ResourceType>, Rejection> {
    let resource = unit.state().resolve_type(given, None)?;
    if resource.kind == Kind::Vaccination {
        return Err(unit.state().unknown_type(given, None));
    }
    Ok(Arc::clone(resource))
}

/// The types that the sender names, each once, and how the names were read that are no codes.
fn named_types<'a>(
    unit: &UnitOfWork,
    names: impl Iterator<Item = (&'a str, String)>,
    language: Language,
) -> (Result<Vec<TypeCode>, Vec<Rejection>>, Vec<NameRead>) {
    let mut known: Vec<(TypeCode, &str)> = Vec::new();
    let (mut resolved, mut refused) = (Vec::new(), Vec::new());
    for (given, pointer) in names {
        match counted_type(unit, given) {
            Err(rejection) => refused.push(rejection.under(&pointer)),
            Ok(resource) => {
                if let Some((code, other)) = known.iter().find(|(code, _)| *code == resource.code) {
                    let detail = Message::new("type-named-twice")
                        .arg("given", given.to_owned())
                        .arg("other", (*other).to_owned())
                        .arg("code", code.to_string());
                    refused.push(Rejection::new(Code::DuplicateRow, &pointer, detail));
                    continue;
                }
                resolved.extend(NameRead::of_type(given, &pointer, &resource, language));
                known.push((resource.code.clone(), given));
            }
        }
    }
    let types = known.into_iter().map(|(code, _)| code).collect();
    (if refused.is_empty() { Ok(types) } else { Err(refused) }, resolved)
}

/// The observation that somebody made who said this.
pub(super) fn observed(
    unit: &UnitOfWork,
    state: &FacilityState,
    resource: &TypeCode,
    said: Statement,
    observed_at: Timestamp,
    pointer: &str,
) -> Result<Observation, Rejection> {
    let current = state.reading(resource).map(|current| &**current);
    let zone = unit.state().zone(state.facility.region);
    let (numbers, capacity_observed_at) = said.resolved(current, (observed_at, unit.now()), zone, pointer)?;
    Ok(Observation {
        resource: resource.clone(),
        numbers,
        observed_at,
        capacity_observed_at,
        oldest_room_observed_at: None,
        available_derived: false,
        jump: None,
    })
}

/// Records the observations and says which of them are current now.
pub(super) fn record_report(
    unit: &mut UnitOfWork,
    state: &FacilityState,
    source: Source,
    observations: Vec<Observation>,
) -> ReportReceipt {
    let gives_way = |observation: &Observation| {
        state
            .reading(&observation.resource)
            .is_none_or(|current| current.superseded_by(observation.observed_at, unit.now()))
    };
    let codes = |observations: Vec<&Observation>| observations.iter().map(|o| o.resource.clone()).collect();
    let (accepted, late): (Vec<&Observation>, Vec<&Observation>) =
        observations.iter().partition(|o| gives_way(o));
    let (accepted, late) = (codes(accepted), codes(late));
    let reported: Vec<TypeCode> = observations.iter().map(|o| o.resource.clone()).collect();
    let numbers = |state: &FacilityState| {
        let of = |code: &TypeCode| Some((code.clone(), state.reading(code)?.numbers));
        reported.iter().filter_map(of).collect::<BTreeMap<_, _>>()
    };
    let (facility, reporter) = (state.facility.id, unit.principal().reporter());
    if !observations.is_empty() {
        unit.record(Effect::Report(Report { facility, source, reporter, observations }));
    }
    let after = unit.state().facility(facility);
    let version = after.map_or(0, |state| state.version);
    let (before, values) = (numbers(state), after.map(|after| numbers(after)).unwrap_or_default());
    let received_at = unit.now();
    let (resolved, warnings, sessions) = (Vec::new(), Vec::new(), Vec::new());
    ReportReceipt {
        facility,
        version,
        received_at,
        accepted,
        late,
        values,
        before,
        resolved,
        warnings,
        sessions,
    }
}

impl From<ReportReceipt> for Receipt<ReportReceipt> {
    fn from(receipt: ReportReceipt) -> Self {
        Self { version: Some(receipt.version), ..Self::of(receipt) }
    }
}

/// How a name was read that stood in place of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameRead {
    /// Where the name stands, as a JSON pointer into the body or into the row.
    pub pointer: String,
    /// The name as it was given.
    pub given: String,
    /// The code or the id of what was meant.
    pub code: String,
    /// What that is called.
    pub name: String,
}

impl NameRead {
    /// How the name of a type was read; None if it was its code.
    pub(super) fn of_type(
        given: &str,
        pointer: &str,
        resource: &ResourceType,
        language: Language,
    ) -> Option<Self> {
        (given != resource.code.as_str()).then(|| Self {
            pointer: pointer.to_owned(),
            given: given.to_owned(),
            code: resource.code.to_string(),
            name: resource.label.get(language).to_owned(),
        })
    }

    /// How the name of a facility was read.
    pub(super) fn of_facility(given: &str, pointer: &str, facility: &Facility, state: &Snapshot) -> Self {
        let place = state.path(facility.region).into_iter().rev();
        let name = [&*facility.name].into_iter().chain(place).collect::<Vec<_>>().join(", ");
        let (pointer, given) = (pointer.to_owned(), given.to_owned());
        Self { pointer, given, code: facility.id.to_string(), name }
    }
}

/// A remark about a row or a number: an error, or only something odd.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remark {
    /// Stable code.
    pub code: &'static str,
    /// The field or the column, as a JSON pointer into the body or into the row.
    pub pointer: String,
    /// The problem and the remedy.
    pub detail: String,
}

impl Remark {
    /// A refusal in words.
    pub(super) fn of(rejection: &Rejection, language: Language) -> Self {
        Self {
            code: rejection.code.name(),
            pointer: rejection.pointer.to_string(),
            detail: render(&rejection.detail, language),
        }
    }
}

/// The observation, marked if it jumps, and what to say then; what the sender `confirmed` does not jump. `pointer` is
/// where its numbers stand. Refused if the sender is one who is asked first.
pub(super) fn mark_jump(
    unit: &UnitOfWork,
    state: &FacilityState,
    mut observation: Observation,
    confirmed: bool,
    pointer: &str,
) -> Result<(Observation, Option<Rejection>), Rejection> {
    let Some(current) = state.reading(&observation.resource).filter(|_| !confirmed) else {
        return Ok((observation, None));
    };
    observation.jump = Outlier::said(current, &observation, unit.now());
    let Some(jump) = observation.jump else {
        return Ok((observation, None));
    };
    let odd = odd(unit, state, current, jump, &observation, pointer);
    if unit.principal().is_asked_first() { Err(odd) } else { Ok((observation, Some(odd))) }
}

fn odd(
    unit: &UnitOfWork,
    state: &FacilityState,
    current: &Reading,
    jump: Outlier,
    observation: &Observation,
    pointer: &str,
) -> Rejection {
    let (field, before, now) =
        jumping(jump.from, observation.numbers).expect("a jump that is remembered is one");
    let (before, now, code) = (before.get(), now.get(), &observation.resource);
    let zone = unit.state().zone(state.facility.region);
    // The moment of the number before is known only while that number is the current one.
    let moment = (current.numbers == jump.from).then(|| zone.minute(current.observed_at));
    Rejection::new(
        Code::ConfirmJump,
        format!("{pointer}/{field}"),
        Message::new("confirm-jump")
            .arg("code", code.to_string())
            .arg("field", field.to_string())
            .arg("now", now.to_string())
            .arg("before", before.to_string())
            .arg("moment", moment.unwrap_or_else(|| "none".to_owned())),
    )
}
