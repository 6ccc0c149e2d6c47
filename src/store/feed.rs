//! Takes in what other processes append to the same database: other nodes, and the command line.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use sea_orm::DbErr;
use tokio::sync::{Notify, watch};
use tracing::{Instrument, Span};

use super::{Database, Notifier, database, log, rows};
use crate::{
    SPANS,
    clock::{Clock, ClockWatch},
    domain::change::{Change, Seq},
    snapshot::SnapshotCell,
    tasks::Tasks,
};

/// The longest time between two reads of the log, unless told otherwise: what another process appended is found then,
/// even if no notification told of it.
pub const POLL: Duration = Duration::from_millis(200);
/// How many changes are taken in per read.
const READ: u64 = 5_000;
/// How long one read may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The shortest time between two reads, however many ask for one: changes that come quickly are taken in together.
const LEAST_PAUSE: Duration = Duration::from_millis(20);
/// How long a caller waits for a read.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The way to the task that follows the log. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    wake: Arc<Notify>,
    progress: watch::Receiver<Progress>,
    is_notified: Arc<AtomicBool>,
}

/// How far the reads of the log are.
#[derive(Clone, Copy)]
struct Progress {
    /// Goes up by one when a read begins and by one when it ends, so that it is odd while the log is read.
    steps: u64,
    /// Whether the last read came to the end of the log.
    is_good: bool,
}

/// Makes pauses differ, so that nodes that started together do not ask together.
pub(super) struct Jitter(Xoshiro256PlusPlus);

impl Jitter {
    /// Between half of `pause` and all of it.
    pub(super) fn part_of(&mut self, pause: Duration) -> Duration {
        pause.mul_f64(self.0.random_range(0.5..=1.0))
    }
}

impl Feed {
    /// Follows the log, and watches the clock, until the node stops: reads when `notifier` wakes it, and at the latest
    /// after `poll`. While the database is away the memory stays as it is, and says so.
    pub fn start(
        database: Database,
        shared: Arc<SnapshotCell>,
        clock: Arc<dyn Clock>,
        notifier: Option<Notifier>,
        poll: Duration,
        tasks: &Tasks,
    ) -> Self {
        let (progress, seen) = watch::channel(Progress { steps: 0, is_good: true });
        let feed = Self { wake: Arc::default(), progress: seen, is_notified: Arc::default() };
        let (stop, wake) = (tasks.clone(), Arc::clone(&feed.wake));
        let mut jitter = Jitter(Xoshiro256PlusPlus::from_seed(clock.secret()));
        if let Some(notifier) = notifier {
            let (wake, is_notified) = (Arc::clone(&wake), Arc::clone(&feed.is_notified));
            let jitter = Jitter(jitter.0.fork());
            tasks.spawn_vital("listener", notifier.listen(wake, is_notified, jitter, tasks.clone()));
        }
        let mut watch = ClockWatch::new(clock);
        look_at_clock(&mut watch, &shared);
        tasks.spawn_vital("feed", async move {
            let mut away = false;
            let mut next = async || {
                tokio::time::sleep(LEAST_PAUSE).await;
                let rest = jitter.part_of(poll).saturating_sub(LEAST_PAUSE);
                // Either way it is time to read.
                let _ = tokio::time::timeout(rest, wake.notified()).await;
            };
            while stop.unless_stopping(next()).await.is_some() {
                look_at_clock(&mut watch, &shared);
                progress.send_modify(|progress| progress.steps += 1);
                let read = tokio::time::timeout(PATIENCE, read_on(&database, &shared)).await;
                match read.unwrap_or_else(|elapsed| Err(DbErr::Custom(elapsed.to_string()))) {
                    Ok(()) => {
                        if std::mem::take(&mut away) {
                            tracing::info!("the log can be read again");
                        }
                    }
                    Err(error) => {
                        if !std::mem::replace(&mut away, true) {
                            tracing::error!(%error, "the log cannot be read; answering from memory");
                        }
                    }
                }
                progress.send_modify(|progress| {
                    *progress = Progress { steps: progress.steps + 1, is_good: !away };
                });
                metrics::gauge!("sedia_database_up").set(if away { 0.0 } else { 1.0 });
            }
        });
        feed
    }

    /// Whether a notification tells this node at once when another process appends something.
    pub fn is_notified(&self) -> bool {
        self.is_notified.load(Ordering::Relaxed)
    }

    /// Waits until the log was read once more from now on, so that what another process appended before is known here.
    /// False if it could not be read, or not in time: then the memory is as good as it gets.
    pub async fn catch_up(&self) -> bool {
        let mut progress = self.progress.clone();
        // A read that has begun may have missed it: then the end of the next one counts.
        let read = (progress.borrow().steps + 3) & !1;
        self.wake.notify_one();
        let read = tokio::time::timeout(LONGEST_WAIT, progress.wait_for(|progress| progress.steps >= read));
        read.await.is_ok_and(|read| read.is_ok_and(|progress| progress.is_good))
    }
}

fn look_at_clock(watch: &mut ClockWatch, shared: &SnapshotCell) {
    if let Some(jump) = watch.jump() {
        let seconds = jump.num_seconds();
        tracing::error!(
            seconds,
            "the clock jumped; check what sets it, and 'sedia check' for what it dated wrongly"
        );
        metrics::counter!("sedia_clock_jumps_total").increment(1);
    }
    if let Some(behind) = watch.behind(shared.current().last_change_at()) {
        let seconds = behind.num_seconds();
        tracing::error!(
            seconds,
            "the clock is behind the last change: it is wrong, or the one that dated the change was; check what sets \
             the clocks of this machine and of the others"
        );
    }
}

/// Reads the log from where the memory is to its end. If the clock was set back meanwhile, the rows are read again, for
/// what had ended by the later time; and again when the dates have come that it gave. If the log has lost what the memory
/// shows, the memory is rebuilt.
pub async fn read_on(database: &Database, shared: &Arc<SnapshotCell>) -> Result<(), DbErr> {
    loop {
        let current = shared.current();
        let changes = log::read_from(database.connection()?, current.seq(), READ).await;
        // After the changes: what was written before programs had to know more says what it always said.
        let epoch = database.look(database.connection()?).await?;
        let changes = changes?;
        if !log::is_known(&current, changes.first()) {
            rebuild(database, shared).await?;
            continue;
        }
        let is_end = (changes.len() as u64) < READ;
        let span = span(&changes, current.seq());
        shared.publish(changes).instrument(span).await;
        if is_end && shared.must_be_loaded() {
            shared.rewind(rows::load(database, shared.now()).await?).await;
        } else if is_end {
            shared.follow_epoch(epoch);
            return Ok(());
        }
    }
}

/// The span of taking in what comes after `seq`, if anything does.
fn span(changes: &[Change], seq: Seq) -> Span {
    match changes.last() {
        Some(last) if last.seq > seq => {
            tracing::trace_span!(target: SPANS, "feed", sedia.changes = last.seq - seq, sedia.seq = last.seq)
        }
        _ => Span::none(),
    }
}

/// Starts anew from the rows, as if the node had just started. What the memory shows was lost with a PostgreSQL that had not
/// sent it to the one that took over, or the database was put back to an earlier state: then another epoch begins,
/// unless another node was first. Or this node was away until the log was shortened.
async fn rebuild(database: &Database, shared: &Arc<SnapshotCell>) -> Result<(), DbErr> {
    let transaction = database.begin_batch().await?;
    let current = shared.current();
    if log::is_known(&current, log::read_from(&transaction, current.seq(), 1).await?.first()) {
        return transaction.rollback().await;
    }
    let first = log::first(&transaction).await?.map(|(seq, _)| seq);
    let mut epoch = database::epoch(&transaction).await?;
    let is_shortened = first.is_some_and(|first| first > current.seq());
    if !is_shortened && epoch <= shared.epoch() {
        // Not one more than the database's: that may have forgotten epochs that this node has told of.
        epoch = shared.epoch() + 1;
    }
    // Written in any case: a replica that is merely behind refuses it, and a leader that was replaced never commits it.
    database::set_epoch(&transaction, epoch).await?;
    let loaded = rows::snapshot(&transaction, shared.now()).await?;
    transaction.commit().await?;
    tracing::error!(
        memory = current.seq(),
        log = loaded.seq(),
        epoch,
        "the log has lost changes that this node has shown; it shows what the log has from now on"
    );
    metrics::counter!("sedia_rebuilds_total").increment(1);
    shared.rebuild(loaded, epoch).await;
    Ok(())
}
