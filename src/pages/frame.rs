//! What every page has around it, and the page that says what went wrong.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use xxhash_rust::xxh3::xxh3_64;

use super::assets;
use crate::{
    domain::rejection::Code,
    http::{PUBLIC, Problem, Visitor, status, tags},
    locales::{Language, Message, Value, render},
    render::tags::Numbers,
};

/// A page without what is around it.
pub(super) struct Page<'a> {
    pub(super) visitor: &'a Visitor,
    /// The address of the page, without the language.
    pub(super) path: &'a str,
    pub(super) title: String,
    /// What else belongs into the head: a manifest, a script.
    pub(super) head: Markup,
    pub(super) main: Markup,
}

impl Page<'_> {
    /// The whole document; `account` is what one person finds above it. On a page for everybody one can sign in.
    fn document(self, account: Option<&Markup>) -> String {
        let Self { visitor, path, title, head, main } = self;
        let say = |message: Message| visitor.say(message);
        let other = match visitor.language {
            Language::Id => Language::En,
            Language::En => Language::Id,
        };
        let document = html! {
            (DOCTYPE)
            html lang=(visitor.language.tag()) {
                (self::head(&title, &head))
                body {
                    a .skip href="#main" { (say(Message::new("page-skip"))) }
                    header .bar {
                        a .brand href=(visitor.link("/")) { "Sedia" }
                        a hreflang=(other.tag()) lang=(other.tag()) href=(in_language(path, other)) {
                            (render(&Message::new("page-language"), other))
                        }
                    }
                    @if let Some(account) = account { (account) }
                    main #main { (main) }
                    footer {
                        @if account.is_none() { a href=(visitor.link("/sign-in")) { (say(Message::new("page-sign-in"))) } " · " }
                        a href="/docs" { (say(Message::new("page-for-programs"))) }
                    }
                }
            }
        };
        document.into_string()
    }

    /// The page for this visitor alone: it is kept nowhere.
    pub(super) fn private(self, status: StatusCode) -> Response {
        self.for_account(status, &html! {})
    }

    /// The same for somebody who signed in, with the way to their other pages.
    pub(super) fn for_account(self, status: StatusCode, account: &Markup) -> Response {
        let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, HTML)];
        let robots = [("x-robots-tag", "noindex")];
        (status, headers, robots, self.document(Some(account))).into_response()
    }

    /// The page for everybody: caches may keep it as long as the answers that it is made from.
    pub(super) fn public(self, request: &HeaderMap) -> Response {
        kept(request, HTML, self.document(None))
    }
}

/// The head of a document.
pub(super) fn head(title: &str, more: &Markup) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            link rel="stylesheet" href=(assets::style());
            link rel="icon" type="image/svg+xml" href=(assets::icon());
            (more)
        }
    }
}

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// What is for everybody, in answer to `request`: caches may keep it as long as the answers that it is made from.
pub(super) fn kept(request: &HeaderMap, media_type: &'static str, body: String) -> Response {
    // Weak, because it is packed on the way.
    let tag = format!("W/\"{:016x}\"", xxh3_64(body.as_bytes()));
    let known = request.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag));
    let headers = [
        (header::CACHE_CONTROL, PUBLIC),
        (header::VARY, HeaderValue::from_static("accept-language, accept-encoding")),
        (header::ETAG, HeaderValue::try_from(tag).expect("hexadecimal is plain ASCII")),
    ];
    let tags = tags(Numbers::Country);
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers, tags).into_response();
    }
    (headers, tags, [(header::CONTENT_TYPE, media_type)], body).into_response()
}

impl Visitor {
    /// The address of another page, in the language that this one was asked for in.
    pub(super) fn link(&self, path: &str) -> String {
        if !self.language_is_named {
            return path.to_owned();
        }
        in_language(path, self.language)
    }

    /// The message in the language of the page.
    pub(super) fn say(&self, message: impl Into<Value>) -> String {
        message.into().to_text(self.language).into_owned()
    }
}

/// A text as it stands in an address; ids and codes stay as they are.
pub(super) fn in_address(text: &str) -> String {
    const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b':');
    utf8_percent_encode(text, &KEPT).to_string()
}

/// A telephone to tap.
pub(super) fn telephone(number: &str) -> Markup {
    let digits: String = number.chars().filter(|char| char.is_ascii_digit() || *char == '+').collect();
    html! { a .phone href={ "tel:" (digits) } { (number) } }
}

/// The address of a page in a language.
fn in_language(path: &str, language: Language) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={}", language.tag())
}

/// The page that stands where something went wrong: what it is, and what to do.
pub(super) fn problem_page(visitor: &Visitor, path: &str, problem: &Problem) -> Response {
    let code = problem.code();
    let title = match code {
        Code::KeyInvalid | Code::KeyRevoked | Code::KeyExpired => Message::new("page-link-ended"),
        Code::NotFound => Message::new("page-not-found"),
        Code::AmbiguousRegion => Message::new("board-not-understood"),
        _ => Message::new("page-failed"),
    };
    let title = visitor.say(title);
    let next = match code {
        Code::KeyInvalid | Code::KeyRevoked | Code::KeyExpired => Message::new("page-link-ended-next"),
        Code::NotFound => Message::new("page-not-found-next"),
        _ => Message::new("page-failed-next"),
    };
    let choices: Vec<_> = problem.errors().iter().flat_map(|error| &error.choices).collect();
    let main = html! {
        h1 { (title) }
        p .lead { (problem.detail(visitor.language)) }
        @if choices.is_empty() { p { (visitor.say(next)) } }
        ul { @for choice in choices { li { a href=(visitor.link(&format!("/regions/{}", choice.code))) { (choice.name) } } } }
    };
    Page { visitor, path, title, head: html! {}, main }.private(status(code))
}
