//! Answers in plain words, and one question asked in many ways.

use axum::http::StatusCode;
use chrono::Duration;
use rstest::rstest;
use sedia::clock::Clock;
use serde_json::{Value, json};

use super::{SEMARANG, beds, every_tier, hospital, icu, names};
use crate::support::TestNode;

async fn text_answer(node: &TestNode, query: &str, language: &str) -> String {
    let call = node.get(&format!("/v1/beds?{query}"));
    let reply = call.accept("text/plain").language(language).send().await;
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(reply.header("content-language"), language);
    reply.text()
}

/// Adds somebody to call in Kota Semarang.
async fn contact(node: &TestNode, name: &str, visibility: &str) {
    let body = json!({
        "region": "33.74", "name": name, "role": "dinkes", "phone": "024-8318070", "visibility": visibility,
    });
    let key = node.admin().await;
    let reply = node.post("/v1/contacts", &body).key(&key).send().await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
}

const WARNINGS: [&str; 4] = ["pastikan", "confirm", "telepon dahulu", "call before you go"];

#[rstest]
#[case("id", 12, "12 menit yang lalu, pukul 14.00 WIB.", None)]
#[case("en", 12, "12 minutes ago (14:00 WIB).", None)]
#[case("id", 5 * 60, "5 jam yang lalu, pukul 14.00 WIB.", Some("pastikan"))]
#[case("en", 5 * 60, "5 hours ago (14:00 WIB).", Some("confirm"))]
#[case("id", 13 * 60, "13 jam yang lalu, kemarin pukul 14.00 WIB.", Some("telepon dahulu"))]
#[case("en", 13 * 60, "13 hours ago (yesterday at 14:00 WIB).", Some("call before you go"))]
#[case("id", 3 * 24 * 60, "3 hari yang lalu, 1 Juli pukul 14.00 WIB.", Some("telepon dahulu"))]
#[case("en", 3 * 24 * 60, "3 days ago (1 July at 14:00 WIB).", Some("call before you go"))]
#[tokio::test]
async fn an_agent_reads_the_telephone_the_age_and_a_warning(
    #[case] language: &str,
    #[case] minutes: i64,
    #[case] age: &str,
    #[case] warning: Option<&str>,
) {
    let node = TestNode::start().await;
    node.hospital("Kariadi", "33.74", Some(SEMARANG)).await;
    node.report("test:Kariadi", json!({"bed.icu_vent": {"capacity": 10, "available": 3, "queue": 2}})).await;
    node.clock.pass(Duration::minutes(minutes));
    let text = text_answer(&node, "region=33.74&ventilator=true", language).await;
    let number = match language {
        "id" => "ICU dengan ventilator: 3 kosong dari 10, antrean 2 orang",
        _ => "ICU with ventilator: 3 free of 10, 2 people waiting",
    };
    for part in ["RS Kariadi", "024-8413476 (IGD)", number, age, ": 119"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("0812"), "{text}");
    for phrase in WARNINGS {
        assert_eq!(text.contains(phrase), warning == Some(phrase), "{phrase}: {text}");
    }
}

/// Whoever gives a whole name is told of that place, free or not, and of no other.
#[tokio::test]
async fn a_place_that_was_named_is_told_of_though_it_is_full() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (id, name, free) in
        [("A", "Kota Semarang", 0), ("B", "Semarang Timur", 3), ("C", "Kota Lama Semarang", 2)]
    {
        hospital(&node, id, "33.74", Some(SEMARANG), free).await;
        let name = json!({"name": format!("RS {name}")});
        node.patch(&format!("/v1/facilities/test:{id}"), &name).key(&key).send().await.json();
    }
    for q in ["RS%20Kota%20Semarang", "kota+semarang"] {
        let query = format!("region=33.74&type=bed.icu&q={q}");
        assert_eq!(names(&beds(&node, &query).await), ["Kota Semarang"], "{q}");
        let text = text_answer(&node, &query, "en").await;
        assert!(text.contains("is known to have a free bed: 1 full."), "{text}");
        assert!(text.contains("\n1. RS Kota Semarang\n") && text.contains("Phone: 024-8413476"), "{text}");
    }
    assert_eq!(beds(&node, "q=semarang").await["facilities"].as_array().unwrap().len(), 3);
}

/// Nor do others of such a name, however far away, take its place when its number is old.
#[tokio::test]
async fn a_place_that_was_named_is_told_of_though_its_number_is_old() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (id, region, point) in [("A", "33.74", Some(SEMARANG)), ("B", "33.73", None)] {
        node.clock.pass(Duration::hours(13));
        hospital(&node, id, region, point, 3).await;
        let name = json!({"name": format!("RSUD Kota {id}")});
        node.patch(&format!("/v1/facilities/test:{id}"), &name).key(&key).send().await.json();
    }
    let answer = beds(&node, "region=33.74&q=rsud+kota").await;
    assert_eq!((names(&answer), &answer["widened"]), (vec!["RSUD Kota A"], &Value::Null));
}

/// That nobody has such a type is another matter than that no such type is free.
#[rstest]
#[case("type=bed.icu&ventilator=true", "type", "bed.icu_vent, ")]
#[case(
    "ventilator=true&negative_pressure=true&reserved_for=none",
    "negative_pressure",
    "bed.iccu_vent, bed.icu_vent"
)]
#[case(
    "type=bed.class3&age_group=neonate&reserved_for=covid",
    "type",
    "bed.covid.perinatology, bed.covid.nicu"
)]
#[tokio::test]
async fn what_no_type_is_cannot_be_asked_for(#[case] query: &str, #[case] pointer: &str, #[case] hint: &str) {
    let node = TestNode::start().await;
    let refused = node.get(&format!("/v1/beds?{query}")).language("en").send().await;
    let problem = refused.problem(422, "parameters_disagree");
    assert_eq!(problem["errors"][0]["pointer"], pointer);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(hint), "{detail}");
}

/// Nobody recorded which intensive care units for children have a ventilator: they are told of, and must be asked.
#[tokio::test]
async fn what_nobody_recorded_is_told_as_that() {
    let node = TestNode::start().await;
    for (id, resource) in [("A", "bed.picu"), ("B", "bed.class3"), ("C", "bed.icu_vent")] {
        node.hospital(id, "33.74", None).await;
        node.report(&format!("test:{id}"), json!({resource: {"available": 2}})).await;
    }
    for (query, found, unrecorded) in [
        ("ventilator=true", "C", Value::Null),
        ("ventilator=true&age_group=adult", "C", Value::Null),
        ("ventilator=true&age_group=child", "A", json!(["ventilator"])),
        ("ventilator=true&type=bed.class3", "B", json!(["ventilator"])),
        (
            "negative_pressure=true&ventilator=true&type=bed.icu_vent,bed.class3",
            "B",
            json!(["ventilator", "negative_pressure"]),
        ),
    ] {
        let answer = beds(&node, &format!("region=33.74&{query}")).await;
        assert_eq!(names(&answer), [found], "{query}");
        assert_eq!(answer["unrecorded"], unrecorded, "{query}");
    }
    let call = node.get("/v1/beds?region=33.74&ventilator=true&age_group=child").accept("text/csv");
    let table = call.send().await.text();
    assert!(
        table.lines().all(|line| line.ends_with(",unrecorded") || line.ends_with(",ventilator")),
        "{table}"
    );
    let text = text_answer(&node, "region=33.74&ventilator=true&age_group=child", "en").await;
    assert!(
        text.starts_with("Maybe with ventilator (not recorded, ask), for children: 1 hospital in "),
        "{text}"
    );
    let text = text_answer(&node, "region=33.74&ventilator=true&age_group=child", "id").await;
    assert!(
        text.starts_with("Mungkin dengan ventilator (tidak tercatat, tanyakan), untuk anak: ada 1 "),
        "{text}"
    );
}

#[rstest]
#[case("id", "penuh", "Langkah berikutnya, hubungi:\n- Dinkes (Kota Semarang): 024-8318070\n- PSC 119")]
#[case("en", "full", "As the next step, call:\n- Dinkes (Kota Semarang): 024-8318070\n- PSC 119")]
#[tokio::test]
async fn whoever_finds_nothing_is_told_whom_to_call(
    #[case] language: &str,
    #[case] reason: &str,
    #[case] next: &str,
) {
    let node = TestNode::start().await;
    hospital(&node, "Kariadi", "33.74", Some(SEMARANG), 0).await;
    contact(&node, "Dinkes", "public").await;
    contact(&node, "Piket", "internal").await;
    let text = text_answer(&node, "region=33.74.10", language).await;
    assert!(text.contains(next), "{text}");
    let text = text_answer(&node, "region=33.74", language).await;
    assert!(text.contains(next) && text.contains(reason), "{text}");
    assert!(!text.contains("Piket"), "{text}");
    let answer = beds(&node, "region=33.74.10").await;
    let roles: Vec<_> =
        answer["contacts"].as_array().unwrap().iter().map(|contact| &contact["role"]).collect();
    assert_eq!(roles, ["dinkes", "psc119"], "nearest first");
}

#[rstest]
#[case(
    "region=33.74&q=moewardi",
    "id",
    "Bernama \"moewardi\": tidak ada tempat tidur yang cocok tercatat di Kota Semarang."
)]
#[case(
    "region=33.74&q=moewardi",
    "en",
    "Named \"moewardi\": no beds that match are listed in Kota Semarang."
)]
#[case("region=33.74&freshness=fresh", "id", "Hanya angka baru: tidak ada fasilitas di Kota Semarang")]
#[case("region=33.74&freshness=fresh", "en", "Fresh numbers only: no facility in Kota Semarang")]
#[case("region=33.74&age_group=child", "en", "For children: no beds that match are listed in Kota Semarang.")]
#[tokio::test]
async fn the_first_sentence_says_what_was_wished_for(
    #[case] query: &str,
    #[case] language: &str,
    #[case] sentence: &str,
) {
    let node = TestNode::start().await;
    hospital(&node, "Kariadi", "33.74", Some(SEMARANG), 3).await;
    node.clock.pass(Duration::hours(5));
    let text = text_answer(&node, query, language).await;
    assert!(text.starts_with(sentence), "{text}");
}

/// How many facilities the first sentence of an English text tells of by fresh, old, unknown and full numbers.
fn told_by_tier(text: &str, topic: &str) -> [usize; 4] {
    let line = text.lines().next().unwrap();
    let line = line.strip_prefix(topic).unwrap_or_else(|| panic!("{topic}: {line}")).to_lowercase();
    // Where nobody has as many as were asked for, those that have fewer are told.
    let fewer =
        line.split_once("the most that one of these has is ").and_then(|(_, rest)| rest.split_once(". "));
    let line = fewer.map_or(&*line, |(_, rest)| rest);
    let before = |phrase: &str| {
        let count = line.find(phrase).map(|at| line[..at].trim_end().rsplit(' ').next().unwrap_or_default());
        count.map_or(0, |count| count.parse().unwrap_or_else(|_| panic!("{phrase}: {line}")))
    };
    let only_old = line.strip_prefix("by old numbers only, ");
    let hospitals = |line: &str| line.split(' ').next().unwrap_or_default().parse().unwrap_or(0);
    let listed = line.contains("something free") || line.contains("kota semarang:");
    let usable = match only_old {
        Some(_) => 0,
        None if listed => before("has something free") + before("have something free"),
        None => hospitals(line),
    };
    let stale = only_old.map_or_else(|| before("free only by old numbers"), hospitals);
    [usable, stale, before("not known"), before("full") + before("without enough")]
}

#[rstest]
#[case("freshness=fresh", "Fresh numbers only: ")]
#[case("freshness=aging", "No old numbers: ")]
#[case("freshness=stale", "Known numbers only: ")]
#[case("freshness=unknown", "")]
#[tokio::test]
async fn every_form_tells_the_same_tiers(
    #[case] freshness: &str,
    #[case] topic: &str,
    #[values(0, 1, 2, 6, 9)] min: u32,
) {
    let node = every_tier().await;
    // Nothing free by its fresh number, and something by its old one: what the question does not count, no form tells.
    node.hospital("Mixed", "33.74", None).await;
    let old = node.clock.now() - Duration::hours(13);
    let mixed = json!({"facility": "test:Mixed", "type": "bed.hcu", "available": 9, "observed_at": old});
    node.post("/v1/reports", &json!([mixed])).key(&node.admin().await).send().await.json();
    icu(&node, "Mixed", 0.into()).await;
    let query = format!("region=33.74&min={min}&{freshness}");
    let answer = beds(&node, &query).await;
    let tiers: Vec<&str> = answer["facilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|facility| facility["tier"].as_str().unwrap())
        .collect();
    let count = |wanted: &[&str]| tiers.iter().filter(|tier| wanted.contains(tier)).count();
    let counted = [&["fresh", "aging"][..], &["stale"], &["unknown"], &["full"]].map(count);
    let text = text_answer(&node, &query, "en").await;
    assert_eq!(told_by_tier(&text, topic), counted, "{text}");

    let path = format!("/v1/beds?{query}");
    let map = node.get(&path).accept("application/geo+json").send().await.json();
    let features = map["features"].as_array().unwrap();
    let mapped: Vec<&str> =
        features.iter().map(|feature| feature["properties"]["tier"].as_str().unwrap()).collect();
    assert_eq!(mapped, tiers);
    let table = node.get(&path).accept("text/csv").send().await.text();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|header| header == name).unwrap();
    let (facility, tier) = (column("facility"), column("tier"));
    let mut tabled: Vec<(String, String)> = rows
        .records()
        .map(Result::unwrap)
        .map(|row| (row[facility].to_owned(), row[tier].to_owned()))
        .collect();
    tabled.dedup();
    assert_eq!(tabled.iter().map(|(_, tier)| tier.as_str()).collect::<Vec<_>>(), tiers);
}

#[tokio::test]
async fn distances_are_told_only_where_there_are_some() {
    let node = TestNode::start().await;
    hospital(&node, "Kariadi", "33.74", Some(SEMARANG), 3).await;
    node.clock.pass(Duration::hours(13));
    let text = text_answer(&node, "region=33.74", "en").await;
    assert!(!text.contains("km") && !text.contains("Distances"), "{text}");
    let text = text_answer(&node, "region=33.74&near=-7.14,110.405", "en").await;
    assert!(text.contains("about 16 km away") && text.contains("Distances"), "{text}");
}

#[rstest]
#[case::defaults("region=33.74", &["region=33.74&min=1", "freshness=unknown&region=33.74&cursor=", "region=33%2E74&"])]
#[case::places(
    "near=-6.99,110.42",
    &["near=-6.990,110.4200&within=50", "within=50&near=-6.99%2C+110.42", "near=-6.990001,110.42"]
)]
#[case::lists(
    "region=33.74&type=bed.icu,bed.icu_vent&min=2",
    &["type=bed.icu_vent&min=2&region=33.74&type=bed.icu", "min=2&type=bed.icu_vent,bed.icu,,bed.icu&region=33.74"]
)]
#[case::words("q=kariadi&ventilator=false", &["ventilator=0&q=KARIADI", "q=++Kariadi+&ventilator=false"])]
#[tokio::test]
async fn one_question_has_one_tag_however_it_is_written(#[case] plain: &str, #[case] ways: &[&str]) {
    let node = TestNode::start().await;
    for name in ["A", "B"] {
        let id = node.hospital(name, "33.74", Some(SEMARANG)).await;
        let key = node.admin().await;
        let patch = json!({"name": format!("RS Kariadi {name}")});
        node.patch(&format!("/v1/facilities/{id}"), &patch).key(&key).send().await.json();
        icu(&node, name, 3.into()).await;
    }
    let ask = async |query: &str| {
        let reply = node.get(&format!("/v1/beds?{query}")).send().await;
        let next = reply.json()["next"].clone();
        (reply.header("etag").to_owned(), next)
    };
    let whole = ask(plain).await;
    let first = ask(&format!("{plain}&limit=1")).await;
    assert_eq!(ask(&format!("{plain}&limit=20")).await, whole);
    assert!(first.1.is_string() && first.0 != whole.0);
    for way in ways {
        assert_eq!(ask(way).await, whole, "{way}");
        // The cursor knows the question it belongs to.
        assert_eq!(ask(&format!("limit=1&{way}")).await, first, "{way}");
        let rest = format!("{way}&limit=1&cursor={}", first.1.as_str().unwrap());
        let plain_rest = format!("cursor={}&{plain}&limit=1", first.1.as_str().unwrap());
        assert_eq!(ask(&rest).await, ask(&plain_rest).await, "{way}");
        let known = node.get(&format!("/v1/beds?{way}")).header("if-none-match", &whole.0);
        assert_eq!(known.send().await.status, StatusCode::NOT_MODIFIED, "{way}");
    }
}
