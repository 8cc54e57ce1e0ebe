//! The staff of partners, as the organizer sees and changes it.

use async_graphql::{Context, ID, InputObject, MergedObject, Result, SimpleObject};
use consentry_domain::{OrganizationId, PartnerId, PartnerMemberId};

use crate::access::staff_of_organization;
use crate::graphql::organizer::roster::of_owner;
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::vocabulary::PartnerMemberRole;
use crate::graphql::{caller, errors, ids, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::tokens::{self, NewMember, PartnerLead};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct MemberMutation(InvitePartnerMember, UpdatePartnerMember, RemovePartnerMember);

/// A member of a partner's staff, who reads what attendees granted that partner.
#[derive(SimpleObject)]
pub struct PartnerMember {
    /// Opaque.
    id: ID,
    /// Whose staff.
    partner_id: ID,
    /// The account's address.
    email: String,
    /// Whether somebody has proved that address by signing in.
    email_proved: bool,
    /// What for.
    role: PartnerMemberRole,
    /// Since when.
    created_at: DateTime,
    /// Until when.
    ends_at: DateTime,
    /// The minute in which they last read something.
    last_used_at: Option<DateTime>,
}

impl From<tokens::PartnerMember> for PartnerMember {
    fn from(member: tokens::PartnerMember) -> Self {
        Self {
            id: ids::encode(member.organization, member.id),
            partner_id: ids::encode(member.organization, member.partner),
            email: member.email,
            email_proved: member.email_proved,
            role: member.role.into(),
            created_at: member.created_at.into(),
            ends_at: member.ends_at.into(),
            last_used_at: member.last_used_at.map(Into::into),
        }
    }
}

/// The staff of a partner; absent for who may not manage partners.
pub(in crate::graphql::organizer) async fn of_partner(
    ctx: &Context<'_>,
    organization: OrganizationId,
    partner: &ID,
) -> Result<Option<Vec<PartnerMember>>> {
    let lead: Option<PartnerLead> =
        errors::absent(staff_of_organization(platform(ctx), caller(ctx), organization).await)?;
    let (Some(lead), Some(partner)) = (lead, ids::own::<PartnerId>(organization, partner)) else {
        return Ok(None);
    };
    let found = tokens::members(&platform(ctx).store, &lead, partner).await;
    let found = found.map_err(|fault| errors::internal(&fault))?;
    Ok(found.map(|members| members.into_iter().map(PartnerMember::from).collect()))
}

/// Somebody to be invited to a partner's staff.
#[derive(InputObject)]
pub struct InvitePartnerMemberInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// To whose staff.
    partner_id: ID,
    /// Whose mailbox; it gets a link that signs in once, within a day.
    email: String,
    /// What for; to read where it is not said.
    #[graphql(default_with = "PartnerMemberRole::Reader")]
    role: PartnerMemberRole,
    /// Until when; for 400 days where it is not said, which is the longest.
    ends_at: Option<DateTime>,
    /// In which language the mail is.
    locale: Option<Locale>,
}

mutation! {
    /// Lets somebody read what attendees granted a partner, at all of its places at the organization's events, and, as an
    /// administrator, ask for it; mails a link that signs them in.
    InvitePartnerMember::invite_partner_member(InvitePartnerMemberInput) => invite;
    InvitePartnerMemberPayload {
        /// The new member; absent when it was refused.
        partner_member: PartnerMember
    }
    InvitePartnerMemberUserError, InvitePartnerMemberErrorCode {
        Invalid, Required, TooLong, NotFound, NotPermitted, Taken, IdempotencyMismatch
    }
}

async fn invite(ctx: &Context<'_>, input: InvitePartnerMemberInput) -> Result<PartnerMember, Refused> {
    let (lead, partner): (PartnerLead, PartnerId) = of_owner(ctx, "partnerId", &input.partner_id).await?;
    let new = NewMember {
        idempotency_key: input.idempotency_key,
        partner,
        email: input.email,
        role: input.role.into(),
        ends_at: input.ends_at.map(|at| at.0),
        locale: input.locale.map(|locale| locale.0),
    };
    Ok(tokens::invite(platform(ctx), &lead, &new).await?.into())
}

/// A member of a partner's staff to be changed.
#[derive(InputObject)]
pub struct UpdatePartnerMemberInput {
    /// Which one.
    partner_member_id: ID,
    /// What for, from now on.
    role: PartnerMemberRole,
}

mutation! {
    /// Says what a member of a partner's staff is there for, from now on.
    UpdatePartnerMember::update_partner_member(UpdatePartnerMemberInput) => update;
    UpdatePartnerMemberPayload {
        /// The member; absent when it was refused.
        partner_member: PartnerMember
    }
    UpdatePartnerMemberUserError, UpdatePartnerMemberErrorCode { NotFound }
}

async fn update(ctx: &Context<'_>, input: UpdatePartnerMemberInput) -> Result<PartnerMember, Refused> {
    let (lead, id): (PartnerLead, PartnerMemberId) = of_owner(ctx, "partnerMemberId", &input.partner_member_id).await?;
    Ok(tokens::update(platform(ctx), &lead, id, input.role.into())
        .await?
        .into())
}

/// A member of a partner's staff to be removed.
#[derive(InputObject)]
pub struct RemovePartnerMemberInput {
    /// Which one.
    partner_member_id: ID,
}

mutation! {
    /// Takes somebody off a partner's staff: no request of theirs for it is answered any more.
    RemovePartnerMember::remove_partner_member(RemovePartnerMemberInput) => remove;
    RemovePartnerMemberPayload {
        /// Who was a member; absent when it was refused.
        partner_member: PartnerMember
    }
    RemovePartnerMemberUserError, RemovePartnerMemberErrorCode { NotFound }
}

async fn remove(ctx: &Context<'_>, input: RemovePartnerMemberInput) -> Result<PartnerMember, Refused> {
    let (lead, id): (PartnerLead, PartnerMemberId) = of_owner(ctx, "partnerMemberId", &input.partner_member_id).await?;
    Ok(tokens::remove(platform(ctx), &lead, id).await?.into())
}
