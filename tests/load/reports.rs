//! Many facilities reporting at once: one commit for many reports, beside one commit for each.
//!
//! `cargo bench --bench reports`. The two servers differ only in how many writes may share a commit, and
//! take turns. A last round looks, after each acknowledged report, whether the very next answer shows it.
//! With `SEDIA_TEST_POSTGRES=postgres://USER@HOST/DATABASE` the same on PostgreSQL comes after it; where that has a
//! synchronous replica, an acknowledged report is on two disks.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[expect(dead_code, reason = "nobody looks into the database here")]
mod support;

use std::{
    env,
    fmt::Write,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Map, Value, json};
use support::{Client, Directory, Server, send};

const TARGET: f64 = 5.0;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const CLIENTS: u32 = 64;
const TYPES: [&str; 4] = ["bed.icu_vent", "bed.icu", "bed.hcu", "bed.vip"];

fn main() -> anyhow::Result<()> {
    if !support::is_wanted() {
        return Ok(());
    }
    println!("SQLite");
    compare(Directory::new()?, Directory::new()?)?;
    #[expect(clippy::disallowed_methods, reason = "the setting of the tests")]
    let Ok(server) = env::var("SEDIA_TEST_POSTGRES") else { return Ok(()) };
    println!("\nPostgreSQL");
    support::with_database(&server, "one", |one| {
        support::with_database(&server, "many", |many| {
            compare(Directory::at(|_| one)?, Directory::at(|_| many)?)
        })
    })
}

/// What one server did in all rounds.
struct Side {
    // The server is stopped before its folder goes.
    server: Server,
    directory: Directory,
    key: String,
    /// Accepted reports per second, one value for each round.
    rates: Vec<f64>,
    /// Microseconds of processor time for a report, one value for each round.
    costs: Vec<f64>,
    latencies: Vec<Duration>,
}

/// What came of a round.
#[derive(Default)]
struct Outcome {
    latencies: Vec<Duration>,
    /// Reports that the very next answer did not show.
    unseen: u32,
}

impl Side {
    /// A server with a hospital for each client, whose batches hold at most so many writes.
    fn start(directory: Directory, write_batch: &str) -> anyhow::Result<Self> {
        let mut facilities = "name,kind,region,external_ids\n".to_owned();
        for number in 0..CLIENTS {
            writeln!(facilities, "RS {number},hospital,33.74,load:{number}")?;
        }
        directory.import("facilities", &facilities)?;
        let key = directory.admin_key()?;
        let server = directory.serve(&["--write-batch", write_batch])?;
        Ok(Self { server, directory, key, rates: Vec::new(), costs: Vec::new(), latencies: Vec::new() })
    }

    /// All clients report for a while, each for its own facility.
    fn round(&self, is_checked: bool) -> anyhow::Result<Outcome> {
        thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CLIENTS).map(|number| scope.spawn(move || report(self, number, is_checked))).collect();
            let mut all = Outcome::default();
            for client in clients {
                let outcome = client.join().expect("clients do not panic")?;
                all.latencies.extend(outcome.latencies);
                all.unseen += outcome.unseen;
            }
            Ok(all)
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    fn measured_round(&mut self) -> anyhow::Result<()> {
        let (began, cpu) = (Instant::now(), self.server.cpu()?);
        let outcome = self.round(false)?;
        let reports = outcome.latencies.len() as f64;
        self.rates.push(reports / began.elapsed().as_secs_f64());
        self.costs.push((self.server.cpu()? - cpu).as_secs_f64() * 1e6 / reports);
        self.latencies.extend(outcome.latencies);
        Ok(())
    }

    fn print(&mut self, name: &str) -> anyhow::Result<()> {
        let (rate, cost) = (support::quantile(&mut self.rates, 0.5), support::quantile(&mut self.costs, 0.5));
        let (p50, p99) =
            (support::quantile(&mut self.latencies, 0.5), support::quantile(&mut self.latencies, 0.99));
        let batch = self.mean_batch()?;
        println!(
            "{name:<24} {rate:>7.0} reports/s, {cost:.0} µs of CPU each; p50 {p50:.1?}, p99 {p99:.1?}; {batch:.1} writes per commit"
        );
        Ok(())
    }

    /// How many writes shared a commit, on average.
    fn mean_batch(&self) -> anyhow::Result<f64> {
        let mut client = Client::connect(self.server.address)?;
        let metrics = std::str::from_utf8(client.get("/metrics")?)?;
        let value = |name: &str| -> anyhow::Result<f64> {
            let line = metrics.lines().find_map(|line| line.strip_prefix(name));
            Ok(line.context("the metric is there")?.trim().parse()?)
        };
        Ok(value("sedia_write_batch_commands_sum")? / value("sedia_write_batch_commands_count")?)
    }
}

fn report(side: &Side, number: u32, is_checked: bool) -> anyhow::Result<Outcome> {
    let mut client = Client::connect(side.server.address)?;
    let mut outcome = Outcome::default();
    let end = Instant::now() + ROUND;
    for count in 0.. {
        let available = count % 1_000;
        let values = TYPES.map(|code| {
            (code.to_owned(), json!({"capacity": 1_000, "available": available, "queue": number}))
        });
        let body = json!({ "values": Map::from_iter(values) });
        let request = send("PUT", &format!("/v1/facilities/load:{number}/availability"), &side.key, &body);
        let sent = Instant::now();
        let response = client.call(&request)?;
        ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
        outcome.latencies.push(sent.elapsed());
        if is_checked {
            let facility: Value =
                serde_json::from_slice(client.get(&format!("/v1/facilities/load:{number}"))?)?;
            let shown = facility["availability"].as_array().context("numbers are shown")?;
            let is_seen =
                shown.len() == TYPES.len() && shown.iter().all(|number| number["available"] == available);
            outcome.unseen += u32::from(!is_seen);
        }
        if Instant::now() > end {
            break;
        }
    }
    Ok(outcome)
}

fn compare(one: Directory, many: Directory) -> anyhow::Result<()> {
    let (mut single, mut grouped) = (Side::start(one, "1")?, Side::start(many, "256")?);
    let check = grouped.directory.run(&["check"])?;
    println!("{}", check.lines().find(|line| line.contains("acknowledged")).context("it says so")?);
    println!("{CLIENTS} clients, {} numbers in a report", TYPES.len());
    for _ in 0..ROUNDS {
        single.measured_round()?;
        grouped.measured_round()?;
    }
    single.print("one report per commit")?;
    grouped.print("many reports per commit")?;
    let mut ratios: Vec<f64> =
        std::iter::zip(&grouped.rates, &single.rates).map(|(many, one)| many / one).collect();
    println!("ratio {:.2}, target at least {TARGET}", support::quantile(&mut ratios, 0.5));
    for (name, side) in [("one", single), ("many", grouped)] {
        let outcome = side.round(true)?;
        println!(
            "{name} per commit: of {} acknowledged reports, {} were not in the very next answer",
            outcome.latencies.len(),
            outcome.unseen
        );
    }
    Ok(())
}
