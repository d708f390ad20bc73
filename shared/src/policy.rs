//! Who may change what: one pure function. The guard asks it to refuse, the page asks it to grey out, and nobody
//! asks anywhere else.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ParticipantId, ProjectId, StepId},
    limits,
    messages::Command,
    schema::{self, Plain, Root, Slot},
    words::{OFF, Role, StepKind, StepState},
};

/// The version of these rules. It is part of a session's state and changes only by an entry of its log, so that a
/// log is never judged anew by later code.
pub const VERSION: u32 = 5;

/// The version of these rules since which a card goes only onto a pillar that stands.
pub const PILES_SINCE: u32 = 5;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub participant: ParticipantId,
    /// What they are in the session.
    pub role: Role,
}

impl Actor {
    /// Whether this person drives the session.
    #[must_use]
    pub fn drives(&self) -> bool {
        self.role == Role::Facilitator
    }

    fn decides(&self) -> bool {
        matches!(self.role, Role::Facilitator | Role::Scribe | Role::Decider)
    }
}

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The current step.
    pub step: Option<StepId>,
    /// What is done in the current step.
    pub kind: StepKind,
    /// How far it is.
    pub state: StepState,
    /// Whether the facilitator has locked the board.
    pub locked: bool,
    /// Whether the session has been closed.
    pub closed: bool,
    /// The one project that may be placed while it is discussed, if the facilitator has said so.
    pub only: Option<ProjectId>,
}

/// Whether an entry stands on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there.
    Stands,
    /// It was there.
    Gone,
    /// It never was.
    Never,
}

/// What the board says, as far as the rules need it.
pub trait Facts {
    /// Whether there is an entry at `key` under `root`.
    fn standing(&self, root: Root, key: &str) -> Standing;
    /// How many entries stand under `root`.
    fn count(&self, root: Root) -> usize;
    /// Whose name stands under the entry at `key`, or stood there last if it is gone.
    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId>;
}

/// What is done to a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed<'a> {
    /// A plain value is written.
    Set(Plain<'a>),
    /// A map or a text is made.
    Make {
        /// A text, otherwise a map.
        text: bool,
    },
    /// What stands there is taken away.
    Unset,
    /// Characters are written into a text: how many UTF-16 units it then has at most.
    Write {
        /// UTF-16 units that the text has been given, the new ones included.
        units: usize,
    },
    /// Characters are taken out of a text.
    Erase,
    /// Something was written where nothing stood and taken away again before anybody saw it, as by who adds a note
    /// offline and thinks better of it: all that stays is the trace.
    Nothing,
}

/// One path newly written or deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// The root's name.
    pub root: &'a str,
    /// The key under the root.
    pub key: &'a str,
    /// The key within the entry, where the change is inside one.
    pub field: Option<&'a str>,
    /// What is done there.
    pub deed: Deed<'a>,
    /// Whose entry it is that the change is inside of, or that is taken away: who has signed it, else who made it.
    /// `None`: the server, or nobody.
    pub made_by: Option<ParticipantId>,
}

/// A change that the rules allow. Only [`permits`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Permitted(());

/// Why a change was not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denied {
    /// The facilitator has locked the board.
    Locked,
    /// The current step does not take this.
    NotInThisStep,
    /// Another card is discussed, and only that one may be placed meanwhile.
    AnotherCard,
    /// The session stands at the step that would be taken out of the agenda.
    CurrentStep,
    /// The round takes no answers: it has not been opened, or has been sealed.
    NotOpen,
    /// The session is closed.
    Closed,
    /// What the change is about has been taken off the board.
    Gone,
    /// The pillar onto which a card was put has been taken away.
    PillarGone,
    /// Guests only look.
    ObserverLooksOn,
    /// Only the server writes there.
    ServerOnly,
    /// Only a facilitator may.
    FacilitatorOnly,
    /// Only a facilitator, scribe or decider may.
    DeciderOnly,
    /// It belongs to someone else.
    NotYours,
    /// The board has no such place.
    NoSuchPlace,
    /// The value is not of the kind or size that stands there.
    BadValue,
    /// The board is full.
    TooMany,
}

impl Denied {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::Locked,
        Self::NotInThisStep,
        Self::AnotherCard,
        Self::CurrentStep,
        Self::NotOpen,
        Self::Closed,
        Self::Gone,
        Self::PillarGone,
        Self::ObserverLooksOn,
        Self::ServerOnly,
        Self::FacilitatorOnly,
        Self::DeciderOnly,
        Self::NotYours,
        Self::NoSuchPlace,
        Self::BadValue,
        Self::TooMany,
    ];

    /// Whether only the moment explains the denial: a step changed, or the board was locked, while someone's card
    /// was in the air. Such a change is taken back, not punished.
    #[must_use]
    pub fn is_momentary(self) -> bool {
        matches!(
            self,
            Self::Locked
                | Self::NotInThisStep
                | Self::AnotherCard
                | Self::CurrentStep
                | Self::Closed
                | Self::Gone
                | Self::PillarGone
        )
    }

    /// Whether an honest client can meet this denial: somebody's role changed, or the board did, while the change was
    /// in the air. All else a client of ours knows beforehand and does not send.
    #[must_use]
    pub fn can_overtake(self) -> bool {
        self.is_momentary()
            || matches!(
                self,
                Self::ObserverLooksOn
                    | Self::FacilitatorOnly
                    | Self::DeciderOnly
                    | Self::NotYours
                    | Self::TooMany
            )
    }

    /// A short name that does not change, for counts and for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NotInThisStep => "not_in_this_step",
            Self::AnotherCard => "another_card",
            Self::CurrentStep => "current_step",
            Self::NotOpen => "not_open",
            Self::Closed => "closed",
            Self::Gone => "gone",
            Self::PillarGone => "pillar_gone",
            Self::ObserverLooksOn => "observer_looks_on",
            Self::ServerOnly => "server_only",
            Self::FacilitatorOnly => "facilitator_only",
            Self::DeciderOnly => "decider_only",
            Self::NotYours => "not_yours",
            Self::NoSuchPlace => "no_such_place",
            Self::BadValue => "bad_value",
            Self::TooMany => "too_many",
        }
    }

    /// What to tell the person, in English. A page with another language goes by [`Denied::code`].
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Locked => "The facilitator has locked the board. Your change was taken back.",
            Self::NotInThisStep => "The current step does not take this change. It was taken back.",
            Self::AnotherCard => {
                "Only the card that is being discussed can be placed now. Your change was taken back."
            }
            Self::CurrentStep => {
                "The session stands at this step. Go on to another before you take it out of the agenda."
            }
            Self::NotOpen => {
                "This round takes no answers: it has not been opened yet, or was sealed a moment before. This one is not \
                 counted."
            }
            Self::Closed => "The session is closed. A facilitator can resume it.",
            Self::Gone => "This is no longer on the board. Your change was taken back.",
            Self::PillarGone => "This pillar is not there any more. The card is back where it was.",
            Self::ObserverLooksOn => "You are here to look on. Join with the code to take part.",
            Self::ServerOnly => "Only the server writes there. Reload the page.",
            Self::FacilitatorOnly => "Only a facilitator can change this. Ask yours.",
            Self::DeciderOnly => "Only a facilitator, the scribe or the decider can change this.",
            Self::NotYours => "This belongs to someone else. Ask them, or a facilitator, to change it.",
            Self::NoSuchPlace => "The board has no such place. Reload the page.",
            Self::BadValue => "This value is too long or not of the right kind. Shorten it and try again.",
            Self::TooMany => "The board is full. Take something off it first.",
        }
    }
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentence())
    }
}

/// Whether `actor` may make `change` now.
///
/// Reasons that will never change come before those that only the moment explains, so that a change that is
/// wrong anyway is never taken for an unlucky one.
///
/// # Errors
/// The reason, to be shown to the person.
pub fn permits(
    actor: &Actor,
    moment: &Moment,
    facts: &dyn Facts,
    change: &Change<'_>,
) -> Result<Permitted, Denied> {
    let slot = schema::slot(change.root, change.key, change.field).ok_or(Denied::NoSuchPlace)?;
    if slot == Slot::Server {
        return Err(Denied::ServerOnly);
    }
    fits(slot, change)?;
    if actor.role == Role::Observer {
        return Err(Denied::ObserverLooksOn);
    }
    if change.deed == Deed::Nothing {
        // There is nothing to own, to see or to take back. And an unmodified client that was refused the trace of what
        // it has undone could never get in step again, since the trace is part of all that it sends from then on.
        return Ok(Permitted(()));
    }
    let root = match slot {
        Slot::Server => return Err(Denied::ServerOnly),
        Slot::Placement => Root::Placements,
        Slot::Entry(root) | Slot::Field(root, _) | Slot::Text(root) => root,
    };
    let signature = change.field.is_some() && change.field == root.signature();
    if signature {
        signed_by(actor, &change.deed, facts.signed(root, change.key))?;
    }
    // What somebody has signed and was taken off is theirs to bring back, or a facilitator's.
    let adds = matches!((slot, &change.deed), (Slot::Entry(_), Deed::Make { .. }))
        && facts.signed(root, change.key).is_none_or(|who| who == actor.participant);
    let owner = change.made_by.is_some_and(|who| who == actor.participant);
    match root {
        Root::Agenda | Root::Pillars if !actor.drives() => return Err(Denied::FacilitatorOnly),
        Root::Projects if !(actor.drives() || adds || owner) => {
            return Err(Denied::FacilitatorOnly);
        }
        Root::Notes => {
            // A note is edited together, character by character; all else of it is its author's.
            let writes = matches!((slot, &change.deed), (Slot::Text(_), Deed::Write { .. } | Deed::Erase));
            if !(actor.drives() || adds || owner || writes) {
                return Err(Denied::NotYours);
            }
        }
        Root::Decisions => {
            if matches!(slot, Slot::Entry(_))
                || (matches!(slot, Slot::Text(_)) && matches!(change.deed, Deed::Make { .. } | Deed::Unset))
            {
                return Err(Denied::ServerOnly);
            }
            if !actor.decides() {
                return Err(Denied::DeciderOnly);
            }
        }
        _ => {}
    }
    if let (Slot::Entry(root), Deed::Make { .. }) = (slot, &change.deed)
        && facts.count(root) >= root.most()
    {
        return Err(Denied::TooMany);
    }
    let about = if root == Root::Placements { Root::Projects } else { root };
    if !matches!((slot, &change.deed), (Slot::Entry(_), Deed::Make { .. })) {
        match facts.standing(about, change.key) {
            Standing::Stands => {}
            Standing::Gone => return Err(Denied::Gone),
            Standing::Never => return Err(Denied::NoSuchPlace),
        }
    }
    timely(actor, moment, root)?;
    let discussed = |only: ProjectId| change.key == only.to_string();
    if root == Root::Placements && !actor.drives() && moment.only.is_some_and(|only| !discussed(only)) {
        return Err(Denied::AnotherCard);
    }
    // A session always stands at a step: whoever is at it would see it vanish under them.
    let stands_at = |step: StepId| change.key == step.to_string();
    if root == Root::Agenda
        && matches!((slot, &change.deed), (Slot::Entry(_), Deed::Unset))
        && moment.step.is_some_and(stands_at)
    {
        return Err(Denied::CurrentStep);
    }
    Ok(Permitted(()))
}

/// Whether a card that is placed comes onto a pillar that there is: one that was taken away while the card was in the air
/// would leave it unsorted, and nobody would know where it had been. Asked beside [`permits`], of sessions under rules of
/// [`PILES_SINCE`] or later.
///
/// # Errors
/// [`Denied::PillarGone`].
pub fn lands(facts: &dyn Facts, change: &Change<'_>) -> Result<(), Denied> {
    let Deed::Set(Plain::List(place)) = &change.deed else { return Ok(()) };
    let Some(Plain::Text(pile)) = place.first() else { return Ok(()) };
    if change.root != Root::Placements.name() || *pile == OFF {
        return Ok(());
    }
    match facts.standing(Root::Pillars, pile) {
        Standing::Stands => Ok(()),
        Standing::Gone | Standing::Never => Err(Denied::PillarGone),
    }
}

/// Whether the moment lets `actor` change anything under `root`.
///
/// # Errors
/// The reason that the moment gives.
pub fn timely(actor: &Actor, moment: &Moment, root: Root) -> Result<(), Denied> {
    if moment.closed {
        return Err(Denied::Closed);
    }
    if actor.drives() {
        return Ok(());
    }
    if moment.locked {
        return Err(Denied::Locked);
    }
    let taken = match root {
        Root::Placements => matches!(moment.kind, StepKind::Board),
        Root::Projects => matches!(moment.kind, StepKind::Gather | StepKind::Board),
        Root::Notes => !matches!(moment.kind, StepKind::Ballot | StepKind::Close),
        Root::Decisions => matches!(moment.kind, StepKind::Board | StepKind::Decide | StepKind::Commit),
        _ => true,
    };
    if taken { Ok(()) } else { Err(Denied::NotInThisStep) }
}

/// Whether `actor` may give `command` now. What it is about is looked at by who carries it out.
///
/// # Errors
/// The reason, to be shown to the person.
pub fn commands(actor: &Actor, moment: &Moment, command: &Command) -> Result<Permitted, Denied> {
    if actor.role == Role::Observer {
        return Err(if command.drives() { Denied::FacilitatorOnly } else { Denied::ObserverLooksOn });
    }
    if command.drives() && !actor.drives() {
        return Err(Denied::FacilitatorOnly);
    }
    if matches!(command, Command::Check { .. }) && !actor.decides() {
        return Err(Denied::DeciderOnly);
    }
    // A lock is the board's. What is private comes onto the board by the server's hand.
    if moment.closed && !matches!(command, Command::Resume { .. }) {
        return Err(Denied::Closed);
    }
    match command {
        Command::Cast { .. } | Command::Done { .. } | Command::Paper { .. } => {
            if !matches!(moment.kind, StepKind::Ballot | StepKind::Commit) {
                return Err(Denied::NotInThisStep);
            }
            if moment.state != StepState::Open {
                return Err(Denied::NotOpen);
            }
        }
        Command::Dissent { .. } if !matches!(moment.kind, StepKind::Decide | StepKind::Commit) => {
            return Err(Denied::NotInThisStep);
        }
        Command::Sign { .. } if moment.kind != StepKind::Commit => return Err(Denied::NotInThisStep),
        _ => {}
    }
    Ok(Permitted(()))
}

/// A text of a command that is longer than what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLong {
    /// Somebody's name: [`limits::NAME`] characters.
    Name,
    /// The reason of a flag or of a signature: [`limits::REASON`] characters.
    Reason,
    /// An answer, or the source of a claim: [`limits::ANSWER`] and [`limits::SOURCE`] characters.
    Answer,
    /// A dissent: [`limits::DISSENT`] characters.
    Dissent,
    /// A line about the session: [`limits::LINE`] characters.
    Line,
}

/// Whether the texts of `command` are short enough to be kept at all, the blanks around them counted. Asked before
/// the command comes into a session's log, where it would stay even if it was refused then.
///
/// # Errors
/// The first text that is too long.
pub fn texts(command: &Command) -> Result<(), TooLong> {
    let short = |is_short: bool| if is_short { Ok(()) } else { Err(TooLong::Answer) };
    let (text, most, too_long) = match command {
        Command::Cast { value: Some(value), .. } => return short(value.is_short()),
        Command::Paper { answers: all, .. } => return short(all.iter().all(|own| own.value.is_short())),
        Command::Dissent { text: Some(text), .. } => (text, limits::DISSENT, TooLong::Dissent),
        Command::Sign { reason, .. } => (reason, limits::REASON, TooLong::Reason),
        Command::Sponsor { sponsor, .. } => (sponsor, limits::LINE, TooLong::Line),
        Command::Describe { purpose, decider, rule } => {
            let is_long =
                |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > limits::LINE);
            let too_long = [purpose, decider, rule].into_iter().any(is_long);
            return if too_long { Err(TooLong::Line) } else { Ok(()) };
        }
        Command::Rename { name, .. } | Command::Person { name } => (name, limits::NAME, TooLong::Name),
        Command::Flag { reason: Some(reason), .. } => (reason, limits::REASON, TooLong::Reason),
        _ => return Ok(()),
    };
    if text.chars().count() > most { Err(too_long) } else { Ok(()) }
}

fn fits(slot: Slot, change: &Change<'_>) -> Result<(), Denied> {
    let good = match (slot, &change.deed) {
        (Slot::Placement, Deed::Set(value)) => schema::Shape::Placement.fits(value),
        (Slot::Field(_, shape), Deed::Set(value)) => shape.fits(value),
        (Slot::Text(_), Deed::Write { units }) => *units <= limits::TEXT,
        (Slot::Entry(_), Deed::Make { text: false })
        | (Slot::Text(_), Deed::Make { text: true } | Deed::Erase)
        | (Slot::Placement | Slot::Field(..) | Slot::Entry(_) | Slot::Text(_), Deed::Unset | Deed::Nothing) => {
            true
        }
        _ => false,
    };
    if good { Ok(()) } else { Err(Denied::BadValue) }
}

/// A name under a work is that of who writes it; facilitators included, since it says who did. But a facilitator who
/// brings back what was taken off the board brings it back with the name that stood under it.
fn signed_by(actor: &Actor, deed: &Deed<'_>, stood: Option<ParticipantId>) -> Result<(), Denied> {
    match deed {
        Deed::Set(Plain::Text(id)) if *id == actor.participant.to_string() => Ok(()),
        Deed::Set(Plain::Text(id)) if actor.drives() && stood.is_some_and(|who| *id == who.to_string()) => {
            Ok(())
        }
        Deed::Set(Plain::Null) | Deed::Unset if actor.drives() => Ok(()),
        _ => Err(Denied::NotYours),
    }
}

#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
