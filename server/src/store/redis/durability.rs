//! What *saved* means on the Redis that is really there: asked of it at the start and looked after since.

use std::time::Duration;

use super::{RedisStore, line::Line};
use crate::store::{Durability, OpenError, StoreError};

/// How often it is looked after: somebody may change what is configured, and replicas come and go.
pub(super) const LOOKED_AFTER: Duration = Duration::from_secs(5);

/// How long replicas may take to have an entry on their disks.
pub(super) const REPLICAS_WITHIN: Duration = Duration::from_millis(3_000);

/// The oldest Redis that will do: it trims by position.
const OLDEST: (u32, u32) = (6, 2);

/// The first that tells when an entry is on a replica's disk (`WAITAOF`).
const TELLS_OF_DISKS: (u32, u32) = (7, 2);

/// What was found out about the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The version of Redis that it is, or says to be compatible with.
    version: (u32, u32),
    aof: Option<bool>,
    /// Whether it writes to the disk before it answers; none where it may not be asked.
    always: Option<bool>,
    replicas: u32,
    /// Whether it writes a snapshot of its own to the disk now and then; none where it may not be asked.
    pub(super) dumps: Option<bool>,
    is_cluster: bool,
}

/// How an append waits for replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    /// There are none.
    No,
    /// Until one has it in memory.
    Memory,
    /// Until one has it on its disk.
    Disk,
}

/// What was answered; none where it may not be asked. Who does not answer has not said that.
fn allowed<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Err(error @ (StoreError::Unanswered { .. } | StoreError::Unreachable { .. })) => Err(error),
        answer => Ok(answer.ok()),
    }
}

impl Standing {
    /// Asks the server.
    pub(super) async fn ask(line: &Line) -> Result<Self, StoreError> {
        let info: String = line.ask_slot(0, redis::cmd("INFO")).await?;
        let number = |key: &str| value(&info, key).and_then(|value| value.parse::<u32>().ok());
        let mut config = redis::cmd("CONFIG");
        let config = line.ask_slot::<Vec<String>>(0, config.arg("GET").arg("appendfsync").clone()).await;
        let always = allowed(config)?.and_then(|pair| pair.get(1).map(|value| value == "always"));
        let mut saves = redis::cmd("CONFIG");
        let saves = line.ask_slot::<Vec<String>>(0, saves.arg("GET").arg("save").clone()).await;
        Ok(Self {
            version: value(&info, "redis_version").map(version).unwrap_or_default(),
            aof: number("aof_enabled").map(|on| on == 1),
            always,
            replicas: number("connected_slaves").unwrap_or(0),
            dumps: allowed(saves)?.and_then(|pair| pair.get(1).map(|points| !points.is_empty())),
            is_cluster: number("cluster_enabled") == Some(1),
        })
    }

    pub(super) fn is_cluster(&self) -> bool {
        self.is_cluster
    }

    /// Refuses what cannot do what we need.
    pub(super) fn will_do(&self, place: &str) -> Result<(), OpenError> {
        if self.version < OLDEST {
            let found = format!("{}.{}", self.version.0, self.version.1);
            return Err(OpenError::TooOld { place: place.to_owned(), found });
        }
        Ok(())
    }

    pub(super) fn waits(&self) -> Waits {
        match self.replicas {
            0 => Waits::No,
            _ if self.version >= TELLS_OF_DISKS && self.aof == Some(true) => Waits::Disk,
            _ => Waits::Memory,
        }
    }

    /// The promise in words: what is configured, and nothing better.
    pub(super) fn promise(&self, place: &str) -> Durability {
        let own = match (self.aof, self.always) {
            (Some(true), Some(true)) => {
                "on the disk of Redis (appendfsync always): it survives a crash and a loss of power"
            }
            (Some(true), Some(false)) => {
                "in the memory of Redis and within about a second on its disk: a loss of power can take the last second with it (set `appendfsync always`)"
            }
            (Some(true), None) => {
                "in Redis, which writes to its disk, but does not let itself be asked when: a loss of power may take the last second with it (allow `CONFIG GET`, and set `appendfsync always`)"
            }
            _ => {
                "in the memory of Redis alone: its restart can lose everything since its last dump (set `appendonly yes` and `appendfsync always`)"
            }
        };
        let replicas = match self.waits() {
            Waits::No if self.is_cluster => ", but not the loss of that machine",
            Waits::No => ", but not the loss of that machine: it has no replica",
            Waits::Disk => ", and on the disk of a replica (WAITAOF), so that a failover keeps it",
            Waits::Memory => {
                ", and in the memory of a replica; a failover keeps it, unless the replica loses power at that moment (WAITAOF needs Redis 7.2)"
            }
        };
        let full = self.aof == Some(true) && self.always == Some(true) && self.waits() != Waits::Memory;
        Durability { full, sentence: format!("saved means {own}{replicas} ({place})").into() }
    }
}

fn value<'a>(info: &'a str, key: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(str::trim)
}

fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

impl RedisStore {
    /// Waits until replicas have what was appended on this line, as far as there are any.
    pub(super) async fn wait_for_replicas(&self, line: &Line, key: &str) -> Result<(), StoreError> {
        let waits = self.standing().waits();
        let mut command = match waits {
            Waits::No => return Ok(()),
            Waits::Memory => redis::cmd("WAIT"),
            Waits::Disk => {
                let mut command = redis::cmd("WAITAOF");
                command.arg(1);
                command
            }
        };
        let most = u64::try_from(REPLICAS_WITHIN.as_millis()).unwrap_or(u64::MAX);
        command.arg(1).arg(most);
        let have = match waits {
            Waits::Disk => line.ask_where::<Vec<u32>>(key, command).await?.last().copied(),
            _ => Some(line.ask_where::<u32>(key, command).await?),
        };
        if have.is_some_and(|have| have > 0) {
            return Ok(());
        }
        let what = "the replicas did not confirm in time; if they are gone for good, it goes on without them in a moment";
        Err(StoreError::Unanswered { place: self.place().to_owned(), what: what.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promise_is_what_is_configured() {
        let best = Standing { version: (7, 0), aof: Some(true), always: Some(true), ..Standing::default() };
        assert!(best.promise("here").full);
        assert!(best.promise("here").sentence.contains("it has no replica"));
        let weak = [
            Standing { aof: Some(false), ..best },
            Standing { always: Some(false), ..best },
            Standing { always: None, ..best },
            Standing { replicas: 1, ..best },
        ];
        for weaker in weak {
            assert!(!weaker.promise("here").full, "{weaker:?}");
        }
        let kept = Standing { replicas: 1, version: (7, 2), ..best };
        assert!(kept.promise("here").full && kept.promise("here").sentence.contains("WAITAOF"));
        assert_eq!((best.waits(), kept.waits()), (Waits::No, Waits::Disk));
    }
}
