//! How the binary ends, by number, and what it says to programs: real processes, real ports, real files.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLUMBLINE_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// Ends with this number; gives what it says, and to programs the same number, the reason's word and the same sentence.
fn ends(arguments: &[&str], number: i32, word: &str) -> String {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(number), "{arguments:?}: {said}");
    let output = run(&[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(number), "{arguments:?}");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let told: Value =
        serde_json::from_str(told.lines().last().unwrap_or_default()).unwrap_or_else(|_| panic!("{told}"));
    assert_eq!((told["code"].as_str(), told["exit"].as_i64()), (Some(word), Some(number.into())), "{told}");
    assert!(said.contains(told["failed"].as_str().unwrap()), "{said}: {told}");
    said
}

/// A server that runs, and the JSON of its first lines.
struct Serving(Child, Vec<Value>);

impl Serving {
    fn on(data: &Path, more: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        let mut command =
            command(&[&["serve", "--listen", "127.0.0.1:0", "--data", data, "--json"], more].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let last = if more.contains(&"--metrics") { "metrics" } else { "open" };
            let ended = line.get(last).is_some();
            lines.push(line);
            if ended {
                break;
            }
        }
        Self(child, lines)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address where nobody listens.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_server_tells_programs_its_first_lines_and_keeps_its_directory_and_its_port_to_itself() {
    let directory = tempfile::tempdir().unwrap();
    let (data, place) = (directory.path().join("data"), directory.path().join("data"));
    let place = place.to_str().unwrap();
    let first = Serving::on(&data, &["--metrics", "127.0.0.1:0"]);
    let told = |name: &str| first.1.iter().find_map(|line| line.get(name)).unwrap_or(&Value::Null);
    assert_eq!(
        (told("version"), told("data")),
        (&Value::from(env!("CARGO_PKG_VERSION")), &Value::from(place))
    );
    assert_eq!(told("full"), &Value::Bool(true));
    let (open, key) = (told("open").as_str().unwrap(), told("workspace_key").as_str().unwrap());
    assert!(key.starts_with("pw_") && open.ends_with(&format!("/#key={key}")), "{open}");
    assert!(told("metrics").as_str().unwrap().ends_with("/metrics"));

    let said = ends(&["serve", "--listen", "127.0.0.1:0", "--data", place], 4, "in_use");
    assert!(said.contains(&format!("process {}", first.0.id())), "{said}");
    let address = open.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let other = directory.path().join("other");
    let said = ends(&["serve", "--listen", address, "--data", other.to_str().unwrap()], 6, "port_taken");
    assert!(said.contains("--listen"), "{said}");
    assert!(!other.exists(), "a port that is taken makes no data directory, and shows no key");
    drop(first);

    // Started again, it has no key to show.
    let again = Serving::on(&data, &[]);
    assert!(again.1.iter().all(|line| line.get("workspace_key").is_none()), "{:?}", again.1);
}

#[test]
fn each_reason_has_its_number() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let place = data.to_str().unwrap();
    drop(Serving::on(&data, &[]));

    // What this takes.
    assert_eq!(run(&["serve", "--lisen", "127.0.0.1:0"]).status.code(), Some(2));
    assert_eq!(run(&["no-such-command"]).status.code(), Some(2));
    ends(&["log", "export", "decisions.exe", "--data", place], 2, "usage");
    ends(&["log", "export", "decisions.html", "--for", "nobody", "--data", place], 2, "usage");
    ends(&["serve", "--listen", "127.0.0.1:0", "--redis", "reddish://nowhere"], 2, "usage");
    ends(&["simulate", "http://127.0.0.1:1"], 2, "usage");
    ends(&["serve", "--listen", "127.0.0.1:0", "--data", place, "--public-url", "nowhere"], 2, "usage");

    // Redis is away.
    let redis = format!("redis://{}", nobody());
    ends(&["serve", "--listen", "127.0.0.1:0", "--redis", &redis], 7, "redis_unreachable");
    ends(&["export", "--data", place, "--to", &redis], 7, "redis_unreachable");

    // Something else.
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let below = file.join("data");
    ends(&["serve", "--listen", "127.0.0.1:0", "--data", below.to_str().unwrap()], 1, "failed");
    ends(&["log", "show", "7", "--data", place], 1, "failed");
    let nowhere = directory.path().join("nowhere");
    ends(&["check", "--data", nowhere.to_str().unwrap()], 1, "failed");

    // Whole, and not.
    for arguments in [["check", "--data", place].as_slice(), &["log", "verify", "--data", place]] {
        assert_eq!(run(arguments).status.code(), Some(0), "{arguments:?}");
    }
    let noted = "ab".repeat(32);
    let output = run(&["log", "verify", "--head", &noted, "--data", place, "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &told["has_hash"]), (Some(3), &Value::Bool(false)));

    // A newer version's, which its header says.
    let path = data.join("plumbline.db");
    let mut content = fs::read(&path).unwrap();
    content[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &content).unwrap();
    for name in ["plumbline.db-wal", "plumbline.db-shm"] {
        let _ = fs::remove_file(data.join(name));
    }
    ends(&["serve", "--listen", "127.0.0.1:0", "--data", place], 5, "newer");
    ends(&["check", "--data", place], 5, "newer");
    let copy = directory.path().join("copy");
    ends(&["backup", copy.to_str().unwrap(), "--data", place], 5, "newer");
    assert_eq!(fs::read(&path).unwrap(), content, "what is a newer version's is left as it is");
}

#[test]
fn the_numbers_are_told_where_people_look() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let manual = include_str!("../../docs/OPERATING.md");
    for number in 0..=7 {
        assert!(help.contains(&format!("\n  {number}  ")), "--help tells {number}");
        assert!(manual.contains(&format!("\n| `{number}` |")), "docs/OPERATING.md tells {number}");
    }
    for command in ["serve", "log", "check", "backup", "export", "simulate"] {
        let help = String::from_utf8(run(&[command, "--help"]).stdout).unwrap();
        assert!(help.contains("--json"), "{command} answers in JSON");
    }
}
