//! Outlines of regions in GeoJSON: one that was read is read again as it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sedia::import::boundaries;
use sedia_fuzz::snapshot;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    let state = snapshot();
    let Ok(rows) = boundaries::rows(data, &state) else { return };
    for (code, patch) in rows.into_iter().filter_map(|(_, row)| row.ok()) {
        let written = patch.get("outline").expect("an outline");
        let feature =
            json!({"type": "Feature", "properties": {"code": code.to_string()}, "geometry": written});
        let collection = json!({"type": "FeatureCollection", "features": [feature]}).to_string();
        let again = boundaries::rows(collection.as_bytes(), &state).expect("it is a collection");
        let Some((_, Ok((same, again)))) = again.first() else {
            panic!("{written} is not read again: {again:?}")
        };
        assert_eq!(*same, code);
        assert_eq!(again.get("outline"), Some(written));
    }
});
