//! A partner's token, as its holder and the organizer's staff see it: never its secret.

use async_graphql::{Context, ID, Object};
use consentry_domain::{OrganizationId, PartnerTokenId, Purpose as P, PurposeSet};

use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::vocabulary::{AttendeeField, Purpose, TokenCapability, TokenStatus};
use crate::graphql::{ids, platform};
use crate::platform::{Fault, Refused};
use crate::services::disclosure::labels;
use crate::services::tokens::{self, FieldFacts, Named, TokenView};

/// A token with which a partner reads.
pub struct PartnerToken {
    view: TokenView,
}

impl From<TokenView> for PartnerToken {
    fn from(view: TokenView) -> Self {
        Self { view }
    }
}

/// A token as it is shown after a change.
///
/// # Errors
/// When the database fails.
pub(in crate::graphql) async fn shown(
    ctx: &Context<'_>,
    organization: OrganizationId,
    id: PartnerTokenId,
) -> Result<PartnerToken, Refused> {
    let view = tokens::by_id(&platform(ctx).store, organization, id).await?;
    view.map(PartnerToken::from)
        .ok_or_else(|| Fault::Corrupt("a token without scopes".into()).into())
}

/// A token with which a partner reads.
#[Object]
impl PartnerToken {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.view.organization, self.view.id)
    }
    /// For whom or for what it is.
    async fn name(&self) -> &str {
        &self.view.name
    }
    /// The beginning of its text, by which it is known again.
    async fn prefix(&self) -> &str {
        &self.view.shown
    }
    /// Where it stands.
    async fn status(&self) -> TokenStatus {
        self.view.status.into()
    }
    /// The event partners that it reads of.
    async fn event_partner_ids(&self) -> Vec<ID> {
        self.view
            .scopes
            .iter()
            .map(|scope| ids::encode(self.view.organization, scope.event_partner))
            .collect()
    }
    /// The purposes that it reads for, at any of its event partners.
    async fn purposes(&self) -> Vec<Purpose> {
        let all = self
            .view
            .scopes
            .iter()
            .flat_map(|scope| scope.purposes.iter())
            .collect::<PurposeSet>();
        all.iter().map(|purpose: P| purpose.into()).collect()
    }
    /// The fields that it reads, at any of its event partners.
    async fn fields(&self) -> Vec<PartnerField> {
        let mut fields: Vec<PartnerField> = Vec::new();
        for facts in self.view.scopes.iter().flat_map(|scope| &scope.fields) {
            let field = PartnerField {
                organization: self.view.organization,
                facts: facts.clone(),
            };
            if fields.iter().all(|known| !known.is(&field)) {
                fields.push(field);
            }
        }
        fields
    }
    /// What it may do.
    async fn capabilities(&self) -> Vec<TokenCapability> {
        self.view.capabilities.iter().copied().map(Into::into).collect()
    }
    /// The ranges of addresses from which it works (CIDR); empty where it works from anywhere.
    async fn networks(&self) -> &[String] {
        &self.view.networks
    }
    /// From when it works.
    async fn not_before(&self) -> DateTime {
        self.view.not_before.into()
    }
    /// Until when it works.
    async fn expires_at(&self) -> DateTime {
        self.view.expires_at.into()
    }
    /// The minute of its last use.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.view.last_used_at.map(Into::into)
    }
}

/// Something that can be shared of an attendee, as its partner knows it: a standard field or a question.
#[derive(Clone)]
pub struct PartnerField {
    pub(super) organization: consentry_domain::OrganizationId,
    pub(super) facts: FieldFacts,
}

impl PartnerField {
    /// Whether both are the same field or question. Questions of two events can have the same bit.
    fn is(&self, other: &Self) -> bool {
        match (&self.facts.field, &other.facts.field) {
            (Named::Standard(one), Named::Standard(two)) => one == two,
            (Named::Question(Some(one)), Named::Question(Some(two))) => one.id == two.id,
            _ => false,
        }
    }
}

/// Something that can be shared of an attendee, as its partner knows it: a standard field or a question.
#[Object]
impl PartnerField {
    /// The standard field; absent for a question.
    async fn field(&self) -> Option<AttendeeField> {
        match self.facts.field {
            Named::Standard(field) => Some(field.into()),
            Named::Question(_) => None,
        }
    }
    /// The question; absent for a standard field.
    async fn question_id(&self) -> Option<ID> {
        match &self.facts.field {
            Named::Question(Some(question)) => Some(ids::encode(self.organization, question.id)),
            Named::Question(None) | Named::Standard(_) => None,
        }
    }
    /// What it is called, in the wished language where there is one.
    async fn label(&self, locale: Option<Locale>) -> String {
        let locale = locale.as_ref().map(|locale| locale.0.as_str());
        match &self.facts.field {
            Named::Standard(field) => labels::standard(*field, locale).to_owned(),
            Named::Question(Some(question)) => {
                labels::question(question, locale, &self.facts.default_locale).to_owned()
            }
            Named::Question(None) => String::new(),
        }
    }
}
