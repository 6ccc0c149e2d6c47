//! Where beds and vaccinations are missing: how often questions found nothing.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Duration;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    domain::{
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection},
        text::wire_name,
    },
    http::{
        LogReads, Problem,
        documents::DemandProblems,
        request::{Caller, ReadRequest},
        response::problem::away,
    },
    locales::Message,
    query::{
        known_region,
        params::{Day, Limit},
    },
    render::{Body, model::UnmetDemandAnswer},
    store::Usage,
};

/// How many days a question for demand may span.
const MOST_DAYS: i64 = 400;

/// Counts the query of `answer` if it found nothing where it was asked.
pub(in crate::http) fn note(usage: &Usage, answer: &Body) {
    if let Some(unmet) = &answer.meta.unmet {
        let region = unmet.region.map(|code| code.to_string()).unwrap_or_default();
        usage.note_unmet((region, wire_name(unmet.kind), unmet.wanted.clone()));
    }
}

/// The parameters of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DemandParams {
    /// A region inside the key's, by code or name
    #[param(inline, value_type = Option<RegionText>, example = "33")]
    region: Option<RegionCode>,
    /// The first day, UTC; six days before `to` if left out
    #[param(inline)]
    from: Option<Day>,
    /// The last day, UTC; today if left out
    #[param(inline)]
    to: Option<Day>,
    /// At most so many wishes, 20 if left out
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
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
    params(DemandParams),
    responses((status = 200, description = "The wishes, the most frequent first"), DemandProblems),
    security(("key" = [])),
)]
pub(super) async fn demand(
    State(log): State<Arc<LogReads>>,
    request: ReadRequest,
) -> Result<Response, Problem> {
    let Caller { principal, language } = &request.caller;
    principal.check_reports()?;
    let form = request.form::<UnmetDemandAnswer>()?;
    let (state, today) = (request.reads.current(), request.reads.clock.now().date_naive());
    let params: DemandParams = request.params()?;
    let region = known_region(params.region, "region", &state)?;
    let to = params.to.map_or(today, |day| day.0);
    let from = params.from.map_or(to - Duration::days(6), |day| day.0);
    principal.check_changes(region)?;
    if !(0..=MOST_DAYS).contains(&(to - from).num_days()) {
        let detail = Message::new("demand-span").arg("most-days", MOST_DAYS.to_string());
        return Err(Rejection::new(Code::ParametersDisagree, "from", detail).into());
    }
    request.reads.usage.write_unmet(&log.database, today).await.map_err(|error| away(&error))?;
    let limit = params.limit.get() as u64;
    let counts = log.database.demand(region, from, to, limit).await.map_err(|error| away(&error))?;
    let answer = UnmetDemandAnswer::new(&state, *language, region, [from, to], counts);
    let answer = UnmetDemandAnswer { resolved: request.resolved(), ..answer };
    Ok(request.reply(&answer, form, None).await)
}
