//! The words of what a round came to: counts and sentences, no decimals, but for the facilitator's detail.

use plumbline_shared::{
    methods::HobbyOutcome,
    words::{Claim, Question, Verdict},
};

/// What a round came to, for the room.
pub(crate) struct Reveal {
    pub(crate) title: fn(Question) -> &'static str,
    /// How many answered, of how many, and how many of them on paper.
    pub(crate) answered: fn(u32, u32, u32) -> String,
    /// Of one item: how many answered, and how many sat out.
    pub(crate) sat_out: fn(u32, u32) -> String,
    /// Of one item: how many answered, of how many.
    pub(crate) heard: fn(u32, u32) -> String,
    pub(crate) round: fn(u32) -> String,
    pub(crate) rounds: &'static str,
    pub(crate) side_by_side: &'static str,
    pub(crate) nothing_asked: &'static str,
    pub(crate) not_revealed: &'static str,
    pub(crate) too_few: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) talk_about: &'static str,
    pub(crate) open_card: &'static str,
    pub(crate) spotlight: &'static str,
    pub(crate) spotlight_off: &'static str,
    pub(crate) sorting: Sorting,
    pub(crate) detail: Detail,
    pub(crate) queue: Queue,
    pub(crate) evidence: Evidence,
    pub(crate) claims: Claims,
    pub(crate) verdict: Verdicts,
    pub(crate) dots: Dots,
    pub(crate) scale: Scale,
    pub(crate) texts: Texts,
    pub(crate) beside: BesideText,
    pub(crate) wall: WallText,
}

/// A round of sorting, in three beats.
pub(crate) struct Sorting {
    pub(crate) beats: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) agreed: &'static str,
    pub(crate) splits: &'static str,
    pub(crate) agreed_tab: fn(usize) -> String,
    pub(crate) splits_tab: fn(usize) -> String,
    pub(crate) on_pillars: fn(u32, u32) -> String,
    pub(crate) on_none: fn(u32) -> String,
    pub(crate) tied: fn(u32) -> String,
    pub(crate) tied_name: &'static str,
    pub(crate) unknown_name: &'static str,
    pub(crate) few_name: &'static str,
    /// A share, written as a percentage, and for how many of how many it is known.
    pub(crate) cost_share: fn(&str, u32, u32) -> String,
    pub(crate) people_share: fn(&str, u32, u32) -> String,
    /// Projects on a pillar now, of all, and the share of the cost on one, where that is known.
    pub(crate) now_on_pillars: fn(u32, u32, Option<&str>) -> String,
    pub(crate) dim: fn(usize) -> String,
    pub(crate) dim_mark: &'static str,
    pub(crate) agreed_on: fn(usize, u32) -> String,
    pub(crate) agreed_none: &'static str,
    pub(crate) agreed_means: &'static str,
    /// A pile's share of who chose one.
    pub(crate) of_room: fn(u32, u32) -> String,
    pub(crate) place: fn(usize) -> String,
    pub(crate) place_hint: &'static str,
    pub(crate) all_placed: &'static str,
    pub(crate) placed: fn(usize) -> String,
    pub(crate) take_back: &'static str,
    pub(crate) split_on: fn(usize, u32) -> String,
    pub(crate) split_none: &'static str,
    pub(crate) split_order: &'static str,
    pub(crate) by_cost: &'static str,
    pub(crate) project: &'static str,
    pub(crate) room: &'static str,
    pub(crate) off: &'static str,
    pub(crate) others: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) two_camps: &'static str,
    /// How many put it off strategy, and how many on a pillar.
    pub(crate) off_on: fn(u32, u32) -> String,
    pub(crate) on: fn(u32, &str) -> String,
    pub(crate) off_count: fn(u32) -> String,
    /// How many do not know it, of all who answered.
    pub(crate) do_not_know: fn(u32, u32) -> String,
    /// The same where there is little room.
    pub(crate) know_not: fn(u32) -> String,
    pub(crate) one_of: fn(usize, usize) -> String,
    pub(crate) previous: &'static str,
    pub(crate) next: &'static str,
    pub(crate) cell: fn(u32, &str) -> String,
}

/// What is for the facilitator alone.
pub(crate) struct Detail {
    pub(crate) title: &'static str,
    pub(crate) alpha: &'static str,
    /// α, and the ends of its interval.
    pub(crate) alpha_says: fn(&str, Option<(&str, &str)>) -> String,
    pub(crate) alpha_none: &'static str,
    pub(crate) alpha_means: &'static str,
    pub(crate) mean: &'static str,
    /// P̄ in per cent, and over how many projects.
    pub(crate) mean_says: fn(&str, u32) -> String,
    pub(crate) mean_none: &'static str,
    pub(crate) misleads: &'static str,
}

/// The queue of what is talked about.
pub(crate) struct Queue {
    pub(crate) title: &'static str,
    pub(crate) left: fn(usize, usize) -> String,
    pub(crate) all_placed: fn(usize) -> String,
    /// The time for each.
    pub(crate) each: fn(&str) -> String,
    /// What is left of it for this one.
    pub(crate) this_one: fn(&str) -> String,
    pub(crate) over: fn(&str) -> String,
    pub(crate) only: &'static str,
    pub(crate) only_means: &'static str,
    pub(crate) only_says: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) placed_mark: &'static str,
    pub(crate) discussed: &'static str,
    pub(crate) flags: fn(u32) -> String,
    pub(crate) people: fn(&str) -> String,
}

/// What is known of one project.
pub(crate) struct Evidence {
    pub(crate) alone: fn(u32) -> String,
    pub(crate) alone_round: fn(u32, u32) -> String,
    pub(crate) four_questions: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) dots: &'static str,
    /// What an earlier round said.
    pub(crate) earlier: fn(u32, &str) -> String,
}

/// The four questions.
pub(crate) struct Claims {
    pub(crate) outcome: fn(HobbyOutcome) -> &'static str,
    pub(crate) outcome_means: fn(HobbyOutcome) -> &'static str,
    pub(crate) outcomes: fn(HobbyOutcome, usize) -> String,
    /// How many claimed nothing, of how many.
    pub(crate) none_of: fn(u32, u32) -> String,
    pub(crate) claimed: fn(Claim, u32) -> String,
    pub(crate) one_vote_away: &'static str,
    pub(crate) waits: fn(usize) -> String,
    pub(crate) waiting: fn(Claim, u32) -> String,
    pub(crate) no_source: &'static str,
    pub(crate) sources: &'static str,
    pub(crate) stands: &'static str,
    pub(crate) falls: &'static str,
    pub(crate) check: fn(Claim) -> &'static str,
    pub(crate) checked: fn(Claim, bool) -> &'static str,
    pub(crate) take_back: &'static str,
    pub(crate) mark: &'static str,
    pub(crate) mark_says: &'static str,
}

/// Move, wait or stop.
pub(crate) struct Verdicts {
    pub(crate) words: fn(Verdict, u32) -> String,
    pub(crate) room: fn(Verdict) -> &'static str,
    pub(crate) no_majority: &'static str,
    pub(crate) majority: &'static str,
    pub(crate) summary: fn(Verdict, usize) -> String,
    pub(crate) undecided: fn(usize) -> String,
}

/// Dots.
pub(crate) struct Dots {
    pub(crate) says: fn(u32, u32) -> String,
    pub(crate) rank: fn(u32, bool) -> String,
    pub(crate) ties: &'static str,
}

/// Numbers of a scale.
pub(crate) struct Scale {
    pub(crate) session: &'static str,
    pub(crate) median: fn(&str) -> String,
    pub(crate) spread: fn(&str, &str) -> String,
    pub(crate) chosen: fn(u32, u32) -> String,
    pub(crate) together: &'static str,
    pub(crate) near: &'static str,
    pub(crate) apart: &'static str,
    pub(crate) far: &'static str,
}

/// Answers in one's own words.
pub(crate) struct Texts {
    pub(crate) order: &'static str,
}

/// Two rounds beside each other.
pub(crate) struct BesideText {
    pub(crate) title: fn(u32, u32) -> String,
    pub(crate) never: &'static str,
    pub(crate) agreed: fn(usize, usize) -> String,
    pub(crate) split: fn(usize, usize) -> String,
    pub(crate) changed: fn(usize, usize) -> String,
    pub(crate) alone: fn(usize) -> String,
    pub(crate) all_same: &'static str,
}

/// The projector.
pub(crate) struct WallText {
    pub(crate) dots_each: fn(u32) -> String,
    pub(crate) items: fn(usize) -> String,
    pub(crate) ready: &'static str,
    pub(crate) open: &'static str,
    pub(crate) sealed: &'static str,
    pub(crate) promise: &'static str,
    pub(crate) page: fn(usize, usize) -> String,
    pub(crate) waits: fn(usize) -> String,
    pub(crate) decided: fn(usize) -> String,
    pub(crate) nothing_decided: &'static str,
    pub(crate) signed: fn(usize, usize) -> String,
    /// How many carry it, carry it with a reservation, and do not.
    pub(crate) stances: fn(u32, u32, u32) -> String,
    pub(crate) close_title: &'static str,
    pub(crate) still_open: fn(usize) -> String,
    pub(crate) share_rose: fn(u32, u32, u32) -> String,
}
