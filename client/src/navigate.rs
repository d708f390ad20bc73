//! Going from page to page over the History API, without reloading.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use crate::{
    route::{Route, Secret},
    storage::alone,
    text::text,
};

/// The page that is shown.
#[derive(Clone, Copy)]
pub(crate) struct Router(RwSignal<Route>);

impl Router {
    /// Takes the page from the address, and follows the browser's buttons and the links of the page from now on.
    pub(crate) fn start() -> Self {
        let route = RwSignal::new(here());
        let _ = window_event_listener(ev::popstate, move |_| route.set(here()));
        let router = Self(route);
        let _ = window_event_listener(ev::click, move |event| router.follow(&event));
        provide_context(router);
        router
    }

    /// The router of this page.
    pub(crate) fn used() -> Self {
        expect_context()
    }

    /// The page that is shown; tracked.
    pub(crate) fn get(self) -> Route {
        self.0.get()
    }

    /// Goes to a page.
    pub(crate) fn go(self, route: Route) {
        if alone::token().is_some() {
            return leave(&route.path());
        }
        push(&route.path(), false);
        self.show(route);
    }

    /// Goes to a page that takes this one's place in the browser's history.
    pub(crate) fn instead(self, route: Route) {
        push(&route.path(), true);
        self.show(route);
    }

    fn show(self, route: Route) {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.0.set(route);
    }

    /// Follows a link of ours that was clicked in the ordinary way.
    fn follow(self, event: &MouseEvent) {
        if event.default_prevented()
            || event.button() != 0
            || event.meta_key()
            || event.ctrl_key()
            || event.shift_key()
            || event.alt_key()
        {
            return;
        }
        let Some(link) = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok())
        else {
            return;
        };
        let ours = window().location().origin().is_ok_and(|origin| origin == link.origin());
        let route = Route::parse(&(link.pathname() + &link.search()));
        if !ours || !link.target().is_empty() || link.has_attribute("download") || route == Route::Unknown {
            return;
        }
        if link.get_attribute("href").is_some_and(|href| href.starts_with('#')) {
            return;
        }
        event.prevent_default();
        self.go(route);
    }
}

/// Goes to another page of ours from one that is one person alone: it is loaded anew, and in the whole tab where this one
/// stands in a frame.
fn leave(path: &str) {
    let whole = window().top().ok().flatten().unwrap_or_else(window);
    whole.location().set_href(path).ok();
}

/// The address of another page of the same session, to be opened in a tab of its own.
pub(crate) fn beside(route: &Route) -> String {
    match alone::token() {
        Some(token) => format!("{}#only={token}", route.path()),
        None => route.path(),
    }
}

fn here() -> Route {
    Route::parse(&own_path())
}

/// The path of the address, with what stands behind its question mark.
fn own_path() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Writes into the address what the page shows now, so that it can be linked to and found again; the page stays as it is.
pub(crate) fn says_now(route: &Route) {
    push(&route.path(), true);
}

fn push(path: &str, instead: bool) {
    if let Ok(history) = window().history() {
        let _ = if instead {
            history.replace_state_with_url(&JsValue::NULL, "", Some(path))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(path))
        };
    }
}

/// The secret in the address, left there.
pub(crate) fn secret() -> Option<Secret> {
    Secret::parse(&window().location().hash().ok()?)
}

/// The secret in the address, which is taken out of it: nobody should read it over a shoulder, or copy it by chance.
pub(crate) fn take_secret() -> Option<Secret> {
    let secret = secret()?;
    // These are not for copying, and a reload must find them.
    if matches!(secret, Secret::Only(_) | Secret::Once(_)) {
        return Some(secret);
    }
    take_out_secret();
    Some(secret)
}

/// Takes the secret out of the address.
pub(crate) fn take_out_secret() {
    push(&own_path(), true);
}

/// Names the browser's tab.
pub(crate) fn name_tab(title: &str) {
    if title.is_empty() {
        document().set_title(text().general.name);
    } else {
        document().set_title(&(text().general.tab)(title));
    }
}

/// A path of this server as a whole address.
pub(crate) fn address(path: &str) -> String {
    format!("{}{path}", window().location().origin().unwrap_or_default())
}
