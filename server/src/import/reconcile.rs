//! Matching an import with what is on the board already.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use super::portfolio::Portfolio;
use super::text::name_key;

/// A project that is on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Its id there.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its reference, empty if it has none.
    pub reference: String,
}

/// What is to be done with an imported project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Nothing on the board is this project: add it.
    New,
    /// It is this one: update it.
    Update(Uuid),
}

/// Finds for each imported project the one on the board that it is, in the order of the portfolio.
///
/// Reference and name together come first, then the reference alone, then the name, unless both sides have a
/// reference and these differ. No project of the board is given to two imported ones, so importing the same file
/// again adds nothing; and what is on the board and not in the file is left as it is.
pub fn reconcile(existing: &[Existing], portfolio: &Portfolio) -> Vec<Match> {
    let mut board = Board::new(existing);
    let keys: Vec<(String, String)> = portfolio
        .projects
        .iter()
        .map(|project| (name_key(&project.name), name_key(&project.reference)))
        .collect();
    let mut matches = vec![Match::New; keys.len()];
    for take in [Board::take_both, Board::take_reference, Board::take_name] as [Take; 3] {
        for (slot, (name, reference)) in matches.iter_mut().zip(&keys) {
            if *slot == Match::New
                && let Some(found) = take(&mut board, name, reference).and_then(|at| existing.get(at))
            {
                *slot = Match::Update(found.id);
            }
        }
    }
    matches
}

/// One way to find a project by its name and its reference, given as keys.
type Take = fn(&mut Board, &str, &str) -> Option<usize>;

/// The projects of the board that are not matched yet, by their keys, first ones first.
struct Board {
    taken: Vec<bool>,
    both: HashMap<(String, String), VecDeque<usize>>,
    references: HashMap<String, VecDeque<usize>>,
    /// By name, those without a reference apart from those with one.
    bare: HashMap<String, VecDeque<usize>>,
    referenced: HashMap<String, VecDeque<usize>>,
}

impl Board {
    fn new(existing: &[Existing]) -> Self {
        let mut board = Self {
            taken: vec![false; existing.len()],
            both: HashMap::new(),
            references: HashMap::new(),
            bare: HashMap::new(),
            referenced: HashMap::new(),
        };
        for (at, project) in existing.iter().enumerate() {
            let (name, reference) = (name_key(&project.name), name_key(&project.reference));
            if reference.is_empty() {
                board.bare.entry(name).or_default().push_back(at);
            } else {
                board.both.entry((name.clone(), reference.clone())).or_default().push_back(at);
                board.references.entry(reference).or_default().push_back(at);
                board.referenced.entry(name).or_default().push_back(at);
            }
        }
        board
    }

    fn take_both(&mut self, name: &str, reference: &str) -> Option<usize> {
        let queue = self.both.get_mut(&(name.to_owned(), reference.to_owned()));
        first_free(queue, &mut self.taken)
    }

    fn take_reference(&mut self, _name: &str, reference: &str) -> Option<usize> {
        first_free(self.references.get_mut(reference), &mut self.taken)
    }

    fn take_name(&mut self, name: &str, reference: &str) -> Option<usize> {
        let bare = first_free(self.bare.get_mut(name), &mut self.taken);
        // Two references that differ are two projects, whatever they are called.
        if bare.is_some() || !reference.is_empty() {
            return bare;
        }
        first_free(self.referenced.get_mut(name), &mut self.taken)
    }
}

fn first_free(queue: Option<&mut VecDeque<usize>>, taken: &mut [bool]) -> Option<usize> {
    let queue = queue?;
    while let Some(at) = queue.pop_front() {
        if let Some(taken @ false) = taken.get_mut(at) {
            *taken = true;
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::portfolio::ImportedProject;
    use super::*;

    fn board(projects: &[(&str, &str)]) -> Vec<Existing> {
        projects
            .iter()
            .enumerate()
            .map(|(at, (name, reference))| Existing {
                id: Uuid::from_u128(at as u128),
                name: (*name).to_owned(),
                reference: (*reference).to_owned(),
            })
            .collect()
    }

    fn import(projects: &[(&str, &str)]) -> Portfolio {
        let projects = projects.iter().map(|(name, reference)| ImportedProject {
            name: (*name).to_owned(),
            reference: (*reference).to_owned(),
            ..ImportedProject::default()
        });
        Portfolio { projects: projects.collect(), ..Portfolio::default() }
    }

    fn update(at: u128) -> Match {
        Match::Update(Uuid::from_u128(at))
    }

    #[test]
    fn a_reference_finds_a_renamed_project_and_a_name_one_without_a_reference() {
        let board = board(&[("Alpha", "P-1"), ("Beta", ""), ("Gamma", "P-3")]);
        let import = import(&[("Alpha renewed", "p-1"), ("BETA ", "P-2"), ("gamma", ""), ("Delta", "P-4")]);
        assert_eq!(reconcile(&board, &import), [update(0), update(1), update(2), Match::New]);
    }

    #[test]
    fn the_same_name_under_another_reference_is_another_project() {
        assert_eq!(reconcile(&board(&[("Alpha", "P-1")]), &import(&[("Alpha", "P-2")])), [Match::New]);
    }

    #[test]
    fn a_shared_reference_goes_to_the_project_of_the_same_name() {
        let board = board(&[("Alpha", "P-1"), ("Beta", "P-1")]);
        assert_eq!(reconcile(&board, &import(&[("Beta", "P-1"), ("Alpha", "P-1")])), [update(1), update(0)]);
        assert_eq!(
            reconcile(&board, &import(&[("Gamma", "P-1"), ("Alpha", "P-1"), ("Delta", "P-1")])),
            [update(1), update(0), Match::New]
        );
    }

    #[test]
    fn swapped_names_follow_their_references() {
        let board = board(&[("Alpha", "P-1"), ("Beta", "P-2")]);
        assert_eq!(reconcile(&board, &import(&[("Beta", "P-1"), ("Alpha", "P-2")])), [update(0), update(1)]);
    }

    #[test]
    fn no_project_of_the_board_is_given_away_twice() {
        let board = board(&[("Alpha", "")]);
        assert_eq!(
            reconcile(&board, &import(&[("Alpha", "P-1"), ("Alpha", "P-2")])),
            [update(0), Match::New]
        );
    }
}
