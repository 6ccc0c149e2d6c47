//! Making, listing and revoking keys.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App, Problem,
    contacts::uuid,
    documents::{ChangeProblems, ManageProblems},
    extract::{Caller, Segment},
    operations,
    sent::WriteRequest,
};
use crate::{
    auth::Secret,
    clock::Timestamp,
    domain::{key::Key, region_code::RegionCode, rejection::Code},
    store::{
        Envelope,
        commands::{CreateKey, KeyInput, KeyView, RevokeKey},
    },
};

/// A new key, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct NewKey {
    /// What was made.
    #[serde(flatten)]
    view: KeyView,
    /// The key itself: shown this once, kept nowhere.
    #[schema(example = "sedia_Qm…")]
    key: String,
}

/// A key in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedKey {
    /// The key, without its secret.
    #[serde(flatten)]
    view: KeyView,
    /// When it was last used; written down once a minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

/// The keys that the caller may manage.
#[derive(Serialize, ToSchema)]
pub(super) struct KeysAnswer {
    /// The keys, oldest first.
    keys: Vec<ListedKey>,
}

/// List the keys you may manage
///
/// An admin sees all; a coordinator those inside its region.
#[utoipa::path(
    get,
    path = "/v1/keys",
    operation_id = "list_keys",
    tag = "change",
    responses((status = 200, description = "The keys, oldest first, without their secrets", body = KeysAnswer), ManageProblems),
    security(("key" = [])),
)]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Problem> {
    let state = app.shared.current();
    // Whoever may manage no key at all learns why.
    caller.principal.check_admin().or_else(|rejection| {
        match caller.principal.check_changes(held_to(&caller)) {
            Ok(()) => Ok(()),
            Err(_) => Err(rejection),
        }
    })?;
    let manages = |key: &&Arc<Key>| {
        let regions: Vec<RegionCode> = key
            .facilities
            .iter()
            .filter_map(|id| state.facility(*id))
            .map(|state| state.facility.region)
            .collect();
        caller.principal.check_manages(key, &regions).is_ok()
    };
    let uses = app.database.key_uses().await.map_err(|error| operations::away(&error))?;
    let recent = app.usage.recent_key_uses();
    let listed = |key: &Arc<Key>| ListedKey {
        view: KeyView::from(&**key),
        last_used_at: recent.get(&key.id).or_else(|| uses.get(&key.id)).copied(),
    };
    let keys = state.keys().filter(manages).map(listed).collect();
    let mut response = Json(KeysAnswer { keys }).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn held_to(caller: &Caller) -> Option<RegionCode> {
    match &caller.principal {
        crate::auth::Principal::Key(key) => key.region,
        _ => None,
    }
}

/// Make a key
///
/// The secret is in this one answer and kept nowhere, so a retry makes another key: revoke the one you lost.
#[utoipa::path(
    post,
    path = "/v1/keys",
    operation_id = "create_key",
    tag = "change",
    request_body = KeyInput,
    responses((status = 201, description = "Made; note the key now", body = NewKey), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let input: KeyInput = sent.json()?;
    let secret = Secret::mint(&*sent.app.clock);
    let command = Box::new(CreateKey { input, hash: secret.hash() });
    // No idempotency here: a receipt that is kept would keep the secret, one without it would be useless.
    let envelope = Envelope { principal: sent.caller.principal, idempotency: None, command };
    let receipt = sent.app.writer.submit(envelope).await?.receipt;
    let mut body = receipt.body;
    body["key"] = secret.reveal().into();
    let location = receipt.location.and_then(|text| HeaderValue::try_from(text).ok());
    let mut headers = HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]);
    headers.extend(location.map(|location| (header::LOCATION, location)));
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

/// Revoke a key
///
/// This node refuses it from the next request on, every other node when it has read the log.
#[utoipa::path(
    delete,
    path = "/v1/keys/{id}",
    operation_id = "revoke_key",
    tag = "change",
    params(("id" = String, Path, description = "The key's id, not the key")),
    responses((status = 200, description = "Revoked", body = KeyView), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let id = uuid(&id, Code::UnknownKey)?;
    WriteRequest::read(app, caller, request).await?.submit(RevokeKey { id }).await
}
