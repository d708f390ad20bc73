//! English: the webhooks.

use crate::{
    hooks::{DeliveryState, EventKind, HookState},
    text::hooks::{Form, Hooks, List, Removing, Secret},
};

/// English.
pub(in crate::text) static HOOKS: Hooks = Hooks {
    title: "Webhooks",
    says: "Who outside is told what happens here, and reminded of what is due: a chat, a ticket system, a program of yours.",
    add: "Add a webhook",
    empty_title: "Nobody outside is told yet",
    empty: "Add an address, and Plumbline posts to it when a session is closed, when something is decided or changed, and \
            when a decision's day has come. Every delivery is signed, and tried again for days.",
    full: "There are as many webhooks as there can be. Remove one that is not used any more.",
    state: |state| match state {
        HookState::On => "On",
        HookState::Failing => "Failing",
        HookState::Off => "Off",
    },
    off: |why, since| match why {
        "gone" => format!(
            "It said on {since} that it is gone (410), and was turned off. What happens now waits for it."
        ),
        "failing" => format!(
            "It took nothing for days, and was turned off on {since}. Look at its deliveries for the reason; what happens \
             now waits for it."
        ),
        _ => format!("It was turned off on {since}. What happens now waits for it."),
    },
    failing: |since| {
        format!(
            "It has taken nothing since {since}. What waits is tried again; what failed can be delivered again."
        )
    },
    taken: |at| format!("It last took something on {at}."),
    never_taken: "It has not taken anything yet. Send it a test.",
    both_until: |until| format!("Until {until} deliveries are signed by the old secret, too."),
    waiting: |n| if n == 1 { "1 delivery waits".to_owned() } else { format!("{n} deliveries wait") },
    failed: |n| format!("{n} failed"),
    told: |kind| match kind {
        EventKind::SessionClosed => "sessions closed",
        EventKind::DecisionLogged => "decisions made",
        EventKind::DecisionChanged => "decisions changed",
        EventKind::DecisionDue => "what is due",
        EventKind::Test => "tests",
    },
    told_all: "everything",
    with_names: "with names",
    test: "Send a test",
    tested: "A test is on its way.",
    deliveries: "Deliveries",
    edit: "Change",
    rotate: "Renew the secret",
    turn_off: "Turn off",
    turn_on: "Turn on",
    turned_off: "It is off. What happens now waits for it.",
    turned_on: "It is on. What waited is on its way.",
    remove: "Remove",
    form: Form {
        add_title: "Add a webhook",
        edit_title: "Change the webhook",
        url: "Address",
        url_hint: "Where Plumbline posts to: a public address, by https.",
        url_missing: "Enter the address of the receiver.",
        name: "Name",
        name_example: "Chat of the project office",
        events: "What it is told of",
        events_missing: "Choose at least one.",
        event: |kind| match kind {
            EventKind::SessionClosed => ("Sessions closed", "Whenever a session ends."),
            EventKind::DecisionLogged => ("Decisions made", "Each decision that a session leaves behind."),
            EventKind::DecisionChanged => (
                "Decisions changed",
                "Accepted, winding down, superseded, reversed, or told to those whom it concerns.",
            ),
            EventKind::DecisionDue => {
                ("What is due", "On the day: reviews, ends, expiries, first steps, measures.")
            }
            EventKind::Test => ("Tests", ""),
        },
        content: "How much it is told",
        thin: "Numbers and links",
        thin_says: "Which decision it is, and where to look. Whoever reads it needs the workspace key to see more.",
        everyone: "What everybody may know, too",
        everyone_says: "Project, verdict, owner and days. Of a stop nothing before those whom it concerns have been told.",
        submit: "Add",
        save: "Save",
        busy: "Looking at the address…",
    },
    secret: Secret {
        label: "Secret",
        says: "Copy it now: it is shown this once. The receiver needs it to check that a delivery is from here.",
        how: "There are ready-made libraries for that in most languages, by the name of Standard Webhooks.",
        done: "I have copied it",
        rotate_title: "Renew the secret?",
        rotate_says: &[
            "You are shown a new secret, once. Put it in where deliveries are received.",
            "For 24 hours deliveries are signed by both, so that none is refused meanwhile.",
            "After that the old one is worth nothing, and is erased here.",
        ],
        rotate: "Renew",
    },
    removing: Removing {
        title: "Remove the webhook?",
        says: |name| {
            format!(
                "{name} is told nothing any more. Its secret and its deliveries are erased, those that wait, too."
            )
        },
        yes: "Remove",
        gone: "It is removed.",
    },
    list: List {
        all: "All",
        state: |state| match state {
            DeliveryState::Waiting => "Waiting",
            DeliveryState::Delivered => "Taken",
            DeliveryState::Failed => "Failed",
            DeliveryState::Lapsed => "Not sent",
        },
        which: "Which deliveries are shown",
        none: "Nothing has been sent yet.",
        none_like_that: "No delivery stands like that.",
        about: |kind, decision| {
            let decision = decision.unwrap_or_default();
            match kind {
                EventKind::SessionClosed => "A session was closed".to_owned(),
                EventKind::DecisionLogged => format!("Decision {decision} was made"),
                EventKind::DecisionChanged => format!("Decision {decision} was changed"),
                EventKind::DecisionDue => format!("Decision {decision} is due"),
                EventKind::Test => "Test".to_owned(),
            }
        },
        next: |at| format!("Next attempt {at}"),
        paused: "Waits until the webhook is turned on",
        tries: |n| if n == 1 { "1 attempt".to_owned() } else { format!("{n} attempts") },
        replay: "Deliver again",
        replay_failed: |n| {
            if n == 1 {
                "Deliver the failed one again".to_owned()
            } else {
                format!("Deliver all {n} failed ones again")
            }
        },
        replayed: "It is on its way again.",
        outcome,
        took: |ms| if ms < 1_000 { format!("{ms} ms") } else { format!("{} s", (ms + 500) / 1_000) },
        answered: "It answered",
        attempts: "Attempts",
        event: "Event",
        more: "Show more",
    },
};

fn outcome(status: Option<u64>, trouble: Option<&str>) -> String {
    let words = match (status, trouble) {
        (Some(200..=299), _) => "Taken",
        (Some(300..=399), _) => "It redirects, which is not followed. Enter the address that it leads to.",
        (Some(401 | 403), _) => "It lets nobody in. Check whether it wants something else than a signature.",
        (Some(404), _) => "There is nothing at this address. Check its path.",
        (Some(410), _) => "It says that it is gone for good.",
        (Some(429), _) => "It asks for more time.",
        (Some(400..=499), _) => "It does not want this. Check its secret, and what it expects.",
        (Some(500..=599), _) => "It has a fault of its own.",
        (None, Some("refused")) => "Not sent: the address leads to where nothing is delivered.",
        (None, Some("unresolved")) => "Not sent: its name is not known.",
        (None, Some("unreachable")) => "Not sent: nobody listens there.",
        (None, Some("certificate")) => "Not sent: its certificate is not one that the server trusts.",
        (None, Some("timed_out")) => "It took too long.",
        _ => "The connection broke.",
    };
    status.map_or_else(|| words.to_owned(), |status| format!("{status}: {words}"))
}
