//! All that lies around every request, whether the router answers it or the shortcut: CORS and `nosniff` outside, and
//! inside of them request ids, the time limit, the guard against panics, problems written out, metrics and the log.

pub(super) mod limits;
pub(super) mod overload;
pub(super) mod seen;
pub(super) mod shortcut;

use std::{
    any::Any,
    convert::Infallible,
    net::IpAddr,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    BoxError, Router,
    body::{Body, HttpBody},
    extract::MatchedPath,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::FutureExt;
use metrics::Histogram;
use tower::{Layer, Service, ServiceExt};
use tower_http::{
    cors::{AllowHeaders, AllowMethods, Any as AnyOf, Cors, CorsLayer},
    set_header::{SetResponseHeader, SetResponseHeaderLayer},
};
use tracing::{Instrument, Span, field::Empty};

use self::{
    limits::{Peer, Standing},
    overload::{AGAIN, Pulse, Told},
};
use super::{App, Contract, Pages, Problem, documents, request::negotiate, resources};
use crate::{
    SPANS,
    clock::Clock,
    domain::rejection::{Code, Rejection},
    locales::Message,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a request may take, its body included.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Numbers requests: a random beginning that tells this start of this node, and a count.
struct Requests {
    start: String,
    count: AtomicU64,
}

impl Requests {
    fn new(clock: &dyn Clock) -> Self {
        let [a, b, c, d, ..] = clock.secret();
        Self { start: format!("{:08x}", u32::from_be_bytes([a, b, c, d])), count: AtomicU64::new(0) }
    }

    /// The client's own id if it sent a sensible one, else a new one.
    fn id(&self, headers: &HeaderMap) -> HeaderValue {
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

/// The whole application.
#[derive(Clone)]
pub struct Front(Arc<Inner>);

struct Inner {
    app: App,
    router: Router,
    requests: Requests,
    pulse: Arc<Pulse>,
    /// Whether it serves more than probes.
    is_whole: bool,
}

impl Front {
    /// The application on `app`, with the pages that are made from its contract.
    pub fn new(app: App, pages: Pages) -> Self {
        let (router, requests) = (router(app.clone(), pages), Requests::new(&*app.reads.clock));
        Self(Arc::new(Inner { app, router, requests, pulse: Arc::default(), is_whole: true }))
    }

    /// The same node with nothing but these routes: nobody waits there or is refused because the node is late.
    pub(super) fn only(&self, routes: Router) -> Self {
        let (app, pulse) = (self.0.app.clone(), Arc::clone(&self.0.pulse));
        let router = guarded(routes).layer(from_fn(tell_route));
        let requests = Requests::new(&*app.reads.clock);
        Self(Arc::new(Inner { app, router, requests, pulse, is_whole: false }))
    }

    /// How late this node is.
    pub(super) fn pulse(&self) -> &Pulse {
        &self.0.pulse
    }

    /// The application for one connection, with the address of the client where that is known.
    pub fn service(&self, client: Option<IpAddr>) -> Cors<SetResponseHeader<Observed, HeaderValue>> {
        let cors = CorsLayer::new()
            .allow_origin(AnyOf)
            .allow_methods(AllowMethods::mirror_request())
            .allow_headers(AllowHeaders::mirror_request()) // `*` would leave out Authorization
            .expose_headers(AnyOf)
            .vary([]) // the same for every origin
            .max_age(Duration::from_hours(24));
        cors.layer(self.observed(client))
    }

    /// The same without what lets pages of other sites read the answers.
    pub(super) fn observed(&self, client: Option<IpAddr>) -> SetResponseHeader<Observed, HeaderValue> {
        let nosniff = HeaderValue::from_static("nosniff");
        let nosniff = SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, nosniff);
        // A connection of a proxy has many clients, of whom the next one was not told.
        let told = self.0.app.writes.public.header().is_none().then(Arc::default);
        nosniff.layer(Observed { inner: Arc::clone(&self.0), client: client.map(Peer), told })
    }
}

/// The documented routes, and what is served beside them.
fn router(app: App, pages: Pages) -> Router {
    let (documented, _) = resources::documented().split_for_parts();
    let contract = Contract::new(documented.clone().with_state(app.clone()), &app);
    let routes = documented
        .route("/openapi.json", get(documents::openapi))
        .merge(documents::page())
        .merge(resources::bridge::other_addresses());
    let routes = guarded(routes).with_state(app).merge(pages(contract)).layer(from_fn(tell_route));
    // Only an address that leads nowhere is looked at again, so that all others cost nothing. No redirect: many
    // programs send a redirected report as a GET.
    let again = routes.clone();
    routes.fallback(async move |mut request: Request<Body>| {
        if let Some(uri) = tidy(request.uri()) {
            *request.uri_mut() = uri;
        }
        again.oneshot(request).await
    })
}

/// Routes that say what is wrong with a request for none of them.
fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .fallback(async || Problem::from(nothing_here()))
        .method_not_allowed_fallback(async || Problem::from(wrong_method()))
}

/// The address with one `/` where it has several, none at its end, and the bases that programs have built in as they are
/// written here.
fn tidy(uri: &Uri) -> Option<Uri> {
    let mut parts: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    resources::bridge::lower_base(&mut parts);
    let mut address = format!("/{}", parts.join("/"));
    if let Some(query) = uri.query() {
        address = address + "?" + query;
    }
    address.parse().ok()
}

/// Answers requests, and sees to it that each answer is in time, has an id, and is logged and measured.
#[derive(Clone)]
pub struct Observed {
    inner: Arc<Inner>,
    client: Option<Peer>,
    /// What the client of this connection was told, if it is one.
    told: Option<Arc<Told>>,
}

/// The route of a request as soon as it is known, so that it is known too when its handler panics.
#[derive(Clone, Default)]
struct Route(Arc<OnceLock<MatchedPath>>);

impl Route {
    fn tell(&self, path: &MatchedPath) {
        self.0.get_or_init(|| path.clone());
    }
}

impl<B> Service<Request<B>> for Observed
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self { inner, client, told } = self.clone();
        Box::pin(async move {
            let started = Instant::now();
            let id = inner.requests.id(request.headers());
            let language = negotiate::language(request.headers());
            let method = request.method().clone();
            let route = Route::default();
            let span = span(&method, &id);
            #[cfg(feature = "otel")]
            crate::traces::follow(&span, request.headers());

            let work =
                AssertUnwindSafe(answer(&inner, client, told.as_ref(), &route, request)).catch_unwind();
            let work = work.instrument(span.clone());
            let (mut response, histogram) = match tokio::time::timeout(TIME_LIMIT, work).await {
                Ok(Ok(answered)) => answered,
                Ok(Err(panic)) => (panicked(&*panic), None),
                Err(_) => (Problem::from(too_slow()).into_response(), None),
            };
            let standing = response.extensions_mut().remove::<Standing>();
            let route = route.0.get().map_or("other", MatchedPath::as_str);
            if let Some(problem) = response.extensions_mut().remove::<Problem>() {
                let text = id.to_str().unwrap_or_default();
                let allow = response.headers_mut().remove(header::ALLOW);
                response = problem.response(language, text, route);
                response.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
                if method == Method::HEAD {
                    *response.body_mut() = Body::empty();
                }
                let (code, status) = (problem.code().name(), response.status().as_u16());
                span.record("sedia.problem", code);
                if problem.code() == Code::Overloaded {
                    // Counted. Who has too much to do shall not write thousands of lines a second as well.
                    tracing::debug!(request_id = text, %method, route, status, code, "refused");
                } else {
                    tracing::info!(request_id = text, %method, route, status, code, "refused");
                }
            } else {
                tracing::debug!(request_id = ?id, %method, route, status = response.status().as_u16(), "answered");
            }
            if let Some(standing) = standing {
                standing.write(response.status(), response.headers_mut());
            }
            response.headers_mut().insert(REQUEST_ID, id);
            #[cfg(feature = "otel")]
            crate::traces::rename(&span, name(&method), route);
            finish(&span, route, response.status());
            let histogram = histogram.unwrap_or_else(|| self::histogram(&method, route, response.status()));
            histogram.record(started.elapsed().as_secs_f64());
            Ok(response)
        })
    }
}

/// The answer, by the shortcut or by the router; with the histogram to record it in, where that is known already.
async fn answer<B>(
    inner: &Inner,
    client: Option<Peer>,
    told: Option<&Arc<Told>>,
    route: &Route,
    request: Request<B>,
) -> (Response, Option<Histogram>)
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if inner.is_whole && !matches!(uri.path(), "/livez" | "/readyz" | "/metrics") {
        if let Err(refused) = inner.app.reads.wait_for_seen(method, uri, headers).await {
            return (Problem::from(refused).into_response(), None);
        }
        let short = shortcut::answer(&inner.app.reads, route, method, uri, headers);
        if let Some((response, histogram)) = short.await {
            return (response, Some(histogram));
        }
        // Some programs that report have their key elsewhere.
        let has_key = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
        let clock = &inner.app.reads.clock;
        let spread = || AGAIN * clock.below(100) / 100;
        let sender = inner.app.writes.public.sender(headers, request.extensions());
        let turn = inner.pulse.turn(has_key || !method.is_safe(), told, sender, spread);
        if let Err(late) = turn.await {
            return (Problem::from(late).into_response(), None);
        }
    }
    let mut request = request.map(Body::new);
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    request.extensions_mut().insert(route.clone());
    let standing = Standing::default();
    request.extensions_mut().insert(standing.clone());
    let Ok(mut response) = inner.router.clone().oneshot(request).await;
    inner.app.reads.tell_epoch(response.headers_mut());
    response.extensions_mut().insert(standing);
    (response, None)
}

/// A layer around every route of the router: it reports the route that was taken.
async fn tell_route(request: Request<Body>, next: Next) -> Response {
    if let (Some(route), Some(path)) = (request.extensions().get::<Route>(), request.extensions().get()) {
        route.tell(path);
    }
    next.run(request).await
}

/// The span of a request, which knows nothing of the caller but the number.
fn span(method: &Method, id: &HeaderValue) -> Span {
    tracing::trace_span!(
        target: SPANS,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = name(method),
        http.route = Empty,
        http.response.status_code = Empty,
        sedia.problem = Empty,
        sedia.request_id = id.to_str().unwrap_or_default(),
    )
}

fn finish(span: &Span, route: &str, status: StatusCode) {
    if span.is_disabled() {
        return;
    }
    span.record("http.route", route);
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The method; clients can make up as many as they like.
fn name(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::PUT
        | Method::POST
        | Method::PATCH
        | Method::DELETE
        | Method::OPTIONS => method.as_str(),
        _ => "other",
    }
}

/// Where the time that requests of this kind take is recorded.
fn histogram(method: &Method, route: &str, status: StatusCode) -> Histogram {
    let labels = [
        ("method", name(method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    metrics::histogram!("sedia_http_request_seconds", &labels)
}

fn nothing_here() -> Rejection {
    Rejection::new(Code::NotFound, "path", Message::new("no-such-path"))
}

fn wrong_method() -> Rejection {
    Rejection::new(Code::MethodNotAllowed, "method", Message::new("method-not-allowed"))
}

fn too_slow() -> Rejection {
    Rejection::new(Code::RequestTimeout, "", Message::new("request-too-slow"))
}

/// The response after a handler panicked. The panic itself goes into the log.
fn panicked(panic: &(dyn Any + Send)) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = message, "a handler panicked");
    Problem::from(Rejection::of_defect()).into_response()
}
