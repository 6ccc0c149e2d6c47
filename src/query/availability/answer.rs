//! Where something is free: what fits in the area, best first; and if nothing does, what is nearest.

use memchr::memmem;

use crate::{
    domain::{
        freshness::Freshness,
        numbers::Count,
        ranking::{Free, Rank},
        resource_type::ResourceType,
    },
    query::{
        AvailabilityQuery,
        area::{Area, Hit, Place, Wanted, page},
        facility_json::Shown,
        filter,
        totals::Types,
        view::View,
    },
    render::model::{BedsAnswer, WideningReason},
    snapshot::{FacilityState, Scope, TypeSet, Wish},
};

/// An answer whose facilities are not rendered yet.
pub(crate) struct Found<'a> {
    view: View<'a>,
    query: &'a AvailabilityQuery,
    answer: BedsAnswer,
    facilities: Vec<Shown<'a>>,
    /// The most that one facility has free, of all that answer the question; None if none does.
    available_max: Option<u32>,
    /// The scope that the answer depends on.
    pub(crate) scope: Scope,
    /// Why the search was widened, even if that found nothing.
    pub(crate) reason: Option<WideningReason>,
}

impl Found<'_> {
    /// The cursor of the next page.
    pub(crate) fn next(&self) -> Option<&String> {
        self.answer.next.as_ref()
    }

    /// The answer as it is in every form.
    pub(crate) fn answer(self) -> BedsAnswer {
        let shows = |resource: &ResourceType| shows(self.query, resource);
        let facilities = self.facilities.iter().map(|shown| shown.view(self.view, shows)).collect();
        BedsAnswer { facilities, ..self.answer }
    }

    /// The answer as JSON.
    pub(crate) fn json(&self) -> String {
        const NONE: &str = r#""facilities":[]"#;
        let answer = serde_json::to_string(&self.answer).expect("answers are plain data");
        let at = memmem::find(answer.as_bytes(), NONE.as_bytes()).expect("an answer lists facilities");
        let (before, after) = (&answer[..at], &answer[at + NONE.len()..]);
        let shows = |resource: &ResourceType| shows(self.query, resource);
        let facilities: Vec<_> = self.facilities.iter().map(|shown| shown.json(self.view, shows)).collect();
        let length = answer.len() + facilities.iter().map(|facility| facility.len() + 1).sum::<usize>();
        let mut json = String::with_capacity(length);
        json.push_str(before);
        json.push_str(NONE.trim_end_matches(']'));
        for (index, facility) in facilities.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            facility.write(&mut json);
        }
        json.push(']');
        json.push_str(after);
        json
    }
}

/// Where places are free. If no facility has as many as were asked for, these have fewer, because a group may be divided.
pub(crate) fn find<'a>(view: View<'a>, query: &'a AvailabilityQuery) -> Found<'a> {
    let found = find_at_least(view, query, query.min.get(), query.limit.get());
    if query.min.get() <= 1 || found.available_max.is_some() {
        return found;
    }
    // The one that has most may be far away.
    let fewer = find_at_least(view, query, 1, usize::MAX);
    let Some(available_max) = fewer.available_max else { return found };
    // The answer depends on all that the first search looked at.
    let as_of = found.answer.as_of;
    let answer = BedsAnswer { as_of, available_max: Some(available_max), ..fewer.answer };
    Found { answer, facilities: fewer.facilities, ..found }
}

/// The best `limit` at least.
fn find_at_least<'a>(view: View<'a>, query: &'a AvailabilityQuery, min: u32, limit: usize) -> Found<'a> {
    let places = Places::new(view, query, min);
    let mut area = Area::new(view, Place { min, ..query.place() });
    let (totals, found) = if let Some(kept) = area.kept_totals(&places.types) {
        (kept, area.first_hits(&places, &query.cursor, limit))
    } else {
        let asked = area.asked();
        (places.types.sum(asked.iter().map(|(state, _)| *state)), area.hits(&places, asked))
    };
    let reason = area.reason_to_widen(&places, &found);
    let (found, widened) = match reason {
        Some(reason) => area.widen(&places, reason, found),
        None => (found, None),
    };
    let available_max = found.iter().map(|hit| hit.rank.2.0).max();
    let (page, next) = page(found, &query.cursor, query.limit, query);
    let answer = BedsAnswer {
        region: query.region.and_then(|code| view.region(code)),
        near: area.near_view(),
        resolved: view.resolved.to_vec(),
        as_of: view.as_of(area.scope),
        totals: totals.into_views(view, &places.types),
        facilities: Vec::new(),
        available_max: None,
        unrecorded: filter::unrecorded(&query.filter),
        widened,
        contacts: view.contacts(area.home),
        next,
        kind: query.kind,
        zone: view.zone(area.home),
        min: query.min.get(),
        filter: filter::places_in_words(view, query),
    };
    let shown = |hit: &Hit<'a, Rank>| {
        let ((state, distance), tier) = (hit.candidate, hit.rank.0);
        Shown { state, origin: area.origin, distance, tier }
    };
    let facilities = page.iter().map(shown).collect();
    Found { view, query, answer, facilities, available_max, scope: area.scope, reason }
}

fn shows(query: &AvailabilityQuery, resource: &ResourceType) -> bool {
    resource.kind == query.kind && query.filter.fits(resource)
}

/// The beds or other places that a question asks for.
struct Places<'a> {
    view: View<'a>,
    query: &'a AvailabilityQuery,
    /// How many one facility must have.
    min: u32,
    types: Types<'a>,
    set: TypeSet,
}

impl<'a> Places<'a> {
    fn new(view: View<'a>, query: &'a AvailabilityQuery, min: u32) -> Self {
        let types = Types::that(view.state, |resource| shows(query, resource));
        Self { view, query, min, set: types.set(), types }
    }

    /// How much a facility has free; None if it does not say, and cannot be expected to have any.
    fn free(&self, state: &FacilityState) -> Option<Free> {
        let (view, query) = (self.view, self.query);
        let mut free = None;
        for (_, current) in self.types.numbers(state) {
            // A disputed number is believed no more than an old one.
            let is_disputed = view.state.is_disputed(state, current);
            let age = current.freshness;
            let freshness = if is_disputed { age.max(Freshness::Stale) } else { age };
            if freshness <= query.freshness {
                let available = current.numbers.available().map(Count::get);
                let sum: Free = free.unwrap_or_default();
                free = Some(sum.with(available, view.held(state, current.code()), freshness));
            }
        }
        // A facility that never reported may have anything, unless it exists for sessions.
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
        let (tier, count) = self.free(state)?.tier(self.min);
        // A question by name also learns that nothing is free.
        let answers = tier.fits() || self.min == 0 || self.query.q.is_some();
        answers.then(|| Rank::new(tier, metres, count, state.facility.id))
    }

    fn exists(&self, state: &FacilityState) -> bool {
        self.types.numbers(state).next().is_some()
    }

    fn wish(&self) -> Wish<'static> {
        Wish::Free { least: self.min, types: self.set }
    }
}
