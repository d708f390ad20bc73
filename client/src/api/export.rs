//! Taking the decisions along, as a file.

use leptos::prelude::{document, set_timeout};
use plumbline_shared::ids::SessionId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Response, Url};

use super::{Body, Problem, ask};
use crate::text::text;

/// A file that the decisions can be taken along as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Export {
    /// What it is known by in the page.
    pub(crate) key: &'static str,
    /// How its address ends.
    pub(crate) ending: &'static str,
    /// What people call it.
    pub(crate) name: &'static str,
}

const fn file(key: &'static str, ending: &'static str, name: &'static str) -> Export {
    Export { key, ending, name }
}

/// The files there are, those first that most people can open.
pub(crate) const EXPORTS: [Export; 8] = [
    file("office", "html?for=office", "Page for the office"),
    file("everyone", "html?for=everyone", "Page for everyone"),
    file("ics", "ics", "Calendar"),
    file("xlsx", "xlsx", "XLSX"),
    file("csv", "csv", "CSV"),
    file("md", "md", "Markdown"),
    file("zip", "zip", "ZIP of Markdown"),
    file("json", "json", "JSON"),
];

/// How long the browser may take to begin with a file that it was handed.
const HANDED: std::time::Duration = std::time::Duration::from_mins(1);

/// Whose decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exported {
    /// Those of a session.
    Session(SessionId),
    /// All of the log.
    Log,
}

/// Fetches the decisions as that file, and hands it to the browser to keep. A link cannot do that: it
/// would have to carry the token in its address.
pub(crate) async fn export(of: Exported, token: &str, Export { ending, .. }: Export) -> Result<(), Problem> {
    let path = match of {
        Exported::Session(session) => format!("/api/sessions/{session}/export/decisions.{ending}"),
        Exported::Log => format!("/api/decisions/export/decisions.{ending}"),
    };
    let (extension, _) = ending.split_once('?').unwrap_or((ending, ""));
    fetch(&path, token, &format!("decisions.{extension}")).await
}

/// Hands the session's agenda to the browser to keep: a template, to be used again.
pub(crate) async fn export_agenda(session: SessionId, token: &str) -> Result<(), Problem> {
    fetch(&format!("/api/sessions/{session}/agenda"), token, "agenda.json").await
}

/// Fetches a file, and hands it to the browser under the server's name for it, else under `name`.
async fn fetch(path: &str, token: &str, name: &str) -> Result<(), Problem> {
    let response = ask("GET", path, Some(token), Body::None).await?;
    let name = name_in(&response).unwrap_or_else(|| name.to_owned());
    keep(&response, &name).await.ok_or_else(|| Problem::local(text().errors.strange_answer))
}

/// The name that the server gives the file.
fn name_in(response: &Response) -> Option<String> {
    let disposition = response.headers().get("Content-Disposition").ok().flatten()?;
    let name = disposition.split_once("filename=\"")?.1.split('"').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

async fn keep(response: &Response, name: &str) -> Option<()> {
    let content: Blob = JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()?;
    let address = Url::create_object_url_with_blob(&content).ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    set_timeout(move || drop(Url::revoke_object_url(&address)), HANDED);
    Some(())
}
