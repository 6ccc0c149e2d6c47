//! Telephones as people write them, and what spreadsheets make of them.

use std::collections::BTreeSet;

use super::table::{self, Row};
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
    let written = row
        .codes("phone")
        .flat_map(split_numbers)
        .map(|number| (Phone { number, label: None, visibility: Visibility::Public }, "/phone"));
    let before = remarks.len();
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
    let lower = digits.to_ascii_lowercase().replace(',', ".");
    let is_rounded = lower
        .split_once('e')
        .is_some_and(|(_, power)| power.starts_with('+') && lower.parse::<f64>().is_ok());
    if is_rounded {
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

/// Several numbers in one cell. `024-841/842` is one number and half of another, which nobody can
/// complete for sure: it stays as it is written.
fn split_numbers(cell: &str) -> Vec<String> {
    let is_whole = |number: &str| number.trim_start().starts_with(['0', '+', '(']);
    cell.split([';', ','])
        .flat_map(|item| if item.split('/').all(is_whole) { item.split('/').collect() } else { vec![item] })
        .map(|number| number.trim().to_owned())
        .filter(|number| !number.is_empty())
        .collect()
}
