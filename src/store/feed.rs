//! Takes in what other processes append to the same database: other nodes, and the command line.

use std::{sync::Arc, time::Duration};

use sea_orm::DbErr;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Database, log};
use crate::snapshot::Shared;

/// How often the log is read when nobody says that it grew: the bound on how long a change made by
/// another process can stay unseen.
pub const POLL: Duration = Duration::from_millis(500);
/// How many changes are taken in per read.
const READ: u64 = 5_000;

/// Follows the log until `stop`. While the database is away the memory stays as it is, and says so.
pub fn follow(database: Database, shared: Arc<Shared>, stop: CancellationToken, tasks: &TaskTracker) {
    tasks.spawn(async move {
        let mut away = false;
        while stop.run_until_cancelled(tokio::time::sleep(POLL)).await.is_some() {
            match read_on(&database, &shared).await {
                Ok(()) => {
                    if std::mem::take(&mut away) {
                        tracing::info!("the database answers again");
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut away, true) {
                        tracing::error!(%error, "the database is away; answering from memory");
                    }
                }
            }
            metrics::gauge!("sedia_database_up").set(if away { 0.0 } else { 1.0 });
        }
    });
}

/// Reads the log from where the memory is to its end.
pub async fn read_on(database: &Database, shared: &Shared) -> Result<(), DbErr> {
    loop {
        let changes = log::read_after(&database.0, shared.current().seq(), READ).await?;
        if changes.is_empty() {
            return Ok(());
        }
        shared.publish(&changes);
    }
}
