//! The API document, its page, and the explanation of problem codes.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use axum::{
    Json, Router,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::{
    IntoResponses, OpenApi, ToSchema,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    App, Problem, conditional, extract::Segment, negotiate, problem::ProblemBody, resources::documented,
    status,
};
use crate::{
    auth::Audience,
    domain::{
        facility::Facility,
        rejection::{Code, Rejection},
        session::Session,
    },
    locales::Message,
    locales::{Bilingual, Language, bilingual, render},
    render::{Body, Format, ResponseMeta},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sedia",
        description = "What is free right now, per Indonesian region: hospital beds, isolation places and vaccination \
            sessions. Facilities report their own numbers; every number says how old it is. Unknown is null, never zero.\n\n\
            Questions need no key. Keys (`Authorization: Bearer KEY`) are for reporting and changing, and show agents \
            internal telephones. Texts are Indonesian, or English with `Accept-Language: en`. Every failure is an RFC 9457 \
            problem with a stable `code`; `/problems/CODE` has its title and status.",
        contact(name = "Sedia"),
    ),
    tags(
        (name = "ask", description = "Questions, answered from memory"),
        (name = "follow", description = "The log: every change in order, whole snapshots, history"),
        (name = "report", description = "Numbers that facilities state"),
        (name = "call", description = "What people who phone facilities leave for each other, and what coordinators should look at"),
        (name = "bridge", description = "Rows that hospital systems send already, taken as they are"),
        (name = "change", description = "Facilities, contacts, keys, regions, types"),
        (name = "operate", description = "For whoever runs a node"),
    ),
    servers((url = "/", description = "This node")),
    components(schemas(ProblemBody)),
)]
struct Preamble;

/// What the document says besides its routes.
pub(super) fn preamble() -> utoipa::openapi::OpenApi {
    let mut document = Preamble::openapi();
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A key, as it was shown when it was made"))
        .build();
    document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    document
}

/// The OpenAPI document, as it is committed and served.
pub fn openapi_json() -> String {
    let (_, document) = documented().split_for_parts();
    let mut json = document.to_pretty_json().expect("the document is plain data");
    json.push('\n');
    json
}

pub(super) async fn openapi(headers: HeaderMap) -> Response {
    static DOCUMENT: LazyLock<Arc<Body>> = LazyLock::new(|| {
        Arc::new(Body::new(openapi_json().into(), Format::Json, Language::En, ResponseMeta::default()))
    });
    let coding = negotiate::coding(&headers);
    conditional::respond(&headers, Arc::clone(&DOCUMENT), Audience::Public, coding).await
}

/// The page at `/docs`; everything it needs is in the program.
pub(super) fn page() -> Router<Arc<App>> {
    SwaggerUi::new("/docs").config(Config::from("/openapi.json").use_base_layout()).into()
}

/// What a problem code means.
#[derive(Serialize, ToSchema)]
pub(super) struct ProblemExplained {
    /// The stable code.
    code: &'static str,
    /// The HTTP status it comes with.
    status: u16,
    /// What kind of problem it is.
    title: Bilingual,
}

/// What does this problem code mean?
#[utoipa::path(
    get,
    path = "/problems/{code}",
    tag = "operate",
    params(("code" = String, Path, description = "The `code` of a problem", example = "unknown_region")),
    responses(
        (status = 200, description = "What it means", body = ProblemExplained),
        (status = 404, description = "There is no such code (`not_found`)", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn problem(Segment(name): Segment) -> Result<Response, Problem> {
    let code = Code::named(&name).ok_or_else(|| {
        Rejection::new(
            Code::NotFound,
            "code",
            Message::new("not-found-problem").arg("name", name.to_string()),
        )
    })?;
    let explained = ProblemExplained {
        code: code.name(),
        status: status(code).as_u16(),
        title: bilingual(&code.title()),
    };
    Ok(Json(explained).into_response())
}

/// A facility that was added or changed.
#[derive(Serialize, ToSchema)]
pub(super) struct FacilityChanged {
    /// The facility as it is now.
    #[schema(value_type = Object)]
    facility: Facility,
    /// Its version, for `If-Match`.
    version: u64,
}

/// A session that was added, changed or cancelled.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionChanged {
    /// The session as it is now: the fields that were sent, and its `id`.
    #[schema(value_type = Object)]
    session: Session,
    /// Its version, for `If-Match`.
    version: u64,
}

/// What came of changing regions or types.
#[derive(Serialize, ToSchema)]
pub(super) struct ReferenceChanged {
    /// How many of them were not already so.
    changed: u32,
}

/// Declares a set of codes that operations share; it documents itself as one response per status.
macro_rules! problems {
    ($(#[doc = $doc:literal] $name:ident = [$($code:ident),+ $(,)?];)+) => {$(
        #[doc = $doc]
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
                described(&[$(Code::$code),+])
            }
        }
    )+};
}

problems! {
    /// What can go wrong with any question.
    AskProblems = [
        UnknownRegion, UnknownFacility, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, UnknownParameter,
        InvalidParameter, LimitOutOfRange, InvalidEncoding, MissingField, InvalidText, KeyInvalid, KeyExpired, KeyRevoked,
        NotAcceptable, InvalidTime, AsOfInFuture, NotKept, HistoryUnavailable, Overloaded, RequestTimeout, Internal,
    ];
    /// What can go wrong with a question that is answered in pages.
    PageProblems = [
        ParametersDisagree, UnknownWord, InvalidDate, UnknownRegion, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, UnknownType, InvalidTypeCode, UnknownParameter,
        InvalidParameter, LimitOutOfRange, InvalidCursor, CursorOfAnotherQuery, InvalidCoordinates, InvalidEncoding,
        InvalidWord, InvalidText, KeyInvalid, KeyExpired, KeyRevoked, NotAcceptable, InvalidTime, AsOfInFuture, NotKept,
        HistoryUnavailable, Overloaded, RequestTimeout, Internal,
    ];
    /// What can go wrong with reading the log.
    LogProblems = [
        UnknownRegion, UnknownFacility, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, UnknownType, InvalidTypeCode,
        UnknownParameter, InvalidParameter, LimitOutOfRange, InvalidCursor, CursorOfAnotherQuery, InvalidEncoding, InvalidTime,
        NotKept, ParametersDisagree, KeyInvalid, KeyExpired, KeyRevoked, RequestTimeout, HistoryUnavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a report of one facility.
    ReportProblems = [
        UnknownFacility, FacilityClosed, ConfirmJump, UnknownParameter, InvalidParameter, UnknownSession, NoOccurrence, SessionOver, InvalidDate, DuplicateRow,
        UnknownType, InvalidTypeCode, NegativeCount, CountTooLarge, CountNotWhole, NumberAsText,
        AboveCapacity, ObservedInFuture, InvalidTime, NothingReported, NothingToAdjust, MissingField, UnknownField,
        InvalidField, VersionMismatch, IdempotencyKeyReused, InvalidIdempotencyKey, KeyRequired, KeyInvalid, KeyExpired,
        KeyRevoked, RoleNotAllowed, OutsideScope, InvalidBody, InvalidEncoding, BodyTooLarge, UnsupportedMediaType,
        RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a mark.
    MarkProblems = [
        UnknownFacility, UnknownMark, FacilityClosed, AlreadyClaimed, ConfirmHold, TooManyMarks, UnknownType, InvalidTypeCode,
        NegativeCount, CountTooLarge, CountNotWhole, NumberAsText, AboveCapacity, InvalidText, InvalidPhone, MissingField,
        UnknownField, InvalidField, UnknownParameter, InvalidParameter, IdempotencyKeyReused, InvalidIdempotencyKey,
        KeyRequired, KeyInvalid, KeyExpired, KeyRevoked, RoleNotAllowed, OutsideScope, InvalidBody, InvalidEncoding,
        BodyTooLarge, UnsupportedMediaType, TooManyRequests, RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a list of reports as a whole; what is wrong with a row is in its outcome.
    ListProblems = [
        AllRowsRefused, NothingReported, TooManyRows, MissingField, UnknownParameter, InvalidParameter, IdempotencyKeyReused,
        InvalidIdempotencyKey, KeyRequired, KeyInvalid, KeyExpired, KeyRevoked, RoleNotAllowed, InvalidBody,
        InvalidEncoding, BodyTooLarge, UnsupportedMediaType, RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a row of a hospital system.
    BridgeProblems = [
        UnknownFacility, UnknownRoom, NegativeCount, CountTooLarge, CountNotWhole, AboveCapacity, MissingField, InvalidField,
        InvalidText, TooManyRooms, IdempotencyKeyReused, InvalidIdempotencyKey, KeyRequired, KeyInvalid, KeyExpired,
        KeyRevoked, RoleNotAllowed, OutsideScope, InvalidBody, InvalidEncoding, BodyTooLarge, UnsupportedMediaType,
        RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a change.
    ChangeProblems = [
        UnknownRegion, UnknownFacility, UnknownContact, UnknownKey, UnknownLink, InvalidRegionCode, RegionCodeWithoutDots, BpsCode,
        InvalidTypeCode, InvalidCoordinates, InvalidText, InvalidWord, InvalidPhone, InvalidExternalId, ExternalIdTaken,
        MissingField, UnknownField, InvalidField, VersionMismatch, IdempotencyKeyReused, InvalidIdempotencyKey,
        KeyRequired, KeyInvalid, KeyExpired, KeyRevoked, RoleNotAllowed, OutsideScope, InvalidBody, InvalidEncoding,
        BodyTooLarge, UnsupportedMediaType, RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a change of a session.
    SessionProblems = [
        UnknownRegion, UnknownFacility, UnknownSession, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, InvalidText,
        InvalidWord, InvalidPhone, InvalidUrl, InvalidDate, InvalidTime, InvalidSchedule, SessionOver, TooManySessions,
        MissingField, UnknownField, InvalidField, VersionMismatch, IdempotencyKeyReused, InvalidIdempotencyKey,
        KeyRequired, KeyInvalid, KeyExpired, KeyRevoked, RoleNotAllowed, OutsideScope, InvalidBody, InvalidEncoding,
        BodyTooLarge, UnsupportedMediaType, RequestTimeout, Unavailable, Overloaded, Internal,
    ];
    /// What can go wrong with a list of what a region has, for those who manage it.
    ManagedListProblems = [
        UnknownRegion, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, UnknownParameter, InvalidParameter,
        LimitOutOfRange, InvalidCursor, CursorOfAnotherQuery, InvalidEncoding, KeyRequired, KeyInvalid, KeyExpired,
        KeyRevoked, RoleNotAllowed, OutsideScope, RequestTimeout, Internal,
    ];
    /// What can go wrong with an answer that comes in several forms.
    FormProblems = [NotAcceptable];
    /// What can go wrong with listing what one manages.
    ManagePageProblems = [
        ParametersDisagree, InvalidDate, UnknownRegion, InvalidRegionCode, RegionCodeWithoutDots, BpsCode, UnknownParameter, InvalidParameter,
        LimitOutOfRange, InvalidCursor, CursorOfAnotherQuery, InvalidEncoding, KeyRequired, KeyInvalid, KeyExpired,
        KeyRevoked, RoleNotAllowed, OutsideScope, NotAcceptable, RequestTimeout, Internal,
    ];
    /// What can go wrong with a look at the node.
    LookProblems = [RequestTimeout];
    /// What can go wrong with managing keys.
    ManageProblems = [
        KeyRequired, KeyInvalid, KeyExpired, KeyRevoked, RoleNotAllowed, RequestTimeout, Unavailable, Internal,
    ];
}

fn described(codes: &[Code]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(status(*code).as_str().to_owned()).or_default().push(*code);
    }
    let response = |codes: Vec<Code>| {
        let lines =
            codes.iter().map(|code| format!("`{}`: {}", code.name(), render(&code.title(), Language::En)));
        let schema = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let description = lines.collect::<Vec<_>>().join("; ");
        RefOr::T(
            ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content)
                .build(),
        )
    };
    by_status.into_iter().map(|(status, codes)| (status, response(codes))).collect()
}
