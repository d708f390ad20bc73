//! The real binary on a port and a data directory of its own.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use crate::{api::Api, process, redis::Redis, setting, wait};

/// The workspace key of every server under test.
pub const KEY: &str = "a-workspace-key-of-the-tests-0123456789abcdef";

/// How long the server may take to stop when it is told to.
const STOPPING: Duration = Duration::from_secs(10);

/// Ports are taken from here: below those that the system gives to outgoing connections, so that a server that was
/// killed finds its port free.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A running server. It is killed, and what it wrote is printed when the test has failed, when this value is dropped.
pub struct Server {
    address: SocketAddr,
    folder: tempfile::TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    level: &'static str,
    /// The binary that is started.
    binary: PathBuf,
    child: Child,
    /// The Redis of its own, where the environment asks for that.
    redis: Option<Redis>,
}

impl Server {
    /// Starts a server and waits until it is ready.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// As [`Server::start`], with further arguments.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn start_with(arguments: &[&str]) -> Self {
        Self::begin(arguments, &[], "info").await
    }

    /// As [`Server::start_with`], and with more in its environment.
    pub async fn start_in(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::begin(arguments, environment, "info").await
    }

    /// As [`Server::start_with`], of another release.
    pub async fn start_release(binary: PathBuf, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        Self::begin_in(folder, arguments, &[], "info", binary).await
    }

    /// As [`Server::start`], and it writes down everything that it ever says of its work.
    pub async fn start_talkative() -> Self {
        Self::begin(&[], &[], "trace").await
    }

    /// As [`Server::start`], with its data directory made ready before.
    pub async fn start_on(prepare: impl FnOnce(&std::path::Path)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        prepare(&folder.path().join("data"));
        Self::begin_in(folder, &[], &[], "info", setting::path(setting::BINARY)).await
    }

    async fn begin(arguments: &[&str], environment: &[(&str, &str)], level: &'static str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        Self::begin_in(folder, arguments, environment, level, setting::path(setting::BINARY)).await
    }

    async fn begin_in(
        folder: tempfile::TempDir,
        arguments: &[&str],
        environment: &[(&str, &str)],
        level: &'static str,
        binary: PathBuf,
    ) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let named = arguments.iter().any(|argument| argument == "--redis");
        let redis =
            if setting::is(setting::STORE, "redis") && !named { Some(Redis::start().await) } else { None };
        if let Some(redis) = &redis {
            arguments.extend(["--redis".to_owned(), redis.url()]);
        }
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        let environment: Vec<(String, String)> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let child = spawn(&binary, address, &data, &log, &arguments, &environment, level);
        let mut server = Self { address, folder, arguments, environment, level, binary, child, redis };
        server.ready().await;
        server
    }

    /// The server's host and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its HTTP calls.
    #[must_use]
    pub fn api(&self) -> Api {
        Api::new(self.address)
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory, in bytes.
    #[must_use]
    pub fn memory(&self) -> u64 {
        process::memory(self.pid())
    }

    /// The folder in which the server keeps everything.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The Redis that it has for itself, where the environment asks for that.
    #[must_use]
    pub fn redis(&self) -> Option<&Redis> {
        self.redis.as_ref()
    }

    /// What it has written to its standard output and error since the first start.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// `kill -9`: no flushing, no farewell.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub fn kill9(&mut self) {
        // On Unix, `Child::kill` is SIGKILL.
        self.child.kill().expect("a child of ours can be killed");
        self.child.wait().expect("a child of ours can be waited for");
    }

    /// Starts it again on the same port and data, after [`Server::kill9`] or [`Server::terminate`].
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn restart(&mut self) {
        let log = self.folder.path().join("log");
        let (arguments, environment) = (&self.arguments, &self.environment);
        self.child =
            spawn(&self.binary, self.address, &self.data(), &log, arguments, environment, self.level);
        self.ready().await;
    }

    /// Puts another release in its place: this one is told to stop, and that one starts on the same port and data.
    pub async fn replace(&mut self, binary: PathBuf) {
        self.terminate().await;
        self.binary = binary;
        self.restart().await;
    }

    /// As [`Server::restart`], with these arguments from now on.
    pub async fn restart_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.restart().await;
    }

    /// SIGTERM; gives how long it took.
    ///
    /// # Panics
    /// When it does not end with exit code 0 within ten seconds.
    pub async fn terminate(&mut self) -> Duration {
        let told = Instant::now();
        signal(self.pid(), "TERM");
        let status = wait::until_within(STOPPING, "the server has stopped", async || {
            self.ended().ok_or_else(|| "it is still running".to_owned())
        })
        .await;
        assert!(status.success(), "the server stopped with {status} on SIGTERM\n{}", self.tail());
        told.elapsed()
    }

    /// Whether the process has ended by itself, and how.
    ///
    /// # Panics
    /// When the system cannot say.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of ours can be asked")
    }

    async fn ready(&mut self) {
        let api = self.api();
        wait::until("the server is ready", async || {
            if let Some(status) = self.ended() {
                panic!("the server ended with {status} at its start\n{}", self.tail());
            }
            match api.try_get("/readyz").await {
                Ok(reply) if reply.status == 200 => Ok(()),
                Ok(reply) => Err(format!("/readyz answered {}: {}", reply.status, reply.text())),
                Err(error) => Err(error.to_string()),
            }
        })
        .await;
    }

    fn tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to be done about a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the server's log ---\n{}\n---", self.tail());
        }
    }
}

/// Sends a signal by its name.
///
/// # Panics
/// When there is no `kill`.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status();
    assert!(status.is_ok_and(|status| status.success()), "could not send SIG{name} to {pid}");
}

fn spawn(
    binary: &std::path::Path,
    address: SocketAddr,
    data: &std::path::Path,
    log: &std::path::Path,
    arguments: &[String],
    environment: &[(String, String)],
    level: &str,
) -> Child {
    let log =
        File::options().create(true).append(true).open(log).expect("a log can be opened beside the data");
    let errors = log.try_clone().expect("a file has a second handle");
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", &address.to_string()]);
    if !arguments.iter().any(|argument| argument == "--redis") {
        command.arg("--data").arg(data);
    }
    command
        .args(arguments)
        .env("PLUMBLINE_WORKSPACE_KEY", KEY)
        .env("PLUMBLINE_LOG", level)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .spawn()
        .unwrap_or_else(|error| panic!("could not start the server: {error}"))
}

/// A port that nothing listens on.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let span = PORTS.end - PORTS.start;
    // Processes of one test run begin at different places.
    let begin = u16::try_from(std::process::id() % u32::from(span)).expect("a remainder of a u16 is one");
    for _ in 0..span {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + (begin.wrapping_mul(37).wrapping_add(step)) % span;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("every port from {} to {} is taken", PORTS.start, PORTS.end)
}
