//! The listener: slow clients, lengths that lie, proxies, stopping. Over real sockets.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use consentry::config::Server;
use consentry::http::serve_on;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::Setup;

struct Running {
    address: SocketAddr,
    metrics: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

async fn start(change: impl FnOnce(&mut Server)) -> Running {
    let mut setup = Setup::default();
    change(&mut setup.server);
    let server = setup.server.clone();
    let edge = setup.edge();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, metrics_address) = (listener.local_addr().unwrap(), metrics.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(async move {
        serve_on(listener, Some(metrics), edge, &server, async {
            let _ = stopped.await;
        })
        .await;
    });
    Running {
        address,
        metrics: metrics_address,
        stop,
        served,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the server closes.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        read_all(&mut stream).await
    }
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is an end as well.
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    String::from_utf8(answer).unwrap()
}

fn post(query: &str, headers: &str) -> String {
    let body = serde_json::json!({ "query": query }).to_string();
    format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn it_answers() {
    let running = start(|_| {}).await;
    let answer = running.exchange(post("{ hello }", "").as_bytes()).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with(r#"{"data":{"hello":"world"}}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_at_the_limit() {
    let running = start(|_| {}).await;
    let mut stream = running.connect().await;
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let mut sent = 0_usize;
    // Twenty megabytes, or until nobody takes them any more.
    for _ in 0..320 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
        sent += 0x10000;
    }
    let answer = read_all(&mut stream).await;
    // The reset can overtake the answer when much was left unread.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(sent < 20 * 1024 * 1024, "everything was read");

    let answer = running
        .exchange(format!("{head}40001\r\n{}\r\n0\r\n\r\n", "x".repeat(0x40001)).as_bytes())
        .await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_length_that_is_too_long_is_refused_unread() {
    let running = start(|_| {}).await;
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999999999\r\n\r\n";
    let answer = running.exchange(head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn two_lengths_that_differ_are_refused() {
    let running = start(|_| {}).await;
    for head in [
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5\r\ntransfer-encoding: chunked, identity\r\n",
        "content-length: +5\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding : chunked\r\n",
        "x: y\r\n z\r\n",
    ] {
        let answer = running
            .exchange(format!("POST /graphql HTTP/1.1\r\nhost: x\r\n{head}\r\nhello").as_bytes())
            .await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{head}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head}: {answer}");
    }
}

#[tokio::test]
async fn a_length_beside_chunks_smuggles_no_second_request() {
    let running = start(|_| {}).await;
    let smuggled = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\
         transfer-encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
    );
    let answer = running.exchange(request.as_bytes()).await;
    assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{answer}");
}

#[tokio::test]
async fn a_client_that_sends_its_head_slowly_is_left() {
    let running = start(|server| server.header_timeout_seconds = 1).await;
    for start in ["", "POST /graphql HTTP/1.1\r\nho"] {
        let mut stream = running.connect().await;
        let began = Instant::now();
        stream.write_all(start.as_bytes()).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{start:?} took {:?}",
            began.elapsed()
        );
    }
}

#[tokio::test]
async fn a_client_that_trickles_its_head_is_left() {
    let running = start(|server| server.header_timeout_seconds = 1).await;
    let mut stream = running.connect().await;
    let began = Instant::now();
    for byte in "POST /graphql HTTP/1.1\r\nhost: x\r\nx-long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".bytes() {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    read_all(&mut stream).await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_client_that_sends_its_body_slowly_is_told_and_left() {
    let running = start(|server| server.header_timeout_seconds = 1).await;
    let mut stream = running.connect().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("REQUEST_TIMEOUT"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_a_busy_one_kept() {
    let running = start(|server| server.header_timeout_seconds = 1).await;
    let mut stream = running.connect().await;
    for _ in 0..3 {
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut bytes = [0; 2048];
        let length = stream.read(&mut bytes).await.unwrap();
        assert!(bytes[..length].starts_with(b"HTTP/1.1 200"));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    let began = Instant::now();
    read_all(&mut stream).await;
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_left() {
    let running = start(|server| server.write_timeout_seconds = 1).await;
    let mut stream = running.connect().await;
    // More than the buffers of both ends hold.
    for _ in 0..4 {
        stream
            .write_all(
                post("{ large(bytes: 6000000) }", "")
                    .replace("connection: close\r\n", "")
                    .as_bytes(),
            )
            .await
            .unwrap();
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
        .await
        .expect("it was left");
    assert!(answer.len() < 24_000_000, "everything was written: {}", answer.len());
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = start(|_| {}).await;
    let answer = running
        .exchange(format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(200_000)).as_bytes())
        .await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    let answer = running
        .exchange(format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes())
        .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_asks() {
    let spoofed = post(
        "{ client }",
        "x-forwarded-for: 203.0.113.7\r\nx-real-ip: 203.0.113.7\r\n",
    );
    let stranger = start(|_| {}).await;
    assert!(
        stranger
            .exchange(spoofed.as_bytes())
            .await
            .contains(r#""client":"127.0.0.1""#)
    );
    let proxied = start(|server| server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    assert!(
        proxied
            .exchange(spoofed.as_bytes())
            .await
            .contains(r#""client":"203.0.113.7""#)
    );
}

#[tokio::test]
async fn a_spoofed_address_does_not_reset_a_limit() {
    let mut setup = Setup::default();
    setup.limits.requests_per_minute_per_address = 2;
    let (server, edge) = (setup.server.clone(), setup.edge());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { serve_on(listener, None, edge, &server, std::future::pending()).await });
    let mut last = String::new();
    for n in 0..3 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = post("{ hello }", &format!("x-forwarded-for: 198.51.{n}.1\r\n"));
        stream.write_all(request.as_bytes()).await.unwrap();
        last = read_all(&mut stream).await;
    }
    assert!(
        last.starts_with("HTTP/1.1 429") && last.contains("retry-after"),
        "{last}"
    );
}

#[tokio::test]
async fn numbers_are_on_a_listener_of_their_own() {
    let running = start(|_| {}).await;
    let ask = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert!(running.exchange(ask).await.starts_with("HTTP/1.1 404"));
    let mut stream = TcpStream::connect(running.metrics).await.unwrap();
    stream.write_all(ask).await.unwrap();
    let answer = read_all(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("consentry_http_requests_total"),
        "{answer}"
    );
}

#[tokio::test]
async fn requests_in_flight_finish_when_the_program_stops() {
    let running = start(|server| server.shutdown_grace_seconds = 5).await;
    let mut idle = running.connect().await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut bytes = [0; 2048];
    let _ = idle.read(&mut bytes).await.unwrap();
    let mut stream = running.connect().await;
    stream.write_all(post("{ naps }", "").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    running.stop.send(()).unwrap();
    let answer = read_all(&mut stream).await;
    assert!(answer.contains(r#"{"data":{"naps":"awake"}}"#), "{answer}");
    tokio::time::timeout(Duration::from_secs(5), running.served)
        .await
        .expect("it stops")
        .unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "idle connections were waited for"
    );
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_finish_cannot_keep_the_program() {
    let running = start(|server| server.shutdown_grace_seconds = 1).await;
    let mut stream = running.connect().await;
    stream.write_all(post("{ sleeps }", "").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running.served)
        .await
        .expect("it stops")
        .unwrap();
}
