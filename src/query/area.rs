//! Where a question looks: the area it names, distances, and how far it looks when nothing fits there.

use std::collections::HashSet;

use crate::{
    domain::{
        facility::FacilityId,
        geo::{Located, Precision},
        ranking::{Rank, SessionRank, Tier},
        region_code::{Level, RegionCode},
    },
    query::{AvailabilityQuery, cursor, params::Near, view::View},
    render::model::{AreaView, NearView, Widened, WideningReason},
    snapshot::FacilityState,
};

/// How far an answer looks when nothing fits where it was asked, in kilometres, one after the other.
const RINGS_KM: [u32; 5] = [25, 50, 100, 200, 400];
/// Where something may be free by a stale number, or is held, looking further than this for a better one helps nobody.
const FURTHEST_FROM_SECOND_BEST_KM: u32 = 100;

/// How far apart two places of a kabupaten or kota are that nobody can measure: one of Central Java's 35 is 940 km² on
/// average, and two points in a circle of that size are 16 km apart on average.
const METRES_WITHIN_REGENCY: u32 = 16_000;

/// A facility with its distance from the asked place, if one was asked for.
pub(crate) type Candidate<'a> = (&'a FacilityState, Option<u32>);

/// A facility that answers the question, and where it stands in the answer.
pub(crate) struct Hit<'a, R> {
    pub(crate) rank: R,
    pub(crate) candidate: Candidate<'a>,
}

/// Where a facility stands in an answer.
pub(crate) trait RankKey: Copy + Ord + serde::Serialize {
    fn tier(&self) -> Tier;
    fn facility(&self) -> FacilityId;
    /// Whether it makes looking further needless.
    fn is_usable(&self) -> bool;
}

impl RankKey for Rank {
    fn tier(&self) -> Tier {
        self.0
    }

    fn facility(&self) -> FacilityId {
        self.3
    }

    fn is_usable(&self) -> bool {
        self.tier().is_usable()
    }
}

impl RankKey for SessionRank {
    fn tier(&self) -> Tier {
        self.0
    }

    fn facility(&self) -> FacilityId {
        self.4
    }

    /// A session that nobody reports on takes place all the same.
    fn is_usable(&self) -> bool {
        self.tier().is_usable() || self.tier() == Tier::Unknown
    }
}

/// Where a question looks.
pub(crate) struct Area<'a> {
    pub(crate) view: View<'a>,
    pub(crate) query: &'a AvailabilityQuery,
    /// Where distances are measured from: the asked place; the middle of the region once the answer looks
    /// beyond it; else nowhere.
    pub(crate) origin: Option<Located>,
    /// The region that the origin stands for, if it is not given as a point.
    origin_region: Option<RegionCode>,
    /// Whose contacts and time zone apply.
    pub(crate) home: Option<RegionCode>,
    /// The facilities that the question names.
    named: Option<HashSet<FacilityId>>,
}

impl<'a> Area<'a> {
    pub(crate) fn new(view: View<'a>, query: &'a AvailabilityQuery) -> Self {
        let (origin, origin_region) = match query.near {
            None => (None, None),
            Some(Near::Region(code)) => (view.state.locate(code), Some(code)),
            Some(near) => (near.point().map(|point| Located { point, precision: Precision::Exact }), None),
        };
        let around = || view.state.regency_near(origin?.point);
        Self {
            view,
            query,
            origin,
            origin_region,
            home: origin_region.or(query.region).or_else(around),
            named: query.q.as_ref().map(|q| named(view, q, query.region)),
        }
    }

    /// Whether the question means this facility, as far as it names any.
    pub(crate) fn is_named(&self, state: &FacilityState) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains(&state.facility.id))
    }

    /// The open facilities of the area that was asked about.
    pub(crate) fn asked(&self) -> Vec<Candidate<'a>> {
        let Some(km) = self.query.within_km else {
            return self.inside(self.query.region);
        };
        let region = self.query.region;
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

    /// The distance as it ranks: where distances count, one that nobody knows counts as the farthest, or as usual
    /// for two places in the same kabupaten or kota.
    pub(crate) fn metres(&self, (state, distance): Candidate<'a>) -> Option<u32> {
        let regency = |code: RegionCode| code.at(Level::Regency);
        let is_neighbour = self
            .origin_region
            .and_then(regency)
            .is_some_and(|origin| regency(state.facility.region) == Some(origin));
        let usual = if is_neighbour { METRES_WITHIN_REGENCY } else { u32::MAX };
        self.origin.map(|_| distance.unwrap_or(usual))
    }

    /// Why the answer must look further than asked, if it must; `exists` says whether a facility has what was
    /// asked for at all.
    pub(crate) fn reason_to_widen<R: RankKey>(
        &self,
        candidates: &[Candidate<'a>],
        hits: &[Hit<'a, R>],
        exists: impl Fn(&FacilityState) -> bool,
    ) -> Option<WideningReason> {
        let exists = |(state, _): &Candidate<'_>| self.is_named(state) && exists(state);
        match hits.first() {
            // Whoever names a place means it: others of that name further away are no better.
            Some(_) if self.named.is_some() => None,
            Some(best) if best.rank.tier() == Tier::Stale && self.query.min > 0 => {
                Some(WideningReason::OnlyStale)
            }
            Some(best) if best.rank.tier() == Tier::Held && self.query.min > 0 => {
                Some(WideningReason::OnlyHeld)
            }
            Some(_) => None,
            None if candidates.iter().any(exists) => Some(WideningReason::NothingFree),
            None => Some(WideningReason::NoFacility),
        }
    }

    /// Looks around in growing rings until something usable is found; keeps what there was.
    pub(crate) fn widen<R: RankKey>(
        &mut self,
        reason: WideningReason,
        asked: Vec<Hit<'a, R>>,
        hits_of: impl Fn(&Self, &[Candidate<'a>]) -> Vec<Hit<'a, R>>,
    ) -> (Vec<Hit<'a, R>>, Option<Widened>) {
        let query = self.query;
        let region = query.region.and_then(|code| self.view.region(code));
        let from = AreaView { region, within_km: query.within_km };
        if from == AreaView::COUNTRY {
            return (asked, None);
        }
        let widened = |to| Some(Widened { reason, from: from.clone(), to });
        let ring = |km| AreaView { region: None, within_km: Some(km) };
        let asked_origin = (self.origin, self.origin_region);
        if self.origin.is_none() {
            self.origin = query.region.and_then(|code| self.view.state.locate(code));
            self.origin_region = query.region;
        }
        let is_usable =
            |hits: &[Hit<'_, R>]| hits.first().is_some_and(|best| best.rank.is_usable() || query.min == 0);
        let furthest = if reason.is_unmet() { u32::MAX } else { FURTHEST_FROM_SECOND_BEST_KM };
        let beyond = |km: &u32| query.within_km.is_none_or(|within| *km > within) && *km <= furthest;
        let mut second_best = None;
        for km in RINGS_KM.into_iter().filter(beyond) {
            let hits = hits_of(self, &self.around(km));
            if is_usable(&hits) {
                // A second best inside the area is not hidden by a better one outside.
                let inside = hits_of(self, &self.asked());
                return (joined(inside, hits), widened(ring(km)));
            }
            if second_best.is_none() && !hits.is_empty() {
                second_best = Some((km, hits));
            }
        }
        if !reason.is_unmet() {
            // What was asked stands, so its distances do, too.
            (self.origin, self.origin_region) = asked_origin;
            return (asked, None);
        }
        match second_best {
            Some((km, hits)) => (hits, widened(ring(km))),
            None => (hits_of(self, &self.inside(None)), widened(AreaView::COUNTRY)),
        }
    }

    pub(crate) fn near_view(&self) -> Option<NearView> {
        let located = self.origin?;
        let region = self.origin_region.and_then(|code| self.view.region(code));
        Some(NearView { region, located, rough: located.precision.is_rough() })
    }
}

/// The facilities that answer to `q`. An exact name elsewhere does not hide one in the asked region that is
/// meant in spite of a typing error.
fn named(view: View<'_>, q: &str, region: Option<RegionCode>) -> HashSet<FacilityId> {
    let mut named = view.facilities_named(q, None);
    if region.is_some() {
        named.extend(view.facilities_named(q, region));
    }
    named
}

/// Both lists, each facility once, best first.
fn joined<'a, R: RankKey>(inside: Vec<Hit<'a, R>>, around: Vec<Hit<'a, R>>) -> Vec<Hit<'a, R>> {
    let mut hits: Vec<Hit<'_, R>> = inside.into_iter().chain(around).collect();
    hits.sort_unstable_by_key(|hit| hit.rank);
    hits.dedup_by_key(|hit| hit.rank.facility());
    hits
}

/// The hits of one page, and the cursor of the next.
pub(crate) fn page<'a, R: RankKey>(
    hits: Vec<Hit<'a, R>>,
    after: Option<R>,
    limit: u32,
    query: &impl std::fmt::Debug,
) -> (Vec<Hit<'a, R>>, Option<String>) {
    let mut rest = hits.into_iter().skip_while(|hit| after.is_some_and(|after| hit.rank <= after));
    let page: Vec<Hit<'_, R>> = rest.by_ref().take(limit as usize).collect();
    let next = rest.next().and(page.last()).map(|last| cursor::seal(query, &last.rank));
    (page, next)
}
