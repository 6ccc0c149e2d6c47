//! Many facilities at once.

use axum::http::Method;
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const JSON: &str = r#"[
    {"facility": "test:A", "type": "bed.icu", "capacity": 10, "occupied": 7, "available": 3, "queue": 0},
    {"facility": "test:B", "type": "bed.icu", "available": 0},
    {"facility": "test:B", "type": "bed.hcu", "capacity": 4, "available": null, "observed_at": "2021-07-01T13:00:00+07:00"}
]"#;
const NDJSON: &str = concat!(
    r#"{"facility": "test:A", "type": "bed.icu", "capacity": 10, "occupied": 7, "available": 3, "queue": 0}"#,
    "\n\n",
    r#"{"facility": "test:B", "type": "bed.icu", "available": 0}"#,
    "\r\n",
    r#"{"facility": "test:B", "type": "bed.hcu", "capacity": 4, "observed_at": "2021-07-01T06:00:00Z"}"#,
);
const CSV: &str = "facility,type,session,capacity,occupied,available,queue,observed_at\n\
    test:A,bed.icu,,10,7,3,0,\n\
    test:B,bed.icu,,,,0,,\n\
    test:B,bed.hcu,,4,,,,2021-07-01T06:00:00Z\n";
/// As a spreadsheet writes it: a mark, Windows line ends, columns in another order and some left out.
const CSV_OF_A_SPREADSHEET: &str = "\u{feff}Available,Capacity,Occupied,Type,Facility,observed_at,queue\r\n\
    3,10,7,bed.icu,test:A,,0\r\n\
    0,,,bed.icu,test:B,,\r\n\
    ,4,,bed.hcu,test:B,2021-07-01T06:00:00Z,";
const CSV_WITH_SEMICOLONS: &str = "facility;type;capacity;occupied;available;queue;observed_at\n\
    \"test:A\";\"bed.icu\";10;7;3;0;\n\
    test:B;bed.icu;;;0;;\n\
    test:B;bed.hcu;4;;;;2021-07-01T06:00:00Z\n";

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.11", None).await;
    node
}

async fn send(node: &TestNode, query: &str, media_type: &str, body: &str) -> Reply {
    let key = node.admin().await;
    let call = node.call(Method::POST, &format!("/v1/reports{query}")).key(&key);
    call.body(media_type, body.to_owned()).language("en").send().await
}

/// The totals that the three reports make, whichever way they come.
fn totals() -> Value {
    json!([
        {"type": "bed.hcu", "capacity": 4, "occupied": null, "available": null, "queue": null,
            "facilities": 1, "facilities_available": 0, "facilities_unknown": 1, "facilities_stale": 0},
        {"type": "bed.icu", "capacity": 10, "occupied": 7, "available": 3, "queue": 0,
            "facilities": 2, "facilities_available": 1, "facilities_unknown": 0, "facilities_stale": 0},
    ])
}

#[track_caller]
fn assert_totals(answer: &Value) {
    let found = answer["totals"].as_array().unwrap();
    assert_eq!(found.len(), 2);
    for (found, expected) in found.iter().zip(totals().as_array().unwrap()) {
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(&found[member], value, "{member} of {found}");
        }
    }
}

#[rstest]
#[case::json("application/json", JSON)]
#[case::ndjson("application/x-ndjson", NDJSON)]
#[case::csv("text/csv; charset=utf-8", CSV)]
#[case::spreadsheet("text/csv", CSV_OF_A_SPREADSHEET)]
#[case::semicolons("text/csv", CSV_WITH_SEMICOLONS)]
#[tokio::test]
async fn every_way_to_write_a_list_says_the_same(#[case] media_type: &str, #[case] list: &str) {
    let node = start().await;
    let seq = node.seq().await;
    let tried = send(&node, "?dry_run=true", media_type, list).await.json();
    assert_eq!(node.seq().await, seq, "a dry run stores nothing");
    let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    assert_eq!(answer["totals"], json!([]));

    let done = send(&node, "", media_type, list).await.json();
    assert_eq!((&tried["dry_run"], &done["dry_run"]), (&json!(true), &json!(false)));
    for part in ["accepted", "late", "refused", "outcomes"] {
        assert_eq!(tried[part], done[part]);
    }
    assert_eq!((&done["accepted"], &done["refused"]), (&json!(3), &json!(0)));
    assert_eq!(
        done["outcomes"][2],
        json!({"row": 3, "facility": "test:B", "type": "bed.hcu", "status": "accepted"})
    );
    let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    assert_totals(&answer);
}

#[tokio::test]
async fn one_facility_at_a_time_adds_up_to_the_same() {
    let node = start().await;
    let key = node.admin().await;
    let numbers = json!({"bed.icu": {"capacity": 10, "occupied": 6, "available": 4, "queue": 0}});
    node.report("test:A", numbers).await;
    let body = json!({"type": "bed.icu", "delta": -1});
    node.post("/v1/facilities/test:A/availability/adjust", &body).key(&key).send().await.json();
    node.report("test:B", json!({"bed.icu": {"available": 0}, "bed.hcu": {"capacity": 4}})).await;
    for facility in ["A", "B"] {
        let path = format!("/v1/facilities/test:{facility}/availability/confirm");
        node.post(&path, &json!({})).key(&key).send().await.json();
    }
    assert_totals(&node.get("/v1/beds?region=33.74&min=0").send().await.json());
}

#[tokio::test]
async fn a_bad_row_does_not_stop_the_others() {
    let node = start().await;
    node.report("test:B", json!({"bed.icu": {"available": 9}})).await;
    let list = "facility,type,capacity,occupied,available,observed_at\n\
        test:A,bed.icu,10,8,3,\n\
        test:A,bed.hcu,,,2,\n\
        test:Z,bed.hcu,,,2,\n\
        test:B,bed.icu,,,1,2021-06-30T00:00:00Z\n\
        test:B,bed.hcu,,,x\n\
        test:B,bed.picu,x,-1,1,\n\
        test:A,bed.nicu,,,1,\n\
        test:A,bed.nicu,,,2,\n\
        test:B,bed.isolation,,,6,";
    let mut answers = Vec::new();
    for query in ["?dry_run=1", ""] {
        answers.push(send(&node, query, "text/csv", list).await.json()["outcomes"].clone());
    }
    assert_eq!(answers[0], answers[1]);
    let outcomes: Vec<(u64, &str, Vec<(&str, &str)>)> = answers[1]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            let errors = outcome["errors"].as_array().into_iter().flatten();
            let errors =
                errors.map(|error| (error["code"].as_str().unwrap(), error["pointer"].as_str().unwrap()));
            (outcome["row"].as_u64().unwrap(), outcome["status"].as_str().unwrap(), errors.collect())
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            (1, "refused", vec![("above_capacity", "/occupied")]),
            (2, "accepted", vec![]),
            (3, "refused", vec![("unknown_facility", "/facility")]),
            (4, "late", vec![]),
            (5, "refused", vec![("incomplete_row", "")]),
            (6, "refused", vec![("count_not_whole", "/capacity"), ("negative_count", "/occupied")]),
            (7, "refused", vec![("duplicate_row", "/facility")]),
            (8, "refused", vec![("duplicate_row", "/facility")]),
            (9, "accepted", vec![]),
        ]
    );
    let answer = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    let totals: Vec<_> = answer["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|total| (total["type"].as_str().unwrap(), total["available"].as_u64().unwrap()))
        .collect();
    assert_eq!(totals, [("bed.hcu", 2), ("bed.icu", 9), ("bed.isolation", 6)]);
}

#[tokio::test]
async fn outcomes_speak_the_language_of_the_request() {
    let node = start().await;
    let key = node.admin().await;
    let rows = json!([
        {"facility": "test:A", "type": "bed.icu", "available": 1},
        {"facility": "test:A", "type": "bed.hcu", "available": -1},
    ]);
    let mut details = Vec::new();
    for language in ["id", "en"] {
        let call = node.post("/v1/reports?dry_run=true", &rows).key(&key).language(language);
        details.push(call.send().await.json()["outcomes"][1]["errors"][0]["detail"].clone());
    }
    assert!(details[0].as_str().unwrap().contains("negatif"), "{details:?}");
    assert!(details[1].as_str().unwrap().contains("negative"), "{details:?}");
}

#[tokio::test]
async fn a_facility_is_named_by_either_id() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    let rows = json!([
        {"facility": id, "type": "bed.icu", "available": 1},
        {"facility": "test:A", "type": "bed.hcu", "available": 2},
        {"facility": id.to_uppercase(), "type": "bed.picu", "available": 3},
    ]);
    let key = node.admin().await;
    let receipt = node.post("/v1/reports", &rows).key(&key).send().await.json();
    assert_eq!(receipt["accepted"], 3, "{receipt}");
    // Two names of one facility are one facility: these two rows contradict each other.
    let rows = json!([
        {"facility": id, "type": "bed.icu", "available": 1},
        {"facility": "test:A", "type": "bed.icu", "available": 2},
    ]);
    let reply = node.post("/v1/reports", &rows).key(&key).send().await;
    let problem = reply.problem(422, "all_rows_refused");
    assert_eq!(problem["errors"][1]["code"], "duplicate_row");
    assert_eq!(problem["errors"][2]["pointer"], "/rows/2/facility");
    // Of a row that the key may not send, it is the row that is named.
    node.hospital("B", "33.22", None).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    let rows = json!([{"facility": "test:B", "type": "bed.icu", "available": 1}]);
    let problem =
        node.post("/v1/reports", &rows).key(&reporter).send().await.problem(422, "all_rows_refused");
    let error = &problem["errors"][1];
    assert_eq!((&error["code"], &error["pointer"]), (&json!("outside_scope"), &json!("/rows/1")));
}

#[tokio::test]
async fn a_rehearsal_does_not_use_up_the_idempotency_key() {
    let node = start().await;
    let key = node.admin().await;
    for query in ["?dry_run=true", ""] {
        let call = node
            .call(Method::POST, &format!("/v1/reports{query}"))
            .key(&key)
            .header("idempotency-key", "one");
        let reply = call.body("text/csv", CSV).send().await;
        assert_eq!(reply.json()["accepted"], 3, "{}", reply.text());
    }
}

/// As curl sends a file when nobody says what it is.
#[tokio::test]
async fn a_list_without_a_media_type_is_read_as_what_it_looks_like() {
    let node = start().await;
    for body in [JSON, NDJSON, CSV, CSV_OF_A_SPREADSHEET, CSV_WITH_SEMICOLONS] {
        let reply = send(&node, "", "application/x-www-form-urlencoded", body).await;
        assert_eq!(reply.json()["refused"], 0, "{}", reply.text());
    }
}
