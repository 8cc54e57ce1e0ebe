//! Views of a roster that name somebody who is erased: by a name or an address of theirs, in what is looked for or in what
//! the view is called. They go; others stay, though the person was in what they show.

use std::collections::BTreeSet;

use consentry_domain::words::fold;
use consentry_domain::{AccountId, EventId, RegistrationId};

use super::empty::Whose;
use crate::platform::Fault;
use crate::platform::store::{Tx, sql};

/// Removes them. To be called while the registrations still have their names.
///
/// # Errors
/// When the database fails.
pub(super) async fn strike(tx: &Tx, whose: &Whose) -> Result<(), Fault> {
    for registration in &whose.registrations {
        of_one(tx, whose, *registration).await?;
    }
    Ok(())
}

async fn of_one(tx: &Tx, whose: &Whose, registration: RegistrationId) -> Result<(), Fault> {
    let text = "select event_id, full_name, given_name, family_name, email from registration \
                where organization_id = $1 and id = $2";
    let values = [whose.organization.into(), registration.into()];
    let Some(row) = sql::optional(tx, text, values).await? else {
        return Ok(());
    };
    let event: EventId = row.try_get("", "event_id")?;
    let mut known = BTreeSet::new();
    for column in ["full_name", "given_name", "family_name", "email"] {
        let text: Option<String> = row.try_get("", column)?;
        known.extend(words(text.as_deref()));
    }
    let text = "select account_id, name, words from roster_view where organization_id = $1 and event_id = $2";
    for row in sql::all(tx, text, [whose.organization.into(), event.into()]).await? {
        let (name, sought): (String, Option<String>) = (row.try_get("", "name")?, row.try_get("", "words")?);
        if words(Some(&name))
            .chain(words(sought.as_deref()))
            .any(|word| known.contains(&word))
        {
            let account: AccountId = row.try_get("", "account_id")?;
            let text = "delete from roster_view where organization_id = $1 and event_id = $2 and account_id = $3 and name = $4";
            let values = [whose.organization.into(), event.into(), account.into(), name.into()];
            sql::execute(tx, text, values).await?;
        }
    }
    Ok(())
}

/// The words of a text, as they are compared.
fn words(text: Option<&str>) -> impl Iterator<Item = String> + use<> {
    let folded = fold(text.unwrap_or_default());
    let all: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
    all.into_iter()
}
