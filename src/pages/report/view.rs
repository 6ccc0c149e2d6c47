//! The form and what it says afterwards, as pages.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

use super::{
    Form, Holder, Numbers, Receipt,
    entries::{Entries, Entry, NUMBERS, Section},
};
use crate::{
    domain::rejection::{Code, Rejection},
    http::{Problem, status},
    locales::Message,
    pages::{assets, frame::Page},
};

impl Form {
    /// What tells the form from those of other sites, where a cookie tells who sends it.
    fn csrf(&self) -> Markup {
        match &self.holder {
            Holder::Link(_) => html! {},
            Holder::SignedIn(signed_in) => signed_in.csrf(),
        }
    }

    fn reply(&self, status: StatusCode, page: Page<'_>) -> Response {
        match &self.holder {
            Holder::Link(_) => page.private(status),
            Holder::SignedIn(signed_in) => signed_in.reply(status, page),
        }
    }
}

/// The form; with what is wrong with what was entered.
pub(super) fn form(form: &Form, entries: &Entries, problem: Option<&Problem>) -> Response {
    let say = |message: Message| form.visitor().say(message);
    let facility = &form.facility;
    let title = say(Message::new("form-title").arg("facility", &facility.name));
    let jumps = problem.is_some_and(|problem| problem.code() == Code::ConfirmJump);
    let (known, unknown): (Vec<&Entry>, Vec<&Entry>) = entries.0.iter().partition(|entry| is_known(entry));
    let main = html! {
        (identity(form))
        @if let Some(problem) = problem { (summary(form, entries, problem)) }
        p #kept .notice role="status" hidden data-sending=(say(Message::new("form-sending"))) data-kept=(say(Message::new("form-kept")))
            data-sent=(say(Message::new("form-kept-sent"))) data-refused=(say(Message::new("form-kept-refused"))) {}
        @if facility.closed { p .notice { (say(Message::new("form-closed"))) } }
        form method="post" action=(form.visitor().link(&form.path)) data-impossible=(say(Message::new("form-impossible"))) {
            (form.csrf())
            input type="hidden" name="key" value=(form.visitor().idempotency_key());
            @if jumps {
                div .notice {
                    p { (say(Message::new("form-jump-question"))) }
                    button name="confirm" value="true" .primary { (say(Message::new("form-jump-yes"))) }
                }
            } @else if has_numbers(entries) {
                button #unchanged name="unchanged" value="true" .secondary .wide {
                    (say(Message::new("form-unchanged")))
                    small { (say(Message::new("form-unchanged-hint"))) }
                }
            }
            (sections(form, &known, problem))
            @if !unknown.is_empty() {
                details open[known.is_empty()] {
                    summary { (say(Message::new("form-more-types"))) }
                    (sections(form, &unknown, problem))
                }
            }
            div .send {
                p #count data-text=(say(Message::new("form-changes"))) {}
                button .primary .wide { (say(Message::new("form-send"))) }
            }
        }
    };
    let head = html! {
        @if matches!(form.holder, Holder::Link(_)) { link rel="manifest" href={ (form.path) "/app.webmanifest" }; }
        script src=(assets::report_script()) defer {}
    };
    let page = Page { visitor: form.visitor(), path: &form.path, title, head, main };
    form.reply(problem.map_or(StatusCode::OK, |problem| status(problem.code())), page)
}

/// The page after a report: what stands now, and when to come again.
pub(super) fn done(form: &Form, entries: &Entries, receipt: &Receipt) -> Response {
    let say = |message: Message| form.visitor().say(message);
    let speaker = form.speaker();
    let title = say(Message::new("form-done"));
    let label = |code: &str| {
        let entry = entries.0.iter().find(|entry| entry.code == code);
        entry.map_or_else(|| code.to_owned(), |entry| entry.label.clone())
    };
    let sessions = || {
        receipt.sessions.iter().filter_map(|session| {
            let code = format!("{}@{}", session.id, session.date);
            Some((entries.0.iter().find(|entry| entry.code == code)?, session.accepted))
        })
    };
    // What somebody changed is what they look for first.
    let of_types = receipt.values.iter().map(|(code, now)| {
        let before = receipt.before.get(code).copied().unwrap_or_default();
        (before != *now, outcome(form, &label(code), *now, before))
    });
    let of_sessions = sessions()
        .filter(|(_, accepted)| *accepted)
        .map(|(entry, _)| (!entry.is_untouched(), left(form, entry)));
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (is_changed, line) in of_types.chain(of_sessions) {
        if is_changed { changed.push(line) } else { kept.push(line) }
    }
    let late_sessions = sessions().filter(|(_, accepted)| !accepted).map(|(entry, _)| entry.label.clone());
    let late: Vec<String> = receipt.late.iter().map(|code| label(code)).chain(late_sessions).collect();
    let overtaken: Vec<String> =
        entries.0.iter().filter(|entry| entry.is_overtaken()).map(|entry| entry.label.clone()).collect();
    let main = html! {
        div .done role="status" {
            h1 { (title) }
            p { (say(Message::new("form-done-when").arg("facility", &form.facility.name).arg("moment", speaker.when(receipt.received_at)))) }
        }
        @if let Some(due) = form.due_at().filter(|due| *due > speaker.now) {
            p .lead { (say(Message::new("form-due").arg("moment", speaker.moment(due)))) }
        }
        ul .outcome { @for line in if changed.is_empty() { &kept } else { &changed } { li { (line) } } }
        @if !late.is_empty() {
            p .notice { (say(Message::new("form-late").arg("types", late))) }
        }
        @if !overtaken.is_empty() {
            p .notice { (say(Message::new("form-overtaken").arg("types", overtaken))) }
        }
        p { (say(Message::new("form-mend"))) }
        p { a .button href=(form.visitor().link(&form.path)) { (say(Message::new("form-again"))) } }
        @if !changed.is_empty() && !kept.is_empty() {
            details {
                summary { (say(Message::new("form-rest").arg("count", kept.len()))) }
                ul .outcome { @for line in &kept { li { (line) } } }
            }
        }
    };
    let head = html! { script src=(assets::report_script()) defer {} };
    form.reply(StatusCode::OK, Page { visitor: form.visitor(), path: &form.path, title, head, main })
}

/// Whose form it is, for whom and until when, and how old the numbers are.
fn identity(form: &Form) -> Markup {
    let say = |message: Message| form.visitor().say(message);
    let (speaker, facility) = (form.speaker(), &form.facility);
    let newest = facility.availability.iter().map(|known| known.observed_at).max();
    let place: Vec<&str> = facility.region.path.iter().rev().map(|name| &**name).collect();
    html! {
        h1 { (facility.name) }
        p .quiet { (place.join(", ")) @if facility.simulated { " · " (say(Message::new("page-simulated"))) } }
        p { @match newest {
            Some(at) => (say(Message::new("form-last-report").arg("age", speaker.age(at)).arg("moment", speaker.moment(at)))),
            None => (say(Message::new("form-first-report"))),
        } }
        @if matches!(form.holder, Holder::Link(_)) {
            p .quiet {
                (say(Message::new("form-holder").arg("name", &form.link.name).arg("until", form.link.expires_at.map(|at| speaker.moment(at)))))
            }
        }
    }
}

/// Everything that is wrong, each a link to its field.
fn summary(form: &Form, entries: &Entries, problem: &Problem) -> Markup {
    let say = |message: Message| form.visitor().say(message);
    let of = |pointer: &str| {
        let code = pointer.strip_prefix('/')?.split('/').nth(1)?;
        entries.0.iter().find(|entry| entry.code == code)
    };
    html! {
        div .error role="alert" tabindex="-1" #problem {
            h2 { (say(Message::new("form-not-stored"))) }
            ul {
                @for error in problem.errors() {
                    li { @if let Some(entry) = of(&error.pointer) {
                        a href={ "#" (error.pointer) } { (entry.label) ": " (say(wrong(entry, error))) }
                    } @else { (say(error.detail.clone())) } }
                }
            }
        }
    }
}

/// What is wrong with numbers. Those that jump stand beside the ones before, in the words of the form.
fn wrong(entry: &Entry, error: &Rejection) -> Message {
    if error.code != Code::ConfirmJump {
        return error.detail.clone();
    }
    let [now, before] = entry.statements().map(Numbers::in_words);
    Message::new("form-jump").arg("now", now).arg("before", before)
}

/// The entries under the heading of their section, if there are several.
fn sections(form: &Form, entries: &[&Entry], problem: Option<&Problem>) -> Markup {
    let mut sections: Vec<Section> = entries.iter().map(|entry| entry.section).collect();
    sections.dedup();
    let has_headings = sections.len() > 1;
    html! {
        @for section in sections {
            @if has_headings || section == Section::Sessions { h2 { (form.visitor().say(name(section))) } }
            ul .types {
                @for entry in entries.iter().filter(|entry| entry.section == section) { (row(form, entry, problem)) }
            }
        }
    }
}

const fn name(section: Section) -> Message {
    match section {
        Section::Beds => Message::new("board-beds"),
        Section::Isolation => Message::new("board-isolation"),
        Section::Sessions => Message::new("board-vaccination"),
    }
}

/// One type or session: what is free in large, the rest smaller.
fn row(form: &Form, entry: &Entry, problem: Option<&Problem>) -> Markup {
    let say = |message: Message| form.visitor().say(message);
    let Entry { section, code, label, was, .. } = entry;
    let member = section.member();
    let errors = |place: usize| {
        let pointer = format!("/{member}/{code}/{}", NUMBERS[place]);
        let all = problem.into_iter().flat_map(Problem::errors);
        let own = all.filter(|error| {
            *error.pointer == *pointer || place == 0 && *error.pointer == *format!("/{member}/{code}")
        });
        own.map(|error| say(wrong(entry, error))).collect::<Vec<_>>()
    };
    let [available, capacity] = if section.is_of_types() {
        [Message::new("form-available"), Message::new("form-capacity")]
    } else {
        [Message::new("form-left"), Message::new("form-quota")]
    };
    let names = [available, capacity, Message::new("form-occupied"), Message::new("form-queue")];
    let [available, capacity, occupied, queue] = names.map(say);
    let rest_is_wrong = (2..4).any(|place| !errors(place).is_empty());
    html! {
        li data-type=(code) {
            fieldset {
                legend {
                    (label)
                    @if entry.is_stale {
                        " " span .tag { (say(Message::new("form-stale"))) }
                    }
                }
                input type="hidden" name={ (code) "/was" } value=(was.join(","));
                div .numbers {
                    (field(entry, 0, &available, &errors(0), true))
                    (field(entry, 1, &capacity, &errors(1), false))
                }
                @if section.is_of_types() {
                    details open[rest_is_wrong] {
                        summary { (occupied) ", " (queue) }
                        div .numbers {
                            (field(entry, 2, &occupied, &errors(2), false))
                            (field(entry, 3, &queue, &errors(3), false))
                        }
                    }
                }
                p .error .live hidden role="status" {}
            }
        }
    }
}

/// The field of a number, with its steps and what is wrong with it.
fn field(entry: &Entry, place: usize, name: &str, errors: &[String], has_steps: bool) -> Markup {
    let id = format!("/{}/{}/{}", entry.section.member(), entry.code, NUMBERS[place]);
    let error_id = format!("{id}/error");
    let is_wrong = !errors.is_empty();
    html! {
        div .field {
            label for=(id) { (name) }
            div .stepper {
                @if has_steps {
                    button type="button" .step data-step="-1" hidden aria-label={ (name) " −1: " (entry.label) } { "−" }
                }
                input #(id) name={ (entry.code) "/" (NUMBERS[place]) } value=(entry.entered[place]) data-was=(entry.was[place])
                    type="text" inputmode="numeric" autocomplete="off" maxlength="9"
                    aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then_some(&*error_id)];
                @if has_steps {
                    button type="button" .step data-step="1" hidden aria-label={ (name) " +1: " (entry.label) } { "+" }
                }
            }
            @if is_wrong { p .error id=(error_id) { (errors.join(" ")) } }
        }
    }
}

fn outcome(form: &Form, label: &str, now: Numbers, before: Numbers) -> String {
    let changed = Some(before.available).filter(|before| *before != now.available);
    form.visitor().say(
        Message::new("form-outcome")
            .arg("type", label.to_owned())
            .arg("available", now.available)
            .arg("capacity", now.capacity)
            .arg("before", changed.flatten()),
    )
}

/// What is left of a session by this report, and what was left before.
fn left(form: &Form, entry: &Entry) -> String {
    let [left, was] =
        [&entry.entered, &entry.was].map(|numbers| Some(numbers[0].clone()).filter(|text| !text.is_empty()));
    let before = was.filter(|was| left.as_ref() != Some(was));
    form.visitor().say(
        Message::new("form-outcome-left")
            .arg("session", &entry.label)
            .arg("left", left)
            .arg("before", before),
    )
}

/// Whether the facility ever stated it, or somebody has just entered something. Sessions are announced.
fn is_known(entry: &Entry) -> bool {
    entry.section == Section::Sessions
        || [&entry.now, &entry.was, &entry.entered].into_iter().flatten().any(|text| !text.is_empty())
}

/// Whether there is anything that can be confirmed.
fn has_numbers(entries: &Entries) -> bool {
    entries.0.iter().any(|entry| entry.now.iter().any(|text| !text.is_empty()))
}
