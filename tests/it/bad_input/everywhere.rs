//! What every operation refuses in the same way, asked of each one in the API document.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::TestNode;

/// The path of an operation, with `fill` or the examples of its parameters in it.
fn filled(path: &str, operation: &Value, fill: Option<&str>) -> String {
    let (mut path, mut query) = (path.to_owned(), String::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let example = parameter["example"].as_str().unwrap_or("0196f1b0-0000-7000-8000-000000000000");
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), fill.unwrap_or(example)),
            "query" if parameter["required"] == true => query = format!("{name}={example}&"),
            _ => {}
        }
    }
    format!("{path}?{query}")
}

#[tokio::test]
async fn every_operation_refuses_what_none_takes() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74", None).await;
    let admin = node.admin().await;
    let signed_in = node.post("/v1/sign-ins", &json!({})).key(&admin).send().await.json();
    let ids = json!({"external_ids": ["kemenkes:3374010"]});
    node.patch("/v1/facilities/test:A", &ids).key(&admin).send().await.json();
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let large = " ".repeat((8 << 20) + 1);
    let mut asked = 0;
    for (template, operations) in document["paths"].as_object().unwrap() {
        // There is no such way in without a provider; what it refuses is in `pages::openid`.
        if template == "/v1/sign-ins/openid" {
            continue;
        }
        for (name, operation) in operations.as_object().unwrap() {
            let method = Method::from_bytes(name.to_uppercase().as_bytes()).unwrap();
            let lists = |status: &str| operation["responses"][status].is_object();
            let path = filled(template, operation, None);
            let key =
                if path.contains("/sign-ins/current") { signed_in["key"].as_str().unwrap() } else { &*admin };
            let call = |path: &str| node.call(method.clone(), path).header("x-rs-id", "3374010");
            if lists("401") {
                call(&path).key("nobody").send().await.problem(401, "key_invalid");
                asked += 1;
            }
            if lists("413") {
                let call = call(&path).key(key).body("application/json", large.clone());
                call.send().await.problem(413, "body_too_large");
            }
            if lists("415") {
                let call = call(&path).key(key).header("content-encoding", "gzip");
                call.body("application/json", "{}").send().await.problem(415, "unsupported_media_type");
            }
            if lists("400") && template.contains('{') {
                let path = filled(template, operation, Some("%ff"));
                call(&path)
                    .key(key)
                    .body("application/json", "{}")
                    .send()
                    .await
                    .problem(400, "invalid_encoding");
            } else if lists("400") && method == Method::GET && operation["parameters"][0]["in"] == "query" {
                call(&format!("{path}made_up=1")).key(key).send().await.problem(400, "unknown_parameter");
            } else if lists("400") && operation["requestBody"].is_object() {
                call(&path).key(key).body("application/json", "{").send().await.problem(400, "invalid_body");
            }
            if lists("406") {
                call(&path).key(key).accept("application/xml").send().await.problem(406, "not_acceptable");
            }
            if lists("304") {
                let first = call(&path).key(key).send().await;
                assert_eq!(first.status, StatusCode::OK, "{path}: {}", first.text());
                let again = call(&path).key(key).header("if-none-match", first.header("etag")).send().await;
                assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
            }
        }
    }
    assert!(asked > 40, "{asked}");
}
