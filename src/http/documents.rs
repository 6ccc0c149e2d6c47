//! The API document, its page, and the explanation of problem codes.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, LazyLock},
};

use axum::{
    Json, Router,
    http::{HeaderMap, HeaderName},
    middleware::from_fn,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    IntoResponses, OpenApi, PartialSchema, ToSchema,
    openapi::{
        AllOf, Content, ContentBuilder, Discriminator, Object, ObjectBuilder, OneOf, Ref, RefOr,
        ResponseBuilder, Schema,
        path::{ParameterBuilder, ParameterIn},
        schema::Type,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::router::UtoipaMethodRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    App, Problem, ProblemBody,
    middleware::seen::{EPOCH, SEQ},
    request::{InPath, negotiate, read::take_format},
    resources::documented,
    response::{self, Wanted},
    status,
};
use crate::{
    auth::Audience,
    domain::rejection::{Code, Rejection},
    locales::{Bilingual, Language, Message, bilingual, render},
    query::query_string::NEVER_EMPTY,
    render::{
        Body, Format, ResponseMeta,
        forms::{Answer, formats},
        short::ShortAnswer,
    },
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
        (name = "call", description = "Claims, holds and notes of people who phone facilities, and what coordinators should look at"),
        (name = "bridge", description = "Rows that hospital systems send already, taken as they are"),
        (name = "change", description = "Facilities, contacts, keys, regions, types"),
        (name = "operate", description = "For whoever runs a node"),
    ),
    servers((url = "/", description = "This node")),
    components(schemas(ProblemBody)),
)]
struct Preamble;

/// Documents the `GET` among `routes`: it answers with an `A` in each of its forms, or says that the client has it. The
/// address may name the form.
pub(super) fn answers<A: Answer + ToSchema>(routes: UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    let (mut schemas, mut paths, handlers) = routes;
    A::schemas(&mut schemas);
    schemas.push((A::name().into_owned(), A::schema()));
    if formats::<A>().contains(&Format::ShortJson) {
        ShortAnswer::schemas(&mut schemas);
        schemas.push((ShortAnswer::name().into_owned(), ShortAnswer::schema()));
    }
    for get in paths.paths.values_mut().filter_map(|path| path.get.as_mut()) {
        let names = formats::<A>().into_iter().map(Format::name);
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
        let parameter = ParameterBuilder::new().name("format").parameter_in(ParameterIn::Query);
        let description =
            "The form of the answer, for programs that cannot choose `Accept`; it counts before that";
        let parameter = parameter.schema(Some(schema)).description(Some(description)).build();
        get.parameters.get_or_insert_default().push(parameter.into());
        let responses = &mut get.responses;
        let unchanged = "The client has this answer already (`If-None-Match`)";
        let unchanged = ResponseBuilder::new().description(unchanged).build();
        responses.responses.insert("304".to_owned(), unchanged.into());
        let Some(RefOr::T(answer)) = responses.responses.get_mut("200") else { continue };
        for format in formats::<A>() {
            let schema = match format {
                Format::GeoJson => Object::new().into(),
                Format::ShortJson => Ref::from_schema_name(ShortAnswer::name()).into(),
                _ if format.media_type() == "application/json" => Ref::from_schema_name(A::name()).into(),
                _ => String::schema(),
            };
            answer.content.insert(format.media_type().to_owned(), Content::new(Some(schema)).into());
        }
    }
    (schemas, paths, handlers.layer(from_fn(take_format)))
}

/// The parts of the document besides its routes.
pub(super) fn preamble() -> utoipa::openapi::OpenApi {
    let mut document = Preamble::openapi();
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A key, as it was shown when it was made"))
        .build();
    document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(key));
    document
}

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Writes each alternative of a choice as one object with all its members, also where the choice is part of more: what
/// is flattened in Rust comes as all of several schemas, which generators of clients leave out of a choice. Alternatives
/// that a kind tells apart get names of their own.
fn write_out_choices(schemas: &mut Schemas) {
    name_parts(schemas);
    let choice =
        |(name, schema): (&String, &RefOr<Schema>)| Some((name.clone(), written_out(schema, schemas)?));
    let choices: Vec<_> = schemas.iter().filter_map(choice).collect();
    for (name, mut choice) in choices {
        let mut by_kind = Vec::new();
        for item in &mut choice.items {
            let RefOr::T(Schema::Object(object)) = item else { continue };
            let Some(kind) = kind_of(object).map(str::to_owned) else { continue };
            let name = name.clone() + &pascal_case(&kind);
            let named = Ref::from_schema_name(&name);
            by_kind.push((kind, named.ref_location.clone()));
            let whole = std::mem::replace(item, named.into());
            add(schemas, &name, whole);
        }
        choice.discriminator = (!by_kind.is_empty()).then(|| Discriminator::with_mapping("kind", by_kind));
        schemas.insert(name, Schema::OneOf(choice).into());
    }
}

fn add(schemas: &mut Schemas, name: &str, schema: RefOr<Schema>) {
    let before = schemas.insert(name.to_owned(), schema);
    assert!(before.is_none(), "{name} is two schemas");
}

/// Gives objects inside of alternatives names of their own, after the kind of the alternative.
fn name_parts(schemas: &mut Schemas) {
    let mut named = Schemas::new();
    let choices = schemas.values_mut().filter_map(|schema| match schema {
        RefOr::T(Schema::OneOf(choice)) => Some(choice),
        _ => None,
    });
    for item in choices.flat_map(|choice| &mut choice.items) {
        let RefOr::T(Schema::Object(object)) = item else { continue };
        let Some(kind) = kind_of(object).map(pascal_case) else { continue };
        for (member, part) in &mut object.properties {
            if matches!(part, RefOr::T(Schema::Object(inner)) if !inner.properties.is_empty()) {
                let name = kind.clone() + &pascal_case(member);
                let whole = std::mem::replace(part, Ref::from_schema_name(&name).into());
                named.insert(name, whole);
            }
        }
    }
    for (name, schema) in named {
        add(schemas, &name, schema);
    }
}

/// The kind that tells an alternative from the others.
fn kind_of(alternative: &Object) -> Option<&str> {
    match alternative.properties.get("kind")? {
        RefOr::T(Schema::Object(kind)) => kind.enum_values.as_ref()?.first()?.as_str(),
        _ => None,
    }
}

fn pascal_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| word[..1].to_ascii_uppercase().chars().chain(word[1..].chars()).collect::<Vec<_>>())
        .collect()
}

/// The choice that a schema is, with its alternatives written out; None if it is none.
fn written_out(schema: &RefOr<Schema>, schemas: &Schemas) -> Option<OneOf> {
    let RefOr::T(Schema::AllOf(AllOf { description, .. }) | Schema::OneOf(OneOf { description, .. })) =
        schema
    else {
        return None;
    };
    let alternatives = alternatives(schema, schemas).filter(|alternatives| alternatives.len() > 1)?;
    let items = alternatives.into_iter().map(|object| Schema::Object(object).into()).collect();
    Some(OneOf { items, description: description.clone(), ..OneOf::default() })
}

/// The objects that a schema allows; None if it allows anything else.
fn alternatives(schema: &RefOr<Schema>, schemas: &Schemas) -> Option<Vec<Object>> {
    match schema {
        RefOr::Ref(named) => alternatives(schemas.get(named.ref_location.rsplit('/').next()?)?, schemas),
        RefOr::T(Schema::Object(object)) => (!object.properties.is_empty()).then(|| vec![object.clone()]),
        RefOr::T(Schema::OneOf(choice)) => {
            let objects: Option<Vec<_>> =
                choice.items.iter().map(|item| alternatives(item, schemas)).collect();
            objects.map(|objects| objects.concat())
        }
        RefOr::T(Schema::AllOf(all)) => all.items.iter().try_fold(vec![Object::new()], |parts, item| {
            let more = alternatives(item, schemas)?;
            let join = |part: &Object| {
                let part = part.clone();
                more.iter().map(move |more| joined(part.clone(), more.clone()))
            };
            Some(parts.iter().flat_map(join).collect())
        }),
        RefOr::T(_) => None,
    }
}

fn joined(mut one: Object, other: Object) -> Object {
    one.schema_type = other.schema_type;
    one.properties.extend(other.properties);
    one.required.extend(other.required);
    one.description = one.description.or(other.description);
    one
}

/// Adds to each question what its sender may have seen.
fn take_seen(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let questions =
        paths.filter(|(path, _)| path.starts_with("/v1/")).filter_map(|(_, path)| path.get_mut("get"));
    for question in questions {
        let parameter = |name: HeaderName, description: &str| {
            let schema = json!({"type": "integer", "format": "int64", "minimum": 0});
            json!({"name": name.as_str(), "in": "header", "description": description, "required": false, "schema": schema})
        };
        let seq = "The `sedia-seq` of your last change: the answer is not older than it, on whichever node";
        let epoch = "The `sedia-epoch` that came with it: if the log was put back to an earlier state since then, the \
            question is refused";
        let parameters = [parameter(SEQ, seq), parameter(EPOCH, epoch)];
        match question["parameters"].as_array_mut() {
            Some(known) => known.extend(parameters),
            None => question["parameters"] = json!(parameters),
        }
    }
}

/// Adds what the answers of limited operations say of the limits.
fn tell_limits(document: &mut Value) {
    let header =
        |description: &str, kind: &str| json!({"description": description, "schema": {"type": kind}});
    let policy = "What a client may do and what all together may: `q` at once, whole again after `w` seconds \
        (draft-ietf-httpapi-ratelimit-headers)";
    let standing = "What is left of it: `r` now, and more after `t` seconds";
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.iter_mut());
    for (path, operation) in paths.flat_map(|(path, operations)| {
        operations
            .as_object_mut()
            .into_iter()
            .flat_map(|of| of.values_mut())
            .map(move |of| (path.as_str(), of))
    }) {
        if operation.pointer("/responses/429").is_none() {
            continue;
        }
        let headers =
            json!({"RateLimit-Policy": header(policy, "string"), "RateLimit": header(standing, "string")});
        // A sign-in that succeeds is not limited.
        for status in ["200", "201"].into_iter().filter(|_| path.ends_with("/marks")) {
            operation["responses"][status]["headers"] = headers.clone();
        }
        operation["responses"]["429"]["headers"] = headers;
        operation["responses"]["429"]["headers"]["Retry-After"] =
            header("The seconds after which one more is allowed", "integer");
    }
}

/// Says of each parameter that an empty value leaves out that it may have one.
fn mark_left_out(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    let operations = paths.filter_map(Value::as_object_mut).flat_map(|path| path.values_mut());
    let parameters =
        operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut()).flatten();
    for parameter in
        parameters.filter(|parameter| parameter["in"] == "query" && parameter["required"] != true)
    {
        if !parameter["name"].as_str().is_some_and(|name| NEVER_EMPTY.contains(&name)) {
            parameter["allowEmptyValue"] = true.into();
        }
    }
}

/// Removes schemas that nothing refers to: parts of others that are written out there, and then the parts of these.
fn remove_unused(document: &mut Value) {
    loop {
        let mut used = HashSet::new();
        find_references(document, &mut used);
        let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(name));
        if schemas.len() == before {
            return;
        }
    }
}

/// The names of the schemas that anything in `value` refers to.
fn find_references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::String(text) => found.extend(text.strip_prefix("#/components/schemas/").map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| find_references(item, found)),
        Value::Object(members) => members.values().for_each(|member| find_references(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The OpenAPI document, as it is committed and served.
pub fn openapi_json() -> String {
    let (_, mut document) = documented().split_for_parts();
    write_out_choices(&mut document.components.get_or_insert_default().schemas);
    let mut document = serde_json::to_value(document).expect("the document is plain data");
    mark_left_out(&mut document);
    take_seen(&mut document);
    tell_limits(&mut document);
    remove_unused(&mut document);
    let mut json = serde_json::to_string_pretty(&document).expect("the document is plain data");
    json.push('\n');
    json
}

pub(super) async fn openapi(headers: HeaderMap) -> Response {
    static DOCUMENT: LazyLock<Arc<Body>> = LazyLock::new(|| {
        Arc::new(Body::new(openapi_json().into(), Format::Json, Language::En, ResponseMeta::default()))
    });
    let wanted = Wanted { coding: negotiate::coding(&headers), file: None };
    response::respond(&headers, Arc::clone(&DOCUMENT), Audience::Public, &wanted).await
}

/// The page at `/docs`; everything it needs is in the program.
pub(super) fn page() -> Router<App> {
    SwaggerUi::new("/docs").config(Config::from("/openapi.json").use_base_layout()).into()
}

/// The meaning of a problem code.
#[derive(Serialize, ToSchema)]
pub(super) struct ProblemExplained {
    /// The stable code.
    code: &'static str,
    /// The HTTP status it comes with.
    status: u16,
    /// The kind of problem.
    title: Bilingual,
}

/// Explain a problem code
#[utoipa::path(
    get,
    path = "/problems/{code}",
    tag = "operate",
    params(("code" = String, Path, description = "The `code` of a problem", example = "unknown_region")),
    responses(
        (status = 200, description = "Its meaning", body = ProblemExplained),
        (status = 404, description = "There is no such code (`not_found`)", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(super) async fn problem(InPath(name): InPath<String>) -> Result<Response, Problem> {
    let code = Code::named(&name).ok_or_else(|| {
        Rejection::new(Code::NotFound, "code", Message::new("no-such-problem").arg("name", name.clone()))
    })?;
    let explained = ProblemExplained {
        code: code.name(),
        status: status(code).as_u16(),
        title: bilingual(&code.title()),
    };
    Ok(Json(explained).into_response())
}

/// Declares what can go wrong with operations of one sort: what it shares with others, and codes of its own. It documents
/// itself as one response per status.
macro_rules! problems {
    ($(#[doc = $doc:literal] $name:ident = [$($shared:ident),*] $($code:ident),*;)+) => {$(
        #[doc = $doc]
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
                let sets: &[&[Code]] = &[$($shared,)* &[$(Code::$code),*]];
                described(sets.concat())
            }
        }
    )+};
}

/// With every request: a key that does not hold is refused also where none is needed.
const ANY: &[Code] = &[
    Code::KeyInvalid,
    Code::KeyExpired,
    Code::KeyRevoked,
    Code::InvalidEncoding,
    Code::RequestTimeout,
    Code::Overloaded,
    Code::Internal,
];
/// With a question of a client that has seen a change.
const SEEN: &[Code] = &[Code::InvalidParameter, Code::UnknownSeq, Code::Behind];
/// With parameters.
const PARAMETERS: &[Code] = &[Code::UnknownParameter, Code::InvalidParameter, Code::InvalidText];
/// With the code of a region.
const REGION: &[Code] = &[
    Code::UnknownRegion,
    Code::AmbiguousRegion,
    Code::InvalidRegionCode,
    Code::RegionCodeWithoutDots,
    Code::BpsCode,
];
/// With pages.
const PAGES: &[Code] = &[Code::LimitOutOfRange, Code::InvalidCursor, Code::CursorOfAnotherQuery];
/// With the code of a type.
const TYPE: &[Code] = &[Code::UnknownType, Code::AmbiguousType, Code::InvalidTypeCode];
/// With a moment that has passed.
const AS_OF: &[Code] = &[Code::InvalidTime, Code::AsOfInFuture, Code::NotKept, Code::HistoryUnavailable];
/// Where not everybody is let in.
const KEY: &[Code] = &[Code::KeyRequired, Code::RoleNotAllowed, Code::OutsideScope];
/// With a body, and with what is stored.
const WRITE: &[Code] = &[
    Code::MissingField,
    Code::UnknownField,
    Code::InvalidField,
    Code::InvalidText,
    Code::IdempotencyKeyReused,
    Code::InvalidIdempotencyKey,
    Code::InvalidBody,
    Code::BodyTooLarge,
    Code::UnsupportedMediaType,
    Code::Unavailable,
];
/// With numbers.
const NUMBERS: &[Code] =
    &[Code::NegativeCount, Code::CountTooLarge, Code::CountNotWhole, Code::NumberAsText, Code::AboveCapacity];

problems! {
    /// Reading what is there.
    AskProblems = [ANY, SEEN, PARAMETERS, REGION] NotFound, NotAcceptable, LimitOutOfRange, MissingField, InvalidText;
    /// Reading lists, page by page.
    ListingProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES] NotAcceptable, InvalidText, InvalidWord;
    /// Reading what is there, or was.
    PastProblems = [ANY, SEEN, PARAMETERS, REGION, AS_OF] UnknownFacility, NotFound, NotAcceptable;
    /// Asking in one box.
    SentenceProblems = [ANY, SEEN, PARAMETERS, REGION] NotAcceptable, LimitOutOfRange, MissingField, InvalidText, UnknownWord,
        UnknownFacility, ParametersDisagree;
    /// Looking for something that fits, now or then.
    PageProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES, TYPE, AS_OF] NotAcceptable, ParametersDisagree, UnknownWord,
        InvalidDate, InvalidCoordinates, InvalidWord, InvalidText;
    /// Reading the log.
    LogProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES] NotKept, HistoryUnavailable;
    /// Reading who changed what.
    AuditProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES, KEY] UnknownFacility, NotAcceptable, InvalidTime, ParametersDisagree,
        HistoryUnavailable;
    /// Reading the log of a facility.
    HistoryProblems = [ANY, SEEN, PARAMETERS, PAGES, TYPE] UnknownFacility, NotAcceptable, InvalidTime, ParametersDisagree,
        HistoryUnavailable;
    /// Reading how a region went.
    RegionHistoryProblems = [ANY, SEEN, PARAMETERS, REGION, TYPE] NotAcceptable, HistoryUnavailable;
    /// Reporting the numbers of one facility.
    ReportProblems = [ANY, PARAMETERS, KEY, WRITE, NUMBERS, TYPE] UnknownFacility, FacilityClosed, ConfirmJump,
        UnknownSession, NoOccurrence, SessionOver, InvalidDate, DuplicateRow, ObservedInFuture, InvalidTime,
        NothingReported, NothingToAdjust, VersionMismatch;
    /// Leaving and ending marks.
    MarkProblems = [ANY, PARAMETERS, KEY, WRITE, NUMBERS, TYPE] UnknownFacility, UnknownMark, FacilityClosed,
        AlreadyClaimed, ConfirmHold, TooManyMarks, InvalidPhone, TooManyRequests;
    /// Reporting by text message; what is wrong with the message is in the answer to its sender.
    MessageProblems = [ANY, PARAMETERS, KEY, WRITE] InvalidTime, ObservedInFuture;
    /// Proving to a gateway that its webhook leads here.
    VerifyProblems = [ANY, SEEN, PARAMETERS] MissingField;
    /// Reporting a list, as a whole; what is wrong with a row is in its outcome.
    ListProblems = [ANY, PARAMETERS, KEY, WRITE] AllRowsRefused, NothingReported, TooManyRows,
        IncompleteRow;
    /// Sending a list of facilities, as a whole; what is wrong with a row is in its outcome.
    ImportProblems = [ANY, PARAMETERS, KEY, WRITE] AllRowsRefused, NothingReported, TooManyRows;
    /// Rows of a hospital system.
    BridgeProblems = [ANY, PARAMETERS, KEY, WRITE, NUMBERS] UnknownFacility, UnknownRoom, FacilityClosed, NotFound,
        TooManyRooms;
    /// Asking as a hospital system does.
    BridgeReadProblems = [ANY, KEY] UnknownFacility, MissingField, InvalidParameter;
    /// Changing facilities.
    FacilityProblems = [ANY, PARAMETERS, REGION, KEY, WRITE] UnknownFacility, InvalidCoordinates, InvalidWord, InvalidPhone,
        InvalidExternalId, ExternalIdTaken, VersionMismatch;
    /// Changing regions, types, contacts, keys and links.
    ChangeProblems = [ANY, PARAMETERS, REGION, KEY, WRITE] UnknownFacility, UnknownContact, UnknownKey, UnknownLink, UnknownType,
        InvalidTypeCode, InvalidCoordinates, InvalidWord, InvalidPhone;
    /// Changing sessions.
    SessionProblems = [ANY, PARAMETERS, REGION, KEY, WRITE] UnknownFacility, UnknownSession, FacilityClosed, InvalidWord, InvalidPhone,
        InvalidUrl, InvalidDate, InvalidTime, InvalidSchedule, SessionOver, TooManySessions, VersionMismatch;
    /// Lists of things in a region, for the people who manage it.
    ManagedListProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES, KEY];
    /// Such lists in several forms.
    ManagedFormProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES, KEY] NotAcceptable;
    /// Reading how often questions found nothing.
    DemandProblems = [ANY, SEEN, PARAMETERS, REGION, KEY] NotAcceptable, LimitOutOfRange, ParametersDisagree, InvalidDate,
        Unavailable;
    /// A look at the node.
    LookProblems = [] RequestTimeout;
    /// Reading what one's own key may do.
    OwnKeyProblems = [ANY, SEEN, KEY];
    /// Signing in and out.
    SignInProblems = [ANY, KEY, WRITE] TooManyRequests;
    /// Signing in with a provider.
    ProviderProblems = [ANY, WRITE, REGION] NotFound, RoleNotAllowed, ProviderRefused, ProviderUnavailable, UnknownFacility,
        TooManyRequests;
    /// Listing keys.
    ManageProblems = [ANY, SEEN, PARAMETERS, REGION, PAGES, KEY] Unavailable;
}

fn described(codes: Vec<Code>) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        let listed = by_status.entry(status(code).as_str().to_owned()).or_default();
        if !listed.contains(&code) {
            listed.push(code);
        }
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
