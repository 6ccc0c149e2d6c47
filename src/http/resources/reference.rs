//! Regions, their contacts, and resource types. They are data, so adding one needs no release.

use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::Audience,
    domain::{
        contact::{Contact, ContactId},
        region_code::RegionCode,
        resource_type::TypeCode,
    },
    http::{
        Problem,
        documents::{AskProblems, ChangeProblems, ListingProblems, ManagedListProblems, PastProblems},
        request::{
            Params, PathId, PathRegion, ReadRequest, WriteRequest,
            admin_lists::{AdminList, Page, PageParams},
            write::Retry,
        },
    },
    query::{
        Query, RegionsQuery, TypesQuery,
        params::{AsOfParams, NoParams},
        view::View,
    },
    render::model::ContactView,
    store::commands::{
        ContactInput, EndContact, PatchType, PutContact, PutMode, PutRegions, PutTypes, ReferenceChanged,
        RegionInput, RegionPatch, TypeInput, TypePatch,
    },
};

/// List regions
#[utoipa::path(
    get,
    path = "/v1/regions",
    tag = "ask",
    params(RegionsQuery),
    responses((status = 200, description = "The regions in the order of their codes"), ListingProblems),
    security((), ("key" = [])),
)]
pub(super) async fn regions(
    request: ReadRequest,
    Params(query): Params<RegionsQuery>,
) -> Result<Response, Problem> {
    request.answer(|state| query.checked(state)).await
}

/// Get a region
#[utoipa::path(
    get,
    path = "/v1/regions/{code}",
    tag = "ask",
    params(PathRegion),
    responses((status = 200, description = "The region, the regions right below it, and whom to call"), AskProblems),
    security((), ("key" = [])),
)]
pub(super) async fn region(
    PathRegion(code): PathRegion,
    request: ReadRequest,
    Params(NoParams {}): Params<NoParams>,
) -> Result<Response, Problem> {
    request.answer(|state| Query::region(code, state)).await
}

/// Get an overview of a region
///
/// Beds, isolation places, vaccination and reporting of a region in one answer, and the same of each region
/// right below it: enough to draw a map.
#[utoipa::path(
    get,
    path = "/v1/regions/{code}/overview",
    tag = "ask",
    params(PathRegion, AsOfParams),
    responses((status = 200, description = "The region at a glance"), PastProblems),
    security((), ("key" = [])),
)]
pub(super) async fn overview(
    PathRegion(code): PathRegion,
    request: ReadRequest,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
) -> Result<Response, Problem> {
    request.answer_as_of(as_of, |state| Query::overview(code, state)).await
}

/// Add or replace a region
///
/// Members left out are taken away. A new region needs a region above it.
#[utoipa::path(
    put,
    path = "/v1/regions/{code}",
    tag = "change",
    params(RegionCode, Retry),
    request_body = RegionInput,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn put_region(code: RegionCode, request: WriteRequest) -> Result<Response, Problem> {
    let regions = vec![(code, request.json()?)];
    request.submit(PutRegions { regions, mode: PutMode::Replace }).await
}

/// Change a region
///
/// Members left out stay, and `null` takes away (RFC 7396); a region always has its name. A new region needs a region
/// above it.
#[utoipa::path(
    patch,
    path = "/v1/regions/{code}",
    operation_id = "change_region",
    tag = "change",
    params(RegionCode, Retry),
    request_body = RegionPatch,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn change_region(code: RegionCode, request: WriteRequest) -> Result<Response, Problem> {
    let regions = vec![(code, request.json()?)];
    request.submit(PutRegions { regions, mode: PutMode::Merge }).await
}

/// The contacts that the caller may change.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactsAnswer {
    /// The contacts, the oldest first.
    contacts: Vec<ContactView>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List the contacts you may change
///
/// Those of a region and of all that lies in it. Whom to call about a region, those of the regions above it too, is in
/// the answers about the region.
#[utoipa::path(
    get,
    path = "/v1/contacts",
    operation_id = "list_contacts",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The contacts, the oldest first", body = ContactsAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn contacts(list: AdminList) -> Result<Response, Problem> {
    let page: Page<ContactId> = list.page("contacts")?;
    let AdminList { request, state, region, .. } = &list;
    let view = View::new(state, Audience::Internal(*region), request.caller.language);
    let is_listed = |contact: &&Arc<Contact>| {
        let is_there = region.is_none_or(|region| contact.region.is_some_and(|own| region.covers(own)));
        is_there && page.after.is_none_or(|after| contact.id > after)
    };
    let contacts = state.contacts().filter(is_listed).map(|contact| view.contact(contact));
    let (contacts, next) = page.take(contacts, |contact| contact.id);
    Ok(list.reply(ContactsAnswer { contacts, next }))
}

/// Add a contact
#[utoipa::path(
    post,
    path = "/v1/contacts",
    operation_id = "create_contact",
    tag = "change",
    params(Retry),
    request_body = ContactInput,
    responses((status = 201, description = "Added", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create_contact(request: WriteRequest) -> Result<Response, Problem> {
    let contact: ContactInput = request.json()?;
    request.submit(PutContact { id: None, contact }).await
}

/// Replace a contact
#[utoipa::path(
    put,
    path = "/v1/contacts/{id}",
    operation_id = "replace_contact",
    tag = "change",
    params(PathId<Contact>, Retry),
    request_body = ContactInput,
    responses((status = 200, description = "Replaced", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn replace_contact(
    PathId { id, .. }: PathId<Contact>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    let contact: ContactInput = request.json()?;
    request.submit(PutContact { id: Some(id), contact }).await
}

/// Remove a contact
#[utoipa::path(
    delete,
    path = "/v1/contacts/{id}",
    operation_id = "remove_contact",
    tag = "change",
    params(PathId<Contact>, Retry),
    responses((status = 200, description = "Removed; this is what it was", body = Contact), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn end_contact(
    PathId { id, .. }: PathId<Contact>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    request.submit(EndContact { id }).await
}

/// List resource types
#[utoipa::path(
    get,
    path = "/v1/types",
    tag = "ask",
    params(TypesQuery),
    responses((status = 200, description = "The resource types by code"), AskProblems),
    security((), ("key" = [])),
)]
pub(super) async fn types(
    request: ReadRequest,
    Params(query): Params<TypesQuery>,
) -> Result<Response, Problem> {
    request.answer(|_| Ok(Query::Types(query))).await
}

/// Add or replace a resource type
#[utoipa::path(
    put,
    path = "/v1/types/{code}",
    tag = "change",
    params(TypeCode, Retry),
    request_body = TypeInput,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn put_type(code: TypeCode, request: WriteRequest) -> Result<Response, Problem> {
    let input: TypeInput = request.json()?;
    request.submit(PutTypes { types: vec![input.read(code)?], only_missing: false }).await
}

/// Change a resource type
///
/// Members left out stay, and `null` takes away what a type need not have (RFC 7396).
#[utoipa::path(
    patch,
    path = "/v1/types/{code}",
    operation_id = "change_type",
    tag = "change",
    params(TypeCode, Retry),
    request_body = TypePatch,
    responses((status = 200, description = "Stored and visible", body = ReferenceChanged), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn change_type(code: TypeCode, request: WriteRequest) -> Result<Response, Problem> {
    let patch = request.json()?;
    request.submit(PatchType { code, patch }).await
}
