//! `sedia purge`: follows the changes of a node, and makes caches before it forget what they concern.

use std::{
    io::{BufRead, BufReader},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use ureq::http::Request;

use super::{Outcome, addresses, output::note};
use crate::{
    domain::{change::ChangeKind, region_code::RegionCode},
    render::tags::Tags,
};

/// How long a request to a cache may take, and the first answer of the node.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one stream is read: after it everything is purged and followed anew, so that a connection that is dead without
/// having ended is noticed.
const LONGEST_STREAM: Duration = Duration::from_mins(10);
/// After so long a purge is repeated: an answer that was being made meanwhile, or came from a node that knew the change
/// later, is dropped, too.
const AGAIN: Duration = Duration::from_millis(500);
/// The pause after something failed.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct Purge {
    /// A cache that takes PURGE with tags in the header xkey, as deploy/cache/default.vcl does. May be given several times
    #[arg(long = "url", value_name = "URL", required = true, value_parser = addresses::http_url)]
    caches: Vec<String>,

    /// The node whose changes are followed: itself, not the cache before it
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", value_parser = addresses::http_url)]
    node: String,

    /// The least time between two purges, in milliseconds: changes within it are purged together
    #[arg(long, value_name = "MS", default_value_t = 100)]
    every_ms: u64,
}

/// A change, as far as it says what to purge.
#[derive(Deserialize)]
struct Told {
    kind: ChangeKind,
    region: Option<RegionCode>,
}

impl Purge {
    /// Follows until it is stopped.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let every = Duration::from_millis(self.every_ms);
        let caches: Vec<Sender<Tags>> = self.caches.iter().map(|cache| start(cache.clone(), every)).collect();
        loop {
            if let Err(error) = self.follow(&caches) {
                note(&format!("cannot follow {}: {error:#}; trying again", self.node));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Passes on what each change concerns, until the stream ends. What changed before it began is not known.
    fn follow(&self, caches: &[Sender<Tags>]) -> anyhow::Result<()> {
        let tell = |tags: &Tags| caches.iter().try_for_each(|cache| cache.send(tags.clone()));
        let agent = ureq::Agent::config_builder()
            .timeout_connect(Some(PATIENCE))
            .timeout_recv_response(Some(PATIENCE))
            .timeout_recv_body(Some(LONGEST_STREAM))
            .build();
        let url = format!("{}/v1/changes/stream", self.node.trim_end_matches('/'));
        let stream = ureq::Agent::new_with_config(agent).get(url).call()?;
        tell(&Tags::everything())?;
        note(&format!("following {}", self.node));
        for line in BufReader::new(stream.into_body().into_reader()).lines() {
            let line = match line {
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => break,
                line => line?,
            };
            if let Some(data) = line.strip_prefix("data:") {
                // What is not understood may concern anything. So may the end of the stream.
                let told: Option<Told> = serde_json::from_str(data).ok();
                tell(&told.map_or_else(Tags::everything, |told| Tags::of_change(told.kind, told.region)))?;
            }
        }
        Ok(())
    }
}

/// Starts to purge `cache`; gives where to say what.
fn start(cache: String, every: Duration) -> Sender<Tags> {
    let (sender, receiver) = channel();
    thread::spawn(move || purge(&cache, every, &receiver));
    sender
}

fn purge(cache: &str, every: Duration, receiver: &Receiver<Tags>) {
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).allow_non_standard_methods(true).build();
    let agent = ureq::Agent::new_with_config(agent);
    // What was purged and is to be purged again, and when.
    let mut again: Option<(Instant, Tags)> = None;
    loop {
        let told = match &again {
            Some((due, _)) => receiver.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let mut new = match told {
            Ok(tags) => tags,
            Err(RecvTimeoutError::Timeout) => Tags::default(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        for more in receiver.try_iter() {
            new.extend(more);
        }
        let due = again.take_if(|(due, _)| *due <= Instant::now());
        let mut tags = new.clone();
        tags.extend(due.map(|(_, tags)| tags).unwrap_or_default());
        while let Err(error) = send(&agent, cache, &tags) {
            note(&format!("cannot purge {cache}: {error:#}; trying again"));
            thread::sleep(PAUSE);
            for more in receiver.try_iter() {
                new.extend(more.clone());
                tags.extend(more);
            }
        }
        if !new.is_empty() {
            again.get_or_insert_with(|| (Instant::now() + AGAIN, Tags::default())).1.extend(new);
        }
        thread::sleep(every);
    }
}

fn send(agent: &ureq::Agent, cache: &str, tags: &Tags) -> anyhow::Result<()> {
    let request = Request::builder().method("PURGE").uri(cache).header("xkey", tags.to_string());
    agent.run(request.body(())?).context("it did not take it")?;
    Ok(())
}
