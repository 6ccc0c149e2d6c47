//! The answer to a question in one box: how it was read, and what each request answers.

use super::{
    AskQuery, Request,
    notes::{About, Note},
    places::Where,
};
use crate::{
    domain::{region::Zone, region_code::RegionCode, resource_type::Kind, text::wire_name},
    locales::{Message, Value, render},
    query::{
        AvailabilityQuery, Query, VaccinationsQuery, availability::answer as availability, filter,
        params::Near, vaccinations::answer as vaccinations, view::View,
    },
    render::{
        model::{AskAnswer, NoteView, Resolved, UnderstoodView, WideningReason},
        text::Speaker,
    },
    snapshot::{Contents, Scope},
};

/// The answer, what it depends on, and why it looked further if it did.
pub(crate) fn answer(view: View<'_>, query: &AskQuery) -> (AskAnswer, Scope, Option<WideningReason>) {
    let (mut beds, mut isolation, mut sessions) = (None, None, None);
    let (mut scope, mut reason) = (Scope::Country(Contents::All), None);
    for Request { query: request, .. } in &query.requests {
        (scope, reason) = match request {
            Query::Availability(request) => {
                let found = availability::find(view, request);
                let read = (found.scope, found.reason);
                let is_bed = request.kind == Kind::Bed;
                *(if is_bed { &mut beds } else { &mut isolation }) = Some(found.answer());
                read
            }
            Query::Vaccinations(request) => {
                let (answer, scope, reason) = vaccinations::answer(view, request);
                sessions = Some(answer);
                (scope, reason)
            }
            other => unreachable!("{other:?} answers no question in one box"),
        };
    }
    if query.requests.len() != 1 {
        // What several answers depend on is more than one region or circle.
        (scope, reason) = (Scope::Country(Contents::All), None);
    }
    let answer = AskAnswer {
        understood: understood(view, query),
        as_of: view.as_of(scope),
        beds,
        isolation,
        vaccinations: sessions,
    };
    (answer, scope, reason)
}

fn understood(view: View<'_>, query: &AskQuery) -> UnderstoodView {
    let said =
        query.requests.iter().map(|request| render(&in_words(view, query, &request.query), view.language));
    let named = query.places.iter().filter_map(|(given, place)| {
        let (code, name, region) = match place {
            Where::Region(code) => (code.to_string(), None, *code),
            Where::Facility(id) => {
                let facility = &view.state.facility(*id)?.facility;
                (id.to_string(), Some(facility.name.clone()), facility.region)
            }
            Where::Point(_) => return None,
        };
        let path = view.region_path(region).path.into_iter().rev();
        let name = name.into_iter().chain(path).collect::<Vec<_>>().join(", ");
        Some(Resolved { parameter: "q".to_owned(), given: given.clone(), code, name })
    });
    UnderstoodView {
        text: said.collect::<Vec<_>>().join("; "),
        requests: query.requests.iter().map(|request| request.path.clone()).collect(),
        resolved: view.resolved.iter().cloned().chain(named).collect(),
        notes: query.notes.iter().map(|note| told(view, note)).collect(),
        unread: query.unread.iter().map(|unread| unread.word.clone()).collect(),
        untold: query
            .unread
            .iter()
            .filter(|unread| !unread.is_told)
            .map(|unread| unread.word.clone())
            .collect(),
    }
}

fn told(view: View<'_>, note: &Note) -> NoteView {
    NoteView {
        given: note.given.clone(),
        is_urgent: note.about == About::Emergency,
        text: render(&note.in_words(view.state), view.language),
    }
}

impl AskQuery {
    /// Whether the place is given by its coordinates.
    fn is_point(&self) -> bool {
        self.places.iter().any(|(_, place)| matches!(place, Where::Point(_)))
    }
}

/// `tempat tidur: ICU, untuk anak, dekat Tembalang, Kota Semarang`.
fn in_words(view: View<'_>, asked: &AskQuery, query: &Query) -> Message {
    match query {
        Query::Availability(query) => of_places(view, asked, query),
        Query::Vaccinations(query) => of_sessions(view, asked, query),
        other => unreachable!("{other:?} answers no question in one box"),
    }
}

fn of_places(view: View<'_>, asked: &AskQuery, query: &AvailabilityQuery) -> Message {
    let wish = filter::places_in_words(view, query);
    Message::new("ask-request")
        .arg("kind", wire_name(query.kind))
        .arg("wish", (!wish.is_empty()).then_some(wish))
        .arg("min", query.min.get())
        .arg("place", place(view, asked, query.region, query.near))
        .arg("days", None::<String>)
}

fn of_sessions(view: View<'_>, asked: &AskQuery, query: &VaccinationsQuery) -> Message {
    let wish = filter::sessions_in_words(query, view.language);
    let (from, to) = query.days();
    let about = query.region.or(match query.near {
        Some(Near::Region(code)) => Some(code),
        Some(Near::Point(..)) | None => None,
    });
    let zone = about.map_or(Zone::Wib, |code| view.state.zone(code));
    let speaker = Speaker { language: view.language, zone, now: view.state.now() };
    Message::new("ask-request")
        .arg("kind", "vaccination")
        .arg("wish", (!wish.is_empty()).then_some(wish))
        .arg("min", query.min.get())
        .arg("place", place(view, asked, query.region, query.near))
        .arg("days", speaker.days(from, to))
}

fn place(view: View<'_>, asked: &AskQuery, region: Option<RegionCode>, near: Option<Near>) -> Message {
    let named = |code| {
        let path = view.region_path(code).path;
        let from = path.len().saturating_sub(2);
        Value::list(path[from.min(path.len())..].iter().rev())
    };
    let (case, name) = match (region, near) {
        (Some(code), _) => ("region", Some(named(code))),
        (None, Some(Near::Region(code))) => ("around", Some(named(code))),
        (None, Some(Near::Point(..))) if asked.is_point() => ("around_coordinates", None),
        (None, Some(Near::Point(..))) => ("around_point", None),
        (None, None) => ("country", None),
    };
    Message::new("ask-place").arg("where", case).arg("region", name)
}
