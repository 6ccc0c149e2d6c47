//! Bridges: rows of rooms as hospital systems send them already to the ministry and to the insurance.
//!
//! A hospital changes two settings, the address and the password, and nothing of its program. The bodies
//! and the answers are those of the system that the program was written for; refusals are our problems, with what that
//! system answers in them.

pub(super) mod aplicares;
pub(super) mod rsonline;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    routing::post,
};
use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityRef,
        numbers::{Count, FIELDS, Numbers, Statement},
        rejection::{Code, Rejection, Rejections},
        room::System,
        text::short_text,
    },
    http::{
        App, Problem, Reads,
        request::{Caller, WriteRequest, negotiate},
    },
    locales::{self, Message},
    store::commands::{RoomOutcome, RoomReceipt},
};

/// Programs put different things before the path that the documents name.
pub(in crate::http) fn other_addresses() -> Router<App> {
    let rsonline =
        || post(rsonline::create).put(rsonline::replace).delete(rsonline::remove).get(rsonline::read);
    Router::new()
        .route("/bridge/rsonline", rsonline())
        .route("/bridge/rsonline/{*path}", rsonline())
        .route("/bridge/aplicares/aplicaresws/rest/bed/{action}/{kodeppk}", post(aplicares::bed))
}

/// The sender, by the first of the headers `named` that is there; else by `Authorization`.
async fn caller(reads: &Reads, headers: &HeaderMap, named: &[&'static str]) -> Result<Caller, Rejection> {
    let language = negotiate::language(headers);
    if headers.contains_key(header::AUTHORIZATION) {
        return Ok(Caller { principal: reads.principal(headers).await?, language });
    }
    let sent = named.iter().find_map(|name| Some((*name, headers.get(*name)?)));
    let (name, value) = sent.ok_or_else(|| key_required(named))?;
    let unusable = || {
        Rejection::new(
            Code::KeyInvalid,
            name,
            Message::new("key-not-made-here-as-password").arg("name", name.to_string()),
        )
    };
    let secret = value.to_str().map_err(|_| unusable())?;
    Ok(Caller { principal: reads.holder(secret, unusable).await?, language })
}

/// These programs send no `Authorization`: the refusal names the headers that they can fill.
fn key_required(named: &[&str]) -> Rejection {
    let headers = locales::Value::choice(named.iter().map(|name| format!("'{name}'")));
    Rejection::new(
        Code::KeyRequired,
        named[0],
        Message::new("send-a-key-as-password").arg("headers", headers),
    )
}

/// The facility that its code in a system names.
fn facility(system: System, code: &str, pointer: &'static str) -> Result<FacilityRef, Rejection> {
    let text = format!("{}:{}", system.facilities(), code.trim());
    FacilityRef::parse(&text, pointer)
}

/// When the row was sent, in seconds since 1970. Programs with a wrong time zone send hours of the future, and
/// some send no number: then it is the moment of arrival.
fn sent_at(request: &WriteRequest) -> Option<Timestamp> {
    let text = request.headers.get("x-timestamp")?.to_str().ok()?;
    let at = DateTime::from_timestamp(text.trim().parse().ok()?, 0)?;
    let earliest = DateTime::from_timestamp(946_684_800, 0)?;
    (earliest..=request.now()).contains(&at).then_some(at)
}

/// A request with a row, from a sender whose key is in one of the headers `named`.
async fn open(
    app: &App,
    request: Request<Body>,
    named: &[&'static str],
    hospital: impl FnOnce(&HeaderMap) -> Result<FacilityRef, Rejection>,
) -> Result<(WriteRequest, FacilityRef, Row), Problem> {
    let caller = caller(&app.reads, request.headers(), named).await?;
    caller.principal.check_reports()?;
    let hospital = hospital(request.headers())?;
    let request = WriteRequest::read(app, caller, request).await?;
    let row = Row::read(&request)?;
    Ok((request, hospital, row))
}

/// A row as it came: values are texts or numbers, and there may be others than ours.
struct Row(Map<String, Value>);

impl Row {
    /// Reads the body and ignores the stated media type. Some programs send the id in the address.
    fn read(request: &WriteRequest) -> Result<Self, Problem> {
        let is_empty = request.bytes().is_empty();
        Ok(Self(if is_empty { Map::new() } else { request.json_whatever_its_type()? }))
    }

    /// A word; none if it is left out, null or empty.
    fn text(&self, field: &str, most: usize) -> Result<Option<String>, Rejection> {
        let pointer = format!("/{field}");
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => short_text(text, most, &pointer).map(Some),
            Some(Value::Number(number)) => short_text(&number.to_string(), most, &pointer).map(Some),
            Some(other) => Err(Rejection::new(
                Code::InvalidField,
                pointer,
                Message::new("neither-text-nor-number").arg("other", other.to_string()),
            )),
        }
    }

    /// A count; unknown if it is left out, null or empty.
    fn count(&self, field: &str) -> Result<Option<Count>, Rejection> {
        let pointer = format!("/{field}");
        match self.0.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Count::from_text(text, &pointer),
            Some(value) => Count::from_json(value, &pointer),
        }
    }

    /// Capacity, occupied, available and queue under the names of a system; none where it has no such field.
    fn counts(&self, fields: [Option<&str>; 4]) -> Result<[Option<Count>; 4], Vec<Rejection>> {
        let mut refused = Vec::new();
        let counts = fields.map(|field| {
            field.and_then(|field| {
                self.count(field).unwrap_or_else(|rejection| {
                    refused.push(rejection);
                    None
                })
            })
        });
        if refused.is_empty() { Ok(counts) } else { Err(refused) }
    }

    /// The numbers of the row; the refusal names the fields as the system does.
    fn numbers(&self, fields: [Option<&str>; 4]) -> Result<Statement, Rejections> {
        let counts = self.counts(fields).or_else(|refused| Rejections::unless_empty(refused, [None; 4]))?;
        let numbers = Numbers::check(counts, "").map_err(|rejection| {
            let at = FIELDS.iter().position(|field| rejection.pointer.strip_prefix('/') == Some(field));
            let field = at.and_then(|at| fields[at]).unwrap_or_default();
            Rejections::from(Rejection { pointer: format!("/{field}").into(), ..rejection })
        })?;
        let leaves_out_capacity = fields[0].is_none_or(|field| !self.0.contains_key(field));
        Ok(Statement { numbers, leaves_out_capacity })
    }
}

/// A refusal in the form of that system, beside the problem, so that its program shows the reason to its user.
pub(in crate::http) fn rejection(path: &str, status: StatusCode, detail: &str) -> Map<String, Value> {
    let said = if path.starts_with("/bridge/rsonline") {
        json!({"fasyankes": [{"status": status.as_str(), "message": detail}]})
    } else if path.starts_with("/bridge/aplicares") {
        json!({"metadata": {"code": 0, "message": detail}})
    } else {
        return Map::new();
    };
    said.as_object().cloned().unwrap_or_default()
}

/// The text that a system's program shows to its operator.
fn message(receipt: &RoomReceipt) -> &'static str {
    match receipt.outcome {
        RoomOutcome::Late => "Data diterima sebagai riwayat, karena data yang lebih baru sudah ada",
        RoomOutcome::Removed => "Data berhasil dihapus",
        RoomOutcome::Odd => "Data berhasil disimpan; angkanya jauh dari yang sebelumnya, mohon diperiksa",
        RoomOutcome::Stored if receipt.resource.is_none() => {
            "Data berhasil disimpan; kodenya belum dipetakan, dan dihitung setelah dipetakan oleh admin"
        }
        RoomOutcome::Stored => "Data berhasil disimpan",
    }
}
