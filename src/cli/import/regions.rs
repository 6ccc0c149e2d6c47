//! Regions from a table, and their outlines from GeoJSON: both are what a list says of regions.

use super::tell_reading;
use crate::{
    cli::{
        OPERATOR, Outcome,
        output::{explained, item_note, line, note, progress},
    },
    domain::region_code::RegionCode,
    import::{
        File, boundaries,
        regions::{self, RegionRow},
    },
    locales::Language,
    node::Node,
    snapshot::Snapshot,
    store::commands::{ImportRegions, RegionInput, RegionPatch, RegionRowsReceipt},
};

/// How many regions go into one command.
const REGIONS: usize = 2_000;
/// The most letters of a value that is told.
const MOST_TOLD: usize = 200;

/// What a file says of regions, and how its own people call that.
struct Listed {
    /// `row` or `feature`: what is counted.
    item: &'static str,
    /// What was read, in the result.
    what: &'static str,
    rows: Vec<RegionRow>,
}

pub(super) async fn import_regions(
    bytes: &[u8],
    node: &Node,
    overwrite: bool,
    dry_run: bool,
) -> anyhow::Result<Outcome> {
    let (rows, reading) = regions::rows(File::from(bytes), Language::En)
        .map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    tell_reading(&reading, dry_run);
    import(Listed { item: "row", what: "regions", rows }, node, overwrite, dry_run).await
}

pub(super) async fn import_boundaries(
    bytes: &[u8],
    node: &Node,
    overwrite: bool,
    dry_run: bool,
) -> anyhow::Result<Outcome> {
    let rows = boundaries::rows(bytes, &node.shared.current())
        .map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    import(Listed { item: "feature", what: "outlines", rows }, node, overwrite, dry_run).await
}

async fn import(listed: Listed, node: &Node, overwrite: bool, dry_run: bool) -> anyhow::Result<Outcome> {
    let Listed { item, what, rows: read } = listed;
    let tell = |number: u32, pointer: &str, code: &str, detail: &str| {
        item_note(&format!("{item} {number}"), pointer, code, detail);
    };
    let count = read.len();
    let (mut rows, mut refused, mut changed, mut kept) = (RegionRows::new(), 0, 0, 0);
    for (number, row) in read {
        match row {
            Ok((code, patch)) => rows.push((number, code, patch)),
            Err(rejection) => {
                refused += 1;
                tell(number, &rejection.pointer, rejection.code.name(), &rejection.detail.to_string());
            }
        }
    }
    if dry_run {
        tell_changes(&rows, &node.shared.current(), tell);
    }
    // Parents come before what lies in them.
    rows.sort_by_key(|(_, code, _)| *code);
    let bar = progress(what, rows.len());
    // A dry run is one command: what lies in a region that the list adds is told from what lies nowhere.
    let size = if dry_run { rows.len().max(1) } else { REGIONS };
    for rows in rows.chunks(size) {
        let command = ImportRegions { rows: rows.to_vec(), dry_run, overwrite, language: Language::En };
        let receipt: RegionRowsReceipt =
            node.submit(OPERATOR, command).await.map_err(explained)?.receipt.body;
        changed += receipt.changed;
        kept += receipt.kept.len();
        refused += receipt.refused.len();
        bar.suspend(|| {
            for (number, errors) in &receipt.refused {
                for error in errors {
                    tell(*number, &error.pointer, error.code, &error.detail);
                }
            }
            for number in &receipt.kept {
                tell(*number, "", "kept", "a person stated otherwise");
            }
        });
        bar.inc(rows.len() as u64);
    }
    bar.finish_and_clear();
    let same = count - refused - changed;
    if kept > 0 {
        note(&format!("{kept} regions keep what a person stated; --overwrite takes the list's word for it"));
    }
    line(&format!(
        "{count} {what} read: {changed} added or changed, {same} as they were, {refused} refused"
    ))?;
    Ok(Outcome::of_rows(refused))
}

type RegionRows = Vec<(u32, RegionCode, RegionPatch)>;

/// Says what a list of regions would change.
fn tell_changes(rows: &RegionRows, state: &Snapshot, tell: impl Fn(u32, &str, &str, &str)) {
    for (number, code, patch) in rows {
        let Some(known) = state.region(*code) else {
            tell(*number, "", "added", &code.to_string());
            continue;
        };
        let known = serde_json::to_value(RegionInput::from(&**known)).unwrap_or_default();
        for (member, listed) in patch.members().filter(|(member, listed)| known[member.as_str()] != **listed)
        {
            let (known, listed) = (shortened(&known[member.as_str()]), shortened(listed));
            let change = format!("{code}: {known} here, {listed} in the list");
            tell(*number, &format!("/{member}"), "changed", &change);
        }
    }
}

/// A value as it is told: an outline is long.
fn shortened(value: &serde_json::Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= MOST_TOLD {
        return text;
    }
    text.chars().take(MOST_TOLD).chain("...".chars()).collect()
}
