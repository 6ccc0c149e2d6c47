//! Slips of the finger in names of places: in the search, and in a sentence. The slips are made with a seed, over the regions
//! that ship and over facilities that are called as real ones are.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
    sync::Arc,
};

use axum::http::Method;
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use sedia::{
    domain::{names::words, region_code::Level},
    snapshot::{Snapshot, Subject},
};
use serde_json::{Value, json};

use crate::support::{
    TestNode,
    slips::{Slip, slip},
};

/// Whom public hospitals are called after.
const PERSONS: &[&str] = &[
    "Soetomo",
    "Moewardi",
    "Kariadi",
    "Sardjito",
    "Hasan Sadikin",
    "Wahidin Sudirohusodo",
    "Zainoel Abidin",
    "Saiful Anwar",
    "M. Djamil",
    "Adam Malik",
    "Loekmono Hadi",
    "Margono Soekarjo",
    "Mohammad Hoesin",
    "Slamet",
    "H. Abdul Moeloek",
    "Doris Sylvanus",
    "Gondo Suwarno",
    "Tjitrowardojo",
    "R. Goeteng Taroenadibrata",
    "Raden Mattaher",
    "Achmad Mochtar",
    "Iskak",
    "Soedarso",
    "Soehadi Prijonegoro",
    "Soediran Mangun Sumarso",
];
/// What other hospitals are called; the town or the kecamatan follows.
const HOUSES: &[&str] = &[
    "RS Telogorejo",
    "RS Panti Rapih",
    "RS Bethesda",
    "RS St. Elisabeth",
    "RS Harapan Kita",
    "RS Hermina",
    "RS Mitra Keluarga",
    "RS Awal Bros",
    "RS Siloam",
    "RS Permata",
    "RS Islam Sultan Agung",
    "RSIA Bunda",
    "RSIA Kasih Ananda",
    "RSU Aisyiyah",
    "RS PKU Muhammadiyah",
    "RS Bhayangkara",
    "RST dr. Soedjono",
    "RSU Islam",
    "Rumah Sakit Umum Daerah",
    "Rumah Sakit Umum",
    "Rumah Sakit Islam",
    "Rumah Sakit Harapan Bunda",
    "RS Dedy Jaya",
    "Klinik Pratama",
    "Klinik Utama Medika",
    "Isolasi Terpusat",
    "Sentra Vaksinasi",
    "Puskesmas",
    "Puskesmas",
    "Puskesmas",
];

/// A name that is looked for.
struct Wanted {
    /// As it is written without a slip.
    name: String,
    /// The code of the region, or the id of the facility.
    id: String,
    is_facility: bool,
}

/// 1,000 facilities, each in a kecamatan, as a table.
fn facilities(state: &Snapshot, rng: &mut SmallRng) -> String {
    let kecamatan: Vec<_> = state.regions().filter(|region| region.code.level() == Level::District).collect();
    let mut table = "name,kind,region\n".to_owned();
    let mut names = HashSet::new();
    while names.len() < 1_000 {
        let kecamatan = kecamatan.choose(rng).unwrap();
        let regency = state.region(kecamatan.code.parent().unwrap()).unwrap();
        let town = regency.name.rsplit(' ').next().unwrap();
        let house = HOUSES.choose(rng).unwrap();
        let name = match rng.random_range(0..4) {
            0 => format!("RSUD dr. {} {town}", PERSONS.choose(rng).unwrap()),
            1 if !house.starts_with("Puskesmas") => format!("{house} {town}"),
            _ => format!("{house} {}", kecamatan.name),
        };
        let kind = if name.starts_with("Puskesmas") { "puskesmas" } else { "hospital" };
        if names.insert(name.clone()) {
            writeln!(table, "\"{name}\",{kind},{}", kecamatan.code).unwrap();
        }
    }
    table
}

/// How a name is compared: so that case, dots and the like make no other name.
fn plain(name: &str) -> String {
    words(name).join(" ")
}

/// The names that people give: of a kecamatan and a province with the kind or without.
fn wanted(state: &Snapshot) -> Vec<Wanted> {
    let regions = state.regions().filter(|region| region.code.level() < Level::Village).flat_map(|region| {
        let (kind, name) = (state.region_title(region.code), region.name.clone());
        let names = if kind == name { vec![name] } else { vec![name, kind] };
        names.into_iter().map(|name| Wanted { name, id: region.code.to_string(), is_facility: false })
    });
    let facilities = state.facilities_in(None).map(|one| Wanted {
        name: one.facility.name.clone(),
        id: one.facility.id.to_string(),
        is_facility: true,
    });
    regions.chain(facilities).collect()
}

/// Where more bear one name than fit into the first five, any of them is right, because the name is all that was typed. A slip
/// that makes the whole name of something else is passed over: nobody can know what was meant.
#[tokio::test]
async fn the_search_finds_a_name_with_a_slip_among_the_first_five() {
    let node = TestNode::start().await;
    let mut rng = SmallRng::seed_from_u64(2_000);
    let key = node.admin().await;
    sedia::demo::fill(&node.node).await.unwrap();
    let table = facilities(&*node.state().await, &mut rng);
    let reply =
        node.call(Method::POST, "/v1/imports/facilities").body("text/csv", table).key(&key).send().await;
    assert_eq!(reply.json()["refused"], 0, "{}", reply.text());
    let state = node.state().await;
    let wanted = wanted(&state);
    let (facilities, regions): (Vec<&Wanted>, Vec<&Wanted>) = wanted.iter().partition(|one| one.is_facility);
    let mut bearers: HashMap<(bool, String), HashSet<&str>> = HashMap::new();
    for one in &wanted {
        bearers.entry((one.is_facility, plain(&one.name))).or_default().insert(&one.id);
    }
    let names: HashSet<&String> = bearers.keys().map(|(_, name)| name).collect();
    let (mut misses, mut counts) = (Vec::new(), BTreeMap::<Slip, (u32, u32)>::new());
    let mut tried = 0_usize;
    while tried < 2_000 {
        let one = *if rng.random_bool(0.5) { &regions } else { &facilities }.choose(&mut rng).unwrap();
        let (given, kind) = slip(&one.name, &mut rng);
        if names.contains(&plain(&given)) {
            continue;
        }
        tried += 1;
        let same = &bearers[&(one.is_facility, plain(&one.name))];
        let found =
            state.search(&given, None, &|_| false).into_iter().filter_map(|found| match found.subject {
                Subject::Region(code) => (!one.is_facility).then(|| code.to_string()),
                Subject::Facility(id) => one.is_facility.then(|| id.to_string()),
            });
        let found: Vec<String> = found.take(5).collect();
        let is_found = |id: &String| *id == one.id || same.len() > 5 && same.contains(&**id);
        let count = counts.entry(kind).or_default();
        count.0 += 1;
        if !found.iter().any(is_found) {
            count.1 += 1;
            misses.push(format!("{kind:?}: {given:?} for {} {:?}", one.name, found));
        }
    }
    assert!(misses.len() * 100 <= tried, "{} of {tried}: {counts:?}\n{}", misses.len(), misses.join("\n"));
}

/// A kecamatan in a sentence, and how it was read.
struct Reading {
    sentence: String,
    expected: String,
    is_right: bool,
    /// A place that is not meant, without a word about it.
    is_untold: bool,
    read: String,
}

/// Each kecamatan with one slip: half of them before their kabupaten or kota, half behind "kec" alone. Right is the place that
/// is taken, or the first of the choices. Where the name is all that was typed, any kecamatan of that name is right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sentence_names_a_kecamatan_in_spite_of_a_slip() {
    const TASKS: usize = 4;
    let node = Arc::new(TestNode::start().await);
    let state = node.state().await;
    let names: HashSet<String> = wanted(&state).iter().map(|one| plain(&one.name)).collect();
    let mut rng = SmallRng::seed_from_u64(7_285);
    let mut sentences: Vec<Vec<(String, HashSet<String>)>> = vec![Vec::new(); TASKS];
    let mut of_name: HashMap<String, HashSet<String>> = HashMap::new();
    let kecamatan = || state.regions().filter(|region| region.code.level() == Level::District);
    for region in kecamatan() {
        of_name.entry(plain(&region.name)).or_default().insert(region.code.to_string());
    }
    for (index, region) in kecamatan().enumerate() {
        let slipped = loop {
            let (slipped, _) = slip(&region.name, &mut rng);
            if !names.contains(&plain(&slipped)) {
                break slipped;
            }
        };
        let regency = state.region(region.code.parent().unwrap()).unwrap();
        sentences[index % TASKS].push(match index % 2 {
            0 => (format!("icu {slipped} {}", regency.name), HashSet::from([region.code.to_string()])),
            _ => (format!("icu kec {slipped}"), of_name[&plain(&region.name)].clone()),
        });
    }
    let tasks = sentences.into_iter().map(|sentences| {
        let node = Arc::clone(&node);
        tokio::spawn(async move {
            let mut readings = Vec::new();
            for (sentence, right) in sentences {
                readings.push(read(&node, sentence, &right).await);
            }
            readings
        })
    });
    let mut readings = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        readings.extend(task.await.unwrap());
    }
    let told = |one: &&Reading| format!("{:?} for {}: {}", one.sentence, one.expected, one.read);
    let untold: Vec<String> = readings.iter().filter(|one| one.is_untold).map(|one| told(&one)).collect();
    assert!(untold.is_empty(), "{}:\n{}", untold.len(), untold.join("\n"));
    // Behind "kec" alone, a part of a name with a slip is often the name of another kecamatan.
    let forms = [("icu ", 95), ("icu kec ", 94)];
    for (form, least) in forms {
        let (right, wrong): (Vec<_>, Vec<_>) =
            readings.iter().filter(|one| one.sentence.starts_with(form)).partition(|one| one.is_right);
        let tried = right.len() + wrong.len();
        let wrong: Vec<String> = wrong.iter().take(100).map(told).collect();
        assert!(right.len() * 100 >= tried * least, "{} of {tried}:\n{}", right.len(), wrong.join("\n"));
    }
}

async fn read(node: &TestNode, sentence: String, right: &HashSet<String>) -> Reading {
    let reply = node.get(&format!("/v1/ask?limit=1&q={}", sentence.replace(' ', "+"))).send().await;
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    let is_right = |read: &Value| read["code"].as_str().is_some_and(|code| right.contains(code));
    let (understood, choices) = (&answer["understood"], &answer["errors"][0]["choices"]);
    let resolved = understood["resolved"].as_array().and_then(|resolved| resolved.first());
    // A word that was read as no place must be listed.
    let is_told = resolved.is_some() || understood["unread"] != json!([]);
    Reading {
        is_right: resolved.is_some_and(is_right)
            || answer["code"] == "ambiguous_region" && is_right(&choices[0]),
        is_untold: reply.status.is_success() && !is_told,
        read: if reply.status.is_success() { understood.to_string() } else { answer["detail"].to_string() },
        expected: right.iter().next().unwrap().clone(),
        sentence,
    }
}
