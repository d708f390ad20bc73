//! Plumbline's pages: Leptos, rendered in the browser, built by Trunk.
//!
//! A page is composition; a component takes signals and callbacks; what keeps the board in step with the server
//! stands in `session`, on top of `plumbline-sync`, which knows nothing of pages.
//!
//! Everything that a test needs to find has a `data-testid`, and these stay:
//!
//! - workspace: `new-session`, `sessions-loading`, `session`, `session-erase`, `on-this-device`; `erase-title`, `erase-submit`
//! - the workspace's pages: `ways`, `forget-key`; the decision log: `log-loading`, `log-list`, `log-due-list`, `log-empty`, `log-again`,
//!   `log-more`, `decision-line` with `data-number`, `log-search`, `log-fold`, `log-clear`, `log-` with `verdict`, `status`, `due`,
//!   `owner`, `pillar`, `session`, `holds`, `untold`; `log-chip-` with `over`, `soon`, `untold`; `log-files`, `take-` with a file's
//!   ending; `log-tampered`, `log-chain` with `data-state` (`whole`, `tampered`), `log-head`, `log-noted`, `log-noted-look`,
//!   `log-noted-says` with `data-state` (`malformed`, `coming`, `there`, `missing`, `failed`)
//! - requests: `request-form`, `request-` with `name`, `purpose`, `pillar`, `measure`, `target`, `instead`, `instead-name`, `owner`,
//!   `cost`, `people`, `asked-by`; `request-send`, `request-problem`, `request-see`, `request-told`, `request-sent`; what became of
//!   one: `request-became` with `data-stands` and `data-verdict`, `request-why`, `status-link`, `request-another`, `request-gone`;
//!   who looks after them: `intake-make`, `intake-state` with `data-open`, `intake-link`, `intake-names`, `intake-switch`,
//!   `intake-renew`, `requests`, `requests-empty`, `requests-waiting`, `requests-` with a state, `request` with `data-number` and
//!   `data-stands`, `request-decline`, `request-mark`, `request-wait`, `request-erase`, `request-erase-sure`, `request-by`,
//!   `request-reason`, `request-of`, `request-submit`; a session that takes them: `menu-requests`, `take-requests`,
//!   `request-offer` with `data-number`, `requests-all`, `requests-take`, `requests-took`, `requests-done`
//! - line of sight: `pillars-empty`, `pillars-now`, `pillar-line`, `shift`, `no-shift`, `shift-` with `projects`, `cost`, `people`,
//!   `shift-table`, `shift-ways`, `sight-caveats`, `pillar-stands`, `pillar-was`, `pillar-unknown`, `agreement`
//! - a decision: `decision-loading`, `decision-again`, `decision-page`, `decision-now` with `data-status`, `decision-print`,
//!   `decision-facts`, `decision-lacks`, `decision-since`, `decision-change` with `data-number`, `decision-untold`,
//!   `decision-nothing-since`, `decision-rationale`, `decision-against`, `decision-from`, `decision-to`, `decision-round` with
//!   `data-question`, `decision-signed`, `decision-dissent`, `decision-history`, `decision-attendance`, `decision-imports`,
//!   `decision-erased`, `decision-hash`, `decision-previous`; entering: `decision-enter`, `enter-` with `told` or a status,
//!   `enter-told_by`, `enter-told_on`, `enter-successor`, `enter-reason`, `enter-by`, `enter-submit`, `enter-refused`,
//!   `decision-over`
//! - watching: `watch-begin`, `watch-problem`, `watch`, `watch-now`, `watch-choice` with `watch-phone` (`-console`, `-wall`),
//!   `frame-phone` (`-console`, `-wall`), `watch-over`, `watch-summary`, `watch-back`, `watch-gone`; `menu-rehearse`, `rehearse`
//! - going on: `go-on`
//! - new session: `session-title`, `facilitator-name`, `source-file`, `source-paste`, `source-sample`, `source-none`,
//!   `portfolio-file`, `portfolio-paste`, `create-session`, `create-problem`, `import-report`, `to-board`
//! - checking a portfolio: `import-check`, `import-outcome` (with `data-kind` and `data-count` inside), `column` with
//!   `data-column`, `import-rows`, `import-back`, `import-submit`
//! - pillars: `pillars`, `pillars-count`, `pillar` (in a row with `data-pillar`, its buttons with `data-deed`),
//!   `pillar-name`, `pillar-intent`, `pillar-goals`, `pillar-measure`, `pillar-rules_out`, `pillar-owner`,
//!   `pillars-said`, `pillar-undo`, `pillars-lines`, `pillars-submit`, `pillars-template`, `pillars-done`
//! - joining: `join-code`, `join-name`, `join-function`, `join-submit`, `join-error`, `come-again`, `continue-as`,
//!   `someone-else`
//! - sharing: `share`, `share-panel`, `share-code`, `share-link`, `observer-link`, `observer-new`, `observer-make`,
//!   `phone-test` with `data-state` (`ready`, `waiting`, `arrived`), `phone-test-begin`, `phone-test-link`,
//!   `test-note` (where somebody joins by it), `personal-link-make`, `personal-link`, `renew`, `renew-code`,
//!   `renew-observer`, `renew-facilitator`, `renewed-link`, `hand-over`, `hand-over-name`, `hand-over-submit`,
//!   `hand-over-link`
//! - people: `people`, `people-count`, `people-said`, `person` with `data-person`, `data-here` and `data-role`,
//!   `person-form`, `person-rename`, `person-rename-submit`, `person-role`, `person-role-submit`, `person-same`,
//!   `person-same-submit`, `person-link`, `person-url`, `person-remove`, `person-sure`, `person-name`, `person-add`
//! - what comes later: `part-failed`, `part-again`
//! - board: `board`, `loading`; `pile` with `data-pile` (a pillar's id, `off` or `unsorted`); `card` with
//!   `data-project`; `status` with `data-state` (`saved`, `saving`, `connecting`, `offline`, `refused`) and
//!   `data-unsent`; `banner` with `data-tone`, `resume`; `code`, `faces`, `shape`, `shape-says`, `figures-open`,
//!   `figures`, `undo`, `redo`, `lock`, `menu`, `menu-people`, `menu-pillars`, `menu-import`, `menu-close`,
//!   `menu-erase`, `close-means`, `close-submit`, `search`, `filter`, `choices`, `filter-clear`, `compact`, `tray-size`
//! - card: `panel`, `panel-close`, `place-on` with `data-pile-button`, `flag-elsewhere`, `shift-at`, `shift-top`,
//!   `shift-up`, `shift-down`, `shift-end`
//! - deciding: `decide`, `decide-progress`, `queue-all`, `queue-left`, `queue-decided`, `queue-lacking`, `queue-row` with
//!   `data-item` and `data-verdict`, `queue-nothing`, `decide-agreed`, `decide-agreed-undo`, `capacity`, `decide-case` with
//!   `data-case`, `decide-back`, `decide-spotlight`, `decide-next`; `evidence`, `evidence-alone`, `evidence-together`,
//!   `evidence-questions`, `evidence-verdict`, `evidence-dots`, `evidence-flags`; `decision`, `decision-denied`,
//!   `verdict-move` (`-wait`, `-stop`, `-open`), `room-says`, `decision-` with a field of the schema, `decision-further`, `decision-status`,
//!   `rationale`, `decision-lacks`, `need` with `data-need`
//! - committing: `commit`, `confidence`, `dissent`, `dissent-about`, `dissent-text`, `dissent-send`, `own-dissent`,
//!   `dissent-change`, `dissent-back`, `dissent-said`, `sign-later`, `sign` with `data-about`, `sign-carry`
//!   (`-reservation`, `-decline`), `sign-reason`, `sign-submit`, `signed-count`, `signatures`, `signature`, `gap`
//! - closing: `close-view` with `data-closed`, `close-group` with `data-verdict`, `first-days`, `shares`, `missing`,
//!   `undecided`, `close-session`, `close-sure`, `close-yes`, `closed`, `take-` with a file's ending, `reopen`
//! - printing: `menu-print`, `print-sheets`, `part-script`, `part-ballots`, `part-join`, `paper-a4`, `paper-letter`,
//!   `print`, `print-script`, `print-step`, `print-ballots`, `print-ballot`, `print-join`
//! - ballots: `ballot` with `data-question`, `ballot-progress` with `data-answered`, `ballot-saving` with `data-state`
//!   (`confirmed`, `sending`, `kept`), `promise`, `promise-begin`, `promise-line`, `ballot-card` with `data-current`,
//!   `ballot-heading`, `answer` with `data-answer`, `claim` with `data-claim`, `source-revenue`, `source-required`,
//!   `ballot-row`, `review-line`, `dots-row`, `scale-row` and `writing-row` with `data-item`, `mark`, `unconfirmed`,
//!   `ballot-back`, `ballot-on`, `ballot-end`, `ballot-as-cards`, `ballot-as-list`, `take-back`, `sit-out`, `sits-out`,
//!   `take-part`, `review`, `answer-left`, `finish`, `done`, `not-done`, `dots-left` with `data-left`, `dots-said`, `dot-more`,
//!   `dot-less`, `dots-on`, `scale` with `data-number`, `writing`, `too-late`; `ballot-waits`, `ballot-loading`,
//!   `ballot-sealed`, `ballot-nothing`, `ballot-looks-on`, `ballot-closed`
//! - a facilitator's ballot: `ballot-overview`, `takes-part`, `to-overview`, `own-progress`, `withdraw`, `paper-open`,
//!   `paper-form`, `paper-whose`, `paper-answer`, `paper-claim`, `paper-none`, `paper-submit`, `paper-refused`,
//!   `paper-entered`, `paper-another`
//! - two people on one device: `second-person`, `cover-stay`, `cover-leave`, `cover`, `cover-heading`, `cover-sent` with
//!   `data-waiting`, `cover-back`, `next-code`, `next-name`, `next-function`, `next-submit`, `next-error`
//! - what the room sees: `reveal` with `data-question`, `answered`, `rounds`, `round`, `side-by-side`, `beside`; `beat` with
//!   `data-shows`, `shape-words`, `now-on-pillars`, `place-agreed`, `placed-agreed`, `take-agreed-back`, `all-placed`,
//!   `by-cost`, `heat-map`, `heat-row` with `data-row`, `one-split` with `data-item`, `split-previous`, `split-next`,
//!   `named` with `data-item`, `reveal-detail`, `reveal-detail-open`, `mean-agreement`, `alpha`; `told` with `data-item`
//!   and `data-outcome`, `claims-summary`, `claims-wait`, `fact` with `data-claim`, `check-claim` with `data-item`,
//!   `one-vote-away`, `verdict-summary`, `consensus`; on cards `card-hobby`, on an open one `card-evidence`
//! - talking: `talk`, `talk-left`, `talk-previous`, `talk-choice`, `talk-next`, `talk-times`, `talk-only`, `talk-by-cost`,
//!   `talk-end`; `discussed` with `data-item`, `open-discussed`
//! - bringing things: `add-project`, `project-name`, `project-summary`, `project-sponsor`, `project-cost`,
//!   `project-submit`, `add-pillars`, `import`, `import-go-on`
//! - agenda: `agenda`, `agenda-where`, `agenda-title`, `agenda-now`, `agenda-next`, `agenda-time` with `data-state` (`running`,
//!   `ending`, `over`), `agenda-more`, `agenda-about`, `agenda-row`, `agenda-go`, `agenda-ends`, `agenda-advice`, `agenda-edit`,
//!   `script`, `spotlight`, `spotlight-only`, `spotlight-end`; its console: `console`, `console-next` with `data-next` (`begin`,
//!   `open`, `seal`, `reveal`, `show`, `next`, `close`, `closed`), `console-done`, `console-sure`, `console-cancel`,
//!   `console-back`, `console-again`, `console-extend`, `console-no-limit`, `console-spotlight`
//! - its editor: `menu-agenda`, `agenda-editor`, `agenda-counted`, `agenda-said`, `agenda-undo`, `agenda-done`, `step` (in a row
//!   with `data-step`, its buttons with `data-deed`), `step-minutes`, `step-go`, `step-kind`, `step-add`, `step-form` with `step-`
//!   and the name of each option, `shortlist`, `agenda-template`, `agenda-import`, `agenda-export`, `agenda-replace`
//! - before there is a session: `template` with `data-template`; `about-purpose`, `about-decider`, `about-rule`
//! - sponsors: `sponsors`, `sponsor-is`, `sponsor-save`, `sponsors-said`
//! - webhooks: `hook-add`, `hooks`, `hooks-empty`, `hook` with `data-state`, `hook-state`, `hook-says`, `hook-address`,
//!   `hook-deliveries`, `hook-test`, `hook-edit`, `hook-rotate`, `hook-turn`, `hook-remove`, each with `-submit` where it asks;
//!   the form `hook-url`, `hook-name`, `hook-thin`, `hook-everyone`, `hook-submit`; `hook-secret`, `hook-secret-done`;
//!   `deliveries` with `-all`, `-waiting`, `-failed`, `-delivered`, `-again`, `-more`, `-none`; `delivery` with `data-state`,
//!   `delivery-fold`, `delivery-again`
//! - everywhere: `home`, `toast`, `toast-dismiss`, `spoken`; the projector: `wall`, `wall-pile` with `data-pile-row`,
//!   `wall-name`, `wall-known`, `wall-cards`, `wall-people`; `wall-now`, `wall-ballot` with `data-state`, `wall-beat` with
//!   `data-shows`, `wall-heat`, `wall-told`, `wall-discussed` with `data-item`, `wall-decide`, `wall-signed`, `wall-close`

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, unused_imports, reason = "natively, only what needs no browser is tested")
)]
#![allow(unreachable_pub, reason = "what Leptos makes of a component is `pub` wherever the component is")]

mod agenda;
mod ballot;
mod code;
mod hooks;
mod paging;
mod record;
mod request;
mod route;
mod shape;
mod shift;
mod sight;
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
mod keep_focus;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod navigate;
#[cfg(target_arch = "wasm32")]
mod notices;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod parts;
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
