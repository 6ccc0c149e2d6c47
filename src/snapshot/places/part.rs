//! A part of the grid: a cell, or a quarter of a part that has many facilities, and what is known of it as a whole.
//!
//! What is known of a part is made when somebody asks, and again when somebody asks after something in it changed. So a
//! question looks at the facilities themselves only where the edge of its circle runs: ten times as many facilities in
//! the same circle are three times as many along its edge.

use std::sync::{Arc, OnceLock};

use super::{
    super::{
        CurrentReading, FacilityState,
        offers::{Offers, Wish},
        versions::ByContents,
    },
    CELLS_PER_DEGREE, Cell,
};
use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        freshness::Freshness,
        geo::{Circle, Point, Position, Side},
        resource_type::ResourceType,
        total::Total,
    },
};

/// The most facilities that a part has before it is divided.
const MOST: usize = 8;
/// Parts that were divided so often are 27 metres wide; those are divided by the ids of their facilities, because
/// all may stand at one point.
const SMALLEST: u8 = 10;
/// Parts that were divided so often are not divided again.
const DEEPEST: u8 = 26;
/// A degree of a great circle in metres, rounded up.
const METRES_PER_DEGREE_AT_MOST: f64 = 111_200.0;

/// A facility in the grid, with what a search reads of it first: the rest is elsewhere in memory, and far from the processor.
#[derive(Clone)]
pub(super) struct Spot {
    id: FacilityId,
    pub(super) position: Option<Position>,
    is_open: bool,
    offers: Offers,
    known_at: ByContents<Timestamp>,
    readings: Arc<[CurrentReading]>,
    pub(super) state: Arc<FacilityState>,
}

impl Spot {
    pub(super) fn new(state: &Arc<FacilityState>) -> Self {
        Self {
            id: state.facility.id,
            position: state.stands.map(Position::from),
            is_open: !state.facility.closed,
            offers: state.offers,
            known_at: state.known_at,
            readings: Arc::clone(&state.readings),
            state: Arc::clone(state),
        }
    }

    /// The numbers that count, of an open facility.
    fn readings(&self) -> Option<&[CurrentReading]> {
        self.is_open.then_some(&*self.readings)
    }

    fn is_in(&self, circle: &Circle) -> bool {
        self.position.is_some_and(|position| circle.contains(&position))
    }

    pub(super) fn may_be(&self, wish: Wish<'_>) -> bool {
        self.is_open && wish.may_be(self.id, self.offers)
    }
}

/// The facilities of a part.
#[derive(Clone)]
pub(super) enum Part {
    /// Sorted by id.
    Few(Arc<[Spot]>),
    Many(Arc<Quarters>),
}

#[derive(Clone, Default)]
pub(super) struct Quarters {
    quarters: [Option<Part>; 4],
    /// Empty as long as nobody asked, and when something in it has changed.
    summary: OnceLock<Arc<Summary>>,
}

impl Default for Part {
    fn default() -> Self {
        Self::Few(Arc::default())
    }
}

impl Part {
    /// Puts a facility there, in place of what it was there before.
    pub(super) fn put(&mut self, square: Square, spot: Spot) {
        match self {
            Self::Few(spots) => {
                let index = match spots.binary_search_by_key(&spot.id, |kept| kept.id) {
                    Ok(index) => return Arc::make_mut(spots)[index] = spot,
                    Err(index) => index,
                };
                let (before, after) = spots.split_at(index);
                let all = before.iter().cloned().chain([spot]).chain(after.iter().cloned());
                if spots.len() < MOST || square.depth == DEEPEST {
                    *spots = all.collect();
                } else {
                    let mut divided = Quarters::default();
                    all.for_each(|spot| divided.put(square, spot));
                    *self = Self::Many(Arc::new(divided));
                }
            }
            Self::Many(quarters) => Arc::make_mut(quarters).put(square, spot),
        }
    }

    /// Removes a facility that stands at `point`.
    pub(super) fn remove(&mut self, square: Square, point: Option<Point>, id: FacilityId) {
        match self {
            Self::Few(spots) => *spots = spots.iter().filter(|spot| spot.id != id).cloned().collect(),
            Self::Many(quarters) => Arc::make_mut(quarters).remove(square, point, id),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Few(spots) => spots.is_empty(),
            Self::Many(quarters) => quarters.quarters.iter().all(Option::is_none),
        }
    }

    /// When the newest of what it holds became known.
    pub(super) fn known_at(&self) -> ByContents<Timestamp> {
        match self {
            Self::Few(spots) => spots.iter().fold(ByContents::default(), |all, spot| all.max(spot.known_at)),
            Self::Many(quarters) => quarters.summary().known_at,
        }
    }

    /// Calls `take` with each facility that may be wanted.
    pub(super) fn each<'a>(&'a self, wish: Wish<'_>, take: &mut impl FnMut(&'a Spot)) {
        match self {
            Self::Few(spots) => spots.iter().filter(|spot| spot.may_be(wish)).for_each(take),
            Self::Many(quarters) if quarters.may_be(wish) => {
                quarters.quarters.iter().flatten().for_each(|quarter| quarter.each(wish, take));
            }
            Self::Many(_) => {}
        }
    }

    /// Adds what is known of the part to `sum`.
    fn add_to(&self, sum: &mut Summary) {
        match self {
            Self::Few(spots) => spots.iter().for_each(|spot| sum.count(spot)),
            Self::Many(quarters) => sum.add(quarters.summary()),
        }
    }

    /// Gathers the parts in the circle and along its edge.
    pub(super) fn gather<'a>(&'a self, square: Square, circle: &Circle, all: &mut Gathered<'a>) {
        match (square.side_of(circle), self) {
            (Side::Outside, _) => {}
            (side, Self::Few(spots)) => all.few.push((spots, side)),
            (Side::Inside, Self::Many(quarters)) => all.many.push(&quarters.summary().totals),
            (Side::Across, Self::Many(quarters)) => {
                quarters.within(square).for_each(|(part, square)| part.gather(square, circle, all));
            }
        }
    }

    /// Makes what is known of the part as a whole, so that no question has to.
    pub(super) fn summarize(&self) {
        if let Self::Many(quarters) = self {
            quarters.summary();
        }
    }
}

impl Quarters {
    fn put(&mut self, square: Square, spot: Spot) {
        self.summary = OnceLock::new();
        let index = square.quarter_of(spot.position.map(|position| position.point), spot.id);
        self.quarters[index].get_or_insert_default().put(square.quarter(index), spot);
    }

    fn remove(&mut self, square: Square, point: Option<Point>, id: FacilityId) {
        self.summary = OnceLock::new();
        let index = square.quarter_of(point, id);
        let Some(quarter) = &mut self.quarters[index] else { return };
        quarter.remove(square.quarter(index), point, id);
        self.quarters[index].take_if(|quarter| quarter.is_empty());
    }

    /// Whether any of their facilities may be wanted.
    pub(super) fn may_be(&self, wish: Wish<'_>) -> bool {
        wish.may_be_among(self.summary().offers)
    }

    /// The quarters of a part with this square that hold anything, each with its own.
    pub(super) fn within(&self, square: Square) -> impl Iterator<Item = (&Part, Square)> {
        let parts = self.quarters.iter().enumerate();
        parts.filter_map(move |(index, part)| Some((part.as_ref()?, square.quarter(index))))
    }

    fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| {
            let mut sum = Summary::default();
            self.quarters.iter().flatten().for_each(|quarter| quarter.add_to(&mut sum));
            sum.totals.0.shrink_to_fit();
            Arc::new(sum)
        })
    }
}

/// What is known of several facilities together.
#[derive(Default)]
struct Summary {
    known_at: ByContents<Timestamp>,
    /// Those of the open ones.
    offers: Offers,
    totals: Totals,
}

impl Summary {
    fn count(&mut self, spot: &Spot) {
        self.known_at = self.known_at.max(spot.known_at);
        if let Some(readings) = spot.readings() {
            self.offers = self.offers.or(spot.offers);
            self.totals.count(readings);
        }
    }

    fn add(&mut self, other: &Self) {
        self.known_at = self.known_at.max(other.known_at);
        self.offers = self.offers.or(other.offers);
        self.totals.add(&other.totals);
    }
}

/// The totals of the open ones of several facilities, sorted by code.
#[derive(Default)]
pub(super) struct Totals(Vec<(Arc<ResourceType>, Total)>);

impl Totals {
    fn count(&mut self, readings: &[CurrentReading]) {
        let mut from = 0;
        for current in readings {
            self.of(&current.resource, &mut from).count(current.numbers, current.freshness);
        }
    }

    fn add(&mut self, other: &Self) {
        let mut from = 0;
        for (resource, total) in &other.0 {
            *self.of(resource, &mut from) += *total;
        }
    }

    /// The total of a type; those before `from` are of types that come before it.
    fn of(&mut self, resource: &Arc<ResourceType>, from: &mut usize) -> &mut Total {
        // All facilities of a snapshot share their types.
        let same = self.0[*from..].iter().position(|(kept, _)| Arc::ptr_eq(kept, resource));
        let index = if let Some(ahead) = same {
            *from + ahead
        } else {
            let found = self.0.binary_search_by(|(kept, _)| kept.code.cmp(&resource.code));
            found.unwrap_or_else(|index| {
                self.0.insert(index, (Arc::clone(resource), Total::default()));
                index
            })
        };
        *from = index + 1;
        &mut self.0[index].1
    }
}

/// What adds up to the totals of a circle. It is gathered before it is added up, so that the processor waits for the
/// memory of many at once: one after the other they were most of the time that an answer took.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    /// Those inside.
    many: Vec<&'a Totals>,
    few: Vec<(&'a [Spot], Side)>,
}

impl Gathered<'_> {
    /// The totals of those in the circle, sorted by code.
    pub(super) fn totals(&self, circle: &Circle) -> Vec<(Arc<ResourceType>, Total)> {
        let spots = self.few.iter().flat_map(|(spots, side)| spots.iter().map(move |spot| (spot, side)));
        let inside = spots.filter(|(spot, side)| **side == Side::Inside || spot.is_in(circle));
        let facilities: Vec<&[CurrentReading]> = inside.filter_map(|(spot, _)| spot.readings()).collect();
        fetch(&facilities);
        let mut totals = Totals::default();
        self.many.iter().for_each(|part| totals.add(part));
        for readings in facilities {
            totals.count(readings);
        }
        totals.0
    }
}

/// Reads every number once and does nothing with it: so little work that the processor asks for many of them ahead.
fn fetch(facilities: &[&[CurrentReading]]) {
    let mut stale = 0;
    for readings in facilities {
        stale += readings.iter().filter(|current| current.freshness == Freshness::Stale).count();
    }
    std::hint::black_box(stale);
}

/// Where a part lies. Parts below the smallest size lie where those above them do.
#[derive(Clone, Copy)]
pub(super) struct Square {
    south: f64,
    west: f64,
    /// Its height and width in degrees.
    degrees: f64,
    /// How often the cell was divided.
    depth: u8,
}

impl Square {
    pub(super) fn of((row, column): Cell) -> Self {
        Self {
            south: f64::from(row) / CELLS_PER_DEGREE,
            west: f64::from(column) / CELLS_PER_DEGREE,
            degrees: 1.0 / CELLS_PER_DEGREE,
            depth: 0,
        }
    }

    fn middle(self) -> Point {
        Point { lat: self.south + self.degrees / 2.0, lon: self.west + self.degrees / 2.0 }
    }

    /// On which side of the circle's edge it lies.
    pub(super) fn side_of(self, circle: &Circle) -> Side {
        // How far the corners are from the middle at most, in metres.
        let reach = self.degrees * std::f64::consts::FRAC_1_SQRT_2 * METRES_PER_DEGREE_AT_MOST;
        circle.side_of(self.middle(), reach)
    }

    /// The quarter in which a facility belongs.
    fn quarter_of(self, point: Option<Point>, id: FacilityId) -> usize {
        if let Some(point) = point.filter(|_| self.depth < SMALLEST) {
            let middle = self.middle();
            return usize::from(point.lat >= middle.lat) * 2 + usize::from(point.lon >= middle.lon);
        }
        let (high, low) = id.0.as_u64_pair();
        let mixed = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed >> (62 - 2 * self.depth)) & 3) as usize
    }

    fn quarter(self, index: usize) -> Self {
        let depth = self.depth + 1;
        if self.depth >= SMALLEST {
            return Self { depth, ..self };
        }
        let middle = self.middle();
        Self {
            south: if index >= 2 { middle.lat } else { self.south },
            west: if index % 2 == 1 { middle.lon } else { self.west },
            degrees: self.degrees / 2.0,
            depth,
        }
    }
}
