//! RS Online of the ministry of health: one row per room.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Request},
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Row, caller, facility, message, open, sent_at};
use crate::{
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
        request::{Known, Params},
        response::unstored,
    },
    locales::Message,
    store::{
        Command,
        commands::{EndRoom, PutRoom, RoomName, RoomReceipt},
    },
};

const SYSTEM: System = System::Kemenkes;
/// The header with the key, where there is no `Authorization`.
const KEY_HEADERS: &[&str] = &["X-pass"];

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
    /// How many rooms the row stands for; passed over.
    jumlah_ruang: Option<String>,
    /// How many beds there are. Empty or left out is unknown, like the next ones.
    #[schema(example = "10")]
    jumlah: Option<String>,
    /// How many are in use.
    #[schema(example = "7")]
    terpakai: Option<String>,
    /// Part of `terpakai`; passed over.
    terpakai_suspek: Option<String>,
    /// Part of `terpakai`; passed over.
    terpakai_konfirmasi: Option<String>,
    /// The number of free places.
    #[schema(example = "3")]
    kosong: Option<String>,
    /// The number of people who wait.
    #[schema(example = "0")]
    antrian: Option<String>,
    /// Being made ready; passed over.
    prepare: Option<String>,
    /// Planned; passed over.
    prepare_plan: Option<String>,
    /// Ignored: `id_tt` already tells the type.
    covid: Option<String>,
}

/// The answer, as RS Online gives it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RsOnlineAnswer {
    /// One entry.
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

/// A room as it is known here.
#[derive(Serialize, ToSchema)]
struct RsOnlineRoom {
    /// Its id.
    id_t_tt: String,
    /// The ministry's bed type.
    id_tt: Option<String>,
    /// The name that the hospital uses.
    ruang: String,
    /// Beds.
    jumlah: Option<String>,
    /// In use.
    terpakai: Option<String>,
    /// Free.
    kosong: Option<String>,
    /// Waiting.
    antrian: Option<String>,
    /// When that was, in the time zone of the hospital.
    #[schema(example = "2021-07-01 14:05:00")]
    tglupdate: String,
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
    /// When it was sent, in seconds since 1970; now, if it is left out, no number, or in the future
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
    let caller = caller(&reads, &headers, KEY_HEADERS).await?;
    let Known { state, facility } = reads.known(&hospital(&headers)?, "X-rs-id")?;
    caller.principal.check_reports_for(&facility)?;
    let zone = state.zone(facility.region);
    let fasyankes = state.rooms_of(facility.id, SYSTEM).map(|room| room_view(room, zone)).collect();
    Ok(unstored(RsOnlineRooms { fasyankes }))
}

fn room_view(room: &Room, zone: Zone) -> RsOnlineRoom {
    let count = |count: Option<Count>| count.map(|count| count.get().to_string());
    let bare = room.code.as_deref().and_then(|code| code.split_once(':')).map(|(_, bare)| bare.to_owned());
    RsOnlineRoom {
        id_t_tt: room.id.clone(),
        id_tt: bare,
        ruang: room.name.clone(),
        jumlah: count(room.numbers.capacity()),
        terpakai: count(room.numbers.occupied()),
        kosong: count(room.numbers.available()),
        antrian: count(room.numbers.queue()),
        tglupdate: room.observed_at.with_timezone(&zone.offset()).format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// Send a new room, as an RS Online client does
///
/// The rows of a hospital whose `id_tt` mean one type add up to that type. A number that one of the rooms does not
/// say is unknown in the sum. An `id_tt` that no type names in its `external_codes` is kept aside (`/v1/unmapped`) and
/// counts as soon as an admin maps it. The same room may be sent again and again.
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
    put(&app, request).await
}

/// Send a known room, as an RS Online client does
///
/// The room's name and its bed type may be left out: then they stay as they were. A room that is not known is
/// added if `id_tt` says what is in it, and refused with `unknown_room` if not.
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
    put(&app, request).await
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
        ("X-Timestamp" = Option<String>, Header, description = "When it was sent, in seconds since 1970: a newer row keeps the room; now, if it is left out, no number, or in the future"),
        RemoveParams,
    ),
    request_body(content = Option<RsOnlineRow>, description = "May be left out if the query names the room"),
    responses((status = 200, description = "Removed", body = RsOnlineAnswer), BridgeProblems),
    security((), ("key" = [])),
)]
pub(in crate::http) async fn remove(
    State(app): State<App>,
    Params(RemoveParams { id_t_tt }): Params<RemoveParams>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let (request, hospital, mut row) = open(&app, request, KEY_HEADERS, hospital).await?;
    if let Some(id) = id_t_tt {
        row.0.insert("id_t_tt".to_owned(), id.into());
    }
    let observed_at = sent_at(&request);
    request.submit(EndRoom { room: room(&row, hospital)?, observed_at }.then(told)).await
}

async fn put(app: &App, request: Request<Body>) -> Result<Response, Problem> {
    let (request, hospital, row) = open(app, request, KEY_HEADERS, hospital).await?;
    let numbers = row.numbers([Some("jumlah"), Some("terpakai"), Some("kosong"), Some("antrian")])?;
    let observed_at = sent_at(&request);
    request.submit(PutRoom { room: room(&row, hospital)?, numbers, observed_at }.then(told)).await
}

/// The outcome as RS Online would tell it.
#[expect(clippy::unnecessary_wraps, reason = "other outcomes may be refusals")]
fn told(receipt: RoomReceipt) -> Result<RsOnlineAnswer, Rejections> {
    let message = message(&receipt).to_owned();
    let outcome = RsOnlineOutcome { status: "200".to_owned(), message, id_t_tt: receipt.room };
    Ok(RsOnlineAnswer { fasyankes: vec![outcome] })
}

fn hospital(headers: &HeaderMap) -> Result<FacilityRef, Rejection> {
    let code = headers.get("x-rs-id").and_then(|value| value.to_str().ok());
    let missing = || Rejection::new(Code::MissingField, "X-rs-id", Message::new("hospital-code-missing"));
    facility(SYSTEM, code.ok_or_else(missing)?, "X-rs-id")
}

fn room(row: &Row, facility: FacilityRef) -> Result<RoomName, Rejection> {
    let code = row.text("id_tt", 40)?.map(|code| format!("{}:{code}", SYSTEM.codes()));
    Ok(RoomName {
        facility,
        facility_pointer: "X-rs-id",
        system: SYSTEM,
        id: row.text("id_t_tt", 120)?,
        code,
        name: row.text("ruang", 120)?,
    })
}
