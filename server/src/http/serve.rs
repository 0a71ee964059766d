//! Takes connections, and lets none wait or stay without a limit.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Limits;
use super::door::Arrival;
use super::room::Room;

/// Bytes that wait in the system for a reader, at most. The system counts twice what it is told.
const MOST_UNREAD: usize = 1 << 20;

/// Bytes of a request that are read ahead.
const MOST_AHEAD: usize = 64 << 10;

/// How long an answer that is being sent may take when nobody is listened to any more.
const ENDS_WITHIN: Duration = Duration::from_secs(2);

/// How long after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// How a listener is spoken to.
#[derive(Clone)]
pub enum Way {
    /// As it is, which nobody else can hear on this computer.
    Plain,
    /// Encrypted. Who does not speak so is told the address where one does.
    Tls(TlsAcceptor, String),
}

/// The first byte of an encrypted connection (RFC 8446, 5.1: a record of the handshake).
const HANDSHAKE: u8 = 22;

/// Serves until `stop`, then waits for the connections to end.
pub async fn serve(
    listener: TcpListener,
    way: Way,
    routes: Router,
    room: Room,
    limits: Limits,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
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
        let (peer, closed) = (from.ip().to_canonical(), stop.clone());
        let arrival = Arrival { peer, place: Arc::new(place), closed };
        connections.spawn(converse(stream, way.clone(), arrival, routes.clone(), limits));
    }
    connections.close();
    connections.wait().await;
}

/// Answers what comes on a connection, to its end.
async fn converse(stream: TcpStream, way: Way, arrival: Arrival, routes: Router, limits: Limits) {
    prepare(&stream, limits);
    // Until something comes, a connection is a descriptor and this.
    let mut first = [0];
    tokio::select! {
        came = timeout(limits.first_byte, stream.peek(&mut first)) => match came {
            Ok(Ok(1)) => (),
            _ => return,
        },
        () = arrival.closed.cancelled() => return,
    }
    match way {
        Way::Plain => answer(stream, arrival, routes, limits).await,
        Way::Tls(acceptor, _) if first[0] == HANDSHAKE => {
            let stream = timeout(limits.first_byte, acceptor.accept(stream)).await;
            if let Ok(Ok(stream)) = stream {
                answer(stream, arrival, routes, limits).await;
            }
        }
        Way::Tls(_, address) => answer(stream, arrival, elsewhere(&address), limits).await,
    }
}

/// Tells everybody that this is the address.
fn elsewhere(address: &str) -> Router {
    let address = format!("{address}/");
    Router::new().fallback(async move || Redirect::temporary(&address))
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    arrival: Arrival,
    routes: Router,
    limits: Limits,
) {
    let closed = arrival.closed.clone();
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(arrival.clone());
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
        () = closed.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(ENDS_WITHIN, connection).await;
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
