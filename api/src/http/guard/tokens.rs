//! Counts the lexical tokens of a document, and how deep its brackets nest, in one pass that stops at the limit.
//!
//! Parsing is linear but costs memory per token and a stack frame per bracket; this pass costs neither.
//! It need not refuse what is no GraphQL: that is the parser's work. It must never count fewer tokens than the parser
//! sees; that it counts the three parts of `1.5` one by one is no harm.

use super::Refusal;

/// Brackets within brackets, of any kind. The parser descends once for each.
const MAX_BRACKETS: usize = 64;

/// What the pass saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    /// Lexical tokens.
    pub count: usize,
    /// The deepest nesting of brackets.
    pub brackets: usize,
}

/// Refuses a document with too many tokens or too deep brackets.
pub(super) fn check(text: &str, limit: usize) -> Result<Tokens, Refusal> {
    let tokens = count(text, limit);
    if tokens.count > limit {
        return Err(Refusal::over("tokens", limit));
    }
    if tokens.brackets > MAX_BRACKETS {
        return Err(Refusal::over("nested brackets", MAX_BRACKETS));
    }
    Ok(tokens)
}

/// Counts until either limit is exceeded.
fn count(text: &str, limit: usize) -> Tokens {
    let bytes = text.as_bytes();
    let mut tokens = Tokens::default();
    let mut open = 0_usize;
    let mut at = 0;
    while at < bytes.len() && tokens.count <= limit && tokens.brackets <= MAX_BRACKETS {
        let rest = &bytes[at..];
        let (length, is_token) = match rest[0] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, false),
            0xEF if rest.starts_with(b"\xEF\xBB\xBF") => (3, false),
            b'#' => (run(rest, |byte| byte != b'\n' && byte != b'\r'), false),
            b'"' => (string(rest), true),
            b'.' if rest.starts_with(b"...") => (3, true),
            byte if is_name(byte) || byte == b'-' => (1 + run(&rest[1..], is_name), true),
            byte => {
                match byte {
                    b'{' | b'[' | b'(' => {
                        open += 1;
                        tokens.brackets = tokens.brackets.max(open);
                    }
                    b'}' | b']' | b')' => open = open.saturating_sub(1),
                    _ => {}
                }
                (1, true)
            }
        };
        at += length;
        tokens.count += usize::from(is_token);
    }
    tokens
}

fn run(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| wanted(**byte)).count()
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The length of a string with its quotes; an unfinished one reaches to the end.
fn string(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\"\"\"") {
        let mut at = 3;
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return bytes.len();
    }
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{Tokens, check, count};

    fn tokens(text: &str) -> usize {
        count(text, usize::MAX).count
    }

    #[test]
    fn each_kind_of_token_counts_once() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("{ a }"), 3);
        assert_eq!(tokens("{ ...F }"), 4);
        assert_eq!(tokens("a...b"), 3);
        assert_eq!(tokens("query Q($a: [Int!]! = [1, -2, 30e4]) @d { x: y(z: $a) }"), 31);
        assert_eq!(tokens("!$&():=@[]{}|"), 13);
    }

    #[test]
    fn whitespace_commas_comments_and_the_byte_order_mark_are_no_tokens() {
        assert_eq!(tokens("\u{feff}{ a,,,,\t\r\n # b c d \"e\"\n , }"), 3);
        assert_eq!(tokens("# to the end"), 0);
    }

    #[test]
    fn a_string_is_one_token_whatever_it_holds() {
        assert_eq!(tokens(r#"(a: "{ b c \" \\ d }")"#), 5);
        assert_eq!(tokens("(a: \"\"\" { \" \\\"\"\" # x\n } \"\"\")"), 5);
        assert_eq!(tokens("\"\" \"\""), 2);
        assert_eq!(tokens("\"unfinished { a"), 1);
        assert_eq!(tokens("\"ends with the line\n{ a }"), 4);
        assert_eq!(tokens("\"\\"), 1);
    }

    #[test]
    fn counting_stops_at_the_limit() {
        let text = "a ".repeat(1_000_000);
        assert_eq!(count(&text, 1000).count, 1001);
        assert!(check(&"a ".repeat(1000), 1000).is_ok());
        assert!(check(&"a ".repeat(1001), 1000).is_err());
    }

    #[test]
    fn brackets_nest_to_sixty_four_and_no_deeper() {
        assert_eq!(
            check(&"[".repeat(64), 1000).unwrap(),
            Tokens {
                count: 64,
                brackets: 64
            }
        );
        assert!(check(&"[".repeat(65), 1000).is_err());
        assert!(check(&"{[(".repeat(30), 1000).is_err());
        assert!(check(&"[]".repeat(400), 1000).is_ok());
    }
}
