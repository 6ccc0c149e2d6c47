//! People at their pages: agents at the desk, whose page follows what changes, and boards that are loaded anew.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use crate::{
    Node,
    sides::in_parallel,
    support::{self, Client, get},
};

const DESKS: u64 = 20;
/// The two connections of each: one is told what changes, the other one asks.
const ALL_OF_DESKS: u64 = 2 * DESKS;
const BOARDS: u64 = 200;
/// An open desk asks again as often as that when all the time something changes of what it shows.
const DESK_ASKS: Duration = Duration::from_millis(500);
/// How long caches keep a board, so who watches one gains nothing by loading it sooner.
const BOARD_LOADS: Duration = Duration::from_secs(5);
/// Threads that load the boards.
const LOADERS: u64 = 4;

/// The header with which somebody at the desk is known.
pub(crate) fn sign_in(node: &Node) -> anyhow::Result<String> {
    let body = format!("key={}", node.key);
    let mut client = node.client()?;
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let response = client.call(request.as_bytes())?;
    let cookie = support::header(response.head, "set-cookie").context("signing in gives a cookie")?;
    let (cookie, _) = cookie.split_once(';').context("a cookie has attributes")?;
    Ok(format!("cookie: {cookie}\r\n"))
}

/// What is asked at the desk for a word and a kecamatan.
pub(crate) fn question(word: &str, kecamatan: &str) -> String {
    format!("/desk/answer?q={word}+{}", kecamatan.replace(' ', "+"))
}

/// Keeps all of them open until `stop`; gives how often a page was loaded or asked again.
pub(crate) fn keep_open(node: &Node, stop: &AtomicBool) -> anyhow::Result<u64> {
    let cookie = sign_in(node)?;
    let loaded = in_parallel(ALL_OF_DESKS + LOADERS, |number| match number {
        0..DESKS => follow(node, &cookie, stop),
        DESKS..ALL_OF_DESKS => {
            let kecamatan = &place(node, number)?.kecamatan[0].name;
            at_pace(node, DESK_ASKS, stop, |_| get(&question("icu", kecamatan), &cookie))
        }
        _ => at_pace(node, BOARD_LOADS / u32::try_from(BOARDS / LOADERS)?, stop, |board| {
            let regencies = &node.country.regencies;
            let board = usize::try_from(board * LOADERS + number).unwrap_or_default();
            get(&format!("/regions/{}", regencies[board % regencies.len()].code), "")
        }),
    });
    Ok(loaded?.into_iter().sum())
}

fn place(node: &Node, number: u64) -> anyhow::Result<&crate::country::Regency> {
    let regencies = &node.country.regencies;
    regencies.get(usize::try_from(number)? * 7 % regencies.len()).context("there are some")
}

/// Reads the changes that an open desk follows.
fn follow(node: &Node, cookie: &str, stop: &AtomicBool) -> anyhow::Result<u64> {
    let mut stream = TcpStream::connect(node.server.address)?;
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    stream.write_all(&get("/desk/changes", cookie))?;
    let mut buffer = vec![0; 1 << 16];
    while !stop.load(Ordering::Relaxed) {
        match stream.read(&mut buffer) {
            Ok(read) => ensure!(read > 0, "the stream of changes ended"),
            Err(error) => ensure!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), error),
        }
    }
    Ok(0)
}

/// Sends one request after another at an even pace; gives how many.
fn at_pace(
    node: &Node,
    pause: Duration,
    stop: &AtomicBool,
    request: impl Fn(u64) -> Vec<u8>,
) -> anyhow::Result<u64> {
    let (mut client, began, mut sent) = (Client::connect(node.server.address)?, Instant::now(), 0);
    while !stop.load(Ordering::Relaxed) {
        let request = request(sent.into());
        let response = client.call(&request)?;
        ensure!(response.status() == "200", "{}{}", String::from_utf8_lossy(&request), response.head);
        sent += 1;
        thread::sleep((pause * sent).saturating_sub(began.elapsed()));
    }
    Ok(sent.into())
}
