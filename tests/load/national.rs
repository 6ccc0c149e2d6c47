//! The whole country on one node: how soon it answers after its start, how much memory it holds, and how long a search and
//! the reading of a sentence take among as many villages as the country has.
//!
//! `cargo bench --bench national`; with `-- --regions FILE` the regions of a CSV file come on top of those
//! that ship, such as all villages.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[expect(dead_code, reason = "nobody asks about a point here")]
mod country;
#[path = "../it/support/slips.rs"]
mod slips;
#[expect(dead_code, reason = "nobody reports here")]
mod support;

use std::{
    env,
    fmt::Write,
    fs,
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use country::{Country, Kecamatan};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::{RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use sedia::{
    clock::SystemClock,
    node::{Node, NodeConfig},
    query::{AskParams, query_string},
    store::Durability,
};
use support::{Client, Directory};

const START_TARGET: Duration = Duration::from_secs(3);
const MEMORY_TARGET_MB: u64 = 300;
const STARTS: usize = 5;
const QUESTIONS: usize = 600;
const SEARCH_TARGET: Duration = Duration::from_millis(1);
/// As many as Kemendagri lists.
const VILLAGES: usize = 83_762;
const SEARCHES: usize = 2_000;
const SENTENCE_TARGET: Duration = Duration::from_micros(200);
/// What callers need, in agents' words.
const NEEDS: [&str; 6] = [
    "icu anak ventilator",
    "isoman keluarga 4 orang di",
    "vaksin dosis 2 anak 12 besok",
    "kamar kelas 3 kosong",
    "igd terdekat",
    "bukan covid, nenek 78 tahun butuh hcu",
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--regions", file, ..] => measure(Some(file)),
        _ if support::is_wanted() => measure(None),
        _ => Ok(()),
    }
}

fn measure(regions: Option<&str>) -> anyhow::Result<()> {
    let directory = Directory::new()?;
    let began = Instant::now();
    if let Some(file) = regions {
        directory.run(&["import", "regions", file])?;
    }
    let country = Country::fill(&directory, 0.0)?;
    println!(
        "{} facilities, {} numbers, filled in {:.1?}; the database has {} MB",
        country.facilities.len(),
        country.numbers(),
        began.elapsed(),
        size(directory.folder())? >> 20
    );
    let kecamatan: Vec<&str> = kecamatan_of(&country).map(|kecamatan| kecamatan.code.as_str()).collect();
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let began = Instant::now();
        let server = directory.serve(&[])?;
        let mut client = Client::connect(server.address)?;
        client.get("/v1/beds?region=33.74")?;
        starts.push(began.elapsed());
        let (cpu, first) = (server.cpu()?, server.bytes_held()? >> 20);
        for query in 0..QUESTIONS {
            let code = &kecamatan[query * 11 % kecamatan.len()];
            client.get(&format!("/v1/beds?region={code}"))?;
            client.get(&format!("/v1/beds?region={}&min=0", &code[..5]))?;
            client.get(&format!("/v1/beds?near={code}&limit=50"))?;
        }
        let after = server.bytes_held()? >> 20;
        println!(
            "start to first answer {:.2?}, {cpu:.2?} of CPU; {first} MB, after {} questions {after} MB",
            starts[starts.len() - 1],
            3 * QUESTIONS
        );
        memory = memory.max(after);
    }
    println!(
        "start to first answer {:.2?}, target less than {START_TARGET:?}",
        support::quantile(&mut starts, 0.5)
    );
    println!("memory {memory} MB, target less than {MEMORY_TARGET_MB} MB");
    let mut rng = SmallRng::seed_from_u64(91_000);
    let (villages, table) = villages(&country, &mut rng)?;
    if regions.is_none() {
        directory.import("regions", &table)?;
    }
    let facilities = country.facilities.iter().map(|facility| &facility.name);
    let names: Vec<&String> =
        kecamatan_of(&country).map(|kecamatan| &kecamatan.name).chain(facilities).collect();
    let names: Vec<&String> = names.into_iter().chain(&villages).collect();
    in_memory(&directory, &names, &country, &mut rng)?;
    let server = directory.serve(&[])?;
    let mut client = Client::connect(server.address)?;
    for way in ["exact", "beginning", "slip"] {
        let mut times = Vec::new();
        for _ in 0..SEARCHES {
            let name = names.choose(&mut rng).context("there are names")?;
            let given = match way {
                "exact" => (*name).clone(),
                "beginning" => name.chars().take(rng.random_range(1..=4)).collect(),
                _ => slips::slip(name, &mut rng).0,
            };
            let given = utf8_percent_encode(given.trim(), NON_ALPHANUMERIC);
            let began = Instant::now();
            client.get(&format!("/v1/search?q={given}"))?;
            times.push(began.elapsed());
        }
        tell(&format!("search, {way}"), &mut times, SEARCH_TARGET);
    }
    Ok(())
}

/// How long a search and the reading of a sentence take by themselves, without a server around them.
fn in_memory(
    directory: &Directory,
    names: &[&String],
    country: &Country,
    rng: &mut SmallRng,
) -> anyhow::Result<()> {
    let database_url = format!("sqlite://{}/sedia.db", directory.folder().display());
    let config = NodeConfig { durability: Durability::Normal, ..NodeConfig::at(database_url) };
    let runtime = tokio::runtime::Runtime::new()?;
    let node = runtime.block_on(Node::start(&config, Arc::new(SystemClock)))?;
    let state = node.shared.current();
    for way in ["exact", "slip"] {
        let mut times = Vec::new();
        for _ in 0..SEARCHES {
            let name = names.choose(rng).context("there are names")?;
            let given = if way == "exact" { (*name).clone() } else { slips::slip(name, rng).0 };
            let began = Instant::now();
            black_box(state.search(&given, None, &|_| false));
            times.push(began.elapsed());
        }
        tell(&format!("search in memory, {way}"), &mut times, SEARCH_TARGET);
    }
    let kecamatan: Vec<_> = kecamatan_of(country).collect();
    for way in ["as written", "with a slip in the place", "of words that nobody knows"] {
        let mut times = Vec::new();
        for index in 0..SEARCHES {
            let place = &kecamatan.choose(rng).context("there are kecamatan")?.name;
            let need = NEEDS[index % NEEDS.len()];
            let sentence = match way {
                "as written" => format!("{need} kec {place}"),
                "with a slip in the place" => format!("{need} kec {}", slips::slip(place, rng).0),
                _ => format!("{need} xylofon quasimodo zwerg flurbeck gnampf"),
            };
            let query = format!("region=33&q={}", utf8_percent_encode(&sentence, NON_ALPHANUMERIC));
            let began = Instant::now();
            // A place that may be several is asked back, which is an answer, too.
            let _ =
                black_box(query_string::read::<AskParams>(&query).map(|question| question.checked(&state)));
            times.push(began.elapsed());
        }
        tell(&format!("sentence {way}"), &mut times, SENTENCE_TARGET);
    }
    drop(state);
    runtime.block_on(node.stop())
}

fn tell(what: &str, times: &mut [Duration], target: Duration) {
    let (median, most) = (support::quantile(times, 0.5), support::quantile(times, 0.99));
    println!("{what}: median {median:.2?}, 99 of 100 within {most:.2?}, target less than {target:?}");
}

/// Villages in all kecamatan, called as villages are: by words of other places, or by a word of their own, some behind a word
/// that many share. Their names, and a table of them.
fn villages(country: &Country, rng: &mut SmallRng) -> anyhow::Result<(Vec<String>, String)> {
    let shared =
        ["Suka", "Karang", "Tanjung", "Sungai", "Pulau", "Muara", "Kampung", "Bukit", "Lubuk", "Pasar"];
    let words: Vec<&str> = kecamatan_of(country).flat_map(|kecamatan| kecamatan.name.split(' ')).collect();
    let kecamatan: Vec<_> = kecamatan_of(country).collect();
    let (mut names, mut table) = (Vec::new(), "code,name\n".to_owned());
    for index in 0..VILLAGES {
        let [one, other] = [(); 2].map(|()| *words.choose(rng).expect("kecamatan have names"));
        let half = |word: &str| word.chars().count() / 2;
        let own =
            || one.chars().take(half(one)).chain(other.to_lowercase().chars().skip(half(other))).collect();
        let word = if rng.random_bool(0.5) { one.to_owned() } else { own() };
        let is_shared = rng.random_bool(0.3) || word.chars().count() < 4;
        let name = if is_shared { format!("{} {word}", shared.choose(rng).context("ten")?) } else { word };
        let of = &kecamatan[index % kecamatan.len()].code;
        writeln!(table, "{of}.{},\"{name}\"", 2001 + index / kecamatan.len())?;
        names.push(name);
    }
    Ok((names, table))
}

/// The bytes of all files in `folder`.
fn size(folder: &Path) -> anyhow::Result<u64> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len())).sum()
}

fn kecamatan_of(country: &Country) -> impl Iterator<Item = &Kecamatan> {
    country.regencies.iter().flat_map(|regency| &regency.kecamatan)
}
