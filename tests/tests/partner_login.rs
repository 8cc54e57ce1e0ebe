//! The partner's login on PostgreSQL: it may do what the table of rights says, column by column, of the streams that a
//! transaction has opened, and nothing else. Whatever there is in the database is tried, so that a new table is, too.

use std::collections::BTreeSet;

use consentry::platform::store::{grant_partner_login, login_of, sql};
use consentry_domain::{FieldMask, Purpose};
use consentry_entity::rights::{BY_STREAM, Operation, PARTNER};
use consentry_tests::app::SeededStream;
use consentry_tests::{Engine, TestApp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};

/// An operation on a column.
type Use = (&'static str, String, String);

struct World {
    app: TestApp,
    /// The stream that is opened.
    stream: SeededStream,
    /// Others: of the same partner, and of another tenant.
    others: [SeededStream; 2],
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start(Engine::Postgres).await;
        // A copy of a database does not have its settings: the rights are granted anew, as `migrate` does each time.
        let login = login_of(app.partner_database_url().expect("a login")).expect("a name");
        grant_partner_login(app.store().admin(), &login).await.expect("granted");
        let (_, _, stream) = app.db_shared_event("acme").await;
        let other = app
            .db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL)
            .await;
        let (_, _, foreign) = app.db_shared_event("foreign").await;
        for stream in [&stream, &other, &foreign] {
            app.db_many_leads(stream, 3).await;
        }
        Self {
            app,
            stream,
            others: [other, foreign],
        }
    }

    /// What the database says to it, with the partner's login and without an open stream: the code of its refusal, or
    /// none.
    async fn refusal(&self, text: &str) -> Option<String> {
        let tx = self
            .app
            .store()
            .partner_connection()
            .begin()
            .await
            .expect("a transaction");
        refusal(&tx, text).await
    }

    /// A transaction with the partner's login in which these streams are open.
    async fn opened(&self, streams: &str) -> DatabaseTransaction {
        let tx = self
            .app
            .store()
            .partner_connection()
            .begin()
            .await
            .expect("a transaction");
        let text = "select set_config('consentry.streams', $1, true) as opened";
        sql::one(&tx, text, [streams.into()]).await.expect("set");
        tx
    }
}

async fn refusal(on: &impl ConnectionTrait, text: &str) -> Option<String> {
    on.execute_unprepared(text).await.err().map(|error| error.to_string())
}

async fn count(tx: &DatabaseTransaction, text: &str) -> i64 {
    let row = sql::one(tx, text, []).await.expect("an answer");
    row.try_get("", "n").expect("a number")
}

/// Every column of every table and view, as the administrator sees them.
async fn columns(app: &TestApp) -> Vec<(String, String)> {
    let text = "select table_name::text as relation, column_name::text as attribute from information_schema.columns \
                where table_schema = 'public' order by 1, 2";
    let rows = sql::all(app.store().admin(), text, []).await.expect("columns");
    let name = |row: &sea_orm::QueryResult, column| row.try_get::<String>("", column).expect("a name");
    rows.iter()
        .map(|row| (name(row, "relation"), name(row, "attribute")))
        .collect()
}

fn is_denied(refusal: Option<&String>) -> bool {
    refusal.is_some_and(|words| words.contains("permission denied") || words.contains("must be owner"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_may_use_exactly_the_columns_of_the_table_of_rights() {
    let world = World::new().await;
    let columns = columns(&world.app).await;
    let tables: BTreeSet<&String> = columns.iter().map(|(table, _)| table).collect();
    assert!(tables.len() > 45, "{tables:?}");
    let mut may: BTreeSet<Use> = BTreeSet::new();
    for (table, column) in &columns {
        for (operation, text) in [
            (
                Operation::Select,
                format!("select \"{column}\" from \"{table}\" limit 1"),
            ),
            (
                Operation::Insert,
                format!("insert into \"{table}\" (\"{column}\") values (default)"),
            ),
            (
                Operation::Update,
                format!("update \"{table}\" set \"{column}\" = default where false"),
            ),
        ] {
            // What is refused for another reason, such as a value that is missing, would be allowed with one.
            if !is_denied(world.refusal(&text).await.as_ref()) {
                may.insert((operation.as_sql(), table.clone(), column.clone()));
            }
        }
    }
    let named = PARTNER.iter().flat_map(|right| {
        right
            .columns
            .iter()
            .map(|column| (right.operation.as_sql(), right.table.to_owned(), (*column).to_owned()))
    });
    assert_eq!(may, named.collect::<BTreeSet<Use>>());
    for table in &tables {
        for text in [
            format!("delete from \"{table}\" where false"),
            format!("truncate \"{table}\""),
            format!("alter table \"{table}\" add column more text"),
            format!("alter table \"{table}\" disable row level security"),
            format!("drop table \"{table}\""),
            format!("create index on \"{table}\" ((1))"),
            format!("create policy more on \"{table}\" using (true)"),
            format!("grant select on \"{table}\" to public"),
            format!("lock table \"{table}\" in access exclusive mode"),
            format!("copy \"{table}\" from stdin"),
        ] {
            let refused = world.refusal(&text).await;
            // A view is none of the tables that some of these mean, and rows by stream are not copied in at all.
            let others = ["is not a table", "view", "not supported with row-level security"];
            let is_refused = refused
                .as_ref()
                .is_some_and(|words| others.iter().any(|other| words.contains(other)));
            // A right that nobody has cannot be given away; that is a warning, and gives nothing.
            assert!(
                is_denied(refused.as_ref()) || is_refused || text.starts_with("grant"),
                "{text}: {refused:?}"
            );
        }
        let may_read_all = columns
            .iter()
            .filter(|(of, _)| of == *table)
            .all(|(table, column)| consentry_entity::rights::partner_may(Operation::Select, table, column));
        let all = world.refusal(&format!("select * from \"{table}\"")).await;
        assert_eq!(is_denied(all.as_ref()), !may_read_all, "{table}: {all:?}");
    }
    let text = "select count(*) as n from information_schema.role_table_grants where grantee = 'PUBLIC' and table_schema = 'public'";
    assert_eq!(
        count(&world.app.store().admin().begin().await.expect("a transaction"), text).await,
        0,
        "a grant tried to give something away"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_sees_and_writes_the_rows_of_open_streams_alone() {
    let world = World::new().await;
    let [other, foreign] = &world.others;
    let open = world.stream.id.to_string();
    let secured: BTreeSet<&str> = BY_STREAM.iter().map(|(table, _)| *table).collect();
    assert_eq!(secured, BTreeSet::from(["stream", "lead", "disclosure"]));
    // Nothing is open until something is opened, and what is no id opens nothing.
    for streams in ["", "nonsense", "*", "00000000-0000-0000-0000-000000000000"] {
        let tx = world.opened(streams).await;
        for table in ["lead", "stream"] {
            let text = format!("select count(id) as n from {table}");
            match sql::one(&tx, &text, []).await {
                Ok(row) => assert_eq!(
                    row.try_get::<i64>("", "n").expect("a number"),
                    0,
                    "{streams:?} opens {table}"
                ),
                Err(error) => {
                    assert!(error.to_string().contains("invalid input syntax"), "{error}");
                    break;
                }
            }
        }
    }
    let tx = world.opened(&open).await;
    assert_eq!(count(&tx, "select count(id) as n from lead").await, 3);
    assert_eq!(count(&tx, "select count(id) as n from stream").await, 1);
    for closed in [other, foreign] {
        assert_eq!(
            count(
                &tx,
                &format!("select count(id) as n from lead where stream_id = '{}'", closed.id)
            )
            .await,
            0
        );
        let text = format!("update lead set received = 1 where stream_id = '{}'", closed.id);
        assert_eq!(sql::execute(&tx, &text, []).await.expect("nothing to change"), 0);
    }
    assert_eq!(
        sql::execute(&tx, "update lead set received = 1", [])
            .await
            .expect("marked"),
        3,
        "its own alone"
    );
    tx.rollback().await.expect("rolled back");
    // A record can be written for an open stream and for no other, and is read by nobody here.
    let record = |stream: &SeededStream| {
        format!(
            "insert into disclosure (organization_id, id, stream_id, at, token_id, capability, request_id, recipient_name, \
             offer_version, lead_ids, masks, revisions, consent_record_ids, salt, expanded_at) values ('{}', \
             gen_random_uuid(), '{}', 1, null, 'PULL', gen_random_uuid(), 'Partner', 1, '', '', '', '', null, null)",
            stream.partner.organization, stream.id
        )
    };
    let tx = world.opened(&open).await;
    assert_eq!(refusal(&tx, &record(&world.stream)).await, None);
    tx.rollback().await.expect("rolled back");
    for closed in [other, foreign] {
        let tx = world.opened(&open).await;
        let refused = refusal(&tx, &record(closed)).await.expect("refused");
        assert!(refused.contains("row-level security"), "{refused}");
    }
    // The next transaction on the same connection begins with nothing open.
    let partner = world.app.store().partner_connection();
    for _ in 0..16 {
        let tx = partner.begin().await.expect("a transaction");
        assert_eq!(count(&tx, "select count(id) as n from lead").await, 0);
    }
    // The keys of all streams are to be seen, and nothing of what they hold.
    let tx = world.opened(&open).await;
    assert_eq!(count(&tx, "select count(id) as n from stream_key").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reaches_neither_the_machine_nor_the_catalogue_nor_other_roles() {
    let world = World::new().await;
    let mut allowed = Vec::new();
    for text in [
        "select pg_read_file('/etc/passwd')",
        "select pg_read_binary_file('postgresql.conf')",
        "select pg_ls_dir('.')",
        "select pg_stat_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
        "copy (select 1) to '/tmp/consentry-test'",
        "create temporary table copied (line text)",
        "select lo_import('/etc/passwd')",
        "select lo_export(1, '/tmp/consentry-test')",
        "create table more (id int)",
        "create view more as select 1 as one",
        "create function more() returns int language sql as 'select 1'",
        "create schema more",
        "create extension dblink",
        "create role more",
        "create database more",
        "create server more foreign data wrapper none",
        "alter role current_user superuser",
        "alter role current_user bypassrls",
        "alter role current_user createrole",
        "set role postgres",
        "set session authorization postgres",
        "alter system set fsync = off",
        "alter database postgres set work_mem = '1MB'",
        "set session_replication_role = replica",
        "set log_statement = 'none'",
        "select * from pg_authid",
        "select * from pg_shadow",
        "select * from pg_statistic",
        "select pg_reload_conf()",
        "select pg_switch_wal()",
        "select pg_create_restore_point('more')",
        "vacuum full pg_class",
        "do $$ begin perform pg_read_file('/etc/passwd'); end $$",
        "do language plpython3u $$ pass $$",
        "create trigger more before insert on disclosure for each row execute function suppress_redundant_updates_trigger()",
        "create rule more as on select to lead do instead select 1",
        "security label on table lead is 'none'",
        "comment on table lead is 'more'",
    ] {
        if world.refusal(text).await.is_none() {
            allowed.push(text);
        }
    }
    assert_eq!(allowed, Vec::<&str>::new());
    // Nothing of the program's own may be run with more rights than the caller's.
    let text = "select count(*) as n from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
                where n.nspname = 'public' and p.prosecdef";
    let tx = world.app.store().admin().begin().await.expect("a transaction");
    assert_eq!(count(&tx, text).await, 0);
}
