//! `sedia purge`, between a real server and a cache that writes down what it is told to forget.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
};
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use crate::support::{SEDIA, Server, TestDatabase};

/// A cache, what it is told to forget, and where it is.
async fn cache() -> (UnboundedReceiver<String>, String) {
    let (told, heard) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let cache = Router::new().fallback(forget).with_state(told);
    tokio::spawn(async move { axum::serve(listener, cache).await });
    (heard, url)
}

async fn forget(
    State(told): State<UnboundedSender<String>>,
    method: Method,
    headers: HeaderMap,
) -> StatusCode {
    assert_eq!(method.as_str(), "PURGE");
    let tags = headers["xkey"].to_str().unwrap().to_owned();
    // The first time it is not well, and is asked again.
    let is_first = told.send(tags).is_ok() && !FIRST.swap(true, std::sync::atomic::Ordering::SeqCst);
    if is_first { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

static FIRST: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// Killed when dropped.
struct Purge(Child);

impl Drop for Purge {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn next(heard: &mut UnboundedReceiver<String>) -> String {
    timeout(Duration::from_secs(30), heard.recv()).await.expect("the cache is told in time").unwrap()
}

#[tokio::test]
async fn a_cache_is_told_what_a_change_concerns_twice_and_everything_at_first() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database);
    let run = |arguments: &[&str]| {
        let output =
            Command::new(SEDIA).args(arguments).env("DATABASE_URL", database.url()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let admin = run(&["key", "create", "--role", "admin"]);
    let bearer = format!("Bearer {admin}");
    let hospital =
        json!({"name": "RS A", "kind": "hospital", "region": "33.74.10", "external_ids": ["test:A"]});
    // A running server knows the key within a second.
    let mut made = 0;
    while made != 201 {
        let post = ureq::post(format!("{}/v1/facilities", server.url)).header("Authorization", &bearer);
        made = post.send_json(&hospital).map_or(0, |reply| reply.status().as_u16());
        tokio::task::yield_now().await;
    }
    let (mut heard, url) = cache().await;
    let mut purge = Command::new(SEDIA);
    purge.args(["purge", "--url", &url, "--node", &server.url, "--every-ms", "1"]).stderr(Stdio::null());
    let _purge = Purge(purge.spawn().unwrap());
    // Refused, tried again, and once more for what was being made meanwhile.
    for _ in 0..3 {
        assert_eq!(next(&mut heard).await, "sedia");
    }
    let put = ureq::put(format!("{}/v1/facilities/test:A/availability", server.url));
    let put = put.header("Authorization", &bearer);
    put.send_json(json!({"values": {"bed.icu": {"available": 3}}})).unwrap();
    for _ in 0..2 {
        assert_eq!(next(&mut heard).await, "sedia-33 sedia-33.74 sedia-33.74.10 sedia-country");
    }
    // Another name may move it in any list.
    let patch = ureq::patch(format!("{}/v1/facilities/test:A", server.url)).header("Authorization", &bearer);
    patch.send_json(json!({"name": "RS B"})).unwrap();
    assert_eq!(next(&mut heard).await, "sedia");
}
