//! Getting entries into the log, for as long as it takes.

use std::time::{Duration, Instant};

use super::{Node, trouble::Trouble};
use crate::store::{LogId, Position, StoreError};

/// The first wait after a failed append.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Appends, and proposes the same entries again until the store has taken them: an append whose answer got lost may
/// have landed, and the fold counts it once. Meanwhile nothing is acknowledged, and what comes up waits.
pub(super) async fn append(
    node: &Node,
    log: &LogId,
    entries: Vec<Vec<u8>>,
    trouble: &Trouble,
) -> Result<Vec<Position>, StoreError> {
    let mut wait = FIRST_WAIT;
    let begun = Instant::now();
    loop {
        match node.store().append(log, entries.clone()).await {
            Ok(positions) => {
                node.metrics().saved(begun.elapsed());
                trouble.over();
                return Ok(positions);
            }
            Err(error) => {
                node.metrics().not_saved();
                if !error.passes() {
                    return Err(error);
                }
                trouble.met(&error);
                tracing::error!(%log, %error, "cannot save, trying again");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}
