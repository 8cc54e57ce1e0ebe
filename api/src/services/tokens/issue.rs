//! Issuing a token: what it may reach is fixed, its secret is not made yet, and its partner's contact is told.

use std::collections::BTreeMap;

use consentry_domain::token::{TokenText, TokenWindow};
use consentry_domain::{
    Capability, EventPartnerId, FieldMask, Instant, OrganizationId, PartnerId, PartnerTokenId, Purpose, QuestionId,
};
use consentry_entity::{organization, organization_key, partner, partner_token, partner_token_scope};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use secrecy::SecretString;

use super::claim::open;
use super::cover::{Covered, cover};
use crate::access::partner::capabilities_to_column;
use crate::access::rights::ManagePartners;
use crate::access::{AdministeredPartner, Authorized, MayIssue, OrganizationScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::mail::facts::Moment;
use crate::services::mail::line::Line;
use crate::services::mail::messages::TokenClaim;
use crate::services::mail::{Link, LinkPurpose, NewMail, about, queue};
use crate::services::{audit, idempotency, input};
use crate::transaction;

/// A new token, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewToken {
    /// The client's key.
    pub idempotency_key: String,
    /// Whose it is going to be.
    pub partner: PartnerId,
    /// For whom or for what, so that people know it again.
    pub name: String,
    /// What it reads.
    pub scopes: Vec<NewScope>,
    /// What it may do.
    pub capabilities: Vec<Capability>,
    /// From when, RFC 3339; from now where it is not said.
    pub not_before: Option<String>,
    /// Until when, RFC 3339; for 90 days where it is not said, for 400 at most.
    pub expires_at: Option<String>,
    /// From where (CIDR); from anywhere where none is said.
    pub networks: Vec<String>,
}

/// What a token reads of one event partner.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewScope {
    /// Whose.
    pub event_partner: EventPartnerId,
    /// For which purposes.
    pub purposes: Vec<Purpose>,
    /// Which standard fields.
    pub fields: FieldMask,
    /// Which answers.
    pub questions: Vec<QuestionId>,
}

/// Issues it, or answers with the token that the same request made before. Its partner's contact is mailed the link by which
/// it is claimed.
///
/// # Errors
/// What is wrong with the input, field by field; fields and purposes must be within what was approved.
pub async fn issue(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManagePartners>,
    new: &NewToken,
) -> Result<PartnerTokenId, Refused> {
    let draft = judge(new)?;
    let request = request(authorized, new)?;
    transaction!(platform.store.writer(), async |tx| {
        tx.now().await?;
        let id: PartnerTokenId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return Ok(PartnerTokenId(made));
        }
        let made = insert(tx, authorized, id, new, &draft).await?;
        tell(tx, &made.partner, &made.row, &made.covered).await?;
        Ok(id)
    })
}

/// A token that an administrator issued.
pub struct Issued {
    /// Which one.
    pub token: PartnerTokenId,
    /// Its text, which nobody can ask for again; none where the same request made it before.
    pub secret: Option<SecretString>,
}

/// Issues one for a partner's own administrator, who gets its secret at once: nobody else has to claim it.
///
/// # Errors
/// As [`issue`].
pub async fn issue_own(platform: &Platform, own: &AdministeredPartner, new: &NewToken) -> Result<Issued, Refused> {
    let draft = judge(new)?;
    let request = request(own, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: PartnerTokenId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return Ok(Issued {
                token: PartnerTokenId(made),
                secret: None,
            });
        }
        let made = insert(tx, own, id, new, &draft).await?;
        let secret = open(platform, tx, (made.row.organization_id, id), &made.row.kid, now).await?;
        Ok(Issued {
            token: id,
            secret: Some(secret),
        })
    })
}

fn request<'a>(by: &impl MayIssue, new: &'a NewToken) -> Result<idempotency::Request<'a>, Refused> {
    let scope = format!("issuePartnerToken:{}", by.account());
    Ok(idempotency::Request::of(
        by.organization(),
        scope,
        &new.idempotency_key,
        new,
    )?)
}

/// What was written.
struct Made {
    partner: partner::Model,
    row: partner_token::Model,
    covered: BTreeMap<EventPartnerId, Covered>,
}

/// Writes a token that has no secret yet.
async fn insert(
    tx: &Tx,
    by: &impl MayIssue,
    id: PartnerTokenId,
    new: &NewToken,
    draft: &Draft,
) -> Result<Made, Refused> {
    let (organization, now) = (by.organization(), tx.now().await?);
    let window = TokenWindow::new(draft.not_before, draft.expires_at, now).ok_or_else(|| {
        Refused::because(
            "expiresAt",
            Code::Invalid,
            "The end must come after the start and after now, and 400 days after the start at most.",
        )
    })?;
    let partner = partner::Entity::find_by_id((organization, new.partner))
        .one(tx)
        .await?
        .filter(|partner| partner.active && by.may_issue_for(partner.id))
        .ok_or_else(|| Refused::not_found("partnerId"))?;
    let covered = cover(tx, organization, new).await?;
    let row = partner_token::Model {
        organization_id: organization,
        id,
        partner_id: partner.id,
        kid: key_id(tx, organization).await?,
        name: draft.name.clone(),
        hash: None,
        capabilities: capabilities_to_column(&new.capabilities),
        networks: (!draft.networks.is_empty()).then(|| draft.networks.join(" ")),
        claim_generation: 1,
        created_at: now.0,
        created_by: Some(by.account()),
        claimed_at: None,
        not_before: window.not_before.0,
        expires_at: window.expires_at.0,
        revoked_at: None,
        last_used_minute: None,
        revision: 1,
        account_id: None,
        member_role: None,
    };
    partner_token::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    for (event_partner_id, scope) in &covered {
        let row = partner_token_scope::Model {
            organization_id: organization,
            token_id: id,
            event_partner_id: *event_partner_id,
            purposes: scope.purposes.to_db(),
            field_mask: scope.fields.to_db(),
        };
        partner_token_scope::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
    }
    audit::note(
        tx,
        audit::Entry {
            organization,
            actor: by.kind(),
            account: Some(by.account()),
            action: "issuePartnerToken",
            event: None,
            subject_kind: "partnerToken",
            subject: Some(id.0),
            detail: serde_json::json!({ "partner": partner.id, "eventPartners": covered.keys().collect::<Vec<_>>() }),
        },
    )
    .await?;
    Ok(Made { partner, row, covered })
}

/// What needs no database to be judged.
struct Draft {
    name: String,
    networks: Vec<String>,
    not_before: Option<Instant>,
    expires_at: Option<Instant>,
}

fn judge(new: &NewToken) -> Result<Draft, Refused> {
    let mut problems = Problems::new();
    let name = problems.keep("name", input::line(&new.name, 100)).unwrap_or_default();
    let mut moment = |field: &str, text: &Option<String>| {
        text.as_ref()
            .and_then(|text| problems.keep(field, input::instant(text)))
    };
    let not_before = moment("notBefore", &new.not_before);
    let expires_at = moment("expiresAt", &new.expires_at);
    if new.capabilities.is_empty() {
        problems.add("capabilities", Code::Required, "Say what the token may do.");
    }
    if new.scopes.is_empty() || new.scopes.len() > 50 {
        problems.add(
            "scopes",
            Code::Required,
            "Name 1 to 50 event partners that the token reads.",
        );
    }
    for (number, scope) in new.scopes.iter().enumerate() {
        if new.scopes[..number]
            .iter()
            .any(|earlier| earlier.event_partner == scope.event_partner)
        {
            problems.add(
                format!("scopes.{number}.eventPartnerId"),
                Code::Invalid,
                "This event partner is named twice.",
            );
        }
        if scope.purposes.is_empty() {
            problems.add(
                format!("scopes.{number}.purposes"),
                Code::Required,
                "Name at least one purpose.",
            );
        }
    }
    let mut networks = Vec::new();
    if new.networks.len() > 32 {
        problems.add("networks", Code::TooLong, "At most 32 ranges.");
    }
    for (number, network) in new.networks.iter().enumerate() {
        let parsed = network
            .trim()
            .parse::<ipnet::IpNet>()
            .ok()
            .or_else(|| network.trim().parse::<std::net::IpAddr>().ok().map(Into::into));
        match parsed {
            Some(network) => networks.push(network.trunc().to_string()),
            None => problems.add(
                format!("networks.{number}"),
                Code::Invalid,
                "An address range is expected: 192.0.2.0/24.",
            ),
        }
    }
    problems.none()?;
    Ok(Draft {
        name,
        networks,
        not_before,
        expires_at,
    })
}

pub(super) async fn key_id(tx: &Tx, organization: OrganizationId) -> Result<String, Refused> {
    let key = organization_key::Entity::find()
        .filter(organization_key::Column::OrganizationId.eq(organization))
        .one(tx)
        .await?
        .ok_or_else(|| Fault::Corrupt("an organization without a key".into()))?;
    Ok(TokenText::new_key_id(&key.key, &tx.random()))
}

/// Mails the partner's contact the link by which the token is claimed.
async fn tell(
    tx: &Tx,
    partner: &partner::Model,
    token: &partner_token::Model,
    covered: &BTreeMap<EventPartnerId, Covered>,
) -> Result<(), Refused> {
    let organization = organization::Entity::find_by_id(token.organization_id)
        .one(tx)
        .await?
        .ok_or_else(|| Fault::Corrupt("a token without an organization".into()))?;
    let line = |text: &str| Line::from(text);
    let expires = Instant(token.expires_at);
    let message = TokenClaim {
        controller: about::controller(&organization, &organization.default_locale)?,
        partner: line(&partner.legal_name),
        token_name: line(&token.name),
        events: covered.values().map(|scope| line(&scope.event_title)).collect(),
        claim: Link::Secret {
            purpose: LinkPurpose::TokenClaim,
            organization: organization.id,
            id: token.id.0,
            generation: token.claim_generation,
        },
        expires: Moment::in_utc(expires),
    };
    let dedupe_key = format!("token-claim:{}:{}", token.id, token.claim_generation);
    queue(
        tx,
        NewMail {
            organization: organization.id,
            event: None,
            order: None,
            registration: None,
            locale: &organization.default_locale,
            to: &partner.contact_email,
            message: message.into(),
            dedupe_key: &dedupe_key,
        },
    )
    .await?;
    Ok(())
}
