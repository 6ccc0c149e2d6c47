//! What is left of reports when they leave the log: a line for each facility, type and day.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{clock::CLOCK_TOLERANCE, store::retention::Keep};
use serde_json::Value;
use uuid::Uuid;

use super::rows::{self, Row};
use crate::support::TestDatabase;

/// Day, facility and type.
type Key = (String, Uuid, String);

/// A line of table `daily`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Line {
    reports: i64,
    available_min: Option<i64>,
    available_max: Option<i64>,
    available_last: Option<i64>,
    capacity_last: Option<i64>,
}

/// A number that was reported.
struct Said {
    seq: i64,
    key: Key,
    available: Option<i64>,
    capacity: Option<i64>,
    /// Something newer was known.
    is_late: bool,
}

/// Every number that was ever reported is either in the log or in the line of its day, with what the log says
/// of it being late; but for days that are too long ago for lines. Of sessions the model knows what is late.
pub(super) async fn compare(
    database: &TestDatabase,
    written: &[Row],
    keep: Keep,
    tidied: Option<DateTime<Utc>>,
) {
    let said = said(written);
    let of_places = |row: &&Row| !row.body.contains("\"effect\":\"session_report\"");
    for row in written.iter().filter(of_places) {
        let late = said.iter().filter(|said| said.seq == row.seq && said.is_late);
        let late: Vec<&str> = late.map(|said| said.key.2.as_str()).collect();
        let told: Vec<&str> = row.late.iter().flat_map(|late| late.split(',')).collect();
        assert_eq!(told, late, "late at {}: {}", row.seq, row.body);
    }
    let first = rows::all(database).await[0].seq;
    let forgotten = tidied.map(|tidied| tidied - Duration::days(keep.rollup_days.into()));
    let forgotten = forgotten.map(|at| at.date_naive().to_string()).unwrap_or_default();
    let mut expected: BTreeMap<Key, Line> = BTreeMap::new();
    for said in said.into_iter().filter(|said| said.seq < first && said.key.0 >= forgotten) {
        let line = expected.entry(said.key).or_default();
        line.reports += 1;
        if !said.is_late {
            line.available_min = [line.available_min, said.available].into_iter().flatten().min();
            line.available_max = [line.available_max, said.available].into_iter().flatten().max();
            line.available_last = said.available;
            line.capacity_last = said.capacity;
        }
    }
    assert_eq!(lines(database).await, expected, "the days in short");
}

/// The numbers in the log, in order.
fn said(rows: &[Row]) -> Vec<Said> {
    let mut all = Vec::new();
    let mut newest: BTreeMap<(Uuid, String), DateTime<Utc>> = BTreeMap::new();
    for row in rows {
        let report: Value = serde_json::from_str(&row.body).unwrap();
        if report["effect"] != "report" {
            continue;
        }
        let facility: Uuid = report["facility"].as_str().unwrap().parse().unwrap();
        for number in report["observations"].as_array().unwrap() {
            let resource = number["type"].as_str().unwrap().to_owned();
            let observed_at: DateTime<Utc> = number["observed_at"].as_str().unwrap().parse().unwrap();
            let thing = (facility, resource.clone());
            // What a wrong clock dated in the future gives way to anything.
            let stands =
                |newest: &DateTime<Utc>| observed_at < *newest && *newest <= row.at + CLOCK_TOLERANCE;
            let is_late = newest.get(&thing).is_some_and(stands);
            if !is_late {
                newest.insert(thing, observed_at);
            }
            all.push(Said {
                seq: row.seq,
                key: (row.at.date_naive().to_string(), facility, resource),
                available: number["available"].as_i64(),
                capacity: number["capacity"].as_i64(),
                is_late,
            });
        }
    }
    all
}

async fn lines(database: &TestDatabase) -> BTreeMap<Key, Line> {
    let connection = Database::connect(database.url()).await.unwrap();
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT * FROM daily");
    let rows = connection.query_all_raw(statement).await.unwrap();
    let lines = rows.iter().map(|row| {
        let count = |name: &str| row.try_get::<Option<i32>>("", name).unwrap().map(i64::from);
        let text = |name: &str| row.try_get::<String>("", name).unwrap();
        let line = Line {
            reports: count("reports").unwrap(),
            available_min: count("available_min"),
            available_max: count("available_max"),
            available_last: count("available_last"),
            capacity_last: count("capacity_last"),
        };
        ((text("day"), row.try_get("", "facility_id").unwrap(), text("resource_type")), line)
    });
    let lines = lines.collect();
    connection.close().await.unwrap();
    lines
}
