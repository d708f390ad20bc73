//! The store that several nodes share: Redis, or Valkey, alone or as a cluster.
//!
//! A log is a stream, and the stream is the sequencer: what is appended gets its position in the same atomic step
//! (`scripts.rs`). Beside it stand the log's state and its two snapshots, under keys that share a slot (`keys.rs`).
//! Commands share connections that are opened anew when they break (`line.rs`); what waits for replicas and what listens
//! has connections of its own. What *saved* means is asked of the server (`durability.rs`). Erasing has the server's
//! files written anew (`erase.rs`).

mod durability;
mod erase;
mod fault;
mod keys;
mod line;
mod scripts;
#[cfg(test)]
pub(crate) mod server;
#[cfg(test)]
mod tests;
mod told;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use redis::{Cmd, ScriptInvocation};
use tokio::{sync::Mutex, task::JoinHandle};
use uuid::Uuid;

use super::{
    Condition, Durability, ENTRY_BYTES, LogId, OpenError, Position, READ_BYTES, SNAPSHOT_BYTES, Shared,
    Store, StoreError, Stored, shared::Listening, within,
};
use durability::{LOOKED_AFTER, Standing};
use keys::{Keys, PREFIX};
use line::{Address, Line};
use scripts::Scripts;

/// What a user of Redis has to be allowed, as `ACL SETUSER` takes it.
#[cfg(test)]
const USER: &str = "~plumbline:* &plumbline:* +@read +@write +@scripting +@pubsub +@connection +time +info +role +cluster|slots +wait +config|get +bgrewriteaof +bgsave";

/// How many connections appends are spread over: one that waits for a replica holds up those behind it.
const APPENDING: usize = 4;

/// How much of a snapshot goes over the line at a time, in bytes: other commands pass in between.
const PART: usize = 4 * 1024 * 1024;

/// How long a snapshot that is being brought may take, in seconds. One that was left behind goes by itself.
const BROUGHT_WITHIN: u64 = 600;

/// For how long entries stay after they were appended, whatever snapshots there are. Each node writes snapshots when it sees
/// fit, and two of them may stand close to each other: a node that is a few entries behind must not find them gone, and have
/// its people connect anew.
const TRAIL: Duration = Duration::from_secs(60);

/// How often the snapshots are read when they are replaced meanwhile.
const TRIES: usize = 5;

/// Keys that are looked through at a time.
const SCANNED: usize = 1_000;

/// The store in Redis.
pub struct RedisStore {
    address: Arc<Address>,
    scripts: Scripts,
    appends: Arc<[Line]>,
    reads: Arc<Line>,
    ear: told::Ear,
    standing: Arc<RwLock<Standing>>,
    rewriting: Mutex<()>,
    /// What this process is called among those that share the store.
    name: String,
    /// For how long entries stay after they were appended, whatever snapshots there are.
    trail: Duration,
    looking: JoinHandle<()>,
}

impl RedisStore {
    /// Opens the store at an address: `redis://[user:password@]host[:port][/database]`, `rediss://` with TLS, or several
    /// with commas between.
    ///
    /// # Errors
    /// See [`OpenError`]: the address does not read, nobody answers there, or it is too old.
    pub async fn open(urls: &str) -> Result<Self, OpenError> {
        let mut address = Address::parse(urls)?;
        // With one provider for TLS in the process; who set it before is right.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let first = Line::new(Arc::new(Address::parse(urls)?));
        let standing = Standing::ask(&first).await?;
        standing.will_do(&address.place)?;
        address.is_cluster = standing.is_cluster();
        let address = Arc::new(address);
        let reads = Arc::new(Line::new(Arc::clone(&address)));
        let standing = Arc::new(RwLock::new(standing));
        let appends: Arc<[Line]> = (0..APPENDING).map(|_| Line::new(Arc::clone(&address))).collect();
        let looking =
            tokio::spawn(look_after(Arc::clone(&reads), Arc::clone(&appends), Arc::clone(&standing)));
        Ok(Self {
            scripts: Scripts::new(),
            appends,
            reads,
            ear: told::Ear::new(&address),
            standing,
            rewriting: Mutex::default(),
            name: Uuid::now_v7().to_string(),
            trail: TRAIL,
            looking,
            address,
        })
    }

    /// Where it is, without user and password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.address.place
    }

    fn standing(&self) -> Standing {
        *self.standing.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line on which a log is appended to: always the same, so that what one task appends stays in its order.
    fn line(&self, log: &LogId) -> &Line {
        let sum: usize = log.as_str().bytes().map(usize::from).sum();
        &self.appends[sum % self.appends.len()]
    }

    async fn appended(
        &self,
        log: &LogId,
        condition: Option<Condition>,
        entries: &[Vec<u8>],
    ) -> Result<Option<Vec<Position>>, StoreError> {
        let keys = Keys::of(log);
        let (kind, at) = match condition {
            None => ("any", Position::ZERO),
            Some(Condition::Last(at)) => ("last", at),
            Some(Condition::Holds(at)) => ("holds", at),
        };
        let mut script = self.scripts.append.prepare_invoke();
        script.key(keys.entries()).key(keys.state()).arg(keys.channel()).arg(kind).arg(at.to_string());
        for entry in entries {
            script.arg(entry.as_slice());
        }
        // What only asks does not queue behind appends that wait for a replica.
        let line = if entries.is_empty() { &self.reads } else { self.line(log) };
        let given: Option<Vec<String>> = line.run(&script).await?;
        let Some(given) = given else { return Ok(None) };
        if !entries.is_empty() {
            self.wait_for_replicas(line, &keys.state()).await?;
        }
        given.iter().map(|at| self.position(at)).collect::<Result<_, _>>().map(Some)
    }

    fn position(&self, text: &str) -> Result<Position, StoreError> {
        text.parse().map_err(|_| StoreError::Damaged {
            place: self.place().to_owned(),
            what: "a position in it is none".to_owned(),
        })
    }

    /// One field of a log's state.
    async fn field(&self, log: &LogId, field: &str) -> Result<Position, StoreError> {
        let mut command = redis::cmd("HGET");
        let value: Option<String> = self.reads.look(command.arg(Keys::of(log).state()).arg(field)).await?;
        value.map_or(Ok(Position::ZERO), |at| self.position(&at))
    }

    /// Brings a snapshot to where a script finds it; its key.
    async fn bring(&self, keys: &Keys, bytes: &[u8]) -> Result<String, StoreError> {
        let key = keys.incoming(&Uuid::now_v7().to_string());
        let mut parts = bytes.chunks(PART);
        let mut first = redis::cmd("SET");
        first.arg(&key).arg(parts.next().unwrap_or_default()).arg("EX").arg(BROUGHT_WITHIN);
        self.reads.ask::<()>(&first).await?;
        for part in parts {
            self.reads.ask::<usize>(redis::cmd("APPEND").arg(&key).arg(part)).await?;
        }
        Ok(key)
    }

    /// Carries out what is decided with a snapshot that was brought, and leaves none of it behind if it cannot be.
    async fn with_brought(&self, script: &ScriptInvocation<'_>, brought: &str) -> Result<bool, StoreError> {
        let done: Result<bool, StoreError> = self.reads.run(script).await;
        if done.is_err() {
            // As far as it can be: it goes by itself in a while.
            let _ = self.reads.ask::<()>(redis::cmd("DEL").arg(brought)).await;
        }
        done
    }

    /// Brings entries that have their positions already into a log that is made of them, in order.
    ///
    /// # Errors
    /// When they cannot be saved, or do not follow what is there.
    pub async fn bring_entries(&self, log: &LogId, entries: &[Stored]) -> Result<(), StoreError> {
        let keys = Keys::of(log);
        // As much at a time as a page may have, and not more arguments than a script takes.
        for part in entries.chunks(256) {
            let mut script = self.scripts.bring.prepare_invoke();
            script.key(keys.entries()).key(keys.state());
            for Stored { position, bytes } in part {
                script.arg(position.to_string()).arg(bytes.as_slice());
            }
            self.line(log).run::<usize>(&script).await?;
            self.wait_for_replicas(self.line(log), &keys.state()).await?;
        }
        Ok(())
    }

    /// Brings the snapshots of a log that is made of them, the older one first; entries up to it are gone.
    ///
    /// # Errors
    /// When they cannot be saved.
    pub async fn bring_snapshots(
        &self,
        log: &LogId,
        snapshots: &[(Position, Vec<u8>)],
    ) -> Result<(), StoreError> {
        let keys = Keys::of(log);
        for ((at, bytes), slot) in snapshots.iter().zip(["a", "b"]) {
            let brought = self.bring(&keys, bytes).await?;
            let mut rename = redis::cmd("RENAME");
            self.reads.ask::<()>(rename.arg(&brought).arg(keys.snapshot(slot))).await?;
            self.reads.ask::<bool>(redis::cmd("PERSIST").arg(keys.snapshot(slot))).await?;
            let mut note = redis::cmd("HSET");
            note.arg(keys.state()).arg(slot).arg(at.to_string()).arg("last").arg(at.to_string());
            if slot == "a" {
                note.arg("floor").arg(at.to_string());
            }
            self.reads.ask::<usize>(&note).await?;
        }
        Ok(())
    }

    /// A value that may be large, in parts.
    async fn large(&self, key: &str) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        loop {
            let mut command = redis::cmd("GETRANGE");
            let part: Vec<u8> =
                self.reads.look(command.arg(key).arg(bytes.len()).arg(bytes.len() + PART - 1)).await?;
            let is_last = part.len() < PART;
            bytes.extend(part);
            if is_last {
                return Ok(bytes);
            }
        }
    }

    /// Where the snapshots stand, with the slot of each; the newest first.
    async fn standing_snapshots(&self, keys: &Keys) -> Result<Vec<(Position, &'static str)>, StoreError> {
        let mut command = redis::cmd("HMGET");
        let found: Vec<Option<String>> = self.reads.look(command.arg(keys.state()).arg("a").arg("b")).await?;
        let mut all = Vec::new();
        for (at, slot) in found.iter().zip(["a", "b"]) {
            if let Some(at) = at {
                all.push((self.position(at)?, slot));
            }
        }
        all.sort_unstable_by(|one, other| other.cmp(one));
        Ok(all)
    }

    /// The slots by which every server that holds keys is asked once.
    async fn servers(&self) -> Result<Vec<u16>, StoreError> {
        if !self.address.is_cluster {
            return Ok(vec![0]);
        }
        let mut command = redis::cmd("CLUSTER");
        let ranges: Vec<redis::Value> = self.reads.ask_slot(0, command.arg("SLOTS").clone()).await?;
        let mut seen = Vec::new();
        let mut slots = Vec::new();
        for range in ranges {
            if let redis::Value::Array(parts) = range
                && let [redis::Value::Int(first), _, redis::Value::Array(server), ..] = parts.as_slice()
                && !seen.contains(server)
            {
                seen.push(server.clone());
                slots.extend(u16::try_from(*first));
            }
        }
        Ok(slots)
    }
}

impl Drop for RedisStore {
    fn drop(&mut self) {
        self.looking.abort();
    }
}

/// Keeps what is known of the server up to date, and finds out which connections are dead.
async fn look_after(line: Arc<Line>, appends: Arc<[Line]>, standing: Arc<RwLock<Standing>>) {
    loop {
        tokio::time::sleep(LOOKED_AFTER).await;
        futures_util::future::join_all(appends.iter().map(Line::look_after)).await;
        // Who is away tells nothing, and is told of elsewhere.
        if let Ok(now) = Standing::ask(&line).await {
            let before =
                std::mem::replace(&mut *standing.write().unwrap_or_else(PoisonError::into_inner), now);
            if before != now {
                tracing::warn!(now = %now.promise(line.place()).sentence, "what `saved` means is another now");
            }
        }
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn append(&self, log: &LogId, entries: Vec<Vec<u8>>) -> Result<Vec<Position>, StoreError> {
        entries.iter().try_for_each(|entry| within(ENTRY_BYTES, entry.len()))?;
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.appended(log, None, &entries).await?.unwrap_or_default())
    }

    async fn append_if(
        &self,
        log: &LogId,
        condition: Condition,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError> {
        entries.iter().try_for_each(|entry| within(ENTRY_BYTES, entry.len()))?;
        self.appended(log, Some(condition), &entries).await
    }

    async fn read(&self, log: &LogId, after: Position, limit: usize) -> Result<Vec<Stored>, StoreError> {
        if limit == 0 || after.n == u64::MAX {
            return Ok(Vec::new());
        }
        let from = Position { n: after.n + 1, ..after };
        let mut script = self.scripts.read.prepare_invoke();
        script.key(Keys::of(log).entries()).arg(from.to_string()).arg(limit).arg(READ_BYTES);
        let found: Vec<(String, Vec<u8>)> = self.reads.look_by(&script).await?;
        found.into_iter().map(|(at, bytes)| Ok(Stored { position: self.position(&at)?, bytes })).collect()
    }

    async fn snapshot(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        within(SNAPSHOT_BYTES, bytes.len())?;
        let keys = Keys::of(log);
        // What would not be written need not be brought.
        if self.field(log, "last").await? < at || self.snapshot_at(log).await? >= at {
            return Ok(false);
        }
        let brought = self.bring(&keys, &bytes).await?;
        let mut script = self.scripts.snapshot.prepare_invoke();
        script.key(keys.entries()).key(keys.state()).key(keys.snapshot("a")).key(keys.snapshot("b"));
        script.key(&brought).arg(at.to_string()).arg(milliseconds(self.trail));
        self.with_brought(&script, &brought).await
    }

    async fn snapshots(&self, log: &LogId) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        let keys = Keys::of(log);
        let mut standing = self.standing_snapshots(&keys).await?;
        for _ in 0..TRIES {
            let mut read = Vec::new();
            for (at, slot) in &standing {
                read.push((*at, self.large(&keys.snapshot(slot)).await?));
            }
            // Read in parts: one that was replaced meanwhile is none.
            let now = self.standing_snapshots(&keys).await?;
            if now == standing {
                return Ok(read);
            }
            standing = now;
        }
        let what = "the snapshots are replaced faster than they can be read".to_owned();
        Err(StoreError::Unreachable { place: self.place().to_owned(), what })
    }

    async fn snapshot_at(&self, log: &LogId) -> Result<Position, StoreError> {
        let standing = self.standing_snapshots(&Keys::of(log)).await?;
        Ok(standing.first().map_or(Position::ZERO, |(at, _)| *at))
    }

    async fn logs(&self) -> Result<Vec<LogId>, StoreError> {
        let mut logs = Vec::new();
        for slot in self.servers().await? {
            let mut cursor = "0".to_owned();
            loop {
                let mut scan = redis::cmd("SCAN");
                scan.arg(&cursor).arg("MATCH").arg(keys::all_states()).arg("COUNT").arg(SCANNED);
                let (next, found): (String, Vec<String>) = self.reads.ask_slot(slot, scan).await?;
                logs.extend(found.iter().filter_map(|key| keys::log_of_state(key)));
                cursor = next;
                if cursor == "0" {
                    break;
                }
            }
        }
        logs.sort();
        logs.dedup();
        Ok(logs)
    }

    async fn last(&self, log: &LogId) -> Result<Position, StoreError> {
        self.field(log, "last").await
    }

    async fn erase(&self, log: &LogId) -> Result<(), StoreError> {
        let keys = Keys::of(log);
        let mut delete: Cmd = redis::cmd("DEL");
        delete
            .arg(keys.entries())
            .arg(keys.state())
            .arg(keys.snapshot("a"))
            .arg(keys.snapshot("b"))
            .arg(keys.before());
        self.reads.ask::<usize>(&delete).await?;
        let mut tell = redis::cmd("PUBLISH");
        self.reads.ask::<usize>(tell.arg(keys.channel()).arg("a")).await?;
        self.rewrite_files(&keys.state()).await
    }

    async fn begin_anew(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        within(SNAPSHOT_BYTES, bytes.len())?;
        let keys = Keys::of(log);
        let brought = self.bring(&keys, &bytes).await?;
        let mut script = self.scripts.begin_anew.prepare_invoke();
        script.key(keys.entries()).key(keys.state()).key(keys.snapshot("a")).key(keys.snapshot("b"));
        script.key(&brought).key(keys.before()).arg(at.to_string()).arg(keys.channel());
        if !self.with_brought(&script, &brought).await? {
            return Ok(false);
        }
        self.rewrite_files(&keys.state()).await?;
        Ok(true)
    }

    fn promise(&self) -> Durability {
        self.standing().promise(self.place())
    }

    fn shared(&self) -> Option<&dyn Shared> {
        Some(self)
    }
}

fn claimed(name: &str) -> String {
    format!("{PREFIX}claimed:{name}")
}

fn milliseconds(how_long: Duration) -> u64 {
    u64::try_from(how_long.as_millis()).unwrap_or(u64::MAX)
}

#[async_trait]
impl Shared for RedisStore {
    fn listen(&self, log: &LogId) -> Listening {
        self.ear.listen(Keys::of(log).channel())
    }

    async fn tell(&self, log: &LogId, bytes: Vec<u8>) -> Result<(), StoreError> {
        let mut said = vec![b't'];
        said.extend(bytes);
        let mut tell = redis::cmd("PUBLISH");
        self.reads.ask::<usize>(tell.arg(Keys::of(log).channel()).arg(said)).await.map(drop)
    }

    async fn hold(&self, what: &str, how_long: Duration) -> Result<bool, StoreError> {
        let mut script = self.scripts.hold.prepare_invoke();
        script.key(format!("{PREFIX}held:{what}")).arg(self.name.as_str()).arg(milliseconds(how_long));
        self.reads.run(&script).await
    }

    async fn count(&self, what: &str, add: u32, within: Duration) -> Result<u64, StoreError> {
        let mut script = self.scripts.count.prepare_invoke();
        let counter = format!("{PREFIX}count:{what}");
        self.reads.run(script.key(counter).arg(add).arg(milliseconds(within))).await
    }

    async fn claim(
        &self,
        name: &str,
        claim: &[u8],
        how_long: Duration,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut script = self.scripts.claim.prepare_invoke();
        self.reads.run(script.key(claimed(name)).arg(claim).arg(milliseconds(how_long))).await
    }

    async fn settle(
        &self,
        name: &str,
        claim: &[u8],
        came: Option<&[u8]>,
        how_long: Duration,
    ) -> Result<bool, StoreError> {
        let mut script = self.scripts.settle.prepare_invoke();
        script.key(claimed(name)).arg(claim).arg(milliseconds(how_long));
        if let Some(came) = came {
            script.arg(came);
        }
        self.reads.run(&script).await
    }

    async fn least(&self, what: &str, own: u32, how_long: Duration) -> Result<u32, StoreError> {
        let mut script = self.scripts.least.prepare_invoke();
        script.key(format!("{PREFIX}said:{what}")).arg(self.name.as_str());
        script.arg(own).arg(milliseconds(how_long));
        self.reads.run(&script).await
    }
}
