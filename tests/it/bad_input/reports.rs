//! Numbers that cannot be, and lists that cannot be read.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Expected, refused};
use crate::support::TestNode;

const PUT: &str = "/v1/facilities/test:A/availability";

/// The numbers of `bed.icu`, and what is wrong with them.
const NUMBERS: &[(&str, Expected<'_>)] = &[
    (r#"{"available": -1}"#, (422, "negative_count", "/available")),
    (r#"{"queue": -9223372036854775808}"#, (422, "negative_count", "/queue")),
    (r#"{"queue": -1e300}"#, (422, "negative_count", "/queue")),
    (r#"{"capacity": 1000001}"#, (422, "count_too_large", "/capacity")),
    (r#"{"capacity": 18446744073709551615}"#, (422, "count_too_large", "/capacity")),
    (r#"{"capacity": 10000000000000000000000000000000000000000}"#, (422, "count_too_large", "/capacity")),
    (r#"{"capacity": 1e300}"#, (422, "count_too_large", "/capacity")),
    (r#"{"occupied": 1.5}"#, (422, "count_not_whole", "/occupied")),
    (r#"{"occupied": true}"#, (422, "count_not_whole", "/occupied")),
    (r#"{"occupied": [1]}"#, (422, "count_not_whole", "/occupied")),
    (r#"{"occupied": "3"}"#, (422, "number_as_text", "/occupied")),
    (r#"{"occupied": ""}"#, (422, "number_as_text", "/occupied")),
    (r#"{"capacity": 10, "occupied": 7, "available": 4}"#, (422, "above_capacity", "/occupied")),
    (r#"{"capacity": 10, "occupied": 11}"#, (422, "above_capacity", "/occupied")),
    (r#"{"capacity": 10, "available": 11}"#, (422, "above_capacity", "/available")),
    (r#"{"free": 1}"#, (422, "unknown_field", "/free")),
    ("5", (422, "invalid_field", "")),
    ("null", (422, "invalid_field", "")),
];

/// A whole report, and what is wrong with it.
const REPORTS: &[(&str, Expected<'_>)] = &[
    ("{}", (422, "missing_field", "/values")),
    ("null", (422, "invalid_field", "")),
    (r#"{"values": {}}"#, (422, "nothing_reported", "/values")),
    (r#"{"values": []}"#, (422, "invalid_field", "/values")),
    (r#"{"values": {}, "by": "me"}"#, (422, "unknown_field", "/by")),
    (r#"{"values": {"bed.none": {"available": 1}}}"#, (422, "unknown_type", "/values/bed.none")),
    (r#"{"values": {"bed/none": {"available": 1}}}"#, (422, "unknown_type", "/values/bed~1none")),
    (r#"{"values": {"ICU covid": {"available": 1}}}"#, (422, "ambiguous_type", "/values/ICU covid")),
    (
        r#"{"values": {"bed.icu": {"available": 1}, "ICU": {"available": 1}}}"#,
        (422, "duplicate_row", "/values/ICU"),
    ),
    (
        r#"{"observed_at": "2021-07-01T07:02:01Z", "values": {"bed.icu": {"available": 1}}}"#,
        (422, "observed_in_future", "/observed_at"),
    ),
    (
        r#"{"observed_at": "1999-12-31T00:00:00Z", "values": {"bed.icu": {"available": 1}}}"#,
        (422, "invalid_time", "/observed_at"),
    ),
    (
        r#"{"observed_at": "kemarin", "values": {"bed.icu": {"available": 1}}}"#,
        (422, "invalid_time", "/observed_at"),
    ),
    (
        r#"{"observed_at": 1625122800, "values": {"bed.icu": {"available": 1}}}"#,
        (422, "invalid_field", "/observed_at"),
    ),
];

#[tokio::test]
async fn impossible_reports_are_refused_whole() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 5, "available": 2}})).await;
    let key = node.admin().await;
    let put = |body: String| node.call(Method::PUT, PUT).key(&key).body("application/json", body);
    for (numbers, (status, code, pointer)) in NUMBERS {
        // The good half of the report is not stored either.
        let body = format!(r#"{{"values": {{"bed.hcu": {{"available": 1}}, "bed.icu": {numbers}}}}}"#);
        let pointer = format!("/values/bed.icu{pointer}");
        refused(&node, || put(body.clone()), (*status, code, &pointer)).await;
    }
    for (body, expected) in REPORTS {
        refused(&node, || put((*body).to_owned()), *expected).await;
    }
    let facility = node.get("/v1/facilities/test:A").send().await.json();
    assert_eq!(facility["availability"][0]["available"], 2);
    assert_eq!(facility["availability"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn above_capacity_names_both_numbers() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let body = json!({"values": {"bed.icu": {"capacity": 10, "occupied": 7, "available": 4}}});
    let call = || node.put(PUT, &body).key(&key);
    let problem = refused(&node, call, (422, "above_capacity", "/values/bed.icu/occupied")).await;
    let detail = problem["detail"].as_str().unwrap();
    for number in ["4", "7", "11", "10"] {
        assert!(detail.contains(number), "{detail}");
    }
}

#[tokio::test]
async fn a_whole_number_is_whole_however_it_is_written() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10.0, "available": 3e0, "queue": -0.0}})).await;
    let number = node.get("/v1/facilities/test:A").send().await.json()["availability"][0].clone();
    assert_eq!(
        (&number["capacity"], &number["available"], &number["queue"]),
        (&json!(10), &json!(3), &json!(0))
    );
}

#[tokio::test]
async fn adjusting_and_confirming_need_something_to_go_by() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.10", None).await;
    let numbers =
        json!({"bed.icu": {"capacity": 5, "occupied": 3, "available": 2}, "bed.hcu": {"capacity": 5}});
    node.report("test:A", numbers).await;
    let key = node.admin().await;
    for (operation, body, expected) in [
        ("A/availability/adjust", json!({}), (422, "missing_field", "/type")),
        ("A/availability/adjust", json!({"type": "bed.icu"}), (422, "missing_field", "/delta")),
        ("A/availability/adjust", json!({"type": "bed.icu", "delta": 0}), (422, "invalid_field", "/delta")),
        (
            "A/availability/adjust",
            json!({"type": "bed.icu", "delta": 1001}),
            (422, "invalid_field", "/delta"),
        ),
        ("A/availability/adjust", json!({"type": "bed.icu", "delta": "1"}), (422, "invalid_field", "/delta")),
        ("A/availability/adjust", json!({"type": "bed.icu", "delta": -3}), (422, "negative_count", "/delta")),
        ("A/availability/adjust", json!({"type": "bed.icu", "delta": 4}), (422, "above_capacity", "/delta")),
        (
            "A/availability/adjust",
            json!({"type": "bed.hcu", "delta": 1}),
            (422, "nothing_to_adjust", "/delta"),
        ),
        ("A/availability/adjust", json!({"type": "bed.none", "delta": 1}), (422, "unknown_type", "/type")),
        ("B/availability/confirm", json!({}), (422, "nothing_to_adjust", "/types")),
        (
            "A/availability/confirm",
            json!({"types": ["bed.icu", "bed.none"]}),
            (422, "unknown_type", "/types/1"),
        ),
        ("A/availability/confirm", json!({"types": ["Oksigen"]}), (422, "unknown_type", "/types/0")),
        (
            "A/availability/confirm",
            json!({"observed_at": "2022-01-01T00:00:00Z"}),
            (422, "observed_in_future", "/observed_at"),
        ),
        ("C/availability/confirm", json!({}), (404, "unknown_facility", "id")),
    ] {
        let path = format!("/v1/facilities/test:{operation}");
        refused(&node, || node.post(&path, &body).key(&key), expected).await;
    }
}

/// A list of which no row can be taken: its media type, the list, and the first thing that is wrong.
const LISTS: &[(&str, &str, &str, &str)] = &[
    ("csv", "facility,type,available\ntest:A,bed.icu,1\ntest:B,bed.ic", "incomplete_row", "/rows/2"),
    ("csv", "facility,type,available\ntest:A,bed.icu,-1", "negative_count", "/rows/1/available"),
    ("csv", "facility,type,available\ntest:A,bed.icu,three", "count_not_whole", "/rows/1/available"),
    ("csv", "facility,type,available\ntest:A,bed.icu,1.5", "count_not_whole", "/rows/1/available"),
    (
        "csv",
        "facility,type,available\ntest:A,bed.icu,99999999999999999999999999999999999999999",
        "count_too_large",
        "/rows/1/available",
    ),
    ("csv", "facility,type,available\n,bed.icu,1", "missing_field", "/rows/1/facility"),
    ("csv", "facility,type,available\ntest:Z,bed.icu,1", "unknown_facility", "/rows/1/facility"),
    ("csv", "facility,type,available\n3374010,bed.icu,1", "unknown_facility", "/rows/1/facility"),
    ("csv", "facility,type,available\nRS C,bed.icu,1", "unknown_facility", "/rows/1/facility"),
    ("csv", "facility,type,available\nRS,bed.icu,1", "unknown_facility", "/rows/1/facility"),
    ("csv", "facility,type,available\ntest:A,bed.none,1", "unknown_type", "/rows/1/type"),
    ("csv", "facility,type,available\ntest:A,ICU covid,1", "ambiguous_type", "/rows/1/type"),
    (
        "csv",
        "facility,type,session,available\ntest:A,vaccination.session,s1,3",
        "unknown_session",
        "/rows/1/session",
    ),
    (
        "csv",
        "facility,type,session,available\ntest:A,vaccination.session,,3",
        "missing_field",
        "/rows/1/session",
    ),
    (
        "csv",
        "facility,type,session,available\ntest:A,vaccination.session,7c5e3c50-0000-0000-0000-000000000000@kapan,3",
        "invalid_date",
        "/rows/1/session",
    ),
    (
        "csv",
        "facility,type,session,available\ntest:A,bed.icu,7c5e3c50-0000-0000-0000-000000000000,3",
        "invalid_field",
        "/rows/1/session",
    ),
    (
        "json",
        r#"[{"facility": "test:A", "type": "bed.icu", "session": "s1"}]"#,
        "invalid_field",
        "/rows/1/session",
    ),
    (
        "csv",
        "facility,type,available,observed_at\ntest:A,bed.icu,1,2031-01-01T00:00:00Z",
        "observed_in_future",
        "/rows/1/observed_at",
    ),
    (
        "csv",
        "facility,type,available\ntest:A,bed.icu,1\ntest:A,bed.icu,2",
        "duplicate_row",
        "/rows/1/facility",
    ),
    (
        "json",
        r#"[{"facility": "test:A", "type": "bed.icu", "available": "1"}]"#,
        "number_as_text",
        "/rows/1/available",
    ),
    (
        "json",
        r#"[{"facility": "test:A", "type": "bed.icu", "capacity": 1, "occupied": 2}]"#,
        "above_capacity",
        "/rows/1/occupied",
    ),
    ("json", r#"[{"facility": "test:A", "type": "bed.icu", "free": 1}]"#, "unknown_field", "/rows/1/free"),
    ("x-ndjson", r#"{"facility": "test:A", "type": "bed.icu", "availab"#, "invalid_body", "/rows/1"),
    (
        "x-ndjson",
        r#"{"facility": "test:A", "type": "bed.icu", "available": 1, "available": 2}"#,
        "invalid_field",
        "/rows/1/available",
    ),
];

#[tokio::test]
async fn a_list_of_which_no_row_can_be_taken_is_refused() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.10", None).await;
    let key = node.admin().await;
    for (format, list, code, pointer) in LISTS {
        let media_type = if *format == "csv" { "text/csv".into() } else { format!("application/{format}") };
        // Leave out the good row that stands before half a line.
        let list = match list.strip_suffix("test:B,bed.ic") {
            Some(_) => "facility,type,available\ntest:Z,bed.icu,1\ntest:B,bed.ic",
            None => list,
        };
        let call = || node.call(Method::POST, "/v1/reports").key(&key).body(&media_type, list);
        let problem = refused(&node, call, (422, "all_rows_refused", "")).await;
        let has = |error: &Value| error["code"] == *code && error["pointer"] == *pointer;
        assert!(problem["errors"].as_array().unwrap().iter().any(has), "{pointer}: {problem}");
    }
}

#[tokio::test]
async fn a_list_that_is_none_is_refused() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let many = format!("[{}{{}}]", "{},".repeat(20_000));
    for (format, list, expected) in [
        ("text/csv", "", (422, "nothing_reported", "")),
        ("text/csv", "facility,type,available\n", (422, "nothing_reported", "")),
        ("text/csv", "type,available\nbed.icu,1", (422, "missing_field", "facility")),
        ("text/csv", "facility,type\ntest:A,bed.icu", (422, "missing_field", "available")),
        ("text/csv", "facility,type,availabel\ntest:A,bed.icu,1", (422, "unknown_field", "availabel")),
        ("application/json", &many, (413, "too_many_rows", "")),
        ("application/json", "[]", (422, "nothing_reported", "")),
        ("application/json", "{}", (422, "missing_field", "/reports")),
        ("application/json", "3", (422, "invalid_field", "")),
        ("application/json", "[{]", (400, "invalid_body", "")),
        ("application/json", "[] []", (400, "invalid_body", "")),
        ("application/x-ndjson", "\n\n", (422, "nothing_reported", "")),
    ] {
        let call = || node.call(Method::POST, "/v1/reports").key(&key).body(format, list.to_owned());
        refused(&node, call, expected).await;
    }
    for (query, expected) in [
        ("dry_run=maybe", (400, "invalid_parameter", "dry_run")),
        ("dryrun=true", (400, "unknown_parameter", "dryrun")),
    ] {
        let path = format!("/v1/reports?{query}");
        refused(&node, || node.post(&path, &json!([])).key(&key), expected).await;
    }
}

#[tokio::test]
async fn an_observation_to_come_is_told_in_the_time_of_the_facility() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let zone = json!({"timezone": "Asia/Jayapura"});
    assert!(node.patch("/v1/regions/33.74", &zone).key(&key).send().await.status.is_success());
    let body = json!({"observed_at": "2021-07-01T08:30:15.5Z", "values": {"bed.icu": {"available": 1}}});
    let reply = node.put("/v1/facilities/test:A/availability", &body).key(&key).send().await;
    let problem = reply.problem(422, "observed_in_future");
    let said = "2021-07-01 17:30 WIT setelah waktu sekarang (2021-07-01 16:00 WIT);";
    assert!(problem["detail"].as_str().unwrap().starts_with(said), "{problem}");
}
