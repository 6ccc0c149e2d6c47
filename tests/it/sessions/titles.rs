//! A site is also found by what its sessions are called, as long as they are still to come.

use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{add, ask, names};
use crate::support::TestNode;

/// The names of the facilities that `q` finds, without `RS `.
async fn found(node: &TestNode, q: &str) -> Vec<String> {
    let answer = node.get(&format!("/v1/search?q={q}")).send().await.json();
    names(&answer).into_iter().map(str::to_owned).collect()
}

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("Tembalang", "33.74.10", None).await;
    node.hospital("Ungaran", "33.22", None).await;
    add(&node, "Tembalang", json!({"title": "Sentra vaksin Holy Stadium"})).await;
    node
}

#[rstest]
#[case("holy+stadium")]
#[case("sentra+vaksin+holy+stadium")]
#[case("vaksinasi+stadium+holy")]
#[case("stadiun")]
#[case("holystadium+semarang")]
#[tokio::test]
async fn a_site_is_found_by_the_title_of_a_session(#[case] q: &str) {
    let node = start().await;
    assert_eq!(found(&node, q).await, ["Tembalang"], "{q}");
    let answer = ask(&node, &format!("region=33.74&q={q}")).await;
    assert_eq!((names(&answer), &answer["widened"]), (vec!["Tembalang"], &Value::Null));
    assert_eq!(found(&node, "tembalang").await, ["Tembalang"]);
}

/// A mistyped title is meant even where a name begins with what was typed.
#[tokio::test]
async fn a_title_is_found_in_spite_of_a_typing_error() {
    let node = start().await;
    node.hospital("Masalembu", "35.29", None).await;
    add(&node, "Ungaran", json!({"title": "Vaksinasi Massal"})).await;
    for q in ["vaksinasi+masal", "vaksin+masal"] {
        assert!(found(&node, q).await.contains(&"Ungaran".to_owned()), "{q}");
    }
    assert_eq!(found(&node, "masalembu").await, ["Masalembu"]);
}

#[tokio::test]
async fn only_the_sessions_that_are_called_so_are_meant() {
    let node = start().await;
    add(&node, "Tembalang", json!({"title": "Sentra vaksin Balai Kota", "to": "13:00"})).await;
    let asked = async |q: &str| {
        let answer = ask(&node, &format!("region=33.74&q={q}")).await;
        let sessions = answer["facilities"][0]["sessions"].as_array().unwrap().clone();
        sessions.iter().map(|session| session["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked("balai+kota").await, ["Sentra vaksin Balai Kota"]);
    assert_eq!(asked("holly+stadium+semarang").await, ["Sentra vaksin Holy Stadium"]);
    // The name of the place means all of them.
    assert_eq!(asked("rs+tembalang").await.len(), 2);
    let path = "/v1/vaccinations?region=33.74&q=balai+kota";
    let text = node.get(path).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("named \"balai kota\""), "{text}");
}

#[tokio::test]
async fn a_name_counts_more_than_a_title() {
    let node = start().await;
    add(&node, "Tembalang", json!({"title": "Vaksinasi bersama Ungaran"})).await;
    assert_eq!(found(&node, "ungaran").await, ["Ungaran", "Tembalang"]);
}

#[tokio::test]
async fn a_title_leaves_when_its_session_is_over() {
    let node = start().await;
    let key = node.admin().await;
    let weekly = json!({"weekdays": ["fri"], "from": "2021-07-01", "until": "2021-07-09"});
    add(&node, "Ungaran", json!({"title": "Gedung Holy", "weekly": weekly})).await;
    assert_eq!(found(&node, "holy").await, ["Tembalang", "Ungaran"]);
    // It closes on 2 July at 12.00 WIB; nothing is written meanwhile.
    node.clock.pass(Duration::hours(22) - Duration::microseconds(1));
    assert_eq!(found(&node, "holy").await, ["Tembalang", "Ungaran"]);
    node.clock.pass(Duration::microseconds(1));
    assert_eq!(found(&node, "holy").await, ["Ungaran"]);
    node.clock.pass(Duration::days(7));
    assert!(found(&node, "holy").await.is_empty());
    // The name stays, whatever else changes, and what is over comes back with a new date.
    let session = json!({"title": "Tembalang Holy", "date": "2021-07-12"});
    let id = add(&node, "Tembalang", session).await;
    let path = format!("/v1/sessions/{id}");
    assert_eq!(found(&node, "tembalang").await, ["Tembalang"]);
    node.patch("/v1/facilities/test:Tembalang", &json!({"address": "Jalan 1"})).key(&key).send().await.json();
    assert_eq!(found(&node, "holy").await, ["Tembalang"]);
    node.patch(&path, &json!({"title": "Balai Kota"})).key(&key).send().await.json();
    assert!(found(&node, "holy").await.is_empty());
    assert_eq!(found(&node, "balai").await, ["Tembalang"]);
    node.delete(&path).key(&key).send().await.json();
    assert!(found(&node, "balai").await.is_empty());
    node.patch(&path, &json!({"cancelled": false})).key(&key).send().await.json();
    assert_eq!(found(&node, "balai").await, ["Tembalang"]);
    assert_eq!(found(&node, "tembalang").await, ["Tembalang"]);
    let node = node.restart().await;
    assert_eq!(found(&node, "balai").await, ["Tembalang"]);
    assert!(found(&node, "holy").await.is_empty());
}
