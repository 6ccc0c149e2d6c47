//! Several nodes on one PostgreSQL: how long it takes until the other nodes show what one has acknowledged.
//!
//! `SEDIA_TEST_POSTGRES=postgres://USER@HOST/DATABASE cargo bench --bench nodes`, with a user who may make a database.
//! All nodes run on this machine, and one of them takes 200 reports a second all the time. Arguments after `--` are
//! given to every node, such as `--pooled`.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[expect(dead_code, reason = "what is not measured here")]
mod support;

use std::{
    env,
    fmt::Write,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use support::{Client, Directory, Server, get, header, send};

const NODES: usize = 3;
/// The clients whose reports are the load, and how often each reports.
const CLIENTS: u32 = 8;
const EVERY: Duration = Duration::from_millis(40);
const REPORTS: u32 = 400;
const KEYS: u32 = 40;
/// How often a node is asked whether it shows a change.
const LOOK: Duration = Duration::from_micros(500);
const GIVE_UP: Duration = Duration::from_secs(20);

fn main() -> anyhow::Result<()> {
    if !support::is_wanted() {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "the setting of the tests")]
    let server = env::var("SEDIA_TEST_POSTGRES").context("SEDIA_TEST_POSTGRES says where PostgreSQL is")?;
    support::with_database(&server, "nodes", measure)
}

fn measure(url: String) -> anyhow::Result<()> {
    let directory = Directory::at(|_| url)?;
    let mut facilities = "name,kind,region,external_ids\n".to_owned();
    for number in 0..=CLIENTS {
        writeln!(facilities, "RS {number},hospital,33.74,load:{number}")?;
    }
    directory.import("facilities", &facilities)?;
    let key = directory.admin_key()?;
    let arguments: Vec<String> = env::args().skip_while(|argument| argument != "--").skip(1).collect();
    let arguments: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| *word != "--bench").collect();
    let servers = (0..NODES).map(|_| directory.serve(&arguments)).collect::<anyhow::Result<Vec<_>>>()?;
    let (is_over, sent) = (AtomicBool::new(false), AtomicU32::new(0));
    thread::scope(|scope| {
        let load: Vec<_> = (1..=CLIENTS)
            .map(|number| {
                scope.spawn({
                    let (is_over, sent, servers, key) = (&is_over, &sent, &servers, &key);
                    move || report_on(&servers[0], number, key, is_over, sent)
                })
            })
            .collect();
        let began = Instant::now();
        let measured = reports(&servers, &key).and_then(|()| keys(&servers, &key));
        is_over.store(true, Ordering::Relaxed);
        let rate = f64::from(sent.load(Ordering::Relaxed)) / began.elapsed().as_secs_f64();
        println!("meanwhile the first of {NODES} nodes took {rate:.0} other reports/s");
        for client in load {
            client.join().expect("clients do not panic")?;
        }
        measured
    })
}

/// The load: reports for one hospital at an even pace.
fn report_on(
    server: &Server,
    number: u32,
    key: &str,
    is_over: &AtomicBool,
    sent: &AtomicU32,
) -> anyhow::Result<()> {
    let mut client = Client::connect(server.address)?;
    let mut next = Instant::now() + EVERY * number / CLIENTS;
    for count in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        thread::sleep(next.saturating_duration_since(Instant::now()));
        report(&mut client, number, key, count % 1_000)?;
        sent.fetch_add(1, Ordering::Relaxed);
        next += EVERY;
    }
    Ok(())
}

/// Reports, and gives the `sedia-seq` of the acknowledgement.
fn report(client: &mut Client, number: u32, key: &str, available: u32) -> anyhow::Result<String> {
    let body = json!({"values": {"bed.icu": {"capacity": 1_000, "available": available}}});
    let response =
        client.call(&send("PUT", &format!("/v1/facilities/load:{number}/availability"), key, &body))?;
    ensure!(response.status() == "200", "{}", String::from_utf8_lossy(response.body));
    Ok(header(response.head, "sedia-seq").context("an acknowledgement has a seq")?.to_owned())
}

/// What a node shows of the hospital that nobody else reports for; None if it refuses to answer.
fn shown(client: &mut Client, headers: &str) -> anyhow::Result<Option<u64>> {
    let response = client.call(&get("/v1/facilities/load:0", headers))?;
    if response.status() != "200" {
        return Ok(None);
    }
    let facility: Value = serde_json::from_slice(response.body)?;
    Ok(facility["availability"][0]["available"].as_u64())
}

fn reports(servers: &[Server], key: &str) -> anyhow::Result<()> {
    let mut writer = Client::connect(servers[0].address)?;
    let (mut plain, mut asking) =
        (Client::connect(servers[1].address)?, Client::connect(servers[2].address)?);
    let (mut lags, mut waits) = (Vec::new(), Vec::new());
    let (mut old, mut old_in_spite, mut refused) = (0, 0, 0);
    for count in 0..REPORTS {
        let seq = report(&mut writer, 0, key, count)?;
        let acknowledged = Instant::now();
        // The client's next read, on another node, with the seq of its report and without.
        let is_asking_first = count % 2 == 0;
        if is_asking_first {
            let read = shown(&mut asking, &format!("sedia-seq: {seq}\r\n"))?;
            waits.push(acknowledged.elapsed());
            old_in_spite += u32::from(read.is_some_and(|read| read != u64::from(count)));
            refused += u32::from(read.is_none());
            continue;
        }
        let mut looks = 0;
        while shown(&mut plain, "")? != Some(u64::from(count)) {
            looks += 1;
            ensure!(acknowledged.elapsed() < GIVE_UP, "another node never shows the report");
            thread::sleep(LOOK);
        }
        lags.push(acknowledged.elapsed());
        old += u32::from(looks > 0);
    }
    print("a report is in another node's answer after", &mut lags);
    println!("a client's next read, on another node: old {old} times of {}", lags.len());
    print("  with sedia-seq it is answered after", &mut waits);
    println!("  and is old {old_in_spite} times of {}, refused {refused} times", waits.len());
    Ok(())
}

fn keys(servers: &[Server], key: &str) -> anyhow::Result<()> {
    let (mut here, mut there) = (Client::connect(servers[0].address)?, Client::connect(servers[1].address)?);
    let mut lags = Vec::new();
    for _ in 0..KEYS {
        let input = json!({"role": "agent", "region": "33.74", "name": "load"});
        let made: Value = serde_json::from_slice(here.call(&send("POST", "/v1/keys", key, &input))?.body)?;
        let (id, secret) = (made["id"].as_str(), made["key"].as_str());
        let (id, secret) = id.zip(secret).with_context(|| made.to_string())?;
        let question = get("/v1/regions/33.74", &format!("authorization: Bearer {secret}\r\n"));
        let known = there.call(&question)?.status().to_owned();
        ensure!(known == "200", "a new key is taken by another node at once: {known}");
        let revoke = send("DELETE", &format!("/v1/keys/{id}"), key, &Value::Null);
        ensure!(here.call(&revoke)?.status() == "200", "a key can be revoked");
        let revoked = Instant::now();
        while there.call(&question)?.status() == "200" {
            ensure!(revoked.elapsed() < GIVE_UP, "another node never refuses the key");
            thread::sleep(LOOK);
        }
        lags.push(revoked.elapsed());
    }
    print("a revoked key is refused by another node after", &mut lags);
    Ok(())
}

fn print(what: &str, times: &mut [Duration]) {
    let [p50, p99, most] = [0.5, 0.99, 1.0].map(|share| support::quantile(times, share));
    println!("{what}: p50 {p50:.1?}, p99 {p99:.1?}, at most {most:.1?}, of {}", times.len());
}
