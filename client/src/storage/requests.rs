//! What this browser keeps for who asks for new work: the link that they came by, what they are writing, and where they
//! can see what became of what they have sent.

use js_sys::{Function, Reflect, Uint8Array};
use leptos::prelude::window;
use plumbline_shared::json::Json;
use wasm_bindgen::JsCast;

use super::{keep_text, of_tab, read, remove, text_at, write};
use crate::{
    request::{Draft, token},
    take::Take,
};

const LINK: &str = "plumbline.intake";
const DRAFT: &str = "plumbline.request";
const SENT: &str = "plumbline.requests";
const OPEN: &str = "plumbline.request.status";
const NAME: &str = "plumbline.by";
/// How many requests a browser remembers to have sent.
const MOST_SENT: usize = 50;

/// A request that was sent from this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// What it is called by.
    pub(crate) reference: String,
    /// Its name.
    pub(crate) name: String,
    /// What opens its status.
    pub(crate) token: String,
}

impl Take for Sent {
    fn take(json: &Json) -> Option<Self> {
        Some(Self {
            reference: json.get("reference").string()?,
            name: json.get("name").string()?,
            token: json.get("token").string()?,
        })
    }
}

/// The token of the intake link.
pub(crate) fn intake_link() -> Option<String> {
    text_at(LINK)
}

/// Keeps it.
pub(crate) fn keep_intake_link(token: &str) {
    keep_text(LINK, token);
}

/// What is being written; with a token of its own, where nothing was begun.
pub(crate) fn draft() -> Draft {
    read(DRAFT).unwrap_or_else(|| Draft { token: fresh_token(), ..Draft::default() })
}

/// Keeps what is being written; gives whether the browser has.
pub(crate) fn keep_draft(draft: &Draft) -> bool {
    write(DRAFT, Json::from(draft))
}

/// The draft has arrived: another one begins.
pub(crate) fn has_arrived(draft: &Draft, reference: &str) {
    remove(DRAFT);
    let mut all = sent();
    all.retain(|sent| sent.token != draft.token);
    let name = draft.name.trim().to_owned();
    all.insert(0, Sent { reference: reference.to_owned(), name, token: draft.token.clone() });
    all.truncate(MOST_SENT);
    keep_sent(&all);
}

fn keep_sent(all: &[Sent]) {
    let one = |sent: &Sent| {
        Json::object(vec![
            ("reference", (&sent.reference).into()),
            ("name", (&sent.name).into()),
            ("token", (&sent.token).into()),
        ])
    };
    write(SENT, Json::List(all.iter().map(one).collect()));
}

/// The requests that were sent from this browser, the last one first.
pub(crate) fn sent() -> Vec<Sent> {
    read(SENT).unwrap_or_default()
}

/// Forgets one of them: it is not there any more.
pub(crate) fn forget_sent(token: &str) {
    let mut all = sent();
    all.retain(|sent| sent.token != token);
    keep_sent(&all);
}

/// The request whose status this tab shows, by its token.
pub(crate) fn open_status() -> Option<String> {
    of_tab()?.get_item(OPEN).ok()?
}

/// Has this tab show the status of a request.
pub(crate) fn keep_open_status(token: &str) {
    if let Some(tab) = of_tab() {
        tab.set_item(OPEN, token).ok();
    }
}

/// The name under which requests were answered last in this browser.
pub(crate) fn answers_as() -> String {
    text_at(NAME).unwrap_or_default()
}

/// Keeps it.
pub(crate) fn keep_answers_as(name: &str) {
    keep_text(NAME, name);
}

/// A token out of the browser's random numbers; empty where it has none, and the server then draws one.
fn fresh_token() -> String {
    let random = Uint8Array::new_with_length(43);
    let drawn = Reflect::get(&window(), &"crypto".into()).ok().and_then(|crypto| {
        let draw: Function = Reflect::get(&crypto, &"getRandomValues".into()).ok()?.dyn_into().ok()?;
        draw.call1(&crypto, &random).ok()
    });
    let mut bytes = [0; 43];
    random.copy_to(&mut bytes);
    if drawn.is_some() { token(&bytes) } else { String::new() }
}
