//! The HTTP interface: the state of its handlers, in parts.
//!
//! The routes and their handlers are in `resources`, one file for each resource. `request` reads what comes, `response`
//! writes what goes, `middleware` and what is below it guards the node around both.

mod contract;
mod documents;
mod middleware;
mod probes;
mod request;
mod resources;
mod response;
mod server;

use std::{sync::Arc, time::Duration};

use axum::{extract::FromRef, http::HeaderName};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::{Semaphore, watch};

pub use self::{
    contract::{Contract, Pages, Visitor, no_such_page, tell_written},
    documents::openapi_json,
    middleware::Front,
    resources::{audit::read as audit, messages::Gateways},
    response::{
        PUBLIC,
        problem::{Problem, ProblemBody, status},
        tags,
    },
    server::{Listeners, listen, serve},
};
use self::{
    middleware::{limits, seen::Waits, shortcut::Shortcuts},
    resources::{messages, metrics, region_history},
};
use crate::{
    clock::Clock,
    node::Node,
    openid::{OpenId, OpenIdSettings},
    query::Answers,
    snapshot::{Snapshot, SnapshotCell},
    store::{Database, Feed, Health, Usage, Writer, as_of::AsOf},
    tasks::Tasks,
};

/// How many lists of reports are worked on at the same time; others wait their turn.
const MOST_LISTS: usize = 4;
/// How many clients with keys may follow the changes of one node at the same time, and as many others.
const MOST_STREAMS: usize = 256;
/// How many of these may be of one key or address.
const MOST_STREAMS_EACH: usize = 64;
/// How many clients may read the log at the same time; others wait their turn.
const MOST_LOG_READS: usize = 2;
/// How many clients may take a whole snapshot at the same time.
const MOST_SNAPSHOTS: usize = 4;

/// The settings of the server.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The most memory for cached answers, in MiB.
    pub cache_mb: u64,
    /// The header in which a trusted proxy writes the address of its client; None where clients connect directly.
    pub client_address: Option<HeaderName>,
    /// How long the body of a request may come slowly.
    pub body_grace: Duration,
    /// What this node shares with gateways of text messages.
    pub gateways: Gateways,
    /// The provider that staff sign in with.
    pub openid: Option<OpenIdSettings>,
    /// Whether anybody may read the metrics at the address that serves all else.
    pub public_metrics: bool,
    /// How long nothing may move in a node before the probes call it dead.
    pub stuck_after: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        let gateways = Gateways::default();
        let body_grace = Duration::from_secs(10);
        Self {
            cache_mb: 64,
            client_address: None,
            body_grace,
            gateways,
            openid: None,
            public_metrics: true,
            stuck_after: Duration::from_secs(10),
        }
    }
}

/// The state of the handlers, in parts: a handler takes the one that it needs.
#[derive(Clone)]
pub struct App {
    reads: Arc<Reads>,
    writes: Arc<Writes>,
    log: Arc<LogReads>,
    operations: Arc<Operations>,
}

/// The part that identifies the client and answers from memory.
struct Reads {
    directory: Arc<SnapshotCell>,
    clock: Arc<dyn Clock>,
    answers: Answers,
    as_of: AsOf,
    shortcuts: Shortcuts,
    usage: Arc<Usage>,
    feed: Feed,
    waits: Waits,
}

/// The part that every change passes through, with the limits on how much is changed.
struct Writes {
    writer: Writer,
    /// How the bodies of ordinary requests are read.
    bodies: limits::Intake,
    /// How the bodies of lists are read.
    list_bodies: limits::Intake,
    /// The turns of lists that are parsed or decided: each takes much memory.
    list_turns: Arc<Semaphore>,
    /// The limits on what the public sends.
    public: limits::Limits,
    /// The limits on those who try keys.
    sign_ins: limits::Limits,
    /// What this node shares with gateways of text messages.
    gateways: Gateways,
    /// The provider that staff sign in with.
    openid: Option<Arc<OpenId>>,
    /// The messages that wait for a `YA`.
    conversations: messages::Conversations,
}

/// The part that reads the database, a few requests at a time, as its connections are for reports first. It holds no
/// writer: a client that follows the changes must not keep the writer alive.
struct LogReads {
    database: Database,
    directory: Arc<SnapshotCell>,
    tasks: Tasks,
    /// The turns of readers of the log.
    turns: Semaphore,
    /// What was read of the totals of regions.
    trends: region_history::Trends,
    /// The places of clients that follow the changes, of the public and of those with keys.
    streams: [Arc<limits::Places>; 2],
    /// The places of clients that take the whole directory.
    snapshots: Arc<Semaphore>,
}

/// The part that shows the operator the health of the node.
struct Operations {
    metrics: PrometheusHandle,
    database: Database,
    health: watch::Receiver<Health>,
    tasks: Tasks,
    min_free: u64,
    /// Whether anybody may read the metrics at the address that serves all else.
    public_metrics: bool,
    /// How long nothing may move before the probes call the node dead.
    stuck_after: Duration,
    /// When the database last answered, or did not.
    pinged: tokio::sync::Mutex<Option<(Duration, bool)>>,
}

/// Makes each part a state of its own.
macro_rules! parts {
    ($($name:ident: $Part:ty),+) => {$(
        impl FromRef<App> for Arc<$Part> {
            fn from_ref(app: &App) -> Self {
                Self::clone(&app.$name)
            }
        }
    )+};
}

parts! { reads: Reads, writes: Writes, log: LogReads, operations: Operations }

impl App {
    /// The application on a running node.
    pub fn new(node: &Node, config: &HttpConfig) -> Self {
        // Before anything that counts.
        let metrics = metrics::recorder();
        let reads = Reads {
            directory: Arc::clone(&node.shared),
            clock: Arc::clone(&node.clock),
            answers: Answers::new(config.cache_mb, node.tasks.clone()),
            as_of: AsOf::new(node.database.clone()),
            shortcuts: Shortcuts::new(),
            usage: Arc::clone(&node.usage),
            feed: node.feed.clone(),
            waits: Waits::new(),
        };
        let writes = Writes {
            writer: node.writer.clone(),
            bodies: limits::Intake::of_requests(config.body_grace),
            list_bodies: limits::Intake::of_lists(config.body_grace),
            list_turns: Arc::new(Semaphore::new(MOST_LISTS)),
            public: limits::Limits::new("note", node, config.client_address.clone()),
            sign_ins: limits::Limits::new("sign-in", node, config.client_address.clone()),
            gateways: config.gateways.clone(),
            openid: config.openid.clone().map(|it| Arc::new(OpenId::new(it, Arc::clone(&node.clock)))),
            conversations: messages::Conversations::default(),
        };
        let log = LogReads {
            database: node.database.clone(),
            directory: Arc::clone(&node.shared),
            tasks: node.tasks.clone(),
            turns: Semaphore::new(MOST_LOG_READS),
            trends: region_history::Trends::default(),
            streams: [(); 2].map(|()| limits::Places::new(MOST_STREAMS, MOST_STREAMS_EACH)),
            snapshots: Arc::new(Semaphore::new(MOST_SNAPSHOTS)),
        };
        let operations = Operations {
            metrics,
            database: node.database.clone(),
            health: node.writer.health(),
            tasks: node.tasks.clone(),
            min_free: node.min_free,
            public_metrics: config.public_metrics,
            stuck_after: config.stuck_after,
            pinged: tokio::sync::Mutex::default(),
        };
        Self {
            reads: Arc::new(reads),
            writes: Arc::new(writes),
            log: Arc::new(log),
            operations: Arc::new(operations),
        }
    }

    /// Keeps what grows with requests small.
    fn shrink(&self) {
        // Without this the histograms would grow until somebody reads them.
        self.operations.metrics.run_upkeep();
        self.writes.public.forget();
        self.writes.sign_ins.forget();
    }
}

impl Reads {
    /// The directory as it is now.
    fn current(&self) -> Arc<Snapshot> {
        self.directory.current()
    }
}
