//! Where the session stands: the line on every page, and the facilitator's console.

mod about;
mod advice;
mod console;
mod editor;
mod exchange;
mod more;
mod script;
mod sponsors;
mod stand;
mod step_form;
mod templates;

use leptos::prelude::*;
use plumbline_shared::{board::Step, ids::ProjectId, messages::Command, results::Round, words::Question};

use self::more::Purpose;
use super::{BoardDialog, Icon, Later, Show, changing};
use crate::{
    desk::Desk,
    effect::{effect, memo},
    parts,
    session::Live,
    text::text,
};

pub(crate) use about::{About, Said};
pub(crate) use advice::Advice;
pub(crate) use console::Console;
pub(crate) use editor::EditAgenda;
pub(crate) use more::More;
pub(crate) use sponsors::Sponsors;
pub(crate) use stand::{Clock, Stand};
pub(crate) use templates::{ChooseTemplate, TemplateChoice};

/// Whether the session has an agenda; tracked. The single open board of a session without a template is none, and
/// nothing is said of it.
pub(crate) fn has_agenda(live: Live) -> bool {
    live.board.agenda.with(|agenda| agenda.len() > 1)
}

/// Whether anybody has said what the session is for, who decides, or by what rule; tracked.
fn is_said(live: Live) -> bool {
    live.board.session.with(|session| {
        [&session.purpose, &session.decider, &session.rule].iter().any(|text| !text.trim().is_empty())
    })
}

/// Where we are, what to do now, the time left, and what comes next; the console for who drives.
#[component]
pub(crate) fn AgendaBar(
    /// Which of the page's dialogs is open.
    dialog: RwSignal<Option<BoardDialog>>,
) -> impl IntoView {
    let live = Desk::used().live;
    let shown = memo(move |_| has_agenda(live));
    view! {
        <Show when=move || shown.get()>
            <Bar dialog=dialog />
        </Show>
    }
}

#[component]
fn Bar(dialog: RwSignal<Option<BoardDialog>>) -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().agenda.bar;
    let stand = Stand::current(live);
    let clock = Clock::run(live);
    let open = RwSignal::new(false);
    // What the session goes on to is said to who does not see the page, but not where it stood when they came.
    let before = StoredValue::new(None::<Stand>);
    effect(move || {
        let now = stand.get();
        let old = before.try_update_value(|before| before.replace(now.clone())).flatten();
        if old.is_some_and(|old| !old.is_same_moment(&now)) {
            live.notices().say((words.said)(now.number, now.of, &now.title, &now.now));
        }
    });
    // Where the room has sorted alone, the queue of what it splits on has the same beside each project.
    let spot = memo(move |_| {
        live.drives()
            && live.board.session.with(|session| session.focus.is_some())
            && live.board.results.with(|results| {
                let sorts = |round: &Round| round.question == Question::Placement && round.tally.is_some();
                !results.values().any(|step| step.rounds.values().any(sorts))
            })
    });
    view! {
        <section class="agenda" aria-label=words.title data-testid="agenda">
            <Track clock=clock />
            <div class="agenda-line">
                <button
                    type="button"
                    class="agenda-where"
                    data-testid="agenda-where"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls="agenda-more"
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <span class="agenda-step tabular">
                        {move || stand.with(|stand| (words.step_of)(stand.number, stand.of))}
                    </span>
                    <b data-testid="agenda-title">{move || stand.with(|stand| stand.title.clone())}</b>
                    {move || if open.get() { Icon::Up.into_render() } else { Icon::Down.into_render() }}
                </button>
                <p class="agenda-now" data-testid="agenda-now">
                    {move || stand.with(|stand| stand.now.clone())}
                </p>
                <p class="agenda-next" data-testid="agenda-next">
                    {move || stand.with(|stand| stand.next.as_deref().map_or_else(|| words.last.to_owned(), words.next))}
                </p>
                <Time clock=clock />
                <Show when=move || live.drives()>
                    <Later part=move || parts::console(dialog) />
                </Show>
            </div>
            <Show when=move || live.drives()>
                <Later part=move || parts::advice(clock) />
            </Show>
            // Who decides, and by what rule, is said before the first card; later it folds out.
            <Show when=move || stand.with(|stand| stand.gathers) && !open.get() && (live.drives() || is_said(live))>
                <div class="agenda-gather">
                    <Purpose live=live />
                </div>
            </Show>
            <Show when=move || spot.get()>
                <Spotlight />
            </Show>
            <div id="agenda-more" class="agenda-more" data-testid="agenda-more" hidden=move || !open.get()>
                <Show when=move || open.get()>
                    <Later part=move || parts::more(dialog, clock) />
                </Show>
            </div>
        </section>
    }
}

/// The steps as a line: each as long as it is planned to be, the current one filled by the time that has gone.
#[component]
fn Track(clock: Clock) -> impl IntoView {
    let live = clock.live;
    // Whole per cent: a line that is drawn anew every second would be seen by nobody.
    let gone = memo(move |_| {
        let pace = clock.pace.get();
        let planned = live.board.session.with(|session| {
            let minutes = |agenda: &Vec<Step>| {
                let step = agenda.iter().find(|step| Some(step.id) == session.step);
                step.map_or(0, |step| i64::from(step.minutes) * 60)
            };
            live.board.agenda.with(minutes)
        });
        match pace.and_then(|pace| pace.left) {
            Some(left) if planned > 0 => (100 - left.clamp(0, planned) * 100 / planned) as u32,
            Some(left) if left < 0 => 100,
            _ => 0,
        }
    });
    let steps = memo(move |_| {
        let current = live.board.session.with(|session| session.step);
        live.board.agenda.with(|agenda| {
            let at = agenda.iter().position(|step| Some(step.id) == current);
            let place = |(number, step): (usize, &Step)| {
                let when = at.map_or("ahead", |at| match number.cmp(&at) {
                    std::cmp::Ordering::Less => "behind",
                    std::cmp::Ordering::Equal => "current",
                    std::cmp::Ordering::Greater => "ahead",
                });
                (step.minutes.max(2), when)
            };
            agenda.iter().enumerate().map(place).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="agenda-track" aria-hidden="true" style:--gone=move || format!("{}%", gone.get())>
            {move || {
                steps
                    .get()
                    .into_iter()
                    .map(|(minutes, when)| {
                        view! { <span data-when=when style:flex-grow=minutes.to_string() /> }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// The time that the step has left.
#[component]
fn Time(clock: Clock) -> impl IntoView {
    let words = &text().agenda.bar;
    let left = memo(move |_| clock.pace.get().and_then(|pace| pace.left));
    changing(move || {
        let left = left.get()?;
        let state = match left {
            61.. => "running",
            0..=60 => "ending",
            _ => "over",
        };
        Some(view! {
            <p class="agenda-time tabular" role="timer" data-testid="agenda-time" data-state=state>
                <span class="unseen">{words.time} " "</span>
                {(words.left)(left)}
            </p>
        })
    })
}

/// The project in the spotlight, for who drives: whether only its card can be placed, and the end of it.
#[component]
fn Spotlight() -> impl IntoView {
    let desk = Desk::used();
    let live = desk.live;
    let words = &text().agenda;
    let spot = memo(move |_| live.board.session.with(|session| (session.focus, session.focus_only)));
    let light = move |project: Option<ProjectId>, only: bool| {
        if let Some(seen) = live.seen() {
            live.command(Command::Focus { seen, project, only });
        }
    };
    let name = move || {
        let card = spot.get().0.and_then(|id| live.board.card(id));
        card.map(|card| card.project.with(|project| project.name.clone())).unwrap_or_default()
    };
    view! {
        <div class="agenda-spot" data-testid="spotlight">
            {Icon::Spot}
            <span>{words.bar.spotlight}</span>
            <button
                type="button"
                class="agenda-spot-name"
                on:click=move |_| {
                    if let Some(id) = spot.get_untracked().0 {
                        desk.open_card(id);
                    }
                }
            >
                {name}
            </button>
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="spotlight-only"
                    prop:checked=move || spot.get().1
                    on:change=move |_| {
                        let (project, only) = spot.get_untracked();
                        light(project, !only);
                    }
                />
                <span>{words.console.only}</span>
            </label>
            <button
                type="button"
                class="icon-button"
                data-testid="spotlight-end"
                aria-label=words.console.spotlight_end
                title=words.console.spotlight_end
                on:click=move |_| light(None, false)
            >
                {Icon::Close}
            </button>
        </div>
    }
}
