//! How the program ends: a number for each reason that a script acts on. They do not change.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::json;

use crate::{
    live::LoadError,
    log::{decisions::LogError, export::NotALog},
    store::{OpenError, StoreError, sqlite::BackupError},
    workspace::WorkspaceError,
};

/// The numbers, as `--help` tells them; in `docs/OPERATING.md` too.
pub(super) const HELP: &str = "\
Exit codes:
  0  done
  1  something else failed; the last line on the standard error says what
  2  the command line, or a setting, is not what this takes
  3  the data are not what was written (check, log verify, backup), or are damaged
  4  another Plumbline is using the data directory
  5  the data were written by a newer Plumbline
  6  the address to listen on is taken
  7  Redis cannot be reached

With --json every command answers in JSON, and where it fails, the last line on the standard error is
{\"failed\": why, \"code\": the reason in a word, \"exit\": its number}.";

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It has done what it was asked to.
    Done,
    /// Something else than the rest failed.
    Failed,
    /// The command line, or a setting, is not what this takes. So ends `clap`, too.
    Usage,
    /// The data are not what was written.
    NotAsWritten,
    /// Somebody else uses the data directory.
    InUse,
    /// The data are a newer version's.
    Newer,
    /// Somebody else listens there.
    PortTaken,
    /// Redis cannot be reached.
    RedisAway,
}

/// What was asked for is not what this takes: said as a context, or by itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Misused(pub(super) String);

/// What was read is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotAsWritten(pub(super) &'static str);

impl Ending {
    const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotAsWritten => 3,
            Self::InUse => 4,
            Self::Newer => 5,
            Self::PortTaken => 6,
            Self::RedisAway => 7,
        }
    }

    /// Its word, for programs.
    const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotAsWritten => "not_as_written",
            Self::InUse => "in_use",
            Self::Newer => "newer",
            Self::PortTaken => "port_taken",
            Self::RedisAway => "redis_unreachable",
        }
    }

    /// The one for a check.
    pub(super) const fn of_check(holds: bool) -> Self {
        if holds { Self::Done } else { Self::NotAsWritten }
    }

    /// The one for an error: by what lies at its bottom, whatever is said around that.
    fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<Misused>().is_some() {
            return Self::Usage;
        }
        error.chain().find_map(Self::of_cause).unwrap_or(Self::Failed)
    }

    fn of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Self> {
        // Errors that pass another one on say nothing of it as their cause.
        if let Some(BackupError::Open(open)) = cause.downcast_ref() {
            return Self::of_opening(open);
        }
        if let Some(open) = cause.downcast_ref() {
            return Self::of_opening(open);
        }
        let store = match (cause.downcast_ref(), cause.downcast_ref(), cause.downcast_ref()) {
            (Some(WorkspaceError::Store(store)), ..) => Some(store),
            (_, Some(LogError::Store(store)), _) => Some(store),
            (_, _, Some(LoadError::Store(store))) => Some(store),
            _ => cause.downcast_ref::<StoreError>(),
        };
        if let Some(store) = store {
            return Self::of_store(store);
        }
        if cause.is::<NotAsWritten>()
            || matches!(cause.downcast_ref(), Some(NotALog::Broken { .. } | NotALog::Head))
            || matches!(cause.downcast_ref(), Some(LogError::Broken { .. }))
        {
            return Some(Self::NotAsWritten);
        }
        let system = cause.downcast_ref::<io::Error>()?;
        (system.kind() == io::ErrorKind::AddrInUse).then_some(Self::PortTaken)
    }

    const fn of_opening(error: &OpenError) -> Option<Self> {
        match error {
            OpenError::InUse { .. } => Some(Self::InUse),
            OpenError::Newer { .. } => Some(Self::Newer),
            OpenError::Address => Some(Self::Usage),
            OpenError::Store(store) => Self::of_store(store),
            OpenError::Directory { .. } | OpenError::Foreign { .. } | OpenError::TooOld { .. } => None,
        }
    }

    const fn of_store(store: &StoreError) -> Option<Self> {
        match store {
            StoreError::Unreachable { .. } | StoreError::Unanswered { .. } => Some(Self::RedisAway),
            StoreError::Damaged { .. } => Some(Self::NotAsWritten),
            StoreError::Busy { .. } => Some(Self::InUse),
            _ => None,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.number())
    }
}

/// The last word of a program that fails is for the person who started it, or for their program.
pub(super) fn fail(error: &anyhow::Error, json: bool) -> ExitCode {
    let ending = Ending::of(error);
    let mut out = io::stderr().lock();
    let _ = if json {
        let told = json!({ "failed": format!("{error:#}"), "code": ending.word(), "exit": ending.number() });
        writeln!(out, "{told}")
    } else {
        writeln!(out, "plumbline: {error:#}")
    };
    ending.into()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn an_error_ends_by_what_lies_at_its_bottom() {
        let place = || "redis:6379".to_owned();
        let away = StoreError::Unreachable { place: place(), what: "refused".to_owned() };
        let found = |error: anyhow::Error| Ending::of(&error.context("could not begin").context("at all"));
        assert_eq!(found(OpenError::Store(away.clone()).into()), Ending::RedisAway);
        assert_eq!(found(away.into()), Ending::RedisAway);
        let gone = StoreError::Damaged { place: place(), what: "a page".to_owned() };
        assert_eq!(found(WorkspaceError::Store(gone.clone()).into()), Ending::NotAsWritten);
        assert_eq!(found(LoadError::Store(gone).into()), Ending::NotAsWritten);
        assert_eq!(found(BackupError::Open(OpenError::Address).into()), Ending::Usage);
        assert_eq!(found(OpenError::Address.into()), Ending::Usage);
        assert_eq!(found(OpenError::InUse { path: "data".into(), process: None }.into()), Ending::InUse);
        let newer = OpenError::Newer { path: "data".into(), found: 9, known: 1 };
        assert_eq!(found(newer.into()), Ending::Newer);
        assert_eq!(found(StoreError::Full { place: place() }.into()), Ending::Failed);
        assert_eq!(found(io::Error::from(io::ErrorKind::AddrInUse).into()), Ending::PortTaken);
        assert_eq!(found(io::Error::from(io::ErrorKind::NotFound).into()), Ending::Failed);
        assert_eq!(found(NotAsWritten("it is another").into()), Ending::NotAsWritten);
        assert_eq!(found(NotALog::Head.into()), Ending::NotAsWritten);
        let misused = "x".parse::<u8>().context(Misused("--for is a number".to_owned()));
        assert_eq!(misused.map_err(found), Err(Ending::Usage));
    }

    #[test]
    fn each_number_is_told_and_stands_for_one_reason() {
        use Ending::{Done, Failed, InUse, Newer, NotAsWritten, PortTaken, RedisAway, Usage};
        let all = [Done, Failed, Usage, NotAsWritten, InUse, Newer, PortTaken, RedisAway];
        for (n, ending) in all.into_iter().enumerate() {
            assert_eq!(usize::from(ending.number()), n);
            assert!(HELP.contains(&format!("\n  {n}  ")), "{n}");
        }
    }
}
