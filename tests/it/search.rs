//! Finding regions and facilities as callers name them.

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::TestNode;

/// Name, region, telephones.
const FACILITIES: &[(&str, &str, &[&str])] = &[
    ("RSUP Dr. Kariadi", "33.74.07", &["024-8413476"]),
    ("RSUD Tugurejo", "33.74", &["(024) 760 5378"]),
    ("RS St. Elisabeth", "33.74", &["+62 24 8310035 ext 9"]),
    ("RSUD dr. Moewardi", "33.72", &["0271-634634"]),
    ("RSUD dr. Gunawan Mangunkusumo", "33.22.10", &["0298 591020"]),
    ("Klinik Karyadi", "91.71", &["0967-533000"]),
    ("RS SMG", "31.73", &["021-5550123"]),
];

async fn directory() -> TestNode {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (name, region, phones) in FACILITIES {
        let mut phones: Vec<Value> = phones.iter().map(|number| json!({"number": number})).collect();
        phones.push(json!({"number": "0812-4100-0000", "visibility": "internal"}));
        let body = json!({"name": name, "kind": "hospital", "region": region, "phones": phones});
        let reply = node.post("/v1/facilities", &body).key(&key).send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    }
    node
}

async fn search(node: &TestNode, query: &str) -> Value {
    node.get(&format!("/v1/search?q={query}")).send().await.json()
}

/// The names of what was found, best first.
fn names<'a>(answer: &'a Value, list: &str) -> Vec<&'a str> {
    let found = answer[list].as_array().unwrap();
    found.iter().map(|hit| hit["name"].as_str().unwrap()).collect()
}

#[rstest]
#[case::typing_errors(
    "RSUP Dr. Kariadi",
    &["karjadi&region=33", "kraiadi", "kariad", "kariiadi", "KARIADI", "kari"]
)]
#[case::generic_words(
    "RSUP Dr. Kariadi",
    &["rs+kariadi", "rsup+kariadi", "RSUD+dr.+Kariadi", "rumah+sakit+umum+pusat+dr+kariadi", "dokter+kariadi",
      "kariadi+hospital", "rs.+kariadi", "Dr.Kariadi"]
)]
#[case::generic_words_with_typing_errors(
    "RSUP Dr. Kariadi",
    &["rumha+sakit+kariadi", "hosptal+kariadi"]
)]
#[case::with_its_region(
    "RSUP Dr. Kariadi",
    &["kariadi+semarang", "rs+kariadi+kota+semarang", "kariadi+semarang+selatan", "kariadi%2C+jawa+tengah"]
)]
#[case::one_word_as_two("RSUD Tugurejo", &["tugurejo", "tugu+rejo", "rsud+tugu+rejo", "tugureja", "rumah+sakit+tugurejo"])]
#[case::other_spellings(
    "RS St. Elisabeth",
    &["elisabeth", "elizabeth", "rs+elizabet", "st+elisabeth", "santa+elisabeth", "st.elisabeth"]
)]
#[case::abbreviated("RSUD Tugurejo", &["tugurejo+smg", "rsud+tugurejo+kt+smg", "tugurejo+jateng"])]
#[case::abbreviated_itself("RS SMG", &["smg", "rs+smg"])]
#[case::some_of_its_words(
    "RSUD dr. Gunawan Mangunkusumo",
    &["gunawan", "mangunkusumo", "gunawan+mangun", "gunawan+mangun+kusumo", "mangunkusumo+gunawan", "rsud+ambarawa+gunawan"]
)]
#[tokio::test]
async fn a_hospital_is_found_however_its_name_is_written(#[case] name: &str, #[case] ways: &[&str]) {
    let node = directory().await;
    for way in ways {
        let answer = search(&node, way).await;
        assert_eq!(names(&answer, "facilities").first(), Some(&name), "{way}: {answer}");
    }
}

#[rstest]
#[case("RSUP Dr. Kariadi", &["024-8413476", "0248413476", "(024)+841-3476", "%2B62+24+8413476", "+62+24+8413476",
    "6224-8413476", "%2B62+(0)24+8413476", "024+841+34+76", "024.8413476", "8413476", "841-3476", "024-84134"])]
#[case("RSUD Tugurejo", &["024-7605378", "+62247605378"])]
#[case("RS St. Elisabeth", &["024-8310035", "+62248310035", "024-8310035+ext+9", "024-8310035+EXT.9"])]
#[case("RSUD dr. Moewardi", &["0271634634", "634634"])]
#[tokio::test]
async fn a_hospital_is_found_by_its_telephone_however_it_is_written(
    #[case] name: &str,
    #[case] ways: &[&str],
) {
    let node = directory().await;
    for way in ways {
        let answer = search(&node, way).await;
        assert_eq!(names(&answer, "facilities"), [name], "{way}");
        assert_eq!(answer["regions"], json!([]), "{way}");
    }
}

#[rstest]
#[case("Kabupaten Semarang", &["kab+semarang", "kab.+semarang", "kabupaten+semarang", "kabupten+semarang"])]
#[case("Kota Semarang", &["kota+semarang", "kota+semarnag", "kotamadya+semarang", "kodya+semarang"])]
#[case("Semarang Tengah", &["semarang+tengah", "kec+semarang+tengah", "kecamatan+semarang+tengah"])]
#[case("Tembalang", &["tembalang", "tembalang+semarang", "kec.+tembalang", "tembelang+kota+semarang"])]
#[case("Tembalang", &["kecmatan+tembalang", "kecaatan+tembalang", "jecamatan+tembalang", "Keacmatan+tembalang"])]
#[case("Kabupaten Demak", &["kabupatn+demak", "kbupaten+demak"])]
#[case("Jawa Tengah", &["privinsi+jawa+tengah", "propinsi+jawa+tengah"])]
#[case("Gajahmungkur", &["gajahmungkur", "gajah+mungkur", "gajah+mungkur+semarang"])]
#[case("Pasar Kliwon", &["pasar+kliwon", "pasarkliwon", "kec+pasarkliwon+surakarta"])]
#[case("Jawa Tengah", &["jawa+tengah", "prov+jawa+tengah", "provinsi+jawa+tengah", "jawa+tenga", "jateng"])]
#[case("Kabupaten Semarang", &["kab+smg", "kabupaten+smg", "KAB.SEMARANG", "Semarang+(Kab.)"])]
#[case("Kota Semarang", &["KOTA+SEMARANG,+JAWA+TENGAH", "Semarang+(Kota)", "kota+semarang+jateng"])]
#[case("Kabupaten Klaten", &["KLATEN,+JAWA+TENGAH"])]
#[case("Kota Semarang", &["kota+smg", "kt+smg", "kt.+smg", "kota+smg+jateng"])]
#[case("Kota Administrasi Jakarta Barat", &["jakbar", "kota+jakbar"])]
#[case("Daerah Khusus Ibukota Jakarta", &["jkt", "dki"])]
#[case("Kota Surabaya", &["sby", "kota+sby+jatim"])]
#[case("Kota Bandung", &["kota+bdg", "bdg+kota"])]
#[case("Nusa Tenggara Timur", &["ntt", "prov+ntt"])]
#[case("Sulawesi Selatan", &["sulsel"])]
#[case("Sumatera Utara", &["sumut"])]
#[case("Daerah Istimewa Yogyakarta", &["diy", "jogja", "jogya"])]
#[case("Papua", &["irian+jaya", "prov+irian+jaya"])]
#[case("Kota Makassar", &["ujung+pandang", "kota+mks"])]
#[tokio::test]
async fn a_region_is_found_however_its_name_is_written(#[case] name: &str, #[case] ways: &[&str]) {
    let node = directory().await;
    for way in ways {
        let answer = search(&node, way).await;
        assert_eq!(names(&answer, "regions").first(), Some(&name), "{way}: {answer}");
    }
}

#[tokio::test]
async fn a_name_alone_finds_both_the_kota_and_the_kabupaten() {
    let node = directory().await;
    let answer = search(&node, "semarang").await;
    let regions = names(&answer, "regions");
    assert_eq!(regions[..2], ["Kabupaten Semarang", "Kota Semarang"]);
    assert_eq!(answer["regions"][0]["path"], json!(["Jawa Tengah", "Kabupaten Semarang"]));
    assert_eq!(answer["more"], false);
    let first = search(&node, "semarang&limit=1").await;
    assert_eq!(names(&first, "regions"), ["Kabupaten Semarang"]);
    assert_eq!(first["more"], true);
}

#[rstest]
#[case::exact_elsewhere("karyadi", &["Klinik Karyadi"])]
#[case::forgiven_inside("karyadi&region=33", &["RSUP Dr. Kariadi"])]
#[case::forgiven_further_inside("karyadi&region=33.74.07", &["RSUP Dr. Kariadi"])]
#[case::not_inside("karyadi&region=33.72", &[])]
#[case::telephone_inside("0271634634&region=33.72", &["RSUD dr. Moewardi"])]
#[case::telephone_elsewhere("0271634634&region=33.74", &[])]
#[tokio::test]
async fn a_region_narrows_what_is_meant(#[case] query: &str, #[case] expected: &[&str]) {
    let node = directory().await;
    assert_eq!(names(&search(&node, query).await, "facilities"), expected);
    // The lists of facilities understand names in the same way.
    let answer = node.get(&format!("/v1/facilities?q={query}")).send().await.json();
    assert_eq!(names(&answer, "facilities"), expected);
    if query.contains("region") && !expected.is_empty() {
        let answer = node.get(&format!("/v1/beds?min=0&q={query}")).send().await.json();
        assert_eq!(names(&answer, "facilities"), expected);
        assert_eq!(answer["widened"], json!(null));
    }
}

#[tokio::test]
async fn a_former_name_goes_on_being_found() {
    let node = directory().await;
    let key = node.admin().await;
    let found = search(&node, "tugurejo").await;
    let path = format!("/v1/facilities/{}", found["facilities"][0]["id"].as_str().unwrap());
    for body in [json!({"name": "RSUD Adhyatma"}), json!({"name": "RSUD dr. Adhyatma MPH"})] {
        node.patch(&path, &body).key(&key).send().await.json();
    }
    let region = json!({"name": "Kota Semarang Raya"});
    node.put("/v1/regions/33.74", &region).key(&key).send().await.json();
    for query in ["tugurejo", "adhyatma", "adhyatma+mph", "rsud+tugurejo+semarang"] {
        let answer = search(&node, query).await;
        assert_eq!(names(&answer, "facilities"), ["RSUD dr. Adhyatma MPH"], "{query}");
    }
    for query in ["kota+semarang", "kota+semarang+raya"] {
        let answer = search(&node, query).await;
        assert_eq!(names(&answer, "regions")[0], "Kota Semarang Raya", "{query}");
    }
    let answer = search(&node, "kariadi+kota+semarang").await;
    assert_eq!(answer["facilities"][0]["region"]["path"][1], "Kota Semarang Raya");
    let aliases = json!({"aliases": ["Rumah Sakit Ketileng"]});
    node.patch(&path, &aliases).key(&key).send().await.json();
    let ketileng = search(&node, "ketileng").await;
    assert_eq!(names(&ketileng, "facilities"), ["RSUD dr. Adhyatma MPH"]);
    assert_eq!(search(&node, "tugurejo").await["facilities"], json!([]), "given aliases replace all");
}

#[rstest]
#[case("zzzzzz")]
#[case("rs+zzzzzz")]
#[case("%F0%9F%9B%8F")]
#[case("...")]
#[case("0000000000000")]
#[case("'%22;--")]
#[case::an_internal_telephone("0812-4100-0000")]
#[case::an_internal_telephone_in_part("4100-0000")]
#[tokio::test]
async fn nothing_found_is_an_answer_with_a_next_step(#[case] query: &str) {
    let node = directory().await;
    let answer = search(&node, query).await;
    assert_eq!(
        (&answer["regions"], &answer["facilities"], &answer["more"]),
        (&json!([]), &json!([]), &json!(false))
    );
    for (language, next) in [("id", "Coba satu kata"), ("en", "Try a single word")] {
        let call = node.get(&format!("/v1/search?q={query}"));
        let text = call.accept("text/plain").language(language).send().await.text();
        assert!(text.contains(next), "{text}");
    }
}

/// Villages that share a name with a kabupaten or kota come after it, and everyday names lead to it.
#[rstest]
#[case("banyumas", "33.02")]
#[case("wonosobo", "33.07")]
#[case("solo", "33.72")]
#[case("jogja", "34")]
#[tokio::test]
async fn the_larger_region_of_a_name_comes_first(#[case] q: &str, #[case] first: &str) {
    let node = TestNode::start().await;
    let key = node.admin().await;
    for (code, name) in
        [("33.74.10.1001", "Banyumas"), ("33.74.10.1002", "Wonosobo"), ("33.74.10.1003", "Solo")]
    {
        let reply = node.put(&format!("/v1/regions/{code}"), &json!({"name": name})).key(&key).send().await;
        assert!(reply.status.is_success(), "{}", reply.text());
    }
    let found = node.get(&format!("/v1/search?q={q}")).send().await.json();
    assert_eq!(found["regions"][0]["code"], first, "{found}");
}

#[tokio::test]
async fn our_own_ids_go_by_a_name_that_other_directories_can_keep() {
    let node = TestNode::start().await;
    let id = node.hospital("A", "33.74", None).await;
    let facility = node.get(&format!("/v1/facilities/sedia:{id}")).send().await.json();
    assert_eq!(facility["name"], "RS A");
}

/// Whoever has typed a letter or two sees what it may become: large regions and short names first.
#[rstest]
#[case::a_letter("k", "Kepulauan Riau", &["Klinik Karyadi", "RSUP Dr. Kariadi"])]
#[case::two_letters("ka", "Kalimantan Barat", &["Klinik Karyadi", "RSUP Dr. Kariadi"])]
#[case::after_a_generic_word("rs+m", "Maluku", &["RSUD dr. Moewardi", "RSUD dr. Gunawan Mangunkusumo"])]
#[case::two_beginnings("g+m", "Kabupaten Gunung Mas", &["RSUD dr. Gunawan Mangunkusumo"])]
#[case::inside("k&region=33", "Kabupaten Kudus", &["RSUP Dr. Kariadi"])]
#[tokio::test]
async fn a_letter_or_two_find_what_begins_so(
    #[case] query: &str,
    #[case] region: &str,
    #[case] facilities: &[&str],
) {
    let node = directory().await;
    let answer = search(&node, query).await;
    assert_eq!(names(&answer, "facilities"), facilities, "{query}");
    assert_eq!(names(&answer, "regions").first(), Some(&region), "{query}: {answer}");
}

#[tokio::test]
async fn a_word_for_any_hospital_finds_hospitals() {
    let node = directory().await;
    let answer = search(&node, "rs").await;
    assert_eq!(names(&answer, "facilities")[..2], ["RS SMG", "RS St. Elisabeth"]);
    assert_eq!(names(&answer, "facilities").len(), 6);
    assert_eq!(search(&node, "rs&limit=5").await["more"], true);
}

/// A city is found beside the kecamatan that is called as it was misspelt.
#[tokio::test]
async fn a_larger_region_of_nearly_that_name_is_listed_too() {
    let node = TestNode::start().await;
    let found = search(&node, "makasar&limit=5").await;
    assert_eq!(names(&found, "regions")[..2], ["Makasar", "Kota Makassar"], "{found}");
    let found = search(&node, "kota+makassar&limit=5").await;
    assert_eq!(names(&found, "regions")[0], "Kota Makassar", "{found}");
}

/// "Kran" may become Kranggan, and it may be Krian: neither hides the other.
#[tokio::test]
async fn names_that_begin_so_hide_none_with_a_slip() {
    let node = TestNode::start().await;
    let found = search(&node, "kran&limit=5").await;
    let found = names(&found, "regions");
    assert!(found[0].starts_with("Kran") && found.contains(&"Krian"), "{found:?}");
}

/// Words for kinds of places are as easily misspelt, and may then be the name of something: Sakti is a kecamatan.
#[rstest]
#[case("rumah+sakti+kariadi", "RSUP Dr. Kariadi")]
#[case("ts+kariadi", "RSUP Dr. Kariadi")]
#[case("rsuo+kariadi", "RSUP Dr. Kariadi")]
#[case("r+kariadi", "RSUP Dr. Kariadi")]
#[case("rumahsakit+kariadi", "RSUP Dr. Kariadi")]
#[case("rskariadi", "RSUP Dr. Kariadi")]
#[tokio::test]
async fn a_slip_in_a_word_for_a_hospital_hides_none(#[case] query: &str, #[case] name: &str) {
    let node = directory().await;
    let answer = search(&node, query).await;
    assert_eq!(names(&answer, "facilities").first(), Some(&name), "{answer}");
}

#[rstest]
#[case::by_role_and_region("dinkes+semarang", &["Dinas Kesehatan Kota Semarang"])]
#[case::in_full("dinas+kesehatan+kota+semarang", &["Dinas Kesehatan Kota Semarang"])]
#[case::with_a_slip("dinas+keshatan", &["Dinas Kesehatan Kota Semarang", "Dinas Kesehatan Jawa Tengah"])]
#[case::by_a_short_name_of_the_region("dinkes+jateng&region=33", &["Dinas Kesehatan Jawa Tengah", "Dinas Kesehatan Kota Semarang"])]
#[case::by_telephone("8318070", &["Dinas Kesehatan Kota Semarang"])]
#[case::inside_a_region("dinkes&region=33.74", &["Dinas Kesehatan Kota Semarang"])]
#[case::none("dinkes+surabaya", &[])]
#[tokio::test]
async fn contacts_are_found_where_they_are_asked_for(#[case] query: &str, #[case] expected: &[&str]) {
    let node = directory().await;
    let key = node.admin().await;
    let contacts = [
        ("Dinas Kesehatan Kota Semarang", "33.74", "024-8318070", "public"),
        ("Dinas Kesehatan Jawa Tengah", "33", "024-3511351", "public"),
        ("Kepala Dinas Kesehatan", "33.74", "0812-0000-1111", "internal"),
    ];
    for (name, region, phone, visibility) in contacts {
        let body = json!({"name": name, "role": "dinkes", "region": region, "phone": phone, "visibility": visibility});
        assert_eq!(node.post("/v1/contacts", &body).key(&key).send().await.status, StatusCode::CREATED);
    }
    let answer = search(&node, &format!("{query}&include=contacts")).await;
    assert_eq!(names(&answer, "contacts"), expected);
    assert!(search(&node, query).await.get("contacts").is_none());
    let csv = node.get(&format!("/v1/search?q={query}&include=contacts&format=csv")).send().await.text();
    assert_eq!(csv.lines().filter(|line| line.starts_with("contact,")).count(), expected.len(), "{csv}");
}
