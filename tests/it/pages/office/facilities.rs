//! Finding a facility, mending what is known of it, and a new isolation site.

use axum::http::StatusCode;
use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{between, coordinator, guarded};
use crate::{
    pages::sign_in::{open, submit, token},
    support::TestNode,
};

async fn facility(node: &TestNode, id: &str) -> Value {
    let key = node.admin().await;
    node.get(&format!("/v1/facilities/{id}")).key(&key).send().await.json()
}

#[tokio::test]
async fn a_wrong_telephone_is_mended() {
    let node = TestNode::start().await;
    let id = node.hospital("Harapan", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let found = desk.open("/office/facilities?q=harapn").await;
    assert!(found.contains(&format!("href=\"/office/facilities/{id}\">RS Harapan</a>")), "{found}");
    let path = format!("/office/facilities/{id}/edit");
    let form = desk.open(&path).await;
    assert!(form.contains("value=\"024-8413476\"") && form.contains("Tembalang, Kota Semarang"), "{form}");
    // Between, the hospital reports: that is nobody's correction.
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    for (field, text) in [("name", ""), ("phones/0/number", "delapan")] {
        let refused = desk.send(&form, &path, &[(field, text)]).await;
        let refused = guarded(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.contains("<title>Perlu diperbaiki: "), "{refused}");
        for told in [
            format!("href=\"#{field}\""),
            format!("id=\"{field}-error\""),
            format!("name=\"{field}\" value=\"{text}\""),
        ] {
            assert!(refused.contains(&told), "{told} in {refused}");
        }
    }
    let done = desk
        .done(
            &form,
            &path,
            &[
                ("phones/0/number", "024-7600000"),
                ("phones/2/number", "0813-1111-2222"),
                ("phones/2/label", "Humas"),
            ],
        )
        .await;
    assert!(done.contains("href=\"tel:0247600000\"") && done.contains("Humas"), "{done}");
    let now = facility(&node, &id).await;
    assert_eq!(now["phones"][0], json!({"number": "024-7600000", "label": "IGD", "visibility": "public"}));
    assert_eq!(now["phones"][1]["visibility"], "internal");
    assert_eq!((&now["name"], now["phones"].as_array().unwrap().len()), (&json!("RS Harapan"), 3));
}

#[tokio::test]
async fn two_coordinators_do_not_overwrite_each_other_unseen() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    let (one, other) = (coordinator(&node).await, coordinator(&node).await);
    let path = format!("/office/facilities/{id}/edit");
    let (form, same) = (one.open(&path).await, other.open(&path).await);
    one.done(&form, &path, &[("name", "RSUD A")]).await;
    let told = guarded(
        &other.send(&same, &path, &[("address", "Jalan Baru 1")]).await,
        StatusCode::PRECONDITION_FAILED,
    );
    assert!(
        told.contains("orang lain mengubah data yang sama") && told.contains("<li>RSUD A</li>"),
        "{told}"
    );
    assert!(told.contains("value=\"Jalan Baru 1\""), "{told}");
    assert_eq!(facility(&node, &id).await["address"], Value::Null);
    // What was entered is still there, and the second time it is meant.
    other.done(&told, &path, &[]).await;
    let now = facility(&node, &id).await;
    assert_eq!((&now["name"], &now["address"]), (&json!("RSUD A"), &json!("Jalan Baru 1")));
}

#[tokio::test]
async fn place_and_point_are_mended_by_name_and_by_what_a_map_gives() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let path = format!("/office/facilities/{id}/edit");
    let form = desk.open(&path).await;
    desk.done(&form, &path, &[("region", "Banyumanik, Kota Semarang"), ("lat", "-7.06, 110.42")]).await;
    let now = facility(&node, &id).await;
    assert_eq!(
        (&now["region"]["code"], &now["lat"], &now["lon"]),
        (&json!("33.74.11"), &json!(-7.06), &json!(110.42))
    );
    // A name with several meanings is asked back beside its field.
    let admin = super::desk(&node, Role::Admin, None).await;
    let form = admin.open(&path).await;
    let asked = guarded(&admin.send(&form, &path, &[("region", "semarang")]).await, StatusCode::BAD_REQUEST);
    assert!(asked.contains("name=\"region\" value=\"33.74\"> Kota Semarang"), "{asked}");
    admin.done(&asked, &path, &[("region", "33.74")]).await;
    assert_eq!(facility(&node, &id).await["region"]["code"], "33.74");
}

#[tokio::test]
async fn a_facility_shows_its_numbers_their_history_and_is_closed_and_reopened() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    for free in [4, 2, 7] {
        node.report(
            "test:A",
            json!({"bed.icu": {"capacity": 10, "available": free}, "bed.class3": {"available": 1}}),
        )
        .await;
        node.clock.pass(Duration::hours(5));
    }
    let desk = coordinator(&node).await;
    let page = desk.open(&format!("/office/facilities/{id}?type=bed.icu")).await;
    for told in [
        "kosong 7 dari 10",
        "Riwayat: ICU tanpa ventilator",
        "Paling sedikit 2 kosong, paling banyak 7, terakhir 7",
        "hanya untuk petugas",
        "(test admin)",
    ] {
        assert!(page.contains(told), "{told} in {page}");
    }
    let line = between(&page, "class=\"line\" d=\"", "\"");
    assert_eq!((line.matches('M').count(), line.matches('V').count()), (1, 2), "{line}");
    let action = format!("/office/facilities/{id}/closed");
    let closed = desk.done(&page, &action, &[]).await;
    assert!(closed.contains("Buka lagi faskes ini"), "{closed}");
    assert_eq!(node.get("/v1/beds?region=33.74&min=0").send().await.json()["facilities"], json!([]));
    desk.done(&closed, &action, &[]).await;
    assert_eq!(facility(&node, &id).await["closed"], false);
}

#[tokio::test]
async fn an_isolation_site_is_added_in_one_form_and_gets_a_link() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let form = desk.open("/office/sites/new").await;
    let entered = [
        ("name", "Isoter Rumah Dinas"),
        ("region", "Tembalang"),
        ("phones/0/number", "0812-3456-7890"),
        ("values/isolation.male/capacity", "20"),
        ("values/isolation.male/available", "25"),
    ];
    // More free than there are places: everything that was entered is still there.
    let refused =
        guarded(&desk.send(&form, "/office/sites/new", &entered).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.contains("value=\"Isoter Rumah Dinas\"")
            && refused.contains("id=\"values/isolation.male/available-error\""),
        "{refused}"
    );
    let added = desk.send(&refused, "/office/sites/new", &[("values/isolation.male/available", "12")]).await;
    let added = guarded(&added, StatusCode::OK);
    let address = between(&added, "<code>", "</code>");
    assert!(address.starts_with("http://localhost/r/sedia_") && added.contains("class=\"qr\""), "{added}");
    assert!(added.contains("https://wa.me/6281234567890?text=Tautan%20laporan%20Isoter"), "{added}");
    let found = node.get("/v1/isolation?region=33.74.10").send().await.json();
    assert_eq!(found["facilities"].as_array().unwrap().len(), 1, "{found}");
    let first = &found["facilities"][0];
    assert_eq!(
        (&first["name"], &first["kind"], &first["availability"][0]["available"]),
        (&json!("Isoter Rumah Dinas"), &json!("isolation_site"), &json!(12))
    );
    let report = node.get(address.trim_start_matches("http://localhost")).send().await;
    assert!(report.status.is_success() && report.text().contains("Isoter Rumah Dinas"));
}

#[tokio::test]
async fn another_region_is_refused() {
    let node = TestNode::start().await;
    let id = node.hospital("Ungaran", "33.22.20", None).await;
    node.report("test:Ungaran", json!({"bed.icu": {"capacity": 10, "available": 4}})).await;
    let desk = coordinator(&node).await;
    assert!(!desk.open("/office/facilities?q=ungaran").await.contains("RS Ungaran"));
    let seq = node.seq().await;
    let base = format!("/office/facilities/{id}");
    for (page, action) in [("edit", "edit"), ("numbers?type=bed.icu", "numbers")] {
        let form = desk.open(&format!("{base}/{page}")).await;
        let refused = desk.send(&form, &format!("{base}/{action}"), &[("name", "RS X")]).await;
        assert!(guarded(&refused, StatusCode::FORBIDDEN).contains("wilayah"), "{}", refused.text());
    }
    let token = token(&desk.open("/office/sites/new").await);
    let closed =
        submit(&node, &format!("{base}/closed"), &desk.cookie, &[("form", &token), ("closed", "true")]).await;
    for refused in [closed, open(&node, &base, &desk.cookie).await] {
        assert!(
            guarded(&refused, StatusCode::FORBIDDEN).contains("di luar wilayah Anda"),
            "{}",
            refused.text()
        );
    }
    assert_eq!(
        open(&node, "/office/facilities/test:nobody", &desk.cookie).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(node.seq().await, seq);
}
