//! Facilities, contacts, keys, regions and types that cannot be so.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Expected, refused};
use crate::support::TestNode;

/// `body` with one member replaced, or removed for null.
fn with(body: &Value, member: &str, value: Value) -> Value {
    let mut body = body.clone();
    let fields = body.as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(member);
    } else {
        fields.insert(member.to_owned(), value);
    }
    body
}

/// Sends `good` with each of the changes; each must be refused.
async fn each_refused(
    node: &TestNode,
    (method, path): (Method, &str),
    good: &Value,
    wrong: Vec<(&str, Value, Expected<'_>)>,
) {
    let key = node.admin().await;
    for (member, value, expected) in wrong {
        let body = with(good, member, value);
        let call = || node.call(method.clone(), path).json(&body).key(&key);
        refused(node, call, expected).await;
    }
}

#[tokio::test]
async fn facilities() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let good = json!({"name": "RS B", "kind": "hospital", "region": "33.74.10"});
    let phones = |number: &str| json!([{"number": "024-8413476"}, {"number": number}]);
    let wrong = vec![
        ("name", Value::Null, (422, "missing_field", "/name")),
        ("name", json!(" "), (422, "invalid_text", "/name")),
        ("name", json!("a".repeat(201)), (422, "invalid_text", "/name")),
        ("name", json!("a\u{7}"), (422, "invalid_text", "/name")),
        ("name", json!(5), (422, "invalid_field", "/name")),
        ("kind", json!("Rumah Sakit"), (422, "invalid_word", "/kind")),
        ("kind", json!(""), (422, "invalid_word", "/kind")),
        ("region", json!("33.99"), (404, "unknown_region", "/region")),
        ("region", json!("3374"), (400, "region_code_without_dots", "/region")),
        ("region", json!("3374010"), (400, "bps_code", "/region")),
        ("phones", phones("belum ada"), (422, "invalid_phone", "/phones/1/number")),
        ("phones", phones("12"), (422, "invalid_phone", "/phones/1/number")),
        (
            "phones",
            json!([{"number": "024-8413476", "visibilty": "internal"}]),
            (422, "unknown_field", "/phones/0/visibilty"),
        ),
        ("external_ids", json!(["3374010"]), (422, "invalid_external_id", "/external_ids/0")),
        ("external_ids", json!(["x:1", "test:A"]), (409, "external_id_taken", "/external_ids/1")),
        ("aliases", json!(vec!["a"; 21]), (422, "invalid_field", "/aliases")),
        ("aliases", json!(["a", ""]), (422, "invalid_text", "/aliases/1")),
        ("lat", json!(-6.99), (422, "invalid_coordinates", "/lat")),
        ("hidden", json!(true), (422, "unknown_field", "/hidden")),
        ("simulated", json!(true), (422, "unknown_field", "/simulated")),
    ];
    each_refused(&node, (Method::POST, "/v1/facilities"), &good, wrong).await;
    let far = with(&good, "lon", json!(110.4));
    let wrong = vec![("lat", json!(110.4), (422, "invalid_coordinates", "/lat"))];
    each_refused(&node, (Method::POST, "/v1/facilities"), &far, wrong).await;

    node.hospital("B", "33.74.10", None).await;
    let wrong = vec![
        ("external_ids", json!(["test:A"]), (409, "external_id_taken", "/external_ids/0")),
        ("region", json!("99"), (404, "unknown_region", "/region")),
        ("lon", json!(1), (422, "invalid_coordinates", "/lat")),
        ("closed", json!("yes"), (422, "invalid_field", "/closed")),
        ("id", json!("x"), (422, "unknown_field", "/id")),
    ];
    each_refused(&node, (Method::PATCH, "/v1/facilities/test:B"), &json!({}), wrong).await;
    let wrong = vec![("name", json!("C"), (404, "unknown_facility", "id"))];
    each_refused(&node, (Method::PATCH, "/v1/facilities/test:C"), &json!({}), wrong).await;
}

#[tokio::test]
async fn contacts() {
    let node = TestNode::start().await;
    let good = json!({"region": "33.74", "name": "Dinkes", "role": "dinkes", "phone": "024-8413476"});
    let wrong = || {
        vec![
            ("name", Value::Null, (422, "missing_field", "/name")),
            ("name", json!(""), (422, "invalid_text", "/name")),
            ("role", json!("Dinas Kesehatan"), (422, "invalid_word", "/role")),
            ("phone", json!("soon"), (422, "invalid_phone", "/phone")),
            ("region", json!("99"), (404, "unknown_region", "/region")),
            ("visibility", json!("secret"), (422, "invalid_field", "/visibility")),
            ("number", json!("1"), (422, "unknown_field", "/number")),
        ]
    };
    each_refused(&node, (Method::POST, "/v1/contacts"), &good, wrong()).await;
    let country = node.get("/v1/regions/33").send().await.json();
    let id = country["contacts"][0]["id"].as_str().unwrap();
    each_refused(&node, (Method::PUT, &format!("/v1/contacts/{id}")), &good, wrong()).await;
    let key = node.admin().await;
    for id in ["119", "0196f1b0-0000-7000-8000-000000000000"] {
        let path = format!("/v1/contacts/{id}");
        let expected = (404, "unknown_contact", "id");
        refused(&node, || node.put(&path, &good).key(&key), expected).await;
        refused(&node, || node.delete(&path).key(&key), expected).await;
    }
}

#[tokio::test]
async fn keys() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let reporter = json!({"role": "reporter", "facilities": ["test:A"]});
    let wrong = vec![
        ("role", Value::Null, (422, "missing_field", "/role")),
        ("role", json!("boss"), (422, "invalid_field", "/role")),
        ("role", json!("admin"), (422, "invalid_field", "/facilities")),
        ("role", json!("agent"), (422, "invalid_field", "/facilities")),
        ("role", json!("coordinator"), (422, "missing_field", "/region")),
        ("facilities", Value::Null, (422, "missing_field", "/facilities")),
        ("facilities", json!(["test:A", "test:A"]), (422, "missing_field", "/facilities")),
        ("facilities", json!(["test:Z"]), (404, "unknown_facility", "/facilities/0")),
        ("region", json!("33"), (422, "invalid_field", "/region")),
        ("region", json!("99"), (404, "unknown_region", "/region")),
        ("expires_days", json!(0), (422, "invalid_field", "/expires_days")),
        ("expires_days", json!(3651), (422, "invalid_field", "/expires_days")),
        ("expires_days", json!(-1), (422, "invalid_field", "/expires_days")),
        ("name", json!("a".repeat(121)), (422, "invalid_text", "/name")),
        ("secret", json!("mine"), (422, "unknown_field", "/secret")),
    ];
    each_refused(&node, (Method::POST, "/v1/keys"), &reporter, wrong).await;
    let wrong = vec![
        ("role", json!("bridge"), (422, "missing_field", "/facilities")),
        ("role", json!("coordinator"), (422, "missing_field", "/region")),
    ];
    each_refused(&node, (Method::POST, "/v1/keys"), &json!({}), wrong).await;
    let key = node.admin().await;
    for id in ["mine", "0196f1b0-0000-7000-8000-000000000000"] {
        let path = format!("/v1/keys/{id}");
        refused(&node, || node.delete(&path).key(&key), (404, "unknown_key", "id")).await;
    }
}

#[tokio::test]
async fn regions() {
    let node = TestNode::start().await;
    let good = json!({"name": "Baru"});
    let wrong = vec![
        ("name", Value::Null, (422, "missing_field", "/name")),
        ("name", json!(""), (422, "invalid_text", "/name")),
        ("aliases", json!([""]), (422, "invalid_text", "/aliases/0")),
        ("lat", json!(1), (422, "invalid_coordinates", "/lat")),
        ("timezone", json!("Asia/Tokyo"), (422, "invalid_field", "/timezone")),
        ("postcode", json!("1".repeat(11)), (422, "invalid_text", "/postcode")),
        ("parent", json!("33"), (422, "unknown_field", "/parent")),
    ];
    each_refused(&node, (Method::PUT, "/v1/regions/33.74.77"), &good, wrong).await;
    let key = node.admin().await;
    for (code, expected) in [
        ("33.99.01", (404, "unknown_region", "code")),
        ("3374", (400, "region_code_without_dots", "code")),
        ("3374010", (400, "bps_code", "code")),
        ("33.7", (400, "invalid_region_code", "code")),
    ] {
        let path = format!("/v1/regions/{code}");
        refused(&node, || node.put(&path, &good).key(&key), expected).await;
    }
}

#[tokio::test]
async fn types() {
    let node = TestNode::start().await;
    let good = json!({
        "kind": "bed", "label": {"id": "Baru", "en": "New"}, "age_group": "any", "aging_after_h": 4, "stale_after_h": 12,
    });
    let wrong = || {
        vec![
            ("kind", Value::Null, (422, "missing_field", "/kind")),
            ("kind", json!("chair"), (422, "invalid_field", "/kind")),
            ("label", json!({"id": "Baru"}), (422, "missing_field", "/label/en")),
            ("label", json!({"id": "Baru", "en": " "}), (422, "invalid_text", "/label/en")),
            ("age_group", json!("Old people"), (422, "invalid_field", "/age_group")),
            ("aging_after_h", json!(0), (422, "invalid_field", "/aging_after_h")),
            ("aging_after_h", json!(70_000), (422, "invalid_field", "/aging_after_h")),
            ("stale_after_h", json!(4), (422, "invalid_field", "/stale_after_h")),
            ("code", json!("bed.new"), (422, "unknown_field", "/code")),
        ]
    };
    each_refused(&node, (Method::PUT, "/v1/types/bed.new"), &good, wrong()).await;
    let mut changed = wrong();
    changed.push(("kind", json!("isolation"), (422, "invalid_field", "/kind")));
    each_refused(&node, (Method::PUT, "/v1/types/bed.icu"), &good, changed).await;
    let wrong = vec![("kind", json!("bed"), (422, "invalid_type_code", "code"))];
    each_refused(&node, (Method::PUT, "/v1/types/Bed"), &good, wrong).await;
}

/// RFC 7396: a member left out stays, null takes it away or sets it back, and a facility keeps what it must have.
#[tokio::test]
async fn a_patch_of_a_facility_merges() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let path = "/v1/facilities/test:A";
    let full = json!({"aliases": ["RS Lama"], "phones": [{"number": "024-8413476"}], "closed": true});
    node.patch(path, &full).key(&key).send().await.json();
    for member in ["name", "kind", "region"] {
        let mut null = json!({});
        null[member] = Value::Null;
        let call = || node.patch(path, &null).key(&key);
        refused(&node, call, (422, "invalid_field", &format!("/{member}"))).await;
    }
    node.patch(path, &json!({"aliases": null})).key(&key).send().await.json();
    let facility = node.get(path).key(&key).send().await.json();
    assert_eq!((&facility["name"], &facility["closed"]), (&json!("RS A"), &json!(true)));
    assert_eq!(facility["phones"].as_array().unwrap().len(), 1);
    node.patch(path, &json!({"phones": null, "closed": null})).key(&key).send().await.json();
    let facility = node.get(path).key(&key).send().await.json();
    assert_eq!((&facility["phones"], &facility["closed"]), (&json!([]), &json!(false)));
    for member in ["hidden", "simulated", "point"] {
        let call = || node.patch(path, &json!({member: null})).key(&key);
        refused(&node, call, (422, "unknown_field", &format!("/{member}"))).await;
    }
}

#[tokio::test]
async fn a_patch_of_an_intake_merges() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let path = "/v1/facilities/test:A";
    let intake = |criteria: Value, bring: Value, pickup: Value| json!({"criteria": criteria, "bring": bring, "pickup": pickup, "referral": null});
    for (patch, expected) in [
        (json!({"criteria": "OTG", "bring": "KTP"}), intake(json!("OTG"), json!("KTP"), Value::Null)),
        (json!({"bring": "KK"}), intake(json!("OTG"), json!("KK"), Value::Null)),
        (json!({"bring": null, "pickup": "Ambulans"}), intake(json!("OTG"), Value::Null, json!("Ambulans"))),
        (json!({}), intake(json!("OTG"), Value::Null, json!("Ambulans"))),
        (json!({"criteria": null, "pickup": null}), Value::Null),
    ] {
        node.patch(path, &json!({"intake": patch})).key(&key).send().await.json();
        let facility = node.get(path).send().await.json();
        assert_eq!(facility["intake"], expected, "after {patch}");
    }
    for (intake, expected) in [
        (json!({"bringing": "KTP"}), (422, "unknown_field", "/intake/bringing")),
        (json!({"bringing": null}), (422, "unknown_field", "/intake/bringing")),
        (json!({"bring": 5}), (422, "invalid_field", "/intake/bring")),
        (json!("KTP"), (422, "invalid_field", "/intake")),
    ] {
        refused(&node, || node.patch(path, &json!({"intake": intake})).key(&key), expected).await;
    }
}

/// The content of the newest change.
async fn newest(node: &TestNode) -> Value {
    let after = node.seq().await - 1;
    let key = node.admin().await;
    let changes = node.get(&format!("/v1/changes?after={after}")).key(&key).send().await.json();
    changes["changes"][0]["content"].clone()
}

/// `PUT` replaces the whole of a region or type, `PATCH` changes what it names (RFC 7396).
#[tokio::test]
async fn regions_are_replaced_by_put_and_changed_by_patch() {
    let node = TestNode::start().await;
    let (key, path) = (node.admin().await, "/v1/regions/33.74");
    let whole = json!({
        "name": "Kota Semarang", "aliases": ["Smg"], "lat": -6.99, "lon": 110.42, "precision": "place",
        "timezone": "Asia/Jakarta", "postcode": "50131",
    });
    node.put(path, &whole).key(&key).send().await.json();
    let stored = newest(&node).await;
    assert_eq!((&stored["aliases"], &stored["postcode"]), (&json!(["Smg"]), &json!("50131")));
    assert_eq!((&stored["point"]["lat"], &stored["precision"]), (&json!(-6.99), &json!("place")));

    node.patch(path, &json!({"postcode": null, "lon": 110.4})).key(&key).send().await.json();
    let changed = newest(&node).await;
    let mut expected = stored.clone();
    (expected["postcode"], expected["point"]["lon"]) = (Value::Null, json!(110.4));
    // How good the point is was said of the other one.
    expected["precision"] = json!("centroid");
    assert_eq!(changed, expected);

    node.put(path, &json!({"name": "Kota Semarang"})).key(&key).send().await.json();
    let replaced = newest(&node).await;
    assert_eq!(replaced["aliases"], json!([]));
    for member in ["point", "precision", "timezone", "postcode"] {
        assert_eq!(replaced[member], Value::Null, "{member}");
    }

    let wrong = [
        (json!({"name": null}), (422, "invalid_field", "/name")),
        (json!({"parent": null}), (422, "unknown_field", "/parent")),
        (json!({"lat": 1}), (422, "invalid_coordinates", "/lat")),
        (json!({"timezone": "Asia/Tokyo"}), (422, "invalid_field", "/timezone")),
        (json!(["name"]), (422, "invalid_field", "")),
    ];
    for (body, expected) in wrong {
        refused(&node, || node.patch(path, &body).key(&key), expected).await;
    }
    refused(
        &node,
        || node.put(path, &json!({"postcode": "50131"})).key(&key),
        (422, "missing_field", "/name"),
    )
    .await;
    let new = "/v1/regions/33.74.77";
    refused(&node, || node.patch(new, &json!({})).key(&key), (422, "missing_field", "/name")).await;
    let retried =
        || node.patch(path, &json!({"postcode": "50132"})).key(&key).header("Idempotency-Key", "one");
    let first = retried().send().await.json();
    assert_eq!((&first["changed"], retried().send().await.json()), (&json!(1), first.clone()));
}

#[tokio::test]
async fn types_are_changed_by_patch() {
    let node = TestNode::start().await;
    let (key, path) = (node.admin().await, "/v1/types/bed.icu");
    let before = node.get("/v1/types").send().await.json();
    let of = |types: &Value| {
        types["types"].as_array().unwrap().iter().find(|found| found["code"] == "bed.icu").unwrap().clone()
    };
    node.patch(path, &json!({"label": {"en": "Intensive care"}, "stale_after_h": 30}))
        .key(&key)
        .send()
        .await
        .json();
    let after = node.get("/v1/types").header("Accept-Language", "en").send().await.json();
    assert_eq!(of(&after)["stale_after_h"], 30);
    assert_eq!(of(&after)["aging_after_h"], of(&before)["aging_after_h"]);
    let changed = newest(&node).await;
    assert_eq!(changed["label"]["en"], "Intensive care");
    assert!(!changed["external_codes"].as_array().unwrap().is_empty());
    node.patch(path, &json!({"external_codes": null, "ventilator": null})).key(&key).send().await.json();
    let changed = newest(&node).await;
    assert_eq!((&changed["external_codes"], &changed["ventilator"]), (&json!([]), &Value::Null));
    let wrong = [
        (json!({"kind": null}), (422, "invalid_field", "/kind")),
        (json!({"kind": "isolation"}), (422, "invalid_field", "/kind")),
        (json!({"label": {"en": null}}), (422, "invalid_field", "/label/en")),
        (json!({"code": null}), (422, "unknown_field", "/code")),
        (json!({"stale_after_h": 1}), (422, "invalid_field", "/stale_after_h")),
    ];
    for (body, expected) in wrong {
        refused(&node, || node.patch(path, &body).key(&key), expected).await;
    }
    let unknown = "/v1/types/bed.tent";
    refused(&node, || node.patch(unknown, &json!({})).key(&key), (422, "unknown_type", "code")).await;
}
