//! The release program as a process.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Failure;
use crate::database::Database;

/// The program, serving.
pub(crate) struct Program {
    binary: PathBuf,
    settings: Vec<String>,
    child: Child,
    /// Its process id.
    pub(crate) pid: u32,
    /// Where it answers.
    pub(crate) base: String,
    /// What it works on.
    pub(crate) database: Database,
    /// The link by which its first owner signs in.
    pub(crate) owner_link: String,
}

impl Program {
    /// Makes an installation and starts it. Nobody is limited in rate, and no worker runs: mails wait in the outbox.
    pub(crate) async fn start(binary: &Path, database: Database) -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let mut settings = vec![
            format!("database.url={}", database.url),
            format!("server.listen=127.0.0.1:{port}"),
            format!("server.public_url={base}"),
            format!("secrets.directory={}", database.folder.path().join("secrets").display()),
            "jobs.enabled=false".into(),
            "limits.requests_per_minute_per_credential=10000000".into(),
            "limits.requests_per_minute_per_address=10000000".into(),
        ];
        if let Some(url) = &database.partner_url {
            settings.push(format!("database.partner_url={url}"));
        }
        let printed = command(binary, &settings)
            .args([
                "init",
                "--owner-email",
                "owner@bench.example",
                "--organization-slug",
                "bench",
            ])
            .output()
            .await?;
        let text = String::from_utf8_lossy(&printed.stdout).into_owned();
        let link = text.split_whitespace().find(|word| word.contains("/sign-in/"));
        let owner_link = link
            .ok_or_else(|| format!("init: {text} {}", String::from_utf8_lossy(&printed.stderr)))?
            .to_owned();
        let log = File::create(database.folder.path().join("serve.log"))?;
        let child = command(binary, &settings)
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().ok_or("it ended at once")?;
        let program = Self {
            binary: binary.to_owned(),
            settings,
            child,
            pid,
            base,
            database,
            owner_link,
        };
        program.ready().await?;
        Ok(program)
    }

    /// Runs another of the program's commands on the same installation; what it printed.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = command(&self.binary, &self.settings).args(arguments).output().await?;
        if !output.status.success() {
            let said = [&output.stdout[..output.stdout.len().min(2000)], &output.stderr].map(String::from_utf8_lossy);
            return Err(format!("{arguments:?}: {}", said.join("\n")).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    async fn ready(&self) -> Result<(), Failure> {
        let begun = Instant::now();
        let address = format!("{}/readyz", self.base);
        loop {
            match reqwest::get(&address).await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) if begun.elapsed() > Duration::from_secs(20) => {
                    return Err(format!("not ready: {}", answer.text().await?).into());
                }
                Err(error) if begun.elapsed() > Duration::from_secs(20) => return Err(error.into()),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        self.child.kill().await?;
        Ok(())
    }
}

fn command(binary: &Path, settings: &[String]) -> Command {
    let mut command = Command::new(binary);
    for setting in settings {
        command.args(["--set", setting]);
    }
    command
}
