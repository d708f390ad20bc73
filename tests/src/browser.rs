//! Pages in a real Chromium.

use std::{path::Path, sync::Arc, time::Duration};

use plumbline_shared::ids::ProjectId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{picture::Piles, script::Script, setting};

/// How long pictures of one state may take: six of them, each looked over by axe-core, on a machine that is busy.
const SHOOTING: Duration = Duration::from_secs(240);

/// A running browser. It ends with the last of its pages.
pub struct Browser(Arc<Script>);

/// What a page has measured of itself, in milliseconds: see `tests/node/measure.mjs`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Measured {
    /// From the navigation's start until the first card was drawn.
    pub first_card: f64,
    /// … until the last change of cards was drawn.
    pub all_cards: f64,
    /// Tasks of 50 ms and more.
    pub long_tasks: Vec<f64>,
    /// Events until they were answered on the screen, where that took 16 ms and more.
    pub events: Vec<f64>,
    /// Moves of the pointer until the next frame.
    pub frames: Vec<f64>,
    /// Updates from the socket until cards had changed by them.
    pub arrivals: Vec<f64>,
    /// … until the frame after that.
    pub drawn: Vec<f64>,
}

/// One page, in a context of its own: another person's browser.
pub struct Page {
    script: Arc<Script>,
    /// Its name in the browser.
    pub name: String,
}

impl Browser {
    /// Starts Chromium.
    ///
    /// # Panics
    /// When it is not there.
    #[must_use]
    pub fn start() -> Self {
        // The script finds it by the same variable; asked for here so that its absence is told well.
        let _ = setting::path(setting::CHROMIUM);
        Self(Arc::new(Script::start("browser.mjs")))
    }

    /// Opens a page at `url`.
    pub async fn open(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({})).await
    }

    /// Opens a page at `url` on a phone with a touch screen.
    pub async fn open_phone(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "width": 390, "height": 844, "touch": true })).await
    }

    /// Opens a page at `url` in the browser in which `page` is open: another tab of the same person's.
    pub async fn open_beside(&self, page: &Page, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "beside": page.name })).await
    }

    /// Opens a page at `url` that measures itself.
    pub async fn open_measured(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "measured": true })).await
    }

    /// Opens a page at `url` to which the server's answers never come: it shows what is on its way.
    pub async fn open_held(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "held": true })).await
    }

    /// Opens a page at `url` of which the parts that come later do not come, until [`Page::whole`].
    pub async fn open_in_part(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "whole": false })).await
    }

    /// Opens a page at `url` that can be put to sleep.
    pub async fn open_drowsy(&self, name: &str, url: &str) -> Page {
        self.open_as(name, url, json!({ "sleeps": true })).await
    }

    async fn open_as(&self, name: &str, url: &str, mut how: Value) -> Page {
        (how["name"], how["url"]) = (json!(name), json!(url));
        self.0.ask("open", how).await;
        Page { script: Arc::clone(&self.0), name: name.to_owned() }
    }
}

impl Page {
    async fn ask(&self, verb: &str, mut fields: Value) -> Value {
        fields["name"] = json!(self.name);
        match self.script.try_ask(verb, fields.clone()).await {
            Ok(answer) => answer,
            Err(error) => {
                let seen = self.picture().await;
                panic!("the page {} could not {verb} {fields}: {error}\n{seen}", self.name)
            }
        }
    }

    /// From now on all parts of the page can be fetched.
    pub async fn whole(&self) {
        self.ask("whole", json!({})).await;
    }

    /// Waits until a part of the page has been fetched.
    pub async fn fetched(&self, part: &str) {
        self.ask("fetched", json!({ "part": part })).await;
    }

    /// Takes a picture of the page and says where it is, for a test that has failed.
    pub async fn picture(&self) -> String {
        let path = std::env::temp_dir().join(format!("plumbline-{}.png", self.name));
        match self.script.try_ask("picture", json!({ "name": self.name, "path": path })).await {
            Ok(_) => format!("see {}", path.display()),
            Err(error) => format!("no picture could be taken: {error}"),
        }
    }

    /// Takes pictures of this state at every size and in both themes onto one sheet at `path`, and gives what axe-core
    /// found on them. `projector`: at the size of a projector alone.
    pub async fn shoot(&self, path: &Path, projector: bool) -> Vec<String> {
        let how = json!({ "name": self.name, "path": path, "projector": projector });
        match self.script.try_ask_within(SHOOTING, "shoot", how).await {
            Ok(found) => serde_json::from_value(found).expect("findings are texts"),
            Err(error) => panic!("no pictures of {} could be taken: {error}", self.name),
        }
    }

    /// Takes a picture of this page and of others, each at its own size, onto one sheet at `path`, and gives what
    /// axe-core found on them.
    ///
    /// # Panics
    /// When no pictures can be taken.
    pub async fn shoot_with(&self, others: &[&Page], path: &Path) -> Vec<String> {
        let names: Vec<&str> =
            std::iter::once(self).chain(others.iter().copied()).map(|page| page.name.as_str()).collect();
        match self.script.try_ask_within(SHOOTING, "together", json!({ "names": names, "path": path })).await
        {
            Ok(found) => serde_json::from_value(found).expect("findings are texts"),
            Err(error) => panic!("no pictures of {names:?} could be taken: {error}"),
        }
    }

    /// Prints the page on paper of that format, `A4` or `Letter`, and reads it back out of the PDF.
    pub async fn print(&self, format: &str) -> Vec<Sheet> {
        sheets(self.ask("print", json!({ "format": format })).await)
    }

    /// Prints a document that stands for itself, as whoever has the file does.
    pub async fn print_document(&self, html: &str, format: &str) -> Vec<Sheet> {
        sheets(self.ask("print", json!({ "format": format, "html": html })).await)
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &[&str]) {
        self.ask("press", json!({ "keys": keys })).await;
    }

    /// Waits until the page says this somewhere.
    pub async fn read(&self, text: &str) {
        self.ask("read", json!({ "text": text })).await;
    }

    /// Chooses a file.
    pub async fn attach(&self, to: &str, file: &Path) {
        self.ask("attach", json!({ "to": to, "file": file })).await;
    }

    /// Chooses an option of a list, by its value or its text; of several lists, the one with this label.
    pub async fn choose(&self, of: &str, label: &str, option: &str) {
        self.ask("choose", json!({ "of": of, "label": label, "option": option })).await;
    }

    /// An attribute of every element with this `data-testid`, in their order.
    pub async fn attributes(&self, of: &str, attribute: &str) -> Vec<String> {
        let all = self.ask("attributes", json!({ "of": of, "attribute": attribute })).await;
        serde_json::from_value(all).expect("attributes are texts")
    }

    /// What each element with this `data-testid` says, in their order.
    pub async fn texts(&self, of: &str) -> Vec<String> {
        serde_json::from_value(self.ask("texts", json!({ "of": of })).await).expect("texts are texts")
    }

    /// Goes to an address, in the same browser.
    pub async fn go_to(&self, url: &str) {
        self.ask("goTo", json!({ "url": url })).await;
    }

    /// What has the focus: its `data-testid`, else its label, else its element's name.
    pub async fn focus(&self) -> String {
        self.ask("focus", json!({})).await.as_str().unwrap_or_default().to_owned()
    }

    /// What is wrong with the focus for who sees the page and has no pointer: lost, without a ring, or beyond the screen.
    /// Empty where all is well.
    pub async fn unseen_focus(&self) -> String {
        self.ask("unseenFocus", json!({})).await.as_str().unwrap_or_default().to_owned()
    }

    /// What an element says.
    pub async fn text(&self, of: &str) -> String {
        self.ask("text", json!({ "of": of })).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element with this `data-testid` is visible.
    pub async fn see(&self, what: &str) {
        self.ask("see", json!({ "what": what })).await;
    }

    /// Fills a field.
    pub async fn fill(&self, into: &str, text: &str) {
        self.ask("fill", json!({ "into": into, "text": text })).await;
    }

    /// Clicks.
    pub async fn click(&self, on: &str) {
        self.ask("click", json!({ "on": on })).await;
    }

    /// Gives an element the focus.
    pub async fn focus_on(&self, what: &str) {
        self.ask("focusOn", json!({ "on": what })).await;
    }

    /// Clicks the one of several whose attribute has this value.
    pub async fn click_one(&self, on: &str, attribute: &str, value: &str) {
        self.ask("clickOne", json!({ "on": on, "attribute": attribute, "value": value })).await;
    }

    /// Taps it with a finger, on a phone.
    pub async fn tap_one(&self, on: &str, attribute: &str, value: &str) {
        self.ask("clickOne", json!({ "on": on, "attribute": attribute, "value": value, "finger": true }))
            .await;
    }

    /// Clicks in the row of a list that says `row`.
    pub async fn click_in(&self, row: &str, on: &str) {
        self.ask("clickIn", json!({ "row": row, "on": on })).await;
    }

    /// Clicks the button of a deed (`up`, `remove`, …) in the row of a list that says `row`.
    pub async fn click_deed(&self, row: &str, deed: &str) {
        self.ask("deed", json!({ "row": row, "deed": deed })).await;
    }

    /// An attribute's text; empty when it is not there.
    pub async fn attribute(&self, of: &str, attribute: &str) -> String {
        let answer = self.ask("attribute", json!({ "of": of, "attribute": attribute })).await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// Project id → the pile on which its card lies, as the page shows it.
    pub async fn piles(&self) -> Piles {
        serde_json::from_value(self.ask("piles", json!({})).await).expect("piles are ids and names")
    }

    /// Gives the page another size, in pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        self.ask("resize", json!({ "width": width, "height": height })).await;
    }

    /// What elements with this `data-testid` say that cannot be read as it stands: cut off, or not on the screen.
    pub async fn cut(&self, of: &str) -> Vec<String> {
        serde_json::from_value(self.ask("cut", json!({ "of": of })).await).expect("texts are texts")
    }

    /// The size of the smallest letters that the page shows, in pixels, and what they say.
    pub async fn smallest(&self) -> (f64, String) {
        let least = self.ask("smallest", json!({})).await;
        (least["size"].as_f64().unwrap_or_default(), least["says"].as_str().unwrap_or_default().to_owned())
    }

    /// Of each element with this `data-testid`, and of each part of it, what it holds beyond the room that it has.
    pub async fn beyond(&self, of: &str) -> Vec<String> {
        serde_json::from_value(self.ask("beyond", json!({ "of": of })).await).expect("findings are texts")
    }

    /// What a field holds.
    pub async fn value(&self, of: &str) -> String {
        self.ask("value", json!({ "of": of })).await.as_str().unwrap_or_default().to_owned()
    }

    /// What all fields with this `data-testid` hold, in their order.
    pub async fn values(&self, of: &str) -> Vec<String> {
        serde_json::from_value(self.ask("values", json!({ "of": of })).await).expect("values are texts")
    }

    /// How many elements have this `data-testid`.
    pub async fn count(&self, what: &str) -> u64 {
        self.ask("count", json!({ "what": what })).await.as_u64().unwrap_or_default()
    }

    /// Whether a button cannot be pressed.
    pub async fn is_disabled(&self, what: &str) -> bool {
        self.ask("disabled", json!({ "what": what })).await.as_bool().unwrap_or_default()
    }

    /// Clicks a card while these keys are held.
    pub async fn click_card(&self, project: &str, modifiers: &[&str]) {
        self.ask("card", json!({ "project": project, "modifiers": modifiers })).await;
    }

    /// Types at the end of a field, key by key.
    pub async fn write(&self, into: &str, text: &str) {
        self.ask("write", json!({ "into": into, "text": text })).await;
    }

    /// Types at the beginning of a field.
    pub async fn write_in_front(&self, into: &str, text: &str) {
        self.ask("write", json!({ "into": into, "text": text, "front": true })).await;
    }

    /// Types where the caret is.
    pub async fn press_text(&self, text: &str) {
        self.ask("write", json!({ "text": text })).await;
    }

    /// What has the focus, what is selected in it, and how far everything is scrolled.
    pub async fn standing(&self) -> Value {
        self.ask("standing", json!({})).await
    }

    /// Cuts the network for this page, or mends it.
    pub async fn offline(&self, offline: bool) {
        self.ask("offline", json!({ "offline": offline })).await;
    }

    /// What the page has measured since this was last asked; it was opened to measure itself.
    pub async fn measured(&self) -> Measured {
        serde_json::from_value(self.ask("measured", json!({})).await).expect("figures are numbers")
    }

    /// Closes the page.
    pub async fn close(&self) {
        self.ask("close", json!({})).await;
    }

    /// Takes a card into the hand by mouse, and holds it over a pile.
    pub async fn lift(&self, project: &str, pile: &str) {
        self.ask("drag", json!({ "project": project, "pile": pile, "lift": true })).await;
    }

    /// Lets go of what is in the hand.
    pub async fn drop(&self) {
        self.ask("drop", json!({})).await;
    }

    /// Chooses a project in the queue of decisions.
    pub async fn choose_row(&self, project: ProjectId) {
        self.ask("row", json!({ "project": project })).await;
    }

    /// Drags a card by mouse, in sixty steps.
    pub async fn drag_slowly(&self, project: &str, pile: &str) {
        self.ask("drag", json!({ "project": project, "pile": pile, "steps": 60 })).await;
    }

    /// Drags a card by a finger onto a pile's tab, on a phone.
    pub async fn touch(&self, project: &str, pile: &str) {
        self.ask("touch", json!({ "project": project, "pile": pile })).await;
    }

    /// Drags a card by mouse.
    pub async fn drag(&self, project: &str, pile: &str) {
        self.ask("drag", json!({ "project": project, "pile": pile })).await;
    }

    /// Presses keys while a card has the focus.
    pub async fn keys(&self, project: &str, keys: &[&str]) {
        self.ask("keys", json!({ "project": project, "keys": keys })).await;
    }

    /// Copies the tab, as browsers do: the same storage, and a copy of what the tab keeps for itself. Where the server
    /// cannot be reached, the copy has nothing to show until it is reloaded.
    pub async fn copy(&self, name: &str) -> Page {
        self.ask("copy", json!({ "as": name })).await;
        Page { script: Arc::clone(&self.script), name: name.to_owned() }
    }

    /// The tab is put to sleep: nothing runs in it of itself until it wakes. It was opened to sleep.
    pub async fn sleep(&self) {
        self.ask("sleep", json!({ "asleep": true })).await;
    }

    /// The last sign of life of every tab of this browser was an hour ago. Those that run give one again soon.
    pub async fn an_hour_passes(&self) {
        self.ask("age", json!({})).await;
    }

    /// The tab wakes.
    pub async fn wake(&self) {
        self.ask("sleep", json!({ "asleep": false })).await;
    }

    /// The page in a frame of this one: another person's, with this one's keys. `of` names the frame, `name` the page.
    pub async fn frame(&self, of: &str, name: &str) -> Page {
        self.ask("frame", json!({ "of": of, "as": name })).await;
        Page { script: Arc::clone(&self.script), name: name.to_owned() }
    }

    /// Demonstrations that this page begins from now on are so many times as fast.
    pub async fn hasten(&self, pace: u32) {
        self.ask("hasten", json!({ "pace": pace })).await;
    }

    /// The page's address, with its fragment.
    pub async fn address(&self) -> String {
        let address = self.ask("address", json!({})).await;
        address.as_str().unwrap_or_default().to_owned()
    }

    /// Reloads.
    pub async fn reload(&self) {
        self.ask("reload", json!({})).await;
    }

    /// Reloads while the server cannot be reached: what is left is the browser's own page of an error.
    ///
    /// # Panics
    /// When it can be.
    pub async fn reload_in_vain(&self) {
        self.ask("reloadInVain", json!({})).await;
    }

    /// What has gone wrong in the page so far: errors logged or thrown, and requests to other hosts.
    pub async fn troubles(&self) -> Vec<String> {
        serde_json::from_value(self.ask("troubles", json!({})).await).expect("troubles are texts")
    }
}

/// A sheet of paper, read out of a PDF.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Sheet {
    /// Its width, in points of 1/72 inch.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What stands on it.
    pub text: String,
    /// What does not lie on it as a whole.
    pub lost: Vec<String>,
}

fn sheets(read: Value) -> Vec<Sheet> {
    serde_json::from_value(read).expect("sheets")
}
