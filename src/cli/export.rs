//! `sedia export`: CSV in the columns that `sedia import` takes, harmless to spreadsheets.

use std::io;

use chrono::SecondsFormat;
use clap::Subcommand;

use super::{Outcome, settings::Settings, start_on_existing};
use crate::{
    domain::{
        facility::{ExternalId, Facility, Visibility},
        numbers::Count,
        region::{Region, Zone},
        text::wire_name,
    },
    import::{
        facilities::{join_list, phone_cell},
        reports,
    },
    snapshot::Snapshot,
    spreadsheet::escape_formula,
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
    /// The current numbers of all facilities that are open
    Reports,
}

struct Csv(csv::Writer<io::BufWriter<io::StdoutLock<'static>>>);

impl Csv {
    fn line<const N: usize>(&mut self, cells: [String; N]) -> csv::Result<()> {
        self.0.write_record(cells.map(escape_formula))
    }
}

impl Export {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let node = start_on_existing(settings).await?;
        let snapshot = node.shared.current();
        node.stop().await?;
        let mut csv = Csv(csv::Writer::from_writer(io::BufWriter::new(io::stdout().lock())));
        let written = match self {
            Self::Regions => regions(&mut csv, &snapshot),
            Self::Facilities { internal } => facilities(&mut csv, &snapshot, internal),
            Self::Reports => reports(&mut csv, &snapshot),
        };
        written.map_err(as_io)?;
        csv.0.flush()?;
        Ok(Outcome::Done)
    }
}

/// The error beneath, so that a reader who went away is recognized.
fn as_io(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow::anyhow!("cannot write CSV: {other:?}"),
    }
}

fn regions(csv: &mut Csv, snapshot: &Snapshot) -> csv::Result<()> {
    csv.0.write_record([
        "code",
        "name",
        "level",
        "parent_code",
        "lat",
        "lon",
        "kind",
        "timezone",
        "postcode",
        "aliases",
        "precision",
    ])?;
    snapshot.regions().try_for_each(|region| csv.line(region_cells(region)))
}

fn region_cells(region: &Region) -> [String; 11] {
    let (code, point) = (region.code, region.point);
    [
        code.to_string(),
        region.name.clone(),
        wire_name(code.level()),
        code.parent().map(|parent| parent.to_string()).unwrap_or_default(),
        degrees(point.map(|point| point.lat)),
        degrees(point.map(|point| point.lon)),
        code.kind().to_owned(),
        region.zone.map(Zone::name).unwrap_or_default().to_owned(),
        region.postcode.clone().unwrap_or_default(),
        join_list(region.aliases.iter().map(String::as_str)),
        region.precision.map(wire_name).unwrap_or_default(),
    ]
}

fn facilities(csv: &mut Csv, snapshot: &Snapshot, internal: bool) -> csv::Result<()> {
    csv.0.write_record([
        "id",
        "external_ids",
        "name",
        "kind",
        "region",
        "aliases",
        "address",
        "phones",
        "lat",
        "lon",
        "criteria",
        "bring",
        "pickup",
        "referral",
        "simulated",
    ])?;
    snapshot.facilities_in(None).try_for_each(|state| csv.line(facility_cells(&state.facility, internal)))
}

fn facility_cells(facility: &Facility, internal: bool) -> [String; 15] {
    let intake = facility.intake.clone().unwrap_or_default();
    let shown = facility.phones.iter().filter(|phone| internal || phone.visibility == Visibility::Public);
    [
        facility.id.to_string(),
        join_list(facility.external_ids.iter().map(ExternalId::as_str)),
        facility.name.clone(),
        facility.kind.to_string(),
        facility.region.to_string(),
        join_list(facility.aliases.iter().map(String::as_str)),
        facility.address.clone().unwrap_or_default(),
        phone_cell(shown),
        degrees(facility.point.map(|point| point.lat)),
        degrees(facility.point.map(|point| point.lon)),
        intake.criteria.unwrap_or_default(),
        intake.bring.unwrap_or_default(),
        intake.pickup.unwrap_or_default(),
        intake.referral.unwrap_or_default(),
        if facility.simulated { "yes" } else { "" }.to_owned(),
    ]
}

fn reports(csv: &mut Csv, snapshot: &Snapshot) -> csv::Result<()> {
    csv.0.write_record(reports::COLUMNS)?;
    for state in snapshot.facilities_in(None) {
        let facility = &state.facility;
        // Other directories know a facility by the ids that it has elsewhere, not by ours.
        let name = match facility.external_ids.first() {
            Some(external) => external.as_str().to_owned(),
            None => format!("sedia:{}", facility.id),
        };
        for (code, reading) in &state.readings {
            let numbers = reading.numbers;
            let count = |count: Option<Count>| count.map(|count| count.get().to_string()).unwrap_or_default();
            csv.line([
                name.clone(),
                code.to_string(),
                String::new(),
                count(numbers.capacity()),
                count(numbers.occupied()),
                count(numbers.available()),
                count(numbers.queue()),
                reading.observed_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            ])?;
        }
    }
    Ok(())
}

fn degrees(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
