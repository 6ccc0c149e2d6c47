//! Names of regions as people write them, against all regions that ship.

use std::{collections::HashMap, sync::LazyLock};

use rand::{RngExt, SeedableRng, rngs::SmallRng};
use serde_json::json;

use super::*;
use crate::{
    clock::Timestamp,
    domain::{region::Region, region_name::keys},
    import::shipped::shipped_regions,
    snapshot::Row,
};

/// The regions that ship.
static SHIPPED: LazyLock<Snapshot> = LazyLock::new(|| {
    let regions = shipped_regions().unwrap().regions.into_iter().map(|(code, patch)| {
        let input = patch.applied(&json!({})).unwrap();
        let (name, aliases) = (input.name, input.aliases);
        region(code, name, aliases)
    });
    snapshot(regions.collect())
});

fn region(code: RegionCode, name: String, aliases: Vec<String>) -> Region {
    Region {
        code,
        name,
        aliases,
        point: None,
        precision: None,
        zone: None,
        postcode: None,
        bps_code: None,
        outline: None,
        stated: std::collections::BTreeSet::new(),
    }
}

fn snapshot(regions: Vec<Region>) -> Snapshot {
    let rows = regions.into_iter().map(|region| Row::Region(region, Timestamp::UNIX_EPOCH));
    Snapshot::build(0, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH, rows)
}

fn code(text: &str) -> RegionCode {
    text.parse().unwrap()
}

fn codes(texts: &[&str]) -> Vec<RegionCode> {
    texts.iter().map(|text| code(text)).collect()
}

#[test]
fn a_name_that_is_clear_is_taken() {
    let cases: &[(&str, &str)] = &[
        ("33.74", "33.74"),
        ("tembalang", "33.74.10"),
        ("kota padang", "13.71"),
        ("kec. kota padang", "17.02.06"),
        ("kota padang, rejang lebong", "17.02.06"),
        ("Kota Padang (17.02.06)", "17.02.06"),
        ("Banyumas (33.02.11)", "33.02.11"),
        ("kec. tembalang semarang", "33.74.10"),
        ("Kecamatan Tembalang, Kota Semarang (33.74.10)", "33.74.10"),
        ("Kota Semarang (33.74)", "33.74"),
        ("33.74 Kota Semarang", "33.74"),
        ("semarang 33.22", "33.22"),
        ("ungaran timur", "33.22.19"),
        ("tembalang, kota semarang, jawa tengah", "33.74.10"),
        ("semarang tembalang", "33.74.10"),
        ("Kab. Semarang", "33.22"),
        ("KAB.SEMARANG", "33.22"),
        ("kabsemarang", "33.22"),
        ("KOTA SEMARANG, JAWA TENGAH", "33.74"),
        ("Semarang (Kota)", "33.74"),
        ("Semarang, Kab.", "33.22"),
        ("semarang kota", "33.74"),
        ("semarang kota jateng", "33.74"),
        ("kotamadya smg", "33.74"),
        ("jateng", "33"),
        ("Prov. Jawa Tengah", "33"),
        ("jawa tenga", "33"),
        ("kecmatan tembalng", "33.74.10"),
        ("kcamatan tembalang", "33.74.10"),
        ("KLATEN, JAWA TENGAH", "33.10"),
        ("klaten", "33.10"),
        ("banyumanik", "33.74.11"),
        ("banyu manik", "33.74.11"),
        ("banyumas", "33.02"),
        ("kecamatan banyumas, kab banyumas", "33.02.11"),
        ("yogyakarta", "34"),
        ("D.I. Yogyakarta", "34"),
        ("kota jogja", "34.71"),
        ("kota djogjakarta", "34.71"),
        ("dki jakarta", "31"),
        ("jakarta pusat", "31.71"),
        ("jaksel", "31.74"),
        ("Kota Adm. Jakarta Barat", "31.73"),
        ("gunung kidul", "34.03"),
        ("kulonprogo", "34.01"),
        ("Soerabaja", "35.78"),
        ("Tjilatjap", "33.01"),
        ("Bodjonegoro", "35.22"),
        ("solo", "33.72"),
        ("kota kudus", "33.19.02"),
        ("pontianak", "61.71"),
        ("kab. pontianak", "61.02"),
        ("bandung barat", "32.17"),
        ("2 x 11 kayu tanam", "13.05.15"),
    ];
    let read = |given| SHIPPED.resolve_region(given, None);
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(given, expected)| read(given) != Ok(code(expected)))
        .map(|case| (case, read(case.0)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn several_are_a_choice() {
    let cases: &[(&str, &[&str])] = &[
        ("semarang", &["33.22", "33.74"]),
        ("semarng", &["33.22", "33.74"]),
        // Landak, or Cilandak in Jakarta.
        ("clandak", &["61.08", "31.74.06"]),
        ("bandung", &["32.04", "32.73"]),
        ("kec. kaliwungu", &["33.19.01", "33.22.17", "33.24.08"]),
        ("ungaran", &["33.22.18", "33.22.19"]),
        ("kec. ungaran kab semarang", &["33.22.18", "33.22.19"]),
        ("purwokerto", &["33.02.24", "33.02.25", "33.02.26", "33.02.27"]),
        // A name and a code that contradict each other.
        ("Kota Semarang (33.22)", &["33.22", "33.74"]),
    ];
    for (given, expected) in cases {
        let read = SHIPPED.resolve_region(given, None);
        assert_eq!(read, Err(UnresolvedRegion::Ambiguous(codes(expected))), "{given}");
    }
}

#[test]
fn none_says_what_is_near() {
    let cases: &[(&str, &[&str])] = &[
        ("tembalang bandung", &["33.74.10", "35.04.17", "36.04.34"]),
        ("kab. tembalang", &["33.74.10", "35.17.13"]),
        ("zzzz", &[]),
        ("kecamatan", &[]),
        ("kota kota kota kota kota kota kota kota kota kota", &["35.71.02", "19.04.01", "31.72.03"]),
    ];
    for (given, expected) in cases {
        let read = SHIPPED.resolve_region(given, None);
        assert_eq!(read, Err(UnresolvedRegion::Unknown(codes(expected))), "{given}");
    }
}

/// A slip of the finger somewhere in a text of at least three letters: two letters in the other order, one left out, one
/// typed twice, or a key beside the right one.
fn slip(text: &str, rng: &mut SmallRng) -> String {
    const KEYS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..letters.len()).filter(|at| letters[*at].is_ascii_alphabetic()).collect();
    loop {
        let at = places[rng.random_range(0..places.len())];
        let letter = letters[at].to_ascii_lowercase();
        let before = letters.clone();
        match rng.random_range(0..4) {
            0 if at + 1 < letters.len() => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            2 => letters.insert(at, letter),
            _ => {
                let row = KEYS.iter().find(|row| row.contains(letter)).expect("it is a letter");
                let key = row.find(letter).expect("it is in that row");
                let beside = if rng.random_bool(0.5) { key + 1 } else { key.wrapping_sub(1) };
                letters[at] = row.chars().nth(beside).unwrap_or(letter);
            }
        }
        if letters != before {
            return letters.into_iter().collect();
        }
    }
}

#[test]
fn a_kecamatan_is_found_in_spite_of_a_slip() {
    let kecamatan: Vec<&Region> = SHIPPED
        .regions()
        .map(|region| &**region)
        .filter(|region| region.code.level() == Level::District)
        .collect();
    let names = |region: &Region| keys(region).into_iter().map(|key| key.joined).collect::<Vec<_>>();
    let mut named: HashMap<String, usize> = HashMap::new();
    for name in SHIPPED.regions().flat_map(|region| names(region)) {
        *named.entry(name).or_default() += 1;
    }
    let mut rng = SmallRng::seed_from_u64(7_285);
    let (mut first, mut wrong) = (0, Vec::new());
    for region in &kecamatan {
        let mut given = slip(&region.name, &mut rng);
        if names(region).iter().any(|name| named[name] > 1) {
            let regency = SHIPPED.region(region.code.parent().unwrap()).unwrap();
            given = format!("{given} {}", regency.name);
        }
        match SHIPPED.resolve_region(&given, None) {
            Ok(code) if code != region.code => wrong.push((given, &region.name, code)),
            Err(UnresolvedRegion::Ambiguous(codes)) if codes[0] != region.code => {}
            Err(UnresolvedRegion::Unknown(_) | UnresolvedRegion::Malformed(_)) => {}
            _ => first += 1,
        }
    }
    assert!(first * 100 >= kecamatan.len() * 95, "{first} of {}", kecamatan.len());
    // Here the slip makes another name that exists.
    assert!(wrong.len() * 200 <= kecamatan.len(), "{} {wrong:#?}", wrong.len());
}
