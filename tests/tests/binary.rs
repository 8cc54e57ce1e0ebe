//! The program as it is built: every operation over real HTTP, nothing personal in its log, GraphQL over HTTP as the
//! audits of others judge it, and a broken configuration that stops it before it listens.

use std::collections::BTreeSet;

use consentry_tests::program::Program;
use consentry_tests::world::{Operation, Stage, Who, World, operations, table};
use serde_json::{Value, json};

/// A request of somebody over HTTP; the status and the answer.
async fn send(world: &World, program: &Program, stage: &Stage, who: Who, operation: &Operation) -> (u16, Value, Value) {
    let variables = stage.fill(&operation.variables);
    let bearer = match who {
        Who::Partner => Some(stage.thing("tokenText").to_owned()),
        _ => stage.caller(who).bearer(&world.app).await,
    };
    let body = json!({ "query": operation.document, "variables": variables });
    let mut request = reqwest::Client::new()
        .post(format!("{}/graphql", program.url()))
        .header("content-type", "application/json")
        .body(body.to_string());
    if let Some(bearer) = bearer {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    let answer = request
        .send()
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", operation.name));
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    let whole = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {status} {text}", operation.name));
    (status, whole, variables)
}

/// What must stay out of the log: texts that tell who somebody is, and whatever opens something.
fn planted(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    const PERSONAL: [&str; 14] = [
        "fullName",
        "email",
        "phone",
        "iban",
        "street",
        "contactEmail",
        "accountHolder",
        "secret",
        "orderSecret",
        "refreshToken",
        "accessToken",
        "checkInCode",
        "buyerName",
        "buyerEmail",
    ];
    match value {
        Value::String(text) if PERSONAL.contains(&key) && text.len() >= 6 => {
            found.insert(text.clone());
        }
        Value::Array(all) => all.iter().for_each(|one| planted(one, key, found)),
        Value::Object(all) => all.iter().for_each(|(key, one)| planted(one, key, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_done_over_http_and_nothing_personal_is_in_the_log() {
    let mut program = Program::init(&[("CONSENTRY_LOG__LEVEL", "debug")]);
    program.serve();
    let world = World::create(program.beside().await).await;
    let table = table();
    let mut canaries = BTreeSet::new();
    let mut count = 0;
    // Set up first: the last operation leaves nobody behind to set anything up for.
    let links = world.stage().await;
    for operation in operations(&world.schema) {
        let line = table
            .iter()
            .find(|line| line.operation == operation.name)
            .expect("a line");
        let who = line.allowed()[0];
        // A device is known by its cookie, which pages alone read.
        if who == Who::Device {
            continue;
        }
        let stage = world.stage().await;
        if let Some(text) = operation.prepare {
            stage.db_prepare(&world.app, text).await;
        }
        let (status, whole, variables) = send(&world, &program, &stage, who, &operation).await;
        assert!(
            program.runs(),
            "{} ended the program: {}",
            operation.name,
            program.log()
        );
        assert_eq!(status, 200, "{}: {whole}", operation.name);
        assert!(
            operation.answered(whole.clone()).is_done(),
            "{}: {whole}",
            operation.name
        );
        planted(&variables, "", &mut canaries);
        planted(&whole, "", &mut canaries);
        for secret in [
            "tokenText",
            "orderSecret",
            "confirmSecret",
            "guardianSecret",
            "claimSecret",
            "signInSecret",
            "refreshToken",
            "doorSecret",
        ] {
            canaries.insert(stage.thing(secret).to_owned());
        }
        canaries.insert(stage.thing("checkInCode").to_owned());
        count += 1;
    }
    // Links as mails carry them are followed, too.
    for (page, secret) in [
        ("confirm", "confirmSecret"),
        ("guardian", "guardianSecret"),
        ("claim", "claimSecret"),
        ("sign-in", "signInSecret"),
    ] {
        let page = reqwest::get(format!("{}/{page}/{}", program.url(), links.thing(secret)))
            .await
            .expect("a page");
        assert!(page.status().is_success(), "{}", page.status());
        canaries.insert(links.thing(secret).to_owned());
    }
    let status = program.stop();
    let log = program.log();
    assert!(status.success(), "{status}: {log}");
    assert!(
        count > 80 && canaries.len() > 500,
        "{count} operations, {} canaries",
        canaries.len()
    );
    assert!(
        log.lines().count() > count,
        "the log has a line for each request: {log}"
    );
    let told: Vec<&String> = canaries.iter().filter(|canary| log.contains(canary.as_str())).collect();
    assert!(told.is_empty(), "the log tells {told:?}");
    assert!(
        !log.contains("panicked") && !log.contains("a request failed inside"),
        "{log}"
    );
    println!(
        "{count} operations, {} canaries, {} lines of log",
        canaries.len(),
        log.lines().count()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn graphql_is_spoken_over_http_as_the_audits_of_others_demand() {
    let settings = [
        ("CONSENTRY_SERVER__HTTP_MODE", "audit-1.23"),
        ("CONSENTRY_SERVER__GRAPHQL_GET", "true"),
    ];
    let mut program = Program::init(&settings);
    program.serve();
    let app = program.beside().await;
    let (_, client) = app.db_account("auditor@example.org").await;
    let token = client.bearer(&app).await.expect("a token");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/audit_graphql_http.mjs");
    let url = format!("{}/graphql", program.url());
    let audit = std::process::Command::new("node")
        .args([script, &url, &token])
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(
        audit.status.success() && said.trim().ends_with("61 of 61"),
        "{said}{}",
        String::from_utf8_lossy(&audit.stderr)
    );
}

#[test]
fn a_broken_configuration_stops_it_before_it_listens_and_names_the_key() {
    let program = Program::init(&[]);
    for (key, value, named, expected) in [
        ("CONSENTRY_SERVER__LISTEN", "nowhere", "server.listen", "socket address"),
        (
            "CONSENTRY_SERVER__PUBLIC_URL",
            "example.org",
            "server.public_url",
            "expected",
        ),
        ("CONSENTRY_LOG__LEVEL", "=loud=", "log.level", "expected"),
        (
            "CONSENTRY_LIMITS__DEPTH",
            "many",
            "limits.depth",
            "expected a whole number",
        ),
        (
            "CONSENTRY_MAIL__PORT",
            "smtp",
            "mail.port",
            "a port, which is a number from 1 to 65535",
        ),
        ("CONSENTRY_MAIL__PORT", "70000", "mail.port", "from 1 to 65535"),
        (
            "CONSENTRY_DATABASE__URL",
            "mysql://localhost/x",
            "database.url",
            "expected",
        ),
        ("CONSENTRY_SERVER__NO_SUCH_KEY", "1", "no_such_key", ""),
    ] {
        let ended = program
            .command(&["serve"])
            .env(key, value)
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success(), "{key}={value} is taken");
        assert!(
            said.contains(named) && said.contains(expected),
            "{key}={value} says: {said}"
        );
        assert!(
            std::net::TcpStream::connect(program.url().trim_start_matches("http://")).is_err(),
            "it listens"
        );
    }
}

#[test]
fn a_command_that_reads_makes_no_database_where_none_is() {
    let program = Program::init(&[]);
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let file = elsewhere.path().join("data").join("other.db");
    let address = format!("sqlite:{}", file.display());
    let commands: [&[&str]; 5] = [
        &["mail", "list"],
        &["mail", "retry", "00000000-0000-0000-0000-000000000000"],
        &["verify"],
        &["doctor"],
        &[
            "admin",
            "owner-link",
            "--organization",
            "acme",
            "--email",
            "owner@acme.example",
        ],
    ];
    for command in commands {
        let ended = program
            .command(command)
            .args(["--database-url", &address])
            .output()
            .expect("the program runs");
        let said = [ended.stdout, ended.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(!ended.status.success(), "{command:?}: {said}");
        assert!(
            said.contains("there is no database at") && said.contains("other.db"),
            "{command:?}: {said}"
        );
        assert!(!file.exists() && !elsewhere.path().join("data").exists(), "{command:?}");
    }
}
