//! What is written is read back by another program, and looked at as it stands in the archive.

use std::io::{Read, Seek};

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

use super::*;

/// What cells have to come back with, to the letter.
const TEXTS: [&str; 20] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "＝1",
    "\tx",
    "  two spaces, a tab\t",
    "two\nlines",
    "\r\nx\r",
    "'=1",
    "00491234567890123456",
    "1e3",
    "TRUE",
    "https://example.org/",
    "שלום עולם مرحبا \u{202e}abc",
    "👩‍👩‍👧 𝄞 Łódź",
    "<b>&amp;\"'</b>]]>",
    "_x0041_ _x000D_",
    "{=1}",
];

fn lines(cells: &[&str]) -> Vec<Vec<String>> {
    cells
        .iter()
        .map(|cell| vec![(*cell).to_owned(), "x".to_owned()])
        .collect()
}

fn names() -> Vec<String> {
    vec!["=name".to_owned(), "phone".to_owned()]
}

fn book(cells: &[&str], most_lines: u32) -> File {
    let book = Book::new("Leads", names(), most_lines).expect("a book");
    let book = book.with(&lines(cells)).expect("lines");
    book.finish().expect("a file")
}

/// The sheets with their cells, as another program reads them; only texts are let through.
fn cells(file: File) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book = Xlsx::new(std::io::BufReader::new(file)).expect("a workbook");
    let text = |cell: &Data| match cell {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{other:?} is no text"),
    };
    let sheets = book.worksheets().into_iter();
    let sheets = sheets.map(|(name, range)| (name, range.rows().map(|row| row.iter().map(text).collect()).collect()));
    sheets.collect()
}

/// A part of the archive.
fn part(file: &File, name: &str) -> String {
    let mut text = String::new();
    let mut archive = ZipArchive::new(file).expect("an archive");
    archive
        .by_name(name)
        .expect("a part")
        .read_to_string(&mut text)
        .expect("a text");
    text
}

fn bytes(mut file: File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().expect("its beginning");
    file.read_to_end(&mut bytes).expect("bytes");
    bytes
}

#[test]
fn texts_come_back_as_they_were() {
    let sheets = cells(book(&TEXTS, MOST_LINES));
    assert_eq!(sheets.len(), 1);
    let (name, rows) = &sheets[0];
    assert_eq!((name.as_str(), &rows[0]), ("Leads", &names()));
    for (row, text) in rows[1..].iter().zip(TEXTS) {
        assert_eq!(row, &[text, "x"]);
    }
    assert_eq!(rows.len(), TEXTS.len() + 1);
}

#[test]
fn no_cell_is_a_formula_a_number_or_a_link() {
    let file = book(&TEXTS, MOST_LINES);
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    for element in ["<f", "<hyperlink", "t=\"n\"", "t=\"str\"", "<v>"] {
        assert!(!sheet.contains(element), "{element}: {sheet}");
    }
    assert_eq!(sheet.matches("<c ").count(), sheet.matches("t=\"inlineStr\"").count());
    assert_eq!(sheet.matches("<c ").count(), 2 * (TEXTS.len() + 1));
    // Formatted as texts (number format 49), so that they stay what they are when they are edited.
    let styles = part(&file, "xl/styles.xml");
    assert_eq!(styles.matches("<xf numFmtId=\"49\"").count(), 2, "{styles}");
    assert!(!sheet.contains("<c r=\"A2\" t="), "without a format: {sheet}");
    let archive = ZipArchive::new(&file).expect("an archive");
    let mut parts = archive.file_names().map(|name| name.expect("a name"));
    assert!(!parts.any(|part| part.contains("sheet1.xml.rels")));
}

#[test]
fn the_head_is_bold_and_stays_in_sight_and_columns_can_be_filtered() {
    let file = book(
        &[
            "a text of some length, longer than any column is to be wide at all",
            "1",
        ],
        MOST_LINES,
    );
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    for element in [
        "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>",
        "<autoFilter ref=\"A1:B3\"/>",
        "<ignoredError sqref=\"A1:B3\" numberStoredAsText=\"1\"/>",
    ] {
        assert!(sheet.contains(element), "{element}: {sheet}");
    }
    let style = |cell: &str| {
        sheet
            .split(&format!("<c r=\"{cell}\" s=\""))
            .nth(1)
            .map(|rest| rest.as_bytes()[0])
    };
    assert_ne!(style("A1"), style("A2"), "{sheet}");
    let styles = part(&file, "xl/styles.xml");
    assert!(styles.contains("<b/>"), "{styles}");
    let widths: Vec<f64> = sheet
        .split(" width=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    assert!(
        widths.len() == 2 && (50.0..53.0).contains(&widths[0]) && (8.0..11.0).contains(&widths[1]),
        "{widths:?}"
    );
}

#[test]
fn what_a_cell_cannot_hold_is_left_out_or_cut() {
    assert_eq!(
        fitting("a\0\u{1}b\u{b}\u{1f}c\u{fffe}\u{ffff}d\t\n\r\u{7f}"),
        "abcd\t\n\r\u{7f}"
    );
    let long = [
        "x".repeat(32_767),
        "x".repeat(32_768),
        "x".repeat(40_000),
        "𝄞".repeat(20_000),
    ];
    let texts: Vec<&str> = ["bell\u{7}"]
        .into_iter()
        .chain(long.iter().map(String::as_str))
        .collect();
    let (_, rows) = cells(book(&texts, MOST_LINES)).remove(0);
    let back: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(back[..2], ["bell", &long[0]]);
    let cut = format!("{}…", "x".repeat(32_766));
    assert_eq!(back[2..4], [&cut, &cut]);
    // Whole characters, where one takes two units.
    assert_eq!(back[4], format!("{}…", "𝄞".repeat(16_383)));
}

#[test]
fn more_lines_than_a_sheet_takes_go_to_the_next_one() {
    let sheets = cells(book(&["1", "2", "3", "4", "5"], 3));
    let column = |texts: [&str; 2]| [vec![names()], lines(&texts)].concat();
    let last = [vec![names()], lines(&["5"])].concat();
    assert_eq!(
        sheets,
        [
            ("Leads".to_owned(), column(["1", "2"])),
            ("Leads 2".to_owned(), column(["3", "4"])),
            ("Leads 3".to_owned(), last),
        ]
    );
    // A sheet that is just full is the last one, and nobody's list has a head.
    assert_eq!(cells(book(&["1", "2"], 3)).len(), 1);
    assert_eq!(cells(book(&[], 3)), [("Leads".to_owned(), vec![names()])]);
    assert!(part(&book(&["1", "2", "3"], 3), "xl/worksheets/sheet2.xml").contains("<autoFilter ref=\"A1:B2\"/>"));
}

#[test]
fn a_file_tells_of_nobody_who_made_it_and_is_the_same_each_time() {
    let file = book(&TEXTS, MOST_LINES);
    let core = part(&file, "docProps/core.xml");
    assert!(
        core.contains("<dc:title>Leads</dc:title><dc:creator></dc:creator>"),
        "{core}"
    );
    assert!(core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"), "{core}");
    assert_eq!(core.matches("1980-01-01T00:00:00Z").count(), 2, "{core}");
    let app = part(&file, "docProps/app.xml");
    assert!(
        app.contains("<Company></Company>") && !app.contains("<Manager>"),
        "{app}"
    );
    assert_eq!(bytes(file), bytes(book(&TEXTS, MOST_LINES)));
}

#[tokio::test]
async fn a_writer_that_fails_or_panics_is_our_trouble_and_ends_nothing_else() {
    let too_many = vec![String::from("x"); 16_385];
    let failed = aside(move || Book::new("Leads", too_many, MOST_LINES)).await;
    assert!(failed.is_err_and(|trouble| trouble == Trouble::Ours));
    let panicked = aside::<()>(|| panic!("no space left on device")).await;
    assert_eq!(panicked, Err(Trouble::Ours));
}

/// What this process has open in the directory for temporary files; what has no name any more says so.
#[cfg(target_os = "linux")]
fn open_files() -> Vec<String> {
    let open = std::fs::read_dir("/proc/self/fd").expect("a directory");
    let temporary = std::env::temp_dir();
    let paths = open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    let paths = paths.filter(|path| path.starts_with(&temporary));
    paths.map(|path| path.display().to_string()).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn files_have_no_name_while_they_are_written() {
    // What is printed to may be a pipe that stands there. Numbers of nameless files are used again, so those do not count.
    let is_nameless = |path: &String| path.ends_with(" (deleted)");
    let before: Vec<String> = open_files().into_iter().filter(|path| !is_nameless(path)).collect();
    let nameless = |now: Vec<String>| {
        let new: Vec<String> = now.into_iter().filter(|path| !before.contains(path)).collect();
        assert!(!new.is_empty() && new.iter().all(is_nameless), "{new:?}");
    };
    let book = Book::new("Leads", names(), MOST_LINES).expect("a book");
    let book = book.with(&lines(&["x"; 5_000])).expect("lines");
    nameless(open_files());
    let file = book.finish().expect("a file");
    nameless(open_files());
    drop(file);
}
