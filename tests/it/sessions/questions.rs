//! What the answer holds, and in which order.

use axum::http::StatusCode;
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{add, ask, days, left, names};
use crate::support::TestNode;

const WEEKLY: &str = r#"{"weekdays": ["mon", "fri"], "from": "2021-06-01", "except": ["2021-07-05"]}"#;

fn weekly() -> Value {
    serde_json::from_str(WEEKLY).unwrap()
}

#[tokio::test]
async fn the_answer_has_the_shape_of_the_contract() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    let patch = json!({
        "title": "Vaksinasi Remaja", "age_min": 12, "age_max": 17, "audience": {"domicile": "33.74"},
        "booking_url": "https://contoh.go.id/daftar", "booking_phone": "0800-000-0001",
    });
    let id = add(&node, "A", patch).await;
    left(&node, "A", &id, 40).await;
    let answer = ask(&node, "date=2021-07-02&dose=2&age=12&near=33.74.10").await;
    let session = &answer["facilities"][0]["sessions"][0];
    assert_eq!(
        session,
        &json!({
            "id": id, "title": "Vaksinasi Remaja", "date": "2021-07-02", "starts_at": "2021-07-02T01:00:00Z",
            "ends_at": "2021-07-02T05:00:00Z", "from": "08:00", "to": "12:00", "product": "sinovac",
            "doses": [1, 2], "age_min": 12, "age_max": 17,
            "audience": {"domicile": "33.74", "pregnancy": null, "disability": null}, "walk_in": true,
            "booking_url": "https://contoh.go.id/daftar", "booking_phone": "0800-000-0001", "fee": 0,
            "quota": 100, "left": 40, "observed_at": "2021-07-01T07:00:00Z",
            "received_at": "2021-07-01T07:00:00Z", "freshness": "fresh", "source": "coordinator",
        })
    );
    assert_eq!(answer["near"]["region"]["code"], "33.74.10");
    assert_eq!(
        (&answer["widened"], &answer["next"], &answer["region"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let total = &answer["totals"][0];
    assert_eq!((&total["capacity"], &total["available"]), (&json!(100), &json!(40)));
    assert_eq!(answer["contacts"][0]["phone"], "119");
    assert_eq!(answer["as_of"], "2021-07-01T07:00:00Z");
}

#[rstest]
#[case("", &["2021-07-02"])]
#[case("date=2021-07-02", &["2021-07-02"])]
#[case("from=2021-07-06&to=2021-07-16", &["2021-07-09", "2021-07-12", "2021-07-16"])]
#[case("from=2021-07-30", &["2021-07-30", "2021-08-02", "2021-08-06"])]
#[case("to=2021-07-09", &["2021-07-02", "2021-07-09"])]
#[case("dose=2", &["2021-07-02"])]
#[case("dose=3", &[])]
#[case("age=17", &[])]
#[case("age=18", &["2021-07-02"])]
#[case("product=sinovac&walk_in=true", &["2021-07-02"])]
#[case("product=moderna", &[])]
#[case("walk_in=false", &[])]
#[case("q=puskesmas", &[])]
#[tokio::test]
async fn only_what_fits_is_shown(#[case] query: &str, #[case] expected: &[&str]) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    add(&node, "A", json!({"weekly": weekly(), "age_min": 18})).await;
    assert_eq!(days(&ask(&node, &format!("region=33.74&{query}")).await), expected);
}

/// Fits and fresh, then those nobody knows of; then distance, then the day, then how much is left.
#[tokio::test]
async fn the_best_comes_first() {
    let node = TestNode::start().await;
    let places =
        [("Old", 1, -7.04), ("Far", 2, -7.30), ("Late", 3, -7.05), ("Soon", 2, -7.05), ("Little", 2, -7.05)];
    for (name, day, lat) in places {
        node.hospital(name, "33.74", Some((lat, 110.44))).await;
        let id = add(&node, name, json!({"date": format!("2021-07-0{}", day + 2)})).await;
        if name == "Old" {
            left(&node, name, &id, 9).await;
            node.clock.pass(Duration::hours(25));
        } else {
            left(&node, name, &id, if name == "Little" { 1 } else { 9 }).await;
        }
    }
    node.hospital("Unknown", "33.74", Some((-7.05, 110.44))).await;
    add(&node, "Unknown", json!({"date": "2021-07-04"})).await;
    node.hospital("Full", "33.74", Some((-7.05, 110.44))).await;
    let full = add(&node, "Full", json!({"date": "2021-07-04"})).await;
    left(&node, "Full", &full, 0).await;
    let query = "region=33.74&near=-7.05,110.44";
    let best = ["Soon", "Little", "Late", "Far", "Old", "Unknown"];
    assert_eq!(names(&ask(&node, query).await), best);
    assert_eq!(
        names(&ask(&node, &format!("{query}&min=2")).await),
        ["Soon", "Late", "Far", "Old", "Unknown"]
    );
    assert_eq!(names(&ask(&node, &format!("{query}&min=0")).await).last(), Some(&"Full"));
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = ask(&node, &format!("{query}&limit=2{cursor}")).await;
        paged.extend(names(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, best);
}

#[tokio::test]
async fn what_is_over_leaves_by_itself() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let id = add(&node, "A", json!({"weekly": weekly()})).await;
    left(&node, "A", &id, 7).await;
    let path = "/v1/vaccinations?region=33.74&to=2021-07-09";
    let before = node.get(path).send().await;
    assert_eq!(days(&before.json()), ["2021-07-02", "2021-07-09"]);
    // One microsecond before it closes, 12.00 WIB.
    node.clock.pass(Duration::hours(22) - Duration::microseconds(1));
    assert_eq!(days(&ask(&node, "region=33.74&to=2021-07-09").await), ["2021-07-02", "2021-07-09"]);
    node.clock.pass(Duration::microseconds(1));
    let after = node.get(path).header("if-none-match", before.header("etag")).send().await;
    assert_eq!(after.status, StatusCode::OK);
    let after = after.json();
    assert_eq!(days(&after), ["2021-07-09"]);
    assert_eq!(after["facilities"][0]["sessions"][0]["left"], Value::Null);
    assert_eq!(after["as_of"], "2021-07-02T05:00:00Z");
}

#[tokio::test]
async fn hours_are_those_of_the_time_zone_that_a_region_is_given() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let id = add(&node, "A", json!({})).await;
    left(&node, "A", &id, 7).await;
    let zone = json!({"timezone": "Asia/Jayapura"});
    node.patch("/v1/regions/33.74", &zone).key(&node.admin().await).send().await.json();
    // One microsecond before it closes, now 12.00 WIT.
    node.clock.pass(Duration::hours(20) - Duration::microseconds(1));
    assert_eq!(days(&ask(&node, "region=33.74").await), ["2021-07-02"]);
    node.clock.pass(Duration::microseconds(1));
    assert_eq!(days(&ask(&node, "region=33.74").await).len(), 0);
}

#[tokio::test]
async fn a_new_day_looks_a_day_further() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    add(&node, "A", json!({"date": "2021-07-09"})).await;
    let soon = "region=33.74";
    assert_eq!(days(&ask(&node, soon).await).len(), 0);
    // 23.59 WIB, then midnight: nothing was written meanwhile.
    node.clock.pass(Duration::hours(9) + Duration::minutes(59));
    assert_eq!(days(&ask(&node, soon).await).len(), 0);
    node.clock.pass(Duration::minutes(1));
    assert_eq!(days(&ask(&node, soon).await), ["2021-07-09"]);
}

#[tokio::test]
async fn hours_are_those_of_the_place() {
    let node = TestNode::start().await;
    node.hospital("Jayapura", "91.71", None).await;
    add(&node, "Jayapura", json!({})).await;
    let answer = ask(&node, "region=91.71").await;
    assert_eq!(answer["facilities"][0]["sessions"][0]["starts_at"], "2021-07-01T23:00:00Z");
    let text = node.get("/v1/vaccinations?region=91.71").accept("text/plain").send().await.text();
    assert!(text.contains("Jumat 2 Juli, pukul 08.00-12.00 WIT\n"), "{text}");
}

#[tokio::test]
async fn today_is_that_of_the_region_wherever_distances_are_measured_from() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    add(&node, "A", json!({"date": "2021-07-01", "to": "23:45"})).await;
    // 23.30 in Semarang, and tomorrow already in Denpasar.
    node.clock.pass(Duration::minutes(9 * 60 + 30));
    let answer = ask(&node, "region=33.74&near=-8.66,115.21").await;
    assert_eq!((&answer["from"], days(&answer)), (&json!("2021-07-01"), vec!["2021-07-01"]));
    assert_eq!(ask(&node, "near=-8.66,115.21").await["from"], "2021-07-02");
}

#[tokio::test]
async fn where_nothing_fits_the_answer_looks_further() {
    let node = TestNode::start().await;
    node.hospital("Here", "33.74.10", Some((-6.99, 110.35))).await;
    node.hospital("There", "33.22", Some((-7.14, 110.405))).await;
    let here = add(&node, "Here", json!({})).await;
    add(&node, "There", json!({})).await;
    assert_eq!(names(&ask(&node, "region=33.74").await), ["Here"]);
    left(&node, "Here", &here, 0).await;
    let answer = ask(&node, "region=33.74").await;
    assert_eq!((names(&answer), &answer["widened"]["reason"]), (vec!["There"], &json!("nothing_free")));
    let answer = ask(&node, "region=33.74&dose=3").await;
    assert_eq!((names(&answer), &answer["widened"]["reason"]), (vec![], &json!("no_facility")));
    let reply = node.get("/v1/vaccinations?region=33.74&dose=3").accept("text/plain").send().await;
    assert!(reply.text().contains("119") && reply.text().contains("Coba tanggal lain"), "{}", reply.text());
}

#[tokio::test]
async fn an_agent_reads_it_aloud() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let patch = json!({
        "title": "Vaksinasi Remaja", "age_min": 12, "age_max": 17, "audience": {"domicile": "33.74"},
        "booking_phone": "0800-000-0001",
    });
    let id = add(&node, "A", patch).await;
    left(&node, "A", &id, 40).await;
    let path = "/v1/vaccinations?region=33.74&date=2021-07-02&dose=2&age=12";
    let text = node.get(path).accept("text/plain").send().await.text();
    let expected = "\
Jumat 2 Juli, dosis 2, usia 12 tahun: ada 1 tempat vaksinasi di Kota Semarang yang punya sisa kuota.

1. RS A
Kecamatan Tembalang
Jumat 2 Juli, pukul 08.00-12.00 WIB: Vaksinasi Remaja
Sinovac, dosis 1 dan 2, usia 12-17 tahun, khusus KTP Kota Semarang, gratis
Boleh datang langsung, atau daftar: 0800-000-0001
Sisa 40 dari 100. Diperbarui baru saja, pukul 14.00 WIB.
Telepon: 024-8413476 (IGD)
";
    assert!(text.starts_with(expected), "{text}");
    let text = node.get(path).accept("text/plain").language("en").send().await.text();
    let expected = "\
Friday 2 July, dose 2, age 12: 1 vaccination site in Kota Semarang has a free slot.

1. RS A
Kecamatan Tembalang
Friday 2 July, 08:00-12:00 WIB: Vaksinasi Remaja
Sinovac, doses 1 and 2, ages 12-17, only with an identity card of Kota Semarang, free of charge
Walk-ins are welcome, or book: 0800-000-0001
40 of 100 left. Updated just now (14:00 WIB).
";
    assert!(text.starts_with(expected), "{text}");
}

#[tokio::test]
async fn where_no_session_has_a_product_a_slip_of_the_finger_is_asked_about() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    add(&node, "A", json!({})).await;
    let text = async |query: &str| {
        let path = format!("/v1/vaccinations?region=33.74&{query}");
        node.get(&path).accept("text/plain").language("en").send().await.text()
    };
    assert!(text("product=sinovak").await.contains("Perhaps Sinovac was meant? Try another day"));
    for fine in ["product=moderna", "product=sinovac", "product=sinovac&dose=9"] {
        assert!(!text(fine).await.contains("was meant"), "{fine}");
    }
}

#[rstest]
#[case("date=2021-07-02&to=2021-07-03", 422, "parameters_disagree", "date")]
#[case("from=2021-07-02&to=2021-07-01", 422, "parameters_disagree", "to")]
#[case("from=2021-07-02&to=2021-08-03", 422, "parameters_disagree", "to")]
#[case::over("date=2021-06-30", 422, "invalid_date", "date")]
#[case::over("from=2021-06-28&to=2021-06-30", 422, "invalid_date", "to")]
#[case::over("from=2021-06-20", 422, "invalid_date", "from")]
#[case::only_to("to=2021-06-30", 422, "invalid_date", "to")]
#[case("dose=0", 400, "invalid_parameter", "dose")]
#[case("dose=10", 400, "invalid_parameter", "dose")]
#[case("age=131", 400, "invalid_parameter", "age")]
#[case("walk_in=perhaps", 400, "invalid_parameter", "walk_in")]
#[tokio::test]
async fn questions_that_cannot_be_read_say_why(
    #[case] query: &str,
    #[case] status: u16,
    #[case] code: &str,
    #[case] parameter: &str,
) {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    add(&node, "A", json!({})).await;
    // What is over is answered together with what is still to come.
    for fine in ["product=moderna", "from=2021-06-28"] {
        ask(&node, fine).await;
    }
    let problem = node.get(&format!("/v1/vaccinations?{query}")).send().await.problem(status, code);
    assert_eq!(problem["errors"][0]["pointer"], parameter);
}
