//! What a new token is to read, as staff and administrators say it.

use async_graphql::{ID, InputObject};
use consentry_domain::{EventPartnerId, FieldMask, OrganizationId, QuestionId};

use crate::graphql::ids;
use crate::graphql::public::OfferedFieldInput;
use crate::graphql::vocabulary::Purpose;
use crate::platform::{Code, Problems, Refused};
use crate::services::tokens::NewScope;

/// What a token reads of one event partner.
#[derive(InputObject)]
pub struct TokenScopeInput {
    /// Whose leads.
    event_partner_id: ID,
    /// For which purposes; for each there must be an approved offer.
    purposes: Vec<Purpose>,
    /// Which fields; each must be in an approved offer for one of the purposes.
    fields: Vec<OfferedFieldInput>,
}

/// The scopes as the service takes them.
///
/// # Errors
/// Not found for each id that names nothing of this organization.
pub(in crate::graphql) fn scopes(
    organization: OrganizationId,
    scopes: &[TokenScopeInput],
) -> Result<Vec<NewScope>, Refused> {
    let mut problems = Problems::new();
    let mut read = Vec::new();
    for (number, scope) in scopes.iter().enumerate() {
        let event_partner = ids::own::<EventPartnerId>(organization, &scope.event_partner_id);
        if event_partner.is_none() {
            problems.add(
                format!("scopes.{number}.eventPartnerId"),
                Code::NotFound,
                "Nothing was found here.",
            );
        }
        let (mut fields, mut questions) = (FieldMask::EMPTY, Vec::new());
        for (place, field) in scope.fields.iter().enumerate() {
            match field {
                OfferedFieldInput::Field(field) => fields = fields.union(FieldMask::standard((*field).into())),
                OfferedFieldInput::QuestionId(id) => match ids::own::<QuestionId>(organization, id) {
                    Some(question) => questions.push(question),
                    None => problems.add(
                        format!("scopes.{number}.fields.{place}.questionId"),
                        Code::NotFound,
                        "Nothing was found here.",
                    ),
                },
            }
        }
        let purposes = scope.purposes.iter().copied().map(Into::into).collect();
        read.extend(event_partner.map(|event_partner| NewScope {
            event_partner,
            purposes,
            fields,
            questions,
        }));
    }
    problems.none()?;
    Ok(read)
}
