//! What is always in sight: the shape of the portfolio on every screen, and the board on the wall, as it changes.

use plumbline_shared::{order, schema::Root};
use plumbline_tests::{api::Created, peer::Peer};
use plumbline_tests::{
    browser::{Browser, Page},
    picture,
    server::{KEY, Server},
    socket::Door,
    stage::Stage,
    wait,
};
use serde_json::json;

/// Laptop, tablet and phone.
const SIZES: [(u32, u32); 3] = [(1440, 900), (820, 1180), (390, 844)];
/// The least size of letters that can be read at eight metres, on a projector of 1,080 lines, in pixels.
const READABLE: f64 = 36.0;

async fn says(page: &Page, what: &str, wanted: &str) {
    wait::until(&format!("{what} says {wanted:?} to {}", page.name), async || {
        let shown = page.texts(what).await;
        let there = shown.iter().any(|text| text.contains(wanted));
        wait::holds(there, || format!("they say {shown:?}"))
    })
    .await;
}

/// Six projects, of which some have no figures, on three piles.
async fn with_gaps(stage: &Stage) -> Peer {
    let csv = "Project,Cost,People\nA,1200000,10\nB,800000,1\nC,,4\nD,2500000,\nE,,\nF,400000,2\n";
    let imported = stage.api().import(&stage.session.id, &stage.session.facilitator_token, csv).await;
    assert_eq!(imported["added"], 6, "{imported}");
    let peer = stage.witness().await;
    let pillar = &stage.pillars_in_order().await[0];
    let named = |name: &str| {
        let board = picture::of(&peer.seen().doc);
        let projects = board["projects"].as_object().expect("projects").clone();
        projects.into_iter().find(|(_, project)| project["name"] == name).expect("it is there").0
    };
    let mut last = None;
    for (name, pile) in [("A", pillar.as_str()), ("B", pillar), ("C", pillar), ("D", "off")] {
        let key = order::between(last.as_deref(), None);
        peer.place(&named(name), pile, &key);
        last = Some(key);
    }
    peer.saved().await;
    peer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shape_can_be_read_whole_on_laptop_tablet_and_phone() {
    let stage = Stage::with_projects(1).await;
    let _peer = with_gaps(&stage).await;
    let browser = Browser::start();
    let fay = browser.open("Fay", &stage.session.facilitator_url).await;
    fay.see("card").await;
    for (width, height) in SIZES {
        fay.resize(width, height).await;
        for part in ["Projects 3 of 7 on a pillar", "1 off strategy", "3 unsorted", "cost known for 4 of 7"] {
            says(&fay, "shape-says", part).await;
        }
        says(&fay, "shape-says", "people known for 4 of 7").await;
        assert_eq!(fay.cut("shape-says").await, Vec::<String>::new(), "at {width} × {height}");
        // Each pile's own figures, and all of them in a table.
        says(&fay, "pile", "2m · 15 people").await;
        fay.click("figures-open").await;
        fay.see("figures").await;
        let rows = fay.text("figures").await.replace('\t', " ");
        for row in ["2 of 3 known", "2.5m", "not known", "1 of 3 known", "4 of 7 known"] {
            assert!(rows.contains(row), "{row} is not in {rows}");
        }
        assert_eq!(fay.cut("figures").await, Vec::<String>::new(), "at {width} × {height}");
        fay.press(&["Escape"]).await;
        assert_eq!(fay.count("figures").await, 0);
        assert_eq!(fay.focus().await, "figures-open");
    }
    assert_eq!(fay.troubles().await, Vec::<String>::new());
}

/// The built-in sample, and somebody who places its cards.
async fn sample(server: &Server) -> (Created, Peer) {
    let wish = json!({ "title": "Strategy review, autumn", "sample": true });
    let reply = server.api().post("/api/sessions", KEY, &wish).await.expect(201);
    let session: Created = serde_json::from_slice(&reply.body).expect("a session");
    let peer = Peer::join(&Door::new(server.address(), &session.id, &session.facilitator_token)).await;
    peer.synced().await;
    (session, peer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wall_shows_the_board_as_it_changes_in_letters_that_a_room_can_read() {
    let server = Server::start().await;
    let (session, peer) = sample(&server).await;
    let browser = Browser::start();
    let wall = browser.open("wall", &session.wall_url).await;
    wall.resize(1920, 1080).await;
    wall.see("wall-pile").await;
    let board = picture::of(&peer.seen().doc);
    let name = |project: &str| board["projects"][project]["name"].as_str().unwrap_or_default().to_owned();
    let projects = picture::keys(&peer.seen().doc, Root::Projects);
    let pillars = picture::keys(&peer.seen().doc, Root::Pillars);
    assert_eq!(wall.texts("wall-cards").await.concat(), "", "nothing has happened yet");

    // What is placed stands by its name on its pile, the newest first.
    let mut last = None;
    for (n, project) in projects[..30].iter().enumerate() {
        let key = order::between(last.as_deref(), None);
        peer.place(project, if n % 7 == 6 { "off" } else { &pillars[n % 7] }, &key);
        last = Some(key);
    }
    peer.saved().await;
    let newest = &projects[29];
    says(&wall, "wall-pile", &name(newest)).await;
    // Where it lies is where it is seen, and nowhere else any more.
    peer.place(newest, "off", &order::between(last.as_deref(), None));
    wait::until("the wall shows it off strategy", async || {
        let rows = wall.texts("wall-pile").await;
        let on: Vec<bool> = rows.iter().map(|row| row.contains(&name(newest))).collect();
        let wanted: Vec<bool> = (0..8).map(|row| row == 6).collect();
        wait::holds(on == wanted, || format!("{rows:?}"))
    })
    .await;
    // Somebody's hand over a pile.
    let held = &projects[40];
    peer.present(1, &json!({ "holding": held, "over": pillars[0] }));
    says(&wall, "wall-cards", &name(held)).await;
    peer.present(2, &json!({}));

    let (size, says) = wall.smallest().await;
    assert!(size >= READABLE, "{says:?} has {size} px");
    for what in ["wall-name", "wall-known", "wall-people"] {
        assert_eq!(wall.cut(what).await, Vec::<String>::new(), "{what} can be read whole");
    }
    assert_eq!(wall.troubles().await, Vec::<String>::new());
}
