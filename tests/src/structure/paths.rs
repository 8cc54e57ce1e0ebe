//! Which paths a Rust file names: `crate::a::b`, `use super::{c, d::*}`, `other_crate::e`, each resolved to its crate.

use super::Source;

/// A path that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The line, from 1.
    pub line: usize,
    /// The crate's name as code writes it (`consentry` for the program itself), then modules and items.
    pub segments: Vec<String>,
}

impl Named {
    /// Whether the path begins with these segments.
    pub fn starts_with(&self, segments: &[&str]) -> bool {
        self.segments.len() >= segments.len() && self.segments.iter().zip(segments).all(|(a, b)| a == b)
    }
}

/// The crate and module of a file: `api/src/services/store/clock.rs` is `["consentry", "services", "store", "clock"]`.
pub(super) fn module_of(path: &str) -> Vec<String> {
    let mut parts = path.trim_end_matches(".rs").split('/');
    let name = match parts.next().unwrap_or_default() {
        "api" => "consentry".to_owned(),
        folder => format!("consentry_{folder}"),
    };
    let inner = parts.skip(1).filter(|part| !matches!(*part, "mod" | "lib" | "main"));
    std::iter::once(name).chain(inner.map(str::to_owned)).collect()
}

/// Every path of at least two segments that the file names.
pub(super) fn named(source: &Source) -> Vec<Named> {
    let tokens = tokens(&source.code);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        module: module_of(&source.path),
        inline: Vec::new(),
        depth: 0,
    };
    let mut found = Vec::new();
    while reader.at < tokens.len() {
        reader.step(&mut found);
    }
    found
}

struct Token<'a> {
    text: &'a str,
    line: usize,
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and every other character by itself.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (index, text) in code.lines().enumerate() {
        let line = index + 1;
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            found.push(Token {
                text: &rest[..length],
                line,
            });
            rest = rest[length..].trim_start();
        }
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// The file's module.
    module: Vec<String>,
    /// Inline modules around the token, with the depth of braces at which each ends.
    inline: Vec<(String, usize)>,
    depth: usize,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn step(&mut self, found: &mut Vec<Named>) {
        match self.text(self.at) {
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inline.retain(|(_, depth)| *depth <= self.depth);
            }
            "mod" if self.text(self.at + 2) == "{" => {
                let name = self.text(self.at + 1).to_owned();
                self.inline.push((name, self.depth + 1));
            }
            word if is_word(word) && self.text(self.at + 1) == "::" => {
                let line = self.tokens[self.at].line;
                let mut paths = Vec::new();
                self.path(&mut Vec::new(), &mut paths);
                paths.retain(|segments| segments.len() > 1);
                found.extend(paths.into_iter().map(|segments| Named {
                    line,
                    segments: self.resolve(segments),
                }));
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    /// Reads one path with its groups; the reader stands behind it afterwards.
    fn path(&mut self, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
        let kept = prefix.len();
        loop {
            match self.text(self.at) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.text(self.at), "}" | "") {
                        let before = self.at;
                        if is_word(self.text(self.at)) || matches!(self.text(self.at), "{" | "*") {
                            self.path(prefix, paths);
                        }
                        if self.text(self.at) == "as" {
                            self.at += 2;
                        }
                        // A comma, or what is no path.
                        if self.at == before || self.text(self.at) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    break;
                }
                word if is_word(word) => {
                    prefix.push(word.to_owned());
                    self.at += 1;
                    if self.text(self.at) == "::" {
                        self.at += 1;
                    } else {
                        paths.push(prefix.clone());
                        break;
                    }
                }
                // `a::*`, `a::<T>`
                _ => {
                    paths.push(prefix.clone());
                    self.at += 1;
                    break;
                }
            }
        }
        prefix.truncate(kept);
    }

    /// Replaces `crate`, `self` and `super` by what they stand for.
    fn resolve(&self, segments: Vec<String>) -> Vec<String> {
        let mut module = self.module.clone();
        module.extend(self.inline.iter().map(|(name, _)| name.clone()));
        let mut rest = segments.into_iter().peekable();
        let mut resolved = match rest.peek().map(String::as_str) {
            Some("crate") => vec![module[0].clone()],
            Some("self" | "super") => module,
            _ => return rest.collect(),
        };
        if rest.peek().is_some_and(|first| first == "crate") {
            rest.next();
        }
        while let Some(word) = rest.peek().map(String::as_str) {
            match word {
                "self" => {}
                "super" => {
                    resolved.pop();
                }
                _ => break,
            }
            rest.next();
        }
        resolved.extend(rest);
        resolved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let source = Source::new("api/src/graphql/partner/lead.rs", text);
        named(&source)
            .into_iter()
            .map(|named| named.segments.join("::"))
            .collect()
    }

    #[test]
    fn groups_are_spread_out() {
        assert_eq!(
            paths("use crate::{services::{events, people as p}, access::*};"),
            [
                "consentry::services::events",
                "consentry::services::people",
                "consentry::access"
            ]
        );
    }

    #[test]
    fn super_and_self_are_followed_through_inline_modules() {
        assert_eq!(paths("use super::ids::Id;"), ["consentry::graphql::partner::ids::Id"]);
        assert_eq!(
            paths("mod tests { use super::super::x; }"),
            ["consentry::graphql::partner::x"]
        );
        assert_eq!(
            paths("mod tests { } use self::x;"),
            ["consentry::graphql::partner::lead::x"]
        );
    }

    #[test]
    fn paths_inside_expressions_count_too() {
        assert_eq!(
            paths("fn f() { let a = sea_orm::Statement::from_string(1); g::<crate::web::T>() }"),
            ["sea_orm::Statement::from_string", "consentry::web::T"]
        );
    }
}
