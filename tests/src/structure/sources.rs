//! The workspace's text files.

use std::fs;
use std::path::{Path, PathBuf};

use super::code;

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &[".git", "target", "node_modules", ".venv", "data"];

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// From the workspace's root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Rust only: the same lines with comments and the insides of literals blanked; otherwise the text.
    pub code: String,
}

impl Source {
    /// A file that says `text`.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        let code = if path.ends_with(".rs") {
            code::blank(text)
        } else {
            text.to_owned()
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// Whether this is Rust.
    #[must_use]
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether this belongs to tests: the crate of tests, or a module of tests beside what it tests.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// All files, or those that a test planted.
#[derive(Clone, Debug)]
pub struct Sources(pub Vec<Source>);

impl Sources {
    /// Everything below the workspace's root that is text.
    ///
    /// # Panics
    /// When a folder cannot be read.
    #[must_use]
    pub fn read() -> Self {
        let root = Self::root();
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self(files)
    }

    /// The workspace's root.
    #[must_use]
    pub fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()
            .expect("the workspace is there")
    }

    /// One planted file.
    #[must_use]
    pub fn planted(path: &str, text: &str) -> Self {
        Self(vec![Source::new(path, text)])
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().filter(|source| source.is_rust())
    }

    /// The file of that name.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn named(&self, path: &str) -> &Source {
        self.0
            .iter()
            .find(|source| source.path == path)
            .unwrap_or_else(|| panic!("{path} is missing"))
    }
}

fn collect(root: &Path, folder: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || FOREIGN.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, into);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let relative = path
                .strip_prefix(root)
                .expect("below the root")
                .to_string_lossy()
                .replace('\\', "/");
            into.push(Source::new(&relative, &text));
        }
    }
}
