//! The outline of a region: areas with holes, as GeoJSON writes them, with no more corners than a map needs.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeSet, BinaryHeap},
    fmt,
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, IgnoredAny, SeqAccess, Visitor},
};
use utoipa::ToSchema;

use super::{
    geo::Point,
    rejection::{Code, Rejection},
};
use crate::locales::Message;

/// The most corners of an outline: a province drawn over a whole screen needs no more.
const MOST_CORNERS: usize = 400;
/// The most rings of an outline; of more the smallest go, which are islets.
const MOST_RINGS: usize = 40;
/// A ring with fewer corners is none.
const LEAST_CORNERS: usize = 3;
/// Four decimals are eleven metres.
const PER_DEGREE: f64 = 1e4;

/// A position as GeoJSON writes it: longitude first, degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(value_type = Vec<f64>)]
pub struct Position(pub [f64; 2]);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TwoOrMore;

        impl<'de> Visitor<'de> for TwoOrMore {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[longitude, latitude]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Position, A::Error> {
                let mut next =
                    |place| numbers.next_element()?.ok_or_else(|| A::Error::invalid_length(place, &self));
                let position = Position([next(0)?, next(1)?]);
                // Heights are of no use here.
                while numbers.next_element::<IgnoredAny>()?.is_some() {}
                Ok(position)
            }
        }

        deserializer.deserialize_seq(TwoOrMore)
    }
}

/// A closed line: its last position is its first.
pub type Ring = Vec<Position>;
/// An area: its outer ring, then its holes.
pub type Polygon = Vec<Ring>;

/// A GeoJSON geometry (RFC 7946) that can be an outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "coordinates")]
pub enum Geometry {
    /// One area: its outer ring, then its holes. The last position of a ring is its first.
    Polygon(Vec<Vec<Position>>),
    /// Several areas.
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

/// The outline of a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Outline {
    #[serde(rename = "type")]
    kind: OutlineKind,
    /// Its areas, each with its outer ring and then its holes; longitude comes first.
    coordinates: Vec<Vec<Vec<Position>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
enum OutlineKind {
    MultiPolygon,
}

impl From<&Outline> for Geometry {
    fn from(outline: &Outline) -> Self {
        Self::MultiPolygon(outline.coordinates.clone())
    }
}

impl Outline {
    /// Reads an outline and takes away the corners that show least. `pointer` is where the geometry stands.
    pub fn read(geometry: Geometry, pointer: &str) -> Result<Self, Rejection> {
        let (areas, is_multi) = match geometry {
            Geometry::Polygon(rings) => (vec![rings], false),
            Geometry::MultiPolygon(areas) => (areas, true),
        };
        for (area, rings) in areas.iter().enumerate() {
            let area = if is_multi { format!("/{area}") } else { String::new() };
            for (ring, positions) in rings.iter().enumerate() {
                check(positions).map_err(|(code, detail)| {
                    Rejection::new(code, format!("{pointer}/coordinates{area}/{ring}"), detail)
                })?;
            }
        }
        let tidied = areas.into_iter().map(tidied).filter(|rings: &Polygon| !rings.is_empty());
        let mut outline = Self { kind: OutlineKind::MultiPolygon, coordinates: tidied.collect() };
        if outline.coordinates.is_empty() {
            let detail = Message::new("outline-without-area");
            return Err(Rejection::new(Code::InvalidCoordinates, pointer, detail));
        }
        outline.keep_largest();
        thin([&mut outline], MOST_CORNERS);
        Ok(outline)
    }

    /// Keeps the rings that enclose most, and of the others none.
    fn keep_largest(&mut self) {
        let areas = self.coordinates.iter().enumerate();
        let rings = areas.flat_map(|(area, rings)| (0..rings.len()).map(move |ring| (area, ring)));
        let mut largest: Vec<(usize, usize)> = rings.collect();
        largest.sort_by(|one, other| {
            let size = |(area, ring): (usize, usize)| size(&self.coordinates[area][ring]);
            size(*other).total_cmp(&size(*one))
        });
        largest.truncate(MOST_RINGS);
        let kept: BTreeSet<(usize, usize)> = largest.into_iter().collect();
        for (area, rings) in self.coordinates.iter_mut().enumerate() {
            let mut places = 0..;
            rings.retain(|_| places.next().is_some_and(|ring| kept.contains(&(area, ring))));
            // Holes without what they are in.
            if !kept.contains(&(area, 0)) {
                rings.clear();
            }
        }
        self.coordinates.retain(|rings| !rings.is_empty());
    }

    /// Its areas.
    pub fn areas(&self) -> &[Polygon] {
        &self.coordinates
    }

    /// Its rings, holes too.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.coordinates.iter().flatten()
    }

    /// Its southwestern and its northeastern corner.
    fn bounds(&self) -> [Point; 2] {
        bounds(self.rings().flatten())
    }

    /// The same of its largest area alone: small islands can lie far out.
    pub fn main_bounds(&self) -> [Point; 2] {
        bounds(self.largest())
    }

    /// The outer ring of its largest area.
    fn largest(&self) -> &Ring {
        let outer = self.coordinates.iter().filter_map(|rings| rings.first());
        let largest = outer.max_by(|one, other| size(one).total_cmp(&size(other)));
        largest.expect("an outline has an area")
    }

    /// The middle of its largest area.
    pub fn middle(&self) -> Point {
        let ring = self.largest();
        // Measured from its first position, where the products are small.
        let [lon, lat] = ring[0].0;
        let (mut east, mut north, mut twice) = (0.0, 0.0, 0.0);
        for (Position(from), Position(to)) in ring.iter().zip(&ring[1..]) {
            let ((x, y), (next_x, next_y)) = ((from[0] - lon, from[1] - lat), (to[0] - lon, to[1] - lat));
            let cross = x * next_y - next_x * y;
            east += (x + next_x) * cross;
            north += (y + next_y) * cross;
            twice += cross;
        }
        Point { lat: lat + north / (3.0 * twice), lon: lon + east / (3.0 * twice) }
    }

    /// How far a point lies outside its bounds, in metres; 0 inside.
    pub fn metres_to(&self, point: Point) -> u32 {
        let [south_west, north_east] = self.bounds();
        let nearest = Point {
            lat: point.lat.clamp(south_west.lat, north_east.lat),
            lon: point.lon.clamp(south_west.lon, north_east.lon),
        };
        nearest.metres_to(point)
    }
}

/// The southwestern and the northeastern corner of what the positions span.
fn bounds<'a>(positions: impl IntoIterator<Item = &'a Position>) -> [Point; 2] {
    let none = [
        Point { lat: f64::INFINITY, lon: f64::INFINITY },
        Point { lat: f64::NEG_INFINITY, lon: f64::NEG_INFINITY },
    ];
    positions.into_iter().fold(none, |[least, most], Position([lon, lat])| {
        [
            Point { lat: least.lat.min(*lat), lon: least.lon.min(*lon) },
            Point { lat: most.lat.max(*lat), lon: most.lon.max(*lon) },
        ]
    })
}

/// Refuses a line that is no ring.
fn check(ring: &[Position]) -> Result<(), (Code, Message)> {
    for Position([lon, lat]) in ring {
        if !(-180.0..=180.0).contains(lon) || !(-90.0..=90.0).contains(lat) {
            let detail = Message::new("outline-off-the-globe")
                .arg("lon", format!("{lon}"))
                .arg("lat", format!("{lat}"));
            return Err((Code::InvalidCoordinates, detail));
        }
    }
    if ring.len() <= LEAST_CORNERS {
        return Err((
            Code::InvalidCoordinates,
            Message::new("outline-ring-short").arg("positions", ring.len()),
        ));
    }
    if ring.first() != ring.last() {
        return Err((Code::InvalidCoordinates, Message::new("outline-ring-open")));
    }
    Ok(())
}

/// The rings of an area on a grid of some metres; one without its outer ring is none.
fn tidied(rings: Polygon) -> Polygon {
    let mut rings = rings.into_iter().map(|mut ring| {
        for at in ring.iter_mut().flat_map(|at| &mut at.0) {
            // Adding 0.0 makes -0.0 the one zero.
            *at = (*at * PER_DEGREE).round() / PER_DEGREE + 0.0;
        }
        ring.dedup();
        ring
    });
    let encloses = |ring: &Ring| ring.len() > LEAST_CORNERS && size(ring) > 0.0;
    let Some(outer) = rings.next().filter(encloses) else { return Vec::new() };
    std::iter::once(outer).chain(rings.filter(encloses)).collect()
}

/// How much a ring encloses, in square degrees.
fn size(ring: &[Position]) -> f64 {
    let Some(Position([lon, lat])) = ring.first() else { return 0.0 };
    let pairs = ring.iter().zip(&ring[1..]);
    let twice: f64 = pairs
        .map(|(Position(from), Position(to))| {
            (from[0] - lon) * (to[1] - lat) - (to[0] - lon) * (from[1] - lat)
        })
        .sum();
    (twice / 2.0).abs()
}

/// Takes away the corners that show least (Visvalingam and Whyatt), from all outlines together, until `most` are left;
/// no ring goes. Neighbours lose the same corners of the border that they share, so their lines stay one.
pub fn thin<'a>(outlines: impl IntoIterator<Item = &'a mut Outline>, most: usize) {
    let mut rings: Vec<&mut Ring> =
        outlines.into_iter().flat_map(|outline| outline.coordinates.iter_mut().flatten()).collect();
    let mut corners: Vec<Corner> = Vec::new();
    let mut left: Vec<usize> = Vec::new();
    for (number, ring) in rings.iter().enumerate() {
        // The last position is the first.
        let (start, count) = (corners.len(), ring.len() - 1);
        let corner = |(place, at): (usize, &Position)| Corner {
            at: *at,
            before: start + (place + count - 1) % count,
            after: start + (place + 1) % count,
            ring: number,
            shows: None,
        };
        corners.extend(ring[..count].iter().enumerate().map(corner));
        left.push(count);
    }
    let mut surplus = corners.len().saturating_sub(most);
    if surplus == 0 {
        return;
    }
    let mut queue: BinaryHeap<Reverse<(Shows, usize)>> = BinaryHeap::with_capacity(corners.len());
    for place in 0..corners.len() {
        let shows = Shows(shows(&corners, place));
        corners[place].shows = Some(shows);
        queue.push(Reverse((shows, place)));
    }
    while surplus > 0 {
        let Some(Reverse((shown, place))) = queue.pop() else { break };
        let Corner { before, after, ring, shows: known, .. } = corners[place];
        // It was judged anew, or has gone.
        if known != Some(shown) || left[ring] == LEAST_CORNERS {
            continue;
        }
        corners[place].shows = None;
        (corners[before].after, corners[after].before) = (after, before);
        left[ring] -= 1;
        surplus -= 1;
        for place in [before, after] {
            // What stands beside a corner that went shows at least as much as that.
            let shows = Shows(shows(&corners, place)).max(shown);
            corners[place].shows = Some(shows);
            queue.push(Reverse((shows, place)));
        }
    }
    for ring in &mut rings {
        ring.clear();
    }
    for corner in corners.iter().filter(|corner| corner.shows.is_some()) {
        rings[corner.ring].push(corner.at);
    }
    for ring in rings {
        let first = ring[0];
        ring.push(first);
    }
}

struct Corner {
    at: Position,
    before: usize,
    after: usize,
    ring: usize,
    /// None once it has gone.
    shows: Option<Shows>,
}

/// The triangle of a corner with those beside it.
fn shows(corners: &[Corner], place: usize) -> f64 {
    let Corner { at, before, after, .. } = &corners[place];
    let [Position(one), Position(two), Position(three)] = [corners[*before].at, *at, corners[*after].at];
    ((two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])).abs() / 2.0
}

/// How much of the outline a corner shows.
#[derive(Clone, Copy, PartialEq)]
struct Shows(f64);

impl Eq for Shows {}

impl Ord for Shows {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Shows {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn read(geometry: serde_json::Value) -> Result<Outline, Rejection> {
        Outline::read(serde_json::from_value(geometry).unwrap(), "/geometry")
    }

    /// A square with its southwestern corner there.
    fn square(lon: f64, lat: f64, side: f64) -> Ring {
        [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0)]
            .map(|(east, north)| Position([lon + east, lat + north]))
            .to_vec()
    }

    #[test]
    fn an_area_keeps_its_holes_and_loses_heights() {
        let outer = [[110.0, -7.0, 5.0], [111.0, -7.0, 5.0], [111.0, -6.0, 5.0], [110.0, -7.0, 5.0]];
        let hole = [[110.6, -6.8], [110.7, -6.8], [110.7, -6.7], [110.6, -6.8]];
        let outline = read(json!({"type": "Polygon", "coordinates": [outer, hole]})).unwrap();
        let outer = [[110.0, -7.0], [111.0, -7.0], [111.0, -6.0], [110.0, -7.0]];
        let written = json!({"type": "MultiPolygon", "coordinates": [[outer, hole]]});
        assert_eq!(serde_json::to_value(&outline).unwrap(), written);
        assert_eq!(serde_json::from_value::<Outline>(written).unwrap(), outline);
        let middle = outline.middle();
        assert!((middle.lon - 110.6667).abs() < 1e-3 && (middle.lat + 6.6667).abs() < 1e-3, "{middle:?}");
        assert_eq!(outline.metres_to(Point { lat: -6.5, lon: 110.5 }), 0);
        assert_eq!(outline.metres_to(Point { lat: -5.0, lon: 110.5 }), 111_195);
    }

    #[rstest]
    #[case(json!([[[110.0, -7.0], [111.0, -7.0], [110.0, -7.0]]]), "/geometry/coordinates/0")]
    #[case(json!([[[110.0, -7.0], [111.0, -7.0], [111.0, -6.0], [110.0, -6.0]]]), "/geometry/coordinates/0")]
    #[case(json!([[[-7.0, 110.0], [-7.0, 111.0], [-6.0, 111.0], [-7.0, 110.0]]]), "/geometry/coordinates/0")]
    #[case(json!([[[110.0, -7.0], [111.0, -7.0], [112.0, -7.0], [110.0, -7.0]]]), "/geometry")]
    #[case(json!([]), "/geometry")]
    fn what_encloses_nothing_is_refused_where_it_stands(
        #[case] coordinates: serde_json::Value,
        #[case] pointer: &str,
    ) {
        let refused = read(json!({"type": "Polygon", "coordinates": coordinates})).unwrap_err();
        assert_eq!((refused.code, &*refused.pointer), (Code::InvalidCoordinates, pointer));
    }

    #[test]
    fn of_many_islets_the_largest_stay() {
        let islets = (0..200_i32).map(|number| {
            let number = f64::from(number);
            vec![square(100.0 + number / 10.0, -7.0, 0.001 + number / 10_000.0)]
        });
        let outline = Outline::read(Geometry::MultiPolygon(islets.collect()), "").unwrap();
        assert_eq!(outline.areas().len(), MOST_RINGS);
        assert!(outline.rings().all(|ring| ring[0].0[0] >= 115.9));
        let alike = (0..200_i32).map(|number| vec![square(100.0 + f64::from(number) / 10.0, -7.0, 0.01)]);
        let outline = Outline::read(Geometry::MultiPolygon(alike.collect()), "").unwrap();
        assert_eq!(outline.areas().len(), MOST_RINGS, "those of one size are as many");
    }

    /// A circle with teeth: each corner of the circle shows more than a tooth.
    fn toothed(corners: i32) -> Ring {
        let at = |number: i32| {
            let angle = std::f64::consts::TAU * f64::from(number % corners) / f64::from(corners);
            let radius = if number % 2 == 0 { 1.0 } else { 1.0005 };
            Position([110.0 + radius * angle.cos(), -7.0 + radius * angle.sin()])
        };
        (0..=corners).map(at).collect()
    }

    #[test]
    fn a_fine_outline_keeps_its_form_and_loses_corners() {
        let outline = Outline::read(Geometry::Polygon(vec![toothed(20_000)]), "").unwrap();
        let ring = outline.rings().next().unwrap();
        assert_eq!(ring.len() - 1, MOST_CORNERS);
        assert!((size(ring) / std::f64::consts::PI - 1.0).abs() < 0.01, "{}", size(ring));
        let again = Outline::read(Geometry::from(&outline), "").unwrap();
        assert_eq!(again, outline, "what was simplified stays as it is");
    }

    #[test]
    fn neighbours_keep_one_border() {
        let border: Vec<Position> = (0..=100_i32)
            .map(|number| {
                let number = f64::from(number);
                Position([110.0 + (number / 7.0).sin() / 10.0, -7.0 + number / 100.0])
            })
            .collect();
        let side = |lon: f64| {
            let mut ring = border.clone();
            ring.extend([Position([lon, -6.0]), Position([lon, -7.0]), border[0]]);
            Outline::read(Geometry::Polygon(vec![ring]), "").unwrap()
        };
        let mut both = [side(109.0), side(111.0)];
        thin(&mut both, 60);
        let inner = |outline: &Outline| -> Vec<Position> {
            let ring = outline.rings().next().unwrap();
            ring.iter().filter(|at| (109.5..110.5).contains(&at.0[0])).copied().collect()
        };
        assert_eq!(inner(&both[0]), inner(&both[1]));
        assert!(inner(&both[0]).len() < 40);
    }

    proptest! {
        #[test]
        fn any_area_is_bounded_and_stays_closed(
            corners in prop::collection::vec((95.0..141.0_f64, -11.0..6.0_f64), 3..900),
        ) {
            let mut ring: Ring = corners.into_iter().map(|(lon, lat)| Position([lon, lat])).collect();
            ring.push(ring[0]);
            if let Ok(outline) = Outline::read(Geometry::Polygon(vec![ring]), "") {
                let rings: Vec<&Ring> = outline.rings().collect();
                prop_assert_eq!(rings.len(), 1);
                prop_assert!(rings[0].len() <= MOST_CORNERS + 1 && rings[0].len() > LEAST_CORNERS);
                prop_assert_eq!(rings[0].first(), rings[0].last());
            }
        }
    }
}
