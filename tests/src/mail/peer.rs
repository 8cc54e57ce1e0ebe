//! Real peers: an SMTP server (aiosmtpd) whose mails are read by Python's own parser and `icalendar`, and a second
//! reader of calendar files (ical.js).

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use consentry::config::{Mail, MailTls};
use consentry::services::mail::Smtp;
use serde::Deserialize;
use serde_json::Value;

/// How long an answer of a peer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail as its receiver's program reads it.
#[derive(Clone, Debug, Deserialize)]
pub struct Arrived {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's receivers.
    pub to: Vec<String>,
    /// Names and decoded values of the headers.
    pub headers: Vec<(String, String)>,
    /// Media types, nested.
    pub structure: Value,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Files and pictures.
    pub files: Vec<File>,
    /// What the parser found wrong.
    pub defects: Vec<String>,
    /// Bytes of the longest line.
    pub longest_line: usize,
    /// Line ends that are not CRLF.
    pub bare_ends: usize,
}

/// A part that is a file or a picture.
#[derive(Clone, Debug, Deserialize)]
pub struct File {
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The parameters of that.
    pub parameters: serde_json::Map<String, Value>,
    /// Its name.
    pub name: Option<String>,
    /// Its Content-ID.
    pub id: Option<String>,
    /// `attachment` or `inline`.
    pub disposition: Option<String>,
    base64: String,
    /// What `icalendar` reads in it.
    pub calendar: Option<Value>,
}

impl File {
    /// Its content.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        data_encoding::BASE64.decode(self.base64.as_bytes()).expect("base64")
    }
}

impl Arrived {
    /// The value of a header that is there once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let value = values.next();
        assert!(values.next().is_none(), "{name} is there twice: {:?}", self.headers);
        value.map(|(_, value)| value.as_str())
    }
}

/// A running mail server; it ends with this value.
pub struct MailServer {
    port: u16,
    process: Child,
    arrived: Receiver<Arrived>,
}

impl MailServer {
    /// Starts one on loopback.
    #[must_use]
    pub fn start() -> Self {
        let python = std::env::var("CONSENTRY_TEST_PYTHON").expect(
            "set CONSENTRY_TEST_PYTHON to a Python that has tests/tools/requirements.txt installed; tests/run makes one in .venv",
        );
        let mut process = Command::new(python)
            .arg(tool("mail_peer.py"))
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("CONSENTRY_TEST_PYTHON starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let first = lines.next().expect("the mail server says its port").expect("a line");
        let port = serde_json::from_str::<Value>(&first).expect("JSON")["port"]
            .as_u64()
            .expect("a port");
        let (sender, arrived) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mail = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
                if sender.send(mail).is_err() {
                    return;
                }
            }
        });
        Self {
            port: u16::try_from(port).expect("a port"),
            process,
            arrived,
        }
    }

    /// The configuration that leads to it.
    #[must_use]
    pub fn config(&self) -> Mail {
        config(self.port)
    }

    /// The way to it.
    #[must_use]
    pub fn smtp(&self) -> Smtp {
        Smtp::from_config(&self.config(), 4)
            .expect("a usable configuration")
            .expect("a host")
    }

    /// The next mail that it accepted.
    #[must_use]
    pub fn next(&self) -> Arrived {
        self.arrived.recv_timeout(PATIENCE).expect("a mail arrives")
    }

    /// Everything that it accepted until now; the server has told of each before the sender hears of it.
    #[must_use]
    pub fn drain(&self) -> Vec<Arrived> {
        let mut mails = Vec::new();
        while let Ok(mail) = self.arrived.recv_timeout(Duration::from_millis(300)) {
            mails.push(mail);
        }
        mails
    }

    /// The way to a port of this machine where nobody listens.
    #[must_use]
    pub fn nowhere() -> Smtp {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .expect("a port")
            .port();
        Smtp::from_config(&config(port), 4)
            .expect("a usable configuration")
            .expect("a host")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn config(port: u16) -> Mail {
    Mail {
        host: Some("127.0.0.1".into()),
        port,
        tls: MailTls::None,
        from: Some("tickets@events.example".into()),
        from_name: "Riverton Tickets".into(),
        timeout_seconds: 10,
        ..Mail::default()
    }
}

/// A reader of calendar files that has nothing in common with the one that writes them.
pub struct CalendarReader {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl CalendarReader {
    /// Starts ical.js.
    #[must_use]
    pub fn start() -> Self {
        let modules = std::env::var("CONSENTRY_TEST_NODE_MODULES")
            .map(PathBuf::from)
            .unwrap_or_else(|_| tool("node_modules"));
        assert!(
            modules.join("ical.js").is_dir(),
            "ical.js is not installed in {}; `npm ci --prefix tests/tools` or tests/run installs it",
            modules.display()
        );
        let mut process = Command::new("node")
            .arg(tool("calendar_peer.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let input = process.stdin.take().expect("its input");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        Self { process, input, output }
    }

    /// What it reads in a file.
    pub fn read(&mut self, file: &[u8]) -> Value {
        let text = std::str::from_utf8(file).expect("UTF-8");
        writeln!(self.input, "{}", Value::from(text)).expect("it listens");
        self.input.flush().expect("it listens");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("ical.js cannot read this ({error}): {text}"))
    }
}

impl Drop for CalendarReader {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn tool(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tools")).join(name)
}
