//! The form of a facility behind a link.

use axum::http::{Method, StatusCode};
use chrono::Duration;
use serde_json::{Value, json};

use sedia::domain::key::Role;

use super::{
    link, page,
    sign_in::{open, sign_in},
    start,
};
use crate::{
    seen::deaf,
    support::{Reply, TestNode},
};

/// The hidden fields and numbers of a form as a browser would send them, in the order of the form.
fn fields(form: &str) -> Vec<(String, String)> {
    let inputs = form.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap());
    let attribute = |input: &str, name: &str| {
        let value = input.split(&format!(" {name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap());
        value.map(str::to_owned)
    };
    inputs
        .map(|input| format!(" {input}"))
        .filter_map(|input| {
            Some((attribute(&input, "name")?, attribute(&input, "value").unwrap_or_default()))
        })
        .collect()
}

/// Sends the form with these numbers changed and these fields added.
async fn send(node: &TestNode, path: &str, form: &str, changed: &[(&str, &str)]) -> Reply {
    let mut fields = fields(form);
    for (name, value) in changed {
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, field)) => (*value).clone_into(field),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    sent(node, path, "", &fields).await
}

async fn sent(node: &TestNode, path: &str, cookie: &str, fields: &[(String, String)]) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let call = node.call(Method::POST, path).body("application/x-www-form-urlencoded", body);
    call.header("cookie", cookie).send().await
}

async fn opened(node: &TestNode, path: &str) -> String {
    page(&node.get(path).send().await, StatusCode::OK)
}

/// What the directory says about a type of the hospital.
async fn stands(node: &TestNode, code: &str) -> Value {
    let facility = node.get("/v1/facilities/test:Harapan").send().await.json();
    let numbers = facility["availability"].as_array().unwrap();
    numbers.iter().find(|numbers| numbers["type"] == code).cloned().unwrap_or_default()
}

#[tokio::test]
async fn the_form_shows_the_last_numbers_for_whom_it_is_and_until_when() {
    let (node, path) = start().await;
    let reply = node.get(&path).send().await;
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    let form = page(&reply, StatusCode::OK);
    for told in [
        "RS Harapan",
        "Tembalang, Kota Semarang, Jawa Tengah",
        "Bu Sri, IGD",
        "31 Juli",
        "ICU tanpa ventilator",
    ] {
        assert!(form.contains(told), "{told} in {form}");
    }
    let fields = fields(&form);
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| &**value);
    assert_eq!(field("bed.icu/available"), Some("4"));
    assert_eq!(field("bed.icu/queue"), Some("1"));
    assert_eq!(field("bed.class3/occupied"), Some(""));
    // Types that it never reported are there, too, empty.
    assert_eq!(field("bed.vip/available"), Some(""));
    assert!(field("vaccination.session/available").is_none());
    let english = page(&node.get(&format!("{path}?lang=en")).send().await, StatusCode::OK);
    assert!(english.contains("lang=\"en\"") && english.contains("Nothing has changed"), "{english}");
}

#[tokio::test]
async fn what_is_sent_stands_in_the_directory_and_is_told_with_what_was_before() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    let changed = [("bed.icu/available", "2"), ("bed.icu/occupied", "8"), ("bed.vip/available", "3")];
    let done = page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    assert!(done.contains("Tersimpan") && done.contains("kosong 2 dari 10 (sebelumnya 4)"), "{done}");
    assert!(done.contains("Laporkan lagi sebelum"), "{done}");
    let icu = stands(&node, "bed.icu").await;
    assert_eq!(
        [&icu["available"], &icu["occupied"], &icu["capacity"], &icu["queue"]],
        [2, 8, 10, 1].map(Value::from).each_ref()
    );
    assert_eq!(
        (&icu["source"], stands(&node, "bed.vip").await["available"].clone()),
        (&json!("facility"), json!(3))
    );
    // Whoever sends the form has looked at the other numbers; what nobody ever stated stays so.
    assert_eq!(stands(&node, "bed.class3").await["observed_at"], icu["observed_at"]);
    assert_eq!(stands(&node, "bed.vvip").await, Value::Null);
}

#[tokio::test]
async fn the_next_page_shows_what_was_sent_even_from_another_node() {
    let (node, path) = start().await;
    let other = node.beside_with(deaf).await;
    let form = opened(&node, &path).await;
    assert_eq!(node.get(&path).send().await.header("set-cookie"), "");
    let reply = send(&node, &path, &form, &[("bed.icu/available", "2"), ("bed.icu/occupied", "8")]).await;
    let cookie = reply.header("set-cookie").split(';').next().unwrap();
    let shown = async |cookie: &str| {
        let form = other.get(&path).header("cookie", cookie).send().await;
        fields(&page(&form, StatusCode::OK))
            .into_iter()
            .find(|(name, _)| name == "bed.icu/available")
            .unwrap()
            .1
    };
    assert_eq!(shown("").await, "4");
    assert_eq!(shown(&format!("a=b; {cookie}")).await, "2");
    // A number that this log does not know is passed over.
    assert_eq!(shown("sedia-seq=999999").await, "2");
}

#[tokio::test]
async fn one_tap_says_that_nothing_changed() {
    let (node, path) = start().await;
    node.clock.pass(Duration::hours(3));
    let form = opened(&node, &path).await;
    page(&send(&node, &path, &form, &[("unchanged", "true")]).await, StatusCode::OK);
    let icu = stands(&node, "bed.icu").await;
    assert_eq!((&icu["available"], &icu["observed_at"]), (&json!(4), &json!("2021-07-01T10:00:00Z")));
    // With a number changed it is a report all the same.
    let form = opened(&node, &path).await;
    page(
        &send(&node, &path, &form, &[("unchanged", "true"), ("bed.icu/available", "3")]).await,
        StatusCode::OK,
    );
    assert_eq!(stands(&node, "bed.icu").await["available"], 3);
}

#[tokio::test]
async fn a_form_that_comes_twice_counts_once() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    let changed = [("bed.icu/available", "3")];
    page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    let seq = node.seq().await;
    page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    assert_eq!(node.seq().await, seq);
    // The telephone kept it, because the answer was lost.
    let waited = send(&node, &path, &form, &[("bed.icu/available", "3"), ("waited", "60")]).await;
    assert_eq!((waited.status, waited.header("location")), (StatusCode::SEE_OTHER, &*path));
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn a_report_that_waited_for_a_line_is_as_old_as_the_tap() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    node.clock.pass(Duration::hours(2));
    let changed = [("bed.icu/available", "3"), ("waited", "3600")];
    page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    let icu = stands(&node, "bed.icu").await;
    assert_eq!((&icu["available"], &icu["observed_at"]), (&json!(3), &json!("2021-07-01T08:00:00Z")));
}

#[tokio::test]
async fn impossible_numbers_come_back_beside_their_field_and_nothing_is_stored() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    let seq = node.seq().await;
    for (entered, told) in [("9", "= 15"), ("tiga", "tiga"), ("-1", "-1")] {
        let refused =
            send(&node, &path, &form, &[("bed.icu/available", entered), ("bed.class3/available", "7")]).await;
        let form = page(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(form.contains("Belum tersimpan") && form.contains("aria-invalid=\"true\""), "{form}");
        assert!(form.contains(told), "{told} in {form}");
        let fields = fields(&form);
        let field = |name: &str| &fields.iter().find(|(field, _)| field == name).unwrap().1;
        assert_eq!((&**field("bed.icu/available"), &**field("bed.class3/available")), (entered, "7"));
    }
    assert_eq!(node.seq().await, seq);
}

#[tokio::test]
async fn a_number_that_jumps_is_asked_back_with_what_was_before() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    let changed = [("bed.class3/available", "240"), ("bed.class3/capacity", "400")];
    let asked = page(&send(&node, &path, &form, &changed).await, StatusCode::CONFLICT);
    assert!(asked.contains("Ya, sudah benar") && asked.contains("12"), "{asked}");
    // In the words of the form, not of the contract.
    let told = "sekarang kosong 240 dari 400; sebelumnya kosong 12 dari 40";
    assert!(asked.contains(told) && !asked.contains("confirm=true"), "{asked}");
    assert_eq!(stands(&node, "bed.class3").await["available"], 12);
    page(&send(&node, &path, &asked, &[("confirm", "true")]).await, StatusCode::OK);
    assert_eq!(stands(&node, "bed.class3").await["available"], 240);
}

#[tokio::test]
async fn another_report_that_came_meanwhile_is_left_alone_and_told() {
    let (node, path) = start().await;
    let form = opened(&node, &path).await;
    node.clock.pass(Duration::minutes(5));
    node.report("test:Harapan", json!({"bed.icu": {"capacity": 10, "occupied": 9, "available": 1}})).await;
    node.clock.pass(Duration::minutes(5));
    let done = page(&send(&node, &path, &form, &[("bed.class3/available", "9")]).await, StatusCode::OK);
    assert!(done.contains("Angka yang lebih baru itu dibiarkan: ICU tanpa ventilator"), "{done}");
    let (icu, class3) = (stands(&node, "bed.icu").await, stands(&node, "bed.class3").await);
    assert_eq!((&icu["available"], &class3["available"]), (&json!(1), &json!(9)));
    // Where somebody did touch it, theirs is the newer word.
    page(&send(&node, &path, &form, &[("key", "another"), ("bed.icu/available", "0")]).await, StatusCode::OK);
    assert_eq!(stands(&node, "bed.icu").await["available"], 0);
}

#[tokio::test]
async fn a_link_that_ended_says_whom_to_ask() {
    let (node, _) = start().await;
    let short = link(&node, json!({"facility": "test:Harapan", "expires_days": 1})).await;
    node.clock.pass(Duration::days(1));
    for path in [&*short, "/r/sedia_nobody", "/r/%00%0d%0a"] {
        let ended = page(&node.get(path).send().await, StatusCode::UNAUTHORIZED);
        assert!(ended.contains("Tautan ini tidak berlaku lagi") && ended.contains("koordinator"), "{ended}");
    }
}

#[tokio::test]
async fn the_form_can_stand_on_the_home_screen() {
    let (node, path) = start().await;
    let manifest = node.get(&format!("{path}/app.webmanifest")).send().await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    assert_eq!(manifest.json()["start_url"], path);
}

#[tokio::test]
async fn a_form_without_numbers_begins_with_all_types() {
    let node = TestNode::start().await;
    node.hospital("Baru", "33.74.10", None).await;
    let path = link(&node, json!({"facility": "test:Baru"})).await;
    let form = opened(&node, &path).await;
    assert!(form.contains("<details open>") && !form.contains("name=\"unchanged\""), "{form}");
    let nothing = page(&send(&node, &path, &form, &[]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.contains("Belum tersimpan"), "{nothing}");
}

#[tokio::test]
async fn what_is_left_of_a_session_is_reported_beside_the_beds() {
    let (node, path) = start().await;
    let session = json!({
        "facility": "test:Harapan", "title": "Sentra", "weekly": {"weekdays": ["thu", "fri"], "from": "2021-07-01"},
        "from": "08:00", "to": "16:00", "product": "sinovac", "doses": [1],
    });
    let made = node.post("/v1/sessions", &session).key(&node.admin().await).send().await.json();
    let id = made["session"]["id"].as_str().unwrap().to_owned();
    let form = opened(&node, &path).await;
    assert!(
        form.contains("Sentra, Kamis 1 Juli, pukul 08:00-16:00: sinovac") && form.contains("Dari kuota"),
        "{form}"
    );
    let today = format!("{id}@2021-07-01");
    let changed = [(&*format!("{today}/available"), "7"), (&*format!("{today}/capacity"), "50")];
    let done = page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    assert!(done.contains("sinovac: sisa 7") && done.contains("ICU tanpa ventilator"), "{done}");
    let left = async || {
        let answer = node.get("/v1/vaccinations?region=33.74.10&min=0").send().await.json();
        let sessions = answer["facilities"][0]["sessions"].clone();
        [sessions[0]["left"].clone(), sessions[0]["quota"].clone(), sessions[1]["left"].clone()]
    };
    // Tomorrow's is another one, about which nobody said anything.
    assert_eq!(left().await, [json!(7), json!(50), Value::Null]);
    // One tap says that this, too, is still so.
    node.clock.pass(Duration::minutes(30));
    let form = opened(&node, &path).await;
    let done = page(&send(&node, &path, &form, &[("unchanged", "true")]).await, StatusCode::OK);
    assert!(done.contains("sinovac: sisa 7"), "{done}");
    assert_eq!(stands(&node, "bed.icu").await["observed_at"], "2021-07-01T07:30:00Z");
    // More left than there ever were is refused, beside its field.
    let form = opened(&node, &path).await;
    let refused = send(&node, &path, &form, &[(&*format!("{today}/available"), "51")]).await;
    let refused = page(&refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.contains(&format!("href=\"#/sessions/{today}")), "{refused}");
    assert_eq!(left().await[0], 7);
}

#[tokio::test]
async fn an_isolation_site_begins_with_its_places_for_men_women_and_families() {
    let node = TestNode::start().await;
    let site = json!({
        "name": "Asrama Haji", "kind": "isolation_site", "region": "33.74.10", "external_ids": ["test:Asrama"],
    });
    let made = node.post("/v1/facilities", &site).key(&node.admin().await).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let path = link(&node, json!({"facility": "test:Asrama"})).await;
    let form = opened(&node, &path).await;
    let place = |label: &str| form.find(label).unwrap_or_else(|| panic!("{label} in {form}"));
    for label in ["Isolasi terpusat (pria)", "Isolasi terpusat (wanita)", "Isolasi terpusat (keluarga)"] {
        assert!(place(label) < place("Kelas III"), "{label}");
    }
    let changed = [
        ("isolation.male/available", "4"),
        ("isolation.male/capacity", "20"),
        ("isolation.female/available", "0"),
    ];
    page(&send(&node, &path, &form, &changed).await, StatusCode::OK);
    let answer = node.get("/v1/isolation?region=33.74.10&type=isolation.male").send().await.json();
    assert_eq!(answer["facilities"][0]["availability"][0]["available"], 4);
}

#[tokio::test]
async fn whoever_signed_in_with_the_key_of_a_facility_has_the_same_form() {
    let (node, _) = start().await;
    let key = node.key(Role::Reporter, None, &["test:Harapan"]).await;
    let cookie = sign_in(&node, &key).await;
    let form = page(&open(&node, "/report", &cookie).await, StatusCode::OK);
    assert!(form.contains("RS Harapan") && !form.contains("app.webmanifest"), "{form}");
    let mut fields = fields(&form);
    let icu = fields.iter_mut().find(|(name, _)| name == "bed.icu/available").unwrap();
    icu.1 = "3".to_owned();
    // The nav's form to sign out has the same token.
    let done = page(&sent(&node, "/report", &cookie, &fields).await, StatusCode::OK);
    assert!(done.contains("kosong 3 dari 10 (sebelumnya 4)"), "{done}");
    assert_eq!(stands(&node, "bed.icu").await["available"], 3);
    // Another site has the cookie sent along, and no token.
    fields.retain(|(name, _)| name != "form");
    page(&sent(&node, "/report", &cookie, &fields).await, StatusCode::FORBIDDEN);
    let nobody = node.get("/report").send().await;
    assert_eq!((nobody.status, nobody.header("location")), (StatusCode::SEE_OTHER, "/sign-in?next=/report"));
}
