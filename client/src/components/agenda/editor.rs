//! Editing the agenda: the steps in their order, and where else an agenda comes from.

use leptos::{ev, html, prelude::*};
use plumbline_shared::{
    board::Step,
    ids::StepId,
    limits,
    messages::Command,
    words::{Question, StepKind},
};
use plumbline_sync::{Intent, Value};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{about::AboutLive, exchange::Exchange, stand::titled, step_form::StepForm};
use crate::{
    agenda::options,
    components::{For, Icon, Show},
    desk::Desk,
    dom,
    effect::memo,
    session::Live,
    text::text,
};

/// What can be done in a step, as it is offered, with the minutes that are usual for it.
pub(super) const KINDS: [(StepKind, Option<Question>, u32); 11] = [
    (StepKind::Gather, None, 8),
    (StepKind::Ballot, Some(Question::Placement), 14),
    (StepKind::Board, None, 15),
    (StepKind::Ballot, Some(Question::Hobby), 8),
    (StepKind::Ballot, Some(Question::Verdict), 4),
    (StepKind::Ballot, Some(Question::Dots), 4),
    (StepKind::Ballot, Some(Question::Scale), 3),
    (StepKind::Ballot, Some(Question::Text), 6),
    (StepKind::Decide, None, 22),
    (StepKind::Commit, Some(Question::Scale), 8),
    (StepKind::Close, None, 2),
];

/// Which of [`KINDS`] a step is.
pub(super) fn kind_of(step: &Step) -> Option<usize> {
    let is = |kind: StepKind, question| {
        kind == step.kind && (kind != StepKind::Ballot || question == step.question)
    };
    KINDS.iter().position(|(kind, question, _)| is(*kind, *question))
}

/// The question of a step, where it asks one.
pub(super) fn asks(step: &Step) -> Option<Question> {
    step.question.filter(|_| matches!(step.kind, StepKind::Ballot | StepKind::Commit))
}

/// The choice of what is done in a step.
pub(super) fn kind_options(chosen: Option<usize>) -> impl IntoView {
    let options = KINDS.iter().enumerate().map(|(at, (kind, question, _))| {
        view! {
            <option value=at.to_string() selected=chosen == Some(at)>
                {(text().agenda.edit.does)(*kind, *question)}
            </option>
        }
    });
    options.collect_view()
}

/// The agenda that is edited. A handle.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    pub(super) live: Live,
    /// The step whose form is open.
    open: RwSignal<Option<StepId>>,
    /// What came of the last thing that was done: in the dialog, since a note at the page's edge would lie behind it.
    said: RwSignal<Option<Result<String, String>>>,
    /// Whether the last thing that was done can be taken back here.
    removed: RwSignal<bool>,
}

impl Editing {
    /// A step as it is now; tracked.
    pub(super) fn step(self, id: StepId) -> Option<Step> {
        self.live.board.agenda.with(|agenda| agenda.iter().find(|step| step.id == id).cloned())
    }

    /// Does something to the agenda; gives whether it was taken. If not, it is said why.
    pub(super) fn act(self, intent: Intent) -> bool {
        self.removed.set(false);
        let done = self.live.attempt(intent);
        self.said.set(done.as_ref().err().filter(|why| !why.is_empty()).cloned().map(Err));
        done.is_ok()
    }

    /// Sets a field of a step.
    pub(super) fn set(self, id: StepId, field: &str, value: impl Into<Value>) -> bool {
        self.act(Intent::EditStep { id, field: field.to_owned(), value: value.into() })
    }

    /// Gives a step those of `options` that belong to it.
    pub(super) fn set_options(self, step: &Step, options: &[(String, String)]) {
        let fitting = options::fitting(asks(step), step.minutes, options);
        if untrack(|| self.step(step.id)).is_none_or(|now| now.options != fitting) {
            self.set(step.id, "options", fitting);
        }
    }

    /// Says what came of something, as long as the dialog is there.
    pub(super) fn say(self, what: Result<String, String>) {
        self.removed.try_set(false);
        self.said.try_set(Some(what));
    }
}

/// The step and the deed that an event in its row is about.
fn meant(event: &ev::Event) -> Option<(StepId, String)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let deed = target.closest("[data-deed]").ok()??.get_attribute("data-deed")?;
    let row = target.closest("[data-step]").ok()??;
    Some((row.get_attribute("data-step")?.parse().ok()?, deed))
}

/// The button of a deed in a step's row gets the focus: a row that has changed its place has lost it on its way.
fn focus_again(id: StepId, deed: &'static str) {
    request_animation_frame(move || {
        let Some(row) = dom::by_attribute("data-step", &id.to_string()) else { return };
        let find = |deed: &str| row.query_selector(&format!("[data-deed={deed}]:not(:disabled)"));
        let button = find(deed).ok().flatten().or_else(|| find("open").ok().flatten());
        if let Some(button) = button.and_then(|at| at.dyn_into::<HtmlElement>().ok()) {
            button.focus().ok();
        }
    });
}

/// The editor of the agenda of the session that is open.
#[component]
pub(crate) fn EditAgenda(
    /// Called when it is done.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().agenda.edit;
    let editing =
        Editing { live, open: RwSignal::new(None), said: RwSignal::new(None), removed: RwSignal::new(false) };
    let agenda = live.board.agenda;
    let ids = memo(move |_| agenda.with(|agenda| agenda.iter().map(|step| step.id).collect::<Vec<_>>()));
    let current = memo(move |_| live.board.session.with(|session| session.step));
    let counted = move || {
        agenda.with(|agenda| match agenda.len() {
            0 => words.none.to_owned(),
            n => (words.counted)(n, agenda.iter().map(|step| step.minutes).sum()),
        })
    };
    let clicked = move |event: ev::MouseEvent| {
        let Some((id, deed)) = meant(&event) else { return };
        let all = ids.get_untracked();
        let Some(at) = all.iter().position(|other| *other == id) else { return };
        match deed.as_str() {
            "open" => editing.open.update(|open| *open = (*open != Some(id)).then_some(id)),
            "up" if at > 0 => {
                editing.act(Intent::ShiftStep { id, before: Some(all[at - 1]) });
                focus_again(id, "up");
            }
            "down" if at + 1 < all.len() => {
                editing.act(Intent::ShiftStep { id, before: all.get(at + 2).copied() });
                focus_again(id, "down");
            }
            "go" => {
                if let Some(seen) = live.seen() {
                    live.command(Command::GoTo { seen, step: id });
                }
            }
            "remove" => {
                let title = untrack(|| editing.step(id)).map(|step| titled(&step)).unwrap_or_default();
                if editing.act(Intent::RemoveStep { id }) {
                    editing.say(Ok((words.removed)(&title)));
                    editing.removed.set(true);
                    editing.open.set(None);
                }
            }
            _ => {}
        }
    };
    let minutes = move |event: ev::Event| {
        let Some((id, _)) = meant(&event) else { return };
        // What is no number of minutes goes back to what it was.
        let typed = event_target_value(&event).trim().parse::<u32>().ok().filter(|minutes| *minutes <= 1_440);
        let step = untrack(|| editing.step(id));
        let taken = typed.is_some_and(|minutes| editing.set(id, "minutes", f64::from(minutes)));
        if let (true, Some(minutes), Some(step)) = (taken, typed, &step) {
            // The minutes for what is revealed are some of them.
            editing.set_options(&Step { minutes, ..step.clone() }, &step.options);
        }
        if !taken && let (Some(step), Some(input)) = (untrack(|| editing.step(id)), event.target()) {
            let input: web_sys::HtmlInputElement = input.unchecked_into();
            input.set_value(&step.minutes.to_string());
        }
    };
    let choice = NodeRef::<html::Select>::new();
    let add = move |_| {
        if ids.with_untracked(Vec::len) >= limits::STEPS {
            return editing.say(Err((words.full)(limits::STEPS)));
        }
        let chosen = choice.get_untracked().and_then(|choice| choice.value().parse::<usize>().ok());
        let Some((kind, question, minutes)) = chosen.and_then(|at| KINDS.get(at)) else { return };
        let id = StepId(Uuid::now_v7());
        let title = (words.usual)(*kind, *question).to_owned();
        let mut with = vec![("minutes".to_owned(), Value::from(f64::from(*minutes)))];
        with.extend(question.map(|question| ("question".to_owned(), question.as_str().into())));
        if editing.act(Intent::AddStep { id, kind: *kind, title: title.clone(), with }) {
            editing.say(Ok((words.added)(&title)));
            editing.open.set(Some(id));
            focus_again(id, "open");
        }
    };
    view! {
        <div class="agenda-editor" data-testid="agenda-editor">
            <AboutLive live=live />
            <p class="hint" data-testid="agenda-counted">
                {counted}
            </p>
            <ol class="step-list" on:click=clicked on:change=minutes>
                <For each=move || ids.get() let:id>
                    <li class="step-row" data-step=id.to_string() class:current=move || current.get() == Some(id)>
                        {move || row(editing, id, ids, current)}
                        <Show when=move || editing.open.get() == Some(id)>
                            <StepForm editing=editing id=id />
                        </Show>
                    </li>
                </For>
            </ol>
            <p class="agenda-said" role="status" data-testid="agenda-said">
                {move || {
                    editing
                        .said
                        .get()
                        .map(|said| match said {
                            Ok(says) => view! { <span>{says}</span> }.into_any(),
                            Err(says) => view! { <span class="error">{says}</span> }.into_any(),
                        })
                }}
                <Show when=move || editing.removed.get()>
                    <button
                        type="button"
                        class="button small"
                        data-testid="agenda-undo"
                        on:click=move |_| {
                            live.undo();
                            editing.removed.set(false);
                            editing.said.set(None);
                        }
                    >
                        {text().board.undo}
                    </button>
                </Show>
            </p>
            <div class="step-add">
                <select node_ref=choice data-testid="step-kind" aria-label=words.does_label>
                    {kind_options(None)}
                </select>
                <button type="button" class="button" data-testid="step-add" on:click=add>
                    {Icon::Add}
                    <span>{words.add}</span>
                </button>
            </div>
            <Exchange editing=editing />
        </div>
        <div class="actions end">
            <button type="button" class="button primary" data-testid="agenda-done" on:click=move |_| done.run(())>
                {words.done}
            </button>
        </div>
    }
}

/// One step's line.
fn row(
    editing: Editing,
    id: StepId,
    ids: Memo<Vec<StepId>>,
    current: Memo<Option<StepId>>,
) -> Option<AnyView> {
    let words = &text().agenda;
    let step = editing.step(id)?;
    let title = titled(&step);
    let does = (words.edit.does)(step.kind, step.question);
    let is_open = editing.open.get() == Some(id);
    let is_current = current.get() == Some(id);
    let (first, last) = ids.with(|ids| (ids.first() == Some(&id), ids.last() == Some(&id)));
    let remove_says =
        if is_current { words.edit.current_stays.to_owned() } else { (words.edit.remove)(&title) };
    Some(
        view! {
            <div class="step-line">
                <button
                    type="button"
                    class="step-name"
                    data-deed="open"
                    data-testid="step"
                    aria-expanded=if is_open { "true" } else { "false" }
                >
                    <span>{title.clone()}</span>
                    {(does != title).then(|| view! { <small class="quiet">{does}</small> })}
                </button>
                <label class="step-minutes">
                    <input
                        type="number"
                        min="0"
                        max="1440"
                        inputmode="numeric"
                        data-deed="minutes"
                        data-testid="step-minutes"
                        aria-label=(words.edit.minutes_of)(&title)
                        prop:value=step.minutes.to_string()
                    />
                    <span aria-hidden="true">"min"</span>
                </label>
                <button
                    type="button"
                    class="button small"
                    data-deed="go"
                    data-testid="step-go"
                    disabled=is_current
                    aria-label=if is_current { format!("{}: {title}", words.bar.current) } else { (words.console.go_to)(&title) }
                >
                    {if is_current { words.bar.current } else { words.console.go }}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-deed="up"
                    disabled=first
                    aria-label=(words.edit.up)(&title)
                >
                    {Icon::Up}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-deed="down"
                    disabled=last
                    aria-label=(words.edit.down)(&title)
                >
                    {Icon::Down}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    data-deed="remove"
                    disabled=is_current
                    aria-label=remove_says.clone()
                    title=remove_says
                >
                    {Icon::Bin}
                </button>
            </div>
        }
        .into_any(),
    )
}
