//! The pages in a browser: see `tests/tools/attendees.cjs` and `teams.cjs`, each of which walks through a demo of its own.

use std::path::Path;
use std::process::Command;

use consentry_tests::demo::Demo;
use consentry_tests::{fair, pictures};

// One after the other: two browsers at once take longer on two cores.
#[test]
fn people_walk_through_the_pages_and_every_page_is_accessible_valid_and_self_contained() {
    let folder = walk("attendees.cjs");
    for theme in ["light", "dark"] {
        codes_can_be_scanned(&folder.path().join(format!("code-{theme}.png")));
    }
    walk("teams.cjs");
}

/// Walks as that program says; the folder with what it left.
fn walk(program: &str) -> tempfile::TempDir {
    let demo = Demo::start();
    fair::make(&demo);
    let folder = tempfile::tempdir().expect("a folder");
    let facts = demo.facts();
    let base = facts["baseUrl"].as_str().expect("an address");
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools");
    let walk = Command::new("node")
        .arg(tools.join(program))
        .args([base.trim_end_matches('/'), &folder.path().to_string_lossy()])
        .arg(demo.facts_path())
        .output()
        .expect("node runs");
    let (said, wrong) = (
        String::from_utf8_lossy(&walk.stdout),
        String::from_utf8_lossy(&walk.stderr),
    );
    // What is wrong stands first, wherever a report is cut.
    println!("{wrong}{said}");
    assert!(walk.status.success() && said.contains("pages judged"), "{wrong}");
    folder
}

/// What a phone reads off the screen is what stands beside it.
fn codes_can_be_scanned(picture: &Path) {
    let bytes = std::fs::read(picture).expect("a picture of the code");
    let text = pictures::read_code(&bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(
        lines[..8],
        [
            "BCD",
            "002",
            "1",
            "SCT",
            "BYLADEM1001",
            "Demo Society e.V.",
            "DE02120300000000202051",
            "EUR249.00"
        ]
    );
    assert!(lines.len() == 11 && !lines[10].is_empty(), "{text}");
}
