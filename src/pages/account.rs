//! Signing in with a key or a link, and out; and what somebody who signed in may do.

use axum::{
    extract::{Query, RawForm},
    http::{HeaderMap, Method, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    frame::{Page, problem_page},
    openid,
    sign_in::{self, SignedForm, SignedIn},
};
use crate::{
    domain::{key::Role, region::Zone},
    http::{Problem, Visitor, status},
    locales::Message,
    render::text::Speaker,
};

/// Where somebody wanted to go who had to sign in first.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) next: String,
}

/// A new sign-in.
#[derive(Deserialize)]
pub(super) struct NewSignIn {
    pub(super) role: Role,
    pub(super) key: String,
}

#[derive(Deserialize)]
struct Region {
    name: String,
}

pub(super) async fn form(visitor: Visitor, Query(Wanted { next }): Query<Wanted>) -> Response {
    sign_in_form(&visitor, &next, None)
}

fn sign_in_form(visitor: &Visitor, next: &str, problem: Option<&Problem>) -> Response {
    let say = |message: Message| visitor.say(message);
    let title = say(Message::new("sign-in-title"));
    let main = html! {
        h1 { (title) }
        p { (say(Message::new("sign-in-lead"))) }
        @if let Some(problem) = problem {
            div #problem .error role="alert" tabindex="-1" {
                h2 { (say(Message::new("sign-in-failed"))) }
                p { (say(match status(problem.code()) {
                    StatusCode::UNAUTHORIZED => Message::new("sign-in-failed-key"),
                    StatusCode::FORBIDDEN => Message::new("sign-in-failed-role"),
                    StatusCode::TOO_MANY_REQUESTS => Message::new("sign-in-failed-often"),
                    _ => Message::new("page-failed-next"),
                })) }
            }
        }
        @if let Some(provider) = visitor.provider() {
            p { a .button .primary .wide href=(openid::address(visitor, next)) {
                (say(Message::new("openid-sign-in").arg("provider", provider.name().to_owned())))
            } }
            p { (say(Message::new("openid-or-key"))) }
        }
        form .sign-in method="post" action=(visitor.link("/sign-in")) {
            input type="hidden" name="next" value=(next);
            label {
                (say(Message::new("sign-in-key")))
                input .wide type="password" name="key" required autocomplete="current-password" autocapitalize="none" spellcheck="false"
                    autofocus aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| "problem")];
            }
            button .primary .wide { (say(Message::new("sign-in-send"))) }
        }
        p .quiet { (say(Message::new("sign-in-ends"))) }
        p .quiet { (say(Message::new("sign-in-no-key"))) }
    };
    let code = problem.map_or(StatusCode::OK, |problem| status(problem.code()));
    Page { visitor, path: "/sign-in", title, head: html! {}, main }.private(code)
}

pub(super) async fn sign_in(visitor: Visitor, headers: HeaderMap, RawForm(body): RawForm) -> Response {
    if !sign_in::is_from_here(&headers) {
        return sign_in::refused(&visitor);
    }
    let field = |wanted: &str| {
        let mut fields = form_urlencoded::parse(&body);
        fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let (entered, next) = (field("key"), field("next"));
    let visitor = visitor.with_key(secret_of(&entered));
    let idempotency_key = visitor.idempotency_key();
    let made: Result<NewSignIn, Problem> =
        visitor.send(Method::POST, "/v1/sign-ins", &idempotency_key, &json!({})).await;
    match made {
        Ok(NewSignIn { role, key }) => {
            let next = if is_local(&next) { &next } else { sign_in::home(role) };
            let headers = [sign_in::keep(sign_in::is_over_tls(&headers), &key), no_store()];
            (AppendHeaders(headers), Redirect::to(&visitor.link(next))).into_response()
        }
        Err(problem) => sign_in_form(&visitor, &next, Some(&problem)),
    }
}

/// The secret in what was entered: a key as it is, or the last part of a link.
fn secret_of(entered: &str) -> &str {
    let entered = entered.trim();
    let token = entered.rsplit_once("/r/").map_or(entered, |(_, token)| token);
    token.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether an address leads to a page of ours: another site must not send people anywhere by way of us.
pub(super) fn is_local(next: &str) -> bool {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && next.starts_with('/') && !next.starts_with("//")
}

pub(super) fn no_store() -> (header::HeaderName, header::HeaderValue) {
    (header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"))
}

pub(super) async fn sign_out(form: SignedForm) -> Response {
    let visitor = &form.signed_in.visitor;
    let everywhere = form.entered.has("everywhere");
    let path = if everywhere { "/v1/sign-ins" } else { "/v1/sign-ins/current" };
    let idempotency_key = visitor.idempotency_key();
    let ended: Result<Value, Problem> =
        visitor.send(Method::DELETE, path, &idempotency_key, &json!({})).await;
    match ended {
        Ok(_) => {
            let [secure, plain] = sign_in::forget();
            let headers = AppendHeaders([secure, plain, no_store()]);
            let next = if form.signed_in.person.openid.is_some() { "/sign-out" } else { "/sign-in" };
            (headers, Redirect::to(&visitor.link(next))).into_response()
        }
        // The secret still stands for the key, so the cookie stays, too, and they can try again.
        Err(problem) => problem_page(visitor, "/account", &problem),
    }
}

pub(super) async fn show(signed_in: SignedIn) -> Response {
    let SignedIn { visitor, person, .. } = &signed_in;
    let say = |message: Message| visitor.say(message);
    let region = match &person.region {
        Some(code) => match visitor.get::<Region>(&format!("/v1/regions/{code}")).await {
            Ok(region) => Some(region),
            Err(problem) => return problem_page(visitor, "/account", &problem),
        },
        None => None,
    };
    let title = say(Message::new("account-title"));
    let speaker = Speaker { language: visitor.language, zone: Zone::Wib, now: visitor.now() };
    let main = html! {
        h1 { (person.name) }
        p .lead { (signed_in.role()) @if let Some(region) = region { ", " (region.name) } }
        @if let Some(ends) = &person.sign_in {
            p { (say(Message::new("account-ends").arg("moment", speaker.moment(ends.ends_at)))) }
        }
        form method="post" action=(visitor.link("/sign-out")) {
            (signed_in.csrf())
            p { button .primary { (say(Message::new("account-sign-out"))) } }
            p { button name="everywhere" value="true" {
                (say(Message::new("account-sign-out-everywhere")))
                small { (say(Message::new("account-sign-out-everywhere-hint"))) }
            } }
        }
    };
    signed_in.reply(StatusCode::OK, Page { visitor, path: "/account", title, head: html! {}, main })
}
