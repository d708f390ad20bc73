//! The board as signals, fine enough that a change touches what it changes and nothing else.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use leptos::prelude::*;
use plumbline_shared::{
    board::{Board, Person, Pile, Pillar, Project, SessionInfo},
    ids::{ParticipantId, PillarId, ProjectId},
    messages::Presence,
    sorted::sort,
    words::Verdict,
};
use uuid::Uuid;

use crate::shape::Shape;

/// Somebody's hand on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hand {
    /// Whose.
    pub(crate) name: String,
    /// Their colour, a design token.
    pub(crate) colour: String,
    /// Whether the card is in it; otherwise it is only looked at.
    pub(crate) holds: bool,
}

/// What has been written on a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// What was decided.
    pub(crate) verdict: Option<Verdict>,
    /// How many notes there are.
    pub(crate) notes: usize,
}

/// One card.
#[derive(Clone, Copy)]
pub(crate) struct CardView {
    /// The project on it.
    pub(crate) id: ProjectId,
    /// What it says.
    pub(crate) project: RwSignal<Project>,
    /// Where it lies.
    pub(crate) pile: RwSignal<Pile>,
    /// What has been written on it.
    pub(crate) marks: RwSignal<Marks>,
    /// The others' hands on it.
    pub(crate) hands: RwSignal<Vec<Hand>>,
    /// Whether it is selected.
    pub(crate) selected: RwSignal<bool>,
    /// Whether it is the one card that the Tab key reaches.
    pub(crate) tab_stop: RwSignal<bool>,
    /// Whether search and filter let it through.
    pub(crate) shown: RwSignal<bool>,
    /// Whether it came to its pile by somebody else's hand, so that it may be pointed out as it appears.
    pub(crate) arrived: RwSignal<bool>,
}

/// A card that others have placed since the last look.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    /// Which.
    pub(crate) project: ProjectId,
    /// Where to.
    pub(crate) pile: Pile,
    /// Who had it in hand, where that was seen.
    pub(crate) by: Option<String>,
}

/// Somebody who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Other {
    /// Who.
    pub(crate) id: ParticipantId,
    /// Their name.
    pub(crate) name: String,
    /// Their colour, a design token.
    pub(crate) colour: String,
}

/// Where somebody else writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Writer {
    /// In which text: a note's id, or a project's for its rationale.
    pub(crate) text: Uuid,
    /// UTF-16 units before their caret.
    pub(crate) at: u32,
    /// Their name.
    pub(crate) name: String,
    /// Their colour, a design token.
    pub(crate) colour: String,
}

/// The board as signals. All of them belong to the page that shows it.
#[derive(Clone, Copy)]
pub(crate) struct BoardView {
    /// Where the session stands.
    pub(crate) session: RwSignal<SessionInfo>,
    /// The pillars, in their order.
    pub(crate) pillars: RwSignal<Vec<Pillar>>,
    /// Everybody who has joined.
    pub(crate) roster: RwSignal<BTreeMap<ParticipantId, Person>>,
    /// The others who are here now.
    pub(crate) others: RwSignal<Vec<Other>>,
    /// Where the others write.
    pub(crate) writers: RwSignal<Vec<Writer>>,
    /// Grows when a note or a decision has changed: [`BoardView::board`] has it.
    pub(crate) written: RwSignal<u32>,
    /// The shape of the portfolio.
    pub(crate) shape: RwSignal<Shape>,
    /// Placed last, by anybody: newest first, a few.
    pub(crate) latest: RwSignal<Vec<(ProjectId, Pile)>>,
    inner: StoredValue<Inner>,
}

struct Inner {
    owner: Owner,
    board: Arc<Board>,
    filled: bool,
    cards: HashMap<ProjectId, CardView>,
    piles: HashMap<Pile, RwSignal<Vec<ProjectId>>>,
    handled: HashMap<ProjectId, Vec<Hand>>,
    /// Who was last seen to hold a card.
    held: HashMap<ProjectId, String>,
    /// Where this page itself has just put cards, which is no news to it.
    own: HashMap<ProjectId, Pile>,
    /// Whether everything that moves next was moved by this page.
    all_own: bool,
}

/// How many placements [`BoardView::latest`] remembers.
const LATEST: usize = 6;

impl BoardView {
    /// An empty board, whose signals belong to the current owner.
    pub(crate) fn new() -> Self {
        Self {
            session: RwSignal::default(),
            pillars: RwSignal::default(),
            roster: RwSignal::default(),
            others: RwSignal::default(),
            writers: RwSignal::default(),
            written: RwSignal::default(),
            shape: RwSignal::default(),
            latest: RwSignal::default(),
            inner: StoredValue::new(Inner {
                owner: Owner::current().unwrap_or_default(),
                board: Arc::default(),
                filled: false,
                cards: HashMap::new(),
                piles: HashMap::new(),
                handled: HashMap::new(),
                held: HashMap::new(),
                own: HashMap::new(),
                all_own: false,
            }),
        }
    }

    /// The board as it is shown; not tracked.
    pub(crate) fn board(self) -> Arc<Board> {
        self.inner.with_value(|inner| inner.board.clone())
    }

    /// A project's card; not tracked.
    pub(crate) fn card(self, id: ProjectId) -> Option<CardView> {
        self.inner.with_value(|inner| inner.cards.get(&id).copied())
    }

    /// All cards; not tracked.
    pub(crate) fn cards(self) -> Vec<CardView> {
        self.inner.with_value(|inner| inner.cards.values().copied().collect())
    }

    /// What lies on a pile, in its order.
    pub(crate) fn pile(self, pile: Pile) -> RwSignal<Vec<ProjectId>> {
        let there = self.inner.with_value(|inner| inner.piles.get(&pile).copied());
        there.unwrap_or_else(|| {
            let owner = self.inner.with_value(|inner| inner.owner.clone());
            let signal = owner.with(|| RwSignal::new(Vec::new()));
            self.inner.update_value(|inner| {
                inner.piles.insert(pile, signal);
            });
            signal
        })
    }

    /// Remembers that this page itself puts `projects` onto `pile`.
    pub(crate) fn expect(self, projects: &[ProjectId], pile: Pile) {
        self.inner.update_value(|inner| inner.own.extend(projects.iter().map(|id| (*id, pile))));
    }

    /// Remembers that this page itself is about to move whatever moves next: it has taken something back.
    pub(crate) fn expect_all(self) {
        self.inner.update_value(|inner| inner.all_own = true);
    }

    /// Shows `board`; gives what others have placed.
    pub(crate) fn show(self, board: &Arc<Board>) -> Vec<Placed> {
        let (before, filled) = self.inner.with_value(|inner| (inner.board.clone(), inner.filled));
        set_if_other(self.session, &board.session);
        set_if_other(self.pillars, &board.pillars);
        set_if_other(self.roster, &board.roster);

        let mut placed = Vec::new();
        let mut latest = self.latest.get_untracked();
        let mut added = Vec::new();
        self.inner.update_value(|inner| {
            inner.cards.retain(|id, _| board.projects.contains_key(id));
            for (id, project) in &board.projects {
                let pile = board.pile(*id);
                let Some(card) = inner.cards.get(id).copied() else {
                    added.push((*id, project.clone(), pile));
                    continue;
                };
                if before.projects.get(id) != Some(project) {
                    card.project.set(project.clone());
                }
                let own = inner.own.remove(id);
                if card.pile.get_untracked() == pile {
                    continue;
                }
                let theirs = filled && !inner.all_own && own != Some(pile);
                card.arrived.set(theirs);
                card.pile.set(pile);
                if theirs {
                    placed.push(Placed { project: *id, pile, by: inner.held.get(id).cloned() });
                }
                if pile != Pile::Unsorted {
                    latest.retain(|(other, _)| other != id);
                    latest.insert(0, (*id, pile));
                }
            }
            inner.own.clear();
            inner.all_own = false;
            let owner = inner.owner.clone();
            for (id, project, pile) in added {
                let card = owner.with(|| CardView {
                    id,
                    project: RwSignal::new(project),
                    pile: RwSignal::new(pile),
                    marks: RwSignal::default(),
                    hands: RwSignal::default(),
                    selected: RwSignal::new(false),
                    tab_stop: RwSignal::new(false),
                    shown: RwSignal::new(true),
                    arrived: RwSignal::new(filled),
                });
                inner.cards.insert(id, card);
            }
            inner.filled = true;
            inner.board = board.clone();
        });
        latest.retain(|(id, pile)| board.projects.contains_key(id) && board.pile(*id) == *pile);
        latest.truncate(LATEST);
        set_if_other(self.latest, &latest);

        let mut piles = board.piles();
        let known: Vec<Pile> = self.inner.with_value(|inner| inner.piles.keys().copied().collect());
        for pile in known {
            let cards = piles.remove(&pile).unwrap_or_default();
            set_if_other(self.pile(pile), &cards);
        }
        for (pile, cards) in piles {
            set_if_other(self.pile(pile), &cards);
        }
        let shape = Shape::of(
            board.pillars.iter().map(|pillar| pillar.id),
            board.projects.iter().map(|(id, project)| (board.pile(*id), project)),
        );
        set_if_other(self.shape, &shape);
        if before.notes != board.notes || before.decisions != board.decisions {
            self.mark(board);
            self.written.update(|written| *written = written.wrapping_add(1));
        }
        placed
    }

    /// Shows on each card what has been written on it.
    fn mark(self, board: &Board) {
        let mut marks: HashMap<ProjectId, Marks> = HashMap::new();
        for note in board.notes.values().filter(|note| !note.text.is_empty()) {
            if let Ok(id) = note.about.parse() {
                marks.entry(id).or_default().notes += 1;
            }
        }
        for (id, decision) in &board.decisions {
            marks.entry(*id).or_default().verdict = decision.verdict;
        }
        for card in self.cards() {
            set_if_other(card.marks, &marks.get(&card.id).copied().unwrap_or_default());
        }
    }

    /// Shows who is here and what is in their hands.
    pub(crate) fn show_others(self, presences: &BTreeMap<u64, Presence>) {
        let mut others: Vec<Other> = Vec::new();
        let mut hands: HashMap<ProjectId, Vec<Hand>> = HashMap::new();
        let mut writers = Vec::new();
        for presence in presences.values() {
            let Some(user) = &presence.user else { continue };
            if !others.iter().any(|other| other.id == user.id) {
                others.push(Other { id: user.id, name: user.name.clone(), colour: user.colour.clone() });
            }
            if let Some(caret) = presence.caret {
                let (name, colour) = (user.name.clone(), user.colour.clone());
                writers.push(Writer { text: caret.text, at: caret.at, name, colour });
            }
            if let Some(card) = presence.holding.or(presence.item) {
                let holds = presence.holding.is_some();
                let hand = Hand { name: user.name.clone(), colour: user.colour.clone(), holds };
                hands.entry(card).or_default().push(hand);
            }
        }
        sort(&mut others, |a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        set_if_other(self.others, &others);
        set_if_other(self.writers, &writers);
        self.inner.update_value(|inner| {
            let before = std::mem::take(&mut inner.handled);
            for (id, hands) in &hands {
                if before.get(id) != Some(hands)
                    && let Some(card) = inner.cards.get(id)
                {
                    card.hands.set(hands.clone());
                }
                if let Some(hand) = hands.iter().find(|hand| hand.holds) {
                    inner.held.insert(*id, hand.name.clone());
                }
            }
            for id in before.keys().filter(|id| !hands.contains_key(*id)) {
                if let Some(card) = inner.cards.get(id) {
                    card.hands.set(Vec::new());
                }
            }
            inner.handled = hands;
        });
    }

    /// A pile's name, as people read it; tracked.
    pub(crate) fn pile_name(self, pile: Pile) -> String {
        let text = &crate::text::text().board;
        match pile {
            Pile::Unsorted => text.unsorted.to_owned(),
            Pile::Off => text.off.to_owned(),
            Pile::Pillar(id) => self.pillars.with(|pillars| {
                pillars
                    .iter()
                    .find(|pillar| pillar.id == id)
                    .map(|pillar| pillar.name.clone())
                    .unwrap_or_default()
            }),
        }
    }

    /// The design token of a pile's colour; tracked.
    pub(crate) fn pile_colour(self, pile: Pile) -> String {
        match pile {
            Pile::Unsorted => "var(--unsorted)".to_owned(),
            Pile::Off => "var(--off)".to_owned(),
            Pile::Pillar(id) => self.pillars.with(|pillars| pillar_colour(pillars, id)),
        }
    }

    /// The pillar that number `key` (1 to 9) stands for.
    pub(crate) fn pillar_by_number(self, key: usize) -> Option<PillarId> {
        self.pillars.with_untracked(|pillars| pillars.get(key.checked_sub(1)?).map(|pillar| pillar.id))
    }
}

/// The colour of a pillar: its own, or that of its place in the row.
pub(crate) fn pillar_colour(pillars: &[Pillar], id: PillarId) -> String {
    use plumbline_shared::schema::COLOURS;
    let at = pillars.iter().position(|pillar| pillar.id == id).unwrap_or_default();
    let own = pillars.get(at).map(|pillar| pillar.colour.as_str()).unwrap_or_default();
    // Only names that are tokens of ours: the value comes from other people.
    let token = COLOURS.iter().find(|token| **token == own).unwrap_or(&COLOURS[at % COLOURS.len()]);
    format!("var(--{token})")
}

fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|old| old != value) {
        signal.set(value.clone());
    }
}
