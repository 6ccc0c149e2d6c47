//! Making, listing and revoking keys, and links, which are keys that people report with without an account.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::{Principal, Secret, key_required},
    clock::Timestamp,
    domain::{
        facility::FacilityId,
        key::{Key, KeyId, KeyView, OpenIdentity, Role},
        region_code::RegionCode,
    },
    http::{
        LogReads, Problem, Reads,
        documents::{ChangeProblems, ManageProblems, ManagedListProblems, OwnKeyProblems},
        request::{
            Caller, PathId, WriteRequest,
            admin_lists::{AdminList, Page, PageParams},
        },
        response::{problem::away, unstored},
    },
    store::commands::{KeyInput, LinkInput, LinkView, RevokeKey, ShownKey, SignInEnds},
};

/// A new key, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct NewKey {
    /// The new one.
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
    /// The keys, oldest first. One that ended is listed for 90 days more.
    keys: Vec<ListedKey>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List the keys you may manage
///
/// An admin sees all; a coordinator those inside its region.
#[utoipa::path(
    get,
    path = "/v1/keys",
    operation_id = "list_keys",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The keys, oldest first, without their secrets", body = KeysAnswer), ManageProblems),
    security(("key" = [])),
)]
pub(super) async fn list(State(log): State<Arc<LogReads>>, list: AdminList) -> Result<Response, Problem> {
    let (keys, next) = managed::<KeyView>("keys", &list)?;
    let listed: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
    let uses = log.database.key_uses(Some(&listed)).await.map_err(|error| away(&error))?;
    let recent = list.request.reads.usage.recent_key_uses();
    let listed = |view: KeyView| {
        let last_used_at = recent.get(&view.id).or_else(|| uses.get(&view.id)).copied();
        ListedKey { view, last_used_at }
    };
    Ok(list.reply(KeysAnswer { keys: keys.into_iter().map(listed).collect(), next }))
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
pub(super) async fn create(request: WriteRequest) -> Result<Response, Problem> {
    let input: KeyInput = request.json()?;
    request.create_key(input, |view, secret| NewKey { view, key: secret.reveal().to_owned() }).await
}

/// Revoke a key
///
/// This node refuses it from the next request on, every other node when it has read the log.
#[utoipa::path(
    delete,
    path = "/v1/keys/{id}",
    operation_id = "revoke_key",
    tag = "change",
    params(PathId<Key>),
    responses((status = 200, description = "Revoked", body = KeyView), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn revoke(
    PathId { id, .. }: PathId<Key>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    request.submit(RevokeKey::<KeyView>::new(id)).await
}

/// The caller's own key or link.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnKey {
    /// Its role.
    role: Role,
    /// Its holder, in words.
    name: String,
    /// The facilities it reports for.
    facilities: Vec<FacilityId>,
    /// The region it is held to.
    region: Option<RegionCode>,
    /// When it ends by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Who it is who signs in with a provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    openid: Option<OpenIdentity>,
    /// When the sign-in ends that the request came with, if it came with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    sign_in: Option<SignInEnds>,
}

/// What the caller's own key or link may do, and until when
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "me",
    tag = "change",
    responses((status = 200, description = "The key, without its secret", body = OwnKey), OwnKeyProblems),
    security(("key" = [])),
)]
pub(super) async fn me(
    State(reads): State<Arc<Reads>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Principal::Key(key) = &caller.principal else {
        return Err(key_required().into());
    };
    let Key { role, name, facilities, region, openid, expires_at, .. } = Key::clone(key);
    let sign_in = reads.sign_in(&headers).map(|sign_in| SignInEnds::of(&sign_in));
    Ok(unstored(OwnKey { role, name, facilities, region, expires_at, openid, sign_in }))
}

/// A new link, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct NewLink {
    /// The new one.
    #[serde(flatten)]
    view: LinkView,
    /// The link on this server: shown this once, kept nowhere. It opens the form of the facility; what follows
    /// `/r/` is what programs send reports with.
    #[schema(example = "/r/sedia_Qm…")]
    url: String,
    /// The part after `/r/`: as `Authorization: Bearer` it is a key for reports of the facility.
    #[schema(example = "sedia_Qm…")]
    token: String,
}

/// The links that the caller may manage.
#[derive(Serialize, ToSchema)]
pub(super) struct LinksAnswer {
    /// The links, oldest first. One that ended is listed for 90 days more.
    links: Vec<LinkView>,
    /// The cursor of the next page.
    next: Option<String>,
}

/// List the links you may manage
///
/// An admin sees all; a coordinator those of facilities inside its region.
#[utoipa::path(
    get,
    path = "/v1/links",
    operation_id = "list_links",
    tag = "change",
    params(PageParams),
    responses((status = 200, description = "The links, oldest first, without their secrets", body = LinksAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list_links(list: AdminList) -> Result<Response, Problem> {
    let (links, next) = managed("links", &list)?;
    Ok(list.reply(LinksAnswer { links, next }))
}

/// A page of the keys that the caller may manage, as the resource called `name` shows them.
fn managed<V: ShownKey>(name: &'static str, list: &AdminList) -> Result<(Vec<V>, Option<String>), Problem> {
    let AdminList { request, state, region, .. } = list;
    let page: Page<KeyId> = list.page(name)?;
    let managed = |key: &Arc<Key>| {
        let facilities = key.facilities.iter().filter_map(|id| state.facility(*id));
        let regions: Vec<RegionCode> = facilities.map(|state| state.facility.region).collect();
        let mut places = key.region.iter().chain(&regions);
        let is_there = region.is_none_or(|region| places.any(|place| region.covers(*place)));
        let is_managed = is_there && request.caller.principal.check_manages(key, &regions).is_ok();
        Some((key.id, V::of(key).filter(|_| is_managed)?))
    };
    let (keys, next) = page.take(state.keys_after(page.after).filter_map(managed), |(id, _)| *id);
    Ok((keys.into_iter().map(|(_, key)| key).collect(), next))
}

/// Make a link
///
/// Its holder reports for one facility without an account (the token as `Authorization: Bearer`), and sees what
/// the public sees. It ends by itself after 30 days, unless the request says otherwise. The secret is in this one answer
/// and kept nowhere: revoke the link you lost.
#[utoipa::path(
    post,
    path = "/v1/links",
    operation_id = "create_link",
    tag = "change",
    request_body = LinkInput,
    responses((status = 201, description = "Made; note the link now", body = NewLink), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn create_link(request: WriteRequest) -> Result<Response, Problem> {
    let input: LinkInput = request.json()?;
    let show =
        |view, secret: &Secret| NewLink { view, url: secret.path(), token: secret.reveal().to_owned() };
    request.create_key(input, show).await
}

/// Revoke a link
///
/// No node takes a report with it any more.
#[utoipa::path(
    delete,
    path = "/v1/links/{id}",
    operation_id = "revoke_link",
    tag = "change",
    params(PathId<LinkView>),
    responses((status = 200, description = "Revoked", body = LinkView), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn revoke_link(
    PathId { id, .. }: PathId<LinkView>,
    request: WriteRequest,
) -> Result<Response, Problem> {
    request.submit(RevokeKey::<LinkView>::new(id)).await
}
