//! Connections: opened when they are needed, opened anew when they broke, and not tried without a pause.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo,
    ProtocolVersion, RedisError, RedisFuture, ScriptInvocation, ServerErrorKind, Value,
    aio::{ConnectionLike, MultiplexedConnection},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
    cluster_routing::{Route, RoutingInfo, SingleNodeRoutingInfo, SlotAddr},
};

use super::fault::{fault, no_connection};
use crate::store::{OpenError, StoreError};

/// How long an answer may take. An entry of 16 MiB over a slow network is among what has to get there.
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// How long opening a connection may take.
const OPENED_WITHIN: Duration = Duration::from_secs(3);

/// How long nobody tries again after a connection could not be opened.
const PAUSE: Duration = Duration::from_millis(150);

/// How many addresses one may name.
const ADDRESSES: usize = 16;

/// Where Redis is.
pub(super) struct Address {
    servers: Vec<ConnectionInfo>,
    /// As it is told: without user and password.
    pub(super) place: String,
    /// Whether it is a cluster, which shows at the first connection.
    pub(super) is_cluster: bool,
}

impl Address {
    /// Reads `redis://…`, or several of them with commas between: nodes of a cluster, or a primary and who may
    /// become one.
    pub(super) fn parse(urls: &str) -> Result<Self, OpenError> {
        let mut servers = Vec::new();
        for url in urls.split(',').map(str::trim).filter(|url| !url.is_empty()) {
            // What it says is not repeated: there may be a password in it.
            let info = url.into_connection_info().map_err(|_| OpenError::Address)?;
            let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP2);
            servers.push(info.set_redis_settings(settings));
        }
        if servers.is_empty() || servers.len() > ADDRESSES {
            return Err(OpenError::Address);
        }
        let place = servers.iter().map(shown).collect::<Vec<_>>().join(", ");
        Ok(Self { servers, place, is_cluster: false })
    }

    /// A connection to the first of the servers that answers and takes writes.
    async fn primary(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut failed = None;
        for server in &self.servers {
            match self.one(server).await {
                Ok(connection) => return Ok(connection),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.unwrap_or_else(|| (ErrorKind::InvalidClientConfig, "there is no address").into()))
    }

    async fn one(&self, server: &ConnectionInfo) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(ANSWERED_WITHIN))
            .set_connection_timeout(Some(OPENED_WITHIN));
        let client = Client::open(server.clone())?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        if self.servers.len() > 1 && !self.is_cluster {
            let role: Result<Value, RedisError> = redis::cmd("ROLE").query_async(&mut connection).await;
            // Who may not ask takes the first that answers.
            if let Ok(Value::Array(role)) = role
                && !matches!(role.first(), Some(Value::BulkString(name)) if name == b"master")
            {
                return Err(RedisError::from((
                    ErrorKind::Server(ServerErrorKind::ReadOnly),
                    "none of the servers named is a primary",
                )));
            }
        }
        Ok(connection)
    }

    /// A connection to whatever there is, or why there is none, within a time that is bounded.
    async fn open(&self) -> Result<Connection, RedisError> {
        let opening = async {
            Ok(match self.is_cluster {
                true => Connection::Many(self.many().await?),
                false => Connection::One(self.primary().await?),
            })
        };
        let most = OPENED_WITHIN * u32::try_from(self.servers.len()).unwrap_or(1) + PAUSE;
        tokio::time::timeout(most, opening)
            .await
            .unwrap_or_else(|_| Err(RedisError::from((ErrorKind::Io, "it does not answer"))))
    }

    async fn many(&self) -> Result<ClusterConnection, RedisError> {
        ClusterClient::builder(self.servers.clone())
            .response_timeout(ANSWERED_WITHIN)
            .connection_timeout(OPENED_WITHIN)
            .retries(3)
            .build()?
            .get_async_connection()
            .await
    }

    /// Clients for a connection that only listens, in the order in which they are to be tried.
    pub(super) fn clients(&self) -> Vec<Client> {
        self.servers.iter().filter_map(|server| Client::open(server.clone()).ok()).collect()
    }
}

fn shown(server: &ConnectionInfo) -> String {
    match server.addr() {
        ConnectionAddr::Tcp(host, port) => format!("redis://{host}:{port}"),
        ConnectionAddr::TcpTls { host, port, .. } => format!("rediss://{host}:{port}"),
        ConnectionAddr::Unix(path) => format!("unix:{}", path.display()),
        _ => "Redis".to_owned(),
    }
}

/// A connection that is opened when it is needed. Commands of many tasks share it.
///
/// It is opened by a task of its own, and nobody holds a lock while they wait for that: whoever asks may stop being polled in
/// the middle, for as long as what polls them waits for something else, and that may be this very line.
pub(super) struct Line {
    to: Arc<Address>,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    connection: Option<Connection>,
    /// Which one it is: who finds it broken closes this one and no later one.
    number: u64,
    opening: Option<Opening>,
    failed: Option<(Instant, StoreError)>,
}

/// A connection that is being opened, for all who wait for it.
type Opening = Shared<BoxFuture<'static, Opened>>;

type Opened = Result<(u64, Connection), StoreError>;

#[derive(Clone)]
enum Connection {
    One(MultiplexedConnection),
    Many(ClusterConnection),
}

impl Line {
    pub(super) fn new(to: Arc<Address>) -> Self {
        Self { to, open: Arc::default() }
    }

    /// Where it leads to, as it is told.
    pub(super) fn place(&self) -> &str {
        &self.to.place
    }

    async fn connection(&self) -> Opened {
        let opening = {
            let mut open = lock(&self.open);
            if let Some(connection) = &open.connection {
                return Ok((open.number, connection.clone()));
            }
            if let Some((at, error)) = &open.failed
                && at.elapsed() < PAUSE
            {
                return Err(error.clone());
            }
            // One that has come to its end and stands here all the same ended badly.
            open.opening.take_if(|opening| opening.peek().is_some());
            open.opening.get_or_insert_with(|| self.begin()).clone()
        };
        opening.await
    }

    fn begin(&self) -> Opening {
        let (to, open) = (Arc::clone(&self.to), Arc::clone(&self.open));
        let task = tokio::spawn(async move {
            let opened = to.open().await;
            let mut open = lock(&open);
            open.opening = None;
            match opened {
                Ok(connection) => {
                    open.number += 1;
                    open.failed = None;
                    open.connection = Some(connection.clone());
                    Ok((open.number, connection))
                }
                Err(error) => {
                    let error = no_connection(&to.place, &error);
                    open.failed = Some((Instant::now(), error.clone()));
                    Err(error)
                }
            }
        });
        // The runtime goes down, and with it whoever waits.
        async move { task.await.unwrap_or(Err(StoreError::Closed)) }.boxed().shared()
    }

    /// Makes sure that a connection which is open is alive. Others use it for what they do not wait for to its end.
    pub(super) async fn look_after(&self) {
        if lock(&self.open).connection.is_some() {
            // If it does not answer, it is closed by that.
            let _: Result<Value, StoreError> = self.ask(&redis::cmd("PING")).await;
        }
    }

    /// Closes a connection that is of no use any more: one that broke or does not answer, or whose server takes no
    /// writes now.
    fn close(&self, number: u64) {
        let mut open = lock(&self.open);
        if open.number == number {
            open.connection = None;
        }
    }

    fn done<T>(&self, number: u64, done: Result<T, RedisError>) -> Result<T, StoreError> {
        match done {
            Ok(value) => Ok(value),
            Err(error) => {
                let error_told = fault(&self.to.place, &error);
                if error.is_io_error()
                    || error.is_unrecoverable_error()
                    || matches!(error_told, StoreError::Replica { .. })
                    || matches!(error.code(), Some("NOAUTH"))
                {
                    self.close(number);
                }
                Err(error_told)
            }
        }
    }

    /// Sends a command and takes its answer.
    pub(super) async fn ask<T: redis::FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let (number, mut connection) = self.connection().await?;
        let answer = command.query_async(&mut connection).await;
        self.done(number, answer)
    }

    /// Sends a command that only reads: once more, if the connection turns out to have been gone.
    pub(super) async fn look<T: redis::FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let since = Instant::now();
        match self.ask(command).await {
            Err(StoreError::Unanswered { .. }) if since.elapsed() < PAUSE => self.ask(command).await,
            answer => answer,
        }
    }

    /// Runs a script that only reads, as [`Line::look`] does.
    pub(super) async fn look_by<T: redis::FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let since = Instant::now();
        match self.run(script).await {
            Err(StoreError::Unanswered { .. }) if since.elapsed() < PAUSE => self.run(script).await,
            answer => answer,
        }
    }

    /// Runs a script.
    pub(super) async fn run<T: redis::FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let (number, mut connection) = self.connection().await?;
        let answer = script.invoke_async(&mut connection).await;
        self.done(number, answer)
    }

    /// Sends a command that names no key to the server that holds one.
    pub(super) async fn ask_where<T: redis::FromRedisValue>(
        &self,
        key: &str,
        command: Cmd,
    ) -> Result<T, StoreError> {
        let (number, connection) = self.connection().await?;
        let answer = match connection {
            Connection::One(mut one) => command.query_async(&mut one).await,
            Connection::Many(mut many) => {
                let route = Route::with_key(key, SlotAddr::Master);
                let routing = RoutingInfo::SingleNode(SingleNodeRoutingInfo::SpecificNode(route));
                match many.route_command(command, routing).await {
                    Ok(value) => redis::from_redis_value(value).map_err(RedisError::from),
                    Err(error) => Err(error),
                }
            }
        };
        self.done(number, answer)
    }

    /// Sends a command to the server that has a slot.
    pub(super) async fn ask_slot<T: redis::FromRedisValue>(
        &self,
        slot: u16,
        command: Cmd,
    ) -> Result<T, StoreError> {
        let (number, connection) = self.connection().await?;
        let answer = match connection {
            Connection::One(mut one) => command.query_async(&mut one).await,
            Connection::Many(mut many) => {
                let route = Route::new(slot, SlotAddr::Master);
                let routing = RoutingInfo::SingleNode(SingleNodeRoutingInfo::SpecificNode(route));
                match many.route_command(command, routing).await {
                    Ok(value) => redis::from_redis_value(value).map_err(RedisError::from),
                    Err(error) => Err(error),
                }
            }
        };
        self.done(number, answer)
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    // Nothing that is done under this lock panics halfway.
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(one) => one.req_packed_command(cmd),
            Self::Many(many) => many.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        commands: &'a redis::Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(one) => one.req_packed_commands(commands, offset, count),
            Self::Many(many) => many.req_packed_commands(commands, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(one) => one.get_db(),
            Self::Many(many) => many.get_db(),
        }
    }
}
