use std::sync::Arc;

use super::*;
use crate::{
    clock::SystemClock,
    node::NodeConfig,
    store::{
        Durability,
        command::{CreateFacility, FacilityInput},
    },
};

async fn node_in(folder: &tempfile::TempDir) -> Node {
    let config = NodeConfig {
        database_url: format!("sqlite://{}", folder.path().join("demo.db").display()),
        durability: Durability::Normal,
        write_batch: 256,
    };
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

#[tokio::test(flavor = "multi_thread")]
async fn it_never_mixes_with_what_is_real() {
    let folder = tempfile::tempdir().unwrap();
    let node = node_in(&folder).await;
    let real = FacilityInput {
        name: "RS Contoh".to_owned(),
        kind: "hospital".to_owned(),
        region: "33.74".to_owned(),
        external_ids: Vec::new(),
        aliases: Vec::new(),
        address: None,
        phones: Vec::new(),
        lat: None,
        lon: None,
        intake: None,
        simulated: false,
        region_unsure: false,
    };
    node.submit(Principal::Operator("cli"), CreateFacility(real)).await.unwrap();
    let before = node.shared.current().seq();
    let refused = fill(&node).await.unwrap_err();
    assert!(refused.to_string().contains("1 real facilities"), "{refused}");
    assert!(!is_demo(&node.database).await.unwrap());
    assert_eq!(node.shared.current().seq(), before);
    node.stop().await.unwrap();
}
