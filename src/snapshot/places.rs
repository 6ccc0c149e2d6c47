//! Where facilities stand: a grid of quarter-degree cells that a search goes through outwards.
//!
//! Each facility is in the grid once: at its own coordinates if they are sure, else at the point of its region, else
//! nowhere. A cell with many is divided, and what is known of each part as a whole is kept ([`part`]): totals of a
//! circle, and a bound on what is free ([`Offers`](super::Offers)), so that a search for something rare passes over
//! whole parts. A wider circle looks only at what the narrower one did not reach ([`Outward`]). Whatever changes at a
//! facility gives its cell a new version (see `versions`), and so an answer depends on the cells that it looked at.

mod part;

use std::{ops::RangeInclusive, sync::Arc};

use imbl::OrdMap;

use self::part::{Gathered, Part, Spot, Square};
use super::{FacilityState, offers::Wish, versions::Contents};
use crate::{
    clock::Timestamp,
    domain::{
        geo::{Circle, METRES_PER_DEGREE, Point, Side},
        resource_type::ResourceType,
        total::Total,
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

/// The grid.
#[derive(Clone, Default)]
pub(super) struct Places(OrdMap<Cell, Part>);

impl Places {
    /// Puts a facility where it stands; one that stood elsewhere must have been removed from there.
    pub(super) fn put(&mut self, state: &Arc<FacilityState>) {
        let cell = cell(state.stands);
        self.0.entry(cell).or_default().put(Square::of(cell), Spot::new(state));
    }

    pub(super) fn remove(&mut self, state: &FacilityState) {
        let cell = cell(state.stands);
        let Some(part) = self.0.get_mut(&cell) else { return };
        part.remove(Square::of(cell), state.stands, state.facility.id);
        if part.is_empty() {
            self.0.remove(&cell);
        }
    }

    /// Makes what is known of each cell as a whole, so that the first question has not to.
    pub(super) fn summarize(&self) {
        self.0.values().for_each(Part::summarize);
    }

    fn within(&self, cells: &Cells) -> impl Iterator<Item = (Cell, &Part)> {
        let range = |(first, last)| self.0.range(first..=last).map(|(cell, part)| (*cell, part));
        cells.ranges().flat_map(range)
    }

    /// When the newest of what these cells hold became known.
    pub(super) fn known_at(&self, cells: &Cells, contents: Contents) -> Timestamp {
        self.within(cells).map(|(_, part)| *part.known_at().of(contents)).max().unwrap_or_default()
    }

    /// The open facilities of the whole country that may be wanted.
    pub(super) fn that(&self, wish: Wish<'_>) -> Vec<&Arc<FacilityState>> {
        let mut wanted = Vec::new();
        self.0.values().for_each(|part| part.each(wish, &mut |spot| wanted.push(&spot.state)));
        wanted
    }

    /// The totals of the open facilities within so many metres, sorted by type.
    pub(super) fn totals(&self, centre: Point, metres: u32) -> Vec<(Arc<ResourceType>, Total)> {
        let (circle, mut all) = (Circle::around(centre, metres), Gathered::default());
        for (cell, part) in self.within(&Cells::around(centre, metres)) {
            part.gather(Square::of(cell), &circle, &mut all);
        }
        all.totals(&circle)
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
    /// What of those cells lies beyond the circle.
    beyond: Vec<Beyond<'a>>,
}

enum Beyond<'a> {
    Part(&'a Part, Square),
    /// With its distance.
    Spot(&'a Spot, u32),
}

impl<'a> Outward<'a> {
    /// The open facilities within `metres` that no narrower circle had, each with its distance, as far as they may be
    /// wanted. Every circle of a search must wish the same.
    pub fn up_to(&mut self, metres: u32, wish: Wish<'_>) -> Vec<(&'a Arc<FacilityState>, u32)> {
        let (circle, cells) = (Circle::around(self.centre, metres), Cells::around(self.centre, metres));
        let is_new = |cell| self.seen.as_ref().is_none_or(|seen| !seen.contains(cell));
        let new = self.places.within(&cells).filter(|(cell, _)| is_new(*cell));
        let mut ahead = std::mem::take(&mut self.beyond);
        ahead.extend(new.map(|(cell, part)| Beyond::Part(part, Square::of(cell))));
        let (mut within, mut parts) = (Vec::new(), Vec::new());
        let mut sort = |spot: &'a Spot, distance, beyond: &mut Vec<_>| {
            if distance <= metres {
                within.push((&spot.state, distance));
            } else {
                beyond.push(Beyond::Spot(spot, distance));
            }
        };
        for one in ahead {
            match one {
                Beyond::Spot(spot, distance) => sort(spot, distance, &mut self.beyond),
                Beyond::Part(part, square) => parts.push((part, square)),
            }
        }
        while let Some((part, square)) = parts.pop() {
            if square.side_of(&circle) == Side::Outside {
                self.beyond.push(Beyond::Part(part, square));
                continue;
            }
            match part {
                Part::Few(spots) => {
                    for (spot, point) in spots.iter().filter_map(|spot| Some((spot, spot.position?.point))) {
                        if spot.may_be(wish) {
                            sort(spot, self.centre.metres_to(point), &mut self.beyond);
                        }
                    }
                }
                Part::Many(quarters) if quarters.may_be(wish) => parts.extend(quarters.within(square)),
                Part::Many(_) => {}
            }
        }
        self.seen = Some(cells);
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
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        domain::{facility::FacilityId, numbers::Numbers},
        snapshot::{CurrentReading, offers::Offers, versions::Changed},
    };

    fn types() -> [Arc<ResourceType>; 2] {
        ["bed.general", "bed.icu"].map(|code| {
            let resource = serde_json::json!({
                "code": code, "kind": "bed", "label": {"id": "", "en": ""}, "age_group": "any",
                "aging_after_h": 12, "stale_after_h": 24,
            });
            Arc::new(serde_json::from_value(resource).unwrap())
        })
    }

    /// A facility with so many beds free of a type; it became known at the second `n`.
    fn standing(n: u32, point: Option<Point>, resource: &Arc<ResourceType>, free: u32) -> Arc<FacilityState> {
        let facility = serde_json::json!({
            "id": Uuid::from_u128(u128::from(n)), "name": "RS", "kind": "hospital", "region": "33.74",
            "closed": n.is_multiple_of(7),
        });
        let numbers: Numbers = Numbers::from_json(&serde_json::json!({"available": free}), "").unwrap();
        let reading = serde_json::json!({
            "numbers": numbers, "observed_at": Timestamp::UNIX_EPOCH, "received_at": Timestamp::UNIX_EPOCH,
            "source": "facility", "reporter": "",
        });
        let reading = Arc::new(serde_json::from_value(reading).unwrap());
        let mut state = FacilityState::new(serde_json::from_value(facility).unwrap());
        state.stands = point;
        state.put_readings([CurrentReading::new(Arc::clone(resource), reading)]);
        state.offers = Offers::of(&state);
        let known_at = chrono::DateTime::from_timestamp(i64::from(n), 0).unwrap();
        state.known_at.each(Changed::Facility, |at| *at = known_at);
        Arc::new(state)
    }

    /// Points close together, anywhere, and the same ones again; None is nowhere.
    fn points() -> impl Strategy<Value = Option<Point>> {
        let at = |(lat, lon)| Some(Point::new(lat, lon, "").unwrap());
        prop_oneof![
            (-7.3f64..-6.7, 110.0f64..110.6).prop_map(at),
            (-89.9f64..89.9, -180.0f64..180.0).prop_map(at),
            Just(at((-7.0, 110.25))),
            Just(None),
        ]
    }

    fn ids<'a>(states: impl IntoIterator<Item = &'a Arc<FacilityState>>) -> Vec<FacilityId> {
        let mut ids: Vec<FacilityId> = states.into_iter().map(|state| state.facility.id).collect();
        ids.sort_unstable();
        ids
    }

    proptest! {
        #[test]
        fn the_grid_knows_what_its_facilities_say(
            changes in prop::collection::vec((0u32..90, points(), any::<bool>(), 0u32..3, 0u8..8), 1..150),
            centre in prop_oneof![points(), Just(Some(Point { lat: -7.0, lon: 110.2 }))],
            mut circles in prop::collection::vec(prop_oneof![0u32..60_000, 0u32..2_000_000], 1..4),
            wanted in 0u32..3,
        ) {
            circles.sort_unstable();
            let (types, mut places) = (types(), Places::default());
            let mut states: BTreeMap<u32, Arc<FacilityState>> = BTreeMap::new();
            for (count, (n, point, is_icu, free, what)) in changes.into_iter().enumerate() {
                if let Some(before) = states.remove(&n) {
                    places.remove(&before);
                }
                if what > 0 {
                    let state = standing(n, point, &types[usize::from(is_icu)], free);
                    places.put(&state);
                    places.put(&state);
                    states.insert(n, state);
                }
                // What was known before a change is not what is known after it.
                if count % 5 == 0 {
                    places.summarize();
                }
            }
            let wish = match wanted {
                0 => Wish::All,
                least => Wish::Free { least, types: [&types[1].code].into_iter().collect() },
            };
            let open = || states.values().filter(|state| !state.facility.closed);
            let wanted = |state: &&Arc<FacilityState>| wish.may_be(state.facility.id, state.offers);
            prop_assert_eq!(ids(places.that(wish)), ids(open().filter(wanted)));
            let Some(centre) = centre else { return Ok(()) };
            let inside = |state: &Arc<FacilityState>, metres| {
                state.stands.is_some_and(|stands| centre.metres_to(stands) <= metres)
            };
            let (mut outward, mut found) = (places.outward(centre), Vec::new());
            for metres in circles {
                found.extend(outward.up_to(metres, wish));
                let expected = ids(open().filter(wanted).filter(|state| inside(state, metres)));
                prop_assert_eq!(ids(found.iter().map(|(state, _)| *state)), expected);
                for (state, distance) in &found {
                    prop_assert_eq!(Some(*distance), state.stands.map(|stands| centre.metres_to(stands)));
                }
                let mut totals = BTreeMap::new();
                for current in open().filter(|state| inside(state, metres)).flat_map(|state| state.readings.iter()) {
                    let total: &mut Total = totals.entry(current.code().clone()).or_default();
                    total.count(current.numbers, current.freshness);
                }
                let summed = places.totals(centre, metres).into_iter();
                let summed: Vec<_> = summed.map(|(resource, total)| (resource.code.clone(), total)).collect();
                prop_assert_eq!(summed, totals.into_iter().collect::<Vec<_>>());
                let cells = Cells::around(centre, metres);
                let known_at = |state: &Arc<FacilityState>| *state.known_at.of(Contents::All);
                let there = states.values().filter(|state| cells.contains(cell(state.stands)));
                let newest = there.map(known_at).max().unwrap_or_default();
                prop_assert_eq!(places.known_at(&cells, Contents::All), newest);
            }
        }
    }
}
