//! One running node: a database, the directory in memory, and the writer between them.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};

use crate::{
    auth::{Operator, Principal, Secret},
    clock::Clock,
    domain::{key::Role, rejection::Rejections},
    import::shipped,
    snapshot::{Snapshot, SnapshotCell},
    store::{
        self, Command, Committed, Database, Durability, Feed, MaintenanceLock, Notifier, Receipt, Usage,
        WriteError, Writer,
        commands::{AskedKey, CreateKey, IfAbsent, KeyInput},
        feed::POLL,
        sqlite::WAY_BACK,
    },
    tasks::Tasks,
};

/// How many bytes shall be free on the disk of a SQLite file.
const DEFAULT_MIN_FREE: u64 = 64 << 20;

/// How to run a node.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// When a commit counts as durable on SQLite.
    pub durability: Durability,
    /// The most commands that share one commit.
    pub write_batch: usize,
    /// Whether a pooler stands before PostgreSQL that gives each transaction another connection: then nothing is used
    /// that belongs to a connection. A pooler that is noticed need not be told of.
    pub pooled: bool,
    /// The longest time between two looks for what other processes appended.
    pub poll: Duration,
}

impl NodeConfig {
    /// The usual way to run a node on the database at this URL.
    pub const fn at(database_url: String) -> Self {
        Self { database_url, durability: Durability::Full, write_batch: 256, pooled: false, poll: POLL }
    }
}

/// A running node.
pub struct Node {
    /// The database.
    pub database: Database,
    /// The directory in memory.
    pub shared: Arc<SnapshotCell>,
    /// The way to change it.
    pub writer: Writer,
    /// Takes in what other processes write.
    pub feed: Feed,
    /// Time, ids and randomness.
    pub clock: Arc<dyn Clock>,
    /// How many bytes shall be free on the disk of a SQLite file; with less, the node says that it is not ready.
    pub min_free: u64,
    /// Which of several nodes does what need not be done by each.
    pub maintenance_lock: Arc<MaintenanceLock>,
    /// Facts about requests that are written down by and by.
    pub usage: Arc<Usage>,
    /// Every task of the node.
    pub tasks: Tasks,
}

impl Node {
    /// Connects, migrates, loads everything into memory, and adds what ships and is not there yet.
    pub async fn start(config: &NodeConfig, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let database =
            Database::connect(&config.database_url, config.durability).await.with_context(|| {
                format!("cannot open the database {}", without_password(&config.database_url))
            })?;
        let damage = database.damage(false).await.context("cannot check the database")?;
        if let Some(first) = damage.first() {
            bail!("the database {} is damaged: {first}. {WAY_BACK}", without_password(&config.database_url));
        }
        database.migrate().await.context("cannot bring the database schema up to date")?;
        let snapshot = store::load(&database, clock.now()).await.context("cannot read the directory")?;
        let epoch = database.epoch().await.context("cannot read the epoch of the log")?;
        let pooled = config.pooled || store::is_pooled(&database).await;
        if pooled {
            tracing::info!(
                "a pooler gives each transaction another connection: no NOTIFY, no locks of a connection"
            );
        }
        let notifier = if pooled { None } else { Notifier::open(&database, &*clock).await? };
        let shared = Arc::new(SnapshotCell::new(snapshot, epoch, Arc::clone(&clock)));
        let tasks = Tasks::default();
        let (time, stop) = (Arc::clone(&shared).keep_time(), tasks.clone());
        tasks.spawn_vital("time", async move {
            // None when the node stops.
            let _ = stop.unless_stopping(time).await;
        });
        let writer = Writer::start(
            database.clone(),
            Arc::clone(&shared),
            Arc::clone(&clock),
            notifier.clone(),
            config.write_batch,
            &tasks,
        )
        .await;
        let feed = Feed::start(
            database.clone(),
            Arc::clone(&shared),
            Arc::clone(&clock),
            notifier,
            config.poll,
            &tasks,
        );
        let maintenance_lock = Arc::new(MaintenanceLock::new(&database, pooled));
        let node = Self {
            database,
            maintenance_lock,
            shared,
            writer,
            feed,
            clock,
            min_free: DEFAULT_MIN_FREE,
            usage: Arc::default(),
            tasks,
        };
        node.add_what_ships().await.context("cannot add the reference data that ships")?;
        Ok(node)
    }

    async fn add_what_ships(&self) -> anyhow::Result<()> {
        let operator = Principal::Operator(Operator::Reference);
        if self.shared.current().seq() == 0 {
            // Several processes may start on one new database: the first adds the contact.
            let contact = IfAbsent {
                is_done: |state| state.contacts_of(None).next().is_some(),
                command: shipped::national_contact(),
            };
            self.submit(operator.clone(), contact).await?;
        }
        let types = shipped::shipped_types().map_err(WriteError::Refused)?;
        let snapshot = self.shared.current();
        if types.types.iter().any(|resource| snapshot.resource_type(resource.code.as_str()).is_none()) {
            self.submit(operator.clone(), types).await?;
        }
        if shipped::shipped_codes().any(|code| snapshot.region(code).is_none()) {
            let regions = shipped::shipped_regions().map_err(WriteError::Refused)?;
            self.submit(operator, regions).await?;
        }
        Ok(())
    }

    /// Hands a command to the writer and waits until it is durable and visible.
    pub async fn submit<C: Command>(
        &self,
        principal: Principal,
        command: C,
    ) -> Result<Committed<Receipt<C::Outcome>>, WriteError> {
        self.writer.submit(principal, command).await
    }

    /// Makes a key or a link, and gives its secret, which is kept nowhere.
    pub async fn create_key<I: AskedKey>(
        &self,
        principal: Principal,
        input: I,
    ) -> Result<(Secret, I::Shown), WriteError> {
        let (secret, command) = CreateKey::new(input, &*self.clock);
        let written = self.submit(principal, command).await?;
        Ok((secret, written.receipt.body))
    }

    /// Makes the first admin key if there is no key at all yet.
    pub async fn first_admin_key(&self) -> Result<Option<Secret>, WriteError> {
        let is_done = |state: &Snapshot| state.keys().next().is_some();
        if is_done(&self.shared.current()) {
            return Ok(None);
        }
        let input = KeyInput {
            role: Role::Admin,
            name: Some("first admin".to_owned()),
            facilities: Vec::new(),
            region: None,
            consumer: None,
            phone: None,
            expires_days: None,
        };
        let (secret, command) = CreateKey::new(input, &*self.clock);
        self.submit(Principal::Operator(Operator::Cli), IfAbsent { is_done, command }).await?;
        // Another process may have been first.
        let is_made = self.shared.current().key_by_hash(&secret.hash()).is_some();
        Ok(is_made.then_some(secret))
    }

    /// Finishes what is queued, stops every task, and closes the database.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.tasks.stop();
        drop(self.writer);
        tokio::time::timeout(Duration::from_secs(20), self.tasks.ended())
            .await
            .context("some work did not finish within 20 seconds")?;
        if let Err(error) = self.maintenance_lock.release().await {
            // Closing the connection releases it, too.
            tracing::warn!(%error, "the lock of maintenance was not released");
        }
        self.database.close().await.context("cannot close the database")
    }
}

/// The refusals behind a failed write, if it was refused.
pub fn rejections(error: &WriteError) -> Option<&Rejections> {
    match error {
        WriteError::Refused(rejections) => Some(rejections),
        WriteError::Overloaded | WriteError::NotStored | WriteError::Unconfirmed => None,
    }
}

/// The URL for messages: what stands between `:` and `@` is left out.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}://{user}@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}
