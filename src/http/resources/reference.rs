//! Adding and changing regions and resource types: they are data, so this needs no release.

use axum::response::Response;

use crate::{
    domain::{region_code::RegionCode, resource_type::TypeCode},
    http::{
        Problem,
        documents::ChangeProblems,
        extract::Segment,
        sent::{Retry, WriteRequest},
    },
    store::commands::{
        PatchType, PutMode, PutRegions, PutTypes, ReferenceChanged, RegionInput, RegionPatch, TypeInput,
        TypePatch,
    },
};

/// Add or replace a region
///
/// What is left out is taken away. A new region needs a region above it.
#[utoipa::path(
    put,
    path = "/v1/regions/{code}",
    tag = "change",
    params(("code" = inline(RegionCode), Path, description = "Kemendagri code with dots", example = "33.74"), Retry),
    request_body = RegionInput,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn put_region(code: Segment, sent: WriteRequest) -> Result<Response, Problem> {
    change_region_by(PutMode::Replace, &code, sent).await
}

/// Change a region
///
/// What is left out stays, and `null` takes away (RFC 7396); a region always has its name. A new region needs a region
/// above it.
#[utoipa::path(
    patch,
    path = "/v1/regions/{code}",
    operation_id = "change_region",
    tag = "change",
    params(("code" = inline(RegionCode), Path, description = "Kemendagri code with dots", example = "33.74"), Retry),
    request_body = RegionPatch,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn change_region(code: Segment, sent: WriteRequest) -> Result<Response, Problem> {
    change_region_by(PutMode::Merge, &code, sent).await
}

async fn change_region_by(
    mode: PutMode,
    Segment(code): &Segment,
    sent: WriteRequest,
) -> Result<Response, Problem> {
    sent.caller.principal.check_admin()?;
    let code = RegionCode::parse(code, "code")?;
    let members: RegionPatch = sent.json()?;
    sent.submit(PutRegions { regions: vec![(code, members)], mode }).await
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
    sent.submit(PutTypes { types: vec![input.read(code)?], only_missing: false }).await
}

/// Change a resource type
///
/// What is left out stays, and `null` takes away what a type need not have (RFC 7396).
#[utoipa::path(
    patch,
    path = "/v1/types/{code}",
    operation_id = "change_type",
    tag = "change",
    params(("code" = inline(TypeCode), Path, description = "The type's code", example = "bed.icu_vent"), Retry),
    request_body = TypePatch,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn change_type(Segment(code): Segment, sent: WriteRequest) -> Result<Response, Problem> {
    sent.caller.principal.check_admin()?;
    let (code, patch) = (TypeCode::parse(&code, "code")?, sent.json()?);
    sent.submit(PatchType { code, patch }).await
}
