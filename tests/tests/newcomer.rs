//! From `consentry init` to the first leads, in a browser, with a mail server and the stand-in of Stripe: see
//! `tests/tools/newcomer.cjs`.

use std::fs;
use std::path::Path;
use std::process::Command;

use consentry_tests::mail::{Arrived, MailServer};
use consentry_tests::program::Program;
use consentry_tests::stripe::StandIn;
use serde_json::json;

const WEBHOOK_SECRET: &str = "whsec_of_the_newcomers";

#[test]
fn a_newcomer_comes_from_init_to_the_first_leads_with_mails_and_a_card() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stripe = runtime.block_on(StandIn::start());
    let server = MailServer::start();
    let port = server.config().port.to_string();
    let mut program = Program::init(&[
        ("CONSENTRY_MAIL__HOST", "127.0.0.1"),
        ("CONSENTRY_MAIL__PORT", &port),
        ("CONSENTRY_MAIL__TLS", "none"),
        ("CONSENTRY_MAIL__FROM", "tickets@newcomers.example"),
        ("CONSENTRY_PAYMENTS__STRIPE_API_BASE", &stripe.base_url()),
    ]);
    program.serve();
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    let facts = json!({
        "link": program.welcome().split_whitespace().find(|word| word.starts_with("http")),
        "stripe": { "base": stripe.base_url(), "secretKey": stripe.secret_key(), "webhookSecret": WEBHOOK_SECRET },
    });
    fs::create_dir(place("mails")).expect("a folder");
    fs::write(place("facts.json"), facts.to_string()).expect("a file");
    let said = fs::File::create(place("said")).expect("a file");
    let mut walk = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tools/newcomer.cjs"))
        .args([program.url().as_str(), &folder.path().to_string_lossy()])
        .arg(place("facts.json"))
        .stdout(said.try_clone().expect("the same file"))
        .stderr(said)
        .spawn()
        .expect("node runs");
    let (mut mails, mut hook) = (0, String::new());
    let status = loop {
        for mail in server.drain() {
            mails += 1;
            keep(&place("mails"), mails, &mail);
        }
        if hook.is_empty() {
            hook = fs::read_to_string(place("webhook")).unwrap_or_default();
            if !hook.is_empty() {
                stripe.set_webhook(&hook, WEBHOOK_SECRET);
            }
        }
        if let Some(status) = walk.try_wait().expect("its state") {
            break status;
        }
    };
    let said = fs::read_to_string(place("said")).expect("what it said");
    println!("{said}{mails} mails");
    assert!(status.success() && said.contains("pages judged"), "{said}");
    assert_eq!(stripe.charges().len(), 2);
}

/// Whole at once, for whoever looks at the folder meanwhile.
fn keep(folder: &Path, number: usize, mail: &Arrived) {
    let part = folder.join("part");
    fs::write(&part, json!({ "to": mail.to, "text": mail.text }).to_string()).expect("a file");
    fs::rename(part, folder.join(format!("{number}.json"))).expect("its name");
}
