//! Typed messages, as this side needs them: commands and the own presence are written, what the server says and the
//! others' presence are read.

use plumbline_shared::{
    answer::{Answer, Item},
    ids::{MessageId, ProjectId, StepId},
    json::Json,
    limits::TEXT,
    messages::{
        Caret, Command, Limits, OwnAnswer, OwnBallot, OwnDissent, OwnFlag, Presence, PresenceUser, Seen,
        ServerMessage,
    },
    words::{Claim, Role, Verdict},
};

/// A command as it is sent: JSON, the same over the socket and over HTTP.
#[must_use]
pub fn command(id: MessageId, command: &Command) -> String {
    let (kind, mut fields) = match command {
        Command::GoTo { seen, step } => ("go_to", vec![saw(seen), ("step", step.0.into())]),
        Command::Open { seen } => ("open", vec![saw(seen)]),
        Command::Seal { seen } => ("seal", vec![saw(seen)]),
        Command::Reveal { seen } => ("reveal", vec![saw(seen)]),
        Command::Again { seen } => ("again", vec![saw(seen)]),
        Command::PlaceAgreed { seen, undo } => ("place_agreed", vec![saw(seen), ("undo", (*undo).into())]),
        Command::DecideAgreed { seen, undo } => ("decide_agreed", vec![saw(seen), ("undo", (*undo).into())]),
        Command::Describe { purpose, decider, rule } => {
            let lines = [("purpose", purpose), ("decider", decider), ("rule", rule)];
            let said = lines.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?.into())));
            ("describe", said.collect())
        }
        Command::Sponsor { sponsor, participant } => {
            let participant = participant.map(|id| id.0).into();
            ("sponsor", vec![("sponsor", sponsor.into()), ("participant", participant)])
        }
        Command::Paper { participant, step, round, answers } => {
            let answers = Json::List(answers.iter().map(own_answer).collect());
            let participant = ("participant", participant.0.into());
            let (step, round) = (("step", step.0.into()), ("round", (*round).into()));
            ("paper", vec![participant, step, round, ("answers", answers)])
        }
        Command::Check { step, item, claim, stands } => {
            let (step, item) = (("step", step.0.into()), ("item", item.as_str().into()));
            ("check", vec![step, item, ("claim", claim.as_str().into()), ("stands", (*stands).into())])
        }
        Command::Cast { step, round, item, value } => {
            let (step, round) = (("step", step.0.into()), ("round", (*round).into()));
            let value = value.as_ref().map(answer).into();
            ("cast", vec![step, round, ("item", item.as_str().into()), ("value", value)])
        }
        Command::Done { step, round, done } => {
            ("done", vec![("step", step.0.into()), ("round", (*round).into()), ("done", (*done).into())])
        }
        Command::Recuse { project, out } => {
            ("recuse", vec![("project", project.0.into()), ("out", (*out).into())])
        }
        Command::Dissent { about, text } => {
            ("dissent", vec![("about", about.as_str().into()), ("text", text.as_ref().into())])
        }
        Command::Sign { about, stance, reason } => {
            let stance = stance.map(|stance| Json::from(stance.as_str())).into();
            ("sign", vec![("about", about.as_str().into()), ("stance", stance), ("reason", reason.into())])
        }
        Command::Timer { seen, seconds } => ("timer", vec![saw(seen), ("seconds", (*seconds).into())]),
        Command::Lock { seen, locked } => ("lock", vec![saw(seen), ("locked", (*locked).into())]),
        Command::Focus { seen, project, only } => {
            let project = project.map(|id| id.0).into();
            ("focus", vec![saw(seen), ("project", project), ("only", (*only).into())])
        }
        Command::Show { seen, beat } => ("show", vec![saw(seen), ("beat", beat.as_str().into())]),
        Command::Close { seen } => ("close", vec![saw(seen)]),
        Command::Resume { seen } => ("resume", vec![saw(seen)]),
        Command::Name { participant, role } => {
            ("name", vec![("participant", participant.0.into()), ("role", role.as_str().into())])
        }
        Command::Rename { participant, name } => {
            ("rename", vec![("participant", participant.0.into()), ("name", name.into())])
        }
        Command::Remove { participant } => ("remove", vec![("participant", participant.0.into())]),
        Command::Merge { from, into } => ("merge", vec![("from", from.0.into()), ("into", into.0.into())]),
        Command::Person { name } => ("person", vec![("name", name.into())]),
        Command::MergeProjects { from, into } => {
            ("merge_projects", vec![("from", from.0.into()), ("into", into.0.into())])
        }
        Command::Recognise { project, row, is } => {
            ("recognise", vec![("project", project.0.into()), ("row", row.0.into()), ("is", (*is).into())])
        }
        Command::Flag { project, reason } => {
            ("flag", vec![("project", project.0.into()), ("reason", reason.as_ref().into())])
        }
    };
    let mut members = vec![("id", id.0.into()), ("type", kind.into())];
    members.append(&mut fields);
    Json::object(members).to_string()
}

/// What a command does to the own flag on a project, if it is about one.
pub(crate) fn flags(json: &str) -> Option<(ProjectId, Option<String>)> {
    let json = Json::read(json)?;
    let flags = json.get("type").text() == Some("flag");
    flags.then_some(())?;
    Some((json.get("project").id()?, json.get("reason").string()))
}

fn saw(seen: &Seen) -> (&'static str, Json) {
    ("seen", Json::object(vec![("step", seen.step.0.into()), ("round", seen.round.into())]))
}

fn own_answer(own: &OwnAnswer) -> Json {
    Json::object(vec![("item", own.item.as_str().into()), ("value", answer(&own.value))])
}

/// An answer as it is sent.
fn answer(answer: &Answer) -> Json {
    match answer {
        Answer::Pile { pillar } => Json::object(vec![("pillar", pillar.into())]),
        Answer::Claims { claims, sources } => {
            let claims = claims.iter().map(|claim| claim.as_str().into()).collect();
            let mut members = vec![("claims", Json::List(claims))];
            if !sources.is_empty() {
                let source = |source: &plumbline_shared::answer::Source| {
                    let claim = source.claim.as_str().into();
                    Json::object(vec![("claim", claim), ("text", (&source.text).into())])
                };
                members.push(("sources", Json::List(sources.iter().map(source).collect())));
            }
            Json::object(members)
        }
        Answer::Verdict { verdict } => Json::object(vec![("verdict", verdict.as_str().into())]),
        Answer::Dots { dots } => Json::object(vec![("dots", (*dots).into())]),
        Answer::Scale { scale } => Json::object(vec![("scale", u32::from(*scale).into())]),
        Answer::Text { text } => Json::object(vec![("text", text.into())]),
    }
}

/// An answer as it is told, or as it was kept; `None` for what is none.
fn read_answer(json: &Json) -> Option<Answer> {
    if let Some(pillar) = json.get("pillar").string() {
        return Some(Answer::Pile { pillar });
    }
    if let Some(verdict) = json.get("verdict").text() {
        return Some(Answer::Verdict { verdict: Verdict::parse(verdict)? });
    }
    if let Some(dots) = json.get("dots").small() {
        return Some(Answer::Dots { dots });
    }
    if let Some(scale) = json.get("scale").small() {
        return Some(Answer::Scale { scale: u8::try_from(scale).ok()? });
    }
    if let Some(text) = json.get("text").string() {
        return Some(Answer::Text { text });
    }
    let Json::List(claims) = json.get("claims") else { return None };
    let claim = |json: &Json| json.text().and_then(Claim::parse);
    let source = |json: &Json| {
        let claim = claim(json.get("claim"))?;
        Some(plumbline_shared::answer::Source { claim, text: json.get("text").string()? })
    };
    Some(Answer::Claims {
        claims: claims.iter().map(claim).collect::<Option<_>>()?,
        sources: json.get("sources").list().iter().map(source).collect::<Option<_>>()?,
    })
}

/// A cast, a dissent, that somebody has finished, or that they sit out, as it is sent: to show what waits to be sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Pending {
    /// An answer to an item, or that it was taken back.
    Cast(StepId, u32, Item, Option<Answer>),
    /// Whether they have finished.
    Done(StepId, u32, bool),
    /// What they say unsigned about something, or that it was taken back.
    Dissent(Item, Option<String>),
    /// Whether they sit out on a project.
    Out(ProjectId, bool),
}

impl Pending {
    /// What a message that waits says of the own ballot; `None` if it says nothing of it.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let json = Json::read(json)?;
        let (step, round) = (json.get("step").id(), json.get("round").small());
        match json.get("type").text()? {
            "cast" => {
                let value = match json.get("value") {
                    Json::Null => None,
                    value => Some(read_answer(value)?),
                };
                Some(Self::Cast(step?, round?, json.get("item").text().and_then(Item::parse)?, value))
            }
            "done" => Some(Self::Done(step?, round?, json.get("done").is_true())),
            "dissent" => {
                let about = json.get("about").text().and_then(Item::parse)?;
                Some(Self::Dissent(about, json.get("text").string()))
            }
            "recuse" => Some(Self::Out(json.get("project").id()?, json.get("out").is_true())),
            _ => None,
        }
    }

    /// Whether what this says is said anew by `later`.
    pub(crate) fn is_said_by(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::Cast(step, round, item, _), Self::Cast(other, number, another, _)) => {
                (step, round, item) == (other, number, another)
            }
            (Self::Done(step, round, _), Self::Done(other, number, _)) => (step, round) == (other, number),
            (Self::Dissent(about, _), Self::Dissent(other, _)) => about == other,
            (Self::Out(project, _), Self::Out(other, _)) => project == other,
            _ => false,
        }
    }

    /// What becomes of the own ballot by it.
    pub(crate) fn show(&self, ballot: &mut OwnBallot) {
        match self {
            Self::Cast(step, round, item, value) if (*step, *round) == (ballot.step, ballot.round) => {
                ballot.answers.retain(|own| own.item != *item);
                let own = value.clone().map(|value| OwnAnswer { item: item.clone(), value });
                ballot.answers.extend(own);
            }
            Self::Done(step, round, done) if (*step, *round) == (ballot.step, ballot.round) => {
                ballot.done = *done;
            }
            Self::Dissent(about, text) => {
                ballot.dissent.retain(|own| own.about != *about);
                let own = text.clone().map(|text| OwnDissent { about: about.clone(), text });
                ballot.dissent.extend(own);
            }
            Self::Out(project, out) => {
                ballot.out.retain(|other| other != project);
                ballot.out.extend(out.then_some(*project));
                // The page from which it was said is not told the ballot anew.
                let item = Item::project(*project);
                if !out && !ballot.items.contains(&item) {
                    ballot.items.push(item);
                }
            }
            _ => {}
        }
    }
}

fn ballot(json: &Json) -> Option<OwnBallot> {
    let item = |json: &Json| json.text().and_then(Item::parse);
    let own = |json: &Json| {
        Some(OwnAnswer { item: item(json.get("item"))?, value: read_answer(json.get("value"))? })
    };
    let dissent =
        |json: &Json| Some(OwnDissent { about: item(json.get("about"))?, text: json.get("text").string()? });
    Some(OwnBallot {
        step: json.get("step").id()?,
        round: json.get("round").small()?,
        items: json.get("items").list().iter().map(item).collect::<Option<_>>()?,
        answers: json.get("answers").list().iter().map(own).collect::<Option<_>>()?,
        done: json.get("done").is_true(),
        out: json.get("out").list().iter().map(Json::id).collect::<Option<_>>()?,
        dissent: json.get("dissent").list().iter().map(dissent).collect::<Option<_>>()?,
    })
}

/// What the server says; `None` for a message that is not known here, or not whole.
pub(crate) fn server_message(json: &str) -> Option<ServerMessage> {
    let json = Json::read(json)?;
    Some(match json.get("type").text()? {
        "welcome" => ServerMessage::Welcome {
            protocol: json.get("protocol").small()?,
            session: json.get("session").id()?,
            participant: json.get("participant").id(),
            role: json.get("role").text().and_then(Role::parse)?,
            presence: json.get("presence").whole()?,
            now: json.get("now").whole()?,
            limits: limits(json.get("limits"))?,
            rules: json.get("rules").small().unwrap_or_default(),
        },
        "saved" => ServerMessage::Saved { through: json.get("through").whole()? },
        "flags" => {
            ServerMessage::Flags { own: json.get("own").list().iter().map(own_flag).collect::<Option<_>>()? }
        }
        "ballot" => ServerMessage::Ballot(ballot(&json)?),
        "progress" => ServerMessage::Progress {
            step: json.get("step").id()?,
            round: json.get("round").small()?,
            done: json.get("done").small()?,
            of: json.get("of").small()?,
        },
        "not_saving" => ServerMessage::NotSaving { reason: json.get("reason").string() },
        "entered" => ServerMessage::Entered,
        "ok" => ServerMessage::Ok { re: json.get("re").id()? },
        "denied" => ServerMessage::Denied {
            re: json.get("re").id(),
            frame: json.get("frame").whole(),
            code: json.get("code").string()?,
            reason: json.get("reason").string()?,
            taken_back: json.get("taken_back").is_true(),
            path: json.get("path").string(),
        },
        _ => return None,
    })
}

fn own_flag(json: &Json) -> Option<OwnFlag> {
    Some(OwnFlag { project: json.get("project").id()?, reason: json.get("reason").string()? })
}

fn limits(json: &Json) -> Option<Limits> {
    Some(Limits {
        new_content: json.get("new_content").small()? as usize,
        updates_per_second: json.get("updates_per_second").small()?,
        update_burst: json.get("update_burst").small()?,
        presence: json.get("presence").small()? as usize,
    })
}

/// The own presence as it is said. Who it is, is the server's to say.
pub(crate) fn presence(state: &Presence) -> String {
    let Presence { user: _, item, holding, over, caret, test } = state;
    let caret = caret.map(|caret| Json::object(vec![("text", caret.text.into()), ("at", caret.at.into())]));
    Json::sparse(vec![
        ("item", item.map(|id| id.0).into()),
        ("holding", holding.map(|id| id.0).into()),
        ("over", over.as_ref().into()),
        ("caret", caret.into()),
        ("test", (*test).into()),
    ])
    .to_string()
}

/// Somebody's presence; `None` for who is gone, and for what is no presence.
pub(crate) fn read_presence(json: &str) -> Option<Presence> {
    let json = Json::read(json)?;
    let Json::Object(_) = json else { return None };
    Some(Presence {
        user: user(json.get("user")),
        item: json.get("item").id(),
        holding: json.get("holding").id(),
        over: json.get("over").string(),
        caret: caret(json.get("caret")),
        test: json.get("test").id(),
    })
}

/// None where no text reaches, too.
fn caret(json: &Json) -> Option<Caret> {
    let at = json.get("at").small().filter(|at| *at as usize <= TEXT)?;
    Some(Caret { text: json.get("text").id()?, at })
}

fn user(json: &Json) -> Option<PresenceUser> {
    Some(PresenceUser {
        id: json.get("id").id()?,
        name: json.get("name").string()?,
        colour: json.get("colour").string()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use plumbline_shared::{
        answer::Source,
        ids::{ParticipantId, ProjectId, SessionId, StepId},
        messages::ClientMessage,
        words::{Beat, Stance},
    };
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(0x0192_f0c4_7b1e_7cc3_98c4_dc0c_0c07_3900 + number).into()
    }

    #[test]
    fn every_command_is_written_as_the_server_reads_it() {
        let seen = Seen { step: id::<StepId>(1), round: 3 };
        let participant: ParticipantId = id(2);
        for command in [
            Command::GoTo { seen: seen.clone(), step: id(4) },
            Command::Timer { seen: seen.clone(), seconds: u32::MAX },
            Command::Lock { seen: seen.clone(), locked: true },
            Command::Lock { seen: seen.clone(), locked: false },
            Command::Focus { seen: seen.clone(), project: Some(id(5)), only: true },
            Command::Focus { seen: seen.clone(), project: None, only: false },
            Command::Show { seen: seen.clone(), beat: Beat::Splits },
            Command::Open { seen: seen.clone() },
            Command::Seal { seen: seen.clone() },
            Command::Reveal { seen: seen.clone() },
            Command::Again { seen: seen.clone() },
            Command::PlaceAgreed { seen: seen.clone(), undo: false },
            Command::DecideAgreed { seen: seen.clone(), undo: true },
            Command::Describe { purpose: None, decider: Some(String::new()), rule: None },
            Command::Sponsor { sponsor: "Ö".to_owned(), participant: Some(participant) },
            Command::Sponsor { sponsor: "Ö".to_owned(), participant: None },
            Command::Paper {
                participant,
                step: id(1),
                round: 2,
                answers: answers().map(|value| OwnAnswer { item: Item::session(), value }).to_vec(),
            },
            Command::Check {
                step: id(1),
                item: Item::session(),
                claim: Claim::Required,
                stands: Some(false),
            },
            Command::Check { step: id(1), item: Item::session(), claim: Claim::Revenue, stands: None },
            Command::Cast { step: id(1), round: 1, item: Item::project(id(5)), value: None },
            Command::Done { step: id(1), round: 1, done: true },
            Command::Recuse { project: id(5), out: true },
            Command::Dissent { about: Item::session(), text: Some("no".to_owned()) },
            Command::Dissent { about: Item::session(), text: None },
            Command::Sign { about: Item::session(), stance: Some(Stance::Carry), reason: String::new() },
            Command::Sign { about: Item::project(id(5)), stance: None, reason: "why".to_owned() },
            Command::Close { seen: seen.clone() },
            Command::Resume { seen },
            Command::Name { participant, role: Role::Scribe },
            Command::Rename { participant, name: "Ada \"A\" \\ Löwe\n".to_owned() },
            Command::Remove { participant },
            Command::Merge { from: participant, into: id(3) },
            Command::Person { name: String::new() },
            Command::MergeProjects { from: id(5), into: id(6) },
            Command::Flag { project: id(5), reason: Some("why".to_owned()) },
            Command::Flag { project: id(5), reason: None },
        ] {
            let message = ClientMessage { id: id(9), command };
            let written = super::command(message.id, &message.command);
            assert_eq!(written, serde_json::to_string(&message).unwrap());
        }
    }

    fn answers() -> [Answer; 7] {
        let source = Source { claim: Claim::Revenue, text: "ledger \"4\"".to_owned() };
        [
            Answer::Pile { pillar: "off".to_owned() },
            Answer::Claims { claims: Vec::new(), sources: Vec::new() },
            Answer::Claims { claims: vec![Claim::Strategy, Claim::Revenue], sources: vec![source] },
            Answer::Verdict { verdict: Verdict::Wait },
            Answer::Dots { dots: 3 },
            Answer::Scale { scale: 0 },
            Answer::Text { text: String::new() },
        ]
    }

    #[test]
    fn every_answer_is_written_as_the_server_reads_it_and_shown_while_it_waits() {
        for value in answers().into_iter().map(Some).chain([None]) {
            let command =
                Command::Cast { step: id(1), round: 2, item: Item::project(id(5)), value: value.clone() };
            let message = ClientMessage { id: id(9), command };
            let written = super::command(message.id, &message.command);
            assert_eq!(written, serde_json::to_string(&message).unwrap());
            let pending = Pending::read(&written).unwrap();
            assert_eq!(pending, Pending::Cast(id(1), 2, Item::project(id(5)), value.clone()));
            let mut ballot = OwnBallot { step: id(1), round: 2, ..OwnBallot::default() };
            pending.show(&mut ballot);
            assert_eq!(ballot.answers.first().map(|own| own.value.clone()), value);
            ballot.round = 3;
            let before = ballot.clone();
            pending.show(&mut ballot);
            assert_eq!(ballot, before, "an answer of another round says nothing here");
        }
    }

    #[test]
    fn what_somebody_says_unsigned_is_shown_to_them_while_it_waits() {
        let waiting = |about: Item, text: Option<&str>| {
            let said = Command::Dissent { about, text: text.map(str::to_owned) };
            Pending::read(&command(id(9), &said)).unwrap()
        };
        let mut ballot = OwnBallot::default();
        let first = waiting(Item::session(), Some("No"));
        first.show(&mut ballot);
        waiting(Item::project(id(5)), Some("Not this one")).show(&mut ballot);
        let again = waiting(Item::session(), Some("Not yet"));
        assert!(first.is_said_by(&again) && !first.is_said_by(&waiting(Item::project(id(5)), None)));
        again.show(&mut ballot);
        let said: Vec<&str> = ballot.dissent.iter().map(|own| own.text.as_str()).collect();
        assert_eq!(said, ["Not this one", "Not yet"]);
        waiting(Item::session(), None).show(&mut ballot);
        assert_eq!(ballot.dissent.len(), 1);
    }

    #[test]
    fn every_message_of_the_server_is_read_as_it_was_meant() {
        for message in [
            ServerMessage::Welcome {
                protocol: 1,
                session: id::<SessionId>(1),
                participant: Some(id(2)),
                role: Role::Facilitator,
                presence: (1 << 53) - 1,
                now: 1_790_000_000_123,
                limits: Limits {
                    new_content: 1 << 20,
                    updates_per_second: 60,
                    update_burst: 240,
                    presence: 1024,
                },
                rules: 3,
            },
            ServerMessage::Welcome {
                protocol: 2,
                session: id::<SessionId>(1),
                participant: None,
                role: Role::Observer,
                presence: 0,
                now: 0,
                limits: Limits { new_content: 0, updates_per_second: 0, update_burst: 0, presence: 0 },
                rules: 0,
            },
            ServerMessage::Saved { through: 77 },
            ServerMessage::Entered,
            ServerMessage::Flags { own: Vec::new() },
            ServerMessage::Flags { own: vec![OwnFlag { project: id(5), reason: String::new() }] },
            ServerMessage::Ballot(OwnBallot {
                step: id(1),
                round: 2,
                items: vec![Item::project(id(5)), Item::statement(2)],
                answers: answers().map(|value| OwnAnswer { item: Item::session(), value }).to_vec(),
                done: true,
                out: vec![id(5)],
                dissent: vec![OwnDissent { about: Item::session(), text: "no".to_owned() }],
            }),
            ServerMessage::Progress { step: id(1), round: 2, done: 3, of: 12 },
            ServerMessage::NotSaving { reason: Some("The server's disk is full.".to_owned()) },
            ServerMessage::NotSaving { reason: None },
            ServerMessage::Ok { re: id(3) },
            ServerMessage::Denied {
                re: Some(id(4)),
                frame: None,
                code: "stale".to_owned(),
                reason: "Somebody was “faster”.\n".to_owned(),
                taken_back: false,
                path: None,
            },
            ServerMessage::Denied {
                re: None,
                frame: Some(12),
                code: "locked".to_owned(),
                reason: String::new(),
                taken_back: true,
                path: Some("projects/x/name".to_owned()),
            },
        ] {
            let json = serde_json::to_string(&message).unwrap();
            assert_eq!(server_message(&json), Some(message), "{json}");
        }
    }

    #[test]
    fn what_a_later_server_adds_is_passed_over() {
        assert_eq!(server_message(r#"{"type":"weather","sun":true}"#), None);
        assert_eq!(server_message("no JSON"), None);
        let saved = r#"{"type":"saved","through":3,"at":"noon"}"#;
        assert_eq!(server_message(saved), Some(ServerMessage::Saved { through: 3 }));
    }

    #[test]
    fn presence_is_said_and_read_as_the_server_does() {
        let item: Option<ProjectId> = Some(id(6));
        for state in [
            Presence::default(),
            Presence { item, ..Presence::default() },
            Presence { holding: item, over: Some("off".to_owned()), ..Presence::default() },
            Presence { caret: Some(Caret { text: id(8), at: 7 }), ..Presence::default() },
            Presence { test: Some(id(9)), ..Presence::default() },
        ] {
            assert_eq!(presence(&state), serde_json::to_string(&state).unwrap());
            let user = Some(PresenceUser { id: id(7), name: "Ada".to_owned(), colour: "teal".to_owned() });
            let theirs = Presence { user, ..state };
            assert_eq!(read_presence(&serde_json::to_string(&theirs).unwrap()), Some(theirs));
        }
        assert_eq!(read_presence("null"), None);
    }
}
