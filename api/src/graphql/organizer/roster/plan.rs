//! What a document selects of a page of the roster (see [`selection`](crate::graphql::selection)). Answers to questions
//! are not in it: where they are asked for, the derived types answer.

use async_graphql::SelectionField;

use crate::graphql::selection::{PageInfoPart, Selection, locale, merged};

/// What is shown of the connection.
#[derive(Debug)]
pub(super) struct RosterPlan(pub(super) Selection<ConnectionPart>);

/// A part of the connection.
#[derive(Debug)]
pub(super) enum ConnectionPart {
    TypeName,
    Edges(Selection<EdgePart>),
    PageInfo(Selection<PageInfoPart>),
}

/// A part of an edge.
#[derive(Debug)]
pub(super) enum EdgePart {
    TypeName,
    Cursor,
    Node(Selection<EntryPart>),
}

/// A part of an entry.
#[derive(Debug)]
pub(super) enum EntryPart {
    TypeName,
    Id,
    FullName,
    Email,
    Company,
    Status,
    TicketType(Selection<TicketTypePart>),
    OrderCode,
    OrderStatus,
    CheckIns(Selection<CheckInPart>),
    CreatedAt,
    Revision,
}

/// A part of a ticket type. `name` is in this language.
#[derive(Debug)]
pub(super) enum TicketTypePart {
    TypeName,
    Id,
    Name(Option<String>),
}

/// A part of a passage at a door.
#[derive(Clone, Copy, Debug)]
pub(super) enum CheckInPart {
    TypeName,
    Id,
    List,
    At,
    Device,
    UndoneAt,
}

impl RosterPlan {
    /// The plan for a field that answers with a page of the roster, if one can be made.
    pub(super) fn of(field: SelectionField<'_>) -> Option<Self> {
        let parts = merged(&[field], |name, fields| {
            Some(match name {
                "__typename" => ConnectionPart::TypeName,
                "edges" => ConnectionPart::Edges(merged(fields, |name, fields| {
                    Some(match name {
                        "__typename" => EdgePart::TypeName,
                        "cursor" => EdgePart::Cursor,
                        "node" => EdgePart::Node(merged(fields, entry)?),
                        _ => return None,
                    })
                })?),
                "pageInfo" => ConnectionPart::PageInfo(PageInfoPart::of(fields)?),
                _ => return None,
            })
        })?;
        Some(Self(parts))
    }

    /// Whether an entry shows something of which this holds.
    pub(super) fn shows(&self, what: impl Fn(&EntryPart) -> bool) -> bool {
        let edges = self.0.parts().filter_map(|part| match part {
            ConnectionPart::Edges(edge) => Some(edge),
            ConnectionPart::TypeName | ConnectionPart::PageInfo(_) => None,
        });
        let entries = edges.flat_map(Selection::parts).filter_map(|part| match part {
            EdgePart::Node(entry) => Some(entry),
            EdgePart::TypeName | EdgePart::Cursor => None,
        });
        entries.flat_map(Selection::parts).any(what)
    }
}

fn entry(name: &str, fields: &[SelectionField<'_>]) -> Option<EntryPart> {
    Some(match name {
        "__typename" => EntryPart::TypeName,
        "id" => EntryPart::Id,
        "fullName" => EntryPart::FullName,
        "email" => EntryPart::Email,
        "company" => EntryPart::Company,
        "status" => EntryPart::Status,
        "ticketType" => EntryPart::TicketType(merged(fields, |name, fields| {
            Some(match name {
                "__typename" => TicketTypePart::TypeName,
                "id" => TicketTypePart::Id,
                "name" => TicketTypePart::Name(locale(fields)?),
                _ => return None,
            })
        })?),
        "orderCode" => EntryPart::OrderCode,
        "orderStatus" => EntryPart::OrderStatus,
        "checkIns" => EntryPart::CheckIns(merged(fields, |name, _| {
            Some(match name {
                "__typename" => CheckInPart::TypeName,
                "id" => CheckInPart::Id,
                "list" => CheckInPart::List,
                "at" => CheckInPart::At,
                "device" => CheckInPart::Device,
                "undoneAt" => CheckInPart::UndoneAt,
                _ => return None,
            })
        })?),
        "createdAt" => EntryPart::CreatedAt,
        "revision" => EntryPart::Revision,
        _ => return None,
    })
}
