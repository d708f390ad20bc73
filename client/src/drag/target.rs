//! Where a card in hand would fall, and scrolling when it is held at an edge.

use leptos::prelude::{document, window};
use plumbline_shared::{board::Pile, ids::ProjectId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::desk::pile_of_key;

/// How near to an edge the board scrolls, in pixels.
const EDGE: f64 = 44.0;
/// How fast it scrolls at the edge itself, in pixels a frame.
const SPEED: f64 = 16.0;

/// Where a card would fall.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// Onto which pile.
    pub(super) pile: Pile,
    /// Before which of its cards; none: at its end.
    pub(super) before: Option<ProjectId>,
    /// The line that shows it: left end, height on the screen, length.
    pub(super) line: Option<(f64, f64, f64)>,
}

impl Target {
    /// Where a card that is held at a point of the screen would fall. Only reads the page.
    pub(super) fn at(point: (f64, f64), held: &[ProjectId]) -> Option<Self> {
        let under = element_at(point)?;
        // A pile's tab on a narrow screen: at the pile's end.
        if let Some(tab) = under.closest("[data-drop]").ok().flatten() {
            let pile = pile_of_key(&tab.get_attribute("data-drop")?)?;
            return Some(Self { pile, before: None, line: None });
        }
        let element = under.closest("[data-pile]").ok()??;
        let pile = pile_of_key(&element.get_attribute("data-pile")?)?;
        // The unsorted have no order of their own.
        if pile == Pile::Unsorted {
            return Some(Self { pile, before: None, line: None });
        }
        let cards = element.query_selector_all("[data-project]:not([hidden])").ok()?;
        let mut last = None;
        for at in 0..cards.length() {
            let Some(card) = cards.item(at).and_then(|card| card.dyn_into::<Element>().ok()) else {
                continue;
            };
            let Some(id) = card.get_attribute("data-project").and_then(|id| id.parse::<ProjectId>().ok())
            else {
                continue;
            };
            let rect = card.get_bounding_client_rect();
            // Cards lie in rows; within the row under the pointer the side counts, with one card a row its half.
            let middle = (rect.left() + rect.width() / 2.0, rect.top() + rect.height() / 2.0);
            let several = rect.width() < element.client_width() as f64 * 0.6;
            let before = if several {
                point.1 < rect.top() || (point.1 <= rect.bottom() && point.0 < middle.0)
            } else {
                point.1 < middle.1
            };
            if before && !held.contains(&id) {
                return Some(Self {
                    pile,
                    before: Some(id),
                    line: Some((rect.left(), rect.top() - 4.0, rect.width())),
                });
            }
            last = Some(rect);
        }
        let line = last.map(|rect| (rect.left(), rect.bottom() + 1.0, rect.width()));
        Some(Self { pile, before: None, line })
    }
}

fn element_at(point: (f64, f64)) -> Option<Element> {
    #[allow(clippy::cast_possible_truncation, reason = "points of a screen")]
    document().element_from_point(point.0 as f32, point.1 as f32)
}

/// Scrolls what lies under the point, if the point is near an edge of it; gives whether it did.
pub(super) fn scroll_at(point: (f64, f64)) -> bool {
    let Some(under) = element_at(point) else { return false };
    let mut scrolled = false;
    for (selector, sideways) in [(".cards", false), (".piles", false), (".piles", true), (".board", true)] {
        let Some(area) = under.closest(selector).ok().flatten() else { continue };
        let rect = area.get_bounding_client_rect();
        let (start, end, at) = if sideways {
            (rect.left(), rect.right().min(inner_width()), point.0)
        } else {
            (rect.top(), rect.bottom(), point.1)
        };
        let near = |distance: f64| ((EDGE - distance) / EDGE).clamp(0.0, 1.0);
        let by = SPEED * (near(end - at) - near(at - start));
        if by.abs() < 0.5 {
            continue;
        }
        #[allow(clippy::cast_possible_truncation, reason = "a few pixels")]
        let by = by as i32;
        let before = if sideways { area.scroll_left() } else { area.scroll_top() };
        if sideways {
            area.set_scroll_left(before + by);
        } else {
            area.set_scroll_top(before + by);
        }
        let after = if sideways { area.scroll_left() } else { area.scroll_top() };
        scrolled |= after != before;
    }
    scrolled
}

fn inner_width() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(f64::MAX)
}
