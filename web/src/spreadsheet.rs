//! Lines for spreadsheets: CSV (RFC 4180) in UTF-8.

/// The lines as they are written.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn written<L: AsRef<[String]>>(lines: impl IntoIterator<Item = L>) -> Result<Vec<u8>, String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.as_ref()).map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// No cell is taken for a formula by a spreadsheet (OWASP, CSV injection).
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
