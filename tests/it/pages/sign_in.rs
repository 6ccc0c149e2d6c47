//! Signing in and out of the pages, and what guards them.

use axum::http::{Method, StatusCode};
use chrono::Duration;
use rstest::rstest;
use sedia::domain::key::Role;

use super::{page, start};
use crate::support::{PUBLIC, Reply, TestNode};

/// Sends a form as a browser would.
pub(super) async fn submit(node: &TestNode, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Reply {
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let call = node.call(Method::POST, path).body("application/x-www-form-urlencoded", body);
    call.header("cookie", cookie).send().await
}

/// Signs in, and gives the cookie.
pub(super) async fn sign_in(node: &TestNode, key: &str) -> String {
    let reply = submit(node, "/sign-in", "", &[("key", key)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// A page of somebody who signed in.
pub(super) async fn open(node: &TestNode, path: &str, cookie: &str) -> Reply {
    node.get(path).header("cookie", cookie).send().await
}

/// The token that the forms of a page carry.
pub(super) fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn leads_to(reply: &Reply, address: &str) {
    assert_eq!(
        (reply.status, reply.header("location")),
        (StatusCode::SEE_OTHER, address),
        "{}",
        reply.text()
    );
}

async fn is_signed_in(node: &TestNode, cookie: &str) -> bool {
    let reply = open(node, "/account", cookie).await;
    if reply.status == StatusCode::OK {
        return true;
    }
    leads_to(&reply, "/sign-in?next=/account");
    false
}

#[tokio::test]
async fn a_key_is_typed_once_and_the_browser_holds_something_else() {
    let node = TestNode::start().await;
    let key = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let asked = page(&node.get("/sign-in").send().await, StatusCode::OK);
    assert!(asked.contains("type=\"password\"") && asked.contains("Kunci atau tautan Anda"), "{asked}");
    let reply = submit(&node, "/sign-in", "", &[("key", &key)]).await;
    leads_to(&reply, "/office");
    assert_eq!(reply.header("cache-control"), "no-store");
    let cookie = reply.header("set-cookie");
    let (secret, attributes) = cookie.strip_prefix("sedia=").unwrap().split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Strict");
    assert_ne!(secret, key);
    let cookie = format!("other=1; sedia={secret}");
    let reply = open(&node, "/account", &cookie).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let account = page(&reply, StatusCode::OK);
    for told in ["test coordinator", "koordinator, Kota Semarang", "pukul 02.00"] {
        assert!(account.contains(told), "{told} in {account}");
    }
    assert!(!account.contains(&key) && !account.contains(secret), "{account}");
    let english = page(&open(&node, "/account?lang=en", &cookie).await, StatusCode::OK);
    assert!(english.contains("Sign out everywhere") && english.contains("/sign-out?lang=en"), "{english}");
    assert!(page(&node.get("/sign-in?lang=en").send().await, StatusCode::OK).contains("Your key or link"));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_one_that_only_this_site_can_set() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let call = node.call(Method::POST, "/sign-in");
    let call = call.body("application/x-www-form-urlencoded", format!("key={key}"));
    let call = call.header("host", "sedia.example").header("origin", "https://sedia.example");
    let reply = call.send().await;
    leads_to(&reply, "/desk");
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-sedia=") && cookie.ends_with("; SameSite=Strict; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    // It counts before one that somebody else may have set.
    assert!(is_signed_in(&node, &format!("sedia=x; {cookie}")).await);
}

#[tokio::test]
async fn a_link_can_be_pasted_whole() {
    let (node, path) = start().await;
    for entered in
        [format!(" https://sedia.example{path}?lang=en\n"), path.trim_start_matches("/r/").to_owned()]
    {
        let cookie = sign_in(&node, &entered).await;
        let account = page(&open(&node, "/account", &cookie).await, StatusCode::OK);
        assert!(account.contains("Bu Sri, IGD") && account.contains("pemegang tautan"), "{account}");
    }
}

#[tokio::test]
async fn what_does_not_sign_in_says_why_and_is_not_repeated() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let bridge = node.key(Role::Bridge, None, &["test:A"]).await;
    let wrong = "sedia_kunci_yang_salah";
    for (key, code, told) in [
        (wrong, StatusCode::UNAUTHORIZED, "tidak berlaku"),
        ("", StatusCode::UNAUTHORIZED, "tidak berlaku"),
        ("dua kata\u{7f}", StatusCode::UNAUTHORIZED, "tidak berlaku"),
        (&bridge, StatusCode::FORBIDDEN, "kunci sebuah program"),
    ] {
        let reply = submit(&node, "/sign-in", "", &[("key", key), ("next", "/account")]).await;
        let again = page(&reply, code);
        assert!(again.contains(told) && again.contains("role=\"alert\""), "{again}");
        assert!(again.contains("name=\"next\" value=\"/account\""), "{again}");
        assert!(key.is_empty() || !again.contains(key), "{again}");
    }
    // Whoever tries many has to wait, and a right key is let in all the same.
    for _ in 0..2 {
        submit(&node, "/sign-in", "", &[("key", wrong)]).await;
    }
    let reply = submit(&node, "/sign-in", "", &[("key", wrong)]).await;
    assert!(page(&reply, StatusCode::TOO_MANY_REQUESTS).contains("Tunggu dua menit"));
    let agent = node.key(Role::Agent, None, &[]).await;
    assert!(is_signed_in(&node, &sign_in(&node, &agent).await).await);
}

#[tokio::test]
async fn people_come_back_to_the_page_they_wanted_and_to_no_other_site() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    leads_to(
        &open(&node, "/account?lang=en&q=a%20b", "").await,
        "/sign-in?next=/account%3Flang%3Den%26q%3Da%2520b&lang=en",
    );
    for (next, to) in [
        ("/regions/33.74?lang=en", "/regions/33.74?lang=en"),
        ("", "/desk"),
        ("//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("https://evil.example/", "/desk"),
        ("/a\r\nSet-Cookie: x=1", "/desk"),
        ("/\t/evil.example", "/desk"),
    ] {
        leads_to(&submit(&node, "/sign-in", "", &[("key", &key), ("next", next)]).await, to);
    }
}

#[tokio::test]
async fn signing_out_ends_it_here_or_everywhere() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let [here, there, elsewhere] =
        [sign_in(&node, &key).await, sign_in(&node, &key).await, sign_in(&node, &key).await];
    let other = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let form = token(&page(&open(&node, "/account", &here).await, StatusCode::OK));
    let reply = submit(&node, "/sign-out", &here, &[("form", &form)]).await;
    leads_to(&reply, "/sign-in");
    let cookies = reply.headers.get_all("set-cookie").into_iter().map(|cookie| cookie.to_str().unwrap());
    let forgotten: Vec<_> = cookies.filter(|cookie| !cookie.starts_with("sedia-seq=")).collect();
    assert!(forgotten.len() == 2 && forgotten.iter().all(|cookie| cookie.contains("Max-Age=0")));
    assert!(!is_signed_in(&node, &here).await && is_signed_in(&node, &there).await);
    let form = token(&page(&open(&node, "/account", &there).await, StatusCode::OK));
    leads_to(
        &submit(&node, "/sign-out", &there, &[("form", &form), ("everywhere", "true")]).await,
        "/sign-in",
    );
    assert!(!is_signed_in(&node, &there).await && !is_signed_in(&node, &elsewhere).await);
    assert!(is_signed_in(&node, &other).await);
    // The key itself can sign in again.
    assert!(is_signed_in(&node, &sign_in(&node, &key).await).await);
}

#[rstest]
#[case::without_a_token(&[], &[])]
#[case::with_another_token(&[("form", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")], &[])]
#[case::from_another_site(&[("form", "own")], &[("sec-fetch-site", "cross-site")])]
#[case::from_a_sibling(&[("form", "own")], &[("sec-fetch-site", "same-site")])]
#[case::from_another_origin(&[("form", "own")], &[("host", "sedia.example"), ("origin", "https://evil.example")])]
#[case::from_nowhere(&[("form", "own")], &[("host", "sedia.example"), ("origin", "null")])]
#[tokio::test]
async fn a_form_that_is_not_ours_does_nothing(
    #[case] fields: &[(&str, &str)],
    #[case] headers: &[(&str, &str)],
) {
    let node = TestNode::start().await;
    let cookie = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let own = token(&page(&open(&node, "/account", &cookie).await, StatusCode::OK));
    let seq = node.seq().await;
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", if *value == "own" { &own } else { *value }))
        .collect();
    let call = node.call(Method::POST, "/sign-out").header("cookie", &cookie);
    let call = call.body("application/x-www-form-urlencoded", body.join("&"));
    let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
    let refused = page(&call.send().await, StatusCode::FORBIDDEN);
    assert!(refused.contains("Ini belum dijalankan"), "{refused}");
    assert_eq!(node.seq().await, seq);
    assert!(is_signed_in(&node, &cookie).await);
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_form_of_another_site() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let call = node.call(Method::POST, "/sign-in").header("sec-fetch-site", "cross-site");
    let reply = call.body("application/x-www-form-urlencoded", format!("key={key}")).send().await;
    page(&reply, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn it_ends_without_use_after_a_shift_and_with_its_key() {
    let node = TestNode::start().await;
    let key = node.key(Role::Agent, None, &[]).await;
    let idle = sign_in(&node, &key).await;
    let used = sign_in(&node, &key).await;
    // Used every 20 minutes for 12 hours.
    for minutes in (20..12 * 60).step_by(20) {
        node.clock.pass(Duration::minutes(20));
        assert!(is_signed_in(&node, &used).await, "after {minutes} minutes");
        if minutes == 60 {
            assert!(!is_signed_in(&node, &idle).await);
        }
    }
    node.clock.pass(Duration::minutes(20));
    assert!(!is_signed_in(&node, &used).await);
    let cookie = sign_in(&node, &key).await;
    let keys = node.get("/v1/keys").key(&node.admin().await).send().await.json();
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "a sign-in is no key of the list: {keys:?}");
    let id = keys.iter().find(|key| key["role"] == "agent").unwrap()["id"].as_str().unwrap();
    node.delete(&format!("/v1/keys/{id}")).key(&node.admin().await).send().await.json();
    assert!(!is_signed_in(&node, &cookie).await);
}

#[tokio::test]
async fn looking_at_pages_is_one_change_in_half_an_hour() {
    let node = TestNode::start().await;
    let cookie = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let seq = node.seq().await;
    for _ in 0..5 {
        node.clock.pass(Duration::minutes(5));
        assert!(is_signed_in(&node, &cookie).await);
    }
    assert_eq!(node.seq().await, seq);
    for _ in 0..2 {
        node.clock.pass(Duration::minutes(10));
        assert!(is_signed_in(&node, &cookie).await);
    }
    assert_eq!(node.seq().await, seq + 1);
}

#[tokio::test]
async fn pages_of_the_public_know_nobody() {
    let (node, _) = start().await;
    let cookie = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    for path in ["/", "/regions/33.74", "/?q=icu+tembalang"] {
        let reply = open(&node, path, &cookie).await;
        assert_eq!(reply.body, node.get(path).send().await.body);
        assert_eq!(reply.header("cache-control"), PUBLIC);
        page(&reply, StatusCode::OK);
    }
}
