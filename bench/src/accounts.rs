//! What processes used, from the kernel's accounts.

use std::fs;
use std::time::Duration;

use crate::Failure;

/// The kernel counts in hundredths of a second (`USER_HZ`, which is 100 on every Linux that this runs on).
const TICK: Duration = Duration::from_millis(10);

/// The time on a CPU of a process, and of its children where they are asked for.
///
/// # Errors
/// Where the process is gone.
pub(crate) fn cpu(pid: u32) -> Result<Duration, Failure> {
    let (own, _) = times(pid)?;
    Ok(own)
}

/// The time on a CPU of a server with a process per connection: its first process, the children that ended, and those
/// that live.
///
/// # Errors
/// Where its first process is gone.
pub(crate) fn cpu_of_family(pid: u32) -> Result<Duration, Failure> {
    let (own, ended) = times(pid)?;
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    // A child that ends between the two reads is counted by the next reading.
    let living = children
        .split_whitespace()
        .filter_map(|child| times(child.parse().ok()?).ok());
    Ok(living.fold(own + ended, |sum, (own, ended)| sum + own + ended))
}

/// Resident memory that no file stands behind, in MiB.
///
/// # Errors
/// Where the process is gone.
pub(crate) fn anonymous_memory(pid: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes: f64 = line.ok_or("no RssAnon")?.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

fn times(pid: u32) -> Result<(Duration, Duration), Failure> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name may hold anything, brackets included; after the last one come numbers (proc(5): fields 14 to 17).
    let numbers = stat.rsplit_once(')').ok_or("not a stat line")?.1;
    let field = |number: usize| -> Result<u32, Failure> {
        Ok(numbers
            .split_whitespace()
            .nth(number - 3)
            .ok_or("a short stat line")?
            .parse()?)
    };
    Ok((TICK * (field(14)? + field(15)?), TICK * (field(16)? + field(17)?)))
}
