//! Nodes on one PostgreSQL wake each other: a commit that appends to the log notifies the others, which read on at once.
//! A notification says no more than that. One that is lost costs the time until the next look at the log.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait,
    sqlx::{
        self, Executor,
        postgres::{PgListener, PgPoolOptions},
    },
};
use tokio::{sync::Notify, time::timeout};

use super::{Database, feed::Jitter};
use crate::{clock::Clock, tasks::Tasks};

/// The channel in the database.
const CHANNEL: &str = "sedia_log";
/// How long the connection may be silent before it is tried.
const SILENCE: Duration = Duration::from_secs(30);
/// How long connecting, and a sign of life, may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause after the first failure, which doubles with each, and the longest.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The way to wake the other nodes, and to be woken by them. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    database: Database,
    /// The sender of a notification: a node need not be woken by itself.
    node: Arc<str>,
}

impl Notifier {
    /// None on SQLite, and where PostgreSQL's protocol is spoken by a database that has no NOTIFY.
    pub async fn open(database: &Database, clock: &dyn Clock) -> Result<Option<Self>, DbErr> {
        let notifier = Self { database: database.clone(), node: clock.new_id().to_string().into() };
        if database.is_sqlite() {
            return Ok(None);
        }
        // Taken back: a commit that notifies waits for every other one, and those may wait for a replica that is away.
        let transaction = database.connection()?.begin().await?;
        let tried = notifier.notify(&transaction).await;
        transaction.rollback().await?;
        match tried {
            Ok(()) => Ok(Some(notifier)),
            Err(error) if is_refused(&error) => {
                tracing::warn!(%error, "this database has no NOTIFY: changes of other nodes are looked for");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Wakes the other nodes when the transaction commits. PostgreSQL lets one transaction at a time commit that
    /// notifies, which costs nothing here: the log's lock is held by one anyway.
    pub(super) async fn notify(&self, transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
        let values = [CHANNEL.into(), (&*self.node).into()];
        let notify = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
        transaction.execute_raw(notify).await.map(drop)
    }

    /// Calls `wake` whenever another node has appended something, until the node stops.
    /// Meanwhile `is_notified` says whether it would hear of it.
    pub(super) async fn listen(
        self,
        wake: Arc<Notify>,
        is_notified: Arc<AtomicBool>,
        mut jitter: Jitter,
        tasks: Tasks,
    ) {
        let mut failures = 0;
        while let Some(lost) = tasks.unless_stopping(self.hear(&wake, &is_notified, &mut failures)).await {
            is_notified.store(false, Ordering::Relaxed);
            if failures == 0 {
                tracing::warn!(error = %lost, "not notified of changes of other nodes; they are looked for");
            }
            let pause = PAUSE.saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE);
            failures += 1;
            if tasks.unless_stopping(tokio::time::sleep(jitter.part_of(pause))).await.is_none() {
                return;
            }
        }
    }

    /// Listens on a connection of its own until that is lost.
    async fn hear(&self, wake: &Notify, is_notified: &AtomicBool, failures: &mut u32) -> sqlx::Error {
        let lost = async {
            let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
            let options = self.database.postgres_options();
            let pool = pool.acquire_timeout(PATIENCE).connect_lazy_with((*options).clone());
            let mut listener = PgListener::connect_with(&pool).await?;
            // Whoever connects anew must wake: something may have come meanwhile.
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            if std::mem::take(failures) > 0 {
                tracing::info!("notified of changes of other nodes again");
            }
            is_notified.store(true, Ordering::Relaxed);
            wake.notify_one();
            loop {
                let Ok(received) = timeout(SILENCE, listener.try_recv()).await else {
                    // A network that swallows packets tells nobody that the connection is gone.
                    let alive = timeout(PATIENCE, listener.execute("SELECT 1")).await;
                    alive.map_err(io::Error::from)??;
                    continue;
                };
                let Some(notification) = received? else {
                    return Err(io::Error::from(io::ErrorKind::ConnectionReset).into());
                };
                if notification.payload() != &*self.node {
                    wake.notify_one();
                }
            }
        };
        let Err(error): Result<Infallible, sqlx::Error> = lost.await;
        error
    }
}

/// Whether the database answered, and refused.
fn is_refused(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    error.as_database_error().is_some()
}
