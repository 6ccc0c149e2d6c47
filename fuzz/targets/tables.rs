//! Tables and lists in any format: CSV, workbooks, JSON, as reports, facilities, and regions. A cell is read as it was written.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sedia::{
    auth::{Operator, Principal},
    clock::{Clock, SystemClock},
    import::{ColumnMapping, Context, facilities, regions, reports},
    locales::Language,
    spreadsheet::{escape_formula, unescape_formula},
};
use sedia_fuzz::snapshot;

fuzz_target!(|data: &[u8]| {
    let (state, sender, mapping) = (snapshot(), Principal::Operator(Operator::Cli), ColumnMapping::default());
    let context = Context {
        now: SystemClock.now(),
        state: &state,
        sender: &sender,
        language: Language::Id,
        mapping: &mapping,
        keeps_cells: true,
        facility: Some("test:A"),
    };
    _ = reports::read(None, data.into(), context, reports::MOST_ROWS);
    _ = facilities::read(data.into(), context, reports::MOST_ROWS);
    _ = regions::rows(data.into(), Language::En);
    if let Ok(text) = str::from_utf8(data) {
        let written = escape_formula(text.to_owned());
        assert_eq!(unescape_formula(&written), text);
        _ = ColumnMapping::parse(text, "");
    }
});
