//! A script under Node that answers lines of JSON with lines of JSON.

use std::{
    collections::HashMap,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    sync::{Mutex as AsyncMutex, oneshot},
};

use crate::setting;

/// How long one request may take: starting a browser is the longest.
const ANSWER: Duration = Duration::from_secs(60);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>>;

/// A running script. It ends with this value.
pub struct Script {
    name: &'static str,
    stdin: AsyncMutex<ChildStdin>,
    waiting: Waiting,
    next: AtomicU64,
    // Kills the process when dropped.
    _child: Child,
}

impl Script {
    /// Starts `tests/node/{name}`.
    ///
    /// # Panics
    /// When Node cannot be started.
    #[must_use]
    pub fn start(name: &'static str) -> Self {
        let mut child = Command::new("node")
            .arg(setting::script(name))
            .env(setting::NODE_MODULES, setting::path(setting::NODE_MODULES))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("could not start Node: {error}: run `cargo xtask doctor`"));
        let stdin = child.stdin.take().expect("stdin was asked for");
        let stdout = child.stdout.take().expect("stdout was asked for");
        let waiting = Waiting::default();
        let answers = Arc::clone(&waiting);
        tokio::spawn(async move {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let Ok(answer) = serde_json::from_str::<Value>(&line) else {
                    eprintln!("{name}: {line}");
                    continue;
                };
                let n = answer["n"].as_u64().unwrap_or_default();
                let result = match answer.get("error") {
                    Some(error) => Err(error.as_str().unwrap_or_default().to_owned()),
                    None => Ok(answer["ok"].clone()),
                };
                if let Some(wants) = answers.lock().expect("nobody panics with it").remove(&n) {
                    // Whoever asked may have given up, which is no matter.
                    let _ = wants.send(result);
                }
            }
            // Dropping the senders tells whoever still waits.
            answers.lock().expect("nobody panics with it").clear();
        });
        Self { name, stdin: AsyncMutex::new(stdin), waiting, next: AtomicU64::new(1), _child: child }
    }

    /// Asks for `verb` with the fields of `fields` and gives the answer.
    ///
    /// # Panics
    /// When the script refuses, ends or does not answer.
    pub async fn ask(&self, verb: &str, fields: Value) -> Value {
        match self.try_ask(verb, fields).await {
            Ok(answer) => answer,
            Err(error) => panic!("{} could not {verb}: {error}", self.name),
        }
    }

    /// As [`Script::ask`], for what may be refused.
    ///
    /// # Errors
    /// What the script says.
    ///
    /// # Panics
    /// When the script does not answer.
    pub async fn try_ask(&self, verb: &str, fields: Value) -> Result<Value, String> {
        self.try_ask_within(ANSWER, verb, fields).await
    }

    /// As [`Script::try_ask`], for what takes a time of its own.
    ///
    /// # Errors
    /// What the script says.
    ///
    /// # Panics
    /// When the script does not answer.
    pub async fn try_ask_within(
        &self,
        patience: Duration,
        verb: &str,
        mut fields: Value,
    ) -> Result<Value, String> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        fields["n"] = json!(n);
        fields["verb"] = json!(verb);
        let (wants, answer) = oneshot::channel();
        self.waiting.lock().expect("nobody panics with it").insert(n, wants);
        let mut line = fields.to_string();
        line.push('\n');
        self.stdin
            .lock()
            .await
            .write_all(line.as_bytes())
            .await
            .map_err(|error| format!("it has ended: {error}"))?;
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err("it has ended".to_owned()),
            Err(_) => panic!("{} did not answer {verb} within {} s", self.name, patience.as_secs()),
        }
    }
}
