//! English: the agenda: where the session stands, what to do now, and the facilitator's console.

use plumbline_shared::words::{Beat, Question, StepKind, StepState, Subjects};

use super::plural;
use crate::{
    agenda::pace::Cut,
    text::agenda::{About, Agenda, Bar, Console, Edit, Script, Sponsors, Templates},
};

/// English.
pub(super) const AGENDA: Agenda = Agenda {
    bar: Bar {
        title: "Agenda",
        step_of: |n, of| format!("Step {n} of {of}"),
        now,
        now_done: "You are done. You can change your answers until they are sealed.",
        closed: "The session is closed.",
        next: |title| format!("Next: {title}"),
        last: "The last step",
        left,
        time: "Time left",
        said: |n, of, title, now| format!("Step {n} of {of}: {title}. {now}"),
        untitled: "Without a title",
        spotlight: "In the spotlight:",
        minutes: |n| format!("{n} min"),
        over_already: "behind us",
        current: "now",
        all_minutes: |steps, minutes| format!("{}, {minutes} minutes", plural(steps, "step", "steps")),
    },
    console: Console {
        title: "Console",
        begin: |title| format!("Begin: {title}"),
        show: |beat| match beat {
            Beat::Shape => "Show: the shape",
            Beat::Agreed => "Show: what is agreed",
            Beat::Splits => "Show: where it splits",
            Beat::Beside => "Show: the rounds side by side",
        },
        open: "Open the ballot",
        seal: "Seal",
        reveal: "Reveal",
        close: "Close the session",
        closed: "Closed",
        back: |title| format!("Back to {title}"),
        no_back: "This is the first step",
        extend: "+2 min",
        extend_says: "+2 min: two more minutes for this step",
        no_limit: "No time limit",
        again: "New round",
        spotlight: |name| format!("Put {name} in the spotlight"),
        spotlight_none: "Select a card to put it in the spotlight",
        spotlight_end: "Take the spotlight away",
        only: "Only this card can be placed",
        done: |done, of| format!("{done} of {of} done"),
        nobody: "Nobody is done yet",
        seal_few: |done, of| match done {
            0 => {
                format!("None of the {of} who are here may be done. What is missing by then is not counted.")
            }
            _ => format!("Only {done} of {of} are done. What is missing by then is not counted."),
        },
        seal_unknown: "Nobody has said that they are done. What is missing by then is not counted.",
        seal_yes: "Seal now",
        again_ask: |round| {
            format!("Round {round} begins, with empty ballots. What was revealed stays beside it.")
        },
        again_yes: "Begin a new round",
        ends: |time, late| match (late + late.signum() * 30) / 60 {
            0 => format!("Ends at {time}, as planned"),
            n if n > 0 => format!("Ends at {time}, {n} min late"),
            n => format!("Ends at {time}, {} min early", -n),
        },
        ends_if_begun: |time| format!("Begun now, it ends at {time}"),
        cut,
        go: "Go",
        go_to: |title| format!("Go to {title}"),
        edit: "Edit the agenda",
        clicker: "A presenter's clicker, or Page Down, presses the dark button: not while you type, nor while a list \
                  that scrolls has the keys. It never closes the session.",
        clicker_key: "Page Down",
        clicker_does: "Press the console's button, as a clicker does",
    },
    script: Script {
        title: "Script",
        say: "Say",
        todo: "Do",
        objection: "If the most powerful person in the room objects",
        late: "If it is late",
        none: "This step has no script. Write one in the agenda, if you want to read it here.",
    },
    about: About {
        title: "What it is for, and who decides",
        hint: "Said before the session begins, so that nobody has to ask in the middle of it.",
        purpose: "What is it for?",
        purpose_placeholder: "Agree what we go on with this year, and what we stop",
        decider: "Who decides?",
        decider_placeholder: "Anna Okafor, chief executive",
        rule: "By what rule?",
        rule_placeholder: "After hearing the room; against its majority only with a reason",
        rules: [
            "The decider settles it after hearing the room; against its majority only with a reason",
            "Consent: it stands unless somebody has a serious objection",
            "Majority of those who answered",
            "Consensus: all of us carry it",
        ],
        decides: |decider, rule| match (decider, rule) {
            ("", rule) => format!("How it is decided: {rule}."),
            (decider, "") => format!("{decider} decides."),
            (decider, rule) => format!("{decider} decides: {rule}."),
        },
        unsaid: "Nobody has said yet who decides, and by what rule.",
    },
    edit: Edit {
        title: "Agenda",
        counted: |steps, minutes| format!("{}, {minutes} minutes together.", plural(steps, "step", "steps")),
        none: "No steps. Pick a template below, or add them one by one.",
        full: |most| format!("An agenda has {most} steps at most."),
        up: |title| format!("Move {title} up"),
        down: |title| format!("Move {title} down"),
        remove: |title| format!("Remove {title}"),
        removed: |title| format!("{title} was removed."),
        current_stays: "The session stands at this step. Go on before you remove it.",
        add: "Add a step",
        added: |title| format!("{title} was added at the end."),
        does,
        usual,
        does_label: "What is done in it",
        name: "Title",
        minutes_of: |title| format!("Minutes for {title}"),
        subjects: "What it is about",
        subject,
        shortlist: "Shortlist",
        shortlist_counted: |n| match n {
            0 => "Nothing is picked yet.".to_owned(),
            n => format!("{} picked.", plural(n, "project", "projects")),
        },
        statements: "Statements",
        statements_hint: "One a line. Each is answered by itself.",
        prompt: "The question, in your words",
        prompt_hint: "Left empty, the usual words are used.",
        budget: "Dots for each person",
        cap: "Of these on one project, at most",
        lowest: "Scale",
        lowest_zero: "0 to 5, fist to five",
        lowest_one: "1 to 5",
        half: "Half of the cards for each person",
        half_hint: "Every card is still answered by six people or more, as far as there are as many.",
        now: "What to do now, in one sentence, for everybody",
        now_hint: "Left empty, the usual sentence is shown.",
        script: "Script for the facilitator",
        script_revealed: "Once the tally is shown",
        reveal: "Minutes for it, of those of the step",
        under_way: "A round of this step is under way: it keeps its question. What you change holds from the next round on.",
        done: "Done",
        export: "Save as a file",
        import: "Open a file",
        import_unreadable: "This file is no agenda. Open one that was saved here, or a template.",
        replace_ask: |title| format!("{title} takes the place of the steps that are here now."),
        replace_yes: "Replace the agenda",
        replaced: |title| format!("The agenda is now {title}."),
        offline: "There is no connection: a template or a file cannot be brought now. Steps can be changed.",
    },
    templates: Templates {
        title: "How it goes",
        hint: "The agenda that you begin with. You can change every step of it.",
        open_board: "Open board",
        open_board_says: "No agenda: one board, open to all, for as long as you want.",
        facts: |minutes, steps| format!("{minutes} min, {}", plural(steps, "step", "steps")),
        failed: "The templates could not be read. You can begin with an open board and pick one later.",
        pick: "Or begin with a template:",
        choose: "Choose a template…",
    },
    sponsors: Sponsors {
        title: "Sponsors",
        hint: "Whoever sponsors a project sits out when the room answers about it, unless they choose not to. Say who \
               the sponsors of the portfolio are here.",
        none: "No project of this portfolio names a sponsor.",
        who_is: |sponsor| format!("{sponsor} is"),
        nobody: "not in the room",
        several: "those who are called so",
        projects: |n| plural(n, "project", "projects"),
        save: "Save",
        saved: |sponsor, name| format!("{sponsor} is {name}."),
        saved_nobody: |sponsor| format!("{sponsor} is not in the room."),
    },
};

fn now(kind: StepKind, question: Option<Question>, state: StepState) -> &'static str {
    match (kind, state) {
        (StepKind::Ballot, StepState::Ready) => "The ballot is opened in a moment. Nobody answers yet.",
        (_, StepState::Sealed) => "Sealed: no more answers are taken. The counts come next.",
        (StepKind::Ballot, StepState::Revealed) => match question {
            Some(Question::Placement) => "See what the room agrees on, and where it splits.",
            _ => "See what the room has said.",
        },
        (StepKind::Ballot, StepState::Open) => match question {
            Some(Question::Placement) => {
                "For each project: which pillar would miss its goal this year without it? None: off strategy."
            }
            Some(Question::Hobby) => "For each project: tick what is true. One tap where nothing is.",
            Some(Question::Verdict) => "For each project: move, wait or stop? Nobody else sees your answer.",
            Some(Question::Dots) => "Spread your dots over what matters most.",
            Some(Question::Scale) => "Answer on the scale. Nobody else sees your answer.",
            Some(Question::Text) => "Write what it means to you, in your own words.",
            None => "Answer for yourself. Nobody else sees it.",
        },
        (StepKind::Gather, _) => "Look through the projects. What is running that is not here? Add it.",
        (StepKind::Board, _) => "Place the cards together, the contested ones first.",
        (StepKind::Decide, _) => {
            "Settle the verdicts one by one: move, wait, stop or open, each with its owner."
        }
        (StepKind::Commit, StepState::Ready) => "How sure are you? You are asked in private in a moment.",
        (StepKind::Commit, _) => "How sure are you, in private? Then say by name whether you carry it.",
        (StepKind::Close, _) => "Look at what was decided, and at the first thirty days.",
    }
}

fn left(seconds: i64) -> String {
    match seconds {
        0.. => format!("{}:{:02}", seconds / 60, seconds % 60),
        -59..0 => "time is up".to_owned(),
        _ => format!("{} min over", -seconds / 60),
    }
}

fn does(kind: StepKind, question: Option<Question>) -> &'static str {
    match (kind, question) {
        (StepKind::Gather, _) => "People arrive, and add what is missing",
        (StepKind::Ballot, Some(Question::Placement)) => "Ballot: sort alone",
        (StepKind::Ballot, Some(Question::Hobby)) => "Ballot: the four questions",
        (StepKind::Ballot, Some(Question::Verdict)) => "Ballot: move, wait or stop",
        (StepKind::Ballot, Some(Question::Dots)) => "Ballot: dots",
        (StepKind::Ballot, Some(Question::Scale)) => "Ballot: a scale",
        (StepKind::Ballot, Some(Question::Text)) => "Ballot: in one's own words",
        (StepKind::Ballot, None) => "Ballot",
        (StepKind::Board, _) => "Sort and talk together",
        (StepKind::Decide, _) => "Decide",
        (StepKind::Commit, _) => "Commit: confidence, then sign-off",
        (StepKind::Close, _) => "Close",
    }
}

fn usual(kind: StepKind, question: Option<Question>) -> &'static str {
    match (kind, question) {
        (StepKind::Gather, _) => "Gather",
        (StepKind::Ballot, Some(Question::Placement)) => "Sort alone",
        (StepKind::Ballot, Some(Question::Hobby)) => "Four questions",
        (StepKind::Ballot, Some(Question::Verdict)) => "Verdict",
        (StepKind::Ballot, Some(Question::Dots)) => "Dots",
        (StepKind::Ballot, Some(Question::Scale)) => "Pulse",
        (StepKind::Ballot, Some(Question::Text) | None) => "In your own words",
        (StepKind::Board, _) => "Sort together",
        (StepKind::Decide, _) => "Decide",
        (StepKind::Commit, _) => "Commit",
        (StepKind::Close, _) => "Close",
    }
}

fn subject(subjects: Subjects) -> &'static str {
    match subjects {
        Subjects::All => "Every project",
        Subjects::Off => "What stands on no pillar",
        Subjects::Contested => "What the last sort split on",
        Subjects::Flagged => "What somebody asks “is this a hobby?” of",
        Subjects::Shortlist => "A shortlist, picked by hand",
        Subjects::Decided => "What has a verdict",
        Subjects::Stopped => "At a checkpoint: what was to stop",
        Subjects::Moved => "At a checkpoint: what was to move",
        Subjects::Pillars => "The pillars",
        Subjects::Statements => "Statements",
        Subjects::Session => "The session as a whole",
    }
}

/// A small number as it is said.
fn spelt(n: u32) -> String {
    const WORDS: [&str; 13] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.get(n as usize).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

fn minutes(n: u32) -> String {
    format!("{} {}", spelt(n), if n == 1 { "minute" } else { "minutes" })
}

fn cut(late: u32, cuts: &[Cut]) -> String {
    let mut parts: Vec<String> = cuts
        .iter()
        .map(|cut| match *cut {
            Cut::Discuss(kept, planned) => format!("discuss {}, not {}", spelt(kept), spelt(planned)),
            Cut::Decide(kept, planned) => {
                format!(
                    "settle {} one by one, not {}, and leave the others open",
                    spelt(kept),
                    spelt(planned)
                )
            }
            Cut::GoOn => "leave what is left of this step as it is, and go on".to_owned(),
            Cut::EndLater(n) => format!("tell the room that it ends {} later", minutes(n)),
        })
        .collect();
    let mut sentence = format!("{} late", minutes(late));
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !parts.is_empty() {
        let last = parts.pop().unwrap_or_default();
        let joined = if parts.is_empty() { last } else { format!("{}; {last}", parts.join("; ")) };
        sentence = format!("{sentence}: {joined}");
    }
    sentence + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_when_it_is_over() {
        let shown: Vec<String> = [125, 60, 9, 0, -1, -59, -60, -150].map(left).into();
        assert_eq!(
            shown,
            ["2:05", "1:00", "0:09", "0:00", "time is up", "time is up", "1 min over", "2 min over"]
        );
    }

    #[test]
    fn what_to_cut_is_one_sentence() {
        assert_eq!(cut(7, &[Cut::Discuss(3, 5)]), "Seven minutes late: discuss three, not five.");
        assert_eq!(
            cut(20, &[Cut::Discuss(1, 5), Cut::Decide(7, 11)]),
            "20 minutes late: discuss one, not five; settle seven one by one, not eleven, and leave the others open."
        );
        assert_eq!(
            cut(9, &[Cut::EndLater(9)]),
            "Nine minutes late: tell the room that it ends nine minutes later."
        );
    }

    #[test]
    fn the_predicted_end_says_whether_it_is_the_planned_one() {
        let ends = AGENDA.console.ends;
        assert_eq!(ends("11:30", 29), "Ends at 11:30, as planned");
        assert_eq!(ends("11:37", 420), "Ends at 11:37, 7 min late");
        assert_eq!(ends("11:25", -300), "Ends at 11:25, 5 min early");
    }
}
