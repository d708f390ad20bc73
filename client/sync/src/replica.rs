//! SKELETON.
use std::{collections::BTreeMap, sync::Arc};

use plumbline_shared::{
    board::Board,
    ids::{MessageId, ParticipantId},
    messages::{Command, Presence},
    policy::Moment,
    words::Role,
};
use serde::{Deserialize, Serialize};

use crate::{Denied, Event, Intent, IntentId, Status};

/// How long a change may be unconfirmed before the page should say so, in milliseconds.
pub const SAVED_WITHIN_MS: u64 = 10_000;

/// What a replica starts from.
#[derive(Clone, Debug)]
pub struct Options {
    /// A random number below 2^32, drawn anew for each page load.
    pub client_id: u64,
    /// Who this is; none for observers.
    pub participant: Option<ParticipantId>,
    /// What they are. Corrected by the server's welcome.
    pub role: Role,
}

/// What must survive a reload: keep it (as JSON, per session and tab) whenever [`Replica::outbox_revision`] changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outbox {}

/// One page's copy of one session's board.
pub struct Replica {}

impl Replica {
    /// A replica that knows nothing yet.
    #[must_use]
    pub fn new(_options: Options) -> Self {
        todo!()
    }
    /// The socket is open (subprotocol `plumbline_shared::wire::SUBPROTOCOL`): the frames to send first.
    #[must_use]
    pub fn opened(&mut self) -> Vec<Vec<u8>> {
        todo!()
    }
    /// One binary WebSocket message has come. Call [`Replica::outgoing`] afterwards: answers wait there.
    pub fn receive(&mut self, _frame: &[u8]) -> Vec<Event> {
        todo!()
    }
    /// The socket is gone.
    pub fn closed(&mut self, _code: u16) {
        todo!()
    }
    /// The frames to send now. Changes since the last call travel as one frame: call it at most 30 times a second.
    #[must_use]
    pub fn outgoing(&mut self) -> Vec<Vec<u8>> {
        todo!()
    }
    /// Does something.
    pub fn act(&mut self, _intent: Intent) -> Result<IntentId, Denied> {
        todo!()
    }
    /// Whether [`Replica::act`] would be taken, for greying out.
    pub fn may(&self, _intent: &Intent) -> Result<(), Denied> {
        todo!()
    }
    /// Takes the own last change back.
    pub fn undo(&mut self) -> bool {
        todo!()
    }
    /// Does again what was taken back last.
    pub fn redo(&mut self) -> bool {
        todo!()
    }
    /// Whether there is something to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        todo!()
    }
    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        todo!()
    }
    /// Sends a command, and again after each reconnect until it is answered ([`Event::Done`], [`Event::Denied`]).
    pub fn command(&mut self, _id: MessageId, _command: Command) -> Result<(), Denied> {
        todo!()
    }
    /// Sets the own presence. `user` is the server's to fill in.
    pub fn presence(&mut self, _state: Presence) {
        todo!()
    }
    /// The board as it is here now, own unsaved changes included.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        todo!()
    }
    /// Grows with every change of the board.
    #[must_use]
    pub fn revision(&self) -> u64 {
        todo!()
    }
    /// Connection and saving.
    #[must_use]
    pub fn status(&self) -> Status {
        todo!()
    }
    /// The others' presence by the server's ids; without the own.
    #[must_use]
    pub fn others(&self) -> &BTreeMap<u64, Presence> {
        todo!()
    }
    /// Who this is.
    #[must_use]
    pub fn participant(&self) -> Option<ParticipantId> {
        todo!()
    }
    /// What they are now.
    #[must_use]
    pub fn role(&self) -> Role {
        todo!()
    }
    /// Where the session stands, as the rules see it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        todo!()
    }
    /// The server's time at the local time `local_ms` (both in milliseconds since 1970).
    #[must_use]
    pub fn server_now(&self, _local_ms: u64) -> u64 {
        todo!()
    }
    /// Tells the time (milliseconds since 1970, local). Call it once a second, and before the socket opens.
    pub fn tick(&mut self, _now_ms: u64) -> Vec<Event> {
        todo!()
    }
    /// What must survive a reload.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        todo!()
    }
    /// Grows with every change of the outbox.
    #[must_use]
    pub fn outbox_revision(&self) -> u64 {
        todo!()
    }
    /// Takes up what an earlier page left; done again after the first sync.
    pub fn restore(&mut self, _outbox: Outbox) {
        todo!()
    }
}
