//! Workbooks (XLSX) as another program reads them, and as they stand in their archive.

use std::fmt::Write as _;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

/// The media type of a workbook.
pub const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The lines of its only sheet.
///
/// # Panics
/// Where it is none, has more sheets, or a cell that is no text.
#[must_use]
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheets = book.worksheets();
    assert_eq!(sheets.len(), 1, "one sheet");
    let text = |cell: &Data| match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{other:?} is no text"),
    };
    let rows = sheets[0].1.rows();
    rows.map(|row| row.iter().map(text).collect()).collect()
}

/// The lines of a CSV file, without the apostrophes before what would be a formula: what a workbook holds.
///
/// # Panics
/// Where it is none.
#[must_use]
pub fn cells_of_csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let plain = |cell: &str| match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => cell.to_owned(),
    };
    let lines = reader.records().map(|line| line.expect("a line"));
    lines.map(|line| line.iter().map(plain).collect()).collect()
}

/// Every part of its archive in order, with its name.
///
/// # Panics
/// Where it is no archive of texts.
#[must_use]
pub fn parts(bytes: &[u8]) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut all = String::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("a text");
        writeln!(all, "{}\n{text}", part.name().expect("a name")).expect("a line");
    }
    all
}
