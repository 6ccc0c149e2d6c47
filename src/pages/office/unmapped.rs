//! Rooms that count for no type, and the type that their code means from now on.

use std::collections::BTreeMap;

use axum::{extract::Query, http::Method};
use maud::{Markup, html};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;

use super::{
    facility::in_numbers,
    frame::{Answer, Office, Posted, Section},
    in_address, numbers,
    table::{Onward, table},
    wire::Brief,
};
use crate::{
    domain::{
        key::Role,
        rejection::{Code, Rejection},
    },
    locales::Message,
    pages::wire::{Numbers, Type},
};

#[derive(Deserialize)]
struct Unmapped {
    unmapped: Vec<Room>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Room {
    facility: Brief,
    code: Option<String>,
    #[serde(rename = "room")]
    id: String,
    name: String,
    #[serde(flatten)]
    numbers: Numbers,
}

pub(super) async fn list(office: Office, Query(onward): Query<Onward>) -> Answer {
    let cursor = onward.parameter("cursor");
    let path = format!("/v1/unmapped?limit=100{}{cursor}", office.within());
    let Unmapped { unmapped, next } = office.get(&path).await?;
    let types = numbers::counted(&office).await?;
    // One code means one type, whoever uses it.
    let mut codes: BTreeMap<Option<&str>, Vec<&Room>> = BTreeMap::new();
    for room in &unmapped {
        codes.entry(room.code.as_deref()).or_default().push(room);
    }
    let title = office.say(Section::Unmapped.name());
    let main = html! {
        h1 { (title) }
        p { (office.say(Message::new("office-unmapped-lead"))) }
        @if unmapped.is_empty() { p .done { (office.say(Message::new("office-unmapped-none"))) } }
        @for (code, rooms) in &codes { (of_code(&office, *code, rooms, &types)) }
        (office.more("/office/unmapped", next.as_deref()))
    };
    Ok(office.page(Section::Unmapped, title, &main))
}

/// The rooms with one code, and what it may mean.
fn of_code(office: &Office, code: Option<&str>, rooms: &[&Room], types: &[Type]) -> Markup {
    let say = |message: Message| office.say(message);
    let heading = say(Message::new("office-code").arg("code", code.map(str::to_owned)));
    let rows: Vec<Vec<Markup>> = rooms
        .iter()
        .map(|room| {
            vec![
                html! { a href=(office.link(&format!("/office/facilities/{}", room.facility.id))) { (room.facility.name) } },
                html! { (room.name) " " small { (room.id) } },
                html! { (in_numbers(office, room.numbers)) },
            ]
        })
        .collect();
    let headings =
        [Message::new("office-facility"), Message::new("office-room"), Message::new("office-standing")];
    html! {
        h2 { (heading) }
        (table(&heading, &headings.map(say), &rows))
        @match code {
            // Types are the same for the whole country.
            Some(code) if office.role() == Role::Admin => form .fields method="post" action=(office.link("/office/unmapped")) {
                (office.token())
                input type="hidden" name="key" value=(office.visitor().idempotency_key());
                input type="hidden" name="code" value=(code);
                label { (say(Message::new("office-means")))
                    select name="type" { @for known in types { option value=(known.code) { (known.label) } } }
                }
                button { (say(Message::new("office-map"))) }
            },
            Some(_) => p .quiet { (say(Message::new("office-map-admin"))) },
            None => p .quiet { (say(Message::new("office-map-no-code"))) },
        }
    }
}

/// Says which type a code means.
pub(super) async fn map(Posted { office, entered }: Posted) -> Answer {
    let types = numbers::counted(&office).await?;
    let Some(known) = types.iter().find(|known| known.code == entered.text("type")) else {
        let detail = Message::new("office-which-type");
        return Err(office.problem(&Rejection::new(Code::UnknownType, "/type", detail).into()));
    };
    let mut codes = known.external_codes.clone();
    codes.push(entered.text("code").to_owned());
    let path = format!("/v1/types/{}", in_address(&known.code));
    let mapped: Result<IgnoredAny, _> =
        office.send(Method::PATCH, &path, &entered, &json!({"external_codes": codes})).await;
    mapped.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office/unmapped", "mapped"))
}
