//! What an admitted update comes to: the bytes to append, and what they add to the index.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::layer::{ClientDelta, Delta, TouchedPlace};
use super::super::lib0::write_var;
use super::super::ranges::Ranges;
use super::admission::Admission;
use super::context::{Context, Section};

impl Admission<'_> {
    pub(super) fn delta(&self) -> Delta {
        let share = |name: &&str| self.context.view.index.share(name);
        let mut clients: BTreeMap<u64, ClientDelta> = BTreeMap::new();
        for (&client, doomed) in &self.context.doomed {
            clients.entry(client).or_default().dead = doomed.clone();
        }
        for section in &self.context.sections {
            let part = clients.entry(section.client).or_default();
            section.inert.iter().for_each(|range| part.dead.insert(range));
            part.runs = section.runs.iter().map(|(start, held)| (*start, held.map(share))).collect();
            part.typed.clone_from(&section.typed);
            part.follows = section.follows;
            part.end = section.done;
        }
        let touched = self.touched.list.iter().map(|touch| TouchedPlace {
            place: touch.place.map(share),
            newest: touch.newest,
            blocks: touch.blocks,
        });
        Delta { author: self.context.author, clients, touched: touched.collect() }
    }

    /// The update as Yjs would write it.
    pub(super) fn encode(self) -> Vec<u8> {
        let Context { sections, doomed, .. } = self.context;
        let mut out = Vec::with_capacity(self.size + 32);
        let deletions: Vec<(u64, Vec<Range<u32>>)> = doomed
            .iter()
            .rev()
            .map(|(&client, doomed)| {
                let inert =
                    sections.iter().find(|section| section.client == client).map(|section| &section.inert);
                (client, without(doomed, inert))
            })
            .filter(|(_, ranges)| !ranges.is_empty())
            .collect();
        write_var(&mut out, sections.len() as u64);
        for Section { writer, client, start, .. } in sections {
            writer.finish(client, start, &mut out);
        }
        write_var(&mut out, deletions.len() as u64);
        for (client, ranges) in deletions {
            write_var(&mut out, client);
            write_var(&mut out, ranges.len() as u64);
            for range in ranges {
                write_var(&mut out, u64::from(range.start));
                write_var(&mut out, u64::from(range.end - range.start));
            }
        }
        out
    }
}

fn without(ranges: &Ranges, other: Option<&Ranges>) -> Vec<Range<u32>> {
    match other {
        Some(other) => ranges.iter().flat_map(|range| other.missing(range)).collect(),
        None => ranges.iter().collect(),
    }
}
