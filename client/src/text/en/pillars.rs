//! English: line of sight.

use super::plural;
use crate::text::pillars::Pillars;

/// English.
pub(in crate::text) static PILLARS: Pillars = Pillars {
    title: "Pillars",
    lead: |pillars, sessions| {
        format!(
            "{} over {}: what stands on each after every session that was closed.",
            plural(pillars, "pillar", "pillars"),
            plural(sessions, "session", "sessions")
        )
    },
    empty_title: "No session has been closed yet",
    empty: "When one is, you see here what stands on each pillar of the strategy, and from the second one on how the \
            portfolio shifts.",
    shift: "How the portfolio shifts",
    no_shift: "One session has been closed so far: this is how the portfolio stands. How it shifts is seen from the second \
               one on.",
    measure: "Counted in",
    projects: "Projects",
    cost: "Cost",
    people: "People",
    picture: |sessions, measure| {
        format!(
            "A column for each of {}, parted by what stands on each pillar, off strategy, unsorted and stopped, counted in \
             {measure}; ribbons between them show what went where. The table below has the same numbers.",
            plural(sessions, "session", "sessions")
        )
    },
    table: |measure| format!("{measure} by pile after each session"),
    pile: "Pile",
    off: "Off strategy",
    unsorted: "Unsorted",
    stopped: "Stopped",
    not_yet: "–",
    went: "What went where",
    way: |projects, from, to| format!("{}: {from} → {to}", plural(projects, "project", "projects")),
    new: "new",
    gone: "not there any more",
    from_to: |from, to| format!("From “{from}” to “{to}”"),
    currencies: "The sessions count in several currencies, so their costs are not drawn beside each other.",
    erased: |title| format!("“{title}” was erased. Of it only what was decided is known."),
    resumed: |title| {
        format!("“{title}” has been taken up again. Of it only what was decided at its last close is shown.")
    },
    left_out: |n| {
        format!("{} left out: the last forty are shown.", plural(n, "older session is", "older sessions are"))
    },
    current: "The strategy now",
    earlier: "Pillars of before",
    counted: |projects, stopped| match stopped {
        0 => plural(projects, "project", "projects"),
        n => format!("{}, {n} stopped", plural(projects, "project", "projects")),
    },
    known: |known, of| if known == of { String::new() } else { format!("known for {known} of {of}") },
    called_before: |name| format!("Before that: {name}"),
    owner: "Owner",
    intent: "What it is meant to bring about",
    goals: "Goals",
    whole_measure: "Measure",
    rules_out: "What it rules out",
    capacity: "What it takes",
    stands: "What stands on it",
    stands_none: "Nothing stands on it. That is a finding: a pillar without a project is a sentence.",
    was_last: |title| format!("It was last a pillar in “{title}”. This is what stood on it then."),
    stops: "What was stopped on it",
    before: |title| format!("After “{title}”"),
    project: "Project",
    decided: "Decided",
    undecided: "Nothing decided",
    of_owner: "Owner",
    came: "Most had put it elsewhere at first",
    agreement: "How far the rooms agreed",
    agreement_says: "Of all answers in the last private sort about what stands here at the end, how many put it here. Who did \
                     not know a project is not counted.",
    agreement_none: "In no session was it sorted alone what stands here.",
    here: |here, answers| format!("{here} of {answers} answers put it here"),
    agreed: |agreed, projects| format!("agreed on {agreed} of {}", plural(projects, "project", "projects")),
    nobody_asked: "Not sorted alone",
    unknown_title: "There is no such pillar",
    unknown: "No session that was closed has it. Look at all of them.",
    all: "All pillars",
};
