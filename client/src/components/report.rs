//! What came of an import: how many, and each row that was left out with its reason.

use leptos::prelude::*;

use crate::{api::Imported, format, text::text};

/// The report.
#[component]
pub(crate) fn ImportReport(
    /// What came of it.
    imported: Imported,
) -> impl IntoView {
    let words = &text().setup;
    let skipped = imported.skipped;
    let count = skipped.len();
    view! {
        <div class="report" role="status" data-testid="import-report">
            <p class="report-done">{(words.imported)(imported.imported)}</p>
            {(count > 0)
                .then(|| {
                    view! {
                        <details open=count <= 8>
                            <summary>{(words.skipped)(count)}</summary>
                            <ul>
                                {skipped
                                    .into_iter()
                                    .map(|row| {
                                        #[allow(clippy::cast_precision_loss, reason = "rows of a file")]
                                        let number = format::number(row.row as f64);
                                        view! {
                                            <li>
                                                <strong>{(words.row)(&number)}</strong>
                                                " "
                                                {row.reason}
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </details>
                    }
                })}
        </div>
    }
}
