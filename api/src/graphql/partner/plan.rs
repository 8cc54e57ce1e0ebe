//! What a document selects of a page of leads, taken once per request: which columns under which names, and from the same
//! look which fields leave the process.
//!
//! A plan answers with the same bytes as the derived types, or there is none: wherever a document holds something that is
//! not known here, [`ConnectionPlan::of`] says so and the derived types answer.

use async_graphql::SelectionField;
use consentry_domain::{AttendeeField, FieldMask};

use crate::graphql::selection::{PageInfoPart, Selection, locale, merged};

/// What is shown of the connection.
#[derive(Debug)]
pub struct ConnectionPlan(pub Selection<ConnectionPart>);

/// A part of the connection.
#[derive(Debug)]
pub enum ConnectionPart {
    /// `__typename`.
    TypeName,
    /// `edges`.
    Edges(Selection<EdgePart>),
    /// `nodes`.
    Nodes(Selection<LeadPart>),
    /// `pageInfo`.
    PageInfo(Selection<PageInfoPart>),
}

/// A part of an edge.
#[derive(Debug)]
pub enum EdgePart {
    /// `__typename`.
    TypeName,
    /// `cursor`.
    Cursor,
    /// `node`.
    Node(Selection<LeadPart>),
}

/// A part of a lead.
#[derive(Debug)]
pub enum LeadPart {
    /// `__typename`.
    TypeName,
    /// `id`.
    Id,
    /// `contactKey`.
    ContactKey,
    /// `purpose`.
    Purpose,
    /// `legalBasis`.
    LegalBasis,
    /// `consentedOn`.
    ConsentedOn,
    /// `consentedVersion`.
    ConsentedVersion,
    /// `offerVersion`.
    OfferVersion,
    /// `deleteBy`.
    DeleteBy,
    /// `fields`.
    Fields(Selection<FieldPart>),
    /// A field that is a text.
    Text(AttendeeField),
    /// `postalAddress`.
    PostalAddress(Selection<AddressPart>),
    /// `ticketType`, in this language.
    TicketType(Option<String>),
    /// `attended`.
    Attended,
}

/// A part of a lead's field.
#[derive(Debug)]
pub enum FieldPart {
    /// `__typename`.
    TypeName,
    /// `field`.
    Field,
    /// `questionId`.
    QuestionId,
    /// `label`, in this language.
    Label(Option<String>),
    /// `values`, in this language.
    Values(Option<String>),
}

/// A part of a postal address.
#[derive(Clone, Copy, Debug)]
pub enum AddressPart {
    /// `__typename`.
    TypeName,
    /// `street`.
    Street,
    /// `postalCode`.
    PostalCode,
    /// `city`.
    City,
    /// `region`.
    Region,
    /// `country`.
    Country,
}

impl ConnectionPlan {
    /// The plan for a field that answers with a connection of leads, if one can be made.
    #[must_use]
    pub fn of(field: SelectionField<'_>) -> Option<Self> {
        let parts = merged(&[field], |name, fields| {
            Some(match name {
                "__typename" => ConnectionPart::TypeName,
                "edges" => ConnectionPart::Edges(merged(fields, |name, fields| {
                    Some(match name {
                        "__typename" => EdgePart::TypeName,
                        "cursor" => EdgePart::Cursor,
                        "node" => EdgePart::Node(lead(fields)?),
                        _ => return None,
                    })
                })?),
                "nodes" => ConnectionPart::Nodes(lead(fields)?),
                "pageInfo" => ConnectionPart::PageInfo(PageInfoPart::of(fields)?),
                _ => return None,
            })
        })?;
        Some(Self(parts))
    }

    /// The fields of leads that are shown.
    #[must_use]
    pub fn selected(&self) -> FieldMask {
        let of_lead = |lead: &Selection<LeadPart>| lead.parts().map(shown).fold(FieldMask::EMPTY, FieldMask::union);
        let of_edge = |part: &EdgePart| match part {
            EdgePart::Node(lead) => of_lead(lead),
            EdgePart::TypeName | EdgePart::Cursor => FieldMask::EMPTY,
        };
        let of_part = |part: &ConnectionPart| match part {
            ConnectionPart::Nodes(lead) => of_lead(lead),
            ConnectionPart::Edges(edge) => edge.parts().map(of_edge).fold(FieldMask::EMPTY, FieldMask::union),
            ConnectionPart::TypeName | ConnectionPart::PageInfo(_) => FieldMask::EMPTY,
        };
        self.0.parts().map(of_part).fold(FieldMask::EMPTY, FieldMask::union)
    }
}

/// The fields that a part of a lead shows. `fields` says of every field whether it is there.
fn shown(part: &LeadPart) -> FieldMask {
    match part {
        LeadPart::Fields(_) => FieldMask::ALL,
        LeadPart::Text(field) => FieldMask::standard(*field),
        LeadPart::PostalAddress(_) => FieldMask::standard(AttendeeField::PostalAddress),
        LeadPart::TicketType(_) => FieldMask::standard(AttendeeField::TicketType),
        LeadPart::Attended => FieldMask::standard(AttendeeField::Attendance),
        LeadPart::TypeName
        | LeadPart::Id
        | LeadPart::ContactKey
        | LeadPart::Purpose
        | LeadPart::LegalBasis
        | LeadPart::ConsentedOn
        | LeadPart::ConsentedVersion
        | LeadPart::OfferVersion
        | LeadPart::DeleteBy => FieldMask::EMPTY,
    }
}

/// The fields that a lead's field of this name shows: for selections for which no plan is made. One that is not known is
/// taken to show everything.
#[must_use]
pub fn shown_by_name(name: &str) -> FieldMask {
    by_name(name).map_or(FieldMask::ALL, |part| shown(&part))
}

/// The part of this name, without what is selected of it.
fn by_name(name: &str) -> Option<LeadPart> {
    use AttendeeField as F;
    Some(match name {
        "__typename" => LeadPart::TypeName,
        "id" => LeadPart::Id,
        "contactKey" => LeadPart::ContactKey,
        "purpose" => LeadPart::Purpose,
        "legalBasis" => LeadPart::LegalBasis,
        "consentedOn" => LeadPart::ConsentedOn,
        "consentedVersion" => LeadPart::ConsentedVersion,
        "offerVersion" => LeadPart::OfferVersion,
        "deleteBy" => LeadPart::DeleteBy,
        "fields" => LeadPart::Fields(Selection::default()),
        "fullName" => LeadPart::Text(F::FullName),
        "givenName" => LeadPart::Text(F::GivenName),
        "familyName" => LeadPart::Text(F::FamilyName),
        "email" => LeadPart::Text(F::Email),
        "phone" => LeadPart::Text(F::Phone),
        "company" => LeadPart::Text(F::Company),
        "jobTitle" => LeadPart::Text(F::JobTitle),
        "city" => LeadPart::Text(F::City),
        "country" => LeadPart::Text(F::Country),
        "postalAddress" => LeadPart::PostalAddress(Selection::default()),
        "socialProfile" => LeadPart::Text(F::SocialProfile),
        "ticketType" => LeadPart::TicketType(None),
        "attended" => LeadPart::Attended,
        _ => return None,
    })
}

fn lead(fields: &[SelectionField<'_>]) -> Option<Selection<LeadPart>> {
    merged(fields, |name, fields| {
        Some(match by_name(name)? {
            LeadPart::Fields(_) => LeadPart::Fields(merged(fields, |name, fields| {
                Some(match name {
                    "__typename" => FieldPart::TypeName,
                    "field" => FieldPart::Field,
                    "questionId" => FieldPart::QuestionId,
                    "label" => FieldPart::Label(locale(fields)?),
                    "values" => FieldPart::Values(locale(fields)?),
                    _ => return None,
                })
            })?),
            LeadPart::PostalAddress(_) => LeadPart::PostalAddress(merged(fields, |name, _| {
                Some(match name {
                    "__typename" => AddressPart::TypeName,
                    "street" => AddressPart::Street,
                    "postalCode" => AddressPart::PostalCode,
                    "city" => AddressPart::City,
                    "region" => AddressPart::Region,
                    "country" => AddressPart::Country,
                    _ => return None,
                })
            })?),
            LeadPart::TicketType(_) => LeadPart::TicketType(locale(fields)?),
            part => part,
        })
    })
}
