//! The keyboard: everything that can be done with a pointer, and faster.

use leptos::{ev, prelude::*};
use plumbline_shared::{board::Pile, ids::ProjectId};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::{
    components::{BoardDialog, Scene},
    desk::{Desk, pile_key},
    dom,
    shift::Shift,
};

/// Listens for as long as the current owner lives.
pub(crate) fn listen(desk: Desk, dialog: RwSignal<Option<BoardDialog>>) {
    let scene = Scene::current(desk.live);
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || dom::dialog_is_open() {
            return;
        }
        // While a ballot is before the person, its keys are answers. They must not place a card that is out of sight, nor
        // take back where one was placed.
        let (scene, command) = (scene.get_untracked(), event.ctrl_key() || event.meta_key());
        // And where the room looks at what it has said, only an open card shows what is placed.
        let unseen = scene == Scene::Reveal && !command && !desk.open.get_untracked();
        if (scene == Scene::Ballot || unseen) && event.key() != "?" {
            return;
        }
        if pressed(desk, dialog, &event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Does what a key stands for; gives whether it stands for anything.
fn pressed(desk: Desk, dialog: RwSignal<Option<BoardDialog>>, event: &KeyboardEvent) -> bool {
    let key = event.key();
    let command = event.ctrl_key() || event.meta_key();
    if dom::is_typing() {
        return false;
    }
    if command {
        return match key.as_str() {
            "z" | "Z" if event.shift_key() => {
                desk.live.redo();
                true
            }
            "z" => {
                desk.live.undo();
                true
            }
            "y" => {
                desk.live.redo();
                true
            }
            _ => false,
        };
    }
    let shift = match key.as_str() {
        _ if !event.alt_key() => None,
        "ArrowUp" => Some(Shift::Up),
        "ArrowDown" => Some(Shift::Down),
        _ => return false,
    };
    // A card that was reached with the Tab key is the one that is meant.
    if let Some(id) = on_card(event)
        && desk.lead.get_untracked() != Some(id)
        && !matches!(key.as_str(), "Tab" | "Shift" | "Enter" | " ")
    {
        desk.go_to(id);
    }
    let has_lead = desk.lead.get_untracked().is_some();
    if let Some(by) = shift {
        if has_lead {
            desk.shift(by);
        }
        return has_lead;
    }
    match key.as_str() {
        "ArrowLeft" => go(desk, Direction::Left, event.shift_key()),
        "ArrowRight" => go(desk, Direction::Right, event.shift_key()),
        "ArrowUp" => go(desk, Direction::Up, event.shift_key()),
        "ArrowDown" => go(desk, Direction::Down, event.shift_key()),
        "Escape" if desk.open.get_untracked() => {
            desk.close_card();
            true
        }
        "Escape" if has_lead => {
            desk.clear();
            true
        }
        // On a card's button, Enter opens; elsewhere it is the button's own.
        "Enter" => on_card(event).is_some_and(|id| {
            desk.open_card(id);
            true
        }),
        " " => on_card(event).is_some_and(|id| {
            desk.pick(id);
            true
        }),
        "x" | "X" => desk.lead.get_untracked().is_some_and(|id| {
            desk.pick(id);
            true
        }),
        "f" | "F" => desk.lead.get_untracked().is_some_and(|id| {
            desk.ask(id);
            true
        }),
        "/" => dom::by_attribute("data-field", "search").is_some_and(|field| field.focus().is_ok()),
        "?" => {
            dialog.set(Some(BoardDialog::Keys));
            true
        }
        "0" if has_lead => {
            desk.place_selected(Pile::Off);
            true
        }
        "u" | "U" if has_lead => {
            desk.place_selected(Pile::Unsorted);
            true
        }
        digit if has_lead => {
            let pillar = digit.parse().ok().and_then(|number| desk.live.board.pillar_by_number(number));
            pillar.is_some_and(|id| {
                desk.place_selected(Pile::Pillar(id));
                true
            })
        }
        _ => false,
    }
}

/// The card whose button has the key.
fn on_card(event: &KeyboardEvent) -> Option<ProjectId> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-project]").ok()??.get_attribute("data-project")?.parse().ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// A card as it lies on the screen.
struct Lying {
    id: ProjectId,
    same_pile: bool,
    x: f64,
    y: f64,
}

/// Goes to the nearest card in a direction (`also`: and picks it): within the pile if it has one there, else beyond. By how the cards lie
/// on the screen, so that it is right however piles wrap.
fn go(desk: Desk, direction: Direction, also: bool) -> bool {
    let Some(lead) = desk.lead_card() else {
        return select_first(desk);
    };
    let pile = pile_key(lead.pile.get_untracked());
    let Some(from) = dom::card(lead.id).map(|card| card.get_bounding_client_rect()) else { return false };
    let (x, y) = (from.left() + from.width() / 2.0, from.top() + from.height() / 2.0);
    let next = lying(&pile)
        .into_iter()
        .filter(|card| card.id != lead.id)
        .filter_map(|card| {
            let (ahead, aside) = match direction {
                Direction::Left => (x - card.x, (y - card.y).abs()),
                Direction::Right => (card.x - x, (y - card.y).abs()),
                Direction::Up => (y - card.y, (x - card.x).abs()),
                Direction::Down => (card.y - y, (x - card.x).abs()),
            };
            // Sideways within a pile, only the same row counts; otherwise the next pile is meant.
            let sideways = matches!(direction, Direction::Left | Direction::Right);
            let near = if card.same_pile && sideways { aside < from.height() } else { true };
            (ahead > 4.0 && near).then_some((!card.same_pile, ahead + aside * 2.0, card.id))
        })
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let Some((_, _, id)) = next else { return true };
    go_to(desk, id, also);
    true
}

fn go_to(desk: Desk, id: ProjectId, also: bool) {
    if also {
        desk.pick_next(id);
    } else {
        desk.go_to(id);
    }
    if let Some(card) = dom::card(id) {
        dom::focus_quietly(&card);
        dom::bring_into_sight(&card);
    }
}

fn select_first(desk: Desk) -> bool {
    let Some(first) = lying("").into_iter().next() else { return false };
    go_to(desk, first.id, false);
    true
}

/// Every shown card, with whether it lies on `pile`.
fn lying(pile: &str) -> Vec<Lying> {
    let Ok(cards) = document().query_selector_all("[data-project]:not([hidden])") else { return Vec::new() };
    (0..cards.length())
        .filter_map(|at| cards.item(at)?.dyn_into::<Element>().ok())
        .filter_map(|card| {
            let id = card.get_attribute("data-project")?.parse().ok()?;
            let of = card.closest("[data-pile]").ok()??.get_attribute("data-pile")?;
            let rect = card.get_bounding_client_rect();
            Some(Lying {
                id,
                same_pile: of == pile,
                x: rect.left() + rect.width() / 2.0,
                y: rect.top() + rect.height() / 2.0,
            })
        })
        .collect()
}
