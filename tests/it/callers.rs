//! The three questions of callers, wherever they live: the answer always has something to do next.

use chrono::Duration;
use sedia::demo;

use crate::support::TestNode;

const QUESTIONS: [&str; 3] = ["beds", "isolation", "vaccinations"];

/// Every kabupaten and kota of Central Java, and 50 of its kecamatan, some from each.
async fn places(node: &TestNode) -> Vec<String> {
    let children = async |parent: &str, limit: usize| {
        let answer = node.get(&format!("/v1/regions?parent={parent}&limit={limit}")).send().await.json();
        let codes =
            answer["regions"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>()
    };
    let mut places = children("33", 200).await;
    assert_eq!(places.len(), 35);
    let mut kecamatan = Vec::new();
    for (index, regency) in places.iter().enumerate() {
        // Not always the first: one from the middle, or the last.
        let below = children(regency, 200).await;
        kecamatan.push(below[index % below.len()].clone());
        kecamatan.extend(below.last().filter(|_| index % 2 == 0).cloned());
    }
    kecamatan.sort();
    kecamatan.dedup();
    kecamatan.truncate(50);
    assert_eq!(kecamatan.len(), 50);
    places.extend(kecamatan);
    places
}

/// A line that somebody can act on: a telephone to call.
fn is_something_to_do(line: &str) -> bool {
    let said = ["Telepon: ", "Phone: ", "- ", "Dalam keadaan gawat darurat", "In an emergency"];
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() >= 3;
    said.iter().any(|start| line.starts_with(start)) && digits(line)
}

async fn ask(node: &TestNode, places: &[String], questions: &[&str]) -> Vec<String> {
    let mut answers = Vec::new();
    for place in places {
        // A caller from a kecamatan is helped from there, wherever that is.
        let asked = match place.len() {
            5 => format!("region={place}"),
            _ => format!("near={place}"),
        };
        for question in questions {
            for language in ["id", "en"] {
                let path = format!("/v1/{question}?{asked}&limit=3");
                let text = node.get(&path).accept("text/plain").language(language).send().await.text();
                let context = format!("{path} in {language}:\n{text}");
                assert!(text.lines().any(is_something_to_do), "nothing to do in {context}");
                let first = text.lines().next().unwrap();
                assert!(first.len() > 20 && first.ends_with(['.', ':']), "no direct answer in {context}");
                for sloppy in ["  ", "null", " ,", "..", " .", "()", "\n\n\n", "None"] {
                    assert!(!text.contains(sloppy), "{sloppy:?} in {context}");
                }
                answers.push(context);
            }
        }
    }
    assert_eq!(answers.len(), places.len() * questions.len() * 2);
    answers
}

#[tokio::test]
async fn an_empty_directory_still_says_whom_to_call() {
    let node = TestNode::start().await;
    ask(&node, &places(&node).await, &QUESTIONS).await;
}

#[tokio::test]
async fn a_directory_in_use_answers_every_caller() {
    let node = TestNode::start().await;
    demo::fill(&node.node).await.unwrap();
    let places = places(&node).await;
    let fresh = ask(&node, &places, &QUESTIONS).await;
    let hospitals = fresh.iter().filter(|text| text.contains("\n1. ")).count();
    assert!(hospitals > fresh.len() * 9 / 10, "only {hospitals} of {} answers name a place", fresh.len());
    // Two days without a report: nothing is hidden, and everything is called old.
    node.clock.pass(Duration::hours(48));
    for text in ask(&node, &places[..35], &["beds"]).await {
        assert!(text.contains("Angka lama") || text.contains("Old number"), "{text}");
    }
}
