//! Commands that report numbers.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    outliers::{Remark, mark_jump},
    report_sessions::{SessionReceipt, occurrences, record_sessions},
};
use crate::{
    clock::Timestamp,
    domain::{
        change::{Effect, Report, Seq},
        facility::{FacilityId, FacilityRef},
        numbers::{Numbers, Statement},
        observation::{Observation, Source},
        rejection::{Code, Rejection, Rejections, pointer_token},
        resource_type::{Kind, TypeCode},
        session::SessionRef,
    },
    locales::{Language, Message},
    snapshot::{CurrentReading, FacilityState},
    store::{Command, Receipt, UnitOfWork},
};

/// States the numbers of one or many types of one facility; its other types stay as they are.
pub struct PutAvailability {
    /// The facility.
    pub facility: FacilityRef,
    /// When they were true; now, if not given.
    pub observed_at: Option<Timestamp>,
    /// The numbers by type.
    pub values: Vec<(TypeCode, Statement)>,
    /// The numbers of its sessions.
    pub sessions: Vec<(SessionRef, Statement)>,
    /// Numbers that jump are right, the sender says.
    pub confirmed: bool,
    /// The language of warnings.
    pub language: Language,
    /// Only if the facility still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

impl PutAvailability {
    /// A report of `facility` that says nothing yet.
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
    /// The type.
    pub resource: TypeCode,
    /// How many more places are free; negative for fewer.
    pub delta: i32,
    /// A number that jumps is right, the sender says.
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
    /// Which types; all known ones if empty.
    pub types: Vec<TypeCode>,
    /// When they were seen; now, if not given.
    pub observed_at: Option<Timestamp>,
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
    /// The types for which a newer observation was known: these numbers went into the history only.
    pub late: Vec<TypeCode>,
    /// The numbers of the types that were reported, as they stand now.
    pub values: BTreeMap<TypeCode, Numbers>,
    /// The numbers that stood before, of those of which any were known.
    pub before: BTreeMap<TypeCode, Numbers>,
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
        let state = authorized(unit, &self.facility, self.if_match.as_deref())?;
        let unknown: Vec<Rejection> = self
            .values
            .iter()
            .filter_map(|(code, _)| {
                check_type(unit, code, &format!("/values/{}", pointer_token(code.as_str()))).err()
            })
            .collect();
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let sessions = occurrences(unit, state.facility.id, observed_at, &self.sessions);
        let (mut observations, mut odd, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        for (resource, said) in &self.values {
            let pointer = format!("/values/{}", pointer_token(resource.as_str()));
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
        Rejections::unless_empty(unknown.into_iter().chain(refused).chain(asked), ())?;
        let source = unit.principal().source();
        let mut receipt = record_report(unit, &state, source, observations);
        receipt.warnings = odd.iter().map(|odd| Remark::of(odd, self.language)).collect();
        receipt.sessions = record_sessions(unit, state.facility.id, source, sessions.unwrap_or_default());
        receipt.version = unit.state().facility(state.facility.id).map_or(0, |state| state.version);
        Ok(receipt.into())
    }
}

impl Command for AdjustAvailability {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        let state = authorized(unit, &self.facility, self.if_match.as_deref())?;
        check_type(unit, &self.resource, "/type")?;
        let current = state.reading(&self.resource).map(|reading| reading.numbers).unwrap_or_default();
        let said = Statement::without_capacity(current.adjusted(self.delta, "/delta")?);
        let observation = observed(unit, &state, &self.resource, said, unit.now(), "")?;
        let (observation, odd) = mark_jump(unit, &state, observation, self.confirmed, "")?;
        let source = unit.principal().source();
        let mut receipt = record_report(unit, &state, source, vec![observation]);
        receipt.warnings = odd.iter().map(|odd| Remark::of(odd, self.language)).collect();
        Ok(receipt.into())
    }
}

impl Command for ConfirmAvailability {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        let state = authorized(unit, &self.facility, self.if_match.as_deref())?;
        for (index, code) in self.types.iter().enumerate() {
            check_type(unit, code, &format!("/types/{index}"))?;
        }
        let observed_at = self.observed_at.unwrap_or(unit.now()).min(unit.now());
        let is_meant = |current: &CurrentReading| match &self.types[..] {
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
        Ok(record_report(unit, &state, source, confirmed).into())
    }
}

/// The facility, if it exists, the sender may report for it, and it is at the expected version.
pub(super) fn authorized(
    unit: &UnitOfWork,
    facility: &FacilityRef,
    if_match: Option<&[Seq]>,
) -> Result<Arc<FacilityState>, Rejection> {
    unit.principal().check_reports()?;
    let state =
        unit.state().resolve(facility).ok_or_else(|| FacilityRef::unknown(&facility.to_string(), "id"))?;
    unit.principal().check_reports_for(&state.facility)?;
    check_version(state, if_match)?;
    check_open(state)?;
    Ok(Arc::clone(state))
}

/// Numbers of a closed facility would be in no answer, and nobody would know.
pub(super) fn check_open(state: &FacilityState) -> Result<(), Rejection> {
    if !state.facility.closed {
        return Ok(());
    }
    let name = &state.facility.name;
    Err(Rejection::new(Code::FacilityClosed, "id", Message::new("facility-closed").arg("name", name.clone())))
}

/// Refuses if somebody else changed the facility since the sender looked.
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

pub(super) fn check_type(unit: &UnitOfWork, code: &TypeCode, pointer: &str) -> Result<(), Rejection> {
    let known = unit.state().resource_type(code.as_str());
    if known.is_some_and(|resource| !resource.retired && resource.kind != Kind::Vaccination) {
        return Ok(());
    }
    Err(unit.state().unknown_type(code, None, pointer))
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
        jump: None,
    })
}

fn record_report(
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
    let (warnings, sessions) = (Vec::new(), Vec::new());
    ReportReceipt { facility, version, received_at, accepted, late, values, before, warnings, sessions }
}

impl From<ReportReceipt> for Receipt<ReportReceipt> {
    fn from(receipt: ReportReceipt) -> Self {
        Self { version: Some(receipt.version), ..Self::of(receipt) }
    }
}
