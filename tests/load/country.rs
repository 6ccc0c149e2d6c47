//! A directory as large as the country: 3,000 hospitals and 10,000 puskesmas with 60,000 numbers.

use std::fmt::Write;

use anyhow::Context;
use chrono::{SecondsFormat, TimeDelta, Utc};
use rand::{
    RngExt, SeedableRng,
    distr::{Distribution, weighted::WeightedIndex},
    rngs::SmallRng,
    seq::IndexedRandom,
};

use crate::support::Directory;

const HOSPITALS: usize = 3_000;
const PUSKESMAS: usize = 10_000;
const NUMBERS: usize = 60_000;
/// Numbers of each hospital.
const OF_A_HOSPITAL: usize = 12;

/// Types that hospitals report. All of one's types are neighbours here, and every hospital has the first three.
pub(crate) const BEDS: [&str; 16] = [
    "bed.icu_vent",
    "bed.icu",
    "bed.class3",
    "bed.class1",
    "bed.class2",
    "bed.vip",
    "bed.hcu",
    "bed.er",
    "bed.isolation",
    "bed.nicu",
    "bed.picu",
    "bed.perinatology",
    "bed.delivery",
    "bed.covid.icu_neg_vent",
    "bed.covid.isolation",
    "bed.covid.isolation_neg",
];
/// How long ago numbers were true, in minutes. None of these ages with the usual deadlines (4, 8, 12, 24 and 36
/// hours) while a load test runs.
const AGES_MIN: [i64; 10] = [5, 10, 20, 30, 60, 90, 150, 330, 600, 4_000];

/// A point in degrees.
pub(crate) type Point = (f64, f64);

/// A kabupaten or kota.
pub(crate) struct Regency {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) point: Point,
    pub(crate) kecamatan: Vec<Kecamatan>,
    /// Indexes into [`Country::facilities`].
    pub(crate) facilities: Vec<usize>,
}

pub(crate) struct Kecamatan {
    pub(crate) code: String,
    pub(crate) name: String,
    point: Option<Point>,
}

/// A facility; `load:INDEX` is its external id.
pub(crate) struct Facility {
    pub(crate) name: String,
    pub(crate) point: Point,
    pub(crate) types: Vec<&'static str>,
}

pub(crate) struct Country {
    pub(crate) regencies: Vec<Regency>,
    pub(crate) facilities: Vec<Facility>,
}

impl Country {
    /// Fills an empty directory; a share of the facilities has no point of its own.
    pub(crate) fn fill(directory: &Directory, without_point: f64) -> anyhow::Result<Self> {
        let mut rng = SmallRng::seed_from_u64(13_000);
        let mut country = Self { regencies: regencies(directory)?, facilities: Vec::new() };
        let rows = country.place(&mut rng, without_point)?;
        directory.import("facilities", &rows)?;
        directory.import("reports", &country.reports(&mut rng)?)?;
        Ok(country)
    }

    pub(crate) fn numbers(&self) -> usize {
        self.facilities.iter().map(|facility| facility.types.len()).sum()
    }

    /// Puskesmas stand in every kecamatan. Hospitals gather in towns, and half of them in Java.
    fn place(&mut self, rng: &mut SmallRng, without_point: f64) -> anyhow::Result<String> {
        let towns = WeightedIndex::new(self.regencies.iter().map(|regency| {
            let is_town = regency.name.starts_with("Kota");
            let is_java = ("31".."37").contains(&&regency.code[..2]);
            (if is_town { 4 } else { 2 }) * (if is_java { 3 } else { 1 })
        }))?;
        let all: Vec<(usize, usize)> = (0..self.regencies.len())
            .flat_map(|regency| {
                (0..self.regencies[regency].kecamatan.len()).map(move |kecamatan| (regency, kecamatan))
            })
            .collect();
        let mut rows = "name,kind,region,external_ids,phones,lat,lon\n".to_owned();
        for index in 0..HOSPITALS + PUSKESMAS {
            let is_hospital = index < HOSPITALS;
            let (regency, kecamatan) = if is_hospital {
                let regency = towns.sample(rng);
                (regency, rng.random_range(0..self.regencies[regency].kecamatan.len()))
            } else {
                all[index % all.len()]
            };
            let regency = &mut self.regencies[regency];
            let kecamatan = &regency.kecamatan[kecamatan];
            let (middle, degrees) = kecamatan.point.map_or((regency.point, 0.12), |point| (point, 0.03));
            let point = nearby(middle, degrees, rng);
            let (kind, name) = if is_hospital {
                let saint = ["Harapan", "Bunda", "Sehat", "Medika", "Bhakti", "Mulia"]
                    .choose(rng)
                    .expect("there are six");
                ("hospital", format!("RS {saint} {} {index}", kecamatan.name))
            } else {
                ("puskesmas", format!("Puskesmas {} {}", kecamatan.name, 1 + index / all.len()))
            };
            let (lat, lon) = if rng.random_bool(without_point) {
                (String::new(), String::new())
            } else {
                (point.0.to_string(), point.1.to_string())
            };
            writeln!(
                rows,
                "\"{name}\",{kind},{},load:{index},021-{:07},{lat},{lon}",
                kecamatan.code,
                5_000_000 + index
            )?;
            let types = if is_hospital {
                let rest = BEDS[3..]
                    .iter()
                    .cycle()
                    .skip(rng.random_range(0..BEDS.len() - 3))
                    .take(OF_A_HOSPITAL - 3);
                BEDS[..3].iter().chain(rest).copied().collect()
            } else {
                // So many that the country has 60,000.
                let of_puskesmas = NUMBERS - HOSPITALS * OF_A_HOSPITAL;
                let (number, total) = (index - HOSPITALS, PUSKESMAS);
                let count = (number + 1) * of_puskesmas / total - number * of_puskesmas / total;
                ["isolation.any", "bed.delivery", "isolation.female"].into_iter().take(count).collect()
            };
            regency.facilities.push(index);
            self.facilities.push(Facility { name, point, types });
        }
        Ok(rows)
    }

    #[expect(clippy::disallowed_methods, reason = "who reports has a clock of their own")]
    fn reports(&self, rng: &mut SmallRng) -> anyhow::Result<String> {
        let now = Utc::now();
        let mut rows = "facility,type,capacity,occupied,available,queue,observed_at\n".to_owned();
        for (index, facility) in self.facilities.iter().enumerate() {
            let age = AGES_MIN.choose(rng).expect("there are ten");
            let observed = (now - TimeDelta::minutes(*age)).to_rfc3339_opts(SecondsFormat::Secs, true);
            for code in &facility.types {
                let capacity = rng.random_range(4..40);
                // Four of ten wards are full, and one of thirty says nothing about what is free.
                let free = if rng.random_bool(0.4) { 0 } else { rng.random_range(1..=capacity / 3 + 1) };
                let available = if rng.random_bool(1.0 / 30.0) { String::new() } else { free.to_string() };
                writeln!(
                    rows,
                    "load:{index},{code},{capacity},{},{available},0,{observed}",
                    capacity - free
                )?;
            }
        }
        Ok(rows)
    }
}

/// A point at most so many degrees from another, to the north or south and to the east or west.
pub(crate) fn nearby((lat, lon): Point, degrees: f64, rng: &mut SmallRng) -> Point {
    let mut moved = |value: f64| ((value + rng.random_range(-degrees..degrees)) * 1e5).round() / 1e5;
    (moved(lat), moved(lon))
}

/// All kabupaten and kota that ship, with their kecamatan.
fn regencies(directory: &Directory) -> anyhow::Result<Vec<Regency>> {
    let exported = directory.run(&["export", "regions"])?;
    let mut csv = csv::Reader::from_reader(exported.as_bytes());
    let columns = csv.headers()?.clone();
    let column =
        |name: &str| columns.iter().position(|column| column == name).context("export has all columns");
    let (code, name, level) = (column("code")?, column("name")?, column("level")?);
    let (lat, lon) = (column("lat")?, column("lon")?);
    let (mut regencies, mut province): (Vec<Regency>, _) = (Vec::new(), None);
    // Codes are in order: a region comes before those in it.
    for row in csv.records() {
        let row = row?;
        let point = row[lat].parse().ok().zip(row[lon].parse().ok());
        let (code, name) = (row[code].to_owned(), row[name].to_owned());
        match &row[level] {
            "provinsi" => province = point,
            "kabkota" => {
                let point = point.or(province).context("a province has a point")?;
                regencies.push(Regency { code, name, point, kecamatan: Vec::new(), facilities: Vec::new() });
            }
            "kecamatan" => {
                let regency = regencies.last_mut().context("a kabupaten comes before its kecamatan")?;
                regency.kecamatan.push(Kecamatan { code, name, point });
            }
            _ => {}
        }
    }
    regencies.retain(|regency| !regency.kecamatan.is_empty());
    Ok(regencies)
}
