//! The pages in a browser: see `tests/tools/browser.cjs`, which walks through a demo of its own.

use std::process::Command;

use consentry_tests::demo::Demo;

#[test]
fn people_walk_through_the_pages_and_every_page_is_accessible_valid_and_self_contained() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().expect("a folder");
    let facts = demo.facts();
    let base = facts["baseUrl"].as_str().expect("an address");
    let walk = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tools/browser.cjs"))
        .args([base.trim_end_matches('/'), &folder.path().to_string_lossy()])
        .output()
        .expect("node runs");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&walk.stdout),
        String::from_utf8_lossy(&walk.stderr)
    );
    println!("{said}");
    assert!(walk.status.success(), "{said}");
    assert!(said.contains("pages judged"), "{said}");
}
