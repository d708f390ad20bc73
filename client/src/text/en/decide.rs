//! English: deciding, committing and closing, and what is printed.

use plumbline_shared::{
    deciding::{Need, Why},
    methods::HobbyOutcome,
    words::{Claim, Question, Stance, StopKind, Verdict},
};

use super::{fields, plural};
use crate::text::decide::{CapacityText, Close, Commit, Decide, EvidenceText, Form, Print, Queue};

/// English.
pub(super) const DECIDE: Decide = Decide {
    queue: Queue {
        title: "Decide",
        progress: |done, all| format!("{done} of {all} decided"),
        empty_title: "Nothing to decide yet",
        empty: "There are no projects on the board. Once there are, they come here in the order in which they need to be \
                talked about.",
        show: "Show",
        all: "All",
        left: "Left",
        decided: "Decided",
        lacking: "Incomplete",
        to_talk: |n| format!("To talk about · {n}"),
        agreed: |n| format!("Agreed · {n}"),
        nothing_shown: "Nothing here.",
        nothing_left: "Everything is decided.",
        nothing_lacking: "Nothing is missing.",
        decide_agreed: |n| match n {
            1 => "Decide the 1 agreed move".to_owned(),
            n => format!("Decide the {n} agreed moves"),
        },
        decide_agreed_means: "Moves them in one go: owner from the portfolio, proposed, measure due in seven days. It can be \
                              taken back.",
        agreed_done: |n| match n {
            1 => "1 move proposed in one go.".to_owned(),
            n => format!("{n} moves proposed in one go."),
        },
        take_back: "Take back",
        take_back_means: "All of them, but for what somebody has changed since.",
        why: |why| match why {
            Why::StillRuns => "still runs",
            Why::Expired => "waited past its day",
            Why::NeverDecided => "never decided",
            Why::Unmeasured => "no measure",
            Why::Shortlist => "shortlist",
            Why::Hobby => "hobby",
            Why::Flagged => "asked about",
            Why::Contested => "contested",
            Why::Off => "off strategy",
            Why::Unsorted => "unsorted",
        },
        room: |verdict| match verdict {
            Verdict::Move => "the room: move",
            Verdict::Wait => "the room: wait",
            Verdict::Stop => "the room: stop",
            Verdict::Open => "",
        },
        against: "against the room",
        lacks: |n| format!("{n} missing"),
        choose: "Choose a project from the queue.",
        back: "All projects",
        before: "The one before",
        next: "The next one",
        next_left: "Next to decide",
        all_decided: "Everything is decided",
        spotlight: "Show everybody",
        spotlight_off: "Shown to everybody",
        shown_instead: |name| {
            format!("The facilitator shows everybody {name}. You are where you were writing.")
        },
        keys: "Arrows go through the queue. M, W, S, O set the verdict, N goes to the next that is left.",
    },
    evidence: EvidenceText {
        title: "Evidence",
        alone: "Sorted alone",
        together: "Sorted together",
        questions: "Four questions",
        verdict: "Verdict, asked in private",
        dots: "Dots",
        flags: "Is this a hobby?",
        not_asked: "Not asked",
        too_few: "So few answered that nothing is shown.",
        round: |n| format!("Round {n}"),
        on_pile: |n, pile| format!("{n} on {pile}"),
        off: |n| format!("{n} off"),
        unknown: |n| match n {
            1 => "1 does not know it".to_owned(),
            n => format!("{n} do not know it"),
        },
        room_agrees: "The room agrees",
        room_splits: "The room splits",
        after_talk: "after the talk",
        outcome: |outcome| match outcome {
            HobbyOutcome::Strategic => "Strategic",
            HobbyOutcome::MissionCritical => "Mission-critical",
            HobbyOutcome::Hobby => "Hobby",
            HobbyOutcome::Contested => "Contested",
            HobbyOutcome::TooFew => "Too few answered",
        },
        no_claim: |none, of| format!("No claim for {none} of {of}"),
        claimed: |claim, n| {
            let claim = match claim {
                Claim::Strategy => "strategy",
                Claim::Revenue => "revenue",
                Claim::Expense => "cost",
                Claim::Required => "needed now",
            };
            format!("{claim} {n}")
        },
        one_vote_away: "One vote away",
        waits: |claim| match claim {
            Claim::Required => "“Needed now” waits for a check",
            _ => "“Revenue” waits for a check",
        },
        said: |verdict, n| format!("{} {n}", lower(verdict)),
        answered: |answered, out| match out {
            0 => format!("{answered} answered"),
            1 => format!("{answered} answered; 1 sat out"),
            out => format!("{answered} answered; {out} sat out"),
        },
        majority: |verdict| match verdict {
            Verdict::Move => "The room: move",
            Verdict::Wait => "The room: wait",
            Verdict::Stop => "The room: stop",
            Verdict::Open => "No majority",
        },
        no_majority: "No majority",
        no_dots: "No dots",
        dots_from: |dots, people| {
            format!(
                "{} from {}",
                plural(dots as usize, "dot", "dots"),
                plural(people as usize, "person", "people")
            )
        },
        flagged: |n| match n {
            1 => "1 person asks".to_owned(),
            n => format!("{n} people ask"),
        },
        without_reason: |n| match n {
            1 => "1 of them without a reason".to_owned(),
            n => format!("{n} of them without a reason"),
        },
        people: |n| if n == "1" { "1 person".to_owned() } else { format!("{n} people") },
        sponsor: |who| format!("sponsor {who}"),
        run_by: |who| format!("run by {who}"),
    },
    form: Form {
        field,
        example,
        kind: |kind| match kind {
            StopKind::End => "It ends on the day",
            StopKind::Finish => "Finish what has begun, do not renew",
            StopKind::HandOver => "Hand it over",
        },
        no_kind: "Choose how",
        stop_frees: |n| match n {
            "1" => "Ends on a date, and frees 1 person".to_owned(),
            n => format!("Ends on a date, and frees {n} people"),
        },
        more: "More",
        accepted: "The owner has said yes",
        not_a_day: "Write the day in full, with a year of four digits.",
        room: |verdict, said, of| format!("The room in private: {}, {said} of {of}.", lower(verdict)),
        follows: "This verdict follows it.",
        goes_against: "This verdict goes against it. Say why: it stands in the record under the decider's name.",
        possible: "Another verdict is possible, and asks for its reason.",
        left_open: "It is left open: say who decides it, and by when.",
        missing: "Still missing:",
        complete: "Nothing is missing.",
        need: Need::words,
    },
    capacity: CapacityText {
        title: "What the verdicts come to",
        moves: "Moves take",
        stops: "Stops free",
        waits: "Waits hold",
        projects: |n| plural(n as usize, "project", "projects"),
        people: |n| if n == "1" { "1 person".to_owned() } else { format!("{n} people") },
        cost_known: |known, of| format!("cost known for {known} of {of}"),
        people_known: |known, of| format!("people known for {known} of {of}"),
        nothing: "nothing yet",
    },
    commit: Commit {
        title: "Commit",
        says: "First in private, then by name. What differs between the two is what the room has to hear.",
        private: "In private: how far are you behind this?",
        no_ballot: "This step asks no number.",
        confidence: "What the room said in private",
        median: |median| format!("median {median}"),
        counted: |answered, of| format!("{answered} of {of} answered"),
        dissent: "Disagree without a name",
        dissent_says: "Unsigned, and kept with the decisions. It is shown with the others' when the round is revealed or the \
                       step is left.",
        dissent_about: "About",
        dissent_label: "What you disagree with, and why",
        dissent_placeholder: "What does the room not want to hear?",
        dissent_send: "Put it down unsigned",
        dissent_sent: "Put down. Nobody sees that it is from you.",
        dissent_yours: "Yours, seen by you alone",
        dissent_change: "Change it",
        dissent_shown: "Said without a name",
        take_back: "Take it back",
        whole: "All decisions together",
        public: "By name: do you carry it?",
        public_later: "After the reveal everybody signs by name, here.",
        public_says: "Everybody sees this, with your name.",
        stance: |stance| match stance {
            Stance::Carry => "I carry it",
            Stance::Reservation => "I carry it, with a reservation",
            Stance::Decline => "I do not carry it",
        },
        stance_of: |what| format!("Your signature: {what}"),
        reason: |stance| match stance {
            Stance::Decline => "Why not?",
            _ => "Which reservation?",
        },
        reason_missing: "Say it in a sentence, so that the others know.",
        sign: "Sign",
        single: |n| match n {
            1 => "Sign the 1 decision by itself".to_owned(),
            n => format!("Sign single decisions · {n}"),
        },
        signed_by: |n, of| format!("{n} of {of} have signed"),
        nobody_signed: "Nobody has signed yet.",
        you_signed: |stance| match stance {
            Stance::Carry => "carries it",
            Stance::Reservation => "carries it, with a reservation",
            Stance::Decline => "does not carry it",
        },
        gap: "Private and public",
        gap_private: |n, of| format!("{n} of {of} confident in private (3 or more)"),
        gap_public: |n, of| format!("{n} of {of} carry it by name"),
        gap_quiet: "More carry it in public than are confident in private. That is the quiet no: ask for it before you \
                    close.",
        gap_none: "No more carry it in public than mean it in private.",
        gap_later: "Shown for the group, once three have answered in private and three have signed.",
    },
    close: Close {
        title: "What we decided",
        decided_by: |who| format!("Decided by {who}"),
        group: |verdict, n| {
            let word = match verdict {
                Verdict::Move => "We move",
                Verdict::Wait => "Waits",
                Verdict::Stop => "Stops",
                Verdict::Open => "Open",
            };
            format!("{word} · {n}")
        },
        none: |verdict| match verdict {
            Verdict::Move => "Nothing moves.",
            Verdict::Wait => "Nothing waits.",
            Verdict::Stop => "Nothing stops.",
            Verdict::Open => "Nothing is left open.",
        },
        no_owner: "no owner",
        until: |day| format!("until {day}"),
        days: "The first thirty days",
        no_days: "No decision names a day within thirty days.",
        due: |field| match field {
            "first_step_due" => "First step",
            "ends" => "Ends",
            "expires" => "The wait is over",
            "decide_by" => "To be decided",
            "measure_due" => "Measure due",
            _ => "Looked at again",
        },
        share: "On a pillar of the strategy",
        share_alone: "first sort, alone",
        share_now: "sorted together",
        share_going_on: "without what stops",
        share_projects: "Projects",
        share_cost: "Cost",
        share_people: "People",
        missing: |n| match n {
            1 => "1 decision is incomplete".to_owned(),
            n => format!("{n} decisions are incomplete"),
        },
        missing_none: "Nothing is missing: every decision has its owner, its dates and its triggers.",
        missing_says: "Each opens the decision at the field. What cannot be settled now can be left open: with who decides \
                       it, and by when.",
        undecided: |n| match n {
            1 => "1 project has no verdict".to_owned(),
            n => format!("{n} projects have no verdict"),
        },
        close: "Close the session",
        sure: "Close the session?",
        sure_ballots: "All ballots are erased, from memory and from the disk. The tallies stay.",
        sure_log: |n| match n {
            0 => "No decision goes to the decision log.".to_owned(),
            1 => "1 decision goes to the decision log.".to_owned(),
            n => format!("{n} decisions go to the decision log."),
        },
        sure_missing: |n| match n {
            1 => "1 of them is incomplete, and goes as it is.".to_owned(),
            n => format!("{n} of them are incomplete, and go as they are."),
        },
        sure_reopen: "Nothing changes any more until a facilitator opens it again.",
        yes: "Close it",
        closed: "The session is closed",
        closed_says: "The ballots are erased. The decisions are in the decision log.",
        take_along: "Take the decisions along",
        reopen: "Open it again",
        reopen_says: "A change after that is a further entry of the log. The erased ballots do not come back.",
        waits_for: "The facilitator closes the session.",
    },
    print: Print {
        title: "Print for the day",
        says: "A script for you, ballots for those without a device, and a sheet by which people join.",
        not_yours: "Only a facilitator prints this: the script has what is for them alone.",
        paper: "Paper",
        letter: "Letter",
        parts: "What is printed",
        script: "Script",
        ballots: "Paper ballots",
        join: "Join sheet",
        print: "Print",
        to_board: "To the board",
        no_agenda: "This session has no agenda: there is no script.",
        no_ballots: "No step of the agenda asks anything in private.",
        minutes: |n| format!("{n} min"),
        from_to: |from, to| format!("minute {from} to {to}"),
        now: "On everybody's page",
        say: "Say",
        todo: "Do",
        objection: "If the most powerful person objects",
        late: "If it is late",
        ballot_head: "Paper ballot",
        ballot_promise: "Whoever types this in sees it, and nobody else. It is marked as given on paper; only counts are \
                         shown, and the sheet goes into the shredder.",
        question: |question| match question {
            Question::Placement => {
                "Which pillar would miss its goal this year without this? None: off strategy. Fitting our mission is not \
                 enough."
            }
            Question::Hobby => "Tick what is true. Nothing is an answer, too.",
            Question::Verdict => "Move, wait or stop?",
            Question::Dots => "Write how many of your dots each one gets.",
            Question::Scale => "Tick one number.",
            Question::Text => "In your own words:",
        },
        unknown: "I don't know it",
        claims: [
            "Tied to the strategy",
            "We would lose revenue without it",
            "Our costs would rise without it",
            "The business needs it now: law, contract, safety, to operate",
            "Nothing of it",
        ],
        source: "Where can that be checked?",
        budget: |budget, cap| {
            if budget == cap {
                format!("You have {budget} dots.")
            } else {
                format!("You have {budget} dots, {cap} for one at most.")
            }
        },
        scale: |lowest| {
            if lowest == 0 {
                "0: a fist, not at all. 5: all the way."
            } else {
                "1: not at all. 5: all the way."
            }
        },
        whole: "All of it together",
        later: "What this asks about is known when it opens: print it then.",
        join_title: "Take part from your phone",
        join_scan: "Scan this, or open",
        join_open: "Open",
        join_type: "and type this code:",
        join_private: "No account. What you answer in private is seen by nobody: the room gets counts.",
        join_missing: "The join link could not be fetched.",
    },
};

fn lower(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Move => "move",
        Verdict::Wait => "wait",
        Verdict::Stop => "stop",
        Verdict::Open => "open",
    }
}

/// A field as who fills it in reads it.
fn field(name: &str) -> &'static str {
    match name {
        "owner" => "Owner, one person",
        "effective" => "In force from, if later",
        name => fields::name(name),
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "owner" => "nobody yet",
        "coalition" => "names",
        "first_step" => "what is done first",
        "frees" => "people or money, and where they go",
        "trigger" => "what has to happen first",
        "measure" => "by what we see that it moved",
        "obstacles" => "who or what stands in the way",
        "decided_by" => "a name",
        "override" => "what the room has not weighed",
        "alternatives" => "one a line",
        "consulted" | "informed" => "names",
        _ => "–",
    }
}
