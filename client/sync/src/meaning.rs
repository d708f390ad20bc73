//! What an intent means on the board as it stands: which writes it comes down to.

use plumbline_shared::{
    board::{Board, Pile},
    ids::{ParticipantId, PillarId, ProjectId},
    policy::Denied,
    schema::{RATIONALE, Root, TEXT},
    sorted::sort,
};
use uuid::Uuid;

use crate::{
    Intent, Splice, Value, keys,
    write::{Deed, Write},
};

/// The writes of `intent` on `board`; none where it would change nothing.
///
/// # Errors
/// When the pile that it names is gone. All else the rules say, asked about the writes.
pub(crate) fn writes(intent: &Intent, board: &Board, me: ParticipantId) -> Result<Vec<Write>, Denied> {
    Ok(match intent {
        Intent::Place { projects, pile: Pile::Unsorted, .. } | Intent::Unplace { projects } => {
            let placed = projects.iter().filter(|id| board.placements.contains_key(id));
            placed.map(|id| Write::entry(Root::Placements, id, Deed::Unset)).collect()
        }
        Intent::Place { projects, pile, before } => place(board, projects, *pile, *before)?,
        Intent::AddProject { id, name, with } => {
            let added_by = ("added_by", Value::Text(me.to_string()));
            add(Root::Projects, id.0, &[("name", name.into()), added_by], with)
        }
        Intent::EditProject { id, field, value } => set(Root::Projects, id, field, value),
        Intent::RemoveProject { id } => vec![Write::entry(Root::Projects, id, Deed::Unset)],
        Intent::AddPillar { id, name, with } => {
            let last = board.pillars.last().map(|pillar| pillar.order.as_str());
            let order = ("order", keys::between(id.0, last, None).into());
            add(Root::Pillars, id.0, &[("name", name.into()), order], with)
        }
        Intent::EditPillar { id, field, value } => set(Root::Pillars, id, field, value),
        Intent::ShiftPillar { id, before } => {
            let pillars = board.pillars.iter().map(|pillar| (pillar.id.0, pillar.order.as_str()));
            shift(Root::Pillars, id.0, before.map(|id| id.0), pillars.collect())
        }
        Intent::RemovePillar { id } => vec![Write::entry(Root::Pillars, id, Deed::Unset)],
        Intent::AddStep { id, kind, title, with } => {
            let last = board.agenda.last().map(|step| step.order.as_str());
            let order = ("order", keys::between(id.0, last, None).into());
            add(Root::Agenda, id.0, &[("kind", kind.as_str().into()), ("title", title.into()), order], with)
        }
        Intent::EditStep { id, field, value } => set(Root::Agenda, id, field, value),
        Intent::ShiftStep { id, before } => {
            let steps = board.agenda.iter().map(|step| (step.id.0, step.order.as_str()));
            shift(Root::Agenda, id.0, before.map(|id| id.0), steps.collect())
        }
        Intent::RemoveStep { id } => vec![Write::entry(Root::Agenda, id, Deed::Unset)],
        Intent::AddNote { id, about, text } => {
            let about = ("about", Value::Text(about.to_string()));
            let mut writes = add(Root::Notes, id.0, &[about, ("author", Value::Text(me.to_string()))], &[]);
            writes.push(Write::field(Root::Notes, id, TEXT, Deed::MakeText));
            let splice = Splice { at: 0, remove: 0, insert: text.clone() };
            writes.push(Write::field(Root::Notes, id, TEXT, Deed::Splice(splice)));
            writes
        }
        Intent::EditNoteText { id, splice } => {
            vec![Write::field(Root::Notes, id, TEXT, Deed::Splice(splice.clone()))]
        }
        Intent::RemoveNote { id } => vec![Write::entry(Root::Notes, id, Deed::Unset)],
        Intent::SetDecision { project, field, value } => set(Root::Decisions, project, field, value),
        Intent::EditRationale { project, splice } => {
            vec![Write::field(Root::Decisions, project, RATIONALE, Deed::Splice(splice.clone()))]
        }
        // What taking back means is known only once it is done.
        Intent::Undo | Intent::Redo => Vec::new(),
    })
}

/// As [`writes`], with some order in place of the right one: enough to ask the rules, and cheap enough to ask them
/// about every card of a board.
pub(crate) fn sketch(intent: &Intent, board: &Board, me: ParticipantId) -> Result<Vec<Write>, Denied> {
    match intent {
        Intent::Place { projects, pile, .. } if *pile != Pile::Unsorted => {
            let pile = standing(board, *pile)?;
            let set = |id: &ProjectId| placement(*id, &pile, plumbline_shared::order::between(None, None));
            Ok(projects.iter().map(set).collect())
        }
        Intent::Place { projects, .. } | Intent::Unplace { projects } => {
            Ok(projects.iter().map(|id| Write::entry(Root::Placements, id, Deed::Unset)).collect())
        }
        other => writes(other, board, me),
    }
}

fn set(root: Root, key: impl ToString, field: &str, value: &Value) -> Vec<Write> {
    vec![Write::field(root, key, field, Deed::Set(value.clone()))]
}

/// An entry made empty and filled in a fixed order: the fields that it always has, then the others in the schema's
/// order.
fn add(root: Root, key: Uuid, always: &[(&str, Value)], with: &[(String, Value)]) -> Vec<Write> {
    let place = |name: &str| root.fields().iter().position(|(field, _)| *field == name);
    let mut fields: Vec<(&str, &Value)> = always.iter().map(|(name, value)| (*name, value)).collect();
    let further = |(name, _): &&(String, Value)| always.iter().all(|(field, _)| field != name);
    fields.extend(with.iter().filter(further).map(|(name, value)| (name.as_str(), value)));
    sort(&mut fields, |(a, _), (b, _)| place(a).cmp(&place(b)));
    let mut writes = vec![Write::entry(root, key, Deed::MakeMap)];
    writes.extend(
        fields.into_iter().map(|(name, value)| Write::field(root, key, name, Deed::Set(value.clone()))),
    );
    writes
}

fn shift(root: Root, id: Uuid, before: Option<Uuid>, mut entries: Vec<(Uuid, &str)>) -> Vec<Write> {
    let stood = entries.iter().position(|(entry, _)| *entry == id);
    entries.retain(|(entry, _)| *entry != id);
    let at = before
        .and_then(|before| entries.iter().position(|(entry, _)| *entry == before))
        .unwrap_or(entries.len());
    if stood == Some(at) {
        return Vec::new();
    }
    let ahead = at.checked_sub(1).map(|at| entries[at].1);
    let order = keys::between(id, ahead, entries.get(at).map(|(_, order)| *order));
    vec![Write::field(root, id, "order", Deed::Set(order.into()))]
}

fn place(
    board: &Board,
    projects: &[ProjectId],
    pile: Pile,
    before: Option<ProjectId>,
) -> Result<Vec<Write>, Denied> {
    let name = standing(board, pile)?;
    // Of several cards, those that have been taken off the board meanwhile are left out.
    let mut moved: Vec<ProjectId> = Vec::new();
    for id in projects {
        if board.projects.contains_key(id) && !moved.contains(id) {
            moved.push(*id);
        }
    }
    if moved.is_empty() && !projects.is_empty() {
        return Err(Denied::Gone);
    }
    let stood = board.piles().remove(&pile).unwrap_or_default();
    let rest: Vec<ProjectId> = stood.iter().filter(|id| !moved.contains(id)).copied().collect();
    let at = before.and_then(|before| rest.iter().position(|id| *id == before)).unwrap_or(rest.len());
    let unmoved = rest[..at].iter().chain(&moved).chain(&rest[at..]).eq(&stood);
    if unmoved {
        return Ok(Vec::new());
    }
    let order = |id: &ProjectId| board.placements.get(id).map(|placement| placement.order.as_str());
    let behind = rest.get(at).and_then(order);
    let mut ahead = at.checked_sub(1).and_then(|at| order(&rest[at])).map(str::to_owned);
    let mut writes = Vec::with_capacity(moved.len());
    for id in moved {
        let key = keys::between(id.0, ahead.as_deref(), behind);
        writes.push(placement(id, &name, key.clone()));
        ahead = Some(key);
    }
    Ok(writes)
}

fn placement(id: ProjectId, pile: &str, order: String) -> Write {
    let value = Value::List(vec![Value::Text(pile.to_owned()), Value::Text(order)]);
    Write::entry(Root::Placements, id, Deed::Set(value))
}

/// The pile's name, if it stands.
fn standing(board: &Board, pile: Pile) -> Result<String, Denied> {
    let stands = |id: PillarId| board.pillars.iter().any(|pillar| pillar.id == id);
    match pile {
        Pile::Pillar(id) if !stands(id) => Err(Denied::Gone),
        pile => pile.key().ok_or(Denied::NoSuchPlace),
    }
}
