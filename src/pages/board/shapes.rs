//! The outlines of regions as the paths of an SVG, no heavier than a page may be.

use std::fmt::Write;

use super::map::Scale;
use crate::{
    domain::{
        geo::Point,
        outline::{Outline, Position, Ring, thin},
    },
    pages::wire::Summary,
};

/// The most corners of a map: packed, a corner weighs two or three bytes.
const MOST_CORNERS: usize = 5_000;
/// Dots for a unit of the map: paths are written in whole dots.
const DOTS: f64 = 2.0;

/// A region that is drawn.
pub(super) struct Shape<'a> {
    pub(super) region: &'a Summary,
    /// The path, in dots.
    pub(super) path: String,
}

impl Shape<'_> {
    /// From dots to the units of the map.
    pub(super) const TRANSFORM: &'static str = "scale(.5)";
}

/// The shapes of those regions that are large enough to be seen.
pub(super) fn shapes<'a>(
    outlined: impl Iterator<Item = (&'a Summary, &'a Outline)>,
    scale: &Scale,
) -> Vec<Shape<'a>> {
    let (regions, mut outlines): (Vec<&Summary>, Vec<Outline>) =
        outlined.map(|(region, outline)| (region, outline.clone())).unzip();
    thin(&mut outlines, MOST_CORNERS);
    let drawn = regions.into_iter().zip(&outlines);
    let shape = |(region, outline): (&'a Summary, &Outline)| {
        let path: String = outline.rings().filter_map(|ring| path(ring, scale)).collect();
        (!path.is_empty()).then_some(Shape { region, path })
    };
    drawn.filter_map(shape).collect()
}

/// A ring as a closed path from dot to dot; None if it is but a dot or a line.
fn path(ring: &Ring, scale: &Scale) -> Option<String> {
    let dot = |Position([lon, lat]): &Position| {
        let (x, y) = scale.place(Point { lat: *lat, lon: *lon });
        (whole(x * DOTS), whole(y * DOTS))
    };
    let mut dots: Vec<(i32, i32)> = ring.iter().map(dot).collect();
    dots.dedup();
    // The path closes itself.
    dots.pop();
    let (first, rest) = dots.split_first().filter(|(_, rest)| rest.len() > 1)?;
    let mut path = format!("M{} {}l", first.0, first.1);
    let mut from = first;
    for to in rest {
        for step in [to.0 - from.0, to.1 - from.1] {
            let joint = if step < 0 || path.ends_with('l') { "" } else { " " };
            // Writing into a text does not fail.
            let _ = write!(path, "{joint}{step}");
        }
        from = to;
    }
    path.push('z');
    Some(path)
}

#[expect(clippy::cast_possible_truncation, reason = "a map has some hundred dots")]
fn whole(dots: f64) -> i32 {
    dots.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A degree is as long as the map is wide.
    fn drawn(ring: &[(f64, f64)]) -> Option<String> {
        let corners = [Point { lat: 0.5, lon: 110.0 }, Point { lat: -0.5, lon: 111.0 }];
        let ring: Ring = ring.iter().map(|(lon, lat)| Position([*lon, *lat])).collect();
        path(&ring, &Scale::of(&corners, 0.0).unwrap())
    }

    #[test]
    fn a_ring_is_a_closed_path_of_steps() {
        let triangle = [(110.0, 0.5), (110.1, 0.5), (110.0, 0.4), (110.0, 0.5)];
        assert_eq!(drawn(&triangle).unwrap(), "M0 0l80 0-80 80z");
        let fine = [(110.0, 0.5), (110.05, 0.5), (110.0501, 0.5), (110.1, 0.5), (110.0, 0.4), (110.0, 0.5)];
        assert_eq!(drawn(&fine).unwrap(), "M0 0l40 0 40 0-80 80z", "dots that are one are drawn once");
        let islet = [(110.0, 0.5), (110.0001, 0.5), (110.0, 0.4999), (110.0, 0.5)];
        assert_eq!(drawn(&islet), None);
    }
}
