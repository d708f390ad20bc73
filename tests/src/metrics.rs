//! What a server counts of its own work, read as Prometheus reads it.

use std::net::SocketAddr;

use crate::{api::Api, server::free_port};

/// A listener of the server's for numbers.
#[derive(Clone, Copy, Debug)]
pub struct Metrics(SocketAddr);

impl Metrics {
    /// A place for one, to be given to `--metrics`.
    #[must_use]
    pub fn place() -> Self {
        Self(SocketAddr::from(([127, 0, 0, 1], free_port())))
    }

    /// What `--metrics` takes.
    #[must_use]
    pub fn address(&self) -> String {
        self.0.to_string()
    }

    /// The number of this name; of all its labels together, and 0 where nothing was counted yet.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn of(&self, name: &str) -> Result<f64, String> {
        self.labelled(name, "").await
    }

    /// The same, of those with `label` alone, such as `code="4408"`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn labelled(&self, name: &str, label: &str) -> Result<f64, String> {
        let numbers = self.text().await?;
        let counted = numbers.lines().filter_map(|line| {
            let (series, number) = line.rsplit_once(' ')?;
            let labels = series.strip_prefix(name)?;
            ((labels.is_empty() || labels.starts_with('{')) && labels.contains(label))
                .then(|| number.parse::<f64>().ok())?
        });
        Ok(counted.sum())
    }

    /// All of it, as it is told.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn text(&self) -> Result<String, String> {
        let reply = Api::new(self.0).try_get("/metrics").await.map_err(|error| error.to_string())?;
        Ok(reply.text())
    }
}
