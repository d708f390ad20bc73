//! Random plans of entries of every kind. A failing seed is named, and is replayed with `PLUMBLINE_SEED=seed`;
//! `PLUMBLINE_PLANS` says how many are run.

use plumbline::{
    session::{
        Ahead, Examined, Session,
        entry::{Body, By, Entry, Founded, Joined, Origin, PillarRow, Row, Shown, Whose},
    },
    store::Position,
};
use plumbline_shared::{
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId, StepId},
    limits,
    messages::{Command, Seen},
    order,
    policy::VERSION,
    words::{Role, StepKind},
};
use uuid::Uuid;
use yrs::{
    Any, Doc, Map, MapPrelim, OffsetKind, Options, Out, ReadTxn, StateVector, Text, TextPrelim, Transact,
    TransactionMut, Update, WriteTxn, updates::decoder::Decode,
};

/// How many plans are run where no seed is given.
const PLANS: u64 = 60;
/// Entries of one plan.
const ENTRIES: u64 = 120;
/// People of one plan, the facilitator included.
const PEOPLE: usize = 4;

/// A generator that is its seed and nothing else (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { Some(&list[self.below(list.len())]) }
    }
}

struct Plan {
    chance: Chance,
    session: Session,
    log: Vec<(Position, Entry)>,
    people: Vec<ParticipantId>,
    docs: Vec<Doc>,
    at: u64,
}

impl Plan {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let facilitator = ParticipantId(chance.id());
        let founded = Founded {
            session: SessionId(chance.id()),
            title: "A plan".into(),
            rules: VERSION,
            facilitator,
            name: "Fay".into(),
            facilitator_token: [1; 32],
            observer_token: [2; 32],
            step: StepId(chance.id()),
            step_title: "Sort".into(),
            steps: Vec::new(),
            demonstration: false,
        };
        let entry = Entry { origin: Origin(Uuid::from_u128(1)), sequence: 1, body: Body::Founded(founded) };
        let position = Position { at: 1_000, n: 0 };
        let session = Session::found(position, &entry).unwrap().0;
        let mut plan = Self {
            chance,
            session,
            log: vec![(position, entry)],
            people: vec![facilitator],
            docs: Vec::new(),
            at: 1_000,
        };
        while plan.people.len() < PEOPLE {
            let who = ParticipantId(plan.chance.id());
            plan.append(joined(who, "Ana"));
            plan.people.push(who);
        }
        for n in 0..PEOPLE {
            plan.docs.push(document(10 + n as u64));
        }
        plan
    }

    fn run(&mut self) {
        for _ in 0..ENTRIES {
            match self.chance.below(14) {
                0 => self.receive(),
                1 => self.import(),
                2 => self.command(),
                3 => self.manage(),
                4 => self.repeat(),
                _ => self.work(),
            }
        }
    }

    fn append(&mut self, body: Body) {
        // Sometimes in the same millisecond, and sometimes the clock is set back.
        self.at += self.chance.below(3) as u64;
        let last = self.log.last().unwrap().0;
        let position = last.next(self.at - self.chance.below(2) as u64);
        let entry = Entry { origin: Origin(Uuid::from_u128(1)), sequence: self.log.len() as u64 + 1, body };
        // What is folded is what can be read back.
        let entry = Entry::from_bytes(&entry.to_bytes()).unwrap();
        self.session.apply(position, &entry).unwrap();
        self.log.push((position, entry));
    }

    /// Somebody's document takes in the board; at another time, so that people work on what is old.
    fn receive(&mut self) {
        let n = self.chance.below(PEOPLE);
        let update = self.session.since(&StateVector::default());
        if self.chance.below(4) == 0 {
            // A reload: another client id, and what was not sent is lost.
            self.docs[n] = document(self.chance.next() >> 32);
        }
        apply(&self.docs[n], &update);
    }

    fn work(&mut self) {
        let n = self.chance.below(PEOPLE);
        let (kind, pick, id) = (self.chance.below(9), self.chance.next(), self.chance.id().to_string());
        let by = self.people[n];
        let update = change(&self.docs[n], |txn| {
            let mut chance = Chance(pick);
            let keys = |txn: &TransactionMut<'_>, root: &str| {
                let mut keys: Vec<String> =
                    txn.get_map(root).map_or_else(Vec::new, |map| map.keys(txn).map(str::to_owned).collect());
                keys.sort();
                keys
            };
            let (projects, pillars, notes) =
                (keys(txn, "projects"), keys(txn, "pillars"), keys(txn, "notes"));
            match kind {
                0..=2 => {
                    let Some(project) = chance.of(&projects) else { return };
                    let pile = chance.of(&pillars).map_or("off", String::as_str);
                    let value: Vec<Any> = vec![pile.into(), order::between(None, None).into()];
                    txn.get_or_insert_map("placements").insert(txn, project.as_str(), value);
                }
                3 => {
                    let map =
                        txn.get_or_insert_map("projects").insert(txn, id.as_str(), MapPrelim::default());
                    map.insert(txn, "name", "New");
                    map.insert(txn, "added_by", by.to_string());
                }
                4 => {
                    let map = txn.get_or_insert_map("notes").insert(txn, id.as_str(), MapPrelim::default());
                    map.insert(txn, "author", by.to_string());
                    map.insert(txn, "text", TextPrelim::new("Some words"));
                }
                5 | 6 => {
                    let Some(note) = chance.of(&notes) else { return };
                    let Some(Out::YMap(map)) = txn.get_or_insert_map("notes").get(txn, note) else { return };
                    let Some(Out::YText(text)) = map.get(txn, "text") else { return };
                    let length = text.len(txn);
                    if chance.below(3) == 0 && length > 1 {
                        let at = u32::try_from(chance.below(length as usize - 1)).unwrap();
                        text.remove_range(txn, at, 1);
                    } else {
                        let at = u32::try_from(chance.below(length as usize + 1)).unwrap();
                        text.insert(txn, at, "xyz");
                    }
                }
                7 => {
                    let root = ["notes", "projects", "placements", "pillars"][chance.below(4)];
                    let found = keys(txn, root);
                    let Some(key) = chance.of(&found) else { return };
                    txn.get_or_insert_map(root).remove(txn, key);
                }
                _ => {
                    let Some(project) = chance.of(&projects) else { return };
                    let Some(Out::YMap(map)) = txn.get_or_insert_map("decisions").get(txn, project) else {
                        return;
                    };
                    map.insert(txn, "verdict", ["move", "wait", "stop"][chance.below(3)]);
                }
            }
        });
        match self.session.examine(&mut Ahead::default(), by, &update, limits::BOARD) {
            Examined::Pass(update) => self.append(Body::Update { by, update: update.into() }),
            Examined::Nothing => {}
            Examined::Gap | Examined::Refused(_) => {
                // As an honest client does: it drops its document and begins anew.
                self.docs[n] = document(self.chance.next() >> 32);
                let board = self.session.since(&StateVector::default());
                apply(&self.docs[n], &board);
            }
        }
    }

    fn import(&mut self) {
        let by = self.people[0];
        if self.chance.below(3) == 0 {
            let rows = (0..3).map(|n| pillar(PillarId(self.chance.id()), &format!("Pillar {n}"))).collect();
            return self.append(Body::PillarsImported { by, rows });
        }
        let rows = (0..4)
            .map(|_| {
                let (id, name) = (ProjectId(self.chance.id()), self.chance.below(12));
                row(id, &format!("Project {name}"), self.chance.below(2) == 0)
            })
            .collect();
        self.append(Body::Imported { by, rows, currency: Some("EUR".into()), file: None });
    }

    fn command(&mut self) {
        let info = self.session.board();
        let step = info.session.step.unwrap();
        let seen = Seen { step, round: info.session.round };
        let command = match self.chance.below(9) {
            7 => return self.flag(),
            8 => return self.merge(),
            0 => Command::Lock { seen, locked: true },
            1 | 2 => Command::Lock { seen, locked: false },
            3 => Command::Timer { seen, seconds: u32::try_from(self.chance.below(100_000)).unwrap() },
            4 => {
                let kind = StepKind::ALL[self.chance.below(StepKind::ALL.len())];
                self.add_step(kind);
                let agenda = self.session.board().agenda;
                Command::GoTo { seen, step: self.chance.of(&agenda).unwrap().id }
            }
            5 => Command::Close { seen },
            _ => Command::Resume { seen },
        };
        self.say(&command);
    }

    fn add_step(&mut self, kind: StepKind) {
        let id = self.chance.id().to_string();
        let doc = document(self.chance.next() >> 32);
        apply(&doc, &self.session.since(&StateVector::default()));
        let update = change(&doc, |txn| {
            let map = txn.get_or_insert_map("agenda").insert(txn, id, MapPrelim::default());
            map.insert(txn, "kind", kind.as_str());
            map.insert(txn, "order", order::between(None, None));
        });
        let by = self.people[0];
        if let Examined::Pass(update) =
            self.session.examine(&mut Ahead::default(), by, &update, limits::BOARD)
        {
            self.append(Body::Update { by, update: update.into() });
        }
    }

    fn flag(&mut self) {
        let projects: Vec<ProjectId> = self.session.board().projects.into_keys().collect();
        for _ in 0..3 {
            let Some(project) = self.chance.of(&projects).copied() else { return };
            let reason = (self.chance.below(4) > 0).then(|| format!("Reason {}", self.chance.below(9)));
            let by = self.people[self.chance.below(PEOPLE)];
            self.say_as(by, &Command::Flag { project, reason });
        }
        self.at += 12_000 * self.chance.below(2) as u64;
        let seed = self.chance.next();
        self.append(Body::FlagsPublished { seed });
    }

    fn merge(&mut self) {
        let projects: Vec<ProjectId> = self.session.board().projects.into_keys().collect();
        if let (Some(from), Some(into)) = (self.chance.of(&projects), self.chance.of(&projects)) {
            self.say(&Command::MergeProjects { from: *from, into: *into });
        }
        let from = ParticipantId(self.chance.id());
        self.append(joined(from, "Twice"));
        if let Some(project) = self.chance.of(&projects) {
            self.say_as(from, &Command::Flag { project: *project, reason: Some(String::new()) });
        }
        let into = self.people[self.chance.below(PEOPLE)];
        self.say(&Command::Merge { from, into });
        self.say(&Command::Person { name: "No device".into() });
    }

    fn say(&mut self, command: &Command) {
        self.say_as(self.people[0], command);
    }

    fn say_as(&mut self, by: ParticipantId, command: &Command) {
        let body = Body::Commanded {
            by,
            message: MessageId(self.chance.id()),
            json: serde_json::to_string(command).unwrap(),
        };
        self.append(body);
    }

    fn manage(&mut self) {
        let participant = self.people[self.chance.below(PEOPLE)];
        let token = [u8::try_from(self.chance.below(200)).unwrap() + 3; 32];
        // The facilitators' link is nobody else's, and opens the first one's seat.
        let (by, with) = (Some(By(self.people[0])), Some(Shown([1; 32])));
        match self.chance.below(9) {
            6 => {
                let new = [u8::try_from(self.chance.below(200)).unwrap() + 3; 32];
                self.append(Body::Entered { link: token, token: new });
            }
            7 => self.append(Body::Left { token }),
            8 => self.append(Body::Used { tokens: vec![Shown(token), Shown([1; 32])] }),
            0 => self.append(Body::Linked { participant, token, with }),
            1 => self.append(Body::Rotated { whose: Whose::Participant(participant), token, by, with }),
            2 => self.append(Body::Rotated { whose: Whose::Observer, token, by, with }),
            3 => {
                let role = Role::ALL[self.chance.below(Role::ALL.len())];
                self.say(&Command::Name { participant, role });
            }
            4 => self.say(&Command::Rename { participant, name: " \u{2003}Somebody else\u{3000}".into() }),
            _ => {
                let who = ParticipantId(self.chance.id());
                self.append(joined(who, "Late"));
                self.say(&Command::Remove { participant: who });
            }
        }
    }

    /// An append whose answer was lost, and that was made again.
    fn repeat(&mut self) {
        let (_, entry) = self.log[self.chance.below(self.log.len())].clone();
        let position = self.log.last().unwrap().0.next(self.at);
        self.session.apply(position, &entry).unwrap();
        self.log.push((position, entry));
    }

    /// Folds the log anew, from its start and from a snapshot at some places, and compares.
    fn check(&mut self, seed: u64) {
        let canonical = self.session.canonical().unwrap();
        for _ in 0..6 {
            let cut = self.chance.below(self.log.len());
            let (position, entry) = &self.log[0];
            let mut session = Session::found(*position, entry).unwrap().0;
            for (at, (position, entry)) in self.log.iter().enumerate().skip(1) {
                if at == cut {
                    session = Session::restore(&session.canonical().unwrap()).unwrap();
                }
                session.apply(*position, entry).unwrap();
            }
            assert!(
                session.canonical().unwrap() == canonical,
                "PLUMBLINE_SEED={seed}: another state from a snapshot at {cut} of {}",
                self.log.len()
            );
            assert_eq!(session.board(), self.session.board(), "PLUMBLINE_SEED={seed}");
        }
    }
}

fn document(client: u64) -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(client))
    })
}

fn apply(doc: &Doc, update: &[u8]) {
    doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
}

fn change(doc: &Doc, change: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
    let mut txn = doc.transact_mut();
    change(&mut txn);
    txn.encode_update_v1()
}

fn joined(participant: ParticipantId, name: &str) -> Body {
    let token = [u8::try_from(participant.0.as_u128() % 251).unwrap(); 32];
    Body::Joined(Joined {
        participant,
        name: name.into(),
        function: String::new(),
        role: Role::Participant,
        token,
        by: None,
    })
}

fn pillar(id: PillarId, name: &str) -> PillarRow {
    PillarRow {
        id,
        name: name.into(),
        intent: String::new(),
        goals: vec!["One".into()],
        measure: String::new(),
        rules_out: String::new(),
        owner: String::new(),
        colour: String::new(),
    }
}

fn row(id: ProjectId, name: &str, is_referenced: bool) -> Row {
    Row {
        id,
        name: name.into(),
        summary: String::new(),
        sponsor: "Somebody".into(),
        owner: String::new(),
        origin: "pet".into(),
        cost: Some(-7),
        people: None,
        reference: if is_referenced { name.into() } else { String::new() },
        more: vec![("Heading".into(), "Text".into())],
    }
}

#[test]
fn one_log_gives_one_state_whoever_folds_it_and_from_whichever_snapshot() {
    let seeds = match std::env::var("PLUMBLINE_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("PLUMBLINE_SEED is a number");
            seed..seed + 1
        }
        Err(_) => 0..std::env::var("PLUMBLINE_PLANS").map_or(PLANS, |plans| plans.parse().expect("a number")),
    };
    for seed in seeds {
        let mut plan = Plan::new(seed);
        plan.run();
        plan.check(seed);
    }
}
