//! Entries that are probably one facility.

use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        Problem,
        documents::ManagedListProblems,
        request::admin_lists::{AdminList, Page, PageParams},
    },
    query::duplicates::{Duplicate, Place, duplicates},
};

/// Entries that are probably one facility, in pairs.
#[derive(Serialize, ToSchema)]
pub(super) struct DuplicatesAnswer {
    /// The pairs, the likeliest first.
    duplicates: Vec<Duplicate>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List probable duplicates
///
/// Pairs of open facilities of one kabupaten or kota that are alike in name, place and telephone. If they are one, merge
/// them by `POST /v1/facilities/{id}/merge`. A coordinator sees those of its region.
#[utoipa::path(
    get,
    path = "/v1/duplicates",
    operation_id = "list_duplicates",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The pairs, the likeliest first", body = DuplicatesAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list(list: AdminList) -> Result<Response, Problem> {
    let page: Page<Place> = list.page("duplicates")?;
    let (state, region) = (Arc::clone(&list.state), list.region);
    // Each facility is compared with all others of its kabupaten.
    let pairs = tokio::task::spawn_blocking(move || duplicates(&state, region)).await;
    let pairs = pairs.expect("comparing neither panics nor is cancelled").into_iter();
    let after = |pair: &Duplicate| page.after.as_ref().is_none_or(|after| pair.place() > *after);
    let (duplicates, next) = page.take(pairs.filter(after), Duplicate::place);
    Ok(list.reply(DuplicatesAnswer { duplicates, next }))
}
