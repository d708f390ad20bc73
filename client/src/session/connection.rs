//! The socket: opening it, and opening it again.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle, window};
use plumbline_shared::{
    ids::SessionId,
    wire::{SUBPROTOCOL, TOKEN_SUBPROTOCOL},
};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

use crate::dom;

/// The wait before the second try, in milliseconds; it doubles from there.
const FIRST_WAIT: u64 = 500;
/// The longest wait between two tries, in milliseconds.
const LONGEST_WAIT: u64 = 15_000;
/// How long a connection must have held before the waits begin anew, in milliseconds. A server that takes
/// connections and drops them is no better than one that takes none.
const HELD: u64 = 5_000;

/// What the socket reports.
pub(super) enum Report {
    /// It is open.
    Opened,
    /// A binary message.
    Frame(Vec<u8>),
    /// It is gone, with the server's code or 1006.
    Closed(u16),
    /// It is time to open it again.
    Retry,
}

/// The connection to one session.
pub(super) struct Connection {
    session: SessionId,
    token: String,
    report: fn(super::Live, u32, Report),
    live: super::Live,
    socket: Option<Open>,
    /// Which socket this is: reports of earlier ones are not heard any more.
    generation: u32,
    tries: u32,
    opened_at: Option<u64>,
    retry: Option<TimeoutHandle>,
}

struct Open {
    socket: WebSocket,
    // Kept for as long as the socket calls them.
    _message: Closure<dyn FnMut(MessageEvent)>,
    _open: Closure<dyn FnMut(Event)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Connection {
    /// A connection that is not open yet.
    pub(super) fn new(
        live: super::Live,
        session: SessionId,
        token: String,
        report: fn(super::Live, u32, Report),
    ) -> Self {
        Self {
            session,
            token,
            report,
            live,
            socket: None,
            generation: 0,
            tries: 0,
            opened_at: None,
            retry: None,
        }
    }

    /// Whether reports of that generation are still heard.
    pub(super) fn is_current(&self, generation: u32) -> bool {
        self.generation == generation
    }

    /// Opens the socket, in place of one that is there.
    pub(super) fn open(&mut self) {
        self.close();
        self.generation += 1;
        let (generation, live, report) = (self.generation, self.live, self.report);
        let origin = window().location().origin().unwrap_or_default();
        // http becomes ws, https becomes wss.
        let url =
            format!("ws{}/api/sessions/{}/sync", &origin["http".len().min(origin.len())..], self.session);
        let protocols = Array::of2(
            &JsValue::from_str(SUBPROTOCOL),
            &JsValue::from_str(&format!("{TOKEN_SUBPROTOCOL}{}", self.token)),
        );
        let Ok(socket) = WebSocket::new_with_str_sequence(&url, &protocols) else {
            return self.wait();
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                report(live, generation, Report::Frame(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let open = Closure::<dyn FnMut(Event)>::new(move |_| report(live, generation, Report::Opened));
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            report(live, generation, Report::Closed(event.code()));
        });
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        self.socket = Some(Open { socket, _message: message, _open: open, _close: close });
    }

    /// Opens the socket with another token, in place of one that is there.
    pub(super) fn admit_by(&mut self, token: String) {
        self.token = token;
        self.open();
    }

    /// Sends one frame, if the socket is open.
    pub(super) fn send(&self, frame: &[u8]) {
        if let Some(open) = &self.socket
            && open.socket.ready_state() == WebSocket::OPEN
        {
            open.socket.send_with_u8_array(frame).ok();
        }
    }

    /// Whether the socket is open.
    pub(super) fn is_open(&self) -> bool {
        self.socket.as_ref().is_some_and(|open| open.socket.ready_state() == WebSocket::OPEN)
    }

    /// Whether a socket is open or about to be.
    pub(super) fn is_busy(&self) -> bool {
        self.socket.as_ref().is_some_and(|open| open.socket.ready_state() <= WebSocket::OPEN)
    }

    /// Remembers that the socket has opened.
    pub(super) fn opened(&mut self) {
        self.opened_at = Some(dom::now());
    }

    /// Forgets the socket and plans the next try: after half a second, then twice as long each time, up to fifteen
    /// seconds; with chance in it, so that a room does not come back all at once. Gives when that will be.
    pub(super) fn wait(&mut self) {
        self.close();
        if self.opened_at.take().is_some_and(|at| dom::now().saturating_sub(at) >= HELD) {
            self.tries = 0;
        }
        let longest = (FIRST_WAIT << self.tries.min(5)).min(LONGEST_WAIT);
        self.tries += 1;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let wait = (longest as f64 * (0.5 + 0.5 * js_sys::Math::random())) as u64;
        let (generation, live, report) = (self.generation, self.live, self.report);
        self.retry = set_timeout_with_handle(
            move || report(live, generation, Report::Retry),
            Duration::from_millis(wait),
        )
        .ok();
    }

    /// Closes the socket and plans no other.
    pub(super) fn close(&mut self) {
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
        if let Some(open) = self.socket.take() {
            open.socket.set_onmessage(None);
            open.socket.set_onopen(None);
            open.socket.set_onclose(None);
            open.socket.close().ok();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
