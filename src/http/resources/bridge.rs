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
use encoding_rs::WINDOWS_1252;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::{
    clock::Timestamp,
    domain::{
        facility::FacilityRef,
        json,
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
    store::commands::{RoomOutcome, RoomReceipt, RoomRows, all_rows},
};

/// How many rows one request may have: each is decided on its own, while others wait.
const MOST_ROWS: usize = 200;
/// What programs put around a row, or around several.
const WRAPPERS: [&str; 5] = ["fasyankes", "data", "request", "response", "list"];

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

/// Writes the beginning of an address that is one of these bases as the routes have it: servers of the ministry and of
/// the insurance take it in any letter case.
pub(in crate::http) fn lower_base(segments: &mut [&str]) {
    let bases: [&[&'static str]; 4] =
        [&["fo"], &["aplicaresws"], &["bridge", "rsonline"], &["bridge", "aplicares"]];
    let is_base = |base: &&&[&str]| {
        base.len() <= segments.len()
            && base.iter().zip(&*segments).all(|(word, segment)| segment.eq_ignore_ascii_case(word))
    };
    if let Some(base) = bases.iter().find(is_base) {
        for (word, segment) in base.iter().zip(segments) {
            *segment = word;
        }
    }
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

/// The facility that its code in a system names, in any letter case.
fn facility(
    reads: &Reads,
    system: System,
    code: &str,
    pointer: &'static str,
) -> Result<FacilityRef, Rejection> {
    let named = |code: &str| FacilityRef::parse(&format!("{}:{code}", system.facilities()), pointer);
    let code = code.trim();
    let as_sent = named(code)?;
    let state = reads.current();
    let others = [code.to_uppercase(), code.to_lowercase()].map(|code| named(&code).ok());
    let known = std::iter::once(as_sent.clone())
        .chain(others.into_iter().flatten())
        .find(|reference| state.resolve(reference).is_some());
    Ok(known.unwrap_or(as_sent))
}

/// A moment since 1970 in seconds, or in milliseconds, as JavaScript and Java have it: as seconds that would be after
/// the year 5000.
fn moment(text: &str) -> Option<Timestamp> {
    const MOST_SECONDS: i64 = 100_000_000_000;
    // Python has decimals.
    let whole = text.trim().split('.').next()?.parse().ok()?;
    if whole < MOST_SECONDS {
        DateTime::from_timestamp(whole, 0)
    } else {
        DateTime::from_timestamp_millis(whole)
    }
}

/// When the row was sent. Programs with a wrong time zone send hours of the future, and
/// some send no number: then it is the moment of arrival. So it is within the present second, as part of which it would be
/// older than what arrived in it before.
fn sent_at(request: &WriteRequest) -> Option<Timestamp> {
    let at = moment(request.headers.get("x-timestamp")?.to_str().ok()?)?;
    let earliest = DateTime::from_timestamp(946_684_800, 0)?;
    (earliest..=request.now() - Duration::seconds(1)).contains(&at).then_some(at)
}

/// A request of `caller` with rows.
async fn open(
    app: &App,
    request: Request<Body>,
    caller: Caller,
    hospital: impl FnOnce(&HeaderMap) -> Result<FacilityRef, Rejection>,
) -> Result<(WriteRequest, FacilityRef, Rows), Problem> {
    caller.principal.check_reports()?;
    let hospital = hospital(request.headers())?;
    let request = WriteRequest::read(app, caller, request).await?;
    let rows = Rows::read(request.bytes())?;
    Ok((request, hospital, rows))
}

/// The rows of a request: one, as both systems want it, or several, as programs send them that keep a list.
struct Rows(Vec<Row>);

impl Rows {
    /// Reads the body, JSON or a form, and ignores the stated media type. Some programs send the id in the
    /// address.
    fn read(body: &[u8]) -> Result<Self, Rejections> {
        // Old programs for Windows write the letters of its code page.
        let text = json::text(body).or_else(|rejection| {
            let is_unmarked = !body.starts_with(b"\xff\xfe") && !body.starts_with(b"\xfe\xff");
            let western = || WINDOWS_1252.decode_without_bom_handling(body).0;
            is_unmarked.then(western).ok_or(rejection)
        })?;
        let value = match text.trim_start().bytes().next() {
            None => Value::Object(Map::new()),
            Some(first) if first.is_ascii_alphabetic() && text.contains('=') => {
                let fields: BTreeMap<String, String> = query_string::read(&text)?;
                fields.into_iter().collect()
            }
            Some(_) => json::value(&text)?,
        };
        let rows = rows_in(value)?;
        if rows.len() > MOST_ROWS {
            let detail = Message::new("too-many-rows").arg("most", MOST_ROWS.to_string());
            return Err(Rejection::new(Code::TooManyRooms, "", detail).into());
        }
        if rows.is_empty() {
            return Err(Rejection::new(Code::InvalidBody, "", Message::new("list-is-empty")).into());
        }
        all_rows(rows.into_iter(), |row| Ok(Row::of(row)?)).map(Self)
    }

    /// What `command` makes of each row; one refusal refuses all.
    fn commands<C>(
        &self,
        command: impl Fn(&Row) -> Result<C, Rejections>,
    ) -> Result<RoomRows<C>, Rejections> {
        all_rows(self.0.iter(), command).map(RoomRows)
    }
}

/// The rows in a body, without what is around them.
fn rows_in(body: Value) -> Result<Vec<Value>, Rejection> {
    match body {
        Value::Array(items) => {
            items.into_iter().map(rows_in).collect::<Result<Vec<_>, _>>().map(|rows| rows.concat())
        }
        Value::Object(mut members) => {
            let is_wrapper = |(name, value): (&String, &Value)| {
                let is_known = WRAPPERS.iter().any(|wrapper| name.eq_ignore_ascii_case(wrapper));
                (is_known && (value.is_object() || value.is_array())).then(|| name.clone())
            };
            match members.iter().find_map(is_wrapper) {
                Some(wrapper) => rows_in(members.shift_remove(&wrapper).unwrap_or_default()),
                None => Ok(vec![Value::Object(members)]),
            }
        }
        other => Err(Rejection::new(
            Code::InvalidField,
            "",
            Message::new("not-a-room").arg("other", other.to_string()),
        )),
    }
}

/// What programs write for a value that is not there, where they put texts together.
const NOTHING: [&str; 5] = ["", "null", "None", "undefined", "NaN"];

/// A row as it came: values are texts or numbers, and there may be others than ours. The names of both systems are in
/// small letters, so they are read in any.
struct Row(Map<String, Value>);

impl Row {
    fn of(row: Value) -> Result<Self, Rejection> {
        let Value::Object(members) = row else { unreachable!("`rows_in` gives objects") };
        let mut fields = Map::new();
        for (name, value) in members {
            let lower = name.trim().to_lowercase();
            if fields.get(&lower).is_some_and(|before| *before != value) {
                let detail = Message::new("row-member-twice").arg("name", name);
                return Err(Rejection::new(Code::InvalidField, format!("/{lower}"), detail));
            }
            fields.insert(lower, value);
        }
        Ok(Self(fields))
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
fn remark(receipt: &RoomReceipt) -> Option<&'static str> {
    let is_mapped = receipt.resource.is_some();
    match receipt.outcome {
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
