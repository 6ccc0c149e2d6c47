//! `sedia key` and `sedia link`: a link is a key for the reports of one facility.

use std::sync::Arc;

use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{
    OPERATOR, Outcome, addresses, on_existing,
    output::{explained, line, note, table},
    settings::Settings,
};
use crate::{
    clock::Timestamp,
    domain::key::{self, KeyView, Role},
    node::Node,
    snapshot::Snapshot,
    store::commands::{KeyInput, LinkInput, LinkView, RestoreKey, RevokeKey},
};

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key. It is printed once and kept nowhere
    Create(CreateKey),
    /// List all keys, revoked ones too
    List,
    /// Revoke a key; running servers refuse it within a second
    Revoke {
        /// The id that 'key list' shows
        #[arg(value_parser = key_id)]
        id: Uuid,
    },
    /// Let somebody in again who signs in with a provider and whose key was revoked
    Restore {
        /// The id that 'key list' shows
        #[arg(value_parser = key_id)]
        id: Uuid,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateKey {
    /// What the key is for
    #[arg(long, value_enum)]
    role: Role,

    /// The facility it reports for, by our id or as system:value: one for a reporter, any number for a bridge
    #[arg(long = "facility", value_name = "ID")]
    facilities: Vec<String>,

    /// The region a coordinator or an agent is held to, such as 33.74
    #[arg(long, value_name = "CODE")]
    region: Option<String>,

    /// The consumer id of a bridge that signs its requests, as programs of Aplicares do. The key is the consumer secret
    #[arg(long, value_name = "ID")]
    consumer: Option<String>,

    /// The number of a reporter who writes text messages, which report for the facility
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,

    /// The owner, in words
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// Days until it ends by itself [default: 30 for a link, never for others]
    #[arg(long, value_name = "DAYS")]
    expires: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Link {
    /// Make a link for one facility. It is printed once and kept nowhere. It opens the form of the facility; what
    /// follows /r/ is a key for its reports, too
    Create(CreateLink),
    /// List all links, ended ones too
    List,
    /// Revoke a link; every node refuses it at once
    Revoke {
        /// The id that 'link list' shows
        #[arg(value_parser = key_id)]
        id: Uuid,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateLink {
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
    #[arg(long, env = "SEDIA_PUBLIC_URL", value_name = "URL", value_parser = addresses::public_url)]
    public_url: Option<String>,
}

impl Key {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        on_existing(settings, async |node| self.run_on(node).await.map(|()| Outcome::Done)).await
    }

    async fn run_on(self, node: &Node) -> anyhow::Result<()> {
        match self {
            Self::Create(CreateKey {
                role,
                facilities,
                region,
                consumer,
                phone,
                name,
                expires: expires_days,
            }) => {
                let input = KeyInput { role, name, facilities, region, consumer, phone, expires_days };
                let (secret, made) = node.create_key(OPERATOR, input).await.map_err(explained)?;
                line(secret.reveal())?;
                note_made("key", made.id);
            }
            Self::List => {
                let uses = node.database.key_uses(None).await?;
                let snapshot = node.shared.current();
                list(
                    snapshot.keys(),
                    &[
                        ("ID", &|key| key.id.to_string()),
                        ("ROLE", &|key| key.role.name().to_owned()),
                        ("NAME", &|key| key.name.clone()),
                        ("SCOPE", &|key| scope(key, &snapshot)),
                        ("CREATED", &|key| moment(Some(key.created_at))),
                        ("EXPIRES", &|key| moment(key.expires_at)),
                        ("REVOKED", &|key| moment(key.revoked_at)),
                        ("LAST USED", &|key| moment(uses.get(&key.id).copied())),
                    ],
                )?;
            }
            Self::Revoke { id } => {
                node.submit(OPERATOR, RevokeKey::<KeyView>::new(id)).await.map_err(explained)?;
                note(&format!("key {id} is revoked"));
            }
            Self::Restore { id } => {
                node.submit(OPERATOR, RestoreKey(id)).await.map_err(explained)?;
                note(&format!("its holder may sign in again; key {id} is not revoked any more"));
            }
        }
        Ok(())
    }
}

impl Link {
    pub(super) async fn run(self, settings: &Settings) -> anyhow::Result<Outcome> {
        on_existing(settings, async |node| self.run_on(node).await.map(|()| Outcome::Done)).await
    }

    async fn run_on(self, node: &Node) -> anyhow::Result<()> {
        match self {
            Self::Create(CreateLink { facility, name, expires: expires_days, public_url }) => {
                let input = LinkInput { facility, name, expires_days };
                let (secret, made) = node.create_key(OPERATOR, input).await.map_err(explained)?;
                line(&format!("{}{}", public_url.unwrap_or_default(), secret.path()))?;
                note_made("link", made.id);
            }
            Self::List => {
                let snapshot = node.shared.current();
                list(
                    snapshot.keys().filter(|key| key.role == Role::Link),
                    &[
                        ("ID", &|key| key.id.to_string()),
                        ("FACILITY", &|key| scope(key, &snapshot)),
                        ("NAME", &|key| key.name.clone()),
                        ("CREATED", &|key| moment(Some(key.created_at))),
                        ("EXPIRES", &|key| moment(key.expires_at)),
                        ("REVOKED", &|key| moment(key.revoked_at)),
                    ],
                )?;
            }
            Self::Revoke { id } => {
                node.submit(OPERATOR, RevokeKey::<LinkView>::new(id)).await.map_err(explained)?;
                note(&format!("link {id} is revoked"));
            }
        }
        Ok(())
    }
}

fn key_id(text: &str) -> Result<Uuid, &'static str> {
    text.parse().map_err(|_| "not the id of a key; 'sedia key list' and 'sedia link list' show the ids")
}

fn note_made(what: &str, id: Uuid) {
    note(&format!(
        "made {what} {id}; a running server knows it within a second; 'sedia {what} revoke {id}' ends it"
    ));
}

/// Prints a line for each key: the titles of the columns and their cells.
fn list<'a>(
    keys: impl Iterator<Item = &'a Arc<key::Key>>,
    columns: &[(&str, &dyn Fn(&key::Key) -> String)],
) -> anyhow::Result<()> {
    let titles = columns.iter().map(|(title, _)| (*title).to_owned()).collect();
    let rows = keys.map(|key| columns.iter().map(|(_, cell)| cell(key)).collect());
    for row in table(&std::iter::once(titles).chain(rows).collect::<Vec<_>>()) {
        line(&row)?;
    }
    Ok(())
}

/// The region or the facilities that a key is held to.
fn scope(key: &key::Key, snapshot: &Snapshot) -> String {
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

fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
