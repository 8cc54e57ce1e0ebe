//! Takes comments and the insides of literals out of Rust text, line by line as it was.

/// The text with every comment and every character inside a string or character literal replaced by a blank.
pub(super) fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => find(bytes, at, |rest| rest[0] == b'\n', 0),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment(bytes, at),
            b'"' => string(bytes, at),
            b'r' if !in_word(bytes, at) => raw_string(bytes, at),
            b'\'' => character(bytes, at),
            _ => at,
        };
        if end == at {
            out.push(bytes[at]);
            at += 1;
        } else {
            out.extend(
                bytes[at..end]
                    .iter()
                    .map(|&byte| if byte == b'\n' { b'\n' } else { b' ' }),
            );
            at = end;
        }
    }
    String::from_utf8(out).expect("only whole literals and comments were blanked")
}

fn in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

/// Where `found` holds for the first time from `at` on, and so many bytes further; the end where it never does.
fn find(bytes: &[u8], at: usize, found: impl Fn(&[u8]) -> bool, further: usize) -> usize {
    (at..bytes.len())
        .find(|&i| found(&bytes[i..]))
        .map_or(bytes.len(), |i| i + further)
}

fn block_comment(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of `r"…"` or `r#"…"#`; `start` itself where none begins.
fn raw_string(bytes: &[u8], start: usize) -> usize {
    let hashes = bytes[start + 1..].iter().take_while(|&&byte| byte == b'#').count();
    let quote = start + 1 + hashes;
    if bytes.get(quote) != Some(&b'"') {
        return start;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    find(bytes, quote + 1, |rest| rest.starts_with(&close), close.len())
}

/// The end of a character literal; `start` itself where a lifetime begins.
fn character(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start + 1) == Some(&b'\\') {
        return find(bytes, start + 3, |rest| rest[0] == b'\'', 1);
    }
    // One character of up to four bytes, then the closing quote.
    let width = match bytes.get(start + 1) {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    };
    if bytes.get(start + 1 + width) == Some(&b'\'') {
        start + 2 + width
    } else {
        start
    }
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_stay() {
        let text = "use a; // b::c\n/* d /* e */\n f */ \"g::h\\\" i\" r#\"j \" k\"# '\\'' 'l' &'m n '\u{20ac}' o";
        let code = blank(text);
        assert_eq!(
            code.split_whitespace().collect::<Vec<_>>(),
            ["use", "a;", "&'m", "n", "o"]
        );
        assert_eq!(code.lines().count(), text.lines().count());
    }
}
