//! A request that changes something: read, handed to the writer, answered.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Serialize;
use utoipa::IntoParams;

use super::{
    App, Problem,
    conditional::version_tag,
    extract::{self, Caller},
    limits::{Intake, Received},
    shapes,
};
use crate::store::{Command, Committed, Receipt, SentReceipt, WriteError};

/// How long the writer may take, before the client is told that nobody knows.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request that changes something, read as far as every such request is.
pub(super) struct WriteRequest {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) headers: HeaderMap,
    body: Received,
    method: Method,
    path: String,
}

/// An ordinary request of somebody who may report or change something; what exactly, the command decides.
impl FromRequest<Arc<App>> for WriteRequest {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, app: &Arc<App>) -> Result<Self, Problem> {
        let (mut head, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut head, app).await?;
        caller.principal.check_reports()?;
        Self::read(Arc::clone(app), caller, Request::from_parts(head, body)).await
    }
}

/// A header of every change but those that show a secret.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is its documentation; it is read when the command is handed in")]
pub(super) struct Retry {
    /// Makes a retry harmless for 24 hours: the first receipt is given again
    #[param(rename = "Idempotency-Key", inline)]
    idempotency_key: Option<shapes::IdempotencyKey>,
}

/// A header of changes to what has a version.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is its documentation; it is read with the body")]
pub(super) struct Guard {
    /// Only if it is still at this version (its `ETag`)
    #[param(rename = "If-Match", inline)]
    if_match: Option<shapes::Tags>,
}

impl WriteRequest {
    /// Reads the request of a caller who was let in.
    pub(super) async fn read(app: Arc<App>, caller: Caller, request: Request<Body>) -> Result<Self, Problem> {
        Self::read_by(|app| &app.requests_in, app, caller, request).await
    }

    /// Reads a list of reports.
    pub(super) async fn read_list(
        app: Arc<App>,
        caller: Caller,
        request: Request<Body>,
    ) -> Result<Self, Problem> {
        Self::read_by(|app| &app.lists_in, app, caller, request).await
    }

    async fn read_by(
        intake: fn(&App) -> &Intake,
        app: Arc<App>,
        caller: Caller,
        request: Request<Body>,
    ) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        extract::must_be_unpacked(&head.headers)?;
        let body = intake(&app).read(&caller.principal, body).await?;
        Ok(Self { app, caller, headers: head.headers, body, method: head.method, path: head.uri.to_string() })
    }

    /// The body.
    pub(super) fn bytes(&self) -> &Bytes {
        &self.body.bytes
    }

    /// The body as JSON.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        extract::must_be_json(&self.headers)?;
        Ok(extract::json(self.bytes())?)
    }

    /// Hands in a command that makes a key, and answers with what it made and what `show` adds: the secret. There is no
    /// idempotency here: a receipt that is kept would keep the secret, one without it would be useless.
    pub(super) async fn submit_secret<C: Command, T: Serialize>(
        self,
        command: C,
        show: impl FnOnce(C::Outcome) -> T,
    ) -> Result<Response, Problem> {
        let written = self.app.writer.submit(self.caller.principal, command).await?;
        let Receipt { body, location, version } = written.receipt;
        let receipt = Arc::new(Receipt { body: show(body), location, version }.sent());
        Ok(acknowledged(&Committed { receipt, seq: written.seq, replayed: written.replayed }))
    }

    /// Hands the command in, waits until it is durable and visible, and says so.
    pub(super) async fn submit(self, command: impl Command) -> Result<Response, Problem> {
        let Self { app, caller, headers, body, method, path } = self;
        let idempotency = extract::idempotency(&headers, &caller.principal, &method, &path, &body.bytes)?;
        let written = app.writer.submit_once(caller.principal, idempotency, command);
        let written = tokio::time::timeout(PATIENCE, written).await;
        Ok(acknowledged(&written.unwrap_or(Err(WriteError::Unavailable))?))
    }
}

/// The response that says so.
fn acknowledged(written: &Committed<Arc<SentReceipt>>) -> Response {
    let body = written.receipt.body.get().to_owned();
    let status = if written.receipt.location.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("sedia-seq", HeaderValue::from(written.seq));
    let location = written.receipt.location.as_deref();
    if let Some(location) = location.and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if let Some(version) = written.receipt.version {
        headers.insert(header::ETAG, version_tag(version));
    }
    if written.replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}
