//! What a cached answer costs, beside a bare axum server that returns the same bytes.
//!
//! `cargo bench --bench answer`. Both servers are processes of their own and take turns; the costs are the
//! processor time that the kernel counted for each.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod support;

use std::{
    env,
    fmt::Write,
    io::Read,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::ensure;
use axum::{Router, http::header, routing};
use bytes::Bytes;
use support::{Client, FOLDER, Server};
use tempfile::TempDir;

const TARGET: f64 = 1.25;
const ROUNDS: usize = 9;
const CONNECTIONS: usize = 16;
/// Of each connection in each round.
const REQUESTS: u32 = 1_500;
const QUESTION: &str = "/v1/beds?region=33.74&min=0";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare"] => bare(),
        ["sedia", folder] => sedia(folder),
        _ if support::is_wanted() => compare(),
        _ => Ok(()),
    }
}

/// The server to compare with: it returns what it was given on stdin.
#[tokio::main]
async fn bare() -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let bytes = Bytes::from(bytes);
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], bytes.clone()) };
    let router = Router::new().route("/", routing::get(answer));
    axum::serve(support::listen("").await?, router).await?;
    Ok(())
}

/// The server under test: six hospitals of one town, four numbers each.
#[tokio::main]
async fn sedia(folder: &str) -> anyhow::Result<()> {
    let node = support::node(folder, 256).await?;
    let mut facilities = "name,kind,region,external_ids,phones\n".to_owned();
    let mut reports = "facility,type,capacity,occupied,available,queue\n".to_owned();
    for number in 1..=6 {
        writeln!(facilities, "RS {number},hospital,33.74,load:{number},024-841340{number}")?;
        for code in ["bed.icu_vent", "bed.icu", "bed.hcu", "bed.vip"] {
            writeln!(reports, "load:{number},{code},20,{},{number},0", 20 - number)?;
        }
    }
    support::fill(&node, &facilities, &reports, 100).await?;
    support::serve(node, "").await
}

/// What one server did in all rounds.
struct Side {
    server: Server,
    request: Vec<u8>,
    /// Microseconds of processor time for a request, one value for each round.
    costs: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Side {
    fn new(server: Server, path: &str) -> Self {
        Self { server, request: support::get(path), costs: Vec::new(), latencies: Vec::new() }
    }

    fn round(&mut self) -> anyhow::Result<()> {
        let before = self.server.cpu()?;
        let (address, request) = (self.server.address, &self.request);
        let latencies = thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CONNECTIONS).map(|_| scope.spawn(move || ask(address, request))).collect();
            clients
                .into_iter()
                .map(|client| client.join().expect("clients do not panic"))
                .collect::<anyhow::Result<Vec<_>>>()
        })?;
        let requests = latencies.iter().map(Vec::len).sum::<usize>();
        let cost = (self.server.cpu()? - before).as_secs_f64() * 1e6;
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        self.costs.push(cost / requests as f64);
        self.latencies.extend(latencies.into_iter().flatten());
        Ok(())
    }

    fn print(&mut self, name: &str) -> f64 {
        let cost = support::quantile(&mut self.costs, 0.5);
        let (p50, p99) =
            (support::quantile(&mut self.latencies, 0.5), support::quantile(&mut self.latencies, 0.99));
        println!("{name:<12} {cost:>6.1} µs of CPU per request; latency p50 {p50:.0?}, p99 {p99:.0?}");
        cost
    }
}

fn ask(address: SocketAddr, request: &[u8]) -> anyhow::Result<Vec<Duration>> {
    let mut client = Client::connect(address)?;
    let mut latencies = Vec::new();
    for _ in 0..REQUESTS {
        let asked = Instant::now();
        let (status, _) = client.call(request)?;
        latencies.push(asked.elapsed());
        ensure!(status == 200, "{status}");
    }
    Ok(latencies)
}

fn compare() -> anyhow::Result<()> {
    let folder = TempDir::new_in(FOLDER)?;
    let folder = folder.path().to_str().expect("paths here are UTF-8");
    let (sedia, _) = Server::start(&["sedia", folder], &[])?;
    let bytes = Client::connect(sedia.address)?.get(QUESTION)?.to_vec();
    let (bare, _) = Server::start(&["bare"], &bytes)?;
    println!("{QUESTION}: {} bytes, {CONNECTIONS} connections", bytes.len());
    let (mut bare, mut sedia) = (Side::new(bare, "/"), Side::new(sedia, QUESTION));
    // The first round only warms up.
    for round in 0..=ROUNDS {
        for side in [&mut bare, &mut sedia] {
            side.round()?;
            if round == 0 {
                (side.costs, side.latencies) = (Vec::new(), Vec::new());
            }
        }
    }
    let mut ratios: Vec<f64> =
        std::iter::zip(&sedia.costs, &bare.costs).map(|(sedia, bare)| sedia / bare).collect();
    bare.print("bare axum");
    sedia.print("sedia");
    println!("ratio {:.2}, target at most {TARGET}", support::quantile(&mut ratios, 0.5));
    Ok(())
}
