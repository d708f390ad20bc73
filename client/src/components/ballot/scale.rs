//! Numbers from a scale, with words at its ends: fist to five, or one to five.

use leptos::{ev, prelude::*};
use plumbline_shared::answer::{Answer, Item};

use super::{
    answering::Answering,
    course::{SitOut, SitsOut},
    mark::Unconfirmed,
    review::Finish,
    second::SecondPerson,
    subject::Subject,
};
use crate::{components::For, effect::memo, text::text};

/// The highest number of every scale.
const HIGHEST: u8 = 5;

/// Every item with its scale.
#[component]
pub(super) fn Scales(answering: Answering) -> impl IntoView {
    let each =
        move || answering.sheet.with(|sheet| (0..u32::try_from(sheet.lines.len()).unwrap_or(0)).collect());
    view! {
        <div class="ballot-page scales">
            <h2 tabindex="-1" data-testid="ballot-heading">
                {answering.prompt()}
            </h2>
            <ol>
                <For each=each let:at>
                    <Row answering=answering at=at as usize />
                </For>
            </ol>
            <Finish answering=answering />
            <SecondPerson />
        </div>
    }
}

#[component]
fn Row(answering: Answering, at: usize) -> impl IntoView {
    let item = memo(move |_| answering.sheet.with(|sheet| sheet.lines.get(at).map(|line| line.item.clone())));
    let out = memo(move |_| item.get().is_some_and(|item| answering.is_out(&item)));
    view! {
        <li class="scale-row" data-testid="scale-row" data-item=move || item.get().map(|item| item.to_string())>
            {move || {
                out.track();
                item.get().map(|item| scale(answering, item))
            }}
        </li>
    }
}

fn scale(answering: Answering, item: Item) -> AnyView {
    let words = &text().ballot.asks;
    let (lowest, highest, labels) = answering.round(|round| match round.words.len() {
        0 => (round.lowest, HIGHEST, Vec::new()),
        count => (0, u8::try_from(count - 1).unwrap_or(HIGHEST), round.words.clone()),
    });
    let labels = StoredValue::new(labels);
    let in_words = labels.with_value(|labels| !labels.is_empty());
    let label = move |number: u8| {
        labels
            .with_value(|labels| labels.get(usize::from(number)).cloned())
            .unwrap_or_else(|| number.to_string())
    };
    let whole = item == Item::session();
    let called = item.clone();
    let name = memo(move |_| if whole { answering.prompt() } else { answering.name(&called) });
    let about = item.clone();
    let head = (!whole).then(|| {
        view! {
            <h3 class="row-name">{move || name.get()}</h3>
            <Subject answering=answering item=about />
        }
    });
    if untrack(|| answering.is_out(&item)) {
        return view! {
            {head}
            <SitsOut answering=answering item=item />
        }
        .into_any();
    }
    let asked = item.clone();
    let chosen = memo(move |_| match answering.answer(&asked) {
        Some(Answer::Scale { scale }) => Some(scale),
        _ => None,
    });
    let asked = StoredValue::new(item.clone());
    let sit_out = item.clone();
    let choose = move |number: u8| {
        answering.cast(asked.get_value(), Some(Answer::Scale { scale: number }));
        answering.live.notices().say(format!("{}: {}", name.get_untracked(), label(number)));
    };
    let keyed = move |event: ev::KeyboardEvent| {
        // Words have no numbers of their own: the first is 1.
        let number = event.key().parse::<u8>().ok().and_then(|key| key.checked_sub(u8::from(in_words)));
        let number = number.filter(|number| (lowest..=highest).contains(number));
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if let Some(number) = number {
            event.prevent_default();
            choose(number);
        } else if matches!(event.key().as_str(), "Delete" | "Backspace") && chosen.get_untracked().is_some() {
            event.prevent_default();
            answering.cast(asked.get_value(), None);
        }
    };
    let (low, high) = if lowest == 0 { (words.fist, words.five) } else { (words.lowest, words.highest) };
    view! {
        {head}
        <div
            class="scale"
            class:whole=whole
            class:in-words=in_words
            role="group"
            aria-label=move || name.get()
            on:keydown=keyed
            style:--count=(highest - lowest + 1).to_string()
        >
            {(lowest..=highest)
                .map(|number| {
                    let end = match number {
                        _ if in_words => "",
                        _ if number == lowest => low,
                        HIGHEST => high,
                        _ => "",
                    };
                    view! {
                        <button
                            type="button"
                            class="scale-number tabular"
                            data-testid="scale"
                            data-number=number.to_string()
                            aria-label=(!end.is_empty()).then(|| format!("{number}: {end}"))
                            aria-pressed=move || if chosen.get() == Some(number) { "true" } else { "false" }
                            on:click=move |_| choose(number)
                        >
                            {label(number)}
                        </button>
                    }
                })
                .collect_view()}
            <p class="scale-ends" aria-hidden="true">
                <span>{(!in_words).then_some(low)}</span>
                <Unconfirmed answering=answering item=item />
                <span>{(!in_words).then_some(high)}</span>
            </p>
        </div>
        <SitOut answering=answering item=sit_out />
    }
    .into_any()
}
