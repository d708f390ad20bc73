//! A test with a phone: a picture of its own, and whether a device has come by it. Who comes by another way, or comes
//! back, does not count; nor does the browser in which the test was begun.

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{Icon, Show, copyable::Copyable};
use crate::{
    api::{self, Invitation},
    effect::effect,
    session::Live,
    storage,
    text::text,
};

/// A test with a phone. It goes on while the dialog that shows it is closed.
#[derive(Clone, Copy)]
pub(crate) struct PhoneTrial {
    live: Live,
    /// By which its picture is known; none before it is begun.
    id: RwSignal<Option<Uuid>>,
    /// Whose device has arrived by the picture.
    arrived: RwSignal<Option<String>>,
}

impl PhoneTrial {
    /// One that is not begun yet, for as long as the current owner lives.
    pub(crate) fn new(live: Live) -> Self {
        let trial = Self { live, id: RwSignal::new(None), arrived: RwSignal::new(None) };
        effect(move || {
            let Some(id) = trial.id.get() else { return };
            let name = live
                .board
                .tested
                .with(|tested| tested.iter().find(|(by, _)| *by == id).map(|(_, name)| name.clone()));
            if name.is_some() && trial.arrived.with_untracked(Option::is_none) {
                trial.arrived.set(name);
            }
        });
        trial
    }

    /// Begins, or begins anew.
    fn begin(self) {
        let id = Uuid::now_v7();
        storage::keep_test(id);
        self.arrived.set(None);
        self.id.set(Some(id));
    }

    /// Ends, whether somebody has come or not.
    fn end(self) {
        self.id.set(None);
        self.arrived.set(None);
    }
}

/// The test: what it is, its picture, and how it stands.
#[component]
pub(crate) fn PhoneTest(
    /// The test.
    trial: PhoneTrial,
    /// How others come in, once it is known.
    invitation: RwSignal<Option<Invitation>>,
) -> impl IntoView {
    let words = &text().prepare.links;
    let PhoneTrial { live, id, arrived } = trial;
    let state = move || match (id.get(), arrived.with(Option::is_some)) {
        (None, _) => "ready",
        (Some(_), false) => "waiting",
        (Some(_), true) => "arrived",
    };
    let says = move || match (id.get(), arrived.get()) {
        (None, _) => words.test_hint.to_owned(),
        (Some(_), None) => words.test_waiting.to_owned(),
        (Some(_), Some(name)) => (words.test_done)(&name),
    };
    let alone = move || invitation.with(|known| known.as_ref().is_some_and(|known| !known.reachable));
    let way = move || {
        let id = id.get().filter(|_| arrived.with(Option::is_none))?;
        let url = format!("{}#test={id}", invitation.get()?.join_url);
        Some(view! { <Way live=live id=id url=url picture=!alone() /> })
    };
    view! {
        <div class="phone-test" data-testid="phone-test" data-state=state>
            {move || if state() == "arrived" { Icon::Check.into_render() } else { Icon::Phone.into_render() }}
            <div>
                <p role="status">
                    <strong>{words.test}</strong>
                    " "
                    {says}
                </p>
                <Show when=move || alone() && state() != "arrived">
                    <p class="hint">{words.test_alone}</p>
                </Show>
                {way}
                <button
                    type="button"
                    class="button small"
                    data-testid="phone-test-begin"
                    on:click=move |_| if state() == "waiting" { trial.end() } else { trial.begin() }
                >
                    {move || match state() {
                        "waiting" => words.test_end,
                        "arrived" => words.test_again,
                        _ => words.test_begin,
                    }}
                </button>
            </div>
        </div>
    }
}

/// The test's own picture, where another device could use it, and its link.
#[component]
fn Way(live: Live, id: Uuid, url: String, picture: bool) -> impl IntoView {
    let words = &text().prepare.links;
    let drawn = RwSignal::new(None::<String>);
    if picture {
        let token = live.token();
        spawn_local(async move {
            if let Ok(svg) = api::test_picture(live.id, &token, id).await {
                drawn.try_set(Some(svg));
            }
        });
    }
    view! {
        {move || {
            drawn
                .get()
                .map(|svg| {
                    view! { <div class="share-picture small" role="img" aria-label=words.test_qr inner_html=svg /> }
                })
        }}
        <Copyable value=url id="phone-test-link" label=words.test_link />
    }
}
