//! What goes wrong with one machine, done to a real server process. Full disks and kills under load are in `processes.rs`,
//! damaged files in `outage.rs`.

mod clock;
mod file;
mod limits;
mod migration;
mod network;

use std::{process::Command, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::{
    processes::{add_hospitals, logged},
    support::{SEDIA, Server, TestDatabase},
};

fn a_file() -> TestDatabase {
    TestDatabase::Sqlite(TempDir::new().unwrap())
}

/// A server that has hospitals now, and the key of its administrator.
fn with_hospitals(server: Server) -> (Server, String) {
    let key = server.admin_key.clone().unwrap();
    add_hospitals(&server, &key);
    (server, key)
}

/// `sedia` with these arguments, run by another program.
fn under(program: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(SEDIA).args(arguments);
    command
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

/// The numbers in the log, in order; nothing is missing between them.
async fn numbers(database: &TestDatabase) -> Vec<u64> {
    let (sequence, numbers) = logged(database).await;
    assert!(sequence.iter().copied().eq(1..=i64::try_from(sequence.len()).unwrap()), "no gaps");
    numbers.into_iter().map(|(_, number)| number).collect()
}
