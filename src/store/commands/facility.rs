//! Facilities: as clients write them, and the commands that add and change one, or many of a list row by row.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    TableReading,
    contact::known_region,
    report::{Remark, check_version, known_facility},
};
use crate::{
    domain::{
        change::{Effect, Seq},
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Part, Phone, Visibility},
        geo::Point,
        intake::Intake,
        patch::Patch,
        region_code::RegionCode,
        region_name::RegionText,
        rejection::{Code, Rejection, Rejections},
        text::{self, Slug, short_text},
    },
    locales::{Language, Message},
    snapshot::Snapshot,
    store::{Command, Receipt, UnitOfWork},
};

/// A coordinate further than this from the point of its kabupaten/kota, and of its kecamatan, is doubted.
/// The largest kabupaten of Indonesia reach about 150 km from their seat.
const DOUBTFUL_M: u32 = 150_000;
/// How many ids, aliases and phones one facility may have.
const MOST: usize = 20;

/// A facility as a client writes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilityInput {
    /// Its name; where it changes, the name before becomes an alias.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The kind: `hospital`, `puskesmas`, … A word of your choice.
    #[schema(value_type = Slug)]
    pub kind: String,
    /// The deepest region that is sure, by its Kemendagri code or its name.
    #[schema(value_type = RegionText)]
    pub region: String,
    /// Ids in other systems, `system:value`.
    #[serde(default)]
    #[schema(value_type = Vec<ExternalId>, max_items = 20)]
    pub external_ids: Vec<String>,
    /// Former names and other spellings, 1 to 200 characters each.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub aliases: Vec<String>,
    /// Street address.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300)]
    pub address: Option<String>,
    /// Telephones, best first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub phones: Vec<Phone>,
    /// Latitude, WGS 84.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Longitude, WGS 84.
    #[serde(default)]
    pub lon: Option<f64>,
    /// Who is taken in, and how.
    #[serde(default)]
    pub intake: Option<Intake>,
    /// Closed for good: left out of answers, its history stays.
    #[serde(default)]
    pub closed: bool,
    /// Part of the demonstration: its numbers are not real.
    #[serde(skip)]
    pub simulated: bool,
    /// What a list is not sure about: the region, where it may stand deeper, or the telephones.
    #[serde(skip)]
    pub unsure: BTreeSet<Flag>,
}

/// Changes of a facility.
pub type FacilityPatch = Patch<FacilityInput>;

/// Adds a facility.
pub struct CreateFacility(pub FacilityInput);

/// Changes a facility.
pub struct PatchFacility {
    /// The facility to change.
    pub facility: FacilityRef,
    /// The changes.
    pub patch: FacilityPatch,
    /// Only if the facility still is at one of these versions.
    pub if_match: Option<Vec<Seq>>,
}

/// A facility that was added or changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FacilityChanged {
    /// The facility as it is now.
    #[schema(value_type = Object)]
    pub facility: Facility,
    /// Its version, for `If-Match`.
    #[schema(value_type = u64)]
    pub version: Seq,
}

impl Command for CreateFacility {
    type Outcome = FacilityChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityChanged>, Rejections> {
        let region = known_region(unit, &self.0.region, "/region");
        // Who may not change anything learns that first, not which regions exist.
        unit.principal().check_reports()?;
        unit.principal().check_changes(Some(region?))?;
        let mut facility = self.0.checked(unit, FacilityId(unit.clock().new_id()))?;
        facility.stated = self.0.parts();
        flag_doubtful(&mut facility, unit.state());
        record(unit, &facility)
    }
}

impl Command for PatchFacility {
    type Outcome = FacilityChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityChanged>, Rejections> {
        unit.principal().check_reports()?;
        let state = known_facility(unit, &self.facility, "id")?;
        let before = &*state.facility;
        unit.principal().check_changes(Some(before.region))?;
        check_version(&state, self.if_match.as_deref())?;
        let input = self.patch.applied(&FacilityInput::from(before))?;
        let mut facility = input.checked(unit, before.id)?;
        unit.principal().check_changes(Some(facility.region))?;
        facility.simulated = before.simulated;
        facility.flags.clone_from(&before.flags);
        facility.stated.clone_from(&before.stated);
        let named = MEMBERS.iter().filter(|(_, members)| self.patch.names(members)).map(|(part, _)| *part);
        facility.stated.extend(named);
        facility.merged.clone_from(&before.merged);
        if self.patch.names(&["region"]) {
            facility.flags.remove(&Flag::RegionUnsure);
        }
        if self.patch.names(&["lat", "lon"]) {
            facility.flags.remove(&Flag::LocationInvalid);
        }
        if self.patch.names(&["phones"]) {
            facility.flags.remove(&Flag::PhoneUnsure);
        }
        add_former_name(&mut facility, &before.name);
        if facility.closed != before.closed {
            settle_closed(unit, facility.id);
        }
        flag_doubtful(&mut facility, unit.state());
        record(unit, &facility)
    }
}

impl From<&Facility> for FacilityInput {
    fn from(facility: &Facility) -> Self {
        let (lat, lon) = facility.point.map(|point| (point.lat, point.lon)).unzip();
        Self {
            name: facility.name.clone(),
            kind: facility.kind.to_string(),
            region: facility.region.to_string(),
            external_ids: facility.external_ids.iter().map(|id| id.as_str().to_owned()).collect(),
            aliases: facility.aliases.clone(),
            address: facility.address.clone(),
            phones: facility.phones.clone(),
            lat,
            lon,
            intake: facility.intake.clone(),
            closed: facility.closed,
            simulated: facility.simulated,
            unsure: BTreeSet::new(),
        }
    }
}

/// The members of [`FacilityInput`] by the part that they state.
const MEMBERS: [(Part, &[&str]); 7] = [
    (Part::Name, &["name"]),
    (Part::Kind, &["kind"]),
    (Part::Region, &["region"]),
    (Part::Address, &["address"]),
    (Part::Phones, &["phones"]),
    (Part::Point, &["lat", "lon"]),
    (Part::Intake, &["intake"]),
];

impl FacilityInput {
    /// The parts that it states.
    fn parts(&self) -> BTreeSet<Part> {
        let states = |part: &Part| match part {
            Part::Name | Part::Kind | Part::Region => true,
            Part::Address => self.address.is_some(),
            Part::Phones => !self.phones.is_empty(),
            Part::Point => self.lat.is_some(),
            Part::Intake => self.intake.is_some(),
        };
        MEMBERS.into_iter().map(|(part, _)| part).filter(states).collect()
    }

    /// The facility that is meant, without flags.
    fn checked(&self, unit: &UnitOfWork, id: FacilityId) -> Result<Facility, Rejection> {
        Ok(Facility {
            id,
            name: text::name(&self.name, 200, "/name")?,
            kind: Slug::parse(&self.kind, "/kind")?,
            region: known_region(unit, &self.region, "/region")?,
            external_ids: external_ids(&self.external_ids)?,
            aliases: aliases(&self.aliases)?,
            address: self.address.as_deref().map(|text| short_text(text, 300, "/address")).transpose()?,
            phones: phones(&self.phones)?,
            point: point(self.lat, self.lon)?,
            intake: intake(self.intake.as_ref())?,
            stated: BTreeSet::new(),
            flags: BTreeSet::new(),
            simulated: self.simulated,
            closed: self.closed,
            merged: Vec::new(),
            merged_into: None,
        })
    }
}

/// Ends the notes that the place is closed: a coordinator has seen to it.
fn settle_closed(unit: &mut UnitOfWork, facility: FacilityId) {
    let marks = unit.state().marks_of(facility).filter(|mark| mark.what.tells_that_it_is_closed());
    for mark in marks.cloned().collect::<Vec<_>>() {
        unit.record(Effect::MarkEnded((*mark).clone()));
    }
}

pub(super) fn record(
    unit: &mut UnitOfWork,
    facility: &Facility,
) -> Result<Receipt<FacilityChanged>, Rejections> {
    for (index, external) in facility.external_ids.iter().enumerate() {
        let holder = unit.state().resolve(&FacilityRef::External(external.clone()));
        if let Some(holder) = holder.filter(|holder| holder.facility.id != facility.id) {
            let (id, name) = (holder.facility.id, &holder.facility.name);
            let detail = Message::new("external-id-taken")
                .arg("external", external.as_str().to_owned())
                .arg("name", name.clone())
                .arg("id", id.to_string());
            let pointer = format!("/external_ids/{index}");
            return Err(Rejection::new(Code::ExternalIdTaken, pointer, detail).into());
        }
    }
    let is_new = unit.state().facility(facility.id).is_none();
    let location = is_new.then(|| format!("/v1/facilities/{}", facility.id));
    unit.record(Effect::Facility(facility.clone()));
    let version = unit.state().seq();
    let body = FacilityChanged { facility: facility.clone(), version };
    Ok(Receipt { body, location, version: Some(version) })
}

/// Keeps the name that a facility had `before`, if it has another now.
fn add_former_name(facility: &mut Facility, before: &str) {
    if facility.name != before {
        add_aliases(&mut facility.aliases, [before.to_owned()]);
    }
}

/// Adds `more` aliases; the oldest of too many are forgotten.
pub(super) fn add_aliases(aliases: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for alias in more {
        if !alias.is_empty() && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    let excess = aliases.len().saturating_sub(MOST);
    aliases.drain(..excess);
}

/// Flags coordinates that lie far from every point we know of the facility's region.
pub(super) fn flag_doubtful(facility: &mut Facility, state: &Snapshot) {
    facility.flags.remove(&Flag::LocationDoubtful);
    let Some(point) = facility.point else { return };
    let mut known = facility
        .region
        .with_ancestors()
        .filter(|code| code.parent().is_some())
        .filter_map(|code| state.region(code)?.point)
        .map(|region| region.metres_to(point))
        .peekable();
    if known.peek().is_some() && known.all(|metres| metres > DOUBTFUL_M) {
        facility.flags.insert(Flag::LocationDoubtful);
    }
}

pub(super) fn at_most<T>(list: &[T], pointer: &str) -> Result<(), Rejection> {
    if list.len() <= MOST {
        return Ok(());
    }
    let detail = Message::new("list-too-long").arg("count", list.len()).arg("most", MOST);
    Err(Rejection::new(Code::InvalidField, pointer, detail))
}

fn external_ids(texts: &[String]) -> Result<Vec<ExternalId>, Rejection> {
    let mut ids = checked(texts, "/external_ids", |text, pointer| ExternalId::parse(text, pointer))?;
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    Ok(ids)
}

pub(super) fn aliases(texts: &[String]) -> Result<Vec<String>, Rejection> {
    checked(texts, "/aliases", |alias, pointer| text::name(alias, 200, pointer))
}

/// Each of a list that is not too long.
fn checked<T, U>(
    list: &[T],
    pointer: &str,
    check: impl Fn(&T, &str) -> Result<U, Rejection>,
) -> Result<Vec<U>, Rejection> {
    at_most(list, pointer)?;
    list.iter().enumerate().map(|(index, item)| check(item, &format!("{pointer}/{index}"))).collect()
}

fn intake(said: Option<&Intake>) -> Result<Option<Intake>, Rejection> {
    said.cloned().map_or(Ok(None), |said| said.checked("/intake"))
}

fn phones(phones: &[Phone]) -> Result<Vec<Phone>, Rejection> {
    checked(phones, "/phones", |phone, pointer| phone.clone().checked(pointer))
}

pub(super) fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<Point>, Rejection> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(lat), Some(lon)) => Point::new(lat, lon, "/lat").map(Some),
        _ => Err(Rejection::new(Code::InvalidCoordinates, "/lat", Message::new("coordinates-come-together"))),
    }
}

/// Adds facilities from a list, or changes those that have one of the same external ids. A bad row does
/// not stop the others; a region or coordinate that cannot be used is flagged, not refused. What a person stated
/// outranks the list.
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
    /// What was mended or left out.
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
        self.rows.iter().map(|row| self.import_row(unit, row)).collect()
    }

    fn import_row(&self, unit: &mut UnitOfWork, listed: &ListedFacility) -> FacilityRow {
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
            Ok(Imported { facility, status, differences }) => FacilityRow {
                facility: Some(facility.id),
                status,
                flags: facility.flags,
                differences,
                ..outcome
            },
            Err(refused) => FacilityRow { errors: remarks(&refused), ..outcome },
        }
    }
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
    let known = external_ids.iter().find_map(|id| unit.state().resolve(&FacilityRef::External(id.clone())));
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
    listed.name = text::name(&input.name, 200, "/name")?;
    listed.kind = Slug::parse(&input.kind, "/kind")?;
    if region.covers(facility.region) && region != facility.region {
        // The list knows less about where it stands than we do already.
        flags.remove(&Flag::RegionUnsure);
    } else {
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
    facility.flags = flags;
    for (part, _) in MEMBERS {
        if facility.stated.contains(&part) && !overwrite {
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

fn take_part(facility: &mut Facility, listed: &mut Facility, part: Part) {
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
fn keep_flags(facility: &mut Facility, known: Option<&Facility>, part: Part) {
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
