//! The two databases and where they differ.

use std::time::Duration;

use migrations::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use sea_orm_migration::MigratorTrait;

/// The advisory lock that makes one node at a time append to the log: "SEDIA" in ASCII.
const LOG_LOCK: i64 = 0x53_45_44_49_41;
/// The advisory lock that makes one node at a time migrate.
const MIGRATION_LOCK: i64 = LOG_LOCK + 1;
/// The advisory lock that makes one node at a time shorten the log.
const RETENTION_LOCK: i64 = LOG_LOCK + 2;

/// When a commit counts as durable on SQLite. PostgreSQL decides this by its own `synchronous_commit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Durability {
    /// On disk before it is acknowledged: survives a power cut.
    #[default]
    Full,
    /// Survives a crash of the process, not always a power cut.
    Normal,
}

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database(pub(super) DatabaseConnection);

impl Database {
    /// Connects to `sqlite://PATH` (made if missing) or `postgres://…`.
    pub async fn connect(url: &str, durability: Durability) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(5).acquire_timeout(Duration::from_secs(2)).sqlx_logging(false);
        if url.starts_with("postgres") {
            // Connections that died with the server must not fail the first reports after it is back.
            options.statement_timeout(Duration::from_secs(10)).test_before_acquire(true);
        } else {
            options.test_before_acquire(false); // a file does not go away
        }
        options.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(match durability {
                    Durability::Full => SqliteSynchronous::Full,
                    Durability::Normal => SqliteSynchronous::Normal,
                })
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
        });
        Connector::connect(options).await.map(Self)
    }

    /// Brings the schema up to date; of several nodes that start at once, one does it.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        let transaction = self.begin_alone(MIGRATION_LOCK).await?;
        Migrator::up(&transaction, None).await?;
        transaction.commit().await
    }

    /// Begins the transaction of one batch: nobody else appends to the log until it ends.
    pub(super) async fn begin_batch(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_alone(LOG_LOCK).await
    }

    /// Begins a transaction that waits for, and keeps out, others with the same lock. SQLite has only one.
    async fn begin_alone(&self, lock: i64) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self
            .0
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        if !self.is_sqlite() {
            transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({lock})")).await?;
        }
        Ok(transaction)
    }

    /// Begins a transaction that shortens the log, or marks a state to start from: one node at a time does.
    pub(super) async fn begin_maintenance(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_alone(RETENTION_LOCK).await
    }

    /// Begins a transaction that sees one state of the database throughout.
    pub(super) async fn begin_read(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation = (!self.is_sqlite()).then_some(sea_orm::IsolationLevel::RepeatableRead);
        self.0.begin_with_config(isolation, None).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.0.execute_unprepared("SELECT 1").await.map(drop)
    }

    fn is_sqlite(&self) -> bool {
        self.0.get_database_backend() == DbBackend::Sqlite
    }

    /// Closes the connections.
    pub async fn close(self) -> Result<(), DbErr> {
        self.0.close().await
    }
}
