//! A PostgreSQL of a test's own that keeps what it confirmed (fsync is on), to be stopped as if the power had failed.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The accounts that a server may run as where we are root, which PostgreSQL refuses.
const ACCOUNTS: &[&str] = &["consentry-test", "postgres"];

/// A cluster; it goes away with this value.
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    account: Option<(u32, u32)>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes one and starts it.
    #[must_use]
    pub fn make() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().metadata().expect("a folder").uid() == 0;
        let account = root.then(account);
        if let Some((user, group)) = account {
            chown(folder.path(), Some(user), Some(group)).expect("owned by the server's account");
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let mut cluster = Self {
            programs: programs(),
            port: free.local_addr().expect("an address").port(),
            folder,
            account,
            server: None,
        };
        drop(free);
        let mut initdb = cluster.command("initdb");
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        let made = initdb
            .arg("--pgdata")
            .arg(cluster.data())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.start();
        cluster
    }

    /// The administrator's address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it, and waits until it answers.
    pub fn start(&mut self) {
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            "synchronous_commit=on",
        ] {
            postgres.args(["-c", setting]);
        }
        self.server = Some(postgres.spawn().expect("postgres starts"));
        let began = Instant::now();
        let ready = |cluster: &Self| {
            let mut ask = cluster.command("pg_isready");
            ask.args(["--quiet", "--host=127.0.0.1", "--port", &cluster.port.to_string()]);
            ask.status().is_ok_and(|status| status.success())
        };
        while !ready(self) {
            assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it at once, without writing anything more: what was not flushed is lost.
    pub fn stop_at_once(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let mut stop = self.command("pg_ctl");
        let stopped = stop
            .arg("-D")
            .arg(self.data())
            .args(["stop", "--mode=immediate"])
            .status();
        assert!(stopped.expect("pg_ctl runs").success());
        server.wait().expect("it ended");
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        // It ends with the thread that started it, however that ends.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]);
        if let Some((user, group)) = self.account {
            command.args([
                "--reuid",
                &user.to_string(),
                "--regid",
                &group.to_string(),
                "--clear-groups",
            ]);
        }
        command.arg(self.programs.join(program));
        command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.stop_at_once();
        } else if let Some(mut server) = self.server.take() {
            // Without its first process the others end, too.
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// The directory of the newest installed server's programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("a PostgreSQL server is installed");
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/postgres").exists().then(|| (version, path.join("bin")))
        })
        .collect();
    found.sort();
    found.pop().expect("a PostgreSQL server is installed").1
}

/// User and group of the first account that there is.
fn account() -> (u32, u32) {
    let known = std::fs::read_to_string("/etc/passwd").expect("the accounts");
    let numbers = |name: &&str| {
        let line = known.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    ACCOUNTS
        .iter()
        .find_map(numbers)
        .expect("an account for PostgreSQL; tests/run makes one")
}
