//! Where a portfolio comes from: a file, the clipboard, the sample, or nowhere yet.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::{html, prelude::*, task::spawn_local};
use plumbline_shared::limits;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::{api::Body, format, text::text};

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";

/// Where from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortfolioChoice {
    File,
    Paste,
    Sample,
    Nothing,
}

impl PortfolioChoice {
    fn label(self) -> &'static str {
        let words = &text().setup;
        match self {
            Self::File => words.from_file,
            Self::Paste => words.from_paste,
            Self::Sample => words.from_sample,
            Self::Nothing => words.from_none,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::File => "source-file",
            Self::Paste => "source-paste",
            Self::Sample => "source-sample",
            Self::Nothing => "source-none",
        }
    }
}

/// A file that was read.
#[derive(Clone, PartialEq)]
pub(crate) struct Read {
    name: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

/// What is to be brought, as far as it has been chosen.
#[derive(Clone, Copy)]
pub(crate) struct Upload {
    /// Where from.
    pub(crate) choice: RwSignal<PortfolioChoice>,
    file: RwSignal<Option<Read>>,
    pasted: RwSignal<String>,
    /// What is wrong with it.
    pub(crate) error: RwSignal<Option<&'static str>>,
}

impl Upload {
    /// Nothing chosen but where from.
    pub(crate) fn new(choice: PortfolioChoice) -> Self {
        Self {
            choice: RwSignal::new(choice),
            file: RwSignal::new(None),
            pasted: RwSignal::default(),
            error: RwSignal::new(None),
        }
    }

    /// What to send: `None` where there is nothing to.
    ///
    /// # Errors
    /// When what was chosen is not there; the person is told.
    pub(crate) fn body(self) -> Result<Option<Body>, ()> {
        let words = &text().setup;
        let missing = match self.choice.get_untracked() {
            PortfolioChoice::File => match self.file.get_untracked() {
                Some(read) => return Ok(Some(Body::Bytes(read.bytes, read.kind))),
                None => words.file_missing,
            },
            PortfolioChoice::Paste => {
                let pasted = self.pasted.get_untracked();
                if !pasted.trim().is_empty() {
                    return Ok(Some(Body::Bytes(pasted.into_bytes(), CSV)));
                }
                words.paste_missing
            }
            PortfolioChoice::Sample | PortfolioChoice::Nothing => return Ok(None),
        };
        self.error.set(Some(missing));
        Err(())
    }

    fn take(self, file: &File) {
        let words = &text().setup;
        self.error.set(None);
        #[allow(clippy::cast_precision_loss, reason = "five million is exact")]
        if file.size() > limits::IMPORT as f64 {
            return self.error.set(Some(words.file_too_large));
        }
        let name = file.name();
        let kind = match name.rsplit('.').next().map(str::to_ascii_lowercase).as_deref() {
            Some("csv" | "tsv" | "txt" | "tab") => CSV,
            Some("xlsx" | "xlsm") => XLSX,
            Some("json") => JSON,
            _ => return self.error.set(Some(words.file_unknown)),
        };
        let content = file.array_buffer();
        spawn_local(async move {
            if let Ok(buffer) = JsFuture::from(content).await {
                let bytes = Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec();
                self.file.try_set(Some(Read { name, kind, bytes }));
            } else {
                self.error.try_set(Some(words.file_unknown));
            }
        });
    }
}

/// The choice, and what belongs to what was chosen.
#[component]
pub(crate) fn PortfolioSource(
    /// What is chosen.
    upload: Upload,
    /// What is offered.
    #[prop(into)]
    offers: Vec<PortfolioChoice>,
) -> impl IntoView {
    let choice = upload.choice;
    view! {
        <div class="source">
            <div class="segments" role="radiogroup" aria-label=text().setup.portfolio>
                {offers
                    .into_iter()
                    .map(|offer| {
                        view! {
                            <label>
                                <input
                                    type="radio"
                                    name="portfolio-source"
                                    data-testid=offer.id()
                                    prop:checked=move || choice.get() == offer
                                    on:change=move |_| {
                                        upload.error.set(None);
                                        choice.set(offer);
                                    }
                                />
                                <span>{offer.label()}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
            {move || match choice.get() {
                PortfolioChoice::File => view! { <FromFile upload=upload /> }.into_any(),
                PortfolioChoice::Paste => view! { <FromPaste upload=upload /> }.into_any(),
                PortfolioChoice::Sample => view! { <p class="hint roomy">{text().setup.sample}</p> }.into_any(),
                PortfolioChoice::Nothing => view! { <p class="hint roomy">{text().setup.none}</p> }.into_any(),
            }}
            {move || upload.error.get().map(|says| view! { <p class="problem" role="alert">{says}</p> })}
        </div>
    }
}

#[component]
fn FromFile(upload: Upload) -> impl IntoView {
    let words = &text().setup;
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let chosen = move |_| {
        if let Some(file) = input.get().and_then(|input| input.files()).and_then(|files| files.get(0)) {
            upload.take(&file);
        }
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
        {
            upload.take(&file);
        }
    };
    view! {
        <label
            class="drop"
            class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <input
                node_ref=input
                type="file"
                class="unseen"
                data-testid="portfolio-file"
                accept=".csv,.tsv,.txt,.tab,.xlsx,.xlsm,.json"
                on:change=chosen
            />
            {move || match upload.file.get() {
                Some(read) => {
                    #[allow(clippy::cast_precision_loss, reason = "five million is exact")]
                    let size = format::number((read.bytes.len() as f64 / 1000.0).max(0.1));
                    view! {
                        <strong>{read.name}</strong>
                        <span class="hint">{(words.file_size)(&size)}</span>
                        <span class="button small">{words.other_file}</span>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <strong>{words.drop_here}</strong>
                        <span class="button small">{words.choose_file}</span>
                        <span class="hint">{words.file_kinds}</span>
                    }
                        .into_any()
                }
            }}
        </label>
    }
}

#[component]
fn FromPaste(upload: Upload) -> impl IntoView {
    let words = &text().setup;
    let rows = move || {
        let rows = upload.pasted.with(|pasted| pasted.lines().filter(|line| !line.trim().is_empty()).count());
        (rows > 1).then(|| (words.paste_counted)(rows - 1))
    };
    view! {
        <div class="field">
            <label class="unseen" for="portfolio-paste">
                {words.paste_label}
            </label>
            <textarea
                id="portfolio-paste"
                data-testid="portfolio-paste"
                class="cells"
                rows="7"
                wrap="off"
                spellcheck="false"
                placeholder=words.paste_placeholder
                prop:value=upload.pasted
                on:input:target=move |event| {
                    upload.error.set(None);
                    upload.pasted.set(event.target().value());
                }
            />
            <p class="hint">{move || rows()}</p>
        </div>
    }
}
