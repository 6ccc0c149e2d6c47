//! What was reported and what was asked for in vain, in words. It is 1 July 2021, 14.00 WIB, when the hospitals are added.

use chrono::Duration;
use sedia::{clock::Clock, domain::key::Role, store::retention::Keep};
use serde_json::{Value, json};

use crate::support::TestNode;

const AVAILABILITY: &str = "/v1/facilities/test:A/availability";
const HISTORY: &str = "/v1/facilities/test:A/history";

async fn texts(node: &TestNode, path: &str, key: Option<&str>) -> [String; 2] {
    let text = async |language| {
        let call = node.get(path).accept("text/plain").language(language);
        let call = match key {
            Some(key) => call.key(key),
            None => call,
        };
        call.send().await.text()
    };
    [text("id").await, text("en").await]
}

/// A hospital in `region` that reported at 14.00, was told of an earlier number at 15.00, and reported at 16.30.
async fn reported(region: &str) -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", region, None).await;
    let key = node.key(Role::Reporter, None, &["test:A"]).await;
    let put = async |key: &str, body: Value| node.put(AVAILABILITY, &body).key(key).send().await.json();
    let values = json!({"bed.icu": {"capacity": 9, "available": 3, "queue": 2}, "bed.hcu": {"capacity": 6}});
    put(&key, json!({"values": values})).await;
    node.clock.pass(Duration::hours(1));
    let late = json!({"observed_at": "2021-07-01T06:30:00Z", "values": {"bed.icu": {"available": 5}}});
    put(&node.admin().await, late).await;
    node.clock.pass(Duration::minutes(90));
    put(&key, json!({"values": {"bed.icu": {"capacity": 9, "available": 0}}})).await;
    node
}

#[tokio::test]
async fn a_supervisor_reads_what_a_hospital_reported() {
    let node = reported("33.74.10").await;
    let agent = node.key(Role::Agent, Some("33.74"), &[]).await;
    let [id, en] = texts(&node, HISTORY, Some(&agent)).await;
    assert_eq!(
        id,
        "\
Laporan dari RS A, Kecamatan Tembalang, Kota Semarang, Jawa Tengah, yang terakhir diterima lebih dahulu:

Diterima pukul 16.30 WIB. Sumber: fasilitas sendiri (test reporter).
ICU tanpa ventilator: penuh (kapasitas 9)

Diterima pukul 15.00 WIB, keadaan pukul 13.30 WIB. Sumber: koordinator (test admin).
ICU tanpa ventilator: 5 kosong (terlambat, sudah ada angka yang lebih baru)

Diterima pukul 14.00 WIB. Sumber: fasilitas sendiri (test reporter).
ICU tanpa ventilator: 3 kosong dari 9, antrean 2 orang
HCU: jumlah kosong belum diketahui (kapasitas 6)
"
    );
    assert_eq!(
        en,
        "\
Reports of RS A, Kecamatan Tembalang, Kota Semarang, Jawa Tengah, the last received first:

Received at 16:30 WIB. Source: the facility itself (test reporter).
ICU without ventilator: full (capacity 9)

Received at 15:00 WIB, observed at 13:30 WIB. Source: a coordinator (test admin).
ICU without ventilator: 5 free (late, a newer number was known)

Received at 14:00 WIB. Source: the facility itself (test reporter).
ICU without ventilator: 3 free of 9, 2 people waiting
High care unit (HCU): how many are free is not known (capacity 6)
"
    );
    // The public is not told who sent a number.
    let [id, en] = texts(&node, HISTORY, None).await;
    assert!(id.contains("\nDiterima pukul 16.30 WIB. Sumber: fasilitas sendiri.\n"), "{id}");
    assert!(!id.contains("test ") && !en.contains("test "), "{id}");
    // A page ends where the header says that another begins.
    let first = node.get(&format!("{HISTORY}?limit=3")).accept("text/plain").send().await;
    let next = format!("{HISTORY}?limit=3&cursor={}", first.header("sedia-next"));
    assert!(first.text().ends_with("\n\nMasih ada lagi di halaman berikutnya.\n"), "{}", first.text());
    let [id, _] = texts(&node, &next, None).await;
    assert!(id.ends_with("\nHCU: jumlah kosong belum diketahui (kapasitas 6)\n"), "{id}");
    let [id, en] = texts(&node, &format!("{HISTORY}?type=bed.nicu"), None).await;
    let facility = "RS A, Kecamatan Tembalang, Kota Semarang, Jawa Tengah";
    assert_eq!(
        id,
        format!("Tidak ada laporan yang dicari dari {facility}, atau sudah tidak disimpan lagi.\n")
    );
    assert_eq!(en, format!("No such reports of {facility} are kept.\n"));
}

#[tokio::test]
async fn a_number_that_jumped_is_said_to_be_far() {
    let node = reported("33.74.10").await;
    node.report("test:A", json!({"bed.icu": {"capacity": 90, "available": 33}})).await;
    let [id, en] = texts(&node, &format!("{HISTORY}?limit=1"), None).await;
    assert!(id.contains("\nICU tanpa ventilator: 33 kosong dari 90 (jauh dari angka sebelumnya)\n"), "{id}");
    assert!(en.contains("\nICU without ventilator: 33 free of 90 (far from the number before)\n"), "{en}");
}

#[tokio::test]
async fn days_in_short_are_read_in_the_time_of_the_place() {
    let node = reported("91.71").await;
    node.clock.pass(Duration::days(2));
    let (keep, now) = (Keep { days: 2, rollup_days: 30 }, node.clock.now());
    node.node.database.compact(now, keep, &node.node.tasks).await.unwrap();
    node.report("test:A", json!({"bed.icu": {"capacity": 9, "available": 1}})).await;
    node.clock.pass(Duration::days(1));
    node.node.database.compact(node.clock.now(), keep, &node.node.tasks).await.unwrap();
    let [id, en] = texts(&node, HISTORY, None).await;
    assert_eq!(
        id,
        "\
Laporan dari RS A, Kota Jayapura, Papua, yang terakhir diterima lebih dahulu:

Diterima kemarin pukul 18.30 WIT. Sumber: koordinator.
ICU tanpa ventilator: 1 kosong dari 9

Laporan yang lebih lama, diringkas per hari (hari dihitung mulai pukul 09.00 WIT):
- Kamis 1 Juli, HCU: jumlah kosong belum diketahui, kapasitas 6, 1 laporan
- Kamis 1 Juli, ICU tanpa ventilator: 0 sampai 3 kosong, terakhir penuh, kapasitas 9, 3 laporan
"
    );
    assert!(en.contains("\nReceived yesterday at 18:30 WIT. Source: a coordinator.\n"), "{en}");
    let days = "\
Older reports in short, by day (days begin at 09:00 WIT):
- Thursday 1 July, High care unit (HCU): how many are free is not known, capacity 6, 1 report
- Thursday 1 July, ICU without ventilator: 0 to 3 free, full at last, capacity 9, 3 reports
";
    assert!(en.ends_with(days), "{en}");
}

#[tokio::test]
async fn a_coordinator_reads_what_was_not_found() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    node.report("test:A", json!({"bed.icu": {"available": 2}, "bed.picu": {"available": 0}})).await;
    for (path, times) in [
        ("/v1/beds?region=33.74&type=bed.picu,bed.nicu", 4),
        ("/v1/beds?region=33.74&near=33.74.10&ventilator=true&reserved_for=covid", 3),
        ("/v1/vaccinations?region=33.74&product=sinovac&dose=2&age=17&walk_in=true", 2),
        ("/v1/isolation?near=-7.05,110.44", 1),
        ("/v1/beds?near=34.04", 1),
    ] {
        for _ in 0..times {
            node.get(path).send().await.json();
        }
    }
    let key = node.key(Role::Coordinator, Some("33"), &[]).await;
    let [id, en] = texts(&node, "/v1/demand?region=33", Some(&key)).await;
    assert_eq!(
        id,
        "\
Pencarian tanpa hasil di Jawa Tengah, Jumat 25 Juni sampai Kamis 1 Juli (hari dihitung mulai pukul 07.00 WIB):
- 4 kali di Kota Semarang: NICU (bayi baru lahir) atau PICU (anak)
- 3 kali di Kecamatan Tembalang, Kota Semarang: tempat tidur dengan ventilator, khusus COVID-19
- 2 kali di Kota Semarang: vaksinasi, Sinovac, dosis 2, untuk remaja (12-17 tahun), datang langsung
- 1 kali di Kota Semarang: tempat isolasi apa saja
"
    );
    assert_eq!(
        en,
        "\
Questions without a result in Jawa Tengah, Friday 25 June to Thursday 1 July (days begin at 07:00 WIB):
- 4 times in Kota Semarang: Neonatal intensive care (NICU) or Paediatric intensive care (PICU)
- 3 times in Kecamatan Tembalang, Kota Semarang: bed with ventilator, for COVID-19
- 2 times in Kota Semarang: vaccination, Sinovac, dose 2, for teenagers (12 to 17), walk-in
- once in Kota Semarang: any isolation place
"
    );
    let admin = node.admin().await;
    let [id, _] = texts(&node, "/v1/demand?from=2021-07-01", Some(&admin)).await;
    assert!(id.starts_with("Pencarian tanpa hasil di seluruh Indonesia, Kamis 1 Juli (hari"), "{id}");
    assert!(
        id.contains("\n- 1 kali di Kabupaten Sleman, Daerah Istimewa Yogyakarta: tempat tidur apa saja\n")
    );
    let [id, en] = texts(&node, "/v1/demand?region=33.22", Some(&key)).await;
    let days = "Jumat 25 Juni sampai Kamis 1 Juli";
    assert_eq!(id, format!("Tidak ada pencarian tanpa hasil di Kabupaten Semarang, {days}.\n"));
    let days = "Friday 25 June to Thursday 1 July";
    assert_eq!(en, format!("No questions without a result in Kabupaten Semarang, {days}.\n"));
    // Whose key may not ask is not told in words either.
    let agent = node.key(Role::Agent, Some("33"), &[]).await;
    let refused = node.get("/v1/demand?region=33").key(&agent).accept("text/plain").send().await;
    refused.problem(403, "role_not_allowed");
}
