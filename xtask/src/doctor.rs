//! `cargo xtask doctor`: what is here, what is missing, how to get it. Changes nothing.

use crate::{command, node, python, system, tools, workspace};
use std::io::Write;

/// What a part is needed for; the order is that of the report.
#[derive(Clone, Copy)]
enum For {
    Serving,
    SmallerPages,
    Testing,
}

impl For {
    fn name(self) -> &'static str {
        match self {
            Self::Serving => "serve",
            Self::SmallerPages => "smaller pages",
            Self::Testing => "test",
        }
    }
}

/// Prints one line for each part of the surroundings.
///
/// # Errors
/// If nothing can be printed.
pub(crate) fn doctor() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut missing = 0_u32;
    let mut report = |wanted: For, title: &str, found: Option<String>, otherwise: &str| {
        let (mark, text) = match &found {
            Some(found) => ("ok", found.as_str()),
            None => ("missing", otherwise),
        };
        missing += u32::from(found.is_none());
        writeln!(out, "{mark:<8} {:<14} {title:<34} {text}", wanted.name())
    };

    let rustc = command::version_of("rustc");
    report(For::Serving, "Rust 1.95 or newer", rustc, "install it with rustup: https://rustup.rs")?;
    let here = |is_here: bool| is_here.then(String::new);
    let by_itself = "`cargo xtask serve` and `test` get it by themselves";
    report(For::Serving, &format!("target {}", tools::WASM), here(tools::wasm_target_is_here()), by_itself)?;
    for (wanted, tool) in [
        (For::Serving, &tools::TRUNK),
        (For::Serving, &tools::WASM_BINDGEN),
        (For::Testing, &tools::CARGO_DENY),
    ] {
        let folder = if tool.is_here() { tool.folder().ok() } else { None };
        let found = folder.map(|folder| folder.display().to_string());
        report(wanted, &format!("{} {}", tool.name, tool.version), found, by_itself)?;
    }
    for (wanted, program) in [
        (For::Serving, &system::C_COMPILER),
        (For::Testing, &system::CHROMIUM),
        (For::Testing, &system::CHROMEDRIVER),
        (For::Testing, &system::REDIS),
    ] {
        let found = program.find().map(|path| path.display().to_string());
        report(wanted, program.title, found, &program.advice())?;
    }
    report(
        For::SmallerPages,
        &format!("Node {} or newer, npm", node::OLDEST),
        node::find(),
        &node::advice(),
    )?;
    for (wanted, packages) in [(For::SmallerPages, &node::BUILD), (For::Testing, &node::TESTS)] {
        let modules = if packages.are_here() { packages.modules().ok() } else { None };
        let found = modules.map(|modules| modules.display().to_string());
        report(wanted, &format!("npm packages of {}", packages.folder), found, by_itself)?;
    }
    let tester = python::is_here().then(String::new);
    report(For::Testing, &format!("Python packages of {}", python::FOLDER), tester, &python::advice())?;
    let page = workspace::root().join("client/dist/index.html").is_file();
    report(For::Serving, "the built client", here(page), by_itself)?;
    match missing {
        0 => writeln!(out, "\nNothing is missing.")?,
        _ => writeln!(out, "\n{missing} missing.")?,
    }
    Ok(())
}
