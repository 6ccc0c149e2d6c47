//! A facility: its numbers and how one of them went, whom to call, what people noted, and what can be done.

pub(super) mod edit;

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use chrono::{DateTime, Duration, Utc};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    facilities::flag_in_words,
    first::confirm_button,
    form::{Field, Form},
    frame::{Answer, Office, Posted, Section},
    in_address, links,
    table::table,
    telephone,
    wire::{Facility, Known, Mark},
};
use crate::{
    domain::{
        freshness::Freshness,
        rejection::{Code, Rejection},
    },
    http::Problem,
    locales::Message,
    pages::{
        chart::{Picture, Step, chart},
        wire::{Numbers, Types},
    },
};

/// How many days of a number are drawn.
const DRAWN: i64 = 14;
/// How many reports of a number are listed.
const LISTED: usize = 30;
/// How often a change is tried again when a report came between reading and changing.
const TRIES: usize = 5;

#[derive(Deserialize)]
struct History {
    history: Vec<Reported>,
}

/// A number as it was reported.
#[derive(Deserialize)]
struct Reported {
    #[serde(flatten)]
    numbers: Numbers,
    observed_at: DateTime<Utc>,
    source: String,
    reporter: Option<String>,
    late: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(rename = "type")]
    code: Option<String>,
}

impl Office {
    /// The facility, or the page that says that there is none.
    pub(super) async fn facility(&self, id: &str) -> Result<Facility, Response> {
        self.get(&format!("/v1/facilities/{}", in_address(id))).await
    }

    /// Changes a facility if what the form showed still stands, whatever else was reported of it meanwhile: what somebody
    /// else corrected is not overwritten unseen.
    pub(super) async fn change(
        &self,
        id: &str,
        still_stands: impl Fn(&Facility) -> bool,
        (method, path): (Method, &str),
        body: &Value,
    ) -> Result<(), Problem> {
        let mut problem = overtaken();
        for _ in 0..TRIES {
            let facility: Facility =
                self.visitor().get(&format!("/v1/facilities/{}", in_address(id))).await?;
            if !still_stands(&facility) {
                return Err(overtaken());
            }
            let changed = self.visitor().change(method.clone(), path, facility.version, body).await;
            match changed {
                Ok(IgnoredAny) => return Ok(()),
                Err(refused) if refused.code() == Code::VersionMismatch => problem = refused,
                Err(refused) => return Err(refused),
            }
        }
        Err(problem)
    }
}

/// The refusal of a change of something that somebody else has changed since the form was opened.
fn overtaken() -> Problem {
    Rejection::new(Code::VersionMismatch, "", Message::new("office-overtaken")).into()
}

/// `4 of 10, 6 occupied, 1 waiting`: what is known of a number.
pub(super) fn in_numbers(office: &Office, numbers: Numbers) -> String {
    office.say(numbers.in_words())
}

pub(super) async fn show(office: Office, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Answer {
    let facility = office.facility(&id).await?;
    let drawn = wanted.code.and_then(|code| facility.availability.iter().find(|known| known.code == code));
    let drawn = drawn.or(facility.availability.first());
    let history = match drawn {
        Some(known) => Some(history(&office, &facility, known).await?),
        None => None,
    };
    let links = links::of_facility(&office, &facility).await?;
    let say = |message: Message| office.say(message);
    let base = format!("/office/facilities/{}", facility.id);
    let main = html! {
        h1 { (facility.name) }
        p {
            (facility.kind) " · " (facility.region.in_words())
            @if facility.closed { " " span .tag { (say(Message::new("office-closed"))) } }
            @if facility.simulated { " " span .tag { (say(Message::new("page-simulated"))) } }
            @for flag in &facility.flags { " " span .tag { (say(flag_in_words(flag))) } }
        }
        @if let Some(address) = &facility.address { p { (address) } }
        ul .telephones { @for phone in &facility.phones {
            li { (telephone(&phone.number)) @if let Some(label) = &phone.label { " " (label) }
                @if phone.visibility == "internal" { " " small { (say(Message::new("office-internal"))) } } }
        } }
        @if facility.phones.is_empty() { p .old { (say(Message::new("office-no-phone"))) } }
        div .actions {
            a .button href=(office.link(&format!("{base}/edit"))) { (say(Message::new("office-mend"))) }
            a .button href=(office.link(&format!("{base}/numbers"))) { (say(Message::new("office-mend-numbers"))) }
            a .button href=(office.link(&format!("/office/sessions/new?facility={}", facility.id))) { (say(Message::new("office-session-add"))) }
            a .button href="#links" { (say(Message::new("office-make-link"))) }
        }
        h2 { (say(Message::new("office-numbers-heading"))) }
        @if facility.availability.is_empty() { p .quiet { (say(Message::new("office-never"))) } }
        @else { (numbers_table(&office, &facility)) }
        @if let Some(history) = &history { (drawn_history(&office, &facility, history)) }
        (notes(&office, &facility))
        h2 #links { (say(Section::Links.name())) }
        (links::table_of(&office, &links, &BTreeMap::new()))
        (new_link(&office, &base))
        @if !facility.contacts.is_empty() {
            h2 { (say(Section::Contacts.name())) }
            ul { @for contact in facility.contacts.iter().take(5) { li { (contact.name) ": " (telephone(&contact.phone)) } } }
        }
        h2 { (say(Message::new("office-existence"))) }
        @if facility.closed {
            (office.button(&format!("{base}/closed"), &say(Message::new("office-reopen")), &[("closed", "")]))
        } @else {
            p .quiet { (say(Message::new("office-close-hint"))) }
            (office.button(&format!("{base}/closed"), &say(Message::new("office-close")), &[("closed", "true")]))
        }
        @if !facility.external_ids.is_empty() { p .quiet { (say(Message::new("office-ids").arg("ids", facility.external_ids.clone()))) } }
    };
    Ok(office.page(Section::Facilities, facility.name.clone(), &main))
}

fn numbers_table(office: &Office, facility: &Facility) -> Markup {
    let say = |message: Message| office.say(message);
    let headings = [
        Message::new("board-type"),
        Message::new("office-standing"),
        Message::new("office-observed"),
        Message::new("office-source"),
        Message::new("office-actions"),
    ];
    let rows: Vec<Vec<Markup>> =
        facility.availability.iter().map(|known| numbers_row(office, facility, known)).collect();
    table(&say(Message::new("office-numbers-caption")), &headings.map(say), &rows)
}

fn numbers_row(office: &Office, facility: &Facility, known: &Known) -> Vec<Markup> {
    let say = |message: Message| office.say(message);
    let speaker = office.speaker(facility.timezone);
    let base = format!("/office/facilities/{}", facility.id);
    let code = in_address(&known.code);
    let is_odd = known.disputed || known.jump.is_some();
    vec![
        html! { (known.label) },
        html! {
            (in_numbers(office, known.numbers))
            @if known.disputed { " " span .tag { (say(Message::new("office-disputed"))) } }
            @if known.jump.is_some() { " " span .tag { (say(Message::new("office-jump"))) } }
            @for note in &known.notes { (note_line(office, facility, note)) }
        },
        html! {
            (say(speaker.age(known.observed_at)))
            @if matches!(known.freshness, Freshness::Stale | Freshness::Aging) { " " span .tag { (say(Message::new("office-freshness").arg("freshness", freshness(known.freshness)))) } }
        },
        html! { (source(office, &known.source, known.reporter.as_deref())) },
        html! { div .actions {
            a href=(office.link(&format!("{base}/numbers?type={code}"))) { (say(Message::new("office-mend-number"))) }
            a href={ (office.link(&format!("{base}?type={code}"))) "#history" } { (say(Message::new("office-history"))) }
            @if is_odd { (confirm_button(office, &facility.id, &known.code, known.numbers)) }
        } },
    ]
}

const fn freshness(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Aging => "aging",
        Freshness::Stale => "stale",
        Freshness::Unknown => "unknown",
    }
}

/// Which way a number came, and from whom.
fn source(office: &Office, source: &str, reporter: Option<&str>) -> String {
    office.say(
        Message::new("office-source-way")
            .arg("source", source.to_owned())
            .arg("reporter", reporter.map(str::to_owned)),
    )
}

/// The last reports of a number, the newest first, and how long each can be believed.
struct Drawn {
    label: String,
    reports: Vec<Reported>,
    lasts: Duration,
}

async fn history(office: &Office, facility: &Facility, known: &Known) -> Result<Drawn, Response> {
    let path = format!("/v1/facilities/{}/history?limit=200&type={}", facility.id, in_address(&known.code));
    let History { history: reports } = office.get(&path).await?;
    let Types { types } = office.get("/v1/types").await?;
    let hours =
        types.iter().find(|listed| listed.code == known.code).map_or(0, |listed| listed.stale_after_h);
    Ok(Drawn { label: known.label.clone(), reports, lasts: Duration::hours(hours) })
}

/// How a number went: a picture, and the same as a table.
fn drawn_history(office: &Office, facility: &Facility, drawn: &Drawn) -> Markup {
    let say = |message: Message| office.say(message);
    let speaker = office.speaker(facility.timezone);
    let mut steps: Vec<Step> = drawn
        .reports
        .iter()
        .map(|reported| Step {
            at: reported.observed_at,
            value: reported.numbers.available,
            limit: reported.numbers.capacity,
        })
        .collect();
    steps.sort_by_key(|step| step.at);
    let headings =
        [Message::new("office-observed"), Message::new("office-standing"), Message::new("office-source")];
    let rows = drawn.reports.iter().take(LISTED).map(|reported| {
        vec![
            html! { (say(speaker.moment(reported.observed_at))) },
            html! { (in_numbers(office, reported.numbers)) @if reported.late { " " span .tag { (say(Message::new("office-late"))) } } },
            html! { (source(office, &reported.source, reported.reporter.as_deref())) },
        ]
    });
    let rows: Vec<Vec<Markup>> = rows.collect();
    let title = say(Message::new("office-history-of").arg("type", drawn.label.clone()));
    let legend = say(Message::new("office-chart-legend"));
    let picture = Picture { title: &title, legend: &legend, span: Duration::days(DRAWN) };
    html! {
        h2 #history { (title) }
        (chart(office.visitor(), &picture, &steps, speaker, drawn.lasts))
        details { summary { (say(Message::new("office-history-table"))) } (table(&title, &headings.map(say), &rows)) }
    }
}

/// What people noted of the facility as a whole.
fn notes(office: &Office, facility: &Facility) -> Markup {
    html! {
        @if !facility.notes.is_empty() {
            h2 { (office.say(Message::new("office-notes"))) }
            @for note in &facility.notes { (note_line(office, facility, note)) }
        }
    }
}

fn note_line(office: &Office, facility: &Facility, note: &Mark) -> Markup {
    let told = Message::new("office-note")
        .arg("verdict", note.verdict.clone())
        .arg("source", note.source.clone())
        .arg("heard", note.heard.map(|heard| in_numbers(office, heard)))
        .arg("by", note.by.clone())
        .arg("when", office.speaker(facility.timezone).age(note.at));
    html! {
        div .note {
            p { (office.say(told)) @if let Some(text) = &note.text { " “" (text) "”" } }
            (office.button(&format!("/office/marks/{}/end", note.id), &office.say(Message::new("office-seen-to").arg("by", note.by.clone())), &[("facility", &facility.id)]))
        }
    }
}

fn new_link(office: &Office, base: &str) -> Markup {
    let say = |message: Message| office.say(message);
    let fields = vec![
        Field::text("name", say(Message::new("office-link-holder")))
            .hint(say(Message::new("office-link-holder-hint"))),
        Field::number("expires_days", say(Message::new("office-link-days")))
            .hint(say(Message::new("office-link-days-hint"))),
    ];
    let form = Form {
        office,
        action: &format!("{base}/links"),
        groups: vec![fields.into()],
        entered: &crate::pages::entered::Entered::default(),
        hidden: Vec::new(),
        problem: None,
        submit: say(Message::new("office-make-link")),
    };
    form.markup()
}

/// Takes a facility out of the answers, or back into them.
pub(super) async fn set_closed(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let closed = entered.has("closed");
    let path = format!("/v1/facilities/{}", in_address(&id));
    let body = json!({"closed": closed});
    let changed =
        office.change(&id, |facility| facility.closed != closed, (Method::PATCH, &path), &body).await;
    changed.map_err(|problem| office.problem(&problem))?;
    let done = if closed { "closed" } else { "reopened" };
    Ok(office.done(&format!("/office/facilities/{}", in_address(&id)), done))
}
