//! The program as a process of its own on a test's database, to be killed at any moment.

use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use consentry::platform::faults::Planted;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

use crate::TestApp;

/// Where it runs: its key, its address and its log.
pub struct Home {
    folder: TempDir,
    /// Where it listens.
    pub address: SocketAddr,
    url: String,
    partner_url: Option<String>,
}

/// A running process.
pub struct Program {
    child: Mutex<Child>,
    output: BufReader<ChildStdout>,
    log: PathBuf,
}

impl Home {
    /// Prepares one on the database of `app`, with the same instance key.
    #[must_use]
    pub fn of(app: &TestApp) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("secrets")).expect("a folder");
        let mut key = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.path().join("secrets/instance.key"))
            .expect("a file");
        std::io::Write::write_all(
            &mut key,
            crate::app::INSTANCE_KEY
                .map(|byte| format!("{byte:02x}"))
                .concat()
                .as_bytes(),
        )
        .expect("written");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        Self {
            address: free.local_addr().expect("an address"),
            folder,
            url: app.database_url().to_owned(),
            partner_url: app.partner_database_url().map(str::to_owned),
        }
    }

    /// Starts it and waits until it listens; with a fault, and with a fail point where it stops when it passes it for the
    /// given time.
    pub async fn start(&self, fault: Option<Planted>, stop_at: Option<(&str, u32)>) -> Program {
        let binary = std::env::var_os("CONSENTRY_TEST_BINARY").expect("CONSENTRY_TEST_BINARY names the program");
        let log = std::fs::File::create(self.folder.path().join("log")).expect("a log");
        let mut command = Command::new(binary);
        command
            .current_dir(self.folder.path())
            .arg("serve")
            .args(["--listen", &self.address.to_string(), "--database-url", &self.url])
            .args(["--set", "secrets.directory=secrets"])
            .args(["--set", "limits.requests_per_minute_per_credential=1000000"])
            .args(["--set", "limits.requests_per_minute_per_address=1000000"]);
        if let Some(url) = &self.partner_url {
            command.arg("--set").arg(format!("database.partner_url={url}"));
        }
        if let Some(fault) = fault {
            command.env("CONSENTRY_TEST_PLANTED_FAULT", fault.name());
        }
        if let Some((name, times)) = stop_at {
            command.env("CONSENTRY_TEST_STOP_AT", format!("{name}:{times}"));
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let began = Instant::now();
        while TcpStream::connect(self.address).await.is_err() {
            let ended = child.try_wait().expect("a child");
            assert!(
                ended.is_none() && began.elapsed() < Duration::from_secs(60),
                "it does not listen: {}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        Program {
            child: Mutex::new(child),
            output,
            log: self.folder.path().join("log"),
        }
    }

    /// What it wrote about itself since it was started last.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Program {
    /// Waits until it has stopped at its fail point.
    pub async fn stopped(&mut self) {
        let mut line = String::new();
        let said = tokio::time::timeout(Duration::from_secs(120), self.output.read_line(&mut line)).await;
        assert!(
            said.is_ok() && line.starts_with("at "),
            "it did not get there: {said:?} {line:?}, and wrote: {}",
            std::fs::read_to_string(&self.log).unwrap_or_default()
        );
    }

    /// Kills it (`SIGKILL`), now.
    pub fn kill(&self) {
        self.child.lock().expect("no panic").start_kill().expect("killed");
    }

    /// Waits until a killed process is gone.
    pub async fn gone(&self) {
        while self
            .child
            .lock()
            .expect("no panic")
            .try_wait()
            .expect("a child")
            .is_none()
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
