//! Who changed what: for the people who manage a region, by every role, page by page, filtered.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

/// A hospital in Kota Semarang and one in Kabupaten Semarang, each with a report by a key of its own, ten minutes apart;
/// and the keys of the coordinators of both.
async fn start() -> (TestNode, [String; 2]) {
    let node = TestNode::start().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.22")] {
        node.hospital(name, region, None).await;
        let key = node.key(Role::Reporter, None, &[&format!("test:{name}")]).await;
        node.clock.pass(Duration::minutes(10));
        let values = json!({"values": {"bed.icu": {"capacity": 10, "occupied": 7, "available": 3}}});
        let path = format!("/v1/facilities/test:{name}/availability");
        assert_eq!(node.put(&path, &values).key(&key).send().await.status, StatusCode::OK);
    }
    let one = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let other = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    (node, [one, other])
}

async fn audit(node: &TestNode, key: &str, question: &str) -> Value {
    node.get(&format!("/v1/audit?{question}")).key(key).send().await.json()
}

/// The kind of each change, and what it is about.
fn told(answer: &Value) -> Vec<String> {
    let entries = answer["audit"].as_array().unwrap().iter();
    let told = |entry: &Value| {
        let name = entry["facility"]["name"].as_str().or(entry["content"]["name"].as_str());
        format!("{} {}", entry["kind"].as_str().unwrap(), name.unwrap_or("-"))
    };
    entries.map(told).collect()
}

#[tokio::test]
async fn an_admin_sees_every_change_with_who_made_it_and_how_it_came() {
    let (node, _) = start().await;
    let admin = node.admin().await;
    let answer = audit(&node, &admin, "kind=facility,report,key&limit=200").await;
    let expected = [
        "key test coordinator",
        "key test coordinator",
        "report RS B",
        "key test reporter",
        "facility RS B",
        "report RS A",
        "key test reporter",
        "facility RS A",
        "key test admin",
    ];
    assert_eq!(told(&answer), expected);
    let report = &answer["audit"][2];
    assert_eq!(
        (&report["by"]["name"], &report["by"]["role"], &report["source"], &report["region"], &report["at"]),
        (
            &json!("test reporter"),
            &json!("reporter"),
            &json!("facility"),
            &json!("33.22"),
            &json!("2021-07-01T07:20:00Z")
        )
    );
    assert_eq!(report["content"]["numbers"][0]["available"], 3);
    let made = &answer["audit"][0];
    assert_eq!((&made["by"]["actor"], &made["by"]["role"]), (&json!("cli"), &Value::Null));
    // Nothing that lets anybody in.
    assert!(!answer.to_string().contains("hash") && !answer.to_string().contains("sedia_"), "{answer}");
}

#[tokio::test]
async fn a_coordinator_sees_the_own_region_and_nobody_else_sees_any() {
    let (node, [one, other]) = start().await;
    let all = audit(&node, &one, "kind=facility,report,key&limit=200").await;
    // Its own key is the last thing that was done to what it sees.
    let expected = ["key test coordinator", "report RS A", "key test reporter", "facility RS A"];
    assert_eq!(told(&all), expected);
    assert_eq!(told(&audit(&node, &other, "kind=report").await), ["report RS B"]);
    // What holds for the whole country concerns every region.
    let admin = node.admin().await;
    let changed = node.patch("/v1/types/bed.icu", &json!({"label": {"id": "ICU", "en": "ICU"}}));
    changed.key(&admin).send().await.json();
    assert_eq!(audit(&node, &one, "kind=type&limit=1").await["audit"][0]["by"]["name"], "test admin");

    let refused = |path: &'static str, key: &str| node.get(path).key(key).send();
    refused("/v1/audit?region=33.22", &one).await.problem(403, "outside_scope");
    refused("/v1/audit?facility=test:B", &one).await.problem(403, "outside_scope");
    refused("/v1/audit?facility=test:C", &one).await.problem(404, "unknown_facility");
    node.get("/v1/audit").send().await.problem(401, "key_required");
    let agent = node.key(Role::Agent, Some("33.74"), &[]).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    let bridge = node.key(Role::Bridge, None, &["test:A"]).await;
    for key in [agent, reporter, bridge] {
        refused("/v1/audit", &key).await.problem(403, "role_not_allowed");
    }
}

#[tokio::test]
async fn filters_narrow_it_and_what_cannot_be_is_refused() {
    let (node, _) = start().await;
    let admin = node.admin().await;
    assert_eq!(told(&audit(&node, &admin, "facility=test:A").await), ["report RS A", "facility RS A"]);
    let report = audit(&node, &admin, "facility=test:A&kind=report").await;
    let actor = report["audit"][0]["by"]["actor"].as_str().unwrap().to_owned();
    assert_eq!(told(&audit(&node, &admin, &format!("by={actor}")).await), ["report RS A"]);
    let id = actor.strip_prefix("key:").unwrap();
    assert_eq!(told(&audit(&node, &admin, &format!("by={id}")).await), ["report RS A"]);
    assert_eq!(told(&audit(&node, &admin, "by=Demo").await), Vec::<String>::new());

    let span = |span: &str| format!("kind=report&{span}");
    let since = audit(&node, &admin, &span("since=2021-07-01T07:20:00Z")).await;
    assert_eq!(told(&since), ["report RS B"]);
    let until = audit(&node, &admin, &span("until=2021-07-01T07:20:00Z")).await;
    assert_eq!(told(&until), ["report RS A"]);
    let both = audit(&node, &admin, &span("since=2021-07-01T07:11:00Z&until=2021-07-01T07:19:00Z")).await;
    assert_eq!(told(&both), Vec::<String>::new());

    for (question, status, code) in [
        ("kind=birthday", 400, "invalid_parameter"),
        ("by=!", 400, "invalid_parameter"),
        ("by=nobody", 400, "invalid_parameter"),
        ("since=yesterday", 422, "invalid_time"),
        ("since=2021-07-02T00:00:00Z&until=2021-07-01T00:00:00Z", 422, "parameters_disagree"),
        ("limit=0", 400, "limit_out_of_range"),
        ("region=33.99", 404, "unknown_region"),
        ("who=me", 400, "unknown_parameter"),
    ] {
        node.get(&format!("/v1/audit?{question}")).key(&admin).send().await.problem(status, code);
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_a_cursor_fits_one_question() {
    let (node, [one, _]) = start().await;
    let admin = node.admin().await;
    let whole = audit(&node, &admin, "kind=facility,report,key&limit=200").await;
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = audit(&node, &admin, &format!("kind=key,report,facility&limit=2{cursor}")).await;
        pages.extend(page["audit"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
        // What is changed meanwhile shifts nothing.
        node.report("test:A", json!({"bed.hcu": {"available": pages.len()}})).await;
    }
    assert_eq!(&Value::from(pages), &whole["audit"]);
    let other = format!("/v1/audit?kind=report{cursor}");
    node.get(&other).key(&admin).send().await.problem(400, "cursor_of_another_query");
    node.get(&other).key(&one).send().await.problem(400, "cursor_of_another_query");
}

#[tokio::test]
async fn sign_ins_links_and_rooms_show_to_those_who_manage_them() {
    let (node, [one, other]) = start().await;
    node.post("/v1/sign-ins", &json!({})).key(&one).send().await.json();
    node.post("/v1/links", &json!({"facility": "test:A", "name": "Bu Sri"})).key(&one).send().await.json();
    let kinds = "kind=signed_in,key&limit=2";
    assert_eq!(told(&audit(&node, &one, kinds).await), ["key Bu Sri", "signed_in -"]);
    assert_eq!(told(&audit(&node, &other, kinds).await), ["key test coordinator", "key test reporter"]);

    let hospital =
        json!({"name": "RS C", "kind": "hospital", "region": "33.74", "external_ids": ["kemenkes:3374010"]});
    node.post("/v1/facilities", &hospital).key(&one).send().await.json();
    let bridge = node.key(Role::Bridge, None, &["kemenkes:3374010"]).await;
    let row = json!({"id_tt": "99", "id_t_tt": "1", "ruang": "Ruang Baru", "jumlah": "5", "terpakai": "2"});
    let sent = node.post("/bridge/rsonline/Fasyankes", &row);
    let sent = sent.header("x-rs-id", "3374010").header("x-pass", &bridge).send().await;
    assert!(sent.status.is_success(), "{}", sent.text());
    let rooms = audit(&node, &one, "kind=room").await;
    let room = &rooms["audit"][0];
    assert_eq!(
        (&room["source"], &room["facility"]["name"], &room["content"]["name"]),
        (&json!("bridge"), &json!("RS C"), &json!("Ruang Baru"))
    );
    assert_eq!(told(&audit(&node, &other, "kind=room").await), Vec::<String>::new());
}

#[tokio::test]
async fn it_comes_as_a_table_and_as_text() {
    let (node, [one, _]) = start().await;
    let ask =
        |format: &str| node.get(&format!("/v1/audit?kind=report&format={format}")).key(&one).language("en");
    let csv = ask("csv").send().await.text();
    let header = "seq,at,by,role,actor,source,kind,region_code,facility,facility_name,what";
    assert!(csv.starts_with(header), "{csv}");
    assert!(csv.contains(",test reporter,reporter,key:"), "{csv}");
    assert!(csv.contains(r#","bed.icu capacity 10, occupied 7, available 3""#), "{csv}");
    let facilities = node.get("/v1/audit?kind=facility&format=csv").key(&one).send().await.text();
    assert!(facilities.contains(",RS A,RS A; hospital"), "{facilities}");
    let text = ask("text").send().await.text();
    assert!(text.starts_with("Changes in Kota Semarang, the newest first:"), "{text}");
    assert!(
        text.contains("test reporter: report, RS A") && text.contains("ICU without ventilator: 3 free of 10"),
        "{text}"
    );
}
