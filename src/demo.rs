//! `serve --demo`: Central Java with facilities, contacts and reports that are simulated, say so, and keep
//! changing. It has its own database and never mixes with what is real.

mod beds;
mod dice;
mod names;
mod plan;
mod sessions;
#[cfg(test)]
mod tests;
mod wave;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use tokio::task::JoinSet;

pub use self::wave::keep_moving;
use self::{
    beds::Habit,
    plan::{Plan, Planned},
};
use crate::{
    auth::Principal,
    clock::{Clock, Timestamp},
    domain::{
        facility::FacilityRef,
        numbers::Numbers,
        observation::{Reading, Source},
        resource_type::TypeCode,
    },
    locales::Language,
    node::{Node, rejections},
    snapshot::{FacilityState, Snapshot},
    store::{
        Command, Database, WriteError,
        commands::{FacilityRowsReceipt, ImportFacilities, PutAvailability, PutContact},
    },
};

/// Who reports in the demonstration; the writer marks these numbers as simulated.
const OPERATOR: Principal = Principal::Operator("demo");
/// The setting of the database that says what its facilities are.
const DATASET: (&str, &str) = ("dataset", "demo");
/// A simulated number older than this is reported again when the node starts.
const STILL_FRESH: Duration = Duration::from_hours(2);

/// Whether the database was made by the demonstration.
pub async fn is_demo(database: &Database) -> anyhow::Result<bool> {
    let (name, value) = DATASET;
    let dataset = database.setting(name).await.context("cannot read what the database is for")?;
    Ok(dataset.as_deref() == Some(value))
}

/// Fills the database of the demonstration with what it lacks. Refuses one that holds anything else.
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
    let rows: Vec<_> = (1..).zip(missing.map(|planned| Ok(planned.input.clone()))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let language = Language::En;
    let written = node.submit(OPERATOR, ImportFacilities { rows, language }).await.map_err(explained)?;
    let FacilityRowsReceipt { refused, outcomes, .. } = written.receipt.body;
    if refused > 0 {
        bail!("{refused} facilities were refused: {outcomes:?}");
    }
    Ok(())
}

async fn add_contacts(node: &Node, plan: &Plan) -> anyhow::Result<()> {
    let snapshot = node.shared.current();
    let is_missing = |planned: &&plan::PlannedContact| {
        !snapshot.contacts_of(Some(planned.region)).any(|contact| contact.name == planned.contact.name)
    };
    let commands = plan
        .contacts
        .iter()
        .filter(is_missing)
        .map(|planned| PutContact { id: None, contact: planned.contact.clone() });
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
        values,
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

/// Whether the demonstration may go on reporting: what somebody who tries it out reported stays, or they would
/// see it vanish.
fn is_ours(current: Option<&Arc<Reading>>) -> bool {
    current.is_none_or(|reading| reading.source == Source::Simulated)
}

fn last_observed(state: &FacilityState) -> Option<Timestamp> {
    state.readings.iter().map(|(_, reading)| reading.observed_at).max()
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
