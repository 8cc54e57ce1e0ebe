//! What a document selects of a page, taken once per request instead of once per row and field.
//!
//! A page that has a plan is written with it, straight to JSON; where a document holds something that is not known to the
//! plan, there is none, and the derived types answer with the same bytes (which a property test compares).

use async_graphql::{Name, SelectionField, Value};

use super::connection::PageInfo;
use super::json;

/// What is selected of an object: its parts under their names, in order of first appearance.
#[derive(Debug)]
pub struct Selection<T>(Vec<(Name, T)>);

impl<T> Default for Selection<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Selection<T> {
    /// The parts.
    pub fn parts(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, part)| part)
    }

    /// Writes the object with these values. One of which everything is skipped is null, as the executor has it.
    pub fn write(&self, out: &mut Vec<u8>, mut value: impl FnMut(&mut Vec<u8>, &T)) {
        if self.0.is_empty() {
            return json::null(out);
        }
        for (number, (name, part)) in self.0.iter().enumerate() {
            out.extend_from_slice(if number == 0 { b"{\"" } else { b",\"" });
            // A name of GraphQL's has nothing to escape.
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            value(out, part);
        }
        out.push(b'}');
    }
}

/// A part of a page's information.
#[derive(Clone, Copy, Debug)]
pub enum PageInfoPart {
    /// `__typename`.
    TypeName,
    /// `hasNextPage`.
    HasNextPage,
    /// `hasPreviousPage`.
    HasPreviousPage,
    /// `startCursor`.
    StartCursor,
    /// `endCursor`.
    EndCursor,
}

impl PageInfoPart {
    /// What is selected of a page's information.
    #[must_use]
    pub fn of(fields: &[SelectionField<'_>]) -> Option<Selection<Self>> {
        merged(fields, |name, _| {
            Some(match name {
                "__typename" => Self::TypeName,
                "hasNextPage" => Self::HasNextPage,
                "hasPreviousPage" => Self::HasPreviousPage,
                "startCursor" => Self::StartCursor,
                "endCursor" => Self::EndCursor,
                _ => return None,
            })
        })
    }

    /// Writes it.
    pub fn write(self, out: &mut Vec<u8>, info: &PageInfo) {
        match self {
            Self::TypeName => json::name(out, "PageInfo"),
            Self::HasNextPage => json::truth(out, info.has_next_page),
            Self::HasPreviousPage => json::truth(out, info.has_previous_page),
            Self::StartCursor => json::optional(out, info.start_cursor.as_deref()),
            Self::EndCursor => json::optional(out, info.end_cursor.as_deref()),
        }
    }
}

/// The argument `locale`: the outer option says whether it could be read.
#[must_use]
pub fn locale(fields: &[SelectionField<'_>]) -> Option<Option<String>> {
    let arguments = fields.first()?.arguments().ok()?;
    match arguments.as_slice() {
        [] => Some(None),
        [(name, Value::Null)] if name.as_str() == "locale" => Some(None),
        [(name, Value::String(locale))] if name.as_str() == "locale" => Some(Some(locale.clone())),
        _ => None,
    }
}

/// Groups what several selections of the same object select by the names of the answer, as the executor does: in order
/// of first appearance, what comes later under the same name added to it. None where `make` knows no such part.
pub fn merged<'a, T>(
    parents: &[SelectionField<'a>],
    make: impl Fn(&str, &[SelectionField<'a>]) -> Option<T>,
) -> Option<Selection<T>> {
    let mut groups: Vec<(Name, &str, Vec<SelectionField<'a>>)> = Vec::new();
    for parent in parents {
        let mut empty = true;
        for field in parent.selection_set() {
            empty = false;
            if field.directives().ok().is_none_or(|directives| !directives.is_empty()) {
                return None;
            }
            let key = field.alias().unwrap_or(field.name());
            match groups.iter_mut().find(|(name, _, _)| name.as_str() == key) {
                Some((_, name, group)) if *name == field.name() => group.push(field),
                Some(_) => return None,
                None => groups.push((Name::new(key), field.name(), vec![field])),
            }
        }
        // An object of which everything is skipped is null, also when another selection of it shows something.
        if empty && parents.len() > 1 {
            return None;
        }
    }
    let mut selection = Selection::default();
    for (key, name, group) in groups {
        selection.0.push((key, make(name, &group)?));
    }
    Some(selection)
}
