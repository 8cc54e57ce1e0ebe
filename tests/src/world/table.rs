//! The table of who may do what, read from `tests/tests/matrix.tsv`.

use super::Who;

const TABLE: &str = include_str!("../../tests/matrix.tsv");

/// A line of the table.
pub struct Line {
    /// A mutation's name, or a query's path.
    pub operation: &'static str,
    /// The right that it demands.
    pub right: &'static str,
    /// For what the right is asked.
    pub scope: &'static str,
    /// What comes of it, for each of [`Who::ALL`].
    pub words: Vec<&'static str>,
}

impl Line {
    /// Who may, in the order of the columns.
    #[must_use]
    pub fn allowed(&self) -> Vec<Who> {
        let may = Who::ALL
            .into_iter()
            .zip(&self.words)
            .filter(|(_, word)| **word == "yes");
        may.map(|(who, _)| who).collect()
    }
}

/// Every line.
#[must_use]
pub fn table() -> Vec<Line> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut lines = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let head: Vec<String> = Who::ALL.iter().map(|who| who.name()).collect();
    assert_eq!(lines.next().expect("a head")[3..], head, "the columns of matrix.tsv");
    let line = |cells: Vec<&'static str>| {
        assert_eq!(cells.len(), 3 + Who::ALL.len(), "matrix.tsv: {cells:?}");
        Line {
            operation: cells[0],
            right: cells[1],
            scope: cells[2],
            words: cells[3..].to_vec(),
        }
    };
    lines.map(line).collect()
}
