//! The HTTP interface: what handlers work with. The routes and their handlers are in `resources`, one file for each; all
//! that lies around them is in `middleware`.

mod asked;
mod conditional;
mod documents;
mod extract;
mod limits;
mod managed;
mod middleware;
mod negotiate;
mod problem;
mod reply;
mod resources;
mod router;
mod sent;
mod server;
mod shapes;
mod shortcut;

use std::{sync::Arc, time::Duration};

use axum::http::HeaderName;
use metrics_exporter_prometheus::PrometheusHandle;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

pub use self::{
    documents::openapi_json,
    middleware::Front,
    problem::{Problem, ProblemBody, status},
    server::{serve, serve_on},
};
use crate::{
    clock::Clock,
    node::Node,
    query::Answers,
    snapshot::SnapshotCell,
    store::{Database, Usage, Writer, as_of::AsOf, feed},
    tasks::Tasks,
};

/// How many lists of reports are worked on at the same time; others wait their turn.
const MOST_LISTS: usize = 4;
/// How many clients may follow the changes of one node at the same time.
const MOST_STREAMS: usize = 256;
/// How many clients may read the log at the same time; others wait their turn.
const MOST_LOG_READS: usize = 2;
/// How many clients may take a whole snapshot at the same time.
const MOST_SNAPSHOTS: usize = 4;

/// How to serve.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The most memory for cached answers, in MiB.
    pub cache_mb: u64,
    /// The header in which a trusted proxy writes the address of its client; None where clients connect directly.
    pub client_address: Option<HeaderName>,
    /// How long the body of a request may come slowly.
    pub body_grace: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { cache_mb: 64, client_address: None, body_grace: Duration::from_secs(10) }
    }
}

/// The state of the handlers.
pub struct App {
    shared: Arc<SnapshotCell>,
    answers: Answers,
    writer: Writer,
    clock: Arc<dyn Clock>,
    database: Database,
    min_free: u64,
    metrics: PrometheusHandle,
    tasks: Tasks,
    requests: middleware::Requests,
    shortcuts: shortcut::Shortcuts,
    usage: Arc<Usage>,
    limits: limits::Limits,
    /// The bodies of ordinary requests, and those of lists.
    requests_in: limits::Intake,
    lists_in: limits::Intake,
    /// Lists that are parsed or decided: each takes much memory.
    lists: Semaphore,
    /// Those who follow the changes.
    streams: Arc<Semaphore>,
    /// Those who read the log: its connections are for reports first.
    log_reads: Semaphore,
    /// The directory as it was.
    past: AsOf,
    /// Those who take the whole directory.
    snapshots: Arc<Semaphore>,
    /// When the database last answered, or did not.
    pinged: tokio::sync::Mutex<Option<(std::time::Duration, bool)>>,
    last_read_on: Mutex<Option<std::time::Duration>>,
}

impl App {
    /// The application on a running node.
    pub fn new(node: &Node, config: &HttpConfig) -> Self {
        // Before anything that counts.
        let metrics = resources::operations::recorder();
        Self {
            shared: Arc::clone(&node.shared),
            answers: Answers::new(config.cache_mb, node.tasks.clone()),
            writer: node.writer.clone(),
            clock: Arc::clone(&node.clock),
            database: node.database.clone(),
            min_free: node.min_free,
            metrics,
            tasks: node.tasks.clone(),
            requests: middleware::Requests::new(&*node.clock),
            shortcuts: shortcut::Shortcuts::new(),
            usage: Arc::clone(&node.usage),
            limits: limits::Limits::new(&node.clock, config.client_address.clone()),
            requests_in: limits::Intake::of_requests(config.body_grace),
            lists_in: limits::Intake::of_lists(config.body_grace),
            lists: Semaphore::new(MOST_LISTS),
            streams: Arc::new(Semaphore::new(MOST_STREAMS)),
            log_reads: Semaphore::new(MOST_LOG_READS),
            past: AsOf::new(node.database.clone()),
            snapshots: Arc::new(Semaphore::new(MOST_SNAPSHOTS)),
            pinged: tokio::sync::Mutex::default(),
            last_read_on: Mutex::default(),
        }
    }

    /// Keeps what grows with requests small.
    fn shrink(&self) {
        // Without this the histograms would grow until somebody reads them.
        self.metrics.run_upkeep();
        self.limits.forget();
    }

    /// Takes in what other processes appended to the log, at most ten times a second.
    async fn read_on(&self) {
        let now = self.clock.running_for();
        {
            let mut last = self.last_read_on.lock();
            if last.is_some_and(|last| now < last + std::time::Duration::from_millis(100)) {
                return;
            }
            *last = Some(now);
        }
        if let Err(error) = feed::read_on(&self.database, &self.shared).await {
            tracing::warn!(%error, "the log cannot be read");
        }
    }
}
