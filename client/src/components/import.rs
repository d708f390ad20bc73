//! Importing a portfolio into a board that is in use: chosen, checked, brought, told.

use leptos::{prelude::*, task::spawn_local};

use super::{ImportReport, PortfolioCheck, PortfolioChoice, PortfolioSource, Upload};
use crate::{
    api::{self, Imported, Preview},
    desk::Desk,
    text::text,
};

#[derive(Clone)]
enum Stage {
    Choosing,
    Checking(Preview),
    Done(Imported),
}

/// Brings a portfolio to the board, and tells what came of it.
#[component]
pub(crate) fn ImportPortfolio(
    /// Called when it is done, or not wanted.
    #[prop(into)]
    done: Callback<()>,
) -> impl IntoView {
    let live = Desk::used().live;
    let upload = Upload::new(PortfolioChoice::File);
    let stage = RwSignal::new(Stage::Choosing);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Ok(Some(body)) = upload.body() else { return };
        busy.set(true);
        refused.set(None);
        let token = live.token();
        spawn_local(async move {
            match api::preview(live.id, &token, body, "").await {
                Ok(preview) => drop(stage.try_set(Stage::Checking(preview))),
                Err(problem) => drop(refused.try_set(Some(problem.says))),
            }
            busy.try_set(false);
        });
    };
    move || match stage.get() {
        Stage::Done(imported) => view! {
            <ImportReport imported=imported />
            <div class="actions end">
                <button type="button" class="button primary" on:click=move |_| done.run(())>
                    {text().general.close}
                </button>
            </div>
        }
        .into_any(),
        Stage::Checking(first) => view! {
            <PortfolioCheck
                session=live.id
                token=live.token()
                upload=upload
                first=first
                back=move |()| stage.set(Stage::Choosing)
                done=move |imported| stage.set(Stage::Done(imported))
            />
        }
        .into_any(),
        Stage::Choosing => view! {
            <form class="form" on:submit=submit>
                <p class="hint">{text().setup.portfolio_hint}</p>
                <PortfolioSource upload=upload offers=vec![PortfolioChoice::File, PortfolioChoice::Paste] />
                {move || refused.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
                <div class="actions end">
                    <button type="button" class="button" on:click=move |_| done.run(())>
                        {text().general.cancel}
                    </button>
                    <button
                        type="submit"
                        class="button primary"
                        data-testid="import-go-on"
                        aria-disabled=move || busy.get().then_some("true")
                    >
                        {move || {
                            if busy.get() { text().prepare.check.reading } else { text().prepare.check.go_on }
                        }}
                    </button>
                </div>
            </form>
        }
        .into_any(),
    }
}
