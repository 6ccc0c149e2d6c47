//! The system's clock goes wrong, or past midnight, while the server runs.

use std::{fs, process::Command};

use sedia::clock::{Clock as _, SystemClock};
use serde_json::json;
use tempfile::TempDir;

use super::{Client, a_file, numbers, with_hospitals};
use crate::{
    processes::send,
    support::{SEDIA, Server, TestDatabase, said, sedia, wait_until},
};

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
    let (server, key) = with_hospitals(clock.serve(&database));
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
    let (server, key) = with_hospitals(clock.serve(&database));
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
