//! The whole country on one node: how soon it answers after its start, and how much memory it holds.
//!
//! `cargo bench --bench national`; with `-- --regions FILE` the regions of a CSV file come on top of those
//! that ship, such as all villages.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[expect(dead_code, reason = "nobody asks by name or about a point here")]
mod country;
#[expect(dead_code, reason = "nobody reports here")]
mod support;

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use country::Country;
use support::{Client, Directory, Server};

const START_TARGET: Duration = Duration::from_secs(3);
const MEMORY_TARGET_MB: u64 = 300;
const STARTS: usize = 5;
const QUESTIONS: usize = 600;

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
    let kecamatan: Vec<&str> = country
        .regencies
        .iter()
        .flat_map(|regency| regency.kecamatan.iter().map(|kecamatan| kecamatan.code.as_str()))
        .collect();
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let began = Instant::now();
        let server = directory.serve(&[])?;
        let mut client = Client::connect(server.address)?;
        client.get("/v1/beds?region=33.74")?;
        starts.push(began.elapsed());
        let (cpu, first) = (server.cpu()?, megabytes(&server)?);
        for query in 0..QUESTIONS {
            let code = &kecamatan[query * 11 % kecamatan.len()];
            client.get(&format!("/v1/beds?region={code}"))?;
            client.get(&format!("/v1/beds?region={}&min=0", &code[..5]))?;
            client.get(&format!("/v1/beds?near={code}&limit=50"))?;
        }
        let after = megabytes(&server)?;
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
    Ok(())
}

/// The memory that a process holds now.
fn megabytes(server: &Server) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.process.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.context("status has VmRSS")?.parse::<u64>()? >> 10)
}

/// The bytes of all files in `folder`.
fn size(folder: &Path) -> anyhow::Result<u64> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len())).sum()
}
