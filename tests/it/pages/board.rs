//! The public board.

use axum::http::StatusCode;
use serde_json::json;

use super::{page, start};

#[tokio::test]
async fn a_region_at_a_glance() {
    let (node, _) = start().await;
    let reply = node.get("/regions/33.74").send().await;
    assert_eq!(reply.header("cache-control"), "public, max-age=5");
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
