//! The moving part: every second or two a few simulated facilities report.

use std::{sync::Arc, time::Duration};

use super::{
    OPERATOR, own_numbers,
    plan::{self, Planned},
    sessions::{self, PlannedSession},
};
use crate::{
    clock::{Clock, Timestamp},
    domain::{facility::FacilityRef, numbers::Numbers, rejection::Rejections, resource_type::TypeCode},
    locales::Language,
    node::Node,
    snapshot::{FacilityState, SnapshotCell},
    store::{
        Command, Receipt, UnitOfWork, WriteError, Writer,
        commands::{AdjustAvailability, ConfirmAvailability, PutAvailability, ReportReceipt},
    },
    tasks::Tasks,
};

/// Keeps the demonstration moving, as a task of `node`, until the node stops.
pub fn keep_moving(node: &Node) {
    let plan = plan::plan(&node.shared.current());
    let mover = Mover {
        shared: Arc::clone(&node.shared),
        writer: node.writer.clone(),
        clock: Arc::clone(&node.clock),
        sessions: sessions::sessions(&plan, node.clock.now()),
        moving: plan.facilities.into_iter().filter(|planned| planned.habit.goes_on()).collect(),
    };
    node.tasks.spawn(mover.run(node.tasks.clone()));
}

struct Mover {
    shared: Arc<SnapshotCell>,
    writer: Writer,
    clock: Arc<dyn Clock>,
    moving: Vec<Planned>,
    sessions: Vec<PlannedSession>,
}

impl Mover {
    async fn run(self, tasks: Tasks) {
        let mut failing = false;
        loop {
            let pause = Duration::from_millis(1000 + u64::from(self.clock.below(1000)));
            if tasks.unless_stopping(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
            for _ in 0..=self.clock.below(3) {
                match self.report().await {
                    Ok(()) => failing = false,
                    Err(error) => {
                        if !std::mem::replace(&mut failing, true) {
                            tracing::warn!(?error, "a simulated report was not taken; trying on");
                        }
                    }
                }
            }
        }
    }

    /// One facility, picked at random, reports its beds or what is left of its next session.
    async fn report(&self) -> Result<(), WriteError> {
        if self.clock.below(4) == 0 {
            return self.report_session().await;
        }
        let bound = u32::try_from(self.moving.len()).unwrap_or(u32::MAX);
        let Some(planned) = self.moving.get(self.clock.below(bound) as usize) else {
            return Ok(());
        };
        let snapshot = self.shared.current();
        let state = snapshot.resolve(&planned.reference);
        let Some(state) = state.filter(|state| !state.facility.closed) else {
            return Ok(());
        };
        let is_thorough = self.clock.below(4) == 0;
        match next_report(planned, state, self.clock.now(), is_thorough) {
            Some(report) => self.submit(report).await,
            None => Ok(()),
        }
    }

    async fn report_session(&self) -> Result<(), WriteError> {
        let bound = u32::try_from(self.sessions.len()).unwrap_or(u32::MAX);
        let planned = self.sessions.get(self.clock.below(bound) as usize);
        let report = planned.and_then(|planned| planned.report(&self.shared.current(), self.clock.now()));
        match report {
            Some(report) => self.submit(report).await,
            None => Ok(()),
        }
    }

    async fn submit(&self, report: impl Command) -> Result<(), WriteError> {
        self.writer.submit(OPERATOR, report).await.map(drop)
    }
}

/// What a clerk would send.
pub(super) enum Report {
    Put(PutAvailability),
    Adjust(AdjustAvailability),
    Confirm(ConfirmAvailability),
}

impl Command for Report {
    type Outcome = ReportReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReportReceipt>, Rejections> {
        match self {
            Self::Put(report) => report.decide(unit),
            Self::Adjust(report) => report.decide(unit),
            Self::Confirm(report) => report.decide(unit),
        }
    }
}

/// What a clerk would send: one patient more or fewer, the numbers that changed (all of them when
/// thorough), or that nothing changed; None where others report on all types.
pub(super) fn next_report(
    planned: &Planned,
    state: &FacilityState,
    now: Timestamp,
    is_thorough: bool,
) -> Option<Report> {
    let facility = FacilityRef::Id(state.facility.id);
    let numbers = own_numbers(planned, state, now);
    if numbers.is_empty() {
        return None;
    }
    let changed: Vec<(TypeCode, Numbers)> = numbers
        .iter()
        .filter(|(code, numbers)| state.reading(code).is_none_or(|reading| reading.numbers != *numbers))
        .cloned()
        .collect();
    if changed.is_empty() {
        return Some(Report::Confirm(ConfirmAvailability {
            facility,
            types: numbers.into_iter().map(|(code, _)| code).collect(),
            observed_at: None,
            if_match: None,
        }));
    }
    if let [(code, numbers)] = changed.as_slice()
        && let Some(delta) = single_step(state, code, *numbers)
    {
        return Some(Report::Adjust(AdjustAvailability {
            facility,
            resource: code.clone(),
            delta,
            confirmed: true,
            language: Language::default(),
            if_match: None,
        }));
    }
    Some(Report::Put(PutAvailability {
        values: if is_thorough { numbers } else { changed },
        confirmed: true,
        ..PutAvailability::of(facility)
    }))
}

/// +1 or -1, if that is all that leads from the current numbers to `wanted`.
fn single_step(state: &FacilityState, code: &TypeCode, wanted: Numbers) -> Option<i32> {
    let current = state.reading(code)?.numbers;
    [1, -1].into_iter().find(|delta| current.adjusted(*delta, "").is_ok_and(|numbers| numbers == wanted))
}
