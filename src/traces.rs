//! Traces by OTLP, where the program is built with the feature `otel`: the spans of [`SPANS`], sent to a collector by a thread of
//! their own. What that thread cannot send in time is dropped, so that a collector that is away costs nobody anything.

use std::{
    fmt,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::Context;
use axum::http::{HeaderMap, Request, Response};
use bytes::Bytes;
use opentelemetry::{
    propagation::TextMapPropagator,
    trace::{TraceContextExt, TracerProvider},
};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::{Span, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// How long a request to the collector may take; no span waits for it but those that would be sent next.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way of spans to a collector.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends spans to the collector at `endpoint`, such as `http://localhost:4318`, as those of `service`.
    pub fn to(endpoint: &str, service: String) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new())
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .build()
            .context("traces cannot be sent there")?;
        let resource = Resource::builder().with_service_name(service).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What takes the spans from the program.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync>(&self) -> impl Layer<S> + use<S> {
        // Where in our code a span was made, and on which thread, is no news.
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("sedia"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_filter(Targets::new().with_target(crate::SPANS, LevelFilter::TRACE))
    }
}

impl Drop for Traces {
    /// Sends what is left, for a few seconds at most.
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").finish_non_exhaustive()
    }
}

/// Makes the span of a request a part of the caller's trace, if its `traceparent` (W3C Trace Context) names one.
pub(crate) fn follow(span: &Span, headers: &HeaderMap) {
    if !span.is_disabled() && headers.contains_key("traceparent") {
        // It fails where only the log takes spans, and no collector: then there is no trace to be a part of.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(headers)));
    }
}

/// Names the span of a request once its route is known.
pub(crate) fn rename(span: &Span, method: &str, route: &str) {
    if !span.is_disabled() {
        span.context().span().update_name(format!("{method} {route}"));
    }
}

/// Sends from the thread that has only this to do, so it may wait.
struct Collector {
    agent: ureq::Agent,
    is_away: AtomicBool,
}

impl Collector {
    fn new() -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        Self { agent: config.build().into(), is_away: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, body) = request.into_parts();
        let response = self.agent.run(Request::from_parts(head, body.to_vec()))?;
        let (head, mut body) = response.into_parts();
        Ok(Response::from_parts(head, body.read_to_vec()?.into()))
    }

    /// Says when the collector begins to take nothing, and when it takes traces again.
    fn tell(&self, failure: Option<&str>) {
        match (self.is_away.swap(failure.is_some(), Ordering::Relaxed), failure) {
            (false, Some(failure)) => {
                tracing::warn!(failure, "the collector takes no traces; they are dropped until it does");
            }
            (true, None) => tracing::info!("the collector takes traces again"),
            _ => {}
        }
    }
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

impl HttpClient for Collector {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let sent = self.send(request);
            let failure = match &sent {
                Ok(response) if response.status().is_success() => None,
                Ok(response) => Some(response.status().to_string()),
                Err(error) => Some(error.to_string()),
            };
            self.tell(failure.as_deref());
            Ok(sent?)
        })
    }
}
