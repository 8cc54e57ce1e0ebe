//! Complaints of somebody who is erased. What is answered is emptied with everything else. What is open is kept until it is
//! answered, with the address to which the answer goes: the organization owes an answer (Art. 12(3) and (4) GDPR), and nobody
//! gets rid of a complaint by being asked to erase (Art. 17(3)(b) and (e)).

use consentry_domain::{ComplaintId, OrganizationId, PersonId};

use crate::platform::Fault;
use crate::platform::store::{Tx, sql};

/// Those of a person that are answered.
pub(super) async fn answered(
    tx: &Tx,
    organization: OrganizationId,
    person: PersonId,
) -> Result<Vec<ComplaintId>, Fault> {
    let text =
        "select id from complaint where organization_id = $1 and person_id = $2 and state = 'ANSWERED' order by id";
    let rows = sql::all(tx, text, [organization.into(), person.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// All of a person's.
pub(super) async fn all(tx: &Tx, organization: OrganizationId, person: PersonId) -> Result<Vec<ComplaintId>, Fault> {
    let text = "select id from complaint where organization_id = $1 and person_id = $2 order by id";
    let rows = sql::all(tx, text, [organization.into(), person.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Leaves the open ones without the account that goes; how many there are.
pub(super) async fn keep_open(tx: &Tx, organization: OrganizationId, person: PersonId) -> Result<u64, Fault> {
    let text = "update complaint set account_id = null, revision = revision + 1 \
        where organization_id = $1 and person_id = $2 and state = 'OPEN'";
    Ok(sql::execute(tx, text, [organization.into(), person.into()]).await?)
}
