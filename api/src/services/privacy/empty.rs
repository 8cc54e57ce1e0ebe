//! What erasing does to each table, from the catalogue: rows are deleted, or every column that holds something personal
//! is emptied. Which rows of a table are somebody's is said here; what is personal in them is said by the catalogue alone.

use consentry_domain::{AccountId, ComplaintId, MailId, OrderId, OrganizationId, PersonId, RegistrationId};
use consentry_entity::catalogue::{Class, Erasure, Table};
use consentry_entity::{CATALOGUE, complaint, guardian_request, mail, order, person, registration};
use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, Value};
use uuid::Uuid;

use crate::platform::Fault;
use crate::platform::store::{Engine, Tx, sql};

/// So many ids are bound to one statement.
const AT_ONCE: usize = 500;

/// Whose rows are erased.
pub(super) struct Whose {
    /// Within which organization.
    pub organization: OrganizationId,
    /// The person, where one is known.
    pub person: Option<PersonId>,
    /// Their account, where nothing else is left of it.
    pub account: Option<AccountId>,
    /// Their registrations.
    pub registrations: Vec<RegistrationId>,
    /// The orders that they bought.
    pub bought: Vec<OrderId>,
    /// Their mails.
    pub mails: Vec<MailId>,
    /// Their complaints that are answered; one that is open is kept until it is.
    pub complaints: Vec<ComplaintId>,
}

impl Whose {
    /// Nothing yet.
    pub fn nothing(organization: OrganizationId) -> Self {
        Self {
            organization,
            person: None,
            account: None,
            registrations: Vec::new(),
            bought: Vec::new(),
            mails: Vec::new(),
            complaints: Vec::new(),
        }
    }
}

/// Which rows of a table belong to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Those with their registration's id in this column.
    OfRegistrations(&'static str),
    /// Leads have a writer of their own, which has been there before: a tombstone without values, or nothing.
    OfTheLeadTable,
    /// Orders that they bought.
    Bought,
    /// What belongs to those orders, by the order's id in this column.
    OfBought(&'static str),
    /// Their mails, by the mail's id in this column.
    Mails(&'static str),
    /// Their complaints.
    Complaints,
    /// The requests that made their registrations, orders and complaints, by a keyed hash.
    Made,
    /// The person.
    Person,
    /// Those with the account's id in this column; only where the account goes.
    OfAccount(&'static str),
    /// A role in an organization's team ends with the team's own means; whoever has one keeps the account.
    Roles,
}

/// Which rows of this table; none where the catalogue has a table that nobody thought of here.
pub(super) fn rows(table: &Table) -> Option<Rows> {
    let has = |name: &str| table.columns.iter().any(|(column, _)| *column == name);
    Some(match table.name {
        "registration" => Rows::OfRegistrations("id"),
        "lead" => Rows::OfTheLeadTable,
        "mail" => Rows::Mails("id"),
        "outbox" => Rows::Mails("subject_id"),
        "order" => Rows::Bought,
        "person" => Rows::Person,
        "account" => Rows::OfAccount("id"),
        "credential" | "session" | "roster_view" => Rows::OfAccount("account_id"),
        "team_member" => Rows::Roles,
        "idempotency_key" => Rows::Made,
        "complaint" => Rows::Complaints,
        "billing_party" => Rows::OfBought("order_id"),
        _ if has("registration_id") => Rows::OfRegistrations("registration_id"),
        _ => return None,
    })
}

/// Erases all of it. The caller holds the locks, and has brought the lead table into line.
///
/// # Errors
/// When the database fails, or the catalogue names what is not there.
pub(super) async fn all(tx: &Tx, whose: &Whose) -> Result<(), Fault> {
    // What refers to the account goes before it.
    let (last, first): (Vec<&Table>, Vec<&Table>) = CATALOGUE.iter().partition(|table| table.name == "account");
    for table in first.into_iter().chain(last) {
        one(tx, table, whose).await?;
    }
    Ok(())
}

async fn one(tx: &Tx, table: &Table, whose: &Whose) -> Result<(), Fault> {
    let verb = match table.erasure {
        Erasure::Never | Erasure::KeptByLaw => return Ok(()),
        Erasure::RowDeleted => format!("delete from \"{}\"", table.name),
        Erasure::Emptied if table.name == "lead" => return Ok(()),
        Erasure::Emptied => format!("update \"{}\" set {}", table.name, assignments(table, tx.engine())?),
    };
    let unknown = || Fault::Corrupt(format!("nobody knows whose the rows of {} are", table.name));
    let (column, ids): (&str, Vec<Uuid>) = match rows(table).ok_or_else(unknown)? {
        Rows::OfTheLeadTable | Rows::Roles => return Ok(()),
        Rows::OfRegistrations(column) => (column, whose.registrations.iter().map(|id| id.0).collect()),
        Rows::Bought => ("id", whose.bought.iter().map(|id| id.0).collect()),
        Rows::OfBought(column) => (column, whose.bought.iter().map(|id| id.0).collect()),
        Rows::Mails(column) => (column, whose.mails.iter().map(|id| id.0).collect()),
        Rows::Complaints => ("id", whose.complaints.iter().map(|id| id.0).collect()),
        Rows::Person => ("id", whose.person.iter().map(|id| id.0).collect()),
        Rows::OfAccount(column) => (column, whose.account.iter().map(|id| id.0).collect()),
        Rows::Made => {
            let orders = whose.bought.iter().map(|id| id.0);
            let complaints = whose.complaints.iter().map(|id| id.0);
            let made = whose.registrations.iter().map(|id| id.0).chain(orders);
            ("result_id", made.chain(complaints).collect())
        }
    };
    let tenant = table.columns.iter().any(|(column, _)| *column == "organization_id");
    for some in ids.chunks(AT_ONCE) {
        let (tenant, head): (&str, Option<Value>) = match tenant {
            true => ("organization_id = $1 and ", Some(whose.organization.into())),
            false => ("", None),
        };
        let list = sql::list(1 + usize::from(head.is_some()), some.len());
        let text = format!("{verb} where {tenant}{column} in ({list})");
        let values = head.into_iter().chain(some.iter().map(|id| Value::from(*id)));
        sql::execute(tx, &text, values).await?;
    }
    Ok(())
}

/// Empties a complaint that was open when its person was erased, and is answered now.
///
/// # Errors
/// When the database fails.
pub async fn one_complaint(tx: &Tx, organization: OrganizationId, id: ComplaintId) -> Result<(), Fault> {
    let set = assignments(&complaint::CATALOGUE, tx.engine())?;
    let text = format!("update complaint set {set} where organization_id = $1 and id = $2");
    sql::execute(tx, &text, [organization.into(), id.into()]).await?;
    Ok(())
}

/// What the columns of a table that stays become. Beside what is personal, what still opens something.
fn assignments(table: &Table, engine: Engine) -> Result<String, Fault> {
    let code = match engine {
        // No code begins so, and no two rows have the same.
        Engine::Sqlite => "'-' || hex(id)",
        Engine::Postgres => "'-' || id::text",
    };
    let (mut set, more) = match table.name {
        "registration" => (
            emptied::<registration::Entity>(table, engine)?,
            vec![
                "person_id = null".to_owned(),
                format!("check_in_code = {code}"),
                format!("badge_code = {code}"),
                "link_generation = link_generation + 1".to_owned(),
            ],
        ),
        "order" => (emptied::<order::Entity>(table, engine)?, Vec::new()),
        "complaint" => {
            let more = vec!["account_id = null".to_owned(), "revision = revision + 1".to_owned()];
            (emptied::<complaint::Entity>(table, engine)?, more)
        }
        "guardian_request" => {
            let more = vec!["generation = generation + 1".to_owned()];
            (emptied::<guardian_request::Entity>(table, engine)?, more)
        }
        "mail" => {
            let more = "status = case when status = 'QUEUED' then 'FAILED' else status end";
            (emptied::<mail::Entity>(table, engine)?, vec![more.to_owned()])
        }
        "person" => {
            let more = vec!["account_id = null".to_owned(), "revision = revision + 1".to_owned()];
            (emptied::<person::Entity>(table, engine)?, more)
        }
        name => return Err(Fault::Corrupt(format!("nobody knows how {name} is emptied"))),
    };
    set.extend(more);
    Ok(set.join(", "))
}

/// Each personal column with nothing in it: null, or what is like it where a column demands a value.
fn emptied<E: EntityTrait>(table: &Table, engine: Engine) -> Result<Vec<String>, Fault>
where
    E::Column: Iterable,
{
    let personal = |class: Class| matches!(class, Class::Personal | Class::Sensitive);
    let of = |name: &str| E::Column::iter().find(|column| column.as_str() == name);
    table
        .columns
        .iter()
        .filter(|(_, class)| personal(*class))
        .map(|(name, _)| {
            let missing = || Fault::Corrupt(format!("{}.{name} cannot be emptied", table.name));
            let definition = of(name).ok_or_else(missing)?.def();
            let nothing = match definition.get_column_type() {
                _ if definition.is_null() => "null",
                ColumnType::String(_) | ColumnType::Text => "''",
                ColumnType::Boolean => "false",
                ColumnType::Integer | ColumnType::BigInteger => "0",
                ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => match engine {
                    Engine::Sqlite => "x''",
                    Engine::Postgres => "''::bytea",
                },
                _ => return Err(missing()),
            };
            Ok(format!("{name} = {nothing}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_that_erasure_touches_says_whose_its_rows_are_and_how_they_are_emptied() {
        for table in CATALOGUE {
            match table.erasure {
                Erasure::Never | Erasure::KeptByLaw => {}
                Erasure::RowDeleted => assert!(rows(table).is_some(), "{}", table.name),
                Erasure::Emptied if table.name == "lead" => assert_eq!(rows(table), Some(Rows::OfTheLeadTable)),
                Erasure::Emptied => {
                    assert!(rows(table).is_some(), "{}", table.name);
                    for engine in [Engine::Sqlite, Engine::Postgres] {
                        let set = assignments(table, engine).expect("a table that can be emptied");
                        for (name, class) in table.columns {
                            let personal = matches!(class, Class::Personal | Class::Sensitive);
                            assert!(
                                !personal || set.contains(&format!("{name} = ")),
                                "{}.{name}",
                                table.name
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_table_that_erasure_leaves_alone_holds_nothing_personal_of_attendees() {
        // Whom to write to at a company, and who speaks, in words and pictures: presented by the organizer, who takes them
        // off again.
        let contacts = [("partner", "contact_email"), ("event_partner", "contact_email")];
        let others = |table: &&Table| !["speaker", "picture"].contains(&table.name);
        let kept = CATALOGUE.iter().filter(|table| table.erasure == Erasure::Never);
        for table in kept.filter(others) {
            for (name, class) in table.columns {
                let personal = matches!(class, Class::Personal | Class::Sensitive);
                assert!(
                    !personal || contacts.contains(&(table.name, *name)),
                    "{}.{name}",
                    table.name
                );
            }
        }
    }
}
