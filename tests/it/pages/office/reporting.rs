//! Who has not reported, and which numbers somebody should look at.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::json;

use super::{between, coordinator, guarded};
use crate::support::TestNode;

#[tokio::test]
async fn the_longest_silent_come_first_with_telephone_and_text() {
    let node = TestNode::start().await;
    for name in ["Lama", "Baru", "Diam"] {
        node.hospital(name, "33.74.10", None).await;
    }
    node.report("test:Lama", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    node.clock.pass(Duration::hours(40));
    node.report("test:Baru", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    let desk = coordinator(&node).await;
    let page = desk.open("/office").await;
    let silent = between(&page, "id=\"silent\"", "id=\"doubts\"");
    let place = |name: &str| silent.find(&format!(">{name}</a>"));
    assert!(place("RS Diam") < place("RS Lama") && place("RS Baru").is_none(), "{silent}");
    for told in
        ["Belum pernah melapor", "40 jam yang lalu", "href=\"tel:0248413476\"", "1 jenis angkanya lama"]
    {
        assert!(silent.contains(told), "{told} in {silent}");
    }
    // The mobile number is the one that WhatsApp knows; the text names the hospital and when it reported last.
    let text = "https://wa.me/6281241000000?text=Yth.%20RS%20Lama.%20Laporan%20ketersediaan";
    assert!(silent.contains(text), "{silent}");
    // All have a fresh number again.
    for name in ["Lama", "Diam"] {
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    }
    assert!(desk.open("/office").await.contains("Semua sudah melapor."));
}

#[tokio::test]
async fn the_last_of_the_silent_are_not_followed_by_an_empty_page() {
    let node = TestNode::start().await;
    for n in 0..26 {
        node.hospital(&format!("R{n}"), "33.74.10", None).await;
    }
    node.report("test:R25", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    let desk = coordinator(&node).await;
    let page = desk.open("/office").await;
    assert!(page.contains("<strong>25</strong>") && !page.contains("rel=\"next\""), "{page}");
}

#[tokio::test]
async fn who_has_not_reported_since_yesterday() {
    let node = TestNode::start().await;
    for name in ["A", "B", "C"] {
        node.hospital(name, "33.74.10", None).await;
    }
    // It is 14.00. The report of A is two days old then, that of B of yesterday, C's of today.
    for name in ["A", "B", "C"] {
        node.report(&format!("test:{name}"), json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
        node.clock.pass(Duration::hours(if name == "C" { 1 } else { 24 }));
    }
    let desk = coordinator(&node).await;
    for (since, silent) in [("today", vec!["RS A", "RS B"]), ("yesterday", vec!["RS A"]), ("week", vec![])] {
        let page = desk.open(&format!("/office?since={since}")).await;
        let list = between(&page, "id=\"silent\"", "id=\"doubts\"");
        let named: Vec<&str> = ["RS A", "RS B", "RS C"]
            .into_iter()
            .filter(|name| list.contains(&format!(">{name}</a>")))
            .collect();
        assert_eq!(named, silent, "{since}: {list}");
        assert!(list.contains("aria-current=\"true\""), "{list}");
    }
}

#[tokio::test]
async fn a_number_that_jumped_is_confirmed_or_corrected() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 100, "available": 3}, "bed.class3": {"capacity": 100, "available": 3}})).await;
    node.clock.pass(Duration::hours(1));
    node.report("test:A", json!({"bed.icu": {"capacity": 100, "available": 90}, "bed.class3": {"capacity": 100, "available": 80}})).await;
    let desk = coordinator(&node).await;
    let page = desk.open("/office").await;
    let doubts = between(&page, "id=\"doubts\"", "</main>");
    assert!(doubts.contains("ICU tanpa ventilator jauh berbeda dari sebelumnya: sekarang kosong 90 dari 100, sebelumnya kosong 3 dari 100"), "{doubts}");
    // The first form confirms one of the two.
    let confirmed = desk
        .done(
            doubts,
            "/office/confirm",
            &[("type", "bed.icu"), ("was", r#"{"available":90,"capacity":100}"#)],
        )
        .await;
    let doubts = between(&confirmed, "id=\"doubts\"", "</main>");
    assert!(!doubts.contains("ICU tanpa ventilator") && doubts.contains("Kelas III"), "{doubts}");
    // Meanwhile the hospital said otherwise: nobody confirms what they have not seen.
    node.clock.pass(Duration::minutes(30));
    node.report("test:A", json!({"bed.class3": {"capacity": 100, "available": 70}})).await;
    let overtaken = desk.send(doubts, "/office/confirm", &[]).await;
    assert!(guarded(&overtaken, StatusCode::PRECONDITION_FAILED).contains("orang lain mengubah"));
    // It was a slip.
    let path = format!("/office/facilities/{id}/numbers");
    let form = desk.open(&format!("{path}?type=bed.class3")).await;
    let corrected = desk.done(&form, &path, &[("values/bed.class3/available", "7")]).await;
    assert!(corrected.contains("kosong 7 dari 100") && corrected.contains("koordinator"), "{corrected}");
    assert!(desk.open("/office").await.contains("Tidak ada angka yang diragukan."));
}

#[tokio::test]
async fn a_disputed_number_stands_there_until_somebody_has_seen_to_it() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    for by in ["Siti", "Budi"] {
        let agent = node.key(Role::Agent, None, &[]).await;
        let note = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "numbers": {"available": 0}, "by": by, "text": "penuh"});
        assert_eq!(
            node.post("/v1/facilities/test:A/marks", &note).key(&agent).send().await.status,
            StatusCode::CREATED
        );
    }
    let desk = coordinator(&node).await;
    let mut page = desk.open("/office").await;
    assert!(
        page.contains(
            "dibantah oleh beberapa penelepon: tercatat kosong 4 dari 10, menurut jawaban telepon kosong 0"
        ),
        "{page}"
    );
    for _ in 0..2 {
        let (_, rest) = page.split_once("action=\"/office/marks/").unwrap();
        let action = format!("/office/marks/{}", rest.split('"').next().unwrap());
        page = desk.done(&page, &action, &[]).await;
    }
    assert!(page.contains("Tidak ada angka yang diragukan."), "{page}");
}
