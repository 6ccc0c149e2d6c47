//! One box: a caller's question, as an agent types it, answered in one request.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::{Reply, TestNode};

/// What is typed, and the requests that answer it.
const SENTENCES: &[(&str, &[&str])] = &[
    (
        "icu anak ventilator tembalang",
        &["/v1/beds?type=bed.covid.picu,bed.picu&ventilator=true&age_group=child&near=33.74.10"],
    ),
    (
        "tembalang ventilator anak ICU",
        &["/v1/beds?type=bed.covid.picu,bed.picu&ventilator=true&age_group=child&near=33.74.10"],
    ),
    (
        "ada icu kosong di kota semarang?",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&region=33.74",
        ],
    ),
    (
        "ICU dengan ventilator Kota Semarang",
        &[
            "/v1/beds?type=bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu_vent&ventilator=true&region=33.74",
        ],
    ),
    (
        "icu tanpa ventilator kec. banyumanik",
        &["/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.icu&ventilator=false&near=33.74.11"],
    ),
    (
        "butuh ICU covid tekanan negatif di Solo",
        &[
            "/v1/beds?type=bed.covid.icu_neg,bed.covid.icu_neg_vent&negative_pressure=true&reserved_for=covid&region=33.72",
        ],
    ),
    ("nicu bayi kota salatiga", &["/v1/beds?type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.73"]),
    ("picu umur 7 tahun jateng", &["/v1/beds?type=bed.covid.picu,bed.picu&age=7&region=33"]),
    ("kelas 3 di tembalang", &["/v1/beds?type=bed.class3&near=33.74.10"]),
    ("kamar kelas III atau kelas II banyumanik", &["/v1/beds?type=bed.class2,bed.class3&near=33.74.11"]),
    ("vip kota semarang", &["/v1/beds?type=bed.vip&region=33.74"]),
    ("bed kosong tembalang", &["/v1/beds?near=33.74.10"]),
    ("igd terdekat banyumanik", &["/v1/beds?type=bed.covid.er,bed.er&near=33.74.11"]),
    (
        "kamar bersalin untuk ibu hamil di gajah mungkur",
        &["/v1/beds?type=bed.covid.delivery,bed.delivery&near=33.74.09"],
    ),
    ("melahirkan covid kota semarang", &["/v1/beds?type=bed.covid.delivery&reserved_for=covid&region=33.74"]),
    ("hcu dewasa pedurungan", &["/v1/beds?type=bed.hcu&age_group=adult&near=33.74.06"]),
    ("isoman banyumanik", &["/v1/isolation?near=33.74.11"]),
    ("isoter perempuan kota semarang", &["/v1/isolation?type=isolation.any,isolation.female&region=33.74"]),
    (
        "isolasi terpusat untuk keluarga 4 orang di tembalang",
        &["/v1/isolation?type=isolation.any,isolation.family&persons=4&near=33.74.10"],
    ),
    (
        "isolasi tekanan negatif kota semarang",
        &["/v1/beds?type=bed.covid.isolation_neg&negative_pressure=true&region=33.74"],
    ),
    (
        "isolasi tembalang",
        &[
            "/v1/beds?type=bed.covid.isolation,bed.covid.isolation_neg,bed.isolation&near=33.74.10",
            "/v1/isolation?near=33.74.10",
        ],
    ),
    ("tempat isolasi dekat pedurungan 3 orang", &["/v1/isolation?persons=3&near=33.74.06"]),
    (
        "vaksin dosis 2 anak 12 besok tembalang",
        &["/v1/vaccinations?dose=2&age=12&date=2021-07-02&near=33.74.10"],
    ),
    (
        "vaksin sinovac kota semarang sabtu",
        &["/v1/vaccinations?product=sinovac&date=2021-07-03&region=33.74"],
    ),
    (
        "booster pfizer lusa banyumanik",
        &["/v1/vaccinations?product=pfizer&dose=3&date=2021-07-03&near=33.74.11"],
    ),
    (
        "vaksinasi pertama umur 60 tahun tanpa daftar kota salatiga",
        &["/v1/vaccinations?dose=1&age=60&walk_in=true&region=33.73"],
    ),
    ("sentra vaksin hari ini gayamsari", &["/v1/vaccinations?date=2021-07-01&near=33.74.04"]),
    ("AZ dosis kedua ungaran barat", &["/v1/vaccinations?product=astrazeneca&dose=2&near=33.22.18"]),
    (
        "tembalang",
        &["/v1/beds?near=33.74.10", "/v1/isolation?near=33.74.10", "/v1/vaccinations?near=33.74.10"],
    ),
    (
        "apa saja yang ada di kota semarang",
        &["/v1/beds?region=33.74", "/v1/isolation?region=33.74", "/v1/vaccinations?region=33.74"],
    ),
    (
        "icu kariadi",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&region=33.74.08&q=rsup%20dr.%20kariadi",
        ],
    ),
    (
        "RSUP dr Kariadi",
        &[
            "/v1/beds?region=33.74.08&q=rsup%20dr.%20kariadi",
            "/v1/isolation?region=33.74.08&q=rsup%20dr.%20kariadi",
            "/v1/vaccinations?region=33.74.08&q=rsup%20dr.%20kariadi",
        ],
    ),
    ("kelas 3 rs kariadi", &["/v1/beds?type=bed.class3&region=33.74.08&q=rsup%20dr.%20kariadi"]),
    ("bed near rs kariadi", &["/v1/beds?near=33.74.08"]),
    ("5 bed kelas 3 kota semarang", &["/v1/beds?type=bed.class3&min=5&region=33.74"]),
    ("minimal 10 tempat tidur kelas 2 banyumanik", &["/v1/beds?type=bed.class2&min=10&near=33.74.11"]),
    (
        "is there any ICU bed with ventilator in Tembalang",
        &[
            "/v1/beds?type=bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu_vent&ventilator=true&near=33.74.10",
        ],
    ),
    (
        "vaccine second dose tomorrow near Banyumanik",
        &["/v1/vaccinations?dose=2&date=2021-07-02&near=33.74.11"],
    ),
    ("isolation place for 2 people in Kota Semarang", &["/v1/isolation?persons=2&region=33.74"]),
    ("child ICU Kota Semarang", &["/v1/beds?type=bed.covid.picu,bed.picu&age_group=child&region=33.74"]),
    (
        "pasar minggu icu",
        &[
            "/v1/beds?type=bed.covid.icu,bed.covid.icu_neg,bed.covid.icu_neg_vent,bed.covid.icu_vent,bed.icu,bed.icu_vent&near=31.74.04",
        ],
    ),
    (
        "bayi 3 hari butuh nicu di kota semarang",
        &["/v1/beds?type=bed.covid.nicu,bed.nicu&age_group=neonate&region=33.74"],
    ),
];

async fn start() -> TestNode {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", Some((-7.05, 110.44))).await;
    let key = node.admin().await;
    let kariadi = json!({"name": "RSUP Dr. Kariadi", "kind": "hospital", "region": "33.74.08", "external_ids": ["test:K"]});
    node.post("/v1/facilities", &kariadi).key(&key).send().await;
    node
}

async fn send(node: &TestNode, sentence: &str) -> Reply {
    let query = utf8_percent_encode(sentence, NON_ALPHANUMERIC);
    node.get(&format!("/v1/ask?q={query}")).language("id").send().await
}

/// What `/v1/ask` says of a sentence.
async fn ask(node: &TestNode, sentence: &str) -> Value {
    send(node, sentence).await.json()
}

#[tokio::test]
async fn a_callers_sentence_is_answered_in_one_request() {
    let node = start().await;
    let mut wrong = Vec::new();
    for (sentence, expected) in SENTENCES {
        let answer = ask(&node, sentence).await;
        let understood = &answer["understood"];
        if understood["requests"] != json!(expected) || understood["unread"] != json!([]) {
            wrong.push(format!("{sentence}: {understood} {}", answer["detail"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One slip in a word: two letters swapped, one left out, or one twice.
fn slip(word: &str, dice: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    // The first letter is seldom wrong.
    let at = 1 + dice % (letters.len() - 2);
    match dice % 3 {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// Longer words bear a slip: in the vocabulary, and in the names of places.
#[tokio::test]
async fn slips_of_the_finger_are_forgiven() {
    let node = start().await;
    let (mut wrong, mut tried) = (Vec::new(), 0_usize);
    for (index, (sentence, expected)) in SENTENCES.iter().enumerate() {
        for (at, word) in sentence
            .split(' ')
            .enumerate()
            .filter(|(_, word)| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        {
            // Seeds that differ from word to word, and are the same in every run.
            let slipped = slip(word, index * 7 + at * 3 + word.len());
            let typed = sentence.replacen(word, &slipped, 1);
            let reply = send(&node, &typed).await;
            tried += 1;
            let answer: Value = serde_json::from_slice(&reply.body).unwrap();
            let is_asked_back = || {
                let choices = answer["errors"][0]["choices"].as_array().cloned().unwrap_or_default();
                choices.iter().any(|choice| expected[0].ends_with(choice["code"].as_str().unwrap_or("-")))
            };
            let understood = &answer["understood"];
            if understood["requests"] != json!(expected) && !is_asked_back() {
                wrong.push(format!(
                    "{typed}: {} {} {}",
                    understood["requests"], understood["unread"], answer["detail"]
                ));
            }
        }
    }
    assert!(tried >= 40, "{tried}");
    assert!(wrong.len() * 20 <= tried, "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
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
            "Dipahami: tempat tidur (icu) dekat Tembalang, Kota Semarang. Tidak terbaca: xyzzy."
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

#[tokio::test]
async fn the_box_answers_what_its_requests_answer() {
    let node = start().await;
    node.report("test:A", json!({"bed.icu_vent": {"available": 2}, "bed.class3": {"available": 5}})).await;
    for sentence in ["icu ventilator tembalang", "5 bed kelas 3 kota semarang", "kelas 3 rs kariadi"] {
        let answer = ask(&node, sentence).await;
        let request = answer["understood"]["requests"][0].as_str().unwrap().to_owned();
        let beds = node.get(&request).language("id").send().await.json();
        assert_eq!(answer["beds"], beds, "{sentence}");
        assert_eq!((&answer["isolation"], &answer["vaccinations"]), (&Value::Null, &Value::Null));
    }
    // A report changes the answer at once.
    let free = |answer: &Value| answer["beds"]["facilities"][0]["availability"][0]["available"].clone();
    assert_eq!(free(&ask(&node, "icu ventilator tembalang").await), json!(2));
    node.report("test:A", json!({"bed.icu_vent": {"available": 1}})).await;
    assert_eq!(free(&ask(&node, "icu ventilator tembalang").await), json!(1));
}
