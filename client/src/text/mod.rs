//! Every word that a page says, one file per language.
//!
//! A language is a value of [`Text`]: a text that is missing is a field that is missing, and that does not build.
//! Whole sentences, never pieces: what depends on a number or a name is a function, so that each language can put
//! its own plurals and its own order of words.

pub(crate) mod agenda;
pub(crate) mod api_keys;
pub(crate) mod ballot;
pub(crate) mod checkpoint;
pub(crate) mod decide;
mod en;
pub(crate) mod hooks;
pub(crate) mod pillars;
pub(crate) mod prepare;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod reveal;
pub(crate) mod watch;

use std::cell::Cell;

/// All texts of one language.
pub(crate) struct Text {
    /// The language's tag, for `<html lang>`.
    pub(crate) tag: &'static str,
    pub(crate) general: General,
    pub(crate) workspace: Workspace,
    pub(crate) setup: Setup,
    pub(crate) prepare: prepare::Prepare,
    pub(crate) agenda: agenda::Agenda,
    pub(crate) ballot: ballot::Ballot,
    pub(crate) reveal: reveal::Reveal,
    pub(crate) decide: decide::Decide,
    pub(crate) watch: watch::Watch,
    pub(crate) checkpoint: checkpoint::Checkpoint,
    pub(crate) join: Join,
    pub(crate) share: Share,
    pub(crate) board: BoardText,
    pub(crate) card: Card,
    pub(crate) open_card: OpenCard,
    pub(crate) hobby: Hobby,
    pub(crate) selection: Selection,
    pub(crate) status: StatusText,
    pub(crate) spoken: Spoken,
    pub(crate) keys: Keys,
    pub(crate) wall: Wall,
    pub(crate) errors: Errors,
}

/// What stands on every page.
pub(crate) struct General {
    pub(crate) name: &'static str,
    pub(crate) close: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) retry: &'static str,
    /// Of a part of the page that is on its way, and of one that has not come.
    pub(crate) part_coming: &'static str,
    pub(crate) part_failed: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) dismiss: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) theme_system: &'static str,
    pub(crate) theme_light: &'static str,
    pub(crate) theme_dark: &'static str,
    pub(crate) not_found_title: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) to_start: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) skip_to_content: &'static str,
    /// The title of the browser's tab, of a page's own.
    pub(crate) tab: fn(&str) -> String,
}

/// The first page: the sessions of the workspace.
pub(crate) struct Workspace {
    pub(crate) title: &'static str,
    pub(crate) new_session: &'static str,
    pub(crate) join_with_code: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) no_key_title: &'static str,
    pub(crate) no_key: &'static str,
    pub(crate) no_key_again: &'static str,
    pub(crate) wrong_key_title: &'static str,
    pub(crate) wrong_key: &'static str,
    pub(crate) forget_key: &'static str,
    pub(crate) created: fn(&str) -> String,
    pub(crate) your_sessions: &'static str,
    pub(crate) your_sessions_hint: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) as_facilitator: &'static str,
    pub(crate) as_observer: &'static str,
    pub(crate) join_hint: &'static str,
    pub(crate) more: &'static str,
}

/// Making a session, and bringing a portfolio and pillars to one.
pub(crate) struct Setup {
    pub(crate) title: &'static str,
    pub(crate) name_label: &'static str,
    pub(crate) name_placeholder: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) own_name: &'static str,
    pub(crate) own_name_hint: &'static str,
    pub(crate) portfolio: &'static str,
    pub(crate) portfolio_hint: &'static str,
    pub(crate) from_file: &'static str,
    pub(crate) from_paste: &'static str,
    pub(crate) from_sample: &'static str,
    pub(crate) from_none: &'static str,
    pub(crate) drop_here: &'static str,
    pub(crate) choose_file: &'static str,
    pub(crate) file_kinds: &'static str,
    pub(crate) other_file: &'static str,
    pub(crate) file_too_large: &'static str,
    pub(crate) file_unknown: &'static str,
    pub(crate) file_missing: &'static str,
    pub(crate) paste_label: &'static str,
    pub(crate) paste_placeholder: &'static str,
    pub(crate) paste_missing: &'static str,
    pub(crate) paste_counted: fn(usize) -> String,
    pub(crate) sample: &'static str,
    pub(crate) none: &'static str,
    pub(crate) pillars: &'static str,
    pub(crate) pillars_hint: &'static str,
    pub(crate) pillars_with_sample: &'static str,
    pub(crate) create: &'static str,
    pub(crate) creating: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) imported: fn(usize) -> String,
    pub(crate) sample_loaded: &'static str,
    pub(crate) skipped: fn(usize) -> String,
    pub(crate) row: fn(&str) -> String,
    pub(crate) pillars_failed: &'static str,
    pub(crate) said_failed: &'static str,
    pub(crate) to_board: &'static str,
    pub(crate) invite: &'static str,
    pub(crate) file_size: fn(&str) -> String,
}

/// Joining by code.
pub(crate) struct Join {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) code_missing: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) function: &'static str,
    pub(crate) function_placeholder: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) joining: &'static str,
    pub(crate) privacy: &'static str,
}

/// The share panel.
pub(crate) struct Share {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) link: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: fn(&str) -> String,
    pub(crate) qr: &'static str,
    pub(crate) unreachable_title: &'static str,
    pub(crate) unreachable: &'static str,
    pub(crate) observer: &'static str,
    pub(crate) observer_hint: &'static str,
    pub(crate) open_wall: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) copy_failed: &'static str,
}

/// The board, its piles and its tray.
pub(crate) struct BoardText {
    pub(crate) off: &'static str,
    pub(crate) off_hint: &'static str,
    pub(crate) unsorted: &'static str,
    pub(crate) unsorted_hint: &'static str,
    pub(crate) unsorted_hint_touch: &'static str,
    pub(crate) unsorted_done: &'static str,
    pub(crate) rules_out: fn(&str) -> String,
    pub(crate) nothing_here: &'static str,
    pub(crate) nothing_matches: &'static str,
    pub(crate) shown_of: fn(usize, usize) -> String,
    pub(crate) no_pillars_title: &'static str,
    pub(crate) no_pillars_mine: &'static str,
    pub(crate) no_pillars_theirs: &'static str,
    pub(crate) add_pillars: &'static str,
    pub(crate) no_projects_title: &'static str,
    pub(crate) no_projects_mine: &'static str,
    pub(crate) no_projects_theirs: &'static str,
    pub(crate) import: &'static str,
    pub(crate) import_title: &'static str,
    pub(crate) add_project: &'static str,
    pub(crate) add_project_hint: &'static str,
    pub(crate) add: &'static str,
    pub(crate) enlarge: &'static str,
    pub(crate) shrink: &'static str,
    pub(crate) resize: &'static str,
    pub(crate) compact: &'static str,
    pub(crate) search: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) filter_clear: &'static str,
    pub(crate) filter_origin: &'static str,
    pub(crate) filter_sponsor: &'static str,
    pub(crate) filter_pile: &'static str,
    pub(crate) filter_flagged: &'static str,
    pub(crate) anyone: &'static str,
    pub(crate) anywhere: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) redo: &'static str,
    pub(crate) lock: &'static str,
    pub(crate) unlock: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) share: &'static str,
    pub(crate) menu: &'static str,
    pub(crate) export: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) wall: &'static str,
    pub(crate) workspace: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) here: fn(usize) -> String,
    pub(crate) you: fn(&str) -> String,
    pub(crate) join_at: &'static str,
    pub(crate) code: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) figures: &'static str,
    pub(crate) pile: &'static str,
    pub(crate) all_piles: &'static str,
    /// For how many projects of a pile a figure is known, of how many.
    pub(crate) figure_known: fn(usize, usize) -> String,
    pub(crate) figure_unknown: &'static str,
    /// People: how many, and the same as it is written.
    pub(crate) people: fn(f64, &str) -> String,
    pub(crate) shape_projects: &'static str,
    pub(crate) shape_none: &'static str,
    pub(crate) shape_cost: &'static str,
    pub(crate) shape_people: &'static str,
    /// Projects on a pillar, of all.
    pub(crate) on_pillar: fn(usize, usize) -> String,
    /// A share, written as a percentage, on a pillar.
    pub(crate) share_on_pillar: fn(&str) -> String,
    pub(crate) counted_off: fn(usize) -> String,
    pub(crate) counted_unsorted: fn(usize) -> String,
    pub(crate) cost_known: fn(usize, usize) -> String,
    pub(crate) people_known: fn(usize, usize) -> String,
    pub(crate) cost_unknown: &'static str,
    pub(crate) people_unknown: &'static str,
    pub(crate) part: fn(&str, &str) -> String,
    pub(crate) loading: &'static str,
    pub(crate) piles: &'static str,
    pub(crate) places: &'static str,
}

/// A card, closed and open.
pub(crate) struct Card {
    pub(crate) panel: &'static str,
    pub(crate) place_on: &'static str,
    pub(crate) back_to_unsorted: &'static str,
    pub(crate) in_pile: &'static str,
    /// A place from 1, of how many.
    pub(crate) place_of: fn(usize, usize) -> String,
    pub(crate) to_top: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
    pub(crate) to_end: &'static str,
    pub(crate) sponsor: &'static str,
    pub(crate) owner: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) people: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) added_by: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_missing: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) more: &'static str,
    pub(crate) no_summary: &'static str,
    pub(crate) origin_planned: &'static str,
    pub(crate) origin_legacy: &'static str,
    pub(crate) origin_pet: &'static str,
    pub(crate) origin_new: &'static str,
    pub(crate) origin_unknown: &'static str,
    /// What is read out between a card's name and its sponsor: its pile.
    pub(crate) lies_on: fn(&str) -> String,
    pub(crate) selected: fn(usize) -> String,
    pub(crate) not_a_number: &'static str,
    pub(crate) keys_hint: &'static str,
}

/// What people write on an open card: decision and notes.
pub(crate) struct OpenCard {
    pub(crate) name: &'static str,
    pub(crate) details: &'static str,
    pub(crate) decision: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) move_on: &'static str,
    pub(crate) move_means: &'static str,
    pub(crate) wait: &'static str,
    pub(crate) wait_means: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) stop_means: &'static str,
    pub(crate) open: &'static str,
    pub(crate) open_means: &'static str,
    pub(crate) nobody_yet: &'static str,
    pub(crate) rationale: &'static str,
    pub(crate) rationale_placeholder: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) add_note: &'static str,
    pub(crate) remove_note: &'static str,
    pub(crate) note_by: fn(&str) -> String,
    pub(crate) note_placeholder: &'static str,
    pub(crate) someone_gone: &'static str,
    pub(crate) noted: fn(usize) -> String,
    pub(crate) flagged: fn(u32) -> String,
    pub(crate) flagged_own: &'static str,
}

/// *Is this a hobby?*
pub(crate) struct Hobby {
    pub(crate) question: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) unsigned: &'static str,
    pub(crate) send: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) yours: &'static str,
    pub(crate) yours_hint: &'static str,
    pub(crate) take_back: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) elsewhere_means: &'static str,
    pub(crate) asked_by: fn(u32) -> String,
}

/// Several selected cards.
pub(crate) struct Selection {
    pub(crate) bar: &'static str,
    pub(crate) place_on: &'static str,
    pub(crate) let_go: &'static str,
    pub(crate) merge: &'static str,
    pub(crate) merge_hint: &'static str,
    pub(crate) which_stays: &'static str,
    pub(crate) keep: fn(&str) -> String,
}

/// What is said of saving and of the connection.
pub(crate) struct StatusText {
    pub(crate) saved: &'static str,
    pub(crate) saving: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) offline_unsent: fn(usize) -> String,
    pub(crate) refused: &'static str,
    pub(crate) looking_on: &'static str,
    pub(crate) banner_offline: &'static str,
    pub(crate) banner_offline_looking: &'static str,
    pub(crate) banner_offline_unsent: fn(usize) -> String,
    pub(crate) not_saving: fn(&str, usize) -> String,
    pub(crate) retry_now: &'static str,
    pub(crate) closed_session: &'static str,
    /// The way to what a closed session has decided.
    pub(crate) in_log: &'static str,
    pub(crate) closed_mine: &'static str,
    pub(crate) closed_theirs: &'static str,
    pub(crate) resume: &'static str,
    pub(crate) not_admitted: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) no_such_session: &'static str,
    pub(crate) replaced: &'static str,
    pub(crate) too_slow: &'static str,
    pub(crate) too_fast: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) fault: &'static str,
    pub(crate) going_away: &'static str,
    pub(crate) join_again: &'static str,
    pub(crate) take_over: &'static str,
    pub(crate) taken_back: fn(&str, &str) -> String,
    pub(crate) storage_full: &'static str,
}

/// What screen readers hear.
pub(crate) struct Spoken {
    pub(crate) placed: fn(&str, &str) -> String,
    pub(crate) placed_by: fn(&str, &str, &str) -> String,
    pub(crate) placed_many: fn(usize, &str) -> String,
    pub(crate) others_placed: fn(usize) -> String,
    /// A card, its place from 1, of how many, and the pile.
    pub(crate) shifted: fn(&str, usize, usize, &str) -> String,
    /// How many cards, the place of the first, of how many, and the pile.
    pub(crate) shifted_many: fn(usize, usize, usize, &str) -> String,
    pub(crate) at_top: &'static str,
    pub(crate) at_end: &'static str,
    pub(crate) without_order: &'static str,
    pub(crate) picked_up: fn(&str) -> String,
    pub(crate) put_back: fn(&str) -> String,
    pub(crate) undone: &'static str,
    pub(crate) redone: &'static str,
    pub(crate) found: fn(usize) -> String,
}

/// The dialog with all keys.
pub(crate) struct Keys {
    pub(crate) title: &'static str,
    pub(crate) arrows: &'static str,
    pub(crate) pillar: &'static str,
    pub(crate) off: &'static str,
    pub(crate) unsorted: &'static str,
    pub(crate) shift: &'static str,
    pub(crate) open: &'static str,
    pub(crate) close: &'static str,
    pub(crate) several: &'static str,
    pub(crate) pick: &'static str,
    pub(crate) pick_next: &'static str,
    pub(crate) hobby: &'static str,
    pub(crate) search: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) redo: &'static str,
    pub(crate) help: &'static str,
    pub(crate) drag: &'static str,
    pub(crate) arrow_keys: &'static str,
    pub(crate) enter_key: &'static str,
    pub(crate) escape_key: &'static str,
    pub(crate) click_key: &'static str,
}

/// The projector's view.
pub(crate) struct Wall {
    pub(crate) of: fn(usize) -> String,
    pub(crate) stand_on_pillar: &'static str,
    pub(crate) stand_on_none: fn(usize) -> String,
    pub(crate) not_sorted: fn(usize) -> String,
    pub(crate) join_at: &'static str,
    pub(crate) here: fn(usize) -> String,
    pub(crate) waiting: &'static str,
    pub(crate) latest: &'static str,
    pub(crate) shape: &'static str,
}

/// What went wrong, and what to do.
pub(crate) struct Errors {
    pub(crate) unreachable: &'static str,
    pub(crate) strange_answer: &'static str,
    pub(crate) storage: &'static str,
    /// Our sentence for a code of the server's, if we have a better one than the server's own.
    pub(crate) by_code: fn(&str) -> Option<&'static str>,
    /// Our sentence for a denied change, by its code.
    pub(crate) denied: fn(&str) -> Option<&'static str>,
    pub(crate) too_many_tries: fn(u32) -> String,
}

/// The languages that there are, by tag.
const LANGUAGES: &[&Text] = &[&en::TEXT];

thread_local! {
    static CHOSEN: Cell<&'static Text> = const { Cell::new(&en::TEXT) };
}

/// The texts of the language chosen by [`choose`].
pub(crate) fn text() -> &'static Text {
    CHOSEN.get()
}

/// Takes the first of `wanted` (BCP 47 tags, as a browser lists them) that there is; English if there is none.
pub(crate) fn choose(wanted: impl IntoIterator<Item = String>) -> &'static Text {
    let chosen = wanted
        .into_iter()
        .find_map(|tag| {
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            LANGUAGES.iter().find(|text| text.tag == primary)
        })
        .unwrap_or(&LANGUAGES[0]);
    CHOSEN.set(chosen);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_takes_its_language_and_an_unknown_one_takes_english() {
        assert_eq!(choose(["en-GB".to_owned()]).tag, "en");
        assert_eq!(choose(["tlh".to_owned(), "en".to_owned()]).tag, "en");
        assert_eq!(choose([]).tag, "en");
    }

    #[test]
    fn one_is_not_many() {
        let text = text();
        assert_eq!((text.status.offline_unsent)(1), "Offline, 1 change unsent");
        assert_eq!((text.status.offline_unsent)(3), "Offline, 3 changes unsent");
    }
}
