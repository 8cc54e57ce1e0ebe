//! Many texts in few fields: each field takes as many as fit into it, one that begins a formula first in every second one.

use std::collections::BTreeSet;

use consentry_tests::corpus;

use super::fields::Accepts;
use super::rule::{Said, said};

/// Stands at the end of every text, and nowhere else.
pub const MARK: &str = "Zq7";
/// Everything that Markdown makes of a text.
const HARMLESS: &str = "Plain *a* **b** ~~c~~ `d` [e](https://harmless.example) [f](https://harmless.example \"g\") <https://harmless.example>  \n\
    broken\n\n> said\n\n- one\n- two\n\n1. one\n\n3. three\n\n***\n\n# Head\n\n```rust\nlet x;\n```\n\n    code\n\nEnd Zq7";

/// Texts to be typed.
pub struct Packed {
    /// For one line: those that begin formulas, and the others.
    lines: [Wheel; 2],
    /// For several.
    texts: [Wheel; 2],
    turn: usize,
}

struct Wheel {
    all: Vec<String>,
    next: usize,
    used: BTreeSet<usize>,
}

impl Wheel {
    fn of(accepts: Accepts) -> [Self; 2] {
        let kept = corpus::all()
            .into_iter()
            .filter_map(|hostile| match said(accepts, &hostile.text)? {
                Said::Kept(text) => Some((hostile.of == "formulas", text)),
                _ => None,
            });
        let (formulas, others): (Vec<_>, Vec<_>) = kept.partition(|(is_formula, _)| *is_formula);
        [formulas, others].map(|all| Self {
            all: all.into_iter().map(|(_, text)| text).collect(),
            next: 0,
            used: BTreeSet::new(),
        })
    }

    /// One that was not used yet and has at most so many characters.
    fn unused(&mut self, most: usize) -> Option<String> {
        let fits = |index: &usize| self.all[*index].chars().count() <= most;
        let found = (0..self.all.len())
            .filter(|index| !self.used.contains(index))
            .find(fits)?;
        self.used.insert(found);
        Some(self.all[found].clone())
    }

    /// The same, or, where all are used, one of those again, each in its turn.
    fn next(&mut self, most: usize) -> Option<String> {
        if let Some(unused) = self.unused(most) {
            return Some(unused);
        }
        let count = self.all.len();
        let fits = |index: &usize| self.all[*index].chars().count() <= most;
        let found = (0..count).map(|step| (self.next + step) % count).find(fits)?;
        self.next = found + 1;
        Some(self.all[found].clone())
    }
}

impl Packed {
    /// Those of the corpus.
    pub fn hostile() -> Self {
        Self {
            lines: Wheel::of(Accepts::Line(500)),
            texts: Wheel::of(Accepts::Text(10_000)),
            turn: 0,
        }
    }

    /// As long ones that mean no harm.
    pub fn harmless() -> Self {
        let none = || Wheel {
            all: Vec::new(),
            next: 0,
            used: BTreeSet::new(),
        };
        Self {
            lines: [none(), none()],
            texts: [none(), none()],
            turn: 0,
        }
    }

    /// What is typed into a field that accepts this.
    pub fn next(&mut self, accepts: Accepts) -> String {
        let (most, between, wheels) = match accepts {
            Accepts::Line(most) => (most, " ", &mut self.lines),
            Accepts::Text(most) => (most, "\n", &mut self.texts),
            Accepts::Other => panic!("what has a form of its own is not packed"),
        };
        if wheels[1].all.is_empty() {
            return match accepts {
                Accepts::Text(most) if most > 400 => HARMLESS.to_owned(),
                Accepts::Text(_) => format!("A word\nand one {MARK}"),
                _ => format!("A word {MARK}"),
            };
        }
        self.turn += 1;
        // Not all of them in the first one that has room for all.
        let room = most.min(700) - MARK.len() - 1;
        let mut text = wheels[self.turn % 2].next(room.min(200)).unwrap_or_default();
        loop {
            let left = room.saturating_sub(text.chars().count() + 1);
            // What begins a formula does so at the beginning of a line.
            let begins = (between == "\n").then(|| wheels[0].unused(left)).flatten();
            let Some(next) = begins.or_else(|| wheels[1].unused(left)) else {
                break;
            };
            text = text + between + &next;
        }
        let text = format!("{text} {MARK}");
        assert_eq!(said(accepts, &text), Some(Said::Kept(text.clone())), "a good text");
        text
    }

    /// Fails where one was never typed.
    pub fn is_all_used(&self) {
        for (wheel, what) in self
            .lines
            .iter()
            .chain(&self.texts)
            .zip(["formulas", "lines", "formulas", "texts"])
        {
            let missing: Vec<_> = (0..wheel.all.len())
                .filter(|index| !wheel.used.contains(index))
                .map(|index| &wheel.all[index])
                .collect();
            println!("{what}: {} typed", wheel.used.len());
            assert!(missing.is_empty(), "{what} that were never typed: {missing:?}");
        }
    }
}
