//! Lists of facilities from other systems, taken in again and again.

use sedia::{
    auth::{Operator, Principal},
    import::{ColumnMapping, Context, File, facilities, regions},
    locales::Language,
    store::commands::{ImportFacilities, ImportRegions},
};
use serde_json::{Value, json};

use crate::support::TestNode;

const HEADER: &str = "code,name,type,region_code,kecamatan_code,aliases\n";

async fn import(node: &TestNode, rows: &str) -> Value {
    import_list(node, &format!("{HEADER}{rows}")).await
}

async fn import_list(node: &TestNode, list: &str) -> Value {
    let state = node.node.shared.current();
    let context = Context {
        now: state.now(),
        state: &state,
        sender: &Principal::Operator(Operator::Cli),
        language: Language::En,
        mapping: &ColumnMapping::default(),
        keeps_cells: false,
        facility: None,
    };
    let read = facilities::read(File::from(list.as_bytes()), context, 100).unwrap();
    let command = ImportFacilities::new(read.rows, Language::En);
    let written = node.node.submit(Principal::Operator(Operator::Cli), command).await.unwrap();
    serde_json::to_value(written.receipt.body).unwrap()
}

async fn facility(node: &TestNode) -> Value {
    let list = node.get("/v1/facilities").send().await.json();
    assert_eq!(list["facilities"].as_array().unwrap().len(), 1);
    list["facilities"][0].clone()
}

#[tokio::test]
async fn the_same_list_again_changes_nothing() {
    let node = TestNode::start().await;
    let row = "3374010,RSUP Dr. Kariadi,RS,33.74,33.74.10,RS Kariadi|RSDK\n";
    import(&node, row).await;
    let (seq, before) = (node.seq().await, facility(&node).await);
    import(&node, row).await;
    assert_eq!((node.seq().await, facility(&node).await), (seq, before));
}

#[tokio::test]
async fn other_names_in_the_list_are_found() {
    let node = TestNode::start().await;
    import(&node, "3374010,RSUP Dr. Kariadi,RS,33.74,33.74.10,Purusara|RSDK\n").await;
    let found = node.get("/v1/search?q=purusara").send().await.json();
    assert_eq!(found["facilities"][0]["name"], "RSUP Dr. Kariadi");
}

#[tokio::test]
async fn a_kecamatan_that_cannot_be_right_is_flagged_for_those_who_mend() {
    let node = TestNode::start().await;
    import(&node, "3374010,RS A,RS,33.74,33.22.10,\n").await;
    let doubtful = node.get("/v1/facilities?flag=region_unsure").send().await.json();
    let facility = &doubtful["facilities"][0];
    assert_eq!(
        (&facility["region"]["code"], &facility["flags"]),
        (&json!("33.74"), &json!(["region_unsure"]))
    );
}

#[tokio::test]
async fn a_list_that_knows_less_does_not_move_a_facility_up() {
    let node = TestNode::start().await;
    import(&node, "3374010,RS A,RS,33.74,33.74.10,\n").await;
    for kecamatan in ["", "33.22.10", "33.74.99"] {
        import(&node, &format!("3374010,RS A,RS,33.74,{kecamatan},\n")).await;
        let facility = facility(&node).await;
        assert_eq!(
            (&facility["region"]["code"], &facility["flags"]),
            (&json!("33.74.10"), &json!([])),
            "{kecamatan}"
        );
    }
    import(&node, "3374010,RS A,RS,33.74,33.74.11,\n").await;
    assert_eq!(facility(&node).await["region"]["code"], "33.74.11", "one that knows as much may");
}

#[tokio::test]
async fn every_kind_of_hospital_is_one() {
    let node = TestNode::start().await;
    let kinds = ["RS", "RSU", "RSUD", "RSIA", "RS Jiwa", "Rumah Sakit Umum Daerah", "Puskesmas", "Klinik"];
    let rows = kinds.iter().enumerate().map(|(id, kind)| format!("{id},Tempat {id},{kind},33.74,,\n"));
    import(&node, &rows.collect::<String>()).await;
    let list = node.get("/v1/facilities?kind=hospital").send().await.json();
    assert_eq!(list["facilities"].as_array().unwrap().len(), 6);
}

/// A list that names no internal number was made for everybody: it says nothing of those that agents call.
#[tokio::test]
async fn a_list_for_everybody_takes_no_internal_telephone_away() {
    let node = TestNode::start().await;
    let import = async |phones: &str| {
        let list = format!("code,name,type,region_code,phones\n3374010,RS Satu,RS,33.74,{phones}\n");
        import_list(&node, &list).await;
        let key = node.admin().await;
        let list = node.get("/v1/facilities").key(&key).send().await.json();
        let phones = list["facilities"][0]["phones"].as_array().unwrap().clone();
        phones.iter().map(|phone| phone["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(import("024-111111; !024-222222").await, ["024-111111", "024-222222"]);
    assert_eq!(import("024-333333").await, ["024-333333", "024-222222"]);
    assert_eq!(import("024-333333; !024-444444").await, ["024-333333", "024-444444"]);
}

async fn import_regions(node: &TestNode, list: &str, overwrite: bool, dry_run: bool) -> Value {
    let (rows, _) = regions::rows(File::from(list.as_bytes()), Language::En).unwrap();
    let rows = rows.into_iter().map(|(row, read)| {
        let (code, patch) = read.unwrap();
        (row, code, patch)
    });
    let command = ImportRegions { rows: rows.collect(), dry_run, overwrite, language: Language::En };
    let written = node.node.submit(Principal::Operator(Operator::Cli), command).await.unwrap();
    serde_json::to_value(written.receipt.body).unwrap()
}

#[tokio::test]
async fn a_code_of_bps_means_a_region_once_it_is_loaded() {
    let node = TestNode::start().await;
    let ask = || node.get("/v1/beds?region=bps:3374").language("en").send();
    let refused = ask().await.problem(404, "unknown_region");
    assert!(refused["detail"].as_str().unwrap().contains("sedia import regions"), "{refused}");
    let list = "code,bps_code\n33.74,3374\n33.22,3322\n33.74.10,3374.0\n33.74.11,3374\n";
    let receipt = import_regions(&node, list, false, false).await;
    assert_eq!(receipt["changed"], 2);
    let refused: Vec<&Value> =
        receipt["refused"].as_array().unwrap().iter().map(|row| &row[1][0]["detail"]).collect();
    assert!(refused[1].as_str().unwrap().contains("33.74 already"), "{refused:?}");
    assert_eq!(ask().await.json()["region"]["code"], "33.74");
    let node = node.restart().await;
    let near = node.get("/v1/beds?near=BPS:3374").send().await.json();
    assert_eq!(near["resolved"][0]["code"], "33.74", "{near}");
    let reply = node.get("/v1/beds?region=bps:9999").language("en").send().await;
    let refused = reply.problem(404, "unknown_region");
    assert!(refused["detail"].as_str().unwrap().contains("no region has the code"), "{refused}");
    let done = import_list(&node, "code,name,type,region\n3374010,RS A,RS,bps:3374\n").await;
    assert_eq!(done["accepted"], 1, "{done}");
    assert_eq!(facility(&node).await["region"]["code"], "33.74");
}

#[tokio::test]
async fn a_list_of_regions_undoes_no_correction() {
    let node = TestNode::start().await;
    let key = node.admin().await;
    let patch = json!({"lat": -6.98, "lon": 110.41});
    node.patch("/v1/regions/33.74", &patch).key(&key).send().await.json();
    let list = "code,name,lat,lon,postcode\n33.74,Kota Semarang,-7.5,111.5,50131\n";
    let region = async || {
        let region = node.get("/v1/regions/33.74").send().await.json();
        json!([region["located"]["point"]["lat"], region["located"]["lat"], region["postcode"]])
    };
    let before = region().await;
    let receipt = import_regions(&node, list, false, false).await;
    assert_eq!((&receipt["changed"], &receipt["kept"]), (&json!(1), &json!([1])));
    let after = region().await;
    assert_eq!((&after[0], &after[1], &after[2]), (&before[0], &before[1], &json!("50131")));
    let receipt = import_regions(&node, list, true, false).await;
    assert_eq!((&receipt["changed"], &receipt["kept"]), (&json!(1), &json!([])));
    assert_ne!(region().await, after);
    // Then nobody's word stands against the next list.
    let receipt = import_regions(&node, &list.replace("-7.5", "-7.4"), false, false).await;
    assert_eq!((&receipt["changed"], &receipt["kept"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn a_tried_list_of_regions_knows_the_regions_that_it_adds() {
    let node = TestNode::start().await;
    let list = "code,name\n98,Provinsi Baru\n98.01,Kabupaten Baru\n98.01.01,Satu\n97.01,Tanpa Provinsi\n";
    let seq = node.seq().await;
    let tried = import_regions(&node, list, false, true).await;
    assert_eq!(node.seq().await, seq);
    assert_eq!((&tried["changed"], &tried["refused"][0][0]), (&json!(3), &json!(4)));
    assert_eq!(import_regions(&node, list, false, false).await, tried);
}

/// A list as most health offices publish it: without any code.
const NAMED: &str = "Nama RS,Alamat,Kab/Kota,Telepon\n\
     RS Contoh,Jl. A 1,Kota Semarang,024-841301\n\
     RSIA Bunda,Jl. B 2,Kota Semarang,024-841302\n\
     RS Contoh,Jl. C 3,Kota Surakarta,0271-841303\n";

fn statuses(receipt: &Value) -> Vec<&str> {
    receipt["outcomes"].as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_without_codes_means_the_facilities_of_those_names_in_their_regions() {
    let node = TestNode::start().await;
    let call = async |list: String, dry_run: bool| {
        let call = node.call(axum::http::Method::POST, &format!("/v1/imports/facilities?dry_run={dry_run}"));
        call.key(&node.admin().await).body("text/csv", list).send().await.json()
    };
    for dry_run in [true, false] {
        let receipt = call(NAMED.to_owned(), dry_run).await;
        assert_eq!(statuses(&receipt), ["added", "added", "added"], "{receipt}");
    }
    let before = node.seq().await;
    assert_eq!(statuses(&call(NAMED.to_owned(), false).await), ["unchanged", "unchanged", "unchanged"]);
    assert_eq!(node.seq().await, before);
    // Case and marks tell nothing, and what the list says otherwise is a change.
    let list = NAMED.replace("RSIA Bunda,Jl. B 2", "rsia \"bunda\",Jl. D 4");
    let receipt = call(list, false).await;
    assert_eq!(statuses(&receipt), ["unchanged", "changed", "unchanged"]);
    assert_eq!(node.get("/v1/facilities").send().await.json()["facilities"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_name_that_several_bear_in_a_region_is_refused_and_names_them() {
    let node = TestNode::start().await;
    import(&node, "1,RS Contoh,RS,33.74,33.74.10,\n2,RS Contoh,RS,33.74,33.74.11,\n").await;
    let receipt = import_list(&node, "name,type,region\nRS Contoh,RS,33.74\nRS Lain,RS,33.74\n").await;
    assert_eq!(statuses(&receipt), ["refused", "added"]);
    let error = &receipt["outcomes"][0]["errors"][0];
    assert_eq!(error["code"], "ambiguous_facility");
    let detail = error["detail"].as_str().unwrap();
    assert!(detail.contains("kemenkes:1") && detail.contains("kemenkes:2"), "{detail}");
    // The kecamatan tells which is meant; there is another name for a third.
    let receipt =
        import_list(&node, "name,type,region,address\nRS Contoh,RS,33.74.11,Jl. B\nRS Kontoh,RS,33.74,\n")
            .await;
    assert_eq!(statuses(&receipt), ["changed", "added"]);
}

/// A beginning that very many share tells nothing: only the latest of them are compared.
#[tokio::test]
async fn a_new_facility_is_compared_with_the_latest_of_those_that_begin_alike() {
    for (others, is_found) in [(40, true), (60, false)] {
        let node = TestNode::start().await;
        import_list(&node, "Nama RS,Kab/Kota\nRS Sehatindo,Kota Semarang\n").await;
        let known = facility(&node).await["id"].as_str().unwrap().to_owned();
        let syllables = ["ba", "cu", "di", "fo", "ge", "ha", "ju", "ki"];
        let word = |number: usize| [number / 64, number / 8 % 8, number % 8].map(|at| syllables[at]).concat();
        let rows = (0..others).map(|number| format!("RS Seh{},Kota Semarang\n", word(number * 7)));
        let rows = rows.collect::<Vec<_>>().concat();
        let receipt =
            import_list(&node, &format!("Nama RS,Kab/Kota\n{rows}RSU Sehatinda,Kota Semarang\n")).await;
        let last = &receipt["outcomes"][others];
        assert_eq!(last["status"], "added");
        assert_eq!(last.to_string().contains(&known), is_found, "{others}: {last}");
    }
}

/// Kabupaten and Kota Semarang bear one name, but each kecamatan lies in one of them.
#[tokio::test]
async fn the_parts_of_a_place_confirm_each_other() {
    let node = TestNode::start().await;
    let list = "Nama RS,Kab/Kota,Kecamatan\n\
        RS Satu,Semarang,Tembalang\n\
        RS Dua,Semarang,Ungaran Barat\n\
        RS Tiga,Semarang,\n\
        RS Empat,Semarang,Atlantis\n";
    let receipt = import_list(&node, list).await;
    assert_eq!(statuses(&receipt), ["added", "added", "refused", "refused"], "{receipt}");
    assert_eq!(receipt["outcomes"][2]["errors"][0]["code"], "ambiguous_region");
    let facilities = node.get("/v1/facilities").send().await.json();
    let region = |name: &str| {
        let facilities = facilities["facilities"].as_array().unwrap().iter();
        facilities.clone().find(|one| one["name"] == name).unwrap()["region"]["code"].clone()
    };
    assert_eq!([region("RS Satu"), region("RS Dua")], ["33.74.10", "33.22.18"]);
}

#[tokio::test]
async fn a_facility_is_found_by_a_name_that_it_had_and_where_less_was_known_of_it() {
    let node = TestNode::start().await;
    import_list(&node, "name,type,region\nRS Contoh,RS,33.74\nPuskesmas,puskesmas,33.74\n").await;
    let list = "name,type,region\nRS Contoh,RS,33.74.10\nPuskesmas,puskesmas,33.74.10\n";
    assert_eq!(statuses(&import_list(&node, list).await), ["changed", "changed"]);
    let facilities = node.get("/v1/facilities").send().await.json();
    let id =
        facilities["facilities"].as_array().unwrap().iter().find(|one| one["name"] == "RS Contoh").unwrap();
    let path = format!("/v1/facilities/{}", id["id"].as_str().unwrap());
    let key = node.admin().await;
    node.patch(&path, &json!({"name": "RSUD Contoh Baru"})).key(&key).send().await.json();
    let receipt = import_list(&node, list).await;
    assert_eq!(statuses(&receipt), ["unchanged", "unchanged"], "{receipt}");
}

#[tokio::test]
async fn a_facility_that_is_probably_there_already_is_added_with_a_word() {
    let node = TestNode::start().await;
    import(&node, "3374065,RSUD Tugurejo,RS,33.74,33.74.10,\n").await;
    let known = facility(&node).await;
    let list = "Nama RS,Kab/Kota,Telepon\n\
         RS Tugu Rejo,Kota Semarang,\n\
         RS Permata,Kota Semarang,024-841399\n\
         Permata Medika Semarang,Kota Semarang,(024) 841399\n\
         RS Tugurejo,Kota Surakarta,\n";
    let receipt = import_list(&node, list).await;
    assert_eq!(statuses(&receipt), ["added"; 4]);
    let said = |row: usize| receipt["outcomes"][row]["warnings"].as_array().map_or(0, Vec::len);
    assert_eq!([0, 1, 2, 3].map(said), [1, 0, 1, 0], "{receipt}");
    let warning = &receipt["outcomes"][0]["warnings"][0];
    assert_eq!(warning["code"], "likely_duplicate");
    let detail = warning["detail"].as_str().unwrap();
    assert!(detail.contains("RSUD Tugurejo") && detail.contains(known["id"].as_str().unwrap()), "{detail}");
    // One that a row of the same list added.
    let detail = receipt["outcomes"][2]["warnings"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("RS Permata"), "{detail}");
    // Both are listed as pairs, too, and the next list says nothing more of them.
    let pairs = node.get("/v1/duplicates").key(&node.admin().await).send().await.json();
    assert_eq!(pairs["duplicates"].as_array().unwrap().len(), 2);
    let again = import_list(&node, list).await;
    assert_eq!(statuses(&again), ["unchanged"; 4]);
    assert!(!again.to_string().contains("likely_duplicate"));
}
