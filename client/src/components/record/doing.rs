//! Entering that something is done: what, by whom, on which day, what came of it, and when it is looked at again.

use leptos::prelude::*;
use plumbline_shared::{day::Day, limits};

use crate::{
    format,
    record::{Deed, NewDone, Shown},
    text::{record::record, text},
};

/// What is typed about it. A handle.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    /// None until it was asked for.
    what: RwSignal<Option<Deed>>,
    by: RwSignal<String>,
    on: RwSignal<String>,
    note: RwSignal<String>,
    next: RwSignal<String>,
}

impl Doing {
    pub(super) fn new() -> Self {
        Self {
            what: RwSignal::new(None),
            by: RwSignal::default(),
            on: RwSignal::new(format::today().to_string()),
            note: RwSignal::default(),
            next: RwSignal::default(),
        }
    }

    /// It was entered: the next entry begins anew.
    pub(super) fn empty(self) {
        self.what.try_set(None);
        for text in [self.by, self.note, self.next] {
            text.try_set(String::new());
        }
        self.on.try_set(format::today().to_string());
    }

    /// What is typed, or what is missing for it.
    pub(super) fn read(self, by: String) -> Result<NewDone, &'static str> {
        let words = &record().entering;
        let line = |of: RwSignal<String>| of.with_untracked(|text| text.trim().to_owned());
        let (done_by, next) = (line(self.by), line(self.next));
        if done_by.is_empty() {
            return Err(words.done_by_missing);
        }
        let done_on = Day::parse(&line(self.on)).ok_or(words.done_on_missing)?;
        let today = format::today();
        if done_on > today {
            return Err(words.done_on_later);
        }
        let next_review = match next.as_str() {
            "" => None,
            day => Some(Day::parse(day).ok_or(words.next_review_wrong)?),
        };
        if next_review.is_some_and(|next| next <= today) {
            return Err(words.next_review_over);
        }
        let what = self.what.get_untracked().ok_or(words.deed)?;
        Ok(NewDone { what, done_by, done_on, note: line(self.note), next_review, by })
    }
}

/// What that needs. What is due first is chosen, and who answers for the decision is at hand.
#[component]
pub(super) fn AskedDone(doing: Doing, shown: Signal<Option<Shown>>) -> impl IntoView {
    let words = &record().entering;
    let (deeds, owner) = shown.with_untracked(|shown| {
        shown.as_ref().map(|of| (of.may_be_done(), of.record.owner.clone())).unwrap_or_default()
    });
    if !doing.what.get_untracked().is_some_and(|what| deeds.contains(&what)) {
        doing.what.set(deeds.first().copied());
    }
    let options = deeds.into_iter().map(|deed| {
        view! {
            <option value=deed.as_str() selected=doing.what.get_untracked() == Some(deed)>
                {(words.deeds)(deed)}
            </option>
        }
    });
    let options = options.collect_view();
    let day =
        |name: &'static str, label: &'static str, value: RwSignal<String>, hint: Option<&'static str>| {
            let id = format!("enter-{name}");
            let about = hint.map(|_| format!("{id}-hint"));
            // A next review is to come, and what is done is past.
            let (least, most) = match hint {
                Some(_) => (Some(format::today().plus(1).to_string()), None),
                None => (None, Some(format::today().to_string())),
            };
            view! {
                <div class="field">
                    <label for=id.clone()>
                        {label}
                        {hint.map(|_| view! { <span class="quiet">" " {text().general.optional}</span> })}
                    </label>
                    <input
                        id=id.clone()
                        type="date"
                        data-testid=id
                        min=least
                        max=most
                        aria-describedby=about.clone()
                        prop:value=value.get_untracked()
                        on:input:target=move |event| value.set(event.target().value())
                    />
                    {hint.map(|hint| view! { <p class="hint" id=about>{hint}</p> })}
                </div>
            }
        };
    view! {
        <div class="field">
            <label for="enter-deed">{words.deed}</label>
            <select
                id="enter-deed"
                data-testid="enter-deed"
                on:change:target=move |event| doing.what.set(Deed::parse(&event.target().value()))
            >
                {options}
            </select>
        </div>
        <div class="field">
            <label for="enter-done_by">{words.done_by}</label>
            <input
                id="enter-done_by"
                data-testid="enter-done_by"
                autocomplete="off"
                list="enter-done_by-list"
                maxlength=limits::LINE.to_string()
                prop:value=doing.by.get_untracked()
                on:input:target=move |event| doing.by.set(event.target().value())
            />
            <datalist id="enter-done_by-list">
                {(!owner.is_empty()).then(|| view! { <option value=owner></option> })}
            </datalist>
        </div>
        {day("done_on", words.done_on, doing.on, None)}
        {day("next_review", words.next_review, doing.next, Some(words.next_review_says))}
        <div class="field wide">
            <label for="enter-note">
                {move || match doing.what.get() {
                    Some(Deed::Measure) => words.note_of_measure,
                    _ => words.note,
                }}
                <span class="quiet">" " {text().general.optional}</span>
            </label>
            <textarea
                id="enter-note"
                rows="3"
                data-testid="enter-note"
                maxlength=limits::PARAGRAPH.to_string()
                prop:value=doing.note.get_untracked()
                on:input:target=move |event| doing.note.set(event.target().value())
            />
        </div>
    }
}
