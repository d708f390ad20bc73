//! Portfolios and pillars come onto the board.
//!
//! The importer has matched the rows with what was on the board when it read them. Here, where the order of entries
//! is settled, they are matched once more, by exact reference or else exact name, so that two people importing one
//! file at the same time do not get everything twice.

use std::collections::{BTreeMap, BTreeSet};

use plumbline_shared::{
    ids::ProjectId,
    limits, order,
    schema::{COLOURS, Root},
};
use serde::Serialize;

use super::{
    Session,
    entry::{PillarRow, Row},
};

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// How many are new.
    pub added: usize,
    /// How many were there already and took on what the file says.
    pub updated: usize,
    /// Indices of rows for which the board had no room.
    pub no_room: Vec<usize>,
}

impl Session {
    pub(super) fn import(&mut self, rows: &[Row], currency: Option<&str>) -> Imported {
        let board = self.board();
        let mut by_reference: BTreeMap<String, ProjectId> = BTreeMap::new();
        let mut by_name: BTreeMap<String, ProjectId> = BTreeMap::new();
        for (id, project) in &board.projects {
            if project.reference.is_empty() {
                by_name.entry(project.name.clone()).or_insert(*id);
            } else {
                by_reference.entry(project.reference.clone()).or_insert(*id);
            }
        }
        let mut room = limits::PROJECTS.saturating_sub(board.projects.len());
        let mut imported = Imported::default();
        let mut written = Vec::with_capacity(rows.len());
        let mut fresh = BTreeSet::new();
        // One project of the board takes on one row: rows that share a reference stay two projects.
        let mut given: BTreeSet<ProjectId> =
            rows.iter().map(|row| row.id).filter(|id| board.projects.contains_key(id)).collect();
        for (index, row) in rows.iter().enumerate() {
            let there = if board.projects.contains_key(&row.id) || fresh.contains(&row.id) {
                Some(row.id)
            } else {
                let alike = match row.reference.as_str() {
                    "" => by_name.get(&row.name),
                    reference => by_reference.get(reference),
                };
                alike.copied().filter(|id| given.insert(*id))
            };
            match there {
                Some(id) => {
                    imported.updated += 1;
                    written.push((id, row));
                }
                None if room == 0 => imported.no_room.push(index),
                None => {
                    room -= 1;
                    imported.added += 1;
                    fresh.insert(row.id);
                    written.push((row.id, row));
                }
            }
        }
        for id in &fresh {
            self.ledger.note(Root::Projects, &id.to_string(), true);
            self.ledger.note(Root::Decisions, &id.to_string(), true);
        }
        self.write(|writer| {
            if let Some(currency) = currency {
                writer.session("currency", currency);
            }
            for (id, row) in written {
                writer.project(id, row);
            }
        });
        imported
    }

    pub(super) fn import_pillars(&mut self, rows: &[PillarRow]) -> Imported {
        let board = self.board();
        let mut last = board.pillars.last().map(|pillar| pillar.order.clone());
        let mut room = limits::PILLARS.saturating_sub(board.pillars.len());
        let mut made = board.pillars.len();
        let mut imported = Imported::default();
        let mut written = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let there = board.pillars.iter().find(|pillar| pillar.id == row.id || pillar.name == row.name);
            if let Some(pillar) = there {
                imported.updated += 1;
                written.push((pillar.id.to_string(), row, pillar.colour.clone(), pillar.order.clone()));
            } else if room == 0 {
                imported.no_room.push(index);
            } else {
                room -= 1;
                imported.added += 1;
                let order = order::between(last.as_deref(), None);
                last = Some(order.clone());
                let colour = if COLOURS.contains(&row.colour.as_str()) {
                    row.colour.clone()
                } else {
                    COLOURS[made % COLOURS.len()].to_owned()
                };
                made += 1;
                self.ledger.note(Root::Pillars, &row.id.to_string(), true);
                written.push((row.id.to_string(), row, colour, order));
            }
        }
        self.write(|writer| {
            for (key, row, colour, order) in &written {
                writer.pillar(key, row, colour, order);
            }
        });
        imported
    }
}
