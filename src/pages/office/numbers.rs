//! Correcting a number of a facility, or saying that it is right.

use axum::{
    extract::{Path, Query},
    http::Method,
    response::Response,
};
use maud::html;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    facility::in_numbers,
    form::{Field, Form},
    frame::{Answer, Office, Posted, Section},
    in_address,
    wire::Facility,
};
use crate::{
    domain::rejection::Code,
    http::Problem,
    locales::Message,
    pages::entered::Entered,
    pages::wire::{Numbers, Type, Types},
};

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(rename = "type")]
    code: Option<String>,
}

/// The numbers of a type as they stand.
fn standing(facility: &Facility, code: &str) -> Numbers {
    let known = facility.availability.iter().find(|known| known.code == code);
    known.map(|known| known.numbers).unwrap_or_default()
}

/// The numbers that a form showed.
fn shown(entered: &Entered) -> Numbers {
    serde_json::from_str(entered.text("was")).unwrap_or_default()
}

/// The types that count places.
pub(super) async fn counted(office: &Office) -> Result<Vec<Type>, Response> {
    let Types { types } = office.get("/v1/types").await?;
    Ok(types.into_iter().filter(|known| !known.retired && known.kind != "vaccination").collect())
}

pub(super) async fn show(
    office: Office,
    Path(id): Path<String>,
    Query(Wanted { code }): Query<Wanted>,
) -> Answer {
    let facility = office.facility(&id).await?;
    let types = counted(&office).await?;
    let Some(resource) = code.and_then(|code| types.iter().find(|known| known.code == code)) else {
        return Ok(choice(&office, &facility, &types));
    };
    let prefix = format!("values/{}/", resource.code);
    let numbers = standing(&facility, &resource.code).texts();
    let numbers: Vec<_> = numbers.into_iter().map(|(name, text)| (format!("{prefix}{name}"), text)).collect();
    Ok(page(&office, &facility, resource, &Entered::of(&numbers), None))
}

/// Which number it is.
fn choice(office: &Office, facility: &Facility, types: &[Type]) -> Response {
    let title = office.say(Message::new("office-which-number"));
    let (own, others): (Vec<&Type>, Vec<&Type>) =
        types.iter().partition(|known| facility.availability.iter().any(|own| own.code == known.code));
    let link = |known: &Type| {
        let path = format!("/office/facilities/{}/numbers?type={}", facility.id, in_address(&known.code));
        html! { li { a href=(office.link(&path)) { (known.label) } } }
    };
    let main = html! {
        h1 { (title) }
        p { (facility.name) }
        ul .pick { @for known in own { (link(known)) } }
        details open[facility.availability.is_empty()] {
            summary { (office.say(Message::new("form-more-types"))) }
            ul .pick { @for known in others { (link(known)) } }
        }
    };
    office.page(Section::Facilities, title, &main)
}

fn page(
    office: &Office,
    facility: &Facility,
    resource: &Type,
    entered: &Entered,
    problem: Option<&Problem>,
) -> Response {
    let say = |message: Message| office.say(message);
    let title = say(Message::new("office-number-title").arg("type", resource.label.clone()));
    let field =
        |name: &str, label: Message| Field::number(format!("values/{}/{name}", resource.code), say(label));
    let fields = vec![
        field("available", Message::new("form-available")),
        field("capacity", Message::new("office-capacity")),
        field("occupied", Message::new("form-occupied")),
        field("queue", Message::new("form-queue")),
    ];
    let now = standing(facility, &resource.code);
    let form = Form {
        office,
        action: &format!("/office/facilities/{}/numbers", facility.id),
        groups: vec![fields.into()],
        entered,
        hidden: vec![("type", resource.code.clone()), ("was", json!(now).to_string())],
        problem,
        submit: say(Message::new("office-save")),
    };
    let is_overtaken = problem.is_some_and(|problem| problem.code() == Code::VersionMismatch);
    let main = html! {
        h1 { (title) }
        p { (facility.name) }
        @if is_overtaken {
            p .notice { (say(Message::new("office-stands-now"))) ": " (in_numbers(office, now)) }
        } @else {
            p .quiet { (say(Message::new("office-number-hint"))) }
        }
        (form.markup())
        p { a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (say(Message::new("office-cancel"))) } }
    };
    office.refused(Section::Facilities, problem, title, &main)
}

pub(super) async fn save(Path(id): Path<String>, Posted { office, entered }: Posted) -> Answer {
    let code = entered.text("type").to_owned();
    let numbers: Map<String, Value> = Numbers::default()
        .texts()
        .into_iter()
        .map(|(name, _)| (name.to_owned(), entered.number(&format!("values/{code}/{name}"))))
        .collect();
    let was = shown(&entered);
    // Whoever corrects a number has looked at it: it is asked back nowhere.
    let path = format!("/v1/facilities/{}/availability?confirm=true", in_address(&id));
    let body = json!({"values": {&*code: numbers}});
    let still_stands = |facility: &Facility| standing(facility, &code) == was;
    match office.change(&id, still_stands, (Method::PUT, &path), &body).await {
        Ok(()) => Ok(office.done(&format!("/office/facilities/{}", in_address(&id)), "number")),
        Err(problem) => {
            let facility = office.facility(&id).await?;
            let types = counted(&office).await?;
            let resource = types.iter().find(|known| known.code == code);
            let resource = resource.ok_or_else(|| office.problem(&problem))?;
            Ok(page(&office, &facility, resource, &entered, Some(&problem)))
        }
    }
}

/// Says that a number is right as it was shown.
pub(super) async fn confirm(Posted { office, entered }: Posted) -> Answer {
    let (id, code, was) = (entered.text("facility"), entered.text("type"), shown(&entered));
    let path = format!("/v1/facilities/{}/availability/confirm", in_address(id));
    let still_stands = |facility: &Facility| standing(facility, code) == was;
    let confirmed = office.change(id, still_stands, (Method::POST, &path), &json!({"types": [code]})).await;
    confirmed.map_err(|problem| office.problem(&problem))?;
    Ok(office.done("/office", "confirmed"))
}
