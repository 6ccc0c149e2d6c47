//! Points on the earth and distances between them.

use std::hash::{Hash, Hasher};

use crate::locales::Message;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rejection::{Code, Rejection};

/// The mean radius of the earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Metres of one degree of latitude, rounded down so that a search never looks too near.
pub const METRES_PER_DEGREE: f64 = 111_000.0;

/// A point, WGS 84 degrees; always finite and on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Latitude in degrees, -90 to 90.
    pub lat: f64,
    /// Longitude in degrees, -180 to 180.
    pub lon: f64,
}

// Degrees are numbers.
impl Eq for Point {}

impl Hash for Point {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.lat.to_bits(), self.lon.to_bits()).hash(state);
    }
}

impl Point {
    /// A point, or the refusal that blames `pointer`.
    pub fn new(lat: f64, lon: f64, pointer: &str) -> Result<Self, Rejection> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            // Five decimals are one metre; -0.0 and 0.0 must be one point.
            let tidy = |degrees: f64| (degrees * 1e5).round() / 1e5 + 0.0;
            return Ok(Self { lat: tidy(lat), lon: tidy(lon) });
        }
        Err(Rejection::new(
            Code::InvalidCoordinates,
            pointer,
            Message::new("coordinates-off-the-globe").arg("lat", lat.to_string()).arg("lon", lon.to_string()),
        ))
    }

    /// Reads `lat,lon`.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let malformed = || {
            Rejection::new(
                Code::InvalidCoordinates,
                pointer,
                Message::new("not-coordinates").arg("text", text.to_string()),
            )
        };
        let (lat, lon) = text.split_once(',').ok_or_else(malformed)?;
        let degrees = |part: &str| part.trim().parse::<f64>().ok().filter(|value| value.is_finite());
        match (degrees(lat), degrees(lon)) {
            (Some(lat), Some(lon)) => Self::new(lat, lon, pointer),
            _ => Err(malformed()),
        }
    }

    /// The great-circle distance in metres (haversine).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 20,015,114 metres")]
    pub fn metres_to(self, other: Self) -> u32 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (lat2 - lat1, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
        (2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()).round() as u32
    }

    /// The mean of some points, if there are any. Good for points that lie close together.
    pub fn mean(points: impl IntoIterator<Item = Self>) -> Option<Self> {
        let (mut lat, mut lon, mut count) = (0.0, 0.0, 0.0);
        for point in points {
            lat += point.lat;
            lon += point.lon;
            count += 1.0;
        }
        // Adding 0.0 makes -0.0 the one zero.
        (count > 0.0).then(|| Self { lat: lat / count + 0.0, lon: lon / count + 0.0 })
    }
}

/// A point, with the vector of length 1 that leads to it from the middle of the earth: whether it is in a [`Circle`] takes some
/// multiplications, where a distance takes six sines and cosines.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// The point.
    pub point: Point,
    direction: [f64; 3],
}

impl From<Point> for Position {
    fn from(point: Point) -> Self {
        let ((lat_sin, lat_cos), (lon_sin, lon_cos)) =
            (point.lat.to_radians().sin_cos(), point.lon.to_radians().sin_cos());
        Self { point, direction: [lat_cos * lon_cos, lat_cos * lon_sin, lat_sin] }
    }
}

impl Position {
    /// The straight line between two, in radii of the earth.
    fn chord(&self, other: &Self) -> f64 {
        let squares = std::iter::zip(self.direction, other.direction).map(|(one, two)| (one - two).powi(2));
        squares.sum::<f64>().sqrt()
    }
}

/// All within so many metres of a point.
#[derive(Debug, Clone, Copy)]
pub struct Circle {
    centre: Position,
    /// How far it reaches.
    metres: u32,
    /// A shorter chord is certainly inside.
    inside: f64,
    /// A longer one is certainly outside.
    outside: f64,
}

impl Circle {
    /// The circle around a point.
    pub fn around(centre: Point, metres: u32) -> Self {
        // Distances are rounded to metres.
        let chord = |metres: f64| {
            let angle = (metres / EARTH_RADIUS_M).clamp(0.0, std::f64::consts::PI);
            2.0 * (angle / 2.0).sin()
        };
        Self {
            centre: centre.into(),
            metres,
            inside: chord(f64::from(metres) - 2.0),
            outside: chord(f64::from(metres) + 2.0),
        }
    }

    /// Whether a point lies in it: the distance to it is at most that of the edge.
    pub fn contains(&self, position: &Position) -> bool {
        let chord = self.centre.chord(position);
        chord < self.inside
            || chord <= self.outside && self.centre.point.metres_to(position.point) <= self.metres
    }

    /// On which side of its edge all those lie that are at most `reach` metres from `middle`.
    pub fn side_of(&self, middle: Point, reach: f64) -> Side {
        // A chord is no longer than its arc, and no longer than two others that lead to the same place.
        let (chord, reach) = (self.centre.chord(&middle.into()), reach / EARTH_RADIUS_M);
        if chord - reach > self.outside {
            Side::Outside
        } else if chord + reach < self.inside {
            Side::Inside
        } else {
            Side::Across
        }
    }
}

/// On which side of the edge of a circle an area lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// All of it is beyond the circle.
    Outside,
    /// It may have points inside and outside.
    Across,
    /// All of it is in the circle.
    Inside,
}

/// How good a point is, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Given as coordinates.
    Exact,
    /// The centre of the region, loaded by the operator.
    Centroid,
    /// A place of the region's name (GeoNames): typically 2 km from the centre, up to 12 km.
    Place,
    /// The middle of what is known inside the region: its facilities, or the regions in it.
    Around,
    /// The point of the region above.
    Parent,
}

impl Precision {
    /// Whether a distance from such a point is to be called rough.
    pub const fn is_rough(self) -> bool {
        !matches!(self, Self::Exact | Self::Centroid)
    }
}

/// A point and how good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Located {
    /// The point.
    #[serde(flatten)]
    pub point: Point,
    /// How good the point is.
    pub precision: Precision,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_circle_contains_what_is_no_further_away(
            centre in (-90.0f64..=90.0, -180.0f64..=180.0),
            other in (-90.0f64..=90.0, -180.0f64..=180.0),
            nearness in prop_oneof![Just(1.0), Just(1e-2), Just(1e-4), Just(0.0)],
        ) {
            let centre = Point::new(centre.0, centre.1, "").unwrap();
            let between = |from: f64, to: f64| from + (to - from) * nearness;
            let other = Point::new(between(centre.lat, other.0), between(centre.lon, other.1), "").unwrap();
            let distance = centre.metres_to(other);
            for metres in distance.saturating_sub(5)..=distance + 5 {
                prop_assert_eq!(Circle::around(centre, metres).contains(&other.into()), distance <= metres);
            }
        }
    }

    proptest! {
        #[test]
        fn an_area_lies_where_all_its_points_do(
            centre in (-90.0f64..=90.0, -180.0f64..=180.0),
            middle in (-80.0f64..=80.0, -180.0f64..=180.0),
            nearness in prop_oneof![Just(1.0), Just(1e-2), Just(1e-4)],
            direction in 0.0f64..std::f64::consts::TAU,
            reach in 1.0f64..50_000.0,
            share in 0.0f64..0.999,
            metres in prop_oneof![0u32..100_000, 0u32..=20_015_114],
        ) {
            let centre = Point::new(centre.0, centre.1, "").unwrap();
            let between = |from: f64, to: f64| from + (to - from) * nearness;
            let middle = Point { lat: between(centre.lat, middle.0).clamp(-80.0, 80.0), lon: between(centre.lon, middle.1) };
            let degrees = reach * share / 111_200.0;
            let point = Point {
                lat: middle.lat + degrees * direction.sin(),
                lon: (middle.lon + degrees * direction.cos()).clamp(-180.0, 180.0),
            };
            let circle = Circle::around(centre, metres);
            match circle.side_of(middle, reach) {
                Side::Outside => prop_assert!(!circle.contains(&point.into())),
                Side::Inside => prop_assert!(circle.contains(&point.into())),
                Side::Across => {}
            }
            prop_assert_ne!(Circle::around(centre, 0).side_of(centre, reach), Side::Outside);
        }
    }

    #[test]
    fn distances_are_great_circle_distances() {
        let point = |lat, lon| Point::new(lat, lon, "").unwrap();
        // Semarang to Surakarta, about 80 km; one degree of latitude is 111.195 km.
        assert!((77_000..78_500).contains(&point(-6.9903, 110.4229).metres_to(point(-7.5561, 110.8316))));
        assert_eq!(point(0.0, 110.0).metres_to(point(1.0, 110.0)), 111_195);
        assert_eq!(point(0.0, 179.5).metres_to(point(0.0, -179.5)), 111_195);
        assert_eq!(point(90.0, 0.0).metres_to(point(-90.0, 0.0)), 20_015_114);
    }

    #[test]
    fn coordinates_are_read_or_refused() {
        assert_eq!(Point::parse("-6.99, 110.42", "near").unwrap(), Point { lat: -6.99, lon: 110.42 });
        for text in ["", "1", "1,", "a,b", "1,2,3", "NaN,1", "inf,1", "110.42,-6.99", "91,0", "0,181"] {
            assert_eq!(Point::parse(text, "near").unwrap_err().code, Code::InvalidCoordinates, "{text}");
        }
    }
}
