//! A map of a region: the regions below it where they lie, each with how many of its facilities have a free bed, and with
//! its outline if one was loaded.
//!
//! The table beside it says the same, and is what the keyboard and screen readers find.

use std::collections::HashMap;

use maud::{Markup, html};

use super::shapes::{Shape, shapes};
use crate::pages::wire::Summary;
use crate::{
    domain::{geo::Point, outline::Outline},
    http::Visitor,
    locales::Message,
};

/// The map in units of its own: its labels are read on a telephone, too.
const WIDTH: f64 = 400.0;
const LEAST_HEIGHT: f64 = 160.0;
const MOST_HEIGHT: f64 = 460.0;
/// What the outermost circles and labels need, and what outlines need.
const MARGIN: f64 = 34.0;
const NARROW_MARGIN: f64 = 8.0;
const RADIUS: f64 = 11.0;
/// How wide a letter of a label is, and how high.
const LETTER: f64 = 6.2;
const LINE: f64 = 12.0;

/// The map, if there is more than one point to see. A region stands in the middle of its outline, if it has one.
pub(super) fn map(
    visitor: &Visitor,
    children: &[Summary],
    outlines: &HashMap<String, Outline>,
) -> Option<Markup> {
    let located: Vec<(&Summary, Option<&Outline>, Point)> = children
        .iter()
        .filter_map(|child| {
            let outline = outlines.get(&child.region.code);
            Some((child, outline, outline.map(Outline::middle).or(child.located)?))
        })
        .collect();
    // Small islands far out at sea would make the rest too small to read.
    let corners =
        located.iter().filter_map(|(_, outline, _)| Some(outline.as_ref()?.main_bounds())).flatten();
    let points: Vec<Point> = located.iter().map(|(_, _, point)| *point).chain(corners).collect();
    let scale = Scale::of(&points, if outlines.is_empty() { MARGIN } else { NARROW_MARGIN })?;
    let drawn = located.iter().filter_map(|(child, outline, _)| Some((*child, (*outline)?)));
    let shapes = shapes(drawn, &scale);
    let mut spots: Vec<(&Summary, Spot)> =
        located.into_iter().map(|(child, _, point)| (child, scale.spot(point))).collect();
    spread(&mut spots);
    let labels = labels(&spots);
    let say = |message: Message| visitor.say(message);
    let address = |child: &Summary| visitor.link(&format!("/regions/{}", child.region.code));
    let legend = if shapes.len() < spots.len() {
        Message::new("board-map-legend")
    } else {
        Message::new("board-map-legend-outlined")
    };
    Some(html! {
        figure .map {
            svg aria-hidden="true" viewBox={ "0 0 " (WIDTH) " " (scale.height) } {
                @if !shapes.is_empty() {
                    g .shapes transform=(Shape::TRANSFORM) {
                        @for Shape { region, path } in &shapes {
                            a href=(address(region)) tabindex="-1" {
                                path .some[region.beds.facilities_available > 0] d=(path) {}
                            }
                        }
                    }
                }
                @for ((child, spot), label) in spots.iter().zip(&labels) {
                    @let beds = &child.beds;
                    @let text = Message::new("board-map-region").arg("region", &child.region.name)
                        .arg("available", beds.facilities_available).arg("facilities", beds.facilities);
                    a href=(address(child)) tabindex="-1" {
                        title { (say(text)) }
                        @if beds.facilities == 0 {
                            circle .nothing cx=(spot.x) cy=(spot.y) r="4" {}
                        } @else {
                            circle .some[beds.facilities_available > 0] .none[beds.facilities_available == 0]
                                cx=(spot.x) cy=(spot.y) r=(RADIUS) {}
                            text .count .on[beds.facilities_available > 0] x=(spot.x) y=(spot.y + 4.0) text-anchor="middle" {
                                (beds.facilities_available)
                            }
                        }
                        @if let Some(Label { text, x, y }) = label { text .name x=(x) y=(y) { (text) } }
                    }
                }
            }
            figcaption .quiet { (say(legend)) }
        }
    })
}

/// Where a point lies on the map.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
}

/// From degrees to the map: north is up, and a kilometre is as long in both directions.
pub(super) struct Scale {
    west: f64,
    north: f64,
    /// Units for a degree of latitude.
    unit: f64,
    /// How much shorter a degree of longitude is.
    narrowing: f64,
    height: f64,
}

impl Scale {
    pub(super) fn of(points: &[Point], margin: f64) -> Option<Self> {
        let extent = |of: fn(&Point) -> f64| {
            let of = points.iter().map(of);
            (of.clone().fold(f64::INFINITY, f64::min), of.fold(f64::NEG_INFINITY, f64::max))
        };
        let ((south, north), (west, east)) = (extent(|point| point.lat), extent(|point| point.lon));
        let narrowing = f64::midpoint(south, north).to_radians().cos();
        let (wide, high) = ((east - west) * narrowing, north - south);
        // One point, or none: that is no map.
        if wide.max(high) <= f64::EPSILON || !wide.is_finite() {
            return None;
        }
        let room = |length: f64| length - 2.0 * margin;
        let unit = (room(WIDTH) / wide).min(room(MOST_HEIGHT) / high);
        let height = (high * unit + 2.0 * margin).max(LEAST_HEIGHT).round();
        // In the middle of the room that it leaves.
        let (left, top) = ((WIDTH - wide * unit) / 2.0, (height - high * unit) / 2.0);
        Some(Self {
            west: west - left / unit / narrowing,
            north: north + top / unit,
            unit,
            narrowing,
            height,
        })
    }

    /// Where a point lies, in units of the map to the right and down.
    pub(super) fn place(&self, point: Point) -> (f64, f64) {
        ((point.lon - self.west) * self.narrowing * self.unit, (self.north - point.lat) * self.unit)
    }

    fn spot(&self, point: Point) -> Spot {
        let (x, y) = self.place(point);
        Spot { x: x.round(), y: y.round() }
    }
}

/// Moves circles apart that cover each other, such as those of a kota and of the kabupaten around it.
fn spread(spots: &mut [(&Summary, Spot)]) {
    const ROUNDS: usize = 30;
    for _ in 0..ROUNDS {
        for one in 1..spots.len() {
            let (before, rest) = spots.split_at_mut(one);
            let here = &mut rest[0].1;
            for (_, there) in before {
                let (x, y) = (here.x - there.x, here.y - there.y);
                let apart = x.hypot(y);
                let lacks = 2.0 * RADIUS + 1.0 - apart;
                if lacks <= 0.0 {
                    continue;
                }
                // Two at one place are moved to the sides.
                let (x, y) = if apart > 0.0 { (x / apart, y / apart) } else { (1.0, 0.0) };
                let step = lacks / 2.0;
                (here.x, here.y) = (here.x + x * step, here.y + y * step);
                (there.x, there.y) = (there.x - x * step, there.y - y * step);
            }
        }
    }
    for (_, spot) in spots {
        *spot = Spot { x: spot.x.round(), y: spot.y.round() };
    }
}

struct Label {
    text: String,
    x: f64,
    y: f64,
}

/// A name for each spot where there is room for one: below it, above it, or beside it.
fn labels(spots: &[(&Summary, Spot)]) -> Vec<Option<Label>> {
    let circle =
        |spot: &Spot| Area { x: spot.x - RADIUS, y: spot.y - RADIUS, wide: 2.0 * RADIUS, high: 2.0 * RADIUS };
    let mut taken: Vec<Area> = spots.iter().map(|(_, spot)| circle(spot)).collect();
    let label = |(child, spot): &(&Summary, Spot)| {
        let text =
            child.region.name.trim_start_matches("Kabupaten ").trim_start_matches("Kecamatan ").to_owned();
        #[expect(clippy::cast_precision_loss, reason = "names are short")]
        let wide = text.chars().count() as f64 * LETTER;
        let middle = spot.x - wide / 2.0;
        let places = [
            (middle, spot.y + RADIUS),
            (middle, spot.y - RADIUS - LINE),
            (spot.x + RADIUS + 2.0, spot.y - LINE / 2.0),
            (spot.x - RADIUS - 2.0 - wide, spot.y - LINE / 2.0),
        ];
        let areas = places.map(|(x, y)| Area { x, y, wide, high: LINE });
        let free = areas
            .into_iter()
            .find(|area| area.is_inside() && !taken.iter().any(|taken| taken.meets(area)))?;
        taken.push(free);
        Some(Label { text, x: free.x.round(), y: (free.y + LINE - 2.0).round() })
    };
    spots.iter().map(label).collect()
}

#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    wide: f64,
    high: f64,
}

impl Area {
    fn is_inside(&self) -> bool {
        self.x >= 0.0 && self.x + self.wide <= WIDTH && self.y >= 0.0
    }

    fn meets(&self, other: &Self) -> bool {
        let apart = self.x + self.wide <= other.x
            || other.x + other.wide <= self.x
            || self.y + self.high <= other.y
            || other.y + other.high <= self.y;
        !apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(points: &[(f64, f64)]) -> Option<Scale> {
        let points: Vec<Point> = points.iter().map(|(lat, lon)| Point { lat: *lat, lon: *lon }).collect();
        Scale::of(&points, MARGIN)
    }

    #[test]
    fn north_is_up_and_a_kilometre_is_as_long_in_both_directions() {
        let scale = scale(&[(-60.0, 10.0), (-60.0, 12.0), (-61.0, 11.0)]).unwrap();
        let spot = |lat, lon| scale.spot(Point { lat, lon });
        let (west, east, south) = (spot(-60.0, 10.0), spot(-60.0, 12.0), spot(-61.0, 11.0));
        assert!(south.y > west.y && east.x > west.x);
        // Two degrees of longitude at 60° are about as long as one of latitude.
        let (wide, high) = (east.x - west.x, south.y - west.y);
        assert!((wide / high - 1.0).abs() < 0.05, "{wide} {high}");
        assert!(west.x >= MARGIN - 1.0 && east.x <= WIDTH - MARGIN + 1.0 && south.y <= scale.height);
    }

    #[test]
    fn fewer_than_two_points_are_no_map() {
        assert!(scale(&[]).is_none());
        assert!(scale(&[(-7.0, 110.0)]).is_none());
        assert!(scale(&[(-7.0, 110.0), (-7.0, 110.0)]).is_none());
    }
}
