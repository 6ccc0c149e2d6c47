//! Aplicares of the health insurance (BPJS): one row per room and class.

use std::{borrow::Cow, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Request, header},
    response::Response,
};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chrono::Duration;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{Row, facility, moment, not_here, open, remark, segments, sent_at};
use crate::{
    auth::Secret,
    domain::{
        facility::FacilityRef,
        numbers::Count,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
        room::{Room, System},
    },
    http::{
        App, Problem, Reads,
        documents::{BridgeProblems, BridgeReadProblems},
        request::{Caller, InPath, Known, negotiate},
        response::unstored,
    },
    locales::{Language, Message},
    snapshot::Snapshot,
    store::{
        Command,
        commands::{EndRoom, PutRoom, RoomName, RoomReceipt},
    },
};

const SYSTEM: System = System::Aplicares;
/// The headers with the key, where there is no `Authorization`.
const KEY_HEADERS: &[&str] = &["X-pass", "X-cons-id"];
/// What is read and changed here, of all that Aplicares has.
const PATHS: &[&str] = &[
    "rest/bed/create/{kodeppk}",
    "rest/bed/update/{kodeppk}",
    "rest/bed/delete/{kodeppk}",
    "rest/bed/read/{kodeppk}/{start}/{limit}",
    "rest/ref/kelas",
];
/// The fields of a row beside those that a room has.
const SENT: &[&str] = &["tersediapria", "tersediawanita", "tersediapriawanita"];
/// How far the clock of a program that signs may be from ours.
const SKEW: Duration = Duration::minutes(5);
/// Signatures come with their padding or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A row of Aplicares. Values are texts or numbers; more fields may come and are passed over.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is the documentation of a row; rows are read leniently")]
pub(in crate::http) struct AplicaresRow {
    /// The class; which of our types it means is in `external_codes`, as `aplicares:ICU`.
    #[schema(example = "ICU")]
    kodekelas: Option<String>,
    /// The room's code at the hospital; it and the class tell a room from the others.
    #[schema(example = "R01")]
    koderuang: Option<String>,
    /// The name that the hospital uses.
    #[schema(example = "ICU Sentral")]
    namaruang: Option<String>,
    /// How many beds there are. Empty or left out is unknown, like the next one.
    #[schema(example = "10")]
    kapasitas: Option<String>,
    /// The number of free places.
    #[schema(example = "3")]
    tersedia: Option<String>,
    /// Part of `tersedia`; comes back when the rooms are read.
    tersediapria: Option<String>,
    /// Part of `tersedia`; comes back.
    tersediawanita: Option<String>,
    /// Part of `tersedia`; comes back.
    tersediapriawanita: Option<String>,
}

/// The answer, as Aplicares gives it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AplicaresAnswer {
    /// The outcome of the row.
    metadata: AplicaresMetadata,
}

/// The outcome of the row.
#[derive(Serialize, ToSchema)]
struct AplicaresMetadata {
    /// `1`: it was taken.
    code: u8,
    /// In the words of Aplicares, because programs compare them: `Data berhasil disimpan.`, `Data berhasil diupdate.` or
    /// `Data berhasil dihapus.`
    message: String,
    /// What else there is to know: the row was late, far from the one before, or of a class that no type names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    keterangan: Option<&'static str>,
}

/// A list, as Aplicares gives it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AplicaresList<T> {
    /// How the reading went.
    metadata: AplicaresListMetadata,
    /// What was asked for.
    response: AplicaresItems<T>,
}

/// How the reading went.
#[derive(Serialize, ToSchema)]
struct AplicaresListMetadata {
    /// `1`.
    code: u8,
    /// `OK`.
    message: &'static str,
    /// How many there are in all.
    totalitems: usize,
}

/// The items of a list.
#[derive(Serialize, ToSchema)]
struct AplicaresItems<T> {
    /// The items.
    list: Vec<T>,
}

/// A class of Aplicares.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AplicaresClass {
    /// Its code.
    #[schema(example = "KL3")]
    kodekelas: String,
    /// The label of the type that names the code.
    namakelas: String,
}

/// A room as it is known here. A number that nobody knows is null.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AplicaresRoom {
    /// Its place in the list, from 1.
    rownumber: usize,
    /// The class.
    kodekelas: Option<String>,
    /// The label of the type that names the class.
    namakelas: Option<String>,
    /// The room's code at the hospital; its name if no row said one.
    koderuang: String,
    /// The name that the hospital uses.
    namaruang: String,
    /// Beds.
    kapasitas: Option<Count>,
    /// Free.
    tersedia: Option<Count>,
    /// Those of them that are for men.
    tersediapria: u32,
    /// Those of them that are for women.
    tersediawanita: u32,
    /// Those of them that are for either.
    tersediapriawanita: u32,
    /// When that was, in the time zone of the hospital.
    #[schema(example = "2021-07-01 14:05:00")]
    lastupdate: String,
    /// The hospital's code at BPJS.
    kodeppk: String,
}

/// The headers of each request. `Authorization: Bearer` does as well.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is their documentation; they are read by `caller`")]
struct AplicaresHeaders {
    /// A key of the hospital or of its bridge
    #[param(rename = "X-pass")]
    key: Option<String>,
    /// The consumer id of a key, or a key itself
    #[param(rename = "X-cons-id")]
    consumer: Option<String>,
    /// When it was sent, in seconds or milliseconds since 1970; now, if it is left out, no number, or in the future. A signed request needs
    /// it, not more than 5 minutes off
    #[param(rename = "X-timestamp")]
    sent_at: Option<String>,
    /// HMAC-SHA256 of `X-cons-id&X-timestamp` with the key of that consumer, in Base64
    #[param(rename = "X-signature")]
    signature: Option<String>,
}

/// Send a room, as an Aplicares client does
///
/// `create` and `update` do the same: the room has these numbers from now on. `delete` takes it out of the sum. The
/// rows of a hospital whose classes mean one type add up to that type; a number that one of the rooms does not say is
/// unknown in the sum, unless RS Online says it of the same beds. A class that no type names in its `external_codes` is
/// kept aside (`/v1/unmapped`) and counts as soon as an admin maps it. The body is JSON or a form. The address may also
/// begin with `/bridge/aplicares/aplicaresws` or with `/aplicaresws`. Several rows may come as a list: all of them are
/// stored, or none.
///
/// A program that signs sends `X-cons-id`, `X-timestamp` and `X-signature`: see the consumer id of keys. Others send the
/// key in `X-pass`, as `Authorization: Bearer`, or in `X-cons-id`, and then `X-signature` is passed over.
#[utoipa::path(
    post,
    path = "/bridge/aplicares/rest/bed/{action}/{kodeppk}",
    operation_id = "aplicares_bed",
    tag = "bridge",
    params(
        ("action" = String, Path, description = "`create`, `update` or `delete`", example = "update"),
        ("kodeppk" = String, Path, description = "The hospital's code at BPJS: its external id `bpjs:KODE`", example = "0112R034"),
        AplicaresHeaders,
    ),
    request_body = AplicaresRow,
    responses((status = 200, description = "Stored and visible", body = AplicaresAnswer), BridgeProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn bed(
    State(app): State<App>,
    InPath((action, kodeppk)): InPath<(String, String)>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    change(&app, &action, &kodeppk, request).await
}

async fn change(app: &App, action: &str, kodeppk: &str, request: Request<Body>) -> Result<Response, Problem> {
    let hospital = |_: &HeaderMap| facility(&app.reads, SYSTEM, kodeppk, "kodeppk");
    let caller = caller(&app.reads, request.headers()).await?;
    let (request, hospital, rows) = open(app, request, caller, hospital).await?;
    let observed_at = sent_at(&request);
    let done = match &*action.to_lowercase() {
        "create" => "Data berhasil disimpan.",
        "update" => "Data berhasil diupdate.",
        "delete" => {
            let ends = rows.commands(|row| Ok(EndRoom { room: room(row, &hospital)?, observed_at }))?;
            return request.submit(ends.then(|receipts| told(&receipts, "Data berhasil dihapus."))).await;
        }
        other => return Err(not_here("Aplicares", &format!("rest/bed/{other}/{kodeppk}"), PATHS).into()),
    };
    let puts = rows.commands(|row| {
        let numbers = row.numbers([Some("kapasitas"), None, Some("tersedia"), None])?;
        Ok(PutRoom { room: room(row, &hospital)?, numbers, observed_at })
    })?;
    request.submit(puts.then(move |receipts| told(&receipts, done))).await
}

/// The outcome as Aplicares would tell it: once, however many rows there were.
#[expect(clippy::unnecessary_wraps, reason = "a function of outcomes, any of which may be refused")]
fn told(receipts: &[RoomReceipt], done: &str) -> Result<AplicaresAnswer, Rejections> {
    let keterangan = receipts.iter().find_map(remark);
    Ok(AplicaresAnswer { metadata: AplicaresMetadata { code: 1, message: done.to_owned(), keterangan } })
}

/// List the rooms of a hospital, as an Aplicares client asks for them
#[utoipa::path(
    get,
    path = "/bridge/aplicares/rest/bed/read/{kodeppk}/{start}/{limit}",
    operation_id = "aplicares_read",
    tag = "bridge",
    params(
        ("kodeppk" = String, Path, description = "The hospital's code at BPJS: its external id `bpjs:KODE`", example = "0112R034"),
        ("start" = String, Path, description = "The first one, from 1", example = "1"),
        ("limit" = String, Path, description = "How many", example = "100"),
        AplicaresHeaders,
    ),
    responses((status = 200, description = "Its rooms", body = AplicaresList<AplicaresRoom>), BridgeReadProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn read(
    State(reads): State<Arc<Reads>>,
    InPath((kodeppk, start, limit)): InPath<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    list_rooms(&reads, &kodeppk, &start, &limit, &headers).await
}

async fn list_rooms(
    reads: &Reads,
    kodeppk: &str,
    start: &str,
    limit: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let caller = caller(reads, headers).await?;
    let Known { state, facility } = reads.known(&facility(reads, SYSTEM, kodeppk, "kodeppk")?, "kodeppk")?;
    caller.principal.check_reports_for(&facility)?;
    let number = |text: &str, name: &'static str| {
        let refuse = || {
            let detail = Message::new("count-not-whole").arg("text", text.to_owned());
            Rejection::new(Code::InvalidParameter, name, detail)
        };
        text.parse::<usize>().map_err(|_| refuse())
    };
    let (start, limit) = (number(start, "start")?.max(1), number(limit, "limit")?);
    let zone = state.zone(facility.region);
    let rooms: Vec<&Arc<Room>> = state.rooms_of(facility.id, SYSTEM).collect();
    let page = rooms.iter().enumerate().skip(start - 1).take(limit);
    let list = page.map(|(index, room)| room_view(&state, room, index + 1, kodeppk, zone)).collect();
    Ok(listed(list, rooms.len()))
}

fn listed<T: Serialize>(list: Vec<T>, totalitems: usize) -> Response {
    let metadata = AplicaresListMetadata { code: 1, message: "OK", totalitems };
    unstored(AplicaresList { metadata, response: AplicaresItems { list } })
}

fn room_view(state: &Snapshot, room: &Room, rownumber: usize, kodeppk: &str, zone: Zone) -> AplicaresRoom {
    let class = room.bare_code();
    let resource = room.code.as_deref().and_then(|code| state.type_of(code));
    let code = class.and_then(|class| room.id.strip_prefix(class)?.strip_prefix('/'));
    let part = |field: &str| room.sent.get(field).and_then(|text| text.parse().ok()).unwrap_or(0);
    AplicaresRoom {
        rownumber,
        kodekelas: class.map(str::to_owned),
        namakelas: resource.map(|resource| resource.label.get(Language::Id).to_owned()),
        koderuang: code.unwrap_or(&room.name).to_owned(),
        namaruang: room.name.clone(),
        kapasitas: room.numbers.capacity(),
        tersedia: room.numbers.available(),
        tersediapria: part("tersediapria"),
        tersediawanita: part("tersediawanita"),
        tersediapriawanita: part("tersediapriawanita"),
        lastupdate: room.observed_at.with_timezone(&zone.offset()).format("%Y-%m-%d %H:%M:%S").to_string(),
        kodeppk: kodeppk.to_owned(),
    }
}

/// List the classes, as an Aplicares client asks for them
#[utoipa::path(
    get,
    path = "/bridge/aplicares/rest/ref/kelas",
    operation_id = "aplicares_classes",
    tag = "bridge",
    params(AplicaresHeaders),
    responses((status = 200, description = "Those that some type names in its `external_codes`", body = AplicaresList<AplicaresClass>), BridgeReadProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn classes(
    State(reads): State<Arc<Reads>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    list_classes(&reads, &headers).await
}

async fn list_classes(reads: &Reads, headers: &HeaderMap) -> Result<Response, Problem> {
    caller(reads, headers).await?.principal.check_reports()?;
    let state = reads.current();
    let classes = state.coded_types(SYSTEM).map(|(code, resource)| AplicaresClass {
        kodekelas: code.to_owned(),
        namakelas: resource.label.get(Language::Id).to_owned(),
    });
    let list: Vec<AplicaresClass> = classes.collect();
    let count = list.len();
    Ok(listed(list, count))
}

/// Whatever path a program puts `rest` behind.
pub(super) async fn elsewhere(State(app): State<App>, request: Request<Body>) -> Result<Response, Problem> {
    let path = request.uri().path().to_owned();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let segments = segments(&path, &["bridge", "aplicares", "aplicaresws"]);
    let meant: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    let meant: Vec<&str> = meant.iter().map(String::as_str).collect();
    match (&meant[..], &method) {
        (["rest", "bed", "read", _, page @ ..], &Method::GET | &Method::HEAD) if page.len() <= 2 => {
            let start = page.first().unwrap_or(&"1");
            let limit = page.get(1).unwrap_or(&"1000");
            list_rooms(&app.reads, &segments[3], start, limit, &headers).await
        }
        (["rest", "ref", "kelas"], &Method::GET | &Method::HEAD) => list_classes(&app.reads, &headers).await,
        (["rest", "bed", action, _], &Method::POST) => change(&app, action, &segments[3], request).await,
        _ => Err(not_here("Aplicares", &segments.join("/"), PATHS).into()),
    }
}

/// A refusal as Aplicares sends it. Its programs send a room anew when the message says that it is not in the database.
pub(super) fn refusal(code: Code, detail: &str, is_built_in: bool) -> Value {
    if is_built_in && code == Code::UnknownRoom {
        return json!({"metadata": {"code": 0, "message": "Data tidak ada di database.", "keterangan": detail}});
    }
    json!({"metadata": {"code": 0, "message": detail}})
}

/// The sender: by a key, or by a signature that only the secret of a key of that consumer makes.
async fn caller(reads: &Reads, headers: &HeaderMap) -> Result<Caller, Rejection> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let has_key = headers.contains_key(header::AUTHORIZATION) || headers.contains_key("x-pass");
    let consumer = text("x-cons-id").filter(|consumer| !has_key && !Secret::is_like(consumer));
    let Some(consumer) = consumer else {
        return super::caller(reads, headers, KEY_HEADERS).await;
    };
    let (Some(sent_at), Some(signature)) = (text("x-timestamp"), text("x-signature")) else {
        return Err(Rejection::new(Code::KeyInvalid, "X-signature", Message::new("signature-missing")));
    };
    let now = reads.clock.now();
    let is_now = moment(sent_at).is_some_and(|at| (now - at).abs() <= SKEW);
    if !is_now {
        let detail = Message::new("signature-time")
            .arg("sent", sent_at.to_owned())
            .arg("now", now.timestamp().to_string())
            .arg("minutes", SKEW.num_minutes());
        return Err(Rejection::new(Code::KeyInvalid, "X-timestamp", detail));
    }
    let wrong = || {
        let detail = Message::new("signature-wrong").arg("consumer", consumer.to_owned());
        Rejection::new(Code::KeyInvalid, "X-signature", detail)
    };
    // Some programs encode it as for an address; no Base64 has a percent sign.
    let signature = BASE64.decode(&*Cow::from(percent_decode_str(signature))).map_err(|_| wrong())?;
    let signed = format!("{consumer}&{sent_at}");
    let principal = reads.signer(consumer, signed.as_bytes(), &signature, wrong).await?;
    Ok(Caller { principal, language: negotiate::language(headers) })
}

fn room(row: &Row, facility: &FacilityRef) -> Result<RoomName, Rejection> {
    let class = row.text("kodekelas", 40)?.map(|class| class.to_uppercase());
    let room = row.text("koderuang", 80)?;
    Ok(RoomName {
        facility: facility.clone(),
        facility_pointer: "kodeppk",
        system: SYSTEM,
        // A ward with beds of several classes is a room in each of them.
        id: class.as_ref().zip(room).map(|(class, room)| format!("{class}/{room}")),
        code: class.map(|class| SYSTEM.code(&class)),
        name: row.text("namaruang", 120)?,
        sent: row.sent(SENT)?,
    })
}
