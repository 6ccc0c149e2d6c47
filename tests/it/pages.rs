//! The pages for people, as the server writes them.

mod board;
mod desk;
mod form;
mod office;
mod openid;
mod sign_in;

use axum::http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::support::{Reply, TestNode};

/// A node with a hospital, and the address of a form for it.
async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    node.hospital("Harapan", "33.74.10", None).await;
    let values = json!({
        "bed.icu": {"capacity": 10, "occupied": 6, "available": 4, "queue": 1},
        "bed.class3": {"capacity": 40, "available": 12},
    });
    node.report("test:Harapan", values).await;
    let path = link(&node, json!({"facility": "test:Harapan", "name": "Bu Sri, IGD"})).await;
    (node, path)
}

/// The address of the form of a new link.
async fn link(node: &TestNode, input: serde_json::Value) -> String {
    let key = node.admin().await;
    let made = node.post("/v1/links", &input).key(&key).send().await.json();
    made["url"].as_str().unwrap().to_owned()
}

/// Checks that this is a page with `status`, guarded as every page is, and gives its text.
#[track_caller]
fn page(reply: &Reply, status: StatusCode) -> String {
    let text = reply.text();
    assert_eq!((reply.status, reply.header("content-type")), (status, "text/html; charset=utf-8"), "{text}");
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    // Neither lets an address leave this site.
    assert!(["no-referrer", "same-origin"].contains(&reply.header("referrer-policy")));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    // Only a form that changed something has one to give, with the number of the change.
    let cookie = reply.header("set-cookie");
    assert!(cookie.is_empty() || cookie.starts_with("sedia-seq="), "{cookie}");
    for forbidden in ["<style", " style=", " onclick=", "<script>", "//cdn", "http://", "https://"] {
        assert!(!text.contains(forbidden), "{forbidden} in {text}");
    }
    text
}

/// What people and programs have sent to be run in somebody else's browser.
const CROSS_SITE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}${7*7}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=\"javascript:alert(1)\">RS</a>",
];

#[tokio::test]
async fn text_from_outside_is_only_text() {
    for (n, text) in CROSS_SITE.into_iter().enumerate() {
        let node = TestNode::start().await;
        let key = node.admin().await;
        let input = json!({"name": format!("RS {text}"), "kind": "hospital", "region": "33.74.10",
            "address": text, "external_ids": [format!("test:{n}")], "phones": [{"number": "024-8413476", "label": text}]});
        let made = node.post("/v1/facilities", &input).key(&key).send().await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let facility = format!("test:{n}");
        node.report(&facility, json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
        let form = link(&node, json!({"facility": facility, "name": text})).await;
        let question = format!("/?q={}", utf8_percent_encode(text, NON_ALPHANUMERIC));
        let facility_page = format!("/facilities/{facility}");
        for path in [
            &form,
            "/regions/33.74.10",
            "/embed/regions/33.74.10",
            &facility_page,
            "/?q=icu+tembalang",
            &question,
        ] {
            let shown = node.get(path).send().await.text();
            let (_, body) = shown.split_once("<body").unwrap();
            assert!(
                !body.contains("<script>") && !body.contains("<img") && !body.contains("<svg/"),
                "{path}: {body}"
            );
            assert!(!body.contains("\" autofocus"), "{body}");
            assert!(!body.contains("href=\"javascript:"), "{path}: {body}");
        }
        let feed = node.get("/regions/33.74.10/feed.atom").send().await.text();
        assert!(!feed.contains("<script") && !feed.contains("<img") && !feed.contains("<svg"), "{feed}");
        let entered = format!("key=a&bed.icu%2Favailable={}", question.trim_start_matches("/?q="));
        let refused =
            node.call(axum::http::Method::POST, &form).body("application/x-www-form-urlencoded", entered);
        let refused = page(&refused.send().await, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.contains("<img") && !refused.contains("<svg/"), "{refused}");
    }
}

#[tokio::test]
async fn files_beside_the_pages_are_kept_and_the_worker_is_asked_for_again() {
    let (node, path) = start().await;
    let form = page(&node.get(&path).send().await, StatusCode::OK);
    let files: Vec<&str> = form.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let reply = node.get(file).send().await;
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (StatusCode::OK, "public, max-age=31536000, immutable")
        );
    }
    assert_eq!(node.get("/worker.js").send().await.header("cache-control"), "no-cache");
    node.get("/assets/sedia-0000000000000000.css").send().await.problem(404, "not_found");
}
