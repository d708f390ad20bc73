//! Stopping and erasing.

use std::time::Duration;

use plumbline::store::{LogId, Store};
use plumbline_shared::wire::Frame;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    client::Client,
    disk::{self, Disk},
    stage::{KEY, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_tells_a_hundred_clients_and_waits_for_no_slow_one() {
    let mut stage = Stage::new(20).await;
    let (_, token) = stage.join("Ana").await;
    let mut readers = Vec::new();
    for n in 0..100 {
        // One token opens so many pages and no more.
        let (_, token) = stage.join(&format!("Reader {n}")).await;
        let client = if n % 2 == 0 { stage.connect(&token).await } else { stage.connect_plain(&token).await };
        readers.push(client.synced().await);
    }
    // These never read, and more waits for them than the network holds.
    let mut slow = Vec::new();
    for _ in 0..5 {
        slow.push(stage.connect(&token).await);
    }
    for client in &mut slow {
        for _ in 0..5 {
            client.send(&Frame::Step1(&[0])).await;
        }
    }
    let facilitator = stage.facilitator.clone();
    let mut fay = stage.connect(&facilitator).await.synced().await;
    for _ in 0..4 {
        let update = fay.note(&Uuid::now_v7().to_string(), &"x".repeat(20_000));
        fay.send(&Frame::Update(&update)).await;
    }
    fay.until_saved(4).await;
    let codes: Vec<_> = readers
        .into_iter()
        .map(|mut reader| tokio::spawn(async move { reader.until_closed().await }))
        .collect();
    let took = stage.stop().await;
    for code in codes {
        assert_eq!(code.await.unwrap(), 1001);
    }
    assert!(took < Duration::from_secs(8), "{took:?}");
    drop(slow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_does_not_keep_the_server_from_stopping() {
    let mut stage = Stage::new(1).await;
    let (_, token) = stage.join("Ana").await;
    let mut ana = stage.connect(&token).await.synced().await;
    stage.disk.turn(Disk::Full);
    let update = ana.place(&ana.keys("projects")[0], "off");
    ana.send(&Frame::Update(&update)).await;
    let closed = tokio::spawn(async move { ana.until_closed().await });
    stage.stop().await;
    assert_eq!(closed.await.unwrap(), 1001);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_brings_a_session_back_that_is_being_erased() {
    let mut stage = Stage::new(2).await;
    let token = stage.facilitator.clone();
    let (address, id) = (stage.address, stage.id.clone());
    let storm: Vec<_> = (0..8)
        .map(|_| {
            let (token, id) = (token.clone(), id.clone());
            tokio::spawn(async move {
                loop {
                    let Ok(mut client) = Client::open(address, &id, &token, false).await else { return };
                    let _ = client.try_send(&Frame::Step1(&[0])).await;
                    while let Ok(update) = Ok::<_, ()>(client.note(&Uuid::now_v7().to_string(), "again")) {
                        if client.try_send(&Frame::Update(&update)).await.is_err() {
                            break;
                        }
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let erased = stage.call("DELETE", &format!("/api/sessions/{id}"), KEY, &Value::Null).await;
    assert_eq!(erased.status, 204, "{}", erased.body);
    for client in storm {
        tokio::time::timeout(Duration::from_secs(10), client).await.expect("it is refused").unwrap();
    }
    assert_eq!(stage.get(&format!("/api/sessions/{id}"), KEY).await.status, 404);
    stage.stop().await;
    let (store, _) = disk::open(stage.folder.path());
    assert_eq!(store.logs().await.unwrap(), [LogId::workspace()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_log_is_gone_is_not_there() {
    let mut stage = Stage::new(1).await;
    stage.stop().await;
    {
        let (store, _) = disk::open(stage.folder.path());
        store.erase(&LogId::session(stage.id.parse().unwrap())).await.unwrap();
    }
    stage.start().await;
    let gone = stage.get(&format!("/api/sessions/{}", stage.id), KEY).await;
    assert_eq!((gone.status, gone.body["code"].as_str()), (404, Some("no_such_session")));
}
