//! Of several nodes on one PostgreSQL, one does what need not be done by each: it holds a lock on a connection of its own.
//! When that connection is gone, whichever node asks next has the lock.

use std::{io, time::Duration};

use sea_orm::sqlx::{self, Connection, PgConnection};
use tokio::{sync::Mutex, time::timeout};

use super::{Database, database::LOG_LOCK};

/// The advisory lock of the node that does the work.
const LOCK: i64 = LOG_LOCK + 3;
/// How long the database may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The lock as one node sees it.
pub struct MaintenanceLock {
    /// None where nodes share no lock: then each does the work, which does no harm.
    database: Option<Database>,
    held: Mutex<Option<PgConnection>>,
}

impl MaintenanceLock {
    /// The lock in `database`. A pooler would give the connection with the lock to others.
    pub fn new(database: &Database, pooled: bool) -> Self {
        let is_shared = !database.is_sqlite() && !pooled;
        Self { database: is_shared.then(|| database.clone()), held: Mutex::default() }
    }

    /// Whether this node has the lock, now that it has tried to get it.
    pub async fn acquire(&self) -> Result<bool, sqlx::Error> {
        let Some(database) = &self.database else { return Ok(true) };
        let mut held = self.held.lock().await;
        if let Some(connection) = &mut *held {
            if matches!(timeout(PATIENCE, connection.ping()).await, Ok(Ok(()))) {
                return Ok(true);
            }
            *held = None;
        }
        let options = database.postgres_options();
        let attempt = async {
            let mut connection = PgConnection::connect_with(&options).await?;
            let try_lock = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK);
            if try_lock.fetch_one(&mut connection).await? {
                return Ok::<_, sqlx::Error>(Some(connection));
            }
            connection.close().await?;
            Ok(None)
        };
        *held = timeout(PATIENCE, attempt).await.map_err(io::Error::from)??;
        Ok(held.is_some())
    }

    /// Leaves the lock to others.
    pub async fn release(&self) -> Result<(), sqlx::Error> {
        let Some(mut connection) = self.held.lock().await.take() else { return Ok(()) };
        let released = async {
            sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut connection).await?;
            connection.close().await
        };
        timeout(PATIENCE, released).await.map_err(io::Error::from)?
    }
}
