//! Files as the programs read them that they are made for.

use consentry_tests::app::Answer;
use consentry_tests::workbook;
use serde_json::Value;

use super::packed::MARK;

/// What is wrong with a file.
pub fn judge(path: &str, answer: &Answer) -> Vec<String> {
    let kind = answer.header("content-type");
    let mut wrong = Vec::new();
    let disposition = answer.header("content-disposition");
    if !disposition.is_empty() && !is_plain(disposition) {
        wrong.push(format!("its name: {disposition}"));
    }
    match kind.split(';').next().unwrap_or_default() {
        "text/csv" => wrong.extend(csv(&answer.text)),
        workbook::MEDIA => wrong.extend(book(answer)),
        "text/calendar" => wrong.extend(calendar(&answer.text)),
        "application/json" => wrong.extend(json(&answer.text)),
        "image/png" | "image/jpeg" | "image/svg+xml" | "text/css" | "text/javascript" | "application/javascript" => {}
        other => wrong.push(format!("an unknown kind of file, {other}, at {path}")),
    }
    wrong
}

/// A name of letters, digits and hyphens in quotation marks, and nothing behind it.
fn is_plain(disposition: &str) -> bool {
    let name = disposition
        .strip_prefix("attachment; filename=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    name.is_some_and(|name| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    })
}

/// Whether a spreadsheet calculates a cell: what it begins with, also behind what it skips.
fn is_formula(cell: &str) -> bool {
    let begins = cell.trim_start_matches([' ', '\u{a0}', '\u{3000}']);
    begins.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ])
}

fn csv(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
    let width = lines.first().map_or(0, csv::StringRecord::len);
    for line in &lines {
        if line.len() != width {
            wrong.push(format!("{} cells, not {width}: {line:?}", line.len()));
        }
        wrong.extend(
            line.iter()
                .filter(|cell| is_formula(cell))
                .map(|cell| format!("a formula: {cell:?}")),
        );
    }
    if lines.len() < 2 {
        wrong.push("no lines".to_owned());
    }
    wrong
}

fn book(answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let cells = workbook::cells(&answer.bytes);
    let width = cells.first().map_or(0, Vec::len);
    wrong.extend(
        cells
            .iter()
            .filter(|line| line.len() != width)
            .map(|line| format!("{} cells, not {width}", line.len())),
    );
    let parts = workbook::parts(&answer.bytes);
    for forbidden in [
        "<f>",
        "<f ",
        "<hyperlink",
        "externalLink",
        "ddeLink",
        "oleLink",
        "vbaProject",
    ] {
        if parts.contains(forbidden) {
            wrong.push(format!("{forbidden} in the workbook"));
        }
    }
    wrong
}

/// One entry, with these properties each once, and nothing else.
fn calendar(text: &str) -> Vec<String> {
    const PROPERTIES: [&str; 10] = [
        "UID",
        "SUMMARY",
        "URL",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "LOCATION",
        "DESCRIPTION",
        "SEQUENCE",
        "STATUS",
    ];
    let mut wrong = Vec::new();
    if text.replace("\r\n", "").contains(['\r', '\n']) {
        wrong.push("a line that ends otherwise".to_owned());
    }
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let lines: Vec<&str> = unfolded.lines().collect();
    let count = |line: &str| lines.iter().filter(|its| **its == line).count();
    for line in ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT"] {
        if count(line) != 1 {
            wrong.push(format!("{line} {} times", count(line)));
        }
    }
    let inside = lines
        .iter()
        .skip_while(|line| **line != "BEGIN:VEVENT")
        .skip(1)
        .take_while(|line| **line != "END:VEVENT");
    let names: Vec<&str> = inside
        .map(|line| line.split([':', ';']).next().unwrap_or_default())
        .collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    if once.len() != names.len() || !names.iter().all(|name| PROPERTIES.contains(name)) {
        wrong.push(format!("other properties: {names:?}"));
    }
    match icalendar::parser::read_calendar(&icalendar::parser::unfold(text)) {
        Ok(calendar) if calendar.components.len() == 1 => {}
        Ok(calendar) => wrong.push(format!("{} entries", calendar.components.len())),
        Err(error) => wrong.push(format!("it cannot be read: {error}")),
    }
    wrong
}

/// Texts stay texts: none becomes a part of what it stands in.
fn json(text: &str) -> Vec<String> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if is_text(&value) => Vec::new(),
        Ok(_) => vec!["a text that became something else".to_owned()],
        Err(error) => vec![format!("it cannot be read: {error}")],
    }
}

/// Whether no name in it is one that somebody typed.
fn is_text(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.iter().all(is_text),
        Value::Object(all) => all.iter().all(|(name, value)| {
            is_text(value) && !name.contains(MARK) && !["xq", "a", "@context"].contains(&name.as_str())
        }),
        _ => true,
    }
}
