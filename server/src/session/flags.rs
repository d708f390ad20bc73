//! *Is this a hobby?*: who asks it of what, and why.
//!
//! A flag is its author's secret. It never enters the document; what does, some time later and together with others,
//! is how many ask and their reasons, in an order that says nothing. So nobody can tell from the moment or from the
//! order who it was.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use plumbline_shared::{
    ids::{ParticipantId, ProjectId},
    limits,
    messages::OwnFlag,
    policy::{Denied, Facts, Standing},
    schema::Root,
};

use super::{
    Effect, Session,
    chance::Chance,
    codec,
    ledger::{Later, Sight},
    refusal::Refusal,
};

/// How old a change of a flag is at least when a timed entry publishes it, in milliseconds: what is published must
/// not point at the moment in which it was raised.
pub const FLAG_REST: u64 = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct About(#[cbor(n(0), with = "codec::id")] ProjectId);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct By(#[cbor(n(0), with = "codec::id")] ParticipantId);

/// One person's flag on one project.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Flag {
    /// Why they ask now; none once they have taken it back.
    #[n(0)]
    now: Option<String>,
    /// What the board says of it; none while it says nothing.
    #[n(1)]
    shown: Option<String>,
    /// When it changed last, in milliseconds since 1970.
    #[n(2)]
    at: u64,
    /// Whether nobody is told of it any more, since somebody else than its author may hold the author's tokens. It
    /// counts as before.
    #[cbor(n(3), default)]
    withheld: bool,
}

impl Flag {
    fn waits(&self) -> bool {
        self.now != self.shown
    }
}

/// What setting a flag has changed.
enum Change {
    Nothing,
    /// The flag, and nothing of what its author is told.
    Untold,
    /// What its author is told.
    Told,
}

/// All flags of a session.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Flags {
    #[n(0)]
    of: BTreeMap<About, BTreeMap<By, Flag>>,
    /// Projects of which the board says more than there is: somebody who came twice was counted twice, or the
    /// project is gone.
    #[n(1)]
    stale: BTreeSet<About>,
    /// Flags of which nobody knows any more whose they are: their authors' seats were opened to others, or the session
    /// was closed. They count as they are, and nobody changes or takes back one of them.
    #[cbor(n(2), default)]
    unsigned: BTreeMap<About, Vec<Flag>>,
}

/// What the board is to say of a project's flags.
#[derive(Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) project: ProjectId,
    /// How many ask; with nobody, nothing is said.
    pub(super) count: u32,
    /// At most [`limits::LIST`] reasons.
    pub(super) reasons: Vec<String>,
}

impl Flags {
    /// Raises a flag, changes its reason, or takes it back: from here on these are its author's own words.
    fn set(&mut self, project: ProjectId, by: ParticipantId, reason: Option<String>, at: u64) -> Change {
        let flags = self.of.entry(About(project)).or_default();
        let new = Flag { now: None, shown: None, at, withheld: false };
        let flag = flags.entry(By(by)).or_insert(new);
        let known = flag.now.clone().filter(|_| !flag.withheld);
        let change = if known != reason {
            Change::Told
        } else if flag.now != reason {
            Change::Untold
        } else {
            Change::Nothing
        };
        if flag.now != reason {
            (flag.now, flag.at) = (reason, at);
        }
        flag.withheld = false;
        if flag.now.is_none() && flag.shown.is_none() {
            flags.remove(&By(by));
        }
        self.of.retain(|_, flags| !flags.is_empty());
        change
    }

    /// Nobody is told any more which flags somebody has raised: their tokens are not theirs alone.
    pub(super) fn withhold(&mut self, by: ParticipantId) {
        for flag in self.of.values_mut().filter_map(|flags| flags.get_mut(&By(by))) {
            flag.withheld = true;
        }
    }

    /// Forgets whose flags somebody's are. Nobody can find them out by taking them back, then, or by raising the same.
    pub(super) fn unsign(&mut self, by: ParticipantId) {
        for (about, flags) in &mut self.of {
            if let Some(flag) = flags.remove(&By(by)) {
                self.unsigned.entry(*about).or_default().push(flag);
            }
        }
        self.of.retain(|_, flags| !flags.is_empty());
        self.mix();
    }

    /// Forgets whose all flags are that the board shows as they are. Whether there was one.
    fn forget_authors(&mut self) -> bool {
        let before: usize = self.of.values().map(BTreeMap::len).sum();
        for (about, flags) in &mut self.of {
            let (shown, waiting): (BTreeMap<By, Flag>, BTreeMap<By, Flag>) =
                std::mem::take(flags).into_iter().partition(|(_, flag)| !flag.waits());
            *flags = waiting;
            self.unsigned.entry(*about).or_default().extend(shown.into_values());
        }
        self.of.retain(|_, flags| !flags.is_empty());
        self.unsigned.retain(|_, flags| !flags.is_empty());
        self.mix();
        self.of.values().map(BTreeMap::len).sum::<usize>() < before
    }

    /// Neither the order nor the time of a flag without an author says whose it was.
    fn mix(&mut self) {
        for flags in self.unsigned.values_mut() {
            for flag in flags.iter_mut() {
                flag.withheld = true;
                if !flag.waits() {
                    flag.at = 0;
                }
            }
            flags.sort_by(|a, b| (&a.shown, &a.now, a.at).cmp(&(&b.shown, &b.now, b.at)));
        }
    }

    fn count(&self) -> usize {
        self.of.values().map(BTreeMap::len).sum::<usize>()
            + self.unsigned.values().map(Vec::len).sum::<usize>()
    }

    fn all(&self, about: About) -> impl Iterator<Item = &Flag> {
        let signed = self.of.get(&about).into_iter().flat_map(BTreeMap::values);
        signed.chain(self.unsigned.get(&about).into_iter().flatten())
    }

    fn has(&self, project: ProjectId, by: ParticipantId) -> bool {
        self.of.get(&About(project)).is_some_and(|flags| flags.contains_key(&By(by)))
    }

    /// The flags that somebody has raised, as far as they may be told.
    fn own(&self, by: ParticipantId) -> impl Iterator<Item = (ProjectId, &str)> {
        self.of.iter().filter_map(move |(about, flags)| {
            let flag = flags.get(&By(by)).filter(|flag| !flag.withheld)?;
            Some((about.0, flag.now.as_deref()?))
        })
    }

    fn waits(&self) -> bool {
        !self.stale.is_empty()
            || self.of.values().flat_map(BTreeMap::values).any(Flag::waits)
            || self.unsigned.values().flatten().any(Flag::waits)
    }

    /// The projects on which a change of somebody's waits to be published.
    fn waiting_of(&self, by: ParticipantId) -> impl Iterator<Item = ProjectId> {
        self.of
            .iter()
            .filter(move |(_, flags)| flags.get(&By(by)).is_some_and(Flag::waits))
            .map(|(about, _)| about.0)
    }

    /// A project is gone: what the board says of its flags goes at the next publication.
    pub(super) fn lose(&mut self, project: ProjectId) {
        if self.of.contains_key(&About(project)) || self.unsigned.contains_key(&About(project)) {
            self.stale.insert(About(project));
        }
    }

    /// Publishes what has not changed since `until`. What the board is to say where that is something new.
    fn publish(&mut self, until: u64, seed: u64, stands: impl Fn(ProjectId) -> bool) -> Vec<Shown> {
        let mut changed = std::mem::take(&mut self.stale);
        for (about, flags) in &mut self.of {
            for flag in flags.values_mut().filter(|flag| flag.waits() && flag.at <= until) {
                flag.shown.clone_from(&flag.now);
                changed.insert(*about);
            }
            flags.retain(|_, flag| flag.now.is_some() || flag.shown.is_some());
        }
        for (about, flags) in &mut self.unsigned {
            for flag in flags.iter_mut().filter(|flag| flag.waits() && flag.at <= until) {
                flag.shown.clone_from(&flag.now);
                changed.insert(*about);
            }
            flags.retain(|flag| flag.now.is_some() || flag.shown.is_some());
        }
        self.mix();
        self.of.retain(|about, flags| !flags.is_empty() && stands(about.0));
        self.unsigned.retain(|about, flags| !flags.is_empty() && stands(about.0));
        let mut chance = Chance::from(seed);
        changed.into_iter().map(|about| self.shown(about, &mut chance)).collect()
    }

    fn shown(&self, about: About, chance: &mut Chance) -> Shown {
        let mut reasons: Vec<&str> = self.all(about).filter_map(|flag| flag.shown.as_deref()).collect();
        let count = u32::try_from(reasons.len()).unwrap_or(u32::MAX);
        reasons.retain(|reason| !reason.is_empty());
        // By their text first: then whoever knows the seed knows nothing of who or when.
        reasons.sort_unstable();
        chance.shuffle(&mut reasons);
        let reasons = reasons.into_iter().take(limits::LIST).map(str::to_owned).collect();
        Shown { project: about.0, count, reasons }
    }

    /// What `from` has raised is `into`'s; where both had, it counts once.
    pub(super) fn merge_people(&mut self, from: ParticipantId, into: ParticipantId) {
        for (about, flags) in &mut self.of {
            let Some(theirs) = flags.remove(&By(from)) else { continue };
            // The board counts both until the next publication, which says nothing of who came twice.
            if flags.get(&By(into)).is_some_and(|own| own.shown.is_some()) && theirs.shown.is_some() {
                self.stale.insert(*about);
            }
            join(flags, By(into), theirs);
        }
    }

    /// The flags on `from` are flags on `into`; who asked of both asks once, as far as that is known. Whose own flags have
    /// changed by that; none: there was nothing.
    pub(super) fn merge_projects(&mut self, from: ProjectId, into: ProjectId) -> Option<Vec<ParticipantId>> {
        self.stale.remove(&About(from));
        let unsigned = self.unsigned.remove(&About(from));
        let moved = unsigned.is_some();
        if let Some(flags) = unsigned {
            self.unsigned.entry(About(into)).or_default().extend(flags);
            self.mix();
        }
        let Some(flags) = self.of.remove(&About(from)) else { return moved.then(Vec::new) };
        let kept = self.of.entry(About(into)).or_default();
        let people = flags.keys().map(|by| by.0).collect();
        for (by, flag) in flags {
            join(kept, by, flag);
        }
        Some(people)
    }

    /// What the board is to say of a project as it is, with nothing new.
    pub(super) fn as_published(&self, project: ProjectId, seed: u64) -> Shown {
        self.shown(About(project), &mut Chance::from(seed))
    }
}

/// Adds a flag to those of a project. Somebody who has one there keeps its reason, if it gives one.
fn join(flags: &mut BTreeMap<By, Flag>, by: By, flag: Flag) {
    let Some(own) = flags.get_mut(&by) else {
        flags.insert(by, flag);
        return;
    };
    let better = |own: &Option<String>| own.as_ref().is_none_or(String::is_empty);
    if better(&own.now) && flag.now.is_some() {
        (own.now, own.withheld) = (flag.now, flag.withheld);
    }
    if better(&own.shown) && flag.shown.is_some() {
        own.shown = flag.shown;
    }
    own.at = own.at.max(flag.at);
}

impl Session {
    /// The flags that somebody has raised: for them alone, and without those that came under other tokens.
    #[must_use]
    pub fn own_flags(&self, by: ParticipantId) -> Vec<OwnFlag> {
        self.flags
            .own(by)
            .filter(|(project, _)| self.has_project(*project))
            .map(|(project, reason)| OwnFlag { project, reason: reason.to_owned() })
            .collect()
    }

    /// Whether a flag was raised or taken back that the board does not know of yet.
    #[must_use]
    pub fn has_unpublished_flags(&self) -> bool {
        self.flags.waits()
    }

    /// The cards that somebody is flagging: what they do there is shown to nobody until it is published.
    #[must_use]
    pub fn is_flagging(&self, by: ParticipantId) -> Vec<ProjectId> {
        self.flags.waiting_of(by).collect()
    }

    pub(super) fn flag(
        &mut self,
        by: ParticipantId,
        project: ProjectId,
        reason: Option<&str>,
    ) -> Result<Vec<Effect>, Refusal> {
        match self.standing(Root::Projects, &project.to_string()) {
            Standing::Stands => {}
            Standing::Gone => return Err(Denied::Gone.into()),
            Standing::Never => return Err(Denied::NoSuchPlace.into()),
        }
        let reason = reason.map(one_line);
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > limits::REASON) {
            return Err(Refusal::new("bad_reason", "The reason is too long: 500 characters at most."));
        }
        if reason.is_some() && !self.flags.has(project, by) && self.flags.count() >= limits::FLAGS {
            return Err(Refusal::new("too_many", "This session has as many flags as it takes."));
        }
        Ok(match self.flags.set(project, by, reason, self.clock) {
            Change::Nothing => Vec::new(),
            Change::Untold => vec![Effect::Flagging(by)],
            Change::Told => vec![Effect::Flagged(by)],
        })
    }

    /// Publishes the flags that have rested: at a step change, or by a timed entry.
    pub(super) fn publish_rested_flags(&mut self, seed: u64) -> Vec<Effect> {
        self.publish_flags(self.clock.saturating_sub(FLAG_REST), seed)
    }

    /// Publishes all flags: the session ends.
    pub(super) fn publish_all_flags(&mut self, seed: u64) -> Vec<Effect> {
        self.publish_flags(u64::MAX, seed)
    }

    fn publish_flags(&mut self, until: u64, seed: u64) -> Vec<Effect> {
        let mut flags = std::mem::take(&mut self.flags);
        let changed = flags.publish(until, seed, |project| self.has_project(project));
        self.flags = flags;
        self.forget_flags();
        if changed.is_empty() {
            return Vec::new();
        }
        self.write(|writer| {
            for shown in &changed {
                writer.flags(shown);
            }
        });
        vec![Effect::FlagsPublished]
    }

    /// Once the session is closed, nobody's name stands with what they have asked any more. What still rests keeps its
    /// author until it is published, since the author may take it back as long as that.
    fn forget_flags(&mut self) {
        if self.has_seats() && self.stand.closed && self.flags.forget_authors() {
            self.ballots.owe();
        }
    }

    pub(super) fn has_project(&self, project: ProjectId) -> bool {
        self.standing(Root::Projects, &project.to_string()) == Standing::Stands
    }

    pub(super) fn standing(&self, root: Root, key: &str) -> Standing {
        let nothing = Later::default();
        Sight { ledger: &self.ledger, ahead: &nothing, newest: &nothing }.standing(root, key)
    }
}

/// A reason as it is shown: on one line, without blanks around it.
fn one_line(reason: &str) -> String {
    let plain: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim_matches(super::people::is_blank).to_owned()
}
