//! What travels: the sync with the server, the frames handed out and what becomes of them.

use std::collections::BTreeSet;

use plumbline_shared::wire::{CloseCode, Frame};

use crate::{
    Denied, Event, IntentId, Replica,
    document::{Unreadable, merged},
    link::{Link, TAKEN_BACK_WITHIN_MS},
    outbox::Record,
};

/// An update that says nothing: no blocks, no deletions.
const NOTHING: &[u8] = &[0, 0];
/// Of the new content that a frame may have, the part that is used: updates grow a little when they are merged.
const FILL: (usize, usize) = (3, 4);
/// Documents in a row that may turn out unreadable before the connection is given up.
const UNREADABLE: u32 = 3;

impl Replica {
    /// The socket is open (with the subprotocol `plumbline_shared::wire::SUBPROTOCOL`): the frames to send first.
    #[must_use]
    pub fn opened(&mut self) -> Vec<Vec<u8>> {
        self.refused = None;
        self.fresh = None;
        self.link = Some(Link::new(self.now));
        self.others.opened();
        // What waited is in the document: the answer to the server's step 1 carries it.
        self.waiting.clear();
        let mut alone = false;
        for record in self.records.iter_mut() {
            record.frame = None;
            alone |= record.alone;
        }
        for asked in &mut self.commands {
            asked.sent = false;
        }
        if self.tainted || alone {
            self.renew();
        } else if let Some(link) = &mut self.link {
            link.ask(&self.document.state_vector());
        }
        self.link.as_mut().map(|link| std::mem::take(&mut link.ready)).unwrap_or_default()
    }

    /// The socket is gone. What was not confirmed is kept.
    pub fn closed(&mut self, code: u16) {
        let Some(link) = self.link.take() else { return };
        self.closed_once = true;
        if self.not_saving.take().is_some() {
            // On the next connection it is said anew, if it still cannot.
            self.events.push(Event::Saving);
        }
        self.fresh = None;
        self.others.closed();
        let final_codes =
            [CloseCode::NotAdmitted, CloseCode::Refused, CloseCode::NoSuchSession, CloseCode::Replaced];
        if final_codes.iter().any(|known| known.number() == code) {
            self.refused = Some(code);
        }
        if code == CloseCode::TooLarge.number() {
            self.too_large(&link);
        }
        // What the server has may be another state than the one that it told of: what was meant is done again on that.
        self.tainted |= code == CloseCode::Fault.number();
        for record in self.records.iter_mut() {
            record.frame = None;
        }
    }

    /// A frame was larger than the server takes. If one intent was in it, it is told and given up; otherwise each
    /// travels alone from now on.
    fn too_large(&mut self, link: &Link) {
        let under_way = self.records.iter().filter(|record| record.frame.is_some()).count();
        if under_way == 1 {
            let taken = self.records.take(|record| record.frame.is_some());
            self.tainted = true;
            self.tell_denied(Denied::TooMuchAtOnce, &taken);
        } else {
            for record in self.records.iter_mut() {
                record.alone |= record.frame.is_some_and(|frame| frame > link.saved);
            }
        }
    }

    /// One binary WebSocket message has come. Ask [`Replica::outgoing`] afterwards: answers wait there.
    pub fn receive(&mut self, frame: &[u8]) -> Vec<Event> {
        if let Some(link) = &mut self.link {
            link.heard(self.now);
            match Frame::decode(frame) {
                Ok(Frame::Step1(state_vector)) => self.asked(state_vector),
                Ok(Frame::Step2(update)) => self.answered(update),
                Ok(Frame::Update(update)) => self.updated(update),
                Ok(Frame::Awareness(states)) => {
                    if self.others.receive(states, self.now) {
                        self.events.push(Event::Presence);
                    }
                }
                Ok(Frame::QueryAwareness) => self.others.opened(),
                Ok(Frame::Typed(json)) => self.typed(json),
                // Nothing that was understood is missing, but who knows what this was: sync anew.
                Err(_) => self.unreadable(),
            }
        }
        std::mem::take(&mut self.events)
    }

    /// Frames to be sent now. Changes since the last call travel as one: call it after acts, but let some 30
    /// milliseconds pass in between (the server takes 60 updates a second).
    #[must_use]
    pub fn outgoing(&mut self) -> Vec<Vec<u8>> {
        if self.is_live() {
            self.hand_out();
        }
        let Some(link) = &mut self.link else { return Vec::new() };
        let mut frames = std::mem::take(&mut link.ready);
        for asked in self.commands.iter_mut().filter(|asked| !asked.sent) {
            asked.sent = true;
            frames.push(Frame::Typed(&asked.json).encode());
        }
        frames.extend(self.others.outgoing(self.now));
        frames
    }

    /// Tells the time (local, in milliseconds since 1970): once a second, and before the socket opens.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        self.now = now_ms;
        if self.others.tick(self.now) {
            self.events.push(Event::Presence);
        }
        // A server that has said that it cannot save is not asked again by another connection.
        let waiting = if self.not_saving.is_none() { self.records.waiting(self.now) } else { 0 };
        if self.link.as_mut().is_some_and(|link| link.stalls(self.now, waiting)) {
            self.events.push(Event::Stalled);
        }
        let overdue = |link: &Link| {
            let first = link.taken_back.first();
            first.is_some_and(|told| self.now.saturating_sub(told.at) >= TAKEN_BACK_WITHIN_MS)
        };
        if self.link.as_ref().is_some_and(overdue) {
            self.settle_taken_back();
        }
        std::mem::take(&mut self.events)
    }

    /// Whether changes go both ways: the server's board is here, and the server knows what is ours.
    pub(crate) fn is_live(&self) -> bool {
        let exchanged = self.link.as_ref().is_some_and(|link| link.replied && link.answered > 0);
        exchanged && self.synced && self.fresh.is_none() && !self.tainted
    }

    fn asked(&mut self, state_vector: &[u8]) {
        // What is ours and new goes in one frame here, unless it is too much, or has to travel in parts.
        let unsaved: usize = self.records.iter().map(Record::weight).sum();
        let too_much = unsaved > self.frame_size();
        let apart = self.records.iter().any(|record| record.alone);
        if self.synced && self.fresh.is_none() && (too_much || apart) {
            self.renew();
        }
        let whole = self.synced && self.fresh.is_none() && !self.tainted;
        let lacking = if whole { self.document.lacking(state_vector) } else { Ok(NOTHING.to_vec()) };
        let Ok(lacking) = lacking else { return self.unreadable() };
        let Some(link) = &mut self.link else { return };
        link.replied = true;
        let frame = link.hand_out(Frame::Step2(&lacking));
        if whole {
            self.waiting.clear();
            for record in self.records.iter_mut().filter(|record| record.applied) {
                record.sent(frame, self.now);
            }
        }
    }

    fn answered(&mut self, update: &[u8]) {
        let Some(link) = &mut self.link else { return };
        link.answered += 1;
        link.gap_asked = false;
        match &mut self.fresh {
            // An answer to a question that the dropped document asked.
            Some((_, question)) if link.answered < *question => {}
            Some((fresh, _)) => match fresh.apply(update) {
                Ok(gap) => self.replace(gap),
                Err(Unreadable) => self.unreadable(),
            },
            None => match self.document.apply(update) {
                Ok(gap) => {
                    self.changed();
                    self.events.push(Event::Board);
                    if !std::mem::replace(&mut self.synced, true) {
                        self.replay();
                    }
                    self.events.push(Event::Synced);
                    self.mind(gap);
                }
                Err(Unreadable) => self.unreadable(),
            },
        }
    }

    fn updated(&mut self, update: &[u8]) {
        if let Some((fresh, _)) = &mut self.fresh {
            // It may hang on what the answer is going to bring; yrs keeps it until then.
            if let Err(Unreadable) = fresh.apply(update) {
                self.unreadable();
            }
            return;
        }
        match self.document.apply(update) {
            Ok(gap) => {
                self.changed();
                self.events.push(Event::Board);
                self.settle_taken_back();
                self.mind(gap);
            }
            Err(Unreadable) => self.unreadable(),
        }
    }

    /// Asks for what is missing, once, if something came that hangs on it.
    fn mind(&mut self, gap: bool) {
        if let Some(link) = &mut self.link
            && gap
            && self.synced
            && !link.gap_asked
        {
            link.gap_asked = true;
            link.ask(&self.document.state_vector());
        }
    }

    /// The document, or its successor, cannot be trusted any more.
    fn unreadable(&mut self) {
        self.tainted = true;
        let Some(link) = &mut self.link else { return };
        link.unreadable += 1;
        if link.unreadable > UNREADABLE {
            self.fresh = None;
            self.events.push(Event::Stalled);
        } else {
            self.renew();
        }
    }

    /// Begins a fresh document, to take the place of the one that is shown once it is synced. Until then acts go
    /// to the old one and into the outbox.
    pub(crate) fn renew(&mut self) {
        self.tainted = true;
        if self.link.is_none() {
            return;
        }
        let fresh = self.another_document();
        if let Some(link) = &mut self.link {
            link.settled = link.frames;
            let question = link.ask(&fresh.state_vector());
            self.fresh = Some((fresh, question));
        }
    }

    /// The fresh document is complete: it is shown from now on, and what was meant is done again on it.
    fn replace(&mut self, gap: bool) {
        let Some((fresh, _)) = self.fresh.take() else { return };
        self.document = fresh;
        self.tainted = false;
        self.waiting.clear();
        let again = std::mem::replace(&mut self.synced, true);
        for record in self.records.iter_mut() {
            // What the dropped document made of it may be what was refused.
            (record.applied, record.frame, record.update) = (false, None, None);
        }
        self.changed();
        self.replay();
        if again {
            self.events.push(Event::Reset);
        }
        self.events.push(Event::Board);
        self.events.push(Event::Synced);
        self.mind(gap);
    }

    fn frame_size(&self) -> usize {
        self.limits.new_content / FILL.1 * FILL.0
    }

    /// Puts what waits into frames.
    fn hand_out(&mut self) {
        let most = self.frame_size();
        let Some(link) = &mut self.link else { return };
        let mut alone: BTreeSet<IntentId> = BTreeSet::new();
        alone.extend(self.records.iter().filter(|record| record.alone).map(|record| record.id));
        while let Some(first) = self.waiting.front() {
            let by_itself = alone.contains(&first.intent);
            // What travels alone waits for what is under way, and all else waits for it.
            let blocked =
                self.records.iter().any(|record| record.frame.is_some() && (by_itself || record.alone));
            if blocked {
                return;
            }
            let (mut updates, mut intents, mut size) = (Vec::new(), BTreeSet::new(), 0);
            while let Some(piece) = self.waiting.front() {
                let joins = !by_itself && !alone.contains(&piece.intent) && size + piece.update.len() <= most;
                if !(joins || updates.is_empty()) {
                    break;
                }
                size += piece.update.len();
                intents.insert(piece.intent);
                updates.extend(self.waiting.pop_front().map(|piece| piece.update));
            }
            let Some(update) = merged(updates) else { return };
            let frame = link.hand_out(Frame::Update(&update));
            for record in self.records.iter_mut().filter(|record| intents.contains(&record.id)) {
                record.sent(frame, self.now);
            }
        }
    }
}
