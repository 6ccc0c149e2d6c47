//! Anybody may say that something is wrong. It goes to the coordinators, and disputes no number.

use chrono::Duration;
use sedia::domain::key::Role;
use serde_json::{Value, json};

use super::{ASK, found, leave, start};
use crate::support::{Reply, TestNode};

async fn complain(node: &TestNode, facility: &str, body: Value) -> Reply {
    node.post(&format!("/v1/facilities/test:{facility}/marks"), &body).send().await
}

fn wrong(text: &str) -> Value {
    json!({"kind": "note", "verdict": "wrong", "text": text, "by": "Ani"})
}

#[tokio::test]
async fn the_publics_word_goes_to_the_coordinators_list() {
    let (node, [agent, _]) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let first = complain(&node, "A", wrong("penuh semua")).await.json();
    assert_eq!((&first["source"], &first["by"]), (&json!("public"), &json!("")));
    let text = async |language| {
        node.get(ASK).key(&agent).accept("text/plain").language(language).send().await.text()
    };
    let [id, en] = [text("id").await, text("en").await];
    assert!(id.contains("\nDilaporkan warga baru saja: tidak sesuai. \"penuh semua\"\n"), "{id}");
    assert!(en.contains("\nSaid by the public just now: not as stated. \"penuh semua\"\n"), "{en}");
    node.clock.pass(Duration::minutes(1));
    // Said again by others it is one entry, and nobody learns what the others said.
    let second = complain(&node, "A", json!({"kind": "note", "verdict": "wrong"})).await.json();
    assert_eq!((&second["id"], &second["times"], &second["text"]), (&first["id"], &json!(1), &Value::Null));
    let listed = node.get("/v1/doubts").key(&coordinator).send().await.json();
    let doubts = listed["doubts"].as_array().unwrap();
    assert_eq!(doubts.len(), 1);
    assert_eq!((&doubts[0]["why"], &doubts[0]["at"]), (&json!("wrong"), &json!("2021-07-01T07:01:00Z")));
    assert_eq!((&doubts[0]["note"]["times"], &doubts[0]["note"]["text"]), (&json!(2), &json!("penuh semua")));
    // The public's answers do not repeat it; the coordinator ends it.
    assert_eq!(found(&node, None).await[1]["notes"], Value::Null);
    assert_eq!(found(&node, Some(&agent)).await[1]["notes"][0]["times"], 2);
    let path = format!("/v1/marks/{}", first["id"].as_str().unwrap());
    node.delete(&path).key(&agent).send().await.problem(403, "role_not_allowed");
    node.delete(&path).key(&coordinator).send().await.json();
    assert_eq!(node.get("/v1/doubts").key(&coordinator).send().await.json()["doubts"], json!([]));
}

/// Two telephones are two matters, and so are two numbers; of one, the first words stay.
#[tokio::test]
async fn what_others_say_takes_no_words_away() {
    let (node, _) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let admin = node.admin().await;
    let phones = json!({"phones": [{"number": "024-8413476"}, {"number": "024-111111"}]});
    node.patch("/v1/facilities/test:A", &phones).key(&admin).send().await.json();
    let dead = |phone: &str| json!({"kind": "note", "verdict": "phone_dead", "phone": phone});
    complain(&node, "A", dead("024-8413476")).await.json();
    complain(&node, "A", dead("024-111111")).await.json();
    let wrong = |text: &str| json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "text": text});
    complain(&node, "A", wrong("penuh")).await.json();
    complain(&node, "A", wrong("sudah tutup")).await.json();
    let doubts = node.get("/v1/doubts").key(&coordinator).send().await.json();
    let said = |doubt: &Value| (doubt["note"]["phone"].clone(), doubt["note"]["text"].clone());
    let said: Vec<_> = doubts["doubts"].as_array().unwrap().iter().map(said).collect();
    for expected in [
        (json!("024-8413476"), Value::Null),
        (json!("024-111111"), Value::Null),
        (Value::Null, json!("penuh")),
    ] {
        assert!(said.contains(&expected), "{expected:?} in {said:?}");
    }
    assert_eq!(said.len(), 3);
}

#[tokio::test]
async fn what_was_said_of_an_earlier_statement_is_not_said_of_the_next() {
    let (node, _) = start().await;
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    let wrong = |text: Value| json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "text": text});
    complain(&node, "A", wrong(json!("penuh kata satpam"))).await.json();
    for available in [5, 3] {
        node.clock.pass(Duration::minutes(1));
        node.report("test:A", json!({"bed.icu": {"capacity": 40, "available": available}})).await;
    }
    complain(&node, "A", wrong(Value::Null)).await.json();
    let doubts = node.get("/v1/doubts").key(&coordinator).send().await.json();
    let note = &doubts["doubts"][0]["note"];
    assert_eq!((&note["times"], &note["text"]), (&json!(1), &Value::Null));
    assert_eq!(doubts["doubts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_public_disputes_no_number_and_confirms_none() {
    let (node, [agent, _]) = start().await;
    let about = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "numbers": {"available": 0}});
    for _ in 0..3 {
        complain(&node, "B", about.clone()).await.json();
    }
    let other = node.key(Role::Agent, None, &[]).await;
    leave(&node, &agent, "B", about.clone()).await.json();
    leave(&node, &other, "B", about).await.json();
    let whys = node.get("/v1/doubts").key(&node.admin().await).send().await.json();
    let whys = whys["doubts"].as_array().unwrap().iter();
    let whys: Vec<_> = whys.map(|doubt| (doubt["why"].clone(), doubt["note"]["source"].clone())).collect();
    let of = |why: &str, source: &str| (json!(why), json!(source));
    assert!(
        whys.contains(&of("wrong", "public")) && whys.contains(&of("disputed", "agent_call")),
        "{whys:?}"
    );
    let marks = node.get("/v1/marks?region=33.74").key(&other).send().await.json();
    let last = marks["marks"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    node.delete(&format!("/v1/marks/{last}")).key(&other).send().await.json();
    assert_eq!(found(&node, None).await[0]["availability"][0]["disputed"], Value::Null);
    let confirm = json!({"kind": "note", "verdict": "confirmed", "type": "bed.icu"});
    complain(&node, "B", confirm).await.problem(401, "key_required");
    // An internal telephone is none that the public knows of.
    let dead = json!({"kind": "note", "verdict": "phone_dead", "phone": "0812-4100-0000"});
    complain(&node, "B", dead.clone()).await.problem(422, "invalid_field");
    leave(&node, &agent, "B", dead).await.json();
    assert_eq!(found(&node, None).await[0]["notes"], Value::Null);
}

#[tokio::test]
async fn too_many_are_turned_away_for_a_while() {
    let (node, _) = start().await;
    for _ in 0..5 {
        complain(&node, "A", wrong("x")).await.json();
    }
    let before = node.seq().await;
    let refused = complain(&node, "A", wrong("x")).await;
    refused.problem(429, "too_many_requests");
    assert_eq!((refused.header("retry-after"), node.seq().await), ("120", before));
    node.clock.pass(Duration::minutes(2));
    complain(&node, "A", wrong("x")).await.json();
    complain(&node, "A", wrong("x")).await.problem(429, "too_many_requests");
    // Who has a key is not limited with the public.
    let agent = node.key(Role::Agent, None, &[]).await;
    leave(&node, &agent, "A", json!({"kind": "claim"})).await.json();
}

/// However much the public says, there is room for those who phone.
#[tokio::test]
async fn the_public_takes_no_place_from_agents() {
    let (node, [agent, _]) = start().await;
    let wrong = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu"});
    for free in 0..=50 {
        // Each is about another number.
        node.report("test:A", json!({"bed.icu": {"capacity": 60, "available": free}})).await;
        node.clock.pass(Duration::minutes(2));
        let reply = complain(&node, "A", wrong.clone()).await;
        match free {
            50 => drop(reply.problem(422, "too_many_marks")),
            _ => drop(reply.json()),
        }
    }
    leave(&node, &agent, "A", json!({"kind": "claim"})).await.json();
}

#[tokio::test]
async fn the_feed_tells_each_reader_what_they_may_see() {
    let (node, [agent, _]) = start().await;
    let start = node.seq().await;
    complain(&node, "A", wrong("kata warga")).await.json();
    leave(&node, &agent, "A", json!({"kind": "claim", "by": "Petugas 7"})).await.json();
    let note =
        json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "text": "rahasia", "by": "Petugas 7"});
    leave(&node, &agent, "A", note).await.json();
    let hold = leave(&node, &agent, "A", json!({"kind": "hold", "type": "bed.icu", "by": "Petugas 7"})).await;
    node.delete(hold.header("location")).key(&agent).send().await.json();
    let path = format!("/v1/changes?after={start}");
    for path in [path.as_str(), "/v1/snapshot"] {
        let public = node.get(path).send().await.text();
        assert!(public.contains("agent_call"), "{path}");
        for hidden in ["Petugas 7", "rahasia", "kata warga", "\"claim\"", "\"hold\"", "mark_ended"] {
            assert!(!public.contains(hidden), "{hidden} in {path}");
        }
    }
    let internal = node.get(&path).key(&agent).send().await.json();
    let kinds: Vec<&Value> =
        internal["changes"].as_array().unwrap().iter().map(|change| &change["kind"]).collect();
    // The claim ended with the note.
    assert_eq!(kinds, ["mark", "mark", "mark", "mark_ended", "mark", "mark_ended"]);
}
