//! Facilities: as clients write them, and the commands that add and change one, or many of a list row by row.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    contact::known_region,
    report::{Remark, check_version, known_facility},
};
use crate::{
    domain::{
        change::{Effect, Seq},
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Phone, Visibility},
        geo::Point,
        intake::Intake,
        patch::Patch,
        region_code::RegionCode,
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
    /// The deepest region that is sure, as a Kemendagri code.
    #[schema(value_type = RegionCode)]
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
    /// It may stand deeper than `region`, but where is not sure.
    #[serde(skip)]
    pub region_unsure: bool,
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
        if self.patch.names(&["region"]) {
            facility.flags.remove(&Flag::RegionUnsure);
        }
        if self.patch.names(&["lat", "lon"]) {
            facility.flags.remove(&Flag::LocationInvalid);
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
            region_unsure: facility.flags.contains(&Flag::RegionUnsure),
        }
    }
}

impl FacilityInput {
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
            flags: BTreeSet::new(),
            simulated: self.simulated,
            closed: self.closed,
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

fn record(unit: &mut UnitOfWork, facility: &Facility) -> Result<Receipt<FacilityChanged>, Rejections> {
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
fn flag_doubtful(facility: &mut Facility, state: &Snapshot) {
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

fn at_most<T>(list: &[T], pointer: &str) -> Result<(), Rejection> {
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
/// not stop the others; a region or coordinate that cannot be used is flagged, not refused.
pub struct ImportFacilities {
    /// The rows, with their number; `Err` where a row could not be read.
    pub rows: Vec<(u32, Result<FacilityInput, Vec<Rejection>>)>,
    /// The language of the outcomes.
    pub language: Language,
}

/// What came of one row of a list of facilities; it was refused if there are errors.
#[derive(Debug, Clone, Serialize)]
pub struct FacilityRow {
    /// Which row.
    pub row: u32,
    /// What a coordinator has to mend.
    pub flags: BTreeSet<Flag>,
    /// The errors.
    pub errors: Vec<Remark>,
}

/// What came of a list of facilities.
#[derive(Debug, Clone, Serialize)]
pub struct FacilityRowsReceipt {
    /// How many rows were stored.
    pub accepted: usize,
    /// How many were refused.
    pub refused: usize,
    /// One outcome per row, in order.
    pub outcomes: Vec<FacilityRow>,
}

impl Command for ImportFacilities {
    type Outcome = FacilityRowsReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityRowsReceipt>, Rejections> {
        unit.principal().check_reports()?;
        let mut outcomes = Vec::with_capacity(self.rows.len());
        let mut accepted = 0;
        for (row, input) in &self.rows {
            let result = input.as_ref().map_err(Clone::clone).and_then(|input| {
                unit.savepoint(|unit| import(unit, input))
                    .map_err(|rejections: Rejections| rejections.all().to_vec())
            });
            outcomes.push(match result {
                Ok(facility) => {
                    accepted += 1;
                    FacilityRow { row: *row, flags: facility.flags, errors: Vec::new() }
                }
                Err(refused) => {
                    let error = |rejection: &Rejection| Remark::of(rejection, self.language);
                    let errors: Vec<Remark> = refused.iter().map(error).collect();
                    FacilityRow { row: *row, flags: BTreeSet::new(), errors }
                }
            });
        }
        let refused = outcomes.len() - accepted;
        Ok(Receipt::of(FacilityRowsReceipt { accepted, refused, outcomes }))
    }
}

/// Adds or changes one facility of a list.
fn import(unit: &mut UnitOfWork, input: &FacilityInput) -> Result<Facility, Rejections> {
    let mut flags = BTreeSet::new();
    let wanted = RegionCode::parse(&input.region, "/region")?;
    let region = unit.state().known_at_or_above(wanted).ok_or_else(|| {
        Rejection::new(
            Code::UnknownRegion,
            "/region",
            Message::new("unknown-region-and-above").arg("wanted", wanted.to_string()),
        )
    })?;
    if region != wanted || input.region_unsure {
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
    let mut facility = known.unwrap_or_else(|| Facility {
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
        flags: BTreeSet::new(),
        simulated: input.simulated,
        closed: false,
    });
    add_aliases(&mut facility.aliases, aliases(&input.aliases)?);
    let name = text::name(&input.name, 200, "/name")?;
    let name_before = std::mem::replace(&mut facility.name, name);
    add_former_name(&mut facility, &name_before);
    facility.kind = Slug::parse(&input.kind, "/kind")?;
    if region.covers(facility.region) && region != facility.region {
        // The list knows less about where it stands than we do already.
        flags.remove(&Flag::RegionUnsure);
    } else {
        facility.region = region;
    }
    facility.flags = flags;
    let new_ids: Vec<ExternalId> =
        external_ids.into_iter().filter(|id| !facility.external_ids.contains(id)).collect();
    facility.external_ids.extend(new_ids);
    at_most(&facility.external_ids, "/external_ids")?;
    let address = input.address.as_deref().map(|text| short_text(text, 300, "/address")).transpose()?;
    facility.address = address.or(facility.address);
    facility.point = point.or(facility.point);
    facility.intake = intake(input.intake.as_ref())?.or(facility.intake);
    if !input.phones.is_empty() {
        let listed = phones(&input.phones)?;
        facility.phones = with_internal(listed, facility.phones);
        at_most(&facility.phones, "/phones")?;
    }
    flag_doubtful(&mut facility, unit.state());
    if unit.state().facility(facility.id).is_none_or(|state| *state.facility != facility) {
        record(unit, &facility)?;
    }
    Ok(facility)
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
