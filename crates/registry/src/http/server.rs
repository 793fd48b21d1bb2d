//! Connections: taken, limited, served, and brought to an end in order.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::service::Registry;
use super::stall::StallGuard;
use super::tls::TlsConfig;

/// What a server allows its clients.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Connections at once; those above it wait to be taken.
    pub connections: usize,
    /// How long a request's head, and the wait for one, may take.
    pub head_timeout: Duration,
    /// How long a TLS handshake may take.
    pub handshake_timeout: Duration,
    /// How long a client may take nothing of an answer.
    pub write_timeout: Duration,
    /// How long running requests may go on after the server was asked to stop.
    pub drain: Duration,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy when `drain` was over, and were cut.
    pub cut_connections: usize,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            connections: 8192,
            head_timeout: Duration::from_secs(75),
            handshake_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(60),
            drain: Duration::from_secs(30),
        }
    }
}

/// Serves until `shutdown` is done, and then lets running requests end.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsConfig>,
    registry: Registry,
    options: ServerOptions,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let places = Arc::new(Semaphore::new(options.connections));
    let server = Arc::new(Server {
        tls,
        registry,
        options,
    });
    let graceful = GracefulShutdown::new();
    let (cut, _) = watch::channel(());
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let (server, watcher, mut cut) = (Arc::clone(&server), graceful.watcher(), cut.subscribe());
                tokio::spawn(async move {
                    let _place = place;
                    tokio::select! {
                        () = server.connection(stream, watcher) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
            Err(error) => pause_after(&error).await,
        }
    }
    drop(listener);
    let drain = server.options.drain;
    let busy = graceful.count();
    tracing::info!(
        connections = busy,
        drain_s = drain.as_secs(),
        "stopping: letting running requests end"
    );
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_ok() {
        return Drained { cut_connections: 0 };
    }
    let cut_connections = cut.receiver_count();
    let _ = cut.send(());
    cut.closed().await;
    tracing::warn!(
        connections = cut_connections,
        "cut connections that were still busy"
    );
    Drained { cut_connections }
}

/// A connection that broke before it was taken is nothing; having no file left passes by waiting.
async fn pause_after(error: &io::Error) {
    let broken = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !broken {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "taking a connection failed"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn broken(error: &io::Error, how: &str) {
    tracing::debug!(error = error as &dyn std::error::Error, "{how}");
}

struct Server {
    tls: Option<TlsConfig>,
    registry: Registry,
    options: ServerOptions,
}

impl Server {
    async fn connection(&self, stream: TcpStream, watcher: Watcher) {
        // Small answers go at once.
        if let Err(error) = stream.set_nodelay(true) {
            return broken(&error, "a connection broke before its first byte");
        }
        let stream = StallGuard::new(stream, self.options.write_timeout);
        let Some(tls) = &self.tls else {
            return self.http1(stream, watcher).await;
        };
        let handshake = TlsAcceptor::from(tls.current()).accept(stream);
        match tokio::time::timeout(self.options.handshake_timeout, handshake).await {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                self.http2(stream, watcher).await;
            }
            Ok(Ok(stream)) => self.http1(stream, watcher).await,
            Ok(Err(error)) => broken(&error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn http1<S>(&self, stream: S, watcher: Watcher)
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.options.head_timeout)
            .serve_connection(TokioIo::new(stream), self.registry.clone());
        ended(watcher.watch(connection).await);
    }

    /// The library's own limits against floods of resets and headers stay as they are.
    async fn http2<S>(&self, stream: S, watcher: Watcher)
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        const WINDOW_BYTES: u32 = 1024 * 1024;
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(100)
            .max_header_list_size(16 * 1024)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(4 * WINDOW_BYTES)
            .keep_alive_interval(self.options.head_timeout)
            .serve_connection(TokioIo::new(stream), self.registry.clone());
        ended(watcher.watch(connection).await);
    }
}

fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "a connection ended early"
        );
    }
}
