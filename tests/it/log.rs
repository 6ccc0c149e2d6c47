//! Memory, tables and log always say the same.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use proptest::{prelude::*, test_runner::Config};
use sea_orm::{ConnectionTrait, Database, Statement};
use sedia::{
    answer::{Answers, Coding, Format, Representation, question::Question},
    auth::{Audience, Principal},
    clock::Clock,
    directory::{
        change::Change,
        contact::ContactId,
        facility::{ExternalId, FacilityRef, Visibility},
        language::Language,
        numbers::Numbers,
        resource_type::{Kind, ResourceType, TypeCode},
        room::System,
        session::{SessionId, SessionRef},
    },
    snapshot::Snapshot,
    store::{
        self, Command,
        command::{
            ContactInput, EndContact, EndRoom, FacilityPatch, ForgetSessions, PatchFacility, PutAvailability,
            PutContact, PutRegions, PutRoom, PutSession, PutTypes, RegionPatch, RoomName, SessionSaid,
        },
    },
    tasks::Tasks,
};
use serde_json::json;

use crate::support::{TestDatabase, TestNode};

const HOSPITALS: [(&str, &str); 4] = [("A", "33.74.10"), ("B", "33.74"), ("C", "33.22"), ("D", "34.04")];
const REGIONS: [&str; 4] = ["33.74.10", "33.74", "33.22", "34.04"];
const TYPES: [&str; 4] = ["bed.icu", "bed.icu_vent", "bed.class3", "vaccination.session"];
const CODES: [&str; 3] = ["kemenkes:6", "kemenkes:38", "kemenkes:99"];

/// Something that happens to the directory.
#[derive(Debug, Clone)]
enum Step {
    Report {
        hospital: usize,
        resource: usize,
        capacity: Option<u32>,
        available: Option<u32>,
        hours_ago: i64,
    },
    Room {
        hospital: usize,
        room: u8,
        code: usize,
        capacity: Option<u32>,
        available: Option<u32>,
        hours_ago: i64,
    },
    EndRoom {
        hospital: usize,
        room: u8,
    },
    Map {
        resource: usize,
        code: usize,
    },
    Move {
        hospital: usize,
        region: usize,
    },
    Close {
        hospital: usize,
        closed: bool,
    },
    Place {
        hospital: usize,
        lat: i8,
    },
    Rename {
        region: usize,
        name: u8,
    },
    Thresholds {
        resource: usize,
        aging: u16,
    },
    Session {
        hospital: usize,
        weekly: bool,
        days: u8,
        cancelled: bool,
    },
    ChangeSession {
        nth: usize,
        days: u8,
        cancelled: bool,
    },
    SessionReport {
        nth: usize,
        days: Option<u8>,
        available: Option<u32>,
        hours_ago: i64,
    },
    ForgetSessions,
    AddContact {
        region: Option<usize>,
    },
    MoveContact {
        region: usize,
    },
    EndContact,
    Pass {
        hours: i64,
    },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let count = || proptest::option::of(0u32..12);
    prop_oneof![
        8 => (0..4usize, 0..3usize, count(), count(), 0..30i64).prop_map(|(hospital, resource, capacity, available, hours_ago)| {
            Step::Report { hospital, resource, capacity, available, hours_ago }
        }),
        6 => (0..4usize, 0..3u8, 0..3usize, count(), count(), 0..30i64).prop_map(|(hospital, room, code, capacity, available, hours_ago)| {
            Step::Room { hospital, room, code, capacity, available, hours_ago }
        }),
        1 => (0..4usize, 0..3u8).prop_map(|(hospital, room)| Step::EndRoom { hospital, room }),
        1 => (0..3usize, 0..3usize).prop_map(|(resource, code)| Step::Map { resource, code }),
        1 => (0..4usize, 0..4usize).prop_map(|(hospital, region)| Step::Move { hospital, region }),
        1 => (0..4usize, any::<bool>()).prop_map(|(hospital, closed)| Step::Close { hospital, closed }),
        1 => (0..4usize, -8..-6i8).prop_map(|(hospital, lat)| Step::Place { hospital, lat }),
        1 => (0..4usize, 0..9u8).prop_map(|(region, name)| Step::Rename { region, name }),
        1 => (0..4usize, 1..11u16).prop_map(|(resource, aging)| Step::Thresholds { resource, aging }),
        2 => (0..4usize, any::<bool>(), 0..4u8, any::<bool>()).prop_map(|(hospital, weekly, days, cancelled)| {
            Step::Session { hospital, weekly, days, cancelled: cancelled && days == 3 }
        }),
        1 => (0..3usize, 0..4u8, any::<bool>()).prop_map(|(nth, days, cancelled)| {
            Step::ChangeSession { nth, days, cancelled }
        }),
        4 => (0..3usize, proptest::option::of(0..4u8), count(), 0..30i64).prop_map(|(nth, days, available, hours_ago)| {
            Step::SessionReport { nth, days, available, hours_ago }
        }),
        1 => Just(Step::ForgetSessions),
        1 => Just(Step::Pass { hours: 24 * 33 }),
        1 => proptest::option::of(0..4usize).prop_map(|region| Step::AddContact { region }),
        1 => (0..4usize).prop_map(|region| Step::MoveContact { region }),
        1 => Just(Step::EndContact),
        3 => (0..7i64).prop_map(|hours| Step::Pass { hours }),
        1 => Just(Step::Restart),
    ]
}

fn hospital(index: usize) -> FacilityRef {
    FacilityRef::External(ExternalId::parse(&format!("test:{}", HOSPITALS[index].0), "").unwrap())
}

/// Hands a command in; what is refused must leave no trace, so refusals are as good as anything.
async fn submit(node: &TestNode, command: impl Command) {
    let _ = node.node.submit(Principal::Operator("test"), command).await;
}

async fn patch(node: &TestNode, facility: usize, patch: FacilityPatch) {
    submit(node, PatchFacility { facility: hospital(facility), patch, if_match: None }).await;
}

fn room(hospital_index: usize, room: u8, code: Option<usize>) -> RoomName {
    RoomName {
        facility: hospital(hospital_index),
        facility_pointer: "",
        system: System::Kemenkes,
        id: Some(room.to_string()),
        code: code.map(|code| CODES[code].to_owned()),
        name: None,
    }
}

fn contact(region: Option<&str>) -> ContactInput {
    ContactInput {
        region: region.map(str::to_owned),
        name: "Satgas".to_owned(),
        role: "satgas".to_owned(),
        phone: "024-123456".to_owned(),
        visibility: Visibility::Internal,
    }
}

fn some_contact(node: &TestNode) -> Option<ContactId> {
    let state = node.node.shared.current();
    let contact = REGIONS.iter().find_map(|code| state.contacts_of(code.parse().ok()).next().cloned());
    contact.map(|contact| contact.id)
}

/// Today, or some days later.
fn day(node: &TestNode, days: u8) -> String {
    (node.clock.now() + Duration::hours(7) + Duration::days(days.into())).date_naive().to_string()
}

fn title(days: u8) -> Option<&'static str> {
    [None, Some("Gelanggang Pemuda"), Some("Stadion Holy"), Some("Gelanggang A")][usize::from(days)]
}

fn session(node: &TestNode, hospital: usize, weekly: bool, days: u8, cancelled: bool) -> SessionSaid {
    let mut said = json!({
        "facility": format!("test:{}", HOSPITALS[hospital].0), "from": "08:00", "to": "16:30",
        "product": "sinovac", "doses": [1], "cancelled": cancelled, "title": title(days),
    });
    let date = day(node, days);
    if weekly {
        said["weekly"] =
            json!({"weekdays": ["mon", "thu", "fri"], "from": date, "until": day(node, days + 20)});
    } else {
        said["date"] = date.into();
    }
    SessionSaid::Whole(serde_json::from_value(said).unwrap())
}

fn some_session(node: &TestNode, nth: usize) -> Option<SessionId> {
    node.node.shared.current().sessions().nth(nth).map(|state| state.session.id)
}

async fn take(node: TestNode, step: Step) -> TestNode {
    node.clock.pass(Duration::seconds(1));
    match step {
        Step::Report { hospital: index, resource, capacity, available, hours_ago } => {
            let numbers = Numbers::from_json(&json!({"capacity": capacity, "available": available}), "");
            let Ok(numbers) = numbers else { return node };
            let values = vec![(TypeCode::parse(TYPES[resource], "").unwrap(), numbers)];
            let observed_at = Some(node.clock.now() - Duration::hours(hours_ago));
            let (facility, sessions) = (hospital(index), Vec::new());
            let report = PutAvailability { observed_at, values, sessions, ..PutAvailability::of(facility) };
            submit(&node, report).await;
        }
        Step::Room { hospital, room: id, code, capacity, available, hours_ago } => {
            let numbers = Numbers::from_json(&json!({"capacity": capacity, "available": available}), "");
            let Ok(numbers) = numbers else { return node };
            let observed_at = Some(node.clock.now() - Duration::hours(hours_ago));
            submit(&node, PutRoom { room: room(hospital, id, Some(code)), numbers, observed_at }).await;
        }
        Step::EndRoom { hospital, room: id } => submit(&node, EndRoom(room(hospital, id, None))).await,
        Step::Map { resource, code } => {
            let before = node.node.shared.current().resource_type(TYPES[resource]).cloned().unwrap();
            let external_codes = vec![CODES[code].to_owned()];
            let types = vec![ResourceType { external_codes, ..(*before).clone() }];
            submit(&node, PutTypes { types, only_missing: false }).await;
        }
        Step::Move { hospital, region } => {
            let region = Some(REGIONS[region].to_owned());
            patch(&node, hospital, FacilityPatch { region, ..FacilityPatch::default() }).await;
        }
        Step::Close { hospital, closed } => {
            patch(&node, hospital, FacilityPatch { closed: Some(closed), ..FacilityPatch::default() }).await;
        }
        Step::Place { hospital, lat } => {
            let (lat, lon) = (Some(Some(f64::from(lat))), Some(Some(110.4)));
            patch(&node, hospital, FacilityPatch { lat, lon, ..FacilityPatch::default() }).await;
        }
        Step::Rename { region, name } => {
            let patch = RegionPatch { name: Some(format!("Nama {name}")), ..RegionPatch::default() };
            let regions = vec![(REGIONS[region].parse().unwrap(), patch)];
            submit(&node, PutRegions { regions, only_missing: false }).await;
        }
        Step::Thresholds { resource, aging } => {
            let before = node.node.shared.current().resource_type(TYPES[resource]).cloned().unwrap();
            let types = vec![ResourceType { aging_after_h: aging, ..(*before).clone() }];
            submit(&node, PutTypes { types, only_missing: false }).await;
        }
        Step::Session { hospital: index, weekly, days, cancelled } => {
            let session = session(&node, index, weekly, days, cancelled);
            submit(&node, PutSession { id: None, said: session, if_match: None }).await;
        }
        Step::ChangeSession { nth, days, cancelled } => {
            let id = some_session(&node, nth);
            let patch = json!({"date": day(&node, days), "cancelled": cancelled, "title": title(days)});
            let said = SessionSaid::Part(patch.as_object().unwrap().clone());
            submit(&node, PutSession { id, said, if_match: None }).await;
        }
        Step::SessionReport { nth, days, available, hours_ago } => {
            let Some(id) = some_session(&node, nth) else { return node };
            let facility = node.node.shared.current().session(id).unwrap().session.facility;
            let numbers = Numbers::from_json(&json!({"capacity": 20, "available": available}), "").unwrap();
            let date = days.map(|days| day(&node, days).parse().unwrap());
            let report = PutAvailability {
                observed_at: Some(node.clock.now() - Duration::hours(hours_ago)),
                sessions: vec![(SessionRef { id, date }, numbers)],
                ..PutAvailability::of(FacilityRef::Id(facility))
            };
            submit(&node, report).await;
        }
        Step::ForgetSessions => submit(&node, ForgetSessions).await,
        Step::AddContact { region } => {
            let contact = contact(region.map(|index| REGIONS[index]));
            submit(&node, PutContact { id: None, contact }).await;
        }
        Step::MoveContact { region } => {
            if let Some(id) = some_contact(&node) {
                let contact = contact(Some(REGIONS[region]));
                submit(&node, PutContact { id: Some(id), contact }).await;
            }
        }
        Step::EndContact => {
            if let Some(id) = some_contact(&node) {
                submit(&node, EndContact { id }).await;
            }
        }
        Step::Pass { hours } => node.clock.pass(Duration::hours(hours)),
        Step::Restart => return node.restart().await,
    }
    node
}

/// The answers to many questions, with their tags, as one text each.
async fn answers(state: Snapshot) -> Vec<String> {
    let state = Arc::new(state);
    let answers = Answers::new(16, Tasks::default());
    let mut said: Vec<String> = state.rooms().map(|room| format!("{room:?}")).collect();
    said.extend(state.facilities().map(|state| format!("{} {:?}", state.facility.name, state.moved_at)));
    for area in
        ["", "region=33&", "region=33.74&", "region=33.74.10&", "region=33.22&near=33.74&", "region=34.04&"]
    {
        let of_names = if area == "region=33&" { &["min=0&q=stadion", "search"][..] } else { &[] };
        for query in ["min=0", "type=bed.icu", "freshness=fresh", "vaccination"].iter().chain(of_names) {
            let question = match *query {
                "vaccination" => Question::vaccinations(&format!("{area}min=0"), &state).unwrap(),
                "search" => Question::search(&format!("{area}q=gelanggang"), &state).unwrap(),
                _ => Question::availability(Kind::Bed, &format!("{area}{query}"), &state).unwrap(),
            };
            for audience in [Audience::Public, Audience::Internal(None)] {
                let form = Representation::new(Format::Json, Language::Id, state.now());
                let body =
                    answers.get(&state, Arc::new(question.clone()), audience, form).await.unwrap().unwrap();
                let text = String::from_utf8(body.packed(Coding::Identity).to_vec()).unwrap();
                said.push(format!("{area}{query} {audience:?} {} {text}", body.tag()));
            }
        }
    }
    said
}

/// The directory that the log alone describes.
async fn replayed(database: &TestDatabase, now: DateTime<Utc>) -> Snapshot {
    let connection = Database::connect(database.url()).await.unwrap();
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT seq, at, actor, body FROM change ORDER BY seq",
    );
    let mut snapshot = Snapshot::default();
    for row in connection.query_all_raw(statement).await.unwrap() {
        let seq: i64 = row.try_get("", "seq").unwrap();
        // `apply` insists that no number is missing.
        snapshot.apply(&Change {
            seq: seq.try_into().unwrap(),
            at: row.try_get("", "at").unwrap(),
            actor: row.try_get::<String>("", "actor").unwrap().into(),
            effect: serde_json::from_str(&row.try_get::<String>("", "body").unwrap()).unwrap(),
        });
    }
    snapshot.advance(now);
    connection.close().await.unwrap();
    snapshot
}

async fn run(steps: Vec<Step>) {
    let mut node = TestNode::start().await;
    for (name, region) in HOSPITALS {
        node.hospital(name, region, None).await;
    }
    for step in steps {
        node = take(node, step).await;
    }
    let now = node.clock.now();
    let live = answers((*node.node.shared.current()).clone()).await;
    let loaded = answers(store::load(&node.node.database, now).await.unwrap()).await;
    let replayed = answers(replayed(&node.database, now).await).await;
    pretty_eq(&live, &loaded, "memory", "tables");
    pretty_eq(&live, &replayed, "memory", "log");
}

#[track_caller]
fn pretty_eq(left: &[String], right: &[String], left_name: &str, right_name: &str) {
    assert_eq!(left.len(), right.len(), "{left_name} and {right_name} differ");
    for (left, right) in left.iter().zip(right) {
        assert_eq!(left, right, "{left_name} and {right_name} differ");
    }
}

proptest! {
    #![proptest_config(Config { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn memory_tables_and_log_say_the_same(steps in proptest::collection::vec(step(), 1..50)) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run(steps));
    }
}
