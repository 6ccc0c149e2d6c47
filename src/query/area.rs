//! Where a question looks: the area it names, distances, and how far it looks when nothing fits there.
//!
//! A question looks at the facilities of a region, of a circle, or of the country (`Area::asked`). If nothing there
//! fits, it looks around its origin in growing circles (`Area::widen`), each of which adds to what the smaller one
//! found. Whatever it looked at is noted in `Area::scope`: the answer depends on that, and on nothing else.

use std::{collections::HashSet, sync::Arc};

use crate::{
    domain::{
        facility::FacilityId,
        geo::{Located, Precision},
        ranking::{Rank, SessionRank, Tier},
        region_code::{Level, RegionCode},
        rejection::{Code, Rejection},
    },
    locales::Message,
    query::{
        cursor::{self, Cursor},
        known_region,
        params::{Limit, Near, Number},
        totals::{Totals, Types},
        view::View,
    },
    render::model::{AreaView, NearView, Widened, WideningReason},
    snapshot::{Contents, FacilityState, Looked, Scope, Snapshot, Wish},
};

/// How far an answer looks when nothing fits where it was asked, in kilometres, one after the other.
const RINGS_KM: [u32; 5] = [25, 50, 100, 200, 400];
/// If a stale or held place exists, search at most this far for a better one.
const FURTHEST_FROM_SECOND_BEST_KM: u32 = 100;

/// The first circle in which a page is looked for. Each next one has about twice the area: a wider one would find too much
/// that no page shows.
const FIRST_METRES: u32 = 1_000;

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

/// The things that a question wants facilities to have.
pub(crate) trait Wanted {
    /// Where a facility stands in the answer.
    type Rank: RankKey;

    /// Where this one stands at its distance; None if it does not answer the question.
    fn rank(&self, state: &FacilityState, metres: Option<u32>) -> Option<Self::Rank>;

    /// Whether it has at all what is asked for, free or not.
    fn exists(&self, state: &FacilityState) -> bool;

    /// What may answer a question that does not list all.
    fn wish(&self) -> Wish<'static>;
}

/// Where a facility stands in an answer.
pub(crate) trait RankKey: Copy + Ord + serde::Serialize {
    fn tier(&self) -> Tier;
    /// The distance, where distances count.
    fn metres(&self) -> Option<u32>;
    fn facility(&self) -> FacilityId;
    /// Whether it makes looking further needless.
    fn is_usable(&self) -> bool;
}

impl RankKey for Rank {
    fn tier(&self) -> Tier {
        self.0
    }

    fn metres(&self) -> Option<u32> {
        self.1
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

    fn metres(&self) -> Option<u32> {
        self.1
    }

    fn facility(&self) -> FacilityId {
        self.4
    }

    /// A session that nobody reports on takes place all the same.
    fn is_usable(&self) -> bool {
        self.tier().is_usable() || self.tier() == Tier::Unknown
    }
}

/// How many kilometres from `near` a query looks.
pub type Within = Number<1, 5000, 50>;
/// How many must be free; 0 lists all.
pub type Min = Number<0, 10_000, 1>;

/// Where a query looks, and how much it wants there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) region: Option<RegionCode>,
    pub(crate) near: Option<Near>,
    pub(crate) within: Option<Within>,
    pub(crate) min: u32,
    /// The name that is looked for.
    pub(crate) q: Option<&'a str>,
    /// The part of the facilities there that the answer shows.
    pub(crate) contents: Contents,
}

impl Place<'_> {
    /// Refuses a place that is not in the directory, and a distance from nowhere.
    pub(crate) fn check(&self, state: &Snapshot) -> Result<(), Rejection> {
        known_region(self.region, "region", state)?;
        if let Some(Near::Region(code)) = self.near {
            known_region(Some(code), "near", state)?;
        }
        if self.within.is_some() && self.near.is_none() {
            let detail = Message::new("within-needs-near");
            return Err(Rejection::new(Code::ParametersDisagree, "within", detail));
        }
        Ok(())
    }

    /// How far it looks, written out: a query without a region looks around its place.
    pub(crate) fn usual_within(&self) -> Option<Within> {
        self.within.or((self.region.is_none() && self.near.is_some()).then_some(Within::USUAL))
    }

    /// Whether few facilities are looked at, unless the answer must look further: those of a kabupaten, or of the usual
    /// circle.
    pub(crate) fn is_small(&self) -> bool {
        let is_circle = self.within.is_some_and(|within| within.get() <= Within::USUAL.get());
        let is_part = self.region.is_some_and(|region| region.level() >= Level::Regency);
        self.q.is_none() && (is_circle || is_part)
    }

    /// How many kilometres from its origin it looks.
    fn km(&self) -> Option<u32> {
        self.within.map(Within::get)
    }

    /// Where distances are measured from; None if nowhere, or if nobody knows where the region is.
    pub(crate) fn origin(&self, state: &Snapshot) -> Option<Located> {
        match self.near? {
            Near::Region(code) => state.locate(code),
            near @ Near::Point(..) => {
                near.point().map(|point| Located { point, precision: Precision::Exact })
            }
        }
    }

    /// The scope of the answer, as long as it need not look further than asked.
    pub(crate) fn scope(&self, state: &Snapshot) -> Scope {
        let (region, km, names) = (self.region, self.km(), self.q.is_some());
        match (region, self.near) {
            // All is added up, so all numbers show.
            (None, None) => Scope::Country(self.contents),
            (Some(region), None) if !names => Scope::Region(region, self.contents),
            _ => Scope::Looked(Looked {
                // What stands in the circle is all that is looked at.
                region: region.filter(|_| km.is_none()),
                origin: self.origin(state),
                km,
                names,
                contents: self.contents,
            }),
        }
    }
}

/// Where a question looks.
pub(crate) struct Area<'a> {
    pub(crate) view: View<'a>,
    query: Place<'a>,
    /// Where distances are measured from: the asked place; the middle of the region once the answer looks
    /// beyond it; else nowhere.
    pub(crate) origin: Option<Located>,
    /// The region that the origin stands for, if it is not given as a point.
    origin_region: Option<RegionCode>,
    /// The region whose contacts and time zone apply.
    pub(crate) home: Option<RegionCode>,
    /// The facilities that the question names.
    named: Option<HashSet<FacilityId>>,
    /// Everything that was looked at so far.
    pub(crate) scope: Scope,
}

impl<'a> Area<'a> {
    pub(crate) fn new(view: View<'a>, query: Place<'a>) -> Self {
        let origin = query.origin(view.state);
        let origin_region = match query.near {
            Some(Near::Region(code)) => Some(code),
            _ => None,
        };
        let around = || view.state.regency_near(origin?.point);
        Self {
            view,
            query,
            origin,
            origin_region,
            home: origin_region.or(query.region).or_else(around),
            named: query.q.as_ref().map(|q| named(view, q, query.region)),
            scope: query.scope(view.state),
        }
    }

    /// Whether the question means this facility, as far as it names any.
    fn is_named(&self, state: &FacilityState) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains(&state.facility.id))
    }

    /// The totals of the area that was asked about, if nobody has to add up its facilities for them.
    pub(crate) fn kept_totals(&self, types: &Types<'_>) -> Option<Totals> {
        let (state, region) = (self.view.state, self.query.region);
        match (region, self.query.km()) {
            (_, None) => Some(types.kept(state.totals_of(region)?)),
            (Some(_), Some(_)) => None,
            (None, Some(km)) => {
                let totals = state.totals_within(self.origin?.point, km * 1000);
                Some(types.kept(totals.iter().map(|(resource, total)| (&resource.code, total))))
            }
        }
    }

    /// The open facilities of the area that was asked about.
    pub(crate) fn asked(&self) -> Vec<Candidate<'a>> {
        self.asked_if(Wish::All)
    }

    /// Those of them that may have what is wanted, whether the question names them or not.
    pub(crate) fn asked_for(&self, wanted: &impl Wanted) -> Vec<Candidate<'a>> {
        self.asked_if(wanted.wish())
    }

    /// The hits in the area that was asked about: all of them, or in a circle as many as a page can show.
    pub(crate) fn first_hits<W: Wanted>(
        &self,
        wanted: &W,
        cursor: &Cursor<W::Rank>,
        limit: usize,
    ) -> Vec<Hit<'a, W::Rank>> {
        let wish = self.wish(wanted);
        let (None, Some(km), Some(origin)) = (self.query.region, self.query.km(), self.origin) else {
            return self.hits(wanted, self.asked_if(wish));
        };
        let mut outward = self.view.state.outward(origin.point);
        let mut hits = Vec::new();
        let circles = std::iter::successors(Some(FIRST_METRES), |metres| Some(metres * 3 / 2));
        for metres in circles.take_while(|metres| *metres < km * 1000).chain([km * 1000]) {
            hits.extend(self.hits(wanted, self.found(outward.up_to(metres, wish))));
            // What is further away comes after these.
            let is_sure = |hit: &&Hit<'_, W::Rank>| {
                let (rank, is_near) = (hit.rank, hit.rank.metres() <= Some(metres));
                rank.tier() == Tier::Fresh && is_near && cursor.after().is_none_or(|after| rank > *after)
            };
            if hits.iter().filter(is_sure).count() > limit {
                break;
            }
        }
        hits
    }

    fn asked_if(&self, wish: Wish<'_>) -> Vec<Candidate<'a>> {
        let (state, region) = (self.view.state, self.query.region);
        let Some(km) = self.query.km() else {
            if region.is_none() {
                let all = state.facilities_that(wish).into_iter();
                return all.map(|state| self.candidate(state)).collect();
            }
            let inside = state.facilities_in(region);
            let wanted = inside.filter(|state| wish.may_be(state.facility.id, state.offers));
            return wanted.map(|state| self.candidate(state)).collect();
        };
        let Some(origin) = self.origin else {
            return Vec::new();
        };
        let mut around = self.found(state.outward(origin.point).up_to(km * 1000, wish));
        around.retain(|(state, _)| region.is_none_or(|region| region.covers(state.facility.region)));
        around
    }

    /// What a search around the origin found.
    fn found(&self, found: Vec<(&'a Arc<FacilityState>, u32)>) -> Vec<Candidate<'a>> {
        let candidate =
            |(state, metres): (&'a Arc<FacilityState>, u32)| (&**state, self.meaningful(state, Some(metres)));
        found.into_iter().map(candidate).collect()
    }

    /// A facility with its distance.
    fn candidate(&self, state: &'a FacilityState) -> Candidate<'a> {
        let metres = self.origin.zip(state.stands).map(|(origin, stands)| origin.point.metres_to(stands));
        (state, self.meaningful(state, metres))
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
    fn metres(&self, (state, distance): Candidate<'a>) -> Option<u32> {
        let regency = |code: RegionCode| code.at(Level::Regency);
        let usual = || {
            let origin = self.origin_region.and_then(regency);
            let is_neighbour = origin.is_some() && origin == regency(state.facility.region);
            if is_neighbour { METRES_WITHIN_REGENCY } else { u32::MAX }
        };
        self.origin.map(|_| distance.unwrap_or_else(usual))
    }

    /// The candidate as it answers the question; None if it does not.
    pub(crate) fn hit<W: Wanted>(&self, wanted: &W, candidate: Candidate<'a>) -> Option<Hit<'a, W::Rank>> {
        self.hit_ranked(candidate, |metres| wanted.rank(candidate.0, metres))
    }

    /// The same, where `rank` says where it stands at its distance.
    pub(crate) fn hit_ranked<R>(
        &self,
        candidate: Candidate<'a>,
        rank: impl FnOnce(Option<u32>) -> Option<R>,
    ) -> Option<Hit<'a, R>> {
        if !self.is_named(candidate.0) {
            return None;
        }
        let rank = rank(self.metres(candidate))?;
        Some(Hit { rank, candidate })
    }

    /// The candidates that answer the question.
    pub(crate) fn hits<W: Wanted>(&self, wanted: &W, asked: Vec<Candidate<'a>>) -> Vec<Hit<'a, W::Rank>> {
        let wish = self.wish(wanted);
        let may = |(state, _): &Candidate<'_>| wish.may_be(state.facility.id, state.offers);
        asked.into_iter().filter(may).filter_map(|candidate| self.hit(wanted, candidate)).collect()
    }

    /// Why the answer must look further than asked, if it must.
    pub(crate) fn reason_to_widen<W: Wanted>(
        &self,
        wanted: &W,
        hits: &[Hit<'a, W::Rank>],
    ) -> Option<WideningReason> {
        let exists = |(state, _): &Candidate<'_>| self.is_named(state) && wanted.exists(state);
        match best(hits).map(|rank| rank.tier()) {
            // A question that names a place means it: others of that name further away are no better.
            Some(_) if self.named.is_some() || self.query.min == 0 => None,
            Some(Tier::Stale) => Some(WideningReason::OnlyStale),
            Some(Tier::Held) => Some(WideningReason::OnlyHeld),
            Some(_) => None,
            None if self.asked().iter().any(exists) => Some(WideningReason::NothingFree),
            None => Some(WideningReason::NoFacility),
        }
    }

    /// Looks around in growing circles until something usable is found; keeps what there was.
    pub(crate) fn widen<W: Wanted>(
        &mut self,
        wanted: &W,
        reason: WideningReason,
        asked: Vec<Hit<'a, W::Rank>>,
    ) -> (Vec<Hit<'a, W::Rank>>, Option<Widened>) {
        let (state, query) = (self.view.state, self.query);
        let region = query.region.and_then(|code| self.view.region(code));
        let from = AreaView { region, within_km: query.km() };
        if from == AreaView::COUNTRY {
            return (asked, None);
        }
        let widened = |to| Some(Widened { reason, from: from.clone(), to });
        let circle = |km| AreaView { region: None, within_km: Some(km) };
        let asked_origin = (self.origin, self.origin_region);
        if self.origin.is_none() {
            self.origin = query.region.and_then(|code| state.locate(code));
            self.origin_region = query.region;
        }
        let furthest = if reason.is_unmet() { u32::MAX } else { FURTHEST_FROM_SECOND_BEST_KM };
        let beyond = |km: &u32| query.km().is_none_or(|within| *km > within) && *km <= furthest;
        let mut outward = self.origin.map(|origin| state.outward(origin.point));
        let mut hits: Vec<Hit<'a, W::Rank>> = Vec::new();
        // The smallest circle with anything, and how much there was in it.
        let mut second_best = None;
        for km in RINGS_KM.into_iter().filter(beyond) {
            let Some(outward) = &mut outward else { break };
            self.look_around(km);
            hits.extend(self.hits(wanted, self.found(outward.up_to(km * 1000, self.wish(wanted)))));
            if best(&hits).is_some_and(|rank| rank.is_usable() || query.min == 0) {
                // A second best inside the area is not hidden by a better one outside.
                let inside = asked.iter().map(|hit| self.candidate(hit.candidate.0));
                hits.extend(inside.filter_map(|candidate| self.hit(wanted, candidate)));
                hits.sort_unstable_by_key(|hit| hit.rank);
                hits.dedup_by_key(|hit| hit.rank.facility());
                return (hits, widened(circle(km)));
            }
            if second_best.is_none() && !hits.is_empty() {
                second_best = Some((km, hits.len()));
            }
        }
        if !reason.is_unmet() {
            // The asked area stands, so its distances do, too.
            (self.origin, self.origin_region) = asked_origin;
            return (asked, None);
        }
        if let Some((km, count)) = second_best {
            hits.truncate(count);
            return (hits, widened(circle(km)));
        }
        self.scope = Scope::Country(query.contents);
        let all = state.facilities_that(self.wish(wanted)).into_iter();
        let hits = all.filter_map(|state| self.hit(wanted, self.candidate(state))).collect();
        (hits, widened(AreaView::COUNTRY))
    }

    /// What may answer the question.
    fn wish(&self, wanted: &impl Wanted) -> Wish<'_> {
        match &self.named {
            // A facility that is named shows although nothing is free.
            Some(named) => Wish::Named(named),
            None if self.query.min == 0 => Wish::All,
            None => wanted.wish(),
        }
    }

    /// Notes that all within so many kilometres was looked at.
    fn look_around(&mut self, km: u32) {
        let region = match self.scope {
            Scope::Region(region, _) => Some(region),
            Scope::Looked(looked) => looked.region,
            Scope::Country(_) | Scope::Names | Scope::Types => None,
        };
        let (names, contents) = (self.named.is_some(), self.query.contents);
        self.scope = Scope::Looked(Looked { region, origin: self.origin, km: Some(km), names, contents });
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

fn best<R: RankKey>(hits: &[Hit<'_, R>]) -> Option<R> {
    hits.iter().map(|hit| hit.rank).min()
}

/// The hits of one page, best first, and the cursor of the next.
pub(crate) fn page<'a, R: RankKey>(
    mut hits: Vec<Hit<'a, R>>,
    cursor: &Cursor<R>,
    limit: Limit,
    query: &impl std::fmt::Debug,
) -> (Vec<Hit<'a, R>>, Option<String>) {
    let limit = limit.get();
    hits.retain(|hit| cursor.after().is_none_or(|after| hit.rank > *after));
    let has_more = hits.len() > limit;
    if has_more {
        // Only what is shown need be in order.
        hits.select_nth_unstable_by_key(limit, |hit| hit.rank);
        hits.truncate(limit);
    }
    hits.sort_unstable_by_key(|hit| hit.rank);
    let last = hits.last().filter(|_| has_more);
    let next = last.map(|last| cursor::seal(query, &last.rank));
    (hits, next)
}
