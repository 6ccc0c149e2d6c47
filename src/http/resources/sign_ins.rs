//! Signing in and out: a browser holds a short-lived secret in the place of the key.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, State},
    http::{HeaderMap, Request},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::{Operator, Principal, Secret},
    domain::{
        rejection::{Code, Rejection},
        sign_in::SignIn,
    },
    http::{
        App, Problem, Reads,
        documents::{ProviderProblems, SignInProblems},
        request::{Caller, WriteRequest},
        response,
    },
    locales::Message,
    store::{
        Committed, Receipt,
        commands::{RenewSignIn, SignInAs, SignInEnds, SignInWith, SignOut, SignedIn, SignedOut},
    },
};

/// Who makes and changes the keys of people who sign in with a provider.
const PROVIDER: Principal = Principal::Operator(Operator::OpenId);

/// A new sign-in, with its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct NewSignIn {
    /// For whom it is, and until when.
    #[serde(flatten)]
    signed_in: SignedIn,
    /// The secret: as `Authorization: Bearer` it stands for the key. Shown this once, kept nowhere.
    #[schema(example = "sedia_Qm…")]
    key: String,
}

/// Sign in
///
/// Makes a short-lived secret that stands for the key of the request, for a browser to hold in its place. It ends when
/// it is not renewed for an hour, after 12 hours in any case, and with its key. What is done with it, the holder of the
/// key has done. Keys of programs cannot sign in.
#[utoipa::path(
    post,
    path = "/v1/sign-ins",
    operation_id = "sign_in",
    tag = "change",
    responses((status = 201, description = "Signed in; note the secret now", body = NewSignIn), SignInProblems),
    security(("key" = [])),
)]
pub(super) async fn create(State(app): State<App>, request: Request<Body>) -> Result<Response, Problem> {
    let (mut head, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut head, &app).await {
        Ok(caller) => caller,
        Err(problem) => {
            // Whoever tries many is told to wait. A right key is never kept out.
            app.writes.sign_ins.check(&head.headers, &head.extensions).await?;
            return Err(problem);
        }
    };
    caller.principal.check_key()?;
    if app.reads.sign_in(&head.headers).is_some() {
        // Else it could go on for ever.
        let detail = Message::new("sign-in-needs-key");
        return Err(Rejection::new(Code::RoleNotAllowed, "Authorization", detail).into());
    }
    let request = WriteRequest::read(&app, caller, Request::from_parts(head, body)).await?;
    let secret = Secret::mint(&*app.reads.clock);
    let command = SignInWith { hash: secret.hash() };
    let committed = app.writes.writer.submit(request.caller.principal, command).await?;
    Ok(shown(committed, &secret))
}

/// What somebody brings back from the provider, and what proves that they began.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderCode {
    /// The authorization code that the provider gave, which it exchanges once.
    code: String,
    /// The PKCE `code_verifier` (RFC 7636) whose challenge (`S256`) began it.
    #[schema(example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    verifier: String,
    /// The `nonce` that began it: the token must have the same.
    nonce: String,
}

/// Sign in with a provider
///
/// Exchanges the code with which the operator's provider of OpenID Connect sent somebody back to this node for a sign-in of
/// their own key. The key is made the first time; each time its role and its scope become what the provider says by the
/// operator's rules, and never more. Where no rule is for them, they are refused. A key that was revoked keeps them out.
#[utoipa::path(
    post,
    path = "/v1/sign-ins/openid",
    operation_id = "sign_in_with_provider",
    tag = "change",
    request_body = ProviderCode,
    responses((status = 201, description = "Signed in; note the secret now", body = NewSignIn), ProviderProblems),
    security(()),
)]
pub(super) async fn create_with_provider(
    State(app): State<App>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let Some(provider) = app.writes.openid.clone() else {
        return Err(Rejection::new(Code::NotFound, "path", Message::new("openid-not-set")).into());
    };
    let (mut head, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut head, &app).await?;
    let peer = head.extensions.clone();
    let request = WriteRequest::read(&app, caller, Request::from_parts(head, body)).await?;
    let ProviderCode { code, verifier, nonce } = request.json()?;
    let person = match provider.person(code, verifier, nonce).await {
        Ok(person) => person,
        Err(refused) => {
            if refused.code == Code::ProviderRefused {
                app.writes.sign_ins.check(&request.headers, &peer).await?;
            }
            return Err(refused.into());
        }
    };
    let clock = &*app.reads.clock;
    let secret = Secret::mint(clock);
    let command = SignInAs { person, hash: secret.hash(), key_hash: Secret::mint(clock).hash() };
    let committed = app.writes.writer.submit(PROVIDER, command).await?;
    Ok(shown(committed, &secret))
}

/// The answer with the secret of a new sign-in.
fn shown(committed: Committed<Receipt<SignedIn>>, secret: &Secret) -> Response {
    let Committed { receipt: Receipt { body, location, version }, seq, replayed } = committed;
    let body = NewSignIn { signed_in: body, key: secret.reveal().to_owned() };
    let receipt = Arc::new(Receipt { body, location, version }.sent());
    response::acknowledged(&Committed { receipt, seq, replayed })
}

/// Renew a sign-in
///
/// Says that somebody uses it. It changes something only once half of its idle time is over.
#[utoipa::path(
    post,
    path = "/v1/sign-ins/current",
    operation_id = "renew_sign_in",
    tag = "change",
    responses((status = 200, description = "When it ends now", body = SignInEnds), SignInProblems),
    security(("key" = [])),
)]
pub(super) async fn renew(
    State(app): State<App>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let hash = app.reads.current_sign_in(&caller, request.headers())?.hash.clone();
    WriteRequest::read(&app, caller, request).await?.submit(RenewSignIn { hash }).await
}

/// Sign out
///
/// Ends the sign-in that the request comes with.
#[utoipa::path(
    delete,
    path = "/v1/sign-ins/current",
    operation_id = "sign_out",
    tag = "change",
    responses((status = 200, description = "Signed out", body = SignedOut), SignInProblems),
    security(("key" = [])),
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let hash = Some(app.reads.current_sign_in(&caller, request.headers())?.hash.clone());
    WriteRequest::read(&app, caller, request).await?.submit(SignOut { hash }).await
}

/// Sign out everywhere
///
/// Ends every sign-in with the same key. Send the key itself or one of its sign-ins.
#[utoipa::path(
    delete,
    path = "/v1/sign-ins",
    operation_id = "sign_out_everywhere",
    tag = "change",
    responses((status = 200, description = "Signed out", body = SignedOut), SignInProblems),
    security(("key" = [])),
)]
pub(super) async fn end_all(
    State(app): State<App>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Problem> {
    caller.principal.check_key()?;
    WriteRequest::read(&app, caller, request).await?.submit(SignOut { hash: None }).await
}

impl Reads {
    /// The sign-in that a request comes with; None if it comes with a key or without any.
    pub(in crate::http) fn sign_in(&self, headers: &HeaderMap) -> Option<Arc<SignIn>> {
        let secret = Self::bearer(headers).ok()??;
        self.current().sign_in(&Secret::given(secret).hash()).cloned()
    }

    fn current_sign_in(&self, caller: &Caller, headers: &HeaderMap) -> Result<Arc<SignIn>, Rejection> {
        caller.principal.check_key()?;
        self.sign_in(headers).ok_or_else(|| {
            Rejection::new(Code::RoleNotAllowed, "Authorization", Message::new("not-a-sign-in"))
        })
    }
}
