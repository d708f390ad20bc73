//! `plumbline export`: moves a data directory into Redis, so that several servers can go on with it.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context, bail, ensure};
use clap::Args;
use plumbline_shared::ids::SessionId;
use serde_json::json;

use crate::{
    live,
    store::{LogId, Position, RedisStore, SqliteStore, Store},
    workspace::Workspace,
};

/// Entries read at a time.
const PAGE: usize = 1_024;

/// What is moved, and where to.
#[derive(Args)]
pub(super) struct Export {
    /// The directory that holds everything; the platform's data directory if it is not given. No server may be using it.
    #[arg(long, env = "PLUMBLINE_DATA")]
    data: Option<PathBuf>,
    /// The Redis, which holds nothing of Plumbline's yet: redis://host:6379, as `plumbline serve --redis` takes it.
    #[arg(long, env = "PLUMBLINE_REDIS", hide_env_values = true)]
    to: String,
}

impl Export {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<()> {
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        ensure!(
            data.join("plumbline.db").is_file(),
            "there is no data in {}; name another directory with --data",
            data.display()
        );
        // As a server does: nobody else writes meanwhile.
        let from = SqliteStore::open(&data)?;
        let to = RedisStore::open(&self.to).await?;
        let there = to.logs().await?;
        ensure!(
            there.is_empty(),
            "{} holds {} logs of Plumbline's already; name an empty one, or another database of it (redis://host:6379/1)",
            to.place(),
            there.len()
        );
        let mut out = io::stdout().lock();
        let (logs, mut entries) = (from.logs().await?, 0);
        for log in &logs {
            entries += copy(&from, &to, log).await.with_context(|| not_moved(&data, log))?;
        }
        for log in &logs {
            compare(&from, &to, log).await.with_context(|| not_moved(&data, log))?;
        }
        let promise = to.promise();
        if json {
            let told = json!({
                "logs": logs.len(), "entries": entries, "to": to.place(), "from": data,
                "saved": promise.sentence, "full": promise.full,
            });
            writeln!(out, "{told:#}")?;
            return Ok(out.flush()?);
        }
        writeln!(
            out,
            "{} logs with {entries} entries are in {}, were read back, and come to the same states.",
            logs.len(),
            to.place()
        )?;
        writeln!(
            out,
            "Start servers with --redis from now on. {} is as it was; keep it until they run.",
            data.display()
        )?;
        if !promise.full {
            writeln!(out, "There, {}.", promise.sentence)?;
        }
        out.flush()?;
        Ok(())
    }
}

fn not_moved(data: &std::path::Path, log: &LogId) -> String {
    format!("`{log}` could not be moved; {} is as it was: empty the Redis and try again", data.display())
}

/// Copies a log with its snapshots, everything at its position. How many entries it has.
async fn copy(from: &SqliteStore, to: &RedisStore, log: &LogId) -> anyhow::Result<usize> {
    let mut snapshots = from.snapshots(log).await?;
    snapshots.reverse();
    to.bring_snapshots(log, &snapshots).await?;
    let (mut after, mut count) = (Position::ZERO, 0);
    loop {
        let page = from.read(log, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(count) };
        (after, count) = (last.position, count + page.len());
        to.bring_entries(log, &page).await?;
    }
}

/// Whether a log is the same in both stores, in bytes and in what it folds to.
async fn compare(from: &SqliteStore, to: &RedisStore, log: &LogId) -> anyhow::Result<()> {
    ensure!(from.last(log).await? == to.last(log).await?, "it does not end at the same position");
    ensure!(from.snapshots(log).await? == to.snapshots(log).await?, "its snapshots are not the same");
    let mut after = Position::ZERO;
    loop {
        let (here, there) = (from.read(log, after, PAGE).await?, to.read(log, after, PAGE).await?);
        // One store may give out more at a time than the other.
        let both = here.len().min(there.len());
        ensure!(
            here.len().min(1) == there.len().min(1) && here[..both] == there[..both],
            "its entries are not the same"
        );
        match here.get(both.wrapping_sub(1)) {
            Some(last) => after = last.position,
            None => break,
        }
    }
    if let Some(session) = log.session_id() {
        let session = SessionId(session);
        let (here, there) = (live::read(from, session).await, live::read(to, session).await);
        match (here, there) {
            (Ok(here), Ok(there)) => {
                ensure!(here.canonical()? == there.canonical()?, "it folds to another state")
            }
            // What cannot be read here cannot be read there either, and is moved as it is.
            (Err(_), Err(_)) => {}
            _ => bail!("it can be folded in one of the two stores only"),
        }
    } else if *log == LogId::workspace() {
        ensure!(Workspace::same(from, to).await?, "it folds to another state");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;
    use crate::store::redis::server::Server;

    #[tokio::test]
    async fn a_data_directory_is_moved_with_everything_at_its_place() {
        let (directory, server) = (tempfile::tempdir().unwrap(), Server::start().await);
        let session = SessionId(Uuid::now_v7());
        let other = LogId::session(Uuid::now_v7());
        {
            let store = SqliteStore::open(directory.path()).unwrap();
            let (workspace, _) = Workspace::open(&store, None).await.unwrap();
            workspace.enter(&store, session, "Alignment", false, None, None).await.unwrap();
            let given = store
                .append(&other, (0..2_500_u32).map(|n| n.to_be_bytes().to_vec()).collect())
                .await
                .unwrap();
            store.snapshot(&other, given[700], b"one".to_vec()).await.unwrap();
            store.snapshot(&other, given[900], b"two".to_vec()).await.unwrap();
            let anew = LogId::session(Uuid::now_v7());
            let given = store.append(&anew, vec![b"gone".to_vec(); 3]).await.unwrap();
            store.begin_anew(&anew, given[2], b"all".to_vec()).await.unwrap();
        }
        let export = || Export { data: Some(directory.path().to_owned()), to: server.url() };
        export().run(false).await.unwrap();
        let store = RedisStore::open(&server.url()).await.unwrap();
        let (workspace, made) = Workspace::open(&store, None).await.unwrap();
        assert!(made.is_none() && workspace.get(session).is_some());
        assert_eq!(store.read(&other, Position::ZERO, 1).await.unwrap()[0].bytes, 701_u32.to_be_bytes());
        // What is trimmed is known to be: a later snapshot goes on from there.
        let next = store.append(&other, vec![vec![1]]).await.unwrap();
        assert!(store.snapshot(&other, next[0], b"three".to_vec()).await.unwrap());
        let again = export().run(false).await.unwrap_err().to_string();
        assert!(again.contains("holds 3 logs"), "{again}");
    }
}
