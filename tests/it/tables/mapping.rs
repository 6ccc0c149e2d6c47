//! What a person says of the headings of a table.

use rstest::rstest;
use serde_json::{Value, json};

use super::{numbers, send, start};

/// As a ward clerk heads it: "Sisa" is what is left of the linen, "Bed" what is free.
const TABLE: &str = "Kode RS,Bangsal,Jenis,Sisa,Bed\ntest:A,Melati,bed.icu,7,3\n";

fn with(columns: &Value, dry_run: bool) -> String {
    let columns: String = form_urlencoded::byte_serialize(columns.to_string().as_bytes()).collect();
    format!("/v1/reports?dry_run={dry_run}&columns={columns}")
}

#[tokio::test]
async fn a_heading_means_what_a_person_says_it_means() {
    let node = start().await;
    let columns = json!({"BED": "Kosong", "sisa": null, "Bangsal ": null, "Kelas": "type"});
    let seen = send(&node, &with(&columns, true), "text/csv", TABLE).await.json();
    let read: Vec<(&str, &Value)> = seen["reading"]["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| (column["heading"].as_str().unwrap(), &column["column"]))
        .collect();
    let (code, resource, available) = (json!("code"), json!("type"), json!("available"));
    let expected = [
        ("Kode RS", &code),
        ("Bangsal", &Value::Null),
        ("Jenis", &resource),
        ("Sisa", &Value::Null),
        ("Bed", &available),
    ];
    assert_eq!(read, expected);
    let notes = seen["reading"]["notes"].to_string();
    assert!(notes.contains("'Kelas' of the mapping is not in this table"), "{notes}");
    let stored = send(&node, &with(&columns, false), "text/csv", TABLE).await;
    assert_eq!(stored.status, 200, "{}", stored.text());
    assert_eq!(numbers(&node, "test:A").await, [("bed.icu".to_owned(), Value::Null, json!(3))]);
}

#[tokio::test]
async fn a_heading_may_stand_for_a_number_of_a_type() {
    let node = start().await;
    let table = "Kode RS;Melati;Mawar\ntest:A;4;2\n";
    let columns = json!({"Melati": "ICU kosong", "Mawar": "bed.icu/capacity"});
    let refused = send(&node, "/v1/reports", "text/csv", table).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let seen = send(&node, &with(&json!({"Melati": "bed.icu/available"}), true), "text/csv", table).await;
    assert_eq!(seen.json()["accepted"], 1, "{}", seen.text());
    let columns = with(&json!({"Melati": columns["Mawar"], "Mawar": "bed.icu/available"}), false);
    let stored = send(&node, &columns, "text/csv", table).await;
    assert_eq!(stored.status, 200, "{}", stored.text());
    assert_eq!(numbers(&node, "test:A").await, [("bed.icu".to_owned(), json!(4), json!(2))]);
}

#[rstest]
#[case::no_such_column(r#"{"Bed": "entahlah"}"#, 422, "'entahlah'")]
#[case::two_for_one_column(r#"{"Bed": "Kosong", "Bangsal": "Kosong"}"#, 422, "twice")]
#[case::no_object("Bed=Kosong", 400, "JSON object")]
#[case::no_heading(r#"{"Bed": 3}"#, 400, "JSON object")]
#[tokio::test]
async fn a_mapping_that_cannot_be_used_is_refused(
    #[case] columns: &str,
    #[case] status: u16,
    #[case] detail: &str,
) {
    let node = start().await;
    let seq = node.seq().await;
    let columns: String = form_urlencoded::byte_serialize(columns.as_bytes()).collect();
    let refused = send(&node, &format!("/v1/reports?columns={columns}"), "text/csv", TABLE).await;
    assert_eq!(refused.status, status, "{}", refused.text());
    assert!(refused.text().contains(detail), "{}", refused.text());
    assert_eq!(node.seq().await, seq);
}
