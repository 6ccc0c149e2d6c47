//! A question as it came, and the responses that answer it: from memory about the present or a moment before, or with
//! an answer that was made for this one request.

use std::sync::Arc;

use axum::{
    body::Body as HttpBody,
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, HeaderValue, Method, Request, Uri, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use super::{Caller, GivenParams, negotiate};
use crate::{
    clock::Timestamp,
    domain::rejection::{Code, Rejection},
    http::{
        App, Problem, Reads,
        middleware::shortcut::{ParsedRequest, RequestKey},
        resources,
        response::{self, Wanted, problem::unreadable},
    },
    locales::Message,
    query::{Asked, Query, params::Moment, query_string},
    render::{
        Body, Format, Representation, ResponseMeta,
        forms::{self, Answer, formats},
        model::Resolved,
    },
    snapshot::Snapshot,
    store::as_of::AsOfError,
};

/// The form that an address names, and the address as it came.
#[derive(Clone)]
struct NamedForm {
    name: String,
    uri: Uri,
}

/// A layer around the questions whose answers have several forms: it takes `format` out of the address, so that
/// what is left is the question.
pub(in crate::http) async fn take_format(mut request: Request<HttpBody>, next: Next) -> Response {
    // Elsewhere it is no parameter.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let uri = request.uri().clone();
    let query = uri.query().unwrap_or_default();
    let (name, rest) = match query_string::take(query, "format") {
        Ok(taken) => taken,
        Err(rejection) => return Problem::from(rejection).into_response(),
    };
    if rest != query {
        let question = format!("{}?{rest}", uri.path());
        *request.uri_mut() = question.parse().expect("a part of an address is one");
    }
    if let Some(name) = name {
        request.extensions_mut().insert(NamedForm { name, uri });
    }
    next.run(request).await
}

/// A question as it came.
pub(in crate::http) struct ReadRequest {
    pub(in crate::http) reads: Arc<Reads>,
    pub(in crate::http) caller: Caller,
    pub(in crate::http) headers: HeaderMap,
    /// Without the form that it names.
    uri: Uri,
    named: Option<NamedForm>,
    route: MatchedPath,
    params: GivenParams,
}

impl FromRequestParts<App> for ReadRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        Ok(Self {
            params: GivenParams::of(parts, app)?.clone(),
            reads: Arc::clone(&app.reads),
            caller,
            headers: parts.headers.clone(),
            uri: parts.uri.clone(),
            named: parts.extensions.get().cloned(),
            route: parts.extensions.get().cloned().expect("what is routed has a route"),
        })
    }
}

impl ReadRequest {
    /// Answers the query that `read` makes in the present state, from there.
    pub(in crate::http) async fn answer(
        self,
        read: impl FnOnce(&Snapshot) -> Result<Query, Rejection>,
    ) -> Result<Response, Problem> {
        let state = self.reads.current();
        let query = read(&state)?;
        self.answer_now(&state, query).await
    }

    /// The same for a query that takes long to make, which must not hold up the tasks that answer others.
    pub(in crate::http) async fn answer_read_apart(
        self,
        read: impl FnOnce(&Snapshot) -> Result<Query, Rejection> + Send + 'static,
    ) -> Result<Response, Problem> {
        let state = self.reads.current();
        let same = Arc::clone(&state);
        let query = tokio::task::spawn_blocking(move || read(&same)).await;
        let query = query.expect("reading a question neither panics nor is cancelled")?;
        self.answer_now(&state, query).await
    }

    /// Answers about the moment `as_of`, as it was seen then; without one, about the present.
    pub(in crate::http) async fn answer_as_of(
        self,
        as_of: Option<Moment>,
        read: impl FnOnce(&Snapshot) -> Result<Query, Rejection> + Send,
    ) -> Result<Response, Problem> {
        let Some(Moment(at)) = as_of else {
            return self.answer(read).await;
        };
        let failed = |error: AsOfError| error.rejection().unwrap_or_else(|| unreadable(&error));
        let reads = &self.reads;
        let turn = reads.as_of.turn().await.map_err(failed)?;
        let epoch = reads.directory.epoch();
        let state = turn.state(at, reads.clock.now(), epoch, &reads.current()).await.map_err(failed)?;
        let query = read(&state)?;
        self.answer_then(state, query, at).await
    }

    /// From the cache, or by making the answer.
    async fn answer_now(&self, state: &Arc<Snapshot>, query: Query) -> Result<Response, Problem> {
        let Self { reads, caller, headers, uri, named, route, .. } = self;
        let audience = caller.principal.audience();
        let format = self.format(&query.formats())?;
        let asked = Arc::new(Asked { query, resolved: self.resolved() });
        let form = Representation::new(format, caller.language, reads.clock.now());
        let (body, is_new) =
            reads.answers.get(state, Arc::clone(&asked), audience, form).await?.ok_or_else(gone)?;
        resources::unmet_demand::note(&reads.usage, &body);
        // What was asked only once needs no short way: a place on the map, say.
        let uri = named.as_ref().map_or(uri, |named| &named.uri);
        // Names that were read in another vocabulary may mean something else in this one.
        let is_current = self.params.vocabulary == state.vocabulary();
        if let Some(key) = RequestKey::of(uri, headers).filter(|_| !is_new && is_current) {
            let parsed = ParsedRequest {
                asked,
                format,
                language: caller.language,
                wanted: self.wanted(format),
                vocabulary: self.params.vocabulary,
                route: route.clone(),
            };
            reads.shortcuts.remember(key, parsed);
        }
        Ok(self.respond(body).await)
    }

    /// About `state`, which was the present at `at`.
    async fn answer_then(
        &self,
        state: Arc<Snapshot>,
        query: Query,
        at: Timestamp,
    ) -> Result<Response, Problem> {
        let form = Representation::new(self.format(&query.formats())?, self.caller.language, at);
        let audience = self.caller.principal.audience();
        let asked = Asked { query, resolved: self.resolved() };
        let body = self.reads.answers.once(state, asked, audience, form).await?.ok_or_else(gone)?;
        Ok(self.respond(Arc::new(body)).await)
    }

    /// The parameters.
    pub(in crate::http) fn params<Q: DeserializeOwned>(&self) -> Result<Q, Problem> {
        Ok(self.params.given.clone().read()?)
    }

    /// How names in the question were read.
    pub(in crate::http) fn resolved(&self) -> Vec<Resolved> {
        self.params.resolved.clone()
    }

    /// The form of an `A` that the client likes best; refused if they can take none.
    pub(in crate::http) fn form<A: Answer>(&self) -> Result<Representation, Rejection> {
        let format = self.format(&formats::<A>())?;
        Ok(Representation::new(format, self.caller.language, self.reads.clock.now()))
    }

    /// The format of `offered` that the address names, or else the one that the client likes best.
    fn format(&self, offered: &[Format]) -> Result<Format, Rejection> {
        negotiate::format(&self.headers, self.named.as_ref().map(|named| &*named.name), offered)
    }

    /// How the response is to be, in that format. Whoever names a format for other programs in the address wants a
    /// file.
    fn wanted(&self, format: Format) -> Wanted {
        let is_file = self.named.is_some() && matches!(format.name(), "csv" | "geojson");
        let file = is_file.then(|| file_name(&self.uri, format));
        Wanted { coding: negotiate::coding(&self.headers), file }
    }

    /// The response with an answer that was made for this request; `next` is the cursor of its next page.
    pub(in crate::http) async fn reply(
        &self,
        answer: &impl Answer,
        form: Representation,
        next: Option<&String>,
    ) -> Response {
        let meta = ResponseMeta { next: next.cloned(), ..ResponseMeta::default() };
        self.respond(Arc::new(forms::body(answer, form, meta))).await
    }

    /// The response that sends the client to another path, with the same parameters.
    pub(in crate::http) fn moved(&self, path: &str) -> Response {
        let uri = self.named.as_ref().map_or(&self.uri, |named| &named.uri);
        let location = uri.query().map_or(path.to_owned(), |query| format!("{path}?{query}"));
        response::moved(&self.headers, self.caller.principal.audience(), location)
    }

    /// The response with `body`, or `304`.
    pub(in crate::http) async fn respond(&self, body: Arc<Body>) -> Response {
        let (audience, wanted) = (self.caller.principal.audience(), self.wanted(body.format));
        response::respond(&self.headers, body, audience, &wanted).await
    }
}

/// `attachment; filename="beds-33.74.csv"`: the path after its version, and the region.
fn file_name(uri: &Uri, format: Format) -> HeaderValue {
    let region = uri.query().into_iter().flat_map(|query| query.split('&'));
    let region = region.filter_map(|pair| pair.strip_prefix("region="));
    let parts = uri.path().split('/').skip(2).chain(region).filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("-");
    let plain = |char: char| if char.is_ascii_alphanumeric() || "-.".contains(char) { char } else { '_' };
    let name: String = name.chars().map(plain).take(100).collect();
    HeaderValue::try_from(format!("attachment; filename=\"{name}.{}\"", format.name())).expect("plain ASCII")
}

fn gone() -> Rejection {
    Rejection::new(Code::NotFound, "", Message::new("not-in-directory"))
}
