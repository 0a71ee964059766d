//! Whether somebody answers at an address of ours, tried from this computer itself.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long it is waited for.
const WITHIN: Duration = Duration::from_secs(3);

/// What every answer begins with, also the one that sends a browser to where all is encrypted.
const ANSWER: &[u8] = b"HTTP/1.1 ";

/// Asks there as a browser does that a person sends there.
pub async fn answers(address: SocketAddr) -> Result<()> {
    let says = || format!("{address} does not answer, though Wick listens there");
    let tried = timeout(WITHIN, ask(address)).await;
    tried.map_err(anyhow::Error::from).and_then(|it| it).with_context(says)
}

async fn ask(address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut begin = [0; ANSWER.len()];
    stream.read_exact(&mut begin).await?;
    ensure!(begin == ANSWER, "something else answers");
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn only_what_speaks_as_wick_does_answers() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
        let address = listener.local_addr().expect("it has one");
        for (said, is_right) in
            [("HTTP/1.1 307 \r\n\r\n", true), ("220 mail\r\n\r\n", false), ("", false)]
        {
            let answer = async {
                let (mut stream, _) = listener.accept().await.expect("somebody comes");
                let mut some = [0; 1];
                stream.read_exact(&mut some).await.expect("something is asked");
                stream.write_all(said.as_bytes()).await.expect("it is heard");
            };
            let (tried, ()) = tokio::join!(answers(address), answer);
            assert_eq!(tried.is_ok(), is_right, "{said}: {tried:?}");
        }
        drop(listener);
        let err = answers(address).await.expect_err("nobody is there");
        assert!(err.to_string().contains("does not answer"), "{err}");
    }
}
