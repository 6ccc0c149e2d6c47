//! How the totals of a region went.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    clock::Timestamp,
    domain::{
        region_code::RegionCode,
        resource_type::Kind,
        trend::{EVERY_H, PastTotal, TrendPoint, moment_before},
    },
    http::{
        LogReads, Problem,
        documents::RegionHistoryProblems,
        request::{Params, PathRegion, ReadRequest},
        response::problem::unreadable,
    },
    query::{known_region, params::Number, view::View},
    render::model::{PastTotalView, PointView, RegionHistoryAnswer},
};

/// How long the totals of a region stay in memory after they were read, and of how many regions.
const KEPT_FOR: std::time::Duration = std::time::Duration::from_mins(1);
const MOST_REGIONS: u64 = 500;

/// What was read of the totals of regions, until the next moment at most.
pub(in crate::http) struct Trends(moka::future::Cache<(RegionCode, Timestamp), Arc<Vec<TrendPoint>>>);

impl Default for Trends {
    fn default() -> Self {
        Self(moka::future::Cache::builder().max_capacity(MOST_REGIONS).time_to_live(KEPT_FOR).build())
    }
}

/// The parameters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrendParams {
    /// Only this type: its code, a code of another system that it carries (`kemenkes:38`), or a name
    #[param(inline, example = "bed.icu")]
    r#type: Option<String>,
    /// Only `bed` or `isolation`
    #[param(inline)]
    kind: Option<Kind>,
    /// The last so many days, 7 if left out
    #[serde(default)]
    #[param(inline)]
    days: Number<1, 14, 7>,
}

/// List the totals of a region in the last days
///
/// What `/v1/regions/{code}/overview` said four times a day, at 0, 6, 12 and 18 o'clock UTC: for each type of beds and
/// isolation places the sums of what was known then, and how much of it was stale then. A sum that nobody knew a number
/// of is null, and a moment that was not recorded is left out. A new moment is there within some minutes.
#[utoipa::path(
    get,
    path = "/v1/regions/{code}/history",
    operation_id = "region_history",
    tag = "follow",
    params(PathRegion, TrendParams),
    responses((status = 200, description = "The moments, the oldest first"), RegionHistoryProblems),
    security((), ("key" = [])),
)]
pub(super) async fn history(
    State(log): State<Arc<LogReads>>,
    PathRegion(code): PathRegion,
    request: ReadRequest,
    Params(params): Params<TrendParams>,
) -> Result<Response, Problem> {
    let state = request.reads.current();
    known_region(Some(code), "code", &state)?;
    let resource = params.r#type.as_deref().map(|given| state.resolve_past_type(given)).transpose();
    let resource = resource.map_err(|rejection| rejection.under("type"))?;
    let form = request.form::<RegionHistoryAnswer>()?;
    let moment = moment_before(request.reads.clock.now());
    let from = moment - TimeDelta::days(params.days.get().into());
    let points = log.trend(code, moment).await?;
    let is_wanted = |total: &PastTotalView| {
        params.kind.is_none_or(|kind| kind == total.kind)
            && resource.is_none_or(|resource| resource.code == total.total.resource)
    };
    let view = |total: &PastTotal| {
        let kind = state.resource_type(total.resource.as_str())?.kind;
        Some(PastTotalView { kind, total: total.clone() }).filter(is_wanted)
    };
    let point = |TrendPoint { at, totals }: &TrendPoint| PointView {
        at: *at,
        totals: totals.iter().filter_map(view).collect(),
    };
    let language = request.caller.language;
    let region = View::new(&state, request.caller.principal.audience(), language).region(code);
    let answer = RegionHistoryAnswer {
        region: region.expect("the region is known"),
        resolved: request.resolved(),
        every_h: EVERY_H,
        points: points.iter().filter(|known| known.at > from).map(point).collect(),
        zone: state.zone(code),
    };
    Ok(request.reply(&answer, form, None).await)
}

impl LogReads {
    /// The kept totals of a region; `moment` is the last that can be among them.
    async fn trend(&self, code: RegionCode, moment: Timestamp) -> Result<Arc<Vec<TrendPoint>>, Problem> {
        let read = async {
            let _turn = self.turns.acquire().await;
            self.database.trend(code).await.map(Arc::new)
        };
        Ok(self.trends.0.try_get_with((code, moment), read).await.map_err(unreadable)?)
    }
}
