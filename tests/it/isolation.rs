//! Where can I isolate?

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::TestNode;

/// An isolation site in Kecamatan Tembalang, and a hospital beside it.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    let key = node.admin().await;
    node.hospital("H", "33.74.10", None).await;
    let site = json!({
        "name": "Rumah Dinas Wali Kota", "kind": "isolation_site", "region": "33.74.10", "external_ids": ["test:S"],
        "phones": [{"number": "024-3584063"}],
        "intake": {
            "criteria": "positif  tanpa gejala", "bring": "KTP, pakaian", "pickup": "dijemput puskesmas", "referral": "puskesmas",
        },
    });
    let reply = node.post("/v1/facilities", &site).key(&key).send().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    node
}

async fn ask(node: &TestNode, query: &str) -> Value {
    node.get(&format!("/v1/isolation?{query}")).send().await.json()
}

/// A place for anybody takes in children, too.
#[tokio::test]
async fn a_place_for_any_age_answers_who_asks_for_a_child() {
    let node = start().await;
    node.report("test:S", json!({"isolation.family": {"available": 2}})).await;
    let answer = ask(&node, "region=33.74&age_group=child").await;
    assert_eq!(answer["facilities"][0]["name"], "Rumah Dinas Wali Kota");
    let newborn = node.get("/v1/isolation?age_group=neonate").send().await;
    newborn.problem(422, "parameters_disagree");
}

#[tokio::test]
async fn a_site_says_what_is_free_for_whom_and_how_one_gets_in() {
    let node = start().await;
    let values =
        json!({"isolation.male": {"capacity": 40, "available": 6}, "isolation.female": {"available": 0}});
    node.report("test:S", values).await;
    node.report("test:H", json!({"bed.icu": {"available": 3}})).await;

    let answer = ask(&node, "region=33.74").await;
    let site = &answer["facilities"][0];
    assert_eq!(
        (&site["name"], &site["intake"]["criteria"]),
        (&json!("Rumah Dinas Wali Kota"), &json!("positif tanpa gejala"))
    );
    assert_eq!(answer["facilities"].as_array().unwrap().len(), 1, "hospitals do not answer this");
    assert_eq!(
        (&answer["totals"][1]["type"], &answer["totals"][1]["available"]),
        (&json!("isolation.male"), &json!(6))
    );
    let for_women = ask(&node, "region=33.74&type=isolation.female").await;
    assert_eq!(
        (&for_women["facilities"], &for_women["widened"]["reason"]),
        (&json!([]), &json!("nothing_free"))
    );
    assert_eq!(for_women["contacts"][0]["phone"], "119", "nobody is left without a next step");

    let beds = node.get("/v1/beds?region=33.74").send().await.json();
    assert_eq!(beds["facilities"][0]["name"], "RS H");
    assert_eq!(beds["facilities"].as_array().unwrap().len(), 1, "isolation places are no beds");
}

#[tokio::test]
async fn an_agent_reads_aloud_how_one_gets_in() {
    let node = start().await;
    node.report("test:S", json!({"isolation.male": {"capacity": 40, "available": 6}})).await;
    for (language, lines) in [
        (
            "id",
            [
                "Syarat masuk: positif tanpa gejala",
                "Rujukan dari: puskesmas",
                "Antar-jemput: dijemput puskesmas",
                "Yang perlu dibawa: KTP, pakaian",
            ],
        ),
        (
            "en",
            [
                "Who is taken in: positif tanpa gejala",
                "Referral by: puskesmas",
                "Getting there: dijemput puskesmas",
                "What to bring: KTP, pakaian",
            ],
        ),
    ] {
        let text = node
            .get("/v1/isolation?region=33.74")
            .accept("text/plain")
            .language(language)
            .send()
            .await
            .text();
        for line in lines.into_iter().chain(["024-3584063"]) {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
}

#[tokio::test]
async fn a_site_that_never_reported_is_listed_among_all() {
    let node = start().await;
    let all = ask(&node, "region=33.74&min=0").await;
    assert_eq!(all["facilities"][0]["name"], "Rumah Dinas Wali Kota");
    assert_eq!(all["facilities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn how_one_gets_in_can_be_changed_and_taken_back() {
    let node = start().await;
    let key = node.admin().await;
    let patch = async |intake: Value| {
        let reply = node.patch("/v1/facilities/test:S", &json!({"intake": intake})).key(&key).send().await;
        reply.json()["facility"]["intake"].clone()
    };
    assert_eq!(patch(json!({"bring": "KTP"})).await["bring"], "KTP");
    let without = patch(json!({"bring": " "})).await;
    assert_eq!((&without["bring"], &without["criteria"]), (&json!(null), &json!("positif tanpa gejala")));
    assert_eq!(patch(json!(null)).await, json!(null));
    assert_eq!(patch(json!({"bring": " "})).await, json!(null), "nothing said is null");
    let long = "x".repeat(501);
    let call = node.patch("/v1/facilities/test:S", &json!({"intake": {"bring": long}})).key(&key);
    let problem = call.send().await.problem(422, "invalid_text");
    assert_eq!(problem["errors"][0]["pointer"], "/intake/bring");
}
