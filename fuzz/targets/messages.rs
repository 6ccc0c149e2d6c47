//! Text messages: of a clerk, by a gateway with a key and by Meta. What is not stored is told why.

#![no_main]

use axum::http::Request;
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use sedia_fuzz::{META_SECRET, PHONE, send, snapshot};
use serde_json::json;
use sha2::Sha256;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data) {
        let before = snapshot().seq();
        let request = Request::post("/v1/messages").header("authorization", "Bearer @bridge");
        let reply = send(request.body(json!({"from": PHONE, "text": text}).to_string()).expect("a request"));
        if let Some(answer) = reply.json() {
            let has_stored = snapshot().seq() != before;
            assert!(!has_stored || answer["outcome"] == "stored", "{answer}");
            assert!(answer["reply"].as_str().is_some_and(|reply| !reply.is_empty()), "{answer}");
        }
    }
    let mut signature = Hmac::<Sha256>::new_from_slice(META_SECRET.as_bytes()).expect("any length will do");
    signature.update(data);
    let signature: String =
        signature.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let request = Request::post("/v1/messages").header("x-hub-signature-256", format!("sha256={signature}"));
    send(request.body(data.to_vec()).expect("a request"));
});
