//! Correcting what is known of a facility: name, kind, place, address, telephones and point.

use axum::{extract::Path, http::Method};
use maud::html;
use serde_json::{Map, Value, json};

use crate::{
    domain::rejection::Code,
    http::Problem,
    locales::Message,
    pages::entered::Entered,
    pages::office::{
        form::{Field, Form, Group},
        frame::{Answer, Office, Posted, Section},
        in_address,
        wire::{Facility, Phone},
    },
};

/// How many lines for telephones stand empty.
const SPARE: usize = 2;

/// What the form shows of a facility, field by field.
fn shown(facility: &Facility) -> Vec<(String, String)> {
    let point = facility.lat.zip(facility.lon).map(|(lat, lon)| format!("{lat}, {lon}"));
    let mut shown = vec![
        ("name".to_owned(), facility.name.clone()),
        ("kind".to_owned(), facility.kind.clone()),
        ("region".to_owned(), facility.region.in_words()),
        ("address".to_owned(), facility.address.clone().unwrap_or_default()),
        ("lat".to_owned(), point.unwrap_or_default()),
    ];
    shown.extend(telephone_fields(&facility.phones));
    shown
}

fn telephone_fields(phones: &[Phone]) -> impl Iterator<Item = (String, String)> {
    phones.iter().enumerate().flat_map(|(place, phone)| {
        let internal = if phone.visibility == "internal" { "true" } else { "" };
        [
            (format!("phones/{place}/number"), phone.number.clone()),
            (format!("phones/{place}/label"), phone.label.clone().unwrap_or_default()),
            (format!("phones/{place}/visibility"), internal.to_owned()),
        ]
    })
}

/// The telephones that were entered, without empty lines.
fn telephones(entered: &Entered) -> Vec<Phone> {
    let lines = (0..).map_while(|place| {
        let field = |part: &str| entered.text(&format!("phones/{place}/{part}")).to_owned();
        entered.is_there(&format!("phones/{place}/number")).then(|| Phone {
            number: field("number"),
            label: Some(field("label")).filter(|label| !label.is_empty()),
            visibility: if field("visibility").is_empty() { "public" } else { "internal" }.to_owned(),
        })
    });
    lines.filter(|phone| !phone.number.is_empty()).collect()
}

/// The members that were changed.
fn patch(entered: &Entered, was: &[(String, String)]) -> Value {
    let before = Entered::of(was);
    let mut patch = Map::new();
    for name in ["name", "kind", "region", "address"] {
        if entered.text(name) != before.text(name) {
            // Only an address may be missing.
            let is_gone = name == "address" && !entered.has(name);
            patch.insert(name.to_owned(), if is_gone { Value::Null } else { entered.text(name).into() });
        }
    }
    if entered.text("lat") != before.text("lat") {
        let (lat, lon) = match entered.text("lat").split_once([',', ';']) {
            Some((lat, lon)) => (degrees(lat), degrees(lon)),
            None => (degrees(entered.text("lat")), Value::Null),
        };
        patch.insert("lat".to_owned(), lat);
        patch.insert("lon".to_owned(), lon);
    }
    let phones = telephones(entered);
    if phones != telephones(&before) {
        patch.insert("phones".to_owned(), json!(phones));
    }
    patch.into()
}

fn degrees(text: &str) -> Value {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(degrees) if degrees.is_finite() => degrees.into(),
        _ if text.is_empty() => Value::Null,
        _ => text.into(),
    }
}

/// What was entered, on top of what stands `now`: a field that was left alone shows what somebody else made of it.
fn on_top(entered: &Entered, was: &[(String, String)], now: &[(String, String)]) -> Entered {
    let (before, now) = (Entered::of(was), Entered::of(now));
    let fields = ["name", "kind", "region", "address", "lat"].map(|name| {
        let is_left_alone = entered.text(name) == before.text(name);
        let text = if is_left_alone { now.text(name) } else { entered.text(name) };
        (name.to_owned(), text.to_owned())
    });
    let phones = telephones(entered);
    let phones = if phones == telephones(&before) { telephones(&now) } else { phones };
    Entered::of(&fields.into_iter().chain(telephone_fields(&phones)).collect::<Vec<_>>())
}

pub(in crate::pages::office) async fn show(office: Office, Path(id): Path<String>) -> Answer {
    let facility = office.facility(&id).await?;
    let entered = Entered::of(&shown(&facility));
    Ok(page(&office, &facility, &entered, None))
}

pub(in crate::pages::office) async fn save(
    Path(id): Path<String>,
    Posted { office, entered }: Posted,
) -> Answer {
    let was: Vec<(String, String)> = serde_json::from_str(entered.text("was")).unwrap_or_default();
    let patch = patch(&entered, &was);
    let path = format!("/v1/facilities/{}", in_address(&id));
    let saved = office.change(&id, |facility| shown(facility) == was, (Method::PATCH, &path), &patch).await;
    match saved {
        Ok(()) => Ok(office.done(&format!("/office/facilities/{}", in_address(&id)), "stored")),
        Err(problem) => {
            let facility = office.facility(&id).await?;
            let is_overtaken = problem.code() == Code::VersionMismatch;
            let now = if is_overtaken { shown(&facility) } else { was.clone() };
            Ok(page(&office, &facility, &on_top(&entered, &was, &now), Some(&problem)))
        }
    }
}

fn page(
    office: &Office,
    facility: &Facility,
    entered: &Entered,
    problem: Option<&Problem>,
) -> axum::response::Response {
    let say = |message: Message| office.say(message);
    let title = say(Message::new("office-mend-title").arg("facility", facility.name.clone()));
    let mut groups = vec![Group::from(vec![
        Field::text("name", say(Message::new("office-name"))),
        Field::text("kind", say(Message::new("office-kind"))).hint(say(Message::new("office-kind-hint"))),
        Field::text("region", say(Message::new("board-region")))
            .hint(say(Message::new("office-region-hint"))),
        Field::text("address", say(Message::new("office-address"))),
        Field::text("lat", say(Message::new("office-point"))).hint(say(Message::new("office-point-hint"))),
    ])];
    for place in 0..telephones(entered).len() + SPARE {
        groups.push(Group {
            name: Some(say(Message::new("office-phone-number").arg("place", place + 1))),
            fields: vec![
                Field::line(format!("phones/{place}/number"), "tel", say(Message::new("office-number"))),
                Field::text(format!("phones/{place}/label"), say(Message::new("office-phone-label"))),
                Field::tick(format!("phones/{place}/visibility"), say(Message::new("office-phone-internal"))),
            ],
        });
    }
    let now = shown(facility);
    let is_overtaken = problem.is_some_and(|problem| problem.code() == Code::VersionMismatch);
    let form = Form {
        office,
        action: &format!("/office/facilities/{}/edit", facility.id),
        groups,
        entered,
        hidden: vec![("was", json!(now).to_string())],
        problem,
        submit: say(Message::new("office-save")),
    };
    let main = html! {
        h1 { (title) }
        @if is_overtaken {
            div .notice {
                h2 { (say(Message::new("office-stands-now"))) }
                ul { @for (_, value) in now.iter().filter(|(_, value)| !value.is_empty() && value != "true") { li { (value) } } }
            }
        }
        (form.markup())
        p { a href=(office.link(&format!("/office/facilities/{}", facility.id))) { (say(Message::new("office-cancel"))) } }
    };
    office.refused(Section::Facilities, problem, title, &main)
}
