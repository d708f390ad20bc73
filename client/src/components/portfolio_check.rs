//! Checking a portfolio before it is imported: what its columns are, and what would come of it.

use leptos::{html, prelude::*, task::spawn_local};
use plumbline_shared::ids::SessionId;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

use super::{Show, Upload};
use crate::{
    api::{self, Imported, Preview, PreviewRow},
    effect::{effect, memo},
    format,
    text::text,
};

/// The fields that a column can go to, by their names on the wire.
const FIELDS: [&str; 8] = ["name", "summary", "sponsor", "owner", "origin", "cost", "people", "reference"];
/// The one that a project cannot be without.
const NAME: usize = 0;
/// Kept on the card under its own heading.
const KEEP: usize = FIELDS.len();
/// Left out.
const IGNORE: usize = KEEP + 1;
/// How many names a list shows before the rest is a number.
const LISTED: usize = 40;

fn field_label(field: usize) -> &'static str {
    let words = &text().card;
    match field {
        0 => text().prepare.check.name,
        1 => text().prepare.check.summary,
        2 => words.sponsor,
        3 => words.owner,
        4 => words.origin,
        5 => words.cost,
        6 => words.people,
        7 => words.reference,
        KEEP => text().prepare.check.keep,
        _ => text().prepare.check.ignore,
    }
}

/// What the columns were taken for.
fn guessed(preview: &Preview) -> Vec<usize> {
    let place = |field: &str| match field {
        "ignore" => IGNORE,
        field => FIELDS.iter().position(|name| *name == field).unwrap_or(KEEP),
    };
    preview.columns.iter().map(|column| column.field.as_deref().map_or(KEEP, place)).collect()
}

/// The choice as the server reads it: every field with its column, or with none, so that nothing is guessed.
fn map_of(headings: &[String], chosen: &[usize]) -> String {
    let quoted = |at: usize| format!("\"{}\"", headings[at]);
    let mut parts: Vec<String> = FIELDS
        .iter()
        .enumerate()
        .map(|(field, name)| {
            let column = chosen.iter().position(|place| *place == field).map(quoted);
            format!("{name}:{}", column.unwrap_or_default())
        })
        .collect();
    let ignored = (0..chosen.len()).filter(|at| chosen[*at] == IGNORE);
    parts.extend(ignored.map(|at| format!("ignore:{}", quoted(at))));
    parts.join(",")
}

/// The check, and the import itself.
#[component]
pub(crate) fn PortfolioCheck(
    /// The session that it goes to.
    session: SessionId,
    /// What admits this page to it.
    token: String,
    /// What was chosen.
    upload: Upload,
    /// What the server has made of it.
    first: Preview,
    /// Called when something else is to be chosen.
    #[prop(into)]
    back: Callback<()>,
    /// Called when it has been imported.
    #[prop(into)]
    done: Callback<Imported>,
) -> impl IntoView {
    let words = &text().prepare.check;
    let headings =
        StoredValue::new(first.columns.iter().map(|column| column.heading.clone()).collect::<Vec<String>>());
    let columns = first.columns.clone();
    let token = StoredValue::new(token);
    let chosen = RwSignal::new(guessed(&first));
    let problem = RwSignal::new(first.problem.clone());
    let preview = RwSignal::new(first);
    let busy = RwSignal::new(false);
    let asked = StoredValue::new(0_u32);
    let map =
        move || headings.with_value(|headings| chosen.with_untracked(|chosen| map_of(headings, chosen)));

    // The server speaks of its calls; here, the column is chosen below.
    let told = move || {
        let nameless = chosen.with(|chosen| !chosen.is_empty() && !chosen.contains(&NAME));
        problem.get().map(|says| if nameless { words.no_name.to_owned() } else { says })
    };
    // Choices may follow each other faster than answers: the answer to the last one counts.
    let ask = move || {
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        let Ok(Some(body)) = upload.body() else { return };
        spawn_local(async move {
            let answer = api::preview(session, &token.get_value(), body, &map()).await;
            if asked.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(answer) => {
                    problem.set(answer.problem.clone());
                    preview.set(answer);
                }
                Err(refused) => problem.set(Some(refused.says)),
            }
        });
    };
    let choose = move |event: leptos::ev::Event| {
        let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
        else {
            return;
        };
        let number = |text: String| text.parse::<usize>().ok();
        let column = select.get_attribute("data-column").and_then(number);
        if let (Some(column), Some(place)) = (column, number(select.value())) {
            chosen.update(|chosen| {
                for other in chosen.iter_mut().filter(|other| place < KEEP && **other == place) {
                    *other = KEEP;
                }
                chosen[column] = place;
            });
            ask();
        }
    };
    // What had the focus is gone: the reading goes on at the top of what took its place.
    let root = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(root) = root.get() {
            crate::dom::focus_quietly(&root);
            if let Ok(Some(dialog)) = root.closest("dialog") {
                dialog.set_scroll_top(0);
            }
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    let table = NodeRef::<html::Table>::new();
    effect(move || {
        let Some(table) = table.get() else { return };
        let selects = table.query_selector_all("select").ok();
        for (at, place) in chosen.get().into_iter().enumerate() {
            let select = selects.as_ref().and_then(|selects| selects.item(at as u32));
            if let Some(select) = select.and_then(|node| node.dyn_into::<HtmlSelectElement>().ok()) {
                select.set_value(&place.to_string());
            }
        }
    });
    let import = move |_| {
        if busy.get_untracked() || problem.with_untracked(Option::is_some) {
            return;
        }
        let Ok(Some(body)) = upload.body() else { return };
        busy.set(true);
        spawn_local(async move {
            match api::import(session, &token.get_value(), body, &map()).await {
                Ok(imported) => done.run(imported),
                Err(refused) => {
                    problem.try_set(Some(refused.says));
                }
            }
            busy.try_set(false);
        });
    };
    // Rows that the import would bring or change; the same as on the board already count as imported, too.
    let comes =
        memo(move |_| preview.with(|preview| preview.new.len() + preview.changed.len() + preview.unchanged));
    let off = move || (busy.get() || comes.get() == 0 || problem.with(Option::is_some)).then_some("true");
    let import_says = move || match comes.get() {
        _ if busy.get() => words.importing.to_owned(),
        0 => words.nothing.to_owned(),
        n => (words.import)(n),
    };
    view! {
        <div class="check" data-testid="import-check" tabindex="-1" node_ref=root>
            {move || problem.with(Option::is_none).then(|| preview.with(outcome))}
            {move || told().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
            <section class="check-part">
                <h2>{words.columns}</h2>
                <p class="hint">{words.columns_hint}</p>
                <div class="check-scroll" tabindex="0" role="region" aria-label=words.columns>
                    <table class="check-columns" node_ref=table on:change=choose>
                        <thead>
                            <tr>
                                <th scope="col">{words.heading}</th>
                                <th scope="col">{words.samples}</th>
                                <th scope="col">{words.field}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {columns
                                .into_iter()
                                .enumerate()
                                .map(|(at, column)| {
                                    view! {
                                        <tr>
                                            <th scope="row">{column.heading.clone()}</th>
                                            <td class="quiet">{column.samples.join(" · ")}</td>
                                            <td>
                                                <select
                                                    data-column=at.to_string()
                                                    data-testid="column"
                                                    aria-label=(words.field_of)(&column.heading)
                                                >
                                                    {(0..=IGNORE)
                                                        .map(|place| {
                                                            view! {
                                                                <option value=place.to_string()>{field_label(place)}</option>
                                                            }
                                                        })
                                                        .collect_view()}
                                                </select>
                                            </td>
                                        </tr>
                                    }
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </section>
            <Show when=move || preview.with(|preview| !preview.rows.is_empty())>
                <section class="check-part">
                    <h2>{words.first_rows}</h2>
                    {move || preview.with(|preview| first_rows(&preview.rows))}
                </section>
            </Show>
            <div class="actions end">
                <button type="button" class="button" data-testid="import-back" on:click=move |_| back.run(())>
                    {words.back}
                </button>
                <button
                    type="button"
                    class="button primary"
                    data-testid="import-submit"
                    aria-disabled=off
                    on:click=import
                >
                    {import_says}
                </button>
            </div>
        </div>
    }
}

/// In counts, with the names behind each: new, changed, the same, left out and why.
fn outcome(preview: &Preview) -> AnyView {
    let words = &text().prepare.check;
    let changed = preview.changed.iter().map(|row| {
        let label = |field: &String| match FIELDS.iter().position(|name| name == field) {
            Some(place) => field_label(place).to_owned(),
            None => text().card.more.to_owned(),
        };
        (row.name.clone(), row.fields.iter().map(label).collect::<Vec<_>>().join(", "))
    });
    let skipped = preview.skipped.iter().map(|row| {
        #[allow(clippy::cast_precision_loss, reason = "rows of a file")]
        let number = format::number(row.row as f64);
        ((text().setup.row)(&number), row.reason.clone())
    });
    let new = preview.new.iter().map(|name| (name.clone(), String::new()));
    let unchanged = preview.unchanged;
    view! {
        <div class="check-outcome" role="status" data-testid="import-outcome">
            {preview.sheet.as_deref().map(|sheet| view! { <p class="hint">{(words.sheet)(sheet)}</p> })}
            {list("new", (words.new)(preview.new.len()), new.collect())}
            {list("changed", (words.changed)(preview.changed.len()), changed.collect())}
            {(unchanged > 0).then(|| view! { <p class="check-count">{(words.unchanged)(unchanged)}</p> })}
            {list("skipped", (words.skipped)(preview.skipped.len()), skipped.collect())}
        </div>
    }
    .into_any()
}

/// A count that opens to what it counts; none of nothing, but for what is new.
fn list(kind: &'static str, says: String, rows: Vec<(String, String)>) -> AnyView {
    let count = rows.len();
    let more = count.saturating_sub(LISTED);
    if rows.is_empty() {
        return (kind == "new")
            .then(|| view! { <p class="check-count" data-kind=kind>{says}</p> })
            .into_any();
    }
    view! {
        <details class="check-list" data-kind=kind data-count=count.to_string()>
            <summary class="check-count">{says}</summary>
            <ul>
                {rows
                    .into_iter()
                    .take(LISTED)
                    .map(|(name, what)| view! { <li><strong>{name}</strong>" "<span class="quiet">{what}</span></li> })
                    .collect_view()}
                {(more > 0).then(|| view! { <li class="quiet">{(text().prepare.check.and_more)(more)}</li> })}
            </ul>
        </details>
    }
    .into_any()
}

/// The first rows as projects: the fields that any of them has.
fn first_rows(rows: &[PreviewRow]) -> AnyView {
    let cell = |row: &PreviewRow, field: usize| match field {
        0 => row.name.clone(),
        1 => row.summary.clone().unwrap_or_default(),
        2 => row.sponsor.clone().unwrap_or_default(),
        3 => row.owner.clone().unwrap_or_default(),
        4 => row.origin.clone().unwrap_or_default(),
        5 => row.cost.map(format::number).unwrap_or_default(),
        6 => row.people.map(format::number).unwrap_or_default(),
        _ => row.reference.clone().unwrap_or_default(),
    };
    let shown: Vec<usize> =
        (0..FIELDS.len()).filter(|field| rows.iter().any(|row| !cell(row, *field).is_empty())).collect();
    let heads = shown
        .iter()
        .map(|field| {
            let figure = matches!(field, 5 | 6);
            view! { <th scope="col" class:figure=figure>{field_label(*field)}</th> }
        })
        .collect_view();
    let body = rows
        .iter()
        .map(|row| {
            let cells = shown.iter().map(|field| {
                let figure = matches!(field, 5 | 6);
                view! { <td class:figure=figure>{cell(row, *field)}</td> }
            });
            view! { <tr>{cells.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <div class="check-scroll" tabindex="0" role="region" aria-label=text().prepare.check.first_rows>
            <table class="check-rows" data-testid="import-rows">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}
