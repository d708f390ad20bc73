//! What becomes of what was done: done again, saved, refused or taken back.

use plumbline_shared::{
    ids::MessageId,
    messages::{PROTOCOL, ServerMessage},
    policy::{self, Actor, Moment},
};

use crate::{
    Denied, Event, Intent, IntentId, Progress, Replica,
    document::{Changed, TakenUp},
    link::TakenBack,
    outbox::Record,
    replica::{Asked, Piece},
    typed::{self, Pending},
    write::Deed,
};

impl Replica {
    /// Does again, in their order, the intents that the document does not show.
    pub(crate) fn replay(&mut self) {
        let records = self.records.take(|record| !record.applied);
        let rules = self.rules();
        let (mut done, mut kept, mut moves) = (Vec::new(), Vec::new(), Vec::new());
        let mut broken = false;
        for mut record in records {
            if broken {
                kept.push(record);
                continue;
            }
            // What takes away what is gone has come about, whoever did it.
            let removes =
                !record.writes.is_empty() && record.writes.iter().all(|write| write.deed == Deed::Unset);
            if removes && self.document.shows(&record.writes) {
                done.push(record.id);
                continue;
            }
            // What the server sent is in its log.
            if record.made.is_some_and(|made| self.document.holds(made)) {
                done.push(record.id);
                continue;
            }
            if let Err(denied) = self.permit(&rules, &record) {
                self.tell_denied(denied, std::slice::from_ref(&record));
                continue;
            }
            // What an earlier page did is brought as that page did it: it, or another tab, may still bring it, too.
            let taken = match (&record.update, record.made) {
                (Some(update), Some(made)) => self.document.take_up(update, made, &record.writes),
                _ => TakenUp::Apart,
            };
            let changed = match taken {
                TakenUp::Known => None,
                TakenUp::Changed(changed) => Some(changed),
                TakenUp::Broken => {
                    broken = true;
                    kept.push(record);
                    continue;
                }
                TakenUp::Apart => {
                    self.tell_untold(&record);
                    if let Some(site) = &mut record.site {
                        site.follow(&moves);
                    }
                    self.document.write(&record.writes, record.site.as_ref())
                }
            };
            let Some(Changed { update, made, site }) = changed else {
                done.push(record.id);
                continue;
            };
            // What was typed into this later on finds its characters again.
            if let Some(before) = record.made.replace(made)
                && before != made
                && before.to - before.from == made.to - made.from
            {
                moves.push((before, made));
            }
            if site.is_some() {
                record.site = site;
            }
            record.update = Some(update.clone());
            record.applied = true;
            self.waiting.push_back(Piece { update, intent: record.id });
            kept.push(record);
        }
        self.records.put_back(kept);
        self.changed();
        self.tell_saved(done);
        if broken {
            self.renew();
        }
    }

    /// Tells that what was taken back in a text, or done again, is not going to come about.
    fn tell_untold(&mut self, record: &Record) {
        let Some(path) = &record.untold else { return };
        let denied = Denied::NotRepeated;
        self.events.push(Event::Denied {
            code: denied.code().to_owned(),
            reason: denied.sentence(),
            taken_back: false,
            re: None,
            frame: None,
            path: Some(path.clone()),
            intents: vec![(record.id, record.intent.clone())],
        });
    }

    /// What the rules go by: read from the board once for many questions.
    fn rules(&self) -> Result<(Actor, Moment), Denied> {
        let participant = self.participant.ok_or(policy::Denied::ObserverLooksOn)?;
        Ok((Actor { participant, role: self.role() }, self.moment()))
    }

    fn permit(&self, rules: &Result<(Actor, Moment), Denied>, record: &Record) -> Result<(), Denied> {
        let (actor, moment) = rules.as_ref().map_err(|denied| *denied)?;
        let asked = match record.intent {
            Intent::Undo | Intent::Redo => self.document.permit_back(actor, moment, &record.writes),
            _ => self.document.permit(actor, moment, &record.writes),
        };
        Ok(asked?)
    }

    fn tell_saved(&mut self, intents: Vec<IntentId>) {
        if !intents.is_empty() {
            self.events.push(Event::Saved { intents });
        }
    }

    pub(crate) fn tell_denied(&mut self, denied: Denied, records: &[Record]) {
        self.events.push(Event::Denied {
            code: denied.code().to_owned(),
            reason: denied.sentence(),
            taken_back: false,
            re: None,
            frame: None,
            path: None,
            intents: records.iter().map(|record| (record.id, record.intent.clone())).collect(),
        });
    }

    /// A typed message has come.
    pub(crate) fn typed(&mut self, json: &str) {
        // A message of a later server that is not known here says nothing that this page could show.
        let Some(message) = typed::server_message(json) else { return };
        match message {
            ServerMessage::Welcome { protocol, participant, role, presence, now, limits, rules, .. } => {
                self.rules = rules;
                self.participant = participant;
                self.role = role;
                self.limits = limits;
                self.ahead = i64::try_from(i128::from(now) - i128::from(self.now)).unwrap_or(0);
                if self.others.welcomed(presence) {
                    self.events.push(Event::Presence);
                }
                self.events.push(if protocol == PROTOCOL { Event::Welcome } else { Event::Outdated });
            }
            ServerMessage::Saved { through } => {
                if let Some(link) = &mut self.link {
                    link.saved(through);
                }
                self.take_saved();
            }
            ServerMessage::Flags { own } => {
                self.flags = own;
                self.events.push(Event::Flags);
            }
            ServerMessage::Entered => self.events.push(Event::Entered),
            ServerMessage::Ballot(ballot) => {
                self.ballot = Some(ballot);
                self.events.push(Event::Ballot);
            }
            ServerMessage::Progress { step, round, done, of } => {
                self.progress = Some(Progress { step, round, done, of });
                self.events.push(Event::Progress);
            }
            ServerMessage::NotSaving { reason } => {
                self.not_saving = reason;
                self.events.push(Event::Saving);
            }
            ServerMessage::Ok { re } => {
                // The ballot as the server has it may come a little later; nothing flickers meanwhile.
                if let Some(Asked { pending: Some(pending), .. }) = self.answer(re)
                    && let Some(ballot) = &mut self.ballot
                {
                    pending.show(ballot);
                    self.events.push(Event::Ballot);
                }
                self.events.push(Event::Done { re });
            }
            ServerMessage::Denied { re, frame, code, reason, taken_back, path } => {
                if let Some(pending) = re.and_then(|re| self.answer(re)).and_then(|asked| asked.pending) {
                    self.events.push(Event::Ballot);
                    if let Pending::Cast(step, round, item, Some(_)) = pending {
                        self.events.push(Event::NotCounted { step, round, item });
                    }
                }
                match frame {
                    Some(frame) if taken_back => self.taken_back(frame, code, reason, path),
                    Some(frame) => self.refused(frame, code, reason, path),
                    None => {
                        let intents = Vec::new();
                        self.events.push(Event::Denied {
                            code,
                            reason,
                            taken_back,
                            re,
                            frame,
                            path,
                            intents,
                        });
                    }
                }
            }
        }
    }

    /// Lets go of what is durable, unless it is still to be found out whether it was taken back.
    fn take_saved(&mut self) {
        let Some(link) = &self.link else { return };
        let done = self.records.take(|record| {
            record.frame.is_some_and(|frame| {
                frame <= link.saved && !link.taken_back.iter().any(|told| told.frame == frame)
            })
        });
        self.tell_saved(done.into_iter().map(|record| record.id).collect());
    }

    /// A message has been answered: it waits no longer.
    fn answer(&mut self, re: MessageId) -> Option<Asked> {
        let at = self.commands.iter().position(|asked| asked.id == re)?;
        self.commands_revision += 1;
        Some(self.commands.remove(at))
    }

    /// Something in a frame was taken back. What, is seen once the old value has arrived: with the next update.
    fn taken_back(&mut self, frame: u64, code: String, reason: String, path: Option<String>) {
        let told = TakenBack { frame, code, reason, path, at: self.now };
        if let Some(link) = &mut self.link {
            link.taken_back.push(told);
        }
    }

    /// Tells what was taken back: of what the frame carried, that which does not stand on the board any more.
    pub(crate) fn settle_taken_back(&mut self) {
        let Some(link) = &mut self.link else { return };
        for told in std::mem::take(&mut link.taken_back) {
            let carried = |record: &&Record| record.frame == Some(told.frame);
            let gone = |record: &&Record| !self.document.shows(&record.writes);
            let mut blamed: Vec<IntentId> =
                self.records.iter().filter(carried).filter(gone).map(|record| record.id).collect();
            if blamed.is_empty() {
                blamed = self.records.iter().filter(carried).map(|record| record.id).collect();
            }
            let taken = self.records.take(|record| blamed.contains(&record.id));
            self.events.push(Event::Denied {
                code: told.code,
                reason: told.reason,
                taken_back: true,
                re: None,
                frame: Some(told.frame),
                path: told.path,
                intents: taken.into_iter().map(|record| (record.id, record.intent)).collect(),
            });
        }
        self.take_saved();
    }

    /// A frame was refused, and the document with it. What it carried alone is given up; of several, each is tried
    /// by itself.
    fn refused(&mut self, frame: u64, code: String, reason: String, path: Option<String>) {
        // The document that an older frame was about is gone, and what was meant is being done again.
        if self.link.as_ref().is_none_or(|link| frame <= link.settled) {
            return;
        }
        let carried = self.records.iter().filter(|record| record.frame == Some(frame)).count();
        if carried == 1 || carried == 0 {
            let refused = self.records.take(|record| record.frame == Some(frame));
            self.events.push(Event::Denied {
                code,
                reason,
                taken_back: false,
                re: None,
                frame: Some(frame),
                path,
                intents: refused.into_iter().map(|record| (record.id, record.intent)).collect(),
            });
        }
        for record in self.records.iter_mut() {
            if record.frame == Some(frame) {
                (record.alone, record.update) = (true, None);
            }
            // The server counts the refused frame, and what it dropped behind it, as dealt with; that is not saved.
            if record.frame.is_some_and(|carrier| carrier >= frame) {
                record.frame = None;
            }
        }
        self.renew();
    }
}
