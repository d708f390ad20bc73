//! The form of a decision: the verdict, the room's word beside it, what it needs, why. In the queue and on the open card.

use leptos::prelude::*;
use plumbline_shared::{
    board::Decision,
    deciding::{Evidence, fields, is_against},
    ids::ProjectId,
    words::{Role, Verdict},
};
use plumbline_sync::{Intent, Splice, Value};

use super::{before::Before, deciding::heard, fields::Fields, missing::Lacks, room::RoomSays};
use crate::{
    components::{SharedText, Writing},
    desk::Desk,
    effect::memo,
    format,
    session::Live,
    text::text,
};

/// The verdicts, in the order in which they are offered.
const VERDICTS: [Verdict; 4] = [Verdict::Move, Verdict::Wait, Verdict::Stop, Verdict::Open];

/// A verdict as people say it.
pub(crate) fn verdict_name(verdict: Verdict) -> &'static str {
    let words = &text().open_card;
    match verdict {
        Verdict::Move => words.move_on,
        Verdict::Wait => words.wait,
        Verdict::Stop => words.stop,
        Verdict::Open => words.open,
    }
}

/// What is meant by writing a field of a decision.
pub(super) fn set(project: ProjectId, field: &str, value: Value) -> Intent {
    Intent::SetDecision { project, field: field.to_owned(), value }
}

/// A decision that is being made. A handle.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) live: Live,
    pub(super) project: ProjectId,
    /// What is decided so far.
    pub(super) decision: Memo<Decision>,
    /// The room's private verdict, if it has a majority.
    pub(super) room: Memo<Option<Verdict>>,
    /// Why this person cannot change it, while they cannot.
    pub(super) denied: Memo<Option<String>>,
}

impl Made {
    fn new(live: Live, project: ProjectId) -> Self {
        let board = live.board;
        let decision = memo(move |_| {
            board.written.track();
            board.board().decisions.get(&project).cloned().unwrap_or_default()
        });
        let room = memo(move |_| Evidence::of(&heard(board), project).room());
        let denied = live.why_not(set(project, "verdict", Value::Null));
        Self { live, project, decision, room, denied }
    }

    /// The verdict; tracked.
    pub(super) fn verdict(self) -> Option<Verdict> {
        self.decision.with(|decision| decision.verdict)
    }

    /// What stands in a field; tracked.
    pub(super) fn says(self, field: &str) -> String {
        self.decision.with(|decision| match field {
            "owner" => decision.owner.clone(),
            field => decision.more.get(field).cloned().unwrap_or_default(),
        })
    }

    /// Whether the verdict goes against the room's; tracked.
    pub(super) fn is_against(self) -> bool {
        self.verdict().is_some_and(|verdict| is_against(verdict, self.room.get()))
    }

    /// Writes a field, or empties it; gives whether that was taken.
    pub(super) fn write(self, field: &str, text: String) -> bool {
        let value = if text.is_empty() { Value::Null } else { text.into() };
        self.live.act(set(self.project, field, value))
    }
}

/// Sets a verdict, or takes it away if it is set: a verdict that was a slip is none. Against the room's it stands under
/// a name from the start: the decider's, where it is known.
pub(super) fn toggle_verdict(live: Live, project: ProjectId, verdict: Verdict) {
    let board = live.board_now();
    let decision = board.decisions.get(&project);
    if decision.is_some_and(|decision| decision.verdict == Some(verdict)) {
        live.act(set(project, "verdict", Value::Null));
        return;
    }
    if !live.act(set(project, "verdict", verdict.as_str().into())) {
        return;
    }
    let named = decision.is_some_and(|decision| decision.more.contains_key("decided_by"));
    if is_against(verdict, Evidence::of(&board, project).room()) && !named {
        let of_role = board.roster.values().find(|person| person.role == Role::Decider);
        let name = match (board.session.decider.as_str(), of_role) {
            ("", Some(person)) => person.name.as_str(),
            (name, _) => name,
        };
        if !name.is_empty() {
            live.act(set(project, "decided_by", name.into()));
        }
    }
}

/// All of it; changed by who decides, and read by all others, with why they cannot change it.
#[component]
pub(crate) fn DecisionForm(
    /// The project.
    project: ProjectId,
) -> impl IntoView {
    let live = Desk::used().live;
    let words = &text().open_card;
    let made = Made::new(live, project);
    let writing = Writing::Rationale(project);
    let unwritable = live.why_not(writing.intent(Splice { at: 0, remove: 0, insert: " ".to_owned() }));
    view! {
        <p class="hint" data-testid="decision-denied">
            {made.denied}
        </p>
        <Before made />
        <div class="verdicts" role="group" aria-label=words.verdict>
            {VERDICTS.into_iter().map(|verdict| view! { <VerdictButton made verdict /> }).collect_view()}
        </div>
        <RoomSays made />
        <Fields made />
        <div class="decide-field wide">
            <span class="field-name">{words.rationale}</span>
            <SharedText
                writing
                label=words.rationale
                placeholder=words.rationale_placeholder
                name="rationale"
                denied=unwritable
            />
        </div>
        <Lacks made />
    }
}

#[component]
fn VerdictButton(made: Made, verdict: Verdict) -> impl IntoView {
    let words = &text().open_card;
    let is = memo(move |_| made.verdict() == Some(verdict));
    let people = made.live.board.card(made.project).map(|card| card.project);
    let means = move || match verdict {
        Verdict::Stop => match people.and_then(|project| project.with(|project| project.people)) {
            Some(people) if people > 0.0 => (text().decide.form.stop_frees)(&format::number(people)),
            _ => words.stop_means.to_owned(),
        },
        Verdict::Move => words.move_means.to_owned(),
        Verdict::Wait => words.wait_means.to_owned(),
        Verdict::Open => words.open_means.to_owned(),
    };
    view! {
        <button
            type="button"
            class="verdict"
            data-testid=format!("verdict-{}", verdict.as_str())
            data-verdict=verdict.as_str()
            aria-pressed=move || if is.get() { "true" } else { "false" }
            disabled=move || made.denied.get().is_some()
            title=means
            on:click=move |_| toggle_verdict(made.live, made.project, verdict)
        >
            <b>{verdict_name(verdict)}</b>
            <span class="verdict-means">{means}</span>
        </button>
    }
}

/// The fields that a decision has now, against the room's verdict included; the owner's before there is a verdict.
pub(super) fn asked(verdict: Option<Verdict>) -> &'static [&'static str] {
    verdict.map_or(&["owner"], fields)
}
