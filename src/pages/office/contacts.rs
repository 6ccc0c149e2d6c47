//! Whom to call when the directory has no answer: the contacts of the region and below.

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    form::{Field, Form},
    frame::{Answer, Office, Posted, Section},
    in_address,
    table::{Onward, table},
    telephone,
    wire::Contact,
};
use crate::{
    http::{Problem, no_such_page},
    locales::Message,
    pages::entered::Entered,
};

/// What stands in the address in place of the id of one that is added.
const NEW: &str = "new";

#[derive(Deserialize)]
struct Contacts {
    contacts: Vec<Contact>,
    next: Option<String>,
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let cursor = onward.parameter("cursor");
    let Contacts { contacts, next } =
        office.get(&format!("/v1/contacts?limit=50{}{cursor}", office.within())).await?;
    let say = |message: Message| office.say(message);
    let title = say(Section::Contacts.name());
    let rows: Vec<Vec<Markup>> = contacts.iter().map(|contact| row(&office, contact)).collect();
    let headings = [
        Message::new("office-name"),
        Message::new("board-region"),
        Message::new("office-telephone"),
        Message::new("office-actions"),
    ];
    let main = html! {
        h1 { (title) }
        p { (say(Message::new("office-contacts-lead"))) }
        @if rows.is_empty() { p .notice { (say(Message::new("office-contacts-none"))) } }
        @else { (table(&title, &headings.map(say), &rows)) }
        (office.more("/office/contacts", next.as_deref()))
        p { a .button href=(office.link("/office/contacts/new")) { (say(Message::new("office-contact-add"))) } }
    };
    Ok(office.page(Section::Contacts, title, &main))
}

fn row(office: &Office, contact: &Contact) -> Vec<Markup> {
    let path = format!("/office/contacts/{}", contact.id);
    let region = contact.region.as_ref().map_or("Indonesia", |region| &*region.name);
    vec![
        html! { (contact.name) small { (contact.role) } },
        html! { (region) },
        html! { (telephone(&contact.phone)) @if contact.visibility == "internal" { " " small { (office.say(Message::new("office-internal"))) } } },
        html! { div .actions {
            a href=(office.link(&path)) { (office.say(Message::new("office-change"))) span .hidden { " " (contact.name) } }
            (office.button(&format!("{path}/end"), &office.say(Message::new("office-remove")), &[]))
        } },
    ]
}

/// The contact with this id, among those of the region.
async fn find(office: &Office, id: &str) -> Result<Contact, Response> {
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/contacts?limit=200{}{cursor}", office.within());
        let Contacts { contacts, next } = office.get(&path).await?;
        if let Some(contact) = contacts.into_iter().find(|contact| contact.id == id) {
            return Ok(contact);
        }
        let next = next.ok_or_else(|| office.problem(&no_such_page()))?;
        cursor = format!("&cursor={}", in_address(&next));
    }
}

pub(super) async fn show(office: Office, Path(id): Path<String>) -> Answer {
    let own = office.region.as_ref().map_or_else(String::new, |region| region.name.clone());
    let fields = if id == NEW {
        vec![("region".to_owned(), own)]
    } else {
        let Contact { name, role, phone, region, visibility, .. } = find(&office, &id).await?;
        let internal = if visibility == "internal" { "true" } else { "" };
        let region = region.map_or_else(String::new, |region| region.code);
        [
            ("name", name),
            ("role", role),
            ("phone", phone),
            ("region", region),
            ("visibility", internal.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    };
    Ok(page(&office, &id, &Entered::of(&fields), None))
}

fn page(office: &Office, id: &str, entered: &Entered, problem: Option<&Problem>) -> Response {
    let say = |message: Message| office.say(message);
    let title = say(if id == NEW {
        Message::new("office-contact-add")
    } else {
        Message::new("office-contact-change")
    });
    let fields = vec![
        Field::text("name", say(Message::new("office-name")))
            .hint(say(Message::new("office-contact-name-hint"))),
        Field::text("role", say(Message::new("office-contact-role")))
            .hint(say(Message::new("office-contact-role-hint"))),
        Field::line("phone", "tel", say(Message::new("office-telephone"))),
        Field::text("region", say(Message::new("board-region")))
            .hint(say(Message::new("office-region-hint"))),
        Field::tick("visibility", say(Message::new("office-phone-internal"))),
    ];
    let action = format!("/office/contacts/{}", in_address(id));
    let (groups, hidden) = (vec![fields.into()], Vec::new());
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
        p { a href=(office.link("/office/contacts")) { (say(Message::new("office-cancel"))) } }
    };
    office.refused(Section::Contacts, problem, title, &main)
}

pub(super) async fn save(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let visibility = if entered.has("visibility") { "internal" } else { "public" };
    let mut body = json!({
        "name": entered.text("name"), "role": entered.text("role"), "phone": entered.text("phone"),
        "visibility": visibility,
    });
    if let Some(region) = entered.given("region") {
        body["region"] = region.into();
    }
    let (method, path) = if id == NEW {
        (Method::POST, "/v1/contacts".to_owned())
    } else {
        (Method::PUT, format!("/v1/contacts/{}", in_address(&id)))
    };
    let saved: Result<IgnoredAny, _> = office.send(method, &path, &entered, &body).await;
    match saved {
        Ok(IgnoredAny) => Ok(office.done("/office/contacts", "stored")),
        Err(problem) => Ok(page(&office, &id, &entered, Some(&problem))),
    }
}

pub(super) async fn end(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let path = format!("/v1/contacts/{}", in_address(&id));
    let ended: Result<IgnoredAny, _> = office.send(Method::DELETE, &path, &entered, &Value::Null).await;
    ended.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office/contacts", "ended"))
}
