//! Where something is free: what fits in the area, best first; and if nothing does, what is nearest.

use crate::{
    domain::{
        freshness::Freshness,
        numbers::Count,
        ranking::{Free, Rank},
        resource_type::{ResourceType, TypeCode},
    },
    query::{
        AvailabilityQuery,
        area::{Area, Candidate, Hit, page},
        filter,
        totals::Totals,
        view::View,
    },
    render::model::{BedsAnswer, WideningReason},
    snapshot::{FacilityState, Scope},
};

/// The answer, and why it looked further than asked if it did, be it in vain: then it depends on the whole
/// country.
pub(crate) fn answer(view: View<'_>, query: &AvailabilityQuery) -> (BedsAnswer, Option<WideningReason>) {
    let mut area = Area::new(view, query);
    let asked = area.asked();
    let mut totals = Totals::default();
    for (state, _) in &asked {
        totals.add(view, state, |resource| shows(query, resource));
    }
    let found = hits(&area, &asked);
    let shows = |resource: &ResourceType| shows(query, resource);
    let counts = |code: &TypeCode| view.state.resource_type(code.as_str()).is_some_and(|known| shows(known));
    let has_type = |state: &FacilityState| state.readings.iter().any(|(code, _)| counts(code));
    let reason = area.reason_to_widen(&asked, &found, has_type);
    let (found, widened) = match reason {
        Some(reason) => area.widen(reason, found, hits),
        None => (found, None),
    };
    let scope = if widened.is_some() { Scope::Country } else { query.scope() };
    let (page, next) = page(found, query.after, query.limit, &query.without_page());
    let answer = BedsAnswer {
        region: query.region.and_then(|code| view.region(code)),
        near: area.near_view(),
        as_of: view.as_of(scope),
        totals: totals.into_views(),
        facilities: page
            .iter()
            .map(|hit| view.facility(hit.candidate.0, area.origin, hit.candidate.1, shows))
            .collect(),
        unrecorded: filter::unrecorded(&query.filter),
        widened,
        contacts: view.contacts(area.home),
        next,
        kind: query.kind,
        zone: view.zone(area.home),
        min: query.min,
        filter: filter::places_in_words(view, query),
    };
    (answer, reason)
}

/// Those of the candidates that answer the question, best first.
fn hits<'a>(area: &Area<'a>, candidates: &[Candidate<'a>]) -> Vec<Hit<'a, Rank>> {
    let mut hits: Vec<Hit<'_, Rank>> =
        candidates.iter().filter_map(|candidate| hit(area, *candidate)).collect();
    hits.sort_unstable_by_key(|hit| hit.rank);
    hits
}

fn shows(query: &AvailabilityQuery, resource: &ResourceType) -> bool {
    resource.kind == query.kind && query.filter.fits(resource)
}

fn hit<'a>(area: &Area<'a>, candidate: Candidate<'a>) -> Option<Hit<'a, Rank>> {
    let state = candidate.0;
    let id = state.facility.id;
    if !area.is_named(state) {
        return None;
    }
    let mut free = None;
    for (code, reading) in &state.readings {
        // A disputed number is believed no more than an old one.
        let disputed = area.view.state.is_disputed(id, code, reading);
        let freshness = area.view.state.freshness(code, reading);
        let freshness = if disputed { freshness.max(Freshness::Stale) } else { freshness };
        let resource = area.view.state.resource_type(code.as_str());
        if freshness <= area.query.freshness && resource.is_some_and(|resource| shows(area.query, resource)) {
            let held = area.view.held(&state.facility, code);
            let available = reading.numbers.available().map(Count::get);
            free = Some(free.unwrap_or(Free::default()).with(available, held, freshness));
        }
    }
    // A facility that never said anything may have anything, unless it is there for sessions.
    let is_silent = state.readings.is_empty()
        && area.query.kind.is_expected_of(&state.facility.kind)
        && area.view.state.sessions_of(id).next().is_none()
        && area.query.filter.is_empty()
        && area.query.freshness == Freshness::Unknown;
    let free = free.or(is_silent.then_some(Free::NEVER_REPORTED))?;
    let (tier, count) = free.tier(area.query.min);
    // Of whoever was named it is told, too, that nothing is free.
    let answers = tier.fits() || area.query.min == 0 || area.query.q.is_some();
    answers.then(|| Hit { rank: Rank::new(tier, area.metres(candidate), count, id), candidate })
}
