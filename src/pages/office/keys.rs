//! Keys of people and systems of the region: made and shown once, listed, revoked.

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    form::{Field, Form},
    frame::{Answer, Office, Posted, Section},
    in_address,
    links::ends,
    table::{Onward, table},
};
use crate::{
    domain::key::{OpenIdentity, Role},
    http::Problem,
    locales::Message,
    pages::entered::Entered,
};

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Listed>,
    next: Option<String>,
}

/// A key, without its secret.
#[derive(Deserialize)]
struct Listed {
    id: String,
    role: Role,
    name: String,
    region: Option<String>,
    openid: Option<OpenIdentity>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Made {
    name: String,
    key: String,
}

/// The roles of keys that the office makes. Links have a page of their own.
const ROLES: [Role; 4] = [Role::Agent, Role::Coordinator, Role::Reporter, Role::Bridge];

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    page(&office, onward, &Entered::default(), None).await
}

async fn page(office: &Office, onward: Onward, entered: &Entered, problem: Option<&Problem>) -> Answer {
    let cursor = onward.parameter("cursor");
    let Keys { keys, next } = office.get(&format!("/v1/keys?limit=50{}{cursor}", office.within())).await?;
    let say = |message: Message| office.say(message);
    let title = say(Section::Keys.name());
    let headings = [
        Message::new("office-key-holder"),
        Message::new("office-role"),
        Message::new("office-last-used"),
        Message::new("office-ends"),
        Message::new("office-actions"),
    ];
    // Links are keys, too, and have a page of their own.
    let rows: Vec<Vec<Markup>> =
        keys.iter().filter(|key| key.role != Role::Link).map(|key| row(office, key)).collect();
    let main = html! {
        h1 { (title) }
        p { (say(Message::new("office-keys-lead"))) }
        (table(&say(Message::new("office-keys-caption")), &headings.map(say), &rows))
        (office.more("/office/keys", next.as_deref()))
        h2 { (say(Message::new("office-make-key"))) }
        (form(office, entered, problem))
    };
    Ok(office.refused(Section::Keys, problem, title, &main))
}

fn row(office: &Office, key: &Listed) -> Vec<Markup> {
    let speaker = office.speaker(office.zone);
    let used = key.last_used_at.map_or(Message::new("office-never-used"), |at| speaker.age(at));
    let is_over = key.revoked_at.is_some() || key.expires_at.is_some_and(|end| end <= office.now());
    vec![
        html! { (key.name) @if let Some(OpenIdentity { issuer, subject }) = &key.openid {
            br; small { (office.say(Message::new("office-key-openid").arg("issuer", issuer.clone()).arg("subject", subject.clone()))) }
        } },
        html! { (office.say(role(key.role))) @if let Some(region) = &key.region { " " small { (region) } } },
        html! { (office.say(used)) },
        html! { (ends(office, key.expires_at, key.revoked_at)) },
        html! { @if !is_over {
            (office.button(&format!("/office/keys/{}/revoke", key.id), &office.say(Message::new("office-revoke")), &[]))
        } },
    ]
}

fn role(role: Role) -> Message {
    Message::new("office-role-name").arg("role", role.name())
}

fn form(office: &Office, entered: &Entered, problem: Option<&Problem>) -> Markup {
    let say = |message: Message| office.say(message);
    let roles = ROLES.map(|known| (known.name().to_owned(), say(role(known))));
    let region = office.region.as_ref().map(|region| region.name.clone());
    let fields = vec![
        Field::choice("role", say(Message::new("office-role")), roles.to_vec()),
        Field::text("name", say(Message::new("office-key-holder"))),
        Field::text("region", say(Message::new("board-region")))
            .hint(say(Message::new("office-key-region-hint").arg("region", region))),
        Field::text("facilities", say(Message::new("office-key-facilities")))
            .hint(say(Message::new("office-key-facilities-hint"))),
        Field::number("expires_days", say(Message::new("office-link-days")))
            .hint(say(Message::new("office-key-days-hint"))),
    ];
    let (groups, hidden) = (vec![fields.into()], Vec::new());
    let submit = say(Message::new("office-make-key"));
    Form { office, action: "/office/keys", groups, entered, hidden, problem, submit }.markup()
}

/// The page with the key is the answer itself: it is shown this once.
pub(super) async fn create(Posted { office, entered }: Posted) -> Result<Response, Response> {
    let facilities: Vec<&str> =
        entered.text("facilities").split([',', ' ']).filter(|id| !id.is_empty()).collect();
    let mut body = json!({"role": entered.text("role"), "facilities": facilities});
    for name in ["name", "region"] {
        if let Some(text) = entered.given(name) {
            body[name] = text.into();
        }
    }
    let needs_region = ["agent", "coordinator"].contains(&entered.text("role")) && !entered.has("region");
    if let Some(region) = office.region.as_ref().filter(|_| needs_region) {
        body["region"] = (*region.code).into();
    }
    if entered.has("expires_days") {
        body["expires_days"] = entered.number("expires_days");
    }
    let made: Result<Made, Problem> = office.send(Method::POST, "/v1/keys", &entered, &body).await;
    match made {
        Ok(Made { name, key }) => {
            let title = office.say(Message::new("office-key-made"));
            let main = html! {
                h1 { (title) }
                p .lead { (name) }
                p .notice { (office.say(Message::new("office-shown-once"))) }
                p .secret { code { (key) } }
                p { (office.say(Message::new("office-key-made-next"))) }
                p { a href=(office.link("/office/keys")) { (office.say(Section::Keys.name())) } }
            };
            Ok(office.page(Section::Keys, title, &main))
        }
        Err(problem) => page(&office, Onward::default(), &entered, Some(&problem)).await,
    }
}

pub(super) async fn revoke(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let path = format!("/v1/keys/{}", in_address(&id));
    let revoked: Result<IgnoredAny, _> = office.send(Method::DELETE, &path, &entered, &Value::Null).await;
    revoked.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office/keys", "revoked"))
}
