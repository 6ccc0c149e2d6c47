//! Real server processes, killed and stopped under load.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{SEDIA, Server, TestDatabase};

const CLIENTS: usize = 8;
const ROUNDS: usize = 50;

/// What one client sent and what was acknowledged; every number is sent once.
#[derive(Default)]
struct ResponseMeta {
    sent: Vec<u64>,
    acknowledged: Vec<u64>,
}

pub(crate) fn send(url: &str, key: &str, method: &str, body: &Value) -> Result<Value, ureq::Error> {
    let request = if method == "PUT" { ureq::put(url) } else { ureq::post(url) };
    let request = request.header("Authorization", format!("Bearer {key}"));
    request.send_json(body)?.body_mut().read_json()
}

pub(crate) fn add_hospitals(server: &Server, key: &str) {
    for client in 0..CLIENTS {
        let body = json!({"name": format!("RS {client}"), "kind": "hospital", "region": "33.74", "external_ids": [format!("test:{client}")]});
        send(&format!("{}/v1/facilities", server.url), key, "POST", &body).unwrap();
    }
}

/// Reports 1, 2, 3, … for the client's own hospital until the server is gone or `stop` says so.
fn report_on(url: &str, key: &str, client: usize, told: &mut ResponseMeta, stop: &AtomicBool) {
    let url = format!("{url}/v1/facilities/test:{client}/availability");
    while !stop.load(Ordering::Relaxed) {
        let number = told.sent.last().map_or(1, |last| last + 1);
        told.sent.push(number);
        match send(&url, key, "PUT", &json!({"values": {"bed.icu": {"available": number}}})) {
            Ok(_) => told.acknowledged.push(number),
            Err(_) => return,
        }
    }
}

/// The log as it stands: the sequence of changes, and the numbers reported, by hospital name order of ids.
pub(crate) async fn logged(database: &TestDatabase) -> (Vec<i64>, Vec<(String, u64)>) {
    let connection = Database::connect(database.url()).await.unwrap();
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT seq, body FROM change ORDER BY seq",
    );
    let rows = connection.query_all_raw(statement).await.unwrap();
    let mut names = std::collections::HashMap::new();
    let (mut sequence, mut numbers) = (Vec::new(), Vec::new());
    for row in rows {
        sequence.push(row.try_get("", "seq").unwrap());
        let body: Value = serde_json::from_str(&row.try_get::<String>("", "body").unwrap()).unwrap();
        if body["effect"] == "facility" {
            names.insert(body["id"].clone(), body["external_ids"][0].as_str().unwrap().to_owned());
        }
        if body["effect"] == "report" {
            let number = body["observations"][0]["available"].as_u64().unwrap();
            numbers.push((names[&body["facility"]].clone(), number));
        }
    }
    connection.close().await.unwrap();
    (sequence, numbers)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9_and_nothing_else_appears() {
    let database = TestDatabase::empty().await;
    let mut server = Server::start(&database);
    let key = server.admin_key.clone().expect("a first start prints an admin key");
    add_hospitals(&server, &key);
    let mut told: Vec<ResponseMeta> = (0..CLIENTS).map(|_| ResponseMeta::default()).collect();
    for _ in 0..ROUNDS {
        let mut random = [0];
        getrandom::fill(&mut random).unwrap();
        let never = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for (client, told) in told.iter_mut().enumerate() {
                let (url, key, never) = (server.url.clone(), &key, &never);
                scope.spawn(move || report_on(&url, key, client, told, never));
            }
            std::thread::sleep(Duration::from_millis(20 + u64::from(random[0]) / 2));
            server.kill();
        });
        server = Server::start(&database);
        for (client, told) in told.iter().enumerate() {
            let url = format!("{}/v1/facilities/test:{client}", server.url);
            let answer: Value = ureq::get(url).call().unwrap().body_mut().read_json().unwrap();
            let shown = answer["availability"][0]["available"].as_u64().unwrap_or(0);
            let acknowledged = told.acknowledged.last().copied().unwrap_or(0);
            let sent = told.sent.last().copied().unwrap_or(0);
            assert!((acknowledged..=sent).contains(&shown), "{acknowledged} <= {shown} <= {sent}");
        }
    }
    drop(server);
    let (sequence, numbers) = logged(&database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    let distinct: HashSet<&(String, u64)> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len(), "nothing is stored twice");
    for (client, told) in told.iter().enumerate() {
        let hospital = format!("test:{client}");
        let stored: HashSet<u64> =
            numbers.iter().filter(|(name, _)| *name == hospital).map(|(_, n)| *n).collect();
        assert!(
            told.acknowledged.iter().all(|number| stored.contains(number)),
            "an acknowledged report is missing"
        );
        assert!(stored.iter().all(|number| told.sent.contains(number)), "a report appears that nobody sent");
        assert!(!told.acknowledged.is_empty(), "the load was real");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_every_request_finish() {
    let database = TestDatabase::empty().await;
    let server = Server::start(&database);
    let key = server.admin_key.clone().expect("a first start prints an admin key");
    add_hospitals(&server, &key);
    let mut told = ResponseMeta::default();
    let (url, id) = (server.url.clone(), server.id().to_string());
    std::thread::scope(|scope| {
        let load = scope.spawn(|| report_on(&url, &key, 0, &mut told, &AtomicBool::new(false)));
        std::thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        load.join().unwrap();
    });
    assert_eq!(server.wait(), Some(0));
    let (_, numbers) = logged(&database).await;
    assert_eq!(numbers.len(), told.acknowledged.len(), "what was stored was also acknowledged");
}

/// A small disk in memory; gone with the value.
pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    pub(crate) fn mount(megabytes: u32) -> Self {
        let folder = TempDir::new().unwrap();
        let size = format!("size={megabytes}m");
        let options = ["-t", "tmpfs", "-o", &size, "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(folder.path()).status();
        assert!(
            mounted.as_ref().is_ok_and(std::process::ExitStatus::success),
            "this test fills a small disk, for which it must be able to mount a tmpfs (as root): {mounted:?}"
        );
        Self(folder)
    }

    /// The folder at which it is mounted.
    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Mounts it anew with these options, such as `ro`.
    pub(crate) fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let mounted = Command::new("mount").args(["-o", &options]).arg(self.folder()).status().unwrap();
        assert!(mounted.success(), "{options}: {mounted}");
    }

    /// Writes a file that leaves so many bytes free.
    fn fill(&self, free: u64) -> PathBuf {
        let path = self.0.path().join(format!("filler{free}"));
        let mut file = File::create(&path).unwrap();
        let system = rustix::fs::statvfs(self.0.path()).unwrap();
        let size = (system.f_bavail * system.f_frsize).saturating_sub(free);
        file.write_all(&vec![0; usize::try_from(size).unwrap()]).unwrap();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a killed server may still be closing its files.
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

/// The status of an answer.
fn status(sent: &Result<Value, ureq::Error>) -> u16 {
    match sent {
        Ok(_) => 200,
        Err(ureq::Error::StatusCode(status)) => *status,
        Err(error) => panic!("the server does not answer: {error}"),
    }
}

/// Waits until the node says by itself that it is ready.
pub(crate) fn wait_until_ready(server: &Server) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while ureq::get(format!("{}/readyz", server.url)).call().is_err() {
        assert!(Instant::now() < give_up, "the node did not heal by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let disk = SmallDisk::mount(40);
    let database = TestDatabase::Sqlite(TempDir::new_in(disk.0.path()).unwrap());
    let server = Server::start_with(&database, &["--min-free-mb", "2"]);
    let key = server.admin_key.clone().expect("a first start prints an admin key");
    add_hospitals(&server, &key);
    let facility = format!("{}/v1/facilities/test:0", server.url);
    let report = |number: u64| {
        let body = json!({"values": {"bed.icu": {"available": number}}});
        status(&send(&format!("{facility}/availability"), &key, "PUT", &body))
    };
    let is_ready = || ureq::get(format!("{}/readyz", server.url)).call().is_ok();
    let shown = |facility: &str| {
        let answer: Value = ureq::get(facility).call().unwrap().body_mut().read_json().unwrap();
        answer["availability"][0]["available"].as_u64()
    };

    let first = disk.fill(1 << 20);
    assert!(!is_ready(), "the node warns while there is still some room");
    assert_eq!(report(1), 200, "and still takes reports");
    let second = disk.fill(300_000);
    let (mut number, mut refused, mut acknowledged) = (1, 0, vec![1]);
    while refused < 40 {
        number += 1;
        assert!(number < 1_000, "the disk must fill up");
        match report(number) {
            200 => acknowledged.push(number),
            503 => refused += 1,
            status => panic!("status {status}"),
        }
        assert_eq!(shown(&facility), acknowledged.last().copied(), "questions are answered all the time");
    }
    assert!(!is_ready());

    fs::remove_file(first).unwrap();
    fs::remove_file(second).unwrap();
    wait_until_ready(&server);
    number += 1;
    assert_eq!(report(number), 200);
    acknowledged.push(number);
    server.kill();
    let server = Server::start_with(&database, &["--min-free-mb", "2"]);
    let facility = format!("{}/v1/facilities/test:0", server.url);
    assert_eq!(shown(&facility), Some(number));
    drop(server);
    let (sequence, numbers) = logged(&database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    let numbers: Vec<u64> = numbers.into_iter().map(|(_, number)| number).collect();
    assert_eq!(numbers, acknowledged, "what was acknowledged is stored once, and nothing else");
}

/// A program that signs as the public ones do, with their paths built in, works unchanged.
#[tokio::test]
async fn a_program_for_aplicares_needs_another_host_and_other_credentials_only() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database);
    let admin = server.admin_key.clone().unwrap();
    let hospital = json!({"name": "RS Bhakti", "kind": "hospital", "region": "33.74", "external_ids": ["bpjs:0112R034"]});
    send(&format!("{}/v1/facilities", server.url), &admin, "POST", &hospital).unwrap();
    let made = Command::new(SEDIA)
        .args(["key", "create", "--role", "bridge", "--facility", "bpjs:0112R034", "--consumer", "12345"])
        .env("DATABASE_URL", database.url())
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let secret = String::from_utf8(made.stdout).unwrap();
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/aplicares.py");
    let ran = Command::new("python3")
        .args([client, &server.url, "12345", secret.trim(), "0112R034"])
        .output()
        .expect("Python 3 is installed");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let url = format!("{}/v1/beds?region=33.74&type=bed.class3", server.url);
    let answer: Value = ureq::get(&url).call().unwrap().body_mut().read_json().unwrap();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], 7, "{answer}");
}
