//! Honest clients are not refused, and everybody ends with the same board.

use super::plan::Plan;
use super::random::{Seed, seeds};

#[test]
fn nothing_honest_is_refused_and_all_converge() {
    for seed in seeds(400) {
        let _seed = Seed(seed);
        let mut plan = Plan::new(seed, 4, 0);
        plan.run(60);
        assert_eq!(plan.refused, Vec::<String>::new());
        plan.converged();
    }
}

#[test]
fn a_compensated_write_leaves_everybody_with_the_same_board() {
    for seed in seeds(400) {
        let _seed = Seed(seed);
        let mut plan = Plan::new(seed, 4, 30);
        plan.run(60);
        assert_eq!(plan.refused, Vec::<String>::new());
        plan.converged();
    }
}
