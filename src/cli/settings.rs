//! The settings that every command shares: each is a flag and an environment variable.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt};

#[cfg(feature = "otel")]
use crate::traces::Traces;
use crate::{node::NodeConfig, store::Durability};

/// Where everything is kept unless somebody says otherwise.
const DEFAULT_URL: &str = "sqlite://./sedia.db";
/// Where the demonstration is kept unless somebody says otherwise.
const DEMO_URL: &str = "sqlite://./sedia-demo.db";

#[derive(Debug, Args)]
#[command(next_help_heading = "Settings of every command")]
pub(super) struct Settings {
    /// The database: sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME [default: sqlite://sedia.db; with
    /// --demo sqlite://sedia-demo.db]
    #[arg(long, value_name = "URL", global = true, env = "DATABASE_URL", hide_env_values = true, value_parser = database_url)]
    database: Option<String>,

    /// When a report is acknowledged on SQLite: full survives a power cut, normal is faster and survives
    /// the end of the process only. PostgreSQL decides it by synchronous_commit
    #[arg(long, global = true, env = "SEDIA_DURABILITY", value_enum, default_value = "full")]
    pub(super) durability: Durability,

    /// The most writes that share one commit
    #[arg(long, value_name = "COUNT", global = true, env = "SEDIA_WRITE_BATCH", default_value_t = 256,
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=4096))]
    pub(super) write_batch: usize,

    /// A pooler in transaction mode stands before PostgreSQL, so that NOTIFY and locks of a connection do not work:
    /// nodes find each other's changes by looking for them alone
    #[arg(long, global = true, env = "SEDIA_POOLED", value_parser = clap::builder::FalseyValueParser::new())]
    pooled: bool,

    /// The longest time between two looks for changes of other nodes and of the command line, in milliseconds
    #[arg(long, value_name = "MILLISECONDS", global = true, env = "SEDIA_POLL_MS", default_value_t = 200,
          value_parser = clap::value_parser!(u64).range(20..=60_000))]
    poll_ms: u64,

    /// What to log, as 'level' or 'module=level,...' [default: info when serving, else warn]
    #[arg(long, value_name = "FILTER", global = true, env = "SEDIA_LOG", value_parser = filter)]
    log: Option<String>,

    /// How to write the log, which goes to stderr
    #[arg(long, global = true, env = "SEDIA_LOG_FORMAT", value_enum, default_value = "text")]
    log_format: LogFormat,

    /// The collector that the traces of a server are sent to, by OTLP over HTTP, such as http://localhost:4318 [default:
    /// none are made]
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "URL", global = true, env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    otlp_endpoint: Option<String>,

    /// The name of this service in traces
    #[cfg(feature = "otel")]
    #[arg(long, value_name = "NAME", global = true, env = "OTEL_SERVICE_NAME", default_value = "sedia")]
    service_name: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Settings {
    /// The database of everything but the demonstration.
    pub(super) fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| DEFAULT_URL.to_owned())
    }

    /// The database of the demonstration.
    pub(super) fn demo_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| DEMO_URL.to_owned())
    }

    /// A node on the database at `url`.
    pub(super) fn node(&self, url: String) -> anyhow::Result<NodeConfig> {
        let path = sqlite_path(&url);
        let folder = path.as_deref().and_then(Path::parent);
        if let Some(folder) = folder.filter(|folder| !folder.exists()) {
            anyhow::bail!("the folder {} for the database does not exist; make it first", folder.display());
        }
        Ok(NodeConfig {
            database_url: url,
            durability: self.durability,
            write_batch: self.write_batch,
            pooled: self.pooled,
            poll: Duration::from_millis(self.poll_ms),
        })
    }
}

/// Sends the log to stderr, and traces for as long as what it gives is kept.
pub(super) fn start_logging(settings: &Settings, is_server: bool) -> anyhow::Result<impl Sized + use<>> {
    let quiet = if is_server { "info,sea_orm_migration=warn" } else { "warn" };
    let filter = EnvFilter::new(settings.log.as_deref().unwrap_or(quiet));
    let log = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    let log = match settings.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    let log = registry().with(log.with_filter(filter));
    #[cfg(feature = "otel")]
    let (log, traces) = {
        let endpoint = settings.otlp_endpoint.as_deref().filter(|endpoint| is_server && !endpoint.is_empty());
        let traces =
            endpoint.map(|endpoint| Traces::to(endpoint, settings.service_name.clone())).transpose()?;
        (log.with(traces.as_ref().map(Traces::layer)), traces)
    };
    #[cfg(not(feature = "otel"))]
    let traces = None::<()>;
    log.try_init()?;
    Ok(traces)
}

fn filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("{error}; write 'debug' or 'info,sedia::store=debug'"))
}

/// Checks the URL. SQLite's has no host: a relative path is written so that none is read into it.
fn database_url(text: &str) -> Result<String, String> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(text.to_owned());
    }
    let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) else {
        return Err("it must begin with sqlite:// or postgres://, such as sqlite://sedia.db".to_owned());
    };
    match path {
        "" => Err("the path is missing; write sqlite://sedia.db".to_owned()),
        ":memory:" => Err("a database in memory would keep nothing; name a file".to_owned()),
        _ if path.starts_with(['/', '.']) => Ok(format!("sqlite://{path}")),
        _ => Ok(format!("sqlite://./{path}")),
    }
}

/// The file of a SQLite database.
pub(super) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://")?;
    Some(path.split('?').next().unwrap_or(path).into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("sqlite://sedia.db", "sqlite://./sedia.db")]
    #[case("sqlite:sedia.db", "sqlite://./sedia.db")]
    #[case("sqlite://my folder/a b.db", "sqlite://./my folder/a b.db")]
    #[case("sqlite:///var/lib/sedia.db", "sqlite:///var/lib/sedia.db")]
    #[case("sqlite://../sedia.db?mode=rw", "sqlite://../sedia.db?mode=rw")]
    #[case("postgres://a:b@c/d", "postgres://a:b@c/d")]
    fn database_urls_are_read(#[case] text: &str, #[case] url: &str) {
        assert_eq!(database_url(text).unwrap(), url);
    }

    #[rstest]
    #[case("")]
    #[case("sedia.db")]
    #[case("sqlite://")]
    #[case("sqlite::memory:")]
    #[case("mysql://a/b")]
    fn other_urls_are_refused(#[case] text: &str) {
        assert!(database_url(text).is_err());
    }

    #[test]
    fn the_file_is_found() {
        assert_eq!(sqlite_path("sqlite://./a b.db?mode=rw"), Some("./a b.db".into()));
        assert_eq!(sqlite_path("postgres://a/b"), None);
    }
}
