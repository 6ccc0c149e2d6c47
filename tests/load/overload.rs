//! Ten times and more what one node can do: 2,000 clients who ask something new as soon as they have an answer, and heed no
//! `Retry-After`.
//!
//! `cargo bench --bench overload` tells how many are answered and refused, how soon probes and a cached answer come meanwhile,
//! how much memory the node holds, and how soon it answers as before when they are gone. It does so three times: with the node on
//! one core and all clients on the other, where whoever measures goes before those who ask, so that what is measured is
//! the delay of the node; the same behind a proxy, where the connections are not the clients; and with all of them on the same cores.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "counts of some thousands")]

#[expect(dead_code, reason = "nobody reports here")]
mod country;
#[expect(dead_code, reason = "nobody reports here")]
mod support;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Command, Stdio},
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
/// Where a proxy writes which client it asks for; without one nobody reads it.
const CLIENT_ADDRESS: &str = "x-forwarded-for";
/// The pause between two probes.
const PROBE: Duration = Duration::from_millis(10);
/// How soon a node that recovered answers something new.
const PROMPT: Duration = Duration::from_millis(50);

fn main() -> anyhow::Result<()> {
    if support::is_wanted() { measure() } else { Ok(()) }
}

/// Who runs where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Apart,
    Together,
}

/// Who runs on a core of its own.
#[derive(Clone, Copy)]
enum Who {
    Node,
    Crowd,
    Probes,
}

impl Layout {
    fn core(self, who: Who) -> Option<u8> {
        (self == Self::Apart).then_some(u8::from(!matches!(who, Who::Node)))
    }

    /// Takes the thread that calls to where it belongs.
    fn bind(self, who: Who) -> anyhow::Result<()> {
        let Some(core) = self.core(who) else { return Ok(()) };
        bind_thread(core)?;
        if matches!(who, Who::Crowd) {
            // Of this thread alone: whoever measures goes before it.
            rustix::process::nice(10)?;
        }
        Ok(())
    }
}

/// Binds the thread that calls to one core of the machine.
fn bind_thread(core: u8) -> anyhow::Result<()> {
    let thread = std::fs::read_link("/proc/thread-self")?;
    let thread = thread.file_name().and_then(|id| id.to_str()).context("a thread has a number")?;
    let mut command = Command::new("taskset");
    command.args(["--pid", "--cpu-list", &core.to_string(), thread]).stdout(Stdio::null());
    let output = command.stderr(Stdio::piped()).output()?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn measure() -> anyhow::Result<()> {
    let directory = Directory::new()?;
    let country = Arc::new(Country::fill(&directory, 0.0)?);
    println!("The node on one core, all clients on the other, whoever measures before those who ask:");
    measure_in(&directory, &country, Layout::Apart, &[])?;
    println!("\nThe same behind a proxy:");
    measure_in(&directory, &country, Layout::Apart, &["--client-address", CLIENT_ADDRESS])?;
    println!("\nThe node and all clients on the same cores:");
    measure_in(&directory, &country, Layout::Together, &[])
}

fn measure_in(
    directory: &Directory,
    country: &Arc<Country>,
    layout: Layout,
    settings: &[&str],
) -> anyhow::Result<()> {
    let probes_at = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let settings = [&["--listen-probes", &probes_at], settings].concat();
    let server = directory.serve_on(layout.core(Who::Node), &settings)?;
    let probes_at = probes_at.parse()?;
    let ask = |clients: u64, time: Duration| {
        let asked = move || {
            layout.bind(Who::Crowd)?;
            ask(server.address, country, clients, time)
        };
        // A thread of its own, whose place and turn end with it.
        thread::scope(|scope| scope.spawn(asked).join().expect("clients do not panic"))
    };
    let server = &server;
    let alone = ask(2, QUIET)?;
    println!("what it can do: {:.0} new questions per second", alone.answered as f64 / QUIET.as_secs_f64());
    let (before, stop) = (server.bytes_held()?, Arc::new(AtomicBool::new(false)));
    probes(server, probes_at, "alone", &AtomicBool::new(false), QUIET)?;
    let most = thread::scope(|scope| {
        let crowd = scope.spawn(|| ask(u64::from(ADDRESSES) * CLIENTS_EACH, LOUD));
        let probing = scope.spawn(|| {
            layout.bind(Who::Probes)?;
            probes(server, probes_at, "beside 2,000 clients", &stop, LOUD)
        });
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
        let request = question(country, 0, &mut rng)?;
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

/// What a client asks, which has a number below 65,536.
fn question(country: &Country, client: u64, rng: &mut SmallRng) -> anyhow::Result<Vec<u8>> {
    let regency = country.regencies.choose(rng).context("there are some")?;
    let (lat, lon) = nearby(regency.point, 0.3, rng);
    let from = format!("{CLIENT_ADDRESS}: 10.0.{}.{}\r\n", client >> 8, client & 0xff);
    Ok(get(&format!("/v1/beds?near={lat:.5},{lon:.5}"), &from))
}

/// How soon probes and an answer from memory come, on a connection that stays open.
fn probes(
    server: &Server,
    probes_at: SocketAddr,
    when: &str,
    stop: &AtomicBool,
    most: Duration,
) -> anyhow::Result<()> {
    let began = Instant::now();
    for (name, path, address) in [
        ("/livez", "/livez", server.address),
        ("/livez at the address of probes", "/livez", probes_at),
        ("cached answer", "/v1/beds?region=33.74", server.address),
    ] {
        let mut client = Client::connect(address)?;
        let (mut latencies, mut refused, began) = (Vec::new(), 0, Instant::now());
        while !stop.load(Ordering::Relaxed) && began.elapsed() < most / 3 {
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
async fn ask(
    server: SocketAddr,
    country: &Arc<Country>,
    clients: u64,
    time: Duration,
) -> anyhow::Result<Asked> {
    let counted = Arc::new([const { AtomicU64::new(0) }; 3]);
    let end = Instant::now() + time;
    let clients = (0..clients).map(|number| {
        let (country, counted) = (Arc::clone(country), Arc::clone(&counted));
        tokio::spawn(async move {
            let mut rng = SmallRng::seed_from_u64(number);
            while Instant::now() < end {
                if let Err(error) = talk(server, number, &country, &mut rng, end, &counted).await {
                    if counted[2].fetch_add(1, Ordering::Relaxed) == 0 {
                        println!("a connection broke: {error:#}");
                    }
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
    client: u64,
    country: &Country,
    rng: &mut SmallRng,
    end: Instant,
    counted: &[AtomicU64; 3],
) -> anyhow::Result<()> {
    let address = Ipv4Addr::new(127, 0, 0, 2 + u8::try_from(client % u64::from(ADDRESSES))?);
    let socket = TcpSocket::new_v4()?;
    socket.bind((address, 0).into())?;
    let mut stream: TcpStream = socket.connect(server).await?;
    let mut buffer = vec![0; 1 << 16];
    while Instant::now() < end {
        stream.write_all(&question(country, client, rng)?).await?;
        let mut filled = 0;
        let response = loop {
            if filled == buffer.len() {
                buffer.resize(2 * filled, 0);
            }
            let read = stream.read(&mut buffer[filled..]).await?;
            ensure!(read > 0, "the server closed the connection");
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
