//! Simulated participants: people with opinions who join a session over the real wire and take part in every step.
//!
//! They serve whoever wants to see a session before they hold one, tests, pictures and load. What they think comes from
//! a seed and from what the projects and the pillars say, so that a run can be repeated. They know nothing of the server
//! but its wire.

mod drive;
mod finished;
mod http;
mod line;
mod opinion;
mod part;

use std::time::Duration;

use anyhow::Context;
use serde_json::json;

pub use drive::Course;
pub use opinion::Temper;

use self::{drive::Facilitator, finished::Finished, http::Http, opinion::Persona, part::Part};

/// Who takes part, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server: `http://host:port`.
    pub url: String,
    /// The code by which they join.
    pub code: String,
    /// How many people.
    pub people: usize,
    /// What their opinions come from.
    pub seed: u64,
    /// How long somebody thinks over one answer, on average.
    pub pace: Duration,
    /// A facilitator's token: with it, one of them drives the session through its agenda.
    pub facilitator: Option<String>,
    /// How long the facilitator leaves what is to be seen on the wall.
    pub dwell: Duration,
}

/// Makes a session out of the sample and a template. Its code and its facilitator's token.
///
/// # Errors
/// When the server cannot be reached, or the key does not open its workspace.
pub async fn found(url: &str, key: &str, template: &str) -> anyhow::Result<(String, String)> {
    let wish = json!({"title": "A simulated session", "sample": true, "template": template});
    let made = Http::of(url)?.post("/api/sessions", key, &wish).await.context("making a session")?;
    let text = |key: &str| made[key].as_str().map(str::to_owned).context("the server's answer is not whole");
    Ok((text("code")?, text("facilitator_token")?))
}

/// Has simulated people join and take part until the session is closed.
///
/// # Errors
/// When the server cannot be reached, or admits nobody.
pub async fn run(options: Options) -> anyhow::Result<Course> {
    let http = Http::of(&options.url)?;
    let finished = Finished::default();
    let mut parts = Vec::new();
    for (place, persona) in Persona::all(options.people, options.seed).into_iter().enumerate() {
        let body = json!({"code": options.code, "name": persona.name, "function": persona.function});
        let joined = http.post_once("/api/join", "", &body).await.context("joining the session")?;
        let text =
            |key: &str| joined[key].as_str().map(str::to_owned).context("the server's answer is not whole");
        let (session, token) = (text("session_id")?, text("token")?);
        let pace = options.pace;
        let part = Part::new(persona, pace, options.seed.wrapping_add(place as u64), finished.clone());
        let line = line::Line::open(&http, &session, &token).await.context("opening a connection")?;
        parts.push((session, tokio::spawn(part.take(line))));
    }
    let session = parts.first().map(|(session, _)| session.clone()).context("nobody takes part")?;
    let course = match &options.facilitator {
        Some(token) => {
            let line = line::Line::open(&http, &session, token).await.context("opening a connection")?;
            Facilitator::new(options.people, options.dwell, finished).drive(line).await?
        }
        None => Course::default(),
    };
    for (_, part) in parts {
        part.await.context("somebody's part ended badly")??;
    }
    Ok(course)
}
