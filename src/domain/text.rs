//! Short text that is safe to store.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    fields,
    rejection::{Code, Rejection},
};
use crate::locales::Message;

/// The name on the wire of a value that is one word there, such as a source or a level.
pub fn wire_name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a word, not {other:?}"),
    }
}

/// A lower-case word used as data, such as a facility kind (`hospital`) or a contact's role (`psc119`):
/// letters, digits and `_`, at most 40 characters. It may be written in any case, and shows in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_]{1,40}$", example = "hospital")]
pub struct Slug(String);

impl Slug {
    /// Reads a slug; `pointer` names the field in the refusal.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let fits =
            (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if fits {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(Rejection::new(
            Code::InvalidWord,
            pointer,
            Message::new("invalid-word").arg("text", text.to_string()),
        ))
    }

    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fields::text(deserializer, |text| Self::parse(text, ""))
    }
}

/// Reads a text for people: 1 to `most` characters with tidy white space, all of them visible.
pub fn short_text(text: &str, most: usize, pointer: &str) -> Result<String, Rejection> {
    visible(text, pointer)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if (1..=most).contains(&length) {
        return Ok(text);
    }
    let detail = Message::new("text-length").arg("most", most.to_string()).arg("length", length.to_string());
    Err(Rejection::new(Code::InvalidText, pointer, detail))
}

/// Reads a name: a short text with a letter or a digit, so that it can be read aloud and searched for.
pub fn name(text: &str, most: usize, pointer: &str) -> Result<String, Rejection> {
    let name = short_text(text, most, pointer)?;
    if name.contains(char::is_alphanumeric) {
        return Ok(name);
    }
    Err(Rejection::new(Code::InvalidText, pointer, Message::new("name-without-letters").arg("name", name)))
}

/// Refuses text with a character that nobody sees: it can turn what is read around, or make two names look the same.
pub fn visible(text: &str, pointer: &str) -> Result<(), Rejection> {
    let mut before = None;
    for (index, char) in text.char_indices() {
        if is_invisible(char, before) {
            let code = format!("U+{:04X}", u32::from(char));
            let after = text[..index].trim_start().to_owned();
            let detail = Message::new("text-invisible").arg("code", code).arg("after", after);
            return Err(Rejection::new(Code::InvalidText, pointer, detail));
        }
        before = Some(char);
    }
    Ok(())
}

/// Whether nobody sees `char` after the character `before`: controls except white space, Unicode's default ignorable
/// characters (among them all that change the direction of writing), the separators U+2028 and U+2029, and blanks
/// that count as letters or symbols.
fn is_invisible(char: char, before: Option<char>) -> bool {
    match char {
        // Parts of an emoji, such as a keycap or a family.
        '\u{fe0e}' | '\u{fe0f}' => before.is_none_or(|c| c.is_alphabetic() || c.is_whitespace() || c == char),
        '\u{200d}' => {
            before.is_none_or(|c| c.is_alphanumeric() || c.is_whitespace() || c.is_ascii() || c == char)
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => char.is_control() && !char.is_whitespace(),
    }
}

/// Checks that `text` is an http or https link of visible ASCII, at most 500 characters: anything else could
/// make a page that shows it run what somebody else wrote.
pub fn web_link(text: &str, pointer: &str) -> Result<String, Rejection> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map_or("", |rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let fits = !host.is_empty()
        && text.len() <= 500
        && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b))
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
    if fits {
        return Ok(text.to_owned());
    }
    Err(Rejection::new(Code::InvalidUrl, pointer, Message::new("invalid-url")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::locales::{Language, render};

    #[rstest]
    #[case("RS Bhakti", true)]
    #[case("  RS\n Bhakti\t", true)]
    #[case("Rumah Sakit Ḥasan Ṣādiq 東京 مستشفى", true)]
    #[case("IGD ☎\u{fe0f} 1\u{fe0f}\u{20e3} 👩\u{200d}⚕\u{fe0f}", true)]
    #[case::bell("RS\u{7}", false)]
    #[case::right_to_left_override("RS \u{202e}itkahB", false)]
    #[case::right_to_left_isolate("RS \u{2067}A\u{2069}", false)]
    #[case::left_to_right_mark("RS\u{200e}", false)]
    #[case::arabic_letter_mark("RS\u{61c}", false)]
    #[case::line_separator("RS\u{2028}Bhakti", false)]
    #[case::paragraph_separator("RS\u{2029}Bhakti", false)]
    #[case::zero_width_space("RS\u{200b}A", false)]
    #[case::joiner_in_a_word("RS\u{200d}A", false)]
    #[case::two_joiners("☎\u{200d}\u{200d}", false)]
    #[case::selector_alone("\u{fe0f}", false)]
    #[case::selector_in_a_word("R\u{fe0f}S", false)]
    #[case::soft_hyphen("Bhak\u{ad}ti", false)]
    #[case::byte_order_mark("\u{feff}RS", false)]
    #[case::letters_that_are_blank("\u{3164}\u{115f}", false)]
    #[case::blank_braille("\u{2800}", false)]
    #[case::tag("RS\u{e0041}", false)]
    fn texts_are_visible(#[case] text: &str, #[case] fits: bool) {
        let read = short_text(text, 60, "/name");
        assert_eq!(read.is_ok(), fits, "{read:?}");
        let says = |rejection: Rejection| Language::ALL.map(|language| render(&rejection.detail, language));
        assert!(
            read.map_or_else(says, |_| Default::default()).iter().all(|said| fits || said.contains("U+"))
        );
    }

    #[rstest]
    #[case("7", true)]
    #[case("東京", true)]
    #[case("☎", false)]
    #[case("- - -", false)]
    fn names_have_a_letter_or_a_digit(#[case] text: &str, #[case] fits: bool) {
        assert!(short_text(text, 60, "/name").is_ok());
        assert_eq!(name(text, 60, "/name").is_ok(), fits);
    }

    #[rstest]
    #[case("https://vaksin.semarangkota.go.id/daftar?id=1&x=%20", true)]
    #[case(" http://localhost:8080 ", true)]
    #[case("javascript:alert(1)", false)]
    #[case("https://", false)]
    #[case("https://user@bank.example/", false)]
    #[case("https://a b", false)]
    #[case("https://a/\"onmouseover=", false)]
    #[case("bit.ly/vaksin", false)]
    fn links_are_plain(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(web_link(text, "").is_ok(), fits);
    }
}
