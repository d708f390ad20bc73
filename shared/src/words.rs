//! The words of a session that are one of a few: roles, kinds of step, verdicts.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it stands on the board and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one that `word` names, if it names one.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// What someone is in a session.
    Role {
        /// Prepares and drives the session.
        Facilitator = "facilitator",
        /// Keeps the decisions' texts.
        Scribe = "scribe",
        /// Settles verdicts.
        Decider = "decider",
        /// A member of the team.
        Participant = "participant",
        /// May only look: the wall, or a guest.
        Observer = "observer",
    }
);

words!(
    /// What is done in a step.
    StepKind {
        /// People arrive and add what is missing.
        Gather = "gather",
        /// Everybody answers in private.
        Ballot = "ballot",
        /// The board is sorted together.
        Board = "board",
        /// Verdicts are settled.
        Decide = "decide",
        /// Confidence in private, then sign-off by name.
        Commit = "commit",
        /// The decisions go to the log.
        Close = "close",
    }
);

words!(
    /// How far the current step is.
    StepState {
        /// A ballot that has not been opened: nobody answers yet.
        Ready = "ready",
        /// Answers, or changes, are taken.
        Open = "open",
        /// No more answers are taken.
        Sealed = "sealed",
        /// The tally is shown.
        Revealed = "revealed",
    }
);

words!(
    /// What of a revealed round is before everybody: the beats in which it is told.
    Beat {
        /// How the room sorts the portfolio.
        Shape = "shape",
        /// What it agrees on.
        Agreed = "agreed",
        /// Where it splits.
        Splits = "splits",
        /// The round beside the one before it.
        Beside = "beside",
    }
);

words!(
    /// What a ballot asks.
    Question {
        /// On which pillar, or on none, does each project stand?
        Placement = "placement",
        /// The hobby test: what would be lost without it?
        Hobby = "hobby",
        /// Move, wait or stop?
        Verdict = "verdict",
        /// Dots, out of a budget.
        Dots = "dots",
        /// A number from a scale: fist to five.
        Scale = "scale",
        /// In one's own words: the interpretation check.
        Text = "text",
    }
);

words!(
    /// What a ballot is about.
    Subjects {
        /// Every project.
        All = "all",
        /// The projects that stand on no pillar.
        Off = "off",
        /// The projects on which the last sort split.
        Contested = "contested",
        /// The projects of which somebody asks *is this a hobby?*.
        Flagged = "flagged",
        /// The projects that somebody picked.
        Shortlist = "shortlist",
        /// The projects with a verdict.
        Decided = "decided",
        /// At a checkpoint: the projects that were to stop.
        Stopped = "stopped",
        /// At a checkpoint: the projects that were to move.
        Moved = "moved",
        /// The pillars.
        Pillars = "pillars",
        /// Statements that the step brings along.
        Statements = "statements",
        /// The session as a whole.
        Session = "session",
    }
);

words!(
    /// By what a project of before was found in a portfolio that was imported anew.
    Found {
        /// By its reference.
        Reference = "reference",
        /// By its name.
        Name = "name",
        /// By the likeness of its name, which a person has confirmed.
        Likeness = "likeness",
    }
);

impl Subjects {
    /// Whether only a checkpoint has them: sessions that began under earlier rules know nothing of them.
    #[must_use]
    pub const fn is_of_checkpoint(self) -> bool {
        matches!(self, Self::Stopped | Self::Moved)
    }
}

words!(
    /// What a project can claim in the four questions.
    Claim {
        /// It is tied to the strategy.
        Strategy = "strategy",
        /// Revenue would be lost without it.
        Revenue = "revenue",
        /// Costs would rise without it.
        Expense = "expense",
        /// The business needs it now: by law, by contract, for safety or to operate.
        Required = "required",
    }
);

impl Claim {
    /// Whether the claim is one of fact, which names its source and is checked before it decides.
    #[must_use]
    pub const fn is_checked(self) -> bool {
        matches!(self, Self::Revenue | Self::Required)
    }
}

words!(
    /// What somebody signs in public.
    Stance {
        /// They carry it.
        Carry = "carry",
        /// They carry it, with a reservation.
        Reservation = "reservation",
        /// They do not carry it.
        Decline = "decline",
    }
);

words!(
    /// How a stop is carried out.
    StopKind {
        /// It ends on a day.
        End = "end",
        /// What has been begun is finished, and not renewed.
        Finish = "finish",
        /// Somebody else takes it.
        HandOver = "hand_over",
    }
);

words!(
    /// Where a decision stands.
    Status {
        /// Its owner has not said yes.
        Proposed = "proposed",
        /// Its owner has.
        Accepted = "accepted",
    }
);

words!(
    /// The families in which off-strategy work is found.
    Origin {
        /// It came out of planning.
        Planned = "planned",
        /// It has always been there.
        Legacy = "legacy",
        /// Somebody's own.
        Pet = "pet",
        /// It arrived lately.
        New = "new",
        /// Nobody has said.
        Unknown = "unknown",
    }
);

words!(
    /// What is decided of a project.
    Verdict {
        /// It goes on, now.
        Move = "move",
        /// It waits for a trigger, until it expires.
        Wait = "wait",
        /// It ends.
        Stop = "stop",
        /// Not decided: by whom, and by when.
        Open = "open",
    }
);

/// The placement that is on no pillar.
pub const OFF: &str = "off";
