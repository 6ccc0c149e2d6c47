//! Entries that are probably one facility, by likeness of name, place and telephone.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        facility::{Facility, FacilityId},
        names::{is_generic, phone_digits, words},
        region_code::{Level, RegionCode},
    },
    render::model::FacilityBrief,
    snapshot::{FacilityState, Snapshot},
};

/// Places that stand nearer to each other than this may be one.
const NEAR_M: u32 = 300;
/// Places further from each other than this are two, whatever their names.
const FAR_M: u32 = 5_000;

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

/// What is compared of a facility.
struct Traits<'a> {
    state: &'a FacilityState,
    names: Vec<String>,
    phones: BTreeSet<String>,
}

impl<'a> Traits<'a> {
    fn of(state: &'a FacilityState) -> Self {
        let facility: &Facility = &state.facility;
        let telling = |name: &String| {
            let words = words(name);
            let telling: Vec<&str> =
                words.iter().map(String::as_str).filter(|word| !is_generic(word)).collect();
            // A name of nothing but generic words is compared whole.
            if telling.is_empty() { words.join(" ") } else { telling.join(" ") }
        };
        let names = [&facility.name].into_iter().chain(&facility.aliases).map(telling).collect();
        let phones = facility.phones.iter().filter_map(|phone| phone_digits(&phone.number)).collect();
        Self { state, names, phones }
    }

    /// How alike two facilities are, in per cent, and what they have in common; None if they are not.
    fn likeness(&self, other: &Self) -> Option<(u32, Vec<&'static str>)> {
        let pairs = self.names.iter().flat_map(|one| other.names.iter().map(move |two| (one, two)));
        let name = pairs.map(|(one, two)| strsim::jaro_winkler(one, two)).fold(0.0, f64::max);
        let metres =
            self.state.sure_point().zip(other.state.sure_point()).map(|(one, two)| one.metres_to(two));
        if metres.is_some_and(|metres| metres > FAR_M) {
            return None;
        }
        let is_named_so = name >= 0.93;
        let is_there = metres.is_some_and(|metres| metres <= NEAR_M);
        let has_phone = !self.phones.is_disjoint(&other.phones);
        let is_one_kind = self.state.facility.kind == other.state.facility.kind;
        // One number may be that of an office, and two houses may share a yard: neither alone makes them one.
        let is_alike =
            is_named_so && (is_one_kind || is_there || has_phone) || name >= 0.75 && (is_there || has_phone);
        if !is_alike {
            return None;
        }
        let same = [("name", is_named_so), ("place", is_there), ("phone", has_phone)];
        let same = same.into_iter().filter(|(_, is_same)| *is_same).map(|(what, _)| what).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 70")]
        let likeness = (name * 70.0) as u32 + if is_there { 15 } else { 0 } + if has_phone { 15 } else { 0 };
        Some((likeness, same))
    }
}

/// The pairs of open facilities in `region` that are probably one, the likeliest first.
pub fn duplicates(state: &Snapshot, region: Option<RegionCode>) -> Vec<Duplicate> {
    let mut near: BTreeMap<RegionCode, Vec<Traits<'_>>> = BTreeMap::new();
    for known in state.facilities_in(region) {
        let code = known.facility.region;
        near.entry(code.at(Level::Regency).unwrap_or(code)).or_default().push(Traits::of(known));
    }
    let mut found = Vec::new();
    for facilities in near.values() {
        for (index, one) in facilities.iter().enumerate() {
            for other in &facilities[index + 1..] {
                let Some((likeness, same)) = one.likeness(other) else { continue };
                let mut pair = [one, other].map(|traits| &traits.state.facility);
                pair.sort_by_key(|facility| facility.id);
                let facilities = pair.map(|facility| FacilityBrief::of(state, facility));
                found.push(Duplicate { facilities, same, likeness });
            }
        }
    }
    found.sort_by_key(Duplicate::place);
    found
}
