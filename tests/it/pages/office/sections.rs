//! Duplicates, rooms, links, keys, contacts, sessions, and who changed what.

use axum::http::StatusCode;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{between, coordinator, desk, guarded};
use crate::support::TestNode;

#[tokio::test]
async fn a_duplicate_is_compared_and_merged_once_somebody_is_sure() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (name, id) in [("RSUD Harapan Bunda", "test:1"), ("RSU Harapan Bunda", "test:2")] {
        let input = json!({"name": name, "kind": "hospital", "region": "33.74.10", "external_ids": [id], "phones": [{"number": "024-8413476"}]});
        node.post("/v1/facilities", &input).key(&key).send().await.json();
    }
    let desk = coordinator(&node).await;
    let list = desk.open("/office/duplicates").await;
    let compare = between(&list, "href=\"/office/duplicates/", "\"");
    let action = format!("/office/duplicates/{compare}");
    let page = desk.open(&action).await;
    assert!(
        page.contains("RSUD Harapan Bunda") && page.contains("test:2") && page.contains("Tukar"),
        "{page}"
    );
    let unsure = desk.send(&page, &action, &[]).await;
    assert_eq!((unsure.status, unsure.header("location")), (StatusCode::SEE_OTHER, &*action));
    assert!(desk.open("/office/duplicates").await.contains("Bandingkan"));
    let merged = desk.done(&page, &action, &[("sure", "true")]).await;
    assert!(merged.contains("Digabung.") && merged.contains("test:1, test:2"), "{merged}");
    assert!(desk.open("/office/duplicates").await.contains("Tidak ada yang tampak ganda."));
    // The old address leads to the one that stays.
    let (_, goes) = compare.split_once('/').unwrap();
    assert!(desk.open(&format!("/office/facilities/{goes}")).await.contains("RSUD Harapan Bunda"));
}

#[tokio::test]
async fn a_room_without_a_type_is_shown_and_an_admin_says_what_its_code_means() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let hospital = json!({"name": "RS A", "kind": "hospital", "region": "33.74.10", "external_ids": ["kemenkes:3374010"]});
    node.post("/v1/facilities", &hospital).key(&key).send().await.json();
    let bridge = node.key(Role::Bridge, None, &["kemenkes:3374010"]).await;
    let row = json!({"id_tt": "99", "id_t_tt": "1", "ruang": "Ruang Baru", "jumlah": "5", "terpakai": "2"});
    let sent = node
        .post("/bridge/rsonline/Fasyankes", &row)
        .header("x-rs-id", "3374010")
        .header("x-pass", &bridge)
        .send()
        .await;
    assert!(sent.status.is_success(), "{}", sent.text());
    let shown = coordinator(&node).await.open("/office/unmapped").await;
    assert!(
        shown.contains("Kode kemenkes:99")
            && shown.contains("Ruang Baru")
            && !shown.contains("name=\"type\""),
        "{shown}"
    );
    let admin = desk(&node, Role::Admin, None).await;
    let page = admin.open("/office/unmapped").await;
    let mapped = admin.done(&page, "/office/unmapped", &[("type", "bed.class3")]).await;
    assert!(mapped.contains("Semua ruang sudah dihitung."), "{mapped}");
    let facility = node.get("/v1/facilities/kemenkes:3374010").send().await.json();
    assert_eq!(
        (&facility["availability"][0]["type"], &facility["availability"][0]["capacity"]),
        (&json!("bed.class3"), &json!(5))
    );
}

#[tokio::test]
async fn a_link_is_made_shown_once_and_revoked() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let page = desk.open(&format!("/office/facilities/{id}?lang=en")).await;
    let action = format!("/office/facilities/{id}/links");
    let made =
        desk.send(&page, &format!("{action}?lang=en"), &[("name", "Bu Sri"), ("expires_days", "7")]).await;
    let made = guarded(&made, StatusCode::OK);
    let address = between(&made, "<code>", "</code>").to_owned();
    assert!(made.contains("https://wa.me/6281241000000?text=Report%20link%20of%20RS%20A"), "{made}");
    assert!(node.get(address.trim_start_matches("http://localhost")).send().await.status.is_success());
    let list = desk.open("/office/links").await;
    assert!(list.contains("Bu Sri") && list.contains(">RS A</a>") && !list.contains("sedia_"), "{list}");
    let revoke = format!("/office/links/{}", between(&list, "action=\"/office/links/", "\""));
    let list = desk.done(&list, &revoke, &[]).await;
    assert!(list.contains("dicabut") && !list.contains("/revoke"), "{list}");
    assert_eq!(
        node.get(address.trim_start_matches("http://localhost")).send().await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_key_is_made_for_the_own_region_and_revoked() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let page = desk.open("/office/keys").await;
    let made = guarded(
        &desk.send(&page, "/office/keys", &[("role", "agent"), ("name", "Siti")]).await,
        StatusCode::OK,
    );
    let key = between(&made, "<code>", "</code>");
    let me = node.get("/v1/me").key(key).send().await.json();
    assert_eq!((&me["role"], &me["name"], &me["region"]), (&json!("agent"), &json!("Siti"), &json!("33.74")));
    let refused = desk.send(&page, "/office/keys", &[("role", "reporter"), ("name", "Budi")]).await;
    let refused = guarded(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("href=\"#facilities\"") && refused.contains("value=\"Budi\""), "{refused}");
    let list = desk.open("/office/keys").await;
    let row = between(&list, ">Siti</th>", "</tr>");
    let revoke = format!("/office/keys/{}", between(row, "action=\"/office/keys/", "\""));
    desk.done(&list, &revoke, &[]).await;
    node.get("/v1/me").key(key).send().await.problem(401, "key_revoked");
}

#[tokio::test]
async fn contacts_are_added_changed_and_removed() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let form = desk.open("/office/contacts/new").await;
    let wrong = guarded(
        &desk
            .send(&form, "/office/contacts/new", &[("name", "Dinkes"), ("role", "dinkes"), ("phone", "satu")])
            .await,
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    assert!(wrong.contains("href=\"#phone\""), "{wrong}");
    let list = desk.done(&wrong, "/office/contacts/new", &[("phone", "024-3540000")]).await;
    assert!(
        list.contains("Dinkes") && list.contains("href=\"tel:0243540000\"") && list.contains("Kota Semarang"),
        "{list}"
    );
    let action = format!("/office/contacts/{}", between(&list, "href=\"/office/contacts/", "\""));
    let form = desk.open(&action).await;
    let list = desk.done(&form, &action, &[("name", "Dinas Kesehatan"), ("visibility", "true")]).await;
    assert!(list.contains("Dinas Kesehatan") && list.contains("hanya untuk petugas"), "{list}");
    let list = desk.done(&list, &format!("{action}/end"), &[]).await;
    assert!(list.contains("Belum ada kontak."), "{list}");
}

#[tokio::test]
async fn sessions_are_announced_changed_and_cancelled() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let form = desk.open("/office/sessions/new").await;
    let entered = [
        ("facility", "test:A"),
        ("product", "sinovac"),
        ("doses", "1"),
        ("date", "2021-07-03"),
        ("age_min", "12"),
    ];
    let list = desk.done(&form, "/office/sessions/new", &entered).await;
    assert!(list.contains("Sabtu 3 Juli") && list.contains("sinovac"), "{list}");
    let action = format!("/office/sessions/{}", between(&list, "href=\"/office/sessions/", "\""));
    let (form, same) = (desk.open(&action).await, desk.open(&action).await);
    let list = desk
        .done(&form, &action, &[("weekly/weekdays", "sun"), ("weekly/from", "2021-07-04"), ("date", "")])
        .await;
    assert!(list.contains("setiap Minggu"), "{list}");
    // Somebody else had it open, too.
    let told =
        guarded(&desk.send(&same, &action, &[("product", "moderna")]).await, StatusCode::PRECONDITION_FAILED);
    assert!(told.contains("value=\"sinovac\""), "{told}");
    let list = desk.done(&list, &format!("{action}/end"), &[]).await;
    assert!(list.contains("dibatalkan"), "{list}");
    assert_eq!(
        node.get("/v1/vaccinations?region=33.74").send().await.json()["facilities"],
        Value::Array(Vec::new())
    );
}

#[tokio::test]
async fn the_log_says_who_changed_what() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.hospital("Jauh", "33.22", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    let desk = coordinator(&node).await;
    let log = desk.open("/office/changes").await;
    let report = log.split("<tr").find(|row| row.contains("ICU tanpa ventilator: kosong 4 dari 10"));
    let report = report.unwrap_or_else(|| panic!("{log}"));
    assert!(report.contains("test admin") && report.contains(">RS A</a>"), "{report}");
    // Whoever is clicked is shown alone, with the way back.
    let only = between(report, "href=\"", "\"").to_owned();
    let theirs = desk.open(&only).await;
    assert!(theirs.contains(">RS A</a>"), "{theirs}");
    assert!(theirs.contains("Semua perubahan") && !theirs.contains(">test coordinator</a>"), "{theirs}");
    assert!(!log.contains("RS Jauh") && log.contains("Halaman berikutnya"), "{log}");
    let next = between(&log, "rel=\"next\" href=\"", "\"").to_owned();
    assert!(desk.open(&next).await.contains("<tr"));
}
