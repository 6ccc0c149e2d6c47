//! Signing in with a provider of OpenID Connect, and all that must not let anybody in.

mod provider;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use rstest::rstest;
use sedia::{
    auth::{Operator, Principal},
    domain::key::Role,
    maintenance::Maintenance,
    store::{commands::RestoreKey, retention::Keep},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use self::provider::{HERE, Provider, Token, Trouble};
use super::sign_in::{open, submit, token};
use crate::support::{Reply, TestNode};

/// A node that knows a provider.
async fn start() -> (TestNode, Provider) {
    let provider = Provider::start().await;
    let node = TestNode::start_with(&provider.config()).await;
    provider.follow(&node.clock);
    (node, provider)
}

/// The cookie that a reply sets under a name, with its attributes.
fn set_cookie<'a>(reply: &'a Reply, name: &str) -> Option<(&'a str, &'a str)> {
    let set = reply.headers.get_all("set-cookie").into_iter().map(|cookie| cookie.to_str().unwrap());
    let mut set = set.filter_map(|cookie| cookie.split_once('='));
    set.find(|(known, _)| *known == name).and_then(|(_, value)| value.split_once("; "))
}

/// Begins, and gives the cookie of the attempt and the address at the provider.
async fn begin(node: &TestNode, query: &str) -> (String, String) {
    let reply = node.get(&format!("/sign-in/openid{query}")).send().await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let (value, attributes) = set_cookie(&reply, "__Host-sedia-openid").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=900; Secure");
    assert_eq!(reply.header("cache-control"), "no-store");
    (format!("__Host-sedia-openid={value}"), reply.header("location").to_owned())
}

/// The page at the end of the whole way.
async fn come_back(node: &TestNode, provider: &Provider) -> Reply {
    let (cookie, address) = begin(node, "").await;
    open(node, &provider.lets_in(&address), &cookie).await
}

/// Signs in, and gives the cookie.
async fn sign_in(node: &TestNode, provider: &Provider) -> String {
    let reply = come_back(node, provider).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let (secret, attributes) = set_cookie(&reply, "__Host-sedia").unwrap();
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Secure");
    format!("__Host-sedia={secret}")
}

/// Checks that nobody was let in, and gives the page that says why.
#[track_caller]
fn kept_out(reply: &Reply, status: StatusCode) -> String {
    let text = reply.text();
    assert_eq!((reply.status, set_cookie(reply, "__Host-sedia")), (status, None), "{text}");
    assert!(text.contains("Anda belum masuk") && text.contains("Masuk dengan kunci"), "{text}");
    text
}

async fn me(node: &TestNode, cookie: &str) -> Value {
    let secret = cookie.split_once('=').unwrap().1;
    node.get("/v1/me").key(secret).send().await.json()
}

#[tokio::test]
async fn people_sign_in_where_they_sign_in_anyway() {
    let (node, provider) = start().await;
    node.hospital("A", "33.74.10", None).await;
    for (language, told) in [("id", "Masuk dengan Akun Dinkes"), ("en", "Sign in with Akun Dinkes")] {
        let page = node.get(&format!("/sign-in?next=/office/keys&lang={language}")).send().await.text();
        let address = format!("{HERE}/sign-in/openid?next=%2Foffice%2Fkeys&amp;lang={language}");
        assert!(page.contains(told) && page.contains(&address) && page.contains("name=\"key\""), "{page}");
    }
    let (cookie, address) = begin(&node, "?next=%2Foffice%2Fkeys&lang=en").await;
    let back = open(&node, &provider.lets_in(&address), &cookie).await;
    // A redirection would come from the provider's site, for which the browser keeps the cookie back.
    assert_eq!((back.status, back.header("location")), (StatusCode::OK, ""));
    let page = back.text();
    let onward = "<meta http-equiv=\"refresh\" content=\"0; url=/office/keys?lang=en\">";
    assert!(page.contains(onward) && page.contains("You are signed in"), "{page}");
    assert_eq!(set_cookie(&back, "__Host-sedia-openid").unwrap().0, "");
    let cookie = format!("__Host-sedia={}", set_cookie(&back, "__Host-sedia").unwrap().0);
    let page = open(&node, "/office/keys?lang=en", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    let me = me(&node, &cookie).await;
    let identity = json!({"issuer": provider.issuer, "subject": "1001"});
    assert_eq!(
        (&me["role"], &me["name"], &me["region"], &me["openid"]),
        (&json!("coordinator"), &json!("Siti Aminah"), &json!("33.74"), &identity)
    );
    // It is a key like any other, and the log tells who made it and what they did.
    let admin = node.admin().await;
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["openid"] == identity).unwrap().clone();
    let secret = cookie.split_once('=').unwrap().1;
    node.put("/v1/facilities/test:A/availability", &json!({"values": {"bed.icu": {"available": 2}}}))
        .key(secret)
        .send()
        .await
        .json();
    let log = node.get("/v1/changes?order=newest&limit=1").key(&admin).send().await.json();
    assert_eq!(log["changes"][0]["by"], "Siti Aminah", "{log}");
    let office = open(&node, "/office/keys", &sign_in_as_admin(&node).await).await.text();
    assert!(office.contains(&format!("masuk lewat {} sebagai 1001", provider.issuer)), "{office}");
    // It stands for the same key the next time, also on another node and after a restart.
    sign_in(&node, &provider).await;
    let again = node.get("/v1/keys").key(&admin).send().await.json();
    let known = |key: &&Value| key["openid"] == identity;
    let again: Vec<&Value> = again["keys"].as_array().unwrap().iter().filter(known).collect();
    assert_eq!((again.len(), &again[0]["id"]), (1, &key["id"]));
    let node = node.restart().await;
    assert_eq!(node.get("/v1/me").key(secret).send().await.json()["openid"], identity);
}

async fn sign_in_as_admin(node: &TestNode) -> String {
    super::sign_in::sign_in(node, &node.admin().await).await
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() {
    let node = TestNode::start().await;
    assert!(!node.get("/sign-in").send().await.text().contains("openid"));
    for path in ["/sign-in/openid", "/sign-in/openid/return?code=a&state=b"] {
        assert_eq!(node.get(path).send().await.status, StatusCode::NOT_FOUND);
    }
    let proof = json!({"code": "a", "verifier": "b", "nonce": "c"});
    node.post("/v1/sign-ins/openid", &proof).send().await.problem(404, "not_found");
    assert_eq!(node.get("/sign-out").send().await.header("location"), "/sign-in");
}

#[rstest]
#[case::of_another_nonce(|token: &mut Token| token.claims["nonce"] = "other".into())]
#[case::without_a_nonce(|token: &mut Token| drop(token.claims.as_object_mut().unwrap().remove("nonce")))]
#[case::over(|token: &mut Token| token.claims["exp"] = (token.claims["iat"].as_i64().unwrap() - 121).into())]
#[case::from_the_future(|token: &mut Token| token.claims["iat"] = (token.claims["iat"].as_i64().unwrap() + 121).into())]
#[case::for_another_program(|token: &mut Token| token.claims["aud"] = "other".into())]
#[case::for_another_program_too(|token: &mut Token| token.claims["aud"] = json!(["sedia", "other"]))]
#[case::of_another_provider(|token: &mut Token| token.claims["iss"] = "https://evil.example".into())]
#[case::about_nobody(|token: &mut Token| drop(token.claims.as_object_mut().unwrap().remove("sub")))]
#[case::unsigned(|token: &mut Token| (token.header["alg"], token.signature) = ("none".into(), Some("")))]
#[case::signed_otherwise(|token: &mut Token| token.signature = Some("AAAA"))]
#[case::signed_with_the_public_key(|token: &mut Token| token.header["alg"] = "HS256".into())]
#[case::with_the_key_of_another_sort(|token: &mut Token| token.header["alg"] = "ES256".into())]
#[case::with_what_must_be_understood(|token: &mut Token| token.header["crit"] = json!(["b64"]))]
#[case::huge(|token: &mut Token| token.claims["groups"] = vec!["semarang"; 40_000].into())]
#[tokio::test]
async fn a_token_that_does_not_hold_lets_nobody_in(#[case] forge: fn(&mut Token)) {
    let (node, provider) = start().await;
    let seq = node.seq().await;
    provider.forges(forge);
    let reply = come_back(&node, &provider).await;
    let text = kept_out(&reply, reply.status);
    assert!([StatusCode::FORBIDDEN, StatusCode::SERVICE_UNAVAILABLE].contains(&reply.status), "{text}");
    assert!(text.contains("Akun Dinkes"), "{text}");
    assert_eq!(node.seq().await, seq);
    // It is the token's fault alone.
    provider.forges(|_| ());
    node.clock.pass(Duration::seconds(10));
    sign_in(&node, &provider).await;
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let (node, provider) = start().await;
    provider.forges(|token| {
        let now = token.claims["iat"].as_i64().unwrap();
        (token.claims["iat"], token.claims["exp"]) = ((now + 119).into(), (now - 119).into());
    });
    sign_in(&node, &provider).await;
}

#[tokio::test]
async fn only_the_browser_that_began_comes_back_and_once() {
    let (node, provider) = start().await;
    let seq = node.seq().await;
    let (cookie, address) = begin(&node, "").await;
    let (other, _) = begin(&node, "").await;
    let back = provider.lets_in(&address);
    let (with_code, state) = back.split_once("&state=").unwrap();
    for (path, cookie) in [
        (back.clone(), ""),
        (back.clone(), &*other),
        (back.clone(), "__Host-sedia-openid=."),
        (back.clone(), "__Host-sedia-openid=..%FF"),
        // Where people come over TLS, a cookie that any site of the domain may set counts for nothing.
        (back.clone(), cookie.strip_prefix("__Host-").unwrap()),
        (with_code.to_owned(), &cookie),
        (format!("{with_code}&state="), &cookie),
        (format!("{with_code}&state={state}x"), &cookie),
        (format!("{back}&state=x"), &cookie),
    ] {
        let text = kept_out(&open(&node, &path, cookie).await, StatusCode::FORBIDDEN);
        assert!(text.contains("mulailah lagi"), "{text}");
    }
    assert_eq!(node.seq().await, seq);
    assert_eq!(open(&node, &back, &cookie).await.status, StatusCode::OK);
    let seq = node.seq().await;
    let text = kept_out(&open(&node, &back, &cookie).await, StatusCode::FORBIDDEN);
    assert!(text.contains("that code is &lt;b&gt;over"), "{text}");
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn what_the_provider_says_is_told() {
    let (node, provider) = start().await;
    let (cookie, address) = begin(&node, "?lang=en").await;
    let state = provider.lets_in(&address).split_once("&state=").unwrap().1.to_owned();
    let long = "x".repeat(5000);
    for (said, told) in [
        ("error=access_denied&error_description=Not+%3Cb%3Eyou".to_owned(), "(Not &lt;b&gt;you)".to_owned()),
        ("error=login_required".to_owned(), "(login_required)".to_owned()),
        (format!("error={long}"), format!("({}…)", &long[..200])),
    ] {
        let reply = open(&node, &format!("/sign-in/openid/return?{said}&state={state}"), &cookie).await;
        let text = reply.text();
        assert_eq!((reply.status, set_cookie(&reply, "__Host-sedia")), (StatusCode::FORBIDDEN, None));
        assert!(text.contains(&told) && text.contains("Sign in with a key"), "{text}");
    }
}

#[rstest]
#[case(Trouble::Html)]
#[case(Trouble::Broken)]
#[case(Trouble::Silent)]
#[case(Trouble::Huge)]
#[case(Trouble::Elsewhere)]
#[tokio::test]
async fn a_provider_that_is_not_well_hurts_nothing_else(
    #[case] trouble: Trouble,
    #[values("/.well-known", "/keys", "/token", "/me")] path: &'static str,
) {
    let (node, provider) = start().await;
    // So that it is asked for more than its token.
    provider.says(json!({}));
    provider.tells_besides(json!({"groups": ["callers"]}));
    provider.has(path, trouble);
    let seq = node.seq().await;
    if ["/token", "/me"].contains(&path) {
        kept_out(&come_back(&node, &provider).await, StatusCode::SERVICE_UNAVAILABLE);
    } else {
        let text = kept_out(&node.get("/sign-in/openid").send().await, StatusCode::SERVICE_UNAVAILABLE);
        assert!(text.contains("Akun Dinkes sedang tidak menjawab"), "{text}");
    }
    assert_eq!(node.seq().await, seq);
    // Keys go on, and so does everything else.
    let agent = node.key(Role::Agent, None, &[]).await;
    super::sign_in::sign_in(&node, &agent).await;
    provider.is_well_again();
    node.clock.pass(Duration::seconds(10));
    sign_in(&node, &provider).await;
}

#[tokio::test]
async fn a_provider_is_asked_for_its_keys_once_an_hour_and_when_it_has_another_one() {
    let (node, provider) = start().await;
    assert_eq!(provider.asked(), 0);
    for _ in 0..3 {
        sign_in(&node, &provider).await;
    }
    assert_eq!(provider.asked(), 1);
    // Whoever makes up keys cannot make us ask all the time.
    provider.changes_its_key();
    kept_out(&come_back(&node, &provider).await, StatusCode::FORBIDDEN);
    assert_eq!(provider.asked(), 1);
    node.clock.pass(Duration::minutes(1));
    sign_in(&node, &provider).await;
    assert_eq!(provider.asked(), 2);
    node.clock.pass(Duration::minutes(60));
    sign_in(&node, &provider).await;
    assert_eq!(provider.asked(), 3);
}

#[tokio::test]
async fn people_may_what_the_provider_says_now_and_never_more() {
    let (node, provider) = start().await;
    node.hospital("A", "33.74.10", None).await;
    let first = sign_in(&node, &provider).await;
    for (claims, role, region) in [
        (json!({"groups": ["callers", "others"]}), "agent", Value::Null),
        (json!({"groups": ["areas"], "area": "Kota Semarang"}), "agent", json!("33.74")),
        (json!({"groups": "hospital"}), "reporter", Value::Null),
    ] {
        provider.says(claims);
        let cookie = sign_in(&node, &provider).await;
        let now = me(&node, &cookie).await;
        assert_eq!((&now["role"], &now["region"], &now["name"]), (&json!(role), &region, &json!("1001")));
        // They are one person, wherever they signed in.
        assert_eq!(me(&node, &first).await["role"], role);
    }
    assert_eq!(me(&node, &first).await["facilities"].as_array().unwrap().len(), 1);
    let seq = node.seq().await;
    for (claims, told) in [
        (json!({}), "tidak menyebut apa-apa di 'groups'"),
        (json!({"groups": ["admins", "<b>"]}), "'groups': admins, &lt;b&gt;"),
        (json!({"groups": ["areas"]}), "'area'"),
        (json!({"groups": ["areas"], "area": ["33.74", "33.73"]}), "'area'"),
    ] {
        provider.says(claims);
        let text = kept_out(&come_back(&node, &provider).await, StatusCode::FORBIDDEN);
        assert!(text.contains(told) && text.contains("Tunjukkan ini kepada pengelola"), "{told} in {text}");
    }
    // The rules name a region that is not there.
    provider.says(json!({"groups": ["lost"]}));
    let text = kept_out(&come_back(&node, &provider).await, StatusCode::NOT_FOUND);
    assert!(text.contains("99.99"), "{text}");
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn whoever_was_kept_out_here_stays_out() {
    let (node, provider) = start().await;
    let cookie = sign_in(&node, &provider).await;
    let admin = node.admin().await;
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let id = keys["keys"].as_array().unwrap().iter().find(|key| key.get("openid").is_some()).unwrap()["id"]
        .clone();
    node.delete(&format!("/v1/keys/{}", id.as_str().unwrap())).key(&admin).send().await.json();
    assert_eq!(open(&node, "/account", &cookie).await.status, StatusCode::SEE_OTHER);
    for days in [0, 91] {
        node.clock.pass(Duration::days(days));
        Arc::new(Maintenance::new(&node.node, Keep { days: 3_650, rollup_days: 3_650 })).run().await;
        let text = kept_out(&come_back(&node, &provider).await, StatusCode::UNAUTHORIZED);
        assert!(text.contains("Akses Anda di sini sudah dicabut"), "{text}");
    }
    let operator = || Principal::Operator(Operator::Cli);
    node.node.submit(operator(), RestoreKey(id.as_str().unwrap().parse().unwrap())).await.unwrap();
    sign_in(&node, &provider).await;
    // Somebody may have the secret of another key.
    let keys = node.get("/v1/keys").key(&admin).send().await.json();
    let other = keys["keys"].as_array().unwrap().iter().find(|key| key["id"] != id).unwrap()["id"].clone();
    assert!(
        node.node.submit(operator(), RestoreKey(other.as_str().unwrap().parse().unwrap())).await.is_err()
    );
}

#[tokio::test]
async fn signing_out_leads_to_the_way_out_there() {
    let (node, provider) = start().await;
    let [here, there, elsewhere] =
        [sign_in(&node, &provider).await, sign_in(&node, &provider).await, sign_in(&node, &provider).await];
    let sign_out = async |cookie: &str, everywhere: &[(&str, &str)]| {
        let form = token(&open(&node, "/account?lang=en", cookie).await.text());
        let fields = [&[("form", &*form)], everywhere].concat();
        let reply = submit(&node, "/sign-out?lang=en", cookie, &fields).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/sign-out?lang=en"));
    };
    sign_out(&here, &[]).await;
    let page = node.get("/sign-out?lang=en").send().await.text();
    let end = format!(
        "{}/end?client_id=sedia&amp;post_logout_redirect_uri=https%3A%2F%2Fsedia.example%2Fsign-in\"",
        provider.issuer
    );
    assert!(page.contains(&end) && page.contains("Sign out of Akun Dinkes"), "{page}");
    assert_eq!(open(&node, "/account", &here).await.status, StatusCode::SEE_OTHER);
    assert_eq!(open(&node, "/account", &there).await.status, StatusCode::OK);
    sign_out(&there, &[("everywhere", "true")]).await;
    assert_eq!(open(&node, "/account", &elsewhere).await.status, StatusCode::SEE_OTHER);
    // The provider is away: they are signed out all the same.
    provider.has("", Trouble::Broken);
    node.clock.pass(Duration::hours(1));
    let page = node.get("/sign-out").send().await;
    assert!(page.status == StatusCode::OK && page.text().contains("Anda sudah keluar dari sini"));
}

#[rstest]
#[case("//evil.example")]
#[case("https://evil.example")]
#[case("/\\evil.example")]
#[case("/%09/evil.example")]
#[case("javascript:alert(1)")]
#[tokio::test]
async fn nobody_is_led_to_another_site(#[case] next: &str) {
    let (node, provider) = start().await;
    let (cookie, address) = begin(&node, &format!("?next={next}")).await;
    let page = open(&node, &provider.lets_in(&address), &cookie).await.text();
    assert!(page.contains("content=\"0; url=/office\"") && !page.contains("evil"), "{page}");
    // Nor by a cookie that was changed.
    let (cookie, address) = begin(&node, "").await;
    let cookie = cookie + "%2F%2Fevil.example";
    let page = open(&node, &provider.lets_in(&address), &cookie).await.text();
    assert!(page.contains("content=\"0; url=/office\"") && !page.contains("evil"), "{page}");
}

#[tokio::test]
async fn a_program_can_take_the_same_way() {
    let (node, provider) = start().await;
    let verifier = "a".repeat(43);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let address = form_urlencoded::Serializer::for_suffix(
        format!("{}/authorize?", provider.issuer),
        provider.issuer.len() + 11,
    )
    .append_pair("response_type", "code")
    .append_pair("client_id", "sedia")
    .append_pair("redirect_uri", "https://sedia.example/sign-in/openid/return")
    .append_pair("scope", "openid profile")
    .append_pair("code_challenge", &challenge)
    .append_pair("code_challenge_method", "S256")
    .append_pair("nonce", "n")
    .append_pair("state", "s")
    .finish();
    let back = provider.lets_in(&address);
    let code = back.split_once("code=").unwrap().1.split('&').next().unwrap();
    let good = json!({"code": code, "verifier": verifier, "nonce": "n"});
    let signed_in = node.post("/v1/sign-ins/openid", &good).send().await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.text());
    let me = node.get("/v1/me").key(signed_in.json()["key"].as_str().unwrap()).send().await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text());
    let proof = json!({"code": "made-up", "verifier": verifier, "nonce": "n"});
    node.post("/v1/sign-ins/openid", &json!({"code": "a"})).send().await.problem(422, "missing_field");
    node.post("/v1/sign-ins/openid", &json!([])).send().await.problem(422, "invalid_field");
    let raw = |media_type: &str, body: String| {
        node.call(Method::POST, "/v1/sign-ins/openid").body(media_type, body)
    };
    raw("application/json", "{".to_owned()).send().await.problem(400, "invalid_body");
    raw("text/csv", proof.to_string()).send().await.problem(415, "unsupported_media_type");
    raw("application/json", " ".repeat(1 << 17)).send().await.problem(413, "body_too_large");
    let call = || node.post("/v1/sign-ins/openid", &proof);
    call().key("sedia_wrong").send().await.problem(401, "key_invalid");
    for _ in 0..5 {
        let problem = call().language("en").send().await.problem(403, "provider_refused");
        assert_eq!(problem["errors"][0]["pointer"], "/code");
    }
    // Whoever tries many has to wait.
    call().send().await.problem(429, "too_many_requests");
    provider.has("/token", Trouble::Broken);
    call().send().await.problem(503, "provider_unavailable");
}
