//! What the replica tells: who this is, who is here, what was refused or taken back, what others have placed.

use leptos::prelude::*;
use plumbline_shared::ids::ProjectId;
use plumbline_sync::{Event, Intent};

use super::{
    super::{board_view::Placed, kept::Kept},
    Live, acts,
};
use crate::{notices::Tone, storage, text::text};

/// More placements than this at once are told as a number, not one by one.
const TOLD_SINGLY: usize = 2;

/// The codes of denials that say: too late.
const TOO_LATE: [&str; 3] = ["not_open", "not_in_this_step", "closed"];

impl Live {
    pub(super) fn hear(self, events: Vec<Event>) {
        // The answer of which the next denial tells.
        let mut lost = None;
        for event in events {
            match event {
                Event::Presence => {
                    let others = self.with(|inner| inner.replica.others().clone());
                    self.board.show_others(&others.unwrap_or_default());
                }
                Event::Welcome => self.welcomed(),
                Event::Flags => self.show_own_flags(),
                Event::Saving => {
                    let why = self.with(|inner| inner.replica.not_saving().map(str::to_owned));
                    self.not_saving.set(why.flatten());
                }
                Event::Synced => {
                    // What was asked before the page was loaded anew may not be answered yet.
                    self.show_own_flags();
                    self.trouble.set(None);
                    self.with(|inner| {
                        // Others forget a presence with its connection.
                        let presence = inner.presence.clone();
                        inner.replica.presence(presence);
                    });
                }
                Event::NotCounted { step, round, item } => lost = Some((step, round, item)),
                Event::Denied { code, reason: says, intents, path, re, .. } => {
                    if re.is_some() {
                        // A flag that was shown as one's own may be what was refused.
                        self.show_own_flags();
                    }
                    let why = acts::reason(&code, &says);
                    if let Some(lost) = lost.take() {
                        if TOO_LATE.contains(&code.as_str()) {
                            self.board.came_too_late(lost);
                        }
                        self.notices.show(Tone::Warning, (text().ballot.states.not_counted)(&why));
                        continue;
                    }
                    let what = intents
                        .first()
                        .and_then(|(_, intent)| self.subject(intent))
                        .or_else(|| self.project_at(&path?));
                    let says = match what {
                        Some(what) => (text().status.taken_back)(&what, &why),
                        None => acts::capitalised(&why),
                    };
                    self.notices.show(Tone::Warning, says);
                }
                Event::Entered => self.notices.show(Tone::Plain, text().prepare.links.entered.to_owned()),
                Event::Stalled => self.lost(),
                _ => {}
            }
        }
    }

    /// Shows the own flags, those that the server has not answered yet included.
    pub(super) fn show_own_flags(self) {
        let own = self.with(|inner| inner.replica.own_flags());
        self.board.show_own_flags(&own.unwrap_or_default());
    }

    pub(super) fn say_placed(self, placed: &[Placed]) {
        let spoken = &text().spoken;
        if placed.len() > TOLD_SINGLY {
            return self.notices.say((spoken.others_placed)(placed.len()));
        }
        for Placed { project, pile, by } in placed {
            let Some(card) = self.board.card(*project) else { continue };
            let name = card.project.with_untracked(|project| project.name.clone());
            let pile = untrack(|| self.board.pile_name(*pile));
            self.notices.say(match by {
                Some(who) => (spoken.placed_by)(who, &name, &pile),
                None => (spoken.placed)(&name, &pile),
            });
        }
    }

    /// What an intent is about, as people call it.
    fn subject(self, intent: &Intent) -> Option<String> {
        let project = match intent {
            Intent::Place { projects, .. } | Intent::Unplace { projects } => *projects.first()?,
            Intent::EditProject { id, .. } | Intent::RemoveProject { id } => *id,
            Intent::SetDecision { project, .. } | Intent::EditRationale { project, .. } => *project,
            Intent::AddNote { about, .. } => ProjectId(*about),
            Intent::EditNoteText { id, .. } | Intent::RemoveNote { id } => {
                let board = self.board.board();
                board.notes.get(id)?.about.parse().ok()?
            }
            Intent::AddProject { name, .. } | Intent::AddPillar { name, .. } => return Some(name.clone()),
            _ => return None,
        };
        let card = self.board.card(project)?;
        Some(card.project.with_untracked(|project| project.name.clone()))
    }

    /// The project that a path of the board is about, by its name.
    fn project_at(self, path: &str) -> Option<String> {
        let mut parts = path.split('/');
        let (root, key) = (parts.next()?, parts.next()?);
        let id = match root {
            "projects" | "placements" | "decisions" => key.parse().ok()?,
            "notes" => self.board_now().notes.get(&key.parse().ok()?)?.about.parse().ok()?,
            _ => return None,
        };
        let card = self.board.card(id)?;
        Some(card.project.with_untracked(|project| project.name.clone()))
    }

    /// The server has said who this is; the browser remembers.
    fn welcomed(self) {
        self.rules.set(self.with(|inner| inner.replica.rules_version()).unwrap_or_default());
        let place = self.with(|inner| {
            let (participant, role) = (inner.replica.participant(), inner.replica.role());
            inner.place.role = Some(role);
            if inner.place.participant != participant {
                // The token came by a link: only now it is known whose it is, and so what they had kept.
                inner.place.participant = participant;
                inner.kept = Kept::of(inner.place.session, participant);
                if let Some(outbox) = inner.kept.own() {
                    inner.replica.restore(outbox);
                }
                inner.kept_revision = u64::MAX;
            }
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }

    /// Remembers the code by which others join, to know who comes by it again.
    pub(crate) fn remember_code(self, code: &str) {
        let place = self.with(|inner| {
            inner.place.code = crate::code::normalise(code);
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }

    /// Remembers the session's title and the person's name for the list of this device.
    pub(crate) fn remember(self, title: String, name: Option<String>) {
        let place = self.with(|inner| {
            inner.place.title = title;
            if let Some(name) = name {
                inner.place.name = name;
            }
            inner.place.clone()
        });
        if let Some(place) = place {
            storage::keep_place(place);
        }
    }
}
