//! Bad weather on a line: what passes is delayed, held up, cut off in the middle, and said twice. What comes to pass is drawn
//! from a seed; when, is the machine's.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

use crate::chance::Chance;

/// Bytes that are passed on at a time.
const PIECE: usize = 16 * 1024;
/// Of a hundred pieces so many wait, and of a thousand so many are the last of their connection.
const WAITING: usize = 15;
const LAST: usize = 6;
/// The longest that a piece waits, in milliseconds.
const LONGEST: usize = 60;
/// Of a hundred connections so many are narrow, and so many are made twice.
const NARROW: usize = 30;
const TWICE: usize = 15;
/// What a narrow connection takes at first, in bytes a second, and how often that is halved.
const WIDTH: u64 = 512 * 1024;
const HALVINGS: u32 = 4;

/// An address at which something else answers, through whatever weather there is.
pub struct Chaos {
    address: SocketAddr,
    weather: Arc<Weather>,
    accepting: JoinHandle<()>,
}

/// What has come to pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Connections.
    pub connections: u64,
    /// Pieces that had to wait.
    pub delayed: u64,
    /// Connections cut off.
    pub cut: u64,
    /// Connections that became narrow.
    pub narrowed: u64,
    /// Connections of which all was said twice.
    pub doubled: u64,
}

#[derive(Default)]
struct Weather {
    is_bad: AtomicBool,
    connections: AtomicU64,
    delayed: AtomicU64,
    cut: AtomicU64,
    narrowed: AtomicU64,
    doubled: AtomicU64,
}

impl Chaos {
    /// A line to `to`; fair at first.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn before(to: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let weather = Arc::<Weather>::default();
        let shared = Arc::clone(&weather);
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let n = shared.connections.fetch_add(1, Ordering::Relaxed);
                let chance = Chance::new(seed.wrapping_mul(1_000_003).wrapping_add(n));
                tokio::spawn(carry(near, to, Arc::clone(&shared), chance));
            }
        });
        Self { address, weather, accepting }
    }

    /// Where to connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Bad weather, or fair.
    pub fn storm(&self, is_bad: bool) {
        self.weather.is_bad.store(is_bad, Ordering::SeqCst);
    }

    /// What has come to pass.
    #[must_use]
    pub fn passed(&self) -> Passed {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Passed {
            connections: of(&self.weather.connections),
            delayed: of(&self.weather.delayed),
            cut: of(&self.weather.cut),
            narrowed: of(&self.weather.narrowed),
            doubled: of(&self.weather.doubled),
        }
    }
}

impl Drop for Chaos {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries one connection until an end of it is closed, or it is cut.
async fn carry(near: TcpStream, to: SocketAddr, weather: Arc<Weather>, mut chance: Chance) {
    let Ok(far) = TcpStream::connect(to).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let is_bad = weather.is_bad.load(Ordering::SeqCst);
    let mut twin = None;
    if is_bad
        && chance.percent(TWICE)
        && let Ok(stream) = TcpStream::connect(to).await
    {
        weather.doubled.fetch_add(1, Ordering::Relaxed);
        let (mut answers, writer) = stream.into_split();
        // Nobody hears what the other one is answered.
        tokio::spawn(async move { tokio::io::copy(&mut answers, &mut tokio::io::sink()).await });
        twin = Some(writer);
    }
    let is_narrow = chance.percent(NARROW);
    if is_bad && is_narrow {
        weather.narrowed.fetch_add(1, Ordering::Relaxed);
    }
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    let (there, back) = (Chance::new(chance.draw()), Chance::new(chance.draw()));
    tokio::select! {
        () = pump(near_in, far_out, twin, is_narrow, &weather, there) => {}
        () = pump(far_in, near_out, None, is_narrow, &weather, back) => {}
    }
}

/// Passes on what comes, one way.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut twin: Option<OwnedWriteHalf>,
    is_narrow: bool,
    weather: &Weather,
    mut chance: Chance,
) {
    let (mut piece, mut passed) = (vec![0; PIECE], 0_u64);
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        if weather.is_bad.load(Ordering::SeqCst) {
            if chance.below(1_000) < LAST {
                weather.cut.fetch_add(1, Ordering::Relaxed);
                // In the middle of something.
                let _ = to.write_all(&piece[..chance.below(length)]).await;
                return;
            }
            if chance.percent(WAITING) {
                weather.delayed.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(1 + chance.below(LONGEST) as u64)).await;
            }
            if is_narrow {
                // Half of it after each further part.
                let halved = u32::try_from(passed / WIDTH).unwrap_or(u32::MAX).min(HALVINGS);
                let width = WIDTH >> halved;
                tokio::time::sleep(Duration::from_micros(length as u64 * 1_000_000 / width)).await;
            }
        }
        passed += length as u64;
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
        if let Some(other) = &mut twin
            && other.write_all(&piece[..length]).await.is_err()
        {
            twin = None;
        }
    }
}
