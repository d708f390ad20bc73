//! The facilitator's console: one button that is always right, and what else is wanted in a hurry beside it.

use std::time::Duration;

use leptos::{ev, prelude::*};
use plumbline_shared::{
    messages::Command,
    words::{StepKind, StepState},
};
use plumbline_sync::Progress;
use web_sys::{Element, KeyboardEvent};

use super::stand::{Stand, titled};
use crate::{
    agenda::{
        next::{Next, are_few},
        pace::Pace,
    },
    components::{BoardDialog, Icon, Show, changing},
    desk::Desk,
    dom,
    effect::{effect, memo},
    session::Live,
    text::text,
};

/// For so long after it has changed its meaning the button takes no press, in milliseconds: a finger that was on its
/// way meant what stood there before.
const SETTLING: u64 = 700;
/// What one press on *more time* gives, in seconds.
const EXTENSION: u64 = 120;

/// What is asked about once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sure {
    Seal,
    Again,
}

/// How many are done in the round that is going on; tracked.
pub(super) fn progress(live: Live) -> Memo<Option<Progress>> {
    memo(move |_| {
        let (step, round) = live.board.session.with(|session| (session.step, session.round));
        live.board.progress.get().filter(|told| Some(told.step) == step && told.round == round)
    })
}

/// The button and its guards. A handle.
#[derive(Clone, Copy)]
struct Button {
    live: Live,
    /// Which of the page's dialogs is open.
    dialog: RwSignal<Option<BoardDialog>>,
    next: Memo<Next>,
    stand: Memo<Stand>,
    progress: Memo<Option<Progress>>,
    /// What is being asked about, and since when.
    sure: RwSignal<Option<(Sure, u64)>>,
    /// Whether it has just changed its meaning.
    settling: RwSignal<bool>,
    /// What the session stood at when it was pressed.
    pressed: RwSignal<Option<Stand>>,
    /// Whether what was pressed is still on its way.
    busy: Memo<bool>,
}

impl Button {
    fn new(live: Live, dialog: RwSignal<Option<BoardDialog>>) -> Self {
        let board = live.board;
        let next = memo(move |_| {
            board.session.with(|session| {
                board.agenda.with(|agenda| board.results.with(|results| Next::of(session, agenda, results)))
            })
        });
        let stand = Stand::current(live);
        let pressed = RwSignal::new(None::<Stand>);
        let busy = memo(move |_| {
            let same = pressed.with(|pressed| {
                pressed.as_ref().is_some_and(|pressed| stand.with(|stand| stand.is_same_moment(pressed)))
            });
            // An answer without a change is a no, of which the person is told.
            same && live.status.get().unanswered > 0
        });
        let button = Self {
            live,
            dialog,
            next,
            stand,
            progress: progress(live),
            sure: RwSignal::new(None),
            settling: RwSignal::new(false),
            pressed,
            busy,
        };
        let changes = StoredValue::new(0_u32);
        effect(move || {
            next.track();
            button.sure.set(None);
            let Some(change) = changes.try_update_value(|changes| {
                *changes += 1;
                *changes
            }) else {
                return;
            };
            if change > 1 {
                button.settling.set(true);
                let settled = move || {
                    if changes.try_get_value() == Some(change) {
                        button.settling.try_set(false);
                    }
                };
                set_timeout(settled, Duration::from_millis(SETTLING));
            }
        });
        button
    }

    fn waits(self) -> bool {
        self.settling.get() || self.busy.get() || self.next.get() == Next::Nothing
    }

    /// It was pressed; `by_key` by a clicker.
    fn press(self, by_key: bool) {
        if untrack(|| self.waits()) {
            return;
        }
        let sure = match self.next.get_untracked() {
            Next::Seal if self.are_few() => Sure::Seal,
            // What closing means is said in a dialog, and done by its button alone: a clicker only opens it.
            Next::Close => return self.dialog.set(Some(BoardDialog::Close)),
            _ => return self.go_on(),
        };
        match self.sure.get_untracked() {
            // Who walks about with a clicker has no other button: a second press, not the same one twice, is a yes.
            Some((Sure::Seal, since)) if by_key && sure == Sure::Seal => {
                if dom::now().saturating_sub(since) >= SETTLING {
                    self.go_on();
                }
            }
            Some(_) => {}
            None => self.ask(sure, !by_key),
        }
    }

    fn are_few(self) -> bool {
        self.progress.get_untracked().is_none_or(|told| are_few(told.done, told.of))
    }

    fn ask(self, sure: Sure, focus: bool) {
        self.sure.set(Some((sure, dom::now())));
        if focus {
            request_animation_frame(|| focus_on("console-sure"));
        }
    }

    fn cancel(self) {
        self.sure.set(None);
        focus_on("console-next");
    }

    fn go_on(self) {
        let Some(seen) = self.live.seen() else { return };
        if let Some(command) = self.next.get_untracked().command(seen) {
            self.give(command);
        }
    }

    fn give(self, command: Command) {
        self.sure.set(None);
        self.pressed.set(Some(self.stand.get_untracked()));
        self.live.command(command);
    }
}

fn focus_on(name: &str) {
    if let Some(button) = dom::by_attribute("data-testid", name) {
        button.focus().ok();
    }
}

/// The console.
#[component]
pub(crate) fn Console(dialog: RwSignal<Option<BoardDialog>>) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().agenda.console;
    let button = Button::new(live, dialog);
    let clicked = window_event_listener(ev::keydown, move |event| {
        if event.key() == "PageDown" && is_for_the_button(&event) {
            event.prevent_default();
            button.press(true);
        }
    });
    on_cleanup(move || clicked.remove());
    let label = move || match button.next.get() {
        Next::Begin(_) => (words.begin)(&button.stand.with(|stand| stand.title.clone())),
        Next::Open => words.open.to_owned(),
        Next::Seal => words.seal.to_owned(),
        Next::Reveal => words.reveal.to_owned(),
        Next::Show(beat) => (words.show)(beat).to_owned(),
        Next::GoTo(step) => {
            let title = live
                .board
                .agenda
                .with(|agenda| agenda.iter().find(|other| other.id == step).map(titled).unwrap_or_default());
            (text().agenda.bar.next)(&title)
        }
        Next::Close => words.close.to_owned(),
        Next::Nothing => words.closed.to_owned(),
    };
    let kind = move || match button.next.get() {
        Next::Begin(_) => "begin",
        Next::Open => "open",
        Next::Seal => "seal",
        Next::Reveal => "reveal",
        Next::Show(_) => "show",
        Next::GoTo(_) => "next",
        Next::Close => "close",
        Next::Nothing => "closed",
    };
    let told = move || {
        let progress = button.progress.get().filter(|_| button.next.get() == Next::Seal)?;
        let says = if progress.done == 0 {
            words.nobody.to_owned()
        } else {
            (words.done)(progress.done, progress.of)
        };
        Some(view! {
            <span class="console-done tabular" data-testid="console-done">
                {says}
            </span>
        })
    };
    view! {
        <div class="console" role="group" aria-label=words.title data-testid="console">
            <Beside button=button />
            {told}
            <button
                type="button"
                class="button primary console-next"
                data-testid="console-next"
                data-next=kind
                aria-disabled=move || button.waits().then_some("true")
                aria-busy=move || button.busy.get().then_some("true")
                on:click=move |_| button.press(false)
            >
                {label}
            </button>
            <Asking button=button />
        </div>
    }
}

/// What is asked about once more, before it is done.
#[component]
fn Asking(button: Button) -> impl IntoView {
    let words = &text().agenda.console;
    let yes = move |_| match button.sure.get_untracked() {
        Some((Sure::Again, _)) => {
            if let Some(seen) = button.live.seen() {
                button.give(Command::Again { seen });
            }
        }
        Some(_) => button.go_on(),
        None => {}
    };
    changing(move || {
        let (sure, _) = button.sure.get()?;
        let (says, yes_says) = match sure {
            Sure::Seal => {
                let says = match button.progress.get() {
                    Some(told) => (words.seal_few)(told.done, told.of),
                    None => words.seal_unknown.to_owned(),
                };
                (says, words.seal_yes)
            }
            Sure::Again => {
                let round = button.live.board.session.with(|session| session.round + 1);
                ((words.again_ask)(round), words.again_yes)
            }
        };
        Some(view! {
            <div
                class="console-ask"
                role="group"
                aria-label=yes_says
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        event.stop_propagation();
                        button.cancel();
                    }
                }
            >
                <p role="alert">{says}</p>
                <div class="actions">
                    <button type="button" class="button primary" data-testid="console-sure" on:click=yes>
                        {yes_says}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-testid="console-cancel"
                        on:click=move |_| button.cancel()
                    >
                        {text().general.cancel}
                    </button>
                </div>
            </div>
        })
    })
}

/// Back, more time, a new round, the lock and the spotlight.
#[component]
fn Beside(button: Button) -> impl IntoView {
    let desk = Desk::used();
    let live = button.live;
    let session = live.board.session;
    let words = &text().agenda.console;
    let closed = memo(move |_| session.with(|session| session.closed));
    let behind = memo(move |_| {
        let current = session.with(|session| session.step);
        live.board.agenda.with(|agenda| {
            let at = agenda.iter().position(|step| Some(step.id) == current)?;
            let step = agenda.get(at.checked_sub(1)?)?;
            Some((step.id, titled(step)))
        })
    });
    let back_says = move || {
        behind.with(|behind| {
            behind.as_ref().map_or_else(|| words.no_back.to_owned(), |(_, title)| (words.back)(title))
        })
    };
    let back = move |_| {
        if let (Some((step, _)), Some(seen)) = (behind.get_untracked(), live.seen()) {
            button.give(Command::GoTo { seen, step });
        }
    };
    let extend = move |_| {
        let now = live.server_now();
        let seconds = session.with_untracked(|session| {
            live.board.agenda.with_untracked(|agenda| Pace::extended(session, agenda, now, EXTENSION))
        });
        if let (Some(seen), Some(seconds)) = (live.seen(), seconds) {
            live.command(Command::Timer { seen, seconds });
        }
    };
    let again = memo(move |_| {
        let revealed = session.with(|session| session.step_state == Some(StepState::Revealed));
        let kind = live.board.agenda.with(|agenda| {
            session.with(|session| {
                agenda.iter().find(|step| Some(step.id) == session.step).map(|step| step.kind)
            })
        });
        revealed && matches!(kind, Some(StepKind::Ballot | StepKind::Commit))
    });
    let locked = memo(move |_| session.with(|session| session.locked));
    let lock_says = move || if locked.get() { text().board.unlock } else { text().board.lock };
    let lock = move |_| {
        if let Some(seen) = live.seen() {
            live.command(Command::Lock { seen, locked: !locked.get_untracked() });
        }
    };
    let lit = memo(move |_| session.with(|session| session.focus));
    let lead = memo(move |_| {
        let card = live.board.card(desk.lead.get()?)?;
        Some((card.id, card.project.with(|project| project.name.clone())))
    });
    let spot_says = move || match (lit.get(), lead.get()) {
        (Some(_), _) => words.spotlight_end.to_owned(),
        (None, Some((_, name))) => (words.spotlight)(&name),
        (None, None) => words.spotlight_none.to_owned(),
    };
    let spot = move |_| {
        let project = match lit.get_untracked() {
            Some(_) => None,
            None => lead.get_untracked().map(|(id, _)| id),
        };
        if let Some(seen) = live.seen() {
            live.command(Command::Focus { seen, project, only: false });
        }
    };
    view! {
        <button
            type="button"
            class="icon-button"
            data-testid="console-back"
            aria-label=back_says
            title=back_says
            disabled=move || closed.get() || behind.with(Option::is_none)
            on:click=back
        >
            {Icon::Back}
        </button>
        <Show when=move || again.get()>
            <button
                type="button"
                class="icon-button"
                data-testid="console-again"
                aria-label=words.again
                title=words.again
                on:click=move |_| button.ask(Sure::Again, true)
            >
                {Icon::Again}
            </button>
        </Show>
        <button
            type="button"
            class="icon-button"
            data-testid="lock"
            aria-pressed=move || if locked.get() { "true" } else { "false" }
            aria-label=lock_says
            title=lock_says
            disabled=move || closed.get()
            on:click=lock
        >
            {move || if locked.get() { Icon::Lock.into_render() } else { Icon::Unlock.into_render() }}
        </button>
        <button
            type="button"
            class="icon-button"
            data-testid="console-spotlight"
            aria-pressed=move || if lit.get().is_some() { "true" } else { "false" }
            aria-label=spot_says
            title=spot_says
            disabled=move || closed.get() || (lit.get().is_none() && lead.get().is_none())
            on:click=spot
        >
            {Icon::Spot}
        </button>
        <button
            type="button"
            class="button console-extend"
            data-testid="console-extend"
            aria-label=words.extend_says
            title=words.extend_says
            disabled=move || closed.get()
            on:click=extend
        >
            {words.extend}
        </button>
    }
}

/// Whether a key that a clicker sends is meant for the button: not while somebody types, chooses, or has a dialog or a
/// menu open, nor where a list that scrolls has the keys, which that key scrolls.
fn is_for_the_button(event: &KeyboardEvent) -> bool {
    let with_others = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
    if with_others || event.repeat() || event.default_prevented() || dom::is_typing() || dom::dialog_is_open()
    {
        return false;
    }
    if document().query_selector("details.menu[open]").ok().flatten().is_some() {
        return false;
    }
    // A card that was clicked is no list that is being read.
    if dom::focused_card().is_some() {
        return true;
    }
    let mut at = dom::focused();
    while let Some(element) = at {
        if scrolls(&element) {
            return false;
        }
        at = element.parent_element();
    }
    true
}

fn scrolls(element: &Element) -> bool {
    if element.scroll_height() <= element.client_height() + 1 {
        return false;
    }
    let style = window().get_computed_style(element).ok().flatten();
    let overflow = style.and_then(|style| style.get_property_value("overflow-y").ok()).unwrap_or_default();
    matches!(overflow.as_str(), "auto" | "scroll")
}
