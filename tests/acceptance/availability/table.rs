//! The table of docs/availability.md: a row for each operation, a column for each part.

use std::fmt;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use spindle_tests::documents::operations;
use xtask::suite::UPDATE;
use xtask::workspace::Workspace;

/// The lines of the page between which the table is.
const BEGIN: &str = "<!-- table: `SPINDLE_UPDATE=1 cargo xtask acceptance availability` writes it -->\n";
const END: &str = "<!-- end of the table -->\n";

/// The response of an operation while a part is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    AsUsual,
    /// A list without the part of a service.
    InPart,
    Unavailable,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsUsual => "·",
            Self::InPart => "in part",
            Self::Unavailable => "503",
        })
    }
}

/// The responses while a part is away: one of each operation, in their order in the document of the API.
pub(super) struct Column {
    pub(super) title: String,
    pub(super) cells: Vec<Cell>,
}

/// Compares the table of all `columns` with the page, or writes it with `SPINDLE_UPDATE=1`.
///
/// # Panics
///
/// If the page has another.
pub(super) fn write_or_compare(columns: &[Column]) {
    let (page, table) = (read(), text(columns));
    let (before, old, after) = parts(&page);
    if std::env::var(UPDATE).is_ok_and(|value| value == "1") {
        fs::write(path(), [before, &table, after].concat()).expect("the page can be written");
    } else {
        assert_eq!(old, table, "docs/availability.md is not current: {UPDATE}=1 writes it");
    }
}

/// Compares `columns` with those of the same titles in the page.
///
/// # Panics
///
/// If one differs.
pub(super) fn compare(columns: &[Column]) {
    let page = read();
    let (_, table, _) = parts(&page);
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let titles = rows.first().expect("the table has titles");
    let names: Vec<&str> = rows.iter().skip(2).map(|row| row[1]).collect();
    let expected: Vec<String> = operations().iter().map(|operation| format!("`{}`", operation.name())).collect();
    assert_eq!(names, expected, "the table of docs/availability.md has each operation");
    let mut differences = Vec::new();
    for Column { title, cells } in columns {
        let index = titles.iter().position(|other| other == title).expect("the table has each part");
        for (row, cell) in rows.iter().skip(2).zip(cells).filter(|(row, cell)| row[index] != cell.to_string()) {
            differences.push(format!("{} without the {title}: {cell}, and the page has {}", row[1], row[index]));
        }
    }
    assert!(differences.is_empty(), "docs/availability.md is not current:\n{}", differences.join("\n"));
}

/// Returns the table of `columns`.
fn text(columns: &[Column]) -> String {
    let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    let mut table = format!("| operation | {} |\n|---|{}\n", titles.join(" | "), "---|".repeat(titles.len()));
    for (index, operation) in operations().iter().enumerate() {
        let cells: Vec<String> = columns.iter().map(|column| column.cells[index].to_string()).collect();
        writeln!(table, "| `{}` | {} |", operation.name(), cells.join(" | ")).expect("writing to a String never fails");
    }
    table
}

/// Returns the page up to the table, the table, and the rest.
fn parts(page: &str) -> (&str, &str, &str) {
    let begin = page.find(BEGIN).expect("the page has the begin of the table") + BEGIN.len();
    let end = page.find(END).expect("the page has the end of the table");
    (&page[..begin], &page[begin..end], &page[end..])
}

fn read() -> String {
    fs::read_to_string(path()).expect("docs/availability.md can be read")
}

fn path() -> PathBuf {
    Workspace::locate().root().join("docs/availability.md")
}
