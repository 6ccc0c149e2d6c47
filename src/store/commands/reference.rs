//! Commands that change regions and resource types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    facility::{add_aliases, aliases},
    room_totals::{RoomTotals, SumKey},
};
use crate::{
    domain::{
        change::Effect,
        geo::{Point, Precision},
        region::{Region, Zone},
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        resource_type::ResourceType,
        text::{self, short_text},
    },
    locales::Message,
    snapshot::Snapshot,
    store::{Command, Receipt, UnitOfWork},
};

/// Changes of a region. Members that are left out stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionPatch {
    /// The official name; needed for a new region. The name before becomes an alias.
    #[serde(default)]
    pub name: Option<String>,
    /// Former names and other spellings.
    #[serde(default)]
    pub aliases: Option<Vec<String>>,
    /// Latitude of the centre, WGS 84.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Longitude of the centre, WGS 84.
    #[serde(default)]
    pub lon: Option<f64>,
    /// IANA time zone, where it is not the one of the region above.
    #[serde(default)]
    pub timezone: Option<Zone>,
    /// Postcode.
    #[serde(default)]
    pub postcode: Option<String>,
    /// How good the point is; the centre of the region if not said.
    #[serde(skip)]
    pub precision: Option<Precision>,
}

/// Adds or changes regions, all or none.
pub struct PutRegions {
    /// The regions and their changes.
    pub regions: Vec<(RegionCode, RegionPatch)>,
    /// Leave those alone that are there already: the operator's word stands over what ships.
    pub only_missing: bool,
}

/// Adds or replaces resource types, all or none.
pub struct PutTypes {
    /// The types.
    pub types: Vec<ResourceType>,
    /// Leave those alone that are there already.
    pub only_missing: bool,
}

/// The outcome of changing regions or types.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferenceChanged {
    /// How many regions were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regions: Option<usize>,
    /// How many types were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub types: Option<usize>,
    /// How many of them were not already so.
    pub changed: usize,
}

impl Command for PutRegions {
    type Outcome = ReferenceChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReferenceChanged>, Rejections> {
        unit.principal().check_admin()?;
        let mut changed = 0;
        for (code, patch) in &self.regions {
            let before = unit.state().region(*code).cloned();
            if self.only_missing && before.is_some() {
                continue;
            }
            let region = patch.applied(*code, before.as_deref(), unit.state())?;
            if before.is_none_or(|before| *before != region) {
                unit.record(Effect::Region(region));
                changed += 1;
            }
        }
        Ok(Receipt::of(ReferenceChanged { regions: Some(self.regions.len()), types: None, changed }))
    }
}

impl RegionPatch {
    fn applied(
        &self,
        code: RegionCode,
        before: Option<&Region>,
        state: &Snapshot,
    ) -> Result<Region, Rejection> {
        if let Some(parent) = code.parent().filter(|parent| state.region(*parent).is_none()) {
            return Err(Rejection::new(
                Code::UnknownRegion,
                "code",
                Message::new("unknown-region-applied")
                    .arg("code", code.to_string())
                    .arg("parent", parent.to_string()),
            ));
        }
        let name = self.name.as_deref().map(|name| text::name(name, 120, "/name")).transpose()?;
        let mut region = match (before, &name) {
            (Some(before), _) => before.clone(),
            (None, Some(name)) => Region {
                code,
                name: name.clone(),
                aliases: Vec::new(),
                point: None,
                precision: None,
                zone: None,
                postcode: None,
            },
            (None, None) => {
                return Err(Rejection::new(
                    Code::MissingField,
                    "/name",
                    Message::new("missing-field-applied").arg("code", code.to_string()),
                ));
            }
        };
        if let Some(list) = &self.aliases {
            region.aliases = aliases(list)?;
        }
        if let Some(name) = name.filter(|name| *name != region.name) {
            let before = std::mem::replace(&mut region.name, name);
            add_aliases(&mut region.aliases, [before]);
        }
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => {
                region.point = Some(Point::new(lat, lon, "/lat")?);
                region.precision = Some(self.precision.unwrap_or(Precision::Centroid));
            }
            (None, None) => {}
            _ => {
                return Err(Rejection::new(
                    Code::InvalidCoordinates,
                    "/lat",
                    Message::new("invalid-coordinates-point"),
                ));
            }
        }
        region.zone = self.timezone.or(region.zone);
        region.postcode = match &self.postcode {
            Some(postcode) => Some(short_text(postcode, 10, "/postcode")?),
            None => region.postcode,
        };
        Ok(region)
    }
}

impl Command for PutTypes {
    type Outcome = ReferenceChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReferenceChanged>, Rejections> {
        unit.principal().check_admin()?;
        let mut changed = 0;
        for resource in &self.types {
            let before = unit.state().resource_type(resource.code.as_str()).cloned();
            if self.only_missing && before.is_some() {
                continue;
            }
            let mut resource = checked_type(resource, before.as_deref())?;
            if self.only_missing {
                // An operator may have given a code to another type: that word stands.
                resource.external_codes.retain(|code| unit.state().type_of(code).is_none());
            }
            check_codes(&resource, unit.state())?;
            if before.as_ref().is_none_or(|before| **before != resource) {
                let totals = RoomTotals::before(unit, sums(unit, before.as_deref(), &resource));
                unit.record(Effect::ResourceType(resource));
                totals.report_changed(unit, None, false);
                changed += 1;
            }
        }
        Ok(Receipt::of(ReferenceChanged { regions: None, types: Some(self.types.len()), changed }))
    }
}

/// The sums of rooms that change when `after` takes the place of `before`: of facilities that have a room
/// whose code means the type before or after, but not both.
fn sums(unit: &UnitOfWork, before: Option<&ResourceType>, after: &ResourceType) -> BTreeSet<SumKey> {
    let codes = |resource: &ResourceType| -> BTreeSet<String> {
        if resource.retired { BTreeSet::new() } else { resource.external_codes.iter().cloned().collect() }
    };
    let before = before.map(codes).unwrap_or_default();
    let moved: BTreeSet<String> = before.symmetric_difference(&codes(after)).cloned().collect();
    if moved.is_empty() {
        return BTreeSet::new();
    }
    let rooms = unit.state().rooms().filter(|room| room.code.as_ref().is_some_and(|c| moved.contains(c)));
    rooms.map(|room| (room.facility, room.system, after.code.clone())).collect()
}

/// Refuses a code that means another type already: a room counts once.
fn check_codes(resource: &ResourceType, state: &Snapshot) -> Result<(), Rejection> {
    if resource.retired {
        return Ok(());
    }
    for (index, code) in resource.external_codes.iter().enumerate() {
        if let Some(other) = state.type_of(code).filter(|other| other.code != resource.code) {
            let other = &other.code;
            return Err(Rejection::new(
                Code::InvalidField,
                format!("/external_codes/{index}"),
                Message::new("invalid-field-codes").arg("code", code.clone()).arg("other", other.to_string()),
            ));
        }
    }
    Ok(())
}

fn checked_type(resource: &ResourceType, before: Option<&ResourceType>) -> Result<ResourceType, Rejection> {
    let mut checked = resource.clone();
    checked.label.id = text::name(&resource.label.id, 120, "/label/id")?;
    checked.label.en = text::name(&resource.label.en, 120, "/label/en")?;
    for (index, code) in checked.external_codes.iter_mut().enumerate() {
        *code = short_text(code, 80, &format!("/external_codes/{index}"))?;
    }
    if resource.aging_after_h == 0 || resource.stale_after_h <= resource.aging_after_h {
        let field = if resource.aging_after_h == 0 { "/aging_after_h" } else { "/stale_after_h" };
        let detail = Message::new("type-hours-crossed")
            .arg("aging", resource.aging_after_h)
            .arg("stale", resource.stale_after_h);
        return Err(Rejection::new(Code::InvalidField, field, detail));
    }
    if before.is_some_and(|before| before.kind != resource.kind) {
        return Err(Rejection::new(Code::InvalidField, "/kind", Message::new("invalid-field-checked-type")));
    }
    Ok(checked)
}
