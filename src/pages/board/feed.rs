//! A region as an Atom feed (RFC 4287), for whoever wants to hear of it: how the day stands, and each facility with a
//! free bed, anew with each of its reports.

use axum::{extract::Path, http::HeaderMap, response::Response};
use chrono::{DateTime, SecondsFormat, Utc};
use maud::{Markup, PreEscaped, html};

use super::{in_address, places, totals};
use crate::{
    http::{Problem, Visitor},
    locales::Message,
    pages::frame::{kept, problem_page},
    pages::wire::{Found, Here, Overview, Place},
    render::text::Speaker,
};

const ATOM: &str = "application/atom+xml; charset=utf-8";
/// How many facilities it has.
const MOST: usize = 20;

pub(in crate::pages) async fn region(
    visitor: Visitor,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let code = in_address(&code);
    match feed(&visitor, &code).await {
        Ok(feed) => kept(&headers, ATOM, feed),
        Err(problem) => problem_page(&visitor, &format!("/regions/{code}/feed.atom"), &problem),
    }
}

async fn feed(visitor: &Visitor, code: &str) -> Result<String, Problem> {
    let here: Here = visitor.get(&format!("/v1/regions/{code}")).await?;
    let overview: Overview = visitor.get(&format!("/v1/regions/{code}/overview")).await?;
    let free: Found = visitor.get(&format!("/v1/beds?region={code}&limit={MOST}")).await?;
    // What lies further away belongs into the feed of another region.
    let own = free.facilities.iter().filter(|_| free.widened.is_none());
    let mut reported: Vec<(DateTime<Utc>, &Place)> = own
        .filter_map(|place| Some((place.availability.iter().map(|known| known.observed_at).max()?, place)))
        .collect();
    reported.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let region = &overview.summary.region;
    let address = |path: &str| visitor.public_address(&visitor.link(path));
    let page = address(&format!("/regions/{}", region.code));
    let title = visitor.say(Message::new("board-region-title").arg("region", &region.name));
    let feed = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(visitor.language.tag()) {
            id { "urn:sedia:region:" (region.code) }
            title { (title) }
            updated { (moment(overview.as_of)) }
            author { name { "Sedia" } }
            link rel="self" href=(address(&format!("/regions/{}/feed.atom", region.code))) {}
            link rel="alternate" type="text/html" href=(page) {}
            (day(visitor, &here, &overview, &page))
            @for (at, place) in reported { (facility(visitor, at, place)) }
        }
    };
    Ok(feed.into_string())
}

/// How the day stands: one entry for each day, which changes while the day goes on.
fn day(visitor: &Visitor, here: &Here, overview: &Overview, page: &str) -> Markup {
    let Overview { summary, as_of, .. } = overview;
    let speaker = Speaker { language: visitor.language, zone: here.timezone, now: visitor.now() };
    let date = as_of.with_timezone(&here.timezone.offset()).date_naive();
    let title =
        Message::new("board-feed-day").arg("region", &summary.region.name).arg("day", speaker.day(date));
    html! {
        entry {
            id { "urn:sedia:region:" (summary.region.code) ":" (date) }
            title { (visitor.say(title)) }
            updated { (moment(*as_of)) }
            link rel="alternate" type="text/html" href=(page) {}
            content type="text" {
                @for (_, name, kind) in totals::kinds(summary) {
                    (visitor.say(name)) ": " (totals::having(visitor, kind)) "\n"
                }
            }
        }
    }
}

/// What a facility reported last.
fn facility(visitor: &Visitor, at: DateTime<Utc>, place: &Place) -> Markup {
    let title = Message::new("board-feed-free").arg("facility", &place.name);
    html! {
        entry {
            id { "urn:sedia:facility:" (place.id) ":" (moment(at)) }
            title { (visitor.say(title)) }
            updated { (moment(at)) }
            link rel="alternate" type="text/html" href=(visitor.public_address(&visitor.link(&format!("/facilities/{}", place.id)))) {}
            content type="text" {
                @for known in &place.availability { (places::told(visitor, known)) "\n" }
                (places::above(&place.region)) "\n"
                @for phone in &place.phones { (phone.number) "\n" }
            }
        }
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
