//! The form of a facility, behind a link or for whoever signed in: the last numbers filled in, sent by a clerk on a
//! telephone, at midnight, on a weak line.
//!
//! It is one form and works without a script. With one, buttons count up and down, impossible numbers are told before
//! sending, and what was sent without a line is kept and sent later (`assets/worker.js`).

mod entries;
mod view;

use axum::{
    Json,
    extract::{Path, RawForm},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::json;

use self::entries::{Entries, Entry, Section};
use super::{
    assets,
    entered::Entered,
    frame::problem_page,
    sign_in::{SignedForm, SignedIn},
    wire::{Numbers, Type, Types},
};
use crate::{
    domain::{freshness::Freshness, region::Zone, rejection::Code},
    http::{Problem, Visitor},
    locales::Message,
    render::text::Speaker,
};

/// The address of the form for whoever signed in.
const OWN: &str = "/report";
/// How many of the next sessions the form shows.
const MOST_SESSIONS: usize = 6;

/// The link, as the contract tells it to its holder.
#[derive(Deserialize)]
struct Link {
    name: String,
    facilities: Vec<String>,
    expires_at: Option<DateTime<Utc>>,
}

/// A facility and its numbers.
#[derive(Deserialize)]
struct Facility {
    id: String,
    name: String,
    kind: String,
    region: Place,
    closed: bool,
    simulated: bool,
    timezone: Zone,
    availability: Vec<Known>,
}

#[derive(Deserialize)]
struct Place {
    code: String,
    path: Vec<String>,
}

/// The numbers of a type as they stand.
#[derive(Deserialize)]
struct Known {
    #[serde(rename = "type")]
    code: String,
    label: String,
    #[serde(flatten)]
    numbers: Numbers,
    observed_at: DateTime<Utc>,
    freshness: Freshness,
}

/// Vaccination sessions by facility.
#[derive(Deserialize)]
struct Vaccinations {
    facilities: Vec<Vaccinator>,
}

#[derive(Deserialize)]
struct Vaccinator {
    id: String,
    sessions: Vec<Session>,
}

/// A session on a day, and what is left of it.
#[derive(Deserialize)]
struct Session {
    id: String,
    title: Option<String>,
    date: NaiveDate,
    from: String,
    to: String,
    product: String,
    quota: Option<u32>,
    left: Option<u32>,
    observed_at: Option<DateTime<Utc>>,
    freshness: Freshness,
}

/// What came of a report.
#[derive(Deserialize)]
struct Receipt {
    values: std::collections::BTreeMap<String, Numbers>,
    before: std::collections::BTreeMap<String, Numbers>,
    late: Vec<String>,
    received_at: DateTime<Utc>,
    #[serde(default)]
    sessions: Vec<SessionReceipt>,
}

/// What came of the numbers of a session.
#[derive(Deserialize)]
struct SessionReceipt {
    id: String,
    date: NaiveDate,
    accepted: bool,
}

/// Everything that the form shows, as it is now.
struct Form {
    /// `/r/TOKEN` or `/report`.
    path: String,
    holder: Holder,
    link: Link,
    facility: Facility,
    types: Vec<Type>,
    /// The next sessions, the earliest first.
    sessions: Vec<Session>,
}

/// Whoever has the form before them.
enum Holder {
    /// The holder of a link.
    Link(Visitor),
    /// Somebody who signed in with their key.
    SignedIn(SignedIn),
}

impl Holder {
    const fn visitor(&self) -> &Visitor {
        match self {
            Self::Link(visitor) => visitor,
            Self::SignedIn(signed_in) => &signed_in.visitor,
        }
    }
}

impl Form {
    /// What the holder may report, or the page that says why not.
    async fn open(holder: Holder, path: String) -> Result<Self, Response> {
        match Self::read(holder.visitor()).await {
            Ok((link, facility, types, sessions)) => {
                Ok(Self { path, holder, link, facility, types, sessions })
            }
            Err(problem) => Err(problem_page(holder.visitor(), &path, &problem)),
        }
    }

    fn visitor(&self) -> &Visitor {
        self.holder.visitor()
    }

    async fn read(visitor: &Visitor) -> Result<(Link, Facility, Vec<Type>, Vec<Session>), Problem> {
        let link: Link = visitor.get("/v1/me").await?;
        let id = link.facilities.first().ok_or_else(crate::http::no_such_page)?;
        let facility: Facility = visitor.get(&format!("/v1/facilities/{id}")).await?;
        let Types { types } = visitor.get("/v1/types").await?;
        let sessions = Self::sessions(visitor, &facility).await?;
        Ok((link, facility, types, sessions))
    }

    /// The next sessions of the facility: those of its kecamatan are few.
    async fn sessions(visitor: &Visitor, facility: &Facility) -> Result<Vec<Session>, Problem> {
        let region = &facility.region.code;
        let path = format!("/v1/vaccinations?region={region}&min=0&limit=200");
        let Vaccinations { facilities } = visitor.get(&path).await?;
        let own = facilities.into_iter().find(|vaccinator| vaccinator.id == facility.id);
        let mut sessions = own.map(|own| own.sessions).unwrap_or_default();
        sessions.truncate(MOST_SESSIONS);
        Ok(sessions)
    }

    /// Sends what was entered.
    async fn report(&self, sent: &Sent, entries: &Entries) -> Result<Receipt, Problem> {
        let id = &self.facility.id;
        let now = self.visitor().now();
        let observed_at = sent.waited.map(|seconds| now - Duration::seconds(seconds));
        let key = &*sent.idempotency_key;
        let values = entries.values(Section::is_of_types);
        let sessions = entries.values(|section| section == Section::Sessions);
        if sent.is_unchanged && sessions.is_empty() && entries.0.iter().all(Entry::is_untouched) {
            let body = json!({"types": entries.still_true(), "observed_at": observed_at});
            let path = format!("/v1/facilities/{id}/availability/confirm");
            return self.visitor().send(Method::POST, &path, key, &body).await;
        }
        let body = json!({"values": values, "sessions": sessions, "observed_at": observed_at});
        let confirm = if sent.is_confirmed { "?confirm=true" } else { "" };
        let path = format!("/v1/facilities/{id}/availability{confirm}");
        self.visitor().send(Method::PUT, &path, key, &body).await
    }

    fn speaker(&self) -> Speaker {
        Speaker { language: self.visitor().language, zone: self.facility.timezone, now: self.visitor().now() }
    }

    /// A session on a day, in words.
    fn session_label(&self, session: &Session) -> String {
        let Session { title, date, from, to, product, .. } = session;
        self.visitor().say(
            Message::new("form-session")
                .arg("title", title.clone())
                .arg("day", self.speaker().day(*date))
                .arg("from", from)
                .arg("to", to)
                .arg("product", product),
        )
    }

    /// When the first of the numbers is no longer fresh: the time of the next report.
    fn due_at(&self) -> Option<DateTime<Utc>> {
        let aging = |known: &Known| {
            let of_code = |resource: &&Type| resource.code == known.code;
            let hours = self.types.iter().find(of_code)?.aging_after_h;
            Some(known.observed_at + Duration::hours(hours))
        };
        let known = self.facility.availability.iter().filter(|known| known.numbers != Numbers::default());
        known.filter_map(aging).min()
    }
}

/// What a form says besides its numbers.
#[derive(Default)]
struct Sent {
    /// One tap: nothing changed.
    is_unchanged: bool,
    /// Numbers that jump are right.
    is_confirmed: bool,
    /// How long it waited for a line, in seconds.
    waited: Option<i64>,
    idempotency_key: String,
}

pub(super) async fn show(visitor: Visitor, Path(token): Path<String>) -> Response {
    let path = path(&token);
    opened(Holder::Link(visitor.with_key(&token)), path).await
}

pub(super) async fn show_own(signed_in: SignedIn) -> Response {
    opened(Holder::SignedIn(signed_in), OWN.to_owned()).await
}

async fn opened(holder: Holder, path: String) -> Response {
    match Form::open(holder, path).await {
        Ok(form) => {
            let entries = Entries::of(&form);
            view::form(&form, &entries, None)
        }
        Err(refused) => refused,
    }
}

pub(super) async fn send(visitor: Visitor, Path(token): Path<String>, RawForm(body): RawForm) -> Response {
    let path = path(&token);
    sent(Holder::Link(visitor.with_key(&token)), path, Entered::read(&body)).await
}

pub(super) async fn send_own(form: SignedForm) -> Response {
    sent(Holder::SignedIn(form.signed_in), OWN.to_owned(), form.entered).await
}

async fn sent(holder: Holder, path: String, entered: Entered) -> Response {
    let form = match Form::open(holder, path).await {
        Ok(form) => form,
        Err(refused) => return refused,
    };
    let (sent, entries) = entries::read(&form, &entered);
    match form.report(&sent, &entries).await {
        Ok(receipt) => match Form::open(form.holder, form.path).await {
            Ok(form) => view::done(&form, &entries, &receipt),
            Err(refused) => refused,
        },
        // It came before its answer was lost, and the telephone kept it.
        Err(problem) if sent.waited.is_some() && problem.code() == Code::IdempotencyKeyReused => {
            Redirect::to(&form.path).into_response()
        }
        // What was entered is still there: these can be mended.
        Err(problem) if is_mendable(problem.code()) => view::form(&form, &entries, Some(&problem)),
        Err(problem) => problem_page(form.visitor(), &form.path, &problem),
    }
}

fn path(token: &str) -> String {
    format!("/r/{token}")
}

fn is_mendable(code: Code) -> bool {
    let status = crate::http::status(code);
    matches!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::CONFLICT
            | StatusCode::BAD_REQUEST
            | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// What a telephone needs to put the form on its home screen.
pub(super) async fn manifest(visitor: Visitor, Path(token): Path<String>) -> Response {
    let path = path(&token);
    let form = match Form::open(Holder::Link(visitor.with_key(&token)), path).await {
        Ok(form) => form,
        Err(refused) => return refused,
    };
    let manifest = json!({
        "name": format!("Sedia · {}", form.facility.name),
        "short_name": form.facility.name,
        "start_url": form.path,
        "scope": form.path,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5d4e",
        "icons": [{"src": assets::icon(), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-store")];
    (headers, Json(manifest)).into_response()
}
