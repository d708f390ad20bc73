//! Which row of the new portfolio could be which earlier project, going by its name alone: a suggestion, with a score,
//! for a person to confirm or reject.

use std::collections::BTreeSet;

use crate::{board::Board, ids::ProjectId, sorted::sort};

/// From this likeness on, in percent, a pair is suggested.
pub const ALIKE: u32 = 50;

/// Words that stand in so many names of projects that they say nothing of likeness.
const COMMON: &[&str] = &["a", "and", "for", "of", "program", "programme", "project", "the", "to"];

/// A pair of names that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The earlier project that was not found.
    pub project: ProjectId,
    /// The project of the new portfolio that was not known.
    pub row: ProjectId,
    /// How alike the names are, in percent.
    pub percent: u32,
}

/// How alike two names are, in percent, from 0 to 100: the Sørensen–Dice coefficient of their pairs of letters, of
/// letters and figures in lower case, without the words that stand in every other name. A name of such words alone is
/// compared whole; an empty name is like none.
///
/// Dice 1945, Sørensen 1948; on strings: Kondrak, Marcu, Knight 2003.
#[must_use]
pub fn likeness(one: &str, other: &str) -> u32 {
    percent(&bare(one), &bare(other))
}

fn percent(one: &str, other: &str) -> u32 {
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    // Between 0 and 100.
    (strsim::sorensen_dice(one, other) * 100.0).round() as u32
}

/// A name as it is compared.
fn bare(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling: Vec<&str> = words().filter(|word| !COMMON.contains(word)).collect();
    if telling.is_empty() { words().collect::<Vec<&str>>().join(" ") } else { telling.join(" ") }
}

/// What a checkpoint suggests: for earlier projects that were not found in the new portfolio the likest project that was
/// not known, the likest pair first. Nobody is in two pairs; what a person has rejected does not come again; and two that
/// have a reference each, which differ, are two projects, however they are called.
#[must_use]
pub fn likenesses(board: &Board) -> Vec<Likeness> {
    if board.session.earlier.as_ref().is_none_or(|earlier| earlier.imported_at.is_none()) {
        return Vec::new();
    }
    let gone = board
        .earlier
        .iter()
        .filter(|(id, earlier)| earlier.found.is_none() && board.projects.contains_key(id));
    let fresh: Vec<_> = board
        .projects
        .iter()
        .filter(|(id, _)| !board.earlier.contains_key(id))
        .map(|(id, project)| (*id, bare(&project.name), project.reference.trim()))
        .collect();
    let mut pairs = Vec::new();
    for (project, earlier) in gone {
        let (name, reference) = (bare(&earlier.name), earlier.reference.trim());
        for (row, other, theirs) in &fresh {
            let differ = !reference.is_empty() && !theirs.is_empty() && reference != *theirs;
            let percent = percent(&name, other);
            if percent >= ALIKE && !differ && !earlier.unlike.contains(row) {
                pairs.push(Likeness { project: *project, row: *row, percent });
            }
        }
    }
    sort(&mut pairs, |a, b| (b.percent, a.project, a.row).cmp(&(a.percent, b.project, b.row)));
    let mut taken = BTreeSet::new();
    pairs.retain(|pair| {
        let free = !taken.contains(&pair.project) && !taken.contains(&pair.row);
        if free {
            taken.extend([pair.project, pair.row]);
        }
        free
    });
    pairs
}
