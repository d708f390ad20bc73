//! What a reading comes to.

use serde::Serialize;
use utoipa::ToSchema;

use super::Origin;

/// The fields of a project that a column can be read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PortfolioField)]
pub enum Field {
    /// The project's name; the one field a project cannot be without.
    Name,
    /// What it is and what it is for.
    Summary,
    /// Who wants it and pays for it.
    Sponsor,
    /// Who runs it.
    Owner,
    /// The family it comes from, see [`Origin`].
    Origin,
    /// What it costs, this year where the file says so.
    Cost,
    /// How many people work on it.
    People,
    /// What the organisation calls it by, unique.
    Reference,
}

impl Field {
    /// All of them, in the order in which they are listed to people.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Summary,
        Self::Sponsor,
        Self::Owner,
        Self::Origin,
        Self::Cost,
        Self::People,
        Self::Reference,
    ];

    /// The word for the field in a column map and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Summary => "summary",
            Self::Sponsor => "sponsor",
            Self::Owner => "owner",
            Self::Origin => "origin",
            Self::Cost => "cost",
            Self::People => "people",
            Self::Reference => "reference",
        }
    }

    /// The field for a word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str().eq_ignore_ascii_case(word.trim()))
    }

    /// All words, for error sentences.
    pub(crate) fn words() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

/// A portfolio as read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Portfolio {
    /// The projects, in the file's order; at most [`PROJECTS`](super::limits::PROJECTS).
    pub projects: Vec<ImportedProject>,
    /// Rows with something in them that did not become a project, in the file's order.
    pub skipped: Vec<Skipped>,
    /// The columns with something in them, in the file's order, and what each was taken for.
    pub columns: Vec<Column>,
    /// The currency of all costs: an ISO 4217 code, or the symbol as written where several currencies share it
    /// (`$`, `kr`, `¥`). `None` if the file does not say.
    pub currency: Option<String>,
    /// What a person should know about the reading: texts that were cut, cells that could not be used.
    pub notes: Vec<Note>,
    /// The sheet that was read, if it came from a workbook.
    pub sheet: Option<String>,
    /// What the file is.
    pub format: Format,
}

/// One project as read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct ImportedProject {
    /// Its row in the file as a spreadsheet shows it, from 1; in JSON its place in the array, from 1.
    pub row: u32,
    /// Its name, not empty, on one line.
    pub name: String,
    /// What it is; may have several lines; empty if the file has none.
    pub summary: String,
    /// Who wants it; empty if the file has none.
    pub sponsor: String,
    /// Who runs it; empty if the file has none.
    pub owner: String,
    /// Where it comes from; `None` if the file does not say, or in words that are not known.
    pub origin: Option<Origin>,
    /// What it costs, in whole units of the file's currency; can be negative.
    pub cost: Option<i64>,
    /// How many people work on it, rounded to whole ones, a fraction of one counting as one.
    pub people: Option<i64>,
    /// What the organisation calls it by; empty if the file has none.
    pub reference: String,
    /// Every other filled cell as (header, text), in the order of the columns; also the text of a cost, a number
    /// of people or an origin that says more than was taken from it.
    pub more: Vec<(String, String)>,
}

/// A row that did not become a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Skipped {
    /// The row in the file as a spreadsheet shows it, from 1.
    pub row: u32,
    /// Why, in a sentence.
    pub reason: String,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PortfolioColumn)]
pub struct Column {
    /// Its header, made unique; `Column C` where it has none.
    pub header: String,
    /// What it was read into; none if it is kept as it is.
    pub field: Option<Field>,
    /// How many rows have something in it.
    pub filled: u32,
    /// The first thing in it, shortened, so that a person can recognise it.
    pub example: String,
    /// The first different things in it, shortened; at most three.
    #[serde(skip)]
    pub samples: Vec<String>,
    /// Whether it is left out, as the map says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignored: bool,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PortfolioFormat)]
pub enum Format {
    /// Text with columns: CSV, a pasted table.
    #[default]
    Csv,
    /// A workbook.
    Xlsx,
    /// JSON.
    Json,
}

impl Format {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }
}

/// Something a person should know about the reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PortfolioNote)]
pub struct Note {
    /// The row it is about, if it is about one.
    pub row: Option<u32>,
    /// What happened, in a sentence or two.
    pub text: String,
}
