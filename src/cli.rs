//! The command line: `--help` is the manual.
#![expect(clippy::doc_markdown, reason = "clap shows these texts to people as they are")]

mod addresses;
mod audit;
mod backup;
mod check;
mod export;
mod import;
mod key;
mod openid;
mod output;
mod purge;
mod serve;
mod settings;

use std::{
    io,
    process::{ExitCode, Termination},
    sync::Arc,
};

use anyhow::Context;
use clap::{Parser, Subcommand};

use self::{output::line, settings::Settings};
use crate::{
    auth::{Operator, Principal},
    clock::SystemClock,
    node::Node,
    store::Database,
};

/// The actor in the log for everything that the command line does.
const OPERATOR: Principal = Principal::Operator(Operator::Cli);

/// Sedia: a directory of what is free right now in Indonesia's health facilities.
///
/// Hospital beds, centralized isolation places and vaccination sessions, per region. Facilities report
/// their own counts; call-centre agents, dashboards and the public ask.
///
/// Without any setting, `sedia serve` keeps everything in the file sedia.db of the working folder and
/// answers on http://127.0.0.1:8080. The other commands change or read the same database; they may be used
/// while a server runs on it.
///
/// Exit codes: 0 all is well, 1 it failed, 2 the command line is wrong, 3 some rows were refused.
#[derive(Debug, Parser)]
#[command(name = "sedia", version, max_term_width = 100, propagate_version = true)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer questions and take reports, until it is told to stop (Ctrl-C or SIGTERM).
    Serve(Box<serve::Serve>),
    /// Load regions, facilities or reports from a file.
    #[command(subcommand)]
    Import(import::Import),
    /// Write regions, facilities or reports as CSV that import takes.
    #[command(subcommand)]
    Export(export::Export),
    /// Make, list and revoke keys.
    #[command(subcommand)]
    Key(key::Key),
    /// Make, list and revoke links that people report with, without an account.
    #[command(subcommand)]
    Link(key::Link),
    /// Say who changed what, and when, the newest first.
    Audit(audit::Audit),
    /// Follow the changes of a node, and make caches before it forget what they concern, until it is told to stop.
    Purge(purge::Purge),
    /// Bring the database schema up to date and add the regions and types that ship; serve does it too.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Copy the database to a file while the server runs (SQLite).
    Backup(backup::Backup),
    /// Put a backup in the place of the database, which is kept beside it (SQLite). Stop the server first.
    Restore(backup::Restore),
    /// Say in words whether this node is healthy and configured. Stores nothing but the time, to see whether
    /// it can.
    Check(check::Check),
}

/// The outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    NotHealthy,
    SomeRefused,
}

impl Outcome {
    /// The outcome of a list of which so many rows were refused.
    const fn of_rows(refused: usize) -> Self {
        if refused == 0 { Self::Done } else { Self::SomeRefused }
    }
}

impl Termination for Outcome {
    fn report(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::NotHealthy => ExitCode::FAILURE,
            Self::SomeRefused => ExitCode::from(3),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let logging =
        settings::start_logging(&arguments.settings, matches!(arguments.command, Command::Serve(_)));
    let outcome = logging.and_then(|_traces| {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        // As often from the queue of all workers as from a worker's own: by default a connection that came into the former
        // on a busy node waited for hundreds of others.
        let runtime =
            runtime.enable_all().global_queue_interval(2).build().context("cannot start the runtime")?;
        runtime.block_on(carry_out(arguments))
    });
    match outcome {
        Ok(outcome) => outcome.report(),
        // The reader of our output has read enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            explain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(arguments: Arguments) -> anyhow::Result<Outcome> {
    let Arguments { settings, command } = arguments;
    match command {
        Command::Serve(serve) => serve.run(&settings).await,
        Command::Import(import) => import.run(&settings).await,
        Command::Export(export) => export.run(&settings).await,
        Command::Key(key) => key.run(&settings).await,
        Command::Link(link) => link.run(&settings).await,
        Command::Audit(audit) => audit.run(&settings).await,
        Command::Purge(purge) => tokio::task::spawn_blocking(move || purge.run()).await?,
        Command::Migrate => migrate(&settings).await,
        Command::Openapi => {
            line(crate::http::openapi_json().trim_end())?;
            Ok(Outcome::Done)
        }
        Command::Backup(backup) => backup.run(&settings).await,
        Command::Restore(restore) => restore.run(&settings).await,
        Command::Check(check) => check.run(&settings).await,
    }
}

async fn migrate(settings: &Settings) -> anyhow::Result<Outcome> {
    let node = start(settings).await?;
    let snapshot = node.shared.current();
    line(&format!(
        "the database is up to date: {} regions, {} types, {} facilities",
        snapshot.regions().count(),
        snapshot.resource_types().count(),
        snapshot.facilities().count()
    ))?;
    drop(snapshot);
    node.stop().await?;
    Ok(Outcome::Done)
}

/// A node on the configured database, without a server.
async fn start(settings: &Settings) -> anyhow::Result<Node> {
    let config = settings.node(settings.database_url())?;
    Node::start(&config, Arc::new(SystemClock)).await
}

/// Works on such a node, and stops it. The database must be there already: another name is taken for a mistake.
async fn on_existing(
    settings: &Settings,
    work: impl AsyncFnOnce(&Node) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    must_exist(&settings.database_url())?;
    let node = start(settings).await?;
    let worked = work(&node).await;
    node.stop().await?;
    worked
}

/// The configured database, if it is there already.
async fn connect(settings: &Settings) -> anyhow::Result<Database> {
    let url = settings.database_url();
    must_exist(&url)?;
    Database::connect(&url, settings.durability).await.context("cannot open the database")
}

fn must_exist(url: &str) -> anyhow::Result<()> {
    match settings::sqlite_path(url).filter(|path| !path.exists()) {
        None => Ok(()),
        Some(path) => anyhow::bail!(
            "there is no database {} yet; 'sedia serve' or 'sedia migrate' makes it, and --database names another",
            path.display()
        ),
    }
}

/// Writes the error and what caused it, one line each.
fn explain(error: &anyhow::Error) {
    for cause in output::causes(error) {
        output::note(&format!("error: {cause}"));
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_before_or_after_the_command() {
        for words in [["sedia", "--write-batch", "7", "serve"], ["sedia", "serve", "--write-batch", "7"]] {
            assert_eq!(Arguments::try_parse_from(words).unwrap().settings.write_batch, 7);
        }
    }
}
