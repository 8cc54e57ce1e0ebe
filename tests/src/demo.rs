//! `consentry demo` as a process: what somebody sees who tries it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What it says when everybody has registered.
pub const COMPLETE: &str = "the demo is complete";

/// The demo, in a folder of its own, ended with this value.
pub struct Demo {
    process: Child,
    place: Place,
    address: SocketAddr,
}

/// Where it runs, and with which arguments beside its address.
struct Place {
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

impl Demo {
    /// Starts it in an empty folder, and waits until it answers.
    ///
    /// # Panics
    /// Where it does not.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments.
    ///
    /// # Panics
    /// Where it does not answer.
    #[must_use]
    pub fn start_with(arguments: &[String]) -> Self {
        Self::start_in(Place {
            folder: tempfile::tempdir().expect("a folder"),
            arguments: arguments.to_vec(),
        })
    }

    fn start_in(place: Place) -> Self {
        let folder = &place.folder;
        let binary = std::env::var_os("CONSENTRY_TEST_BINARY").expect("CONSENTRY_TEST_BINARY names the program");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let log = std::fs::File::create(folder.path().join("output.txt")).expect("a file");
        let facts = folder.path().join("data/demo.json");
        let _ = std::fs::remove_file(&facts);
        let process = Command::new(binary)
            .args(["demo", "--listen", &address.to_string()])
            .args(&place.arguments)
            .current_dir(folder.path())
            .stdout(log.try_clone().expect("the same file"))
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut demo = Self {
            process,
            place,
            address,
        };
        let begun = Instant::now();
        // It is there a moment before it is written.
        let is_written = || std::fs::read(&facts).is_ok_and(|text| serde_json::from_slice::<Value>(&text).is_ok());
        while !is_written() || TcpStream::connect(address).is_err() {
            let ended = demo.process.try_wait().expect("its state");
            assert!(ended.is_none(), "the demo ended: {}", demo.output());
            assert!(
                begun.elapsed() < Duration::from_secs(180),
                "the demo does not answer: {}",
                demo.output()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        demo
    }

    /// Ends it as Ctrl-C does; how it ended, and its folder for another start.
    ///
    /// # Panics
    /// Where it does not end in half a minute.
    #[must_use]
    pub fn interrupt(mut self) -> (ExitStatus, Ended) {
        let status = Command::new("kill")
            .args(["-INT", &self.process.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("its state") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "the demo does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        (status, self.end())
    }

    /// Ends it as a loss of power does; its folder for another start.
    ///
    /// # Panics
    /// Where it cannot be ended.
    #[must_use]
    pub fn kill(mut self) -> Ended {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it ends");
        self.end()
    }

    /// Takes the folder out of it.
    fn end(&mut self) -> Ended {
        let nothing = Place {
            folder: tempfile::tempdir().expect("a folder"),
            arguments: Vec::new(),
        };
        Ended(std::mem::replace(&mut self.place, nothing))
    }

    /// Waits until it says that everybody has registered.
    ///
    /// # Panics
    /// Where it ends instead, or takes minutes.
    pub fn wait_until_complete(&mut self) {
        let begun = Instant::now();
        while !self.output().contains(COMPLETE) {
            let ended = self.process.try_wait().expect("its state");
            assert!(ended.is_none(), "the demo ended: {}", self.output());
            assert!(
                begun.elapsed() < Duration::from_secs(300),
                "the demo is never complete: {}",
                self.output()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What it printed, its log included.
    #[must_use]
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.file("output.txt")).unwrap_or_default()
    }

    /// A file in its folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.place.folder.path().join(name)
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The facts for scripts.
    ///
    /// # Panics
    /// Where they are not there, or no JSON.
    #[must_use]
    pub fn facts(&self) -> Value {
        let text = std::fs::read_to_string(self.file("data/demo.json")).expect("data/demo.json");
        serde_json::from_str(&text).expect("data/demo.json is JSON")
    }

    /// Where it wrote them.
    #[must_use]
    pub fn facts_path(&self) -> PathBuf {
        self.file("data/demo.json")
    }

    /// A token that may pull for the purpose that the guide's examples name.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn partner_token(&self) -> String {
        let facts = self.facts();
        let tokens = facts["partnerTokens"].as_array().expect("tokens");
        let purposes = |token: &Value| token["purposes"].as_array().cloned().unwrap_or_default();
        let fits = |token: &&Value| purposes(token).iter().any(|purpose| purpose == "EVENT_FOLLOW_UP");
        let token = tokens.iter().find(fits).expect("a token for EVENT_FOLLOW_UP");
        token["token"].as_str().expect("a secret").to_owned()
    }

    /// The place at an event that this token covers.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn partner_place(&self) -> String {
        let document = "{ partner { eventPartners(first: 1) { edges { node { id } } } } }";
        let token = format!("Bearer {}", self.partner_token());
        let headers = serde_json::json!({ "Content-Type": "application/json", "Authorization": token });
        let answer =
            self.send(&serde_json::json!({ "path": "/graphql", "headers": headers, "body": { "query": document } }));
        let id = &answer["data"]["partner"]["eventPartners"]["edges"][0]["node"]["id"];
        id.as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
    }

    /// Sends one of the facts' examples as it stands; the answer.
    ///
    /// # Panics
    /// Where there is no answer, or none in JSON.
    #[must_use]
    pub fn send(&self, example: &Value) -> Value {
        let body = example["body"].to_string();
        let headers = example["headers"].as_object().into_iter().flatten();
        let headers: String = headers
            .map(|(name, value)| format!("{name}: {}\r\n", value.as_str().unwrap_or_default()))
            .collect();
        let path = example["path"].as_str().unwrap_or_default();
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Runs a program as a reader of the guide would; what it printed.
    ///
    /// # Panics
    /// Where it fails.
    #[must_use]
    pub fn run(&self, program: &Path, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.place.folder.path())
            .env("CONSENTRY_URL", self.url())
            .env("CONSENTRY_TOKEN", self.partner_token())
            .env("TOKEN", self.partner_token())
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder of a demo that has ended.
pub struct Ended(Place);

impl Ended {
    /// Starts the demo again on what it left.
    #[must_use]
    pub fn again(self) -> Demo {
        Demo::start_in(self.0)
    }

    /// A file in its folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.folder.path().join(name)
    }

    /// What it had printed, its log included.
    #[must_use]
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.file("output.txt")).unwrap_or_default()
    }
}
