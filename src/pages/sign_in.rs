//! Whoever signed in, as a page knows them: their browser holds the secret of a sign-in in a cookie that no script reads.
//!
//! A page for them takes a [`SignedIn`], and a form that comes back a [`SignedForm`], which nobody else's page can send.

use axum::{
    extract::{FromRequest, FromRequestParts, RawForm, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    entered::Entered,
    frame::{Page, problem_page},
};
use crate::{
    auth::Secret,
    domain::{
        key::{OpenIdentity, Role},
        sign_in::is_due,
    },
    http::{Contract, Problem, Visitor, status},
    locales::Message,
};

/// The pages of people who sign in, and the roles that may use them. They begin at their first.
static PAGES: [(&str, Message, &[Role]); 4] = [
    ("/office", Message::new("office-page"), &[Role::Coordinator, Role::Admin]),
    ("/desk", Message::new("desk-title"), &[Role::Agent, Role::Coordinator, Role::Admin]),
    ("/report", Message::new("report-title"), &[Role::Reporter, Role::Link]),
    (
        "/account",
        Message::new("account-title"),
        &[Role::Agent, Role::Coordinator, Role::Admin, Role::Reporter, Role::Link],
    ),
];

/// The cookie where the page came over TLS: browsers take one of this name from nobody else.
const SECURE_COOKIE: &str = "__Host-sedia";
/// The cookie where it did not.
const PLAIN_COOKIE: &str = "sedia";
/// Paths stay readable in addresses.
const IN_NEXT: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');
/// The name of the field that tells our forms from those of other sites.
const FORM_TOKEN: &str = "form";

/// Somebody who signed in, and who may use the page. Looking at a page renews the sign-in; a page that only follows what
/// happens does not (`x-live`, or a stream).
pub(super) struct SignedIn {
    /// The contract in their name.
    pub(super) visitor: Visitor,
    /// Who they are.
    pub(super) person: Person,
    secret: Secret,
}

/// The holder of a key, as the contract tells it.
#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) region: Option<String>,
    pub(super) sign_in: Option<Ends>,
    /// Who they are at the provider that they signed in with.
    pub(super) openid: Option<OpenIdentity>,
}

/// When a sign-in ends.
#[derive(Deserialize)]
pub(super) struct Ends {
    expires_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
}

/// A form that somebody who signed in sent from one of our pages.
pub(super) struct SignedForm {
    pub(super) signed_in: SignedIn,
    pub(super) entered: Entered,
}

impl FromRequestParts<Contract> for SignedIn {
    type Rejection = Response;

    /// Without a sign-in, this leads to the page where one signs in and back.
    async fn from_request_parts(parts: &mut Parts, contract: &Contract) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, contract).await;
        if !parts.method.is_safe() && !is_from_here(&parts.headers) {
            return Err(refused(&visitor));
        }
        // A form that came too late is not sent again: its page comes anew.
        let next = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
        let next = next.map_or("", |next| next.as_str());
        let Some(secret) = cookie(&parts.headers) else {
            return Err(sign_in_first(&visitor, next));
        };
        let visitor = visitor.with_key(secret.reveal());
        match visitor.get::<Person>("/v1/me").await {
            Ok(person) if person.sign_in.is_some() => {
                let signed_in = Self { visitor, person, secret };
                if !signed_in.may_use(parts.uri.path()) {
                    return Err(signed_in.of_others());
                }
                if !is_live(&parts.headers) {
                    signed_in.renew().await;
                }
                Ok(signed_in)
            }
            Ok(_) => Err(sign_in_first(&visitor, next)),
            Err(problem) if status(problem.code()) == StatusCode::UNAUTHORIZED => {
                Err(sign_in_first(&visitor, next))
            }
            Err(problem) => Err(problem_page(&visitor, "/", &problem)),
        }
    }
}

impl FromRequest<Contract> for SignedForm {
    type Rejection = Response;

    async fn from_request(request: Request, contract: &Contract) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, contract).await?;
        let form = RawForm::from_request(Request::from_parts(parts, body), contract).await;
        let RawForm(body) = form.map_err(|_| refused(&signed_in.visitor))?;
        Self::checked(signed_in, Entered::read(&body))
    }
}

impl SignedForm {
    /// The form if it came from one of our pages; otherwise the page that refuses it.
    #[expect(clippy::result_large_err, reason = "it is a page, and made once")]
    pub(super) fn checked(signed_in: SignedIn, entered: Entered) -> Result<Self, Response> {
        if signed_in.secret.is_token(FORM_TOKEN, entered.text(FORM_TOKEN)) {
            return Ok(Self { signed_in, entered });
        }
        Err(refused(&signed_in.visitor))
    }
}

impl SignedIn {
    /// The hidden field of each of their forms.
    pub(super) fn csrf(&self) -> Markup {
        html! { input type="hidden" name=(FORM_TOKEN) value=(self.secret.token(FORM_TOKEN)); }
    }

    /// The response with a page of theirs.
    pub(super) fn reply(&self, status: StatusCode, page: Page<'_>) -> Response {
        let account = self.account(page.path);
        page.for_account(status, &account)
    }

    /// Whether their role may use the page, and what lies below it.
    fn may_use(&self, path: &str) -> bool {
        let of_page =
            |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let page = PAGES.iter().find(|(page, ..)| of_page(page));
        page.is_none_or(|(_, _, roles)| roles.contains(&self.person.role))
    }

    /// The page in the place of one for other roles.
    fn of_others(&self) -> Response {
        let title = self.visitor.say(Message::new("account-other-role"));
        let main = html! {
            h1 { (title) }
            p .lead { (self.visitor.say(Message::new("account-other-role-next").arg("role", self.role()))) }
        };
        let page = Page { visitor: &self.visitor, path: "/account", title, head: html! {}, main };
        self.reply(StatusCode::FORBIDDEN, page)
    }

    /// Who signed in, the way to the other pages and out.
    fn account(&self, path: &str) -> Markup {
        let visitor = &self.visitor;
        let pages = PAGES.iter().filter(|(_, _, roles)| roles.contains(&self.person.role));
        html! {
            nav .account aria-label=(visitor.say(Message::new("account-pages"))) {
                @for (page, name, _) in pages {
                    a href=(visitor.link(page)) aria-current=[(path.split('?').next() == Some(page)).then_some("page")] { (visitor.say(name.clone())) }
                }
                span .who { (self.person.name) " · " (self.role()) }
                form method="post" action=(visitor.link("/sign-out")) {
                    (self.csrf())
                    button .quiet { (visitor.say(Message::new("account-sign-out"))) }
                }
            }
        }
    }

    /// Their role, in words.
    pub(super) fn role(&self) -> String {
        self.visitor.say(Message::new("account-role").arg("role", self.person.role.name()))
    }

    async fn renew(&self) {
        let Some(ends) = &self.person.sign_in else { return };
        if !is_due(ends.expires_at, ends.ends_at, self.visitor.now()) {
            return;
        }
        let key = self.visitor.idempotency_key();
        let path = "/v1/sign-ins/current";
        let renewed: Result<Value, Problem> = self.visitor.send(Method::POST, path, &key, &json!({})).await;
        if let Err(problem) = renewed {
            // The page can be shown all the same.
            tracing::warn!(code = problem.code().name(), "a sign-in was not renewed");
        }
    }
}

/// The page where somebody of this role begins.
pub(super) fn home(role: Role) -> &'static str {
    let first = PAGES.iter().find(|(_, _, roles)| roles.contains(&role));
    first.map_or("/", |(path, ..)| path)
}

fn sign_in_first(visitor: &Visitor, next: &str) -> Response {
    let path = if next.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={}", utf8_percent_encode(next, &IN_NEXT))
    };
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(&visitor.link(&path))).into_response()
}

/// The page after a form that none of our pages sent, or one from before the last sign-in.
pub(super) fn refused(visitor: &Visitor) -> Response {
    let title = visitor.say(Message::new("form-refused"));
    let main = html! {
        h1 { (title) }
        p .lead { (visitor.say(Message::new("form-refused-next"))) }
        p { a .button href=(visitor.link("/sign-in")) { (visitor.say(Message::new("sign-in-title"))) } }
    };
    Page { visitor, path: "/sign-in", title, head: html! {}, main }.private(StatusCode::FORBIDDEN)
}

/// Whether a page of this site sent the request, as far as the browser tells; nothing is told by programs.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let origin = text(header::ORIGIN);
    origin.is_none_or(|origin| origin.split_once("://").map(|(_, host)| host) == text(header::HOST))
}

/// Whether a page that is open asks by itself: nobody may be there.
fn is_live(headers: &HeaderMap) -> bool {
    let is_stream = headers.get(header::ACCEPT).is_some_and(|accept| accept == "text/event-stream");
    is_stream || headers.contains_key("x-live")
}

/// The secret in the cookie.
fn cookie(headers: &HeaderMap) -> Option<Secret> {
    let found = cookie_named(headers, SECURE_COOKIE).or_else(|| cookie_named(headers, PLAIN_COOKIE));
    found.map(Secret::given)
}

/// What a cookie holds.
pub(super) fn cookie_named<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut cookies =
        lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Whether a form came over TLS. What is between us and the browser may have taken TLS away; the browser says what it sees.
pub(super) fn is_over_tls(form: &HeaderMap) -> bool {
    let origin = form.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| origin.starts_with("https://"))
}

/// The header with which the browser takes the secret of a sign-in.
pub(super) fn keep(is_over_tls: bool, secret: &str) -> (HeaderName, HeaderValue) {
    set_cookie(&if is_over_tls {
        format!("{SECURE_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Secure")
    } else {
        format!("{PLAIN_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict")
    })
}

/// The header with which the browser takes a cookie that is nobody else's business.
pub(super) fn set_cookie(cookie: &str) -> (HeaderName, HeaderValue) {
    let mut value = HeaderValue::try_from(cookie).expect("our cookies are plain ASCII");
    value.set_sensitive(true);
    (header::SET_COOKIE, value)
}

/// The headers with which the browser forgets it.
pub(super) fn forget() -> [(HeaderName, HeaderValue); 2] {
    const SECURE: &str = "__Host-sedia=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0";
    const PLAIN: &str = "sedia=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
    [SECURE, PLAIN].map(|cookie| (header::SET_COOKIE, HeaderValue::from_static(cookie)))
}
