//! One's own part in the round that is open: what is asked, what has been answered, and where its person is.

use leptos::prelude::*;
use plumbline_shared::{
    answer::{Answer, Item},
    ids::{ParticipantId, PillarId, ProjectId, StepId},
    messages::{Command, OwnAnswer},
    results::Round,
    words::Question,
};

use super::words::{in_words, name_of, prompt};
use crate::{
    ballot::sheet::Sheet,
    dom,
    effect::memo,
    session::{CardView, Live},
    storage,
    text::text,
};

const AS_LIST: &str = "plumbline.ballot-list";

/// A round as one person answers it. A handle: copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Answering {
    pub(super) live: Live,
    pub(super) step: StepId,
    number: u32,
    round: StoredValue<Round>,
    /// The own ballot, with what waits to be confirmed.
    pub(super) sheet: Memo<Sheet>,
    /// What is before the person; none: all of it, looked over.
    pub(super) current: RwSignal<Option<Item>>,
    /// Whether the items are shown as a list, not one at a time.
    pub(super) as_list: RwSignal<bool>,
    /// Where this person has just said themselves that they sit out.
    chosen_out: RwSignal<Vec<ProjectId>>,
    moved_at: StoredValue<u64>,
}

/// A second tap within this time is the end of a double tap, not an answer to a card that nobody has read, in
/// milliseconds.
const DOUBLE_TAP: u64 = 350;

impl Answering {
    /// The round of that number in the current step.
    pub(super) fn of(live: Live, step: StepId, number: u32, round: Round) -> Self {
        let board = live.board;
        let sheet = memo(move |_| {
            let unconfirmed = board.unconfirmed.get();
            // Follows what is taken off the board.
            board.shape.track();
            board.own_ballot.with(|own| {
                let own = own.as_ref().filter(|own| (own.step, own.round) == (step, number));
                own.map(|own| Sheet::of(own, &unconfirmed, |item| is_there(live, item))).unwrap_or_default()
            })
        });
        let current = RwSignal::new(sheet.with_untracked(Sheet::first_open));
        Self {
            live,
            step,
            number,
            round: StoredValue::new(round),
            sheet,
            current,
            as_list: RwSignal::new(storage::read(AS_LIST).unwrap_or(false)),
            chosen_out: RwSignal::default(),
            moved_at: StoredValue::new(0),
        }
    }

    /// What is asked.
    pub(super) fn question(self) -> Question {
        self.round.with_value(|round| round.question)
    }

    /// Something of the round, which does not change while it is open.
    pub(super) fn round<R>(self, of: impl FnOnce(&Round) -> R) -> R {
        self.round.with_value(of)
    }

    /// The question in its words.
    pub(super) fn prompt(self) -> String {
        self.round(|round| prompt(round.question, &round.prompt))
    }

    /// What an item is called; tracked.
    pub(super) fn name(self, item: &Item) -> String {
        name_of(self.live, &self.round.get_value(), item)
    }

    /// The card of an item, where it is a project.
    pub(super) fn card(self, item: &Item) -> Option<CardView> {
        self.live.board.card(item.as_project()?)
    }

    /// The answer to an item; tracked.
    pub(super) fn answer(self, item: &Item) -> Option<Answer> {
        self.sheet.with(|sheet| sheet.answer(item).cloned())
    }

    /// The answer to what is before the person; tracked.
    pub(super) fn current_answer(self) -> Option<Answer> {
        let current = self.current.get()?;
        self.answer(&current)
    }

    /// Whether the person sits out on an item; tracked.
    pub(super) fn is_out(self, item: &Item) -> bool {
        self.sheet.with(|sheet| sheet.line(item).is_some_and(|line| line.out))
    }

    /// Answers an item, or takes the answer back.
    pub(super) fn cast(self, item: Item, value: Option<Answer>) {
        self.live.command(Command::Cast { step: self.step, round: self.number, item, value });
    }

    /// Somebody's paper ballot, as it is entered.
    pub(super) fn paper(self, participant: ParticipantId, answers: Vec<OwnAnswer>) -> Command {
        Command::Paper { participant, step: self.step, round: self.number, answers }
    }

    /// What was answered too late in this round; tracked.
    pub(super) fn not_counted(self) -> Vec<Item> {
        self.live.board.not_counted.with(|all| {
            let here = all.iter().filter(|(step, round, _)| (*step, *round) == (self.step, self.number));
            here.map(|(.., item)| item.clone()).collect()
        })
    }

    /// Says that one has finished, or not yet.
    pub(super) fn finish(self, done: bool) {
        self.live.command(Command::Done { step: self.step, round: self.number, done });
        let words = &text().ballot.way;
        self.live.notices().say(if done { words.is_done } else { words.not_done });
    }

    /// Sits out on a project, or takes part after all.
    pub(super) fn recuse(self, item: &Item, out: bool) {
        let Some(project) = item.as_project() else { return };
        self.chosen_out.update(|chosen| {
            chosen.retain(|other| *other != project);
            chosen.extend(out.then_some(project));
        });
        self.live.command(Command::Recuse { project, out });
        let words = &text().ballot.way;
        self.live.notices().say(if out { words.sits_out_by_choice } else { words.take_part });
    }

    /// Why the person sits out on an item; tracked.
    pub(super) fn why_out(self, item: &Item) -> &'static str {
        let words = &text().ballot.way;
        let chosen = item.as_project().is_some_and(|id| self.chosen_out.with(|chosen| chosen.contains(&id)));
        if chosen { words.sits_out_by_choice } else { words.sits_out }
    }

    /// Answers what is before the person and goes on. `taps`: how often was tapped here in a row.
    pub(super) fn answer_and_go_on(self, value: Answer, taps: i32) {
        if taps > 1 && dom::now().saturating_sub(self.moved_at.get_value()) < DOUBLE_TAP {
            return;
        }
        let Some(item) = self.current.get_untracked() else { return };
        if untrack(|| self.is_out(&item)) {
            return;
        }
        let said = untrack(|| self.in_words(&value));
        self.cast(item.clone(), Some(value));
        let next = self.sheet.with_untracked(|sheet| sheet.next(&item));
        let words = &text().ballot.way;
        self.live.notices().say(match &next {
            Some(next) => (words.said)(&said, &untrack(|| self.name(next))),
            None => (words.said_last)(&said),
        });
        self.stand_at(next);
    }

    /// Goes on without an answer: to what waits for one, or to the end.
    pub(super) fn go_on(self) {
        let Some(item) = self.current.get_untracked() else { return };
        self.go_to(self.sheet.with_untracked(|sheet| sheet.next(&item)));
    }

    /// To the line beside, answered or not.
    pub(super) fn go_beside(self, back: bool) {
        let to = match self.current.get_untracked() {
            Some(item) => self.sheet.with_untracked(|sheet| sheet.beside(&item, back)),
            None if back => self.sheet.with_untracked(Sheet::last),
            None => return,
        };
        if back && to.is_none() {
            return;
        }
        self.go_to(to);
    }

    /// To an item, or to the end; says so.
    pub(super) fn go_to(self, to: Option<Item>) {
        if let Some(item) = &to {
            self.live.notices().say(untrack(|| self.name(item)));
        }
        self.stand_at(to);
    }

    fn stand_at(self, to: Option<Item>) {
        self.moved_at.set_value(dom::now());
        let (before, ends) = (self.current.get_untracked(), to.is_none());
        if before == to {
            return;
        }
        self.current.set(to.clone());
        let listed = self.as_list.get_untracked();
        // What had the focus may be gone: at the end, behind it, and where another line has opened.
        if ends || before.is_none() || listed {
            request_animation_frame(move || {
                let heading = match &to {
                    Some(item) if listed => dom::by_attribute("data-item", item.as_str()),
                    _ => dom::by_attribute("data-testid", "ballot-heading"),
                };
                if let Some(heading) = heading {
                    dom::focus_quietly(&heading);
                    dom::bring_into_sight(&heading);
                }
            });
        }
    }

    /// Takes the answer to what is before the person back.
    pub(super) fn take_back(self) {
        let Some(item) = self.current.get_untracked() else { return };
        if self.sheet.with_untracked(|sheet| sheet.answer(&item).is_some()) {
            self.cast(item.clone(), None);
            let words = &text().ballot.way;
            self.live.notices().say((words.said_taken_back)(&untrack(|| self.name(&item))));
        }
    }

    /// Shows a list, or one card at a time; remembered on this device.
    pub(super) fn show_as_list(self, list: bool) {
        self.as_list.set(list);
        storage::write(AS_LIST, list);
    }

    /// The pillars that can be chosen: their ids and names; tracked.
    pub(super) fn pillars(self) -> Vec<(PillarId, String)> {
        let chosen = self.round(|round| round.pillars.clone());
        self.live.board.pillars.with(|pillars| {
            let name = |id: PillarId| pillars.iter().find(|pillar| pillar.id == id).map(|p| p.name.clone());
            chosen.into_iter().filter_map(|id| Some((id, name(id)?))).collect()
        })
    }

    /// An answer in words; tracked.
    pub(super) fn in_words(self, answer: &Answer) -> String {
        in_words(self.live, &self.round(|round| round.words.clone()), answer)
    }
}

/// Whether an item is still on the board.
fn is_there(live: Live, item: &Item) -> bool {
    if item.as_statement().is_some() || *item == Item::session() {
        return true;
    }
    let project = item.as_project().and_then(|id| live.board.card(id)).is_some();
    project || live.board.pillars.with(|pillars| pillars.iter().any(|p| p.id.to_string() == item.as_str()))
}
