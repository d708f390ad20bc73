//! Counting the tests of `cargo test` by what it prints.

use crate::workspace;
use anyhow::{Context, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// How many tests there were, over any number of suites.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// The names of those that failed, as far as they were printed.
    pub(super) failing: Vec<String>,
}

impl Count {
    /// Runs `cargo test` with these arguments to its end, shows what it prints, and adds what it has counted.
    ///
    /// # Errors
    /// If a test fails, or a suite cannot be compiled or dies; such a suite counts as one failure.
    pub(super) fn cargo_test(
        &mut self,
        arguments: &[&str],
        filter: &[String],
        setting: &[(&'static str, std::ffi::OsString)],
    ) -> anyhow::Result<()> {
        let mut cargo = workspace::cargo();
        cargo.args(["test", "--locked", "--workspace", "--no-fail-fast"]).args(arguments);
        if !filter.is_empty() {
            cargo.arg("--").args(filter);
        }
        cargo.envs(setting.iter().map(|(name, value)| (name, value)));
        let failed_before = self.failed;
        let success = self.read(&mut cargo)?;
        if !success && self.failed == failed_before {
            self.failed += 1;
            self.failing.push(format!(
                "a suite that did not compile or did not end: cargo test {}",
                arguments.join(" ")
            ));
        }
        match self.failed - failed_before {
            0 => Ok(()),
            failed => bail!("{failed} failed"),
        }
    }

    fn read(&mut self, cargo: &mut Command) -> anyhow::Result<bool> {
        let mut child = cargo.stdout(Stdio::piped()).spawn().context("could not start cargo test")?;
        let output = child.stdout.take().expect("it was piped a line above");
        let mut lines = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not text: what a test prints need not be UTF-8.
        while lines.read_until(b'\n', &mut line).context("could not read what cargo test prints")? > 0 {
            std::io::stdout().write_all(&line).context("could not print")?;
            self.add(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
        Ok(child.wait().context("cargo test was lost")?.success())
    }

    /// Takes in one line of output.
    fn add(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            let number_before = |word: &str| -> u64 {
                let before = result.split(word).next().unwrap_or_default();
                before.split_whitespace().next_back().and_then(|number| number.parse().ok()).unwrap_or(0)
            };
            self.passed += number_before(" passed");
            self.failed += number_before(" failed");
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failing.push(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_summed_and_failures_named() {
        let mut count = Count::default();
        for line in [
            "running 2 tests",
            "test guard::a_gap_is_no_offence ... ok",
            "test guard::a_forged_path_is_refused ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 40 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.20s",
            "test result: is not what a test should print",
        ] {
            count.add(line);
        }
        let failing = vec!["guard::a_forged_path_is_refused".to_owned()];
        assert_eq!(count, Count { passed: 41, failed: 1, failing });
    }
}
