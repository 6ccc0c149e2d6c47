//! A region at a glance, who has not reported, and whom to remind.

use chrono::Duration;
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use crate::support::TestNode;

/// Two hospitals in Kota Semarang and one in Kabupaten Semarang; 13 hours later B and C report, then a
/// fourth hospital, D, is added.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.74.11"), ("C", "33.22")] {
        node.hospital(name, region, None).await;
    }
    node.report("test:A", json!({"bed.icu": {"capacity": 9, "available": 4}})).await;
    node.clock.pass(Duration::hours(13));
    node.report(
        "test:B",
        json!({"bed.icu": {"capacity": 5, "available": 0}, "isolation.any": {"available": 7}}),
    )
    .await;
    node.report("test:C", json!({"bed.icu": {"available": null}})).await;
    node.hospital("D", "33.74", None).await;
    node
}

async fn get(node: &TestNode, path: &str) -> Value {
    node.get(path).send().await.json()
}

fn now(node: &TestNode) -> Value {
    json!(node.clock.now())
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// What a client adds up itself from the answers about the regions below.
fn sum(children: &Value, kind: &str, resource: &str) -> u64 {
    let of = |child: &Value| {
        let totals = child[kind]["totals"].as_array().unwrap().clone();
        let total = totals.into_iter().find(|total| total["type"] == resource)?;
        total["available"].as_u64()
    };
    children.as_array().unwrap().iter().filter_map(of).sum()
}

#[tokio::test]
async fn one_answer_is_enough_to_draw_a_map() {
    let node = start().await;
    let overview = get(&node, "/v1/regions/33/overview").await;
    assert_eq!(overview["region"]["name"], "Jawa Tengah");
    assert_eq!(overview["beds"]["totals"], get(&node, "/v1/beds?region=33&min=0").await["totals"]);
    assert_eq!(
        (&overview["beds"]["facilities"], &overview["beds"]["facilities_available"]),
        (&json!(3), &json!(1))
    );
    let children = &overview["children"];
    assert_eq!(children.as_array().unwrap().len(), 35);
    for (kind, resource, all) in [("beds", "bed.icu", 4), ("isolation", "isolation.any", 7)] {
        assert_eq!(sum(children, kind, resource), all);
    }
    let child = children.as_array().unwrap().iter().find(|child| child["region"]["code"] == "33.74").unwrap();
    assert!(child["located"]["lat"].is_number());
    assert_eq!(
        child["completeness"],
        json!({"facilities": 3, "fresh": 1, "aging": 0, "stale": 1, "unknown": 0, "never": 1})
    );
    assert_eq!(overview["vaccination"], json!({"totals": [], "facilities": 0, "facilities_available": 0}));
    assert_eq!(overview["contacts"][0]["phone"], "119");
}

#[tokio::test]
async fn a_region_at_a_glance_tells_what_is_left_of_the_coming_sessions() {
    let node = start().await;
    let key = node.admin().await;
    for (hospital, date, left) in [
        ("A", "2021-07-02", Some(30)),
        ("B", "2021-07-03", None),
        ("C", "2021-07-09", Some(0)),
        ("C", "2021-07-20", Some(9)),
    ] {
        let session = json!({"facility": format!("test:{hospital}"), "date": date, "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1]});
        let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
        let id = made["session"]["id"].as_str().unwrap();
        let said = json!({"sessions": {id: {"capacity": 100, "available": left}}});
        node.put(&format!("/v1/facilities/test:{hospital}/availability"), &said)
            .key(&key)
            .send()
            .await
            .json();
    }
    let overview = get(&node, "/v1/regions/33/overview").await;
    let vaccination = &overview["vaccination"];
    assert_eq!(vaccination["totals"], get(&node, "/v1/vaccinations?region=33&min=0").await["totals"]);
    let total = &vaccination["totals"][0];
    assert_eq!((&total["capacity"], &total["available"]), (&json!(300), &json!(30)));
    assert_eq!((&vaccination["facilities"], &vaccination["facilities_available"]), (&json!(3), &json!(1)));
    assert_eq!(sum(&overview["children"], "vaccination", "vaccination.session"), 30);
    // What is over is counted no more.
    node.clock.pass(Duration::hours(10));
    assert_eq!(get(&node, "/v1/regions/33.74/overview").await["vaccination"]["facilities_available"], 0);
}

#[tokio::test]
async fn a_region_at_a_glance_is_read_aloud() {
    let node = start().await;
    let read = async |language| {
        node.get("/v1/regions/33.74/overview").accept("text/plain").language(language).send().await.text()
    };
    let said = read("id").await;
    for line in [
        "Kota Semarang",
        "Tempat tidur: 1 dari 2 fasilitas punya yang kosong.",
        "- ICU tanpa ventilator: 4 kosong, 4 di antaranya menurut angka lama",
        "Isolasi terpusat: 1 dari 1 fasilitas punya yang kosong.",
        "Vaksinasi: belum ada yang melapor.",
        "Laporan: dari 3 fasilitas, 1 angkanya baru, 0 mulai lama, 1 lama, 1 tanpa angka.",
        "119",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(read("en").await.contains("Beds: 1 of 2 facilities have something free."));
}

#[tokio::test]
async fn those_who_have_not_reported_stand_first() {
    let node = start().await;
    let all = get(&node, "/v1/completeness?region=33").await;
    assert_eq!(names(&all["facilities"]), ["RS D", "RS A", "RS B", "RS C"]);
    let counts = json!({"facilities": 4, "fresh": 1, "aging": 0, "stale": 1, "unknown": 1, "never": 1});
    assert_eq!(all["completeness"], counts);
    let children = all["children"].as_array().unwrap();
    assert_eq!(children.iter().filter(|child| child["completeness"]["facilities"] != 0).count(), 2);
    assert_eq!(names(&get(&node, "/v1/completeness?region=33&kind=puskesmas").await["facilities"]), [""; 0]);

    let first = get(&node, "/v1/completeness?region=33&limit=3").await;
    let cursor = first["next"].as_str().unwrap();
    let second = get(&node, &format!("/v1/completeness?region=33&limit=3&cursor={cursor}")).await;
    assert_eq!((names(&second["facilities"]), &second["next"]), (vec!["RS C"], &Value::Null));
}

#[tokio::test]
async fn each_facility_is_reminded_once_each_time_its_report_becomes_due() {
    let node = start().await;
    let key = node.key(Role::Coordinator, Some("33"), &[]).await;
    let poll = async |cursor: &Value| {
        let cursor = cursor.as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        node.get(&format!("/v1/reminders?region=33{cursor}")).key(&key).send().await.json()
    };
    let first = poll(&Value::Null).await;
    assert_eq!(names(&first["reminders"]), ["RS D", "RS A", "RS C"]);
    let reminder = &first["reminders"][1];
    assert_eq!(reminder["due_since"], "2021-07-01T19:00:00Z", "12 hours after it was true");
    assert!(reminder["phones"].as_array().unwrap().len() > 1, "coordinators see internal telephones");
    assert_eq!(reminder["contacts"][0]["phone"], "119");

    let second = poll(&first["next"]).await;
    assert_eq!(names(&second["reminders"]), [""; 0]);
    node.report("test:A", json!({"bed.icu": {"available": 1}})).await;
    node.clock.pass(Duration::hours(11));
    assert_eq!(names(&poll(&second["next"]).await["reminders"]), [""; 0]);
    node.clock.pass(Duration::hours(26));
    let third = poll(&second["next"]).await;
    assert_eq!(names(&third["reminders"]), ["RS A", "RS B"]);
    assert_eq!(names(&poll(&third["next"]).await["reminders"]), [""; 0]);
}

#[tokio::test]
async fn where_there_are_only_sessions_announcing_them_is_a_report() {
    let node = start().await;
    let key = node.admin().await;
    let stands = async || {
        let answer = get(&node, "/v1/completeness?region=33.74").await;
        let facilities = answer["facilities"].as_array().unwrap().clone();
        let site = facilities.into_iter().find(|one| one["name"] == "RS D").unwrap();
        [site["freshness"].clone(), site["observed_at"].clone(), site["due_since"].clone()]
    };
    assert_eq!(stands().await[1], Value::Null);
    let session = json!({"facility": "test:D", "date": "2021-07-09", "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1]});
    let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
    let announced_at = now(&node);
    assert_eq!(stands().await, [json!("unknown"), announced_at, Value::Null]);

    let id = made["session"]["id"].as_str().unwrap();
    node.clock.pass(Duration::hours(1));
    let said = json!({"sessions": {id: {"capacity": 100, "available": 30}}});
    node.put("/v1/facilities/test:D/availability", &said).key(&key).send().await.json();
    assert_eq!(stands().await, [json!("fresh"), now(&node), Value::Null]);
    node.clock.pass(Duration::hours(72));
    let [freshness, _, due_since] = stands().await;
    assert_eq!(freshness, "stale");
    assert!(due_since.is_string());

    // Beds that were ever reported are what a hospital stands by.
    node.report("test:D", json!({"bed.icu": {"available": null}})).await;
    assert_eq!(stands().await, [json!("unknown"), now(&node), now(&node)]);
}

#[tokio::test]
async fn reminders_are_for_coordinators_of_the_region() {
    let node = start().await;
    let ask = async |key: Option<&str>, region: &str| {
        let call = node.get(&format!("/v1/reminders?region={region}"));
        let call = if let Some(key) = key { call.key(key) } else { call };
        call.send().await
    };
    ask(None, "33").await.problem(401, "key_required");
    let key = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    ask(Some(&key), "33").await.problem(403, "outside_scope");
    let of_region = ask(Some(&key), "33.74").await.json();
    assert_eq!(names(&of_region["reminders"]), ["RS D", "RS A"]);
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    ask(Some(&reporter), "33.74").await.problem(403, "role_not_allowed");
}
