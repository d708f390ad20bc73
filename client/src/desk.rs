//! What one person has in front of them: which cards are selected, what is open, what is filtered, how dense the
//! board is. Nothing of it is shared, but for the presence that others see.

use leptos::prelude::*;
use plumbline_shared::{
    board::{Pile, Project},
    ids::ProjectId,
    words::{OFF, Origin},
};

use crate::{
    dom,
    effect::effect,
    notices::Tone,
    session::{CardView, Live},
    shift::{Shift, Shifted, shifted},
    storage,
    text::text,
};

const COMPACT: &str = "plumbline.compact";
/// The pile of unsorted cards, in attributes and in presence.
pub(crate) const UNSORTED: &str = "unsorted";

/// A pile as it stands in attributes and in presence: a pillar's id, `off` or `unsorted`.
pub(crate) fn pile_key(pile: Pile) -> String {
    pile.key().unwrap_or_else(|| UNSORTED.to_owned())
}

/// The pile that such a key names.
pub(crate) fn pile_of_key(key: &str) -> Option<Pile> {
    match key {
        UNSORTED => Some(Pile::Unsorted),
        OFF => Some(Pile::Off),
        id => id.parse().ok().map(Pile::Pillar),
    }
}

/// Which cards are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Words that all have to stand somewhere on the card.
    pub(crate) words: String,
    /// Where the project came from.
    pub(crate) origin: Option<Origin>,
    /// Who wants it.
    pub(crate) sponsor: Option<String>,
    /// Where it lies.
    pub(crate) pile: Option<Pile>,
    /// Only what somebody has asked *is this a hobby?* of.
    pub(crate) flagged: bool,
}

impl Filter {
    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self.words.trim().is_empty() && !self.narrows()
    }

    /// Whether it holds anything back beside the words of the search.
    pub(crate) fn narrows(&self) -> bool {
        self.origin.is_some() || self.sponsor.is_some() || self.pile.is_some() || self.flagged
    }

    fn lets(&self, card: &CardView, words: &[String]) -> bool {
        if self.pile.is_some_and(|pile| pile != card.pile.get_untracked()) {
            return false;
        }
        if self.flagged && card.marks.with_untracked(|marks| marks.flags == 0 && !marks.own_flag) {
            return false;
        }
        card.project.with_untracked(|project| self.lets_project(project, words))
    }

    fn lets_project(&self, project: &Project, words: &[String]) -> bool {
        if self.origin.is_some_and(|origin| project.origin.unwrap_or(Origin::Unknown) != origin) {
            return false;
        }
        if self.sponsor.as_ref().is_some_and(|sponsor| *sponsor != project.sponsor) {
            return false;
        }
        if words.is_empty() {
            return true;
        }
        let mut all = [
            project.name.as_str(),
            project.summary.as_str(),
            project.sponsor.as_str(),
            project.owner.as_str(),
            project.reference.as_str(),
        ]
        .join("\n");
        for (_, value) in &project.more {
            all.push('\n');
            all.push_str(value);
        }
        let all = all.to_lowercase();
        words.iter().all(|word| all.contains(word.as_str()))
    }
}

/// How much room the unsorted cards have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TraySize {
    /// What they need, up to half of the board.
    Fitting,
    /// Most of the board.
    Tall,
    /// So many pixels, as somebody drew it.
    Drawn(f64),
}

/// What one person has in front of them. A handle: copies are the same desk.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The session.
    pub(crate) live: Live,
    /// The card before the person: it has the focus, and it is what the panel shows.
    pub(crate) lead: RwSignal<Option<ProjectId>>,
    /// The selected cards, on which keys act: the lead alone, or those that were picked.
    pub(crate) selected: RwSignal<Vec<ProjectId>>,
    /// The card of which the person is asking *is this a hobby?*, while they write why. Others are not shown that
    /// they look at it.
    pub(crate) asking: RwSignal<Option<ProjectId>>,
    /// Whether the panel is open.
    pub(crate) open: RwSignal<bool>,
    /// Which cards are shown.
    pub(crate) filter: RwSignal<Filter>,
    /// Whether cards are small.
    pub(crate) compact: RwSignal<bool>,
    /// How much room the unsorted cards have.
    pub(crate) tray: RwSignal<TraySize>,
    /// The pile over which a card is held.
    pub(crate) over: RwSignal<Option<Pile>>,
    /// Whether a card is in hand.
    pub(crate) dragging: RwSignal<bool>,
    /// How many cards this page has just had placed in one go, for as long as that can be taken back.
    pub(crate) placed_agreed: RwSignal<Option<usize>>,
    tab_stop: StoredValue<Option<ProjectId>>,
    /// Whether the selected cards were picked one by one, and stay so when the lead goes on.
    picking: StoredValue<bool>,
}

impl Desk {
    /// A clear desk before a session's board.
    pub(crate) fn new(live: Live) -> Self {
        let desk = Self {
            live,
            lead: RwSignal::new(None),
            selected: RwSignal::default(),
            asking: RwSignal::new(None),
            open: RwSignal::new(false),
            filter: RwSignal::default(),
            compact: RwSignal::new(storage::read(COMPACT).unwrap_or(false)),
            tray: RwSignal::new(TraySize::Fitting),
            over: RwSignal::new(None),
            dragging: RwSignal::new(false),
            placed_agreed: RwSignal::new(None),
            tab_stop: StoredValue::new(None),
            picking: StoredValue::new(false),
        };
        provide_context(desk);
        desk.keep_filtered();
        desk.keep_reachable();
        desk.keep_shown();
        Effect::watch(
            move || desk.compact.get(),
            |compact, _, _| {
                storage::write(COMPACT, *compact);
            },
            false,
        );
        desk
    }

    /// The desk of this page.
    pub(crate) fn used() -> Self {
        expect_context()
    }

    /// Shows and hides cards as the filter, the board or a card changes.
    fn keep_filtered(self) {
        effect(move || {
            let filter = self.filter.get();
            self.live.board.shape.track();
            if filter.flagged {
                self.live.board.flagged.track();
            }
            let words: Vec<String> =
                filter.words.to_lowercase().split_whitespace().map(str::to_owned).collect();
            for card in self.live.board.cards() {
                let shown = filter.lets(&card, &words);
                if card.shown.get_untracked() != shown {
                    card.shown.set(shown);
                }
            }
        });
    }

    /// Keeps the selection to cards that there are, and one card within reach of the Tab key.
    fn keep_reachable(self) {
        effect(move || {
            self.live.board.shape.track();
            let board = self.live.board;
            let lead = self.lead.get();
            let gone = |id: &ProjectId| board.card(*id).is_none();
            if lead.as_ref().is_some_and(gone) {
                return self.clear();
            }
            if self.selected.with_untracked(|selected| selected.iter().any(gone)) {
                let mut selected = self.selected.get_untracked();
                selected.retain(|id| !gone(id));
                self.set_selected(selected);
            }
            let first = || {
                let mut piles = board.pillars.with_untracked(|pillars| {
                    pillars.iter().map(|pillar| Pile::Pillar(pillar.id)).collect::<Vec<_>>()
                });
                piles.extend([Pile::Off, Pile::Unsorted]);
                piles
                    .into_iter()
                    .find_map(|pile| board.pile(pile).with_untracked(|cards| cards.first().copied()))
            };
            let stop = lead.or_else(first);
            let before = self.tab_stop.get_value();
            self.tab_stop.set_value(stop);
            for (id, is) in [(before, false), (stop, true)] {
                if let Some(card) = id.and_then(|id| board.card(id))
                    && card.tab_stop.get_untracked() != is
                {
                    card.tab_stop.set(is);
                }
            }
        });
    }

    /// The lead's card; not tracked.
    pub(crate) fn lead_card(self) -> Option<CardView> {
        self.live.board.card(self.lead.get_untracked()?)
    }

    /// Shows the others which card is before the person.
    fn keep_shown(self) {
        crate::effect::effect(move || {
            let item = if self.asking.get().is_some() { None } else { self.lead.get() };
            self.live.presence(|presence| presence.item = item);
        });
    }

    /// Goes to a card and selects it; cards that were picked stay selected instead.
    pub(crate) fn go_to(self, id: ProjectId) {
        if self.picking.get_value() {
            self.set_lead(Some(id));
        } else {
            self.select(id);
        }
    }

    /// Selects one card, and lets go of all others.
    pub(crate) fn select(self, id: ProjectId) {
        self.picking.set_value(false);
        self.set_selected(vec![id]);
        self.set_lead(Some(id));
    }

    /// Picks a card to the others, or lets go of it if it was picked.
    pub(crate) fn pick(self, id: ProjectId) {
        let mut selected = self.selected.get_untracked();
        // The card to which the person has just come is selected, but was not picked yet.
        let was_picked = selected.contains(&id) && self.picking.get_value();
        selected.retain(|other| *other != id);
        if !was_picked {
            selected.push(id);
        }
        self.picking.set_value(!selected.is_empty());
        self.set_selected(selected);
        self.set_lead(Some(id));
    }

    /// Picks all shown cards from the lead to `id`, if they lie on one pile; otherwise `id` alone.
    pub(crate) fn pick_through(self, id: ProjectId) {
        let board = self.live.board;
        let pile = |id: ProjectId| board.card(id).map(|card| card.pile.get_untracked());
        let between = || {
            let lead = self.lead.get_untracked()?;
            let on = pile(lead).filter(|on| Some(*on) == pile(id))?;
            let cards = board.pile(on).get_untracked();
            let at = |id| cards.iter().position(|other| *other == id);
            let (from, to) = (at(lead)?, at(id)?);
            let shown = |id: &ProjectId| board.card(*id).is_some_and(|card| card.shown.get_untracked());
            Some(cards[from.min(to)..=from.max(to)].iter().copied().filter(shown).collect::<Vec<_>>())
        };
        let mut selected = self.selected.get_untracked();
        for id in between().unwrap_or_else(|| vec![id]) {
            if !selected.contains(&id) {
                selected.push(id);
            }
        }
        self.picking.set_value(true);
        self.set_selected(selected);
        self.set_lead(Some(id));
    }

    /// Goes on to a card and picks it to the others.
    pub(crate) fn pick_next(self, id: ProjectId) {
        let mut selected = self.selected.get_untracked();
        if !selected.contains(&id) {
            selected.push(id);
        }
        self.picking.set_value(true);
        self.set_selected(selected);
        self.set_lead(Some(id));
    }

    /// Lets go of all cards and closes the panel.
    pub(crate) fn clear(self) {
        self.open.set(false);
        self.picking.set_value(false);
        self.set_selected(Vec::new());
        self.set_lead(None);
    }

    fn set_lead(self, lead: Option<ProjectId>) {
        if self.lead.get_untracked() != lead {
            self.lead.set(lead);
            self.asking.set(None);
        }
    }

    fn set_selected(self, selected: Vec<ProjectId>) {
        let board = self.live.board;
        let before = self.selected.get_untracked();
        for id in before.iter().filter(|id| !selected.contains(id)) {
            if let Some(card) = board.card(*id) {
                card.selected.set(false);
            }
        }
        for id in &selected {
            if let Some(card) = board.card(*id)
                && !card.selected.get_untracked()
            {
                card.selected.set(true);
            }
        }
        if before != selected {
            self.selected.set(selected);
        }
    }

    /// Selects a card and opens it in the panel.
    pub(crate) fn open_card(self, id: ProjectId) {
        self.select(id);
        self.open.set(true);
    }

    /// Opens a card with the question whether it is a hobby.
    pub(crate) fn ask(self, id: ProjectId) {
        self.open_card(id);
        self.asking.set(Some(id));
    }

    /// Closes the panel; the card stays selected and takes the focus back.
    pub(crate) fn close_card(self) {
        self.open.set(false);
        self.asking.set(None);
        self.focus_lead();
    }

    /// Places cards; says so, and goes on to the next unsorted one when the only selected card was unsorted.
    pub(crate) fn place(self, projects: Vec<ProjectId>, pile: Pile, before: Option<ProjectId>) {
        if projects.is_empty() {
            return;
        }
        let board = self.live.board;
        let moves: Vec<ProjectId> = if before.is_some() {
            projects
        } else {
            projects
                .into_iter()
                .filter(|id| board.card(*id).is_some_and(|card| card.pile.get_untracked() != pile))
                .collect()
        };
        let Some(first) = moves.first().and_then(|id| board.card(*id)) else { return };
        let count = moves.len();
        let next = (count == 1 && first.pile.get_untracked() == Pile::Unsorted && pile != Pile::Unsorted)
            .then(|| self.next_in_pile(first.id))
            .flatten();
        let was_lead = self.lead.get_untracked() == Some(first.id);
        if !self.live.place(moves, pile, before) {
            return;
        }
        let pile = untrack(|| board.pile_name(pile));
        let spoken = &text().spoken;
        self.live.notices().say(if count == 1 {
            (spoken.placed)(&first.project.with_untracked(|project| project.name.clone()), &pile)
        } else {
            (spoken.placed_many)(count, &pile)
        });
        if was_lead && let Some(next) = next {
            self.select(next);
        } else if count > 1
            && let Some(lead) = self.lead.get_untracked()
        {
            self.select(lead);
        }
        self.focus_lead();
    }

    /// Places the selected cards at a pile's end.
    pub(crate) fn place_selected(self, pile: Pile) {
        let mut selected = self.selected.get_untracked();
        if selected.is_empty() {
            selected.extend(self.lead.get_untracked());
        }
        self.place(selected, pile, None);
    }

    /// Shifts the selected cards within their pile: those that lie with the lead, if it is one of them, else those that
    /// lie with the first. Says where they are then, or why they stay.
    pub(crate) fn shift(self, by: Shift) {
        self.live.show_now();
        let board = self.live.board;
        let mut selected = self.selected.get_untracked();
        let lead = self.lead.get_untracked();
        if selected.is_empty() {
            selected.extend(lead);
        }
        let first = lead.filter(|lead| selected.contains(lead)).or_else(|| selected.first().copied());
        let Some(first) = first.and_then(|id| board.card(id)) else { return };
        let pile = first.pile.get_untracked();
        let spoken = &text().spoken;
        if pile == Pile::Unsorted {
            return self.live.notices().show(Tone::Plain, spoken.without_order);
        }
        let cards = board.pile(pile).get_untracked();
        let shown = |id| board.card(id).is_some_and(|card| card.shown.get_untracked());
        let Some(Shifted { cards: moved, before, place }) = shifted(&cards, &selected, shown, by) else {
            let up = matches!(by, Shift::Top | Shift::Up);
            return self.live.notices().say(if up { spoken.at_top } else { spoken.at_end });
        };
        let count = moved.len();
        if !self.live.place(moved, pile, before) {
            return;
        }
        let (name, all) = (untrack(|| board.pile_name(pile)), cards.len());
        self.live.notices().say(if count == 1 {
            let what = first.project.with_untracked(|project| project.name.clone());
            (spoken.shifted)(&what, place, all, &name)
        } else {
            (spoken.shifted_many)(count, place, all, &name)
        });
        // A button beside the board keeps the focus, to be pressed again.
        if dom::focused_card().is_some() {
            self.focus_lead();
        }
    }

    /// The shown card behind `id` in its pile, else the one before it.
    fn next_in_pile(self, id: ProjectId) -> Option<ProjectId> {
        let board = self.live.board;
        let cards = board.pile(board.card(id)?.pile.get_untracked()).get_untracked();
        let at = cards.iter().position(|other| *other == id)?;
        let shown = |id: &&ProjectId| board.card(**id).is_some_and(|card| card.shown.get_untracked());
        cards[at + 1..].iter().find(shown).or_else(|| cards[..at].iter().rev().find(shown)).copied()
    }

    /// Gives the lead's card the focus once the page has drawn it, unless the person is somewhere else by now.
    pub(crate) fn focus_lead(self) {
        // Two frames: in the first one the board is brought up to date.
        request_animation_frame(move || {
            request_animation_frame(move || {
                let Some(id) = self.lead.try_get_untracked().flatten() else { return };
                let elsewhere = dom::focused()
                    .is_some_and(|element| !matches!(element.closest("[data-project]"), Ok(Some(_))))
                    && (dom::is_typing() || dom::dialog_is_open() || dom::is_narrow());
                if elsewhere {
                    return;
                }
                if let Some(card) = dom::card(id) {
                    dom::focus_quietly(&card);
                    dom::bring_into_sight(&card);
                }
            });
        });
    }
}
