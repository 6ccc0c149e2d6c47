//! A clerk reports on a telephone.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::{Browser, Site};

const ICU: &str = "[name='bed.icu/available']";
const SHOWS_THREE: &str = "return document.querySelector(\"[name='bed.icu/available']\").value === '3';";

/// The types of a hospital that has fifteen.
const FIFTEEN: [&str; 15] = [
    "bed.vvip",
    "bed.vip",
    "bed.class1",
    "bed.class2",
    "bed.class3",
    "bed.icu",
    "bed.icu_vent",
    "bed.hcu",
    "bed.iccu",
    "bed.nicu",
    "bed.picu",
    "bed.perinatology",
    "bed.isolation",
    "bed.delivery",
    "bed.er",
];

#[tokio::test]
async fn fifteen_numbers_of_which_four_changed_take_five_taps() {
    let site = Site::start().await;
    site.facility("Besar", "hospital", "33.74.10", None);
    let numbers = json!({"capacity": 20, "occupied": 15, "available": 5, "queue": 0});
    let all: Value = FIFTEEN
        .iter()
        .map(|code| ((*code).to_owned(), numbers.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    site.report("test:Besar", &all);
    let page = Browser::start(&site).await;
    page.open(&site.link("test:Besar")).await;
    for code in ["bed.vip", "bed.class3", "bed.icu", "bed.er"] {
        page.tap_on(&format!("[data-type='{code}'] [data-step='-1']")).await;
    }
    page.sees("Berubah: 4").await;
    assert_eq!(page.value("[name='bed.icu/occupied']").await, "16", "the beds in use follow");
    page.tap("Kirim laporan").await;
    page.sees("Tersimpan").await;
    page.sees("ICU tanpa ventilator: kosong 4 dari 20 (sebelumnya 5)").await;
    page.sees("Laporkan lagi sebelum").await;
    println!("15 numbers, 4 changed: {} taps", page.taps());
    assert_eq!(page.taps(), 5);
    let icu = site.stands("test:Besar", "bed.icu");
    assert_eq!(
        (&icu["available"], &icu["occupied"], &icu["source"]),
        (&json!(4), &json!(16), &json!("facility"))
    );
    page.end().await;
}

#[tokio::test]
async fn one_tap_says_that_nothing_changed_and_a_jump_or_a_slip_is_asked_back() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    let form = site.link("test:Harapan");
    page.open(&form).await;
    let before = site.stands("test:Harapan", "bed.icu");
    page.tap("Tidak ada yang berubah").await;
    page.sees("Tersimpan").await;
    assert_eq!(page.taps(), 1);
    let confirmed = site.stands("test:Harapan", "bed.icu");
    assert_eq!(confirmed["available"], 4);
    assert_ne!(confirmed["observed_at"], before["observed_at"]);
    // A slip is told before anything is sent.
    page.tap("Buka formulir lagi").await;
    page.tap_on(ICU).await;
    page.press("9").await;
    assert_eq!(page.value(ICU).await, "9", "what is typed takes the place of the number before");
    page.fill("[name='bed.icu/capacity']", "5").await;
    page.sees("melebihi jumlah tempat").await;
    let seq = site.seq();
    // Whoever sends it all the same hears which numbers those are.
    page.tap("Kirim laporan").await;
    page.sees("Belum tersimpan").await;
    assert_eq!(site.seq(), seq);
    page.open(&form).await;
    page.fill("[name='bed.class3/available']", "240").await;
    page.fill("[name='bed.class3/capacity']", "400").await;
    page.tap("Kirim laporan").await;
    page.sees("Apakah sudah benar").await;
    assert_eq!(site.stands("test:Harapan", "bed.class3")["available"], 12);
    page.tap("Ya, sudah benar").await;
    page.sees("Tersimpan").await;
    assert_eq!(site.stands("test:Harapan", "bed.class3")["available"], 240);
    page.end().await;
}

#[tokio::test]
async fn without_a_line_a_report_waits_and_is_sent_once() {
    let mut site = Site::start().await;
    let page = Browser::start(&site).await;
    let form = site.link("test:Harapan");
    page.open(&form).await;
    let is_kept = "return caches.match(location.pathname).then(Boolean);";
    page.until("the form is kept on the telephone", is_kept, &[]).await;
    let seq = site.seq();
    site.go_away();
    page.line(false).await;
    page.tap_on("[data-type='bed.icu'] [data-step='-1']").await;
    page.tap("Kirim laporan").await;
    page.sees("Tidak ada sinyal").await;
    // Opened again, it still waits.
    page.reload().await;
    page.sees("Tidak ada sinyal").await;
    page.until("it shows what was sent", SHOWS_THREE, &[]).await;
    site.come_back();
    page.line(true).await;
    page.sees("sudah terkirim").await;
    page.until("it shows what stands", SHOWS_THREE, &[]).await;
    assert_eq!(site.stands("test:Harapan", "bed.icu")["available"], 3);
    assert_eq!(site.seq(), seq + 1);
    // What was sent is not sent again.
    page.reload().await;
    page.sees("Laporan terakhir").await;
    let is_empty = "return new Promise((resolve) => {
        const opening = indexedDB.open('sedia', 1);
        opening.onsuccess = () => {
            const counting = opening.result.transaction('reports').objectStore('reports').count();
            counting.onsuccess = () => resolve(counting.result === 0);
        };
    });";
    page.until("nothing waits any more", is_empty, &[]).await;
    page.sees_not("Tidak ada sinyal").await;
    assert_eq!(site.seq(), seq + 1);
    page.end().await;
}

#[tokio::test]
async fn a_report_to_a_silent_server_is_kept_and_counts_once() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    page.open(&site.link("test:Harapan")).await;
    let is_kept = "return caches.match(location.pathname).then(Boolean);";
    page.until("the form is kept on the telephone", is_kept, &[]).await;
    let seq = site.seq();
    site.signal("STOP");
    page.tap_on("[data-type='bed.icu'] [data-step='-1']").await;
    page.tap("Kirim laporan").await;
    page.sees("Tidak ada sinyal").await;
    page.until("it shows what was sent", SHOWS_THREE, &[]).await;
    // The server finds the first request in its hands, and gets the second one.
    site.signal("CONT");
    page.until("it tries again", "return dispatchEvent(new Event('online'));", &[]).await;
    page.sees("sudah terkirim").await;
    assert_eq!(site.stands("test:Harapan", "bed.icu")["available"], 3);
    assert_eq!(site.seq(), seq + 1);
    page.end().await;
}

#[tokio::test]
async fn the_keyboard_alone_is_enough_and_so_is_english() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    let form = site.link("test:Harapan");
    page.open(&form).await;
    page.tap("English").await;
    page.sees("Nothing has changed").await;
    page.like("dark").await;
    page.reload().await;
    // The first key leads past what all pages have.
    page.press(Key::Tab).await;
    page.press(Key::Enter).await;
    page.tab_to(ICU).await;
    page.press(Key::Control + "a").await;
    page.press("2").await;
    page.tab_to(".send button").await;
    page.press(Key::Enter).await;
    page.sees("2 free of 10").await;
    assert_eq!(site.stands("test:Harapan", "bed.icu")["available"], 2);
    assert_eq!(page.taps(), 1, "the switch of the language");
    page.end().await;
}
