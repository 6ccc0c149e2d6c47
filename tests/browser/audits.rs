//! Every page, looked at as [`Browser::audit`] does.

use serde_json::json;

use crate::{Browser, Site};

#[tokio::test]
async fn pages_of_the_public_keep_nobody_out_and_are_light() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    for (name, path) in [
        ("board", "/"),
        ("board-province", "/regions/33"),
        ("board-region", "/regions/33.74"),
        ("board-facility", "/facilities/test:Harapan"),
        ("board-isolation-site", "/facilities/test:Asrama"),
        ("board-widget", "/embed/regions/33.74"),
        ("board-english", "/regions/33.74?lang=en"),
        ("board-found", "/?q=icu+tembalang"),
        ("board-asked-back", "/?q=icu+semarang"),
        ("board-not-found", "/regions/99"),
    ] {
        page.audit(name, path).await;
    }
    page.end().await;
}

#[tokio::test]
async fn pages_of_a_facility_keep_nobody_out_and_are_light() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    let form = site.link("test:Harapan");
    page.audit("form", &form).await;
    page.audit("form-ended", "/r/nobody").await;
    page.open(&form).await;
    page.fill("[name='bed.icu/available']", "9").await;
    page.fill("[name='bed.icu/capacity']", "5").await;
    page.inspect("form-impossible").await;
    page.tap("Kirim laporan").await;
    page.sees("Belum tersimpan").await;
    page.inspect("form-refused").await;
    page.open(&form).await;
    page.tap_on("[data-type='bed.icu'] [data-step='-1']").await;
    page.tap("Kirim laporan").await;
    page.sees("Tersimpan").await;
    page.inspect("form-done").await;
    page.sign_in(&site.new_key(&json!({"role": "reporter", "facilities": ["test:Harapan"]}))).await;
    page.audit("report", "/report").await;
    page.audit("account", "/account").await;
    page.end().await;
}
