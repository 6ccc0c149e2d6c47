//! Bodies of hospital systems: the first byte picks the operation.

#![no_main]

use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use sedia_fuzz::{picked, send};

const OPERATIONS: [(&str, &str); 8] = [
    ("POST", "/bridge/rsonline/Fasyankes"),
    ("PUT", "/bridge/rsonline/Fasyankes"),
    ("DELETE", "/bridge/rsonline/Fasyankes"),
    ("POST", "/bridge/aplicares/rest/bed/update/0112A"),
    ("POST", "/bridge/aplicares/rest/bed/create/0112A"),
    ("POST", "/bridge/aplicares/rest/bed/delete/0112A"),
    ("POST", "/fo/index.php/Fasyankes"),
    ("POST", "/aplicaresws/rest/bed/update/0112A"),
];

fuzz_target!(|data: &[u8]| {
    let Some(((method, path), body)) = picked(data, &OPERATIONS) else { return };
    let request = Request::builder().method(*method).uri(*path).header("x-rs-id", "3374010");
    let request = request.header("x-pass", "@bridge").header("x-cons-id", "@bridge");
    send(request.body(body.to_vec()).expect("a request"));
});
