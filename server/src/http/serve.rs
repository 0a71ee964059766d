//! Takes connections, and lets none wait or stay without a limit.

use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Limits;
use super::door::Peer;
use super::room::{Place, Room};

/// Bytes that wait in the system for a reader, at most. The system counts twice what it is told.
const MOST_UNREAD: usize = 1 << 20;

/// Bytes of a request that are read ahead.
const MOST_AHEAD: usize = 64 << 10;

/// How long after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then waits for the connections to end.
pub async fn serve(listener: TcpListener, routes: Router, limits: Limits, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let room = Room::new(limits.connections);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let Ok((stream, from)) = accepted else {
            // Mostly too many open files: some will be closed.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Who finds no room is refused at once: waiting would take from the room of others.
        let Some(place) = room.enter(from.ip()) else { continue };
        let peer = Peer(from.ip().to_canonical());
        connections.spawn(converse((stream, peer), place, routes.clone(), limits, stop.clone()));
    }
    connections.close();
    connections.wait().await;
}

/// Answers what comes on a connection, to its end.
async fn converse(
    (stream, peer): (TcpStream, Peer),
    _place: Place,
    routes: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    prepare(&stream, limits);
    // Until something comes, a connection is a descriptor and this.
    let mut first = [0];
    tokio::select! {
        came = timeout(limits.first_byte, stream.peek(&mut first)) => match came {
            Ok(Ok(1)) => (),
            _ => return,
        },
        () = stop.cancelled() => return,
    }
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        routes.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MOST_AHEAD)
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
}

/// What can't be set is as the system has it.
fn prepare(stream: &TcpStream, limits: Limits) {
    // Tokens are small and must not wait for more to come.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let _ = socket.set_send_buffer_size(MOST_UNREAD / 2);
    // A reader that takes nothing of what waits, or is gone without a word, is dropped by the system.
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(limits.session.takes_within));
    #[cfg(not(target_os = "linux"))]
    let _ = limits;
}
