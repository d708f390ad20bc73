//! Who is here and where they are looking. Kept in memory, never in the log.
//!
//! The server makes the ids under which people see each other, and stamps who they are: a client that could show a
//! real client id to others could have it claimed by them.

use std::collections::{BTreeMap, BTreeSet};

use plumbline_shared::{
    limits,
    messages::Caret,
    wire::{AwarenessEntry, Frame, awareness, write_awareness},
};
use serde_json::{Map, Value, json};

use super::others::bare;
use crate::clock::now;
use crate::session::Member;

/// Presence ids begin here, so that what a client echoes of others is known by its id alone: the last 2^32 of the
/// numbers that JavaScript counts exactly. Yjs draws client ids of 32 bits, yrs of 53, and hits these once in two
/// million.
const FIRST: u64 = (1 << 53) - (1 << 32);

/// The largest awareness update, in bytes: an echo of everybody, with what the server adds.
const LARGEST: usize = limits::PARTICIPANTS * (limits::PRESENCE + 512);

/// What is said of whoever is gone.
const NOBODY: &str = "null";

/// Everybody's presence.
#[derive(Default)]
pub(super) struct Presences {
    made: u64,
    /// Where clocks begin. Clients remember the clock of every id that they have seen and take no older one, and ids
    /// are used again by the next run: so each run begins later than any before it ended.
    begun: u64,
    states: BTreeMap<u64, State>,
    /// Whose presence has changed since the last time it went out.
    changed: BTreeSet<u64>,
    /// Those on other nodes, as they were told.
    foreign: BTreeMap<u64, Foreign>,
    /// Whether ids are drawn: several nodes make them.
    drawn: bool,
    /// Whether nobody sees what anybody is looking at.
    quiet: bool,
}

/// Somebody's presence on another node.
struct Foreign {
    clock: u64,
    json: String,
    /// The same without what they are looking at.
    bare: String,
}

struct State {
    /// The id under which the client speaks of itself: the first that it spoke of. Two tabs of one browser tell each
    /// other of themselves, and pass that on.
    own: Option<u64>,
    clock: u64,
    /// `None` before it speaks, and once gone.
    said: Option<Map<String, Value>>,
    /// Whether the connection is gone.
    gone: bool,
    user: Value,
    /// Cards that are being flagged: nothing is shown that names one.
    flagging: Vec<String>,
    /// Cards that were and are not any more, and that it has named all the while. If they came back into view with
    /// the publication, that would tell who it was.
    lingering: Vec<String>,
    json: String,
}

impl Presences {
    /// Nobody's presence yet, with clocks that begin at `now` (milliseconds: faster than any clock is turned).
    pub(super) fn since(now: u64) -> Self {
        Self { begun: now, ..Self::default() }
    }

    /// Draws ids from here on, since other nodes make some as well.
    pub(super) fn draw_ids(&mut self) {
        self.drawn = true;
    }

    /// One that nobody has.
    fn draw_id(&self) -> u64 {
        loop {
            let mut drawn = [0; 4];
            getrandom::fill(&mut drawn).expect("the system gives random numbers");
            let id = FIRST + u64::from(u32::from_le_bytes(drawn));
            if !self.states.contains_key(&id) && !self.foreign.contains_key(&id) {
                return id;
            }
        }
    }

    /// Makes an id for a connection.
    pub(super) fn make(&mut self, member: Option<&Member>) -> u64 {
        let mut id = FIRST + self.made;
        self.made += 1;
        if self.drawn {
            id = self.draw_id();
        }
        let state = State {
            own: None,
            clock: self.begun,
            said: None,
            gone: false,
            user: user(member),
            flagging: Vec::new(),
            lingering: Vec::new(),
            json: "null".to_owned(),
        };
        self.states.insert(id, state);
        id
    }

    /// Takes in what a client says of itself. What it echoes of others is passed over, however much it is.
    /// Whether it could be read and was small enough.
    pub(super) fn receive(&mut self, id: u64, update: &[u8], quiet: bool) -> bool {
        if update.len() > LARGEST {
            return false;
        }
        let known = self.states.get(&id).and_then(|state| state.own);
        let mut own: Option<AwarenessEntry<'_>> = None;
        for entry in awareness(update) {
            let Ok(entry) = entry else { return false };
            if entry.client < FIRST
                && known.or(own.map(|own| own.client)).is_none_or(|own| own == entry.client)
            {
                own = Some(entry);
            }
        }
        let Some(own) = own else { return true };
        if own.json.len() > limits::PRESENCE {
            return false;
        }
        let said = match serde_json::from_str(own.json) {
            Ok(Value::Object(said)) => Some(readable(said)),
            Ok(Value::Null) => None,
            _ => return false,
        };
        if let Some(state) = self.states.get_mut(&id) {
            state.own = Some(own.client);
            if said.is_some() && said == state.said {
                return true;
            }
            state.said = said;
            state.let_go();
            state.stamp(quiet);
            self.changed.insert(id);
        }
        true
    }

    /// Takes on a new name.
    pub(super) fn rename(&mut self, id: u64, member: Option<&Member>, quiet: bool) {
        if let Some(state) = self.states.get_mut(&id) {
            state.user = user(member);
            if state.said.is_some() {
                state.stamp(quiet);
                self.changed.insert(id);
            }
        }
    }

    /// From its next word or renewal on, nothing is shown that names one of these cards, which are being flagged. What
    /// was hidden before stays so until it says something that does not name it.
    pub(super) fn hide(&mut self, id: u64, flagging: Vec<String>) {
        if let Some(state) = self.states.get_mut(&id) {
            let before = std::mem::replace(&mut state.flagging, flagging);
            state.lingering.extend(before);
            state.let_go();
        }
    }

    /// The connection is gone.
    pub(super) fn leave(&mut self, id: u64) {
        // One that went out, or waits to, is taken back; of one that never spoke nobody knows.
        match self.states.get_mut(&id) {
            Some(state) if state.own.is_some() => {
                state.said = None;
                state.gone = true;
                state.stamp(true);
                self.changed.insert(id);
            }
            _ => drop(self.states.remove(&id)),
        }
    }

    /// Renews everybody's presence, and takes on whether items are named now.
    pub(super) fn renew(&mut self, quiet: bool) {
        self.quiet = quiet;
        for (id, foreign) in &mut self.foreign {
            foreign.clock = (foreign.clock + 1).max(now());
            self.changed.insert(*id);
        }
        for (id, state) in &mut self.states {
            if state.said.is_some() {
                state.stamp(quiet);
                self.changed.insert(*id);
            }
        }
    }

    /// Whose presence has changed since this was last asked.
    pub(super) fn take_changed(&mut self) -> BTreeSet<u64> {
        std::mem::take(&mut self.changed)
    }

    /// Forgets who has left, once that has gone out.
    pub(super) fn forget(&mut self, ids: &BTreeSet<u64>) {
        for id in ids {
            if self.states.get(id).is_some_and(|state| state.gone) {
                self.states.remove(id);
            }
            if self.foreign.get(id).is_some_and(|foreign| foreign.json == NOBODY) {
                self.foreign.remove(id);
            }
        }
    }

    /// A frame with these people's presence, leaving one out.
    pub(super) fn frame(&self, ids: impl Iterator<Item = u64>, without: Option<u64>) -> Vec<u8> {
        let entries: Vec<AwarenessEntry<'_>> = ids
            .filter(|id| Some(*id) != without)
            .filter_map(|id| {
                if let Some(state) = self.states.get(&id) {
                    return Some(AwarenessEntry { client: id, clock: state.clock, json: &state.json });
                }
                let foreign = self.foreign.get(&id)?;
                let json = if self.quiet { &foreign.bare } else { &foreign.json };
                Some(AwarenessEntry { client: id, clock: foreign.clock, json })
            })
            .collect();
        Frame::Awareness(&write_awareness(entries.into_iter())).encode()
    }

    /// Everybody who shows themselves.
    pub(super) fn shown(&self) -> impl Iterator<Item = u64> {
        let ours = self.states.iter().filter(|(_, state)| state.said.is_some()).map(|(id, _)| *id);
        ours.chain(self.foreign.keys().copied())
    }

    /// Whether somebody is on this node.
    pub(super) fn is_ours(&self, id: u64) -> bool {
        self.states.contains_key(&id)
    }

    /// What other nodes are told: these people, as far as they are ours.
    pub(super) fn ours_of(&self, ids: &BTreeSet<u64>) -> Vec<u8> {
        let ours = ids.iter().filter_map(|id| {
            let state = self.states.get(id)?;
            Some(AwarenessEntry { client: *id, clock: state.clock, json: &state.json })
        });
        write_awareness(ours.collect::<Vec<_>>().into_iter())
    }

    /// Everybody who is ours and shows themselves.
    pub(super) fn all_ours(&self) -> Vec<u8> {
        let ours = self.states.iter().filter(|(_, state)| state.said.is_some() || state.gone);
        self.ours_of(&ours.map(|(id, _)| *id).collect())
    }

    /// Takes in what another node tells of its people; `theirs` are the ids that it has told of.
    pub(super) fn hear(&mut self, update: &[u8], theirs: &mut BTreeSet<u64>) {
        for entry in awareness(update) {
            let Ok(entry) = entry else { return };
            if entry.client < FIRST
                || self.states.contains_key(&entry.client)
                || theirs.len() > LARGEST / limits::PRESENCE
            {
                continue;
            }
            let is_gone = entry.json == NOBODY;
            let bare = if is_gone { Some(NOBODY.to_owned()) } else { bare(&entry) };
            let Some(bare) = bare else { continue };
            if is_gone {
                theirs.remove(&entry.client);
            } else {
                theirs.insert(entry.client);
            }
            let clock = self.foreign.get(&entry.client).map_or(self.begun, |foreign| foreign.clock);
            let foreign = Foreign { clock: (clock + 1).max(now()), json: entry.json.to_owned(), bare };
            self.foreign.insert(entry.client, foreign);
            self.changed.insert(entry.client);
        }
    }

    /// These are gone, with their node.
    pub(super) fn lose(&mut self, ids: &BTreeSet<u64>) {
        for id in ids {
            if let Some(foreign) = self.foreign.get_mut(id) {
                foreign.clock = (foreign.clock + 1).max(now());
                foreign.json = NOBODY.to_owned();
                foreign.bare = NOBODY.to_owned();
                self.changed.insert(*id);
            }
        }
    }
}

impl State {
    /// Writes the state anew, with a later clock. When it is `quiet` (a ballot is open) nobody sees what anybody is
    /// looking at.
    ///
    /// Ids begin anew when the server does, and Yjs clients remember the clock of every id that they have ever seen
    /// and take nothing older. So the clock is the time, which is later after a restart than before it.
    fn stamp(&mut self, quiet: bool) {
        self.clock = (self.clock + 1).max(now());
        self.json = match &self.said {
            None => "null".to_owned(),
            Some(said) => {
                let mut shown = if quiet { Map::new() } else { said.clone() };
                self.hold_back(&mut shown);
                shown.insert("user".to_owned(), self.user.clone());
                Value::Object(shown).to_string()
            }
        };
    }

    /// Lets go of the cards that it does not name any more.
    fn let_go(&mut self) {
        let Self { said, lingering, .. } = self;
        lingering.retain(|card| said.iter().flat_map(Map::values).any(|value| names(value, card)));
        lingering.sort_unstable();
        lingering.dedup();
    }

    /// Leaves out what names a card that is being flagged, under whatever key, and where a card is held over.
    fn hold_back(&self, shown: &mut Map<String, Value>) {
        let before = shown.len();
        shown.retain(|_, value| !self.flagging.iter().chain(&self.lingering).any(|card| names(value, card)));
        if shown.len() < before {
            shown.remove("over");
            // A caret names the note that it is in, and the note is about the card.
            shown.remove("caret");
        }
    }
}

/// Whether something that a client said names a card, in whatever way.
fn names(value: &Value, card: &str) -> bool {
    value.to_string().contains(card)
}

/// What a client said, without a caret that nobody could show. Whatever else it says is between clients.
fn readable(mut said: Map<String, Value>) -> Map<String, Value> {
    if said.get("caret").is_some_and(|caret| Caret::read(caret).is_none()) {
        said.remove("caret");
    }
    said
}

fn user(member: Option<&Member>) -> Value {
    match member {
        Some(member) => json!({"id": member.id, "name": member.name, "colour": member.colour}),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use plumbline_shared::wire::read_awareness;

    use super::*;

    fn say(presences: &mut Presences, id: u64, entries: &[(u64, &str)]) -> bool {
        let entries = entries.iter().map(|(client, json)| AwarenessEntry { client: *client, clock: 1, json });
        presences.receive(id, &write_awareness(entries.collect::<Vec<_>>().into_iter()), false)
    }

    fn seen(presences: &Presences, without: Option<u64>) -> Vec<(u64, String)> {
        let frame = presences.frame(presences.shown(), without);
        let Ok(Frame::Awareness(update)) = Frame::decode(&frame) else { panic!("not presence") };
        read_awareness(update).unwrap().iter().map(|entry| (entry.client, entry.json.to_owned())).collect()
    }

    #[test]
    fn identity_is_the_servers_and_the_rest_is_the_clients() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        assert!(say(&mut presences, id, &[(7, r#"{"user":{"name":"The chief executive"},"over":"off"}"#)]));
        assert_eq!(seen(&presences, None), [(id, r#"{"over":"off","user":null}"#.to_owned())]);
        assert_eq!(seen(&presences, Some(id)), []);
    }

    #[test]
    fn what_a_client_echoes_of_others_is_passed_over() {
        let mut presences = Presences::default();
        let (one, two) = (presences.make(None), presences.make(None));
        assert!(say(&mut presences, two, &[(9, r#"{"over":"off"}"#)]));
        assert!(say(&mut presences, one, &[(two, r#"{"over":"mine now"}"#)]));
        assert_eq!(seen(&presences, None), [(two, r#"{"over":"off","user":null}"#.to_owned())]);
    }

    #[test]
    fn a_caret_is_shown_where_a_text_can_have_one_and_nowhere_else() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        let state =
            |at: &str| format!(r#"{{"caret":{{"at":{at},"text":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"}}}}"#);
        assert!(say(&mut presences, id, &[(7, &state("20000"))]));
        let shown = r#"{"caret":{"at":20000,"text":"0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f"},"user":null}"#;
        assert_eq!(seen(&presences, None), [(id, shown.to_owned())]);
        for wrong in ["20001", "-1", "0.5", "\"3\""] {
            assert!(say(&mut presences, id, &[(7, &state(wrong))]));
            assert_eq!(seen(&presences, None), [(id, r#"{"user":null}"#.to_owned())], "{wrong}");
        }
    }

    #[test]
    fn too_much_and_nonsense_are_not_taken() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(limits::PRESENCE));
        assert!(!say(&mut presences, id, &[(7, &long)]));
        assert!(!say(&mut presences, id, &[(7, "[1]")]));
        assert!(!presences.receive(id, &[0xff], false));
    }

    #[test]
    fn a_state_is_later_than_any_before_a_restart() {
        let before = now();
        let mut presences = Presences::default();
        let id = presences.make(None);
        say(&mut presences, id, &[(7, "{}")]);
        assert!(presences.states[&id].clock >= before);
    }

    #[test]
    fn who_leaves_is_told_once_and_forgotten() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        say(&mut presences, id, &[(7, "{}")]);
        presences.take_changed();
        presences.leave(id);
        let changed = presences.take_changed();
        assert_eq!(changed, BTreeSet::from([id]));
        presences.forget(&changed);
        assert_eq!(presences.states.len(), 0);
    }

    #[test]
    fn what_another_tab_of_the_same_browser_says_is_not_taken_for_ones_own() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        assert!(say(&mut presences, id, &[(9, r#"{"over":"off"}"#)]));
        // The other tab's state, and then its end, come by this connection too.
        assert!(say(&mut presences, id, &[(4, r#"{"over":"theirs"}"#)]));
        assert!(say(&mut presences, id, &[(4, "null")]));
        assert!(say(&mut presences, id, &[(12, "null"), (9, r#"{"over":"on"}"#), (4, "null")]));
        assert_eq!(seen(&presences, None), [(id, r#"{"over":"on","user":null}"#.to_owned())]);
    }

    #[test]
    fn a_card_that_is_being_flagged_is_named_by_nothing_that_comes_next() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        say(&mut presences, id, &[(7, r#"{"item":"card","holding":"card","over":"off","x":1}"#)]);
        presences.take_changed();
        presences.hide(id, vec!["card".to_owned()]);
        assert!(presences.take_changed().is_empty(), "the moment tells nothing");
        presences.renew(false);
        assert_eq!(seen(&presences, None), [(id, r#"{"user":null,"x":1}"#.to_owned())]);
        // While it is flagged it stays hidden, wherever they go meanwhile.
        say(&mut presences, id, &[(7, "{}")]);
        say(&mut presences, id, &[(7, r#"{"item":"card"}"#)]);
        assert_eq!(seen(&presences, None), [(id, r#"{"user":null}"#.to_owned())]);
    }

    #[test]
    fn a_card_does_not_come_back_into_view_because_its_flag_was_published() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        say(&mut presences, id, &[(7, r#"{"item":"card"}"#)]);
        presences.hide(id, vec!["card".to_owned(), "left long ago".to_owned()]);
        presences.hide(id, Vec::new());
        presences.renew(false);
        assert_eq!(seen(&presences, None), [(id, r#"{"user":null}"#.to_owned())]);
        say(&mut presences, id, &[(7, r#"{"item":"card","over":"off"}"#)]);
        assert_eq!(seen(&presences, None), [(id, r#"{"user":null}"#.to_owned())]);
        say(&mut presences, id, &[(7, r#"{"item":"left long ago"}"#)]);
        assert!(seen(&presences, None)[0].1.contains("left long ago"));
        say(&mut presences, id, &[(7, r#"{"item":"card"}"#)]);
        assert!(seen(&presences, None)[0].1.contains("card"), "they came back to it");
    }

    #[test]
    fn nobody_hears_of_who_never_spoke() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        presences.rename(id, None, false);
        assert!(presences.take_changed().is_empty());
        presences.leave(id);
        assert!(presences.take_changed().is_empty() && presences.states.is_empty());
    }

    #[test]
    fn who_took_their_presence_back_and_leaves_is_forgotten() {
        let mut presences = Presences::default();
        let id = presences.make(None);
        say(&mut presences, id, &[(7, "{}")]);
        say(&mut presences, id, &[(7, "null")]);
        presences.leave(id);
        let changed = presences.take_changed();
        presences.forget(&changed);
        assert!(presences.states.is_empty());
    }
}
