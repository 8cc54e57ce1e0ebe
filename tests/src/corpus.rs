//! Hostile texts: `tests/corpora`, read.

/// A text that tries to be more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hostile {
    /// The file that it stands in.
    pub of: &'static str,
    /// What is typed.
    pub text: String,
}

const FILES: [&str; 8] = [
    "markup",
    "formulas",
    "headers",
    "calendars",
    "templates",
    "documents",
    "signs",
    "formats",
];

/// Every one.
///
/// # Panics
/// Where a file is not written as its folder says.
#[must_use]
pub fn all() -> Vec<Hostile> {
    let mut all = Vec::new();
    for of in FILES {
        let path = format!("{}/corpora/{of}.txt", env!("CARGO_MANIFEST_DIR"));
        let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        for line in lines.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            all.push(Hostile {
                of,
                text: unescaped(line),
            });
        }
    }
    all
}

/// What a line stands for.
fn unescaped(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let plain = [("n", "\n"), ("r", "\r"), ("t", "\t"), ("0", "\0"), ("\\", "\\")];
        if let Some((sign, meant)) = plain.iter().find(|(sign, _)| after.starts_with(sign)) {
            text.push_str(meant);
            rest = &after[sign.len()..];
            continue;
        }
        let inner = braced(after.trim_start_matches('u'), line);
        let is_sign = after.starts_with('u');
        rest = &after[usize::from(is_sign) + inner.len() + 2..];
        if is_sign {
            let number = u32::from_str_radix(inner, 16).unwrap_or_else(|_| panic!("{line}: {inner}"));
            text.push(char::from_u32(number).unwrap_or_else(|| panic!("{line}: {inner}")));
        } else {
            let (times, what) = inner.split_once(':').unwrap_or_else(|| panic!("{line}: how often?"));
            let times = times.parse().unwrap_or_else(|_| panic!("{line}: {times}"));
            text.push_str(&unescaped(what).repeat(times));
        }
    }
    text.push_str(rest);
    text
}

/// What stands in the braces that begin here; it may have braces of its own.
fn braced<'a>(text: &'a str, line: &str) -> &'a str {
    let inner = text
        .strip_prefix('{')
        .unwrap_or_else(|| panic!("{line}: a brace is expected"));
    let mut depth = 1;
    let end = inner.find(|sign| {
        depth += match sign {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth == 0
    });
    &inner[..end.unwrap_or_else(|| panic!("{line} does not end"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_for_this() {
        for (line, text) in [
            ("a", "a"),
            ("a\\n\\r\\t\\0\\\\n", "a\n\r\t\0\\n"),
            ("\\u{202e}x", "\u{202e}x"),
            ("a\\{3:\\u{301}}b", "a\u{301}\u{301}\u{301}b"),
            ("\\{2:ab}", "abab"),
        ] {
            assert_eq!(unescaped(line), text);
        }
        assert!(all().len() > 300);
    }
}
