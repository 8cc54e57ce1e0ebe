//! Writes a GraphQL answer as JSON, up to a number of bytes.
//!
//! It exists for two reasons: the size is bounded while writing, and a value that already is JSON can pass through as it
//! stands. Everything else comes out exactly as `serde_json` writes it.

use std::io::{self, Write};

use async_graphql::{Name, PathSegment, Pos, Value};

use super::super::shape::Plan;

/// Put into a request's data by whoever knows that the schema's `Value::Binary` values are JSON: they are then written
/// verbatim. Without it they are written as `serde_json` would (an array of numbers).
///
/// Whoever makes such a value vouches that it is valid JSON; nothing that a caller sent may be put into one.
#[derive(Clone, Copy, Debug)]
pub struct RawJsonAllowed;

/// What becomes of `Value::Binary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// It is JSON already.
    Verbatim,
    /// It is bytes.
    Numbers,
}

/// One error as a caller reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) struct PublicError {
    /// For a person; not stable.
    pub message: String,
    /// Where in the document.
    pub locations: Vec<Pos>,
    /// Which field of the answer.
    pub path: Vec<PathSegment>,
    /// For a program; stable.
    pub code: String,
}

/// The answer is larger than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// The whole answer, its fields in the plan's order. `data` is absent when nothing was executed.
pub(super) fn write(
    data: Option<(&Value, &Plan)>,
    errors: &[PublicError],
    request_id: Option<&str>,
    binary: Binary,
    limit: usize,
) -> Result<Vec<u8>, TooLarge> {
    let mut out = Capped {
        bytes: Vec::with_capacity(1024),
        limit,
    };
    // The only error that writing into memory can have is the limit.
    write_all(&mut out, data, errors, request_id, binary).map_err(|_| TooLarge)?;
    Ok(out.bytes)
}

/// An answer that is nothing but errors; those are short.
pub(in crate::http) fn write_errors(errors: &[PublicError], request_id: Option<&str>) -> Vec<u8> {
    write(None, errors, request_id, Binary::Numbers, usize::MAX).unwrap_or_default()
}

fn write_all(
    out: &mut Capped,
    data: Option<(&Value, &Plan)>,
    errors: &[PublicError],
    request_id: Option<&str>,
    binary: Binary,
) -> io::Result<()> {
    out.write_all(b"{")?;
    if let Some((data, plan)) = data {
        out.write_all(b"\"data\":")?;
        write_planned(out, data, plan, binary)?;
    }
    for (n, error) in errors.iter().enumerate() {
        let before: &[u8] = match (n, data) {
            (0, None) => b"\"errors\":[",
            (0, Some(_)) => b",\"errors\":[",
            _ => b",",
        };
        out.write_all(before)?;
        write_error(out, error, request_id)?;
    }
    out.write_all(if errors.is_empty() { b"}" } else { b"]}" })
}

/// One value of which something was asked: fields in the order of the plan.
fn write_planned(out: &mut impl Write, value: &Value, plan: &Plan, binary: Binary) -> io::Result<()> {
    match value {
        Value::List(list) => {
            out.write_all(b"[")?;
            for (n, item) in list.iter().enumerate() {
                if n > 0 {
                    out.write_all(b",")?;
                }
                write_planned(out, item, plan, binary)?;
            }
            out.write_all(b"]")
        }
        Value::Object(object) if !plan.is_leaf() => {
            out.write_all(b"{")?;
            let mut written = 0;
            let mut field = |key: &Name, item: &Value, plan: &Plan| {
                if written > 0 {
                    out.write_all(b",")?;
                }
                written += 1;
                serde_json::to_writer(&mut *out, key.as_str())?;
                out.write_all(b":")?;
                write_planned(out, item, plan, binary)
            };
            let mut next = 0;
            for (key, inner) in plan.keys() {
                // Nearly always the fields are in order already; then nothing is looked up.
                let found = match object.get_index(next) {
                    Some((at, item)) if at == key => Some(item),
                    _ => object.get(key),
                };
                if let Some(item) = found {
                    next += 1;
                    field(key, item, inner)?;
                }
            }
            // What was not asked for cannot be here; were it, it would not be lost.
            for (key, item) in object
                .iter()
                .filter(|(key, _)| next < object.len() && !plan.contains(key))
            {
                field(key, item, &Plan::default())?;
            }
            out.write_all(b"}")
        }
        other => write_value(out, other, binary),
    }
}

/// One value; the depth is that of the document, which the guard has bounded.
pub(super) fn write_value(out: &mut impl Write, value: &Value, binary: Binary) -> io::Result<()> {
    match value {
        Value::List(list) => {
            out.write_all(b"[")?;
            for (n, item) in list.iter().enumerate() {
                if n > 0 {
                    out.write_all(b",")?;
                }
                write_value(out, item, binary)?;
            }
            out.write_all(b"]")
        }
        Value::Object(object) => {
            out.write_all(b"{")?;
            for (n, (key, item)) in object.iter().enumerate() {
                if n > 0 {
                    out.write_all(b",")?;
                }
                serde_json::to_writer(&mut *out, key.as_str())?;
                out.write_all(b":")?;
                write_value(out, item, binary)?;
            }
            out.write_all(b"}")
        }
        Value::Binary(json) if binary == Binary::Verbatim => {
            debug_assert!(
                serde_json::from_slice::<serde::de::IgnoredAny>(json).is_ok(),
                "a raw value must be JSON"
            );
            out.write_all(json)
        }
        scalar => serde_json::to_writer(out, scalar).map_err(io::Error::from),
    }
}

fn write_error(out: &mut impl Write, error: &PublicError, request_id: Option<&str>) -> io::Result<()> {
    out.write_all(b"{\"message\":")?;
    serde_json::to_writer(&mut *out, &error.message)?;
    if !error.locations.is_empty() {
        out.write_all(b",\"locations\":")?;
        serde_json::to_writer(&mut *out, &error.locations)?;
    }
    if !error.path.is_empty() {
        out.write_all(b",\"path\":")?;
        serde_json::to_writer(&mut *out, &error.path)?;
    }
    out.write_all(b",\"extensions\":{\"code\":")?;
    serde_json::to_writer(&mut *out, &error.code)?;
    if let Some(id) = request_id {
        out.write_all(b",\"requestId\":")?;
        serde_json::to_writer(&mut *out, id)?;
    }
    out.write_all(b"}}")
}

/// Memory that stops growing at a limit.
struct Capped {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, Value, indexmap::IndexMap};
    use proptest::prelude::*;

    use super::{Binary, PublicError, TooLarge, write, write_value};
    use crate::http::shape::{Plan, Types};

    fn written(value: &Value, binary: Binary) -> String {
        let mut bytes = Vec::new();
        write_value(&mut bytes, value, binary).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[A-Z_]{1,8}".prop_map(|name| Value::Enum(Name::new(name))),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            let pairs = prop::collection::vec((any::<String>(), inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::List),
                pairs.prop_map(|pairs| {
                    let pairs = pairs.into_iter().map(|(key, value)| (Name::new(key), value));
                    Value::Object(pairs.collect::<IndexMap<_, _>>())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_comes_out_as_serde_json_writes_it(value in any_value()) {
            prop_assert_eq!(written(&value, Binary::Verbatim), serde_json::to_string(&value).unwrap());
        }
    }

    #[test]
    fn a_value_that_is_json_already_passes_as_it_stands_only_when_allowed() {
        let raw = Value::Binary(br#"{"a":[1,"x"]}"#.to_vec().into());
        let list = Value::List(vec![raw.clone(), Value::Null, raw.clone()]);
        assert_eq!(
            written(&list, Binary::Verbatim),
            r#"[{"a":[1,"x"]},null,{"a":[1,"x"]}]"#
        );
        assert_eq!(written(&raw, Binary::Numbers), serde_json::to_string(&raw).unwrap());
    }

    #[test]
    fn data_and_errors_stand_in_one_object() {
        let error = PublicError {
            message: "m\n".into(),
            locations: vec![],
            path: vec![],
            code: "C".into(),
        };
        let text = |data: Option<&Value>, errors: &[PublicError], id| {
            let plan = Plan::default();
            String::from_utf8(write(data.map(|data| (data, &plan)), errors, id, Binary::Numbers, 1000).unwrap())
                .unwrap()
        };
        assert_eq!(text(Some(&Value::from(1)), &[], Some("id")), r#"{"data":1}"#);
        let one = r#"{"message":"m\n","extensions":{"code":"C","requestId":"id"}}"#;
        assert_eq!(
            text(None, std::slice::from_ref(&error), Some("id")),
            format!(r#"{{"errors":[{one}]}}"#)
        );
        let two = [error.clone(), error.clone()];
        let expected = format!(r#"{{"data":null,"errors":[{one},{one}]}}"#);
        assert_eq!(text(Some(&Value::Null), &two, Some("id")), expected);
        assert!(!text(None, &[error], None).contains("requestId"));
    }

    #[test]
    fn writing_stops_at_the_limit() {
        let value = Value::from("x".repeat(100));
        let exact = r#"{"data":""}"#.len() + 100;
        let plan = Plan::default();
        assert!(write(Some((&value, &plan)), &[], None, Binary::Numbers, exact).is_ok());
        assert_eq!(
            write(Some((&value, &plan)), &[], None, Binary::Numbers, exact - 1),
            Err(TooLarge)
        );
    }

    #[test]
    fn fields_stand_in_the_documents_order_whatever_was_ready_first() {
        let query = "{ b ...F list { y x } a } fragment F on Query { c b }";
        let document = async_graphql::parser::parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let plan = Plan::new(&document, &operation.node, &Types::default());
        let ordered = r#"{"data":{"b":{"z":1,"k":2},"c":2,"list":[{"y":1,"x":2},{"x":4},null],"a":3}}"#;
        for data in [
            r#"{"a":3,"list":[{"x":2,"y":1},{"x":4},null],"c":2,"b":{"z":1,"k":2}}"#,
            r#"{"b":{"z":1,"k":2},"list":[{"y":1,"x":2},{"x":4},null],"a":3,"c":2}"#,
            r#"{"b":{"z":1,"k":2},"c":2,"list":[{"y":1,"x":2},{"x":4},null],"a":3}"#,
        ] {
            let value: Value = serde_json::from_str(data).unwrap();
            let bytes = write(Some((&value, &plan)), &[], None, Binary::Numbers, 1000).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), ordered);
        }
        let value: Value = serde_json::from_str(r#"{"extra":1,"a":2}"#).unwrap();
        let bytes = write(Some((&value, &plan)), &[], None, Binary::Numbers, 1000).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), r#"{"data":{"a":2,"extra":1}}"#);
    }
}
