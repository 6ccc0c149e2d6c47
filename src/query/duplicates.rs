//! Entries that are probably one facility, in pairs.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{facility::FacilityId, region_code::RegionCode},
    render::model::FacilityBrief,
    snapshot::{
        Snapshot,
        likeness::{Likeness, Traits, area},
    },
};

/// Where a pair stands in the list.
pub type Place = (Reverse<u32>, FacilityId, FacilityId);

/// Two entries that are probably one facility.
#[derive(Serialize, ToSchema)]
pub struct Duplicate {
    /// The two; the one that was added first comes first.
    facilities: [FacilityBrief; 2],
    /// What they have in common: `name`, `place`, `phone`.
    same: Vec<&'static str>,
    /// How likely it is that they are one, in per cent: for the order of the list.
    likeness: u32,
}

impl Duplicate {
    /// Where it stands in the list.
    pub fn place(&self) -> Place {
        (Reverse(self.likeness), self.facilities[0].id, self.facilities[1].id)
    }
}

/// The pairs of open facilities in `region` that are probably one, the likeliest first.
pub fn duplicates(state: &Snapshot, region: Option<RegionCode>) -> Vec<Duplicate> {
    let mut near: BTreeMap<RegionCode, Vec<_>> = BTreeMap::new();
    for known in state.facilities_in(region) {
        near.entry(area(known.facility.region)).or_default().push((&known.facility, Traits::of(known)));
    }
    let mut found = Vec::new();
    for facilities in near.values() {
        for (index, (one, traits)) in facilities.iter().enumerate() {
            for (other, others) in &facilities[index + 1..] {
                let Some(Likeness { percent, same }) = traits.likeness(others) else { continue };
                let mut pair = [one, other];
                pair.sort_by_key(|facility| facility.id);
                let facilities = pair.map(|facility| FacilityBrief::of(state, facility));
                found.push(Duplicate { facilities, same, likeness: percent });
            }
        }
    }
    found.sort_by_key(Duplicate::place);
    found
}
