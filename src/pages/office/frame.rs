//! Who is in the office, and what its pages have in common.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::{Deserialize, de::DeserializeOwned};

use super::wire::Named;
use crate::{
    clock::Timestamp,
    domain::{key::Role, region::Zone, rejection::Code},
    http::{Contract, Problem, Visitor, status},
    locales::Message,
    pages::{
        assets,
        entered::Entered,
        frame::Page,
        sign_in::{SignedForm, SignedIn},
    },
    render::text::Speaker,
};

/// A page, or the page that says why not.
pub(super) type Answer = Result<Response, Response>;

/// A coordinator or an admin who is signed in, and the page that they asked for.
pub(super) struct Office {
    signed_in: SignedIn,
    /// The region that they may change; none is the whole country.
    pub(super) region: Option<Named>,
    /// The time zone of that region.
    pub(super) zone: Zone,
    /// The path of the page with its question, without what every address may have.
    path: String,
    /// What was done just before, if this page says so.
    done: Option<String>,
}

/// Somebody in the office, and the form that they sent.
pub(super) struct Posted {
    pub(super) office: Office,
    pub(super) entered: Entered,
}

/// A part of the office.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    First,
    Facilities,
    Site,
    Import,
    Links,
    Keys,
    Duplicates,
    Unmapped,
    Contacts,
    Sessions,
    Changes,
}

impl Section {
    const ALL: [Self; 11] = [
        Self::First,
        Self::Facilities,
        Self::Site,
        Self::Import,
        Self::Links,
        Self::Keys,
        Self::Duplicates,
        Self::Unmapped,
        Self::Contacts,
        Self::Sessions,
        Self::Changes,
    ];

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::First => "/office",
            Self::Facilities => "/office/facilities",
            Self::Site => "/office/sites/new",
            Self::Import => "/office/import",
            Self::Links => "/office/links",
            Self::Keys => "/office/keys",
            Self::Duplicates => "/office/duplicates",
            Self::Unmapped => "/office/unmapped",
            Self::Contacts => "/office/contacts",
            Self::Sessions => "/office/sessions",
            Self::Changes => "/office/changes",
        }
    }

    pub(super) const fn name(self) -> Message {
        match self {
            Self::First => Message::new("office-first"),
            Self::Facilities => Message::new("office-facilities"),
            Self::Site => Message::new("office-site"),
            Self::Import => Message::new("office-import"),
            Self::Links => Message::new("office-links"),
            Self::Keys => Message::new("office-keys"),
            Self::Duplicates => Message::new("office-duplicates"),
            Self::Unmapped => Message::new("office-unmapped"),
            Self::Contacts => Message::new("office-contacts"),
            Self::Sessions => Message::new("office-sessions"),
            Self::Changes => Message::new("office-changes"),
        }
    }
}

/// What was done, by the word in the address of the page that says so.
fn done(word: &str) -> Option<Message> {
    Some(match word {
        "stored" => Message::new("office-done-stored"),
        "number" => Message::new("office-done-number"),
        "confirmed" => Message::new("office-done-confirmed"),
        "seen" => Message::new("office-done-seen"),
        "closed" => Message::new("office-done-closed"),
        "reopened" => Message::new("office-done-reopened"),
        "revoked" => Message::new("office-done-revoked"),
        "merged" => Message::new("office-done-merged"),
        "mapped" => Message::new("office-done-mapped"),
        "ended" => Message::new("office-done-ended"),
        _ => return None,
    })
}

/// What the office wants to know of a region.
#[derive(Deserialize)]
struct Region {
    code: String,
    name: String,
    timezone: Zone,
}

/// The page that an address means, without what every address may have, and what it says was done.
fn asked(uri: &Uri) -> (String, Option<String>) {
    let mut done = None;
    let mut question = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        match &*name {
            "lang" => {}
            "done" => done = Some(value.into_owned()),
            _ => {
                question.append_pair(&name, &value);
            }
        }
    }
    let (path, question) = (uri.path().to_owned(), question.finish());
    (if question.is_empty() { path } else { format!("{path}?{question}") }, done)
}

impl FromRequestParts<Contract> for Office {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, contract: &Contract) -> Result<Self, Response> {
        Self::of(SignedIn::from_request_parts(parts, contract).await?, &parts.uri).await
    }
}

impl FromRequest<Contract> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, contract: &Contract) -> Result<Self, Response> {
        let uri = request.uri().clone();
        let SignedForm { signed_in, entered } = SignedForm::from_request(request, contract).await?;
        Ok(Self { office: Office::of(signed_in, &uri).await?, entered })
    }
}

impl Office {
    /// Somebody who signed in, at a page of the office.
    pub(super) async fn of(signed_in: SignedIn, uri: &Uri) -> Result<Self, Response> {
        let (path, done) = asked(uri);
        let region = signed_in.person.region.clone();
        let mut office = Self { signed_in, region: None, zone: Zone::Wib, path, done };
        if let Some(code) = region {
            let region: Region = office.get(&format!("/v1/regions/{code}")).await?;
            office.zone = region.timezone;
            office.region = Some(Named { code: region.code, name: region.name });
        }
        Ok(office)
    }

    /// The contract in their name.
    pub(super) const fn visitor(&self) -> &Visitor {
        &self.signed_in.visitor
    }

    pub(super) const fn role(&self) -> Role {
        self.signed_in.person.role
    }

    /// The hidden field of each form, which no other site knows.
    pub(super) fn token(&self) -> Markup {
        self.signed_in.csrf()
    }

    pub(super) fn say(&self, message: Message) -> String {
        self.visitor().say(message)
    }

    pub(super) fn link(&self, path: &str) -> String {
        self.visitor().link(path)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.visitor().now()
    }

    /// How the people in `zone` are told of times.
    pub(super) fn speaker(&self, zone: Zone) -> Speaker {
        Speaker { language: self.visitor().language, zone, now: self.now() }
    }

    /// The region as a parameter: `&region=33.74`, or nothing.
    pub(super) fn within(&self) -> String {
        self.region.as_ref().map_or_else(String::new, |region| format!("&region={}", region.code))
    }

    /// The answer of `GET path`, or the page that says why there is none.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Response> {
        self.visitor().get(path).await.map_err(|problem| self.problem(&problem))
    }

    /// A page of the office.
    pub(super) fn page(&self, section: Section, title: String, main: &Markup) -> Response {
        self.document(Some(section), StatusCode::OK, title, main)
    }

    /// The page with a form that was refused.
    pub(super) fn refused(
        &self,
        section: Section,
        problem: Option<&Problem>,
        title: String,
        main: &Markup,
    ) -> Response {
        let status = problem.map_or(StatusCode::OK, |problem| status(problem.code()));
        let title = match problem {
            Some(_) => self.say(Message::new("office-wrong-title").arg("title", title)),
            None => title,
        };
        self.document(Some(section), status, title, main)
    }

    /// The page that stands where something went wrong.
    pub(super) fn problem(&self, problem: &Problem) -> Response {
        let title = match problem.code() {
            Code::OutsideScope => Message::new("office-elsewhere"),
            code if status(code) == StatusCode::NOT_FOUND => Message::new("page-not-found"),
            _ => Message::new("page-failed"),
        };
        let title = self.say(title);
        let main = html! {
            h1 { (title) }
            p .lead { (problem.detail(self.visitor().language)) }
            p { a href=(self.link("/office")) { (self.say(Message::new("office-back"))) } }
        };
        self.document(None, status(problem.code()), title, &main)
    }

    /// Leads to a page that says what was done, so that loading it again does nothing.
    pub(super) fn done(&self, path: &str, done: &'static str) -> Response {
        let joint = if path.contains('?') { '&' } else { '?' };
        Redirect::to(&self.link(&format!("{path}{joint}done={done}"))).into_response()
    }

    /// Leads back to a page without having done anything.
    pub(super) fn again(&self, path: &str) -> Response {
        Redirect::to(&self.link(path)).into_response()
    }

    fn document(&self, here: Option<Section>, status: StatusCode, title: String, main: &Markup) -> Response {
        let region = self.region.as_ref().map_or("Indonesia", |region| &*region.name);
        let main = html! {
            div .office {
                p .where { (self.say(Message::new("office-title").arg("region", region.to_owned()))) }
                nav .sections aria-label=(self.say(Message::new("office-sections"))) {
                    ul { @for section in Section::ALL {
                        li { a href=(self.link(section.path())) aria-current=[(here == Some(section)).then_some("page")] {
                            (self.say(section.name()))
                        } }
                    } }
                }
                @if let Some(done) = self.done.as_deref().and_then(done) {
                    p .done role="status" { (self.say(done)) }
                }
                (main)
            }
        };
        let head = html! {
            link rel="stylesheet" href=(assets::office_style());
            script src=(assets::office_script()) defer {}
        };
        let page = Page { visitor: self.visitor(), path: &self.path, title, head, main };
        self.signed_in.reply(status, page)
    }
}
