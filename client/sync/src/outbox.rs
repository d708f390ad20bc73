//! What was done here and is not known to be durable: intents, each with the update that it last became.
//!
//! The intent is what is done again when the document was dropped. The update is for a later page: what an earlier one,
//! or another tab that has taken up the same outbox, may still bring to the server stands there once, since it is the
//! same blocks.

use std::collections::VecDeque;

use plumbline_shared::ids::MessageId;

use crate::{
    Denied, Intent, IntentId, Splice,
    document::{Changed, Made, merged},
    site::Site,
    write::{Deed, Write},
};

/// Intents that the outbox holds at most. With more unsaved the page says so and takes no more.
pub const OUTBOX_INTENTS: usize = 2_000;
/// What the intents of the outbox may weigh together, in bytes: it has to fit into a browser's storage.
pub const OUTBOX_BYTES: usize = 1024 * 1024;
/// Typed messages that wait for an answer at most: a ballot on a full board, given offline, and some more.
pub const OUTBOX_COMMANDS: usize = 1_200;

/// One intent with what it came down to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) id: IntentId,
    pub(crate) intent: Intent,
    pub(crate) writes: Vec<Write>,
    /// The blocks that it last became.
    pub(crate) made: Option<Made>,
    /// … and all that it changed, for as long as nobody has refused it.
    pub(crate) update: Option<Vec<u8>>,
    /// Where it was typed, if it is typing.
    pub(crate) site: Option<Site>,
    /// The text in which it did what `writes` cannot say, as the path of it.
    pub(crate) untold: Option<String>,
    /// Whether the document that is shown has it.
    pub(crate) applied: bool,
    /// The frame of the current connection that carried it.
    pub(crate) frame: Option<u64>,
    /// When that frame was handed out, in milliseconds since 1970.
    pub(crate) sent_at: u64,
    /// Whether it has to travel alone: a frame that it shared was refused.
    pub(crate) alone: bool,
}

impl Record {
    /// Notes which frame carries it.
    pub(crate) fn sent(&mut self, frame: u64, now: u64) {
        self.frame = Some(frame);
        self.sent_at = now;
    }

    pub(crate) fn weight(&self) -> usize {
        self.writes.iter().map(Write::weight).sum()
    }
}

/// What must survive a reload: what was meant and is not known to be durable. Keep it as [`Outbox::write`] gives it,
/// for each session and tab, and give it to the next page's [`crate::Replica::restore`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    /// The next intent's number.
    pub(crate) next: u64,
    pub(crate) records: Vec<Record>,
    /// Typed messages without an answer: their ids and their JSON.
    pub(crate) commands: Vec<(MessageId, String)>,
}

impl Outbox {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.commands.is_empty()
    }

    /// The intents, oldest first.
    pub fn intents(&self) -> impl Iterator<Item = (IntentId, &Intent)> {
        self.records.iter().map(|record| (record.id, &record.intent))
    }
}

/// The records of a page, oldest first.
#[derive(Default)]
pub(crate) struct Records {
    next: u64,
    weight: usize,
    list: VecDeque<Record>,
    revision: u64,
}

impl Records {
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Record> {
        self.list.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.list.iter_mut()
    }

    pub(crate) fn next_id(&mut self) -> IntentId {
        self.next += 1;
        IntentId(self.next)
    }

    /// How long the oldest of those that are on their way has not been confirmed, in milliseconds.
    pub(crate) fn waiting(&self, now: u64) -> u64 {
        let under_way = self.list.iter().filter(|record| record.frame.is_some());
        under_way.map(|record| now.saturating_sub(record.sent_at)).max().unwrap_or(0)
    }

    /// Whether there is room for something of this weight.
    pub(crate) fn room(&self, weight: usize) -> Result<(), Denied> {
        let full = self.list.len() >= OUTBOX_INTENTS || self.weight + weight > OUTBOX_BYTES;
        if full { Err(Denied::OutboxFull) } else { Ok(()) }
    }

    /// Keeps what was just done. Typing on in the text of the last record, while that has not left, is one intent
    /// with it.
    pub(crate) fn keep(
        &mut self,
        intent: Intent,
        writes: Vec<Write>,
        changed: Changed,
        untold: Option<String>,
    ) -> IntentId {
        self.revision += 1;
        let Changed { update, made, site } = changed;
        if let Some(last) = self.list.back_mut()
            && last.applied
            // Never handed out, on any connection: the server may hold what was.
            && last.sent_at == 0
            && !last.alone
            && types_on(last, &intent, made, site.as_ref())
        {
            self.weight += match &intent {
                Intent::EditNoteText { splice, .. } | Intent::EditRationale { splice, .. } => {
                    splice.insert.len()
                }
                _ => 0,
            };
            extend(last, intent, made, update);
            return last.id;
        }
        let id = self.next_id();
        let record = Record {
            id,
            intent,
            writes,
            made: Some(made),
            update: Some(update),
            site,
            untold,
            applied: true,
            frame: None,
            sent_at: 0,
            alone: false,
        };
        self.weight += record.weight();
        self.list.push_back(record);
        id
    }

    /// Takes out the records of which `gone` says so.
    pub(crate) fn take(&mut self, mut gone: impl FnMut(&Record) -> bool) -> Vec<Record> {
        let (taken, kept): (VecDeque<Record>, _) =
            std::mem::take(&mut self.list).into_iter().partition(|record| gone(record));
        self.list = kept;
        if !taken.is_empty() {
            self.revision += 1;
            self.weight = self.list.iter().map(Record::weight).sum();
        }
        taken.into()
    }

    /// Puts records that were taken back to the front, in their order.
    pub(crate) fn put_back(&mut self, records: Vec<Record>) {
        for record in records.into_iter().rev() {
            self.list.push_front(record);
        }
        self.weight = self.list.iter().map(Record::weight).sum();
        self.revision += 1;
    }

    /// Puts what an earlier page left ahead of what this one did.
    pub(crate) fn restore(&mut self, next: u64, mut restored: Vec<Record>) {
        // Numbers that this page has given out already are not given twice.
        let taken = !self.list.is_empty();
        self.next = self.next.max(next);
        for record in &mut restored {
            // Nothing of the earlier page's document or connection is left, if it came here without a detour by JSON.
            (record.applied, record.frame, record.alone) = (false, None, false);
            self.next = self.next.max(record.id.0);
            if taken {
                record.id = self.next_id();
            }
        }
        self.put_back(restored);
    }

    pub(crate) fn outbox(&self, commands: Vec<(MessageId, String)>) -> Outbox {
        Outbox { next: self.next, records: self.list.iter().cloned().collect(), commands }
    }
}

fn text_of(intent: &Intent) -> Option<(String, &Splice)> {
    match intent {
        Intent::EditNoteText { id, splice } => Some((format!("notes {id}"), splice)),
        Intent::EditRationale { project, splice } => Some((format!("decisions {project}"), splice)),
        _ => None,
    }
}

fn types_on(last: &Record, intent: &Intent, made: Made, site: Option<&Site>) -> bool {
    let (Some((text, before)), Some((other, now))) = (text_of(&last.intent), text_of(intent)) else {
        return false;
    };
    text == other
        && before.remove == 0
        && now.remove == 0
        && last.site.is_some()
        && last.made.is_some_and(|last| {
            // Behind its last letter, wherever that stands by now.
            let letter = last.to.checked_sub(1).map(|clock| (last.client, clock));
            last.client == made.client && last.to == made.from && site.is_some_and(|site| site.left == letter)
        })
}

fn extend(last: &mut Record, intent: Intent, made: Made, update: Vec<u8>) {
    let (Intent::EditNoteText { splice: more, .. } | Intent::EditRationale { splice: more, .. }) = intent
    else {
        return;
    };
    if let Intent::EditNoteText { splice, .. } | Intent::EditRationale { splice, .. } = &mut last.intent {
        splice.insert.push_str(&more.insert);
    }
    if let Some(Write { deed: Deed::Splice(splice), .. }) = last.writes.first_mut() {
        splice.insert.push_str(&more.insert);
    }
    if let Some(blocks) = &mut last.made {
        blocks.to = made.to;
    }
    last.update = last.update.take().and_then(|before| merged(vec![before, update]));
}
