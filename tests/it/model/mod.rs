//! Every answer, compared with that of a slow and obvious model.
//!
//! The model knows the log and nothing else. It reads the rows of table `change` as they are, puts them into plain
//! maps ([`directory`]), and answers by going through everything there is. It has no index, no cache and no
//! version, and uses no code of the product: where a place is ([`places`]), how far a number is believed
//! ([`tiers`]), where an answer looks ([`looking`]) and what it says ([`beds`], [`vaccinations`], [`overview`]) are
//! written down a second time, as one would explain them, and so is what those who phone leave ([`marks`]). What rooms
//! add up to ([`rooms`]) comes from the log as reports, which are checked; so does what jumps.
//!
//! Not in the model: `as_of`, names that are searched for (`q`), what is only told and never judged (the fees of
//! sessions and the like), text and tables.

mod area;
mod asks;
mod beds;
mod directory;
mod marks;
mod overview;
mod places;
mod rooms;
mod tiers;
mod vaccinations;
mod views;

use axum::http::StatusCode;
use proptest::{collection::vec, prelude::*, test_runner::Config};
use sea_orm::{Database, DatabaseConnection};
use sedia::{clock::Clock, domain::key::Role};
use serde_json::{Value, json};

use self::{
    asks::{Ask, Query, ask},
    directory::Directory,
    tiers::Reader,
};
use crate::{
    steps::{self, Step, steps, take},
    support::{Reply, TestNode},
};

/// The two that answer, side by side.
struct Pair {
    node: TestNode,
    /// The key of an agent for everything, and that of one for Kota Semarang.
    keys: [String; 2],
    log: DatabaseConnection,
    model: Directory,
}

impl Pair {
    async fn start() -> Self {
        let node = steps::start().await;
        let keys = [node.key(Role::Agent, None, &[]).await, node.key(Role::Agent, Some("33.74"), &[]).await];
        let log = Database::connect(node.database.url()).await.unwrap();
        Self { node, keys, log, model: Directory::default() }
    }

    async fn take(self, step: Step) -> Self {
        Self { node: take(self.node, step).await, ..self }
    }

    /// Asks both, and compares what they say.
    async fn ask(&mut self, asks: &[Ask]) {
        self.model.read(&self.log, self.node.clock.now()).await;
        assert_eq!(self.model.rooms_add_up(), Ok(()), "at {}", self.model.now);
        for ask in asks {
            let path = ask.question.path(&self.model);
            let whole = self.product(&path, ask).await;
            let (told, expected) = match ask.question.rejection(&self.model) {
                Some(code) => (whole, json!({"code": code})),
                None => (whole, ask.question.answer(&self.model, ask.reader)),
            };
            let mut differences = Vec::new();
            compare("", &told, &expected, &mut differences);
            assert!(
                differences.is_empty(),
                "{path} at {}, asked by {:?} with limit {}\n\ndiffers in (product | model)\n{}\n\nproduct: {told:#}\n\nmodel: {expected:#}",
                self.model.now,
                ask.reader,
                ask.limit,
                differences.join("\n"),
            );
        }
    }

    /// What the product says; an entry that went up in another one leads there.
    async fn get(&self, path: &str, reader: Reader) -> Reply {
        let reply = self.get_once(path, reader).await;
        match reply.status {
            StatusCode::MOVED_PERMANENTLY => self.get_once(reply.header("location"), reader).await,
            _ => reply,
        }
    }

    async fn get_once(&self, path: &str, reader: Reader) -> Reply {
        let call = self.node.get(path);
        match reader {
            Reader::Public => call.send().await,
            Reader::Agent => call.key(&self.keys[0]).send().await,
            Reader::AgentOf(_) => call.key(&self.keys[1]).send().await,
        }
    }

    /// The answer of the product; all its pages as one.
    async fn product(&self, path: &str, ask: &Ask) -> Value {
        if !ask.question.is_paged() {
            return self.get(path, ask.reader).await.body();
        }
        let first = format!("{path}&limit={}", ask.limit);
        let mut whole = self.get(&first, ask.reader).await.body();
        while let Some(cursor) = whole["next"].as_str() {
            let mut page = self.get(&format!("{first}&cursor={cursor}"), ask.reader).await.body();
            let next = page["next"].take();
            let more = page["facilities"].take();
            let (more, limit) = (more.as_array().unwrap().clone(), ask.limit as usize);
            assert!(!more.is_empty() && more.len() <= limit, "{path} has {} on a page", more.len());
            assert!(next.is_null() || more.len() == limit, "{path} has a short page");
            // Whatever else a page says, every page says.
            page["facilities"] = whole["facilities"].take();
            page["facilities"].as_array_mut().unwrap().extend(more);
            whole["facilities"] = page["facilities"].clone();
            whole["next"] = page["next"].clone();
            assert_eq!(page, whole, "{path}: the pages differ");
            whole["next"] = next;
        }
        whole
    }
}

impl Reply {
    /// What was sent, be it an answer or a refusal.
    fn body(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Notes where the product says other things than the model, in everything of which the model says something.
fn compare(at: &str, product: &Value, model: &Value, differences: &mut Vec<String>) {
    match (product, model) {
        (Value::Object(said), Value::Object(expected)) => {
            for (name, expected) in expected {
                // What is left out is said to be unknown.
                let said = said.get(name).unwrap_or(&Value::Null);
                compare(&format!("{at}/{name}"), said, expected, differences);
            }
        }
        (Value::Array(said), Value::Array(expected)) if said.len() == expected.len() => {
            for (index, (said, expected)) in said.iter().zip(expected).enumerate() {
                compare(&format!("{at}/{index}"), said, expected, differences);
            }
        }
        // The middle of some points depends on their order in its last digits.
        (Value::Number(said), Value::Number(expected))
            if (said.as_f64().unwrap() - expected.as_f64().unwrap()).abs() < 1e-9 => {}
        _ if product == model => {}
        _ => differences.push(format!("{at}: {} | {}", in_short(product), in_short(model))),
    }
}

/// A value on one line, lists by their length.
fn in_short(value: &Value) -> String {
    match value.as_array() {
        Some(list) => {
            let ids: Vec<&Value> = list.iter().map(|item| item.get("name").unwrap_or(&item["id"])).collect();
            format!("{} of them: {}", list.len(), json!(ids))
        }
        None => value.to_string(),
    }
}

/// What is asked at the end in any case: everything there is of everything.
fn everything() -> Vec<Ask> {
    let questions = [
        Query::Overview("33"),
        Query::Overview("33.74"),
        Query::Completeness { region: None, kind: None },
        Query::Completeness { region: Some("33"), kind: None },
        Query::Facilities { region: None, closed: true },
    ];
    let readers = [Reader::Public, Reader::Agent];
    let facilities = (0..steps::FACILITIES.len()).map(Query::Facility);
    let asks = questions
        .into_iter()
        .chain(facilities)
        .flat_map(|question| readers.map(|reader| Ask { question: question.clone(), reader, limit: 2 }));
    asks.collect()
}

/// Some questions are asked after every step, so that an answer that should have changed is noticed; many at
/// the end.
async fn run(steps: Vec<Step>, always: Vec<Ask>, finally: Vec<Ask>) {
    let mut pair = Pair::start().await;
    for step in steps {
        pair = pair.take(step).await;
        pair.ask(&always).await;
    }
    pair.ask(&finally).await;
    pair.ask(&everything()).await;
    pair.log.close().await.unwrap();
}

proptest! {
    #![proptest_config(Config { cases: 12, max_shrink_iters: 60, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_slow_model_says_the_same(
        steps in steps(),
        always in vec(ask(), 6),
        finally in vec(ask(), 40),
    ) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run(steps, always, finally));
    }
}
