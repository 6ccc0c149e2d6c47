//! The same beds sent to both systems: what one of them knows is not undone by what the other leaves out.

use axum::http::Method;
use chrono::Duration;
use sedia::clock::Clock;
use serde_json::{Value, json};

use super::{
    aplicares, numbers, reading,
    rooms::{bed, row},
    rsonline, start,
};

#[tokio::test]
async fn what_one_system_leaves_out_stays_as_the_other_says_it() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("6", "1", ["10", "7", "3", "2"])).await.json();
    let counted = reading(&node, "A", "bed.icu").await["observed_at"].clone();
    for free in ["2", "3"] {
        node.clock.pass(Duration::minutes(1));
        aplicares(&node, &key, "update", "A", &bed("ICU", "R1", "10", free)).await.json();
        let free: u64 = free.parse().unwrap();
        assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), json!(7), json!(free), json!(2)]);
    }
    assert_eq!(reading(&node, "A", "bed.icu").await["oldest_room_observed_at"], counted);
    // What cannot be together is not.
    node.clock.pass(Duration::minutes(1));
    aplicares(&node, &key, "update", "A", &bed("ICU", "R1", "10", "5")).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), Value::Null, json!(5), json!(2)]);
    // And the other way round.
    node.clock.pass(Duration::minutes(1));
    let partial = json!({"id_t_tt": "1", "jumlah": "", "terpakai": "4", "antrian": "1"});
    rsonline(&node, &key, Method::PUT, "A", &partial).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[1..], [json!(4), json!(5), json!(1)]);
    let before = reading(&node, "A", "bed.icu").await;
    let node = node.restart().await;
    assert_eq!(reading(&node, "A", "bed.icu").await, before);
}

#[tokio::test]
async fn a_system_that_removes_its_rooms_takes_nothing_from_the_other() {
    let (node, key) = start().await;
    let gone = json!({"kodekelas": "ICU", "koderuang": "R1"});
    let said_by_ministry = [json!(10), json!(7), json!(3), json!(2)];
    for ministry_last in [false, true] {
        let beds = row("6", "1", ["10", "7", "3", "2"]);
        let send = async |is_ministry: bool| {
            node.clock.pass(Duration::minutes(1));
            if is_ministry {
                rsonline(&node, &key, Method::POST, "A", &beds).await.json()
            } else {
                aplicares(&node, &key, "create", "A", &bed("ICU", "R1", "9", "1")).await.json()
            }
        };
        send(!ministry_last).await;
        send(ministry_last).await;
        node.clock.pass(Duration::minutes(1));
        aplicares(&node, &key, "delete", "A", &gone).await.json();
        assert_eq!(numbers(&node, "A", "bed.icu").await, said_by_ministry, "{ministry_last}");
    }
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": "1"})).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [const { Value::Null }; 4]);
}

#[tokio::test]
async fn a_later_word_of_a_person_and_the_age_of_the_other_end_that() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("6", "1", ["10", "7", "3", "2"])).await.json();
    node.clock.pass(Duration::minutes(1));
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "available": 4, "queue": 0}})).await;
    node.clock.pass(Duration::minutes(1));
    aplicares(&node, &key, "update", "A", &bed("ICU", "R1", "10", "3")).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), Value::Null, json!(3), Value::Null]);
    rsonline(&node, &key, Method::PUT, "A", &row("6", "1", ["10", "7", "3", "2"])).await.json();
    // An ICU's numbers are stale after twelve hours.
    node.clock.pass(Duration::hours(13));
    aplicares(&node, &key, "update", "A", &bed("ICU", "R1", "10", "2")).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), Value::Null, json!(2), Value::Null]);
}

/// The other system's rows may arrive late, or its rooms may go: what they had said goes with them.
#[tokio::test]
async fn what_completes_a_sum_follows_its_rooms() {
    let (node, key) = start().await;
    let begin = node.clock.now();
    node.clock.pass(Duration::hours(1));
    let ministry = async |minute: i64, method: Method, body: Value| {
        let at = (begin + Duration::minutes(minute)).timestamp().to_string();
        let call = node.call(method, "/bridge/rsonline/Fasyankes").json(&body).header("X-rs-id", "33A");
        call.header("X-pass", &key).header("X-Timestamp", &at).send().await.json()
    };
    ministry(10, Method::POST, row("6", "1", ["10", "7", "3", "2"])).await;
    aplicares(&node, &key, "update", "A", &bed("ICU", "R1", "10", "2")).await.json();
    ministry(20, Method::PUT, row("6", "1", ["10", "6", "4", "1"])).await;
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), json!(6), json!(2), json!(1)]);
    ministry(30, Method::DELETE, json!({"id_t_tt": "1"})).await;
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(10), Value::Null, json!(2), Value::Null]);
}
