//! What a facility reported in the course of time.

use chrono::Duration;
use rstest::rstest;
use sedia::{clock::Clock, domain::key::Role, store::retention::Keep};
use serde_json::{Value, json};

use crate::support::TestNode;

/// Everything a history tells, page by page: the numbers, and the days in short.
async fn whole(node: &TestNode, query: &str) -> (Vec<Value>, Vec<Value>) {
    let (mut history, mut daily, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = node.get(&format!("/v1/facilities/test:A/history?{query}{cursor}")).send().await.json();
        history.extend(page["history"].as_array().unwrap().iter().cloned());
        daily.extend(page["daily"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (history, daily),
        }
    }
}

/// Reports of one hospital, one each hour; the third is late. Gives what the receipts called late.
async fn reported() -> (TestNode, Vec<(u64, String)>) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.74.10", None).await;
    let key = node.admin().await;
    let mut late = Vec::new();
    for (hour, observed) in [(0, 7), (1, 8), (2, 7), (3, 10)] {
        let values =
            json!({"bed.icu": {"capacity": 9, "available": hour}, "bed.hcu": {"available": 9 - hour}});
        let body = json!({"observed_at": format!("2021-07-01T{observed:02}:00:00Z"), "values": values});
        let receipt = node.put("/v1/facilities/test:A/availability", &body).key(&key).send().await.json();
        for code in receipt["late"].as_array().unwrap() {
            late.push((node.seq().await, code.as_str().unwrap().to_owned()));
        }
        node.report("test:B", json!({"bed.icu": {"available": 1}})).await;
        node.patch("/v1/facilities/test:A", &json!({"address": format!("Jalan {hour}")}))
            .key(&key)
            .send()
            .await
            .json();
        node.clock.pass(Duration::hours(1));
    }
    assert_eq!(late.len(), 2);
    (node, late)
}

#[tokio::test]
async fn a_history_tells_each_number_and_whether_it_came_late() {
    let (node, late) = reported().await;
    let (history, daily) = whole(&node, "").await;
    assert!(daily.is_empty());
    let told: Vec<(&str, i64)> =
        history.iter().map(|n| (n["type"].as_str().unwrap(), n["available"].as_i64().unwrap())).collect();
    let icu = |hour| ("bed.icu", hour);
    let hcu = |hour| ("bed.hcu", 9 - hour);
    assert_eq!(told.len(), 8);
    for (index, hour) in [3, 2, 1, 0].into_iter().enumerate() {
        let mut pair = told[2 * index..2 * index + 2].to_vec();
        pair.sort_unstable();
        assert_eq!(pair, [hcu(hour), icu(hour)]);
    }
    let mut called: Vec<(u64, String)> = history
        .iter()
        .filter(|n| n["late"] == true)
        .map(|n| (n["seq"].as_u64().unwrap(), n["type"].as_str().unwrap().to_owned()))
        .collect();
    called.reverse();
    called.sort();
    let mut late = late;
    late.sort();
    assert_eq!(called, late);
    let last = &history[0];
    assert_eq!(
        (&last["observed_at"], &last["received_at"], &last["source"]),
        (&json!("2021-07-01T10:00:00Z"), &json!("2021-07-01T10:00:00Z"), &json!("coordinator"))
    );
    assert!(last.get("reporter").is_none());
    for limit in 1..6 {
        assert_eq!(whole(&node, &format!("limit={limit}")).await.0, history, "{limit}");
    }
}

#[tokio::test]
async fn a_history_is_narrowed_by_type_and_time_and_names_reporters_to_agents_only() {
    let (node, _) = reported().await;
    for (query, count) in [
        ("type=bed.icu", 4),
        ("type=kemenkes:38", 0),
        ("type=ICU%20tanpa%20ventilator", 4),
        ("type=bed.nicu", 0),
        ("from=2021-07-01T09:00:00Z", 4),
        ("from=2021-07-01T16:00:00%2B07:00&type=bed.icu", 2),
        // A + that a client forgot to encode.
        ("from=2021-07-01T16:00:00+07:00&to=2021-07-01T17:00:00+07:00", 2),
        ("to=2021-07-01T07:00:00Z", 0),
    ] {
        for limit in [1, 200] {
            assert_eq!(whole(&node, &format!("{query}&limit={limit}")).await.0.len(), count, "{query}");
        }
    }
    for (region, sees) in [("33.74", true), ("33.22", false)] {
        let agent = node.key(Role::Agent, Some(region), &[]).await;
        let answer = node.get("/v1/facilities/test:A/history").key(&agent).send().await.json();
        assert_eq!(answer["history"][0]["reporter"] == "test admin", sees);
    }
}

#[tokio::test]
async fn what_was_left_of_sessions_has_a_history_too() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let session = json!({
        "facility": "test:A", "weekly": {"weekdays": ["thu", "fri"], "from": "2021-07-01"}, "from": "08:00",
        "to": "16:00", "product": "sinovac", "doses": [1], "walk_in": true,
    });
    let id = node.post("/v1/sessions", &session).key(&key).send().await.json()["session"]["id"].clone();
    let id = id.as_str().unwrap();
    for (named, left, observed) in
        [(id.to_owned(), 7, 0), (id.to_owned(), 9, 5), (format!("{id}@2021-07-02"), 50, 0)]
    {
        let observed = node.clock.now() - Duration::minutes(observed);
        let left =
            json!({"observed_at": observed, "sessions": {named: {"capacity": 100, "available": left}}});
        node.put("/v1/facilities/test:A/availability", &left).key(&key).send().await.json();
    }
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    let (history, _) = whole(&node, "type=vaccination.session").await;
    let told: Vec<_> =
        history.iter().map(|one| (&one["session"], &one["date"], &one["available"], &one["late"])).collect();
    let (id, first, second) = (&json!(id), &json!("2021-07-01"), &json!("2021-07-02"));
    assert_eq!(
        told,
        [
            (id, second, &json!(50), &json!(false)),
            (id, first, &json!(9), &json!(true)),
            (id, first, &json!(7), &json!(false))
        ]
    );
    assert_eq!(whole(&node, "limit=1").await.0.len(), 4);
    let text =
        node.get("/v1/facilities/test:A/history").accept("text/plain").language("en").send().await.text();
    assert!(text.contains(", Friday 2 July: 50 free"), "{text}");
}

#[rstest]
#[case("test:A/history?type=bed.icuu", 422, "unknown_type")]
#[case("test:Z/history", 404, "unknown_facility")]
#[case("test:A/history?from=yesterday", 422, "invalid_time")]
#[case("test:A/history?from=2021-07-02T00:00:00Z&to=2021-07-01T00:00:00Z", 422, "parameters_disagree")]
#[case("test:A/history?type=ICU%20covid", 422, "ambiguous_type")]
#[case("test:A/history?limit=0", 400, "limit_out_of_range")]
#[case("test:A/history?cursor=abc", 400, "invalid_cursor")]
#[case("test:A/history?since=1", 400, "unknown_parameter")]
#[tokio::test]
async fn what_cannot_be_told_is_refused(#[case] path: &str, #[case] status: u16, #[case] code: &str) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.get(&format!("/v1/facilities/{path}")).send().await.problem(status, code);
}

#[tokio::test]
async fn where_reports_are_gone_days_are_told_in_short() {
    let (node, _) = reported().await;
    node.clock.pass(Duration::days(1));
    let key = node.admin().await;
    let keep = Keep { days: 2, rollup_days: 30 };
    let compact =
        async || node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
    compact().await;
    for available in [5, 4] {
        node.report("test:A", json!({"bed.icu": {"capacity": 8, "available": available}})).await;
    }
    let before = whole(&node, "type=bed.icu").await.0;
    node.clock.pass(Duration::hours(46));
    compact().await;
    let (history, daily) = whole(&node, "type=bed.icu").await;
    assert_eq!(history, before[..2]);
    assert_eq!(
        daily,
        [json!({"day": "2021-07-01", "type": "bed.icu", "available_min": 0, "available_max": 3,
                "available_last": 3, "capacity_last": 9, "reports": 4})]
    );
    for limit in 1..4 {
        assert_eq!(
            whole(&node, &format!("type=bed.icu&limit={limit}")).await,
            (history.clone(), daily.clone())
        );
    }
    assert_eq!(whole(&node, "limit=1").await.1.len(), 2);
    assert!(whole(&node, "from=2021-07-02T00:00:00Z").await.1.is_empty());
    node.clock.pass(Duration::days(40));
    node.patch("/v1/facilities/test:A", &json!({"address": "Jalan 9"})).key(&key).send().await.json();
    compact().await;
    assert!(whole(&node, "").await.1.is_empty());
}
