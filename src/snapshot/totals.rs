//! The totals of the whole country and of each province, kept up to date: adding up all their facilities for a question
//! would take longer than everything else about it. Smaller regions are added up when somebody asks.

use imbl::OrdMap;

use super::{CurrentReading, FacilityState};
use crate::domain::{
    region_code::{Level, RegionCode},
    resource_type::TypeCode,
    total::Total,
};

/// The totals of the open facilities by region and type; None is the whole country.
#[derive(Clone, Default)]
pub(super) struct Totals(OrdMap<Option<RegionCode>, OrdMap<TypeCode, Total>>);

impl Totals {
    /// The totals of a region; None if they are not kept.
    pub(super) fn of(&self, region: Option<RegionCode>) -> Option<impl Iterator<Item = (&TypeCode, &Total)>> {
        let is_kept = region.is_none_or(|region| region.level() == Level::Province);
        is_kept.then(|| self.0.get(&region).into_iter().flatten())
    }

    /// Counts a facility as it is now instead of as it was before.
    pub(super) fn replace(&mut self, before: Option<&FacilityState>, after: Option<&FacilityState>) {
        let (before, after) = (counted(before), counted(after));
        let only_in = |these: &[Counted], those: &[Counted]| {
            these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>()
        };
        for one in only_in(&before, &after) {
            self.each(&one, |total, stated| *total -= stated);
        }
        for one in only_in(&after, &before) {
            self.each(&one, |total, stated| *total += stated);
        }
    }

    fn each(&mut self, one: &Counted, count: impl Fn(&mut Total, Total)) {
        for region in [None, one.province] {
            let total = self.0.entry(region).or_default().entry(one.code.clone()).or_default();
            count(total, one.stated);
        }
    }
}

/// The total that a facility states for one type, and the province in which it counts.
#[derive(Clone, PartialEq)]
struct Counted {
    province: Option<RegionCode>,
    code: TypeCode,
    stated: Total,
}

/// The totals that an open facility states.
fn counted(state: Option<&FacilityState>) -> Vec<Counted> {
    let Some(state) = state.filter(|state| !state.facility.closed) else {
        return Vec::new();
    };
    let province = state.facility.region.at(Level::Province);
    let counted = |current: &CurrentReading| {
        let mut stated = Total::default();
        stated.count(current.numbers, current.freshness);
        Counted { province, code: current.code().clone(), stated }
    };
    state.readings.iter().map(counted).collect()
}
