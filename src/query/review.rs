//! The review list of coordinators: outliers, and numbers that callers or the public call wrong.

use std::cmp::Reverse;

use crate::{
    auth::Audience,
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        mark::{Mark, MarkView, Note, NoteSource, Verdict},
        observation::Reading,
        region_code::RegionCode,
        resource_type::TypeCode,
    },
    locales::Language,
    query::view::View,
    render::model::{FacilityBrief, Review, ReviewAnswer, Why},
    snapshot::{FacilityState, Snapshot},
};

/// Where a doubt stands in the list.
pub type Place = (Reverse<Timestamp>, FacilityId, String);

impl ReviewAnswer {
    /// A page of the doubts in `region`.
    pub fn new(
        state: &Snapshot,
        region: Option<RegionCode>,
        doubts: Vec<Review>,
        next: Option<String>,
    ) -> Self {
        let view = View::new(state, Audience::Internal(region), Language::default());
        let region_ref = region.and_then(|code| view.region(code));
        Self { resolved: Vec::new(), doubts, next, region: region_ref, zone: view.zone(region) }
    }
}

/// The doubts in `region` that come after a place in their list, for readers of internal data there.
pub fn doubts(
    state: &Snapshot,
    region: Option<RegionCode>,
    language: Language,
    after: Option<&Place>,
) -> impl Iterator<Item = Review> + use<> {
    let view = View::new(state, Audience::Internal(region), language);
    let all = state.facilities_in(region).flat_map(|facility| of_facility(view, facility));
    let mut doubts: Vec<Review> =
        all.filter(|doubt| after.is_none_or(|after| doubt.place() > *after)).collect();
    doubts.sort_by_cached_key(Review::place);
    doubts.into_iter()
}

fn of_facility(view: View<'_>, facility: &FacilityState) -> Vec<Review> {
    let state = view.state;
    let on_the_whole = state
        .notes_on(facility)
        .into_iter()
        .filter_map(|(mark, note)| Some(Review::noted(view, facility, mark, why(note)?, None)));
    let counted = facility.readings.iter().filter(|current| !current.resource.retired);
    let of_numbers = counted.flat_map(|current| {
        let (code, reading) = (current.code(), &current.reading);
        let jump = state.jump(facility, current).map(|jump| Review {
            before: Some(jump.from),
            ..Review::of_number(view, facility, Why::Outlier, jump.at, code, reading)
        });
        let is_disputed = state.is_disputed(facility, current);
        let notes = state.notes_about(facility, current).into_iter().filter_map(move |(mark, note)| {
            let why = why(note)?;
            let why = if is_disputed && note.source == NoteSource::AgentCall { Why::Disputed } else { why };
            Some(Review::noted(view, facility, mark, why, Some((code, reading))))
        });
        jump.into_iter().chain(notes)
    });
    on_the_whole.chain(of_numbers).collect()
}

/// Why a note is a doubt; a confirmation is none.
const fn why(note: &Note) -> Option<Why> {
    match note.verdict {
        Verdict::Confirmed | Verdict::Open => None,
        Verdict::Wrong => Some(Why::Wrong),
        Verdict::PhoneDead => Some(Why::PhoneDead),
        Verdict::Closed => Some(Why::Closed),
    }
}

impl Review {
    /// A doubt without its details. It copies all telephones, internal ones too: only readers who see internal data
    /// of the region may get the list.
    fn about(view: View<'_>, state: &FacilityState, why: Why, at: Timestamp) -> Self {
        let facility = &state.facility;
        Self {
            facility: FacilityBrief::of(view.state, facility),
            phones: facility.phones.clone(),
            why,
            at,
            resource: None,
            numbers: None,
            before: None,
            source: None,
            reporter: None,
            note: None,
            label: None,
        }
    }

    fn of_number(
        view: View<'_>,
        state: &FacilityState,
        why: Why,
        at: Timestamp,
        code: &TypeCode,
        reading: &Reading,
    ) -> Self {
        Self {
            resource: Some(code.clone()),
            numbers: Some(reading.numbers),
            source: Some(reading.source),
            reporter: Some(reading.reporter.to_string()),
            label: Some(view.label(code.as_str())),
            ..Self::about(view, state, why, at)
        }
    }

    fn noted(
        view: View<'_>,
        state: &FacilityState,
        mark: &Mark,
        why: Why,
        number: Option<(&TypeCode, &Reading)>,
    ) -> Self {
        let doubt = match number {
            Some((code, reading)) => Self::of_number(view, state, why, mark.at, code, reading),
            None => Self {
                resource: mark.what.resource().cloned(),
                label: mark.what.resource().map(|code| view.label(code.as_str())),
                ..Self::about(view, state, why, mark.at)
            },
        };
        Self { note: Some(view.labelled(MarkView::from(mark))), ..doubt }
    }

    /// Where it stands in the list.
    pub fn place(&self) -> Place {
        let name = match (&self.note, &self.resource) {
            (Some(note), _) => note.id.to_string(),
            (None, Some(code)) => code.to_string(),
            (None, None) => String::new(),
        };
        (Reverse(self.at), self.facility.id, name)
    }
}
