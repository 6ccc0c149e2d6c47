//! Accepting connections, and stopping without losing anybody's answer.

use std::{
    net::{SocketAddr, TcpListener as StdListener},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_io_timeout::TimeoutWriter;

use super::{App, Front, HttpConfig, Pages, Problem, middleware::limits::Places, probes::Probes};
use crate::{
    domain::rejection::{Code, Rejection},
    locales::{Language, Message},
    maintenance,
    node::Node,
};

/// How long a client may take to send the head of a request, or keep an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The same once half of the connections are taken.
const HEAD_TIMEOUT_WHEN_BUSY: Duration = Duration::from_secs(5);
/// How long a client may take none of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How many connections are served at once; more wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 8192;
/// How many of them one address gets, unless a proxy stands in front, whose address they all have.
const MOST_CONNECTIONS_EACH: usize = 1024;
/// How many files are left for the database, the probes and what else is no connection of a client; half of all where
/// those are few.
const SPARE_FILES: u64 = 128;
/// How long requests may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(15);

/// Where a node listens.
#[derive(Debug)]
pub struct Listeners {
    /// For everybody.
    pub all: TcpListener,
    /// For probes and metrics, if they have an address of their own.
    pub probes: Option<StdListener>,
}

/// Takes the addresses that the server will listen on.
pub async fn listen(address: SocketAddr, probes: Option<SocketAddr>) -> anyhow::Result<Listeners> {
    let taken = |address: SocketAddr, flag: &str| {
        format!("cannot listen on {address}; stop the server that runs there, or choose another with {flag}")
    };
    let all = TcpListener::bind(address).await.with_context(|| taken(address, "--listen"))?;
    let probes =
        probes.map(|probes| StdListener::bind(probes).with_context(|| taken(probes, "--listen-probes")));
    Ok(Listeners { all, probes: probes.transpose()? })
}

/// Serves `node`, its contract and `pages`, until SIGTERM or SIGINT, then finishes the requests that have begun.
pub async fn serve(
    listeners: Listeners,
    node: Node,
    config: &HttpConfig,
    pages: Pages,
) -> anyhow::Result<()> {
    let most = most_connections(allow_many_files());
    let app = App::new(&node, config);
    let http = app.clone();
    maintenance::every(&node.tasks, "http", maintenance::EVERY, move || {
        http.shrink();
        std::future::ready(())
    });
    let Listeners { all, probes } = listeners;
    tracing::info!(listen = %all.local_addr()?, "serving");
    let front = Front::new(app.clone(), pages);
    let probes = probes.map(|listener| Probes::start(listener, &front, &app)).transpose()?;
    drop(app);
    let tasks = node.tasks.clone();
    tokio::spawn(async move {
        stopped_by_signal().await;
        tracing::info!("stopping");
        tasks.stop();
    });
    accept(all, front, &node, config, most).await;
    if let Some(probes) = probes {
        probes.stop().await;
    }
    let tasks = node.tasks.clone();
    node.stop().await?;
    if tasks.is_broken() {
        bail!("the node could not go on; the log says why");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Each connection is a file, of which many systems allow a process 1,024 unless it asks for more. Gives how many it may
/// open, if that is limited.
fn allow_many_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return maximum;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!(%error, ?current, "cannot open more files than that");
            current
        }
    }
}

/// How many connections are served at once by a process that may open so many files: its database needs some of them.
fn most_connections(files: Option<u64>) -> usize {
    let Some(files) = files else { return MOST_CONNECTIONS };
    let left = usize::try_from(files.saturating_sub(SPARE_FILES).max(files / 2)).unwrap_or(usize::MAX);
    if left >= MOST_CONNECTIONS {
        return MOST_CONNECTIONS;
    }
    tracing::warn!(
        files,
        connections = left,
        "fewer connections are served at once than could be: let this process open more files (LimitNOFILE, ulimit -n)"
    );
    left.max(1)
}

async fn accept(listener: TcpListener, front: Front, node: &Node, config: &HttpConfig, most: usize) {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(most));
    let has_proxy = config.client_address.is_some();
    let each = Places::new(most, if has_proxy { most } else { MOST_CONNECTIONS_EACH });
    let refusal = refusal().await;
    let (pulse, tasks) = (front.clone(), node.tasks.clone());
    let places = Arc::clone(&free);
    node.tasks.spawn(async move {
        let clients = || most - places.available_permits();
        tasks.unless_stopping(pulse.pulse().beat(clients)).await
    });
    let mut is_refused = false;
    loop {
        let next = async { (Arc::clone(&free).acquire_owned().await, listener.accept().await) };
        let Some((Ok(permit), accepted)) = node.tasks.unless_stopping(next).await else {
            break;
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => {
                is_refused = false;
                accepted
            }
            Err(error) => {
                // The system is out of files, most likely: give others time to close some.
                if !std::mem::replace(&mut is_refused, true) {
                    tracing::warn!(%error, "connections are not accepted; they wait");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection is gone already");
            continue;
        }
        let Some(place) = each.take(peer.ip().into()) else {
            // Whoever opens so many need not read why.
            let _ = stream.try_write(&refusal);
            continue;
        };
        let is_busy = free.available_permits() < most / 2;
        server.header_read_timeout(if is_busy { HEAD_TIMEOUT_WHEN_BUSY } else { HEAD_TIMEOUT });
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(WRITE_TIMEOUT));
        let service = TowerToHyperService::new(front.service(Some(peer.ip())));
        let connection = connections.watch(server.serve_connection(TokioIo::new(Box::pin(stream)), service));
        node.tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            // In this order: whoever gets the permit finds the place free.
            drop(place);
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// The whole answer to a connection that is one too many of its address.
async fn refusal() -> Vec<u8> {
    let problem = Problem::from(Rejection::new(Code::Overloaded, "", Message::new("overloaded-connections")));
    let (head, body) = problem.response(Language::Id, "", "other").into_parts();
    let body = body.collect().await.expect("it is in memory").to_bytes();
    let mut answer =
        format!("HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n", head.status, body.len());
    for (name, value) in &head.headers {
        answer = answer + name.as_str() + ": " + value.to_str().expect("our own are text") + "\r\n";
    }
    [answer.as_bytes(), b"\r\n", &body].concat()
}

async fn stopped_by_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened to");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be listened to");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
