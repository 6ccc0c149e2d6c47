//! What is not a number, for spreadsheets and for maps: sessions, regions, types, what was found, what was.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::get;
use crate::support::{Reply, TestNode};

/// The lines of a CSV, each as its cells by the name of their column.
fn lines(reply: &Reply) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(&*reply.body).deserialize().map(Result::unwrap).collect()
}

/// The cells of one line that are asked for.
fn cells<'a, const N: usize>(line: &'a BTreeMap<String, String>, columns: [&str; N]) -> [&'a str; N] {
    columns.map(|column| line.get(column).unwrap_or_else(|| panic!("no column {column}")).as_str())
}

async fn map(node: &TestNode, path: &str) -> Value {
    serde_json::from_slice(&get(node, path, "application/geo+json").await.body).unwrap()
}

/// What somebody with a key is told.
async fn managed(node: &TestNode, path: &str, accept: &str) -> Reply {
    let reply = node.get(path).key(&node.admin().await).accept(accept).send().await;
    assert!(
        reply.status.is_success() && reply.header("content-type").starts_with(accept),
        "{}",
        reply.text()
    );
    reply
}

/// A hospital with two sessions: every Friday, and once.
async fn with_sessions() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    let key = node.admin().await;
    let weekly = json!({
        "facility": "test:A", "weekly": {"weekdays": ["fri"], "from": "2021-07-01"}, "from": "08:00", "to": "12:00",
        "product": "sinovac", "doses": [1, 2], "age_min": 12, "age_max": 17, "walk_in": true, "title": "=1+1",
        "audience": {"domicile": "33.74", "pregnancy": false},
    });
    let once = json!({
        "facility": "test:A", "date": "2021-07-03", "from": "13:00", "to": "15:00", "product": "moderna", "doses": [3],
        "booking_url": "https://contoh.go.id/daftar", "booking_phone": "0800-1", "fee": 25000,
    });
    let mut ids = Vec::new();
    for session in [weekly, once] {
        let made = node.post("/v1/sessions", &session).key(&key).send().await.json();
        ids.push(made["session"]["id"].as_str().unwrap().to_owned());
    }
    let left = json!({"sessions": {&ids[0]: {"capacity": 100, "available": 40}}});
    node.put("/v1/facilities/test:A/availability", &left).key(&key).send().await.json();
    node
}

#[tokio::test]
async fn sessions_have_a_line_for_each_occurrence() {
    let node = with_sessions().await;
    let reply = get(&node, "/v1/vaccinations?region=33.74&to=2021-07-09", "text/csv").await;
    let header = "facility,external_ids,name,kind,region_code,region,address,phones,lat,lon,distance_km,simulated,\
        session,date,from,to,product,doses,age_min,age_max,domicile,walk_in,booking_url,booking_phone,fee,quota,left,\
        observed_at,received_at,freshness,source";
    assert!(reply.text().starts_with(header), "{}", reply.text());
    let lines = lines(&reply);
    let days =
        lines.iter().map(|line| cells(line, ["name", "date", "from", "to", "quota", "left", "freshness"]));
    assert_eq!(
        days.collect::<Vec<_>>(),
        [
            ["RS A", "2021-07-02", "08:00", "12:00", "100", "40", "fresh"],
            ["RS A", "2021-07-03", "13:00", "15:00", "", "", "unknown"],
            ["RS A", "2021-07-09", "08:00", "12:00", "", "", "unknown"],
        ]
    );
    let columns =
        ["product", "doses", "age_min", "age_max", "domicile", "walk_in", "fee", "title", "pregnancy"];
    assert_eq!(
        cells(&lines[0], columns),
        ["sinovac", "1; 2", "12", "17", "33.74", "yes", "0", "'=1+1", "no"]
    );
    assert_eq!(cells(&lines[1], columns), ["moderna", "3", "", "", "", "no", "25000", "", ""]);
    let booking = ["booking_url", "booking_phone", "source", "observed_at"];
    assert_eq!(cells(&lines[1], booking), ["https://contoh.go.id/daftar", "0800-1", "", ""]);
    assert_eq!(cells(&lines[0], booking), ["", "", "coordinator", "2021-07-01T07:00:00Z"]);
}

#[tokio::test]
async fn sessions_are_shown_on_a_map() {
    let node = with_sessions().await;
    let map = map(&node, "/v1/vaccinations?region=33.74").await;
    assert_eq!((&map["type"], &map["from"]), (&json!("FeatureCollection"), &json!("2021-07-01")));
    let feature = &map["features"][0];
    assert_eq!(feature["geometry"], json!({"type": "Point", "coordinates": [110.44, -7.05]}));
    assert_eq!(feature["properties"]["sessions"][0]["left"], 40);
    assert!(map["facilities"].is_null());
}

#[tokio::test]
async fn regions_are_lines_and_points() {
    let node = TestNode::start().await;
    let path = "/v1/regions?parent=33&limit=200";
    let reply = get(&node, path, "text/csv").await;
    let lines = lines(&reply);
    assert_eq!(lines.len(), 35);
    let semarang = lines.iter().find(|line| line["region_code"] == "33.74").unwrap();
    let told = cells(semarang, ["region", "level", "kind", "parent", "path", "timezone"]);
    assert_eq!(
        told,
        ["Kota Semarang", "kabkota", "kota", "33", "Jawa Tengah, Kota Semarang", "Asia/Jakarta"]
    );
    let map = map(&node, path).await;
    let features = map["features"].as_array().unwrap();
    assert_eq!((features.len(), &map["regions"]), (35, &Value::Null));
    let feature = features.iter().find(|feature| feature["id"] == "33.74").unwrap();
    assert_eq!(feature["properties"]["name"], "Kota Semarang");
    let point = &feature["geometry"]["coordinates"];
    assert_eq!([point[1].to_string(), point[0].to_string()], cells(semarang, ["lat", "lon"]));
    let alone = self::map(&node, "/v1/regions/33.74").await;
    assert_eq!((&alone["type"], &alone["geometry"]), (&json!("Feature"), &feature["geometry"]));
    assert_eq!(alone["properties"]["children"].as_array().unwrap().len(), 16);
    let alone = self::lines(&get(&node, "/v1/regions/33.74", "text/csv").await);
    assert_eq!((alone.len(), &alone[0]), (1, semarang));
    // The next page of any list is named in a header.
    let first = get(&node, "/v1/regions?parent=33&limit=1", "text/csv").await;
    let next = format!("/v1/regions?parent=33&limit=1&cursor={}", first.header("sedia-next"));
    assert_eq!(self::lines(&get(&node, &next, "text/csv").await)[0]["region_code"], "33.02");
}

#[tokio::test]
async fn what_was_found_is_lines_and_points() {
    let node = TestNode::start().await;
    node.hospital("Tembalang", "33.74.10", Some((-7.05, 110.44))).await;
    let path = "/v1/search?q=tembalang";
    let lines = lines(&get(&node, path, "text/csv").await);
    let told: Vec<_> = lines
        .iter()
        .map(|line| cells(line, ["found", "name", "kind", "region_code", "lat", "score"]))
        .collect();
    assert_eq!(told[0][..4], ["region", "Tembalang", "kecamatan", "33.74.10"]);
    assert_eq!(told.last().unwrap(), &["facility", "RS Tembalang", "hospital", "33.74.10", "-7.05", "1"]);
    assert!(!told[0][4].is_empty(), "a region stands at its point");
    let map = map(&node, path).await;
    let features = map["features"].as_array().unwrap();
    let found: Vec<&Value> = features.iter().map(|feature| &feature["properties"]["found"]).collect();
    assert_eq!(found.len(), lines.len());
    assert_eq!((found[0], found[found.len() - 1]), (&json!("region"), &json!("facility")));
    assert_eq!(features.last().unwrap()["geometry"]["coordinates"], json!([110.44, -7.05]));
}

#[tokio::test]
async fn types_are_lines() {
    let node = TestNode::start().await;
    let lines = lines(&get(&node, "/v1/types", "text/csv").await);
    let icu = lines.iter().find(|line| line["code"] == "bed.icu_vent").unwrap();
    let columns = [
        "kind",
        "label",
        "label_id",
        "ventilator",
        "negative_pressure",
        "age_group",
        "stale_after_h",
        "retired",
    ];
    let label = "ICU dengan ventilator";
    assert_eq!(cells(icu, columns), ["bed", "ICU with ventilator", label, "yes", "no", "adult", "12", ""]);
}

#[tokio::test]
async fn what_was_reported_is_lines() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74.10", None).await;
    for available in [json!(3), json!(null)] {
        node.report("test:A", json!({"bed.icu": {"capacity": 9, "available": available}})).await;
    }
    let key = node.admin().await;
    let late = json!({"observed_at": "2021-07-01T06:00:00Z", "values": {"bed.icu": {"available": 1}}});
    node.put("/v1/facilities/test:A/availability", &late).key(&key).send().await.json();
    let first = get(&node, "/v1/facilities/test:A/history?limit=2", "text/csv").await;
    let told = |reply: &Reply| -> Vec<[String; 5]> {
        let columns = ["facility", "type", "capacity", "available", "late"];
        lines(reply).iter().map(|line| cells(line, columns).map(str::to_owned)).collect()
    };
    let line = |capacity: &str, available: &str, late: &str| {
        [&id, "bed.icu", capacity, available, late].map(str::to_owned)
    };
    assert_eq!(told(&first), [line("", "1", "yes"), line("9", "", "no")]);
    let next = format!("/v1/facilities/test:A/history?limit=2&cursor={}", first.header("sedia-next"));
    assert_eq!(told(&get(&node, &next, "text/csv").await), [line("9", "3", "no")]);
    // Who sent a number and when is told as in JSON.
    let path = "/v1/facilities/test:A/history";
    let json = managed(&node, path, "application/json").await.json();
    let number = &json["history"][0];
    let columns = ["reporter", "observed_at", "received_at"];
    let told = columns.map(|column| number[column].as_str().unwrap());
    assert_eq!(cells(&lines(&managed(&node, path, "text/csv").await)[0], columns), told);
    assert_eq!(cells(&lines(&first)[0], ["reporter"]), [""]);
}

#[tokio::test]
async fn what_coordinators_ask_for_is_lines() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    for _ in 0..2 {
        node.get("/v1/beds?region=33.22&type=bed.icu").send().await.json();
    }
    let demand = lines(&managed(&node, "/v1/demand?region=33", "text/csv").await);
    assert_eq!(
        cells(&demand[0], ["region_code", "region", "kind", "wanted", "questions"]),
        ["33.22", "Kabupaten Semarang", "bed", "bed.icu", "2"]
    );
    let reply = managed(&node, "/v1/reminders?region=33", "text/csv").await;
    let reminders = lines(&reply);
    assert_eq!(
        cells(&reminders[0], ["name", "freshness", "contacts"]),
        ["RS A", "unknown", "PSC 119 (darurat medis): 119"]
    );
    // A coordinator may call the internal number, and sees that it is one.
    assert_eq!(reminders[0]["phones"], "024-8413476; !0812-4100-0000");
    // What was seen does not come again.
    let next = format!("/v1/reminders?region=33&cursor={}", reply.header("sedia-next"));
    assert_eq!(lines(&managed(&node, &next, "text/csv").await), []);
}
