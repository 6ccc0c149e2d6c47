//! Takes in what other processes append to the same database: other nodes, and the command line.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use tokio::sync::{Notify, watch};

use super::{Database, log, rows};
use crate::{
    clock::{Clock, ClockWatch},
    snapshot::SnapshotCell,
    tasks::Tasks,
};

/// How often the log is read when nobody says that it grew: the bound on how long a change made by
/// another process can stay unseen.
pub const POLL: Duration = Duration::from_millis(200);
/// How many changes are taken in per read.
const READ: u64 = 5_000;
/// How long one read may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The shortest time between two reads, however many ask for one.
const LEAST_PAUSE: Duration = Duration::from_millis(100);
/// How long a caller waits for a read.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The way to the task that follows the log. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    wake: Arc<Notify>,
    /// Goes up by one when a read begins and by one when it ends, so that it is odd while the log is read.
    progress: watch::Receiver<u64>,
}

impl Feed {
    /// Follows the log, and watches the clock, until the node stops. While the database is away the memory stays as it
    /// is, and says so.
    pub fn start(
        database: Database,
        shared: Arc<SnapshotCell>,
        clock: Arc<dyn Clock>,
        tasks: &Tasks,
    ) -> Self {
        let (progress, seen) = watch::channel(0);
        let feed = Self { wake: Arc::default(), progress: seen };
        let (stop, wake) = (tasks.clone(), Arc::clone(&feed.wake));
        let mut watch = ClockWatch::new(clock);
        look_at_clock(&mut watch, &shared);
        tasks.spawn_vital("feed", async move {
            let mut away = false;
            let next = async || {
                tokio::time::sleep(LEAST_PAUSE).await;
                // Either way it is time to read.
                let _ = tokio::time::timeout(POLL - LEAST_PAUSE, wake.notified()).await;
            };
            while stop.unless_stopping(next()).await.is_some() {
                look_at_clock(&mut watch, &shared);
                progress.send_modify(|progress| *progress += 1);
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
                progress.send_modify(|progress| *progress += 1);
                metrics::gauge!("sedia_database_up").set(if away { 0.0 } else { 1.0 });
            }
        });
        feed
    }

    /// Waits until the log was read once more from now on, so that what another process appended before is known here.
    pub async fn catch_up(&self) {
        let mut progress = self.progress.clone();
        // A read that has begun may have missed it: then the end of the next one counts.
        let read = (*progress.borrow() + 3) & !1;
        self.wake.notify_one();
        // Without an answer in time, or from a feed that has ended, the memory is as good as it gets.
        let _ = tokio::time::timeout(LONGEST_WAIT, progress.wait_for(|progress| *progress >= read)).await;
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
/// what had ended by the later time; and again when the dates have come that it gave.
pub async fn read_on(database: &Database, shared: &Arc<SnapshotCell>) -> Result<(), DbErr> {
    loop {
        let changes = log::read_after(&database.connection, shared.current().seq(), READ).await?;
        if !changes.is_empty() {
            shared.publish(changes).await;
        } else if shared.must_be_loaded() {
            shared.rewind(rows::load(database, shared.now()).await?).await;
        } else {
            return Ok(());
        }
    }
}
