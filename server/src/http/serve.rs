//! Takes connections, and lets none wait or stay without a limit.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a browser may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// Connections at once; more wait until one ends.
const MOST_CONNECTIONS: usize = 256;

/// How long after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then waits for the connections to end.
pub async fn serve(listener: TcpListener, routes: Router, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let room = std::sync::Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let next = async {
            let permit = std::sync::Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        let (Ok(permit), Ok((stream, _))) = (permit, accepted) else {
            // Mostly too many open files: some will be closed.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Tokens are small and must not wait for more to come.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(routes.clone());
        let stop = stop.clone();
        connections.spawn(async move {
            let _permit = permit;
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_WITHIN)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            tokio::pin!(connection);
            tokio::select! {
                // A browser that goes away in the middle is no news.
                _ = connection.as_mut() => (),
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
        });
    }
    connections.close();
    connections.wait().await;
}
