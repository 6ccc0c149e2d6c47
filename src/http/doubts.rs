//! What coordinators should look at: numbers that jumped, and what people who phoned or stood there say is wrong.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App, Problem,
    documents::ManagedListProblems,
    extract::Caller,
    managed::{FacilityBrief, Page, private},
    shapes,
};
use crate::{
    clock::Timestamp,
    directory::{
        facility::{FacilityId, Phone},
        mark::{Mark, MarkView, Note, Verdict},
        numbers::Numbers,
        observation::{Reading, Source},
        resource_type::TypeCode,
    },
    snapshot::{FacilityState, Snapshot},
};

/// Why something is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Why {
    /// The number is far from the one before, and nobody has confirmed it.
    Jump,
    /// Somebody was told otherwise.
    Wrong,
    /// Two who phoned were told otherwise.
    Disputed,
    /// Nobody answers the telephone.
    PhoneDead,
    /// The place is said to be closed.
    Closed,
}

/// Something to look at.
#[derive(Serialize, ToSchema)]
pub(super) struct Doubt {
    /// Where.
    facility: FacilityBrief,
    /// Whom to call about it.
    phones: Vec<Phone>,
    /// Why.
    why: Why,
    /// Since when; the newest word of a note.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The type whose number it is about; null for the facility as a whole.
    #[serde(rename = "type")]
    resource: Option<TypeCode>,
    /// The number as the facility states it now.
    numbers: Option<Numbers>,
    /// The number before it jumped.
    before: Option<Numbers>,
    /// Which way the number came.
    source: Option<Source>,
    /// Who sent it.
    reporter: Option<String>,
    /// The note; `DELETE /v1/marks/{id}` when it has been seen to.
    note: Option<MarkView>,
}

/// What to look at.
#[derive(Serialize, ToSchema)]
pub(super) struct DoubtsAnswer {
    /// The doubts, the newest first.
    doubts: Vec<Doubt>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// Where a doubt stands in the list.
type Place = (std::cmp::Reverse<Timestamp>, FacilityId, String);

/// What should be looked at?
///
/// One list for the coordinators of a region: numbers that jumped and that nobody confirmed; what people who phoned
/// found wrong (`disputed` when two did), telephones that nobody answers, places found closed; and what the public
/// says of these. A jump leaves the list when somebody confirms the number (`confirm`, or `confirm=true`), when it goes
/// back, or when it is told again after a week; a note when the number changes, when it is taken back, or at its end.
#[utoipa::path(
    get,
    path = "/v1/doubts",
    operation_id = "list_doubts",
    tag = "call",
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code; the region of the key if left out", example = "33.74"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Doubts on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
    ),
    responses((status = 200, description = "The doubts, the newest first", body = DoubtsAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let state = app.shared.current();
    let page: Page<(Timestamp, FacilityId, String)> =
        Page::read("doubts", &caller, &state, query.as_deref())?;
    let mut doubts: Vec<Doubt> =
        state.facilities_in(page.region).flat_map(|facility| of_facility(&state, facility)).collect();
    doubts.sort_by_cached_key(Doubt::place);
    let after = page.after.clone().map(|(at, facility, name)| (std::cmp::Reverse(at), facility, name));
    let rest = doubts.into_iter().filter(|doubt| after.as_ref().is_none_or(|after| doubt.place() > *after));
    let (doubts, next) = page.take(rest, |doubt| {
        let (std::cmp::Reverse(at), facility, name) = doubt.place();
        (at, facility, name)
    });
    Ok(private(DoubtsAnswer { doubts, next }))
}

fn of_facility(state: &Snapshot, facility: &FacilityState) -> Vec<Doubt> {
    let id = facility.facility.id;
    let on_the_whole = state
        .notes_on(facility)
        .into_iter()
        .filter_map(|(mark, note)| Some(Doubt::noted(facility, mark, why(note)?, None)));
    let of_numbers = facility.readings.iter().flat_map(|(code, reading)| {
        let jump = reading.jump.map(|jump| Doubt {
            before: Some(jump.from),
            ..Doubt::of_number(facility, Why::Jump, jump.at, code, reading)
        });
        let is_disputed = state.is_disputed(id, code, reading);
        let notes = state.notes_about(id, code, reading).into_iter().filter_map(move |(mark, note)| {
            let why = why(note)?;
            let why = if is_disputed { Why::Disputed } else { why };
            Some(Doubt::noted(facility, mark, why, Some((code, reading))))
        });
        jump.into_iter().chain(notes)
    });
    on_the_whole.chain(of_numbers).collect()
}

/// Why a note is a doubt; a confirmation is none.
const fn why(note: &Note) -> Option<Why> {
    match note.verdict {
        Verdict::Confirmed => None,
        Verdict::Wrong => Some(Why::Wrong),
        Verdict::PhoneDead => Some(Why::PhoneDead),
        Verdict::Closed => Some(Why::Closed),
    }
}

impl Doubt {
    fn about(state: &FacilityState, why: Why, at: Timestamp) -> Self {
        let facility = &state.facility;
        Self {
            facility: FacilityBrief::from(&**facility),
            phones: facility.phones.clone(),
            why,
            at,
            resource: None,
            numbers: None,
            before: None,
            source: None,
            reporter: None,
            note: None,
        }
    }

    fn of_number(state: &FacilityState, why: Why, at: Timestamp, code: &TypeCode, reading: &Reading) -> Self {
        Self {
            resource: Some(code.clone()),
            numbers: Some(reading.numbers),
            source: Some(reading.source),
            reporter: Some(reading.reporter.to_string()),
            ..Self::about(state, why, at)
        }
    }

    fn noted(state: &FacilityState, mark: &Mark, why: Why, number: Option<(&TypeCode, &Reading)>) -> Self {
        let doubt = match number {
            Some((code, reading)) => Self::of_number(state, why, mark.at, code, reading),
            None => Self::about(state, why, mark.at),
        };
        Self { note: Some(MarkView::from(mark)), ..doubt }
    }

    fn place(&self) -> Place {
        let name = match (&self.note, &self.resource) {
            (Some(note), _) => note.id.to_string(),
            (None, Some(code)) => code.to_string(),
            (None, None) => String::new(),
        };
        (std::cmp::Reverse(self.at), self.facility.id(), name)
    }
}
