//! What answers cost over a directory of the whole country, beside a bare axum server that sends the same bytes.
//!
//! `cargo bench --bench serving [-- [--quick] [NAME...]]`; with NAMEs only the rows whose names contain one. All
//! servers are processes of their own on loopback. They take turns within each round, and each figure is the median
//! of the rounds. What a request costs is the processor time that the kernel counted for the server's process.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "counts of some thousands")]

mod country;
mod pages;
mod sides;
#[expect(dead_code, reason = "nobody opens the database here")]
mod support;

use std::{
    env,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use country::{Country, Point, Regency, nearby};
use rand::{
    RngExt, SeedableRng,
    distr::{Distribution, weighted::WeightedIndex},
    rngs::SmallRng,
    seq::IndexedRandom,
};
use serde_json::{Value, json};
use sides::{CONNECTIONS, Canned, Figures, Side, bare, in_parallel, median, ratio, start_bare};
use support::{Client, Directory, Server, get, send};

const ROUNDS: u64 = 5;
const QUICK_ROUNDS: u64 = 2;
/// Answers that the bare server gives in turn, for a row whose answers differ; fewer if they take long to make.
const SAMPLES: usize = 200;
const SAMPLING: Duration = Duration::from_secs(2);
/// The length of the hot answer, nearly.
const HOT_BYTES: usize = 6_700;
const REPORTS_PER_SECOND: u32 = 200;
const REPORTERS: u32 = 4;
const SESSIONS: usize = 3_000;
/// How often a far report may throw a cached answer away.
const FAR_REPORTS: u32 = 30;
const FAR_KM: f64 = 1_000.0;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", address] => bare(address.parse()?),
        _ if support::is_wanted() => measure(&arguments),
        _ => Ok(()),
    }
}

/// A server, and what it serves.
struct Node {
    // The server is stopped before its folder goes.
    server: Server,
    _directory: Directory,
    country: Country,
    key: String,
}

impl Node {
    fn start(name: &str, without_point: f64) -> anyhow::Result<Self> {
        let began = Instant::now();
        let directory = Directory::new()?;
        let country = Country::fill(&directory, without_point)?;
        let key = directory.admin_key()?;
        let server = directory.serve(&[])?;
        let node = Self { server, _directory: directory, country, key };
        node.hold_sessions()?;
        let (facilities, numbers) = (node.country.facilities.len(), node.country.numbers());
        println!(
            "{name}: {facilities} facilities, {numbers} numbers, {SESSIONS} weekly sessions; filled in {:.0?}",
            began.elapsed()
        );
        Ok(node)
    }

    fn client(&self) -> anyhow::Result<Client> {
        Ok(Client::connect(self.server.address)?)
    }

    /// Announces a vaccination of every week at each of the last facilities.
    fn hold_sessions(&self) -> anyhow::Result<()> {
        let last = self.country.facilities.len() - SESSIONS..self.country.facilities.len();
        in_parallel(CONNECTIONS, |connection| {
            let mut client = self.client()?;
            for index in last.clone().filter(|index| *index as u64 % CONNECTIONS == connection) {
                let weekdays = [["mon", "thu"], ["tue", "sat"], ["wed", "fri"]][index % 3];
                let session = json!({
                    "facility": format!("load:{index}"), "title": "Vaksinasi", "product": "sinovac", "doses": [1, 2],
                    "weekly": {"weekdays": weekdays, "from": "2021-07-01"}, "from": "08:00", "to": "12:00",
                    "age_min": 12, "walk_in": index % 2 == 0,
                });
                let response = client.call(&send("POST", "/v1/sessions", &self.key, &session))?;
                ensure!(response.status() == "201", "{}", String::from_utf8_lossy(response.body));
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The request that reports the numbers of a facility, `free` of each type.
    fn report(&self, facility: usize, free: u32) -> Vec<u8> {
        let types = self.country.facilities[facility].types.iter().take(4);
        let values = types
            .map(|code| ((*code).to_owned(), json!({"capacity": 60, "occupied": 20, "available": free})));
        let body = json!({"values": Value::Object(values.collect())});
        send("PUT", &format!("/v1/facilities/load:{facility}/availability"), &self.key, &body)
    }

    /// Reports from all over the country at an even pace until `stop`; gives how many were taken.
    fn take_reports(&self, stop: &AtomicBool) -> anyhow::Result<u64> {
        let taken = in_parallel(REPORTERS.into(), |reporter| {
            let mut rng = SmallRng::seed_from_u64(reporter);
            let mut client = self.client()?;
            let pause = Duration::from_secs(1) * REPORTERS / REPORTS_PER_SECOND;
            let (began, mut taken) = (Instant::now(), 0);
            while !stop.load(Ordering::Relaxed) {
                let facility = rng.random_range(0..self.country.facilities.len());
                let response = client.call(&self.report(facility, rng.random_range(0..10)))?;
                ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
                taken += 1;
                // One that comes late is followed at once by the next.
                thread::sleep((pause * taken).saturating_sub(began.elapsed()));
            }
            Ok(u64::from(taken))
        })?;
        Ok(taken.into_iter().sum())
    }
}

/// The request of a row: a function of the country, chance, and a number that no other request of the row has.
type Ask = Box<dyn Fn(&Country, &mut SmallRng, u64) -> Vec<u8> + Sync>;

/// What else a server does while it is asked.
#[derive(Clone, Copy)]
enum Beside {
    /// It takes reports.
    Reports,
    /// It takes reports, and all pages are open.
    Pages,
}

impl Beside {
    const fn name(self) -> &'static str {
        match self {
            Self::Reports => "  while reports arrive",
            Self::Pages => "  and pages are open",
        }
    }
}

/// A row of the table.
struct Row {
    name: &'static str,
    /// Which directory is asked: the one without some points, or the whole one.
    lacks_points: bool,
    /// What it is also measured beside.
    beside: &'static [Beside],
    status: &'static str,
    ask: Ask,
}

fn rows(whole: &Node) -> anyhow::Result<Vec<Row>> {
    let row = |name, ask| Row { name, lacks_points: false, beside: &[], status: "200", ask };
    let (hot, tag) = hot(whole)?;
    let same = |request: Vec<u8>| -> Ask { Box::new(move |_, _, _| request.clone()) };
    let zipf = WeightedIndex::new((1..=whole.country.regencies.len()).map(|rank| 1.0 / rank as f64))?;
    let mut rows = vec![
        Row { status: "304", ..row("hot, 304", same(get(&hot, &format!("if-none-match: {tag}\r\n")))) },
        row("hot, text", same(get(&hot, "accept: text/plain\r\n"))),
        // After those whose tag is known, because reports change it.
        Row { beside: &[Beside::Reports, Beside::Pages], ..row("hot", same(get(&hot, ""))) },
        Row {
            beside: &[Beside::Reports],
            ..row(
                "shift",
                Box::new(move |country, rng, _| {
                    let rank = zipf.sample(rng);
                    shift(country, rng, rank)
                }),
            )
        },
    ];
    let cookie = pages::sign_in(whole)?;
    rows.push(row(
        "desk, while typing",
        Box::new(move |country, rng, _| {
            let regency = country.regencies.choose(rng).expect("there are some");
            let kecamatan = regency.kecamatan.choose(rng).expect("no regency is empty");
            let words = ["icu", "isolasi", "vaksin", "kelas+3", "igd"];
            get(&pages::question(words.choose(rng).expect("there are five"), &kecamatan.name), &cookie)
        }),
    ));
    for lacks_points in [false, true] {
        let row = |whole, lacking, ask| {
            let name = if lacks_points { lacking } else { whole };
            Row { lacks_points, ..row(name, ask) }
        };
        rows.push(row(
            "unique point",
            "unique point*",
            Box::new(|country, rng, _| {
                let regency = country.regencies.choose(rng).expect("there are some");
                get(&format!("/v1/beds?near={}", at(nearby(regency.point, 0.3, rng))), "")
            }),
        ));
        rows.push(row(
            "widened to the end",
            "widened to the end*",
            Box::new(|country, rng, number| {
                let regency = country.regencies.choose(rng).expect("there are some");
                get(&format!("/v1/beds?region={}&min={}", regency.code, 1_000 + number % 9_000), "")
            }),
        ));
        rows.push(row(
            "region and point",
            "region and point*",
            Box::new(|country, rng, _| {
                let regency = country.regencies.choose(rng).expect("there are some");
                get(
                    &format!("/v1/beds?region={}&near={}", regency.code, at(nearby(regency.point, 0.1, rng))),
                    "",
                )
            }),
        ));
        rows.push(row(
            "whole country",
            "whole country*",
            Box::new(|_, _, number| get(&whole_country(number), "")),
        ));
    }
    Ok(rows)
}

fn at((lat, lon): Point) -> String {
    format!("{lat:.5},{lon:.5}")
}

/// A question about a whole kabupaten whose answer has about the length of the hot one; and its tag.
fn hot(node: &Node) -> anyhow::Result<(String, String)> {
    let regency = node.country.regencies.iter().max_by_key(|regency| regency.facilities.len());
    let code = &regency.context("there are some")?.code;
    let mut client = node.client()?;
    let answers = (1..=20).map(|limit| {
        let path = format!("/v1/beds?region={code}&min=0&limit={limit}");
        let response = client.call(&get(&path, ""))?;
        let tag = support::header(response.head, "etag").context("answers have a tag")?;
        Ok((response.body.len().abs_diff(HOT_BYTES), path, tag.to_owned()))
    });
    let answers = answers.collect::<anyhow::Result<Vec<_>>>()?;
    let (_, path, tag) = answers.into_iter().min().context("there are limits")?;
    Ok((path, tag))
}

/// A question of an agent: one of the three, in or around a kabupaten or kota, or a search there.
fn shift(country: &Country, rng: &mut SmallRng, rank: usize) -> Vec<u8> {
    // Neighbours in the list of regions are neighbours on the map: the busiest are spread over it.
    let regency = &country.regencies[rank * 211 % country.regencies.len()];
    if rng.random_bool(0.1) {
        let name = called(country, regency, rng);
        return get(&format!("/v1/search?q={name}&region={}", &regency.code[..2]), "");
    }
    let place = match regency.kecamatan.choose(rng) {
        Some(kecamatan) if rng.random_bool(0.2 / 0.9) => format!("near={}", kecamatan.code),
        _ => format!("region={}", regency.code),
    };
    let questions = ["beds?", "beds?ventilator=true&", "isolation?", "vaccinations?", "vaccinations?dose=2&"];
    let query = [0, 0, 1, 2, 2, 2, 3, 3, 4].choose(rng).expect("there are nine");
    get(&format!("/v1/{}{place}", questions[*query]), "")
}

/// The name of a facility as somebody types it: the beginning, and sometimes with a letter missing.
fn called(country: &Country, regency: &Regency, rng: &mut SmallRng) -> String {
    let facility = regency.facilities.choose(rng);
    let name = facility.map_or(&regency.name, |index| &country.facilities[*index].name);
    let words: Vec<&str> = name.split(|char: char| !char.is_ascii_alphabetic()).take(3).collect();
    let mut name = words.join("+");
    if rng.random_bool(0.3) {
        name.remove(name.len() / 2);
    }
    name
}

/// A question about the whole country that has not been asked before: another page length, another least number,
/// another freshness, or without one of the types.
fn whole_country(number: u64) -> String {
    let freshness = ["fresh", "aging", "stale", "unknown"][(number / 630 % 4) as usize];
    let without = (number / 2_520 % 10) as usize;
    let types: Vec<&str> =
        country::BEDS.iter().enumerate().filter(|(i, _)| *i != without).map(|(_, code)| *code).collect();
    let (limit, min, types) = (10 + number % 21, 1 + number / 21 % 30, types.join(","));
    format!("/v1/beds?limit={limit}&min={min}&freshness={freshness}&type={types}")
}

fn measure(arguments: &[String]) -> anyhow::Result<()> {
    let rounds = if arguments.iter().any(|argument| argument == "--quick") { QUICK_ROUNDS } else { ROUNDS };
    let names: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let began = Instant::now();
    let whole = Node::start("every facility with a point", 0.0)?;
    let lacking = Node::start("* a third without a point", 1.0 / 3.0)?;
    let mut rows = rows(&whole)?;
    rows.retain(|row| names.is_empty() || names.iter().any(|name| row.name.contains(name.as_str())));
    let numbers: Vec<AtomicU64> = rows.iter().map(|_| AtomicU64::new(0)).collect();
    let node = |row: &Row| if row.lacks_points { &lacking } else { &whole };
    let canned = std::iter::zip(&rows, &numbers)
        .map(|(row, numbers)| sample(row, node(row), numbers))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let bare = start_bare(&canned)?;
    println!(
        "\n{:<26} {:^23} {:^23} {:^17} {:^17}\n{:<26} {:>8} {:>6} {:>7} {:>8} {:>7} {:>6} {:>9} {:>7} {:>9} {:>7}",
        "",
        "µs of CPU per request",
        "requests per second",
        "ms, 1 connection",
        "ms, 16 connections",
        "",
        "sedia",
        "bare",
        "ratio",
        "sedia",
        "bare",
        "ratio",
        "p50",
        "p99",
        "p50",
        "p99",
    );
    for (index, row) in rows.iter().enumerate() {
        let node = node(row);
        let bytes = canned[index].iter().map(|canned| canned.body.len()).sum::<usize>() / canned[index].len();
        let asked = || {
            let ask = |rng: &mut SmallRng, number| (row.ask)(&node.country, rng, number);
            Side::new(&node.server, &numbers[index], row.status, ask)
        };
        let canned = move |_: &mut SmallRng, number| get(&format!("/{index}/{number}"), "");
        let bare_numbers = AtomicU64::new(0);
        let mut sides = vec![Side::new(&bare, &bare_numbers, row.status, canned), asked()];
        sides.extend(row.beside.iter().map(|beside| Side { beside: Some((node, *beside)), ..asked() }));
        // The first round only warms up.
        for round in 0..=rounds {
            for side in &mut sides {
                side.round()?;
                if round == 0 {
                    side.figures = Figures::default();
                }
            }
        }
        let mut figures = sides.into_iter().map(|side| side.figures);
        let bare = figures.next().context("the bare server is a side")?;
        let mut quiet = figures.next().context("Sedia is a side")?;
        quiet.print(&format!("{}, {bytes} B", row.name), &bare);
        for (beside, mut loud) in std::iter::zip(row.beside, figures) {
            loud.print(beside.name(), &bare);
            println!(
                "  throughput beside {:.0} reports and {:.0} pages per second, divided by the quiet one: {:.2}",
                median(&loud.reported),
                median(&loud.pages),
                ratio(&loud.rates, &quiet.rates)
            );
        }
    }
    if names.is_empty() || names.iter().any(|name| "far reports".contains(name.as_str())) {
        println!();
        for (name, node) in [("", &whole), ("*", &lacking)] {
            far_reports(node, name)?;
        }
    }
    println!(
        "\nall in {:.0?}, {rounds} rounds; the machine did other things, too, if others used it",
        began.elapsed()
    );
    Ok(())
}

/// Some answers of a row, for the bare server.
fn sample(row: &Row, node: &Node, numbers: &AtomicU64) -> anyhow::Result<Vec<Canned>> {
    let mut client = node.client()?;
    let mut rng = SmallRng::seed_from_u64(0);
    let most = if row.name.starts_with("hot") { 1 } else { SAMPLES };
    let (began, mut answers) = (Instant::now(), Vec::new());
    while answers.is_empty() || answers.len() < most && began.elapsed() < SAMPLING {
        let request = (row.ask)(&node.country, &mut rng, numbers.fetch_add(1, Ordering::Relaxed));
        let response = client.call(&request)?;
        let told = String::from_utf8_lossy(response.body).into_owned();
        ensure!(response.status() == row.status, "{}: {told}", String::from_utf8_lossy(&request));
        let media_type = support::header(response.head, "content-type").unwrap_or_default().to_owned();
        answers.push(Canned { status: response.status().parse()?, media_type, body: told });
    }
    Ok(answers)
}

/// Counts how often a report from more than 1,000 km away makes a cached answer useless, and how often one about
/// the first facility of the answer shows in it at once.
fn far_reports(node: &Node, mark: &str) -> anyhow::Result<()> {
    let (mut rng, mut client) = (SmallRng::seed_from_u64(5), node.client()?);
    for name in ["near a kecamatan", "in a region, near a kecamatan", "widened"] {
        let (mut tried, mut thrown, mut shown) = (0, 0, 0);
        for _ in 0..100 * FAR_REPORTS {
            if tried == FAR_REPORTS {
                break;
            }
            let regency = node.country.regencies.choose(&mut rng).context("there are some")?;
            let kecamatan = &regency.kecamatan.choose(&mut rng).context("no regency is empty")?.code;
            let path = match name {
                "widened" => format!("region={}&min={}", regency.code, rng.random_range(8..14)),
                "near a kecamatan" => format!("near={kecamatan}"),
                _ => format!("region={}&near={kecamatan}", regency.code),
            };
            let path = format!("/v1/beds?type=bed.icu_vent&{path}");
            let answer: Value = serde_json::from_slice(client.get(&path)?)?;
            let Some(first) = answer["facilities"][0]["external_ids"][0].as_str() else { continue };
            let first = first.trim_start_matches("load:").parse()?;
            // One that reached far away may well depend on what is far away.
            let is_fit = match answer["widened"]["to"]["within_km"].as_u64() {
                Some(reach) => name == "widened" && reach <= 200,
                None => name != "widened" && answer["widened"].is_null(),
            };
            let facilities = node.country.facilities.iter().enumerate();
            let far = facilities.filter(|(index, facility)| {
                facility.types.contains(&"bed.icu_vent")
                    && kilometres(facility.point, regency.point) > FAR_KM
                    // Some points of kecamatan are wrong.
                    && !regency.facilities.contains(index)
            });
            let far: Vec<usize> = far.map(|(index, _)| index).collect();
            let Some(far) = far.choose(&mut rng).filter(|_| is_fit) else { continue };
            tried += 1;
            client.get(&path)?;
            let before = misses(&mut client)?;
            report(&mut client, &node.report(*far, rng.random_range(1..20)))?;
            client.get(&path)?;
            thrown += u32::from(misses(&mut client)? > before);
            report(&mut client, &node.report(first, 33))?;
            let answer: Value = serde_json::from_slice(client.get(&path)?)?;
            let facilities = answer["facilities"].as_array().into_iter().flatten();
            let mut numbers = facilities.filter_map(|facility| facility["availability"].as_array()).flatten();
            shown += u32::from(numbers.any(|number| number["available"] == 33));
        }
        println!(
            "{name}{mark}: {thrown} of {tried} reports from over {FAR_KM} km away threw the cached answer away; \
             {shown} of {tried} reports about its first facility showed at once"
        );
    }
    Ok(())
}

fn report(client: &mut Client, request: &[u8]) -> anyhow::Result<()> {
    let response = client.call(request)?;
    ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
    Ok(())
}

/// How many answers had to be made so far.
fn misses(client: &mut Client) -> anyhow::Result<u64> {
    let metrics = std::str::from_utf8(client.get("/metrics")?)?;
    let line =
        metrics.lines().find_map(|line| line.strip_prefix("sedia_answer_cache_total{outcome=\"miss\"} "));
    Ok(line.context("the metric is there")?.parse()?)
}

/// How far apart two points are, roughly: good enough to tell far from near.
fn kilometres(one: Point, other: Point) -> f64 {
    let middle = f64::midpoint(one.0, other.0).to_radians();
    ((one.0 - other.0).powi(2) + ((one.1 - other.1) * middle.cos()).powi(2)).sqrt() * 111.2
}
