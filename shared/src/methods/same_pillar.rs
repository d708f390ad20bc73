//! Which pillars of different sessions are the same one, and which projects.
//!
//! Each session has a board of its own, with ids of its own. What is the same is said by rules that anybody can check, and
//! where they say nothing, two things are two: nothing is guessed.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::PillarId;

/// A name as names are compared: in lower case, with single spaces.
#[must_use]
pub fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// For every pillar of every session the number of the line that it continues, counted in the order in which lines first
/// appear. `sessions` are in their order, each with its pillars in theirs.
///
/// A pillar continues the line in which its id stood before. Otherwise it continues the line whose last name is the same
/// but for case and spaces, the one seen last if there are several. A line has at most one pillar in a session: two
/// pillars of one session are two, whatever they are called. Everything else begins a line: a pillar that is renamed under
/// a new id is another one. Plumbline's own.
#[must_use]
pub fn same_pillars(sessions: &[Vec<(PillarId, &str)>]) -> Vec<Vec<usize>> {
    let mut by_id: BTreeMap<PillarId, usize> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    let mut all = Vec::with_capacity(sessions.len());
    for (at, pillars) in sessions.iter().enumerate() {
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        // Ids first, whatever the order: a name must not take the line of which the id is still to come.
        let mut lines: Vec<Option<usize>> =
            pillars.iter().map(|(id, _)| by_id.get(id).copied().filter(|line| taken.insert(*line))).collect();
        for (line, (_, name)) in lines.iter_mut().zip(pillars).filter(|(line, _)| line.is_none()) {
            let name = plain(name);
            let same = (0..names.len()).filter(|other| names[*other] == name && !taken.contains(other));
            let found = same.max_by_key(|other| (seen[*other], *other)).filter(|_| !name.is_empty());
            let found = found.unwrap_or_else(|| {
                names.push(String::new());
                seen.push(at);
                names.len() - 1
            });
            taken.insert(found);
            *line = Some(found);
        }
        let lines: Vec<usize> = lines.into_iter().flatten().collect();
        for (line, (id, name)) in lines.iter().zip(pillars) {
            by_id.insert(*id, *line);
            names[*line] = plain(name);
            seen[*line] = at;
        }
        all.push(lines);
    }
    all
}

/// What tells a project from others over the sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// What the organisation calls it by; can be empty.
    pub reference: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// For every project of a later board the place of the same one on an earlier board, if there is one: by reference where
/// both have one, otherwise by the same name but for case and spaces. Each is the same as at most one; of several that are
/// alike the first ones are paired. Plumbline's own.
#[must_use]
pub fn same_projects(earlier: &[Known<'_>], later: &[Known<'_>]) -> Vec<Option<usize>> {
    let mut by_reference: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    // Backwards, so that the first one is taken first.
    for (at, known) in earlier.iter().enumerate().rev() {
        if !known.reference.is_empty() {
            by_reference.entry(known.reference).or_default().push(at);
        }
        by_name.entry(plain(known.name)).or_default().push(at);
    }
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut pairs: Vec<Option<usize>> = later
        .iter()
        .map(|known| {
            let found = by_reference.get_mut(known.reference)?.pop()?;
            taken.insert(found);
            Some(found)
        })
        .collect();
    for (pair, known) in pairs.iter_mut().zip(later).filter(|(pair, _)| pair.is_none()) {
        let alike = by_name.get_mut(&plain(known.name));
        let may = |at: &usize| {
            !taken.contains(at) && (known.reference.is_empty() || earlier[*at].reference.is_empty())
        };
        let found = alike.and_then(|all| all.iter().rposition(may).map(|place| all.remove(place)));
        taken.extend(found);
        *pair = found;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id(n: u128) -> PillarId {
        PillarId(Uuid::from_u128(n))
    }

    #[test]
    fn an_id_goes_before_a_name_and_a_name_before_nothing() {
        let lines = same_pillars(&[
            vec![(id(1), "Net zero"), (id(2), "Safe water")],
            // Renamed under its id, and another one that has taken its old name.
            vec![(id(3), "net  ZERO"), (id(1), "Clean energy"), (id(4), "Safe water")],
            // By the names that they had last.
            vec![(id(5), "Clean energy"), (id(6), "Net zero"), (id(7), "Homes")],
        ]);
        assert_eq!(lines, [vec![0, 1], vec![2, 0, 1], vec![0, 2, 3]]);
    }

    #[test]
    fn two_pillars_of_one_session_are_two() {
        let lines = same_pillars(&[
            vec![(id(1), "Grow"), (id(2), "Grow")],
            vec![(id(3), "Grow")],
            vec![(id(4), ""), (id(5), "")],
            vec![(id(6), "")],
        ]);
        assert_eq!(lines, [vec![0, 1], vec![1], vec![2, 3], vec![4]], "what has no name is like nothing");
        assert_eq!(same_pillars(&[vec![], vec![(id(1), "Grow")]]), [vec![], vec![0]]);
    }

    #[test]
    fn a_line_that_pauses_goes_on() {
        let lines = same_pillars(&[vec![(id(1), "Grow")], vec![(id(2), "Save")], vec![(id(3), "grow ")]]);
        assert_eq!(lines, [vec![0], vec![1], vec![0]]);
    }

    #[test]
    fn projects_are_known_by_reference_and_then_by_name() {
        let known = |reference, name| Known { reference, name };
        let earlier = [known("P-1", "Depot"), known("", "Roof"), known("P-3", "Roof"), known("", "Roof")];
        let later = [
            known("P-3", "Roof, renamed"),
            known("P-9", "Depot"),
            known("", "roof"),
            known("P-7", "ROOF"),
            known("", "Roof"),
            known("", "Depot"),
        ];
        // P-9 is not P-1, whatever they are called; the last one has no reference and may be.
        assert_eq!(same_projects(&earlier, &later), [Some(2), None, Some(1), Some(3), None, Some(0)]);
    }

    proptest! {
        #[test]
        fn a_line_has_one_pillar_in_a_session_and_lines_are_counted_as_they_appear(
            sessions in prop::collection::vec(prop::collection::vec((0u128..6, 0usize..4), 0..6), 0..6),
        ) {
            let names = ["", "Grow", "grow", "Save"];
            let sessions: Vec<Vec<(PillarId, &str)>> = sessions
                .iter()
                .map(|pillars| {
                    let mut seen = BTreeSet::new();
                    pillars
                        .iter()
                        .filter(|(n, _)| seen.insert(*n))
                        .map(|(n, name)| (id(*n), names[*name]))
                        .collect()
                })
                .collect();
            let lines = same_pillars(&sessions);
            let mut next = 0;
            for (lines, pillars) in lines.iter().zip(&sessions) {
                prop_assert_eq!(lines.len(), pillars.len());
                prop_assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
                for line in lines.iter().collect::<BTreeSet<_>>() {
                    prop_assert!(*line <= next);
                    next = next.max(line + 1);
                }
            }
            // The same session once more continues every line that it has.
            if let Some(last) = sessions.last().cloned() {
                let mut again = sessions.clone();
                again.push(last);
                let again = same_pillars(&again);
                prop_assert_eq!(&again[again.len() - 1], &again[again.len() - 2]);
            }
        }

        #[test]
        fn no_project_is_the_same_as_two(
            earlier in prop::collection::vec((0usize..3, 0usize..3), 0..12),
            later in prop::collection::vec((0usize..3, 0usize..3), 0..12),
        ) {
            let (references, names) = (["", "P-1", "P-2"], ["Depot", "depot", "Roof"]);
            let known = |all: &[(usize, usize)]| -> Vec<Known<'static>> {
                all.iter().map(|(r, n)| Known { reference: references[*r], name: names[*n] }).collect()
            };
            let (earlier, later) = (known(&earlier), known(&later));
            let pairs = same_projects(&earlier, &later);
            prop_assert_eq!(pairs.len(), later.len());
            let found: Vec<usize> = pairs.iter().flatten().copied().collect();
            prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
            for (pair, known) in pairs.iter().zip(&later) {
                if let Some(at) = pair {
                    let other = earlier[*at];
                    let by_reference = !known.reference.is_empty() && known.reference == other.reference;
                    let by_name = plain(known.name) == plain(other.name)
                        && (known.reference.is_empty() || other.reference.is_empty());
                    prop_assert!(by_reference || by_name);
                }
            }
        }
    }
}
