//! Two entries of one facility become one, and nobody loses sight of it.

use axum::http::{Method, StatusCode};
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use crate::{
    follow::pages,
    support::{PUBLIC, Reply, TestNode},
};

/// One hospital as two lists know it: the ministry's, and the insurance's.
async fn start() -> (TestNode, String, String) {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let mut ids = Vec::new();
    for (name, external, phone, point) in [
        ("RSUD Tugurejo", "kemenkes:3374065", "024-7605378", Some((-6.985, 110.354))),
        ("RS Tugu Rejo", "bpjs:0112R040", "024-7605297", None),
    ] {
        let mut body = json!({"name": name, "kind": "hospital", "region": "33.74.10", "external_ids": [external],
            "phones": [{"number": phone}, {"number": "0812-1111-0000", "visibility": "internal"}]});
        if let Some((lat, lon)) = point {
            (body["lat"], body["lon"]) = (json!(lat), json!(lon));
        }
        let reply = node.post("/v1/facilities", &body).key(&key).send().await;
        ids.push(reply.json()["facility"]["id"].as_str().unwrap().to_owned());
    }
    let [stays, goes] = <[String; 2]>::try_from(ids).unwrap();
    (node, stays, goes)
}

async fn merge(node: &TestNode, stays: &str, goes: &str) -> Reply {
    let key = node.admin().await;
    let path = format!("/v1/facilities/{stays}/merge");
    node.post(&path, &json!({"duplicate": goes})).key(&key).send().await
}

async fn numbers(node: &TestNode, facility: &str) -> Value {
    let answer = node.get(&format!("/v1/facilities/{facility}")).send().await.json();
    let numbers = answer["availability"].as_array().unwrap().iter();
    numbers.map(|number| json!([number["type"], number["capacity"], number["available"]])).collect()
}

#[tokio::test]
async fn what_both_entries_know_is_known_of_one() {
    let (node, stays, goes) = start().await;
    let admin = node.admin().await;
    node.report(&stays, json!({"bed.icu": {"capacity": 9, "available": 4}, "bed.hcu": {"available": 1}}))
        .await;
    node.clock.pass(chrono::Duration::minutes(5));
    node.report(&goes, json!({"bed.icu": {"capacity": 10, "available": 2}, "bed.class3": {"capacity": 60}}))
        .await;
    node.clock.pass(chrono::Duration::minutes(5));
    node.report(&goes, json!({"bed.class3": {"available": 7}})).await;
    let session = json!({"facility": goes, "date": "2021-07-02", "from": "08:00", "to": "12:00",
        "product": "sinovac", "doses": [1]});
    let session =
        node.post("/v1/sessions", &session).key(&admin).send().await.json()["session"]["id"].clone();
    let left = json!({"sessions": {session.as_str().unwrap(): {"capacity": 90, "available": 30}}});
    let path = format!("/v1/facilities/{goes}/availability");
    node.put(&path, &left).key(&admin).send().await.json();
    let note = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "by": "Siti"});
    node.post(&format!("/v1/facilities/{goes}/marks"), &note).key(&admin).send().await.json();
    let before = node.seq().await;

    let merged = merge(&node, &stays, "bpjs:0112R040").await;
    assert_eq!(merged.status, StatusCode::OK, "{}", merged.text());
    let facility = node.get("/v1/facilities/kemenkes:3374065").key(&admin).send().await.json();
    assert_eq!(facility["id"], *stays);
    assert_eq!(facility["external_ids"], json!(["kemenkes:3374065", "bpjs:0112R040"]));
    let phones: Vec<_> =
        facility["phones"].as_array().unwrap().iter().map(|phone| &phone["number"]).collect();
    assert_eq!(phones, ["024-7605378", "0812-1111-0000", "024-7605297"]);
    assert_eq!(facility["availability"][2]["notes"][0]["verdict"], "wrong", "{facility}");
    // Of two numbers the one observed later counts, and a capacity goes by its own time.
    let told = json!([["bed.class3", 60, 7], ["bed.hcu", null, 1], ["bed.icu", 10, 2]]);
    assert_eq!(numbers(&node, &stays).await, told);
    let vaccinations = node.get("/v1/vaccinations?region=33.74").send().await.json();
    let there = &vaccinations["facilities"][0];
    assert_eq!((&there["id"], &there["sessions"][0]["left"]), (&json!(stays), &json!(30)), "{vaccinations}");

    // It is there once, and found by both names.
    let beds = node.get("/v1/beds?region=33.74&min=0").send().await.json();
    assert_eq!(beds["facilities"].as_array().unwrap().len(), 1);
    for q in ["tugurejo", "tugu+rejo", "0247605297"] {
        let found = node.get(&format!("/v1/search?q={q}")).send().await.json();
        let ids: Vec<_> = found["facilities"].as_array().unwrap().iter().map(|hit| &hit["id"]).collect();
        assert_eq!(ids, [&json!(stays)], "{q}: {found}");
    }
    // The history is that of both.
    let history = node.get(&format!("/v1/facilities/{stays}/history?type=bed.icu")).send().await.json();
    let capacities: Vec<_> =
        history["history"].as_array().unwrap().iter().map(|number| number["capacity"].clone()).collect();
    assert_eq!(capacities, [10, 10, 9], "the one that went over, and what each was told");
    // Whoever follows the changes is told where the other went.
    let changes = pages(&node, None, before, "").await;
    let went = changes.iter().find(|change| change["content"]["id"] == *goes).unwrap();
    assert_eq!((&went["content"]["merged_into"], &went["content"]["closed"]), (&json!(stays), &json!(true)));
    let stayed = changes.iter().find(|change| change["content"]["id"] == *stays).unwrap();
    assert_eq!(stayed["content"]["merged"], json!([goes]));

    // A restart knows the same.
    let lines = node.get("/v1/snapshot").key(&admin).send().await.text();
    let node = node.restart().await;
    assert_eq!(node.get("/v1/snapshot").key(&admin).send().await.text(), lines);
    assert_eq!(numbers(&node, &stays).await, told);
}

/// Each part is that of the entry that has it from a person; a list that comes later leaves it.
#[tokio::test]
async fn what_a_person_stated_of_either_entry_outlives_the_merge_and_the_next_list() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let list = "code,name,type,region_code,phone,address,lat,lon\n3374010,RS Lama,RS,33.74,024-111111,Jl. A,-6.99,110.42\n\
                3374011,RS Kedua,RS,33.74.10,024-222222,Jl. B,,\n";
    let send = async |list: &str| {
        let call = node.call(Method::POST, "/v1/imports/facilities").key(&key);
        call.body("text/csv", list.to_owned()).send().await.json()
    };
    send(list).await;
    let patch = json!({"name": "RS Baru", "phones": [{"number": "024-333333"}], "lat": -6.98, "lon": 110.40});
    node.patch("/v1/facilities/kemenkes:3374011", &patch).key(&key).send().await.json();
    assert_eq!(merge(&node, "kemenkes:3374010", "kemenkes:3374011").await.status, StatusCode::OK);
    let known = async || {
        let facility = node.get("/v1/facilities/kemenkes:3374010").send().await.json();
        json!([facility["name"], facility["lat"], facility["address"], facility["phones"][1]["number"]])
    };
    let expected = json!(["RS Baru", -6.98, "Jl. A", "024-333333"]);
    assert_eq!(known().await, expected);
    let receipt = send(&list[..list.rfind("3374011").unwrap()]).await;
    let differences = receipt["outcomes"][0]["differences"].as_array().unwrap();
    assert!(!differences.is_empty() && differences.iter().all(|one| one["kept"] == true), "{receipt}");
    assert_eq!(known().await, expected);
}

#[tokio::test]
async fn a_removed_room_hides_none_that_is_there_and_a_capacity_is_known_by_its_own_time() {
    let (node, stays, goes) = start().await;
    let key = node.admin().await;
    let row = |beds: &str, free: &str| json!({"kodekelas": "ICU", "koderuang": "A", "namaruang": "A", "kapasitas": beds, "tersedia": free});
    node.patch(&format!("/v1/facilities/{stays}"), &json!({"external_ids": ["bpjs:0112R041"]}))
        .key(&key)
        .send()
        .await
        .json();
    for (facility, code) in [(&goes, "0112R040"), (&stays, "0112R041")] {
        let bridge = node.key(Role::Bridge, None, &[facility]).await;
        let send = async |what: &str, body: Value| {
            let path = format!("/bridge/aplicares/rest/bed/{what}/{code}");
            assert_eq!(
                node.post(&path, &body).header("x-cons-id", &bridge).send().await.status,
                StatusCode::OK
            );
        };
        send("create", row("9", "4")).await;
        if *facility == goes {
            send("delete", json!({"kodekelas": "ICU", "koderuang": "A"})).await;
        }
    }
    node.report(&goes, json!({"bed.hcu": {"capacity": 20, "available": 1}})).await;
    node.clock.pass(chrono::Duration::minutes(5));
    node.report(&stays, json!({"bed.hcu": {"available": 2}})).await;
    assert_eq!(merge(&node, &stays, &goes).await.status, StatusCode::OK);
    assert_eq!(numbers(&node, &stays).await, json!([["bed.hcu", 20, 2], ["bed.icu", 9, 4]]));
    let rooms = node
        .get("/bridge/aplicares/rest/bed/read/0112R041/1/9")
        .header("x-cons-id", &node.key(Role::Bridge, None, &[&stays]).await);
    assert!(rooms.send().await.text().contains("\"koderuang\":\"A\""));
}

#[tokio::test]
async fn a_room_in_use_outranks_one_that_was_removed_later() {
    let (node, stays, goes) = start().await;
    let key = node.admin().await;
    let patch = json!({"external_ids": ["bpjs:0112R041"]});
    node.patch(&format!("/v1/facilities/{stays}"), &patch).key(&key).send().await.json();
    let bridge = async |facility: &str, what: &str, code: &str| {
        let row = json!({"kodekelas": "ICU", "koderuang": "A", "namaruang": "A", "kapasitas": "9", "tersedia": "4"});
        let bridge = node.key(Role::Bridge, None, &[facility]).await;
        let path = format!("/bridge/aplicares/rest/bed/{what}/{code}");
        let reply = node.post(&path, &row).header("x-cons-id", &bridge).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    };
    bridge(&goes, "create", "0112R040").await;
    bridge(&stays, "create", "0112R041").await;
    node.clock.pass(chrono::Duration::minutes(5));
    bridge(&stays, "delete", "0112R041").await;
    assert_eq!(merge(&node, &stays, &goes).await.status, StatusCode::OK);
    let reader = node.key(Role::Bridge, None, &[&stays]).await;
    let rooms =
        node.get("/bridge/aplicares/rest/bed/read/0112R041/1/9").header("x-cons-id", &reader).send().await;
    assert!(rooms.text().contains("\"koderuang\":\"A\""), "{}", rooms.text());
}

#[tokio::test]
async fn the_entry_that_went_leads_to_the_one_that_stays_for_ever() {
    let (node, stays, goes) = start().await;
    let reporter = node.key(Role::Reporter, None, &[&goes]).await;
    let bridge = node.key(Role::Bridge, None, &[&goes]).await;
    let past = node.clock.now();
    node.clock.pass(chrono::Duration::minutes(1));
    assert_eq!(merge(&node, &stays, &goes).await.status, StatusCode::OK);
    let node = node.restart().await;
    for named in [&*goes, "bpjs:0112R040", &format!("sedia:{goes}")] {
        for (path, query) in [("", ""), ("", "?format=text"), ("/history", "?limit=3")] {
            let reply = node.get(&format!("/v1/facilities/{named}{path}{query}")).send().await;
            let location = format!("/v1/facilities/{stays}{path}{query}");
            // The id may be given to another facility later.
            assert_eq!(reply.header("cache-control"), PUBLIC);
            assert_eq!(
                (reply.status, reply.header("location")),
                (StatusCode::MOVED_PERMANENTLY, &*location),
                "{named}{path}{query}: {}",
                reply.text()
            );
            assert_eq!(node.get(&location).send().await.status, StatusCode::OK);
        }
    }
    assert_eq!(node.get("/v1/facilities/kemenkes:3374065").send().await.status, StatusCode::OK);
    let then = past.to_rfc3339().replace('+', "%2B");
    let then = node.get(&format!("/v1/facilities/{goes}?as_of={then}")).send().await.json();
    assert_eq!(then["id"], *goes, "then it was an entry of its own");

    // Programs that keep the id go on.
    let path = format!("/v1/facilities/{goes}/availability");
    let receipt =
        node.put(&path, &json!({"values": {"bed.icu": {"available": 3}}})).key(&reporter).send().await;
    assert_eq!(receipt.json()["facility"], *stays);
    let row =
        json!({"kodekelas": "ICU", "koderuang": "A", "namaruang": "A", "kapasitas": "9", "tersedia": "4"});
    let sent = node.post("/bridge/aplicares/rest/bed/create/0112R040", &row).header("x-cons-id", &bridge);
    assert_eq!(sent.send().await.status, StatusCode::OK);
    assert_eq!(numbers(&node, &stays).await, json!([["bed.icu", 9, 4]]));
    let rows = json!([{"facility": "bpjs:0112R040", "type": "bed.hcu", "available": 1}]);
    let listed = node.post("/v1/reports", &rows).key(&node.admin().await).send().await.json();
    assert_eq!(listed["accepted"], 1, "{listed}");
}

#[tokio::test]
async fn a_chain_of_merges_leads_to_its_end() {
    let (node, stays, goes) = start().await;
    let last = node.hospital("Z", "33.74.11", None).await;
    assert_eq!(merge(&node, &stays, &goes).await.status, StatusCode::OK);
    assert_eq!(merge(&node, &last, &stays).await.status, StatusCode::OK);
    for named in [&*goes, &*stays, "bpjs:0112R040", "kemenkes:3374065"] {
        let reply = node.get(&format!("/v1/facilities/{named}")).send().await;
        assert_eq!(reply.header("location"), format!("/v1/facilities/{last}"), "{named}");
    }
}

#[tokio::test]
async fn a_merge_is_for_coordinators_of_both_and_never_of_one_with_itself() {
    let (node, stays, goes) = start().await;
    let other = node.hospital("Z", "33.22", None).await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let seq = node.seq().await;
    let ask = async |path: &str, body: Value, key: &str| {
        node.post(&format!("/v1/facilities/{path}/merge"), &body).key(key).send().await
    };
    ask(&stays, json!({"duplicate": other}), &coordinator).await.problem(403, "outside_scope");
    ask(&other, json!({"duplicate": stays}), &coordinator).await.problem(403, "outside_scope");
    ask(&stays, json!({"duplicate": stays}), &coordinator).await.problem(422, "invalid_field");
    ask(&stays, json!({"duplicate": "kemenkes:1"}), &coordinator).await.problem(404, "unknown_facility");
    ask(&stays, json!({}), &coordinator).await.problem(422, "missing_field");
    let reporter = node.key(Role::Reporter, None, &[&stays]).await;
    ask(&stays, json!({"duplicate": goes}), &reporter).await.problem(403, "role_not_allowed");
    assert_eq!(node.seq().await, seq + 1, "only the key was made");
    assert_eq!(ask(&stays, json!({"duplicate": goes}), &coordinator).await.status, StatusCode::OK);
    ask(&stays, json!({"duplicate": goes}), &coordinator).await.problem(422, "invalid_field");
}

#[tokio::test]
async fn probable_duplicates_are_listed_until_they_are_merged() {
    let (node, stays, goes) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    for (name, region) in [("RSU Bhakti Wira", "33.74.10"), ("RSUD Tugurejo", "33.22"), ("RS Panti", "33.74")]
    {
        let body = json!({"name": name, "kind": "hospital", "region": region});
        node.post("/v1/facilities", &body).key(&node.admin().await).send().await.json();
    }
    let list = async || node.get("/v1/duplicates").key(&coordinator).send().await.json();
    let listed = list().await;
    let pairs: Vec<_> = listed["duplicates"].as_array().unwrap().iter().collect();
    let ids: Vec<_> =
        pairs.iter().map(|pair| [&pair["facilities"][0]["id"], &pair["facilities"][1]["id"]]).collect();
    assert_eq!(ids, [[&json!(stays), &json!(goes)]], "{listed}");
    assert_eq!(pairs[0]["same"], json!(["name", "phone"]));
    assert_eq!(merge(&node, &stays, &goes).await.status, StatusCode::OK);
    assert_eq!(list().await["duplicates"], json!([]));
    node.get("/v1/duplicates").send().await.problem(401, "key_required");
}
