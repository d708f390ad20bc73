//! Ballots: who has answered what in which round.
//!
//! An answer is its author's secret. It stands in this state and in the log until the session is closed, and in no
//! document. What enters that, at the reveal, are counts.

mod agreed;
mod aside;
mod cast;
mod own;
mod rounds;
mod subjects;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use plumbline_shared::{
    answer::Item,
    ids::{ParticipantId, PillarId, ProjectId, StepId},
    words::{Question, StepState},
};

use super::codec;
use agreed::Agreed;
pub use aside::SponsorHere;

/// A step, where it is a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct At(#[cbor(n(0), with = "codec::id")] StepId);

/// A person, where they are a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct Who(#[cbor(n(0), with = "codec::id")] ParticipantId);

/// A project, where it is a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct About(#[cbor(n(0), with = "codec::id")] ProjectId);

/// A pillar in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
struct On(#[cbor(n(0), with = "codec::id")] PillarId);

/// All ballots of a session, and what is said aside.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Ballots {
    /// The rounds of each step, the first one first.
    #[n(0)]
    rounds: BTreeMap<At, Vec<Round>>,
    /// Who has said of which project whether they sit out.
    #[n(1)]
    recused: BTreeMap<Who, BTreeMap<About, bool>>,
    /// Who the sponsors are, by how the portfolio writes them, as far as a facilitator has said; none: nobody here.
    #[n(2)]
    sponsors: BTreeMap<String, Option<Who>>,
    /// What people have said unsigned, by what it is about.
    #[n(3)]
    dissent: BTreeMap<Who, BTreeMap<String, Said>>,
    /// Where the board has what was said unsigned.
    #[n(4)]
    dissent_at: Option<At>,
    /// What was placed and decided in one go last, to be taken back.
    #[n(5)]
    agreed: Agreed,
    /// Whether the session was closed and its answers still stand in the store's files.
    #[n(6)]
    owes_erasing: bool,
    /// Whether anything has stood in the log since the last erasing that has to be erased at the close.
    #[n(7)]
    has_secrets: bool,
    /// What was said unsigned by people of whom nobody knows any more that it was them, by what it is about.
    #[cbor(n(8), default)]
    unsigned: BTreeMap<String, Vec<String>>,
}

/// What somebody has said unsigned.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Said {
    #[n(0)]
    text: String,
    /// Whether nobody is told whose it is any more, its author included: see `flags`.
    #[n(1)]
    withheld: bool,
}

/// One round: what was frozen when it opened, and what has been answered.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Round {
    #[cbor(n(0), with = "codec::word")]
    state: StepState,
    #[cbor(n(1), with = "codec::word")]
    question: Question,
    #[n(2)]
    prompt: String,
    #[n(3)]
    budget: u32,
    #[n(4)]
    cap: u32,
    #[n(5)]
    lowest: u8,
    /// The pillars that can be chosen, in their order.
    #[n(6)]
    pillars: Vec<On>,
    #[n(7)]
    statements: Vec<String>,
    /// What it is about, by name.
    #[n(8)]
    items: Vec<String>,
    /// Who can answer, in the order in which they came.
    #[n(9)]
    voters: Vec<Who>,
    /// How many of them were there when it opened, if each has a part of the items; 0 where everybody has all.
    #[n(10)]
    shared_by: u32,
    #[n(11)]
    ballots: BTreeMap<Who, Ballot>,
    /// The words of a scale that is answered in words.
    #[cbor(n(12), default)]
    words: Vec<String>,
}

/// One person's answers in a round.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Ballot {
    /// By the item's place in the round.
    #[n(0)]
    answers: BTreeMap<u32, Given>,
    /// Whether they have said that they have finished.
    #[n(1)]
    done: bool,
    /// Whether somebody else typed it in from paper.
    #[n(2)]
    on_paper: bool,
    /// Whether nobody is told of `done` any more: somebody else may sit where the author sat.
    #[cbor(n(3), default)]
    withheld: bool,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Given {
    #[n(0)]
    value: Value,
    /// Whether nobody is told of it any more, since somebody else than its author may hold the author's tokens. It
    /// counts as before.
    #[n(1)]
    withheld: bool,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
enum Value {
    /// Off strategy.
    #[n(0)]
    Off,
    /// *I don't know it*.
    #[n(1)]
    Unknown,
    /// On a pillar, by its place in the round.
    #[n(2)]
    Pillar(#[n(0)] u32),
    /// What was ticked: a bit for each claim, in the order of the words; and where that can be checked.
    #[n(3)]
    Claims(#[n(0)] u8, #[n(1)] Vec<(u8, String)>),
    /// Which verdict, in the order of the words.
    #[n(4)]
    Verdict(#[n(0)] u8),
    /// How many dots.
    #[n(5)]
    Dots(#[n(0)] u32),
    /// Which number.
    #[n(6)]
    Scale(#[n(0)] u8),
    /// In one's own words.
    #[n(7)]
    Text(#[n(0)] String),
}

impl Ballots {
    /// The round that a step is at: its number, from 1, and what is known of it. None before the first one opens.
    fn current(&self, step: StepId) -> Option<(u32, &Round)> {
        let rounds = self.rounds.get(&At(step))?;
        Some((u32::try_from(rounds.len()).ok()?, rounds.last()?))
    }

    fn current_mut(&mut self, step: StepId) -> Option<&mut Round> {
        self.rounds.get_mut(&At(step))?.last_mut()
    }

    /// Where a step is that is come back to: its round and how far that is; none where none has been opened.
    pub(super) fn stand(&self, step: StepId) -> Option<(u32, StepState)> {
        self.current(step).map(|(number, round)| (number, round.state))
    }

    /// Whether any round was ever opened.
    pub(super) fn any(&self) -> bool {
        !self.rounds.is_empty()
    }

    fn open_rounds(&mut self) -> impl Iterator<Item = &mut Round> {
        self.rounds.values_mut().flatten().filter(|round| round.state == StepState::Open)
    }

    /// Somebody has come, or may answer from now on.
    pub(super) fn welcome(&mut self, who: ParticipantId) {
        for round in self.open_rounds() {
            round.admit(Who(who));
        }
    }

    /// Somebody is gone, or may not answer any more. Of a round that is open nothing of theirs is left.
    pub(super) fn lose(&mut self, who: ParticipantId) {
        for round in self.open_rounds() {
            round.voters.retain(|voter| voter.0 != who);
            round.ballots.remove(&Who(who));
        }
    }

    /// Nobody is told any more what somebody has answered: their tokens are not theirs alone.
    pub(super) fn withhold(&mut self, who: ParticipantId) {
        for round in self.rounds.values_mut().flatten() {
            let mut ballot = round.ballots.get_mut(&Who(who));
            if let Some(ballot) = &mut ballot {
                ballot.withheld = true;
            }
            for given in ballot.into_iter().flat_map(|ballot| ballot.answers.values_mut()) {
                given.withheld = true;
            }
        }
        for said in self.dissent.get_mut(&Who(who)).into_iter().flat_map(BTreeMap::values_mut) {
            said.withheld = true;
        }
    }

    /// Forgets who has said something unsigned: nobody finds it out by taking it back. It is shown as before.
    pub(super) fn unsign(&mut self, who: ParticipantId) {
        for (about, said) in self.dissent.remove(&Who(who)).unwrap_or_default() {
            let texts = self.unsigned.entry(about).or_default();
            texts.push(said.text);
            texts.sort_unstable();
        }
    }

    /// Nobody knows any more where somebody has said that they sit out, or do not. What they had answered there in a round
    /// that is not over goes with it: it did not count.
    pub(super) fn forget_recusals(&mut self, who: ParticipantId) {
        let said = self.recused.remove(&Who(who)).unwrap_or_default();
        for round in self.rounds.values_mut().flatten().filter(|round| round.state != StepState::Revealed) {
            let Some(ballot) = round.ballots.get_mut(&Who(who)) else { continue };
            let out = said.iter().filter(|(_, out)| **out);
            for (project, _) in out {
                let place = round.items.iter().position(|item| *item == project.0.to_string());
                if let Some(place) = place.and_then(|place| u32::try_from(place).ok()) {
                    ballot.answers.remove(&place);
                }
            }
        }
    }

    /// Two people are one: what `from` has answered is `into`'s, where `into` has answered nothing.
    /// `tells`: whether who stays is told that who goes had finished.
    pub(super) fn merge_people(&mut self, from: ParticipantId, into: ParticipantId, tells: bool) {
        let (from, into) = (Who(from), Who(into));
        for round in self.rounds.values_mut().flatten() {
            if round.voters.contains(&from) {
                round.voters.retain(|voter| *voter != from);
                round.admit(into);
            }
            let Some(theirs) = round.ballots.remove(&from) else { continue };
            match round.ballots.get_mut(&into) {
                None => {
                    round.ballots.insert(into, theirs);
                }
                // Dots of two ballots may be more than one person has.
                Some(_) if round.question == Question::Dots => {}
                Some(own) => {
                    for (item, given) in theirs.answers {
                        own.answers.entry(item).or_insert(given);
                    }
                    own.done |= theirs.done && tells;
                }
            }
        }
        if let Some(theirs) = self.recused.remove(&from) {
            let own = self.recused.entry(into).or_default();
            for (project, out) in theirs {
                own.entry(project).or_insert(out);
            }
        }
        if let Some(theirs) = self.dissent.remove(&from) {
            let own = self.dissent.entry(into).or_default();
            for (about, said) in theirs {
                own.entry(about).or_insert(said);
            }
        }
        for sponsor in self.sponsors.values_mut().filter(|sponsor| **sponsor == Some(from)) {
            *sponsor = Some(into);
        }
    }

    /// The session is closed: nothing of what anybody has answered is kept. A round that was not revealed never will be.
    pub(super) fn forget(&mut self) {
        for rounds in self.rounds.values_mut() {
            rounds.retain(|round| round.state == StepState::Revealed);
            for round in rounds {
                round.ballots.clear();
            }
        }
        self.rounds.retain(|_, rounds| !rounds.is_empty());
        self.dissent.clear();
        self.unsigned.clear();
        self.recused.clear();
        if std::mem::take(&mut self.has_secrets) {
            self.owes_erasing = true;
        }
    }

    /// Something private of a closed session stands in the store's files.
    pub(super) fn owe(&mut self) {
        self.has_secrets = false;
        self.owes_erasing = true;
    }

    /// The store's files do not have the answers any more.
    pub(super) fn erased(&mut self) {
        self.owes_erasing = false;
    }

    /// Whether answers of a closed session may still stand in the store's files.
    pub(super) fn owes_erasing(&self) -> bool {
        self.owes_erasing
    }

    /// Whether anything private has come into the log since the last erasing.
    pub(super) fn has_secrets(&self) -> bool {
        self.has_secrets
    }

    /// Something private comes into the log.
    pub(super) fn keeps_a_secret(&mut self) {
        self.has_secrets = true;
    }
}

impl Round {
    fn admit(&mut self, who: Who) {
        if !self.voters.contains(&who) {
            self.voters.push(who);
        }
    }

    /// The place of an item in the round.
    fn place(&self, item: &Item) -> Option<u32> {
        let at = self.items.iter().position(|known| known == item.as_str())?;
        u32::try_from(at).ok()
    }

    /// Who has begun to answer.
    fn answering(&self) -> BTreeSet<Who> {
        let begun = self.ballots.iter().filter(|(_, ballot)| !ballot.answers.is_empty() || ballot.done);
        begun.map(|(who, _)| *who).collect()
    }
}
