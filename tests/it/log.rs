//! Memory, tables and log always say the same, now and about every moment that is kept.

mod days;
mod rows;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use proptest::{collection::vec, option, prelude::*, sample::Index, test_runner::Config};
use sedia::{
    auth::{Audience, Operator, Principal},
    clock::Clock,
    domain::{
        key::{KeyView, Role},
        resource_type::Kind,
    },
    locales::Language,
    query::{Answers, Asked, AvailabilityQuery, SearchQuery, VaccinationsQuery, query_string::read},
    render::{Coding, Format, Representation},
    snapshot::Snapshot,
    store::{
        self,
        as_of::AsOfError,
        commands::{ForgetKeys, KeyInput, RevokeKey},
        feed,
        retention::Keep,
    },
    tasks::Tasks,
};

use self::rows::{Row, replayed};
use crate::{
    steps::{self, Step, steps, take},
    support::TestNode,
};

/// Who does what is done here.
const TEST: Principal = Principal::Operator(Operator::Cli);

/// What happens, and what is done about it.
#[derive(Debug, Clone)]
enum Act {
    Step(Step),
    /// The answers of this moment are remembered.
    Look,
    /// Some hours pass, then the log is shortened.
    Tidy {
        hours: i64,
    },
    /// Somebody sets the clock, forward or back.
    SetClock {
        by: Duration,
    },
    /// A key is made that ends by itself.
    Key {
        days: u32,
    },
    /// One of the keys is revoked.
    Revoke {
        nth: Index,
    },
    ForgetKeys,
}

/// Answers that were given, and when.
struct Seen {
    at: DateTime<Utc>,
    answers: Vec<String>,
}

/// Steps, with looks and tidyings between them: mostly the one and then the other, a day or two later.
fn acts() -> impl Strategy<Value = Vec<Act>> {
    let compact = || (0..60i64).prop_map(|hours| Act::Tidy { hours });
    let extra = prop_oneof![
        2 => compact().prop_map(|compact| vec![Act::Look, compact]),
        1 => compact().prop_map(|compact| vec![compact]),
        1 => (1..4u32).prop_map(|days| vec![Act::Key { days }]),
        1 => any::<Index>().prop_map(|nth| vec![Act::Revoke { nth }]),
        // Long after a key has ended.
        1 => (80..100i64).prop_map(|days| {
            vec![Act::Step(Step::Pass { minutes: days * 24 * 60 }), Act::ForgetKeys]
        }),
    ];
    // The clock runs ahead for a while, by minutes or by days.
    let minutes = prop_oneof![1..10i64, 10..5_000i64];
    let ahead = option::of((minutes, any::<Index>(), any::<Index>()));
    (steps(), ahead, vec((any::<Index>(), extra), 0..7)).prop_map(|(steps, ahead, extras)| {
        let mut acts: Vec<Act> = steps.into_iter().map(Act::Step).collect();
        if let Some((minutes, one, other)) = ahead {
            let (one, other) = (one.index(acts.len() + 1), other.index(acts.len() + 1));
            let by = Duration::minutes(minutes);
            acts.insert(one.max(other), Act::SetClock { by: -by });
            acts.insert(one.min(other), Act::SetClock { by });
        }
        for (place, extra) in extras {
            let place = place.index(acts.len() + 1);
            acts.splice(place..place, extra);
        }
        acts
    })
}

fn keep() -> impl Strategy<Value = Keep> {
    (1..4u32, prop_oneof![1..9u32, 40..60u32]).prop_map(|(days, rollup_days)| Keep { days, rollup_days })
}

/// The answers to many questions, with their tags, as one text each.
async fn answers(state: Snapshot) -> Vec<String> {
    const AREAS: [&str; 6] =
        ["", "region=33&", "region=33.74&", "region=33.74.10&", "region=33.22&near=33.74&", "region=34.04&"];
    const QUERIES: [&str; 6] =
        ["min=0", "public min=0", "type=bed.icu", "freshness=fresh", "vaccination", "public vaccination"];
    let state = Arc::new(state);
    let answers = Answers::new(16, Tasks::default());
    let mut said: Vec<String> = state.rooms().map(|room| format!("{room:?}")).collect();
    said.extend(state.marks().map(|mark| format!("{mark:?}")));
    said.extend(state.facilities().map(|state| format!("{} {:?}", state.facility.name, state.moved_at)));
    let of_names = [("region=33&", "min=0&q=stadion"), ("region=33&", "search")];
    let asked = AREAS.iter().flat_map(|area| QUERIES.map(|query| (*area, query)));
    for (area, query) in asked.chain(of_names) {
        let (audience, asked) = match query.strip_prefix("public ") {
            Some(asked) => (Audience::Public, asked),
            None => (Audience::Internal(None), query),
        };
        let question = match asked {
            "vaccination" => read::<VaccinationsQuery>(&format!("{area}min=0"))
                .and_then(|query| query.checked(&state).map_err(Into::into)),
            "search" => read::<SearchQuery>(&format!("{area}q=gelanggang"))
                .and_then(|query| query.checked(&state).map_err(Into::into)),
            _ => read::<AvailabilityQuery>(&format!("{area}{asked}"))
                .and_then(|query| query.checked(Kind::Bed, &state).map_err(Into::into)),
        };
        // A type may be retired.
        let Ok(question) = question else { continue };
        let form = Representation::new(Format::Json, Language::Id, state.now());
        let asked = Asked { query: question, resolved: Vec::new() };
        let (body, _) = answers.get(&state, Arc::new(asked), audience, form).await.unwrap().unwrap();
        let text = String::from_utf8(body.packed(Coding::Identity).to_vec()).unwrap();
        said.push(format!("{area}{query} {text} {}", body.tag()));
    }
    said
}

/// One of the answers without the time of its newest change, and so without its tag.
fn undated(answer: &str) -> String {
    const DATE: &str = "\"as_of\":\"";
    let Some((before, after)) = answer.split_once(DATE) else {
        return answer.to_owned();
    };
    let (text, _tag) = after.rsplit_once(' ').unwrap();
    let (_date, rest) = text.split_once('"').unwrap();
    [before, rest].concat()
}

/// Every key, and whether it may be used.
fn keys(state: &Snapshot) -> Vec<String> {
    state.keys().map(|key| format!("{key:?} {:?}", state.check_key(key, state.now()))).collect()
}

/// A node with the log it has written, which the test keeps although the node may not.
struct Run {
    node: TestNode,
    keep: Keep,
    /// When the log was last shortened.
    tidied: Option<DateTime<Utc>>,
    is_ahead: bool,
    was_ahead: bool,
    written: Vec<Row>,
    seen: Vec<Seen>,
}

impl Run {
    async fn act(mut self, act: Act) -> Self {
        match act {
            Act::Step(step) => self.node = take(self.node, step).await,
            Act::Look => {
                let at = self.node.clock.now();
                self.seen.push(Seen { at, answers: self.live().await });
            }
            Act::Tidy { hours } => {
                self.node.clock.pass(Duration::hours(hours));
                // Nothing is deleted by a clock that jumped.
                if self.is_ahead {
                    return self;
                }
                self.written = rows::more(&self.node.database, self.written).await;
                let (now, tasks) = (self.node.clock.now(), &self.node.node.tasks);
                self.node.node.database.compact(now, self.keep, tasks).await.unwrap();
                self.tidied = Some(now);
            }
            Act::SetClock { by } => {
                self.node.clock.set(by);
                self.is_ahead = by > Duration::zero();
                self.was_ahead |= self.is_ahead;
                self.live().await;
                // Of a moment that comes twice nobody knows which is meant.
                let now = self.node.clock.now();
                self.seen.retain(|seen| seen.at < now);
            }
            Act::Key { days } => {
                let input = KeyInput {
                    role: Role::Admin,
                    name: None,
                    facilities: Vec::new(),
                    region: None,
                    consumer: None,
                    phone: None,
                    expires_days: Some(days),
                };
                self.node.node.create_key(TEST, input).await.unwrap();
            }
            Act::Revoke { nth } => {
                let state = self.node.state().await;
                let keys: Vec<_> = state.keys().collect();
                if !keys.is_empty() {
                    let key = nth.get(&keys);
                    self.node.node.submit(TEST, RevokeKey::<KeyView>::new(key.id)).await.unwrap();
                }
            }
            Act::ForgetKeys => drop(self.node.node.submit(TEST, ForgetKeys).await.unwrap()),
        }
        self
    }

    /// Rows remember the last date of each thing only. One that a wrong clock gave can hide the one before it, so
    /// after such a clock the dates of answers may differ.
    #[track_caller]
    fn same(&self, left: &[String], right: &[String], what: &str) {
        if self.was_ahead {
            let undated =
                |answers: &[String]| answers.iter().map(|answer| undated(answer)).collect::<Vec<_>>();
            same(&undated(left), &undated(right), what);
        } else {
            same(left, right, what);
        }
    }

    async fn live(&self) -> Vec<String> {
        // What the node does several times a second.
        feed::read_on(&self.node.node.database, &self.node.node.shared).await.unwrap();
        answers((*self.node.state().await).clone()).await
    }

    /// Compares the memory with the tables; with everything that was ever appended to the log, as the test read
    /// it before it was shortened; and with what is left of the log, from the newest state to start from.
    async fn compare(&self) {
        let live = self.live().await;
        let (state, database) = (self.node.state().await, &self.node.node.database);
        // A clock that was set back a little does not set the memory back.
        let now = self.node.clock.now().max(state.now());
        let live_keys = keys(&state);
        let loaded = store::load(database, now).await.unwrap();
        same(&live_keys, &keys(&loaded), "memory and tables");
        self.same(&live, &answers(loaded).await, "memory and tables");
        let replayed = replayed(&self.written, now);
        same(&live_keys, &keys(&replayed), "memory and the whole log");
        self.same(&live, &answers(replayed).await, "memory and the whole log");
        // A change that a wrong clock dated in the future was not known at any moment until now.
        if self.written.last().is_some_and(|row| row.at <= now) {
            let kept = answers(database.state_at(now).await.unwrap()).await;
            self.same(&live, &kept, "memory and what is kept of the log");
        }
    }

    /// What was seen is seen again as of then, unless it is too long ago to be kept.
    async fn look_back(&self) {
        for Seen { at, answers: then } in &self.seen {
            match self.node.node.database.state_at(*at).await {
                Ok(state) => {
                    self.same(then, &answers(state).await, &format!("{at} and the look back at it"));
                }
                Err(AsOfError::NotKept { earliest }) => {
                    let tidied = self.tidied.unwrap();
                    assert!(*at < tidied - Duration::days(self.keep.days.into()), "{at} is gone too soon");
                    assert!(earliest.is_some_and(|earliest| *at < earliest), "{at} is said to be gone");
                }
                Err(error) => panic!("{at}: {error}"),
            }
        }
    }
}

async fn run(acts: Vec<Act>, keep: Keep) {
    let node = steps::start().await;
    let mut run = Run {
        node,
        keep,
        tidied: None,
        is_ahead: false,
        was_ahead: false,
        written: Vec::new(),
        seen: Vec::new(),
    };
    for act in acts {
        run = run.act(act).await;
    }
    run.written = rows::more(&run.node.database, run.written).await;
    run.compare().await;
    run.look_back().await;
    days::compare(&run.node.database, &run.written, keep, run.tidied).await;
}

#[track_caller]
fn same(left: &[String], right: &[String], what: &str) {
    assert_eq!(left.len(), right.len(), "{what} differ");
    for (left, right) in left.iter().zip(right) {
        assert_eq!(left, right, "{what} differ");
    }
}

proptest! {
    #![proptest_config(Config { cases: 12, max_shrink_iters: 60, failure_persistence: None, ..Config::default() })]

    #[test]
    fn memory_tables_and_log_say_the_same(acts in acts(), keep in keep()) {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run(acts, keep));
    }
}
