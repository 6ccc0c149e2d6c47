//! The API document is what the program does.

use serde_json::Value;

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

#[tokio::test]
async fn the_document_its_page_and_the_codes_are_served() {
    let node = TestNode::start().await;
    let document = node.get("/openapi.json").send().await.json();
    assert!(document["paths"]["/v1/beds"]["get"].is_object());
    assert!(node.get("/docs/").send().await.status.is_success());
    for code in sedia::directory::refusal::Code::ALL {
        let explained = node.get(&format!("/problems/{}", code.name())).send().await.json();
        assert_eq!(explained["code"], code.name());
    }
}
