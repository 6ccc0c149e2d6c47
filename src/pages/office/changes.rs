//! Who changed what, and when: the log of the region, the newest first.

use std::collections::BTreeMap;

use axum::extract::Query;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::{
    facility::in_numbers,
    frame::{Answer, Office, Section},
    in_address,
    table::{Onward, table},
    wire::Facility,
};
use crate::locales::Message;
use crate::pages::wire::{Numbers, Types};

/// How many changes stand on a page.
const SHOWN: usize = 40;

#[derive(Deserialize)]
struct Changes {
    changes: Vec<Change>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    at: DateTime<Utc>,
    by: Option<String>,
    kind: String,
    content: Value,
}

/// Names for what changes name by id or code.
#[derive(Default)]
struct Names {
    facilities: BTreeMap<String, String>,
    types: BTreeMap<String, String>,
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let after = onward.parameter("after");
    let path = format!("/v1/changes?order=newest&limit={SHOWN}{}{after}", office.within());
    let Changes { changes, next } = office.get(&path).await?;
    let names = names(&office, &changes).await?;
    let title = office.say(Section::Changes.name());
    let rows: Vec<Vec<Markup>> = changes.iter().map(|change| row(&office, change, &names)).collect();
    let headings = [Message::new("office-when"), Message::new("office-who"), Message::new("office-what")];
    let main = html! {
        h1 { (title) }
        p { (office.say(Message::new("office-changes-lead"))) }
        (table(&title, &headings.map(|heading| office.say(heading)), &rows))
        (office.more("/office/changes", next.as_deref()))
    };
    Ok(office.page(Section::Changes, title, &main))
}

async fn names(office: &Office, changes: &[Change]) -> Result<Names, axum::response::Response> {
    let Types { types } = office.get("/v1/types").await?;
    let types = types.into_iter().map(|known| (known.code, known.label)).collect();
    let mut names = Names { types, ..Names::default() };
    for change in changes {
        let id = change.content["facility"].as_str().or(change.content["id"].as_str()).unwrap_or_default();
        let is_new = !id.is_empty() && !names.facilities.contains_key(id);
        // What is no facility, or is gone, keeps its id.
        if is_new
            && let Ok(facility) =
                office.visitor().get::<Facility>(&format!("/v1/facilities/{}", in_address(id))).await
        {
            names.facilities.insert(id.to_owned(), facility.name);
        }
    }
    Ok(names)
}

fn row(office: &Office, change: &Change, names: &Names) -> Vec<Markup> {
    let speaker = office.speaker(office.zone);
    let content = &change.content;
    let facility =
        content["facility"].as_str().or(content["facility"]["id"].as_str()).or(content["id"].as_str());
    let facility = facility.and_then(|id| Some((id, names.facilities.get(id)?)));
    let name = content["name"].as_str().or(content["label"]["id"].as_str()).or(content["title"].as_str());
    let numbers = content["numbers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|number| number_in_words(office, number, names));
    let numbers: Vec<String> = numbers.collect();
    let what = Message::new("office-change-kind").arg("kind", change.kind.clone());
    vec![
        html! { (office.say(speaker.moment(change.at))) },
        html! { (change.by.as_deref().unwrap_or("–")) },
        html! {
            (office.say(what)) ": "
            @match facility {
                Some((id, facility)) => a href=(office.link(&format!("/office/facilities/{id}"))) { (facility) },
                None => (name.unwrap_or_default()),
            }
            @for number in numbers.iter().take(6) { small { (number) } }
            @if numbers.len() > 6 { small { "…" } }
        },
    ]
}

fn number_in_words(office: &Office, number: &Value, names: &Names) -> String {
    let code = number["type"].as_str().unwrap_or_default();
    let label = names.types.get(code).map_or(code, |label| label);
    let numbers = Numbers::deserialize(number).unwrap_or_default();
    format!("{label}: {}", in_numbers(office, numbers))
}
