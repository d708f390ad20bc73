//! The task that runs one session.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use plumbline_shared::{
    ids::ParticipantId,
    limits,
    messages::{Limits, PROTOCOL, ServerMessage},
    wire::{CloseCode, Frame},
    words::{Role, StepKind, StepState},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinHandle,
    time::MissedTickBehavior,
};
use yrs::updates::encoder::Encode;

use super::{
    BATCH, CONNECTIONS, ConnectionId, ENTRIES_PER_SNAPSHOT, IDLE, LAST_SAVE, LOGGED_WITHIN, Node,
    PRESENCE_RENEWAL, TICK,
    admission::admitted,
    append::{Saved, append},
    batch::Round,
    connection::{Connection, Latest, typed},
    flags::names,
    following::Following,
    load::Loaded,
    presence::Presences,
    request::{Admitted, Connect, End, Request},
    room::Room,
    trouble::{Trouble, not_saving},
    untold::Untold,
};
use crate::{
    clock::now,
    log::record::Closed,
    metrics::Share,
    session::{Refusal, Session, entry::Shown},
    store::{LogId, StoreError},
};

/// A session that is being run.
pub(super) struct Run {
    pub(super) node: Arc<Node>,
    pub(super) log: LogId,
    pub(super) session: Session,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    pub(super) presences: Presences,
    /// What changes the session and has come up since the round that is being saved was put together.
    pub(super) waiting: VecDeque<Request>,
    /// The round that is being saved.
    pub(super) saving: Option<Saving>,
    /// Updates that have been applied and not sent yet.
    pub(super) unsent: Vec<Vec<u8>>,
    /// Since when the oldest of them waits.
    pub(super) unsent_since: Option<Instant>,
    /// When changes went out last.
    pub(super) sent_at: Instant,
    pub(super) since_snapshot: u64,
    pub(super) snapshot: Option<JoinHandle<()>>,
    pub(super) room: Room,
    pub(super) untold: Untold,
    /// Whether what is in memory cannot be trusted, so that nobody may go on from it.
    pub(super) broken: bool,
    /// Whether presence named no items when it went out last.
    quiet: bool,
    renewed_at: Instant,
    idle_since: Instant,
    /// When flags that were raised are to be published.
    pub(super) flags_due: Option<Instant>,
    /// How many have finished, as it was told last.
    pub(super) told: Option<ServerMessage>,
    /// The erasing of ballots that is under way, and when it is tried again.
    pub(super) erasing: Option<JoinHandle<bool>>,
    pub(super) erase_at: Instant,
    /// Closes of which the records are not in the decision log yet, and when that is tried again.
    pub(super) closes: VecDeque<Closed>,
    pub(super) logging: Option<JoinHandle<VecDeque<Closed>>>,
    pub(super) log_at: Instant,
    /// Who has been connected since the session came to its step.
    pub(super) attended: BTreeSet<ParticipantId>,
    /// Whether what is being saved is stuck, and what was told of that last.
    pub(super) trouble: Trouble,
    pub(super) told_trouble: Option<&'static str>,
    /// Its share of what the node counts.
    share: Share,
    /// What comes from other nodes, where there are some.
    pub(super) following: Option<Following>,
    /// What those who are here are told when the run comes to its end because it is broken.
    pub(super) end_code: CloseCode,
    /// Tokens of which the log is to say that they were used.
    pub(super) used: BTreeSet<Shown>,
    /// Places for frames that wait, here and in the inbox.
    places: Arc<Semaphore>,
}

/// A round on its way into the log.
pub(super) struct Saving {
    pub(super) round: Round,
    pub(super) since: Instant,
    pub(super) attempt: Attempt,
}

type Attempt = Pin<Box<dyn Future<Output = Result<Saved, StoreError>> + Send>>;

impl Run {
    pub(super) fn new(node: Arc<Node>, loaded: Loaded) -> Self {
        let Loaded { session, tail, closes, .. } = loaded;
        let mut run = Self {
            log: LogId::session(session.id().0),
            connections: BTreeMap::new(),
            presences: Presences::since(now()),
            waiting: VecDeque::new(),
            saving: None,
            unsent: Vec::new(),
            unsent_since: None,
            sent_at: Instant::now(),
            since_snapshot: tail,
            snapshot: None,
            room: Room::of(&session),
            untold: Untold::default(),
            broken: false,
            quiet: false,
            renewed_at: Instant::now(),
            idle_since: Instant::now(),
            flags_due: None,
            told: None,
            erasing: None,
            erase_at: Instant::now(),
            closes,
            logging: None,
            log_at: Instant::now(),
            attended: BTreeSet::new(),
            trouble: Trouble::default(),
            told_trouble: None,
            share: node.metrics().share(),
            following: None,
            end_code: CloseCode::Fault,
            used: BTreeSet::new(),
            places: Arc::new(Semaphore::new(BATCH)),
            node,
            session,
        };
        if let Some(shared) = run.node.store().shared() {
            run.following = Some(Following::new(shared.listen(&run.log)));
            run.presences.draw_ids();
        }
        run.quiet = run.is_quiet();
        run
    }

    /// Runs until the session has been idle for long enough, or is told to end.
    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Request>, mut ends: mpsc::Receiver<End>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut requests = Vec::with_capacity(BATCH);
        self.log_closes(LOGGED_WITHIN).await;
        while !self.broken {
            self.begin_saving();
            self.begin_reading();
            let gathered = self.gathered();
            // In this order, so that no rush of requests keeps the session from saving, sending and looking around.
            tokio::select! {
                biased;
                Some(end) = ends.recv() => return self.end(end, &mut inbox).await,
                saved = saved(&mut self.saving) => self.settle(saved).await,
                come = Following::come(&mut self.following) => self.take_from_others(come).await,
                _ = tick.tick() => {
                    self.tick();
                    self.count(inbox.len());
                    self.log_closes(Duration::ZERO).await;
                    if self.is_idle() {
                        self.last_snapshot().await;
                        self.take_leave().await;
                        // What has come up in this moment is not lost: its sender finds nobody and asks anew.
                        return self.node.retire(self.session.id(), &mut inbox);
                    }
                }
                () = due(gathered) => self.fan_out(),
                count = inbox.recv_many(&mut requests, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    for request in requests.drain(..) {
                        self.admit(request);
                    }
                }
            }
        }
        // The log is right, and this is not what it says: no snapshot, and whoever comes back has it loaded anew.
        self.close_all(self.end_code);
        self.take_leave().await;
        self.node.retire(self.session.id(), &mut inbox);
    }

    /// What only reads is dealt with now; what changes something waits for its round.
    fn admit(&mut self, request: Request) {
        match (&mut self.following, request) {
            // Answered from what is in the log now: they may come from a node that has just appended it.
            (Some(following), request @ (Request::Connect(_) | Request::Ask(_))) => {
                following.asking.push(request)
            }
            (_, request) => self.admit_now(request),
        }
    }

    pub(super) fn admit_now(&mut self, request: Request) {
        match request {
            Request::Connect(connect) => self.connect(connect),
            // Whoever asked may have gone.
            Request::Ask(question) => question(&self.session),
            Request::Frame(id, bytes, _) if self.only_reads(id, &bytes) => {
                let mut round = Round::default();
                self.take(&mut round, id, &bytes);
                self.answer_round(round);
            }
            // Nobody is seen who is gone, however long the saving takes. What they sent before is seen to first.
            Request::Disconnect(id) if self.connections.get(&id).is_none_or(|gone| gone.waiting == 0) => {
                self.disconnect(id);
            }
            Request::Frame(id, bytes, place) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.waiting += 1;
                }
                self.waiting.push_back(Request::Frame(id, bytes, place));
            }
            changing => self.waiting.push_back(changing),
        }
    }

    /// Whether a frame changes nothing and nothing that changes something came before it from the same connection.
    fn only_reads(&self, id: ConnectionId, bytes: &[u8]) -> bool {
        let is_first = self.connections.get(&id).is_some_and(|connection| connection.waiting == 0)
            && !self.saving.as_ref().is_some_and(|saving| saving.round.sent.contains(&id));
        let reads =
            matches!(Frame::decode(bytes), Ok(Frame::Step1(_) | Frame::Awareness(_) | Frame::QueryAwareness));
        is_first && reads
    }

    /// Puts the next round together and begins to save it, if nothing is being saved.
    fn begin_saving(&mut self) {
        while self.saving.is_none() && !self.waiting.is_empty() {
            let mut round = self.put_together();
            let entries = std::mem::take(&mut round.entries);
            if entries.is_empty() {
                self.answer_round(round);
                continue;
            }
            let (node, log) = (Arc::clone(&self.node), self.log.clone());
            let trouble = self.trouble.clone();
            let after = self.session.position();
            let attempt = Box::pin(async move { append(&node, &log, entries, after, &trouble).await });
            self.saving = Some(Saving { round, since: Instant::now(), attempt });
        }
    }

    /// Ends: what has come up is saved if that does not take long, everybody is told, and the state is written down.
    async fn end(mut self, end: End, inbox: &mut mpsc::Receiver<Request>) {
        // Of a session that is erased nothing needs to be kept.
        let stays = end.code != CloseCode::NoSuchSession;
        if stays {
            while let Ok(request) = inbox.try_recv() {
                self.admit(request);
            }
            let deadline = tokio::time::Instant::now() + LAST_SAVE;
            while !self.broken {
                self.begin_saving();
                if self.saving.is_none() {
                    break;
                }
                match tokio::time::timeout_at(deadline, saved(&mut self.saving)).await {
                    Ok(saved) => self.settle(saved).await,
                    Err(_) => {
                        tracing::error!(log = %self.log, "ends without what could not be saved in time");
                        break;
                    }
                }
            }
            self.give_up_waiting();
            self.fan_out();
        }
        self.close_all(end.code);
        self.take_leave().await;
        if stays && !self.broken {
            self.log_closes(LAST_SAVE).await;
            // While something is to be erased, the last entries are not put away: by them the next start knows.
            if !self.session.owes_erasing() {
                self.last_snapshot().await;
            }
            self.last_erasing().await;
        }
        inbox.close();
        // Whoever waited may have gone.
        let _ = end.done.send(());
    }

    fn tick(&mut self) {
        if self.renewed_at.elapsed() >= PRESENCE_RENEWAL {
            self.renewed_at = Instant::now();
            self.heed_silence();
            self.presences.renew(self.quiet);
            self.show_presence(true);
        } else {
            self.show_presence(false);
        }
        self.catch_up();
        self.heed_flags();
        self.heed_use();
        self.heed_progress();
        self.heed_erasing();
        self.heed_trouble();
        self.tell_who_waits_too_long();
        let gone: Vec<ConnectionId> = self
            .connections
            .iter_mut()
            .filter_map(|(id, connection)| (connection.is_closing() || connection.is_lost()).then_some(*id))
            .collect();
        for id in gone {
            self.disconnect(id);
        }
        if !self.connections.is_empty() || self.saving.is_some() {
            self.idle_since = Instant::now();
        }
        if self.since_snapshot >= ENTRIES_PER_SNAPSHOT {
            self.begin_snapshot();
        }
    }

    /// Tells the node's metrics what is here and what waits.
    fn count(&mut self, inbox: usize) {
        self.share.connections.set(self.connections.len());
        self.share.inbox.set(inbox);
        self.share.round.set(self.waiting.len());
        self.share.late.set(self.connections.values().filter(|connection| connection.is_late()).count());
        self.share.closes.set(self.closes.len());
        self.share.stuck.set(usize::from(self.told_trouble.is_some()));
    }

    fn is_idle(&self) -> bool {
        self.connections.is_empty()
            && self.waiting.is_empty()
            && self.saving.is_none()
            && self.erasing.is_none()
            && !self.owes_records()
            && self.idle_since.elapsed() >= IDLE
    }

    /// Whether presence names no item now: in a ballot it would tell on people.
    pub(super) fn is_quiet(&self) -> bool {
        let moment = self.session.moment();
        // While confidence is asked, too.
        let asks = moment.kind == StepKind::Commit && moment.state == StepState::Open;
        (moment.kind == StepKind::Ballot && moment.state != StepState::Revealed) || asks
    }

    /// Takes on at once whether presence names items, not with the next renewal.
    pub(super) fn heed_step(&mut self) {
        let quiet = self.is_quiet();
        if quiet != self.quiet {
            self.quiet = quiet;
            self.presences.renew(quiet);
        }
    }

    fn connect(&mut self, connect: Connect) {
        let identity = match admitted(&self.session, &connect.token, now()) {
            Ok(identity) => identity,
            Err(refusal) => {
                let _ = connect.reply.send(Err(refusal));
                return;
            }
        };
        self.note_use(connect.token);
        let elsewhere = self.following.as_ref().map_or(0, |following| following.others.connections());
        if self.connections.len() + elsewhere >= CONNECTIONS {
            tracing::warn!(log = %self.log, "the session takes no more connections");
            let _ = connect.reply.send(Err(Refusal::new(
                "too_many",
                "Too many pages are connected to this session. Close those that nobody needs.",
            )));
            return;
        }
        let member = identity.participant.and_then(|id| self.session.people().get(id));
        let presence = self.presences.make(member);
        let (mut connection, outgoing) = Connection::new(identity, connect.token, connect.typed, presence);
        let id = self.node.next_connection();
        let frame = self.room.frame();
        let spent = connection.spent();
        let places = Arc::clone(&self.places);
        if connect.reply.send(Ok(Admitted { id, outgoing, spent, places, frame })).is_err() {
            self.presences.leave(presence);
            return;
        }
        connection.tell(&welcome(&self.session, &connection));
        if let Some(who) = identity.participant {
            self.attended.insert(who);
            connection.tell_latest(Latest::Flags, self.own_flags(who));
            connection.tell_latest(Latest::Ballot, self.own_ballot(who));
            self.presences.hide(presence, names(&self.session.is_flagging(who)));
            if connect.typed {
                self.untold.take(who).iter().for_each(|message| connection.tell(message));
            }
        }
        let ours = self.session.state_vector().encode_v1();
        connection.say(Frame::Step1(&ours).encode().into());
        connection.show(&self.presences.frame(self.presences.shown(), None).into());
        if self.told_trouble.is_some() {
            connection.tell(&not_saving(self.told_trouble));
        }
        if let Some(told) = &self.told {
            connection.tell_latest(Latest::Progress, typed(told));
        }
        self.connections.insert(id, connection);
        self.idle_since = Instant::now();
        self.is_news();
    }

    pub(super) fn disconnect(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            self.presences.leave(connection.presence);
            self.is_news();
        }
    }

    /// Other nodes are to be told who is here.
    fn is_news(&mut self) {
        if let Some(following) = &mut self.following {
            following.others.is_news = true;
        }
    }

    pub(super) fn close_all(&mut self, code: CloseCode) {
        for connection in self.connections.values_mut() {
            connection.close(code);
        }
    }
}

/// What becomes of the round that is being saved; never, if none is.
async fn saved(saving: &mut Option<Saving>) -> Result<Saved, StoreError> {
    match saving {
        Some(saving) => (&mut saving.attempt).await,
        None => std::future::pending().await,
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

fn welcome(session: &Session, connection: &Connection) -> ServerMessage {
    let facilitates = connection.identity.role == Role::Facilitator;
    ServerMessage::Welcome {
        protocol: PROTOCOL,
        session: session.id(),
        participant: connection.identity.participant,
        role: connection.identity.role,
        presence: connection.presence,
        now: now(),
        limits: Limits {
            new_content: if facilitates { limits::NEW_CONTENT_FACILITATOR } else { limits::NEW_CONTENT },
            updates_per_second: limits::UPDATES_PER_SECOND,
            update_burst: limits::UPDATE_BURST,
            presence: limits::PRESENCE,
        },
        rules: session.rules(),
    }
}
