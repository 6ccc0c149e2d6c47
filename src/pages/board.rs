//! What everybody sees: the provinces, a region at a glance, and what is free for whoever types what they need.
//!
//! Every view has an address of its own, and no page here carries a cookie, so caches may keep it.

pub(super) mod embed;
pub(super) mod facility;
pub(super) mod feed;
mod map;
mod places;
mod shapes;
mod totals;
mod trend;
mod view;

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use super::frame::{in_address, problem_page};
use super::wire::{Answer, Found, Here, Map, Overview, Provinces};
use crate::http::{Problem, Visitor, status};

/// How many facilities a region's page shows.
const NEAREST: usize = 5;
/// What the address of the first page may ask.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    /// Where, if the question alone did not say.
    region: Option<String>,
}

/// The provinces, or what a question finds.
pub(super) async fn country(
    visitor: Visitor,
    Query(Wanted { q, region }): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let question = q.trim();
    if !question.is_empty() {
        let mut query = format!("q={}", in_address(question));
        if let Some(region) = region.filter(|region| !region.is_empty()) {
            query = query + "&region=" + &in_address(&region);
        }
        let path = format!("/?{query}");
        let found: Result<Answer, Problem> = visitor.get(&format!("/v1/ask?limit=10&{query}")).await;
        let content = match &found {
            Ok(found) => view::found(&visitor, question, found),
            Err(problem) => view::not_understood(&visitor, question, problem),
        };
        let page = view::page(&visitor, &path, content);
        return match found {
            Ok(_) => page.public(&headers),
            Err(problem) => page.private(status(problem.code())),
        };
    }
    let provinces: Result<Provinces, Problem> = visitor.get("/v1/regions?level=provinsi&limit=200").await;
    let content = provinces.map(|provinces| view::country(&visitor, &provinces.regions));
    respond(&visitor, "/", &headers, content)
}

/// A region at a glance.
pub(super) async fn region(visitor: Visitor, Path(code): Path<String>, headers: HeaderMap) -> Response {
    let code = in_address(&code);
    let page = region_page(&visitor, &code).await;
    respond(&visitor, &format!("/regions/{code}"), &headers, page)
}

async fn region_page(visitor: &Visitor, code: &str) -> Result<view::Content, Problem> {
    let here: Here = visitor.get(&format!("/v1/regions/{code}")).await?;
    let overview: Overview = visitor.get(&format!("/v1/regions/{code}/overview")).await?;
    let nearest: Found = visitor.get(&format!("/v1/beds?region={code}&limit={NEAREST}")).await?;
    let map: Map = visitor.get(&format!("/v1/regions?parent={code}&limit=200&format=geojson")).await?;
    let days = trend::DAYS;
    // It is read from the database: without that the rest of the page still stands.
    let history = visitor.get(&format!("/v1/regions/{code}/history?days={days}")).await;
    Ok(view::region(visitor, &here, &overview, &nearest, &map.outlines(), &history))
}

fn respond(
    visitor: &Visitor,
    path: &str,
    headers: &HeaderMap,
    content: Result<view::Content, Problem>,
) -> Response {
    match content {
        Ok(content) => view::page(visitor, path, content).public(headers),
        Err(problem) => problem_page(visitor, path, &problem),
    }
}
