//! The command line.

mod backup;
mod check;
mod ending;
mod export;
mod log;

use std::{
    io::{self, IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use clap::{Parser, Subcommand};
use ending::{Ending, Misused};
use ipnet::IpNet;
use serde_json::json;
use tokio::{net::TcpListener, sync::watch};
use tracing::Level;
use tracing_subscriber::{filter::filter_fn, prelude::*};

use crate::{
    server::{Options, Server},
    simulate,
    store::RedisStore,
    tokens::Token,
    web::{
        Reach,
        admission::{Origin, Origins, TrustedProxies},
    },
    webhooks::{self, Allowed, Schedule},
};

/// A facilitation workshop server: sort a portfolio onto a strategy, decide, and keep the decisions.
#[derive(Parser)]
#[command(version, about, after_help = ending::HELP)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(Serve),
    /// Read the decision log, also while the server runs.
    Log(log::Log),
    /// Say whether what is in the data directory is what was written, also while the server runs. Ends with a failure if not.
    Check(check::Check),
    /// Copy everything to another directory, also while the server runs, and check the copy.
    Backup(backup::Backup),
    /// Move a data directory into an empty Redis, for several servers to go on with.
    Export(export::Export),
    /// Have simulated people take part in a session, on any server.
    Simulate(Simulate),
}

/// Who is simulated, and where.
#[derive(clap::Args)]
struct Simulate {
    /// The server: http://host:port
    url: String,
    /// The code by which they join; without it, a session is made from the sample, with the workspace key.
    #[arg(long)]
    code: Option<String>,
    /// A facilitator's token: with it, one of them drives the session to its close.
    #[arg(long, env = "PLUMBLINE_FACILITATOR", hide_env_values = true)]
    facilitator: Option<String>,
    /// The workspace key, for making a session.
    #[arg(long, env = "PLUMBLINE_WORKSPACE_KEY", hide_env_values = true)]
    key: Option<String>,
    /// The template of the session that is made.
    #[arg(long, default_value = "align")]
    template: String,
    /// How many people take part.
    #[arg(long, default_value_t = 11)]
    people: usize,
    /// What their opinions come from: the same seed, the same opinions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long somebody thinks over an answer, in milliseconds, on average.
    #[arg(long, default_value_t = 400)]
    pace: u64,
    /// How long the facilitator leaves what is to be seen, in milliseconds.
    #[arg(long, default_value_t = 6_000)]
    dwell: u64,
}

/// How to serve.
#[derive(clap::Args)]
struct Serve {
    /// Where to listen. Other devices reach the server only if this is not a loopback address.
    #[arg(long, env = "PLUMBLINE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The directory that holds everything; the platform's data directory if it is not given.
    #[arg(long, env = "PLUMBLINE_DATA")]
    data: Option<PathBuf>,
    /// Keep everything in Redis or Valkey instead: redis://[user:password@]host[:port][/database], rediss:// with TLS,
    /// several with commas between for a cluster, or for a primary and its replicas. Any number of servers may share it.
    #[arg(long, env = "PLUMBLINE_REDIS", hide_env_values = true, conflicts_with = "data")]
    redis: Option<String>,
    /// The address under which people reach the server, for links: https://plumbline.example.org
    #[arg(long, env = "PLUMBLINE_PUBLIC_URL")]
    public_url: Option<String>,
    /// A proxy whose word about a client's address is taken (CIDR); may be repeated.
    #[arg(long, env = "PLUMBLINE_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpNet>,
    /// Where to tell Prometheus what is counted: GET /metrics there. Nobody is asked who they are: a loopback address, or a
    /// network of one's own.
    #[arg(long, env = "PLUMBLINE_METRICS")]
    metrics: Option<SocketAddr>,
    /// A network inside which webhooks may be delivered, too (CIDR); may be repeated. Public addresses need not be named.
    #[arg(long, env = "PLUMBLINE_WEBHOOKS_TO", value_delimiter = ',')]
    webhooks_to: Vec<IpNet>,
    /// How many times as fast as usual deliveries that failed are tried again: for tests.
    #[arg(long, default_value_t = 1, hide = true)]
    webhooks_pace: u32,
    /// How many days later than the clock says it is for reminders: for tests.
    #[arg(long, default_value_t = 0, hide = true)]
    webhooks_days_ahead: u16,
    /// The workspace key to use instead of making one: 32 characters or more.
    #[arg(long, env = "PLUMBLINE_WORKSPACE_KEY", hide_env_values = true)]
    workspace_key: Option<String>,
}

/// How long a stop waits for work that nobody waits for any more.
const LEFT_BEHIND: Duration = Duration::from_millis(500);

/// How long the data may still take to be opened once the server has been told to stop.
const OPENING: Duration = Duration::from_secs(5);

/// Runs what the command line asks for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("PLUMBLINE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // For people, or for programs that gather logs: a line of JSON for each.
    let lines = match std::env::var("PLUMBLINE_LOG_FORMAT").as_deref() {
        Ok("json") => lines.json().flatten_event(true).with_span_list(false).boxed(),
        _ => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .with(filter_fn(|metadata| is_discreet(metadata.target(), *metadata.level())))
        .init();
    let json = cli.json;
    let done = match cli.command {
        Command::Serve(serve) => block_on(serve.run(json)).map(|()| Ending::Done),
        Command::Simulate(simulate) => block_on(simulate.run(json)).map(|()| Ending::Done),
        Command::Backup(backup) => block_on(backup.run(json)).map(|()| Ending::Done),
        Command::Export(export) => block_on(export.run(json)).map(|()| Ending::Done),
        Command::Log(log) => log.run(json),
        Command::Check(check) => block_on(check.run(json)),
    };
    match done {
        Ok(ending) => ending.into(),
        Err(error) => ending::fail(&error, json),
    }
}

/// Whether what is said under `target` may stand in a log. The crates that carry frames print all of each at TRACE,
/// answers and tokens among them: that is nobody's, however much somebody wants to know.
fn is_discreet(target: &str, level: Level) -> bool {
    level < Level::TRACE || !["tungstenite", "tokio_tungstenite"].iter().any(|name| target.starts_with(name))
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // A workbook that is still being read keeps nobody from stopping.
    runtime.shutdown_timeout(LEFT_BEHIND);
    done
}

impl Simulate {
    async fn run(self, json: bool) -> anyhow::Result<()> {
        let (code, facilitator) = match (self.code, self.key) {
            (Some(code), _) => (code, self.facilitator),
            (None, Some(key)) => {
                let (code, token) = simulate::found(&self.url, &key, &self.template).await?;
                (code, Some(token))
            }
            (None, None) => {
                let says = "say which session with --code, or give the workspace key (PLUMBLINE_WORKSPACE_KEY) to have one made";
                return Err(Misused(says.to_owned()).into());
            }
        };
        let options = simulate::Options {
            url: self.url,
            code: code.clone(),
            people: self.people,
            seed: self.seed,
            pace: Duration::from_millis(self.pace),
            facilitator,
            dwell: Duration::from_millis(self.dwell),
        };
        if json {
            line(&json!({ "people": self.people, "code": code }))?;
        } else {
            writeln!(std::io::stdout(), "{} people join with the code {code}", self.people)?;
        }
        let course = simulate::run(options).await?;
        if json {
            return Ok(line(
                &json!({ "steps": course.steps, "revealed": course.revealed, "decided": course.decided }),
            )?);
        }
        for step in &course.steps {
            writeln!(std::io::stdout(), "  {step}")?;
        }
        writeln!(
            std::io::stdout(),
            "{} rounds were revealed, {} projects decided; the session is closed",
            course.revealed,
            course.decided
        )?;
        Ok(())
    }
}

impl Serve {
    async fn run(self, json: bool) -> anyhow::Result<()> {
        let stop = Stop::listen()?;
        let data = match (self.data, &self.redis) {
            (Some(data), _) => Some(data),
            (None, Some(_)) => None,
            (None, None) => Some(data_directory()?),
        };
        let key = self
            .workspace_key
            .as_deref()
            .map(Token::parse)
            .transpose()
            .with_context(|| misused("PLUMBLINE_WORKSPACE_KEY"))?;
        let public: Option<Origin> = self
            .public_url
            .as_deref()
            .map(str::parse)
            .transpose()
            .with_context(|| misused("--public-url"))?;
        let options = Options {
            key,
            public_url: self.public_url.clone(),
            webhooks: webhooks::Options {
                allowed: Allowed::new(self.webhooks_to),
                schedule: Schedule::paced(self.webhooks_pace),
                days_ahead: self.webhooks_days_ahead,
            },
            reach: Reach { proxies: TrustedProxies::new(self.trusted_proxy), origins: Origins::new(public) },
        };
        // The address first: a port that is taken must not cost the only showing of a new key.
        let listener = listen(self.listen, "--listen").await?;
        let measured = match self.metrics {
            Some(address) => Some(listen(address, "--metrics").await?),
            None => None,
        };
        let address = listener.local_addr()?;
        let opening = async {
            match (&data, self.redis) {
                (None, Some(redis)) => {
                    let store = RedisStore::open(&redis).await?;
                    let place = store.place().to_owned();
                    anyhow::Ok((Server::on(Box::new(store), options).await?, place))
                }
                (data, _) => {
                    let data = data.as_deref().context("there is no data directory")?;
                    Ok((Server::open(data, options).await?, data.display().to_string()))
                }
            }
        };
        let (server, place) = match stop.or(opening).await {
            Some(Err(error)) if !stop.is_told() => return Err(error),
            Some(Ok(opened)) => opened,
            // What could not be opened is nobody's concern any more.
            _ => {
                tracing::info!("told to stop before the data could be opened");
                return Ok(());
            }
        };
        let base = self
            .public_url
            .map_or_else(|| format!("http://{}", shown(address)), |url| url.trim_end_matches('/').to_owned());
        let metrics = measured.as_ref().map(TcpListener::local_addr).transpose()?;
        if json {
            announce_to_programs(&server, &place, &base, metrics)?;
        } else {
            announce(&server, &place, &base, metrics)?;
        }
        if !address.ip().is_loopback() && !base.starts_with("https://") {
            tracing::warn!(
                "others reach this server without TLS: whoever is in their network reads tokens and answers. Put a proxy with \
                 TLS before it and give its address with --public-url https://…"
            );
        }
        if let Some(measured) = measured {
            server.measured_on(measured);
        }
        server.run(listener, stop.told()).await
    }
}

/// The first lines that a person reads: where it is, where the data are, what *saved* means.
fn announce(server: &Server, place: &str, base: &str, metrics: Option<SocketAddr>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Plumbline {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "  data   {place}")?;
    writeln!(out, "  saved  {}", server.promise().sentence)?;
    match server.made_key() {
        Some(key) => {
            writeln!(out, "  open   {base}/#key={}", key.reveal())?;
            writeln!(out, "         This link holds the workspace key and is shown this once. Keep it.")?;
        }
        None => writeln!(out, "  open   {base}/")?,
    }
    if let Some(metrics) = metrics {
        writeln!(out, "  metrics http://{metrics}/metrics")?;
    }
    out.flush()?;
    Ok(())
}

/// The same for programs, a JSON object a line.
fn announce_to_programs(
    server: &Server,
    place: &str,
    base: &str,
    metrics: Option<SocketAddr>,
) -> anyhow::Result<()> {
    let promise = server.promise();
    line(&json!({ "version": env!("CARGO_PKG_VERSION") }))?;
    line(&json!({ "data": place }))?;
    line(&json!({ "saved": promise.sentence, "full": promise.full }))?;
    match server.made_key() {
        // Shown this once.
        Some(key) => {
            line(&json!({ "open": format!("{base}/#key={}", key.reveal()), "workspace_key": key.reveal() }))?;
        }
        None => line(&json!({ "open": format!("{base}/") }))?,
    }
    if let Some(metrics) = metrics {
        line(&json!({ "metrics": format!("http://{metrics}/metrics") }))?;
    }
    Ok(())
}

/// An answer for programs on a line of its own, which whoever reads it has at once.
fn line(told: &serde_json::Value) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{told}")?;
    out.flush()
}

fn misused(what: &str) -> Misused {
    Misused(what.to_owned())
}

/// Listens, or says by which option to choose another address.
async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another server running there? Choose another with {option}")
    })
}

/// The address that a browser on this machine can open.
fn shown(address: SocketAddr) -> SocketAddr {
    let mut shown = address;
    if address.ip().is_unspecified() {
        shown.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    shown
}

/// The platform's place for a program's data.
fn data_directory() -> anyhow::Result<PathBuf> {
    etcetera::choose_base_strategy()
        .map(|directories| etcetera::BaseStrategy::data_dir(&directories).join("plumbline"))
        .context("there is no home directory: name a directory with --data")
}

/// Whether somebody has told the server to stop.
#[derive(Clone)]
struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens from now on. To be called before anything else is done: until then a signal ends the process as it stands.
    ///
    /// # Errors
    /// When the system takes no handler.
    fn listen() -> io::Result<Self> {
        let (told, stop) = watch::channel(false);
        #[cfg(unix)]
        let mut signals = {
            use tokio::signal::unix::{SignalKind, signal};
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        tokio::spawn(async move {
            #[cfg(unix)]
            tokio::select! {
                _ = signals.0.recv() => {}
                _ = signals.1.recv() => {}
            }
            #[cfg(not(unix))]
            if tokio::signal::ctrl_c().await.is_err() {
                return std::future::pending().await;
            }
            told.send_replace(true);
        });
        Ok(Self(stop))
    }

    /// Whether somebody has.
    fn is_told(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody does.
    async fn told(mut self) {
        // Whoever would tell being gone is a stop as well.
        let _ = self.0.wait_for(|told| *told).await;
    }

    /// Does what opens something. Where somebody tells to stop meanwhile, it is given time to come to its end, since a key
    /// that it makes is shown but once; nothing comes back if it does not.
    async fn or<T>(&self, opening: impl Future<Output = T>) -> Option<T> {
        let mut opening = std::pin::pin!(opening);
        tokio::select! {
            opened = &mut opening => return Some(opened),
            () = self.clone().told() => {}
        }
        tokio::time::timeout(OPENING, opening).await.ok()
    }
}
