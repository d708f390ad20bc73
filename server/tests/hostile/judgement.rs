//! What a participant may have changed, judged by what stands on the board before and after and by nothing else: neither the
//! guard nor the policy is asked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stance {
    /// The board is everybody's.
    Board,
    /// The facilitator has locked it.
    Locked,
    /// Everybody answers for themselves.
    Ballot,
    /// Projects and notes are added, nothing is placed.
    Gather,
    /// The verdicts are settled: notes, and nothing else.
    Decide,
    /// The session is over.
    Closed,
}

impl Stance {
    pub(crate) const ALL: [Self; 7] =
        [Self::Board, Self::Ballot, Self::Board, Self::Locked, Self::Gather, Self::Decide, Self::Closed];

    pub(crate) fn places(self) -> bool {
        self == Self::Board
    }

    pub(crate) fn adds(self) -> bool {
        matches!(self, Self::Board | Self::Gather)
    }

    pub(crate) fn notes(self) -> bool {
        matches!(self, Self::Board | Self::Gather | Self::Decide)
    }
}

/// What is whose, from having watched: an entry's first name under it.
#[derive(Default)]
pub(crate) struct Owned {
    /// Entries that the hostile one has made.
    pub(crate) mine: BTreeSet<(String, String)>,
}

/// The longest text that anything on a board may have, in characters, and the longest of anything but a text that people
/// write together.
const LONGEST: (usize, usize) = (20_000, 4_000);
/// How deep a value nests at most: a list of pairs.
const DEEPEST: usize = 2;

/// Says what stands on the board now that `who`, a participant, may not have brought about.
pub(crate) fn forbidden(
    before: &Value,
    after: &Value,
    who: &str,
    stance: Stance,
    owned: &mut Owned,
) -> Option<String> {
    let empty = Value::Null;
    let roots: BTreeSet<&String> = keys(before).chain(keys(after)).collect();
    let mut changed: BTreeMap<(&str, &str), (&Value, &Value)> = BTreeMap::new();
    for root in roots {
        let (old, new) = (before.get(root).unwrap_or(&empty), after.get(root).unwrap_or(&empty));
        for key in keys(old).chain(keys(new)).collect::<BTreeSet<_>>() {
            let (old, new) = (old.get(key).unwrap_or(&empty), new.get(key).unwrap_or(&empty));
            if old != new {
                changed.insert((root, key), (old, new));
            }
        }
    }
    // Whose the new entries are is known before what hangs on them is looked at.
    for ((root, key), (old, new)) in &changed {
        if matches!(*root, "projects" | "notes") && old.is_null() && !new.is_null() {
            let name = if *root == "projects" { "added_by" } else { "author" };
            if new[name].is_null() || new[name] == who {
                owned.mine.insert(((*root).to_owned(), (*key).to_owned()));
            }
        }
    }
    let mine = |root: &str, key: &str| owned.mine.contains(&(root.to_owned(), key.to_owned()));
    for ((root, key), (old, new)) in changed {
        let allowed = match root {
            "placements" => {
                (stance.places() && (new.is_null() || is_place(new, after, key)))
                    || (new.is_null() && after["projects"][key].is_null())
            }
            "projects" => stance.adds() && mine(root, key) && (new.is_null() || is_plain(new)),
            // Made by the server together with the project, and gone with it.
            "decisions" => {
                stance.adds() && mine("projects", key) && (new.is_null() || new["verdict"].is_null())
            }
            "flags" => stance.adds() && mine("projects", key) && new.is_null(),
            "notes" if !stance.notes() => false,
            "notes" if mine(root, key) => {
                new.is_null() || (is_plain(new) && new["author"].is_null() || new["author"] == who)
            }
            // Everybody writes in a note's text.
            "notes" => only_differs_in(old, new, "text") && is_text(&new["text"], LONGEST.0),
            _ => false,
        };
        if !allowed {
            return Some(format!("{root}/{key} was {old} and is {new}"));
        }
    }
    None
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    value.as_object().into_iter().flat_map(|fields| fields.keys())
}

/// The id of a pillar that stands, or `off`, and where in its pile: two texts.
fn is_place(value: &Value, board: &Value, project: &str) -> bool {
    let Some([pile, order]) = value.as_array().map(Vec::as_slice) else { return false };
    let is_pile = pile.as_str().is_some_and(|pile| pile == "off" || !board["pillars"][pile].is_null());
    let is_order = order.as_str().is_some_and(|order| !order.is_empty() && order.len() <= 256);
    is_pile && is_order && !board["projects"][project].is_null()
}

/// An entry of scalars and lists, none of them too long.
fn is_plain(entry: &Value) -> bool {
    keys(entry).count() <= 32
        && entry.as_object().is_some_and(|fields| {
            fields
                .iter()
                .all(|(name, value)| is_shallow(value, if name == "text" { LONGEST.0 } else { LONGEST.1 }, 0))
        })
}

fn is_shallow(value: &Value, longest: usize, depth: usize) -> bool {
    match value {
        Value::String(_) => is_text(value, longest),
        Value::Array(parts) => {
            depth < DEEPEST
                && parts.len() <= 64
                && parts.iter().all(|part| is_shallow(part, longest, depth + 1))
        }
        Value::Object(_) => false,
        _ => true,
    }
}

fn is_text(value: &Value, longest: usize) -> bool {
    value.as_str().is_some_and(|text| text.chars().count() <= longest)
}

fn only_differs_in(old: &Value, new: &Value, field: &str) -> bool {
    let fields: BTreeSet<&String> = keys(old).chain(keys(new)).collect();
    !old.is_null() && !new.is_null() && fields.into_iter().all(|name| name == field || old[name] == new[name])
}
