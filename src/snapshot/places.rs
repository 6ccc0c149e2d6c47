//! Where facilities stand: a grid of quarter-degree cells that a search goes through outwards.
//!
//! Each facility is in the grid once: at its own coordinates if they are sure, else at the point of its region, else
//! nowhere. Beside it stands a bound on what is free there ([`Offers`]), so that a search for something rare passes
//! over a facility without looking at its numbers. A wider circle looks only at the cells that the narrower one did
//! not reach ([`Outward`]). Whatever changes at a facility gives its cell a new version (see `versions`), and so an
//! answer depends on the cells that it looked at.

use std::{ops::RangeInclusive, sync::Arc};

use imbl::OrdMap;
use uuid::Uuid;

use super::{
    FacilityState,
    versions::{ByContents, Contents},
};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        geo::{METRES_PER_DEGREE, Point},
        resource_type::TypeCode,
        session::session_type,
    },
};

/// Cells per degree: a cell is at most 28 km wide and high.
const CELLS_PER_DEGREE: f64 = 4.0;

/// (row, column): south to north, west to east.
pub(super) type Cell = (i16, i16);

/// The cell of what has no place; no circle reaches it.
const NOWHERE: Cell = (i16::MIN, 0);

/// The cell of something that stands there.
pub(super) fn cell(stands: Option<Point>) -> Cell {
    stands.map_or(NOWHERE, |point| (index(point.lat), index(point.lon)))
}

/// The cells that a circle touches: a box of them, in two parts where it crosses the antimeridian.
pub(super) struct Cells {
    rows: RangeInclusive<i16>,
    columns: Vec<(i16, i16)>,
}

impl Cells {
    pub(super) fn around(centre: Point, metres: u32) -> Self {
        let reach = f64::from(metres) / METRES_PER_DEGREE;
        let (south, north) = (centre.lat - reach, centre.lat + reach);
        // A degree of longitude is shortest at the row nearest a pole.
        let shrink = south.abs().max(north.abs()).min(89.0).to_radians().cos();
        let columns = longitude_ranges(centre.lon - reach / shrink, centre.lon + reach / shrink);
        Self { rows: index(south)..=index(north), columns }
    }

    /// The first and the last cell of each part of each row.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (Cell, Cell)> {
        let part = |row| self.columns.iter().map(move |(first, last)| ((row, *first), (row, *last)));
        self.rows.clone().flat_map(part)
    }

    fn contains(&self, (row, column): Cell) -> bool {
        self.rows.contains(&row)
            && self.columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }
}

/// A set of types that may seem to hold a few more than it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TypeSet(u64);

impl<'a> FromIterator<&'a TypeCode> for TypeSet {
    fn from_iter<T: IntoIterator<Item = &'a TypeCode>>(codes: T) -> Self {
        // FNV-1a, one bit for each code.
        let hash = |code: &TypeCode| {
            let bytes = code.as_str().bytes();
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
        };
        Self(codes.into_iter().fold(0, |set, code| set | 1 << (hash(code) >> 58)))
    }
}

/// The most that a facility may have free: all its numbers added up, whatever their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    most: u32,
    /// The types that it has something free of; the type of sessions if it has any.
    types: TypeSet,
}

impl Offers {
    pub(super) fn of(state: &FacilityState) -> Self {
        let free: Vec<(&TypeCode, u32)> = state
            .readings
            .iter()
            .filter_map(|current| Some((current.code(), current.numbers.available()?.get())))
            .filter(|(_, count)| *count > 0)
            .collect();
        let sessions = state.has_sessions.then(session_type);
        Self {
            most: free.iter().fold(0, |most, (_, count)| most.saturating_add(*count)),
            types: free.iter().map(|(code, _)| *code).chain(&sessions).collect(),
        }
    }

    /// Whether `min` places of these types together may be free.
    pub const fn may_have(self, min: u32, types: TypeSet) -> bool {
        self.most >= min && self.may_be_of(types)
    }

    /// Whether there may be something of these types.
    pub const fn may_be_of(self, types: TypeSet) -> bool {
        self.types.0 & types.0 != 0
    }
}

/// A facility in the grid, with what a search reads of it first.
#[derive(Clone)]
struct Spot {
    point: Option<Point>,
    is_open: bool,
    offers: Offers,
    known_at: ByContents<Timestamp>,
    state: Arc<FacilityState>,
}

/// The grid.
#[derive(Clone, Default)]
pub(super) struct Places(OrdMap<(Cell, FacilityId), Spot>);

impl Places {
    /// Puts a facility where it stands; one that stood elsewhere must have been removed from there.
    pub(super) fn put(&mut self, state: &Arc<FacilityState>) {
        let spot = Spot {
            point: state.stands,
            is_open: !state.facility.closed,
            offers: state.offers,
            known_at: state.known_at,
            state: Arc::clone(state),
        };
        self.0.insert((cell(state.stands), state.facility.id), spot);
    }

    pub(super) fn remove(&mut self, state: &FacilityState) {
        self.0.remove(&(cell(state.stands), state.facility.id));
    }

    fn within(&self, cells: &Cells) -> impl Iterator<Item = (Cell, FacilityId, &Spot)> {
        cells.ranges().flat_map(|(first, last)| {
            let from = (first, FacilityId(Uuid::nil()));
            let to = (last, FacilityId(Uuid::max()));
            self.0.range(from..=to).map(|((cell, id), spot)| (*cell, *id, spot))
        })
    }

    /// When the newest of what these cells hold became known.
    pub(super) fn known_at(&self, cells: &Cells, contents: Contents) -> Timestamp {
        self.within(cells).map(|(.., spot)| *spot.known_at.of(contents)).max().unwrap_or_default()
    }

    /// The open facilities of the whole country that `may` be wanted.
    pub(super) fn that(
        &self,
        may: impl Fn(FacilityId, Offers) -> bool,
    ) -> impl Iterator<Item = &Arc<FacilityState>> {
        let wanted = self.0.iter().filter(move |((_, id), spot)| spot.is_open && may(*id, spot.offers));
        wanted.map(|(_, spot)| &spot.state)
    }

    pub(super) fn outward(&self, centre: Point) -> Outward<'_> {
        Outward { places: self, centre, seen: None, beyond: Vec::new() }
    }
}

/// A search in growing circles around a point; each facility is looked at once.
pub struct Outward<'a> {
    places: &'a Places,
    centre: Point,
    /// The cells of the last circle.
    seen: Option<Cells>,
    /// The facilities in those cells that stand beyond the circle, and where.
    beyond: Vec<(&'a Arc<FacilityState>, Point)>,
}

impl<'a> Outward<'a> {
    /// The open facilities within `metres` that no narrower circle had, each with its distance, as far as they `may`
    /// be wanted. Every circle of a search must want the same.
    pub fn up_to(
        &mut self,
        metres: u32,
        may: impl Fn(FacilityId, Offers) -> bool,
    ) -> Vec<(&'a Arc<FacilityState>, u32)> {
        let cells = Cells::around(self.centre, metres);
        let is_new = |cell| self.seen.as_ref().is_none_or(|seen| !seen.contains(cell));
        let new = self.places.within(&cells).filter_map(|(cell, id, spot)| {
            let is_wanted = spot.is_open && is_new(cell) && may(id, spot.offers);
            Some((&spot.state, spot.point.filter(|_| is_wanted)?))
        });
        let (mut within, mut beyond) = (Vec::new(), Vec::new());
        for (state, point) in std::mem::take(&mut self.beyond).into_iter().chain(new) {
            match self.centre.metres_within(point, metres) {
                Some(distance) => within.push((state, distance)),
                None => beyond.push((state, point)),
            }
        }
        (self.seen, self.beyond) = (Some(cells), beyond);
        within
    }
}

/// The columns between two longitudes, in two parts where they cross the antimeridian.
fn longitude_ranges(west: f64, east: f64) -> Vec<(i16, i16)> {
    if east - west >= 360.0 {
        vec![(index(-180.0), index(180.0))]
    } else if west < -180.0 {
        vec![(index(west + 360.0), index(180.0)), (index(-180.0), index(east))]
    } else if east > 180.0 {
        vec![(index(west), index(180.0)), (index(-180.0), index(east - 360.0))]
    } else {
        vec![(index(west), index(east))]
    }
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are at most 540")]
fn index(degrees: f64) -> i16 {
    (degrees * CELLS_PER_DEGREE).floor() as i16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A facility in the cell without any report.
    fn standing(n: u128, point: Point) -> Arc<FacilityState> {
        let facility = serde_json::json!({
            "id": Uuid::from_u128(n), "name": "RS", "kind": "hospital", "region": "33.74",
        });
        Arc::new(FacilityState {
            stands: Some(point),
            ..FacilityState::new(serde_json::from_value(facility).unwrap())
        })
    }

    proptest! {
        #[test]
        fn growing_circles_find_all_that_is_near_once(
            points in prop::collection::vec((-89.9f64..89.9, -180.0f64..180.0), 1..60),
            centre in (-80.0f64..80.0, -180.0f64..180.0),
            mut circles in prop::collection::vec(0u32..2_000_000, 1..4),
        ) {
            circles.sort_unstable();
            let centre = Point::new(centre.0, centre.1, "").unwrap();
            let mut places = Places::default();
            let mut distances = Vec::new();
            for (n, (lat, lon)) in points.into_iter().enumerate() {
                let point = Point::new(lat, lon, "").unwrap();
                places.put(&standing(n as u128, point));
                distances.push((FacilityId(Uuid::from_u128(n as u128)), centre.metres_to(point)));
            }
            let mut outward = places.outward(centre);
            let mut found: Vec<(FacilityId, u32)> = Vec::new();
            for metres in circles {
                let new = outward.up_to(metres, |_, _| true);
                found.extend(new.into_iter().map(|(state, distance)| (state.facility.id, distance)));
                found.sort_unstable();
                let near: Vec<_> = distances.iter().filter(|(_, distance)| *distance <= metres).copied().collect();
                prop_assert_eq!(&found, &near);
            }
        }
    }
}
