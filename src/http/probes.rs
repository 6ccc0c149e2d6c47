//! Probes and metrics at an address of their own, answered by a thread of their own: it has its turn while the node has too
//! much to do, and it sees from outside when the node does nothing any more.

use std::{
    convert::Infallible,
    net::TcpListener as StdListener,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    runtime::{self, Handle},
    sync::{Semaphore, oneshot},
};
use tokio_io_timeout::TimeoutWriter;

use super::{
    App, Problem,
    middleware::Front,
    resources::{
        health::{self, NodeStatus},
        metrics,
    },
};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::Message,
};

/// How many connections are open at once; more wait in the kernel's queue.
const MOST: usize = 64;
/// How long a client may take for the head of a request, keep an idle connection, or take nothing of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the node may take to find out whether it is ready.
const READY_WITHIN: Duration = Duration::from_secs(1);

/// The thread that answers probes.
pub(super) struct Probes {
    thread: JoinHandle<()>,
    /// The thread ends when this goes.
    stop: oneshot::Sender<Infallible>,
}

impl Probes {
    /// Begins to answer for the node that `front` serves, which lives on this runtime.
    pub(super) fn start(listener: StdListener, front: &Front, app: &App) -> anyhow::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("cannot start the runtime of the probes")?;
        let probed = Probed { app: app.clone(), front: front.clone(), node: Handle::current() };
        let front = front.only(routes(probed));
        let (stop, stopped) = oneshot::channel();
        let answer = move || {
            runtime.block_on(async {
                tokio::select! {
                    ended = accept(listener, front) => ended.expect("a listener that is bound can be used"),
                    _ = stopped => {}
                }
            });
        };
        let thread = thread::Builder::new().name("probes".to_owned()).spawn(answer);
        Ok(Self { thread: thread.context("cannot start the thread of the probes")?, stop })
    }

    /// Ends the thread, and waits until it holds nothing of the node.
    pub(super) async fn stop(self) {
        let Self { thread, stop } = self;
        drop(stop);
        if tokio::task::spawn_blocking(|| thread.join()).await.is_ok_and(|ended| ended.is_err()) {
            tracing::error!("the thread of the probes had panicked");
        }
    }
}

async fn accept(listener: StdListener, front: Front) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let free = Arc::new(Semaphore::new(MOST));
    loop {
        let place = Arc::clone(&free).acquire_owned().await.expect("nobody closes it");
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection of a probe was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(PATIENCE));
        // No page of another site may read what is here: so nothing for browsers is around it.
        let service = TowerToHyperService::new(front.observed(None));
        let connection = server.serve_connection(TokioIo::new(Box::pin(stream)), service);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection of a probe ended early");
            }
            drop(place);
        });
    }
}

/// The node as the probes see it.
#[derive(Clone)]
struct Probed {
    app: App,
    front: Front,
    /// The runtime of the node.
    node: Handle,
}

fn routes(probed: Probed) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(measurements))
        .with_state(probed)
}

/// Whether the node still does something. On the node's own address it says so by answering at all.
async fn livez(State(Probed { app, front, .. }): State<Probed>) -> Result<Json<NodeStatus>, Problem> {
    let longest = app.operations.stuck_after;
    // A node that stops has no pulse, and has its time to finish.
    if front.pulse().is_still_for(longest) && !app.operations.tasks.is_stopping() {
        return Err(unavailable(
            Message::new("unavailable-stuck").arg("seconds", longest.as_secs_f32().to_string()),
        ));
    }
    Ok(Json(health::status(&app.reads)))
}

/// Whether the node is ready, as it says itself.
async fn readyz(State(Probed { app, node, .. }): State<Probed>) -> Result<Json<NodeStatus>, Problem> {
    // Connections to the database belong to the node's runtime.
    let said = node.spawn(async move { health::ready(&app.reads, &app.operations).await });
    if let Ok(Ok(said)) = tokio::time::timeout(READY_WITHIN, said).await {
        return Ok(Json(said?));
    }
    Err(unavailable(Message::new("unavailable-slow").arg("seconds", READY_WITHIN.as_secs().to_string())))
}

async fn measurements(State(Probed { app, .. }): State<Probed>) -> Response {
    metrics::measured(&app.reads, &app.writes, &app.operations).into_response()
}

fn unavailable(detail: Message) -> Problem {
    Rejection::new(Code::Unavailable, "", detail).into()
}
