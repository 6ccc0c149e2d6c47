//! A server with something to see on it, and what programs say to it meanwhile.

use std::{net::TcpListener, process::Command};

use serde_json::{Value, json};

use crate::{TestDatabase, server::Server};

/// The server, which can go away and come back at the same address.
pub(crate) struct Site {
    server: Option<Server>,
    database: TestDatabase,
    port: u16,
    key: String,
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Site {
    /// A server on a new directory: a hospital in Kecamatan Tembalang, another one in the next kecamatan that is full,
    /// an isolation site and a vaccination session.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[], free_port()).await
    }

    /// The same with more arguments, at a port that is known to be free.
    pub(crate) async fn start_with(arguments: &[&str], port: u16) -> Self {
        let database = TestDatabase::create().await;
        let server = Server::start_at(&database, port, arguments);
        let key = server.admin_key.clone().expect("a first start prints an admin key");
        let site = Self { server: Some(server), database, port, key };
        site.fill();
        site
    }

    fn fill(&self) {
        self.facility("Harapan", "hospital", "33.74.10", Some((-7.05, 110.44)));
        self.facility("Penuh", "hospital", "33.74.06", Some((-7.01, 110.46)));
        self.facility("Asrama", "isolation_site", "33.74.10", None);
        let beds = json!({
            "bed.icu": {"capacity": 10, "occupied": 6, "available": 4, "queue": 1},
            "bed.class3": {"capacity": 40, "occupied": 28, "available": 12, "queue": 0},
        });
        self.report("test:Harapan", &beds);
        self.report("test:Penuh", &json!({"bed.icu": {"capacity": 5, "occupied": 5, "available": 0}, "bed.class1": {"available": 3}}));
        self.report("test:Asrama", &json!({
            "isolation.male": {"capacity": 40, "available": 6}, "isolation.female": {"capacity": 40, "available": 11},
        }));
        let every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let session = json!({
            "facility": "test:Harapan", "title": "Sentra vaksin", "from": "08:00", "to": "23:59", "product": "sinovac", "doses": [1, 2],
            "weekly": {"weekdays": every_day, "from": "2021-07-01"}, "walk_in": true,
        });
        self.send("POST", "/v1/sessions", &session);
    }

    /// Adds a facility known as `test:NAME`.
    pub(crate) fn facility(&self, name: &str, kind: &str, region: &str, point: Option<(f64, f64)>) {
        let mut facility = json!({
            "name": format!("RS {name}"), "kind": kind, "region": region, "external_ids": [format!("test:{name}")],
            "phones": [{"number": "024-8413476", "label": "IGD"}],
        });
        if let Some((lat, lon)) = point {
            facility["lat"] = lat.into();
            facility["lon"] = lon.into();
        }
        self.send("POST", "/v1/facilities", &facility);
    }

    /// Reports numbers of a facility.
    pub(crate) fn report(&self, facility: &str, values: &Value) {
        self.send("PUT", &format!("/v1/facilities/{facility}/availability"), &json!({ "values": values }));
    }

    /// The address of a form for a facility.
    pub(crate) fn link(&self, facility: &str) -> String {
        let link = self.send("POST", "/v1/links", &json!({"facility": facility, "name": "Bu Sri, IGD"}));
        link["url"].as_str().unwrap().to_owned()
    }

    /// A new key, as `POST /v1/keys` takes it.
    pub(crate) fn new_key(&self, input: &Value) -> String {
        self.send("POST", "/v1/keys", input)["key"].as_str().unwrap().to_owned()
    }

    /// What the directory says of a type of a facility.
    pub(crate) fn stands(&self, facility: &str, code: &str) -> Value {
        let facility = self.get(&format!("/v1/facilities/{facility}"));
        let known = facility["availability"].as_array().unwrap();
        known.iter().find(|known| known["type"] == code).cloned().unwrap_or_default()
    }

    /// The number of the last change: equal numbers mean that nothing was stored.
    pub(crate) fn seq(&self) -> u64 {
        self.get("/livez")["seq"].as_u64().unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        ureq::get(self.url(path)).call().unwrap().body_mut().read_json().unwrap()
    }

    /// Sends a change as the administrator.
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = self.url(path);
        let request = if method == "PUT" { ureq::put(url) } else { ureq::post(url) };
        let request = request.header("Authorization", format!("Bearer {}", self.key));
        let mut answer = request.config().http_status_as_error(false).build().send_json(body).unwrap();
        let told: Value = answer.body_mut().read_json().unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {told}");
        told
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The server is gone: nobody answers at its address.
    pub(crate) fn go_away(&mut self) {
        self.server.take().expect("the server runs").kill();
    }

    /// Stops the server where it stands (`STOP`), or lets it go on (`CONT`).
    pub(crate) fn signal(&self, name: &str) {
        let id = self.server.as_ref().expect("the server runs").id();
        let done = Command::new("kill").args([format!("-{name}"), id.to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// The same server again, at the same address.
    pub(crate) fn come_back(&mut self) {
        self.server = Some(Server::start_at(&self.database, self.port, &[]));
    }
}
