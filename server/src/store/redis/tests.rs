//! On real servers: the suite, and what can happen to a server while it is used.

#![allow(clippy::unwrap_used)]

use super::{server::Server, *};
use crate::store::{shared::Heard, suite};

/// A store that keeps nothing longer than snapshots need it.
async fn open() -> (Server, RedisStore) {
    let (server, mut store) = open_as_ever().await;
    store.trail = Duration::ZERO;
    (server, store)
}

async fn open_as_ever() -> (Server, RedisStore) {
    let server = Server::start().await;
    let store = RedisStore::open(&server.url()).await.unwrap();
    (server, store)
}

suite::conformance!(open);

/// A real cluster of three, each with a third of the slots.
async fn open_cluster() -> (Vec<Server>, RedisStore) {
    let options = ["--cluster-enabled", "yes", "--appendonly", "yes", "--appendfsync", "always"];
    let servers =
        vec![Server::with(&options).await, Server::with(&options).await, Server::with(&options).await];
    for (n, server) in servers.iter().enumerate() {
        let (first, last) = ([0, 5461, 10923][n], [5460, 10922, 16383][n]);
        server.tell(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]).await;
        server.tell(&["CLUSTER", "MEET", "127.0.0.1", &servers[0].port.to_string()]).await;
    }
    for server in &servers {
        loop {
            let redis::Value::BulkString(info) = server.tell(&["CLUSTER", "INFO"]).await else { panic!() };
            let info = String::from_utf8(info).unwrap();
            if info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let urls: Vec<String> = servers.iter().map(Server::url).collect();
    let mut store = RedisStore::open(&urls.join(",")).await.unwrap();
    store.trail = Duration::ZERO;
    (servers, store)
}

mod cluster {
    use super::{open_cluster, suite};

    suite::conformance!(open_cluster);
}

fn log() -> LogId {
    LogId::session(Uuid::now_v7())
}

fn holds(directory: &std::path::Path, what: &[u8]) -> bool {
    std::fs::read_dir(directory).unwrap().map(Result::unwrap).any(|entry| {
        if entry.path().is_dir() {
            return holds(&entry.path(), what);
        }
        // A file of the server's that is gone by now holds nothing.
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        bytes.windows(what.len()).any(|window| window == what)
    })
}

/// Redis deletes the files that it has written anew a moment after it says that it has.
async fn is_gone(directory: &std::path::Path, what: &[u8]) -> bool {
    for _ in 0..200 {
        if !holds(directory, what) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn what_was_erased_is_in_no_file() {
    let (server, store) = open().await;
    let (gone, stays, files) = (log(), log(), server.directory());
    let secret = |n: u32| format!("SECRET-{n}-OF-A-BALLOT").into_bytes();
    let given = store.append(&gone, (0..200).map(secret).collect()).await.unwrap();
    store.append(&stays, vec![b"WHAT-STAYS".to_vec()]).await.unwrap();
    store.snapshot(&gone, given[3], b"SECRET-SNAPSHOT".to_vec()).await.unwrap();
    store.snapshot(&gone, given[7], b"SECRET-SNAPSHOT".to_vec()).await.unwrap();
    server.tell(&["SAVE"]).await;
    assert!(holds(&files, b"SECRET-1-") && holds(&files, b"SECRET-SNAPSHOT"));

    // The middle of a block of the stream, too.
    assert!(store.begin_anew(&gone, given[150], b"without".to_vec()).await.unwrap());
    assert!(is_gone(&files, b"SECRET-SNAPSHOT").await);
    for n in [0, 5, 77, 149, 150] {
        assert!(is_gone(&files, &secret(n)).await, "{n}");
    }
    assert!(holds(&files, &secret(151)) && holds(&files, b"WHAT-STAYS"));
    assert_eq!(store.read(&gone, Position::ZERO, 1_000).await.unwrap().len(), 49);

    store.erase(&gone).await.unwrap();
    assert!(is_gone(&files, b"SECRET").await);
    assert!(holds(&files, b"WHAT-STAYS"));
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_end_of_the_server() {
    let (mut server, store) = open().await;
    let log = log();
    let mut given = Vec::new();
    for round in 0..5_u8 {
        given.extend(store.append(&log, vec![vec![round; 100]; 20]).await.unwrap());
        server.kill();
        assert!(matches!(
            store.append(&log, vec![vec![99]]).await.unwrap_err(),
            StoreError::Unreachable { .. } | StoreError::Unanswered { .. }
        ));
        server.start_again().await;
        // The connection is made anew by itself, a little later each time.
        tokio::time::timeout(Duration::from_secs(20), async {
            while store.last(&log).await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("the server is reached again");
        let read = suite::read_all(&store, &log).await;
        assert_eq!(read.iter().map(|entry| entry.position).collect::<Vec<_>>(), given);
    }
}

#[tokio::test]
async fn a_connection_that_was_cut_is_opened_anew() {
    let (server, store) = open().await;
    let log = log();
    for round in 1..20 {
        store.append(&log, vec![vec![1]]).await.unwrap();
        server.tell(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        // The first call may find out; whatever it says, the next one finds a connection.
        let first = store.last(&log).await;
        assert!(first.is_ok() || first.unwrap_err().passes());
        store.last(&log).await.unwrap();
        let appended = store.append(&log, vec![vec![2]]).await;
        if let Err(error) = appended {
            assert!(error.may_have_landed() && error.passes(), "{error}");
            store.append(&log, vec![vec![2]]).await.unwrap();
        }
        assert!(suite::read_all(&store, &log).await.len() >= round * 2);
    }
}

#[tokio::test]
async fn a_server_without_memory_a_replica_and_a_wrong_password_are_told_apart() {
    let (server, store) = open().await;
    let log = log();
    let given = store.append(&log, vec![vec![7; 1_000]]).await.unwrap();
    server.tell(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let full = store.append(&log, vec![vec![1], vec![2]]).await.unwrap_err();
    assert!(matches!(full, StoreError::Memory { .. }) && full.passes() && !full.may_have_landed(), "{full}");
    assert_eq!(store.read(&log, Position::ZERO, 9).await.unwrap().len(), 1, "what is there can be read");
    server.tell(&["CONFIG", "SET", "maxmemory", "0"]).await;
    store.append(&log, vec![vec![1]]).await.unwrap();

    let other = Server::start().await;
    server.tell(&["REPLICAOF", "127.0.0.1", &other.port.to_string()]).await;
    let replica = store.append(&log, vec![vec![2]]).await.unwrap_err();
    assert!(matches!(replica, StoreError::Replica { .. }) && !replica.may_have_landed(), "{replica}");
    while store.last(&log).await.unwrap_or(given[0]) != Position::ZERO {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.tell(&["REPLICAOF", "NO", "ONE"]).await;
    assert!(store.append_if(&log, Condition::Holds(given[0]), vec![vec![3]]).await.unwrap().is_none());

    server.tell(&["CONFIG", "SET", "requirepass", "secret word"]).await;
    let with = format!("redis://:secret%20word@127.0.0.1:{}", server.port);
    super::server::tell(&with, &["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await.unwrap();
    let _ = store.last(&log).await;
    let refused = store.last(&log).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused { .. }), "{refused}");
    let store = RedisStore::open(&with).await.unwrap();
    store.append(&log, vec![vec![4]]).await.unwrap();
    assert!(!store.promise().sentence.contains("secret"), "a password is told to nobody");
}

#[tokio::test]
async fn a_user_of_its_own_needs_no_more_than_is_documented() {
    let server = Server::start().await;
    let rules: Vec<&str> = super::USER.split(' ').collect();
    server.tell(&[&["ACL", "SETUSER", "plumbline", "on", ">word"], rules.as_slice()].concat()).await;
    let store = RedisStore::open(&format!("redis://plumbline:word@127.0.0.1:{}", server.port)).await.unwrap();
    assert!(store.promise().full, "{}", store.promise().sentence);
    let log = log();
    let mut listening = store.listen(&log);
    let given = store.append(&log, vec![vec![1], vec![2]]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), listening.next()).await.unwrap();
    assert!(store.snapshot(&log, given[0], vec![1]).await.unwrap());
    assert!(store.begin_anew(&log, given[0], vec![1]).await.unwrap());
    assert_eq!(store.logs().await.unwrap(), std::slice::from_ref(&log));
    assert_eq!(store.count("x", 2, Duration::from_secs(60)).await.unwrap(), 2);
    let other = RedisStore::open(&format!("redis://plumbline:word@127.0.0.1:{}", server.port)).await.unwrap();
    assert!(store.hold("x", Duration::from_secs(60)).await.unwrap());
    assert!(!other.hold("x", Duration::from_secs(60)).await.unwrap());
    assert!(store.hold("x", Duration::from_millis(1)).await.unwrap());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(other.hold("x", Duration::from_secs(60)).await.unwrap());
    assert_eq!(store.claim("x", &[1], Duration::from_secs(60)).await.unwrap(), None);
    assert!(store.settle("x", &[1], None, Duration::ZERO).await.unwrap());
    assert_eq!(store.least("x", 4, Duration::from_secs(60)).await.unwrap(), 4);
    store.erase(&log).await.unwrap();
    // Without the right to have files written anew the rest goes on.
    server.tell(&["ACL", "SETUSER", "plumbline", "-bgrewriteaof", "-bgsave", "-config|get"]).await;
    store.append(&log, vec![vec![1]]).await.unwrap();
    store.erase(&log).await.unwrap();
}

/// A session's run puts what it reads or saves aside while it looks at something else in the same store.
#[tokio::test]
async fn a_call_that_nobody_polls_any_more_holds_nobody_up() {
    let (mut server, store) = open().await;
    let log = log();
    store.append(&log, vec![vec![1]]).await.unwrap();
    server.kill();
    // Somebody opens the door and says nothing: a connection is being opened for as long as that may take.
    let mute = tokio::net::TcpListener::bind(("127.0.0.1", server.port)).await.unwrap();
    let mut put_aside = Box::pin(store.last(&log));
    let asked = tokio::time::timeout(Duration::from_secs(1), &mut put_aside).await;
    assert!(asked.is_err(), "it waits for its connection: {asked:?}");
    let other = tokio::time::timeout(Duration::from_secs(30), store.last(&log)).await;
    assert!(matches!(other, Ok(Err(StoreError::Unreachable { .. }))), "{other:?}");
    drop(mute);
    server.start_again().await;
    while store.last(&log).await.is_err() {
        tokio::task::yield_now().await;
    }
    drop(put_aside);
}

#[tokio::test]
async fn a_name_is_claimed_once_and_what_came_of_it_is_told_to_all() {
    let (server, one) = open().await;
    let other = RedisStore::open(&server.url()).await.unwrap();
    let (long, short) = (Duration::from_secs(60), Duration::from_millis(20));
    let claim = async |by: &RedisStore, as_: &[u8], how_long| by.claim("x", as_, how_long).await.unwrap();
    assert_eq!(claim(&one, b"one", long).await, None, "it was free");
    assert_eq!(claim(&one, b"one", long).await, None, "and is ours when we ask again");
    assert_eq!(claim(&other, b"other", long).await, Some(b"one".to_vec()));
    assert_eq!(other.claim("y", b"other", long).await.unwrap(), None, "another name");
    assert!(!other.settle("x", b"other", None, long).await.unwrap(), "nobody gives free what is not theirs");
    assert!(!other.settle("x", b"other", Some(b"!"), long).await.unwrap());
    assert!(one.settle("x", b"one", Some(b" is done\r\n\0"), long).await.unwrap());
    assert_eq!(claim(&other, b"other", long).await, Some(b"one is done\r\n\0".to_vec()));
    assert!(!one.settle("x", b"one", None, long).await.unwrap(), "what came of it stays");
    // Who died over it does not keep it for ever, and who comes back too late takes nothing from who came after.
    assert_eq!(one.claim("z", b"one", short).await.unwrap(), None);
    while other.claim("z", b"other", long).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert!(other.settle("z", b"other", Some(b" did it"), long).await.unwrap());
    assert!(!one.settle("z", b"one", None, long).await.unwrap());
    assert!(!one.settle("z", b"one", Some(b" was late"), long).await.unwrap());
    assert_eq!(one.claim("z", b"one", long).await.unwrap(), Some(b"other did it".to_vec()));
}

#[tokio::test]
async fn the_least_number_counts_for_as_long_as_somebody_says_it() {
    let (server, new) = open().await;
    let old = RedisStore::open(&server.url()).await.unwrap();
    let long = Duration::from_secs(60);
    assert_eq!(new.least("x", 5, long).await.unwrap(), 5);
    assert_eq!(old.least("x", 4, long).await.unwrap(), 4);
    assert_eq!(new.least("x", 5, long).await.unwrap(), 4, "another says less");
    assert_eq!(new.least("y", 5, long).await.unwrap(), 5, "of something else");
    assert_eq!(old.least("x", 6, long).await.unwrap(), 5, "what it said before is no longer said");
    old.least("x", 3, long).await.unwrap();
    old.least("x", 3, Duration::ZERO).await.unwrap();
    assert_eq!(new.least("x", 5, long).await.unwrap(), 5, "it was taken back");
    // Who is gone without a word counts until its time is over.
    old.least("x", 4, Duration::from_millis(30)).await.unwrap();
    assert_eq!(new.least("x", 5, long).await.unwrap(), 4);
    while new.least("x", 5, long).await.unwrap() == 4 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_listens_hears_of_what_others_append_and_say() {
    let (server, store) = open().await;
    let other = RedisStore::open(&server.url()).await.unwrap();
    let log = log();
    let mut listening = store.listen(&log);
    assert_eq!(listening.next().await, Heard::Appended(None), "what was said before is to be looked for");
    let given = other.append(&log, vec![vec![1], vec![2]]).await.unwrap();
    assert_eq!(listening.next().await, Heard::Appended(Some(given[1])));
    other.tell(&log, b"here".to_vec()).await.unwrap();
    assert_eq!(listening.next().await, Heard::Told(b"here".to_vec()));
    server.tell(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
    assert_eq!(listening.next().await, Heard::Appended(None), "it is back");
    other.tell(&log, b"again".to_vec()).await.unwrap();
    assert_eq!(listening.next().await, Heard::Told(b"again".to_vec()));
}

#[tokio::test]
async fn large_values_go_through() {
    let (_server, store) = open().await;
    let log = log();
    let entry: Vec<u8> = (0..ENTRY_BYTES).map(|n| (n % 251) as u8).collect();
    let given = store.append(&log, vec![entry.clone()]).await.unwrap();
    let state = vec![9; 3 * PART + 17];
    assert!(store.snapshot(&log, given[0], state.clone()).await.unwrap());
    assert_eq!(store.snapshots(&log).await.unwrap(), [(given[0], state)]);
    assert_eq!(store.read(&log, Position::ZERO, 9).await.unwrap()[0].bytes, entry);
    let too_large = store.snapshot(&log, given[0], vec![0; SNAPSHOT_BYTES + 1]).await;
    assert!(matches!(too_large, Err(StoreError::TooLarge { .. })));
}

#[tokio::test]
async fn what_was_appended_lately_stays_for_those_who_are_behind() {
    let (_server, store) = open_as_ever().await;
    let log = log();
    let old: Vec<Stored> =
        (0..9).map(|n| Stored { position: Position { at: 1_000 + n, n: 0 }, bytes: vec![0] }).collect();
    store.bring_entries(&log, &old).await.unwrap();
    let new = store.append(&log, (0..9).map(|n| vec![n]).collect()).await.unwrap();
    let positions = async || -> Vec<Position> {
        store.read(&log, Position::ZERO, 100).await.unwrap().iter().map(|stored| stored.position).collect()
    };
    let holds = async |at| store.append_if(&log, Condition::Holds(at), Vec::new()).await.unwrap().is_some();
    store.snapshot(&log, old[4].position, vec![1]).await.unwrap();
    store.snapshot(&log, old[6].position, vec![2]).await.unwrap();
    assert_eq!(positions().await.first(), Some(&old[5].position), "what is old goes with its snapshot");
    assert!(holds(old[4].position).await && !holds(old[3].position).await);
    // Three nodes at nearly the same moment: of what is new nothing goes.
    for at in [new[6], new[7], new[8]] {
        assert!(store.snapshot(&log, at, vec![3]).await.unwrap());
    }
    assert_eq!(positions().await, new);
    assert!(holds(new[0]).await && holds(old[8].position).await && !holds(old[7].position).await);
}

#[tokio::test]
async fn a_state_that_is_older_than_what_is_gone_is_no_beginning() {
    let (_server, store) = open().await;
    let log = log();
    let given = store.append(&log, (0..6).map(|n| vec![n]).collect()).await.unwrap();
    assert!(store.begin_anew(&log, given[4], b"five".to_vec()).await.unwrap());
    assert!(!store.begin_anew(&log, given[2], b"three".to_vec()).await.unwrap());
    assert_eq!(store.snapshots(&log).await.unwrap(), [(given[4], b"five".to_vec())]);
}

#[tokio::test]
async fn a_clock_that_lags_after_a_failover_gives_no_position_twice() {
    let (server, store) = open().await;
    let log = log();
    let given = store.append(&log, vec![vec![1]]).await.unwrap()[0];
    let ahead = Position { at: given.at + 3_600_000, n: 4 };
    server.tell(&["HSET", &Keys::of(&log).state(), "last", &ahead.to_string()]).await;
    let next = store.append(&log, vec![vec![2], vec![3]]).await.unwrap();
    assert_eq!(next, [Position { n: 5, ..ahead }, Position { n: 6, ..ahead }]);
}

#[tokio::test]
async fn addresses_that_are_none_are_refused_without_being_repeated() {
    for address in ["", "localhost", "http://localhost", "redis://user:secret@"] {
        match RedisStore::open(address).await {
            Err(error) => assert!(!error.to_string().contains("secret"), "{error}"),
            Ok(_) => panic!("{address} was opened"),
        }
    }
    let free = super::server::free_port();
    let nobody = RedisStore::open(&format!("redis://127.0.0.1:{free}")).await.err().unwrap();
    assert!(nobody.to_string().contains("cannot be reached"), "{nobody}");
}
