//! A database that an earlier version made keeps what is in it.

use consentry_domain::lead::SortKeys;
use consentry_domain::words::Sought;
use consentry_domain::{EventId, LeadValues};
use consentry_migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult};

async fn all(database: &DatabaseConnection, text: &str) -> Vec<QueryResult> {
    let rows = database.query_all_raw(sea_orm::Statement::from_string(database.get_database_backend(), text));
    rows.await.expect(text)
}

async fn one<T: sea_orm::TryGetable>(database: &DatabaseConnection, text: &str) -> T {
    all(database, text).await[0].try_get_by_index(0).expect(text)
}

/// An SQLite database of the first two migrations, with one row in each of these tables; all of them have the same id.
async fn old(tables: &[&str]) -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await.expect("a database");
    Migrator::up(&database, Some(2)).await.expect("migrations run");
    database
        .execute_unprepared("pragma foreign_keys = off")
        .await
        .expect("a pragma");
    for table in tables {
        let columns = all(
            &database,
            &format!("select name, type from pragma_table_info('{table}') where \"notnull\""),
        )
        .await;
        let column = |row: &QueryResult, index| row.try_get_by_index::<String>(index).expect("a text");
        let names: Vec<_> = columns.iter().map(|row| column(row, 0)).collect();
        let values: Vec<_> = columns
            .iter()
            .map(|row| value(table, &column(row, 0), &column(row, 1)))
            .collect();
        let text = format!(
            "insert into \"{table}\" ({}) values ({})",
            names.join(", "),
            values.join(", ")
        );
        database.execute_unprepared(&text).await.expect(&text);
    }
    database
        .execute_unprepared("pragma foreign_keys = on")
        .await
        .expect("a pragma");
    database
}

fn value(table: &str, column: &str, kind: &str) -> &'static str {
    match (column, kind.to_lowercase().as_str()) {
        ("status", _) if table == "event" => "'DRAFT'",
        ("status", _) => "'PENDING'",
        ("kind", _) => "'CONFERENCE'",
        ("visibility", _) => "'PUBLIC'",
        ("purpose", _) if ["stream", "sharing_offer"].contains(&table) => "'EVENT_FOLLOW_UP'",
        ("state", "text") => "'GRANTED'",
        ("decider", _) => "'ATTENDEE'",
        ("role", _) => "'EXHIBITOR'",
        (_, "blob") => "x'01010101010101010101010101010101'",
        (_, "text") => "'a'",
        _ => "1",
    }
}

const WITHOUT: &str = "select wr from pragma_table_list('registration') where schema = 'main'";
const COUNT: &str = "select count(*) from registration r join \"order\" o on o.id = r.order_id";

#[tokio::test]
async fn registrations_and_orders_get_a_rowid_and_lose_nothing() {
    let database = old(&["organization", "event", "ticket_type", "order", "registration"]).await;
    let indexes = "select count(*) from sqlite_schema where type = 'index' and tbl_name in ('registration', 'order') and sql is not null";
    let before = (one::<i64>(&database, COUNT).await, one::<i64>(&database, indexes).await);
    assert_eq!((before.0, one::<i64>(&database, WITHOUT).await), (1, 1));
    Migrator::up(&database, None).await.expect("migrations run");
    let after = (one::<i64>(&database, COUNT).await, one::<i64>(&database, indexes).await);
    assert_eq!((after, one::<i64>(&database, WITHOUT).await), (before, 0));
    // Those who refer to it still do, it still refers to others, and the planner knows its key by the new name.
    let orphan = database
        .execute_unprepared("update registration set order_id = x'02'")
        .await;
    assert!(orphan.is_err_and(|error| error.to_string().contains("FOREIGN KEY")));
    let parent = database.execute_unprepared("delete from \"order\"").await;
    assert!(parent.is_err_and(|error| error.to_string().contains("FOREIGN KEY")));
    let known = "select count(*) from sqlite_stat1 where idx = 'sqlite_autoindex_registration_1'";
    assert_eq!(one::<i64>(&database, known).await, 1);
    assert_eq!(
        one::<i64>(
            &database,
            "select count(*) from sqlite_stat1 where idx = 'registration'"
        )
        .await,
        0
    );
}

#[tokio::test]
async fn registrations_that_are_there_are_found_by_their_words() {
    let database = old(&["organization", "event", "ticket_type", "order", "registration"]).await;
    let named = "update registration set full_name = 'Zoë Müller', company = 'Acme'";
    database.execute_unprepared(named).await.expect(named);
    Migrator::up(&database, None).await.expect("migrations run");
    let words: String = one(&database, "select words from registration_words").await;
    assert_eq!(words, "zoe muller\nacme", "the order's code is in them already");
    let event = EventId(uuid::Uuid::from_bytes([1; 16]));
    for (word, count) in [("müll", 1), ("acme", 1), ("zoer", 0)] {
        let pieces = Sought::parse(word).expect("good").and_then(|word| word.pieces(event));
        let pieces = pieces.expect("pieces");
        let matching = format!("select count(*) from registration_pieces where registration_pieces match '{pieces}'");
        assert_eq!(one::<i64>(&database, &matching).await, count, "{word}");
    }
}

#[tokio::test]
async fn leads_that_are_there_are_sorted_by_what_they_say() {
    let tables = ["organization", "event", "partner", "event_partner", "stream", "lead"];
    let database = old(&tables).await;
    let named = "update lead set full_name = 'Zoë Müller', company = 'Acme'";
    database.execute_unprepared(named).await.expect(named);
    Migrator::up(&database, None).await.expect("migrations run");
    let keys = "select sort_full_name || '|' || sort_family_name || '|' || sort_company from lead";
    let values = LeadValues {
        full_name: Some("Zoë Müller".into()),
        company: Some("Acme".into()),
        ..LeadValues::default()
    };
    let SortKeys {
        full_name,
        family_name,
        company,
    } = SortKeys::of(&values);
    assert_eq!((full_name.as_str(), company.as_str()), ("zoe muller", "acme"));
    assert_eq!(
        one::<String>(&database, keys).await,
        format!("{full_name}|{family_name}|{company}")
    );
}

#[tokio::test]
async fn leads_that_are_there_say_which_version_was_consented_to() {
    let tables = ["organization", "event", "ticket_type", "order", "registration"];
    let of_partners = ["partner", "event_partner", "sharing_offer", "consent", "stream", "lead"];
    let database = old(&[tables.as_slice(), of_partners.as_slice()].concat()).await;
    for text in ["update consent set version = 2", "update lead set offer_version = 4"] {
        database.execute_unprepared(text).await.expect(text);
    }
    Migrator::up(&database, None).await.expect("migrations run");
    let versions = "select offer_version * 10 + consented_version from lead";
    assert_eq!(one::<i64>(&database, versions).await, 42);
}

#[tokio::test]
async fn a_database_with_a_row_whose_parent_is_gone_stays_as_it_was() {
    let database = old(&["organization", "registration"]).await;
    let refused = Migrator::up(&database, None).await.expect_err("it is refused");
    assert!(
        refused
            .to_string()
            .contains("a row of registration names a parent that is not there"),
        "{refused}"
    );
    assert_eq!(one::<i64>(&database, "select count(*) from registration").await, 1);
    assert_eq!(
        (
            one::<i64>(&database, WITHOUT).await,
            one::<i64>(&database, "pragma foreign_keys").await
        ),
        (1, 1)
    );
}
