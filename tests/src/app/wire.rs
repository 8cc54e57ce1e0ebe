//! The program on a socket, and requests to it byte by byte: what no well-behaved client would send.

use std::net::SocketAddr;

use consentry::config::Server;
use consentry::http::serve_on;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::Site;

/// The program behind a socket; it stops with this value.
pub struct Wire {
    address: SocketAddr,
    served: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.served.abort();
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The status; 0 where nothing came.
    pub status: u16,
    /// The head, in small letters.
    pub head: String,
    /// The body, as far as it is text.
    pub body: String,
    /// Whether all of it is text.
    pub is_text: bool,
}

impl Heard {
    fn read(bytes: &[u8]) -> Self {
        let ends = bytes.windows(4).position(|end| end == b"\r\n\r\n");
        let (head, body) = bytes.split_at(ends.map_or(bytes.len(), |at| at + 4));
        let head = String::from_utf8_lossy(head).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            is_text: std::str::from_utf8(body).is_ok(),
            body: String::from_utf8_lossy(body).into_owned(),
            head,
        }
    }

    /// A header's value; empty where it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = headers.find(|(its, _)| *its == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

impl Site {
    /// Puts it on a socket.
    pub async fn listen(self) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let served = tokio::spawn(async move {
            serve_on(
                listener,
                None,
                self.edge,
                &Server::default(),
                std::future::pending::<()>(),
            )
            .await;
        });
        Wire { address, served }
    }
}

impl Wire {
    /// Sends these bytes and reads until the other end closes.
    pub async fn exchange(&self, bytes: &[u8]) -> Heard {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(bytes).await.expect("sent");
        Self::rest(stream).await
    }

    /// Sends these bytes, which are a part of what was announced, goes away without the rest, and reads what comes.
    pub async fn cut_off(&self, bytes: &[u8]) -> Heard {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(bytes).await.expect("sent");
        stream.shutdown().await.expect("no more is sent");
        Self::rest(stream).await
    }

    async fn rest(mut stream: TcpStream) -> Heard {
        let mut answer = Vec::new();
        // A reset after the answer is an end as well.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(30), stream.read_to_end(&mut answer))
            .await
            .expect("an end");
        Heard::read(&answer)
    }

    /// Asks for this target.
    pub async fn get(&self, target: &[u8], headers: &[&[u8]]) -> Heard {
        self.exchange(&request(b"GET", target, headers, None)).await
    }

    /// Sends this body.
    pub async fn post(&self, target: &[u8], headers: &[&[u8]], body: &[u8]) -> Heard {
        let request = request(b"POST", target, headers, Some(body.len()));
        self.exchange(&[&request, body].concat()).await
    }
}

/// A request's head, with a body of this announced length.
#[must_use]
pub fn request(method: &[u8], target: &[u8], headers: &[&[u8]], length: Option<usize>) -> Vec<u8> {
    let mut head = [
        method,
        b" ",
        target,
        b" HTTP/1.1\r\nhost: consentry.test\r\nconnection: close\r\n",
    ]
    .concat();
    for header in headers {
        head.extend_from_slice(header);
        head.extend_from_slice(b"\r\n");
    }
    if let Some(length) = length {
        head.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}
