//! Where something is free: what fits in the area, best first; and if nothing does, what is nearest.

use crate::{
    domain::{
        freshness::Freshness,
        numbers::Count,
        ranking::{Free, Rank},
        resource_type::ResourceType,
    },
    query::{
        AvailabilityQuery,
        area::{Area, Wanted, page},
        filter,
        totals::{Totals, Types},
        view::View,
    },
    render::model::{BedsAnswer, FacilityView, WideningReason},
    snapshot::{FacilityState, Offers, Scope, TypeSet},
};

/// The answer; what it depends on, and why it looked further than asked if it did, be it in vain.
pub(crate) fn answer(
    view: View<'_>,
    query: &AvailabilityQuery,
) -> (BedsAnswer, (Scope, Option<WideningReason>)) {
    let places = Places::new(view, query);
    let mut area = Area::new(view, query.place());
    let asked = area.asked();
    let shows = |resource: &ResourceType| shows(query, resource);
    let mut totals = Totals::default();
    for (state, _) in &asked {
        totals.add(view, &places.types, state);
    }
    let found: Vec<_> = asked.iter().filter_map(|candidate| area.hit(&places, *candidate)).collect();
    let reason = area.reason_to_widen(&places, &asked, &found);
    let (found, widened) = match reason {
        Some(reason) => area.widen(&places, reason, found),
        None => (found, None),
    };
    let (page, next) = page(found, &query.cursor, query.limit, query);
    let answer = BedsAnswer {
        region: query.region.and_then(|code| view.region(code)),
        near: area.near_view(),
        as_of: view.as_of(area.scope),
        totals: totals.into_views(),
        facilities: page
            .iter()
            .map(|hit| FacilityView {
                tier: Some(hit.rank.0),
                ..view.facility(hit.candidate.0, area.origin, hit.candidate.1, shows)
            })
            .collect(),
        unrecorded: filter::unrecorded(&query.filter),
        widened,
        contacts: view.contacts(area.home),
        next,
        kind: query.kind,
        zone: view.zone(area.home),
        min: query.min.get(),
        filter: filter::places_in_words(view, query),
    };
    (answer, (area.scope, reason))
}

fn shows(query: &AvailabilityQuery, resource: &ResourceType) -> bool {
    resource.kind == query.kind && query.filter.fits(resource)
}

/// The beds or other places that a question asks for.
struct Places<'a> {
    view: View<'a>,
    query: &'a AvailabilityQuery,
    types: Types<'a>,
    set: TypeSet,
}

impl<'a> Places<'a> {
    fn new(view: View<'a>, query: &'a AvailabilityQuery) -> Self {
        let types = Types::that(view.state, |resource| shows(query, resource));
        Self { view, query, set: types.set(), types }
    }

    /// How much a facility has free; None if it does not say, and cannot be expected to have any.
    fn free(&self, state: &FacilityState) -> Option<Free> {
        let (view, query) = (self.view, self.query);
        let mut free = None;
        for (_, resource, reading) in self.types.numbers(state) {
            let code = &resource.code;
            let age = Freshness::of(reading.numbers, reading.observed_at, resource, view.state.now());
            // A disputed number is believed no more than an old one.
            let is_disputed = state.has_marks && view.state.is_disputed(state.facility.id, code, reading);
            let freshness = if is_disputed { age.max(Freshness::Stale) } else { age };
            if freshness <= query.freshness {
                let available = reading.numbers.available().map(Count::get);
                let sum: Free = free.unwrap_or_default();
                free = Some(sum.with(available, view.held(state, code), freshness));
            }
        }
        // A facility that never said anything may have anything, unless it is there for sessions.
        let is_silent = || {
            state.readings.is_empty()
                && query.kind.is_expected_of(&state.facility.kind)
                && !state.has_sessions
                && query.filter.is_empty()
                && query.freshness == Freshness::Unknown
        };
        free.or_else(|| is_silent().then_some(Free::NEVER_REPORTED))
    }
}

impl Wanted for Places<'_> {
    type Rank = Rank;

    fn rank(&self, state: &FacilityState, metres: Option<u32>) -> Option<Rank> {
        let (tier, count) = self.free(state)?.tier(self.query.min.get());
        // Whoever asks by name is also told that nothing is free.
        let answers = tier.fits() || self.query.min.get() == 0 || self.query.q.is_some();
        answers.then(|| Rank::new(tier, metres, count, state.facility.id))
    }

    fn exists(&self, state: &FacilityState) -> bool {
        self.types.numbers(state).next().is_some()
    }

    fn may_answer(&self, offers: Offers) -> bool {
        offers.may_have(self.query.min.get(), self.set)
    }
}
