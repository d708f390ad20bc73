//! How nodes hear of each other: one connection that listens, on the channels of the logs that are used here.
//!
//! Nothing rests on it: what is said while it is broken is lost, whoever listens is told to look for themselves once it
//! is back, and looks now and then anyway.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::StreamExt;
use redis::{Client, RedisError};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use super::line::Address;
use crate::store::shared::{Heard, Listening};

/// How many words wait for one listener; one that finds no room is lost, and presence comes again.
const WAITING: usize = 256;

/// The pause before a connection that broke is opened anew, and how long opening it may take.
const PAUSE: Duration = Duration::from_millis(250);
const OPENED_WITHIN: Duration = Duration::from_secs(3);

/// How often the connection is looked after, when nothing is said.
const LOOKED_AFTER: Duration = Duration::from_secs(10);

/// The listening end of this process.
pub(super) struct Ear {
    channels: Arc<Channels>,
    task: JoinHandle<()>,
}

/// Who listens, by channel, each with a number of its own.
type Listeners = HashMap<String, Vec<(u64, mpsc::Sender<Heard>)>>;

#[derive(Default)]
struct Channels {
    listening: Mutex<Listeners>,
    changed: Notify,
}

impl Ear {
    pub(super) fn new(address: &Address) -> Self {
        let channels = Arc::new(Channels::default());
        let task = tokio::spawn(listen(address.clients(), Arc::clone(&channels)));
        Self { channels, task }
    }

    pub(super) fn listen(&self, channel: String) -> Listening {
        let (words, heard) = mpsc::channel(WAITING);
        let channels = Arc::clone(&self.channels);
        let number = {
            let mut all = channels.all();
            let here = all.entry(channel.clone()).or_default();
            let number = here.last().map_or(0, |(number, _)| number + 1);
            here.push((number, words));
            number
        };
        channels.changed.notify_one();
        let end = move || {
            let mut all = channels.all();
            if let Some(here) = all.get_mut(&channel) {
                here.retain(|(other, _)| *other != number);
                if here.is_empty() {
                    all.remove(&channel);
                }
            }
            drop(all);
            channels.changed.notify_one();
        };
        Listening::new(heard, Box::new(end))
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Channels {
    fn all(&self) -> MutexGuard<'_, Listeners> {
        // Nothing that is done under this lock panics halfway.
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, channel: &str, heard: &Heard) {
        for (_, words) in self.all().get(channel).into_iter().flatten() {
            // Who has no room looks for themselves before long.
            let _ = words.try_send(heard.clone());
        }
    }
}

async fn listen(clients: Vec<Client>, channels: Arc<Channels>) {
    let mut next = 0;
    loop {
        let Some(client) = clients.get(next % clients.len().max(1)) else { return };
        if let Err(error) = hear(client, &channels).await {
            tracing::debug!(%error, "the connection that listens broke and is opened anew");
        }
        next += 1;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Listens until the connection breaks.
async fn hear(client: &Client, channels: &Channels) -> Result<(), RedisError> {
    let timed_out = |_| RedisError::from((redis::ErrorKind::Io, "it does not answer"));
    let connection =
        tokio::time::timeout(OPENED_WITHIN, client.get_async_pubsub()).await.map_err(timed_out)??;
    let (mut says, mut heard) = connection.split();
    let mut subscribed: Vec<String> = Vec::new();
    loop {
        let wanted: Vec<String> = channels.all().keys().cloned().collect();
        let new: Vec<&String> = wanted.iter().filter(|channel| !subscribed.contains(channel)).collect();
        let gone: Vec<&String> = subscribed.iter().filter(|channel| !wanted.contains(channel)).collect();
        let tell = async {
            if !gone.is_empty() {
                says.unsubscribe(&gone).await?;
            }
            if !new.is_empty() {
                says.subscribe(&new).await?;
            }
            Ok::<(), RedisError>(())
        };
        tokio::time::timeout(OPENED_WITHIN, tell).await.map_err(timed_out)??;
        for channel in new {
            // What was said before is not heard.
            channels.say(channel, &Heard::Appended(None));
        }
        subscribed = wanted;
        loop {
            tokio::select! {
                message = heard.next() => {
                    let Some(message) = message else { return Ok(()) };
                    let heard = match message.get_payload_bytes() {
                        [b't', said @ ..] => Heard::Told(said.to_vec()),
                        [b'a', at @ ..] => {
                            Heard::Appended(str::from_utf8(at).ok().and_then(|at| at.parse().ok()))
                        }
                        _ => Heard::Appended(None),
                    };
                    channels.say(message.get_channel_name(), &heard);
                }
                () = channels.changed.notified() => break,
                () = tokio::time::sleep(LOOKED_AFTER) => {
                    tokio::time::timeout(OPENED_WITHIN, says.ping::<redis::Value>()).await.map_err(timed_out)??;
                }
            }
        }
    }
}
