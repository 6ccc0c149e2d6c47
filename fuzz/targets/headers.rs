//! Headers: the first byte picks the header, the rest is its value. It is sent with a question and with a report.

#![no_main]

use axum::http::{HeaderValue, Request};
use libfuzzer_sys::fuzz_target;
use sedia_fuzz::{picked, send};

const HEADERS: [&str; 20] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "content-type",
    "cookie",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "origin",
    "range",
    "sec-fetch-site",
    "sedia-epoch",
    "sedia-seq",
    "x-forwarded-for",
    "x-hub-signature-256",
    "x-request-id",
    "x-twilio-signature",
    "content-encoding",
];

fuzz_target!(|data: &[u8]| {
    let Some((name, value)) = picked(data, &HEADERS) else { return };
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    for path in ["/v1/beds?region=33.74", "/v1/changes", "/v1/changes/stream", "/"] {
        let request = Request::get(path).header(*name, &value).body("");
        send(request.expect("a name and a value"));
    }
    let report =
        Request::put("/v1/facilities/test:A/availability").header("authorization", "Bearer @reporter");
    let body = r#"{"values": {"bed.icu": {"available": 3}}}"#;
    send(report.header(*name, &value).body(body).expect("a name and a value"));
    let message =
        Request::post("/v1/messages").header("authorization", "Bearer @bridge").header(*name, &value);
    send(message.body(r#"{"from": "081234567890", "text": "?"}"#).expect("a name and a value"));
});
