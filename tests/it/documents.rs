//! The API document is what the program does.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::TestNode;

#[test]
fn the_committed_document_is_the_one_the_program_writes() {
    expectorate::assert_contents("openapi/openapi.json", &sedia::http::openapi_json());
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = std::collections::HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(ids.insert(operation["operationId"].clone()), "{method} {path} shares its id");
            for (status, response) in operation["responses"].as_object().unwrap() {
                let description = response["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{method} {path} {status} is not described");
                if status.starts_with(['4', '5']) {
                    let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(problem, "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
        }
    }
}

/// The path of an operation, with the examples of its parameters in it.
fn example(path: &str, operation: &Value) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in operation["parameters"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        let example = || parameter["example"].as_str().unwrap();
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), example()),
            _ if parameter["required"] == true => query.push(format!("{name}={}", example())),
            _ => {}
        }
    }
    format!("{path}?{}", query.join("&"))
}

/// Whatever comes in more than one form comes in those that the document lists, and in no other.
#[tokio::test]
async fn the_forms_of_the_document_are_served_and_no_others() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", Some((-7.0, 110.4))).await;
    let key = node.admin().await;
    let ids = json!({"external_ids": ["kemenkes:3374010"]});
    node.patch("/v1/facilities/test:A", &ids).key(&key).send().await.json();
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let mut seen = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let operation = &operations["get"];
        let Some(content) = operation["responses"]["200"]["content"].as_object() else { continue };
        if content.len() < 2 {
            continue;
        }
        let asked = example(path, operation);
        for form in ["application/json", "text/plain", "text/csv", "application/geo+json"] {
            for language in ["id", "en"] {
                let reply = node.get(&asked).key(&key).accept(form).language(language).send().await;
                if content.contains_key(form) {
                    assert_eq!(reply.status, StatusCode::OK, "{asked} as {form}: {}", reply.text());
                    assert!(reply.header("content-type").starts_with(form), "{asked} as {form}");
                    let is_json = serde_json::from_slice::<Value>(&reply.body).is_ok();
                    assert_eq!(is_json, form.ends_with("json"), "{asked} as {form}: {}", reply.text());
                } else {
                    reply.problem(406, "not_acceptable");
                }
            }
        }
        seen.push(path);
    }
    assert_eq!(seen.len(), 16, "{seen:?}");
}

#[tokio::test]
async fn the_document_its_page_and_the_codes_are_served() {
    let node = TestNode::start().await;
    let document = node.get("/openapi.json").send().await.json();
    assert!(document["paths"]["/v1/beds"]["get"].is_object());
    assert!(node.get("/docs/").send().await.status.is_success());
    for code in sedia::domain::rejection::Code::ALL {
        let explained = node.get(&format!("/problems/{}", code.name())).send().await.json();
        assert_eq!(explained["code"], code.name());
    }
}
