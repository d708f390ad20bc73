//! What becomes of what was done: done again, saved, refused or taken back.

use plumbline_shared::{
    ids::MessageId,
    messages::{PROTOCOL, ServerMessage},
    policy::{self, Actor, Moment},
};

use crate::{Denied, Event, IntentId, Replica, outbox::Record, replica::Piece};

impl Replica {
    /// Does again, in their order, the intents that the document does not show.
    pub(crate) fn replay(&mut self) {
        let records = self.records.take(|record| !record.applied);
        let rules = self.rules();
        let (mut done, mut kept) = (Vec::new(), Vec::new());
        for mut record in records {
            // What the server sent is in its log.
            if record.made.is_some_and(|made| self.document.holds(made)) {
                done.push(record.id);
                continue;
            }
            if let Err(denied) = self.permit(&rules, &record) {
                self.tell_denied(denied, std::slice::from_ref(&record));
                continue;
            }
            let Some(changed) = self.document.write(&record.writes) else {
                done.push(record.id);
                continue;
            };
            record.made = Some(changed.made);
            record.applied = true;
            self.waiting.push_back(Piece { update: changed.update, intent: record.id });
            kept.push(record);
        }
        self.records.put_back(kept);
        self.changed();
        self.tell_saved(done);
    }

    /// What the rules go by: read from the board once for many questions.
    fn rules(&self) -> Result<(Actor, Moment), Denied> {
        let participant = self.participant.ok_or(policy::Denied::ObserverLooksOn)?;
        Ok((Actor { participant, role: self.role() }, self.moment()))
    }

    fn permit(&self, rules: &Result<(Actor, Moment), Denied>, record: &Record) -> Result<(), Denied> {
        let (actor, moment) = rules.as_ref().map_err(|denied| *denied)?;
        Ok(self.document.permit(actor, moment, &record.writes)?)
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
            intents: records.iter().map(|record| (record.id, record.intent.clone())).collect(),
        });
    }

    /// A typed message has come.
    pub(crate) fn typed(&mut self, json: &str) {
        // A message of a later server that is not known here says nothing that this page could show.
        let Ok(message) = serde_json::from_str(json) else { return };
        match message {
            ServerMessage::Welcome { protocol, participant, role, presence, now, limits, .. } => {
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
                let Some(link) = &mut self.link else { return };
                link.saved(through);
                let saved = link.saved;
                let done = self.records.take(|record| record.frame.is_some_and(|frame| frame <= saved));
                self.tell_saved(done.into_iter().map(|record| record.id).collect());
            }
            ServerMessage::Ok { re } => {
                self.answer(re);
                self.events.push(Event::Done { re });
            }
            ServerMessage::Denied { re, frame, code, reason, taken_back } => {
                if let Some(re) = re {
                    self.answer(re);
                }
                let intents = frame.map(|frame| self.denied(frame, &code, taken_back));
                // Nothing is told yet where several are under suspicion: each is tried by itself first.
                let Some(intents) = intents.unwrap_or(Some(Vec::new())) else { return };
                let intents = intents.into_iter().map(|record| (record.id, record.intent)).collect();
                self.events.push(Event::Denied { code, reason, taken_back, re, frame, intents });
            }
        }
    }

    fn answer(&mut self, re: MessageId) {
        let before = self.commands.len();
        self.commands.retain(|asked| asked.message.id != re);
        if self.commands.len() < before {
            self.commands_revision += 1;
        }
    }

    /// A frame, or something in it, was refused. What is given up for it; `None` while that has to be found out.
    fn denied(&mut self, frame: u64, code: &str, taken_back: bool) -> Option<Vec<Record>> {
        let link = self.link.as_ref()?;
        if frame <= link.settled && !taken_back {
            // The document that it was about is gone, and what was meant is being done again.
            return None;
        }
        let carried: Vec<IntentId> = self
            .records
            .iter()
            .filter(|record| record.frame == Some(frame))
            .map(|record| record.id)
            .collect();
        if taken_back {
            // Of several in one frame, those that the rules deny by now; the others are going to be saved.
            let rules = self.rules();
            let mut blamed: Vec<IntentId> = self
                .records
                .iter()
                .filter(|record| carried.contains(&record.id))
                .filter(|record| self.permit(&rules, record).is_err_and(|denied| denied.code() == code))
                .map(|record| record.id)
                .collect();
            if blamed.is_empty() {
                blamed = carried;
            }
            return Some(self.records.take(|record| blamed.contains(&record.id)));
        }
        if carried.len() > 1 {
            for record in self.records.iter_mut().filter(|record| carried.contains(&record.id)) {
                record.alone = true;
            }
            self.renew();
            return None;
        }
        let refused = self.records.take(|record| carried.contains(&record.id));
        self.renew();
        Some(refused)
    }
}
