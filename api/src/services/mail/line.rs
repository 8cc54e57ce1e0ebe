//! Text of one line that came from people: what a mail may show of it.
//!
//! Cleaning is a property of the type: a message has no other way to hold such a text, whether it was made by a
//! service or read back from its row. Escaping for HTML and iCalendar is not done here but where these are written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest text shown, in characters.
const LINE_LIMIT: usize = 500;
/// The longest name of a person shown, in characters.
const NAME_LIMIT: usize = 100;

/// One line: no line break, no control character, no character that turns the direction of writing or hides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Line(String);

impl Line {
    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self(one_line(&text, LINE_LIMIT))
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self(one_line(text, LINE_LIMIT))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Several lines, of which each is cleaned as a [`Line`] is. As long as whoever wrote it was let write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Lines(String);

impl Lines {
    /// The cleaned lines.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.0.lines()
    }
}

impl From<String> for Lines {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Lines {
    fn from(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(|line| one_line(line, usize::MAX)).collect();
        Self(lines.join("\n"))
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name as anybody may have typed it, also for a stranger's address.
///
/// Mail programs turn what looks like an address into a link, and a registration form would lend our sender to
/// whoever puts an advertisement into the name field. So nothing in a name reads as an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct PersonName(String);

impl PersonName {
    /// The cleaned name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for PersonName {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for PersonName {
    fn from(text: &str) -> Self {
        let mut name = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                // A dot is spelled with a space behind it ("J. R. Smith"): a domain's name needs it without.
                '.' | '。' | '．' | '｡' => name.push_str(". "),
                ':' | '/' | '\\' | '@' | '：' | '／' | '＠' => name.push(' '),
                other => name.push(other),
            }
        }
        Self(one_line(&name, NAME_LIMIT))
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character neither breaks nor turns nor hides a line.
fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn one_line(text: &str, limit: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|character| if is_shown(character) { character } else { ' ' })
        .collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.chars().count() <= limit {
        return joined;
    }
    let mut cut: String = joined.chars().take(limit - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_controls_or_direction_marks() {
        for (raw, shown) in [
            ("Rust Day\r\nBcc: a@example.org", "Rust Day Bcc: a@example.org"),
            ("a\u{2028}b\u{85}c\u{b}d\te", "a b c d e"),
            ("invoice\u{202e}fdp.exe", "invoice fdp.exe"),
            ("  a   b  ", "a b"),
            ("\0\u{1b}[31mred", "[31mred"),
        ] {
            assert_eq!(Line::from(raw).as_str(), shown);
            let read: Line = serde_json::from_value(serde_json::json!(raw)).unwrap();
            assert_eq!(read.as_str(), shown, "also when read back");
        }
    }

    #[test]
    fn several_lines_keep_their_breaks_and_lose_what_a_line_loses() {
        let lines = Lines::from("One\r\n\r\n  two\u{202e} \u{2028}three\0\n");
        assert_eq!(lines.each().collect::<Vec<_>>(), ["One", "", "two three"]);
        let long = "x".repeat(LINE_LIMIT * 2);
        let read: Lines = serde_json::from_value(serde_json::json!(long)).unwrap();
        assert_eq!(read.to_string(), long, "nothing of an answer is cut off");
    }

    #[test]
    fn a_name_cannot_carry_an_address() {
        for (raw, shown) in [
            ("Win https://evil.example/x now", "Win https evil. example x now"),
            ("J.R.R. Tolkien", "J. R. R. Tolkien"),
            ("me@evil.example", "me evil. example"),
            ("Anne-Marie O'Neill", "Anne-Marie O'Neill"),
        ] {
            assert_eq!(PersonName::from(raw).as_str(), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let name = PersonName::from("x".repeat(2000));
        assert_eq!(name.as_str().chars().count(), NAME_LIMIT);
        assert!(name.as_str().ends_with('…'));
    }
}
