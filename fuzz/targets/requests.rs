//! Whole requests: `METHOD PATH`, a line for each header, an empty line, the body.

#![no_main]

use axum::http::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let end = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
    let (head, body) = (&data[..end], data.get(end + 2..).unwrap_or_default());
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut first = lines.next().unwrap_or_default().splitn(2, |byte| *byte == b' ');
    let (Some(method), Some(path)) = (first.next(), first.next()) else { return };
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
        request = request.header(name, value.trim_ascii());
    }
    // What no server would take for a request is none.
    let Ok(request) = request.body(body.to_vec()) else { return };
    sedia_fuzz::send(request);
});
