//! RS Online of the ministry of health: one row per room.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{Row, caller, facility, not_here, open, remark, segments, sent_at};
use crate::{
    domain::{
        facility::FacilityRef,
        numbers::Count,
        region::Zone,
        rejection::{Code, Rejection, Rejections},
        resource_type::ResourceType,
        room::{COVID, Room, System},
    },
    http::{
        App, Problem, Reads,
        documents::{BridgeProblems, BridgeReadProblems},
        request::Known,
        response::unstored,
    },
    locales::{Language, Message},
    query::query_string,
    snapshot::Snapshot,
    store::{
        Command,
        commands::{EndRoom, PutRoom, RoomName, RoomReceipt},
    },
};

const SYSTEM: System = System::Kemenkes;
/// The header with the key, where there is no `Authorization`.
const KEY_HEADERS: &[&str] = &["X-pass"];
/// What is read and changed here, of all that RS Online has.
const PATHS: &[&str] = &["Fasyankes", "Referensi/tempat_tidur"];
/// The fields of a row beside those that a room has.
const SENT: &[&str] = &[
    "jumlah_ruang",
    "terpakai_suspek",
    "terpakai_konfirmasi",
    "prepare",
    "prepare_plan",
    COVID,
    "terpakai_dbd",
    "terpakai_dbd_anak",
    "jumlah_dbd",
];
/// The name of a room that has none: rows of beds for COVID-19 often leave it empty.
const NAME: &str = "ruang";

/// A bed type as the ministry names it.
#[derive(Deserialize)]
struct BedType {
    id_tt: String,
    tt: String,
    kode_siranap: String,
}

/// The bed types that the ministry is known to have, by their `id_tt`.
static BED_TYPES: LazyLock<HashMap<String, BedType>> = LazyLock::new(|| {
    let mut table = csv::Reader::from_reader(migrations::RSONLINE_BEDS_CSV.as_bytes());
    let rows = table.deserialize::<BedType>().map(|row| row.expect("the list that ships is well formed"));
    rows.map(|row| (row.id_tt.clone(), row)).collect()
});

/// A row of RS Online. Values are texts or numbers; more fields may come and are passed over.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is the documentation of a row; rows are read leniently")]
pub(in crate::http) struct RsOnlineRow {
    /// The ministry's bed type; which of our types it means is in `external_codes`, as `kemenkes:38`.
    #[schema(example = "38")]
    id_tt: Option<String>,
    /// The room's id at the ministry.
    #[schema(example = "101")]
    id_t_tt: Option<String>,
    /// The hospital's name of the room.
    #[schema(example = "ICU Sentral")]
    ruang: Option<String>,
    /// How many rooms the row stands for. It comes back as it was sent, like the fields below that say so.
    jumlah_ruang: Option<String>,
    /// How many beds there are. Empty or left out is unknown, like the next ones.
    #[schema(example = "10")]
    jumlah: Option<String>,
    /// How many are in use.
    #[schema(example = "7")]
    terpakai: Option<String>,
    /// Part of `terpakai`; comes back.
    terpakai_suspek: Option<String>,
    /// Part of `terpakai`; comes back.
    terpakai_konfirmasi: Option<String>,
    /// The number of free places. Hardly any program sends it: it is `jumlah` less `terpakai` then, as on the ministry's
    /// own display, and answers mark it as `available_derived`.
    #[schema(example = "3")]
    kosong: Option<String>,
    /// The number of people who wait.
    #[schema(example = "0")]
    antrian: Option<String>,
    /// Being made ready; comes back.
    prepare: Option<String>,
    /// Planned; comes back.
    prepare_plan: Option<String>,
    /// `1` for beds that are for COVID-19. It tells rooms of one type and name apart, and comes back; `id_tt` tells the type.
    covid: Option<String>,
}

/// The answer, as RS Online gives it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RsOnlineAnswer {
    /// One entry for each row.
    fasyankes: Vec<RsOnlineOutcome>,
}

/// The outcome of a row.
#[derive(Serialize, ToSchema)]
struct RsOnlineOutcome {
    /// `200`.
    status: String,
    /// In words.
    message: String,
    /// The room's id from now on.
    id_t_tt: String,
}

/// The rooms of a hospital, as RS Online lists them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RsOnlineRooms {
    /// The rooms.
    fasyankes: Vec<RsOnlineRoom>,
}

/// A room as it is known here. A number that nobody knows is null; a field that was never sent is what the ministry shows
/// then.
#[derive(Serialize, ToSchema)]
struct RsOnlineRoom {
    /// The ministry's bed type.
    id_tt: Option<String>,
    /// What the ministry calls it; the label of our type if the ministry's list has it not.
    tt: Option<String>,
    /// The name that the hospital uses.
    ruang: String,
    /// The class in the ministry's public display.
    kode_siranap: Option<String>,
    /// Rooms.
    jumlah_ruang: String,
    /// Beds.
    jumlah: Option<String>,
    /// In use by people who may have COVID-19.
    terpakai_suspek: String,
    /// In use by people who have it.
    terpakai_konfirmasi: String,
    /// Waiting.
    antrian: Option<String>,
    /// Being made ready.
    prepare: String,
    /// Planned.
    prepare_plan: Option<String>,
    /// Free.
    kosong: Option<String>,
    /// In use by people who have dengue.
    terpakai_dbd: String,
    /// Those of them who are children.
    terpakai_dbd_anak: String,
    /// Beds for people who have dengue.
    jumlah_dbd: String,
    /// In use.
    terpakai: Option<String>,
    /// `1` for beds that are for COVID-19.
    covid: String,
    /// Its id: a whole number if its program gave none.
    id_t_tt: String,
    /// When that was, in the time zone of the hospital.
    #[schema(example = "2021-07-01 14:05:00")]
    tglupdate: String,
}

/// The bed types of RS Online.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RsOnlineTypes {
    /// Those that count here.
    tempat_tidur: Vec<RsOnlineType>,
}

/// A bed type of RS Online.
#[derive(Serialize, ToSchema)]
struct RsOnlineType {
    /// The `id_tt` of rows.
    #[schema(example = "38")]
    kode_tt: String,
    /// Its name.
    #[schema(example = "ICU Dengan Ventilator")]
    nama_tt: String,
}

/// The headers of each request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is their documentation; they are read by `hospital` and `caller`")]
struct RsOnlineHeaders {
    /// The hospital's code at the ministry: its external id `kemenkes:ID`
    #[param(rename = "X-rs-id")]
    hospital: String,
    /// A key of the hospital or of its bridge; `Authorization: Bearer` does as well
    #[param(rename = "X-pass")]
    key: Option<String>,
}

/// A header of each row.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "this is its documentation; it is read by `sent_at`")]
struct SentAtHeader {
    /// When it was sent, in seconds or milliseconds since 1970; now, if it is left out, no number, or in the future
    #[param(rename = "X-Timestamp")]
    sent_at: Option<String>,
}

/// List the rooms of a hospital, as an RS Online client asks for them
#[utoipa::path(
    get,
    path = "/bridge/rsonline/Fasyankes",
    operation_id = "rsonline_read",
    tag = "bridge",
    params(RsOnlineHeaders),
    responses((status = 200, description = "Its rooms", body = RsOnlineRooms), BridgeReadProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn read(
    State(reads): State<Arc<Reads>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    list_rooms(&reads, &headers).await
}

async fn list_rooms(reads: &Reads, headers: &HeaderMap) -> Result<Response, Problem> {
    let caller = caller(reads, headers, KEY_HEADERS).await?;
    let Known { state, facility } = reads.known(&hospital(reads, headers)?, "X-rs-id")?;
    caller.principal.check_reports_for(&facility)?;
    let zone = state.zone(facility.region);
    let fasyankes = state.rooms_of(facility.id, SYSTEM).map(|room| room_view(&state, room, zone)).collect();
    Ok(unstored(RsOnlineRooms { fasyankes }))
}

/// List the bed types, as an RS Online client asks for them
#[utoipa::path(
    get,
    path = "/bridge/rsonline/Referensi/tempat_tidur",
    operation_id = "rsonline_types",
    tag = "bridge",
    params(RsOnlineHeaders),
    responses((status = 200, description = "Those that some type names in its `external_codes`", body = RsOnlineTypes), BridgeReadProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn types(
    State(reads): State<Arc<Reads>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    list_types(&reads, &headers).await
}

async fn list_types(reads: &Reads, headers: &HeaderMap) -> Result<Response, Problem> {
    caller(reads, headers, KEY_HEADERS).await?.principal.check_reports()?;
    let state = reads.current();
    let types = state.coded_types(SYSTEM).map(|(code, resource)| RsOnlineType {
        kode_tt: code.to_owned(),
        nama_tt: bed_type_name(Some(code), Some(resource)).unwrap_or_default(),
    });
    let mut tempat_tidur: Vec<RsOnlineType> = types.collect();
    tempat_tidur.sort_by_cached_key(|known| (known.kode_tt.len(), known.kode_tt.clone()));
    Ok(unstored(RsOnlineTypes { tempat_tidur }))
}

/// Whatever path a program puts `Fasyankes` behind.
pub(super) async fn elsewhere(State(app): State<App>, request: Request<Body>) -> Result<Response, Problem> {
    let path = request.uri().path().to_owned();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let segments = segments(&path, &["bridge", "rsonline", "fo", "index.php"]);
    let meant: Vec<String> = segments.iter().map(|segment| segment.to_lowercase()).collect();
    let meant: Vec<&str> = meant.iter().map(String::as_str).collect();
    match (&meant[..], &method) {
        ([] | [.., "fasyankes"], &Method::GET | &Method::HEAD) => list_rooms(&app.reads, &headers).await,
        ([] | [.., "fasyankes"], &Method::POST) => put(&app, request, "disimpan").await,
        ([] | [.., "fasyankes"], &Method::PUT) => put(&app, request, "diupdate").await,
        ([] | [.., "fasyankes"], &Method::DELETE) => end(&app, request).await,
        ([.., "referensi", "tempat_tidur"], &Method::GET | &Method::HEAD) => {
            list_types(&app.reads, &headers).await
        }
        _ => Err(not_here("RS Online", &segments.join("/"), PATHS).into()),
    }
}

/// A refusal as RS Online sends it. Its programs read `message` as JSON when a login fails, and take a row as new when
/// the message says that the room is not in the database.
pub(super) fn refusal(code: Code, status: StatusCode, detail: &str, is_built_in: bool) -> Value {
    let is_login = [Code::KeyRequired, Code::KeyInvalid, Code::KeyExpired, Code::KeyRevoked].contains(&code);
    let message = match code {
        _ if !is_built_in => detail.to_owned(),
        _ if is_login => json!({"response": "Gagal Login", "detail": detail}).to_string(),
        Code::UnknownRoom => format!("Gagal, data belum ada di database: {detail}"),
        _ => format!("Gagal: {detail}"),
    };
    json!({"fasyankes": [{"status": status.as_str(), "message": message}]})
}

fn room_view(state: &Snapshot, room: &Room, zone: Zone) -> RsOnlineRoom {
    let count = |count: Option<Count>| count.map(|count| count.get().to_string());
    let bare = room.bare_code();
    let resource = room.code.as_deref().and_then(|code| state.type_of(code));
    let sent = |field: &str| room.sent.get(field).cloned();
    let zero = || "0".to_owned();
    RsOnlineRoom {
        id_tt: bare.map(str::to_owned),
        tt: bed_type_name(bare, resource.map(|resource| &**resource)),
        ruang: sent(NAME).unwrap_or_else(|| room.name.clone()),
        kode_siranap: bare.and_then(|bare| BED_TYPES.get(bare)).map(|known| known.kode_siranap.clone()),
        jumlah_ruang: sent("jumlah_ruang").unwrap_or_else(zero),
        jumlah: count(room.numbers.capacity()),
        terpakai_suspek: sent("terpakai_suspek").unwrap_or_else(zero),
        terpakai_konfirmasi: sent("terpakai_konfirmasi").unwrap_or_else(zero),
        antrian: count(room.numbers.queue()),
        prepare: sent("prepare").unwrap_or_else(zero),
        prepare_plan: sent("prepare_plan"),
        kosong: count(room.numbers.available()),
        terpakai_dbd: sent("terpakai_dbd").unwrap_or_else(zero),
        terpakai_dbd_anak: sent("terpakai_dbd_anak").unwrap_or_else(zero),
        jumlah_dbd: sent("jumlah_dbd").unwrap_or_else(zero),
        terpakai: count(room.numbers.occupied()),
        covid: room.covid().to_owned(),
        id_t_tt: room.id.clone(),
        tglupdate: room.observed_at.with_timezone(&zone.offset()).format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

fn bed_type_name(code: Option<&str>, resource: Option<&ResourceType>) -> Option<String> {
    let known = code.and_then(|code| BED_TYPES.get(code)).map(|known| known.tt.clone());
    known.or_else(|| resource.map(|resource| resource.label.get(Language::Id).to_owned()))
}

/// Send a new room, as an RS Online client does
///
/// The rows of a hospital whose `id_tt` mean one type add up to that type. A number that one of the rooms does not
/// say is unknown in the sum. An `id_tt` that no type names in its `external_codes` is kept aside (`/v1/unmapped`) and
/// counts as soon as an admin maps it. The same room may be sent again and again. Several rows may come as a list, also
/// under `fasyankes`: all of them are stored, or none.
#[utoipa::path(
    post,
    path = "/bridge/rsonline/Fasyankes",
    operation_id = "rsonline_create",
    tag = "bridge",
    params(RsOnlineHeaders, SentAtHeader),
    request_body = RsOnlineRow,
    responses((status = 200, description = "Stored and visible", body = RsOnlineAnswer), BridgeProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn create(
    State(app): State<App>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    put(&app, request, "disimpan").await
}

/// Send a known room, as an RS Online client does
///
/// The room's name and its bed type may be left out: then they stay as they were. An id that was not given here, such as
/// the ministry's on the day of the switch, becomes the id of the room of that name that has none of its own. A room that
/// is not known is added if `id_tt` says what is in it, and refused with `unknown_room` if not.
#[utoipa::path(
    put,
    path = "/bridge/rsonline/Fasyankes",
    operation_id = "rsonline_replace",
    tag = "bridge",
    params(RsOnlineHeaders, SentAtHeader),
    request_body = RsOnlineRow,
    responses((status = 200, description = "Stored and visible", body = RsOnlineAnswer), BridgeProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn replace(
    State(app): State<App>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    put(&app, request, "diupdate").await
}

/// The parameter that may name a room; any other is passed over.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct RemoveParams {
    /// The room's id, if the body does not say it
    id_t_tt: Option<String>,
}

/// Remove a room, as an RS Online client does
///
/// The room is named by `id_t_tt`, in the body or in the query, or by `id_tt` and `ruang`; it leaves the sum.
#[utoipa::path(
    delete,
    path = "/bridge/rsonline/Fasyankes",
    operation_id = "rsonline_remove",
    tag = "bridge",
    params(
        RsOnlineHeaders,
        ("X-Timestamp" = Option<String>, Header, description = "When it was sent, in seconds or milliseconds since 1970: a newer row keeps the room; now, if it is left out, no number, or in the future"),
        RemoveParams,
    ),
    request_body(content = Option<RsOnlineRow>, description = "May be left out if the query names the room"),
    responses((status = 200, description = "Removed", body = RsOnlineAnswer), BridgeProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn remove(
    State(app): State<App>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    end(&app, request).await
}

async fn end(app: &App, request: Request<Body>) -> Result<Response, Problem> {
    let RemoveParams { id_t_tt } = query_string::read(request.uri().query().unwrap_or_default())?;
    let caller = caller(&app.reads, request.headers(), KEY_HEADERS).await?;
    let (request, hospital, mut rows) =
        open(app, request, caller, |headers| hospital(&app.reads, headers)).await?;
    if let (Some(id), [row]) = (id_t_tt, &mut rows.0[..]) {
        row.0.insert("id_t_tt".to_owned(), id.into());
    }
    let observed_at = sent_at(&request);
    let ends = rows.commands(|row| Ok(EndRoom { room: room(row, &hospital)?, observed_at }))?;
    request.submit(ends.then(|receipts| told(&receipts, "dihapus"))).await
}

async fn put(app: &App, request: Request<Body>, done: &'static str) -> Result<Response, Problem> {
    let caller = caller(&app.reads, request.headers(), KEY_HEADERS).await?;
    let (request, hospital, rows) =
        open(app, request, caller, |headers| hospital(&app.reads, headers)).await?;
    let observed_at = sent_at(&request);
    let puts = rows.commands(|row| {
        let numbers = row.numbers([Some("jumlah"), Some("terpakai"), Some("kosong"), Some("antrian")])?;
        Ok(PutRoom { room: room(row, &hospital)?, numbers, observed_at })
    })?;
    request.submit(puts.then(move |receipts| told(&receipts, done))).await
}

/// The outcome as RS Online would tell it: some programs look for "telah disimpan", "telah diupdate" and "telah dihapus".
#[expect(clippy::unnecessary_wraps, reason = "other outcomes may be refusals")]
fn told(receipts: &[RoomReceipt], done: &str) -> Result<RsOnlineAnswer, Rejections> {
    let outcome = |receipt: &RoomReceipt| {
        let remark = remark(receipt).map(|remark| format!("; {remark}")).unwrap_or_default();
        let message = format!("Berhasil, data telah {done}{remark}");
        RsOnlineOutcome { status: "200".to_owned(), message, id_t_tt: receipt.room.clone() }
    };
    Ok(RsOnlineAnswer { fasyankes: receipts.iter().map(outcome).collect() })
}

fn hospital(reads: &Reads, headers: &HeaderMap) -> Result<FacilityRef, Rejection> {
    let code = headers.get("x-rs-id").and_then(|value| value.to_str().ok());
    let missing = || Rejection::new(Code::MissingField, "X-rs-id", Message::new("hospital-code-missing"));
    facility(reads, SYSTEM, code.ok_or_else(missing)?, "X-rs-id")
}

fn room(row: &Row, facility: &FacilityRef) -> Result<RoomName, Rejection> {
    let code = row.code("id_tt", 40)?.map(|code| SYSTEM.code(&code));
    let name = row.text(NAME, 120)?;
    let mut sent = row.sent(SENT)?;
    if name.is_none() && row.0.contains_key(NAME) {
        sent.insert(NAME.to_owned(), String::new());
    }
    Ok(RoomName {
        facility: facility.clone(),
        facility_pointer: "X-rs-id",
        system: SYSTEM,
        // A column of numbers that nobody filled has zeros.
        id: row.code("id_t_tt", 120)?.filter(|id| id != "0"),
        code,
        name,
        sent,
    })
}
