//! A request that changes something: read, handed to the writer, answered.

use std::{borrow::Cow, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts},
    http::{HeaderMap, Method, Request, Uri, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, Type},
    },
};

use super::{Caller, GivenParams, Params};
use crate::{
    auth::Secret,
    clock::Timestamp,
    domain::{
        change::Seq,
        fields, json,
        rejection::{Code, Rejection},
    },
    http::{
        App, Problem,
        middleware::limits::{Intake, Received},
        response,
    },
    locales::{self, Message},
    query::params::NoParams,
    store::{
        Command, Committed, Idempotency, Receipt, WriteError,
        commands::{AskedKey, CreateKey},
    },
};

/// What programs name without being told: curl and `PowerShell`, `fetch` of a text, and upload tools.
const UNCHOSEN: [&str; 5] = [
    "",
    "application/x-www-form-urlencoded",
    "text/plain",
    "application/octet-stream",
    "binary/octet-stream",
];
/// How long the writer may take, before the client learns that the outcome is unknown.
pub(in crate::http) const PATIENCE: Duration = Duration::from_secs(20);

/// A request that changes something, read as far as every such request is.
pub(in crate::http) struct WriteRequest {
    pub(in crate::http) app: App,
    pub(in crate::http) caller: Caller,
    pub(in crate::http) headers: HeaderMap,
    body: Received,
    method: Method,
    uri: Uri,
}

/// An ordinary request of somebody who may report or change something; what exactly, the command decides. Unless
/// [`Params`] stand before it, it has no parameters: `dry_run` is refused where it is none, not passed over.
impl FromRequest<App> for WriteRequest {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Problem> {
        let (mut head, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut head, app).await?;
        caller.principal.check_reports()?;
        if head.extensions.get::<GivenParams>().is_none() {
            let Params(NoParams {}) = Params::from_request_parts(&mut head, app).await?;
        }
        Self::read(app, caller, Request::from_parts(head, body)).await
    }
}

/// The header of every change but those that show a secret.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is its documentation; it is read when the command is handed in")]
pub(in crate::http) struct Retry {
    /// Makes a retry harmless for 24 hours: the first receipt is given again
    #[param(rename = "Idempotency-Key", inline)]
    idempotency_key: Option<IdempotencyKey>,
}

/// The header of changes to what has a version.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is its documentation; it is read with the body")]
pub(in crate::http) struct Guard {
    /// Only if it is still at this version (its `ETag`)
    #[param(rename = "If-Match", inline)]
    if_match: Option<Tags>,
}

/// Visible ASCII, such as a UUID.
struct IdempotencyKey;

impl ToSchema for IdempotencyKey {}

impl PartialSchema for IdempotencyKey {
    fn schema() -> RefOr<Schema> {
        // No example: it would be taken for a key that can be used again.
        header_schema("^[!-~]{1,128}$", None)
    }
}

/// An `ETag` as it came, or several, or `*`.
struct Tags;

impl ToSchema for Tags {}

impl PartialSchema for Tags {
    fn schema() -> RefOr<Schema> {
        header_schema(r#"^(\*|(W/)?"[0-9]{1,18}[^"]*"(, *(W/)?"[0-9]{1,18}[^"]*")*)$"#, Some("\"8721\""))
    }
}

fn header_schema(pattern: &str, example: Option<&str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples(example).into()
}

impl WriteRequest {
    /// Reads the request of a caller who was let in.
    pub(in crate::http) async fn read(
        app: &App,
        caller: Caller,
        request: Request<Body>,
    ) -> Result<Self, Problem> {
        Self::read_by(&app.writes.bodies, app, caller, request).await
    }

    /// Reads a list of reports.
    pub(in crate::http) async fn read_list(
        app: &App,
        caller: Caller,
        request: Request<Body>,
    ) -> Result<Self, Problem> {
        Self::read_by(&app.writes.list_bodies, app, caller, request).await
    }

    async fn read_by(
        intake: &Intake,
        app: &App,
        caller: Caller,
        request: Request<Body>,
    ) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        if let Some(coding) =
            head.headers.get(header::CONTENT_ENCODING).filter(|coding| *coding != "identity")
        {
            let detail = Message::new("body-packed").arg("coding", format!("{coding:?}"));
            return Err(Rejection::new(Code::UnsupportedMediaType, "Content-Encoding", detail).into());
        }
        let body = intake.read(&caller.principal, body).await?;
        Ok(Self { app: app.clone(), caller, headers: head.headers, body, method: head.method, uri: head.uri })
    }

    /// The present moment.
    pub(in crate::http) fn now(&self) -> Timestamp {
        self.app.reads.clock.now()
    }

    /// The body.
    pub(in crate::http) fn bytes(&self) -> &Bytes {
        &self.body.bytes
    }

    /// The body as JSON; refused if its media type names something else.
    pub(in crate::http) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        match self.media_type() {
            Some(given)
                if given != "application/json" && given != "text/json" && !given.ends_with("+json") =>
            {
                Err(unsupported(&given, &["application/json"]).into())
            }
            _ => self.json_whatever_its_type(),
        }
    }

    /// The body as JSON; the refusal names the field.
    pub(in crate::http) fn json_whatever_its_type<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        Ok(fields::read(json::value(&self.text()?)?)?)
    }

    /// The body as text.
    pub(in crate::http) fn text(&self) -> Result<Cow<'_, str>, Rejection> {
        json::text(self.bytes())
    }

    /// The `Content-Type`, if there is one.
    pub(in crate::http) fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// The media type of the body, without parameters; None if the sender did not choose one.
    pub(in crate::http) fn media_type(&self) -> Option<String> {
        let value = self.content_type()?.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        (!UNCHOSEN.contains(&&*value)).then_some(value)
    }

    /// The versions of what is changed that `If-Match` allows; None allows any.
    pub(in crate::http) fn if_match(&self) -> Result<Option<Vec<Seq>>, Rejection> {
        response::if_match(&self.headers)
    }

    /// Makes a key, and answers with what `show` makes of it and of its secret. There is no idempotency here: a receipt
    /// that is kept would keep the secret, one without it would be useless.
    pub(in crate::http) async fn create_key<I: AskedKey, T: Serialize>(
        self,
        input: I,
        show: impl FnOnce(I::Shown, &Secret) -> T,
    ) -> Result<Response, Problem> {
        let (secret, command) = CreateKey::new(input, &*self.app.reads.clock);
        let Committed { receipt, seq, replayed } =
            self.app.writes.writer.submit(self.caller.principal, command).await?;
        let Receipt { body, location, version } = receipt;
        let receipt = Arc::new(Receipt { body: show(body, &secret), location, version }.sent());
        Ok(response::acknowledged(&Committed { receipt, seq, replayed }))
    }

    /// Submits the command, waits until it is durable and visible, and answers.
    pub(in crate::http) async fn submit(self, command: impl Command) -> Result<Response, Problem> {
        let idempotency = self.idempotency()?;
        let written = self.app.writes.writer.submit_once(self.caller.principal, idempotency, command);
        let written = tokio::time::timeout(PATIENCE, written).await;
        Ok(response::acknowledged(&written.unwrap_or(Err(WriteError::Unconfirmed))?))
    }

    /// The `Idempotency-Key`.
    pub(in crate::http) fn idempotency_key(&self) -> Result<Option<&str>, Rejection> {
        let Some(value) = self.headers.get("idempotency-key") else {
            return Ok(None);
        };
        let fits = |key: &&str| (1..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        value.to_str().ok().filter(fits).map(Some).ok_or_else(|| {
            let detail = Message::new("invalid-idempotency-key");
            Rejection::new(Code::InvalidIdempotencyKey, "Idempotency-Key", detail)
        })
    }

    /// Forgets the `Idempotency-Key` of a dry run: nothing happens, so there is nothing that a retry could do twice.
    pub(in crate::http) fn forget_key_of(&mut self, dry_run: bool) -> Result<(), Rejection> {
        if dry_run {
            self.idempotency_key()?;
            self.headers.remove("idempotency-key");
        }
        Ok(())
    }

    /// The `Idempotency-Key`, bound to its sender and to the contents of the request.
    fn idempotency(&self) -> Result<Option<Idempotency>, Rejection> {
        let Some(key) = self.idempotency_key()? else {
            return Ok(None);
        };
        let mut hash = Sha256::new();
        hash.update(self.method.as_str());
        hash.update([0]);
        hash.update(self.uri.to_string());
        hash.update([0]);
        if let Some(hospital) = self.headers.get("x-rs-id") {
            // RS Online names it there.
            hash.update(hospital);
            hash.update([0]);
        }
        hash.update(self.bytes());
        Ok(Some(Idempotency {
            principal: self.caller.principal.actor(),
            key: key.to_owned(),
            fingerprint: URL_SAFE_NO_PAD.encode(hash.finalize()),
        }))
    }
}

/// The refusal of a media type.
pub(in crate::http) fn unsupported(given: &str, taken: &[&'static str]) -> Rejection {
    let detail = Message::new("media-type-not-taken")
        .arg("given", given.to_owned())
        .arg("taken", locales::Value::choice(taken.iter().copied()));
    Rejection::new(Code::UnsupportedMediaType, "Content-Type", detail)
}
