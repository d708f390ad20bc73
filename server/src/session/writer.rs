//! What the server writes to the board, always under its own client id and in a fixed order, so that every replica
//! writes the same bytes.

use plumbline_shared::{
    ids::{ParticipantId, ProjectId, StepId},
    schema::{RATIONALE, Root},
    words::{StepKind, StepState},
};
use yrs::{Any, Map, MapPrelim, MapRef, Out, ReadTxn, Text, TextPrelim, TransactionMut, WriteTxn};

use super::{
    entry::{EarlierRow, PillarRow, Row, StepRow},
    flags::Shown,
    guard::Path,
    people::Member,
};

/// Writes to the board within one transaction.
pub(super) struct Writer<'t, 'd> {
    txn: &'t mut TransactionMut<'d>,
}

impl<'t, 'd> Writer<'t, 'd> {
    pub(super) fn new(txn: &'t mut TransactionMut<'d>) -> Self {
        Self { txn }
    }

    fn root(&mut self, root: Root) -> MapRef {
        self.txn.get_or_insert_map(root.name())
    }

    /// The map at `key`, made empty where there is none: a map that is filled as it is made would be encoded in
    /// random order.
    fn entry(&mut self, root: Root, key: &str) -> MapRef {
        let root = self.root(root);
        match root.get(self.txn, key) {
            Some(Out::YMap(map)) => map,
            _ => root.insert(self.txn, key, MapPrelim::default()),
        }
    }

    /// Sets one value, unless it stands there already: what does not change costs nobody anything.
    fn set(&mut self, map: &MapRef, key: &str, value: Any) {
        if !matches!(map.get(self.txn, key), Some(Out::Any(old)) if old == value) {
            map.insert(self.txn, key, as_reloaded(value));
        }
    }

    fn set_text(&mut self, map: &MapRef, key: &str, value: &str) {
        if value.is_empty() && map.get(self.txn, key).is_none() {
            return;
        }
        self.set(map, key, Any::from(value));
    }

    /// One value of the session's own map.
    pub(super) fn session(&mut self, key: &str, value: impl Into<Any>) {
        let root = self.root(Root::Session);
        self.set(&root, key, value.into());
    }

    /// What is revealed is told from its first beat on.
    pub(super) fn begin_telling(&mut self) {
        self.take_away(Root::Session, "beat");
    }

    /// The current step, in its round.
    pub(super) fn stand(&mut self, step: StepId, round: u32, state: StepState) {
        self.session("step", step.to_string());
        self.session("round", round);
        self.session("step_state", state.as_str());
    }

    /// One step of the agenda.
    pub(super) fn step(&mut self, id: StepId, kind: StepKind, title: &str, order: &str) {
        let map = self.entry(Root::Agenda, &id.to_string());
        self.set(&map, "kind", kind.as_str().into());
        self.set(&map, "title", title.into());
        self.set(&map, "minutes", Any::from(0));
        self.set(&map, "order", order.into());
    }

    /// One step of the agenda, as a template has it.
    pub(super) fn step_row(&mut self, row: &StepRow, order: &str) {
        let key = row.id.to_string();
        self.step(row.id, row.kind, &row.title, order);
        let map = self.entry(Root::Agenda, &key);
        self.set(&map, "minutes", Any::from(row.minutes));
        self.set_some(&map, "question", &row.question);
        if !row.options.is_empty() {
            let pair = |(name, text): &(String, String)| -> Any {
                vec![Any::from(name.as_str()), Any::from(text.as_str())].into()
            };
            self.set(&map, "options", row.options.iter().map(pair).collect::<Vec<Any>>().into());
        }
    }

    /// One value of what a step came to.
    pub(super) fn result(&mut self, step: StepId, key: &str, value: Any) {
        let map = self.entry(Root::Results, &step.to_string());
        self.set(&map, key, value);
    }

    /// Somebody as the others see them.
    pub(super) fn person(&mut self, member: &Member) {
        let map = self.entry(Root::Roster, &member.id.to_string());
        self.set(&map, "name", member.name.as_str().into());
        self.set(&map, "function", member.function.as_str().into());
        self.set(&map, "role", member.role.as_str().into());
        self.set(&map, "colour", member.colour.as_str().into());
    }

    /// Somebody came in by a link that somebody else made: everybody sees by whose.
    pub(super) fn let_in(&mut self, member: &Member, by: &str) {
        let map = self.entry(Root::Roster, &member.id.to_string());
        self.set(&map, "let_in_by", by.into());
    }

    /// How many ask of a project whether it is a hobby, and why.
    pub(super) fn flags(&mut self, shown: &Shown) {
        let project = shown.project.to_string();
        if shown.count == 0 {
            return self.take_away(Root::Flags, &project);
        }
        let map = self.entry(Root::Flags, &project);
        self.set(&map, "count", shown.count.into());
        let reasons: Vec<Any> = shown.reasons.iter().map(|reason| reason.as_str().into()).collect();
        self.set(&map, "reasons", reasons.into());
    }

    /// One value of an entry that stands.
    pub(super) fn field(&mut self, root: Root, key: &str, field: &str, value: Any) {
        if let Some(Out::YMap(map)) = self.root(root).get(self.txn, key) {
            self.set(&map, field, value);
        }
    }

    /// A project's place.
    pub(super) fn place(&mut self, project: &str, pile: &str, order: &str) {
        let root = self.root(Root::Placements);
        let place: Vec<Any> = vec![pile.into(), order.into()];
        self.set(&root, project, place.into());
    }

    /// The reason of a decision that has none yet.
    pub(super) fn rationale(&mut self, project: &str, text: &str) {
        if let Some(Out::YMap(map)) = self.root(Root::Decisions).get(self.txn, project)
            && let Some(Out::YText(rationale)) = map.get(self.txn, RATIONALE)
        {
            rationale.insert(self.txn, 0, text);
        }
    }

    /// Takes an entry away, if it stands.
    pub(super) fn take_away(&mut self, root: Root, key: &str) {
        let root = self.root(root);
        if root.contains_key(self.txn, key) {
            root.remove(self.txn, key);
        }
    }

    /// Takes somebody out of the roster.
    pub(super) fn forget(&mut self, id: ParticipantId) {
        let root = self.root(Root::Roster);
        root.remove(self.txn, &id.to_string());
    }

    /// One pillar. What the row leaves empty is not touched.
    pub(super) fn pillar(&mut self, key: &str, row: &PillarRow, colour: &str, order: &str) {
        let map = self.entry(Root::Pillars, key);
        self.set(&map, "name", row.name.as_str().into());
        self.set_some(&map, "intent", &row.intent);
        if !row.goals.is_empty() {
            let goals: Vec<Any> = row.goals.iter().map(|goal| goal.as_str().into()).collect();
            self.set(&map, "goals", goals.into());
        }
        self.set_some(&map, "measure", &row.measure);
        self.set_some(&map, "rules_out", &row.rules_out);
        self.set_some(&map, "owner", &row.owner);
        if map.get(self.txn, "colour").is_none() {
            self.set(&map, "colour", colour.into());
        }
        if map.get(self.txn, "order").is_none() {
            self.set(&map, "order", order.into());
        }
    }

    fn set_some(&mut self, map: &MapRef, key: &str, value: &str) {
        if !value.is_empty() {
            self.set_text(map, key, value);
        }
    }

    /// One project, with the decision that may be taken on it. What the row leaves empty is not touched, so that a
    /// poorer file never wipes out what a richer one said.
    pub(super) fn project(&mut self, id: ProjectId, row: &Row) {
        let map = self.entry(Root::Projects, &id.to_string());
        for (field, value) in said(row) {
            self.set(&map, field, value);
        }
        self.decision(&id.to_string());
    }

    /// A project of which nothing is said yet, with the decision that may be taken on it.
    pub(super) fn bare_project(&mut self, key: &str) {
        self.entry(Root::Projects, key);
        self.decision(key);
    }

    /// What was known of a project before this session.
    pub(super) fn earlier(&mut self, key: &str, earlier: &EarlierRow) {
        let map = self.entry(Root::Earlier, key);
        let row = &earlier.row;
        // Numbers of entries are far below 2^53.
        self.set(&map, "number", Any::from(earlier.number as f64));
        self.set(&map, "times", Any::from(earlier.times));
        for (field, text) in [
            ("decided_on", &earlier.decided_on),
            ("verdict", &earlier.verdict),
            ("owner", &earlier.owner),
            ("rationale", &earlier.rationale),
            ("name", &row.name),
            ("reference", &row.reference),
            ("sponsor", &row.sponsor),
            ("run_by", &row.owner),
            ("pile", &earlier.pile),
        ] {
            self.set_some(&map, field, text);
        }
        for (field, figure) in [("cost", row.cost), ("people", row.people)] {
            if let Some(figure) = figure {
                self.set(&map, field, number(figure));
            }
        }
        if !earlier.fields.is_empty() {
            let pair = |(name, text): &(String, String)| -> Any {
                vec![Any::from(name.as_str()), Any::from(text.as_str())].into()
            };
            self.set(&map, "fields", earlier.fields.iter().map(pair).collect::<Vec<Any>>().into());
        }
    }

    /// The map and the text of a project's decision. The server makes them together with the project, since two
    /// people making them at once would lose one's work.
    pub(super) fn decision(&mut self, project: &str) {
        let map = self.entry(Root::Decisions, project);
        if map.get(self.txn, RATIONALE).is_none() {
            map.insert(self.txn, RATIONALE, TextPrelim::new(""));
        }
    }

    /// Restores a plain value that stood at a path, or takes away what was written where nothing stood.
    pub(super) fn restore(&mut self, path: &Path, old: Option<Any>) {
        let keys: Vec<&str> = path.keys.iter().map(AsRef::as_ref).collect();
        let Some((map, last)) = map_at(self.txn, &path.root, &keys) else { return };
        match old {
            // Written even if it looks the same: the client's write is what stands now, or will be undone later.
            Some(old) => {
                map.insert(self.txn, last, as_reloaded(old));
            }
            None => {
                map.remove(self.txn, last);
            }
        }
    }
}

/// What a row says of its project, field by field. What it leaves empty it says nothing of.
fn said(row: &Row) -> Vec<(&'static str, Any)> {
    let mut said: Vec<(&'static str, Any)> = vec![("name", row.name.as_str().into())];
    let texts = [("summary", &row.summary), ("sponsor", &row.sponsor), ("owner", &row.owner)];
    for (field, text) in texts.into_iter().chain([("origin", &row.origin)]) {
        if !text.is_empty() {
            said.push((field, text.as_str().into()));
        }
    }
    for (field, figure) in [("cost", row.cost), ("people", row.people)] {
        if let Some(figure) = figure {
            said.push((field, number(figure)));
        }
    }
    if !row.reference.is_empty() {
        said.push(("reference", row.reference.as_str().into()));
    }
    if !row.more.is_empty() {
        let pair = |(heading, text): &(String, String)| -> Any {
            vec![Any::from(heading.as_str()), Any::from(text.as_str())].into()
        };
        said.push(("more", row.more.iter().map(pair).collect::<Vec<Any>>().into()));
    }
    said
}

/// The fields of a project that a row would change.
pub(super) fn changed<T: ReadTxn>(txn: &T, id: ProjectId, row: &Row) -> Vec<&'static str> {
    let key = id.to_string();
    let is_there = |field: &str, value: &Any| match map_at(txn, Root::Projects.name(), &[&key, field]) {
        Some((map, field)) => matches!(map.get(txn, field), Some(Out::Any(old)) if old == *value),
        None => false,
    };
    let mut changed = said(row);
    changed.retain(|(field, value)| !is_there(field, value));
    changed.into_iter().map(|(field, _)| field).collect()
}

/// The plain value at a path, if one stands there.
pub(super) fn plain_at<T: ReadTxn>(txn: &T, path: &Path) -> Option<Any> {
    let keys: Vec<&str> = path.keys.iter().map(AsRef::as_ref).collect();
    let (map, last) = map_at(txn, &path.root, &keys)?;
    match map.get(txn, last) {
        Some(Out::Any(value)) => Some(value),
        _ => None,
    }
}

/// What is done in a step, if the agenda has it.
pub(super) fn kind_of<T: ReadTxn>(txn: &T, step: StepId) -> Option<StepKind> {
    let step = step.to_string();
    let (map, key) = map_at(txn, Root::Agenda.name(), &[&step, "kind"])?;
    match map.get(txn, key) {
        Some(Out::Any(Any::String(kind))) => StepKind::parse(&kind),
        _ => None,
    }
}

/// How many UTF-16 units the text at a path has; none where there is no text.
pub(super) fn text_units<T: ReadTxn>(txn: &T, root: &str, keys: &[&str]) -> usize {
    let Some((map, last)) = map_at(txn, root, keys) else { return 0 };
    match map.get(txn, last) {
        Some(Out::YText(text)) => text.len(txn) as usize,
        _ => 0,
    }
}

/// The map in which a path ends, and the key there.
fn map_at<'k, T: ReadTxn>(txn: &T, root: &str, keys: &[&'k str]) -> Option<(MapRef, &'k str)> {
    let (last, entries) = keys.split_last()?;
    let mut map = txn.get_map(root)?;
    for key in entries {
        match map.get(txn, key) {
            Some(Out::YMap(inner)) => map = inner,
            _ => return None,
        }
    }
    Some((map, last))
}

/// The largest whole number that stays one in the v1 format; beyond it, whole numbers are written as floats.
const WHOLE: i64 = 0x7fff_ffff;

/// The value as a document has it that was written down and loaded again: yrs keeps a large whole number as it was
/// given, writes it as a float and reads it back as one, and a state must be the same before and after.
fn as_reloaded(value: Any) -> Any {
    match value {
        Any::Number(yrs::Number::Int(number)) if !(-WHOLE..=WHOLE).contains(&number) => {
            Any::from(number as f64)
        }
        Any::Array(parts) => Any::Array(parts.iter().cloned().map(as_reloaded).collect()),
        other => other,
    }
}

/// A whole number as everybody reads it: Yjs has no integers beyond 2^53, and the importer gives none.
fn number(value: i64) -> Any {
    Any::from(value as f64)
}

#[cfg(test)]
mod tests {
    use yrs::{Doc, Number, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

    use super::*;

    /// Equality of values holds a whole number and a float for one; their print does not.
    fn seen(doc: &Doc) -> String {
        let txn = doc.transact();
        let map = txn.get_map(Root::Session.name()).expect("it was written to");
        let mut values: Vec<String> = map.iter(&txn).map(|(key, value)| format!("{key} {value:?}")).collect();
        values.sort();
        values.join("\n")
    }

    #[test]
    fn every_number_is_the_same_before_and_after_a_reload() {
        let mut numbers: Vec<i64> = vec![0, 1, -1, WHOLE, -WHOLE, i64::from(i32::MIN), i64::from(u32::MAX)];
        for bit in 0..53 {
            let power = 1i64 << bit;
            numbers.extend([power - 1, power, power + 1, -power, power + power / 3]);
        }
        // Splitmix64, for what lies between.
        let mut state = 7u64;
        for _ in 0..2_000 {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            numbers.push((mixed as i64) >> (11 + mixed % 50));
        }
        let live = super::super::empty_document();
        {
            let mut txn = live.transact_mut();
            let mut writer = Writer::new(&mut txn);
            for (n, number) in numbers.iter().enumerate() {
                writer.session(&format!("whole {n:05}"), Any::Number(Number::Int(*number)));
                writer.session(&format!("float {n:05}"), *number as f64);
                let pair: Vec<Any> = vec![Any::Number(Number::Int(*number)), (*number as f64 / 3.0).into()];
                writer.session(&format!("pair {n:05}"), pair);
                writer.session(&format!("small {n:05}"), *number as u32);
            }
        }
        let written = live.transact().encode_state_as_update_v1(&StateVector::default());
        let reloaded = super::super::empty_document();
        let update = Update::decode_v1(&written).expect("yrs has just written it");
        reloaded.transact_mut().apply_update(update).expect("an empty document takes it");
        assert_eq!(seen(&live), seen(&reloaded));
        assert_eq!(reloaded.transact().encode_state_as_update_v1(&StateVector::default()), written);
    }
}
