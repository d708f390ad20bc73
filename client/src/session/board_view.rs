//! The board as signals, fine enough that a change touches what it changes and nothing else.

mod show;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use leptos::prelude::*;
use plumbline_shared::{
    answer::Item,
    board::{Board, Person, Pile, Pillar, Project, SessionInfo, Step},
    ids::{ParticipantId, PillarId, ProjectId, StepId},
    messages::{OwnBallot, OwnFlag},
    results::StepResults,
    words::Verdict,
};
use plumbline_sync::Progress;
use uuid::Uuid;

use crate::{effect::memo, shape::Shape};

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
    /// How many people ask whether it is a hobby, as far as that has been published.
    pub(crate) flags: u32,
    /// Whether this person asks so.
    pub(crate) own_flag: bool,
    /// Whether the room claims nothing for it.
    pub(crate) hobby: bool,
    /// Whether a checkpoint has not found it in the portfolio that was imported anew.
    pub(crate) gone: bool,
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
    /// The steps, in their order.
    pub(crate) agenda: RwSignal<Vec<Step>>,
    /// What the steps have come to so far.
    pub(crate) results: RwSignal<BTreeMap<StepId, StepResults>>,
    /// The own part in the current ballot, answers that wait to be confirmed included; nobody else's is ever here.
    pub(crate) own_ballot: RwSignal<Option<OwnBallot>>,
    /// The items of it whose answers are not confirmed yet.
    pub(crate) unconfirmed: RwSignal<Vec<Item>>,
    /// How many have finished in the current round, in steps that point at nobody.
    pub(crate) progress: RwSignal<Option<Progress>>,
    /// What was answered too late, by step and round.
    pub(crate) not_counted: RwSignal<Vec<(StepId, u32, Item)>>,
    /// The pillars, in their order.
    pub(crate) pillars: RwSignal<Vec<Pillar>>,
    /// Everybody who has joined.
    pub(crate) roster: RwSignal<BTreeMap<ParticipantId, Person>>,
    /// The others who are here now.
    pub(crate) others: RwSignal<Vec<Other>>,
    /// Tests with a phone by whose picture somebody who is here came, with their names.
    pub(crate) tested: RwSignal<Vec<(Uuid, String)>>,
    /// Cards that others hold over a pile: which pile, which card, whose hand.
    pub(crate) hovering: RwSignal<Vec<(Pile, ProjectId, Hand)>>,
    /// Where the others write.
    pub(crate) writers: RwSignal<Vec<Writer>>,
    /// Grows when a note or a decision has changed: [`BoardView::board`] has it.
    pub(crate) written: RwSignal<u32>,
    /// Grows when flags have come or gone, the own ones included.
    pub(crate) flagged: RwSignal<u32>,
    /// The own flags, which nobody else sees before they are published.
    pub(crate) own_flags: RwSignal<Vec<OwnFlag>>,
    /// The shape of the portfolio.
    pub(crate) shape: RwSignal<Shape>,
    /// Cards that came to their pile while the page was open, by anybody's hand, and new ones: the newest first.
    pub(crate) latest: RwSignal<Vec<(ProjectId, Pile)>>,
    inner: StoredValue<Inner>,
}

struct Inner {
    owner: Owner,
    board: Arc<Board>,
    filled: bool,
    /// How many cards the page may have by now: they come in slices.
    room: usize,
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

impl Inner {
    /// Whose hand has just placed a card, as far as that was seen: the one that holds it, or the only one on it.
    fn whose(&mut self, id: ProjectId) -> Option<String> {
        let held = self.held.remove(&id);
        let hands = self.handled.get(&id).map_or(&[][..], Vec::as_slice);
        let now = match hands {
            [only] => Some(only),
            hands => hands.iter().find(|hand| hand.holds),
        };
        held.or_else(|| now.map(|hand| hand.name.clone()))
    }
}

/// How many cards [`BoardView::latest`] remembers.
const LATEST: usize = 64;

impl BoardView {
    /// An empty board, whose signals belong to the current owner.
    pub(crate) fn new() -> Self {
        Self {
            session: RwSignal::default(),
            agenda: RwSignal::default(),
            results: RwSignal::default(),
            own_ballot: RwSignal::default(),
            unconfirmed: RwSignal::default(),
            progress: RwSignal::default(),
            not_counted: RwSignal::default(),
            pillars: RwSignal::default(),
            roster: RwSignal::default(),
            others: RwSignal::default(),
            tested: RwSignal::default(),
            hovering: RwSignal::default(),
            writers: RwSignal::default(),
            written: RwSignal::default(),
            flagged: RwSignal::default(),
            own_flags: RwSignal::default(),
            shape: RwSignal::default(),
            latest: RwSignal::default(),
            inner: StoredValue::new(Inner {
                owner: Owner::current().unwrap_or_default(),
                board: Arc::default(),
                filled: false,
                room: 0,
                cards: HashMap::new(),
                piles: HashMap::new(),
                handled: HashMap::new(),
                held: HashMap::new(),
                own: HashMap::new(),
                all_own: false,
            }),
        }
    }

    /// Remembers an answer that came too late. Of a round that is over nobody asks any more.
    pub(crate) fn came_too_late(self, answer: (StepId, u32, Item)) {
        self.not_counted.update(|all| {
            all.retain(|other| (other.0, other.1) == (answer.0, answer.1) && other.2 != answer.2);
            all.push(answer);
        });
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

    /// The piles of all pillars in their order, between those.
    pub(crate) fn piles_between(self, first: &'static [Pile], last: &'static [Pile]) -> Memo<Vec<Pile>> {
        memo(move |_| {
            let mut piles = first.to_vec();
            self.pillars.with(|pillars| piles.extend(pillars.iter().map(|pillar| Pile::Pillar(pillar.id))));
            piles.extend_from_slice(last);
            piles
        })
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
