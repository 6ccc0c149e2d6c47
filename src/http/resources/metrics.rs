//! The measurements of a node, for Prometheus.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::http::{Operations, Reads, documents::LookProblems};

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
                .inspect(|_| count_from_zero())
                .expect("the process has one recorder")
        })
        .clone()
}

/// Shows counters before the first event: an alert cannot tell a counter that appears from one that rises.
fn count_from_zero() {
    for name in ["sedia_changes_total", "sedia_write_failures_total", "sedia_clock_jumps_total"] {
        metrics::counter!(name).increment(0);
    }
}

/// Get metrics for Prometheus
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operate",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain"), LookProblems),
    security(()),
)]
pub(super) async fn metrics(
    State(reads): State<Arc<Reads>>,
    State(operations): State<Arc<Operations>>,
) -> Response {
    let state = reads.current();
    let (entries, bytes) = reads.answers.size();
    gauge("sedia_seq", state.seq());
    gauge("sedia_notified", reads.feed.is_notified().into());
    let ahead = (state.last_change_at() - reads.clock.now()).num_seconds();
    gauge("sedia_last_change_ahead_seconds", ahead.try_into().unwrap_or(0));
    gauge("sedia_answer_cache_entries", entries);
    gauge("sedia_answer_cache_bytes", bytes);
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
