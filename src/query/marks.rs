//! Marks as readers see them: agents see all of them; the public what agents heard, but not who did, nor in
//! which words.

use crate::{
    auth::Audience,
    domain::{
        mark::{MarkId, MarkView},
        region_code::RegionCode,
    },
    locales::Language,
    query::view::View,
    render::model::{FacilityBrief, ListedMark, MarksAnswer},
    snapshot::Snapshot,
};

impl MarksAnswer {
    /// A page of the marks in `region`.
    pub fn new(
        state: &Snapshot,
        region: Option<RegionCode>,
        marks: Vec<ListedMark>,
        next: Option<String>,
    ) -> Self {
        let view = View::new(state, Audience::Internal(region), Language::default());
        let region_ref = region.and_then(|code| view.region(code));
        Self { resolved: Vec::new(), marks, next, region: region_ref, zone: view.zone(region) }
    }
}

/// The marks in `region` that were left after one, for readers of internal data there.
pub fn marks(
    state: &Snapshot,
    region: Option<RegionCode>,
    language: Language,
    after: Option<MarkId>,
) -> impl Iterator<Item = ListedMark> {
    let view = View::new(state, Audience::Internal(region), language);
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
