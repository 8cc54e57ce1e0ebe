//! Work that takes its time, and how far it is: a bar with words beside it. A script looks again by itself; without one,
//! a link does.

use crate::frame::Frame;

/// How far something is; drawn by `progress.html`.
pub(crate) struct Progress {
    /// What it is, for who hears the bar and does not see it.
    pub(crate) title: String,
    /// How far, in words.
    pub(crate) words: String,
    /// More about it, a line each.
    pub(crate) lines: Vec<String>,
    pub(crate) value: i64,
    pub(crate) max: i64,
    /// Whether it goes on by itself.
    pub(crate) runs: bool,
    /// The page on which it stands.
    pub(crate) here: String,
}

impl Progress {
    /// What the bar is drawn to. Of nothing all is done.
    pub(crate) fn bar(&self) -> (i64, i64) {
        if self.max > 0 {
            (self.value.clamp(0, self.max), self.max)
        } else {
            (1, 1)
        }
    }

    /// The script that looks again.
    pub(crate) fn script(&self) -> &'static str {
        &crate::assets::PROGRESS.path
    }

    /// For the list of components: one that runs, and one that is over.
    pub(crate) fn examples(frame: &Frame) -> [Self; 2] {
        let example = |value, lines: &[&str], runs| Self {
            title: "Something that takes its time".to_owned(),
            words: frame.say2("called-off-done", "done", &format!("{value}"), "total", "300"),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            value,
            max: 300,
            runs,
            here: "#main".to_owned(),
        };
        [
            example(120, &["177 are left.", "3 wait, and why."], true),
            example(300, &["Finished."], false),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_never_longer_than_it_is_and_full_where_there_is_nothing_to_do() {
        let of = |value, max| {
            let progress = Progress {
                title: String::new(),
                words: String::new(),
                lines: Vec::new(),
                value,
                max,
                runs: false,
                here: String::new(),
            };
            progress.bar()
        };
        assert_eq!(
            [of(1, 3), of(5, 3), of(-1, 3), of(0, 0)],
            [(1, 3), (3, 3), (0, 3), (1, 1)]
        );
    }
}
