//! From a block's references to the place where it stands.

use super::block::Block;
use super::place::{Held, Parent, Place};
use super::{Id, Kind};

/// Where a block stands.
pub(super) enum Stand<'a> {
    At(Place<&'a str>),
    /// Beside or inside something that was collected, whose place is forgotten: nobody will ever see it.
    Collected,
}

/// Why a block stands nowhere.
#[derive(Debug)]
pub(super) enum Astray {
    /// It refers to an element that is not known.
    Unknown,
    /// Its origins stand in different places.
    Torn,
    /// It stands in something that is not a map (with a key) nor a text (without one).
    Misplaced,
}

/// Finds the place of a block that is neither collected nor a hole.
pub(super) fn stand<'a>(
    block: &Block<'a>,
    find: impl Fn(Id) -> Option<Held<&'a str>>,
    dead: impl Fn(Id) -> bool,
) -> Result<Stand<'a>, Astray> {
    let found = |id: Id| find(id).ok_or(Astray::Unknown);
    let mut place = None;
    for id in [block.origin, block.right_origin].into_iter().flatten() {
        match (found(id)?.place(), place) {
            (None, _) => return Ok(Stand::Collected),
            (Some(here), None) => place = Some(here),
            (Some(here), Some(there)) if here != there => return Err(Astray::Torn),
            _ => {}
        }
    }
    let place = match (place, block.parent) {
        (Some(place), _) => place,
        (None, Some((parent @ Parent::Root(_), Some(key)))) => Place::Slot { parent, key },
        (None, Some((parent @ Parent::Item(id), key))) => match (found(id)?, key) {
            (Held::Gc, _) => return Ok(Stand::Collected),
            (Held::Made { kind: Kind::Map, .. }, Some(key)) => Place::Slot { parent, key },
            (Held::Made { kind: Kind::Text, .. }, None) => Place::Text(id),
            // A map or text that was deleted may be known as a deleted element only.
            (Held::Entry { .. }, _) if dead(id) => return Ok(Stand::Collected),
            _ => return Err(Astray::Misplaced),
        },
        _ => return Err(Astray::Misplaced),
    };
    Ok(Stand::At(place))
}
