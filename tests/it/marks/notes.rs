//! What agents heard stands beside the facility's own number, as its own source, and never over it.

use chrono::Duration;
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{found, leave, names, start};
use crate::support::TestNode;

fn wrong(free: u32) -> Value {
    json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "numbers": {"available": free}, "by": "Siti", "text": "kata IGD penuh"})
}

async fn number(node: &TestNode, key: Option<&str>, name: &str) -> Value {
    let found = found(node, key).await;
    let facility = found.iter().find(|facility| facility["name"] == name).unwrap();
    facility["availability"][0].clone()
}

#[tokio::test]
async fn a_note_shows_beside_the_number_as_its_own_source() {
    let (node, [one, other]) = start().await;
    node.clock.pass(Duration::minutes(3));
    leave(&node, &one, "B", wrong(0)).await.json();
    let facility = node.get("/v1/facilities/test:B").send().await.json();
    assert_eq!(facility["as_of"], "2021-07-01T07:03:00Z");
    let told = number(&node, Some(&other), "RS B").await;
    assert_eq!((&told["available"], &told["source"]), (&json!(8), &json!("coordinator")));
    let note = &told["notes"][0];
    assert_eq!((&note["verdict"], &note["source"]), (&json!("wrong"), &json!("agent_call")));
    assert_eq!((&note["heard"]["available"], &note["about"]["available"]), (&json!(0), &json!(8)));
    assert_eq!((&note["by"], &note["text"]), (&json!("Siti"), &json!("kata IGD penuh")));
    // The public sees what was heard, and neither who heard it nor in which words.
    let public = number(&node, None, "RS B").await;
    let note = &public["notes"][0];
    assert_eq!((&note["verdict"], &note["heard"]["available"]), (&json!("wrong"), &json!(0)));
    assert_eq!((&note["by"], &note["text"]), (&json!(""), &Value::Null));
    let text = node.get(super::ASK).key(&one).accept("text/plain").send().await.text();
    let said = "Menurut jawaban telepon baru saja, angka ini tidak sesuai: penuh. \"kata IGD penuh\" (Siti)";
    assert!(text.contains(said), "{text}");
}

#[tokio::test]
async fn two_notes_against_a_number_dispute_it_until_it_changes() {
    let (node, [one, other]) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    leave(&node, &one, "B", wrong(0)).await.json();
    assert_eq!(number(&node, None, "RS B").await["disputed"], Value::Null);
    leave(&node, &other, "B", wrong(0)).await.json();
    let disputed = number(&node, None, "RS B").await;
    assert_eq!((&disputed["disputed"], &disputed["available"]), (&json!(true), &json!(8)));
    // It stands behind the numbers that nobody disputes, and is not hidden.
    assert_eq!(names(&found(&node, None).await), ["RS A", "RS B"]);
    let listed = node.get("/v1/doubts").key(&coordinator).send().await.json();
    let whys: Vec<&Value> = listed["doubts"].as_array().unwrap().iter().map(|doubt| &doubt["why"]).collect();
    assert_eq!(whys, ["disputed", "disputed"]);
    assert_eq!(listed["doubts"][0]["numbers"]["available"], 8);
    // The hospital's system says the same again: that settles nothing.
    node.clock.pass(Duration::minutes(15));
    node.report("test:B", json!({"bed.icu": {"capacity": 40, "available": 8}})).await;
    assert_eq!(number(&node, None, "RS B").await["disputed"], true);
    // Another number is another matter.
    node.report("test:B", json!({"bed.icu": {"capacity": 40, "available": 7}})).await;
    let changed = number(&node, None, "RS B").await;
    assert_eq!((&changed["disputed"], &changed["notes"]), (&Value::Null, &Value::Null));
    assert_eq!(names(&found(&node, None).await), ["RS B", "RS A"]);
    // Once it has changed, the same number is a new word.
    node.report("test:B", json!({"bed.icu": {"capacity": 40, "available": 8}})).await;
    let again = number(&node, None, "RS B").await;
    assert_eq!((&again["disputed"], &again["notes"]), (&Value::Null, &Value::Null));
}

#[rstest]
#[case::one_call_told_twice(&[("one", 0), ("one", 5)], false)]
#[case::the_same_key_later(&[("one", 0), ("one", 11)], false)]
#[case::two_keys(&[("one", 0), ("other", 0)], true)]
#[case::a_day_apart(&[("one", 0), ("other", 24 * 60)], false)]
#[tokio::test]
async fn one_persons_word_is_one_word(#[case] calls: &[(&str, i64)], #[case] disputed: bool) {
    let (node, [one, other]) = start().await;
    let mut passed = 0;
    for (who, minute) in calls {
        node.clock.pass(Duration::minutes(minute - passed));
        passed = *minute;
        leave(&node, if *who == "one" { &one } else { &other }, "A", wrong(0)).await.json();
    }
    assert_eq!(number(&node, None, "RS A").await["disputed"] == true, disputed);
}

#[tokio::test]
async fn who_confirms_a_number_settles_the_dispute() {
    let (node, [one, other]) = start().await;
    for key in [&one, &other] {
        leave(&node, key, "A", wrong(0)).await.json();
    }
    node.clock.pass(Duration::minutes(1));
    leave(&node, &one, "A", json!({"kind": "note", "verdict": "confirmed", "type": "bed.icu"})).await.json();
    let settled = number(&node, None, "RS A").await;
    assert_eq!((&settled["disputed"], settled["notes"].as_array().unwrap().len()), (&Value::Null, 3));
    let text = node.get(super::ASK).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("Confirmed by phone just now."), "{text}");
}

#[tokio::test]
async fn the_last_word_of_a_call_stands() {
    let (node, [one, _]) = start().await;
    let note = |said: Value| {
        let mut note = json!({"kind": "note", "type": "bed.icu", "by": "Siti"});
        note.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        note
    };
    let notes = async || number(&node, Some(&one), "RS A").await["notes"].clone();
    leave(&node, &one, "A", wrong(0)).await.json();
    // The words were about another number.
    leave(&node, &one, "A", note(json!({"verdict": "wrong", "numbers": {"available": 2}}))).await.json();
    let told = notes().await;
    let heard = (&told[0]["heard"]["available"], &told[0]["text"], told.as_array().unwrap().len());
    assert_eq!(heard, (&json!(2), &Value::Null, 1));
    leave(&node, &one, "A", note(json!({"verdict": "confirmed"}))).await.json();
    let told = notes().await;
    assert_eq!((&told[0]["verdict"], told.as_array().unwrap().len()), (&json!("confirmed"), 1));
}

#[tokio::test]
async fn a_place_that_two_found_closed_stands_behind_the_open_ones() {
    let (node, [one, other]) = start().await;
    let closed = json!({"kind": "note", "verdict": "closed"});
    leave(&node, &one, "B", closed.clone()).await.json();
    assert_eq!(names(&found(&node, None).await), ["RS B", "RS A"]);
    let note = leave(&node, &other, "B", closed).await.json();
    assert_eq!(names(&found(&node, None).await), ["RS A", "RS B"]);
    assert_eq!(number(&node, None, "RS B").await["disputed"], true);
    let path = format!("/v1/marks/{}", note["id"].as_str().unwrap());
    node.delete(&path).key(&other).send().await.json();
    assert_eq!(names(&found(&node, None).await), ["RS B", "RS A"]);
}

#[tokio::test]
async fn a_place_that_counts_again_is_believed_though_two_found_it_closed() {
    let (node, [one, other]) = start().await;
    for key in [&one, &other] {
        leave(&node, key, "B", json!({"kind": "note", "verdict": "closed"})).await.json();
    }
    node.clock.pass(Duration::minutes(15));
    // A system that says the same all the time is no sign of life.
    node.report("test:B", json!({"bed.icu": {"capacity": 40, "available": 8}})).await;
    assert_eq!(number(&node, None, "RS B").await["disputed"], true);
    node.report("test:B", json!({"bed.icu": {"capacity": 40, "available": 7}})).await;
    assert_eq!(number(&node, None, "RS B").await["disputed"], Value::Null);
    // It is for the coordinator to say that it is open.
    assert_eq!(found(&node, None).await[0]["notes"].as_array().unwrap().len(), 2);
}

/// Two found a closed door, and a third the place at work: one word settles it, and so does the coordinator's.
#[rstest]
#[case::somebody_found_it_open(json!({"kind": "note", "verdict": "open"}))]
#[case::somebody_heard_a_number(json!({"kind": "note", "verdict": "confirmed", "type": "bed.icu"}))]
#[case::the_coordinator(Value::Null)]
#[tokio::test]
async fn a_place_that_is_open_after_all_is_believed(#[case] word: Value) {
    let (node, [one, other]) = start().await;
    node.report("test:B", json!({"bed.hcu": {"available": 2}})).await;
    for key in [&one, &other] {
        leave(&node, key, "B", json!({"kind": "note", "verdict": "closed"})).await.json();
    }
    let disputed = async || {
        let facility = node.get("/v1/facilities/test:B").send().await.json();
        facility["availability"].as_array().unwrap().iter().any(|number| number["disputed"] == true)
    };
    assert!(disputed().await);
    if word.is_null() {
        let admin = node.admin().await;
        for closed in [true, false] {
            let patch = json!({"closed": closed});
            node.patch("/v1/facilities/test:B", &patch).key(&admin).send().await.json();
        }
    } else {
        leave(&node, &one, "B", word).await.json();
    }
    assert!(!disputed().await);
    // Nor is it disputed again when that word is old.
    node.clock.pass(Duration::days(2));
    assert!(!disputed().await);
    let whys = node.get("/v1/doubts").key(&node.admin().await).send().await.json();
    assert_eq!(whys["doubts"], json!([]));
}

#[tokio::test]
async fn only_who_phoned_says_that_it_is_open() {
    let (node, [one, _]) = start().await;
    let open = json!({"kind": "note", "verdict": "open"});
    node.post("/v1/facilities/test:B/marks", &open).send().await.problem(401, "key_required");
    leave(&node, &one, "B", open).await.json();
    let text = node.get(super::ASK).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("Found open just now."), "{text}");
}

/// There is no number to stand beside, so it stands at the facility.
#[tokio::test]
async fn what_was_heard_of_a_number_that_nobody_stated_shows_at_the_facility() {
    let (node, [one, _]) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let heard = json!({"kind": "note", "verdict": "wrong", "type": "bed.hcu", "numbers": {"available": 2}, "by": "Siti"});
    leave(&node, &one, "A", heard).await.json();
    leave(&node, &one, "A", json!({"kind": "hold", "type": "bed.hcu", "by": "Siti"})).await.json();

    let facility = node.get("/v1/facilities/test:A").key(&one).send().await.json();
    assert_eq!(
        (&facility["notes"][0]["type"], &facility["holds"][0]["by"]),
        (&json!("bed.hcu"), &json!("Siti"))
    );
    let public = node.get("/v1/facilities/test:A").send().await.json();
    assert_eq!((&public["notes"][0]["heard"]["available"], &public["holds"]), (&json!(2), &Value::Null));
    let text =
        node.get("/v1/facilities/test:A").key(&one).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("(HCU): Heard by phone just now: 2 free. (Siti)"), "{text}");
    assert!(text.contains("(HCU): 1 place is held by Siti until 14:30 WIB."), "{text}");
    // Who asks about another type is not told.
    assert_eq!(found(&node, Some(&one)).await[1]["notes"], Value::Null);

    let doubts = node.get("/v1/doubts").key(&coordinator).send().await.json();
    let doubt = &doubts["doubts"][0];
    assert_eq!(
        (&doubt["why"], &doubt["type"], &doubt["numbers"]),
        (&json!("wrong"), &json!("bed.hcu"), &Value::Null)
    );
    let text =
        node.get("/v1/doubts").key(&coordinator).accept("text/plain").language("en").send().await.text();
    assert!(text.contains("(HCU): Heard by phone just now, at 14:00 WIB: 2 free."), "{text}");
}

#[tokio::test]
async fn dead_telephones_and_closed_places_are_told_and_seen_to() {
    let (node, [one, _]) = start().await;
    let admin = node.admin().await;
    let dead = json!({"kind": "note", "verdict": "phone_dead", "phone": "(024) 8413476"});
    assert_eq!(leave(&node, &one, "A", dead).await.json()["phone"], "024-8413476");
    leave(&node, &one, "B", json!({"kind": "note", "verdict": "closed"})).await.json();
    let told = found(&node, None).await;
    assert_eq!(
        (&told[0]["notes"][0]["verdict"], &told[1]["notes"][0]["verdict"]),
        (&json!("closed"), &json!("phone_dead"))
    );
    let text = node.get(super::ASK).accept("text/plain").send().await.text();
    assert!(text.contains("024-8413476 tidak diangkat (baru saja)."), "{text}");
    assert!(text.contains("Menurut yang menelepon baru saja: tutup."), "{text}");
    let whys = async || {
        let listed = node.get("/v1/doubts").key(&admin).send().await.json();
        let whys = listed["doubts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|doubt| doubt["why"].as_str().unwrap().to_owned());
        whys.collect::<Vec<_>>()
    };
    assert_eq!(whys().await, ["phone_dead", "closed"]);
    // The coordinator mends the telephone; then nobody need be told any more.
    let phones = json!({"phones": [{"number": "024-111111"}]});
    node.patch("/v1/facilities/test:A", &phones).key(&admin).send().await.json();
    assert_eq!(whys().await, ["closed"]);
    assert_eq!(found(&node, None).await[1]["notes"], Value::Null);
}

#[tokio::test]
async fn notes_that_cannot_be_are_refused_with_the_field() {
    let (node, [one, _]) = start().await;
    let before = node.seq().await;
    for (note, code, pointer) in [
        (json!({"verdict": "wrong"}), "missing_field", "/type"),
        (json!({"verdict": "confirmed"}), "missing_field", "/type"),
        (json!({"verdict": "closed", "type": "bed.icu"}), "invalid_field", "/type"),
        (json!({"verdict": "closed", "phone": "024-8413476"}), "invalid_field", "/phone"),
        (json!({"verdict": "phone_dead", "phone": "0811-99999"}), "invalid_field", "/phone"),
        (json!({"verdict": "phone_dead", "numbers": {"available": 1}}), "invalid_field", "/numbers"),
        (
            json!({"verdict": "wrong", "type": "bed.icu", "numbers": {"available": -1}}),
            "negative_count",
            "/numbers/available",
        ),
        (json!({"verdict": "wrong", "type": "bed.icu", "text": "x".repeat(301)}), "invalid_text", "/text"),
        (json!({"verdict": "wrong", "type": "vaccination.session"}), "unknown_type", "/type"),
    ] {
        let mut mark = note.clone();
        mark["kind"] = json!("note");
        let problem = leave(&node, &one, "A", mark).await.problem(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{note}");
    }
    assert_eq!(node.seq().await, before);
}
