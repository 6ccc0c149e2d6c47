//! Sedia: a directory of what is free right now, per Indonesian region.
//!
//! Facilities report their own counts; call-centre agents answer a caller within one breath; dashboards read
//! the JSON. Everything that changes the directory is one entry of one log, and everything else reads it.
//!
//! ```text
//!  report ──► http ──► store::commands ──► store::writer ──► change log + current rows   (one commit for many)
//!                                               │ commit
//!                                               ▼
//!                    snapshot (in memory, versioned) ◄── store::feed ◄── what other processes append
//!                                               │
//!  question ──► http ──► query (cache: query, audience, form, version) ──► render ──► bytes, tag, gzip and br made once
//! ```
//!
//! # The map: dependencies point down only
//!
//! | module | its job | knows |
//! | --- | --- | --- |
//! | [`cli`] | the subcommands, their settings, what they print | everything |
//! | [`demo`] | simulated facilities and a wave of simulated reports | node |
//! | [`pages`] | pages for people: a facility's form, the agents' desk, the public board, signing in, the office | http's contract, render's words for times |
//! | [`http`] | one list of routes, one file per resource, problems, conditional requests | query, store, import, openid |
//! | [`maintenance`] | what runs on a timer: retention, checkpoints, what has expired | node, query, store |
//! | [`node`] | a database, the memory, the writer and the feed, started and stopped together | store, import |
//! | [`import`] | files and lists of other systems, read into commands | `store::commands` |
//! | [`openid`] | the provider that staff sign in with: asked, checked, and what its word allows | `store::commands` |
//! | [`query`] | one struct per query, its canonical form, where it looks, how it ranks, the cache | render, snapshot |
//! | [`render`] | answers as JSON (whole or short), text, CSV and GeoJSON; no rule is decided here | snapshot |
//! | [`store`] | the two databases, the log, commands, the writer, the feed | snapshot |
//! | [`snapshot`] | the directory in memory: indexes by region, place and name; versions | domain |
//! | [`auth`] | keys, roles, rights to see and to do | domain |
//! | [`domain`] | types and rules, without HTTP and without SQL | clock, locales |
//! | [`clock`], [`tasks`] | the one source of time, ids and randomness; the tasks of a node | nothing |
//! | [`locales`] | the texts for people in each language, as catalogues | nothing |
//! | `traces` | traces to a collector, with the feature `otel` | nothing |
//! | [`spreadsheet`] | cells that no spreadsheet takes for formulas, written and read back | nothing |
//!
//! # What always holds
//!
//! 1. Unknown is not zero: a count that nobody knows is `None`, and a sum of none is `None`.
//! 2. Acknowledged means durable and visible: a 2xx is sent after the commit and after the memory shows it.
//!    A connection on which a batch failed is not used again, and nothing is written to a file found damaged.
//! 3. An older observation never replaces a newer one; it is kept in the log.
//! 4. The snapshot equals what the log says up to its `seq`; `seq` has no gaps and is in commit order. Notifications only
//!    wake the feed: without any, nothing is missed. Where the log has lost what a snapshot shows, the snapshot is rebuilt.
//! 5. Only [`store::writer`] appends to the log. Nothing outside [`store`] touches the database.
//! 6. Cached bytes are never changed or removed because data changed: a new version is a new key, and the
//!    audience is part of the key.
//! 7. Reads neither wait for writes nor ask the database: they load one pointer. Changes are applied, and time is
//!    moved, on blocking threads, which then swap that pointer.
//! 8. Every failure is a problem with a code of [`domain::rejection::Code`].
//! 9. The rooms of one hospital system add up to the numbers of their types; rooms of two systems are the same
//!    beds, reported to two systems, and are never added.
//! 10. Time, ids and randomness come from [`clock`]; every task belongs to [`tasks::Tasks`].
//! 11. A number whose deadline has passed is judged anew once the next snapshot is made: one task
//!     ([`snapshot::SnapshotCell::keep_time`]) wakes at each deadline, and within a second after the system's clock was set.
//!
//! Deliberately absent: cache invalidation, a timer per number (one task knows the next deadline of all), and any
//! list of bed classes or regions in code.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod domain;
pub mod http;
pub mod import;
pub mod locales;
pub mod maintenance;
pub mod node;
pub mod openid;
pub mod pages;
pub mod query;
pub mod render;
pub mod snapshot;
pub mod spreadsheet;
pub mod store;
pub mod tasks;
#[cfg(feature = "otel")]
pub mod traces;

/// The target of the spans that traces are made of. The log shows them with `SEDIA_LOG=info,sedia::spans=trace`.
pub const SPANS: &str = "sedia::spans";
