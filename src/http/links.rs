//! Making, listing and revoking links that people report with, without an account.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderValue, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App, Problem,
    contacts::uuid,
    documents::{ChangeProblems, ManagedListProblems},
    extract::{Caller, Segment},
    managed::{Page, private},
    sent::WriteRequest,
    shapes,
};
use crate::{
    auth::Secret,
    domain::{
        key::{Key, KeyId},
        rejection::Code,
    },
    store::{
        Envelope,
        commands::{CreateLink, LinkInput, LinkView, RevokeLink},
    },
};

/// A new link, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct NewLink {
    /// What was made.
    #[serde(flatten)]
    view: LinkView,
    /// The link on this server: shown this once, kept nowhere. No form opens there yet: what follows `/r/` is what
    /// reports are sent with.
    #[schema(example = "/r/sedia_Qm…")]
    url: String,
    /// The part after `/r/`: as `Authorization: Bearer` it is a key for reports of the facility.
    #[schema(example = "sedia_Qm…")]
    token: String,
}

/// The links that the caller may manage.
#[derive(Serialize, ToSchema)]
pub(super) struct LinksAnswer {
    /// The links, oldest first; those that ended too.
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
    params(
        ("region" = inline(Option<shapes::Region>), Query, description = "Kemendagri code; the region of the key if left out", example = "33.74"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Links on a page, 20 if left out"),
        ("cursor" = inline(Option<shapes::Cursor>), Query, description = "`next` of the page before"),
    ),
    responses((status = 200, description = "The links, oldest first, without their secrets", body = LinksAnswer), ManagedListProblems),
    security(("key" = [])),
)]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let state = app.shared.current();
    let page: Page<KeyId> = Page::read("links", &caller, &state, query.as_deref())?;
    let link = |key: &Arc<Key>| {
        let link = LinkView::of(key)?;
        page.covers(&state.facility(link.facility)?.facility).then_some(link)
    };
    let (links, next) = page.take(state.keys_after(page.after).filter_map(link), |link: &LinkView| link.id);
    Ok(private(LinksAnswer { links, next }))
}

/// Make a link
///
/// Whoever holds it reports for one facility without an account (the token as `Authorization: Bearer`), and sees what
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
pub(super) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let sent = WriteRequest::read(app, caller, request).await?;
    let input: LinkInput = sent.json()?;
    let secret = Secret::mint(&*sent.app.clock);
    let command = Box::new(CreateLink { input, hash: secret.hash() });
    // No idempotency here: a receipt that is kept would keep the secret, one without it would be useless.
    let envelope = Envelope { principal: sent.caller.principal, idempotency: None, command };
    let receipt = sent.app.writer.submit(envelope).await?.receipt;
    let mut body = receipt.body;
    body["url"] = secret.path().into();
    body["token"] = secret.reveal().into();
    let mut response = (StatusCode::CREATED, private(body)).into_response();
    let location = receipt.location.and_then(|text| HeaderValue::try_from(text).ok());
    response.headers_mut().extend(location.map(|location| (header::LOCATION, location)));
    Ok(response)
}

/// Revoke a link
///
/// No node takes a report with it any more.
#[utoipa::path(
    delete,
    path = "/v1/links/{id}",
    operation_id = "revoke_link",
    tag = "change",
    params(("id" = String, Path, description = "The link's id, not its secret")),
    responses((status = 200, description = "Revoked", body = LinkView), ChangeProblems),
    security(("key" = [])),
)]
pub(super) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Segment(id): Segment,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_reports()?;
    let id = uuid(&id, Code::UnknownLink)?;
    WriteRequest::read(app, caller, request).await?.submit(RevokeLink { id }).await
}
