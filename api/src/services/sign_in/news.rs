//! The mail that tells somebody that the way in which they sign in was changed.

use consentry_domain::AccountId;
use consentry_entity::account;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::link;
use crate::platform::Fault;
use crate::platform::store::Tx;
use crate::services::mail::facts::Moment;
use crate::services::mail::messages::{SignInChange, SignInChanged};
use crate::services::mail::{self, Link, Message, NewMail, about};

/// The page where it can be looked at.
const PAGE: &str = "/me/security";

/// Queues it, in the name of an organization that knows the account; nobody is told where none does.
pub(super) async fn tell(tx: &Tx, account: AccountId, what: SignInChange) -> Result<(), Fault> {
    let (Some(organization), Some(account)) = (
        link::home(tx, account).await?,
        account::Entity::find_by_id(account).one(tx).await?,
    ) else {
        return Ok(());
    };
    let message: Message = SignInChanged {
        controller: about::controller(&organization, &account.locale)?,
        what,
        at: Moment::in_utc(tx.now().await?),
        page: Link::Page(PAGE.to_owned()),
    }
    .into();
    let new = NewMail {
        organization: organization.id,
        event: None,
        order: None,
        registration: None,
        locale: &account.locale,
        to: &account.email,
        message,
        dedupe_key: &format!("sign-in-changed:{}", tx.ordered_id::<Uuid>()),
    };
    mail::queue(tx, new).await?;
    Ok(())
}
