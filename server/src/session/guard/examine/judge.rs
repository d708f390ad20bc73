//! Asking the judge about every path that an update touches.

use super::super::place::{Held, Parent, Place};
use super::super::{Change, Judgement, Path, Refusal, Standing, What};
use super::context::{Context, Trail};
use super::touched::{Touch, Touched};

/// Asks about every change, in order; about what is made in a root first, if so it is wanted. Returns what is to be compensated,
/// or the first refusal.
pub(super) fn judge<R>(
    context: &Context<'_>,
    touched: &Touched<'_>,
    made_first: bool,
    judge: &mut dyn FnMut(&Change<'_>) -> Judgement<R>,
) -> Result<Vec<(Path, R)>, Refusal<R>> {
    let mut compensate: Vec<(Path, R)> = Vec::new();
    let is_first = |touch: &&Touch<'_>| made_first && touch.makes_in_root();
    let (first, rest) =
        (touched.list.iter().filter(is_first), touched.list.iter().filter(|touch| !is_first(touch)));
    for touch in first.chain(rest) {
        let (trail, stood) = whereabouts(context, touch);
        let mut later = None;
        for what in changes(touch) {
            let change = Change {
                root: trail.root,
                keys: trail.keys(),
                what,
                made_by: trail.made_by,
                entry_by: trail.entry_by,
                stood,
            };
            match judge(&change) {
                Judgement::Allowed => {}
                Judgement::Later(reason) if restorable(touch, stood) => {
                    later.get_or_insert((change.path(), reason));
                }
                Judgement::Later(reason) | Judgement::Denied(reason) => {
                    return Err(Refusal::denied(&change, reason));
                }
            }
        }
        compensate.extend(later);
    }
    Ok(compensate)
}

/// Only a plain value (or nothing) can be put back.
fn restorable(touch: &Touch<'_>, stood: Option<Standing>) -> bool {
    matches!(touch.place, Place::Slot { .. })
        && touch.made.is_none()
        && stood.is_none_or(|standing| standing.kind.is_none())
}

fn whereabouts<'a>(context: &Context<'a>, touch: &Touch<'a>) -> (Trail<'a>, Option<Standing>) {
    match touch.place {
        Place::Text(text) => (context.trail(Parent::Item(text)), None),
        Place::Slot { parent, key } => {
            let mut trail = context.trail(parent);
            trail.push(key);
            let stood = context.view.live(parent, key).map(|id| Standing {
                by: context.author_of(id.client).unwrap_or_default(),
                kind: match context.view.find(id) {
                    Some(Held::Made { kind, .. }) => Some(kind),
                    _ => None,
                },
            });
            (trail, stood)
        }
    }
}

fn changes<'t, 'a>(touch: &'t Touch<'a>) -> impl Iterator<Item = What<'a>> + 't {
    let stays = !touch.values.is_empty() || touch.made.is_some();
    let unset = (touch.removed || (touch.cleared && !stays)).then_some(What::Unset);
    let inserted = touch.inserted.then(|| What::InsertText {
        units: touch.units,
        bytes: u32::try_from(touch.bytes).unwrap_or(u32::MAX),
    });
    let deleted = (touch.deleted > 0).then_some(What::DeleteText { units: touch.deleted });
    unset
        .into_iter()
        .chain(touch.values.iter().map(|&value| What::Set(value)))
        .chain(touch.made.map(What::Make))
        .chain(inserted)
        .chain(deleted)
}
