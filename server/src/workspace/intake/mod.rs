//! Intake: requests for new work, which wait in the workspace until a session decides on them.

mod entry;
mod state;

pub use entry::{Door, Instead, Says, Wanted};
pub(super) use state::Intake;
pub use state::{Answer, Request, Taken, reference};

use plumbline_shared::ids::SessionId;

use super::{Workspace, WorkspaceError, entry::Body, state::State};
use crate::{store::Store, tokens::TokenHash};

impl Workspace {
    /// The way in, if there ever was one.
    #[must_use]
    pub fn door(&self) -> Option<Door> {
        self.read().intake().door.clone()
    }

    /// Sets the way in: with another link the old one is dead at once.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn set_door(&self, store: &dyn Store, door: Door) -> Result<(), WorkspaceError> {
        self.append(store, Body::IntakeSet { door }).await
    }

    /// Takes a request, or finds the one that was sent with this token before.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn ask(
        &self,
        store: &dyn Store,
        token: TokenHash,
        wanted: Wanted,
    ) -> Result<Request, WorkspaceError> {
        self.append(store, Body::Requested { token, wanted: Box::new(wanted) }).await?;
        Ok(self.request_of(&token).expect("it was just asked for"))
    }

    /// Enters what becomes of a request.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn say(&self, store: &dyn Store, number: u64, says: Says) -> Result<(), WorkspaceError> {
        self.append(store, Body::Said { number, says }).await
    }

    /// A session was closed: what it has taken and not decided waits again. What is entered already is not entered twice,
    /// however often and by whatever node this is called.
    ///
    /// # Errors
    /// When it cannot be saved; it is to be called again then.
    pub async fn session_closed(&self, store: &dyn Store, session: SessionId) -> Result<(), WorkspaceError> {
        fn has(request: &Request, session: SessionId) -> bool {
            request.taken.iter().any(|taken| taken.session == session && !taken.closed)
        }
        let all = self.requests(None);
        for number in all.iter().filter(|request| has(request, session)).map(|request| request.number) {
            let body = Body::Said { number, says: Says::Closed { session } };
            let still =
                |state: &State| state.intake().get(number).is_some_and(|request| has(request, session));
            self.append_if(store, body, still).await?;
        }
        Ok(())
    }

    /// A request by its number.
    #[must_use]
    pub fn request(&self, number: u64) -> Option<Request> {
        self.read().intake().get(number).cloned()
    }

    /// The request that this token opens the status of.
    #[must_use]
    pub fn request_of(&self, token: &TokenHash) -> Option<Request> {
        self.read().intake().by_token(token).cloned()
    }

    /// All requests, the newest first, from the one before `before`.
    #[must_use]
    pub fn requests(&self, before: Option<u64>) -> Vec<Request> {
        self.read().intake().list(before).cloned().collect()
    }

    /// Takes a request out of the record, and out of the log: nothing of what was asked and by whom is left there.
    ///
    /// # Errors
    /// When it cannot be saved, or not be erased; it is to be called again then.
    pub async fn erase_request(&self, store: &dyn Store, number: u64) -> Result<(), WorkspaceError> {
        if self.request(number).is_some() {
            self.append(store, Body::RequestErased { number }).await?;
        }
        self.forget(store).await
    }

    /// Whether this request was erased and something of it is left.
    pub async fn owes_request(&self, number: u64) -> bool {
        self.pen.lock().await.owes_requests.contains(&number)
    }
}
