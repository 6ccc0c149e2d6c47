//! A facility: all its numbers, where it is, whom to call, and how one gets in.

use axum::{extract::Path, http::HeaderMap, response::Response};
use maud::{Markup, html};

use super::{
    in_address, places, respond, totals,
    view::{Content, above},
};
use crate::{
    http::{Problem, Visitor},
    locales::Message,
    pages::frame::telephone,
    pages::wire::{Facility, Found, Known, Session},
};

/// How many of the next sessions it shows.
const MOST_SESSIONS: usize = 6;

pub(in crate::pages) async fn show(visitor: Visitor, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let id = in_address(&id);
    let content = read(&visitor, &id).await;
    respond(&visitor, &format!("/facilities/{id}"), &headers, content)
}

async fn read(visitor: &Visitor, id: &str) -> Result<Content, Problem> {
    let facility: Facility = visitor.get(&format!("/v1/facilities/{id}")).await?;
    let place = &facility.place;
    let near = format!("/v1/vaccinations?region={}&min=0&limit=200", place.region.code);
    let vaccinators: Found = visitor.get(&near).await?;
    let own = vaccinators.facilities.into_iter().find(|vaccinator| vaccinator.id == place.id);
    Ok(written(visitor, &facility, &own.map(|own| own.sessions).unwrap_or_default()))
}

fn written(visitor: &Visitor, facility: &Facility, sessions: &[Session]) -> Content {
    let say = |message: Message| visitor.say(message);
    let Facility { place, address, closed, intake, contacts, .. } = facility;
    let title = say(Message::new("board-region-title").arg("region", &place.name));
    let free = place.availability.iter().filter(|known| known.available.is_some_and(|free| free > 0));
    let free: Vec<String> = free.map(|known| places::told(visitor, known)).collect();
    let description = if free.is_empty() { places::above(&place.region) } else { free.join(". ") };
    let main = html! {
        (above(visitor, &place.region.path, &format!("{}.", place.region.code)))
        h1 { (place.name) }
        @if place.simulated { p .quiet { (say(Message::new("page-simulated"))) } }
        @if *closed { p .notice { (say(Message::new("facility-has-closed"))) } }
        @if let Some(address) = address { p { (address) } }
        p .calls {
            @for phone in &place.phones {
                (telephone(&phone.number))
                @if let Some(label) = &phone.label { " " small { (label) } }
                " "
            }
            @if let (Some(lat), Some(lon)) = (facility.lat, facility.lon) {
                a href={ "geo:" (lat) "," (lon) } { (say(Message::new("board-open-map"))) }
            }
        }
        @if place.availability.is_empty() && sessions.is_empty() {
            p .notice { (say(Message::new("board-no-numbers"))) }
        }
        @if !place.availability.is_empty() { (numbers(visitor, &place.availability)) }
        @if !sessions.is_empty() {
            h2 { (say(Message::new("board-vaccination"))) }
            ul { @for session in sessions.iter().take(MOST_SESSIONS) { li { (places::occurrence(visitor, session)) } } }
        }
        @if let Some(intake) = intake {
            h2 { (say(Message::new("board-intake"))) }
            ul { @for (part, text) in [
                ("criteria", &intake.criteria), ("referral", &intake.referral), ("pickup", &intake.pickup), ("bring", &intake.bring),
            ] {
                @if let Some(text) = text { li { (say(Message::new("intake").arg("part", part).arg("text", text))) } }
            } }
        }
        (places::contacts(visitor, contacts))
    };
    Content { title, description, feed: None, main }
}

fn numbers(visitor: &Visitor, known: &[Known]) -> Markup {
    let say = |message: Message| visitor.say(message);
    let caption = say(Message::new("board-numbers"));
    html! {
        h2 { (caption) }
        (totals::scrolling(&caption, &html! { table {
            thead { tr {
                th scope="col" { (say(Message::new("board-type"))) }
                th scope="col" .number { (say(Message::new("form-available"))) }
                th scope="col" .number { (say(Message::new("form-capacity"))) }
                th scope="col" .number .optional { (say(Message::new("form-occupied"))) }
                th scope="col" .number { (say(Message::new("form-queue"))) }
            } }
            tbody { @for known in known {
                @let is_free = known.available.is_some_and(|free| free > 0) && !places::is_doubtful(known);
                tr {
                    th scope="row" { (known.label) " " (places::age(visitor, known)) }
                    td .number { strong .free[is_free] { (totals::count(visitor, known.available)) } }
                    td .number { (totals::count(visitor, known.capacity)) }
                    td .number .optional { (totals::count(visitor, known.occupied)) }
                    td .number { (totals::count(visitor, known.queue)) }
                }
            } }
        } }))
    }
}
