//! For whoever runs the node: alive, ready, metrics; and what is said where nothing is.

use crate::{
    domain::rejection::{Code, Rejection},
    http::{App, Problem, documents::LookProblems},
    locales::Message,
    store::Health,
};
use std::sync::{Arc, OnceLock};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds; the bounds of the request histogram.
const BUCKETS: &[f64] =
    &[0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The recorder of the process: there is one, whoever asks first installs it.
pub(in crate::http) fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
                .and_then(PrometheusBuilder::install_recorder)
                .expect("the process has one recorder")
        })
        .clone()
}

/// How the node is.
#[derive(Serialize, ToSchema)]
pub(super) struct NodeStatus {
    /// `ok`.
    status: &'static str,
    /// The last change in memory.
    seq: u64,
    /// When that change was made.
    last_change_at: DateTime<Utc>,
    /// The version of the program.
    version: &'static str,
}

/// Check that the process is alive
#[utoipa::path(get, path = "/livez", tag = "operate", responses((status = 200, description = "Yes", body = NodeStatus), LookProblems), security(()))]
pub(super) async fn livez(State(app): State<Arc<App>>) -> Json<NodeStatus> {
    Json(status(&app))
}

/// Check that the node is ready for requests
///
/// Not while it stops, while its database is away or its disk almost full, and not from the first report that could
/// not be stored until storing works again. It answers questions from memory all the same.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operate",
    responses(
        (status = 200, description = "Yes", body = NodeStatus),
        (status = 503, description = "No (`unavailable`)", body = crate::http::ProblemBody, content_type = "application/problem+json"),
        LookProblems,
    ),
    security(()),
)]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<Json<NodeStatus>, Problem> {
    if app.tasks.is_stopping() {
        return Err(unavailable(Message::new("unavailable-stopping")).into());
    }
    let unready = match *app.writer.health().borrow() {
        Health::Good => None,
        Health::Failing => Some(Message::new("unavailable-failing")),
        Health::Damaged => Some(Message::new("unavailable-damaged")),
    };
    if let Some(message) = unready {
        return Err(unavailable(message).into());
    }
    if !is_database_there(&app).await {
        return Err(unavailable(Message::new("unavailable-database")).into());
    }
    if is_disk_low(&app) {
        return Err(unavailable(Message::new("unavailable-disk")).into());
    }
    Ok(Json(status(&app)))
}

/// Asks the database at most once a second, however many ask: its connections are for reports.
async fn is_database_there(app: &App) -> bool {
    let mut pinged = app.pinged.lock().await;
    let now = app.clock.running_for();
    if let Some((at, is_there)) = *pinged
        && now < at + std::time::Duration::from_secs(1)
    {
        return is_there;
    }
    let answer = app.database.ping().await;
    if let Err(error) = &answer {
        tracing::warn!(%error, "not ready: the database is away");
    }
    *pinged = Some((app.clock.running_for(), answer.is_ok()));
    answer.is_ok()
}

/// Whether so little space is left that reports will soon be refused.
fn is_disk_low(app: &App) -> bool {
    match app.database.free_space() {
        Ok(free) => free.is_some_and(|free| free < app.min_free),
        Err(error) => {
            tracing::warn!(%error, "not ready: the disk of the database cannot be seen");
            true
        }
    }
}

fn status(app: &App) -> NodeStatus {
    let state = app.shared.current();
    NodeStatus {
        status: "ok",
        seq: state.seq(),
        last_change_at: state.last_change_at(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn unavailable(detail: Message) -> Rejection {
    Rejection::new(Code::Unavailable, "", detail)
}

/// Get metrics for Prometheus
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operate",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain"), LookProblems),
    security(()),
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let state = app.shared.current();
    let (entries, bytes) = app.answers.size();
    gauge("sedia_seq", state.seq());
    let ahead = (state.last_change_at() - app.clock.now()).num_seconds();
    gauge("sedia_last_change_ahead_seconds", ahead.try_into().unwrap_or(0));
    gauge("sedia_answer_cache_entries", entries);
    gauge("sedia_answer_cache_bytes", bytes);
    if let Ok(Some(free)) = app.database.free_space() {
        gauge("sedia_disk_free_bytes", free);
    }
    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type)], app.metrics.render()).into_response()
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats")]
fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(value as f64);
}

/// Where nothing is.
pub(in crate::http) async fn not_found() -> Problem {
    Rejection::new(Code::NotFound, "path", Message::new("no-such-path")).into()
}

/// Where something is, but not with this method.
pub(in crate::http) async fn method_not_allowed() -> Problem {
    Rejection::new(Code::MethodNotAllowed, "method", Message::new("method-not-allowed")).into()
}
