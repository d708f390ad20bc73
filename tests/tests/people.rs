//! People: who comes twice, who comes by a link, who hands the session over, and what is left of a session that is
//! erased.

use std::{fs, path::Path};

use plumbline_shared::{schema::Root, wire::CloseCode};
use plumbline_tests::{api::Reply, peer::Peer, server::KEY, socket::Event, stage::Stage, wait};
use serde_json::{Value, json};
use yrs::{Map, WriteTxn};

fn command(kind: &str, fields: &Value) -> Value {
    let mut message = json!({ "id": uuid::Uuid::now_v7(), "type": kind });
    for (key, value) in fields.as_object().expect("fields are an object") {
        message[key] = value.clone();
    }
    message
}

/// An answer has this status.
#[track_caller]
fn answers(status: u16, reply: &Reply) {
    assert_eq!(reply.status, status, "{}", reply.text());
}

/// The token in a link.
fn token_of(link: &Value) -> String {
    let url = link["url"].as_str().expect("a link has an address");
    url.split_once("#t=").expect("the token stands in the fragment").1.to_owned()
}

/// How often `word` stands in the files under a folder, in UTF-8.
fn occurrences(folder: &Path, word: &str) -> usize {
    let mut count = 0;
    for file in fs::read_dir(folder).expect("the folder can be read") {
        let path = file.expect("the folder can be read").path();
        if path.is_dir() {
            count += occurrences(&path, word);
        } else {
            let content = fs::read(&path).expect("the file can be read");
            count += content.windows(word.len()).filter(|window| *window == word.as_bytes()).count();
        }
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_title_and_the_codes_of_an_erased_session_are_nowhere_in_the_files() {
    let stage = Stage::with_projects(3).await;
    let api = stage.api();
    let title = "An unmistakable title of a session";
    let made = api.create(title).await;
    let kept = api.create("Another session that stays").await;
    let first = made.code.replace(' ', "");
    let path = format!("/api/sessions/{}", made.id);
    let rotated =
        api.post(&format!("{path}/rotate"), &made.facilitator_token, &json!({ "what": "code" })).await;
    let second = rotated.expect(200).json()["code"].as_str().expect("a code").replace(' ', "");
    let ana = api.join(&second, "Ana Unmistakable").await;
    let data = stage.server.data();
    for word in [title, &first, &second, "Ana Unmistakable"] {
        assert!(occurrences(&data, word) > 0, "{word} is there before");
    }
    assert_eq!(api.call("DELETE", &path, KEY, &[], "").await.status, 204);
    for word in [title, &first, &second, "Ana Unmistakable"] {
        assert_eq!(occurrences(&data, word), 0, "{word} is nowhere after");
    }
    // Nor can anybody do anything with what they have of it; what else there was is still there.
    assert_eq!(api.get(&path, &ana.token).await.status, 401);
    assert_eq!(api.call("DELETE", &path, KEY, &[], "").await.status, 404);
    answers(404, &api.post("/api/join", "", &json!({ "code": second, "name": "Ben" })).await);
    api.join(&kept.code, "Ben").await;
    let mut stage = stage;
    stage.server.restart().await;
    let api = stage.api();
    api.join(&kept.code, "Cleo").await;
    let list = api.get("/api/sessions", KEY).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    assert_eq!(occurrences(&stage.server.data(), title), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_handed_over_by_a_link() {
    let stage = Stage::with_projects(1).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let path = |call: &str| format!("/api/sessions/{id}/{call}");
    let fay = &stage.session.facilitator_token;
    let ana = stage.join("Ana").await.token;
    let invited = json!({ "name": "Grace", "role": "facilitator" });
    answers(403, &api.post(&path("link"), &ana, &invited).await);
    answers(422, &api.post(&path("link"), fay, &json!({ "name": "Grace" })).await);
    answers(422, &api.post(&path("link"), fay, &json!({ "name": " ", "role": "facilitator" })).await);
    let link = api.post(&path("link"), fay, &invited).await.expect(200).json();
    let grace = api.enter(id, &token_of(&link)).await;
    // Who handed it over steps down, and cannot come back by the old link once there is a new one.
    let down = |who: &str| command("name", &json!({ "participant": who, "role": "participant" }));
    let first = stage.session.participant_id.as_str();
    answers(200, &api.post(&path("commands"), &grace, &down(first)).await);
    answers(403, &api.post(&path("commands"), fay, &down(first)).await);
    let new = api.post(&path("rotate"), &grace, &json!({ "what": "facilitator" })).await.expect(200).json();
    assert_eq!(api.get(&path("share"), fay).await.status, 401);
    // The new link is Grace's own: nobody acts under another's name.
    let new = token_of(&new);
    let who = link["participant_id"].as_str().expect("her id");
    let last = api.post(&path("commands"), &new, &down(who)).await;
    assert!(last.problem(409).contains("only facilitator"), "{}", last.text());
    let board = api.board(id, &grace).await;
    assert_eq!(board["board"]["roster"][who]["role"], "facilitator");
    assert_eq!(board["board"]["roster"][who]["let_in_by"], "Facilitator", "everybody sees by whose link");
    // What is good for one device makes no link for another: whoever made it could have come in by it.
    let further = api.post(&path("link"), &grace, &Value::Null).await;
    assert!(further.problem(409).contains("one device"), "{}", further.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_personal_link_is_good_once_and_a_device_that_leaves_is_out() {
    let stage = Stage::with_projects(1).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let path = |call: &str| format!("/api/sessions/{id}/{call}");
    let ana = stage.join("Ana").await;
    let laptop = Peer::join(&stage.door(&ana.token)).await;
    let link = token_of(&api.post(&path("link"), &ana.token, &Value::Null).await.expect(200).json());
    // Looking at it uses nothing up, and it opens nothing by itself.
    for _ in 0..2 {
        let offered = api.get(&path("invitation"), &link).await.expect(200).json();
        assert_eq!((&offered["name"], &offered["made_by"]), (&json!("Ana"), &Value::Null));
    }
    assert_eq!(api.get(&path("share"), &link).await.status, 401);
    let entered = api.post(&path("enter"), &link, &Value::Null).await.expect(200);
    let cookie = entered.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let phone = entered.json()["token"].as_str().expect("a token").to_owned();
    assert!(cookie.contains(&phone));
    laptop
        .until("the other device is told", |seen| {
            wait::holds(seen.entered == 1, || format!("told {} times", seen.entered))
        })
        .await;
    assert_eq!(api.get(&path("share"), &phone).await.status, 200);
    let again = api.post(&path("enter"), &link, &Value::Null).await;
    assert!(again.problem(401).contains("has been used"), "{}", again.text());
    // The phone leaves: its token is dead, its cookie is taken back, its page is closed. The laptop goes on.
    let page = Peer::join(&stage.door(&phone)).await;
    let left = api.post(&path("leave"), &phone, &Value::Null).await.expect(204);
    assert!(left.header("set-cookie").contains("Max-Age=0"), "{}", left.header("set-cookie"));
    assert_eq!(page.end().await, Event::Closed(CloseCode::NotAdmitted.number()));
    assert!(api.get(&path("share"), &phone).await.problem(401).contains("has left"));
    assert_eq!(api.get(&path("share"), &ana.token).await.status, 200);
    // Nobody who alone can drive leaves, and a link that several hold stays.
    assert_eq!(api.post(&path("leave"), &stage.session.facilitator_token, &Value::Null).await.status, 204);
    assert_eq!(api.get(&path("share"), &stage.session.facilitator_token).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_facilitator_who_sits_in_somebodys_seat_reads_nothing_of_theirs_and_everybody_sees_it() {
    let stage = Stage::with_projects(2).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let fay = stage.session.facilitator_token.as_str();
    let path = |call: &str| format!("/api/sessions/{id}/{call}");
    let editor = stage.witness().await;
    let step = plumbline_tests::picture::keys(&editor.seen().doc, Root::Agenda)[0].clone();
    editor.change(|txn| {
        let agenda = txn.get_or_insert_map("agenda");
        if let Some(yrs::Out::YMap(map)) = agenda.get(txn, &step) {
            map.insert(txn, "kind", "ballot");
            map.insert(txn, "question", "dots");
            map.insert(txn, "options", vec![vec!["subjects", "all"], vec!["budget", "5"], vec!["cap", "5"]]);
        }
    });
    editor.saved().await;
    let seen = json!({ "step": step, "round": 1 });
    answers(200, &api.post(&path("commands"), fay, &command("open", &json!({ "seen": seen }))).await);
    let say = async |token: &str, kind: &str, fields: Value| {
        api.post(&path("commands"), token, &command(kind, &fields)).await
    };
    let cast = |project: &str, dots: u32| json!({ "step": step, "round": 1, "item": project, "value": { "dots": dots } });
    let told = async |token: &str, what: &str, dots: usize, flags: usize| {
        let peer = Peer::join(&stage.door(token)).await;
        peer.until(what, |seen| {
            let own = seen.ballot.as_ref().map(|ballot| ballot.answers.len());
            wait::holds(own == Some(dots) && seen.flags.len() == flags, || {
                format!("{:?}, {:?}", seen.ballot, seen.flags)
            })
        })
        .await;
    };
    let (ana, spy) = (stage.join("Ana").await, stage.join("Ana, too").await);
    let first = &stage.projects[0];
    answers(200, &say(&ana.token, "cast", cast(first, 4)).await);
    answers(200, &say(&ana.token, "flag", json!({ "project": first, "reason": "Hers" })).await);
    told(&ana.token, "her own", 1, 1).await;

    // A second seat of the facilitator's own, said to be Ana: it opens nothing of hers, and is dead.
    let seat = json!({ "from": spy.participant_id, "into": ana.participant_id });
    answers(200, &say(fay, "merge", seat).await);
    assert!(api.get(&path("share"), &spy.token).await.problem(401).contains("one person"));
    told(&ana.token, "hers is hers still", 1, 1).await;

    // A new link in her name, which the facilitator uses.
    let page = Peer::join(&stage.door(&ana.token)).await;
    let what = json!({ "what": ana.participant_id });
    let link = token_of(&api.post(&path("rotate"), fay, &what).await.expect(200).json());
    assert_eq!(page.end().await, Event::Closed(CloseCode::NotAdmitted.number()), "she is out, and told why");
    let why = api.get(&path("share"), &ana.token).await.problem(401);
    assert!(why.contains("made a new link in the name of Ana"), "{why}");
    let offered = api.get(&path("invitation"), &link).await.expect(200).json();
    assert_eq!(offered["made_by"], "Facilitator");
    let theirs = api.enter(id, &link).await;
    told(&theirs, "nothing of what she has answered", 0, 0).await;
    let late = api.post(&path("enter"), &link, &Value::Null).await.problem(401);
    assert!(late.contains("has been used"), "whoever comes second learns of the first: {late}");
    let board = api.board(id, &stage.session.observer_token).await;
    assert_eq!(board["board"]["roster"][&ana.participant_id]["let_in_by"], "Facilitator");
    // The refusal says nothing of hers: all five dots are there to be laid.
    answers(200, &say(&theirs, "cast", cast(&stage.projects[1], 5)).await);
    let over = say(&theirs, "cast", cast(first, 1)).await.problem(409);
    assert!(over.contains("5 lie elsewhere"), "{over}");

    // Ana's seat, said to be another of the facilitator's: the same.
    let other = stage.join("Somebody").await;
    let ben = stage.join("Ben").await;
    answers(200, &say(&ben.token, "cast", cast(first, 2)).await);
    answers(200, &say(&ben.token, "flag", json!({ "project": first, "reason": "His" })).await);
    let seat = json!({ "from": ben.participant_id, "into": other.participant_id });
    answers(200, &say(fay, "merge", seat).await);
    told(&other.token, "nothing of Ben's", 0, 0).await;
    assert_eq!(api.get(&path("share"), &ben.token).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_person_joins_on_the_same_device_and_neither_becomes_the_other() {
    let stage = Stage::with_projects(1).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let join = |name: &'static str, cookie: String| {
        let body = json!({ "code": stage.session.code, "name": name }).to_string();
        async move {
            let headers = [("content-type", "application/json"), ("cookie", cookie.as_str())];
            api.call("POST", "/api/join", "", &headers, body).await.expect(200)
        }
    };
    let cookie = |reply: &Reply| reply.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let ana = join("Ana", String::new()).await;
    let ben = join("Ben", cookie(&ana)).await;
    assert_ne!(ana.json()["participant_id"], ben.json()["participant_id"]);
    assert_eq!(
        cookie(&ana).split('=').next(),
        cookie(&ben).split('=').next(),
        "the browser keeps the latest"
    );
    // The page says who acts: what it says comes before the cookie that the browser sends by itself.
    let project = &stage.projects[0];
    for (reply, reason) in [(&ana, "Ana's"), (&ben, "Ben's")] {
        let token = reply.json()["token"].as_str().expect("a token").to_owned();
        let flag = command("flag", &json!({ "project": project, "reason": reason }));
        let kept = cookie(&ben);
        let headers = [("content-type", "application/json"), ("cookie", kept.as_str())];
        let path = format!("/api/sessions/{id}/commands");
        let answer = api.call("POST", &path, &token, &headers, flag.to_string()).await.expect(200);
        assert_eq!(answer.json()["type"], "ok");
    }
    let people = ["Ana", "Ben"].map(|name| {
        let reply = if name == "Ana" { &ana } else { &ben };
        (name, reply.json()["token"].as_str().expect("a token").to_owned())
    });
    for (name, token) in people {
        let peer = plumbline_tests::peer::Peer::join(&stage.door(&token)).await;
        let own = |flags: &[plumbline_shared::messages::OwnFlag]| -> Vec<String> {
            flags.iter().map(|flag| flag.reason.clone()).collect()
        };
        peer.until("it is told its own flags and no others", |seen| {
            wait::holds(own(&seen.flags) == [format!("{name}'s")], || format!("{:?}", seen.flags))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_came_twice_is_merged_and_who_has_no_device_is_entered() {
    let stage = Stage::with_projects(2).await;
    let (api, id) = (stage.api(), &stage.session.id);
    let fay = &stage.session.facilitator_token;
    let say = async |message: &Value| api.post(&format!("/api/sessions/{id}/commands"), fay, message).await;
    let (laptop, phone) = (stage.join("Ana").await, stage.join("Ana (phone)").await);
    let merge = command("merge", &json!({ "from": phone.participant_id, "into": laptop.participant_id }));
    answers(200, &say(&merge).await);
    answers(200, &say(&merge).await);
    answers(
        404,
        &say(&command("merge", &json!({ "from": phone.participant_id, "into": laptop.participant_id })))
            .await,
    );
    let person = command("person", &json!({ "name": "Nora" }));
    answers(200, &say(&person).await);
    let roster = api.board(id, &laptop.token).await["board"]["roster"].clone();
    assert_eq!(roster.as_object().map(serde_json::Map::len), Some(3), "{roster}");
    assert_eq!(roster[person["id"].as_str().expect("an id")]["name"], "Nora");
    // The phone is told what it was merged into, and comes back by a personal link of the one who stays.
    let path = |call: &str| format!("/api/sessions/{id}/{call}");
    assert!(api.get(&path("share"), &phone.token).await.problem(401).contains("Ana stays"));
    let link = api.post(&path("link"), &laptop.token, &Value::Null).await.expect(200).json();
    assert_eq!(link["participant_id"], json!(laptop.participant_id));
    let phone = api.enter(id, &token_of(&link)).await;
    assert_eq!(api.get(&path("share"), &phone).await.status, 200);
    let same = json!({ "from": stage.projects[0], "into": stage.projects[0] });
    answers(422, &say(&command("merge_projects", &same)).await);
    let two = json!({ "from": stage.projects[1], "into": stage.projects[0] });
    answers(200, &say(&command("merge_projects", &two)).await);
    wait::until("one project is left", async || {
        let projects = api.board(id, fay).await["board"]["projects"].clone();
        wait::holds(projects.as_object().map(serde_json::Map::len) == Some(1), || projects.to_string())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asked_whether_something_is_a_hobby_is_nowhere_in_the_files_after_the_close() {
    let mut stage = Stage::with_projects(2).await;
    let (id, fay) = (stage.session.id.clone(), stage.session.facilitator_token.clone());
    let path = format!("/api/sessions/{id}/commands");
    let say = async |stage: &Stage, token: &str, kind: &str, fields: Value| {
        stage.api().post(&path, token, &command(kind, &fields)).await
    };
    let (ana, project) = (stage.join("Ana").await, stage.projects[0].clone());
    let reason = "Purple-and-unmistakable";
    let flag = json!({ "project": project, "reason": reason });
    answers(200, &say(&stage, &ana.token, "flag", flag.clone()).await);
    let data = stage.server.data();
    let asked = "{\"type\":\"flag\"";
    assert!(occurrences(&data, asked) > 0, "her command stands in the log");
    let step = {
        let witness = stage.witness().await;
        let keys = plumbline_tests::picture::keys(&witness.seen().doc, Root::Agenda);
        keys[0].clone()
    };
    let seen = json!({ "seen": { "step": step, "round": 1 } });
    answers(200, &say(&stage, &fay, "close", seen).await);
    // There was no ballot at all: the flags alone are reason enough to begin the log anew.
    wait::until("the log has begun anew", async || {
        let left = occurrences(&data, asked);
        wait::holds(left == 0, || format!("{left} times"))
    })
    .await;
    let flags = async |stage: &Stage| stage.api().board(&id, &fay).await["board"]["flags"][&project].clone();
    assert_eq!(flags(&stage).await, json!({ "count": 1, "reasons": [reason] }), "what was published stays");
    // What comes too late is refused before it is saved: it is in no file at any time.
    let late = json!({ "about": "session", "text": "Orange-and-unmistakable" });
    answers(409, &say(&stage, &ana.token, "dissent", late).await);
    answers(409, &say(&stage, &ana.token, "flag", flag).await);
    for word in ["Orange-and-unmistakable", asked] {
        assert_eq!(occurrences(&data, word), 0, "{word}");
    }
    stage.server.restart().await;
    assert_eq!(flags(&stage).await, json!({ "count": 1, "reasons": [reason] }));
    let peer = Peer::join(&stage.door(&ana.token)).await;
    assert!(peer.seen().flags.is_empty(), "nobody is told that one was theirs");
    assert_eq!(occurrences(&stage.server.data(), asked), 0);
}
