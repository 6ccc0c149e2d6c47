//! Regions by their codes as text, where things are, and how far apart.

use chrono::FixedOffset;

use super::directory::{Directory, Facility, Point};

/// Whether `code` is `region` or lies in it: 33.74.10 lies in 33.74 and in 33, and not in 33.7.
pub(super) fn lies_in(code: &str, region: &str) -> bool {
    code == region || code.starts_with(&format!("{region}."))
}

/// The region above; none for a province.
pub(super) fn above(code: &str) -> Option<&str> {
    Some(code.rsplit_once('.')?.0)
}

/// The region, then those above it.
pub(super) fn with_above(code: &str) -> Vec<&str> {
    std::iter::successors(Some(code), |code| above(code)).collect()
}

/// What a region of so many parts is called.
pub(super) fn level(code: &str) -> &'static str {
    ["provinsi", "kabkota", "kecamatan", "desa"][code.matches('.').count()]
}

/// Metres as the crow flies: the straight line through the earth, bent to its surface.
pub(super) fn metres(a: Point, b: Point) -> u32 {
    let on_globe = |point: Point| {
        let (lat, lon) = (point.lat.to_radians(), point.lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    let (a, b) = (on_globe(a), on_globe(b));
    let line = (0..3).map(|axis| (a[axis] - b[axis]).powi(2)).sum::<f64>().sqrt();
    let metres = 2.0 * 6_371_008.8 * (line / 2.0).min(1.0).asin();
    format!("{metres:.0}").parse().unwrap()
}

/// Kilometres with one decimal.
pub(super) fn kilometres(metres: u32) -> f64 {
    (f64::from(metres) / 100.0).round() / 10.0
}

/// A place, and how good the point is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Located {
    pub(super) point: Point,
    pub(super) precision: String,
}

impl Located {
    pub(super) fn is_rough(&self) -> bool {
        !["exact", "centroid"].contains(&self.precision.as_str())
    }
}

impl Facility {
    /// Its coordinates, unless they are doubtful.
    pub(super) fn sure_point(&self) -> Option<Point> {
        self.point.filter(|_| !self.flags.contains("location_doubtful"))
    }
}

impl Directory {
    /// The open facilities: closed ones are in no answer but their own.
    pub(super) fn open(&self) -> Vec<&Facility> {
        self.facilities.values().filter(|facility| !facility.closed).collect()
    }

    /// The codes of the regions right below one, or of the provinces.
    pub(super) fn children(&self, parent: Option<&str>) -> Vec<&str> {
        let first = parent.unwrap_or_default().to_owned();
        let codes = self.regions.range(first..).map(|(code, _)| code.as_str());
        let inside = codes.take_while(|code| parent.is_none_or(|parent| lies_in(code, parent)));
        inside.filter(|code| above(code) == parent).collect()
    }

    /// Where a region is: at its own point; else in the middle of the open facilities in it whose coordinates
    /// are sure; else in the middle of the regions right below it; else where the region above is.
    pub(super) fn locate(&self, code: &str) -> Option<Located> {
        let known = self.regions.get(code);
        if let Some((region, point)) = known.and_then(|region| Some((region, region.point?))) {
            let precision = region.precision.clone().unwrap_or("centroid".to_owned());
            return Some(Located { point, precision });
        }
        let inside = self.open().into_iter().filter(|facility| lies_in(&facility.region, code));
        let facilities: Vec<Point> = inside.filter_map(Facility::sure_point).collect();
        let below: Vec<Point> =
            self.children(Some(code)).into_iter().filter_map(|child| self.regions[child].point).collect();
        if let Some(point) = middle(&facilities).or_else(|| middle(&below)) {
            return Some(Located { point, precision: "around".to_owned() });
        }
        Some(Located { precision: "parent".to_owned(), ..self.locate(above(code)?)? })
    }

    /// Where a facility is: one without sure coordinates stands at its region's point.
    pub(super) fn position(&self, facility: &Facility) -> Option<Point> {
        facility.sure_point().or_else(|| Some(self.locate(&facility.region)?.point))
    }

    /// The kabupaten or kota whose point is nearest; of two that are equally near the first.
    pub(super) fn nearest_regency(&self, point: Point) -> Option<&str> {
        let regencies = self.regions.iter().filter(|(code, _)| level(code) == "kabkota");
        let placed = regencies.filter_map(|(code, region)| Some((metres(region.point?, point), code)));
        placed.min().map(|(_, code)| code.as_str())
    }

    /// The time zone of a region: its own, or that of the nearest above that has one.
    pub(super) fn zone(&self, code: &str) -> FixedOffset {
        let zone = with_above(code).into_iter().find_map(|code| self.regions.get(code)?.zone.as_deref());
        let hours = match zone.unwrap_or("Asia/Jakarta") {
            "Asia/Jakarta" => 7,
            "Asia/Makassar" => 8,
            "Asia/Jayapura" => 9,
            other => panic!("the model does not know the time zone {other}"),
        };
        FixedOffset::east_opt(hours * 3600).unwrap()
    }
}

fn middle(points: &[Point]) -> Option<Point> {
    let mean = |degrees: fn(&Point) -> f64| {
        let count = f64::from(u32::try_from(points.len()).unwrap());
        points.iter().map(degrees).sum::<f64>() / count
    };
    (!points.is_empty()).then(|| Point { lat: mean(|point| point.lat), lon: mean(|point| point.lon) })
}
