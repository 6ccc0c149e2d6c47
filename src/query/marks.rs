//! Marks as readers see them: agents see all of them; the public what agents heard, but not who did, nor in
//! which words.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::Audience,
    domain::{
        facility::{Facility, Visibility},
        language::Language,
        mark::{Mark, MarkId, MarkKind, MarkView, Note, NoteSource},
        region::Zone,
        region_code::RegionCode,
    },
    snapshot::Snapshot,
};
use crate::{
    query::view::View,
    render::model::{FacilityBrief, RegionRef},
};

/// A mark in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ListedMark {
    /// Where it was left.
    pub at_facility: FacilityBrief,
    /// The mark.
    #[serde(flatten)]
    pub mark: MarkView,
}

/// The marks that stand.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MarksAnswer {
    /// The marks, oldest first.
    pub marks: Vec<ListedMark>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The region; None for the whole country.
    #[serde(skip)]
    pub region: Option<RegionRef>,
    /// The time zone that people there use.
    #[serde(skip)]
    pub zone: Zone,
}

impl MarksAnswer {
    /// A page of the marks in `region`.
    pub fn new(
        state: &Snapshot,
        region: Option<RegionCode>,
        marks: Vec<ListedMark>,
        next: Option<String>,
    ) -> Self {
        let view = View { state, audience: Audience::Internal(region), language: Language::default() };
        Self { marks, next, region: region.and_then(|code| view.region(code)), zone: view.zone(region) }
    }
}

/// The marks in `region` that were left after one, for those who see what is internal there.
pub fn marks(
    state: &Snapshot,
    region: Option<RegionCode>,
    language: Language,
    after: Option<MarkId>,
) -> impl Iterator<Item = ListedMark> {
    let view = View { state, audience: Audience::Internal(region), language };
    let newer = state.marks().filter(move |mark| after.is_none_or(|after| mark.id > after));
    newer.filter_map(move |mark| {
        let facility = &state.facility(mark.facility)?.facility;
        let is_there = region.is_none_or(|region| region.covers(facility.region));
        is_there.then(|| ListedMark {
            at_facility: FacilityBrief::of(state, facility),
            mark: view.labelled(MarkView::from(&**mark)),
        })
    })
}

/// The mark as `audience` sees it; None if not at all. `facility` is where it was left.
pub(crate) fn visible_to(mark: &Mark, facility: &Facility, audience: Audience) -> Option<MarkView> {
    let view = MarkView::from(mark);
    if audience.sees(Visibility::Internal, Some(facility.region)) {
        return Some(view);
    }
    let MarkKind::Note(note) = view.what else {
        return None;
    };
    let is_public = |number: &String| {
        facility.phones.iter().any(|phone| phone.number == *number && phone.visibility == Visibility::Public)
    };
    let Note { phone, source, .. } = &note;
    let is_shown = *source == NoteSource::AgentCall && phone.as_ref().is_none_or(is_public);
    let what = MarkKind::Note(Note { text: None, ..note.clone() });
    is_shown.then(|| MarkView { what, by: String::new(), ..view })
}
