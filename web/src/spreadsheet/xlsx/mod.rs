//! Workbooks (Office Open XML, ECMA-376): every cell is a text and formatted as one, so that a number stays as it was
//! written and nothing is a formula, not even once somebody edits it. No apostrophes are needed.
//!
//! Lines are written in their order into files without a name, in the directory for temporary files (`TMPDIR`): the list
//! is never in memory as a whole, and whatever ends the program leaves nothing behind. The same lines make the same bytes.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Seek};

use futures_util::stream;
use poem::Body;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, XlsxError};
use tokio::io::AsyncReadExt;
use tokio::task::spawn_blocking;

use super::Pages;
use crate::trouble::Trouble;

/// The lines of a sheet, at most, its head among them.
const MOST_LINES: u32 = 1_048_576;
/// The longest text of a cell, in units of UTF-16.
const LONGEST_TEXT: usize = 32_767;
/// The number of the format "text" (ECMA-376, 18.8.30).
const TEXT: u8 = 49;
/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (8, 50);
/// How much of the file is read at a time, in bytes.
const PIECE: usize = 64 * 1024;

/// The file, once it is whole.
pub(super) async fn whole(title: &'static str, mut pages: impl Pages) -> Result<Body, Trouble> {
    let names = pages.names();
    let mut book = aside(move || Book::new(title, names, MOST_LINES)).await?;
    while let Some(lines) = pages.next().await? {
        book = aside(move || book.with(&lines)).await?;
    }
    let file = aside(move || book.finish()).await?;
    let pieces = stream::try_unfold(
        (tokio::fs::File::from_std(file), pages),
        |(mut file, mut pages)| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            if read == 0 {
                pages.end().await;
                return Ok::<_, std::io::Error>(None);
            }
            piece.truncate(read);
            Ok(Some((piece, (file, pages))))
        },
    );
    Ok(Body::from_bytes_stream(pieces))
}

/// Does what writes files or computes for long where it keeps nobody waiting.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, XlsxError> + Send + 'static) -> Result<T, Trouble> {
    let failed = |error: &dyn std::error::Error| {
        tracing::error!(%error, "a workbook could not be written");
        Trouble::Ours
    };
    // The writer panics where the disk is full.
    let done = spawn_blocking(work).await.map_err(|error| failed(&error))?;
    done.map_err(|error| failed(&error))
}

/// A workbook that is being written. Its first sheet takes as many lines as it can; then there is another one.
struct Book {
    book: Workbook,
    title: &'static str,
    names: Vec<String>,
    /// The longest line of text in each column, in characters.
    widths: Vec<usize>,
    /// How many sheets there are.
    sheets: usize,
    /// How many lines the last of them holds, its head among them.
    lines: u32,
    most_lines: u32,
    head: Format,
    text: Format,
}

impl Book {
    /// With these columns and no lines.
    ///
    /// # Errors
    /// When there is no room for temporary files, or more columns than a sheet has (16 384).
    fn new(title: &'static str, names: Vec<String>, most_lines: u32) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        // Nobody's name, and the moment that the entries of the archive carry as well.
        let began = ExcelDateTime::from_ymd(1980, 1, 1)?;
        book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&began));
        let text = Format::new().set_num_format_index(TEXT);
        let mut book = Self {
            book,
            title,
            // The button of the filter stands beside a name.
            widths: names.iter().map(|name| width(name) + 3).collect(),
            names,
            sheets: 0,
            lines: 0,
            most_lines,
            head: text.clone().set_bold(),
            text,
        };
        book.open()?;
        Ok(book)
    }

    /// With these lines more.
    ///
    /// # Errors
    /// When they cannot be written.
    fn with(mut self, lines: &[Vec<String>]) -> Result<Self, XlsxError> {
        for line in lines {
            if self.lines == self.most_lines {
                self.close()?;
                self.open()?;
            }
            for (widest, cell) in self.widths.iter_mut().zip(line) {
                *widest = (*widest).max(width(cell));
            }
            self.write(line)?;
        }
        Ok(self)
    }

    /// The file, from its beginning.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(mut self) -> Result<File, XlsxError> {
        self.close()?;
        for sheet in self.book.worksheets_mut() {
            for (column, widest) in (0_u16..).zip(&self.widths) {
                let width = u32::try_from((*widest).clamp(WIDTHS.0, WIDTHS.1)).unwrap_or_default();
                sheet.set_column_width(column, width + 1)?;
            }
        }
        let mut writer = BufWriter::new(tempfile::tempfile()?);
        self.book.save_to_writer(&mut writer)?;
        let mut file = writer.into_inner().map_err(|error| error.into_error())?;
        file.rewind()?;
        Ok(file)
    }

    /// Begins a sheet.
    fn open(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = match self.sheets {
            1 => self.title.to_owned(),
            number => format!("{} {number}", self.title),
        };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&self.names) {
            sheet.write_string_with_format(0, column, fitting(name), &self.head)?;
        }
        self.lines = 1;
        Ok(())
    }

    fn write(&mut self, line: &[String]) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (column, cell) in (0..).zip(line) {
            if !cell.is_empty() {
                sheet.write_string_with_format(self.lines, column, fitting(cell), &self.text)?;
            }
        }
        self.lines += 1;
        Ok(())
    }

    /// Ends the last sheet: what there is can be filtered, and nobody is warned of numbers that are texts.
    fn close(&mut self) -> Result<(), XlsxError> {
        let last = (
            self.lines - 1,
            u16::try_from(self.names.len().max(1) - 1).unwrap_or(u16::MAX),
        );
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(0, 0, last.0, last.1)?;
        sheet.ignore_error_range(0, 0, last.0, last.1, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }
}

/// What a cell can hold of a text: characters that XML 1.0 has not are left out, and a longer one is cut and says so.
fn fitting(text: &str) -> Cow<'_, str> {
    let is_forbidden =
        |char: char| matches!(char, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    let text = if text.contains(is_forbidden) {
        Cow::Owned(text.replace(is_forbidden, ""))
    } else {
        Cow::Borrowed(text)
    };
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text;
    }
    let mut units = 0;
    let kept = text.chars().take_while(|char| {
        units += char.len_utf16();
        units < LONGEST_TEXT
    });
    Cow::Owned(kept.chain(['…']).collect())
}

/// The longest line of a text, in characters; no more than what matters.
fn width(text: &str) -> usize {
    let lines = text.lines().map(|line| line.chars().take(WIDTHS.1).count());
    lines.max().unwrap_or_default()
}
