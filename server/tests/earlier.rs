//! Data directories of earlier releases are taken over as they are: one for each schema of the store that there was.
//!
//! Each has a session of *Align the portfolio* that simulated people have run to its close, with 63 decisions in the log, and
//! an open one in a ballot, with flags of three people. They are copies made by `plumbline backup` of that release.
#![allow(clippy::unwrap_used)]

use std::{fs, io::Read, path::Path};

use flate2::read::GzDecoder;
use plumbline::{
    live,
    log::decisions::{DecisionLog, Search, verify},
    server::{Options, Server},
    store::{SqliteStore, Store},
    tokens::Token,
};
use plumbline_shared::{ids::SessionId, words::StepState};

/// The workspace key of all of them.
const KEY: &str = "a-workspace-key-of-the-tests-0123456789abcdef";

/// A schema, and the hash of the last entry of the decision log in the directory that has it.
const EARLIER: [(u32, &str); 1] = [(1, "e8580cc11a7e415e2b4a682c6e8125d547fbc6a50be008093eabe93a614a48ad")];

fn unpack(schema: u32, to: &Path) {
    let packed =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/data/schema-{schema}.db.gz"));
    let mut database = Vec::new();
    GzDecoder::new(fs::File::open(packed).unwrap()).read_to_end(&mut database).unwrap();
    fs::write(to.join("plumbline.db"), database).unwrap();
}

#[tokio::test]
async fn data_of_every_schema_are_taken_over_and_gone_on_from() {
    for (schema, head) in EARLIER {
        let directory = tempfile::tempdir().unwrap();
        unpack(schema, directory.path());
        let key = Token::parse(KEY).unwrap();
        let server =
            Server::open(directory.path(), Options { key: Some(key), ..Options::default() }).await.unwrap();
        assert!(server.made_key().is_none(), "schema {schema}: the key is known");
        drop(server);

        let store = SqliteStore::open(directory.path()).unwrap();
        let verified = verify(&store, None).await.unwrap();
        assert!(verified.holds(), "schema {schema}: {:?}", verified.first_fault);
        assert_eq!((verified.entries, verified.head.to_string().as_str()), (63, head), "schema {schema}");
        let listed = DecisionLog::default().list(&store, &Search::default(), None, usize::MAX).await.unwrap();
        assert_eq!(listed.len(), 63, "schema {schema}");

        let mut sessions = Vec::new();
        for id in store.logs().await.unwrap().iter().filter_map(|log| log.session_id()).map(SessionId) {
            sessions.push(live::read(&store, id).await.unwrap());
        }
        let (closed, open): (Vec<_>, Vec<_>) =
            sessions.iter().partition(|session| session.board().session.closed);
        assert_eq!((closed.len(), open.len()), (1, 1), "schema {schema}");
        assert_eq!(closed[0].board().decisions.len(), 63, "schema {schema}");
        assert!(!closed[0].has_secrets(), "schema {schema}: what was private is erased");
        let board = open[0].board();
        assert_eq!(board.projects.len(), 3, "schema {schema}");
        assert_eq!(board.session.step_state, Some(StepState::Open), "schema {schema}");
        assert_eq!(board.roster.len(), 4, "schema {schema}");
        assert!(
            open[0].has_unpublished_flags() || !board.flags.is_empty(),
            "schema {schema}: flags are kept"
        );
    }
}
