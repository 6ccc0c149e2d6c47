//! Takes in what other processes append to the same database: other nodes, and the command line.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;

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

/// Follows the log, and watches the clock, until the node stops. While the database is away the memory stays as it is,
/// and says so.
pub fn follow(database: Database, shared: Arc<SnapshotCell>, clock: Arc<dyn Clock>, tasks: &Tasks) {
    let stop = tasks.clone();
    let mut watch = ClockWatch::new(clock);
    tasks.spawn_vital("feed", async move {
        let mut away = false;
        while stop.unless_stopping(tokio::time::sleep(POLL)).await.is_some() {
            if let Some(jump) = watch.jump() {
                let seconds = jump.num_seconds();
                tracing::error!(
                    seconds,
                    "the clock jumped; check what sets it, and 'sedia check' for what it dated wrongly"
                );
                metrics::counter!("sedia_clock_jumps_total").increment(1);
            }
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
            metrics::gauge!("sedia_database_up").set(if away { 0.0 } else { 1.0 });
        }
    });
}

/// Reads the log from where the memory is to its end. If the clock was set back meanwhile, what had ended by the later
/// time is read again.
pub async fn read_on(database: &Database, shared: &Arc<SnapshotCell>) -> Result<(), DbErr> {
    loop {
        let changes = log::read_after(&database.connection, shared.current().seq(), READ).await?;
        if !changes.is_empty() {
            shared.publish(changes).await;
        } else if shared.is_ahead() {
            shared.rewind(rows::load(database, shared.now()).await?).await;
        } else {
            return Ok(());
        }
    }
}
