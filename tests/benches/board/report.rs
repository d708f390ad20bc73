//! The figures as a table.

use std::fmt::Write as _;

use plumbline_tests::browser::Measured;

use crate::longest;

/// What was measured.
#[derive(Default)]
pub(crate) struct Figures {
    /// Opening the link, each time cold.
    pub(crate) opening: Vec<Measured>,
    /// Dragging across the board.
    pub(crate) dragging: Measured,
    /// Placing by keys.
    pub(crate) keys: Measured,
    /// Searching.
    pub(crate) search: Measured,
    /// What somebody else does.
    pub(crate) arriving: Measured,
}

impl Figures {
    /// The table, in Markdown.
    pub(crate) fn table(&self) -> String {
        let of_openings = |figure: fn(&Measured) -> f64| self.opening.iter().map(figure).collect::<Vec<_>>();
        let mut table =
            "| on a board of 235 cards | middle | worst | aim |\n| --- | --: | --: | --: |\n".to_owned();
        let mut row = |what: &str, figures: &[f64], aim: &str| {
            let (middle, worst) = (middle(figures), figures.iter().copied().fold(0.0, f64::max));
            // Writing into a text does not fail.
            let _ = writeln!(table, "| {what} | {middle:.0} ms | {worst:.0} ms | {aim} |");
        };
        row("link opened, cold, until the first card is drawn", &of_openings(|m| m.first_card), "1,000 ms");
        row("… until all cards are there", &of_openings(|m| m.all_cards), "");
        row("… the longest task meanwhile", &of_openings(longest), "");
        row("cards dragged across the board: longest task", &[longest(&self.dragging)], "50 ms");
        row("… from a move of the pointer to the next frame", &self.dragging.frames, "");
        row("… an event until it is answered on the screen", &self.dragging.events, "");
        row("cards placed by keys: longest task", &[longest(&self.keys)], "50 ms");
        row("… an event until it is answered on the screen", &self.keys.events, "");
        row("searching: longest task", &[longest(&self.search)], "50 ms");
        row("a change arrives: from the socket to the page", &self.arriving.arrivals, "17 ms");
        row("… from the socket to the frame after it", &self.arriving.drawn, "34 ms");
        row("… longest task", &[longest(&self.arriving)], "50 ms");
        table
    }
}

fn middle(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
