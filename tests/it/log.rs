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
    },
    snapshot::Snapshot,
    store::{
        self, Command,
        command::{
            ContactInput, EndContact, FacilityPatch, PatchFacility, PutAvailability, PutContact, PutRegions,
            PutTypes, RegionPatch,
        },
    },
    tasks::Tasks,
};
use serde_json::json;

use crate::support::{TestDatabase, TestNode};

const HOSPITALS: [(&str, &str); 4] = [("A", "33.74.10"), ("B", "33.74"), ("C", "33.22"), ("D", "34.04")];
const REGIONS: [&str; 4] = ["33.74.10", "33.74", "33.22", "34.04"];
const TYPES: [&str; 3] = ["bed.icu", "bed.icu_vent", "bed.class3"];

/// Something that happens to the directory.
#[derive(Debug, Clone)]
enum Step {
    Report { hospital: usize, resource: usize, capacity: Option<u32>, available: Option<u32>, hours_ago: i64 },
    Move { hospital: usize, region: usize },
    Close { hospital: usize, closed: bool },
    Place { hospital: usize, lat: i8 },
    Rename { region: usize, name: u8 },
    Thresholds { resource: usize, aging: u16 },
    AddContact { region: Option<usize> },
    MoveContact { region: usize },
    EndContact,
    Pass { hours: i64 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let count = || proptest::option::of(0u32..12);
    prop_oneof![
        8 => (0..4usize, 0..3usize, count(), count(), 0..30i64).prop_map(|(hospital, resource, capacity, available, hours_ago)| {
            Step::Report { hospital, resource, capacity, available, hours_ago }
        }),
        1 => (0..4usize, 0..4usize).prop_map(|(hospital, region)| Step::Move { hospital, region }),
        1 => (0..4usize, any::<bool>()).prop_map(|(hospital, closed)| Step::Close { hospital, closed }),
        1 => (0..4usize, -8..-6i8).prop_map(|(hospital, lat)| Step::Place { hospital, lat }),
        1 => (0..4usize, 0..9u8).prop_map(|(region, name)| Step::Rename { region, name }),
        1 => (0..3usize, 1..11u16).prop_map(|(resource, aging)| Step::Thresholds { resource, aging }),
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

async fn take(node: TestNode, step: Step) -> TestNode {
    node.clock.pass(Duration::seconds(1));
    match step {
        Step::Report { hospital: index, resource, capacity, available, hours_ago } => {
            let numbers = Numbers::from_json(&json!({"capacity": capacity, "available": available}), "");
            let Ok(numbers) = numbers else { return node };
            let values = vec![(TypeCode::parse(TYPES[resource], "").unwrap(), numbers)];
            let observed_at = Some(node.clock.now() - Duration::hours(hours_ago));
            let (facility, sessions) = (hospital(index), Vec::new());
            let report = PutAvailability { facility, observed_at, values, sessions, if_match: None };
            submit(&node, report).await;
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
    let mut said = Vec::new();
    for area in
        ["", "region=33&", "region=33.74&", "region=33.74.10&", "region=33.22&near=33.74&", "region=34.04&"]
    {
        for query in ["min=0", "type=bed.icu", "freshness=fresh"] {
            let question = Question::availability(Kind::Bed, &format!("{area}{query}"), &state).unwrap();
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
