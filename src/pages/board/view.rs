//! The public pages, written.

use maud::{Markup, html};

use super::{
    Contact, Found, Kind, Known, Lineage, Overview, Place, Places, Region, Session, Summary, Total,
    in_address,
};
use crate::{
    domain::{freshness::Freshness, ranking::Tier, region::Zone},
    http::{Problem, Visitor},
    locales::Message,
    pages::frame::Page,
    render::text::Speaker,
};

/// A page's title and what stands in it.
pub(super) struct Content {
    title: String,
    main: Markup,
}

pub(super) fn page<'a>(visitor: &'a Visitor, path: &'a str, content: Content) -> Page<'a> {
    Page { visitor, path, title: content.title, head: html! {}, main: content.main }
}

/// The first page: one box, and the provinces.
pub(super) fn country(visitor: &Visitor, provinces: &[Region]) -> Content {
    let title = visitor.say(Message::new("board-title"));
    let main = html! {
        h1 { (title) }
        p .lead { (visitor.say(Message::new("board-lead"))) }
        (find(visitor, ""))
        h2 { (visitor.say(Message::new("board-provinces"))) }
        ul .columns { @for province in provinces { li { (link_to(visitor, province)) } } }
    };
    Content { title, main }
}

/// The box for a question.
fn find(visitor: &Visitor, question: &str) -> Markup {
    html! {
        form .find method="get" action="/" role="search" {
            label .wide {
                (visitor.say(Message::new("board-question")))
                input .wide type="search" name="q" value=(question) required maxlength="300" autocapitalize="none";
            }
            @if visitor.language_is_named { input type="hidden" name="lang" value=(visitor.language.tag()); }
            button .primary { (visitor.say(Message::new("board-find"))) }
        }
    }
}

fn link_to(visitor: &Visitor, region: &Region) -> Markup {
    html! { a href=(visitor.link(&format!("/regions/{}", region.code))) { (region.name) } }
}

/// A region at a glance.
pub(super) fn region(visitor: &Visitor, lineage: &Lineage, overview: &Overview, nearest: &Places) -> Content {
    let say = |message: Message| visitor.say(message);
    let Summary { region, beds, isolation, vaccination, completeness } = &overview.summary;
    let title = say(Message::new("board-region-title").arg("region", &region.name));
    let main = html! {
        (above(visitor, lineage, region))
        h1 { (region.name) }
        p { (say(Message::new("board-reporting")
            .arg("facilities", completeness.facilities)
            .arg("fresh", completeness.fresh)
            .arg("aging", completeness.aging))) }
        (find(visitor, ""))
        (kind(visitor, Message::new("board-beds"), beds))
        (kind(visitor, Message::new("board-isolation"), isolation))
        (kind(visitor, Message::new("board-vaccination"), vaccination))
        @if !nearest.facilities.is_empty() {
            h2 { (say(Message::new("board-beds-at"))) }
            (places(visitor, nearest))
        }
        @if !overview.children.is_empty() { (children(visitor, &overview.children)) }
        (contacts(visitor, &overview.contacts))
    };
    Content { title, main }
}

/// The regions above, each a link: the code of a region begins with theirs.
fn above(visitor: &Visitor, lineage: &Lineage, region: &Region) -> Markup {
    let ends = region.code.match_indices('.').map(|(end, _)| end);
    let above = lineage.path.iter().zip(ends).map(|(name, end)| (name, &region.code[..end]));
    html! {
        nav aria-label=(visitor.say(Message::new("board-above"))) {
            a href=(visitor.link("/")) { "Indonesia" }
            @for (name, code) in above { " › " a href=(visitor.link(&format!("/regions/{code}"))) { (name) } }
        }
    }
}

/// What a region has of one kind, with a bar for each type.
fn kind(visitor: &Visitor, name: Message, kind: &Kind) -> Markup {
    let say = |message: Message| visitor.say(message);
    html! {
        h2 { (say(name)) }
        @if kind.facilities == 0 {
            p .quiet { (say(Message::new("board-nothing-recorded"))) }
        } @else {
            @let caption = say(Message::new("board-having").arg("available", kind.facilities_available).arg("facilities", kind.facilities));
            (scrolling(&caption, &html! { table .totals {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (say(Message::new("board-type"))) }
                    th scope="col" .number { (say(Message::new("form-available"))) }
                    th scope="col" .number { (say(Message::new("form-capacity"))) }
                    th scope="col" .optional { (say(Message::new("board-share"))) }
                } }
                tbody { @for total in &kind.totals { (total_row(visitor, total)) } }
            } }))
        }
    }
}

/// What may be wider than the screen: it scrolls by itself, by the keyboard, too.
fn scrolling(name: &str, content: &Markup) -> Markup {
    html! { div .scroll role="region" aria-label=(name) tabindex="0" { (content) } }
}

fn total_row(visitor: &Visitor, total: &Total) -> Markup {
    let say = |message: Message| visitor.say(message);
    let doubt = Message::new("overview-doubt")
        .arg("stale", total.available_stale.unwrap_or_default())
        .arg("unknown", total.facilities_unknown);
    let doubt = say(doubt);
    let count = |count: Option<u64>| {
        count.map_or_else(|| say(Message::new("board-unknown")), |count| count.to_string())
    };
    html! {
        tr {
            th scope="row" {
                (total.label)
                small { (say(Message::new("board-at").arg("available", total.facilities_available).arg("facilities", total.facilities))) (doubt) }
            }
            td .number { (count(total.available)) }
            td .number { (count(total.capacity)) }
            td .optional { @if let Some(capacity) = total.capacity.filter(|capacity| *capacity > 0) { (meter(visitor, total, capacity)) } }
        }
    }
}

/// A bar of those facilities that state their capacity: in use, free, and the rest, of which nobody knows.
fn meter(visitor: &Visitor, total: &Total, capacity: u64) -> Markup {
    let (used, free) =
        (total.occupied_of_capacity.unwrap_or_default(), total.available_of_capacity.unwrap_or_default());
    let text = Message::new("board-bar").arg("used", used).arg("free", free).arg("capacity", capacity);
    html! {
        svg .meter role="img" aria-label=(visitor.say(text)) viewBox={ "0 0 " (capacity) " 1" } preserveAspectRatio="none" {
            rect .all width=(capacity) height="1" {}
            rect .used width=(used) height="1" {}
            rect .free x=(used) width=(free) height="1" {}
        }
    }
}

fn children(visitor: &Visitor, children: &[Summary]) -> Markup {
    let say = |message: Message| visitor.say(message);
    let having = |kind: &Kind| {
        if kind.facilities == 0 {
            "–".to_owned()
        } else {
            format!("{} / {}", kind.facilities_available, kind.facilities)
        }
    };
    let caption = say(Message::new("board-children-caption"));
    html! {
        h2 { (say(Message::new("board-children"))) }
        (scrolling(&caption, &html! { table {
            caption { (caption) }
            thead { tr {
                th scope="col" { (say(Message::new("board-region"))) }
                th scope="col" .number { (say(Message::new("board-beds"))) }
                th scope="col" .number { (say(Message::new("board-isolation"))) }
                th scope="col" .number { (say(Message::new("board-vaccination"))) }
            } }
            tbody { @for child in children {
                tr {
                    th scope="row" { (link_to(visitor, &child.region)) }
                    td .number { (having(&child.beds)) }
                    td .number { (having(&child.isolation)) }
                    td .number { (having(&child.vaccination)) }
                }
            } }
        } }))
    }
}

fn contacts(visitor: &Visitor, contacts: &[Contact]) -> Markup {
    html! {
        @if !contacts.is_empty() {
            h2 { (visitor.say(Message::new("board-contacts"))) }
            ul { @for contact in contacts.iter().take(5) { li { (contact.name) ": " (telephone(&contact.phone)) } } }
        }
    }
}

fn telephone(number: &str) -> Markup {
    let digits: String = number.chars().filter(|char| char.is_ascii_digit() || *char == '+').collect();
    html! { a href={ "tel:" (digits) } { (number) } }
}

/// What a question found.
pub(super) fn found(visitor: &Visitor, question: &str, found: &Found) -> Content {
    let say = |message: Message| visitor.say(message);
    let title = say(Message::new("board-found-title").arg("question", question.to_owned()));
    let kinds = [
        (Message::new("board-beds"), &found.beds),
        (Message::new("board-isolation"), &found.isolation),
        (Message::new("board-vaccination"), &found.vaccinations),
    ];
    let told =
        kinds.iter().find_map(|(_, places)| places.as_ref()).map_or(&[][..], |places| &places.contacts[..]);
    let main = html! {
        h1 .small { (say(Message::new("board-found"))) }
        (find(visitor, question))
        p { (found.understood.text) }
        @if !found.understood.unread.is_empty() {
            p .notice { (say(Message::new("board-unread").arg("words", found.understood.unread.clone()))) }
        }
        @for (name, found) in &kinds {
            @if let Some(found) = found {
                h2 { (say(name.clone())) }
                @if found.facilities.is_empty() { p .notice { (say(Message::new("board-nothing"))) } }
                @else if found.widened.is_some() { p .notice { (say(Message::new("board-widened"))) } }
                (places(visitor, found))
            }
        }
        (contacts(visitor, told))
    };
    Content { title, main }
}

/// A question that could not be answered: what may have been meant, each a link.
pub(super) fn not_understood(visitor: &Visitor, question: &str, problem: &Problem) -> Content {
    let title = visitor.say(Message::new("board-not-understood"));
    let choices = problem.errors().iter().flat_map(|error| &error.choices);
    let main = html! {
        h1 .small { (title) }
        (find(visitor, question))
        p .lead { (problem.detail(visitor.language)) }
        ul { @for choice in choices {
            @let path = format!("/?q={}&region={}", in_address(question), in_address(&choice.code));
            @let place: Vec<&str> = choice.path.iter().rev().skip(1).map(|name| &**name).collect();
            li { a href=(visitor.link(&path)) { (choice.name) } @if !place.is_empty() { ", " (place.join(", ")) } }
        } }
    };
    Content { title, main }
}

fn places(visitor: &Visitor, found: &Places) -> Markup {
    html! { ol .places { @for place in &found.facilities { (card(visitor, place)) } } }
}

/// A facility: what is free and how old that is, where it is, and whom to call.
fn card(visitor: &Visitor, place: &Place) -> Markup {
    let say = |message: Message| visitor.say(message);
    let region: Vec<&str> = place.region.path.iter().rev().map(|name| &**name).collect();
    let distance = place.distance_km.filter(|_| !place.distance_rough);
    html! {
        li {
            h3 { (place.name) @if place.simulated { " " small { "· " (say(Message::new("page-simulated"))) } } }
            p .quiet {
                (region.join(", "))
                @if let Some(km) = distance { " · " (say(Message::new("board-distance").arg("km", format!("{km:.0}")))) }
            }
            @if matches!(place.tier, Some(Tier::Stale)) { p .stale { (say(Message::new("board-call-first"))) } }
            @for available in &place.availability { (numbers(visitor, available)) }
            @for session in &place.sessions { p { (occurrence(visitor, session)) } }
            p {
                @for phone in place.phones.iter().take(2) { (telephone(&phone.number)) " " }
                @if let Some(contact) = place.contact.as_ref().filter(|_| place.phones.is_empty()) {
                    (contact.name) ": " (telephone(&contact.phone))
                }
            }
        }
    }
}

fn numbers(visitor: &Visitor, available: &Known) -> Markup {
    let speaker = Speaker { language: visitor.language, zone: Zone::Wib, now: visitor.now() };
    let told = Message::new("form-outcome")
        .arg("type", &available.label)
        .arg("available", available.available)
        .arg("capacity", available.capacity)
        .arg("before", None::<u32>);
    let is_old = available.freshness == Freshness::Stale || available.disputed;
    html! {
        p {
            span .free[available.available.is_some_and(|free| free > 0) && !is_old] { (visitor.say(told)) }
            " "
            small .stale[is_old] {
                (speaker.say(speaker.age(available.observed_at)))
                @if is_old { ", " (visitor.say(Message::new("board-old"))) }
            }
        }
    }
}

fn occurrence(visitor: &Visitor, session: &Session) -> String {
    let speaker = Speaker { language: visitor.language, zone: Zone::Wib, now: visitor.now() };
    visitor.say(
        Message::new("board-session")
            .arg("day", speaker.day(session.date))
            .arg("from", &session.from)
            .arg("to", &session.to)
            .arg("product", &session.product)
            .arg("left", session.left),
    )
}
