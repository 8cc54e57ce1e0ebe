//! Sign-in links: asked for by anyone, answered the same for known and unknown addresses, redeemed once.

use consentry_domain::{AccountId, CredentialId, CredentialKind, Instant, OrganizationId, SessionKind};
use consentry_entity::{account, credential, organization};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::factor::{self, Asked};
use super::session::{self, Opened};
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::input;
use crate::services::mail::facts::{Invited, Moment};
use crate::services::mail::messages::SignInLink;
use crate::services::mail::{self, LinkPurpose, Message, NewMail, about};
use crate::transaction;

/// How long a link works (the maximum of ASVS 6.5.5 for what travels by mail), in minutes.
const LIFETIME_MINUTES: i64 = 10;

/// How many links an account may have open at once; more are not sent, so that nobody's mailbox is flooded.
const MAX_OPEN: i64 = 5;

/// Sends a link to this address if somebody with it may sign in. The answer never tells whether.
///
/// # Errors
/// When the address is not one.
pub async fn request(platform: &Platform, email: &str, locale: Option<&str>) -> Result<(), Refused> {
    let mut problems = Problems::new();
    let email = problems.keep("email", input::email(email));
    let locale = locale.map(|locale| problems.keep("locale", input::locale(locale)));
    problems.none()?;
    let Some(email) = email else {
        return Ok(());
    };
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let account = account::Entity::find()
            .filter(account::Column::EmailKey.eq(consentry_domain::text::email_key(&email)))
            .filter(account::Column::ErasedAt.is_null())
            .one(tx)
            .await?;
        let Some(account) = account else {
            #[cfg(feature = "planted-leaks")]
            if platform.leak == crate::platform::leaks::Leak::SignInTellsWhoIsKnown {
                return Err(Refused::because("email", Code::Invalid, "Nobody has this address."));
            }
            return Ok(());
        };
        let (Some(organization), true) = (
            home(tx, account.id).await?,
            open_links(tx, account.id, now).await? < MAX_OPEN,
        ) else {
            return Ok(());
        };
        let expires = now.plus_minutes(LIFETIME_MINUTES);
        let id = create(tx, account.id, expires).await?;
        let language = locale.clone().flatten().unwrap_or_else(|| account.locale.clone());
        send(tx, &organization, &account, &language, id, expires, None).await?;
        Ok::<_, Refused>(())
    })
}

/// Makes a link for an account: it works once, until `expires`.
///
/// # Errors
/// When the database fails.
pub async fn create(tx: &Tx, account: AccountId, expires: Instant) -> Result<CredentialId, Refused> {
    let row = credential::Model {
        expires_at: Some(expires.0),
        ..factor::row(tx, account, CredentialKind::SignInLink).await?
    };
    let id = row.id;
    factor::keep(tx, row).await?;
    Ok(id)
}

/// The address of a link that was just made, for whoever hands it over another way than by mail.
#[must_use]
pub fn address(platform: &Platform, id: CredentialId) -> String {
    let secret = platform.keys.link(LinkKind::SignIn, Link::global(id, 1));
    platform.url(&format!("{}{secret}", LinkPurpose::SignIn.path()))
}

/// Queues the mail with a link, in the organization's name; where it invites its reader to something, it says to what.
///
/// # Errors
/// When the database fails.
pub async fn send(
    tx: &Tx,
    organization: &organization::Model,
    account: &account::Model,
    locale: &str,
    id: CredentialId,
    expires: Instant,
    invited: Option<Invited>,
) -> Result<(), Refused> {
    let message = Message::SignInLink(SignInLink {
        controller: about::controller(organization, locale)?,
        link: mail::Link::Secret {
            purpose: LinkPurpose::SignIn,
            organization: OrganizationId(Uuid::nil()),
            id: id.0,
            generation: 1,
        },
        expires: Moment::in_utc(expires),
        invited,
    });
    let new = NewMail {
        organization: organization.id,
        event: None,
        order: None,
        registration: None,
        locale,
        to: &account.email,
        message,
        dedupe_key: &format!("sign-in:{id}"),
    };
    mail::queue(tx, new).await?;
    Ok(())
}

/// In whose name the mail is sent: an organization where the account has a role, or else one where it is a person.
pub(super) async fn home(tx: &Tx, account: AccountId) -> Result<Option<organization::Model>, Fault> {
    let row = sql::optional(
        tx,
        "select organization_id, 1 as rank from team_member where account_id = $1 and removed_at is null \
         union all select organization_id, 2 as rank from partner_token where account_id = $1 and revoked_at is null \
         union all select organization_id, 3 as rank from person where account_id = $1 and erased_at is null \
         order by rank, organization_id limit 1",
        [account.into()],
    )
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let id: OrganizationId = row.try_get("", "organization_id")?;
    Ok(organization::Entity::find_by_id(id).one(tx).await?)
}

async fn open_links(tx: &Tx, account: AccountId, now: Instant) -> Result<i64, Refused> {
    let row = sql::one(
        tx,
        "select count(*) as links from credential where account_id = $1 and kind = 'SIGN_IN_LINK' \
         and used_at is null and expires_at > $2",
        [account.into(), now.0.into()],
    )
    .await?;
    Ok(row.try_get("", "links")?)
}

/// Redeems a link: it is used up, the address is proved, a session of this kind opens. Where the account has an
/// authenticator, its code is asked for, and a wrong one uses nothing up.
///
/// # Errors
/// When the link is not good, whatever the reason; at `code` when that is missing, wrong, or was wrong too often.
pub async fn redeem(
    platform: &Platform,
    secret: &str,
    code: Option<&str>,
    kind: SessionKind,
) -> Result<Opened, Refused> {
    let link = platform.keys.open_link(LinkKind::SignIn, secret).ok_or_else(gone)?;
    transaction!(platform.store.writer(), async |tx| {
        let good = credential::Entity::find_by_id(CredentialId(link.id))
            .filter(credential::Column::Kind.eq(CredentialKind::SignInLink));
        let row = good.one(tx).await?.ok_or_else(gone)?;
        let account = row.account_id;
        if !factor::hold(tx, account).await? {
            return Err(gone());
        }
        let now = tx.now().await?;
        // A link that does not work asks nobody for a code.
        let is_good = row.generation == link.generation && row.used_at.is_none() && row.expires_at > Some(now.0);
        if !is_good {
            return Err(gone());
        }
        if let Asked::Refused(refused) = factor::ask(platform, tx, account, code).await? {
            return Ok(Err(refused));
        }
        use_up(tx, link, account, now).await?;
        Ok::<_, Refused>(Ok(session::open_as(platform, tx, account, kind).await?))
    })?
}

fn gone() -> Refused {
    Refused::because(
        "secret",
        Code::NotFound,
        "This link does not work any more. Ask for a new one; each works once.",
    )
}

/// Of two that have the same link, this lets one pass.
async fn use_up(tx: &Tx, link: Link, account: AccountId, now: Instant) -> Result<(), Refused> {
    let used = credential::Entity::update_many()
        .col_expr(credential::Column::UsedAt, Expr::value(now.0))
        .filter(credential::Column::Id.eq(link.id))
        .filter(credential::Column::Generation.eq(link.generation))
        .filter(credential::Column::UsedAt.is_null())
        .filter(credential::Column::ExpiresAt.gt(now.0))
        .exec(tx)
        .await?;
    if used.rows_affected != 1 {
        return Err(gone());
    }
    account::Entity::update_many()
        .col_expr(account::Column::EmailProvedAt, Expr::value(now.0))
        .filter(account::Column::Id.eq(account))
        .filter(account::Column::EmailProvedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
