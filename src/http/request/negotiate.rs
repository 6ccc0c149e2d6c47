//! The media types, languages and codings that the client can take. One parser for the three headers.

use axum::http::{HeaderMap, HeaderName, header};

use crate::{
    domain::rejection::{Code, Rejection},
    locales::{Language, Message, Value},
    render::{Coding, Format},
};

/// The weight that a header gives to a value it matches by `rank`: the closest match counts (RFC 9110, 12.5).
/// `rank` is how closely an item of the header matches, None for not at all.
fn weight(header: &str, rank: impl Fn(&str) -> Option<u8>) -> Option<f32> {
    let items = header.split(',').filter_map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let closeness = rank(&parts.next()?.to_ascii_lowercase())?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((closeness, quality.map_or(1.0, |text| text.parse().unwrap_or(0.0))))
    });
    items.max_by_key(|(closeness, _)| *closeness).map(|(_, quality)| quality)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

/// The format of `offered` that the client likes best; refused if it can take none.
pub(in crate::http) fn format(headers: &HeaderMap, offered: &[Format]) -> Result<Format, Rejection> {
    let first = offered.first().copied().unwrap_or(Format::Json);
    let Some(accept) = text(headers, header::ACCEPT).filter(|accept| *accept != "*/*") else {
        return Ok(first);
    };
    let quality = |format: &Format| {
        let (own, family) = format.media_type();
        weight(accept, |item| match item {
            item if item == own => Some(2),
            item if item == family => Some(1),
            "*/*" => Some(0),
            _ => None,
        })
    };
    let mut best: Option<(Format, f32)> = None;
    for format in offered {
        let quality = quality(format).unwrap_or(0.0);
        if quality > best.map_or(0.0, |(_, quality)| quality) {
            best = Some((*format, quality));
        }
    }
    best.map(|(format, _)| format).ok_or_else(|| {
        let types = Value::list(offered.iter().map(|format| format.media_type().0));
        Rejection::new(Code::NotAcceptable, "Accept", Message::new("not-acceptable").arg("types", types))
    })
}

/// The language the client likes best; Indonesian if it does not say.
pub(in crate::http) fn language(headers: &HeaderMap) -> Language {
    let Some(accept) = text(headers, header::ACCEPT_LANGUAGE) else {
        return Language::default();
    };
    let quality = |tag: &str| {
        weight(accept, |item| match item {
            item if item == tag => Some(2),
            item if item.strip_prefix(tag).is_some_and(|rest| rest.starts_with('-')) => Some(1),
            "*" => Some(0),
            _ => None,
        })
        .unwrap_or(0.0)
    };
    if quality("en") > quality("id") { Language::En } else { Language::Id }
}

/// The coding the client likes best; Brotli before gzip before none where it likes them equally.
pub(in crate::http) fn coding(headers: &HeaderMap) -> Coding {
    let Some(accept) = text(headers, header::ACCEPT_ENCODING) else {
        return Coding::Identity;
    };
    let quality = |name: &str| {
        weight(accept, |item| match item {
            item if item == name => Some(1),
            "*" => Some(0),
            _ => None,
        })
        .unwrap_or(0.0)
    };
    match (quality("br"), quality("gzip")) {
        (br, gzip) if br > 0.0 && br >= gzip => Coding::Brotli,
        (_, gzip) if gzip > 0.0 => Coding::Gzip,
        _ => Coding::Identity,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[rstest]
    #[case("*/*", Some(Format::Json))]
    #[case("text/plain", Some(Format::Text))]
    #[case("TEXT/PLAIN; charset=utf-8", Some(Format::Text))]
    #[case("application/json;q=0.5, text/plain", Some(Format::Text))]
    #[case("text/*;q=0.4, application/*;q=0.5", Some(Format::Json))]
    #[case("text/html, */*;q=0.1", Some(Format::Json))]
    #[case("application/json;q=0, */*", Some(Format::Text))]
    #[case("application/xml", None)]
    fn formats(#[case] accept: &str, #[case] expected: Option<Format>) {
        let headers = headers(header::ACCEPT, accept);
        assert_eq!(format(&headers, &[Format::Json, Format::Text]).ok(), expected);
    }

    #[rstest]
    #[case("en", Language::En)]
    #[case("en-GB,en;q=0.9", Language::En)]
    #[case("id-ID,id;q=0.9,en;q=0.8", Language::Id)]
    #[case("en;q=0.5, id;q=0.7", Language::Id)]
    #[case("fr", Language::Id)]
    #[case("*", Language::Id)]
    fn languages(#[case] accept: &str, #[case] expected: Language) {
        assert_eq!(language(&headers(header::ACCEPT_LANGUAGE, accept)), expected);
    }

    #[rstest]
    #[case("gzip, deflate, br", Coding::Brotli)]
    #[case("gzip", Coding::Gzip)]
    #[case("br;q=0, gzip;q=0.1", Coding::Gzip)]
    #[case("br;q=0.3, gzip;q=0.9", Coding::Gzip)]
    #[case("*", Coding::Brotli)]
    #[case("identity", Coding::Identity)]
    #[case("brotli-like", Coding::Identity)]
    fn codings(#[case] accept: &str, #[case] expected: Coding) {
        assert_eq!(coding(&headers(header::ACCEPT_ENCODING, accept)), expected);
    }
}
