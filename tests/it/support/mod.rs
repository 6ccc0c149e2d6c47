//! A node of one's own, and a client for it.

mod clock;
mod contract;
mod database;
mod server;
pub(crate) mod slips;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use sedia::{
    auth::{Operator, Principal},
    clock::Clock,
    domain::key::Role,
    http::{App, Front, HttpConfig},
    node::{Node, NodeConfig},
    snapshot::Snapshot,
    store::{Durability, commands::KeyInput, feed},
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use self::clock::with_broken_clocks;
use self::contract::Judged;
pub(crate) use self::server::{SEDIA, Server, said, sedia, wait_until};
pub(crate) use self::{clock::ManualClock, database::TestDatabase};

/// The `Cache-Control` of what is for everybody.
pub(crate) const PUBLIC: &str = "public, max-age=5, stale-while-revalidate=5, stale-if-error=300";

/// A node on a database of its own, with a clock that only the test moves.
pub(crate) struct TestNode {
    pub(crate) node: Node,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) database: Arc<TestDatabase>,
    admin: OnceCell<String>,
    front: Front,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A request being put together.
pub(crate) struct Call<'a> {
    node: &'a TestNode,
    front: Front,
    request: axum::http::request::Builder,
    body: Body,
    is_broken: bool,
}

/// What a first start does to the empty database at `url`.
async fn first_start(url: &str) {
    let clock = Arc::new(ManualClock::counting_from(1));
    start(url, clock).await.stop().await.unwrap();
}

async fn start(url: &str, clock: Arc<ManualClock>) -> Node {
    Node::start(&config(url), clock as Arc<dyn Clock>).await.unwrap()
}

fn config(url: &str) -> NodeConfig {
    NodeConfig { durability: Durability::Normal, write_batch: 512, ..NodeConfig::at(url.to_owned()) }
}

fn front(node: &Node) -> Front {
    Front::new(App::new(node, &HttpConfig::default()), sedia::pages::pages)
}

impl TestNode {
    /// A node on a database of its own without facilities and keys, at 2021-07-01 14:00 WIB.
    pub(crate) async fn start() -> Self {
        Self::start_on(TestDatabase::create().await, Arc::new(ManualClock::default())).await
    }

    /// The same with other settings of the server.
    pub(crate) async fn start_with(config: &HttpConfig) -> Self {
        let started = Self::start().await;
        let front = Front::new(App::new(&started.node, config), sedia::pages::pages);
        Self { front, ..started }
    }

    /// A node on `database`.
    pub(crate) async fn start_on(database: impl Into<Arc<TestDatabase>>, clock: Arc<ManualClock>) -> Self {
        let database = database.into();
        let node = start(&database.url(), Arc::clone(&clock)).await;
        let front = front(&node);
        Self { node, clock, database, admin: OnceCell::new(), front }
    }

    /// Another node on the same database, with the same clock.
    pub(crate) async fn beside(&self) -> Self {
        Self::start_on(Arc::clone(&self.database), Arc::clone(&self.clock)).await
    }

    /// The same with other settings of the node.
    pub(crate) async fn beside_with(&self, change: impl FnOnce(NodeConfig) -> NodeConfig) -> Self {
        let config = change(config(&self.database.url()));
        let (database, clock) = (Arc::clone(&self.database), Arc::clone(&self.clock));
        let node = Node::start(&config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let front = front(&node);
        Self { node, clock, database, admin: OnceCell::new(), front }
    }

    /// Waits until the node itself has taken in the change with this number.
    pub(crate) async fn has_heard(&self, seq: u64) {
        let mut changes = self.node.shared.listen();
        while self.node.shared.current().seq() < seq {
            changes.recv().await.unwrap();
        }
    }

    /// Takes in what other nodes wrote.
    pub(crate) async fn follow(&self) {
        feed::read_on(&self.node.database, &self.node.shared).await.unwrap();
    }

    /// Stops the node, as SIGTERM does.
    pub(crate) async fn stop(self) {
        let Self { node, front, .. } = self;
        drop(front);
        node.stop().await.unwrap();
    }

    /// The same database under a new process, as after a restart.
    pub(crate) async fn restart(self) -> Self {
        let Self { node, clock, database, admin, front } = self;
        drop(front);
        node.stop().await.unwrap();
        let restarted = Self::start_on(database, clock).await;
        Self { admin, ..restarted }
    }

    /// The same node behind a real socket, served for the rest of the test.
    pub(crate) async fn listen(self, config: HttpConfig) -> (SocketAddr, Arc<TestDatabase>) {
        let ([address, _], database) = self.listen_with_probes(config).await;
        (address, database)
    }

    /// The same, and the address of its probes.
    pub(crate) async fn listen_with_probes(self, config: HttpConfig) -> ([SocketAddr; 2], Arc<TestDatabase>) {
        let Self { node, database, front, .. } = self;
        drop(front);
        let any = "127.0.0.1:0".parse().unwrap();
        let listeners = sedia::http::listen(any, Some(any)).await.unwrap();
        let probes = listeners.probes.as_ref().unwrap().local_addr().unwrap();
        let addresses = [listeners.all.local_addr().unwrap(), probes];
        tokio::spawn(async move { sedia::http::serve(listeners, node, &config, sedia::pages::pages).await });
        (addresses, database)
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call {
            node: self,
            front: self.front.clone(),
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
            is_broken: false,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Call<'_> {
        self.call(Method::PUT, path).json(body)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.call(Method::POST, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Call<'_> {
        self.call(Method::PATCH, path).json(body)
    }

    pub(crate) fn delete(&self, path: &str) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// A key of `role`, with a region for coordinators and agents, facilities for reporters and bridges.
    pub(crate) async fn key(&self, role: Role, region: Option<&str>, facilities: &[&str]) -> String {
        let input = KeyInput {
            role,
            name: Some(format!("test {}", role.name())),
            facilities: facilities.iter().map(|id| (*id).to_owned()).collect(),
            region: region.map(str::to_owned),
            consumer: None,
            phone: None,
            expires_days: None,
        };
        let (secret, _) = self.node.create_key(Principal::Operator(Operator::Cli), input).await.unwrap();
        secret.reveal().to_owned()
    }

    /// An admin's key, always the same.
    pub(crate) async fn admin(&self) -> String {
        self.admin.get_or_init(|| self.key(Role::Admin, None, &[])).await.clone()
    }

    /// The directory in memory, once it has noticed that the clock moved.
    pub(crate) async fn state(&self) -> Arc<Snapshot> {
        loop {
            let state = self.node.shared.current();
            if state.next_deadline() > self.clock.now() {
                return state;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The number of the last change: equal numbers mean that nothing was stored.
    pub(crate) async fn seq(&self) -> u64 {
        self.get("/livez").send().await.json()["seq"].as_u64().unwrap()
    }

    /// Reports how many ICU beds are free at the hospital that was made as `A`.
    pub(crate) async fn report_icu(&self, key: &str, available: u64) -> Reply {
        let body = json!({"values": {"bed.icu": {"available": available}}});
        self.put("/v1/facilities/test:A/availability", &body).key(key).send().await
    }

    /// How many ICU beds the node shows there.
    pub(crate) async fn shown_icu(&self) -> u64 {
        let answer = self.get("/v1/beds?region=33.74&min=0").send().await.json();
        answer["facilities"][0]["availability"][0]["available"].as_u64().unwrap()
    }

    /// Adds a hospital known as `test:NAME`, and gives its id.
    pub(crate) async fn hospital(&self, name: &str, region: &str, point: Option<(f64, f64)>) -> String {
        let key = self.admin().await;
        let mut body = json!({
            "name": format!("RS {name}"),
            "kind": "hospital",
            "region": region,
            "external_ids": [format!("test:{name}")],
            "phones": [{"number": "024-8413476", "label": "IGD"}, {"number": "0812-4100-0000", "visibility": "internal"}],
        });
        if let Some((lat, lon)) = point {
            body["lat"] = lat.into();
            body["lon"] = lon.into();
        }
        let reply = self.post("/v1/facilities", &body).key(&key).send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
        reply.json()["facility"]["id"].as_str().unwrap().to_owned()
    }

    /// Reports `values` for a facility, as an admin would.
    pub(crate) async fn report(&self, facility: &str, values: Value) -> Reply {
        let key = self.admin().await;
        let path = format!("/v1/facilities/{facility}/availability");
        let reply = self.put(&path, &json!({ "values": values })).key(&key).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply
    }
}

impl Call<'_> {
    /// The same to a server on the same node that has no cached answers.
    pub(crate) fn uncached(self) -> Self {
        Self { front: front(&self.node.node), ..self }
    }

    /// The same on a node whose clock is broken, so that its handlers panic.
    pub(crate) fn broken(self) -> Self {
        Self { is_broken: true, ..self }
    }

    pub(crate) fn header(mut self, name: impl AsRef<str>, value: &str) -> Self {
        self.request = self.request.header(name.as_ref(), value);
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header(header::AUTHORIZATION, &format!("Bearer {key}"))
    }

    pub(crate) fn accept(self, accept: &str) -> Self {
        self.header(header::ACCEPT, accept)
    }

    pub(crate) fn language(self, language: &str) -> Self {
        self.header(header::ACCEPT_LANGUAGE, language)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Body>) -> Self {
        self.header(header::CONTENT_TYPE, content_type).bytes(body)
    }

    /// A body without a media type.
    pub(crate) fn bytes(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The response, its body still to come.
    pub(crate) async fn open(self) -> Response<Body> {
        self.judged().await.0
    }

    pub(crate) async fn send(self) -> Reply {
        let (response, judged) = self.judged().await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let is_packed = headers.contains_key(header::CONTENT_ENCODING);
        if let Some(judged) = judged.filter(|_| !is_packed) {
            judged.check_body(&body);
        }
        Reply { status, headers, body }
    }

    async fn judged(self) -> (Response<Body>, Option<Judged>) {
        self.node.state().await;
        let request = self.request.body(self.body).unwrap();
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let answer = self.front.service(None).oneshot(request);
        let answer = if self.is_broken { with_broken_clocks(answer).await } else { answer.await };
        let response = answer.unwrap();
        let judged = contract::check(&method, uri.path(), response.status(), response.headers());
        (response, judged)
    }
}

impl Reply {
    /// The body of a success, as JSON.
    pub(crate) fn json(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn header(&self, name: impl AsRef<str>) -> &str {
        self.headers.get(name.as_ref()).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is a problem with `status` and `code`, whole and well formed, and gives its body.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let text = self.text();
        assert_eq!(self.header("content-type"), "application/problem+json", "{text}");
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((self.status.as_u16(), body["code"].as_str().unwrap()), (status, code), "{text}");
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["type"], format!("/problems/{code}"));
        assert_eq!(body["request_id"], self.header("x-request-id"));
        assert_eq!(body["errors"][0]["code"], code);
        for part in [&body["title"], &body["detail"], &body["errors"][0]["detail"]] {
            assert!(part.as_str().is_some_and(|part| part.len() > 4), "{text}");
        }
        body
    }
}
