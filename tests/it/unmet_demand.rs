//! What was asked for and not found.

use std::collections::HashMap;

use chrono::Duration;
use sedia::{clock::Clock, domain::key::Role, store::MOST_A_DAY};
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
        ("/v1/beds?region=33.74&near=33.74.10&ventilator=true&reserved_for=covid", 2),
        ("/v1/isolation?near=-7.05,110.44", 1),
        // Found, all listed, a name: none of these says what is missing.
        ("/v1/beds?region=33.74", 5),
        ("/v1/beds?region=33.22&min=0", 5),
        // There may be fewer.
        ("/v1/beds?region=33.22&min=200", 5),
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
            row("33.74.10", "bed", "ventilator=true&reserved_for=covid", 2),
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
async fn vaccinations_that_were_not_found_are_counted_without_an_age() {
    let node = start().await;
    let admin = node.admin().await;
    let session = json!({
        "facility": "test:A", "date": "2021-07-02", "from": "08:00", "to": "12:00", "product": "sinovac", "doses": [1],
        "age_min": 18, "walk_in": true,
    });
    node.post("/v1/sessions", &session).key(&admin).send().await.json();
    for (query, times) in [
        ("region=33.74&product=sinovac&dose=2", 3),
        ("near=33.74.10&region=33.74&age=12", 2),
        ("near=33.74.10&region=33.74&age=17&date=2021-07-02", 2),
        ("near=-7.05,110.44&within=5&age=11&walk_in=true", 2),
        ("region=33.22&walk_in=false", 1),
        // Found, all listed, a name: none of these says what is missing.
        ("region=33.74&age=18&dose=1&walk_in=true&product=sinovac", 5),
        ("region=33.22&min=0", 5),
        ("region=33.22&q=kariadi", 5),
    ] {
        for _ in 0..times {
            node.get(&format!("/v1/vaccinations?{query}")).send().await.json();
        }
    }
    let key = node.key(Role::Coordinator, Some("33"), &[]).await;
    let row = |region: &str, wanted: &str, questions: u64| {
        (json!(region), json!("vaccination"), json!(wanted), json!(questions))
    };
    assert_eq!(
        demand(&node, &key, "region=33").await,
        [
            row("33.74.10", "age_group=teen", 4),
            row("33.74", "product=sinovac&dose=2", 3),
            row("33.74", "age_group=child&walk_in=true", 2),
            row("33.22", "walk_in=false", 1),
        ]
    );
}

/// Anybody can ask for what does not exist, in ever new words.
#[tokio::test]
async fn a_day_has_room_for_so_many_wishes() {
    let node = TestNode::start().await;
    let (database, day) = (&node.node.database, node.clock.now().date_naive());
    let wish = |n: u64| ("33.74".to_owned(), "vaccination".to_owned(), format!("product=p{n}"));
    let all: HashMap<_, _> = (0..MOST_A_DAY).map(|n| (wish(n), 1)).collect();
    database.add_demand(day, &all).await.unwrap();
    database.add_demand(day, &HashMap::from([(wish(0), 4), (wish(MOST_A_DAY), 9)])).await.unwrap();
    database.add_demand(day + Duration::days(1), &HashMap::from([(wish(MOST_A_DAY), 2)])).await.unwrap();
    let to = day + Duration::days(1);
    let counted = database.demand(None, day, to, 2 * MOST_A_DAY).await.unwrap();
    assert_eq!(counted.len() as u64, MOST_A_DAY + 1);
    assert_eq!(counted[..2], [(wish(0), 5), (wish(MOST_A_DAY), 2)]);
}

#[tokio::test]
async fn demand_is_for_coordinators_of_the_region() {
    let node = start().await;
    let key = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    node.get("/v1/demand").send().await.problem(401, "key_required");
    node.get("/v1/demand?region=33").key(&key).send().await.problem(403, "outside_scope");
    for (query, status, code) in [
        ("from=yesterday", 422, "invalid_date"),
        ("from=-262143-01-01", 422, "invalid_date"),
        ("from=2021-07-02&to=2021-07-01", 422, "parameters_disagree"),
        ("from=2020-01-01&to=2021-07-01", 422, "parameters_disagree"),
    ] {
        let reply = node.get(&format!("/v1/demand?region=33.74&{query}")).key(&key).send().await;
        let problem = reply.problem(status, code);
        assert_eq!(problem["errors"][0]["pointer"], "from");
    }
}
