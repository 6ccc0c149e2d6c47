//! Cursors and numbers of changes: the first byte picks the address, the rest is the value of its last parameter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sedia_fuzz::{get, picked};

const ADDRESSES: [&str; 13] = [
    "/v1/beds?region=33&min=0&limit=1&cursor=",
    "/v1/isolation?cursor=",
    "/v1/vaccinations?region=33&cursor=",
    "/v1/facilities?limit=1&cursor=",
    "/v1/facilities/test:A/history?limit=1&cursor=",
    "/v1/regions?limit=1&cursor=",
    "/v1/completeness?region=33&limit=1&cursor=",
    "/v1/changes?limit=1&after=",
    "/v1/changes?after=1&epoch=",
    "/v1/changes/stream?after=",
    "/v1/changes/stream?lastEventId=",
    "/v1/beds?as_of=",
    "/v1/facilities/test:A/history?from=",
];

fuzz_target!(|data: &[u8]| {
    let Some((address, value)) = picked(data, &ADDRESSES) else { return };
    get(&format!("{address}{}", percent_encode(value, NON_ALPHANUMERIC))).expect("an address");
});
