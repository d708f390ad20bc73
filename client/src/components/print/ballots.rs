//! Ballots on paper, a sheet for each step that asks something in private: boxes to tick, lines to write on.

use leptos::prelude::*;
use plumbline_shared::{
    agenda::Options,
    answer::Item,
    board::{Board, Step},
    deciding::asked_about,
    words::{Question, Verdict},
};

use crate::{components::verdict_name, session::BoardView, text::text};

/// A ballot for every step that asks something.
#[component]
pub(crate) fn PaperBallots(
    /// The board.
    board: BoardView,
) -> impl IntoView {
    let words = &text().decide.print;
    let sheets = move || {
        board.shape.track();
        board.results.track();
        board.flagged.track();
        board.written.track();
        board.pillars.track();
        let asks = board.agenda.with(|agenda| {
            let asks = agenda.iter().filter(|step| step.question.is_some());
            asks.cloned().collect::<Vec<_>>()
        });
        let known = board.board();
        if asks.is_empty() {
            return view! { <article class="print-sheet"><p>{words.no_ballots}</p></article> }.into_any();
        }
        asks.iter().map(|step| sheet(&known, step)).collect_view().into_any()
    };
    view! { <div data-testid="print-ballots">{move || sheets()}</div> }
}

fn sheet(board: &Board, step: &Step) -> AnyView {
    let words = &text().decide.print;
    let question = step.question.unwrap_or(Question::Text);
    let options = Options::read(question, &step.options);
    let prompt = if options.prompt.is_empty() {
        (words.question)(question).to_owned()
    } else {
        options.prompt.clone()
    };
    let items = asked_about(board, step);
    let further = match question {
        Question::Dots => (words.budget)(options.budget, options.cap),
        Question::Scale if options.words.is_empty() => (words.scale)(options.lowest).to_owned(),
        _ => String::new(),
    };
    let columns = columns(board, question, &options);
    let rows = items
        .iter()
        .map(|item| {
            let boxes = columns
                .iter()
                .map(|_| {
                    let class = match question {
                        Question::Dots => "print-box print-number",
                        Question::Text => "print-lines",
                        _ => "print-box",
                    };
                    view! { <td><span class=class /></td> }
                })
                .collect_view();
            let source = (question == Question::Hobby).then(|| view! { <td class="print-source" /> });
            view! {
                <tr>
                    <th scope="row">{called(board, &options, item)}</th>
                    {boxes}
                    {source}
                </tr>
            }
        })
        .collect_view();
    let head = columns
        .iter()
        .map(|name| {
            if name.is_empty() {
                view! { <td /> }.into_any()
            } else {
                view! { <th scope="col">{name.clone()}</th> }.into_any()
            }
        })
        .collect_view();
    let source = (question == Question::Hobby).then(|| view! { <th scope="col">{words.source}</th> });
    let body = if items.is_empty() {
        view! { <p>{words.later}</p> }.into_any()
    } else {
        view! {
            <table class="print-table" data-question=question.as_str()>
                <thead>
                    <tr>
                        <td />
                        {head}
                        {source}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <article class="print-sheet" data-testid="print-ballot">
            <header>
                <p class="print-kind">{words.ballot_head}</p>
                <h2>{step.title.clone()}</h2>
                <p class="print-name">{text().join.name} ":" <span /></p>
                <p>
                    <strong>{prompt}</strong>
                    " "
                    {further}
                </p>
            </header>
            {body}
            <p class="print-promise">{words.ballot_promise}</p>
        </article>
    }
    .into_any()
}

/// What can be ticked, or the one place to write in.
fn columns(board: &Board, question: Question, options: &Options) -> Vec<String> {
    let words = &text().decide.print;
    match question {
        Question::Placement => {
            let mut names: Vec<String> = board.pillars.iter().map(|pillar| pillar.name.clone()).collect();
            names.extend([text().board.off.to_owned(), words.unknown.to_owned()]);
            names
        }
        Question::Hobby => words.claims.iter().map(|claim| (*claim).to_owned()).collect(),
        Question::Verdict => [Verdict::Move, Verdict::Wait, Verdict::Stop]
            .map(|verdict| verdict_name(verdict).to_owned())
            .into(),
        Question::Scale if !options.words.is_empty() => options.words.clone(),
        Question::Scale => (options.lowest..=5).map(|number| number.to_string()).collect(),
        Question::Dots | Question::Text => vec![String::new()],
    }
}

fn called(board: &Board, options: &Options, item: &Item) -> String {
    if let Some(at) = item.as_statement() {
        return options.statements.get(at).cloned().unwrap_or_default();
    }
    if let Some(project) = item.as_project().and_then(|id| board.projects.get(&id)) {
        return project.name.clone();
    }
    let pillar = board.pillars.iter().find(|pillar| pillar.id.to_string() == item.as_str());
    pillar.map_or_else(|| text().decide.print.whole.to_owned(), |pillar| pillar.name.clone())
}
