//! Entries that are probably one facility: side by side, and made one when somebody has said so twice.

use axum::{
    extract::{Path, Query},
    http::Method,
};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use super::{
    facility::in_numbers,
    frame::{Answer, Office, Posted, Section},
    in_address,
    table::{Onward, table},
    wire::{Brief, Facility},
};
use crate::locales::Message;

#[derive(Deserialize)]
struct Duplicates {
    duplicates: Vec<Pair>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    facilities: [Brief; 2],
    same: Vec<String>,
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let cursor = onward.parameter("cursor");
    let path = format!("/v1/duplicates?limit=50{}{cursor}", office.within());
    let Duplicates { duplicates, next } = office.get(&path).await?;
    let title = office.say(Section::Duplicates.name());
    let rows: Vec<Vec<Markup>> = duplicates.iter().map(|pair| row(&office, pair)).collect();
    let headings = [
        Message::new("office-first-entry"),
        Message::new("office-second-entry"),
        Message::new("office-in-common"),
        Message::new("office-actions"),
    ];
    let main = html! {
        h1 { (title) }
        p { (office.say(Message::new("office-duplicates-lead"))) }
        @if rows.is_empty() { p .done { (office.say(Message::new("office-duplicates-none"))) } }
        @else { (table(&title, &headings.map(|heading| office.say(heading)), &rows)) }
        (office.more("/office/duplicates", next.as_deref()))
    };
    Ok(office.page(Section::Duplicates, title, &main))
}

fn row(office: &Office, pair: &Pair) -> Vec<Markup> {
    let [one, other] = &pair.facilities;
    let link = |facility: &Brief| html! { a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (facility.name) } };
    let same: Vec<String> = pair
        .same
        .iter()
        .map(|same| office.say(Message::new("office-same").arg("same", same.clone())))
        .collect();
    let compare = format!("/office/duplicates/{}/{}", one.id, other.id);
    vec![
        link(one),
        link(other),
        html! { (same.join(", ")) },
        html! { a .button href=(office.link(&compare)) { (office.say(Message::new("office-compare"))) span .hidden { " " (one.name) } } },
    ]
}

/// The two side by side, with the question which one stays.
pub(super) async fn compare(office: Office, Path((stays, goes)): Path<(String, String)>) -> Answer {
    let stays = office.facility(&stays).await?;
    let goes = office.facility(&goes).await?;
    let say = |message: Message| office.say(message);
    let title = say(Message::new("office-merge-title"));
    let phones = |facility: &Facility| {
        facility.phones.iter().map(|phone| &*phone.number).collect::<Vec<_>>().join(", ")
    };
    let numbers = |facility: &Facility| {
        let speaker = office.speaker(facility.timezone);
        html! { @for known in &facility.availability { p { (known.label) ": " (in_numbers(&office, known.numbers)) " " small { (say(speaker.age(known.observed_at))) } } } }
    };
    let text = |text: &str| html! { (text) };
    let pair =
        |name: Message, of: &dyn Fn(&Facility) -> Markup| vec![text(&say(name)), of(&stays), of(&goes)];
    let rows = vec![
        pair(Message::new("office-name"), &|facility| text(&facility.name)),
        pair(Message::new("office-kind"), &|facility| text(&facility.kind)),
        pair(Message::new("board-region"), &|facility| text(&facility.region.in_words())),
        pair(Message::new("office-address"), &|facility| {
            text(facility.address.as_deref().unwrap_or_default())
        }),
        pair(Message::new("office-telephone"), &|facility| text(&phones(facility))),
        pair(Message::new("office-ids-heading"), &|facility| text(&facility.external_ids.join(", "))),
        pair(Message::new("office-numbers-heading"), &numbers),
    ];
    let headings = [
        say(Message::new("office-what")),
        say(Message::new("office-stays")),
        say(Message::new("office-goes")),
    ];
    let swapped = format!("/office/duplicates/{}/{}", goes.id, stays.id);
    let main = html! {
        h1 { (title) }
        (table(&title, &headings, &rows))
        p { a href=(office.link(&swapped)) { (say(Message::new("office-swap"))) } }
        h2 { (say(Message::new("office-merge-question"))) }
        p { (say(Message::new("office-merge-what").arg("stays", stays.name.clone()).arg("goes", goes.name.clone()))) }
        form .fields method="post" action=(office.link(&format!("/office/duplicates/{}/{}", stays.id, goes.id))) {
            (office.token())
            input type="hidden" name="key" value=(office.visitor().idempotency_key());
            label .tick { input type="checkbox" name="sure" value="true" required; " " (say(Message::new("office-merge-sure"))) }
            button .primary { (say(Message::new("office-merge"))) }
        }
        p { a href=(office.link("/office/duplicates")) { (say(Message::new("office-cancel"))) } }
    };
    Ok(office.page(Section::Duplicates, title, &main))
}

pub(super) async fn merge(
    Path((stays, goes)): Path<(String, String)>,
    Posted { office, entered }: Posted,
) -> Answer {
    let stays = in_address(&stays);
    if !entered.has("sure") {
        // Nothing undoes it, so the question comes again.
        let path = format!("/office/duplicates/{stays}/{}", in_address(&goes));
        return Ok(office.again(&path));
    }
    let path = format!("/v1/facilities/{stays}/merge");
    let merged: Result<IgnoredAny, _> =
        office.send(Method::POST, &path, &entered, &json!({"duplicate": goes})).await;
    merged.map_err(|problem| office.problem(&problem))?;
    Ok(office.done(&format!("/office/facilities/{stays}"), "merged"))
}
