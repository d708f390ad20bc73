//! What a page is told.

use plumbline_shared::{
    answer::Item,
    ids::{MessageId, StepId},
};

use crate::{Intent, IntentId};

/// Something that happened, in the order in which it did. State is read from the replica, not from events.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The board has changed: read it again.
    Board,
    /// Somebody's presence has changed.
    Presence,
    /// These of your intents are durable now, and out of the outbox.
    Saved {
        /// Which.
        intents: Vec<IntentId>,
    },
    /// The server has said who you are here.
    Welcome,
    /// The board has arrived, or caught up: acts are taken, and what was kept is done again.
    Synced,
    /// Your own flags are these now: see [`crate::Replica::own_flags`].
    Flags,
    /// Your own ballot has changed: see [`crate::Replica::own_ballot`].
    Ballot,
    /// One more device has come in as you, by a personal link of yours.
    Entered,
    /// How many have finished has changed: see [`crate::Replica::progress`].
    Progress,
    /// Whether the server can save has changed: see [`crate::Replica::not_saving`].
    Saving,
    /// A message was carried out.
    Done {
        /// Its id.
        re: MessageId,
    },
    /// An answer of the own ballot was refused and does not count; why, the next [`Event::Denied`] says.
    NotCounted {
        /// The step that it answered.
        step: StepId,
        /// Its round.
        round: u32,
        /// What it was about.
        item: Item,
    },
    /// Something was not carried out or was taken back. Say so: it is out of the outbox.
    Denied {
        /// A short name that does not change.
        code: String,
        /// A sentence that says what to do.
        reason: String,
        /// Only the moment explains it, and the board has gone on: the server has put the old value back.
        taken_back: bool,
        /// The id of the message, where it was one.
        re: Option<MessageId>,
        /// The frame of this connection, where the server named one.
        frame: Option<u64>,
        /// What of the board it is about (`root/key` or `root/key/field`), where the server named it.
        path: Option<String>,
        /// What was refused, as far as that can be told.
        intents: Vec<(IntentId, Intent)>,
    },
    /// The document was dropped and has been synced anew. What was in the outbox was done again, and that alone can be
    /// taken back.
    Reset,
    /// The server speaks another version of the wire: reload the page.
    Outdated,
    /// The connection is open but silent, or the server has not confirmed for too long: close the socket and open it
    /// again.
    Stalled,
}
