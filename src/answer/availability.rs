//! Where something is free: what fits in the area, best first; and if nothing does, what is nearest.

use std::collections::HashSet;

use super::{
    cursor,
    model::{AreaView, BedsAnswer, NearView, TotalView, Widened, WideningReason},
    params::Near,
    question::AvailabilityQuestion,
    totals::Totals,
    view::View,
    wish,
};
use crate::{
    directory::{
        facility::FacilityId,
        freshness::Freshness,
        geo::{Located, Precision},
        numbers::Count,
        ranking::{Free, Rank, Tier},
        region::Zone,
        region_code::RegionCode,
        resource_type::ResourceType,
    },
    snapshot::{FacilityState, Scope},
};

/// How far an answer looks when nothing fits where it was asked, in kilometres, one after the other.
const RINGS_KM: [u32; 5] = [25, 50, 100, 200, 400];
/// Where something may be free by a stale number, looking further than this for a better one helps nobody.
const FURTHEST_FROM_STALE_KM: u32 = 100;

/// A facility with its distance from the asked place, if one was asked for.
type Candidate<'a> = (&'a FacilityState, Option<u32>);

/// A facility that answers the question, and where it stands in the answer.
struct Hit<'a> {
    rank: Rank,
    candidate: Candidate<'a>,
}

/// The answer, and why it looked further than asked if it did, be it in vain: then it depends on the whole
/// country.
pub(super) fn answer(
    view: View<'_>,
    question: &AvailabilityQuestion,
) -> (BedsAnswer, Option<WideningReason>) {
    let mut asking = Asking::new(view, question);
    let asked = asking.asked();
    let totals = asking.totals(&asked);
    let hits = asking.hits(&asked);
    let reason = asking.reason_to_widen(&asked, &hits);
    let (hits, widened) = match reason {
        Some(reason) => asking.widen(reason, hits),
        None => (hits, None),
    };
    let scope = if widened.is_some() { Scope::Country } else { question.scope() };
    let (page, next) = page(hits, question);
    let shows = |resource: &ResourceType| asking.shows(resource);
    let answer = BedsAnswer {
        region: question.region.and_then(|code| view.region(code)),
        near: asking.near_view(),
        as_of: view.as_of(scope),
        totals,
        facilities: page
            .iter()
            .map(|hit| view.facility(hit.candidate.0, asking.origin, hit.candidate.1, shows))
            .collect(),
        widened,
        contacts: view.contacts(asking.home),
        next,
        kind: question.kind,
        zone: asking.home.map_or(Zone::Wib, |code| view.state.zone(code)),
        min: question.min,
        wish: wish::in_words(view, question),
    };
    (answer, reason)
}

/// A question with what it takes to answer it.
struct Asking<'a> {
    view: View<'a>,
    question: &'a AvailabilityQuestion,
    /// Where distances are measured from: the asked place; the middle of the region once the answer looks
    /// beyond it; else nowhere.
    origin: Option<Located>,
    /// The region that the origin stands for, if it is not given as a point.
    origin_region: Option<RegionCode>,
    /// Whose contacts and time zone apply.
    home: Option<RegionCode>,
    /// The facilities that the question names.
    named: Option<HashSet<FacilityId>>,
}

impl<'a> Asking<'a> {
    fn new(view: View<'a>, question: &'a AvailabilityQuestion) -> Self {
        let (origin, origin_region) = match question.near {
            None => (None, None),
            Some(Near::Region(code)) => (view.state.locate(code), Some(code)),
            Some(near) => (near.point().map(|point| Located { point, precision: Precision::Exact }), None),
        };
        let around = || view.state.regency_near(origin?.point);
        Self {
            view,
            question,
            origin,
            origin_region,
            home: origin_region.or(question.region).or_else(around),
            named: question.q.as_ref().map(|q| named(view, q, question.region)),
        }
    }

    fn shows(&self, resource: &ResourceType) -> bool {
        resource.kind == self.question.kind && self.question.wish.fits(resource)
    }

    /// Whether the question means this facility, as far as it names any.
    fn is_named(&self, state: &FacilityState) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains(&state.facility.id))
    }

    /// The open facilities of the area that was asked about.
    fn asked(&self) -> Vec<Candidate<'a>> {
        let Some(km) = self.question.within_km else {
            return self.inside(self.question.region);
        };
        let region = self.question.region;
        let mut around = self.around(km);
        around.retain(|(state, _)| region.is_none_or(|region| region.covers(state.facility.region)));
        around
    }

    /// The open facilities of a region, or of the country.
    fn inside(&self, region: Option<RegionCode>) -> Vec<Candidate<'a>> {
        let metres = |state: &FacilityState| {
            Some(self.origin?.point.metres_to(self.view.state.locate_facility(state)?.point))
        };
        let inside = self.view.state.facilities_in(region);
        inside.map(|state| (&**state, self.meaningful(state, metres(state)))).collect()
    }

    /// The open facilities within so many kilometres of the origin.
    fn around(&self, km: u32) -> Vec<Candidate<'a>> {
        let Some(origin) = self.origin else {
            return Vec::new();
        };
        let around = self.view.state.facilities_around(origin.point, km * 1000);
        around.into_iter().map(|(state, metres)| (&**state, self.meaningful(state, Some(metres)))).collect()
    }

    /// The distance, unless both its ends are the same stand-in: two kecamatan without a point of their own
    /// both stand at their kabupaten's, and that does not make them neighbours.
    fn meaningful(&self, state: &FacilityState, metres: Option<u32>) -> Option<u32> {
        let is_at_home = self.origin_region.is_some_and(|code| code.covers(state.facility.region));
        let is_rough = self.origin.is_some_and(|origin| origin.precision.is_rough());
        metres.filter(|metres| *metres > 0 || is_at_home || !is_rough || state.sure_point().is_some())
    }

    /// Those of the candidates that answer the question, best first.
    fn hits(&self, candidates: &[Candidate<'a>]) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'_>> = candidates.iter().filter_map(|candidate| self.hit(*candidate)).collect();
        hits.sort_unstable_by_key(|hit| hit.rank);
        hits
    }

    fn hit(&self, candidate: Candidate<'a>) -> Option<Hit<'a>> {
        let (state, distance) = candidate;
        let id = state.facility.id;
        if !self.is_named(state) {
            return None;
        }
        let mut free = None;
        for (code, reading) in &state.readings {
            let freshness = self.view.state.freshness(code, reading);
            let resource = self.view.state.resource_type(code.as_str());
            if freshness <= self.question.freshness && resource.is_some_and(|resource| self.shows(resource)) {
                let available = reading.numbers.available().map(Count::get);
                free = Some(free.unwrap_or(Free::default()).with(available, freshness));
            }
        }
        // A facility that never said anything may have anything.
        let is_silent = state.readings.is_empty()
            && self.question.kind.is_expected_of(&state.facility.kind)
            && self.question.wish.is_empty()
            && self.question.freshness == Freshness::Unknown;
        let free = free.or(is_silent.then_some(Free::NEVER_REPORTED))?;
        let (tier, count) = free.tier(self.question.min);
        let answers = tier.fits() || self.question.min == 0;
        // Where distances count, one that nobody knows counts as the farthest.
        let metres = self.origin.map(|_| distance.unwrap_or(u32::MAX));
        answers.then(|| Hit { rank: Rank::new(tier, metres, count, id), candidate })
    }

    /// Why the answer must look further than asked, if it must.
    fn reason_to_widen(&self, candidates: &[Candidate<'_>], hits: &[Hit<'_>]) -> Option<WideningReason> {
        let has_type = |(state, _): &Candidate<'_>| {
            self.is_named(state)
                && state.readings.iter().any(|(code, _)| {
                    self.view.state.resource_type(code.as_str()).is_some_and(|resource| self.shows(resource))
                })
        };
        match hits.first() {
            Some(best) if best.rank.0 == Tier::Stale && self.question.min > 0 => {
                Some(WideningReason::OnlyStale)
            }
            Some(_) => None,
            None if candidates.iter().any(has_type) => Some(WideningReason::NothingFree),
            None => Some(WideningReason::NoFacility),
        }
    }

    /// Looks around in growing rings until something usable is found; keeps what there was.
    fn widen(&mut self, reason: WideningReason, asked: Vec<Hit<'a>>) -> (Vec<Hit<'a>>, Option<Widened>) {
        let question = self.question;
        let region = question.region.and_then(|code| self.view.region(code));
        let from = AreaView { region, within_km: question.within_km };
        if from == AreaView::COUNTRY {
            return (asked, None);
        }
        let widened = |to| Some(Widened { reason, from: from.clone(), to });
        let ring = |km| AreaView { region: None, within_km: Some(km) };
        let asked_origin = (self.origin, self.origin_region);
        if self.origin.is_none() {
            self.origin = question.region.and_then(|code| self.view.state.locate(code));
            self.origin_region = question.region;
        }
        let is_usable =
            |hits: &[Hit<'_>]| hits.first().is_some_and(|best| best.rank.0.is_usable() || question.min == 0);
        let furthest = if reason == WideningReason::OnlyStale { FURTHEST_FROM_STALE_KM } else { u32::MAX };
        let beyond = |km: &u32| question.within_km.is_none_or(|within| *km > within) && *km <= furthest;
        let mut second_best = None;
        for km in RINGS_KM.into_iter().filter(beyond) {
            let hits = self.hits(&self.around(km));
            if is_usable(&hits) {
                // A stale number inside the area is not hidden by a better one outside.
                let inside = self.hits(&self.asked());
                return (joined(inside, hits), widened(ring(km)));
            }
            if second_best.is_none() && !hits.is_empty() {
                second_best = Some((km, hits));
            }
        }
        match (reason, second_best) {
            (WideningReason::OnlyStale, _) => {
                // What was asked stands, so its distances do, too.
                (self.origin, self.origin_region) = asked_origin;
                (asked, None)
            }
            (_, Some((km, hits))) => (hits, widened(ring(km))),
            (_, None) => (self.hits(&self.inside(None)), widened(AreaView::COUNTRY)),
        }
    }

    fn totals(&self, candidates: &[Candidate<'a>]) -> Vec<TotalView> {
        let mut totals = Totals::default();
        for (state, _) in candidates {
            totals.add(self.view, state, |resource| self.shows(resource));
        }
        totals.into_views()
    }

    fn near_view(&self) -> Option<NearView> {
        let located = self.origin?;
        let region = self.origin_region.and_then(|code| self.view.region(code));
        Some(NearView { region, located, rough: located.precision.is_rough() })
    }
}

/// The facilities that answer to `q`. An exact name elsewhere does not hide one in the asked region that is
/// meant in spite of a typing error.
fn named(view: View<'_>, q: &str, region: Option<RegionCode>) -> HashSet<FacilityId> {
    let mut named = view.state.facilities_named(q, None);
    if region.is_some() {
        named.extend(view.state.facilities_named(q, region));
    }
    named
}

/// Both lists, each facility once, best first.
fn joined<'a>(inside: Vec<Hit<'a>>, around: Vec<Hit<'a>>) -> Vec<Hit<'a>> {
    let mut hits: Vec<Hit<'_>> = inside.into_iter().chain(around).collect();
    hits.sort_unstable_by_key(|hit| hit.rank);
    hits.dedup_by_key(|hit| hit.rank.3);
    hits
}

fn page<'a>(hits: Vec<Hit<'a>>, question: &AvailabilityQuestion) -> (Vec<Hit<'a>>, Option<String>) {
    let limit = question.limit as usize;
    let mut rest = hits.into_iter().skip_while(|hit| question.after.is_some_and(|after| hit.rank <= after));
    let page: Vec<Hit<'_>> = rest.by_ref().take(limit).collect();
    let next = rest.next().and(page.last()).map(|last| cursor::seal(&question.without_page(), &last.rank));
    (page, next)
}
