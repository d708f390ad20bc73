//! What whoever runs the server has: a backup that is made while people work, numbers for Prometheus, and a server that
//! says so when it cannot save.

use std::{
    path::Path,
    process::{Child, Command, Output},
    time::Duration,
};

use plumbline_shared::order;
use plumbline_tests::{
    api::Api,
    browser::Browser,
    disk::Disk,
    peer,
    room::{Room, SORT, says},
    server::{KEY, Server, free_port, signal},
    setting,
    stage::Stage,
    wait,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// `plumbline` with these arguments.
fn plumbline(arguments: &[&str]) -> Output {
    Command::new(setting::path(setting::BINARY)).args(arguments).output().expect("the binary runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the tests is text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_under_load_has_all_that_was_acknowledged_before_it() {
    let mut stage = Stage::with_projects(30).await;
    let api = stage.api();
    let gone = api.create("A session that was erased").await;
    let _ = api.call("DELETE", &format!("/api/sessions/{}", gone.id), KEY, &[], "").await.expect(204);
    let other = api.create("A session that was not closed").await;
    let writer = stage.peer("Writer").await;
    let key = order::between(None, None);
    for project in &stage.projects[..20] {
        writer.place(project, "off", &key);
    }
    writer.saved().await;

    // While the copy is made, the rest is written.
    let (data, copy) = (stage.server.data(), stage.server.data().with_file_name("copy"));
    let copying = {
        let (data, copy) = (data.clone(), copy.clone());
        tokio::task::spawn_blocking(move || {
            plumbline(&["backup", text(&copy), "--data", text(&data), "--json"])
        })
    };
    for project in &stage.projects[20..] {
        writer.place(project, "off", &key);
        writer.saved().await;
    }
    let copied = copying.await.expect("it ends");
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let said: Value = serde_json::from_slice(&copied.stdout).expect("it answers in JSON");
    assert_eq!(said["sessions"]["count"], json!(2), "{said}");
    assert_eq!(said["sessions"]["unreadable"], json!([]), "{said}");
    assert_eq!(said["database"], json!([]), "{said}");
    // Nobody has answered in private yet.
    assert_eq!(said["sessions"]["with_answers"], json!([]), "{said}");
    let bytes = std::fs::read(copy.join("plumbline.db")).expect("the copy is there");
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("A session that was not closed") && !has("A session that was erased"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&copy), mode(&copy.join("plumbline.db"))), (0o700, 0o600), "its owner's alone");
    }
    drop(bytes);

    // A second one does not go over the first, and says where to.
    let again = plumbline(&["backup", text(&copy), "--data", text(&data)]);
    assert!(!again.status.success());
    let says = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(says.contains("name a directory that is empty"), "{says}");

    // The machine is lost; the copy is served in its place.
    let held = stage.held().await;
    drop(writer);
    stage.server.kill9();
    std::fs::rename(&data, data.with_file_name("lost")).expect("it can be put aside");
    std::fs::rename(&copy, &data).expect("the copy takes its place");
    stage.server.restart().await;
    let placed = |board: &Value| board["placements"].as_object().map_or(0, serde_json::Map::len);
    let restored = stage.held().await;
    assert!(placed(&restored) >= 20, "all that was acknowledged before the copy was begun: {restored}");
    assert!(placed(&held) == 30);
    for project in &stage.projects[..20] {
        assert_eq!(restored["placements"][project.as_str()], held["placements"][project.as_str()]);
    }
    let list = stage.api().get("/api/sessions", KEY).await.expect(200).json();
    let ids: Vec<&str> =
        list["items"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids.len(), 2, "{list}");
    assert!(ids.contains(&other.id.as_str()) && !ids.contains(&gone.id.as_str()));
    let checked = plumbline(&["check", "--data", text(&data)]);
    let says = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && says.contains("each can be opened"), "{says}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_says_of_which_sessions_it_has_private_answers() {
    let room = Room::gather().await;
    let copied = |name: &str| {
        let (data, copy) = (room.server.data(), room.server.data().with_file_name(name));
        let copied = plumbline(&["backup", text(&copy), "--data", text(&data)]);
        let says = String::from_utf8_lossy(&copied.stdout).into_owned();
        assert!(copied.status.success(), "{says}");
        says
    };
    assert!(!copied("before").contains("private answers"));
    room.go_to(SORT).await;
    room.drive(json!({ "type": "open" })).await;
    room.answer(SORT, 1, &room.projects[..2], |who, n| Some(room.placed(who, n, 1))).await;
    let says = copied("during");
    assert!(
        says.contains("1 of the sessions are not closed, and their private answers are in this copy"),
        "{says}"
    );
    room.drive(json!({ "type": "close" })).await;
    let gone = wait::until("the answers are erased", async || {
        let checked = plumbline(&["check", "--json", "--data", text(&room.server.data())]);
        let said: Value = serde_json::from_slice(&checked.stdout).expect("it answers in JSON");
        wait::holds(said["sessions"]["with_answers"] == json!([]), || said.to_string())
    });
    gone.await;
    assert!(!copied("after").contains("private answers"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_in_the_page_and_everything_is_saved_once_there_is_room() {
    let mut disk = None;
    let server = Server::start_on(|data| disk = Disk::mount(data, 24)).await;
    let Some(disk) = disk else {
        println!("NOT CHECKED: a disk of its own takes root, or sudo without a question");
        return;
    };
    let stage = Stage::on_server(server, 12).await;
    let browser = Browser::start();
    let page = browser.open("Fay", &stage.session.facilitator_url).await;
    page.see("card").await;
    let peer = stage.peer("Ana").await;
    let key = order::between(None, None);
    peer.place(&stage.projects[0], "off", &key);
    peer.saved().await;

    disk.fill();
    let held = peer.seen().saved;
    // The first writes may still find room in what the database has taken already.
    let fill = wait::until("it cannot be saved any more", async || {
        for project in &stage.projects[1..] {
            peer.place(project, "off", &key);
        }
        let seen = peer.seen();
        wait::holds(seen.not_saving.is_some(), || format!("{} of {}", seen.saved, seen.sent))
    });
    fill.await;
    let (why, saved, sent) = {
        let seen = peer.seen();
        (seen.not_saving.clone().unwrap_or_default(), seen.saved, seen.sent)
    };
    assert!(why.contains("disk is full") && !why.contains('/'), "{why}");
    assert!(held <= saved && saved < sent, "nothing is claimed to be saved that is not: {saved} of {sent}");
    page.see("banner").await;
    says(&page, "banner", "Nothing can be saved now. The server's disk is full").await;
    let ready = stage.api().try_get("/readyz").await.expect("it answers");
    assert_eq!(ready.status, 503, "{}", ready.text());
    // Over HTTP, too, nobody is told that something was done.
    let refused =
        stage.api().post("/api/join", "", &json!({ "code": stage.session.code, "name": "Ben" })).await;
    assert_eq!(refused.status, 503, "{}", refused.text());
    // Whoever comes now can read, and is told.
    let late = stage.witness().await;
    late.until("who comes meanwhile is told", |seen| {
        wait::holds(seen.not_saving.is_some(), || format!("{:?}", seen.welcome))
    })
    .await;

    disk.free();
    peer.saved().await;
    peer.until("it can be saved again", |seen| {
        wait::holds(seen.not_saving.is_none(), || format!("{:?}", seen.not_saving))
    })
    .await;
    wait::until("the page has no banner any more", async || {
        wait::holds(page.count("banner").await == 0, || "it is there".to_owned())
    })
    .await;
    wait::until("the server is ready", async || {
        let ready = stage.api().try_get("/readyz").await.map_err(|error| error.to_string())?;
        wait::holds(ready.status == 200, || ready.text())
    })
    .await;
    let board = stage.held().await;
    assert_eq!(board["placements"].as_object().map(serde_json::Map::len), Some(12), "all of it is there");
    // What runs on the disk goes before the disk does.
    drop(stage);
    drop(disk);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_is_told_on_a_listener_of_its_own_and_names_nobody() {
    let metrics = format!("127.0.0.1:{}", free_port());
    let server = Server::start_with(&["--metrics", &metrics]).await;
    let api = server.api();
    let session = api.create("A title that no number needs").await;
    let joined = api.join(&session.code, "Somebody Particular").await;
    let door = plumbline_tests::socket::Door::new(server.address(), &session.id, &joined.token);
    let peer = peer::Peer::join(&door).await;
    // Refused: only a facilitator locks the board.
    let refused =
        peer.tell(json!({ "type": "lock", "seen": { "step": Uuid::now_v7(), "round": 1 }, "locked": true }));
    assert!(peer.answer(refused).await.is_some(), "it is refused");
    let _ = api.get("/api/decisions", "pw_no-key-at-all-and-yet-of-full-length-0123").await;

    let told = plumbline_tests::api::Api::new(metrics.parse().expect("it is an address"));
    let counted = wait::until("the numbers are there", async || {
        let reply = told.try_get("/metrics").await.map_err(|error| error.to_string())?;
        let text = reply.text();
        wait::holds(text.contains("plumbline_connections 1\n"), || text.clone())?;
        Ok((reply, text))
    })
    .await;
    let (reply, text) = counted;
    assert!(reply.header("content-type").starts_with("application/openmetrics-text"), "{:?}", reply.headers);
    assert!(text.contains("plumbline_sessions_running 1\n"), "{text}");
    assert!(text.contains("plumbline_refusals_total{code="), "{text}");
    assert!(text.contains("plumbline_save_seconds_count"), "{text}");
    assert!(text.contains(r#"route="/api/decisions",status="401"} 1"#), "{text}");
    for secret in ["Somebody", "title", &session.id, &session.code, &joined.token, KEY] {
        assert!(!text.contains(secret), "{secret} stands in the numbers:\n{text}");
    }
    // Every line is a comment, or a name of ours with labels and one number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(name.starts_with("plumbline_") && value.parse::<f64>().is_ok(), "{line}");
    }
    assert_eq!(
        api.try_get("/metrics").await.expect("it answers").header("content-type"),
        "text/html; charset=utf-8",
        "those who use the server are not told: there it is a page like any other"
    );
}

/// Whoever starts a service may stop it again before it has said that it is ready.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_in_the_first_moments_is_a_stop_like_any_other() {
    let folder = tempfile::tempdir().expect("a temporary directory can be made");
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let begin = |port: u16, store: &[&str]| {
        let log =
            std::fs::File::options().create(true).append(true).open(&log).expect("a log can be written");
        Command::new(setting::path(setting::BINARY))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .args(store)
            .stderr(log.try_clone().expect("a file has a second handle"))
            .stdout(log)
            .spawn()
            .expect("the binary runs")
    };
    let stopped = async |server: &mut Child, when: &str| {
        signal(server.id(), "TERM");
        let status = wait::until("it has ended", async || {
            let ended = server.try_wait().expect("a child of ours can be asked");
            ended.ok_or_else(|| "it still runs".to_owned())
        })
        .await;
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(status.success(), "{when} it ended with {status}\n{said}");
    };
    // While it waits for a store that takes its connection and says nothing.
    let mute = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let redis = format!("redis://{}", mute.local_addr().expect("a listener has an address"));
    let mut waits = begin(free_port(), &["--redis", &redis]);
    let _asked = mute.accept().await.expect("it asks the store");
    stopped(&mut waits, "while it waited for its store").await;
    // In whatever moment it is, from the first one in which it hears of it.
    let on_disk = ["--data", text(&data)];
    for beats in 0..12 {
        let mut server = begin(free_port(), &on_disk);
        let pid = server.id();
        wait::until("it hears of signals", async || wait::holds(hears(pid), || "not yet".to_owned())).await;
        tokio::time::sleep(Duration::from_millis(2 * beats)).await;
        stopped(&mut server, &format!("after {} ms", 2 * beats)).await;
    }
    // The key was made once, and whoever reads the log has it.
    let said = std::fs::read_to_string(&log).expect("there is a log");
    assert_eq!(said.matches("#key=").count(), 1, "{said}");
    let key = said.split("#key=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a key");
    let port = free_port();
    let mut server = begin(port, &on_disk);
    let api = Api::new(std::net::SocketAddr::from(([127, 0, 0, 1], port)));
    let listed = wait::until("the next start is ready", async || {
        api.try_get("/readyz").await.map_err(|error| error.to_string())?;
        Ok(api.get("/api/sessions", key).await)
    })
    .await;
    stopped(&mut server, "once it was ready").await;
    assert_eq!(listed.status, 200, "{}", listed.text());
}

/// Whether a process has a handler for SIGTERM, as the system says it.
fn hears(pid: u32) -> bool {
    const TERMINATE: u64 = 1 << (15 - 1);
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0").trim();
    u64::from_str_radix(caught, 16).is_ok_and(|caught| caught & TERMINATE != 0)
}
