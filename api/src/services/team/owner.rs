//! The operator's way to an owner: for the first one, and when every owner has lost their mailbox.

use consentry_domain::{AccountId, ActorKind, OrganizationId, Role, TeamMemberId};
use consentry_entity::{account, team_member};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::platform::store::Tx;
use crate::platform::{Platform, Problems, Refused};
use crate::services::{audit, input, sign_in, tokens};
use crate::transaction;

/// A link that signs this address in once, within a day, as an owner of the organization; who is not one becomes one.
///
/// # Errors
/// When the address is not one; `NOT_PERMITTED` where whoever has it reads for a partner.
pub async fn owner_link(platform: &Platform, organization: OrganizationId, email: &str) -> Result<String, Refused> {
    let mut problems = Problems::new();
    let email = problems.keep("email", input::email(email)).unwrap_or_default();
    problems.none()?;
    let id = transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let account = account(tx, &email).await?;
        let is_owner = team_member::Entity::find()
            .filter(team_member::Column::OrganizationId.eq(organization))
            .filter(team_member::Column::AccountId.eq(account))
            .filter(team_member::Column::Role.eq(Role::Owner))
            .filter(team_member::Column::EventId.is_null())
            .filter(team_member::Column::RemovedAt.is_null())
            .all(tx)
            .await?
            .iter()
            .any(|role| role.ends_at.is_none_or(|ends_at| ends_at > now.0));
        if !is_owner {
            tokens::refuse_reader(tx, organization, account, now, "email").await?;
            let member = team_member::Model {
                organization_id: organization,
                id: tx.ordered_id::<TeamMemberId>(),
                account_id: account,
                role: Role::Owner,
                event_id: None,
                created_at: now.0,
                ends_at: None,
                removed_at: None,
                revision: 1,
            };
            team_member::Entity::insert(member.into_active_model().reset_all())
                .exec_without_returning(tx)
                .await?;
        }
        let id = sign_in::create_link(tx, account, now.plus_days(1)).await?;
        audit::note(
            tx,
            audit::Entry {
                organization,
                actor: ActorKind::System,
                account: Some(account),
                action: "ownerLink",
                event: None,
                subject_kind: "account",
                subject: Some(account.0),
                detail: serde_json::json!({ "becameOwner": !is_owner }),
            },
        )
        .await?;
        Ok::<_, Refused>(id)
    })?;
    Ok(sign_in::link_address(platform, id))
}

/// The account of this address, made where there is none.
pub(crate) async fn account(tx: &Tx, email: &str) -> Result<AccountId, Refused> {
    let key = consentry_domain::text::email_key(email);
    if let Some(row) = account::Entity::find()
        .filter(account::Column::EmailKey.eq(&key))
        .lock_exclusive()
        .one(tx)
        .await?
    {
        return Ok(row.id);
    }
    let row = account::Model {
        id: tx.ordered_id(),
        email: email.to_owned(),
        email_key: key,
        email_proved_at: None,
        locale: "en".to_owned(),
        created_at: tx.now().await?.0,
        erased_at: None,
    };
    let id = row.id;
    account::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(id)
}
