//! The contents of a file, by what is in it and not by its name: packed or not, text in any usual encoding, or a workbook.

use std::{
    borrow::Cow,
    io::{BufReader, Cursor, Read},
};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::MultiGzDecoder;

use super::workbook::{self, Kind};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// The most bytes of a file after it was unpacked, where its sender is not the operator.
const MOST_BYTES: usize = 32 << 20;

/// What a file holds.
pub(super) enum Contents<'a> {
    Text(Cow<'a, str>),
    Workbook(Kind, Cow<'a, [u8]>),
}

/// Looks into a file. `charset` is the encoding that its sender names.
pub(super) fn contents<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Contents<'a>, Rejection> {
    let bytes = unpacked(bytes)?;
    if let Some(kind) = Kind::of(&bytes) {
        return Ok(Contents::Workbook(kind, bytes));
    }
    if let Some(what) = something_else(&bytes) {
        let detail = Message::new("table-is-something-else").arg("what", what);
        return Err(Rejection::new(Code::InvalidBody, "", detail));
    }
    Ok(Contents::Text(text(bytes, charset)))
}

/// Unpacks what gzip packed.
pub(in crate::import) fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Rejection> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.into());
    }
    let mut unpacked = Vec::new();
    // A file of the operator's own may be larger than one that was sent, but not without end.
    let most = MOST_BYTES.max(bytes.len().saturating_mul(40));
    let reader = MultiGzDecoder::new(BufReader::new(Cursor::new(bytes)));
    let read = reader.take(most as u64 + 1).read_to_end(&mut unpacked);
    match read {
        Ok(length) if length <= most => Ok(unpacked.into()),
        Ok(_) => Err(workbook::too_large()),
        Err(error) => Err(super::unreadable(0, &error)),
    }
}

/// What people send in place of a table.
fn something_else(bytes: &[u8]) -> Option<&'static str> {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).trim_start().to_lowercase();
    let is_page =
        ["<!doctype html", "<html", "<table", "<meta", "<?xml"].iter().any(|tag| beginning.starts_with(tag));
    let is_image = bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff");
    match beginning.as_bytes() {
        _ if is_page => Some("html"),
        _ if is_image => Some("image"),
        [b'{' | b'[', rest @ ..] if !rest.starts_with(b"\\rtf") => Some("json"),
        [b'%', b'p', b'd', b'f', ..] => Some("pdf"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("word"),
        _ => None,
    }
}

/// The text: by the mark before it, by the charset that was named, or by what it can be. What cannot be read
/// becomes U+FFFD, and the row that has it is refused.
fn text<'a>(bytes: Cow<'a, [u8]>, charset: Option<&str>) -> Cow<'a, str> {
    let (encoding, mark) = match Encoding::for_bom(&bytes) {
        Some(marked) => marked,
        None => (encoding(&bytes, charset), 0),
    };
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[mark..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(mark)),
    };
    match bytes {
        Cow::Borrowed(bytes) => encoding.decode_without_bom_handling(bytes).0,
        Cow::Owned(bytes) => Cow::Owned(encoding.decode_without_bom_handling(&bytes).0.into_owned()),
    }
}

fn encoding(bytes: &[u8], charset: Option<&str>) -> &'static Encoding {
    let named = charset.and_then(|label| Encoding::for_label(label.trim().trim_matches('"').as_bytes()));
    if let Some(named) = named.filter(|named| *named != WINDOWS_1252) {
        return named;
    }
    let beginning = &bytes[..bytes.len().min(200)];
    // In text of Latin letters every other byte of UTF-16 is zero.
    let zeros = |from: usize| beginning.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count() * 4;
    if zeros(1) > beginning.len() {
        return UTF_16LE;
    }
    if zeros(0) > beginning.len() {
        return UTF_16BE;
    }
    // Five bytes mean nothing in Windows-1252. Whoever names it may send UTF-8 all the same, which looks like nothing else.
    let is_western = !bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
    if std::str::from_utf8(bytes).is_err() && (is_western || named.is_some()) { WINDOWS_1252 } else { UTF_8 }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(bytes: &[u8], charset: Option<&str>) -> String {
        match contents(bytes, charset).unwrap() {
            Contents::Text(text) => text.into_owned(),
            Contents::Workbook(..) => unreachable!("it is text"),
        }
    }

    fn utf_16(text: &str, mark: bool, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(text.encode_utf16()).flat_map(to_bytes).collect()
    }

    #[rstest]
    #[case::plain("RS A – B".as_bytes().to_vec(), None)]
    #[case::with_a_mark([b"\xef\xbb\xbf", "RS A – B".as_bytes()].concat(), None)]
    #[case::a_mark_outranks_the_charset([b"\xef\xbb\xbf", "RS A – B".as_bytes()].concat(), Some("windows-1252"))]
    #[case::of_an_old_spreadsheet(b"RS A \x96 B".to_vec(), None)]
    #[case(b"RS A \x96 B".to_vec(), Some("windows-1252"))]
    #[case(b"RS A \x96 B".to_vec(), Some("iso-8859-1"))]
    #[case::named_wrongly("RS A – B".as_bytes().to_vec(), Some("ISO-8859-1"))]
    #[case(utf_16("RS A – B", true, u16::to_le_bytes), None)]
    #[case(utf_16("RS A – B", true, u16::to_be_bytes), None)]
    #[case(utf_16("RS A – B", false, u16::to_le_bytes), None)]
    #[case(utf_16("RS A – B", false, u16::to_be_bytes), None)]
    #[case(utf_16("RS A – B", false, u16::to_le_bytes), Some("utf-16"))]
    fn text_is_read_in_its_encoding(#[case] bytes: Vec<u8>, #[case] charset: Option<&str>) {
        assert_eq!(read(&bytes, charset), "RS A – B");
    }

    #[rstest]
    #[case(b"RS A \x81", None)]
    #[case(b"RS A \x96", Some("utf-8"))]
    fn what_cannot_be_read_is_marked(#[case] bytes: &[u8], #[case] charset: Option<&str>) {
        assert_eq!(read(bytes, charset), "RS A \u{fffd}");
    }

    #[rstest]
    #[case(b"%PDF-1.7 ...")]
    #[case(b" <html><table>")]
    #[case(b"\x89PNG....")]
    fn what_is_no_table_is_named(#[case] bytes: &[u8]) {
        assert_eq!(contents(bytes, None).err().unwrap().code, Code::InvalidBody);
    }
}
