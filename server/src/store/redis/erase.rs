//! What has to be gone from the disk as well: the files of Redis keep values until they are written anew.

use std::time::{Duration, Instant};

use redis::Cmd;

use super::RedisStore;
use crate::store::StoreError;

/// How long a rewrite of the files may take before whoever waits is told that it is not done.
const WRITTEN_WITHIN: Duration = Duration::from_secs(120);

/// How often it is looked whether a rewrite is done.
const LOOKED: Duration = Duration::from_millis(20);

impl RedisStore {
    /// Has the files of the server that holds this key written anew, and waits for it, so that they hold nothing that was
    /// deleted before. A server that does not allow it (some who rent one out do not) keeps what was deleted in its
    /// files until it writes them anew by itself: that is told in our log, and is no error.
    pub(super) async fn rewrite_files(&self, key: &str) -> Result<(), StoreError> {
        // One at a time; a second one begins after the first and covers what was deleted meanwhile.
        let _writing = self.rewriting.lock().await;
        let since = Instant::now();
        if self.figure(key, "aof_enabled").await? == Some(1) {
            let busy = ["aof_rewrite_in_progress", "aof_rewrite_scheduled"];
            self.write_anew(key, redis::cmd("BGREWRITEAOF"), &busy, "aof_last_bgrewrite_status", since)
                .await?;
        }
        if self.standing().dumps != Some(false) {
            let mut dump = redis::cmd("BGSAVE");
            dump.arg("SCHEDULE");
            self.write_anew(key, dump, &["rdb_bgsave_in_progress"], "rdb_last_bgsave_status", since).await?;
        }
        Ok(())
    }

    async fn write_anew(
        &self,
        key: &str,
        command: Cmd,
        busy: &[&str],
        status: &str,
        since: Instant,
    ) -> Result<(), StoreError> {
        // One that is under way began before what has to go was gone, perhaps.
        self.until_quiet(key, busy, since).await?;
        loop {
            match self.reads.ask_where::<redis::Value>(key, command.clone()).await {
                Ok(_) => break,
                Err(StoreError::Refused { what, .. }) => {
                    not_allowed(self.place(), &what);
                    return Ok(());
                }
                Err(StoreError::Fault { what, .. }) if what.contains("unknown command") => {
                    not_allowed(self.place(), &what);
                    return Ok(());
                }
                // Somebody else's has begun in between.
                Err(StoreError::Fault { what, .. }) if what.contains("in progress") => {
                    self.until_quiet(key, busy, since).await?;
                }
                Err(error) => return Err(error),
            }
        }
        self.until_quiet(key, busy, since).await?;
        match self.told(key, status).await?.as_deref() {
            None | Some("ok") => Ok(()),
            Some(other) => Err(self.not_written(&format!("{status} is {other}"))),
        }
    }

    async fn until_quiet(&self, key: &str, busy: &[&str], since: Instant) -> Result<(), StoreError> {
        loop {
            let mut is_quiet = true;
            for what in busy {
                is_quiet &= self.figure(key, what).await?.unwrap_or(0) == 0;
            }
            if is_quiet {
                return Ok(());
            }
            if since.elapsed() > WRITTEN_WITHIN {
                return Err(self.not_written("it takes too long"));
            }
            tokio::time::sleep(LOOKED).await;
        }
    }

    async fn figure(&self, key: &str, what: &str) -> Result<Option<u64>, StoreError> {
        Ok(self.told(key, what).await?.and_then(|value| value.parse().ok()))
    }

    async fn told(&self, key: &str, what: &str) -> Result<Option<String>, StoreError> {
        let mut command = redis::cmd("INFO");
        command.arg("persistence");
        let info: String = self.reads.ask_where(key, command).await?;
        let line = info.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
        Ok(line.map(|value| value.trim().to_owned()))
    }

    fn not_written(&self, why: &str) -> StoreError {
        let what = format!(
            "the files of Redis could not be written anew, and may still hold what was erased: {why}"
        );
        StoreError::Fault { place: self.place().to_owned(), what }
    }
}

fn not_allowed(place: &str, what: &str) {
    tracing::warn!(
        place,
        what,
        "something was erased, and Redis does not allow its files to be written anew: they hold it until Redis does so by itself"
    );
}
