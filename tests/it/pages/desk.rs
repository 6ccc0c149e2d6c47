//! The desk of an agent.

use axum::http::{Method, StatusCode};
use http_body_util::BodyExt;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::json;

use super::{
    CROSS_SITE, page,
    sign_in::{open, sign_in, submit, token},
};
use crate::support::{Reply, TestNode};

/// A node with two hospitals, and the cookie of an agent.
async fn start() -> (TestNode, String) {
    let node = TestNode::start().await;
    node.hospital("Harapan", "33.74.10", Some((-7.05, 110.44))).await;
    node.hospital("Jauh", "33.22.10", Some((-7.24, 110.46))).await;
    for (name, available) in [("Harapan", 2), ("Jauh", 5)] {
        let icu = json!({"capacity": 10, "occupied": 10 - available, "available": available, "queue": 3});
        node.report(&format!("test:{name}"), json!({"bed.icu": icu})).await;
    }
    let key = node.key(Role::Agent, Some("33"), &[]).await;
    let cookie = sign_in(&node, &key).await;
    (node, cookie)
}

async fn desk(node: &TestNode, cookie: &str, query: &str) -> String {
    let reply = open(node, &format!("/desk{query}"), cookie).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    page(&reply, StatusCode::OK)
}

/// The value of a hidden field at a facility.
fn hidden<'a>(page: &'a str, facility: &str, name: &str) -> &'a str {
    let (_, card) = page.split_once(&format!("aria-label=\"{facility}\"")).unwrap();
    let (_, rest) = card.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

/// Sends a form at the hospital called Harapan.
async fn act(node: &TestNode, cookie: &str, page: &str, fields: &[(&str, &str)]) -> Reply {
    let form = token(page);
    let given = |name: &'static str| (name, hidden(page, "RS Harapan", name));
    let mut all = vec![("form", &*form), given("key"), given("facility"), given("q")];
    all.extend_from_slice(fields);
    submit(node, "/desk/marks", cookie, &all).await
}

#[tokio::test]
async fn a_question_is_answered_with_all_that_an_agent_tells_the_caller() {
    let (node, cookie) = start().await;
    let empty = desk(&node, &cookie, "").await;
    assert!(empty.contains("name=\"q\"") && empty.contains("aria-current=\"page\""), "{empty}");
    let asked = desk(&node, &cookie, "?q=icu+tembalang").await;
    for told in [
        "value=\"icu tembalang\"",
        "Angka terbaru dahulu, lalu yang terdekat",
        "Kosong menurut angka baru",
        "2 kosong",
        "terisi 8 dari 10, antrean 3",
        "baru, baru saja",
        "href=\"tel:0248413476\"",
        // Agents see it, and see that it is theirs alone.
        "0812-4100-0000",
        "jangan diberikan kepada penelepon",
        "Bacakan",
        "icu%20tembalang%20100%20km",
    ] {
        assert!(asked.contains(told), "{told} in {asked}");
    }
    assert!(asked.find("RS Harapan").unwrap() < asked.find("RS Jauh").unwrap());
    let all = desk(&node, &cookie, "?q=tembalang").await;
    assert_eq!(all.matches("class=\"kind\"").count(), 3, "{all}");
    let english = desk(&node, &cookie, "?q=icu+tembalang&lang=en").await;
    assert!(
        english.contains("Free by fresh numbers") && english.contains("8 in use of 10, 3 waiting"),
        "{english}"
    );
    // A part of the page for its script is the same.
    let part = open(&node, "/desk/answer?q=icu+tembalang", &cookie).await;
    assert!(
        part.text().starts_with("<section id=\"answer\"") && part.text().contains("2 kosong"),
        "{}",
        part.text()
    );
    // What can be read aloud is a second question: it is asked when somebody reads it.
    assert!(part.text().contains("<p class=\"aloud\"></p>"), "{}", part.text());
    let read = open(&node, "/desk/answer?q=icu+tembalang&aloud=true", &cookie).await;
    assert!(
        read.text().contains("<p class=\"aloud\">ICU (semua jenis): ada 2 rumah sakit"),
        "{}",
        read.text()
    );
}

#[tokio::test]
async fn a_session_says_whom_it_is_for_and_what_is_sent_first_is_what_is_free() {
    let (node, cookie) = start().await;
    let session = json!({
        "facility": "test:Harapan", "from": "00:00", "to": "23:59", "product": "sinovac", "doses": [2], "age_min": 12, "age_max": 17,
        "weekly": {"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "2021-07-01"},
    });
    let admin = node.key(Role::Admin, None, &[]).await;
    let made = node.post("/v1/sessions", &session).key(&admin).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let asked = desk(&node, &cookie, "?q=vaksin+tembalang").await;
    assert!(asked.contains("Sinovac, dosis 2, usia 12-17 tahun"), "{asked}");
    // A bed of the first type in the list would be one that is taken.
    let beds =
        json!({"bed.icu": {"capacity": 10, "available": 0}, "bed.icu_vent": {"capacity": 4, "available": 1}});
    node.report("test:Jauh", beds).await;
    let asked = desk(&node, &cookie, "?q=icu+33.22").await;
    assert!(asked.contains("<option value=\"bed.icu_vent\" selected"), "{asked}");
}

#[tokio::test]
async fn a_place_that_may_be_several_is_asked_back() {
    let (node, _) = start().await;
    let cookie = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let asked = page(&open(&node, "/desk?q=icu+semarang", &cookie).await, StatusCode::BAD_REQUEST);
    assert!(asked.contains("/desk?q=icu%20semarang&amp;region=33.74\">Kota Semarang"), "{asked}");
    let chosen = desk(&node, &cookie, "?q=icu+semarang&region=33.74").await;
    assert!(chosen.contains("RS Harapan"), "{chosen}");
}

#[tokio::test]
async fn the_next_page_and_a_wider_circle_are_links() {
    let (node, cookie) = start().await;
    for n in 0..9 {
        let name = format!("Lain{n}");
        node.hospital(&name, "33.74.10", Some((-7.05, 110.44))).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"available": 1}})).await;
    }
    let first = desk(&node, &cookie, "?q=icu+tembalang").await;
    let (_, rest) = first.split_once("href=\"/desk?q=icu%20tembalang&amp;kind=beds&amp;cursor=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let next = desk(&node, &cookie, &format!("?q=icu+tembalang&kind=beds&cursor={cursor}")).await;
    assert_eq!((first.matches("class=\"card\"").count(), next.matches("class=\"card\"").count()), (8, 3));
    assert!(!first.contains("RS Jauh") && next.contains("RS Jauh"), "{next}");
    let wider = desk(&node, &cookie, "?q=icu+tembalang+100+km").await;
    assert!(wider.contains("/desk?q=icu%20tembalang%20200%20km"), "{wider}");
    page(&open(&node, "/desk?q=icu+tembalang&kind=beds&cursor=x", &cookie).await, StatusCode::BAD_REQUEST);
    page(&open(&node, "/desk?q=icu+tembalang&kind=isolation&cursor=x", &cookie).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_agent_does_is_seen_by_colleagues() {
    let (node, cookie) = start().await;
    let asked = desk(&node, &cookie, "?q=icu+tembalang").await;
    let claimed = act(&node, &cookie, &asked, &[("do", "claim")]).await;
    let back = format!("/desk?q=icu%20tembalang#f-{}", hidden(&asked, "RS Harapan", "facility"));
    assert_eq!((claimed.status, claimed.header("location")), (StatusCode::SEE_OTHER, &*back));
    let other = sign_in(&node, &node.key(Role::Coordinator, Some("33.74"), &[]).await).await;
    let seen = desk(&node, &other, "?q=icu+tembalang").await;
    assert!(seen.contains("Sedang ditelepon oleh test agent"), "{seen}");
    let second = page(&act(&node, &other, &seen, &[("do", "claim")]).await, StatusCode::CONFLICT);
    assert!(second.contains("test agent"), "{second}");
    for (agent, page) in [(&cookie, desk(&node, &cookie, "?q=icu+tembalang").await), (&other, seen)] {
        let told = [("do", "wrong"), ("type", "bed.icu"), ("available", "0")];
        assert!(page.contains("<b class=\"free\">2 kosong"), "{page}");
        assert_eq!(act(&node, agent, &page, &told).await.status, StatusCode::SEE_OTHER);
        // Who heard another number is believed as far as not to promise this one.
        let after = desk(&node, agent, "?q=icu+tembalang").await;
        assert!(after.contains("2 kosong") && !after.contains("<b class=\"free\">2 kosong"), "{after}");
    }
    let disputed = desk(&node, &cookie, "?q=icu+tembalang").await;
    assert!(
        disputed.contains("Angka ini diragukan") && disputed.contains("angka ini tidak sesuai: penuh"),
        "{disputed}"
    );
    assert!(disputed.find("RS Jauh").unwrap() < disputed.find("RS Harapan").unwrap());
    for (what, told) in [("phone_dead", "tidak diangkat"), ("closed", "tutup")] {
        let before = desk(&node, &cookie, "?q=icu+tembalang").await;
        let fields = [("do", what), ("phone", hidden(&before, "RS Harapan", "phone"))];
        assert_eq!(act(&node, &cookie, &before, &fields).await.status, StatusCode::SEE_OTHER);
        assert!(desk(&node, &cookie, "?q=icu+tembalang").await.contains(told));
    }
    let before = desk(&node, &cookie, "?q=icu+tembalang").await;
    let refused =
        act(&node, &cookie, &before, &[("do", "wrong"), ("type", "bed.icu"), ("available", "tiga")]).await;
    page(&refused, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn somebody_is_sent_to_the_last_bed_once_unless_that_is_meant() {
    let (node, cookie) = start().await;
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "available": 1}})).await;
    let hold = [("do", "hold"), ("type", "bed.icu")];
    let asked = desk(&node, &cookie, "?q=icu+tembalang").await;
    assert_eq!(act(&node, &cookie, &asked, &hold).await.status, StatusCode::SEE_OTHER);
    let held = desk(&node, &cookie, "?q=icu+tembalang").await;
    assert!(
        held.contains("1 tempat ditahan oleh test agent") && held.contains("Ditahan untuk orang lain"),
        "{held}"
    );
    let other = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let seen = desk(&node, &other, "?q=icu+tembalang").await;
    let again = page(&act(&node, &other, &seen, &hold).await, StatusCode::CONFLICT);
    assert!(again.contains("name=\"confirm\" value=\"true\""), "{again}");
    let meant = [("do", "hold"), ("type", "bed.icu"), ("confirm", "true")];
    assert_eq!(act(&node, &other, &seen, &meant).await.status, StatusCode::SEE_OTHER);
    // With a script the page stays, and only the sentence comes.
    let third = sign_in(&node, &node.key(Role::Agent, None, &[]).await).await;
    let seen = desk(&node, &third, "?q=icu+tembalang").await;
    let fields: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("form", &*token(&seen)),
            ("facility", hidden(&seen, "RS Harapan", "facility")),
            ("key", "k"),
        ])
        .extend_pairs(hold)
        .finish();
    let call = node.call(Method::POST, "/desk/marks").header("cookie", &third).header("x-part", "1");
    let told = call.body("application/x-www-form-urlencoded", fields).send().await;
    assert_eq!((told.status, told.header("x-confirm")), (StatusCode::CONFLICT, "1"));
    assert!(told.text().contains("Tekan sekali lagi"), "{}", told.text());
}

#[tokio::test]
async fn what_is_copied_for_the_caller_has_nothing_internal() {
    let (node, cookie) = start().await;
    let copied = open(&node, "/desk/copy?facility=test%3AHarapan", &cookie).await;
    let text = copied.text();
    assert!(text.contains("RS Harapan") && text.contains("024-8413476"), "{text}");
    assert!(!text.contains("0812-4100-0000"), "{text}");
    assert_eq!(open(&node, "/desk/copy?facility=nobody", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_of_the_region_come_to_an_open_desk_which_does_not_renew_the_sign_in() {
    let (node, cookie) = start().await;
    let seq = node.seq().await;
    node.clock.pass(chrono::Duration::minutes(40));
    let call = node.get("/desk/changes").header("cookie", &cookie).header("accept", "text/event-stream");
    let mut stream = call.open().await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let call = node.get("/desk/answer?q=icu+tembalang").header("cookie", &cookie).header("x-live", "1");
    assert_eq!(call.send().await.status, StatusCode::OK);
    assert_eq!(node.seq().await, seq);
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "available": 1}})).await;
    let event = stream.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    let event = String::from_utf8(event.to_vec()).unwrap();
    assert!(event.contains("\"kind\":\"report\"") && event.contains("\"available\":1"), "{event}");
    desk(&node, &cookie, "").await;
    assert_eq!(node.seq().await, seq + 2, "looking at the page renews it");
}

#[rstest]
#[case::reporter(Role::Reporter)]
#[case::link(Role::Link)]
#[tokio::test]
async fn it_is_for_agents_and_up(#[case] role: Role) {
    let (node, _) = start().await;
    let cookie = sign_in(&node, &node.key(role, None, &["test:Harapan"]).await).await;
    for path in ["/desk", "/desk/answer?q=icu", "/desk/changes", "/desk/copy?facility=test:Harapan"] {
        let refused = page(&open(&node, path, &cookie).await, StatusCode::FORBIDDEN);
        assert!(
            refused.contains("Halaman ini untuk peran lain") && !refused.contains("href=\"/desk\""),
            "{refused}"
        );
    }
    let nobody = open(&node, "/desk?q=icu", "").await;
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (StatusCode::SEE_OTHER, "/sign-in?next=/desk%3Fq%3Dicu")
    );
}

#[tokio::test]
async fn a_place_that_was_held_by_mistake_is_given_back() {
    let (node, cookie) = start().await;
    let asked = desk(&node, &cookie, "?q=icu+tembalang").await;
    assert!(!asked.contains("name=\"end\""), "{asked}");
    let hold = [("do", "hold"), ("type", "bed.icu")];
    assert_eq!(act(&node, &cookie, &asked, &hold).await.status, StatusCode::SEE_OTHER);
    let held = desk(&node, &cookie, "?q=icu+tembalang").await;
    let (_, own) = held.split_once("name=\"end\" value=\"").unwrap();
    let end = [("end", own.split('"').next().unwrap())];
    assert_eq!(act(&node, &cookie, &held, &end).await.status, StatusCode::SEE_OTHER);
    let after = desk(&node, &cookie, "?q=icu+tembalang").await;
    assert!(held.contains("ditahan oleh") && !after.contains("ditahan oleh"), "{after}");
}

#[tokio::test]
async fn text_from_outside_is_only_text_at_the_desk() {
    let (node, cookie) = start().await;
    let admin = node.admin().await;
    for (n, text) in CROSS_SITE.into_iter().enumerate() {
        let facility = format!("test:x{n}");
        let input = json!({"name": format!("RS {text}"), "kind": "hospital", "region": "33.74.10",
            "external_ids": [facility], "phones": [{"number": "024-8413476", "label": text}]});
        assert_eq!(node.post("/v1/facilities", &input).key(&admin).send().await.status, StatusCode::CREATED);
        node.report(&facility, json!({"bed.picu": {"available": 4}})).await;
        let note =
            json!({"kind": "note", "verdict": "confirmed", "type": "bed.picu", "text": text, "by": text});
        node.post(&format!("/v1/facilities/{facility}/marks"), &note).key(&admin).send().await.json();
        let question = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        for path in [
            "/desk?q=picu+tembalang".to_owned(),
            format!("/desk?q={question}"),
            format!("/desk?q=picu&region={question}"),
        ] {
            let shown = open(&node, &path, &cookie).await.text();
            let (_, body) = shown.split_once("<body>").unwrap();
            for bad in ["<script>", "<img", "<svg/", "\" autofocus onfocus", "href=\"javascript:"] {
                assert!(!body.contains(bad), "{path}: {bad} in {body}");
            }
        }
    }
}

#[tokio::test]
async fn it_is_light_on_a_weak_line() {
    let (node, cookie) = start().await;
    for n in 0..8 {
        let name = format!("Lain{n}");
        node.hospital(&name, "33.74.10", None).await;
        let numbers = json!({"capacity": 10, "occupied": 6, "available": 4});
        node.report(
            &format!("test:{name}"),
            json!({"bed.icu": numbers, "bed.class3": numbers, "isolation.any": numbers}),
        )
        .await;
    }
    let asked = desk(&node, &cookie, "?q=tembalang").await;
    let mut files: Vec<&str> = asked.split('"').filter(|part| part.starts_with("/assets/")).collect();
    files.push("/desk?q=tembalang");
    let mut bytes = 0;
    for file in files {
        let call = node.get(file).header("cookie", &cookie).header("accept-encoding", "gzip");
        let response = call.send().await;
        assert_eq!(response.header("content-encoding"), "gzip", "{file}");
        bytes += response.body.len();
    }
    assert!(bytes < 30_000, "{bytes} bytes");
}
