//! A coordinator does the work of a morning, and every page of the office keeps nobody out.

use std::io::Write;

use serde_json::json;
use thirtyfour::By;

use crate::{Browser, Site, browser::Screen};

/// A site where there is something to do, and a browser in which the coordinator of Kota Semarang signed in.
async fn start() -> (Site, Browser) {
    let site = Site::start().await;
    site.facility("Diam", "hospital", "33.74.10", None);
    let twin = json!({"name": "RSU Diam", "kind": "hospital", "region": "33.74.10", "external_ids": ["test:Twin"],
        "phones": [{"number": "024-8413476"}]});
    site.send("POST", "/v1/facilities", &twin);
    site.report("test:Penuh", &json!({"bed.class1": {"capacity": 40, "available": 38}}));
    site.send(
        "POST",
        "/v1/contacts",
        &json!({"name": "Dinkes", "role": "dinkes", "phone": "024-3540000", "region": "33.74"}),
    );
    let key = json!({"role": "coordinator", "region": "33.74", "name": "Dinkes Kota Semarang"});
    let key = site.send("POST", "/v1/keys", &key);
    let page = Browser::start(&site).await;
    page.open("/sign-in").await;
    page.fill("[name=key]", key["key"].as_str().unwrap()).await;
    page.tap("Masuk").await;
    page.sees("Kantor koordinator · Kota Semarang").await;
    (site, page)
}

#[tokio::test]
async fn pages_of_the_office_keep_nobody_out_and_are_light() {
    let (site, page) = start().await;
    let id = site.get("/v1/facilities/test:Harapan")["id"].as_str().unwrap().to_owned();
    for (name, path) in [
        ("office", "/office"),
        ("office-facilities", "/office/facilities"),
        ("office-facility", &*format!("/office/facilities/{id}")),
        ("office-edit", &*format!("/office/facilities/{id}/edit")),
        ("office-numbers", &*format!("/office/facilities/{id}/numbers")),
        ("office-number", &*format!("/office/facilities/{id}/numbers?type=bed.icu")),
        ("office-site", "/office/sites/new"),
        ("office-import", "/office/import"),
        ("office-links", "/office/links"),
        ("office-keys", "/office/keys"),
        ("office-duplicates", "/office/duplicates"),
        ("office-unmapped", "/office/unmapped"),
        ("office-contacts", "/office/contacts"),
        ("office-contact", "/office/contacts/new"),
        ("office-sessions", "/office/sessions"),
        ("office-session", "/office/sessions/new"),
        ("office-changes", "/office/changes?lang=en"),
    ] {
        page.audit(name, path).await;
    }
    page.end().await;
}

#[tokio::test]
async fn a_coordinator_does_the_work_of_a_morning() {
    let (site, page) = start().await;
    page.show_on(Screen::Desktop).await;
    let began = page.taps();

    // Who has not reported since yesterday?
    page.tap("Sejak kemarin").await;
    page.sees("Belum pernah melapor").await;
    page.sees_not("RS Harapan").await;
    println!("who has not reported since yesterday: {} tap", page.taps() - began);

    // The telephone of one of them is wrong.
    let began = page.taps();
    page.tap_on("td a[href*='/edit']").await;
    page.fill("[name='phones/0/number']", "bukan nomor").await;
    page.tap("Simpan").await;
    page.sees("Belum tersimpan").await;
    page.inspect("office-edit-refused").await;
    page.show_on(Screen::Desktop).await;
    page.fill("[name='phones/0/number']", "024-7600000").await;
    page.tap("Simpan").await;
    page.sees("Perubahan tersimpan").await;
    println!("mend a wrong telephone, with one slip: {} taps", page.taps() - began);

    // A link for the same hospital, to be sent by WhatsApp.
    let began = page.taps();
    page.fill("[name=name]", "Bu Sri").await;
    page.tap_on("form[action$='/links'] button").await;
    page.sees("Ditampilkan hanya sekali ini").await;
    let address =
        "return document.querySelector('a[href^=\"https://wa.me/\"]').href.includes('%2Fr%2Fsedia_');";
    assert_eq!(page.ask(address, &[]).await, true);
    page.inspect("office-link").await;
    page.show_on(Screen::Desktop).await;
    println!("send a link by WhatsApp: {} taps, and one to open it", page.taps() - began);

    // An isolation site.
    let began = page.taps();
    page.tap("Tambah tempat isolasi").await;
    page.fill("[name=name]", "Isoter Balai Kota").await;
    page.fill("[name=region]", "Tembalang").await;
    page.fill("[name='values/isolation.male/capacity']", "20").await;
    page.fill("[name='values/isolation.male/available']", "20").await;
    page.tap("Tambahkan tempat isolasi").await;
    page.sees("Tempat isolasi ditambahkan").await;
    page.inspect("office-site-added").await;
    page.show_on(Screen::Desktop).await;
    assert!(site.get("/v1/isolation?region=33.74.10").to_string().contains("Isoter Balai Kota"));
    println!("add an isolation site: {} taps", page.taps() - began);

    // A table of a hospital.
    let began = page.taps();
    let mut table = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    table.write_all(b"Kode RS,Jenis TT,Jml TT,Terisi,Kosong\ntest:Diam,ICU tanpa ventilator,10,6,4\ntest:Diam,Kelas 3,10,9,8\n").unwrap();
    page.tap("Impor tabel").await;
    let field = page.driver.find(By::Css("input[type=file]")).await.unwrap();
    field.send_keys(table.path().to_str().unwrap()).await.unwrap();
    page.tap("Lihat dahulu").await;
    page.sees("Beginilah tabel itu terbaca").await;
    page.inspect("office-import-preview").await;
    page.show_on(Screen::Desktop).await;
    page.tap("Simpan 1 baris").await;
    page.sees("Tabel diimpor").await;
    assert_eq!(site.stands("test:Diam", "bed.icu")["available"], 4);
    page.inspect("office-imported").await;
    page.show_on(Screen::Desktop).await;
    println!("import a table: {} taps and a file", page.taps() - began);

    // Two entries that are one hospital.
    let began = page.taps();
    page.tap("Mungkin ganda").await;
    page.tap("Bandingkan").await;
    page.sees("Apakah ini satu faskes?").await;
    page.inspect("office-merge").await;
    page.show_on(Screen::Desktop).await;
    page.tap_on("[name=sure]").await;
    page.tap("Gabungkan sekarang").await;
    page.sees("Digabung.").await;
    println!("merge a duplicate: {} taps", page.taps() - began);
    page.end().await;
}
