//! Compares the answers that came in tests with those that the API document promises.
//!
//! `tests/run` runs this after all other tests, which write down what they got (`tests/it/support/contract.rs`). The list
//! of those that never came should only get shorter; `EXPECTORATE=overwrite cargo test --test answers` writes it anew.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
};

use serde_json::Value;

/// Why answers of a status may never come in a test.
fn reason(status: &str) -> &'static str {
    match status {
        "408" => "the time limit lies around all operations alike; a slow body is tried in slow_clients.rs",
        "500" => "nothing that a client can send leads there",
        "503" => "outages and overload are tried with an operation of each sort (outage.rs, slow_clients.rs)",
        _ => "the document lists it for all operations of a sort, and another one of the sort is tried",
    }
}

/// `get /v1/beds 200`, for each answer that the document promises.
fn promised() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&sedia::http::openapi_json()).unwrap();
    let mut promised = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys();
            promised.extend(statuses.map(|status| format!("{method} {path} {status}")));
        }
    }
    promised
}

/// The same for those that came.
fn seen() -> BTreeSet<String> {
    let folder = fs::read_dir(concat!(env!("CARGO_TARGET_TMPDIR"), "/answers"));
    let files = folder.expect("the other tests run first: see tests/run");
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_answer_of_the_document_comes_in_a_test_or_has_a_reason_not_to() {
    let (promised, seen) = (promised(), seen());
    let mut unseen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for answer in promised.difference(&seen) {
        let (operation, status) = answer.rsplit_once(' ').unwrap();
        unseen.entry(status).or_default().push(operation);
    }
    assert!(!unseen.contains_key("200") && !unseen.contains_key("201"), "no test succeeds: {unseen:?}");
    let mut text = String::new();
    for (status, operations) in unseen {
        writeln!(text, "{status}: {}\n    {}", reason(status), operations.join("\n    ")).unwrap();
    }
    expectorate::assert_contents("tests/answers_unseen.txt", &text);
}
