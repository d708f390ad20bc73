//! English: preparing a session.

use super::plural;
use crate::text::prepare::{
    Check, Close, Door, End, Links, People, Pillars, Prepare, Template, TemplatePillar,
};

/// English.
pub(super) const PREPARE: Prepare = Prepare {
    take_requests: "Take requests",
    check: Check {
        title: "Check the portfolio",
        go_on: "Continue",
        reading: "Reading the portfolio…",
        back: "Back",
        import: |n| format!("Import {}", plural(n, "project", "projects")),
        nothing: "Nothing to import",
        importing: "Importing…",
        sheet: |sheet| format!("Read from the sheet “{sheet}”."),
        columns: "Columns",
        columns_hint: "Each column goes to one place. What is kept is shown on the card under its own heading.",
        heading: "In your file",
        samples: "For example",
        field: "Goes to",
        field_of: |heading| format!("{heading} goes to"),
        name: "Name",
        summary: "Summary",
        keep: "Keep on the card",
        ignore: "Leave out",
        first_rows: "First rows",
        no_name: "No column looks like the projects' names. Choose below which one goes to Name.",
        new: |n| format!("{n} new"),
        changed: |n| format!("{n} changed"),
        unchanged: |n| format!("{n} the same already"),
        skipped: |n| format!("{} left out", plural(n, "row", "rows")),
        and_more: |n| format!("and {n} more"),
    },
    pillars: Pillars {
        title: "Pillars",
        none: "No pillars yet. Type them, paste them from a document, or begin with a template.",
        counted: |n, most| format!("{n} of up to {most}"),
        full: |most| {
            format!(
                "That is more than the {most} pillars that a board holds. Leave some out, or bring them together."
            )
        },
        name: "Name",
        name_missing: "A pillar needs a name. The old one was kept.",
        length: |n, most| format!("{n} of {most} characters"),
        intent: "What it is meant to bring about",
        goals: "Goals",
        goals_hint: "One a line, each with its measure, such as: Complaints halved – below 2 in 100 by June.",
        measure: "How we will know",
        rules_out: "What it rules out",
        owner: "Who answers for it",
        colour: "Colour",
        colour_of: |n| format!("Colour {n}"),
        up: |name| format!("Move {name} up"),
        down: |name| format!("Move {name} down"),
        remove: |name| format!("Remove {name}"),
        removed: |name| format!("{name} was removed."),
        taken_off: |name| format!("{name} was removed. Its projects are unsorted."),
        goals_counted: |n| plural(n, "goal", "goals"),
        add: "Add pillars",
        add_hint: "One a line. From a table: name, intent, goals, measure, what it rules out, owner.",
        add_placeholder: "Customers first\nOne platform\nSafe and lawful",
        add_counted: |n| match n {
            1 => "Add 1 pillar".to_owned(),
            n => format!("Add {n} pillars"),
        },
        templates: "Or from a template:",
        done: "Done",
        template_added: |n| match n {
            1 => "1 pillar was added.".to_owned(),
            n => format!("{n} pillars were added."),
        },
        template_known: "All of these are here already.",
        all: [
            Template { label: "Six pillars", pillars: SIX },
            Template { label: "Balanced scorecard", pillars: SCORECARD },
            Template { label: "Objectives and key results", pillars: OBJECTIVES },
        ],
    },
    people: People {
        title: "People",
        joined: |joined, here| format!("{joined} joined, {here} here now"),
        here: "here",
        away: "away",
        role: "Role",
        facilitator: "Facilitator",
        scribe: "Scribe",
        decider: "Decider",
        participant: "Participant",
        observer: "Observer",
        facilitator_hint: "Prepares and drives the session, as you do.",
        scribe_hint: "Takes part, and keeps the texts of the decisions.",
        decider_hint: "Takes part, and settles verdicts.",
        participant_hint: "Takes part.",
        observer_hint: "Looks on and changes nothing.",
        make: |role| format!("Make {}", role.to_lowercase()),
        name: "Name",
        rename: "Rename",
        same_as: "The same person as",
        choose: "Choose…",
        merge_with: "Merge…",
        merge: "Merge",
        merge_ask: |from, into| {
            format!(
                "What {from} has done goes over to {into}, and {from} leaves the list and is disconnected. On that device \
                 they come back by a personal link of {into}'s own. What {from} has answered in private counts, and is \
                 shown to nobody. This cannot be undone."
            )
        },
        remove: "Remove",
        remove_ask: |name| {
            format!(
                "{name} is disconnected at once and cannot come back by their link. What they placed stays where it is."
            )
        },
        remove_yes: "Remove from the session",
        own_link: "New personal link",
        own_link_hint: |name| {
            format!(
                "For {name}, who has lost theirs. It is good once; everything {name} has now stops working, what they have \
                 answered in private is shown to nobody, and everybody sees that somebody came in by your link."
            )
        },
        let_in: |by| format!("came in by a link that {by} made"),
        let_in_now: |name, by| format!("Somebody has come in as {name}, by a link that {by} made."),
        own_link_label: |name| format!("Personal link of {name}"),
        add: "Someone without a device",
        add_hint: "They are in the list and can be named as an owner; you work for them.",
        add_button: "Add",
        saved: "Done.",
        offline: "No connection. The list is as it was last seen, and nothing can be changed in it now.",
    },
    links: Links {
        test: "Test with your phone",
        test_hint: "before people come: whether a device in the room's network reaches this session.",
        test_begin: "Begin the test",
        test_again: "Test again",
        test_end: "End the test",
        test_waiting: "Scan this picture with the phone, or open the link there, and join. Only who comes by it counts.",
        test_alone: "Nothing can arrive from another device while only this computer can reach the server.",
        test_qr: "The test's own link as a QR code",
        test_link: "Link of the test",
        test_come: "You came by the picture of a test. Once you have joined, whoever began it sees that this device has \
                    arrived.",
        test_own: "The test was begun in this browser, so it does not count. Scan the picture with another device.",
        test_done: |name| {
            format!("A device has come by it, as {name}. Others in the same network can reach this session.")
        },
        device: "Your own other device",
        device_hint: "Opens this session as you, once. Use it yourself: whoever comes in by it reads what you answer.",
        device_make: "Make a personal link",
        device_qr: "Your personal link as a QR code",
        entered: "One more device has come in as you, by your personal link. Was that not you? Tell the facilitator.",
        door: Door {
            looking: "Looking at the link…",
            title: |name| format!("Come in as {name}"),
            own: |name| {
                format!(
                    "This link was made where {name} is in the session already, and is good once. Use it only if that was \
                     you: whoever made it sees what you answer here."
                )
            },
            made: |name, by| {
                format!(
                    "{by} made this link for {name}. It is good once, and everybody sees that somebody came in by it. What \
                     you answer in private is yours alone from then on."
                )
            },
            come_in: "Come in",
            not_me: |name| format!("I am not {name}"),
            no_good: "This link opens nothing",
        },
        renew: "Replace code and links",
        renew_hint: "The old one is dead at once. Who is in the session by a code stays in.",
        renew_code: "Join code",
        renew_code_means: "The old code, the old join link and every printed picture of it stop working.",
        renew_observer: "Observers' link",
        renew_observer_means: "The wall and every guest are disconnected. Open the wall again by the new link.",
        renew_facilitator: "Facilitator's link",
        renew_facilitator_means: "The old facilitator's link stops working everywhere. This browser keeps its place.",
        renew_yes: "Replace",
        renew_sure: "Really replace",
        renewed: "This is the new one:",
        hand_over: "Hand the session to someone else",
        hand_over_hint: "Who has joined is made facilitator under People. For somebody else, make a link here: whoever uses \
                         it first drives the session under this name, and it is good once.",
        hand_over_name: "Their name",
        no_observer_link: "This browser does not know the link, and nobody can be told an old one. A new one opens the wall \
                           from here; the old one is dead at once, and a wall or a guest who came by it is disconnected.",
        observer_make: "Make a new link",
        observer_sure: "Make it, and end the old one",
        come_again: "This device is in the session already.",
        continue_as: |name| format!("Continue as {name}"),
        someone_else: "Someone else",
        someone_else_hint: "Several people can use one device, each in a tab of their own.",
    },
    close: Close {
        close: "Close the session",
        close_means: &[
            "Nothing changes any more: no card, no note and no decision, for nobody, you included.",
            "Nobody new can join. Who is here goes on reading the board, and the wall goes on showing it.",
            "What somebody has done without a connection and not sent yet is taken back when they return, and they are \
             told.",
            "Every decision goes into the decision log, where it is superseded by a later one and never changed.",
            "The private answers of all ballots are erased for good, from the disk too. What was revealed stays.",
            "Whatever was asked or said unsigned and waits to be shown appears now.",
            "Nothing else is deleted: you can export the decisions, and resume the session at any time.",
        ],
        resume: "Resume the session",
        resume_means: &[
            "Everybody goes on where they were, and cards, notes and decisions can be changed again.",
            "Others can join by the code again.",
            "Private answers that were erased at the close do not come back.",
            "What went into the decision log stays there: another verdict is a further entry at the next close.",
        ],
    },
    end: End {
        title: "Delete the session",
        says: |title| {
            format!(
                "“{title}” is erased for everybody, with its board, its notes and its decisions. Nothing can bring it back. Export the decisions first if you need them."
            )
        },
        type_title: "Type the title to confirm",
        does_not_match: "This is not the title of the session.",
        yes: "Delete for good",
        deleting: "Deleting…",
        done: |title| format!("“{title}” was deleted."),
        no_key: "Only the holder of the workspace key can delete a session. Open the link that the server printed when it \
                 started, in this browser, and try again.",
        button_for: |title| format!("Delete {title}"),
    },
};

const fn pillar(
    name: &'static str,
    intent: &'static str,
    goals: &'static [&'static str],
    measure: &'static str,
    rules_out: &'static str,
) -> TemplatePillar {
    TemplatePillar { name, intent, goals, measure, rules_out }
}

/// Six pillars that fit many organisations, each with what it rules out.
const SIX: &[TemplatePillar] = &[
    pillar(
        "Customers first",
        "Those who pay for us choose us again.",
        &["Complaints halved – below 2 in 100 orders", "Every request answered – within one working day"],
        "Customers who renew, in per cent",
        "Features that no customer has asked for",
    ),
    pillar(
        "One platform",
        "One way of doing each thing, for all of us.",
        &["Old systems switched off – four this year"],
        "Systems in use for the same purpose",
        "New tools beside the platform",
    ),
    pillar(
        "Safe and lawful",
        "Nobody is harmed and no duty is missed.",
        &["No reportable incident – all year", "Audit findings closed – within 90 days"],
        "Open findings older than 90 days",
        "Going beyond what the law asks for its own sake",
    ),
    pillar(
        "Grow the core",
        "More of what we are best at.",
        &["Revenue of the core – up by 8 per cent"],
        "Revenue of the core, compared with last year",
        "New markets before the core has grown",
    ),
    pillar(
        "People and skills",
        "The right people stay and learn.",
        &["Critical posts filled – within 60 days"],
        "Regretted departures in a year",
        "Programmes without a post that needs them",
    ),
    pillar(
        "Net zero",
        "We emit less every year, measurably.",
        &["Emissions – down by 10 per cent this year"],
        "Tonnes of CO₂ equivalent",
        "Offsets in place of reductions",
    ),
];

/// The four perspectives of the balanced scorecard.
const SCORECARD: &[TemplatePillar] = &[
    pillar(
        "Financial",
        "To succeed financially, how should we appear to those who fund us?",
        &["Operating margin – above plan"],
        "Operating margin, in per cent",
        "Spending that no goal in another perspective needs",
    ),
    pillar(
        "Customer",
        "To reach our vision, how should we appear to our customers?",
        &["Customers who would recommend us – more than last year"],
        "Customers who would recommend us, in per cent",
        "Serving everybody equally well",
    ),
    pillar(
        "Internal processes",
        "At which processes must we excel to satisfy customers and funders?",
        &["Time from order to delivery – cut by a third"],
        "Days from order to delivery",
        "Improving what customers do not notice",
    ),
    pillar(
        "Learning and growth",
        "To reach our vision, how will we sustain our ability to change and improve?",
        &["Key roles with a successor – all of them"],
        "Key roles with a successor, in per cent",
        "Training without a use in this plan",
    ),
];

/// Objectives with key results, to be written over.
const OBJECTIVES: &[TemplatePillar] = &[
    pillar(
        "Objective 1: delight the customers we have",
        "Inspiring and without a number; the key results below have them.",
        &["Key result: renewals from 82 to 90 per cent", "Key result: response from 3 days to 1"],
        "Average of the key results, 0 to 1; 0.7 is good",
        "Winning new kinds of customers this quarter",
    ),
    pillar(
        "Objective 2: make delivery boring",
        "Nothing about a release should be exciting.",
        &["Key result: failed changes from 12 to 4 in 100", "Key result: recovery from 6 hours to 1"],
        "Average of the key results, 0 to 1; 0.7 is good",
        "New systems before the old ones are quiet",
    ),
    pillar(
        "Objective 3: a team that stays",
        "People do their best work here and know why.",
        &[
            "Key result: regretted departures from 9 to 4",
            "Key result: open posts filled in 45 days, from 80",
        ],
        "Average of the key results, 0 to 1; 0.7 is good",
        "Reorganisation for its own sake",
    ),
];
