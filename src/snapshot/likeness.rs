//! Whether two entries are probably one facility, by likeness of name, place and telephone.

use std::collections::{BTreeSet, HashMap};

use super::{FacilityState, Snapshot};
use crate::domain::{
    facility::{Facility, FacilityId},
    geo::Point,
    names::{is_generic, phone_digits, words},
    region_code::{Level, RegionCode},
    text::Slug,
};

/// Places that stand nearer to each other than this may be one.
const NEAR_M: u32 = 300;
/// Places further from each other than this are two, whatever their names.
const FAR_M: u32 = 5_000;
/// With how many that have the same trait one entry is compared: so many in one kabupaten tell nothing.
const MOST_COMPARED: usize = 50;

/// How alike two facilities are.
#[derive(Debug, Clone)]
pub struct Likeness {
    /// How likely it is that they are one, in per cent.
    pub percent: u32,
    /// What they have in common: `name`, `place`, `phone`.
    pub same: Vec<&'static str>,
}

/// What is compared of a facility.
pub struct Traits {
    /// Which facility.
    pub id: FacilityId,
    kind: Slug,
    point: Option<Point>,
    names: Vec<String>,
    phones: BTreeSet<String>,
}

impl Traits {
    /// What is compared of this facility.
    pub fn of(state: &FacilityState) -> Self {
        let facility: &Facility = &state.facility;
        let telling = |name: &String| {
            let words = words(name);
            let telling: Vec<&str> =
                words.iter().map(String::as_str).filter(|word| !is_generic(word)).collect();
            // A name of nothing but generic words is compared whole.
            if telling.is_empty() { words.join(" ") } else { telling.join(" ") }
        };
        Self {
            id: facility.id,
            kind: facility.kind.clone(),
            point: state.sure_point(),
            names: [&facility.name].into_iter().chain(&facility.aliases).map(telling).collect(),
            phones: facility.phones.iter().filter_map(|phone| phone_digits(&phone.number)).collect(),
        }
    }

    /// How alike two facilities are; None if they are not.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let metres = self.point.zip(other.point).map(|(one, two)| one.metres_to(two));
        if metres.is_some_and(|metres| metres > FAR_M) {
            return None;
        }
        let pairs = self.names.iter().flat_map(|one| other.names.iter().map(move |two| (one, two)));
        let name = pairs.map(|(one, two)| strsim::jaro_winkler(one, two)).fold(0.0, f64::max);
        let is_named_so = name >= 0.93;
        let is_there = metres.is_some_and(|metres| metres <= NEAR_M);
        let has_phone = !self.phones.is_disjoint(&other.phones);
        let is_one_kind = self.kind == other.kind;
        // One number may be that of an office, and two houses may share a yard: neither alone makes them one.
        let is_alike =
            is_named_so && (is_one_kind || is_there || has_phone) || name >= 0.75 && (is_there || has_phone);
        if !is_alike {
            return None;
        }
        let same = [("name", is_named_so), ("place", is_there), ("phone", has_phone)];
        let same = same.into_iter().filter(|(_, is_same)| *is_same).map(|(what, _)| what).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 70")]
        let percent = (name * 70.0) as u32 + if is_there { 15 } else { 0 } + if has_phone { 15 } else { 0 };
        Some(Likeness { percent, same })
    }

    /// What one that is likely the same has, too, the most telling first.
    fn clues(&self) -> Vec<Clue> {
        let names = self.names.iter().cloned().map(Clue::Name);
        let phones = self.phones.iter().cloned().map(Clue::Phone);
        let beginnings = self.names.iter().flat_map(|name| name.split(' '));
        let beginnings = beginnings.map(|word| Clue::Beginning(word.chars().take(3).collect()));
        names.chain(phones).chain(self.point.map(|point| Clue::of(point, 0, 0))).chain(beginnings).collect()
    }

    /// The clues to look for: those of its own, and the places around.
    fn sought(&self) -> Vec<Clue> {
        let around = (-1..=1).flat_map(|north| (-1..=1).map(move |east| (north, east)));
        let places = self.point.into_iter().flat_map(|point| {
            around.clone().filter(|at| *at != (0, 0)).map(move |(north, east)| Clue::of(point, north, east))
        });
        self.clues().into_iter().chain(places).collect()
    }
}

/// What two entries that are likely the same have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Clue {
    Name(String),
    Phone(String),
    /// A square of about a kilometre.
    Place(i32, i32),
    /// The beginning of a word of a name.
    Beginning(String),
}

impl Clue {
    #[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
    fn of(point: Point, north: i32, east: i32) -> Self {
        let square = |degrees: f64| (degrees * 100.0).floor() as i32;
        Self::Place(square(point.lat) + north, square(point.lon) + east)
    }
}

/// The area within which two entries may be one: the kabupaten or kota.
pub fn area(region: RegionCode) -> RegionCode {
    region.at(Level::Regency).unwrap_or(region)
}

/// The facilities of some areas, for finding those that are likely the same as a new one without comparing all. An
/// area is read once one of its facilities is asked about.
#[derive(Default)]
pub struct Lookalikes {
    areas: HashMap<RegionCode, Area>,
}

#[derive(Default)]
struct Area {
    traits: Vec<Traits>,
    having: HashMap<Clue, Vec<usize>>,
}

impl Lookalikes {
    /// The open facility that is likeliest the same as this one, if any is. From now on this one is known, too.
    pub fn likeliest(&mut self, snapshot: &Snapshot, state: &FacilityState) -> Option<FacilityId> {
        let code = area(state.facility.region);
        let area = self.areas.entry(code).or_insert_with(|| {
            let mut area = Area::default();
            let others =
                snapshot.facilities_in(Some(code)).filter(|one| one.facility.id != state.facility.id);
            others.for_each(|other| area.add(Traits::of(other)));
            area
        });
        let traits = Traits::of(state);
        let found = area.likeliest(&traits);
        area.add(traits);
        found
    }

    /// Hears that a facility changed.
    pub fn changed(&mut self, state: &FacilityState) {
        if let Some(area) = self.areas.get_mut(&area(state.facility.region)) {
            area.add(Traits::of(state));
        }
    }
}

impl Area {
    fn add(&mut self, traits: Traits) {
        for clue in traits.clues() {
            self.having.entry(clue).or_default().push(self.traits.len());
        }
        self.traits.push(traits);
    }

    fn likeliest(&self, traits: &Traits) -> Option<FacilityId> {
        let sought = traits.sought();
        let having = sought.iter().filter_map(|clue| self.having.get(clue));
        let candidates: BTreeSet<usize> =
            having.flat_map(|having| having.iter().rev().take(MOST_COMPARED)).copied().collect();
        let alike = candidates.into_iter().filter_map(|index| {
            let other = &self.traits[index];
            Some((traits.likeness(other)?.percent, other.id))
        });
        alike.max_by_key(|(percent, _)| *percent).map(|(_, id)| id)
    }
}
