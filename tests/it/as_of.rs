//! What the directory knew at a moment, and that forgetting takes nothing else with it.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use futures_util::future::join_all;
use rstest::rstest;
use sedia::{
    clock::Clock,
    domain::{
        facility::{FacilityRef, Visibility},
        key::Role,
        region::Zone,
    },
    snapshot::Snapshot,
    store::{self, as_of::AsOf, retention::Keep},
};
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

const QUESTIONS: [&str; 8] = [
    "/v1/beds?region=33&min=0",
    "/v1/beds?region=33.74&type=bed.icu",
    "/v1/beds?near=33.74.10&within=50&freshness=aging",
    "/v1/facilities/test:A",
    "/v1/facilities/test:B",
    "/v1/vaccinations?region=33&min=0&from=2021-07-01&to=2021-07-20",
    "/v1/regions/33/overview",
    "/v1/completeness?region=33",
];

/// An answer that was given, when, and to whom.
struct Given {
    at: DateTime<Utc>,
    question: &'static str,
    form: &'static str,
    key: Option<String>,
    reply: Reply,
}

async fn ask(node: &TestNode, path: &str, form: &str, key: Option<&str>) -> Reply {
    let call = node.get(path).accept(form).language("en");
    match key {
        Some(key) => call.key(key).send().await,
        None => call.send().await,
    }
}

async fn answers(node: &TestNode, agent: &str) -> Vec<Given> {
    let mut given = Vec::new();
    for question in QUESTIONS {
        for form in ["application/json", "text/plain"] {
            for key in [None, Some(agent)] {
                let reply = ask(node, question, form, key).await;
                let at = node.clock.now();
                given.push(Given { at, question, form, key: key.map(str::to_owned), reply });
            }
        }
    }
    given
}

fn as_of(question: &str, at: DateTime<Utc>) -> String {
    let mark = if question.contains('?') { '&' } else { '?' };
    format!("{question}{mark}as_of={}", at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

async fn the_same_are_given_again(node: &TestNode, given: &[Given]) {
    for Given { at, question, form, key, reply } in given {
        let again = ask(node, &as_of(question, *at), form, key.as_deref()).await;
        assert_eq!(again.status, reply.status, "{at} {question} {}", again.text());
        assert_eq!(again.text(), reply.text(), "{at} {question}");
        assert_eq!(again.header("etag"), reply.header("etag"));
    }
}

/// A day in which something of everything happens.
async fn a_day(node: &TestNode, day: i64) {
    let key = node.admin().await;
    for hospital in ["test:A", "test:B"] {
        for available in [day % 5, day % 3] {
            node.report(hospital, json!({"bed.icu": {"capacity": 9, "available": available}})).await;
            node.clock.pass(Duration::hours(5));
        }
    }
    let region = ["33.74.10", "33.22", "33.74"][usize::try_from(day % 3).unwrap()];
    let patch = json!({"region": region, "name": format!("RS A {day}")});
    node.patch("/v1/facilities/test:A", &patch).key(&key).send().await.json();
    let contact =
        json!({"region": "33.74", "name": format!("Piket {day}"), "role": "satgas", "phone": "0811-1"});
    node.post("/v1/contacts", &contact).key(&key).send().await.json();
    let name = json!({"name": format!("Kota Semarang {day}")});
    node.put("/v1/regions/33.74", &name).key(&key).send().await.json();
    let date = (node.clock.now() + Duration::days(1)).date_naive();
    let session = json!({
        "facility": "test:A", "date": date, "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1],
    });
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    let id = made["session"]["id"].as_str().unwrap().to_owned();
    let left = json!({"sessions": {&id: {"capacity": 50, "available": day}}});
    node.put("/v1/facilities/test:A/availability", &left).key(&key).send().await.json();
    if day % 3 == 1 {
        node.delete(&format!("/v1/sessions/{id}")).key(&key).send().await.json();
    }
    node.clock.pass(Duration::hours(4));
}

async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    node.clock.pass(Duration::minutes(1));
    node.hospital("A", "33.74.10", None).await;
    node.hospital("B", "33.22", Some((-7.1, 110.4))).await;
    let agent = node.key(Role::Agent, None, &[]).await;
    node.clock.pass(Duration::minutes(1));
    (node, agent)
}

#[tokio::test]
async fn what_was_answered_is_answered_again_as_of_then() {
    let (node, agent) = start().await;
    let mut given = answers(&node, &agent).await;
    for day in 0..3 {
        node.clock.pass(Duration::seconds(1));
        a_day(&node, day).await;
        given.extend(answers(&node, &agent).await);
        // While nothing happens numbers grow stale.
        node.clock.pass(Duration::hours(13));
        given.extend(answers(&node, &agent).await);
    }
    the_same_are_given_again(&node, &given).await;
    // The present is not touched by any of it.
    let now = answers(&node, &agent).await;
    assert_eq!(now.last().unwrap().reply.text(), given.last().unwrap().reply.text());
    the_same_are_given_again(&node, &now).await;
}

#[tokio::test]
async fn forgetting_keeps_the_present_and_every_moment_within_what_is_kept() {
    let (mut node, agent) = start().await;
    let keep = Keep { days: 3, rollup_days: 30 };
    let mut given: Vec<Given> = Vec::new();
    for day in 0..9 {
        a_day(&node, day).await;
        given.extend(answers(&node, &agent).await);
        node.clock.pass(Duration::hours(1));
        node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
    }
    let size = node.node.database.log_size().await.unwrap();
    let first = node.node.database.first_change().await.unwrap().unwrap().0;
    assert!(first > 1 && size.checkpoints <= 6, "{size:?} {first}");
    let earliest = size.earliest.unwrap();
    assert!(earliest <= node.clock.now() - Duration::days(3), "{earliest}");
    assert!(earliest >= node.clock.now() - Duration::days(6), "{earliest}");
    let (gone, kept): (Vec<Given>, Vec<Given>) = given.into_iter().partition(|given| given.at < earliest);
    assert!(!gone.is_empty() && kept.len() >= 60);
    the_same_are_given_again(&node, &kept).await;
    for Given { at, question, .. } in gone {
        let refused = node.get(&as_of(question, at)).language("en").send().await.problem(410, "not_kept");
        // The first whole minute that can be asked for.
        let said = Zone::Wib.minute(earliest + Duration::nanoseconds(59_999_999_999));
        assert!(refused["detail"].as_str().unwrap().contains(&said), "{refused}");
    }
    // Memory, tables, and what a new process reads say the same.
    let told = |replies: Vec<Given>| replies.iter().map(|given| given.reply.text()).collect::<Vec<_>>();
    let live = told(answers(&node, &agent).await);
    let loaded = store::load(&node.node.database, node.clock.now()).await.unwrap();
    assert_eq!(loaded.seq(), node.state().await.seq());
    node = node.restart().await;
    assert_eq!(told(answers(&node, &agent).await), live);
    the_same_are_given_again(&node, &kept).await;
    // Writing goes on, and a follower that is too far behind is told to start again.
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    node.get("/v1/changes?after=1").send().await.problem(410, "not_kept");
    node.get("/v1/changes/stream?after=1").send().await.problem(410, "not_kept");
    let changes = node.get("/v1/changes?limit=1").send().await.json();
    assert!(changes["changes"][0]["seq"].as_u64().unwrap() >= first);
}

/// The answers that tell no ages in words.
fn json_of(given: &[Given]) -> Vec<String> {
    given.iter().filter(|given| given.form == "application/json").map(|given| given.reply.text()).collect()
}

#[tokio::test]
async fn a_silent_directory_keeps_its_last_change() {
    let (node, agent) = start().await;
    let before = json_of(&answers(&node, &agent).await);
    let seq = node.seq().await;
    let keep = Keep { days: 1, rollup_days: 1 };
    for _ in 0..5 {
        node.clock.pass(Duration::days(1));
        node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
    }
    assert_eq!(node.node.database.first_change().await.unwrap().unwrap().0, seq);
    let node = node.restart().await;
    assert_eq!(json_of(&answers(&node, &agent).await), before);
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    assert_eq!(node.seq().await, seq + 1);
}

#[tokio::test]
async fn a_moment_that_cannot_be_shown_is_refused() {
    let (node, _) = start().await;
    for (moment, status, code) in [
        ("2021-07-01T07:02:00.000001Z", 422, "as_of_in_future"),
        ("2021-07-01T06:59:59Z", 410, "not_kept"),
        ("yesterday", 422, "invalid_time"),
    ] {
        for question in [
            "/v1/beds?min=0&",
            "/v1/facilities/test:A?",
            "/v1/vaccinations?",
            "/v1/regions/33/overview?",
            "/v1/completeness?",
        ] {
            let refused = node.get(&format!("{question}as_of={moment}")).send().await.problem(status, code);
            assert_eq!(refused["errors"][0]["pointer"], "as_of");
        }
    }
    // The hospital was not known yet.
    let early = node.get("/v1/facilities/test:A?as_of=2021-07-01T07:00:30Z").send().await;
    early.problem(404, "unknown_facility");
    node.get("/v1/beds?as_of=2021-07-01T07:01:00Z&as_of=2021-07-01T07:01:00Z")
        .send()
        .await
        .problem(400, "invalid_parameter");
}

#[tokio::test]
async fn a_booking_telephone_that_was_taken_back_is_gone_from_the_past_too() {
    let (node, _) = start().await;
    let key = node.admin().await;
    let session = json!({
        "facility": "test:A", "date": "2021-07-20", "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1],
        "booking_phone": "0811-555", "booking_url": "https://example.org/daftar",
    });
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    let before = node.clock.now();
    let told = async || {
        let asked = as_of("/v1/vaccinations?region=33&date=2021-07-20", before);
        let past = ask(&node, &asked, "application/json", None).await.text();
        let changes = json!(super::follow::pages(&node, None, 0, "&limit=200").await).to_string();
        [past, changes].map(|text| ["0811-555", "example.org"].map(|word| text.contains(word)))
    };
    node.clock.pass(Duration::minutes(1));
    assert_eq!(told().await, [[true, true]; 2]);
    let path = format!("/v1/sessions/{}", made["session"]["id"].as_str().unwrap());
    node.patch(&path, &json!({"booking_phone": null})).key(&key).send().await.json();
    node.clock.pass(Duration::minutes(3));
    assert_eq!(told().await, [[false, true]; 2]);
}

#[rstest]
#[case::made_internal(json!([{"number": "024-8413476", "visibility": "internal"}]), false)]
#[case::written_otherwise(json!([{"number": "+62 24 8413476", "visibility": "internal"}]), false)]
#[case::removed(json!([]), true)]
#[tokio::test]
async fn what_is_not_public_any_more_is_internal_in_the_past_too(
    #[case] phones: Value,
    #[case] removed: bool,
) {
    let (node, agent) = start().await;
    let key = node.admin().await;
    let contact = |visibility: &str| json!({"region": "33.74", "name": "Bu Sri", "role": "satgas", "phone": "0811-777", "visibility": visibility});
    let id = node.post("/v1/contacts", &contact("public")).key(&key).send().await.json()["id"].clone();
    // A facility without a telephone is shown with that contact.
    node.hospital("Sunyi", "33.74.10", None).await;
    node.patch("/v1/facilities/test:Sunyi", &json!({"phones": []})).key(&key).send().await.json();
    let before = node.clock.now();
    node.clock.pass(Duration::minutes(2));
    let beds = as_of("/v1/beds?region=33.74&min=0", before);
    let shown = ask(&node, &beds, "application/json", None).await.text();
    assert!(shown.contains("0811-777") && shown.contains("024-8413476"), "{shown}");
    node.patch("/v1/facilities/test:A", &json!({"phones": phones})).key(&key).send().await.json();
    let person = format!("/v1/contacts/{}", id.as_str().unwrap());
    let call = if removed { node.delete(&person) } else { node.put(&person, &contact("internal")) };
    call.key(&key).send().await.json();
    let shown = ask(&node, &beds, "application/json", None).await.text();
    assert!(!shown.contains("0811-777") && !shown.contains("024-8413476"), "{shown}");
    let path = as_of("/v1/facilities/test:A", before);
    for (key, sees) in [(None, false), (Some(agent.as_str()), true)] {
        for form in ["application/json", "text/plain"] {
            let text = ask(&node, &path, form, key).await.text();
            assert!(text.contains("RS A"), "{text}");
            assert_eq!(text.contains("024-8413476"), sees, "{text}");
            assert_eq!(text.contains("0811-777"), sees, "{text}");
        }
        let named =
            ask(&node, &as_of("/v1/beds?min=0&q=024-8413476", before), "application/json", key).await.json();
        let names: Vec<&Value> = named["facilities"].as_array().unwrap().iter().map(|f| &f["name"]).collect();
        assert_eq!(names.contains(&&json!("RS A")), sees, "{named}");
        let changes =
            json!(super::follow::pages(&node, key, 0, "&limit=200&region=33.74.10").await).to_string();
        assert_eq!(changes.contains("0811-777"), sees);
        assert_eq!(changes.contains("024-8413476"), sees);
    }
}

#[tokio::test]
async fn the_coming_days_were_those_after_the_moment() {
    let (node, _) = start().await;
    a_day(&node, 2).await;
    let moment = node.clock.now();
    let path = "/v1/vaccinations?region=33";
    let before = node.get(path).send().await.json();
    assert_eq!(before["facilities"][0]["sessions"][0]["date"], "2021-07-03");
    node.clock.pass(Duration::days(3));
    assert_eq!(node.get(path).send().await.json()["facilities"], json!([]));
    assert_eq!(node.get(&as_of(path, moment)).send().await.json(), before);
}

/// What was decided before a moment may reach the log after it: an answer about just now settles nothing.
#[tokio::test]
async fn a_report_that_was_on_its_way_is_not_missing_later() {
    let (node, _) = start().await;
    let path = as_of("/v1/facilities/test:A", node.clock.now());
    let early = node.get(&path).send().await.json();
    assert_eq!(early["availability"], json!([]));
    node.report("test:A", json!({"bed.icu": {"available": 4}})).await;
    node.clock.pass(Duration::minutes(2));
    assert_eq!(node.get(&path).send().await.json()["availability"][0]["available"], 4);
}

#[tokio::test]
async fn a_moment_is_looked_at_again_only_when_something_public_changes() {
    let (node, _) = start().await;
    let (key, at) = (node.admin().await, node.clock.now());
    node.clock.pass(Duration::minutes(2));
    let past = AsOf::new(node.node.database.clone());
    let look = async || {
        let turn = past.turn().await.unwrap();
        turn.state(at, node.clock.now(), 1, &node.state().await).await.unwrap()
    };
    let first = look().await;
    node.report("test:A", json!({"bed.icu": {"available": 4}})).await;
    assert!(Arc::ptr_eq(&first, &look().await));
    node.patch("/v1/facilities/test:A", &json!({"phones": []})).key(&key).send().await.json();
    let hidden = look().await;
    let phones = |state: &Snapshot| {
        let facility = state.resolve(&FacilityRef::parse("test:A", "").unwrap()).unwrap();
        facility.facility.phones.iter().map(|phone| phone.visibility).collect::<Vec<_>>()
    };
    assert_eq!(phones(&first), [Visibility::Public, Visibility::Internal]);
    assert_eq!(phones(&hidden), [Visibility::Internal; 2]);
}

/// Whoever asks about the past takes much more than others, with a key or without.
#[tokio::test]
async fn too_many_who_ask_about_the_past_at_once_are_turned_away() {
    let (node, agent) = start().await;
    node.clock.pass(Duration::minutes(2));
    let ask = |n: i64| {
        let path = as_of("/v1/beds?min=0", node.clock.now() - Duration::seconds(n));
        let call = node.get(&path);
        if n % 2 == 0 { call.send() } else { call.key(&agent).send() }
    };
    let replies = join_all((61..101).map(ask)).await;
    let (answered, refused): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| reply.status == StatusCode::OK);
    // On a slow machine some of those who waited are turned away, too.
    assert!(!answered.is_empty() && refused.len() >= 8, "{} {}", answered.len(), refused.len());
    for reply in refused {
        reply.problem(503, "overloaded");
        assert!(reply.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    }
    let again = node.get(&as_of("/v1/beds?min=0", node.clock.now())).send().await;
    assert_eq!(again.status, StatusCode::OK);
}
