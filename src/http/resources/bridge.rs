//! Bridges: rows of rooms as hospital systems send them already to the ministry and to the insurance.
//!
//! A hospital changes two settings, the address and the password, and nothing of its program. The bodies
//! and the answers are those of the system that the program was written for. Below `/bridge` a refusal is a problem that
//! says the same once more as that system does. Programs have the path built in, too: at `/fo` and `/aplicaresws` a
//! refusal comes as that system sends it, with status 200, because most programs look no further than the status.

pub(super) mod aplicares;
pub(super) mod rsonline;

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    routing::any,
};
use chrono::{DateTime, Duration};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

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
    query::query_string,
    store::commands::RoomOutcome,
};

/// The paths that programs have built in, and whatever they put before those that the documents name.
pub(in crate::http) fn other_addresses() -> Router<App> {
    Router::new()
        .route("/bridge/rsonline", any(rsonline::elsewhere))
        .route("/bridge/rsonline/{*path}", any(rsonline::elsewhere))
        .route("/fo", any(rsonline::elsewhere))
        .route("/fo/{*path}", any(rsonline::elsewhere))
        .route("/bridge/aplicares", any(aplicares::elsewhere))
        .route("/bridge/aplicares/{*path}", any(aplicares::elsewhere))
        .route("/aplicaresws", any(aplicares::elsewhere))
        .route("/aplicaresws/{*path}", any(aplicares::elsewhere))
}

/// The segments of a path, decoded, without those of `before` that it begins with.
fn segments(path: &str, before: &[&str]) -> Vec<String> {
    let decoded = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().trim().to_owned();
    let mut segments = path.split('/').map(decoded).filter(|segment| !segment.is_empty()).peekable();
    for skipped in before {
        segments.next_if(|segment| segment.eq_ignore_ascii_case(skipped));
    }
    segments.collect()
}

/// The refusal of a path that the system has and we do not.
fn not_here(system: &'static str, path: &str, taken: &[&'static str]) -> Rejection {
    let detail = Message::new("bridge-path-not-taken")
        .arg("system", system)
        .arg("path", path.to_owned())
        .arg("taken", locales::Value::choice(taken.iter().copied()));
    Rejection::new(Code::NotFound, "path", detail)
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
/// some send no number: then it is the moment of arrival. So it is within the present second, as part of which it would be
/// older than what arrived in it before.
fn sent_at(request: &WriteRequest) -> Option<Timestamp> {
    let text = request.headers.get("x-timestamp")?.to_str().ok()?;
    let at = DateTime::from_timestamp(text.trim().parse().ok()?, 0)?;
    let earliest = DateTime::from_timestamp(946_684_800, 0)?;
    (earliest..=request.now() - Duration::seconds(1)).contains(&at).then_some(at)
}

/// A request of `caller` with a row.
async fn open(
    app: &App,
    request: Request<Body>,
    caller: Caller,
    hospital: impl FnOnce(&HeaderMap) -> Result<FacilityRef, Rejection>,
) -> Result<(WriteRequest, FacilityRef, Row), Problem> {
    caller.principal.check_reports()?;
    let hospital = hospital(request.headers())?;
    let request = WriteRequest::read(app, caller, request).await?;
    let row = Row::read(&request)?;
    Ok((request, hospital, row))
}

/// What programs write for a value that is not there, where they put texts together.
const NOTHING: [&str; 5] = ["", "null", "None", "undefined", "NaN"];

/// A row as it came: values are texts or numbers, and there may be others than ours.
struct Row(Map<String, Value>);

impl Row {
    /// Reads the body, a JSON object or a form, and ignores the stated media type. Some programs send the id in the
    /// address.
    fn read(request: &WriteRequest) -> Result<Self, Problem> {
        let first = request.bytes().iter().copied().find(|byte| !byte.is_ascii_whitespace());
        match first {
            None => Ok(Self(Map::new())),
            Some(first) if first.is_ascii_alphabetic() && request.bytes().contains(&b'=') => {
                let fields: BTreeMap<String, String> = query_string::read(&request.text()?)?;
                Ok(Self(fields.into_iter().map(|(name, value)| (name, value.into())).collect()))
            }
            Some(_) => Ok(Self(request.json_whatever_its_type()?)),
        }
    }

    /// A word; none if it is left out, null or empty.
    fn text(&self, field: &str, most: usize) -> Result<Option<String>, Rejection> {
        let pointer = format!("/{field}");
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if NOTHING.contains(&text.trim()) => Ok(None),
            Some(Value::String(text)) => short_text(text, most, &pointer).map(Some),
            Some(Value::Number(number)) => short_text(&number.to_string(), most, &pointer).map(Some),
            Some(Value::Bool(is_so)) => Ok(Some(u8::from(*is_so).to_string())),
            Some(other) => Err(Rejection::new(
                Code::InvalidField,
                pointer,
                Message::new("neither-text-nor-number").arg("other", other.to_string()),
            )),
        }
    }

    /// An id or a code. Programs keep them in columns of numbers, some of them with decimals.
    fn code(&self, field: &str, most: usize) -> Result<Option<String>, Rejection> {
        let code = self.text(field, most)?;
        Ok(code.map(|code| {
            let whole = whole(&code);
            let is_number = whole.bytes().all(|byte| byte.is_ascii_digit()) && !whole.is_empty();
            let digits = whole.trim_start_matches('0');
            if is_number && !digits.is_empty() { digits.to_owned() } else { whole.to_owned() }
        }))
    }

    /// A count; unknown if it is left out, null or empty.
    fn count(&self, field: &str) -> Result<Option<Count>, Rejection> {
        let pointer = format!("/{field}");
        match self.0.get(field) {
            None => Ok(None),
            Some(Value::String(text)) if NOTHING.contains(&text.trim()) => Ok(None),
            Some(Value::String(text)) => Count::from_text(whole(text.trim()), &pointer),
            Some(value) => Count::from_json(value, &pointer),
        }
    }

    /// Those of the fields that say something, as they were sent.
    fn sent(&self, fields: &[&str]) -> Result<BTreeMap<String, String>, Rejection> {
        let said = fields.iter().filter_map(|field| {
            let text = self.text(field, 40).transpose()?;
            Some(text.map(|text| ((*field).to_owned(), whole(&text).to_owned())))
        });
        said.collect()
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

/// A whole number as columns of decimals write it: `20.0`, `20.00`. Three zeros may be thousands.
fn whole(text: &str) -> &str {
    let (number, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_whole = matches!(decimals, "0" | "00") && !number.is_empty();
    if is_whole && number.bytes().all(|byte| byte.is_ascii_digit()) { number } else { text }
}

/// A refusal in the form of that system.
#[derive(Default)]
pub(in crate::http) struct Refusal {
    /// As that system says it.
    pub(in crate::http) members: Map<String, Value>,
    /// Whether it is all that is sent, with the status 200.
    pub(in crate::http) is_all: bool,
}

/// A refusal of a route in the form of the system whose programs call it, however they write the address.
pub(in crate::http) fn refusal(route: &str, code: Code, status: StatusCode, detail: &str) -> Refusal {
    let is_built_in = !route.starts_with("/bridge");
    let is_of = |bridge: &str, built_in: &str| {
        [bridge, built_in]
            .iter()
            .any(|base| route.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let members = if is_of("/bridge/rsonline", "/fo") {
        rsonline::refusal(code, status, detail, is_built_in)
    } else if is_of("/bridge/aplicares", "/aplicaresws") {
        aplicares::refusal(code, detail, is_built_in)
    } else {
        return Refusal::default();
    };
    // A program tries again what failed here, and what came too often.
    let is_final = status.is_client_error()
        && ![StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
    Refusal { members: members.as_object().cloned().unwrap_or_default(), is_all: is_built_in && is_final }
}

/// The remark that a system's program may show to its operator, beside the success.
fn remark(outcome: RoomOutcome, is_mapped: bool) -> Option<&'static str> {
    match outcome {
        RoomOutcome::Late => Some("disimpan sebagai riwayat, karena data yang lebih baru sudah ada"),
        RoomOutcome::Odd => Some("angkanya jauh dari yang sebelumnya, mohon diperiksa"),
        RoomOutcome::Stored if !is_mapped => {
            Some("kodenya belum dipetakan, dan dihitung setelah dipetakan oleh admin")
        }
        RoomOutcome::Stored | RoomOutcome::Removed => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("20.0", "20")]
    #[case("20,00", "20")]
    #[case("20", "20")]
    #[case::thousands("20.000", "20.000")]
    #[case("20.5", "20.5")]
    #[case("x.0", "x.0")]
    #[case(".0", ".0")]
    fn whole_numbers_lose_their_decimals(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(whole(text), expected);
    }

    #[rstest]
    #[case(json!(30_694_999), "30694999")]
    #[case(json!(30_694_999.0), "30694999")]
    #[case(json!(" 030694999 "), "30694999")]
    #[case(json!("30694999.00"), "30694999")]
    #[case(json!("0"), "0")]
    #[case(json!("R-01"), "R-01")]
    fn ids_are_read_from_any_column(#[case] sent: Value, #[case] expected: &str) {
        let row = Row([("id".to_owned(), sent)].into_iter().collect());
        assert_eq!(row.code("id", 40).unwrap().as_deref(), Some(expected));
    }
}
