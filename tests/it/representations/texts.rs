//! Lists in words, as an agent or a coordinator reads them. It is 1 July 2021, 14.00 WIB, when the hospitals are added.

use chrono::Duration;
use serde_json::json;

use crate::support::TestNode;

/// A reported 13 hours ago, B just now, C never.
async fn start() -> TestNode {
    let node = TestNode::start().await;
    for (name, region) in [("A", "33.74.10"), ("B", "33.74.11"), ("C", "33.22")] {
        node.hospital(name, region, None).await;
    }
    node.report("test:A", json!({"bed.icu": {"available": 4}})).await;
    node.clock.pass(Duration::hours(13));
    node.report("test:B", json!({"bed.icu": {"available": 1}})).await;
    node
}

async fn texts(node: &TestNode, path: &str) -> [String; 2] {
    let key = node.admin().await;
    let text = async |language| {
        let call = node.get(path).accept("text/plain").language(language);
        let call = if path.starts_with("/v1/reminders") { call.key(&key) } else { call };
        call.send().await.text()
    };
    [text("id").await, text("en").await]
}

#[tokio::test]
async fn facilities_are_listed_with_how_to_reach_them() {
    let node = start().await;
    let [id, en] = texts(&node, "/v1/facilities?region=33.74&limit=1").await;
    assert_eq!(
        id,
        "\
Fasilitas di Kota Semarang:

1. RS A
Kecamatan Tembalang, Kota Semarang, Jawa Tengah
Telepon: 024-8413476 (IGD)
Diperbarui 13 jam yang lalu, kemarin pukul 14.00 WIB.

Masih ada lagi di halaman berikutnya.

Data per pukul 03.00 WIB.
"
    );
    assert_eq!(
        en,
        "\
Facilities in Kota Semarang:

1. RS A
Kecamatan Tembalang, Kota Semarang, Jawa Tengah
Phone: 024-8413476 (IGD)
Updated 13 hours ago (yesterday at 14:00 WIB).

There are more on the next page.

Data as of 03:00 WIB.
"
    );
    let [id, en] = texts(&node, "/v1/facilities?region=34").await;
    assert!(id.starts_with("Tidak ada fasilitas di Daerah Istimewa Yogyakarta yang sesuai."), "{id}");
    assert!(en.starts_with("No facility in Daerah Istimewa Yogyakarta fits."), "{en}");
}

#[tokio::test]
async fn of_a_closed_place_nobody_reads_what_was_free() {
    let node = start().await;
    let key = node.admin().await;
    for (closed, id, en) in [(false, "kosong", "free"), (true, "sudah tutup", "has closed for good")] {
        node.patch("/v1/facilities/test:B", &json!({"closed": closed})).key(&key).send().await.json();
        let told = texts(&node, "/v1/facilities/test:B").await;
        assert!(told[0].contains(id) && told[1].contains(en), "{told:?}");
        assert_eq!(told.map(|text| text.contains("ICU")), [!closed; 2]);
    }
}

#[tokio::test]
async fn a_coordinator_reads_who_has_not_reported() {
    let node = start().await;
    let [id, en] = texts(&node, "/v1/completeness?region=33").await;
    assert_eq!(
        id,
        "\
Kelengkapan laporan di Jawa Tengah
Laporan: dari 3 fasilitas, 1 angkanya baru, 0 mulai lama, 1 lama, 1 tanpa angka.

Yang masih kurang:
- Kabupaten Semarang: 1 dari 1 fasilitas
- Kota Semarang: 1 dari 2 fasilitas

Fasilitas, yang paling lama tidak melapor lebih dahulu:
- RS C, Kabupaten Semarang, Jawa Tengah: belum pernah melapor. Telepon: 024-8413476 (IGD)
- RS A, Kecamatan Tembalang, Kota Semarang, Jawa Tengah: laporan terakhir 13 jam yang lalu, kemarin pukul 14.00 WIB. Telepon: 024-8413476 (IGD)
- RS B, Kecamatan Banyumanik, Kota Semarang, Jawa Tengah: laporan terakhir baru saja, pukul 03.00 WIB. Telepon: 024-8413476 (IGD)

Data per pukul 03.00 WIB.
"
    );
    for part in [
        "Reporting in Jawa Tengah\n",
        "- Kota Semarang: 1 of 2 facilities\n",
        "- RS C, Kabupaten Semarang, Jawa Tengah: has never reported. Phone: 024-8413476 (IGD)\n",
        "last report 13 hours ago (yesterday at 14:00 WIB).",
    ] {
        assert!(en.contains(part), "{en}");
    }
    let [id, en] = texts(&node, "/v1/completeness?region=34").await;
    assert!(id.contains("Belum ada fasilitas yang tercatat."), "{id}");
    assert!(en.contains("No facilities are listed."), "{en}");
}

#[tokio::test]
async fn a_coordinator_reads_whom_to_remind() {
    let node = start().await;
    let [id, en] = texts(&node, "/v1/reminders?region=33.74").await;
    assert_eq!(
        id,
        "\
Perlu diingatkan untuk melapor:

1. RS A, Kecamatan Tembalang, Kota Semarang, Jawa Tengah: laporan terakhir 13 jam yang lalu, kemarin pukul 14.00 WIB. Ditunggu sejak pukul 02.00 WIB. Telepon: 024-8413476 (IGD), 0812-4100-0000 (nomor internal, jangan diteruskan)
Atau hubungi PSC 119 (darurat medis): 119
"
    );
    assert!(en.starts_with("To be reminded to report:\n\n1. RS A, "), "{en}");
    assert!(en.contains("Due since 02:00 WIB.") && en.contains("\nOr call PSC 119"), "{en}");
    let [id, en] = texts(&node, "/v1/reminders?region=34").await;
    assert_eq!((id.as_str(), en.as_str()), ("Tidak ada laporan yang ditunggu.\n", "No report is due.\n"));
}

#[tokio::test]
async fn regions_are_listed_with_their_codes() {
    let node = start().await;
    let [id, en] = texts(&node, "/v1/regions?parent=33.74&limit=2").await;
    assert_eq!(
        id,
        "\
Wilayah:
- Kecamatan Semarang Tengah, Kota Semarang, Jawa Tengah: kode 33.74.01
- Kecamatan Semarang Utara, Kota Semarang, Jawa Tengah: kode 33.74.02

Masih ada lagi di halaman berikutnya.

Data per pukul 03.00 WIB.
"
    );
    assert!(
        en.starts_with("Regions:\n- Kecamatan Semarang Tengah, Kota Semarang, Jawa Tengah: code 33.74.01\n")
    );
    let key = node.admin().await;
    let names = json!({"aliases": ["Kodya Semarang", "Semarang Kota"], "postcode": "50000"});
    node.patch("/v1/regions/33.74", &names).key(&key).send().await.json();
    let [id, en] = texts(&node, "/v1/regions/33.74").await;
    let start = "\
Kota Semarang, Jawa Tengah: kode 33.74
Disebut juga: Kodya Semarang, Semarang Kota
Kode pos: 50000
2 fasilitas tercatat.

16 kecamatan:
- Kecamatan Semarang Tengah: kode 33.74.01
";
    assert!(id.starts_with(start), "{id}");
    assert!(
        id.ends_with("\n\nHubungi:\n- PSC 119 (darurat medis): 119\n\nData per pukul 03.00 WIB.\n"),
        "{id}"
    );
    assert!(en.contains("Also called: Kodya Semarang") && en.contains("2 facilities are listed."), "{en}");
}

#[tokio::test]
async fn types_are_listed_by_kind() {
    let node = TestNode::start().await;
    let [id, en] = texts(&node, "/v1/types?kind=vaccination").await;
    let expected = "\
Vaksinasi:
- Sesi vaksinasi: kode vaccination.session, mulai lama setelah 24 jam, lama setelah 72 jam
";
    assert_eq!(id, expected);
    assert!(en.contains("code vaccination.session, aging after 24 hours, old after 72 hours\n"), "{en}");
    let [id, _] = texts(&node, "/v1/types").await;
    let headings: Vec<&str> = id.lines().filter(|line| line.ends_with(':')).collect();
    assert_eq!(headings, ["Tempat tidur:", "Isolasi terpusat:", "Vaksinasi:"]);
}
