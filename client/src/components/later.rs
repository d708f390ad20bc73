//! Parts of the page that are fetched when they are first shown, or once the page has nothing else to do.
//!
//! The module that the browser loads first holds what a participant needs to join and to sort: everything else comes in
//! modules of its own (`crate::parts`). Whoever opens a link on a phone waits for the first only.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, reactive::spawn_local_scoped_with_cancellation};

use super::changing;
use crate::{parts::Part, text::text};

type Coming = Pin<Box<dyn Future<Output = Part>>>;

/// How the part stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    Coming,
    Here,
    Failed,
}

/// Shows a part of the page as soon as it has come.
#[component(transparent)]
pub(crate) fn Later<P, F>(
    /// Fetches and makes it.
    part: P,
) -> impl IntoView
where
    P: Fn() -> F + 'static,
    F: Future<Output = Part> + 'static,
{
    later(Box::new(move || Box::pin(part())))
}

fn later(part: Box<dyn Fn() -> Coming>) -> AnyView {
    let stands = RwSignal::new(Stands::Coming);
    let made = StoredValue::new_local(None::<AnyView>);
    let part = StoredValue::new_local(part);
    // What comes belongs to this place, also where a press asks for it again: a press belongs to nobody.
    let owner = Owner::current().unwrap_or_default();
    let fetch = move || {
        let coming = owner.with(|| part.with_value(|part| part()));
        owner.with(|| {
            spawn_local_scoped_with_cancellation(async move {
                match coming.await {
                    Ok(view) => {
                        made.set_value(Some(view));
                        stands.set(Stands::Here);
                    }
                    // What went wrong is on the browser's console.
                    Err(_) => stands.set(Stands::Failed),
                }
            });
        });
    };
    fetch();
    changing(move || match stands.get() {
        Stands::Coming => {
            view! { <p class="part-coming" role="status">{text().general.part_coming}</p> }.into_any()
        }
        Stands::Here => made.try_update_value(Option::take).flatten().into_any(),
        Stands::Failed => {
            let fetch = fetch.clone();
            let again = move |_| {
                stands.set(Stands::Coming);
                fetch();
            };
            view! {
                <div class="part-failed" role="alert" data-testid="part-failed">
                    <p>{text().general.part_failed}</p>
                    <button type="button" class="button" data-testid="part-again" on:click=again>
                        {text().general.retry}
                    </button>
                </div>
            }
            .into_any()
        }
    })
    .into_any()
}
