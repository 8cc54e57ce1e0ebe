//! The team: who may do what in the organization.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, MergedObject, Result, SimpleObject};
use consentry_domain::{EventId, Instant, OrganizationId, TeamMemberId};
use consentry_entity::organization;

use super::roster::at;
use crate::access::rights::ManageTeam;
use crate::access::staff_of_organization;
use crate::graphql::connection::Page;
use crate::graphql::public::Organization;
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Fault, Platform, Refused};
use crate::services::organizations;
use crate::services::team::{self, End, Invitation, Member, MemberChange, TeamLead};
use crate::{connection, mutation};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct TeamMutation(InviteTeamMember, UpdateTeamMember, RemoveTeamMember);

/// What a team member may do.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::Role")]
pub enum StaffRole {
    /// Everything but what the data-protection officer does.
    Owner,
    /// Events, partners, registrations.
    Manager,
    /// Orders and payments.
    Finance,
    /// Lets people in.
    CheckIn,
    /// Looks.
    Viewer,
    /// The data-protection officer.
    Dpo,
}

/// A role of an account.
#[derive(SimpleObject)]
pub struct TeamMember {
    /// Opaque.
    id: ID,
    /// Where.
    organization: Organization,
    /// The account's address.
    email: String,
    /// Whether somebody has proved that address by signing in.
    email_proved: bool,
    /// As what.
    role: StaffRole,
    /// For this event alone; absent where it is for the whole organization.
    event_id: Option<ID>,
    /// Since when.
    created_at: DateTime,
    /// Until when.
    ends_at: Option<DateTime>,
    /// Raised by each change; sent back with the next one.
    revision: i64,
}

impl TeamMember {
    /// A member of this organization.
    pub(crate) fn new(Member { row, account }: Member, organization: organization::Model) -> Self {
        Self {
            id: ids::encode(row.organization_id, row.id),
            organization: organization.into(),
            email: account.email,
            email_proved: account.email_proved_at.is_some(),
            role: row.role.into(),
            event_id: row.event_id.map(|event| ids::encode(row.organization_id, event)),
            created_at: Instant(row.created_at).into(),
            ends_at: row.ends_at.map(|at| Instant(at).into()),
            revision: row.revision,
        }
    }
}

connection!(TeamMemberConnection, TeamMemberEdge, TeamMember);

/// A page of the team; absent for who may not manage it.
pub(super) async fn page(
    ctx: &Context<'_>,
    row: &organization::Model,
    first: i32,
    after: Option<String>,
) -> Result<Option<TeamMemberConnection>> {
    let (platform, organization) = (platform(ctx), row.id);
    let lead: Option<TeamLead> = errors::absent(staff_of_organization(platform, caller(ctx), organization).await)?;
    let Some(lead) = lead else {
        return Ok(None);
    };
    let list = format!("team:{organization}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok())
        .map(TeamMemberId);
    let found = team::members(&platform.store, &lead, page.first, after).await;
    let (members, more) = found.map_err(|fault| errors::internal(&fault))?;
    let entries = members
        .into_iter()
        .map(|member| {
            (
                member.row.id.0.as_bytes().to_vec(),
                TeamMember::new(member, row.clone()),
            )
        })
        .collect();
    Ok(Some(TeamMemberConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries,
    )))
}

/// Somebody to be invited.
#[derive(InputObject)]
pub struct InviteTeamMemberInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The organization.
    organization_id: ID,
    /// Whose mailbox; it gets a link that signs in once, within a day.
    email: String,
    /// As what.
    role: StaffRole,
    /// For this event alone.
    event_id: Option<ID>,
    /// Until when.
    ends_at: Option<DateTime>,
    /// In which language the mail is.
    locale: Option<Locale>,
}

mutation! {
    /// Gives somebody a role and mails a link that signs them in.
    InviteTeamMember::invite_team_member(InviteTeamMemberInput) => invite;
    InviteTeamMemberPayload {
        /// The new team member; absent when it was refused.
        team_member: TeamMember
    }
    InviteTeamMemberUserError, InviteTeamMemberErrorCode {
        Invalid, Required, TooLong, NotFound, NotPermitted, Taken, IdempotencyMismatch
    }
}

async fn invite(ctx: &Context<'_>, input: InviteTeamMemberInput) -> Result<TeamMember, Refused> {
    let (platform, caller) = (platform(ctx), caller(ctx));
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let missing = || Refused::not_found("organizationId");
    let organization: OrganizationId = ids::decode_global(&input.organization_id).ok_or_else(missing)?;
    let lead: TeamLead = staff_of_organization(platform, caller, organization)
        .await
        .map_err(|refused| at("organizationId", refused))?;
    let event = match &input.event_id {
        Some(id) => match ids::decode::<EventId>(id) {
            Some((its, event)) if its == organization => Some(event),
            _ => return Err(Refused::not_found("eventId")),
        },
        None => None,
    };
    let new = Invitation {
        idempotency_key: input.idempotency_key,
        email: input.email,
        role: input.role.into(),
        event,
        ends_at: input.ends_at.map(|at| at.0),
        locale: input.locale.map(|locale| locale.0),
    };
    let member = team::invite(platform, &lead, &new).await?;
    shown(platform, &lead, member).await
}

/// A change of a role; what is left out stays.
#[derive(InputObject)]
pub struct UpdateTeamMemberInput {
    /// The team member.
    team_member_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// As what.
    role: Option<StaffRole>,
    /// Until when; null for no end.
    ends_at: MaybeUndefined<DateTime>,
}

mutation! {
    /// Changes a team member's role.
    UpdateTeamMember::update_team_member(UpdateTeamMemberInput) => update;
    UpdateTeamMemberPayload {
        /// The team member; absent when it was refused.
        team_member: TeamMember
    }
    UpdateTeamMemberUserError, UpdateTeamMemberErrorCode { Invalid, NotFound, NotPermitted, Stale, LastOwner }
}

async fn update(ctx: &Context<'_>, input: UpdateTeamMemberInput) -> Result<TeamMember, Refused> {
    let (lead, id) = lead_of(ctx, &input.team_member_id).await?;
    let change = MemberChange {
        revision: input.revision,
        role: input.role.map(Into::into),
        ends_at: match input.ends_at {
            MaybeUndefined::Undefined => End::Stays,
            MaybeUndefined::Null => End::None,
            MaybeUndefined::Value(at) => End::At(at.0),
        },
    };
    let member = team::update(platform(ctx), &lead, id, &change).await?;
    shown(platform(ctx), &lead, member).await
}

/// A team member to be removed.
#[derive(InputObject)]
pub struct RemoveTeamMemberInput {
    /// The team member.
    team_member_id: ID,
}

mutation! {
    /// Takes a team member's role away, from now on. The last owner stays.
    RemoveTeamMember::remove_team_member(RemoveTeamMemberInput) => remove;
    RemoveTeamMemberPayload {
        /// Who was a team member; absent when it was refused.
        team_member: TeamMember
    }
    RemoveTeamMemberUserError, RemoveTeamMemberErrorCode { NotFound, LastOwner }
}

async fn remove(ctx: &Context<'_>, input: RemoveTeamMemberInput) -> Result<TeamMember, Refused> {
    let (lead, id) = lead_of(ctx, &input.team_member_id).await?;
    let member = team::remove(platform(ctx), &lead, id).await?;
    shown(platform(ctx), &lead, member).await
}

async fn lead_of(ctx: &Context<'_>, id: &ID) -> Result<(TeamLead, TeamMemberId), Refused> {
    let caller = caller(ctx);
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let missing = || Refused::not_found("teamMemberId");
    let (organization, id) = ids::decode::<TeamMemberId>(id).ok_or_else(missing)?;
    let lead = staff_of_organization::<ManageTeam>(platform(ctx), caller, organization).await;
    Ok((lead.map_err(|refused| at("teamMemberId", refused))?, id))
}

async fn shown(platform: &Platform, lead: &TeamLead, member: Member) -> Result<TeamMember, Refused> {
    let organization = organizations::by_id(&platform.store, lead.organization()).await?;
    let missing = || Fault::Corrupt("a team without its organization".into());
    Ok(TeamMember::new(member, organization.ok_or_else(missing)?))
}
