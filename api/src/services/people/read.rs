//! What somebody sees of what is theirs. Lists cost the same number of statements whatever their length.

use std::collections::{BTreeSet, HashMap};

use consentry_domain::{
    AccountId, AnswerValue, EventId, OrganizationId, PersonId, QuestionId, QuestionKind, RegistrationId,
    RegistrationStatus,
};
use consentry_entity::{account, event, organization, person, registration};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::OwnRegistration;
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Refused};

/// A registration with its event and who runs it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its row.
    pub row: registration::Model,
    /// Its event.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
}

/// The account.
///
/// # Errors
/// When the database fails.
pub async fn account(store: &Store, id: AccountId) -> Result<Option<account::Model>, DbErr> {
    let found = account::Entity::find_by_id(id).one(store.read()).await?;
    Ok(found.filter(|row| row.erased_at.is_none()))
}

/// Who the account is within organizations, in the order in which it met them.
///
/// # Errors
/// When the database fails.
pub async fn people(store: &Store, account: AccountId) -> Result<Vec<(person::Model, organization::Model)>, Fault> {
    let rows = person::Entity::find()
        .filter(person::Column::AccountId.eq(account))
        .filter(person::Column::ErasedAt.is_null())
        .order_by_asc(person::Column::Id)
        .all(store.read())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let organizations: HashMap<OrganizationId, organization::Model> = organization::Entity::find()
        .filter(organization::Column::Id.is_in(rows.iter().map(|row| row.organization_id)))
        .all(store.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let with = |row: person::Model| Some((organizations.get(&row.organization_id)?.clone(), row));
    Ok(rows
        .into_iter()
        .filter_map(with)
        .map(|(organization, row)| (row, organization))
        .collect())
}

/// The registrations of a person, the newest first: up to one more than `first`, to tell whether there are more.
///
/// # Errors
/// When the database fails or a registration has no event.
pub async fn registrations(
    store: &Store,
    organization: &organization::Model,
    person: PersonId,
    first: u32,
    after: Option<RegistrationId>,
) -> Result<Vec<Listed>, Fault> {
    use registration::Column;
    let mut query = registration::Entity::find()
        .filter(Column::OrganizationId.eq(organization.id))
        .filter(Column::PersonId.eq(person))
        .filter(Column::Status.ne(RegistrationStatus::Erased));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1)
        .all(store.read())
        .await?;
    with_events(store, organization, rows).await
}

/// One's own registration.
///
/// # Errors
/// Not found, where it is gone.
pub async fn own(store: &Store, own: &OwnRegistration) -> Result<Listed, Refused> {
    let missing = || Refused::not_found("registrationId");
    let row = registration::Entity::find_by_id((own.organization(), own.registration()))
        .one(store.read())
        .await?
        .ok_or_else(missing)?;
    let organization = organization::Entity::find_by_id(own.organization())
        .one(store.read())
        .await?
        .ok_or_else(missing)?;
    let listed = with_events(store, &organization, vec![row]).await?;
    listed.into_iter().next().ok_or_else(missing)
}

async fn with_events(
    store: &Store,
    organization: &organization::Model,
    rows: Vec<registration::Model>,
) -> Result<Vec<Listed>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<EventId> = rows.iter().map(|row| row.event_id).collect();
    let events: HashMap<EventId, event::Model> = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization.id))
        .filter(event::Column::Id.is_in(ids))
        .all(store.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    rows.into_iter()
        .map(|row| {
            let missing = || Fault::Corrupt("a registration without its event".into());
            let event = events.get(&row.event_id).cloned().ok_or_else(missing)?;
            let organization = organization.clone();
            Ok(Listed {
                row,
                event,
                organization,
            })
        })
        .collect()
}

/// An answer with the kind of its question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// To this question.
    pub question: QuestionId,
    /// Of this kind.
    pub kind: QuestionKind,
    /// What was answered.
    pub value: AnswerValue,
}

/// The answers of these registrations of one organization, in the order of the questions. One statement.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn answers(
    store: &Store,
    organization: OrganizationId,
    registrations: &[RegistrationId],
) -> Result<HashMap<RegistrationId, Vec<Answer>>, Fault> {
    let text = format!(
        "select a.registration_id, a.question_id, a.value, q.kind from answer a \
         join question q on q.organization_id = a.organization_id and q.id = a.question_id \
         where a.organization_id = $1 and a.registration_id in ({}) order by q.position, q.id",
        sql::list(2, registrations.len())
    );
    let values = std::iter::once(organization.into()).chain(registrations.iter().map(|id| (*id).into()));
    let mut answers: HashMap<RegistrationId, Vec<Answer>> = HashMap::new();
    for row in sql::all(store.read(), &text, values).await? {
        let value: String = row.try_get("", "value")?;
        let value = serde_json::from_str(&value).map_err(|_| Fault::Corrupt("an answer that cannot be read".into()))?;
        answers
            .entry(row.try_get("", "registration_id")?)
            .or_default()
            .push(Answer {
                question: row.try_get("", "question_id")?,
                kind: row.try_get("", "kind")?,
                value,
            });
    }
    Ok(answers)
}
