//! The rules, as sentences.

use super::*;

const PROJECT: &str = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f";

fn person(role: Role) -> Actor {
    Actor { participant: ParticipantId(uuid::Uuid::from_u128(role as u128 + 1)), role }
}

fn moment(kind: StepKind) -> Moment {
    Moment { step: None, kind, state: StepState::Open, locked: false, closed: false, only: None }
}

struct Board(Standing, usize);

/// A board on which somebody's name stands, or stood, under every entry.
struct Signed(ParticipantId);

impl Facts for Signed {
    fn standing(&self, _: Root, _: &str) -> Standing {
        Standing::Stands
    }
    fn count(&self, _: Root) -> usize {
        1
    }
    fn signed(&self, _: Root, _: &str) -> Option<ParticipantId> {
        Some(self.0)
    }
}

impl Facts for Board {
    fn signed(&self, _: Root, _: &str) -> Option<ParticipantId> {
        None
    }
    fn standing(&self, _: Root, _: &str) -> Standing {
        self.0
    }
    fn count(&self, _: Root) -> usize {
        self.1
    }
}

fn place(order: &str) -> Change<'_> {
    Change {
        root: "placements",
        key: PROJECT,
        field: None,
        deed: Deed::Set(Plain::List(vec![Plain::Text("off"), Plain::Text(order)])),
        made_by: None,
    }
}

fn change<'a>(root: &'a str, field: Option<&'a str>, deed: Deed<'a>, made_by: Option<Actor>) -> Change<'a> {
    Change { root, key: PROJECT, field, deed, made_by: made_by.map(|who| who.participant) }
}

fn ask(role: Role, moment: Moment, change: &Change<'_>) -> Option<Denied> {
    permits(&person(role), &moment, &Board(Standing::Stands, 1), change).err()
}

#[test]
fn everybody_places_in_a_board_step_and_nobody_elsewhere_but_the_facilitator() {
    let order = crate::order::between(None, None);
    let place = place(&order);
    for kind in StepKind::ALL {
        let denied = ask(Role::Participant, moment(*kind), &place);
        assert_eq!(denied.is_none(), *kind == StepKind::Board, "{kind}");
        assert!(denied.is_none_or(Denied::is_momentary));
        assert_eq!(ask(Role::Facilitator, moment(*kind), &place), None);
        assert_eq!(ask(Role::Observer, moment(*kind), &place), Some(Denied::ObserverLooksOn));
    }
}

#[test]
fn the_current_step_stays_in_the_agenda_and_every_other_can_be_taken_out() {
    let away = change("agenda", None, Deed::Unset, None);
    let here = Moment { step: PROJECT.parse().ok(), ..moment(StepKind::Board) };
    assert_eq!(ask(Role::Facilitator, here, &away), Some(Denied::CurrentStep));
    let elsewhere = Moment { step: Some(StepId(uuid::Uuid::from_u128(1))), ..here };
    assert_eq!(ask(Role::Facilitator, elsewhere, &away), None);
    assert_eq!(ask(Role::Participant, here, &away), Some(Denied::FacilitatorOnly));
    let renamed = change("agenda", Some("title"), Deed::Set(Plain::Text("Sort")), None);
    assert_eq!(ask(Role::Facilitator, here, &renamed), None);
}

#[test]
fn a_lock_holds_for_all_but_the_facilitator_and_a_close_for_all() {
    let order = crate::order::between(None, None);
    let locked = Moment { locked: true, ..moment(StepKind::Board) };
    assert_eq!(ask(Role::Participant, locked, &place(&order)), Some(Denied::Locked));
    assert_eq!(ask(Role::Facilitator, locked, &place(&order)), None);
    let closed = Moment { closed: true, ..locked };
    assert_eq!(ask(Role::Facilitator, closed, &place(&order)), Some(Denied::Closed));
}

#[test]
fn what_was_undone_before_anybody_saw_it_needs_no_permission_but_a_place() {
    let locked = Moment { locked: true, ..moment(StepKind::Ballot) };
    for (root, field) in [("notes", None), ("notes", Some("text")), ("projects", None), ("placements", None)]
    {
        let trace = change(root, field, Deed::Nothing, None);
        let asked = permits(&person(Role::Participant), &locked, &Board(Standing::Never, 0), &trace);
        assert!(asked.is_ok(), "{root} {field:?}");
        assert_eq!(ask(Role::Observer, locked, &trace), Some(Denied::ObserverLooksOn));
    }
    let server = change("session", None, Deed::Nothing, None);
    assert_eq!(ask(Role::Facilitator, locked, &server), Some(Denied::ServerOnly));
    let nowhere = change("notes", Some("salary"), Deed::Nothing, None);
    assert_eq!(ask(Role::Facilitator, locked, &nowhere), Some(Denied::NoSuchPlace));
}

#[test]
fn a_facilitator_brings_back_what_somebody_signed_with_that_name_and_no_other() {
    let author = person(Role::Participant).participant;
    let other = person(Role::Scribe);
    let (theirs, elses) = (author.to_string(), other.participant.to_string());
    for (root, field) in [("projects", "added_by"), ("notes", "author")] {
        let make = change(root, None, Deed::Make { text: false }, None);
        let sign = |name| change(root, Some(field), Deed::Set(Plain::Text(name)), None);
        let ask = |who: &Actor, change: &Change<'_>| {
            permits(who, &moment(StepKind::Board), &Signed(author), change).err()
        };
        let facilitator = person(Role::Facilitator);
        assert_eq!(ask(&facilitator, &make), None);
        assert_eq!(ask(&facilitator, &sign(&theirs)), None);
        assert_eq!(ask(&facilitator, &sign(&elses)), Some(Denied::NotYours));
        assert!(ask(&other, &make).is_some(), "somebody else does not bring it back under {root}");
        assert_eq!(ask(&other, &sign(&theirs)), Some(Denied::NotYours));
        assert_eq!(ask(&person(Role::Participant), &make), None);
    }
}

#[test]
fn a_bad_value_is_never_taken_for_bad_luck() {
    let locked = Moment { locked: true, ..moment(StepKind::Board) };
    let bad = change("placements", None, Deed::Set(Plain::Text("off")), None);
    assert_eq!(ask(Role::Participant, locked, &bad), Some(Denied::BadValue));
    let server = change("session", None, Deed::Set(Plain::Bool(true)), None);
    assert_eq!(ask(Role::Facilitator, locked, &server), Some(Denied::ServerOnly));
}

#[test]
fn a_card_that_is_gone_is_bad_luck_and_one_that_never_was_is_not() {
    let order = crate::order::between(None, None);
    let ask = |standing| {
        permits(&person(Role::Participant), &moment(StepKind::Board), &Board(standing, 1), &place(&order))
            .err()
    };
    assert_eq!(ask(Standing::Gone), Some(Denied::Gone));
    assert_eq!(ask(Standing::Never), Some(Denied::NoSuchPlace));
}

#[test]
fn a_participant_adds_a_project_and_edits_only_their_own() {
    let now = moment(StepKind::Board);
    let make = change("projects", None, Deed::Make { text: false }, None);
    assert_eq!(ask(Role::Participant, now, &make), None);
    let rename = |by| change("projects", Some("name"), Deed::Set(Plain::Text("Drone trial")), by);
    assert_eq!(ask(Role::Participant, now, &rename(Some(person(Role::Participant)))), None);
    assert_eq!(
        ask(Role::Participant, now, &rename(Some(person(Role::Scribe)))),
        Some(Denied::FacilitatorOnly)
    );
    assert_eq!(ask(Role::Participant, now, &rename(None)), Some(Denied::FacilitatorOnly));
    assert_eq!(ask(Role::Facilitator, now, &rename(None)), None);
}

#[test]
fn nobody_signs_for_someone_else() {
    let now = moment(StepKind::Board);
    let me = person(Role::Participant);
    let (mine, theirs) = (me.participant.to_string(), person(Role::Scribe).participant.to_string());
    let signed = |name| change("notes", Some("author"), Deed::Set(Plain::Text(name)), Some(me));
    assert_eq!(ask(Role::Participant, now, &signed(&mine)), None);
    assert_eq!(ask(Role::Participant, now, &signed(&theirs)), Some(Denied::NotYours));
}

#[test]
fn a_note_is_written_together_and_taken_away_by_its_author_or_the_facilitator() {
    let now = moment(StepKind::Board);
    let of = |by| Some(person(by));
    let write = change("notes", Some("text"), Deed::Write { units: 5 }, of(Role::Scribe));
    assert_eq!(ask(Role::Participant, now, &write), None);
    let away = |by| change("notes", None, Deed::Unset, of(by));
    assert_eq!(ask(Role::Participant, now, &away(Role::Participant)), None);
    assert_eq!(ask(Role::Participant, now, &away(Role::Scribe)), Some(Denied::NotYours));
    assert_eq!(ask(Role::Facilitator, now, &away(Role::Scribe)), None);
    let long = change("notes", Some("text"), Deed::Write { units: limits::TEXT + 1 }, of(Role::Participant));
    assert_eq!(ask(Role::Participant, now, &long), Some(Denied::BadValue));
}

#[test]
fn decisions_are_written_by_who_decides_and_made_by_the_server() {
    let now = moment(StepKind::Decide);
    let verdict = change("decisions", Some("verdict"), Deed::Set(Plain::Text("stop")), None);
    assert_eq!(ask(Role::Participant, now, &verdict), Some(Denied::DeciderOnly));
    for role in [Role::Scribe, Role::Decider, Role::Facilitator] {
        assert_eq!(ask(role, now, &verdict), None);
    }
    let make = change("decisions", None, Deed::Make { text: false }, None);
    assert_eq!(ask(Role::Facilitator, now, &make), Some(Denied::ServerOnly));
}

#[test]
fn a_full_board_takes_no_more() {
    let make = change("pillars", None, Deed::Make { text: false }, None);
    let full = Board(Standing::Never, limits::PILLARS);
    let denied = permits(&person(Role::Facilitator), &moment(StepKind::Board), &full, &make).err();
    assert_eq!(denied, Some(Denied::TooMany));
}

#[test]
fn every_reason_has_a_sentence_and_a_name_of_its_own() {
    let codes: std::collections::BTreeSet<_> = Denied::ALL.iter().map(|denied| denied.code()).collect();
    assert_eq!(codes.len(), Denied::ALL.len());
    assert!(Denied::ALL.iter().all(|denied| denied.sentence().ends_with('.')));
}

#[test]
fn everybody_who_takes_part_may_flag_and_only_facilitators_drive() {
    let flag = Command::Flag { project: crate::ids::ProjectId::default(), reason: None };
    let person = Command::Person { name: "Nora".into() };
    let now = moment(StepKind::Ballot);
    let locked = Moment { locked: true, ..now };
    let closed = Moment { closed: true, ..now };
    for role in Role::ALL {
        let actor = super::tests::person(*role);
        let denied = |moment: &Moment, command: &Command| commands(&actor, moment, command).err();
        let looks_on = (*role == Role::Observer).then_some(Denied::ObserverLooksOn);
        assert_eq!(denied(&now, &flag), looks_on, "{role}");
        assert_eq!(denied(&locked, &flag), looks_on, "{role}");
        assert_eq!(denied(&closed, &flag), looks_on.or(Some(Denied::Closed)), "{role}");
        let drives = *role == Role::Facilitator;
        assert_eq!(denied(&now, &person), (!drives).then_some(Denied::FacilitatorOnly), "{role}");
    }
}

#[test]
fn a_commands_text_is_as_long_as_it_may_be_and_no_longer() {
    let id = uuid::Uuid::from_u128(1);
    let flag = |reason: Option<String>| Command::Flag { project: crate::ids::ProjectId(id), reason };
    assert_eq!(texts(&flag(None)), Ok(()));
    // Characters, not bytes.
    assert_eq!(texts(&flag(Some("ä".repeat(limits::REASON)))), Ok(()));
    assert_eq!(texts(&flag(Some("ä".repeat(limits::REASON + 1)))), Err(TooLong::Reason));
    for length in [limits::NAME, limits::NAME + 1] {
        let name = " ".repeat(length);
        let fits = if length > limits::NAME { Err(TooLong::Name) } else { Ok(()) };
        assert_eq!(texts(&Command::Rename { participant: ParticipantId(id), name: name.clone() }), fits);
        assert_eq!(texts(&Command::Person { name }), fits);
    }
}
