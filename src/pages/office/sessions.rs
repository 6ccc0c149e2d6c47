//! Vaccination sessions: announced for one day or every week, changed, cancelled.

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    form::{Field, Form, Group},
    frame::{Answer, Office, Posted, Section},
    in_address,
    table::{Onward, table},
    wire::Brief,
};
use crate::{
    domain::rejection::Code,
    http::{Problem, no_such_page},
    locales::Message,
    pages::entered::Entered,
};

/// What stands in the address in place of the id of one that is added.
const NEW: &str = "new";
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[derive(Deserialize)]
struct Sessions {
    sessions: Vec<Listed>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    at_facility: Brief,
    session: Session,
    version: u64,
}

/// A session as it was announced.
#[derive(Deserialize)]
struct Session {
    id: String,
    title: Option<String>,
    date: Option<NaiveDate>,
    weekly: Option<Weekly>,
    from: String,
    to: String,
    product: String,
    doses: Vec<u8>,
    age_min: Option<u8>,
    age_max: Option<u8>,
    #[serde(default)]
    walk_in: bool,
    booking_phone: Option<String>,
    #[serde(default)]
    cancelled: bool,
}

#[derive(Deserialize)]
struct Weekly {
    weekdays: Vec<String>,
    from: NaiveDate,
    until: Option<NaiveDate>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    facility: Option<String>,
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let cursor = onward.parameter("cursor");
    let Sessions { sessions, next } =
        office.get(&format!("/v1/sessions?limit=50{}{cursor}", office.within())).await?;
    let say = |message: Message| office.say(message);
    let title = say(Section::Sessions.name());
    let rows: Vec<Vec<Markup>> = sessions.iter().map(|listed| row(&office, listed)).collect();
    let headings = [
        Message::new("office-facility"),
        Message::new("office-when"),
        Message::new("office-product"),
        Message::new("office-actions"),
    ];
    let main = html! {
        h1 { (title) }
        @if rows.is_empty() { p .notice { (say(Message::new("office-sessions-none"))) } }
        @else { (table(&title, &headings.map(say), &rows)) }
        (office.more("/office/sessions", next.as_deref()))
        p { a .button href=(office.link("/office/sessions/new")) { (say(Message::new("office-session-add"))) } }
    };
    Ok(office.page(Section::Sessions, title, &main))
}

fn row(office: &Office, Listed { at_facility, session, .. }: &Listed) -> Vec<Markup> {
    let speaker = office.speaker(office.zone);
    let days = match (&session.date, &session.weekly) {
        (Some(date), _) => office.say(speaker.day(*date)),
        (None, Some(weekly)) => {
            let days: Vec<String> = weekly.weekdays.iter().map(|day| office.say(weekday(day))).collect();
            office.say(Message::new("office-every-week").arg("days", days))
        }
        (None, None) => String::new(),
    };
    let doses: Vec<String> = session.doses.iter().map(u8::to_string).collect();
    let path = format!("/office/sessions/{}", session.id);
    vec![
        html! { a href=(office.link(&format!("/office/facilities/{}", at_facility.id))) { (at_facility.name) } @if let Some(title) = &session.title { small { (title) } } },
        html! { (days) small { (session.from) "–" (session.to) } @if session.cancelled { " " span .tag { (office.say(Message::new("office-cancelled"))) } } },
        html! { (session.product) small { (office.say(Message::new("office-doses").arg("doses", doses))) } },
        html! { div .actions {
            a href=(office.link(&path)) { (office.say(Message::new("office-change"))) span .hidden { " " (at_facility.name) " " (days) } }
            @if !session.cancelled { (office.button(&format!("{path}/end"), &office.say(Message::new("office-session-end")), &[])) }
        } },
    ]
}

fn weekday(day: &str) -> Message {
    Message::new("office-weekday").arg("day", day.to_owned())
}

/// The session with this id, among those of the region.
async fn find(office: &Office, id: &str) -> Result<Listed, Response> {
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/sessions?limit=200{}{cursor}", office.within());
        let Sessions { sessions, next } = office.get(&path).await?;
        if let Some(session) = sessions.into_iter().find(|listed| listed.session.id == id) {
            return Ok(session);
        }
        let next = next.ok_or_else(|| office.problem(&no_such_page()))?;
        cursor = format!("&cursor={}", in_address(&next));
    }
}

pub(super) async fn show(office: Office, Path(id): Path<String>, Query(wanted): Query<Wanted>) -> Answer {
    if id == NEW {
        let facility = wanted.facility.unwrap_or_default();
        let fields = [
            ("facility", facility),
            ("from", "08:00".to_owned()),
            ("to", "12:00".to_owned()),
            ("doses", "1".to_owned()),
        ];
        let entered = Entered::of(&fields.map(|(name, value)| (name.to_owned(), value)));
        return Ok(page(&office, &id, 0, &entered, None));
    }
    let listed = find(&office, &id).await?;
    Ok(page(&office, &id, listed.version, &Entered::of(&shown(&listed)), None))
}

/// What the form shows of a session, field by field.
fn shown(Listed { at_facility, session, .. }: &Listed) -> Vec<(String, String)> {
    let number = |number: Option<u8>| number.map_or_else(String::new, |number| number.to_string());
    let date = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
    let weekly = session.weekly.as_ref();
    let mut shown = vec![
        ("facility", at_facility.id.clone()),
        ("title", session.title.clone().unwrap_or_default()),
        ("date", date(session.date)),
        ("weekly/from", date(weekly.map(|weekly| weekly.from))),
        ("weekly/until", date(weekly.and_then(|weekly| weekly.until))),
        ("from", session.from.clone()),
        ("to", session.to.clone()),
        ("product", session.product.clone()),
        ("age_min", number(session.age_min)),
        ("age_max", number(session.age_max)),
        ("walk_in", if session.walk_in { "true" } else { "" }.to_owned()),
        ("booking_phone", session.booking_phone.clone().unwrap_or_default()),
    ];
    shown.extend(session.doses.iter().map(|dose| ("doses", dose.to_string())));
    shown.extend(
        weekly.into_iter().flat_map(|weekly| &weekly.weekdays).map(|day| ("weekly/weekdays", day.clone())),
    );
    shown.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn page(office: &Office, id: &str, version: u64, entered: &Entered, problem: Option<&Problem>) -> Response {
    let say = |message: Message| office.say(message);
    let title = say(if id == NEW {
        Message::new("office-session-add")
    } else {
        Message::new("office-session-change")
    });
    let weekdays = WEEKDAYS.map(|day| (day.to_owned(), say(weekday(day))));
    let doses = ["1", "2", "3"].map(|dose| (dose.to_owned(), dose.to_owned()));
    let group = |name: Message, fields: Vec<Field>| Group { name: Some(say(name)), fields };
    let groups = vec![
        Group::from(vec![
            Field::text("facility", say(Message::new("office-facility")))
                .hint(say(Message::new("office-session-facility-hint"))),
            Field::text("title", say(Message::new("office-session-title"))),
            Field::text("product", say(Message::new("office-product")))
                .hint(say(Message::new("office-product-hint"))),
            Field::ticks("doses", say(Message::new("office-dose")), doses.to_vec()),
        ]),
        group(
            Message::new("office-once"),
            vec![Field::line("date", "date", say(Message::new("office-date")))],
        ),
        group(
            Message::new("office-weekly"),
            vec![
                Field::ticks("weekly/weekdays", say(Message::new("office-days")), weekdays.to_vec()),
                Field::line("weekly/from", "date", say(Message::new("office-first-day"))),
                Field::line("weekly/until", "date", say(Message::new("office-last-day"))),
            ],
        ),
        group(
            Message::new("office-hours"),
            vec![
                Field::line("from", "time", say(Message::new("office-from"))),
                Field::line("to", "time", say(Message::new("office-to"))),
            ],
        ),
        group(
            Message::new("office-for-whom"),
            vec![
                Field::number("age_min", say(Message::new("office-age-min"))),
                Field::number("age_max", say(Message::new("office-age-max"))),
                Field::tick("walk_in", say(Message::new("office-walk-in"))),
                Field::line("booking_phone", "tel", say(Message::new("office-booking-phone"))),
            ],
        ),
    ];
    let action = format!("/office/sessions/{}", in_address(id));
    let hidden = vec![("version", version.to_string())];
    let form = Form {
        office,
        action: &action,
        groups,
        entered,
        hidden,
        problem,
        submit: say(Message::new("office-save")),
    };
    let main = html! {
        h1 { (title) }
        (form.markup())
        p { a href=(office.link("/office/sessions")) { (say(Message::new("office-cancel"))) } }
    };
    office.refused(Section::Sessions, problem, title, &main)
}

/// A session as the contract takes it. What the form does not show stays as it is.
fn announced(entered: &Entered) -> Value {
    let doses: Vec<Value> = entered
        .all("doses")
        .map(|dose| dose.parse::<u8>().map_or_else(|_| dose.into(), Value::from))
        .collect();
    let text = |name: &str| entered.given(name).map_or(Value::Null, Value::from);
    let mut session = json!({
        "facility": entered.text("facility"), "title": text("title"), "from": entered.text("from"), "to": entered.text("to"),
        "product": entered.text("product"), "doses": doses, "age_min": entered.number("age_min"),
        "age_max": entered.number("age_max"), "walk_in": entered.has("walk_in"), "booking_phone": text("booking_phone"),
    });
    let weekdays: Vec<&str> = entered.all("weekly/weekdays").collect();
    if weekdays.is_empty() {
        session["date"] = entered.text("date").into();
    } else {
        session["weekly"] =
            json!({"weekdays": weekdays, "from": entered.text("weekly/from"), "until": text("weekly/until")});
    }
    session
}

pub(super) async fn save(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let session = announced(&entered);
    let saved: Result<IgnoredAny, Problem> = if id == NEW {
        office.send(Method::POST, "/v1/sessions", &entered, &session).await
    } else {
        let version = entered.text("version").parse().unwrap_or_default();
        let path = format!("/v1/sessions/{}", in_address(&id));
        office.visitor().change(Method::PATCH, &path, version, &session).await
    };
    match saved {
        Ok(IgnoredAny) => Ok(office.done("/office/sessions", "stored")),
        // Somebody else changed it: it comes as it stands now.
        Err(problem) if problem.code() == Code::VersionMismatch => {
            let listed = find(&office, &id).await?;
            Ok(page(&office, &id, listed.version, &Entered::of(&shown(&listed)), Some(&problem)))
        }
        Err(problem) => {
            let version = entered.text("version").parse().unwrap_or_default();
            Ok(page(&office, &id, version, &entered, Some(&problem)))
        }
    }
}

pub(super) async fn end(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let path = format!("/v1/sessions/{}", in_address(&id));
    let ended: Result<IgnoredAny, _> = office.send(Method::DELETE, &path, &entered, &Value::Null).await;
    ended.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office/sessions", "ended"))
}
