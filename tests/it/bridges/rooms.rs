//! Rooms add up to the numbers of their types.

use std::collections::BTreeMap;

use axum::http::Method;
use chrono::{DateTime, Duration, Utc};
use rstest::rstest;
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use self::Event::{Clerk, Confirm, Gone, Row};
use super::{aplicares, numbers, reading, rsonline, start};

pub(super) fn row(id_tt: &str, id: &str, counts: [&str; 4]) -> Value {
    let [jumlah, terpakai, kosong, antrian] = counts;
    json!({
        "id_tt": id_tt, "id_t_tt": id, "ruang": format!("Ruang {id}"), "jumlah_ruang": "1", "jumlah": jumlah,
        "terpakai": terpakai, "terpakai_suspek": "0", "terpakai_konfirmasi": "0", "kosong": kosong,
        "antrian": antrian, "prepare": "0", "prepare_plan": "0", "covid": "0",
    })
}

pub(super) fn bed(class: &str, room: &str, kapasitas: &str, tersedia: &str) -> Value {
    json!({
        "kodekelas": class, "koderuang": room, "namaruang": format!("Ruang {room}"), "kapasitas": kapasitas,
        "tersedia": tersedia, "tersediapria": "0", "tersediawanita": "0", "tersediapriawanita": tersedia,
    })
}

/// What the test expects of a type: the sums it computed itself.
#[derive(Default, Clone, Copy)]
struct Expected([u64; 3]);

#[tokio::test]
async fn rows_of_both_systems_end_as_the_right_totals() {
    let (node, key) = start().await;
    // Hospital A writes to RS Online, B to Aplicares, several rooms of a type each.
    let mut expected: BTreeMap<(&str, &str), Expected> = BTreeMap::new();
    let types = [
        ("6", "bed.icu"),
        ("38", "bed.icu_vent"),
        ("5", "bed.class3"),
        ("10", "bed.nicu"),
        ("39", "bed.nicu"),
    ];
    for round in 0..3u64 {
        for (index, (code, resource)) in (0u64..).zip(types) {
            let (capacity, occupied) = (10 + index + round, 3 + index);
            let available = capacity - occupied - round.min(1);
            let counts = [capacity, occupied, available, round].map(|count| count.to_string());
            let counts = [&*counts[0], &*counts[1], &*counts[2], &*counts[3]];
            let id = format!("{code}{round}");
            let reply = rsonline(&node, &key, Method::POST, "A", &row(code, &id, counts)).await.json();
            assert_eq!(reply["fasyankes"][0]["status"], "200");
            assert_eq!(reply["fasyankes"][0]["id_t_tt"], id);
            let sum = expected.entry(("A", resource)).or_default();
            *sum = Expected([sum.0[0] + capacity, sum.0[1] + available, sum.0[2] + round]);
        }
        for (index, (class, resource)) in (0u64..).zip([
            ("VIP", "bed.vip"),
            ("ICU", "bed.icu"),
            ("KL3", "bed.class3"),
            ("NIC", "bed.nicu"),
            ("IGD", "bed.er"),
            ("ugd", "bed.er"),
        ]) {
            let (capacity, available) = (20 + index, round + index);
            let row = bed(class, &format!("R{round}"), &capacity.to_string(), &available.to_string());
            let reply = aplicares(&node, &key, "create", "B", &row).await.json();
            assert_eq!(reply["metadata"]["code"], 1, "{reply}");
            let sum = expected.entry(("B", resource)).or_default();
            *sum = Expected([sum.0[0] + capacity, sum.0[1] + available, 0]);
        }
    }
    let mut totals: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for ((hospital, resource), Expected([capacity, available, queue])) in &expected {
        let [have, occupied, free, waiting] = numbers(&node, hospital, resource).await;
        assert_eq!((have, free), (json!(capacity), json!(available)), "{hospital} {resource}");
        let is_aplicares = *hospital == "B"; // which says neither who is in the beds nor who waits
        assert_eq!(occupied.is_null(), is_aplicares);
        assert_eq!(waiting, if is_aplicares { json!(null) } else { json!(queue) });
        let total = totals.entry(resource).or_default();
        *total = (total.0 + capacity, total.1 + available);
    }
    let answer = node.get("/v1/beds?region=33&min=0").send().await.json();
    let answered: BTreeMap<&str, (u64, u64)> = answer["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|total| {
            let count = |field: &str| total[field].as_u64().unwrap();
            (total["type"].as_str().unwrap(), (count("capacity"), count("available")))
        })
        .collect();
    assert_eq!(answered, totals);
    let source = &reading(&node, "A", "bed.icu").await["source"];
    assert_eq!(source, "bridge");
}

#[tokio::test]
async fn one_room_that_does_not_say_makes_the_sum_unknown() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("6", "1", ["10", "7", "3", "0"])).await.json();
    rsonline(&node, &key, Method::POST, "A", &row("6", "2", ["4", "", "", "1"])).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(14), json!(null), json!(null), json!(1)]);
    rsonline(&node, &key, Method::PUT, "A", &row("6", "2", ["4", "2", "0", "1"])).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(14), json!(9), json!(3), json!(1)]);
}

#[tokio::test]
async fn a_room_sent_again_counts_once_and_one_removed_leaves_the_sum() {
    let (node, key) = start().await;
    for _ in 0..2 {
        for id in ["1", "2"] {
            rsonline(&node, &key, Method::POST, "A", &row("6", id, ["10", "7", "3", "0"])).await.json();
        }
    }
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 20);
    // Programs leave out what they said before, and send numbers as numbers.
    let partial = json!({"id_t_tt": "2", "jumlah": 6, "terpakai": 6, "kosong": 0, "antrian": 2});
    rsonline(&node, &key, Method::PUT, "A", &partial).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await, [json!(16), json!(13), json!(3), json!(2)]);
    // A room becomes another one.
    rsonline(&node, &key, Method::PUT, "A", &row("38", "2", ["6", "5", "1", "0"])).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 10);
    assert_eq!(numbers(&node, "A", "bed.icu_vent").await[0], 6);
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": "2"})).await.json();
    // Nobody says what is there now: that is not zero.
    assert_eq!(numbers(&node, "A", "bed.icu_vent").await, [const { Value::Null }; 4]);
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": "2"})).await.problem(404, "unknown_room");
    let path = "/bridge/rsonline/fo/index.php/Fasyankes?id_t_tt=1";
    let call = node.call(Method::DELETE, path).header("X-rs-id", "33A").header("X-pass", &key);
    call.send().await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], json!(null));
    let node = node.restart().await;
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], json!(null));
}

#[tokio::test]
async fn a_room_that_gets_its_number_later_is_the_same_room() {
    let (node, key) = start().await;
    let mut first = row("6", "", ["10", "7", "3", "0"]);
    first["ruang"] = json!("ICU Sentral");
    let reply = rsonline(&node, &key, Method::POST, "A", &first).await.json();
    let given: i32 = reply["fasyankes"][0]["id_t_tt"].as_str().unwrap().parse().unwrap();
    first["id_t_tt"] = json!("4711");
    rsonline(&node, &key, Method::PUT, "A", &first).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], 10);
    let read = node.get("/bridge/rsonline/Fasyankes").header("X-rs-id", "33A").header("X-pass", &key);
    let rooms = read.send().await.json();
    let (rooms, room) = (rooms["fasyankes"].as_array().unwrap().len(), &rooms["fasyankes"][0]);
    assert_eq!((rooms, &room["id_t_tt"], &room["id_tt"]), (1, &json!("4711"), &json!("6")));
    // Another program still has the id that was given here.
    let partial = json!({"id_t_tt": given, "jumlah": 10, "terpakai": 8});
    let reply = rsonline(&node, &key, Method::PUT, "A", &partial).await.json();
    assert_eq!(reply["fasyankes"][0]["id_t_tt"], "4711");
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [json!(10), json!(8), json!(2)]);
    rsonline(&node, &key, Method::DELETE, "A", &json!({"id_t_tt": given})).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[0], json!(null));
}

#[tokio::test]
async fn a_ward_with_two_classes_is_a_room_in_each() {
    let (node, key) = start().await;
    for (class, kapasitas) in [("KL1", "4"), ("KL2", "8")] {
        aplicares(&node, &key, "create", "A", &bed(class, "MAWAR", kapasitas, "2")).await.json();
    }
    aplicares(&node, &key, "update", "A", &bed("KL1", "MAWAR", "4", "1")).await.json();
    assert_eq!(numbers(&node, "A", "bed.class1").await[2], 1);
    assert_eq!(numbers(&node, "A", "bed.class2").await[2], 2);
    let gone = json!({"kodekelas": "KL1", "koderuang": "MAWAR"});
    aplicares(&node, &key, "delete", "A", &gone).await.json();
    assert_eq!(numbers(&node, "A", "bed.class1").await[2], json!(null));
    assert_eq!(numbers(&node, "A", "bed.class2").await[2], 2);
}

#[tokio::test]
async fn the_same_beds_in_two_systems_are_not_added() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("6", "1", ["10", "7", "3", "0"])).await.json();
    node.clock.pass(Duration::minutes(1));
    aplicares(&node, &key, "create", "A", &bed("ICU", "R1", "10", "2")).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [json!(10), json!(7), json!(2)]);
    node.clock.pass(Duration::minutes(1));
    rsonline(&node, &key, Method::PUT, "A", &row("6", "1", ["10", "9", "1", "0"])).await.json();
    assert_eq!(numbers(&node, "A", "bed.icu").await[..3], [json!(10), json!(9), json!(1)]);
}

/// What happens to the ICU of hospital A; minutes count from the beginning.
enum Event {
    /// A room has so many free beds, as was counted at a minute.
    Row(&'static str, i64, &'static str),
    /// A room was removed at a minute.
    Gone(&'static str, i64),
    /// A clerk says at a minute how many are free.
    Clerk(i64, u64),
    /// A clerk confirms at a minute.
    Confirm(i64),
}

/// What is known then: free beds, as of which minute, the oldest room if it is older, and whether the event went into
/// the history only.
type Known = (Option<u64>, i64, Option<i64>, bool);

#[rstest]
#[case::the_sum_is_as_of_the_newest_row(&[
    (Row("1", 10, "3"), (Some(3), 10, None, false)),
    (Row("2", 20, "2"), (Some(5), 20, Some(10), false)),
    (Row("1", 30, "1"), (Some(3), 30, Some(20), false)),
])]
#[case::whatever_order_rows_arrive_in(&[
    (Row("1", 20, "3"), (Some(3), 20, None, false)),
    (Row("2", 10, "2"), (Some(5), 20, Some(10), false)),
    (Row("1", 15, "9"), (Some(5), 20, Some(10), true)),
    (Gone("1", 30), (Some(2), 30, Some(10), false)),
    (Row("2", 25, "4"), (Some(4), 30, Some(25), false)),
])]
#[case::the_newest_word_counts(&[
    (Row("1", 10, "3"), (Some(3), 10, None, false)),
    (Row("2", 10, "2"), (Some(5), 10, None, false)),
    (Clerk(20, 9), (Some(9), 20, None, false)),
    (Row("1", 15, "0"), (Some(9), 20, None, true)),
    (Row("1", 30, "1"), (Some(3), 30, Some(10), false)),
    (Clerk(25, 8), (Some(3), 30, Some(10), true)),
])]
#[case::a_confirmation_is_a_word(&[
    (Row("1", 10, "3"), (Some(3), 10, None, false)),
    (Row("2", 12, "2"), (Some(5), 12, Some(10), false)),
    (Confirm(20), (Some(5), 20, None, false)),
    (Gone("2", 15), (Some(5), 20, None, true)),
    (Row("1", 30, "1"), (Some(1), 30, None, false)),
])]
#[case::without_rooms_nobody_says(&[
    (Row("1", 10, "3"), (Some(3), 10, None, false)),
    (Gone("1", 20), (None, 20, None, false)),
    (Row("2", 15, "4"), (Some(4), 20, Some(15), false)),
])]
#[tokio::test]
async fn the_newest_word_about_a_type_counts(#[case] events: &[(Event, Known)]) {
    let (node, key) = start().await;
    let (begin, admin) = (node.clock.now(), node.admin().await);
    node.clock.pass(Duration::hours(1));
    let minute = |time: &Value| (time.as_str()?.parse::<DateTime<Utc>>().ok()? - begin).num_minutes().into();
    for (event, (available, observed, oldest, late)) in events {
        let at = |minute: i64| begin + Duration::minutes(minute);
        let said = async |method: Method, body: Value, minute: i64| {
            let call = node.call(method, "/bridge/rsonline/Fasyankes").json(&body);
            let call = call.header("X-rs-id", "33A").header("X-pass", &key);
            let reply = call.header("X-Timestamp", &at(minute).timestamp().to_string()).send().await.json();
            reply["fasyankes"][0]["message"].as_str().unwrap().contains("riwayat")
        };
        let was_late = match event {
            Row(id, minute, free) => said(Method::POST, row("6", id, ["10", "1", free, "0"]), *minute).await,
            Gone(id, minute) => said(Method::DELETE, json!({"id_t_tt": id}), *minute).await,
            Clerk(minute, free) => {
                let body = json!({"observed_at": at(*minute), "values": {"bed.icu": {"capacity": 20, "available": free}}});
                let path = "/v1/facilities/test:A/availability";
                node.put(path, &body).key(&admin).send().await.json()["late"] == json!(["bed.icu"])
            }
            Confirm(minute) => {
                let body = json!({"observed_at": at(*minute), "types": ["bed.icu"]});
                let path = "/v1/facilities/test:A/availability/confirm";
                node.post(path, &body).key(&admin).send().await.json()["late"] == json!(["bed.icu"])
            }
        };
        let icu = reading(&node, "A", "bed.icu").await;
        let known =
            (icu["available"].as_u64(), minute(&icu["observed_at"]), minute(&icu["oldest_room_observed_at"]));
        assert_eq!((known, was_late), ((*available, Some(*observed), *oldest), *late));
    }
    let before = reading(&node, "A", "bed.icu").await;
    let node = node.restart().await;
    assert_eq!(reading(&node, "A", "bed.icu").await, before);
}

/// At an hour a room is counted, or a clerk reports the ICU.
#[derive(Debug)]
enum Word {
    Room(i64, Value),
    Clerk(i64, Value),
}

#[rstest]
#[case::a_late_row_does_not_disprove_it(
    &[
        Word::Clerk(1, json!({"capacity": 10, "occupied": 5, "available": 5})),
        Word::Clerk(5, json!({"available": 4})),
        Word::Room(3, json!({"terpakai": "12"})),
    ],
    [json!(10), Value::Null, json!(4)], Some(1)
)]
#[case::a_row_disproves_it(
    &[
        Word::Clerk(1, json!({"capacity": 10, "occupied": 5, "available": 5})),
        Word::Room(3, json!({"terpakai": "12"})),
    ],
    [Value::Null, json!(12), Value::Null], None
)]
#[case::a_room_keeps_what_it_stated(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Room(3, json!({"terpakai": "8", "kosong": "2"})),
    ],
    [json!(10), json!(8), json!(2)], Some(1)
)]
#[case::until_the_beds_are_more(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Room(3, json!({"terpakai": "11"})),
    ],
    [Value::Null, json!(11), Value::Null], None
)]
#[case::a_room_takes_back_what_it_stated(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Room(3, json!({"jumlah": "", "terpakai": "8", "kosong": "2"})),
    ],
    [Value::Null, json!(8), json!(2)], None
)]
#[case::also_behind_the_back_of_a_clerk(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Clerk(2, json!({"available": 4})),
        Word::Room(3, json!({"jumlah": null, "terpakai": "8", "kosong": "2"})),
    ],
    [Value::Null, json!(8), json!(2)], None
)]
#[case::and_not_what_a_clerk_stated(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Clerk(2, json!({"capacity": 10, "occupied": 9, "available": 1})),
        Word::Room(3, json!({"jumlah": "", "terpakai": "8", "kosong": "2"})),
    ],
    [json!(10), json!(8), json!(2)], Some(2)
)]
#[case::nor_puts_its_own_over_it(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Clerk(2, json!({"capacity": 12, "available": 1})),
        Word::Room(3, json!({"terpakai": "8", "kosong": "2"})),
        Word::Room(4, json!({"terpakai": "9", "kosong": "1"})),
    ],
    [json!(12), json!(9), json!(1)], Some(2)
)]
#[case::unless_it_states_it_again(
    &[
        Word::Room(1, json!({"jumlah": "10", "terpakai": "7", "kosong": "3"})),
        Word::Clerk(2, json!({"capacity": 12, "available": 1})),
        Word::Room(3, json!({"jumlah": "10", "terpakai": "8", "kosong": "2"})),
    ],
    [json!(10), json!(8), json!(2)], None
)]
#[tokio::test]
async fn a_row_changes_the_capacity_only_as_far_as_it_states_one(
    #[case] words: &[Word],
    #[case] counts: [Value; 3],
    #[case] stated_at: Option<i64>,
) {
    let (node, key) = start().await;
    let (begin, admin) = (node.clock.now(), node.admin().await);
    node.clock.pass(Duration::hours(8));
    let hour = |hour: i64| begin + Duration::hours(hour);
    for word in words {
        match word {
            Word::Room(at, said) => {
                let mut row = json!({"id_tt": "6", "id_t_tt": "101", "ruang": "ICU"});
                row.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
                let call = node.post("/bridge/rsonline/Fasyankes", &row).header("X-rs-id", "33A");
                let call =
                    call.header("X-pass", &key).header("X-Timestamp", &hour(*at).timestamp().to_string());
                call.send().await.json();
            }
            Word::Clerk(at, said) => {
                let body = json!({"observed_at": hour(*at), "values": {"bed.icu": said}});
                node.put("/v1/facilities/test:A/availability", &body).key(&admin).send().await.json();
            }
        }
    }
    let icu = reading(&node, "A", "bed.icu").await;
    assert_eq!(["capacity", "occupied", "available"].map(|field| icu[field].clone()), counts);
    let stated: Option<DateTime<Utc>> = icu["capacity_observed_at"].as_str().map(|at| at.parse().unwrap());
    assert_eq!(stated, stated_at.map(hour));
    let node = node.restart().await;
    assert_eq!(reading(&node, "A", "bed.icu").await, icu);
}

/// A clock that is ahead is not believed.
#[tokio::test]
async fn a_row_from_the_future_is_as_of_now() {
    let (node, key) = start().await;
    let at = (node.clock.now() + Duration::hours(7)).timestamp().to_string();
    let call = node.post("/bridge/rsonline/Fasyankes", &row("6", "1", ["10", "5", "4", "0"]));
    call.header("X-rs-id", "33A").header("X-pass", &key).header("X-Timestamp", &at).send().await.json();
    assert_eq!(reading(&node, "A", "bed.icu").await["freshness"], "fresh");
}

#[tokio::test]
async fn what_is_wrong_is_a_problem_with_the_name_of_the_field_as_sent() {
    let (node, key) = start().await;
    let before = node.seq().await;
    let post = async |row: Value| rsonline(&node, &key, Method::POST, "A", &row).await;
    for (counts, code, pointer) in [
        (["10", "8", "3", "0"], "above_capacity", "/terpakai"),
        (["10", "", "11", "0"], "above_capacity", "/kosong"),
        (["10", "-1", "3", "0"], "negative_count", "/terpakai"),
        (["sepuluh", "1", "3", "0"], "count_not_whole", "/jumlah"),
    ] {
        let problem = post(row("6", "1", counts)).await.problem(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    post(json!({"jumlah": "3"})).await.problem(422, "missing_field");
    post(json!([1])).await.problem(422, "invalid_field");
    let row = row("6", "1", ["10", "5", "5", "0"]);
    rsonline(&node, &key, Method::POST, "X", &row).await.problem(404, "unknown_facility");
    rsonline(&node, "password", Method::POST, "A", &row).await.problem(401, "key_invalid");
    aplicares(&node, "12345", "update", "A", &bed("ICU", "1", "1", "1")).await.problem(401, "key_invalid");
    aplicares(&node, &key, "erase", "A", &bed("ICU", "1", "1", "1")).await.problem(404, "not_found");
    aplicares(&node, &key, "update", "A", &bed("ICU", "1", "1", "2")).await.problem(422, "above_capacity");
    let other = node.key(Role::Reporter, None, &["test:B"]).await;
    let after_key = node.seq().await;
    rsonline(&node, &other, Method::POST, "A", &row).await.problem(403, "outside_scope");
    rsonline(&node, &other, Method::DELETE, "A", &row).await.problem(403, "outside_scope");
    assert_eq!((after_key, node.seq().await), (before + 1, before + 1));
}

#[tokio::test]
async fn a_room_that_nobody_said_the_contents_of_is_refused() {
    let (node, key) = start().await;
    let before = node.seq().await;
    for method in [Method::PUT, Method::POST] {
        let row = json!({"id_t_tt": "77", "jumlah": "3"});
        let problem = rsonline(&node, &key, method, "A", &row).await.problem(404, "unknown_room");
        assert_eq!(problem["errors"][0]["pointer"], "/id_t_tt");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("'77'") && detail.contains("POST beserta id_tt"), "{detail}");
    }
    let row = json!({"koderuang": "R1", "kapasitas": "3"});
    let problem = aplicares(&node, &key, "update", "A", &row).await.problem(422, "missing_field");
    assert_eq!(problem["errors"][0]["pointer"], "/koderuang");
    assert!(problem["detail"].as_str().unwrap().contains("kodekelas dan koderuang"), "{problem}");
    assert_eq!(node.seq().await, before);
}

#[tokio::test]
async fn a_room_says_when_it_was_in_the_time_of_the_hospital() {
    let (node, key) = start().await;
    rsonline(&node, &key, Method::POST, "A", &row("6", "1", ["10", "7", "3", "0"])).await.json();
    let read = async || {
        let call = node.get("/bridge/rsonline/Fasyankes").header("X-rs-id", "33A").header("X-pass", &key);
        call.send().await.json()["fasyankes"][0]["tglupdate"].clone()
    };
    assert_eq!(read().await, "2021-07-01 14:00:00");
    let admin = node.admin().await;
    let reply = node.put("/v1/regions/33.74", &json!({"name": "Kota Semarang", "timezone": "Asia/Makassar"}));
    assert!(reply.key(&admin).send().await.status.is_success());
    assert_eq!(read().await, "2021-07-01 15:00:00");
}

#[tokio::test]
async fn what_to_do_is_said_in_the_words_of_the_system() {
    let (node, key) = start().await;
    let gone = aplicares(&node, &key, "delete", "A", &json!({"kodekelas": "ICU", "koderuang": "9"})).await;
    let problem = gone.problem(404, "unknown_room");
    assert!(problem["detail"].as_str().unwrap().contains("sebutkan kodekelas dan koderuang"), "{problem}");
    let row = row("6", "1", ["10", "5", "5", "0"]);
    for (path, headers) in [
        ("/bridge/rsonline/Fasyankes", "'X-pass'"),
        ("/bridge/aplicares/rest/bed/update/0112A", "'X-pass' atau 'X-cons-id'"),
    ] {
        let problem =
            node.post(path, &row).header("X-rs-id", "33A").send().await.problem(401, "key_required");
        assert_eq!(problem["errors"][0]["pointer"], "X-pass");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(headers) && !detail.contains("Bearer"), "{detail}");
    }
}
