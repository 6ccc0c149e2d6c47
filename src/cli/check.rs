//! `sedia check`: is this node healthy and configured, in words.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context;
use chrono::SecondsFormat;
use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Outcome, addresses, connect,
    output::{causes, line},
    settings::Settings,
};
use crate::{
    clock::{CLOCK_TOLERANCE, Clock, SystemClock, Timestamp},
    demo,
    domain::observation::{Reading, is_dated_ahead},
    snapshot::{FacilityState, Snapshot},
    store::{
        self, Durability, Replication, database::Schema, log::Setback, retention::LogSize, sqlite::WAY_BACK,
    },
};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer to /readyz is short.
const MOST_BYTES: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Where a server is supposed to answer; without it, no server is asked
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEDIA_LISTEN", value_parser = addresses::listen)]
    listen: Option<SocketAddr>,
}

impl Check {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let mut findings = Findings::default();
        if let Err(error) = self.database(settings, &mut findings).await {
            findings.wrong(&causes(&error).join(": "));
        }
        match self.listen {
            None => findings.add("      ", "no server was asked; name one with --listen or SEDIA_LISTEN"),
            Some(listen) => match ready(listen).await {
                Ok(()) => findings.good(&format!("the server on {listen} says that it is ready")),
                Err(error) => findings.wrong(&format!("the server on {listen}: {error:#}")),
            },
        }
        for finding in &findings.lines {
            line(finding)?;
        }
        Ok(findings.outcome)
    }

    async fn database(&self, settings: &Settings, findings: &mut Findings) -> anyhow::Result<()> {
        let database = connect(settings).await?;
        database.ping().await.context("the database does not answer")?;
        findings.good("the database answers");
        let replication = database.replication().await?;
        findings.durability(replication.as_ref(), settings.durability);
        let damage = database.damage(true).await.context("the database cannot be checked")?;
        // PostgreSQL looks after its own pages.
        if damage.is_empty() && replication.is_none() {
            findings.good("every page of the database is whole");
        }
        for found in &damage {
            findings.wrong(&format!("the database is damaged: {found}"));
        }
        if !damage.is_empty() {
            anyhow::bail!("{WAY_BACK}");
        }
        let schema = database.check_schema().await.context("the schema is not current")?;
        let now = SystemClock.now();
        let snapshot = store::load(&database, now)
            .await
            .context("the schema is not current; 'sedia migrate' brings it up to date")?;
        findings.good("the schema is current and everything in it can be read");
        match database.try_write(now).await {
            Ok(()) => findings.good("it can be written"),
            Err(error) => {
                findings.wrong(&format!("nothing can be stored: {}", causes(&error.into()).join(": ")));
            }
        }
        if schema == Schema::Expanded {
            findings.attention(
                "a newer version of sedia has added to the schema; this one works on it, until all nodes are upgraded",
            );
        }
        if demo::is_demo(&database).await? {
            findings.attention("this is the database of the demonstration: its numbers are simulated");
        }
        findings.log(&database.log_size().await?);
        findings.clock(database.clock_setbacks().await?.last(), &snapshot, now);
        database.close().await?;
        findings.directory(&snapshot, now);
        Ok(())
    }
}

/// The findings, in words.
struct Findings {
    lines: Vec<String>,
    outcome: Outcome,
}

impl Default for Findings {
    fn default() -> Self {
        Self { lines: Vec::new(), outcome: Outcome::Done }
    }
}

impl Findings {
    fn add(&mut self, mark: &str, text: &str) {
        self.lines.push(format!("{mark}{text}"));
    }

    fn good(&mut self, text: &str) {
        self.add("ok    ", text);
    }

    /// A warning: not wrong, but the operator should know it.
    fn attention(&mut self, text: &str) {
        self.add("note  ", text);
    }

    fn wrong(&mut self, text: &str) {
        self.add("WRONG ", text);
        self.outcome = Outcome::NotHealthy;
    }

    /// What has become of a report when it is acknowledged.
    fn durability(&mut self, replication: Option<&Replication>, durability: Durability) {
        let acknowledged = "a report is acknowledged once it is";
        let Some(replication) = replication else {
            return match durability {
                Durability::Full => self.good(&format!("{acknowledged} on one disk, that of the file")),
                Durability::Normal => self.attention(
                    "a report is acknowledged before it is on the disk: a power cut can lose it; SEDIA_DURABILITY=full waits",
                ),
            };
        };
        let Replication { is_replica, fsync, waits_for, standbys, replicas } = replication;
        match replication.synchronous_replicas() {
            _ if *is_replica => {
                self.wrong("this PostgreSQL is a replica, which takes no reports; name the one that leads");
            }
            _ if !fsync => self.attention(
                "a report is acknowledged before it is on a disk: fsync is off, and a power cut can destroy the database",
            ),
            _ if waits_for == "off" => self.attention(
                "a report is acknowledged before it is on a disk: a power cut can lose it; set synchronous_commit to on",
            ),
            0 if *replicas == 0 => {
                self.good(&format!("{acknowledged} on one disk: this PostgreSQL has no replica"));
            }
            0 => self.attention(&format!(
                "{acknowledged} on one disk, although PostgreSQL has replicas ({replicas}): when one of them takes over, the \
                 last reports can be lost; let commits wait for a replica (Patroni: synchronous_mode; else \
                 synchronous_standby_names, and synchronous_commit on)"
            )),
            _ if *replicas == 0 => self.attention(&format!(
                "reports wait for a replica ({standbys}), and none is connected: until one is, none is acknowledged"
            )),
            disks => self.good(&format!(
                "{acknowledged} on {} disks: PostgreSQL waits for its replica ({standbys})",
                disks + 1
            )),
        }
    }

    /// How large the log is.
    fn log(&mut self, size: &LogSize) {
        let earliest = size.earliest.map_or_else(
            || "nothing".to_owned(),
            |at| format!("every moment since {}", at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        );
        self.good(&format!(
            "the log has {} changes and can show {earliest}; {} states to start from take {} KiB",
            size.changes,
            size.checkpoints,
            size.checkpoint_bytes.div_ceil(1024)
        ));
    }

    /// The traces of a wrong clock in the log.
    fn clock(&mut self, last: Option<&Setback>, snapshot: &Snapshot, now: Timestamp) {
        let ahead = snapshot.last_change_at() - now;
        if ahead > CLOCK_TOLERANCE {
            self.wrong(&format!(
                "this clock is {} min behind the last change; check what sets the clocks of this machine and of the others",
                ahead.num_minutes()
            ));
        }
        if let Some(Setback { seq, at, before }) = last {
            self.attention(&format!(
                "the clock was last set back at change {seq}: from {} to {}",
                before.to_rfc3339_opts(SecondsFormat::Secs, true),
                at.to_rfc3339_opts(SecondsFormat::Secs, true)
            ));
        }
        let is_ahead = |reading: &Reading| is_dated_ahead(reading.observed_at, now);
        let readings =
            snapshot.facilities().flat_map(|state| state.readings.iter().map(|current| &current.reading));
        let sessions = snapshot.sessions().flat_map(|state| state.readings.values());
        let count = readings.chain(sessions).filter(|reading| is_ahead(reading)).count();
        if count > 0 {
            self.attention(&format!(
                "{count} current numbers are dated in the future by a wrong clock; they count as stale until they are reported again"
            ));
        }
    }

    /// The contents of the directory.
    fn directory(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let (regions, types) = (snapshot.regions().count(), snapshot.resource_types().count());
        if regions == 0 || types == 0 {
            self.wrong(&format!(
                "{regions} regions, {types} resource types; 'sedia migrate' adds those that ship"
            ));
        } else {
            self.good(&format!("{regions} regions, {types} resource types"));
        }
        let facilities = snapshot.facilities_in(None).count();
        if facilities == 0 {
            self.attention("no facilities yet; 'sedia import facilities FILE' adds them");
        } else {
            let flagged = snapshot.facilities_in(None).filter(|state| !state.facility.flags.is_empty());
            self.good(&format!("{facilities} facilities, {} flagged to be mended", flagged.count()));
        }
        let valid = snapshot.keys().filter(|key| snapshot.check_key(key, now).is_ok()).count();
        let all = snapshot.keys().count();
        if valid == 0 {
            self.attention("no key is valid, so nobody can report; 'sedia key create' makes one");
        } else {
            self.good(&format!("{valid} valid keys of {all}"));
        }
        self.reports(snapshot, now);
    }

    fn reports(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let readings = || {
            snapshot
                .facilities_in(None)
                .flat_map(|state| state.readings.iter().map(|current| &*current.reading))
        };
        let observed = |reading: &Reading| reading.observed_at;
        let (Some(oldest), Some(newest)) = (readings().map(observed).min(), readings().map(observed).max())
        else {
            self.attention("nothing has been reported yet");
            return;
        };
        let has_sessions = |state: &FacilityState| snapshot.sessions_of(state.facility.id).next().is_some();
        let silent =
            snapshot.facilities_in(None).filter(|state| state.readings.is_empty() && !has_sessions(state));
        self.good(&format!(
            "{} current numbers; the newest is {} old, the oldest {}; {} facilities have never reported",
            readings().count(),
            age(newest, now),
            age(oldest, now),
            silent.count()
        ));
        self.add(
            "      ",
            &format!(
                "the last change was made at {}",
                snapshot.last_change_at().to_rfc3339_opts(SecondsFormat::Secs, true)
            ),
        );
    }
}

/// How long ago something was, roughly.
fn age(then: Timestamp, now: Timestamp) -> String {
    let minutes = (now - then).num_minutes().max(0);
    match minutes {
        0..=119 => format!("{minutes} min"),
        120..=2879 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

/// Asks the server on `listen` whether it is ready.
async fn ready(listen: SocketAddr) -> anyhow::Result<()> {
    let answer = tokio::time::timeout(PATIENCE, get(reachable(listen), "/readyz"))
        .await
        .context("it does not answer in time")??;
    let mut lines = answer.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    match status {
        Some("200") => Ok(()),
        Some(status) => {
            let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.trim());
            anyhow::bail!("it is not ready (status {status}): {}", body.unwrap_or_default())
        }
        None => anyhow::bail!("what answers there does not speak HTTP"),
    }
}

/// `0.0.0.0` is where to listen, not where to call.
const fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn get(address: SocketAddr, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await.context("nothing answers there")?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0 min")]
    #[case(119, "119 min")]
    #[case(120, "2 h")]
    #[case(2879, "47 h")]
    #[case(2880, "2 days")]
    #[case(-5, "0 min")]
    fn ages_are_rough(#[case] minutes: i64, #[case] expected: &str) {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(age(now - chrono::Duration::minutes(minutes), now), expected);
    }

    #[test]
    fn everywhere_is_called_here() {
        let call = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(call("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(call("[::]:80"), "[::1]:80");
        assert_eq!(call("10.0.0.1:80"), "10.0.0.1:80");
    }

    #[tokio::test]
    async fn a_server_is_ready_or_not() {
        for (answer, is_ready) in [
            ("HTTP/1.1 200 OK\r\n\r\nok", true),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\nno database", false),
            ("SSH-2.0", false),
        ] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 256];
                let length = stream.read(&mut request).await.unwrap();
                assert!(request[..length].starts_with(b"GET /readyz HTTP/1.1\r\n"));
                stream.write_all(answer.as_bytes()).await.unwrap();
            });
            assert_eq!(ready(address).await.is_ok(), is_ready, "{answer}");
            server.await.unwrap();
        }
    }
}
