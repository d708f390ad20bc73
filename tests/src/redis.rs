//! A real redis-server on a port and in a directory of its own.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    server::{free_port, signal},
    setting, wait,
};

/// A running redis-server. It is killed when this value is dropped.
pub struct Redis {
    port: u16,
    folder: tempfile::TempDir,
    options: Vec<String>,
    child: Child,
}

impl Redis {
    /// Starts one that writes to the disk before it answers.
    pub async fn start() -> Self {
        Self::with(Vec::new()).await
    }

    /// Starts one that speaks TLS on another port as well, which it gives: with a certificate for 127.0.0.1 by the authority of
    /// `tests/fixtures/tls/ca.crt`.
    pub async fn with_tls() -> (Self, u16) {
        let (port, file) = (free_port(), |name: &str| setting::fixture(name).display().to_string());
        let options = [
            ("--tls-port", port.to_string()),
            ("--tls-cert-file", file("tls/server.crt")),
            ("--tls-key-file", file("tls/server.key")),
            ("--tls-ca-cert-file", file("tls/ca.crt")),
            ("--tls-auth-clients", "no".to_owned()),
        ];
        let options = options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]);
        (Self::with(options.collect()).await, port)
    }

    async fn with(options: Vec<String>) -> Self {
        let (port, folder) = (free_port(), tempfile::tempdir().expect("a temporary directory can be made"));
        let child = spawn(port, folder.path(), &options);
        let redis = Self { port, folder, options, child };
        redis.ready().await;
        redis
    }

    /// Its address, as `--redis` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its files.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// `kill -9`.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub fn kill9(&mut self) {
        self.child.kill().expect("a child of ours can be killed");
        self.child.wait().expect("a child of ours can be waited for");
    }

    /// Starts it again on what it has on its disk.
    pub async fn restart(&mut self) {
        self.child = spawn(self.port, self.folder.path(), &self.options);
        self.ready().await;
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Tells it something, as an administrator does, and gives its answer as it comes.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn tell(&self, words: &[&str]) -> String {
        self.try_tell(words).await.unwrap_or_else(|error| panic!("redis-server does not answer: {error}"))
    }

    /// Waits until it has everything that `primary`, which it is told to follow, has.
    pub async fn follow(&self, primary: &Redis) {
        self.tell(&["REPLICAOF", "127.0.0.1", &primary.port.to_string()]).await;
        wait::until("the replica follows", async || {
            let info = primary.tell(&["INFO", "replication"]).await;
            let own = format!("port={},state=online", self.port);
            wait::holds(info.contains(&own), || info.clone())
        })
        .await;
    }

    async fn try_tell(&self, words: &[&str]) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            command.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        stream.write_all(command.as_bytes()).await?;
        let mut answer = Vec::new();
        loop {
            let mut part = [0; 65_536];
            let read = stream.read(&mut part).await?;
            answer.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&answer).into_owned();
            // A line, or a text of the length that its first line says.
            let is_whole = match text.split_once("\r\n") {
                Some((head, body)) if head.starts_with('$') => {
                    body.len() >= head[1..].parse::<usize>().map_or(0, |length| length + 2)
                }
                Some(_) => true,
                None => false,
            };
            if is_whole || read == 0 {
                return Ok(text);
            }
        }
    }

    async fn ready(&self) {
        wait::until("redis-server is ready", async || match self.try_tell(&["PING"]).await {
            Ok(answer) if answer.starts_with("+PONG") => Ok(()),
            Ok(answer) => Err(answer),
            Err(error) => Err(error.to_string()),
        })
        .await;
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Nothing to be done about a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A cluster of three masters, each with a third of the slots.
pub struct Cluster(pub [Redis; 3]);

impl Cluster {
    /// Starts one, and waits until all three say that it is well.
    pub async fn start() -> Self {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
        let start = || Box::pin(Redis::with(options.map(str::to_owned).to_vec()));
        let masters = [start().await, start().await, start().await];
        let first = masters[0].port.to_string();
        for (master, (from, to)) in masters.iter().zip([("0", "5461"), ("5462", "10922"), ("10923", "16383")])
        {
            master.tell(&["CLUSTER", "ADDSLOTSRANGE", from, to]).await;
            master.tell(&["CLUSTER", "MEET", "127.0.0.1", &first]).await;
        }
        let cluster = Self(masters);
        cluster.well().await;
        cluster
    }

    /// Waits until all three say that it is well.
    pub async fn well(&self) {
        for master in &self.0 {
            wait::until("the cluster is well", async || {
                let info = master.tell(&["CLUSTER", "INFO"]).await;
                let is_well = info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
                wait::holds(is_well, || info.clone())
            })
            .await;
        }
    }

    /// Its address, as `--redis` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.iter().map(Redis::url).collect::<Vec<_>>().join(",")
    }
}

fn spawn(port: u16, folder: &std::path::Path, options: &[String]) -> Child {
    Command::new(std::env::var_os(setting::REDIS).unwrap_or_else(|| "redis-server".into()))
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--appendonly", "yes"])
        .args(["--appendfsync", "always", "--repl-diskless-sync-delay", "0", "--dir"])
        .arg(folder)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("could not start redis-server ({error}); install it: apt install redis-server")
        })
}
