//! The numbers of DESIGN section 10, each with its unit. One place, so that the page, the server and the documents
//! say the same.

/// People in one session, the removed included.
pub const PARTICIPANTS: usize = 2_000;
/// Projects on one board.
pub const PROJECTS: usize = 1_000;
/// Pillars on one board.
pub const PILLARS: usize = 24;
/// Steps in one agenda.
pub const STEPS: usize = 64;
/// Notes on one board.
pub const NOTES: usize = 10_000;
/// New content in one frame from a participant, in bytes.
pub const NEW_CONTENT: usize = 64 * 1024;
/// New content in one frame from a facilitator, in bytes.
pub const NEW_CONTENT_FACILITATOR: usize = 1024 * 1024;
/// What one frame may hold beside the board's own size, in bytes.
pub const FRAME_SLACK: usize = 64 * 1024;
/// Updates from one connection, a second, sustained.
pub const UPDATES_PER_SECOND: u32 = 60;
/// Updates from one connection in a burst.
pub const UPDATE_BURST: u32 = 240;
/// Calls over HTTP that make entries of a session's log (commands, links) with one token, a second, sustained.
pub const CALLS_PER_SECOND: u32 = 10;
/// The same calls in a burst: a class entered person by person.
pub const CALL_BURST: u32 = 120;
/// One presence state, in bytes of JSON.
pub const PRESENCE: usize = 1024;
/// A board document, in bytes of its encoding.
pub const BOARD: usize = 16 * 1024 * 1024;
/// One typed message, in bytes of JSON.
pub const MESSAGE: usize = 64 * 1024;
/// An imported file, in bytes.
pub const IMPORT: usize = 5 * 1024 * 1024;
/// An imported file, unpacked, in bytes.
pub const IMPORT_UNPACKED: usize = 50 * 1024 * 1024;
/// Wrong codes from one address, a minute.
pub const WRONG_CODES_PER_MINUTE: u32 = 10;

/// The smallest group that a breakdown shows apart, in people.
pub const GROUP_SHOWN: u32 = 4;
/// The fewest answers of which counts are shown.
pub const ANSWERS_SHOWN: u32 = 3;

/// A person's name or function, in characters.
pub const NAME: usize = 80;
/// The reason of a flag, in characters.
pub const REASON: usize = 500;
/// Flags in one session.
pub const FLAGS: usize = 10_000;
/// The name of a project or a pillar, or a title, in characters.
pub const TITLE: usize = 300;
/// Answers in one round, over all its people.
pub const ANSWERS: usize = 500_000;
/// An answer in one's own words, in characters.
pub const ANSWER: usize = 500;
/// The source of a claim, in characters.
pub const SOURCE: usize = 200;
/// Rounds of one step.
pub const ROUNDS: u32 = 20;
/// Dots that one person has.
pub const DOTS: u32 = 100;
/// A person's dissent, in characters.
pub const DISSENT: usize = 1_000;
/// A field of one line, in characters.
pub const LINE: usize = 1_000;
/// A field of several lines, in characters.
pub const PARAGRAPH: usize = 4_000;
/// A text that people write together, in UTF-16 units.
pub const TEXT: usize = 20_000;
/// Entries of a list (goals, assumptions, further columns).
pub const LIST: usize = 64;
/// An order key, in bytes. A key grows by a byte for some two hundred insertions at one place.
pub const ORDER: usize = 256;
/// Requests for new work that wait at the same time.
pub const REQUESTS_WAITING: usize = 500;
/// Requests for new work that a workspace keeps, whatever became of them.
pub const REQUESTS: usize = 5_000;
/// Requests for new work from one address, a minute, sustained.
pub const REQUESTS_PER_MINUTE: u32 = 2;
/// Requests for new work from one address in a burst: an office is one address.
pub const REQUEST_BURST: u32 = 30;
/// What a request is for, or why it is declined, in characters.
pub const REQUEST_TEXT: usize = 2_000;
/// Requests for new work that a session takes at once.
pub const REQUESTS_TAKEN: usize = 200;
