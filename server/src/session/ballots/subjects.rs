//! What a round is about, found on the board in the moment in which it opens.

use std::collections::BTreeSet;

use plumbline_shared::{
    agenda::Options,
    answer::Item,
    board::{Board, Pile},
    deciding::before,
    ids::ProjectId,
    readings::Sorting,
    words::{Question, Subjects},
};

use crate::session::refusal::Refusal;

/// The items of a round, in the order of the board.
pub(super) fn subjects(board: &Board, options: &Options) -> Result<Vec<Item>, Refusal> {
    let projects = |chosen: &dyn Fn(ProjectId) -> bool| -> Vec<Item> {
        board.projects.keys().filter(|id| chosen(**id)).map(|id| Item::project(*id)).collect()
    };
    let off = |id| board.pile(id) == Pile::Off;
    let flagged = |id| board.flags.contains_key(&id);
    let contested = contested(board);
    let items = match options.subjects {
        Subjects::All => projects(&|_| true),
        Subjects::Off => projects(&off),
        Subjects::Contested => projects(&|id| contested.contains(&id)),
        Subjects::Flagged => projects(&flagged),
        // Nobody has picked any: what stands on no pillar, what the sort split on, and what is asked about.
        Subjects::Shortlist if options.shortlist.is_empty() => {
            projects(&|id| off(id) || flagged(id) || contested.contains(&id))
        }
        Subjects::Shortlist => projects(&|id| options.shortlist.contains(&id)),
        Subjects::Decided => {
            projects(&|id| board.decisions.get(&id).is_some_and(|decision| decision.verdict.is_some()))
        }
        Subjects::Stopped | Subjects::Moved => before(board, options.subjects).map(Item::project).collect(),
        Subjects::Pillars => {
            board.pillars.iter().filter_map(|pillar| Item::parse(&pillar.id.to_string())).collect()
        }
        Subjects::Statements => (0..options.statements.len()).map(Item::statement).collect(),
        Subjects::Session => vec![Item::session()],
    };
    if items.is_empty() {
        return Err(Refusal::new("nothing_to_ask", nothing(options.subjects)));
    }
    Ok(items)
}

/// The last sort that was revealed, as the room is told it.
pub(super) fn last_sorting(board: &Board) -> Option<Sorting> {
    let (_, round, _) = board.last_round(Question::Placement)?;
    Sorting::of(round, &board.projects, false)
}

/// The projects on which it split.
fn contested(board: &Board) -> BTreeSet<ProjectId> {
    last_sorting(board).map(|sorting| sorting.contested.into_iter().collect()).unwrap_or_default()
}

fn nothing(subjects: Subjects) -> &'static str {
    match subjects {
        Subjects::All => "There is no project on the board. Import the portfolio, or add some.",
        Subjects::Off => "No project stands off strategy. Place some there first, or ask about others.",
        Subjects::Contested => "No project is contested: reveal a sort first, or ask about others.",
        Subjects::Flagged => "Nobody asks of any project whether it is a hobby. Ask about others.",
        Subjects::Shortlist => "Pick the projects of the shortlist first.",
        Subjects::Decided => "Nothing has been decided yet.",
        Subjects::Stopped => "Nothing was to stop before this session. Go on to the next step.",
        Subjects::Moved => "Nothing was to move before this session. Go on to the next step.",
        Subjects::Pillars => "There is no pillar on the board. Add them first.",
        Subjects::Statements => "This step has no statements. Add some in the agenda.",
        Subjects::Session => "There is nothing to ask about.",
    }
}
