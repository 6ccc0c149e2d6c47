//! Accepting connections, and stopping without losing anybody's answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_io_timeout::TimeoutWriter;

use super::{App, Front, HttpConfig, Pages};
use crate::{maintenance, node::Node};

/// How long a client may take to send the head of a request, or keep an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a client may take none of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How many connections are served at once; more wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 8192;
/// How long requests may go on after the signal to stop.
const DRAIN: Duration = Duration::from_secs(15);

/// Takes the address that the server will listen on.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}; stop the server that runs there, or choose another with --listen"
        )
    })
}

/// Serves `node`, its contract and `pages`, until SIGTERM or SIGINT, then finishes the requests that have begun.
pub async fn serve(
    listener: TcpListener,
    node: Node,
    config: &HttpConfig,
    pages: Pages,
) -> anyhow::Result<()> {
    let app = App::new(&node, config);
    let http = app.clone();
    maintenance::every(&node.tasks, "http", maintenance::EVERY, move || {
        http.shrink();
        std::future::ready(())
    });
    tracing::info!(listen = %listener.local_addr()?, "serving");
    let tasks = node.tasks.clone();
    tokio::spawn(async move {
        stopped_by_signal().await;
        tracing::info!("stopping");
        tasks.stop();
    });
    accept(listener, Front::new(app, pages), &node).await;
    let tasks = node.tasks.clone();
    node.stop().await?;
    if tasks.is_broken() {
        bail!("the node could not go on; the log says why");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn accept(listener: TcpListener, front: Front, node: &Node) {
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let connections = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let next = async { (Arc::clone(&free).acquire_owned().await, listener.accept().await) };
        let Some((Ok(permit), accepted)) = node.tasks.unless_stopping(next).await else {
            break;
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: give others time to close some.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection is gone already");
            continue;
        }
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(WRITE_TIMEOUT));
        let service = TowerToHyperService::new(front.service(Some(peer.ip())));
        let connection = connections.watch(server.serve_connection(TokioIo::new(Box::pin(stream)), service));
        node.tasks.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
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
