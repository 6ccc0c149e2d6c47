//! Agents answer callers at the desk, by the keyboard.

use serde_json::json;
use thirtyfour::Key;

use crate::{Browser, Site, browser::Screen};

/// Signs in with a new key of an agent.
async fn sign_in(site: &Site, page: &Browser, name: &str) {
    let made = site.send("POST", "/v1/keys", &json!({"role": "agent", "region": "33", "name": name}));
    page.open("/desk").await;
    page.fill("[name=key]", made["key"].as_str().unwrap()).await;
    page.press(Key::Enter).await;
    page.until("the desk is open", "return Boolean(document.querySelector('#q'));", &[]).await;
}

#[tokio::test]
async fn a_call_is_answered_by_the_keyboard_and_a_colleague_sees_it() {
    let site = Site::start().await;
    let page = Browser::start(&site).await;
    page.show_on(Screen::Desktop).await;
    sign_in(&site, &page, "Siti").await;
    // As it is typed, without Enter.
    page.press("icu tembalang").await;
    page.sees("RS Harapan").await;
    page.sees("4 kosong").await;
    page.audit("desk", "/desk?q=icu+tembalang").await;
    page.press(Key::Enter).await;
    page.until("the first is chosen", "return document.activeElement.matches('.card');", &[]).await;
    let other = Browser::start(&site).await;
    sign_in(&site, &other, "Budi").await;
    other.fill("#q", "icu tembalang").await;
    other.sees("RS Harapan").await;
    page.press("c").await;
    page.sees("Rekan lain kini melihat").await;
    // Without touching the page of the colleague.
    other.sees("Sedang ditelepon oleh Siti").await;
    // A number changes in its place.
    let before = "window.card = document.querySelector('.card'); return true;";
    other.until("the card is known", before, &[]).await;
    site.report("test:Harapan", &json!({"bed.icu": {"capacity": 10, "occupied": 7, "available": 3}}));
    other.sees("3 kosong").await;
    other.until("it is the same card", "return window.card === document.querySelector('.card');", &[]).await;
    // What they said.
    page.press("o").await;
    page.until("the field is ready", "return document.activeElement.matches('[name=available]');", &[]).await;
    page.press("0").await;
    page.press(Key::Enter).await;
    page.sees("Dicatat.").await;
    other.sees("angka ini tidak sesuai: penuh").await;
    page.press("?").await;
    page.sees("Ke faskes berikutnya atau sebelumnya").await;
    // With nothing chosen, letters are the next question, and hold no place.
    let seq = site.seq();
    other.until("nothing is chosen", "document.activeElement.blur(); return true;", &[]).await;
    other.press("vaksin cepu").await;
    let is_asked = "return document.querySelector('#q').value === 'vaksin cepu';";
    other.until("they stand in the box", is_asked, &[]).await;
    assert_eq!(site.seq(), seq);
    page.end().await;
    other.end().await;
}

#[tokio::test]
async fn that_the_last_bed_is_held_stays_on_the_page_until_the_agent_has_decided() {
    let site = Site::start().await;
    site.report("test:Harapan", &json!({"bed.icu": {"capacity": 10, "occupied": 9, "available": 1}}));
    site.send("POST", "/v1/facilities/test:Harapan/marks", &json!({"kind": "hold", "type": "bed.icu"}));
    let page = Browser::start(&site).await;
    sign_in(&site, &page, "Siti").await;
    page.press("icu tembalang").await;
    page.sees("1 kosong").await;
    page.press(Key::Enter).await;
    page.until("the first is chosen", "return document.activeElement.matches('.card');", &[]).await;
    page.press("s").await;
    page.sees("Tekan sekali lagi").await;
    site.report("test:Harapan", &json!({"bed.icu": {"capacity": 11, "occupied": 10, "available": 1}}));
    page.sees("dari 11").await;
    page.sees("Tekan sekali lagi").await;
    page.end().await;
}

#[tokio::test]
async fn a_change_does_not_pass_the_question_that_an_agent_waits_for() {
    const SLOW: &str = "const real = fetch;
        window.fetch = async (address, options) => {
            const isQuestion = address.startsWith('/desk/answer') && !('x-live' in options.headers);
            if (isQuestion) await new Promise((go) => (window.go = go));
            return real(address, options);
        };";
    let site = Site::start().await;
    site.report("test:Harapan", &json!({"bed.icu": {"capacity": 10, "occupied": 6, "available": 4}}));
    let page = Browser::start(&site).await;
    sign_in(&site, &page, "Siti").await;
    page.press("icu tembalang").await;
    page.sees("4 kosong").await;
    page.ask(SLOW, &[]).await;
    page.press(Key::Enter).await;
    page.until("the question is on its way", "return Boolean(window.go);", &[]).await;
    // As when a number changes.
    page.ask("return refresh();", &[]).await;
    page.ask("go();", &[]).await;
    page.until("the first is chosen", "return document.activeElement.matches('.card');", &[]).await;
    page.end().await;
}
