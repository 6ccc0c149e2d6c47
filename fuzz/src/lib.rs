//! A node of one's own for the targets, and the judge of what it answers.

use std::{
    collections::HashMap,
    env, fs, process,
    sync::{Arc, LazyLock},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use sedia::{
    auth::{Operator, Principal},
    clock::SystemClock,
    domain::key::Role,
    http::{App, Front, Gateways, HttpConfig},
    node::{Node, NodeConfig},
    snapshot::Snapshot,
    store::{Durability, commands::KeyInput},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The secret of the app at Meta, by which the node knows its webhook.
pub const META_SECRET: &str = "fuzz";
/// The telephone of a clerk who reports for `test:A`.
pub const PHONE: &str = "081234567890";

static DIRECTORY: LazyLock<Directory> = LazyLock::new(Directory::new);
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&sedia::http::openapi_json()).expect("the API document is JSON"));

/// A node with three hospitals, and a key of each role.
struct Directory {
    runtime: Runtime,
    node: Node,
    front: Front,
    /// By the name of the role.
    keys: HashMap<&'static str, String>,
}

/// A response, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty for a stream, which has no end.
    pub body: Bytes,
}

impl Reply {
    /// The media type without its parameters.
    pub fn media_type(&self) -> &str {
        let value =
            self.headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().expect("plain text"));
        value.split(';').next().unwrap_or_default().trim()
    }

    /// The body of a success in JSON.
    pub fn json(&self) -> Option<Value> {
        let is_json = self.status.is_success() && self.media_type() == "application/json";
        is_json.then(|| serde_json::from_slice(&self.body).expect("a body in JSON"))
    }
}

impl Directory {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (node, front) = runtime.block_on(start());
        let mut directory = Self { runtime, node, front, keys: HashMap::new() };
        directory.add_key("admin", Role::Admin, None, &[], None);
        directory.fill();
        directory.add_key("agent", Role::Agent, None, &[], None);
        directory.add_key("coordinator", Role::Coordinator, Some("33"), &[], None);
        directory.add_key("bridge", Role::Bridge, None, &["test:A", "test:B"], None);
        directory.add_key("reporter", Role::Reporter, None, &["test:A"], Some(PHONE));
        directory
    }

    fn add_key(
        &mut self,
        name: &'static str,
        role: Role,
        region: Option<&str>,
        facilities: &[&str],
        phone: Option<&str>,
    ) {
        let input = KeyInput {
            role,
            name: Some("fuzz".to_owned()),
            facilities: facilities.iter().map(|id| (*id).to_owned()).collect(),
            region: region.map(str::to_owned),
            consumer: None,
            phone: phone.map(str::to_owned),
            expires_days: None,
        };
        let made = self.runtime.block_on(self.node.create_key(Principal::Operator(Operator::Cli), input));
        let Ok((secret, _)) = made else { panic!("no key of a {name}") };
        self.keys.insert(name, secret.reveal().to_owned());
    }

    fn fill(&self) {
        let facilities = [
            json!({"name": "RS A", "region": "33.74.10", "external_ids": ["test:A", "kemenkes:3374010", "bpjs:0112A"],
                   "lat": -7.05, "lon": 110.44, "phones": [{"number": "024-8413476", "label": "IGD"}]}),
            json!({"name": "RSUD B", "region": "33.22", "external_ids": ["test:B"]}),
            json!({"name": "RSUP Dr. Kariadi", "region": "33.74", "external_ids": ["test:C"]}),
        ];
        let values = json!({"bed.icu": {"capacity": 10, "available": 3}, "bed.icu_vent": {"available": 0},
            "bed.class3": {"capacity": 40, "occupied": 31, "available": 9, "queue": 2}});
        for (mut facility, name) in facilities.into_iter().zip(["A", "B", "C"]) {
            facility["kind"] = json!("hospital");
            self.write(Method::POST, "/v1/facilities", &facility);
            self.write(
                Method::PUT,
                &format!("/v1/facilities/test:{name}/availability"),
                &json!({ "values": values }),
            );
        }
        let session = json!({"facility": "test:C", "weekly": {"weekdays": ["mon", "thu"], "from": "2021-07-01"}, "from": "08:00", "to": "12:00",
            "product": "sinovac", "doses": [1, 2], "walk_in": true});
        self.write(Method::POST, "/v1/sessions", &session);
    }

    fn write(&self, method: Method, path: &str, body: &Value) {
        let request = Request::builder().method(method).uri(path).header("authorization", "Bearer @admin");
        let reply = self.send(request.body(Body::from(body.to_string())).expect("a request"));
        assert!(reply.status.is_success(), "{reply:?}");
    }

    fn send(&self, mut request: Request<Body>) -> Reply {
        for value in request.headers_mut().values_mut() {
            for (role, key) in &self.keys {
                let text = value.to_str().ok().filter(|text| text.contains('@'));
                if let Some(text) = text.map(|text| text.replace(&format!("@{role}"), key)) {
                    *value = text.try_into().expect("a key is plain text");
                }
            }
        }
        self.runtime.block_on(async {
            let Ok(response) = self.front.service(None).oneshot(request).await;
            let (head, body) = response.into_parts();
            let kind = head.headers.get(header::CONTENT_TYPE);
            let is_stream = kind.is_some_and(|kind| kind == "text/event-stream");
            let body = if is_stream { Ok(Bytes::new()) } else { to_bytes(body, usize::MAX).await };
            Reply { status: head.status, headers: head.headers, body: body.expect("a whole body") }
        })
    }
}

/// A node on an empty database, in a folder that a later run removes.
async fn start() -> (Node, Front) {
    let all = env::temp_dir().join("sedia-fuzz");
    for left in fs::read_dir(&all).into_iter().flatten().flatten() {
        let is_in_use = fs::exists(format!("/proc/{}", left.file_name().display())).unwrap_or(true);
        if !is_in_use {
            fs::remove_dir_all(left.path()).expect("what an earlier run left can be removed");
        }
    }
    let mine = all.join(process::id().to_string());
    fs::create_dir_all(&mine).expect("a folder for the database");
    let url = format!("sqlite://{}/db", mine.display());
    let config = NodeConfig { durability: Durability::Normal, ..NodeConfig::at(url) };
    let node = Node::start(&config, Arc::new(SystemClock)).await.expect("a node");
    let gateways = Gateways { meta_app_secret: Some(META_SECRET.to_owned()), ..Gateways::default() };
    let config = HttpConfig { gateways, ..HttpConfig::default() };
    let front = Front::new(App::new(&node, &config), sedia::pages::pages);
    (node, front)
}

/// The directory as the node has it in memory.
pub fn snapshot() -> Arc<Snapshot> {
    DIRECTORY.node.shared.current()
}

/// The answer to a request, once it has been judged. `@admin`, `@coordinator`, `@agent`, `@bridge`, and `@reporter` in a header
/// stand for a key of that role.
pub fn send(request: Request<impl Into<Body>>) -> Reply {
    let request = request.map(Into::into);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let reply = DIRECTORY.send(request);
    judge(&method, &path, &reply);
    reply
}

/// The answer to a GET of this path and query by the public, once it has been judged; None if no client could send it.
pub fn get(address: &str) -> Option<Reply> {
    let request = Request::get(address).body(Body::empty()).ok()?;
    Some(send(request))
}

/// What holds for every answer to whatever is sent: it is no failure of the node, an error is a problem, and the API document
/// lists it.
fn judge(method: &Method, path: &str, reply: &Reply) {
    let Reply { status, headers, body } = reply;
    assert!(!status.is_server_error(), "{method} {path} fails: {reply:?}");
    // What a browser asks before a request is answered before everything else.
    if *method == Method::OPTIONS {
        return;
    }
    // Methods have their case: the document cannot list a `post` that is none.
    if method.as_str().bytes().any(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    assert!(headers.contains_key("x-request-id"), "{method} {path} has no id: {reply:?}");
    let media_type = reply.media_type();
    let code = (media_type == "application/problem+json" && *method != Method::HEAD).then(|| {
        let problem: Value = serde_json::from_slice(body).expect("a problem is JSON");
        assert_eq!(problem["status"], status.as_u16(), "{method} {path}: {problem}");
        problem["code"].as_str().expect("a problem has a code").to_owned()
    });
    let asked = if *method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let Some(operation) = operation(&asked, path) else { return };
    let described = &operation["responses"][status.as_str()];
    assert!(described.is_object(), "the document does not list {status} of {method} {path}: {reply:?}");
    let listed = described["content"].as_object();
    let is_listed = listed.map_or(media_type.is_empty(), |listed| listed.contains_key(media_type));
    assert!(is_listed, "the document does not list '{media_type}' of {method} {path}: {reply:?}");
    if let Some(code) = code {
        let listed = described["description"].as_str().unwrap_or_default();
        assert!(
            listed.contains(&format!("`{code}`")),
            "the document does not list {code} of {method} {path}"
        );
    }
    if media_type == "application/json" && !body.is_empty() && !headers.contains_key(header::CONTENT_ENCODING)
    {
        serde_json::from_slice::<Value>(body).expect("a body in JSON");
    }
}

/// The operation of the document that this path is one of.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let is_like = |template: &str| {
        let mut pairs = template.split('/').zip(path.split('/'));
        template.split('/').count() == path.split('/').count()
            && pairs.all(|(have, want)| have == want || have.starts_with('{') && !want.is_empty())
    };
    let paths = DOCUMENT["paths"].as_object().expect("the document has paths");
    let found =
        paths.get(path).or_else(|| paths.iter().find(|(template, _)| is_like(template)).map(|(_, it)| it));
    found?.get(method)
}

/// The first byte picks one of `choices`, the rest is returned with it.
pub fn picked<'a, T>(data: &'a [u8], choices: &'a [T]) -> Option<(&'a T, &'a [u8])> {
    let (&first, rest) = data.split_first()?;
    // Letters and digits, so that seeds can be read.
    let number = char::from(first).to_digit(36).unwrap_or(u32::from(first)) as usize;
    Some((&choices[number % choices.len()], rest))
}
