//! The typed messages of the wire (message 100): JSON in both directions.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    answer::{Answer, Item},
    ids::{MessageId, ParticipantId, ProjectId, SessionId, StepId},
    words::{Beat, Claim, Role, Stance},
};

/// The version of the wire that this code speaks.
pub const PROTOCOL: u32 = 1;

/// What a facilitator saw when they pressed a button. A command that saw another step or round changes nothing,
/// so that two facilitators pressing *next* at once go one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// The current step.
    pub step: StepId,
    /// Its round.
    pub round: u32,
}

/// What a facilitator does, and what everybody may: the same JSON over the socket and over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Goes to another step of the agenda.
    GoTo {
        /// What the facilitator saw.
        seen: Seen,
        /// Where to.
        step: StepId,
    },
    /// Opens the ballot of the current step: its question, its subjects and its voters stay as they are now.
    Open {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Takes no more answers.
    Seal {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Shows the tally of the sealed round.
    Reveal {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Asks once more: the next round, beside the one that was revealed.
    Again {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Places the projects on which the last revealed sort agrees, in one go; or takes that back.
    PlaceAgreed {
        /// What the facilitator saw.
        seen: Seen,
        /// Whether it is taken back, as far as nobody has placed the cards anew.
        #[serde(default)]
        undo: bool,
    },
    /// Decides to move what the room agrees to move, in one go; or takes that back.
    DecideAgreed {
        /// What the facilitator saw.
        seen: Seen,
        /// Whether it is taken back, as far as nobody has changed the verdicts.
        #[serde(default)]
        undo: bool,
    },
    /// Says what the session is for, who decides, and by what rule. What is left out stays.
    Describe {
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<String>,
        /// Who settles verdicts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decider: Option<String>,
        /// By what rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// Says who a sponsor of the portfolio is in the room: they sit out on their own projects.
    Sponsor {
        /// The sponsor, as the portfolio writes it.
        sponsor: String,
        /// Who that is; none: nobody in the room.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        participant: Option<ParticipantId>,
    },
    /// Enters the paper ballot of somebody without a device.
    Paper {
        /// Whose.
        participant: ParticipantId,
        /// The step that it answers.
        step: StepId,
        /// Its round.
        round: u32,
        /// What it says. Replaces what was entered before.
        answers: Vec<OwnAnswer>,
    },
    /// Says whether a claim has been checked and stands.
    Check {
        /// The step in which it was claimed.
        step: StepId,
        /// Of which project.
        item: Item,
        /// Which claim.
        claim: Claim,
        /// Whether it stands; none takes the word back.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        stands: Option<bool>,
    },
    /// One answer of the own ballot.
    Cast {
        /// The step that it answers.
        step: StepId,
        /// Its round.
        round: u32,
        /// What it is about.
        item: Item,
        /// What it says; none takes the answer back, and has to be said.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        value: Option<Answer>,
    },
    /// I have finished, or not yet.
    Done {
        /// The step.
        step: StepId,
        /// Its round.
        round: u32,
        /// Whether.
        done: bool,
    },
    /// Sits out on a project, or takes part in spite of being its sponsor.
    Recuse {
        /// Which.
        project: ProjectId,
        /// Whether this person sits out.
        out: bool,
    },
    /// Disagrees, unsigned.
    Dissent {
        /// With the decision on a project, or with the session as a whole.
        about: Item,
        /// Why, in at most 1,000 characters; none takes it back, and has to be said.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        text: Option<String>,
    },
    /// Signs in public, by name.
    Sign {
        /// The decision on a project, or the session as a whole.
        about: Item,
        /// How; none takes the signature back.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        stance: Option<Stance>,
        /// The reservation, or why not.
        #[serde(default)]
        reason: String,
    },
    /// Sets the time that the current step has left. It never seals anything by itself.
    Timer {
        /// What the facilitator saw.
        seen: Seen,
        /// Seconds from now; 0 takes the deadline away.
        seconds: u32,
    },
    /// Locks the board for all but facilitators, or unlocks it.
    Lock {
        /// What the facilitator saw.
        seen: Seen,
        /// Whether it is locked.
        locked: bool,
    },
    /// Shows everybody one project.
    Focus {
        /// What the facilitator saw.
        seen: Seen,
        /// Which one; none takes the spotlight away.
        project: Option<ProjectId>,
        /// Whether only this card may be placed meanwhile.
        #[serde(default)]
        only: bool,
    },
    /// Shows everybody another beat of what was revealed.
    Show {
        /// What the facilitator saw.
        seen: Seen,
        /// Which.
        beat: Beat,
    },
    /// Ends the session: nothing changes any more.
    Close {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Takes a closed session up again.
    Resume {
        /// What the facilitator saw.
        seen: Seen,
    },
    /// Gives somebody a role.
    Name {
        /// Whom.
        participant: ParticipantId,
        /// Which.
        role: Role,
    },
    /// Corrects somebody's name.
    Rename {
        /// Whose.
        participant: ParticipantId,
        /// To what.
        name: String,
    },
    /// Takes somebody out of the session and closes their connections at once.
    Remove {
        /// Whom.
        participant: ParticipantId,
    },
    /// Two people are the same one: what `from` has and made goes over to `into`.
    Merge {
        /// Who came twice, and is not in the roster any more.
        from: ParticipantId,
        /// Who stays.
        into: ParticipantId,
    },
    /// Enters somebody without a device. Their id is that of the message.
    Person {
        /// What they are called.
        name: String,
    },
    /// Two projects are the same one: `into` stays, with what `from` says beyond it.
    MergeProjects {
        /// The duplicate, which is taken off the board.
        from: ProjectId,
        /// The one that stays.
        into: ProjectId,
    },
    /// At a checkpoint: says whether a row of the new portfolio is a project of before, by another name. Whoever said
    /// yes can take it back by saying no.
    Recognise {
        /// The project of before, which stays, and takes on what the row says.
        project: ProjectId,
        /// The project that came with the new portfolio.
        row: ProjectId,
        /// Whether they are one.
        is: bool,
    },
    /// Asks *is this a hobby?*, unsigned.
    Flag {
        /// Of which project.
        project: ProjectId,
        /// Why, in at most 500 characters; none takes the own flag back, and has to be said.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "openapi", schema(required = true))]
        reason: Option<String>,
    },
}

impl Command {
    /// Whether only facilitators give it.
    #[must_use]
    pub fn drives(&self) -> bool {
        !self.is_ones_own() && !matches!(self, Self::Check { .. })
    }

    /// Whether what it says is its author's secret.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        matches!(
            self,
            Self::Cast { .. }
                | Self::Done { .. }
                | Self::Flag { .. }
                | Self::Recuse { .. }
                | Self::Dissent { .. }
                | Self::Paper { .. }
        )
    }

    /// Whether it came with ballots: a session that began under older rules does not know it.
    #[must_use]
    pub fn is_of_ballots(&self) -> bool {
        matches!(
            self,
            Self::Open { .. }
                | Self::Seal { .. }
                | Self::Reveal { .. }
                | Self::Again { .. }
                | Self::PlaceAgreed { .. }
                | Self::DecideAgreed { .. }
                | Self::Describe { .. }
                | Self::Sponsor { .. }
                | Self::Paper { .. }
                | Self::Check { .. }
                | Self::Cast { .. }
                | Self::Done { .. }
                | Self::Recuse { .. }
                | Self::Dissent { .. }
                | Self::Sign { .. }
        )
    }

    /// Whether everybody who takes part gives it, for themselves.
    #[must_use]
    pub fn is_ones_own(&self) -> bool {
        matches!(
            self,
            Self::Flag { .. }
                | Self::Cast { .. }
                | Self::Done { .. }
                | Self::Recuse { .. }
                | Self::Dissent { .. }
                | Self::Sign { .. }
        )
    }
}

/// A flag as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFlag {
    /// The project that is flagged.
    pub project: ProjectId,
    /// Why; may be empty.
    pub reason: String,
}

/// An answer as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnAnswer {
    /// What it is about.
    pub item: Item,
    /// What it says.
    pub value: Answer,
}

/// What somebody has said unsigned, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDissent {
    /// What it is about.
    pub about: Item,
    /// Why.
    pub text: String,
}

/// Somebody's own part in the current ballot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnBallot {
    /// The step.
    pub step: StepId,
    /// Its round.
    pub round: u32,
    /// Which of the round's items are theirs to answer, in the order in which they are shown to them. None: they have
    /// no ballot in it.
    pub items: Vec<Item>,
    /// Their answers so far, as far as they may be told.
    pub answers: Vec<OwnAnswer>,
    /// Whether they have said that they have finished.
    pub done: bool,
    /// The projects of the round on which they sit out.
    pub out: Vec<ProjectId>,
    /// What they have said unsigned.
    pub dissent: Vec<OwnDissent>,
}

/// A message from a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClientMessage {
    /// Unique in the session: by it the message can be repeated safely.
    pub id: MessageId,
    /// What is wanted.
    #[serde(flatten)]
    pub command: Command,
}

/// A message from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The first message: who you are here.
    Welcome {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The session.
        session: SessionId,
        /// You. None for observers.
        participant: Option<ParticipantId>,
        /// What you are.
        role: Role,
        /// The id under which others see your presence: leave it out of your list of others.
        presence: u64,
        /// The server's clock, in milliseconds since 1970: deadlines are in its time.
        now: u64,
        /// What you may send.
        limits: Limits,
        /// The version of the rules by which this session goes: what came with a later one it does not know. 0: a
        /// server that does not say.
        #[serde(default)]
        rules: u32,
    },
    /// So many of this connection's own frames with content (step 2 and update) have been dealt with: what was new
    /// and allowed in them is durable.
    Saved {
        /// Counted from 1 over this connection.
        through: u64,
    },
    /// The flags that you have raised, all of them: on joining, and after each change of yours. Nobody else is told.
    Flags {
        /// By project.
        own: Vec<OwnFlag>,
    },
    /// Your own ballot in the current step: on joining, when a round opens, and after each change of yours. Nobody else
    /// is told.
    Ballot(OwnBallot),
    /// How many have finished, in steps that point at nobody.
    Progress {
        /// The step.
        step: StepId,
        /// Its round.
        round: u32,
        /// How many, rounded down.
        done: u32,
        /// Of how many who are here.
        of: u32,
    },
    /// Whether what anybody does can be saved: told when it cannot any more, to whoever comes meanwhile, and when it can
    /// again. What has come is kept and tried again until then.
    NotSaving {
        /// Why not, and who can do something about it, in a sentence. None: it can again.
        reason: Option<String>,
    },
    /// One more device has come in as you, by a personal link of yours.
    Entered,
    /// The message was carried out, now or when it first came.
    Ok {
        /// Its id.
        re: MessageId,
    },
    /// Something was not carried out, or was taken back.
    Denied {
        /// The id of the message, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        re: Option<MessageId>,
        /// The frame, counted as in `saved`, where it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frame: Option<u64>,
        /// A short name that does not change.
        code: String,
        /// A sentence that says what to do.
        reason: String,
        /// The change was taken back on the board already (compensated): go on. Otherwise the frame was dropped:
        /// drop your document, sync anew and replay what was meant.
        #[serde(default)]
        taken_back: bool,
        /// What of the board it is about, `root/key` or `root/key/field`, where the rules said no to a path; the first
        /// of several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
    },
}

/// What a connection may send, told in [`ServerMessage::Welcome`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// New content in one frame, in bytes.
    pub new_content: usize,
    /// Updates a second, sustained.
    pub updates_per_second: u32,
    /// Updates in a burst.
    pub update_burst: u32,
    /// One presence state, in bytes of JSON.
    pub presence: usize,
}

/// A presence state as the server sends it: the identity is the server's, the rest is what the client said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Presence {
    /// Who. Stamped by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<PresenceUser>,
    /// The card they have selected or opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ProjectId>,
    /// The card in their hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<ProjectId>,
    /// The pile over which they hold it: a pillar id, `off` or `unsorted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// Where they write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caret: Option<Caret>,
    /// The test with a phone by whose picture they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Uuid>,
}

/// Where somebody writes in a text that people write together.
///
/// Counted, not hung on a character: whoever shows it shifts it by what arrives, and the next state corrects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caret {
    /// The note; or the project, for the rationale of its decision.
    pub text: Uuid,
    /// UTF-16 units before it, at most [`crate::limits::TEXT`].
    pub at: u32,
}

impl Caret {
    /// The caret that a client's JSON says; none where that is no caret, or stands where no text reaches.
    #[must_use]
    pub fn read(json: &serde_json::Value) -> Option<Self> {
        let caret = Self::deserialize(json).ok()?;
        (usize::try_from(caret.at).ok()? <= crate::limits::TEXT).then_some(caret)
    }
}

/// The identity in a presence state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceUser {
    /// The participant.
    pub id: ParticipantId,
    /// Their name.
    pub name: String,
    /// Their colour, a design token.
    pub colour: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_as_in_the_protocol() {
        let json = r#"{"id":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f","type":"lock","seen":{"step":"0192f0c4-7b1e-7cc3-98c4-dc0c0c073990","round":1},"locked":true}"#;
        let message: ClientMessage = serde_json::from_str(json).unwrap();
        assert!(matches!(message.command, Command::Lock { locked: true, .. }));
        assert_eq!(serde_json::to_string(&message).unwrap(), json);
    }

    #[test]
    fn a_flag_is_taken_back_by_saying_so_and_not_by_leaving_something_out() {
        let read = |json: &str| serde_json::from_str::<Command>(json);
        let project = r#""project":"0192f0c4-7b1e-7cc3-98c4-dc0c0c073990""#;
        assert!(read(&format!(r#"{{"type":"flag",{project}}}"#)).is_err());
        let back = read(&format!(r#"{{"type":"flag",{project},"reason":null}}"#)).unwrap();
        assert!(matches!(back, Command::Flag { reason: None, .. }));
    }

    #[test]
    fn an_unknown_type_is_refused_and_never_guessed() {
        let json = r#"{"id":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f","type":"explode"}"#;
        assert!(serde_json::from_str::<ClientMessage>(json).is_err());
    }
}
