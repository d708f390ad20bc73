//! That what `docs/HAZARDS.md` names as a test is one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::workspace;

/// Where tests are.
const FOLDERS: [&str; 4] = ["server", "shared", "client", "tests"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the project's folders can be read").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of all functions in `text` that stand below `#[test]` or a like of it, or take a store as the suites do.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = text.lines().map(str::trim_start);
    let mut is_test = false;
    std::iter::from_fn(move || {
        for line in lines.by_ref() {
            if line.starts_with("#[") && line.contains("test") {
                is_test = true;
                continue;
            }
            let Some((before, rest)) = line.split_once("fn ") else { continue };
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            let of_a_suite = rest.contains("(store: Shared)");
            if !before.contains('"') && (std::mem::take(&mut is_test) || of_a_suite) {
                return Some(name);
            }
        }
        None
    })
}

#[test]
fn every_test_that_the_hazards_name_is_there() {
    let mut files = Vec::new();
    FOLDERS.iter().for_each(|folder| sources(&workspace::root().join(folder), &mut files));
    let texts: Vec<String> =
        files.iter().map(|file| fs::read_to_string(file).expect("sources are text")).collect();
    let known: BTreeSet<&str> = texts.iter().flat_map(|text| tests(text)).collect();
    assert!(known.len() > 500, "tests are found: {}", known.len());
    let document = fs::read_to_string(workspace::root().join("docs/HAZARDS.md")).expect("it is there");
    // Sentences are tests; a word or two is something else.
    let named: Vec<&str> =
        document.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2).collect();
    assert!(named.len() > 60, "the document names tests: {}", named.len());
    let missing: Vec<&&str> = named.iter().filter(|name| !known.contains(**name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}
