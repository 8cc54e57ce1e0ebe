//! Everything that an organization holds of somebody, as a file: JSON for programs, CSV for spreadsheets.

use serde_json::{Map, Value, json};

use super::documents::take_my_data::TakeMyDataExportMyDataData as Data;
use crate::spreadsheet::written;
use crate::trouble::Trouble;

/// One object for each row, named by its columns; what is structured stays structured.
pub(super) fn json(data: &Data) -> Result<Vec<u8>, Trouble> {
    let tables = data.tables.iter().map(|table| {
        let rows = table.rows.iter().map(|row| {
            let pairs = table.columns.iter().zip(row);
            let object: Map<String, Value> = pairs
                .map(|(name, value)| {
                    (
                        name.clone(),
                        value.as_deref().map_or(Value::Null, |value| read(name, value)),
                    )
                })
                .collect();
            Value::Object(object)
        });
        json!({
            "name": table.name, "purpose": table.purpose, "retention": table.retention,
            "rows": rows.collect::<Vec<_>>(),
        })
    });
    let whole = json!({
        "organization": data.organization.legal_name, "at": data.at, "tables": tables.collect::<Vec<_>>(),
    });
    serde_json::to_vec_pretty(&whole).map_err(|_| Trouble::Ours)
}

/// Columns whose values are structured, and written as JSON by this program.
const STRUCTURED: [&str; 7] = [
    "postal_address",
    "answers",
    "value",
    "filter",
    "detail",
    "data",
    "terms",
];

/// What is structured stays so; everything else is a text, also where somebody typed something that looks like more.
fn read(column: &str, value: &str) -> Value {
    match serde_json::from_str(value) {
        Ok(structured @ (Value::Object(_) | Value::Array(_))) if STRUCTURED.contains(&column) => structured,
        _ => Value::from(value),
    }
}

/// A line for each value: table, row, column, value, what for, how long. One shape whatever there is.
pub(super) fn csv(data: &Data) -> Result<Vec<u8>, Trouble> {
    let mut lines = Vec::new();
    let mut write = |cells: [&str; 6]| lines.push(cells.map(str::to_owned));
    write(["table", "row", "column", "value", "purpose", "retention"]);
    for table in &data.tables {
        for (number, row) in table.rows.iter().enumerate() {
            let number = (number + 1).to_string();
            for (column, value) in table.columns.iter().zip(row) {
                if let Some(value) = value {
                    write([&table.name, &number, column, value, &table.purpose, &table.retention]);
                }
            }
        }
    }
    written(&lines)
}

#[cfg(test)]
mod tests {
    use super::super::documents::take_my_data::{
        TakeMyDataExportMyDataDataOrganization as Organization, TakeMyDataExportMyDataDataTables as Table,
    };
    use super::*;

    fn data() -> Data {
        Data {
            at: "2026-01-01T00:00:00Z".to_owned(),
            organization: Organization {
                slug: "o".to_owned(),
                legal_name: "O Ltd".to_owned(),
            },
            tables: vec![Table {
                name: "registration".to_owned(),
                purpose: "contract".to_owned(),
                retention: "until erased".to_owned(),
                columns: vec![
                    "full_name".to_owned(),
                    "company".to_owned(),
                    "postal_address".to_owned(),
                    "job_title".to_owned(),
                ],
                rows: vec![vec![
                    Some("=1+1".to_owned()),
                    None,
                    Some("{\"city\":\"Köln\"}".to_owned()),
                    Some("{\"xq\": 1}".to_owned()),
                ]],
            }],
        }
    }

    #[test]
    fn json_keeps_what_is_structured() {
        let text = String::from_utf8(json(&data()).expect("JSON")).expect("UTF-8");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let row = &value["tables"][0]["rows"][0];
        assert_eq!(row["postal_address"]["city"], "Köln");
        assert_eq!(row["full_name"], "=1+1");
        assert_eq!(row["company"], Value::Null);
        assert_eq!(row["job_title"], "{\"xq\": 1}", "what somebody typed is a text");
    }

    #[test]
    fn no_cell_of_a_spreadsheet_is_a_formula() {
        let text = String::from_utf8(csv(&data()).expect("CSV")).expect("UTF-8");
        assert_eq!(
            text,
            "table,row,column,value,purpose,retention\r\n\
             registration,1,full_name,'=1+1,contract,until erased\r\n\
             registration,1,postal_address,\"{\"\"city\"\":\"\"Köln\"\"}\",contract,until erased\r\n\
             registration,1,job_title,\"{\"\"xq\"\": 1}\",contract,until erased\r\n"
        );
    }
}
