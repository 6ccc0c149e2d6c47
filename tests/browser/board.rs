//! Somebody looks for a free bed on a telephone, or at a desk.

use crate::{Browser, Site, browser::Screen};

#[tokio::test]
async fn somebody_finds_the_own_region_and_asks_in_the_box() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    for screen in Screen::ALL {
        page.show_on(screen).await;
        page.open("/").await;
        page.tap("Jawa Tengah").await;
        page.tap("Kota Semarang").await;
        page.sees("ICU tanpa ventilator").await;
        page.tap("RS Harapan").await;
        page.sees("024-8413476").await;
        page.tap("Kota Semarang").await;
        page.sees("Per wilayah").await;
        assert_eq!(page.path().await, "/regions/33.74");
        page.fill("[name=q]", "icu tembalang").await;
        page.tap("Cari").await;
        page.sees("RS Harapan").await;
        page.sees("kosong 4 dari 10").await;
        // The name alone is two regions: the page asks which.
        page.fill("[name=q]", "icu semarang").await;
        page.tap("Cari").await;
        page.tap("Kota Semarang").await;
        page.sees("RS Harapan").await;
    }
    page.tap("English").await;
    page.sees("free").await;
    page.end().await;
}
