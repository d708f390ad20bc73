//! What one person has in front of them: which cards are selected, what is open, what is filtered, how dense the
//! board is. Nothing of it is shared, but for the presence that others see.

use leptos::prelude::*;
use plumbline_shared::{
    board::Pile,
    ids::ProjectId,
    words::{OFF, Origin},
};

use crate::{
    dom,
    effect::effect,
    session::{CardView, Live},
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
}

impl Filter {
    /// Whether it lets everything through.
    pub(crate) fn is_open(&self) -> bool {
        self.words.trim().is_empty() && self.origin.is_none() && self.sponsor.is_none()
    }

    fn lets(&self, project: &plumbline_shared::board::Project, words: &[String]) -> bool {
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
    /// The card that keys act on.
    pub(crate) lead: RwSignal<Option<ProjectId>>,
    /// All selected cards, the lead included.
    pub(crate) selected: RwSignal<Vec<ProjectId>>,
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
    tab_stop: StoredValue<Option<ProjectId>>,
}

impl Desk {
    /// A clear desk before a session's board.
    pub(crate) fn new(live: Live) -> Self {
        let desk = Self {
            live,
            lead: RwSignal::new(None),
            selected: RwSignal::default(),
            open: RwSignal::new(false),
            filter: RwSignal::default(),
            compact: RwSignal::new(storage::read(COMPACT).unwrap_or(false)),
            tray: RwSignal::new(TraySize::Fitting),
            over: RwSignal::new(None),
            dragging: RwSignal::new(false),
            tab_stop: StoredValue::new(None),
        };
        provide_context(desk);
        desk.keep_filtered();
        desk.keep_reachable();
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
            let words: Vec<String> =
                filter.words.to_lowercase().split_whitespace().map(str::to_owned).collect();
            for card in self.live.board.cards() {
                let shown = card.project.with_untracked(|project| filter.lets(project, &words));
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
            if let Some(id) = lead
                && board.card(id).is_none()
            {
                return self.clear();
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

    /// Selects a card; `also` keeps the others selected, or lets go of this one if it is selected already.
    pub(crate) fn select(self, id: ProjectId, also: bool) {
        let before = self.selected.get_untracked();
        let mut selected = if also { before.clone() } else { Vec::new() };
        if also && before.contains(&id) && before.len() > 1 {
            selected.retain(|other| *other != id);
        } else {
            selected.retain(|other| *other != id);
            selected.push(id);
        }
        self.set_selected(selected);
    }

    /// Lets go of all cards and closes the panel.
    pub(crate) fn clear(self) {
        self.open.set(false);
        self.set_selected(Vec::new());
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
        let lead = selected.last().copied();
        self.selected.set(selected);
        if self.lead.get_untracked() != lead {
            self.lead.set(lead);
        }
        self.live.presence(|presence| presence.item = lead);
    }

    /// Selects a card and opens it in the panel.
    pub(crate) fn open_card(self, id: ProjectId) {
        self.select(id, false);
        self.open.set(true);
    }

    /// Closes the panel; the card stays selected and takes the focus back.
    pub(crate) fn close_card(self) {
        self.open.set(false);
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
            self.select(next, false);
        }
        self.focus_lead();
    }

    /// Places the selected cards at a pile's end.
    pub(crate) fn place_selected(self, pile: Pile) {
        self.place(self.selected.get_untracked(), pile, None);
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
