//! One page's copy of one session's board: what people do to it, and what pages show of it. What travels is in
//! `exchange`.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use plumbline_shared::{
    answer::Item,
    board::Board,
    ids::{MessageId, ParticipantId, StepId},
    limits,
    messages::{Command, Limits, OwnBallot, OwnFlag, Presence},
    policy::{self, Actor, Moment, timely},
    words::{Role, StepKind, StepState},
};

use crate::{
    Connection, Denied, Event, Intent, IntentId, Status,
    document::{Changed, Document},
    link::Link,
    meaning,
    mix::mix,
    others::Others,
    outbox::{OUTBOX_COMMANDS, Outbox, Records},
    rules::{Former, permit_back},
    typed::{self, Pending},
    write::Write,
};

/// How long a change may be unconfirmed before the page should say so, in milliseconds.
pub const SAVED_WITHIN_MS: u64 = 10_000;

/// What a replica starts from.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A random number below 2^32, drawn anew for each page load. Further ones, when the document has to be dropped,
    /// follow from it.
    pub client_id: u64,
    /// Who this is; none for observers. Corrected by the server's welcome.
    pub participant: Option<ParticipantId>,
    /// What they are. Corrected by the server's welcome, then by the roster.
    pub role: Role,
}

/// One page's copy of one session's board.
///
/// A page opens a socket, calls [`Replica::opened`], feeds each message to [`Replica::receive`] and sends what
/// [`Replica::outgoing`] gives: after each message, after each act, and after each [`Replica::tick`].
pub struct Replica {
    pub(crate) client_id: u64,
    pub(crate) participant: Option<ParticipantId>,
    pub(crate) role: Role,
    pub(crate) now: u64,
    /// The server's clock minus ours, in milliseconds.
    pub(crate) ahead: i64,
    pub(crate) limits: Limits,
    /// The version of the rules by which the session goes; 0 while that is not known.
    pub(crate) rules: u32,
    pub(crate) flags: Vec<OwnFlag>,
    pub(crate) ballot: Option<OwnBallot>,
    pub(crate) progress: Option<Progress>,
    /// Why the server cannot save, as it has said on this connection.
    pub(crate) not_saving: Option<String>,
    /// The document that is shown.
    pub(crate) document: Document,
    /// The one that is going to take its place once it is synced, and the question whose answer completes it.
    pub(crate) fresh: Option<(Document, u64)>,
    /// The document holds what must never be sent: the next sync begins with a fresh one.
    pub(crate) tainted: bool,
    /// Documents made so far: each has a client id of its own.
    pub(crate) documents: u64,
    pub(crate) synced: bool,
    pub(crate) link: Option<Link>,
    pub(crate) refused: Option<u16>,
    pub(crate) closed_once: bool,
    pub(crate) records: Records,
    /// Changes that no frame has carried yet, with the intents behind them.
    pub(crate) waiting: VecDeque<Piece>,
    pub(crate) commands: Vec<Asked>,
    pub(crate) commands_revision: u64,
    pub(crate) others: Others,
    /// What the page is told at the next occasion.
    pub(crate) events: Vec<Event>,
    revision: u64,
    board: OnceCell<Arc<Board>>,
}

/// One change on its way out.
pub(crate) struct Piece {
    pub(crate) update: Vec<u8>,
    pub(crate) intent: IntentId,
}

/// How many have finished in a round, as it is told: in steps that point at nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub step: StepId,
    /// Its round.
    pub round: u32,
    /// How many, rounded down.
    pub done: u32,
    /// Of how many who are here.
    pub of: u32,
}

/// A typed message without an answer.
pub(crate) struct Asked {
    pub(crate) id: MessageId,
    pub(crate) json: String,
    /// What it says of the own ballot.
    pub(crate) pending: Option<Pending>,
    /// Whether this connection has carried it.
    pub(crate) sent: bool,
}

impl Replica {
    /// A replica that knows nothing yet. Before its first sync it shows an empty board and takes no acts.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let client_id = u64::from(options.client_id as u32).max(1);
        Self {
            client_id,
            participant: options.participant,
            role: options.role,
            now: 0,
            ahead: 0,
            flags: Vec::new(),
            ballot: None,
            progress: None,
            not_saving: None,
            limits: Limits {
                new_content: limits::NEW_CONTENT,
                updates_per_second: limits::UPDATES_PER_SECOND,
                update_burst: limits::UPDATE_BURST,
                presence: limits::PRESENCE,
            },
            rules: 0,
            document: Document::new(client_id),
            fresh: None,
            tainted: false,
            documents: 1,
            synced: false,
            link: None,
            refused: None,
            closed_once: false,
            records: Records::default(),
            waiting: VecDeque::new(),
            commands: Vec::new(),
            commands_revision: 0,
            others: Others::new(client_id),
            events: Vec::new(),
            revision: 0,
            board: OnceCell::new(),
        }
    }

    /// An empty document under a client id that this page has not used.
    pub(crate) fn another_document(&mut self) -> Document {
        let id = mix(self.client_id ^ (self.documents << 32)) as u32;
        self.documents += 1;
        Document::new(u64::from(id).max(1))
    }

    /// Does something: on the board at once, on the server as soon as may be.
    ///
    /// An intent that changes nothing (a card placed where it lies) is taken, and nothing is kept or sent for it.
    ///
    /// # Errors
    /// The reason why it cannot be done now, to be shown. Nothing has changed then.
    pub fn act(&mut self, intent: Intent) -> Result<IntentId, Denied> {
        match intent {
            Intent::Undo => return self.take_back(false),
            Intent::Redo => return self.take_back(true),
            _ => {}
        }
        let actor = self.actor()?;
        let board = self.board();
        let writes = meaning::writes(&intent, &board, actor.participant)?;
        self.document.permit(&actor, &moment(&board), &writes)?;
        let weight = writes.iter().map(Write::weight).sum();
        if weight > self.limits.new_content {
            return Err(Denied::TooMuchAtOnce);
        }
        self.records.room(weight)?;
        let Some(changed) = self.document.write(&writes, None) else { return Ok(self.records.next_id()) };
        Ok(self.keep(intent, writes, changed, None))
    }

    /// Whether [`Replica::act`] would be taken: the same rules that the server asks, for greying out.
    ///
    /// # Errors
    /// The reason why not.
    pub fn may(&self, intent: &Intent) -> Result<(), Denied> {
        match intent {
            Intent::Undo => return self.may_take_back(false),
            Intent::Redo => return self.may_take_back(true),
            _ => {}
        }
        let actor = self.actor()?;
        let board = self.board();
        let writes = meaning::sketch(intent, &board, actor.participant)?;
        self.document.permit(&actor, &moment(&board), &writes)?;
        self.records.room(0)
    }

    /// Takes the own last change back, as far as nobody has built on it. False where there was nothing to take back,
    /// or the rules do not let it: [`Replica::may`] of [`Intent::Undo`] says why.
    pub fn undo(&mut self) -> bool {
        self.take_back(false).is_ok()
    }

    /// Does again what was taken back last. False as in [`Replica::undo`].
    pub fn redo(&mut self) -> bool {
        self.take_back(true).is_ok()
    }

    /// Whether there is something of one's own to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.document.can_undo()
    }

    /// Whether there is something to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.document.can_redo()
    }

    fn may_take_back(&self, redo: bool) -> Result<(), Denied> {
        let actor = self.actor()?;
        let any = if redo { self.document.can_redo() } else { self.document.can_undo() };
        if !any {
            return Err(Denied::NothingToUndo);
        }
        let moment = self.moment();
        for root in self.document.next_touched(redo) {
            timely(&actor, &moment, root)?;
        }
        self.records.room(0)
    }

    fn take_back(&mut self, redo: bool) -> Result<IntentId, Denied> {
        self.may_take_back(redo)?;
        let actor = self.actor()?;
        let moment = self.moment();
        let Some((changed, before, mut writes)) = self.document.take_back(redo) else {
            return Err(Denied::NothingToUndo);
        };
        if let Err(denied) = permit_back(&actor, &moment, &Former(&before), &writes) {
            // What taking back does is known only afterwards. The document now holds what the server would refuse:
            // it shows the old state again, and a fresh one takes its place at the next sync.
            self.document.take_back(!redo);
            self.tainted = true;
            self.changed();
            self.renew();
            return Err(denied.into());
        }
        // Where that is not told by the texts alone, what it did in them cannot be done again elsewhere.
        let untold = writes.iter().find(|write| !write.repeats(&changed)).map(Write::path);
        writes.retain(|write| write.repeats(&changed));
        let intent = if redo { Intent::Redo } else { Intent::Undo };
        Ok(self.keep(intent, writes, changed, untold))
    }

    fn keep(
        &mut self,
        intent: Intent,
        writes: Vec<Write>,
        changed: Changed,
        untold: Option<String>,
    ) -> IntentId {
        let update = changed.update.clone();
        let intent = self.records.keep(intent, writes, changed, untold);
        self.waiting.push_back(Piece { update, intent });
        self.changed();
        intent
    }

    /// Sends a command, and again after each reconnect until it is answered: by [`Event::Done`] or
    /// [`Event::Denied`] with its id.
    ///
    /// # Errors
    /// When too many wait for an answer.
    pub fn command(&mut self, id: MessageId, command: Command) -> Result<(), Denied> {
        let json = typed::command(id, &command);
        let pending = Pending::read(&json);
        if let Some(pending) = &pending {
            // What has not left yet and is said anew need not be said at all.
            let said_anew = |asked: &Asked| {
                !asked.sent && asked.pending.as_ref().is_some_and(|old| old.is_said_by(pending))
            };
            self.commands.retain(|asked| !said_anew(asked));
        }
        if self.commands.len() >= OUTBOX_COMMANDS {
            return Err(Denied::OutboxFull);
        }
        self.commands.push(Asked { id, json, pending, sent: false });
        self.commands_revision += 1;
        Ok(())
    }

    /// Sets the own presence. Sent with the next [`Replica::outgoing`] if it is another; `user` is the server's to
    /// fill in.
    pub fn presence(&mut self, state: Presence) {
        self.others.set(state);
    }

    /// The board as it is here now, own unsaved changes included. Read anew only after a change.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(self.board.get_or_init(|| Arc::new(self.document.board())))
    }

    /// Grows with every change of the board.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn changed(&mut self) {
        self.revision += 1;
        self.board.take();
    }

    /// How the replica stands with the server.
    #[must_use]
    pub fn status(&self) -> Status {
        let connection = match (&self.link, self.refused) {
            (_, Some(code)) => Connection::Refused { code },
            (Some(_), None) if self.is_live() => Connection::Live,
            (Some(_), None) => Connection::Connecting,
            (None, None) if self.closed_once => Connection::Offline,
            (None, None) => Connection::Connecting,
        };
        Status {
            connection,
            unsent: self.records.iter().filter(|record| record.frame.is_none()).count(),
            unsaved: self.records.len(),
            unanswered: self.commands.len(),
            synced: self.synced,
            late: self.records.waiting(self.now) > SAVED_WITHIN_MS,
        }
    }

    /// The others' presence by the server's ids, without the own. Empty without a connection.
    #[must_use]
    pub fn others(&self) -> &BTreeMap<u64, Presence> {
        self.others.shown()
    }

    /// Who this is; none for observers.
    #[must_use]
    pub fn participant(&self) -> Option<ParticipantId> {
        self.participant
    }

    /// What they are now: as the roster says, else as the server's welcome did.
    #[must_use]
    pub fn role(&self) -> Role {
        let board = self.board();
        let person = self.participant.and_then(|id| board.roster.get(&id));
        person.map_or(self.role, |person| person.role)
    }

    /// What the server lets this connection send.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The version of the rules by which the session goes; 0 while the server has not said so.
    #[must_use]
    pub fn rules_version(&self) -> u32 {
        self.rules
    }

    /// The flags that this person has raised: as the server last told, with what it has not answered yet. Nobody else
    /// is told.
    #[must_use]
    pub fn own_flags(&self) -> Vec<OwnFlag> {
        let mut own = self.flags.clone();
        for (project, reason) in self.commands.iter().filter_map(|asked| typed::flags(&asked.json)) {
            own.retain(|flag| flag.project != project);
            own.extend(reason.map(|reason| OwnFlag { project, reason }));
        }
        own
    }

    /// The own part in the current ballot, with what waits to be confirmed; none before the server has told it. Nobody
    /// else is told.
    #[must_use]
    pub fn own_ballot(&self) -> Option<OwnBallot> {
        let mut ballot = self.ballot.clone()?;
        for pending in self.commands.iter().filter_map(|asked| asked.pending.as_ref()) {
            pending.show(&mut ballot);
        }
        Some(ballot)
    }

    /// The items of the own ballot whose answers are not confirmed yet.
    #[must_use]
    pub fn unconfirmed(&self) -> Vec<Item> {
        let item = |asked: &Asked| match &asked.pending {
            Some(Pending::Cast(_, _, item, _)) => Some(item.clone()),
            _ => None,
        };
        self.commands.iter().filter_map(item).collect()
    }

    /// How many have finished in the current round, as the server last told.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        self.progress
    }

    /// Why the server cannot save at the moment, in a sentence; none while it can, and while it cannot be heard.
    #[must_use]
    pub fn not_saving(&self) -> Option<&str> {
        self.not_saving.as_deref()
    }

    fn actor(&self) -> Result<Actor, Denied> {
        let participant = self.participant.ok_or(policy::Denied::ObserverLooksOn)?;
        if self.refused.is_some() {
            return Err(Denied::NotLetIn);
        }
        if !self.synced {
            return Err(Denied::NotLoaded);
        }
        Ok(Actor { participant, role: self.role() })
    }

    /// Where the session stands, as the rules see it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        moment(&self.board())
    }

    /// The server's time at the local time `local_ms`, both in milliseconds since 1970. Good to half a round trip.
    #[must_use]
    pub fn server_now(&self, local_ms: u64) -> u64 {
        local_ms.saturating_add_signed(self.ahead)
    }

    /// What must survive a reload. Keep it whenever [`Replica::outbox_revision`] has changed, before sending what
    /// [`Replica::outgoing`] gives.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        self.records.outbox(self.commands.iter().map(|asked| (asked.id, asked.json.clone())).collect())
    }

    /// Grows with every change of the outbox.
    #[must_use]
    pub fn outbox_revision(&self) -> u64 {
        self.records.revision() + self.commands_revision
    }

    /// Takes up what an earlier page left. It is done again after the first sync, each once: what the server has
    /// already, and what stands on the board already, is not done twice.
    pub fn restore(&mut self, outbox: Outbox) {
        self.records.restore(outbox.next, outbox.records);
        let earlier = outbox.commands.into_iter().map(|(id, json)| {
            let pending = Pending::read(&json);
            Asked { id, json, pending, sent: false }
        });
        self.commands.splice(0..0, earlier);
        self.commands_revision += 1;
        if self.synced {
            self.replay();
        }
    }
}

/// Where a session without a step stands is open: it is what a session without a template has.
fn moment(board: &Board) -> Moment {
    Moment {
        step: board.session.step,
        kind: board.step().map_or(StepKind::Board, |step| step.kind),
        state: board.session.step_state.unwrap_or(StepState::Open),
        locked: board.session.locked,
        closed: board.session.closed,
        only: board.session.focus.filter(|_| board.session.focus_only),
    }
}
