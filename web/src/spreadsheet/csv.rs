//! CSV (RFC 4180) in UTF-8. A cell that begins like a formula gets an apostrophe in front, because a program that opens
//! the file has nothing else to tell a text by (OWASP, CSV injection).

use std::borrow::Cow;
use std::io;

use futures_util::stream;
use poem::Body;

use super::Pages;
use crate::trouble::Trouble;

/// The lines as they are written.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn written<L, C>(lines: impl IntoIterator<Item = L>) -> Result<Vec<u8>, Trouble>
where
    L: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let failed = |error: csv::Error| {
        tracing::error!(%error, "lines could not be written");
        Trouble::Ours
    };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        for cell in line {
            writer.write_field(harmless(cell.as_ref()).as_bytes()).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| failed(error.into_error().into()))
}

/// Sent page by page. A fault in the middle breaks the connection off, so that nobody takes half a list for a whole one.
pub(super) async fn streamed(mut pages: impl Pages) -> Result<Body, Trouble> {
    let mut first = written([pages.names()])?;
    if let Some(lines) = pages.next().await? {
        first.extend(written(lines)?);
    }
    let chunks = stream::try_unfold((Some(first), pages), |(ready, mut pages)| async move {
        if let Some(bytes) = ready {
            return Ok(Some((bytes, (None, pages))));
        }
        let read = pages.next().await;
        match read.and_then(|lines| lines.map(written).transpose()) {
            Ok(Some(bytes)) => Ok(Some((bytes, (None, pages)))),
            Ok(None) => {
                pages.end().await;
                Ok(None)
            }
            Err(_) => {
                tracing::error!("a list broke off");
                Err(io::Error::other("the list broke off"))
            }
        }
    });
    Ok(Body::from_bytes_stream(chunks))
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front.
fn harmless(text: &str) -> Cow<'_, str> {
    let begins = |char: char| {
        matches!(
            char,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(begins) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_made_a_text() {
        for text in [
            "=1+1", "+49 30", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", " =1", "＝1", "＋1", "－1", "＠1",
        ] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", " ", "Ada", "1=1", "a-b", "'=1", "ada@example.org"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn lines_are_quoted_where_they_have_to_be_and_no_cell_is_a_formula() {
        let lines = [["=1+1", "Bob, the \"Builder\"", ""], ["two\nlines", "+49", "x"]];
        let text = String::from_utf8(written(lines).expect("lines")).expect("UTF-8");
        assert_eq!(text, "'=1+1,\"Bob, the \"\"Builder\"\"\",\r\n\"two\nlines\",'+49,x\r\n");
    }
}
