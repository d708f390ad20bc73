//! The board's dialogs.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Invitation},
    components::{
        AddProject, BoardDialog, CloseSession, Dialog, EditAgenda, EditPillars, EraseSession, HandOver,
        ImportPortfolio, KeysDialog, Later, ObserverLink, OwnDevice, People, PhoneTest, PhoneTrial, Rehearse,
        Renew, Share, Show, TakeRequests, closing_title,
    },
    desk::Desk,
    effect::{effect, memo},
    navigate::Router,
    parts,
    route::Route,
    text::text,
};

/// The dialogs.
#[component]
pub(super) fn Dialogs(
    /// Which of them is open.
    dialog: RwSignal<Option<BoardDialog>>,
    /// How others come in, once it is known.
    invitation: RwSignal<Option<Invitation>>,
) -> impl IntoView {
    let live = Desk::used().live;
    let trial = PhoneTrial::new(live);
    // Each dialog's own openness, kept the same as the one choice.
    let opens = move |which: BoardDialog| {
        let open = RwSignal::new(false);
        effect(move || {
            let wanted = dialog.get() == Some(which);
            if open.get_untracked() != wanted {
                open.set(wanted);
            }
        });
        Effect::watch(
            move || open.get(),
            move |is_open, _, _| {
                if !is_open && dialog.get_untracked() == Some(which) {
                    dialog.set(None);
                }
            },
            false,
        );
        open
    };
    let done = move |()| dialog.set(None);
    // Whoever does not drive any more has no business in what only facilitators do.
    effect(move || {
        let theirs = matches!(
            dialog.get(),
            Some(
                BoardDialog::People
                    | BoardDialog::Agenda
                    | BoardDialog::Rehearse
                    | BoardDialog::Pillars
                    | BoardDialog::Import
                    | BoardDialog::Requests
                    | BoardDialog::Close
                    | BoardDialog::Erase
            )
        );
        if theirs && !live.drives() {
            dialog.set(None);
        }
    });
    let later = move |which| view! { <Later part=move || parts::dialog(which, dialog) /> };
    view! {
        <Dialog open=opens(BoardDialog::Share) title=text().share.title.to_owned() wide=true>
            <Later part=move || parts::share(invitation, trial) />
        </Dialog>
        <Dialog open=opens(BoardDialog::Checkpoint) title=text().checkpoint.title.to_owned() wide=true>
            <Later part=move || parts::checkpoint(live) />
        </Dialog>
        <Dialog open=opens(BoardDialog::AddProject) title=text().board.add_project.to_owned()>
            <AddProject done=done />
        </Dialog>
        <Dialog open=opens(BoardDialog::Agenda) title=text().agenda.edit.title.to_owned() wide=true>
            {later(BoardDialog::Agenda)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Rehearse) title=text().watch.rehearse.to_owned()>
            {later(BoardDialog::Rehearse)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Pillars) title=text().prepare.pillars.title.to_owned() wide=true>
            {later(BoardDialog::Pillars)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Import) title=text().board.import_title.to_owned() wide=true>
            {later(BoardDialog::Import)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Requests) title=text().prepare.take_requests.to_owned() wide=true>
            {later(BoardDialog::Requests)}
        </Dialog>
        <Dialog open=opens(BoardDialog::People) title=text().prepare.people.title.to_owned() wide=true>
            {later(BoardDialog::People)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Close) title=Signal::derive(move || closing_title(live))>
            {later(BoardDialog::Close)}
        </Dialog>
        <Dialog open=opens(BoardDialog::Erase) title=text().prepare.end.title.to_owned()>
            {later(BoardDialog::Erase)}
        </Dialog>
        <KeysDialog open=opens(BoardDialog::Keys) />
    }
}

/// What is in a dialog of the facilitators.
pub(crate) fn content(which: BoardDialog, dialog: RwSignal<Option<BoardDialog>>) -> AnyView {
    let live = Desk::used().live;
    let done = move |()| dialog.set(None);
    match which {
        BoardDialog::Agenda => view! { <EditAgenda done=done /> }.into_any(),
        BoardDialog::Rehearse => view! { <Rehearse session=live.id token=live.token() /> }.into_any(),
        BoardDialog::Pillars => view! { <EditPillars done=done /> }.into_any(),
        BoardDialog::Import => view! { <ImportPortfolio done=done /> }.into_any(),
        BoardDialog::Requests => view! { <TakeRequests done=done /> }.into_any(),
        BoardDialog::People => view! { <People /> }.into_any(),
        BoardDialog::Close => view! { <CloseSession live=live done=done /> }.into_any(),
        BoardDialog::Erase => {
            let router = Router::used();
            let title = live.board.session.with_untracked(|session| session.title.clone());
            view! {
                <EraseSession
                    session=live.id
                    title=title
                    cancel=done
                    done=move |()| router.go(Route::Workspace)
                />
            }
            .into_any()
        }
        // These are not a facilitator's alone, and stand where they are opened.
        BoardDialog::Share | BoardDialog::Checkpoint | BoardDialog::AddProject | BoardDialog::Keys => {
            ().into_any()
        }
    }
}

/// How others, and oneself on another device, come into the session that is open.
#[component]
pub(crate) fn ShareHere(
    /// The code and the links, once they are known.
    invitation: RwSignal<Option<Invitation>>,
    /// The test with a phone that is under way.
    trial: PhoneTrial,
) -> impl IntoView {
    let live = Desk::used().live;
    // A new code or a new link for observers: everything that shows them is made anew.
    let links = RwSignal::new(0_u32);
    let renewed = move |()| {
        let token = live.token();
        spawn_local(async move {
            if let Ok(known) = api::invitation(live.id, &token).await {
                live.remember_code(&known.code);
                invitation.try_set(Some(known));
            }
            links.try_update(|times| *times += 1);
        });
    };
    // Another facilitator may have put a new one in place of the observers' link that this browser knows.
    if let Some(observer) = live.observer_token() {
        spawn_local(async move {
            let answer = api::invitation(live.id, &observer).await;
            if answer.is_err_and(|problem| problem.is_unauthorised()) {
                live.keep_observer_token(None);
                links.try_update(|times| *times += 1);
            }
        });
    }
    let closed = memo(move |_| live.board.session.with(|session| session.closed));
    let code = memo(move |_: Option<&Option<String>>| invitation.get().map(|invitation| invitation.code));
    let facilitator = untrack(|| live.drives());
    let own = live.me.get_untracked().participant.is_some();
    view! {
        <Show when=move || closed.get()>
            <p class="problem" role="status">{text().share.closed}</p>
        </Show>
        {move || {
            code.track();
            links.track();
            view! {
                <Share session=live.id token=live.token() observer_token=live.observer_token()>
                    <PhoneTest trial=trial invitation=invitation />
                </Share>
            }
        }}
        {move || {
            links.track();
            (facilitator && live.observer_token().is_none())
                .then(|| view! { <ObserverLink live=live changed=renewed /> })
        }}
        {own.then(|| view! { <OwnDevice live=live /> })}
        {facilitator.then(|| view! { <HandOver live=live /> <Renew live=live changed=renewed /> })}
    }
}
