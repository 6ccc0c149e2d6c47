//! Texts that could deceive whoever reads them or hears them.

use axum::http::Method;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::refused;
use crate::support::TestNode;

/// Texts with something in them that nobody sees.
const INVISIBLE: &[&str] = &["RS \u{202e}itkahB", "\u{200b}\u{2060}", "Bhakti\u{2028}penuh", "\u{3164}"];
/// A text that is fine, but no name.
const NO_NAME: &str = "- ☎ -";

/// One text of an operation: whose key sends it, where, the body around it, and where it stands in there.
type Text = (&'static str, Method, String, Value, &'static str, bool);

fn with(mut body: Value, pointer: &str, text: &str) -> Value {
    *body.pointer_mut(pointer).unwrap() = json!(text);
    body
}

#[tokio::test]
async fn are_refused_whatever_they_are() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let admin = node.admin().await;
    let ids = json!({"external_ids": ["test:A", "kemenkes:33A", "bpjs:0112A"]});
    assert!(node.patch("/v1/facilities/test:A", &ids).key(&admin).send().await.status.is_success());
    let session = json!({"facility": "test:A", "title": "T", "date": "2021-07-02", "from": "08:00", "to": "12:00",
        "product": "sinovac", "doses": [1]});
    let made = node.post("/v1/sessions", &session).key(&admin).send().await.json();
    let session_path = format!("/v1/sessions/{}", made["session"]["id"].as_str().unwrap());
    let country = node.get("/v1/regions/33").send().await.json();
    let contact_path = format!("/v1/contacts/{}", country["contacts"][0]["id"].as_str().unwrap());
    let keys = [
        ("admin", admin),
        ("agent", node.key(Role::Agent, None, &[]).await),
        ("bridge", node.key(Role::Bridge, None, &["test:A"]).await),
    ];

    let facility = json!({"name": "RS B", "kind": "hospital", "region": "33.74.10", "aliases": ["B"], "address": "Jl. B",
        "phones": [{"number": "119", "label": "IGD"}],
        "intake": {"criteria": "a", "bring": "b", "pickup": "c", "referral": "d"}});
    let contact = json!({"region": "33.74", "name": "Dinkes", "role": "dinkes", "phone": "024-8413476"});
    let region = json!({"name": "Baru", "aliases": ["B"], "postcode": "50244"});
    let resource = json!({"kind": "bed", "label": {"id": "Baru", "en": "New"}, "age_group": "any", "aging_after_h": 4,
        "stale_after_h": 12, "external_codes": ["x:1"]});
    let note = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "text": "x", "by": "Sari"});
    let rsonline = json!({"id_tt": "3", "ruang": "Melati", "id_t_tt": "1", "jumlah": 1, "terpakai": 0});
    let aplicares =
        json!({"kodekelas": "ICU", "koderuang": "1", "namaruang": "Melati", "kapasitas": 1, "tersedia": 1});

    let mut texts: Vec<Text> = Vec::new();
    let mut add =
        |who: &'static str, method: Method, path: &str, body: &Value, parts: &[(&'static str, bool)]| {
            texts.extend(
                parts
                    .iter()
                    .map(|(at, is_name)| (who, method.clone(), path.to_owned(), body.clone(), *at, *is_name)),
            );
        };
    let of_facility = [
        ("/name", true),
        ("/aliases/0", true),
        ("/address", false),
        ("/phones/0/label", false),
        ("/intake/criteria", false),
        ("/intake/bring", false),
        ("/intake/pickup", false),
        ("/intake/referral", false),
    ];
    add("admin", Method::POST, "/v1/facilities", &facility, &of_facility);
    add("admin", Method::PATCH, "/v1/facilities/test:A", &facility, &of_facility);
    add("admin", Method::POST, "/v1/contacts", &contact, &[("/name", true)]);
    add("admin", Method::PUT, &contact_path, &contact, &[("/name", true)]);
    add("admin", Method::POST, "/v1/sessions", &session, &[("/title", true)]);
    add("admin", Method::PUT, &session_path, &session, &[("/title", true)]);
    add("admin", Method::PATCH, &session_path, &json!({"title": ""}), &[("/title", true)]);
    add("admin", Method::POST, "/v1/keys", &json!({"role": "agent", "name": ""}), &[("/name", true)]);
    let of_region = [("/name", true), ("/aliases/0", true), ("/postcode", false)];
    add("admin", Method::PUT, "/v1/regions/33.74.77", &region, &of_region);
    let of_type = [("/label/id", true), ("/label/en", true), ("/external_codes/0", false)];
    add("admin", Method::PUT, "/v1/types/bed.new", &resource, &of_type);
    add("agent", Method::POST, "/v1/facilities/test:A/marks", &note, &[("/text", false), ("/by", true)]);
    add(
        "bridge",
        Method::POST,
        "/bridge/rsonline/Fasyankes",
        &rsonline,
        &[("/ruang", false), ("/id_t_tt", false), ("/id_tt", false)],
    );
    let of_aplicares = [("/namaruang", false), ("/koderuang", false), ("/kodekelas", false)];
    add("bridge", Method::POST, "/bridge/aplicares/rest/bed/create/0112A", &aplicares, &of_aplicares);

    for (who, method, path, body, at, is_name) in texts {
        let key = &keys.iter().find(|(name, _)| *name == who).unwrap().1;
        let send = |text: &str| {
            let call = node.call(method.clone(), &path).json(&with(body.clone(), at, text));
            if who == "bridge" { call.header("X-rs-id", "33A").header("X-pass", key) } else { call.key(key) }
        };
        for text in INVISIBLE {
            let problem = refused(&node, || send(text), (422, "invalid_text", at)).await;
            assert!(problem["detail"].as_str().unwrap().contains("U+"), "{problem}");
        }
        if is_name {
            refused(&node, || send(NO_NAME), (422, "invalid_text", at)).await;
        }
    }
}

#[tokio::test]
async fn are_refused_in_parameters() {
    let node = TestNode::start().await;
    for parameter in ["q", "region", "near", "type", "age_group", "cursor"] {
        for text in ["a%E2%80%AE", "%E2%80%8B", "%E2%80%A8"] {
            let path = format!("/v1/beds?{parameter}={text}");
            refused(&node, || node.get(&path), (422, "invalid_text", parameter)).await;
        }
    }
    refused(&node, || node.get("/v1/beds?reg%E2%80%AE=1"), (422, "invalid_text", "query")).await;
}

#[tokio::test]
async fn are_refused_in_rows() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    for (column, value) in
        [("facility", "test:A\u{202e}"), ("type", "bed.icu\u{200b}"), ("available", "1\u{200b}")]
    {
        let cell = |name: &str, good: &str| if name == column { value.to_owned() } else { good.to_owned() };
        let row = [cell("facility", "test:A"), cell("type", "bed.icu"), cell("available", "1")].join(",");
        let send = || {
            node.call(Method::POST, "/v1/reports")
                .body("text/csv", format!("facility,type,available\n{row}"))
                .key(&key)
        };
        let problem = refused(&node, send, (422, "all_rows_refused", "")).await;
        assert!(problem.to_string().contains(&format!("/rows/1/{column}")), "{problem}");
    }
}
