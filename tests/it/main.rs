//! What users may rely on, tried against the real router, a real database and real processes.
//!
//! With `SEDIA_TEST_POSTGRES` set to the URL of a PostgreSQL server, every test makes a database of its own
//! there; without it, a SQLite file of its own. `tests/run` does both.
#![cfg(test)]

mod answers;
mod as_of;
mod ask;
mod audit;
mod bad_input;
mod beds;
mod boundaries;
mod bridges;
mod caching;
mod callers;
mod cli;
mod clients;
mod clock;
mod documents;
mod faults;
mod follow;
mod history;
mod imports;
mod isolation;
mod limits;
mod log;
mod lost_changes;
mod maintenance;
mod marks;
mod merging;
mod messages;
mod model;
mod nodes;
mod outage;
mod outliers;
mod pages;
mod place_names;
mod probes;
mod processes;
mod propagation;
mod purging;
mod region_history;
mod reporting;
mod reports;
mod representations;
mod roles;
mod search;
mod seen;
mod sessions;
mod slips;
mod slow_clients;
mod steps;
mod support;
mod tables;
#[cfg(feature = "otel")]
mod traces;
mod unmet_demand;
mod upgrade;
mod vocabulary;
