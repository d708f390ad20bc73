//! One copy of the document, with what one person may take back in it.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use plumbline_shared::{
    board::Board,
    policy::{Actor, Denied, Moment},
    schema::Root,
};
use yrs::{
    ClientID, Doc, GetString, Map, MapRef, OffsetKind, Out, ReadTxn, StateVector, Transact, Update,
    merge_updates_v1,
    undo::UndoManager,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::{
    carry::{carry_out, spliced, stands},
    rules::{Live, permit, permit_back},
    site::{Site, Unit},
    write::{Deed, Sheet, Stand, Write, difference, value},
};

/// The origin of what the person here does, so that nobody takes back what others did.
const LOCAL: &str = "local";
/// Acts that can be taken back. Twice as many are kept before the older half is let go.
pub const UNDO_STEPS: usize = 500;

/// A run of typing in one text, which is taken back word by word and not letter by letter.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    root: Root,
    key: String,
    /// Where the next letter goes, if it goes on.
    at: u32,
    /// Whether it ended with a space: the next word is another run.
    spaced: bool,
}

impl Run {
    /// The run that `writes` are, or go on with; none where they are anything but typing.
    fn of(writes: &[Write]) -> Option<(Self, u32, bool)> {
        let [Write { root, key, deed: Deed::Splice(splice), .. }] = writes else { return None };
        if splice.remove > 0 || splice.insert.is_empty() {
            return None;
        }
        let at = splice.at + splice.insert.encode_utf16().count() as u32;
        let spaced = splice.insert.ends_with(char::is_whitespace);
        let word = !splice.insert.starts_with(char::is_whitespace);
        Some((Self { root: *root, key: key.clone(), at, spaced }, splice.at, word))
    }

    /// Whether something written at `at` under the same text goes on with this run.
    fn goes_on(&self, next: &Self, at: u32, word: bool) -> bool {
        self.root == next.root && self.key == next.key && self.at == at && !(self.spaced && word)
    }
}

/// The roots that people write.
const WRITTEN: [Root; 6] =
    [Root::Agenda, Root::Pillars, Root::Projects, Root::Placements, Root::Notes, Root::Decisions];

/// The blocks that an intent became: by them it can be told whether a server has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// The document's client id.
    pub(crate) client: u64,
    /// Its clock before.
    pub(crate) from: u32,
    /// Its clock after; the same as before where only something was deleted.
    pub(crate) to: u32,
}

impl Made {
    /// Whether the unit is one of these blocks.
    pub(crate) fn has(&self, (client, clock): Unit) -> bool {
        client == self.client && (self.from..self.to).contains(&clock)
    }
}

/// A change that was made here.
#[derive(Clone)]
pub(crate) struct Changed {
    pub(crate) update: Vec<u8>,
    pub(crate) made: Made,
    /// Where, if it is typing.
    pub(crate) site: Option<Site>,
}

/// The bytes were not an update, or yrs could not take it up.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// What came of taking up an earlier page's change.
pub(crate) enum TakenUp {
    /// It is here now.
    Changed(Changed),
    /// All of it was here.
    Known,
    /// It does not go on where this document ends: nothing was done.
    Apart,
    /// It hangs on what is not here: the document is not to be trusted any more.
    Broken,
}

/// What the observers of a document tell, and are told.
#[derive(Default)]
struct Notes {
    recording: bool,
    updates: Vec<Vec<u8>>,
    touched: Touched,
}

/// The roots that an act touched: the moment is asked about them before it is taken back.
#[derive(Clone, Debug, Default)]
struct Touched(BTreeSet<Root>);

impl Touched {
    fn by(roots: impl Iterator<Item = Root>) -> Self {
        let mut touched = Self::default();
        touched.0.extend(roots);
        touched
    }
}

type Shared = Arc<Mutex<Notes>>;

fn lock(notes: &Shared) -> MutexGuard<'_, Notes> {
    // Whoever panicked held plain data, which is whole.
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One copy of a board's document.
pub(crate) struct Document {
    // Before `doc`: it unsubscribes from the document when dropped.
    undo: UndoManager<Touched>,
    doc: Doc,
    client: u64,
    roots: BTreeMap<Root, MapRef>,
    notes: Shared,
    /// What was typed last.
    run: Option<Run>,
    /// The undo manager's time: acts of one time are taken back as one.
    time: Arc<AtomicU64>,
}

impl Document {
    /// An empty document that writes under `client`.
    pub(crate) fn new(client: u64) -> Self {
        let id = ClientID::new(client);
        let mut options = yrs::Options::with_guid_and_client_id(client.to_string().into(), id);
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let mut roots = BTreeMap::new();
        for root in Root::ALL {
            roots.insert(*root, doc.get_or_insert_map(root.name()));
        }
        let notes = Shared::default();
        let told = Arc::clone(&notes);
        doc.observe_update_v1("outbox", move |_, event| {
            let mut notes = lock(&told);
            if notes.recording {
                notes.updates.push(event.update.clone());
            }
        })
        .expect("no transaction is open on a document that was just made");
        let time = Arc::new(AtomicU64::new(1));
        let undo = undo_manager(&doc, &roots, &notes, &time, Vec::new(), Vec::new());
        Self { undo, doc, client, roots, notes, run: None, time }
    }

    /// Takes up an update of the server's. Whether something is missing on which it hangs.
    pub(crate) fn apply(&mut self, update: &[u8]) -> Result<bool, Unreadable> {
        let update = Update::decode_v1(update).map_err(|_| Unreadable)?;
        let mut txn = self.doc.transact_mut();
        // Blocks behind a gap of their own client are taken in around it, and yrs does not call them missing.
        let state = txn.state_vector();
        let behind_gap = update.state_vector_lower().iter().any(|(client, clock)| *clock > state.get(client));
        txn.apply_update(update).map_err(|_| Unreadable)?;
        Ok(behind_gap || txn.has_missing_updates())
    }

    pub(crate) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// What a peer with this state vector lacks.
    pub(crate) fn lacking(&self, state_vector: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let state = StateVector::decode_v1(state_vector).map_err(|_| Unreadable)?;
        Ok(self.doc.transact().encode_diff_v1(&state))
    }

    /// Whether the blocks are in the document, whoever brought them. Never true of mere deletions, which find nothing left to
    /// delete when they are done again.
    pub(crate) fn holds(&self, made: Made) -> bool {
        made.to > made.from && self.doc.transact().state_vector().get(&ClientID::new(made.client)) >= made.to
    }

    pub(crate) fn board(&self) -> Board {
        Board::read(&self.doc.transact())
    }

    /// Asks the rules about every path of `writes`.
    pub(crate) fn permit(&self, actor: &Actor, moment: &Moment, writes: &[Write]) -> Result<(), Denied> {
        let txn = self.doc.transact();
        permit(actor, moment, &Live { txn: &txn, roots: &self.roots }, writes)
    }

    /// The same about what an undo or a redo came down to.
    pub(crate) fn permit_back(&self, actor: &Actor, moment: &Moment, writes: &[Write]) -> Result<(), Denied> {
        let txn = self.doc.transact();
        permit_back(actor, moment, &Live { txn: &txn, roots: &self.roots }, writes)
    }

    /// Takes up an own change as the very blocks that it was on an earlier page: whoever else brings them to the
    /// server, they stand there once. `writes` are what it comes down to.
    pub(crate) fn take_up(&mut self, update: &[u8], made: Made, writes: &[Write]) -> TakenUp {
        let Ok(update) = Update::decode_v1(update) else { return TakenUp::Apart };
        let (follows, behind_gap) = {
            let txn = self.doc.transact();
            let state = txn.state_vector();
            let lower = update.state_vector_lower();
            let all_own = lower.iter().all(|(client, _)| client.get() == made.client);
            (all_own && made.from <= state.get(&ClientID::new(made.client)), txn.has_missing_updates())
        };
        if !follows {
            return TakenUp::Apart;
        }
        self.run = None;
        self.time.fetch_add(1, Ordering::Relaxed);
        lock(&self.notes).touched = Touched::by(writes.iter().map(|write| write.root));
        let mut taken = Ok(());
        let changed = self.record(|this| {
            let mut txn = this.doc.transact_mut_with(LOCAL);
            taken = txn.apply_update(update);
            drop(txn);
        });
        if taken.is_err() || (!behind_gap && self.doc.transact().has_missing_updates()) {
            return TakenUp::Broken;
        }
        changed.map_or(TakenUp::Known, |changed| TakenUp::Changed(Changed { made, ..changed }))
    }

    /// Carries `writes` out in one transaction, leaving out what stands already. `None` where nothing changed. What
    /// was typed before is typed at its `site`.
    pub(crate) fn write(&mut self, writes: &[Write], site: Option<&Site>) -> Option<Changed> {
        lock(&self.notes).touched = Touched::by(writes.iter().map(|write| write.root));
        let run = Run::of(writes);
        let goes_on = match (&self.run, &run) {
            (Some(before), Some((next, at, word))) => before.goes_on(next, *at, *word),
            _ => false,
        };
        self.run = run.map(|(run, ..)| run);
        if !goes_on {
            self.time.fetch_add(1, Ordering::Relaxed);
        }
        let mut changed = self.record(|this| {
            let mut txn = this.doc.transact_mut_with(LOCAL);
            for write in writes {
                if let Some(root) = this.roots.get(&write.root) {
                    carry_out(&mut txn, root, write, site);
                }
            }
        })?;
        changed.site = self.site(writes, &changed);
        Some(changed)
    }

    fn site(&self, writes: &[Write], changed: &Changed) -> Option<Site> {
        let txn = self.doc.transact();
        let (text, splice) = spliced(&txn, &self.roots, writes)?;
        Some(Site::of(&txn, &text, splice, changed.made, &changed.update))
    }

    /// Whether what `writes` say stands on the board.
    pub(crate) fn shows(&self, writes: &[Write]) -> bool {
        let txn = self.doc.transact();
        let shown = |write: &Write| self.roots.get(&write.root).is_some_and(|root| stands(&txn, root, write));
        writes.iter().all(shown)
    }

    pub(crate) fn can_undo(&self) -> bool {
        self.undo.can_undo()
    }

    pub(crate) fn can_redo(&self) -> bool {
        self.undo.can_redo()
    }

    /// The roots that taking back (or doing again) is going to touch.
    pub(crate) fn next_touched(&self, redo: bool) -> impl Iterator<Item = Root> + '_ {
        let stack = if redo { self.undo.redo_stack() } else { self.undo.undo_stack() };
        stack.last().into_iter().flat_map(|item| item.meta().0.iter().copied())
    }

    /// Takes the own last act back, or does again what was taken back last. What changed is told as writes, and
    /// asked of the rules by the caller.
    pub(crate) fn take_back(&mut self, redo: bool) -> Option<(Changed, Sheet, Vec<Write>)> {
        let before = self.sheet();
        let touched = Touched::by(self.next_touched(redo));
        self.run = None;
        lock(&self.notes).touched = touched;
        let mut changed = self.record(|this| {
            if redo {
                this.undo.redo_blocking();
            } else {
                this.undo.undo_blocking();
            }
        })?;
        let writes = difference(&before, &self.sheet());
        changed.site = self.site(&writes, &changed);
        Some((changed, before, writes))
    }

    fn record(&mut self, act: impl FnOnce(&mut Self)) -> Option<Changed> {
        let clock = |this: &Self| this.doc.transact().state_vector().get(&ClientID::new(this.client));
        let from = clock(self);
        lock(&self.notes).recording = true;
        act(self);
        let updates = {
            let mut notes = lock(&self.notes);
            notes.recording = false;
            std::mem::take(&mut notes.updates)
        };
        self.trim_undo();
        let to = clock(self);
        let update = merged(updates)?;
        Some(Changed { update, made: Made { client: self.client, from, to }, site: None })
    }

    /// Lets go of the older half of what can be taken back once there is twice as much as promised.
    fn trim_undo(&mut self) {
        let length = self.undo.undo_stack().len();
        if length < 2 * UNDO_STEPS {
            return;
        }
        let kept = self.undo.undo_stack()[length - UNDO_STEPS..].to_vec();
        let again = self.undo.redo_stack().to_vec();
        self.undo = undo_manager(&self.doc, &self.roots, &self.notes, &self.time, kept, again);
    }

    fn sheet(&self) -> Sheet {
        let txn = self.doc.transact();
        let mut sheet = Sheet::new();
        for root in WRITTEN {
            let Some(map) = self.roots.get(&root) else { continue };
            for (key, out) in map.iter(&txn) {
                let Some(stand) = stand(&txn, &out) else { continue };
                if let Out::YMap(entry) = &out {
                    for (field, out) in entry.iter(&txn) {
                        if let Some(stand) = self::stand(&txn, &out) {
                            sheet.insert((root, key.to_owned(), Some(field.to_owned())), stand);
                        }
                    }
                }
                sheet.insert((root, key.to_owned(), None), stand);
            }
        }
        sheet
    }
}

/// One update out of several, in their order.
pub(crate) fn merged(mut updates: Vec<Vec<u8>>) -> Option<Vec<u8>> {
    if updates.len() > 1 {
        return Some(merge_updates_v1(updates).expect("these are updates that yrs has just written"));
    }
    updates.pop()
}

fn undo_manager(
    doc: &Doc,
    roots: &BTreeMap<Root, MapRef>,
    notes: &Shared,
    time: &Arc<AtomicU64>,
    init_undo_stack: Vec<yrs::undo::StackItem<Touched>>,
    init_redo_stack: Vec<yrs::undo::StackItem<Touched>>,
) -> UndoManager<Touched> {
    let time = Arc::clone(time);
    let mut undo = UndoManager::with_options(yrs::undo::Options {
        // Every act is taken back by itself, but for the letters of a word: the clock goes on between acts.
        capture_timeout_millis: 1,
        tracked_origins: HashSet::from([LOCAL.into()]),
        capture_transaction: None,
        timestamp: Arc::new(move || time.load(Ordering::Relaxed)),
        init_undo_stack,
        init_redo_stack,
    });
    for root in WRITTEN {
        if let Some(map) = roots.get(&root) {
            undo.expand_scope(doc, map);
        }
    }
    let notes = Arc::clone(notes);
    undo.observe_item_added("touched", move |_, event| {
        *event.meta_mut() = lock(&notes).touched.clone();
    });
    undo
}

fn stand<T: ReadTxn>(txn: &T, out: &Out) -> Option<Stand> {
    match out {
        Out::YMap(_) => Some(Stand::Map),
        Out::YText(text) => Some(Stand::Text(text.get_string(txn).into())),
        Out::Any(any) => value(any).map(Stand::Value),
        _ => None,
    }
}
