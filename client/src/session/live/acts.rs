//! What the person does: it is asked of the rules, shown at once, and sent.

use std::sync::Arc;

use leptos::prelude::*;
use plumbline_shared::{
    board::{Board, Pile},
    ids::{MessageId, ProjectId},
    messages::{Command, Presence},
    policy::{self, Actor},
};
use plumbline_sync::{Denied, Intent};
use uuid::Uuid;

use super::{Live, Me};
use crate::{effect::memo, notices::Tone, text::text};

impl Live {
    /// Whether the rules would take `intent` now; not tracked.
    pub(crate) fn may(self, intent: &Intent) -> bool {
        self.with(|inner| inner.replica.may(intent).is_ok()).unwrap_or(false)
    }

    /// Why the rules do not take `intent`, as a sentence, for as long as they do not.
    pub(crate) fn why_not(self, intent: Intent) -> Memo<Option<String>> {
        memo(move |_| {
            // The answer changes with the session's state, with who one is, and with whether one is let in.
            self.board.session.track();
            self.me.track();
            self.refused.track();
            let denied = self.with(|inner| inner.replica.may(&intent))?.err()?;
            Some(capitalised(&reason(denied.code(), &denied.sentence())))
        })
    }

    /// Why the rules do not take `command`, as a sentence, for as long as they do not.
    pub(crate) fn why_not_command(self, command: Command) -> Memo<Option<String>> {
        memo(move |_| {
            self.board.session.track();
            if self.refused.get() {
                let denied = Denied::NotLetIn;
                return Some(capitalised(&reason(denied.code(), &denied.sentence())));
            }
            let Me { participant, role } = self.me.get();
            let moment = self.with(|inner| inner.replica.moment())?;
            let denied = match participant {
                Some(participant) => {
                    policy::commands(&Actor { participant, role }, &moment, &command).err()?
                }
                None => policy::Denied::ObserverLooksOn,
            };
            Some(capitalised(&reason(denied.code(), denied.sentence())))
        })
    }

    /// Asks *is this a hobby?* with a reason, or takes the own question back.
    pub(crate) fn flag(self, project: ProjectId, reason: Option<String>) {
        self.command(Command::Flag { project, reason });
        self.show_own_flags();
    }

    /// The board with everything done here, shown already or not.
    pub(crate) fn board_now(self) -> Arc<Board> {
        self.with(|inner| inner.replica.board()).unwrap_or_default()
    }

    /// Tells the person why the rules would not take `intent` now.
    pub(crate) fn say_why_not(self, intent: &Intent) {
        if let Some(Err(denied)) = self.with(|inner| inner.replica.may(intent)) {
            self.notices.show(Tone::Warning, capitalised(&reason(denied.code(), &denied.sentence())));
        }
    }

    /// Does something; gives whether it was taken. If not, the person has been told why.
    pub(crate) fn act(self, intent: Intent) -> bool {
        let done = self.attempt(intent);
        if let Err(why) = &done
            && !why.is_empty()
        {
            self.notices.show(Tone::Warning, why.clone());
        }
        done.is_ok()
    }

    /// Does something, for whoever tells the person themselves why it was not taken.
    ///
    /// # Errors
    /// Why the rules do not take it, as a sentence; an empty one when the page that would show it is gone.
    pub(crate) fn attempt(self, intent: Intent) -> Result<(), String> {
        match self.with(|inner| inner.replica.act(intent)) {
            Some(Ok(_)) => {
                self.changed();
                Ok(())
            }
            Some(Err(denied)) => Err(capitalised(&reason(denied.code(), &denied.sentence()))),
            None => Err(String::new()),
        }
    }

    /// Places cards; gives whether that was taken.
    pub(crate) fn place(self, projects: Vec<ProjectId>, pile: Pile, before: Option<ProjectId>) -> bool {
        self.board.expect(&projects, pile);
        let intent = match pile {
            Pile::Unsorted => Intent::Unplace { projects },
            pile => Intent::Place { projects, pile, before },
        };
        self.act(intent)
    }

    /// Takes the own last change back.
    pub(crate) fn undo(self) {
        if self.with(|inner| inner.replica.undo()).unwrap_or(false) {
            self.board.expect_all();
            self.notices.say(text().spoken.undone);
            self.changed();
        }
    }

    /// Does again what was taken back last.
    pub(crate) fn redo(self) {
        if self.with(|inner| inner.replica.redo()).unwrap_or(false) {
            self.board.expect_all();
            self.notices.say(text().spoken.redone);
            self.changed();
        }
    }

    /// Sends a command.
    pub(crate) fn command(self, command: Command) {
        let sent = self.with(|inner| inner.replica.command(MessageId(Uuid::now_v7()), command));
        if let Some(Err(denied)) = sent {
            self.notices.show(Tone::Warning, capitalised(&reason(denied.code(), &denied.sentence())));
        }
        self.changed();
    }

    /// Shows the others what this page is at.
    pub(crate) fn presence(self, change: impl FnOnce(&mut Presence)) {
        let changed = self.with(|inner| {
            let mut presence = inner.presence.clone();
            change(&mut presence);
            let changed = presence != inner.presence;
            if changed {
                inner.presence = presence.clone();
                inner.replica.presence(presence);
            }
            changed
        });
        if changed == Some(true) {
            self.send_soon();
        }
    }
}

/// Our sentence for a denial, or the server's.
pub(super) fn reason(code: &str, says: &str) -> String {
    (text().errors.denied)(code).map_or_else(|| says.to_owned(), str::to_owned)
}

pub(super) fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
