//! Whether a node is alive, and ready for requests.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::rejection::{Code, Rejection},
    http::{Operations, Problem, ProblemBody, Reads, documents::LookProblems},
    locales::Message,
    store::Health,
};

/// The health of the node.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct NodeStatus {
    /// `ok`.
    status: &'static str,
    /// The last change in memory.
    seq: u64,
    /// When that change was made.
    last_change_at: DateTime<Utc>,
    /// The version of the program.
    version: &'static str,
}

/// Check that the process is alive
///
/// At an address of its own (`SEDIA_LISTEN_PROBES`) it is `unavailable` once nothing has moved in the node for 10 seconds.
#[utoipa::path(get, path = "/livez", tag = "operate", responses((status = 200, description = "Yes", body = NodeStatus), LookProblems), security(()))]
pub(super) async fn livez(State(reads): State<Arc<Reads>>) -> Json<NodeStatus> {
    Json(status(&reads))
}

/// Check that the node is ready for requests
///
/// Not while it stops, while its database is away or its disk almost full, not once a newer version has made the
/// schema another, and not while reports cannot be stored, from its start or from the first one that was not, until
/// storing works again. It answers questions from memory all the same.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operate",
    responses(
        (status = 200, description = "Yes", body = NodeStatus),
        (status = 503, description = "No (`unavailable`)", body = ProblemBody, content_type = "application/problem+json"),
        LookProblems,
    ),
    security(()),
)]
pub(super) async fn readyz(
    State(reads): State<Arc<Reads>>,
    State(operations): State<Arc<Operations>>,
) -> Result<Json<NodeStatus>, Problem> {
    Ok(Json(ready(&reads, &operations).await?))
}

/// The status of the node if it is ready, or why it is not.
pub(in crate::http) async fn ready(reads: &Reads, operations: &Operations) -> Result<NodeStatus, Rejection> {
    if operations.tasks.is_stopping() {
        return Err(unavailable(Message::new("unavailable-stopping")));
    }
    if operations.database.is_outdated() {
        return Err(unavailable(Message::new("unavailable-outdated")));
    }
    let unready = match *operations.health.borrow() {
        Health::Good => None,
        Health::Failing => Some(Message::new("unavailable-failing")),
        Health::Damaged => Some(Message::new("unavailable-damaged")),
    };
    if let Some(message) = unready {
        return Err(unavailable(message));
    }
    if !operations.is_database_there(reads.clock.running_for()).await {
        return Err(unavailable(Message::new("unavailable-database")));
    }
    if operations.is_disk_low() {
        return Err(unavailable(Message::new("unavailable-disk")));
    }
    Ok(status(reads))
}

impl Operations {
    /// Asks the database at most once a second, however many ask: its connections are for reports. The node has been
    /// `running_for` that long.
    async fn is_database_there(&self, running_for: Duration) -> bool {
        let mut pinged = self.pinged.lock().await;
        if let Some((at, is_there)) = *pinged
            && running_for < at + Duration::from_secs(1)
        {
            return is_there;
        }
        let answer = self.database.ping().await;
        if let Err(error) = &answer {
            tracing::warn!(%error, "not ready: the database is away");
        }
        *pinged = Some((running_for, answer.is_ok()));
        answer.is_ok()
    }

    /// Whether so little space is left that reports will soon be refused.
    fn is_disk_low(&self) -> bool {
        match self.database.free_space() {
            Ok(free) => free.is_some_and(|free| free < self.min_free),
            Err(error) => {
                tracing::warn!(%error, "not ready: the disk of the database cannot be seen");
                true
            }
        }
    }
}

/// The status of a node that is well.
pub(in crate::http) fn status(reads: &Reads) -> NodeStatus {
    let state = reads.current();
    NodeStatus {
        status: "ok",
        seq: state.seq(),
        last_change_at: state.last_change_at(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn unavailable(detail: Message) -> Rejection {
    Rejection::new(Code::Unavailable, "", detail)
}
