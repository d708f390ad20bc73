//! Saving and connection, told as they are.

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::{wire::CloseCode, words::Role};
use plumbline_sync::{Connection, Status};

use super::{Icon, changing};
use crate::{
    api,
    effect::{effect, memo},
    route::Route,
    session::Live,
    storage,
    text::text,
};

/// The one word for a status: for styles and tests.
fn word(status: Status) -> &'static str {
    match status.connection {
        Connection::Refused { .. } => "refused",
        Connection::Offline => "offline",
        Connection::Connecting if status.synced => "offline",
        Connection::Connecting => "connecting",
        Connection::Live if status.unsaved > 0 || status.unanswered > 0 => "saving",
        Connection::Live => "saved",
    }
}

/// *Saved*, *Saving…*, *Offline, 3 changes unsent*.
#[component]
pub(crate) fn StatusPill(
    /// The session.
    live: Live,
) -> impl IntoView {
    let state = memo(move |_| word(live.status.get()));
    let says = move || {
        let words = &text().status;
        let status = live.status.get();
        match state.get() {
            "saved" if live.looks_on() => words.looking_on.to_owned(),
            "saved" => words.saved.to_owned(),
            "saving" => words.saving.to_owned(),
            "refused" => words.refused.to_owned(),
            "connecting" => words.connecting.to_owned(),
            _ => (words.offline_unsent)(status.unsent.max(status.unsaved)),
        }
    };
    view! {
        <span
            class="status"
            data-testid="status"
            data-state=move || state.get()
            data-unsent=move || live.status.get().unsent.to_string()
        >
            {says}
        </span>
    }
}

/// Our sentence for a close code.
fn sentence(code: u16) -> Option<&'static str> {
    let words = &text().status;
    let says = [
        (CloseCode::NotAdmitted, words.not_admitted),
        (CloseCode::Refused, words.removed),
        (CloseCode::NoSuchSession, words.no_such_session),
        (CloseCode::TooSlow, words.too_slow),
        (CloseCode::Replaced, words.replaced),
        (CloseCode::TooLarge, words.too_large),
        (CloseCode::TooFast, words.too_fast),
        (CloseCode::Fault, words.fault),
        (CloseCode::GoingAway, words.going_away),
    ];
    says.into_iter().find(|(other, _)| other.number() == code).map(|(_, says)| says)
}

/// What the bar below the header says, where there is something that people should do or know.
#[derive(Clone, Copy, PartialEq)]
enum Say {
    Nothing,
    /// Refused for good.
    Refused(u16),
    /// No connection; unsent changes, and the last close code.
    Offline(usize, Option<u16>),
    /// The server cannot save; changes that it has not confirmed.
    NotSaving(usize),
    /// Closed, and what this person is to it.
    Closed(Standing),
    Locked,
}

/// What somebody can do about a session that is closed.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    /// Resume it.
    Drives,
    /// Read it.
    Reads,
    /// Look on.
    LooksOn,
}

/// The bar below the header: offline, refused, closed, locked, and what to do.
#[component]
pub(crate) fn Banner(
    /// The session.
    live: Live,
    /// Resumes a session that is closed, where that is offered.
    #[prop(optional, into)]
    resume: Option<Callback<()>>,
) -> impl IntoView {
    let say = memo(move |_| {
        let status = live.status.get();
        let session = live.board.session;
        match status.connection {
            // This page goes on by the new link at once, or says why there is none.
            Connection::Refused { .. } if live.renewing.get() => Say::Nothing,
            Connection::Refused { code } => Say::Refused(code),
            Connection::Offline => Say::Offline(status.unsent.max(status.unsaved), live.trouble.get()),
            Connection::Connecting if status.synced => {
                Say::Offline(status.unsent.max(status.unsaved), live.trouble.get())
            }
            _ if live.not_saving.with(Option::is_some) => Say::NotSaving(status.unsent.max(status.unsaved)),
            _ if session.with(|session| session.closed) => Say::Closed(match live.me.get().role {
                Role::Facilitator => Standing::Drives,
                Role::Observer => Standing::LooksOn,
                _ => Standing::Reads,
            }),
            _ if session.with(|session| session.locked) && !live.drives() && !live.looks_on() => Say::Locked,
            _ => Say::Nothing,
        }
    });
    let words = &text().status;
    let why = RwSignal::new(None::<String>);
    effect(move || {
        // The socket says that the link is dead. Why, is said where there is room for it.
        if say.get() == Say::Refused(CloseCode::NotAdmitted.number()) {
            let token = live.token();
            spawn_local(async move {
                if let Err(problem) = api::invitation(live.id, &token).await
                    && problem.status == 401
                {
                    why.try_set(Some(problem.says));
                }
            });
        }
    });
    changing(move || {
        let (tone, says, action) = match say.get() {
            Say::Nothing => return None,
            Say::Refused(code) => {
                let known = sentence(code).unwrap_or(words.removed);
                let says = why.get().unwrap_or_else(|| known.to_owned());
                let action = if code == CloseCode::Replaced.number() {
                    view! {
                        <button type="button" class="button small" on:click=move |_| reload()>
                            {words.take_over}
                        </button>
                    }
                    .into_any()
                } else {
                    view! {
                        <a
                            class="button small"
                            href=Route::Join(None).path()
                            on:click=move |_| storage::forget_place(&live.token())
                        >
                            {words.join_again}
                        </a>
                    }
                    .into_any()
                };
                ("refused", says, action)
            }
            Say::Offline(unsent, code) => {
                let mut says = match unsent {
                    0 if live.looks_on() => words.banner_offline_looking.to_owned(),
                    0 => words.banner_offline.to_owned(),
                    unsent => (words.banner_offline_unsent)(unsent),
                };
                if let Some(why) = code.and_then(sentence) {
                    says = format!("{why} {says}");
                }
                (
                    "offline",
                    says,
                    view! {
                        <button type="button" class="button small" on:click=move |_| live.reconnect()>
                            {words.retry_now}
                        </button>
                    }
                    .into_any(),
                )
            }
            Say::NotSaving(waiting) => {
                let why = live.not_saving.get_untracked().unwrap_or_default();
                ("offline", (words.not_saving)(&why, waiting), ().into_any())
            }
            Say::Closed(standing) => {
                let says = match standing {
                    Standing::Drives => words.closed_mine,
                    Standing::Reads => words.closed_theirs,
                    Standing::LooksOn => words.closed_session,
                };
                let resume = resume.filter(|_| standing == Standing::Drives).map(|resume| {
                    view! {
                        <button
                            type="button"
                            class="button small"
                            data-testid="resume"
                            on:click=move |_| resume.run(())
                        >
                            {words.resume}
                        </button>
                    }
                });
                let log = InLog::of(live).filter(|_| standing != Standing::LooksOn);
                let log = log.map(|log| log.link("button small", "banner-log"));
                ("closed", says.to_owned(), view! { {log} {resume} }.into_any())
            }
            Say::Locked => ("locked", text().board.locked.to_owned(), ().into_any()),
        };
        let icon = if tone == "locked" { Icon::Lock } else { Icon::Warning };
        Some(view! {
            <div class="banner" role="alert" data-testid="banner" data-tone=tone>
                {icon}
                <p>{says}</p>
                {action}
            </div>
        })
    })
}

/// Where the decision log has what a closed session has decided, for who may see it.
#[derive(Clone)]
pub(crate) struct InLog(String);

impl InLog {
    /// None for who does not hold the workspace key in this browser, and where nothing is entered: of a demonstration.
    pub(crate) fn of(live: Live) -> Option<Self> {
        let only_shown = live.board.session.with(|session| session.demonstration);
        storage::workspace_key().filter(|_| !only_shown)?;
        Some(Self(Route::Log(format!("session={}", live.id)).path()))
    }

    /// The way there.
    pub(crate) fn link(self, class: &'static str, name: &'static str) -> AnyView {
        view! {
            <a class=class data-testid=name href=self.0>
                {text().status.in_log}
            </a>
        }
        .into_any()
    }
}

fn reload() {
    window().location().reload().ok();
}
