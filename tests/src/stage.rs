//! A session that is ready to be worked on: a server, a board with projects and pillars, people.

use std::fs;

use plumbline_shared::board::Board;
use serde_json::Value;
use yrs::Transact;

use crate::{
    api::{Api, Created, Joined},
    peer::Peer,
    picture,
    server::Server,
    setting,
    socket::Door,
    wait,
    yjs::{Opening, Tab, Yjs},
};

/// The pillars of every stage.
pub const PILLARS: &[&str] =
    &["Defend the realm", "Net zero", "Homes and places", "Digital state", "Health", "Roads and rail"];

/// A server with one session.
pub struct Stage {
    /// The server.
    pub server: Server,
    /// The session.
    pub session: Created,
    /// The projects' ids, in their order.
    pub projects: Vec<String>,
    /// The pillars' ids.
    pub pillars: Vec<String>,
}

impl Stage {
    /// A session with the 235 projects of `gmpp-2022.csv` and six pillars.
    pub async fn with_portfolio() -> Self {
        let csv =
            fs::read(setting::fixture("portfolios/gmpp-2022.csv")).expect("the fixture is in the project");
        Self::with(csv).await
    }

    /// A session with so many small projects and six pillars.
    pub async fn with_projects(count: usize) -> Self {
        let mut csv = String::from("Project,Sponsor\n");
        for n in 1..=count {
            csv.push_str(&format!("Project {n:03},Sponsor {}\n", n % 7));
        }
        Self::with(csv.into_bytes()).await
    }

    /// The same on a server that writes down everything that it ever says of its work.
    pub async fn talkative(count: usize) -> Self {
        Self::on_server(Server::start_talkative().await, count).await
    }

    /// A session with so many small projects on a server that runs already.
    pub async fn on_server(server: Server, count: usize) -> Self {
        let csv: String = (1..=count).map(|n| format!("Project {n:03}\n")).collect();
        Self::on(server, format!("Project\n{csv}").into_bytes()).await
    }

    async fn with(csv: Vec<u8>) -> Self {
        Self::on(Server::start().await, csv).await
    }

    async fn on(server: Server, csv: Vec<u8>) -> Self {
        let api = server.api();
        let session = api.create("A session under test").await;
        let imported = api.import(&session.id, &session.facilitator_token, csv).await;
        assert_eq!(imported["skipped"], serde_json::json!([]), "nothing is skipped: {imported}");
        api.pillars(&session.id, &session.facilitator_token, PILLARS).await;
        let mut stage = Self { server, session, projects: Vec::new(), pillars: Vec::new() };
        let witness = stage.witness().await;
        let seen = witness.seen();
        stage.projects = picture::keys(&seen.doc, plumbline_shared::schema::Root::Projects);
        stage.pillars = picture::keys(&seen.doc, plumbline_shared::schema::Root::Pillars);
        drop(seen);
        assert_eq!(
            stage.projects.len() as u64,
            imported["imported"].as_u64().unwrap_or(0),
            "all are on the board"
        );
        assert_eq!(stage.pillars.len(), PILLARS.len(), "all pillars are on the board");
        stage
    }

    /// The pillars' ids, in the order in which the board shows them.
    pub async fn pillars_in_order(&self) -> Vec<String> {
        let witness = self.witness().await;
        let board = Board::read(&witness.seen().doc.transact());
        board.pillars.iter().map(|pillar| pillar.id.to_string()).collect()
    }

    /// The HTTP calls.
    #[must_use]
    pub fn api(&self) -> Api {
        self.server.api()
    }

    /// Somebody joins by the code.
    pub async fn join(&self, name: &str) -> Joined {
        self.api().join(&self.session.code, name).await
    }

    /// The door of whoever holds `token`.
    #[must_use]
    pub fn door(&self, token: &str) -> Door {
        Door::new(self.server.address(), &self.session.id, token)
    }

    /// A fresh facilitator's connection: what it holds is what the server holds.
    pub async fn witness(&self) -> Peer {
        Peer::join(&self.door(&self.session.facilitator_token)).await
    }

    /// A peer of our own for somebody who joins under `name`.
    pub async fn peer(&self, name: &str) -> Peer {
        let joined = self.join(name).await;
        Peer::join(&self.door(&joined.token)).await
    }

    /// The address that y-websocket is given; the room is `sync`.
    #[must_use]
    pub fn yjs_address(&self) -> String {
        format!("ws://{}/api/sessions/{}", self.server.address(), self.session.id)
    }

    /// A Yjs client in `process` for somebody who joins under `name`, synced.
    pub async fn tab(&self, process: &Yjs, name: &str) -> Tab {
        let joined = self.join(name).await;
        let tab = process.open(name, &self.yjs_address(), &joined.token, &Opening::default()).await;
        tab.synced().await;
        tab
    }

    /// Waits until every tab shows what the server holds, and gives that.
    pub async fn agree(&self, tabs: &[&Tab]) -> Value {
        let board = wait::until("all see the same board", async || {
            let held = self.held().await;
            for tab in tabs {
                let shown = tab.board().await;
                wait::holds(shown == held, || {
                    format!("{}: {}", tab.name, picture::difference(&shown, &held))
                })?;
            }
            Ok(held)
        })
        .await;
        for tab in tabs {
            tab.assert_never_refused().await;
            let natively = picture::of(&tab.document().await);
            assert_eq!(natively, board, "what {} encodes is what it shows", tab.name);
        }
        board
    }

    /// What the server holds: a board fetched anew.
    pub async fn held(&self) -> Value {
        let witness = self.witness().await;
        let seen = witness.seen();
        picture::of(&seen.doc)
    }
}
