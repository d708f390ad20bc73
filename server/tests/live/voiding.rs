//! Entries that cannot be applied.

use plumbline::{
    live::Node,
    session::entry::{Body, Founded, Joined},
    store::Position,
};
use plumbline_shared::{
    ids::{ParticipantId, SessionId, StepId},
    policy::VERSION,
    words::Role,
};
use uuid::Uuid;

use crate::{
    disk::{self, Disk},
    stage::until,
};

fn founded(session: SessionId) -> Founded {
    Founded {
        session,
        title: "A session".into(),
        rules: VERSION,
        facilitator: ParticipantId(Uuid::now_v7()),
        name: "Fay".into(),
        facilitator_token: [1; 32],
        observer_token: [2; 32],
        step: StepId(Uuid::now_v7()),
        step_title: "Sort".into(),
        steps: Vec::new(),
        demonstration: false,
    }
}

fn joined(name: &str) -> Body {
    Body::Joined(Joined {
        participant: ParticipantId(Uuid::now_v7()),
        name: name.into(),
        function: String::new(),
        role: Role::Participant,
        token: [u8::try_from(name.len()).unwrap(); 32],
        by: None,
    })
}

/// An entry that no release can apply yet.
const IMPOSSIBLE: Body = Body::Rules { version: 9_999 };

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_applied_takes_nothing_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, disk) = disk::open(folder.path());
    let node = Node::new(Box::new(store));
    let id = SessionId(Uuid::now_v7());
    node.found(founded(id)).await.unwrap();
    let session = node.session(id);
    let at = session.ask(plumbline::session::Session::position).await.unwrap();
    assert!(at > Position::ZERO);
    let mut client = session.connect([1; 32], true).await.unwrap().unwrap();

    // The first is on its way while the others come up, so that these are one round.
    disk.turn(Disk::Still);
    let propose = |body: Body| {
        let session = node.session(id);
        tokio::spawn(async move { session.propose(body).await.unwrap() })
    };
    let first = propose(joined("A"));
    until("the first is on its way", async || session.ask(|_| ()).await.ok()).await;
    let mut replies = Vec::new();
    for body in [joined("Bo"), IMPOSSIBLE, joined("Cem"), joined("  "), IMPOSSIBLE, joined("Dora")] {
        replies.push(propose(body));
        // In this order.
        session.ask(|_| ()).await.unwrap();
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    disk.turn(Disk::Fine);
    assert!(first.await.unwrap().is_ok());
    let mut codes = Vec::new();
    for reply in replies {
        codes.push(reply.await.unwrap().map(|_| ()).map_err(|refusal| refusal.code));
    }
    codes.sort();
    let mut expected = vec![Ok(()), Err("fault"), Ok(()), Err("bad_name"), Err("fault"), Ok(())];
    expected.sort();
    assert_eq!(codes, expected);

    // Everybody who is connected gets what came after it.
    let names = |session: &plumbline::session::Session| {
        session.people().present().map(|member| member.name.clone()).collect::<Vec<_>>()
    };
    let mut people = session.ask(names).await.unwrap();
    people.sort();
    assert_eq!(people, ["A", "Bo", "Cem", "Dora", "Fay"]);
    let doc = crate::client::document();
    until("the connection has got all of it", async || {
        use plumbline_shared::{board::Board, wire::Frame};
        use yrs::{Transact, Update, updates::decoder::Decode};
        client.line.frame(Frame::Step1(&[0]).encode().into()).await.unwrap();
        while let Ok(Some(frame)) =
            tokio::time::timeout(std::time::Duration::from_millis(50), client.outgoing.frames.recv()).await
        {
            if let Ok(Frame::Step2(update) | Frame::Update(update)) = Frame::decode(&frame) {
                doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
            }
        }
        (Board::read(&doc.transact()).roster.len() == 5).then_some(())
    })
    .await;

    // Another process folds the same.
    let live = session.ask(|session| session.canonical().unwrap()).await.unwrap();
    node.shut_down().await;
    drop((session, client, node));
    let (store, _) = disk::open(folder.path());
    let again = Node::new(Box::new(store));
    let folded = again.session(id).ask(|session| session.canonical().unwrap()).await.unwrap();
    assert_eq!(folded, live);
    // Not from the snapshot alone: the log by itself says so too.
    assert!(again.session(id).propose(joined("Ellen")).await.unwrap().is_ok());
}
