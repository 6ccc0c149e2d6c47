//! The whole country on one node: how soon it answers after its start, and how much memory it holds.
//!
//! `cargo bench --bench national`; with `-- --regions FILE` the regions of a CSV file come on top of those
//! that ship, such as all villages.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod support;

use std::{
    env,
    fmt::Write,
    fs::{self, File},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use sedia::{
    auth::Principal,
    domain::{geo::Point, region_code::Level},
    import,
    node::Node,
    store::commands::PutRegions,
};
use support::{Client, FOLDER, Server};
use tempfile::TempDir;

const HOSPITALS: usize = 3_300;
const PUSKESMAS: usize = 10_000;
const NUMBERS: usize = 60_000;
const START_TARGET: Duration = Duration::from_secs(3);
const MEMORY_TARGET_MB: u64 = 300;
const STARTS: usize = 5;
const QUESTIONS: usize = 600;
/// Rows of one command.
const ROWS: usize = 2_000;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", folder] => serve(folder),
        ["--regions", file, ..] => measure(Some(file)),
        _ if support::is_wanted() => measure(None),
        _ => Ok(()),
    }
}

#[tokio::main]
async fn serve(folder: &str) -> anyhow::Result<()> {
    support::serve(support::node(folder, 256).await?, "").await
}

/// Fills the database through the ordinary writer, and gives the codes of the kecamatan.
#[tokio::main]
async fn fill(folder: &str, regions: Option<&str>) -> anyhow::Result<Vec<String>> {
    let node = support::node(folder, 256).await?;
    if let Some(file) = regions {
        let regions =
            import::regions::read(File::open(file)?).map_err(|rejections| anyhow!("{rejections:?}"))?;
        let all = PutRegions { regions, only_missing: true };
        node.submit(Principal::Operator("load"), all).await?;
    }
    let kecamatan = kecamatan(&node);
    let types: Vec<String> = {
        let state = node.shared.current();
        state.resource_types().map(|resource| resource.code.to_string()).collect()
    };
    let mut facilities = "name,kind,region,external_ids,phones,lat,lon\n".to_owned();
    let mut reports = "facility,type,capacity,occupied,available,queue\n".to_owned();
    let count = HOSPITALS + PUSKESMAS;
    let mut numbers = 0;
    for index in 0..count {
        // Everywhere alike, hospitals too.
        let (code, point) = &kecamatan[index * 7 % kecamatan.len()];
        let is_hospital = index < HOSPITALS;
        let (kind, name) = if is_hospital { ("hospital", "RSUD") } else { ("puskesmas", "Puskesmas") };
        let (lat, lon) = point
            .map_or((String::new(), String::new()), |point| (point.lat.to_string(), point.lon.to_string()));
        writeln!(
            facilities,
            "{name} Nomor {index},{kind},{code},load:{index},021-{:07},{lat},{lon}",
            5_000_000 + index
        )?;
        let left = count - index - 1;
        let wanted = if is_hospital { 12 } else { (NUMBERS - numbers).div_ceil(left + 1) };
        for code in &types[..wanted.min(types.len())] {
            writeln!(reports, "load:{index},{code},30,{},{},0", index % 20, index % 11)?;
            numbers += 1;
        }
    }
    support::fill(&node, &facilities, &reports, ROWS).await?;
    let state = node.shared.current();
    println!(
        "{} regions, {count} facilities, {numbers} numbers, {} changes",
        state.regions().count(),
        state.seq()
    );
    node.stop().await?;
    Ok(kecamatan.into_iter().map(|(code, _)| code).collect())
}

fn kecamatan(node: &Node) -> Vec<(String, Option<Point>)> {
    let state = node.shared.current();
    let districts = state.regions().filter(|region| region.code.level() == Level::District);
    districts
        .map(|region| (region.code.to_string(), state.locate(region.code).map(|located| located.point)))
        .collect()
}

fn measure(regions: Option<&str>) -> anyhow::Result<()> {
    let folder = TempDir::new_in(FOLDER)?;
    let path = folder.path().to_str().context("paths here are UTF-8")?;
    let began = Instant::now();
    let kecamatan = fill(path, regions)?;
    println!("filled in {:.1?}; the database has {} MB", began.elapsed(), size(folder.path())? >> 20);
    let mut starts = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let began = Instant::now();
        let (server, _) = Server::start(&["serve", path], &[])?;
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
