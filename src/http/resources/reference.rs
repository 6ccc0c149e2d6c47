//! Adding and changing regions and resource types: they are data, so this needs no release.

use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        region_code::RegionCode,
        rejection::{Code, Rejection},
        resource_type::{Kind, ResourceType, TypeCode},
        text::Slug,
    },
    http::{
        Problem,
        documents::ChangeProblems,
        extract::Segment,
        sent::{Retry, WriteRequest},
    },
    locales::Bilingual,
    store::commands::{PutRegions, PutTypes, ReferenceChanged, RegionPatch},
};

/// Add or change a region
///
/// Fields left out stay as they are. A new region needs a name and a region above it.
#[utoipa::path(
    put,
    path = "/v1/regions/{code}",
    tag = "change",
    params(("code" = inline(RegionCode), Path, description = "Kemendagri code with dots", example = "33.74"), Retry),
    request_body = RegionPatch,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn put_region(Segment(code): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    sent.caller.principal.check_admin()?;
    let code = RegionCode::parse(&code, "code")?;
    let patch: RegionPatch = sent.json()?;
    sent.submit(PutRegions { regions: vec![(code, patch)], only_missing: false }).await
}

/// A resource type as a client writes it; its code is in the path.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TypeInput {
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
    /// For whom: `any`, `adult`, `child`, `neonate`, or another word.
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
    /// No longer offered.
    #[serde(default)]
    retired: bool,
}

/// Add or replace a resource type
#[utoipa::path(
    put,
    path = "/v1/types/{code}",
    tag = "change",
    params(("code" = inline(TypeCode), Path, description = "The type's code", example = "bed.icu_vent"), Retry),
    request_body = TypeInput,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn put_type(Segment(code): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    sent.caller.principal.check_admin()?;
    let code = TypeCode::parse(&code, "code")?;
    let input: TypeInput = sent.json()?;
    let word = |text: &str, pointer| {
        Slug::parse(text, pointer).map_err(|rejection| Rejection { code: Code::InvalidField, ..rejection })
    };
    let resource = ResourceType {
        code,
        kind: input.kind,
        label: input.label,
        ventilator: input.ventilator,
        negative_pressure: input.negative_pressure,
        age_group: word(&input.age_group, "/age_group")?,
        reserved_for: input.reserved_for.map(|text| word(&text, "/reserved_for")).transpose()?,
        aging_after_h: input.aging_after_h,
        stale_after_h: input.stale_after_h,
        external_codes: input.external_codes,
        retired: input.retired,
    };
    sent.submit(PutTypes { types: vec![resource], only_missing: false }).await
}
