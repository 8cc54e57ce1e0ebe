//! Inviting, changing and removing team members. An organization always keeps an owner whose role does not end.

use consentry_domain::{AccountId, ActorKind, EventId, Instant, OrganizationId, Role, TeamMemberId};
use consentry_entity::{account, event, organization, team_member};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::owner;
use crate::access::rights::ManageTeam;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::Tx;
use crate::platform::store::sql::{self, Lock};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::mail::facts::Invited;
use crate::services::mail::line::Line;
use crate::services::{Localized, audit, input, sign_in, tokens};
use crate::transaction;

/// The right to manage the team.
pub type TeamLead = Authorized<OrganizationScope, ManageTeam>;

/// How long the link of an invitation works, in days; afterwards one asks for a new one.
const INVITATION_DAYS: i64 = 1;

/// Somebody to be invited.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Invitation {
    /// The client's key.
    pub idempotency_key: String,
    /// Whose mailbox.
    pub email: String,
    /// As what.
    pub role: Role,
    /// For this event alone.
    pub event: Option<EventId>,
    /// Until when.
    pub ends_at: Option<String>,
    /// In which language the mail is.
    pub locale: Option<String>,
}

/// A team member with the account.
#[derive(Clone, Debug)]
pub struct Member {
    /// The role.
    pub row: team_member::Model,
    /// Who holds it.
    pub account: account::Model,
}

/// Gives somebody a role and mails a link that signs them in.
///
/// # Errors
/// What is wrong with it; `TAKEN` where they hold that role already; `NOT_PERMITTED` where they read for a partner.
pub async fn invite(platform: &Platform, lead: &TeamLead, new: &Invitation) -> Result<Member, Refused> {
    let organization = lead.organization();
    let mut problems = Problems::new();
    let email = problems.keep("email", input::email(&new.email)).unwrap_or_default();
    let ends_at = problems
        .keep("endsAt", input::optional(new.ends_at.as_deref(), input::instant))
        .flatten();
    let locale = problems
        .keep("locale", input::optional(new.locale.as_deref(), input::locale))
        .flatten();
    let whole = new.role != Role::Owner || new.event.is_none();
    problems.expect(
        whole,
        "eventId",
        Code::Invalid,
        "An owner owns the whole organization, not one event.",
    );
    problems.none()?;
    let scope = format!("inviteTeamMember:{}", lead.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: TeamMemberId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return find(tx, organization, TeamMemberId(made)).await;
        }
        if ends_at.is_some_and(|ends_at| ends_at <= now) {
            return Err(Refused::because("endsAt", Code::Invalid, "A time to come is expected."));
        }
        let at = event_of(tx, organization, new.event).await?;
        let account = owner::account(tx, &email).await?;
        refuse_twice(tx, organization, account, new, now).await?;
        tokens::refuse_reader(tx, organization, account, now, "email").await?;
        let row = team_member::Model {
            organization_id: organization,
            id,
            account_id: account,
            role: new.role,
            event_id: new.event,
            created_at: now.0,
            ends_at: ends_at.map(|at| at.0),
            removed_at: None,
            revision: 1,
        };
        team_member::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        let invited = |locale: &str| to_the_team(new.role, at.as_ref(), locale);
        send_link(tx, organization, account, locale.as_deref(), invited).await?;
        note(
            tx,
            lead,
            "inviteTeamMember",
            id,
            serde_json::json!({ "role": new.role.as_str() }),
        )
        .await?;
        find(tx, organization, id).await
    })
}

/// The event that a role is for alone.
async fn event_of(tx: &Tx, organization: OrganizationId, id: Option<EventId>) -> Result<Option<event::Model>, Refused> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = event::Entity::find_by_id((organization, id)).one(tx).await?;
    Ok(Some(found.ok_or_else(|| Refused::not_found("eventId"))?))
}

fn to_the_team(role: Role, event: Option<&event::Model>, locale: &str) -> Result<Invited, Fault> {
    let title = |event: &event::Model| -> Result<Line, Fault> {
        let title = Localized::parse(&event.title)?;
        Ok(title.pick(Some(locale), &event.default_locale).into())
    };
    Ok(Invited::Team {
        role,
        event: event.map(title).transpose()?,
    })
}

async fn refuse_twice(
    tx: &Tx,
    organization: OrganizationId,
    account: AccountId,
    new: &Invitation,
    now: Instant,
) -> Result<(), Refused> {
    let held = team_member::Entity::find()
        .filter(team_member::Column::OrganizationId.eq(organization))
        .filter(team_member::Column::AccountId.eq(account))
        .filter(team_member::Column::RemovedAt.is_null())
        .all(tx)
        .await?;
    // A role that has ended is held by nobody.
    let is_live = |row: &team_member::Model| row.ends_at.is_none_or(|ends| now.0 < ends);
    let is_same = |row: &team_member::Model| row.event_id == new.event && row.role == new.role;
    if held.iter().any(|row| is_live(row) && is_same(row)) {
        return Err(Refused::because(
            "email",
            Code::Taken,
            "Whoever has this address holds this role already.",
        ));
    }
    Ok(())
}

/// Makes a link that signs the account in and mails it in the organization's name, with what the account is invited to, in
/// the language of the mail.
pub(crate) async fn send_link(
    tx: &Tx,
    organization: OrganizationId,
    account: AccountId,
    locale: Option<&str>,
    invited: impl FnOnce(&str) -> Result<Invited, Fault>,
) -> Result<(), Refused> {
    let now = tx.now().await?;
    let missing = || Fault::Corrupt("an organization or account that was there a moment ago".into());
    let organization = organization::Entity::find_by_id(organization)
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let account = account::Entity::find_by_id(account)
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let expires = now.plus_days(INVITATION_DAYS);
    let id = sign_in::create_link(tx, account.id, expires).await?;
    let locale = locale.unwrap_or(&account.locale);
    let invited = Some(invited(locale)?);
    sign_in::send_link(tx, &organization, &account, locale, id, expires, invited).await?;
    Ok(())
}

/// Until when a role is to be held.
#[derive(Clone, Debug, Default)]
pub enum End {
    /// As it was.
    #[default]
    Stays,
    /// Without end.
    None,
    /// Until then.
    At(String),
}

/// A change of a role; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// The revision that was seen.
    pub revision: i64,
    /// As what.
    pub role: Option<Role>,
    /// Until when.
    pub ends_at: End,
}

/// Changes a role.
///
/// # Errors
/// `STALE`, `LAST_OWNER`, or what is wrong with it.
pub async fn update(
    platform: &Platform,
    lead: &TeamLead,
    id: TeamMemberId,
    change: &MemberChange,
) -> Result<Member, Refused> {
    let mut problems = Problems::new();
    let ends_at = match &change.ends_at {
        End::Stays => None,
        End::None => Some(None),
        End::At(at) => Some(problems.keep("endsAt", input::instant(at))),
    };
    problems.none()?;
    let organization = lead.organization();
    transaction!(platform.store.writer(), async |tx| {
        let owners = lock_owners(tx, organization).await?;
        let row = find(tx, organization, id).await?.row;
        if row.revision != change.revision {
            let words = "This was changed meanwhile. Read it again and repeat the change.";
            return Err(Refused::because("revision", Code::Stale, words));
        }
        let role = change.role.unwrap_or(row.role);
        let ends_at = ends_at.map_or(row.ends_at, |at| at.map(|at| at.0));
        if role == Role::Owner && row.event_id.is_some() {
            let words = "An owner owns the whole organization, not one event.";
            return Err(Refused::because("role", Code::Invalid, words));
        }
        if role != Role::Owner || ends_at.is_some() {
            refuse_last(&owners, id)?;
        }
        // A role that ended may come back, and its holder may read for a partner since.
        let now = tx.now().await?;
        if ends_at.is_none_or(|ends_at| ends_at > now.0) {
            let holder = account::Entity::find_by_id(row.account_id).lock_exclusive();
            holder.one(tx).await?;
            tokens::refuse_reader(tx, organization, row.account_id, now, "endsAt").await?;
        }
        sql::execute(
            tx,
            "update team_member set role = $3, ends_at = $4, revision = revision + 1 where organization_id = $1 and id = $2",
            [organization.into(), id.into(), role.as_str().into(), ends_at.into()],
        )
        .await?;
        note(
            tx,
            lead,
            "updateTeamMember",
            id,
            serde_json::json!({ "from": row.role.as_str(), "to": role.as_str() }),
        )
        .await?;
        find(tx, organization, id).await
    })
}

/// Takes a role away, from now on.
///
/// # Errors
/// `LAST_OWNER`, or not found.
pub async fn remove(platform: &Platform, lead: &TeamLead, id: TeamMemberId) -> Result<Member, Refused> {
    let organization = lead.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let owners = lock_owners(tx, organization).await?;
        let mut member = find(tx, organization, id).await?;
        refuse_last(&owners, id)?;
        sql::execute(
            tx,
            "update team_member set removed_at = $3, revision = revision + 1 \
             where organization_id = $1 and id = $2 and removed_at is null",
            [organization.into(), id.into(), now.0.into()],
        )
        .await?;
        forget_views(tx, organization, member.row.account_id).await?;
        member.row.removed_at = Some(now.0);
        member.row.revision += 1;
        note(
            tx,
            lead,
            "removeTeamMember",
            id,
            serde_json::json!({ "role": member.row.role.as_str() }),
        )
        .await?;
        Ok(member)
    })
}

/// Whoever has no role any more keeps no view of a roster.
async fn forget_views(tx: &Tx, organization: OrganizationId, account: AccountId) -> Result<(), Refused> {
    let text = "delete from roster_view where organization_id = $1 and account_id = $2 and not exists (select 1 \
                from team_member m where m.organization_id = $1 and m.account_id = $2 and m.removed_at is null)";
    sql::execute(tx, text, [organization.into(), account.into()]).await?;
    Ok(())
}

/// The roles of owners that do not end, locked, so that two changes cannot each leave the other's owner behind.
async fn lock_owners(tx: &Tx, organization: OrganizationId) -> Result<Vec<TeamMemberId>, Refused> {
    let text = format!(
        "select id from team_member where organization_id = $1 and role = 'OWNER' and event_id is null \
         and removed_at is null and ends_at is null order by id{}",
        sql::lock_suffix(tx.engine(), Lock::Exclusive)
    );
    let rows = sql::all(tx, &text, [organization.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

fn refuse_last(owners: &[TeamMemberId], id: TeamMemberId) -> Result<(), Refused> {
    if owners == [id] {
        let words = "This is the organization's last owner. Make somebody else an owner first.";
        return Err(Refused::because("teamMemberId", Code::LastOwner, words));
    }
    Ok(())
}

/// A live role of the organization.
async fn find(tx: &Tx, organization: OrganizationId, id: TeamMemberId) -> Result<Member, Refused> {
    let missing = || Refused::not_found("teamMemberId");
    let row = team_member::Entity::find_by_id((organization, id)).one(tx).await?;
    let row = row.filter(|row| row.removed_at.is_none()).ok_or_else(missing)?;
    let account = account::Entity::find_by_id(row.account_id)
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    Ok(Member { row, account })
}

async fn note(
    tx: &Tx,
    lead: &TeamLead,
    action: &str,
    id: TeamMemberId,
    detail: serde_json::Value,
) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: lead.organization(),
        actor: ActorKind::Staff,
        account: Some(lead.actor()),
        action,
        event: None,
        subject_kind: "teamMember",
        subject: Some(id.0),
        detail,
    };
    Ok(audit::note(tx, entry).await?)
}
