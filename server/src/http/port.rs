//! Listens at a port, or the next one that is free.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;

/// How many ports are tried when the first one is taken.
const TRIED: u16 = 20;

/// Listens at this port of an address, or at the next one that nobody has; 0 = any free one.
///
/// # Errors
///
/// The address is not one of this computer, or all of these ports are taken.
pub async fn listen(address: IpAddr, port: u16) -> Result<TcpListener> {
    let last = port.saturating_add(if port == 0 { 0 } else { TRIED });
    for port in port..=last {
        match TcpListener::bind(SocketAddr::new(address, port)).await {
            Ok(listener) => return Ok(listener),
            Err(err) if err.kind() == ErrorKind::AddrInUse => (),
            Err(err) => {
                return Err(err).with_context(|| format!("{address}:{port} can't be listened at"));
            }
        }
    }
    bail!("The ports {port} to {last} are all taken. Choose another one with --port")
}
