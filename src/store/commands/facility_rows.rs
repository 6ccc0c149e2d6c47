//! Lists of facilities: many are added or changed row by row, and what a person stated outranks the list.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    TableReading,
    facility::{
        FacilityInput, MEMBERS, add_aliases, add_former_name, aliases, at_most, external_ids, flag_doubtful,
        intake, phones, point, record,
    },
    report::Remark,
};
use crate::{
    domain::{
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Part, Phone, Visibility},
        intake::Intake,
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        text::{self, Slug, short_text},
    },
    locales::{Language, Message},
    snapshot::likeness::Lookalikes,
    store::{Command, Receipt, UnitOfWork},
};

/// Adds facilities from a list, or changes those that have one of the same external ids; a row without ids means the
/// facility of its name in its region. A bad row does not stop the others; a region or coordinate that cannot be used is
/// flagged, not refused. What a person stated outranks the list.
pub struct ImportFacilities {
    /// The rows.
    pub rows: Vec<ListedFacility>,
    /// How the table was understood, for the receipt.
    pub reading: Option<TableReading>,
    /// Decide everything, store nothing.
    pub dry_run: bool,
    /// Take the list's word also for what a person stated.
    pub overwrite: bool,
    /// The language of the outcomes.
    pub language: Language,
}

/// One row of a list of facilities.
pub struct ListedFacility {
    /// Which row, counting from 1.
    pub row: u32,
    /// Its line in the sheet, where that is not the one after `row`.
    pub line: Option<u32>,
    /// The facility in it, or the reasons why it cannot be read.
    pub input: Result<FacilityInput, Vec<Rejection>>,
    /// What of it was mended or left out.
    pub remarks: Vec<Rejection>,
}

impl ImportFacilities {
    /// Takes what the rows say, unless a person said otherwise.
    pub const fn new(rows: Vec<ListedFacility>, language: Language) -> Self {
        Self { rows, reading: None, dry_run: false, overwrite: false, language }
    }
}

impl ListedFacility {
    /// A row of which nothing was mended.
    pub const fn new(row: u32, input: Result<FacilityInput, Vec<Rejection>>) -> Self {
        Self { row, line: None, input, remarks: Vec::new() }
    }
}

/// What a row of a list did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListedStatus {
    /// The facility is new.
    Added,
    /// Something about it changed.
    Changed,
    /// It is as it was.
    Unchanged,
    /// Nothing of this row was stored.
    Refused,
}

/// A part about which the list and the directory disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// The part.
    pub part: Part,
    /// What the directory said.
    pub before: String,
    /// What the list says.
    pub listed: String,
    /// Whether it stays as it was, because a person stated it; `overwrite` takes the list's word.
    pub kept: bool,
}

/// What came of one row of a list of facilities.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacilityRow {
    /// Which row, counting from 1.
    pub row: u32,
    /// Its line in the sheet, where that is not the one after `row`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Our id of the facility, unless the row was refused.
    #[schema(value_type = Option<FacilityId>)]
    pub facility: Option<FacilityId>,
    /// The name as the row has it.
    pub name: Option<String>,
    /// What it did.
    pub status: ListedStatus,
    /// What a coordinator has to mend.
    pub flags: BTreeSet<Flag>,
    /// How the list differs from what was known.
    pub differences: Vec<Difference>,
    /// The reasons why it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Remark>,
    /// What was mended or left out, and whether the facility is probably there already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Remark>,
}

/// What came of a list of facilities.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacilityRowsReceipt {
    /// Nothing was stored, whatever the outcomes say.
    pub dry_run: bool,
    /// How many rows were taken.
    pub accepted: usize,
    /// How many were refused.
    pub refused: usize,
    /// How the table was understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading: Option<TableReading>,
    /// One outcome per row, in order.
    pub outcomes: Vec<FacilityRow>,
}

impl Command for ImportFacilities {
    type Outcome = FacilityRowsReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityRowsReceipt>, Rejections> {
        unit.principal().check_reports()?;
        let outcomes = if self.dry_run { unit.dry_run(|unit| self.import(unit)) } else { self.import(unit) };
        let refused = outcomes.iter().filter(|outcome| outcome.status == ListedStatus::Refused).count();
        let accepted = outcomes.len() - refused;
        Ok(Receipt::of(FacilityRowsReceipt {
            dry_run: self.dry_run,
            accepted,
            refused,
            reading: self.reading.clone(),
            outcomes,
        }))
    }
}

impl ImportFacilities {
    fn import(&self, unit: &mut UnitOfWork) -> Vec<FacilityRow> {
        let mut known = Lookalikes::default();
        self.rows.iter().map(|row| self.import_row(unit, row, &mut known)).collect()
    }

    fn import_row(
        &self,
        unit: &mut UnitOfWork,
        listed: &ListedFacility,
        known: &mut Lookalikes,
    ) -> FacilityRow {
        let result = listed.input.as_ref().map_err(Clone::clone).and_then(|input| {
            unit.savepoint(|unit| import(unit, input, self.overwrite))
                .map_err(|rejections: Rejections| rejections.all().to_vec())
        });
        let remarks = |rejections: &[Rejection]| {
            rejections.iter().map(|rejection| Remark::of(rejection, self.language)).collect::<Vec<_>>()
        };
        let outcome = FacilityRow {
            row: listed.row,
            line: listed.line,
            facility: None,
            name: listed.input.as_ref().ok().map(|input| input.name.clone()),
            status: ListedStatus::Refused,
            flags: BTreeSet::new(),
            differences: Vec::new(),
            errors: Vec::new(),
            warnings: remarks(&listed.remarks),
        };
        match result {
            Ok(Imported { facility, status, differences }) => {
                let mut warnings = outcome.warnings;
                let same = likely_same(unit, known, facility.id, status);
                warnings.extend(same.iter().map(|same| Remark::of(same, self.language)));
                let (facility, flags) = (Some(facility.id), facility.flags);
                FacilityRow { facility, status, flags, differences, warnings, ..outcome }
            }
            Err(refused) => FacilityRow { errors: remarks(&refused), ..outcome },
        }
    }
}

/// The warning that a facility which a row adds is probably there already.
fn likely_same(
    unit: &UnitOfWork,
    known: &mut Lookalikes,
    id: FacilityId,
    status: ListedStatus,
) -> Option<Rejection> {
    let snapshot = unit.state();
    let state = snapshot.facility(id)?;
    let other = match status {
        ListedStatus::Added => snapshot.facility(known.likeliest(snapshot, state)?)?,
        ListedStatus::Changed => {
            known.changed(state);
            return None;
        }
        ListedStatus::Unchanged | ListedStatus::Refused => return None,
    };
    let place = snapshot.path(other.facility.region);
    let detail = Message::new("likely-duplicate")
        .arg("name", other.facility.name.clone())
        .arg("id", other.facility.id.to_string())
        .arg("place", place.last().copied().unwrap_or_default().to_owned())
        .arg("new", id.to_string());
    Some(Rejection::new(Code::LikelyDuplicate, "/name", detail))
}

/// A facility as a row of a list leaves it.
struct Imported {
    facility: Facility,
    status: ListedStatus,
    differences: Vec<Difference>,
}

/// Adds or changes one facility of a list.
fn import(unit: &mut UnitOfWork, input: &FacilityInput, overwrite: bool) -> Result<Imported, Rejections> {
    let mut flags = input.unsure.clone();
    let wanted = RegionCode::parse(&input.region, "/region")?;
    let region = unit.state().known_at_or_above(wanted).ok_or_else(|| {
        Rejection::new(
            Code::UnknownRegion,
            "/region",
            Message::new("unknown-region-and-above").arg("wanted", wanted.to_string()),
        )
    })?;
    if region != wanted {
        flags.insert(Flag::RegionUnsure);
    }
    unit.principal().check_changes(Some(region))?;
    let point = point(input.lat, input.lon).unwrap_or_else(|_| {
        flags.insert(Flag::LocationInvalid);
        None
    });
    let external_ids = external_ids(&input.external_ids)?;
    let name = text::name(&input.name, 200, "/name")?;
    let known = if external_ids.is_empty() {
        unit.state().facility_named_in(&name, region)?
    } else {
        external_ids.iter().find_map(|id| unit.state().resolve(&FacilityRef::External(id.clone())))
    };
    let known = known.map(|state| (*state.facility).clone());
    if let Some(known) = &known {
        unit.principal().check_changes(Some(known.region))?;
    }
    let mut facility = known.clone().unwrap_or_else(|| Facility {
        id: FacilityId(unit.clock().new_id()),
        name: String::new(),
        kind: Slug::parse("facility", "").expect("a word"),
        region,
        external_ids: Vec::new(),
        aliases: Vec::new(),
        address: None,
        phones: Vec::new(),
        point: None,
        intake: None,
        stated: BTreeSet::new(),
        flags: BTreeSet::new(),
        simulated: input.simulated,
        closed: false,
        merged: Vec::new(),
        merged_into: None,
    });
    add_aliases(&mut facility.aliases, aliases(&input.aliases)?);
    let new_ids: Vec<ExternalId> =
        external_ids.into_iter().filter(|id| !facility.external_ids.contains(id)).collect();
    facility.external_ids.extend(new_ids);
    at_most(&facility.external_ids, "/external_ids")?;

    let mut listed = facility.clone();
    listed.name = name;
    listed.kind = Slug::parse(&input.kind, "/kind")?;
    // The list knows less about where it stands than we do already.
    let knows_less = region.covers(facility.region) && region != facility.region;
    if !knows_less {
        listed.region = region;
    }
    let address = input.address.as_deref().map(|text| short_text(text, 300, "/address")).transpose()?;
    listed.address = address.or(listed.address);
    listed.point = point.or(listed.point);
    listed.intake = intake(input.intake.as_ref())?.or(listed.intake);
    if !input.phones.is_empty() {
        listed.phones = with_internal(phones(&input.phones)?, listed.phones);
        at_most(&listed.phones, "/phones")?;
    }
    let differences = if known.is_some() { differences(&facility, &listed, overwrite) } else { Vec::new() };
    let says = |part| match part {
        Part::Region => !knows_less,
        Part::Phones => !input.phones.is_empty() || flags.contains(&Flag::PhoneUnsure),
        Part::Point => input.lat.is_some() || input.lon.is_some(),
        Part::Name | Part::Kind | Part::Address | Part::Intake => true,
    };
    facility.flags.clone_from(&flags);
    for (part, _) in MEMBERS {
        if !says(part) || facility.stated.contains(&part) && !overwrite {
            keep_flags(&mut facility, known.as_ref(), part);
        } else {
            take_part(&mut facility, &mut listed, part);
        }
    }
    if overwrite {
        facility.stated.retain(|part| differences.iter().all(|difference| difference.part != *part));
    }
    if let Some(known) = &known {
        add_former_name(&mut facility, &known.name);
    }
    flag_doubtful(&mut facility, unit.state());
    let status = match &known {
        None => ListedStatus::Added,
        Some(known) if *known == facility => ListedStatus::Unchanged,
        Some(_) => ListedStatus::Changed,
    };
    if status != ListedStatus::Unchanged {
        record(unit, &facility)?;
    }
    Ok(Imported { facility, status, differences })
}

/// The parts that the list has otherwise.
fn differences(known: &Facility, listed: &Facility, overwrite: bool) -> Vec<Difference> {
    MEMBERS
        .into_iter()
        .filter_map(|(part, _)| {
            let (before, listed) = (part_text(known, part), part_text(listed, part));
            let kept = known.stated.contains(&part) && !overwrite;
            (before != listed).then_some(Difference { part, before, listed, kept })
        })
        .collect()
}

/// A part as people compare it. Telephones that only agents may see are told apart by their mark.
fn part_text(facility: &Facility, part: Part) -> String {
    match part {
        Part::Name => facility.name.clone(),
        Part::Kind => facility.kind.to_string(),
        Part::Region => facility.region.to_string(),
        Part::Address => facility.address.clone().unwrap_or_default(),
        Part::Phones => facility.phones.iter().map(Phone::cell).collect::<Vec<_>>().join("; "),
        Part::Point => {
            facility.point.map(|point| format!("{}, {}", point.lat, point.lon)).unwrap_or_default()
        }
        Part::Intake => facility.intake.as_ref().map(Intake::in_short).unwrap_or_default(),
    }
}

/// Takes a part from another entry.
pub(super) fn take_part(facility: &mut Facility, listed: &mut Facility, part: Part) {
    match part {
        Part::Name => std::mem::swap(&mut facility.name, &mut listed.name),
        Part::Kind => std::mem::swap(&mut facility.kind, &mut listed.kind),
        Part::Region => facility.region = listed.region,
        Part::Address => std::mem::swap(&mut facility.address, &mut listed.address),
        Part::Phones => std::mem::swap(&mut facility.phones, &mut listed.phones),
        Part::Point => facility.point = listed.point,
        Part::Intake => std::mem::swap(&mut facility.intake, &mut listed.intake),
    }
}

/// A part that stays as it was stays as sure as it was.
pub(super) fn keep_flags(facility: &mut Facility, known: Option<&Facility>, part: Part) {
    let flag = match part {
        Part::Region => Flag::RegionUnsure,
        Part::Phones => Flag::PhoneUnsure,
        Part::Point => Flag::LocationInvalid,
        Part::Name | Part::Kind | Part::Address | Part::Intake => return,
    };
    if known.is_some_and(|known| known.flags.contains(&flag)) {
        facility.flags.insert(flag);
    } else {
        facility.flags.remove(&flag);
    }
}

/// The telephones of a list. One without internal numbers was made for everybody: it says nothing of those that are
/// known.
fn with_internal(mut listed: Vec<Phone>, known: Vec<Phone>) -> Vec<Phone> {
    let is_internal = |phone: &Phone| phone.visibility == Visibility::Internal;
    if !listed.iter().any(is_internal) {
        let kept = known.into_iter().filter(is_internal);
        let kept: Vec<Phone> =
            kept.filter(|phone| listed.iter().all(|listed| listed.number != phone.number)).collect();
        listed.extend(kept);
    }
    listed
}
