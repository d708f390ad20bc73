//! English: what a round came to, for the room.

use plumbline_shared::{
    methods::HobbyOutcome,
    words::{Claim, Question, Verdict},
};

use super::plural;
use crate::text::reveal::{
    BesideText, Claims, Detail, Dots, Evidence, Queue, Reveal, Scale, Sorting, Texts, Verdicts, WallText,
};

/// English.
pub(super) const REVEAL: Reveal = Reveal {
    title: |question| match question {
        Question::Placement => "How the room sorts the portfolio",
        Question::Hobby => "What the room claims",
        Question::Verdict => "What the room would do",
        Question::Dots => "Where the dots lie",
        Question::Scale => "What the room answered",
        Question::Text => "What the room wrote",
    },
    answered: |answered, of, on_paper| match on_paper {
        0 => format!("{answered} of {of} answered"),
        on_paper => format!("{answered} of {of} answered, {on_paper} of them on paper"),
    },
    sat_out: |answered, out| format!("{answered} answered, {out} sat out"),
    heard: |answered, of| format!("{answered} of {of} answered"),
    round: |number| format!("Round {number}"),
    rounds: "Rounds",
    side_by_side: "Side by side",
    nothing_asked: "Nothing was asked of in this round: no project was among its subjects when it opened.",
    not_revealed: "Nothing has been revealed in this step.",
    too_few: "Fewer than three answered. Nothing is shown, since it would show who.",
    gone: "No longer on the board",
    talk_about: "Talk about it: show it to everybody, and open its card",
    open_card: "Open the card",
    spotlight: "being talked about",
    spotlight_off: "End the talk",
    sorting: Sorting {
        beats: "Three beats",
        shape: "The shape",
        agreed: "What the room agrees on",
        splits: "Where it splits",
        agreed_tab: |count| format!("Agreed: {count}"),
        splits_tab: |count| format!("Splits: {count}"),
        on_pillars: |on, of| format!("The room puts {on} of {of} projects on a pillar."),
        on_none: |off| match off {
            0 => "It puts none off strategy.".to_owned(),
            off => format!("It puts {off} off strategy."),
        },
        tied: |tied| match tied {
            1 => "On 1 there is no largest pile: as many say one as another.".to_owned(),
            tied => format!("On {tied} there is no largest pile: as many say one as another."),
        },
        tied_name: "No largest pile",
        unknown_name: "Nobody knows it",
        few_name: "Too few answers",
        cost_share: |share, known, of| {
            if known == of {
                format!("{share} of the cost is on a pillar.")
            } else {
                format!("{share} of the cost is on a pillar, as far as it is known: for {known} of {of}.")
            }
        },
        people_share: |share, known, of| {
            if known == of {
                format!("{share} of the people work on a pillar.")
            } else {
                format!("{share} of the people work on a pillar, as far as it is known: for {known} of {of}.")
            }
        },
        now_on_pillars: |on, of, cost| match cost {
            Some(cost) => {
                format!("On the board, {on} of {of} stand on a pillar now, with {cost} of the cost.")
            }
            None => format!("On the board, {on} of {of} stand on a pillar now."),
        },
        dim: |count| match count {
            1 => "Half of the room or more does not know 1 of them".to_owned(),
            count => format!("Half of the room or more does not know {count} of them"),
        },
        dim_mark: "Half of the room does not know it",
        agreed_on: |agreed, of| format!("The room agrees on {agreed} of {of}"),
        agreed_none: "There is nothing on which three in four say the same.",
        agreed_means: "Three in four or more of those who chose say the same, and it is hardly in doubt whether it is on \
                       the strategy at all.",
        of_room: |count, of| format!("{count} of {of}"),
        place: |count| match count {
            1 => "Place the 1 that is agreed".to_owned(),
            count => format!("Place the {count} that are agreed"),
        },
        place_hint: "Each goes onto the pile on which the room agrees, in one go. You can take it back.",
        all_placed: "All of it lies where the room agrees.",
        placed: |count| format!("{} placed.", plural(count, "card", "cards")),
        take_back: "Take them back",
        split_on: |split, of| format!("The room splits on {split} of {of}"),
        split_none: "There is nothing on which it splits.",
        split_order: "Whether it is on the strategy at all comes first, then on which pillar.",
        by_cost: "By cost, too",
        project: "Project",
        room: "Room",
        off: "Off strategy",
        others: "Other pillars",
        unknown: "Don’t know it",
        two_camps: "Two camps",
        off_on: |off, on| match (off, on) {
            (0, on) => format!("{on} on"),
            (off, 0) => format!("{off} off"),
            (off, on) => format!("{off} off, {on} on"),
        },
        on: |count, pillar| format!("{count} on {pillar}"),
        off_count: |count| format!("{count} off"),
        do_not_know: |count, of| match count {
            1 => format!("1 of {of} doesn’t know it"),
            count => format!("{count} of {of} don’t know it"),
        },
        know_not: |count| match count {
            1 => "1 doesn’t know it".to_owned(),
            count => format!("{count} don’t know it"),
        },
        one_of: |at, of| format!("{at} of {of}"),
        previous: "Previous",
        next: "Next",
        cell: |count, name| format!("{count}: {name}"),
    },
    detail: Detail {
        title: "For you alone: how far the room agrees, in numbers",
        alpha: "Krippendorff’s alpha",
        alpha_says: |alpha, ends| match ends {
            Some((low, high)) => {
                format!("{alpha}; with other projects of the same kind between {low} and {high}")
            }
            None => alpha.to_owned(),
        },
        alpha_none: "It cannot be computed: there is nothing to tell apart.",
        alpha_means: "Alpha is agreement beyond what chance would give: 1 where all say the same everywhere, 0 where \
                      it is no better than drawing lots, below that where people say the opposite of each other.",
        mean: "Mean pairwise agreement",
        mean_says: |share, projects| {
            format!(
                "{share}: so often two people who are picked at random put a project on the same pile, over {}",
                plural(projects as usize, "project", "projects")
            )
        },
        mean_none: "It cannot be computed: no project has two answers.",
        misleads: "Most of the board sits in one pile here. Alpha is then low although most people agree; go by the \
                   pairwise agreement.",
    },
    queue: Queue {
        title: "What is talked about",
        left: |left, of| format!("{left} of {of} contested to place"),
        all_placed: |of| match of {
            1 => "The contested one is placed".to_owned(),
            of => format!("All {of} contested are placed"),
        },
        each: |time| format!("{time} for each."),
        this_one: |time| format!("{time} left for this one"),
        over: |time| format!("{time} over"),
        only: "Only this card",
        only_means: "While it is talked about, participants can place no other card",
        only_says: "Only this card can be placed now",
        choose: "Talk about…",
        placed_mark: "placed",
        discussed: "Being talked about",
        flags: |count| match count {
            1 => "1 person asks whether it is a hobby".to_owned(),
            count => format!("{count} people ask whether it is a hobby"),
        },
        people: |people| format!("{people} people"),
    },
    evidence: Evidence {
        alone: |count| match count {
            1 => "How 1 person sorted it alone".to_owned(),
            count => format!("How {count} people sorted it alone"),
        },
        alone_round: |count, round| format!("How {count} people sorted it alone, round {round}"),
        four_questions: "The four questions",
        verdict: "What the room would do",
        dots: "Dots",
        earlier: |round, says| format!("Round {round}: {says}"),
    },
    claims: Claims {
        outcome: |outcome| match outcome {
            HobbyOutcome::Strategic => "Strategic",
            HobbyOutcome::MissionCritical => "Mission-critical",
            HobbyOutcome::Hobby => "Hobby",
            HobbyOutcome::Contested => "Contested",
            HobbyOutcome::TooFew => "Too few answers",
        },
        outcome_means: |outcome| match outcome {
            HobbyOutcome::Strategic => "More than half tie it to the strategy",
            HobbyOutcome::MissionCritical => "The business needs it, though it is not tied to the strategy",
            HobbyOutcome::Hobby => "More than half claim nothing for it, and no claim of fact stands",
            HobbyOutcome::Contested => "No answer has more than half, or a claim waits to be checked",
            HobbyOutcome::TooFew => "Less than half of the room answered",
        },
        outcomes: |outcome, count| match outcome {
            HobbyOutcome::Strategic => format!("{count} strategic"),
            HobbyOutcome::MissionCritical => format!("{count} mission-critical"),
            HobbyOutcome::Hobby => plural(count, "hobby", "hobbies"),
            HobbyOutcome::Contested => format!("{count} contested"),
            HobbyOutcome::TooFew => format!("{count} with too few"),
        },
        none_of: |none, of| match none {
            0 => format!("A claim from all {of}"),
            none => format!("No claim for {none} of {of}"),
        },
        claimed: |claim, count| match claim {
            Claim::Strategy => format!("strategy {count}"),
            Claim::Revenue => format!("revenue {count}"),
            Claim::Expense => format!("cost {count}"),
            Claim::Required => format!("required {count}"),
        },
        one_vote_away: "One vote away",
        waits: |count| match count {
            1 => "1 claim waits to be checked before it decides. Facts are not voted away.".to_owned(),
            count => {
                format!("{count} claims wait to be checked before they decide. Facts are not voted away.")
            }
        },
        waiting: |claim, count| match (claim, count) {
            (Claim::Revenue, 1) => "1 says that revenue would be lost. To be checked.".to_owned(),
            (Claim::Revenue, count) => format!("{count} say that revenue would be lost. To be checked."),
            (_, 1) => "1 says that the business needs it now. To be checked.".to_owned(),
            (_, count) => format!("{count} say that the business needs it now. To be checked."),
        },
        no_source: "No source was named.",
        sources: "Where it can be checked",
        stands: "It stands",
        falls: "It does not stand",
        check: |claim| match claim {
            Claim::Revenue => "Revenue would be lost",
            Claim::Required => "The business needs it now",
            Claim::Strategy => "Tied to the strategy",
            Claim::Expense => "Costs would rise",
        },
        checked: |claim, stands| match (claim, stands) {
            (Claim::Revenue, true) => "Checked: revenue would be lost without it.",
            (Claim::Revenue, false) => "Checked: no revenue would be lost without it.",
            (_, true) => "Checked: the business needs it now.",
            (_, false) => "Checked: the business does not need it now.",
        },
        take_back: "Take the check back",
        mark: "Hobby",
        mark_says: "a hobby: the room claims nothing for it",
    },
    verdict: Verdicts {
        words: |verdict, count| match verdict {
            Verdict::Move => format!("{count} move"),
            Verdict::Wait => format!("{count} wait"),
            Verdict::Stop => format!("{count} stop"),
            Verdict::Open => format!("{count} open"),
        },
        room: |verdict| match verdict {
            Verdict::Move => "The room: move",
            Verdict::Wait => "The room: wait",
            Verdict::Stop => "The room: stop",
            Verdict::Open => "The room: open",
        },
        no_majority: "No majority",
        majority: "A verdict of the room is what more than half of those who answered say; otherwise there is none.",
        summary: |verdict, count| match verdict {
            Verdict::Move => format!("{count} to move"),
            Verdict::Wait => format!("{count} to wait"),
            Verdict::Stop => format!("{count} to stop"),
            Verdict::Open => format!("{count} open"),
        },
        undecided: |count| format!("{count} without a majority"),
    },
    dots: Dots {
        says: |dots, people| match (dots, people) {
            (0, _) => "no dots".to_owned(),
            (dots, people) => format!(
                "{} from {}",
                plural(dots as usize, "dot", "dots"),
                plural(people as usize, "person", "people")
            ),
        },
        rank: |rank, tied| if tied { format!("{rank}=") } else { rank.to_string() },
        ties: "Those with as many dots share a place (=). How many people they come from breaks no tie.",
    },
    scale: Scale {
        session: "The session as a whole",
        median: |value| format!("Half say {value} or more."),
        spread: |low, high| {
            if low == high {
                format!("The middle half says {low}.")
            } else {
                format!("The middle half lies between {low} and {high}.")
            }
        },
        chosen: |value, count| format!("{count} × {value}"),
        together: "For you: the room is close together.",
        near: "For you: the room is fairly close together.",
        apart: "For you: the room is apart.",
        far: "For you: the room is far apart.",
    },
    texts: Texts { order: "Unsigned, in an order that has nothing to do with who wrote first." },
    beside: BesideText {
        title: |first, second| format!("Round {first} and round {second}"),
        never: "That people moved closer does not make them right, nor the first round wrong.",
        agreed: |before, after| format!("Agreed: {before} before, {after} now."),
        split: |before, after| format!("Split: {before} before, {after} now."),
        changed: |changed, same| {
            format!(
                "{} changed; {same} are as before.",
                plural(changed, "answer of the room", "answers of the room")
            )
        },
        alone: |count| format!("{count} can be told of one of the two rounds only."),
        all_same: "The counts are the same in both.",
    },
    wall: WallText {
        dots_each: |budget| format!("{} for each of us.", plural(budget as usize, "dot", "dots")),
        items: |count| plural(count, "project", "projects"),
        ready: "It opens in a moment",
        open: "Answer on your own device",
        sealed: "Sealed: no more answers are taken",
        promise: "The room gets counts. The answers are erased at the close.",
        page: |at, of| format!("{at} of {of}"),
        waits: |claims| plural(claims, "claim to be checked", "claims to be checked"),
        decided: |decided| format!("{decided} decided so far"),
        nothing_decided: "Nothing is decided yet.",
        signed: |signed, of| format!("{signed} of {of} have signed."),
        stances: |carry, reservation, decline| {
            let said = [
                (carry, if carry == 1 { "carries it" } else { "carry it" }),
                (reservation, "with a reservation"),
                (decline, if decline == 1 { "does not carry it" } else { "do not carry it" }),
            ];
            let said = said.into_iter().filter(|(count, _)| *count > 0);
            let said: Vec<String> = said.map(|(count, says)| format!("{count} {says}")).collect();
            format!("{}.", said.join(", "))
        },
        close_title: "What we have decided",
        still_open: |count| match count {
            0 => "Nothing is left open.".to_owned(),
            1 => "1 is left open.".to_owned(),
            count => format!("{count} are left open."),
        },
        share_rose: |before, after, of| {
            format!("On a pillar: {before} of {of} in the first sort, {after} of {of} now.")
        },
    },
};
