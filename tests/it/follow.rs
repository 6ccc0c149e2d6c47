//! Following the directory: the changes in pages, as they happen, and a mirror that starts from a snapshot.

mod mirror;
mod stream;

use sedia::domain::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

/// Everything after `after` that the holder of `key` may see, page by page.
pub(crate) async fn pages(node: &TestNode, key: Option<&str>, after: u64, parameters: &str) -> Vec<Value> {
    let (mut changes, mut after) = (Vec::new(), after.to_string());
    loop {
        let call = node.get(&format!("/v1/changes?after={after}{parameters}"));
        let page = match key {
            Some(key) => call.key(key).send().await.json(),
            None => call.send().await.json(),
        };
        changes.extend(page["changes"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return changes,
        }
    }
}

/// Two hospitals in two regions, each with an internal telephone, with reports, and contacts of both sorts.
async fn busy() -> (TestNode, u64) {
    let node = TestNode::start().await;
    let before = node.seq().await;
    let key = node.admin().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.22")] {
        node.hospital(name, region, None).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 4, "available": 2}})).await;
    }
    for visibility in ["public", "internal"] {
        let contact = json!({
            "region": "33.74", "name": format!("Piket {visibility}"), "role": "satgas", "phone": "0811-2700-0000",
            "visibility": visibility,
        });
        node.post("/v1/contacts", &contact).key(&key).send().await.json();
    }
    (node, before)
}

fn seqs(changes: &[Value]) -> Vec<u64> {
    changes.iter().map(|change| change["seq"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn changes_come_in_order_in_pages_of_any_size() {
    let (node, before) = busy().await;
    let whole = pages(&node, None, before, "&limit=200").await;
    assert!(seqs(&whole).is_sorted_by(|a, b| a < b));
    for limit in 1..4 {
        assert_eq!(pages(&node, None, before, &format!("&limit={limit}")).await, whole);
    }
    let kinds: Vec<&str> = whole.iter().map(|change| change["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["facility", "report", "facility", "report", "contact", "contact_ended"]);
    let report = &whole[1];
    assert_eq!((&report["region"], &report["at"]), (&json!("33.74.10"), &json!("2021-07-01T07:00:00Z")));
    let number = &report["content"]["numbers"][0];
    assert_eq!((&number["type"], &number["available"]), (&json!("bed.icu"), &json!(2)));
    // The newest number is where to go on, whatever was left out.
    let page = node.get(&format!("/v1/changes?after={before}&limit=200")).send().await.json();
    assert_eq!(page["seq"], node.seq().await);
    let rest = node.get(&format!("/v1/changes?after={}", page["seq"])).send().await.json();
    assert_eq!((&rest["changes"], &rest["next"]), (&json!([]), &json!(null)));
}

#[tokio::test]
async fn what_is_private_is_told_only_to_whom_it_may_concern() {
    let (node, before) = busy().await;
    let agent = node.key(Role::Agent, Some("33.74"), &[]).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    let admin = node.admin().await;
    for (key, [phones, internal, reporters]) in
        [(None, [0, 0, 0]), (Some(reporter), [0, 0, 0]), (Some(agent), [1, 1, 1]), (Some(admin), [2, 1, 2])]
    {
        let text = json!(pages(&node, key.as_deref(), before, "").await).to_string();
        let count = |what: &str| text.matches(what).count();
        assert_eq!(
            [count("0812-4100-0000"), count("Piket internal"), count("\"reporter\"")],
            [phones, internal, reporters],
            "{text}"
        );
        assert_eq!(count("024-8413476"), 2);
        for never in ["hash", "\"key\"", "admin\",\"role"] {
            assert_eq!(count(never), 0, "{never}: {text}");
        }
    }
}

#[tokio::test]
async fn a_region_narrows_the_changes() {
    let (node, before) = busy().await;
    let names = async |region: &str| {
        let changes = pages(&node, None, before, &format!("&limit=1&region={region}")).await;
        let facilities = changes.iter().filter(|change| change["kind"] == "facility");
        facilities.map(|change| change["content"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("33").await, ["RS A", "RS B"]);
    assert_eq!(names("33.74").await, ["RS A"]);
    assert_eq!(names("33.74.10").await, ["RS A"]);
    assert_eq!(names("33.22").await, ["RS B"]);
    assert!(names("34").await.is_empty());
}

/// Whoever follows a directory that was put back to an earlier state has seen what it no longer knows.
#[tokio::test]
async fn what_never_was_cannot_be_followed() {
    let node = TestNode::start().await;
    let newest = node.seq().await;
    let beyond = newest + 1;
    for path in ["/v1/changes", "/v1/changes/stream"] {
        let refused = node.get(&format!("{path}?after={beyond}")).language("en").send().await;
        let detail = refused.problem(410, "not_kept")["detail"].to_string();
        assert!(detail.contains(&format!("newest change is {newest}")), "{detail}");
    }
    let resumed = node.get("/v1/changes/stream").header("last-event-id", &beyond.to_string()).send().await;
    resumed.problem(410, "not_kept");
    let page = node.get(&format!("/v1/changes?after={newest}")).send().await.json();
    assert_eq!((&page["changes"], &page["seq"]), (&json!([]), &json!(newest)));
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused() {
    let node = TestNode::start().await;
    for (query, status, code) in [
        ("after=x", 400, "invalid_parameter"),
        ("after=-1", 400, "invalid_parameter"),
        ("after=99999999999999999999", 400, "invalid_parameter"),
        ("limit=201", 400, "limit_out_of_range"),
        ("region=99", 404, "unknown_region"),
        ("since=1", 400, "unknown_parameter"),
    ] {
        node.get(&format!("/v1/changes?{query}")).send().await.problem(status, code);
        if !query.starts_with("limit") {
            node.get(&format!("/v1/changes/stream?{query}")).send().await.problem(status, code);
        }
    }
    node.get("/v1/snapshot?region=99").send().await.problem(404, "unknown_region");
    node.get("/v1/snapshot?kind=region").send().await.problem(400, "unknown_parameter");
    let resumed = node.get("/v1/changes/stream").header("last-event-id", "yesterday").send().await;
    resumed.problem(400, "invalid_parameter");
}

#[tokio::test]
async fn the_newest_come_first_for_whoever_looks_back() {
    let (node, before) = busy().await;
    let (key, region) = (node.admin().await, "&region=33.74");
    let mut expected = pages(&node, Some(&key), before, region).await;
    expected.reverse();
    assert_eq!(expected.len(), 4, "{expected:#?}");
    for limit in [1, 3, 200] {
        let (mut changes, mut after) = (Vec::new(), String::new());
        while changes.len() < expected.len() {
            let path = format!("/v1/changes?order=newest&limit={limit}{after}{region}");
            let page = node.get(&path).key(&key).send().await.json();
            changes.extend(page["changes"].as_array().unwrap().iter().cloned());
            after = format!("&after={}", page["next"].as_str().unwrap_or("1"));
        }
        assert_eq!(changes[..expected.len()], expected);
    }
}

#[tokio::test]
async fn readers_of_internal_data_learn_who_made_a_change() {
    let (node, before) = busy().await;
    let agent = node.key(Role::Agent, Some("33.74"), &[]).await;
    let by = |changes: &[Value]| changes.iter().map(|change| change["by"].clone()).collect::<Vec<_>>();
    let told = pages(&node, Some(&agent), before, "").await;
    // The first two are of 33.74, the next two of another region.
    assert_eq!(by(&told)[..4], [json!("test admin"), json!("test admin"), Value::Null, Value::Null]);
    assert!(by(&pages(&node, None, before, "").await).iter().all(Value::is_null));
    let first = node.get("/v1/changes?limit=1").key(&agent).send().await.json();
    assert_eq!(first["changes"][0]["by"], "reference");
}
