//! Importing a table: looked at first, then stored.

use axum::http::{Method, StatusCode};
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::{Desk, between, coordinator, form, guarded};
use crate::support::{Reply, TestNode};

const BOUNDARY: &str = "----tables";

/// Sends a form with a file, as browsers do.
async fn upload(desk: &Desk<'_>, fields: &[(String, String)], file: Option<&[u8]>) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields.iter().filter(|(name, _)| name != "file") {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let name = if file.is_some() { "tabel.xlsx" } else { "" };
    body.extend(
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
            .bytes(),
    );
    body.extend(file.unwrap_or_default());
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let call = desk.node.call(Method::POST, "/office/import");
    let call = call.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body);
    call.header("cookie", &desk.cookie).send().await
}

/// Chooses a file and looks at it.
async fn preview(desk: &Desk<'_>, what: &str, file: &[u8]) -> Reply {
    let page = desk.open("/office/import").await;
    let mut fields = form(&page, "/office/import");
    fields.iter_mut().find(|(name, _)| name == "what").unwrap().1 = what.to_owned();
    upload(desk, &fields, Some(file)).await
}

/// Presses a button of the page that came, which sends the same file again.
async fn again(desk: &Desk<'_>, page: &str, step: &str, file: Option<&[u8]>) -> Reply {
    let (before, _) = page.split_once(&format!("name=\"{step}\" value=\"true\"")).unwrap();
    let mut fields = form(&page[before.rfind("<form").unwrap()..], "/office/import");
    fields.push((step.to_owned(), "true".to_owned()));
    upload(desk, &fields, file).await
}

/// What a hospital sends: a title, a header, and three rows of which one is impossible.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Bed").unwrap();
    let rows: [&[&str]; 5] = [
        &["Ketersediaan tempat tidur"],
        &["Kode RS", "Jenis TT", "Jml TT", "Terisi", "Kosong", "Catatan"],
        &["test:A", "ICU tanpa ventilator", "10", "6", "4", "<script>alert(1)</script>"],
        &["test:A", "Kelas 3", "40", "", "12"],
        &["test:A", "Kelas 2", "10", "9", "8"],
    ];
    for (row, cells) in rows.into_iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_hospitals_workbook_is_looked_at_then_stored_and_its_outcomes_are_downloaded() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.icu": {"capacity": 10, "available": 1}})).await;
    let desk = coordinator(&node).await;
    let seq = node.seq().await;
    let seen = guarded(&preview(&desk, "reports", &workbook()).await, StatusCode::OK);
    for told in [
        "3 baris: 2 diterima",
        "1 ditolak",
        "Judul kolom di baris 2 lembar Bed",
        "Jenis TT",
        "dilewati",
        "kosong 1 dari 10",
        "kosong 4 dari 10, terisi 6",
    ] {
        assert!(seen.contains(told), "{told} in {seen}");
    }
    let refused = between(&seen, "Ditolak: perlu diperbaiki", "</table>");
    assert!(refused.contains(">5</th>") && refused.contains("= 17"), "{refused}");
    assert_eq!(node.seq().await, seq);
    let stored = guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
    assert!(stored.contains("Tabel diimpor") && stored.contains(">diterima</div>"), "{stored}");
    let icu = node.get("/v1/facilities/test:A").send().await.json();
    let known = icu["availability"].as_array().unwrap();
    let icu = known.iter().find(|known| known["type"] == "bed.icu").unwrap();
    assert_eq!(icu["available"], 4, "{icu}");
    // The same button twice stores once.
    let seq = node.seq().await;
    guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
    let table = again(&desk, &stored, "table", None).await;
    assert_eq!((table.status, table.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert!(table.text().contains("accepted") && table.text().contains("refused"), "{}", table.text());
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn a_column_that_was_read_wrongly_is_corrected_before_it_is_stored() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let table = "Kode RS,Jenis,Bed,Kosong\ntest:A,bed.icu,3,9\n";
    let seen = guarded(&preview(&desk, "reports", table.as_bytes()).await, StatusCode::OK);
    assert!(seen.contains("kosong 9"), "{seen}");
    let (before, _) = seen.split_once("name=\"look\"").unwrap();
    let mut fields = form(&seen[before.rfind("<form").unwrap()..], "/office/import");
    for (name, meant) in [("meaning:Bed", "Kosong"), ("meaning:Kosong", "")] {
        fields.iter_mut().find(|(field, _)| field == name).unwrap().1 = meant.to_owned();
    }
    fields.push(("look".to_owned(), "true".to_owned()));
    let seen = guarded(&upload(&desk, &fields, None).await, StatusCode::OK);
    assert!(seen.contains("kosong 3") && !seen.contains("kosong 9"), "{seen}");
    guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
    let stored = node.get("/v1/facilities/test:A").send().await.json();
    assert_eq!(stored["availability"][0]["available"], 3, "{stored}");
}

#[tokio::test]
async fn a_hospitals_own_table_says_its_rooms_and_not_its_name() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    node.report("test:A", json!({"bed.class3": {"capacity": 40, "available": 9}})).await;
    let desk = coordinator(&node).await;
    let table = "REKAP TEMPAT TIDUR\n\nNo,Ruang,Kelas,Kapasitas,Kosong\n1,Mawar,Kelas III,40,12\n\n2,Melati,Kelas II,20,3\n,JUMLAH,,60,15\n";
    let refused =
        guarded(&preview(&desk, "reports", table.as_bytes()).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains("satu faskes"), "{refused}");
    let page = desk.open("/office/import").await;
    let mut fields = form(&page, "/office/import");
    for (name, value) in &mut fields {
        match &**name {
            "what" => "reports".clone_into(value),
            "facility" => "RS A".clone_into(value),
            _ => {}
        }
    }
    let seen = guarded(&upload(&desk, &fields, Some(table.as_bytes())).await, StatusCode::OK);
    for told in ["2 baris: 2 diterima", "RS A, Kelas III", "kosong 9 dari 40"] {
        assert!(seen.contains(told), "{told} in {seen}");
    }
    guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
    let facility = node.get("/v1/facilities/test:A").send().await.json();
    let known = facility["availability"].as_array().unwrap();
    let free = |code: &str| &known.iter().find(|known| known["type"] == code).unwrap()["available"];
    assert_eq!((free("bed.class3"), free("bed.class2")), (&json!(12), &json!(3)), "{facility}");
}

#[tokio::test]
async fn a_list_of_facilities_is_imported_into_the_own_region_only() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let list = "nama,jenis,wilayah,telepon\nPuskesmas Satu,puskesmas,\"Tembalang, Kota Semarang\",024-111222\nPuskesmas Dua,puskesmas,\"Ungaran Barat, Kabupaten Semarang\",024-333444\n";
    let seen = guarded(&preview(&desk, "facilities", list.as_bytes()).await, StatusCode::OK);
    let refused = between(&seen, "Ditolak: perlu diperbaiki", "</table>");
    assert!(refused.contains("Puskesmas Dua") && seen.contains("ditambahkan"), "{seen}");
    guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
    let found = desk.open("/office/facilities?q=puskesmas").await;
    assert!(found.contains("Puskesmas Satu") && !found.contains("Puskesmas Dua"), "{found}");
}

#[tokio::test]
async fn a_file_too_large_to_carry_is_chosen_again_and_must_be_the_same() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    // Remarks that do not pack.
    let table = |free: u32| {
        let mut table = format!("facility,type,capacity,available,catatan\ntest:A,bed.icu,100,{free},\n");
        let mut noise = 1_u64;
        for _ in 0..60_000 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            table.push(char::from(b'a' + u8::try_from(noise >> 60).unwrap()));
        }
        table + "\n"
    };
    let (one, other) = (table(4), table(5));
    let seen = guarded(&preview(&desk, "reports", one.as_bytes()).await, StatusCode::OK);
    assert!(seen.contains("Pilih berkas yang sama sekali lagi") && seen.len() < 60_000, "{}", seen.len());
    let seq = node.seq().await;
    let seen = guarded(&again(&desk, &seen, "store", Some(other.as_bytes())).await, StatusCode::OK);
    assert!(seen.contains("Beginilah tabel itu terbaca"), "{seen}");
    assert_eq!(node.seq().await, seq);
    let stored = guarded(&again(&desk, &seen, "store", Some(other.as_bytes())).await, StatusCode::OK);
    assert!(stored.contains("Tabel diimpor"), "{stored}");
    assert_eq!(node.get("/v1/facilities/test:A").send().await.json()["availability"][0]["available"], 5);
}

#[tokio::test]
async fn what_is_no_table_is_said_beside_the_file() {
    let node = TestNode::start().await;
    let desk = coordinator(&node).await;
    let refused = preview(&desk, "reports", b"\x89PNG\r\n\x1a\n").await;
    assert!(
        refused.status.is_client_error() && refused.text().contains("Belum tersimpan"),
        "{}",
        refused.text()
    );
    let page = desk.open("/office/import").await;
    let none = upload(&desk, &form(&page, "/office/import"), None).await;
    assert!(
        none.text().contains("href=\"#file\"") && none.text().contains("Pilih berkasnya dahulu."),
        "{}",
        none.text()
    );
    let seq = node.seq().await;
    let forged = upload(&desk, &[("what".to_owned(), "reports".to_owned())], Some(b"facility,type\n")).await;
    assert_eq!((forged.status, node.seq().await), (StatusCode::FORBIDDEN, seq));
}

#[tokio::test]
async fn rooms_of_one_class_are_added_up_unless_one_of_them_cannot_be_read() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let desk = coordinator(&node).await;
    let table = |dahlia: &str| {
        format!(
            "Kode RS,Ruang,Kelas,Kapasitas,Kosong\ntest:A,Mawar,Kelas II,20,3\ntest:A,Dahlia,Kelas II,20,{dahlia}\ntest:A,Anggrek,Kelas I,8,2\n"
        )
    };
    let broken = guarded(&preview(&desk, "reports", table("banyak").as_bytes()).await, StatusCode::OK);
    assert!(
        broken.contains("3 baris: 1 diterima") && broken.contains("ruang lain dari jenis yang sama"),
        "{broken}"
    );
    // Equal numbers of two rooms are no copies.
    for (dahlia, free) in [("3", 6), ("5", 8)] {
        let seen = guarded(&preview(&desk, "reports", table(dahlia).as_bytes()).await, StatusCode::OK);
        assert!(
            seen.contains(&format!("kosong {free} dari 40")) && seen.contains("angka 2 ruang dijumlahkan"),
            "{seen}"
        );
        guarded(&again(&desk, &seen, "store", None).await, StatusCode::OK);
        let facility = node.get("/v1/facilities/test:A").send().await.json();
        let known = facility["availability"].as_array().unwrap();
        let class2 = known.iter().find(|known| known["type"] == "bed.class2").unwrap();
        assert_eq!((&class2["available"], &class2["capacity"]), (&json!(free), &json!(40)), "{facility}");
    }
}
