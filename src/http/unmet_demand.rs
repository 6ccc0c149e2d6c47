//! Where beds and vaccinations are missing: how often questions found nothing.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use chrono::Duration;
use parking_lot::Mutex;

use super::{App, Problem, documents::ManagePageProblems, extract::Caller, operations, reply::Reply, shapes};
use crate::{
    domain::{
        rejection::{Code, Rejection},
        text::wire_name,
    },
    locales::Message,
    query::{self, params::Params},
    render::{
        Body,
        model::{UnmetDemandAnswer, UnmetDemandQuery},
    },
    store::Wanted,
};

/// How many different wishes are counted between two times that they are written down.
const MOST: usize = 10_000;
/// How many days a question for demand may span.
const MOST_DAYS: i64 = 400;

/// Counts what was not found until it is written down.
#[derive(Default)]
pub(super) struct UnmetDemand(Mutex<HashMap<UnmetDemandQuery, u64>>);

impl UnmetDemand {
    /// Counts a question if `answer` found nothing where it was asked.
    pub(super) fn note(&self, answer: &Body) {
        if let Some(demanded) = &answer.told.unmet {
            self.add(demanded, 1);
        }
    }

    fn add(&self, demanded: &UnmetDemandQuery, questions: u64) {
        let mut counts = self.0.lock();
        if let Some(count) = counts.get_mut(demanded) {
            *count += questions;
        } else if counts.len() < MOST {
            counts.insert(demanded.clone(), questions);
        }
    }
}

/// As it is written down.
fn wanted(demanded: &UnmetDemandQuery) -> Wanted {
    let region = demanded.region.map(|code| code.to_string()).unwrap_or_default();
    (region, wire_name(demanded.kind), demanded.wanted.clone())
}

impl App {
    /// Writes down what was counted since the last time.
    pub(super) async fn write_demand(&self) {
        let counts = std::mem::take(&mut *self.demand.0.lock());
        if counts.is_empty() {
            return;
        }
        let today = self.clock.now().date_naive();
        let rows = counts.iter().map(|(demanded, count)| (wanted(demanded), *count)).collect();
        if let Err(error) = self.database.add_demand(today, &rows).await {
            tracing::warn!(%error, "unmet questions were not written down");
            for (demanded, count) in counts {
                self.demand.add(&demanded, count);
            }
        }
    }
}

/// What was asked for and not found?
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
        ManagePageProblems,
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
    app.write_demand().await;
    let counts = app
        .database
        .demand(region, from, to, limit.into())
        .await
        .map_err(|error| operations::away(&error))?;
    let answer = UnmetDemandAnswer::new(&state, caller.language, region, [from, to], counts);
    Ok(reply.with(&answer, None).await)
}
