//! The two databases and where they differ.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use migrations::{Migrator, NEEDED};
use parking_lot::Mutex;
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter, RuntimeErr, Set, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
    sqlx::{
        self, Connection, PgConnection,
        pool::PoolOptions,
        postgres::PgConnectOptions,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;

use super::{
    entity::setting,
    rows::upsert,
    sqlite::{OpenedFile, is_damage, with_remedy},
};
use crate::clock::Timestamp;

/// The setting with the epoch of the log.
const EPOCH: &str = "epoch";
/// The setting with the last migration that a program must know, though it may lack later ones.
const NEEDS: &str = "needs";
/// How long it may take to get a connection.
const CONNECT: Duration = Duration::from_secs(2);
const UNREADABLE_URL: &str = "the URL of the database cannot be read; in its user and password write % as %25, # as %23, \
                              / as %2F, ? as %3F, @ as %40, : as %3A";
/// How long a try to write something may take: longer than SQLite waits for a lock, which it then names.
const LONGEST_TRY: Duration = Duration::from_secs(8);
/// The setting that is written to see whether anything can be.
const PROBED_AT: &str = "probed_at";

/// The advisory lock that makes one node at a time append to the log: "SEDIA" in ASCII.
pub(super) const LOG_LOCK: i64 = 0x53_45_44_49_41;
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

/// The rule for connections of the pool that may be used again.
///
/// A failed transaction may leave its connection inside a transaction: after `SQLITE_FULL` the driver cannot know
/// whether SQLite has rolled back. What the next user of the connection commits would then be a savepoint and no more.
#[derive(Clone, Debug, Default)]
struct Trust(Arc<Mutex<Option<Instant>>>);

impl Trust {
    /// No connection that is open now is used again.
    fn withdraw(&self) {
        *self.0.lock() = Some(Instant::now());
    }

    fn covers(&self, connection: &impl Connection, opened: Instant) -> bool {
        self.0.lock().is_none_or(|withdrawn| withdrawn < opened) && !connection.is_in_transaction()
    }

    /// Closes connections that are not trusted, when they come back to the pool and before they leave it.
    fn guard<DB: sqlx::Database>(&self, pool: PoolOptions<DB>) -> PoolOptions<DB> {
        let (released, idle) = (self.clone(), self.clone());
        pool.after_release(move |connection, meta| {
            let (trust, opened) = (released.clone(), Instant::now() - meta.age);
            Box::pin(async move {
                // The rollback of a dropped transaction may still be queued: it is over when this is answered.
                connection.ping().await?;
                Ok(trust.covers(connection, opened))
            })
        })
        .before_acquire(move |connection, meta| {
            let is_trusted = idle.covers(connection, Instant::now() - meta.age);
            Box::pin(async move { Ok(is_trusted) })
        })
    }
}

/// A connected database.
#[derive(Clone, Debug)]
pub struct Database {
    pool: DatabaseConnection,
    /// SQLite's file.
    file: Option<OpenedFile>,
    trust: Trust,
    /// Whether the last look found that a newer version has made the schema another.
    is_outdated: Arc<AtomicBool>,
}

/// Why PostgreSQL cannot be reached, without the password.
async fn explained(url: &str, error: DbErr) -> DbErr {
    if error.to_string().contains(url) {
        return DbErr::Custom(UNREADABLE_URL.to_owned());
    }
    let DbErr::Conn(RuntimeErr::SqlxError(cause)) = &error else { return error };
    if !matches!(**cause, sqlx::Error::PoolTimedOut) {
        return error;
    }
    // The pool tries again until its time is over, and does not say why.
    match tokio::time::timeout(CONNECT, PgConnection::connect(url)).await {
        Ok(Err(reason)) => DbErr::Conn(RuntimeErr::SqlxError(reason.into())),
        _ => error,
    }
}

impl Database {
    /// Connects to `sqlite://PATH` (made if missing) or `postgres://…`.
    pub async fn connect(url: &str, durability: Durability) -> Result<Self, DbErr> {
        Self::with_connections(url, durability, 5).await
    }

    /// The same with one connection, for what SQLite does only while no other has the file open.
    pub async fn connect_alone(url: &str, durability: Durability) -> Result<Self, DbErr> {
        Self::with_connections(url, durability, 1).await
    }

    async fn with_connections(url: &str, durability: Durability, most: u32) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(most).acquire_timeout(CONNECT).sqlx_logging(false);
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
        });
        let trust = Trust::default();
        let (sqlite, postgres) = (trust.clone(), trust.clone());
        options.map_sqlx_sqlite_pool_opts(move |pool| sqlite.guard(pool));
        options.map_sqlx_postgres_pool_opts(move |pool| postgres.guard(pool));
        let connection = match Connector::connect(options).await {
            Ok(connection) => connection,
            Err(error) if url.starts_with("postgres") => return Err(explained(url, error).await),
            Err(error) => return Err(with_remedy(error)),
        };
        let mut file = None;
        if connection.get_database_backend() == DbBackend::Sqlite {
            // Where the file was moved away, a new one would have SQLite delete the newest changes beside it (-wal).
            let pool = connection.get_sqlite_connection_pool();
            pool.set_connect_options((*pool.connect_options()).clone().create_if_missing(false));
            file = Some(OpenedFile::of(&connection).await?);
        }
        Ok(Self { pool: connection, file, trust, is_outdated: Arc::default() })
    }

    /// Closes every open connection before its next use: a batch has failed on one of them.
    pub(super) fn distrust_connections(&self) {
        self.trust.withdraw();
    }

    /// How many bytes are free for SQLite's file; None on PostgreSQL, whose disk is elsewhere.
    pub fn free_space(&self) -> io::Result<Option<u64>> {
        let Some(file) = &self.file else { return Ok(None) };
        let system = rustix::fs::statvfs(&*file.path)?;
        Ok(Some(system.f_bavail * system.f_frsize))
    }

    /// The damage that SQLite finds in its file: a quick look at every page, or also whether every index agrees with its
    /// table. PostgreSQL is left to its own tools.
    pub async fn damage(&self, thorough: bool) -> Result<Vec<String>, DbErr> {
        if !self.is_sqlite() {
            return Ok(Vec::new());
        }
        let check = if thorough { "PRAGMA integrity_check(10)" } else { "PRAGMA quick_check(10)" };
        let statement = Statement::from_string(DbBackend::Sqlite, check);
        let found = match self.connection()?.query_all_raw(statement).await {
            Err(error) if is_damage(&error) => return Ok(vec![error.to_string()]),
            rows => rows?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?,
        };
        Ok(if found == ["ok"] { Vec::new() } else { found })
    }

    /// Writes a copy of the SQLite database, as it is at one moment, to a file that is not there yet. Others may go on.
    pub async fn copy_to(&self, file: &Path) -> Result<(), DbErr> {
        let path =
            file.to_str().ok_or_else(|| DbErr::Custom("the name of the file is no UTF-8".to_owned()))?;
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
        self.connection()?.execute_raw(copy).await.map(drop)
    }

    /// Writes everything into the SQLite file itself, with nothing beside it; an error if others have it open. What is
    /// damaged stays as it is.
    pub async fn leave_alone(&self) -> Result<(), DbErr> {
        match self.connection()?.execute_unprepared("PRAGMA journal_mode = DELETE").await {
            Err(error) if !is_damage(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// How often the log was put back to an earlier state, and 1: what came after a change then may be something else now.
    pub async fn epoch(&self) -> Result<u64, DbErr> {
        epoch(self.connection()?).await
    }

    /// Begins another epoch of the log: the one after the last that is known, or a later one. Gives its number.
    pub async fn begin_epoch(&self, at_least: u64) -> Result<u64, DbErr> {
        let transaction = self.begin_batch().await?;
        let epoch = at_least.max(epoch(&transaction).await? + 1);
        set_epoch(&transaction, epoch).await?;
        transaction.commit().await?;
        Ok(epoch)
    }

    /// Refuses a schema that a newer version of Sedia has made, unless that has only added to it: rows may mean something
    /// else.
    pub async fn check_schema(&self) -> Result<Schema, DbErr> {
        check_schema(self.connection()?).await
    }

    /// Brings the schema up to date; of several nodes that start at once, one does it. What a newer version has added
    /// stays. Nothing is locked or written where nothing is missing: a node starts on what it can only read.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        // Looking at the migrations of an empty database would make their table.
        let is_told = self.setting(NEEDS).await.is_ok_and(|needed| needed.is_some());
        if is_told && self.check_schema().await.is_ok_and(Schema::lacks_nothing) {
            return Ok(());
        }
        self.migrate_alone().await.map_err(with_remedy)
    }

    async fn migrate_alone(&self) -> Result<(), DbErr> {
        let transaction = self.begin_alone(MIGRATION_LOCK).await?;
        Migrator::install(&transaction).await?;
        if !check_schema(&transaction).await?.lacks_nothing() {
            // Other nodes see between two of their batches what programs must know from now on.
            self.lock(&transaction, LOG_LOCK).await?;
            Migrator::up(&transaction, None).await?;
            write_setting(&transaction, NEEDS, NEEDED).await?;
        }
        transaction.commit().await
    }

    /// Commits something that means nothing: only that shows whether anything is stored. Who asks is answered within
    /// seconds.
    pub async fn try_write(&self, now: Timestamp) -> Result<(), DbErr> {
        let written = async {
            let transaction = self.begin_batch().await?;
            write_probe(&transaction, now).await?;
            transaction.commit().await
        };
        match tokio::time::timeout(LONGEST_TRY, written).await {
            Ok(written) => written.map_err(with_remedy),
            Err(_) => Err(DbErr::Custom(format!(
                "nothing was committed within {} seconds; a PostgreSQL that waits for a synchronous replica waits until one is there",
                LONGEST_TRY.as_secs()
            ))),
        }
    }

    /// Whether the last look found that a newer version has made the schema another: then this node answers from memory.
    pub fn is_outdated(&self) -> bool {
        self.is_outdated.load(Ordering::Relaxed)
    }

    /// The connections; an error if SQLite's file is not where it was opened.
    pub(super) fn connection(&self) -> Result<&DatabaseConnection, DbErr> {
        self.file.as_ref().map_or(Ok(()), OpenedFile::check)?;
        Ok(&self.pool)
    }

    /// How PostgreSQL is reached, for a connection of its own.
    pub(super) fn postgres_options(&self) -> Arc<PgConnectOptions> {
        self.pool.get_postgres_connection_pool().connect_options()
    }

    /// Which epoch the log is in; an error if a newer version has made the schema another since this node started.
    pub(super) async fn look(&self, connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let names = setting::Column::Name.is_in([EPOCH, NEEDS]);
        let rows = setting::Entity::find().filter(names).all(connection).await?;
        let found = |name| rows.iter().find(|row| row.name == name).map(|row| &*row.value);
        let unknown = found(NEEDS).filter(|needed| !is_known(needed));
        self.is_outdated.store(unknown.is_some(), Ordering::Relaxed);
        match unknown {
            Some(needed) => Err(unknown_schema(needed)),
            None => to_epoch(found(EPOCH)),
        }
    }

    /// Begins the transaction of one batch: nobody else appends to the log until it ends. [`Trust`] sees to it that
    /// this is no savepoint inside an older transaction; SQLite itself refuses `BEGIN IMMEDIATE` inside one.
    pub(super) async fn begin_batch(&self) -> Result<DatabaseTransaction, DbErr> {
        self.begin_alone(LOG_LOCK).await
    }

    /// Begins a transaction that waits for, and keeps out, others with the same lock. SQLite has only one.
    async fn begin_alone(&self, lock: i64) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self
            .connection()?
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        self.lock(&transaction, lock).await?;
        Ok(transaction)
    }

    async fn lock(&self, transaction: &DatabaseTransaction, lock: i64) -> Result<(), DbErr> {
        if !self.is_sqlite() {
            transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({lock})")).await?;
        }
        Ok(())
    }

    /// Begins a transaction that shortens the log, or marks a state to start from: one node at a time does.
    pub(super) async fn begin_maintenance(&self) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self.begin_alone(RETENTION_LOCK).await?;
        self.look(&transaction).await?;
        Ok(transaction)
    }

    /// Begins a transaction that sees one state of the database throughout.
    pub(super) async fn begin_read(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation = (!self.is_sqlite()).then_some(sea_orm::IsolationLevel::RepeatableRead);
        self.connection()?.begin_with_config(isolation, None).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.connection()?.execute_unprepared("SELECT 1").await.map(drop)
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.pool.get_database_backend() == DbBackend::Sqlite
    }

    /// A setting of the database itself.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, DbErr> {
        read_setting(self.connection()?, name).await
    }

    /// Sets a setting of the database itself.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), DbErr> {
        write_setting(self.connection()?, name, value).await
    }

    /// Closes the connections.
    pub async fn close(self) -> Result<(), DbErr> {
        self.pool.close().await
    }
}

pub(super) async fn epoch(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    to_epoch(read_setting(connection, EPOCH).await?.as_deref())
}

fn to_epoch(setting: Option<&str>) -> Result<u64, DbErr> {
    let Some(epoch) = setting else { return Ok(1) };
    epoch.parse().map_err(|_| DbErr::Custom(format!("expected a number as {EPOCH}, got {epoch}")))
}

pub(super) async fn set_epoch(connection: &impl ConnectionTrait, epoch: u64) -> Result<(), DbErr> {
    write_setting(connection, EPOCH, &epoch.to_string()).await
}

async fn read_setting(connection: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    Ok(setting::Entity::find_by_id(name).one(connection).await?.map(|row| row.value))
}

pub(super) async fn write_setting(
    connection: &impl ConnectionTrait,
    name: &str,
    value: &str,
) -> Result<(), DbErr> {
    let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    upsert(connection, vec![row]).await
}

pub(super) async fn write_probe(connection: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    write_setting(connection, PROBED_AT, &now.to_rfc3339()).await
}

/// How the schema of a database stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// It lacks migrations that this program knows.
    Older,
    /// It has them all and no others.
    Current {
        /// Whether it says which of them programs must know.
        is_told: bool,
    },
    /// A newer version has added something that this program need not know.
    Expanded,
}

impl Schema {
    const fn lacks_nothing(self) -> bool {
        matches!(self, Self::Expanded | Self::Current { is_told: true })
    }
}

async fn check_schema(connection: &impl ConnectionTrait) -> Result<Schema, DbErr> {
    let applied = Migrator::get_migration_models(connection).await?;
    let is_applied = |name: &str| applied.iter().any(|made| made.version == name);
    let is_behind = Migrator::migrations().iter().any(|migration| !is_applied(migration.name()));
    let unknown = applied.iter().map(|made| &*made.version).find(|version| !is_known(version));
    if is_behind {
        // One that has both branched off: nobody has said what works on it.
        return unknown.map_or(Ok(Schema::Older), |unknown| Err(unknown_schema(unknown)));
    }
    let needed = read_setting(connection, NEEDS).await?;
    match (unknown, needed) {
        (_, Some(needed)) if !is_known(&needed) => Err(unknown_schema(&needed)),
        (Some(_), Some(_)) => Ok(Schema::Expanded),
        (Some(unknown), None) => Err(unknown_schema(unknown)),
        (None, needed) => Ok(Schema::Current { is_told: needed.is_some_and(|needed| needed == NEEDED) }),
    }
}

/// Whether this program has the migration.
fn is_known(migration: &str) -> bool {
    Migrator::migrations().iter().any(|known| known.name() == migration)
}

fn unknown_schema(migration: &str) -> DbErr {
    DbErr::Custom(format!(
        "expected a schema of this version of sedia, got {migration}, which it does not know; use the version that made \
         the database, or name another database"
    ))
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, FromQueryResult};
    use tempfile::TempDir;
    use tokio::sync::Notify;

    use super::*;

    #[derive(FromQueryResult)]
    struct Number {
        value: i64,
    }

    /// The numbers that another process finds in the file.
    async fn stored(url: &str) -> Vec<i64> {
        let other = Database::connect(url, Durability::Normal).await.unwrap();
        let statement = Statement::from_string(DbBackend::Sqlite, "SELECT value FROM number ORDER BY value");
        let rows = Number::find_by_statement(statement).all(&other.pool).await.unwrap();
        other.close().await.unwrap();
        rows.into_iter().map(|row| row.value).collect()
    }

    /// Limits the size of the file, so that SQLite says that the disk is full, then commits on what is left.
    #[tokio::test]
    async fn what_is_committed_after_a_full_disk_is_stored() {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/full.db", folder.path().display());
        let database = Database::connect(&url, Durability::Normal).await.unwrap();
        let tables = "CREATE TABLE number (value INTEGER); CREATE TABLE filler (body BLOB)";
        database.pool.execute_unprepared(tables).await.unwrap();
        for round in 0..5 {
            let full = database.begin_batch().await.unwrap();
            full.execute_unprepared("PRAGMA max_page_count = 9").await.unwrap();
            let error =
                full.execute_unprepared("INSERT INTO filler VALUES (zeroblob(1000000))").await.unwrap_err();
            assert!(error.to_string().contains("database or disk is full"), "{error}");
            drop(full);
            let failed = database.begin_batch().await.unwrap();
            failed.execute_unprepared("INSERT INTO number VALUES (-1)").await.unwrap();
            failed.execute_unprepared("INSERT INTO nowhere VALUES (1)").await.unwrap_err();
            drop(failed);
            let inserted = Notify::new();
            let cancelled = async {
                let batch = database.begin_batch().await.unwrap();
                batch.execute_unprepared("INSERT INTO number VALUES (-2)").await.unwrap();
                inserted.notify_one();
                std::future::pending::<()>().await;
                drop(batch);
            };
            tokio::select! {
                () = cancelled => {}
                () = inserted.notified() => {}
            }
            let good = database.begin_batch().await.unwrap();
            good.execute_unprepared(&format!("INSERT INTO number VALUES ({round})")).await.unwrap();
            good.commit().await.unwrap();
            assert_eq!(
                stored(&url).await,
                (0..=round).collect::<Vec<_>>(),
                "what was committed, and nothing else"
            );
        }
        let free = database.free_space().unwrap().unwrap();
        assert!(free > 0, "the file's disk is found");
    }

    /// Every connection has a table of its own, by which it is known again.
    #[tokio::test]
    async fn connections_that_were_open_when_a_batch_failed_are_not_used_again() {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/new.db", folder.path().display());
        let database = Database::connect(&url, Durability::Normal).await.unwrap();
        let pool = database.pool.get_sqlite_connection_pool();
        let settled = async || {
            while pool.num_idle() != pool.size() as usize {
                tokio::task::yield_now().await;
            }
        };
        let is_known = async || {
            let batch = database.begin_batch().await.unwrap();
            let found = batch.execute_unprepared("SELECT * FROM mine").await;
            batch.rollback().await.unwrap();
            found.is_ok()
        };
        settled().await;
        let mut all = Vec::new();
        for _ in 0..pool.size() {
            let transaction = database.pool.begin().await.unwrap();
            transaction.execute_unprepared("CREATE TEMP TABLE mine (value INTEGER)").await.unwrap();
            all.push(transaction);
        }
        for transaction in all {
            transaction.commit().await.unwrap();
        }
        settled().await;
        assert!(is_known().await);
        settled().await;
        database.distrust_connections();
        assert!(!is_known().await);
    }
}
