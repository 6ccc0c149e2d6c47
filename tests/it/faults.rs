//! What goes wrong with one machine, done to a real server process: files that cannot be written, are locked or are too
//! many, a network that fails, no memory, a killed migration, a clock that is set. Full disks and kills under load are in `processes.rs`, damaged
//! files in `outage.rs`.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    process::{Child, Command, Output},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{
    clock::{Clock as _, SystemClock},
    store::{self, Durability},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::{
    processes::{SmallDisk, add_hospitals, logged, send, wait_until_ready},
    support::{SEDIA, Server, TestDatabase},
};

fn a_file() -> TestDatabase {
    TestDatabase::Sqlite(TempDir::new().unwrap())
}

/// `sedia` with these arguments, run by another program.
fn under(program: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(SEDIA).args(arguments);
    command
}

fn sedia(database: &TestDatabase, command: &str) -> Command {
    let mut sedia = Command::new(SEDIA);
    sedia.arg(command).env("DATABASE_URL", database.url());
    sedia
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A client that keeps one connection, and what it is told.
struct Client<'a> {
    agent: Agent,
    server: &'a Server,
    key: &'a str,
}

struct Reply {
    status: u16,
    retry_after: Option<String>,
    body: Value,
}

impl<'a> Client<'a> {
    fn of(server: &'a Server, key: &'a str) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60)));
        Self { agent: config.build().new_agent(), server, key }
    }

    fn get(&self, path: &str) -> Reply {
        let request = self.agent.get(format!("{}{path}", self.server.url));
        Reply::of(request.header("Accept-Language", "en").call().unwrap())
    }

    /// Reports the number of free ICU beds of a hospital.
    fn report(&self, hospital: usize, available: u64) -> Reply {
        let request =
            self.agent.put(format!("{}/v1/facilities/test:{hospital}/availability", self.server.url));
        let request =
            request.header("Authorization", format!("Bearer {}", self.key)).header("Accept-Language", "en");
        Reply::of(request.send_json(json!({"values": {"bed.icu": {"available": available}}})).unwrap())
    }

    /// The number of a hospital and its freshness.
    fn shown(&self, hospital: usize) -> (u64, String) {
        let facility = self.get(&format!("/v1/facilities/test:{hospital}")).body;
        let number = &facility["availability"][0];
        (
            number["available"].as_u64().unwrap_or_default(),
            number["freshness"].as_str().unwrap_or_default().to_owned(),
        )
    }

    fn is_ready(&self) -> bool {
        self.get("/readyz").status == 200
    }
}

impl Reply {
    fn of(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let retry_after = response.headers().get("retry-after");
        Self {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|value| value.to_str().unwrap().to_owned()),
            body: response.body_mut().read_json().unwrap(),
        }
    }

    /// The detail of a refusal that asks to come again.
    fn come_again(&self) -> &str {
        assert_eq!((self.status, self.retry_after.as_deref()), (503, Some("2")), "{}", self.body);
        self.body["detail"].as_str().unwrap()
    }
}

/// Looks until it is so.
fn wait_until(seconds: u64, what: &str, is_so: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(seconds);
    while !is_so() {
        assert!(Instant::now() < give_up, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The numbers in the log, in order; nothing is missing between them.
async fn numbers(database: &TestDatabase) -> Vec<u64> {
    let (sequence, numbers) = logged(database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    numbers.into_iter().map(|(_, number)| number).collect()
}

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
    let server = Server::start(&database);
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
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
    let server = Server::start(&database);
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
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
    let server = Server::start(&database);
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);

    let lock = database.go_away().await;
    let checked = sedia(&database, "check").stdout(std::process::Stdio::piped()).spawn().unwrap();
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
    let first = Server::start(&database);
    let key = first.admin_key.clone().unwrap();
    add_hospitals(&first, &key);
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

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_leave_files_for_the_database_and_give_way_to_others() {
    let database = a_file();
    let few = under(&["prlimit", "--nofile=64:64", "--"], &["serve"]);
    let server = Server::start_as(few, &database, "/readyz");
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
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
    let server = limited();
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
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

/// The tables of Sedia in a file, and the migrations that it says it has.
async fn schema(database: &TestDatabase) -> (i64, i64) {
    let connection = Database::connect(format!("{}?mode=rwc", database.url())).await.unwrap();
    let number = async |sql: &str| -> i64 {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    };
    let tables = number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").await;
    let migrations = if tables == 0 { 0 } else { number("SELECT count(*) FROM seaql_migrations").await };
    connection.close().await.unwrap();
    (tables, migrations)
}

/// Brings the schema up to date in this process, as a start does.
async fn migrate(database: &TestDatabase) {
    let database = store::Database::connect(&database.url(), Durability::Full).await.unwrap();
    assert_eq!(database.damage(true).await.unwrap(), [""; 0]);
    database.migrate().await.unwrap();
    database.check_schema().await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_is_killed_at_any_write_has_happened_or_not() {
    let whole = a_file();
    migrate(&whole).await;
    let current = schema(&whole).await;
    // As the version before the last migration left it.
    let before = "DROP TABLE quota; DELETE FROM seaql_migrations WHERE version LIKE '%quotas'";
    for older in [None, Some(before)] {
        let (mut undone, mut done) = (0, 0);
        for write in 1.. {
            let database = a_file();
            if let Some(older) = older {
                migrate(&database).await;
                database.run(older).await;
            }
            let old = schema(&database).await;
            let kill = format!("inject=pwrite64,fdatasync:signal=KILL:when={write}");
            let strace =
                ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync", "-e", &kill];
            let killed = under(&strace, &["migrate"]).env("DATABASE_URL", database.url()).output();
            assert!(!killed.expect("strace is installed").status.success(), "it was killed");
            let found = schema(&database).await;
            assert!(found == old || found == current, "write {write}: {found:?}");
            migrate(&database).await;
            assert_eq!(schema(&database).await, current, "write {write}");
            if found == old {
                undone += 1;
            } else {
                done += 1;
            }
            if done == 2 {
                assert!(sedia(&database, "migrate").output().unwrap().status.success());
                assert!(sedia(&database, "check").output().unwrap().status.success());
                break;
            }
        }
        assert!(undone > 3, "it was killed before its end {undone} times");
    }
}

/// A server whose system clock the test sets.
struct WrongClock {
    file: TempDir,
    library: String,
}

impl WrongClock {
    fn new() -> Self {
        let shown = Command::new("faketime").args(["-f", "+0", "printenv", "LD_PRELOAD"]).output();
        let shown = shown.expect("faketime is installed");
        let clock = Self {
            file: TempDir::new().unwrap(),
            library: String::from_utf8(shown.stdout).unwrap().trim().to_owned(),
        };
        clock.set(0);
        clock
    }

    /// Sets it to so many seconds after the right time.
    fn set(&self, seconds: i64) {
        let new = self.file.path().join("new");
        fs::write(&new, format!("{seconds:+}\n")).unwrap();
        fs::rename(new, self.file.path().join("time")).unwrap();
    }

    fn serve(&self, database: &TestDatabase) -> Server {
        let mut program = Command::new(SEDIA);
        program
            .arg("serve")
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", self.file.path().join("time"))
            .env("FAKETIME_NO_CACHE", "1")
            // How long the node runs is not what its clock says.
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        Server::start_as(program, database, "/readyz")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_clock_that_goes_wrong_by_a_year_loses_nothing_and_is_healed_by_the_next_report() {
    const YEAR: i64 = 365 * 24 * 3600;
    let (database, clock) = (a_file(), WrongClock::new());
    let server = clock.serve(&database);
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
    let client = Client::of(&server, &key);
    let becomes = |hospital, number, freshness: &str| {
        wait_until(5, &format!("{number} {freshness}, not {:?}", client.shown(hospital)), || {
            client.shown(hospital) == (number, freshness.to_owned())
        });
    };
    assert_eq!(client.report(0, 1).status, 200);
    becomes(0, 1, "fresh");

    clock.set(YEAR);
    becomes(0, 1, "stale");
    assert_eq!(client.report(1, 2).status, 200);
    becomes(1, 2, "fresh");
    clock.set(0);
    becomes(0, 1, "fresh");
    becomes(1, 2, "stale");
    assert!(client.is_ready());
    assert_eq!(client.report(1, 3).status, 200);
    becomes(1, 3, "fresh");

    clock.set(-YEAR);
    assert_eq!(client.report(0, 4).status, 200);
    becomes(0, 4, "fresh");
    clock.set(0);
    becomes(0, 4, "stale");
    assert_eq!(client.report(0, 5).status, 200);
    becomes(0, 5, "fresh");
    assert!(client.is_ready());
    assert!(server.log().contains("the clock jumped"), "{}", server.log());

    server.kill();
    let server = clock.serve(&database);
    let client = Client::of(&server, &key);
    assert_eq!(client.shown(0), (5, "fresh".to_owned()));
    assert_eq!(client.shown(1), (3, "fresh".to_owned()));
    drop(server);
    assert_eq!(numbers(&database).await, [1, 2, 3, 4, 5]);
    let output = sedia(&database, "check").output().unwrap();
    assert!(output.status.success() && said(&output).contains("the clock was last set back"), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_and_the_next_day_begins_while_the_server_runs_across_midnight() {
    let (database, clock) = (a_file(), WrongClock::new());
    // In WIB.
    let zone = chrono::FixedOffset::east_opt(7 * 3600).unwrap();
    let now = || SystemClock.now().with_timezone(&zone).naive_local();
    let today = now().date();
    let midnight = (today + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN);
    let set_before_midnight = |seconds: i64| clock.set((midnight - now()).num_seconds() - seconds);
    set_before_midnight(3600);
    let server = clock.serve(&database);
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
    // Tonight's last session, and one on the first day that is too far ahead for a question of today.
    for (hospital, date, from, to) in
        [(0, today, "20:00", "23:59"), (1, today + chrono::Days::new(8), "08:00", "12:00")]
    {
        let session = json!({
            "facility": format!("test:{hospital}"), "date": date, "from": from, "to": to, "product": "sinovac", "doses": [1],
        });
        send(&format!("{}/v1/sessions", server.url), &key, "POST", &session).unwrap();
    }
    let client = Client::of(&server, &key);
    let offered = || {
        let answer = client.get("/v1/vaccinations?region=33.74&min=0").body;
        let names = answer["facilities"].as_array().unwrap().iter();
        names.map(|facility| facility["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    set_before_midnight(66);
    assert_eq!(client.report(2, 1).status, 200);
    assert_eq!(offered(), ["RS 0"]);
    wait_until(20, "the session is over", || offered().is_empty());
    set_before_midnight(5);
    assert_eq!(offered(), [""; 0]);
    wait_until(10, "the day has changed", || offered() == ["RS 1"]);
    assert_eq!(client.report(2, 2).status, 200);
    assert_eq!(client.shown(2), (2, "fresh".to_owned()));
    drop(server);
    assert_eq!(numbers(&database).await, [1, 2]);
}

/// How a network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Good,
    /// Every connection is closed, and so are new ones.
    Cut,
    /// Connections stay, and nothing comes through.
    Silent,
}

/// The network between a node and its database.
#[derive(Clone)]
struct Proxy {
    network: Arc<Mutex<Network>>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// Stands before `upstream`, and gives the address at which it does.
    fn before(upstream: String) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let proxy = Self { network: Arc::new(Mutex::new(Network::Good)), connections: Arc::default() };
        let accepting = proxy.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map(Result::unwrap) {
                if accepting.network() == Network::Cut {
                    continue;
                }
                let server = TcpStream::connect(&upstream).unwrap();
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let proxy = accepting.clone();
                    std::thread::spawn(move || proxy.pass(from, to));
                }
                accepting.connections.lock().unwrap().extend([client, server]);
            }
        });
        (proxy, address)
    }

    fn network(&self) -> Network {
        *self.network.lock().unwrap()
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 8192];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            while self.network() == Network::Silent {
                std::thread::sleep(Duration::from_millis(20));
            }
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        for end in [from, to] {
            // It may be closed already.
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    fn set(&self, network: Network) {
        *self.network.lock().unwrap() = network;
        if network == Network::Cut {
            for connection in self.connections.lock().unwrap().drain(..) {
                let _ = connection.shutdown(Shutdown::Both);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_cut_off_or_silent_holds_up_reports_only() {
    let database = TestDatabase::create().await;
    let TestDatabase::Postgres { server, name } = &database else { return };
    let (user, rest) = server.rsplit_once('@').unwrap();
    let (proxy, address) = Proxy::before(rest.split('/').next().unwrap().to_owned());
    let url = format!("DATABASE_URL={user}@{address}/{name}");
    let server = Server::start_as(under(&["env", &url], &["serve"]), &database, "/readyz");
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
    let client = Client::of(&server, &key);
    assert_eq!(client.report(0, 1).status, 200);
    for (network, number) in [(Network::Cut, 2), (Network::Silent, 3)] {
        proxy.set(network);
        assert_eq!(
            client.report(0, number).come_again(),
            "nothing of this was stored; send it again after Retry-After seconds",
            "{network:?}"
        );
        assert_eq!(client.shown(0).0, number - 1, "{network:?}");
        assert!(!client.is_ready(), "{network:?}");
        proxy.set(Network::Good);
        wait_until_ready(&server);
        assert_eq!(client.report(0, number).status, 200, "{network:?}");
        assert_eq!(client.shown(0).0, number, "{network:?}");
    }
    drop(server);
    assert_eq!(numbers(&database).await, [1, 2, 3]);
}
