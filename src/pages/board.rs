//! What everybody sees: the provinces, a region at a glance, and what is free for whoever types what they need.
//!
//! Every view has an address of its own, and no page here carries a cookie, so caches may keep it.

mod view;

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use chrono::{DateTime, NaiveDate, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::frame::problem_page;
use crate::{
    domain::{freshness::Freshness, ranking::Tier},
    http::{Problem, Visitor, status},
};

/// How many facilities a region's page shows.
const NEAREST: usize = 5;
/// Codes of regions stay as they are.
const IN_ADDRESS: AsciiSet = NON_ALPHANUMERIC.remove(b'.').remove(b'-');

#[derive(Deserialize)]
struct Region {
    code: String,
    name: String,
}

#[derive(Deserialize)]
struct Provinces {
    regions: Vec<Region>,
}

/// A region with the names above it.
#[derive(Deserialize)]
struct Lineage {
    path: Vec<String>,
}

/// Everything about a region at a glance.
#[derive(Deserialize)]
struct Overview {
    #[serde(flatten)]
    summary: Summary,
    children: Vec<Summary>,
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Summary {
    region: Region,
    beds: Kind,
    isolation: Kind,
    vaccination: Kind,
    completeness: Completeness,
}

#[derive(Deserialize)]
struct Kind {
    totals: Vec<Total>,
    facilities: u32,
    facilities_available: u32,
}

#[derive(Deserialize)]
struct Total {
    label: String,
    capacity: Option<u64>,
    available: Option<u64>,
    available_stale: Option<u64>,
    occupied_of_capacity: Option<u64>,
    available_of_capacity: Option<u64>,
    facilities: u32,
    facilities_available: u32,
    facilities_unknown: u32,
}

#[derive(Deserialize)]
struct Completeness {
    facilities: u32,
    fresh: u32,
    aging: u32,
}

#[derive(Deserialize)]
struct Contact {
    name: String,
    phone: String,
}

/// What a question found.
#[derive(Deserialize)]
struct Found {
    understood: Understood,
    beds: Option<Places>,
    isolation: Option<Places>,
    vaccinations: Option<Places>,
}

#[derive(Deserialize)]
struct Understood {
    text: String,
    unread: Vec<String>,
}

/// Facilities that fit, best first.
#[derive(Deserialize)]
struct Places {
    facilities: Vec<Place>,
    widened: Option<serde_json::Value>,
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Place {
    name: String,
    region: Lineage,
    phones: Vec<Phone>,
    contact: Option<Contact>,
    distance_km: Option<f64>,
    distance_rough: bool,
    tier: Option<Tier>,
    simulated: bool,
    #[serde(default)]
    availability: Vec<Known>,
    #[serde(default)]
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Phone {
    number: String,
}

#[derive(Deserialize)]
struct Known {
    label: String,
    available: Option<u32>,
    capacity: Option<u32>,
    observed_at: DateTime<Utc>,
    freshness: Freshness,
    #[serde(default)]
    disputed: bool,
}

#[derive(Deserialize)]
struct Session {
    date: NaiveDate,
    from: String,
    to: String,
    product: String,
    left: Option<u32>,
}

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
        let found: Result<Found, Problem> = visitor.get(&format!("/v1/ask?limit=10&{query}")).await;
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
    let lineage: Lineage = visitor.get(&format!("/v1/regions/{code}")).await?;
    let overview: Overview = visitor.get(&format!("/v1/regions/{code}/overview")).await?;
    let nearest: Places = visitor.get(&format!("/v1/beds?region={code}&limit={NEAREST}")).await?;
    Ok(view::region(visitor, &lineage, &overview, &nearest))
}

/// A text as it stands in an address.
fn in_address(text: &str) -> String {
    utf8_percent_encode(text, &IN_ADDRESS).to_string()
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
