//! Aplicares of the health insurance (BPJS): one row per room and class.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Request},
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Row, facility, message, open, sent_at};
use crate::{
    domain::{
        facility::FacilityRef,
        rejection::{Code, Rejection, Rejections},
        room::System,
    },
    http::{App, Problem, documents::BridgeProblems, request::InPath},
    locales::Message,
    store::{
        Command,
        commands::{EndRoom, PutRoom, RoomName, RoomReceipt},
    },
};

const SYSTEM: System = System::Aplicares;

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
    /// Part of `tersedia`; passed over.
    tersediapria: Option<String>,
    /// Part of `tersedia`; passed over.
    tersediawanita: Option<String>,
    /// Part of `tersedia`; passed over.
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
    /// In words.
    message: String,
}

/// Send a room, as an Aplicares client does
///
/// `create` and `update` do the same: the room has these numbers from now on. `delete` takes it out of the sum. The
/// rows of a hospital whose classes mean one type add up to that type; a number that one of the rooms does not say is
/// unknown in the sum. A class that no type names in its `external_codes` is kept aside (`/v1/unmapped`) and counts as
/// soon as an admin maps it. The address may also begin with `/bridge/aplicares/aplicaresws`.
///
/// The key comes in `X-pass` or as `Authorization: Bearer`; a program that knows neither sends it in `X-cons-id`, in
/// the place of its consumer id. `X-signature` is passed over: the key says who sends.
#[utoipa::path(
    post,
    path = "/bridge/aplicares/rest/bed/{action}/{kodeppk}",
    operation_id = "aplicares_bed",
    tag = "bridge",
    params(
        ("action" = String, Path, description = "`create`, `update` or `delete`", example = "update"),
        ("kodeppk" = String, Path, description = "The hospital's code at BPJS: its external id `bpjs:KODE`", example = "0112R034"),
        ("X-pass" = Option<String>, Header, description = "A key of the hospital or of its bridge"),
        ("X-cons-id" = Option<String>, Header, description = "The key, if neither `X-pass` nor `Authorization` comes"),
        ("X-timestamp" = Option<String>, Header, description = "When it was sent, in seconds since 1970; now, if it is left out, no number, or in the future"),
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
    let hospital = |_: &HeaderMap| facility(SYSTEM, &kodeppk, "kodeppk");
    let (request, hospital, row) = open(&app, request, &["X-pass", "X-cons-id"], hospital).await?;
    let observed_at = sent_at(&request);
    match action.as_str() {
        "create" | "update" => {
            let numbers = row.numbers([Some("kapasitas"), None, Some("tersedia"), None])?;
            request.submit(PutRoom { room: room(&row, hospital)?, numbers, observed_at }.then(told)).await
        }
        "delete" => request.submit(EndRoom { room: room(&row, hospital)?, observed_at }.then(told)).await,
        other => Err(Rejection::new(
            Code::NotFound,
            "action",
            Message::new("none-of")
                .arg("text", other.to_owned())
                .arg("known", vec!["create", "update", "delete"]),
        )
        .into()),
    }
}

/// The outcome as Aplicares would tell it.
#[expect(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "a function of outcomes, any of which may be refused"
)]
fn told(receipt: RoomReceipt) -> Result<AplicaresAnswer, Rejections> {
    Ok(AplicaresAnswer { metadata: AplicaresMetadata { code: 1, message: message(&receipt).to_owned() } })
}

fn room(row: &Row, facility: FacilityRef) -> Result<RoomName, Rejection> {
    let class = row.text("kodekelas", 40)?.map(|class| class.to_uppercase());
    let room = row.text("koderuang", 80)?;
    Ok(RoomName {
        facility,
        facility_pointer: "kodeppk",
        system: SYSTEM,
        // A ward with beds of several classes is a room in each of them.
        id: class.as_ref().zip(room).map(|(class, room)| format!("{class}/{room}")),
        code: class.map(|class| format!("{}:{class}", SYSTEM.codes())),
        name: row.text("namaruang", 120)?,
    })
}
