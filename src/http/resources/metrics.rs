//! The measurements of a node, for Prometheus.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::{
    domain::rejection::{Code, Rejection},
    http::{Operations, Problem, ProblemBody, Reads, Writes, documents::LookProblems},
    locales::Message,
};

/// Seconds; the bounds of the request histogram.
const BUCKETS: &[f64] =
    &[0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The recorder of the process: there is one, which the first call installs.
pub(in crate::http) fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
                .and_then(PrometheusBuilder::install_recorder)
                .inspect(|_| describe())
                .expect("the process has one recorder")
        })
        .clone()
}

/// Everything that is measured, and what it is.
const MEASURED: [(Kind, &str, &str); 21] = [
    (Kind::Histogram, "sedia_http_request_seconds", "How long requests took, by method, route and status"),
    (Kind::CounterWithLabels, "sedia_answer_cache_total", "Answers: hit, or miss where it had to be made"),
    (
        Kind::Counter,
        "sedia_requests_shed_total",
        "Requests refused because the node could not answer in time",
    ),
    (Kind::Gauge, "sedia_answer_cache_entries", "Finished answers in memory"),
    (Kind::Gauge, "sedia_answer_cache_bytes", "The size of the finished answers in memory"),
    (Kind::Counter, "sedia_changes_total", "Changes that this node appended to the log"),
    (
        Kind::Counter,
        "sedia_rebuilds_total",
        "How often the log had lost changes that this node has shown, so that it read everything anew",
    ),
    (Kind::Histogram, "sedia_write_batch_commands", "Writes that shared a commit"),
    (Kind::Gauge, "sedia_writes_queued", "Writes that wait for the next commit"),
    (Kind::Counter, "sedia_write_failures_total", "Batches that were not committed"),
    (Kind::Gauge, "sedia_writes_stored", "1 while the last batch was committed, else 0"),
    (Kind::Gauge, "sedia_disk_free_bytes", "Room on the disk of a SQLite file"),
    (
        Kind::CounterWithLabels,
        "sedia_maintenance_failures_total",
        "Rounds of maintenance that failed, by job",
    ),
    (Kind::Gauge, "sedia_seq", "The last change in memory"),
    (
        Kind::Histogram,
        "sedia_change_lag_seconds",
        "From a decision of another process until this node shows it",
    ),
    (Kind::Gauge, "sedia_notified", "1 while this node hears at once of changes of other nodes"),
    (Kind::Gauge, "sedia_maintains", "1 on the node that removes what is too old"),
    (Kind::Gauge, "sedia_database_up", "1 while the log can be read"),
    (Kind::Counter, "sedia_clock_jumps_total", "How often the clock jumped by more than two minutes"),
    (
        Kind::Gauge,
        "sedia_last_change_age_seconds",
        "How old the last change is; negative where a wrong clock dated it",
    ),
    (Kind::Gauge, "sedia_facilities", "Open facilities by province and freshness of their reports"),
];

enum Kind {
    Counter,
    /// It appears with its first label.
    CounterWithLabels,
    Gauge,
    Histogram,
}

/// Says what each measurement is, and shows counters before the first event: an alert cannot tell a counter that appears
/// from one that rises.
fn describe() {
    for (kind, name, help) in MEASURED {
        match kind {
            Kind::Counter => {
                metrics::describe_counter!(name, help);
                metrics::counter!(name).increment(0);
            }
            Kind::CounterWithLabels => metrics::describe_counter!(name, help),
            Kind::Gauge => metrics::describe_gauge!(name, help),
            Kind::Histogram => metrics::describe_histogram!(name, help),
        }
    }
}

/// Get metrics for Prometheus
///
/// Where they have an address of their own (`SEDIA_LISTEN_PROBES`), they are there alone.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operate",
    responses(
        (status = 200, description = "Prometheus text format", body = String, content_type = "text/plain"),
        (status = 404, description = "They are elsewhere (`not_found`)", body = ProblemBody, content_type = "application/problem+json"),
        LookProblems,
    ),
    security(()),
)]
pub(super) async fn metrics(
    State(reads): State<Arc<Reads>>,
    State(writes): State<Arc<Writes>>,
    State(operations): State<Arc<Operations>>,
) -> Result<Response, Problem> {
    if !operations.public_metrics {
        return Err(Rejection::new(Code::NotFound, "path", Message::new("metrics-elsewhere")).into());
    }
    Ok(measured(&reads, &writes, &operations))
}

/// Everything that is measured, as it is now.
pub(in crate::http) fn measured(reads: &Reads, writes: &Writes, operations: &Operations) -> Response {
    let state = reads.current();
    let (entries, bytes) = reads.answers.size();
    gauge("sedia_seq", state.seq());
    gauge("sedia_notified", reads.feed.is_notified().into());
    let age = (reads.clock.now() - state.last_change_at()).num_seconds();
    metrics::gauge!("sedia_last_change_age_seconds").set(f64::from(i32::try_from(age).unwrap_or(i32::MAX)));
    gauge("sedia_answer_cache_entries", entries);
    gauge("sedia_answer_cache_bytes", bytes);
    gauge("sedia_writes_queued", writes.writer.queued() as u64);
    if let Ok(Some(free)) = operations.database.free_space() {
        gauge("sedia_disk_free_bytes", free);
    }
    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, content_type)], operations.metrics.render()).into_response()
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats")]
fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(value as f64);
}
