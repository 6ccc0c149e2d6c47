//! A clock that is wrong for a moment, and what must not stay wrong afterwards. It is 1 July 2021, 14.00 WIB.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use rstest::rstest;
use sedia::{
    clock::{Clock, ClockWatch},
    domain::key::Role,
    store::{feed, retention::Keep},
};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::support::TestNode;

const AVAILABILITY: &str = "/v1/facilities/test:A/availability";

fn icu(available: u32) -> Value {
    json!({"bed.icu": {"capacity": 9, "available": available}})
}

/// A node with one hospital that has said that 5 beds are free.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    node.report("test:A", icu(5)).await;
    node.clock.pass(Duration::minutes(1));
    node
}

/// Does something while the clock is wrong by `wrong`.
async fn under_a_wrong_clock(node: &TestNode, wrong: Duration, something: impl AsyncFnOnce(&TestNode)) {
    node.clock.set(wrong);
    something(node).await;
    node.clock.set(-wrong);
    node.clock.pass(Duration::minutes(1));
    read_on(node).await;
}

/// What the node does several times a second.
async fn read_on(node: &TestNode) {
    feed::read_on(&node.node.database, &node.node.shared).await.unwrap();
}

async fn facility(node: &TestNode) -> Value {
    node.get("/v1/facilities/test:A").send().await.json()
}

fn number(answer: &Value) -> &Value {
    &answer["availability"][0]
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn times_follow_the_clock_of_now() {
    let node = start().await;
    node.hospital("B", "33.74", None).await;
    let expiring = json!({"role": "reporter", "facilities": ["test:B"], "expires_days": 1});
    let key = node.post("/v1/keys", &expiring).key(&node.admin().await).send().await.json();
    under_a_wrong_clock(&node, Duration::days(1), async |node| drop(node.report("test:A", icu(6)).await))
        .await;

    let body = json!({"values": icu(2)});
    let path = "/v1/facilities/test:B/availability";
    let receipt = node.put(path, &body).key(key["key"].as_str().unwrap()).send().await.json();
    assert_eq!(time(&receipt["received_at"]), node.clock.now());
    let answer = node.get("/v1/beds?region=33.74&type=bed.icu").send().await.json();
    assert_eq!(time(&answer["as_of"]), node.clock.now());
    assert_eq!(answer["facilities"][0]["name"], "RS B", "a number from the future is not the freshest");
    assert_eq!(time(&node.get("/livez").send().await.json()["last_change_at"]), node.clock.now());
    node.get("/readyz").send().await.json();
}

#[rstest]
#[case::observed_now(None)]
#[case::observed_before(Some(10))]
#[tokio::test]
async fn a_number_from_the_future_is_recognised_and_corrected(#[case] minutes_ago: Option<i64>) {
    let node = start().await;
    under_a_wrong_clock(&node, Duration::days(1), async |node| drop(node.report("test:A", icu(6)).await))
        .await;
    let answer = facility(&node).await;
    assert_eq!(number(&answer)["available"], 6);
    assert_eq!(number(&answer)["freshness"], "stale");
    assert!(time(&number(&answer)["observed_at"]) > node.clock.now() + Duration::hours(23));
    assert!(time(&answer["as_of"]) <= node.clock.now());
    for (language, words) in
        [("en", "by a wrong clock, in the future"), ("id", "dengan jam yang salah, di masa depan")]
    {
        let path = "/v1/facilities/test:A";
        let text = node.get(path).accept("text/plain").language(language).send().await.text().clone();
        assert!(text.contains(words), "{text}");
    }
    let due = node.get("/v1/completeness?region=33.74").key(&node.admin().await).send().await.json();
    assert!(time(&due["facilities"][0]["due_since"]) <= node.clock.now());

    let observed_at = minutes_ago.map(|minutes| node.clock.now() - Duration::minutes(minutes));
    let body = json!({"observed_at": observed_at, "values": icu(1)});
    let receipt = node.put(AVAILABILITY, &body).key(&node.admin().await).send().await.json();
    assert_eq!(receipt["late"], json!([]));
    let answer = facility(&node).await;
    assert_eq!(number(&answer)["available"], 1);
    assert_eq!(number(&answer)["freshness"], "fresh");
    assert_eq!(time(&answer["as_of"]), node.clock.now());

    // An older observation is late again.
    let body = json!({"observed_at": node.clock.now() - Duration::minutes(30), "values": icu(9)});
    let receipt = node.put(AVAILABILITY, &body).key(&node.admin().await).send().await.json();
    assert_eq!(receipt["late"], json!(["bed.icu"]));
    let before = facility(&node).await;
    let node = node.restart().await;
    assert_eq!(facility(&node).await, before);
}

#[tokio::test]
async fn clocks_that_differ_a_little_change_nothing() {
    let node = start().await;
    under_a_wrong_clock(&node, Duration::seconds(90), async |node| drop(node.report("test:A", icu(6)).await))
        .await;
    assert_eq!(number(&facility(&node).await)["freshness"], "fresh");
    let body = json!({"observed_at": node.clock.now() - Duration::seconds(1), "values": icu(9)});
    let receipt = node.put(AVAILABILITY, &body).key(&node.admin().await).send().await.json();
    assert_eq!(receipt["late"], json!(["bed.icu"]), "older than the clock of the other node");
    node.report("test:A", icu(3)).await;
    assert_eq!(number(&facility(&node).await)["available"], 3, "what is seen now is not late");
}

#[rstest]
#[case::a_write_notices(true)]
#[case::the_feed_notices(false)]
#[tokio::test]
async fn what_ended_by_a_wrong_clock_stands_again(#[case] by_a_write: bool) {
    let node = start().await;
    let (agent, other) = (node.key(Role::Agent, None, &[]).await, node.key(Role::Agent, None, &[]).await);
    let session = json!({
        "facility": "test:A", "date": "2021-07-01", "from": "13:00", "to": "16:00", "product": "sinovac", "doses": [1],
    });
    let made = node.post("/v1/sessions", &session).key(&node.admin().await).send().await.json();
    let left =
        json!({"sessions": {made["session"]["id"].as_str().unwrap(): {"capacity": 50, "available": 7}}});
    node.put(AVAILABILITY, &left).key(&node.admin().await).send().await.json();
    let marks = "/v1/facilities/test:A/marks";
    let claim = |by: &str| json!({"kind": "claim", "by": by});
    let made = node.post(marks, &claim("Siti")).key(&agent).send().await.json();
    node.clock.set(Duration::days(1));
    node.post(marks, &claim("Budi")).key(&other).send().await.json();
    assert_eq!(node.get("/v1/vaccinations?region=33.74").send().await.json()["facilities"], json!([]));
    node.clock.set(-Duration::days(1));
    if by_a_write {
        node.report("test:A", icu(4)).await;
    } else {
        read_on(&node).await;
    }
    let shown = node.get("/v1/vaccinations?region=33.74").send().await.json();
    assert_eq!(shown["facilities"][0]["sessions"][0]["left"], 7);
    let claimed = node.get("/v1/facilities/test:A").key(&agent).send().await.json();
    assert_eq!(claimed["claim"]["id"], made["id"], "nobody phones tomorrow");
    node.clock.pass(Duration::minutes(11));
    let answer = node.get("/v1/facilities/test:A").key(&agent).send().await.json();
    assert_eq!(answer["claim"], Value::Null);
}

#[tokio::test]
async fn every_moment_of_the_right_clock_can_be_asked_for() {
    let node = start().await;
    let mut seen = Vec::new();
    for (available, wrong) in
        [(6, Duration::days(1)), (7, Duration::zero()), (8, -Duration::days(1)), (9, Duration::zero())]
    {
        under_a_wrong_clock(&node, wrong, async |node| drop(node.report("test:A", icu(available)).await))
            .await;
        if wrong.is_zero() {
            seen.push((node.clock.now(), available, "fresh"));
            node.clock.pass(Duration::minutes(5));
        }
    }
    // A report dated by a clock that was behind counts from that date on, as a number a day old.
    seen[0] = (seen[0].0, 8, "stale");
    for (at, available, freshness) in seen {
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let answer = node.get(&format!("/v1/facilities/test:A?as_of={at}")).send().await.json();
        assert_eq!(number(&answer)["available"], available, "{at}");
        assert_eq!(number(&answer)["freshness"], freshness, "{at}");
    }
    let setbacks = node.node.database.clock_setbacks().await.unwrap();
    let by: Vec<i64> = setbacks.iter().map(|setback| (setback.before - setback.at).num_hours()).collect();
    assert_eq!(by, [23, 23]);
}

#[tokio::test]
async fn nothing_is_forgotten_because_a_wrong_clock_said_it_was_old() {
    let node = start().await;
    node.clock.pass(Duration::days(1));
    node.report("test:A", icu(6)).await;
    let moment = node.clock.now();
    under_a_wrong_clock(&node, -Duration::days(400), async |node| drop(node.report("test:A", icu(7)).await))
        .await;
    let keep = Keep { days: 30, rollup_days: 300 };
    for _ in 0..2 {
        node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
        node.clock.pass(Duration::days(2));
        node.report("test:A", icu(8)).await;
    }
    let at = moment.to_rfc3339_opts(SecondsFormat::Micros, true);
    node.get(&format!("/v1/facilities/test:A?as_of={at}")).send().await.json();
    // A state to start from that is dated in the future does not keep the next one from being made.
    let before = node.node.database.log_size().await.unwrap().checkpoints;
    node.clock.set(Duration::days(400));
    node.report("test:A", icu(5)).await;
    node.node
        .database
        .compact(node.clock.now(), Keep { days: 10_000, ..keep }, &node.node.tasks)
        .await
        .unwrap();
    node.clock.set(-Duration::days(400));
    for _ in 0..2 {
        node.clock.pass(Duration::days(2));
        node.report("test:A", icu(5)).await;
        node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
    }
    assert_eq!(node.node.database.log_size().await.unwrap().checkpoints, before + 3);
}

#[tokio::test]
async fn a_jump_is_noticed_once_and_distrusted_for_an_hour() {
    let node = TestNode::start().await;
    let mut watch = ClockWatch::new(Arc::clone(&node.clock) as Arc<dyn Clock>);
    node.clock.pass(Duration::days(3));
    assert_eq!(watch.jump(), None);
    assert!(watch.is_settled());
    node.clock.set(Duration::hours(-5));
    assert_eq!(watch.jump(), Some(Duration::hours(-5)));
    assert_eq!(watch.jump(), None);
    node.clock.pass(Duration::minutes(59));
    assert!(!watch.is_settled());
    node.clock.pass(Duration::minutes(1));
    assert!(watch.is_settled());
    node.clock.set(Duration::seconds(119));
    assert_eq!(watch.jump(), None, "clocks are set by seconds all the time");
}

#[tokio::test]
async fn a_clock_behind_the_log_is_reported_every_hour() {
    let node = TestNode::start().await;
    let mut watch = ClockWatch::new(Arc::clone(&node.clock) as Arc<dyn Clock>);
    let changed_at = node.clock.now() + Duration::hours(2);
    assert_eq!(watch.behind(node.clock.now() + Duration::minutes(2)), None, "clocks differ a little");
    assert_eq!(watch.behind(changed_at), Some(Duration::hours(2)));
    node.clock.pass(Duration::minutes(59));
    assert_eq!(watch.behind(changed_at), None);
    node.clock.pass(Duration::minutes(1));
    assert_eq!(watch.behind(changed_at), Some(Duration::hours(1)));
    node.clock.pass(Duration::hours(1));
    assert_eq!(watch.behind(changed_at), None, "the clock has caught up");
}
