//! A pooler before PostgreSQL that gives each transaction another connection, as `PgBouncer` does in transaction mode. Whatever
//! belongs to a connection goes wrong then: a notification comes to whoever uses the connection next, and breaks what that does.

use std::{io, time::Duration};

use sea_orm::sqlx::{self, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use super::Database;

/// Another client may get in between and give the connection back.
const LOOKS: usize = 4;
/// How long a look may take. A pooler with a single connection does not answer it in time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether such a pooler stands before the database. One that is not noticed has to be told of.
pub async fn is_pooled(database: &Database) -> bool {
    if database.is_sqlite() {
        return false;
    }
    let looked = timeout(PATIENCE, changes_connections(&database.postgres_options())).await;
    looked.map_err(io::Error::from).map_err(sqlx::Error::from).flatten().unwrap_or_else(|error| {
        tracing::warn!(%error, "it is not known whether a pooler stands before the database; SEDIA_POOLED says so");
        false
    })
}

async fn changes_connections(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut one = PgConnection::connect_with(options).await?;
    let mut other = PgConnection::connect_with(options).await?;
    let mut is_another = false;
    for _ in 0..LOOKS {
        let before = backend(&mut one).await?;
        // A pooler hands out first what was used last.
        let mut holding = other.begin().await?;
        backend(&mut holding).await?;
        is_another |= backend(&mut one).await? != before;
        holding.rollback().await?;
    }
    other.close().await?;
    one.close().await?;
    Ok(is_another)
}

/// The process of PostgreSQL that serves a connection.
async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await
}
