//! Facilities as cards: what is free and how old that is, where it is, and whom to call.

use maud::{Markup, html};

use crate::pages::wire::{Contact, Found, Known, Lineage, Place, Session};
use crate::{
    domain::{freshness::Freshness, ranking::Tier, region::Zone},
    http::Visitor,
    locales::Message,
    pages::frame::telephone,
    render::text::Speaker,
};

/// How many of its types a card shows: the rest stands on the page of the facility.
const MOST_TYPES: usize = 4;

pub(super) fn places(visitor: &Visitor, found: &Found) -> Markup {
    html! { ol .places { @for place in &found.facilities { (card(visitor, place)) } } }
}

fn card(visitor: &Visitor, place: &Place) -> Markup {
    let say = |message: Message| visitor.say(message);
    let distance = place.distance_km.filter(|_| !place.distance_rough);
    let more = place.availability.len().saturating_sub(MOST_TYPES);
    html! {
        li {
            h3 {
                a href=(visitor.link(&format!("/facilities/{}", place.id))) { (place.name) }
                @if place.simulated { " " small { "· " (say(Message::new("page-simulated"))) } }
            }
            p .quiet {
                (above(&place.region))
                @if let Some(km) = distance { " · " (say(Message::new("board-distance").arg("km", format!("{km:.0}")))) }
            }
            @if matches!(place.tier, Some(Tier::Stale)) { p .stale { (say(Message::new("board-call-first"))) } }
            @for known in place.availability.iter().take(MOST_TYPES) { (numbers(visitor, known)) }
            @if more > 0 { p .quiet { (say(Message::new("board-more-types").arg("n", more))) } }
            @for session in &place.sessions { p { (occurrence(visitor, session)) } }
            p .calls {
                @for phone in place.phones.iter().take(2) { (telephone(&phone.number)) " " }
                @if let Some(contact) = place.contact.as_ref().filter(|_| place.phones.is_empty()) {
                    (contact.name) ": " (telephone(&contact.phone))
                }
            }
        }
    }
}

/// Where it is, the nearest first: `Tembalang, Kota Semarang, Jawa Tengah`.
pub(super) fn above(region: &Lineage) -> String {
    region.path.iter().rev().map(|name| &**name).collect::<Vec<_>>().join(", ")
}

/// The numbers of a type in a line.
fn numbers(visitor: &Visitor, known: &Known) -> Markup {
    let is_free = known.available.is_some_and(|free| free > 0) && !is_doubtful(known);
    html! { p { span .free[is_free] { (told(visitor, known)) } " " (age(visitor, known)) } }
}

/// `ICU tanpa ventilator: kosong 4 dari 10`.
pub(super) fn told(visitor: &Visitor, known: &Known) -> String {
    visitor.say(
        Message::new("form-outcome")
            .arg("type", &known.label)
            .arg("available", known.available)
            .arg("capacity", known.capacity)
            .arg("before", None::<u32>),
    )
}

/// How old the numbers are, and whether they can be believed.
pub(super) fn age(visitor: &Visitor, known: &Known) -> Markup {
    let speaker = speaker(visitor);
    let is_doubtful = is_doubtful(known);
    html! {
        small .stale[is_doubtful] {
            (speaker.say(speaker.age(known.observed_at)))
            @if is_doubtful { ", " (visitor.say(Message::new("board-old"))) }
        }
    }
}

pub(super) fn is_doubtful(known: &Known) -> bool {
    known.freshness == Freshness::Stale || known.disputed
}

pub(super) fn occurrence(visitor: &Visitor, session: &Session) -> String {
    visitor.say(session.in_words(speaker(visitor).day(session.date), session.left))
}

/// Who tells ages and days, which are the same on every clock.
fn speaker(visitor: &Visitor) -> Speaker {
    Speaker { language: visitor.language, zone: Zone::Wib, now: visitor.now() }
}

/// The offices to call.
pub(super) fn contacts(visitor: &Visitor, contacts: &[Contact]) -> Markup {
    html! {
        @if !contacts.is_empty() {
            h2 #contacts { (visitor.say(Message::new("board-contacts"))) }
            ul { @for contact in contacts.iter().take(5) { li { (contact.name) ": " (telephone(&contact.phone)) } } }
        }
    }
}
