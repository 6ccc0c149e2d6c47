//! What was asked for and not found.

use chrono::Duration;
use sedia::directory::key::Role;
use serde_json::{Value, json};

use crate::support::TestNode;

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    node.report("test:A", json!({"bed.icu": {"available": 2}, "bed.picu": {"available": 0}})).await;
    node
}

async fn demand(node: &TestNode, key: &str, query: &str) -> Vec<(Value, Value, Value, Value)> {
    let answer = node.get(&format!("/v1/demand?{query}")).key(key).send().await.json();
    let item = |item: &Value| {
        let [region, kind, wanted, questions] =
            [&item["region"]["code"], &item["kind"], &item["wanted"], &item["questions"]].map(Clone::clone);
        (region, kind, wanted, questions)
    };
    answer["demand"].as_array().unwrap().iter().map(item).collect()
}

#[tokio::test]
async fn questions_that_found_nothing_are_counted_by_region_and_wish() {
    let node = start().await;
    let key = node.key(Role::Coordinator, Some("33"), &[]).await;
    for (path, times) in [
        ("/v1/beds?region=33.74&type=bed.picu", 3),
        ("/v1/beds?region=33.74&near=33.74.10&ventilator=true&age_group=child", 2),
        ("/v1/isolation?near=-7.05,110.44", 1),
        // Found, all listed, a name: none of these says what is missing.
        ("/v1/beds?region=33.74", 5),
        ("/v1/beds?region=33.22&min=0", 5),
        ("/v1/beds?region=33.22&q=kariadi", 5),
        ("/v1/beds?region=34.04", 1),
    ] {
        for _ in 0..times {
            node.get(path).send().await.json();
        }
    }
    let row = |region: &str, kind: &str, wanted: &str, questions: u64| {
        (json!(region), json!(kind), json!(wanted), json!(questions))
    };
    assert_eq!(
        demand(&node, &key, "region=33").await,
        [
            row("33.74", "bed", "bed.picu", 3),
            row("33.74.10", "bed", "ventilator=true&age_group=child", 2),
            row("33.74", "isolation", "", 1),
        ]
    );
    node.get("/v1/beds?region=33.74&type=bed.picu").send().await.json();
    assert_eq!(demand(&node, &key, "region=33.74&limit=1").await, [row("33.74", "bed", "bed.picu", 4)]);
    node.clock.pass(Duration::days(8));
    assert_eq!(demand(&node, &key, "region=33").await, []);
    assert_eq!(demand(&node, &key, "region=33.74&from=2021-07-01&limit=1").await.len(), 1);
    let admin = node.admin().await;
    assert!(demand(&node, &admin, "from=2021-07-01").await.contains(&row("34.04", "bed", "", 1)));
}

#[tokio::test]
async fn demand_is_for_coordinators_of_the_region() {
    let node = start().await;
    let key = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    node.get("/v1/demand").send().await.problem(401, "key_required");
    node.get("/v1/demand?region=33").key(&key).send().await.problem(403, "outside_scope");
    for query in ["from=yesterday", "from=2021-07-02&to=2021-07-01", "from=2020-01-01&to=2021-07-01"] {
        let reply = node.get(&format!("/v1/demand?region=33.74&{query}")).key(&key).send().await;
        let problem = reply.problem(400, "invalid_parameter");
        assert_eq!(problem["errors"][0]["pointer"], "from");
    }
}
