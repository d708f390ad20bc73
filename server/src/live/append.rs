//! Getting entries into the log, for as long as it takes.

use std::time::Duration;

use crate::store::{LogId, Position, Store, StoreError};

/// The first wait after a failed append.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Appends, and proposes the same entries again until the store has taken them: an append whose answer got lost may
/// have landed, and the fold counts it once. Meanwhile nothing is acknowledged, and what comes up waits.
pub(super) async fn append(
    store: &dyn Store,
    log: &LogId,
    entries: Vec<Vec<u8>>,
) -> Result<Vec<Position>, StoreError> {
    let mut wait = FIRST_WAIT;
    loop {
        match store.append(log, entries.clone()).await {
            Ok(positions) => return Ok(positions),
            Err(error) if !error.passes() => return Err(error),
            Err(error) => {
                tracing::error!(%log, %error, "cannot save, trying again");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}
