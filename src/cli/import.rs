//! `sedia import`: tables of regions, facilities and reports, in commands of some hundred or thousand rows.

mod regions;

use std::{
    collections::{BTreeMap, HashSet},
    fs::{self, File as OsFile},
    io::{self, Read},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::{
    OPERATOR, Outcome, on_existing,
    output::{explained, in_words, line, note, progress, row_note},
    settings::Settings,
};
use crate::{
    demo,
    domain::{facility::Part, numbers::FIELDS, rejection::Code, text::wire_name},
    import::{
        ColumnMapping, Context, File, facilities,
        reports::{self, Format},
    },
    locales::Language,
    node::Node,
    snapshot::Snapshot,
    store::commands::{
        Difference, FacilityRow, ImportFacilities, ListedFacility, ListedStatus, Remark, ReportRow,
        ReportRows, RowChange, RowOutcome, RowStatus, TableReading,
    },
};

/// How many facilities go into one command.
const FACILITIES: usize = 2_000;
/// The most facilities of one file.
const MOST_FACILITIES: usize = 1_000_000;
/// How many reports go into one command, unless one facility has more.
const REPORTS: usize = 5_000;
/// The most reports of one file; beyond it something else is meant.
const MOST_REPORTS: usize = 5_000_000;

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Add regions or change them: code,name,lat,lon,timezone,postcode,aliases,precision,bps_code
    ///
    /// Codes are Kemendagri's with dots. 'code,lat,lon' is enough for better points, and 'code,bps_code' for
    /// 'bps:3374' to mean a region; what is left out or empty stays as it is. Regions that are in the directory and
    /// not in the file stay too. What a person stated through the API stays as it is.
    Regions {
        #[command(flatten)]
        source: Source,

        /// Take the list's word also for what a person stated
        #[arg(long)]
        overwrite: bool,
    },

    /// Add outlines of regions, for maps, or change them: GeoJSON, a Polygon or MultiPolygon for each region
    ///
    /// A feature names its region by its Kemendagri code, in 'code', 'kode', its id or the members of the national maps
    /// (KDPKAB, KDCPUM, ...), or else by a name. Outlines are kept with as many corners as a map needs. A feature that
    /// is wrong, or whose region nobody knows, is told by its number and passed over.
    Boundaries {
        #[command(flatten)]
        source: Source,

        /// Take the file's word also for what a person stated
        #[arg(long)]
        overwrite: bool,
    },

    /// Add facilities or change those with the same external id, or without ids the same name and region: name,
    /// kind or type, region or region_code and kecamatan_code, external_ids or code, address, phone or phones, lat, lon,
    /// aliases
    ///
    /// 'code' is the ministry's and becomes kemenkes:CODE. external_ids, aliases and phones may hold several,
    /// separated by ';'; in phones, '024-123=IGD' is a number with a label and '!024-123' one that only
    /// agents may see. A facility is not lost because its kecamatan, coordinate or telephone is wrong. What a
    /// person stated through the API stays as it is; what the list says otherwise is told.
    Facilities {
        #[command(flatten)]
        source: Source,

        /// Take the list's word also for what a person stated
        #[arg(long)]
        overwrite: bool,

        #[command(flatten)]
        mapping: Mapping,
    },

    /// Add reports: facility,type,session,capacity,occupied,available,queue,observed_at
    ///
    /// A table, a JSON list, or one JSON object per line. An empty number is unknown, which is not zero. A table may
    /// also have one row for each hospital, with headings such as 'ICU tersedia'.
    Reports {
        #[command(flatten)]
        source: Source,

        /// How it is written [default: as it looks]
        #[arg(long, value_enum)]
        format: Option<Format>,

        #[command(flatten)]
        mapping: Mapping,
    },
}

#[derive(Debug, Args)]
pub(super) struct Source {
    /// The file: CSV, .xlsx, .xls or .ods, or GeoJSON for boundaries, gzip or not; - is stdin
    file: PathBuf,

    /// Check everything, say what would change, store nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Mapping {
    /// What headings mean, as JSON: {"Sisa": "Kosong", "Bangsal": null}. A dry run writes the file if it is not there yet
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
}

impl Mapping {
    fn read(&self, dry_run: bool) -> anyhow::Result<ColumnMapping> {
        let Some(file) = &self.mapping else { return Ok(ColumnMapping::default()) };
        match fs::read_to_string(file) {
            Ok(text) => {
                let mapping = ColumnMapping::parse(&text, "");
                mapping.map_err(|rejection| {
                    anyhow::anyhow!("{}: {}", file.display(), in_words(&rejection.into()))
                })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && dry_run => Ok(ColumnMapping::default()),
            Err(error) => Err(anyhow::Error::new(error).context(format!("cannot open {}", file.display()))),
        }
    }

    /// Keeps how a table was read, to be corrected and used for the next ones.
    fn keep(&self, reading: &TableReading, dry_run: bool) -> anyhow::Result<()> {
        let Some(file) = self.mapping.as_ref().filter(|file| dry_run && !file.exists()) else {
            return Ok(());
        };
        let read = reading.columns.iter().map(|column| (column.heading.clone(), column.column.clone()));
        let mapping: ColumnMapping = read.collect();
        fs::write(file, serde_json::to_string_pretty(&mapping)? + "\n")
            .with_context(|| format!("cannot write {}", file.display()))?;
        note(&format!("how the columns were read is kept in {}", file.display()));
        Ok(())
    }
}

impl Source {
    fn open(&self) -> anyhow::Result<Box<dyn Read>> {
        if self.file.as_os_str() == "-" {
            return Ok(Box::new(io::stdin().lock()));
        }
        let file =
            OsFile::open(&self.file).with_context(|| format!("cannot open {}", self.file.display()))?;
        Ok(Box::new(file))
    }
}

impl Import {
    const fn source(&self) -> &Source {
        match self {
            Self::Regions { source, .. }
            | Self::Boundaries { source, .. }
            | Self::Facilities { source, .. }
            | Self::Reports { source, .. } => source,
        }
    }

    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let mut opened = self.source().open()?;
        on_existing(settings, async |node| {
            let mut bytes = Vec::new();
            opened.read_to_end(&mut bytes).context("cannot read the file")?;
            self.into_node(&bytes, node).await
        })
        .await
    }

    async fn into_node(self, bytes: &[u8], node: &Node) -> anyhow::Result<Outcome> {
        let is_real = !matches!(self, Self::Regions { .. } | Self::Boundaries { .. });
        if is_real && demo::is_demo(&node.database).await? {
            bail!(
                "this database holds the simulated facilities of the demonstration; import into another one"
            );
        }
        let dry_run = self.source().dry_run;
        let outcome = match self {
            Self::Regions { overwrite, .. } => regions::import_regions(bytes, node, overwrite, dry_run).await,
            Self::Boundaries { overwrite, .. } => {
                regions::import_boundaries(bytes, node, overwrite, dry_run).await
            }
            Self::Facilities { overwrite, mapping, .. } => {
                import_facilities(bytes, node, overwrite, &mapping, dry_run).await
            }
            Self::Reports { format, mapping, .. } => {
                import_reports(bytes, node, format, &mapping, dry_run).await
            }
        };
        if dry_run && outcome.is_ok() {
            note("this was a dry run: nothing was stored");
        }
        outcome
    }
}

/// What rows are read against.
fn context<'s>(node: &Node, state: &'s Snapshot, mapping: &'s ColumnMapping) -> Context<'s> {
    let (now, language) = (node.clock.now(), Language::En);
    Context { now, state, sender: &OPERATOR, language, mapping, keeps_cells: false, facility: None }
}

async fn import_facilities(
    bytes: &[u8],
    node: &Node,
    overwrite: bool,
    mapping: &Mapping,
    dry_run: bool,
) -> anyhow::Result<Outcome> {
    let state = node.shared.current();
    let columns = mapping.read(dry_run)?;
    let context = context(node, &state, &columns);
    let facilities::Facilities { rows, reading, .. } =
        facilities::read(File::from(bytes), context, MOST_FACILITIES)
            .map_err(|rejection| anyhow::anyhow!(rejection.detail))?;
    tell_reading(&reading, dry_run);
    mapping.keep(&reading, dry_run)?;
    let (count, new_kinds) = (rows.len(), new_kinds(&rows, &state));
    let (mut added, mut changed, mut left_out, mut flagged) = (0, 0, 0, 0);
    let (mut kept, mut doubled, mut refused) = (0, 0, 0);
    let bar = progress("facilities", count);
    // A dry run is one command: a row may mean a facility that one before it adds.
    let size = if dry_run { count } else { FACILITIES };
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let rows: Vec<_> = rows.by_ref().take(size).collect();
        let (chunk, language) = (rows.len(), Language::En);
        let command = ImportFacilities { rows, reading: None, dry_run, overwrite, language };
        let written = node.submit(OPERATOR, command).await.map_err(explained)?;
        for outcome in &written.receipt.body.outcomes {
            refused += usize::from(outcome.status == ListedStatus::Refused);
            added += usize::from(outcome.status == ListedStatus::Added);
            changed += usize::from(outcome.status == ListedStatus::Changed);
            flagged += usize::from(!outcome.flags.is_empty());
            kept += usize::from(outcome.differences.iter().any(|difference| difference.kept));
            let is_doubled = |warning: &&Remark| warning.code == Code::LikelyDuplicate.name();
            let alike = outcome.warnings.iter().filter(is_doubled).count();
            doubled += alike;
            if outcome.errors.is_empty() {
                left_out += outcome.warnings.len() - alike;
            }
            bar.suspend(|| tell_facility(outcome, dry_run));
        }
        bar.inc(chunk as u64);
    }
    bar.finish_and_clear();
    let stored = count - refused;
    line(&format!("{count} facilities read: {stored} stored, {refused} refused"))?;
    note(&format!("{added} of them were added, {changed} changed"));
    for (kind, facilities) in new_kinds {
        note(&format!("{facilities} of them are of the kind '{kind}', and none was before"));
    }
    if left_out > 0 {
        note(&format!(
            "{left_out} cells were left out or mended, as listed above; their facilities were stored"
        ));
    }
    if flagged > 0 {
        note(&format!("{flagged} facilities are flagged for a coordinator to mend, as listed above"));
    }
    if doubled > 0 {
        note(&format!(
            "{doubled} facilities are probably there already, as listed above; merge those that are"
        ));
    }
    if kept > 0 {
        note(&format!(
            "{kept} facilities keep what a person stated; --overwrite takes the list's word for it"
        ));
    }
    Ok(Outcome::of_rows(refused))
}

/// The kinds that no facility had before, each with its rows: a kind is a word of the operator's choice, or a slip.
fn new_kinds(rows: &[ListedFacility], state: &Snapshot) -> BTreeMap<String, usize> {
    let known: HashSet<&str> = state.facilities().map(|state| state.facility.kind.as_str()).collect();
    let mut new = BTreeMap::new();
    let kinds = rows.iter().filter_map(|row| Some(&row.input.as_ref().ok()?.kind));
    for kind in kinds.filter(|kind| !known.contains(kind.as_str())) {
        *new.entry(kind.clone()).or_default() += 1;
    }
    new
}

/// Says what is wrong or odd about a facility, and how the list differs from the directory.
fn tell_facility(outcome: &FacilityRow, dry_run: bool) {
    let FacilityRow { row, line, flags, differences, errors, warnings, .. } = outcome;
    for flag in flags {
        row_note((*row, *line), "", &wire_name(*flag), "stored, with a flag");
    }
    tell((*row, *line), errors.iter().chain(warnings));
    if dry_run && outcome.status == ListedStatus::Added {
        row_note((*row, *line), "", "added", outcome.name.as_deref().unwrap_or_default());
    }
    // Another name may be that of another hospital, by a cell in the wrong row.
    let is_told = |one: &&Difference| dry_run || one.kept || one.part == Part::Name;
    for Difference { part, before, listed, kept } in differences.iter().filter(is_told) {
        let what = if *kept { "kept" } else { "changed" };
        let part = format!("/{}", wire_name(*part));
        row_note((*row, *line), &part, what, &format!("'{before}' here, '{listed}' in the list"));
    }
}

/// Says how a table was understood: all of it before a dry run, otherwise what a person should know.
fn tell_reading(reading: &TableReading, all: bool) {
    if let Some(sheet) = reading.sheet.as_ref().filter(|_| all) {
        note(&format!("the sheet '{sheet}' is read"));
    }
    for column in reading.columns.iter().filter(|_| all) {
        let meaning = column.column.as_deref().unwrap_or("passed over");
        note(&format!("column '{}': {meaning}", column.heading));
    }
    for said in &reading.notes {
        note(said);
    }
}

async fn import_reports(
    bytes: &[u8],
    node: &Node,
    format: Option<Format>,
    mapping: &Mapping,
    dry_run: bool,
) -> anyhow::Result<Outcome> {
    let state = node.shared.current();
    let columns = mapping.read(dry_run)?;
    let context = context(node, &state, &columns);
    let reports::Reports { rows, reading, .. } =
        reports::read(format, File::from(bytes), context, MOST_REPORTS)
            .map_err(|rejections| anyhow::anyhow!(in_words(&rejections)))?;
    if let Some(reading) = &reading {
        tell_reading(reading, dry_run);
        mapping.keep(reading, dry_run)?;
    }
    let count = rows.len();
    let bar = progress("reports", count);
    let (mut accepted, mut late, mut refused) = (0, 0, 0);
    for rows in chunks(rows) {
        let length = rows.len() as u64;
        let language = Language::En;
        let command = ReportRows { rows, reading: None, dry_run, confirmed: false, language };
        let written = node.submit(OPERATOR, command).await.map_err(explained)?;
        let receipt = written.receipt.body;
        accepted += receipt.accepted;
        late += receipt.late;
        refused += receipt.refused as usize;
        bar.suspend(|| {
            for change in &receipt.changes {
                tell_change(change, &state);
            }
            for outcome in &receipt.outcomes {
                tell_late(outcome);
                tell((outcome.row, outcome.line), outcome.errors.iter().chain(&outcome.warnings));
            }
        });
        bar.inc(length);
    }
    bar.finish_and_clear();
    line(&format!(
        "{count} reports read: {accepted} current now, {late} older than what is known, {refused} refused"
    ))?;
    Ok(Outcome::of_rows(refused))
}

/// Says that a report is older than what is known.
fn tell_late(outcome: &RowOutcome) {
    if outcome.status == RowStatus::Late {
        let detail = "a newer observation is known; this one goes into the history";
        row_note((outcome.row, outcome.line), "", "late", detail);
    }
}

/// Says which numbers a report would change.
fn tell_change(change: &RowChange, state: &Snapshot) {
    let RowChange { row, line, facility, resource, before, values } = change;
    let in_words = |count: Option<_>| count.map_or_else(|| "unknown".to_owned(), |count| format!("{count}"));
    let changes = FIELDS.iter().zip(before.counts().into_iter().zip(values.counts()));
    let changes: Vec<String> = changes
        .filter(|(_, (known, listed))| known != listed)
        .map(|(field, (known, listed))| format!("{field} {} -> {}", in_words(known), in_words(listed)))
        .collect();
    let what = if changes.is_empty() { "same" } else { "changed" };
    let name = state.facility(*facility).map_or("", |known| &*known.facility.name);
    let detail = format!("{name}, {resource}: {}", changes.join(", "));
    row_note((*row, *line), "", what, detail.trim_end_matches(": "));
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
fn tell<'a>(row: (u32, Option<u32>), remarks: impl IntoIterator<Item = &'a Remark>) {
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
            line: None,
            facility: Some(format!("a:{}", number % 1500)),
            resource: None,
            name: None,
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
