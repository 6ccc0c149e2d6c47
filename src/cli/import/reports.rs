//! Reports, in commands of some thousand.

use std::io::Read;

use anyhow::Context;

use super::{super::output::in_words, OPERATOR, Outcome, explained, line, note, progress, tell};
use crate::{
    import::reports::{self, Format},
    locales::Language,
    node::Node,
    store::commands::{ReportRow, ReportRows},
};

/// How many rows go into one command, unless one facility has more.
const CHUNK: usize = 5_000;
/// The most rows of one file; beyond it something else is meant.
const MOST_ROWS: usize = 5_000_000;

pub(super) async fn import(
    source: Box<dyn Read>,
    node: &Node,
    format: Option<Format>,
    dry_run: bool,
) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    reports::unpacked(source)
        .and_then(|mut text| text.read_to_end(&mut bytes))
        .context("cannot read the reports")?;
    let format = format.unwrap_or_else(|| Format::of(&bytes));
    let rows = reports::read(format, &bytes, node.clock.now(), MOST_ROWS)
        .map_err(|rejections| anyhow::anyhow!(in_words(&rejections)))?;
    let count = rows.len();
    let bar = progress("reports", count);
    let mut totals = [0; 3];
    for rows in chunks(rows) {
        let length = rows.len() as u64;
        let language = Language::En;
        let command = ReportRows { rows, dry_run, confirmed: false, language };
        let written = node.submit(OPERATOR, command).await.map_err(explained)?;
        let receipt = written.receipt.body;
        for (total, count) in totals.iter_mut().zip([receipt.accepted, receipt.late, receipt.refused]) {
            *total += u64::from(count);
        }
        bar.suspend(|| {
            receipt.outcomes.iter().for_each(|outcome| {
                tell(outcome.row, outcome.errors.iter().chain(&outcome.warnings));
            });
        });
        bar.inc(length);
    }
    bar.finish_and_clear();
    let [accepted, late, refused] = totals;
    line(&format!(
        "{count} reports read: {accepted} current now, {late} older than what is known, {refused} refused"
    ))?;
    if dry_run {
        note("this was a dry run: nothing was stored");
    }
    Ok(if refused == 0 { Outcome::Done } else { Outcome::SomeRefused })
}

/// The rows of one facility stay in one command, because two that contradict each other are only seen
/// there.
fn chunks(mut rows: Vec<ReportRow>) -> Vec<Vec<ReportRow>> {
    if rows.len() > CHUNK {
        rows.sort_by(|one, other| one.facility.cmp(&other.facility));
    }
    let mut chunks: Vec<Vec<ReportRow>> = Vec::new();
    for row in rows {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK || chunk[chunk.len() - 1].facility == row.facility => {
                chunk.push(row);
            }
            _ => chunks.push(vec![row]),
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_facility_stay_together() {
        let row = |number: u32| ReportRow {
            row: number,
            facility: Some(format!("a:{}", number % 1500)),
            resource: None,
            said: Err(vec![]),
        };
        let chunks = chunks((0..15_000).map(row).collect());
        assert_eq!(chunks.iter().map(Vec::len).sum::<usize>(), 15_000);
        assert!(chunks.len() > 1);
        for pair in chunks.windows(2) {
            assert!(pair[0].last().unwrap().facility < pair[1][0].facility);
        }
    }
}
