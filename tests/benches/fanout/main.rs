//! The load of a large room, on this server and on peers: see `README.md` beside this file.

mod contender;
mod load;
mod report;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

use crate::{contender::Contender, load::Load};

/// Measures how updates reach the clients of one room.
#[derive(Parser)]
struct Arguments {
    /// The server's binary, built for release.
    #[arg(long, env = "PLUMBLINE_BIN")]
    plumbline: PathBuf,
    /// The packages that tests/benches/fanout/npm names. Without them the peers are left out.
    #[arg(long, env = "PLUMBLINE_BENCH_NODE_MODULES")]
    node_modules: Option<PathBuf>,
    /// How many clients there are, once for each run.
    #[arg(long, value_delimiter = ',', default_values_t = [200, 1_000])]
    clients: Vec<usize>,
    /// How many of them write.
    #[arg(long, default_value_t = 20)]
    writers: usize,
    /// How many updates a second they write together.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// For how many seconds.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Only these servers: plumbline, y-websocket, hocuspocus.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The size of the page with all its parts in brotli, in bytes, to be told beside the rest.
    #[arg(long, env = "PLUMBLINE_PAGE_BYTES")]
    page: Option<u64>,
    /// What `cargo bench` says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let size = std::fs::metadata(&arguments.plumbline)?.len();
    let (board, alone) = contender::alone(&arguments.plumbline).await?;
    let mut runs = Vec::new();
    for &clients in &arguments.clients {
        for contender in Contender::ALL {
            let wanted =
                arguments.only.is_empty() || arguments.only.iter().any(|name| name == contender.name());
            let here = contender == Contender::Plumbline || arguments.node_modules.is_some();
            if !wanted || !here {
                continue;
            }
            eprintln!("{} with {clients} clients, {} s …", contender.name(), arguments.seconds);
            let load = Load {
                clients,
                writers: arguments.writers.min(clients),
                rate: arguments.rate,
                time: Duration::from_secs(arguments.seconds),
            };
            let place =
                contender.start(&arguments.plumbline, arguments.node_modules.as_deref(), &board).await?;
            runs.push((contender, load::run(&place, &load, &board).await?));
        }
    }
    report::print(size, arguments.page, &alone, &runs)?;
    Ok(())
}
