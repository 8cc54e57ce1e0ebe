//! What tests tell a build with planted faults by its environment. In other builds nothing reads these variables, and
//! none of it is configuration.

/// Which fault is planted, by its name; none where the variable is not set.
#[must_use]
pub fn planted() -> Option<String> {
    std::env::var("CONSENTRY_TEST_PLANTED_FAULT").ok()
}

/// Where the process stops for its end: a fail point's name and how often it is passed until then, `NAME:TIMES`.
#[must_use]
pub fn stop_at() -> Option<(String, u32)> {
    let text = std::env::var("CONSENTRY_TEST_STOP_AT").ok()?;
    let (name, times) = text.split_once(':')?;
    Some((name.to_owned(), times.parse().ok()?))
}
