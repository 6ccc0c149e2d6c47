//! Where one can be vaccinated: the facilities with sessions that fit, best first; if none do, the nearest.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::{
    domain::{
        facility::Visibility,
        numbers::Count,
        ranking::{Free, SessionRank, Tier},
        session::{SESSION_TYPE, session_type},
        total::Total,
    },
    query::{
        VaccinationsQuery,
        area::{Area, Candidate, Hit, Wanted, page},
        filter,
        view::View,
    },
    render::model::{
        FacilityView, SessionView, TotalView, VaccinationFacility, VaccinationsAnswer, WideningReason,
    },
    snapshot::{FacilityState, Scope, SessionState, TypeSet, Wish},
};

/// How many occurrences of one facility an answer shows.
const MOST_SHOWN: usize = 40;

/// One occurrence that fits, whatever is left of it.
struct Occurrence<'a> {
    state: &'a SessionState,
    date: NaiveDate,
    tier: Tier,
    left: u32,
}

/// The answer; what it depends on, and why it looked further than asked if it did.
pub(crate) fn answer<'a>(
    view: View<'a>,
    query: &'a VaccinationsQuery,
) -> (VaccinationsAnswer, Scope, Option<WideningReason>) {
    let sessions = Sessions { view, query, set: [session_type()].iter().collect() };
    let mut area = Area::new(view, query.place());
    let asked = area.asked_for(&sessions);
    let mut total = Total::default();
    let hit = |candidate: Candidate<'a>| {
        let all = occurrences(view, query, candidate.0);
        count(view, &all, &mut total);
        area.hit_ranked(candidate, |metres| {
            rank(&possible(view, query, candidate.0, all), candidate.0, metres)
        })
    };
    let found: Vec<_> = asked.into_iter().filter_map(hit).collect();
    let totals = in_view(view, total);
    let reason = area.reason_to_widen(&sessions, &found);
    let (found, widened) = match reason {
        Some(reason) => area.widen(&sessions, reason, found),
        None => (found, None),
    };
    let is_found = !found.is_empty();
    let (page, next) = page(found, &query.cursor, query.limit, query);
    let answer = VaccinationsAnswer {
        region: query.region.and_then(|code| view.region(code)),
        near: area.near_view(),
        resolved: view.resolved.to_vec(),
        from: query.days().0,
        to: query.days().1,
        as_of: view.as_of(area.scope),
        totals,
        facilities: page.iter().map(|hit| facility(&area, query, hit)).collect(),
        widened,
        contacts: view.contacts(area.home),
        next,
        zone: view.zone(area.home),
        min: query.min.get(),
        filter: filter::sessions_in_words(query, view.language),
        meant: query
            .product
            .as_ref()
            .filter(|_| !is_found)
            .and_then(|product| view.state.product_like(product).cloned()),
    };
    (answer, area.scope, reason)
}

/// The occurrences of a facility on the asked days that are not over, the earliest first.
fn occurrences<'a>(
    view: View<'a>,
    query: &VaccinationsQuery,
    facility: &FacilityState,
) -> Vec<Occurrence<'a>> {
    if !facility.has_sessions {
        return Vec::new();
    }
    let (state, id) = (view.state, facility.facility.id);
    let (first, last) = query.days();
    let zone = state.zone(facility.facility.region);
    let mut found: Vec<Occurrence<'_>> = Vec::new();
    for session_state in state.sessions_of(id).filter(|state| query.fits(&state.session)) {
        let session = &session_state.session;
        let days = session.schedule.between(first, last);
        for date in days.filter(|date| session.ends_at(*date, zone) > state.now()) {
            let reading = session_state.readings.get(&date);
            let freshness = state.session_freshness(reading);
            let left = reading.and_then(|reading| reading.numbers.available()).map(Count::get);
            let (tier, left) = Free::default().with(left, 0, freshness).tier(query.min.get());
            found.push(Occurrence { state: session_state, date, tier, left });
        }
    }
    found.sort_by_key(|one| (one.date, one.state.session.from, one.state.session.id));
    found
}

/// Those of the occurrences of a facility with the requested title, if the question has one.
fn meant<'a>(
    view: View<'a>,
    query: &VaccinationsQuery,
    state: &FacilityState,
    mut found: Vec<Occurrence<'a>>,
) -> Vec<Occurrence<'a>> {
    let titled = query.q.as_ref().and_then(|q| view.state.sessions_titled(state, q));
    found.retain(|one| titled.as_ref().is_none_or(|ids| ids.contains(&one.state.session.id)));
    found
}

/// Those of the occurrences of a facility that answer the question: enough is left, or may be.
fn possible<'a>(
    view: View<'a>,
    query: &VaccinationsQuery,
    state: &FacilityState,
    all: Vec<Occurrence<'a>>,
) -> Vec<Occurrence<'a>> {
    let mut found = meant(view, query, state, all);
    let lists_all = query.min.get() == 0 || query.q.is_some();
    found.retain(|one| one.tier != Tier::Full || lists_all);
    found
}

/// The sessions that a question asks for.
struct Sessions<'a> {
    view: View<'a>,
    query: &'a VaccinationsQuery,
    set: TypeSet,
}

impl Wanted for Sessions<'_> {
    type Rank = SessionRank;

    fn rank(&self, state: &FacilityState, metres: Option<u32>) -> Option<SessionRank> {
        let all = occurrences(self.view, self.query, state);
        rank(&possible(self.view, self.query, state, all), state, metres)
    }

    fn exists(&self, state: &FacilityState) -> bool {
        let all = occurrences(self.view, self.query, state);
        !meant(self.view, self.query, state, all).is_empty()
    }

    fn wish(&self) -> Wish<'static> {
        Wish::Free { least: 0, types: self.set }
    }
}

fn rank(found: &[Occurrence<'_>], state: &FacilityState, metres: Option<u32>) -> Option<SessionRank> {
    let best = &found[best(found)?];
    Some(SessionRank(best.tier, metres, best.date, Reverse(best.left), state.facility.id))
}

/// The occurrence that a facility is ranked by: of the best tier the earliest, and then the one with most left.
fn best(found: &[Occurrence<'_>]) -> Option<usize> {
    (0..found.len()).min_by_key(|index| {
        let one = &found[*index];
        (one.tier, one.date, Reverse(one.left), *index)
    })
}

fn facility(area: &Area<'_>, query: &VaccinationsQuery, hit: &Hit<'_, SessionRank>) -> VaccinationFacility {
    let (state, distance) = hit.candidate;
    let mut found = possible(area.view, query, state, occurrences(area.view, query, state));
    let best = best(&found).unwrap_or_default();
    let more = found.len().saturating_sub(MOST_SHOWN);
    if best >= MOST_SHOWN {
        found.swap(best, MOST_SHOWN - 1);
    }
    found.truncate(MOST_SHOWN);
    VaccinationFacility {
        facility: FacilityView {
            tier: Some(hit.rank.0),
            ..area.view.facility(state, area.origin, distance, |_| false)
        },
        sessions: found.iter().map(|one| session(area.view, state, one)).collect(),
        sessions_more: u32::try_from(more).unwrap_or(u32::MAX),
    }
}

fn session(view: View<'_>, facility: &FacilityState, one: &Occurrence<'_>) -> SessionView {
    let session = &one.state.session;
    let reading = one.state.readings.get(&one.date);
    let zone = view.state.session_zone(session);
    let is_internal = view.audience.sees(Visibility::Internal, Some(facility.facility.region));
    SessionView {
        id: session.id,
        title: session.title.clone(),
        date: one.date,
        starts_at: session.starts_at(one.date, zone),
        ends_at: session.ends_at(one.date, zone),
        from: session.from,
        to: session.to,
        product: session.product.clone(),
        doses: session.doses.clone(),
        age_min: session.age_min,
        age_max: session.age_max,
        audience: session.audience.clone(),
        walk_in: session.walk_in,
        booking_url: session.booking_url.clone(),
        booking_phone: session.booking_phone.clone(),
        fee: session.fee,
        quota: reading.and_then(|reading| reading.numbers.capacity()),
        left: reading.and_then(|reading| reading.numbers.available()),
        observed_at: reading.map(|reading| reading.observed_at),
        quota_observed_at: reading.and_then(|reading| reading.capacity_time().into()),
        received_at: reading.map(|reading| reading.received_at),
        freshness: view.state.session_freshness(reading),
        source: reading.map(|reading| reading.source),
        reporter: reading.filter(|_| is_internal).map(|reading| reading.reporter.to_string()),
        zone,
        domicile: session.audience.domicile.and_then(|code| view.region(code)),
    }
}

/// Counts a facility with its sessions of the asked days, if it has any.
pub(crate) fn count_all(view: View<'_>, query: &VaccinationsQuery, state: &FacilityState, total: &mut Total) {
    count(view, &occurrences(view, query, state), total);
}

fn count(view: View<'_>, found: &[Occurrence<'_>], total: &mut Total) {
    if found.is_empty() {
        return;
    }
    let readings = found.iter().filter_map(|one| one.state.readings.get(&one.date));
    let stated = readings.map(|reading| (reading.numbers, view.state.session_freshness(Some(reading))));
    total.count_all(stated);
}

/// The total of sessions; nothing where there are none.
pub(crate) fn in_view(view: View<'_>, total: Total) -> Vec<TotalView> {
    if total.facilities == 0 {
        return Vec::new();
    }
    let label = view.state.resource_type(SESSION_TYPE).map_or("", |resource| view.label_of(resource));
    vec![TotalView::new(&session_type(), label, total)]
}
