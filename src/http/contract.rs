//! The contract, called from inside the node: what a page shows and does is what a program can get and do.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;

use super::{
    App, Problem,
    middleware::{limits::Peer, seen},
    request::negotiate,
};
use crate::{
    auth::Secret,
    clock::{Clock, Timestamp},
    domain::rejection::{Code, Rejection},
    locales::{Language, Message},
    openid::OpenId,
};

/// The documented routes, and the clock of the node.
#[derive(Clone)]
pub struct Contract {
    routes: Router,
    clock: Arc<dyn Clock>,
    /// Where people reach this node, if that was set.
    public_url: Option<Arc<str>>,
    /// The header in which a trusted proxy writes the address of its client.
    client_address: Option<HeaderName>,
    /// The provider that staff sign in with.
    openid: Option<Arc<OpenId>>,
}

/// What makes the pages of a node from its contract.
pub type Pages = fn(Contract) -> Router;

/// Whoever looks at a page, as a client of the contract: their language, their key and their address.
pub struct Visitor {
    /// The language of the page: the one that the address names (`lang=en`), or else the one that the browser likes best.
    pub language: Language,
    /// Whether the address names the language, so that links have to name it again.
    pub language_is_named: bool,
    contract: Contract,
    headers: HeaderMap,
    peer: Option<Peer>,
    written: Written,
    /// Where the browser is: `https://sedia.example`.
    host: String,
}

/// The last change that was made for one request to a page; 0 if none was.
#[derive(Clone, Default)]
struct Written(Arc<AtomicU64>);

/// A layer around pages: the browser learns what its form has changed, so that its next page shows that on whichever node.
pub async fn tell_written(mut request: Request<Body>, next: Next) -> Response {
    let written = Written::default();
    request.extensions_mut().insert(written.clone());
    let mut response = next.run(request).await;
    let seq = written.0.load(Ordering::Relaxed);
    if seq > 0 {
        response.headers_mut().append(header::SET_COOKIE, seen::cookie(seq));
    }
    response
}

impl Contract {
    pub(super) fn new(routes: Router, app: &App) -> Self {
        Self {
            routes,
            clock: Arc::clone(&app.reads.clock),
            public_url: app.writes.gateways.public_url.as_deref().map(Arc::from),
            client_address: app.writes.public.header().cloned(),
            openid: app.writes.openid.clone(),
        }
    }
}

impl FromRequestParts<Contract> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, contract: &Contract) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let named = form_urlencoded::parse(query.as_bytes()).find_map(|(name, value)| {
            Language::ALL.into_iter().find(|language| name == "lang" && value == language.tag())
        });
        let language = named.unwrap_or_else(|| negotiate::language(&parts.headers));
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(language.tag()));
        if let Some(name) = &contract.client_address {
            let told = parts.headers.get_all(name).into_iter();
            headers.extend(told.map(|address| (name.clone(), address.clone())));
        }
        let peer = parts.extensions.get().copied();
        let written = parts.extensions.get().cloned().unwrap_or_default();
        let language_is_named = named.is_some();
        let told = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // Only a form tells whether the browser came over TLS.
        let origin = told(header::ORIGIN).filter(|origin| origin.starts_with("http")).map(str::to_owned);
        let host = origin.unwrap_or_else(|| format!("http://{}", told(header::HOST).unwrap_or("localhost")));
        Ok(Self { language, language_is_named, contract: contract.clone(), headers, peer, written, host })
    }
}

impl Visitor {
    /// The same with this key, which the contract checks.
    #[must_use]
    pub fn with_key(mut self, key: &str) -> Self {
        // What cannot stand in a header is no key of ours either.
        let value = HeaderValue::try_from(format!("Bearer {key}"));
        let mut value = value.unwrap_or(HeaderValue::from_static("Bearer unreadable"));
        value.set_sensitive(true);
        self.headers.insert(header::AUTHORIZATION, value);
        self
    }

    /// The same as anybody, who is told nothing internal.
    #[must_use]
    pub fn as_public(&self) -> Self {
        let mut headers = self.headers.clone();
        headers.remove(header::AUTHORIZATION);
        let (contract, written, host) = (self.contract.clone(), self.written.clone(), self.host.clone());
        Self { contract, headers, written, host, ..*self }
    }

    /// A path of this node as an address to send to somebody: below `SEDIA_PUBLIC_URL`, or else where the browser is.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.contract.public_url.as_deref().unwrap_or(&self.host))
    }

    /// A path of this node as an address for everybody: below `SEDIA_PUBLIC_URL`, or else just the path. What caches keep
    /// for all must not depend on the `Host` that somebody named.
    pub fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.contract.public_url.as_deref().unwrap_or_default())
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.contract.clock.now()
    }

    /// The provider that staff sign in with, if there is one.
    pub fn provider(&self) -> Option<&Arc<OpenId>> {
        self.contract.openid.as_ref()
    }

    /// A new secret for their browser.
    pub fn new_secret(&self) -> Secret {
        Secret::mint(&*self.contract.clock)
    }

    /// An `Idempotency-Key` for a form that is sent once, however often the browser sends it.
    pub fn idempotency_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.contract.clock.secret()[..16])
    }

    /// The answer of `GET path`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Problem> {
        self.call(Request::get(path), Body::empty()).await
    }

    /// The answer of `GET path` where that is a text.
    pub async fn text(&self, path: &str) -> Result<String, Problem> {
        let response = self.respond(Request::get(path), Body::empty()).await?;
        let body = to_bytes(response.into_body(), usize::MAX).await.map_err(|error| broken(&error))?;
        String::from_utf8(body.into()).map_err(|error| broken(&error))
    }

    /// The response to `GET path`, its body still to come.
    pub async fn open(&self, path: &str) -> Result<Response, Problem> {
        self.respond(Request::get(path), Body::empty()).await
    }

    /// The receipt of a change, which counts once for its `idempotency_key`.
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        idempotency_key: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Problem> {
        let body = serde_json::to_vec(body).expect("what a page sends is plain data");
        let request = Request::builder().method(method).uri(path).header("idempotency-key", idempotency_key);
        self.call(request.header(header::CONTENT_TYPE, "application/json"), body.into()).await
    }

    /// The receipt of a change of what is still at `version`.
    pub async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        version: u64,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Problem> {
        let body = serde_json::to_vec(body).expect("what a page sends is plain data");
        let request =
            Request::builder().method(method).uri(path).header(header::IF_MATCH, format!("\"{version}\""));
        self.call(request.header(header::CONTENT_TYPE, "application/json"), body.into()).await
    }

    /// What came of a table that is sent, in the form that `accept` names; it counts once for its `idempotency_key`.
    pub async fn send_table(
        &self,
        path: &str,
        idempotency_key: &str,
        accept: &'static str,
        table: Bytes,
    ) -> Result<Bytes, Problem> {
        let request = Request::post(path).header("idempotency-key", idempotency_key);
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        self.answer(request.header(header::ACCEPT, accept), table.into()).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<T, Problem> {
        let body = self.answer(request, body).await?;
        serde_json::from_slice(&body).map_err(|error| broken(&error))
    }

    async fn answer(&self, request: axum::http::request::Builder, body: Body) -> Result<Bytes, Problem> {
        let response = self.respond(request, body).await?;
        if response.status() == StatusCode::MOVED_PERMANENTLY
            && let Some(location) = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok())
        {
            return Box::pin(self.answer(Request::get(location), Body::empty())).await;
        }
        to_bytes(response.into_body(), usize::MAX).await.map_err(|error| broken(&error))
    }

    async fn respond(&self, request: axum::http::request::Builder, body: Body) -> Result<Response, Problem> {
        // The path or the key to the form came from outside.
        let mut request = request.body(body).map_err(|_| no_such_page())?;
        request.headers_mut().extend(self.headers.clone());
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let Ok(mut response) = self.contract.routes.clone().oneshot(request).await;
        if let Some(seq) = seen::told(response.headers()) {
            self.written.0.fetch_max(seq, Ordering::Relaxed);
        }
        match response.extensions_mut().remove::<Problem>() {
            Some(problem) => Err(problem),
            None => Ok(response),
        }
    }
}

/// The refusal of an address that leads nowhere.
pub fn no_such_page() -> Problem {
    Rejection::new(Code::NotFound, "path", Message::new("no-such-path")).into()
}

fn broken(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a page cannot read an answer");
    Rejection::of_defect().into()
}
