//! Commands that change regions and resource types.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    facility::{add_aliases, aliases, point},
    report::Remark,
    room_totals::{ChangedBy, RoomTotals, SumKey},
};
use crate::{
    domain::{
        change::Effect,
        geo::{Point, Precision},
        outline::{Geometry, Outline},
        patch::Patch,
        region::{Region, RegionPart, Zone},
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        resource_type::{Kind, ResourceType, TypeCode},
        room::System,
        text::{self, Slug, short_text},
    },
    locales::{Bilingual, Language, Message},
    snapshot::Snapshot,
    store::{Command, Receipt, UnitOfWork},
};

/// A region as a client writes it; its code is in the path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionInput {
    /// The official name; where it changes, the name before becomes an alias.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Former names and other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Latitude of the centre, WGS 84.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Longitude of the centre, WGS 84.
    #[serde(default)]
    pub lon: Option<f64>,
    /// How good the point is; `centroid` if left out.
    #[serde(default)]
    pub precision: Option<Precision>,
    /// IANA time zone, where it is not the one of the region above.
    #[serde(default)]
    pub timezone: Option<Zone>,
    /// Postcode.
    #[serde(default)]
    pub postcode: Option<String>,
    /// Its code at BPS, such as `3374`: then `bps:3374` means this region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^([0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})$")]
    pub bps_code: Option<String>,
    /// Its outline, for maps: kept with as many corners as a map needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<Geometry>,
}

/// So many metres from its point no outline lies, however rough the point and however many islands are left out.
const FAR_AWAY: u32 = 100_000;

/// The members of [`RegionInput`] by the part that they state.
const PARTS: [(RegionPart, &[&str]); 7] = [
    (RegionPart::Name, &["name"]),
    (RegionPart::Aliases, &["aliases"]),
    (RegionPart::Point, &["lat", "lon", "precision"]),
    (RegionPart::Timezone, &["timezone"]),
    (RegionPart::Postcode, &["postcode"]),
    (RegionPart::BpsCode, &["bps_code"]),
    (RegionPart::Outline, &["outline"]),
];

/// Changes of a region.
pub type RegionPatch = Patch<RegionInput>;

/// Adds or changes regions, all or none.
pub struct PutRegions {
    /// The regions, and their members.
    pub regions: Vec<(RegionCode, RegionPatch)>,
    /// The rule for members that are left out.
    pub mode: PutMode,
}

/// The rule for values that exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutMode {
    /// No old value stays.
    Replace,
    /// Values that are left out stay.
    Merge,
    /// Every old value stays: the operator's values win over those that ship.
    OnlyMissing,
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
            if self.mode == PutMode::OnlyMissing && before.is_some() {
                continue;
            }
            let current = before.as_deref().filter(|_| self.mode != PutMode::Replace);
            let mut region = region(*code, patch, before.as_deref(), current, unit.state())?;
            if self.mode != PutMode::OnlyMissing {
                region.stated.extend(parts(patch));
            }
            if before.is_none_or(|before| *before != region) {
                unit.record(Effect::Region(region));
                changed += 1;
            }
        }
        Ok(Receipt::of(ReferenceChanged { regions: Some(self.regions.len()), types: None, changed }))
    }
}

/// The parts that a patch states.
fn parts(patch: &RegionPatch) -> impl Iterator<Item = RegionPart> + '_ {
    PARTS.into_iter().filter(|(_, members)| patch.names(members)).map(|(part, _)| part)
}

/// The region that a patch makes of `current`, where `before` is the one that is known.
fn region(
    code: RegionCode,
    patch: &RegionPatch,
    before: Option<&Region>,
    current: Option<&Region>,
    state: &Snapshot,
) -> Result<Region, Rejection> {
    if let Some(parent) = code.parent().filter(|parent| state.region(*parent).is_none()) {
        return Err(Rejection::new(
            Code::UnknownRegion,
            "code",
            Message::new("region-above-missing")
                .arg("code", code.to_string())
                .arg("parent", parent.to_string()),
        ));
    }
    let input = match current.map(RegionInput::from) {
        Some(mut current) => {
            if patch.names(&["lat", "lon"]) {
                // The old precision was about another point.
                current.precision = None;
            }
            patch.applied(&current)?
        }
        None => patch.applied(&json!({})).map_err(|rejection| match rejection.code {
            Code::MissingField if before.is_none() => {
                let detail = Message::new("new-region-without-name").arg("code", code.to_string());
                Rejection { detail, ..rejection }
            }
            _ => rejection,
        })?,
    };
    let point = point(input.lat, input.lon)?;
    let outline = input.outline.map(|geometry| Outline::read(geometry, "/outline")).transpose()?;
    if let (Some(outline), Some(point)) = (&outline, point.filter(|_| patch.names(&["outline"]))) {
        check_place(outline, point, &input.name)?;
    }
    let mut region = Region {
        code,
        name: text::name(&input.name, 120, "/name")?,
        aliases: aliases(&input.aliases)?,
        point,
        precision: point.map(|_| input.precision.unwrap_or(Precision::Centroid)),
        zone: input.timezone,
        postcode: input.postcode.map(|postcode| short_text(&postcode, 10, "/postcode")).transpose()?,
        bps_code: input.bps_code.map(|bps| bps_code(bps, code, state)).transpose()?,
        outline: outline.map(Arc::new),
        stated: before.map(|before| before.stated.clone()).unwrap_or_default(),
    };
    if let Some(before) = before.filter(|before| before.name != region.name) {
        add_aliases(&mut region.aliases, [before.name.clone()]);
    }
    Ok(region)
}

/// Refuses an outline that lies elsewhere: then the code is another system's, or that of another region.
fn check_place(outline: &Outline, point: Point, name: &str) -> Result<(), Rejection> {
    let metres = outline.metres_to(point);
    if metres <= FAR_AWAY {
        return Ok(());
    }
    let detail =
        Message::new("outline-elsewhere").arg("name", name.to_owned()).arg("km", metres.div_ceil(1_000));
    Err(Rejection::new(Code::InvalidCoordinates, "/outline", detail))
}

/// A code of BPS, of which each belongs to one region.
fn bps_code(text: String, of: RegionCode, state: &Snapshot) -> Result<String, Rejection> {
    let is_code = matches!(text.len(), 2 | 4 | 7 | 10) && text.bytes().all(|byte| byte.is_ascii_digit());
    let taken = state.region_of_bps(&text).filter(|region| *region != of);
    let detail = match taken {
        None if is_code => return Ok(text),
        None => Message::new("not-a-bps-code").arg("text", text),
        Some(region) => Message::new("bps-code-taken").arg("text", text).arg("region", region.to_string()),
    };
    Err(Rejection::new(Code::InvalidField, "/bps_code", detail))
}

/// Adds or changes regions from a list, row by row: a wrong row does not stop the others, and what a person stated
/// outranks the list.
pub struct ImportRegions {
    /// The number of each row, its region and what it says of it. Regions come before those that lie in them.
    pub rows: Vec<(u32, RegionCode, RegionPatch)>,
    /// Decide everything, store nothing.
    pub dry_run: bool,
    /// Take the list's word also for what a person stated.
    pub overwrite: bool,
    /// The language of the reasons.
    pub language: Language,
}

/// What came of a list of regions.
#[derive(Debug, Clone, Serialize)]
pub struct RegionRowsReceipt {
    /// How many rows added a region or changed one.
    pub changed: usize,
    /// The rows that were refused, and why.
    pub refused: Vec<(u32, Vec<Remark>)>,
    /// The rows whose regions keep what a person stated.
    pub kept: Vec<u32>,
}

impl Command for ImportRegions {
    type Outcome = RegionRowsReceipt;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<RegionRowsReceipt>, Rejections> {
        unit.principal().check_admin()?;
        let receipt = if self.dry_run { unit.dry_run(|unit| self.import(unit)) } else { self.import(unit) };
        Ok(Receipt::of(receipt))
    }
}

impl ImportRegions {
    fn import(&self, unit: &mut UnitOfWork) -> RegionRowsReceipt {
        let mut receipt = RegionRowsReceipt { changed: 0, refused: Vec::new(), kept: Vec::new() };
        for (row, code, patch) in &self.rows {
            match self.import_row(unit, *code, patch) {
                Ok((is_changed, is_kept)) => {
                    receipt.changed += usize::from(is_changed);
                    receipt.kept.extend(is_kept.then_some(*row));
                }
                Err(rejection) => {
                    receipt.refused.push((*row, vec![Remark::of(&rejection, self.language)]));
                }
            }
        }
        receipt
    }

    /// Whether the row changed something, and whether something that a person stated stays.
    fn import_row(
        &self,
        unit: &mut UnitOfWork,
        code: RegionCode,
        patch: &RegionPatch,
    ) -> Result<(bool, bool), Rejection> {
        let before = unit.state().region(code).cloned();
        let (mut taken, mut is_kept) = (patch.clone(), false);
        if let Some(before) = before.as_deref().filter(|_| !self.overwrite) {
            let known = serde_json::to_value(RegionInput::from(before)).expect("a region is plain data");
            for (_, members) in PARTS.into_iter().filter(|(part, _)| before.stated.contains(part)) {
                let differs =
                    |member: &&str| patch.get(member).is_some_and(|listed| known[*member] != *listed);
                is_kept |= members.iter().any(differs);
                taken = taken.without(members);
            }
        }
        let mut region = region(code, &taken, before.as_deref(), before.as_deref(), unit.state())?;
        if self.overwrite {
            let listed: BTreeSet<RegionPart> = parts(patch).collect();
            region.stated.retain(|part| !listed.contains(part));
        }
        let is_changed = before.is_none_or(|before| *before != region);
        if is_changed {
            unit.record(Effect::Region(region));
        }
        Ok((is_changed, is_kept))
    }
}

impl From<&Region> for RegionInput {
    fn from(region: &Region) -> Self {
        let (lat, lon) = region.point.map(|point| (point.lat, point.lon)).unzip();
        Self {
            name: region.name.clone(),
            aliases: region.aliases.clone(),
            lat,
            lon,
            precision: region.precision,
            timezone: region.zone,
            postcode: region.postcode.clone(),
            bps_code: region.bps_code.clone(),
            outline: region.outline.as_deref().map(Geometry::from),
        }
    }
}

/// A resource type as a client writes it; its code is in the path.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypeInput {
    /// Which question it answers; never changes.
    kind: Kind,
    /// The name that people use.
    label: Bilingual,
    /// With a ventilator; null when the type does not say.
    #[serde(default)]
    ventilator: Option<bool>,
    /// With negative pressure; null when the type does not say.
    #[serde(default)]
    negative_pressure: Option<bool>,
    /// The age group: `any`, `adult`, `child`, `neonate`, or another word.
    #[schema(value_type = Slug)]
    age_group: String,
    /// Kept for one illness or group.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    reserved_for: Option<String>,
    /// Hours after which a number is no longer fresh.
    #[schema(minimum = 1)]
    aging_after_h: u16,
    /// Hours after which a number is stale; more than `aging_after_h`.
    #[schema(minimum = 2)]
    stale_after_h: u16,
    /// The codes of other systems that mean this type, such as `kemenkes:38`.
    #[serde(default)]
    external_codes: Vec<String>,
    /// Other names that people use: reports, tables and questions may name the type by them.
    #[serde(default)]
    aliases: Vec<String>,
    /// No longer offered.
    #[serde(default)]
    retired: bool,
}

/// Changes of a resource type.
pub type TypePatch = Patch<TypeInput>;

/// Changes a resource type.
pub struct PatchType {
    /// Its code.
    pub code: TypeCode,
    /// The changes.
    pub patch: TypePatch,
}

impl TypeInput {
    /// The type of that code.
    pub fn read(self, code: TypeCode) -> Result<ResourceType, Rejection> {
        let word = |text: &str, pointer| {
            Slug::parse(text, pointer)
                .map_err(|rejection| Rejection { code: Code::InvalidField, ..rejection })
        };
        Ok(ResourceType {
            code,
            kind: self.kind,
            label: self.label,
            ventilator: self.ventilator,
            negative_pressure: self.negative_pressure,
            age_group: word(&self.age_group, "/age_group")?,
            reserved_for: self.reserved_for.map(|text| word(&text, "/reserved_for")).transpose()?,
            aging_after_h: self.aging_after_h,
            stale_after_h: self.stale_after_h,
            external_codes: self.external_codes,
            aliases: self.aliases,
            retired: self.retired,
        })
    }
}

impl Command for PatchType {
    type Outcome = ReferenceChanged;

    fn decide(&self, unit: &mut UnitOfWork) -> Result<Receipt<ReferenceChanged>, Rejections> {
        unit.principal().check_admin()?;
        let known = unit.state().resource_type(self.code.as_str()).cloned();
        let known = known.ok_or_else(|| unit.state().unknown_type(self.code.as_str(), None).under("code"))?;
        let mut current = serde_json::to_value(&*known).expect("a type is plain data");
        current.as_object_mut().expect("a type is an object").shift_remove("code");
        let changed = self.patch.applied(&current)?.read(self.code.clone())?;
        PutTypes { types: vec![changed], only_missing: false }.decide(unit)
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
                totals.report_changed(unit, &ChangedBy::default());
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
                Message::new("external-code-taken").arg("code", code.clone()).arg("other", other.to_string()),
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
        if let Some((system, bare)) = code.split_once(':')
            && let Some(system) = System::ALL.into_iter().find(|known| known.codes() == system)
        {
            *code = system.code(bare);
        }
    }
    checked.aliases = aliases(&resource.aliases)?;
    if resource.aging_after_h == 0 || resource.stale_after_h <= resource.aging_after_h {
        let field = if resource.aging_after_h == 0 { "/aging_after_h" } else { "/stale_after_h" };
        let detail = Message::new("type-hours-crossed")
            .arg("aging", resource.aging_after_h)
            .arg("stale", resource.stale_after_h);
        return Err(Rejection::new(Code::InvalidField, field, detail));
    }
    if before.is_some_and(|before| before.kind != resource.kind) {
        return Err(Rejection::new(Code::InvalidField, "/kind", Message::new("kind-of-type-is-fixed")));
    }
    Ok(checked)
}
