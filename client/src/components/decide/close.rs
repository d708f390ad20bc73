//! The end of a session: what was decided, fit to be shown; what is missing; the close, and what comes after it.

use leptos::prelude::*;
use plumbline_shared::{
    board::Decision,
    deciding::{FIRST_DAYS, Need, capacity, dues, lacking},
    ids::ProjectId,
    messages::Command,
    words::Verdict,
};

use super::{
    capacity::{CapacityLine, told},
    deciding::watched,
    missing::{GoTo, go_to_field},
    shares::Shares,
};
use crate::{
    api::Exported,
    components::{Dialog, Files, InLog, Later, OnwardFrom, Show, is_checkpoint},
    desk::Desk,
    effect::memo,
    format, parts,
    session::Live,
    text::text,
};

/// What we move, what waits, what stops: fit to be shown.
#[component]
pub(crate) fn CloseView() -> impl IntoView {
    let desk = Desk::used();
    desk.clear();
    let live = desk.live;
    let words = &text().decide.close;
    let board = live.board;
    let title = move || board.session.with(|session| session.title.clone());
    let purpose = move || board.session.with(|session| session.purpose.clone());
    let decider = move || {
        board.session.with(|session| {
            (!session.decider.is_empty()).then(|| {
                let by = (words.decided_by)(&session.decider);
                if session.rule.is_empty() { by } else { format!("{by} · {}", session.rule) }
            })
        })
    };
    let closed = memo(move |_| board.session.with(|session| session.closed));
    view! {
        <section class="close-view" aria-label=words.title data-testid="close-view" data-closed=move || closed.get().to_string()>
            <header class="close-head">
                <h2 tabindex="-1">{words.title}</h2>
                <p class="close-title">{title}</p>
                <p class="quiet">{purpose}</p>
                <p class="quiet">{decider}</p>
            </header>
            <Show when=move || closed.get()>
                <After live=live />
            </Show>
            {move || {
                is_checkpoint(board).then(|| view! { <Later part=move || parts::checkpoint_report(live) /> })
            }}
            <CapacityLine board=board />
            <div class="close-groups">
                {[Verdict::Move, Verdict::Stop, Verdict::Wait, Verdict::Open]
                    .map(|verdict| view! { <Group live=live verdict=verdict /> })
                    .into_iter()
                    .collect_view()}
            </div>
            <div class="close-pair">
                <FirstDays live=live />
                <Shares board=board />
            </div>
            <Show when=move || !closed.get()>
                <Missing desk=desk />
                <End live=live />
            </Show>
        </section>
    }
}

/// What a decision says in one line beside its owner: until when, or what it waits for.
fn brief(decision: &Decision) -> String {
    let field = |name: &str| decision.more.get(name).map(String::as_str).unwrap_or_default();
    let day = |name: &str| plumbline_shared::day::Day::parse(field(name)).map(format::calendar_day);
    let until = |name: &str| day(name).map(|day| (text().decide.close.until)(&day));
    let parts = match decision.verdict {
        Some(Verdict::Move) => [Some(field("measure").to_owned()), None],
        Some(Verdict::Wait) => [Some(field("trigger").to_owned()), until("expires")],
        Some(Verdict::Stop) => [Some(field("frees").to_owned()), until("ends")],
        _ => [Some(field("decided_by").to_owned()), until("decide_by")],
    };
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// The projects with one verdict.
#[component]
fn Group(live: Live, verdict: Verdict) -> impl IntoView {
    let words = &text().decide.close;
    let board = live.board;
    // Name, owner, and the line beside them, by name.
    let rows = memo(move |_| {
        let known = watched(board);
        let of = |(id, decision): (&ProjectId, &Decision)| {
            let project = known.projects.get(id)?;
            (decision.verdict == Some(verdict))
                .then(|| (project.name.clone(), decision.owner.clone(), brief(decision)))
        };
        let mut rows: Vec<_> = known.decisions.iter().filter_map(of).collect();
        plumbline_shared::sorted::sort(&mut rows, |a, b| a.0.to_lowercase().cmp(&b.0.to_lowercase()));
        rows
    });
    let load = memo(move |_| {
        let all = capacity(&watched(board));
        match verdict {
            Verdict::Move => all.moves,
            Verdict::Wait => all.waits,
            Verdict::Stop => all.stops,
            Verdict::Open => all.open,
        }
    });
    view! {
        <section class="close-group" data-verdict=verdict.as_str() data-testid="close-group">
            <h3>{move || (words.group)(verdict, rows.with(Vec::len))}</h3>
            <p class="quiet tabular close-load">{move || (load.with(|load| load.projects) > 0).then(|| told(&load.get(), board))}</p>
            <ul>
                {move || {
                    let rows = rows.get();
                    if rows.is_empty() {
                        return view! { <li class="quiet">{(words.none)(verdict)}</li> }.into_any();
                    }
                    rows.into_iter()
                        .map(|(name, owner, brief)| {
                            let owned = !owner.is_empty();
                            let owner = if owned { owner } else { words.no_owner.to_owned() };
                            view! {
                                <li>
                                    <strong>{name}</strong>
                                    <span class:quiet=owned class:error=!owned>
                                        {owner}
                                    </span>
                                    <span class="close-brief">{brief}</span>
                                </li>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </ul>
        </section>
    }
}

/// What is due within the first thirty days, what is overdue included.
#[component]
fn FirstDays(live: Live) -> impl IntoView {
    let words = &text().decide.close;
    let rows = move || {
        let known = watched(live.board);
        let last = format::today().plus(FIRST_DAYS);
        dues(&known)
            .into_iter()
            .filter(|due| due.day <= last)
            .filter_map(|due| {
                let name = known.projects.get(&due.project)?.name.clone();
                let decision = known.decisions.get(&due.project)?;
                let step = decision.more.get("first_step").filter(|_| due.field == "first_step_due");
                let owner = decision.owner.clone();
                Some(view! {
                    <li data-due=due.field>
                        <time class="tabular" datetime=due.day.to_string()>
                            {format::calendar_day(due.day)}
                        </time>
                        <span>
                            <strong>{name}</strong>
                            " "
                            {match step {
                                Some(step) => format!("{}: {step}", (words.due)(due.field)),
                                None => (words.due)(due.field).to_owned(),
                            }}
                            {(!owner.is_empty()).then(|| view! { <span class="quiet">" · " {owner}</span> })}
                        </span>
                    </li>
                })
            })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="close-days" data-testid="first-days">
            <h3>{words.days}</h3>
            {move || {
                let rows = rows();
                if rows.is_empty() {
                    view! { <p class="quiet">{words.no_days}</p> }.into_any()
                } else {
                    view! { <ol>{rows}</ol> }.into_any()
                }
            }}
        </section>
    }
}

/// What is missing, and a way to each of it.
#[component]
fn Missing(desk: Desk) -> impl IntoView {
    let words = &text().decide.close;
    let board = desk.live.board;
    let all = memo(move |_| {
        let known = watched(board);
        let lacks = lacking(&known, format::today());
        let undecided = lacks.iter().filter(|(_, needs)| needs.contains(&Need::Verdict)).count();
        let incomplete: Vec<_> =
            lacks.into_iter().filter(|(_, needs)| !needs.contains(&Need::Verdict)).collect();
        (incomplete, undecided)
    });
    let open = move |project: ProjectId, need: Need| {
        desk.open_card(project);
        go_to_field(need);
    };
    view! {
        <section class="close-missing" data-testid="missing">
            {move || {
                let (incomplete, undecided) = all.get();
                let rest = (undecided > 0)
                    .then(|| view! { <p data-testid="undecided">{(words.undecided)(undecided)}</p> });
                if incomplete.is_empty() {
                    return view! {
                        <p>{words.missing_none}</p>
                        {rest}
                    }
                        .into_any();
                }
                let known = board.board();
                let rows = incomplete
                    .iter()
                    .filter_map(|(id, needs)| {
                        let id = *id;
                        let name = known.projects.get(&id)?.name.clone();
                        Some(
                            view! {
                                <li>
                                    <strong>{name}</strong>
                                    {needs
                                        .iter()
                                        .map(|need| {
                                            let need = *need;
                                            view! { <GoTo need=need go=Callback::new(move |()| open(id, need)) /> }
                                        })
                                        .collect_view()}
                                </li>
                            },
                        )
                    })
                    .collect_view();
                view! {
                    <h3>{(words.missing)(incomplete.len())}</h3>
                    <p class="hint">{words.missing_says}</p>
                    <ul>{rows}</ul>
                    {rest}
                }
                    .into_any()
            }}
        </section>
    }
}

/// The close itself, asked about once more.
#[component]
fn End(live: Live) -> impl IntoView {
    let words = &text().decide.close;
    let asking = RwSignal::new(false);
    let counts = memo(move |_| {
        let known = watched(live.board);
        let decided = known.decisions.values().filter(|decision| decision.verdict.is_some()).count();
        let lacks = lacking(&known, format::today());
        let incomplete = lacks.iter().filter(|(_, needs)| !needs.contains(&Need::Verdict)).count();
        (decided, incomplete)
    });
    let close = move |_| {
        asking.set(false);
        if let Some(seen) = live.seen() {
            live.command(Command::Close { seen });
        }
    };
    view! {
        <Show
            when=move || live.drives()
            fallback=move || view! { <p class="quiet close-waits">{words.waits_for}</p> }
        >
            <div class="actions close-end">
                <button
                    type="button"
                    class="button primary large"
                    data-testid="close-session"
                    on:click=move |_| asking.set(true)
                >
                    {words.close}
                </button>
            </div>
            <Dialog open=asking title=words.sure.to_owned()>
                <div class="form" data-testid="close-sure">
                    <ul class="close-means">
                        <li>{words.sure_ballots}</li>
                        <li>
                            {move || (words.sure_log)(counts.get().0)} " "
                            {move || (counts.get().1 > 0).then(|| (words.sure_missing)(counts.get().1))}
                        </li>
                        <li>{words.sure_reopen}</li>
                    </ul>
                    <div class="actions end">
                        <button type="button" class="button" on:click=move |_| asking.set(false)>
                            {text().general.cancel}
                        </button>
                        <button type="button" class="button primary" data-testid="close-yes" on:click=close>
                            {words.yes}
                        </button>
                    </div>
                </div>
            </Dialog>
        </Show>
    }
}

/// The session is closed: the files, and the way back for who may.
#[component]
fn After(live: Live) -> impl IntoView {
    let words = &text().decide.close;
    let only_shown = memo(move |_| live.board.session.with(|session| session.demonstration));
    let reopen = move |_| {
        if let Some(seen) = live.seen() {
            live.command(Command::Resume { seen });
        }
    };
    view! {
        <section class="close-after" data-testid="closed">
            <h3>{words.closed}</h3>
            <p>{move || if only_shown.get() { text().watch.closed_says } else { words.closed_says }}</p>
            {move || {
                InLog::of(live).map(|log| view! { <p>{log.link("log-way", "close-log")}</p> })
            }}
            <Show when=move || live.drives()>
                <div class="actions" role="group" aria-label=words.take_along>
                    <Files of=Exported::Session(live.id) token=move |()| live.token() />
                </div>
                <div class="actions">
                    <button type="button" class="button small" data-testid="reopen" on:click=reopen>
                        {words.reopen}
                    </button>
                    <p class="hint">{move || (!only_shown.get()).then_some(words.reopen_says)}</p>
                </div>
                <OnwardFrom live=live />
            </Show>
        </section>
    }
}
