//! A checkpoint, in English.

use plumbline_shared::checkpoint::Again;

use crate::text::checkpoint::Checkpoint;

pub(super) const CHECKPOINT: Checkpoint = Checkpoint {
    title: "Checkpoint",
    open: "Open a checkpoint",
    open_says: "Makes a session that looks at what this one decided: import the portfolio anew, and see what has stopped, \
                what still runs, and what is new.",
    open_no_key: "Whoever holds the workspace key can open a checkpoint from here, thirty, sixty or ninety days on.",
    title_of: |title| format!("Checkpoint: {title}"),
    looks_back: |title, day| format!("Looks back on “{title}”, closed on {day}."),
    import_first: "The portfolio has not been imported anew. Import it from the menu: then this shows what has stopped, \
                   what still runs and what is new.",
    likenesses: |count| match count {
        0 => "No more names that are alike".to_owned(),
        1 => "One name that is alike".to_owned(),
        count => format!("{count} names that are alike"),
    },
    likenesses_says: "The earlier project was not found, and this row is new. Are they one? Y answers yes for the first \
                      pair, N no.",
    alike: |percent| format!("{percent} % alike"),
    yes: "The same",
    no: "Two projects",
    back: "Take back",
    yes_for: |before, now| format!("{before} and {now} are the same"),
    no_for: |before, now| format!("{before} and {now} are two projects"),
    said_one: |now| format!("The same: {now}"),
    said_two: |now| format!("Two projects: {now}"),
    confirmed: |count| format!("Confirmed by hand: {count}"),
    gone: "not in the portfolio",
    gone_says: "The portfolio that was imported anew does not have it.",
    requests: "Requests for new work that wait",
    since: |earlier| format!("Since {earlier}"),
    report: "What it comes to",
    findings: "What was found",
    of: |count, of| format!("{count} of {of}"),
    known: |known, of| format!("known for {known} of {of}"),
    share: "On the strategy",
    projects: "Projects",
    cost: "Cost",
    people: "People",
    then: "then",
    now: "now",
    stops: "What was to stop",
    moves: "What was to move",
    confidence: "In private, and in public",
    decisions: "What was decided",
    decided_before: |verdict, day| format!("Decided on {day}: {}", verdict.to_lowercase()),
    holds: "It still holds",
    becomes_stop: "It waited past its day: stop",
    stands: |again| match again {
        Again::Holds => "Confirmed",
        Again::Changed => "Changed: a further decision takes its place",
        Again::TakenBack => "Taken back",
        Again::Undecided | Again::New | Again::Untouched => "",
    },
};
