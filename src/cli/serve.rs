//! `sedia serve`.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, bail};
use clap::Args;

use super::{
    Outcome, addresses,
    openid::OpenId,
    output::{explained, note},
    settings::Settings,
};
use crate::{
    clock::SystemClock,
    demo,
    http::{self, Gateways, HttpConfig},
    maintenance,
    node::Node,
    pages,
    store::retention::Keep,
};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen; 0.0.0.0:8080 listens on every network of the machine
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEDIA_LISTEN", default_value = "127.0.0.1:8080",
          value_parser = addresses::listen)]
    listen: SocketAddr,

    /// Where /livez, /readyz and /metrics are answered besides, by a thread of its own, so that they come in time while
    /// the node is overloaded. Then --listen gives no metrics
    #[arg(long, value_name = "ADDRESS:PORT", env = "SEDIA_LISTEN_PROBES", value_parser = addresses::listen)]
    listen_probes: Option<SocketAddr>,

    /// Memory for finished answers, in megabytes
    #[arg(long, value_name = "MEGABYTES", env = "SEDIA_CACHE_MB", default_value_t = 64)]
    cache_mb: u64,

    /// The header in which the proxy in front writes the address of its client, such as x-forwarded-for: what anybody
    /// may send is limited by address. Leave it out where clients connect directly, or they could write it themselves
    #[arg(long, value_name = "HEADER", env = "SEDIA_CLIENT_ADDRESS")]
    client_address: Option<axum::http::HeaderName>,

    /// The auth token of an account at Twilio, whose text messages may come to /v1/messages
    #[arg(long, value_name = "TOKEN", env = "SEDIA_TWILIO_AUTH_TOKEN", hide_env_values = true)]
    twilio_auth_token: Option<String>,

    /// The secret of an app at Meta, whose WhatsApp messages may come to /v1/messages
    #[arg(long, value_name = "SECRET", env = "SEDIA_META_APP_SECRET", hide_env_values = true)]
    meta_app_secret: Option<String>,

    /// The verify token of the webhook at Meta
    #[arg(long, value_name = "TOKEN", env = "SEDIA_META_VERIFY_TOKEN", hide_env_values = true)]
    meta_verify_token: Option<String>,

    /// Where people and gateways reach this node, such as https://sedia.example; Twilio signs the address. Without it the
    /// Host header of each request counts
    #[arg(long, value_name = "URL", env = "SEDIA_PUBLIC_URL", value_parser = addresses::public_url)]
    public_url: Option<String>,

    /// Days that every change is kept, with the state at any moment of them
    #[arg(long, value_name = "DAYS", env = "SEDIA_KEEP_DAYS", default_value_t = 90,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    keep_days: u32,

    /// Days that reports are kept in short: one line per facility, type and day
    #[arg(long, value_name = "DAYS", env = "SEDIA_KEEP_ROLLUPS_DAYS", default_value_t = 1_095,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    keep_rollups_days: u32,

    /// Megabytes that shall be free on the disk of a SQLite file: with less, the node goes on but says on /readyz
    /// that it is not ready, so that somebody makes room before reports are refused
    #[arg(long, value_name = "MEGABYTES", env = "SEDIA_MIN_FREE_MB", default_value_t = 64,
          value_parser = clap::value_parser!(u64).range(..1 << 40))]
    min_free_mb: u64,

    /// Show Central Java with simulated facilities whose numbers keep changing, in a database of its own
    #[arg(long, env = "SEDIA_DEMO", value_parser = clap::builder::FalseyValueParser::new())]
    demo: bool,

    #[command(flatten)]
    openid: OpenId,
}

impl Serve {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let url = if self.demo { settings.demo_url() } else { settings.database_url() };
        let public_url = self.public_url.clone().filter(|url| !url.is_empty());
        let openid = self.openid.settings(public_url.as_deref())?;
        // First of all: a server that cannot listen must leave no database behind, and no key that is shown only once.
        let listeners = http::listen(self.listen, self.listen_probes).await?;
        let mut node = Node::start(&settings.node(url)?, Arc::new(SystemClock)).await?;
        node.min_free = self.min_free_mb << 20;
        if let Err(error) = self.prepare(&node).await {
            node.stop().await?;
            return Err(error);
        }
        let keep = Keep { days: self.keep_days, rollup_days: self.keep_rollups_days };
        maintenance::start(&node, keep);
        let config = HttpConfig {
            cache_mb: self.cache_mb,
            client_address: self.client_address,
            gateways: Gateways {
                twilio_auth_token: self.twilio_auth_token,
                meta_app_secret: self.meta_app_secret,
                meta_verify_token: self.meta_verify_token,
                public_url,
            },
            openid,
            public_metrics: self.listen_probes.is_none(),
            ..HttpConfig::default()
        };
        http::serve(listeners, node, &config, pages::pages).await?;
        Ok(Outcome::Done)
    }

    /// Sees to it that the node serves what it was asked to.
    async fn prepare(&self, node: &Node) -> anyhow::Result<()> {
        if self.demo {
            demo::fill(node).await?;
            demo::keep_moving(node);
        } else if demo::is_demo(&node.database).await? {
            bail!(
                "this database holds the simulated facilities of the demonstration, which must not be taken \
                 for real; serve it with --demo, or name another database"
            );
        }
        let secret =
            node.first_admin_key().await.map_err(explained).context("cannot make the first admin key")?;
        if let Some(secret) = secret {
            // Not through the log, which others keep and read.
            note("The first admin key, shown only this once (make others with 'sedia key create'):");
            note(&format!("\n    {}\n", secret.reveal()));
        }
        Ok(())
    }
}
