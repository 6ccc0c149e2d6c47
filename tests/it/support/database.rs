//! A database of one's own: a SQLite file in a temporary folder, or a database on the test server.
//!
//! A first start takes a second, because it adds all regions that ship. So one first start is kept as a
//! template, and every test gets a copy of it.

use std::{
    fs::{self, File},
    path::PathBuf,
    time::UNIX_EPOCH,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tempfile::TempDir;

/// Removed with the value, as far as that is possible.
pub(crate) enum TestDatabase {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

/// The advisory lock that makes one process at a time make the template: "SEDIA test" in spirit.
const TEMPLATE_LOCK: i64 = 0x7e57_5ed1;

impl TestDatabase {
    /// A database as a first start leaves it: regions, types and the national contact, and no key.
    pub(crate) async fn create() -> Self {
        match server() {
            None => {
                let folder = TempDir::new().unwrap();
                fs::copy(sqlite_template().await, folder.path().join("sedia.db")).unwrap();
                Self::Sqlite(folder)
            }
            Some(server) => {
                let template = postgres_template(&server).await;
                Self::postgres(server, &format!("TEMPLATE {template}")).await
            }
        }
    }

    /// A database with nothing in it, not even tables.
    pub(crate) async fn empty() -> Self {
        match server() {
            None => Self::Sqlite(TempDir::new().unwrap()),
            Some(server) => Self::postgres(server, "").await,
        }
    }

    async fn postgres(server: String, how: &str) -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let name = format!("sedia_{:016x}", u64::from_be_bytes(random));
        run(&server, &format!("CREATE DATABASE {name} {how}")).await;
        Self::Postgres { server, name }
    }

    /// What `DATABASE_URL` would say.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}", folder.path().join("sedia.db").display()),
            Self::Postgres { server, name } => url_on(server, name),
        }
    }
}

/// What keeps everybody else from writing to the database as long as it lives.
pub(crate) struct Outage<'a> {
    database: &'a TestDatabase,
    /// What holds a lock.
    lock: Option<(DatabaseConnection, DatabaseTransaction)>,
}

impl TestDatabase {
    /// While this lives, nobody else can write to the database; PostgreSQL does not even take connections.
    pub(crate) async fn go_away(&self) -> Outage<'_> {
        let lock = match self {
            Self::Sqlite(_) => Some(self.lock().await),
            Self::Postgres { server, name } => {
                run(server, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).await;
                let sessions = format!("FROM pg_stat_activity WHERE datname = '{name}'");
                run(server, &format!("SELECT pg_terminate_backend(pid) {sessions}")).await;
                None
            }
        };
        Outage { database: self, lock }
    }

    /// While this lives, no commit ends: PostgreSQL waits as it does for a synchronous replica that is away, when no
    /// timeout counts any more. SQLite can only be locked.
    pub(crate) async fn hold_commits(&self) -> Outage<'_> {
        let (connection, lock) = self.lock().await;
        if matches!(self, Self::Postgres { .. }) {
            lock.execute_unprepared("SELECT pg_advisory_xact_lock(7)").await.unwrap();
            let wait = "BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END";
            self.run(&format!("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS '{wait}'")).await;
            self.run(
                "CREATE CONSTRAINT TRIGGER wait AFTER INSERT OR UPDATE ON setting \
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()",
            )
            .await;
        }
        Outage { database: self, lock: Some((connection, lock)) }
    }

    /// A transaction beside the node, which locks SQLite.
    async fn lock(&self) -> (DatabaseConnection, DatabaseTransaction) {
        let connection = connect(&self.url()).await.unwrap();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let lock = connection.begin_with_options(options).await.unwrap();
        (connection, lock)
    }

    /// Breaks what is being written just now: PostgreSQL loses all its connections, SQLite a table for a moment.
    pub(crate) async fn break_writes(&self) {
        match self {
            Self::Sqlite(_) => {
                run(&self.url(), "ALTER TABLE current_row RENAME TO hidden").await;
                run(&self.url(), "ALTER TABLE hidden RENAME TO current_row").await;
            }
            Self::Postgres { server, name } => {
                let sessions = format!("FROM pg_stat_activity WHERE datname = '{name}'");
                run(server, &format!("SELECT pg_terminate_backend(pid) {sessions}")).await;
            }
        }
    }

    /// Runs a statement beside the node.
    pub(crate) async fn run(&self, statement: &str) {
        run(&self.url(), statement).await;
    }
}

impl Outage<'_> {
    pub(crate) async fn end(self) {
        if let Some((connection, lock)) = self.lock {
            lock.rollback().await.unwrap();
            connection.close().await.unwrap();
        }
        if let TestDatabase::Postgres { server, name } = self.database {
            run(server, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")).await;
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            let (server, statement) = (server.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
            // Best effort, and on a runtime of its own: the test's may be gone.
            let dropping = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.map(|runtime| {
                    runtime.block_on(async {
                        let connection = connect(&server).await?;
                        connection.execute_unprepared(&statement).await?;
                        connection.close().await
                    })
                })
            });
            drop(dropping.join());
        }
    }
}

/// The PostgreSQL server to use, if not SQLite.
fn server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the suite")]
    std::env::var("SEDIA_TEST_POSTGRES").ok()
}

fn url_on(server: &str, database: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{database}")
}

async fn connect(url: &str) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    Database::connect(options).await
}

async fn run(url: &str, statement: &str) {
    let connection = connect(url).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

/// Tells the templates of different builds apart.
fn build() -> String {
    let program = std::env::current_exe().unwrap().metadata().unwrap();
    let built = program.modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    format!("{:x}_{:x}", built.as_nanos(), program.len())
}

/// The template file of this build, made by whoever comes first.
async fn sqlite_template() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let template = folder.join(format!("template_{}.db", build()));
    if template.exists() {
        return template;
    }
    let lock = File::create(folder.join("template.lock")).unwrap();
    lock.lock().unwrap();
    if !template.exists() {
        for old in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()) {
            let is_template = old.file_name().to_string_lossy().starts_with("template_");
            let age = old.metadata().unwrap().modified().unwrap().elapsed();
            // Younger ones may be in use by another build's tests.
            if is_template && age.is_ok_and(|age| age.as_secs() > 900) {
                fs::remove_file(old.path()).unwrap();
            }
        }
        let new = TempDir::new_in(&folder).unwrap();
        let file = new.path().join("new.db");
        super::first_start(&format!("sqlite://{}", file.display())).await;
        fs::rename(file, &template).unwrap();
    }
    template
}

/// The template database of this build, made by whoever comes first.
async fn postgres_template(server: &str) -> String {
    let template = format!("template_{}", build());
    let connection = connect(server).await.unwrap();
    let lock = connection.begin().await.unwrap();
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({TEMPLATE_LOCK})")).await.unwrap();
    let find = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
    let found = lock.query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, find));
    if found.await.unwrap().is_none() {
        let new = "template_new";
        run(server, &format!("DROP DATABASE IF EXISTS {new} WITH (FORCE)")).await;
        run(server, &format!("CREATE DATABASE {new}")).await;
        super::first_start(&url_on(server, new)).await;
        run(server, &format!("ALTER DATABASE {new} RENAME TO {template}")).await;
    }
    lock.commit().await.unwrap();
    connection.close().await.unwrap();
    template
}
