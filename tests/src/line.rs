//! A line between a browser and the server that can be cut: what a browser calls offline leaves its open sockets alone.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// An address of its own at which the server answers for as long as the line is whole.
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    broken: AtomicBool,
    cut: Notify,
}

impl Line {
    /// A line to `server`.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        let accepting = tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let cut = state.cut.notified();
                    if state.broken.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        // However it ends, both ends are closed by then.
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        () = cut => {}
                    }
                });
            }
        });
        Self { address, state, accepting }
    }

    /// A link of the server's, over this line.
    #[must_use]
    pub fn link(&self, url: &str) -> String {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        format!("http://{}/{path}", self.address)
    }

    /// Cuts all connections; new ones are closed at once.
    pub fn cut(&self) {
        self.state.broken.store(true, Ordering::SeqCst);
        self.state.cut.notify_waiters();
    }

    /// Makes it whole again.
    pub fn mend(&self) {
        self.state.broken.store(false, Ordering::SeqCst);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}
