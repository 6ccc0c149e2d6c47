//! Everything that runs on a timer: writing down counts, removing what has expired, keeping the log short.
//!
//! Each timer is vital: a node whose maintenance has died would fill its disk in silence, so it stops instead.
//! An error is logged and counted, and the job is tried again in the next round.

use std::{fmt::Display, future::Future, sync::Arc, time::Duration};

use parking_lot::Mutex;

use crate::{
    auth::{Operator, Principal},
    clock::{Clock, ClockWatch},
    node::Node,
    query::completeness::answer::of_provinces,
    render::model::Reporting,
    snapshot::SnapshotCell,
    store::{
        Database, MaintenanceLock, Usage, Writer,
        commands::{ForgetKeys, ForgetSessions},
        retention::Keep,
    },
    tasks::Tasks,
};

/// How often each round comes.
pub const EVERY: Duration = Duration::from_mins(1);

/// Starts the rounds of `node`; they end with it.
pub fn start(node: &Node, keep: Keep) {
    let maintenance = Arc::new(Maintenance::new(node, keep));
    let log = Arc::clone(&maintenance);
    every(&node.tasks, "maintenance", EVERY, move || Arc::clone(&maintenance).run());
    // A long log takes long to shorten, which must not hold up the other jobs.
    let trend = Arc::clone(&log);
    every(&node.tasks, "retention", EVERY, move || Arc::clone(&log).shorten_log());
    every(&node.tasks, "trend", EVERY, move || Arc::clone(&trend).keep_trend());
}

/// Runs `round` again and again with `pause` before each, and a last time when the node stops. The node stops if a
/// round panics.
pub fn every<F>(
    tasks: &Tasks,
    name: &'static str,
    pause: Duration,
    mut round: impl FnMut() -> F + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let stop = tasks.clone();
    tasks.spawn_vital(name, async move {
        let mut is_stopping = false;
        while !is_stopping {
            is_stopping = stop.unless_stopping(tokio::time::sleep(pause)).await.is_none();
            round().await;
        }
    });
}

/// The jobs of a node.
pub struct Maintenance {
    database: Database,
    shared: Arc<SnapshotCell>,
    writer: Writer,
    usage: Arc<Usage>,
    clock: Arc<dyn Clock>,
    /// Things that are old by a clock that jumped may not be old at all.
    watch: Mutex<ClockWatch>,
    /// Held by the node that does what need not be done by each.
    lock: Arc<MaintenanceLock>,
    tasks: Tasks,
    min_free: u64,
    keep: Keep,
}

impl Maintenance {
    /// The jobs of `node`, whose log keeps what `keep` says.
    pub fn new(node: &Node, keep: Keep) -> Self {
        Self {
            database: node.database.clone(),
            shared: Arc::clone(&node.shared),
            writer: node.writer.clone(),
            usage: Arc::clone(&node.usage),
            clock: Arc::clone(&node.clock),
            watch: Mutex::new(ClockWatch::new(Arc::clone(&node.clock))),
            lock: Arc::clone(&node.maintenance_lock),
            tasks: node.tasks.clone(),
            min_free: node.min_free,
            keep,
        }
    }

    /// Does each short job once.
    pub async fn run(self: Arc<Self>) {
        let now = self.clock.now();
        finish("disk space", self.check_disk());
        self.measure_reports().await;
        finish("key uses", self.usage.write_key_uses(&self.database).await);
        finish("demand", self.usage.write_unmet(&self.database, now.date_naive()).await);
        finish("quotas", self.database.forget_quotas(now).await);
        if !self.watch.lock().is_settled() {
            tracing::warn!(
                "the clock jumped: nothing is deleted by age until it has been steady for an hour"
            );
            return;
        }
        if !self.is_mine().await {
            return;
        }
        finish("old demand", self.database.forget_demand(now.date_naive()).await);
        finish("marks and sign-ins", self.database.forget_ended(now).await);
        finish("receipts", self.database.forget_receipts(now).await);
        if ForgetKeys::due(&self.shared.current(), now).next().is_some() {
            finish("keys", self.writer.submit(Principal::Operator(Operator::Upkeep), ForgetKeys).await);
        }
        if ForgetSessions::is_due(&self.shared.current(), now) {
            finish(
                "sessions",
                self.writer.submit(Principal::Operator(Operator::Upkeep), ForgetSessions).await,
            );
        }
    }

    /// Measures how the facilities of each province report. To go through all of them takes too long for those who ask for
    /// measurements.
    async fn measure_reports(&self) {
        let state = self.shared.current();
        let provinces = tokio::task::spawn_blocking(move || of_provinces(&state)).await;
        for (province, reporting) in provinces.expect("counting neither panics nor is cancelled") {
            let Reporting { facilities: _, fresh, aging, stale, unknown, never } = reporting;
            for (freshness, count) in
                [("fresh", fresh), ("aging", aging), ("stale", stale), ("unknown", unknown), ("never", never)]
            {
                let labels = [("province", province.to_string()), ("freshness", freshness.to_owned())];
                metrics::gauge!("sedia_facilities", &labels).set(f64::from(count));
            }
        }
    }

    /// Whether the work on what all nodes share is this node's.
    async fn is_mine(&self) -> bool {
        let acquired = self.lock.acquire().await;
        let is_mine = matches!(acquired, Ok(true));
        metrics::gauge!("sedia_maintains").set(if is_mine { 1.0 } else { 0.0 });
        finish("lock", acquired);
        is_mine
    }

    /// Says in time that the disk fills up.
    fn check_disk(&self) -> std::io::Result<()> {
        if let Some(free) = self.database.free_space()?.filter(|free| *free < self.min_free) {
            let (free_mb, least_mb) = (free >> 20, self.min_free >> 20);
            tracing::warn!(free_mb, least_mb, "the disk of the database is almost full; make room on it");
        }
        Ok(())
    }

    /// Keeps a state to start from when one is due, and removes what is too old from the log.
    pub async fn shorten_log(self: Arc<Self>) {
        let is_due = !self.tasks.is_stopping() && self.watch.lock().is_settled();
        if is_due && self.is_mine().await {
            finish("retention", self.database.compact(self.clock.now(), self.keep, &self.tasks).await);
        }
    }

    /// Keeps the totals of a moment that has passed.
    pub async fn keep_trend(self: Arc<Self>) {
        let is_due = !self.tasks.is_stopping() && self.watch.lock().is_settled();
        if is_due && self.is_mine().await {
            finish("trend", self.database.keep_trend(self.clock.now()).await);
        }
    }
}

/// Logs and counts a failure.
fn finish<T>(task: &'static str, outcome: Result<T, impl Display>) {
    let failed = metrics::counter!("sedia_maintenance_failures_total", "task" => task);
    if let Err(error) = outcome {
        tracing::error!(task, %error, "maintenance failed; it is tried again in a minute");
        failed.increment(1);
    }
}
