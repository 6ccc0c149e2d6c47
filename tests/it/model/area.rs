//! Where a question looks, in which order the facilities stand, and how far the answer looks when nothing fits.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{
    directory::{Directory, Facility, Point},
    places::{Located, lies_in, metres},
    tiers::Tier,
};

/// From where a distance is measured.
#[derive(Debug, Clone, Copy)]
pub(super) enum Near {
    Point(f64, f64),
    Region(&'static str),
}

/// Where a question looks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) region: Option<&'static str>,
    pub(super) near: Option<Near>,
    pub(super) within: Option<u32>,
    /// How many must be free; 0 lists everything.
    pub(super) min: u64,
}

/// Where distances are measured from, and the region that stands for, if it does for one.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) located: Located,
    pub(super) region: Option<String>,
}

/// How a facility answers a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    pub(super) tier: Tier,
    /// For sessions, the day of the one it stands by.
    pub(super) day: Option<NaiveDate>,
    pub(super) free: u64,
}

/// A facility that answers.
pub(super) struct Hit<'a> {
    pub(super) facility: &'a Facility,
    pub(super) tier: Tier,
    pub(super) distance: Option<u32>,
}

/// What was looked through, and what was found.
pub(super) struct Found<'a> {
    /// The facilities of the area that was asked about, whether they fit or not.
    pub(super) asked: Vec<&'a Facility>,
    /// The facilities that answer, best first.
    pub(super) hits: Vec<Hit<'a>>,
    pub(super) origin: Option<Origin>,
    pub(super) widened: Value,
}

/// What a question wants to know of a facility.
pub(super) struct Wanted<'a> {
    /// How it answers; None if it does not.
    pub(super) stand: &'a dyn Fn(&Facility) -> Option<Stand>,
    /// Whether it has at all what is asked for, free or not.
    pub(super) has_any: &'a dyn Fn(&Facility) -> bool,
    /// Whether somebody who stands so is found: nobody need look further.
    pub(super) is_found: fn(Tier) -> bool,
}

impl Directory {
    /// The region whose contacts and whose time apply: the place measured from, else the region asked about,
    /// else the kabupaten or kota that is nearest.
    pub(super) fn home(&self, place: &Place) -> Option<&str> {
        match (place.near, place.region) {
            (Some(Near::Region(code)), _) | (_, Some(code)) => Some(code),
            (Some(Near::Point(lat, lon)), None) => self.nearest_regency(Point { lat, lon }),
            (None, None) => None,
        }
    }

    fn origin(&self, place: &Place) -> Option<Origin> {
        match place.near? {
            Near::Point(lat, lon) => {
                let located = Located { point: Point { lat, lon }, precision: "exact".to_owned() };
                Some(Origin { located, region: None })
            }
            Near::Region(code) => self.origin_in(code),
        }
    }

    fn origin_in(&self, code: &str) -> Option<Origin> {
        Some(Origin { located: self.locate(code)?, region: Some(code.to_owned()) })
    }

    /// How far a facility is from the origin, as the crow flies.
    fn metres_from(&self, origin: &Origin, facility: &Facility) -> Option<u32> {
        Some(metres(origin.located.point, self.position(facility)?))
    }

    /// The same as it is told and ranked. If both ends are one and the same stand-in, because two regions
    /// without points of their own stand at that of the region above, nobody knows the distance between them.
    fn distance(&self, origin: &Origin, facility: &Facility) -> Option<u32> {
        let is_same_point = self.metres_from(origin, facility) == Some(0);
        let is_stand_in = origin.located.is_rough() && facility.sure_point().is_none();
        let is_inside = origin.region.as_ref().is_some_and(|region| lies_in(&facility.region, region));
        if is_same_point && is_stand_in && !is_inside {
            return None;
        }
        self.metres_from(origin, facility)
    }

    fn is_within(&self, km: u32, origin: Option<&Origin>, facility: &Facility) -> bool {
        let metres = origin.and_then(|origin| self.metres_from(origin, facility));
        metres.is_some_and(|metres| metres <= km * 1000)
    }

    /// Those of the facilities that answer, best first: the tier, then the distance where one is measured
    /// (unknown ones last, those in the same kabupaten or kota as if they were 16 km), for sessions the day, then how much is free, then the id.
    fn ranked<'a>(
        &self,
        facilities: &[&'a Facility],
        origin: Option<&Origin>,
        wanted: &Wanted<'_>,
    ) -> Vec<Hit<'a>> {
        let mut ranked = Vec::new();
        for facility in facilities {
            if let Some(Stand { tier, day, free }) = (wanted.stand)(facility) {
                let distance = origin.and_then(|origin| self.distance(origin, facility));
                let own = |code: &str| code.get(..5).map(str::to_owned);
                let is_neighbour = origin.is_some_and(|origin| {
                    let from = origin.region.as_deref().and_then(own);
                    from.is_some() && from == own(&facility.region)
                });
                let usual = if is_neighbour { 16_000 } else { u32::MAX };
                let order = (tier, distance.unwrap_or(usual), day, Reverse(free), &facility.id);
                ranked.push((order, Hit { facility, tier, distance }));
            }
        }
        ranked.sort_by_key(|(order, _)| *order);
        ranked.into_iter().map(|(_, hit)| hit).collect()
    }

    /// Looks in the area that was asked about, and further if nothing there fits, or only by stale numbers or held places.
    pub(super) fn look(&self, place: &Place, wanted: &Wanted<'_>) -> Found<'_> {
        let (region, asked_origin) = (place.region, self.origin(place));
        let default_within = (region.is_none() && place.near.is_some()).then_some(50);
        let within = place.within.or(default_within);
        let mut asked = self.open();
        asked.retain(|facility| region.is_none_or(|region| lies_in(&facility.region, region)));
        asked.retain(|facility| within.is_none_or(|km| self.is_within(km, asked_origin.as_ref(), facility)));
        let hits = self.ranked(&asked, asked_origin.as_ref(), wanted);

        let reason = match hits.first() {
            Some(best) if best.tier == Tier::Stale && place.min > 0 => "only_stale",
            Some(best) if best.tier == Tier::Held && place.min > 0 => "only_held",
            Some(_) => "",
            None if asked.iter().any(|facility| (wanted.has_any)(facility)) => "nothing_free",
            None => "no_facility",
        };
        // Whoever asked about the whole country asked about everything there is.
        let is_everything = region.is_none() && within.is_none();
        let origin = asked_origin.clone().or_else(|| self.origin_in(region?));
        let further = match reason {
            "" => None,
            _ if is_everything => None,
            "only_stale" | "only_held" => self.better_nearby(&asked, within, origin.as_ref(), wanted),
            _ => Some(self.anything_around(place.min, within, origin.as_ref(), wanted)),
        };
        let Some((km, among)) = further else {
            return Found { asked, hits, origin: asked_origin, widened: Value::Null };
        };
        let hits = self.ranked(&among, origin.as_ref(), wanted);
        let from = json!({"region": region.map(|code| self.region_in_short(code)), "within_km": within});
        let widened = json!({"reason": reason, "from": from, "to": {"region": null, "within_km": km}});
        Found { asked, hits, origin, widened }
    }

    /// The open facilities within so many kilometres.
    fn ring(&self, km: u32, origin: Option<&Origin>) -> Vec<&Facility> {
        let mut ring = self.open();
        ring.retain(|facility| self.is_within(km, origin, facility));
        ring
    }

    /// Where there are only stale numbers or held places: the smallest ring of at most 100 km with better ones. What was
    /// found where it was asked for is not hidden by them.
    fn better_nearby<'a>(
        &'a self,
        asked: &[&'a Facility],
        within: Option<u32>,
        origin: Option<&Origin>,
        wanted: &Wanted<'_>,
    ) -> Option<(Option<u32>, Vec<&'a Facility>)> {
        for km in rings(within).into_iter().filter(|km| *km <= 100) {
            let mut ring = self.ring(km, origin);
            if self.ranked(&ring, origin, wanted).first().is_some_and(|best| (wanted.is_found)(best.tier)) {
                ring.extend(asked.iter().filter(|facility| !self.is_within(km, origin, facility)));
                return Some((Some(km), ring));
            }
        }
        None
    }

    /// Where there is nothing: the smallest ring in which somebody is found, else the smallest with stale numbers
    /// at least, else the whole country. With `min` 0 everybody is.
    fn anything_around(
        &self,
        min: u64,
        within: Option<u32>,
        origin: Option<&Origin>,
        wanted: &Wanted<'_>,
    ) -> (Option<u32>, Vec<&Facility>) {
        let mut second_best = None;
        for km in rings(within) {
            let ring = self.ring(km, origin);
            if let Some(best) = self.ranked(&ring, origin, wanted).first() {
                if (wanted.is_found)(best.tier) || min == 0 {
                    return (Some(km), ring);
                }
                second_best = second_best.or(Some((Some(km), ring)));
            }
        }
        second_best.unwrap_or_else(|| (None, self.open()))
    }
}

/// The rings beyond what was asked about, in kilometres.
fn rings(within: Option<u32>) -> Vec<u32> {
    [25, 50, 100, 200, 400].into_iter().filter(|km| within.is_none_or(|within| *km > within)).collect()
}
