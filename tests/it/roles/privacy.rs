//! What is internal reaches agents and up, inside their region, and nobody else; not by way of the cache either.

use sedia::domain::key::Role;
use serde_json::json;

use crate::support::{PUBLIC, Reply, TestNode};

/// The internal telephone of a hospital, as the harness makes them.
const PHONE: &str = "0812-4100-0000";

/// A place where something internal may show, and what shows there.
const PLACES: &[(&str, &[&str])] = &[
    ("/v1/beds?region=33.74&min=0", &[PHONE, "Piket 33.74", "test admin"]),
    ("/v1/beds?near=33.74.10&within=10", &[PHONE, "Piket 33.74", "test admin"]),
    ("/v1/facilities?region=33.74", &[PHONE, "test admin"]),
    ("/v1/facilities/test:A", &[PHONE, "Piket 33.74", "test admin"]),
    ("/v1/search?q=hospital+alpha", &[PHONE]),
    ("/v1/regions/33.74", &["Piket 33.74"]),
    ("/v1/regions/33.74.10", &["Piket 33.74"]),
];

/// Whether a place is told as text, too.
fn forms(path: &str) -> &'static [&'static str] {
    if path.starts_with("/v1/regions") || path.starts_with("/v1/facilities?") {
        &["application/json"]
    } else {
        &["application/json", "text/plain"]
    }
}

/// Hospital A in Kota Semarang and B in Kabupaten Semarang, each with an internal telephone; each region
/// with an internal contact of its own.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.22.10")] {
        let id = node.hospital(name, region, None).await;
        let body = json!({"name": if name == "A" { "Hospital Alpha" } else { "Hospital Beta" }});
        node.patch(&format!("/v1/facilities/{id}"), &body).key(&key).send().await.json();
        node.report(&format!("test:{name}"), json!({"bed.icu": {"available": 2}})).await;
    }
    for region in ["33", "33.74", "33.22"] {
        let contact = json!({
            "region": region, "name": format!("Piket {region}"), "role": "satgas", "phone": "0811-2700-0000",
            "visibility": "internal",
        });
        node.post("/v1/contacts", &contact).key(&key).send().await.json();
    }
    node
}

async fn ask(node: &TestNode, path: &str, form: &str, key: Option<&str>) -> Reply {
    let call = node.get(path).accept(form);
    match key {
        Some(key) => call.key(key).send().await,
        None => call.send().await,
    }
}

/// Every role with a key, and whether it sees what is internal in Kota Semarang.
async fn readers(node: &TestNode) -> Vec<(&'static str, Option<String>, bool)> {
    vec![
        ("public", None, false),
        ("reporter", Some(node.key(Role::Reporter, None, &["test:A"]).await), false),
        ("bridge", Some(node.key(Role::Bridge, None, &["test:A"]).await), false),
        ("agent elsewhere", Some(node.key(Role::Agent, Some("33.22"), &[]).await), false),
        ("agent", Some(node.key(Role::Agent, None, &[]).await), true),
        ("agent here", Some(node.key(Role::Agent, Some("33.74"), &[]).await), true),
        ("coordinator", Some(node.key(Role::Coordinator, Some("33"), &[]).await), true),
        ("admin", Some(node.admin().await), true),
    ]
}

#[tokio::test]
async fn what_is_internal_shows_to_whom_it_may_concern_in_every_form() {
    let node = start().await;
    let readers = readers(&node).await;
    for (path, secrets) in PLACES {
        for form in forms(path) {
            for (who, key, sees) in &readers {
                let text = ask(&node, path, form, key.as_deref()).await.text();
                for secret in *secrets {
                    // The text is for reading aloud: it does not say who typed a number in.
                    let shows = *sees && !(*form == "text/plain" && *secret == "test admin");
                    assert_eq!(text.contains(secret), shows, "{who}, {path}, {form}: {secret}\n{text}");
                }
                assert!(text.contains("024-8413476") || path.contains("regions"), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn an_agent_of_one_region_sees_internals_only_there() {
    let node = start().await;
    let key = node.key(Role::Agent, Some("33.74"), &[]).await;
    let answer = ask(&node, "/v1/beds?region=33", "application/json", Some(&key)).await.json();
    let facilities = answer["facilities"].as_array().unwrap();
    assert_eq!(facilities.len(), 2);
    for facility in facilities {
        let is_here = facility["name"] == "Hospital Alpha";
        assert_eq!(facility["phones"].as_array().unwrap().len(), if is_here { 2 } else { 1 });
        let reporter = &facility["availability"][0]["reporter"];
        assert_eq!(reporter.is_string(), is_here, "{reporter}");
    }
    // Whoever answers for the region above answers for this one, too; the neighbours do not.
    for (path, seen) in [
        ("/v1/regions/33.74.10", vec!["Piket 33.74", "Piket 33"]),
        ("/v1/regions/33.22.10", vec!["Piket 33"]),
    ] {
        let answer = ask(&node, path, "application/json", Some(&key)).await.json();
        let names: Vec<&str> = answer["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|contact| contact["visibility"] == "internal")
            .map(|contact| contact["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, seen, "{path}");
    }
}

#[tokio::test]
async fn the_cache_never_mixes_audiences() {
    let node = start().await;
    let agent = node.key(Role::Agent, None, &[]).await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    for agent_first in [false, true] {
        // A change makes every entry anew, so that both orders start without any.
        node.report("test:A", json!({"bed.icu": {"available": 2}})).await;
        for (path, _) in PLACES {
            for form in forms(path) {
                if agent_first {
                    ask(&node, path, form, Some(&agent)).await;
                }
                let before = ask(&node, path, form, None).await;
                let internal = ask(&node, path, form, Some(&agent)).await;
                let after = ask(&node, path, form, None).await;
                let by_key = ask(&node, path, form, Some(&reporter)).await;
                assert_eq!(before.body, after.body, "{path}");
                assert_eq!(before.body, by_key.body, "{path}");
                assert_ne!(before.body, internal.body, "{path}");
                assert_ne!(before.header("etag"), internal.header("etag"), "{path}");
                assert_eq!(before.header("cache-control"), PUBLIC);
                for private in [&internal, &by_key] {
                    assert_eq!(private.header("cache-control"), "private, no-cache");
                }
                let vary = after.header("vary").to_owned();
                for name in ["accept", "accept-encoding", "accept-language", "authorization"] {
                    assert!(vary.split(", ").any(|part| part == name), "{vary}");
                }
                // The agent's tag is worth nothing to the public.
                let known = node.get(path).accept(form).header("if-none-match", internal.header("etag"));
                assert_eq!(known.send().await.status, 200, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn nobody_finds_out_an_internal_telephone_by_searching_for_it() {
    let node = start().await;
    let reporter = node.key(Role::Reporter, None, &["test:A"]).await;
    for key in [None, Some(reporter.as_str())] {
        for q in ["0812-4100-0000", "081241000000", "%2B62812-4100-0000", "0812-4100"] {
            let found = ask(&node, &format!("/v1/search?q={q}"), "application/json", key).await;
            assert_eq!(found.json()["facilities"], json!([]), "{q}");
            for path in ["/v1/beds?min=0&q=", "/v1/facilities?q="] {
                let found = ask(&node, &format!("{path}{q}"), "application/json", key).await;
                assert_eq!(found.json()["facilities"], json!([]), "{path}{q}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_sees_an_internal_telephone_finds_its_facility_by_it() {
    let node = start().await;
    let here = json!({"phones": [{"number": "0812-5500-1111", "visibility": "internal"}]});
    node.patch("/v1/facilities/test:A", &here).key(&node.admin().await).send().await.json();
    // Everybody asks twice, so that what the cache gave to others would show.
    let readers = readers(&node).await;
    for (who, key, sees) in readers.iter().chain(&readers) {
        for q in
            ["0812-5500-1111", "081255001111", "%2B62812-5500-1111", "0812-5500", "55001111", "081255001112"]
        {
            for path in ["/v1/search?q=", "/v1/beds?min=0&q=", "/v1/facilities?q="] {
                let found =
                    ask(&node, &format!("{path}{q}"), "application/json", key.as_deref()).await.json();
                let names: Vec<&str> = found["facilities"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|hit| hit["name"].as_str().unwrap())
                    .collect();
                let expected: &[&str] = if *sees { &["Hospital Alpha"] } else { &[] };
                assert_eq!(names, expected, "{who}, {path}{q}");
            }
        }
    }
    // A number that is no longer there finds nothing.
    node.patch("/v1/facilities/test:A", &json!({"phones": []})).key(&node.admin().await).send().await.json();
    let agent = node.key(Role::Agent, None, &[]).await;
    let found = ask(&node, "/v1/search?q=0812-5500-1111", "application/json", Some(&agent)).await.json();
    assert_eq!(found["facilities"], json!([]));
}

#[tokio::test]
async fn a_telephone_that_becomes_internal_is_gone_from_the_next_answer() {
    let node = start().await;
    let key = node.admin().await;
    let path = "/v1/facilities/test:A";
    let text = |reply: Reply| reply.text().contains("024-8413476");
    assert!(text(ask(&node, path, "application/json", None).await));
    let phones = json!({"phones": [{"number": "024-8413476", "visibility": "internal"}]});
    node.patch(path, &phones).key(&key).send().await.json();
    for (path, _) in PLACES.iter().filter(|(path, _)| !path.contains("regions")) {
        for form in forms(path) {
            assert!(!text(ask(&node, path, form, None).await), "{path}");
        }
    }
    let found = ask(&node, "/v1/search?q=024-8413476", "application/json", None).await.json();
    assert_eq!(found["facilities"][0]["name"], "Hospital Beta");
    assert_eq!(found["facilities"].as_array().unwrap().len(), 1);
}
