//! Telephones as people write them, and what spreadsheets make of them.

use std::collections::BTreeSet;

use super::table::{self, Row, is_rounded};
use crate::{
    domain::{
        facility::{Flag, Phone, Visibility},
        rejection::{Code, Rejection},
    },
    locales::Message,
};

/// The telephones of a row, which are unsure if one of them had to be mended or left out: `phones` as we export them, or
/// `phone` as people write it.
pub(super) fn read(row: &Row<'_>, remarks: &mut Vec<Rejection>, unsure: &mut BTreeSet<Flag>) -> Vec<Phone> {
    let exported = row.list("phones").into_iter().map(|item| (phone_of(&item), "/phones"));
    let before = remarks.len();
    let written: Vec<String> = row.codes("phone").flat_map(|cell| split_numbers(cell, remarks)).collect();
    let written = written
        .into_iter()
        .map(|number| (Phone { number, label: None, visibility: Visibility::Public }, "/phone"));
    let phones = exported
        .chain(written)
        .filter_map(|(phone, pointer)| {
            let phone = mended(phone, pointer, remarks)?;
            let checked = phone.checked("");
            checked.map_err(|rejection| remarks.push(Rejection { pointer: pointer.into(), ..rejection })).ok()
        })
        .collect();
    if remarks.len() > before {
        unsure.insert(Flag::PhoneUnsure);
    }
    phones
}

/// The telephone with the zero that a spreadsheet took for nothing. None if digits are lost that nobody can know.
fn mended(mut phone: Phone, pointer: &'static str, remarks: &mut Vec<Rejection>) -> Option<Phone> {
    let number = phone.number.trim();
    let digits = number.strip_suffix(".0").unwrap_or(number);
    if is_rounded(digits) {
        let detail = Message::new("phone-rounded").arg("text", number.to_owned());
        remarks.push(Rejection::new(Code::InvalidPhone, pointer, detail));
        return None;
    }
    let is_bare = (9..=13).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Numbers of the whole country begin with 1, and 62 is the code of the country.
    if is_bare && !digits.starts_with(['0', '1']) && !(digits.starts_with("62") && digits.len() > 9) {
        let meant = format!("0{digits}");
        let detail =
            Message::new("phone-lost-zero").arg("text", number.to_owned()).arg("meant", meant.clone());
        remarks.push(Rejection::new(Code::InvalidPhone, pointer, detail));
        phone.number = meant;
    }
    Some(phone)
}

/// The cell for some phones.
pub fn phone_cell<'a>(phones: impl IntoIterator<Item = &'a Phone>) -> String {
    let items: Vec<String> = phones.into_iter().map(Phone::cell).collect();
    table::join_list(items.iter().map(String::as_str))
}

fn phone_of(item: &str) -> Phone {
    let (visibility, item) = match item.strip_prefix('!') {
        Some(item) => (Visibility::Internal, item),
        None => (Visibility::Public, item),
    };
    let (number, label) = match item.split_once('=') {
        Some((number, label)) => (number, Some(label.to_owned())),
        None => (item, None),
    };
    Phone { number: number.trim().to_owned(), label, visibility }
}

/// The numbers in one cell. One that lacks the area code has that of the one before, which is said. `024-841/842` is one
/// number and the end of another, which nobody can complete for sure: it stays as it is written.
fn split_numbers(cell: &str, remarks: &mut Vec<Rejection>) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    let parts = cell.split([';', ',', '\n']).flat_map(|part| split_words(part));
    let parts: Vec<&str> =
        parts.flat_map(split_slashes).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut area = "";
    for part in parts {
        let starts_lower =
            |word: &str| part.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if let Some(number) = numbers.last_mut().filter(|_| EXTENSIONS.into_iter().any(starts_lower)) {
            number.push(' ');
            number.push_str(part);
        } else if !area.is_empty() && is_local(part) {
            let meant = format!("{area}{part}");
            let detail =
                Message::new("phone-completed").arg("text", part.to_owned()).arg("meant", meant.clone());
            remarks.push(Rejection::new(Code::InvalidPhone, "/phone", detail));
            numbers.push(meant);
        } else {
            area = area_of(part);
            numbers.push(part.to_owned());
        }
    }
    numbers
}

/// Words before an extension.
const EXTENSIONS: [&str; 3] = ["ext", "pes", "hunting"];

/// The parts of a cell between words for "and" and "or".
fn split_words(part: &str) -> Vec<&str> {
    let mut parts = vec![part];
    for word in [" atau ", " dan ", " or ", " and ", " & ", " | "] {
        parts = parts.into_iter().flat_map(|part| part.split(word)).collect();
    }
    parts
}

/// The numbers between slashes, if each of them is a whole one, with an area code or without.
fn split_slashes(part: &str) -> Vec<&str> {
    let is_whole = |number: &str| number.trim_start().starts_with(['0', '+', '(']) || is_local(number.trim());
    if part.split('/').all(is_whole) { part.split('/').collect() } else { vec![part] }
}

/// Whether it is a number of the fixed network without its area code.
fn is_local(number: &str) -> bool {
    let digits: String = number.chars().filter(|char| !matches!(char, ' ' | '-' | '.')).collect();
    (6..=8).contains(&digits.len())
        && !digits.starts_with(['0', '1'])
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The area code of a number of the fixed network, with what stands behind it: `024-`, `(024) `.
fn area_of(number: &str) -> &str {
    let end = number.char_indices().find(|(index, char)| *index > 0 && matches!(char, ')' | '-' | ' ' | '.'));
    let Some((mut end, _)) = end else { return "" };
    while number[end..].starts_with([')', '-', ' ', '.']) {
        end += 1;
    }
    let digits = number[..end].bytes().filter(u8::is_ascii_digit).count();
    let is_area = number.trim_start_matches('(').starts_with('0') && (3..=4).contains(&digits);
    let is_fixed = !number.trim_start_matches('(').starts_with("08");
    if is_area && is_fixed && is_local(number[end..].trim()) { &number[..end] } else { "" }
}
