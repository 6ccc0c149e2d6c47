//! Reports as JSON values: a list of rows, or one row per line.

use std::collections::BTreeMap;

use serde_json::{Map, Value, value::RawValue};

use super::{Context, FIELDS, Said, Text, too_many_rows, unknown_field, unreadable};
use crate::{
    domain::{
        json::{self, Members},
        numbers::Statement,
        rejection::{Code, Rejection, Rejections, pointer_token},
    },
    locales::Message,
    store::commands::ReportRow,
};

/// Whether `bytes` are one JSON value that holds a list of rows.
pub(super) fn is_list(bytes: &[u8]) -> bool {
    let fields = serde_json::from_slice::<BTreeMap<String, &RawValue>>(without_mark(bytes));
    fields.is_ok_and(|fields| fields.contains_key("reports"))
}

/// The rows of `[...]` or of `{"reports": [...]}`; a list of more than `most` is not looked into.
pub(super) fn list(bytes: &[u8], context: Context<'_>, most: usize) -> Result<Vec<ReportRow>, Rejections> {
    let text = text_of(bytes)?;
    let whole: &RawValue = json::parse(text)?;
    // Rows stay text until it is known how many there are.
    let rows: Vec<&RawValue> = match whole.get().as_bytes().first() {
        Some(b'[') => json::parse(whole.get())?,
        Some(b'{') => rows_of(json::parse(whole.get())?)?,
        _ => return Err(no_list("").into()),
    };
    if rows.len() > most {
        return Err(too_many_rows(most).into());
    }
    Ok((1..).zip(rows).map(|(number, row)| report(number, json::value(row.get()), context)).collect())
}

fn rows_of(Members(mut fields): Members<&RawValue>) -> Result<Vec<&RawValue>, Rejections> {
    let rows = match fields.remove("reports") {
        Some(list) => json::parse(list.get()).map_err(|_| no_list("/reports"))?,
        None => {
            return Err(
                Rejection::new(Code::MissingField, "/reports", Message::new("list-of-rows-missing")).into()
            );
        }
    };
    let unknown = |name: &String| {
        Rejection::new(
            Code::UnknownField,
            format!("/{}", pointer_token(name)),
            Message::new("field-beside-reports").arg("name", name.clone()),
        )
    };
    Rejections::unless_empty(fields.keys().map(unknown), rows)
}

/// The rows of one JSON object per line; empty lines are passed over.
pub(super) fn lines<'a>(bytes: &'a [u8], context: Context<'a>) -> impl Iterator<Item = ReportRow> + 'a {
    let lines = without_mark(bytes).split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    (1..).zip(lines).map(move |(number, line)| report(number, text_of(line).and_then(json::value), context))
}

fn report(number: u32, row: Result<Value, Rejection>, context: Context<'_>) -> ReportRow {
    let mut fields = match row {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return unreadable(number, no_row()),
        Err(rejection) => return unreadable(number, rejection),
    };
    let mut text = |name: &str| text_field(fields.remove(name), name);
    let [facility, resource, session, observed_at] =
        ["facility", "type", "session", "observed_at"].map(&mut text);
    let counts: Map<String, Value> = FIELDS.iter().filter_map(|field| fields.remove_entry(*field)).collect();
    Said {
        row: number,
        line: None,
        facility,
        name: None,
        resource,
        session,
        room: None,
        observed_at,
        numbers: Statement::from_json(&Value::Object(counts), ""),
        doubts: fields
            .keys()
            .take(Rejections::MOST)
            .map(|name| unknown_field(name, &format!("/{}", pointer_token(name))))
            .collect(),
    }
    .checked(context)
}

fn text_field(value: Option<Value>, name: &str) -> Text {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Rejection::new(
            Code::InvalidField,
            format!("/{name}"),
            Message::new("field-not-text").arg("value", shortened(&other)),
        )),
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// `bytes` without the mark that some editors put before UTF-8.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn text_of(bytes: &[u8]) -> Result<&str, Rejection> {
    str::from_utf8(without_mark(bytes)).map_err(|error| {
        Rejection::new(
            Code::InvalidEncoding,
            "",
            Message::new("file-not-utf8").arg("error", error.to_string()),
        )
    })
}

fn no_row() -> Rejection {
    Rejection::new(Code::InvalidField, "", Message::new("not-a-row"))
}

fn no_list(pointer: &str) -> Rejection {
    Rejection::new(Code::InvalidField, pointer, Message::new("not-a-list-of-rows"))
}
