//! Where beds and vaccinations are missing: how often questions found nothing.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use chrono::Duration;

use crate::http::{
    App, Problem, documents::DemandProblems, extract::Caller, problem::away, reply::Reply, shapes,
};
use crate::{
    domain::{
        rejection::{Code, Rejection},
        text::wire_name,
    },
    locales::Message,
    query::{self, params::Params},
    render::{Body, model::UnmetDemandAnswer},
    store::Usage,
};

/// How many days a question for demand may span.
const MOST_DAYS: i64 = 400;

/// Counts the query of `answer` if it found nothing where it was asked.
pub(in crate::http) fn note(usage: &Usage, answer: &Body) {
    if let Some(unmet) = &answer.told.unmet {
        let region = unmet.region.map(|code| code.to_string()).unwrap_or_default();
        usage.note_unmet((region, wire_name(unmet.kind), unmet.wanted.clone()));
    }
}

/// List unmet demand
///
/// How many questions found nothing free where they asked, by region and wish: where beds, isolation places and
/// vaccinations are missing. Not counted are questions for all (`min=0`) or for several places at once, questions by
/// name, and further pages. Nothing of it tells who asked. Needs the key of a coordinator or an admin, whose region it keeps to.
#[utoipa::path(
    get,
    path = "/v1/demand",
    tag = "ask",
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code of a region inside the key's", example = "33"),
        ("from" = inline(Option<shapes::Day>), Query, description = "The first day, UTC; six days before `to` if left out", example = "2021-07-01"),
        ("to" = inline(Option<shapes::Day>), Query, description = "The last day, UTC; today if left out", example = "2021-07-07"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "At most so many wishes, 20 if left out"),
    ),
    responses(
        (status = 200, description = "The wishes, the most frequent first", content((UnmetDemandAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        DemandProblems,
    ),
    security(("key" = [])),
)]
pub(super) async fn demand(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let reply = Reply::to(&app, &caller, &headers)?;
    let state = app.shared.current();
    let mut params = Params::parse(query.as_deref().unwrap_or_default())?;
    let region = query::known_region(params.take_region("region")?, "region", &state)?;
    let to = params.take_date("to")?.unwrap_or_else(|| app.clock.now().date_naive());
    let from = params.take_date("from")?.unwrap_or(to - Duration::days(6));
    let limit = params.take_number("limit", 1..=query::MAX_LIMIT)?.unwrap_or(query::DEFAULT_LIMIT);
    params.finish("region, from, to, limit")?;
    caller.principal.check_changes(region)?;
    if !(0..=MOST_DAYS).contains(&(to - from).num_days()) {
        return Err(Rejection::new(
            Code::ParametersDisagree,
            "from",
            Message::new("parameters-disagree").arg("most-days", MOST_DAYS.to_string()),
        )
        .into());
    }
    app.usage.write_unmet(&app.database, app.clock.now().date_naive()).await.map_err(|error| away(&error))?;
    let counts = app.database.demand(region, from, to, limit.into()).await.map_err(|error| away(&error))?;
    let answer = UnmetDemandAnswer::new(&state, caller.language, region, [from, to], counts);
    Ok(reply.with(&answer, None).await)
}
