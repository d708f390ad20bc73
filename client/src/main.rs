//! Plumbline's pages: Leptos, rendered in the browser, built by Trunk.
//!
//! A page is composition; a component takes signals and callbacks; what keeps the board in step with the server
//! stands in `session`, on top of `plumbline-sync`, which knows nothing of pages.
//!
//! Everything that a test needs to find has a `data-testid`, and these stay:
//!
//! - workspace: `new-session`, `session`, `session-erase`; `erase-title`, `erase-submit`
//! - new session: `session-title`, `facilitator-name`, `source-file`, `source-paste`, `source-sample`, `source-none`,
//!   `portfolio-file`, `portfolio-paste`, `create-session`, `create-problem`, `import-report`, `to-board`
//! - checking a portfolio: `import-check`, `import-outcome` (with `data-kind` and `data-count` inside), `column` with
//!   `data-column`, `import-rows`, `import-back`, `import-submit`
//! - pillars: `pillars`, `pillars-count`, `pillar` (in a row with `data-pillar`, its buttons with `data-deed`),
//!   `pillar-name`, `pillar-intent`, `pillar-goals`, `pillar-measure`, `pillar-rules_out`, `pillar-owner`,
//!   `pillars-said`, `pillar-undo`, `pillars-lines`, `pillars-submit`, `pillars-template`, `pillars-done`
//! - joining: `join-code`, `join-name`, `join-function`, `join-submit`, `join-error`, `come-again`, `continue-as`,
//!   `someone-else`
//! - sharing: `share`, `share-panel`, `share-code`, `share-link`, `observer-link`, `phone-test` with `data-state`
//!   (`waiting`, `arrived`), `personal-link-make`, `personal-link`, `renew`, `renew-code`, `renew-observer`,
//!   `renew-facilitator`, `renewed-link`, `hand-over`, `hand-over-name`, `hand-over-submit`, `hand-over-link`
//! - people: `people`, `people-count`, `people-said`, `person` with `data-person`, `data-here` and `data-role`,
//!   `person-form`, `person-rename`, `person-rename-submit`, `person-role`, `person-same`, `person-link`,
//!   `person-url`, `person-remove`, `person-sure`, `person-name`, `person-add`
//! - board: `board`, `loading`; `pile` with `data-pile` (a pillar's id, `off` or `unsorted`); `card` with
//!   `data-project`; `status` with `data-state` (`saved`, `saving`, `connecting`, `offline`, `refused`) and
//!   `data-unsent`; `banner` with `data-tone`; `code`, `faces`, `shape`, `undo`, `redo`, `lock`, `menu`,
//!   `menu-people`, `menu-pillars`, `menu-import`, `menu-erase`, `search`, `filter`, `choices`, `compact`, `tray-size`
//! - card: `panel`, `panel-close`, `place-on` with `data-pile-button`
//! - bringing things: `add-project`, `project-name`, `project-summary`, `project-sponsor`, `project-cost`,
//!   `project-submit`, `add-pillars`, `import`, `import-go-on`
//! - everywhere: `toast`, `spoken`; the projector: `wall`

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "natively, only what needs no browser is tested")
)]
#![allow(unreachable_pub, reason = "what Leptos makes of a component is `pub` wherever the component is")]

mod code;
mod paging;
mod route;
mod shape;
mod take;
mod talk;
mod text;
mod typed;

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod desk;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod drag;
#[cfg(target_arch = "wasm32")]
mod effect;
#[cfg(target_arch = "wasm32")]
mod format;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod navigate;
#[cfg(target_arch = "wasm32")]
mod notices;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod ticking;

fn main() {
    #[cfg(target_arch = "wasm32")]
    app::start();
}
