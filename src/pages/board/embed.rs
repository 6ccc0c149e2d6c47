//! A region at a glance, for the pages of others: a frame of a few lines.

use axum::{extract::Path, http::HeaderMap, response::Response};
use maud::{DOCTYPE, html};

use super::{in_address, totals};
use crate::{
    http::{Problem, Visitor},
    locales::Message,
    pages::frame::{HTML, head, kept, problem_page},
    pages::wire::{Here, Overview},
    render::text::Speaker,
};

pub(in crate::pages) async fn region(
    visitor: Visitor,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let code = in_address(&code);
    match widget(&visitor, &code).await {
        Ok(document) => kept(&headers, HTML, document),
        Err(problem) => problem_page(&visitor, &format!("/embed/regions/{code}"), &problem),
    }
}

async fn widget(visitor: &Visitor, code: &str) -> Result<String, Problem> {
    let here: Here = visitor.get(&format!("/v1/regions/{code}")).await?;
    let overview: Overview = visitor.get(&format!("/v1/regions/{code}/overview")).await?;
    let region = &overview.summary.region;
    let page = visitor.link(&format!("/regions/{}", region.code));
    let title = visitor.say(Message::new("board-region-title").arg("region", &region.name));
    let speaker = Speaker { language: visitor.language, zone: here.timezone, now: visitor.now() };
    let document = html! {
        (DOCTYPE)
        html lang=(visitor.language.tag()) {
            (head(&title, &html! {}))
            body .widget {
                main {
                    h1 .small { a href=(page) target="_blank" rel="noopener" { (title) } }
                    (totals::glance(visitor, &overview.summary, Some(&page)))
                    p .quiet { "Sedia · " (visitor.say(Message::new("board-as-of").arg("moment", speaker.moment(overview.as_of)))) }
                }
            }
        }
    };
    Ok(document.into_string())
}
