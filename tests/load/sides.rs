//! The two servers that are compared: Sedia, and a bare axum server that sends the same bytes; and what they cost.

use std::{
    env,
    io::Read,
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::ensure;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use bytes::Bytes;
use rand::{SeedableRng, rngs::SmallRng};
use serde::{Deserialize, Serialize};

use crate::{
    Beside, Node, pages,
    support::{self, Client, Server},
};

pub(crate) const CONNECTIONS: u64 = 16;
/// How long all connections ask in a round.
const BUSY: Duration = Duration::from_millis(900);
/// How long one connection asks alone in a round, and how often at most.
const ALONE: Duration = Duration::from_millis(350);
const MOST_ALONE: usize = 300;

/// An answer that the bare server gives.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) body: String,
}

type Answer = (StatusCode, [(HeaderName, String); 1], Bytes);

/// The server to compare with: `/ROW/NUMBER` is one of the answers that it was given on stdin.
#[tokio::main]
pub(crate) async fn bare(address: SocketAddr) -> anyhow::Result<()> {
    let mut given = String::new();
    std::io::stdin().read_to_string(&mut given)?;
    let answer = |canned: Canned| -> anyhow::Result<Answer> {
        let status = StatusCode::from_u16(canned.status)?;
        Ok((status, [(header::CONTENT_TYPE, canned.media_type)], canned.body.into()))
    };
    let rows: Vec<Vec<Canned>> = serde_json::from_str(&given)?;
    let rows =
        rows.into_iter().map(|row| row.into_iter().map(answer).collect()).collect::<anyhow::Result<_>>()?;
    let get = |State(rows): State<Arc<Vec<Vec<Answer>>>>, Path((row, number)): Path<(usize, usize)>| async move {
        rows[row][number % rows[row].len()].clone().into_response() as Response
    };
    let router = Router::new().route("/{row}/{number}", routing::get(get)).with_state(Arc::new(rows));
    axum::serve(tokio::net::TcpListener::bind(address).await?, router).await?;
    Ok(())
}

pub(crate) fn start_bare(canned: &[Vec<Canned>]) -> anyhow::Result<Server> {
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let file = tempfile::NamedTempFile::new()?;
    serde_json::to_writer(&file, canned)?;
    let stdin = Stdio::from(file.reopen()?);
    Server::start(
        Command::new(env::current_exe()?).args(["bare", &address.to_string()]).stdin(stdin),
        address,
    )
}

/// One of the two servers, with the requests that it gets.
pub(crate) struct Side<'a> {
    pub(crate) server: &'a Server,
    pub(crate) request: Box<dyn Fn(&mut SmallRng, u64) -> Vec<u8> + Sync + 'a>,
    /// Gives each request a number of its own.
    pub(crate) numbers: &'a AtomicU64,
    pub(crate) status: &'static str,
    /// What else the server does meanwhile.
    pub(crate) beside: Option<(&'a Node, Beside)>,
    pub(crate) figures: Figures,
}

/// What all rounds of a side gave.
#[derive(Default)]
pub(crate) struct Figures {
    /// Microseconds of processor time for a request, one for each round.
    pub(crate) costs: Vec<f64>,
    /// Requests per second, one for each round.
    pub(crate) rates: Vec<f64>,
    /// Reports per second, one for each round.
    pub(crate) reported: Vec<f64>,
    /// Pages per second, one for each round.
    pub(crate) pages: Vec<f64>,
    /// Milliseconds until an answer came, on one connection.
    pub(crate) alone: Vec<f64>,
    /// The same on all connections.
    pub(crate) busy: Vec<f64>,
}

impl<'a> Side<'a> {
    pub(crate) fn new(
        server: &'a Server,
        numbers: &'a AtomicU64,
        status: &'static str,
        request: impl Fn(&mut SmallRng, u64) -> Vec<u8> + Sync + 'a,
    ) -> Self {
        Self {
            server,
            request: Box::new(request),
            numbers,
            status,
            beside: None,
            figures: Figures::default(),
        }
    }

    /// Asks on one connection for a while; gives the latencies in milliseconds.
    fn ask(&self, time: Duration, most: usize) -> anyhow::Result<Vec<f64>> {
        let mut rng = SmallRng::seed_from_u64(self.numbers.fetch_add(1, Ordering::Relaxed));
        let mut client = Client::connect(self.server.address)?;
        let (began, mut latencies) = (Instant::now(), Vec::new());
        while began.elapsed() < time && latencies.len() < most {
            let request = (self.request)(&mut rng, self.numbers.fetch_add(1, Ordering::Relaxed));
            let asked = Instant::now();
            let response = client.call(&request)?;
            latencies.push(asked.elapsed().as_secs_f64() * 1e3);
            ensure!(
                response.status() == self.status,
                "{}{}{}",
                String::from_utf8_lossy(&request),
                response.head,
                String::from_utf8_lossy(response.body)
            );
        }
        Ok(latencies)
    }

    /// Asks on all connections, then on one alone, beside what else there is to do.
    pub(crate) fn round(&mut self) -> anyhow::Result<()> {
        let Some((node, beside)) = self.beside else { return self.asked_round() };
        let (began, stop) = (Instant::now(), AtomicBool::new(false));
        thread::scope(|scope| {
            let reports = scope.spawn(|| node.take_reports(&stop));
            let pages = scope.spawn(|| match beside {
                Beside::Reports => Ok(0),
                Beside::Pages => pages::keep_open(node, &stop),
            });
            let asked = self.asked_round();
            stop.store(true, Ordering::Relaxed);
            let taken = reports.join().expect("reporters do not panic")?;
            let loaded = pages.join().expect("people at pages do not panic")?;
            let seconds = began.elapsed().as_secs_f64();
            self.figures.reported.push(taken as f64 / seconds);
            self.figures.pages.push(loaded as f64 / seconds);
            asked
        })
    }

    fn asked_round(&mut self) -> anyhow::Result<()> {
        let (began, cpu) = (Instant::now(), self.server.cpu()?);
        let busy = in_parallel(CONNECTIONS, |_| self.ask(BUSY, usize::MAX))?;
        let (took, cpu) = (began.elapsed(), self.server.cpu()? - cpu);
        let requests = busy.iter().map(Vec::len).sum::<usize>() as f64;
        let alone = self.ask(ALONE, MOST_ALONE)?;
        self.figures.costs.push(cpu.as_secs_f64() * 1e6 / requests);
        self.figures.rates.push(requests / took.as_secs_f64());
        self.figures.busy.extend(busy.into_iter().flatten());
        self.figures.alone.extend(alone);
        Ok(())
    }
}

impl Figures {
    pub(crate) fn print(&mut self, name: &str, bare: &Self) {
        println!(
            "{name:<26} {:>8.1} {:>6.1} {:>7.2} {:>8.0} {:>7.0} {:>6.2} {:>9.2} {:>7.2} {:>9.2} {:>7.2}",
            median(&self.costs),
            median(&bare.costs),
            ratio(&self.costs, &bare.costs),
            median(&self.rates),
            median(&bare.rates),
            ratio(&self.rates, &bare.rates),
            support::quantile(&mut self.alone, 0.5),
            support::quantile(&mut self.alone, 0.99),
            support::quantile(&mut self.busy, 0.5),
            support::quantile(&mut self.busy, 0.99),
        );
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    support::quantile(&mut values.to_vec(), 0.5)
}

/// The median of what each round gave, divided by what the same round of the other side gave.
pub(crate) fn ratio(ours: &[f64], theirs: &[f64]) -> f64 {
    median(&std::iter::zip(ours, theirs).map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
}

/// Runs a job on so many threads, which are told their numbers.
pub(crate) fn in_parallel<T: Send>(
    count: u64,
    job: impl Fn(u64) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    thread::scope(|scope| {
        let job = &job;
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || job(number))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    })
}
