//! `serve --demo`: Central Java with facilities, contacts and reports that are simulated, say so, and keep
//! changing. It has its own database and never mixes with what is real.

mod beds;
mod plan;
mod sessions;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use tokio::task::JoinSet;

use self::{
    beds::Habit,
    plan::{Plan, Planned},
    sessions::PlannedSession,
};
use crate::{
    auth::{Operator, Principal},
    clock::{Clock, Timestamp},
    domain::{
        facility::FacilityRef,
        numbers::{Numbers, Statement},
        observation::{Reading, Source},
        rejection::Rejections,
        resource_type::TypeCode,
    },
    locales::Language,
    node::{Node, rejections},
    snapshot::{FacilityState, Snapshot, SnapshotCell},
    store::{
        Command, Database, Receipt, UnitOfWork, WriteError, Writer,
        commands::{
            AdjustAvailability, ConfirmAvailability, ContactInput, FacilityRowsReceipt, ImportFacilities,
            ListedFacility, PutAvailability, PutContact, ReportReceipt,
        },
    },
    tasks::Tasks,
};

/// The sender of the demonstration's reports; the writer marks their numbers as simulated.
const OPERATOR: Principal = Principal::Operator(Operator::Demo);
/// The setting that marks a database as the demonstration's.
const DATASET: (&str, &str) = ("dataset", "demo");
/// A simulated number older than this is reported again when the node starts.
const STILL_FRESH: Duration = Duration::from_hours(2);

/// Whether the database was made by the demonstration.
pub async fn is_demo(database: &Database) -> anyhow::Result<bool> {
    let (name, value) = DATASET;
    let dataset = database.setting(name).await.context("cannot read what the database is for")?;
    Ok(dataset.as_deref() == Some(value))
}

/// Adds to the database of the demonstration the simulated things that it lacks. Refuses a database that holds real
/// facilities.
pub async fn fill(node: &Node) -> anyhow::Result<()> {
    claim(node).await?;
    let plan = plan::plan(&node.shared.current());
    add_facilities(node, &plan).await.context("cannot add the simulated facilities")?;
    add_contacts(node, &plan).await.context("cannot add the simulated contacts")?;
    add_reports(node, &plan).await.context("cannot add the simulated reports")?;
    sessions::add(node, &plan).await.context("cannot add the simulated vaccination sessions")
}

/// Marks the database as the demonstration's, once and for all.
async fn claim(node: &Node) -> anyhow::Result<()> {
    if is_demo(&node.database).await? {
        return Ok(());
    }
    let facilities = node.shared.current().facilities().count();
    if facilities > 0 {
        bail!(
            "this database holds {facilities} real facilities, and the demonstration never mixes with what is \
             real; leave DATABASE_URL out, or name a file that does not exist yet"
        );
    }
    let (name, value) = DATASET;
    node.database.set_setting(name, value).await.context("cannot mark the database as the demonstration's")
}

async fn add_facilities(node: &Node, plan: &Plan) -> anyhow::Result<()> {
    let snapshot = node.shared.current();
    let missing = plan.facilities.iter().filter(|planned| snapshot.resolve(&planned.reference).is_none());
    let row = |(row, planned): (u32, &Planned)| ListedFacility::new(row, Ok(planned.input.clone()));
    let rows: Vec<_> = (1..).zip(missing).map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let language = Language::En;
    let written = node.submit(OPERATOR, ImportFacilities::new(rows, language)).await.map_err(explained)?;
    let FacilityRowsReceipt { refused, outcomes, .. } = written.receipt.body;
    if refused > 0 {
        bail!("{refused} facilities were refused: {outcomes:?}");
    }
    Ok(())
}

async fn add_contacts(node: &Node, plan: &Plan) -> anyhow::Result<()> {
    let snapshot = node.shared.current();
    let is_missing = |planned: &&ContactInput| !snapshot.contacts().any(|known| known.name == planned.name);
    let missing = plan.contacts.iter().filter(is_missing);
    let commands = missing.map(|contact| PutContact { id: None, contact: contact.clone() });
    submit_all(node, commands).await
}

async fn add_reports(node: &Node, plan: &Plan) -> anyhow::Result<()> {
    let (snapshot, now) = (node.shared.current(), node.clock.now());
    let commands =
        plan.facilities.iter().filter_map(|planned| report_due(planned, &snapshot, now, &*node.clock));
    submit_all(node, commands).await
}

/// The first report of a facility that reports, or one that takes the place of numbers grown old while
/// no node was running.
fn report_due(
    planned: &Planned,
    snapshot: &Snapshot,
    now: Timestamp,
    clock: &dyn Clock,
) -> Option<PutAvailability> {
    let state = snapshot.resolve(&planned.reference)?;
    let minutes_old = match planned.habit {
        Habit::Never => return None,
        Habit::Old { hours } => hours * 60,
        Habit::Withdrawn => 3 * 60,
        Habit::Full | Habit::Moving => clock.below(100),
    };
    let is_due = match last_observed(state) {
        None => true,
        Some(last) => planned.habit.goes_on() && now - last > chrono::Duration::from_std(STILL_FRESH).ok()?,
    };
    let observed_at = now - chrono::Duration::minutes(minutes_old.into());
    let values = own_numbers(planned, state, observed_at);
    (is_due && !values.is_empty()).then(|| PutAvailability {
        observed_at: Some(observed_at),
        values: stated(values),
        confirmed: true,
        ..PutAvailability::of(FacilityRef::Id(state.facility.id))
    })
}

/// The facility's numbers at `at` for the types that nobody else reports on.
fn own_numbers(planned: &Planned, state: &FacilityState, at: Timestamp) -> Vec<(TypeCode, Numbers)> {
    let mut numbers = planned.numbers(at);
    numbers.retain(|(code, _)| is_ours(state.reading(code)));
    numbers
}

/// Numbers as a report of all four states them.
fn stated(numbers: Vec<(TypeCode, Numbers)>) -> Vec<(String, Statement)> {
    numbers.into_iter().map(|(code, numbers)| (code.to_string(), numbers.into())).collect()
}

/// Whether the demonstration may go on reporting: a number that somebody who tries it out reported stays, or they
/// would see it vanish.
fn is_ours(current: Option<&Arc<Reading>>) -> bool {
    current.is_none_or(|reading| reading.source == Source::Simulated)
}

fn last_observed(state: &FacilityState) -> Option<Timestamp> {
    state.readings.iter().map(|current| current.reading.observed_at).max()
}

/// Submits all at once, so that they share commits.
async fn submit_all(node: &Node, commands: impl Iterator<Item = impl Command>) -> anyhow::Result<()> {
    let mut waiting = JoinSet::new();
    for command in commands {
        let writer = node.writer.clone();
        waiting.spawn(async move { writer.submit(OPERATOR, command).await.map(drop) });
    }
    while let Some(outcome) = waiting.join_next().await {
        outcome?.map_err(explained)?;
    }
    Ok(())
}

fn explained(error: WriteError) -> anyhow::Error {
    match rejections(&error) {
        Some(rejections) => anyhow::anyhow!(rejections.first().detail.clone()),
        None => error.into(),
    }
}

/// Keeps the demonstration moving, as a task of `node`, until the node stops: every second or two a few simulated
/// facilities report.
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

    /// One facility, picked at random, reports its beds or the rest of the quota of its next session.
    async fn report(&self) -> Result<(), WriteError> {
        let (snapshot, now) = (self.shared.current(), self.clock.now());
        if self.clock.below(4) == 0 {
            let planned = self.pick(&self.sessions);
            return self.submit(planned.and_then(|planned| planned.report(&snapshot, now))).await;
        }
        let Some(planned) = self.pick(&self.moving) else { return Ok(()) };
        let state = snapshot.resolve(&planned.reference).filter(|state| !state.facility.closed);
        let is_thorough = self.clock.below(4) == 0;
        self.submit(state.and_then(|state| next_report(planned, state, now, is_thorough))).await
    }

    fn pick<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let bound = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.clock.below(bound) as usize)
    }

    async fn submit(&self, report: Option<impl Command>) -> Result<(), WriteError> {
        match report {
            Some(report) => self.writer.submit(OPERATOR, report).await.map(drop),
            None => Ok(()),
        }
    }
}

/// A report as a clerk would send it.
enum Report {
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

/// The next report of a clerk: one patient more or fewer, the numbers that changed (all of them when
/// thorough), or that nothing changed; None where others report on all types.
fn next_report(
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
            types: numbers.into_iter().map(|(code, _)| code.to_string()).collect(),
            observed_at: None,
            language: Language::default(),
            if_match: None,
        }));
    }
    if let [(code, numbers)] = changed.as_slice()
        && let Some(delta) = single_step(state, code, *numbers)
    {
        return Some(Report::Adjust(AdjustAvailability {
            facility,
            resource: code.to_string(),
            delta,
            confirmed: true,
            language: Language::default(),
            if_match: None,
        }));
    }
    Some(Report::Put(PutAvailability {
        values: stated(if is_thorough { numbers } else { changed }),
        confirmed: true,
        ..PutAvailability::of(facility)
    }))
}

/// +1 or -1, if that is all that leads from the current numbers to `wanted`.
fn single_step(state: &FacilityState, code: &TypeCode, wanted: Numbers) -> Option<i32> {
    let current = state.reading(code)?.numbers;
    [1, -1].into_iter().find(|delta| current.adjusted(*delta, "").is_ok_and(|numbers| numbers == wanted))
}
