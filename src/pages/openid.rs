//! The way of staff to the provider that they sign in with, and back.
//!
//! The browser carries an attempt in a cookie of its own, which other sites' scripts neither read nor send, but which comes
//! back with the person from the provider's site: the cookie of a sign-in does not (`SameSite=Strict`). For the same reason
//! the way back ends at a page that leads on by itself, and not at a redirection.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;

use super::{
    account::{NewSignIn, Wanted, is_local, no_store},
    frame::{Page, in_address, problem_page},
    sign_in,
};
use crate::{
    auth::Secret,
    domain::rejection::{Code, Rejection},
    http::{Problem, Visitor, no_such_page, status},
    locales::{Language, Message},
    openid::{self, OpenId},
};

/// The cookie of an attempt where people come over TLS: browsers take one of this name from nobody else.
const SECURE_COOKIE: &str = "__Host-sedia-openid";
/// The cookie where they do not.
const PLAIN_COOKIE: &str = "sedia-openid";
/// How long an attempt lasts, in seconds: somebody may have to find their telephone for a second factor.
const LASTS: u32 = 900;
/// The longest address that somebody is led back to.
const LONGEST_NEXT: usize = 1000;

/// An attempt to sign in, as the browser carries it. What goes to the provider comes from its secret.
struct Attempt {
    secret: Secret,
    /// The language that the address named.
    language: Option<Language>,
    /// Where they wanted to go; empty for nowhere in particular.
    next: String,
}

/// What the provider adds to the address that it sends people back to.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Returned {
    code: String,
    state: String,
    error: String,
    error_description: String,
}

impl Attempt {
    /// The one that the browser carries.
    fn carried(headers: &HeaderMap, provider: &OpenId) -> Option<Self> {
        let mut parts = sign_in::cookie_named(headers, cookie_name(provider.is_over_tls()))?.splitn(3, '.');
        let (secret, language, next) = (parts.next()?, parts.next()?, parts.next()?);
        let next = percent_decode_str(next).decode_utf8().ok()?.into_owned();
        let language = Language::ALL.into_iter().find(|known| known.tag() == language);
        Some(Self { secret: Secret::given(secret), language, next })
    }

    /// The header with which the browser takes it.
    fn carry(&self, provider: &OpenId) -> (HeaderName, HeaderValue) {
        let language = self.language.map_or("", Language::tag);
        let value = format!("{}.{language}.{}", self.secret.reveal(), in_address(&self.next));
        set_cookie(provider, &value, LASTS)
    }

    /// What comes back with the code.
    fn state(&self) -> String {
        self.secret.token("state")
    }

    /// What stands in the token.
    fn nonce(&self) -> String {
        self.secret.token("nonce")
    }

    /// What proves that whoever brings the code began.
    fn verifier(&self) -> String {
        self.secret.token("verifier")
    }
}

/// The address where somebody begins, on the host that the provider sends them back to: the cookie must be there, too.
pub(super) fn address(visitor: &Visitor, next: &str) -> String {
    visitor.address(&visitor.link(&format!("/sign-in/openid?next={}", in_address(next))))
}

/// Sends somebody to the provider.
pub(super) async fn begin(visitor: Visitor, Query(Wanted { next }): Query<Wanted>) -> Response {
    let Some(provider) = visitor.provider() else {
        return problem_page(&visitor, "/sign-in", &no_such_page());
    };
    let next = if is_local(&next) && next.len() <= LONGEST_NEXT { next } else { String::new() };
    let language = visitor.language_is_named.then_some(visitor.language);
    let attempt = Attempt { secret: visitor.new_secret(), language, next };
    let asked =
        openid::Attempt { state: attempt.state(), nonce: attempt.nonce(), verifier: attempt.verifier() };
    match provider.authorization(asked, visitor.language).await {
        Ok(address) => {
            (AppendHeaders([attempt.carry(provider), no_store()]), Redirect::to(&address)).into_response()
        }
        Err(rejection) => refused(&visitor, &attempt.next, &rejection.into()),
    }
}

/// Takes somebody in whom the provider sends back.
pub(super) async fn finish(
    mut visitor: Visitor,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Response {
    let Some(provider) = visitor.provider().cloned() else {
        return problem_page(&visitor, "/sign-in", &no_such_page());
    };
    let Returned { code, state, error, error_description } =
        returned.map(|Query(told)| told).unwrap_or_default();
    let attempt =
        Attempt::carried(&headers, &provider).filter(|attempt| attempt.secret.is_token("state", &state));
    let Some(attempt) = attempt else {
        let detail = Message::new("openid-begin-again");
        return refused(&visitor, "", &Rejection::new(Code::ProviderRefused, "state", detail).into());
    };
    if let Some(language) = attempt.language {
        (visitor.language, visitor.language_is_named) = (language, true);
    }
    // An attempt ends with its first answer.
    let forget = set_cookie(&provider, "", 0);
    if code.is_empty() {
        let said = if error_description.is_empty() { error } else { error_description };
        let detail = Message::new("openid-refused")
            .arg("provider", provider.name().to_owned())
            .arg("said", openid::short(&said));
        let problem = Rejection::new(Code::ProviderRefused, "error", detail).into();
        return (AppendHeaders([forget]), refused(&visitor, &attempt.next, &problem)).into_response();
    }
    let proof = json!({"code": code, "verifier": attempt.verifier(), "nonce": attempt.nonce()});
    let idempotency_key = visitor.idempotency_key();
    let made: Result<NewSignIn, Problem> =
        visitor.send(Method::POST, "/v1/sign-ins/openid", &idempotency_key, &proof).await;
    match made {
        Ok(NewSignIn { role, key }) => {
            let next = if is_local(&attempt.next) { &attempt.next } else { sign_in::home(role) };
            let keep = sign_in::keep(provider.is_over_tls(), &key);
            (AppendHeaders([keep, forget]), leads_on(&visitor, &visitor.link(next))).into_response()
        }
        Err(problem) => (AppendHeaders([forget]), refused(&visitor, &attempt.next, &problem)).into_response(),
    }
}

/// The page that leads on by itself: a page of this site is followed with the cookie of this site.
fn leads_on(visitor: &Visitor, next: &str) -> Response {
    let title = visitor.say(Message::new("openid-signed-in"));
    let main = html! {
        h1 { (title) }
        p { a .button .primary href=(next) { (visitor.say(Message::new("openid-go-on"))) } }
    };
    let head = html! { meta http-equiv="refresh" content={ "0; url=" (next) }; };
    Page { visitor, path: "/sign-in", title, head, main }.private(StatusCode::OK)
}

/// The page for somebody who is not let in: what went wrong, whom to ask, and the other way in.
fn refused(visitor: &Visitor, next: &str, problem: &Problem) -> Response {
    let say = |message: Message| visitor.say(message);
    let title = say(Message::new("sign-in-failed"));
    let (detail, ask): (String, Option<Markup>) = match problem.code() {
        Code::KeyRevoked => (say(Message::new("openid-revoked")), None),
        Code::TooManyRequests => (say(Message::new("sign-in-failed-often")), None),
        Code::ProviderRefused | Code::ProviderUnavailable => (problem.detail(visitor.language), None),
        _ => {
            let ask = html! { p { (say(Message::new("openid-ask"))) } };
            (problem.detail(visitor.language), Some(ask))
        }
    };
    let main = html! {
        h1 { (title) }
        p .lead role="alert" { (detail) }
        @if let Some(ask) = ask { (ask) }
        p { a .button .primary href=(address(visitor, next)) { (say(Message::new("openid-try-again"))) } }
        p { a href=(visitor.link("/sign-in")) { (say(Message::new("openid-with-key"))) } }
    };
    Page { visitor, path: "/sign-in", title, head: html! {}, main }.private(status(problem.code()))
}

/// The page for somebody who signed out here and may still be signed in at the provider. The way out there is a link: a
/// browser follows no form to another site.
pub(super) async fn signed_out(visitor: Visitor) -> Response {
    let Some(provider) = visitor.provider() else {
        return Redirect::to(&visitor.link("/sign-in")).into_response();
    };
    // When the provider is away they are signed out here all the same.
    let end = provider.end_of_session().await.ok().flatten();
    let title = visitor.say(Message::new("openid-signed-out"));
    let name = provider.name().to_owned();
    let main = html! {
        h1 { (title) }
        p .lead { (visitor.say(Message::new("openid-still-there").arg("provider", name.clone()))) }
        @if let Some(end) = end {
            p { a .button .primary href=(end) { (visitor.say(Message::new("openid-sign-out").arg("provider", name))) } }
        }
        p { a href=(visitor.link("/sign-in")) { (visitor.say(Message::new("openid-sign-in-again"))) } }
    };
    Page { visitor: &visitor, path: "/sign-out", title, head: html! {}, main }.private(StatusCode::OK)
}

const fn cookie_name(is_over_tls: bool) -> &'static str {
    if is_over_tls { SECURE_COOKIE } else { PLAIN_COOKIE }
}

fn set_cookie(provider: &OpenId, value: &str, lasts: u32) -> (HeaderName, HeaderValue) {
    let is_over_tls = provider.is_over_tls();
    let secure = if is_over_tls { "; Secure" } else { "" };
    let name = cookie_name(is_over_tls);
    sign_in::set_cookie(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}"))
}
