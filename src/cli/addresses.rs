//! Addresses as settings have them: where to listen, and where something is reached.

use std::net::SocketAddr;

use axum::http::Uri;

/// Where to listen: numbers, as a name may mean several addresses.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "write the numbers of an address and a port, such as 127.0.0.1:8080, or [::]:8080 for every network"
            .to_owned()
    })
}

/// Where something is reached over HTTP.
pub(super) fn http_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_http = |url: Uri| {
        let is_known = matches!(url.scheme_str(), Some("http" | "https"));
        is_known && url.host().is_some_and(|host| !host.is_empty()) && !text.contains(['?', '#'])
    };
    if text.parse().is_ok_and(is_http) {
        return Ok(text.to_owned());
    }
    Err("write http:// or https:// and a host, without ? or #, such as https://sedia.example".to_owned())
}

/// Where this directory is reached, without a slash at its end: paths are put behind it. A variable that is empty sets nothing.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    http_url(text).map(|url| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://sedia.example", "https://sedia.example")]
    #[case(" https://sedia.example/ ", "https://sedia.example")]
    #[case("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    #[case("http://[::1]:8080/sedia/", "http://[::1]:8080/sedia")]
    #[case(" ", "")]
    fn public_urls_are_read(#[case] text: &str, #[case] url: &str) {
        assert_eq!(public_url(text).as_deref(), Ok(url));
    }

    #[rstest]
    #[case("sedia.example")]
    #[case("127.0.0.1:8080")]
    #[case("/sedia")]
    #[case("ftp://sedia.example")]
    #[case("https://")]
    #[case("https://a b")]
    #[case("https://sedia.example/?a=b")]
    #[case("https://sedia.example/#a")]
    fn what_no_path_can_be_put_behind_is_refused(#[case] text: &str) {
        assert!(http_url(text).is_err() && public_url(text).is_err());
    }

    #[test]
    fn the_path_of_a_cache_stays_as_it_is() {
        assert_eq!(http_url("http://127.0.0.1:6081/purge/").as_deref(), Ok("http://127.0.0.1:6081/purge/"));
        assert!(http_url("").is_err());
    }

    #[test]
    fn a_name_is_no_address_to_listen_at() {
        assert_eq!(listen("[::1]:80"), Ok("[::1]:80".parse().unwrap()));
        assert!(listen("localhost:8080").unwrap_err().contains("127.0.0.1:8080"));
    }
}
