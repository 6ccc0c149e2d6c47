//! The pages of the board, written.

use std::collections::HashMap;

use maud::{Markup, html};

use super::{
    in_address,
    map::map,
    places::{contacts, places},
    totals,
    trend::{History, trend},
};
use crate::{
    domain::outline::Outline,
    http::{Problem, Visitor},
    locales::{Language, Message},
    pages::frame::Page,
    pages::wire::{Answer, Found, Here, Overview, Region},
    render::text::Speaker,
};

/// A page's title, what it says in a sentence, and what stands in it.
pub(super) struct Content {
    pub(super) title: String,
    pub(super) description: String,
    /// The address of its feed.
    pub(super) feed: Option<String>,
    pub(super) main: Markup,
}

/// The page, with what others show of it where somebody passes on its address.
pub(super) fn page<'a>(visitor: &'a Visitor, path: &'a str, content: Content) -> Page<'a> {
    let Content { title, description, feed, main } = content;
    let locale = match visitor.language {
        Language::Id => "id_ID",
        Language::En => "en_GB",
    };
    let head = html! {
        meta name="description" content=(description);
        @for (property, content) in [
            ("og:site_name", "Sedia"), ("og:type", "website"), ("og:locale", locale), ("og:title", &title),
            ("og:description", &description),
        ] {
            meta property=(property) content=(content);
        }
        @if let Some(feed) = feed { link rel="alternate" type="application/atom+xml" href=(feed) title=(title); }
    };
    Page { visitor, path, title, head, main }
}

/// The first page: one box, and the provinces.
pub(super) fn country(visitor: &Visitor, provinces: &[Region]) -> Content {
    let title = visitor.say(Message::new("board-title"));
    let description = visitor.say(Message::new("board-lead"));
    let main = html! {
        h1 { (title) }
        p .lead { (description) }
        (find(visitor, ""))
        h2 { (visitor.say(Message::new("board-provinces"))) }
        ul .columns { @for province in provinces { li { (link_to(visitor, province)) } } }
    };
    Content { title, description, feed: None, main }
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
pub(super) fn region(
    visitor: &Visitor,
    here: &Here,
    overview: &Overview,
    nearest: &Found,
    outlines: &HashMap<String, Outline>,
    history: &Result<History, Problem>,
) -> Content {
    let say = |message: Message| visitor.say(message);
    let summary = &overview.summary;
    let region = &summary.region;
    let title = say(Message::new("board-region-title").arg("region", &region.name));
    let [description, ..] = totals::kinds(summary)
        .map(|(_, name, kind)| format!("{}: {}", say(name), totals::having(visitor, kind)));
    let feed = visitor.link(&format!("/regions/{}/feed.atom", region.code));
    let speaker = Speaker { language: visitor.language, zone: here.timezone, now: visitor.now() };
    let widget = visitor.link(&format!("/embed/regions/{}", region.code));
    let main = html! {
        (above(visitor, &here.path, &region.code))
        h1 { (region.name) }
        (totals::reporting(visitor, &summary.completeness))
        (find(visitor, ""))
        (totals::glance(visitor, summary, None))
        div .board {
            @if !nearest.facilities.is_empty() {
                section .near {
                    h2 { (say(Message::new("board-beds-at"))) }
                    (places(visitor, nearest))
                    @if nearest.next.is_some() {
                        @let more = format!("/?q={}&region={}", in_address(&say(Message::new("board-beds"))), in_address(&region.code));
                        p { a .button href=(visitor.link(&more)) { (say(Message::new("board-more-places"))) } }
                    }
                }
            }
            section .regions {
                @if !overview.children.is_empty() {
                    h2 { (say(Message::new("board-children"))) }
                    @if let Some(map) = map(visitor, &overview.children, outlines) { (map) }
                    (totals::children(visitor, &overview.children))
                }
                (contacts(visitor, &overview.contacts))
                p .quiet .elsewhere {
                    a href=(feed) { (say(Message::new("board-feed"))) } " · "
                    a href=(widget) { (say(Message::new("board-widget"))) }
                }
            }
            section .kinds {
                @for (anchor, name, kind) in totals::kinds(summary) { (totals::table(visitor, anchor, name, kind)) }
                (trend(visitor, speaker, history))
            }
        }
    };
    Content { title, description, feed: Some(feed), main }
}

/// The regions above, each a link: the code of a region begins with theirs.
pub(super) fn above(visitor: &Visitor, path: &[String], code: &str) -> Markup {
    let ends = code.match_indices('.').map(|(end, _)| end);
    let above = path.iter().zip(ends).map(|(name, end)| (name, &code[..end]));
    html! {
        nav .above aria-label=(visitor.say(Message::new("board-above"))) {
            a href=(visitor.link("/")) { "Indonesia" }
            @for (name, code) in above { " › " a href=(visitor.link(&format!("/regions/{code}"))) { (name) } }
        }
    }
}

/// What a question found.
pub(super) fn found(visitor: &Visitor, question: &str, found: &Answer) -> Content {
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
    Content { title, description: found.understood.text.clone(), feed: None, main }
}

/// A question that could not be answered: what may have been meant, each a link.
pub(super) fn not_understood(visitor: &Visitor, question: &str, problem: &Problem) -> Content {
    let title = visitor.say(Message::new("board-not-understood"));
    let choices = problem.errors().iter().flat_map(|error| &error.choices);
    let description = problem.detail(visitor.language);
    let main = html! {
        h1 .small { (title) }
        (find(visitor, question))
        p .lead { (description) }
        ul { @for choice in choices {
            @let path = format!("/?q={}&region={}", in_address(question), in_address(&choice.code));
            @let place: Vec<&str> = choice.path.iter().rev().skip(1).map(|name| &**name).collect();
            li { a href=(visitor.link(&path)) { (choice.name) } @if !place.is_empty() { ", " (place.join(", ")) } }
        } }
    };
    Content { title, description, feed: None, main }
}
