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
use yrs::Transact;

use super::{
    Session,
    entry::{PillarRow, Row},
    writer::changed,
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

/// What an import would do with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It becomes a project.
    New,
    /// It brings one up to date: these fields change, if any.
    Updates(Vec<&'static str>),
    /// The board has no room for it.
    NoRoom,
}

/// Which row becomes, or updates, which project; in the order of the rows.
struct Plan<'r> {
    written: Vec<(ProjectId, usize, &'r Row)>,
    fresh: BTreeSet<ProjectId>,
    no_room: Vec<usize>,
}

impl Session {
    /// What an import of these rows would do with each of them, now.
    #[must_use]
    pub fn preview(&self, rows: &[Row]) -> Vec<Fate> {
        let plan = self.plan(rows);
        let mut fates = vec![Fate::NoRoom; rows.len()];
        let txn = self.doc.transact();
        for (id, index, row) in plan.written {
            fates[index] =
                if plan.fresh.contains(&id) { Fate::New } else { Fate::Updates(changed(&txn, id, row)) };
        }
        fates
    }

    fn plan<'r>(&self, rows: &'r [Row]) -> Plan<'r> {
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
        let mut plan =
            Plan { written: Vec::with_capacity(rows.len()), fresh: BTreeSet::new(), no_room: Vec::new() };
        // One project of the board takes on one row: rows that share a reference stay two projects.
        let mut given: BTreeSet<ProjectId> =
            rows.iter().map(|row| row.id).filter(|id| board.projects.contains_key(id)).collect();
        for (index, row) in rows.iter().enumerate() {
            let there = if board.projects.contains_key(&row.id) || plan.fresh.contains(&row.id) {
                Some(row.id)
            } else {
                let alike = match row.reference.as_str() {
                    "" => by_name.get(&row.name),
                    reference => by_reference.get(reference),
                };
                alike.copied().filter(|id| given.insert(*id))
            };
            match there {
                Some(id) => plan.written.push((id, index, row)),
                None if room == 0 => plan.no_room.push(index),
                None => {
                    room -= 1;
                    plan.fresh.insert(row.id);
                    plan.written.push((row.id, index, row));
                }
            }
        }
        plan
    }

    pub(super) fn import(&mut self, rows: &[Row], currency: Option<&str>) -> Imported {
        let before = self.board();
        let Plan { written, fresh, no_room } = self.plan(rows);
        let imported = Imported { added: fresh.len(), updated: written.len() - fresh.len(), no_room };
        for id in &fresh {
            self.ledger.note(Root::Projects, &id.to_string(), true);
            self.ledger.note(Root::Decisions, &id.to_string(), true);
        }
        self.write(|writer| {
            if let Some(currency) = currency {
                writer.session("currency", currency);
            }
            for (id, _, row) in &written {
                writer.project(*id, row);
            }
        });
        let written: Vec<_> = written.into_iter().map(|(id, _, row)| (id, row)).collect();
        self.recognise_imported(&before, &written);
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
