//! The listener: accepts connections, bounds how long a client may take, and lets requests finish when asked to stop.
//!
//! HTTP/1.1 only. TLS and HTTP/2 are the work of the proxy in front; what is not spoken cannot be attacked. The loop is
//! our own because poem's offers neither a time-out for the head of a request nor one for an answer that nobody reads.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response, Route};
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::edge::Edge;
use super::health::Numbers;
use super::patient::Patient;
use crate::config::Server;

/// Bytes that the head of a request may have: a query string of the longest document, and headers.
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 64;
/// How long to wait when the system has no file descriptor left for a connection.
const BREATH: Duration = Duration::from_millis(50);

/// Opens the configured listeners and serves until `stop` is done; then lets requests in flight finish.
///
/// # Errors
/// When a listener cannot be opened.
pub async fn serve(edge: Edge, server: &Server, stop: impl Future<Output = ()>) -> io::Result<()> {
    let listener = TcpListener::bind(server.listen).await?;
    let metrics = match server.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    serve_on(listener, metrics, edge, server, stop).await;
    Ok(())
}

/// Serves on listeners that are open already, as [`serve`] does.
pub async fn serve_on(
    listener: TcpListener,
    metrics: Option<TcpListener>,
    edge: Edge,
    server: &Server,
    stop: impl Future<Output = ()>,
) {
    let (stopped, stopping) = watch::channel(());
    let numbers = Numbers {
        metrics: edge.metrics().clone(),
        token: None,
    };
    let open = edge.metrics().connections.clone();
    let main = run(listener, edge, server, open, stopping.clone());
    let side = async {
        if let Some(metrics) = metrics {
            run(
                metrics,
                Route::new().at("/metrics", numbers),
                server,
                Gauge::default(),
                stopping.clone(),
            )
            .await;
        }
    };
    let signal = async {
        stop.await;
        tracing::info!("stopping: requests in flight may finish");
        // Dropping the sender tells the loops.
        drop(stopped);
    };
    tokio::join!(main, side, signal);
}

async fn run(
    listener: TcpListener,
    endpoint: impl Endpoint + 'static,
    server: &Server,
    open: Gauge,
    mut stop: watch::Receiver<()>,
) {
    let endpoint = Arc::new(endpoint);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(server.max_connections));
    let mut connections = JoinSet::new();
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "listening");
    }
    loop {
        open.set(i64::try_from(connections.len()).unwrap_or(i64::MAX));
        let accepted = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        tokio::select! {
            biased;
            _ = stop.changed() => break,
            Some(_) = connections.join_next() => {}
            (permit, accepted) = accepted => match accepted {
                Ok((socket, peer)) => {
                    let talk = converse(socket, peer, Arc::clone(&endpoint), Patience::of(server), graceful.watcher());
                    connections.spawn(async move {
                        talk.await;
                        drop(permit);
                    });
                }
                // A client that left again, or no descriptor: neither ends the program.
                Err(_) => tokio::time::sleep(BREATH).await,
            },
        }
    }
    drop(listener);
    if tokio::time::timeout(server.shutdown_grace(), graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("connections were still open when the time to finish was over");
    }
    connections.shutdown().await;
}

/// How long a client may take.
#[derive(Clone, Copy)]
struct Patience {
    head: Duration,
    write: Duration,
}

impl Patience {
    fn of(server: &Server) -> Self {
        Self {
            head: server.header_timeout(),
            write: server.write_timeout(),
        }
    }
}

async fn converse(
    socket: TcpStream,
    peer: SocketAddr,
    endpoint: Arc<impl Endpoint + 'static>,
    patience: Patience,
    watcher: Watcher,
) {
    // Answers are written whole, so waiting for more to send only delays them.
    let _ = socket.set_nodelay(true);
    let Ok(local) = socket.local_addr() else { return };
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let endpoint = Arc::clone(&endpoint);
        async move {
            let addresses = (LocalAddr(Addr::SocketAddr(local)), RemoteAddr(Addr::SocketAddr(peer)));
            let request = poem::Request::from((request, addresses.0, addresses.1, Scheme::HTTP));
            let response: Response = endpoint.get_response(request).await;
            Ok::<hyper::Response<_>, Infallible>(response.into())
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(Patient::new(socket, patience.write)), service);
    // What goes wrong on a connection concerns its client alone; the request itself was logged.
    let _ = watcher.watch(connection).await;
}
