//! `sedia link`.

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{
    Outcome,
    key::{OPERATOR, moment, scope},
    output::{explained, line, note, table},
    settings::Settings,
    start_on_existing,
};
use crate::{
    domain::key::Role,
    node::Node,
    store::commands::{LinkInput, LinkView, RevokeKey},
};

#[derive(Debug, Subcommand)]
pub(super) enum Link {
    /// Make a link for one facility. It is printed once and kept nowhere. What follows /r/ is a key for its reports; no
    /// form opens there yet
    Create(Create),
    /// List all links, ended ones too
    List,
    /// Revoke a link; every node refuses it at once
    Revoke {
        /// The id that 'link list' shows
        id: Uuid,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The facility it reports for, by our id or as system:value
    #[arg(long, value_name = "ID")]
    facility: String,

    /// Who gets it, in words
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// Days until it ends by itself [default: 30]
    #[arg(long, value_name = "DAYS")]
    expires: Option<u32>,

    /// Where people reach this directory, such as https://sedia.example; without it only the path is printed
    #[arg(long, env = "SEDIA_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

impl Link {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let node = start_on_existing(settings).await?;
        let outcome = match self {
            Self::Create(create) => create.run(&node).await,
            Self::List => list(&node),
            Self::Revoke { id } => revoke(&node, id).await,
        };
        node.stop().await?;
        outcome.map(|()| Outcome::Done)
    }
}

impl Create {
    async fn run(self, node: &Node) -> anyhow::Result<()> {
        let input = LinkInput { facility: self.facility, name: self.name, expires_days: self.expires };
        let (secret, made) = node.create_key(OPERATOR, input).await.map_err(explained)?;
        let public_url = self.public_url.unwrap_or_default();
        line(&format!("{}{}", public_url.trim_end_matches('/'), secret.path()))?;
        let id = made.id;
        note(&format!(
            "made link {id}; a running server knows it within a second; 'sedia link revoke {id}' ends it"
        ));
        Ok(())
    }
}

async fn revoke(node: &Node, id: Uuid) -> anyhow::Result<()> {
    node.submit(OPERATOR, RevokeKey::<LinkView>::new(id)).await.map_err(explained)?;
    note(&format!("link {id} is revoked"));
    Ok(())
}

fn list(node: &Node) -> anyhow::Result<()> {
    let snapshot = node.shared.current();
    let links = snapshot.keys().filter(|key| key.role == Role::Link);
    let rows: Vec<[String; 6]> = links
        .map(|key| {
            [
                key.id.to_string(),
                scope(key, &snapshot),
                key.name.clone(),
                moment(Some(key.created_at)),
                moment(key.expires_at),
                moment(key.revoked_at),
            ]
        })
        .collect();
    for row in table(["ID", "FACILITY", "NAME", "CREATED", "EXPIRES", "REVOKED"], &rows) {
        line(&row)?;
    }
    Ok(())
}
