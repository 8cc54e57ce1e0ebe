//! The person that a request of theirs is about, locked.

use consentry_entity::{account, organization, person};
use sea_orm::{EntityTrait, QuerySelect};

use crate::access::OwnPerson;
use crate::platform::Refused;
use crate::platform::store::Tx;

/// A person who asks something of an organization.
pub(in crate::services) struct Subject {
    /// Who, within it.
    pub person: person::Model,
    /// Whose account that is.
    pub account: account::Model,
    /// Of whom it is asked.
    pub organization: organization::Model,
}

impl Subject {
    /// Locks the person, for what is done once or one after another.
    ///
    /// # Errors
    /// Not found, where they are erased or no longer of this account.
    pub(in crate::services) async fn lock(tx: &Tx, own: &OwnPerson) -> Result<Self, Refused> {
        let missing = || Refused::not_found("personId");
        let person = person::Entity::find_by_id((own.organization(), own.person()))
            .lock_exclusive()
            .one(tx)
            .await?;
        let person = person.filter(|row| row.account_id == Some(own.account()) && row.erased_at.is_none());
        let person = person.ok_or_else(missing)?;
        let account = account::Entity::find_by_id(own.account()).one(tx).await?;
        let organization = organization::Entity::find_by_id(own.organization()).one(tx).await?;
        Ok(Self {
            person,
            account: account.ok_or_else(missing)?,
            organization: organization.ok_or_else(missing)?,
        })
    }
}
