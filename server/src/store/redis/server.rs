//! A real redis-server of a test's own, on a free port, in a directory of its own.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// The server; it ends with this.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    directory: TempDir,
    options: Vec<String>,
}

impl Server {
    /// A server that keeps its promise: it writes to the disk before it answers.
    pub(crate) async fn start() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"]).await
    }

    pub(crate) async fn with(options: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        for _ in 0..10 {
            let port = free_port();
            let mut server = Self {
                child: spawn(port, directory.path(), &options),
                port,
                directory: tempfile::tempdir().unwrap(),
                options: options.clone(),
            };
            if server.is_up().await {
                server.directory = directory;
                return server;
            }
        }
        panic!("redis-server does not start: is it installed? (apt install redis-server)");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Ends it as a machine does that loses power.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again on what it has on its disk.
    pub(crate) async fn start_again(&mut self) {
        self.child = spawn(self.port, self.directory.path(), &self.options);
        assert!(self.is_up().await);
    }

    /// Tells it something, as an administrator does.
    pub(crate) async fn tell(&self, words: &[&str]) -> redis::Value {
        tell(&self.url(), words).await.unwrap()
    }

    /// Waits until it has everything that another one has.
    pub(crate) async fn follows(&self, other: &Self) {
        for _ in 0..1_000 {
            let redis::Value::BulkString(info) = other.tell(&["INFO", "replication"]).await else { panic!() };
            let info = String::from_utf8(info).unwrap();
            let own = format!("port={},state=online", self.port);
            let offset = info.lines().find_map(|line| line.strip_prefix("master_repl_offset:")).unwrap();
            let here =
                info.lines().any(|line| line.contains(&own) && line.contains(&format!("offset={offset},")));
            if here {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it does not follow");
    }

    async fn is_up(&mut self) -> bool {
        for _ in 0..500 {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            match tell(&self.url(), &["PING"]).await {
                Ok(_) => return true,
                Err(error) if error.kind() == redis::ErrorKind::AuthenticationFailed => return true,
                Err(error) if error.code() == Some("NOAUTH") => return true,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) async fn tell(url: &str, words: &[&str]) -> redis::RedisResult<redis::Value> {
    let client = redis::Client::open(url)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut command = redis::cmd(words[0]);
    for word in &words[1..] {
        command.arg(*word);
    }
    command.query_async(&mut connection).await
}

fn spawn(port: u16, directory: &Path, options: &[String]) -> Child {
    Command::new(std::env::var_os("PLUMBLINE_REDIS_SERVER").unwrap_or_else(|| "redis-server".into()))
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--dir"])
        .arg(directory)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed")
}

/// A port that was free a moment ago, from which that of a cluster's own talk is free too.
pub(crate) fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        if port < 55_000 {
            return port;
        }
    }
}
