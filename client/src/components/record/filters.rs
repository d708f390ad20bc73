//! Search in the decision log, and what it can be narrowed to.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use plumbline_shared::words::Verdict;

use crate::{
    api::Overview,
    components::{Icon, Show},
    effect::memo,
    record::{Due, Sought, Status},
    text::record::record,
};

/// How long somebody has to pause before what they have typed is looked for.
const PAUSE: Duration = Duration::from_millis(250);

/// A choice: what it writes, and what it is called.
type Offer = (String, String);

/// The search and the choices. What is chosen is looked for at once, what is typed after a pause.
#[component]
pub(crate) fn LogFilters(
    /// What is looked for.
    sought: RwSignal<Sought>,
    /// What there is to choose from, once it is known.
    overview: RwSignal<Option<Overview>>,
    /// Looks for it.
    #[prop(into)]
    seek: Callback<()>,
) -> impl IntoView {
    let words = &record().log;
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = typing.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let typed = move |said: String| {
        stop();
        sought.update(|sought| {
            sought.words = said;
            sought.shown = None;
        });
        typing.set_value(set_timeout_with_handle(move || seek.run(()), PAUSE).ok());
    };
    let choose = move |change: &dyn Fn(&mut Sought)| {
        stop();
        sought.update(|sought| {
            change(sought);
            sought.shown = None;
        });
        seek.run(());
    };
    // They take half of a phone's screen: folded up until somebody wants them, or has them already.
    let open = RwSignal::new(sought.with_untracked(|sought| sought.chosen() > 0));
    let chosen = memo(move |_| sought.with(Sought::chosen));
    let of = move |names: fn(&Overview) -> Vec<Offer>| {
        move || overview.with(|overview| overview.as_ref().map(names).unwrap_or_default())
    };
    let verdicts = move || {
        let all = [Verdict::Move, Verdict::Wait, Verdict::Stop, Verdict::Open];
        all.map(|verdict| (verdict.as_str().to_owned(), (words.verdict)(Some(verdict)).to_owned())).to_vec()
    };
    let statuses =
        move || Status::ALL.map(|of| (of.as_str().to_owned(), (words.status)(of).to_owned())).to_vec();
    let dues = move || {
        let offered = Due::OFFERED.into_iter().filter(|due| *due != Due::Any);
        offered.map(|due| (due.written(), (words.due)(due))).collect()
    };
    view! {
        <div class="log-seek" role="search" aria-label=words.seek>
            <div class="search">
                {Icon::Search}
                <input
                    type="search"
                    data-testid="log-search"
                    aria-label=words.search
                    placeholder=words.search
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=sought.with_untracked(|sought| sought.words.clone())
                    on:input:target=move |event| typed(event.target().value())
                />
            </div>
            <button
                type="button"
                class="button log-fold"
                data-testid="log-fold"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls="log-choices"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {Icon::Filter}
                {move || (words.filters)(chosen.get())}
            </button>
            <div class="log-choices" id="log-choices" class:open=move || open.get()>
                <Choice
                    name="verdict"
                    label=words.by_verdict
                    offers=verdicts
                    is=move || sought.with(|of| of.verdict.map(|verdict| verdict.as_str().to_owned()).unwrap_or_default())
                    choose=move |value: String| choose(&|sought| sought.verdict = Verdict::parse(&value))
                />
                <Choice
                    name="status"
                    label=words.by_status
                    offers=statuses
                    is=move || sought.with(|of| of.status.map(|status| status.as_str().to_owned()).unwrap_or_default())
                    choose=move |value: String| choose(&|sought| sought.status = Status::parse(&value))
                />
                <Choice
                    name="due"
                    label=words.by_due
                    offers=dues
                    is=move || sought.with(|of| of.due.written())
                    choose=move |value: String| choose(&|sought| sought.due = Due::read(&value))
                />
                <Choice
                    name="owner"
                    label=words.by_owner
                    offers=of(|overview| same(&overview.owners))
                    is=move || sought.with(|of| of.owner.clone())
                    choose=move |value: String| choose(&|sought| sought.owner.clone_from(&value))
                />
                <Choice
                    name="pillar"
                    label=words.by_pillar
                    offers=of(|overview| same(&overview.pillars))
                    is=move || sought.with(|of| of.pillar.clone())
                    choose=move |value: String| choose(&|sought| sought.pillar.clone_from(&value))
                />
                <Choice
                    name="session"
                    label=words.by_session
                    offers=of(|overview| {
                        overview.sessions.iter().map(|one| (one.id.to_string(), one.title.clone())).collect()
                    })
                    is=move || sought.with(|of| of.session.map(|id| id.to_string()).unwrap_or_default())
                    choose=move |value: String| choose(&|sought| sought.session = value.parse().ok())
                />
                <label class="log-flag">
                    <input
                        type="checkbox"
                        data-testid="log-holds"
                        prop:checked=move || sought.with(|of| of.holds)
                        on:change:target=move |event| {
                            let set = event.target().checked();
                            choose(&|sought| sought.holds = set);
                        }
                    />
                    <span>{words.only_what_holds}</span>
                </label>
                <label class="log-flag">
                    <input
                        type="checkbox"
                        data-testid="log-untold"
                        prop:checked=move || sought.with(|of| of.untold)
                        on:change:target=move |event| {
                            let set = event.target().checked();
                            choose(&|sought| sought.untold = set);
                        }
                    />
                    <span>{words.only_untold}</span>
                </label>
            </div>
            <Show when=move || sought.with(Sought::narrows)>
                <a class="log-clear" href="/log" data-testid="log-clear">
                    {words.clear}
                </a>
            </Show>
        </div>
    }
}

fn same(names: &[String]) -> Vec<Offer> {
    names.iter().map(|name| (name.clone(), name.clone())).collect()
}

/// A choice of one, or of none in particular.
#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    /// What there is to choose from.
    #[prop(into)]
    offers: Signal<Vec<Offer>>,
    /// What is chosen.
    #[prop(into)]
    is: Signal<String>,
    #[prop(into)] choose: Callback<String>,
) -> impl IntoView {
    let chosen = memo(move |_| is.get());
    let options = move || {
        let chosen = chosen.get();
        let mut offers = offers.get();
        // What a link asks for is told also where there is nothing of it.
        if !chosen.is_empty() && !offers.iter().any(|(value, _)| *value == chosen) {
            offers.push((chosen.clone(), chosen.clone()));
        }
        let any = (String::new(), record().log.any.to_owned());
        std::iter::once(any)
            .chain(offers)
            .map(|(value, says)| {
                let selected = value == chosen;
                view! {
                    <option value=value prop:selected=selected>
                        {says}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <label class="log-choice">
            <span>{label}</span>
            <select
                data-testid=format!("log-{name}")
                class:chosen=move || chosen.with(|chosen| !chosen.is_empty())
                on:change:target=move |event| {
                    let value = event.target().value();
                    // What is chosen comes back as what is looked for: not while the browser is still about it.
                    spawn_local(async move { choose.run(value) });
                }
            >
                {move || options()}
            </select>
        </label>
    }
}
