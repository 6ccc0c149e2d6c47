//! The system gives no more files, or no more memory.

use std::{
    fs,
    net::TcpStream,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;

use super::{Client, a_file, numbers, under, with_hospitals};
use crate::support::{Server, wait_until};

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_leave_files_for_the_database_and_give_way_to_others() {
    let database = a_file();
    let few = under(&["prlimit", "--nofile=64:64", "--"], &["serve"]);
    let (server, key) = with_hospitals(Server::start_as(few, &database, "/readyz"));
    assert!(server.log().contains("let this process open more files"), "{}", server.log());
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);
    let address = server.url.strip_prefix("http://").unwrap();
    let idle: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert_eq!(client.report(0, 2).status, 200);

    // After a failed batch no connection to the database is used again, so that others must be opened.
    database.run("ALTER TABLE current_row RENAME TO hidden").await;
    assert_eq!(
        client.report(0, 3).come_again(),
        "nothing of this was stored; send it again after Retry-After seconds"
    );
    database.run("ALTER TABLE hidden RENAME TO current_row").await;
    wait_until(4, "reports are stored while all connections are taken", || client.is_ready());
    assert_eq!(client.report(0, 4).status, 200);

    let asked = Instant::now();
    let reply = Client::of(&server, &key).report(0, 5);
    assert_eq!(reply.status, 200, "a new client: {}, {}", reply.body, server.log());
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    drop((idle, server));
    assert_eq!(numbers(&database).await, [1, 2, 4, 5]);
}

/// The memory that a process has taken for its data.
fn data(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:")).unwrap();
    line.trim_end_matches("kB").trim().parse::<u64>().unwrap() << 10
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_stay_within_their_memory_and_a_process_that_gets_none_loses_nothing() {
    let database = a_file();
    let limited = || {
        let program = under(&["prlimit", "--data=400000000", "--"], &["serve"]);
        Server::start_as(program, &database, "/readyz")
    };
    // 20,000 rows in almost 8 MiB.
    let row = json!({"facility": format!("test:{}", "x".repeat(350)), "type": "bed.icu", "available": 3});
    let list = serde_json::to_vec(&json!({"reports": vec![row; 20_000]})).unwrap();
    let send_list = |url: &str, key: &str| {
        let request =
            ureq::post(format!("{url}/v1/reports")).header("Authorization", format!("Bearer {key}"));
        match request.content_type("application/json").send(&list[..]) {
            Err(ureq::Error::StatusCode(status)) => Some(status),
            Err(_) => None,
            Ok(taken) => panic!("{taken:?}"),
        }
    };
    let (server, key) = with_hospitals(limited());
    assert_eq!(Client::of(&server, &key).report(0, 1).status, 200);
    let limit = Some(data(server.id()) + (2 << 20));
    let process = Pid::from_raw(i32::try_from(server.id()).unwrap());
    prlimit(process, Resource::Data, Rlimit { current: limit, maximum: limit }).unwrap();
    assert!((0..10).any(|_| send_list(&server.url, &key).is_none()), "there is no memory for that");
    assert_ne!(server.wait(), Some(0));

    let server = limited();
    let client = Client::of(&server, &key);
    assert_eq!(client.shown(0).0, 1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let status = send_list(&server.url, &key);
                assert!(
                    matches!(status, Some(422 | 503)),
                    "refused by a bound: {status:?}, {}",
                    server.log()
                );
            });
        }
    });
    assert_eq!(client.report(0, 2).status, 200);
    drop(server);
    assert_eq!(numbers(&database).await, [1, 2]);
}
