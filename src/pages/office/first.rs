//! The first page: who has not reported, the longest silent first, and which numbers somebody should look at.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use chrono::{DateTime, Duration, TimeZone, Utc};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    facility::in_numbers,
    frame::{Answer, Office, Posted, Section},
    in_address,
    table::{Onward, table},
    telephone,
    whatsapp::{message, mobile},
    wire::{Brief, Facility, Mark, Phone},
};
use crate::{
    domain::freshness::Freshness,
    locales::Message,
    pages::wire::{Numbers, Types},
};

/// How many silent facilities stand on a page.
const SILENT: usize = 25;
/// How many of each list are counted.
const COUNTED: usize = 200;
/// How many doubts stand on a page.
const DOUBTS: usize = 25;

#[derive(Deserialize)]
struct Completeness {
    #[serde(rename = "completeness")]
    reporting: Reporting,
    facilities: Vec<Reporter>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Reporting {
    facilities: u32,
    fresh: u32,
}

#[derive(Deserialize)]
struct Reporter {
    id: String,
    observed_at: Option<DateTime<Utc>>,
    freshness: Freshness,
    due_since: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Doubts {
    doubts: Vec<Doubt>,
}

#[derive(Deserialize)]
struct Doubt {
    facility: Brief,
    phones: Vec<Phone>,
    why: String,
    at: DateTime<Utc>,
    #[serde(rename = "type")]
    code: Option<String>,
    numbers: Option<Numbers>,
    before: Option<Numbers>,
    note: Option<Mark>,
}

/// Any list, to be counted.
#[derive(Deserialize)]
struct Listed {
    #[serde(alias = "unmapped", alias = "duplicates")]
    entries: Vec<IgnoredAny>,
}

/// Which facilities count as silent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Since {
    /// Those whose numbers are no longer fresh.
    Due,
    Today,
    Yesterday,
    Week,
}

impl Since {
    const ALL: [Self; 4] = [Self::Due, Self::Today, Self::Yesterday, Self::Week];

    /// What the address says.
    const fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Week => "week",
        }
    }

    const fn name(self) -> Message {
        match self {
            Self::Due => Message::new("office-since-due"),
            Self::Today => Message::new("office-since-today"),
            Self::Yesterday => Message::new("office-since-yesterday"),
            Self::Week => Message::new("office-since-week"),
        }
    }

    /// How many days ago the day began since which there is no report.
    const fn days(self) -> Option<i64> {
        match self {
            Self::Due => None,
            Self::Today => Some(0),
            Self::Yesterday => Some(1),
            Self::Week => Some(7),
        }
    }

    fn is_silent(self, office: &Office, reporter: &Reporter) -> bool {
        let Some(days) = self.days() else {
            // Who has only sessions owes no number.
            return match reporter.freshness {
                Freshness::Fresh => false,
                Freshness::Aging | Freshness::Stale => true,
                Freshness::Unknown => reporter.due_since.is_some(),
            };
        };
        let offset = office.zone.offset();
        let day = office.now().with_timezone(&offset).date_naive() - Duration::days(days);
        let began = offset.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).single();
        reporter.observed_at.is_none_or(|at| began.is_some_and(|began| at < began))
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    since: String,
    #[serde(flatten)]
    onward: Onward,
}

pub(super) async fn show(office: Office, Query(Wanted { since, onward }): Query<Wanted>) -> Answer {
    let since = Since::ALL.into_iter().find(|known| known.word() == since).unwrap_or(Since::Due);
    let cursor = onward.parameter("cursor");
    let within = office.within();
    let (reporting, reporters, next) = silent_page(&office, since, cursor).await?;
    let mut silent = Vec::new();
    for reporter in reporters {
        let facility: Facility = office.get(&format!("/v1/facilities/{}", reporter.id)).await?;
        silent.push((reporter, facility));
    }
    let due = silent_from(&office, Since::Due, String::new()).await?;
    let Doubts { doubts } = office.get(&format!("/v1/doubts?limit={COUNTED}{within}")).await?;
    let doubts = together(doubts);
    let unmapped: Listed = office.get(&format!("/v1/unmapped?limit={COUNTED}{within}")).await?;
    let duplicates: Listed = office.get(&format!("/v1/duplicates?limit={COUNTED}{within}")).await?;
    let Types { types } = office.get("/v1/types").await?;
    let labels: HashMap<String, String> = types.into_iter().map(|known| (known.code, known.label)).collect();

    let title = office.say(Section::First.name());
    let tiles = [
        ("#silent", Message::new("office-tile-silent"), count(due)),
        ("#doubts", Message::new("office-tile-doubts"), count(doubts.len())),
        ("/office/unmapped", Section::Unmapped.name(), count(unmapped.entries.len())),
        ("/office/duplicates", Section::Duplicates.name(), count(duplicates.entries.len())),
    ];
    let path = format!("/office?since={}", since.word());
    let main = html! {
        h1 { (title) }
        ul .tiles { @for (path, name, count) in tiles {
            li { a href=(if path.starts_with('#') { path.to_owned() } else { office.link(path) }) { strong { (count) } " " (office.say(name)) } }
        } }
        h2 #silent { (office.say(Message::new("office-silent"))) }
        p { (office.say(Message::new("office-reporting").arg("facilities", reporting.facilities).arg("fresh", reporting.fresh))) }
        nav .choices aria-label=(office.say(Message::new("office-since"))) { ul { @for choice in Since::ALL {
            li { a href={ (office.link(&format!("/office?since={}", choice.word()))) "#silent" } aria-current=[(choice == since).then_some("true")] { (office.say(choice.name())) } }
        } } }
        @if silent.is_empty() { p .done { (office.say(Message::new("office-silent-none"))) } }
        @else { (silent_table(&office, since, &silent)) }
        (office.more(&path, next.as_deref()))
        h2 #doubts { (office.say(Message::new("office-doubts"))) }
        @if doubts.is_empty() { p .done { (office.say(Message::new("office-doubts-none"))) } }
        @else {
            p .quiet { (office.say(Message::new("office-doubts-lead").arg("count", doubts.len()))) }
            ul .doubts { @for doubts in doubts.iter().take(DOUBTS) { (doubtful(&office, doubts, &labels)) } }
        }
    };
    Ok(office.page(Section::First, title, &main))
}

/// A page of who is silent, and where the next one begins, if anybody stands there. Among them are facilities that owe
/// no number, so that whole pages of the list may have nobody to show.
async fn silent_page(
    office: &Office,
    since: Since,
    mut cursor: String,
) -> Result<(Reporting, Vec<Reporter>, Option<String>), Response> {
    loop {
        let path = format!("/v1/completeness?limit={SILENT}{}{cursor}", office.within());
        let Completeness { reporting, mut facilities, next } = office.get(&path).await?;
        facilities.retain(|reporter| since.is_silent(office, reporter));
        let Some(next) = next else { return Ok((reporting, facilities, None)) };
        let onward = format!("&cursor={}", in_address(&next));
        if !facilities.is_empty() {
            let is_last = silent_from(office, since, onward).await? == 0;
            return Ok((reporting, facilities, Some(next).filter(|_| !is_last)));
        }
        cursor = onward;
    }
}

/// How many are silent from a place in the list on, as far as they are counted.
async fn silent_from(office: &Office, since: Since, mut cursor: String) -> Result<usize, Response> {
    let mut silent = 0;
    loop {
        let path = format!("/v1/completeness?limit={COUNTED}{}{cursor}", office.within());
        let Completeness { facilities, next, .. } = office.get(&path).await?;
        silent += facilities.iter().filter(|reporter| since.is_silent(office, reporter)).count();
        // The longest silent come first: after many who are not, there is nobody.
        let is_over = facilities.last().is_none_or(|last| last.freshness == Freshness::Fresh);
        match next {
            Some(next) if silent < COUNTED && !is_over => cursor = format!("&cursor={}", in_address(&next)),
            _ => return Ok(silent),
        }
    }
}

/// How many there are, as far as they were counted.
fn count(found: usize) -> String {
    if found < COUNTED { found.to_string() } else { format!("{found}+") }
}

fn silent_table(office: &Office, since: Since, silent: &[(Reporter, Facility)]) -> Markup {
    let headings = [
        Message::new("office-facility"),
        Message::new("office-last-report"),
        Message::new("office-telephone"),
        Message::new("office-remind"),
    ];
    let rows: Vec<Vec<Markup>> =
        silent.iter().map(|(reporter, facility)| silent_row(office, reporter, facility)).collect();
    let caption = office.say(Message::new("office-silent-caption").arg("since", since.name()));
    table(&caption, &headings.map(|heading| office.say(heading)), &rows)
}

fn silent_row(office: &Office, reporter: &Reporter, facility: &Facility) -> Vec<Markup> {
    let speaker = office.speaker(facility.timezone);
    let old: Vec<&str> = facility
        .availability
        .iter()
        .filter(|known| matches!(known.freshness, Freshness::Aging | Freshness::Stale))
        .map(|known| &*known.label)
        .collect();
    let text = reminder(office, facility, reporter.observed_at);
    let number = facility.phones.iter().map(|phone| &*phone.number).find(|number| mobile(number).is_some());
    let name = html! {
        a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (facility.name) }
        small { (facility.region.in_words()) }
    };
    let last = html! {
        @if let Some(at) = reporter.observed_at {
            span .old[reporter.freshness == Freshness::Stale] { (office.say(speaker.age(at))) }
            small { (office.say(speaker.moment(at))) }
            @if !old.is_empty() {
                details { summary { (office.say(Message::new("office-old-types").arg("count", old.len()))) } (old.join(", ")) }
            }
        } @else { span .old { (office.say(Message::new("office-never"))) } }
    };
    let telephones = html! {
        @for phone in &facility.phones { p { (telephone(&phone.number)) @if let Some(label) = &phone.label { " " small { (label) } } } }
        @if facility.phones.is_empty() { p .old { (office.say(Message::new("office-no-phone"))) } }
        p { a href={ (office.link(&format!("/office/facilities/{}/edit", facility.id))) "#phones/0/number" } {
            (office.say(Message::new("office-mend-phone"))) span .hidden { " " (facility.name) }
        } }
    };
    let remind = html! {
        details {
            summary { (office.say(Message::new("office-reminder-text"))) span .hidden { " " (facility.name) } }
            (message(office, &format!("reminder-{}", facility.id), number, &text))
        }
        (office.button(&format!("/office/facilities/{}/links", facility.id), &office.say(Message::new("office-new-link")), &[]))
    };
    vec![name, last, telephones, remind]
}

/// What to write to a facility that is silent.
fn reminder(office: &Office, facility: &Facility, last: Option<DateTime<Utc>>) -> String {
    let speaker = office.speaker(facility.timezone);
    let last = last.map(|at| {
        Message::new("office-reminder-last").arg("age", speaker.age(at)).arg("moment", speaker.moment(at))
    });
    office.say(Message::new("office-reminder").arg("facility", facility.name.clone()).arg("last", last))
}

/// The doubts about one number of one facility, or about it as a whole, are one thing to do.
fn together(doubts: Vec<Doubt>) -> Vec<Vec<Doubt>> {
    let mut groups: Vec<Vec<Doubt>> = Vec::new();
    for doubt in doubts {
        let is_same = |group: &&mut Vec<Doubt>| {
            let first = &group[0];
            first.facility.id == doubt.facility.id && first.code == doubt.code && first.why == doubt.why
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(doubt),
            None => groups.push(vec![doubt]),
        }
    }
    groups
}

/// A number that somebody should look at: what is odd, whom to call, and what to do about it.
fn doubtful(office: &Office, doubts: &[Doubt], labels: &HashMap<String, String>) -> Markup {
    let [Doubt { facility, phones, why, code, numbers, before, note, .. }, ..] = doubts else {
        return html! {};
    };
    let speaker = office.speaker(office.zone);
    let page = format!("/office/facilities/{}", facility.id);
    let label = code.as_ref().map(|code| labels.get(code).unwrap_or(code).clone());
    let heard = note.as_ref().and_then(|note| note.heard);
    let told = Message::new("office-doubt")
        .arg("why", why.clone())
        .arg("type", label)
        .arg("now", in_numbers(office, numbers.unwrap_or_default()))
        .arg("before", before.map(|before| in_numbers(office, before)))
        .arg("heard", heard.map(|heard| in_numbers(office, heard)));
    html! {
        li {
            h3 { a href=(office.link(&page)) { (facility.name) } }
            p { (office.say(told)) }
            p { @for phone in phones { (telephone(&phone.number)) " " } }
            @for Doubt { at, note, .. } in doubts {
                p .quiet {
                    (office.say(speaker.age(*at)))
                    @if let Some(note) = note { " · " (note.by) @if let Some(text) = &note.text { ": “" (text) "”" } }
                }
            }
            div .actions {
                @if let (Some(code), Some(numbers)) = (code, numbers) {
                    (confirm_button(office, &facility.id, code, *numbers))
                    a .button href=(office.link(&format!("{page}/numbers?type={}", in_address(code)))) { (office.say(Message::new("office-mend-number"))) }
                }
                @if why == "phone_dead" {
                    a .button href={ (office.link(&format!("{page}/edit"))) "#phones/0/number" } { (office.say(Message::new("office-mend-phone"))) }
                }
                @for note in doubts.iter().filter_map(|doubt| doubt.note.as_ref()) {
                    (office.button(&format!("/office/marks/{}/end", note.id), &office.say(Message::new("office-seen-to").arg("by", note.by.clone())), &[]))
                }
            }
        }
    }
}

/// Says that a number is right as it stands.
pub(super) fn confirm_button(office: &Office, facility: &str, code: &str, numbers: Numbers) -> Markup {
    let was = json!(numbers).to_string();
    let label = office.say(Message::new("office-is-right"));
    office.button("/office/confirm", &label, &[("facility", facility), ("type", code), ("was", &was)])
}

/// Somebody has seen to what a note says.
pub(super) async fn end_mark(
    Path(id): Path<String>,
    Posted { office, entered }: Posted,
) -> Result<Response, Response> {
    let path = format!("/v1/marks/{}", in_address(&id));
    let ended: Result<IgnoredAny, _> = office.send(Method::DELETE, &path, &entered, &Value::Null).await;
    ended.map_err(|problem| office.problem(&problem))?;
    let back = entered.given("facility").map(|id| format!("/office/facilities/{}", in_address(id)));
    Ok(office.done(back.as_deref().unwrap_or("/office"), "seen"))
}
