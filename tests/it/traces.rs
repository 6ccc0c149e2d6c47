//! Traces, sent to a collector that is as simple as can be: it keeps the bodies, and looks for words in them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Server, TestDatabase};

/// A collector at this address, and the bodies that come to it.
fn collector() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (bodies, came) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let bodies = bodies.clone();
            std::thread::spawn(move || take(stream.unwrap(), &bodies));
        }
    });
    (address, came)
}

fn take(mut stream: TcpStream, bodies: &Sender<Vec<u8>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if reader.read_until(b'\n', &mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        assert!(head.starts_with("post /v1/traces ") && head.contains("application/x-protobuf"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        // The test may be over.
        let _ = bodies.send(body);
    }
}

/// Stops the server as a service manager does.
fn stop(server: Server) -> Option<i32> {
    kill_process(Pid::from_raw(server.id().try_into().unwrap()).unwrap(), Signal::TERM).unwrap();
    server.wait()
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|bytes| bytes == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_batches_are_told_and_belong_to_the_trace_of_the_caller() {
    let (collector, came) = collector();
    let database = TestDatabase::empty().await;
    let server =
        Server::start_with(&database, &["--otlp-endpoint", &collector, "--service-name", "sedia-test"]);
    let key = server.admin_key.clone().unwrap();
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let question = ureq::get(format!("{}/v1/beds?region=33.74&min=9999999", server.url));
    let refused = question.header("traceparent", format!("00-{trace}-b7ad6b7169203331-01")).call();
    assert!(refused.is_err());
    let contact = r#"{"name": "Call centre", "role": "satgas", "phone": "024-8413476", "region": "33.74"}"#;
    let report =
        ureq::post(format!("{}/v1/contacts", server.url)).header("authorization", format!("Bearer {key}"));
    report.send(contact).unwrap();
    assert_eq!(stop(server), Some(0));
    let body: Vec<u8> = came.try_iter().flatten().collect();
    let trace: Vec<u8> =
        (0..16).map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).unwrap()).collect();
    for part in [
        &trace[..],
        b"GET /v1/beds",
        b"POST /v1/contacts",
        b"sedia-test",
        b"sedia.commands",
        b"sedia.problem",
    ] {
        assert!(has(&body, part), "no {:?}", String::from_utf8_lossy(part));
    }
    for private in [key.as_bytes(), b"8413476", b"min=", b"127.0.0.1"] {
        assert!(!has(&body, private), "{:?}", String::from_utf8_lossy(private));
    }
}

/// A collector that takes connections and never answers, and none at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_or_slow_costs_no_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), gone] {
        let database = TestDatabase::empty().await;
        let server = Server::start_with(&database, &["--otlp-endpoint", &format!("http://{address}")]);
        let agent = ureq::Agent::new_with_defaults();
        // More than are kept for a collector: the usual queue is 2,048.
        let mut slowest = Duration::ZERO;
        for _ in 0..3_000 {
            let began = Instant::now();
            agent
                .get(format!("{}/v1/types?kind=bed", server.url))
                .call()
                .unwrap()
                .into_body()
                .read_to_vec()
                .unwrap();
            slowest = slowest.max(began.elapsed());
        }
        assert!(slowest < Duration::from_secs(3), "{slowest:?}");
        let began = Instant::now();
        assert_eq!(stop(server), Some(0));
        assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    }
}
