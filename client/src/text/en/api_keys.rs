//! English: the page about API keys.

use crate::text::api_keys::{ApiKeys, Form, Made, Scope};

/// English.
pub(super) static API_KEYS: ApiKeys = ApiKeys {
    title: "API keys",
    says: "A program that works with this workspace comes with a key of its own. It opens what you choose, until its last \
           day, and can be revoked at any moment. The workspace key itself goes to nobody.",
    described: "What programs can do: the API, call by call",
    none_title: "No program has a key",
    none: "Make one for each program that reads decisions, founds sessions or answers requests: then each can be revoked \
           without the others.",
    full: "There are 100 keys. Revoke one that nobody needs before you make another.",
    form: Form {
        title: "New key",
        name: "What it is for",
        name_hint: "The program, as you will know it in a year.",
        name_missing: "Say what the key is for, so that somebody knows in a year whether it is still needed.",
        opens: "What it opens",
        opens_missing: "Choose at least one: a key that opens nothing is of no use.",
        until: "Last day",
        until_hint: "Within a year. From the day after, it opens nothing.",
        until_wrong: |first, last| format!("Choose a day from {first} to {last}."),
        submit: "Make the key",
        on_its_way: "Making the key …",
    },
    made: Made {
        title: |name| format!("The key for “{name}”"),
        says: "Copy it to where the program keeps its secrets. It is shown this once: the server keeps a fingerprint of it, \
               and cannot show it again.",
        label: "The API key",
        how: "The program sends it with each call, as Authorization: Bearer and the key.",
        done: "I have copied it",
    },
    scopes: &[
        Scope {
            word: "decisions:read",
            title: "Read decisions",
            says: "The decision log, with its evidence, and the pillars over the sessions.",
        },
        Scope {
            word: "decisions:write",
            title: "Enter what became of decisions",
            says: "Accepted, done, superseded, reversed, and who was told. Nothing is ever overwritten.",
        },
        Scope {
            word: "exports:read",
            title: "Fetch files",
            says: "Decisions as Markdown, CSV, JSON, XLSX, HTML and calendar dates.",
        },
        Scope {
            word: "sessions:read",
            title: "Read sessions",
            says: "Their boards, and the codes by which people come in. Never anybody's answers.",
        },
        Scope {
            word: "sessions:write",
            title: "Found and erase sessions",
            says: "It facilitates the sessions that it founds, and erases any of them for good.",
        },
        Scope {
            word: "webhooks",
            title: "Look after webhooks",
            says: "Adds and removes who outside is told what happens, and delivers again.",
        },
        Scope {
            word: "intake",
            title: "Answer requests",
            says: "Reads the requests for new work, answers and erases them. Not the link to the form.",
        },
    ],
    good: "Good",
    ends_in: |days| match days {
        0 => "Ends today".to_owned(),
        1 => "Ends tomorrow".to_owned(),
        days => format!("Ends in {days} days"),
    },
    over: "Expired",
    from_to: |made, until| format!("Made on {made}, good until {until}"),
    was_from_to: |made, until| format!("Made on {made}, was good until {until}"),
    used: |day| format!("Last used on {day}"),
    used_today: "Used today",
    unused: "Never used",
    revoke: "Revoke",
    revoke_title: "Revoke this key?",
    revoke_says: |name| {
        format!(
            "Whatever works with the key for “{name}” is shut out at once. That cannot be undone; another key can be made."
        )
    },
    revoke_over: |name| {
        format!("The key for “{name}” has expired and opens nothing. It is taken off this list.")
    },
    revoked: |name| format!("The key for “{name}” opens nothing any more."),
};
