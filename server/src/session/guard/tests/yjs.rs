//! What honest pages with real Yjs sent, captured frame by frame: nothing of it is refused, and the board
//! ends the same.

use serde_json::Value;

use super::board::{Board, Outcome, allow, javascript, json_value, whole};

#[test]
fn nothing_that_real_yjs_sends_is_refused() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/yjs/plans.json");
    // More of them, made by the same script, can be given.
    let file = std::env::var("PLUMBLINE_YJS_PLANS").unwrap_or(file.to_owned());
    let plans: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(!plans.is_empty());
    for plan in plans {
        let mut board = Board::new();
        for (number, frame) in plan["frames"].as_array().unwrap().iter().enumerate() {
            let author = u32::try_from(frame["author"].as_u64().unwrap()).unwrap();
            let update = data_encoding::BASE64.decode(frame["update"].as_str().unwrap().as_bytes()).unwrap();
            let outcome = board.offer(author, &update, &mut allow);
            match outcome {
                Outcome::Gap => assert_eq!(frame["gap"], true, "plan {}, frame {number}", plan["seed"]),
                Outcome::Refused(refusal) => {
                    panic!("plan {}, frame {number} of author {author}: {refusal:?}", plan["seed"])
                }
                Outcome::Nothing | Outcome::Applied(_) => {
                    assert_eq!(frame["gap"], false, "plan {}, frame {number}", plan["seed"]);
                }
            }
            board.check();
        }
        if !plan["board"].is_null() {
            assert_eq!(json_value(&board.doc), javascript(&plan["board"]), "plan {}", plan["seed"]);
        }
        board.check_reload();
    }
}

#[test]
fn the_captured_plans_begin_with_this_board() {
    let first = data_encoding::HEXLOWER.encode(&whole(&Board::new().doc));
    assert_eq!(
        first,
        "01038080808010002701096465636973696f6e7302643101280080808080100007766572646963740177046f70656e270080808080100009726174696f6e616c650200",
        "run tests/fixtures/yjs/generate.mjs again with this"
    );
}
