//! The questions: every `GET` that is answered from memory.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath, State},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};

use utoipa::IntoParams;

use super::{
    App, Problem, conditional,
    documents::{AskProblems, PageProblems},
    extract::{Caller, Segment},
    negotiate, past,
    shortcut::{Understood, Words},
};
use crate::{
    answer::{
        Representation,
        model::{
            BedsAnswer, FacilitiesAnswer, FacilityAnswer, RegionAnswer, RegionsAnswer, SearchAnswer,
            TypesAnswer,
        },
        params::Params,
        question::Question,
    },
    clock::Timestamp,
    directory::{
        facility::FacilityRef,
        refusal::{Code, Refusal},
        resource_type::Kind,
    },
    snapshot::Snapshot,
};

/// A question as it came.
pub(super) struct Asked {
    pub(super) caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    route: MatchedPath,
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self {
            caller: Caller::from_request_parts(parts, app).await?,
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            route: parts.extensions.get().cloned().expect("what is routed has a route"),
        })
    }
}

impl Asked {
    pub(super) fn query(&self) -> &str {
        self.uri.query().unwrap_or_default()
    }
}

/// Answers a question from the cache, or makes the answer.
pub(super) async fn answer(
    app: &App,
    state: &Arc<Snapshot>,
    asked: &Asked,
    question: Question,
) -> Result<Response, Problem> {
    let Asked { caller, headers, .. } = asked;
    let (question, audience) = (Arc::new(question), caller.principal.audience());
    let format = negotiate::format(headers, question.formats())?;
    let coding = negotiate::coding(headers);
    let form = Representation::new(format, caller.language, app.clock.now());
    let body = app.answers.get(state, Arc::clone(&question), audience, form).await?.ok_or_else(gone)?;
    app.demand.note(&question, &body, state);
    if let Some(words) = Words::of(&asked.uri, headers) {
        let understood = Understood {
            question,
            format,
            language: caller.language,
            coding,
            vocabulary: state.vocabulary(),
            route: asked.route.clone(),
        };
        app.shortcuts.remember(words, understood);
    }
    Ok(conditional::respond(headers, body, audience, coding).await)
}

/// Answers a question about the state at `at`; about the present for None.
async fn answer_at(
    app: &App,
    state: Arc<Snapshot>,
    asked: &Asked,
    question: Question,
    at: Option<Timestamp>,
) -> Result<Response, Problem> {
    match at {
        None => answer(app, &state, asked, question).await,
        Some(at) => past::answer(app, state, &asked.caller, &asked.headers, question, at).await,
    }
}

pub(super) fn gone() -> Refusal {
    Refusal::new(Code::NotFound, "", "it is not in the directory", "tidak ada di direktori")
}

/// The parameters of a question for free places.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "this is their documentation; they are read in canonical form")]
struct PlaceParams {
    /// Kemendagri code of a region at any level; the whole country if left out
    #[param(example = "33.74")]
    region: Option<String>,
    /// Measure from here: `lat,lon` in degrees, or the code of a region
    #[param(example = "33.74.10")]
    near: Option<String>,
    /// At most so many kilometres from `near`; 50 if there is no `region`
    #[param(minimum = 1, maximum = 5000)]
    within: Option<u32>,
    /// Only these types, separated by commas
    #[param(style = Form, explode = false)]
    r#type: Option<Vec<String>>,
    /// With a ventilator, or without
    ventilator: Option<bool>,
    /// With negative pressure, or without
    negative_pressure: Option<bool>,
    /// Fit for `adult`, `child` or `neonate`; types for any age fit too
    age_group: Option<String>,
    /// Kept for this illness or group, such as `covid`; `none` for what is kept for nobody
    reserved_for: Option<String>,
    /// At least so many free, 1 if left out; 0 lists all, also the full and the unknown
    #[param(minimum = 0, maximum = 10000)]
    min: Option<u32>,
    /// The worst freshness that counts: `fresh`, `aging`, `stale`, or `unknown` (all; if left out)
    freshness: Option<String>,
    /// Only facilities with such a name
    q: Option<String>,
    /// Facilities on a page, 20 if left out
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next` of the page before
    cursor: Option<String>,
    /// What the directory knew at this moment (RFC 3339), and how it was seen then
    #[param(example = "2021-07-01T14:00:00+07:00")]
    as_of: Option<String>,
}

/// Where is a free bed?
///
/// Facilities that fit, best first: fresh numbers before aging before stale ones, then the nearest, then the
/// one with most free. If nothing fits in the area asked about, the same answer looks further in rings of 25,
/// 50, 100, 200 and 400 km and says so in `widened`. `contacts` are whom to call, nearest first. As
/// `text/plain` it is what an agent reads aloud.
#[utoipa::path(
    get,
    path = "/v1/beds",
    tag = "ask",
    params(PlaceParams),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn beds(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let (at, query) = past::split(asked.query())?;
    let state = past::state(&app, at).await?;
    let question = Question::availability(Kind::Bed, &query, &state)?;
    answer_at(&app, state, &asked, question, at).await
}

/// Where can I isolate?
///
/// As `/v1/beds`, for places in isolation sites: of any kind (`isolation.any`), for men, for women, for
/// families. `intake` says who is taken in, who must refer, how one gets there, and what to bring.
#[utoipa::path(
    get,
    path = "/v1/isolation",
    tag = "ask",
    params(PlaceParams),
    responses(
        (status = 200, description = "The answer", content((BedsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn isolation(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let (at, query) = past::split(asked.query())?;
    let state = past::state(&app, at).await?;
    let question = Question::availability(Kind::Isolation, &query, &state)?;
    answer_at(&app, state, &asked, question, at).await
}

/// Which regions are there?
#[utoipa::path(
    get,
    path = "/v1/regions",
    tag = "ask",
    params(
        ("parent" = Option<String>, Query, description = "Only regions in this one; right below it unless `level` says deeper", example = "33"),
        ("level" = Option<String>, Query, description = "`provinsi`, `kabkota`, `kecamatan` or `desa`"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Regions on a page, 20 if left out"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "The regions in the order of their codes", body = RegionsAnswer),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn regions(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let state = app.shared.current();
    let question = Question::regions(asked.query(), &state)?;
    answer(&app, &state, &asked, question).await
}

/// What about this region?
#[utoipa::path(
    get,
    path = "/v1/regions/{code}",
    tag = "ask",
    params(("code" = String, Path, description = "Kemendagri code with dots", example = "33.74")),
    responses(
        (status = 200, description = "The region, the regions right below it, and whom to call", body = RegionAnswer),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn region(
    State(app): State<Arc<App>>,
    Segment(code): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let state = app.shared.current();
    let question = Question::region(&code, asked.query(), &state)?;
    answer(&app, &state, &asked, question).await
}

/// Which facilities are there?
#[utoipa::path(
    get,
    path = "/v1/facilities",
    tag = "ask",
    params(
        ("region" = Option<String>, Query, description = "Kemendagri code of a region at any level", example = "33.74"),
        ("kind" = Option<String>, Query, description = "Only of this kind, such as `hospital`"),
        ("flag" = Option<String>, Query, description = "Only with this flag: `region_unsure`, `location_doubtful`, `location_invalid`"),
        ("q" = Option<String>, Query, description = "Only with such a name"),
        ("closed" = Option<bool>, Query, description = "Closed ones too"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Facilities on a page, 20 if left out"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "The facilities by id", content((FacilitiesAnswer = "application/json"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn facilities(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let state = app.shared.current();
    let question = Question::facilities(asked.query(), &state)?;
    answer(&app, &state, &asked, question).await
}

/// What about this facility?
///
/// Its `ETag` begins with the facility's version and can be sent as `If-Match` with a report or a change.
#[utoipa::path(
    get,
    path = "/v1/facilities/{id}",
    tag = "ask",
    params(
        ("id" = String, Path, description = "Our id, or `system:value`", example = "kemenkes:3374010"),
        ("as_of" = Option<String>, Query, description = "What the directory knew at this moment (RFC 3339), and how it was seen then", example = "2021-07-01T14:00:00+07:00"),
    ),
    responses(
        (status = 200, description = "The facility with all its current numbers", content((FacilityAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn facility(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    asked: Asked,
) -> Result<Response, Problem> {
    let (at, query) = past::split(asked.query())?;
    Params::parse(&query)?.finish("as_of")?;
    let state = past::state(&app, at).await?;
    let reference = FacilityRef::parse(&id, "id")?;
    let facility = state.resolve(&reference).ok_or_else(|| FacilityRef::unknown(&id, "id"))?.facility.id;
    answer_at(&app, state, &asked, Question::Facility(facility), at).await
}

/// What is called so?
///
/// Regions and facilities by name, former name or telephone. Typing errors are forgiven, and so are left-out
/// or added words such as "RS", "RSUD", "dr." or "Kabupaten"; a telephone number may be written in any way.
#[utoipa::path(
    get,
    path = "/v1/search",
    tag = "ask",
    params(
        ("q" = String, Query, min_length = 1, max_length = 100, description = "The name, part of it, or a telephone number", example = "kariadi"),
        ("region" = Option<String>, Query, description = "Only in this region"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "At most so many regions and so many facilities, 20 if left out"),
    ),
    responses(
        (status = 200, description = "What was found, best first", content((SearchAnswer = "application/json"), (String = "text/plain"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn search(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let state = app.shared.current();
    let question = Question::search(asked.query(), &state)?;
    answer(&app, &state, &asked, question).await
}

/// What is counted?
#[utoipa::path(
    get,
    path = "/v1/types",
    tag = "ask",
    params(("kind" = Option<String>, Query, description = "Only `bed`, `isolation` or `vaccination`")),
    responses(
        (status = 200, description = "The resource types by code", body = TypesAnswer),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        AskProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn types(State(app): State<Arc<App>>, asked: Asked) -> Result<Response, Problem> {
    let question = Question::types(asked.query())?;
    let state = app.shared.current();
    answer(&app, &state, &asked, question).await
}
