//! Typed messages, as this side needs them: commands and the own presence are written, what the server says and the
//! others' presence are read.

use plumbline_shared::{
    ids::MessageId,
    json::Json,
    limits::TEXT,
    messages::{Caret, Command, Limits, OwnFlag, Presence, PresenceUser, Seen, ServerMessage},
    words::Role,
};

/// A command as it is sent: JSON, the same over the socket and over HTTP.
#[must_use]
pub fn command(id: MessageId, command: &Command) -> String {
    let (kind, mut fields) = match command {
        Command::GoTo { seen, step } => ("go_to", vec![saw(seen), ("step", step.0.into())]),
        Command::Timer { seen, seconds } => ("timer", vec![saw(seen), ("seconds", (*seconds).into())]),
        Command::Lock { seen, locked } => ("lock", vec![saw(seen), ("locked", (*locked).into())]),
        Command::Focus { seen, project, only } => {
            let project = project.map(|id| id.0).into();
            ("focus", vec![saw(seen), ("project", project), ("only", (*only).into())])
        }
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
        Command::Flag { project, reason } => {
            ("flag", vec![("project", project.0.into()), ("reason", reason.as_ref().into())])
        }
    };
    let mut members = vec![("id", id.0.into()), ("type", kind.into())];
    members.append(&mut fields);
    Json::object(members).to_string()
}

fn saw(seen: &Seen) -> (&'static str, Json) {
    ("seen", Json::object(vec![("step", seen.step.0.into()), ("round", seen.round.into())]))
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
        },
        "saved" => ServerMessage::Saved { through: json.get("through").whole()? },
        "flags" => {
            ServerMessage::Flags { own: json.get("own").list().iter().map(own_flag).collect::<Option<_>>()? }
        }
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
    let Presence { user: _, item, holding, over, caret } = state;
    let caret = caret.map(|caret| Json::object(vec![("text", caret.text.into()), ("at", caret.at.into())]));
    Json::sparse(vec![
        ("item", item.map(|id| id.0).into()),
        ("holding", holding.map(|id| id.0).into()),
        ("over", over.as_ref().into()),
        ("caret", caret.into()),
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
        ids::{ParticipantId, ProjectId, SessionId, StepId},
        messages::ClientMessage,
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
            },
            ServerMessage::Welcome {
                protocol: 2,
                session: id::<SessionId>(1),
                participant: None,
                role: Role::Observer,
                presence: 0,
                now: 0,
                limits: Limits { new_content: 0, updates_per_second: 0, update_burst: 0, presence: 0 },
            },
            ServerMessage::Saved { through: 77 },
            ServerMessage::Flags { own: Vec::new() },
            ServerMessage::Flags { own: vec![OwnFlag { project: id(5), reason: String::new() }] },
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
        ] {
            assert_eq!(presence(&state), serde_json::to_string(&state).unwrap());
            let user = Some(PresenceUser { id: id(7), name: "Ada".to_owned(), colour: "teal".to_owned() });
            let theirs = Presence { user, ..state };
            assert_eq!(read_presence(&serde_json::to_string(&theirs).unwrap()), Some(theirs));
        }
        assert_eq!(read_presence("null"), None);
    }
}
