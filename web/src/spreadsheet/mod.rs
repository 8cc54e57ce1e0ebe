//! Lists as files for spreadsheets: CSV, sent while it is read, or a workbook (XLSX), sent once it is whole.

mod csv;
mod xlsx;

use std::future::Future;

use poem::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use poem::{Body, Response};

use crate::trouble::Trouble;

pub(crate) use csv::written;

/// What somebody can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
}

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Leads,
    Roster,
}

/// A list that is read page by page.
pub(crate) trait Pages: Send + 'static {
    /// What stands above the columns.
    fn names(&self) -> Vec<String>;

    /// The next lines, each with a cell for every column; none when there are no more.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<Vec<String>>>, Trouble>> + Send;

    /// Everything was handed out.
    fn end(&mut self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

impl Format {
    pub(crate) const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// As it stands in a form and behind a file's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The one of this name; CSV where there is none.
    pub(crate) fn of(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.unwrap_or(Self::Csv)
    }

    /// The key of what it is called on pages.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Csv => "format-csv",
            Self::Xlsx => "format-xlsx",
        }
    }

    /// Its media type.
    fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl List {
    /// Its name in addresses.
    fn name(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Roster => "roster",
        }
    }

    /// What stands in a workbook, in whatever language its reader has.
    fn title(self) -> &'static str {
        match self {
            Self::Leads => "Leads",
            Self::Roster => "Roster",
        }
    }
}

/// The file, to be kept by whoever asked and by no cache. Where its first page is not there, neither is the file.
pub(crate) async fn file(list: List, format: Format, pages: impl Pages) -> Result<Response, Trouble> {
    let body = match format {
        Format::Csv => csv::streamed(pages).await?,
        Format::Xlsx => xlsx::whole(list.title(), pages).await?,
    };
    let name = format!("attachment; filename=\"{}.{}\"", list.name(), format.name());
    Ok(attached(format, &name, body))
}

fn attached(format: Format, name: &str, body: Body) -> Response {
    Response::builder()
        .header(CONTENT_TYPE, format.media())
        .header(CONTENT_DISPOSITION, name)
        .header(CACHE_CONTROL, "no-store")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pages of a list; the second one is not there where it breaks.
    struct Two {
        read: usize,
        breaks: bool,
    }

    impl Pages for Two {
        fn names(&self) -> Vec<String> {
            vec!["name".to_owned()]
        }

        async fn next(&mut self) -> Result<Option<Vec<Vec<String>>>, Trouble> {
            self.read += 1;
            match self.read {
                2 if self.breaks => Err(Trouble::Ours),
                1 | 2 => Ok(Some(vec![vec![format!("line {}", self.read)]])),
                _ => Ok(None),
            }
        }
    }

    async fn two(format: Format, breaks: bool) -> Result<Vec<u8>, Option<Trouble>> {
        let answer = file(List::Leads, format, Two { read: 0, breaks }).await;
        let body = answer.map_err(Some)?.into_body().into_vec().await;
        body.map_err(|_| None)
    }

    #[tokio::test]
    async fn a_fault_in_the_middle_breaks_csv_off_and_leaves_no_workbook() {
        assert_eq!(
            two(Format::Csv, false).await,
            Ok(b"name\r\nline 1\r\nline 2\r\n".to_vec())
        );
        assert_eq!(two(Format::Csv, true).await, Err(None));
        assert!(
            two(Format::Xlsx, false)
                .await
                .is_ok_and(|bytes| bytes.starts_with(b"PK"))
        );
        assert_eq!(two(Format::Xlsx, true).await, Err(Some(Trouble::Ours)));
    }

    #[test]
    fn a_format_is_known_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::of(format.name()), format);
        }
        assert_eq!((Format::of("xls"), Format::of("")), (Format::Csv, Format::Csv));
    }
}
