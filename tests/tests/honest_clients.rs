//! What honest, unmodified Yjs clients do, and a guard must not punish: nothing is refused, nothing is lost.
//!
//! Every case is one that was captured from yjs 13.6, y-websocket 2.1 and y-indexeddb. The clients are those that npm
//! gives; only the network between them and the server is ours.

use std::time::Duration;

use plumbline_shared::order;
use plumbline_tests::{
    picture,
    stage::Stage,
    wait,
    yjs::{Opening, Tab, Way, Yjs},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn id() -> String {
    Uuid::now_v7().to_string()
}

fn key() -> String {
    order::between(None, None)
}

fn note_text<'a>(board: &'a Value, note: &str) -> &'a str {
    board["notes"][note]["text"].as_str().unwrap_or_default()
}

fn pile_of<'a>(board: &'a Value, project: &str) -> &'a str {
    board["placements"][project][0].as_str().unwrap_or("unsorted")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_acts_as_the_socket_opens_loses_nothing() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let (ana, ben) = (stage.tab(&process, "Ana").await, stage.tab(&process, "Ben").await);
    let (offline, opening) = (&stage.projects[0], &stage.projects[1]);
    let pillar = &stage.pillars[0];

    ana.disconnect().await;
    ana.place(offline, pillar, &key()).await;
    // Sent before the server's first step 1 was answered: an update with a gap, since the offline one is missing.
    ana.act_as_it_opens(json!([["place", opening, "off", key()]])).await;
    ana.connect().await;
    ana.synced().await;

    let board = stage.agree(&[&ana, &ben]).await;
    assert_eq!(pile_of(&board, offline), pillar);
    assert_eq!(pile_of(&board, opening), "off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keystrokes_that_cross_the_servers_step_1_come_once() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let ana = process.open("Ana", &stage.yjs_address(), &joined.token, &Opening::default()).await;
    ana.synced().await;
    let ben = stage.tab(&process, "Ben").await;
    let note = id();
    ana.act(json!([["note", note, stage.projects[0], joined.participant_id, "a"]])).await;
    stage.agree(&[&ana, &ben]).await;

    // The step 1 is on its way while three keys are pressed; the step 2 that answers it has them again, merged.
    ana.disconnect().await;
    ana.hold(Way::In, true).await;
    ana.connect().await;
    wait::until("the socket is open", async || {
        wait::holds(ana.status().await.connected, || "it is not".to_owned())
    })
    .await;
    for (at, letter) in [(1, "b"), (2, "c"), (3, "d")] {
        ana.act(json!([["write", "notes", note, at, letter]])).await;
    }
    wait::until("the letters are there before the step 1 is answered", async || {
        let held = stage.held().await;
        wait::holds(note_text(&held, &note) == "abcd", || note_text(&held, &note).to_owned())
    })
    .await;
    ana.hold(Way::In, false).await;
    ana.synced().await;

    let board = stage.agree(&[&ana, &ben]).await;
    assert_eq!(note_text(&board, &note), "abcd");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_with_unsent_changes_brings_two_client_ids() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let kept = Opening { store: Some("board".to_owned()), ..Opening::default() };
    let before = process.open("Ana", &stage.yjs_address(), &joined.token, &kept).await;
    before.synced().await;
    let ben = stage.tab(&process, "Ben").await;
    before.place(&stage.projects[0], "off", &key()).await;
    stage.agree(&[&before, &ben]).await;

    let first_id = before.client;
    before.disconnect().await;
    let note = id();
    before.act(json!([["place", stage.projects[1], stage.pillars[0], key()]])).await;
    before.act(json!([["note", note, stage.projects[1], joined.participant_id, "written offline"]])).await;
    before.leave().await;

    // The same person, the same stored document, another client id; still offline, and goes on.
    let again = Opening { offline: true, ..kept };
    let after = process.open("Ana", &stage.yjs_address(), &joined.token, &again).await;
    assert_ne!(after.client, first_id, "a reload draws another id");
    after.place(&stage.projects[1], stage.pillars[1].as_str(), &key()).await;
    after.place(&stage.projects[2], "off", &key()).await;
    after.act(json!([["write", "notes", note, 7, " again,"]])).await;
    after.connect().await;
    after.synced().await;

    let board = stage.agree(&[&after, &ben]).await;
    assert_eq!(pile_of(&board, &stage.projects[1]), stage.pillars[1]);
    assert_eq!(pile_of(&board, &stage.projects[2]), "off");
    assert_eq!(note_text(&board, &note), "written again, offline");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_was_written_and_undone_offline_leaves_its_author_in_step() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let ana = process.open("Ana", &stage.yjs_address(), &joined.token, &Opening::default()).await;
    ana.synced().await;
    let ben = stage.tab(&process, "Ben").await;

    ana.disconnect().await;
    ana.act(json!([["note", id(), stage.projects[0], joined.participant_id, "better not"]])).await;
    assert!(ana.undo().await);
    ana.place(&stage.projects[1], "off", &key()).await;
    ana.connect().await;
    ana.synced().await;

    let board = stage.agree(&[&ana, &ben]).await;
    assert_eq!(pile_of(&board, &stage.projects[1]), "off");
    assert_eq!(board["notes"], json!({}));
    ana.assert_never_refused().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stored_board_that_loads_after_the_socket_has_opened_is_known_already() {
    let stage = Stage::with_portfolio().await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let kept = Opening { store: Some("board".to_owned()), ..Opening::default() };
    let first = process.open("Ana", &stage.yjs_address(), &joined.token, &kept).await;
    first.synced().await;
    for project in &stage.projects[..40] {
        first.place(project, &stage.pillars[2], &key()).await;
    }
    stage.agree(&[&first]).await;
    // One change stays in the store alone.
    first.disconnect().await;
    first.place(&stage.projects[40], "off", &key()).await;
    first.leave().await;

    let late = Opening { late: true, ..kept };
    let second = process.open("Ana", &stage.yjs_address(), &joined.token, &late).await;
    second.synced().await;
    // Now the whole board goes up as one update: hundreds of kilobytes of what the server has, and one new change.
    second.load().await;

    let board = wait::until("the change that was stored is there", async || {
        let held = stage.held().await;
        wait::holds(pile_of(&held, &stage.projects[40]) == "off", || "it is not".to_owned()).map(|()| held)
    })
    .await;
    assert_eq!(pile_of(&board, &stage.projects[0]), stage.pillars[2]);
    stage.agree(&[&second]).await;
    // Nothing of it counts as unusual haste or size: the next changes pass as well.
    second.place(&stage.projects[41], "off", &key()).await;
    let board = stage.agree(&[&second]).await;
    assert_eq!(pile_of(&board, &stage.projects[41]), "off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_of_one_browser_build_on_what_the_server_has_not_seen() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let sharing = Opening { channel: true, ..Opening::default() };
    let left = process.open("left", &stage.yjs_address(), &joined.token, &sharing).await;
    let right = process.open("right", &stage.yjs_address(), &joined.token, &sharing).await;
    left.synced().await;
    right.synced().await;
    let ben = stage.tab(&process, "Ben").await;
    let project = &stage.projects[3];

    // What the left tab writes reaches the right one over the BroadcastChannel, but not the server.
    left.hold(Way::Out, true).await;
    let note = id();
    left.act(json!([["place", project, stage.pillars[0], key()]])).await;
    left.act(json!([["note", note, project, joined.participant_id, "left"]])).await;
    wait::until("the right tab has it", async || {
        let shown = right.board().await;
        wait::holds(note_text(&shown, &note) == "left", || note_text(&shown, &note).to_owned())
    })
    .await;
    // Overwriting it names an origin that the server has never seen.
    right.place(project, "off", &key()).await;
    right.act(json!([["write", "notes", note, 4, " and right"]])).await;
    let board = wait::until("the server has both", async || {
        let held = stage.held().await;
        let here = pile_of(&held, project) == "off" && note_text(&held, &note) == "left and right";
        wait::holds(here, || format!("{}, «{}»", pile_of(&held, project), note_text(&held, &note)))
            .map(|()| held)
    })
    .await;
    assert_eq!(pile_of(&board, project), "off");
    left.hold(Way::Out, false).await;
    stage.agree(&[&left, &right, &ben]).await;

    // And both go on.
    left.place(&stage.projects[4], "off", &key()).await;
    right.place(&stage.projects[5], "off", &key()).await;
    let board = stage.agree(&[&left, &right, &ben]).await;
    assert_eq!((pile_of(&board, &stage.projects[4]), pile_of(&board, &stage.projects[5])), ("off", "off"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybodys_old_deletions_need_nobodys_permission() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let (ana, ben) = (stage.join("Ana").await, stage.join("Ben").await);
    let a = process.open("Ana", &stage.yjs_address(), &ana.token, &Opening::default()).await;
    let b = process.open("Ben", &stage.yjs_address(), &ben.token, &Opening::default()).await;
    a.synced().await;
    b.synced().await;
    let wall =
        process.open("wall", &stage.yjs_address(), &stage.session.observer_token, &Opening::default()).await;
    wall.synced().await;

    // Deletions by the facilitator, by Ana and by Ben: overwritten, erased, taken away.
    let facilitator = process
        .open("Fay", &stage.yjs_address(), &stage.session.facilitator_token, &Opening::default())
        .await;
    facilitator.synced().await;
    let (kept, gone) = (id(), id());
    a.act(json!([[
        "note",
        kept,
        stage.projects[0],
        ana.participant_id,
        "Ana's words, some of them too many"
    ]]))
    .await;
    b.act(json!([["note", gone, stage.projects[1], ben.participant_id, "Ben's words"]])).await;
    stage.agree(&[&a, &b, &facilitator]).await;
    for pile in ["off", &stage.pillars[0], &stage.pillars[1]] {
        a.place(&stage.projects[0], pile, &key()).await;
        b.place(&stage.projects[1], pile, &key()).await;
    }
    b.act(json!([["erase", "notes", kept, 11, 100]])).await;
    b.act(json!([["take", "notes", gone]])).await;
    facilitator.act(json!([["take", "projects", stage.projects[2]]])).await;
    facilitator.act(json!([["set", "pillars", stage.pillars[5], "name", "Renamed"]])).await;
    stage.agree(&[&a, &b, &facilitator, &wall]).await;

    // Each comes back: its step 2 has the whole delete set, the observer's too.
    for tab in [&a, &b, &facilitator, &wall] {
        tab.disconnect().await;
        tab.connect().await;
        tab.synced().await;
    }
    a.place(&stage.projects[3], "off", &key()).await;
    let board = stage.agree(&[&a, &b, &facilitator, &wall]).await;
    assert_eq!(note_text(&board, &kept), "Ana's words");
    assert_eq!(board["notes"].get(&gone), None);
    assert_eq!(pile_of(&board, &stage.projects[3]), "off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presences_echoed_by_everybody_are_nobodys_fault() {
    const PEOPLE: usize = 20;
    const CHANGES: usize = 5;
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let mut tabs = Vec::new();
    for n in 0..PEOPLE {
        tabs.push(stage.tab(&process, &format!("Person {n}")).await);
    }
    for change in 0..CHANGES {
        for tab in &tabs {
            tab.present(json!({ "item": stage.projects[change] })).await;
        }
    }
    for tab in &tabs {
        wait::until(&format!("{} sees all others where they look", tab.name), async || {
            let seen = tab.presences().await;
            let mut names: Vec<&str> = seen
                .iter()
                .filter(|one| one["state"]["item"] == json!(stage.projects[CHANGES - 1]))
                .filter_map(|one| one["state"]["user"]["name"].as_str())
                .collect();
            names.sort_unstable();
            names.dedup();
            let own = names.contains(&tab.name.as_str());
            wait::holds(names.len() == PEOPLE - 1 && !own && seen.len() == PEOPLE - 1, || format!("{seen:?}"))
        })
        .await;
    }
    // Work goes on beside it.
    tabs[0].place(&stage.projects[0], "off", &key()).await;
    let board = stage.agree(&tabs.iter().collect::<Vec<&Tab>>()).await;
    assert_eq!(pile_of(&board, &stage.projects[0]), "off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wakes_from_half_a_minute_of_sleep_reconnects_and_goes_on() {
    let stage = Stage::with_projects(20).await;
    let (awake, asleep) = (Yjs::start(), Yjs::start());
    let ben = stage.tab(&awake, "Ben").await;
    let ana = stage.tab(&asleep, "Ana").await;
    ben.present(json!({ "item": stage.projects[0] })).await;
    let opened = ana.status().await.opened;

    ana.hold(Way::In, true).await;
    ana.place(&stage.projects[1], "off", &key()).await;
    asleep.sleep(31_000).await;
    wait::until("Ana has reconnected by herself", async || {
        let status = ana.status().await;
        wait::holds(status.opened > opened, || format!("{status:?}"))
    })
    .await;
    ana.hold(Way::In, false).await;
    ana.synced().await;

    let board = stage.agree(&[&ana, &ben]).await;
    assert_eq!(pile_of(&board, &stage.projects[1]), "off");
    wait::until("Ana sees Ben again", async || {
        let seen = ana.presences().await;
        let ben = seen.iter().any(|one| one["state"]["user"]["name"] == "Ben");
        wait::holds(ben, || format!("{seen:?}"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_seen_before_a_restart_is_seen_after_it() {
    let mut stage = Stage::with_projects(5).await;
    let process = Yjs::start();
    let mut tabs = Vec::new();
    for n in 0..4 {
        tabs.push(stage.tab(&process, &format!("Person {n}")).await);
    }
    let all_see = async |project: &String| {
        for tab in &tabs {
            wait::until(&format!("{} sees where all others look", tab.name), async || {
                let seen = tab.presences().await;
                let looking = seen.iter().filter(|one| one["state"]["item"] == json!(project)).count();
                wait::holds((seen.len(), looking) == (3, 3), || format!("{seen:?}"))
            })
            .await;
        }
    };
    // Clients remember the clock of every presence that they have seen, and take no older one under the same id. The
    // first restart makes the ids begin anew for these four alone.
    for round in 0..3 {
        for n in 0..8 {
            for tab in &tabs {
                tab.present(json!({ "item": stage.projects[n % 5] })).await;
            }
        }
        all_see(&stage.projects[7 % 5]).await;
        if round < 2 {
            stage.server.kill9();
            stage.server.restart().await;
            for tab in &tabs {
                tab.synced().await;
            }
            // What each said last is said again by its client, without anybody doing anything.
            all_see(&stage.projects[7 % 5]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_admitted_any_more_is_refused_before_the_socket_opens() {
    let stage = Stage::with_projects(5).await;
    let process = Yjs::start();
    let joined = stage.join("Ana").await;
    let ana = process.open("Ana", &stage.yjs_address(), &joined.token, &Opening::default()).await;
    ana.synced().await;
    let fay = stage.witness().await;
    let removal = fay.tell(json!({ "type": "remove", "participant": joined.participant_id }));
    assert_eq!(fay.answer(removal).await, None);

    // y-websocket ignores every close code and returns at once, so it must not get as far as an open socket.
    wait::until("Ana is out", async || {
        let status = ana.status().await;
        wait::holds(!status.refused.is_empty(), || format!("{status:?}"))
    })
    .await;
    let opened = ana.status().await.opened;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let status = ana.status().await;
    assert_eq!(status.opened, opened, "no socket opens again: {status:?}");
    assert!(
        status.refused.iter().all(|code| [401, 403].contains(code)),
        "each return is refused: {status:?}"
    );
    assert!(status.refused.len() < 12, "its own backoff works, since no socket ever opens: {status:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_written_at_once_with_split_surrogates_and_undo_stay_whole() {
    let stage = Stage::with_projects(20).await;
    let process = Yjs::start();
    let (ana, ben) = (stage.join("Ana").await, stage.join("Ben").await);
    let a = process.open("Ana", &stage.yjs_address(), &ana.token, &Opening::default()).await;
    let b = process.open("Ben", &stage.yjs_address(), &ben.token, &Opening::default()).await;
    a.synced().await;
    b.synced().await;
    let note = id();
    a.act(json!([["note", note, stage.projects[0], ana.participant_id, "one 😀 two"]])).await;
    stage.agree(&[&a, &b]).await;

    // Both write into the middle of the same words at once, and one cuts a surrogate pair in two.
    a.act(json!([["write", "notes", note, 3, " ½"]])).await;
    b.act(json!([["erase", "notes", note, 5, 1], ["write", "notes", note, 5, "é"]])).await;
    a.act(json!([["erase", "notes", note, 0, 2]])).await;
    stage.agree(&[&a, &b]).await;
    assert!(a.undo().await && a.undo().await, "there is something to take back");
    b.act(json!([["place", stage.projects[0], "off", key()]])).await;
    assert!(b.undo().await && b.undo().await, "there is something to take back");
    assert!(b.redo().await, "and to make again");
    assert!(a.redo().await, "and to make again");

    let board = stage.agree(&[&a, &b]).await;
    assert!(note_text(&board, &note).contains("two"), "{}", note_text(&board, &note));
    assert_eq!(picture::keys(&a.document().await, plumbline_shared::schema::Root::Notes), [note]);
}
