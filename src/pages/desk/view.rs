//! The desk, written.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{Asked, Told, in_address};
use crate::{
    domain::{
        facility::Visibility,
        freshness::Freshness,
        mark::{MarkView, Verdict},
        ranking::Tier,
        region::Zone,
    },
    http::{Problem, Visitor},
    locales::Message,
    pages::{
        assets,
        frame::telephone,
        sign_in::{SignedForm, SignedIn},
        wire::{Answer, Contact, Found, Known, Place, Session},
    },
    render::text::{Speaker, distance},
};

/// How many types of a facility, marks at one of them and sessions of one a card shows.
const MOST_SHOWN: usize = 4;

/// The keys that do what buttons do, and what that is.
static KEYS: [(&str, Message); 13] = [
    ("/", Message::new("desk-key-box")),
    ("j k", Message::new("desk-key-move")),
    ("h l", Message::new("desk-key-column")),
    ("t", Message::new("desk-call")),
    ("c", Message::new("desk-claim")),
    ("s", Message::new("desk-hold")),
    ("o", Message::new("desk-outcome")),
    ("w", Message::new("desk-copy")),
    ("b", Message::new("desk-aloud")),
    ("n", Message::new("desk-next")),
    ("u", Message::new("desk-wider")),
    ("r", Message::new("desk-reorder")),
    ("?", Message::new("desk-keys")),
];

/// The page's title, the end of its head, and what stands in it.
pub(super) fn desk(signed_in: &SignedIn, asked: &Asked, answer: &Markup) -> (String, Markup, Markup) {
    let visitor = &signed_in.visitor;
    let say = |message: Message| visitor.say(message);
    let title = say(Message::new("desk-title"));
    let head = html! {
        link rel="stylesheet" href=(assets::desk_style());
        script defer src=(assets::desk_script()) {}
    };
    let main = html! {
        div .desk {
            h1 .unseen { (title) }
            form #ask .find method="get" action="/desk" role="search" {
                label .wide {
                    (say(Message::new("desk-question")))
                    input #q .wide type="search" name="q" value=(asked.q) maxlength="300" autocapitalize="none" autocomplete="off"
                        spellcheck="false" autofocus placeholder=(say(Message::new("desk-example")));
                }
                @if !asked.region.is_empty() { input type="hidden" name="region" value=(asked.region); }
                @if visitor.language_is_named { input type="hidden" name="lang" value=(visitor.language.tag()); }
                button .primary { (say(Message::new("board-find"))) }
                button #keys type="button" hidden aria-label=(say(Message::new("desk-keys"))) { "?" }
                div .telling { p #said role="status" data-copied=(say(Message::new("desk-copied")))
                    data-failed=(say(Message::new("desk-no-line"))) {} }
            }
            nav #recent hidden aria-label=(say(Message::new("desk-recent"))) {
                span .quiet { (say(Message::new("desk-recent"))) ": " } ul {}
            }
            button #reorder hidden { (say(Message::new("desk-reorder"))) kbd aria-hidden="true" { "r" } }
            (answer)
            dialog #help aria-labelledby="help-title" {
                h2 #help-title { (say(Message::new("desk-keys"))) }
                dl { @for (key, name) in &KEYS { dt { @for one in key.split(' ') { kbd { (one) } " " } } dd { (say(name.clone())) } } }
                form method="dialog" { button .primary { (say(Message::new("desk-close"))) } }
            }
        }
    };
    (title, head, main)
}

/// What stands below an empty box.
pub(super) fn nothing_asked(signed_in: &SignedIn) -> Markup {
    html! { section #answer { p .quiet { (signed_in.visitor.say(Message::new("desk-lead"))) } } }
}

/// What answers a question.
pub(super) fn answer(signed_in: &SignedIn, told: &Told) -> Markup {
    let visitor = &signed_in.visitor;
    let say = |message: Message| visitor.say(message);
    let Told { asked, answer, aloud } = told;
    let kinds = kinds(answer);
    let notes =
        |is_urgent: bool| answer.understood.notes.iter().filter(move |note| note.is_urgent == is_urgent);
    let contacts = kinds.first().map_or(&[][..], |(.., found)| &found.contacts[..]);
    html! {
        section #answer data-summary=(answer.understood.text) {
            @for note in notes(true) { p .notice role="alert" { strong { (note.text) } } }
            p .understood { (answer.understood.text) }
            @for note in notes(false) { p .notice { (note.text) } }
            @if !answer.understood.unread.is_empty() {
                p .notice { (say(Message::new("board-unread").arg("words", answer.understood.unread.clone()))) }
            }
            details #aloud {
                summary { (say(Message::new("desk-aloud"))) " " kbd aria-hidden="true" { "b" } }
                p .aloud { @if let Some(aloud) = aloud { (aloud) } }
            }
            div .kinds {
                @for (kind, name, found) in &kinds { (column(signed_in, asked, kind, name, found)) }
            }
            p .more {
                a #wider .button href=(visitor.link(&format!("/desk?{}", asked.wider().query()))) {
                    (say(Message::new("desk-wider"))) " " kbd aria-hidden="true" { "u" }
                }
            }
            (whom_to_call(visitor, contacts))
        }
    }
}

/// The kinds that a question is about: the name in the contract, the one for people, and what was found.
fn kinds(answer: &Answer) -> Vec<(&'static str, Message, &Found)> {
    let kinds = [
        ("beds", Message::new("board-beds"), &answer.beds),
        ("isolation", Message::new("board-isolation"), &answer.isolation),
        ("vaccinations", Message::new("board-vaccination"), &answer.vaccinations),
    ];
    kinds.into_iter().filter_map(|(kind, name, found)| Some((kind, name, found.as_ref()?))).collect()
}

fn column(signed_in: &SignedIn, asked: &Asked, kind: &str, name: &Message, found: &Found) -> Markup {
    let visitor = &signed_in.visitor;
    let say = |message: Message| visitor.say(message);
    let next = found
        .next
        .as_ref()
        .map(|cursor| format!("/desk?{}&kind={kind}&cursor={}", asked.query(), in_address(cursor)));
    html! {
        section .kind aria-labelledby={ "kind-" (kind) } {
            h2 id={ "kind-" (kind) } { (say(name.clone())) }
            @if let Some(widened) = found.widened.as_ref().filter(|_| !found.facilities.is_empty()) {
                p .notice { (say(Message::new("desk-widened").arg("reason", &widened.reason))) }
            } @else if found.facilities.is_empty() {
                p .notice { (say(Message::new("board-nothing"))) }
            }
            @if found.facilities.len() > 1 { p .order { (say(Message::new("desk-order"))) } }
            ol .cards { @for place in &found.facilities { (card(signed_in, asked, kind, place)) } }
            @if let Some(next) = next {
                p { a .button .next href=(visitor.link(&next)) { (say(Message::new("desk-next"))) " " kbd aria-hidden="true" { "n" } } }
            }
        }
    }
}

/// A facility: what changes while one looks (`.facts`, `.doing`), and what one can do.
fn card(signed_in: &SignedIn, asked: &Asked, kind: &str, place: &Place) -> Markup {
    let visitor = &signed_in.visitor;
    let say = |message: Message| visitor.say(message);
    let speaker = speaker(visitor);
    let region: Vec<&str> = place.region.path.iter().rev().map(|name| &**name).take(2).collect();
    let form = format!("do-{}-{kind}", place.id);
    let said = |mark: &MarkView| said(signed_in, speaker, &form, mark);
    html! {
        li .card id={ "f-" (place.id) "-" (kind) } data-facility=(place.id) tabindex="-1" aria-label=(place.name) {
            h3 { (place.name) @if place.simulated { " " small { "· " (say(Message::new("page-simulated"))) } } }
            p .where {
                (region.join(", "))
                @if let Some(km) = place.distance_km {
                    @let (distance, km) = distance(km, place.distance_rough);
                    " · " (say(Message::new("desk-distance").arg("distance", distance).arg("km", format!("{km:.0}"))))
                }
            }
            div .facts data-numbers=(numbers(place)) {
                @if let Some(tier) = place.tier { p .tier .(tier_class(tier)) { (say(tier_name(tier))) } }
                @for known in place.availability.iter().take(MOST_SHOWN) { (fact(visitor, speaker, known, &said)) }
                @for session in place.sessions.iter().take(MOST_SHOWN) { (occurrence(visitor, speaker, session)) }
            }
            ul .doing {
                @for mark in place.claim.iter().chain(last(&place.notes)).chain(&place.holds) { (said(mark)) }
            }
            ul .phones {
                @for phone in place.phones.iter().take(3) {
                    li {
                        (telephone(&phone.number))
                        @if let Some(label) = &phone.label { " " (label) }
                        @if phone.visibility == Visibility::Internal { " " small .tag { (say(Message::new("desk-internal"))) } }
                    }
                }
                @if let Some(contact) = place.contact.as_ref().filter(|_| place.phones.is_empty()) {
                    li { (contact.name) ": " (telephone(&contact.phone)) }
                }
                @if place.phones.is_empty() && place.contact.is_none() { li { (say(Message::new("desk-no-phone"))) } }
            }
            (actions(signed_in, asked, &form, place))
        }
    }
}

/// What one does about a facility during a call.
fn actions(signed_in: &SignedIn, asked: &Asked, id: &str, place: &Place) -> Markup {
    let visitor = &signed_in.visitor;
    let say = |message: Message| visitor.say(message);
    let action = visitor.link("/desk/marks");
    let phone = place.phones.first().map(|phone| &phone.number);
    let hidden = html! {
        (signed_in.csrf())
        input type="hidden" name="key" value=(visitor.idempotency_key());
        input type="hidden" name="facility" value=(place.id);
        input type="hidden" name="q" value=(asked.q);
        @if !asked.region.is_empty() { input type="hidden" name="region" value=(asked.region); }
    };
    let types = || {
        html! {
            @if let [known] = &place.availability[..] { input type="hidden" name="type" value=(known.code); }
            @else if !place.availability.is_empty() {
                select name="type" aria-label=(say(Message::new("board-type"))) {
                    @let first = place.availability.iter().find(|known| known.available.is_some_and(|free| free > 0));
                    @for known in &place.availability {
                        option value=(known.code) selected[first.is_some_and(|first| first.code == known.code)] { (known.label) }
                    }
                }
            }
        }
    };
    html! {
        form #(id) .actions method="post" action=(action) {
            (hidden)
            button name="do" value="claim" { (say(Message::new("desk-claim"))) " " kbd aria-hidden="true" { "c" } }
            @if !place.availability.is_empty() {
                span .with-type { (types()) button name="do" value="hold" { (say(Message::new("desk-hold"))) " " kbd aria-hidden="true" { "s" } } }
            }
            button .copy type="button" hidden data-facility=(place.id) { (say(Message::new("desk-copy"))) " " kbd aria-hidden="true" { "w" } }
        }
        details .outcome {
            summary { (say(Message::new("desk-outcome"))) " " kbd aria-hidden="true" { "o" } }
            form method="post" action=(action) {
                (hidden)
                @if let Some(phone) = phone { input type="hidden" name="phone" value=(phone); }
                @if !place.availability.is_empty() {
                    (types())
                    label { (say(Message::new("desk-heard"))) input name="available" inputmode="numeric" pattern="[0-9]*" autocomplete="off"; }
                    button name="do" value="wrong" { (say(Message::new("desk-wrong"))) }
                    button name="do" value="confirmed" { (say(Message::new("desk-confirmed"))) }
                }
                button name="do" value="phone_dead" { (say(Message::new("desk-phone-dead"))) }
                button name="do" value="closed" { (say(Message::new("desk-closed"))) }
            }
        }
    }
}

/// The numbers of one type, with what makes one doubt them.
fn fact(visitor: &Visitor, speaker: Speaker, known: &Known, said: &dyn Fn(&MarkView) -> Markup) -> Markup {
    let say = |message: Message| visitor.say(message);
    let is_old = known.freshness >= Freshness::Stale || known.disputed;
    let is_held = known.available.is_some_and(|free| known.holds.len() >= free as usize);
    let is_doubtful = is_old || is_held || is_contradicted(&known.notes);
    html! {
        div .fact {
            p {
                (free(visitor, known.available, is_doubtful)) " "
                span .label { (known.label) } " "
                small { (say(Message::new("desk-rest").arg("occupied", known.occupied).arg("capacity", known.capacity).arg("queue", known.queue))) } " "
                (age(visitor, speaker, known.freshness, known.observed_at, is_old))
            }
            @if known.disputed { p .doubt { (say(Message::new("disputed"))) } }
            @else if known.jump.is_some() { p .doubt { (say(Message::new("desk-jump"))) } }
            ul .doing { @for mark in known.holds.iter().chain(last(&known.notes)).take(MOST_SHOWN) { (said(mark)) } }
        }
    }
}

fn occurrence(visitor: &Visitor, speaker: Speaker, session: &Session) -> Markup {
    let told = session.in_words(speaker.day(session.date), None);
    let is_old = session.freshness >= Freshness::Stale;
    html! {
        div .fact {
            p {
                (free(visitor, session.left, is_old)) " "
                span .label { (visitor.say(told)) } " "
                @if let Some(at) = session.observed_at { (age(visitor, speaker, session.freshness, at, is_old)) }
            }
        }
    }
}

/// Whether the last who phoned heard another number.
fn is_contradicted(notes: &[MarkView]) -> bool {
    let verdicts = notes.iter().rev().filter_map(|mark| mark.what.note()).map(|note| note.verdict);
    let mut told =
        verdicts.filter(|verdict| matches!(verdict, Verdict::Wrong | Verdict::Closed | Verdict::Confirmed));
    told.next().is_some_and(|verdict| verdict != Verdict::Confirmed)
}

fn free(visitor: &Visitor, available: Option<u32>, is_doubtful: bool) -> Markup {
    let told = visitor.say(Message::new("desk-free").arg("available", available));
    html! { b .free[!is_doubtful && available.is_some_and(|free| free > 0)] { (told) } }
}

fn age(visitor: &Visitor, speaker: Speaker, freshness: Freshness, at: DateTime<Utc>, is_old: bool) -> Markup {
    html! { span .age .old[is_old] { (visitor.say(freshness_name(freshness))) ", " (speaker.say(speaker.age(at))) } }
}

/// What somebody said or does there; the agent's own can be taken back, by the form of the card.
fn said(signed_in: &SignedIn, speaker: Speaker, form: &str, mark: &MarkView) -> Markup {
    let SignedIn { visitor, person, .. } = signed_in;
    html! { @if let Some(said) = speaker.mark(mark) { li {
        (visitor.say(said))
        @if mark.by == person.name {
            " " button form=(form) name="end" value=(mark.id) { (visitor.say(Message::new("desk-end"))) }
        }
    } } }
}

/// The last two notes of several.
fn last(notes: &[MarkView]) -> impl Iterator<Item = &MarkView> {
    notes.iter().rev().take(2)
}

/// What the script compares, to show that a number changed.
fn numbers(place: &Place) -> String {
    let of_types = place.availability.iter().map(|known| format!("{}:{:?}", known.code, known.available));
    let of_sessions = place.sessions.iter().map(|session| format!("{}:{:?}", session.date, session.left));
    of_types.chain(of_sessions).collect::<Vec<_>>().join(" ")
}

/// A question that could not be answered: what may have been meant, each a link.
pub(super) fn asked_back(signed_in: &SignedIn, asked: &Asked, problem: &Problem) -> Markup {
    let visitor = &signed_in.visitor;
    let choices = problem.errors().iter().flat_map(|error| &error.choices);
    html! {
        section #answer {
            h2 { (visitor.say(Message::new("board-not-understood"))) }
            p .lead { (problem.detail(visitor.language)) }
            ul .choices { @for choice in choices {
                @let chosen = Asked { region: choice.code.clone(), ..asked.clone() };
                @let place: Vec<&str> = choice.path.iter().rev().skip(1).map(|name| &**name).collect();
                li { a href=(visitor.link(&format!("/desk?{}", chosen.query()))) { (choice.name) } @if !place.is_empty() { ", " (place.join(", ")) } }
            } }
        }
    }
}

/// The question whether somebody is sent all the same, where no script asks it.
pub(super) fn hold_again(form: &SignedForm, detail: &str, back: &str) -> (String, Markup) {
    let visitor = &form.signed_in.visitor;
    let title = visitor.say(Message::new("desk-hold"));
    let main = html! {
        h1 { (title) }
        p .lead { (detail) }
        form method="post" action=(visitor.link("/desk/marks")) {
            (form.signed_in.csrf())
            input type="hidden" name="confirm" value="true";
            input type="hidden" name="key" value=(visitor.idempotency_key());
            @for name in ["facility", "type", "q", "region", "do"] {
                @if let Some(value) = form.entered.given(name) { input type="hidden" name=(name) value=(value); }
            }
            button .primary { (title) }
        }
        p { a href=(visitor.link(back)) { (visitor.say(Message::new("desk-back"))) } }
    };
    (title, main)
}

fn whom_to_call(visitor: &Visitor, contacts: &[Contact]) -> Markup {
    html! {
        @if !contacts.is_empty() {
            h2 { (visitor.say(Message::new("board-contacts"))) }
            ul .contacts { @for contact in contacts.iter().take(5) { li { (contact.name) ": " (telephone(&contact.phone)) } } }
        }
    }
}

fn speaker(visitor: &Visitor) -> Speaker {
    Speaker { language: visitor.language, zone: Zone::Wib, now: visitor.now() }
}

fn freshness_name(freshness: Freshness) -> Message {
    let freshness = match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Aging => "aging",
        Freshness::Stale => "stale",
        Freshness::Unknown => "unknown",
    };
    Message::new("desk-freshness").arg("freshness", freshness)
}

const fn tier_class(tier: Tier) -> &'static str {
    match tier {
        Tier::Fresh => "fresh",
        Tier::Aging => "aging",
        Tier::Stale => "stale",
        Tier::Held => "held",
        Tier::Unknown => "unknown",
        Tier::Full => "full",
    }
}

fn tier_name(tier: Tier) -> Message {
    Message::new("desk-tier").arg("tier", tier_class(tier))
}
