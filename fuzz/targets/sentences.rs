//! Questions in one box: the requests that one is read as are answered, too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sedia_fuzz::get;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let sentence = utf8_percent_encode(text, NON_ALPHANUMERIC);
    for rest in ["", "&region=33.74", "&format=text"] {
        let reply = get(&format!("/v1/ask?q={sentence}{rest}")).expect("an address");
        let Some(answer) = reply.json() else { continue };
        for request in answer["understood"]["requests"].as_array().expect("a list") {
            let request = request.as_str().expect("an address");
            let reply = get(request).expect("an address");
            assert!(reply.status.is_success(), "{text:?} is read as {request}, which is refused: {reply:?}");
        }
    }
});
