//! Adding an isolation site in a minute: its name, where it is, how many places, whom to call; at the end it has a link.

use axum::{http::Method, response::Response};
use maud::html;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    form::{Field, Form, Group},
    frame::{Answer, Office, Posted, Section},
    links, numbers,
};
use crate::{http::Problem, locales::Message, pages::entered::Entered, pages::wire::Type};

#[derive(Deserialize)]
struct Changed {
    facility: Added,
}

#[derive(Deserialize)]
struct Added {
    id: String,
}

async fn isolation(office: &Office) -> Result<Vec<Type>, Response> {
    Ok(numbers::counted(office).await?.into_iter().filter(|known| known.kind == "isolation").collect())
}

pub(super) async fn show(office: Office) -> Answer {
    let types = isolation(&office).await?;
    Ok(page(&office, &types, &Entered::default(), None))
}

fn page(office: &Office, types: &[Type], entered: &Entered, problem: Option<&Problem>) -> Response {
    let say = |message: Message| office.say(message);
    let title = say(Section::Site.name());
    let mut groups = vec![Group::from(vec![
        Field::text("name", say(Message::new("office-name")))
            .hint(say(Message::new("office-site-name-hint"))),
        Field::text("region", say(Message::new("board-region")))
            .hint(say(Message::new("office-region-hint"))),
        Field::line("phones/0/number", "tel", say(Message::new("office-telephone")))
            .hint(say(Message::new("office-site-phone-hint"))),
    ])];
    groups.extend(types.iter().map(|known| Group {
        name: Some(known.label.clone()),
        fields: vec![
            Field::number(format!("values/{}/capacity", known.code), say(Message::new("office-capacity"))),
            Field::number(format!("values/{}/available", known.code), say(Message::new("office-free-now"))),
        ],
    }));
    let main = html! {
        h1 { (title) }
        p { (say(Message::new("office-site-lead"))) }
        (Form {
            office,
            action: "/office/sites/new",
            groups,
            entered,
            hidden: vec![("facility", entered.text("facility").to_owned())],
            problem,
            submit: say(Message::new("office-site-add")),
        }.markup())
    };
    office.refused(Section::Site, problem, title, &main)
}

/// The page with the link is the answer itself: the link is shown this once.
pub(super) async fn save(Posted { office, entered }: Posted) -> Answer {
    let types = isolation(&office).await?;
    let mut entered = entered;
    match add(&office, &types, &mut entered).await {
        Ok((id, made)) => {
            let facility = office.facility(&id).await?;
            let title = office.say(Message::new("office-site-added"));
            let main = html! {
                h1 { (title) }
                p .done role="status" { (office.say(Message::new("office-site-added-next"))) }
                (links::shown_once(&office, &facility, &made))
            };
            Ok(office.page(Section::Site, title, &main))
        }
        Err(problem) => Ok(page(&office, &types, &entered, Some(&problem))),
    }
}

/// Adds the site, states its numbers, and makes a link. Where the numbers are refused, the site is there already, and the
/// form that comes again changes it.
async fn add(
    office: &Office,
    types: &[Type],
    entered: &mut Entered,
) -> Result<(String, links::Made), Problem> {
    let mut site =
        json!({"name": entered.text("name"), "kind": "isolation_site", "region": entered.text("region")});
    if let Some(number) = entered.given("phones/0/number") {
        site["phones"] = json!([{"number": number}]);
    }
    let known = entered.given("facility").map(str::to_owned);
    let Changed { facility: Added { id } } = match known {
        Some(id) => {
            office
                .send(Method::PATCH, &format!("/v1/facilities/{}", super::in_address(&id)), entered, &site)
                .await?
        }
        None => office.send(Method::POST, "/v1/facilities", entered, &site).await?,
    };
    *entered = std::mem::take(entered).and(&[("facility".to_owned(), id.clone())]);
    let stated = types.iter().filter_map(|known| {
        let field = |name: &str| entered.number(&format!("values/{}/{name}", known.code));
        let (capacity, available) = (field("capacity"), field("available"));
        let is_stated = capacity != Value::Null || available != Value::Null;
        is_stated.then(|| (known.code.clone(), json!({"capacity": capacity, "available": available})))
    });
    let values: Map<String, Value> = stated.collect();
    if !values.is_empty() {
        let path = format!("/v1/facilities/{id}/availability");
        let key = format!("{}-numbers", entered.text("key"));
        let body = json!({"values": values});
        let _: serde::de::IgnoredAny = office.visitor().send(Method::PUT, &path, &key, &body).await?;
    }
    let made = links::make(office, &id, &Entered::default()).await?;
    Ok((id, made))
}
