//! The extractors: handlers take from a request by type, and what cannot be taken is a problem.

pub(super) mod admin_lists;
pub(super) mod negotiate;
pub(super) mod read;
pub(super) mod write;

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, Path, rejection::PathRejection},
    http::{HeaderMap, header, request::Parts},
};
use serde::de::DeserializeOwned;
use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        RefOr, Required, Schema,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};
use uuid::Uuid;

pub(super) use self::{read::ReadRequest, write::WriteRequest};
use super::{App, Problem, Reads};
use crate::{
    auth::{Principal, Secret, is_signature},
    domain::{
        contact::Contact,
        facility::{Facility, FacilityRef},
        key::Key,
        mark::Mark,
        region_code::RegionCode,
        region_name::{RegionText, is_name},
        rejection::{Code, Rejection},
        resource_type::TypeCode,
        session::Session,
    },
    locales::{Language, Message},
    query::query_string,
    render::model::Resolved,
    snapshot::Snapshot,
    store::commands::LinkView,
};

/// The sender of a request, and their language.
pub(super) struct Caller {
    pub(super) principal: Principal,
    pub(super) language: Language,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = app.reads.principal(&parts.headers).await?;
        Ok(Self { principal, language: negotiate::language(&parts.headers) })
    }
}

impl Reads {
    /// The sender, by the `Authorization` header.
    pub(super) async fn principal(&self, headers: &HeaderMap) -> Result<Principal, Rejection> {
        match Self::bearer(headers)? {
            Some(secret) => self.holder(secret, not_made_here).await,
            None => Ok(Principal::Public),
        }
    }

    /// The secret in the `Authorization` header.
    pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Rejection> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(None);
        };
        let text = value.to_str().map_err(|_| not_made_here())?;
        let (scheme, secret) = text.trim().split_once(' ').ok_or_else(not_made_here)?;
        if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(secret.trim())) } else { Err(not_made_here()) }
    }

    /// The principal whose key `secret` is, if it may be used now.
    pub(super) async fn holder(
        &self,
        secret: &str,
        unusable: impl FnOnce() -> Rejection,
    ) -> Result<Principal, Rejection> {
        let hash = Secret::given(secret.trim()).hash();
        self.key_that(|state| state.key_by_hash(&hash).cloned(), unusable).await
    }

    /// The principal whose key has this consumer id and signed a message, if it may be used now.
    pub(super) async fn signer(
        &self,
        consumer: &str,
        message: &[u8],
        signature: &[u8],
        unusable: impl FnOnce() -> Rejection,
    ) -> Result<Principal, Rejection> {
        let signed = |key: &&Arc<Key>| is_signature(key, message, signature);
        self.key_that(|state| state.keys_of_consumer(consumer).find(signed).cloned(), unusable).await
    }

    async fn key_that(
        &self,
        find: impl Fn(&Snapshot) -> Option<Arc<Key>>,
        unusable: impl FnOnce() -> Rejection,
    ) -> Result<Principal, Rejection> {
        let mut key = find(&self.current());
        if key.is_none() {
            // It may have been made a moment ago, by another process.
            self.feed.catch_up().await;
            key = find(&self.current());
        }
        let key = key.ok_or_else(unusable)?;
        let now = self.clock.now();
        self.current().check_key(&key, now)?;
        self.usage.note_key(key.id, now);
        Ok(Principal::Key(key))
    }
}

fn not_made_here() -> Rejection {
    Rejection::new(Code::KeyInvalid, "Authorization", Message::new("key-not-made-here"))
}

/// The parameters of the request as they were given, with the codes of regions in place of their names.
#[derive(Clone, Default)]
pub(super) struct GivenParams {
    given: query_string::Given,
    /// How the names were read.
    pub(super) resolved: Vec<Resolved>,
    /// In which vocabulary they were read.
    vocabulary: u64,
}

impl GivenParams {
    /// Reads them once for all extractors.
    fn of<'p>(parts: &'p mut Parts, app: &App) -> Result<&'p mut Self, Problem> {
        if parts.extensions.get::<Self>().is_none() {
            let mut given = query_string::given(parts.uri.query().unwrap_or_default())?;
            let state = app.reads.current();
            let (vocabulary, resolved) = (state.vocabulary(), given.resolve(&state)?);
            parts.extensions.insert(Self { given, resolved, vocabulary });
        }
        Ok(parts.extensions.get_mut().expect("it was there, or was put there"))
    }
}

/// The parameters of the request, read into the operation's struct.
pub(super) struct Params<Q>(pub(super) Q);

impl<Q: DeserializeOwned> FromRequestParts<App> for Params<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(GivenParams::of(parts, app)?.given.clone().read()?))
    }
}

/// A region that a path names by its code or its name. Take it before the [`ReadRequest`], so that the answer tells how
/// the name was read.
pub(super) struct PathRegion(pub(super) RegionCode);

impl FromRequestParts<App> for PathRegion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let InPath(text) = InPath::<String>::from_request_parts(parts, app).await?;
        if !is_name(&text) {
            return Ok(Self(RegionCode::parse(&text, "code")?));
        }
        let read = query_string::resolved_region(&app.reads.current(), &text, "code")?;
        let code = RegionCode::parse(&read.code, "code")?;
        GivenParams::of(parts, app)?.resolved.push(read);
        Ok(Self(code))
    }
}

impl IntoParams for PathRegion {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let description = "A region at any level: its Kemendagri code, or its name";
        vec![path_parameter("code", RegionText::schema(), description).example(Some("33.74".into())).build()]
    }
}

/// The segments of the path, decoded: one as a text, several as a tuple of texts.
pub(super) struct InPath<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let unreadable = |rejection: PathRejection| {
            let detail = Message::new("path-unreadable").arg("error", rejection.body_text());
            Rejection::new(Code::InvalidEncoding, "path", detail)
        };
        let Path(text) = Path::from_request_parts(parts, app).await.map_err(unreadable)?;
        Ok(Self(text))
    }
}

/// Takes a code or a reference from the path, and documents it.
macro_rules! in_path {
    ($($Read:ty: $name:literal, $schema:expr, $description:literal, $example:literal;)+) => {$(
        impl FromRequestParts<App> for $Read {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let InPath(text) = InPath::<String>::from_request_parts(parts, app).await?;
                Ok(Self::parse(&text, $name)?)
            }
        }

        impl IntoParams for $Read {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                vec![path_parameter($name, $schema, $description).example(Some($example.into())).build()]
            }
        }
    )+};
}

in_path! {
    FacilityRef: "id", String::schema(), "Our id, or `system:value`", "kemenkes:3374010";
    RegionCode: "code", RegionCode::schema(), "Kemendagri code with dots", "33.74";
    TypeCode: "code", TypeCode::schema(), "The type's code", "bed.icu_vent";
}

fn path_parameter(name: &str, schema: RefOr<Schema>, description: &str) -> ParameterBuilder {
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
    parameter.required(Required::True).schema(Some(schema)).description(Some(description))
}

/// The id of a `T` in the path.
pub(super) struct PathId<T> {
    pub(super) id: Uuid,
    of: PhantomData<fn() -> T>,
}

/// A thing with an id that stands in paths.
pub(super) trait Identified {
    /// The code of the refusal where no id stands.
    const UNKNOWN: Code;
    /// The id, for the API document.
    const DESCRIPTION: &str;
}

macro_rules! identified {
    ($($T:ty: $unknown:ident, $description:literal;)+) => {$(
        impl Identified for $T {
            const UNKNOWN: Code = Code::$unknown;
            const DESCRIPTION: &str = $description;
        }
    )+};
}

identified! {
    Contact: UnknownContact, "The contact's id, as answers show it";
    Key: UnknownKey, "The key's id, not the key";
    LinkView: UnknownLink, "The link's id, not its secret";
    Mark: UnknownMark, "The mark's id";
    Session: UnknownSession, "The session's id, as answers show it";
}

impl<T: Identified> FromRequestParts<App> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let InPath(text) = InPath::<String>::from_request_parts(parts, app).await?;
        let id = Uuid::try_parse(&text).map_err(|_| {
            Rejection::new(T::UNKNOWN, "id", Message::new("not-an-id-of-ours").arg("text", text))
        })?;
        Ok(Self { id, of: PhantomData })
    }
}

impl<T: Identified> IntoParams for PathId<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![path_parameter("id", String::schema(), T::DESCRIPTION).build()]
    }
}

/// A facility as it is now, with the directory it is in.
pub(super) struct Known {
    pub(super) state: Arc<Snapshot>,
    pub(super) facility: Arc<Facility>,
}

impl Reads {
    /// The facility that `reference` names; the refusal blames `pointer`.
    pub(super) fn known(&self, reference: &FacilityRef, pointer: &str) -> Result<Known, Rejection> {
        let state = self.current();
        let known = state.resolve(reference);
        let known = known.ok_or_else(|| FacilityRef::unknown(&reference.to_string(), pointer))?;
        let facility = Arc::clone(&known.facility);
        Ok(Known { state, facility })
    }
}

/// The facility that the path names.
impl FromRequestParts<App> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let reference = FacilityRef::from_request_parts(parts, app).await?;
        Ok(app.reads.known(&reference, "id")?)
    }
}
