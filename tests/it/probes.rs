//! Probes and metrics at an address of their own, which answers while the node cannot.

use std::{
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use sedia::http::HttpConfig;
use serde_json::Value;

use crate::support::{Reply, Server, TestDatabase, TestNode};

/// The status and the body of an answer, by a client that needs no runtime.
fn ask(url: &str) -> (u16, String) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut answer = agent.get(url).header("Accept-Language", "en").call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

/// Asks until the status is as expected, and gives the body.
fn ask_until(url: &str, expected: u16) -> String {
    let give_up = Instant::now() + Duration::from_secs(60);
    loop {
        let (status, body) = ask(url);
        if status == expected {
            return body;
        }
        assert!(Instant::now() < give_up, "{url}: {status} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_and_metrics_have_an_address_of_their_own() {
    let database = TestDatabase::empty().await;
    let probes = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start_with(&database, &["--listen-probes", &probes.to_string()]);
    for path in ["/livez", "/readyz"] {
        for origin in [&server.url, &format!("http://{probes}")] {
            let (status, body) = ask(&format!("{origin}{path}"));
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((status, &body["status"]), (200, &Value::from("ok")), "{origin}{path}");
        }
    }
    let (status, metrics) = ask(&format!("http://{probes}/metrics"));
    assert_eq!(status, 200);
    assert!(
        metrics
            .contains("\nsedia_http_request_seconds_count{method=\"GET\",route=\"/readyz\",status=\"200\"}")
    );
    // Only there, and nothing else is there.
    for elsewhere in [format!("{}/metrics", server.url), format!("http://{probes}/v1/types")] {
        let (status, body) = ask(&elsewhere);
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &problem["code"]), (404, &Value::from("not_found")), "{elsewhere}");
    }
}

#[tokio::test]
async fn metrics_that_are_elsewhere_are_not_here() {
    let config = HttpConfig { public_metrics: false, ..HttpConfig::default() };
    let node = TestNode::start_with(&config).await;
    for path in ["/metrics", "/metrics/", "//metrics"] {
        let refused: Reply = node.get(path).language("en").send().await;
        let problem = refused.problem(404, "not_found");
        assert!(problem["detail"].as_str().unwrap().contains("SEDIA_LISTEN_PROBES"), "{problem}");
    }
    node.get("/livez").send().await.json();
}

/// The node has one thread, that of this test: while the test holds it, nothing moves in the node.
#[tokio::test]
async fn a_node_in_which_nothing_moves_is_dead_until_it_moves() {
    let config = HttpConfig { stuck_after: Duration::from_millis(300), ..HttpConfig::default() };
    let node = TestNode::start().await;
    let ([address, probes], _database) = node.listen_with_probes(config).await;
    let url = |address: SocketAddr, path: &str| format!("http://{address}{path}");
    let main = url(address, "/livez");
    tokio::task::spawn_blocking(move || ask_until(&main, 200)).await.unwrap();

    let dead = ask_until(&url(probes, "/livez"), 503);
    let dead: Value = serde_json::from_str(&dead).unwrap();
    assert_eq!(dead["code"], "unavailable");
    assert!(dead["detail"].as_str().unwrap().contains("0.3 seconds"), "{dead}");
    let unready: Value = serde_json::from_str(&ask_until(&url(probes, "/readyz"), 503)).unwrap();
    assert!(unready["detail"].as_str().unwrap().contains("within 1 s"), "{unready}");
    let (status, metrics) = ask(&url(probes, "/metrics"));
    assert_eq!(status, 200);
    assert!(metrics.contains("\nsedia_seq "), "{metrics}");

    for path in ["/livez", "/readyz"] {
        let probe = url(probes, path);
        tokio::task::spawn_blocking(move || ask_until(&probe, 200)).await.unwrap();
    }
}
