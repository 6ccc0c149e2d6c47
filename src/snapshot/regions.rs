//! Looking regions up: by code, downwards, upwards, and where they are.

use std::sync::Arc;

use super::Snapshot;
use crate::{
    clock::Timestamp,
    domain::{
        facility::{FacilityId, FacilityRef},
        geo::{Located, METRES_PER_DEGREE, Point, Precision},
        key::Key,
        region::{Region, Zone},
        region_code::{Level, RegionCode},
        rejection::Rejection,
    },
};

impl Snapshot {
    /// A region.
    pub fn region(&self, code: RegionCode) -> Option<&Arc<Region>> {
        self.regions.get(&code)
    }

    /// All regions in the order of their codes.
    pub fn regions(&self) -> impl Iterator<Item = &Arc<Region>> {
        self.regions.values()
    }

    /// The regions right below `parent`, or the provinces. Skips over what lies deeper.
    pub fn children(&self, parent: Option<RegionCode>) -> impl Iterator<Item = &Arc<Region>> {
        let level = match parent.map(RegionCode::level) {
            None => Some(Level::Province),
            Some(Level::Province) => Some(Level::Regency),
            Some(Level::Regency) => Some(Level::District),
            Some(Level::District) => Some(Level::Village),
            Some(Level::Village) => None,
        };
        let mut after = parent.or_else(|| "01".parse().ok());
        std::iter::from_fn(move || {
            let level = level?;
            loop {
                let from = after?;
                let (code, region) = self.regions.range(from..).find(|(code, _)| code.level() >= level)?;
                if parent.is_some_and(|parent| !parent.covers(*code)) {
                    return None;
                }
                after = self.after(*code.descendants().end());
                if code.level() == level {
                    return Some(region);
                }
            }
        })
    }

    /// The first code after `last`.
    fn after(&self, last: RegionCode) -> Option<RegionCode> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.regions.range((Excluded(last), Unbounded)).next().map(|(code, _)| *code)
    }

    /// The names from the province down to `code`, as far as they are known.
    pub fn path(&self, code: RegionCode) -> Vec<&str> {
        let mut names: Vec<&str> = code
            .with_ancestors()
            .filter_map(|code| self.region(code))
            .map(|region| region.name.as_str())
            .collect();
        names.reverse();
        names
    }

    /// The deepest known region at or above `code`.
    pub fn known_at_or_above(&self, code: RegionCode) -> Option<RegionCode> {
        code.with_ancestors().find(|code| self.regions.contains_key(code))
    }

    /// The time zone of a region: its own, or the nearest above that has one.
    pub fn zone(&self, code: RegionCode) -> Zone {
        code.with_ancestors().find_map(|code| self.region(code)?.zone).unwrap_or(Zone::Wib)
    }

    /// The time zone of a facility; WIB if there is no such facility.
    pub fn facility_zone(&self, facility: &FacilityRef) -> Zone {
        self.resolve(facility).map_or(Zone::Wib, |state| self.zone(state.facility.region))
    }

    /// Whether `key`, as it is by now, may be used at `now`.
    pub fn check_key(&self, key: &Key, now: Timestamp) -> Result<(), Rejection> {
        self.key(key.id).map_or(key, |known| known).check(now, self.key_zone(key))
    }

    /// The time zone of a key's holders; WIB if the key is for the whole country.
    fn key_zone(&self, key: &Key) -> Zone {
        let of_facility = |id: &FacilityId| self.facility_zone(&FacilityRef::Id(*id));
        let of_facilities = || key.facilities.first().map_or(Zone::Wib, of_facility);
        key.region.map_or_else(of_facilities, |region| self.zone(region))
    }

    /// The kabupaten or kota whose point is nearest: a good guess of the office to call about a bare coordinate.
    pub fn regency_near(&self, point: Point) -> Option<RegionCode> {
        let mut nearest: Option<(u32, RegionCode)> = None;
        for (code, at) in &self.regencies {
            // For most regions the latitude alone shows that they are farther away.
            let least = METRES_PER_DEGREE * (at.lat - point.lat).abs();
            if nearest.is_none_or(|(metres, _)| least <= f64::from(metres)) {
                let this = (at.metres_to(point), *code);
                nearest = nearest.into_iter().chain([this]).min();
            }
        }
        nearest.map(|(_, code)| code)
    }

    /// Lets facilities stand anew after the point of `code`, or facilities in it, have moved. The point of a region
    /// without one of its own follows from what is below, so this begins at the highest such region above.
    pub(super) fn settle_around(&mut self, code: RegionCode) {
        self.settle(self.highest_following(code).unwrap_or(code));
    }

    /// The highest region at or above `code` without a point of its own.
    pub(super) fn highest_following(&self, code: RegionCode) -> Option<RegionCode> {
        let follows = |code: &RegionCode| self.region(*code).is_none_or(|region| region.point.is_none());
        code.with_ancestors().filter(follows).last()
    }

    /// Where a region is: its own point, else the middle of the facilities with coordinates in it, else of
    /// the regions in it, else where the region above is.
    pub fn locate(&self, code: RegionCode) -> Option<Located> {
        if let Some(own) = self.region(code).and_then(|region| region.located()) {
            return Some(own);
        }
        let facilities = self.facilities_in(Some(code)).filter_map(|state| state.sure_point());
        let children = || self.children(Some(code)).filter_map(|child| child.point);
        let around = Point::mean(facilities).or_else(|| Point::mean(children()));
        match around {
            Some(point) => Some(Located { point, precision: Precision::Around }),
            None => {
                self.locate(code.parent()?).map(|above| Located { precision: Precision::Parent, ..above })
            }
        }
    }
}
