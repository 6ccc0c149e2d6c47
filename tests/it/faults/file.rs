//! The database's file cannot be written, is locked, is replaced, or belongs to two servers.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{Client, a_file, numbers, under, with_hospitals};
use crate::{
    processes::{SmallDisk, logged, wait_until_ready},
    support::{Server, TestDatabase, said, sedia, wait_until},
};

/// The system refuses what a process writes to its files, as one does whose file system has become read-only.
struct ReadOnly(Child);

impl ReadOnly {
    fn for_process(id: u32) -> Self {
        let refuse = ["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=EROFS"];
        let strace = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null"])
            .args(refuse)
            .args(["-p", &id.to_string()])
            .spawn();
        Self(strace.expect("strace is installed"))
    }

    fn end(mut self) {
        kill_process(Pid::from_child(&self.0), Signal::INT).unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_becomes_read_only_loses_nothing_and_is_written_again_once_it_can_be() {
    let database = a_file();
    let (server, key) = with_hospitals(Server::start(&database));
    let client = Client::of(&server, &key);
    let mut acknowledged = Vec::new();
    let fault = ReadOnly::for_process(server.id());
    let (mut number, mut refused) = (0, 0);
    while refused < 10 {
        number += 1;
        assert!(number < 5_000, "the fault must take effect");
        let reply = client.report(0, number);
        if reply.status == 200 {
            acknowledged.push(number);
        } else {
            let detail = reply.come_again();
            assert!(detail.contains("stored"), "{detail}");
            refused += 1;
            assert_eq!(
                client.shown(0).0,
                acknowledged.last().copied().unwrap_or(0),
                "questions are answered"
            );
        }
    }
    let ready = client.get("/readyz");
    assert!(ready.come_again().contains("its log says why"), "{}", ready.body);
    assert!(server.log().contains("disk I/O error"), "{}", server.log());

    fault.end();
    wait_until_ready(&server);
    assert_eq!(client.report(0, number + 1).status, 200);
    acknowledged.push(number + 1);
    server.kill();
    assert_eq!(numbers(&database).await, acknowledged, "what was acknowledged, and nothing else");
}

#[test]
fn a_file_that_cannot_be_opened_for_writing_is_named_with_the_remedy() {
    let disk = SmallDisk::mount(40);
    let database = TestDatabase::Sqlite(TempDir::new_in(disk.folder()).unwrap());
    assert!(sedia(&database, "migrate").output().unwrap().status.success());
    disk.remount("ro");
    for command in ["serve", "check"] {
        let output = sedia(&database, command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {output:?}");
        assert!(said(&output).contains("file system that is not mounted read-only"), "{}", said(&output));
    }
    disk.remount("rw");
    assert!(sedia(&database, "check").output().unwrap().status.success());
}

/// Somebody puts a backup in place, or moves the file, without stopping the server.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_replaced_takes_no_report_until_it_is_back() {
    let (database, backup) = (a_file(), a_file());
    assert!(sedia(&backup, "migrate").output().unwrap().status.success());
    let (server, key) = with_hospitals(Server::start(&database));
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);

    let path = |database: &TestDatabase| database.url().strip_prefix("sqlite://").unwrap().to_owned();
    let (place, aside) = (path(&database), path(&database) + ".aside");
    fs::rename(&place, &aside).unwrap();
    assert!(client.report(0, 2).come_again().contains("nothing of this was stored"));
    fs::copy(path(&backup), &place).unwrap();
    for number in 3..20 {
        assert!(client.report(0, number).come_again().contains("nothing of this was stored"));
        assert_eq!(client.shown(0).0, 1, "questions are answered");
    }
    assert!(!client.is_ready());
    assert!(server.log().contains("was moved, deleted or replaced"), "{}", server.log());
    assert!(!server.log().contains("the log has lost changes"), "{}", server.log());

    fs::rename(&aside, &place).unwrap();
    wait_until_ready(&server);
    assert_eq!(client.report(0, 20).status, 200);
    server.kill();
    assert_eq!(numbers(&database).await, [1, 20]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_another_program_holds_up_reports_only() {
    let database = a_file();
    let (server, key) = with_hospitals(Server::start(&database));
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);

    let lock = database.go_away().await;
    let checked = sedia(&database, "check").stdout(Stdio::piped()).spawn().unwrap();
    let started = std::thread::scope(|scope| {
        let start = scope.spawn(|| Server::start_as(under(&["env"], &["serve"]), &database, "/livez"));
        let report = scope.spawn(|| {
            let refused = Client::of(&server, &key).report(0, 2);
            assert_eq!(
                refused.come_again(),
                "nothing of this was stored; send it again after Retry-After seconds"
            );
        });
        while !report.is_finished() {
            let asked = Instant::now();
            assert_eq!(client.shown(0).0, 1);
            assert!(asked.elapsed() < Duration::from_secs(1), "questions wait for nothing");
            std::thread::sleep(Duration::from_millis(20));
        }
        report.join().unwrap();
        start.join().unwrap()
    });
    let beside = Client::of(&started, &key);
    for client in [&client, &beside] {
        assert_eq!(client.shown(0).0, 1);
        assert!(!client.is_ready());
    }
    assert!(started.log().contains("Another program holds the file locked"), "{}", started.log());
    let output = checked.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("WRONG nothing can be stored"), "{}", said(&output));
    assert!(said(&output).contains("Another program holds the file locked"), "{}", said(&output));

    lock.end().await;
    wait_until_ready(&server);
    wait_until_ready(&started);
    assert_eq!(client.report(0, 3).status, 200);
    assert_eq!(beside.report(0, 4).status, 200);
    drop((started, server));
    assert_eq!(numbers(&database).await, [1, 3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_file_lose_nothing_and_show_what_the_other_stored() {
    const EACH: u64 = 20;
    let database = a_file();
    let (first, key) = with_hospitals(Server::start(&database));
    let second = Server::start(&database);
    std::thread::scope(|scope| {
        for hospital in 0..4 {
            let (server, key) = (if hospital % 2 == 0 { &first } else { &second }, &key);
            scope.spawn(move || {
                let client = Client::of(server, key);
                for number in 1..=EACH {
                    let reply = client.report(hospital, number);
                    assert_eq!(reply.status, 200, "{}", reply.body);
                }
            });
        }
    });
    for server in [&first, &second] {
        let client = Client::of(server, &key);
        for hospital in 0..4 {
            wait_until(2, "what the other stored is shown", || client.shown(hospital).0 == EACH);
        }
    }
    first.kill();
    let client = Client::of(&second, &key);
    assert!(client.is_ready());
    assert_eq!(client.report(0, EACH + 1).status, 200);
    drop(second);
    let (sequence, numbers) = logged(&database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    for hospital in 0..4 {
        let name = format!("test:{hospital}");
        let stored = numbers.iter().filter(|(of, _)| *of == name).map(|(_, number)| *number);
        assert!(stored.eq(1..=EACH + u64::from(hospital == 0)), "each once and in order");
    }
}
