//! A partner that keeps every byte it received, also of an answer that was cut off.

use std::net::SocketAddr;
use std::time::Instant;

use consentry_domain::{AttendeeField, FieldMask, LeadId};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use uuid::Uuid;

/// What came of a request.
#[derive(Clone, Debug)]
pub struct Received {
    /// When it was sent.
    pub began: Instant,
    /// When its last byte had come.
    pub ended: Instant,
    /// Its id, where that much of the answer came.
    pub request: Option<Uuid>,
    /// The body, as far as it came.
    pub body: Vec<u8>,
    /// Whether all of it came.
    pub whole: bool,
}

/// The fields that the scanner knows, by the names that documents give them.
const FIELDS: &[(&str, AttendeeField)] = &[
    ("fullName", AttendeeField::FullName),
    ("email", AttendeeField::Email),
    ("phone", AttendeeField::Phone),
    ("company", AttendeeField::Company),
];

/// Sends a document; `seen` is told after each piece how many bytes of the body are there. None where nobody listened.
pub async fn ask(
    address: SocketAddr,
    token: &str,
    document: &str,
    variables: &Value,
    mut seen: impl FnMut(usize) + Send,
) -> Option<Received> {
    let socket = TcpSocket::new_v4().expect("a socket");
    // Little room, so that a long answer is still in the program's hands while its beginning is read.
    socket.set_recv_buffer_size(16 * 1024).expect("a buffer");
    let body = serde_json::json!({ "query": document, "variables": variables }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = socket.connect(address).await.ok()?;
    let began = Instant::now();
    stream.write_all((head + &body).as_bytes()).await.ok()?;
    let (mut bytes, mut piece, mut begins) = (Vec::new(), [0; 4096], None);
    while let Ok(count @ 1..) = stream.read(&mut piece).await {
        bytes.extend_from_slice(&piece[..count]);
        begins = begins.or_else(|| bytes.windows(4).position(|end| end == b"\r\n\r\n").map(|end| end + 4));
        if let Some(begins) = begins {
            seen(bytes.len() - begins);
        }
    }
    let begins = begins.unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..begins]).to_lowercase();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let length: Option<usize> = header("content-length:").and_then(|length| length.parse().ok());
    let body = bytes[begins..].to_vec();
    Some(Received {
        began,
        ended: Instant::now(),
        request: header("x-request-id:").and_then(|id| id.parse().ok()),
        whole: length == Some(body.len()),
        body,
    })
}

impl Received {
    /// The leads of the answer, each with the fields of which at least the beginning came. A lead of which not even the
    /// id came is none.
    #[must_use]
    pub fn leads(&self) -> Vec<(LeadId, FieldMask)> {
        let text = String::from_utf8_lossy(&self.body);
        let mut leads = Vec::new();
        for piece in text.split(r#"{"id":""#).skip(1) {
            let Some((id, rest)) = piece.split_once('"') else {
                continue;
            };
            let (_, id) =
                consentry::graphql::ids::decode::<LeadId>(&async_graphql::ID(id.into())).expect("a lead's id");
            let came = |name: &str| {
                let begins = format!(r#""{name}":""#);
                rest.split_once(&begins).is_some_and(|(_, value)| !value.is_empty())
            };
            let fields = FIELDS
                .iter()
                .filter(|(name, _)| came(name))
                .fold(FieldMask::EMPTY, |mask, (_, field)| {
                    mask.union(FieldMask::standard(*field))
                });
            leads.push((id, fields));
        }
        leads
    }

    /// The answer, where all of it came.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.whole.then(|| serde_json::from_slice(&self.body).ok()).flatten()
    }
}
