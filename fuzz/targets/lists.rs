//! Lists of reports: the first byte picks the media type. A dry run tells what would be stored, and stores nothing.

#![no_main]

use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use sedia_fuzz::{picked, send, snapshot};

const TYPES: [&str; 5] =
    ["application/json", "application/x-ndjson", "text/csv", "", "application/octet-stream"];

fuzz_target!(|data: &[u8]| {
    let Some((media_type, body)) = picked(data, &TYPES) else { return };
    let list = |query: &str| {
        let request = Request::post(format!("/v1/reports{query}")).header("authorization", "Bearer @admin");
        let request =
            if media_type.is_empty() { request } else { request.header("content-type", *media_type) };
        send(request.body(body.to_vec()).expect("a request"))
    };
    let before = snapshot().seq();
    let tried = list("?dry_run=true");
    assert_eq!(snapshot().seq(), before, "a dry run stores something: {tried:?}");
    let stored = list("");
    assert_eq!(tried.status, stored.status, "{tried:?} is not {stored:?}");
    if let (Some(tried), Some(stored)) = (tried.json(), stored.json()) {
        let outcomes = |answer: &serde_json::Value| {
            let rows = answer["outcomes"].as_array().expect("a list of rows").iter();
            rows.map(|row| (row["row"].clone(), row["status"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(outcomes(&tried), outcomes(&stored), "{tried} is not {stored}");
    }
});
