//! `cargo xtask endure`: the long forms of tests of which short ones run with every other test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::server::{self, Profile};
use crate::{command, say, system, workspace};

/// How often something is killed unless it is said.
const ROUNDS: u64 = 200;
/// Updates that are made up and offered to a fold, and that are forged and sent to a server.
const UPDATES: u64 = 1_250_000;
const FORGED: u64 = 10_000;
/// Who does not read, and as many who work; for how long; connections that come and go.
const SLOW: u64 = 200;
const SLOW_SECONDS: u64 = 30;
const DROPPED: u64 = 10_000;
/// What is proposed to three nodes that are compared at each position; rounds of bad weather; for how many seconds a node stands
/// still in one of them.
const MOVES: u64 = 20_000;
const CHAOS_ROUNDS: u64 = 60;
const STILL: u64 = 60;
/// How long a soak is, in minutes, with how many sessions of how many people.
const MINUTES: u64 = 30;
const SESSIONS: u64 = 20;
const PEOPLE: u64 = 25;

const USAGE: &str = "\
say what is to be endured:
    cargo xtask endure crash [--rounds N] [--seed N] [--embedded | --cluster]
    cargo xtask endure hostile [--updates N] [--forged N] [--seed N]
    cargo xtask endure slow [--connections N] [--seconds N] [--dropped N]
    cargo xtask endure nodes [--rounds N] [--moves N] [--still SECONDS] [--seed N]
    cargo xtask endure upgrade [--from COMMIT] [--seed N]
    cargo xtask endure soak [--minutes N] [--sessions N] [--people N]";

/// What was said after the name.
struct Flags<'a>(&'a [String]);

impl Flags<'_> {
    fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|argument| argument == flag)
    }

    fn number(&self, flag: &str) -> anyhow::Result<Option<u64>> {
        let Some(at) = self.0.iter().position(|argument| argument == flag) else { return Ok(None) };
        let text = self.0.get(at + 1).with_context(|| format!("{flag} needs a number"))?;
        Ok(Some(text.parse().with_context(|| format!("{flag} needs a number, and {text} is none"))?))
    }

    fn text(&self, flag: &str) -> anyhow::Result<Option<&str>> {
        let Some(at) = self.0.iter().position(|argument| argument == flag) else { return Ok(None) };
        let text = self.0.get(at + 1).with_context(|| format!("{flag} needs a value"))?;
        Ok(Some(text))
    }

    fn or(&self, flag: &str, otherwise: u64) -> anyhow::Result<u64> {
        Ok(self.number(flag)?.unwrap_or(otherwise))
    }
}

/// Runs what is named first.
///
/// # Errors
/// If it is not understood, something cannot be built, or what should be endured is not.
pub(crate) fn endure(arguments: &[String]) -> anyhow::Result<()> {
    let Some((what, rest)) = arguments.split_first() else { bail!("{USAGE}") };
    let flags = Flags(rest);
    match what.as_str() {
        "crash" => crash(&flags),
        "hostile" => hostile(&flags),
        "slow" => slow(&flags),
        "nodes" => nodes(&flags),
        "upgrade" => upgrade(&flags),
        "soak" => soak(&flags),
        _ => bail!("{USAGE}"),
    }
}

fn crash(flags: &Flags<'_>) -> anyhow::Result<()> {
    let rounds = flags.or("--rounds", ROUNDS)?;
    let setting = |cargo: &mut Command| -> anyhow::Result<()> {
        cargo.env("PLUMBLINE_CRASH_ROUNDS", rounds.to_string());
        seed(cargo, flags)
    };
    let binary = server::build(Profile::Dev)?;
    if !flags.has("--cluster") {
        say::note(format!("kill -9 under load, {rounds} rounds, one server on its data directory"));
        end_to_end(&binary, "crash", &[], setting)?;
    }
    if !flags.has("--embedded") {
        system::ensure(&[&system::REDIS])?;
        say::note(format!(
            "kill -9 of servers and of Redis under load, {rounds} rounds, three servers on one Redis"
        ));
        end_to_end(&binary, "nodes", &["what_was_acknowledged"], setting)?;
    }
    Ok(())
}

/// In one process with a counting allocator, and over real sockets.
fn hostile(flags: &Flags<'_>) -> anyhow::Result<()> {
    let (updates, forged) = (flags.or("--updates", UPDATES)?, flags.or("--forged", FORGED)?);
    if updates > 0 {
        say::note(format!(
            "{updates} updates, generated, forged and damaged, through the guard and the fold"
        ));
        let mut cargo = workspace::cargo();
        cargo.args(["test", "--locked", "--release", "--package", "plumbline", "--test", "hostile"]);
        cargo.args(["--", "--nocapture"]).env("PLUMBLINE_HOSTILE", updates.to_string());
        seed(&mut cargo, flags)?;
        command::run(&mut cargo)?;
    }
    if forged > 0 {
        say::note(format!("{forged} forgeries over real sockets"));
        let binary = server::build(Profile::Release)?;
        end_to_end(&binary, "forged", &[], |cargo| {
            cargo.env("PLUMBLINE_FORGED", forged.to_string());
            seed(cargo, flags)
        })?;
    }
    Ok(())
}

fn slow(flags: &Flags<'_>) -> anyhow::Result<()> {
    let (slow, seconds) = (flags.or("--connections", SLOW)?, flags.or("--seconds", SLOW_SECONDS)?);
    let dropped = flags.or("--dropped", DROPPED)?;
    say::note(format!(
        "{slow} who do not read beside {slow} who work, {seconds} seconds; then {dropped} connections that come and go"
    ));
    let binary = server::build(Profile::Release)?;
    end_to_end(&binary, "many", &["--test-threads=1"], |cargo| {
        cargo.env("PLUMBLINE_SLOW", slow.to_string()).env("PLUMBLINE_SECONDS", seconds.to_string());
        cargo.env("PLUMBLINE_DROPPED", dropped.to_string());
        Ok(())
    })
}

/// Several nodes: their states compared at equal positions, in one process; then three servers in bad weather.
fn nodes(flags: &Flags<'_>) -> anyhow::Result<()> {
    let (rounds, moves) = (flags.or("--rounds", CHAOS_ROUNDS)?, flags.or("--moves", MOVES)?);
    let still = flags.or("--still", STILL)?;
    system::ensure(&[&system::REDIS])?;
    if moves > 0 {
        say::note(format!(
            "{moves} entries proposed to three nodes, their states compared at equal positions"
        ));
        let mut cargo = workspace::cargo();
        cargo.args([
            "test",
            "--locked",
            "--package",
            "plumbline",
            "--lib",
            "--",
            "at_equal_positions",
            "--nocapture",
        ]);
        cargo.env("PLUMBLINE_MOVES", moves.to_string());
        if let Some(redis) = system::REDIS.find() {
            cargo.env("PLUMBLINE_REDIS_SERVER", redis);
        }
        seed(&mut cargo, flags)?;
        command::run(&mut cargo)?;
    }
    if rounds > 0 {
        say::note(format!(
            "{rounds} rounds of bad weather between people, three servers and Redis; one server stands still for {still} seconds"
        ));
        let binary = server::build(Profile::Dev)?;
        end_to_end(&binary, "chaos", &[], |cargo| {
            cargo.env("PLUMBLINE_CHAOS_ROUNDS", rounds.to_string()).env("PLUMBLINE_STILL", still.to_string());
            seed(cargo, flags)
        })?;
    }
    Ok(())
}

/// Two builds: the last one that had earlier rules, or any other, and this one.
fn upgrade(flags: &Flags<'_>) -> anyhow::Result<()> {
    system::ensure(&[&system::REDIS])?;
    let from = match flags.text("--from")? {
        Some(commit) => commit.to_owned(),
        None => before_these_rules()?,
    };
    let earlier = build_of(&from)?;
    let binary = server::build(Profile::Dev)?;
    say::note(format!("from {from} to what is here, server by server, while people work"));
    end_to_end(&binary, "upgrade", &["--test-threads=1"], |cargo| {
        cargo.env("PLUMBLINE_EARLIER_BIN", &earlier);
        seed(cargo, flags)
    })
}

/// The commit before the one that has set the rules' version to what it is.
fn before_these_rules() -> anyhow::Result<String> {
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["log", "-1", "--format=%H", "-GVERSION: u32 = "]);
    let changed = command::output(git.args(["--", "shared/src/policy.rs"]))?;
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["rev-parse", "--verify", &format!("{}~1", changed.trim())]);
    let before = command::output(&mut git)
        .context("the history does not reach back to earlier rules: name a commit with --from")?;
    Ok(before.trim().to_owned())
}

/// The server of another commit, with the page that is here: nobody looks at it.
fn build_of(commit: &str) -> anyhow::Result<PathBuf> {
    let folder = workspace::target()?.join("earlier");
    let source = folder.join("source");
    if source.exists() {
        fs::remove_dir_all(&source).context("an earlier source stands in the way")?;
    }
    fs::create_dir_all(&source)?;
    let packed = folder.join("source.tar");
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["archive", "--format=tar", "--output"]).arg(&packed);
    command::output(git.arg(commit))?;
    command::output(Command::new("tar").arg("-xf").arg(&packed).arg("-C").arg(&source))?;
    let target = folder.join("target");
    let title = format!("Building the server of {commit}");
    say::step(&title, Some("about 3 minutes when nothing is compiled yet"), || {
        let mut cargo = workspace::cargo();
        cargo.current_dir(&source).env("CARGO_TARGET_DIR", &target);
        command::run(cargo.args(["build", "--locked", "--package", "plumbline", "--bin", "plumbline"]))
    })?;
    Ok(target.join("debug").join(format!("plumbline{}", std::env::consts::EXE_SUFFIX)))
}

fn soak(flags: &Flags<'_>) -> anyhow::Result<()> {
    let minutes = flags.or("--minutes", MINUTES)?;
    let (sessions, people) = (flags.or("--sessions", SESSIONS)?, flags.or("--people", PEOPLE)?);
    say::note(format!("{sessions} sessions at a time with {people} people each, {minutes} minutes"));
    let binary = server::build(Profile::Release)?;
    end_to_end(&binary, "soak", &[], |cargo| {
        cargo.env("PLUMBLINE_SECONDS", (minutes * 60).to_string());
        cargo.env("PLUMBLINE_SESSIONS", sessions.to_string()).env("PLUMBLINE_PEOPLE", people.to_string());
        Ok(())
    })
}

fn seed(cargo: &mut Command, flags: &Flags<'_>) -> anyhow::Result<()> {
    if let Some(seed) = flags.number("--seed")? {
        cargo.env("PLUMBLINE_SEED", seed.to_string());
    }
    Ok(())
}

/// Runs one file of the end-to-end tests against `binary`.
fn end_to_end(
    binary: &Path,
    test: &str,
    arguments: &[&str],
    setting: impl Fn(&mut Command) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--locked", "--workspace", "--test", test, "--"]);
    cargo.args(arguments).arg("--nocapture").env("PLUMBLINE_BIN", binary);
    setting(&mut cargo)?;
    if let Some(redis) = system::REDIS.find() {
        cargo.env("PLUMBLINE_REDIS_SERVER", redis);
    }
    command::run(&mut cargo)
}
