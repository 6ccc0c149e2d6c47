//! The command that adds or changes many facilities at once, row by row.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    facility::{
        FacilityInput, add_aliases, add_former_name, aliases, at_most, external_ids, flag_doubtful, intake,
        phones, point, record,
    },
    outliers::Remark,
};
use crate::{
    domain::{
        facility::{ExternalId, Facility, FacilityId, FacilityRef, Flag, Phone, Visibility},
        region_code::RegionCode,
        rejection::{Code, Rejection, Rejections},
        text::{self, Slug, short_text},
    },
    locales::{Language, Message},
    store::{Command, Receipt, UnitOfWork},
};

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
