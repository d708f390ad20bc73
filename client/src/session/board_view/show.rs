//! Bringing the signals up to a board and to who is here.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use leptos::prelude::*;
use plumbline_shared::{
    board::{Board, Pile},
    deciding::Evidence,
    ids::ProjectId,
    messages::{OwnFlag, Presence},
    methods::HobbyOutcome,
    sorted::sort,
};

use super::{BoardView, CardView, Hand, Marks, Other, Placed, Writer};
use crate::{desk::pile_of_key, shape::Shape};

/// Cards that are put onto the page in one frame: making one takes a good half of a millisecond, and a frame
/// should leave room for whoever types or drags meanwhile.
const SLICE: usize = 24;

impl BoardView {
    /// Shows `board`; gives what others have placed. Many new cards come in slices: see [`BoardView::is_whole`].
    pub(crate) fn show(self, board: &Arc<Board>) -> Vec<Placed> {
        let (before, filled) = self.inner.with_value(|inner| (inner.board.clone(), inner.filled));
        set_if_other(self.session, &board.session);
        set_if_other(self.agenda, &board.agenda);
        set_if_other(self.results, &board.results);
        set_if_other(self.pillars, &board.pillars);
        set_if_other(self.roster, &board.roster);

        let mut placed = Vec::new();
        let mut latest = self.latest.get_untracked();
        let mut added = false;
        self.inner.update_value(|inner| {
            inner.cards.retain(|id, _| board.projects.contains_key(id));
            for (id, project) in &board.projects {
                let pile = board.pile(*id);
                let Some(card) = inner.cards.get(id).copied() else {
                    added = true;
                    let card = inner.owner.with(|| CardView {
                        id: *id,
                        project: RwSignal::new(project.clone()),
                        pile: RwSignal::new(pile),
                        marks: RwSignal::default(),
                        hands: RwSignal::default(),
                        selected: RwSignal::new(false),
                        tab_stop: RwSignal::new(false),
                        shown: RwSignal::new(true),
                        arrived: RwSignal::new(filled),
                    });
                    inner.cards.insert(*id, card);
                    if filled {
                        latest.insert(0, (*id, pile));
                    }
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
                    placed.push(Placed { project: *id, pile, by: inner.whose(*id) });
                }
                latest.retain(|(other, _)| other != id);
                latest.insert(0, (*id, pile));
            }
            inner.own.clear();
            inner.all_own = false;
            inner.filled = true;
            inner.board = board.clone();
        });
        latest.retain(|(id, pile)| board.projects.contains_key(id) && board.pile(*id) == *pile);
        latest.truncate(super::LATEST);
        set_if_other(self.latest, &latest);
        self.lay();
        let shape = Shape::of(
            board.pillars.iter().map(|pillar| pillar.id),
            board.projects.iter().map(|(id, project)| (board.pile(*id), project)),
        );
        set_if_other(self.shape, &shape);
        let flagged = before.flags != board.flags;
        let written = before.notes != board.notes
            || before.decisions != board.decisions
            || before.earlier != board.earlier
            || before.session.earlier != board.session.earlier;
        let told = before.results != board.results;
        if written || flagged || told || added {
            self.mark(board);
        }
        if flagged {
            tick(self.flagged);
        }
        if written {
            tick(self.written);
        }
        placed
    }

    /// Lays the cards onto their piles: of many new ones the next slice, the first of every pile before the rest.
    pub(crate) fn lay(self) {
        let (board, room) = self.inner.with_value(|inner| (inner.board.clone(), inner.room));
        let mut piles = board.piles();
        let room = (room + SLICE).min(board.projects.len());
        self.inner.update_value(|inner| inner.room = room);
        if room < board.projects.len() {
            // So many of each pile that they all fit.
            let fits = |most: usize| piles.values().map(|cards| cards.len().min(most)).sum::<usize>() <= room;
            let most = (1..=room).rev().find(|most| fits(*most)).unwrap_or(1);
            for cards in piles.values_mut() {
                cards.truncate(most);
            }
        }
        let known: Vec<Pile> = self.inner.with_value(|inner| inner.piles.keys().copied().collect());
        for pile in known {
            let cards = piles.remove(&pile).unwrap_or_default();
            set_if_other(self.pile(pile), &cards);
        }
        for (pile, cards) in piles {
            set_if_other(self.pile(pile), &cards);
        }
    }

    /// Whether all cards are on the page; if not, [`BoardView::lay`] brings the next ones.
    pub(crate) fn is_whole(self) -> bool {
        self.inner.with_value(|inner| inner.room >= inner.board.projects.len())
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
        for (id, flags) in &board.flags {
            marks.entry(*id).or_default().flags = flags.count;
        }
        for (id, evidence) in Evidence::of_all(board) {
            marks.entry(id).or_default().hobby = evidence.outcome() == Some(HobbyOutcome::Hobby);
        }
        if board.session.earlier.as_ref().is_some_and(|earlier| earlier.imported_at.is_some()) {
            for (id, _) in board.earlier.iter().filter(|(_, earlier)| earlier.found.is_none()) {
                marks.entry(*id).or_default().gone = true;
            }
        }
        self.own_flags.with_untracked(|own| {
            for flag in own {
                marks.entry(flag.project).or_default().own_flag = true;
            }
        });
        for card in self.cards() {
            set_if_other(card.marks, &marks.get(&card.id).copied().unwrap_or_default());
        }
    }

    /// Shows the own flags.
    pub(crate) fn show_own_flags(self, own: &[OwnFlag]) {
        if self.own_flags.with_untracked(|before| before != own) {
            self.own_flags.set(own.to_vec());
            self.mark(&self.board());
            tick(self.flagged);
        }
    }

    /// Shows who is here and what is in their hands.
    pub(crate) fn show_others(self, presences: &BTreeMap<u64, Presence>) {
        let mut others: Vec<Other> = Vec::new();
        let mut hands: HashMap<ProjectId, Vec<Hand>> = HashMap::new();
        let (mut writers, mut hovering, mut tested) = (Vec::new(), Vec::new(), Vec::new());
        for presence in presences.values() {
            let Some(user) = &presence.user else { continue };
            if !others.iter().any(|other| other.id == user.id) {
                others.push(Other { id: user.id, name: user.name.clone(), colour: user.colour.clone() });
            }
            tested.extend(presence.test.map(|test| (test, user.name.clone())));
            if let Some(caret) = presence.caret {
                let (name, colour) = (user.name.clone(), user.colour.clone());
                writers.push(Writer { text: caret.text, at: caret.at, name, colour });
            }
            if let Some(card) = presence.holding.or(presence.item) {
                let holds = presence.holding.is_some();
                let hand = Hand { name: user.name.clone(), colour: user.colour.clone(), holds };
                if let (true, Some(over)) = (holds, presence.over.as_deref().and_then(pile_of_key)) {
                    hovering.push((over, card, hand.clone()));
                }
                hands.entry(card).or_default().push(hand);
            }
        }
        sort(&mut others, |a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        set_if_other(self.others, &others);
        set_if_other(self.tested, &tested);
        set_if_other(self.writers, &writers);
        set_if_other(self.hovering, &hovering);
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
}

fn tick(signal: RwSignal<u32>) {
    signal.update(|ticks| *ticks = ticks.wrapping_add(1));
}

fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|old| old != value) {
        signal.set(value.clone());
    }
}
