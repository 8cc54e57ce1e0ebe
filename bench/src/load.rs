//! A closed loop: so many connections, each of which sends its next request when the last is answered.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::{Arguments, Failure, accounts};

/// What a load showed.
pub(crate) struct Figures {
    /// Answers in a second.
    pub(crate) per_second: f64,
    /// Half of the answers were faster.
    pub(crate) median: Duration,
    /// Of a hundred answers one was slower.
    pub(crate) p99: Duration,
    /// CPU of the program for one answer.
    pub(crate) program: Duration,
    /// CPU of the database for one answer; none where it runs inside the program.
    pub(crate) server: Duration,
    /// The program's anonymous memory at the end, in MiB.
    pub(crate) memory: f64,
}

impl Figures {
    /// CPU of program and database for one answer.
    pub(crate) fn cpu(&self) -> Duration {
        self.program + self.server
    }
}

/// What is loaded.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// What was asked for on the command line.
    pub(crate) arguments: &'a Arguments,
    /// The program's process.
    pub(crate) pid: u32,
    /// Its database.
    pub(crate) database: &'a Database,
}

impl Target<'_> {
    fn cpu(&self) -> Result<(Duration, Duration), Failure> {
        let server = match self.database.is_sqlite() {
            true => Duration::ZERO,
            false => accounts::cpu_of_family(self.arguments.postgres_pid)?,
        };
        Ok((accounts::cpu(self.pid)?, server))
    }
}

/// Sends requests on so many connections. `request` is told its connection and its number there; an answer that it does
/// not accept ends the run.
pub(crate) async fn run<F, R>(target: Target<'_>, connections: usize, request: F) -> Result<Figures, Failure>
where
    F: Fn(usize, u64) -> R,
    R: Future<Output = Result<(), Failure>>,
{
    let wanted = Duration::from_secs(target.arguments.seconds);
    // Connections, prepared statements and caches come first; they are not measured.
    drive(connections, Duration::from_secs(1), &|connection, number| {
        request(connection, number)
    })
    .await?;
    let (program, server) = target.cpu()?;
    let begun = Instant::now();
    let mut took = drive(connections, wanted, &|connection, number| {
        request(connection, 1_000_000 + number)
    })
    .await?;
    let elapsed = begun.elapsed();
    let (program_after, server_after) = target.cpu()?;
    took.sort_unstable();
    let count = u32::try_from(took.len())?;
    if count < 20 {
        return Err(format!("{count} answers are too few to say anything").into());
    }
    Ok(Figures {
        per_second: f64::from(count) / elapsed.as_secs_f64(),
        median: took[took.len() / 2],
        p99: took[took.len() * 99 / 100],
        program: (program_after - program) / count,
        server: (server_after - server) / count,
        memory: accounts::anonymous_memory(target.pid)?,
    })
}

async fn drive<F, R>(connections: usize, wanted: Duration, request: &F) -> Result<Vec<Duration>, Failure>
where
    F: Fn(usize, u64) -> R,
    R: Future<Output = Result<(), Failure>>,
{
    let end = Instant::now() + wanted;
    let one = |connection| async move {
        let mut took = Vec::new();
        while Instant::now() < end {
            let begun = Instant::now();
            request(connection, took.len() as u64).await?;
            took.push(begun.elapsed());
        }
        Ok::<_, Failure>(took)
    };
    let all = futures_util::future::try_join_all((0..connections).map(one)).await?;
    Ok(all.concat())
}
