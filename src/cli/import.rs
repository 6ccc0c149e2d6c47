//! `sedia import`.

mod regions;
mod reports;

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::{
    Outcome,
    output::{explained, line, note, progress, refused_row, row_note},
    settings::Settings,
    start,
};
use crate::{
    auth::Principal,
    demo,
    domain::text::wire_name,
    import::{facilities, reports::Format},
    locales::Language,
    node::Node,
    store::commands::{FacilityRow, ImportFacilities, Remark},
};

/// Who the command line writes into the log.
const OPERATOR: Principal = Principal::Operator("cli");
/// How many facilities go into one command.
const FACILITIES: usize = 500;

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
            Self::Regions(_) => regions::import(source, node).await,
            Self::Facilities(_) => import_facilities(source, node).await,
            Self::Reports { dry_run, format, .. } => reports::import(source, node, format, dry_run).await,
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
    Ok(if refused.is_empty() { Outcome::Done } else { Outcome::SomeRefused })
}

/// Says what is wrong with a row, or odd about it.
fn tell<'a>(row: u32, remarks: impl IntoIterator<Item = &'a Remark>) {
    for remark in remarks {
        row_note(row, &remark.pointer, remark.code, &remark.detail);
    }
}
