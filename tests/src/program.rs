//! The program as it is shipped, as a process of its own on a database in a temporary folder.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::TestApp;

/// A folder with an installation, and the program on it once it is started.
pub struct Program {
    folder: tempfile::TempDir,
    address: SocketAddr,
    settings: Vec<(String, String)>,
    process: Option<Child>,
    welcome: String,
}

/// The program's file.
fn binary() -> std::ffi::OsString {
    std::env::var_os("CONSENTRY_TEST_BINARY").expect("CONSENTRY_TEST_BINARY names the program")
}

impl Program {
    /// Makes an installation with `consentry init`.
    #[must_use]
    pub fn init(settings: &[(&str, &str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let mut program = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            address: address.expect("a free port"),
            settings: Vec::new(),
            process: None,
            welcome: String::new(),
        };
        let database = format!("sqlite:{}", program.database().display());
        let secrets = program.folder.path().join("secrets").display().to_string();
        let listen = program.address.to_string();
        let url = program.url();
        let own = [
            ("CONSENTRY_DATABASE__URL", database.as_str()),
            ("CONSENTRY_SECRETS__DIRECTORY", &secrets),
            ("CONSENTRY_SERVER__LISTEN", &listen),
            ("CONSENTRY_SERVER__PUBLIC_URL", &url),
            ("CONSENTRY_LIMITS__REQUESTS_PER_MINUTE_PER_ADDRESS", "1000000"),
            ("CONSENTRY_LIMITS__REQUESTS_PER_MINUTE_PER_CREDENTIAL", "1000000"),
        ];
        let all = own.iter().chain(settings);
        program.settings = all
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let made = program
            .command(&["init", "--owner-email", "first@owner.example"])
            .output();
        let made = made.expect("the program runs");
        assert!(made.status.success(), "init: {}", String::from_utf8_lossy(&made.stderr));
        program.welcome = String::from_utf8(made.stdout).expect("text");
        program
    }

    /// What `consentry init` said.
    #[must_use]
    pub fn welcome(&self) -> &str {
        &self.welcome
    }

    /// A command of the program with these settings.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CONSENTRY_") {
                command.env_remove(name);
            }
        }
        command.envs(self.settings.iter().map(|(key, value)| (key, value)));
        command
    }

    /// Starts it; what it writes goes into one file.
    pub fn serve(&mut self) {
        let log = std::fs::File::create(self.log_file()).expect("a file");
        let process = self
            .command(&["serve"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the file again"))
            .stderr(log)
            .spawn();
        self.process = Some(process.expect("the program starts"));
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it does not listen: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has written so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// A program in this process beside it, on the same database with the same key.
    pub async fn beside(&self) -> TestApp {
        let key = std::fs::read_to_string(self.folder.path().join("secrets/instance.key")).expect("a key");
        let key = data_encoding::HEXLOWER_PERMISSIVE
            .decode(key.trim().as_bytes())
            .expect("digits");
        let key: [u8; 32] = key.try_into().expect("32 bytes");
        TestApp::beside(&self.database(), &key, &self.url()).await
    }

    /// Asks it to stop, by its process id, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("it runs");
        let asked = Command::new("kill").arg(process.id().to_string()).status();
        assert!(asked.expect("kill runs").success());
        process.wait().expect("it ends")
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.process
            .as_mut()
            .is_some_and(|process| matches!(process.try_wait(), Ok(None)))
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("consentry.db")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
