//! The outbox as text, in the form in which a browser keeps it: JSON of plain arrays, read and written here alone.
//!
//! Only the page that wrote an outbox, or a later one of the same browser, reads it. What is not understood is given
//! up: the board itself is the server's.

use plumbline_shared::{board::Pile, ids::MessageId, json::Json, schema::Root, words::OFF, words::StepKind};
use uuid::Uuid;

use crate::{
    Intent, IntentId, Outbox, Splice, Value, bytes,
    document::Made,
    outbox::Record,
    site::{Site, Unit},
    write::{Deed, Write},
};

/// The pile of the unsorted, as it is kept.
const UNSORTED: &str = "unsorted";

impl Outbox {
    /// The outbox as text, for [`Outbox::read`].
    #[must_use]
    pub fn write(&self) -> String {
        let records = self.records.iter().map(record).collect();
        let command = |(id, json): &(MessageId, String)| Json::List(vec![id.0.into(), json.into()]);
        let commands = self.commands.iter().map(command).collect();
        Json::List(vec![self.next.into(), Json::List(records), Json::List(commands)]).to_string()
    }

    /// The outbox that was written as `text`; `None` if that is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let json = Json::read(text)?;
        let command = |json: &Json| Some((json.at(0).id()?, json.at(1).string()?));
        Some(Self {
            next: json.at(0).whole()?,
            records: json.at(1).list().iter().map(read_record).collect::<Option<_>>()?,
            commands: json.at(2).list().iter().map(command).collect::<Option<_>>()?,
        })
    }
}

fn record(record: &Record) -> Json {
    let made = record.made.map(|made| Json::List(vec![made.client.into(), made.from.into(), made.to.into()]));
    Json::List(vec![
        record.id.0.into(),
        intent(&record.intent),
        Json::List(record.writes.iter().map(write).collect()),
        made.into(),
        record.site.as_ref().map(site).into(),
        record.update.as_deref().map(bytes::write).into(),
        record.untold.as_ref().into(),
    ])
}

fn site(site: &Site) -> Json {
    let unit = |unit: Option<Unit>| unit.map(|(client, clock)| Json::List(vec![client.into(), clock.into()]));
    let run = |(client, from, to): &(u64, u32, u32)| {
        Json::List(vec![(*client).into(), (*from).into(), (*to).into()])
    };
    let removed = site.removed.iter().map(run).collect();
    Json::List(vec![unit(site.left).into(), unit(site.right).into(), Json::List(removed)])
}

fn read_site(json: &Json) -> Option<Site> {
    let unit = |json: &Json| Some((json.at(0).whole()?, json.at(1).small()?));
    let run = |json: &Json| Some((json.at(0).whole()?, json.at(1).small()?, json.at(2).small()?));
    let removed = json.at(2);
    let removed = match removed {
        Json::List(runs) => runs.iter().map(run).collect::<Option<_>>()?,
        _ => return None,
    };
    Some(Site { left: unit(json.at(0)), right: unit(json.at(1)), removed })
}

fn read_record(json: &Json) -> Option<Record> {
    let made = json.at(3);
    let made =
        || Some(Made { client: made.at(0).whole()?, from: made.at(1).small()?, to: made.at(2).small()? });
    Some(Record {
        id: IntentId(json.at(0).whole()?),
        intent: read_intent(json.at(1))?,
        writes: json.at(2).list().iter().map(read_write).collect::<Option<_>>()?,
        made: made(),
        update: json.at(5).text().and_then(bytes::read),
        site: read_site(json.at(4)),
        untold: json.at(6).string(),
        applied: false,
        frame: None,
        sent_at: 0,
        alone: false,
    })
}

fn write(write: &Write) -> Json {
    let mut parts = vec![write.root.name().into(), write.key.as_str().into(), write.field.as_ref().into()];
    match &write.deed {
        Deed::Set(to) => parts.extend(["set".into(), value(to)]),
        Deed::MakeMap => parts.push("map".into()),
        Deed::MakeText => parts.push("text".into()),
        Deed::Unset => parts.push("unset".into()),
        Deed::Splice(by) => parts.extend(["splice".into(), splice(by)]),
    }
    Json::List(parts)
}

fn read_write(json: &Json) -> Option<Write> {
    Some(Write {
        root: json.at(0).text().and_then(Root::parse)?,
        key: json.at(1).string()?,
        field: json.at(2).string(),
        deed: match json.at(3).text()? {
            "set" => Deed::Set(read_value(json.at(4))?),
            "map" => Deed::MakeMap,
            "text" => Deed::MakeText,
            "unset" => Deed::Unset,
            "splice" => Deed::Splice(read_splice(json.at(4))?),
            _ => return None,
        },
    })
}

fn value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.into(),
        Value::List(parts) => Json::List(parts.iter().map(self::value).collect()),
    }
}

fn read_value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(*number),
        Json::Text(text) => Value::Text(text.clone()),
        Json::List(parts) => Value::List(parts.iter().map(read_value).collect::<Option<_>>()?),
        Json::Object(_) => return None,
    })
}

fn splice(splice: &Splice) -> Json {
    Json::List(vec![splice.at.into(), splice.remove.into(), splice.insert.as_str().into()])
}

fn read_splice(json: &Json) -> Option<Splice> {
    Some(Splice { at: json.at(0).small()?, remove: json.at(1).small()?, insert: json.at(2).string()? })
}

fn pile(pile: Pile) -> Json {
    pile.key().map_or_else(|| UNSORTED.into(), Json::from)
}

fn read_pile(json: &Json) -> Option<Pile> {
    match json.text()? {
        UNSORTED => Some(Pile::Unsorted),
        OFF => Some(Pile::Off),
        _ => json.id().map(Pile::Pillar),
    }
}

fn ids<T: Copy + Into<Uuid>>(ids: &[T]) -> Json {
    Json::List(ids.iter().map(|id| Json::from((*id).into())).collect())
}

fn read_ids<T: From<Uuid>>(json: &Json) -> Option<Vec<T>> {
    json.list().iter().map(Json::id).collect()
}

fn fields(fields: &[(String, Value)]) -> Json {
    let field = |(name, to): &(String, Value)| Json::List(vec![name.into(), value(to)]);
    Json::List(fields.iter().map(field).collect())
}

fn read_fields(json: &Json) -> Option<Vec<(String, Value)>> {
    json.list().iter().map(|field| Some((field.at(0).string()?, read_value(field.at(1))?))).collect()
}

/// What was meant: its name, then its parts.
fn intent(intent: &Intent) -> Json {
    let (name, mut parts): (&str, Vec<Json>) = match intent {
        Intent::Place { projects, pile: to, before } => {
            ("place", vec![ids(projects), pile(*to), before.map(|id| id.0).into()])
        }
        Intent::Unplace { projects } => ("unplace", vec![ids(projects)]),
        Intent::AddProject { id, name, with } => {
            ("add_project", vec![id.0.into(), name.into(), fields(with)])
        }
        Intent::EditProject { id, field, value: to } => {
            ("edit_project", vec![id.0.into(), field.into(), value(to)])
        }
        Intent::RemoveProject { id } => ("remove_project", vec![id.0.into()]),
        Intent::AddPillar { id, name, with } => ("add_pillar", vec![id.0.into(), name.into(), fields(with)]),
        Intent::EditPillar { id, field, value: to } => {
            ("edit_pillar", vec![id.0.into(), field.into(), value(to)])
        }
        Intent::ShiftPillar { id, before } => {
            ("shift_pillar", vec![id.0.into(), before.map(|id| id.0).into()])
        }
        Intent::RemovePillar { id } => ("remove_pillar", vec![id.0.into()]),
        Intent::AddStep { id, kind, title, with } => {
            ("add_step", vec![id.0.into(), kind.as_str().into(), title.into(), fields(with)])
        }
        Intent::EditStep { id, field, value: to } => {
            ("edit_step", vec![id.0.into(), field.into(), value(to)])
        }
        Intent::ShiftStep { id, before } => ("shift_step", vec![id.0.into(), before.map(|id| id.0).into()]),
        Intent::RemoveStep { id } => ("remove_step", vec![id.0.into()]),
        Intent::AddNote { id, about, text } => ("add_note", vec![id.0.into(), (*about).into(), text.into()]),
        Intent::EditNoteText { id, splice: by } => ("edit_note_text", vec![id.0.into(), splice(by)]),
        Intent::RemoveNote { id } => ("remove_note", vec![id.0.into()]),
        Intent::SetDecision { project, field, value: to } => {
            ("set_decision", vec![project.0.into(), field.into(), value(to)])
        }
        Intent::EditRationale { project, splice: by } => {
            ("edit_rationale", vec![project.0.into(), splice(by)])
        }
        Intent::Undo => ("undo", Vec::new()),
        Intent::Redo => ("redo", Vec::new()),
    };
    parts.insert(0, name.into());
    Json::List(parts)
}

fn read_intent(json: &Json) -> Option<Intent> {
    let (a, b, c) = (json.at(1), json.at(2), json.at(3));
    Some(match json.at(0).text()? {
        "place" => Intent::Place { projects: read_ids(a)?, pile: read_pile(b)?, before: c.id() },
        "unplace" => Intent::Unplace { projects: read_ids(a)? },
        "add_project" => Intent::AddProject { id: a.id()?, name: b.string()?, with: read_fields(c)? },
        "edit_project" => Intent::EditProject { id: a.id()?, field: b.string()?, value: read_value(c)? },
        "remove_project" => Intent::RemoveProject { id: a.id()? },
        "add_pillar" => Intent::AddPillar { id: a.id()?, name: b.string()?, with: read_fields(c)? },
        "edit_pillar" => Intent::EditPillar { id: a.id()?, field: b.string()?, value: read_value(c)? },
        "shift_pillar" => Intent::ShiftPillar { id: a.id()?, before: b.id() },
        "remove_pillar" => Intent::RemovePillar { id: a.id()? },
        "add_step" => Intent::AddStep {
            id: a.id()?,
            kind: b.text().and_then(StepKind::parse)?,
            title: c.string()?,
            with: read_fields(json.at(4))?,
        },
        "edit_step" => Intent::EditStep { id: a.id()?, field: b.string()?, value: read_value(c)? },
        "shift_step" => Intent::ShiftStep { id: a.id()?, before: b.id() },
        "remove_step" => Intent::RemoveStep { id: a.id()? },
        "add_note" => Intent::AddNote { id: a.id()?, about: a_uuid(b)?, text: c.string()? },
        "edit_note_text" => Intent::EditNoteText { id: a.id()?, splice: read_splice(b)? },
        "remove_note" => Intent::RemoveNote { id: a.id()? },
        "set_decision" => Intent::SetDecision { project: a.id()?, field: b.string()?, value: read_value(c)? },
        "edit_rationale" => Intent::EditRationale { project: a.id()?, splice: read_splice(b)? },
        "undo" => Intent::Undo,
        "redo" => Intent::Redo,
        _ => return None,
    })
}

fn a_uuid(json: &Json) -> Option<Uuid> {
    json.id()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use plumbline_shared::ids::{NoteId, PillarId, ProjectId, StepId};

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(0x0192_f0c4_7b1e_7cc3_98c4_dc0c_0c07_3900 + number).into()
    }

    /// One of each, as awkward as they may be.
    fn intents() -> Vec<Intent> {
        let (project, pillar, step, note) =
            (id::<ProjectId>(1), id::<PillarId>(2), id::<StepId>(3), id::<NoteId>(4));
        let splice = Splice { at: u32::MAX, remove: 0, insert: "𝄞 \"\\\n".to_owned() };
        let pairs: Value =
            vec![("Site".to_owned(), "Berlin".to_owned()), (String::new(), "x".to_owned())].into();
        let with = vec![("more".to_owned(), pairs.clone()), ("cost".to_owned(), Value::Number(-0.125))];
        vec![
            Intent::Place { projects: vec![project, id(9)], pile: Pile::Pillar(pillar), before: Some(id(5)) },
            Intent::Place { projects: Vec::new(), pile: Pile::Off, before: None },
            Intent::Place { projects: vec![project], pile: Pile::Unsorted, before: None },
            Intent::Unplace { projects: vec![project] },
            Intent::AddProject { id: project, name: "A \"b\"".to_owned(), with: with.clone() },
            Intent::EditProject { id: project, field: "more".to_owned(), value: pairs },
            Intent::RemoveProject { id: project },
            Intent::AddPillar { id: pillar, name: String::new(), with: Vec::new() },
            Intent::EditPillar { id: pillar, field: "intent".to_owned(), value: Value::Null },
            Intent::ShiftPillar { id: pillar, before: Some(id(6)) },
            Intent::ShiftPillar { id: pillar, before: None },
            Intent::RemovePillar { id: pillar },
            Intent::AddStep { id: step, kind: StepKind::Ballot, title: "Sort".to_owned(), with },
            Intent::EditStep { id: step, field: "minutes".to_owned(), value: Value::Number(14.0) },
            Intent::ShiftStep { id: step, before: Some(id(7)) },
            Intent::RemoveStep { id: step },
            Intent::AddNote { id: note, about: project.0, text: "once".to_owned() },
            Intent::EditNoteText { id: note, splice: splice.clone() },
            Intent::RemoveNote { id: note },
            Intent::SetDecision { project, field: "override".to_owned(), value: Value::Bool(true) },
            Intent::EditRationale { project, splice },
            Intent::Undo,
            Intent::Redo,
        ]
    }

    #[test]
    fn every_intent_comes_back_as_it_was() {
        for intent in intents() {
            let text = super::intent(&intent).to_string();
            assert_eq!(read_intent(&Json::read(&text).unwrap()), Some(intent), "{text}");
        }
    }

    #[test]
    fn an_outbox_comes_back_as_it_was() {
        let deeds = [
            Deed::Set(vec!["pillar".to_owned(), "a0".to_owned()].into()),
            Deed::MakeMap,
            Deed::MakeText,
            Deed::Unset,
            Deed::Splice(Splice { at: 3, remove: 1, insert: "é".to_owned() }),
        ];
        let writes: Vec<Write> = Root::ALL
            .iter()
            .zip(deeds.into_iter().cycle())
            .map(|(root, deed)| Write::field(*root, "key", "name", deed))
            .chain([Write::entry(Root::Placements, "key", Deed::Unset)])
            .collect();
        let made = [None, Some(Made { client: (1 << 53) - 1, from: 0, to: u32::MAX })];
        let all =
            Site { left: Some((1, 0)), right: Some((2, u32::MAX)), removed: vec![(3, 4, 5), (6, 7, 9)] };
        let sites = [None, Some(Site::default()), Some(all)];
        let record = |(number, intent)| Record {
            id: IntentId(number),
            intent,
            writes: writes.clone(),
            made: made[number as usize % 2],
            update: (number % 2 == 0).then(|| vec![number as u8; number as usize]),
            untold: (number % 4 == 0).then(|| "notes/key/text".to_owned()),
            site: sites[number as usize % 3].clone(),
            applied: false,
            frame: None,
            sent_at: 0,
            alone: false,
        };
        let outbox = Outbox {
            next: 99,
            records: (1..).zip(intents()).map(record).collect(),
            commands: vec![(id(8), r#"{"id":"…","type":"lock"}"#.to_owned())],
        };
        assert_eq!(Outbox::read(&outbox.write()), Some(outbox));
        assert_eq!(Outbox::read(&Outbox::default().write()), Some(Outbox::default()));
    }

    #[test]
    fn what_is_no_outbox_is_given_up() {
        for text in ["", "null", "{}", "[]", r#"[1,[[1,["fly"],[],null]],[]]"#, r#"[1,[],[["no id","{}"]]]"#]
        {
            assert_eq!(Outbox::read(text), None, "{text}");
        }
    }
}
