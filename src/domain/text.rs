//! Short text that is safe to store.

use crate::locales::Message;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rejection::{Code, Rejection};

/// The name on the wire of a value that is one word there, such as a source or a level.
pub fn wire_name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("a word, not {other:?}"),
    }
}

/// A lower-case word used as data, such as a facility kind (`hospital`) or a contact's role (`psc119`):
/// letters, digits and `_`, at most 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z0-9_]{1,40}$", example = "hospital")]
pub struct Slug(String);

impl Slug {
    /// Reads a slug; `pointer` names the field in the refusal.
    pub fn parse(text: &str, pointer: &str) -> Result<Self, Rejection> {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits {
            return Ok(Self(text.to_owned()));
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
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, "").map_err(|rejection| serde::de::Error::custom(rejection.detail))
    }
}

/// Trims `text` and checks that it is 1 to `most` characters without control characters.
pub fn short_text(text: &str, most: usize, pointer: &str) -> Result<String, Rejection> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = text.chars().count();
    if length == 0 || length > most || text.chars().any(char::is_control) {
        return Err(Rejection::new(
            Code::InvalidText,
            pointer,
            Message::new("invalid-text").arg("most", most.to_string()).arg("length", length.to_string()),
        ));
    }
    Ok(text)
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
