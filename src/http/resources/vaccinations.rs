//! The question for vaccination sessions.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::http::{
    App, Problem,
    asked::{ReadRequest, answer_as_of},
    documents::PageProblems,
    shapes,
};
use crate::{query::Query, render::model::VaccinationsAnswer};

/// Find vaccination sessions
///
/// Facilities with sessions that fit, best first: those with enough left by fresh numbers before aging before
/// stale ones, then those whose number nobody knows (they are possible), then the nearest, the earliest, and
/// the one with most left. A session that is over leaves by itself. If nothing fits in the area asked about,
/// the same answer looks further in rings of 25, 50, 100, 200 and 400 km and says so in `widened`. Tomorrow, the
/// second dose, a child of 12, near a kecamatan: `date=2021-07-02&dose=2&age=12&near=33.74.10`.
#[utoipa::path(
    get,
    path = "/v1/vaccinations",
    tag = "ask",
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code of a region at any level; the whole country if left out", example = "33.74"),
        ("near" = inline(Option<shapes::Near>), Query, description = "Measure from here: `lat,lon` in degrees, or the code of a region", example = "33.74.10"),
        ("within" = Option<u32>, Query, minimum = 1, maximum = 5000, description = "At most so many kilometres from `near`; 50 if there is no `region`"),
        ("date" = inline(Option<shapes::Day>), Query, description = "On this day, local; from now through the next 7 days if no day is named"),
        ("from" = inline(Option<shapes::Day>), Query, description = "From this day on; today if left out"),
        ("to" = inline(Option<shapes::Day>), Query, description = "To this day, at most 31 days after `from`; 7 days after if left out"),
        ("product" = inline(Option<shapes::Word>), Query, description = "Only this product, such as `sinovac`"),
        ("dose" = Option<u32>, Query, minimum = 1, maximum = 9, description = "Only where this dose is given; 3 and up are boosters"),
        ("age" = Option<u32>, Query, minimum = 0, maximum = 130, description = "Only where somebody of this age, in years, may come"),
        ("walk_in" = Option<bool>, Query, description = "Only where one may come without booking, or may not"),
        ("min" = Option<u32>, Query, minimum = 0, maximum = 10000, description = "At least so many left, 1 if left out; 0 lists all, also the full ones"),
        ("q" = inline(Option<shapes::Words>), Query, description = "Only facilities with such a name, or with a session of such a title"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Facilities on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
        ("as_of" = inline(Option<shapes::Moment>), Query, description = "What the directory knew at this moment (RFC 3339), and how it was seen then", example = "2021-07-01T14:00:00+07:00"),
    ),
    responses(
        (status = 200, description = "The answer", content((VaccinationsAnswer = "application/json"), (String = "text/plain"), (String = "text/csv"), (Object = "application/geo+json"))),
        (status = 304, description = "The client has this answer already (`If-None-Match`)"),
        PageProblems,
    ),
    security((), ("key" = [])),
)]
pub(super) async fn vaccinations(
    State(app): State<Arc<App>>,
    asked: ReadRequest,
) -> Result<Response, Problem> {
    answer_as_of(&app, &asked, Query::vaccinations).await
}
