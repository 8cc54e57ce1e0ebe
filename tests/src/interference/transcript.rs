//! What an observer got to see, and how two of them are compared.

use std::collections::HashMap;
use std::fmt::Write as _;

use async_graphql::ID;
use consentry::graphql::ids;
use consentry::platform::keys::Keys;
use uuid::Uuid;

use crate::workbook;

/// Headers that differ between two answers that say the same: the date of the answer.
const MASKED: &[&str] = &["date"];
/// The tags of ids that are made for partners: these must be random.
const RANDOM_TAGS: &[u8] = &[23, 24];

/// An answer as it came over the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; of a workbook, what its archive holds.
    pub body: String,
}

impl Answer {
    /// Reads it to its end.
    pub(super) async fn of(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let is_workbook = response
            .headers()
            .get("content-type")
            .is_some_and(|media| media == workbook::MEDIA);
        let body = response.bytes().await.expect("a body");
        Self {
            status,
            headers,
            body: if is_workbook {
                workbook::parts(&body)
            } else {
                String::from_utf8_lossy(&body).into_owned()
            },
        }
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(its, _)| its == name)
            .map(|(_, value)| value.as_str())
    }
}

/// How much of an observer's times is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// All of it.
    Exact,
    /// Up to the minute: both worlds' clocks are set before each step and run while it lasts.
    Minutes,
}

/// Renames ids and cursors by their first appearance.
pub struct Names<'a> {
    keys: &'a Keys,
    lists: Vec<Vec<u8>>,
    times: Times,
    known: HashMap<(u16, Vec<Uuid>), usize>,
    counts: HashMap<u16, usize>,
}

impl<'a> Names<'a> {
    /// For a program with these keys, whose lists with cursors have these names.
    #[must_use]
    pub fn new(keys: &'a Keys, lists: Vec<Vec<u8>>, times: Times) -> Self {
        Self {
            keys,
            lists,
            times,
            known: HashMap::new(),
            counts: HashMap::new(),
        }
    }

    /// The answer as it is compared.
    pub fn rename(&mut self, answer: &Answer) -> String {
        let mut text = format!("{}\n", answer.status);
        let request = answer.header("x-request-id").unwrap_or("no request id").to_owned();
        for (name, value) in &answer.headers {
            if MASKED.contains(&name.as_str()) {
                continue;
            }
            // The length follows from the body, which is compared; where times are cut it does not.
            let value = match (name.as_str(), self.times) {
                ("content-length", Times::Minutes) => "…",
                _ => value,
            };
            let value = self.text(&value.replace(&request, "(request)"));
            writeln!(text, "{name}: {value}").expect("a line");
        }
        let body = answer.body.replace(&request, "(request)");
        text + "\n" + &self.text(&body)
    }

    fn text(&mut self, text: &str) -> String {
        let mut renamed = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if end == 0 {
                let next = rest.chars().next().map_or(1, char::len_utf8);
                renamed.push_str(&rest[..next]);
                rest = &rest[next..];
                continue;
            }
            renamed.push_str(&self.word(&rest[..end]));
            rest = &rest[end..];
        }
        match self.times {
            Times::Exact => renamed,
            Times::Minutes => cut_times(&renamed),
        }
    }

    fn word(&mut self, word: &str) -> String {
        if word.len() < 23 {
            return word.to_owned();
        }
        self.id(word)
            .or_else(|| self.cursor(word))
            .unwrap_or_else(|| word.to_owned())
    }

    /// The new name of an id; none where it is no id, or one that should have been random and is not.
    fn id(&mut self, word: &str) -> Option<String> {
        let (tag, parts) = ids::unpack(&ID(word.to_owned()))?;
        if !(1..=41).contains(&tag) {
            return None;
        }
        let own = parts.last()?;
        if RANDOM_TAGS.contains(&tag) && own.get_version_num() != 4 {
            return None;
        }
        Some(self.name(tag.into(), parts))
    }

    fn name(&mut self, tag: u16, parts: Vec<Uuid>) -> String {
        let count = self.counts.entry(tag).or_default();
        let number = self.known.entry((tag, parts)).or_insert_with(|| {
            *count += 1;
            *count
        });
        format!("<{tag}:{number}>")
    }

    /// The new name of a cursor: the place in it, where it holds a place of a list and nothing else.
    fn cursor(&mut self, word: &str) -> Option<String> {
        let (list, place) = self
            .lists
            .iter()
            .enumerate()
            .find_map(|(number, list)| Some((number, self.keys.open_cursor(list, word)?)))?;
        let (time, id) = match place.len() {
            16 => (None, Uuid::from_slice(&place).ok()?),
            24 => (Some(place[..8].to_vec()), Uuid::from_slice(&place[8..]).ok()?),
            // Leads in an order: the day of the consent, or the key of a value that is shown.
            20 | 144 => (Some(place[16..].to_vec()), Uuid::from_slice(&place[..16]).ok()?),
            _ => return None,
        };
        // Of leads: the same lead has the same name, wherever it appears.
        let name = self.name(200 + u16::try_from(list).ok()?, vec![id]);
        Some(format!("<cursor {name} {time:?} of {} characters>", word.len()))
    }
}

/// Cuts `2026-01-01T12:34:56.789Z` after its minutes, wherever it stands.
fn cut_times(text: &str) -> String {
    let mut cut = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('T') {
        let (before, after) = rest.split_at(at + 1);
        cut.push_str(before);
        rest = after;
        let bytes = after.as_bytes();
        let digits = |from: usize, to: usize| {
            bytes
                .get(from..to)
                .is_some_and(|some| some.iter().all(u8::is_ascii_digit))
        };
        if digits(0, 2) && digits(3, 5) && digits(6, 8) && bytes[2] == b':' && bytes[5] == b':' {
            let end = after.find('Z').unwrap_or(8);
            cut.push_str(&after[..5]);
            rest = &after[end..];
        }
    }
    cut + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use consentry_domain::{LeadId, OrganizationId};

    fn answer(body: &str) -> Answer {
        Answer {
            status: 200,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }

    fn lead(id: Uuid) -> String {
        ids::encode(OrganizationId(Uuid::nil()), LeadId(id)).to_string()
    }

    #[test]
    fn ids_and_cursors_are_renamed_by_first_appearance_and_nothing_else_is() {
        let keys = Keys::new(&[1; 32]);
        let list = b"leads".to_vec();
        let [one, two] = [1, 2].map(|n| uuid::Builder::from_random_bytes([n; 16]).into_uuid());
        let mut names = Names::new(&keys, vec![list.clone()], Times::Exact);
        let mut other = Names::new(&keys, vec![list.clone()], Times::Exact);
        let text = |one, two| {
            let cursor = keys.cursor(&list, Uuid::as_bytes(&one));
            answer(&format!("\"{}\" {} {} {cursor} 2026", lead(one), lead(two), lead(one)))
        };
        assert_eq!(names.rename(&text(one, two)), other.rename(&text(two, one)));
        for wrong in [
            lead(Uuid::from_u128(7)),
            keys.cursor(b"other", one.as_bytes()),
            keys.cursor(&list, b"row 17"),
        ] {
            assert!(names.rename(&answer(&wrong)).contains(&wrong), "{wrong}");
        }
    }

    #[test]
    fn times_are_cut_where_that_is_wished() {
        assert_eq!(
            cut_times("at 2026-01-02T03:04:05.678901Z, The T"),
            "at 2026-01-02T03:04Z, The T"
        );
    }
}
