//! `sedia key`.

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{
    Outcome,
    output::{explained, line, note, table},
    settings::Settings,
    start_on_existing,
};
use crate::{
    auth::Principal,
    clock::Timestamp,
    domain::key,
    node::Node,
    snapshot::Snapshot,
    store::commands::{KeyInput, KeyView, RevokeKey},
};

/// Who the command line writes into the log.
pub(super) const OPERATOR: Principal = Principal::Operator("cli");

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key. It is printed once and kept nowhere
    Create(Create),
    /// List all keys, revoked ones too
    List,
    /// Revoke a key; running servers refuse it within a second
    Revoke {
        /// The id that 'key list' shows
        id: Uuid,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What the key is for
    #[arg(long, value_enum)]
    role: key::Role,

    /// The facility it reports for, by our id or as system:value: one for a reporter, any number for a bridge
    #[arg(long = "facility", value_name = "ID")]
    facilities: Vec<String>,

    /// The region a coordinator or an agent is held to, such as 33.74
    #[arg(long, value_name = "CODE")]
    region: Option<String>,

    /// Whose it is, in words
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// Days until it ends by itself [default: 30 for a link, never for others]
    #[arg(long, value_name = "DAYS")]
    expires: Option<u32>,
}

impl Key {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        let node = start_on_existing(settings).await?;
        let outcome = match self {
            Self::Create(create) => create.run(&node).await,
            Self::List => list(&node).await,
            Self::Revoke { id } => revoke(&node, id).await,
        };
        node.stop().await?;
        outcome.map(|()| Outcome::Done)
    }
}

impl Create {
    async fn run(self, node: &Node) -> anyhow::Result<()> {
        let input = KeyInput {
            role: self.role,
            name: self.name,
            facilities: self.facilities,
            region: self.region,
            expires_days: self.expires,
        };
        let (secret, made) = node.create_key(OPERATOR, input).await.map_err(explained)?;
        line(secret.reveal())?;
        let id = made.id;
        note(&format!(
            "made key {id}; a running server knows it within a second; 'sedia key revoke {id}' ends it"
        ));
        Ok(())
    }
}

async fn revoke(node: &Node, id: Uuid) -> anyhow::Result<()> {
    node.submit(OPERATOR, RevokeKey::<KeyView>::new(id)).await.map_err(explained)?;
    note(&format!("key {id} is revoked"));
    Ok(())
}

async fn list(node: &Node) -> anyhow::Result<()> {
    let uses = node.database.key_uses(None).await?;
    let snapshot = node.shared.current();
    let rows: Vec<[String; 8]> = snapshot
        .keys()
        .map(|key| {
            [
                key.id.to_string(),
                key.role.name().to_owned(),
                key.name.clone(),
                scope(key, &snapshot),
                moment(Some(key.created_at)),
                moment(key.expires_at),
                moment(key.revoked_at),
                moment(uses.get(&key.id).copied()),
            ]
        })
        .collect();
    let titles = ["ID", "ROLE", "NAME", "SCOPE", "CREATED", "EXPIRES", "REVOKED", "LAST USED"];
    for row in table(titles, &rows) {
        line(&row)?;
    }
    Ok(())
}

/// The region or the facilities that a key is held to.
pub(super) fn scope(key: &key::Key, snapshot: &Snapshot) -> String {
    let facilities = key.facilities.iter().map(|id| {
        let state = snapshot.facility(*id);
        let external = state.and_then(|state| state.facility.external_ids.first());
        external.map_or_else(|| id.to_string(), |external| external.as_str().to_owned())
    });
    let all: Vec<String> = key.region.iter().map(ToString::to_string).chain(facilities).collect();
    match (all.len(), all.as_slice()) {
        (0, _) => "everything".to_owned(),
        (1..=3, all) => all.join(" "),
        (count, all) => format!("{} and {} more", all[..2].join(" "), count - 2),
    }
}

pub(super) fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
