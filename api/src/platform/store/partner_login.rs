//! The login of partners' requests on PostgreSQL: granting it what the table of rights says, and finding out whether it
//! has exactly that. With less, partners get errors; with more, a mistake of ours could show what nobody granted. Either
//! way it is not used.

use std::collections::HashMap;

use consentry_entity::rights::{
    BY_STREAM, Operation, PARTNER, STREAM_KEY, STREAM_KEY_COLUMNS, STREAMS_SETTING, partner_may,
};
use consentry_migration::rights::{Grant, Login, Rights, grant};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult};

use super::sql;

/// Grants the partner's login its rights, and makes it where it is missing. On SQLite there is none.
///
/// # Errors
/// When the database refuses.
pub async fn grant_partner_login(admin: &DatabaseConnection, login: &Login) -> Result<(), DbErr> {
    let grants: Vec<Grant<'_>> = PARTNER
        .iter()
        .map(|right| (right.table, right.operation.as_sql(), right.columns))
        .collect();
    let rights = Rights {
        grants: &grants,
        view: (STREAM_KEY, "stream", STREAM_KEY_COLUMNS),
        by_stream: BY_STREAM,
        setting: STREAMS_SETTING,
    };
    grant(admin, login, rights).await
}

/// The login that an address names, if it names one: `postgres://USER:PASSWORD@HOST/NAME`.
#[must_use]
pub fn login_of(url: &str) -> Option<Login> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let (login, _) = authority.rsplit_once('@')?;
    let (role, password) = match login.split_once(':') {
        Some((role, password)) => (role, Some(password)),
        None => (login, None),
    };
    let role = percent_decoded(role)?;
    let password = password.map(percent_decoded);
    (!role.is_empty()).then_some(Login {
        role,
        password: password.flatten(),
    })
}

/// The text behind percent signs; none where it is no UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match digits.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// What is wrong with the login of this connection (PostgreSQL), if anything: it is missing a right, or has one too many.
///
/// # Errors
/// When the database does not answer.
pub async fn partner_login_problem(connection: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let role = sql::one(
        connection,
        "select r.rolname::text as name, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb as mighty, \
         exists (select 1 from pg_auth_members m where m.member = r.oid) as member, \
         exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where n.nspname = 'public' and c.relowner = r.oid) as owner from pg_roles r where r.rolname = current_user",
        [],
    )
    .await?;
    let name: String = role.try_get("", "name")?;
    for (column, what) in [
        (
            "mighty",
            "may do everything (superuser, bypass of row security, making of roles or databases)",
        ),
        ("member", "is a member of another role"),
        ("owner", "owns tables"),
    ] {
        if role.try_get("", column)? {
            return Ok(Some(format!(
                "the partner's login {name} {what}; it must be a role of its own that `migrate` grants its rights"
            )));
        }
    }
    let text = "select c.relname::text as relation, a.attname::text as attribute, \
        has_column_privilege(c.oid, a.attnum, 'select') as may_select, has_column_privilege(c.oid, a.attnum, 'insert') as may_insert, \
        has_column_privilege(c.oid, a.attnum, 'update') as may_update, has_table_privilege(c.oid, 'delete, truncate, trigger') \
        or has_column_privilege(c.oid, a.attnum, 'references') as may_more, row_security_active(c.oid) as secured \
        from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid \
        where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped \
        order by c.relname, a.attnum";
    let rows = sql::all(connection, text, []).await?;
    problem_of(&name, &rows)
}

fn problem_of(name: &str, rows: &[QueryResult]) -> Result<Option<String>, DbErr> {
    let mut found: HashMap<(String, String), ()> = HashMap::new();
    for row in rows {
        let (table, column): (String, String) = (row.try_get("", "relation")?, row.try_get("", "attribute")?);
        for operation in Operation::ALL {
            let may: bool = row.try_get("", &format!("may_{}", operation.as_sql()))?;
            let should = partner_may(*operation, &table, &column);
            if may != should {
                let lacks = if should { "lacks" } else { "has" };
                let right = operation.as_sql();
                return Ok(Some(format!(
                    "the partner's login {name} {lacks} the right to {right} {table}.{column}; `migrate` grants it anew"
                )));
            }
        }
        if row.try_get("", "may_more")? {
            return Ok(Some(format!(
                "the partner's login {name} may delete from or refer to {table}; `migrate` grants it anew"
            )));
        }
        if BY_STREAM.iter().any(|(secured, _)| *secured == table) && !row.try_get::<bool>("", "secured")? {
            return Ok(Some(format!(
                "row security of {table} does not hold for the partner's login {name}"
            )));
        }
        found.insert((table, column), ());
    }
    let missing = PARTNER
        .iter()
        .flat_map(|right| right.columns.iter().map(|column| (right.table, *column)));
    let missing = missing
        .into_iter()
        .find(|(table, column)| !found.contains_key(&((*table).to_owned(), (*column).to_owned())));
    Ok(missing.map(|(table, column)| format!("{table}.{column} is not there; run `migrate`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_login() {
        let named = |url| login_of(url).map(|login| (login.role, login.password));
        assert_eq!(
            named("postgres://u:p%40%25@h:5/d?x=1"),
            Some(("u".into(), Some("p@%".into())))
        );
        assert_eq!(named("postgres://u@h/d"), Some(("u".into(), None)));
        assert_eq!(named("postgres://h/d"), None);
        assert_eq!(named("nonsense"), None);
    }
}
