//! The one layer around every route: request ids, the time limit, problems written out, metrics, the log.

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use metrics::Histogram;

use super::{App, Problem, negotiate};
use crate::{
    clock::Clock,
    domain::rejection::{Code, Rejection},
    locales::Message,
};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a request may take, its body included.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Numbers requests: a random beginning that tells this start of this node, and a count.
pub(super) struct Requests {
    start: String,
    count: AtomicU64,
}

impl Requests {
    pub(super) fn new(clock: &dyn Clock) -> Self {
        let [a, b, c, d, ..] = clock.secret();
        Self { start: format!("{:08x}", u32::from_be_bytes([a, b, c, d])), count: AtomicU64::new(0) }
    }

    /// The client's own id if it sent a sensible one, else a new one.
    pub(super) fn id(&self, headers: &HeaderMap) -> HeaderValue {
        let sent = headers.get(&REQUEST_ID).filter(|id| {
            (1..=64).contains(&id.len())
                && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
        });
        sent.cloned().unwrap_or_else(|| {
            let count = self.count.fetch_add(1, Ordering::Relaxed);
            HeaderValue::try_from(format!("{}-{count:x}", self.start)).expect("hexadecimal is plain ASCII")
        })
    }
}

pub(super) async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = app.requests.id(request.headers());
    let language = negotiate::language(request.headers());
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("other", MatchedPath::as_str);

    let response = tokio::time::timeout(TIME_LIMIT, next.run(request)).await;
    let mut response = response.unwrap_or_else(|_| Problem::from(too_slow()).into_response());
    let problem = response.extensions_mut().remove::<Problem>();
    if let Some(problem) = &problem {
        let text = id.to_str().unwrap_or_default();
        let allow = response.headers_mut().remove(axum::http::header::ALLOW);
        response = problem.response(language, text, uri.path());
        response.headers_mut().extend(allow.map(|allow| (axum::http::header::ALLOW, allow)));
        let (code, status) = (problem.code().name(), response.status().as_u16());
        tracing::info!(request_id = text, %method, route, status, code, "refused");
    } else {
        tracing::debug!(request_id = ?id, %method, route, status = response.status().as_u16(), "answered");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    histogram(&method, route, response.status()).record(started.elapsed().as_secs_f64());
    response
}

/// Where the time that requests of this kind take is recorded.
pub(super) fn histogram(method: &Method, route: &str, status: StatusCode) -> Histogram {
    let method = match *method {
        Method::GET
        | Method::HEAD
        | Method::PUT
        | Method::POST
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "other", // clients can make up as many as they like
    };
    let labels =
        [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.as_str().to_owned())];
    metrics::histogram!("sedia_http_request_seconds", &labels)
}

fn too_slow() -> Rejection {
    Rejection::new(Code::RequestTimeout, "", Message::new("request-timeout-too-slow"))
}

/// What the client is told when a handler panicked. The panic itself goes into the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = message, "a handler panicked");
    Problem::from(Rejection::new(Code::Internal, "", Message::new("internal-panicked"))).into_response()
}
