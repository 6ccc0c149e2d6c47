//! What a region has of each kind: in one line, and as a table with a bar for each type.

use maud::{Markup, html};

use crate::pages::wire::{Completeness, Kind, Summary, Total};
use crate::{http::Visitor, locales::Message};

/// The kinds of a region: their anchor, their name, and what there is.
pub(super) fn kinds(summary: &Summary) -> [(&'static str, Message, &Kind); 3] {
    [
        ("beds", Message::new("board-beds"), &summary.beds),
        ("isolation", Message::new("board-isolation"), &summary.isolation),
        ("vaccination", Message::new("board-vaccination"), &summary.vaccination),
    ]
}

/// How many facilities have something free of a kind, in words.
pub(super) fn having(visitor: &Visitor, kind: &Kind) -> String {
    if kind.facilities == 0 {
        return visitor.say(Message::new("board-nothing-recorded"));
    }
    visitor.say(
        Message::new("board-having")
            .arg("available", kind.facilities_available)
            .arg("facilities", kind.facilities),
    )
}

/// The three kinds at a glance, each a link to its table: here, or in a window of its own on the page of the region.
pub(super) fn glance(visitor: &Visitor, summary: &Summary, page: Option<&str>) -> Markup {
    html! {
        ul .glance {
            @for (anchor, name, kind) in kinds(summary) {
                li { a href={ (page.unwrap_or_default()) "#" (anchor) } target=[page.map(|_| "_blank")] rel=[page.map(|_| "noopener")] {
                    span .what { (visitor.say(name)) }
                    @if kind.facilities == 0 {
                        span .figure { "–" }
                        small { (having(visitor, kind)) }
                    } @else {
                        span .figure .free[kind.facilities_available > 0] { (kind.facilities_available) small { " / " (kind.facilities) } }
                        small { (visitor.say(Message::new("board-have-free"))) }
                    }
                } }
            }
        }
    }
}

/// Who has reported, in words and as a bar.
pub(super) fn reporting(visitor: &Visitor, completeness: &Completeness) -> Markup {
    let Completeness { facilities, fresh, aging, stale, unknown, never } = completeness;
    let silent = unknown + never;
    let text = Message::new("board-reporting")
        .arg("facilities", *facilities)
        .arg("fresh", *fresh)
        .arg("aging", *aging)
        .arg("stale", *stale)
        .arg("silent", silent);
    html! {
        p .reporting {
            (visitor.say(text))
            @if *facilities > 0 {
                svg .meter aria-hidden="true" viewBox={ "0 0 " (facilities) " 1" } preserveAspectRatio="none" {
                    rect .all width=(facilities) height="1" {}
                    rect .free width=(fresh) height="1" {}
                    rect .aging x=(fresh) width=(aging) height="1" {}
                    rect .old x=(fresh + aging) width=(stale) height="1" {}
                }
            }
        }
    }
}

/// The table of a kind.
pub(super) fn table(visitor: &Visitor, anchor: &str, name: Message, kind: &Kind) -> Markup {
    let say = |message: Message| visitor.say(message);
    let caption = having(visitor, kind);
    html! {
        h2 id=(anchor) { (say(name)) }
        @if kind.facilities == 0 {
            p .quiet { (caption) }
        } @else {
            (scrolling(&caption, &html! { table .totals {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (say(Message::new("board-type"))) }
                    th scope="col" .number { (say(Message::new("form-available"))) }
                    th scope="col" .number { (say(Message::new("form-capacity"))) }
                    th scope="col" .optional { (say(Message::new("board-share"))) }
                } }
                tbody { @for total in &kind.totals { (row(visitor, total)) } }
            } }))
        }
    }
}

/// What may be wider than the screen: it scrolls by itself, by the keyboard, too.
pub(super) fn scrolling(name: &str, content: &Markup) -> Markup {
    html! { div .scroll role="region" aria-label=(name) tabindex="0" { (content) } }
}

fn row(visitor: &Visitor, total: &Total) -> Markup {
    let say = |message: Message| visitor.say(message);
    let doubt = Message::new("overview-doubt")
        .arg("stale", total.available_stale.unwrap_or_default())
        .arg("unknown", total.facilities_unknown);
    let at = Message::new("board-at")
        .arg("available", total.facilities_available)
        .arg("facilities", total.facilities);
    let is_free = total.available.is_some_and(|available| available > 0);
    html! {
        tr {
            th scope="row" {
                (total.label)
                small { (say(at)) (say(doubt)) }
            }
            td .number { strong .free[is_free] { (count(visitor, total.available)) } }
            td .number { (count(visitor, total.capacity)) }
            td .optional {
                @if let Some(capacity) = total.capacity.filter(|capacity| *capacity > 0) { (meter(visitor, total, capacity)) }
            }
        }
    }
}

/// A number, or that nobody knows it: unknown is not zero.
pub(super) fn count(visitor: &Visitor, count: Option<impl ToString>) -> Markup {
    html! {
        @match count {
            Some(count) => (count.to_string()),
            None => span .unknown { (visitor.say(Message::new("board-unknown"))) },
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

/// The regions below, each with how much of each kind it has.
pub(super) fn children(visitor: &Visitor, children: &[Summary]) -> Markup {
    let say = |message: Message| visitor.say(message);
    let caption = say(Message::new("board-children-caption"));
    let having = |kind: &Kind| {
        html! {
            @if kind.facilities == 0 { span .unknown { "–" } }
            @else { strong .free[kind.facilities_available > 0] { (kind.facilities_available) } " / " (kind.facilities) }
        }
    };
    html! {
        (scrolling(&caption, &html! { table .children {
            caption { (caption) }
            thead { tr {
                th scope="col" { (say(Message::new("board-region"))) }
                @for name in [Message::new("board-beds"), Message::new("board-isolation"), Message::new("board-vaccination")] {
                    th scope="col" .number { (say(name)) }
                }
            } }
            tbody { @for child in children {
                tr {
                    th scope="row" { a href=(visitor.link(&format!("/regions/{}", child.region.code))) { (child.region.name) } }
                    @for (_, _, kind) in kinds(child) { td .number { (having(kind)) } }
                }
            } }
        } }))
    }
}
