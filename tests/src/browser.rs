//! Pages in a real Chromium.

use std::{path::Path, sync::Arc};

use serde_json::{Value, json};

use crate::{picture::Piles, script::Script, setting};

/// A running browser. It ends with the last of its pages.
pub struct Browser(Arc<Script>);

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
        self.0.ask("open", json!({ "name": name, "url": url })).await;
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
        let found = self.ask("shoot", json!({ "path": path, "projector": projector })).await;
        serde_json::from_value(found).expect("findings are texts")
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

    /// An attribute's text; empty when it is not there.
    pub async fn attribute(&self, of: &str, attribute: &str) -> String {
        let answer = self.ask("attribute", json!({ "of": of, "attribute": attribute })).await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// Project id → the pile on which its card lies, as the page shows it.
    pub async fn piles(&self) -> Piles {
        serde_json::from_value(self.ask("piles", json!({})).await).expect("piles are ids and names")
    }

    /// Drags a card by mouse.
    pub async fn drag(&self, project: &str, pile: &str) {
        self.ask("drag", json!({ "project": project, "pile": pile })).await;
    }

    /// Presses keys while a card has the focus.
    pub async fn keys(&self, project: &str, keys: &[&str]) {
        self.ask("keys", json!({ "project": project, "keys": keys })).await;
    }

    /// Reloads.
    pub async fn reload(&self) {
        self.ask("reload", json!({})).await;
    }

    /// What has gone wrong in the page so far: errors logged or thrown, and requests to other hosts.
    pub async fn troubles(&self) -> Vec<String> {
        serde_json::from_value(self.ask("troubles", json!({})).await).expect("troubles are texts")
    }
}
