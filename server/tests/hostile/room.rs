//! One session, three people in it, and one of them is hostile.

use std::time::Instant;

use plumbline::{
    session::{
        Ahead, Done, Examined, Outcome, Session,
        entry::{Body, Entry, Founded, Joined, Origin, PillarRow, Row},
    },
    store::Position,
};
use plumbline_shared::{
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId, StepId},
    limits,
    messages::{Command, Seen},
    order,
    policy::VERSION,
    words::Role,
};
use serde_json::Value;
use uuid::Uuid;
use yrs::{Any, Doc, Map, MapPrelim, ReadTxn, StateVector, Transact, WriteTxn, merge_updates_v1};

use crate::{
    HEAP, Report,
    chance::Chance,
    frames,
    judgement::{Owned, Stance, forbidden},
    people::{Deed, change, document, json, keys, receive, whole},
    sources::{self, Known},
};

const FACILITATOR: ParticipantId = ParticipantId(Uuid::from_u128(10));
/// Whose notes and cards others are after.
const VICTIM: ParticipantId = ParticipantId(Uuid::from_u128(11));
/// Somebody who works on beside all of it.
const HONEST: ParticipantId = ParticipantId(Uuid::from_u128(12));
const HOSTILE: ParticipantId = ParticipantId(Uuid::from_u128(13));
/// The victim's client id.
const VICTIMS_CLIENT: u64 = 77;
const PROJECTS: u128 = 12;
const PILLARS: u128 = 3;
/// Updates that are kept to be damaged and sent again.
const KEPT: usize = 48;

/// A session, what everybody's page holds, and what is known of it.
pub(crate) struct Room {
    chance: Chance,
    session: Session,
    sequence: u64,
    stance: Stance,
    /// The honest one's page: what everybody sees.
    page: Doc,
    /// What stands on the board, as that page shows it.
    stands: Value,
    owned: Owned,
    /// Updates to be damaged.
    updates: Vec<Vec<u8>>,
    /// Updates that everybody has.
    sent: Vec<Vec<u8>>,
    /// The hostile one's client ids.
    own: Vec<u64>,
}

impl Room {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let stance = Stance::ALL[usize::try_from(seed).unwrap() % Stance::ALL.len()];
        let founded = Founded {
            session: SessionId(Uuid::from_u128(2)),
            title: "A room".into(),
            rules: VERSION,
            facilitator: FACILITATOR,
            name: "Facilitator".into(),
            facilitator_token: [1; 32],
            observer_token: [2; 32],
            step: StepId(Uuid::from_u128(3)),
            step_title: "Sort together".into(),
            steps: Vec::new(),
            demonstration: false,
        };
        let entry = Entry { origin: Origin(Uuid::from_u128(1)), sequence: 1, body: Body::Founded(founded) };
        let (session, _) = Session::found(Position { at: 1, n: 0 }, &entry).unwrap();
        let page = document(1 + (chance.draw() >> 40));
        let mut room = Self {
            chance,
            session,
            sequence: 1,
            stance: Stance::Board,
            page,
            stands: Value::Null,
            owned: Owned::default(),
            updates: Vec::new(),
            sent: Vec::new(),
            own: Vec::new(),
        };
        room.furnish();
        room.take_up(stance);
        room.page = document(1 + (room.chance.draw() >> 40));
        receive(&room.page, &room.session.since(&StateVector::default()));
        room.stands = json(&room.page);
        room.updates.push(whole(&room.page));
        room
    }

    fn furnish(&mut self) {
        for who in [VICTIM, HONEST, HOSTILE] {
            self.done(Body::Joined(Joined {
                participant: who,
                name: format!("Person {}", who.0.as_u128()),
                function: String::new(),
                role: Role::Participant,
                token: [u8::try_from(who.0.as_u128()).unwrap(); 32],
                by: None,
            }));
        }
        let text = String::new;
        let rows = (0..PILLARS).map(|n| PillarRow {
            id: PillarId(Uuid::from_u128(300 + n)),
            name: format!("Pillar {n}"),
            intent: text(),
            goals: Vec::new(),
            measure: text(),
            rules_out: text(),
            owner: text(),
            colour: text(),
        });
        self.done(Body::PillarsImported { by: FACILITATOR, rows: rows.collect() });
        let rows = (0..PROJECTS).map(|n| Row {
            id: ProjectId(Uuid::from_u128(200 + n)),
            name: format!("Project {n}"),
            summary: text(),
            sponsor: "Somebody".into(),
            owner: text(),
            origin: "planned".into(),
            cost: Some(7),
            people: None,
            reference: format!("R-{n}"),
            more: Vec::new(),
        });
        self.done(Body::Imported { by: FACILITATOR, rows: rows.collect(), currency: None, file: None });
        let victim = document(VICTIMS_CLIENT);
        receive(&victim, &self.session.since(&StateVector::default()));
        for deed in [Deed::AddNote, Deed::AddNote, Deed::AddProject, Deed::Place, Deed::Place, Deed::Write] {
            let update = deed.by(&VICTIM.0.to_string(), &victim, &mut self.chance);
            self.updates.push(update.clone());
            self.pass(VICTIM, &update);
        }
        let project = ProjectId(Uuid::from_u128(200));
        self.say(VICTIM, &Command::Flag { project, reason: Some("Who asked for it?".into()) });
        self.done(Body::FlagsPublished { seed: 7 });
    }

    /// Has the facilitator bring the session to where it is to be.
    fn take_up(&mut self, stance: Stance) {
        let kind = match stance {
            Stance::Ballot => "ballot",
            Stance::Gather => "gather",
            Stance::Decide => "decide",
            Stance::Board | Stance::Locked | Stance::Closed => "board",
        };
        let step = StepId(Uuid::from_u128(4));
        let page = document(99);
        receive(&page, &self.session.since(&StateVector::default()));
        let planned = change(&page, |txn| {
            let map = txn.get_or_insert_map("agenda").insert(txn, step.to_string(), MapPrelim::default());
            map.insert(txn, "kind", kind);
            if stance == Stance::Ballot {
                map.insert(txn, "question", "placement");
            }
            map.insert(txn, "title", "What comes next");
            map.insert(txn, "minutes", 10);
            map.insert(txn, "options", Any::from(Vec::<Any>::new()));
            map.insert(txn, "order", order::between(None, None));
        });
        self.pass(FACILITATOR, &planned);
        self.drive(|seen| Command::GoTo { seen, step });
        match stance {
            Stance::Locked => self.drive(|seen| Command::Lock { seen, locked: true }),
            Stance::Ballot => self.drive(|seen| Command::Open { seen }),
            Stance::Closed => self.drive(|seen| Command::Close { seen }),
            Stance::Board | Stance::Gather | Stance::Decide => {}
        }
        self.stance = stance;
    }

    fn drive(&mut self, command: impl FnOnce(Seen) -> Command) {
        let board = self.session.board();
        let seen = Seen { step: board.session.step.unwrap(), round: board.session.round };
        self.say(FACILITATOR, &command(seen));
    }

    fn say(&mut self, by: ParticipantId, command: &Command) {
        let message = MessageId(Uuid::from_u64_pair(self.chance.draw(), self.chance.draw()));
        let json = serde_json::to_string(command).unwrap();
        self.done(Body::Commanded { by, message, json });
    }

    fn append(&mut self, body: Body) -> Outcome {
        self.sequence += 1;
        let entry = Entry { origin: Origin(Uuid::from_u128(1)), sequence: self.sequence, body };
        let entry = Entry::from_bytes(&entry.to_bytes()).unwrap();
        self.session.apply(Position { at: self.sequence, n: 0 }, &entry).unwrap()
    }

    fn done(&mut self, body: Body) -> Done {
        match self.append(body) {
            Outcome::Done(done) => done,
            other => panic!("not done: {other:?}"),
        }
    }

    /// Appends and applies what must pass.
    fn pass(&mut self, by: ParticipantId, update: &[u8]) -> Done {
        match self.session.examine(&mut Ahead::default(), by, update, limits::BOARD) {
            Examined::Pass(update) => self.done(Body::Update { by, update: update.into() }),
            other => panic!("what is honest is {other:?} in {:?}", self.stance),
        }
    }

    /// Something happens.
    pub(crate) fn turn(&mut self, report: &mut Report) {
        match self.chance.below(40) {
            0 => self.honest_beside(report),
            1..3 => self.honest_themselves(report),
            3 => self.harmless(report),
            4..7 => self.frame(report),
            7..13 => {
                let update = sources::forged(&self.known(), &mut self.chance);
                let fate = self.offer(&update, report);
                let accepted = matches!(fate, "accepted" | "taken back");
                assert!(!accepted, "what is forged is {fate} in {:?}: {update:02x?}", self.stance);
                self.keep(update);
            }
            13..20 => {
                let update = sources::generated(&self.known(), &mut self.chance);
                self.offer(&update, report);
                self.keep(update);
            }
            20..28 => {
                let update = sources::likely(&self.known(), &HOSTILE.0.to_string(), &mut self.chance);
                self.keep(update.clone());
                if self.chance.percent(50) {
                    self.offer(&update, report);
                }
            }
            _ => {
                let update = sources::damage(&self.updates, &mut self.chance);
                self.offer(&update, report);
            }
        }
    }

    /// The hostile one offers an update. What becomes of it is judged by what stands on the board.
    fn offer(&mut self, update: &[u8], report: &mut Report) -> &'static str {
        let (held, begun) = (start(), Instant::now());
        let examined = self.session.examine(&mut Ahead::default(), HOSTILE, update, limits::BOARD);
        let Examined::Pass(admitted) = examined else {
            let fate = match examined {
                Examined::Nothing => "nothing new",
                Examined::Gap => "incomplete",
                _ => "refused",
            };
            report.add(fate, peak_since(held), begun.elapsed());
            // Should it stand in the log all the same, nothing comes of it there either. (Of what only looks like a deletion
            // something may: logs are judged as ever, and it does not get into one any more.)
            let is_judged_alike =
                !matches!(examined, Examined::Refused(refusal) if refusal.code == "occupied");
            if is_judged_alike && self.chance.percent(10) {
                let outcome = self.append(Body::Update { by: HOSTILE, update: update.to_vec().into() });
                assert!(!matches!(outcome, Outcome::Done(_)), "what was {fate} was done: {outcome:?}");
                assert_eq!(self.session.state_vector(), self.page.transact().state_vector());
            }
            return fate;
        };
        let done = self.append(Body::Update { by: HOSTILE, update: admitted.clone().into() });
        let (peak, took) = (peak_since(held), begun.elapsed());
        let Outcome::Done(done) = done else { panic!("what was admitted is {done:?} when it is folded") };
        let fate = if done.taken_back.is_empty() { "accepted" } else { "taken back" };
        report.add(fate, peak, took);
        self.take_in(&done.update, &HOSTILE.0.to_string());
        // Whoever sends it again has said nothing new.
        let again = self.session.examine(&mut Ahead::default(), HOSTILE, &admitted, limits::BOARD);
        assert!(matches!(again, Examined::Nothing), "{again:?}");
        self.own = self
            .page
            .transact()
            .state_vector()
            .iter()
            .map(|(client, _)| client.get())
            .filter(|client| *client != VICTIMS_CLIENT && *client != sources::SERVER && *client != 99)
            .collect();
        fate
    }

    /// Everybody's page gets what was done by `who`, and nothing stands there that they may not have brought about.
    fn take_in(&mut self, update: &[u8], who: &str) {
        receive(&self.page, update);
        let now = json(&self.page);
        if let Some(what) = forbidden(&self.stands, &now, who, self.stance, &mut self.owned) {
            panic!("in {:?}: {what}", self.stance);
        }
        self.stands = now;
        if self.sent.len() < KEPT {
            self.sent.push(update.to_vec());
        } else {
            let at = self.chance.below(KEPT);
            self.sent[at] = update.to_vec();
        }
    }

    /// Somebody honest works on beside all of it, with a page that was open all the time.
    fn honest_beside(&mut self, report: &mut Report) {
        let copy = document(1 + (self.chance.draw() >> 33));
        receive(&copy, &whole(&self.page));
        self.honest(HONEST, &copy, report);
    }

    /// The hostile one does something that anybody may.
    fn honest_themselves(&mut self, report: &mut Report) {
        let copy = document(1 + (self.chance.draw() >> 33));
        receive(&copy, &whole(&self.page));
        let update = self.honest(HOSTILE, &copy, report);
        self.keep(update);
    }

    fn honest(&mut self, who: ParticipantId, copy: &Doc, report: &mut Report) -> Vec<u8> {
        let deed = Deed::any(&mut self.chance);
        let update = deed.by(&who.0.to_string(), copy, &mut self.chance);
        let may = match deed {
            Deed::Place => self.stance.places(),
            Deed::AddProject => self.stance.adds(),
            Deed::AddNote | Deed::Write => self.stance.notes(),
        };
        if update == [0, 0] {
            return update;
        }
        let begun = Instant::now();
        if may || deed == Deed::Place {
            let done = self.pass(who, &update);
            assert_eq!(done.taken_back.is_empty(), may, "{deed:?} in {:?}: {done:?}", self.stance);
            report.add("honest", 0, begun.elapsed());
            if who == HOSTILE {
                self.take_in(&done.update, &who.0.to_string());
            } else {
                receive(&self.page, &done.update);
                self.stands = json(&self.page);
            }
            receive(copy, &done.update);
            assert_eq!(json(copy), self.stands, "who did it sees something else");
        } else {
            let examined = self.session.examine(&mut Ahead::default(), who, &update, limits::BOARD);
            assert!(matches!(examined, Examined::Refused(_)), "{deed:?} in {:?}: {examined:?}", self.stance);
            report.add("refused", 0, begun.elapsed());
        }
        update
    }

    /// What honest clients send that is no change: it is neither refused nor does anything come of it.
    fn harmless(&mut self, report: &mut Report) {
        let update = match self.chance.below(4) {
            0 => whole(&self.page),
            1 if !self.sent.is_empty() => self.chance.pick(&self.sent).clone(),
            2 if self.sent.len() > 1 => {
                let (one, other) =
                    (self.chance.pick(&self.sent).clone(), self.chance.pick(&self.sent).clone());
                merge_updates_v1([&one, &other]).unwrap()
            }
            _ => {
                // Somebody whose page is old says what they believe the server lacks.
                let mut known = StateVector::default();
                for (client, clock) in self.page.transact().state_vector().iter() {
                    let below = self.chance.below(*clock as usize + 1);
                    known.set_max(*client, u32::try_from(below).unwrap());
                }
                self.page.transact().encode_state_as_update_v1(&known)
            }
        };
        let begun = Instant::now();
        let examined = self.session.examine(&mut Ahead::default(), HOSTILE, &update, limits::BOARD);
        assert!(matches!(examined, Examined::Nothing), "what everybody has is {examined:?}");
        report.add("harmless", 0, begun.elapsed());
    }

    fn frame(&mut self, report: &mut Report) {
        let frame = frames::frame(&mut self.chance, &self.updates);
        let (held, begun) = (start(), Instant::now());
        frames::read(&frame);
        report.add("read", peak_since(held), begun.elapsed());
    }

    fn keep(&mut self, update: Vec<u8>) {
        if self.updates.len() < KEPT {
            self.updates.push(update);
        } else {
            let at = self.chance.below(KEPT);
            self.updates[at] = update;
        }
    }

    fn known(&mut self) -> Known {
        let clocks = self.page.transact().state_vector();
        let mut clocks: Vec<(u64, u64)> =
            clocks.iter().map(|(client, next)| (client.get(), u64::from(*next))).collect();
        clocks.sort_unstable();
        Known {
            clocks,
            fresh: 1 + (self.chance.draw() >> 33),
            own: self.own.clone(),
            others: VICTIMS_CLIENT,
            projects: keys(&self.page, "projects"),
            pillars: keys(&self.page, "pillars"),
            notes: keys(&self.page, "notes"),
        }
    }

    /// Everybody leaves: the state survives its own encoding, and who opens the board now sees what the others saw.
    pub(crate) fn leave(&mut self) {
        let canonical = self.session.canonical().unwrap();
        let again = Session::restore(&canonical).unwrap();
        assert!(again.canonical().unwrap() == canonical, "the state does not settle");
        let newcomer = document(5);
        receive(&newcomer, &again.since(&StateVector::default()));
        assert_eq!(json(&newcomer), self.stands, "a newcomer sees something else");
    }
}

/// What is held now; the peak is counted from here on.
fn start() -> usize {
    HEAP.reset_peak_usage();
    HEAP.current_usage()
}

/// How much more than `held` there was at any moment since.
fn peak_since(held: usize) -> usize {
    HEAP.peak_usage().saturating_sub(held)
}
