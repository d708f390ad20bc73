//! Watching, rehearsing and going on, in English.

use crate::text::watch::{Frame, Watch};

pub(super) const WATCH: Watch = Watch {
    title: "Watch a session",
    offer: "Eleven simulated leaders, one of them unwilling, take sixty-three projects from the first card to the \
            decisions. It takes about six minutes, you can tap along, and nothing of it stays.",
    begin: "Watch a session",
    beginning: "The people are coming in…",
    mark: "Demonstration",
    intro: "Eleven simulated leaders go through a whole session in about six minutes. You see what the facilitator sees, \
            what the room sees, and a phone that is yours: tap along if you like, your answers count. Nothing of it \
            stays: it is erased after three hours, and never in the decision log.",
    rehearsal_intro: "Eleven simulated people go through your session, with your portfolio and your agenda, in about six \
                      minutes. The phone is yours: tap along if you like. It is a copy: it is erased after three hours, \
                      and never in the decision log.",
    about: "About six minutes. Tap along on the phone. Nothing of it stays.",
    console: Frame { name: "Console", says: "what the facilitator sees" },
    phone: Frame { name: "Phone", says: "yours, to tap on" },
    wall: Frame { name: "Wall", says: "what the room sees" },
    shown: "What is shown",
    step: |number, of, title| format!("Step {number} of {of}: {title}"),
    coming: "The session is on its way.",
    to_sessions: "To your sessions",
    to_own: "Back to your session",
    over: "That was a whole session",
    over_says: "The decisions are made and signed. These are the files that a real one leaves:",
    files: "Files of the demonstration",
    summary: "Summary page",
    again: "Watch it again",
    gone: "This demonstration is over",
    gone_says: "It has been erased, as demonstrations are after three hours, or by somebody who holds the workspace key.",
    not_here: "This demonstration is not on this tab",
    not_here_says: "A demonstration can be watched on the tab on which it was begun, and nowhere else. Begin another one.",
    no_key: "Whoever holds the workspace key can begin one, on the server's first page.",
    listed: "Demonstration, erased after three hours",
    closed_says: "The ballots are erased. This was a demonstration: nothing of it is in the decision log, and all of it \
                  is erased after three hours.",
    rehearse: "Rehearse with this portfolio",
    rehearse_says: "Eleven simulated people go through a copy of this session, with its portfolio, its pillars and its \
                    agenda, in about six minutes. You see the console, the wall and a phone to tap on. The copy is \
                    discarded afterwards, and nothing of it comes into the decision log. This session stays as it is.",
    rehearse_begin: "Rehearse",
    go_on: "Go on: Choose and commit",
    go_on_says: "Makes the second session on this issue: with its pillars, the options that were not stopped, what was \
                 noted about them, who decides and by what rule.",
    going_on: "Making the session…",
    go_on_no_key: "Whoever holds the workspace key can go on from here: Choose and commit takes up what was not stopped.",
    go_on_title: |title| format!("Choose and commit: {title}"),
};
