//! Query strings: the first byte picks the address. The same question has the same answer each time, whichever way it
//! takes, and a next page can be had.

#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sedia_fuzz::{get, picked, snapshot};

const PATHS: [&str; 17] = [
    "/v1/beds",
    "/v1/isolation",
    "/v1/vaccinations",
    "/v1/search",
    "/v1/facilities",
    "/v1/facilities/test:A",
    "/v1/facilities/test:A/history",
    "/v1/regions",
    "/v1/regions/33.74",
    "/v1/regions/33.74/overview",
    "/v1/regions/33.74/history",
    "/v1/completeness",
    "/v1/types",
    "/v1/changes",
    "/v1/snapshot",
    "/",
    "/desk",
];

fuzz_target!(|data: &[u8]| {
    let Some((path, query)) = picked(data, &PATHS) else { return };
    let Ok(query) = str::from_utf8(query) else { return };
    let address = format!("{path}?{query}");
    let before = snapshot();
    let Some(first) = get(&address) else { return };
    // Twice by the router, then by what it remembers of the words.
    for _ in 0..2 {
        let again = get(&address).expect("it could be sent before");
        let is_same =
            (again.status, &again.headers.get("etag")) == (first.status, &first.headers.get("etag"));
        // Time may have passed for a number in between; problems have the number of their request in them.
        let has_moved = !std::sync::Arc::ptr_eq(&before, &snapshot());
        assert!(is_same || has_moved, "{first:?} is not {again:?}");
        assert!(
            again.body == first.body || has_moved || !first.status.is_success(),
            "{first:?} is not {again:?}"
        );
    }
    let Some(answer) = first.json() else { return };
    if let Some(cursor) = answer["next"].as_str().filter(|_| !query.contains("cursor")) {
        let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
        let next = get(&format!("{address}&cursor={cursor}")).expect("a cursor is plain text");
        assert!(next.status.is_success(), "no next page of {address}: {next:?}");
    }
});
