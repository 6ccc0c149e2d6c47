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

/// The format of `offered` that the address names, or else the one that the client likes best; refused if it can take
/// none.
pub(in crate::http) fn format(
    headers: &HeaderMap,
    named: Option<&str>,
    offered: &[Format],
) -> Result<Format, Rejection> {
    let accept = text(headers, header::ACCEPT).unwrap_or("*/*");
    let format = match named {
        Some(name) => named_format(name, offered)?,
        None => accepted(accept, offered)?,
    };
    // Browsers name it where a person opens an address; scripts in them do not, nor does Java, which takes HTML, too.
    let is_person = names(accept, |item| item == "application/xhtml+xml");
    let is_wide = || {
        let is_utf_16 = |item: &str| item.split(';').any(|part| part == "charset=utf-16");
        names(accept, |item| item.starts_with("text/csv;") && is_utf_16(item))
    };
    Ok(match format {
        Format::Json if is_person => Format::IndentedJson,
        Format::Csv if is_person => Format::MarkedCsv,
        Format::Csv if is_wide() => Format::WideCsv,
        format => format,
    })
}

/// Whether an item of the header, without spaces, quotes and its weight, is so.
fn names(header: &str, is_so: impl Fn(&str) -> bool) -> bool {
    let plain = |item: &str| item.to_ascii_lowercase().replace([' ', '"'], "");
    header.split(',').any(|item| is_so(plain(item).split(";q=").next().unwrap_or_default()))
}

/// The format that `?format=` names; `txt` and a media type are understood, too.
fn named_format(name: &str, offered: &[Format]) -> Result<Format, Rejection> {
    // A `+` that was not percent-encoded has become a space.
    let name = name.to_ascii_lowercase().replace(' ', "+");
    let is_named = |format: &&Format| {
        let is_text = **format == Format::Text && matches!(&*name, "txt" | "plain");
        name == format.name() || name == format.media_type() || is_text
    };
    offered.iter().find(is_named).copied().ok_or_else(|| {
        let known: Vec<&str> = offered.iter().map(|format| format.name()).collect();
        let detail = Message::new("none-of").arg("text", name.clone()).arg("known", known);
        Rejection::new(Code::InvalidParameter, "format", detail)
    })
}

/// The format of `offered` that the client likes best.
fn accepted(accept: &str, offered: &[Format]) -> Result<Format, Rejection> {
    let first = offered.first().copied().unwrap_or(Format::Json);
    if accept == "*/*" {
        return Ok(first);
    }
    let quality = |format: &Format| {
        let own = format.media_type();
        let family = own.split('/').next().unwrap_or_default();
        weight(accept, |item| match item {
            item if item == own => Some(2),
            item if item.strip_suffix("/*") == Some(family) => Some(1),
            // A browser that takes nothing else sees the JSON.
            "text/html" if own == "application/json" => Some(0),
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
        let types = Value::list(offered.iter().map(|format| format.media_type()));
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
    #[case::java("text/html, image/gif, image/jpeg, */*; q=0.2", Some(Format::Json))]
    #[case(
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        Some(Format::IndentedJson)
    )]
    #[case("text/html", Some(Format::Json))]
    #[case("text/csv; charset=utf-16", Some(Format::WideCsv))]
    #[case("text/csv;charset=\"UTF-16\"", Some(Format::WideCsv))]
    #[case("text/csv;charset=utf-16;q=0.9, */*;q=0.1", Some(Format::WideCsv))]
    #[case("text/csv; charset=utf-8", Some(Format::Csv))]
    #[case("application/json;q=0, */*", Some(Format::Text))]
    #[case("application/xml", None)]
    fn formats(#[case] accept: &str, #[case] expected: Option<Format>) {
        let headers = headers(header::ACCEPT, accept);
        let offered = [Format::Json, Format::Text, Format::Csv];
        assert_eq!(format(&headers, None, &offered).ok(), expected);
    }

    #[rstest]
    #[case("csv", "*/*", Some(Format::Csv))]
    #[case("CSV", "application/json", Some(Format::Csv))]
    #[case("csv", "text/html,application/xhtml+xml,*/*;q=0.8", Some(Format::MarkedCsv))]
    #[case("csv", "text/html, image/gif, */*; q=0.2", Some(Format::Csv))]
    #[case("json", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", Some(Format::IndentedJson))]
    #[case("txt", "*/*", Some(Format::Text))]
    #[case("text/plain", "*/*", Some(Format::Text))]
    #[case("geojson", "*/*", None)]
    #[case("xml", "*/*", None)]
    fn formats_in_the_address(#[case] name: &str, #[case] accept: &str, #[case] expected: Option<Format>) {
        let headers = headers(header::ACCEPT, accept);
        let offered = [Format::Json, Format::Text, Format::Csv];
        assert_eq!(format(&headers, Some(name), &offered).ok(), expected);
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
