//! The whole server: what the binary starts, and what tests start.

use std::{
    future::Future,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::Context;
use axum::Router;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    live::Node,
    metrics,
    store::{SqliteStore, Store},
    tokens::Token,
    web::{self, Reach, app::App},
    webhooks::{self, Courier},
    workspace::Workspace,
};

/// How long a stop may take before what still runs is left behind: the whole is to end within ten seconds.
const STOP: Duration = Duration::from_secs(8);

/// How often what other nodes have said is looked for without anybody's asking.
const FOLLOWED: Duration = Duration::from_secs(5);

/// How long a delivery that is under way may take beyond that.
const LAST_DELIVERY: Duration = Duration::from_secs(1);

/// A server that is ready to be run.
pub struct Server {
    app: App,
    router: Router,
    made_key: Option<Token>,
}

/// Who delivers what happens here to those outside who ask for it.
fn courier(app: &App) -> Arc<Courier> {
    let of = app.clone();
    let titles = Box::new(move |session| of.workspace.get(session).map(|record| record.title));
    Courier::new(Arc::clone(&app.node), app.hooks.clone(), app.public_url.clone(), titles)
}

/// Takes in what other nodes say of the workspace, however long that takes: calls do so as well, and give up after a while.
async fn follow_the_workspace(app: App) {
    let store = app.node.store();
    if store.shared().is_none() {
        return;
    }
    loop {
        tokio::time::sleep(FOLLOWED).await;
        if let Err(error) = app.workspace.catch_up(store).await {
            tracing::debug!(%error, "the workspace's log cannot be read at the moment");
        }
        if let Err(error) = app.node.decisions().catch_up(store).await {
            tracing::debug!(%error, "the decision log cannot be read at the moment");
        }
    }
}

/// What a server is started with.
#[derive(Clone, Default)]
pub struct Options {
    /// The workspace's key, instead of the one there is or one to be made.
    pub key: Option<Token>,
    /// The address under which people reach the server.
    pub public_url: Option<String>,
    /// How deliveries to webhooks are made.
    pub webhooks: webhooks::Options,
    /// Proxies that are trusted, and sites that may call.
    pub reach: Reach,
}

impl Server {
    /// Opens the data directory and everything on it.
    ///
    /// # Errors
    /// When the directory cannot be used; the error says what to do.
    pub async fn open(data: &Path, options: Options) -> anyhow::Result<Self> {
        let store = SqliteStore::open(data)?;
        Self::on(Box::new(store), options).await
    }

    /// A server on a store.
    ///
    /// # Errors
    /// When the workspace's log cannot be read.
    pub async fn on(store: Box<dyn Store>, options: Options) -> anyhow::Result<Self> {
        let node = Node::new(store);
        let (workspace, made_key) = Workspace::open(node.store(), options.key.as_ref())
            .await
            .context("the workspace cannot be opened")?;
        node.webhooks().open(node.store()).await.context("the webhooks cannot be read")?;
        // Before anybody can come: others are not to begin what this one would not know.
        node.rules().await.context("the other servers cannot be told which rules are known here")?;
        let app = App::new(node, workspace, options.public_url, options.webhooks);
        let router = web::router(app.clone(), options.reach);
        Ok(Self { app, router, made_key })
    }

    /// The workspace's key, if it was made just now. It is told this once.
    pub fn made_key(&self) -> Option<&Token> {
        self.made_key.as_ref()
    }

    /// Whether what is saved survives the loss of power, and in words what it survives.
    #[must_use]
    pub fn promise(&self) -> crate::store::Durability {
        self.app.node.store().promise()
    }

    /// Hands out what is counted of the server's work on a listener of its own, for as long as the server runs.
    pub fn measured_on(&self, listener: TcpListener) {
        let router = metrics::router(Arc::clone(self.app.node.metrics()));
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "nobody can be told the metrics any more");
            }
        });
    }

    /// Serves until `shutdown`; then admits nobody any more, tells who is here, writes everything down and ends.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> anyhow::Result<()> {
        let (node, sessions) = (self.app.node.clone(), self.app.workspace.list(None, usize::MAX));
        tokio::spawn(async move { node.take_up(sessions.into_iter().map(|record| record.session)).await });
        if let Ok(address) = listener.local_addr() {
            // Whoever set it first is right: a server listens once.
            let _ = self.app.own.set(address);
        }
        let sweeping = tokio::spawn(web::sweep(self.app.clone()));
        let node = self.app.node.clone();
        let saying = tokio::spawn(async move { node.keep_saying_rules().await });
        let following = tokio::spawn(follow_the_workspace(self.app.clone()));
        let node = self.app.node.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let mut delivering = tokio::spawn(courier(&self.app).run(async {
            // The sender going away is a stop as well.
            let _ = stopped.await;
        }));
        let served = self
            .serve(listener, async move {
                shutdown.await;
                drop(stop);
            })
            .await;
        // They hold the store, which whoever starts next is to find free.
        for task in [sweeping, saying, following] {
            task.abort();
            let _ = task.await;
        }
        node.take_back_rules().await;
        drop(node);
        if tokio::time::timeout(LAST_DELIVERY, &mut delivering).await.is_err() {
            // What it has begun is known by its log, and begun anew.
            delivering.abort();
            let _ = delivering.await;
        }
        served
    }

    async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> anyhow::Result<()> {
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = web::listen::serve(listener, self.router, web::listen::Times::default(), async move {
            // The sender going away is a stop as well.
            let _ = stopped.await;
        });
        let mut serving = tokio::spawn(serving);
        tokio::select! {
            ended = &mut serving => return Ok(ended?),
            () = shutdown => {}
        }
        tracing::info!("stopping: telling who is here, and writing down what is not written yet");
        self.app.stopping.store(true, Ordering::Relaxed);
        drop(stop);
        let end = async {
            self.app.node.shut_down().await;
            self.app.conversations.ended().await;
            serving.await
        };
        match tokio::time::timeout(STOP, end).await {
            Ok(ended) => ended?,
            Err(_) => tracing::warn!("some connections did not end in time and were cut"),
        }
        Ok(())
    }
}
