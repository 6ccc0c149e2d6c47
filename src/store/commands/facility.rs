//! Facilities: as clients write them, and the commands that add and change one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    contact::known_region,
    report::{check_version, known_facility},
};
use crate::{
    domain::{
        change::{Effect, Seq},
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Part, Phone},
        geo::Point,
        intake::Intake,
        patch::Patch,
        region_name::RegionText,
        rejection::{Code, Rejection, Rejections},
        text::{self, Slug, short_text},
    },
    locales::Message,
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
pub(super) const MEMBERS: [(Part, &[&str]); 7] = [
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
pub(super) fn add_former_name(facility: &mut Facility, before: &str) {
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

pub(super) fn external_ids(texts: &[String]) -> Result<Vec<ExternalId>, Rejection> {
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

pub(super) fn intake(said: Option<&Intake>) -> Result<Option<Intake>, Rejection> {
    said.cloned().map_or(Ok(None), |said| said.checked("/intake"))
}

pub(super) fn phones(phones: &[Phone]) -> Result<Vec<Phone>, Rejection> {
    checked(phones, "/phones", |phone, pointer| phone.clone().checked(pointer))
}

pub(super) fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<Point>, Rejection> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(lat), Some(lon)) => Point::new(lat, lon, "/lat").map(Some),
        _ => Err(Rejection::new(Code::InvalidCoordinates, "/lat", Message::new("coordinates-come-together"))),
    }
}
