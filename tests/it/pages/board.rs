//! The public board.

use axum::http::StatusCode;
use serde_json::json;

use sedia::http::{Gateways, HttpConfig};

use super::{page, start};
use crate::support::{PUBLIC, TestNode};

#[tokio::test]
async fn a_region_at_a_glance() {
    let (node, _) = start().await;
    let reply = node.get("/regions/33.74").send().await;
    assert_eq!(reply.header("cache-control"), PUBLIC);
    let region = page(&reply, StatusCode::OK);
    for told in [
        "Kota Semarang",
        "href=\"/regions/33\"",
        "ICU tanpa ventilator",
        "aria-label=\"Terisi 6, kosong 4, dari 10\"",
        "RS Harapan",
        "href=\"tel:0248413476\"",
        "/regions/33.74.10",
    ] {
        assert!(region.contains(told), "{told} in {region}");
    }
    // What is internal is on no page of the public.
    assert!(!region.contains("0812-4100-0000"), "{region}");
    let again = node.get("/regions/33.74").header("if-none-match", reply.header("etag")).send().await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "occupied": 7, "available": 3}})).await;
    let changed = node.get("/regions/33.74").header("if-none-match", reply.header("etag")).send().await;
    assert!(page(&changed, StatusCode::OK).contains("aria-label=\"Terisi 7, kosong 3, dari 10\""));
}

#[tokio::test]
async fn more_than_a_region_shows_is_one_tap_away() {
    let (node, _) = start().await;
    for n in 0..6 {
        let name = format!("Lain{n}");
        node.hospital(&name, "33.74.10", None).await;
        node.report(&format!("test:{name}"), json!({"bed.icu": {"available": 1}})).await;
    }
    for (language, word) in [("id", "Lihat lebih banyak"), ("en", "Show more")] {
        let region = page(&node.get(&format!("/regions/33.74?lang={language}")).send().await, StatusCode::OK);
        let (before, _) = region.split_once(word).unwrap();
        let address = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        let more = page(&node.get(&address.replace("&amp;", "&")).send().await, StatusCode::OK);
        for n in 0..6 {
            assert!(more.contains(&format!("RS Lain{n}")), "{n} in {more}");
        }
    }
}

#[tokio::test]
async fn a_question_in_the_box_is_answered_or_asked_back() {
    let (node, _) = start().await;
    let found = page(&node.get("/?q=icu+tembalang").send().await, StatusCode::OK);
    assert!(found.contains("RS Harapan") && found.contains("kosong 4 dari 10"), "{found}");
    assert!(found.contains("value=\"icu tembalang\""), "{found}");
    let asked = page(&node.get("/?q=icu+semarang").send().await, StatusCode::BAD_REQUEST);
    assert!(asked.contains("/?q=icu%20semarang&amp;region=33.74\">Kota Semarang"), "{asked}");
    let chosen = page(&node.get("/?q=icu%20semarang&region=33.74").send().await, StatusCode::OK);
    assert!(chosen.contains("RS Harapan"), "{chosen}");
}

#[tokio::test]
async fn the_first_page_leads_to_every_province_in_both_languages() {
    let (node, _) = start().await;
    let first = page(&node.get("/").send().await, StatusCode::OK);
    assert_eq!(first.matches("href=\"/regions/").count(), 38, "{first}");
    let english = page(&node.get("/?lang=en").send().await, StatusCode::OK);
    assert!(
        english.contains("Choose a province") && english.contains("href=\"/regions/33?lang=en\""),
        "{english}"
    );
}

#[tokio::test]
async fn a_region_that_is_not_there_is_a_page_that_says_so() {
    let (node, _) = start().await;
    page(&node.get("/regions/99").send().await, StatusCode::NOT_FOUND);
    let asked = page(&node.get("/regions/semarang").send().await, StatusCode::BAD_REQUEST);
    assert!(asked.contains("href=\"/regions/33.22\""), "{asked}");
}

#[tokio::test]
async fn a_region_is_drawn_as_a_map_with_the_same_numbers_in_a_table() {
    let (node, _) = start().await;
    let region = page(&node.get("/regions/33").send().await, StatusCode::OK);
    let map = region
        .split_once("<svg aria-hidden=\"true\" viewBox=\"0 0 400 ")
        .unwrap()
        .1
        .split_once("</svg>")
        .unwrap()
        .0;
    assert_eq!(map.matches("<a href=\"/regions/33.").count(), 35, "{map}");
    assert!(map.contains("Kota Semarang: 1 dari 1 faskes punya tempat tidur kosong"), "{map}");
    assert!(map.contains("Kabupaten Brebes: belum ada tempat tidur yang tercatat"), "{map}");
    assert_eq!(region.matches("<tr><th scope=\"row\"><a href=\"/regions/33.").count(), 35);
    // What is shown of it where somebody passes on its address.
    let description = "content=\"Tempat tidur: 1 dari 1 faskes punya yang kosong.\"";
    assert!(region.contains(&format!("property=\"og:description\" {description}")), "{region}");
}

#[tokio::test]
async fn a_facility_has_a_page_of_its_own() {
    let (node, _) = start().await;
    let region = page(&node.get("/regions/33.74").send().await, StatusCode::OK);
    let address = region.split('"').find(|part| part.starts_with("/facilities/")).unwrap();
    let reply = node.get(address).send().await;
    assert_eq!(reply.header("cache-control"), PUBLIC);
    let facility = page(&reply, StatusCode::OK);
    for told in [
        "RS Harapan",
        "href=\"/regions/33.74.10\"",
        "href=\"tel:0248413476\"",
        "ICU tanpa ventilator",
        "belum diketahui",
    ] {
        assert!(facility.contains(told), "{told} in {facility}");
    }
    assert!(!facility.contains("0812-4100-0000"), "{facility}");
    page(&node.get("/facilities/test:Harapan").send().await, StatusCode::OK);
    page(&node.get("/facilities/test:Nobody").send().await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_frame_for_other_sites_can_be_framed_and_is_kept_by_caches() {
    let (node, _) = start().await;
    let reply = node.get("/embed/regions/33.74").send().await;
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("frame-ancestors *") && policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'none'") && !policy.contains("script-src"), "{policy}");
    let widget = reply.text();
    assert!(widget.contains("href=\"/regions/33.74#beds\" target=\"_blank\" rel=\"noopener\""), "{widget}");
    let again = node.get("/embed/regions/33.74").header("if-none-match", reply.header("etag")).send().await;
    assert_eq!((again.status, reply.header("set-cookie")), (StatusCode::NOT_MODIFIED, ""));
}

/// The texts of the elements called `name`, in their order.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut texts = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) if start.name().as_ref() == name => {
                texts.push(reader.read_text(start.name()).unwrap().into_inner().into_owned());
            }
            quick_xml::events::Event::Eof => return texts,
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_feed_tells_of_the_day_and_of_each_report_with_a_free_bed_anew() {
    let (node, _) = start().await;
    let feed = async || {
        let reply = node.get("/regions/33.74/feed.atom").send().await;
        assert_eq!(reply.header("content-type"), "application/atom+xml; charset=utf-8");
        (reply.header("etag").to_owned(), reply.text())
    };
    let (tag, first) = feed().await;
    let titles = texts(&first, "title");
    assert_eq!(titles[1..], ["Kota Semarang, Kamis 1 Juli", "RS Harapan punya tempat tidur kosong"]);
    assert!(first.contains("ICU tanpa ventilator: kosong 4 dari 10"), "{first}");
    node.clock.pass(chrono::Duration::hours(1));
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "occupied": 9, "available": 1}})).await;
    let (changed, second) = feed().await;
    assert_ne!(tag, changed);
    let (first, second) = (texts(&first, "id"), texts(&second, "id"));
    // The feed and its day stay the same, the report is another one.
    assert_eq!((&first[..2], first.len()), (&second[..2], second.len()));
    assert_ne!(first[2], second[2]);
}

#[tokio::test]
async fn the_feed_leads_to_the_public_address_and_never_to_the_one_that_a_request_names() {
    let forged = async |node: &TestNode| {
        let feed = node.get("/regions/33.74/feed.atom").header("host", "evil.example");
        feed.header("x-forwarded-host", "evil.example").send().await.text()
    };
    let (node, _) = start().await;
    assert!(forged(&node).await.contains("href=\"/regions/33.74/feed.atom\""));
    let gateways =
        Gateways { public_url: Some("https://sedia.example.id".to_owned()), ..Gateways::default() };
    let node = TestNode::start_with(&HttpConfig { gateways, ..HttpConfig::default() }).await;
    node.hospital("Harapan", "33.74.10", None).await;
    node.report("test:Harapan", json!({"bed.icu": {"available": 4}})).await;
    let feed = forged(&node).await;
    for path in ["/regions/33.74/feed.atom\"", "/regions/33.74\"", "/facilities/"] {
        assert!(feed.contains(&format!("href=\"https://sedia.example.id{path}")), "{path} in {feed}");
    }
    assert!(!feed.contains("evil.example"), "{feed}");
}
