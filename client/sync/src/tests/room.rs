//! Pages around a relay: who is connected, and what is under way.

use std::collections::VecDeque;

use plumbline_shared::{
    board::Pile,
    ids::{ParticipantId, PillarId, ProjectId, StepId},
    order,
    schema::{RATIONALE, Root},
    words::Role,
};
use uuid::Uuid;
use yrs::{Any, Map, Out, TextPrelim};

use super::relay::{Relay, set_session};
use crate::{Event, Intent, IntentId, Options, Outbox, Replica, Status, testing::Chance};

pub(super) fn project(n: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0001_0000 + n))
}

pub(super) fn pillar(n: u128) -> PillarId {
    PillarId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0002_0000 + n))
}

pub(super) fn person(n: usize) -> ParticipantId {
    ParticipantId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0003_0000 + n as u128))
}

pub(super) fn step() -> StepId {
    StepId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0004_0000))
}

pub(super) fn place(n: u128, pile: Pile) -> Intent {
    Intent::Place { projects: vec![project(n)], pile, before: None }
}

pub(super) fn rename(n: u128, name: &str) -> Intent {
    Intent::EditProject { id: project(n), field: "name".to_owned(), value: name.into() }
}

pub(super) struct Page {
    pub(super) replica: Replica,
    pub(super) events: Vec<Event>,
    up: VecDeque<Vec<u8>>,
    connected: bool,
    /// Whose it is.
    who: usize,
}

pub(super) struct Room {
    pub(super) relay: Relay,
    pub(super) pages: Vec<Page>,
    pub(super) now: u64,
    loads: u64,
}

impl Room {
    /// A session with an open board step; page 0 is the facilitator's. Nobody is connected yet.
    pub(super) fn new(pages: usize, projects: u128, pillars: u128) -> Self {
        let mut relay = Relay::new();
        let text = |text: &str| Any::from(text);
        let id = step().0;
        relay.entry(
            Root::Agenda,
            id,
            &[("kind", text("board")), ("title", text("Sort")), ("order", text("80"))],
        );
        set_session(&mut relay, "step", id.to_string());
        set_session(&mut relay, "round", 1.0);
        set_session(&mut relay, "step_state", "open");
        for (n, key) in (0..pillars).zip(order::sequence(pillars as usize)) {
            let name = format!("Pillar {n}");
            relay.entry(Root::Pillars, pillar(n).0, &[("name", name.into()), ("order", key.into())]);
        }
        for n in 0..projects {
            relay.entry(Root::Projects, project(n).0, &[("name", format!("Project {n}").into())]);
            relay.entry(Root::Decisions, project(n).0, &[]);
            // As the server does: the text is there before anybody writes in it.
            relay.write(|txn, roots| {
                if let Some(Out::YMap(decision)) = roots(Root::Decisions).get(txn, &project(n).to_string()) {
                    decision.insert(txn, RATIONALE, TextPrelim::new(""));
                }
            });
        }
        for page in 0..pages {
            let role = if page == 0 { "facilitator" } else { "participant" };
            relay.entry(Root::Roster, person(page).0, &[("name", text("Somebody")), ("role", text(role))]);
        }
        let mut room = Self { relay, pages: Vec::new(), now: 1_000_000, loads: 0 };
        for page in 0..pages {
            let page = room.load(page);
            room.pages.push(page);
        }
        room
    }

    /// The same, with everybody connected and synced.
    pub(super) fn live(pages: usize, projects: u128, pillars: u128) -> Self {
        let mut room = Self::new(pages, projects, pillars);
        room.connect_all();
        room.settle();
        for page in &mut room.pages {
            page.events.clear();
        }
        room
    }

    fn role(page: usize) -> Role {
        if page == 0 { Role::Facilitator } else { Role::Participant }
    }

    fn load(&mut self, page: usize) -> Page {
        self.loads += 1;
        let client_id = crate::mix::mix(self.loads) & 0xffff_ffff;
        let options = Options { client_id, participant: Some(person(page)), role: Self::role(page) };
        let mut replica = Replica::new(options);
        replica.tick(self.now);
        Page { replica, events: Vec::new(), up: VecDeque::new(), connected: false, who: page }
    }

    pub(super) fn connect(&mut self, page: usize) {
        if !self.pages[page].connected {
            let who = self.pages[page].who;
            self.relay.connect(page, Some(person(who)), Self::role(who), self.now + 500);
            let state = &mut self.pages[page];
            state.connected = true;
            state.up.extend(state.replica.opened());
        }
    }

    pub(super) fn connect_all(&mut self) {
        for page in 0..self.pages.len() {
            self.connect(page);
        }
    }

    pub(super) fn disconnect(&mut self, page: usize) {
        self.close(page, 1006);
    }

    pub(super) fn close(&mut self, page: usize, code: u16) {
        if self.pages[page].connected {
            self.relay.disconnect(page);
            let state = &mut self.pages[page];
            state.connected = false;
            state.up.clear();
            state.replica.closed(code);
        }
    }

    pub(super) fn reload(&mut self, page: usize) {
        self.disconnect(page);
        let mut outbox = self.pages[page].replica.outbox();
        // By way of a browser's storage, or straight from page to page.
        if self.loads.is_multiple_of(2) {
            outbox = Outbox::read(&outbox.write()).unwrap();
        }
        self.reload_with(page, outbox);
    }

    /// Loads a page anew, which finds this outbox.
    pub(super) fn reload_with(&mut self, page: usize, outbox: Outbox) {
        let events = std::mem::take(&mut self.pages[page].events);
        self.pages[page] = self.load(self.pages[page].who);
        self.pages[page].events = events;
        self.pages[page].replica.restore(outbox);
    }

    /// Another page of the same person takes up the same outbox, and the first lives on. Gives its number.
    pub(super) fn copy(&mut self, page: usize) -> usize {
        let outbox = Outbox::read(&self.pages[page].replica.outbox().write()).unwrap();
        let mut copy = self.load(self.pages[page].who);
        copy.replica.restore(outbox);
        self.pages.push(copy);
        self.pages.len() - 1
    }

    pub(super) fn act(&mut self, page: usize, intent: Intent) -> IntentId {
        self.pages[page].replica.act(intent).unwrap()
    }

    /// What waits goes on its way to the relay.
    pub(super) fn send(&mut self, page: usize) {
        let state = &mut self.pages[page];
        if state.connected {
            state.up.extend(state.replica.outgoing());
        }
    }

    /// One frame arrives at the relay. False where none was under way.
    pub(super) fn up(&mut self, page: usize) -> bool {
        let Some(frame) = self.pages[page].up.pop_front() else { return false };
        self.relay.receive(page, &frame);
        true
    }

    /// One frame arrives at the page.
    pub(super) fn down(&mut self, page: usize) -> bool {
        let Some(frame) = self.relay.next_for(page) else { return false };
        let state = &mut self.pages[page];
        state.events.extend(state.replica.receive(&frame));
        true
    }

    /// Some frames travel, in some order.
    pub(super) fn travel(&mut self, frames: usize, chance: &mut Chance) {
        for _ in 0..frames {
            let page = chance.below(self.pages.len());
            match chance.below(3) {
                0 => self.send(page),
                1 => {
                    self.up(page);
                }
                _ => {
                    self.down(page);
                }
            }
        }
    }

    /// Everything travels until nothing is under way.
    pub(super) fn settle(&mut self) {
        for _ in 0..10_000 {
            let mut moved = false;
            for page in 0..self.pages.len() {
                self.send(page);
                while self.up(page) {
                    moved = true;
                }
                while self.down(page) {
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
        panic!("frames travel for ever");
    }

    pub(super) fn status(&self, page: usize) -> Status {
        self.pages[page].replica.status()
    }

    pub(super) fn pile(&self, page: usize, n: u128) -> Pile {
        self.pages[page].replica.board().pile(project(n))
    }

    pub(super) fn name(&self, page: usize, n: u128) -> String {
        self.pages[page].replica.board().projects[&project(n)].name.clone()
    }

    /// What the page was told since it was last asked.
    pub(super) fn events(&mut self, page: usize) -> Vec<Event> {
        std::mem::take(&mut self.pages[page].events)
    }

    /// Everybody sees what the relay has, and has nothing left to save.
    pub(super) fn assert_agreement(&self) {
        let board = self.relay.board();
        for (n, page) in self.pages.iter().enumerate() {
            let status = page.replica.status();
            assert_eq!((status.unsent, status.unsaved), (0, 0), "page {n}: {:?}", page.replica.outbox());
            assert_eq!(*page.replica.board(), board, "page {n}");
        }
    }
}
