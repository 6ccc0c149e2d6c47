//! Who changed what, and when: the log of the region, the newest first.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::{
    facility::in_numbers,
    frame::{Answer, Office, Section},
    in_address,
    table::table,
    wire::Brief,
};
use crate::locales::Message;
use crate::pages::wire::{Numbers, Types};

/// How many changes stand on a page.
const SHOWN: usize = 40;

/// What is looked at: everything, or what one key or one facility is about.
#[derive(Deserialize)]
pub(super) struct Wanted {
    by: Option<String>,
    facility: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Audit {
    audit: Vec<Change>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    at: DateTime<Utc>,
    by: Author,
    facility: Option<Brief>,
    kind: String,
    content: Value,
}

#[derive(Deserialize)]
struct Author {
    actor: String,
    name: String,
}

pub(super) async fn list(office: Office, Query(wanted): Query<Wanted>) -> Answer {
    let Wanted { by, facility, cursor } = wanted;
    let parameter = |name: &str, value: &Option<String>| match value {
        Some(value) => format!("&{name}={}", in_address(value)),
        None => String::new(),
    };
    let chosen = parameter("by", &by) + &parameter("facility", &facility);
    let path = format!("/v1/audit?limit={SHOWN}{}{chosen}{}", office.within(), parameter("cursor", &cursor));
    let Audit { audit, next } = office.get(&path).await?;
    let types: Types = office.get("/v1/types").await?;
    let title = office.say(Section::Changes.name());
    let rows: Vec<Vec<Markup>> = audit.iter().map(|change| row(&office, change, &types)).collect();
    let headings = [Message::new("office-when"), Message::new("office-who"), Message::new("office-what")];
    let base = Section::Changes.path();
    let main = html! {
        h1 { (title) }
        p { (office.say(Message::new("office-changes-lead"))) }
        @if !chosen.is_empty() {
            p { a href=(office.link(base)) { (office.say(Message::new("office-changes-all"))) } }
        }
        (table(&title, &headings.map(|heading| office.say(heading)), &rows))
        (office.more(&format!("{base}?{}", chosen.trim_start_matches('&')), next.as_deref()))
    };
    Ok(office.page(Section::Changes, title, &main))
}

fn row(office: &Office, change: &Change, types: &Types) -> Vec<Markup> {
    let Change { at, by, facility, kind, content } = change;
    let name = content["name"].as_str().or(content["label"]["id"].as_str()).or(content["title"].as_str());
    let numbers = content["numbers"].as_array().into_iter().flatten();
    let numbers: Vec<String> = numbers.map(|number| number_in_words(office, number, types)).collect();
    let what = Message::new("change-kind").arg("kind", kind.clone());
    let only_theirs = format!("{}?by={}", Section::Changes.path(), in_address(&by.actor));
    vec![
        html! { (office.say(office.speaker(office.zone).moment(*at))) },
        html! { a href=(office.link(&only_theirs)) { (by.name) } },
        html! {
            (office.say(what)) ": "
            @match facility {
                Some(Brief { id, name }) => a href=(office.link(&format!("/office/facilities/{id}"))) { (name) },
                None => (name.unwrap_or_default()),
            }
            @for number in numbers.iter().take(6) { small { (number) } }
            @if numbers.len() > 6 { small { "…" } }
        },
    ]
}

fn number_in_words(office: &Office, number: &Value, types: &Types) -> String {
    let code = number["type"].as_str().unwrap_or_default();
    let label = types.types.iter().find(|known| known.code == code).map_or(code, |known| &known.label);
    let numbers = Numbers::deserialize(number).unwrap_or_default();
    format!("{label}: {}", in_numbers(office, numbers))
}
