//! People: who comes twice, who comes by a link, who hands the session over, and what is left of a session that is
//! erased.

use std::{fs, path::Path};

use plumbline_tests::{api::Reply, server::KEY, stage::Stage, wait};
use serde_json::{Value, json};

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
    let grace = token_of(&link);
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
    // The same person on another device, as before.
    let phone = token_of(&api.post(&path("link"), &ana, &Value::Null).await.expect(200).json());
    assert_eq!(api.get(&path("share"), &phone).await.status, 200);
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
    let roster = api.board(id, &phone.token).await["board"]["roster"].clone();
    assert_eq!(roster.as_object().map(serde_json::Map::len), Some(3), "{roster}");
    assert_eq!(roster[person["id"].as_str().expect("an id")]["name"], "Nora");
    // The phone's token opens her personal link, as herself.
    let link = api.post(&format!("/api/sessions/{id}/link"), &phone.token, &Value::Null).await.expect(200);
    assert_eq!(link.json()["participant_id"], json!(laptop.participant_id));
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
