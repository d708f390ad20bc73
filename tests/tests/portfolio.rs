//! What a preview of a portfolio says is what the import does.

use std::{collections::BTreeSet, fs};

use plumbline_tests::{api::Api, server::KEY, server::Server, setting};
use serde_json::{Value, json};

/// Files as people have them.
const MESSY: &[&str] = &[
    "Project;Sponsor;Kosten (Mio. €)\r\nAlpha;Anna;1,5\r\n;nobody;2\r\nBeta;Bernd;3\r\nSumme;;4,5\r\n",
    "Portfolio of everything\n\nName\tWho\tNotes\nAlpha\tAnna\tone\nAlpha\tBernd\ttwo\nGamma\t\t\n",
    "[{\"name\":\"Alpha\",\"cost\":7,\"site\":\"North\"},{\"name\":\"Delta\"},{\"title\":\"no name\"}]",
    "Ref,Project,Cost,Project\nR-1,Alpha,£3m,again\nR-2,Epsilon,,\nR-1,Zeta,4,\n",
];

struct Desk {
    api: Api,
    path: String,
    token: String,
}

impl Desk {
    async fn new(server: &Server) -> Self {
        let api = server.api();
        let made = api.create("A session").await;
        Self { api, path: format!("/api/sessions/{}/portfolio", made.id), token: made.facilitator_token }
    }

    async fn send(&self, query: &str, file: &str) -> Value {
        let kind = if file.starts_with('[') { "application/json" } else { "text/csv" };
        let path = format!("{}{query}", self.path);
        let body = file.to_owned();
        self.api.call("POST", &path, &self.token, &[("content-type", kind)], body).await.expect(200).json()
    }

    async fn board(&self) -> Value {
        let path = self.path.trim_end_matches("/portfolio");
        self.api.get(path, &self.token).await.expect(200).json()
    }
}

fn count(list: &Value) -> usize {
    list.as_array().expect("a list").len()
}

/// Looks, sees that nothing has changed, imports, and compares.
async fn looks_and_imports(desk: &Desk, query: &str, file: &str) -> Value {
    let before = desk.board().await;
    let said = desk.send(&format!("?preview=1{query}"), file).await;
    assert_eq!(desk.board().await, before, "a preview changes nothing");
    let done = desk.send(&format!("?{}", query.trim_start_matches('&')), file).await;
    assert_eq!(count(&said["new"]), done["added"], "{said} {done}");
    let same = said["unchanged"].as_u64().expect("a number") + count(&said["changed"]) as u64;
    assert_eq!(same, done["updated"], "{said} {done}");
    assert_eq!(said["skipped"], done["skipped"]);
    let headings = |columns: &Value, key: &str| -> Vec<Value> {
        columns.as_array().expect("a list").iter().map(|column| column[key].clone()).collect()
    };
    assert_eq!(headings(&said["columns"], "heading"), headings(&done["columns"], "header"));
    let after = desk.board().await;
    let names: BTreeSet<&str> = after["board"]["projects"]
        .as_object()
        .expect("a map")
        .values()
        .filter_map(|project| project["name"].as_str())
        .collect();
    for new in said["new"].as_array().expect("a list") {
        assert!(names.contains(new.as_str().expect("a name")), "{new}");
    }
    // What the first rows were read as is what stands on the board.
    for row in said["rows"].as_array().expect("a list") {
        assert!(names.contains(row["name"].as_str().expect("a name")), "{row}");
    }
    let again = desk.send(&format!("?preview=1{query}"), file).await;
    assert_eq!((count(&again["new"]), count(&again["changed"])), (0, 0), "nothing is left to do: {again}");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_preview_says_is_what_an_import_does() {
    let server = Server::start().await;
    for year in ["gmpp-2021.csv", "gmpp-2022.csv"] {
        let file = fs::read(setting::fixture(&format!("portfolios/{year}"))).expect("a fixture");
        let desk = Desk::new(&server).await;
        let said = looks_and_imports(&desk, "", &String::from_utf8_lossy(&file)).await;
        assert_eq!((count(&said["rows"]), said["format"].as_str()), (10, Some("csv")));
        let samples =
            said["columns"].as_array().expect("a list").iter().map(|column| count(&column["samples"]));
        assert!(samples.clone().all(|samples| samples <= 3) && samples.max() == Some(3));
    }
    // One after the other on one board, so that rows meet what is there.
    let desk = Desk::new(&server).await;
    for file in MESSY {
        looks_and_imports(&desk, "", file).await;
    }
    let changed = desk.send("?preview=1", "Project,Sponsor,Site\nDelta,Dora,South\nAlpha,,\n").await;
    assert_eq!(changed["changed"], json!([{ "name": "Delta", "fields": ["sponsor", "more"] }]));
    assert_eq!((changed["unchanged"].as_u64(), count(&changed["new"])), (Some(1), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_year_changes_what_it_changes_and_says_so_before() {
    let server = Server::start().await;
    let desk = Desk::new(&server).await;
    for year in ["gmpp-2021.csv", "gmpp-2022.csv"] {
        let file = fs::read(setting::fixture(&format!("portfolios/{year}"))).expect("a fixture");
        looks_and_imports(&desk, "", &String::from_utf8_lossy(&file)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_are_mapped_kept_or_left_out_as_the_map_says() {
    let server = Server::start().await;
    let desk = Desk::new(&server).await;
    let file = "Project,Sponsor,Budget,Secret\nAlpha,Anna,3,do not show\n";
    let query = "&map=sponsor:,more:Sponsor,ignore:Secret,cost:Budget";
    let said = looks_and_imports(&desk, query, file).await;
    let field = |heading: &str| {
        let columns = said["columns"].as_array().expect("a list").iter();
        columns.clone().find(|column| column["heading"] == heading).expect("the column")["field"].clone()
    };
    assert_eq!(
        ["Project", "Sponsor", "Budget", "Secret"].map(field),
        ["name", "", "cost", "ignore"].map(|f| { if f.is_empty() { Value::Null } else { json!(f) } })
    );
    let board = desk.board().await;
    assert!(!board.to_string().contains("do not show"));
    let alpha = board["board"]["projects"].as_object().expect("a map").values().next().expect("it").clone();
    assert_eq!((alpha["sponsor"].as_str(), alpha["more"].to_string().contains("Anna")), (Some(""), true));
    let path = format!("{}?preview=1&map=ignore:Nothing", desk.path);
    let refused = desk.api.call("POST", &path, &desk.token, &[("content-type", "text/csv")], file).await;
    assert!(refused.problem(422).contains("Nothing"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_without_a_column_of_names_can_be_looked_at_so_that_one_can_be_chosen() {
    let server = Server::start().await;
    let desk = Desk::new(&server).await;
    let file = "X1,X2\n1,2026-01-01\n2,2026-01-02\n3,2026-01-03\n";
    let said = desk.send("?preview=1", file).await;
    assert!(said["problem"].as_str().is_some_and(|problem| problem.contains("names")), "{said}");
    assert_eq!((count(&said["columns"]), count(&said["rows"])), (2, 0));
    let mapped = looks_and_imports(&desk, "&map=name:X2", file).await;
    assert_eq!(count(&mapped["new"]), 3);
    let ana = desk.api.join(desk.board().await["code"].as_str().expect("a code"), "Ana").await;
    let path = format!("{}?preview=1", desk.path);
    for token in [ana.token.as_str(), KEY] {
        let refused = desk.api.call("POST", &path, token, &[("content-type", "text/csv")], file).await;
        assert_eq!(refused.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_export_is_a_file_of_its_kind_for_the_facilitator_alone() {
    let server = Server::start().await;
    let desk = Desk::new(&server).await;
    desk.send("", "Project,Sponsor,Cost\n=1+1,+Ada,3\n").await;
    let code = desk.board().await["code"].as_str().expect("a code").to_owned();
    let ana = desk.api.join(&code, "Ana").await.token;
    let path = desk.path.replace("/portfolio", "/export/decisions.");
    for (ending, kind, start) in [
        ("md", "text/markdown", b"# De".as_slice()),
        ("csv", "text/csv", b"\xEF\xBB\xBF\""),
        ("json", "application/json", b"{\n"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ] {
        let path = format!("{path}{ending}");
        let reply = desk.api.get(&path, &desk.token).await.expect(200);
        assert!(reply.header("content-type").starts_with(kind), "{}", reply.header("content-type"));
        assert!(reply.header("content-disposition").contains(&format!("decisions.{ending}")));
        assert!(reply.body.starts_with(start), "{ending}");
        assert_eq!(desk.api.get(&path, &ana).await.status, 403);
    }
    // A workbook of ours is a portfolio again: what looked like a formula is the name that it was.
    let book = desk.api.get(&format!("{path}xlsx"), &desk.token).await.expect(200).body;
    let again = Desk::new(&server).await;
    let reply = again.api.call("POST", &again.path, &again.token, &[], book).await.expect(200).json();
    assert_eq!(reply["added"], 1, "{reply}");
    assert!(again.board().await.to_string().contains("=1+1"));
}
