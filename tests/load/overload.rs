//! Ten times and more what one node can do: 2,000 clients who ask something new as soon as they have an answer, and heed no
//! `Retry-After`.
//!
//! `cargo bench --bench overload` tells how many are answered and refused, how soon probes and a cached answer come meanwhile,
//! how much memory the node holds, and how soon it answers as before when they are gone. Those who ask use the same two
//! cores as the node.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "counts of some thousands")]

#[expect(dead_code, reason = "nobody reports here")]
mod country;
#[expect(dead_code, reason = "nobody reports here")]
mod support;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use country::{Country, nearby};
use rand::{SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use support::{Client, Directory, Server, get};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// The addresses that clients come from, because each may have only so many connections; and the clients of each.
const ADDRESSES: u8 = 4;
const CLIENTS_EACH: u64 = 500;
const QUIET: Duration = Duration::from_secs(5);
const LOUD: Duration = Duration::from_secs(30);
/// The pause between two probes.
const PROBE: Duration = Duration::from_millis(10);
/// How soon a node that recovered answers something new.
const PROMPT: Duration = Duration::from_millis(50);

fn main() -> anyhow::Result<()> {
    if support::is_wanted() { measure() } else { Ok(()) }
}

fn measure() -> anyhow::Result<()> {
    let directory = Directory::new()?;
    let country = Arc::new(Country::fill(&directory, 0.0)?);
    let server = directory.serve(&[])?;
    let alone = ask(&server, &country, 2, QUIET)?;
    println!("what it can do: {:.0} new questions per second", alone.answered as f64 / QUIET.as_secs_f64());
    let (before, stop) = (server.bytes_held()?, Arc::new(AtomicBool::new(false)));
    probes(&server, "alone", &AtomicBool::new(false), QUIET)?;
    let most = thread::scope(|scope| {
        let crowd = scope.spawn(|| ask(&server, &country, u64::from(ADDRESSES) * CLIENTS_EACH, LOUD));
        let probing = scope.spawn(|| probes(&server, "beside 2,000 clients", &stop, LOUD));
        let mut most = before;
        while !crowd.is_finished() {
            most = most.max(server.bytes_held()?);
            thread::sleep(Duration::from_millis(100));
        }
        stop.store(true, Ordering::Relaxed);
        probing.join().expect("who probes does not panic")?;
        let crowd = crowd.join().expect("clients do not panic")?;
        let seconds = LOUD.as_secs_f64();
        println!(
            "of {:.0} questions per second {:.0} were answered, {:.0} refused with a Retry-After, {} connections broke",
            (crowd.answered + crowd.refused) as f64 / seconds,
            crowd.answered as f64 / seconds,
            crowd.refused as f64 / seconds,
            crowd.broken
        );
        anyhow::Ok(most)
    })?;
    println!(
        "memory: {} MB before, {} MB at most, {:.2} times",
        before >> 20,
        most >> 20,
        most as f64 / before as f64
    );
    let (gone, mut client) = (Instant::now(), Client::connect(server.address)?);
    let mut rng = SmallRng::seed_from_u64(3);
    loop {
        let request = question(&country, &mut rng)?;
        let asked = Instant::now();
        let response = client.call(&request)?;
        if response.status() == "200" && asked.elapsed() < PROMPT {
            break;
        }
        ensure!(gone.elapsed() < LOUD, "it does not recover");
    }
    println!(
        "answers something new within {PROMPT:?} again {:.0?} after the clients are gone",
        gone.elapsed()
    );
    Ok(())
}

fn question(country: &Country, rng: &mut SmallRng) -> anyhow::Result<Vec<u8>> {
    let regency = country.regencies.choose(rng).context("there are some")?;
    let (lat, lon) = nearby(regency.point, 0.3, rng);
    Ok(get(&format!("/v1/beds?near={lat:.5},{lon:.5}"), ""))
}

/// How soon the probe and an answer from memory come, on one connection each time it is asked.
fn probes(server: &Server, when: &str, stop: &AtomicBool, most: Duration) -> anyhow::Result<()> {
    let (mut client, began) = (Client::connect(server.address)?, Instant::now());
    for (name, path) in [("/livez", "/livez"), ("cached answer", "/v1/beds?region=33.74")] {
        let (mut latencies, mut refused, began) = (Vec::new(), 0, Instant::now());
        while !stop.load(Ordering::Relaxed) && began.elapsed() < most / 2 {
            let asked = Instant::now();
            let response = client.call(&get(path, ""))?;
            refused += u32::from(response.status() != "200");
            latencies.push(asked.elapsed().as_secs_f64() * 1e3);
            thread::sleep(PROBE);
        }
        println!(
            "{name}, {when}: p50 {:.1} ms, p99 {:.1} ms, at most {:.1} ms; {refused} of {} refused",
            support::quantile(&mut latencies, 0.5),
            support::quantile(&mut latencies, 0.99),
            support::quantile(&mut latencies, 1.0),
            latencies.len()
        );
    }
    ensure!(began.elapsed() < 2 * most, "probes take too long");
    Ok(())
}

/// What became of the questions of a crowd.
#[derive(Default)]
struct Asked {
    answered: u64,
    refused: u64,
    broken: u64,
}

/// So many clients ask for a while.
#[tokio::main(flavor = "current_thread")]
async fn ask(server: &Server, country: &Arc<Country>, clients: u64, time: Duration) -> anyhow::Result<Asked> {
    let counted = Arc::new([const { AtomicU64::new(0) }; 3]);
    let (server, end) = (server.address, Instant::now() + time);
    let clients = (0..clients).map(|number| {
        let (country, counted) = (Arc::clone(country), Arc::clone(&counted));
        tokio::spawn(async move {
            let mut rng = SmallRng::seed_from_u64(number);
            let address =
                Ipv4Addr::new(127, 0, 0, 2 + u8::try_from(number % u64::from(ADDRESSES)).unwrap_or(0));
            while Instant::now() < end {
                if talk(server, address, &country, &mut rng, end, &counted).await.is_err() {
                    counted[2].fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await?;
    }
    let [answered, refused, broken] = [0, 1, 2].map(|index: usize| counted[index].load(Ordering::Relaxed));
    Ok(Asked { answered, refused, broken })
}

/// Asks on one connection, one question after another.
async fn talk(
    server: SocketAddr,
    address: Ipv4Addr,
    country: &Country,
    rng: &mut SmallRng,
    end: Instant,
    counted: &[AtomicU64; 3],
) -> anyhow::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((address, 0).into())?;
    let mut stream: TcpStream = socket.connect(server).await?;
    let mut buffer = vec![0; 1 << 16];
    while Instant::now() < end {
        stream.write_all(&question(country, rng)?).await?;
        let mut filled = 0;
        let response = loop {
            let read = stream.read(&mut buffer[filled..]).await?;
            ensure!(read > 0, "the server closed the connection, or the answer is too long");
            filled += read;
            if let Some(response) = support::response(&buffer[..filled]) {
                break response;
            }
        };
        let is_answered = response.status() == "200";
        ensure!(is_answered || support::header(response.head, "retry-after").is_some(), "{}", response.head);
        counted[usize::from(!is_answered)].fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
