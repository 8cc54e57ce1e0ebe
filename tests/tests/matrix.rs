//! Who may do what: the table `matrix.tsv` says it, is compared with the schema and with the rights of roles, and every
//! one of its cells is tried.

use std::collections::{BTreeMap, BTreeSet};

use consentry::access::rights::Right;
use consentry_domain::Role;
use consentry_tests::on_both_databases;
use consentry_tests::world::{Consumes, Line, Operation, Schema, Stage, Who, World, operations, table};

/// The types behind a door, with the path of the door.
const DOORS: [(&str, &str); 7] = [
    ("organization", "ManagedOrganization"),
    ("organization.event", "ManagedEvent"),
    ("partner", "PartnerAccess"),
    ("partner.administration", "PartnerAdministration"),
    ("door", "Door"),
    ("me", "Account"),
    ("me.people", "Person"),
];

/// What the schema demands to be in the table.
fn demanded(schema: &Schema) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for root in ["Query", "Mutation"] {
        all.extend(schema.fields(root).iter().map(|field| field.name.clone()));
    }
    for (path, of) in DOORS {
        for field in schema.fields(of) {
            if !field.arguments.is_empty() || !schema.fields(&field.of).is_empty() {
                all.insert(format!("{path}.{}", field.name));
            }
        }
    }
    all
}

#[test]
fn the_table_has_every_operation_of_the_schema_and_no_other() {
    let schema = Schema::of_the_program();
    let listed: BTreeSet<String> = table().iter().map(|line| line.operation.to_owned()).collect();
    assert_eq!(listed.len(), table().len(), "matrix.tsv lists an operation twice");
    let missing: Vec<_> = demanded(&schema).difference(&listed).cloned().collect();
    assert!(
        missing.is_empty(),
        "tests/tests/matrix.tsv does not say who may do {missing:?}: add a line for each, and a valid document to \
         tests/src/world/operations"
    );
    let gone: Vec<_> = listed.iter().filter(|name| schema.at(name).is_none()).collect();
    assert!(
        gone.is_empty(),
        "tests/tests/matrix.tsv lists what the schema does not have: {gone:?}"
    );
    let tried: BTreeSet<String> = operations(&schema).iter().map(|one| one.name.to_owned()).collect();
    assert_eq!(
        tried, listed,
        "tests/src/world/operations has a document for each line of matrix.tsv"
    );
}

/// Pages lead to more of the same: whoever may see one must be written down, wherever it stands in the schema.
#[test]
fn every_page_of_the_schema_is_in_the_table() {
    let schema = Schema::of_the_program();
    let mut listed = BTreeSet::new();
    for line in table() {
        let parent = match line.operation.rsplit_once('.') {
            Some((parent, _)) => schema.at(parent).expect("a path").of.clone(),
            None => "Query".to_owned(),
        };
        listed.insert((parent, line.operation.rsplit('.').next().expect("a name").to_owned()));
    }
    for object in schema.objects() {
        for field in schema.fields(object) {
            if field.of.ends_with("Connection") && field.arguments.iter().any(|argument| argument.name == "first") {
                let key = (object.to_owned(), field.name.clone());
                assert!(
                    listed.contains(&key),
                    "tests/tests/matrix.tsv says of no path that ends in {key:?} who may read it"
                );
            }
        }
    }
}

/// Where a line names a right, its words are those of the roles that hold it.
#[test]
fn the_table_agrees_with_the_rights_of_roles() {
    let rights: BTreeMap<&str, Right> = Right::ALL.iter().map(|right| (right.name(), *right)).collect();
    let mut used = BTreeSet::new();
    for line in table() {
        let Some(right) = rights.get(line.right) else {
            assert!(
                ["anyone", "account", "own", "token", "member", "administrator", "device"].contains(&line.right),
                "{}: there is no right {}",
                line.operation,
                line.right
            );
            continue;
        };
        used.insert(line.right);
        let refused = if line.operation.contains('.') {
            "absent"
        } else {
            "not-found"
        };
        for (who, word) in Who::ALL.into_iter().zip(&line.words) {
            let expected = match who {
                // It finds its event without the organization.
                Who::Device if right == &Right::CheckInPeople && !line.operation.starts_with("organization.") => "yes",
                Who::Anonymous | Who::Partner | Who::Device => "sign-in",
                Who::Attendee | Who::Member | Who::Administrator => refused,
                Who::Staff(role) if right.roles().contains(&role) => "yes",
                Who::EventManager if line.scope == "event" && right.roles().contains(&Role::Manager) => "yes",
                Who::Staff(_) | Who::EventManager => refused,
            };
            assert_eq!(
                *word,
                expected,
                "{} demands {}: {}",
                line.operation,
                line.right,
                who.name()
            );
        }
    }
    let without: Vec<_> = rights.keys().filter(|name| !used.contains(**name)).collect();
    assert!(without.is_empty(), "no operation demands {without:?}");
}

/// Tries one operation as everybody: who is refused first, so that everything is there that a refusal must not show.
async fn cells(world: &World, operation: &Operation, line: &Line) -> Vec<String> {
    let mut wrong = Vec::new();
    let stage = world.stage().await;
    prepare(world, &stage, operation).await;
    let (allowed, refused): (Vec<_>, Vec<_>) = Who::ALL
        .into_iter()
        .zip(&line.words)
        .partition(|(_, word)| **word == "yes");
    for (who, expected) in refused {
        let answer = operation.attempt(&stage, who).await;
        if answer.word() != *expected || answer.is_done() {
            wrong.push(format!(
                "{} as {}: {} was expected, and it was {}",
                operation.name,
                who.name(),
                expected,
                answer.whole
            ));
        }
    }
    let mut done = false;
    let mut stage = Some(stage);
    for (who, _) in allowed {
        let on = match stage.take() {
            Some(stage) => stage,
            None => {
                let stage = world.stage().await;
                prepare(world, &stage, operation).await;
                stage
            }
        };
        let answer = operation.attempt(&on, who).await;
        let must_be_done = !done || operation.consumes == Consumes::Thing;
        if answer.word() != "yes" || (must_be_done && !answer.is_done()) {
            wrong.push(format!(
                "{} as {}: it should be done, and it was {}",
                operation.name,
                who.name(),
                answer.whole
            ));
        }
        done = true;
        if operation.consumes == Consumes::Nothing {
            stage = Some(on);
        }
    }
    wrong
}

async fn prepare(world: &World, stage: &Stage, operation: &Operation) {
    if let Some(text) = operation.prepare {
        stage.db_prepare(&world.app, text).await;
    }
}

on_both_databases! {
    async fn everybody_may_do_what_the_table_says_and_nothing_else(app: TestApp) {
        let world = World::create(app).await;
        let table = table();
        let mut wrong = Vec::new();
        for operation in operations(&world.schema) {
            let line = table.iter().find(|line| line.operation == operation.name).expect("a line");
            wrong.extend(cells(&world, &operation, line).await);
        }
        assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
