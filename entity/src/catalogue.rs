//! The catalogue of personal data: for every column what it holds of people, what for, how long, and how it is erased
//! (requirement S1; a test compares it with the columns of both databases).

/// What a column holds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Nothing about a person.
    None,
    /// A link to a person's rows, meaningless once those are emptied.
    Pseudonym,
    /// Personal data.
    Personal,
    /// Personal data that never leaves the organization (health, age, guardians).
    Sensitive,
    /// A secret, hashed, encrypted or derived.
    Secret,
}

/// What erasing a person does to their rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// The table holds nothing that erasure touches.
    Never,
    /// The row goes.
    RowDeleted,
    /// The personal columns are emptied, the row stays.
    Emptied,
    /// The law demands that it is kept (Art. 17(3)(b) GDPR).
    KeptByLaw,
}

/// One table's entry.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The table's name.
    pub name: &'static str,
    /// What its data is for.
    pub purpose: &'static str,
    /// How long it is kept.
    pub retention: &'static str,
    /// What erasing a person does here.
    pub erasure: Erasure,
    /// Name and class of every column, in order.
    pub columns: &'static [(&'static str, Class)],
}
