//! Members of a partner's staff: invited and removed by the organizer, each with an account of their own.
//!
//! A member reads what was granted; an administrator also asks for it ([`crate::access::AdministeredPlace`]). A member holds a seat: a token without a secret, which covers every place of the partner at the organization's events,
//! those to come included, for every purpose and field. What it shows is what attendees granted, and what each member
//! fetched is on record under their seat.

use consentry_domain::token::MOST_DAYS;
use consentry_domain::{
    AccountId, ActorKind, Capability, EventPartnerId, FieldMask, Instant, OrganizationId, PartnerId, PartnerMemberId,
    PartnerMemberRole, PartnerTokenId, Purpose, PurposeSet,
};
use consentry_entity::{account, partner, partner_token};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::issue::key_id;
use crate::access::partner::capabilities_to_column;
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::mail::facts::Invited;
use crate::services::{audit, idempotency, input, team};
use crate::transaction;

/// The right to say who reads for a partner.
pub type PartnerLead = Authorized<OrganizationScope, ManagePartners>;

/// Somebody to be invited.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewMember {
    /// The client's key.
    pub idempotency_key: String,
    /// To whose staff.
    pub partner: PartnerId,
    /// Whose mailbox.
    pub email: String,
    /// What for.
    pub role: PartnerMemberRole,
    /// Until when, RFC 3339; for 400 days where it is not said, which is the longest.
    pub ends_at: Option<String>,
    /// In which language the mail is.
    pub locale: Option<String>,
}

/// A member of a partner's staff.
#[derive(Clone, Debug)]
pub struct PartnerMember {
    /// The tenant.
    pub organization: OrganizationId,
    /// Their seat.
    pub id: PartnerMemberId,
    /// Whose staff.
    pub partner: PartnerId,
    /// The account's address.
    pub email: String,
    /// Whether somebody has proved that address by signing in.
    pub email_proved: bool,
    /// What for.
    pub role: PartnerMemberRole,
    /// Since when.
    pub created_at: Instant,
    /// Until when.
    pub ends_at: Instant,
    /// The minute of the last use, as a moment.
    pub last_used_at: Option<Instant>,
}

/// Gives somebody a seat and mails a link that signs them in.
///
/// # Errors
/// What is wrong with it; `TAKEN` where they hold a seat there already; `NOT_PERMITTED` where they work for the organization.
pub async fn invite(platform: &Platform, lead: &PartnerLead, new: &NewMember) -> Result<PartnerMember, Refused> {
    let organization = lead.organization();
    let mut problems = Problems::new();
    let email = problems.keep("email", input::email(&new.email)).unwrap_or_default();
    let ends_at = problems
        .keep("endsAt", input::optional(new.ends_at.as_deref(), input::instant))
        .flatten();
    let locale = problems
        .keep("locale", input::optional(new.locale.as_deref(), input::locale))
        .flatten();
    problems.none()?;
    let scope = format!("invitePartnerMember:{}", lead.actor());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: PartnerTokenId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            return one(tx, organization, PartnerMemberId(made)).await;
        }
        let last = now.plus_days(MOST_DAYS);
        let ends_at = ends_at.unwrap_or(last);
        if ends_at <= now || last < ends_at {
            let words = format!("A time to come is expected, within {MOST_DAYS} days.");
            return Err(Refused::because("endsAt", Code::Invalid, words));
        }
        // Whoever adds the partner to an event waits for this, or is seen here.
        let partner = partner::Entity::find_by_id((organization, new.partner)).lock_exclusive();
        let partner = partner.one(tx).await?.filter(|partner| partner.active);
        let partner = partner.ok_or_else(|| Refused::not_found("partnerId"))?;
        let account = team::account(tx, &email).await?;
        refuse_twice(tx, &partner, account, now).await?;
        refuse_staff(tx, &partner, account, now).await?;
        let row = partner_token::Model {
            organization_id: organization,
            id,
            partner_id: partner.id,
            kid: key_id(tx, organization).await?,
            name: String::new(),
            hash: None,
            capabilities: capabilities_to_column(&[Capability::Pull]),
            networks: None,
            claim_generation: 1,
            created_at: now.0,
            created_by: Some(lead.actor()),
            claimed_at: Some(now.0),
            not_before: now.0,
            expires_at: ends_at.0,
            revoked_at: None,
            last_used_minute: None,
            revision: 1,
            account_id: Some(account),
            member_role: Some(new.role),
        };
        partner_token::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        cover_all(tx, organization, id, partner.id).await?;
        let invited = |_: &str| {
            Ok(Invited::Staff {
                partner: partner.display_name.as_str().into(),
                role: new.role,
            })
        };
        team::send_link(tx, organization, account, locale.as_deref(), invited).await?;
        note(tx, lead, "invitePartnerMember", PartnerMemberId(id.0)).await?;
        one(tx, organization, PartnerMemberId(id.0)).await
    })
}

/// Says what a member is there for, from now on.
///
/// # Errors
/// Not found where there is no such seat, or it was taken away.
pub async fn update(
    platform: &Platform,
    lead: &PartnerLead,
    id: PartnerMemberId,
    role: PartnerMemberRole,
) -> Result<PartnerMember, Refused> {
    let organization = lead.organization();
    transaction!(platform.store.writer(), async |tx| {
        let changed = sql::execute(
            tx,
            "update partner_token set member_role = $3, revision = revision + 1 \
             where organization_id = $1 and id = $2 and revoked_at is null and account_id is not null",
            [organization.into(), id.into(), role.as_str().into()],
        )
        .await?;
        if changed == 0 {
            return Err(Refused::not_found("partnerMemberId"));
        }
        note(tx, lead, "updatePartnerMember", id).await?;
        one(tx, organization, id).await
    })
}

/// Takes a seat away, from now on.
///
/// # Errors
/// Not found where there is no such seat, or it was taken away.
pub async fn remove(platform: &Platform, lead: &PartnerLead, id: PartnerMemberId) -> Result<PartnerMember, Refused> {
    let organization = lead.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let member = one(tx, organization, id).await?;
        let taken = sql::execute(
            tx,
            "update partner_token set revoked_at = $3, revision = revision + 1 \
             where organization_id = $1 and id = $2 and revoked_at is null and account_id is not null",
            [organization.into(), id.into(), now.0.into()],
        )
        .await?;
        if taken == 0 {
            return Err(Refused::not_found("partnerMemberId"));
        }
        note(tx, lead, "removePartnerMember", id).await?;
        Ok(member)
    })
}

/// The staff of a partner, in the order in which they came; those whose seat has ended, too, until it is taken away. None
/// where the organization has no such partner.
///
/// # Errors
/// When the database fails.
pub async fn members(
    store: &Store,
    lead: &PartnerLead,
    partner: PartnerId,
) -> Result<Option<Vec<PartnerMember>>, Fault> {
    let known = partner::Entity::find_by_id((lead.organization(), partner));
    if known.one(store.read()).await?.is_none() {
        return Ok(None);
    }
    let rows = partner_token::Entity::find()
        .filter(partner_token::Column::OrganizationId.eq(lead.organization()))
        .filter(partner_token::Column::PartnerId.eq(partner))
        .filter(partner_token::Column::AccountId.is_not_null())
        .filter(partner_token::Column::RevokedAt.is_null())
        .order_by_asc(partner_token::Column::Id)
        .all(store.read())
        .await?;
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id)))
        .all(store.read())
        .await?;
    let of = |row: &partner_token::Model| accounts.iter().find(|account| Some(account.id) == row.account_id);
    rows.iter()
        .map(|row| member(row, of(row)))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Every seat of the partner covers its place at one more event.
///
/// # Errors
/// When the database fails.
pub(crate) async fn cover_one_more(
    tx: &Tx,
    organization: OrganizationId,
    partner: PartnerId,
    event_partner: EventPartnerId,
) -> Result<(), Fault> {
    let text = "insert into partner_token_scope (organization_id, token_id, event_partner_id, purposes, field_mask) \
        select organization_id, id, $3, $4, $5 from partner_token where organization_id = $1 and partner_id = $2 \
        and account_id is not null and revoked_at is null";
    let [purposes, fields] = everything();
    let values = [
        organization.into(),
        partner.into(),
        event_partner.into(),
        purposes,
        fields,
    ];
    sql::execute(tx, text, values).await?;
    Ok(())
}

/// A seat covers every place that its partner has.
async fn cover_all(
    tx: &Tx,
    organization: OrganizationId,
    seat: PartnerTokenId,
    partner: PartnerId,
) -> Result<(), Fault> {
    let text = "insert into partner_token_scope (organization_id, token_id, event_partner_id, purposes, field_mask) \
        select organization_id, $2, id, $4, $5 from event_partner where organization_id = $1 and partner_id = $3";
    let [purposes, fields] = everything();
    let values = [organization.into(), seat.into(), partner.into(), purposes, fields];
    sql::execute(tx, text, values).await?;
    Ok(())
}

/// Every purpose and every field, as they are stored.
fn everything() -> [sea_orm::Value; 2] {
    let purposes: PurposeSet = Purpose::ALL.iter().copied().collect();
    [purposes.to_db().into(), FieldMask::ALL.to_db().into()]
}

async fn refuse_twice(tx: &Tx, partner: &partner::Model, account: AccountId, now: Instant) -> Result<(), Refused> {
    let held = partner_token::Entity::find()
        .filter(partner_token::Column::OrganizationId.eq(partner.organization_id))
        .filter(partner_token::Column::PartnerId.eq(partner.id))
        .filter(partner_token::Column::AccountId.eq(account))
        .filter(partner_token::Column::RevokedAt.is_null())
        .filter(partner_token::Column::ExpiresAt.gt(now.0))
        .one(tx)
        .await?;
    if held.is_none() {
        return Ok(());
    }
    let words = "Whoever has this address is a member of this partner's staff already.";
    Err(Refused::because("email", Code::Taken, words))
}

/// The organization's own staff must not see who allowed others what; for the organization itself they may read.
async fn refuse_staff(tx: &Tx, partner: &partner::Model, account: AccountId, now: Instant) -> Result<(), Refused> {
    if partner.is_organization {
        return Ok(());
    }
    let text = "select 1 as one from team_member where organization_id = $1 and account_id = $2 and removed_at is null \
        and (ends_at is null or ends_at > $3) limit 1";
    let values = [partner.organization_id.into(), account.into(), now.0.into()];
    if sql::optional(tx, text, values).await?.is_none() {
        return Ok(());
    }
    let words =
        "Whoever has this address works for the organization, whose staff does not see who allowed a partner what.";
    Err(Refused::because("email", Code::NotPermitted, words))
}

/// Refuses a role in the organization to whoever reads for another company: its staff does not see who allowed that what.
///
/// # Errors
/// `NOT_PERMITTED` where the account holds such a seat now.
pub(crate) async fn refuse_reader(
    tx: &Tx,
    organization: OrganizationId,
    account: AccountId,
    now: Instant,
    field: &str,
) -> Result<(), Refused> {
    let text = "select 1 as one from partner_token t join partner p on p.organization_id = t.organization_id \
        and p.id = t.partner_id where t.account_id = $2 and t.organization_id = $1 and t.revoked_at is null \
        and t.expires_at > $3 and not p.is_organization limit 1";
    let values = [organization.into(), account.into(), now.0.into()];
    if sql::optional(tx, text, values).await?.is_none() {
        return Ok(());
    }
    let words = "Whoever has this address reads for a partner. Take them off its staff first: the organization's own does not \
        see who allowed a partner what.";
    Err(Refused::because(field, Code::NotPermitted, words))
}

async fn one(tx: &Tx, organization: OrganizationId, id: PartnerMemberId) -> Result<PartnerMember, Refused> {
    let missing = || Refused::not_found("partnerMemberId");
    let row = partner_token::Entity::find_by_id((organization, PartnerTokenId(id.0)));
    let row = row.one(tx).await?.ok_or_else(missing)?;
    let account = account::Entity::find_by_id(row.account_id.ok_or_else(missing)?);
    Ok(member(&row, account.one(tx).await?.as_ref())?)
}

fn member(row: &partner_token::Model, account: Option<&account::Model>) -> Result<PartnerMember, Fault> {
    let account = account.ok_or_else(|| Fault::Corrupt("a seat without its account".into()))?;
    Ok(PartnerMember {
        organization: row.organization_id,
        id: PartnerMemberId(row.id.0),
        partner: row.partner_id,
        email: account.email.clone(),
        email_proved: account.email_proved_at.is_some(),
        role: row.member_role.unwrap_or(PartnerMemberRole::Reader),
        created_at: Instant(row.created_at),
        ends_at: Instant(row.expires_at),
        last_used_at: row.last_used_minute.map(|minute| Instant(0).plus_minutes(minute)),
    })
}

async fn note(tx: &Tx, lead: &PartnerLead, action: &str, id: PartnerMemberId) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: lead.organization(),
        actor: ActorKind::Staff,
        account: Some(lead.actor()),
        action,
        event: None,
        subject_kind: "partnerMember",
        subject: Some(id.0),
        detail: serde_json::json!({}),
    };
    Ok(audit::note(tx, entry).await?)
}
