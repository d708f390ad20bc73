//! The data dictionary: what each column of each sheet means.

use crate::log::export::table::{Cell, Table};

/// What columns mean, by their headings.
const MEANINGS: &[(&str, &str)] = &[
    ("Reference", "What the organisation calls the project by, as it was imported."),
    ("Project", "Its name."),
    ("Session", "The title of the session that asked or decided."),
    (
        "Number",
        "The decision's number in the log: ascending over the workspace. Entries that change a decision have numbers too, so there are gaps.",
    ),
    ("Number in the log", "The decision's number in the log; nothing where it is not in it yet."),
    ("Decided on", "When the session was closed, UTC."),
    (
        "Came from",
        "What most chose in the first round in which the project was sorted alone; Split where as many chose another pile; nothing where nobody sorted alone.",
    ),
    ("Pillar before", "What most chose in the first round in which the project was sorted alone."),
    ("Pillar", "Where the project stood at the end."),
    ("Pillar after", "Where the project stood at the end."),
    ("Stands on", "Where the project stood at the end."),
    ("Verdict", "What was decided: move, wait, stop, or open (it is settled who decides, and by when)."),
    ("Decision owner", "The one who answers for the decision."),
    ("Owner", "Who answers for it: in the portfolio for the project, among decisions for the decision."),
    ("Rationale", "Why."),
    (
        "Status",
        "Where the decision stands: proposed, accepted (by its owner), open, winding down, superseded, reversed.",
    ),
    (
        "Stands",
        "Where the decision stands by the log: proposed, accepted (by its owner), open, winding down, superseded, reversed.",
    ),
    ("Takes the place of", "The number of the decision that it supersedes."),
    ("Superseded by", "The number of the decision that has taken its place."),
    ("Told by", "Who has told those whom it concerns. A stop without this is not on the page for everyone."),
    ("Told on", "On which day."),
    (
        "Done",
        "What of it is done, on which day, by whom: a review held, a first step taken, a stop ended, a measure taken.",
    ),
    ("Next review", "When it is looked at again, where another day was agreed on since the decision."),
    ("Changes since", "What has been entered about the decision since, a line for each entry."),
    ("Kind", "How a stop is carried out: end, finish or hand_over."),
    ("Decided by", "Who decides what is open, or whose word stands against the room's."),
    ("Carried by", "Co-owners: who carries it with the owner."),
    ("Assumptions", "What has to be true for it to hold."),
    ("Scope", "What is in, and what is out."),
    ("Outcome", "What done looks like."),
    ("Measure", "By what it will be seen to have moved."),
    ("Measure due", "By when."),
    ("What will resist", "Who or what stands in the way."),
    ("First step", "What is done first of a stop."),
    ("First step due", "By when."),
    ("Ends", "The day on which a stop has ended."),
    ("Frees", "What a stop frees, and for what."),
    ("Trigger", "What ends a wait."),
    ("Expires", "When a wait is over, with or without its trigger."),
    ("Wait is over", "When a wait is over, with or without its trigger."),
    ("Decide by", "By when what is open is decided."),
    ("Review", "When it is looked at again."),
    ("Effective from", "From which day on it holds, where that was said."),
    ("Holds from", "From which day on it holds: as was said, or the day of the decision."),
    ("Alternatives considered", "What else was weighed."),
    ("Consulted", "Who was heard."),
    ("Informed", "Who is to know."),
    ("Against the room's verdict because", "Why it was decided otherwise than most had said in private."),
    ("The room said", "What more than half had said in private, where it was decided otherwise."),
    ("Against it because", "Why it was decided otherwise."),
    ("Against it by", "Who decided."),
    ("Missing", "What the verdict needs and the decision does not have."),
    ("Decider", "Who settles verdicts, as was said before the session began."),
    ("Rule", "By what rule."),
    ("Sponsor", "Who wants the project."),
    ("Run by", "Who runs the project."),
    ("Summary", "What the project is."),
    ("Origin", "The family the project comes from: planned, legacy, pet, new, unknown."),
    ("Cost", "What the project costs, in whole units of the currency; nothing where it is not known."),
    ("Currency", "An ISO 4217 code, or a sign."),
    ("People", "How many people work on it; nothing where it is not known."),
    ("Sorted alone", "What the rounds of sorting alone came to, in counts."),
    ("Four questions", "What the four questions came to, in counts."),
    ("Private verdict", "What was said in private, in counts."),
    ("Dots", "How many dots it got."),
    ("Scale", "What the scale came to, in counts."),
    ("Is this a hobby?", "How many asked."),
    ("Why it is asked", "Why, unsigned."),
    ("Signed", "Who has signed in public, and how."),
    ("Said unsigned", "Dissent, without names and in no order."),
    (
        "How it came about",
        "What was imported (with the file's hash), how many were here in each step, what the close erased.",
    ),
    ("Session id", "The session's id."),
    ("Project id", "The project's id on that session's board."),
    ("Schema", "The version of the record's form."),
    ("Hash", "The hash of the decision's entry in the log."),
    ("Further columns", "Columns of the imported portfolio that had no room of their own."),
    ("Step", "The title of the step that asked."),
    ("Round", "Which opening of that step, from 1."),
    ("Question", "What was asked."),
    ("About", "Of the project, or of the session as a whole."),
    ("Eligible", "How many could answer; who sat out is not among them."),
    ("Answered", "How many have."),
    ("Sat out", "How many sat out, since it is theirs."),
    ("On paper", "How many people answered the round on paper."),
    ("Off strategy", "How many put it on no pillar."),
    ("On a pillar", "How many put it on a pillar, whichever."),
    ("Did not know", "How many said that they do not know it."),
    ("Claims strategy", "How many say that it is tied to the strategy."),
    ("Claims revenue", "How many say that revenue would be lost without it."),
    ("Claims cost", "How many say that costs would rise without it."),
    ("Claims needed now", "How many say that the business needs it now."),
    ("Claims nothing", "How many claim nothing."),
    ("Move", "How many said move."),
    ("Wait", "How many said wait."),
    ("Stop", "How many said stop."),
    ("People who gave dots", "Of how many people the dots are."),
    ("Came to", "The same in words. Where fewer than three answered there are no counts."),
    ("Entry", "The number of the entry in the log."),
    ("Decision", "The number of the decision that it is about."),
    ("What", "What it says."),
];

/// A row for each column of each of these sheets.
pub(super) fn of(sheets: &[(&str, Table)]) -> Table {
    let headings = ["Sheet", "Column", "Meaning"].map(str::to_owned).to_vec();
    let mut rows = Vec::new();
    for (sheet, table) in sheets {
        rows.extend(
            table
                .headings
                .iter()
                .map(|name| vec![Cell::text(*sheet), Cell::text(name.as_str()), Cell::text(meaning(name))]),
        );
    }
    Table { headings, rows }
}

fn meaning(name: &str) -> &'static str {
    let known = |name: &str| MEANINGS.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning);
    known(name)
        // `Cost (GBP)`
        .or_else(|| name.strip_prefix("Cost (").and_then(|_| known("Cost")))
        .or_else(|| name.strip_prefix("Gave ").map(|_| "How many gave this number, of 0 to 5."))
        .unwrap_or("A column of the imported portfolio, as it was.")
}
