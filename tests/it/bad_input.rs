//! Whatever is wrong is said: a stable code, the field, both languages, and nothing is stored.

mod changes;
mod everywhere;
mod questions;
mod reports;
mod texts;
mod transport;

use serde_json::Value;

use crate::support::{Call, TestNode};

/// What a refusal must be: status, code, and the pointer to what is wrong.
type Expected<'a> = (u16, &'a str, &'a str);

/// Sends the request in both languages: the refusal is the same, its words differ, and nothing is stored.
/// Gives the English problem.
#[track_caller]
fn refused<'a>(
    node: &'a TestNode,
    call: impl Fn() -> Call<'a>,
    expected: Expected<'_>,
) -> impl Future<Output = Value> {
    let caller = std::panic::Location::caller();
    async move {
        let before = node.seq().await;
        let indonesian = call().language("id").send().await;
        let english = call().language("en").send().await;
        assert_eq!(node.seq().await, before, "{caller}: {expected:?} stored something");
        for reply in [&indonesian, &english] {
            let found: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            assert_eq!(
                (
                    reply.status.as_u16(),
                    found["code"].as_str().unwrap_or_default(),
                    found["errors"][0]["pointer"].as_str().unwrap_or("none")
                ),
                expected,
                "{caller}: {}",
                reply.text()
            );
        }
        let (status, code, _) = expected;
        let (indonesian, english) = (indonesian.problem(status, code), english.problem(status, code));
        for part in ["title", "detail"] {
            assert_ne!(indonesian[part], english[part], "{caller}: the {part} of {code}");
        }
        english
    }
}

#[tokio::test]
async fn a_problem_speaks_indonesian_unless_english_is_asked_for() {
    let node = TestNode::start().await;
    for (accept, title, tag) in [
        (None, "Wilayah tidak dikenal", "id"),
        (Some("en-GB, id;q=0.5"), "There is no such region", "en"),
        (Some("fr"), "Wilayah tidak dikenal", "id"),
    ] {
        let call = node.get("/v1/beds?region=99");
        let call = match accept {
            Some(accept) => call.language(accept),
            None => call,
        };
        let reply = call.send().await;
        assert_eq!(reply.problem(404, "unknown_region")["title"], title);
        assert_eq!(reply.header("content-language"), tag);
        assert_eq!(reply.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let node = TestNode::start().await;
    node.hospital("A", "33.74.10", None).await;
    let key = node.admin().await;
    let body = serde_json::json!({
        "observed_at": "2021-07-02T07:00:00Z",
        "values": {"bed.hcu": {"capacity": 3, "occupied": 4}, "bed.icu": {"available": -1, "queue": "2"}},
    });
    let call = || node.put("/v1/facilities/test:A/availability", &body).key(&key);
    let problem = refused(&node, call, (422, "observed_in_future", "/observed_at")).await;
    let errors: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        errors,
        ["/observed_at", "/values/bed.hcu/occupied", "/values/bed.icu/available", "/values/bed.icu/queue"]
    );
}
