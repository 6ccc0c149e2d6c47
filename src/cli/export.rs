//! `sedia export`: CSV in the columns that `sedia import` takes, harmless to spreadsheets.

use std::io;

use clap::Subcommand;

use super::{Outcome, on_existing, settings::Settings};
use crate::{
    clock::Timestamp,
    domain::{
        facility::{ExternalId, Facility, Visibility},
        intake::Intake,
        numbers::Numbers,
        observation::CapacityTime,
        region::{Region, Zone},
        text::wire_name,
    },
    import::{
        facilities::{join_list, phone_cell},
        reports,
    },
    render::table::{Column, Table, cells, flag, moment, names, optional},
    snapshot::Snapshot,
};

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// All regions, with the points that are known
    Regions,
    /// All facilities that are open
    Facilities {
        /// Add the telephone numbers that only agents may see
        #[arg(long)]
        internal: bool,
    },
    /// The current numbers of all facilities that are open. A capacity that was stated earlier has a line of its own
    Reports,
}

type Csv = Table<io::BufWriter<io::StdoutLock<'static>>>;

const REGION: &[Column<Region>] = &[
    ("code", |region| region.code.to_string()),
    ("name", |region| region.name.clone()),
    ("level", |region| wire_name(region.code.level())),
    ("parent_code", |region| optional(region.code.parent())),
    ("lat", |region| optional(region.point.map(|point| point.lat))),
    ("lon", |region| optional(region.point.map(|point| point.lon))),
    ("kind", |region| region.code.kind().to_owned()),
    ("timezone", |region| optional(region.zone.map(Zone::name))),
    ("postcode", |region| optional(region.postcode.as_ref())),
    ("aliases", |region| join_list(region.aliases.iter().map(String::as_str))),
    ("precision", |region| optional(region.precision.map(wire_name))),
    ("bps_code", |region| optional(region.bps_code.as_ref())),
];

const FACILITY: &[Column<Facility>] = &[
    ("id", |facility| facility.id.to_string()),
    ("external_ids", |facility| join_list(facility.external_ids.iter().map(ExternalId::as_str))),
    ("name", |facility| facility.name.clone()),
    ("kind", |facility| facility.kind.to_string()),
    ("region", |facility| facility.region.to_string()),
    ("aliases", |facility| join_list(facility.aliases.iter().map(String::as_str))),
    ("address", |facility| optional(facility.address.as_ref())),
    ("phones", |facility| phone_cell(&facility.phones)),
    ("lat", |facility| optional(facility.point.map(|point| point.lat))),
    ("lon", |facility| optional(facility.point.map(|point| point.lon))),
    ("criteria", |facility| intake(facility, |intake| &intake.criteria)),
    ("bring", |facility| intake(facility, |intake| &intake.bring)),
    ("pickup", |facility| intake(facility, |intake| &intake.pickup)),
    ("referral", |facility| intake(facility, |intake| &intake.referral)),
    ("simulated", |facility| flag(facility.simulated)),
];

impl Export {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        on_existing(settings, async |node| {
            let snapshot = node.shared.current();
            let written = match self {
                Self::Regions => regions(&snapshot),
                Self::Facilities { internal } => facilities(&snapshot, internal),
                Self::Reports => reports(&snapshot),
            };
            written.map_err(as_io)?.flush()?;
            Ok(Outcome::Done)
        })
        .await
    }
}

/// The error beneath, so that a reader who went away is recognized.
fn as_io(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow::anyhow!("cannot write CSV: {other:?}"),
    }
}

fn csv(header: impl IntoIterator<Item = &'static str>) -> csv::Result<Csv> {
    Table::new(io::BufWriter::new(io::stdout().lock()), header)
}

fn regions(snapshot: &Snapshot) -> csv::Result<Csv> {
    let mut csv = csv(names(REGION))?;
    for region in snapshot.regions() {
        csv.line(cells(REGION, &**region))?;
    }
    Ok(csv)
}

fn facilities(snapshot: &Snapshot, internal: bool) -> csv::Result<Csv> {
    let mut csv = csv(names(FACILITY))?;
    for state in snapshot.facilities_in(None) {
        let mut facility = Facility::clone(&state.facility);
        facility.phones.retain(|phone| internal || phone.visibility == Visibility::Public);
        csv.line(cells(FACILITY, &facility))?;
    }
    Ok(csv)
}

fn reports(snapshot: &Snapshot) -> csv::Result<Csv> {
    let mut csv = csv(reports::COLUMNS)?;
    for state in snapshot.facilities_in(None) {
        let facility = &state.facility;
        // Other directories know a facility by the ids that it has elsewhere, not by ours.
        let name = match facility.external_ids.first() {
            Some(external) => external.as_str().to_owned(),
            None => format!("sedia:{}", facility.id),
        };
        for current in state.readings.iter() {
            let mut line = |numbers: Numbers, at: Timestamp| {
                let session = String::new();
                let reported = [name.clone(), current.code().to_string(), session];
                csv.line(reported.into_iter().chain(numbers.counts().map(optional)).chain([moment(at)]))
            };
            let observed_at = current.reading.observed_at;
            match current.reading.capacity_time() {
                CapacityTime::At(at) if current.numbers.capacity().is_some() => {
                    // It was stated by a report of its own, and the one after it left it out.
                    line(current.numbers.only_capacity(), at)?;
                    line(current.numbers.without_capacity(), observed_at)?;
                }
                _ => line(current.numbers, observed_at)?,
            }
        }
    }
    Ok(csv)
}

fn intake(facility: &Facility, field: fn(&Intake) -> &Option<String>) -> String {
    optional(facility.intake.as_ref().and_then(|intake| field(intake).as_ref()))
}
