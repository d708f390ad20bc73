//! The end: what is left, what was answered, and *done*.

use leptos::prelude::*;
use plumbline_shared::answer::Item;

use super::{answering::Answering, course::SitsOut, mark::Mark, second::SecondPerson};
use crate::{
    components::{Icon, Show},
    effect::memo,
    text::text,
};

/// Which of the lines are listed.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Left,
    Answered,
    Out,
}

/// All of one's own ballot, looked over.
#[component]
pub(super) fn Review(answering: Answering) -> impl IntoView {
    let words = &text().ballot.way;
    let sheet = answering.sheet;
    let full = memo(move |_| sheet.with(|sheet| sheet.is_full()));
    let heading = move || {
        sheet.with(|sheet| match (sheet.answered(), sheet.of_all()) {
            (done, all) if done == all => (words.all_answered)(all),
            (0, _) => words.none_yet.to_owned(),
            (done, all) => (words.some_left)(all - done, all),
        })
    };
    view! {
        <div class="review" data-testid="review">
            <h2 tabindex="-1" data-testid="ballot-heading">
                {heading}
            </h2>
            <Finish answering=answering later=move || !full.get()>
                <Show when=move || !full.get()>
                    <button
                        type="button"
                        class="button primary large"
                        data-testid="answer-left"
                        on:click=move |_| answering.go_to(sheet.with_untracked(|sheet| sheet.first_open()))
                    >
                        {words.answer_left}
                    </button>
                </Show>
            </Finish>
            <Lines answering=answering part=Part::Left />
            <Lines answering=answering part=Part::Answered />
            <Lines answering=answering part=Part::Out />
            <SecondPerson />
        </div>
    }
}

/// *I am done*, and not yet.
#[component]
pub(super) fn Finish(
    answering: Answering,
    /// Whether something else comes first.
    #[prop(optional, into)]
    later: Signal<bool>,
    /// What else can be done here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = &text().ballot.way;
    let done = memo(move |_| answering.sheet.with(|sheet| sheet.done));
    let room =
        move || answering.live.board.progress.get().map(|progress| (words.room)(progress.done, progress.of));
    view! {
        <div class="finish" class:is-done=move || done.get() data-testid="finish">
            <p role="status">
                {move || done.get().then(|| view! { {Icon::Check} <strong>{words.is_done}</strong> " " })}
                {move || if done.get() { room().unwrap_or_default() } else { words.done_hint.to_owned() }}
            </p>
            <div class="actions">
                <Show
                    when=move || done.get()
                    fallback=move || {
                        view! {
                            <button
                                type="button"
                                class="button large"
                                class:primary=move || !later.get()
                                data-testid="done"
                                on:click=move |_| answering.finish(true)
                            >
                                {words.done}
                            </button>
                        }
                    }
                >
                    <button
                        type="button"
                        class="button large"
                        data-testid="not-done"
                        on:click=move |_| answering.finish(false)
                    >
                        {words.not_done}
                    </button>
                </Show>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

#[component]
fn Lines(answering: Answering, part: Part) -> impl IntoView {
    let words = &text().ballot.way;
    let items = memo(move |_| {
        answering.sheet.with(|sheet| {
            let is = |line: &&crate::ballot::sheet::Line| match part {
                Part::Left => line.is_open(),
                Part::Answered => line.answer.is_some() && !line.out,
                Part::Out => line.out,
            };
            sheet.lines.iter().filter(is).map(|line| line.item.clone()).collect::<Vec<Item>>()
        })
    });
    let heading = move |count: usize| match part {
        Part::Left => (words.left)(count),
        Part::Answered => words.yours.to_owned(),
        Part::Out => (words.out_of)(count),
    };
    view! {
        {move || {
            let items = items.get();
            (!items.is_empty())
                .then(|| {
                    view! {
                        <section class="review-part">
                            <h3>{heading(items.len())}</h3>
                            <ul>{items.into_iter().map(|item| line(answering, item, part)).collect_view()}</ul>
                        </section>
                    }
                })
        }}
    }
}

fn line(answering: Answering, item: Item, part: Part) -> AnyView {
    let name = {
        let item = item.clone();
        move || answering.name(&item)
    };
    if part == Part::Out {
        return view! {
            <li class="review-out">
                <span class="row-name">{name}</span>
                <SitsOut answering=answering item=item />
            </li>
        }
        .into_any();
    }
    let (to, id) = (item.clone(), item.to_string());
    view! {
        <li>
            <button
                type="button"
                class="row-head"
                data-testid="review-line"
                data-item=id
                on:click=move |_| answering.go_to(Some(to.clone()))
            >
                <span class="row-name">{name}</span>
                <Mark answering=answering item=item />
            </button>
        </li>
    }
    .into_any()
}
