use std::sync::Arc;

use super::*;
use crate::{
    clock::SystemClock,
    node::NodeConfig,
    store::{
        Durability,
        commands::{CreateFacility, FacilityInput},
    },
};

async fn node_in(folder: &tempfile::TempDir) -> Node {
    let url = format!("sqlite://{}", folder.path().join("demo.db").display());
    let config = NodeConfig { durability: Durability::Normal, ..NodeConfig::at(url) };
    Node::start(&config, Arc::new(SystemClock)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_in(&folder).await;
    fill(&node).await.unwrap();
    let snapshot = node.shared.current();
    assert!(is_demo(&node.database).await.unwrap());
    assert!(snapshot.facilities().all(|state| state.facility.simulated));
    let silent = snapshot.facilities().filter(|state| state.readings.is_empty()).count();
    assert!((10..100).contains(&silent), "{silent}");
    let sessions: Vec<_> = snapshot.sessions().collect();
    let reported = sessions.iter().filter(|state| !state.readings.is_empty()).count();
    assert!((35..sessions.len()).contains(&reported), "{reported} of {}", sessions.len());
    node.stop().await.unwrap();

    let node = node_in(&folder).await;
    fill(&node).await.unwrap();
    assert_eq!(node.shared.current().seq(), snapshot.seq());
    node.stop().await.unwrap();
}

/// A number that somebody who tries the demonstration out sends.
async fn report(node: &Node, report: PutAvailability) {
    node.submit(Principal::Operator(Operator::Cli), report).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_reported_stays() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_in(&folder).await;
    fill(&node).await.unwrap();
    let plan = plan::plan(&node.shared.current());
    let planned = plan.facilities.iter().find(|planned| matches!(planned.habit, Habit::Moving)).unwrap();
    let numbers = planned.numbers(node.clock.now());
    let (told, rest) = numbers.split_first().unwrap();
    let unknown = Numbers::check([None; 4], "").unwrap();
    let values = vec![(told.0.to_string(), unknown.into())];
    report(&node, PutAvailability { values, ..PutAvailability::of(planned.reference.clone()) }).await;
    for hours in 0..48 {
        let snapshot = node.shared.current();
        let state = snapshot.resolve(&planned.reference).unwrap();
        let at = node.clock.now() + chrono::Duration::hours(hours);
        let next = next_report(planned, state, at, hours % 2 == 0).unwrap();
        node.submit(OPERATOR, next).await.unwrap();
    }
    let snapshot = node.shared.current();
    let state = snapshot.resolve(&planned.reference).unwrap();
    let source = |code| state.reading(code).unwrap().source;
    assert_eq!(state.reading(&told.0).unwrap().numbers, unknown);
    assert_eq!(source(&told.0), Source::Coordinator);
    assert!(rest.iter().all(|(code, _)| source(code) == Source::Simulated));

    let values = rest.iter().map(|(code, _)| (code.to_string(), unknown.into())).collect();
    report(&node, PutAvailability { values, ..PutAvailability::of(planned.reference.clone()) }).await;
    let snapshot = node.shared.current();
    let state = snapshot.resolve(&planned.reference).unwrap();
    assert!(next_report(planned, state, node.clock.now(), true).is_none());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_reported_of_a_session_stays() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_in(&folder).await;
    fill(&node).await.unwrap();
    let (snapshot, now) = (node.shared.current(), node.clock.now());
    let planned = sessions::sessions(&plan::plan(&snapshot), now);
    let (planned, own) =
        planned.iter().find_map(|planned| Some((planned, planned.report(&snapshot, now)?))).unwrap();
    report(&node, own).await;
    assert!(planned.report(&node.shared.current(), now).is_none());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_never_mixes_with_what_is_real() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_in(&folder).await;
    let real = FacilityInput {
        name: "RS Contoh".to_owned(),
        kind: "hospital".to_owned(),
        region: "33.74".to_owned(),
        ..FacilityInput::default()
    };
    node.submit(Principal::Operator(Operator::Cli), CreateFacility(real)).await.unwrap();
    let before = node.shared.current().seq();
    let refused = fill(&node).await.unwrap_err();
    assert!(refused.to_string().contains("1 real facilities"), "{refused}");
    assert!(!is_demo(&node.database).await.unwrap());
    assert_eq!(node.shared.current().seq(), before);
    node.stop().await.unwrap();
}
