//! `sedia import`: tables of regions, facilities and reports, in commands of some hundred or thousand rows.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::{
    OPERATOR, Outcome,
    output::{explained, in_words, line, note, progress, refused_row, row_note},
    settings::Settings,
    start,
};
use crate::{
    demo,
    domain::{region_code::RegionCode, text::wire_name},
    import::{
        facilities, regions,
        reports::{self, Format},
    },
    locales::Language,
    node::Node,
    store::{
        WriteError,
        commands::{
            FacilityRow, ImportFacilities, PutMode, PutRegions, RegionPatch, Remark, ReportRow, ReportRows,
        },
    },
};

/// How many facilities go into one command.
const FACILITIES: usize = 500;
/// How many regions go into one command.
const REGIONS: usize = 2_000;
/// How many reports go into one command, unless one facility has more.
const REPORTS: usize = 5_000;
/// The most reports of one file; beyond it something else is meant.
const MOST_REPORTS: usize = 5_000_000;

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Add regions or change them: code,name,lat,lon,timezone,postcode,aliases,precision
    ///
    /// Codes are Kemendagri's with dots. 'code,lat,lon' is enough for better points; what is left out or
    /// empty stays as it is. Regions that are in the directory and not in the file stay too.
    Regions(Source),

    /// Add facilities or change those with the same external id: name, kind or type, region or
    /// region_code and kecamatan_code, external_ids or code, address, phone or phones, lat, lon, aliases
    ///
    /// 'code' is the ministry's and becomes kemenkes:CODE. external_ids, aliases and phones may hold several,
    /// separated by ';'; in phones, '024-123=IGD' is a number with a label and '!024-123' one that only
    /// agents may see. A facility is not lost because its kecamatan, coordinate or telephone is wrong.
    Facilities(Source),

    /// Add reports: facility,type,session,capacity,occupied,available,queue,observed_at
    ///
    /// CSV, a JSON list, or one JSON object per line. An empty number is unknown, which is not zero.
    Reports {
        #[command(flatten)]
        source: Source,

        /// Check everything, store nothing
        #[arg(long)]
        dry_run: bool,

        /// How it is written [default: as it looks]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Source {
    /// The file, gzip or not; - is stdin
    file: PathBuf,
}

impl Source {
    fn open(&self) -> anyhow::Result<Box<dyn Read>> {
        if self.file.as_os_str() == "-" {
            return Ok(Box::new(io::stdin().lock()));
        }
        let file = File::open(&self.file).with_context(|| format!("cannot open {}", self.file.display()))?;
        Ok(Box::new(file))
    }
}

impl Import {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let (Self::Regions(source) | Self::Facilities(source) | Self::Reports { source, .. }) = &self;
        let opened = source.open()?;
        let node = start(settings).await?;
        let outcome = self.into_node(opened, &node).await;
        node.stop().await?;
        outcome
    }

    async fn into_node(self, source: Box<dyn Read>, node: &Node) -> anyhow::Result<Outcome> {
        let is_real = !matches!(self, Self::Regions(_));
        if is_real && demo::is_demo(&node.database).await? {
            bail!(
                "this database holds the simulated facilities of the demonstration; import into another one"
            );
        }
        match self {
            Self::Regions(_) => import_regions(source, node).await,
            Self::Facilities(_) => import_facilities(source, node).await,
            Self::Reports { dry_run, format, .. } => import_reports(source, node, format, dry_run).await,
        }
    }
}

async fn import_facilities(source: Box<dyn Read>, node: &Node) -> anyhow::Result<Outcome> {
    let facilities::Facilities { rows, left_out } =
        facilities::read(source).map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    for (row, rejection) in &left_out {
        refused_row(*row, rejection);
    }
    let count = rows.len();
    let (mut accepted, mut flagged, mut refused) = (0, 0, BTreeSet::new());
    let bar = progress("facilities", count);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let rows: Vec<_> = rows.by_ref().take(FACILITIES).collect();
        let (chunk, language) = (rows.len(), Language::En);
        let command = ImportFacilities { rows, language };
        let written = node.submit(OPERATOR, command).await.map_err(explained)?;
        for FacilityRow { row, flags, errors } in &written.receipt.body.outcomes {
            if errors.is_empty() {
                accepted += 1;
            } else {
                refused.insert(*row);
            }
            flagged += usize::from(!flags.is_empty());
            bar.suspend(|| {
                for flag in flags {
                    row_note(*row, "", &wire_name(*flag), "stored, with a flag");
                }
                tell(*row, errors);
            });
        }
        bar.inc(chunk as u64);
    }
    bar.finish_and_clear();
    line(&format!("{count} facilities read: {accepted} stored, {} refused", refused.len()))?;
    let left_out = left_out.iter().filter(|(row, _)| !refused.contains(row)).count();
    if left_out > 0 {
        note(&format!("{left_out} cells were left out, as listed above; their facilities were stored"));
    }
    if flagged > 0 {
        note(&format!("{flagged} facilities are flagged for a coordinator to mend, as listed above"));
    }
    Ok(Outcome::of_rows(refused.len()))
}

type RegionRows = Vec<(u32, RegionCode, RegionPatch)>;

async fn import_regions(source: Box<dyn Read>, node: &Node) -> anyhow::Result<Outcome> {
    let read = regions::rows(source).map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    let count = read.len();
    let (mut rows, mut refused, mut changed) = (RegionRows::new(), 0, 0);
    for (number, row) in read {
        match row {
            Ok((code, patch)) => rows.push((number, code, patch)),
            Err(rejection) => {
                refused += 1;
                refused_row(number, &rejection);
            }
        }
    }
    // Parents come before what lies in them.
    rows.sort_by_key(|(_, code, _)| *code);
    let bar = progress("regions", rows.len());
    let mut waiting: Vec<RegionRows> = rows.chunks(REGIONS).rev().map(<[_]>::to_vec).collect();
    while let Some(mut rows) = waiting.pop() {
        let command = PutRegions {
            regions: rows.iter().map(|(_, code, patch)| (*code, patch.clone())).collect(),
            mode: PutMode::Merge,
        };
        match node.submit(OPERATOR, command).await {
            Ok(written) => {
                changed += written.receipt.body.changed;
                bar.inc(rows.len() as u64);
            }
            // A command is all or nothing: halve it until the row that is wrong stands alone.
            Err(WriteError::Refused(_)) if rows.len() > 1 => {
                let second = rows.split_off(rows.len() / 2);
                waiting.extend([second, rows]);
            }
            Err(WriteError::Refused(rejections)) => {
                refused += rows.len();
                bar.suspend(|| {
                    rejections.all().iter().for_each(|rejection| refused_row(rows[0].0, rejection));
                });
            }
            Err(error) => return Err(explained(error)),
        }
    }
    bar.finish_and_clear();
    let same = count - refused - changed;
    line(&format!(
        "{count} regions read: {changed} added or changed, {same} as they were, {refused} refused"
    ))?;
    Ok(Outcome::of_rows(refused))
}

async fn import_reports(
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
    let rows = reports::read(format, &bytes, node.clock.now(), MOST_REPORTS)
        .map_err(|rejections| anyhow::anyhow!(in_words(&rejections)))?;
    let count = rows.len();
    let bar = progress("reports", count);
    let (mut accepted, mut late, mut refused) = (0, 0, 0);
    for rows in chunks(rows) {
        let length = rows.len() as u64;
        let language = Language::En;
        let command = ReportRows { rows, dry_run, confirmed: false, language };
        let written = node.submit(OPERATOR, command).await.map_err(explained)?;
        let receipt = written.receipt.body;
        accepted += receipt.accepted;
        late += receipt.late;
        refused += receipt.refused as usize;
        bar.suspend(|| {
            receipt.outcomes.iter().for_each(|outcome| {
                tell(outcome.row, outcome.errors.iter().chain(&outcome.warnings));
            });
        });
        bar.inc(length);
    }
    bar.finish_and_clear();
    line(&format!(
        "{count} reports read: {accepted} current now, {late} older than what is known, {refused} refused"
    ))?;
    if dry_run {
        note("this was a dry run: nothing was stored");
    }
    Ok(Outcome::of_rows(refused))
}

/// The rows of one facility stay in one command, because two that contradict each other are only seen
/// there.
fn chunks(mut rows: Vec<ReportRow>) -> Vec<Vec<ReportRow>> {
    if rows.len() > REPORTS {
        rows.sort_by(|one, other| one.facility.cmp(&other.facility));
    }
    let mut chunks: Vec<Vec<ReportRow>> = Vec::new();
    for row in rows {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < REPORTS || chunk[chunk.len() - 1].facility == row.facility => {
                chunk.push(row);
            }
            _ => chunks.push(vec![row]),
        }
    }
    chunks
}

/// Says what is wrong with a row, or odd about it.
fn tell<'a>(row: u32, remarks: impl IntoIterator<Item = &'a Remark>) {
    for remark in remarks {
        row_note(row, &remark.pointer, remark.code, &remark.detail);
    }
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
