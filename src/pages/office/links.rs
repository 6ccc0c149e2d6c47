//! Links with which a facility reports: made, shown once with a code to scan and a text to send, listed and revoked.

use std::{collections::BTreeMap, fmt::Write};

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use chrono::{DateTime, Utc};
use maud::{Markup, PreEscaped, html};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    frame::{Answer, Office, Posted, Section},
    in_address,
    table::{Onward, table},
    whatsapp::{message, mobile},
    wire::Facility,
};
use crate::{http::Problem, locales::Message, pages::entered::Entered};

#[derive(Deserialize)]
struct Links {
    links: Vec<Link>,
    next: Option<String>,
}

/// A link, without its secret.
#[derive(Deserialize)]
pub(super) struct Link {
    id: String,
    facility: String,
    name: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

/// A link that was just made.
#[derive(Deserialize)]
pub(super) struct Made {
    url: String,
    expires_at: Option<DateTime<Utc>>,
}

impl Link {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }
}

/// The links of a facility that can be used.
pub(super) async fn of_facility(office: &Office, facility: &Facility) -> Result<Vec<Link>, Response> {
    let path = format!("/v1/links?limit=200&region={}", facility.region.code);
    let Links { links, .. } = office.get(&path).await?;
    let now = office.now();
    Ok(links.into_iter().filter(|link| link.facility == facility.id && !link.is_over(now)).collect())
}

/// A table of links; with the names of their facilities, if they are of several.
pub(super) fn table_of(office: &Office, links: &[Link], names: &BTreeMap<String, String>) -> Markup {
    if links.is_empty() {
        return html! { p .quiet { (office.say(Message::new("office-links-none"))) } };
    }
    let headings = [
        Message::new("office-link-holder"),
        Message::new("office-made-at"),
        Message::new("office-ends"),
        Message::new("office-actions"),
    ];
    let rows: Vec<Vec<Markup>> = links.iter().map(|link| row(office, link, names)).collect();
    table(
        &office.say(Message::new("office-links-caption")),
        &headings.map(|heading| office.say(heading)),
        &rows,
    )
}

fn row(office: &Office, link: &Link, names: &BTreeMap<String, String>) -> Vec<Markup> {
    let speaker = office.speaker(office.zone);
    vec![
        html! {
            (link.name)
            @if let Some(facility) = names.get(&link.facility) {
                small { a href=(office.link(&format!("/office/facilities/{}", link.facility))) { (facility) } }
            }
        },
        html! { (office.say(speaker.moment(link.created_at))) },
        html! { (ends(office, link.expires_at, link.revoked_at)) },
        html! { @if !link.is_over(office.now()) {
            (office.button(&format!("/office/links/{}/revoke", link.id), &office.say(Message::new("office-revoke")), &[]))
        } },
    ]
}

/// Until when something can be used.
pub(super) fn ends(
    office: &Office,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
) -> String {
    let speaker = office.speaker(office.zone);
    let state = match (revoked_at, expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= office.now() => "over",
        (None, Some(_)) => "until",
        (None, None) => "never",
    };
    let moment = revoked_at.or(expires_at).map(|at| speaker.moment(at));
    office.say(Message::new("office-ends-at").arg("state", state).arg("moment", moment))
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let cursor = onward.parameter("cursor");
    let Links { links, next } = office.get(&format!("/v1/links?limit=50{}{cursor}", office.within())).await?;
    let mut names = BTreeMap::new();
    for link in &links {
        if !names.contains_key(&link.facility) {
            let facility = office.facility(&link.facility).await?;
            names.insert(link.facility.clone(), facility.name);
        }
    }
    let title = office.say(Section::Links.name());
    let main = html! {
        h1 { (title) }
        p { (office.say(Message::new("office-links-lead"))) }
        (table_of(&office, &links, &names))
        (office.more("/office/links", next.as_deref()))
        p { a .button href=(office.link("/office/facilities")) { (office.say(Message::new("office-links-find"))) } }
    };
    Ok(office.page(Section::Links, title, &main))
}

/// Makes a link for a facility.
pub(super) async fn make(office: &Office, facility: &str, entered: &Entered) -> Result<Made, Problem> {
    let mut body = json!({"facility": facility});
    if let Some(name) = entered.given("name") {
        body["name"] = name.into();
    }
    if entered.has("expires_days") {
        body["expires_days"] = entered.number("expires_days");
    }
    office.send(Method::POST, "/v1/links", entered, &body).await
}

/// The page with the link is the answer itself: the link is shown this once, so no address can lead to it again.
pub(super) async fn create(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let facility = office.facility(&id).await?;
    let made = make(&office, &facility.id, &entered).await.map_err(|problem| office.problem(&problem))?;
    let title = office.say(Message::new("office-link-made"));
    let main = html! {
        h1 { (title) }
        (shown_once(&office, &facility, &made))
    };
    Ok(office.page(Section::Links, title, &main))
}

/// A link that was just made: to read, to scan, and to send.
pub(super) fn shown_once(office: &Office, facility: &Facility, made: &Made) -> Markup {
    let say = |message: Message| office.say(message);
    let address = office.visitor().address(&made.url);
    let until = made.expires_at.map(|end| office.speaker(facility.timezone).moment(end));
    let text = say(Message::new("office-link-text")
        .arg("facility", facility.name.clone())
        .arg("address", address.clone())
        .arg("until", until));
    let number = facility.phones.iter().map(|phone| &*phone.number).find(|number| mobile(number).is_some());
    html! {
        p .lead { (facility.name) }
        p .notice { (say(Message::new("office-shown-once"))) }
        p .secret { code { (address) } }
        (code_to_scan(&address, &say(Message::new("office-qr").arg("facility", facility.name.clone()))))
        h2 { (say(Message::new("office-link-send"))) }
        (message(office, "link-text", number, &text))
        p { a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (say(Message::new("office-to-facility"))) } }
    }
}

/// A QR code; nothing in the place of one for an address that is too long.
fn code_to_scan(address: &str, name: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else { return html! {} };
    let size = code.size();
    let mut dark = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            let _ = write!(dark, "M{} {}h1v1h-1z", x + 4, y + 4);
        }
    }
    html! {
        svg .qr role="img" aria-label=(name) viewBox={ "0 0 " (size + 8) " " (size + 8) } shape-rendering="crispEdges" {
            rect .light width=(size + 8) height=(size + 8) {}
            path .dark d=(PreEscaped(dark)) {}
        }
    }
}

pub(super) async fn revoke(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let path = format!("/v1/links/{}", in_address(&id));
    let revoked: Result<IgnoredAny, _> = office.send(Method::DELETE, &path, &entered, &Value::Null).await;
    revoked.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office/links", "revoked"))
}
