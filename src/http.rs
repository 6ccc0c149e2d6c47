//! The HTTP interface: one list of routes, one layer around them, one file per resource.

mod ask;
mod asked;
mod bridge;
mod changes;
mod conditional;
mod contacts;
mod documents;
mod extract;
mod facilities;
mod follow;
mod history;
mod keys;
mod limits;
mod links;
mod managed;
mod marks;
mod middleware;
mod negotiate;
mod operations;
mod overview;
mod problem;
mod reference;
mod reply;
mod reports;
mod review;
mod sent;
mod server;
mod sessions;
mod shapes;
mod shortcut;
mod unmapped;
mod unmet_demand;
mod vaccinations;

use std::{sync::Arc, time::Duration};

use axum::{Router, http::HeaderName, middleware::from_fn, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    documents::openapi_json,
    middleware::Front,
    problem::{Problem, ProblemBody, status},
    server::{serve, serve_on},
};
use crate::{
    clock::{Clock, Timestamp},
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

/// What handlers work with.
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
    pinged: tokio::sync::Mutex<Option<(Timestamp, bool)>>,
    last_read_on: Mutex<Timestamp>,
}

impl App {
    /// The application on a running node.
    pub fn new(node: &Node, config: &HttpConfig) -> Self {
        // Before anything that counts.
        let metrics = operations::recorder();
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
    async fn shrink(self: Arc<Self>) {
        // Without this the histograms would grow until somebody reads them.
        self.metrics.run_upkeep();
        self.limits.forget();
    }

    /// Takes in what other processes appended to the log, at most ten times a second.
    async fn read_on(&self) {
        let now = self.clock.now();
        {
            let mut last = self.last_read_on.lock();
            if now - *last < chrono::Duration::milliseconds(100) && *last <= now {
                return;
            }
            *last = now;
        }
        if let Err(error) = feed::read_on(&self.database, &self.shared).await {
            tracing::warn!(%error, "the log cannot be read");
        }
    }
}

/// Every documented route. What is not here is not served.
fn documented() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(documents::preamble())
        .routes(routes!(ask::beds))
        .routes(routes!(ask::isolation))
        .routes(routes!(vaccinations::vaccinations))
        .routes(routes!(ask::regions))
        .routes(routes!(ask::region, reference::put_region))
        .routes(routes!(overview::overview))
        .routes(routes!(overview::completeness))
        .routes(routes!(overview::reminders))
        .routes(routes!(unmet_demand::demand))
        .routes(routes!(ask::facilities, facilities::create))
        .routes(routes!(ask::facility, facilities::change))
        .routes(routes!(ask::search))
        .routes(routes!(ask::types))
        .routes(routes!(reference::put_type))
        .routes(routes!(reports::put_availability))
        .routes(routes!(reports::adjust))
        .routes(routes!(reports::confirm))
        .routes(routes!(reports::list))
        .routes(routes!(marks::leave))
        .routes(routes!(marks::list))
        .routes(routes!(marks::end))
        .routes(routes!(review::list))
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::replace, sessions::change, sessions::end))
        .routes(routes!(
            bridge::rsonline::read,
            bridge::rsonline::create,
            bridge::rsonline::replace,
            bridge::rsonline::remove
        ))
        .routes(routes!(bridge::aplicares::bed))
        .routes(routes!(unmapped::list))
        .routes(routes!(contacts::create))
        .routes(routes!(contacts::replace, contacts::end))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(links::list, links::create))
        .routes(routes!(links::revoke))
        .routes(routes!(changes::list))
        .routes(routes!(changes::stream))
        .routes(routes!(changes::snapshot))
        .routes(routes!(history::history))
        .routes(routes!(operations::livez))
        .routes(routes!(operations::readyz))
        .routes(routes!(operations::metrics))
        .routes(routes!(documents::problem))
}

/// The router.
fn router(app: Arc<App>) -> Router {
    let (router, _) = documented().split_for_parts();
    router
        .route("/openapi.json", get(documents::openapi))
        .merge(documents::page())
        .merge(bridge::other_addresses())
        .fallback(operations::not_found)
        .method_not_allowed_fallback(operations::method_not_allowed)
        .layer(from_fn(middleware::tell_route))
        .with_state(app)
}
