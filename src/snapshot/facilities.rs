//! Looking facilities up: by id, by region, by place.

use std::sync::Arc;

use uuid::Uuid;

use super::Snapshot;
use crate::{
    clock::Timestamp,
    domain::{
        change::Seq,
        facility::{Facility, FacilityId, FacilityRef, Flag},
        freshness::Freshness,
        geo::{Located, Point, Precision},
        observation::Reading,
        region_code::RegionCode,
        resource_type::TypeCode,
    },
};

/// A facility with its current numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityState {
    /// Who it is.
    pub facility: Arc<Facility>,
    /// Its current numbers, sorted by type.
    pub readings: Vec<(TypeCode, Arc<Reading>)>,
    /// The last change that shows in it; `If-Match` compares this.
    pub version: Seq,
    /// When it last came from another region.
    pub moved_at: Option<Timestamp>,
}

impl FacilityState {
    /// The current numbers of one type.
    pub fn reading(&self, code: &TypeCode) -> Option<&Arc<Reading>> {
        let index = self.readings.binary_search_by(|(have, _)| have.cmp(code)).ok()?;
        Some(&self.readings[index].1)
    }

    /// Its coordinates, unless they are doubtful.
    pub fn sure_point(&self) -> Option<Point> {
        self.facility.point.filter(|_| !self.facility.flags.contains(&Flag::LocationDoubtful))
    }
}

impl Snapshot {
    pub(super) fn put_move(&mut self, id: FacilityId, at: Timestamp) {
        if let Some(state) = self.facilities.get_mut(&id) {
            Arc::make_mut(state).moved_at = Some(at);
        }
    }

    /// A facility, open or closed.
    pub fn facility(&self, id: FacilityId) -> Option<&Arc<FacilityState>> {
        self.facilities.get(&id)
    }

    /// A facility by whichever name the client used for it.
    pub fn resolve(&self, reference: &FacilityRef) -> Option<&Arc<FacilityState>> {
        match reference {
            FacilityRef::Id(id) => self.facility(*id),
            FacilityRef::External(external) => match self.by_external_id.get(external.as_str()) {
                Some(id) => self.facility(*id),
                // Our own ids go by this name in what we export.
                None => self.facility(FacilityId(external.as_str().strip_prefix("sedia:")?.parse().ok()?)),
            },
        }
    }

    /// All facilities by id, closed ones too.
    pub fn facilities(&self) -> impl Iterator<Item = &Arc<FacilityState>> {
        self.facilities.values()
    }

    /// The open facilities of a region and below, or of the country.
    pub fn facilities_in(&self, region: Option<RegionCode>) -> impl Iterator<Item = &Arc<FacilityState>> {
        let ids = region.map(|region| {
            let codes = region.descendants();
            let from = (*codes.start(), FacilityId(Uuid::nil()));
            let to = (*codes.end(), FacilityId(Uuid::max()));
            self.by_region.range(from..=to).filter_map(|(_, id)| self.facilities.get(id))
        });
        let all = region.is_none().then(|| self.facilities.values());
        ids.into_iter().flatten().chain(all.into_iter().flatten()).filter(|state| !state.facility.closed)
    }

    /// The open facilities within `metres` of `centre`, each with its distance; one without sure
    /// coordinates stands at its region's point.
    pub fn facilities_around(&self, centre: Point, metres: u32) -> Vec<(&Arc<FacilityState>, u32)> {
        let placed = self.places.around(centre, metres).filter_map(|id| {
            let state = self.facilities.get(&id)?;
            Some((state, centre.metres_to(state.sure_point()?)))
        });
        let mut last: Option<(RegionCode, Option<u32>)> = None;
        let unplaced = self.unplaced.iter().filter_map(move |(region, id)| {
            let distance = match last {
                Some((code, distance)) if code == *region => distance,
                _ => self.locate(*region).map(|located| centre.metres_to(located.point)),
            };
            last = Some((*region, distance));
            Some((self.facilities.get(id)?, distance?))
        });
        placed
            .chain(unplaced)
            .filter(|(state, distance)| *distance <= metres && !state.facility.closed)
            .collect()
    }

    /// Where a facility is, as well as anybody knows.
    pub fn locate_facility(&self, state: &FacilityState) -> Option<Located> {
        match state.sure_point() {
            Some(point) => Some(Located { point, precision: Precision::Exact }),
            None => self
                .locate(state.facility.region)
                .map(|located| Located { precision: located.precision.max(Precision::Around), ..located }),
        }
    }

    /// How far a reading of `code` can be believed now.
    pub fn freshness(&self, code: &TypeCode, reading: &Reading) -> Freshness {
        self.types.get(code).map_or(Freshness::Unknown, |resource| {
            Freshness::of(reading.numbers, reading.observed_at, resource, self.now)
        })
    }
}
