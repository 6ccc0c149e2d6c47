//! What was left and what is doubted, in words and for spreadsheets. It is 1 July 2021, 14.00 WIB.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::Duration;
use rstest::rstest;
use sedia::domain::key::Role;
use serde_json::json;

use super::{leave, start};
use crate::support::{Reply, TestNode};

/// At A two were told otherwise, and it is being phoned; B jumped, holds a place, and its telephone is dead.
async fn told() -> (TestNode, [String; 2]) {
    let (node, [one, other]) = start().await;
    let wrong = json!({"kind": "note", "verdict": "wrong", "type": "bed.icu", "numbers": {"available": 0}, "by": "Siti", "text": "=1+1"});
    leave(&node, &one, "A", wrong.clone()).await.json();
    node.clock.pass(Duration::minutes(20));
    leave(&node, &other, "A", json!({"kind": "note", "verdict": "wrong", "type": "bed.icu"})).await.json();
    leave(&node, &one, "A", json!({"kind": "claim", "by": "Siti"})).await.json();
    leave(&node, &one, "B", json!({"kind": "hold", "type": "bed.icu", "by": "Siti"})).await.json();
    let system = node.key(Role::Bridge, None, &["test:B"]).await;
    let values = json!({"values": {"bed.icu": {"capacity": 40, "available": 38}}});
    node.put("/v1/facilities/test:B/availability", &values).key(&system).send().await.json();
    let public = json!({"kind": "note", "verdict": "phone_dead", "phone": "024-8413476"});
    for minutes in [5, 10] {
        node.clock.pass(Duration::minutes(minutes));
        node.post("/v1/facilities/test:B/marks", &public).send().await.json();
    }
    let coordinator = node.key(Role::Coordinator, Some("33.74"), &[]).await;
    (node, [one, coordinator])
}

async fn texts(node: &TestNode, path: &str, key: &str) -> [String; 2] {
    let text =
        async |language| node.get(path).key(key).accept("text/plain").language(language).send().await.text();
    [text("id").await, text("en").await]
}

/// The lines of a CSV, each as its cells by the name of their column.
fn lines(reply: &Reply) -> Vec<BTreeMap<String, String>> {
    assert!(reply.header("content-type").starts_with("text/csv"), "{}", reply.text());
    csv::Reader::from_reader(&*reply.body).deserialize().map(Result::unwrap).collect()
}

/// The cells of one line that are asked for.
fn cells<'a, const N: usize>(line: &'a BTreeMap<String, String>, columns: [&str; N]) -> [&'a str; N] {
    columns.map(|column| line.get(column).unwrap_or_else(|| panic!("no column {column}")).as_str())
}

#[tokio::test]
async fn a_coordinator_reads_what_to_look_at() {
    let (node, [_, coordinator]) = told().await;
    let [id, en] = texts(&node, "/v1/doubts", &coordinator).await;
    assert_eq!(
        id,
        "\
Perlu diperiksa di Kota Semarang, yang terbaru lebih dahulu:

1. RS B, Kecamatan Tembalang
Dilaporkan warga 2 kali, terakhir baru saja, pukul 14.35 WIB: 024-8413476 tidak diangkat.
ICU tanpa ventilator: 38 kosong dari 40. Sumber: sistem rumah sakit (test bridge).
Sejak pukul 14.20 WIB jumlah kosong jauh dari sebelumnya: 8 menjadi 38. Pastikan lewat telepon.
Telepon: 024-8413476 (IGD), 0812-4100-0000 (nomor internal, jangan diteruskan)

2. RS A, Kecamatan Tembalang
ICU tanpa ventilator: 3 kosong dari 40. Sumber: koordinator (test admin).
Angka ini diragukan: yang menelepon mendapat jawaban lain. Telepon dahulu.
Menurut jawaban telepon 15 menit yang lalu, pukul 14.20 WIB, angka ini tidak sesuai. (test agent)
Menurut jawaban telepon 35 menit yang lalu, pukul 14.00 WIB, angka ini tidak sesuai: penuh. \"=1+1\" (Siti)
Telepon: 024-8413476 (IGD), 0812-4100-0000 (nomor internal, jangan diteruskan)

Data per pukul 14.35 WIB.
"
    );
    assert_eq!(
        en,
        "\
To be checked in Kota Semarang, the newest first:

1. RS B, Kecamatan Tembalang
Said by the public 2 times, last just now, at 14:35 WIB: 024-8413476 is not answered.
ICU without ventilator: 38 free of 40. Source: a hospital system (test bridge).
Since 14:20 WIB the number of free places is far from the one before: 38, not 8. Confirm it by phone.
Phone: 024-8413476 (IGD), 0812-4100-0000 (internal number, do not pass on)

2. RS A, Kecamatan Tembalang
ICU without ventilator: 3 free of 40. Source: a coordinator (test admin).
This number is disputed: people who phoned were told otherwise. Call first.
Found wrong by phone 15 minutes ago, at 14:20 WIB. (test agent)
Found wrong by phone 35 minutes ago, at 14:00 WIB: full. \"=1+1\" (Siti)
Phone: 024-8413476 (IGD), 0812-4100-0000 (internal number, do not pass on)

Data as of 14:35 WIB.
"
    );
    let [id, en] = texts(&node, "/v1/doubts?region=33.74.11", &coordinator).await;
    let nothing = "Tidak ada yang perlu diperiksa di Kecamatan Banyumanik.\n\nData per pukul 14.35 WIB.\n";
    assert_eq!(id, nothing);
    assert!(en.starts_with("Nothing needs to be checked in Kecamatan Banyumanik.\n"), "{en}");
}

#[tokio::test]
async fn an_agent_reads_what_colleagues_are_doing() {
    let (node, [agent, _]) = told().await;
    let [id, _] = texts(&node, "/v1/marks", &agent).await;
    // What ended by itself at 14.30 is not read any more.
    assert!(!id.contains("Sedang ditelepon"), "{id}");
    leave(&node, &agent, "A", json!({"kind": "claim", "by": "Siti"})).await.json();
    let confirmed = json!({"kind": "note", "verdict": "confirmed", "type": "bed.icu", "by": "Siti"});
    leave(&node, &agent, "B", confirmed).await.json();
    let [id, en] = texts(&node, "/v1/marks", &agent).await;
    assert_eq!(
        id,
        "\
Yang sedang ditelepon, ditahan, dan dicatat di Kota Semarang:

1. RS A, Kecamatan Tembalang
ICU tanpa ventilator: dilaporkan 3 kosong dari 40.
Menurut jawaban telepon 35 menit yang lalu, pukul 14.00 WIB, angka ini tidak sesuai: penuh. \"=1+1\" (Siti)
Menurut jawaban telepon 15 menit yang lalu, pukul 14.20 WIB, angka ini tidak sesuai. (test agent)
Sedang ditelepon oleh Siti, paling lama sampai pukul 14.45 WIB.

2. RS B, Kecamatan Tembalang
ICU tanpa ventilator: 1 tempat ditahan oleh Siti sampai pukul 14.50 WIB.
Dilaporkan warga 2 kali, terakhir baru saja, pukul 14.35 WIB: 024-8413476 tidak diangkat.
ICU tanpa ventilator: dilaporkan 38 kosong dari 40.
Dipastikan lewat telepon baru saja, pukul 14.35 WIB. (Siti)

Data per pukul 14.35 WIB.
"
    );
    assert_eq!(
        en,
        "\
Calls, holds and notes in Kota Semarang:

1. RS A, Kecamatan Tembalang
ICU without ventilator: reported as 3 free of 40.
Found wrong by phone 35 minutes ago, at 14:00 WIB: full. \"=1+1\" (Siti)
Found wrong by phone 15 minutes ago, at 14:20 WIB. (test agent)
Siti is phoning them, until 14:45 WIB at the latest.

2. RS B, Kecamatan Tembalang
ICU without ventilator: 1 place is held by Siti until 14:50 WIB.
Said by the public 2 times, last just now, at 14:35 WIB: 024-8413476 is not answered.
ICU without ventilator: reported as 38 free of 40.
Confirmed by phone just now, at 14:35 WIB. (Siti)

Data as of 14:35 WIB.
"
    );
    let [id, en] = texts(&node, "/v1/marks?region=33.74.11", &agent).await;
    let nothing = "Tidak ada yang sedang ditelepon, ditahan, atau dicatat di Kecamatan Banyumanik.\n\n";
    assert!(id.starts_with(nothing), "{id}");
    assert!(en.starts_with("No calls, holds or notes in Kecamatan Banyumanik.\n\n"), "{en}");
}

#[tokio::test]
async fn a_place_further_east_is_told_in_its_own_time() {
    let (node, [agent, _]) = start().await;
    node.hospital("C", "91.71", None).await;
    let admin = node.admin().await;
    leave(&node, &agent, "A", json!({"kind": "claim", "by": "Siti"})).await.json();
    leave(&node, &admin, "C", json!({"kind": "claim", "by": "Budi"})).await.json();
    let [id, _] = texts(&node, "/v1/marks", &admin).await;
    assert!(id.starts_with("Yang sedang ditelepon, ditahan, dan dicatat di seluruh Indonesia:\n"), "{id}");
    for said in ["Siti, paling lama sampai pukul 14.10 WIB.", "Budi, paling lama sampai pukul 16.10 WIT."] {
        assert!(id.contains(said), "{id}");
    }
    assert!(id.contains("\n\n2. RS C, Kota Jayapura, Papua\n"), "{id}");
}

#[tokio::test]
async fn doubts_are_lines() {
    let (node, [_, coordinator]) = told().await;
    let reply = node.get("/v1/doubts").key(&coordinator).accept("text/csv").language("en").send().await;
    let header = "facility,name,region_code,region,phones,why,at,type,label,capacity,occupied,available,queue,\
        before_capacity,before_occupied,before_available,before_queue,source,reporter,note,by,note_source,\
        heard_capacity,heard_occupied,heard_available,heard_queue,phone,text,times\n";
    assert!(reply.text().starts_with(header), "{}", reply.text());
    let lines = lines(&reply);
    let columns = ["name", "region_code", "why", "type", "available", "before_available", "source"];
    let told: Vec<_> = lines.iter().map(|line| cells(line, columns)).collect();
    assert_eq!(
        told,
        [
            ["RS B", "33.74.10", "phone_dead", "", "", "", ""],
            ["RS A", "33.74.10", "disputed", "bed.icu", "3", "", "coordinator"],
            ["RS B", "33.74.10", "jump", "bed.icu", "38", "8", "bridge"],
            ["RS A", "33.74.10", "disputed", "bed.icu", "3", "", "coordinator"],
        ]
    );
    assert_eq!(cells(&lines[0], ["phone", "note_source", "by", "times"]), ["024-8413476", "public", "", "2"]);
    assert_eq!(
        cells(&lines[2], ["region", "label", "phones", "reporter", "note", "times"]),
        [
            "Jawa Tengah, Kota Semarang, Tembalang",
            "ICU without ventilator",
            "024-8413476; !0812-4100-0000",
            "test bridge",
            "",
            ""
        ]
    );
    let heard = ["at", "by", "note_source", "heard_available", "text", "times"];
    assert_eq!(cells(&lines[3], heard), ["2021-07-01T07:00:00Z", "Siti", "agent_call", "0", "'=1+1", "1"]);
    // The note that a line names is the one to take back.
    let path = format!("/v1/marks/{}", lines[0]["note"]);
    node.delete(&path).key(&coordinator).send().await.json();
}

#[tokio::test]
async fn marks_are_lines() {
    let (node, [agent, _]) = told().await;
    leave(&node, &agent, "A", json!({"kind": "claim", "by": "@Siti"})).await.json();
    let reply = node.get("/v1/marks").key(&agent).accept("text/csv").send().await;
    let header = "facility,name,region_code,region,mark,kind,type,label,by,at,until,verdict,about_capacity,\
        about_occupied,about_available,about_queue,note_source,heard_capacity,heard_occupied,heard_available,\
        heard_queue,phone,text,times\n";
    assert!(reply.text().starts_with(header), "{}", reply.text());
    let lines = lines(&reply);
    let columns = ["name", "kind", "label", "by", "verdict", "about_available", "heard_available", "text"];
    let told: Vec<_> = lines.iter().map(|line| cells(line, columns)).collect();
    let icu = "ICU tanpa ventilator";
    assert_eq!(
        told,
        [
            ["RS A", "note", icu, "Siti", "wrong", "3", "0", "'=1+1"],
            ["RS A", "note", icu, "test agent", "wrong", "3", "", ""],
            ["RS B", "hold", icu, "Siti", "", "", "", ""],
            ["RS B", "note", "", "", "phone_dead", "", "", ""],
            ["RS A", "claim", "", "'@Siti", "", "", "", ""],
        ]
    );
    assert_eq!(
        cells(&lines[2], ["type", "at", "until"]),
        ["bed.icu", "2021-07-01T07:20:00Z", "2021-07-01T07:50:00Z"]
    );
}

#[rstest]
#[case("/v1/doubts", "text/plain", ["RS B", "RS A", "RS B", "RS A"])]
#[case("/v1/doubts", "text/csv", ["RS B", "RS A", "RS B", "RS A"])]
#[case("/v1/doubts", "application/json", ["RS B", "RS A", "RS B", "RS A"])]
#[case("/v1/marks", "text/plain", ["RS A", "RS A", "RS B", "RS B"])]
#[case("/v1/marks", "text/csv", ["RS A", "RS A", "RS B", "RS B"])]
#[tokio::test]
async fn pages_go_on_in_any_form(#[case] path: &str, #[case] accept: &str, #[case] expected: [&str; 4]) {
    let (node, [_, coordinator]) = told().await;
    let (mut cursor, mut pages) = (String::new(), Vec::new());
    loop {
        let path = format!("{path}?limit=1{cursor}");
        let reply = node.get(&path).key(&coordinator).accept(accept).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        let has_more = !reply.header("sedia-next").is_empty();
        if accept == "text/plain" {
            assert_eq!(reply.text().contains("Masih ada lagi di halaman berikutnya."), has_more);
        }
        pages.push(reply.text());
        cursor = format!("&cursor={}", reply.header("sedia-next"));
        if !has_more {
            break;
        }
    }
    assert_eq!(pages.len(), expected.len());
    for (page, name) in pages.iter().zip(expected) {
        assert!(page.contains(name), "{page}");
    }
}

#[tokio::test]
async fn no_form_is_kept_for_others_or_told_to_them() {
    let (node, [agent, coordinator]) = told().await;
    let elsewhere = node.key(Role::Coordinator, Some("33.22"), &[]).await;
    for accept in ["application/json", "text/plain", "text/csv"] {
        let get = |path, key: &str| node.get(path).key(key).accept(accept).send();
        for (path, key) in [("/v1/doubts", &coordinator), ("/v1/marks", &agent)] {
            let reply = get(path, key).await;
            assert_eq!(
                (reply.status, reply.header("cache-control")),
                (StatusCode::OK, "private, no-cache"),
                "{path} as {accept}"
            );
            let known = node.get(path).key(key).accept(accept).header("If-None-Match", reply.header("etag"));
            assert_eq!(known.send().await.status, StatusCode::NOT_MODIFIED, "{path} as {accept}");
            node.get(path).accept(accept).send().await.problem(401, "key_required");
            get("/v1/doubts?region=33.74", &elsewhere).await.problem(403, "outside_scope");
            get("/v1/marks?region=33.74", &elsewhere).await.problem(403, "outside_scope");
        }
        get("/v1/doubts", &agent).await.problem(403, "role_not_allowed");
    }
}

#[tokio::test]
async fn a_table_of_beds_says_what_is_doubted_and_held() {
    let (node, [agent, _]) = told().await;
    let table = node.get(super::ASK).key(&agent).accept("text/csv").send().await;
    let columns = ["name", "available", "disputed", "jump_from_available", "held"];
    let lines_of_agent = lines(&table);
    let told: Vec<_> = lines_of_agent.iter().map(|line| cells(line, columns)).collect();
    assert_eq!(told, [["RS B", "38", "", "8", "1"], ["RS A", "3", "yes", "", ""]]);
    assert_eq!(cells(&lines_of_agent[1], ["reporter"]), ["test admin"]);
    let public = node.get(super::ASK).accept("text/csv").send().await;
    assert!(lines(&public).iter().all(|line| cells(line, ["held", "reporter"]) == ["", ""]));
}
