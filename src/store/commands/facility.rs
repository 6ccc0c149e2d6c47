//! Commands that add and change facilities.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{contact::known_region, report::check_version};
use crate::{
    domain::{
        change::{Effect, Seq},
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Phone},
        geo::Point,
        intake::Intake,
        region_code::RegionCode,
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

/// A new facility as a client writes it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilityInput {
    /// Its name.
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
    /// Part of the demonstration: its numbers are not real.
    #[serde(skip)]
    pub simulated: bool,
    /// It may stand deeper than `region`, but where is not sure.
    #[serde(skip)]
    pub region_unsure: bool,
}

/// Changes of a facility. Members that are left out stay as they are; `null` removes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FacilityPatch {
    /// Its name; the name before becomes an alias.
    #[serde(default, deserialize_with = "set", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The kind.
    #[serde(default, deserialize_with = "set", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Slug)]
    pub kind: Option<String>,
    /// The deepest region that is sure.
    #[serde(default, deserialize_with = "set", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = RegionCode)]
    pub region: Option<String>,
    /// Ids in other systems; replaces all, `null` removes all.
    #[serde(default, deserialize_with = "set_or_default", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ExternalId>>, max_items = 20)]
    pub external_ids: Option<Vec<String>>,
    /// Former names and other spellings; replaces all, `null` removes all.
    #[serde(default, deserialize_with = "set_or_default", skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
    /// Street address.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub address: Option<Option<String>>,
    /// Telephones, best first; replaces all, `null` removes all.
    #[serde(default, deserialize_with = "set_or_default", skip_serializing_if = "Option::is_none")]
    pub phones: Option<Vec<Phone>>,
    /// Latitude, WGS 84; together with `lon`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub lat: Option<Option<f64>>,
    /// Longitude, WGS 84; together with `lat`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub lon: Option<Option<f64>>,
    /// Who is taken in, and how; replaces all of it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Intake>)]
    pub intake: Option<Option<Intake>>,
    /// Closed for good: left out of answers, its history stays. `null` is false.
    #[serde(default, deserialize_with = "set_or_default", skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
}

/// A field that may be left out, but not null: a facility always has it.
fn set<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A field that null sets back to what it is by default.
fn set_or_default<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer).map(|value| Some(value.unwrap_or_default()))
}

/// Tells a field that is null from one that is left out.
#[expect(clippy::option_option, reason = "left out, null and a value are three things")]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

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
        let region = region?;
        unit.principal().check_changes(Some(region))?;
        let mut facility = Facility {
            id: FacilityId(unit.clock().new_id()),
            name: text::name(&self.0.name, 200, "/name")?,
            kind: Slug::parse(&self.0.kind, "/kind")?,
            region,
            external_ids: external_ids(&self.0.external_ids)?,
            aliases: aliases(&self.0.aliases)?,
            address: self.0.address.as_deref().map(|text| short_text(text, 300, "/address")).transpose()?,
            phones: phones(&self.0.phones)?,
            point: point(self.0.lat, self.0.lon)?,
            intake: intake(self.0.intake.as_ref())?,
            flags: BTreeSet::new(),
            simulated: self.0.simulated,
            closed: false,
        };
        flag_doubtful(&mut facility, unit.state());
        record(unit, &facility)
    }
}

impl Command for PatchFacility {
    type Outcome = FacilityChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<FacilityChanged>, Rejections> {
        unit.principal().check_reports()?;
        let state = unit
            .state()
            .resolve(&self.facility)
            .cloned()
            .ok_or_else(|| FacilityRef::unknown(&self.facility.to_string(), "id"))?;
        unit.principal().check_changes(Some(state.facility.region))?;
        check_version(&state, self.if_match.as_deref())?;
        let patch = &self.patch;
        let mut facility = (*state.facility).clone();
        if let Some(region) = &patch.region {
            facility.region = known_region(unit, region, "/region")?;
            facility.flags.remove(&Flag::RegionUnsure);
            unit.principal().check_changes(Some(facility.region))?;
        }
        if let Some(list) = &patch.aliases {
            facility.aliases = aliases(list)?;
        }
        if let Some(name) = &patch.name {
            rename(&mut facility, text::name(name, 200, "/name")?);
        }
        if let Some(kind) = &patch.kind {
            facility.kind = Slug::parse(kind, "/kind")?;
        }
        if let Some(ids) = &patch.external_ids {
            facility.external_ids = external_ids(ids)?;
        }
        if let Some(address) = &patch.address {
            facility.address =
                address.as_deref().map(|text| short_text(text, 300, "/address")).transpose()?;
        }
        if let Some(list) = &patch.phones {
            facility.phones = phones(list)?;
        }
        if patch.lat.is_some() || patch.lon.is_some() {
            facility.point = point(patch.lat.flatten(), patch.lon.flatten())?;
            facility.flags.remove(&Flag::LocationInvalid);
        }
        if let Some(said) = &patch.intake {
            facility.intake = intake(said.as_ref())?;
        }
        let closed = patch.closed.unwrap_or(facility.closed);
        if closed != facility.closed {
            facility.closed = closed;
            settle_closed(unit, facility.id);
        }
        flag_doubtful(&mut facility, unit.state());
        record(unit, &facility)
    }
}

/// Ends what people said of the place being closed: a coordinator has seen to it.
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

pub(super) fn rename(facility: &mut Facility, name: String) {
    if facility.name != name {
        let before = std::mem::replace(&mut facility.name, name);
        add_aliases(&mut facility.aliases, [before]);
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

fn at_most<T>(list: &[T], pointer: &str) -> Result<(), Rejection> {
    if list.len() <= MOST {
        return Ok(());
    }
    let detail = Message::new("list-too-long").arg("count", list.len()).arg("most", MOST);
    Err(Rejection::new(Code::InvalidField, pointer, detail))
}

pub(super) fn external_ids(texts: &[String]) -> Result<Vec<ExternalId>, Rejection> {
    at_most(texts, "/external_ids")?;
    let mut ids = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let id = ExternalId::parse(text, &format!("/external_ids/{index}"))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

pub(super) fn aliases(texts: &[String]) -> Result<Vec<String>, Rejection> {
    at_most(texts, "/aliases")?;
    texts
        .iter()
        .enumerate()
        .map(|(index, alias)| text::name(alias, 200, &format!("/aliases/{index}")))
        .collect()
}

pub(super) fn intake(said: Option<&Intake>) -> Result<Option<Intake>, Rejection> {
    said.cloned().map_or(Ok(None), |said| said.checked("/intake"))
}

pub(super) fn phones(phones: &[Phone]) -> Result<Vec<Phone>, Rejection> {
    at_most(phones, "/phones")?;
    phones
        .iter()
        .enumerate()
        .map(|(index, phone)| phone.clone().checked(&format!("/phones/{index}")))
        .collect()
}

pub(super) fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<Point>, Rejection> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(lat), Some(lon)) => Point::new(lat, lon, "/lat").map(Some),
        _ => Err(Rejection::new(Code::InvalidCoordinates, "/lat", Message::new("invalid-coordinates-point"))),
    }
}
