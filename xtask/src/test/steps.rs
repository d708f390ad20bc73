//! The steps of `cargo xtask test`, in their order: what is quick to fail comes first, and the client before
//! everything that compiles the server, which carries it.

use super::{Outcome, Run, Step, setting};
use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{api, command, node, python, say, size, system, tools, workspace};
use anyhow::{Context, bail};
use std::process::Command;

pub(super) const ALL: &[Step] = &[
    Step { name: "format", title: "Formatting", takes: None, work: format },
    Step { name: "set-up", title: "What the tests need", takes: None, work: set_up },
    Step { name: "client", title: "The client, as it is handed out", takes: None, work: build_client },
    Step {
        name: "lint",
        title: "Lints, native",
        takes: Some("about 3 minutes when nothing is compiled yet"),
        work: lint,
    },
    Step {
        name: "lint-wasm",
        title: "Lints, WebAssembly",
        takes: Some("about 1 minute when nothing is compiled yet"),
        work: lint_wasm,
    },
    Step {
        name: "unit",
        title: "Unit and property tests",
        takes: Some("about 5 minutes when nothing is compiled yet"),
        work: unit,
    },
    Step { name: "doc", title: "Examples in the documentation", takes: None, work: doc },
    Step { name: "size", title: "The page's size", takes: None, work: page_size },
    Step {
        name: "end-to-end",
        title: "The real server with real clients and browsers",
        takes: Some("some minutes"),
        work: end_to_end,
    },
    Step {
        name: "api",
        title: "The API as its description says",
        takes: Some("about two minutes"),
        work: as_described,
    },
    Step { name: "deny", title: "Licences, sources and duplicates of the crates", takes: None, work: deny },
    Step { name: "advisories", title: "Known vulnerabilities of the crates", takes: None, work: advisories },
    Step {
        name: "npm-audit",
        title: "Known vulnerabilities of the npm packages",
        takes: None,
        work: npm_audit,
    },
];

fn format(_: &mut Run) -> anyhow::Result<Outcome> {
    tools::ensure_component("rustfmt", "fmt")?;
    command::run(workspace::cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")?;
    // The fuzzer's crate is apart from the workspace, so that nobody compiles it who does not fuzz.
    command::run(workspace::cargo().args(["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]))
        .context("run `cargo fmt --manifest-path fuzz/Cargo.toml`")?;
    Ok(Outcome::Fine)
}

/// Everything that is installed once; each part by itself, so that one that cannot be had hides no other.
fn set_up(_: &mut Run) -> anyhow::Result<Outcome> {
    let results = [
        system::ensure(&[&system::C_COMPILER]),
        client::fetch_crates(),
        tools::ensure_component("clippy", "clippy"),
        tools::ensure_wasm_target(),
        tools::TRUNK.ensure().map(|_| ()),
        tools::WASM_BINDGEN.ensure().map(|_| ()),
        node::TESTS.ensure().map(|_| ()),
        system::ensure(&[&system::CHROMIUM, &system::CHROMEDRIVER, &system::REDIS]),
    ];
    let missing: Vec<String> =
        results.into_iter().filter_map(|result| Some(format!("{:#}", result.err()?))).collect();
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    Ok(Outcome::Fine)
}

fn build_client(_: &mut Run) -> anyhow::Result<Outcome> {
    client::build(Effort::Full)?;
    Ok(Outcome::Fine)
}

fn lint(_: &mut Run) -> anyhow::Result<Outcome> {
    tools::ensure_component("clippy", "clippy")?;
    command::run(
        workspace::cargo()
            .args(["clippy", "--locked", "--workspace", "--all-targets"])
            .args(["--", "-D", "warnings"]),
    )?;
    Ok(Outcome::Fine)
}

fn lint_wasm(_: &mut Run) -> anyhow::Result<Outcome> {
    tools::ensure_component("clippy", "clippy")?;
    tools::ensure_wasm_target()?;
    command::run(
        workspace::cargo()
            .args(["clippy", "--locked", "--package", "plumbline-client", "--package", "plumbline-sync"])
            .args(["--package", "plumbline-shared", "--target", tools::WASM])
            .args(["--", "-D", "warnings"]),
    )?;
    Ok(Outcome::Fine)
}

fn unit(run: &mut Run) -> anyhow::Result<Outcome> {
    // The store in Redis is held to the same suite as the one in a file.
    if let Err(missing) = system::ensure(&[&system::REDIS]) {
        say::warn(format!("{missing:#}"));
    }
    let setting = setting::of_what_is_here(None);
    run.count.cargo_test(&["--lib", "--bins"], &run.filter.clone(), &setting)?;
    Ok(Outcome::Fine)
}

fn doc(run: &mut Run) -> anyhow::Result<Outcome> {
    run.count.cargo_test(&["--doc"], &run.filter.clone(), &[])?;
    Ok(Outcome::Fine)
}

fn page_size(_: &mut Run) -> anyhow::Result<Outcome> {
    if !matches!(node::wasm_opt(), Ok(Some(_))) {
        return Ok(Outcome::Unchecked(
            "without wasm-opt, the page is larger than what is handed out".to_owned(),
        ));
    }
    size::check()?;
    Ok(Outcome::Fine)
}

fn end_to_end(run: &mut Run) -> anyhow::Result<Outcome> {
    let needed = [
        node::TESTS.ensure().map(|_| ()),
        system::ensure(&[&system::CHROMIUM, &system::CHROMEDRIVER, &system::REDIS]),
    ];
    for missing in needed.into_iter().filter_map(Result::err) {
        say::warn(format!("{missing:#}"));
    }
    if !workspace::root().join("client/dist/index.html").is_file() {
        client::build(Effort::Full)?;
    }
    let binary = server::build(Profile::Dev)?;
    let setting = setting::of_what_is_here(Some(binary));
    run.count.cargo_test(&["--test", "*"], &run.filter.clone(), &setting)?;
    // One suite, two stores: what is quick and touches most of it, once more with everything in Redis. All others can be,
    // too, by the same variable.
    let mut on_redis = setting;
    on_redis.push(("PLUMBLINE_TEST_STORE", "redis".into()));
    run.count.cargo_test(
        &["--test", "http", "--test", "secrecy", "--test", "flags"],
        &run.filter.clone(),
        &on_redis,
    )?;
    Ok(Outcome::Fine)
}

/// How many calls of one kind are made up here; `cargo xtask api` makes up more.
const EXAMPLES: u32 = 20;

fn as_described(_: &mut Run) -> anyhow::Result<Outcome> {
    if let Err(error) = python::ensure() {
        let error = format!("{error:#}");
        let reason = error.lines().rfind(|line| !line.trim().is_empty()).unwrap_or(&error);
        return Ok(Outcome::Unchecked(format!("the tester of the API cannot be had: {reason}")));
    }
    api::run(EXAMPLES, 1)?;
    Ok(Outcome::Fine)
}

fn deny(_: &mut Run) -> anyhow::Result<Outcome> {
    client::fetch_crates()?;
    command::run(
        cargo_deny()?
            .args(["--offline", "check", "--hide-inclusion-graph"])
            .args(["bans", "licenses", "sources"]),
    )?;
    Ok(Outcome::Fine)
}

fn advisories(_: &mut Run) -> anyhow::Result<Outcome> {
    if let Err(error) = command::output(cargo_deny()?.args(["fetch", "db"])) {
        let error = format!("{error:#}");
        let reason = error.lines().find(|line| line.starts_with("fatal: ")).unwrap_or(&error);
        return Ok(Outcome::Unchecked(format!("the advisory database could not be fetched: {reason}")));
    }
    command::run(cargo_deny()?.args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Outcome::Fine)
}

fn cargo_deny() -> anyhow::Result<Command> {
    let mut command = Command::new(tools::CARGO_DENY.ensure()?.join("cargo-deny"));
    command.current_dir(workspace::root()).args(["--log-level", "error"]);
    Ok(command)
}

fn npm_audit(_: &mut Run) -> anyhow::Result<Outcome> {
    if node::find().is_none() {
        return Ok(Outcome::Unchecked(node::advice()));
    }
    for packages in [&node::BUILD, &node::TESTS] {
        let answer = packages.audit()?;
        // An answer about packages counts them; one about a registry that does not answer has nothing to count.
        if !answer.contains("\"auditReportVersion\"") {
            let reason = answer.lines().find_map(|line| line.trim().strip_prefix("\"message\": "));
            let reason = reason.unwrap_or("no answer").trim_matches(['"', ',']);
            return Ok(Outcome::Unchecked(format!("the registry gives no answer about them: {reason}")));
        }
        if ["high", "critical"].iter().any(|grade| !answer.contains(&format!("\"{grade}\": 0"))) {
            bail!("{}: see `npm audit` there\n{answer}", packages.folder);
        }
    }
    Ok(Outcome::Fine)
}
