//! What else comes as bytes: frames, state vectors, presence. They are read, or not, and that is all.

use plumbline::session::guard::decode_state_vector;
use plumbline_shared::wire::{AwarenessEntry, Frame, read_awareness, write_awareness};

use crate::{chance::Chance, forge, sources::damage};

/// A frame that somebody made up.
pub(crate) fn frame(chance: &mut Chance, updates: &[Vec<u8>]) -> Vec<u8> {
    let mut vector = Vec::new();
    let clients = chance.below(4) as u64;
    forge::uint(
        &mut vector,
        if chance.percent(20) { u64::from(u32::MAX) << chance.below(30) } else { clients },
    );
    for _ in 0..clients {
        forge::uint(&mut vector, chance.draw() >> chance.below(64));
        forge::uint(&mut vector, chance.draw() >> chance.below(64));
    }
    let deep = "[".repeat(chance.below(4_000));
    let all = ["null", "{}", r#"{"over":"pile"}"#, "{", deep.as_str()];
    let json = *chance.pick(&all);
    let entry = AwarenessEntry { client: chance.draw() >> 12, clock: chance.draw() >> 33, json };
    let mut presence = write_awareness(std::iter::once(entry));
    if chance.percent(20) {
        presence = [&[0xff, 0xff, 0xff, 0xff, 0x0f], presence.as_slice()].concat();
    }
    let update = chance.pick(updates).clone();
    let whole = match chance.below(5) {
        0 => Frame::Step1(&vector).encode(),
        1 => Frame::Awareness(&presence).encode(),
        2 => Frame::Typed(json).encode(),
        3 => Frame::Step2(&update).encode(),
        _ => Frame::Update(&update).encode(),
    };
    if chance.percent(70) { damage(&[whole], chance) } else { whole }
}

/// Reads a frame as a connection does.
pub(crate) fn read(bytes: &[u8]) {
    match Frame::decode(bytes) {
        Ok(Frame::Step1(vector)) => {
            if let Ok(clocks) = decode_state_vector(vector) {
                assert!(clocks.len() <= vector.len(), "more clients than bytes");
            }
        }
        Ok(Frame::Awareness(update)) => {
            if let Ok(entries) = read_awareness(update) {
                assert!(entries.len() <= update.len(), "more states than bytes");
            }
        }
        Ok(Frame::Typed(json)) => {
            // As the server reads it: with a bound on how deep it may nest.
            let _ = serde_json::from_str::<plumbline_shared::messages::ClientMessage>(json);
        }
        _ => {}
    }
}
