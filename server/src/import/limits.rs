//! What an import may hold. What the board limits is limited alike here; the other numbers bound the work that one
//! file can cause.

use plumbline_shared::limits;

/// Size of a file as it arrives, in bytes.
pub const FILE_BYTES: usize = limits::IMPORT;
/// Size of everything inside a workbook once unpacked, in bytes; also of the text that its cells come to.
pub const UNPACKED_BYTES: usize = limits::IMPORT_UNPACKED;
/// Parts (files) inside a workbook.
pub const WORKBOOK_PARTS: usize = 2_000;
/// XML tags in all parts of a workbook. A tag costs memory beyond its bytes, so bytes alone are no bound.
pub const WORKBOOK_TAGS: usize = 4_000_000;
/// Sheets of a workbook that are looked at.
pub const WORKBOOK_SHEETS: usize = 50;
/// Projects in a session.
pub const PROJECTS: usize = limits::PROJECTS;
/// Rows with something in them that are read; the ones after them are counted and reported as a range.
pub const ROWS: usize = 10_000;
/// Columns of a table.
pub const COLUMNS: usize = 256;
/// Rows in which a header is looked for.
pub const HEADER_ROWS: usize = 30;
/// Length of a project's name, in characters.
pub const NAME_CHARS: usize = limits::TITLE;
/// Length of a project's summary, in characters.
pub const SUMMARY_CHARS: usize = limits::PARAGRAPH;
/// Length of any other text of a project or a pillar, in characters.
pub const TEXT_CHARS: usize = limits::LINE;
/// Length of a column's header, in characters.
pub const HEADER_CHARS: usize = 200;
/// Cells without a field of their own that are kept with a project.
pub const MORE: usize = 40;
/// The largest cost, in whole currency units: what a JavaScript number holds exactly.
pub const COST: i64 = 9_007_199_254_740_991;
/// The largest number of people on a project.
pub const PEOPLE: i64 = 1_000_000;
/// Notes in a result; what is beyond them is counted in the last one.
pub const NOTES: usize = 100;
/// Skipped rows that are named one by one.
pub const SKIPPED: usize = 2_000;
/// Pillars in a session.
pub const PILLARS: usize = limits::PILLARS;
/// Goals of a pillar.
pub const GOALS: usize = 12;
