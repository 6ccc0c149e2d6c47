//! Where facilities are: a grid of quarter-degree cells, sorted so that one row of cells is one range.

use imbl::OrdSet;
use uuid::Uuid;

use crate::domain::{facility::FacilityId, geo::Point};

/// Cells per degree: a cell is at most 28 km wide and high.
const CELLS_PER_DEGREE: f64 = 4.0;
/// Metres of one degree of latitude, rounded down so that a search never looks too near.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// (row, column): south to north, west to east.
type Cell = (i16, i16);

#[derive(Clone, Default)]
pub(super) struct Places(OrdSet<(Cell, FacilityId)>);

impl Places {
    pub(super) fn insert(&mut self, point: Point, id: FacilityId) {
        self.0.insert((cell(point), id));
    }

    pub(super) fn remove(&mut self, point: Point, id: FacilityId) {
        self.0.remove(&(cell(point), id));
    }

    /// The facilities that may lie within `metres` of `centre`: all that do, and a few that do not.
    pub(super) fn around(&self, centre: Point, metres: u32) -> impl Iterator<Item = FacilityId> {
        let reach = f64::from(metres) / METRES_PER_DEGREE;
        let (south, north) = (centre.lat - reach, centre.lat + reach);
        // A degree of longitude is shortest at the row nearest a pole.
        let shrink = south.abs().max(north.abs()).min(89.0).to_radians().cos();
        let (west, east) = (centre.lon - reach / shrink, centre.lon + reach / shrink);
        let columns = longitude_ranges(west, east);
        (index(south)..=index(north)).flat_map(move |row| {
            columns.clone().into_iter().flat_map(move |(first, last)| {
                let from = ((row, first), FacilityId(Uuid::nil()));
                let to = ((row, last), FacilityId(Uuid::max()));
                self.0.range(from..=to).map(|(_, id)| *id)
            })
        })
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

fn cell(point: Point) -> Cell {
    (index(point.lat), index(point.lon))
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are at most 540")]
fn index(degrees: f64) -> i16 {
    (degrees * CELLS_PER_DEGREE).floor() as i16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_near_is_missed(
            points in prop::collection::vec((-89.9f64..89.9, -180.0f64..180.0), 1..60),
            centre in (-80.0f64..80.0, -180.0f64..180.0),
            metres in 0u32..2_000_000,
        ) {
            let centre = Point::new(centre.0, centre.1, "").unwrap();
            let mut places = Places::default();
            let mut near = Vec::new();
            for (n, (lat, lon)) in points.into_iter().enumerate() {
                let (point, id) = (Point::new(lat, lon, "").unwrap(), FacilityId(Uuid::from_u128(n as u128)));
                places.insert(point, id);
                if centre.metres_to(point) <= metres {
                    near.push(id);
                }
            }
            let found: Vec<FacilityId> = places.around(centre, metres).collect();
            for id in near {
                prop_assert!(found.contains(&id));
            }
        }
    }
}
