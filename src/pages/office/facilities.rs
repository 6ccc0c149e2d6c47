//! Finding a facility: by name, or by what is to be mended.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    frame::{Answer, Office, Section},
    in_address,
    table::{Onward, table},
    telephone,
    wire::{Phone, Place},
};
use crate::locales::Message;

/// What the contract calls what is to be mended.
pub(super) const FLAGS: [&str; 4] =
    ["region_unsure", "location_doubtful", "location_invalid", "phone_unsure"];

#[derive(Deserialize)]
struct Found {
    facilities: Vec<Listed>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    name: String,
    kind: String,
    region: Place,
    phones: Vec<Phone>,
    flags: Vec<String>,
    closed: bool,
    availability: Vec<Observed>,
}

#[derive(Deserialize)]
struct Observed {
    observed_at: DateTime<Utc>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    flag: String,
    closed: Option<String>,
    #[serde(flatten)]
    onward: Onward,
}

pub(super) async fn list(office: Office, Query(wanted): Query<Wanted>) -> Answer {
    let Wanted { q, flag, closed, onward } = wanted;
    let closed = closed.is_some_and(|closed| !closed.is_empty());
    let mut question = office.within();
    if !q.trim().is_empty() {
        question = question + "&q=" + &in_address(q.trim());
    }
    if FLAGS.contains(&&*flag) {
        question = question + "&flag=" + &flag;
    }
    if closed {
        question += "&closed=true";
    }
    let path = format!("/office/facilities?{}", question.trim_start_matches('&'));
    question += &onward.parameter("cursor");
    let Found { facilities, next } = office.get(&format!("/v1/facilities?limit=50{question}")).await?;
    let say = |message: Message| office.say(message);
    let title = say(Section::Facilities.name());
    let headings = [
        Message::new("office-facility"),
        Message::new("office-telephone"),
        Message::new("office-last-report"),
        Message::new("office-to-mend"),
    ];
    let rows: Vec<Vec<Markup>> = facilities.iter().map(|facility| row(&office, facility)).collect();
    let main = html! {
        h1 { (title) }
        form .find method="get" action="/office/facilities" role="search" {
            label .wide { (say(Message::new("office-find"))) input .wide type="search" name="q" value=(q) maxlength="100"; }
            label { (say(Message::new("office-to-mend")))
                select name="flag" {
                    option value="" { (say(Message::new("office-any"))) }
                    @for known in FLAGS { option value=(known) selected[known == flag] { (say(flag_in_words(known))) } }
                }
            }
            label .tick { input type="checkbox" name="closed" value="true" checked[closed]; " " (say(Message::new("office-closed-too"))) }
            @if office.visitor().language_is_named { input type="hidden" name="lang" value=(office.visitor().language.tag()); }
            button .primary { (say(Message::new("board-find"))) }
        }
        @if rows.is_empty() { p .notice { (say(Message::new("office-nothing-found"))) } }
        @else { (table(&say(Message::new("office-facilities-caption").arg("count", rows.len())), &headings.map(say), &rows)) }
        (office.more(&path, next.as_deref()))
        p { a .button href=(office.link("/office/sites/new")) { (say(Section::Site.name())) } }
    };
    Ok(office.page(Section::Facilities, title, &main))
}

fn row(office: &Office, facility: &Listed) -> Vec<Markup> {
    let speaker = office.speaker(office.zone);
    let last = facility.availability.iter().map(|known| known.observed_at).max();
    let name = html! {
        a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (facility.name) }
        small { (facility.kind) " · " (facility.region.in_words()) }
        @if facility.closed { " " span .tag { (office.say(Message::new("office-closed"))) } }
    };
    let telephones = html! {
        @for phone in &facility.phones { (telephone(&phone.number)) " " }
        @if facility.phones.is_empty() { span .old { (office.say(Message::new("office-no-phone"))) } }
    };
    let last = html! { (office.say(last.map_or(Message::new("office-never"), |at| speaker.age(at)))) };
    let flags =
        html! { @for flag in &facility.flags { span .tag { (office.say(flag_in_words(flag))) } " " } };
    vec![name, telephones, last, flags]
}

/// What is to be mended, in words.
pub(super) fn flag_in_words(flag: &str) -> Message {
    Message::new("office-flag").arg("flag", flag.to_owned())
}
