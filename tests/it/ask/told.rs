//! What a question leaves unanswered is told, or asked back.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{ask, send, start};

/// What is told about a question, beside its words that were not read.
const NOTES: &[(&str, &str, &[(&str, &str)])] = &[
    (
        "hcu rs elisabeth kota semarang",
        "/v1/beds?type=bed.hcu&region=33.74",
        &[("rs elisabeth", "Tidak ada fasilitas bernama \"rs elisabeth\" di sini.")],
    ),
    (
        "hcu rs bhakti wira tamtama kota semarang",
        "/v1/beds?type=bed.hcu&region=33.74",
        &[("rs bhakti wira tamtama", "Tidak ada fasilitas bernama \"rs bhakti wira tamtama\" di sini.")],
    ),
    (
        "hcu rumah sakit kariado jaya kota semarang",
        "/v1/beds?type=bed.hcu&region=33.74",
        &[(
            "rumah sakit kariado jaya",
            "Tidak ada fasilitas di sini yang pasti dimaksud dengan \"rumah sakit kariado jaya\"; yang namanya mirip: RSUP Dr. Kariadi, Candisari, Kota Semarang.",
        )],
    ),
    (
        "hcu solo atau klaten",
        "/v1/beds?type=bed.hcu&region=33.72",
        &[(
            "klaten",
            "\"klaten\" adalah tempat lain dan tidak termasuk dalam jawaban ini; tanyakan tersendiri.",
        )],
    ),
    (
        "hcu sampangan",
        "/v1/beds?type=bed.hcu&near=16.02.12",
        &[(
            "sampangan",
            "\"sampangan\" tidak dikenal sebagai nama tempat; dibaca sebagai Kecamatan Pampangan, Kabupaten Ogan Komering Ilir karena namanya mirip. Pastikan itu yang dimaksud.",
        )],
    ),
    (
        "cuci darah kota semarang",
        "/v1/beds?region=33.74",
        &[(
            "cuci darah",
            "Layanan \"cuci darah\" tidak tercatat di sini; tanyakan lewat telepon sebelum berangkat.",
        )],
    ),
    (
        "rs jiwa kota magelang",
        "/v1/beds?region=33.71",
        &[(
            "rs jiwa",
            "Layanan \"rs jiwa\" tidak tercatat di sini; tanyakan lewat telepon sebelum berangkat.",
        )],
    ),
    (
        "hemodialisa hcu kota salatiga",
        "/v1/beds?type=bed.hcu&region=33.73",
        &[(
            "hemodialisa",
            "Layanan \"hemodialisa\" tidak tercatat di sini; tanyakan lewat telepon sebelum berangkat.",
        )],
    ),
    (
        "bapak pingsan kota semarang",
        "/v1/beds?type=bed.covid.er,bed.er&region=33.74",
        &[("pingsan", "Gawat darurat (pingsan): hubungi 119 lebih dulu, atau langsung ke IGD terdekat.")],
    ),
    (
        "sesak berat tidak sadar kota semarang",
        "/v1/beds?type=bed.covid.er,bed.er&region=33.74",
        &[(
            "sesak berat",
            "Gawat darurat (sesak berat): hubungi 119 lebih dulu, atau langsung ke IGD terdekat.",
        )],
    ),
    (
        "kecelakaan butuh hcu kota semarang",
        "/v1/beds?type=bed.hcu&region=33.74",
        &[(
            "kecelakaan",
            "Gawat darurat (kecelakaan): hubungi 119 lebih dulu, atau langsung ke IGD terdekat.",
        )],
    ),
    (
        "vaksin anak 6-11 tahun kota semarang",
        "/v1/vaccinations?age=6&region=33.74",
        &[(
            "anak 6-11 tahun",
            "\"anak 6-11 tahun\" dicari untuk usia 6 tahun; pastikan juga untuk yang tertua.",
        )],
    ),
    ("hcu 33.74.10", "/v1/beds?type=bed.hcu&near=33.74.10", &[]),
    ("hcu -6.99,110.42", "/v1/beds?type=bed.hcu&near=-6.99,110.42", &[]),
    ("hcu dekat -6.99, 110.42 radius 5 km", "/v1/beds?type=bed.hcu&near=-6.99,110.42&within=5", &[]),
];

#[tokio::test]
async fn what_was_not_answered_as_asked_is_told() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, request, notes) in NOTES {
        let answer: Value = serde_json::from_slice(&send(&node, sentence).await.body).unwrap();
        let understood = &answer["understood"];
        let told: Vec<(&str, &str)> = understood["notes"].as_array().map_or_else(Vec::new, |notes| {
            let text = |note: &Value, member: &str| note[member].as_str().map(str::to_owned);
            notes
                .iter()
                .filter_map(|note| Some((text(note, "given")?, text(note, "text")?)))
                .map(|(given, text)| (&*given.leak(), &*text.leak()))
                .collect()
        });
        if understood["requests"] != json!([request]) || told != *notes {
            let unread = &understood["unread"];
            wrong.push(format!(
                "{sentence}: {} {unread} {told:?} {}",
                understood["requests"], answer["detail"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An emergency comes before everything else, and a note takes the place of the words that it tells of.
#[tokio::test]
async fn what_is_told_is_read_aloud_once() {
    let node = start().await;
    for (sentence, beginning) in [
        (
            "pingsan tembalang xyzzy",
            "Gawat darurat (pingsan): hubungi 119 lebih dulu, atau langsung ke IGD terdekat.\nDipahami: tempat tidur (IGD (semua jenis)) dekat Tembalang, Kota Semarang. Tidak terbaca: xyzzy.\n\n",
        ),
        (
            "icu cuci darah kota salatiga",
            "Dipahami: tempat tidur (ICU (semua jenis)) di Kota Salatiga, Jawa Tengah.\nLayanan \"cuci darah\" tidak tercatat di sini; tanyakan lewat telepon sebelum berangkat.\n\nTidak ada",
        ),
        (
            "icu tekanan negatif covid kota salatiga",
            "Dipahami: tempat tidur (ICU, bertekanan negatif, khusus COVID-19) di Kota Salatiga, Jawa Tengah.\n\nTidak ada",
        ),
        (
            "isolasi tekanan negatif kota salatiga",
            "Dipahami: tempat tidur (Isolasi COVID-19, tekanan negatif) di Kota Salatiga, Jawa Tengah.\n\nTidak ada",
        ),
    ] {
        let query = utf8_percent_encode(sentence, NON_ALPHANUMERIC);
        let text = node.get(&format!("/v1/ask?format=text&q={query}")).language("id").send().await.text();
        assert!(text.starts_with(beginning), "{text}");
    }
}

/// A hospital that nobody knows is asked back, where nothing else says where; so is a city with a slip in it that a
/// kecamatan elsewhere is called like.
#[tokio::test]
async fn what_cannot_be_meant_surely_is_asked_back() {
    let node = start().await;
    let problem = |sentence: &'static str| node.get(&format!("/v1/ask?q={sentence}")).language("id").send();
    let unknown = problem("icu+rs+elisabeth").await.problem(404, "unknown_facility");
    assert_eq!(unknown["detail"], "Tidak ada fasilitas bernama \"rs elisabeth\" di sini.");
    let ambiguous = problem("icu+makasar").await.problem(400, "ambiguous_region");
    let choices = ambiguous["errors"][0]["choices"].as_array().unwrap();
    let codes: Vec<&str> = choices.iter().filter_map(|choice| choice["code"].as_str()).collect();
    assert_eq!(codes, ["73.71", "31.75.08"]);
    for (query, request) in [
        ("q=hcu+kec.+makasar", "/v1/beds?type=bed.hcu&near=31.75.08"),
        ("q=hcu+makasar+jakarta+timur", "/v1/beds?type=bed.hcu&near=31.75.08"),
        ("q=hcu+makasar&region=31", "/v1/beds?type=bed.hcu&near=31.75.08"),
        ("q=hcu+makassar", "/v1/beds?type=bed.hcu&region=73.71"),
    ] {
        let answer = node.get(&format!("/v1/ask?{query}")).send().await.json();
        assert_eq!(answer["understood"]["requests"], json!([request]), "{query} {answer}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_listed() {
    let node = start().await;
    for (sentence, unread) in [
        ("icu tembalang xyzzy", json!(["xyzzy"])),
        ("isoter tembalang besok", json!(["besok"])),
        ("icu hamil tembalang", json!(["hamil"])),
        ("icu tembalang 77", json!(["77"])),
    ] {
        let answer = ask(&node, sentence).await;
        assert_eq!(answer["understood"]["unread"], unread, "{sentence}");
    }
    let text = node
        .get("/v1/ask?q=icu+tembalang+xyzzy")
        .header("accept", "text/plain")
        .language("id")
        .send()
        .await
        .text();
    assert!(
        text.starts_with(
            "Dipahami: tempat tidur (ICU (semua jenis)) dekat Tembalang, Kota Semarang. Tidak terbaca: xyzzy."
        ),
        "{text}"
    );
    let text =
        node.get("/v1/ask?q=bed+tembalang").header("accept", "text/plain").language("en").send().await.text();
    assert!(text.starts_with("Understood: bed near Tembalang, Kota Semarang.\n\n"), "{text}");
}

#[tokio::test]
async fn a_question_that_says_too_little_or_too_much_is_asked_back() {
    let node = start().await;
    let ambiguous = node.get("/v1/ask?q=icu+semarang").send().await.problem(400, "ambiguous_region");
    let choices: Vec<&str> = ambiguous["errors"][0]["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| choice["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        choices[..2].iter().collect::<std::collections::BTreeSet<_>>(),
        ["33.22", "33.74"].iter().collect()
    );
    node.get("/v1/ask?q=halo+selamat+pagi").send().await.problem(422, "unknown_word");
    node.get("/v1/ask?q=").send().await.problem(422, "missing_field");
    node.get("/v1/ask?q=...").send().await.problem(422, "missing_field");
    node.get("/v1/ask").send().await.problem(422, "missing_field");
    let long = "icu+".repeat(60);
    node.get(&format!("/v1/ask?q={long}")).send().await.problem(422, "invalid_text");
    let long = "icu+".repeat(10_000);
    let reply = node.get(&format!("/v1/ask?q={long}")).send().await;
    assert!(reply.status.is_client_error(), "{}", reply.status);
}
